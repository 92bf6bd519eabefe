//! 事项与批次: what each program asks by which policy, this year's editions, and opening a new one.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};

use super::super::words;
use super::{forms, lists};
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::app::update::{Event, Update};
use crate::catalog::Catalog;
use crate::domain::edition::{default_name, key};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::program::{Confidence, DayUnit, Program, Stage, StageKind, Version};
use crate::domain::{Problem, Result};
use crate::store::Done;
use crate::store::acts::Values;
use crate::store::ledger::{Edition, FilingFilter};
use crate::ui::icon::Icon;
use crate::ui::theme::tokens::size;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::ledger::{Column, ledger};
use crate::ui::widget::list::Item;
use crate::ui::widget::section::heading;
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{button, dialog, input, select};
use crate::ui::{Element, Tone, measure, space as sp, text};

const BATCH: &str = "edition-batch";

/// What shows and what is being filled in.
pub struct Programs {
    chosen: String,
    /// Filings by edition, in the ledger's order of editions.
    counts: Vec<usize>,
    form: Option<Form>,
    lists: lists::Lists,
    forms: forms::Forms,
}

#[derive(Debug, Clone)]
struct Form {
    program: String,
    year: String,
    batch: String,
    quota: String,
    tried: bool,
    busy: bool,
}

/// What people and answers do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Choose(String),
    Lists(lists::Message),
    Forms(forms::Message),
    Open,
    Program(String),
    Year(String),
    Batch(String),
    Quota(String),
    Go,
    Opened(Result<Done<RecordId>>),
    Close,
    To(Place),
    /// 变更历史 of an edition.
    History(RecordId),
}

impl Form {
    fn year(&self) -> Option<i32> {
        self.year.trim().parse().ok().filter(|year| (2000..=2100).contains(year))
    }

    /// 0 where the program has no batches.
    fn batch(&self) -> Option<u16> {
        match self.batch.trim() {
            "" => Some(0),
            text => text.parse().ok().filter(|batch| *batch <= 99),
        }
    }

    /// `Some(None)`: no quota is known.
    fn quota(&self) -> Option<Option<u32>> {
        match self.quota.trim() {
            "" => Some(None),
            text => text.parse().ok().filter(|quota| *quota > 0).map(Some),
        }
    }

    fn twin<'l>(&self, ctx: &'l Ctx) -> Option<&'l Edition> {
        let (year, batch) = (self.year()?, self.batch()?);
        let same = |e: &&Edition| e.program == self.program && e.year == year && e.batch == batch;
        ctx.ledger.editions.iter().find(same)
    }
}

impl Programs {
    /// At the first program.
    pub fn new(ctx: &Ctx) -> Self {
        let first = Catalog::builtin().programs().first().map(|program| program.id.clone());
        let mut this = Self {
            chosen: first.unwrap_or_default(),
            counts: Vec::new(),
            form: None,
            lists: lists::Lists::default(),
            forms: forms::Forms::default(),
        };
        this.refresh(ctx);
        this
    }

