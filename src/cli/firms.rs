//! `kebao firms`: list, show, add, change, erase.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};

use super::erase::{self, EraseArgs, Subject};
use super::output::Output;
use super::session::Session;
use super::{Common, Done, Limit};
use crate::domain::changes::show_firm;
use crate::domain::event::Confirmed;
use crate::domain::firm::check::{self, Checked};
use crate::domain::firm::{FIELDS, fields, key};
use crate::domain::{Problem, Result};
use crate::store::acts::Values;
use crate::store::ledger::FirmFilter;

#[derive(Args)]
pub struct FirmsArgs {
    #[command(subcommand)]
    command: Option<FirmsCommand>,
    /// 查找：名称、全拼、首字母、信用代码、证书编号
    #[arg(long, short, default_value = "")]
    search: String,
    /// 只看这个乡镇街道（可写多个）
    #[arg(long)]
    township: Vec<String>,
    /// 截至这一天的样子（只看，不能改）
    #[arg(long, value_name = "日期")]
    as_of: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

#[derive(Subcommand)]
enum FirmsCommand {
    /// 一企一档：字段、证书、申报
    Show {
        /// 名称、拼音、代码或编号
        firm: String,
    },
    /// 新增一家：字段=值 …（名称必填，如 企业名称=青澜恒砚新材料有限公司）
    Add {
        fields: Vec<String>,
        /// 有提醒也照录，并写明原因
        #[arg(long, value_name = "原因")]
        confirm: Option<String>,
    },
    /// 修改：企业 字段=值 …（值为空表示清除；年度数据写作 2025.销售收入=3208.16）
    Set {
        firm: String,
        fields: Vec<String>,
        #[arg(long, value_name = "原因")]
        confirm: Option<String>,
    },
    /// 依法清除个人信息：这些字段从所有流水里抹去，不能撤销（如 联系人 联系电话）
    Erase {
        firm: String,
        #[command(flatten)]
        erase: EraseArgs,
    },
}

pub fn run(common: &Common, args: &FirmsArgs, output: &Output) -> Done {
    let session = Session::open(common)?.at_day(args.as_of.as_deref())?;
    match &args.command {
        None => list(&session, args, output),
        Some(FirmsCommand::Show { firm }) => show(&session, firm, output),
        Some(FirmsCommand::Add { fields, confirm }) => {
            let (values, confirmed) = typed(&session, fields, confirm.as_deref())?;
            let name = values.get(key::NAME).cloned().flatten().unwrap_or_default();
            let actor = session.actor(common)?;
            let done = session
                .db
                .act(actor, format!("新增“{name}”"), move |act| act.create_firm(values, confirmed, None))
                .wait()?;
            output.result(
                || vec![format!("已新增：{name}")],
                &serde_json::json!({ "id": done.value, "action": done.action }),
            );
            Ok(0)
        }
        Some(FirmsCommand::Erase { firm, erase }) => {
            let row = session.firm(firm)?;
            let field = |name: &String| field_key(name.trim()).map(|key| (key.clone(), fields::label(&key)));
            let fields = erase.fields.iter().map(field).collect::<Result<_>>()?;
            let subject = Subject { record: row.id, name: row.name.to_string(), here: "企业档案", fields };
            erase::run(common, &session, subject, erase, output)
        }
        Some(FirmsCommand::Set { firm, fields, confirm }) => {
            let row = session.firm(firm)?;
            let (values, confirmed) = typed(&session, fields, confirm.as_deref())?;
            let actor = session.actor(common)?;
            let id = row.id;
            let name = format!("修改“{}”", row.name);
            let done = session.db.act(actor, name, move |act| act.change_firm(id, &values, confirmed, None)).wait()?;
            let says = if done.value { "已修改" } else { "没有变化" };
            output.result(
                || vec![format!("{says}：{}", row.name)],
                &serde_json::json!({ "id": id, "changed": done.value, "action": done.action }),
            );
            Ok(0)
        }
    }
}

fn list(session: &Session, args: &FirmsArgs, output: &Output) -> Done {
    let filter = FirmFilter {
        text: args.search.clone(),
        townships: args.township.iter().cloned().collect(),
        ..FirmFilter::default()
    };
    let ids = session.ledger.list_firms(&filter, None, session.today());
    let rows: Vec<Vec<String>> = ids
        .iter()
        .take(args.limit.rows())
        .filter_map(|id| session.ledger.firm(*id))
        .map(|firm| {
            let certificates: Vec<&str> =
                firm.certificates.iter().map(|c| &*c.number).filter(|n| !n.is_empty()).collect();
            vec![
                firm.name.to_string(),
                firm.code.to_string(),
                firm.township.to_string(),
                certificates.join(" "),
                firm.id.to_string(),
            ]
        })
        .collect();
    output.table(
        &["企业名称", "统一社会信用代码", "乡镇街道", "证书编号", "编号"],
        &rows,
        &["name", "code", "township", "certificates", "id"],
        ids.len(),
    );
    Ok(0)
}

fn show(session: &Session, text: &str, output: &Output) -> Done {
    let row = session.firm(text)?;
    let file = session.db.firm(row.id).wait()?.ok_or_else(|| Problem::not_found("找不到这家企业。"))?;
    let fields: BTreeMap<String, String> =
        file.firm.fields.values().map(|(key, value)| (fields::label(key), show_firm(key, value))).collect();
    let certificates: Vec<BTreeMap<&str, &str>> = file
        .firm
        .certificates
        .iter()
        .map(|c| c.parts.iter().map(|(k, v)| (k.as_str(), v.as_str())).chain([("kind", c.kind.as_str())]).collect())
        .collect();
    let filings: Vec<String> = session
        .ledger
        .filings_of(row.id)
        .map(|filing| {
            let edition = session.ledger.edition_of(filing).map(|e| e.label()).unwrap_or_default();
            format!("{} {edition} {} {}", filing.number, filing.stage().short, filing.status_word())
        })
        .collect();
    output.result(
        || {
            let mut lines: Vec<String> = fields.iter().map(|(label, value)| format!("{label}：{value}")).collect();
            lines.extend(certificates.iter().map(|c| {
                let words: Vec<&str> = ["kind", "number", "name", "issued", "ends"].iter().filter_map(|k| c.get(k).copied()).collect();
                format!("证书：{}", words.join(" "))
            }));
            lines.extend(filings.iter().map(|filing| format!("申报：{filing}")));
            lines
        },
        &serde_json::json!({ "id": row.id, "fields": fields, "certificates": certificates, "filings": filings, "changes": file.changes.len() }),
    );
    Ok(0)
}

/// `字段=值` words as stored values. Warnings need a reason; errors are errors.
fn typed(session: &Session, words: &[String], reason: Option<&str>) -> Result<(Values, Vec<Confirmed>)> {
    let mut values = Values::new();
    let mut confirmed = Vec::new();
    for word in words {
        let (name, value) = word.split_once('=').ok_or_else(|| {
            Problem::bad_input(format!("“{word}”不是 字段=值 的写法。")).next("例如：乡镇街道=柳泉镇。")
        })?;
        let key = field_key(name.trim())?;
        let Checked { value, findings } = check::check(&key, value, session.today())?;
        for finding in findings.into_iter().filter(check::needs_reason) {
            match reason {
                Some(reason) => {
                    confirmed.push(Confirmed { field: key.clone(), says: finding.says, reason: reason.to_owned() })
                }
                None => {
                    return Err(Problem::refused(format!("{}：{}", fields::label(&key), finding.says))
                        .next("核对无误的话，加上 --confirm 原因 照样录入。"));
                }
            }
        }
        values.insert(key, value);
    }
    Ok((values, confirmed))
}

/// Key of a field named by its label or key; figures as `2025.销售收入`.
fn field_key(name: &str) -> Result<String> {
    if let Some((year, fact)) = name.split_once('.')
        && let Ok(year) = year.trim_start_matches('y').parse::<i32>()
        && let Some(fact) = crate::domain::firm::YEAR_FACTS.iter().find(|f| f.label == fact || f.key == fact)
    {
        return Ok(key::of_year(year, fact.key));
    }
    FIELDS.iter().find(|field| field.label == name || field.key == name).map(|field| field.key.to_owned()).ok_or_else(
        || {
            let known: Vec<&str> = FIELDS.iter().map(|field| field.label).collect();
            Problem::bad_input(format!("没有“{name}”这个字段。")).next(format!("可用的字段：{}。", known.join("、")))
        },
    )
}
