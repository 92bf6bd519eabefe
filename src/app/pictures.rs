//! The main screens of an office, drawn to pictures: for the manual, the README, and a demo where there is no display.

use std::path::{Path, PathBuf};

use iced::Size;
use iced::keyboard::{Key, Modifiers};

use super::desk::Message as Desk;
use super::headless::Headless;
use super::place::Place;
use super::window::Message;
use crate::domain::{Problem, Result};
use crate::store::ledger::{FilingFilter, FilingRow, StatusGroup};
use crate::store::{DATABASE_FILE, Options};

/// The screens of the design's pictures.
const USUAL: Size = Size::new(1440.0, 900.0);
const SMALL: Size = Size::new(1366.0, 768.0);

/// Draws the main screens of the office in a folder, and returns the files written. A list that lies in `out` is shown
/// being taken in.
///
/// # Errors
/// Where the folder cannot be written to.
pub fn draw(data: &Path, out: &Path) -> Result<Vec<PathBuf>> {
    std::fs::create_dir_all(out).map_err(|error| failed(out, &error))?;
    let mut album = Album { out, written: Vec::new() };
    album.first_run()?;
    // Before the office is opened: a file that is copied must not be written to.
    album.import(data)?;
    let mut window = Headless::open(data, Options::default(), USUAL)?;
    album.shoot(&mut window, "workbench")?;
    let Some(ledger) = window.db().map(|db| db.ledger()) else { return Ok(album.written) };

    let with_most = |filing: Option<StatusGroup>| {
        let count = |edition: &crate::store::ledger::Edition| {
            let filter = FilingFilter {
                edition: Some(edition.id),
                groups: filing.into_iter().collect(),
                ..FilingFilter::default()
            };
            ledger.list_filings(&filter, None).len()
        };
        ledger.editions.iter().max_by_key(|edition| count(edition))
    };
    if let Some(edition) = with_most(Some(StatusGroup::Ours)) {
        let filter = FilingFilter {
            program: Some(edition.program.clone()),
            edition: Some(edition.id),
            year: Some(edition.year),
            ..FilingFilter::default()
        };
        let open = FilingFilter { groups: [StatusGroup::Ours].into(), ..filter.clone() };
        let open = ledger.list_filings(&open, None).first().copied();
        window.send(Message::Desk(Desk::Go(Place::Filings { filter, open })));
        album.shoot(&mut window, "filings")?;
    }
    album.review(&mut window)?;
    window.resize(SMALL);
    let richest = ledger.firms().max_by_key(|firm| (firm.certificates.len(), firm.figures.revenue.is_some(), firm.id));
    if let Some(firm) = richest {
        window.send(Message::Desk(Desk::Go(Place::firm(firm.id))));
        album.shoot(&mut window, "firms")?;
    }
    window.resize(USUAL);
    let shortlist = window.db().and_then(|db| db.shortlists().wait().ok()).and_then(|all| all.first().map(|s| s.id));
    if let Some(id) = shortlist {
        window.send(Message::Desk(Desk::Go(Place::Shortlist(id))));
        album.shoot(&mut window, "shortlist")?;
    }
    window.send(Message::Desk(Desk::Go(Place::firms())));
    window.send(Message::Desk(Desk::OpenFind));
    window.type_text("xcl");
    album.shoot(&mut window, "find")?;
    Ok(album.written)
}

struct Album<'a> {
    out: &'a Path,
    written: Vec<PathBuf>,
}

impl Album<'_> {
    fn shoot(&mut self, window: &mut Headless, name: &str) -> Result<()> {
        let path = self.out.join(format!("{name}.png"));
        let picture = window.picture().ok_or_else(|| Problem::bug("nothing was drawn"))?;
        let bytes = picture.png().map_err(|error| failed(&path, &error))?;
        std::fs::write(&path, bytes).map_err(|error| failed(&path, &error))?;
        self.written.push(path);
        Ok(())
    }

    /// The review, at a filing with an opinion begun: the first of those that wait with an earlier year to hold it against.
    fn review(&mut self, window: &mut Headless) -> Result<()> {
        let Some(db) = window.db() else { return Ok(()) };
        let ledger = db.ledger();
        let year = chrono::Datelike::year(&db.clock().today());
        let before = |row: &FilingRow| {
            let mut others = ledger.filings_of(row.firm_id).filter(|other| other.program.id == row.program.id);
            others.any(|other| ledger.edition_of(other).is_some_and(|edition| edition.year < year))
        };
        let waiting = ledger.waiting_for_review();
        let shown = waiting.iter().find(|row| before(row)).or(waiting.first()).map(|row| row.id);
        if shown.is_none() {
            return Ok(());
        }
        let filter = FilingFilter { year: Some(year), ..FilingFilter::default() };
        window.send(Message::Desk(Desk::Go(Place::Review { filter, open: shown })));
        window.key_with(Key::Character("2".into()), Modifiers::ALT, None);
        self.shoot(window, "review")
    }

    /// What a newcomer sees, in a folder that is gone afterwards.
    fn first_run(&mut self) -> Result<()> {
        let empty = std::env::temp_dir().join(format!("kebao-first-{}", std::process::id()));
        let drawn = Headless::open(&empty, Options::default(), USUAL).and_then(|mut window| {
            window.type_text("青澜区科学技术局");
            self.shoot(&mut window, "first-run")
        });
        // A folder that cannot be taken away lies in the system's own place for such folders.
        let _ = std::fs::remove_dir_all(&empty);
        drawn
    }
}

impl Album<'_> {
    /// A list before it is taken in. In the office it has been: so this is drawn on a copy where that was taken back.
    fn import(&mut self, data: &Path) -> Result<()> {
        let Some(list) = list_in(self.out) else { return Ok(()) };
        let folder = std::env::temp_dir().join(format!("kebao-import-{}", std::process::id()));
        let drawn = self.import_in(data, &folder, list);
        // As above.
        let _ = std::fs::remove_dir_all(&folder);
        drawn
    }

    fn import_in(&mut self, data: &Path, folder: &Path, list: PathBuf) -> Result<()> {
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        let copy = folder.join(DATABASE_FILE);
        std::fs::copy(data.join(DATABASE_FILE), &copy).map_err(|error| failed(&copy, &error))?;
        let mut window = Headless::open(folder, Options::default(), USUAL)?;
        let Some(db) = window.db() else { return Ok(()) };
        for import in db.imports().wait()?.into_iter().filter(|import| !import.undone) {
            db.act(import.actor, "撤销", move |act| act.undo(import.action)).wait()?;
        }
        // The window looks again at what was changed behind its back.
        let year = chrono::Datelike::year(&db.clock().today());
        window.send(Message::Desk(Desk::Year(year)));
        window.send(Message::Desk(Desk::Go(Place::Import)));
        window.send(Message::Dropped(list));
        self.shoot(&mut window, "import")
    }
}

fn list_in(folder: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    files.filter(|path| path.extension().is_some_and(|ending| ending == "docx")).min()
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Problem {
    Problem::io("图片没有写成。").next("请检查磁盘空间和权限。").detail(format!("{}: {error}", path.display()))
}
