//! Judging a filing by a form the program lays down: a checklist, or items with points. What the form is, what one reviewer
//! found ([`Given`]), what several found together ([`tally`]), the forms an office lays down itself ([`own`]), and who had
//! better not be asked ([`conflicts`]).
//!
//! Nothing here advances a stage: a review is what a person rests a decision on.

pub mod conflicts;
pub mod opinion;
pub mod own;
pub mod tally;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::event::Hash;
use super::id::RecordId;
use super::program::Confidence;
use super::{Problem, Result};

/// How filings of a policy version are judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewForm {
    pub kind: FormKind,
    /// In order; never empty.
    pub items: Vec<ReviewItem>,
    /// How many reviewers there should be at least; 1 where nothing is laid down.
    pub reviewers: u8,
    /// Where it comes from.
    pub confidence: Confidence,
    /// What several items together can get at most.
    pub groups: Vec<Group>,
    /// The digest by which reviews name it, where an office laid it down itself. `None`: it came with the program.
    pub own: Option<Hash>,
}

/// Items whose points together are limited: 知识产权, at most 30.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub name: String,
    pub max: Points,
}

/// Whether items are ticked or scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormKind {
    /// Each item is 是, 否 or 不适用.
    Checklist,
    /// Each item gets points.
    Scores {
        aggregate: Aggregate,
        /// What the result must reach; `None`: nothing is laid down.
        pass: Option<Points>,
        /// It must be more than that: 70 分以上，不含 70 分.
        over: bool,
    },
}

/// How the totals of several reviewers become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    #[default]
    Mean,
    /// One highest and one lowest total are left out, where there are three or more.
    DropExtremes,
}

/// One item of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewItem {
    /// Stable within the version.
    pub id: String,
    pub text: String,
    /// Most points it can get; zero on a checklist.
    pub max: Points,
    /// In per cent of its points: 100 counts them as they are.
    pub weight: u16,
    pub note: String,
    /// Name of the group it belongs to; empty: none.
    pub group: String,
    /// A filing without a point here does not pass, whatever the rest comes to.
    pub nonzero: bool,
}

impl ReviewForm {
    /// The most a filing can get.
    pub fn full(&self) -> tally::Total {
        self.sum(|item| item.max)
    }

    /// What points come to: each times its weight, those of a group never more than the group's own.
    pub fn sum(&self, points: impl Fn(&ReviewItem) -> Points) -> tally::Total {
        let of = |item: &ReviewItem| i64::from(points(item).0) * i64::from(item.weight);
        let grouped = |group: &Group| -> i64 {
            let all: i64 = self.items.iter().filter(|item| item.group == group.name).map(of).sum();
            all.min(i64::from(group.max.0) * 100)
        };
        let alone = |item: &&ReviewItem| !self.groups.iter().any(|group| group.name == item.group);
        let rest: i64 = self.items.iter().filter(alone).map(of).sum();
        tally::Total(self.groups.iter().map(grouped).sum::<i64>() + rest)
    }

    /// 70 分以上（不含 70 分）, or nothing where no limit is laid down.
    pub fn limit(&self) -> Option<String> {
        match self.kind {
            FormKind::Scores { pass: Some(pass), over: true, .. } => Some(format!("{pass} 分以上（不含 {pass} 分）")),
            FormKind::Scores { pass: Some(pass), over: false, .. } => Some(format!("{pass} 分以上")),
            _ => None,
        }
    }

