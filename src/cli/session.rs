//! Opening the office for a command, and in whose name it acts.

use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::Common;
use crate::domain::event::{DeedKind, Logged};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::{Kind, Problem, Result, date};
use crate::store::accounts::Entry;
use crate::store::ledger::{Edition, FilingRow, FirmRow, Ledger, User};
use crate::store::{DATABASE_FILE, Db, Options, Watch, default_folder};

/// An open office and what its lists hold.
pub struct Session {
    pub db: Db,
    pub ledger: Arc<Ledger>,
}

impl Session {
    /// Opens the office a command speaks of.
    ///
    /// # Errors
    /// Not found where there is none yet: a command never makes one by accident.
    pub fn open(common: &Common) -> Result<Self> {
        let db = Self::database(common)?;
        let ledger = db.load_ledger(db.clock().today().year() - 1).wait()?;
        Ok(Self { db, ledger })
    }

    /// The same for a command that must go on where lists cannot be read: the ledger knows the office and its people alone.
    pub fn of_people(common: &Common) -> Result<Self> {
        let db = Self::database(common)?;
        let ledger = db.load_people().wait()?;
        Ok(Self { db, ledger })
    }

    /// Whoever puts damaged data right must be allowed to, as far as the data can still say who that is; else it is the
    /// program itself.
    pub fn who_may_mend(common: &Common, permission: Permission) -> Result<RecordId> {
        match Self::of_people(common) {
            Ok(session) if session.ledger.users.is_empty() => Ok(RecordId::OFFICE),
            Ok(session) => session.actor_who_may(common, permission),
            // Nothing is wrong with these: they are somebody else's, or another program's to open.
            Err(problem) if matches!(problem.kind, Kind::Busy | Kind::Foreign | Kind::TooNew) => Err(problem),
            Err(_) => Ok(RecordId::OFFICE),
        }
    }

    /// The database alone.
    pub fn database(common: &Common) -> Result<Db> {
        Db::open(&Self::folder(common)?, Options::default())
    }

    /// The folder an office is in.
    pub fn folder(common: &Common) -> Result<PathBuf> {
        let folder = match &common.data {
            Some(folder) => folder.clone(),
            None => default_folder()?,
        };
        if !folder.join(DATABASE_FILE).exists() {
            return Err(Problem::not_found("这里还没有科报的数据。")
                .next("请先打开窗口启用，或运行 kebao init、kebao demo；数据在别处时用 --data 指定。")
                .detail(folder.display()));
        }
        Ok(folder)
    }

    /// The same office as it was at the end of a day, where one is said: only to be looked at.
    pub fn at_day(self, day: Option<&str>) -> Result<Self> {
        let Some(day) = day else { return Ok(self) };
        let day = self.day(Some(day))?;
        let ledger = self.db.ledger_as_of(day, day.year() - 1, Watch::default()).wait()?;
        Ok(Self { db: self.db.looking_at(day, Arc::clone(&ledger)), ledger })
    }

    /// The day a command lives on.
    pub fn today(&self) -> NaiveDate {
        self.db.day().unwrap_or_else(|| self.db.clock().today())
    }

    /// The one user among these that a text means: by id, or by a name no other of them has.
    pub fn user(&self, text: &str, among: impl Fn(&User) -> bool) -> Result<&User> {
        let means = |user: &&User| among(user) && (user.name == text || user.id.to_string() == text);
        let found: Vec<&User> = self.ledger.users.iter().filter(means).collect();
        match found.as_slice() {
            [only] => Ok(only),
            [] => Err(Problem::not_found(format!("没有“{text}”这位用户。"))
                .next("请核对姓名，用 kebao people 查看有哪些人。")),
            several => {
                let ids: Vec<String> = several.iter().map(|user| user.id.to_string()).collect();
                Err(Problem::bad_input(format!("有 {} 位用户都叫“{text}”。", several.len()))
                    .next(format!("请改用编号：{}；用 kebao people 查看各是谁。", ids.join("、"))))
            }
        }
    }

    /// The user a command speaks of, by name, by id or because there is only one.
    pub fn named(&self, common: &Common) -> Result<&User> {
        let wanted = common.user.clone().or_else(|| std::env::var("KEBAO_USER").ok());
        let active: Vec<&User> = self.ledger.users.iter().filter(|user| user.active).collect();
        Ok(match (&wanted, active.as_slice()) {
            (Some(text), _) => self.user(text, |user| user.active)?,
            (None, [only]) => only,
            (None, users) if self.ledger.office.example => users.first().copied().ok_or_else(no_user)?,
            (None, []) => return Err(no_user()),
            (None, _) => {
                return Err(Problem::bad_input("这个单位有多位用户，要说明以谁的名义。").next("请加上 --user 姓名。"));
            }
        })
    }

