//! Lawful erasure: what events say of some fields of a record goes, their hashes and the chains stay.

use std::collections::BTreeSet;

use crate::domain::erasure::Said;
use crate::domain::event::{Erased, Fact, Fields, FormErased, Hash, RecordKind};
use crate::domain::filing::{content, key as filing_key};
use crate::domain::firm::{Firm, key};
use crate::domain::history::{History, Registers};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::store::Act;
use crate::store::acts::Values;
use crate::store::journal;
use crate::store::queries::filings_of;

impl Act<'_> {
    /// Erases fields of a firm or filing from every event that ever held them, here and, when the decree arrives, on every
    /// other machine. What the same events said of other fields and still counts is written again first; older values of
    /// those are gone too. Returns how many events were emptied.
    ///
    /// # Errors
    /// Bad input without a reason or for a field a record cannot be without; not found where no event holds them; refused
    /// while an open conflict of the record waits for a person.
    pub fn erase(&mut self, record: RecordId, fields: &[String], reason: &str) -> Result<usize> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Problem::bad_input("清除个人信息必须写明原因。").next("请写明是谁要求的、依据什么。"));
        }
        self.permit(Permission::Erase)?;
        let history = self.history(record)?.clone();
        let kind = history.record_kind();
        let may_go = |field: &str| match kind {
            Some(RecordKind::Firm) => field != key::NAME,
            Some(RecordKind::Filing) => field.starts_with(filing_key::FORM) || field == filing_key::NOTE,
            _ => false,
        };
        if let Some(field) = fields.iter().find(|field| !may_go(field)) {
            return Err(Problem::bad_input(format!("“{field}”不能清除：档案没有它就不成立。"))
                .next("只能清除企业名称以外的企业字段，或申报表里的内容和备注。"));
        }
        let registers = Registers::replay(&history);
        if registers.conflicts().next().is_some() {
            return Err(Problem::refused("这份档案还有没处理的冲突，先不能清除。").next("请先处理冲突，再清除。"));
        }
        let fields: BTreeSet<&str> = fields.iter().map(String::as_str).collect();
        let going: Vec<usize> = (0..history.len()).filter(|n| holds(&history, *n, &fields)).collect();
        if going.is_empty() {
            return Err(Problem::not_found("这份档案的流水里没有这些内容。").next("不需要清除。"));
        }
        let firm = kind == Some(RecordKind::Firm);
        for again in restated(&history, &registers, &going, &fields, firm) {
            self.append_judged(record, if firm { Fact::FirmChanged(again) } else { Fact::FilingChanged(again) })?;
        }
        self.decree(record, &history, &going, fields.into_iter().map(str::to_owned).collect(), reason)
    }

    /// Erases fields as [`Act::erase`] does, and what they have said where other records of the same firm repeat it: in
    /// the firm's file, in filings, in shortlists that went out. A record that does not repeat it is left alone.
    ///
    /// # Errors
    /// As [`Act::erase`].
    pub fn erase_with(
        &mut self,
        record: RecordId,
        fields: &[String],
        others: &[RecordId],
        reason: &str,
    ) -> Result<usize> {
        let (filings, keys) = (filings_of(self.connection()?, record)?.1, self.keys().clone());
        let said = Said::of(self.history(record)?, fields, filings, keys);
        let mut gone = self.erase(record, fields, reason)?;
        for other in others {
            let history = self.history(*other)?;
            gone += match history.record_kind() {
                Some(RecordKind::Shortlist) => self.erase_cells(*other, &said, reason.trim())?,
                _ => match said.fields_of(history) {
                    fields if fields.is_empty() => 0,
                    fields => self.erase(*other, &fields, reason)?,
                },
            };
        }
        Ok(gone)
    }

    /// Erases what a person's cells say in every version of a shortlist. A version stays the one that went out.
    fn erase_cells(&mut self, list: RecordId, said: &Said, reason: &str) -> Result<usize> {
        let history = self.history(list)?.clone();
        let (mut going, mut heads) = (Vec::new(), BTreeSet::new());
        for n in 0..history.len() {
            let Some(Fact::ShortlistFrozen(frozen)) = history.fact(n) else { continue };
            let mut again = frozen.clone();
            let blank = said.blank(&mut again);
            if blank.is_empty() {
                continue;
            }
            going.push(n);
            heads.extend(blank);
            if !history.is_taken_back(n) {
                again.restates = Some(history.entries()[history.stands_at(n)].hash);
                self.append_judged(list, Fact::ShortlistFrozen(again))?;
            }
        }
        if going.is_empty() {
            return Ok(0);
        }
        self.decree(list, &history, &going, heads.into_iter().collect(), reason)
    }

    /// Decrees that events say nothing any more, and empties them here.
    fn decree(
        &mut self,
        record: RecordId,
        history: &History,
        going: &[usize],
        fields: Vec<String>,
        reason: &str,
    ) -> Result<usize> {
        let events: Vec<Hash> = going.iter().map(|n| history.entries()[*n].hash).collect();
        let mut decree = Erased { events, fields, reason: reason.to_owned(), files: Vec::new(), form: None };
        if history.record_kind() == Some(RecordKind::Filing) {
            decree.form = self.form_without(record, history, &decree)?;
        }
        self.append(record, Fact::Erased(decree))?;
        journal::erase(self.connection()?, going.iter().map(|n| &history.entries()[*n]))?;
        self.set_erased();
        Ok(going.len())
    }

    /// What the form of a filing was before a decree, and what it will be. `None` where that is the same, or nobody has judged
    /// it yet: a digest of what is to be forgotten is not written down for nothing.
    fn form_without(&mut self, record: RecordId, before: &History, decree: &Erased) -> Result<Option<FormErased>> {
        let judged = |fact: &Fact| matches!(fact, Fact::FilingMoved(_) | Fact::FilingReviewed(_));
        if !(0..before.len()).filter_map(|n| before.fact(n)).any(judged) {
            return Ok(None);
        }
        let was = content(&Registers::replay(before));
        let mut after = self.history(record)?.clone();
        after.erase(&decree.events);
        let now = content(&Registers::replay(&after));
        Ok((was != now).then_some(FormErased { was, now }))
    }

    /// Erases the content of kept files of a filing or of an import, here and, when the decree arrives, on every other
    /// machine; the same content goes wherever else it was handed in. Returns how many files it was about.
    ///
    /// # Errors
    /// Bad input without a reason; not found for a file the record does not have or that was erased before.
    pub fn erase_files(&mut self, record: RecordId, files: &[Hash], reason: &str) -> Result<usize> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Problem::bad_input("清除文件必须写明原因。").next("请写明是谁要求的、依据什么。"));
        }
        self.permit(Permission::Erase)?;
        let history = self.history(record)?.clone();
        let facts = || (0..history.len()).filter_map(|n| history.fact(n));
        let held: BTreeSet<Hash> = facts()
            .filter_map(|fact| match fact {
                Fact::FilingAttached(attached) => Some(attached.file),
                Fact::ImportDone(done) => Some(done.digest),
                _ => None,
            })
            .collect();
        let before: BTreeSet<Hash> = facts()
            .filter_map(|fact| match fact {
                Fact::Erased(erased) => Some(erased.files.iter().copied()),
                _ => None,
            })
            .flatten()
            .collect();
        let going: BTreeSet<Hash> = files.iter().copied().filter(|file| !before.contains(file)).collect();
        if going.is_empty() || !going.is_subset(&held) {
            return Err(Problem::not_found("这份档案里没有要清除的文件，或者已经清除过。").next("请刷新后再看。"));
        }
        let files: Vec<Hash> = going.into_iter().collect();
        let decree = Erased {
            events: Vec::new(),
            fields: Vec::new(),
            reason: reason.to_owned(),
            files: files.clone(),
            form: None,
        };
        self.append(record, Fact::Erased(decree))?;
        self.set_erased();
        Ok(files.len())
    }
}

