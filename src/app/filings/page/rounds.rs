//! The rounds of a filing, the newest first, and every decision taken on it.

use std::collections::BTreeMap;

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::row;

use super::super::{Message as Outer, moving};
use super::Page;
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::filing::Decision;
use crate::domain::id::RecordId;
use crate::domain::program::{Effect, Version};
use crate::store::queries::FilingFile;
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::ledger::{self, Cell};
use crate::ui::widget::tooltip;
use crate::ui::{Element, measure, space as sp, text};

/// A decision with who took it.
type Taken<'a> = (&'a Decision, RecordId);

fn taken(file: &FilingFile) -> impl DoubleEndedIterator<Item = Taken<'_>> {
    file.filing.track.decisions.iter().zip(file.actors.iter().copied())
}

/// Why, with the document's number and the note, as one line.
fn says(decision: &Decision) -> String {
    let moved = &decision.moved;
    let parts = [moved.reason.clone(), moved.document.clone(), moved.note.clone()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("；")
}

/// A text cut to its room; what was cut off shows under the pointer.
fn cut<'a>(words: String, tone: Tone, room: f32) -> Element<'a, Outer> {
    let short = measure::cut(&words, text::SMALL.size, false, room).into_owned();
    let whole = short == words;
    let line = text::line(text::SMALL, tone, short);
    if whole { line.into() } else { tooltip::tip(line, words) }
}

impl Page {
    /// One line per round.
    pub(super) fn rounds<'a>(
        &'a self,
        file: &'a FilingFile,
        version: &'static Version,
        width: f32,
        ctx: &'a Ctx,
    ) -> Element<'a, Outer> {
        let track = &file.filing.track;
        let row = ctx.ledger.filing(self.id);
        let mut by_round: BTreeMap<u16, Vec<Taken<'a>>> = BTreeMap::new();
        for round in 1..=track.round {
            by_round.insert(round, Vec::new());
        }
        for (decision, actor) in taken(file).filter(|(decision, _)| decision.stands) {
            by_round.entry(decision.moved.round).or_default().push((decision, actor));
        }
        // Days of another year are written with it.
        let same_year = taken(file).all(|(decision, _)| chrono::Datelike::year(&decision.moved.on) == ctx.year);
        let (day, result) = if same_year { (62.0, 168.0) } else { (92.0, 196.0) };
        let room = (width - 68.0 - day - result - 68.0 - 20.0).max(80.0);
        let mut table = ledger::ledger(
            [
                ledger::Column::left("轮次", 68),
                ledger::Column::left("提交", day),
                ledger::Column::left("结果", result),
                ledger::Column::left("经办人", 68),
                ledger::Column::left("意见与期限", Length::Fill),
            ],
            Density::Compact,
        )
        .row_height(32.0);
        for (round, decisions) in by_round.into_iter().rev() {
            let current = round == track.round;
            let submitted = decisions
                .iter()
                .find(|(decision, _)| {
                    decision.moved.effect == Effect::Pass && moving::is_submission(version, &decision.moved.stage)
                })
                .map(|(decision, _)| words::day(decision.moved.on, ctx));
            let name = format!("第 {round} 轮");
            let name = if current { text::strong(name) } else { text::body(name) };
            let last = decisions.last();
            let (result, who, remark): (Element<'a, Outer>, Option<RecordId>, Element<'a, Outer>) =
                match (current, row, last) {
                    (true, Some(row), _) => {
                        let badge = words::status(row);
                        let day = last.map(|(decision, _)| text::small(words::day(decision.moved.on, ctx)));
                        let badge = row![badge.on_selected()].push(day).spacing(sp::S6).align_y(Vertical::Center);
                        let who = last.map(|(_, actor)| *actor).or(row.officer);
                        let remark: Element<'a, Outer> = match row.due {
                            Some(next) => {
                                let due = words::due(Some(next), ctx);
                                let (tone, _) = due.look();
                                let words =
                                    format!("{} {}，{}", next.kind.label(), next.due.short(ctx.year), due.words);
                                cut(words, tone, room)
                            }
                            None => {
                                let said = last.map(|(decision, _)| says(decision)).unwrap_or_default();
                                // Nothing waits for a date and nothing was said: whose turn it is.
                                let with = format!("由{}办理", row.stage().actor);
                                cut(
                                    if said.is_empty() && track.end().is_none() { with } else { said },
                                    Tone::Quiet,
                                    room,
                                )
                            }
                        };
                        (badge.into(), who, remark)
                    }
                    (_, _, Some((decision, actor))) => {
                        let moved = &decision.moved;
                        let badge = row![
                            words::decision(moved.effect, &moved.word).view(),
                            text::small(words::day(moved.on, ctx)),
                        ]
                        .spacing(sp::S6)
                        .align_y(Vertical::Center);
                        let until =
                            moved.until.map(|day| format!("{} 前补正；", words::day(day, ctx))).unwrap_or_default();
                        (badge.into(), Some(*actor), cut(format!("{until}{}", says(decision)), Tone::Plain, room))
                    }
                    _ => (text::small("—").into(), None, text::small("").into()),
                };
            let who = who.map(|id| ctx.ledger.user_name(id)).unwrap_or("—");
            let submitted = submitted.unwrap_or_else(|| "—".to_owned());
            let cells: Vec<Cell<'a, Outer>> = vec![
                name.into(),
                text::line(text::SMALL, Tone::Plain, submitted).into(),
                result.into(),
                text::line(text::SMALL, Tone::Plain, who).into(),
                remark.into(),
            ];
            table = table.push_row(cells, None, current);
        }
        table.into()
    }

    /// Every decision, the newest first.
    pub(super) fn decisions<'a>(
        &'a self,
        file: &'a FilingFile,
        version: &'static Version,
        width: f32,
        ctx: &'a Ctx,
    ) -> Element<'a, Outer> {
        if file.filing.track.decisions.is_empty() {
            return text::small("登记以后还没有办理过。").into();
        }
        let documents = taken(file).any(|(decision, _)| !decision.moved.document.is_empty());
        let document = if documents { 132.0 } else { 0.0 };
        let room = (width - 92.0 - 190.0 - 68.0 - document - 24.0).max(80.0);
        let mut columns = vec![
            ledger::Column::left("日期", 92),
            ledger::Column::left("阶段与结果", 190),
            ledger::Column::left("经办人", 68),
        ];
        if documents {
            columns.push(ledger::Column::left("文号", document));
        }
        columns.push(ledger::Column::left("原因、备注、期限", Length::Fill));
        let mut table = ledger::ledger(columns, Density::Compact).row_height(32.0);
        let name = |id: &str| version.stage_index(id).map_or(id.to_owned(), |n| version.stages[n].short.clone());
        for (decision, actor) in taken(file).rev() {
            let moved = &decision.moved;
            let mut rest: Vec<String> =
                [&moved.reason, &moved.note].into_iter().filter(|part| !part.is_empty()).cloned().collect();
            if let Some(until) = moved.until {
                let word = if moved.effect == Effect::Publish { "公示到" } else { "补正到" };
                rest.push(format!("{word} {}", words::day(until, ctx)));
            }
            if !moved.through.is_empty() {
                let through: Vec<String> = moved.through.iter().map(|id| name(id)).collect();
                rest.push(format!("一并通过{}", through.join("、")));
            }
            if !decision.stands {
                rest.insert(0, "不计入".to_owned());
            }
            let tone = if decision.stands { Tone::Plain } else { Tone::Faint };
            let mut cells: Vec<Cell<'a, Outer>> = vec![
                text::line(text::SMALL, tone, words::day(moved.on, ctx)).into(),
                row![
                    text::line(text::SMALL, tone, name(&moved.stage)),
                    words::decision(moved.effect, &moved.word).view()
                ]
                .spacing(sp::S6)
                .align_y(Vertical::Center)
                .into(),
                text::line(text::SMALL, tone, ctx.ledger.user_name(actor)).into(),
            ];
            if documents {
                let number = if moved.document.is_empty() { "—" } else { moved.document.as_str() };
                cells.push(cut(number.to_owned(), tone, document - 16.0).into());
            }
            cells.push(cut(rest.join("；"), tone, room).into());
            table = table.push(cells);
        }
        table.into()
    }
}
