//! 可能需要回避: what ties somebody who might be asked to judge to the firm that files. Shown before a reviewer is chosen;
//! whether it matters is for people to say.

use crate::domain::text::{loose_name_key, name_key};

/// Somebody who might be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Candidate<'a> {
    pub name: &'a str,
    pub employer: &'a str,
    pub phone: &'a str,
}

/// What is known of the firm that files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applicant<'a> {
    /// Its name, its short one and its former ones.
    pub names: Vec<&'a str>,
    pub legal_representative: &'a str,
    pub contact: &'a str,
    pub finance_contact: &'a str,
    pub rd_contact: &'a str,
    /// Its own and those of its people.
    pub phones: Vec<&'a str>,
}

/// A filing of recent years.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recent<'a> {
    /// 受理号.
    pub number: &'a str,
    pub year: i32,
    /// Names of the firm that filed it.
    pub firm: Vec<&'a str>,
    /// It is the applicant's own, not another firm's in the same program.
    pub own: bool,
    pub contact: &'a str,
    pub phone: &'a str,
}

/// One tie.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// Works for the firm.
    Employer,
    /// Has the name of its legal representative.
    LegalRepresentative,
    /// Has the name of its contact.
    Contact,
    /// Has the name of who answers for its finances.
    FinanceContact,
    /// Has the name of who answers for its research.
    RdContact,
    /// Has its phone number, or one of its people's.
    Phone,
    /// Was named on a filing of this firm.
    NamedOn { number: String, year: i32 },
    /// Works for a firm that files in the same program.
    Rival { number: String, year: i32 },
}

impl Tie {
    /// One sentence for people.
    pub fn says(&self) -> String {
        match self {
            Self::Employer => "就在申报企业工作".to_owned(),
            Self::LegalRepresentative => "与申报企业法定代表人同名".to_owned(),
            Self::Contact => "与申报企业联系人同名".to_owned(),
            Self::FinanceContact => "与申报企业财务负责人同名".to_owned(),
            Self::RdContact => "与申报企业研发负责人同名".to_owned(),
            Self::Phone => "电话与申报企业的相同".to_owned(),
            Self::NamedOn { number, year } => format!("{year} 年这家企业的申报（{number}）里写着此人或其电话"),
            Self::Rival { number, year } => format!("所在单位 {year} 年也报了这个事项（{number}）"),
        }
    }
}

/// How many years back a filing still counts, the year judged in not counted.
pub const YEARS: i32 = 3;

/// Every tie between somebody and the firm, the closest first. What is not known ties nobody.
pub fn conflicts(candidate: Candidate<'_>, firm: &Applicant<'_>, recent: &[Recent<'_>], year: i32) -> Vec<Tie> {
    let same_name = |a: &str, b: &str| !name_key(a).is_empty() && name_key(a) == name_key(b);
    let same_firm = |a: &str, b: &str| !name_key(a).is_empty() && loose_name_key(a) == loose_name_key(b);
    let same_phone = |a: &str, b: &str| digits(a).len() >= 7 && digits(a) == digits(b);
    let mut ties = Vec::new();
    let mut tie = |there: bool, tie: Tie| {
        if there {
            ties.push(tie);
        }
    };
    tie(firm.names.iter().any(|name| same_firm(candidate.employer, name)), Tie::Employer);
    tie(same_name(candidate.name, firm.legal_representative), Tie::LegalRepresentative);
    tie(same_name(candidate.name, firm.contact), Tie::Contact);
    tie(same_name(candidate.name, firm.finance_contact), Tie::FinanceContact);
    tie(same_name(candidate.name, firm.rd_contact), Tie::RdContact);
    tie(firm.phones.iter().any(|phone| same_phone(candidate.phone, phone)), Tie::Phone);
    for filing in recent.iter().filter(|filing| (year - YEARS..=year).contains(&filing.year)) {
        let (number, year) = (filing.number.to_owned(), filing.year);
        if filing.own {
            let named = same_name(candidate.name, filing.contact) || same_phone(candidate.phone, filing.phone);
            tie(named, Tie::NamedOn { number, year });
        } else {
            let works = filing.firm.iter().any(|name| same_firm(candidate.employer, name));
            tie(works, Tie::Rival { number, year });
        }
    }
    ties.sort();
    ties.dedup();
    ties
}

/// The digits of a number without the country's code.
fn digits(phone: &str) -> String {
    let all: String = phone.chars().map(crate::domain::text::fold).filter(char::is_ascii_digit).collect();
    let mobile = |rest: &str| rest.len() == 11 && rest.starts_with('1');
    all.strip_prefix("0086").or_else(|| all.strip_prefix("86")).filter(|rest| mobile(rest)).unwrap_or(&all).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn firm() -> Applicant<'static> {
        Applicant {
            names: vec!["青澜恒砚新材料有限公司", "青澜恒砚陶瓷厂"],
            legal_representative: "秦川",
            contact: "周敏",
            finance_contact: "孟岩",
            rd_contact: "周敏",
            phones: vec!["13800005206", "0537-2310000"],
        }
    }

    fn recent() -> [Recent<'static>; 4] {
        let own = Recent {
            number: "2024-GQ1-0003",
            year: 2024,
            own: true,
            contact: "吴桐",
            phone: "13800007777",
            firm: vec![],
        };
        let rival =
            Recent {
                number: "2026-GQ2-0009", year: 2026, firm: vec!["青澜泽远机械有限公司"], ..Recent::default()
            };
        [own.clone(), Recent { number: "2020-GQ1-0001", year: 2020, ..own }, rival.clone(), rival]
    }

    fn ties(name: &str, employer: &str, phone: &str) -> Vec<Tie> {
        conflicts(Candidate { name, employer, phone }, &firm(), &recent(), 2026)
    }

    #[test]
    fn whoever_works_there_is_named_there_or_answers_its_phone_is_tied_to_it() {
        assert_eq!(ties("郑一", "青澜恒砚新材料有限责任公司", ""), [Tie::Employer]);
        assert_eq!(ties("郑一", "青澜恒砚陶瓷厂", ""), [Tie::Employer], "under its former name");
        assert_eq!(ties("秦 川", "", "+86 138 0000 5206"), [Tie::LegalRepresentative, Tie::Phone]);
        assert_eq!(ties("周敏", "", "（0537）2310000"), [Tie::Contact, Tie::RdContact, Tie::Phone]);
        assert_eq!(ties("孟岩", "", ""), [Tie::FinanceContact]);
    }

    #[test]
    fn filings_of_recent_years_tie_and_older_ones_do_not() {
        let named = Tie::NamedOn { number: "2024-GQ1-0003".into(), year: 2024 };
        let named = [named];
        assert_eq!(ties("吴桐", "", ""), named);
        assert_eq!(ties("", "", "13800007777"), named);
        let rival = Tie::Rival { number: "2026-GQ2-0009".into(), year: 2026 };
        assert!(rival.says().contains("2026-GQ2-0009"));
        assert_eq!(ties("郑一", "青澜泽远机械有限公司", ""), [rival], "told once");
    }

    #[test]
    fn what_is_not_known_ties_nobody() {
        let nobody = Applicant { names: vec![""], phones: vec![""], ..Applicant::default() };
        assert_eq!(
            conflicts(Candidate::default(), &nobody, &[Recent { year: 2026, own: true, ..Recent::default() }], 2026),
            []
        );
        assert_eq!(ties("", "", "110"), [], "too short to be anybody's");
    }
}
