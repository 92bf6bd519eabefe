//! The headings, notes and totals between the rows of a list, told apart by their wording.

use crate::domain::text::{fold, name_key};

/// How a heading is numbered, or what sort of place it names. Headings of one style stand on one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// 第一批, 第一部分
    Part,
    /// 一、
    Chinese,
    /// （一）
    InBrackets,
    /// 1、
    Digits,
    /// （1）
    DigitsInBrackets,
    /// A place without a number: 0 province, 1 city, 2 county, 3 township.
    Place(u8),
    Plain,
}

impl Style {
    /// Rank among numbered headings, the outer ones first (GB/T 9704: 一、（一）1.（1）).
    pub fn rank(self) -> Option<u8> {
        match self {
            Self::Part => Some(0),
            Self::Chinese => Some(1),
            Self::InBrackets => Some(2),
            Self::Digits => Some(3),
            Self::DigitsInBrackets => Some(4),
            Self::Place(_) | Self::Plain => None,
        }
    }
}

/// Longest heading in bytes.
const LONGEST: usize = 400;

/// A heading taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub style: Style,
    /// Without numbering and count.
    pub label: String,
    pub declared: Option<u32>,
}

impl Label {
    /// Takes a text apart as a heading; `None` if nothing is left of it or it is far too long for one.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        let (style, rest) = numbering(text);
        let (rest, declared) = count(rest);
        let label = rest.trim().trim_end_matches(['：', ':', '，', ',', '、', '-', '—', ' ']).trim();
        if label.is_empty() {
            return None;
        }
        let style = match style {
            Some(style) => style,
            None => place(label).map_or(Style::Plain, Style::Place),
        };
        Some(Self { style, label: label.to_owned(), declared })
    }

    /// Whether the wording alone shows that it is a heading.
    pub fn is_strong(&self) -> bool {
        self.declared.is_some() || self.style != Style::Plain
    }
}

fn is_chinese_digit(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百')
}

/// Whether a 序号 cell numbers a heading rather than a row: 一, 二、, （三）.
pub(super) fn is_chinese_number(text: &str) -> bool {
    let mut digits = 0;
    text.chars().map(fold).all(|c| {
        digits += usize::from(is_chinese_digit(c));
        is_chinese_digit(c) || matches!(c, '(' | ')' | '、' | '.' | ' ')
    }) && digits > 0
}

/// The numbering a text begins with, and the text after it.
fn numbering(text: &str) -> (Option<Style>, &str) {
    // Length of the leading characters that fit.
    let run = |text: &str, fits: &dyn Fn(char) -> bool| {
        text.chars().take_while(|c| fits(*c)).map(char::len_utf8).sum::<usize>()
    };
    let chinese = |c: char| is_chinese_digit(c);
    let digit = |c: char| fold(c).is_ascii_digit();

    let n = run(text, &chinese);
    if n > 0 {
        let rest = &text[n..];
        if let Some(c) = rest.chars().next()
            && matches!(fold(c), '、' | '.' | ',' | ':' | ' ')
        {
            return (Some(Style::Chinese), rest[c.len_utf8()..].trim_start());
        }
    }
    let n = run(text, &digit);
    if (1..=3).contains(&text[..n].chars().count()) {
        let rest = &text[n..];
        if let Some(c) = rest.chars().next()
            && matches!(fold(c), '、' | '.')
            && !rest[c.len_utf8()..].starts_with(digit)
        {
            return (Some(Style::Digits), rest[c.len_utf8()..].trim_start());
        }
    }
    if let Some(c) = text.chars().next()
        && fold(c) == '('
    {
        let inner = &text[c.len_utf8()..];
        for (fits, style) in [(&chinese as &dyn Fn(char) -> bool, Style::InBrackets), (&digit, Style::DigitsInBrackets)]
        {
            let n = run(inner, fits);
            if n == 0 {
                continue;
            }
            if let Some(close) = inner[n..].chars().next()
                && fold(close) == ')'
            {
                let rest = inner[n + close.len_utf8()..].trim_start_matches(['、', '.', '．', ' ']);
                if !rest.is_empty() {
                    return (Some(style), rest);
                }
            }
        }
    }
    if let Some(rest) = text.strip_prefix('第') {
        let n = run(rest, &|c| chinese(c) || digit(c));
        if n > 0 && rest[n..].starts_with(['批', '类', '部', '章', '组', '档']) {
            return (Some(Style::Part), text);
        }
    }
    (None, text)
}

