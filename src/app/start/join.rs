//! 加入已有单位: a new computer becomes one of an office that is there already. Four steps on one page: its own name and card, the
//! other machine met with its fingerprint compared aloud, the first package taken in, a password for whoever sits here.
//!
//! Whoever stops half-way goes on where they were: what was done lies in the office, and nothing of it stands in anybody's way.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::Datelike;
use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, container, row, space};
use iced::{Length, Task};

use super::frame;
use super::new_password::{self, NewPassword};
use crate::app::away::away;
use crate::app::files;
use crate::app::opening::Opened;
use crate::domain::event::{DeedKind, Logged};
use crate::domain::id::RecordId;
use crate::domain::machine::Card;
use crate::domain::{Problem, Result};
use crate::exchange::package::{self, Keys};
use crate::store::ledger::Ledger;
use crate::store::packages::NewMachine;
use crate::ui::icon::Icon;
use crate::ui::root::Pressed;
use crate::ui::theme::Tone;
use crate::ui::widget::field::Says;
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, checkbox, input, select};
use crate::ui::{Element, space as sp, text};

/// Remembered from the first step until somebody has a password here.
pub const JOINING: &str = "joining";

const NAME: &str = "join-name";
const CARD: &str = "join-card";
const PACKAGE: &str = "join-package";

/// How far it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Name,
    Meet,
    Take,
    Person,
}

/// What was filled in so far.
#[derive(Debug, Clone)]
pub struct Join {
    opened: Opened,
    step: Step,
    name: String,
    own: Option<Card>,
    saved: Option<PathBuf>,
    card_path: String,
    card: Option<Card>,
    compared: bool,
    met: Vec<String>,
    package_path: String,
    taken: Option<String>,
    user: Option<RecordId>,
    new: NewPassword,
    busy: bool,
    problem: Option<Problem>,
}

#[derive(Debug, Clone)]
pub enum Message {
    Begun(Result<Begun>),
    Name(String),
    Named(Result<(Card, PathBuf)>),
    CardPath(String),
    BrowseCard,
    CardChosen(Option<PathBuf>),
    Card(Result<Card>),
    Compared(bool),
    Met(Result<String>),
    PackagePath(String),
    BrowsePackage,
    PackageChosen(Option<PathBuf>),
    Taken(Result<(String, Arc<Ledger>)>),
    User(RecordId),
    New(new_password::Message),
    Seated(Result<()>),
    /// The step that is open is to be done.
    Go,
    Back,
}

/// What is known already when the page opens.
#[derive(Debug, Clone)]
pub struct Begun {
    own: Card,
    met: Vec<String>,
}

/// What the window has to do.
pub enum Outcome {
    Task(Task<Message>),
    Seated(Opened, RecordId),
    Back,
}

impl Join {
    /// Goes on from whatever was done before.
    pub fn new(opened: Opened) -> (Self, Task<Message>) {
        let begun = opened.habits.contains_key(JOINING);
        let step = if opened.is_new() { Step::Name } else { Step::Person };
        let db = opened.db.clone();
        let read = away(move || {
            let met = db.machines().wait()?.into_iter().map(|machine| machine.name).collect();
            Ok(Begun { own: Keys::of(&db)?.card(&db), met })
        });
        let mut join = Self {
            opened,
            step,
            name: String::new(),
            own: None,
            saved: None,
            card_path: String::new(),
            card: None,
            compared: false,
            met: Vec::new(),
            package_path: String::new(),
            taken: None,
            user: None,
            new: NewPassword::default(),
            busy: false,
            problem: None,
        };
        join.choose_only_user();
        let read = if begun { Task::perform(read, Message::Begun) } else { Task::none() };
        (join, Task::batch([read, iced::widget::operation::focus(NAME)]))
    }

