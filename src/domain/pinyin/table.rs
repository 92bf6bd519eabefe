//! All readings of all characters, without tones, laid out so that a search touches a few bytes per character.

use std::collections::HashMap;
use std::sync::LazyLock;

use pinyin::ToPinyinMulti;

/// A reading without tone, ü spelt v: at most six letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syllable {
    letters: [u8; 7],
    length: u8,
}

impl Syllable {
    fn new(text: &str) -> Option<Self> {
        let mut letters = [0; 7];
        if text.is_empty() || text.len() > letters.len() || !text.bytes().all(|b| b.is_ascii_lowercase()) {
            return None;
        }
        letters[..text.len()].copy_from_slice(text.as_bytes());
        Some(Self { letters, length: text.len() as u8 })
    }

    /// Its letters.
    pub(super) fn letters(&self) -> &[u8] {
        &self.letters[..usize::from(self.length)]
    }
}

/// The block that holds nearly every character in use; others are found by halving.
const NEAR: std::ops::RangeInclusive<u32> = 0x3400..=0x9FFF;
/// Where else characters with readings lie: 〇, compatibility characters, the extensions behind the basic plane.
const FAR: [std::ops::RangeInclusive<u32>; 3] = [0x3007..=0x3007, 0xF900..=0xFAFF, 0x20000..=0x323AF];

/// All readings of all characters.
pub(super) struct Table {
    /// For each slot, one bit per letter that one of its readings begins with.
    initials: Vec<u32>,
    /// For each slot, where its readings begin in `readings`; one more entry at the end.
    starts: Vec<u32>,
    /// Places in `syllables`.
    readings: Vec<u16>,
    syllables: Vec<Syllable>,
    by_text: HashMap<String, u16>,
    /// Characters outside the near block, ascending; their slots follow the near ones.
    far: Vec<u32>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        initials: Vec::new(),
        starts: vec![0],
        readings: Vec::new(),
        syllables: Vec::new(),
        by_text: HashMap::new(),
        far: Vec::new(),
    };
    for code in NEAR {
        table.add(code);
    }
    for code in FAR.into_iter().flatten() {
        if char::from_u32(code).is_some_and(|c| c.to_pinyin_multi().is_some()) {
            table.far.push(code);
            table.add(code);
        }
    }
    table
});

impl Table {
    fn add(&mut self, code: u32) {
        let begin = self.readings.len();
        let mut initials = 0;
        let multi = char::from_u32(code).and_then(|c| c.to_pinyin_multi());
        for reading in multi.into_iter().flatten() {
            let plain: String = reading.plain().chars().filter_map(|c| super::bare_letter(c).0).collect();
            let Some(syllable) = Syllable::new(&plain) else { continue };
            let next = self.syllables.len() as u16;
            let id = *self.by_text.entry(plain).or_insert(next);
            if id == next {
                self.syllables.push(syllable);
            }
            // Two readings that differ in tone are one here.
            if !self.readings[begin..].contains(&id) {
                self.readings.push(id);
                initials |= 1 << (syllable.letters[0] - b'a');
            }
        }
        self.initials.push(initials);
        self.starts.push(self.readings.len() as u32);
    }

    fn slot(&self, c: char) -> Option<usize> {
        let code = u32::from(c);
        if NEAR.contains(&code) {
            return Some((code - NEAR.start()) as usize);
        }
        if code < *FAR[0].start() {
            return None;
        }
        let far = self.far.binary_search(&code).ok()?;
        Some((NEAR.end() - NEAR.start() + 1) as usize + far)
    }

    /// One bit per letter that a reading of the character begins with; 0 for what is no Chinese character.
    pub(super) fn initials(&self, c: char) -> u32 {
        self.slot(c).map_or(0, |slot| self.initials[slot])
    }

    /// Every reading of a character.
    pub(super) fn readings(&self, c: char) -> impl Iterator<Item = Syllable> {
        let range = self.slot(c).map_or(0..0, |slot| self.starts[slot] as usize..self.starts[slot + 1] as usize);
        self.readings[range].iter().map(|id| self.syllables[usize::from(*id)])
    }

    /// A syllable by its spelling without tone; none when no character is read so.
    pub(super) fn syllable(&self, plain: &str) -> Option<Syllable> {
        self.by_text.get(plain).map(|id| self.syllables[usize::from(*id)])
    }
}

/// The table, built when first asked for.
pub(super) fn table() -> &'static Table {
    &TABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(c: char) -> Vec<String> {
        table().readings(c).map(|s| String::from_utf8_lossy(s.letters()).into_owned()).collect()
    }

    #[test]
    fn a_character_has_all_its_readings_without_tones() {
        assert_eq!(read('长'), ["zhang", "chang"]);
        assert_eq!(read('吕'), ["lv"]);
        assert_eq!(read('略'), ["lve"]);
        assert_eq!(read('〇')[0], "ling");
        assert_eq!(read('𬭎'), ["hong"], "a character of the extensions, in many given names");
        assert!(read('A').is_empty() && read('。').is_empty() && read('😀').is_empty());
        for c in ['重', '乐', '单', '曾', '仇', '茌'] {
            assert!(!read(c).is_empty(), "{c}");
        }
    }

    #[test]
    fn initials_agree_with_readings() {
        for code in (0x4E00..0x9FFF).chain(0x20000..0x20100) {
            let c = char::from_u32(code).expect("a character");
            let wanted = table().readings(c).fold(0, |bits, s| bits | 1 << (s.letters()[0] - b'a'));
            assert_eq!(table().initials(c), wanted, "{c}");
        }
    }
}
