//! The dialog of an edition: its batch and name, quota, and the deadlines its notice sets, stage by stage.

use std::collections::BTreeMap;

use iced::Length;
use iced::widget::{column, row};

use super::{Dialog, Filings};
use crate::app::ctx::Ctx;
use crate::app::update::Update;
use crate::catalog::Catalog;
use crate::domain::date::Due;
use crate::domain::edition::{default_name, key};
use crate::domain::id::RecordId;
use crate::domain::program::Version;
use crate::domain::{Problem, Result};
use crate::store::Done;
use crate::store::acts::Values;
use crate::ui::icon::Icon;
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::checkbox::checkbox;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, dialog, input, ledger, scroll, select};
use crate::ui::{Element, space as sp, text};

/// The deadlines of one stage as typed.
#[derive(Debug, Clone, Default)]
struct Dates {
    internal: String,
    due: String,
    channel: String,
}

/// The open dialog.
#[derive(Debug, Clone)]
pub struct EditionForm {
    /// `None`: a new one.
    id: Option<RecordId>,
    program: String,
    version: Option<&'static Version>,
    year: String,
    batch: String,
    name: String,
    /// Somebody typed the name; else it follows year and batch.
    named: bool,
    quota: String,
    dates: BTreeMap<&'static str, Dates>,
    closed: bool,
    problem: Option<Problem>,
    busy: bool,
}

/// Which deadline of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Internal,
    Superior,
    Channel,
}

#[derive(Debug, Clone)]
pub enum Message {
    Program(String),
    Year(String),
    Batch(String),
    Name(String),
    Quota(String),
    Date(&'static str, Which, String),
    Closed(bool),
    Save,
    Opened(Result<Done<RecordId>>),
    Changed(Result<Done<bool>>),
}

const FIRST: &str = "edition.first";
const CHANNELS: [&str; 4] = ["", "线上", "纸质", "线上与纸质"];

impl EditionForm {
    fn new(program: &str, ctx: &Ctx) -> Self {
        let mut form = Self {
            id: None,
            program: program.to_owned(),
            version: None,
            year: ctx.year.to_string(),
            batch: String::new(),
            name: String::new(),
            named: false,
            quota: String::new(),
            dates: BTreeMap::new(),
            closed: false,
            problem: None,
            busy: false,
        };
        form.choose(program.to_owned(), ctx);
        form
    }

    /// Takes the program's stages over, and counts the batches it has.
    fn choose(&mut self, program: String, ctx: &Ctx) {
        let year: i32 = self.year.trim().parse().unwrap_or(ctx.year);
        let of = |wanted: i32| {
            ctx.ledger
                .editions
                .iter()
                .filter(move |known| known.year == wanted)
                .map(|known| (&known.program, known.batch))
        };
        let last = of(year).filter(|(known, _)| **known == program).map(|(_, batch)| batch).max();
        // A program that had no batches in other years has none in this one.
        let without = ctx.ledger.editions.iter().any(|known| known.program == program && known.batch == 0);
        self.batch = match last {
            Some(batch) => (batch + 1).to_string(),
            None if without => "0".to_owned(),
            None => "1".to_owned(),
        };
        let day = chrono::NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(ctx.today);
        self.version = Catalog::builtin().program(&program).map(|known| known.version_on(day));
        self.program = program;
        self.dates.clear();
        self.follow();
    }

    fn open(id: RecordId, ctx: &Ctx) -> Option<Self> {
        let edition = ctx.ledger.edition(id)?;
        let version = edition.known.map(|(_, version)| version);
        let mut dates = BTreeMap::new();
        for (n, stage) in version.iter().flat_map(|version| version.stages.iter().enumerate()) {
            let due = |due: Option<Due>| due.map(|due| due.short(edition.year)).unwrap_or_default();
            let known = edition.dates.get(n).copied().unwrap_or_default();
            let channel = edition.channels.get(n).cloned().unwrap_or_default();
            dates.insert(stage.id.as_str(), Dates { internal: due(known.internal), due: due(known.due), channel });
        }
        Some(Self {
            id: Some(id),
            program: edition.program.clone(),
            version,
            year: edition.year.to_string(),
            batch: edition.batch.to_string(),
            name: edition.name.clone(),
            named: true,
            quota: edition.quota.map(|n| n.to_string()).unwrap_or_default(),
            dates,
            closed: edition.closed,
            problem: None,
            busy: false,
        })
    }

