//! The handle to the office's database: one writer thread, two readers, questions by closure, answers to be awaited.

use std::any::Any;
use std::fs::File;
use std::future::Future;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use futures_channel::oneshot;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::act::{Act, Done, Finished};
use super::as_of::Moment;
use super::clock::{Clock, Entropy};
use super::journal::{self, Chain};
use super::ledger::{self, FirmRow, Ledger};
use super::rights::Standing;
use super::sealing::Ring;
use super::{attachments, backup, device, erased, file, schema, tables, whole};
use crate::domain::event::{DeedKind, Entry, Logged, RecordKind};
use crate::domain::id::{DeviceId, RecordId};
#[cfg(test)]
use crate::domain::testing::{Break, break_it, is_broken, what_is_broken};
use crate::domain::{Kind, Problem, Result};

const READERS: usize = 2;

/// How long the writer waits for more before it folds the log in.
const QUIET: Duration = Duration::from_millis(400);

/// How to open an office.
#[derive(Clone)]
pub struct Options {
    pub clock: Clock,
    pub entropy: Entropy,
}

impl Default for Options {
    fn default() -> Self {
        Self { clock: Clock::system(), entropy: Entropy::system() }
    }
}

/// An open office. Cheap to clone; the last clone to go closes the database. A handle looks at the present, or at an earlier
/// day, from which it only reads (see [`Db::looking_at`]).
#[derive(Clone)]
pub struct Db(pub(super) Arc<Inner>, pub(super) Option<Arc<Moment>>);

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Db").field(&self.0.folder).finish()
    }
}

pub(super) struct Inner {
    folder: PathBuf,
    /// Changes when another is found to write under it.
    device: Arc<Mutex<DeviceId>>,
    clock: Clock,
    entropy: Entropy,
    writer: Option<Sender<WriteJob>>,
    readers: Option<Sender<ReadJob>>,
    /// The writer first, then the readers.
    threads: Vec<JoinHandle<()>>,
    ledger: SharedLedger,
    ring: Ring,
    /// Held, never read: keeps a second instance out.
    _lock: File,
}

type WriteJob = Box<dyn FnOnce(&mut Writer) + Send>;
type ReadJob = Box<dyn FnOnce(&Connection) + Send>;
/// `None` until somebody asks for it: a command that lists nothing does not pay for it.
type SharedLedger = Arc<Mutex<Option<Arc<Ledger>>>>;

/// What the writer thread owns.
struct Writer {
    path: PathBuf,
    connection: Connection,
    clock: Clock,
    entropy: Entropy,
    chain: Chain,
    device: Arc<Mutex<DeviceId>>,
    ledger: SharedLedger,
    /// What whoever is signed in opens sealed numbers with.
    ring: Ring,
    /// The write-ahead log may still hold what was erased, and must be emptied as soon as no reader is in the way.
    unwiped: bool,
}

impl Writer {
    /// Goes on from where the chain ends now, under its device.
    fn go_on(&mut self, chain: Chain) {
        *lock(&self.device) = chain.device;
        self.chain = chain;
    }

    fn read_ledger(&mut self, figures_year: i32) -> Result<Arc<Ledger>> {
        let load = |writer: &Self| ledger::load(&writer.connection, Some(reader(&writer.path)?), figures_year);
        let mut ledger = match load(self) {
            Err(problem) if problem.kind == Kind::Damaged && self.mend_lines(figures_year)? => load(self)?,
            loaded => loaded?,
        };
        ledger.ring = self.ring.clone();
        let ledger = Arc::new(ledger);
        warm(&ledger);
        Ok(ledger)
    }

    /// Makes rows again of which the line cannot be read, each from its own record's history; the rest of the tables stays as
    /// it is, for where the journal is hurt they may know more. Says whether there were any.
    fn mend_lines(&mut self, figures_year: i32) -> Result<bool> {
        let records = ledger::unreadable(&self.connection, figures_year)?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for record in &records {
            tables::project(&transaction, *record, &journal::history(&transaction, *record)?, false)?;
        }
        transaction.commit()?;
        Ok(!records.is_empty())
    }

