//! Numbers of a workbook as a person reads them: codes in full, dates as dates.

use super::document::{CellKind, CellNote};

/// Above this a number no longer holds every integer (2^53).
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Excel keeps 15 digits of what is typed.
const TYPED: f64 = 1e15;

/// What a cell's number format makes of a number, as far as it matters for a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Format {
    #[default]
    General,
    Date,
    /// `00000`: shown with leading zeros up to this many digits.
    Zeros(u8),
}

impl Format {
    /// The format behind a built-in number (ECMA-376 part 1, 18.8.30, with the Chinese ones 27–36 and 50–58).
    pub fn built_in(id: u32) -> Self {
        match id {
            14..=22 | 27..=36 | 45..=47 | 50..=58 => Self::Date,
            _ => Self::General,
        }
    }

    /// The format behind a format code such as `yyyy"年"m"月"d"日"`.
    pub fn from_code(code: &str) -> Self {
        // Only the part for positive numbers counts.
        let mut zeros = 0u32;
        let mut only_zeros = true;
        let mut chars = code.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                ';' => break,
                '"' => {
                    while chars.next().is_some_and(|c| c != '"') {}
                    only_zeros = false;
                }
                '\\' | '_' | '*' => {
                    chars.next();
                    only_zeros = false;
                }
                '[' => {
                    // [$-804], [红色], [h]: elapsed time is a time, the others say nothing.
                    let mut inner = String::new();
                    while let Some(c) = chars.next().filter(|c| *c != ']') {
                        inner.push(c.to_ascii_lowercase());
                    }
                    if !inner.is_empty() && inner.chars().all(|c| matches!(c, 'h' | 'm' | 's')) {
                        return Self::Date;
                    }
                    only_zeros = false;
                }
                'y' | 'Y' | 'd' | 'D' | 'm' | 'M' | 'h' | 'H' | 'e' | 'a' | 'A' => {
                    // `General` and `E+00` are no dates.
                    let rest: String = chars.clone().take(6).collect::<String>().to_ascii_lowercase();
                    let lower = c.to_ascii_lowercase();
                    if lower == 'e' && rest.starts_with(['+', '-', 'n']) {
                        only_zeros = false;
                        continue;
                    }
                    if matches!(lower, 'y' | 'd' | 'm' | 'h' | 'e') || (lower == 'a' && rest.starts_with("aa")) {
                        return Self::Date;
                    }
                    only_zeros = false;
                }
                'G' | 'g' if code.to_ascii_lowercase().starts_with("general") => return Self::General,
                '0' => zeros += 1,
                _ => only_zeros = false,
            }
        }
        if only_zeros && (2..=30).contains(&zeros) { Self::Zeros(zeros as u8) } else { Self::General }
    }
}

/// Writes a number as it is read, into `out`.
pub(super) fn write(value: f64, format: Format, is_1904: bool, out: &mut String) -> (CellKind, Option<CellNote>) {
    use std::fmt::Write as _;

    out.clear();
    if format == Format::Date && write_date(value, is_1904, out) {
        return (CellKind::Date, None);
    }
    let note = lost_digits(value).then_some(CellNote::LostDigits);
    // Writing to a String cannot fail; a value that is no number (never written by an office program) stays as it is.
    let _ = if value.fract() == 0.0 && value.abs() < 1e21 {
        match format {
            Format::Zeros(width) => write!(out, "{value:0>width$.0}", width = usize::from(width)),
            _ => write!(out, "{value:.0}"),
        }
    } else {
        // 15 digits, as the screen shows: 0.30000000000000004 is 0.3.
        match format!("{value:.14e}").parse::<f64>() {
            Ok(rounded) => write!(out, "{rounded}"),
            Err(_) => write!(out, "{value}"),
        }
    };
    (CellKind::Number, note)
}

/// Whether digits of a code were lost when it was kept as a number.
pub(super) fn lost_digits(value: f64) -> bool {
    let value = value.abs();
    value > EXACT || (value >= TYPED && value % 10.0 == 0.0)
}

