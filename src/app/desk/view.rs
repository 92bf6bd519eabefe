//! The desk drawn: bars, rail, page, toasts, and what lies above them.

use iced::widget::column;

use super::as_of::AsOf;
use super::find::Find;
use super::past::Past;
use super::{Desk, Message, Shown, around, with_shown};
use crate::app::place::{DataTab, Place, SettingsTab, Stop};
use crate::app::screen::Screen;
use crate::domain::people::Permission;
use crate::ui::icon::Icon;
use crate::ui::widget::list::Item;
use crate::ui::widget::rail::{self, rail};
use crate::ui::widget::shell::Note;
use crate::ui::widget::toast::{Toast, toasts};
use crate::ui::widget::{button, dialog, menu, select, shell};
use crate::ui::{Density, Element, Tone, space as sp, text};

/// What the menu of whoever is signed in holds.
#[derive(Debug, Clone)]
enum Own {
    Dark(bool),
    Larger(Option<bool>),
    Fold(bool),
    Lock,
    SignOut,
}

impl Desk {
    /// The whole desk.
    pub fn view(&self) -> Element<'_, Message> {
        let ctx = &self.ctx;
        if let Some(lock) = &self.lock {
            return lock.view(ctx);
        }
        let shown = around(ctx, &self.now, self.shown);
        let page = with_shown!(ref self, |screen, wrap| screen.view(shown).map(wrap));
        let page = column![].push(self.band()).push(page);
        let window = shell::shell(self.top(), self.rail(), page, self.status());
        let window = toasts(window, self.toasts());
        let (above, close, top) = self.above();
        let window = dialog::modal(window, above, close);
        match top {
            Some(top) => window.top(top).into(),
            None => window.into(),
        }
    }

    fn top(&self) -> Element<'_, Message> {
        let ctx = around(&self.ctx, &self.now, self.shown);
        let folded = ctx.rail_folded();
        let mut years = ctx.ledger.years(ctx.today);
        // The year worked in stays in the list when its last batch was taken back.
        if !years.contains(&ctx.year) {
            years.push(ctx.year);
            years.sort_unstable_by(|a, b| b.cmp(a));
        }
        let years = years.into_iter().map(|year| Item::new(year, format!("{year} 年度")));
        let year: Element<'_, Message> =
            select::select(years, Some(ctx.year)).on_choose(Message::Year).density(Density::Compact).into();
        let find = 440.0_f32.min((ctx.size.width - 560.0).max(200.0));
        shell::top_bar(
            shell::brand("科", "科报", folded),
            [
                shell::history(
                    (!self.back.is_empty()).then_some(Message::Back),
                    (!self.forward.is_empty()).then_some(Message::Forward),
                ),
                year,
                shell::find(
                    if find < 300.0 { "查找" } else { "找企业、编号、界面、操作" },
                    "Ctrl K",
                    find,
                    Message::OpenFind,
                ),
            ],
            [self.person()],
        )
    }

    fn person(&self) -> Element<'_, Message> {
        let ctx = &self.ctx;
        let person = ctx.person();
        let words = match person {
            Some(user) => match user.roles.first() {
                Some(role) => format!("{}·{}", user.name, role.label()),
                None => user.name.clone(),
            },
            None => "未登录".to_owned(),
        };
        let dark = self.look.dark;
        let items = [
            Item::new(Own::Dark(!dark), if dark { "浅色界面" } else { "深色界面" }).icon(if dark {
                Icon::Sun
            } else {
                Icon::Moon
            }),
            Item::new(Own::Larger(Some(true)), "放大").icon(Icon::ZoomIn).key("Ctrl +"),
            Item::new(Own::Larger(Some(false)), "缩小").icon(Icon::Minus).key("Ctrl -"),
            Item::new(Own::Larger(None), "原来大小").icon(Icon::RotateCcw).key("Ctrl 0"),
            Item::new(Own::Fold(!ctx.rail_folded()), if ctx.rail_folded() { "展开左栏" } else { "收起左栏" })
                .icon(if ctx.rail_folded() { Icon::ChevronsRight } else { Icon::ChevronsLeft }),
            Item::line(),
            Item::new(Own::SignOut, "换人登录").icon(Icon::LogOut),
        ];
        // Last but signing out; nobody has a password in the invented district.
        let lock = (!ctx.ledger.office.example).then(|| Item::new(Own::Lock, "锁屏").icon(Icon::Lock).key("Ctrl L"));
        let mut items: Vec<_> = items.into_iter().collect();
        items.splice(items.len() - 1..items.len() - 1, lock);
        menu::menu(shell::person(Icon::UserRound, words, Some(())), items, |own| match own {
            Own::Dark(dark) => Message::Dark(dark),
            Own::Larger(larger) => Message::Larger(larger),
            Own::Fold(folded) => Message::Fold(folded),
            Own::Lock => Message::Lock(super::lock::Message::Lock),
            Own::SignOut => Message::SignOut,
        })
        .into()
    }

    fn rail(&self) -> Element<'_, Message> {
        let ctx = &self.ctx;
        let year = ctx.year;
        let review_year = around(ctx, &self.now, Shown::Review).year;
        let stops = [
            rail::Stop::new(Stop::Workbench, "工作台", Icon::LayoutList),
            rail::Stop::new(Stop::Firms, "企业", Icon::Building2),
            rail::Stop::new(Stop::Filings, "申报", Icon::FileText).count(self.waiting as u64),
        ];
        let review = rail::Stop::new(Stop::Review, "审核", Icon::Stamp).count(self.to_review as u64);
        let review = ctx.may(Permission::Judge).then_some(review);
        let stops = stops.into_iter().chain(review).chain([
            rail::Stop::new(Stop::Data, "数据", Icon::Database).gap(),
            rail::Stop::new(Stop::Settings, "设置", Icon::Settings),
        ]);
        rail(stops, &self.stop(), ctx.rail_folded(), move |stop| {
            Message::Go(match stop {
                Stop::Workbench => Place::Workbench,
                Stop::Firms => Place::firms(),
                Stop::Filings => Place::filings(year),
                Stop::Review => Place::review(review_year),
                Stop::Data => Place::Data(DataTab::default()),
                Stop::Settings => Place::Settings(SettingsTab::default()),
            })
        })
    }

    fn status(&self) -> Element<'_, Message> {
        let ctx = around(&self.ctx, &self.now, self.shown);
        let busy = with_shown!(ref self, |screen, wrap| screen.note(ctx).map(|note| Note {
            icon: note.icon,
            words: note.words,
            done: note.done,
            cancel: note.cancel.map(wrap),
            open: note.open.map(wrap),
            tone: note.tone,
            tip: note.tip,
        }));
        // A list being read or written goes on while one looks at something else.
        let elsewhere = || {
            let note = self.import.busy().filter(|_| self.shown != Shown::Import)?;
            let cancel = note.cancel.map(Message::Import);
            let open = Some(Message::Go(Place::Import));
            Some(Note { done: note.done, cancel, open, ..Note::new(note.icon, note.words) })
        };
        let left = busy.or_else(elsewhere).unwrap_or_else(|| Note::new(Icon::Check, "就绪，全部已保存"));
        let office = if ctx.ledger.office.example {
            Note { open: None, ..Note::new(Icon::BookOpen, "示例数据：企业、人员和数字都是虚构的") }
        } else {
            Note::new(Icon::Landmark, ctx.ledger.office.name.clone())
        };
        let right = [office]
            .into_iter()
            .chain(self.road_note())
            .chain(self.backup_note())
            .chain([Note::new(Icon::Lock, "数据只在本机")]);
        shell::status_bar([left], right)
    }

    fn toasts(&self) -> Vec<Toast<Message>> {
        self.told
            .iter()
            .map(|told| {
                let undo = told.action.map(|action| ("撤销".to_owned(), Message::TakeBack(action)));
                let detail = told
                    .problem
                    .as_ref()
                    .filter(|problem| problem.detail.is_some())
                    .map(|_| ("详情".to_owned(), Message::Detail(told.id)));
                let open = told.open.as_ref().map(|_| ("打开".to_owned(), Message::OpenTold(told.id)));
                Toast {
                    tone: told.tone,
                    words: told.words.clone(),
                    actions: undo.into_iter().chain(open).chain(detail).collect(),
                    on_close: Message::CloseTold(told.id),
                }
            })
            .collect()
    }

    /// What lies above the page, what closing it sends, and where it hangs when not in the middle.
    fn above(&self) -> (Option<Element<'_, Message>>, Option<Message>, Option<f32>) {
        if let Some(find) = &self.find {
            return (Some(find.view(&self.ctx).map(Message::Find)), Some(Message::Find(Find::CLOSE)), Some(88.0));
        }
        if let Some(problem) = &self.detail {
            let detail = problem.detail.clone().unwrap_or_default();
            let content = column![text::body(problem.to_string()), text::toned(text::SMALL, Tone::Quiet, detail)]
                .spacing(sp::S12);
            let close = button::primary("知道了").key("Esc").on_press(Message::CloseDetail).into();
            let dialog = dialog::dialog("详情", content, [close], dialog::Width::Wide);
            return (Some(dialog), Some(Message::CloseDetail), None);
        }
        if let Some(as_of) = &self.as_of {
            return (Some(as_of.view(&self.ctx).map(Message::AsOf)), Some(Message::AsOf(AsOf::CLOSE)), None);
        }
        if let Some(past) = &self.past {
            return (Some(past.view(&self.ctx).map(Message::Past)), Some(Message::Past(Past::CLOSE)), None);
        }
        let own = with_shown!(ref self, |screen, wrap| {
            screen.above(around(&self.ctx, &self.now, self.shown)).map(|(element, close)| (element.map(wrap), wrap(close)))
        });
        match own {
            Some((element, close)) => (Some(element), Some(close), None),
            None => (None, None, None),
        }
    }
}
