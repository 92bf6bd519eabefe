//! The small form of a certificate: kind, number, days. A number of an odd shape is saved when somebody says why it is right.

use chrono::{Datelike, NaiveDate};
use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, row};

use super::{File, Message as FileMessage};
use crate::app::ctx::Ctx;
use crate::app::firms::Message as FirmsMessage;
use crate::app::update::Update;
use crate::app::words;
use crate::catalog::Catalog;
use crate::domain::certificate::{Certificate, attr, field_key, slug};
use crate::domain::date::parse_day;
use crate::domain::event::Confirmed;
use crate::domain::identity::{Finding, certificate};
use crate::domain::{Problem, Result};
use crate::store::acts::{Values, certificate_fields};
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, date_field, dialog, input, select};
use crate::ui::{Element, Icon, space as sp};

const NUMBER: &str = "certificate-number";
const REASON: &str = "certificate-reason";
const LABEL: f32 = 76.0;

/// A certificate being entered or changed.
#[derive(Debug)]
pub struct CertificateForm {
    /// `None`: a new one.
    slug: Option<String>,
    kind: String,
    number: String,
    name: String,
    document: String,
    issued: String,
    ends: String,
    revoked: String,
    reason: String,
    tried: bool,
    /// Another certificate of this kind has this number.
    twin: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    New,
    Edit(String, String),
    Kind(String),
    Typed(Part, String),
    Save,
    Remove,
    Close,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Number,
    Name,
    Document,
    Issued,
    Ends,
    Revoked,
    Reason,
}

fn send(message: Message) -> FirmsMessage {
    FirmsMessage::File(FileMessage::Certificate(message))
}

fn typed(part: Part) -> impl Fn(String) -> FirmsMessage {
    move |text| send(Message::Typed(part, text))
}

impl CertificateForm {
    fn new() -> Self {
        let kind = Catalog::builtin().certificates().first().map(|kind| kind.id.clone()).unwrap_or_default();
        Self {
            slug: None,
            kind,
            number: String::new(),
            name: String::new(),
            document: String::new(),
            issued: String::new(),
            ends: String::new(),
            revoked: String::new(),
            reason: String::new(),
            tried: false,
            twin: false,
        }
    }

    fn of(certificate: &Certificate) -> Self {
        let part = |attr: &str| certificate.get(attr).unwrap_or_default().to_owned();
        Self {
            slug: Some(certificate.slug.clone()),
            kind: certificate.kind.clone(),
            number: part(attr::NUMBER),
            name: part(attr::NAME),
            document: part(attr::DOCUMENT),
            issued: part(attr::ISSUED),
            ends: part(attr::ENDS),
            revoked: part(attr::REVOKED),
            ..Self::new()
        }
    }

    fn part(&mut self, part: Part) -> &mut String {
        match part {
            Part::Number => &mut self.number,
            Part::Name => &mut self.name,
            Part::Document => &mut self.document,
            Part::Issued => &mut self.issued,
            Part::Ends => &mut self.ends,
            Part::Revoked => &mut self.revoked,
            Part::Reason => &mut self.reason,
        }
    }

    fn number_finding(&self) -> Option<Finding> {
        let shape = Catalog::builtin().certificate(&self.kind)?.number;
        certificate::check(shape, &self.number).findings.into_iter().next()
    }

    /// What the day of issue says to today.
    fn issued_finding(&self, today: NaiveDate) -> Option<String> {
        let issued = day(&self.issued, today).ok().flatten()?;
        (issued > today).then(|| "发证日期在今天之后".to_owned())
    }

    /// What the days say of each other.
    fn ends_finding(&self, today: NaiveDate) -> Option<String> {
        let (issued, ends) = (day(&self.issued, today).ok().flatten()?, day(&self.ends, today).ok().flatten()?);
        (ends < issued).then(|| "到期日早于发证日期".to_owned())
    }

    /// All that must be confirmed: part and words.
    fn doubts(&self, today: NaiveDate) -> Vec<(&'static str, String)> {
        let number = self.number_finding().map(|finding| (attr::NUMBER, finding.says));
        let issued = self.issued_finding(today).map(|says| (attr::ISSUED, says));
        let ends = self.ends_finding(today).map(|says| (attr::ENDS, says));
        number.into_iter().chain(issued).chain(ends).collect()
    }

    /// The last day the rule of its kind gives.
    fn by_rule(&self, today: NaiveDate) -> Option<NaiveDate> {
        let issued = day(&self.issued, today).ok().flatten()?;
        Catalog::builtin().certificate(&self.kind)?.validity.last_day(issued)
    }

    fn wrong(&self, today: NaiveDate) -> bool {
        self.twin || [&self.issued, &self.ends, &self.revoked].into_iter().any(|text| day(text, today).is_err())
    }

    fn says_of_day(text: &str, finding: Option<String>, today: NaiveDate) -> Says {
        match (day(text, today), finding) {
            (Err(problem), _) => Says::Error(problem.to_string()),
            (Ok(_), Some(finding)) => Says::Warning(finding),
            (Ok(_), None) => Says::Nothing,
        }
    }

