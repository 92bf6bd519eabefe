//! Finding names by characters, pinyin, initials or any mixture, with the matched characters for highlighting.
//!
//! A name is folded once into cells (one per character that counts). A query runs over the cells as a set of positions in
//! the query (a bit each), so polyphones and mixtures never multiply. Not a general matcher: every match is one run of cells.

use std::ops::Range;

use super::table::{Syllable, Table, table};
use super::{Reader, bare_letter};
use crate::domain::text::fold;

/// A name or number made ready for searching. About 24 bytes and 4 per character beyond itself.
#[derive(Debug, Clone)]
pub struct Haystack {
    /// The characters that count: folded, lower case, without blanks, brackets and punctuation.
    cells: Box<[char]>,
    /// One bit per letter, digit or hashed character a match can begin with: most names are dismissed by this alone.
    holds: u64,
    /// How many cells at the head are places.
    lead: u8,
    rare: Option<Box<Rare>>,
}

/// What few names need.
#[derive(Debug, Clone, Default)]
struct Rare {
    /// For each cell the character of the original it came from; empty when all of them count.
    origin: Box<[u32]>,
    /// Readings a cell has only in this word.
    readings: Vec<(usize, Syllable)>,
}

/// How good a match is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quality {
    /// The whole name.
    Exact,
    /// From its beginning.
    Prefix,
    /// From behind the place it begins with: 信达 in 山东信达.
    AfterPlace,
    /// Somewhere.
    Inner,
    /// Its words one by one, in any order.
    Scattered,
}

/// Where a query was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub quality: Quality,
    /// Matched characters, counted in characters (not bytes) of the original text, ascending and apart.
    pub ranges: Vec<Range<usize>>,
}

/// What a person typed into the search box.
#[derive(Debug, Clone)]
pub struct Query {
    whole: Pattern,
    /// The words between blanks, when there are several.
    words: Vec<Pattern>,
}

#[derive(Debug, Clone)]
struct Pattern {
    chars: Vec<char>,
    /// Must all be in [`Haystack::holds`].
    needs: u64,
}

/// A query longer than the bits of a set is compared character by character only.
const LONGEST: usize = 127;

/// The cell a character becomes: width, case and tone marks come off, and what is neither letter nor digit is no cell.
fn cell(c: char) -> Option<char> {
    let c = fold(c);
    if c.is_ascii() {
        return c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase());
    }
    let lower = c.to_lowercase().next().filter(|_| c.is_alphanumeric())?;
    bare_letter(lower).0.or(Some(lower))
}

fn letter_bit(c: char) -> u64 {
    match c {
        'a'..='z' => 1 << (u32::from(c) - u32::from('a')),
        '0'..='9' => 1 << (u32::from(c) - u32::from('0') + 26),
        // 28 bits are left for all other characters; neighbours in Unicode fall on different ones.
        _ => 1 << (u32::from(c) % 28 + 36),
    }
}

impl Haystack {
    pub(super) fn new(text: &str, reader: &Reader) -> Self {
        let mut cells = Vec::with_capacity(text.len() / 3);
        let mut origin = Vec::new();
        let mut total = 0;
        for (at, c) in text.chars().enumerate() {
            total = at + 1;
            if let Some(cell) = cell(c) {
                cells.push(cell);
                origin.push(u32::try_from(at).unwrap_or(u32::MAX));
            }
        }
        let holds = cells.iter().fold(0, |bits, c| bits | letter_bit(*c) | u64::from(table().initials(*c)));
        let readings = reader.unusual_readings(&cells);
        let holds = readings.iter().fold(holds, |bits, (_, s)| bits | letter_bit(char::from(s.letters()[0])));
        let lead = u8::try_from(reader.lead(&cells)).unwrap_or(0);
        let skipped = cells.len() < total;
        let rare = (skipped || !readings.is_empty()).then(|| {
            let origin = if skipped { origin.into_boxed_slice() } else { Box::default() };
            Box::new(Rare { origin, readings })
        });
        Self { cells: cells.into_boxed_slice(), holds, lead, rare }
    }

