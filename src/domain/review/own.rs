//! Forms an office lays down itself, as fields of the office: `review.<program>` names the one that is used,
//! `review.<program>.<digest>` holds what it asks. A form is never changed: another one takes its place, so that whatever was
//! judged on it can still be read by it. Laying it down may be taken back: then it is not used any more, but still known.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tally::Standing;
use super::{Aggregate, FormKind, Group, Points, ReviewForm, ReviewItem};
use crate::domain::event::Hash;
use crate::domain::history::{History, Registers};
use crate::domain::program::Confidence;
use crate::domain::{Problem, Result};

/// Prefix of their keys.
pub const PREFIX: &str = "review.";

/// Most items, and most letters of one: a form is filled in by people.
const ITEMS: usize = 60;
const LETTERS: usize = 300;

/// The key that names a program's form.
pub fn used(program: &str) -> String {
    format!("{PREFIX}{program}")
}

/// The key of a form.
pub fn key(program: &str, form: &Hash) -> String {
    format!("{PREFIX}{program}.{form}")
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scores: Option<Scores>,
    reviewers: u8,
    items: Vec<Item>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    groups: Vec<Group>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scores {
    aggregate: Aggregate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pass: Option<Points>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    over: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    id: String,
    text: String,
    #[serde(default)]
    max: Points,
    #[serde(default = "hundred")]
    weight: u16,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    group: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    nonzero: bool,
}

fn hundred() -> u16 {
    100
}

/// A form as the office's field holds it, and the digest that names it.
pub fn write(form: &ReviewForm) -> (Hash, String) {
    let written = Written {
        scores: match form.kind {
            FormKind::Checklist => None,
            FormKind::Scores { aggregate, pass, over } => Some(Scores { aggregate, pass, over }),
        },
        reviewers: form.reviewers,
        items: form
            .items
            .iter()
            .map(|item| Item {
                id: item.id.clone(),
                text: item.text.trim().to_owned(),
                max: item.max,
                weight: item.weight,
                note: item.note.trim().to_owned(),
                group: item.group.clone(),
                nonzero: item.nonzero,
            })
            .collect(),
        groups: form.groups.clone(),
    };
    // Strings and numbers: there is nothing JSON could refuse.
    let text = serde_json::to_string(&written).unwrap_or_default();
    (Hash::of(&[text.as_bytes()]), text)
}

/// What a field of the office says. `None`: a newer program wrote it, or it is not what its name says.
pub fn read(text: &str, form: &Hash) -> Option<ReviewForm> {
    if Hash::of(&[text.as_bytes()]) != *form {
        return None;
    }
    let written: Written = serde_json::from_str(text).ok()?;
    let form = ReviewForm {
        kind: match written.scores {
            None => FormKind::Checklist,
            Some(Scores { aggregate, pass, over }) => FormKind::Scores { aggregate, pass, over },
        },
        items: written
            .items
            .into_iter()
            .map(|item| ReviewItem {
                id: item.id,
                text: item.text,
                max: item.max,
                weight: item.weight,
                note: item.note,
                group: item.group,
                nonzero: item.nonzero,
            })
            .collect(),
        reviewers: written.reviewers,
        confidence: Confidence::Report,
        groups: written.groups,
        own: Some(*form),
    };
    check(&form).is_ok().then_some(form)
}

/// The office's fields that speak of forms: which ones are used, as that stands, and every form that was ever laid down, taken
/// back or not. A form is named by what it says, so one that is known speaks for nothing but itself.
pub fn fields(office: &History) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = (0..office.len())
        .filter_map(|n| office.fact(n)?.fields())
        .flat_map(|fields| &fields.set)
        .filter_map(|(key, value)| Some((key, value.as_deref()?)))
        .filter(|(key, text)| is_form(key, text))
        .map(|(key, text)| (key.clone(), text.to_owned()))
        .collect();
    for (key, value) in Registers::replay(office).values().filter(|(key, _)| key.starts_with(PREFIX)) {
        all.entry(key.to_owned()).or_insert_with(|| value.to_owned());
    }
    all
}

/// Whether a field holds the form that its key names.
fn is_form(key: &str, text: &str) -> bool {
    let digest =
        key.strip_prefix(PREFIX).and_then(|rest| rest.rsplit_once('.')).and_then(|(_, digest)| digest.parse().ok());
    digest.is_some_and(|digest: Hash| Hash::of(&[text.as_bytes()]) == digest)
}

/// Which form a round is judged on: that of its first review, so that a change meanwhile does not part the reviewers; else
/// the one used now. Whoever said 回避 judged by none.
pub fn of_round(reviews: &[Standing], now: Option<Hash>) -> Option<Hash> {
    let given = reviews.iter().filter(|review| review.given.recused.is_none());
    let first = given.min_by_key(|review| (review.at, review.event));
    first.map_or(now, |review| review.given.form)
}

