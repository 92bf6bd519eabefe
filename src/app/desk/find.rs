//! Ctrl+K: one field that finds firms, filings, screens and actions, by characters, pinyin, initials, codes and numbers.

use std::ops::Range;

use iced::Task;

use super::{Desk, Message as DeskMessage, Outcome};
use crate::app::ctx::Ctx;
use crate::app::place::{DataTab, Place, SettingsTab};
use crate::app::screen::Offer;
use crate::app::words;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::pinyin::{Hit, Query, Reader};
use crate::ui::Element;
use crate::ui::icon::Icon;
use crate::ui::widget::palette::{Found, Group, Marked, Open, palette};

const FIELD: &str = "find";

/// How many of each sort are listed, so that firms and filings both show without scrolling.
const MOST: usize = 5;

/// What was found.
#[derive(Debug, Clone)]
pub enum Thing {
    Firm(RecordId),
    Filing(RecordId),
    Command(Box<DeskMessage>),
}

/// The open palette.
#[derive(Debug)]
pub struct Find {
    typed: String,
    groups: Vec<Group<Thing>>,
    current: usize,
    in_all: usize,
    /// What the screen that shows can do with what is selected there.
    own: Vec<Offer<DeskMessage>>,
}

#[derive(Debug, Clone)]
pub enum Message {
    Typed(String),
    Moved(usize),
    Opened(Thing, Open),
    Close,
}

impl Find {
    /// What closing it sends.
    pub const CLOSE: Message = Message::Close;

    /// Nothing typed yet: what can be done is offered.
    pub fn new(own: Vec<Offer<DeskMessage>>, ctx: &Ctx) -> Self {
        let mut find = Self { typed: String::new(), groups: Vec::new(), current: 0, in_all: 0, own };
        find.search(ctx);
        find
    }

    /// Puts the caret into its field.
    pub fn focus() -> Task<DeskMessage> {
        iced::widget::operation::focus(FIELD)
    }

    fn search(&mut self, ctx: &Ctx) {
        self.current = 0;
        self.groups.clear();
        let found = ctx.ledger.find(&self.typed, MOST);
        self.in_all = found.firms_in_all + found.filings_in_all;
        let query = Query::new(&self.typed);
        if !found.firms.is_empty() {
            let firms =
                found.firms.iter().filter_map(|firm| firm_line(ctx, firm.id, firm.hit.as_ref(), firm.by.as_deref()));
            self.groups.push(Group { title: "企业".into(), found: firms.collect() });
        }
        if !found.filings.is_empty() {
            let filings = found.filings.iter().filter_map(|id| filing_line(ctx, *id, &query));
            self.groups.push(Group { title: "申报".into(), found: filings.collect() });
        }
        // What has nothing to search for in it (😀) finds nothing; only an empty field offers everything.
        let nothing = query.is_empty() && !self.typed.trim().is_empty();
        let own = self.own.iter().cloned().map(|Offer { icon, words, does }| Command { icon, words, does });
        let commands: Vec<Found<Thing>> =
            own.chain(commands(ctx)).filter(|_| !nothing).filter_map(|command| command_line(command, &query)).collect();
        self.in_all += if query.is_empty() { 0 } else { commands.len() };
        if !commands.is_empty() {
            self.groups.push(Group { title: "界面与操作".into(), found: commands });
        }
    }

    /// The palette.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let remark = match (self.typed.trim().is_empty(), self.in_all) {
            (true, _) => String::new(),
            (false, 0) => "没有找到".to_owned(),
            (false, n) => format!("全部 {n} 条"),
        };
        let enters = ctx.may(Permission::EnterFilings).then_some(("Ctrl Enter", "为这家新增申报"));
        palette(&self.typed, &self.groups, self.current, Message::Typed, Message::Moved, Message::Opened)
            .placeholder("找企业、编号、界面、操作")
            .remark(remark)
            .hints([("↑ ↓", "选择"), ("Enter", "打开")].into_iter().chain(enters))
            .foot("汉字、全拼、首字母、代码、证书号都能找")
            .id(FIELD)
            .into()
    }
}