    /// Adds a run of cells as ranges of the original's characters, which must lie behind those already there.
    fn add_origins(&self, run: Range<usize>, ranges: &mut Vec<Range<usize>>) {
        let origin = self.rare.as_ref().map(|rare| &rare.origin[..]).filter(|origin| !origin.is_empty());
        for at in run {
            let at = origin.map_or(at, |origin| origin[at] as usize);
            match ranges.last_mut() {
                Some(last) if last.end == at => last.end = at + 1,
                _ => ranges.push(at..at + 1),
            }
        }
    }
}

impl Query {
    /// Folds what was typed: case, width, tone marks, blanks and brackets do not count.
    pub fn new(text: &str) -> Self {
        let words: Vec<Pattern> =
            text.split(char::is_whitespace).map(Pattern::new).filter(|word| !word.chars.is_empty()).collect();
        Self { whole: Pattern::new(text), words: if words.len() > 1 { words } else { Vec::new() } }
    }

    /// Nothing was typed that could be searched for; such a query finds nothing.
    pub fn is_empty(&self) -> bool {
        self.whole.chars.is_empty()
    }

    /// How well a name matches, without working out where.
    pub fn quality(&self, name: &Haystack) -> Option<Quality> {
        if let Some((quality, _)) = self.whole.seek(name) {
            return Some(quality);
        }
        let apart = !self.words.is_empty() && self.words.iter().all(|word| word.seek(name).is_some());
        apart.then_some(Quality::Scattered)
    }

    /// How well a name matches, and which of its characters.
    pub fn find(&self, name: &Haystack) -> Option<Hit> {
        let mut ranges = Vec::new();
        if let Some((quality, run)) = self.whole.seek(name) {
            name.add_origins(run, &mut ranges);
            return Some(Hit { quality, ranges });
        }
        if self.words.is_empty() {
            return None;
        }
        let mut runs = self.words.iter().map(|word| Some(word.seek(name)?.1)).collect::<Option<Vec<_>>>()?;
        runs.sort_by_key(|run| run.start);
        let mut end = 0;
        for run in runs {
            name.add_origins(run.start.max(end)..run.end.max(end), &mut ranges);
            end = end.max(run.end);
        }
        Some(Hit { quality: Quality::Scattered, ranges })
    }
}

impl Hit {
    /// Cuts the original text into pieces and says which of them matched.
    pub fn pieces<'t>(&self, text: &'t str) -> Vec<(&'t str, bool)> {
        let mut pieces = Vec::new();
        let mut rest = text;
        let mut at = 0;
        for range in &self.ranges {
            for (length, matched) in [(range.start - at, false), (range.len(), true)] {
                let cut = rest.char_indices().nth(length).map_or(rest.len(), |(byte, _)| byte);
                let (piece, after) = rest.split_at(cut);
                if !piece.is_empty() {
                    pieces.push((piece, matched));
                }
                rest = after;
            }
            at = range.end;
        }
        if !rest.is_empty() {
            pieces.push((rest, false));
        }
        pieces
    }
}

