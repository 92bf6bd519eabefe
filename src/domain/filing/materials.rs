//! What was handed in with a filing: the replay of files and of what people found of them.
//!
//! Files form a set: two people who add different ones unaware of each other both keep theirs, and a file goes only by
//! somebody who had seen it come. Marks are a register per item, like a field: where two people marked an item unaware of
//! each other, the later in the agreed order is shown, and it is said that they differ.

use std::collections::{BTreeMap, HashSet};

use crate::domain::event::{Fact, Hash, Stamp};
use crate::domain::history::History;
use crate::domain::id::RecordId;
use crate::domain::material::{Mark, Material, Need, OTHER, OTHER_NAME, State};
#[cfg(test)]
use crate::domain::testing;

/// A file as it stands with an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The events that put it there: more than one where people added the same content unaware of each other.
    pub events: Vec<Hash>,
    /// SM3 of its content.
    pub file: Hash,
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// The round it was handed in.
    pub round: u16,
    pub actor: RecordId,
    pub at: Stamp,
    /// Events whose files it took the place of.
    pub replaces: Vec<Hash>,
}

/// A mark as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    pub mark: Mark,
    pub remark: String,
    /// The round it was made in.
    pub round: u16,
    pub actor: RecordId,
    pub at: Stamp,
    /// The files are still those it was made on.
    pub current: bool,
}

/// One item with its files, in the order they came, and its mark.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    pub files: Vec<Attachment>,
    pub marked: Option<Marked>,
    /// Two people found different things, unaware of each other.
    pub contested: bool,
}

impl Item {
    /// Its state. A finding on files that are no longer these does not hold; that something was handed in does.
    pub fn state(&self) -> State {
        let there = if self.files.is_empty() { State::Missing } else { State::Given };
        match &self.marked {
            None => there,
            Some(marked) if marked.current => marked.mark.state(),
            Some(Marked { mark: Mark::Given, .. }) => State::Given,
            Some(Marked { mark: Mark::Waived, .. }) if self.files.is_empty() => State::Waived,
            Some(_) => there,
        }
    }

    /// Whether somebody found it fit or unfit and the files have changed since.
    pub fn must_be_checked_again(&self) -> bool {
        let finding = |marked: &Marked| matches!(marked.mark, Mark::Fit | Mark::Unfit) && !marked.current;
        self.marked.as_ref().is_some_and(finding)
    }

    /// Digest of the files: what a mark is made on.
    pub fn digest(&self) -> Hash {
        digest(self.files.iter().map(|file| file.file))
    }
}

/// Order and repetition of files do not matter.
fn digest(files: impl Iterator<Item = Hash>) -> Hash {
    let mut files: Vec<[u8; 32]> = files.map(|hash| hash.0).collect();
    files.sort_unstable();
    files.dedup();
    Hash::of(&[files.as_flattened()])
}

/// All items of a filing that anything is known of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Materials {
    items: BTreeMap<String, Item>,
}

impl Materials {
    /// Replays them.
    pub fn replay(history: &History) -> Self {
        let mut materials = Self::default();
        let mut gone: HashSet<Hash> = HashSet::new();
        for (n, entry, fact) in history.standing() {
            let named = match fact {
                Fact::FilingDetached(detached) => &detached.attached,
                Fact::FilingAttached(attached) => &attached.replaces,
                _ => continue,
            };
            // What its author had not seen cannot have been meant; nor can a file take its own place.
            let seen = |hash: &&Hash| {
                **hash != entry.hash && history.position(hash).is_some_and(|earlier| history.knew(n, earlier))
            };
            gone.extend(named.iter().filter(seen));
        }
        let mut marks: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (n, entry, fact) in history.standing() {
            match fact {
                Fact::FilingAttached(attached) if !gone.contains(&entry.hash) => {
                    let files = &mut materials.items.entry(attached.item.clone()).or_default().files;
                    if let Some(same) = files.iter_mut().find(|file| file.file == attached.file) {
                        same.events.push(entry.hash);
                        same.replaces.extend(&attached.replaces);
                        continue;
                    }
                    #[cfg(test)]
                    if testing::is_broken(testing::Break::LastFileWins) {
                        files.clear();
                    }
                    files.push(Attachment {
                        events: vec![entry.hash],
                        file: attached.file,
                        name: attached.name.clone(),
                        size: attached.size,
                        round: attached.round,
                        actor: entry.event.actor,
                        at: entry.event.at,
                        replaces: attached.replaces.clone(),
                    });
                }
                Fact::FilingChecked(checked) => {
                    let live = marks.entry(&checked.item).or_default();
                    live.retain(|earlier| !history.knew(n, *earlier));
                    live.push(n);
                }
                _ => {}
            }
        }
        for (item, live) in marks {
            let checked = |n: usize| match history.fact(n) {
                Some(Fact::FilingChecked(checked)) => Some(checked),
                _ => None,
            };
            let Some(last) = live.last().copied() else { continue };
            let Some(shown) = checked(last) else { continue };
            let item = materials.items.entry(item.to_owned()).or_default();
            let found = |n: usize| checked(n).map(|checked| (checked.mark, checked.remark.as_str()));
            item.contested = live.iter().any(|n| found(*n) != found(last));
            let event = &history.entries()[last].event;
            item.marked = shown.mark.map(|mark| Marked {
                mark,
                remark: shown.remark.clone(),
                round: shown.round,
                actor: event.actor,
                at: event.at,
                current: shown.content == item.digest(),
            });
        }
        materials
    }

