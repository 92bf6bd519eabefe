//! The form drawn: fields in columns as wide as there is room, figures of several years as one table.

use iced::alignment::Vertical;
use iced::widget::{column, container, row};
use iced::{Length, Padding};

use super::{Edit, Form};
use crate::domain::people::Permission;
use crate::domain::program::{Field, FieldKind};
use crate::domain::seal;
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::field::field;
use crate::ui::widget::list::Item;
use crate::ui::widget::{area, button, date_field, input, ledger, select, tooltip};
use crate::ui::{Element, space as sp, text};

use crate::app::ctx::Ctx;

/// How a form is shown.
pub struct Look<'a, M> {
    pub ctx: &'a Ctx,
    /// Room for it, in logical pixels.
    pub width: f32,
    /// In front of the names of its fields, so that two forms never share one.
    pub prefix: &'static str,
    /// What Enter in a field does.
    pub submit: Option<M>,
    /// It can only be read.
    pub frozen: bool,
}

/// The name of a field's control, by which the caret is put there.
pub fn field_id(prefix: &str, id: &str) -> String {
    format!("{prefix}.{id}")
}

/// Labels are as wide as this; longer ones take two lines.
pub const LABEL: f32 = 110.0;
/// From this width on fields stand in two columns.
const TWO: f32 = 560.0;

/// What stands together.
enum Block {
    Fields(Vec<&'static Field>),
    /// One fact per row, its years in columns, the earliest first.
    Years(Vec<Vec<&'static Field>>),
}

/// `revenue_y2` → `revenue`, 2 years before the edition's.
fn year_of(field: &Field) -> Option<(&str, i32)> {
    let (stem, year) = field.id.rsplit_once("_y")?;
    Some((stem, year.parse().ok()?))
}

fn blocks(fields: &'static [Field]) -> Vec<Block> {
    let mut all: Vec<Block> = Vec::new();
    for field in fields {
        let stem = year_of(field).map(|(stem, _)| stem);
        let alone = stem.is_none_or(|stem| {
            fields.iter().filter(|other| year_of(other).is_some_and(|(known, _)| known == stem)).count() < 2
        });
        if alone {
            match all.last_mut() {
                Some(Block::Fields(fields)) => fields.push(field),
                _ => all.push(Block::Fields(vec![field])),
            }
            continue;
        }
        if !matches!(all.last(), Some(Block::Years(_))) {
            all.push(Block::Years(Vec::new()));
        }
        if let Some(Block::Years(rows)) = all.last_mut() {
            match rows.iter_mut().find(|row| year_of(row[0]).map(|(stem, _)| stem) == stem) {
                Some(row) => row.push(field),
                None => rows.push(vec![field]),
            }
        }
    }
    for block in &mut all {
        if let Block::Years(rows) = block {
            for row in rows {
                row.sort_by_key(|field| -year_of(field).map_or(0, |(_, ago)| ago));
            }
        }
    }
    all
}

/// 第三年（上年）销售收入 → 销售收入: the year stands in the head.
fn fact_name(label: &str) -> &str {
    let Some((before, rest)) = label.split_once('年') else { return label };
    if !before.starts_with('第') {
        return label;
    }
    match rest.strip_prefix('（').and_then(|rest| rest.split_once('）')) {
        Some((_, rest)) => rest,
        None => rest,
    }
}

impl Form {
    /// The form as an element.
    pub fn view<'a, M: Clone + 'a>(
        &'a self,
        look: Look<'a, M>,
        on_edit: impl Fn(Edit) -> M + Copy + 'a,
    ) -> Element<'a, M> {
        let mut page = column![].spacing(sp::S12);
        for block in blocks(&self.version.form) {
            page = page.push(match block {
                Block::Fields(fields) => self.fields(&fields, &look, on_edit),
                Block::Years(rows) => self.years(&rows, &look, on_edit),
            });
        }
        page.into()
    }

    fn fields<'a, M: Clone + 'a>(
        &'a self,
        fields: &[&'static Field],
        look: &Look<'a, M>,
        on_edit: impl Fn(Edit) -> M + Copy + 'a,
    ) -> Element<'a, M> {
        let two = look.width >= TWO;
        let wide = |field: &Field| !two || field.kind == FieldKind::Note;
        let mut lines = column![].spacing(sp::S8);
        let mut at = 0;
        while let Some(first) = fields.get(at) {
            at += 1;
            if wide(first) {
                lines = lines.push(self.one(first, look, on_edit));
                continue;
            }
            let second: Element<'a, M> = match fields.get(at).filter(|field| !wide(field)) {
                Some(second) => {
                    at += 1;
                    self.one(second, look, on_edit)
                }
                None => iced::widget::space().into(),
            };
            lines = lines.push(
                row![
                    container(self.one(first, look, on_edit)).width(Length::FillPortion(1)),
                    container(second).width(Length::FillPortion(1)),
                ]
                .spacing(sp::S16),
            );
        }
        lines.into()
    }