impl Pattern {
    fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().filter_map(cell).collect();
        // Letters behind the first may be the inside of a syllable, so only the first one must begin something.
        let must = chars.iter().enumerate().filter(|(i, c)| *i == 0 || !c.is_ascii_lowercase());
        let needs = must.fold(0, |bits, (_, c)| bits | letter_bit(*c));
        Self { chars, needs }
    }

    fn seek(&self, name: &Haystack) -> Option<(Quality, Range<usize>)> {
        if self.chars.is_empty() || name.holds & self.needs != self.needs {
            return None;
        }
        if self.chars.len() > LONGEST {
            return self.literally(name);
        }
        let table = table();
        let count = name.cells.len();
        if let Some(end) = self.run(table, name, 0) {
            let exact = end == count || (count <= self.chars.len() && self.covers(table, name));
            return Some(if exact { (Quality::Exact, 0..count) } else { (Quality::Prefix, 0..end) });
        }
        let lead = usize::from(name.lead);
        if lead > 0
            && let Some(end) = self.run(table, name, lead)
        {
            return Some((Quality::AfterPlace, lead..end));
        }
        // Most cells cannot begin a match; asking that first is what makes a search of thousands of names quick.
        let first = self.chars[0];
        let initial = if first.is_ascii_lowercase() { 1 << (u32::from(first) - u32::from('a')) } else { 0 };
        let unusual = name.rare.as_ref().is_some_and(|rare| !rare.readings.is_empty());
        let begins = |at: &usize| {
            let cell = name.cells[*at];
            cell == first || unusual || (initial != 0 && table.initials(cell) & initial != 0)
        };
        (1..count).filter(begins).find_map(|start| Some((Quality::Inner, start..self.run(table, name, start)?)))
    }

    fn literally(&self, name: &Haystack) -> Option<(Quality, Range<usize>)> {
        let start = name.cells.windows(self.chars.len()).position(|window| *window == self.chars[..])?;
        let quality = match start {
            0 if name.cells.len() == self.chars.len() => Quality::Exact,
            0 => Quality::Prefix,
            _ => Quality::Inner,
        };
        Some((quality, start..start + self.chars.len()))
    }

    /// The end of the shortest run of cells from `start` that uses up the query.
    fn run(&self, table: &Table, name: &Haystack, start: usize) -> Option<usize> {
        let done = 1u128 << self.chars.len();
        let mut reached = 1u128;
        for at in start..name.cells.len() {
            reached = self.step(table, name, at, reached);
            if reached & done != 0 {
                return Some(at + 1);
            }
            if reached == 0 {
                return None;
            }
        }
        None
    }

    /// Whether the query can be spread over all cells.
    fn covers(&self, table: &Table, name: &Haystack) -> bool {
        let done = 1u128 << self.chars.len();
        let reached = (0..name.cells.len()).fold(1u128, |reached, at| self.step(table, name, at, reached & !done));
        reached & done != 0
    }

    /// Positions of the query reachable after one more cell.
    fn step(&self, table: &Table, name: &Haystack, at: usize, mut reached: u128) -> u128 {
        let cell = name.cells[at];
        let mut initials = None;
        let mut next = 0;
        while reached != 0 {
            let position = reached.trailing_zeros() as usize;
            reached &= reached - 1;
            let Some(&wanted) = self.chars.get(position) else { continue };
            if wanted == cell {
                next |= 1u128 << (position + 1);
            } else if wanted.is_ascii_lowercase() {
                let initials = *initials.get_or_insert_with(|| table.initials(cell));
                if initials & (1 << (u32::from(wanted) - u32::from('a'))) != 0 {
                    next |= 1u128 << (position + 1);
                    // More of a reading can only be spent when another letter follows.
                    if self.chars.get(position + 1).is_some_and(char::is_ascii_lowercase) {
                        for reading in table.readings(cell) {
                            next |= self.bite(reading, position);
                        }
                    }
                }
                for (_, reading) in name.rare.iter().flat_map(|r| &r.readings).filter(|(cell, _)| *cell == at) {
                    next |= self.bite(*reading, position);
                }
            }
        }
        next
    }

    /// Positions reachable by spending one reading at a position: all of it, its initial, or what the query ends in.
    fn bite(&self, reading: Syllable, position: usize) -> u128 {
        let letters = reading.letters();
        let rest = &self.chars[position..];
        let same = letters
            .iter()
            .zip(rest)
            .enumerate()
            .take_while(|(i, (letter, typed))| alike(letters, *i, **letter, **typed));
        let common = same.count();
        let to = |length: usize| 1u128 << (position + length);
        let mut next = 0;
        if common >= 1 {
            next |= to(1);
        }
        if common >= 2 && letters[1] == b'h' {
            next |= to(2);
        }
        if common == letters.len() || common == rest.len() {
            next |= to(common);
        }
        next
    }
}

/// Whether a typed letter stands for a letter of a reading: ü may be typed v, u or ü, and the u of ju, qu, xu, yu also v.
fn alike(reading: &[u8], at: usize, letter: u8, typed: char) -> bool {
    let letter = char::from(letter);
    letter == typed
        || (letter == 'v' && typed == 'u')
        || (letter == 'u' && typed == 'v' && at == 1 && matches!(reading[0], b'j' | b'q' | b'x' | b'y'))
}

#[cfg(test)]
mod tests;
