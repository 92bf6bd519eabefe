//! Dates, numbers and counts that title, covering letter and file name give away about a list.

use super::found::{Day, Hints};
use crate::domain::text::fold;

/// Characters of one text looked at.
const LOOK: usize = 600;
/// Paragraphs looked at from the beginning and from the end of a document.
const PARAGRAPHS: usize = 150;

/// What the paragraphs of a document say: the covering letter of a list.
#[derive(Default)]
pub(super) struct Letter {
    date: Option<Day>,
    document_number: Option<String>,
    publicity: Option<(Day, Day)>,
    declared_total: Option<u32>,
}

impl Letter {
    /// Reads the paragraphs.
    pub fn of(paragraphs: &[&str]) -> Self {
        let tail = paragraphs.len().saturating_sub(PARAGRAPHS);
        let looked_at = || {
            let all = paragraphs.iter().enumerate().filter(move |(i, _)| *i < PARAGRAPHS || *i >= tail);
            all.map(|(_, text)| start(text))
        };
        // In running text a number is usually that of another document; alone in a short line it is its own.
        let is_short = |text: &&str| text.chars().count() <= 30 && !text.contains('《');
        Self {
            date: looked_at().rev().find_map(standing_alone).or_else(|| looked_at().find_map(named_day)),
            document_number: looked_at()
                .filter(is_short)
                .find_map(document_number)
                .or_else(|| looked_at().find_map(|text| document_number(after(text, &["发文字号", "文号"])?))),
            publicity: looked_at().filter(|text| text.contains("公示")).find_map(period),
            declared_total: looked_at().find_map(announced),
        }
    }
}

/// Collects the hints from a list's titles (the best first), the name of its file, and the letter around it.
pub(super) fn hints(titles: &[&str], file: &str, letter: &Letter) -> Hints {
    let titles = || titles.iter().map(|text| start(text));
    let file = start(file);
    let headline = || titles().chain([file]);
    let date = letter
        .date
        .or_else(|| titles().filter_map(|text| dates(text).first().copied()).next_back())
        .or_else(|| dates(file).first().copied())
        .or_else(|| packed(file));
    Hints {
        date,
        document_number: headline().find_map(document_number).or_else(|| letter.document_number.clone()),
        year: headline().find_map(year).or(date.map(|(y, _, _)| y)),
        batch: headline().find_map(batch),
        publicity: titles().filter(|text| text.contains("公示")).find_map(period).or(letter.publicity),
        declared_total: headline().find_map(total).or(letter.declared_total),
    }
}

/// The count a letter announces: 拟认定青澜众创空间等36家, 共认定42家.
fn announced(text: &str) -> Option<u32> {
    ["共认定", "拟认定", "共计", "共", "等"]
        .iter()
        .find_map(|word| text.find(word).and_then(|at| total(&text[at + word.len()..])))
}

fn start(text: &str) -> &str {
    &text[..text.char_indices().nth(LOOK).map_or(text.len(), |(at, _)| at)]
}

