//! 共享文件夹: a folder several machines see. Each looks there for what is meant for it, and leaves what others lack; nobody has
//! to be there at the same time, and nothing is decided by it: what comes is taken in as if a person had opened it.
//!
//! A package left here is an exchange package like any other, sealed for one machine, under a name no other bears; it has its name
//! only once it is whole. A newer one holds all an older one held that was not yet told back, so the older goes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::steps::{self, inbox};
use super::write::{Order, write};
use super::{EXTENSION, Keys, format};
use crate::domain::event::{DeedKind, Logged, Purpose};
use crate::domain::id::RecordId;
use crate::domain::machine::{Key, Machine};
use crate::domain::{Kind, Problem, Result};
use crate::store::Db;
use crate::store::packages::{Taken, Wanted};

/// The name by which a machine keeps what it remembers.
const MEMORY: &str = "shared.memory";

/// How a machine uses a shared folder: a habit of this machine alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Shared {
    /// Empty: there is none.
    pub folder: String,
    /// 自动收下同事的完整交换包.
    pub take: bool,
    /// 自动把本机的新变更放进去.
    pub leave: bool,
}

impl Shared {
    /// Where it lies; `None`: there is none.
    pub fn path(&self) -> Option<PathBuf> {
        let folder = self.folder.trim();
        (!folder.is_empty()).then(|| PathBuf::from(folder))
    }
}

/// What a machine remembers of the folder between two looks, and between two runs of the program.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Files that need no second look, by name.
    dealt: BTreeMap<String, Mark>,
    /// The newest packages the program read that said so: what was too new for it is looked at again by a newer one.
    reads: u32,
    /// What was left for each machine, by its signature key.
    left: BTreeMap<String, Left>,
    /// Files that wait for a person, in this run of the program.
    #[serde(skip)]
    waiting: BTreeMap<String, (Mark, Found)>,
    /// Under which circumstances those were looked at: with others they may be taken in by themselves.
    #[serde(skip)]
    around: (bool, BTreeSet<Key>),
    /// Files that could not be taken in for a reason that may pass, said in this run of the program; they are tried again.
    #[serde(skip)]
    put_off: BTreeMap<String, Mark>,
    /// The day it was last noted for each machine that something was left.
    noted: BTreeMap<String, String>,
}

/// By what a file is known to be the same as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    bytes: u64,
    /// In milliseconds since 1970.
    changed: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Left {
    /// The folder it was left in.
    #[serde(default)]
    folder: PathBuf,
    /// Empty: the machine had everything.
    file: String,
    /// How much there was to tell when it was written.
    news: u64,
}

impl Left {
    /// Whether it is where it was left, and that is this folder.
    fn lies_in(&self, folder: &Path) -> bool {
        self.folder == folder && (self.file.is_empty() || folder.join(&self.file).exists())
    }
}

/// What is to be left at a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaves {
    Nothing,
    /// What was left before, where it lies there no more: somebody cleared the folder, or it is another one.
    Lost,
    /// All that is new.
    News,
}

/// A package in the folder that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub path: PathBuf,
    pub package: RecordId,
    pub purpose: Purpose,
    /// What the machine it comes from calls itself.
    pub from: String,
}

/// What a look at the folder came to.
#[derive(Debug, Clone, Default)]
pub struct Looked {
    /// Packages that wait for a person now.
    pub waiting: Vec<Found>,
    /// Those of them nobody was told of before.
    pub fresh: Vec<Found>,
    /// What was taken in by itself.
    pub taken: Vec<Taken>,
    /// Files that cannot be opened or taken in, with the reason; each is said once.
    pub refused: Vec<(String, Problem)>,
}

/// What a visit to the folder came to.
#[derive(Debug, Clone, Default)]
pub struct Visited {
    pub memory: Memory,
    /// `None`: nobody looked.
    pub looked: Option<Result<Looked>>,
    /// For how many machines something was left. `None`: nothing was to be.
    pub left: Option<Result<usize>>,
}

impl Memory {
    /// What an earlier run, or another seat at this machine, has kept.
    fn recall(&mut self, db: &Db) -> Result<()> {
        let kept = db.preference(MEMORY).wait()?;
        if let Some(kept) = kept.and_then(|text| serde_json::from_str::<Self>(&text).ok()) {
            *self = Self {
                waiting: std::mem::take(&mut self.waiting),
                around: std::mem::take(&mut self.around),
                put_off: std::mem::take(&mut self.put_off),
                ..kept
            };
        }
        if self.reads != format::FORMAT_KEYS {
            self.dealt.clear();
            self.reads = format::FORMAT_KEYS;
        }
        Ok(())
    }

