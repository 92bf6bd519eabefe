//! What changed in a reviewer's sheet, and in the form an office judges by, told item by item.

use super::{FieldChange, Names};
use crate::domain::event::{Fact, Hash};
use crate::domain::history::History;
use crate::domain::review::{Aggregate, Answer, FormKind, Found, Given, Points, ReviewForm, ReviewItem, own};

/// Key of a sheet's total, and prefix of those of its items.
const SHEET: &str = "sheet.";

/// A sheet beside what its reviewer had given before in the round: the total, and the items that differ.
pub(super) fn sheet(history: &History, n: usize, given: &Given, names: &Names<'_>) -> Vec<FieldChange> {
    let same = |other: &Given| other.reviewer == given.reviewer && other.round == given.round;
    let earlier =
        (0..n).rev().filter(|earlier| history.knew(n, *earlier)).find_map(|earlier| match history.fact(earlier)? {
            Fact::FilingReviewed(other) if same(other) => Some(other),
            _ => None,
        });
    let (was, now) = (earlier.and_then(|given| form_of(given, names)), form_of(given, names));
    let mut items: Vec<(&str, &str)> = Vec::new();
    let laid_down = now.iter().chain(&was).flat_map(|form| &form.items);
    let laid_down = laid_down.map(|item| (item.id.as_str(), item.text.as_str()));
    // An item whose form is not here is known by its id alone.
    let answered = [Some(given), earlier].into_iter().flatten().flat_map(|given| given.answers.keys());
    for (id, text) in laid_down.chain(answered.map(|id| (id.as_str(), id.as_str()))) {
        if !items.iter().any(|(known, _)| *known == id) {
            items.push((id, text));
        }
    }
    let total = FieldChange {
        key: SHEET.to_owned(),
        label: "合计".to_owned(),
        old: earlier.and_then(|given| total(was?, given)),
        new: now.and_then(|form| total(form, given)),
    };
    let items = items.into_iter().map(|(id, text)| FieldChange {
        key: format!("{SHEET}{id}"),
        label: text.to_owned(),
        old: earlier.and_then(|given| given.answers.get(id)).map(found),
        new: given.answers.get(id).map(found),
    });
    [total].into_iter().chain(items).filter(|field| field.old != field.new).collect()
}

fn form_of<'a>(given: &Given, names: &Names<'a>) -> Option<&'a ReviewForm> {
    match given.form {
        None => names.version?.review.as_ref(),
        Some(hash) => names.forms.get(&hash).copied(),
    }
}

/// What a sheet comes to. `None`: it judges nothing.
fn total(form: &ReviewForm, given: &Given) -> Option<String> {
    if given.answers.is_empty() {
        return None;
    }
    if form.kind != FormKind::Checklist {
        let points = |item: &ReviewItem| match given.answers.get(&item.id).map(|answer| answer.found) {
            Some(Found::Points(points)) => points,
            _ => Points::default(),
        };
        return Some(format!("{} 分", form.sum(points).points()));
    }
    let count = |wanted| given.answers.values().filter(|answer| answer.found == wanted).count();
    let parts = [("是", Found::Yes), ("否", Found::No), ("不适用", Found::NotApplicable)];
    let parts = parts.map(|(word, wanted)| (word, count(wanted))).into_iter().filter(|(_, count)| *count > 0);
    Some(parts.map(|(word, count)| format!("{word} {count} 项")).collect::<Vec<_>>().join("，"))
}

fn found(answer: &Answer) -> String {
    let word = match answer.found {
        Found::Yes => "是".to_owned(),
        Found::No => "否".to_owned(),
        Found::NotApplicable => "不适用".to_owned(),
        Found::Points(points) => format!("{points} 分"),
    };
    if answer.note.is_empty() { word } else { format!("{word}（{}）", answer.note) }
}

/// The program whose form a field of the office names; `None` for a form's own text, and for every other field.
pub(super) fn names_form(key: &str) -> Option<&str> {
    key.strip_prefix(own::PREFIX).filter(|program| !program.contains('.'))
}

