//! 打印…: one way to paper for everything that is printed. A screen says what stands on the page; here it becomes a file, is
//! handed to whatever prints on this machine, told to whoever asked, and logged, whether it came to paper or not.
//! iced has no print dialog: which printer and how many copies is for the system's own program.

pub mod pages;
pub mod printer;

use std::fs;
use std::path::{Path, PathBuf};

use super::files;
use super::update::{Event, Update};
use crate::domain::event::{DeedKind, Logged};
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::exchange::paper::{Fonts, Paper};
use crate::store::wipe;
use crate::ui::{Tone, fonts};
use printer::Printer;

/// Something to be printed.
#[derive(Debug, Clone)]
pub struct Job {
    /// As it is called: 补正通知, 链头.
    pub what: String,
    /// Name of its file, without an ending.
    pub name: String,
    pub paper: Paper,
    pub about: Option<RecordId>,
    pub rows: Option<usize>,
    /// No copy of it may stay on this machine.
    pub secret: bool,
    /// It takes records out, so that it needs the right to do so.
    pub exports: bool,
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum Printed {
    Handed,
    /// Nobody took it; it lies here, to be printed by hand.
    Kept {
        path: PathBuf,
        /// Why, where a printer was there and did not take it.
        refused: Option<String>,
    },
}

/// What became of it, with the line for the log.
#[derive(Debug, Clone)]
pub struct Done {
    what: String,
    secret: bool,
    pub printed: Result<Printed>,
    pub logged: Logged,
}

impl Job {
    /// Records that leave on paper.
    pub fn new(what: impl Into<String>, name: impl Into<String>, paper: Paper) -> Self {
        Self { what: what.into(), name: name.into(), paper, about: None, rows: None, secret: false, exports: true }
    }

    /// The one record it is about.
    #[must_use]
    pub fn about(mut self, record: RecordId) -> Self {
        self.about = Some(record);
        self
    }

    /// How many rows or records stand on it.
    #[must_use]
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = Some(rows);
        self
    }

    /// Nothing of the records stands on it.
    #[must_use]
    pub fn harmless(mut self) -> Self {
        self.exports = false;
        self
    }

    /// Whoever finds it can do harm: its file goes as soon as it can.
    #[must_use]
    pub fn secret(mut self) -> Self {
        (self.secret, self.exports) = (true, false);
        self
    }
}

/// Prints it on this machine, and says what became of it.
pub fn print(job: Job) -> impl Future<Output = Done> + Send + 'static {
    let printer = Printer::here();
    async move { done(job, printer.as_ref()) }
}

fn done(job: Job, printer: Option<&Printer>) -> Done {
    let printed = hand_over(&job, printer);
    let says = match &printed {
        Ok(Printed::Handed) => format!("{}：已交给打印程序", job.what),
        Ok(Printed::Kept { refused: None, .. }) => format!("{}：没有找到打印程序，没有打印", job.what),
        Ok(Printed::Kept { .. }) => format!("{}：打印程序没有接收，没有打印", job.what),
        Err(problem) => format!("{}：没有打印。{}", job.what, problem.says),
    };
    let mut logged = Logged::new(DeedKind::Print, says);
    logged.record = job.about;
    if let Some(rows) = job.rows {
        logged = logged.count(rows);
    }
    Done { what: job.what, secret: job.secret, printed, logged }
}

fn hand_over(job: &Job, printer: Option<&Printer>) -> Result<Printed> {
    let folder = files::copies();
    own_folder(&folder)?;
    let mut refused = None;
    if let Some(printer) = printer {
        let path = files::free(folder.join(format!("{}.{}", job.name, printer.ending())));
        write(&job.paper, &path)?;
        let taken = printer.print(&path);
        // A spooler has its own copy by now; a program that was only started reads it yet.
        if printer.has_read() || taken.is_err() {
            wipe(&path);
        } else if job.secret {
            wipe_later(path);
        }
        match taken {
            Ok(()) => return Ok(Printed::Handed),
            Err(why) => refused = Some(why),
        }
    }
    // A secret lies where everything is removed when the window closes.
    let folder = if job.secret { folder } else { files::papers() };
    let path = files::free(folder.join(format!("{}.{}", job.name, printer::READABLE)));
    write(&job.paper, &path)?;
    // Where no program opens it, the words say where it lies.
    let _ = files::show(&path);
    Ok(Printed::Kept { path, refused })
}

fn write(paper: &Paper, path: &Path) -> Result<()> {
    match path.extension().is_some_and(|ending| ending == "pdf") {
        true => {
            let (regular, bold) = fonts::bytes();
            paper.write_pdf(path, Fonts { regular, bold })
        }
        false => paper.write_docx(path),
    }
}