    /// Where only one person works, it is them.
    fn choose_only_user(&mut self) {
        let mut people = self.opened.ledger.users.iter().filter(|user| user.active);
        self.user = people.next().map(|user| user.id).filter(|_| people.next().is_none());
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message) -> Outcome {
        let nothing = Outcome::Task(Task::none());
        match message {
            Message::Back => return Outcome::Back,
            Message::Name(name) => self.name = name,
            Message::CardPath(path) => {
                self.card_path = path;
                (self.card, self.compared) = (None, false);
            }
            Message::PackagePath(path) => self.package_path = path,
            Message::Compared(on) => self.compared = on,
            Message::User(user) => self.user = Some(user),
            Message::New(message) => self.new.update(message),
            Message::BrowseCard => {
                return Outcome::Task(Task::perform(files::choose_card(), Message::CardChosen));
            }
            Message::BrowsePackage => {
                return Outcome::Task(Task::perform(files::choose_package(), Message::PackageChosen));
            }
            Message::CardChosen(None) | Message::PackageChosen(None) => {}
            Message::CardChosen(Some(path)) => {
                self.card_path = path.display().to_string();
                (self.card, self.compared) = (None, false);
                return self.update(Message::Go);
            }
            Message::PackageChosen(Some(path)) => self.package_path = path.display().to_string(),
            Message::Go if self.busy => {}
            Message::Go => {
                self.problem = None;
                return Outcome::Task(self.go());
            }
            Message::Begun(Ok(Begun { own, met })) => {
                // Only what was named before counts: a key that made itself has no name people know.
                self.name.clone_from(&own.name);
                self.own = Some(own);
                if self.step == Step::Name {
                    self.step = if met.is_empty() { Step::Meet } else { Step::Take };
                }
                self.met = met;
                return Outcome::Task(self.focus());
            }
            Message::Named(Ok((own, saved))) => {
                (self.own, self.saved) = (Some(own), Some(saved));
                return self.next(Step::Meet);
            }
            Message::Card(Ok(card)) if self.own.as_ref().is_some_and(|own| own.sign == card.sign) => {
                self.busy = false;
                self.problem = Some(Problem::refused("这是本机自己的名片。").next("请读入对方电脑的名片。"));
            }
            Message::Card(Ok(card)) => {
                self.busy = false;
                self.card = Some(card);
            }
            Message::Met(Ok(name)) => {
                self.met.push(name);
                return self.next(Step::Take);
            }
            Message::Taken(Ok((words, ledger))) => {
                self.taken = Some(words);
                self.opened.ledger = ledger;
                self.choose_only_user();
                return self.next(Step::Person);
            }
            Message::Seated(Ok(())) => {
                if let Some(user) = self.user {
                    self.opened.habits.remove(JOINING);
                    return Outcome::Seated(self.opened.clone(), user);
                }
            }
            Message::Begun(Err(problem))
            | Message::Named(Err(problem))
            | Message::Card(Err(problem))
            | Message::Met(Err(problem))
            | Message::Taken(Err(problem))
            | Message::Seated(Err(problem)) => {
                self.busy = false;
                self.problem = Some(problem);
            }
        }
        nothing
    }

    fn next(&mut self, step: Step) -> Outcome {
        self.busy = false;
        self.step = step;
        Outcome::Task(self.focus())
    }

    fn focus(&self) -> Task<Message> {
        match self.step {
            Step::Name => iced::widget::operation::focus(NAME),
            Step::Meet => iced::widget::operation::focus(CARD),
            Step::Take => iced::widget::operation::focus(PACKAGE),
            Step::Person => NewPassword::focus(),
        }
    }

