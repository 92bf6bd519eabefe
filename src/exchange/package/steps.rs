//! The steps a person takes with packages: make one, open one and look, take it in. What is refused is logged; nothing else changes.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::read::is_for_others;
use super::write::{Order, write};
use super::{EXTENSION, Keys, Manifest, Package, Recovery, format};
use crate::domain::event::{DeedKind, Logged, PackageMade, Purpose};
use crate::domain::id::RecordId;
use crate::domain::machine::{Card, Machine};
use crate::domain::people::Permission;
use crate::domain::{Kind, Problem, Result};
use crate::store::Db;
use crate::store::packages::{Arrived, Coming, Preview, Taken, Wanted};

/// A package that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Made {
    pub package: RecordId,
    pub path: PathBuf,
    pub purpose: Purpose,
    pub to: String,
    pub filings: usize,
    pub events: usize,
    pub files: usize,
    /// Files spoken of that are not on this machine.
    pub missing: usize,
    /// Files spoken of whose content was lawfully erased.
    pub erased: usize,
    pub bytes: u64,
    /// The office has no key in a safe: if the recipient's machine breaks, nobody opens it.
    pub no_recovery: bool,
}

impl Made {
    /// 申报 3 件，: how many it was made of. Nothing of an exchange, which is of all that is new.
    pub fn of_filings(&self) -> String {
        match self.purpose {
            Purpose::Exchange => String::new(),
            _ => format!("申报 {} 件，", self.filings),
        }
    }
}

/// Who a package comes from, as far as it is known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "sender")]
pub enum Sender {
    Known {
        name: String,
    },
    /// Nobody has compared its fingerprint yet.
    Stranger {
        name: String,
        fingerprint: String,
    },
    Retired {
        name: String,
    },
}

/// A package that was opened and looked through.
#[derive(Debug, Clone)]
pub struct Opened {
    pub package: Package,
    pub sender: Sender,
    pub preview: Preview,
}

impl Opened {
    /// What its maker says of itself: to be met.
    pub fn card(&self) -> &Card {
        &self.package.manifest.from
    }

    /// What the package says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.package.manifest
    }

    /// Why it could not be taken in. `None`: it could.
    pub fn held(&self) -> Option<Problem> {
        if self.preview.foreign {
            return Some(
                Problem::new(Kind::Foreign, "这个包来自另一个单位，不能取入。")
                    .next("两个单位的数据不能合在一起；请核对拿到的是不是本单位的包。"),
            );
        }
        match &self.sender {
            Sender::Known { .. } => None,
            Sender::Stranger { name, .. } => Some(
                Problem::refused(format!("还不认识“{name}”这台电脑，包先放着。"))
                    .next("请打电话核对指纹，相符就认识它，再取入。"),
            ),
            Sender::Retired { name } => Some(
                Problem::refused(format!("“{name}”已停用，它的包不能取入。"))
                    .next("请向对方核实；还在用就重新认识它。"),
            ),
        }
    }
}

/// A name for a package file: 科报送审包-张科长的电脑-2026-08-24-1530.kbp.
pub fn file_name(db: &Db, purpose: Purpose, to: &str) -> String {
    let to = format::in_file_name(to);
    format!("科报{}-{to}-{}.{EXTENSION}", purpose.label(), db.clock().now().format("%Y-%m-%d-%H%M%S"))
}

/// Makes a package for a machine and keeps that it was made. `out` is a file, or a folder for one with its proper name.
///
/// # Errors
/// Refused for somebody who may not, a retired machine or nothing to send; io and damaged as writing says; no half file is left.
pub fn make(
    db: &Db,
    actor: RecordId,
    to: &Machine,
    wanted: Wanted,
    answers: Option<RecordId>,
    out: &Path,
) -> Result<Made> {
    db.permit(actor, Permission::Exchange).wait()?;
    if to.retired {
        return Err(Problem::refused(format!("“{}”已停用，不能给它做包。", to.name)).next("还在用就重新认识它。"));
    }
    let keys = Keys::of(db)?;
    if to.sign == keys.sign_key() {
        return Err(Problem::refused("不用给本机做包。").next("请选另一台电脑。"));
    }
    let cargo = db.gather(wanted, to.sign).wait()?;
    let recovery = db.recovery().wait()?;
    let package = RecordId(db.entropy().id(db.clock().millis()));
    let folder = out.is_dir();
    let path = if folder { out.join(file_name(db, cargo.purpose, &to.name)) } else { out.to_owned() };
    let by = format::By { user: actor, name: db.user_name(actor).wait()? };
    let seal_keys = db.keys();
    let order = Order { package, keys: &keys, to, by, recovery: recovery.as_deref(), seal_keys, answers };
    let (manifest, bytes) = write(db, &cargo, &order, &path)?;
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let made = PackageMade {
        purpose: cargo.purpose,
        to: to.sign,
        name: to.name.clone(),
        filings: cargo.filings.clone(),
        events: number(cargo.entries.len()),
        files: number(manifest.files.len()),
        bytes,
    };
    db.package_made(actor, package, made, &path).wait()?;
    Ok(Made {
        package,
        path,
        purpose: cargo.purpose,
        to: to.name.clone(),
        filings: cargo.filings.len(),
        events: cargo.entries.len(),
        files: manifest.files.len(),
        missing: cargo.missing,
        erased: cargo.erased,
        bytes,
        no_recovery: recovery.is_none(),
    })
}

