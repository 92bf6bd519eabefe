//! Numbers sealed in an office: nothing of them on the disk, everything of them for whoever holds the key.
//! How the key comes to people, and what brings it back, is in `people`.
//! Not compiled outside tests.

mod people;

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::domain::event::{Confirmed, ShortlistRow};
use crate::domain::filing::machine::Wish;
use crate::domain::firm::key;
use crate::domain::id::RecordId;
use crate::domain::people::Role;
use crate::domain::program::Effect;
use crate::domain::review::conflicts::Tie;
use crate::domain::seal::{COVERED, is_sealed, readable};
use crate::domain::{Kind, filing, seal};
use crate::store::accounts::Entry;
use crate::store::acts::{NewFiling, Values};
use crate::store::backup::By;
use crate::store::ledger::FirmFilter;
use crate::store::testing::{TODAY, TempFolder, options};
use crate::store::{Act, Db};

const PASSWORD: &str = "qinglan-2026";
const OTHER: &str = "chu shi mima";

/// Numbers nobody has, each in a field of its own.
const CONTACT: &str = "13800005206";
const LEGAL_ID: &str = "370102198001010017";
const LEGAL_PHONE: &str = "13800005207";
const FINANCE: &str = "0635-8288888-801";
const RD: &str = "13900006301";
const PERSON_ID: &str = "37010219800101009X";
const FORM_PHONE: &str = "13700007702";
const NUMBERS: [&str; 7] = [CONTACT, LEGAL_ID, LEGAL_PHONE, FINANCE, RD, PERSON_ID, FORM_PHONE];

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), Some((*v).to_owned()))).collect()
}

/// An office whose founder signed in.
struct Bureau {
    db: Db,
    founder: RecordId,
    folder: TempFolder,
}

impl Bureau {
    fn new() -> Self {
        let folder = TempFolder::new();
        let db = Db::open(&folder.0, options(5)).expect("an office");
        let found = |act: &mut Act<'_>| {
            let founder = act.found_office("青澜区科学技术局", "", "周敏", PASSWORD)?;
            act.change_user(founder, &values(&[("roles", "officer administrator supervisor auditor")]))?;
            Ok(founder)
        };
        let founder = db.act(RecordId::OFFICE, "启用", found).wait().expect("founded").value;
        db.new_recovery_key(founder).wait().expect("a recovery key");
        db.load_ledger(2025).wait().expect("a ledger");
        let bureau = Self { db, founder, folder };
        bureau.enter(bureau.founder, PASSWORD);
        bureau
    }

    /// The same with sealing switched on.
    fn sealed() -> Self {
        let bureau = Self::new();
        let done = bureau.db.seal_numbers(bureau.founder, true).wait().expect("switched on").value;
        assert!(done.changed && done.recovery.is_none(), "the recovery key there is serves");
        bureau
    }

    fn enter(&self, user: RecordId, password: &str) {
        let entry = self.db.sign_in(user, password, "登录").wait().expect("an answer");
        assert!(matches!(entry, Entry::In { .. }), "{entry:?}");
    }

    fn act<T: Send + 'static>(
        &self,
        deed: impl FnOnce(&mut Act<'_>) -> crate::domain::Result<T> + Send + 'static,
    ) -> crate::domain::Result<T> {
        self.db.act(self.founder, "改", deed).wait().map(|done| done.value)
    }

    fn add(&self, name: &'static str, role: Role) -> RecordId {
        self.act(move |act| act.add_user_with_password(name, &[role], OTHER)).expect("added")
    }

    fn firm(&self) -> RecordId {
        let all = values(&[
            (key::NAME, "青澜甲厂"),
            (key::PHONE, CONTACT),
            ("legal_id", LEGAL_ID),
            ("legal_phone", LEGAL_PHONE),
            ("finance_phone", FINANCE),
            (key::CONTACT, "秦川"),
        ]);
        self.act(|act| act.create_firm(all, Vec::new(), None)).expect("entered")
    }

    fn phone(&self, firm: RecordId) -> String {
        self.db.firm(firm).wait().expect("read").expect("a firm").firm.fields.text(key::PHONE)
    }

    /// The phone as the journal's tables hold it.
    fn stored(&self, firm: RecordId) -> String {
        self.db.load_ledger(2025).wait().expect("a ledger").firm(firm).expect("a row").phone.to_string()
    }

    fn assert_whole(&self) {
        assert_eq!(self.db.check().wait().expect("a check").faults, []);
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() { all.extend(files(&entry.path())) } else { all.push(entry.path()) }
    }
    all
}

