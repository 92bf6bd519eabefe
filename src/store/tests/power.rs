//! The power goes at every moment of everything that writes: afterwards the office opens, is whole, and has what was
//! acknowledged. `KEBAO_CUTS=20` takes every moment twenty times with other luck.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use super::disk::{Image, Watched, read_image, write_image};
use super::migrate::shape_of;
use super::old;
use super::seen::{ask, entries, held};
use super::world::values;
use crate::domain::event::Entry;
use crate::domain::firm::key;
use crate::domain::testing::{Break, break_it};
use crate::store::testing::{OFFICER, Office, TempFolder, options};
use crate::store::{DATABASE_FILE, Db};

/// How often every moment is tried, each time with other luck.
fn rounds(usual: u64) -> u64 {
    std::env::var("KEBAO_CUTS").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// What somebody was told had been done.
#[derive(Debug, Default)]
struct Told {
    /// Firms by name.
    firms: Vec<String>,
    /// Events from elsewhere were taken in.
    merged: bool,
}

fn enter(db: &Db, told: &mut Told, names: &[String]) {
    let firms: Vec<_> = names.iter().map(|name| (values(&[(key::NAME, name)]), None)).collect();
    let done = db.act(OFFICER, "导入", move |act| act.enter_firms(firms, &mut || Ok(()))).wait();
    if done.is_ok() {
        told.firms.extend(names.iter().cloned());
    }
}

/// Actions of which an event is missing.
fn actions_in_part(db: &Db) -> usize {
    ask(db, |connection| {
        let mut statement = connection.prepare(
            "SELECT sum(kind <> 'action.taken') AS written,
                coalesce(sum(CASE kind WHEN 'action.taken' THEN json_extract(CAST(body AS TEXT), '$.events') END), -1) AS told
             FROM event WHERE kind <> 'log.noted' GROUP BY action HAVING written <> told",
        )?;
        Ok(statement.query_map([], |_| Ok(()))?.count())
    })
}

/// Opens what the cut left behind, as the program would. How many acknowledged things are missing; an error where it does
/// not open or is not whole.
fn open_again(image: &Image, before: &Image, told: &Told, merged: &[Entry]) -> Result<usize, String> {
    let folder = TempFolder::new();
    write_image(&folder.0, image);
    let db = Db::open(&folder.0, options(99)).map_err(|problem| format!("{problem:?}"))?;
    let faults = db.check().wait().map_err(|problem| format!("{problem:?}"))?.faults;
    if !faults.is_empty() {
        return Err(format!("{faults:?}"));
    }
    if ask(&db, shape_of) != *FRESH.get_or_init(|| ask(&Office::new(1).db, shape_of)) {
        return Err("not the shape of a new office".to_owned());
    }
    if actions_in_part(&db) > 0 {
        return Err("an action is there in part".to_owned());
    }
    let here: BTreeSet<String> = ask(&db, |connection| {
        let mut statement = connection.prepare("SELECT name FROM firm")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    });
    let held = held(&db);
    let arrived = merged.iter().filter(|entry| held.contains(&entry.hash)).count();
    if arrived != 0 && arrived != merged.len() {
        return Err(format!("{arrived} of {} events that came together", merged.len()));
    }
    let mut lost = told.firms.iter().filter(|name| !here.contains(*name)).count();
    lost += usize::from(told.merged && arrived < merged.len());
    lost += usize::from(!before.is_empty() && !here.contains(FIRST));
    Ok(lost)
}

/// The shape of an office made today.
static FRESH: OnceLock<BTreeSet<String>> = OnceLock::new();

const FIRST: &str = "青澜恒砚新材料有限公司";

/// An office somebody has worked in, closed.
fn office() -> (Image, Vec<Entry>) {
    let office = Office::new(1);
    enter(&office.db, &mut Told::default(), &[FIRST.to_owned()]);
    let all = entries(&office.db);
    let Office { db, folder } = office;
    drop(db);
    (read_image(&folder.0), all)
}

/// What came of many cuts.
struct Cuts {
    cuts: u64,
    /// Acknowledged things that were missing afterwards.
    lost: usize,
    /// Offices that did not open or were not whole.
    broken: Vec<String>,
}

impl Cuts {
    fn assert_survived(&self, at_least: u64) {
        assert!(self.cuts >= at_least, "only {} cuts", self.cuts);
        assert!(self.broken.is_empty(), "{} offices: {:#?}", self.broken.len(), self.broken);
        assert_eq!(self.lost, 0, "acknowledged and lost");
    }
}

/// Cuts the power at every operation of a job on an office.
fn cut_everywhere(
    what: &str,
    before: &Image,
    merged: &[Entry],
    rounds: u64,
    job: impl Fn(&Path, &Watched, &mut Told),
) -> Cuts {
    let mut all = Cuts { cuts: 0, lost: 0, broken: Vec::new() };
    for round in 0..rounds {
        for at in 1.. {
            let folder = TempFolder::new();
            write_image(&folder.0, before);
            let watched = Watched::new(&folder.0, at, at ^ round << 32);
            let mut told = Told::default();
            job(&folder.0, &watched, &mut told);
            let Some(image) = watched.left_behind() else { break };
            all.cuts += 1;
            match open_again(&image, before, &told, merged) {
                Ok(lost) => all.lost += lost,
                Err(why) => all.broken.push(format!("cut {at} of round {round}: {why}")),
            }
        }
    }
    println!("{what}: {} cuts, {} broken, {} acknowledged things lost", all.cuts, all.broken.len(), all.lost);
    all
}

fn name(n: usize) -> String {
    format!("望川第{n}精密铸造厂")
}

/// Opens, enters some firms one by one, closes, opens again and enters another: log, checkpoint and a second log.
fn entering(folder: &Path, watched: &Watched, told: &mut Told) {
    for session in 0..2 {
        let Ok(db) = Db::open(folder, options(10 + session)) else { return };
        for n in 0..2 {
            if watched.powered() {
                enter(&db, told, &[name(n + 2 * session as usize)]);
            }
        }
    }
}

#[test]
fn the_power_goes_while_an_office_is_founded_and_entered_into() {
    let cuts = cut_everywhere("founding", &Image::new(), &[], rounds(2), entering);
    cuts.assert_survived(100);
}

#[test]
fn the_power_goes_while_firms_are_entered() {
    let (before, _) = office();
    let cuts = cut_everywhere("entering", &before, &[], rounds(5), entering);
    cuts.assert_survived(100);
}

#[test]
fn the_power_goes_while_a_list_is_imported() {
    let (before, _) = office();
    let cuts = cut_everywhere("importing", &before, &[], rounds(4), |folder, _, told| {
        let Ok(db) = Db::open(folder, options(10)) else { return };
        enter(&db, told, &(0..40).map(name).collect::<Vec<_>>());
        enter(&db, told, &[name(40)]);
    });
    cuts.assert_survived(50);
}

#[test]
fn the_power_goes_while_events_from_elsewhere_are_taken_in() {
    let (before, _) = office();
    let elsewhere = Office::new(5);
    for n in 0..6 {
        enter(&elsewhere.db, &mut Told::default(), &[name(50 + n)]);
    }
    let package = entries(&elsewhere.db);
    let cuts = cut_everywhere("merging", &before, &package, rounds(5), |folder, _, told| {
        let Ok(db) = Db::open(folder, options(10)) else { return };
        told.merged = db.accept(package.clone()).wait().is_ok();
        enter(&db, told, &[name(1)]);
    });
    cuts.assert_survived(50);
}

#[test]
fn the_power_goes_while_an_office_of_version_1_is_brought_up_to_date() {
    let (_, all) = office();
    let folder = TempFolder::new();
    old::version_1(&folder.0.join(DATABASE_FILE), &all, all[0].event.device, true);
    let before = read_image(&folder.0);
    let cuts = cut_everywhere("migrating", &before, &[], rounds(3), |folder, _, told| {
        let Ok(db) = Db::open(folder, options(10)) else { return };
        enter(&db, told, &[name(1)]);
    });
    cuts.assert_survived(50);
}

#[test]
fn the_power_goes_while_a_backup_is_written() {
    let (before, _) = office();
    let cuts = cut_everywhere("backing up", &before, &[], rounds(3), |folder, _, told| {
        let Ok(db) = Db::open(folder, options(10)) else { return };
        enter(&db, told, &[name(1)]);
        let copy = folder.join("backup.db").to_string_lossy().into_owned();
        // Interrupted like everything else; what matters is the office it is taken from.
        let _ = db.read(move |connection| Ok(connection.execute("VACUUM INTO ?", [copy])?)).wait();
        enter(&db, told, &[name(2)]);
    });
    cuts.assert_survived(50);
}

#[test]
fn a_disk_that_is_not_waited_for_does_lose_what_was_acknowledged() {
    let (before, _) = office();
    break_it(Some(Break::NoSync));
    let cuts = cut_everywhere("entering unsynced", &before, &[], 2, entering);
    assert!(cuts.lost > 0, "the cuts are too kind");
}