/// Opens a package and works out what it would bring. Nothing changes; that one was refused, or is held, is logged.
///
/// # Errors
/// One sentence for each sort of bad file.
pub fn open(db: &Db, actor: RecordId, path: &Path, recovery: Option<&Recovery>) -> Result<Opened> {
    let keys = Keys::of(db)?;
    let opened = Package::open(path, &keys, recovery).and_then(|package| look(db, package));
    match &opened {
        Ok(opened) => hold(db, actor, opened),
        Err(problem) => refuse(db, actor, path, problem),
    }
    opened
}

/// Has the log say what holds a package, once for each package and sender: it may lie in a shared folder for long.
fn hold(db: &Db, actor: RecordId, opened: &Opened) {
    let Some(problem) = opened.held() else { return };
    let package = opened.manifest().package;
    let held = format!("：{}（指纹 {}）", problem.says, opened.card().fingerprint());
    if !db.was_refused(package, &held).wait().unwrap_or(false) {
        let words = format!("打开包 {}{held}", name_of(&opened.package.path));
        let _ = db.note(actor, Logged::new(DeedKind::Refused, words).about(package)).wait();
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn look(db: &Db, package: Package) -> Result<Opened> {
    let mut preview = db.preview(coming(&package)).wait()?;
    if package.manifest.purpose == Purpose::Answer {
        preview.became.clear();
    }
    let card = &package.manifest.from;
    let sender = match db.machine_of(card.sign).wait()? {
        Some(machine) if machine.retired => Sender::Retired { name: machine.name },
        Some(machine) => Sender::Known { name: machine.name },
        None => Sender::Stranger { name: card.name.clone(), fingerprint: card.fingerprint() },
    };
    Ok(Opened { package, sender, preview })
}

fn coming(package: &Package) -> Coming {
    let manifest = &package.manifest;
    Coming {
        package: manifest.package,
        entries: package.entries.clone(),
        heads: manifest.heads.clone(),
        roots: manifest.roots.clone(),
        filings: manifest.filings.clone(),
    }
}

/// Has the log say that a file was refused. The person hears of it whether or not it could be logged.
fn refuse(db: &Db, actor: RecordId, path: &Path, problem: &Problem) {
    if !matches!(problem.kind, Kind::NotFound | Kind::Io | Kind::Bug) {
        let words = format!("打开包 {}：{}", name_of(path), problem.says);
        let _ = db.note(actor, Logged::new(DeedKind::Refused, words)).wait();
    }
}

/// Takes an opened package in: its files first, then everything else in one transaction.
///
/// # Errors
/// Refused for somebody who may not and for what holds it; damaged when its files are not whole. Nothing has changed then, and
/// the log says so.
pub fn take(db: &Db, actor: RecordId, opened: &Opened, recovery: Option<&Recovery>) -> Result<Taken> {
    db.permit(actor, Permission::Exchange).wait()?;
    if let Some(problem) = opened.held() {
        hold(db, actor, opened);
        return Err(problem);
    }
    let taken = Keys::of(db).and_then(|keys| {
        let fresh = opened.package.keep_files(db, &keys, recovery)?;
        let manifest = opened.manifest();
        let arrived = Arrived {
            purpose: manifest.purpose,
            from: manifest.from.clone(),
            coming: coming(&opened.package),
            keys: manifest.keys.iter().map(|key| key.0.clone()).collect(),
        };
        db.take_in(actor, arrived).wait().inspect_err(|_| fresh.iter().for_each(|hash| db.forget_file(hash)))
    });
    if let Err(problem) = &taken {
        refuse(db, actor, &opened.package.path, problem);
    }
    taken
}

/// Packages in a folder, by name: what a shared folder or a stick holds. Those for others are passed over; what cannot be read is
/// not, so that opening it says why.
///
/// # Errors
/// Io when the folder cannot be read.
pub fn inbox(db: &Db, folder: &Path) -> Result<Vec<PathBuf>> {
    let keys = Keys::of(db)?;
    let unreadable = |error: std::io::Error| {
        Problem::io("文件夹读不出来。")
            .next("请确认 U 盘或共享文件夹还连着。")
            .detail(format!("{}: {error}", folder.display()))
    };
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let named = path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case(EXTENSION));
        if named && path.is_file() && !is_for_others(&path, &keys) {
            all.push(path);
        }
    }
    all.sort();
    Ok(all)
}