    /// The user a changing command acts as, with the password checked where the office is not the example.
    pub fn actor(&self, common: &Common) -> Result<RecordId> {
        let user = self.named(common)?;
        if !self.ledger.office.example {
            let password = match std::env::var("KEBAO_PASSWORD") {
                Ok(password) => password,
                Err(_) => read_password()?,
            };
            let entry = self.db.sign_in(user.id, &password, "命令行").wait()?;
            if let Some(problem) = entry.problem() {
                return Err(problem);
            }
            if entry == (Entry::In { must_change: true }) {
                return Err(Problem::refused("这个密码别人也知道，要先改成自己的。")
                    .next("请先在窗口里登录一次，或运行 kebao passwd。"));
            }
            self.db.note(user.id, Logged::new(DeedKind::SignIn, "命令行")).wait()?;
        }
        Ok(user.id)
    }

    /// The one firm a text means: its code, its name, or the only match of a search.
    pub fn firm(&self, text: &str) -> Result<Arc<FirmRow>> {
        // An empty text would be the code of every firm that has none.
        if text.trim().is_empty() {
            return Err(
                Problem::bad_input("没有写是哪家企业。").next("可以用名称、拼音首字母、信用代码或证书编号指明。")
            );
        }
        if let Some(firm) =
            self.ledger.firms().find(|firm| firm.id.to_string() == text || *firm.code == *text || *firm.name == *text)
        {
            return Ok(Arc::clone(firm));
        }
        let found = self.ledger.find(text, 6);
        match found.firms.as_slice() {
            [] => Err(Problem::not_found(format!("没有找到企业“{text}”。"))
                .next("可以用名称、拼音首字母、信用代码或证书编号查找。")),
            [only] => self.ledger.firm(only.id).cloned().ok_or_else(|| Problem::bug("a found firm has no row")),
            several => {
                let names: Vec<&str> = several.iter().filter_map(|f| Some(&*self.ledger.firm(f.id)?.name)).collect();
                Err(Problem::bad_input(format!("“{text}”对应 {} 家企业：{}…", found.firms_in_all, names.join("、")))
                    .next("请写得更具体一些。"))
            }
        }
    }

    /// The filing with a running number or id.
    pub fn filing(&self, text: &str) -> Result<Arc<FilingRow>> {
        let all: Vec<_> =
            self.ledger.filings().filter(|filing| *filing.number == *text || filing.id.to_string() == text).collect();
        match all.as_slice() {
            [] => {
                Err(Problem::not_found(format!("没有受理号为“{text}”的申报。")).next("请用 kebao filings 查看受理号。"))
            }
            [only] => Ok(Arc::clone(only)),
            _ => Err(Problem::bad_input(format!("有多件申报的受理号都是“{text}”。"))
                .next("请改用申报的完整编号（--json 列出的 id）。")),
        }
    }

    /// The edition written as `gaoqi/2026/2` (batch 0 may be left out) or by id.
    pub fn edition(&self, text: &str) -> Result<&Edition> {
        let parts: Vec<&str> = text.split('/').collect();
        let found = self.ledger.editions.iter().find(|edition| match parts.as_slice() {
            [program, year] => edition.program == *program && edition.year.to_string() == *year && edition.batch == 0,
            [program, year, batch] => {
                edition.program == *program && edition.year.to_string() == *year && edition.batch.to_string() == *batch
            }
            _ => edition.id.to_string() == text,
        });
        found.ok_or_else(|| {
            Problem::not_found(format!("没有“{text}”这个批次。"))
                .next("请写成 事项/年度/批次，如 gaoqi/2026/2；用 kebao editions 查看已有批次。")
        })
    }

    /// A day as people type it, in the present year where none is said.
    pub fn day(&self, text: Option<&str>) -> Result<NaiveDate> {
        text.map_or(Ok(self.today()), |text| date::parse_day(text, self.today().year()))
    }
}

fn no_user() -> Problem {
    Problem::not_found("这个单位还没有用户。").next("请先打开窗口启用，或运行 kebao init。")
}

/// From the environment, a terminal or a pipe; never from the command line, where others could read it.
pub fn read_password() -> Result<String> {
    if std::io::stdin().is_terminal() {
        eprint!("密码（会显示在屏幕上）：");
    }
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Problem::io("读不到密码。").next("请设置环境变量 KEBAO_PASSWORD。").detail(error))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