const UNITS: &[char] = &['家', '个', '所', '户', '项', '人', '名', '件', '条', '间', '座', '支'];

/// The count a text ends with — 杭州市1685家, 下城区（86）, 济南市（共580家企业） — and the text before it.
fn count(text: &str) -> (&str, Option<u32>) {
    let trimmed = text.trim_end();
    let last = trimmed.chars().next_back();
    if let Some(close) = last.filter(|c| fold(*c) == ')')
        && let Some((open, c)) = trimmed.char_indices().rev().find(|(_, c)| fold(*c) == '(')
    {
        let inner = &trimmed[open + c.len_utf8()..trimmed.len() - close.len_utf8()];
        if let Some(n) = number_with_unit(inner, false) {
            return (&trimmed[..open], Some(n));
        }
        return (text, None);
    }
    // Without brackets the unit is needed, and the number begins where digits begin.
    let is_part =
        |c: char| fold(c).is_ascii_digit() || fold(c) == ',' || UNITS.contains(&c) || "企业单位共计 ".contains(c);
    let mut start = trimmed.len();
    for (at, c) in trimmed.char_indices().rev() {
        if !is_part(c) {
            break;
        }
        start = at;
    }
    // A name may end in these characters too (…区共12家): begin at the first one that makes it a number.
    for (at, _) in trimmed[start..].char_indices() {
        if let Some(n) = number_with_unit(&trimmed[start + at..], true) {
            return (&trimmed[..start + at], Some(n));
        }
    }
    (text, None)
}

fn number_with_unit(text: &str, needs_unit: bool) -> Option<u32> {
    let folded: String = text.chars().map(fold).filter(|c| *c != ' ' && *c != ',').collect();
    let rest = folded.trim_start_matches(['共', '计', '合', '有', ':']);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 7 {
        return None;
    }
    let unit = &rest[digits..];
    let fits = match unit.chars().next() {
        None => !needs_unit,
        Some(c) => {
            UNITS.contains(&c) && matches!(&unit[c.len_utf8()..], "" | "企业" | "单位" | "机构" | "项目" | "学校")
        }
    };
    fits.then(|| rest[..digits].parse().ok()).flatten()
}

/// What sort of place a text names by its ending; `None` for anything that is no place.
pub(super) fn place(text: &str) -> Option<u8> {
    let text = text.trim();
    let len = text.chars().count();
    if !(2..=15).contains(&len) || !text.chars().all(|c| c.is_alphanumeric() || matches!(fold(c), '(' | ')' | '·')) {
        return None;
    }
    let ends = |list: &[&str]| list.iter().any(|end| text.ends_with(end));
    if ends(&[
        "开发区",
        "新区",
        "高新区",
        "园区",
        "集聚区",
        "保税区",
        "度假区",
        "示范区",
        "经开区",
        "新城",
        "合作区",
        "名胜区",
    ]) {
        Some(2)
    } else if ends(&["省", "自治区", "兵团"]) {
        Some(0)
    } else if ends(&["市", "自治州", "盟", "地区"]) {
        Some(1)
    } else if ends(&["区", "县", "旗"]) {
        Some(2)
    } else if ends(&["镇", "乡", "街道", "办事处"]) {
        Some(3)
    } else {
        None
    }
}

/// 合计, 小计：12家, 总 计
pub(super) fn is_total(text: &str) -> bool {
    // Cheap refusal before folding: almost no row begins like this.
    if !text.starts_with(['合', '总', '小', '共', '累']) {
        return false;
    }
    let key = name_key(text);
    ["合计", "总计", "小计", "共计", "累计", "总数"].iter().any(|word| {
        key.strip_prefix(word).is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with([':', '(', '数', '企', '家', '共', '金'])
                || rest.starts_with(|c: char| c.is_ascii_digit())
        })
    })
}

