//! How Chinese names are read aloud: sort keys, pinyin for display, and search by characters, pinyin or initials.
//! Sorting and display choose one reading per character (words first: 重庆, 长清); search takes every reading there is.
//! No stored names here and no ranking of screens: whoever shows a list keeps its [`Haystack`]s and asks.

mod search;
mod table;
mod words;

pub use search::{Haystack, Hit, Quality, Query};

use std::collections::HashMap;
use std::sync::LazyLock;

use pinyin::ToPinyin;

use crate::domain::problem::{Problem, Result};
use crate::domain::text::fold;
use table::{Syllable, table};

/// Reads names: the built-in words with polyphones, the office's own, and the places firms put before their names.
#[derive(Debug, Clone)]
pub struct Reader {
    /// By first character, longest word first, the office's own before ours.
    words: HashMap<char, Vec<Word>>,
    /// Words that give a character a reading it does not have by itself: 乐亭 làotíng.
    unusual: Vec<Unusual>,
    /// By first character, longest first.
    places: HashMap<char, Vec<Vec<char>>>,
}

#[derive(Debug, Clone)]
struct Unusual {
    chars: Vec<char>,
    /// Which of its characters, and how it is read.
    at: usize,
    reading: Syllable,
}

#[derive(Debug, Clone)]
struct Word {
    chars: Vec<char>,
    /// One per character, with tone marks.
    readings: Vec<Box<str>>,
    /// Only at the very beginning of a name (surnames).
    leading: bool,
}

static BUILTIN: LazyLock<Reader> = LazyLock::new(|| {
    let mut reader = Reader { words: HashMap::new(), unusual: Vec::new(), places: HashMap::new() };
    let tables = [(words::WORDS, false), (words::CHARACTERS, false), (words::SURNAMES, true)];
    for (table, leading) in tables {
        for (text, readings) in table {
            let word = Word {
                chars: text.chars().collect(),
                readings: readings.split(' ').map(Into::into).collect(),
                leading,
            };
            reader.add(word);
        }
    }
    reader.add_places(words::PLACES.iter().copied());
    reader
});

impl Reader {
    /// The built-in words alone.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// The built-in words with the office's own in front (`("乐陵", "lào líng")`, tone marks optional), and its own city
    /// and district as places that firms put before their names.
    ///
    /// # Errors
    /// When a word has not one reading per character, or a reading is no pinyin.
    pub fn with<'a>(
        own: impl IntoIterator<Item = (&'a str, &'a str)>,
        places: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self> {
        let mut reader = Self::builtin().clone();
        for (text, readings) in own {
            let chars: Vec<char> = text.trim().chars().map(fold).collect();
            let readings: Vec<Box<str>> = readings.split_whitespace().map(|r| r.to_lowercase().into()).collect();
            if chars.is_empty() || chars.len() != readings.len() {
                let says = format!("“{text}”有 {} 个字，却写了 {} 个读音。", chars.len(), readings.len());
                return Err(Problem::bad_input(says).next("请给每个字写一个读音，用空格隔开。"));
            }
            if let Some(wrong) = readings.iter().find(|r| table().syllable(&toneless(r).0).is_none()) {
                return Err(Problem::bad_input(format!("“{wrong}”不是拼音。")).next("请写成 chóng qìng 这样的拼音。"));
            }
            reader.add(Word { chars, readings, leading: false });
        }
        reader.add_places(places);
        Ok(reader)
    }

    fn add(&mut self, word: Word) {
        let Some(first) = word.chars.first() else { return };
        for (at, reading) in word.readings.iter().enumerate() {
            let known = |reading: &Syllable| table().readings(word.chars[at]).any(|r| r == *reading);
            if let Some(reading) = table().syllable(&toneless(reading).0).filter(|r| !known(r)) {
                self.unusual.push(Unusual { chars: word.chars.clone(), at, reading });
            }
        }
        let words = self.words.entry(*first).or_default();
        words.insert(0, word);
        // Stable, so that of two words of one length the later added wins; a surname wins over its bare character.
        words.sort_by_key(|word| (std::cmp::Reverse(word.chars.len()), !word.leading));
    }