/// What must hold of a form.
///
/// # Errors
/// Bad input, naming the item.
pub fn check(form: &ReviewForm) -> Result<()> {
    let wrong = |says: String| Err(Problem::bad_input(says));
    if form.items.is_empty() {
        return wrong("评审表里还没有一项。".to_owned());
    }
    if form.items.len() > ITEMS {
        return wrong(format!("评审表最多 {ITEMS} 项。"));
    }
    if form.reviewers == 0 {
        return wrong("至少要有一人评审。".to_owned());
    }
    for (n, item) in form.items.iter().enumerate() {
        let text = item.text.trim();
        if text.is_empty() {
            return wrong(format!("第 {} 项没有写内容。", n + 1));
        }
        if text.chars().count() > LETTERS {
            return wrong(format!("第 {} 项超过 {LETTERS} 字，请写短一些，细则写到说明里。", n + 1));
        }
        if form.items[..n].iter().any(|other| other.id == item.id || other.text.trim() == text) {
            return wrong(format!("“{text}”写了两遍。"));
        }
        if form.kind != FormKind::Checklist && item.max.0 == 0 {
            return wrong(format!("“{text}”没有写满分。"));
        }
        if form.kind != FormKind::Checklist && (item.weight == 0 || item.weight > 1000) {
            return wrong(format!("“{text}”的权重应在 1% 到 1000% 之间。"));
        }
        if !item.group.is_empty() && !form.groups.iter().any(|group| group.name == item.group) {
            return wrong(format!("“{text}”属于“{}”，评审表里却没有这一组。", item.group));
        }
    }
    if let FormKind::Scores { pass: Some(pass), over, .. } = form.kind {
        let full = form.full().points();
        if pass > full || over && pass == full {
            return wrong(format!("合格线 {pass} 分高于满分 {full} 分，谁也达不到。"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, text: &str, max: u16) -> ReviewItem {
        ReviewItem {
            id: id.into(),
            text: text.into(),
            max: Points::whole(max),
            weight: 100,
            note: String::new(),
            group: String::new(),
            nonzero: false,
        }
    }

    fn form() -> ReviewForm {
        ReviewForm {
            kind: FormKind::Scores { aggregate: Aggregate::DropExtremes, pass: Some(Points::whole(60)), over: true },
            items: vec![
                ReviewItem { nonzero: true, note: "看社保".into(), ..item("a", "科技人员", 40) },
                ReviewItem { weight: 50, group: "知识产权".into(), ..item("b", "数量", 80) },
                ReviewItem { group: "知识产权".into(), ..item("c", "先进程度", 30) },
            ],
            reviewers: 5,
            confidence: Confidence::Report,
            groups: vec![Group { name: "知识产权".into(), max: Points::whole(60) }],
            own: None,
        }
    }

    #[test]
    fn a_form_comes_back_as_it_was_laid_down_and_is_known_by_its_digest() {
        let (hash, text) = write(&form());
        let read_back = read(&text, &hash).expect("read");
        assert_eq!(read_back, ReviewForm { own: Some(hash), ..form() });
        assert_eq!(write(&read_back), (hash, text.clone()), "the same form has the same name");
        assert_eq!(read(&text.replace("科技人员", "人员"), &hash), None, "not what its name says");
        let list = ReviewForm { kind: FormKind::Checklist, groups: Vec::new(), ..form() };
        let list = ReviewForm {
            items: list.items.into_iter().map(|item| ReviewItem { group: String::new(), ..item }).collect(),
            ..list
        };
        let (hash, text) = write(&list);
        assert_eq!(read(&text, &hash).map(|form| form.kind), Some(FormKind::Checklist));
    }

    #[test]
    fn a_group_counts_no_more_than_its_most() {
        // 40, and 80 at half weight with 30 are 70, of which 60 count.
        assert_eq!(form().full().points(), Points::whole(100));
        assert_eq!(form().sum(|item| if item.id == "b" { Points::whole(20) } else { Points::default() }).0, 100_000);
    }

    #[test]
    fn what_nobody_could_fill_in_is_refused_with_the_item() {
        let refused = |form: ReviewForm| check(&form).expect_err("refused").says;
        assert!(check(&form()).is_ok());
        assert!(refused(ReviewForm { items: Vec::new(), ..form() }).contains("还没有一项"));
        assert!(refused(ReviewForm { reviewers: 0, ..form() }).contains("一人"));
        let with = |change: fn(&mut ReviewItem)| {
            let mut form = form();
            change(&mut form.items[1]);
            form
        };
        assert!(refused(with(|item| item.text = " ".into())).contains("第 2 项"));
        assert!(refused(with(|item| item.text = "科技人员".into())).contains("两遍"));
        assert!(refused(with(|item| item.max = Points::default())).contains("满分"));
        assert!(refused(with(|item| item.weight = 0)).contains("权重"));
        assert!(refused(with(|item| item.group = "别的".into())).contains("没有这一组"));
        let high = FormKind::Scores { aggregate: Aggregate::Mean, pass: Some(Points::whole(100)), over: true };
        assert!(refused(ReviewForm { kind: high, ..form() }).contains("谁也达不到"));
    }
}