    /// One action in one transaction, whole or not at all.
    fn transact<T>(
        &mut self,
        actor: RecordId,
        name: &str,
        deed: impl FnOnce(&mut Act<'_>) -> Result<T>,
    ) -> Result<Done<T>> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (keys, epoch) = self.ring.now();
        let whose = (actor, keys);
        let mut act = Act::begin(&transaction, &self.clock, &self.entropy, self.chain, whose, name);
        act.keep_rows(lock(&self.ledger).as_ref().map(|ledger| ledger.figures_year));
        let value = match deed(&mut act) {
            #[cfg(test)]
            Err(problem) if is_broken(Break::HalfActions) => {
                self.chain = act.leave_half()?;
                transaction.commit()?;
                return Err(problem);
            }
            value => value?,
        };
        let (erased, keys) = (act.has_erased(), act.new_keys());
        let Finished { done, chain, entered, changed } = act.finish(value)?;
        transaction.commit()?;
        self.chain = chain;
        if let Some(keys) = keys {
            self.ring.hold(keys, epoch);
        }
        if erased {
            self.unwiped = true;
            self.fold();
            self.remove_erased();
        }
        self.refresh_ledger(entered, &changed);
        Ok(done)
    }

    /// Files decreed to go are taken from the disk. What fails is tried again when the office is opened; the check tells it.
    fn remove_erased(&self) {
        if let Some(folder) = self.path.parent() {
            let _ = erased::remove(&self.connection, folder);
        }
    }

    /// Folds the write-ahead log into the database. A reader in the way only means: later.
    fn fold(&mut self) {
        let how = if self.unwiped { "TRUNCATE" } else { "PASSIVE" };
        let sql = format!("PRAGMA wal_checkpoint({how})");
        let busy = self.connection.query_row(&sql, [], |row| row.get::<_, bool>(0)).unwrap_or(true);
        self.unwiped &= busy;
    }

    fn refresh_ledger(&mut self, entered: Vec<FirmRow>, touched: &[(RecordId, Option<RecordKind>)]) {
        if entered.is_empty() && touched.is_empty() {
            return;
        }
        let Some(old) = lock(&self.ledger).clone() else { return };
        if touched.len() > ledger::PATCH_LIMIT {
            return self.reload_ledger();
        }
        let many = entered.len() > ledger::PATCH_LIMIT;
        match ledger::refresh(&self.connection, &old, entered, touched) {
            Ok(fresh) => {
                let fresh = Arc::new(fresh);
                if many {
                    warm(&fresh);
                }
                *lock(&self.ledger) = Some(fresh);
            }
            // The commit stands; a list that cannot be read again is read whole next time.
            Err(_) => self.reload_ledger(),
        }
    }

    fn reload_ledger(&mut self) {
        let Some(year) = lock(&self.ledger).as_ref().map(|ledger| ledger.figures_year) else { return };
        if let Ok(fresh) = self.read_ledger(year) {
            *lock(&self.ledger) = Some(fresh);
        }
    }
}

/// Makes a ledger ready for searching beside whatever comes next; whoever searches before only waits for what he needs.
fn warm(ledger: &Arc<Ledger>) {
    let ledger = Arc::clone(ledger);
    // Without a thread the first search does it.
    let _ = thread::Builder::new().name("warm".to_owned()).spawn(move || ledger.make_ready());
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An answer on its way. Await it, or [`Answer::wait`] where there is no window to keep alive.
pub struct Answer<T>(oneshot::Receiver<Result<T>>);

impl<T> Answer<T> {
    /// An answer that is there already.
    pub(super) fn ready(answer: Result<T>) -> Self {
        let (send, receiver) = oneshot::channel();
        // The receiver is right here.
        let _ = send.send(answer);
        Self(receiver)
    }

    /// Blocks until the answer is there.
    pub fn wait(self) -> Result<T> {
        futures_executor::block_on(self)
    }
}

impl<T> Future for Answer<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0)
            .poll(context)
            .map(|answer| answer.unwrap_or_else(|_| Err(Problem::bug("the database thread ended"))))
    }
}