/// A folder nobody else on this machine looks into.
fn own_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|error| {
        Problem::io("没有地方放要打印的文件。")
            .next("请检查磁盘空间，或改用“复制”“导出”。")
            .detail(format!("{}: {error}", folder.display()))
    })
}

/// Takes a file away once a program that was started has surely read it; closing the window does it sooner.
fn wipe_later(path: PathBuf) {
    const READ: std::time::Duration = std::time::Duration::from_secs(180);
    // Without a thread it goes when the window closes.
    let _ = std::thread::Builder::new().name("wipe".to_owned()).spawn(move || {
        std::thread::sleep(READ);
        wipe(&path);
    });
}

impl Done {
    /// One sentence on what became of it; an error where nothing did.
    ///
    /// # Errors
    /// What went wrong before there was a file.
    pub fn says(&self) -> Result<String> {
        let what = &self.what;
        match &self.printed {
            Ok(Printed::Handed) => Ok(format!("{what}已交给打印程序")),
            Ok(Printed::Kept { path, refused }) => {
                let why = match refused {
                    None => "没有找到打印程序".to_owned(),
                    Some(why) if why.is_empty() => "打印程序没有接收".to_owned(),
                    Some(why) => format!("打印程序没有接收（{why}）"),
                };
                let after = if self.secret { "；关闭科报时这份文件会删除" } else { "" };
                Ok(format!("{why}，已存为 {}，请打开后打印{after}", path.display()))
            }
            Err(problem) => Err(problem.clone()),
        }
    }

    /// Whether it is on its way to paper.
    pub fn is_handed(&self) -> bool {
        matches!(self.printed, Ok(Printed::Handed))
    }

    /// Told to whoever asked, and logged.
    pub fn tell<M>(self) -> Update<M> {
        let tone = if self.is_handed() { Tone::Success } else { Tone::Warn };
        let told = match self.says() {
            Ok(words) => Update::told(tone, words),
            Err(problem) => problem.into(),
        };
        told.and_event(Event::Note(self.logged))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::tests::support::Folder;
    use crate::exchange::paper::Style;

    fn job(name: &str) -> Job {
        let mut paper = Paper::new();
        paper.text(Style::Head, "青澜");
        Job::new("测试页", name, paper).harmless()
    }

    #[test]
    #[cfg(unix)]
    fn a_page_goes_to_the_spooler_as_a_pdf_and_no_copy_stays() {
        let folder = Folder::new();
        let lp = printer::fake::lp(&folder.0, 0);
        let found = Printer::on(folder.0.as_os_str()).expect("lp is found");
        assert_eq!(found, lp);
        let name = format!("打印测试{}", std::process::id());
        let done = done(job(&name).secret(), Some(&found));
        assert!(done.is_handed(), "{done:?}");
        assert_eq!(done.says().expect("done"), "测试页已交给打印程序");
        assert_eq!((done.logged.what, done.logged.detail.as_str()), (DeedKind::Print, "测试页：已交给打印程序"));
        let [given] = printer::fake::given(&folder.0).try_into().expect("one page");
        assert!(given.1.starts_with(b"%PDF-"));
        assert!(!Path::new(&given.0).exists(), "the spooler has its own copy");
        assert!(!files::copies().join(format!("{name}.pdf")).exists());
    }

    #[test]
    #[cfg(unix)]
    fn a_page_no_printer_takes_is_kept_and_said_and_logged() {
        let folder = Folder::new();
        let lp = printer::fake::lp(&folder.0, 1);
        let name = format!("打印测试-{}", std::process::id());
        for (printer, why) in [(None, "没有找到打印程序"), (Some(&lp), "打印程序没有接收（没有缺省打印机）")]
        {
            let done = done(job(&name), printer);
            let says = done.says().expect("kept");
            assert!(says.starts_with(why) && says.ends_with("，请打开后打印"), "{says}");
            assert!(done.logged.detail.ends_with("没有打印"), "{:?}", done.logged);
            let Ok(Printed::Kept { path, .. }) = &done.printed else { panic!("{done:?}") };
            assert!(fs::read(path).expect("there").starts_with(b"%PDF-"));
            fs::remove_file(path).expect("gone");
        }
    }

    #[test]
    fn a_secret_nobody_prints_lies_where_closing_removes_it() {
        let done = done(job(&format!("密钥测试{}", std::process::id())).secret(), None);
        let Ok(Printed::Kept { path, .. }) = &done.printed else { panic!("{done:?}") };
        assert!(path.starts_with(files::copies()));
        assert!(done.says().expect("kept").ends_with("关闭科报时这份文件会删除"));
        wipe(path);
        assert!(!path.exists());
    }
}
