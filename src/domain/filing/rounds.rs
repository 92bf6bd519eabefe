//! What came back after a return: the form and the files as whoever returned them had seen them, held against what is there
//! now, or was there at the next return.

use super::materials::{Attachment, Materials};
use super::track::{Decision, Track};
use super::{Filing, key};
use crate::domain::defect::{About, Defect};
use crate::domain::history::{History, Registers};
use crate::domain::program::Effect;
use crate::domain::seal::Keys;

/// A field of the form that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDifference {
    /// Without prefix.
    pub id: String,
    /// `None`: there was nothing.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDifference {
    pub item: String,
    /// `None`: it is new.
    pub before: Option<Attachment>,
    /// `None`: it was removed.
    pub after: Option<Attachment>,
}

impl FileDifference {
    /// 新增, 替换, 移除.
    pub fn word(&self) -> &'static str {
        match (&self.before, &self.after) {
            (None, _) => "新增",
            (_, None) => "移除",
            _ => "替换",
        }
    }
}

/// What differs between a round and the one before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Differences {
    /// The round that came back.
    pub round: u16,
    pub fields: Vec<FieldDifference>,
    pub files: Vec<FileDifference>,
    /// What the return had found wrong, and whether what it was about has changed since. `None`: it was about the whole.
    pub defects: Vec<(Defect, Option<bool>)>,
}

impl Differences {
    /// Opens sealed values for whoever reads them. A number that was only sealed meanwhile is no difference.
    pub fn open(&mut self, keys: &Keys) {
        for value in self.fields.iter_mut().flat_map(|field| [&mut field.before, &mut field.after]).flatten() {
            if let Some(plain) = keys.open(value) {
                *value = plain;
            }
        }
        self.fields.retain(|field| field.before != field.after);
    }
}

/// What the history of a filing knew at the end of a round.
///
/// A round ends with the return that opened the next; the current one has not ended. `None` for a round there never was.
pub fn at_end_of(history: &History, track: &Track, round: u16) -> Option<History> {
    match ended_by(track, round) {
        Some(decision) => Some(history.known_to(decision.position)),
        None => (round == track.round).then(|| history.clone()),
    }
}

/// The return a round ended with.
pub fn ended_by(track: &Track, round: u16) -> Option<&Decision> {
    track.line().rev().find(|decision| decision.moved.effect == Effect::Return && decision.moved.round == round)
}

/// What of the form and the files differs in a round from what was returned. `None` for the first round, and for one there
/// never was.
pub fn differences(filing: &Filing, history: &History, round: u16) -> Option<Differences> {
    let returned = ended_by(&filing.track, round.checked_sub(1)?)?;
    let before = history.known_to(returned.position);
    let after = at_end_of(history, &filing.track, round)?;
    let fields = fields(&Registers::replay(&before), &Registers::replay(&after));
    let files = files(&Materials::replay(&before), &Materials::replay(&after));
    let touched = |about: &About| match about {
        About::Whole => None,
        About::Material(id) => Some(files.iter().any(|file| file.item == *id)),
        About::Field(id) => Some(fields.iter().any(|field| field.id == *id)),
    };
    let defects = returned.moved.defects.iter().map(|defect| (defect.clone(), touched(&defect.about))).collect();
    Some(Differences { round, fields, files, defects })
}