fn assert_nowhere(folder: &Path, texts: &[&str]) {
    for path in files(folder) {
        let bytes = fs::read(&path).expect("a file");
        for text in texts {
            let found = memchr::memmem::find(&bytes, text.as_bytes());
            assert!(found.is_none(), "{text} stands in {}", path.display());
        }
    }
}

#[test]
fn whoever_holds_the_disk_finds_none_of_the_numbers_in_database_log_or_backup() {
    let bureau = Bureau::sealed();
    let firm = bureau.firm();
    let remark =
        Confirmed { field: "rd_phone".into(), says: format!("“{RD}”像是别人的"), reason: "已核实".into() };
    bureau.act(move |act| act.change_firm(firm, &values(&[("rd_phone", RD)]), vec![remark], None)).expect("changed");
    let filing = bureau
        .act(move |act| {
            let edition = act.open_edition("taishan_startup", 2026, 1, Values::new())?;
            let form = values(&[("person", "秦川"), ("id_number", PERSON_ID), ("phone", CONTACT)]);
            let filing = act.open_filing(firm, edition, NewFiling { form, ..NewFiling::default() })?;
            act.change_filing(filing, &values(&[("form.phone", FORM_PHONE)]))?;
            let list = act.make_shortlist(edition, "推荐", &[filing])?;
            let row = ShortlistRow { filing, cells: vec!["1".into(), "秦川".into(), FORM_PHONE.into()] };
            let heads = vec!["序号".into(), "申报人".into(), "联系电话".into()];
            act.freeze_shortlist(list, TODAY, "推荐汇总表", heads, vec![row])?;
            Ok(filing)
        })
        .expect("filed");
    let many = (0..40).map(|n| (values(&[(key::NAME, &format!("青澜第{n}厂")), (key::PHONE, RD)]), None)).collect();
    bureau.act(move |act| act.enter_firms(many, &mut || Ok(()))).expect("a list taken in");
    let draft = format!("{{\"phone\":\"{CONTACT}\",\"legal_id\":\"{LEGAL_ID}\"}}");
    bureau.db.set_draft("firm.new", &draft).wait().expect("kept");
    assert_eq!(bureau.db.draft("firm.new").wait().expect("read"), Some(draft));
    let backup = bureau.db.back_up(By::Hand, None).wait().expect("a backup").backup;
    assert!(backup.path.is_file() && backup.path.starts_with(&bureau.folder.0));
    assert_nowhere(&bureau.folder.0, &NUMBERS);
    assert!(
        files(&bureau.folder.0)
            .iter()
            .any(|path| { memchr::memmem::find(&fs::read(path).expect("a file"), seal::PREFIX.as_bytes()).is_some() })
    );
    // Whoever holds the key sees them all.
    let file = bureau.db.firm(firm).wait().expect("read").expect("a firm");
    for (field, number) in
        [(key::PHONE, CONTACT), ("legal_id", LEGAL_ID), ("legal_phone", LEGAL_PHONE), ("rd_phone", RD)]
    {
        assert_eq!(file.firm.fields.get(field), Some(number));
    }
    assert_eq!(file.changes[0].confirmed[0].says, format!("“{RD}”像是别人的"));
    let form = bureau.db.filing(filing).wait().expect("read").expect("a filing").filing.fields;
    assert_eq!((form.get("form.id_number"), form.get("form.phone")), (Some(PERSON_ID), Some(FORM_PHONE)));
    let list = bureau.db.shortlists().wait().expect("lists")[0].id;
    let frozen = bureau.db.shortlist(list).wait().expect("read").expect("a list").shortlist.versions;
    assert_eq!(frozen[0].frozen.rows[0].cells, ["1", "秦川", FORM_PHONE]);
    // The tables are made again without any key.
    bureau.db.forget_keys();
    bureau.db.rebuild().wait().expect("rebuilt");
    bureau.assert_whole();
    let Bureau { db, folder, .. } = bureau;
    drop(db);
    assert_nowhere(&folder.0, &NUMBERS);
    let db = Db::open(&folder.0, options(6)).expect("it opens");
    assert!(is_sealed(&db.firm(firm).wait().expect("read").expect("a firm").firm.fields.text(key::PHONE)));
}