    fn one<'a, M: Clone + 'a>(
        &'a self,
        which: &'static Field,
        look: &Look<'a, M>,
        on_edit: impl Fn(Edit) -> M + Copy + 'a,
    ) -> Element<'a, M> {
        let says = self.says(which);
        let mut line = field(&which.label, self.control(which, look, on_edit))
            .label_width(LABEL)
            .density(look.ctx.controls())
            .says(says)
            .below();
        if which.required {
            line = line.required();
        }
        if which.hint.is_empty() { line.into() } else { tooltip::tip(line, which.hint.as_str()) }
    }

    fn control<'a, M: Clone + 'a>(
        &'a self,
        which: &'static Field,
        look: &Look<'a, M>,
        on_edit: impl Fn(Edit) -> M + Copy + 'a,
    ) -> Element<'a, M> {
        let id = which.id.as_str();
        let typed = self.typed.get(id).map_or("", String::as_str);
        let tone = self.says(which).tone();
        let name = field_id(look.prefix, id);
        let density = look.ctx.controls();
        if seal::is_sealed(typed) {
            // Nobody here can read it, so nobody writes over it.
            return input::input(seal::COVERED).density(density).into();
        }
        if let Some(covered) = self.covered.get(id) {
            let tip = if look.frozen { "显示全部" } else { "显示全部，可以修改" };
            let eye = button::icon_only(Icon::Eye).tip(tip).small().on_press(on_edit(Edit::Reveal(id)));
            let covered = input::input(covered).density(density);
            return if look.ctx.may(Permission::Reveal) { covered.after(eye).into() } else { covered.into() };
        }
        match &which.kind {
            FieldKind::Note => {
                let Some(content) = self.areas.get(id) else { return text::body(typed).into() };
                let on_action = (!look.frozen).then_some(move |action| on_edit(Edit::Area(id, action)));
                area::area(content, "", 66.0, tone, on_action)
            }
            FieldKind::Choice(words) => {
                let own = (!typed.is_empty() && !words.iter().any(|word| word == typed)).then(|| typed.to_owned());
                let items = [String::new()].into_iter().chain(words.iter().cloned()).chain(own).map(|word| {
                    let label = if word.is_empty() { "（不填）".to_owned() } else { word.clone() };
                    Item::new(word, label)
                });
                let chosen = (!typed.is_empty()).then(|| typed.to_owned());
                let list = select::select(items, chosen).placeholder("请选择").width(Length::Fill).id(name);
                let list = list.density(density);
                if look.frozen {
                    list.into()
                } else {
                    list.on_choose(move |word| on_edit(Edit::Typed(id, word))).into()
                }
            }
            FieldKind::Date if !look.frozen => {
                let year = chrono::Datelike::year(&look.ctx.today);
                let read = crate::domain::date::parse_day(typed, year).ok();
                let line = date_field::date_field(
                    typed,
                    read,
                    look.ctx.today,
                    move |typed| on_edit(Edit::Typed(id, typed)),
                    move |day| on_edit(Edit::Typed(id, day.to_string())),
                );
                let line = line.tone(tone).density(density).id(name);
                match &look.submit {
                    Some(submit) => line.on_submit(submit.clone()).into(),
                    None => line.into(),
                }
            }
            kind => {
                let mut line = input::input(typed).tone(tone).density(density).id(name);
                if matches!(kind, FieldKind::Integer | FieldKind::Decimal(_) | FieldKind::Money) {
                    line = line.number();
                }
                let unit = if *kind == FieldKind::Money { "万元" } else { which.unit.as_str() };
                if !unit.is_empty() {
                    line = line.unit(unit);
                }
                if !look.frozen {
                    line = line.on_input(move |typed| on_edit(Edit::Typed(id, typed)));
                }
                match &look.submit {
                    Some(submit) => line.on_submit(submit.clone()).into(),
                    None => line.into(),
                }
            }
        }
    }

    fn years<'a, M: Clone + 'a>(
        &'a self,
        rows: &[Vec<&'static Field>],
        look: &Look<'a, M>,
        on_edit: impl Fn(Edit) -> M + Copy + 'a,
    ) -> Element<'a, M> {
        let mut years: Vec<i32> =
            rows.iter().flatten().filter_map(|field| year_of(field)).map(|(_, ago)| ago).collect();
        years.sort_unstable_by(|a, b| b.cmp(a));
        years.dedup();
        let cell = ((look.width - LABEL - 40.0) / years.len().max(1) as f32).clamp(80.0, 150.0);
        let head = |ago: &i32| usize::try_from(ago - 1).ok().and_then(|n| self.heads.get(n)).map_or("", String::as_str);
        let mut table = ledger::ledger(
            [ledger::Column::left("单位：万元", Length::Fill)]
                .into_iter()
                .chain(years.iter().map(|ago| ledger::Column::right(head(ago), cell))),
            Density::Compact,
        )
        .row_height(32.0);
        let mut said = column![].spacing(sp::S2);
        for fields in rows {
            let Some(last) = fields.last() else { continue };
            let star = fields.iter().any(|field| field.required).then(|| text::toned(text::BODY, Tone::Danger, "*"));
            let name = row![].push(star).push(text::line(text::BODY, Tone::Plain, fact_name(&last.label)));
            let mut line: Vec<ledger::Cell<'a, M>> = vec![name.spacing(sp::S4).into()];
            for ago in &years {
                let found = fields.iter().find(|field| year_of(field).is_some_and(|(_, known)| known == *ago));
                line.push(match found {
                    Some(field) => self.cell(field, look, on_edit).into(),
                    None => text::toned(text::BODY, Tone::Faint, "—").into(),
                });
            }
            table = table.push(line);
            for field in fields {
                if let Some(words) = self.says(field).view() {
                    let label = text::toned(text::SMALL, Tone::Quiet, field.label.as_str());
                    said = said.push(row![label, words].spacing(sp::S8).align_y(Vertical::Top));
                }
            }
        }
        column![table, container(said).padding(Padding { left: sp::S8, ..Padding::ZERO })].spacing(sp::S4).into()
    }

    fn cell<'a, M: Clone + 'a>(
        &'a self,
        field: &'static Field,
        look: &Look<'a, M>,
        on_edit: impl Fn(Edit) -> M + Copy + 'a,
    ) -> Element<'a, M> {
        let id = field.id.as_str();
        let typed = self.typed.get(id).map_or("", String::as_str);
        let mut line = input::input(typed)
            .number()
            .in_cell()
            .placeholder("未报")
            .tone(self.says(field).tone())
            .id(field_id(look.prefix, id));
        if !look.frozen {
            line = line.on_input(move |typed| on_edit(Edit::Typed(id, typed)));
        }
        if let Some(submit) = &look.submit {
            line = line.on_submit(submit.clone());
        }
        line.into()
    }
}

/// A line of words with an icon in a tone: what must be seen before going on.
pub fn remark<'a, M: 'a>(icon: Icon, tone: Tone, words: impl Into<String>) -> Element<'a, M> {
    let words: String = words.into();
    row![
        container(icon::toned(icon, icon::size::INLINE, tone)).padding(Padding { top: 3.0, ..Padding::ZERO }),
        text::toned(text::SMALL, tone, words),
    ]
    .spacing(sp::S6)
    .into()
}
