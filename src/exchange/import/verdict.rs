//! What a list itself says of a row's outcome: 通过, 拟认定, 不予认定, 未通过. The words of the stage come before the words of
//! the field, and a word nobody knows is left to a person.

use crate::domain::program::{Effect, Stage};
use crate::domain::text::name_key;

/// What a row's 结论 says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<'s> {
    /// Nothing at all.
    Nothing,
    /// An outcome of the stage by its own word.
    Outcome(Effect, &'s str),
    Yes,
    No,
    /// Not decided yet: 暂缓, 复核.
    Open,
    /// A word nobody knows.
    Unknown,
}

/// Words that deny, whatever they deny.
const NO: [&str; 16] = [
    "不", "未", "否", "无效", "退出", "取消", "撤销", "驳回", "淘汰", "落选", "放弃", "终止", "剔除", "失败", "除名",
    "注销",
];

/// Words that only say that nothing is decided yet: neither yes nor no, though they may contain either.
const OPEN: [&str; 12] =
    ["待", "暂", "复核", "补正", "整改", "审核中", "评审中", "公示中", "退回", "未公布", "未评", "异议"];

/// Words that grant.
const YES: [&str; 20] = [
    "通过",
    "合格",
    "拟认定",
    "认定",
    "拟立项",
    "立项",
    "拟推荐",
    "推荐",
    "拟备案",
    "备案",
    "入库",
    "符合",
    "同意",
    "入选",
    "优秀",
    "良好",
    "达标",
    "拟入选",
    "准予",
    "已公告",
];

/// Reads a 结论. `stage` is the stage whose outcome the list gives, where there is one.
pub fn said<'s>(text: &str, stage: Option<&'s Stage>) -> Said<'s> {
    let text = name_key(text);
    if text.is_empty() || text.chars().all(|c| c == '-' || c == '—') {
        return Said::Nothing;
    }
    if let Some(outcome) = stage.and_then(|stage| {
        stage.outcomes.iter().find(|outcome| outcome.word.split('/').any(|word| name_key(word) == text))
    }) {
        return Said::Outcome(outcome.effect, &outcome.word);
    }
    if matches!(text.as_str(), "是" | "√" | "✓" | "y" | "Y" | "yes" | "YES") {
        return Said::Yes;
    }
    if matches!(text.as_str(), "×" | "✗" | "n" | "N" | "no" | "NO") {
        return Said::No;
    }
    // 无异议 grants although 异议 keeps things open.
    let text = text.replace("无异议", "通过");
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&OPEN) {
        Said::Open
    } else if has(&NO) {
        Said::No
    } else if has(&YES) {
        Said::Yes
    } else {
        Said::Unknown
    }
}

/// The outcome by which a stage says no, where it can.
pub fn denies(stage: &Stage) -> Option<Effect> {
    [Effect::Fail, Effect::Decline].into_iter().find(|effect| stage.outcome(*effect).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn the_words_of_published_lists_are_understood_and_unknown_ones_are_not_guessed() {
        for yes in
            ["通过", "合格", "拟认定", "予以认定", "评审 通过", "（通过）", "是", "优秀", "同意推荐", "无异议", "√"]
        {
            assert_eq!(said(yes, None), Said::Yes, "{yes}");
        }
        for no in
            ["不通过", "不合格", "未通过", "不予认定", "不予", "退出", "审核不通过", "未予立项", "取消资格", "否", "×"]
        {
            assert_eq!(said(no, None), Said::No, "{no}");
        }
        for open in ["暂缓", "待定", "复核", "结果未公布", "有异议", "整改后合格"] {
            assert_eq!(said(open, None), Said::Open, "{open}");
        }
        for unknown in ["B", "85.5", "甲类", "存续"] {
            assert_eq!(said(unknown, None), Said::Unknown, "{unknown}");
        }
        for nothing in ["", "  ", "—", "--"] {
            assert_eq!(said(nothing, None), Said::Nothing, "{nothing}");
        }
    }

    #[test]
    fn a_stages_own_word_comes_first() {
        let program = Catalog::builtin().programs().iter().find(|p| p.id == "gaoqi").expect("高企");
        let stage = |id: &str| program.versions[0].stages.iter().find(|s| s.id == id).expect("a stage");
        assert_eq!(said("补正", Some(stage("expert"))), Said::Outcome(Effect::Return, "补正"));
        assert_eq!(said("现场核查", Some(stage("cross_check"))), Said::Outcome(Effect::Hold, "现场核查"));
        assert_eq!(said("推荐", Some(stage("district"))), Said::Outcome(Effect::Pass, "通过/推荐"));
        assert_eq!(denies(stage("district")), Some(Effect::Decline));
        assert_eq!(denies(stage("expert")), Some(Effect::Fail));
        assert_eq!(denies(stage("publicity")), None);
    }
}