    /// Whether something that was left for others lies in the folder no more. Out of reach it may lie there still.
    fn is_lost(&self, shared: &Shared) -> bool {
        let folder = shared.path().filter(|folder| folder.is_dir());
        folder.is_some_and(|folder| self.left.values().any(|left| !left.lies_in(&folder)))
    }

    fn keep(&self, db: &Db) -> Result<()> {
        let text = serde_json::to_string(self).map_err(Problem::bug)?;
        if db.preference(MEMORY).wait()?.as_deref() == Some(text.as_str()) {
            return Ok(());
        }
        db.set_preference(MEMORY, &text).wait()
    }
}

/// Goes to the folder: looks for what is meant for this machine, then leaves what others lack, and keeps what it remembers of both.
pub fn visit(db: &Db, actor: RecordId, shared: &Shared, memory: Memory, looks: bool, leaves: Leaves) -> Visited {
    let mut memory = memory;
    if let Err(problem) = memory.recall(db) {
        return Visited { memory, looked: Some(Err(problem)), left: None };
    }
    let looked = looks.then(|| look(db, actor, shared, &mut memory));
    let leaves = leaves == Leaves::News || leaves == Leaves::Lost && memory.is_lost(shared);
    let left = leaves.then(|| leave(db, actor, shared, &mut memory));
    match memory.keep(db) {
        Ok(()) => Visited { memory, looked, left },
        Err(problem) => Visited { memory, looked: Some(Err(problem)), left },
    }
}

