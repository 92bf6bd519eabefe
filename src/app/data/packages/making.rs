//! Making a package: for which machine, what goes in, where it is written.

use std::path::PathBuf;

use iced::Task;
use iced::widget::{column, row};

use super::{Dialog, Message as TabMessage, Out, Packages, out, saved};
use crate::app::assign;
use crate::app::away::away;
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::Update;
use crate::domain::event::Purpose;
use crate::domain::id::RecordId;
use crate::domain::machine::{Key, Machine};
use crate::domain::{Problem, Result};
use crate::exchange::package::{self, Made};
use crate::store::ledger::{FilingFilter, FilingOrder, Reviewing, StatusGroup};
use crate::store::packages::Wanted;
use crate::ui::icon::Icon;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::list::Item;
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{button, checkbox, dialog, input, select};
use crate::ui::{Element, space as sp, text};

const FOLDER: &str = "package-folder";

/// The dialog.
pub struct Form {
    /// Whom it can be for.
    machines: Vec<Machine>,
    to: Option<RecordId>,
    /// Somebody chose it; else it follows whose filings go.
    to_chosen: bool,
    purpose: Purpose,
    which: Which,
    /// What somebody selected elsewhere.
    selected: Vec<RecordId>,
    /// Along with those of a person, those nobody was named for.
    unassigned: bool,
    /// The filings that go, as the choice above says.
    filings: Vec<RecordId>,
    folder: String,
    problem: Option<Problem>,
    made: Option<Made>,
}

/// Which filings go for review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Exactly those somebody selected elsewhere.
    These,
    /// All that wait for us.
    Waiting,
    /// Those that wait for this person.
    Of(RecordId),
}

/// What happens in it.
#[derive(Debug, Clone)]
pub enum Message {
    To(RecordId),
    Which(Which),
    Unassigned(bool),
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
    /// For the only machine where there is one, with all that waits on our desk.
    pub fn new(machines: Vec<Machine>, ctx: &Ctx) -> Self {
        let to = if let [only] = machines.as_slice() { Some(only.id) } else { None };
        let mut form = Self {
            machines,
            to,
            to_chosen: false,
            purpose: Purpose::Review,
            which: Which::Waiting,
            selected: Vec::new(),
            unassigned: false,
            filings: Vec::new(),
            folder: String::new(),
            problem: None,
            made: None,
        };
        form.reckon(ctx);
        form
    }

    /// Exactly these filings, for the machine of whoever is to review them where that is one person's.
    pub fn of(machines: Vec<Machine>, filings: Vec<RecordId>, ctx: &Ctx) -> Self {
        let mut form = Self::new(machines, ctx);
        form.which = Which::These;
        form.selected = filings;
        form.reckon(ctx);
        form
    }

    /// Which filings go, and to whom where nobody has said.
    fn reckon(&mut self, ctx: &Ctx) {
        let waiting = |reviewer| {
            let groups = [StatusGroup::Ours].into();
            let filter = FilingFilter { groups, reviewer, ..FilingFilter::default() };
            ctx.ledger.list_filings(&filter, Some((FilingOrder::Number, false)))
        };
        self.filings = match self.which {
            Which::These => self.selected.clone(),
            Which::Waiting => waiting(None),
            Which::Of(who) if self.unassigned => waiting(Some(Reviewing::ByOrNobody(who))),
            Which::Of(who) => waiting(Some(Reviewing::By(who))),
        };
        let person = match self.which {
            Which::Of(who) => Some(who),
            Which::Waiting => None,
            Which::These => self.only_reviewer(ctx),
        };
        let machine = person.and_then(|who| self.machines.iter().find(|machine| machine.user == Some(who)));
        if let Some(machine) = machine.filter(|_| !self.to_chosen) {
            self.to = Some(machine.id);
        }
    }

    /// The one person who is to review all of the filings, where it is one.
    fn only_reviewer(&self, ctx: &Ctx) -> Option<RecordId> {
        let mut people = self.filings.iter().filter_map(|id| ctx.ledger.filing(*id)).map(|row| &*row.reviewers);
        let first = people.next()?;
        let [only] = first else { return None };
        people.all(|other| other == first).then_some(*only)
    }

    /// How many wait that nobody was named for.
    fn nobodys(ctx: &Ctx) -> usize {
        ctx.ledger.waiting_for_review().iter().filter(|row| row.reviewers.is_empty()).count()
    }