    /// An item; one nothing is known of is empty.
    pub fn item(&self, id: &str) -> &Item {
        const NONE: &Item = &Item { files: Vec::new(), marked: None, contested: false };
        self.items.get(id).unwrap_or(NONE)
    }

    /// The items anything is known of, by id.
    pub fn items(&self) -> impl Iterator<Item = (&str, &Item)> {
        self.items.iter().map(|(id, item)| (id.as_str(), item))
    }

    /// Every file with the item it belongs to.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Attachment)> {
        self.items().flat_map(|(id, item)| item.files.iter().map(move |file| (id, file)))
    }

    /// The file an event put there, if it still is there.
    pub fn find(&self, event: &Hash) -> Option<(&str, &Attachment)> {
        self.files().find(|(_, file)| file.events.contains(event))
    }

    /// Digest of all files with their items; `None` where there are none.
    pub fn digest(&self) -> Option<Hash> {
        let mut bytes = Vec::new();
        for (id, item) in self.items().filter(|(_, item)| !item.files.is_empty()) {
            bytes.extend((id.len() as u64).to_be_bytes());
            bytes.extend(id.as_bytes());
            bytes.extend(item.digest().0);
        }
        (!bytes.is_empty()).then(|| Hash::of(&[&bytes]))
    }
}

/// A program's list held against what was handed in.
#[derive(Debug, Clone)]
pub struct Checklist<'a> {
    /// The items in the order of the list; what belongs to none of them last.
    pub rows: Vec<Row<'a>>,
}

/// One line of it.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub need: Need,
    pub when: &'a str,
    pub note: &'a str,
    pub item: &'a Item,
}

