//! Breaking a text into lines: between any two Chinese characters, between words of Latin letters, never before a mark that
//! closes something.

/// Marks that do not begin a line; they may stand a little into the margin instead.
const CLOSING: &str = "，。；：！？、）》」』】〉”’％%)]}…";

/// Lines no wider than `room`, the first one no wider than `first`. Always at least one.
pub fn broken(text: &str, first: f32, room: f32, width: impl Fn(char) -> f32) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used, mut most) = (String::new(), 0.0_f32, first);
    for unit in units(text) {
        let wide: f32 = unit.chars().map(&width).sum();
        let closing = unit.chars().next().is_some_and(|c| CLOSING.contains(c));
        if used + wide > most && !line.is_empty() && !closing {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            (used, most) = (0.0, room);
            if unit == " " {
                continue;
            }
        }
        if wide <= most {
            line.push_str(unit);
            used += wide;
            continue;
        }
        // A word longer than a line is cut where the line ends.
        for c in unit.chars() {
            let wide = width(c);
            if used + wide > most && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                (used, most) = (0.0, room);
            }
            line.push(c);
            used += wide;
        }
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// What is never broken inside: a run of Latin letters and digits, or one character of anything else.
fn units(text: &str) -> impl Iterator<Item = &str> {
    let joins = |c: char| c.is_ascii_graphic();
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = if joins(first) { rest.find(|c| !joins(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (unit, after) = rest.split_at(end);
        rest = after;
        Some(unit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, room: f32) -> Vec<String> {
        broken(text, room, room, |c| if c.is_ascii() { 0.5 } else { 1.0 })
    }

    #[test]
    fn a_line_ends_between_characters_and_never_before_a_closing_mark() {
        assert_eq!(lines("请于八月补正，并提交。", 6.0), ["请于八月补正，", "并提交。"]);
        assert_eq!(lines("受理号 2026-GQ2-0007 的", 7.0), ["受理号", "2026-GQ2-0007", "的"], "a number is kept whole");
        assert_eq!(lines("abcdefghij", 2.0), ["abcd", "efgh", "ij"], "what is longer than a line is cut");
        assert_eq!(lines("", 6.0), [""]);
    }

    #[test]
    fn a_first_line_may_be_shorter() {
        assert_eq!(broken("一二三四五六七", 2.0, 4.0, |_| 1.0), ["一二", "三四五六", "七"]);
    }
}
