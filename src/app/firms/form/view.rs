//! The form drawn: fields in their groups, what is said about each right under it, the bar with what comes next.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::{Form, Message, day, field_id, is_wide};
use crate::app::ctx::Ctx;
use crate::app::firms::Message as FirmsMessage;
use crate::app::words;
use crate::domain::firm::check::{Checked, needs_reason};
use crate::domain::firm::{FIELDS, FieldDef, Group, Shape, key};
use crate::domain::identity::{Finding, Severity};
use crate::domain::seal;
use crate::ui::theme::tokens::size;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::list::Item;
use crate::ui::widget::scroll::scroll;
use crate::ui::widget::section::section;
use crate::ui::widget::{button, combo, date_field, input, menu, segmented, select, split};
use crate::ui::{Density, Element, Icon, Tone, icon, space as sp, text};

/// The width of labels: 法定代表人证件号 with its star.
const LABEL: f32 = 124.0;
/// A form is not wider than one can read.
const WIDEST: f32 = 1120.0;
/// From this width on two fields stand side by side.
const TWO: f32 = 860.0;

fn typed(key: &'static str) -> impl Fn(String) -> FirmsMessage {
    move |text| FirmsMessage::Form(Message::Typed(key, text))
}

impl Form {
    /// The page.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let title = if self.id.is_none() { "新增企业" } else { "修改企业" };
        let head = row![
            text::title(title),
            text::line(text::SMALL, Tone::Quiet, self.called.as_str()),
            space().width(Length::Fill),
            button::icon_only(Icon::X).tip("关闭 (Esc)").on_press(FirmsMessage::Form(Message::Close)),
        ]
        .spacing(sp::S12)
        .height(40)
        .align_y(Vertical::Center);
        let two = ctx.page_width() >= TWO;
        let mut body = column![].spacing(sp::S8);
        for group in Group::ALL {
            body = body.push(section(group.label(), remark(group), None));
            body = body.push(self.group(group, two, ctx));
            body = body.push(space().height(sp::S8));
        }
        let body = container(body).max_width(WIDEST).padding(Padding {
            top: sp::S4,
            bottom: sp::S24,
            left: size::PAGE_LEFT,
            right: size::PAGE_RIGHT,
        });
        let head = container(head).padding(Padding {
            top: sp::S4,
            bottom: sp::S4,
            left: size::PAGE_LEFT,
            right: size::PAGE_RIGHT,
        });
        // What comes and goes keeps its place when it is not there, so that the fields keep the keyboard.
        let slot = |banner: Option<Element<'a, FirmsMessage>>| container(banner.unwrap_or_else(|| space().into()));
        column![head, slot(self.offer()), slot(self.refusal()), scroll(body).id("firm-form").main(), self.bar(),]
            .height(Length::Fill)
            .into()
    }

    /// The dialog above it.
    pub fn above(&self) -> Option<(Element<'_, FirmsMessage>, FirmsMessage)> {
        self.confirm.as_ref().map(|confirm| (confirm.view(), FirmsMessage::Form(Message::Unconfirm)))
    }

    /// What was left from last time.
    fn offer(&self) -> Option<Element<'_, FirmsMessage>> {
        let words = self.draft.words().filter(|_| !self.loading)?;
        let line = row![
            icon::toned(Icon::History, icon::size::BUTTON, Tone::Info),
            text::line(text::BODY, Tone::Plain, words),
            space().width(Length::Fill),
            button::normal("接着填").small().on_press(FirmsMessage::Form(Message::TakeDraft)),
            button::quiet("丢弃").small().on_press(FirmsMessage::Form(Message::DropDraft)),
        ];
        Some(banner(line, Tone::Info))
    }

    /// Why it could not be saved.
    fn refusal(&self) -> Option<Element<'_, FirmsMessage>> {
        let problem = self.refused.as_ref()?;
        let known = self
            .twin
            .as_ref()
            .map(|(id, _)| button::normal("打开那家企业").small().on_press(FirmsMessage::Form(Message::Known(*id))));
        let line = row![
            icon::toned(Icon::CircleAlert, icon::size::BUTTON, Tone::Danger),
            container(text::body(words::problem(problem))).width(Length::Fill),
        ]
        .push(known);
        Some(banner(line, Tone::Danger))
    }

    fn group<'a>(&'a self, group: Group, two: bool, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let mut lines = column![].spacing(sp::S8);
        let mut left: Option<Element<'a, FirmsMessage>> = None;
        for def in FIELDS.iter().filter(|def| def.group == group) {
            let own = self.field(def, ctx);
            if !two || is_wide(def) {
                lines = lines.push(left.take().map(alone)).push(own);
                continue;
            }
            left = match left.take() {
                None => Some(own),
                Some(first) => {
                    lines = lines.push(row![half(first), half(own)].spacing(sp::S20));
                    None
                }
            };
        }
        lines.push(left.map(alone)).into()
    }

    fn field<'a>(&'a self, def: &'static FieldDef, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let says = self.says(def);
        let tone = says.iter().find_map(Says::tone);
        let mut all = column![self.control(def, tone, ctx)].spacing(sp::S4);
        let checked = self.checks.get(def.key).and_then(|check| check.as_ref().ok()).filter(|_| self.differs(def.key));
        let suggestion = checked.and_then(|checked| checked.findings.iter().find_map(|f| f.suggestion.clone()));
        let known = match def.key {
            key::NAME => self.like.as_ref().map(|like| like.id),
            key::CODE => self.twin.as_ref().map(|(id, _)| *id),
            _ => None,
        };
        let last = says.len().saturating_sub(1);
        for (at, says) in says.into_iter().enumerate() {
            let mut line = row![].push(says.view()).spacing(sp::S8).align_y(Vertical::Center);
            if at == last {
                line = line.push(suggestion.clone().map(|meant| {
                    let words = format!("改为 {meant}");
                    button::quiet(words).small().on_press(FirmsMessage::Form(Message::Typed(def.key, meant)))
                }));
                line = line.push(
                    known.map(|id| button::quiet("打开那家").small().on_press(FirmsMessage::Form(Message::Known(id)))),
                );
            }
            all = all.push(line.wrap());
        }
        let own = field(def.label, all).label_width(LABEL);
        if def.key == key::NAME { own.required().into() } else { own.into() }
    }

    /// What is said about a field.
    fn says(&self, def: &FieldDef) -> Vec<Says> {
        if def.key == key::NAME && self.text(def.key).trim().is_empty() {
            return if self.tried { vec![Says::Error("请填写企业名称".into())] } else { Vec::new() };
        }
        if !self.differs(def.key) {
            return Vec::new();
        }
        let mut says = match self.checks.get(def.key) {
            None => Vec::new(),
            Some(Err(problem)) => vec![Says::Error(problem.to_string())],
            Some(Ok(checked)) if checked.findings.is_empty() => good(def, checked).into_iter().collect(),
            Some(Ok(checked)) => checked.findings.iter().map(remark_of).collect(),
        };
        if def.key == key::CODE
            && let Some((_, name)) = &self.twin
        {
            says = vec![Says::Error(format!("这个代码已经是“{name}”的"))];
        }
        says
    }

    fn control<'a>(&'a self, def: &'static FieldDef, tone: Option<Tone>, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let value = self.text(def.key);
        if seal::is_sealed(value) {
            // Nobody here can read it, so nobody writes over it.
            return input::input(seal::COVERED).density(Density::Comfortable).into();
        }
        let line = || {
            input::input(value)
                .id(field_id(def.key))
                .density(Density::Comfortable)
                .tone(tone)
                .on_input(typed(def.key))
                .on_submit(FirmsMessage::Form(Message::Save))
        };
        match def.shape {
            Shape::Date => {
                date_field::date_field(value, day(value, ctx.today), ctx.today, typed(def.key), move |day| {
                    FirmsMessage::Form(Message::Typed(def.key, day.to_string()))
                })
                .id(field_id(def.key))
                .tone(tone)
                .on_submit(FirmsMessage::Form(Message::Save))
                .into()
            }
            Shape::Money => line().number().unit("万元").width(200).into(),
            Shape::Choice(words) => {
                let mut items = vec![Item::new(String::new(), "（不填）")];
                items.extend(words.iter().map(|word| Item::new((*word).to_owned(), *word)));
                // What a list once brought stays choosable as it is.
                if !value.is_empty() && !words.contains(&value) {
                    items.push(Item::new(value.to_owned(), value));
                }
                let chosen = (!value.is_empty()).then(|| value.to_owned());
                select::select(items, chosen).on_choose(typed(def.key)).width(Length::Fill).id(field_id(def.key)).into()
            }
            Shape::YesNo => {
                let words = if def.key == key::SCALE { ["规上", "规下"] } else { ["是", "否"] };
                let options = [("是", words[0]), ("否", words[1]), ("", "不清楚")];
                segmented::segmented(
                    options.map(|(value, word)| segmented::Segment::new(value.to_owned(), word)),
                    &value.to_owned(),
                    typed(def.key),
                )
            }
            Shape::Township => {
                let towns = |towns: &[String]| {
                    towns.iter().map(|town| Item::new(town.clone(), town.clone())).collect::<Vec<_>>()
                };
                let all = towns(&ctx.ledger.office.townships);
                let list = menu::menu(button::icon_only(Icon::ChevronDown).on_press(()), all, typed(def.key));
                let line = line().placeholder("选一个，或直接写").after(container(list).padding([0, 2]));
                combo::combo(line, towns(&self.towns), typed(def.key)).into()
            }
            Shape::Industry => {
                let classes = self
                    .classes
                    .iter()
                    .map(|class| Item::new(class.code.to_owned(), format!("{} {}", class.code, class.name)));
                combo::combo(line().placeholder("代码、名称或拼音").icon(Icon::Search), classes, typed(def.key)).into()
            }
            Shape::Lines => line().placeholder("几项之间用；隔开").into(),
            _ => line().into(),
        }
    }

    fn bar(&self) -> Element<'_, FirmsMessage> {
        let wrong = self.wrong();
        let says: Option<Element<'_, FirmsMessage>> = match (self.tried, wrong.len()) {
            (true, 1..) => {
                let labels: Vec<&str> = wrong.iter().map(|def| def.label).collect();
                Says::Error(format!("先改好：{}", labels.join("、"))).view()
            }
            _ => match self.doubts().len() {
                0 => Says::Hint("只有企业名称必填，其余可以以后补；没填的记作“未报”，不当作 0。".into()).view(),
                n => Says::Warning(format!("有 {n} 处提醒，写明原因就能保存")).view(),
            },
        };
        let save = if self.busy {
            button::primary("正在保存…")
        } else if self.id.is_some() && self.changed().next().is_none() {
            button::primary("保存").key("Ctrl S").refused("还没有改动")
        } else {
            button::primary("保存").key("Ctrl S").on_press(FirmsMessage::Form(Message::Save))
        };
        split::action_bar(
            row![]
                .push(says)
                .push(space().width(Length::Fill))
                .push(button::normal("取消").key("Esc").on_press(FirmsMessage::Form(Message::Close)))
                .push(save)
                .spacing(sp::S8)
                .align_y(Vertical::Center),
        )
    }
}