    fn follow(&mut self) {
        if let (false, Ok(year), Ok(batch)) = (self.named, self.year.trim().parse(), self.batch.trim().parse()) {
            self.name = default_name(year, batch);
        }
    }

    fn year(&self) -> Option<i32> {
        self.year.trim().parse().ok().filter(|year| (1990..=2100).contains(year))
    }

    fn due(&self, typed: &str) -> Result<Option<Due>> {
        match typed.trim() {
            "" => Ok(None),
            typed => Due::parse(typed, self.year().unwrap_or(2000)).map(Some),
        }
    }

    fn says(&self, typed: &str) -> Option<Tone> {
        self.due(typed).is_err().then_some(Tone::Danger)
    }

    /// The values to be stored; the first thing that cannot be.
    fn values(&self) -> Result<Values> {
        let mut values = Values::new();
        let name = self.name.trim();
        values.insert(key::NAME.to_owned(), (!name.is_empty()).then(|| name.to_owned()));
        let quota = match self.quota.trim() {
            "" => None,
            typed => Some(
                typed
                    .parse::<u32>()
                    .map_err(|_| Problem::bad_input(format!("名额“{typed}”不是整数。")).next("不限名额就留空。"))?
                    .to_string(),
            ),
        };
        values.insert(key::QUOTA.to_owned(), quota);
        values.insert(key::CLOSED.to_owned(), self.closed.then(|| "是".to_owned()));
        for stage in self.version.iter().flat_map(|version| &version.stages) {
            let Some(dates) = self.dates.get(stage.id.as_str()) else { continue };
            let read = |typed: &str| {
                self.due(typed)
                    .map(|due| due.map(|due| due.to_string()))
                    .map_err(|problem| Problem { says: format!("{}：{}", stage.short, problem.says), ..problem })
            };
            let (internal, due) = (read(&dates.internal)?, read(&dates.due)?);
            values.insert(key::internal(&stage.id), internal);
            values.insert(key::due(&stage.id), due);
            let channel = dates.channel.as_str();
            values.insert(key::channel(&stage.id), (!channel.is_empty()).then(|| channel.to_owned()));
        }
        Ok(values)
    }

    /// An internal deadline after the superior's is no error, but worth a word.
    fn remark(&self) -> Option<String> {
        let stages = self.version.iter().flat_map(|version| &version.stages);
        let late = stages.filter(|stage| {
            self.dates.get(stage.id.as_str()).is_some_and(|dates| {
                matches!((self.due(&dates.internal), self.due(&dates.due)), (Ok(Some(ours)), Ok(Some(due))) if ours > due)
            })
        });
        let names: Vec<&str> = late.map(|stage| stage.short.as_str()).collect();
        (!names.is_empty()).then(|| format!("{}：区内部截止晚于上级截止，请再看一眼。", names.join("、")))
    }