impl Db {
    /// Opens the office in a folder, making it when there is none.
    ///
    /// # Errors
    /// Each with its sentence: a folder unfit for a database, a second instance, a foreign, damaged or too new file. None
    /// of them changes anything.
    pub fn open(folder: &Path, options: Options) -> Result<Self> {
        file::prepare(folder)?;
        let lock = file::lock(folder)?;
        backup::clear_away(folder);
        let path = folder.join(file::DATABASE_FILE);
        file::inspect(&path)?;
        let mut connection = Connection::open(&path)?;
        // SQLite would read it, and leave files beside it that nobody may write.
        if connection.is_readonly("main")? {
            return Err(Problem::io("数据库文件 kebao.db 不能写入，没有打开。")
                .next("请去掉文件的只读属性、检查权限后重试。")
                .detail(path.display()));
        }
        configure(&connection)?;
        // What is refused stays as it is, down to a log that a newer program left behind.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        schema::migrate(&mut connection)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        // After the schema stands in the file itself, so that the header tells whose it is even without the WAL.
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))?;
        // Folded in when it is quiet (see `serve`); a large import keeps its pages until it commits.
        connection
            .execute_batch("PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -64000; PRAGMA secure_delete = ON;")?;
        let device::Here { device, moved } = device::open(&mut connection, &path, &options)?;
        let chain = journal::own_chain(&connection, device, options.clock.millis())?;
        let readers = (0..READERS).map(|_| reader(&path)).collect::<Result<Vec<_>>>()?;
        let (shared, ring) = (SharedLedger::default(), Ring::default());
        let device = Arc::new(Mutex::new(device));
        let writer = Writer {
            path: path.clone(),
            connection,
            clock: options.clock.clone(),
            entropy: options.entropy.clone(),
            chain,
            device: Arc::clone(&device),
            ledger: Arc::clone(&shared),
            ring: ring.clone(),
            unwiped: false,
        };
        writer.remove_erased();
        let (write, write_jobs) = channel::<WriteJob>();
        let (read, read_jobs) = channel::<ReadJob>();
        let mut threads = vec![spawn("writer", move || serve(writer, &write_jobs))?];
        let read_jobs = Arc::new(Mutex::new(read_jobs));
        for reader in readers {
            let jobs = Arc::clone(&read_jobs);
            threads.push(spawn("reader", move || serve_reads(&reader, &jobs))?);
        }
        let db = Self(
            Arc::new(Inner {
                folder: folder.to_owned(),
                device,
                clock: options.clock,
                entropy: options.entropy,
                writer: Some(write),
                readers: Some(read),
                threads,
                ledger: shared,
                ring,
                _lock: lock,
            }),
            None,
        );
        if moved {
            db.note(RecordId::OFFICE, device::copied()).wait()?;
        }
        Ok(db)
    }

    /// The folder everything lies in.
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// This installation, as its events name it.
    pub fn device(&self) -> DeviceId {
        *lock(&self.0.device)
    }

    /// The clock it was opened with.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The source of chance it was opened with.
    pub fn entropy(&self) -> &Entropy {
        &self.0.entropy
    }

    /// Where the keys of whoever is signed in are.
    pub(super) fn ring(&self) -> &Ring {
        &self.0.ring
    }

    /// Does something in the name of a user: one transaction, whole or not at all.
    ///
    /// The closure checks and writes through [`Act`]; an error from it leaves everything as it was. Nothing written means
    /// no action. That a rule refused it is logged.
    pub fn act<T, F>(&self, actor: RecordId, name: impl Into<String>, deed: F) -> Answer<Done<T>>
    where
        T: Send + 'static,
        F: FnOnce(&mut Act<'_>) -> Result<T> + Send + 'static,
    {
        if let Err(problem) = self.may_change() {
            return Answer::ready(Err(problem));
        }
        let name = name.into();
        self.write(move |writer| {
            let done = writer.transact(actor, &name, deed);
            if let Err(problem) = &done
                && problem.kind == Kind::Refused
            {
                let logged = Logged::new(DeedKind::Refused, format!("{name}：{}", problem.says));
                // The person hears of the refusal whether or not it could be logged.
                let _ = writer.transact(actor, "", |act| {
                    act.note(logged);
                    Ok(())
                });
            }
            done
        })
    }

    /// Has the log say something that is no deed: who came, what left, what was looked at.
    pub fn note(&self, actor: RecordId, logged: Logged) -> Answer<()> {
        self.write(move |writer| {
            writer.transact(actor, "", |act| {
                act.note(logged);
                Ok(())
            })?;
            Ok(())
        })
    }

    /// Does something that may be refused and is written down either way: what the log is told of a refusal stands, while the
    /// deed itself left nothing. Also while this handle looks at an earlier day: signing in and out goes on meanwhile.
    pub(super) fn write_or_refuse<T, F>(&self, actor: RecordId, name: &'static str, deed: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Act<'_>) -> Result<Result<T>> + Send + 'static,
    {
        self.write(move |writer| {
            let done = writer.transact(actor, name, |act| match deed(act)? {
                // Judged before anything was written.
                Err(problem) if matches!(problem.kind, Kind::Refused | Kind::BadInput | Kind::NotFound) => {
                    Ok(Err(problem))
                }
                other => other.map(Ok),
            })?;
            done.value
        })
    }

    /// Writes what belongs to this machine alone: preferences, drafts.
    pub(super) fn local<T, F>(&self, job: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        self.write(move |writer| {
            let transaction = writer.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = job(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })
    }

    /// Takes in events from elsewhere and makes the tables of what they touched, in one transaction. Nothing is added to what
    /// came; whoever carries events says so himself ([`Db::arrive`]).
    pub fn accept(&self, entries: Vec<Entry>) -> Answer<journal::Accepted> {
        self.write(move |writer| {
            let transaction = writer.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let Came { accepted, erased, device, .. } =
                accept(&transaction, writer.chain.device, (&writer.entropy, &writer.clock), entries)?;
            let chain = journal::own_chain(&transaction, device, writer.clock.millis())?;
            transaction.commit()?;
            writer.unwiped |= erased;
            writer.go_on(chain);
            if accepted.taken > 0 {
                writer.remove_erased();
            }
            writer.reload_ledger();
            Ok(accepted)
        })
    }

    /// Takes in events from elsewhere and states what is to be kept of it, in one transaction. `look` sees the journal as it
    /// was before, and may refuse; `state` speaks for a user once the events are in, with the rights they had before.
    pub(super) fn arrive<A, T>(
        &self,
        look: impl FnOnce(&Connection) -> Result<A> + Send + 'static,
        actor: RecordId,
        state: impl FnOnce(&mut Act<'_>, A, &journal::Accepted) -> Result<T> + Send + 'static,
    ) -> Answer<T>
    where
        A: Brings,
        T: Send + 'static,
    {
        self.write(move |writer| {
            let transaction = writer.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut looked = look(&transaction)?;
            // What comes may bring the first people here, or give whoever takes it in other roles: neither is asked.
            let standing = Standing::read(&transaction, actor)?;
            let Came { accepted, erased, device, renewed } =
                accept(&transaction, writer.chain.device, (&writer.entropy, &writer.clock), looked.entries())?;
            let chain = journal::own_chain(&transaction, device, writer.clock.millis())?;
            let (keys, epoch) = writer.ring.now();
            let whose = (actor, keys);
            let mut act = Act::begin(&transaction, &writer.clock, &writer.entropy, chain, whose, "");
            act.stand_as(standing);
            if renewed {
                act.note(device::forked());
            }
            let value = state(&mut act, looked, &accepted)?;
            let keys = act.new_keys();
            let Finished { done, chain, .. } = act.finish(value)?;
            transaction.commit()?;
            writer.go_on(chain);
            if let Some(keys) = keys {
                writer.ring.hold(keys, epoch);
            }
            if erased {
                writer.unwiped = true;
                writer.fold();
            }
            writer.remove_erased();
            writer.reload_ledger();
            Ok(done.value)
        })
    }

    /// Makes all derived tables again from the journal. Whether that is whole enough, [`journal::Report::permits_rebuild`] says.
    pub fn rebuild(&self) -> Answer<()> {
        self.rebuild_watched(|_| ControlFlow::Continue(()))
    }

    /// The same, telling how far it is (0 to 1). Stopped, it leaves the tables as they were.
    pub fn rebuild_watched(&self, mut watch: impl FnMut(f32) -> ControlFlow<()> + Send + 'static) -> Answer<()> {
        self.write(move |writer| {
            let transaction = writer.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            schema::remake_derived(&transaction)?;
            schema::mend(&transaction)?;
            tables::rebuild(&transaction, &mut |done, all| watch(done as f32 / all.max(1) as f32))?;
            transaction.commit()?;
            writer.reload_ledger();
            Ok(())
        })
    }

    /// Loads what lists show, with the figures of a year; from then on every commit keeps it fresh.
    pub fn load_ledger(&self, figures_year: i32) -> Answer<Arc<Ledger>> {
        self.write(move |writer| {
            let ledger = writer.read_ledger(figures_year)?;
            *lock(&writer.ledger) = Some(Arc::clone(&ledger));
            Ok(ledger)
        })
    }

    /// The office and its people alone, where lists may be unreadable.
    pub fn load_people(&self) -> Answer<Arc<Ledger>> {
        self.read(|connection| Ok(Arc::new(ledger::people(connection)?)))
    }

    /// What lists show as of the last commit, or on the day this handle looks at; empty before [`Db::load_ledger`].
    pub fn ledger(&self) -> Arc<Ledger> {
        if let Some(moment) = &self.1 {
            return Arc::clone(&moment.ledger);
        }
        lock(&self.0.ledger).clone().unwrap_or_default()
    }

    /// Verifies the file, every event and chain, and that the tables are what the journal gives. Changes nothing.
    pub fn check(&self) -> Answer<journal::Report> {
        self.check_watched(|_| ControlFlow::Continue(()))
    }

    /// The same, telling how far it is (0 to 1) and stopping when nobody wants the rest.
    pub fn check_watched(
        &self,
        mut watch: impl FnMut(f32) -> ControlFlow<()> + Send + 'static,
    ) -> Answer<journal::Report> {
        let folder = self.0.folder.clone();
        self.read(move |connection| {
            let mut report = whole::check_watched(connection, &mut watch)?;
            let files = report.tell(attachments::verify(connection, &folder))?;
            let materials = report.tell(attachments::verify_materials(connection, &folder))?;
            let (erased, left) = report.tell(attachments::verify_erased(connection, &folder))?;
            report.erased_files = erased;
            report.faults.extend(files.into_iter().chain(materials).chain(left));
            Ok(report)
        })
    }

    /// Does long work on a thread of its own, so that no question of the window waits behind it. The office stays open
    /// until it ends.
    pub(super) fn background<T, F>(&self, name: &str, work: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let db = self.clone();
        // Without a thread the sender is gone, and the answer says so.
        let _ = thread::Builder::new().name(name.to_owned()).spawn(move || {
            let done = guarded(|| work(&db));
            // Let go before the answer: whoever has it may open the folder anew.
            drop(db);
            let _ = answer.send(done);
        });
        Answer(receiver)
    }

    /// Where every machine's chain ends.
    pub fn heads(&self) -> Answer<Vec<journal::Head>> {
        self.read(journal::heads)
    }

    /// What became of chain heads written down earlier.
    pub fn compare_heads(&self, heads: Vec<journal::Head>) -> Answer<Vec<(journal::Head, journal::Since)>> {
        self.read(move |connection| journal::compare(connection, &heads))
    }

    /// Asks a question. Readers see the last commit and never block the writer.
    pub(super) fn read<T, F>(&self, question: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let job: ReadJob = Box::new(move |connection| {
            // Nobody waits any more: the question was dropped, so is the answer.
            let _ = answer.send(guarded(|| question(connection)));
        });
        if let Some(readers) = &self.0.readers {
            // A reader thread outlives every sender; a failed send drops the job and the answer says so.
            let _ = readers.send(job);
        }
        Answer(receiver)
    }

    /// The same for whoever works on a thread of their own and cannot await: it blocks.
    pub(super) fn ask_now<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = channel();
        let job: ReadJob = Box::new(move |connection| {
            let _ = answer.send(guarded(|| question(connection)));
        });
        if let Some(readers) = &self.0.readers {
            let _ = readers.send(job);
        }
        receiver.recv().unwrap_or_else(|_| Err(Problem::bug("the database thread ended")))
    }

    fn write<T, F>(&self, job: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writer) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let job: WriteJob = Box::new(move |writer| {
            let _ = answer.send(guarded(|| job(writer)));
        });
        if let Some(writer) = &self.0.writer {
            let _ = writer.send(job);
        }
        Answer(receiver)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The readers end first: whoever closes the database last must be able to write, or the WAL is not folded in.
        let me = thread::current().id();
        let end = |threads: std::vec::Drain<'_, JoinHandle<()>>| {
            for thread in threads.filter(|thread| thread.thread().id() != me) {
                let _ = thread.join();
            }
        };
        self.readers = None;
        end(self.threads.drain(1..));
        self.writer = None;
        end(self.threads.drain(..));
    }
}