/// Words with which a note or the foot of a form begins.
const NOTES: &[&str] = &[
    "注:",
    "注1",
    "备注:",
    "说明:",
    "附注",
    "注释",
    "以上",
    "上述",
    "本表",
    "此表",
    "填表",
    "制表",
    "审核人",
    "审核:",
    "联系人:",
    "联系电话:",
    "单位:",
    "(单位",
    "单位(盖章",
    "单位负责人",
    "分管",
    "打印",
    "数据来源",
    "备注1",
    "说明1",
    "※",
    "*",
    "填报",
    "(注",
    "经办人:",
];

/// Whether a text alone in its row is a note, whatever stands around it.
pub(super) fn is_note(text: &str) -> bool {
    let key = name_key(text);
    NOTES.iter().any(|word| key.starts_with(word))
        || key.contains("不分先后")
        || key.ends_with('。')
        || (key.starts_with('第') && key.ends_with('页'))
        || (key.starts_with('共') && key.ends_with('页'))
        || matches!(key.as_str(), "续表" | "(续)" | "(续表)" | "接上表" | "接上页" | "(接上页)")
        || key.chars().count() > 50
}

/// Whether a row of several cells is the foot of a form: 填表人： … 审核人： …
pub(super) fn is_foot(text: &str) -> bool {
    let key = name_key(text);
    [
        "填表人",
        "制表人",
        "审核人",
        "分管负责人",
        "单位负责人",
        "填报人:",
        "联系人:",
        "注:",
        "备注:",
        "说明:",
        "填报单位",
        "联系电话:",
    ]
    .iter()
    .any(|word| key.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> (Style, String, Option<u32>) {
        let label = Label::of(text).unwrap();
        (label.style, label.label, label.declared)
    }

    #[test]
    fn headings_lose_their_numbering_and_count() {
        for (text, style, label, declared) in [
            ("杭州市1685家", Style::Place(1), "杭州市", Some(1685)),
            ("一、济南市（580家）", Style::Chinese, "济南市", Some(580)),
            ("上城区（42家）", Style::Place(2), "上城区", Some(42)),
            ("下城区（86）", Style::Place(2), "下城区", Some(86)),
            ("（二）青澜区 共 １２ 家企业", Style::InBrackets, "青澜区", Some(12)),
            ("北京市（92所）", Style::Place(1), "北京市", Some(92)),
            ("一、市级标准化众创空间", Style::Chinese, "市级标准化众创空间", None),
            ("1.智能制造", Style::Digits, "智能制造", None),
            ("（3）新材料：", Style::DigitsInBrackets, "新材料", None),
            ("第一批（1,024家）", Style::Part, "第一批", Some(1024)),
            ("国际合作类", Style::Plain, "国际合作类", None),
            ("内蒙古自治区（54所）", Style::Place(0), "内蒙古自治区", Some(54)),
            ("大江东集聚区（34家）", Style::Place(2), "大江东集聚区", Some(34)),
        ] {
            assert_eq!(taken(text), (style, label.to_owned(), declared), "{text}");
        }
        assert_eq!(Label::of("（42家）"), None);
        assert_eq!(taken("3.5亿元项目").0, Style::Plain);
        assert_eq!(taken("青澜科技（青澜区）").2, None);
    }

    #[test]
    fn totals_and_notes_are_told_from_firms() {
        assert!(is_total("合　计") && is_total("小计：12家") && is_total("总计（715家）"));
        assert!(!is_total("合众科技有限公司") && !is_total("总部经济促进中心"));
        assert!(is_note("注：以上企业排名不分先后") && is_note("以上名单按行政区划排列") && is_note("第 3 页"));
        assert!(!is_note("国际合作类"));
        assert!(
            is_chinese_number("一")
                && is_chinese_number("（十二）、")
                && !is_chinese_number("1")
                && !is_chinese_number("一号")
        );
    }
}