    /// The dialog drawn.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, super::Message> {
        let wrap = super::Message::Edition;
        let save = wrap(Message::Save);
        let label = 64.0;
        let line = |value: &'a str, message: fn(String) -> Message| {
            input::input(value).on_input(move |typed| wrap(message(typed))).on_submit(save.clone())
        };
        let mut lines = column![].spacing(sp::S8);
        if self.id.is_none() {
            let programs =
                Catalog::builtin().programs().iter().map(|program| Item::new(program.id.clone(), program.name.clone()));
            let program = select::select(programs, Some(self.program.clone()))
                .on_choose(move |program| wrap(Message::Program(program)))
                .width(Length::Fill)
                .id(FIRST);
            lines = lines.push(field("事项", program).label_width(label)).push(
                row![
                    field("年度", line(&self.year, Message::Year).number().unit("年")).label_width(label),
                    field("第几批", line(&self.batch, Message::Batch).number().unit("批"))
                        .label_width(label)
                        .says(Says::Hint("不分批写 0".into())),
                ]
                .spacing(sp::S16),
            );
        }
        let name = line(&self.name, Message::Name);
        let name = if self.id.is_some() { name.id(FIRST) } else { name };
        lines = lines.push(
            row![
                field("名称", name).label_width(label),
                field("名额", line(&self.quota, Message::Quota).number().unit("家").placeholder("不限"))
                    .label_width(label),
            ]
            .spacing(sp::S16),
        );
        let mut table = ledger::ledger(
            [
                ledger::Column::left("阶段", Length::Fill),
                ledger::Column::left("区内部截止", 148),
                ledger::Column::left("上级截止", 148),
                ledger::Column::left("报送方式", 124),
            ],
            Density::Compact,
        )
        .row_height(34.0);
        for stage in self.version.iter().flat_map(|version| &version.stages).filter(|stage| !stage.optional) {
            let id = stage.id.as_str();
            let (internal, due, channel) = match self.dates.get(id) {
                Some(dates) => (dates.internal.as_str(), dates.due.as_str(), dates.channel.as_str()),
                None => ("", "", ""),
            };
            let moment = |value: &'a str, which: Which, hint: &'a str| {
                input::input(value)
                    .placeholder(hint)
                    .in_cell()
                    .tone(self.says(value))
                    .on_input(move |typed| wrap(Message::Date(id, which, typed)))
                    .on_submit(save.clone())
            };
            let channels = CHANNELS.map(|word| Item::new(word, if word.is_empty() { "—" } else { word }));
            let channel = CHANNELS.iter().copied().find(|word| *word == channel).unwrap_or_default();
            table = table.push(vec![
                text::line(text::BODY, Tone::Plain, stage.short.as_str()).into(),
                moment(internal, Which::Internal, "9-1 17:00").into(),
                moment(due, Which::Superior, "9-4 17:00").into(),
                select::select(channels, Some(channel))
                    .on_choose(move |word: &str| wrap(Message::Date(id, Which::Channel, word.to_owned())))
                    .density(Density::Compact)
                    .width(Length::Fill)
                    .into(),
            ]);
        }
        let stages = self.version.map_or(0, |version| version.stages.iter().filter(|stage| !stage.optional).count());
        let room = (ctx.size.height - if self.id.is_none() { 430.0 } else { 350.0 }).max(160.0);
        let height = (stages as f32 * 35.0 + 32.0).min(room);
        let mut content = column![lines, scroll::scroll(table).height(height)].spacing(sp::S12);
        if self.id.is_some() {
            let closed = checkbox(
                "关闭这个批次：不再收新的申报，已有的照常办理",
                self.closed,
                Some(move |on| wrap(Message::Closed(on))),
            );
            content = content.push(closed);
        }
        if let Some(problem) = &self.problem {
            content = content.push(super::form::remark(Icon::CircleAlert, Tone::Danger, problem.to_string()));
        } else if let Some(remark) = self.remark() {
            content = content.push(super::form::remark(Icon::TriangleAlert, Tone::Warn, remark));
        } else {
            content = content
                .push(text::small("截止写成 9-4 17:00 或 9月4日24:00；只写日期的按 17:00 算。通知里没有的就空着。"));
        }
        let title = if self.id.is_some() { "编辑批次" } else { "新增批次" };
        let confirm = button::primary("保存").key("Enter").on_press((!self.busy).then_some(save.clone()));
        dialog::dialog(
            title,
            content,
            [button::normal("取消").key("Esc").on_press(super::Message::CloseDialog).into(), confirm.into()],
            dialog::Width::Wide,
        )
    }
}

impl Filings {
    /// Opens the dialog: of an edition, or of a new one of the program that shows.
    pub(super) fn open_edition(&mut self, id: Option<RecordId>, ctx: &Ctx) -> Update<super::Message> {
        let form = match id {
            Some(id) => EditionForm::open(id, ctx),
            None => {
                let shown = if self.entering { self.entry.program() } else { self.filter.program.clone() };
                let first = Catalog::builtin().programs().first().map(|program| program.id.clone());
                Some(EditionForm::new(&shown.or(first).unwrap_or_default(), ctx))
            }
        };
        self.dialog = form.map(Dialog::Edition);
        Update::task(iced::widget::operation::focus(FIRST))
    }

