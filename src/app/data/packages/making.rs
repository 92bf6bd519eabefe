//! Making a package: for which machine, what goes in, where it is written.

use std::path::PathBuf;

use iced::Task;
use iced::widget::{column, row};

use super::{Dialog, Message as TabMessage, Out, Packages, away, out, saved};
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::Update;
use crate::domain::event::Purpose;
use crate::domain::id::RecordId;
use crate::domain::machine::{Key, Machine};
use crate::domain::{Problem, Result};
use crate::exchange::package::{self, Made};
use crate::store::packages::Wanted;
use crate::ui::icon::Icon;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::list::Item;
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{button, dialog, input, select};
use crate::ui::{Element, space as sp, text};

const FOLDER: &str = "package-folder";

/// The dialog.
pub struct Form {
    /// Whom it can be for.
    machines: Vec<Machine>,
    to: Option<RecordId>,
    purpose: Purpose,
    /// Filings on our own desk, by number.
    waiting: Vec<RecordId>,
    folder: String,
    problem: Option<Problem>,
    made: Option<Made>,
}

/// What happens in it.
#[derive(Debug, Clone)]
pub enum Message {
    To(RecordId),
    Purpose(Purpose),
    Folder(String),
    Browse,
    Chosen(Option<PathBuf>),
    Make,
    Made(Result<Box<Made>>),
}

fn wrap(message: Message) -> Out {
    out(TabMessage::Making(message))
}

impl Form {
    /// For the only machine where there is one, with what waits on our desk.
    pub fn new(machines: Vec<Machine>, ctx: &Ctx) -> Self {
        let to = if let [only] = machines.as_slice() { Some(only.id) } else { None };
        let waiting = ctx.ledger.waiting_for_review().iter().map(|filing| filing.id).collect();
        Self { machines, to, purpose: Purpose::Review, waiting, folder: String::new(), problem: None, made: None }
    }

    /// What was decided here, for the machine that sent it.
    pub fn answer(machines: Vec<Machine>, to: Key, ctx: &Ctx) -> Self {
        let to = machines.iter().find(|machine| machine.sign == to).map(|machine| machine.id);
        let form = Self::new(machines, ctx);
        Self { to: to.or(form.to), purpose: Purpose::Answer, ..form }
    }

    fn wanted(&self) -> Wanted {
        match self.purpose {
            Purpose::Review => Wanted::Review(self.waiting.clone()),
            Purpose::Answer => Wanted::Answer,
            Purpose::Exchange => Wanted::Exchange,
        }
    }

    /// The dialog.
    pub fn view(&self, busy: bool) -> Element<'_, Out> {
        let close = |word| button::normal(word).key("Esc").on_press(out(TabMessage::Close));
        if let Some(made) = &self.made {
            return dialog::dialog("包已做好", done(made), [close("关闭").into()], dialog::Width::Wide);
        }
        let items = self.machines.iter().map(|machine| Item::new(machine.id, machine.name.clone()));
        let to = select::select(items, self.to)
            .placeholder("选一台认识的电脑")
            .on_choose(|to| wrap(Message::To(to)))
            .width(320);
        let purposes = [
            Segment::new(Purpose::Review, "送审"),
            Segment::new(Purpose::Answer, "回传决定"),
            Segment::new(Purpose::Exchange, "全部交换"),
        ];
        let purpose = segmented(purposes, &self.purpose, |purpose| wrap(Message::Purpose(purpose)));
        let says = match self.purpose {
            Purpose::Review if self.waiting.is_empty() => Says::Warning("现在没有待初审的申报。".into()),
            Purpose::Review => Says::Hint(format!(
                "待初审的 {} 件，连同企业、批次、来源名单和经办记录；别的不带。",
                self.waiting.len()
            )),
            Purpose::Answer => Says::Hint("这台电脑上作的决定和记录，带回给对方。".into()),
            Purpose::Exchange => Says::Hint("对方还没有的全部记录；两台电脑一起经办时用。".into()),
        };
        let folder = input::input(&self.folder)
            .placeholder("U 盘或共享文件夹；不写就存到“文档”")
            .on_input(|text| wrap(Message::Folder(text)))
            .id(FOLDER);
        let browse = button::normal("浏览…").icon(Icon::FolderOpen).on_press(wrap(Message::Browse));
        let where_says = match &self.problem {
            Some(problem) => Says::Error(problem.to_string()),
            None => Says::Hint("写完读回核对，U 盘有毛病当场就知道。".into()),
        };
        let content = column![
            field("给谁", to),
            field("内容", purpose).says(says).below(),
            field("存到", row![folder, browse].spacing(sp::S8)).says(where_says).below(),
        ]
        .spacing(sp::S12);
        let may = !busy && self.to.is_some() && !(self.purpose == Purpose::Review && self.waiting.is_empty());
        let make = button::primary(if busy { "正在做……" } else { "做包" }).on_press(may.then_some(wrap(Message::Make)));
        dialog::dialog("做包", content, [close("取消").into(), make.into()], dialog::Width::Wide)
    }
}

