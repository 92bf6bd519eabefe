//! 依法清除: what is said of people is taken out of every event of a record that ever held it. It cannot be undone, so it is
//! asked for field by field, with the reason, and says what stays behind.

use std::collections::{BTreeMap, BTreeSet};

use iced::Length;
use iced::widget::{column, container};

use super::words;
use crate::domain::Result;
use crate::domain::event::Hash;
use crate::domain::id::RecordId;
use crate::store::Act;
use crate::store::queries::{Echo, Erasable};
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::{button, checkbox, dialog, input, scroll};
use crate::ui::{Element, Icon, measure, space as sp, text};

/// The name of the field for the reason.
pub const REASON: &str = "erase-reason";
const LABEL: f32 = 44.0;
/// Room for the choices, and for the name of a file.
const ROOM: f32 = 300.0;
const FEW: usize = 9;
const NAME: f32 = 540.0;
/// What the menu and the dialog call it.
pub const TITLE: &str = "依法清除个人信息";

/// What is chosen to go.
#[derive(Debug)]
pub struct EraseForm {
    /// 这家企业, 这件申报.
    subject: &'static str,
    /// Fields the record's history holds, with what people call them.
    held: Vec<(String, String)>,
    chosen: BTreeSet<String>,
    /// Kept files that may hold it as well; `None` while they are being looked up.
    files: Option<Vec<Erasable>>,
    chosen_files: BTreeSet<(RecordId, Hash)>,
    /// The firm's other records that repeat it.
    echoes: Vec<Echo>,
    chosen_echoes: BTreeSet<RecordId>,
    reason: String,
    tried: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Open,
    Choose(String),
    /// The kept files are known.
    Files(Result<Vec<Erasable>>),
    ChooseFile(RecordId, Hash),
    /// It is known where else the same is said.
    Echoes(Result<Vec<Echo>>),
    ChooseEcho(RecordId),
    Reason(String),
    Erase,
    Close,
}

/// What is to be erased, as somebody has said it.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub keys: Vec<String>,
    pub labels: Vec<String>,
    /// Files by the record they belong to.
    pub files: BTreeMap<RecordId, Vec<Hash>>,
    /// Records that repeat it and are to lose it as well.
    pub others: Vec<RecordId>,
    /// Those that repeat it and keep it.
    pub left: Vec<String>,
    pub reason: String,
}

impl EraseForm {
    /// Offers these fields of a record.
    pub fn new(subject: &'static str, held: Vec<(String, String)>) -> Self {
        Self {
            subject,
            held,
            chosen: BTreeSet::new(),
            files: None,
            chosen_files: BTreeSet::new(),
            echoes: Vec::new(),
            chosen_echoes: BTreeSet::new(),
            reason: String::new(),
            tried: false,
        }
    }

    /// The fields offered.
    pub fn fields(&self) -> Vec<String> {
        self.held.iter().map(|(key, _)| key.clone()).collect()
    }

    /// Takes in what was chosen or typed.
    pub fn edit(&mut self, message: Message) {
        match message {
            Message::Choose(key) => {
                if !self.chosen.remove(&key) {
                    self.chosen.insert(key);
                }
            }
            Message::Files(Ok(files)) => self.files = Some(files),
            // Fields can be erased all the same; the files are looked up again next time.
            Message::Files(Err(_)) => self.files = Some(Vec::new()),
            Message::ChooseFile(record, file) => {
                if !self.chosen_files.remove(&(record, file)) {
                    self.chosen_files.insert((record, file));
                }
            }
            // As with the files: what cannot be told is not offered.
            // All of them go, unless somebody says otherwise: afterwards nothing tells any more what they repeat.
            Message::Echoes(found) => {
                self.echoes = found.unwrap_or_default();
                self.chosen_echoes = self.echoes.iter().map(|echo| echo.record).collect();
            }
            Message::ChooseEcho(record) => {
                if !self.chosen_echoes.remove(&record) {
                    self.chosen_echoes.insert(record);
                }
            }
            Message::Reason(typed) => self.reason = typed,
            Message::Open | Message::Erase | Message::Close => {}
        }
    }

    /// What is to go; `None` while something is missing, which the form says from then on.
    pub fn wanted(&mut self) -> Option<Wanted> {
        self.tried = true;
        let reason = self.reason.trim();
        if self.is_nothing_chosen() || reason.is_empty() {
            return None;
        }
        let chosen = self.held.iter().filter(|(key, _)| self.chosen.contains(key));
        let (keys, mut labels): (Vec<String>, Vec<String>) = chosen.cloned().unzip();
        let mut files: BTreeMap<RecordId, Vec<Hash>> = BTreeMap::new();
        for (record, file) in &self.chosen_files {
            files.entry(*record).or_default().push(*file);
        }
        if !self.chosen_files.is_empty() {
            // Their names may be a person's.
            labels.push(format!("文件 {} 份", self.chosen_files.len()));
        }
        let told = self.echoes.iter().filter(|echo| echo.fields.iter().any(|field| self.chosen.contains(field)));
        let (others, left): (Vec<&Echo>, Vec<&Echo>) = told.partition(|echo| self.chosen_echoes.contains(&echo.record));
        let others = others.into_iter().map(|echo| echo.record).collect();
        let left = left.into_iter().map(|echo| echo.says.clone()).collect();
        Some(Wanted { keys, labels, files, others, left, reason: reason.to_owned() })
    }