#[test]
fn the_key_lies_nowhere_and_the_folder_alone_opens_nothing() {
    let bureau = Bureau::sealed();
    let firm = bureau.firm();
    let secrets: Vec<Vec<u8>> = bureau.db.keys().iter().map(|key| key.secret().to_vec()).collect();
    assert_eq!(secrets.len(), 1);
    let Bureau { db, folder, founder } = bureau;
    drop(db);
    for path in files(&folder.0) {
        let bytes = fs::read(&path).expect("a file");
        assert!(memchr::memmem::find(&bytes, &secrets[0]).is_none(), "the key lies in {}", path.display());
    }
    let db = Db::open(&folder.0, options(7)).expect("it opens");
    assert!(db.keys().is_empty());
    assert_eq!(db.sign_in(founder, "wrong wrong", "登录").wait().expect("an answer"), Entry::Wrong { left: 4 });
    assert!(db.keys().is_empty(), "a wrong password brings nothing");
    assert_eq!(readable(&db.firm(firm).wait().expect("read").expect("a firm").firm.fields.text(key::PHONE)), COVERED);
    db.sign_in(founder, PASSWORD, "登录").wait().expect("in");
    assert_eq!(db.firm(firm).wait().expect("read").expect("a firm").firm.fields.text(key::PHONE), CONTACT);
}

#[test]
fn the_key_goes_when_the_window_is_locked_and_comes_back_with_the_password() {
    let bureau = Bureau::sealed();
    let firm = bureau.firm();
    assert_eq!(bureau.phone(firm), CONTACT);
    bureau.db.forget_keys();
    assert!(bureau.db.keys().is_empty());
    let sealed = bureau.phone(firm);
    assert!(is_sealed(&sealed) && sealed == bureau.stored(firm), "the tables never held anything else");
    bureau.enter(bureau.founder, PASSWORD);
    assert_eq!(bureau.phone(firm), CONTACT);
}

#[test]
fn what_ends_while_the_window_is_locked_brings_no_key_back() {
    let bureau = Bureau::sealed();
    let secrets = bureau.db.keys().iter().map(|key| key.secret().clone()).collect::<Vec<_>>();
    bureau.db.forget_keys();
    let db = bureau.db.clone();
    bureau
        .act(move |act| {
            // The lock falls while the deed is under way.
            assert_eq!(act.learn_keys(secrets)?, 1);
            db.forget_keys();
            Ok(())
        })
        .expect("done");
    assert!(bureau.db.keys().is_empty());
}