    /// Does the step that is open.
    fn go(&mut self) -> Task<Message> {
        let db = self.opened.db.clone();
        match self.step {
            Step::Name => {
                let name = self.name.clone();
                self.busy = true;
                let named = away(move || {
                    let mut keys = Keys::of(&db)?;
                    keys.rename(&db, &name)?;
                    db.set_preference(JOINING, "是").wait()?;
                    let card = keys.card(&db);
                    let path = files::papers().join(package::card_name(&card));
                    package::write_card(&path, &card)?;
                    Ok((card, path))
                });
                Task::perform(named, Message::Named)
            }
            Step::Meet => {
                let Some(card) = self.card.clone() else {
                    let Some(path) = files::typed(&self.card_path) else {
                        self.problem =
                            Some(Problem::bad_input("还没有写对方的名片在哪里。").next("请选对方拷来的 .kbc 文件。"));
                        return Task::none();
                    };
                    self.busy = true;
                    return Task::perform(away(move || package::read_card(&path)), Message::Card);
                };
                if !self.compared {
                    self.problem =
                        Some(Problem::refused("还没有核对指纹。").next("给对方打电话，念的和这里一样，再勾选。"));
                    return Task::none();
                }
                self.busy = true;
                let name = card.name.clone();
                let met = away(move || {
                    let new = NewMachine { card, name: String::new(), user: None };
                    let called = format!("认识电脑“{name}”");
                    db.act(RecordId::OFFICE, called, move |act| act.meet_machine(&new)).wait()?;
                    Ok(name)
                });
                Task::perform(met, Message::Met)
            }
            Step::Take => {
                let Some(path) = files::typed(&self.package_path) else {
                    self.problem =
                        Some(Problem::bad_input("还没有写包在哪里。").next("请选对方给这台电脑做的 .kbp 文件。"));
                    return Task::none();
                };
                self.busy = true;
                let taken = away(move || {
                    let opened = package::open(&db, RecordId::OFFICE, &path, None)?;
                    let taken = package::take(&db, RecordId::OFFICE, &opened, None)?;
                    let words = format!("来自“{}”的{}，记录 {} 条", taken.from, taken.purpose.label(), taken.taken);
                    let ledger = db.load_ledger(db.clock().today().year() - 1).wait()?;
                    if ledger.users.is_empty() {
                        return Err(Problem::refused("这个包里没有人员，还不能登录。").next("请对方另做一个包。"));
                    }
                    Ok((words, ledger))
                });
                Task::perform(taken, Message::Taken)
            }
            Step::Person => {
                let Some(user) = self.user else {
                    self.problem = Some(Problem::bad_input("还没有选您是谁。").next("请从单位的人员里选。"));
                    return Task::none();
                };
                self.new.tried = true;
                if self.new.wrong(&self.opened.ledger.office.signing).is_some() {
                    return NewPassword::focus();
                }
                self.busy = true;
                let password = self.new.typed().to_owned();
                let seated = away(move || {
                    db.set_first_password(user, &password).wait()?;
                    db.forget_preference(JOINING).wait()?;
                    db.note(user, Logged::new(DeedKind::SignIn, "在新加入的电脑上设了第一个密码")).wait()
                });
                Task::perform(seated, Message::Seated)
            }
        }
    }

    /// Enter does the step that is open, Esc goes back.
    pub fn key(&self, pressed: &Pressed) -> Option<Message> {
        match pressed.key {
            Key::Named(Named::Enter) => Some(Message::Go),
            Key::Named(Named::Escape) if self.step < Step::Person => Some(Message::Back),
            _ => None,
        }
    }

