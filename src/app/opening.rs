//! Opening the office, begun before there is a window so that neither waits for the other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use chrono::{Datelike, NaiveDate};
use futures_channel::oneshot;

use crate::domain::event::Logged;
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::example;
use crate::store::backup::{self, Restored};
use crate::store::ledger::Ledger;
use crate::store::{Db, Options, default_folder};

/// An office that is open, with everything the first screen shows.
#[derive(Debug, Clone)]
pub struct Opened {
    pub db: Db,
    pub ledger: Arc<Ledger>,
    /// Habits of this machine.
    pub habits: BTreeMap<String, String>,
    /// Who need not sign in: has just begun here, or sits at it already.
    pub seated: Option<RecordId>,
    /// A recovery key that was just made, to be shown before anything else.
    pub key: Option<String>,
    /// What a restore came to.
    pub after: Option<After>,
}

/// What a restore came to.
#[derive(Debug, Clone)]
pub enum After {
    /// The backup is in place; whoever goes on signs in anew.
    Restored(String),
    /// Nothing was exchanged.
    Failed(Problem),
}

impl Opened {
    /// Opens a folder and reads what lists show.
    pub fn open(folder: &Path, options: Options) -> Result<Self> {
        let db = Db::open(folder, options)?;
        let habits = db.preferences();
        let ledger = db.load_ledger(db.clock().today().year() - 1).wait()?;
        let habits = habits.wait()?.into_iter().collect();
        Ok(Self { db, ledger, habits, seated: None, key: None, after: None })
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

    /// Makes the tables again from the journal, where that is whole, and opens the office.
    pub fn rebuild(&self) -> Opening {
        self.begin(|site| {
            let db = Db::open(&site.folder, site.options.clone())?;
            db.check().wait()?.permits_rebuild()?;
            db.rebuild().wait()?;
            // Closed and opened again, so that there is one way into the office.
            drop(db);
            Opened::open(&site.folder, site.options.clone())
        })
    }

    /// Begins an office of one's own.
    pub fn found(&self, office: String, name: String, password: String) -> Opening {
        self.begin(move |site| {
            let db = Db::open(&site.folder, site.options.clone())?;
            let founding =
                db.act(RecordId::OFFICE, "启用科报", move |act| act.found_office(&office, "", &name, &password));
            let founder = founding.wait()?.value;
            let (seated, key) = (Some(founder), Some(db.new_recovery_key(founder).wait()?));
            // Closed and opened again, so that there is one way into the office.
            drop(db);
            Ok(Opened { seated, key, ..Opened::open(&site.folder, site.options.clone())? })
        })
    }

    /// Puts a backup in place of the present, which everybody has let go or is about to. Where that fails nothing was
    /// exchanged, and `user` sits at the old one again.
    pub fn restore(&self, backup: PathBuf, user: RecordId) -> Opening {
        self.begin(move |site| {
            let restored = backup::restore(&site.folder, &backup, &site.options);
            let opened = Opened::open(&site.folder, site.options.clone())?;
            if restored.is_ok() {
                // Into the log of what stands now; who did it may not be known there, their id is.
                opened.db.note(user, Logged::restored(&backup)).wait()?;
            }
            Ok(match restored {
                Ok(restored) => Opened { after: Some(After::Restored(words(&restored))), ..opened },
                Err(problem) => Opened { seated: Some(user), after: Some(After::Failed(problem)), ..opened },
            })
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

/// What a restore has done, for whoever signs in next.
fn words(restored: &Restored) -> String {
    let mut words = "已恢复到备份时的数据，请重新登录。".to_owned();
    if let Some(name) = restored.aside.as_ref().and_then(|aside| aside.file_name()) {
        words.push_str(&format!("恢复前的数据另存为 {}。", name.to_string_lossy()));
    }
    if restored.missing > 0 {
        words.push_str(&format!("有 {} 份名单原件和材料没有找到，不影响其他内容。", restored.missing));
    }
    words
}

/// An opening under way.
pub struct Opening(oneshot::Receiver<Result<Opened>>);

impl Opening {
    /// Waits for it.
    pub async fn wait(self) -> Result<Opened> {
        self.0.await.unwrap_or_else(|_| Err(Problem::bug("the opening thread ended")))
    }
}