fn mark(path: &Path) -> Option<Mark> {
    let about = fs::metadata(path).ok()?;
    let changed = about.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let changed = changed.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
    Some(Mark { bytes: about.len(), changed })
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether a later try may come to something else: the disk was full, something else was at work.
fn passes(problem: &Problem) -> bool {
    matches!(problem.kind, Kind::NotFound | Kind::Io | Kind::Busy | Kind::Cancelled)
}

/// Looks for packages for this machine. Full exchange packages of machines that are known are taken in where that is wanted;
/// everything else waits for a person, and so does every conflict.
///
/// # Errors
/// Io when the folder cannot be read. What is wrong with one package is said of it and keeps no other.
pub fn look(db: &Db, actor: RecordId, shared: &Shared, memory: &mut Memory) -> Result<Looked> {
    let Some(folder) = shared.path() else { return Ok(Looked::default()) };
    let there = inbox(db, &folder)?;
    let names: Vec<String> = there.iter().map(|path| name_of(path)).collect();
    memory.dealt.retain(|name, _| names.contains(name));
    memory.waiting.retain(|name, _| names.contains(name));
    memory.put_off.retain(|name, _| names.contains(name));
    let met = db.machines().wait()?.into_iter().filter(|machine| !machine.retired).map(|machine| machine.sign);
    let around = (shared.take, met.collect());
    if memory.around != around {
        memory.around = around;
        memory.waiting.clear();
    }
    let mut looked = Looked::default();
    for (path, name) in there.iter().zip(names) {
        // Gone again: replaced by a newer one, which the next look finds.
        let Some(mark) = mark(path) else { continue };
        if memory.dealt.get(&name) == Some(&mark) {
            continue;
        }
        if memory.waiting.get(&name).is_some_and(|(before, _)| *before == mark) {
            continue;
        }
        let opened = match steps::open(db, actor, path, None) {
            Ok(opened) => opened,
            Err(problem) if passes(&problem) => continue,
            Err(problem) => {
                looked.refused.push((name.clone(), problem));
                memory.dealt.insert(name, mark);
                continue;
            }
        };
        let manifest = opened.manifest();
        if opened.preview.before.is_some() && opened.preview.new == 0 {
            memory.waiting.remove(&name);
            memory.dealt.insert(name, mark);
            continue;
        }
        if shared.take && manifest.purpose == Purpose::Exchange && opened.held().is_none() {
            match steps::take(db, actor, &opened, None) {
                Ok(taken) => looked.taken.push(taken),
                Err(problem) if passes(&problem) => {
                    if memory.put_off.insert(name.clone(), mark) != Some(mark) {
                        looked.refused.push((name, problem));
                    }
                    continue;
                }
                Err(problem) => looked.refused.push((name.clone(), problem)),
            }
            memory.waiting.remove(&name);
            memory.dealt.insert(name, mark);
            continue;
        }
        let found = Found {
            path: path.clone(),
            package: manifest.package,
            purpose: manifest.purpose,
            from: manifest.from.name.clone(),
        };
        looked.fresh.push(found.clone());
        memory.waiting.insert(name, (mark, found));
    }
    if !memory.waiting.is_empty() {
        // A person may have taken one in meanwhile.
        let here = db.packages().wait()?;
        let taken = |found: &Found| here.iter().any(|row| row.id == found.package && row.taken.iter().any(|t| t.own));
        memory.waiting.retain(|_, (_, found)| !taken(found));
    }
    looked.waiting = memory.waiting.values().map(|(_, found)| found.clone()).collect();
    looked.fresh.retain(|found| looked.waiting.contains(found));
    Ok(looked)
}

/// Leaves a full exchange package for every other machine of the office that may lack something, in the place of the one left
/// for it before. Returns for how many.
///
/// # Errors
/// Io when the folder cannot be written; what was left before lies there still then.
pub fn leave(db: &Db, actor: RecordId, shared: &Shared, memory: &mut Memory) -> Result<usize> {
    let Some(folder) = shared.path() else { return Ok(0) };
    if !folder.is_dir() {
        return Err(Problem::io("共享文件夹连不上。").next("请确认网络或 U 盘还连着。").detail(folder.display()));
    }
    let keys = Keys::of(db)?;
    let own = keys.sign_key();
    let news = db.news().wait()?;
    let machines = db.machines().wait()?;
    let mut count = 0;
    for machine in machines.iter().filter(|machine| !machine.retired && machine.sign != own) {
        let to = machine.sign.to_string();
        let left = memory.left.get(&to);
        if left.is_some_and(|left| left.news == news && left.lies_in(&folder)) {
            continue;
        }
        let before = left.map(|left| left.file.clone()).unwrap_or_default();
        let Some(file) = leave_one(db, actor, &keys, machine, &folder)? else {
            let file = if folder.join(&before).is_file() { before } else { String::new() };
            memory.left.insert(to, Left { folder: folder.clone(), file, news });
            continue;
        };
        count += 1;
        memory.left.insert(to.clone(), Left { folder: folder.clone(), file, news });
        if !before.is_empty() {
            // Somebody may be reading it; then it stays, and is only superfluous.
            let _ = fs::remove_file(folder.join(before));
        }
        let today = db.clock().today().to_string();
        if memory.noted.insert(to, today.clone()) != Some(today) {
            let words = format!("全部交换，自动放进共享文件夹，给“{}”（这一天的第一个）", machine.name);
            db.note(actor, Logged::new(DeedKind::Export, words)).wait()?;
        }
    }
    Ok(count)
}

/// Writes one, and gives its name. `None`: the machine has shown to have everything. It is no deed of anybody, so the journal does not say that it was made: a line for each of them
/// would be news to be left in its turn.
fn leave_one(db: &Db, actor: RecordId, keys: &Keys, to: &Machine, folder: &Path) -> Result<Option<String>> {
    let cargo = match db.gather(Wanted::Exchange, to.sign).wait() {
        Ok(cargo) => cargo,
        Err(problem) if problem.kind == Kind::Refused => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let recovery = db.recovery().wait()?;
    let package = RecordId(db.entropy().id(db.clock().millis()));
    let by = format::By { user: actor, name: db.user_name(actor).wait()? };
    let seal_keys = db.keys();
    let order = Order { package, keys, to, by, recovery: recovery.as_deref(), seal_keys, answers: None };
    // From whom and which: two machines leave at the same second, and one twice within it.
    let id = package.to_string();
    let tail = id.get(id.len().saturating_sub(12)..).unwrap_or(&id);
    let name = steps::file_name(db, Purpose::Exchange, &to.name);
    let stem = name.strip_suffix(EXTENSION).unwrap_or(&name).trim_end_matches('.');
    let name = format!("{stem}-{}-{tail}.{EXTENSION}", keys.sign_key().0.short());
    write(db, &cargo, &order, &folder.join(&name))?;
    Ok(Some(name))
}
