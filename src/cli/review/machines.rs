//! Who knows whom: cards, fingerprints, meeting, retiring, the key in the safe.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{actor, machine};
use crate::cli::output::Output;
use crate::cli::session::{Session, read_password};
use crate::cli::{Common, Done};
use crate::domain::event::{DeedKind, Logged};
use crate::domain::id::RecordId;
use crate::domain::machine::{Card, named, same_fingerprint};
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::exchange::package::{self, EXTENSION, Keys, Recovery, read_card, write_card};
use crate::store::packages::NewMachine;
use crate::store::{DATABASE_FILE, Db, Options, default_folder};

#[derive(Args)]
pub struct JoinArgs {
    /// 这台电脑叫什么，如 张科长的电脑
    #[arg(long)]
    name: String,
    /// 名片写到哪个文件
    #[arg(long, short)]
    out: Option<PathBuf>,
}

#[derive(Args)]
pub struct CardArgs {
    /// 给这台电脑改个名称
    #[arg(long)]
    name: Option<String>,
    /// 名片写到哪个文件
    #[arg(long, short)]
    out: Option<PathBuf>,
}

#[derive(Args)]
pub struct MeetArgs {
    /// 对方的名片，或对方做的包
    file: PathBuf,
    /// 电话里念的指纹：30 个数字，怎么分组都行
    #[arg(long)]
    fingerprint: String,
    /// 这里叫它什么（不写就用它自己的名称）
    #[arg(long, default_value = "")]
    name: String,
    /// 谁用这台电脑
    #[arg(long, value_name = "姓名")]
    of: Option<String>,
}

#[derive(Args)]
pub struct RecoveryArgs {
    /// 密钥写到哪个文件；打印后删掉
    #[arg(long, short)]
    out: PathBuf,
    /// 换掉现有的：以后的包用新的，以前的包仍要用旧的那张纸打开
    #[arg(long)]
    replace: bool,
}

/// A new, empty folder becomes a machine that will take its office from a package.
pub fn join(common: &Common, args: &JoinArgs, output: &Output) -> Done {
    let folder = common.data.clone().map_or_else(default_folder, Ok)?;
    if folder.join(DATABASE_FILE).exists() {
        return Err(Problem::refused("这个文件夹里已经有一份科报数据。")
            .next("已有数据的电脑不用加入，直接用 kebao review card。")
            .detail(folder.display()));
    }
    // Said before anything is made: a folder with an empty office in it would stand in the way of the next try.
    named(&args.name)?;
    unused(args.out.as_deref())?;
    let db = Db::open(&folder, Options::default())?;
    let mut keys = Keys::of(&db)?;
    keys.rename(&db, &args.name)?;
    show(&keys.card(&db), args.out.as_deref(), output)
}

/// The first password on a machine that joined.
pub fn password(common: &Common, output: &Output) -> Done {
    let session = Session::open(common)?;
    let name = common.user.clone().or_else(|| std::env::var("KEBAO_USER").ok()).unwrap_or_default();
    if !session.ledger.users.iter().any(|user| user.active) || name.is_empty() {
        return Err(
            Problem::not_found(format!("没有“{name}”这位用户。")).next("请用 --user 写明姓名；还没取入过包就先取入。")
        );
    }
    let user = session.user(&name, |user| user.active)?;
    let password = std::env::var("KEBAO_PASSWORD").map_or_else(|_| read_password(), Ok)?;
    session.db.set_first_password(user.id, &password).wait()?;
    session.db.note(user.id, Logged::new(DeedKind::SignIn, "在新加入的电脑上设了第一个密码")).wait()?;
    output.result(|| vec![format!("已为“{name}”设好密码。")], &serde_json::json!({ "user": name }));
    Ok(0)
}

pub fn card(common: &Common, args: &CardArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    unused(args.out.as_deref())?;
    let mut keys = Keys::of(&session.db)?;
    let mut by = RecordId::OFFICE;
    if let Some(name) = &args.name {
        by = actor(&session, common)?;
        session.db.permit(by, Permission::Exchange).wait()?;
        keys.rename(&session.db, name)?;
    }
    show(&keys.card(&session.db), args.out.as_deref(), output)?;
    // A machine that has no office yet has no log.
    if let Some(out) = args.out.as_deref().filter(|_| !session.ledger.users.is_empty()) {
        session.db.note(by, Logged::export("本机名片", out, 1)).wait()?;
    }
    Ok(0)
}

/// Refuses a file that is there already: it may be anything.
fn unused(out: Option<&Path>) -> Result<()> {
    match out.filter(|out| out.exists()) {
        Some(out) => {
            Err(Problem::bad_input("那里已经有同名的文件，没有覆盖。").next("请换一个文件名。").detail(out.display()))
        }
        None => Ok(()),
    }
}