impl Desk {
    pub(super) fn find(&mut self, message: Message) -> (Task<DeskMessage>, Option<Outcome>) {
        let Some(find) = &mut self.find else { return (Task::none(), None) };
        match message {
            Message::Typed(typed) => {
                find.typed = typed;
                find.search(&self.ctx);
                (Task::none(), None)
            }
            Message::Moved(current) => {
                find.current = current;
                (Task::none(), None)
            }
            Message::Close => {
                self.find = None;
                (Task::none(), None)
            }
            Message::Opened(thing, how) => {
                self.find = None;
                match (thing, how) {
                    (Thing::Firm(id), Open::Other) => self.go(Place::NewFiling { firm: Some(id), edition: None }),
                    (Thing::Firm(id), _) => self.go(Place::firm(id)),
                    (Thing::Filing(id), _) => self.go(filing_place(&self.ctx, id)),
                    (Thing::Command(message), _) => self.update(*message),
                }
            }
        }
    }
}

/// A filing beside the others of its edition.
pub(super) fn filing_place(ctx: &Ctx, id: RecordId) -> Place {
    let edition = ctx.ledger.filing(id).and_then(|filing| ctx.ledger.edition_of(filing));
    Place::Filings {
        filter: crate::store::ledger::FilingFilter {
            edition: edition.map(|edition| edition.id),
            program: edition.map(|edition| edition.program.clone()),
            year: edition.map(|edition| edition.year),
            ..Default::default()
        },
        open: Some(id),
    }
}

/// Byte ranges of a hit's characters.
fn marks(text: &str, hit: Option<&Hit>) -> Vec<Range<usize>> {
    let Some(hit) = hit else { return Vec::new() };
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let at = |n: usize| starts.get(n).copied().unwrap_or(text.len());
    hit.ranges.iter().map(|range| at(range.start)..at(range.end)).collect()
}

fn firm_line(ctx: &Ctx, id: RecordId, hit: Option<&Hit>, by: Option<&str>) -> Option<Found<Thing>> {
    let firm = ctx.ledger.firm(id)?;
    // The reading under the name, with the initials of what matched.
    let mut second = String::new();
    let mut second_marks = Vec::new();
    let matched = |n: usize| hit.is_some_and(|hit| hit.ranges.iter().any(|range| range.contains(&n)));
    for (n, tone) in Reader::builtin().tones(&firm.name).into_iter().enumerate().take(8) {
        let Some(tone) = tone else { continue };
        if !second.is_empty() {
            second.push(' ');
        }
        let start = second.len();
        second.push_str(tone);
        if matched(n)
            && let Some(first) = tone.chars().next()
        {
            second_marks.push(start..start + first.len_utf8());
        }
    }
    let told = by.filter(|by| **by != *firm.code).map(|by| format!("　{by}")).unwrap_or_default();
    second.push('　');
    let start = second.len();
    second.push_str(&firm.code);
    if by.is_some_and(|by| *by == *firm.code) {
        second_marks.push(start..second.len());
    }
    let start = second.len();
    second.push_str(&told);
    if !told.is_empty() {
        second_marks.push(start..second.len());
    }
    let held: Vec<String> = firm
        .certificates
        .iter()
        .filter(|c| {
            matches!(
                c.validity(ctx.today),
                crate::domain::certificate::Validity::Valid | crate::domain::certificate::Validity::EndsThisYear
            )
        })
        .map(|c| words::certificate_kind(&c.kind).to_owned())
        .collect();
    let mut held = held;
    held.dedup();
    let detail = format!("{}　{}", firm.township, held.join("、"));
    Some(Found {
        value: Thing::Firm(id),
        icon: Icon::Building2,
        words: Marked::new(firm.name.to_string(), marks(&firm.name, hit)),
        second: Some(Marked::new(second, second_marks)),
        detail: detail.trim_matches('　').to_owned(),
    })
}

