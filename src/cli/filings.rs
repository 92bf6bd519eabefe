//! `kebao editions`, `kebao filings`, `kebao move`: batches, filings, and their way through the stages.

use clap::{Args, Subcommand};

use super::erase::{self, EraseArgs, Subject};
use super::materials;
use super::output::Output;
use super::session::Session;
use super::{Common, Done, Limit};
use crate::domain::calendar::Until;
use crate::domain::date::Due;
use crate::domain::defect::{About, Defect};
use crate::domain::edition::key as edition_key;
use crate::domain::event::Confirmed;
use crate::domain::filing::machine::{Wish, choices};
use crate::domain::filing::prefill::prefill;
use crate::domain::filing::{form, key};
use crate::domain::firm::check::{Checked, needs_reason};
use crate::domain::material::OTHER;
use crate::domain::program::{Effect, Field, Program, Version};
use crate::domain::{Problem, Result};
use crate::store::acts::{NewFiling, Values};
use crate::store::ledger::FilingFilter;

/// What people call the note on a filing.
const NOTE: &str = "备注";

#[derive(Args)]
pub struct EditionsArgs {
    #[command(subcommand)]
    command: Option<EditionsCommand>,
}

#[derive(Subcommand)]
enum EditionsCommand {
    /// 新增批次：事项/年度/批次，如 gaoqi/2026/2（没有批次写 0 或省略）
    Add {
        edition: String,
        /// 名称（默认如 2026 年第二批）
        #[arg(long, default_value = "")]
        name: String,
        /// 推荐名额
        #[arg(long)]
        quota: Option<u32>,
        /// 上级截止：阶段=日期时间，如 district=2026-09-04 17:00（可写多个）
        #[arg(long, value_name = "阶段=时间")]
        due: Vec<String>,
        /// 区内部截止：阶段=日期时间（可写多个）
        #[arg(long, value_name = "阶段=时间")]
        internal: Vec<String>,
    },
}

pub fn editions(common: &Common, args: &EditionsArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let Some(EditionsCommand::Add { edition, name, quota, due, internal }) = &args.command else {
        let mut all: Vec<_> = session.ledger.editions.iter().collect();
        all.sort_by_key(|edition| (-edition.year, edition.program.clone(), edition.batch));
        let rows: Vec<Vec<String>> = all
            .iter()
            .map(|edition| {
                let filings = session
                    .ledger
                    .list_filings(&FilingFilter { edition: Some(edition.id), ..FilingFilter::default() }, None)
                    .len();
                let state = if edition.closed { "已关闭" } else { "" };
                let short = format!("{}/{}/{}", edition.program, edition.year, edition.batch);
                vec![short, edition.label(), filings.to_string(), state.to_owned(), edition.id.to_string()]
            })
            .collect();
        output.table(
            &["批次", "名称", "申报", "状态", "编号"],
            &rows,
            &["edition", "name", "filings", "state", "id"],
            rows.len(),
        );
        return Ok(0);
    };
    let parts: Vec<&str> = edition.split('/').collect();
    let (program, year, batch) = match parts.as_slice() {
        [program, year] => ((*program).to_owned(), year.parse(), Ok(0)),
        [program, year, batch] => ((*program).to_owned(), year.parse(), batch.parse()),
        _ => {
            return Err(
                Problem::bad_input(format!("“{edition}”不是 事项/年度/批次 的写法。")).next("例如：gaoqi/2026/2。")
            );
        }
    };
    let (Ok(year), Ok(batch)) = (year, batch) else {
        return Err(Problem::bad_input(format!("“{edition}”里的年度或批次不是数字。")).next("例如：gaoqi/2026/2。"));
    };
    let mut values = Values::new();
    if !name.is_empty() {
        values.insert(edition_key::NAME.into(), Some(name.clone()));
    }
    values.insert(edition_key::QUOTA.into(), quota.map(|n| n.to_string()));
    for (words, to_key) in [(due, edition_key::due as fn(&str) -> String), (internal, edition_key::internal)] {
        for word in words {
            let (stage, moment) =
                word.split_once('=').ok_or_else(|| Problem::bad_input(format!("“{word}”不是 阶段=时间 的写法。")))?;
            values.insert(to_key(stage), Some(Due::parse(moment, year)?.to_string()));
        }
    }
    let actor = session.actor(common)?;
    let done = session
        .db
        .act(actor, format!("新增批次 {edition}"), move |act| act.open_edition(&program, year, batch, values))
        .wait()?;
    output.result(
        || vec![format!("已新增批次 {edition}。")],
        &serde_json::json!({ "id": done.value, "action": done.action }),
    );
    Ok(0)
}