    pub(super) fn edit_edition(&mut self, message: Message, ctx: &Ctx) -> Update<super::Message> {
        let Some(Dialog::Edition(form)) = &mut self.dialog else { return Update::none() };
        if !matches!(message, Message::Save | Message::Opened(_) | Message::Changed(_)) {
            form.problem = None;
        }
        match message {
            Message::Program(program) => form.choose(program, ctx),
            Message::Year(typed) => {
                form.year = typed;
                if form.year().is_some() {
                    let kept = std::mem::take(&mut form.dates);
                    form.choose(form.program.clone(), ctx);
                    form.dates = kept;
                }
            }
            Message::Batch(typed) => {
                form.batch = typed;
                form.follow();
            }
            Message::Name(typed) => {
                form.named = !typed.trim().is_empty();
                form.name = typed;
            }
            Message::Quota(typed) => form.quota = typed,
            Message::Date(stage, which, typed) => {
                let dates = form.dates.entry(stage).or_default();
                match which {
                    Which::Internal => dates.internal = typed,
                    Which::Superior => dates.due = typed,
                    Which::Channel => dates.channel = typed,
                }
            }
            Message::Closed(closed) => form.closed = closed,
            Message::Save if form.busy => {}
            Message::Save => return self.save_edition(ctx),
            Message::Opened(Err(problem)) | Message::Changed(Err(problem)) => {
                form.busy = false;
                form.problem = Some(problem);
            }
            Message::Opened(Ok(done)) => {
                let words = format!("{}：{}", done.name, form.name.trim());
                let year = form.year();
                self.dialog = None;
                if self.entering {
                    self.entry.prefer(done.value);
                } else {
                    self.filter.edition = Some(done.value);
                    self.filter.program = None;
                    self.filter.year = year.or(self.filter.year);
                    self.know_after_save(done.value, ctx);
                }
                return Update::saved(&done, words);
            }
            Message::Changed(Ok(done)) => {
                let words = done.name.clone();
                self.dialog = None;
                return Update::saved(&done, words);
            }
        }
        Update::none()
    }

    /// The ledger the window holds does not have the edition yet; the database's does.
    fn know_after_save(&mut self, id: RecordId, ctx: &Ctx) {
        self.filter.program = ctx.db.ledger().edition(id).map(|edition| edition.program.clone());
    }

    fn save_edition(&mut self, ctx: &Ctx) -> Update<super::Message> {
        let Some(Dialog::Edition(form)) = &mut self.dialog else { return Update::none() };
        let read = form.values().and_then(|values| {
            let year = form.year().ok_or_else(|| {
                Problem::bad_input(format!("年度“{}”不对。", form.year)).next("请写四位年份，如 2026。")
            })?;
            let batch = form.batch.trim().parse::<u16>().map_err(|_| {
                Problem::bad_input(format!("第几批“{}”不是数字。", form.batch)).next("不分批次的事项写 0。")
            })?;
            Ok((values, year, batch))
        });
        let (values, year, batch) = match read {
            Ok(read) => read,
            Err(problem) => {
                form.problem = Some(problem);
                return Update::none();
            }
        };
        form.busy = true;
        let program = form.program.clone();
        let short = Catalog::builtin().program(&program).map_or(program.clone(), |known| known.short.clone());
        let wrap = super::Message::Edition;
        match form.id {
            None => {
                let name = format!("新增{short}批次");
                let deed = move |act: &mut crate::store::Act<'_>| act.open_edition(&program, year, batch, values);
                Update::task(ctx.act(name, deed, move |done| wrap(Message::Opened(done))))
            }
            Some(id) => {
                let name = format!("修改批次“{short}·{}”", form.name.trim());
                let deed = move |act: &mut crate::store::Act<'_>| act.change_edition(id, &values);
                Update::task(ctx.act(name, deed, move |done| wrap(Message::Changed(done))))
            }
        }
    }
}