/// Whether an event says something of one of the fields, in its values or in what was confirmed about them.
fn holds(history: &History, n: usize, fields: &BTreeSet<&str>) -> bool {
    history.fact(n).and_then(Fact::fields).is_some_and(|said| {
        said.set.iter().any(|(key, value)| value.is_some() && fields.contains(key.as_str()))
            || said.confirmed.iter().any(|confirmed| fields.contains(confirmed.field.as_str()))
    })
}

/// What the events that go say of other fields and still counts: one again for each, in its place.
fn restated(
    history: &History,
    registers: &Registers,
    going: &[usize],
    fields: &BTreeSet<&str>,
    firm: bool,
) -> Vec<Fields> {
    let mut all = Vec::new();
    for n in going {
        let Some(said) = history.fact(*n).and_then(Fact::fields) else { continue };
        let counts = |key: &&String| !fields.contains(key.as_str()) && registers.writer(key) == Some(*n);
        let set: Values = said.set.iter().filter(|(key, _)| counts(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
        if set.is_empty() {
            continue;
        }
        let confirmed = said.confirmed.iter().filter(|one| set.contains_key(&one.field)).cloned().collect();
        let restates = Some(history.entries()[history.stands_at(*n)].hash);
        all.push(Fields { set, confirmed, source: said.source, restates });
    }
    // A name it had before is known from the event that gave it; where that goes, it is written down as a former name.
    let named = |n: &usize| history.fact(*n).and_then(Fact::fields).is_some_and(|said| said.get(key::NAME).is_some());
    if firm
        && !fields.contains(key::FORMER_NAMES)
        && going.iter().any(named)
        && let Some(firm) = Firm::replay(RecordId::OFFICE, history)
        && !firm.former_names.is_empty()
    {
        all.push(Fields::set([(key::FORMER_NAMES, firm.former_names.join("；"))]));
    }
    all
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::domain::event::{Body, Entry, ShortlistRow};
    use crate::domain::filing::machine::Wish;
    use crate::domain::firm::key;
    use crate::domain::program::Effect;
    use crate::store::acts::NewFiling;
    use crate::store::testing::{OFFICER, Office, TODAY, options};
    use crate::store::{DATABASE_FILE, Db};

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), Some((*v).to_owned()))).collect()
    }

    /// A firm whose contact asked to be forgotten: entered with a phone, renamed and called again, the phone changed.
    fn firm(office: &Office) -> RecordId {
        let entered = values(&[(key::NAME, "青澜甲厂"), (key::PHONE, "13911112222"), (key::TOWNSHIP, "柳泉镇")]);
        let firm =
            office.db.act(OFFICER, "新增", |act| act.create_firm(entered, Vec::new(), None)).wait().unwrap().value;
        let renamed = values(&[(key::NAME, "青澜甲厂有限公司"), (key::PHONE, "13933334444")]);
        office.db.act(OFFICER, "更名", move |act| act.change_firm(firm, &renamed, Vec::new(), None)).wait().unwrap();
        firm
    }

    fn erase(office: &Office, firm: RecordId) -> Result<usize> {
        let fields = [key::PHONE.to_owned()];
        Ok(office.db.act(OFFICER, "清除个人信息", move |act| act.erase(firm, &fields, "本人要求")).wait()?.value)
    }

    fn entries(office: &Office, record: RecordId) -> Vec<Entry> {
        office.db.read(move |c| Ok(journal::history(c, record)?.entries().to_vec())).wait().unwrap()
    }

    #[test]
    fn what_was_erased_is_nowhere_and_the_chain_still_holds() {
        let office = Office::new(1);
        let firm = firm(&office);
        let before: Vec<Hash> = entries(&office, firm).iter().map(|entry| entry.hash).collect();
        assert_eq!(erase(&office, firm).unwrap(), 2);
        let after = entries(&office, firm);
        assert_eq!(after[..2].iter().map(|entry| entry.hash).collect::<Vec<_>>(), before, "no hash changed");
        assert!(after[..2].iter().all(|entry| matches!(entry.event.body, Body::Erased { .. })));
        assert_eq!(office.db.check().wait().unwrap().faults, []);
        let ledger = office.db.load_ledger(2025).wait().unwrap();
        let row = ledger.firm(firm).expect("the firm stands");
        assert_eq!((&*row.name, &*row.phone, &*row.township), ("青澜甲厂有限公司", "", "柳泉镇"));
        assert_eq!(row.former.iter().map(|name| &**name).collect::<Vec<_>>(), ["青澜甲厂"]);
        let Office { db, folder } = office;
        drop(db);
        let file = fs::read(folder.0.join(DATABASE_FILE)).unwrap();
        for phone in ["13911112222", "13933334444"] {
            assert!(memchr::memmem::find(&file, phone.as_bytes()).is_none(), "{phone} is still in the file");
        }
        let again = Db::open(&folder.0, options(2)).unwrap();
        assert_eq!(again.check().wait().unwrap().faults, []);
    }

    #[test]
    fn the_file_forgets_while_the_office_stays_open() {
        let office = Office::new(1);
        let firm = firm(&office);
        erase(&office, firm).unwrap();
        for name in [DATABASE_FILE.to_owned(), format!("{DATABASE_FILE}-wal")] {
            let file = fs::read(office.folder.0.join(&name)).unwrap_or_default();
            assert!(memchr::memmem::find(&file, b"13911112222").is_none(), "{name} still holds it");
        }
    }

    #[test]
    fn another_desk_erases_it_too_when_the_decree_arrives_in_any_order() {
        let office = Office::new(1);
        let firm = firm(&office);
        let whole =
            office.db.read(move |c| journal::chain_range(c, journal::heads(c)?[0].device, 1, 99)).wait().unwrap();
        erase(&office, firm).unwrap();
        let emptied =
            office.db.read(move |c| journal::chain_range(c, journal::heads(c)?[0].device, 1, 99)).wait().unwrap();
        let later: Vec<Entry> = emptied[whole.len()..].to_vec();
        for packages in [vec![whole.clone(), later.clone()], vec![later, whole], vec![emptied]] {
            let other = Office::new(7);
            for package in packages {
                other.db.accept(package).wait().unwrap();
            }
            assert!(entries(&other, firm)[..2].iter().all(|entry| matches!(entry.event.body, Body::Erased { .. })));
            assert_eq!(other.db.check().wait().unwrap().faults, []);
            let ledger = other.db.load_ledger(2025).wait().unwrap();
            assert_eq!((&*ledger.firm(firm).unwrap().phone, &*ledger.firm(firm).unwrap().township), ("", "柳泉镇"));
        }
    }

    #[test]
    fn an_emptied_event_waits_for_the_decree_that_says_so() {
        let office = Office::new(1);
        let firm = firm(&office);
        let chain = |office: &Office| {
            office.db.read(move |c| journal::chain_range(c, journal::heads(c)?[0].device, 1, 99)).wait().unwrap()
        };
        let whole = chain(&office);
        erase(&office, firm).unwrap();
        let emptied = chain(&office);
        let (first, rest) = emptied.split_at(whole.len());
        let other = Office::new(7);
        let report = other.db.accept(first.to_vec()).wait().unwrap();
        assert_eq!(report.waiting, 2, "both events of the firm wait; its actions do not");
        assert!(other.db.load_ledger(2025).wait().unwrap().firm(firm).is_none());
        // The body itself comes from a third desk before the decree does: it is shown, then erased like everywhere.
        let third = Office::new(8);
        third.db.accept(first.iter().chain(&whole).cloned().collect()).wait().unwrap();
        assert_eq!(&*third.db.load_ledger(2025).wait().unwrap().firm(firm).unwrap().phone, "13933334444");
        for desk in [&other, &third] {
            desk.db.accept(rest.to_vec()).wait().unwrap();
            assert_eq!(&*desk.db.load_ledger(2025).wait().unwrap().firm(firm).unwrap().phone, "");
            assert_eq!(desk.db.check().wait().unwrap().faults, []);
        }
    }

    fn chain(office: &Office) -> Vec<Entry> {
        let read = |c: &rusqlite::Connection| {
            let heads = journal::heads(c)?;
            let all =
                heads.iter().map(|head| journal::chain_range(c, head.device, 1, 99)).collect::<Result<Vec<_>>>()?;
            Ok(all.into_iter().flatten().collect())
        };
        office.db.read(read).wait().unwrap()
    }

    #[test]
    fn an_approval_stays_one_of_the_form_that_stands_there_when_something_of_it_is_erased() {
        let office = Office::new(1);
        let firm = firm(&office);
        let open = move |act: &mut Act<'_>| {
            let edition = act.open_edition("gaoqi", 2026, 1, Values::new())?;
            let form =
                values(&[("phone", "13911112222"), ("contact", "王五"), ("staff", "80"), ("note", "王五的名册")]);
            act.open_filing(firm, edition, NewFiling { form, ..NewFiling::default() })
        };
        let filing = office.db.act(OFFICER, "新增申报", open).wait().unwrap().value;
        let looks = |office: &Office| {
            let ledger = office.db.load_ledger(2025).wait().unwrap();
            let row = ledger.filing(filing).expect("the filing");
            (row.outdated, office.db.conflicts().wait().unwrap().len())
        };
        let digests = |office: &Office| {
            let decrees = entries(office, filing).iter().filter_map(Entry::fact).collect::<Vec<_>>();
            decrees.iter().filter(|fact| matches!(fact, Fact::Erased(erased) if erased.form.is_some())).count()
        };
        // While nobody has judged it, no digest of what goes is left behind.
        let note = ["form.note".to_owned()];
        office.db.act(OFFICER, "清除", move |act| act.erase(filing, &note, "本人要求")).wait().unwrap();
        assert_eq!(digests(&office), 0);
        let pass = Wish::new(Effect::Pass, TODAY);
        office.db.act(OFFICER, "通过", move |act| act.move_filing(filing, &pass)).wait().unwrap();
        // Another desk has seen it as it was approved, and approves it further unaware of what comes.
        let other = Office::new(7);
        other.db.accept(chain(&office)).wait().unwrap();
        let pass = Wish::new(Effect::Pass, TODAY);
        other.db.act(OFFICER, "通过", move |act| act.move_filing(filing, &pass)).wait().unwrap();
        for field in ["form.phone", "form.contact"] {
            let fields = [field.to_owned()];
            office.db.act(OFFICER, "清除", move |act| act.erase(filing, &fields, "本人要求")).wait().unwrap();
            assert_eq!(looks(&office), (false, 0), "{field}");
        }
        assert_eq!(digests(&office), 2);
        other.db.accept(chain(&office)).wait().unwrap();
        office.db.accept(chain(&other)).wait().unwrap();
        for office in [&office, &other] {
            assert_eq!(looks(office), (false, 0));
            assert_eq!(office.db.check().wait().unwrap().faults, []);
        }
        // What is changed besides is a change, as always.
        let set = values(&[("form.staff", "81")]);
        office.db.act(OFFICER, "修改", move |act| act.change_filing(filing, &set).map(drop)).wait().unwrap();
        assert_eq!(looks(&office), (true, 1));
    }

    #[test]
    fn what_a_colleague_changed_unaware_of_the_erasure_stands_and_nothing_is_in_conflict() {
        let office = Office::new(1);
        let entered = values(&[(key::NAME, "青澜甲厂"), (key::PHONE, "13911112222"), (key::CONTACT, "王五")]);
        let firm =
            office.db.act(OFFICER, "新增", |act| act.create_firm(entered, Vec::new(), None)).wait().unwrap().value;
        let other = Office::new(7);
        other.db.accept(chain(&office)).wait().unwrap();
        let renamed = values(&[(key::CONTACT, "王六")]);
        other.db.act(OFFICER, "修改", move |act| act.change_firm(firm, &renamed, Vec::new(), None)).wait().unwrap();
        erase(&office, firm).unwrap();
        let contact = |office: &Office| {
            let firm = office.db.firm(firm).wait().unwrap().expect("the firm").firm;
            (firm.fields.text(key::CONTACT), firm.fields.conflicts().count())
        };
        assert_eq!(contact(&office), ("王五".to_owned(), 0));
        let (here, there) = (chain(&office), chain(&other));
        office.db.accept(there).wait().unwrap();
        other.db.accept(here).wait().unwrap();
        for desk in [&office, &other] {
            assert_eq!(contact(desk), ("王六".to_owned(), 0), "the later word stands");
            assert_eq!(desk.db.check().wait().unwrap().faults, []);
        }
        // Erasing again finds what was told again in its place, and that still gives way.
        let fields = [key::CONTACT.to_owned()];
        office.db.act(OFFICER, "清除", move |act| act.erase(firm, &fields, "本人要求")).wait().unwrap();
        assert_eq!(contact(&office), (String::new(), 0));
        assert_eq!(&*office.db.load_ledger(2025).wait().unwrap().firm(firm).expect("stands").name, "青澜甲厂");
    }

    #[test]
    fn a_list_that_went_out_loses_the_persons_cells_and_stays_the_version_it_was() {
        let office = Office::new(1);
        let firm = firm(&office);
        let day = office.db.clock().today();
        let (filing, list) = office
            .db
            .act(OFFICER, "定稿", move |act| {
                let edition = act.open_edition("gaoqi", 2026, 2, Values::new())?;
                let new = NewFiling { stage: "district".to_owned(), ..NewFiling::default() };
                let filing = act.open_filing(firm, edition, new)?;
                let list = act.make_shortlist(edition, "汇总", &[filing])?;
                let cells = ["青澜甲厂", "13911112222"].map(str::to_owned).to_vec();
                let heads = ["企业名称", "联系电话"].map(str::to_owned).to_vec();
                act.freeze_shortlist(list, day, "汇总", heads, vec![ShortlistRow { filing, cells }])?;
                Ok((filing, list))
            })
            .wait()
            .unwrap()
            .value;
        let fields = vec![key::PHONE.to_owned()];
        let echoes = office.db.echoes(firm, fields.clone()).wait().unwrap();
        assert_eq!(echoes.iter().map(|echo| echo.record).collect::<Vec<_>>(), [list]);
        let version = |office: &Office| {
            let list = office.db.shortlist(list).wait().unwrap().expect("the list").shortlist;
            assert_eq!(list.versions.len(), 1);
            list.versions[0].clone()
        };
        let before = version(&office);
        office.db.act(OFFICER, "清除", move |act| act.erase_with(firm, &fields, &[list], "本人要求")).wait().unwrap();
        let after = version(&office);
        assert_eq!((after.hash, after.at, after.frozen.number), (before.hash, before.at, before.frozen.number));
        assert_eq!(after.frozen.rows, [ShortlistRow { filing, cells: vec!["青澜甲厂".into(), String::new()] }]);
        assert!(office.db.echoes(firm, vec![key::PHONE.to_owned()]).wait().unwrap().is_empty());
        assert_eq!(office.db.check().wait().unwrap().faults, []);
        let other = Office::new(7);
        other.db.accept(chain(&office)).wait().unwrap();
        assert_eq!(version(&other).frozen, after.frozen);
        let Office { db, folder } = office;
        drop(db);
        let file = fs::read(folder.0.join(DATABASE_FILE)).unwrap();
        assert!(memchr::memmem::find(&file, b"13911112222").is_none(), "the number is still in the file");
    }

    #[test]
    fn a_filing_that_repeats_what_is_erased_from_the_firm_is_named_and_can_go_with_it() {
        let office = Office::new(1);
        let firm = firm(&office);
        let filing = office
            .db
            .act(OFFICER, "申报", move |act| {
                let edition = act.open_edition("gaoqi", 2026, 2, Values::new())?;
                let form = values(&[("phone", "13933334444"), ("staff", "80")]);
                let new = NewFiling { stage: "district".to_owned(), form, ..NewFiling::default() };
                act.open_filing(firm, edition, new)
            })
            .wait()
            .unwrap()
            .value;
        let fields = vec![key::PHONE.to_owned()];
        let echoes = office.db.echoes(firm, fields.clone()).wait().unwrap();
        assert_eq!(
            echoes.iter().map(|echo| (echo.record, echo.fields.clone())).collect::<Vec<_>>(),
            [(filing, fields.clone())]
        );
        office.db.act(OFFICER, "清除", move |act| act.erase_with(firm, &fields, &[filing], "本人要求")).wait().unwrap();
        let left = office.db.filing(filing).wait().unwrap().expect("the filing").filing.fields;
        assert_eq!((left.get("form.phone"), left.get("form.staff")), (None, Some("80")));
    }

    #[test]
    fn erasing_says_why_and_cannot_be_taken_back() {
        let office = Office::new(1);
        let firm = firm(&office);
        let fields = [key::PHONE.to_owned()];
        let silent = office.db.act(OFFICER, "清除", move |act| act.erase(firm, &fields, "  ")).wait().unwrap_err();
        assert!(silent.says.contains("原因"));
        let name = [key::NAME.to_owned()];
        assert!(office.db.act(OFFICER, "清除", move |act| act.erase(firm, &name, "本人要求")).wait().is_err());
        let fields = [key::PHONE.to_owned()];
        let done = office.db.act(OFFICER, "清除", move |act| act.erase(firm, &fields, "本人要求")).wait().unwrap();
        let action = done.action.unwrap();
        let refused = office.db.act(OFFICER, "撤销", move |act| act.undo(action)).wait().unwrap_err();
        assert!(refused.says.contains("依法清除"), "{}", refused.says);
        assert!(erase(&office, firm).is_err(), "there is nothing left to erase");
    }
}
