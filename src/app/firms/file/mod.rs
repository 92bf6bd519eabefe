//! 一企一档: one firm beside the list, under five tabs: its fields, its years, its filings, its certificates, its changes.
//! It holds what it shows of one firm and what is being edited in place; larger changes are the form's.
//! Nothing here lists or filters firms, and no field of a person shows in full unless asked for.

mod certificate_form;
mod certificates;
mod erase;
mod filings;
mod history;
mod overview;
mod years;

use std::cmp::Reverse;
use std::collections::HashSet;

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::{Firms, Message as FirmsMessage};
use crate::app::ctx::Ctx;
use crate::app::update::{Event, Update};
use crate::domain::event::{DeedKind, Logged, Source};
use crate::domain::firm::fields;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::store::Done;
use crate::store::ledger::Ledger;
use crate::store::queries::FirmFile;
use crate::ui::theme::tokens::size;
use crate::ui::widget::list::Item;
use crate::ui::widget::scroll::scroll;
use crate::ui::widget::tabs::tabs;
use crate::ui::widget::{button, menu};
use crate::ui::{Element, Icon, Tone, measure, space as sp, text};
use certificate_form::CertificateForm;
use years::Years;

/// What of a firm shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    #[default]
    Overview,
    Years,
    Filings,
    Certificates,
    History,
}

impl Tab {
    pub const ALL: [Self; 5] = [Self::Overview, Self::Years, Self::Filings, Self::Certificates, Self::History];
}

/// An open file.
#[derive(Debug)]
pub struct File {
    pub id: RecordId,
    /// The number of the question whose answer is awaited.
    asked: u64,
    data: Option<Box<FirmFile>>,
    problem: Option<Problem>,
    /// Newest first.
    filings: Vec<RecordId>,
    tab: Tab,
    /// Whoever sits here may only look.
    looks_only: bool,
    /// Personal fields shown in full.
    revealed: HashSet<&'static str>,
    /// Empty fields are shown too.
    unfolded: bool,
    years: Years,
    certificate: Option<CertificateForm>,
    erase: Option<crate::app::erase::EraseForm>,
    /// Changes all of whose fields show, by their place from the oldest on.
    whole: HashSet<usize>,
    /// How many changes show.
    changes: usize,
}

#[derive(Debug, Clone)]
pub enum Message {
    Read(RecordId, u64, Result<Option<FirmFile>>),
    Tab(Tab),
    Reveal(&'static str),
    Unfold,
    Years(years::Message),
    Certificate(certificate_form::Message),
    Erase(crate::app::erase::Message),
    Erased(String, Result<Done<bool>>),
    Whole(usize),
    More,
    /// Prints the history.
    PrintHistory,
    Copy(String, &'static str),
    /// What was written in place.
    Saved(String, Result<Done<bool>>),
}

/// What is done from a file's head.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Edit,
    NewFiling,
    CopyName,
    CopyCode,
    Erase,
}

/// How many changes show at first, and how many more each time.
const STEP: usize = 40;

impl File {
    /// A file to be read; the tab stays what it was.
    pub fn new(id: RecordId, tab: Tab, ledger: &Ledger) -> Self {
        Self {
            id,
            asked: 0,
            data: None,
            problem: None,
            filings: newest_first(ledger, id),
            tab,
            looks_only: true,
            revealed: HashSet::new(),
            unfolded: false,
            years: Years::default(),
            certificate: None,
            erase: None,
            whole: HashSet::new(),
            changes: STEP,
        }
    }

    pub fn tab(&self) -> Tab {
        self.tab
    }

    /// Asks for its content, under a number by which a late answer is known.
    pub fn read(&mut self, number: u64, ctx: &Ctx) -> iced::Task<FirmsMessage> {
        self.asked = number;
        self.looks_only = !ctx.may(Permission::EnterFirms);
        let id = self.id;
        ctx.ask(ctx.db.firm(id), move |file| FirmsMessage::File(Message::Read(id, number, file)))
    }

    /// The ledger changed.
    pub fn refresh(&mut self, ledger: &Ledger) {
        self.filings = newest_first(ledger, self.id);
    }

    /// Whether it may be changed here.
    fn frozen(&self) -> bool {
        self.looks_only || self.is_newer()
    }

    /// Whether it holds what a newer program wrote.
    fn is_newer(&self) -> bool {
        self.data.as_ref().is_some_and(|data| data.frozen)
    }

    /// 来自 … 第 n 行.
    fn source_words(&self, source: Option<Source>) -> Option<String> {
        let source = source?;
        let list = self.data.as_ref().and_then(|data| data.lists.get(&source.import));
        Some(format!("来自“{}”第 {} 行", list.map_or("已导入的名单", String::as_str), source.row))
    }