/// Folds digits and brackets, drops blanks except between two numbers.
fn folded(text: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::new();
    let mut gap = false;
    for c in text.chars().map(fold) {
        if c == ' ' {
            gap = true;
            continue;
        }
        if gap && c.is_ascii_digit() && out.last().is_some_and(char::is_ascii_digit) {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// A run of digits at `at`: its value and the place after it.
fn number(text: &[char], at: usize, max_len: usize) -> Option<(u32, usize)> {
    let len = text.get(at..)?.iter().take_while(|c| c.is_ascii_digit()).count();
    if len == 0 || len > max_len {
        return None;
    }
    let value = text[at..at + len].iter().fold(0u32, |n, c| n * 10 + c.to_digit(10).unwrap_or(0));
    Some((value, at + len))
}

fn valid(y: u32, m: u32, d: u32) -> Option<Day> {
    const DAYS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = y.is_multiple_of(4) && (!y.is_multiple_of(100) || y.is_multiple_of(400));
    let fits = (1949..2100).contains(&y)
        && (1..=12).contains(&m)
        && (1..=DAYS[m as usize - 1]).contains(&d)
        && (m != 2 || d < 29 || leap);
    fits.then_some((y as i32, m, d))
}

/// A date at `at` and the place after it: 2020年9月21日, 2020-9-21, 2020.9.21, 2020/9/21. After a first date its year, or its
/// year and month, need not be repeated.
fn date_at(text: &[char], at: usize, before: Option<Day>) -> Option<(Day, usize)> {
    if at > 0 && text[at - 1].is_ascii_digit() {
        return None;
    }
    let (first, next) = number(text, at, 4)?;
    let sign = *text.get(next)?;
    if first >= 1949 && (sign == '年' || matches!(sign, '-' | '.' | '/')) {
        let (month, next) = number(text, next + 1, 2)?;
        let second = *text.get(next)?;
        if !(second == '月' || second == sign) {
            return None;
        }
        let (day, next) = number(text, next + 1, 2)?;
        let next = if text.get(next) == Some(&'日') { next + 1 } else { next };
        return valid(first, month, day).map(|day| (day, next));
    }
    let (year, month, _) = before?;
    match sign {
        '月' => {
            let (day, next) = number(text, next + 1, 2)?;
            valid(year as u32, first, day).map(|day| (day, next + 1))
        }
        '日' => valid(year as u32, month, first).map(|day| (day, next + 1)),
        _ => None,
    }
}

/// Whether a text names a day.
pub(super) fn has_date(text: &str) -> bool {
    !dates(start(text)).is_empty()
}

fn dates(text: &str) -> Vec<Day> {
    let text = arabic(&folded(text));
    (0..text.len()).filter_map(|at| date_at(&text, at, None)).map(|(day, _)| day).collect()
}

/// 二〇二〇年九月二十一日 in Arabic digits; anything else unchanged.
fn arabic(text: &[char]) -> Vec<char> {
    const DIGITS: &str = "〇一二三四五六七八九";
    let digit = |c: char| if c == '○' || c == '零' { Some(0) } else { DIGITS.chars().position(|d| d == c) };
    let Some(year) = text.windows(5).position(|w| w[4] == '年' && w[..4].iter().all(|c| digit(*c).is_some())) else {
        return text.to_vec();
    };
    let mut out = text[..year].to_vec();
    let mut at = year;
    while at < text.len() {
        let len = text[at..].iter().take_while(|c| digit(**c).is_some() || **c == '十').count();
        if len == 0 {
            out.push(text[at]);
            at += 1;
            continue;
        }
        let run = &text[at..at + len];
        let value = match run.iter().position(|c| *c == '十') {
            Some(ten) => {
                let tens = if ten == 0 { 1 } else { digit(run[ten - 1]).unwrap_or(0) };
                tens * 10 + run.get(ten + 1).and_then(|c| digit(*c)).unwrap_or(0)
            }
            None => run.iter().take(4).fold(0, |n, c| n * 10 + digit(*c).unwrap_or(0)),
        };
        out.extend(value.to_string().chars());
        at += len;
    }
    out
}

/// The day of a line that is nothing but a date, as at the foot of a letter.
fn standing_alone(text: &str) -> Option<Day> {
    if text.chars().count() > 30 {
        return None;
    }
    let text = arabic(&folded(text));
    let bare: Vec<char> = text.iter().copied().filter(|c| !matches!(c, '(' | ')')).collect();
    let (day, next) = date_at(&bare, 0, None)?;
    (next == bare.len()).then_some(day)
}

/// The rest of a text after the first of some words that is in it.
fn after<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().find_map(|word| text.find(word).map(|at| &text[at + word.len()..]))
}

/// The day of a line that names it: 公告日期：2026年8月14日.
fn named_day(text: &str) -> Option<Day> {
    let rest =
        after(text, &["公告日期", "公布日期", "发布日期", "发布时间", "发文日期", "印发日期", "成文日期", "发证日期"])?;
    // The day follows its name at once; one further on is that of something else.
    let rest = arabic(&folded(rest));
    let at = rest.iter().take_while(|c| matches!(c, ':' | '为' | '是' | ' ')).count();
    date_at(&rest, at, None).map(|(day, _)| day)
}

/// 20200921 in a file name.
fn packed(text: &str) -> Option<Day> {
    let text = folded(text);
    (0..text.len()).find_map(|at| {
        if at > 0 && text[at - 1].is_ascii_digit() {
            return None;
        }
        let (value, _) = number(&text, at, 8).filter(|(_, next)| next - at == 8)?;
        valid(value / 10_000, value / 100 % 100, value % 100)
    })
}

/// First and last day of 公示: 2020年9月22日至29日, 自9月22日起至… needs a year somewhere before.
fn period(text: &str) -> Option<(Day, Day)> {
    let text = arabic(&folded(text));
    let (from, mut at) = (0..text.len()).find_map(|at| date_at(&text, at, None))?;
    let end = (at + 12).min(text.len());
    let joined = text[at..end].iter().position(|c| matches!(c, '至' | '到' | '-' | '~' | '—'))?;
    at += joined;
    while text.get(at).is_some_and(|c| !c.is_ascii_digit()) {
        at += 1;
    }
    let (mut to, _) = date_at(&text, at, Some(from))?;
    if to < from && to.0 == from.0 {
        // Over New Year, the second year left out.
        to.0 += 1;
    }
    (from <= to).then_some((from, to))
}

/// 国科火字〔2019〕87号, in any brackets.
fn document_number(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().filter(|c| fold(*c) != ' ').collect();
    let plain: Vec<char> = chars.iter().map(|c| fold(*c)).collect();
    (1..chars.len()).find_map(|open| {
        if plain[open] != '(' {
            return None;
        }
        let (year, close) = number(&plain, open + 1, 4)?;
        if !(1990..2100).contains(&year) || plain.get(close) != Some(&')') {
            return None;
        }
        let at = if plain.get(close + 1) == Some(&'第') { close + 2 } else { close + 1 };
        let (count, end) = number(&plain, at, 5)?;
        if plain.get(end) != Some(&'号') {
            return None;
        }
        let before = &chars[open.saturating_sub(16)..open];
        let issuer: String = before[before.iter().rposition(|c| !is_han(*c)).map_or(0, |at| at + 1)..].iter().collect();
        (2..=15).contains(&issuer.chars().count()).then(|| format!("{issuer}〔{year}〕{count}号"))
    })
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

fn year(text: &str) -> Option<i32> {
    let text = folded(text);
    (0..text.len()).find_map(|at| {
        let (value, next) = number(&text, at, 4)?;
        let begins = at == 0 || !text[at - 1].is_ascii_digit();
        (begins && (1990..2100).contains(&value) && text.get(next) == Some(&'年')).then_some(value as i32)
    })
}

fn batch(text: &str) -> Option<u32> {
    let text = folded(text);
    (0..text.len()).find_map(|at| {
        if text[at] != '第' {
            return None;
        }
        let end = at + 1 + text[at + 1..].iter().take(4).position(|c| *c == '批')?;
        let inner = &text[at + 1..end];
        if let Some((value, next)) = number(inner, 0, 3) {
            return (next == inner.len()).then_some(value);
        }
        small(inner)
    })
}

/// 一 to 九十九.
fn small(text: &[char]) -> Option<u32> {
    let digit = |c: &char| "一二三四五六七八九".chars().position(|d| d == *c).map(|i| i as u32 + 1);
    match text {
        ['十'] => Some(10),
        [d] => digit(d),
        ['十', d] => Some(10 + digit(d)?),
        [t, '十'] => Some(digit(t)? * 10),
        [t, '十', d] => Some(digit(t)? * 10 + digit(d)?),
        _ => None,
    }
}

/// 715家企业, 共692家, （30个）.
fn total(text: &str) -> Option<u32> {
    let text = folded(text);
    (0..text.len()).find_map(|at| {
        if at > 0 && (text[at - 1].is_ascii_digit() || text[at - 1] == '.' || text[at - 1] == '第') {
            return None;
        }
        let (value, next) = number(&text, at, 6)?;
        (value > 0
            && matches!(text.get(next), Some('家' | '所' | '户' | '项' | '名' | '个'))
            && text.get(next + 1) != Some(&'月'))
        .then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_covering_letter_gives_away_its_dates() {
        let letter = Letter::of(&[
            "根据《关于发展众创空间的实施意见》（青政办〔2018〕1号）的有关规定，拟认定青澜众创空间等36家众创空间。",
            "公示期：2020年9月22日至2020年9月29日。",
            "青澜区科学技术局",
            "2020年9月21日",
        ]);
        let hints = hints(&["2020年青澜区众创空间拟认定名单"], "公示", &letter);
        assert_eq!(hints.date, Some((2020, 9, 21)));
        assert_eq!(hints.publicity, Some(((2020, 9, 22), (2020, 9, 29))));
        assert_eq!(hints.document_number, None, "the number in running text is another document's");
        assert_eq!((hints.year, hints.declared_total, hints.batch), (Some(2020), Some(36), None));
    }

    #[test]
    fn a_title_gives_away_number_batch_and_count() {
        let title =
            "关于认定“青澜恒砚新材料有限公司”等715家企业为2018年第一批高新技术企业的通知（青科高字［2018］第１２号）";
        let hints = hints(&[title], "名单20181208", &Letter::of(&["二〇一八年十二月八日"]));
        assert_eq!(hints.document_number.as_deref(), Some("青科高字〔2018〕12号"));
        assert_eq!((hints.batch, hints.declared_total, hints.year), (Some(1), Some(715), Some(2018)));
        assert_eq!(hints.date, Some((2018, 12, 8)));
    }

    #[test]
    fn dates_are_read_in_every_spelling() {
        assert_eq!(dates("（截至2025年6月20日）"), [(2025, 6, 20)]);
        assert_eq!(dates("2020.12.8、2020/9/1 2020-13-01"), [(2020, 12, 8), (2020, 9, 1)]);
        assert_eq!(packed("名单-20200921-终稿"), Some((2020, 9, 21)));
        assert_eq!(packed("2017330100109020"), None);
        assert_eq!(period("公示时间为2020年9月22日—29日（5个工作日）"), Some(((2020, 9, 22), (2020, 9, 29))));
        assert_eq!(period("公示期自2020年12月28日起至1月5日止"), Some(((2020, 12, 28), (2021, 1, 5))));
        assert_eq!(standing_alone("二〇二〇年九月二十一日"), Some((2020, 9, 21)));
        assert_eq!(batch("第十二批"), Some(12));
        let line = "公告日期：2026年8月14日　发文字号：青科字〔2026〕21号，共二十九家企业，详见附件";
        let letter = Letter::of(&[line]);
        assert_eq!((letter.date, letter.document_number.as_deref()), (Some((2026, 8, 14)), Some("青科字〔2026〕21号")));
        assert_eq!(Letter::of(&["公示期满，公布日期另行通知。请于2026年9月1日前反馈"]).date, None);
    }
}