/// A panic in a question or deed is our bug, not the end of the program: its transaction is gone, the thread lives.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(Problem::bug(panic_text(&*panic))))
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    #[cfg(test)]
    let work = {
        let broken = what_is_broken();
        move || {
            break_it(broken);
            work();
        }
    };
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|error| Problem::io("系统资源不足，数据库没有打开。").next("请关闭其他程序后重试。").detail(error))
}

/// Does the jobs in order; when nothing has come for a while after some, folds the write-ahead log into the database, so
/// that nobody waits for that who has just saved.
fn serve(mut writer: Writer, jobs: &Receiver<WriteJob>) {
    let mut unfolded = false;
    loop {
        let job = if unfolded {
            match jobs.recv_timeout(QUIET) {
                Err(RecvTimeoutError::Timeout) => {
                    writer.fold();
                    unfolded = writer.unwiped;
                    continue;
                }
                other => other.ok(),
            }
        } else {
            jobs.recv().ok()
        };
        match job {
            Some(job) => job(&mut writer),
            None => return,
        }
        unfolded = true;
    }
}

fn serve_reads(connection: &Connection, jobs: &Mutex<Receiver<ReadJob>>) {
    loop {
        let job = lock(jobs).recv();
        match job {
            Ok(job) => job(connection),
            Err(_) => return,
        }
    }
}