fn filing_line(ctx: &Ctx, id: RecordId, query: &Query) -> Option<Found<Thing>> {
    let filing = ctx.ledger.filing(id)?;
    let firm = ctx.ledger.firm_of(filing);
    let edition = ctx.ledger.edition_of(filing)?;
    let hit = query.find(&Reader::builtin().haystack(&firm.name));
    let text = format!("{}：{}", firm.name, edition.label());
    let due = words::due(filing.due, ctx);
    let due = if due.words == "—" { String::new() } else { format!("，{}", due.words) };
    let round = if filing.round > 1 { format!("第 {} 轮", filing.round) } else { String::new() };
    Some(Found {
        value: Thing::Filing(id),
        icon: Icon::FileText,
        words: Marked::new(text, marks(&firm.name, hit.as_ref())),
        second: None,
        detail: format!("{}　{round}{}{due}", filing.number, filing.status_word()),
    })
}

/// Something the palette can do.
struct Command {
    icon: Icon,
    words: String,
    does: DeskMessage,
}

fn commands(ctx: &Ctx) -> Vec<Command> {
    let go = |icon, words: &str, place: Place| Command { icon, words: words.to_owned(), does: DeskMessage::Go(place) };
    let mut all = vec![
        go(Icon::LayoutList, "工作台", Place::Workbench),
        go(Icon::Building2, "企业", Place::firms()),
        go(Icon::FileText, "申报", Place::filings(ctx.year)),
        go(Icon::Stamp, "审核", Place::review(ctx.year)),
        go(Icon::Plus, "新增申报", Place::NewFiling { firm: None, edition: None }),
        go(Icon::Plus, "新增企业", Place::NewFirm),
        go(Icon::Upload, "导入名单", Place::Import),
        go(Icon::Database, "数据 › 名单导入记录", Place::Data(DataTab::Imports)),
        go(Icon::FileSpreadsheet, "数据 › 推荐名单", Place::Data(DataTab::Shortlists)),
        go(Icon::History, "数据 › 操作日志", Place::Data(DataTab::Log)),
        go(Icon::ShieldCheck, "数据 › 核验", Place::Data(DataTab::Check)),
        go(Icon::HardDrive, "数据 › 备份与恢复", Place::Data(DataTab::Backups)),
        go(Icon::Package, "数据 › 交换包", Place::Data(DataTab::Packages)),
        go(Icon::Split, "数据 › 冲突", Place::Data(DataTab::Conflicts)),
        go(Icon::Settings, "设置 › 单位与乡镇街道", Place::Settings(SettingsTab::Office)),
        go(Icon::ListTree, "设置 › 事项与批次", Place::Settings(SettingsTab::Programs)),
        go(Icon::Sun, "设置 › 外观", Place::Settings(SettingsTab::Look)),
        go(Icon::Info, "设置 › 关于科报", Place::Settings(SettingsTab::About)),
    ];
    all.retain(|command| match &command.does {
        DeskMessage::Go(place) => place.needs().is_none_or(|permission| ctx.may(permission)),
        _ => true,
    });
    let mut does = |icon, words: &str, does| all.push(Command { icon, words: words.to_owned(), does });
    if ctx.may(Permission::Undo) {
        does(Icon::Undo2, "撤销上一步", DeskMessage::Undo);
        does(Icon::Redo2, "恢复撤销的一步", DeskMessage::Redo);
    }
    does(Icon::CalendarDays, "查看历史时点", DeskMessage::AsOf(super::as_of::Message::Open));
    does(Icon::Moon, "深色界面", DeskMessage::Dark(true));
    does(Icon::Sun, "浅色界面", DeskMessage::Dark(false));
    if !ctx.ledger.office.example {
        does(Icon::Lock, "锁屏", DeskMessage::Lock(super::lock::Message::Lock));
    }
    does(Icon::LogOut, "换人登录", DeskMessage::SignOut);
    all
}

fn command_line(command: Command, query: &Query) -> Option<Found<Thing>> {
    let reader = Reader::builtin();
    let hit = query.find(&reader.haystack(&command.words));
    if hit.is_none() && !query.is_empty() {
        return None;
    }
    let reading: Vec<&str> = reader.tones(&command.words).into_iter().flatten().collect();
    Some(Found {
        value: Thing::Command(Box::new(command.does)),
        icon: command.icon,
        words: Marked::new(command.words.clone(), marks(&command.words, hit.as_ref())),
        second: None,
        detail: reading.join(" "),
    })
}
