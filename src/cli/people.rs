//! `kebao people` lists, adds and changes people and resets passwords; `kebao passwd` sets one's own.

use clap::{Args, Subcommand};

use super::output::Output;
use super::session::{Session, read_password};
use super::{Common, Done};
use crate::domain::people::{Permission, Role, user_key};
use crate::domain::{Problem, Result};
use crate::store::acts::Values;

#[derive(Args)]
pub struct PeopleArgs {
    #[command(subcommand)]
    command: Option<PeopleCommand>,
}

#[derive(Subcommand)]
enum PeopleCommand {
    /// 新增人员；给出一次性密码，本人第一次登录时必须改掉
    Add {
        /// 姓名
        name: String,
        /// 身份，可以写多次：经办人、科长、管理员、审计员
        #[arg(long = "role", required = true, value_name = "身份")]
        roles: Vec<String>,
        /// 科室
        #[arg(long, default_value = "")]
        section: String,
        /// 和已有的人同名也照样新增
        #[arg(long)]
        confirm: bool,
    },
    /// 修改身份、科室，停用或恢复
    Set {
        /// 姓名，有同名的写编号
        name: String,
        /// 身份，可以写多次；写了就换成这些
        #[arg(long = "role", value_name = "身份")]
        roles: Vec<String>,
        /// 科室
        #[arg(long)]
        section: Option<String>,
        /// 停用：不能再登录，以前的记录不变
        #[arg(long, conflicts_with = "back")]
        leave: bool,
        /// 恢复停用的人
        #[arg(long)]
        back: bool,
    },
    /// 重设为一次性密码，同时解除锁定
    Reset {
        /// 姓名，有同名的写编号
        name: String,
    },
}

/// Lists people, or does what is said to one of them.
pub fn run(common: &Common, args: &PeopleArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    match &args.command {
        None => list(&session, output),
        Some(PeopleCommand::Add { name, roles, section, confirm }) => {
            let roles = read_roles(roles)?;
            let actor = session.actor_who_may(common, Permission::ManagePeople)?;
            if !confirm && session.ledger.users.iter().any(|user| user.name == name.trim()) {
                return Err(Problem::refused(format!("已有叫“{}”的人，以后只写姓名分不清是谁。", name.trim()))
                    .next("确实是另一个人就加上 --confirm，以后用 kebao people 列出的编号指明。"));
            }
            let (new, section) = (name.clone(), section.clone());
            let add = session.db.act(actor, format!("新增人员“{name}”"), move |act| {
                let user = act.add_user(new.trim(), &roles)?;
                if !section.is_empty() {
                    act.change_user(user, &[(user_key::SECTION.to_owned(), Some(section))].into())?;
                }
                Ok(user)
            });
            let user = add.wait()?.value;
            let once = match session.ledger.office.example {
                true => None,
                false => Some(session.db.reset_password(actor, user).wait()?),
            };
            output.result(
                || {
                    let once = once.as_ref().map(|once| format!("一次性密码（登录后必须改掉）：{once}"));
                    [format!("已新增人员“{name}”。")].into_iter().chain(once).collect()
                },
                &serde_json::json!({ "id": user, "name": name, "password": once }),
            );
            Ok(0)
        }
        Some(PeopleCommand::Set { name, roles, section, leave, back }) => {
            let mut values = Values::new();
            if !roles.is_empty() {
                let words: Vec<&str> = read_roles(roles)?.into_iter().map(Role::word).collect();
                values.insert(user_key::ROLES.to_owned(), Some(words.join(" ")));
            }
            if let Some(section) = section {
                values.insert(user_key::SECTION.to_owned(), (!section.is_empty()).then(|| section.clone()));
            }
            if *leave || *back {
                values.insert(user_key::ACTIVE.to_owned(), leave.then(|| "否".to_owned()));
            }
            let (user, actor) = (session.user(name, |_| true)?.id, session.actor(common)?);
            let deed = format!("修改人员“{name}”");
            let done = session.db.act(actor, deed, move |act| act.change_user(user, &values)).wait()?;
            output.result(
                || {
                    vec![if done.value {
                        format!("已修改人员“{name}”。")
                    } else {
                        "没有改动。".to_owned()
                    }]
                },
                &serde_json::json!({ "id": user, "changed": done.value }),
            );
            Ok(0)
        }
        Some(PeopleCommand::Reset { name }) => {
            let (user, actor) = (session.user(name, |_| true)?.id, session.actor(common)?);
            let once = session.db.reset_password(actor, user).wait()?;
            output.result(
                || vec![format!("“{name}”的一次性密码（登录后必须改掉）：{once}")],
                &serde_json::json!({ "id": user, "password": once }),
            );
            Ok(0)
        }
    }
}

fn list(session: &Session, output: &Output) -> Done {
    let rows: Vec<Vec<String>> = session
        .ledger
        .users
        .iter()
        .map(|user| {
            let roles: Vec<&str> = user.roles.iter().map(|role| role.label()).collect();
            let active = if user.active { "在用" } else { "已停用" };
            vec![user.name.clone(), roles.join("、"), user.section.clone(), active.to_owned(), user.id.to_string()]
        })
        .collect();
    let titles = ["姓名", "身份", "科室", "状态", "编号"];
    output.table(&titles, &rows, &["name", "roles", "section", "state", "id"], rows.len());
    Ok(0)
}

fn read_roles(words: &[String]) -> Result<Vec<Role>> {
    words
        .iter()
        .map(|word| {
            Role::of(word).ok_or_else(|| {
                Problem::bad_input(format!("没有“{word}”这种身份。")).next("请写经办人、科长、管理员或审计员。")
            })
        })
        .collect()
}

/// Both come from the environment or a line of the input each; never from the command line, where others could read them.
pub fn passwd(common: &Common, output: &Output) -> Done {
    let session = Session::open(common)?;
    let user = session.named(common)?;
    let from = |name: &str| std::env::var(name).map_or_else(|_| read_password(), Ok);
    let (old, new) = (from("KEBAO_PASSWORD")?, from("KEBAO_NEW_PASSWORD")?);
    let entry = session.db.change_password(user.id, &old, &new).wait()?;
    if let Some(problem) = entry.problem() {
        return Err(problem);
    }
    output.result(|| vec![format!("{}的密码已改。", user.name)], &serde_json::json!({ "user": user.name }));
    Ok(0)
}

impl Session {
    /// The user a command acts as, who must be allowed something that writes no event of its own.
    ///
    /// # Errors
    /// Refused, and logged, for whoever may not.
    pub fn actor_who_may(&self, common: &Common, permission: Permission) -> Result<crate::domain::id::RecordId> {
        let actor = self.actor(common)?;
        self.db.permit(actor, permission).wait()?;
        Ok(actor)
    }
}
