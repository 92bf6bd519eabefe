//! A disk whose power can be cut: a VFS over the system's own, registered as the default.
//!
//! Files in a watched folder go to the real file system and are followed here: what was synced, and what was only written,
//! in sectors of 512 bytes with every version they had since. When the power goes, each unsynced sector is what it was
//! before, or any of its later versions; a file's length is the old one or a new one; a name that was not synced may be
//! missing and a deleted one may be back. From then on every operation fails. Files elsewhere pass through untouched.

use std::collections::{BTreeMap, HashMap};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError};

use rusqlite::ffi::{
    SQLITE_IOERR, SQLITE_OK, SQLITE_OPEN_MAIN_DB, SQLITE_OPEN_MAIN_JOURNAL, SQLITE_OPEN_WAL, sqlite3_file,
    sqlite3_filename, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs, sqlite3_vfs_find, sqlite3_vfs_register,
};

use super::world::Dice;

const SECTOR: usize = 512;

type Sector = [u8; SECTOR];

/// Files of a folder by name.
pub type Image = BTreeMap<String, Vec<u8>>;

/// What is followed of one file.
#[derive(Default)]
struct Followed {
    /// As it certainly is after a power cut; `None`: there is no such file.
    synced: Option<Vec<u8>>,
    /// As the program sees it; `None`: deleted.
    now: Option<Vec<u8>>,
    /// Versions of each sector since the last sync.
    unsynced: BTreeMap<usize, Vec<Sector>>,
    /// Lengths it had since.
    lengths: Vec<usize>,
}

impl Followed {
    fn write(&mut self, at: usize, bytes: &[u8]) {
        let now = self.now.get_or_insert_default();
        if now.len() < at + bytes.len() {
            now.resize(at + bytes.len(), 0);
        }
        now[at..at + bytes.len()].copy_from_slice(bytes);
        for n in at / SECTOR..=(at + bytes.len() - 1) / SECTOR {
            let mut sector = [0; SECTOR];
            let part = &now[n * SECTOR..now.len().min((n + 1) * SECTOR)];
            sector[..part.len()].copy_from_slice(part);
            self.unsynced.entry(n).or_default().push(sector);
        }
        self.lengths.push(now.len());
    }

    fn truncate(&mut self, length: usize) {
        let now = self.now.get_or_insert_default();
        now.resize(length, 0);
        self.lengths.push(length);
    }

    fn sync(&mut self) {
        self.synced.clone_from(&self.now);
        self.unsynced.clear();
        self.lengths.clear();
    }

    /// One of the states it may be in when the power comes back.
    fn after_cut(&self, dice: &mut Dice) -> Option<Vec<u8>> {
        let fresh = self.synced.is_none() && self.now.is_some();
        let deleted = self.synced.is_some() && self.now.is_none();
        if (fresh || deleted) && dice.below(2) == 0 {
            return None;
        }
        let mut bytes = self.synced.clone().unwrap_or_default();
        // Mostly anything, now and then all or nothing: both happen, and chance alone hardly ever does either.
        let mood = dice.below(6);
        let mut end = bytes.len();
        for (n, versions) in &self.unsynced {
            let kept = match mood {
                0 => versions.len(),
                1 => 0,
                _ => dice.below(versions.len() as u64 + 1) as usize,
            };
            if kept > 0 {
                let to = (n + 1) * SECTOR;
                if bytes.len() < to {
                    bytes.resize(to, 0);
                }
                bytes[n * SECTOR..to].copy_from_slice(&versions[kept - 1]);
                end = end.max(to);
            }
        }
        let length = match dice.below(self.lengths.len() as u64 + 1) as usize {
            0 => end,
            n => self.lengths[n - 1],
        };
        bytes.resize(length, 0);
        Some(bytes)
    }
}

/// A watched folder.
struct Disk {
    files: BTreeMap<PathBuf, Followed>,
    /// Operations left before the power goes.
    left: u64,
    dice: Dice,
    /// The power is gone: what was left behind.
    cut: Option<Image>,
}

impl Disk {
    /// Counts a write, sync, truncation or deletion. `false`: there is no power.
    fn powered(&mut self) -> bool {
        if self.cut.is_some() {
            return false;
        }
        self.left -= 1;
        self.left > 0
    }

    fn cut(&mut self) {
        if self.cut.is_some() {
            return;
        }
        let mut image = Image::new();
        for (path, file) in &self.files {
            if let Some(bytes) = file.after_cut(&mut self.dice) {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                image.insert(name, bytes);
            }
        }
        self.cut = Some(image);
    }