    /// The dialog.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let today = ctx.today;
        let kinds = Catalog::builtin().certificates().iter();
        let kinds = kinds.map(|kind| Item::new(kind.id.clone(), kind.name.clone()));
        let kind: Element<'a, FirmsMessage> = if self.slug.is_some() {
            let name = Catalog::builtin().certificate(&self.kind).map_or("", |kind| kind.name.as_str());
            input::input(name).into()
        } else {
            select::select(kinds, Some(self.kind.clone()))
                .on_choose(|kind| send(Message::Kind(kind)))
                .width(Length::Fill)
                .into()
        };
        let says = match (self.twin, self.number_finding()) {
            (true, _) => Says::Error("这家企业已有这个编号的证书，请改那一张".into()),
            (_, Some(finding)) => Says::Warning(finding.says),
            (_, None) => Says::Nothing,
        };
        let meant = self.number_finding().and_then(|finding| finding.suggestion).map(|meant| {
            let words = format!("改为 {meant}");
            button::quiet(words).small().on_press(send(Message::Typed(Part::Number, meant)))
        });
        let number = input::input(&self.number).id(NUMBER).tone(says.tone()).on_input(typed(Part::Number));
        let number = row![number.on_submit(send(Message::Save))].push(meant).spacing(sp::S4).align_y(Vertical::Center);
        let mut content = column![
            field("种类", kind).label_width(LABEL),
            field("编号", number).label_width(LABEL).says(says).below(),
            field("名称", line(&self.name, Part::Name, "平台、载体、人才等另有名称时填")).label_width(LABEL),
            self.day_field("发证日期", &self.issued, Part::Issued, self.issued_finding(today), today),
        ]
        .spacing(sp::S12);
        let rule = self.by_rule(today).filter(|day| self.ends.trim() != day.to_string());
        let offer = rule.map(|day| {
            let words = format!("按规定到 {day}");
            button::quiet(words).small().on_press(send(Message::Typed(Part::Ends, day.to_string())))
        });
        let says = Self::says_of_day(&self.ends, self.ends_finding(today), today);
        let ends = row![self.day_input(&self.ends, Part::Ends, &says, today)];
        let ends = ends.push(offer).spacing(sp::S8).align_y(Vertical::Center);
        content = content
            .push(field("到期日", ends).label_width(LABEL).says(says).below())
            .push(field("发文字号", line(&self.document, Part::Document, "")).label_width(LABEL))
            .push(self.day_field("撤销日期", &self.revoked, Part::Revoked, None, today));
        let doubts = self.doubts(today);
        if !doubts.is_empty() {
            let reason = input::input(&self.reason)
                .id(REASON)
                .placeholder("确认无误，写明原因")
                .on_input(typed(Part::Reason))
                .on_submit(send(Message::Save));
            let says = if self.tried && self.reason.trim().is_empty() {
                Says::Error("有提醒，写明原因才能保存".into())
            } else {
                Says::Hint("有提醒，写明原因就能保存".into())
            };
            content = content.push(field("原因", reason).required().label_width(LABEL).says(says).below());
        }
        let remove = button::danger("删除").icon(Icon::Trash2).on_press(send(Message::Remove));
        let remove = self.slug.is_some().then(|| remove.into());
        let save = button::primary("保存").key("Enter").on_press(send(Message::Save));
        let cancel = button::normal("取消").key("Esc").on_press(send(Message::Close));
        let title = if self.slug.is_some() { "修改证书" } else { "新增证书" };
        let buttons = remove.into_iter().chain([cancel.into(), save.into()]);
        dialog::dialog(title, content, buttons, dialog::Width::Usual)
    }

    fn day_field<'a>(
        &'a self,
        label: &'a str,
        value: &'a str,
        part: Part,
        finding: Option<String>,
        today: NaiveDate,
    ) -> Element<'a, FirmsMessage> {
        let says = Self::says_of_day(value, finding, today);
        let input = self.day_input(value, part, &says, today);
        field(label, input).label_width(LABEL).says(says).below().into()
    }

    fn day_input<'a>(&'a self, value: &'a str, part: Part, says: &Says, today: NaiveDate) -> Element<'a, FirmsMessage> {
        let pick = move |day: NaiveDate| send(Message::Typed(part, day.to_string()));
        date_field::date_field(value, day(value, today).ok().flatten(), today, typed(part), pick)
            .tone(says.tone())
            .on_submit(send(Message::Save))
            .into()
    }

    /// The parts as they are stored.
    fn parts(&self, today: NaiveDate) -> Values {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let number =
            Catalog::builtin().certificate(&self.kind).map(|kind| certificate::check(kind.number, &self.number));
        let date = |text: &str| day(text, today).ok().flatten().map(|day| day.to_string());
        [
            (attr::NUMBER, number.map(|verdict| verdict.value).filter(|number| !number.is_empty())),
            (attr::NAME, text(&self.name)),
            (attr::DOCUMENT, text(&self.document)),
            (attr::ISSUED, date(&self.issued)),
            (attr::ENDS, date(&self.ends)),
            (attr::REVOKED, date(&self.revoked)),
        ]
        .map(|(attr, value)| (attr.to_owned(), value))
        .into()
    }
}

