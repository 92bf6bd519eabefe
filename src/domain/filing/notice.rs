//! 补正通知: what a firm is told when its filing goes back, as plain text to copy, send or print.

use super::track::Decision;
use crate::domain::calendar::Calendar;
use crate::domain::date::{document, weekday};
use crate::domain::program::{Program, Version};

/// Who is told what about which filing.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub office: &'a str,
    pub firm: &'a str,
    /// 受理号.
    pub number: &'a str,
    /// 2026 年第二批.
    pub edition: &'a str,
    pub program: &'a Program,
    pub version: &'a Version,
}

/// The last day in words: 2026年8月31日（星期一，5个工作日）. Working days are counted from the day after the return.
pub fn last_day(decision: &Decision, calendar: &Calendar) -> Option<String> {
    let until = decision.moved.until?;
    let count = calendar.between(decision.moved.on, until);
    let about = if count.assumed { "约" } else { "" };
    Some(format!("{}（{}，{about}{}个工作日）", document(until), weekday(until), count.days))
}

/// The notice on a return. Lines end in `\n`; the first is its title.
pub fn correction(subject: Subject<'_>, decision: &Decision, calendar: &Calendar) -> String {
    let Subject { office, firm, number, edition, program, version } = subject;
    let moved = &decision.moved;
    let mut text = String::from("补正通知\n\n");
    let mut line = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    line(&format!("{firm}："));
    line(&format!(
        "你单位申报的{}（{edition}，受理号 {number}）经审核，第 {} 轮材料需要补正。需补正的内容如下：",
        program.name, moved.round
    ));
    if moved.defects.is_empty() {
        line(&moved.reason);
    } else {
        for (defect, n) in moved.defects.iter().zip(1..) {
            line(&format!("{n}. {}", sentence(&defect.line(version))));
        }
        // A reason of its own, beside what the defects say.
        if moved.reason != crate::domain::defect::reason(&moved.defects, version) {
            line(&moved.reason);
        }
    }
    match last_day(decision, calendar) {
        Some(day) => line(&format!("请于{day}前（含当日）补正并重新提交；逾期未补正的，按有关规定处理。")),
        None => line("请尽快补正并重新提交。"),
    }
    line("");
    if !office.is_empty() {
        line(office);
    }
    line(&document(moved.on));
    text
}

/// Ends in a full stop, once.
fn sentence(text: &str) -> String {
    let bare = text.trim_end_matches(['。', '；', '.', ';', ' ']);
    format!("{bare}。")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Row;
    use crate::domain::defect::{About, Defect};
    use crate::domain::event::Hash;
    use crate::domain::filing::machine::{Wish, decide};
    use crate::domain::filing::{Filing, Track};
    use crate::domain::program::{Effect, Level, ShortlistLayout};
    use crate::domain::testing::{Teller, day, opened, version};

    fn program(version: &Version) -> Program {
        Program {
            id: "test".into(),
            name: "高新技术企业认定".into(),
            short: "高企".into(),
            mark: "GQ".into(),
            level: Level::District,
            category: String::new(),
            applicant: String::new(),
            decider: String::new(),
            certificate: None,
            versions: vec![version.clone()],
            shortlist: ShortlistLayout::default(),
        }
    }

    fn returned(wish: Wish) -> Decision {
        let mut teller = Teller::new(3);
        teller.tell(&opened("district", day(9, 1)));
        let track: Track = Filing::replay(teller.record, &teller.history()).unwrap().track;
        let moved = decide(&track, &version(), &wish, Hash::ZERO, day(12, 31)).unwrap();
        Decision { hash: Hash::ZERO, position: 1, moved, stands: true }
    }

    fn told(wish: Wish) -> String {
        let version = version();
        let program = program(&version);
        let subject = Subject {
            office: "青澜区科学技术局",
            firm: "青澜恒砚新材料有限公司",
            number: "2026-GQ2-0007",
            edition: "2026 年第二批",
            program: &program,
            version: &version,
        };
        // National Day 2026, with its make-up days.
        let off = (25..=27).map(|d| day(9, d)).chain((1..=7).map(|d| day(10, d)));
        let rows = off.map(|date| Row { date, off: true, name: "节".into() });
        let made_up = [day(9, 20), day(10, 10)].map(|date| Row { date, off: false, name: "国庆节".into() });
        correction(subject, &returned(wish), &Calendar::new(rows.chain(made_up), [2026]))
    }

    #[test]
    fn a_notice_names_each_defect_and_the_last_day_in_working_days() {
        let defects = vec![
            Defect::new(About::Material("audit".into()), "缺 2025 年度，请补齐。"),
            Defect::new(About::Whole, "联系电话打不通，请核对"),
        ];
        let wish = Wish { defects, until: Some(day(10, 9)), ..Wish::new(Effect::Return, day(9, 24)) };
        assert_eq!(
            told(wish),
            "补正通知\n\n青澜恒砚新材料有限公司：\n\
             你单位申报的高新技术企业认定（2026 年第二批，受理号 2026-GQ2-0007）经审核，第 1 轮材料需要补正。需补正的内容如下：\n\
             1. 审计报告：缺 2025 年度，请补齐。\n\
             2. 联系电话打不通，请核对。\n\
             请于2026年10月9日（星期五，5个工作日）前（含当日）补正并重新提交；逾期未补正的，按有关规定处理。\n\n\
             青澜区科学技术局\n2026年9月24日\n"
        );
    }

    #[test]
    fn a_notice_without_defects_gives_the_reason_and_says_where_days_are_only_about() {
        let wish =
            |until| Wish { reason: "审计报告缺页".into(), until, ..Wish::new(Effect::Return, day(12, 28)) };
        let plain = told(wish(None));
        assert!(plain.contains("审计报告缺页\n请尽快补正并重新提交。\n"), "{plain}");
        let far = told(wish(chrono::NaiveDate::from_ymd_opt(2027, 1, 4)));
        assert!(far.contains("2027年1月4日（星期一，约4个工作日）"), "{far}");
    }

    #[test]
    fn a_reason_of_its_own_stands_below_the_defects() {
        let defects = vec![Defect::new(About::Whole, "缺签字或盖章")];
        let wish =
            Wish { defects, reason: "同一问题第二次退回".into(), ..Wish::new(Effect::Return, day(9, 3)) };
        assert!(told(wish).contains("1. 缺签字或盖章。\n同一问题第二次退回\n"));
    }
}