    fn add_places<'a>(&mut self, places: impl IntoIterator<Item = &'a str>) {
        for place in places {
            let chars: Vec<char> = place.trim().chars().map(fold).collect();
            let Some(first) = chars.first().filter(|_| chars.len() > 1) else { continue };
            let known = self.places.entry(*first).or_default();
            known.push(chars);
            known.sort_by_key(|place| std::cmp::Reverse(place.len()));
        }
    }

    /// The reading of each character with its tone mark, for display under a name; none for what is no Chinese character.
    pub fn tones<'s>(&'s self, name: &str) -> Vec<Option<&'s str>> {
        let chars: Vec<char> = name.chars().map(fold).collect();
        let mut readings = Vec::with_capacity(chars.len());
        while readings.len() < chars.len() {
            let at = readings.len();
            match self.word_at(&chars, at) {
                Some(word) => readings.extend(word.readings.iter().map(|r| Some(r.as_ref()))),
                None => readings.push(chars[at].to_pinyin().map(pinyin::Pinyin::with_tone)),
            }
        }
        readings
    }

    /// The longest word standing at a place of the name.
    fn word_at(&self, chars: &[char], at: usize) -> Option<&Word> {
        let words = self.words.get(&chars[at])?;
        words.iter().find(|word| chars[at..].starts_with(&word.chars) && (!word.leading || at == 0))
    }

    /// The key that sorts names as a Chinese list does: digits, then letters, then characters by pinyin and tone.
    ///
    /// Compare keys byte by byte. Widths, case, blanks and brackets do not count; equal keys are equal names but for those.
    pub fn sort_key(&self, name: &str) -> String {
        let mut key = String::with_capacity(name.len() * 3);
        for (c, reading) in name.chars().map(fold).zip(self.tones(name)) {
            match reading {
                // '~' is the last of ASCII, so characters follow letters; a tone digit sorts before any further letter,
                // so zhan comes before zhang; the character itself keeps names with the same character together.
                Some(reading) => {
                    let (plain, tone) = toneless(reading);
                    key.push('~');
                    key.push_str(&plain);
                    key.push(tone);
                    key.push(c);
                }
                None if c.is_alphanumeric() => key.extend(c.to_lowercase()),
                None => {}
            }
        }
        key
    }

    /// Prepares a name or number for searching.
    pub fn haystack(&self, text: &str) -> Haystack {
        Haystack::new(text, self)
    }

    /// Which cells have a reading only in the word they stand in.
    fn unusual_readings(&self, cells: &[char]) -> Vec<(usize, Syllable)> {
        let mut found = Vec::new();
        for word in &self.unusual {
            // Most names hold none of these words: one look for the first character settles it.
            let starts = cells.iter().enumerate().filter(|(_, c)| **c == word.chars[0]).map(|(at, _)| at);
            let whole = starts.filter(|at| cells[*at..].starts_with(&word.chars));
            found.extend(whole.map(|start| (start + word.at, word.reading)));
        }
        found
    }

    /// How many cells at the head of a name are places: 山东省聊城市 in 山东省聊城市信达.
    fn lead(&self, cells: &[char]) -> usize {
        let mut lead = 0;
        for _ in 0..4 {
            let rest = &cells[lead..];
            let here = rest.first().and_then(|first| self.places.get(first));
            let known = here.and_then(|places| places.iter().find(|place| rest.starts_with(place))).map(|place| {
                let suffix = rest.get(place.len()).is_some_and(|c| matches!(c, '省' | '市' | '区' | '县'));
                place.len() + usize::from(suffix)
            });
            // A place we do not know gives itself away by its suffix behind two or three characters.
            let named = || {
                (2..=3).find(|n| rest.get(*n).is_some_and(|c| matches!(c, '省' | '市' | '区' | '县'))).map(|n| n + 1)
            };
            match known.or_else(named) {
                Some(length) if lead + length < cells.len() => lead += length,
                _ => break,
            }
        }
        lead
    }
}

/// A reading without its tone mark, ü spelt v, and the tone as a digit (5 for none): lǜ → lv, 4.
fn toneless(reading: &str) -> (String, char) {
    let mut plain = String::with_capacity(reading.len());
    let mut tone = '5';
    for c in reading.chars() {
        let (base, mark) = bare_letter(c);
        plain.extend(base);
        tone = mark.unwrap_or(tone);
    }
    (plain, tone)
}

