//! The long work of an import, on threads of its own: reading a file, planning it, writing it. Each says how far it is.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use iced::Task;
use iced::futures::FutureExt;
use iced::futures::channel::mpsc::{UnboundedSender, unbounded};

use super::Message;
use super::review::Ask;
use crate::domain::event::Hash;
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::exchange::import::{Applied, Plan, Watch, apply, plan};
use crate::exchange::lists::{Document, FoundTable, Progress, find, nothing_found, read, read_pasted};
use crate::store::{Db, Done};

/// How often work under way is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// A list as it was read.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub source: Source,
    /// 文件名; 剪贴板 for pasted cells.
    pub name: String,
    pub kind: &'static str,
    /// Of the content, as it will be kept.
    pub digest: Hash,
    /// Never empty.
    pub tables: Vec<Arc<FoundTable>>,
}

/// Where a list came from.
#[derive(Debug, Clone)]
pub enum Source {
    File(PathBuf),
    /// The cells as they were pasted.
    Pasted(Arc<str>),
}

impl Loaded {
    /// The name without its ending, as titles are looked for in it.
    pub fn stem(&self) -> String {
        Path::new(&self.name).file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// Runs `job` on a thread that begins when the task does, and passes on what it sends.
fn on_thread(job: impl FnOnce(UnboundedSender<Message>) + Send + 'static) -> Task<Message> {
    let begin = async move {
        let (sender, receiver) = unbounded();
        let started = thread::Builder::new().name("import".to_owned()).spawn(move || job(sender));
        // Without a thread the sender is gone and the stream ends; the page still shows what it showed.
        drop(started);
        receiver
    };
    Task::stream(begin.flatten_stream())
}

/// Nobody listens any more when the window was closed meanwhile.
fn send(to: &UnboundedSender<Message>, message: Message) {
    let _ = to.unbounded_send(message);
}

/// Reads a file and finds its lists.
pub fn reading(turn: u64, path: PathBuf, stop: Arc<AtomicBool>) -> Task<Message> {
    on_thread(move |to| {
        let mut said = Instant::now();
        let mut watch = |progress: Progress| {
            if stop.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            if said.elapsed() >= LOOK {
                said = Instant::now();
                send(&to, Message::ReadTo(turn, progress));
            }
            ControlFlow::Continue(())
        };
        let loaded = read(&path, &mut watch).and_then(|document| {
            let bytes = std::fs::read(&path).map_err(|error| changed().detail(error))?;
            found(&document, Source::File(path), Hash::of(&[&bytes]))
        });
        send(&to, Message::Read(turn, loaded.map(Arc::new)));
    })
}

/// Finds the lists among pasted cells.
pub fn pasting(turn: u64, text: String) -> Task<Message> {
    on_thread(move |to| {
        let loaded = read_pasted(&text).and_then(|document| {
            let digest = Hash::of(&[text.as_bytes()]);
            found(&document, Source::Pasted(text.into()), digest)
        });
        send(&to, Message::Read(turn, loaded.map(Arc::new)));
    })
}

fn found(document: &Document, source: Source, digest: Hash) -> Result<Loaded> {
    let tables: Vec<Arc<FoundTable>> = find(document).into_iter().map(Arc::new).collect();
    if tables.is_empty() {
        return Err(nothing_found(document));
    }
    Ok(Loaded { source, name: document.file.clone(), kind: document.kind.label(), digest, tables })
}

fn changed() -> Problem {
    Problem::io("文件在读的时候变了。").next("请等别的程序存完，再重新选择这个文件。")
}

/// Plans taking a table in.
pub fn planning(turn: u64, db: Db, ask: Ask) -> Task<Message> {
    on_thread(move |to| {
        let plan = plan(&db, &ask.table, &ask.settings, &ask.choices);
        send(&to, Message::Planned(turn, plan.map(Arc::new)));
    })
}

/// What is to be written.
pub struct Order {
    pub db: Db,
    pub actor: RecordId,
    pub loaded: Arc<Loaded>,
    pub table: Arc<FoundTable>,
    pub plan: Arc<Plan>,
}

/// Writes what was planned; stopped through `watch`, nothing of it stands, the kept file neither.
pub fn writing(turn: u64, order: Order, watch: Watch) -> Task<Message> {
    on_thread(move |to| {
        let over = Arc::new(AtomicBool::new(false));
        let (looker, shown, ended) = (to.clone(), watch.clone(), Arc::clone(&over));
        let looking = thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                thread::park_timeout(LOOK);
                send(&looker, Message::WrittenTo(turn, shown.done()));
            }
        });
        let written = write(order, watch);
        over.store(true, Ordering::Relaxed);
        looking.thread().unpark();
        // A thread that only looks has nothing to give.
        let _ = looking.join();
        send(&to, Message::Wrote(turn, written.map(Box::new)));
    })
}

fn write(order: Order, watch: Watch) -> Result<Done<Applied>> {
    let Order { db, actor, loaded, table, plan } = order;
    let mut scratch = None;
    let file = match &loaded.source {
        Source::File(path) => {
            let bytes = std::fs::read(path).map_err(|error| {
                Problem::io("名单文件读不出来了，什么都没有写入。")
                    .next("它可能被移动、改名，或在已经拔掉的 U 盘上；找到后再写入。")
                    .detail(error)
            })?;
            if Hash::of(&[&bytes]) != loaded.digest {
                return Err(Problem::refused("名单文件在核对期间被改过，什么都没有写入。")
                    .next("请按“换文件”重新选择它，再核对一遍。"));
            }
            path.clone()
        }
        Source::Pasted(text) => {
            let folder = Scratch::new(&db)?;
            let file = folder.0.join("剪贴板粘贴的名单.txt");
            std::fs::write(&file, text.as_bytes()).map_err(|error| no_scratch(&error))?;
            scratch = Some(folder);
            file
        }
    };
    let kept = db.kept_file(&loaded.digest).exists();
    let done = apply(&db, actor, &table, (*plan).clone(), &file, watch).wait();
    let stands = done.as_ref().is_ok_and(|done| done.action.is_some());
    if !stands && !kept {
        db.forget_file(&loaded.digest);
    }
    drop(scratch);
    done
}

/// A folder for the file pasted cells become, gone when it was taken in.
struct Scratch(PathBuf);

impl Scratch {
    fn new(db: &Db) -> Result<Self> {
        let id = RecordId(db.entropy().id(db.clock().millis()));
        let folder = std::env::temp_dir().join(format!("kebao-{id}"));
        std::fs::create_dir_all(&folder).map_err(|error| no_scratch(&error))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn no_scratch(error: &std::io::Error) -> Problem {
    Problem::io("粘贴的名单存不下来，什么都没有写入。").next("请检查磁盘空间后再写入。").detail(error)
}