    /// Counts filings by edition anew.
    pub fn refresh(&mut self, ctx: &Ctx) {
        let place: std::collections::HashMap<RecordId, usize> =
            ctx.ledger.editions.iter().enumerate().map(|(at, edition)| (edition.id, at)).collect();
        self.counts = vec![0; ctx.ledger.editions.len()];
        for filing in ctx.ledger.filings() {
            if let Some(at) = ctx.ledger.edition_of(filing).and_then(|edition| place.get(&edition.id)) {
                self.counts[*at] += 1;
            }
        }
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Choose(program) => self.chosen = program,
            Message::Lists(message) => return self.lists.update(message, ctx).map(Message::Lists),
            Message::Forms(message) => return self.forms.update(message, ctx).map(Message::Forms),
            Message::Open => {
                let last = ctx.ledger.editions.iter().filter(|e| e.program == self.chosen && e.year == ctx.year);
                let last = last.map(|edition| edition.batch).max();
                // A program that never had batches goes on without them.
                let batched = ctx.ledger.editions.iter().any(|e| e.program == self.chosen && e.batch > 0);
                let batch = match last {
                    Some(last) => (last + 1).to_string(),
                    None if batched => "1".to_owned(),
                    None => String::new(),
                };
                self.form = Some(Form {
                    program: self.chosen.clone(),
                    year: ctx.year.to_string(),
                    batch,
                    quota: String::new(),
                    tried: false,
                    busy: false,
                });
                return Update::task(iced::widget::operation::focus(BATCH));
            }
            Message::To(place) => return Update::event(Event::Go(place)),
            Message::History(edition) => return Update::event(Event::History(edition)),
            Message::Close => self.form = None,
            Message::Opened(Ok(done)) => {
                self.form = None;
                let words = "已新增批次，请填写各阶段的截止时间";
                return Update::saved(&done, words).and_event(Event::Go(filings(done.value)));
            }
            other => return self.fill(other, ctx),
        }
        Update::none()
    }

    fn fill(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        let Some(form) = &mut self.form else { return Update::none() };
        let digits = |text: String| text.chars().filter(char::is_ascii_digit).take(6).collect::<String>();
        match message {
            Message::Program(program) => form.program = program,
            Message::Year(year) => form.year = digits(year),
            Message::Batch(batch) => form.batch = digits(batch),
            Message::Quota(quota) => form.quota = digits(quota),
            Message::Opened(Err(problem)) => {
                form.busy = false;
                return problem.into();
            }
            Message::Go => {
                form.tried = true;
                let (Some(year), Some(batch), Some(quota)) = (form.year(), form.batch(), form.quota()) else {
                    return Update::none();
                };
                if form.busy || form.twin(ctx).is_some() {
                    return Update::none();
                }
                let Some(program) = Catalog::builtin().program(&form.program) else {
                    return Problem::not_found("没有这个事项。").next("请从事项列表里选。").into();
                };
                form.busy = true;
                let name = format!("新增批次 {}·{}", program.short, default_name(year, batch));
                let values: Values =
                    quota.map(|quota| (key::QUOTA.to_owned(), Some(quota.to_string()))).into_iter().collect();
                let id = program.id.clone();
                let act = ctx.act(name, move |act| act.open_edition(&id, year, batch, values), Message::Opened);
                return Update::task(act);
            }
            _ => {}
        }
        Update::none()
    }

    /// Enter anywhere in the form.
    pub fn enter(&self) -> Option<Message> {
        self.form.is_some().then_some(Message::Go)
    }

    /// The page.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let programs = Catalog::builtin().programs();
        let segments = programs.iter().map(|program| Segment::new(program.id.clone(), program.short.clone()));
        let line =
            row![segmented(segments, &self.chosen, Message::Choose), space().width(Length::Fill),]
                .push(ctx.may(Permission::OpenEditions).then(|| {
                    button::primary("新增批次…").icon(Icon::Plus).density(ctx.controls()).on_press(Message::Open)
                }))
                .align_y(Vertical::Center);
        let Some(program) = Catalog::builtin().program(&self.chosen) else { return line.into() };
        let version = self.version(program, ctx);
        let lists = self.lists.view(program, version, ctx).map(Message::Lists);
        let forms = self.forms.view(program, version, ctx).map(Message::Forms);
        column![line, head(program), self.editions(program, ctx), stages(version, ctx), papers(version), lists, forms]
            .spacing(sp::S16)
            .into()
    }

    /// The version this year's editions are bound to, else the one in force.
    fn version(&self, program: &'static Program, ctx: &Ctx) -> &'static Version {
        let bound = ctx.ledger.editions_of(ctx.year).into_iter().filter(|e| e.program == program.id);
        let end = chrono::NaiveDate::from_ymd_opt(ctx.year, 12, 31).unwrap_or(ctx.today);
        bound.filter_map(|e| e.known).map(|(_, version)| version).next().unwrap_or_else(|| program.version_on(end))
    }

    fn editions<'a>(&'a self, program: &'static Program, ctx: &'a Ctx) -> Element<'a, Message> {
        let remark = text::small(format!("{} 年度，各阶段的截止时间在批次里改", ctx.year));
        let title =
            row![text::styled(text::SECTION, "批次"), remark].spacing(sp::S12).height(32).align_y(Vertical::Center);
        let mut table = ledger(
            [
                Column::left("批次", 184),
                Column::left("下一截止", Length::Fill),
                Column::left("政策版本", 92),
                Column::right("名额", 72),
                Column::right("申报", 72),
                Column::left("", 92),
                Column::right("", 44),
            ],
            ctx.theme.density,
        );
        let mut any = false;
        for (at, edition) in ctx.ledger.editions.iter().enumerate() {
            if edition.program != program.id || edition.year != ctx.year {
                continue;
            }
            any = true;
            let count = self.counts.get(at).copied().unwrap_or(0);
            let quota = edition.quota.map_or_else(|| "不限".to_owned(), |quota| quota.to_string());
            let state = if edition.closed {
                Badge::outline(Icon::Lock, "已关闭").view()
            } else {
                Badge::soft(Tone::Accent, Icon::DoorOpen, "受理中").view()
            };
            table = table.push_row(
                vec![
                    text::line(text::BODY, Tone::Plain, edition.name.as_str()).into(),
                    next(edition, ctx).into(),
                    text::line(text::SMALL, Tone::Quiet, edition.version.as_str()).into(),
                    text::line(text::BODY, Tone::Quiet, quota).into(),
                    text::line(text::BODY, Tone::Accent, count.to_string()).into(),
                    state.into(),
                    button::icon_only(Icon::History).tip("变更历史").on_press(Message::History(edition.id)).into(),
                ],
                Some(Message::To(filings(edition.id))),
                false,
            );
        }
        let table: Element<'a, Message> = if any {
            table.into()
        } else {
            let words = format!("{} 年度还没有批次。", ctx.year);
            column![
                crate::ui::widget::rule::across(crate::ui::widget::rule::Weight::Heavy),
                container(text::toned(text::BODY, Tone::Quiet, words)).height(44).align_y(Vertical::Center),
            ]
            .into()
        };
        column![title, table].into()
    }

    /// The form above the page.
    pub fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Message>, Message)> {
        let form = self.form.as_ref()?;
        let programs = Catalog::builtin().programs().iter().map(|p| Item::new(p.id.clone(), p.name.clone()));
        let year = match form.year() {
            Some(_) => Says::Nothing,
            None => Says::Error("请写 4 位年份。".into()),
        };
        let batch = match (form.batch(), form.twin(ctx), form.year()) {
            (None, ..) => Says::Error("请写数字，最多 99。".into()),
            (_, Some(twin), _) => Says::Error(format!("已经有“{}”，请换一个批次号。", twin.name)),
            (Some(batch), None, Some(year)) => {
                Says::Hint(format!("叫作“{}”。不分批的事项留空。", default_name(year, batch)))
            }
            _ => Says::Nothing,
        };
        let quota = match form.quota() {
            Some(_) => Says::Hint("没有名额限制就留空。".into()),
            None => Says::Error("请写大于 0 的整数。".into()),
        };
        let short = |value, message: fn(String) -> Message, tone| {
            input::input(value).number().width(96).tone(tone).on_input(message).on_submit(Message::Go)
        };
        let content = column![
            field(
                "事项",
                select::select(programs, Some(form.program.clone())).on_choose(Message::Program).width(Length::Fill)
            )
            .required(),
            field("年度", short(&form.year, Message::Year, year.tone())).required().says(year),
            field("批次号", short(&form.batch, Message::Batch, batch.tone()).id(BATCH)).says(batch),
            field("名额", short(&form.quota, Message::Quota, quota.tone())).says(quota),
            text::small("新增后到这个批次里填写各阶段的截止时间。批次从此只照它绑定的政策版本走。"),
        ]
        .spacing(sp::S12);
        let go = button::primary("新增批次").key("Enter").on_press((!form.busy).then_some(Message::Go));
        let close = button::normal("取消").key("Esc").on_press(Message::Close);
        Some((dialog::dialog("新增批次", content, [close.into(), go.into()], dialog::Width::Usual), Message::Close))
    }
}