/// The letter below a tone mark, and the tone; ü and its family become v, combining marks vanish.
fn bare_letter(c: char) -> (Option<char>, Option<char>) {
    const ROWS: [(char, &str); 9] = [
        ('a', "āáǎà"),
        ('e', "ēéěè"),
        ('i', "īíǐì"),
        ('o', "ōóǒò"),
        ('u', "ūúǔù"),
        ('v', "ǖǘǚǜü"),
        ('n', "\u{0}ńňǹ"),
        ('m', "\u{0}ḿ"),
        ('e', "\u{0}ế\u{0}ềê"),
    ];
    if c.is_ascii() {
        return (Some(c), None);
    }
    for (letter, row) in ROWS {
        if let Some(tone) = row.chars().position(|marked| marked == c) {
            return (Some(letter), ['1', '2', '3', '4'].get(tone).copied());
        }
    }
    (c.is_alphabetic().then_some(c), None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted<'a>(names: &[&'a str]) -> Vec<&'a str> {
        let mut names = names.to_vec();
        names.sort_by_key(|name| Reader::builtin().sort_key(name));
        names
    }

    fn read(name: &str) -> String {
        Reader::builtin().tones(name).into_iter().map(|r| r.unwrap_or("·")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn townships_sort_by_pinyin_as_icu_sorts_them() {
        let wanted = [
            "博平",
            "菜屯",
            "杜郎口",
            "冯官屯",
            "韩屯",
            "洪官屯",
            "胡屯",
            "贾寨",
            "乐平铺",
            "温陈",
            "肖家庄",
            "信发",
            "杨官屯",
            "振兴",
        ];
        let mut mixed = wanted.to_vec();
        mixed.reverse();
        assert_eq!(sorted(&mixed), wanted);
    }

    #[test]
    fn digits_and_letters_come_before_characters() {
        assert_eq!(
            sorted(&["安澜", "Beta科技", "3D打印", "阿尔法", "alpha"]),
            ["3D打印", "alpha", "Beta科技", "阿尔法", "安澜"]
        );
        assert_eq!(sorted(&["张三", "詹三", "章一", "张一"]), ["詹三", "张三", "张一", "章一"]);
        assert_eq!(sorted(&["信达（青澜）贸易", "信达电子"]), ["信达电子", "信达（青澜）贸易"]);
    }

    #[test]
    fn words_decide_between_readings() {
        assert_eq!(read("重庆"), "chóng qìng");
        assert_eq!(read("长清"), "cháng qīng");
        assert_eq!(read("乐清"), "yuè qīng");
        assert_eq!(read("茌平"), "chí píng");
        assert_eq!(read("东阿县"), "dōng ē xiàn");
        assert_eq!(read("莘县"), "shēn xiàn");
        assert_eq!(read("曾三"), "zēng sān");
        assert_eq!(read("单三"), "shàn sān");
        assert_eq!(read("仇三"), "qiú sān");
        assert_eq!(read("未曾"), "wèi céng", "not a surname there");
        assert_eq!(read("重工"), "zhòng gōng");
        assert_eq!(read("青澜A厂"), "qīng lán · chǎng");
        assert_eq!(read("模具"), "mú jù");
    }

    #[test]
    fn the_office_can_teach_a_reading() {
        let reader = Reader::with([("乐陵", "lào líng"), ("重工", "chong gong")], ["青澜"]).expect("fine words");
        assert_eq!(reader.tones("乐陵重工"), [Some("lào"), Some("líng"), Some("chong"), Some("gong")]);
        assert_ne!(reader.sort_key("乐陵"), Reader::builtin().sort_key("乐陵"));
        assert!(Reader::with([("乐陵", "lào")], []).expect_err("one short").says.contains("2 个字"));
        assert!(Reader::with([("乐陵", "lào qqq")], []).expect_err("nonsense").says.contains("qqq"));
    }

    #[test]
    fn every_builtin_word_has_a_reading_per_character() {
        for words in [words::WORDS, words::CHARACTERS, words::SURNAMES] {
            for (text, readings) in words {
                assert_eq!(text.chars().count(), readings.split(' ').count(), "{text}");
                for reading in readings.split(' ') {
                    assert!(table().syllable(&toneless(reading).0).is_some(), "{text}: {reading}");
                    assert_ne!(toneless(reading).1, '5', "{text}: {reading} has no tone");
                }
            }
        }
    }

    #[test]
    fn tone_marks_come_off_and_leave_the_tone() {
        assert_eq!(toneless("lǜ"), ("lv".into(), '4'));
        assert_eq!(toneless("lüè"), ("lve".into(), '4'));
        assert_eq!(toneless("ér"), ("er".into(), '2'));
        assert_eq!(toneless("de"), ("de".into(), '5'));
        assert_eq!(toneless("ê̄"), ("e".into(), '5'));
        assert_eq!(toneless("ǹg"), ("ng".into(), '4'));
    }

    proptest! {
        #[test]
        fn any_text_has_a_key_and_one_reading_per_character(text in "\\PC{0,24}") {
            let reader = Reader::builtin();
            prop_assert_eq!(reader.tones(&text).len(), text.chars().count());
            let _ = reader.sort_key(&text);
        }
    }
}
