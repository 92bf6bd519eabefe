//! The same jobs without a window: `kebao import`, `firms`, `filings`, `move`, `shortlist`, `review`, `log`, `check`, `backup`, `demo` and
//! more.
//! Words for people, or JSON with `--json`; exit codes that tell a script what sort of trouble it was.
//! No SQL and no iced: a command that wants the window says so in its outcome, and `main` opens it.

mod backup;
mod check;
mod demo;
mod erase;
mod filings;
mod firms;
mod import;
mod log;
mod materials;
mod office;
mod output;
mod people;
mod review;
mod seal;
mod session;
mod shortlist;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::domain::{Kind, Problem};

pub use demo::Demo;
pub use output::Output;

/// What `main` has to do after the command line was read.
#[derive(Debug)]
pub enum Outcome {
    /// End with this code.
    Exit(u8),
    /// Open the window on this folder; where there is no display, pictures of the main screens go where they are wanted.
    Window { data: Option<PathBuf>, pictures: Option<PathBuf> },
    /// Draw pictures of the main screens of this office into a folder.
    Pictures { data: PathBuf, out: PathBuf },
}

#[derive(Parser)]
#[command(
    name = "kebao",
    version,
    about = "科报：区科技局的企业、申报、期限与推荐名单，都在本机一个文件里。",
    disable_help_subcommand = true
)]
struct Cli {
    /// 数据所在文件夹（不写就用本机默认位置）
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// 结果用 JSON 输出
    #[arg(long, global = true)]
    json: bool,
    /// 以哪位用户的名义（只有一位时可以不写；也可用环境变量 KEBAO_USER）
    #[arg(long, global = true, value_name = "姓名")]
    user: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// 做一遍示例：建示例单位、导入名单、登记进展、出推荐汇总表，然后打开窗口（或画图）
    Demo(demo::DemoArgs),
    /// 启用一个新单位（不开窗口）
    Init(office::InitArgs),
    /// 导入名单：.docx .xlsx .xls .csv
    Import(import::ImportArgs),
    /// 企业：列表、查看、新增、修改
    Firms(firms::FirmsArgs),
    /// 批次：列表、新增
    Editions(filings::EditionsArgs),
    /// 申报：列表、查看、新增
    Filings(filings::FilingsArgs),
    /// 登记一件申报的进展：提交、推荐、退回、不推荐、撤回、公示、结果……
    Move(filings::MoveArgs),
    /// 推荐名单：新建、排序、定稿、导出
    Shortlist(shortlist::ShortlistArgs),
    /// 送审、回传、交换：认识电脑，做包、打开、决定、回传、合并，处理冲突
    Review(review::ReviewArgs),
    /// 人员：列表、新增、修改身份、停用、重设密码
    People(people::PeopleArgs),
    /// 改自己的密码：现在的在 KEBAO_PASSWORD，新的在 KEBAO_NEW_PASSWORD
    Passwd,
    /// 号码加密：身份证号和电话以密文保存；看、开启、关闭
    Seal(seal::SealArgs),
    /// 操作日志：谁、什么时候、做了什么，登录、导出、查看隐去内容也在内
    Log(log::LogArgs),
    /// 最近的操作与撤销
    Actions(office::ActionsArgs),
    /// 核验数据库和流水
    Check(check::CheckArgs),
    /// 备份：做一份，验证能恢复
    Backup(backup::BackupArgs),
    /// 列出备份
    Backups(backup::BackupsArgs),
    /// 从备份恢复；不加 --yes 只看不改
    Restore(backup::RestoreArgs),
}

/// What every command gets.
pub struct Common {
    data: Option<PathBuf>,
    user: Option<String>,
}

/// How long a list a command prints.
#[derive(Args)]
struct Limit {
    /// 最多列出多少行（0 为全部）
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
}

impl Limit {
    fn rows(&self) -> usize {
        if self.limit == 0 { usize::MAX } else { self.limit }
    }
}

/// Reads the command line and does what it says.
pub fn run(words: impl IntoIterator<Item = std::ffi::OsString>) -> Outcome {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => {
            let wrong = error.use_stderr();
            // A closed pipe is no reason to say anything.
            let _ = error.print();
            return Outcome::Exit(if wrong { 2 } else { 0 });
        }
    };
    let common = Common { data: cli.data, user: cli.user };
    let output = Output::new(cli.json);
    let done = match cli.command {
        None => return Outcome::Window { data: common.data, pictures: None },
        Some(Command::Demo(args)) => {
            return match demo::run(&common, &args, &output) {
                Ok(Demo { only_data: true, .. }) => Outcome::Exit(0),
                Ok(Demo { data, out: Some(out), .. }) => Outcome::Pictures { data, out },
                Ok(Demo { data, out: None, .. }) => {
                    let pictures = Some(data.join(demo::PAPERS));
                    Outcome::Window { data: Some(data), pictures }
                }
                Err(problem) => Outcome::Exit(fail(&output, &problem)),
            };
        }
        Some(Command::Init(args)) => office::init(&common, &args, &output),
        Some(Command::Import(args)) => import::run(&common, &args, &output),
        Some(Command::Firms(args)) => firms::run(&common, &args, &output),
        Some(Command::Editions(args)) => filings::editions(&common, &args, &output),
        Some(Command::Filings(args)) => filings::run(&common, &args, &output),
        Some(Command::Move(args)) => filings::move_filing(&common, &args, &output),
        Some(Command::Shortlist(args)) => shortlist::run(&common, &args, &output),
        Some(Command::Review(args)) => review::run(&common, &args, &output),
        Some(Command::People(args)) => people::run(&common, &args, &output),
        Some(Command::Passwd) => people::passwd(&common, &output),
        Some(Command::Seal(args)) => seal::run(&common, &args, &output),
        Some(Command::Log(args)) => log::run(&common, &args, &output),
        Some(Command::Actions(args)) => office::actions(&common, &args, &output),
        Some(Command::Check(args)) => check::run(&common, &args, &output),
        Some(Command::Backup(args)) => backup::backup(&common, &args, &output),
        Some(Command::Backups(args)) => backup::backups(&common, &args, &output),
        Some(Command::Restore(args)) => backup::restore(&common, &args, &output),
    };
    Outcome::Exit(match done {
        Ok(code) => code,
        Err(problem) => fail(&output, &problem),
    })
}

/// Says what went wrong and gives the code for it.
pub fn fail(output: &Output, problem: &Problem) -> u8 {
    output.problem(problem);
    exit_code(problem.kind)
}

/// 0 done · 1 a check found faults · 2 wrong words · 3 bad input · 4 refused by a rule · 5 not found · 6 busy · 7 damaged,
/// foreign or too new · 8 disk or folder · 70 our own fault · 130 stopped.
pub fn exit_code(kind: Kind) -> u8 {
    match kind {
        Kind::BadInput => 3,
        Kind::Refused => 4,
        Kind::NotFound => 5,
        Kind::Busy => 6,
        Kind::Damaged | Kind::Foreign | Kind::TooNew => 7,
        Kind::Io => 8,
        Kind::Cancelled => 130,
        Kind::Bug => 70,
    }
}

type Done = crate::domain::Result<u8>;