/// Whether a text is a number in the short form that a csv export makes of a long code: `9.13799E+17`.
pub(super) fn is_short_form(text: &str) -> bool {
    // Asked of every text, so the cheap question comes first.
    let [b'0'..=b'9', b'.', rest @ ..] = text.as_bytes() else { return false };
    let Some((_, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    digits >= 1
        && digits + 3 + exponent.len() == text.len()
        && exponent.strip_prefix('+').is_some_and(|e| e.len() == 2 && e.bytes().all(|b| b.is_ascii_digit()))
}

/// Day 60 of Excel's 1900 calendar is 29 February 1900, which never was.
fn write_date(value: f64, is_1904: bool, out: &mut String) -> bool {
    use std::fmt::Write as _;

    if !(0.0..2_958_466.0).contains(&value) {
        return false;
    }
    let mut days = value.floor() as i64;
    let mut minutes = ((value - value.floor()) * 1440.0).round() as i64;
    if minutes == 1440 {
        days += 1;
        minutes = 0;
    }
    let days_since_1970 = if is_1904 {
        days - 24_107
    } else if days < 1 {
        // A time of day without a date.
        let _ = write!(out, "{:02}:{:02}", minutes / 60, minutes % 60);
        return true;
    } else if days < 60 {
        days - 25_568
    } else {
        days - 25_569
    };
    let (y, m, d) = civil(days_since_1970);
    let _ = write!(out, "{y:04}-{m:02}-{d:02}");
    if minutes != 0 {
        let _ = write!(out, " {:02}:{:02}", minutes / 60, minutes % 60);
    }
    true
}

/// Year, month and day of a day counted from 1970-01-01 (Howard Hinnant, days_from_civil reversed).
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let d = doy - (153 * mp + 2) / 5 + 1;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(m <= 2), m, d)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: f64, format: Format) -> (String, CellKind, Option<CellNote>) {
        let mut out = String::new();
        let (kind, note) = write(value, format, false, &mut out);
        (out, kind, note)
    }

    #[test]
    fn codes_are_written_in_full() {
        assert_eq!(shown(4_111_010_001.0, Format::General).0, "4111010001");
        assert_eq!(shown(0.1 + 0.2, Format::General).0, "0.3");
        assert_eq!(shown(1234.5, Format::General).0, "1234.5");
        assert_eq!(shown(-3.0, Format::General).0, "-3");
        assert_eq!(shown(37.0, Format::Zeros(6)).0, "000037");
    }

    #[test]
    fn a_code_that_lost_digits_says_so() {
        let (text, _, note) = shown(913_799_050_000_000_000.0, Format::General);
        assert_eq!(text, "913799050000000000");
        assert_eq!(note, Some(CellNote::LostDigits));
        assert_eq!(shown(2_017_330_100_109_010.0, Format::General).2, Some(CellNote::LostDigits));
        assert_eq!(shown(20_173_301_001_090.0, Format::General).2, None);
        assert!(is_short_form("9.13799E+17") && !is_short_form("9E+17") && !is_short_form("ABC1.2E+17"));
    }

    #[test]
    fn dates_are_dates() {
        assert_eq!(shown(44_173.0, Format::Date), ("2020-12-08".into(), CellKind::Date, None));
        assert_eq!(shown(44_173.5, Format::Date).0, "2020-12-08 12:00");
        assert_eq!(shown(1.0, Format::Date).0, "1900-01-01");
        assert_eq!(shown(61.0, Format::Date).0, "1900-03-01");
        assert_eq!(shown(0.5, Format::Date).0, "12:00");
        assert_eq!(shown(-1.0, Format::Date).0, "-1");
        for (code, format) in [
            ("yyyy\"年\"m\"月\"d\"日\";@", Format::Date),
            ("[$-804]yyyy/m/d", Format::Date),
            ("[h]:mm:ss", Format::Date),
            ("General", Format::General),
            ("G/通用格式", Format::General),
            ("0.00E+00", Format::General),
            ("#,##0.00", Format::General),
            ("\"共\"0\"d\"", Format::General),
            ("[Red]0", Format::General),
            ("00000000", Format::Zeros(8)),
            ("0", Format::General),
            ("[DBNum1][$-804]yyyy\"年\"", Format::Date),
        ] {
            assert_eq!(Format::from_code(code), format, "{code}");
        }
    }
}