fn show(card: &Card, out: Option<&Path>, output: &Output) -> Done {
    if let Some(out) = out {
        write_card(out, card)?;
    }
    let print = card.fingerprint();
    output.result(
        || {
            let mut lines = vec![format!("本机：{}", card.name), format!("指纹：{print}")];
            lines.extend(out.map(|out| format!("名片已写到 {}；对方读入后，在电话里核对指纹。", out.display())));
            lines
        },
        &serde_json::json!({ "name": card.name, "device": card.device, "fingerprint": print, "sign": card.sign, "seal": card.seal }),
    );
    Ok(0)
}

pub fn list(common: &Common, output: &Output) -> Done {
    let session = Session::open(common)?;
    let known = session.db.machines().wait()?;
    let rows: Vec<Vec<String>> = known
        .iter()
        .map(|machine| {
            vec![
                machine.name.clone(),
                machine.user.map(|user| session.ledger.user_name(user).to_owned()).unwrap_or_default(),
                machine.fingerprint(),
                if machine.retired { "已停用" } else { "" }.to_owned(),
                session.db.clock().local(machine.met_at >> 16).format("%Y-%m-%d").to_string(),
                session.ledger.user_name(machine.met_by).to_owned(),
                machine.id.to_string(),
            ]
        })
        .collect();
    output.table(
        &["电脑", "使用人", "指纹", "状态", "认识于", "由谁核对", "编号"],
        &rows,
        &["name", "user", "fingerprint", "state", "met", "by", "id"],
        rows.len(),
    );
    Ok(0)
}

pub fn meet(common: &Common, args: &MeetArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let actor = actor(&session, common)?;
    let is_package = args.file.extension().is_some_and(|ext| ext.eq_ignore_ascii_case(EXTENSION));
    let card = if is_package {
        package::open(&session.db, actor, &args.file, None)?.card().clone()
    } else {
        read_card(&args.file)?
    };
    if !same_fingerprint(&args.fingerprint, &card.fingerprint()) {
        let logged = Logged::new(DeedKind::Refused, format!("认识电脑“{}”：指纹不符", card.name));
        session.db.note(actor, logged).wait()?;
        return Err(Problem::refused("指纹不符，没有认识这台电脑。")
            .next("请让对方再念一遍它屏幕上的指纹；还是不符，就是文件被换过，不要用它。")
            .detail(card.fingerprint()));
    }
    if card.sign == Keys::of(&session.db)?.sign_key() {
        return Err(Problem::refused("这是本机自己的名片。").next("请读入对方电脑的名片。"));
    }
    let user = args.of.as_deref().map(|name| session.user(name, |_| true)).transpose()?.map(|user| user.id);
    let new = NewMachine { card: card.clone(), name: args.name.clone(), user };
    let name = if args.name.trim().is_empty() { card.name } else { args.name.trim().to_owned() };
    let done = session.db.act(actor, format!("认识电脑“{name}”"), move |act| act.meet_machine(&new)).wait()?;
    output.result(|| vec![format!("已认识“{name}”。")], &serde_json::json!({ "id": done.value, "name": name }));
    Ok(0)
}

pub fn retire(common: &Common, word: &str, output: &Output) -> Done {
    let session = Session::open(common)?;
    let actor = session.actor(common)?;
    let machine = machine(&session, word)?;
    session.db.act(actor, format!("停用电脑“{}”", machine.name), move |act| act.retire_machine(machine.id)).wait()?;
    output.result(|| vec![format!("已停用“{}”。", machine.name)], &serde_json::json!({ "id": machine.id }));
    Ok(0)
}

pub fn recovery(common: &Common, args: &RecoveryArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let actor = session.actor(common)?;
    if session.db.recovery().wait()?.is_some() && !args.replace {
        return Err(Problem::refused("本单位已经有交换包恢复密钥，没有换。").next(
            "换了以后，保险柜里原来那张纸打不开以后的包；确定要换，请加上 --replace，旧的那张也留着开以前的包。",
        ));
    }
    let recovery = Recovery::make()?;
    recovery.write(&args.out, &session.ledger.office.name)?;
    let recipient = recovery.recipient();
    let told = recipient.clone();
    let done = session.db.act(actor, "启用交换包恢复密钥", move |act| act.set_recovery(&told)).wait();
    if let Err(problem) = done {
        // A key nobody seals for must not lie about.
        let _ = std::fs::remove_file(&args.out);
        return Err(problem);
    }
    output.result(
        || vec![format!("交换包恢复密钥已写到 {}：打印两份放进保险柜，然后删掉这个文件。", args.out.display())],
        &serde_json::json!({ "recipient": recipient, "file": args.out.display().to_string() }),
    );
    Ok(0)
}