fn line<'a>(value: &'a str, part: Part, placeholder: &'a str) -> Element<'a, FirmsMessage> {
    input::input(value).placeholder(placeholder).on_input(typed(part)).on_submit(send(Message::Save)).into()
}

/// A day as typed; nothing where nothing is.
fn day(text: &str, today: NaiveDate) -> Result<Option<NaiveDate>> {
    if text.trim().is_empty() { Ok(None) } else { parse_day(text, today.year()).map(Some) }
}

impl File {
    /// Takes in what happened in the form.
    pub(super) fn edit_certificate(&mut self, message: Message, ctx: &Ctx) -> Update<FirmsMessage> {
        match message {
            Message::New => {
                self.certificate = Some(CertificateForm::new());
                return iced::widget::operation::focus(NUMBER).into();
            }
            Message::Edit(kind, slug) => {
                let held = self
                    .data
                    .as_ref()
                    .and_then(|data| data.firm.certificates.iter().find(|held| held.kind == kind && held.slug == slug));
                self.certificate = held.map(CertificateForm::of);
                return iced::widget::operation::focus(NUMBER).into();
            }
            Message::Close => {
                self.certificate = None;
                return Update::none();
            }
            Message::Remove => return self.remove_certificate(ctx),
            Message::Kind(kind) => {
                if let Some(form) = &mut self.certificate {
                    form.kind = kind;
                }
            }
            Message::Typed(part, text) => {
                if let Some(form) = &mut self.certificate {
                    *form.part(part) = text;
                }
            }
            Message::Save => return self.save_certificate(ctx),
        }
        self.look_for_twin();
        Update::none()
    }

    fn look_for_twin(&mut self) {
        let Some(form) = &mut self.certificate else { return };
        let number = slug(&form.number, "", "");
        let twin = self.data.as_ref().is_some_and(|data| {
            let mut others = data.firm.certificates.iter().filter(|held| held.kind == form.kind);
            others.any(|held| {
                Some(&held.slug) != form.slug.as_ref()
                    && (held.slug == number || slug(held.get(attr::NUMBER).unwrap_or_default(), "", "") == number)
            })
        });
        form.twin = twin && !form.number.trim().is_empty();
    }

    fn save_certificate(&mut self, ctx: &Ctx) -> Update<FirmsMessage> {
        let today = ctx.today;
        let Some(form) = &mut self.certificate else { return Update::none() };
        form.tried = true;
        if form.wrong(today) {
            return Update::none();
        }
        let own = match &form.slug {
            Some(slug) => slug.clone(),
            None => slug(&form.number, &form.name, &form.issued),
        };
        let reason = form.reason.trim().to_owned();
        let doubts = form.doubts(today);
        if !doubts.is_empty() && reason.is_empty() {
            return iced::widget::operation::focus(REASON).into();
        }
        let confirmed: Vec<Confirmed> = doubts
            .into_iter()
            .map(|(attr, says)| Confirmed { field: field_key(&form.kind, &own, attr), says, reason: reason.clone() })
            .collect();
        let mut values = certificate_fields(&form.kind, &own, form.parts(today));
        if form.slug.is_none() {
            // Nothing to clear where nothing was.
            values.retain(|_, value| value.is_some());
        }
        let kind = words::certificate_kind(&form.kind).to_owned();
        self.write_certificate(values, confirmed, format!("已保存：{kind}证书"), ctx)
    }

    fn remove_certificate(&mut self, ctx: &Ctx) -> Update<FirmsMessage> {
        let Some((form, own)) = self.certificate.as_ref().and_then(|form| Some((form, form.slug.as_ref()?))) else {
            return Update::none();
        };
        let held = self
            .data
            .as_ref()
            .and_then(|data| data.firm.certificates.iter().find(|held| held.kind == form.kind && held.slug == *own));
        let Some(held) = held else {
            return Problem::not_found("找不到这张证书。").next("它可能已被删除。").into();
        };
        let values = held.parts.keys().map(|attr| (field_key(&held.kind, own, attr), None)).collect();
        let kind = words::certificate_kind(&form.kind).to_owned();
        self.write_certificate(values, Vec::new(), format!("已删除：{kind}证书"), ctx)
    }

    fn write_certificate(
        &mut self,
        values: Values,
        confirmed: Vec<Confirmed>,
        said: String,
        ctx: &Ctx,
    ) -> Update<FirmsMessage> {
        self.certificate = None;
        let id = self.id;
        let firm = ctx.ledger.firm(id).map_or("", |firm| &*firm.name);
        let name = format!("修改“{firm}”的证书");
        let task = ctx.act(
            name,
            move |act| act.change_firm(id, &values, confirmed, None),
            move |done| FirmsMessage::File(FileMessage::Saved(said, done)),
        );
        task.into()
    }
}