#[derive(Args)]
pub struct FilingsArgs {
    #[command(subcommand)]
    command: Option<FilingsCommand>,
    /// 查找：企业名称、拼音、受理号
    #[arg(long, short, default_value = "")]
    search: String,
    /// 事项，如 gaoqi
    #[arg(long)]
    program: Option<String>,
    /// 批次，如 gaoqi/2026/2
    #[arg(long)]
    edition: Option<String>,
    /// 年度
    #[arg(long)]
    year: Option<i32>,
    /// 截至这一天的样子（只看，不能改）
    #[arg(long, value_name = "日期")]
    as_of: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

#[derive(Subcommand)]
enum FilingsCommand {
    /// 一件申报：阶段、轮次、能做什么
    Show { filing: String },
    /// 材料清单：交了什么、缺什么；可以交文件、核对
    Materials(materials::MaterialsArgs),
    /// 补正通知：最近一次退回的文字，或写成 Word
    Notice(materials::NoticeArgs),
    /// 新增申报：企业 批次 字段=值 …（表单字段可用名称或代号；能从档案带出的自动带出）
    Add {
        firm: String,
        edition: String,
        fields: Vec<String>,
        /// 从哪个阶段开始登记（默认：网上填报这一类）
        #[arg(long, default_value = "")]
        stage: String,
        /// 收到日期（默认今天）
        #[arg(long)]
        on: Option<String>,
        /// 有提醒（如同批次已有申报）也照录，并写明原因
        #[arg(long, value_name = "原因")]
        confirm: Option<String>,
    },
    /// 依法清除个人信息：表单字段或“备注”从所有流水里抹去，不能撤销
    Erase {
        filing: String,
        #[command(flatten)]
        erase: EraseArgs,
    },
}

pub fn run(common: &Common, args: &FilingsArgs, output: &Output) -> Done {
    let session = Session::open(common)?.at_day(args.as_of.as_deref())?;
    match &args.command {
        None => list(&session, args, output),
        Some(FilingsCommand::Show { filing }) => show(&session, filing, output),
        Some(FilingsCommand::Materials(args)) => materials::materials(common, &session, args, output),
        Some(FilingsCommand::Notice(args)) => materials::notice(common, &session, args, output),
        Some(FilingsCommand::Erase { filing, erase }) => {
            let row = session.filing(filing)?;
            let form = session.ledger.edition_of(&row).and_then(|edition| edition.known);
            let form = form.map(|(_, version)| version.form.as_slice()).unwrap_or_default();
            let fields = erase.fields.iter().map(|name| erased(form, name.trim())).collect::<Result<_>>()?;
            let subject = Subject { record: row.id, name: row.number.to_string(), here: "这件申报", fields };
            erase::run(common, &session, subject, erase, output)
        }
        Some(FilingsCommand::Add { firm, edition, fields, stage, on, confirm }) => {
            let firm = session.firm(firm)?;
            let edition = session.edition(edition)?;
            let (program, version) =
                edition.known.ok_or_else(|| Problem::not_found("这个批次的事项不在本机目录里。"))?;
            let known = session.db.firm(firm.id).wait()?.ok_or_else(|| Problem::not_found("找不到这家企业。"))?;
            let last = session.db.last_form(firm.id, &program.id).wait()?;
            let mut form: Values = prefill(version, &known.firm.fields, edition.year, &last)
                .into_iter()
                .map(|(id, value)| (id, Some(value)))
                .collect();
            let mut confirmed: Vec<Confirmed> = confirm
                .iter()
                .map(|reason| Confirmed {
                    field: key::FIRM.into(),
                    says: "同一批次已有申报".into(),
                    reason: reason.clone(),
                })
                .collect();
            form.extend(typed(version, fields, confirm.as_deref(), session.today(), &mut confirmed)?);
            let opened = on.as_deref().map(|text| session.day(Some(text))).transpose()?;
            let new = NewFiling { stage: stage.clone(), opened, form, confirmed, ..NewFiling::default() };
            let actor = session.actor(common)?;
            let (firm_id, edition_id) = (firm.id, edition.id);
            let name = format!("新增申报“{}”", firm.name);
            let done = session.db.act(actor, name, move |act| act.open_filing(firm_id, edition_id, new)).wait()?;
            let number = session.db.ledger().filing(done.value).map(|f| f.number.to_string()).unwrap_or_default();
            output.result(
                || vec![format!("已新增：{}，{}，受理号 {number}", firm.name, edition.label())],
                &serde_json::json!({ "id": done.value, "number": number, "action": done.action }),
            );
            Ok(0)
        }
    }
}

fn typed(
    version: &Version,
    words: &[String],
    reason: Option<&str>,
    today: chrono::NaiveDate,
    confirmed: &mut Vec<Confirmed>,
) -> Result<Values> {
    let mut values = Values::new();
    for word in words {
        let (name, value) = word
            .split_once('=')
            .ok_or_else(|| Problem::bad_input(format!("“{word}”不是 字段=值 的写法。")).next("例如：科技人员=26。"))?;
        let field = version.form.iter().find(|f| f.label == name.trim() || f.id == name.trim()).ok_or_else(|| {
            let known: Vec<&str> = version.form.iter().map(|f| f.label.as_str()).collect();
            Problem::bad_input(format!("这个事项的表单没有“{name}”这一项。"))
                .next(format!("可用的有：{}。", known.join("、")))
        })?;
        let Checked { value, findings } = form::check(field, value, today)?;
        for finding in findings.into_iter().filter(needs_reason) {
            let Some(reason) = reason else {
                return Err(Problem::refused(format!("{}：{}", field.label, finding.says))
                    .next("核对无误的话，加上 --confirm 原因 照样录入。"));
            };
            confirmed.push(Confirmed { field: field.id.clone(), says: finding.says, reason: reason.to_owned() });
        }
        values.insert(field.id.clone(), value);
    }
    Ok(values)
}

/// The field of a filing that is to be erased, and what people call it.
fn erased(form: &[Field], name: &str) -> Result<(String, String)> {
    if name == NOTE || name == key::NOTE {
        return Ok((key::NOTE.to_owned(), NOTE.to_owned()));
    }
    let field = form.iter().find(|field| field.label == name || field.id == name).ok_or_else(|| {
        let known: Vec<&str> = form.iter().filter(|field| field.personal).map(|field| field.label.as_str()).collect();
        Problem::bad_input(format!("这个事项的表单没有“{name}”这一项。"))
            .next(format!("说到个人的有：{}。", [&known[..], &[NOTE]].concat().join("、")))
    })?;
    Ok((format!("{}{}", key::FORM, field.id), field.label.clone()))
}

fn list(session: &Session, args: &FilingsArgs, output: &Output) -> Done {
    let edition = args.edition.as_deref().map(|text| session.edition(text).map(|e| e.id)).transpose()?;
    let filter = FilingFilter {
        text: args.search.clone(),
        program: args.program.clone(),
        edition,
        year: args.year,
        ..FilingFilter::default()
    };
    let ids = session.ledger.list_filings(&filter, None);
    let rows: Vec<Vec<String>> = ids
        .iter()
        .take(args.limit.rows())
        .filter_map(|id| session.ledger.filing(*id))
        .map(|filing| {
            let due = filing.due.map(|next| next.due.to_string()).unwrap_or_default();
            let edition = session.ledger.edition_of(filing).map(|e| e.label()).unwrap_or_default();
            vec![
                filing.number.to_string(),
                session.ledger.firm_of(filing).name.to_string(),
                edition,
                filing.stage().short.clone(),
                filing.status_word().to_owned(),
                filing.round.to_string(),
                due,
                filing.id.to_string(),
            ]
        })
        .collect();
    output.table(
        &["受理号", "企业名称", "事项与批次", "阶段", "状态", "轮次", "期限", "编号"],
        &rows,
        &["number", "firm", "edition", "stage", "status", "round", "due", "id"],
        ids.len(),
    );
    Ok(0)
}

fn show(session: &Session, text: &str, output: &Output) -> Done {
    let row = session.filing(text)?;
    let file = session.db.filing(row.id).wait()?.ok_or_else(|| Problem::not_found("找不到这件申报。"))?;
    let track = &file.filing.track;
    let stage_name = |id: &str| {
        file.known.and_then(|(_, v)| Some(v.stages[v.stage_index(id)?].name.as_str())).unwrap_or(id).to_owned()
    };
    let decisions: Vec<serde_json::Value> = track
        .decisions
        .iter()
        .map(|d| {
            serde_json::json!({ "stage": d.moved.stage, "word": d.moved.word, "effect": d.moved.effect, "on": d.moved.on, "round": d.moved.round,
                "reason": d.moved.reason, "document": d.moved.document, "note": d.moved.note, "stands": d.stands, "hash": d.hash })
        })
        .collect();
    let possible: Vec<String> = file
        .known
        .map(|(_, version)| choices(track, version))
        .unwrap_or_default()
        .into_iter()
        .map(|c| c.word)
        .collect();
    output.result(
        || {
            let mut lines = vec![
                format!("{} {} 第 {} 轮", row.number, session.ledger.firm_of(&row).name, track.round),
                format!("阶段：{}（{}），{} 起", stage_name(&track.stage), row.status_word(), track.since),
            ];
            lines.extend(track.decisions.iter().map(|d| {
                let rest: Vec<&str> = [d.moved.document.as_str(), &d.moved.reason, &d.moved.note].into_iter().filter(|t| !t.is_empty()).collect();
                format!("  {} {} {} {}", d.moved.on, stage_name(&d.moved.stage), d.moved.word, rest.join("；")).trim_end().to_owned()
            }));
            lines.push(if possible.is_empty() { "没有可以做的下一步。".to_owned() } else { format!("现在可以：{}", possible.join("、")) });
            lines
        },
        &serde_json::json!({ "id": row.id, "number": row.number.as_str(), "stage": track.stage, "round": track.round, "status": row.status_word(),
            "since": track.since, "awarded": track.awarded, "decisions": decisions, "choices": possible,
            "conflict": track.split.as_ref().map(|s| &s.rivals) }),
    );
    Ok(0)
}

#[derive(Args)]
pub struct MoveArgs {
    /// 受理号
    filing: String,
    /// 做什么：pass 通过/提交/推荐，return 退回，decline 不推荐，fail 不通过，lapse 逾期，withdraw 撤回，hold 暂缓，
    /// enter 转入可选阶段，publish 公示，pending 结果未公布；也可以直接写事项里的词，如 通过/推荐
    what: String,
    /// 日期（默认今天）
    #[arg(long)]
    on: Option<String>,
    /// 原因（退回、不推荐必填）
    #[arg(long, default_value = "")]
    reason: String,
    #[arg(long, default_value = "")]
    note: String,
    /// 发文字号
    #[arg(long, default_value = "")]
    document: String,
    /// 补正期限或公示结束日；补正期限也可以写 10个工作日
    #[arg(long)]
    until: Option<String>,
    /// 补正内容，退回时用，几条就写几次：直接写，或写 material.代号=内容、field.代号=内容
    #[arg(long, value_name = "内容")]
    defect: Vec<String>,
    /// 登记上级已公布的结果：这个结果所在的阶段，如 record
    #[arg(long)]
    stage: Option<String>,
}

pub fn move_filing(common: &Common, args: &MoveArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let row = session.filing(&args.filing)?;
    let (effect, word) = match Effect::from_word(&args.what) {
        Some(effect) => (effect, String::new()),
        None => named(row.program, row.version, &args.what)?,
    };
    let on = session.day(args.on.as_deref())?;
    let until = match args.until.as_deref() {
        None => None,
        Some(text) => Some(Until::parse(text, on)?.last(on, session.ledger.calendar()).date),
    };
    let wish = Wish {
        word,
        defects: args.defect.iter().map(|text| defect(row.version, text)).collect::<Result<_>>()?,
        reason: args.reason.clone(),
        note: args.note.clone(),
        document: args.document.clone(),
        until,
        ..Wish::new(effect, on)
    };
    let actor = session.actor(common)?;
    let (id, stage) = (row.id, args.stage.clone());
    let name = format!("登记进展“{}”", session.ledger.firm_of(&row).name);
    let done = session
        .db
        .act(actor, name, move |act| match stage {
            Some(stage) => act.record_result(id, &stage, &wish),
            None => act.move_filing(id, &wish),
        })
        .wait()?;
    let ledger = session.db.ledger();
    let now = ledger.filing(id).ok_or_else(|| Problem::bug("the filing vanished"))?;
    output.result(
        || vec![format!("已登记：{} 现在在“{}”（{}），第 {} 轮。", now.number, now.stage().name, now.status_word(), now.round)],
        &serde_json::json!({ "id": id, "stage": now.stage().id, "status": now.status_word(), "round": now.round, "action": done.action }),
    );
    Ok(0)
}

/// `material.audit=缺页`, or words about the whole.
fn defect(version: &Version, text: &str) -> Result<Defect> {
    let Some((about, says)) = text.split_once('=') else { return Ok(Defect::new(About::Whole, text)) };
    let about = about.trim();
    let known = match About::read(about) {
        Some(About::Material(id)) => version.materials.iter().any(|material| material.id == id) || id == OTHER,
        Some(About::Field(id)) => version.form.iter().any(|field| field.id == id),
        // An equals sign in a sentence.
        _ => return Ok(Defect::new(About::Whole, text)),
    };
    match About::read(about).filter(|_| known) {
        Some(about) => Ok(Defect::new(about, says)),
        None => Err(Problem::bad_input(format!("这个事项没有“{about}”。"))
            .next("材料和表单字段的代号见 kebao filings materials 和事项文件。")),
    }
}

/// An outcome named in the program's own words.
fn named(program: &Program, version: &Version, word: &str) -> Result<(Effect, String)> {
    version
        .stages
        .iter()
        .flat_map(|stage| &stage.outcomes)
        .find(|outcome| outcome.word == word)
        .map(|o| (o.effect, o.word.clone()))
        .ok_or_else(|| {
            Problem::bad_input(format!("{}没有“{word}”这个结果。", program.name))
                .next("可写 pass、return、decline、fail、lapse、withdraw、hold、enter、publish、pending。")
        })
}