/// Where an edition's filings are.
fn filings(edition: RecordId) -> Place {
    Place::Filings { filter: FilingFilter { edition: Some(edition), ..FilingFilter::default() }, open: None }
}

/// What the program is.
fn head<'a>(program: &'static Program) -> Element<'a, Message> {
    let facts = format!(
        "{}级　{}　申报：{}　认定：{}",
        program.level.word(),
        program.category,
        program.applicant,
        program.decider
    );
    column![text::strong(program.name.as_str()), text::small(facts)].spacing(sp::S2).into()
}

/// The next deadline of an edition.
fn next<'a>(edition: &Edition, ctx: &Ctx) -> Element<'a, Message> {
    let stages = edition.known.map(|(_, version)| version.stages.as_slice()).unwrap_or_default();
    let dates = stages.iter().zip(&edition.dates).flat_map(|(stage, dates)| {
        let own = dates.internal.map(|due| (due, stage, "内部截止"));
        let theirs = dates.due.map(|due| (due, stage, "截止"));
        [own, theirs].into_iter().flatten()
    });
    let all: Vec<_> = dates.collect();
    let ahead = all.iter().filter(|(due, ..)| !due.is_past(ctx.now)).min_by_key(|(due, ..)| *due);
    match ahead {
        Some((due, stage, what)) => row![
            text::line(text::BODY, Tone::Plain, format!("{} {}{what}", due.short(ctx.year), stage.short)),
            words::moment(Some(*due), ctx.now, ctx).view(text::SMALL),
        ]
        .spacing(sp::S12)
        .align_y(Vertical::Center)
        .into(),
        None if all.is_empty() => text::line(text::SMALL, Tone::Warn, "没有填截止时间").into(),
        None => text::line(text::SMALL, Tone::Quiet, "都已过期").into(),
    }
}