impl<'a> Checklist<'a> {
    /// Puts them together. 其他材料 always has its line, and so has whatever an item of another version holds.
    pub fn new(wanted: &'a [Material], materials: &'a Materials) -> Self {
        let row = |material: &'a Material| Row {
            id: &material.id,
            name: &material.name,
            need: material.need,
            when: &material.when,
            note: &material.note,
            item: materials.item(&material.id),
        };
        let known = |id: &str| wanted.iter().any(|material| material.id == id);
        let odd = |id: &'a str, name: &'a str| Row {
            id,
            name,
            need: Need::Optional,
            when: "",
            note: "",
            item: materials.item(id),
        };
        let others = materials.items().map(|(id, _)| id).filter(|id| *id != OTHER && !known(id)).map(|id| odd(id, id));
        Self { rows: wanted.iter().map(row).chain(others).chain([odd(OTHER, OTHER_NAME)]).collect() }
    }

    /// Items that must be there: 必交 that somebody did not say this firm need not hand in.
    pub fn required(&self) -> impl Iterator<Item = &Row<'a>> {
        self.rows.iter().filter(|row| row.need == Need::Required && row.item.state() != State::Waived)
    }

    /// How many of them are there, of how many.
    pub fn count(&self) -> (usize, usize) {
        (self.required().filter(|row| row.item.state().is_there()).count(), self.required().count())
    }

    /// Names of those that are not there, or not fit.
    pub fn missing(&self) -> Vec<&'a str> {
        self.required().filter(|row| !row.item.state().is_there()).map(|row| row.name).collect()
    }

    /// 缺 2 项必交材料：申请书、审计报告. `None`: nothing is missing.
    pub fn says_missing(&self) -> Option<String> {
        let missing = self.missing();
        match missing.as_slice() {
            [] => None,
            some => Some(format!("缺 {} 项必交材料：{}", some.len(), some.join("、"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{Attached, Checked, Detached, Undone};
    use crate::domain::filing::machine::{Wish, decide};
    use crate::domain::filing::{Filing, key};
    use crate::domain::program::Effect;
    use crate::domain::testing::{Teller, day, opened, version};

    fn attached(item: &str, content: &str) -> Fact {
        replacing(item, content, &[])
    }

    fn replacing(item: &str, content: &str, replaces: &[Hash]) -> Fact {
        Fact::FilingAttached(Attached {
            item: item.into(),
            round: 1,
            file: Hash::of(&[content.as_bytes()]),
            name: format!("{content}.pdf"),
            size: content.len() as u64,
            replaces: replaces.into(),
        })
    }

    fn checked(teller: &Teller, item: &str, mark: Option<Mark>, remark: &str) -> Fact {
        let content = Materials::replay(&teller.history()).item(item).digest();
        Fact::FilingChecked(Checked { item: item.into(), round: 1, mark, remark: remark.into(), content })
    }

    fn names(teller: &Teller, item: &str) -> Vec<String> {
        Materials::replay(&teller.history()).item(item).files.iter().map(|file| file.name.clone()).collect()
    }

    fn state(teller: &Teller, item: &str) -> State {
        Materials::replay(&teller.history()).item(item).state()
    }

    fn filing() -> (Teller, Hash) {
        let mut teller = Teller::new(8);
        let created = teller.tell(&opened("fill", day(8, 3)));
        (teller, created)
    }

    #[test]
    fn two_people_who_add_different_files_to_one_item_both_keep_them() {
        let (mut teller, created) = filing();
        teller.tell_after(1, &[created], &attached("audit", "甲"));
        teller.tell_after(2, &[created], &attached("audit", "乙"));
        assert_eq!(names(&teller, "audit"), ["甲.pdf", "乙.pdf"]);
        // Whatever the order they arrive in.
        teller.entries.reverse();
        assert_eq!(names(&teller, "audit"), ["甲.pdf", "乙.pdf"]);
    }

    #[test]
    fn the_same_content_added_twice_is_one_file_and_goes_as_one() {
        let (mut teller, created) = filing();
        let one = teller.tell_after(1, &[created], &attached("audit", "甲"));
        let two = teller.tell_after(2, &[created], &attached("audit", "甲"));
        let materials = Materials::replay(&teller.history());
        assert_eq!(materials.item("audit").files.len(), 1);
        assert_eq!(materials.item("audit").files[0].events, [one, two]);
        teller.tell(&Fact::FilingDetached(Detached { attached: vec![one, two], round: 1 }));
        assert_eq!(names(&teller, "audit"), [] as [&str; 0]);
    }

    #[test]
    fn a_file_goes_only_by_somebody_who_had_seen_it() {
        let (mut teller, created) = filing();
        let one = teller.tell_after(1, &[created], &attached("audit", "甲"));
        // A removal that names what its author cannot have seen.
        teller.tell_after(2, &[created], &Fact::FilingDetached(Detached { attached: vec![one], round: 1 }));
        assert_eq!(names(&teller, "audit"), ["甲.pdf"]);
        let removed = teller.tell(&Fact::FilingDetached(Detached { attached: vec![one], round: 1 }));
        assert_eq!(names(&teller, "audit"), [] as [&str; 0]);
        teller.tell(&Fact::Undone(Undone { events: vec![removed] }));
        assert_eq!(names(&teller, "audit"), ["甲.pdf"], "undo brings it back");
    }

    #[test]
    fn two_replacements_of_one_file_unaware_of_each_other_both_stand() {
        let (mut teller, created) = filing();
        let old = teller.tell_after(1, &[created], &attached("audit", "旧"));
        teller.tell_after(1, &[old], &replacing("audit", "新一", &[old]));
        teller.tell_after(2, &[old], &replacing("audit", "新二", &[old]));
        assert_eq!(names(&teller, "audit"), ["新一.pdf", "新二.pdf"]);
    }

    #[test]
    fn a_finding_holds_for_the_files_it_was_made_on() {
        let (mut teller, _) = filing();
        assert_eq!(state(&teller, "audit"), State::Missing);
        let first = teller.tell(&attached("audit", "甲"));
        assert_eq!(state(&teller, "audit"), State::Given);
        let fact = checked(&teller, "audit", Some(Mark::Unfit), "缺 2025 年度");
        teller.tell(&fact);
        assert_eq!(state(&teller, "audit"), State::Unfit);
        let second = teller.tell(&replacing("audit", "乙", &[first]));
        let materials = Materials::replay(&teller.history());
        assert_eq!(materials.item("audit").state(), State::Given);
        assert!(materials.item("audit").must_be_checked_again());
        // The first content again: what was found of it holds again.
        teller.tell(&replacing("audit", "甲", &[second]));
        assert_eq!(state(&teller, "audit"), State::Unfit);
        let fact = checked(&teller, "audit", None, "");
        teller.tell(&fact);
        assert_eq!(state(&teller, "audit"), State::Given, "a mark can be taken back");
    }

    #[test]
    fn paper_counts_as_handed_in_and_what_need_not_be_there_is_not_missing() {
        let version = version();
        let (mut teller, _) = filing();
        let says = |teller: &Teller| {
            let materials = Materials::replay(&teller.history());
            let list = Checklist::new(&version.materials, &materials);
            (list.count(), list.says_missing())
        };
        assert_eq!(says(&teller), ((0, 2), Some("缺 2 项必交材料：申请书、审计报告".into())));
        let fact = checked(&teller, "application", Some(Mark::Given), "纸质");
        teller.tell(&fact);
        assert_eq!(says(&teller), ((1, 2), Some("缺 1 项必交材料：审计报告".into())));
        let fact = checked(&teller, "audit", Some(Mark::Waived), "新办企业");
        teller.tell(&fact);
        assert_eq!(says(&teller), ((1, 1), None));
        // Scanned afterwards: still handed in.
        teller.tell(&attached("application", "扫描"));
        assert_eq!(state(&teller, "application"), State::Given);
        let fact = checked(&teller, "application", Some(Mark::Unfit), "看不清");
        teller.tell(&fact);
        assert_eq!(says(&teller), ((0, 1), Some("缺 1 项必交材料：申请书".into())), "unfit is not there");
    }

    #[test]
    fn findings_made_unaware_of_each_other_are_said_to_differ_until_somebody_looks() {
        let (mut teller, _) = filing();
        let file = teller.tell(&attached("audit", "甲"));
        let fit = checked(&teller, "audit", Some(Mark::Fit), "");
        let unfit = checked(&teller, "audit", Some(Mark::Unfit), "没有签字");
        teller.tell_after(1, &[file], &fit);
        teller.tell_after(2, &[file], &unfit);
        let materials = Materials::replay(&teller.history());
        assert!(materials.item("audit").contested);
        assert_eq!(materials.item("audit").state(), State::Unfit);
        let again = checked(&teller, "audit", Some(Mark::Fit), "");
        teller.tell(&again);
        let materials = Materials::replay(&teller.history());
        assert!(!materials.item("audit").contested);
        assert_eq!(materials.item("audit").state(), State::Fit);
    }

    #[test]
    fn what_belongs_to_no_item_has_its_line() {
        let version = version();
        let (mut teller, _) = filing();
        teller.tell(&attached("gone_item", "甲"));
        let materials = Materials::replay(&teller.history());
        let list = Checklist::new(&version.materials, &materials);
        let rows: Vec<(&str, usize)> = list.rows.iter().map(|row| (row.name, row.item.files.len())).collect();
        assert_eq!(rows, [("申请书", 0), ("审计报告", 0), ("照片", 0), ("gone_item", 1), ("其他材料", 0)]);
    }

    #[test]
    fn files_changed_after_the_approval_show() {
        let version = version();
        let (mut teller, _) = filing();
        let first = teller.tell(&attached("audit", "甲"));
        let replay = |teller: &Teller| Filing::replay(teller.record, &teller.history()).unwrap();
        let filing = replay(&teller);
        let mut moved =
            decide(&filing.track, &version, &Wish::new(Effect::Pass, day(8, 4)), filing.content(), day(8, 4)).unwrap();
        moved.materials = filing.materials.digest();
        teller.tell(&Fact::FilingMoved(moved));
        assert!(!replay(&teller).files_changed_since_approval());
        let whole = replay(&teller).whole();
        let second = teller.tell(&replacing("audit", "乙", &[first]));
        assert!(replay(&teller).files_changed_since_approval());
        assert_ne!(replay(&teller).whole(), whole);
        teller.tell(&replacing("audit", "甲", &[second]));
        assert!(!replay(&teller).files_changed_since_approval(), "the same content again");
        assert_eq!(replay(&teller).whole(), whole);
        assert_eq!(replay(&teller).fields.get(key::STAGE), Some("fill"));
    }
}