/// Another form is used: what it asks in one line, and the items that differ.
pub(super) fn form(
    history: &History,
    label: &str,
    key: &str,
    old: Option<&str>,
    new: Option<&str>,
) -> Vec<FieldChange> {
    let known = |digest: Option<&str>| read(history, key, digest?);
    let (was, now) = (known(old), known(new));
    // A digest says nothing to people, but that it is another one.
    let said = |digest: Option<&str>, form: &Option<ReviewForm>| {
        Some(match (digest, form) {
            (None, _) => "事项自带的".to_owned(),
            (Some(_), Some(form)) => format!("本单位自定的：{}", in_short(form)),
            (Some(digest), None) => format!("本单位自定的（{}）", digest.get(..8).unwrap_or(digest)),
        })
    };
    let mut all =
        vec![FieldChange { key: key.to_owned(), label: label.to_owned(), old: said(old, &was), new: said(new, &now) }];
    let items = |form: &'_ Option<ReviewForm>| form.iter().flat_map(|form| form.items.clone()).collect::<Vec<_>>();
    let (was_items, now_items) = (items(&was), items(&now));
    let gone = was_items.iter().filter(|item| !now_items.iter().any(|other| other.id == item.id));
    for id in now_items.iter().chain(gone).map(|item| &item.id) {
        let asks = |items: &[ReviewItem], form: &Option<ReviewForm>| {
            let item = items.iter().find(|item| item.id == *id)?;
            Some(asked(item, form.as_ref()?))
        };
        let (old, new) = (asks(&was_items, &was), asks(&now_items, &now));
        if old != new {
            all.push(FieldChange { key: format!("{key}.{id}"), label: "评审项目".to_owned(), old, new });
        }
    }
    all
}

/// A form by its digest: its text stands in the office's own history, whether or not that was taken back since.
fn read(history: &History, key: &str, digest: &str) -> Option<ReviewForm> {
    let hash: Hash = digest.parse().ok()?;
    let key = format!("{key}.{digest}");
    let text = (0..history.len()).find_map(|n| history.fact(n)?.fields()?.get(&key))?;
    own::read(text, &hash)
}

fn in_short(form: &ReviewForm) -> String {
    let mut parts = vec![match form.kind {
        FormKind::Checklist => format!("逐项核对 {} 项", form.items.len()),
        FormKind::Scores { .. } => format!("打分 {} 项，满分 {} 分", form.items.len(), form.full().points()),
    }];
    parts.extend(form.limit().map(|limit| format!("{limit}通过")));
    if let FormKind::Scores { aggregate: Aggregate::DropExtremes, .. } = form.kind {
        parts.push("去掉最高、最低分".to_owned());
    }
    parts.push(format!("至少 {} 人评", form.reviewers));
    parts.extend(form.groups.iter().map(|group| format!("“{}”最多 {} 分", group.name, group.max)));
    parts.join("，")
}

fn asked(item: &ReviewItem, form: &ReviewForm) -> String {
    let mut parts = vec![item.text.clone()];
    if form.kind != FormKind::Checklist {
        parts.push(format!("最多 {} 分", item.max));
    }
    if item.weight != 100 {
        parts.push(format!("按 {}% 计", item.weight));
    }
    if !item.group.is_empty() {
        parts.push(format!("属“{}”", item.group));
    }
    if item.nonzero {
        parts.push("不能是 0 分".to_owned());
    }
    if !item.note.is_empty() {
        parts.push(item.note.clone());
    }
    parts.join("，")
}

#[cfg(test)]
mod tests {
    use super::super::changes;
    use super::super::tests::told;
    use super::*;
    use crate::domain::event::Fields;
    use crate::domain::program::{Confidence, Version};
    use crate::domain::review::Reviewer;
    use crate::domain::testing::{Teller, version};

    fn scores(most: &[(&str, &str, u16)]) -> ReviewForm {
        let item = |(id, text, max): &(&str, &str, u16)| ReviewItem {
            id: (*id).into(),
            text: (*text).into(),
            max: Points::whole(*max),
            weight: 100,
            note: String::new(),
            group: String::new(),
            nonzero: false,
        };
        ReviewForm {
            kind: FormKind::Scores { aggregate: Aggregate::Mean, pass: Some(Points::whole(60)), over: false },
            items: most.iter().map(item).collect(),
            reviewers: 2,
            confidence: Confidence::Report,
            groups: Vec::new(),
            own: None,
        }
    }

    fn given(answers: &[(&str, Found)], form: Option<Hash>) -> Given {
        let answer = |(id, found): &(&str, Found)| ((*id).to_owned(), Answer { found: *found, note: String::new() });
        Given {
            reviewer: Reviewer { user: None, name: "周敏".into(), employer: String::new() },
            round: 1,
            content: Hash::ZERO,
            answers: answers.iter().map(answer).collect(),
            note: String::new(),
            recused: None,
            form,
        }
    }

    fn points(n: u16) -> Found {
        Found::Points(Points::whole(n))
    }