fn done<'a>(made: &'a Made) -> Element<'a, Out> {
    let words = format!(
        "{}，给“{}”：申报 {} 件，记录 {} 条，附件 {} 份。读回核对无误。",
        made.purpose.label(),
        made.to,
        made.filings,
        made.events,
        made.files
    );
    let mut page = column![text::body(words), text::small(made.path.display().to_string())].spacing(sp::S8);
    if made.missing > 0 {
        page = page.push(Says::Warning(format!("另有 {} 份附件不在这台电脑上，没有带上。", made.missing)).view());
    }
    if made.erased > 0 {
        page = page.push(Says::Hint(format!("另有 {} 份附件已依法清除，不再带上。", made.erased)).view());
    }
    if made.no_recovery {
        let words = "本单位还没有恢复密钥：对方电脑坏了，这个包就没人打得开。管理员可用 kebao review recovery 生成，打印后放保险柜。";
        page = page.push(Says::Hint(words.into()).view());
    }
    page.into()
}

impl Packages {
    /// Takes in what happened in the dialog.
    pub(super) fn making(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        let Some(Dialog::Make(form)) = &mut self.dialog else {
            return match message {
                Message::Made(made) => {
                    self.busy = None;
                    match made {
                        Ok(made) => saved(format!("包已做好：{}", made.path.display())),
                        Err(problem) => problem.into(),
                    }
                }
                _ => Update::none(),
            };
        };
        match message {
            Message::To(to) => form.to = Some(to),
            Message::Purpose(purpose) => form.purpose = purpose,
            Message::Folder(folder) => {
                form.folder = folder;
                form.problem = None;
            }
            Message::Browse => {
                return Task::perform(files::choose_folder(), |folder| wrap(Message::Chosen(folder))).into();
            }
            Message::Chosen(folder) => {
                if let Some(folder) = folder {
                    form.folder = folder.to_string_lossy().into_owned();
                    form.problem = None;
                }
            }
            Message::Make => {
                let machine = form.machines.iter().find(|machine| Some(machine.id) == form.to).cloned();
                let Some(machine) = machine.filter(|_| self.busy.is_none()) else { return Update::none() };
                let folder = files::typed(&form.folder).unwrap_or_else(files::papers);
                if !folder.is_dir() {
                    form.problem = Some(
                        Problem::not_found("找不到这个文件夹。")
                            .next("请确认 U 盘插着，或换一个文件夹。")
                            .detail(folder.display()),
                    );
                    return Update::none();
                }
                self.busy = Some("正在做包");
                form.problem = None;
                let (db, user, wanted) = (ctx.db.clone(), ctx.user, form.wanted());
                let made = away(move || package::make(&db, user, &machine, wanted, None, &folder).map(Box::new));
                return Task::perform(made, |made| wrap(Message::Made(made))).into();
            }
            Message::Made(Ok(made)) => {
                self.busy = None;
                let words = format!("包已做好，给“{}”", made.to);
                form.made = Some(*made);
                return saved(words);
            }
            Message::Made(Err(problem)) => {
                self.busy = None;
                form.problem = Some(problem);
            }
        }
        Update::none()
    }
}