    /// What the select of filings offers.
    fn choices(&self, ctx: &Ctx) -> Vec<Item<Which>> {
        let waiting = ctx.ledger.waiting_for_review();
        let mut items = Vec::new();
        if !self.selected.is_empty() {
            items.push(Item::new(Which::These, format!("选中的 {} 件", self.selected.len())));
        }
        items.push(Item::new(Which::Waiting, format!("全部待初审的 {} 件", waiting.len())));
        for user in assign::candidates(&ctx.ledger) {
            let count = waiting.iter().filter(|row| row.reviewers.contains(&user.id)).count();
            if count > 0 || self.which == Which::Of(user.id) {
                items.push(Item::new(Which::Of(user.id), format!("等{}审核的 {count} 件", user.name)));
            }
        }
        items
    }

    /// What was decided here, for the machine that sent it.
    pub fn answer(machines: Vec<Machine>, to: Key, ctx: &Ctx) -> Self {
        let to = machines.iter().find(|machine| machine.sign == to).map(|machine| machine.id);
        let form = Self::new(machines, ctx);
        Self { to: to.or(form.to), purpose: Purpose::Answer, ..form }
    }

    fn wanted(&self) -> Wanted {
        match self.purpose {
            Purpose::Review => Wanted::Review(self.filings.clone()),
            Purpose::Answer => Wanted::Answer,
            Purpose::Exchange => Wanted::Exchange,
        }
    }

    /// What its main button does now.
    pub fn main(&self) -> Option<Message> {
        let nothing = self.purpose == Purpose::Review && self.filings.is_empty();
        (self.made.is_none() && self.to.is_some() && !nothing).then_some(Message::Make)
    }

    /// The dialog.
    pub fn view<'a>(&'a self, busy: bool, ctx: &'a Ctx) -> Element<'a, Out> {
        let close = |word| button::normal(word).key("Esc").on_press(out(TabMessage::Close));
        if let Some(made) = &self.made {
            return dialog::dialog("包已做好", done(made), [close("关闭").into()], dialog::Width::Wide);
        }
        let items = self.machines.iter().map(|machine| {
            let item = Item::new(machine.id, machine.name.clone());
            match machine.user {
                Some(user) => item.detail(ctx.ledger.user_name(user)),
                None => item,
            }
        });
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
            Purpose::Review if self.filings.is_empty() => Says::Warning("现在没有这样的申报。".into()),
            Purpose::Review => {
                Says::Hint(format!("这 {} 件，连同企业、批次、来源名单和经办记录；别的不带。", self.filings.len()))
            }
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
        let mut content = column![field("内容", purpose)].spacing(sp::S12);
        if self.purpose == Purpose::Review {
            let which = select::select(self.choices(ctx), Some(self.which))
                .on_choose(|which| wrap(Message::Which(which)))
                .width(320);
            content = content.push(field("哪些", which).says(says).below());
            let nobodys = Self::nobodys(ctx);
            if matches!(self.which, Which::Of(_)) && nobodys > 0 {
                content = content.push(checkbox::checkbox(
                    format!("连同还没有分派的 {nobodys} 件"),
                    self.unassigned,
                    Some(|on| wrap(Message::Unassigned(on))),
                ));
            }
            content = content.push(field("给谁", to));
        } else {
            content = content.push(field("给谁", to).says(says).below());
        }
        let content = content.push(field("存到", row![folder, browse].spacing(sp::S8)).says(where_says).below());
        let may = !busy && self.to.is_some() && !(self.purpose == Purpose::Review && self.filings.is_empty());
        let make = button::primary(if busy { "正在做……" } else { "做包" });
        let make = make.key("Ctrl Enter").on_press(may.then_some(wrap(Message::Make)));
        dialog::dialog("做包", content, [close("取消").into(), make.into()], dialog::Width::Wide)
    }
}

fn done<'a>(made: &'a Made) -> Element<'a, Out> {
    let words = format!(
        "{}，给“{}”：{}记录 {} 条，附件 {} 份。读回核对无误。",
        made.purpose.label(),
        made.to,
        made.of_filings(),
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
        let words = "本单位还没有交换包恢复密钥：对方电脑坏了，这个包就没人打得开。管理员可在“数据 › 交换包”生成，打印后放保险柜。";
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
            Message::To(to) => {
                form.to = Some(to);
                form.to_chosen = true;
            }
            Message::Which(which) => {
                form.which = which;
                form.reckon(ctx);
            }
            Message::Unassigned(on) => {
                form.unassigned = on;
                form.reckon(ctx);
            }
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