/// The stages of a version: who acts, how long, what each may end in, and how well that is known.
fn stages<'a>(version: &'static Version, ctx: &Ctx) -> Element<'a, Message> {
    let title = heading("阶段", Some("天数和结果词照当年通知核对"), None);
    let roomy = ctx.page_width() >= 1000.0;
    let [name_room, actor_room, span_room, trust_room] =
        if roomy { [232.0, 172.0, 116.0, 196.0] } else { [164.0, 108.0, 96.0, 80.0] };
    let taken = 36.0 + name_room + actor_room + span_room + trust_room;
    let outcome_room = (ctx.page_width() - size::PAGE_LEFT - size::PAGE_RIGHT - taken).max(48.0);
    let mut table = ledger(
        [
            Column::right("序", 36),
            Column::left("阶段", name_room),
            Column::left("谁办", actor_room),
            Column::left("时限", span_room),
            Column::left("可能的结果", Length::Fill),
            Column::left("依据", trust_room),
        ],
        ctx.theme.density,
    );
    for (at, stage) in version.stages.iter().enumerate() {
        let outcomes: Vec<&str> = stage.outcomes.iter().map(|outcome| outcome.word.as_str()).collect();
        let name = format!("{}{}", stage.name, if stage.optional { "（需要时）" } else { "" });
        // What does not fit is cut with a mark instead of running into the next cell.
        let cut = |words: &str, style: text::Style, room: f32| {
            measure::cut(words, style.size, style.bold, room - 16.0).into_owned()
        };
        let clip = |words: String, tone| text::line(text::SMALL, tone, words);
        table = table.push(vec![
            text::line(text::SMALL, Tone::Faint, (at + 1).to_string()).into(),
            text::line(text::SMALL, Tone::Plain, cut(&name, text::SMALL, name_room)).into(),
            clip(cut(&stage.actor, text::SMALL, actor_room), Tone::Quiet).into(),
            clip(cut(&span(stage), text::SMALL, span_room), Tone::Quiet).into(),
            clip(cut(&outcomes.join("、"), text::SMALL, outcome_room), Tone::Quiet).into(),
            trust(stage, roomy).into(),
        ]);
    }
    column![title, Element::from(table)].into()
}

/// How long a stage has, in the notice's terms.
fn span(stage: &Stage) -> String {
    match stage.days {
        Some(days) => format!("{} 个{}", days.n, if days.unit == DayUnit::Working { "工作日" } else { "自然日" }),
        None if !stage.window.is_empty() => stage.window.clone(),
        None if stage.kind == StageKind::Publicity => "以公示为准".to_owned(),
        None => "—".to_owned(),
    }
}

/// The weaker of what is known of a stage and of its days.
fn trust<'a>(stage: &Stage, roomy: bool) -> Element<'a, Message> {
    let rank = |confidence: Confidence| match confidence {
        Confidence::Source => 0,
        Confidence::Report => 1,
        Confidence::General => 2,
    };
    let days = stage.days.map_or(stage.confidence, |_| stage.days_confidence);
    let weaker = if rank(days) > rank(stage.confidence) { days } else { stage.confidence };
    let (tone, words) = match weaker {
        Confidence::Source => (Tone::Success, "有据可查"),
        Confidence::Report => (Tone::Quiet, "局报告"),
        Confidence::General if roomy => (Tone::Warn, "一般经验，按当年通知核对"),
        Confidence::General => (Tone::Warn, "一般经验"),
    };
    text::line(text::SMALL, tone, words).into()
}

/// The documents a version rests on, and what else is to be known.
fn papers<'a>(version: &'static Version) -> Element<'a, Message> {
    let title = row![
        text::styled(text::SECTION, "政策依据"),
        text::small(format!("政策版本 {}，自 {} 起", version.id, version.effective)),
    ]
    .spacing(sp::S12)
    .height(32)
    .align_y(Vertical::Center);
    let mut all =
        column![title, crate::ui::widget::rule::across(crate::ui::widget::rule::Weight::Heavy)].spacing(sp::S6);
    for policy in &version.policies {
        let name = if policy.title.is_empty() {
            policy.number.clone()
        } else {
            format!("{}《{}》", policy.number, policy.title)
        };
        all = all.push(
            column![text::body(name)].push((!policy.source.is_empty()).then(|| text::small(policy.source.as_str()))),
        );
    }
    for note in &version.notes {
        all = all.push(
            row![
                container(crate::ui::icon::toned(Icon::Info, crate::ui::icon::size::INLINE, Tone::Quiet))
                    .padding(iced::padding::top(3)),
                text::small(note.as_str()),
            ]
            .spacing(sp::S6),
        );
    }
    all.into()
}