    /// A dialog of its own.
    pub fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, FirmsMessage>, FirmsMessage)> {
        if let Some(form) = &self.erase {
            let send = |message| FirmsMessage::File(Message::Erase(message));
            return Some((form.view(send), send(crate::app::erase::Message::Close)));
        }
        let form = self.certificate.as_ref()?;
        Some((form.view(ctx), FirmsMessage::File(Message::Certificate(certificate_form::Message::Close))))
    }

    /// The panel, `room` pixels wide.
    pub fn view<'a>(&'a self, room: f32, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let send = FirmsMessage::File;
        let row_of = ctx.ledger.firm(self.id);
        let name = row_of.map_or("", |firm| &*firm.name);
        let tools = row![
            button::icon_only(Icon::ArrowUp).tip("上一家").on_press(FirmsMessage::Step(false)),
            button::icon_only(Icon::ArrowDown).tip("下一家").on_press(FirmsMessage::Step(true)),
            self.deeds(ctx),
            button::icon_only(Icon::X).tip("关闭 (Esc)").on_press(FirmsMessage::Close),
        ]
        .spacing(sp::S4);
        // Four squares and their gaps, and the margins.
        let free = room - 2.0 * sp::S16 - 4.0 * 28.0 - 3.0 * sp::S4 - sp::S8;
        let shown = measure::cut(name, text::SECTION.size, true, free.max(60.0)).into_owned();
        let head = row![text::line(text::SECTION, Tone::Plain, shown), space().width(Length::Fill), tools,]
            .height(32)
            .align_y(Vertical::Center);
        let body = match (&self.data, &self.problem) {
            (Some(data), _) => match self.tab {
                Tab::Overview => self.overview(data, ctx),
                Tab::Years => self.years_table(data, room - 2.0 * sp::S16, ctx),
                Tab::Filings => self.filings_table(ctx),
                Tab::Certificates => self.certificates(data, ctx),
                Tab::History => self.history(data, ctx),
            },
            (None, Some(problem)) => text::toned(text::BODY, Tone::Danger, problem.to_string()).into(),
            (None, None) => text::toned(text::BODY, Tone::Faint, "正在读取…").into(),
        };
        let count = |n: usize| if n == 0 { String::new() } else { format!(" {n}") };
        let held = self.data.as_ref().map_or(0, |data| data.firm.certificates.len());
        let heads = Tab::ALL.map(|tab| {
            let words = match tab {
                Tab::Overview => "概况".to_owned(),
                Tab::Years => "年度数据".to_owned(),
                Tab::Filings => format!("申报{}", count(self.filings.len())),
                Tab::Certificates => format!("证书{}", count(held)),
                Tab::History => "变更历史".to_owned(),
            };
            (tab, words)
        });
        let tabs = tabs(heads, &self.tab, move |tab| send(Message::Tab(tab)), None);
        let frozen = self.is_newer().then(|| {
            text::toned(text::SMALL, Tone::Warn, "这家企业有新版科报写的内容，本机只能看，不能改；请升级科报。")
        });
        let split = row_of.map_or(0, |firm| firm.conflicts);
        let split = (split > 0).then(|| {
            let words = format!("有 {split} 项在两台电脑上改得不一样，现按后改的显示，另一个值见变更历史。");
            text::toned(text::SMALL, Tone::Warn, words)
        });
        let top = column![head, self.facts(ctx)].push(frozen).push(split).push(tabs);
        let top = container(top).padding(Padding { top: sp::S8, left: sp::S16, right: sp::S16, ..Padding::ZERO });
        let body = container(body).width(Length::Fill).padding(Padding {
            top: sp::S8,
            bottom: sp::S24,
            left: sp::S16,
            right: sp::S16,
        });
        column![top, scroll(body).main()].height(Length::Fill).into()
    }

    /// The line under the name.
    fn facts<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let Some(firm) = ctx.ledger.firm(self.id) else { return space().into() };
        let mut line = row![].spacing(sp::S12).align_y(Vertical::Center);
        if firm.code.is_empty() {
            line = line.push(text::line(text::SMALL, Tone::Warn, "未填信用代码"));
        } else {
            let copy = button::icon_only(Icon::Copy)
                .tip("复制统一社会信用代码")
                .on_press(FirmsMessage::File(Message::Copy(firm.code.to_string(), "已复制统一社会信用代码")));
            let code = row![text::line(text::SMALL, Tone::Quiet, &*firm.code), copy].align_y(Vertical::Center);
            line = line.push(code.spacing(sp::S2));
        }
        if !firm.township.is_empty() {
            line = line.push(text::line(text::SMALL, Tone::Quiet, &*firm.township));
        }
        if let Some(day) = firm.founded {
            line = line.push(text::line(text::SMALL, Tone::Quiet, format!("{day} 成立")));
        }
        if let Some(scale) = firm.scale {
            line = line.push(text::line(text::SMALL, Tone::Quiet, if scale { "规上" } else { "规下" }));
        }
        container(line.wrap()).padding(Padding { bottom: sp::S4, ..Padding::ZERO }).into()
    }

    fn deeds(&self, ctx: &Ctx) -> Element<'_, FirmsMessage> {
        let id = self.id;
        let newer = self.is_newer();
        let mut items = Vec::new();
        if ctx.may(Permission::EnterFirms) {
            items.push(Item::new(Deed::Edit, "修改…").icon(Icon::PencilLine).key("Ctrl E").disabled(newer));
        }
        if ctx.may(Permission::EnterFilings) {
            items.push(Item::new(Deed::NewFiling, "新增申报…").icon(Icon::FilePlus2));
        }
        if !items.is_empty() {
            items.push(Item::line());
        }
        items.push(Item::new(Deed::CopyName, "复制企业名称").icon(Icon::Copy));
        items.push(Item::new(Deed::CopyCode, "复制统一社会信用代码").icon(Icon::Copy));
        if ctx.may(Permission::Erase) {
            items.push(Item::line());
            items.push(Item::new(Deed::Erase, "依法清除个人信息…").icon(Icon::Trash2).disabled(newer));
        }
        menu::menu(button::icon_only(Icon::Ellipsis).on_press(()), items, move |deed| match deed {
            Deed::Edit => FirmsMessage::Edit(id),
            Deed::NewFiling => FirmsMessage::NewFiling(id),
            Deed::CopyName => FirmsMessage::CopyName(id),
            Deed::CopyCode => FirmsMessage::CopyCode(id),
            Deed::Erase => FirmsMessage::File(Message::Erase(crate::app::erase::Message::Open)),
        })
        .into()
    }
}

