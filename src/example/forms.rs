//! What the invented firms write into their forms: the figures of their files, applicants of a working age, sums that agree.

use chrono::{Datelike, NaiveDate};

use super::firms::{Firm, person};
use super::rng::Rng;
use super::words;
use crate::domain::filing::prefill::prefill;
use crate::domain::firm::fields::{FactUnit, HI_FIELDS, YEAR_FACTS};
use crate::domain::history::Registers;
use crate::domain::identity::resident;
use crate::domain::program::{FieldKind, Prefill, Version};
use crate::store::acts::Values;

/// 2 亿元 in 分: the most a 科技型中小企业 may sell or own, and where less research is asked of a 高企.
const TWO_YI: i64 = 20_000 * 1_000_000;

/// Whether a firm of this size would file at all.
pub fn may_file(program: &str, year: i32, firm: &Firm) -> bool {
    // A project of one's own; who runs offices for others has none.
    if program == "taishan_startup" && words::TRADES[firm.trade].0 == words::ADVISERS {
        return false;
    }
    if program == "gaoqi" {
        return may_be_gaoqi(firm, year - 1);
    }
    let most = |fact: &str, limit: i64| figure(firm, year - 1, fact).is_none_or(|value| value <= limit);
    program != "kexiao" || most("staff", 500) && most("revenue", TWO_YI) && most("assets", TWO_YI)
}

/// The two conditions every 高企 is asked for first (国科发火〔2016〕32号 第十一条): research of 5, 4 or 3 in a hundred of sales up to
/// 5000 万元, up to 2 亿元 and beyond; one in ten at work on science and technology.
fn may_be_gaoqi(firm: &Firm, last: i32) -> bool {
    let whole = |fact: &str, year| figure(firm, year, fact).unwrap_or(0);
    let sum = |fact: &str| (last - 2..=last).map(|year| whole(fact, year)).sum::<i64>();
    let sales = whole("revenue", last);
    let asked = if sales <= TWO_YI / 4 {
        5
    } else if sales <= TWO_YI {
        4
    } else {
        3
    };
    sum("rd") * 100 >= sum("revenue") * asked && whole("tech_staff", last) * 10 >= whole("staff", last)
}

/// A firm's figure, or, where it was not reported, what the nearest year lets one expect. `None` before the firm was there.
fn figure(firm: &Firm, year: i32, fact: &str) -> Option<i64> {
    if year < firm.founded.year() {
        return None;
    }
    let (known, value) = (0..5)
        .flat_map(|apart| [year - apart, year + apart])
        .find_map(|known| Some((known, firm.figure(known, fact)?)))?;
    let money = YEAR_FACTS.iter().any(|f| f.key == fact && f.unit == FactUnit::Money);
    // One rate for all sums of a year, so that a part never outgrows its whole.
    Some(if money { value / 100_000 * (100 + 6 * i64::from(year - known)) * 1000 } else { value })
}

/// Somebody who applies in person.
struct Applicant {
    name: String,
    born: NaiveDate,
    sex: resident::Sex,
    number: String,
}

impl Applicant {
    /// Somebody between 28 and 56 in that year.
    fn invent(year: i32, rng: &mut Rng) -> Self {
        let name = person(rng);
        let (age, month, day) = (rng.between(28, 56) as i32, rng.between(1, 12) as u32, rng.between(1, 28) as u32);
        let born = NaiveDate::from_ymd_opt(year - age, month, day).unwrap_or_default();
        // Odd for men.
        let sequence = 2 * rng.between(1, 199) + i64::from(rng.percent(64));
        let sex = if sequence % 2 == 1 { resident::Sex::Male } else { resident::Sex::Female };
        // The region inside does not exist, so the number is nobody's though its check character is right.
        let body = format!("{}{}{sequence:03}", words::REGION, born.format("%Y%m%d"));
        let check = resident::check_character(&body).unwrap_or('0');
        Self { name, born, sex, number: format!("{body}{check}") }
    }
}

/// A filled-in form: what the firm's file gives, and the program's own fields.
pub fn fill(version: &Version, program: &str, year: i32, firm: &Firm, rng: &mut Rng) -> Values {
    let values = firm.values();
    let known = Registers::from_values(values.iter().filter_map(|(k, v)| Some((k.clone(), v.clone()?))));
    let mut form: Values =
        prefill(version, &known, year, &[]).into_iter().map(|(id, value)| (id, Some(value))).collect();
    let applicant = (program == "taishan_startup").then(|| Applicant::invent(year, rng));
    // 企业自筹 is never less than what is applied for, and that never more than 500 万元.
    let grant = rng.between(5, 50) * 10 * 1_000_000;
    for field in &version.form {
        if form.contains_key(&field.id) {
            continue;
        }
        if let Some(Prefill::Year { fact, ago }) = &field.from {
            if let Some(value) = figure(firm, year - i32::from(*ago), fact) {
                form.insert(field.id.clone(), Some(value.to_string()));
            }
            continue;
        }
        if !field.required && field.id != "grant" && rng.percent(40) {
            continue;
        }
        if let Some(value) = answer(&field.kind, &field.id, firm, applicant.as_ref(), grant, rng) {
            form.insert(field.id.clone(), Some(value));
        }
    }
    form
}

fn answer(
    kind: &FieldKind,
    id: &str,
    firm: &Firm,
    applicant: Option<&Applicant>,
    grant: i64,
    rng: &mut Rng,
) -> Option<String> {
    let (_, _, field, product) = words::TRADES[firm.trade];
    Some(match (kind, id) {
        (_, "person") => applicant?.name.clone(),
        (_, "sex") => applicant?.sex.word().to_owned(),
        (_, "born") => applicant?.born.to_string(),
        (FieldKind::ResidentId, _) => applicant?.number.clone(),
        (_, "degree") => (*rng.pick(words::DEGREES)).to_owned(),
        (_, "nationality") => "中国".to_owned(),
        (_, "project") => format!("{}产业化", product.split('、').next().unwrap_or(product)),
        (_, "grant") => grant.to_string(),
        (_, "own_funds") => (grant / 10 * rng.between(10, 30)).to_string(),
        (_, "share") => format!("{}.5", rng.between(34, 80)),
        (_, "area") => format!("{}.5", rng.between(600, 6000)),
        (_, "hi_field") => HI_FIELDS[field].to_owned(),
        // Most firms take the ordinary way.
        (FieldKind::Choice(words), "direct") => words[if rng.percent(85) { 0 } else { words.len() - 1 }].clone(),
        (FieldKind::Choice(words), _) => rng.pick(words).clone(),
        (FieldKind::Integer, "self_score") => rng.between(60, 98).to_string(),
        (FieldKind::Integer, _) => rng.between(2, 40).to_string(),
        (FieldKind::Decimal(_), _) => format!("{}.5", rng.between(20, 80)),
        (FieldKind::Money, _) => rng.money(20.0, 3_000.0).to_string(),
        (FieldKind::Date, _) => firm.founded.to_string(),
        (FieldKind::Phone, _) => firm.phone.clone(),
        (_, "contact") => firm.contact.clone(),
        (_, "operator") => firm.name.clone(),
        (_, "space") => (*rng.pick(words::SPACES)).to_owned(),
        (_, "auditor") => (*rng.pick(words::AUDITORS)).to_owned(),
        (FieldKind::Note | FieldKind::Text, _) => return None,
    })
}