    fn is_nothing_chosen(&self) -> bool {
        self.chosen.is_empty() && self.chosen_files.is_empty()
    }

    /// The dialog.
    pub fn view<'a, M: Clone + 'a>(&'a self, send: impl Fn(Message) -> M + Copy + 'a) -> Element<'a, M> {
        let cancel = button::normal("取消").key("Esc").on_press(send(Message::Close));
        let none = self.files.as_ref().is_some_and(Vec::is_empty);
        if self.held.is_empty() && none {
            let words = text::body(format!("{}的流水里没有个人信息，也没有存着的文件，不需要清除。", self.subject));
            return dialog::dialog(TITLE, words, [cancel.into()], dialog::Width::Usual);
        }
        let mut content = column![text::body(format!(
            "勾选的内容会从{}的全部流水里抹去，连同它的旧值，谁也找不回来，也不能撤销。流水的指纹不变，核验照样通过。以前的备份和导出的文件里还有，请一并处理。",
            self.subject
        ))]
        .spacing(sp::S12);
        let mut choices = column![].spacing(sp::S8);
        for (key, label) in &self.held {
            let choose = Some(move |_| send(Message::Choose(key.clone())));
            choices = choices.push(checkbox::checkbox(label.clone(), self.chosen.contains(key), choose));
        }
        let files = self.files.as_deref().unwrap_or_default();
        if !files.is_empty() {
            choices = choices.push(text::small(
                "下面的文件也可能有他的信息。勾选的，文件内容从这台电脑删除，其他电脑收到后也删除；同一份文件交在别处的一并没有了，名称和交过的记录还在。",
            ));
        }
        for file in files {
            let size = file.size.map_or_else(|| "不在这台电脑上".to_owned(), words::bytes);
            let what = if file.list { "名单原件，里面还有别的企业" } else { "材料" };
            let name = measure::cut(&file.name, text::BODY.size, false, NAME).into_owned();
            let key = (file.record, file.file);
            let choose = Some(move |_| send(Message::ChooseFile(key.0, key.1)));
            let note = Some(format!("{what}，{size}"));
            choices = choices.push(checkbox::explained(name, note, self.chosen_files.contains(&key), choose));
        }
        if !self.echoes.is_empty() {
            choices = choices.push(text::small(
                "这家企业的下面几处也写着这里的内容，和上面勾选的字段相同的一起抹去；定稿名单里只空出他的那几格。不抹去的请去掉勾。",
            ));
        }
        for echo in &self.echoes {
            let choose = Some(move |_| send(Message::ChooseEcho(echo.record)));
            let name = measure::cut(&echo.says, text::BODY.size, false, NAME).into_owned();
            choices = choices.push(checkbox::checkbox(name, self.chosen_echoes.contains(&echo.record), choose));
        }
        // A few stand there as they are; many scroll.
        let many = self.held.len() + 2 * files.len() + self.echoes.len() > FEW;
        content = match many {
            true => content.push(container(scroll::scroll(choices)).height(ROOM)),
            false => content.push(choices),
        };
        let says = match (self.tried, self.is_nothing_chosen(), self.reason.trim().is_empty()) {
            (true, true, _) => Says::Error("请先勾选要清除的内容".into()),
            (true, false, true) => Says::Error("请写明谁要求的、依据什么".into()),
            _ => Says::Hint("谁要求的、依据什么；会留在变更历史里".into()),
        };
        let reason =
            input::input(&self.reason).id(REASON).tone(says.tone()).on_input(move |typed| send(Message::Reason(typed)));
        content = content.push(field("原因", reason).required().label_width(LABEL).says(says).below());
        let go = button::danger("清除").icon(Icon::Trash2).on_press(send(Message::Erase));
        dialog::dialog(TITLE, content.width(Length::Fill), [cancel.into(), go.into()], dialog::Width::Wide)
    }
}

impl Wanted {
    /// Does it, as one action.
    ///
    /// # Errors
    /// What the store refuses.
    pub fn erase(&self, record: RecordId, act: &mut Act<'_>) -> Result<bool> {
        let mut gone = 0;
        if !self.keys.is_empty() {
            gone += act.erase_with(record, &self.keys, &self.others, &self.reason)?;
        }
        for (record, files) in &self.files {
            gone += act.erase_files(*record, files, &self.reason)?;
        }
        Ok(gone > 0)
    }

    /// What the action is called.
    pub fn name(&self, of: &str) -> String {
        format!("依法清除“{of}”的{}", self.labels.join("、"))
    }

    /// What is said when it is done.
    pub fn done(&self) -> String {
        let left = match self.left.as_slice() {
            [] => String::new(),
            [one] => format!("{one}里还有，没有清除；"),
            [one, ..] => format!("{one}等 {} 处还有，没有清除；", self.left.len()),
        };
        format!("已清除{}，{left}以前的备份里还有，请一并处理", self.labels.join("、"))
    }
}