#[test]
fn editing_another_field_without_the_key_leaves_the_number_and_a_number_is_not_written_in_the_clear() {
    let bureau = Bureau::sealed();
    let firm = bureau.firm();
    let before = bureau.stored(firm);
    bureau.db.forget_keys();
    let shown = bureau.phone(firm);
    // A form sends back what it was given.
    let edit = values(&[(key::CONTACT, "周敏"), (key::PHONE, &shown)]);
    assert!(bureau.act(move |act| act.change_firm(firm, &edit, Vec::new(), None)).expect("changed"));
    assert_eq!(bureau.stored(firm), before);
    let refused = bureau.act(move |act| act.change_firm(firm, &values(&[(key::PHONE, RD)]), Vec::new(), None));
    let refused = refused.expect_err("no key");
    assert!(refused.kind == Kind::Refused && refused.says.contains("密钥") && refused.next.is_some(), "{refused}");
    assert_nowhere(&bureau.folder.0, &[RD]);
    bureau.db.set_draft("firm.new", RD).wait().expect("an answer");
    assert_eq!(bureau.db.draft("firm.new").wait().expect("read"), None, "what cannot be sealed is not kept");
    bureau.enter(bureau.founder, PASSWORD);
    let file = bureau.db.firm(firm).wait().expect("read").expect("a firm");
    assert_eq!((file.firm.fields.get(key::PHONE), file.firm.fields.get(key::CONTACT)), (Some(CONTACT), Some("周敏")));
    assert_eq!(file.changes[0].fields.len(), 1, "only the contact changed: {:?}", file.changes[0]);
}

#[test]
fn a_number_that_is_entered_again_is_no_change_whether_it_was_sealed_or_not() {
    let bureau = Bureau::new();
    let old = bureau.firm();
    let again = || values(&[(key::PHONE, CONTACT)]);
    bureau.db.seal_numbers(bureau.founder, true).wait().expect("on");
    let new =
        bureau.act(|act| act.create_firm(values(&[(key::NAME, "青澜乙厂"), (key::PHONE, CONTACT)]), vec![], None));
    let new = new.expect("entered");
    for firm in [old, new] {
        let set = again();
        assert!(!bureau.act(move |act| act.change_firm(firm, &set, Vec::new(), None)).expect("looked at"));
    }
    assert_eq!(bureau.stored(old), CONTACT, "what was recorded before stays as it was");
    // Sealed twice, the same text: values compare without being opened.
    let twin =
        bureau.act(|act| act.create_firm(values(&[(key::NAME, "青澜丙厂"), (key::PHONE, CONTACT)]), vec![], None));
    assert_eq!(bureau.stored(twin.expect("entered")), bureau.stored(new));
}

#[test]
fn the_history_tells_sealed_numbers_opened_and_covered_or_that_they_are_sealed() {
    let bureau = Bureau::sealed();
    let firm = bureau.firm();
    bureau.act(move |act| act.change_firm(firm, &values(&[(key::PHONE, RD)]), Vec::new(), None)).expect("changed");
    let told = || {
        let changes = bureau.db.firm(firm).wait().expect("read").expect("a firm").changes;
        let field = changes[0].fields[0].clone();
        (field.old.unwrap_or_default(), field.new.unwrap_or_default())
    };
    assert_eq!(told(), ("138****5206".to_owned(), "139****6301".to_owned()));
    bureau.db.forget_keys();
    assert_eq!(told(), (COVERED.to_owned(), COVERED.to_owned()));
    let record = bureau.db.history(firm).wait().expect("read").expect("a record");
    assert_eq!(record.changes[0].fields[0].new.as_deref(), Some(COVERED));
}

#[test]
fn switched_off_new_numbers_are_in_the_clear_and_sealed_ones_stay_readable() {
    let bureau = Bureau::sealed();
    let firm = bureau.firm();
    bureau.db.seal_numbers(bureau.founder, false).wait().expect("off");
    assert!(!bureau.db.seal_numbers(bureau.founder, false).wait().expect("off").value.changed);
    assert!(!bureau.db.ledger().office.seals);
    let new = bureau.act(|act| act.create_firm(values(&[(key::NAME, "青澜乙厂"), (key::PHONE, RD)]), vec![], None));
    assert_eq!(bureau.stored(new.expect("entered")), RD);
    assert!(is_sealed(&bureau.stored(firm)));
    assert_eq!(bureau.phone(firm), CONTACT);
    let keys: Vec<String> = bureau.db.keys().iter().map(|key| key.id()).collect();
    bureau.db.seal_numbers(bureau.founder, true).wait().expect("on again");
    assert_eq!(bureau.db.keys().iter().map(|key| key.id()).collect::<Vec<_>>(), keys, "with the key it had");
}