    /// An operation that takes its turn: done, and then the power may go; a cut hits it half done.
    fn operate(&mut self, path: &Path, done: impl FnOnce(&mut Followed)) -> bool {
        let powered = self.powered();
        if self.cut.is_some() {
            return false;
        }
        done(self.files.entry(path.to_owned()).or_default());
        if !powered {
            self.cut();
        }
        powered
    }
}

type Shared = Arc<Mutex<Disk>>;

fn disks() -> &'static Mutex<HashMap<PathBuf, Shared>> {
    static DISKS: OnceLock<Mutex<HashMap<PathBuf, Shared>>> = OnceLock::new();
    DISKS.get_or_init(Mutex::default)
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder under watch, until dropped.
pub struct Watched {
    folder: PathBuf,
    disk: Shared,
}

impl Watched {
    /// Watches what stands in a folder; the power goes at the operation of this number.
    pub fn new(folder: &Path, cut_at: u64, seed: u64) -> Self {
        register();
        let files = read_image(folder)
            .into_iter()
            .map(|(name, bytes)| {
                let followed = Followed { synced: Some(bytes.clone()), now: Some(bytes), ..Followed::default() };
                (folder.join(name), followed)
            })
            .collect();
        let disk = Arc::new(Mutex::new(Disk { files, left: cut_at, dice: Dice(seed), cut: None }));
        lock(disks()).insert(folder.to_owned(), Arc::clone(&disk));
        Self { folder: folder.to_owned(), disk }
    }

    /// What the cut left behind; `None`: the power never went.
    pub fn left_behind(&self) -> Option<Image> {
        lock(&self.disk).cut.clone()
    }

    /// Whether there still is power.
    pub fn powered(&self) -> bool {
        lock(&self.disk).cut.is_none()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        lock(disks()).remove(&self.folder);
    }
}

/// Files of a folder that belong to the database.
pub fn read_image(folder: &Path) -> Image {
    fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path))
        .filter(|(name, _)| name.contains(".db") && !name.ends_with("-shm"))
        .map(|(name, path)| (name, fs::read(path).expect("a file")))
        .collect()
}

/// Puts files into a folder.
pub fn write_image(folder: &Path, image: &Image) {
    for (name, bytes) in image {
        fs::write(folder.join(name), bytes).expect("a file");
    }
}

/// A file of a watched folder: ours in front, the system's own behind it in the same allocation.
#[repr(C)]
struct File {
    base: sqlite3_file,
    watch: *const Watch,
}

struct Watch {
    disk: Shared,
    path: PathBuf,
}

/// The system's VFS, as it was before ours became the default.
fn system() -> *mut sqlite3_vfs {
    struct Pointer(*mut sqlite3_vfs);
    // SAFETY: VFS objects live as long as the process and are used from any thread by SQLite itself.
    unsafe impl Send for Pointer {}
    // SAFETY: as above; nothing is written through it.
    unsafe impl Sync for Pointer {}
    static SYSTEM: OnceLock<Pointer> = OnceLock::new();
    // SAFETY: a null name asks for the default VFS; asked before ours is registered, so it is the system's.
    SYSTEM.get_or_init(|| Pointer(unsafe { sqlite3_vfs_find(std::ptr::null()) })).0
}

fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Opening anything first makes SQLite register its own.
        drop(rusqlite::Connection::open_in_memory().expect("SQLite"));
        let system = system();
        // SAFETY: the system's VFS is a valid object; ours is a copy of it with other functions and its own name, never freed.
        unsafe {
            let mut ours: sqlite3_vfs = std::ptr::read(system);
            ours.szOsFile += size_of::<File>() as c_int;
            ours.pNext = std::ptr::null_mut();
            ours.zName = c"kebao-cuts".as_ptr();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            sqlite3_vfs_register(Box::leak(Box::new(ours)), 1);
        }
    });
}

fn watched_path(name: *const c_char) -> Option<(Shared, PathBuf)> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite hands over a terminated string that lives during the call.
    let path = PathBuf::from(unsafe { CStr::from_ptr(name) }.to_str().ok()?);
    let disk = lock(disks()).get(path.parent()?).cloned()?;
    Some((disk, path))
}

/// The system's part of a file.
fn behind(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: `szOsFile` made the allocation large enough for ours and the system's behind it.
    unsafe { file.cast::<u8>().add(size_of::<File>()).cast() }
}

fn watch<'w>(file: *mut sqlite3_file) -> &'w Watch {
    // SAFETY: our methods are only installed by `open`, which has set `watch`; it is freed by `close` alone.
    unsafe { &*(*file.cast::<File>()).watch }
}