fn newest_first(ledger: &Ledger, id: RecordId) -> Vec<RecordId> {
    let mut filings: Vec<_> = ledger.filings_of(id).collect();
    filings.sort_by_key(|filing| {
        let edition = ledger.edition_of(filing).map(|edition| (edition.year, edition.batch));
        Reverse((edition, filing.since, filing.id))
    });
    filings.into_iter().map(|filing| filing.id).collect()
}

/// A page's note that there is nothing, with what one does about it.
fn nothing<'a>(words: &'a str) -> Element<'a, FirmsMessage> {
    container(text::toned(text::BODY, Tone::Quiet, words)).padding([12.0, size::CELL_PAD]).into()
}

impl Firms {
    /// Takes in what happened in the open file.
    pub(super) fn file(&mut self, message: Message, ctx: &Ctx) -> Update<FirmsMessage> {
        let Some(file) = &mut self.file else { return Update::none() };
        match message {
            // Only the answer to the last question counts.
            Message::Read(id, number, answer) if file.id == id && file.asked == number => match answer {
                Ok(Some(data)) => {
                    file.problem = None;
                    file.data = Some(Box::new(data));
                }
                Ok(None) => return self.close_file(),
                Err(problem) => {
                    file.data = None;
                    file.problem = Some(problem);
                }
            },
            Message::Read(..) => {}
            Message::Tab(tab) => {
                file.tab = tab;
                file.years.stop();
            }
            Message::Reveal(key) => {
                if !file.revealed.remove(key) {
                    if let Err(problem) = ctx.permit(Permission::Reveal) {
                        return problem.into();
                    }
                    file.revealed.insert(key);
                    let name = ctx.ledger.firm(file.id).map(|firm| firm.name.to_string()).unwrap_or_default();
                    let words = format!("“{name}”的{}", fields::label(key));
                    return Update::event(Event::Note(Logged::new(DeedKind::Reveal, words).about(file.id)));
                }
            }
            Message::Unfold => file.unfolded = !file.unfolded,
            Message::Whole(change) => {
                file.whole.insert(change);
            }
            Message::More => file.changes += STEP,
            Message::PrintHistory => return Update::event(Event::PrintHistory(file.id)),
            Message::Copy(text, words) => {
                return Update::event(Event::Copy { text, words: words.to_owned(), logged: None });
            }
            Message::Years(message) => return file.edit_years(message, ctx),
            Message::Certificate(message) => return file.edit_certificate(message, ctx),
            Message::Erase(message) => return file.erase(message, ctx),
            Message::Saved(words, Ok(done)) => return Update::saved(&done, words),
            // No action to take back is named: it cannot be.
            Message::Erased(words, Ok(_)) => {
                // Copies that were opened may be of what was erased.
                crate::app::files::clear_copies();
                return Update::event(Event::Saved { action: None, words });
            }
            Message::Erased(_, Err(problem)) => return problem.into(),
            Message::Saved(_, Err(problem)) => return problem.into(),
        }
        Update::none()
    }
}