    /// Checks what a reviewer gave against the form. A 回避 needs none: see [`Given::is_recusal`].
    ///
    /// # Errors
    /// Refused where an item has no answer, one the form does not have, points beyond its most, a 否 without a word why.
    pub fn check(&self, given: &Given) -> Result<()> {
        if given.is_recusal()? {
            return Ok(());
        }
        let odd = given.answers.keys().find(|id| !self.items.iter().any(|item| item.id == **id));
        if let Some(odd) = odd {
            return Err(Problem::refused(format!("评审表里没有“{odd}”这一项。")).next("请刷新后再评。"));
        }
        for item in &self.items {
            let Some(answer) = given.answers.get(&item.id) else {
                return Err(
                    Problem::refused(format!("“{}”还没有评。", item.text)).next("请每一项都评，不适用的选“不适用”。")
                );
            };
            match (self.kind, answer.found) {
                (FormKind::Checklist, Found::Points(_)) | (FormKind::Scores { .. }, Found::Yes | Found::No) => {
                    let how = if self.kind == FormKind::Checklist { "是、否或不适用" } else { "分数" };
                    return Err(Problem::refused(format!("“{}”要评的是{how}。", item.text)));
                }
                (FormKind::Scores { .. }, Found::NotApplicable) => {
                    return Err(Problem::refused(format!("“{}”要打分。", item.text)).next("没有的得 0 分。"));
                }
                (_, Found::Points(points)) if points > item.max => {
                    return Err(Problem::refused(format!("“{}”最多 {} 分，打了 {points} 分。", item.text, item.max))
                        .next("请核对分数。"));
                }
                (_, Found::No) if answer.note.trim().is_empty() => {
                    return Err(Problem::refused(format!("“{}”选了“否”，要写一句为什么。", item.text))
                        .next("退回修改时它就是要补正的内容。"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Points in hundredths: 8.5 is 850. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(pub u32);

impl Points {
    /// Whole points.
    pub fn whole(points: u16) -> Self {
        Self(u32::from(points) * 100)
    }

    /// What was typed: `8`, `8.5`, `8.25`, also in full-width digits. At most two places, at most 9999.
    pub fn read(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().map(super::text::fold).collect();
        let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 4 || places.len() > 2 || !digits(whole) || !digits(places) {
            return None;
        }
        let places: u32 = format!("{places:0<2}").parse().ok()?;
        Some(Self(whole.parse::<u32>().ok()? * 100 + places))
    }
}

impl std::fmt::Display for Points {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02}"),
        }
    }
}

/// What a reviewer found of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    Yes,
    No,
    NotApplicable,
    Points(Points),
}

/// One answer, with a word on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub found: Found,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Who judged: somebody who signs in, or an expert whose sheet an officer enters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reviewer {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<RecordId>,
    pub name: String,
    /// 工作单位; experts of one name are told apart by it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub employer: String,
}

/// A review of a filing, as its event says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub reviewer: Reviewer,
    pub round: u16,
    /// Digest of form and files as the reviewer had them.
    pub content: Hash,
    /// By item.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, Answer>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// 回避: why this reviewer does not judge. Nothing is counted then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recused: Option<String>,
    /// The office's own form it was given on. `None`: the one that came with the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Hash>,
}

impl Given {
    /// Whether it is a 回避, which stands by itself: no form is asked for it.
    ///
    /// # Errors
    /// Refused for a 回避 without a reason.
    pub fn is_recusal(&self) -> Result<bool> {
        match self.recused.as_deref().map(str::trim) {
            None => Ok(false),
            Some("") => Err(Problem::refused("回避要写明原因。").next("例如：与申报企业有合作关系。")),
            Some(_) => Ok(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kind: FormKind) -> ReviewForm {
        let item = |id: &str, text: &str| ReviewItem {
            id: id.into(),
            text: text.into(),
            max: Points::whole(10),
            weight: 100,
            note: String::new(),
            group: String::new(),
            nonzero: false,
        };
        ReviewForm {
            kind,
            items: vec![item("a", "甲项"), item("b", "乙项")],
            reviewers: 1,
            confidence: Confidence::General,
            groups: Vec::new(),
            own: None,
        }
    }

    fn given(answers: &[(&str, Found, &str)]) -> Given {
        Given {
            reviewer: Reviewer { user: None, name: "周敏".into(), employer: String::new() },
            round: 1,
            content: Hash::ZERO,
            answers: answers
                .iter()
                .map(|(id, found, note)| ((*id).to_owned(), Answer { found: *found, note: (*note).into() }))
                .collect(),
            note: String::new(),
            recused: None,
            form: None,
        }
    }

    #[test]
    fn points_are_read_as_they_are_written() {
        for (text, says) in
            [("8", "8"), ("8.5", "8.5"), ("８．２５", "8.25"), ("0", "0"), ("8.50", "8.5"), ("10.05", "10.05")]
        {
            assert_eq!(Points::read(text).map(|p| p.to_string()).as_deref(), Some(says), "{text}");
        }
        for text in ["", "-1", "8.555", "八", "99999", ".5", "1e3"] {
            assert_eq!(Points::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_review_that_does_not_fit_its_form_is_refused_with_the_item() {
        let scores = form(FormKind::Scores { aggregate: Aggregate::Mean, pass: None, over: false });
        let list = form(FormKind::Checklist);
        let p = |n| Found::Points(Points::whole(n));
        let no_reason = Given { recused: Some(" ".into()), ..given(&[]) };
        for (form, given, word) in [
            (&scores, given(&[("a", p(8), "")]), "“乙项”还没有评"),
            (&scores, given(&[("a", p(8), ""), ("b", p(11), "")]), "最多 10 分，打了 11 分"),
            (&scores, given(&[("a", p(8), ""), ("b", Found::Yes, "")]), "要评的是分数"),
            (&scores, given(&[("a", p(8), ""), ("b", Found::NotApplicable, "")]), "要打分"),
            (&scores, given(&[("a", p(8), ""), ("b", p(1), ""), ("c", p(1), "")]), "没有“c”这一项"),
            (&list, given(&[("a", Found::Yes, ""), ("b", p(1), "")]), "是、否或不适用"),
            (&list, given(&[("a", Found::Yes, ""), ("b", Found::No, " ")]), "要写一句为什么"),
            (&list, no_reason, "回避要写明原因"),
        ] {
            let problem = form.check(&given).expect_err(word);
            assert!(problem.says.contains(word), "{problem}");
        }
        scores.check(&given(&[("a", p(8), ""), ("b", p(10), "")])).expect("fits");
        list.check(&given(&[("a", Found::NotApplicable, ""), ("b", Found::No, "缺页")])).expect("fits");
        list.check(&Given { recused: Some("是企业的股东".into()), ..given(&[]) }).expect("nothing to judge");
    }
}