/// Events from elsewhere that were looked at and are to be taken in.
pub(super) trait Brings {
    /// Hands them over.
    fn entries(&mut self) -> Vec<Entry>;
}

/// What became of events that came.
struct Came {
    accepted: journal::Accepted,
    /// Something was emptied on the way.
    erased: bool,
    /// What this machine writes as from now on.
    device: DeviceId,
    /// It is a new one, because somebody else wrote under the old one.
    renewed: bool,
}

/// Takes events in and makes the tables of what they touched.
fn accept(
    transaction: &Connection,
    own: DeviceId,
    (entropy, clock): (&Entropy, &Clock),
    entries: Vec<Entry>,
) -> Result<Came> {
    let renewed = device::is_forked(transaction, own, &entries)?;
    let end = device::end(transaction, own)?;
    let accepted = journal::accept(transaction, entries)?;
    let mut erased = false;
    for record in &accepted.records {
        let history = journal::history(transaction, *record)?;
        erased |= journal::carry_out(transaction, &history)?;
        #[cfg(test)]
        if is_broken(Break::StaleShortlists) && history.record_kind() == Some(RecordKind::Shortlist) {
            continue;
        }
        tables::project(transaction, *record, &history, false)?;
    }
    let device = match renewed {
        true => device::renew(transaction, (own, end), entropy, clock)?,
        false => own,
    };
    Ok(Came { accepted, erased, device, renewed })
}

/// A connection that can only read.
pub(super) fn reader(path: &Path) -> Result<Connection> {
    let reader = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    configure(&reader)?;
    Ok(reader)
}

pub(super) fn configure(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(64);
    connection.busy_timeout(Duration::from_secs(5))?;
    // EXTRA is FULL, and while there is no write-ahead log yet (a migration) the end of a journal is on the disk before anything
    // goes on.
    connection.execute_batch(
        "PRAGMA synchronous = EXTRA;
         PRAGMA recursive_triggers = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -16000;",
    )?;
    #[cfg(test)]
    if is_broken(Break::NoSync) {
        connection.execute_batch("PRAGMA synchronous = OFF")?;
    }
    Ok(())
}