#[test]
fn only_an_administrator_with_a_password_turns_the_switch_and_what_is_being_typed_is_sealed_with_it() {
    let bureau = Bureau::new();
    let officer = bureau.add("秦川", Role::Officer);
    let refused = bureau.db.seal_numbers(officer, true).wait().expect_err("no right");
    assert_eq!(refused.kind, Kind::Refused);
    let draft = format!("{{\"phone\":\"{CONTACT}\"}}");
    bureau.db.set_draft("firm.new", &draft).wait().expect("kept");
    bureau.db.seal_numbers(bureau.founder, true).wait().expect("on");
    assert_nowhere(&bureau.folder.0, &[CONTACT]);
    assert_eq!(bureau.db.draft("firm.new").wait().expect("read"), Some(draft));
}

#[test]
fn a_whole_number_finds_its_firm_and_a_part_does_not() {
    let bureau = Bureau::sealed();
    let firm = bureau.firm();
    let find = |text: &str| {
        let filter = FirmFilter { text: text.to_owned(), ..FirmFilter::default() };
        let listed = bureau.db.ledger().list_firms(&filter, None, TODAY);
        let found = bureau.db.ledger().find(text, 5).firms;
        assert_eq!(listed, found.iter().map(|found| found.id).collect::<Vec<_>>());
        found.into_iter().map(|found| (found.id, found.by)).collect::<Vec<_>>()
    };
    for text in [CONTACT, "138 0000 5206", "+86 13800005206"] {
        assert_eq!(find(text), [(firm, Some("138****5206".to_owned()))], "{text}");
    }
    assert_eq!(find("5206"), []);
    assert_eq!(find("13800005207"), [], "another number");
    bureau.db.forget_keys();
    assert_eq!(find(CONTACT), [], "without the key nothing can be compared");
}

#[test]
fn whoever_shares_a_sealed_number_with_the_firm_is_tied_to_it() {
    let bureau = Bureau::sealed();
    let firm = bureau.firm();
    let filing = bureau
        .act(move |act| {
            let edition = act.open_edition("gaoqi", 2026, 1, Values::new())?;
            let form = values(&[("phone", FORM_PHONE)]);
            act.open_filing(firm, edition, NewFiling { form, ..NewFiling::default() })
        })
        .expect("filed");
    let ties =
        |phone: &str| bureau.db.ties(filing, "王某".into(), String::new(), phone.into()).wait().expect("an answer");
    assert!(ties("+86 138 0000 5206").contains(&Tie::Phone));
    assert!(!ties("13811112222").contains(&Tie::Phone));
}

#[test]
fn a_decision_stands_on_the_same_content_with_the_key_and_without() {
    let bureau = Bureau::sealed();
    let firm = bureau.firm();
    let filing = bureau
        .act(move |act| {
            let edition = act.open_edition("gaoqi", 2026, 1, Values::new())?;
            let form = values(&[("phone", FORM_PHONE), ("staff", "80")]);
            let filing = act.open_filing(firm, edition, NewFiling { form, ..NewFiling::default() })?;
            act.move_filing(filing, &Wish::new(Effect::Pass, TODAY))?;
            act.move_filing(filing, &Wish::new(Effect::Pass, TODAY))?;
            Ok(filing)
        })
        .expect("passed");
    let read = || bureau.db.filing(filing).wait().expect("read").expect("a filing").filing;
    let with = read();
    bureau.db.forget_keys();
    let without = read();
    assert_eq!((with.content(), with.whole()), (without.content(), without.whole()));
    assert!(!with.track.outdated_approval && !without.track.outdated_approval);
    assert_eq!(with.fields.get(&format!("{}phone", filing::key::FORM)), Some(FORM_PHONE));
    let day: NaiveDate = TODAY;
    assert_eq!(with.track.last_day(), day);
    bureau.assert_whole();
}