macro_rules! pass {
    ($file:ident, $method:ident $(, $argument:expr)*) => {{
        let real = behind($file);
        // SAFETY: the system's file was opened by its own VFS and has all methods of its version.
        unsafe { ((*(*real).pMethods).$method.expect("a method"))(real $(, $argument)*) }
    }};
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let system = system();
    // SAFETY: the arguments are SQLite's own, the VFS is the system's.
    let real_open = unsafe { (*system).xOpen }.expect("it opens");
    let followed = flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL) != 0;
    let Some((disk, path)) = followed.then(|| watched_path(name)).flatten() else {
        // SAFETY: unwatched files are the system's from their first byte.
        return unsafe { real_open(system, name, file, flags, out) };
    };
    // SAFETY: `file` is ours to fill; null methods say that nothing needs closing should the opening fail.
    unsafe { (*file).pMethods = std::ptr::null() };
    if lock(&disk).cut.is_some() {
        return SQLITE_IOERR;
    }
    let real = behind(file);
    // SAFETY: as above, into the system's part.
    let code = unsafe { real_open(system, name, real, flags, out) };
    if code != SQLITE_OK {
        return code;
    }
    lock(&disk).files.entry(path.clone()).or_default().now.get_or_insert_default();
    let ours = File { base: sqlite3_file { pMethods: &METHODS }, watch: Box::into_raw(Box::new(Watch { disk, path })) };
    // SAFETY: the allocation begins with room for ours.
    unsafe { std::ptr::write(file.cast::<File>(), ours) };
    SQLITE_OK
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    let system = system();
    if let Some((disk, path)) = watched_path(name) {
        let powered = lock(&disk).operate(&path, |file| {
            file.now = None;
            file.unsynced.clear();
            file.lengths.clear();
            if sync != 0 {
                file.synced = None;
            }
        });
        if !powered {
            return SQLITE_IOERR;
        }
    }
    // SAFETY: the arguments are SQLite's own, the VFS is the system's.
    unsafe { ((*system).xDelete.expect("it deletes"))(system, name, sync) }
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // No memory mapping: every write must be seen.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(take_lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let code = pass!(file, xClose);
    // SAFETY: made by `open` with `Box::into_raw`, and SQLite closes a file once.
    drop(unsafe { Box::from_raw((*file.cast::<File>()).watch.cast_mut()) });
    code
}

unsafe extern "C" fn read(file: *mut sqlite3_file, into: *mut c_void, amount: c_int, at: sqlite3_int64) -> c_int {
    if lock(&watch(file).disk).cut.is_some() {
        return SQLITE_IOERR;
    }
    pass!(file, xRead, into, amount, at)
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, amount: c_int, at: sqlite3_int64) -> c_int {
    let Watch { disk, path } = watch(file);
    // SAFETY: SQLite hands over `amount` readable bytes.
    let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), amount as usize) };
    if !lock(disk).operate(path, |file| file.write(at as usize, bytes)) {
        return SQLITE_IOERR;
    }
    pass!(file, xWrite, from, amount, at)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    let Watch { disk, path } = watch(file);
    if !lock(disk).operate(path, |file| file.truncate(length as usize)) {
        return SQLITE_IOERR;
    }
    pass!(file, xTruncate, length)
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    let Watch { disk, path } = watch(file);
    {
        let mut disk = lock(disk);
        // A cut during a sync finds nothing certain yet.
        if !disk.operate(path, |_| ()) {
            return SQLITE_IOERR;
        }
        for (other, followed) in &mut disk.files {
            // File systems keep the order of names: a deletion is on the disk before what is synced after it.
            if other == path || followed.now.is_none() {
                followed.sync();
            }
        }
    }
    pass!(file, xSync, flags)
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut sqlite3_int64) -> c_int {
    pass!(file, xFileSize, size)
}

unsafe extern "C" fn take_lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    pass!(file, xLock, level)
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    pass!(file, xUnlock, level)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    pass!(file, xCheckReservedLock, out)
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, what: c_int, argument: *mut c_void) -> c_int {
    pass!(file, xFileControl, what, argument)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    pass!(file, xSectorSize)
}

/// As the system's own VFS has them: the program runs as it does on a real disk.
unsafe extern "C" fn characteristics(file: *mut sqlite3_file) -> c_int {
    pass!(file, xDeviceCharacteristics)
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    pass!(file, xShmMap, page, size, extend, out)
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, n: c_int, flags: c_int) -> c_int {
    pass!(file, xShmLock, offset, n, flags)
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    pass!(file, xShmBarrier)
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    pass!(file, xShmUnmap, delete)
}