fn half<'a>(content: Element<'a, FirmsMessage>) -> Element<'a, FirmsMessage> {
    container(content).width(Length::FillPortion(1)).into()
}

/// A field without a neighbour.
fn alone<'a>(content: Element<'a, FirmsMessage>) -> Element<'a, FirmsMessage> {
    row![half(content), space().width(Length::FillPortion(1))].spacing(sp::S20).into()
}

fn remark(group: Group) -> Option<&'static str> {
    match group {
        Group::People => Some("证件号、电话和邮箱平时遮盖显示"),
        _ => None,
    }
}

fn remark_of(finding: &Finding) -> Says {
    let words = finding.says.trim_end_matches('。').to_owned();
    match (needs_reason(finding), finding.severity) {
        (false, _) => Says::Hint(words),
        (true, Severity::Strong) => Says::Warning(format!("{words}（很可能有误）")),
        (true, _) => Says::Warning(words),
    }
}

/// What is worth saying of a value nothing is wrong with.
fn good(def: &FieldDef, checked: &Checked) -> Option<Says> {
    let value = checked.value.as_deref()?;
    match def.shape {
        Shape::CreditCode | Shape::OrgCode => Some(Says::Valid("校验通过".into())),
        Shape::ResidentId if value.len() == 18 => Some(Says::Valid("校验通过".into())),
        Shape::Industry => Some(Says::Hint(words::industry(value).into_owned())),
        _ => None,
    }
}

fn banner<'a>(
    line: iced::widget::Row<'a, FirmsMessage, crate::ui::Theme, crate::ui::Renderer>,
    tone: Tone,
) -> Element<'a, FirmsMessage> {
    let line = line.spacing(sp::S8).align_y(Vertical::Center);
    container(line)
        .width(Length::Fill)
        .padding(Padding { top: sp::S6, bottom: sp::S6, left: size::PAGE_LEFT, right: size::PAGE_RIGHT })
        .style(move |theme: &crate::ui::Theme| iced::widget::container::background(tone.soft(theme.tokens)))
        .into()
}