    #[test]
    fn a_sheet_given_again_tells_the_total_and_the_items_that_differ() {
        let version = Version { review: Some(scores(&[("a", "创新", 50), ("b", "效益", 50)])), ..version() };
        let mut teller = Teller::new(9);
        teller.tell(&Fact::FilingReviewed(given(&[("a", points(30)), ("b", points(30))], None)));
        teller.tell(&Fact::FilingReviewed(given(&[("a", points(30)), ("b", points(45))], None)));
        let aside = Given { recused: Some("是股东".into()), ..given(&[], None) };
        teller.tell(&Fact::FilingReviewed(aside));
        let names = Names { version: Some(&version), ..Names::default() };
        let all: Vec<_> = changes(&teller.history(), &names).iter().map(told).collect();
        assert_eq!(
            all,
            [
                "回避：合计 75 分→，创新 30 分→，效益 45 分→；周敏：是股东",
                "评审：合计 60 分→75 分，效益 30 分→45 分；周敏",
                "评审：合计 →60 分，创新 →30 分，效益 →30 分；周敏",
            ]
        );
    }

    #[test]
    fn a_sheet_on_the_offices_own_form_is_told_by_that_form_and_without_it_by_its_ids() {
        let form = scores(&[("a", "创新", 50)]);
        let (hash, _) = own::write(&form);
        let mut teller = Teller::new(9);
        teller.tell(&Fact::FilingReviewed(given(&[("a", points(30))], Some(hash))));
        let own = Names { forms: [(hash, &form)].into(), ..Names::default() };
        let all: Vec<_> = changes(&teller.history(), &own).iter().map(told).collect();
        assert_eq!(all, ["评审：合计 →30 分，创新 →30 分；周敏"]);
        let all: Vec<_> = changes(&teller.history(), &Names::default()).iter().map(told).collect();
        assert_eq!(all, ["评审：a →30 分；周敏"]);
    }

    #[test]
    fn ticks_are_counted_and_told_with_the_words_on_them() {
        let list =
            ReviewForm { kind: FormKind::Checklist, ..scores(&[("a", "盖章", 0), ("b", "成立满一年", 0)]) };
        let version = Version { review: Some(list), ..version() };
        let mut sheet = given(&[("a", Found::Yes), ("b", Found::No)], None);
        sheet.answers.entry("b".into()).and_modify(|answer| answer.note = "刚成立半年".into());
        let mut teller = Teller::new(9);
        teller.tell(&Fact::FilingReviewed(sheet));
        let names = Names { version: Some(&version), ..Names::default() };
        let all: Vec<_> = changes(&teller.history(), &names).iter().map(told).collect();
        assert_eq!(all, ["评审：合计 →是 1 项，否 1 项，盖章 →是，成立满一年 →否（刚成立半年）；周敏"]);
    }

    #[test]
    fn another_form_of_the_office_tells_what_it_asks_and_which_items_differ() {
        let mut teller = Teller::new(1);
        let mut lay_down = |form: &ReviewForm| {
            let (hash, text) = own::write(form);
            let set = [(own::used("gaoqi"), hash.to_string()), (own::key("gaoqi", &hash), text)];
            teller.tell(&Fact::OfficeChanged(Fields::set(set)));
        };
        lay_down(&scores(&[("a", "创新", 50), ("b", "效益", 50)]));
        lay_down(&scores(&[("a", "创新", 60), ("c", "团队", 40)]));
        let cleared = Fields { set: [(own::used("gaoqi"), None)].into(), ..Fields::default() };
        teller.tell(&Fact::OfficeChanged(cleared));
        let names = Names { called: [("gaoqi".to_owned(), "高企认定".to_owned())].into(), ..Names::default() };
        let all: Vec<_> = changes(&teller.history(), &names).iter().map(told).collect();
        let form = "本单位自定的：打分 2 项，满分 100 分，60 分以上通过，至少 2 人评";
        assert_eq!(
            all,
            [
                format!(
                    "修改：高企认定评审表 {form}→事项自带的，评审项目 创新，最多 60 分→，评审项目 团队，最多 40 分→；"
                ),
                format!(
                    "修改：高企认定评审表 {form}→{form}，评审项目 创新，最多 50 分→创新，最多 60 分，\
                     评审项目 →团队，最多 40 分，评审项目 效益，最多 50 分→；"
                ),
                format!(
                    "新增：高企认定评审表 事项自带的→{form}，评审项目 →创新，最多 50 分，评审项目 →效益，最多 50 分；"
                ),
            ]
        );
    }
}
