//! The invented firms.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::rng::Rng;
use super::words;
use crate::domain::firm::{fields::HI_FIELDS, key};
use crate::domain::identity::{org_code, uscc};
use crate::store::acts::Values;

/// One of them.
pub struct Firm {
    pub name: String,
    pub founded: NaiveDate,
    pub trade: usize,
    pub contact: String,
    pub phone: String,
    fields: BTreeMap<String, String>,
}

impl Firm {
    /// Its credit code.
    pub fn code(&self) -> String {
        self.fields[key::CODE].clone()
    }

    /// A figure of a year, money in 分; `None` where it was not reported.
    pub fn figure(&self, year: i32, fact: &str) -> Option<i64> {
        self.fields.get(&key::of_year(year, fact))?.parse().ok()
    }

    /// What is entered of it.
    pub fn values(&self) -> Values {
        self.fields.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect()
    }
}

/// Invents so many firms, with figures for the four years before `year`.
pub fn invent(count: usize, year: i32, rng: &mut Rng) -> Vec<Firm> {
    let mut names = HashSet::new();
    let mut codes = HashSet::new();
    let mut firms = Vec::with_capacity(count);
    while firms.len() < count {
        let trade = rng.below(words::TRADES.len());
        let name = name(trade, firms.len() > 2000, rng);
        let code = code(rng);
        if names.contains(&name) || codes.contains(&code) {
            continue;
        }
        names.insert(name.clone());
        codes.insert(code.clone());
        firms.push(firm(name, code, trade, year, rng));
    }
    firms
}

fn name(trade: usize, long: bool, rng: &mut Rng) -> String {
    let mut own: String = [rng.letter(words::FIRST), rng.letter(words::SECOND)].iter().collect();
    if long {
        // Two characters do not tell 20 000 firms apart.
        own.push(rng.letter(words::FIRST));
    }
    format!("{}{own}{}{}", rng.pick(words::PLACES), words::TRADES[trade].0, rng.pick(words::SUFFIXES))
}

/// A credit code whose check characters are right and whose district does not exist.
fn code(rng: &mut Rng) -> String {
    const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body: String = ['M', 'A', '3'].into_iter().chain((0..5).map(|_| rng.letter(LETTERS))).collect();
    let head = format!("91{}{body}{}", words::REGION, org_code::check_character(&body).unwrap_or('0'));
    format!("{head}{}", uscc::check_character(&head).unwrap_or('0'))
}

pub fn person(rng: &mut Rng) -> String {
    let mut name: String = [rng.letter(words::SURNAMES), rng.letter(words::GIVEN)].iter().collect();
    if rng.percent(70) {
        name.push(rng.letter(words::GIVEN));
    }
    name
}

fn firm(name: String, code: String, trade: usize, year: i32, rng: &mut Rng) -> Firm {
    let (_, industry, field, product) = words::TRADES[trade];
    // Nobody files who was not there yet when the first editions of the example opened.
    let founded =
        NaiveDate::from_ymd_opt(year - rng.between(4, 26) as i32, rng.between(1, 12) as u32, rng.between(1, 28) as u32)
            .unwrap_or_default();
    let township: &'static str = words::TOWNSHIPS[rng.below(words::TOWNSHIPS.len())];
    let contact = person(rng);
    // Four noughts in the middle: right in form, and plainly nobody's.
    let phone = format!("1{}{}0000{:04}", rng.letter("3578"), rng.below(10), rng.below(10_000));
    let legal = person(rng);
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    let mut set = |key: &str, value: String| {
        fields.insert(key.to_owned(), value);
    };
    set(key::NAME, name.clone());
    set(key::CODE, code.clone());
    set("status", "存续".into());
    set(key::REGION, words::DISTRICT.into());
    set(key::TOWNSHIP, township.into());
    set(key::EST_DATE, founded.to_string());
    set(key::INDUSTRY, industry.into());
    set("products", product.into());
    set("ent_type", if name.ends_with("股份有限公司") { "股份有限公司" } else { "有限责任公司" }.into());
    set("tax_method", if rng.percent(92) { "查账征收" } else { "核定征收" }.into());
    set("address_reg", format!("{}{township}{}{}号", words::DISTRICT, rng.pick(words::ROADS), rng.between(1, 399)));
    set(key::LEGAL, legal);
    set(key::CONTACT, contact.clone());
    set("contact_role", (*rng.pick(&["研发负责人", "办公室主任", "财务主管", "总经理助理"])).into());
    set(key::PHONE, phone.clone());
    set("reg_capital", rng.money(50.0, 12_000.0).to_string());
    if rng.percent(75) {
        set(key::HI_FIELD, HI_FIELDS[field].into());
    }
    if rng.percent(40) {
        set(key::PARK, (*rng.pick(&["青澜经济开发区", "临湖生物医药园", "双河智造园"])).into());
    }
    if rng.percent(22) {
        set(key::TAGS, "重点培育".into());
    }
    let revenue = rng.money(300.0, 90_000.0);
    // 规上: 年主营业务收入 2000 万元 and above.
    let scale = revenue >= 2_000 * 1_000_000;
    set(key::SCALE, if scale { "是" } else { "否" }.into());
    if scale {
        set(
            "scale_since",
            NaiveDate::from_ymd_opt((year - rng.between(1, 6) as i32).max(2012), 1, 1).unwrap_or_default().to_string(),
        );
    }
    figures(year, founded, revenue, rng, &mut set);
    Firm { name, founded, trade, contact, phone, fields }
}

/// Four years of figures that hang together: growing, research a share of sales, a part of last year not reported yet.
fn figures(year: i32, founded: NaiveDate, last: i64, rng: &mut Rng, set: &mut impl FnMut(&str, String)) {
    use chrono::Datelike;
    let mut revenue = last;
    let share = rng.between(12, 130);
    let silent = rng.percent(15);
    for y in (year - 4..year).rev() {
        if y < founded.year() || silent && y == year - 1 {
            continue;
        }
        let mut put = |fact: &str, value: i64| set(&key::of_year(y, fact), value.to_string());
        let whole = |part: i64| part / 1000 * 1000;
        let rd = whole(revenue / 1000 * share);
        let staff = (revenue / 60_000_000).clamp(4, 900) + rng.between(0, 12);
        put("staff", staff);
        let tech = (staff * rng.between(6, 34) / 100).max(1);
        put("tech_staff", tech);
        put("rd_staff", (tech * rng.between(60, 100) / 100).max(1));
        put("revenue", revenue);
        put("cost", whole(revenue / 100 * rng.between(78, 96)));
        put("rd", rd);
        put("rd_domestic", rd);
        put("hi_income", whole(revenue / 100 * rng.between(52, 96)));
        put("total_income", whole(revenue / 1000 * rng.between(1000, 1030)));
        put("assets", whole(revenue / 100 * rng.between(70, 160)));
        if rng.percent(88) {
            put("net_assets", whole(revenue / 100 * rng.between(25, 70)));
        }
        put("ip1", rng.between(0, 4));
        put("ip2", rng.between(0, 18));
        revenue = whole(revenue / 100 * rng.between(72, 102));
    }
}
