//! Opening the office, begun before there is a window so that neither waits for the other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use chrono::{Datelike, NaiveDate};
use futures_channel::oneshot;

use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::example;
use crate::store::ledger::Ledger;
use crate::store::{Db, Options, default_folder};

/// An office that is open, with everything the first screen shows.
#[derive(Debug, Clone)]
pub struct Opened {
    pub db: Db,
    pub ledger: Arc<Ledger>,
    /// Habits of this machine.
    pub habits: BTreeMap<String, String>,
    /// Who has just begun here and need not say so again.
    pub founder: Option<RecordId>,
}

impl Opened {
    /// Opens a folder and reads what lists show.
    pub fn open(folder: &Path, options: Options) -> Result<Self> {
        let db = Db::open(folder, options)?;
        let habits = db.preferences();
        let ledger = db.load_ledger(db.clock().today().year() - 1).wait()?;
        let habits = habits.wait()?.into_iter().collect();
        Ok(Self { db, ledger, habits, founder: None })
    }

    /// Whether nobody has begun here yet.
    pub fn is_new(&self) -> bool {
        self.ledger.users.is_empty()
    }
}

/// Where an office lies and how it is opened: kept for opening it again after first run.
#[derive(Clone)]
pub struct Site {
    pub folder: PathBuf,
    pub options: Options,
}

impl Site {
    /// The folder somebody named, or the usual one.
    ///
    /// # Errors
    /// Where this machine has no usual one.
    pub fn at(folder: Option<PathBuf>, options: Options) -> Result<Self> {
        Ok(Self { folder: folder.map_or_else(default_folder, Ok)?, options })
    }

    /// Today, by the clock the office will be opened with.
    pub fn today(&self) -> NaiveDate {
        self.options.clock.today()
    }

    /// Does work on this office on a thread of its own.
    pub fn begin(&self, work: impl FnOnce(&Self) -> Result<Opened> + Send + 'static) -> Opening {
        let (answer, receiver) = oneshot::channel();
        let site = self.clone();
        let started = thread::Builder::new().name("opening".to_owned()).spawn(move || {
            // Nobody waits any more when the window was closed meanwhile.
            let _ = answer.send(work(&site));
        });
        // Without a thread the sender is gone, and the receiver says so.
        drop(started);
        Opening(receiver)
    }

    /// Opens the office.
    pub fn open(&self) -> Opening {
        self.begin(|site| Opened::open(&site.folder, site.options.clone()))
    }

    /// Begins an office of one's own.
    pub fn found(&self, office: String, name: String, password: String) -> Opening {
        self.begin(move |site| {
            let db = Db::open(&site.folder, site.options.clone())?;
            let founding =
                db.act(RecordId::OFFICE, "启用科报", move |act| act.found_office(&office, "", &name, &password));
            let founder = Some(founding.wait()?.value);
            // Closed and opened again, so that there is one way into the office.
            drop(db);
            Ok(Opened { founder, ..Opened::open(&site.folder, site.options.clone())? })
        })
    }

    /// Fills an empty folder with the invented district.
    pub fn example(&self) -> Opening {
        self.begin(|site| {
            example::build(&site.folder, example::Size::DISTRICT, site.today(), &mut |_, _| {})?;
            Opened::open(&site.folder, site.options.clone())
        })
    }
}

/// An opening under way.
pub struct Opening(oneshot::Receiver<Result<Opened>>);

impl Opening {
    /// Waits for it.
    pub async fn wait(self) -> Result<Opened> {
        self.0.await.unwrap_or_else(|_| Err(Problem::bug("the opening thread ended")))
    }
}