    /// The page.
    pub fn view(&self) -> Element<'_, Message> {
        let lines = [self.name_line(), self.meet_line(), self.take_line(), self.person_line()];
        let busy = self.busy.then(|| text::toned(text::BODY, Tone::Accent, "请稍候……"));
        let word = match self.step {
            Step::Name => "存名片",
            Step::Meet if self.card.is_none() => "读入名片",
            Step::Meet => "认识这台电脑",
            Step::Take => "打开并取入",
            Step::Person => "进入科报",
        };
        let go = button::primary(word).key("Enter").decision().on_press((!self.busy).then_some(Message::Go));
        let back = (self.step < Step::Person).then(|| button::quiet("返回").key("Esc").on_press(Message::Back));
        let problem = self.problem.as_ref().and_then(|problem| Says::Error(problem.to_string()).view());
        let content = column![
            frame::title("加入已有单位", "单位的数据在别的电脑上；两台电脑互相认识，取入第一个包，就能用。"),
            frame::lines(lines),
            row![].push(problem),
            row![]
                .push(back)
                .push(space().width(Length::Fill))
                .push(busy)
                .push(go)
                .spacing(sp::S12)
                .align_y(Vertical::Center),
        ]
        .spacing(sp::S12);
        frame::page(content, text::small("不要在这台电脑上另外启用一个单位：两个单位的数据合不到一起。"))
    }

    fn name_line(&self) -> Element<'_, Message> {
        if self.step > Step::Name
            && let Some(own) = &self.own
        {
            let saved =
                self.saved.as_ref().map(|path| text::small(format!("名片已存为 {}，拷给对方。", path.display())));
            let print = format!("指纹 {}", own.fingerprint());
            let content = column![text::strong(own.name.as_str()), text::body(print)].push(saved).spacing(sp::S2);
            return frame::line("1 这台电脑", content, None);
        }
        let name = input::input(&self.name)
            .placeholder("如：张科长的电脑")
            .on_input(Message::Name)
            .on_submit(Message::Go)
            .id(NAME);
        frame::line("1 这台电脑", name, Says::Hint("别的电脑上就这么叫它。名片里没有秘密。".into()).view())
    }

    fn meet_line(&self) -> Element<'_, Message> {
        if self.step < Step::Meet {
            return frame::line("2 对方的电脑", later("读入对方的名片，电话里核对指纹"), None);
        }
        if self.step > Step::Meet {
            return frame::line("2 对方的电脑", text::body(format!("已认识 {}", self.met.join("、"))), None);
        }
        let path = input::input(&self.card_path)
            .placeholder("对方电脑的名片（.kbc）")
            .on_input(Message::CardPath)
            .on_submit(Message::Go)
            .id(CARD);
        let browse = button::normal("浏览…").icon(Icon::FolderOpen).on_press(Message::BrowseCard);
        let mut content = column![row![path, browse].spacing(sp::S8)].spacing(sp::S8);
        if let Some(card) = &self.card {
            content = content
                .push(text::body(format!("{}　指纹 {}", card.name, card.fingerprint())))
                .push(checkbox::checkbox("给对方打过电话，念的指纹和这里一样", self.compared, Some(Message::Compared)));
        }
        let hint = "对方在“数据 › 交换包”按“存名片”，拷过来；对方也要读入您的名片。";
        frame::line("2 对方的电脑", content, Says::Hint(hint.into()).view())
    }

    fn take_line(&self) -> Element<'_, Message> {
        if self.step < Step::Take {
            return frame::line("3 第一个包", later("对方给这台电脑做的送审包或全部交换"), None);
        }
        if self.step > Step::Take {
            let words = self.taken.as_deref().unwrap_or("已取入");
            return frame::line("3 第一个包", text::body(words), None);
        }
        let path = input::input(&self.package_path)
            .placeholder("U 盘或共享文件夹里的 .kbp 文件")
            .on_input(Message::PackagePath)
            .on_submit(Message::Go)
            .id(PACKAGE);
        let browse = button::normal("浏览…").icon(Icon::FolderOpen).on_press(Message::BrowsePackage);
        let hint = "对方认识了这台电脑，按“做包…”给它做一个。";
        frame::line("3 第一个包", row![path, browse].spacing(sp::S8), Says::Hint(hint.into()).view())
    }

    fn person_line(&self) -> Element<'_, Message> {
        if self.step < Step::Person {
            return frame::line("4 您是谁", later("选姓名，设这台电脑上的密码"), None);
        }
        let people = self.opened.ledger.users.iter().filter(|user| user.active).map(|user| {
            let roles: Vec<&str> = user.roles.iter().map(|role| role.label()).collect();
            Item::new(user.id, user.name.clone()).detail(roles.join("、"))
        });
        let user = select::select(people, self.user).placeholder("选您的姓名").on_choose(Message::User).width(240);
        let says = self.new.says(&self.opened.ledger.office.signing);
        let fields = self.new.view(says.tone(), text::BODY, Message::New, Message::Go);
        frame::line("4 您是谁", column![user, fields].spacing(sp::S8), says.view())
    }
}

/// A step whose turn has not come.
fn later(words: &str) -> Element<'_, Message> {
    container(text::small(words)).height(34).align_y(Vertical::Center).into()
}