fn fields(before: &Registers, after: &Registers) -> Vec<FieldDifference> {
    let mut ids: Vec<&str> = before.below(key::FORM).chain(after.below(key::FORM)).map(|(id, _)| id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter()
        .filter_map(|id| {
            let whole = format!("{}{id}", key::FORM);
            let (old, new) = (before.get(&whole), after.get(&whole));
            let own = |value: Option<&str>| value.map(str::to_owned);
            (old != new).then(|| FieldDifference { id: id.to_owned(), before: own(old), after: own(new) })
        })
        .collect()
}

fn files(before: &Materials, after: &Materials) -> Vec<FileDifference> {
    let mut items: Vec<&str> = before.items().chain(after.items()).map(|(id, _)| id).collect();
    items.sort_unstable();
    items.dedup();
    let mut all = Vec::new();
    for item in items {
        let (old, new) = (&before.item(item).files, &after.item(item).files);
        let among = |file: &Attachment, others: &[Attachment]| others.iter().any(|other| other.file == file.file);
        let mut gone: Vec<&Attachment> = old.iter().filter(|file| !among(file, new)).collect();
        let fresh: Vec<&Attachment> = new.iter().filter(|file| !among(file, old)).collect();
        let mut one = |before: Option<&Attachment>, after: Option<&Attachment>| {
            all.push(FileDifference { item: item.to_owned(), before: before.cloned(), after: after.cloned() });
        };
        for file in fresh {
            // Said to replace it, or brought again under its name.
            let replaced = |old: &&Attachment| old.events.iter().any(|event| file.replaces.contains(event));
            let at = gone.iter().position(replaced).or_else(|| gone.iter().position(|old| old.name == file.name));
            one(at.map(|at| gone.remove(at)), Some(file));
        }
        for file in gone {
            one(Some(file), None);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{Attached, Detached, Fact, Fields, Hash, Undone};
    use crate::domain::filing::machine::{Wish, decide};
    use crate::domain::testing::{Teller, day, opened, version};

    struct Story {
        teller: Teller,
    }

    impl Story {
        fn new() -> Self {
            let mut teller = Teller::new(8);
            teller.tell(&opened("fill", day(8, 3)));
            teller.tell(&Fact::FilingChanged(Fields::set([("form.staff", "20"), ("form.contact", "周敏")])));
            Self { teller }
        }

        fn filing(&self) -> Filing {
            Filing::replay(self.teller.record, &self.teller.history()).expect("a filing")
        }

        fn attach(&mut self, item: &str, content: &str, name: &str, replaces: &[Hash]) -> Hash {
            self.teller.tell(&Fact::FilingAttached(Attached {
                item: item.into(),
                round: self.filing().track.round,
                file: Hash::of(&[content.as_bytes()]),
                name: name.into(),
                size: 1,
                replaces: replaces.into(),
            }))
        }

        fn go(&mut self, wish: &Wish) -> Hash {
            let filing = self.filing();
            let moved = decide(&filing.track, &version(), wish, filing.content(), day(8, 30)).expect("legal");
            self.teller.tell(&Fact::FilingMoved(moved))
        }

        fn returned(&mut self, defects: Vec<Defect>) -> Hash {
            self.go(&Wish::new(Effect::Pass, day(8, 6)));
            self.go(&Wish { defects, ..Wish::new(Effect::Return, day(8, 6)) })
        }

        fn told(&self, round: u16) -> Vec<String> {
            let Some(all) = differences(&self.filing(), &self.teller.history(), round) else { return Vec::new() };
            let name = |file: &Option<Attachment>| file.as_ref().map_or("—".to_owned(), |file| file.name.clone());
            let value = |value: &Option<String>| value.clone().unwrap_or("—".to_owned());
            let fields = all.fields.iter().map(|f| format!("{} {}→{}", f.id, value(&f.before), value(&f.after)));
            let files =
                all.files.iter().map(|f| format!("{} {} {}→{}", f.item, f.word(), name(&f.before), name(&f.after)));
            let defects = all.defects.iter().map(|(defect, touched)| format!("{} {touched:?}", defect.says));
            fields.chain(files).chain(defects).collect()
        }
    }

    #[test]
    fn what_came_back_is_told_field_by_field_and_file_by_file() {
        let mut story = Story::new();
        let audit = story.attach("audit", "审计一", "审计.pdf", &[]);
        story.attach("photo", "照片", "照片.jpg", &[]);
        let photo = story.attach("photo", "照片二", "照片二.jpg", &[]);
        assert!(story.told(1).is_empty(), "nothing came back in the first round");
        story.returned(vec![
            Defect::new(About::Material("audit".into()), "缺 2025 年度"),
            Defect::new(About::Field("contact".into()), "换人了"),
            Defect::new(About::Whole, "注意期限"),
        ]);
        assert_eq!(story.told(2), ["缺 2025 年度 Some(false)", "换人了 Some(false)", "注意期限 None"]);
        story.attach("audit", "审计二", "审计报告（补正）.pdf", &[audit]);
        story.attach("application", "申请书", "申请书.pdf", &[]);
        story.teller.tell(&Fact::FilingDetached(Detached { attached: vec![photo], round: 2 }));
        story.teller.tell(&Fact::FilingChanged(Fields::set([("form.staff", "26"), ("form.phone", "1")])));
        assert_eq!(
            story.told(2),
            [
                "phone —→1",
                "staff 20→26",
                "application 新增 —→申请书.pdf",
                "audit 替换 审计.pdf→审计报告（补正）.pdf",
                "photo 移除 照片二.jpg→—",
                "缺 2025 年度 Some(true)",
                "换人了 Some(false)",
                "注意期限 None",
            ]
        );
        // The second return ends the second round; what comes later belongs to the third.
        story.returned(vec![Defect::new(About::Whole, "再补一次")]);
        story.teller.tell(&Fact::FilingChanged(Fields::set([("form.staff", "30")])));
        assert_eq!(story.told(2)[1], "staff 20→26");
        assert_eq!(story.told(3), ["staff 26→30", "再补一次 None"]);
        assert!(story.told(4).is_empty(), "there never was a fourth");
    }

    #[test]
    fn what_whoever_returned_it_had_not_seen_counts_as_come_since() {
        let mut story = Story::new();
        let seen = story.teller.history().heads();
        story.returned(vec![Defect::new(About::Whole, "缺材料")]);
        // Another desk, unaware of the return.
        story.teller.tell_after(2, &seen, &Fact::FilingChanged(Fields::set([("form.staff", "21")])));
        assert_eq!(story.told(2), ["staff 20→21", "缺材料 None"]);
    }

    #[test]
    fn a_return_taken_back_leaves_no_round() {
        let mut story = Story::new();
        let returned = story.returned(vec![Defect::new(About::Whole, "缺材料")]);
        story.attach("audit", "审计", "审计.pdf", &[]);
        story.teller.tell(&Fact::Undone(Undone { events: vec![returned] }));
        assert!(story.told(2).is_empty());
        assert_eq!(story.filing().materials.item("audit").files.len(), 1, "what came meanwhile stays");
    }

    #[test]
    fn a_file_brought_again_under_its_name_replaced_the_old_one() {
        let mut story = Story::new();
        let old = story.attach("audit", "一", "审计.pdf", &[]);
        story.returned(vec![Defect::new(About::Whole, "缺材料")]);
        story.teller.tell(&Fact::FilingDetached(Detached { attached: vec![old], round: 2 }));
        story.attach("audit", "二", "审计.pdf", &[]);
        assert_eq!(story.told(2)[0], "audit 替换 审计.pdf→审计.pdf");
        let history = story.teller.history();
        let before = at_end_of(&history, &story.filing().track, 1).map(|then| Materials::replay(&then));
        assert_eq!(before.unwrap().item("audit").files[0].file, Hash::of(&["一".as_bytes()]));
    }
}
