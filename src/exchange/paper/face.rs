//! What a PDF needs of a TrueType font: which glyph a character has, how wide it is, and a font of only those glyphs.

use std::collections::BTreeMap;

/// A font as it lies in the program. Everything is read with its bounds checked: a font that is none gives nothing.
pub struct Face<'a> {
    data: &'a [u8],
    glyf: &'a [u8],
    loca: &'a [u8],
    hmtx: &'a [u8],
    long: bool,
    /// Glyphs with a width of their own; the rest have the last one's.
    widths: u16,
    /// Units to the em.
    pub em: u16,
    pub ascent: i16,
    pub descent: i16,
    /// The box all glyphs lie in.
    pub bounds: [i16; 4],
    map: Map<'a>,
}

/// Which glyph a character has.
enum Map<'a> {
    /// Ranges of characters: first, last, first's glyph.
    Ranges(&'a [u8]),
    Segments(&'a [u8]),
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(data.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn i16_at(data: &[u8], at: usize) -> Option<i16> {
    u16_at(data, at).map(|n| n as i16)
}

fn table<'a>(data: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    let count = usize::from(u16_at(data, 4)?);
    let entry = (0..count).map(|n| 12 + n * 16).find(|at| data.get(*at..at + 4) == Some(tag))?;
    let (at, length) = (u32_at(data, entry + 8)? as usize, u32_at(data, entry + 12)? as usize);
    data.get(at..at.checked_add(length)?)
}

impl<'a> Face<'a> {
    /// Reads a font. `None`: it has no outlines of this kind.
    pub fn read(data: &'a [u8]) -> Option<Self> {
        let (head, hhea) = (table(data, b"head")?, table(data, b"hhea")?);
        let bounds = [i16_at(head, 36)?, i16_at(head, 38)?, i16_at(head, 40)?, i16_at(head, 42)?];
        Some(Self {
            data,
            glyf: table(data, b"glyf")?,
            loca: table(data, b"loca")?,
            hmtx: table(data, b"hmtx")?,
            long: u16_at(head, 50)? != 0,
            widths: u16_at(hhea, 34)?.max(1),
            em: u16_at(head, 18)?.max(1),
            ascent: i16_at(hhea, 4)?,
            descent: i16_at(hhea, 6)?,
            bounds,
            map: map(table(data, b"cmap")?)?,
        })
    }

    /// The glyph of a character; 0, the empty box, where there is none.
    pub fn glyph(&self, c: char) -> u16 {
        let found = match self.map {
            Map::Ranges(ranges) => in_ranges(ranges, c as u32),
            Map::Segments(segments) => u16::try_from(c as u32).ok().and_then(|c| in_segments(segments, c)),
        };
        found.unwrap_or(0)
    }

    /// How far a glyph goes, in units of the font.
    pub fn advance(&self, glyph: u16) -> u16 {
        u16_at(self.hmtx, usize::from(glyph.min(self.widths - 1)) * 4).unwrap_or(self.em)
    }

    fn bearing(&self, glyph: u16) -> i16 {
        let at = match glyph.checked_sub(self.widths) {
            None => usize::from(glyph) * 4 + 2,
            Some(more) => usize::from(self.widths) * 4 + usize::from(more) * 2,
        };
        i16_at(self.hmtx, at).unwrap_or(0)
    }

    fn outline(&self, glyph: u16) -> Option<&'a [u8]> {
        let at = |n: usize| match self.long {
            true => u32_at(self.loca, n * 4).map(|at| at as usize),
            false => u16_at(self.loca, n * 2).map(|at| usize::from(at) * 2),
        };
        self.glyf.get(at(usize::from(glyph))?..at(usize::from(glyph) + 1)?)
    }
}

fn map(cmap: &[u8]) -> Option<Map<'_>> {
    let count = usize::from(u16_at(cmap, 2)?);
    let tables: Vec<&[u8]> = (0..count).filter_map(|n| cmap.get(u32_at(cmap, 4 + n * 8 + 4)? as usize..)).collect();
    let of = |format: u16| tables.iter().copied().find(|table| u16_at(table, 0) == Some(format));
    of(12).map(Map::Ranges).or_else(|| of(4).map(Map::Segments))
}

fn in_ranges(ranges: &[u8], c: u32) -> Option<u16> {
    let count = u32_at(ranges, 12)? as usize;
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = (low + high) / 2;
        let at = middle.checked_mul(12)?.checked_add(16)?;
        let (first, last) = (u32_at(ranges, at)?, u32_at(ranges, at + 4)?);
        if c < first {
            high = middle;
        } else if c > last {
            low = middle + 1;
        } else {
            return u16::try_from(u32_at(ranges, at + 8)?.checked_add(c - first)?).ok();
        }
    }
    None
}

fn in_segments(segments: &[u8], c: u16) -> Option<u16> {
    let twice = usize::from(u16_at(segments, 6)?);
    let part = |which: usize, n: usize| u16_at(segments, 14 + which * twice + usize::from(which > 0) * 2 + n * 2);
    let n = (0..twice / 2).find(|n| part(0, *n).is_some_and(|end| end >= c))?;
    let (start, delta, range) = (part(1, n)?, part(2, n)?, part(3, n)?);
    if c < start {
        return None;
    }
    if range == 0 {
        return Some(c.wrapping_add(delta));
    }
    let at = 16 + 3 * twice + n * 2 + usize::from(range) + usize::from(c - start) * 2;
    u16_at(segments, at).filter(|glyph| *glyph != 0).map(|glyph| glyph.wrapping_add(delta))
}

/// The glyphs of a font that are needed, numbered anew from 0, the empty box.
pub struct Subset {
    new: BTreeMap<u16, u16>,
    /// By new number: the old one, and the character it was needed for.
    pub glyphs: Vec<(u16, Option<char>)>,
}

impl Default for Subset {
    fn default() -> Self {
        Self { new: [(0, 0)].into(), glyphs: vec![(0, None)] }
    }
}

impl Subset {
    /// The new number of a glyph, needed for a character or as a part of another.
    pub fn need(&mut self, old: u16, c: Option<char>) -> u16 {
        let next = u16::try_from(self.glyphs.len()).unwrap_or(0);
        let new = *self.new.entry(old).or_insert(next);
        if usize::from(new) == self.glyphs.len() {
            self.glyphs.push((old, c));
        }
        new
    }

    /// The font file. Takes in the parts composed glyphs are made of first.
    pub fn bytes(&mut self, face: &Face<'_>) -> Option<Vec<u8>> {
        let (mut glyf, mut loca, mut hmtx) = (Vec::new(), Vec::new(), Vec::new());
        let mut n = 0;
        // It grows while composed glyphs name their parts.
        while let Some((old, _)) = self.glyphs.get(n).copied() {
            n += 1;
            loca.extend(u32::try_from(glyf.len()).ok()?.to_be_bytes());
            let mut outline = face.outline(old).unwrap_or_default().to_vec();
            if i16_at(&outline, 0).is_some_and(|contours| contours < 0) {
                self.renumber(&mut outline)?;
            }
            glyf.extend(outline);
            glyf.resize(glyf.len().next_multiple_of(4), 0);
            hmtx.extend(face.advance(old).to_be_bytes());
            hmtx.extend(face.bearing(old).to_be_bytes());
        }
        loca.extend(u32::try_from(glyf.len()).ok()?.to_be_bytes());
        let count = u16::try_from(n).ok()?.to_be_bytes();
        let patched = |tag: &[u8; 4], at: usize, value: [u8; 2]| {
            let mut bytes = table(face.data, tag)?.to_vec();
            bytes.get_mut(at..at + 2)?.copy_from_slice(&value);
            Some(bytes)
        };
        let mut tables: Vec<(&[u8; 4], Vec<u8>)> = vec![
            (b"glyf", glyf),
            (b"head", patched(b"head", 50, 1_u16.to_be_bytes())?),
            (b"hhea", patched(b"hhea", 34, count)?),
            (b"hmtx", hmtx),
            (b"loca", loca),
            (b"maxp", patched(b"maxp", 4, count)?),
        ];
        // What instructions of glyphs call on.
        for tag in [b"cvt ", b"fpgm", b"prep"] {
            tables.extend(table(face.data, tag).map(|bytes| (tag, bytes.to_vec())));
        }
        tables.sort_by_key(|(tag, _)| **tag);
        Some(file(&tables))
    }

    /// Gives the parts of a composed glyph their new numbers.
    fn renumber(&mut self, outline: &mut [u8]) -> Option<()> {
        const WORDS: u16 = 0x1;
        const SCALE: u16 = 0x8;
        const MORE: u16 = 0x20;
        const TWO_SCALES: u16 = 0x40;
        const MATRIX: u16 = 0x80;
        let mut at = 10;
        loop {
            let flags = u16_at(outline, at)?;
            let new = self.need(u16_at(outline, at + 2)?, None);
            outline.get_mut(at + 2..at + 4)?.copy_from_slice(&new.to_be_bytes());
            at += if flags & WORDS != 0 { 8 } else { 6 };
            at += match flags {
                flags if flags & SCALE != 0 => 2,
                flags if flags & TWO_SCALES != 0 => 4,
                flags if flags & MATRIX != 0 => 8,
                _ => 0,
            };
            if flags & MORE == 0 {
                return Some(());
            }
        }
    }
}

fn file(tables: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let count = tables.len() as u16;
    let power = count.max(1).ilog2() as u16;
    let search = (1_u16 << power) * 16;
    let mut out = vec![0, 1, 0, 0];
    for n in [count, search, power, count * 16 - search] {
        out.extend(n.to_be_bytes());
    }
    let mut at = 12 + tables.len() * 16;
    for (tag, bytes) in tables {
        let sum = bytes.chunks(4).fold(0_u32, |sum, chunk| {
            let mut word = [0; 4];
            word[..chunk.len()].copy_from_slice(chunk);
            sum.wrapping_add(u32::from_be_bytes(word))
        });
        out.extend(*tag);
        for n in [sum, at as u32, bytes.len() as u32] {
            out.extend(n.to_be_bytes());
        }
        at += bytes.len().next_multiple_of(4);
    }
    for (_, bytes) in tables {
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC_400Regular.ttf");

    #[test]
    fn a_font_of_few_glyphs_has_their_outlines_and_widths() {
        let face = Face::read(FONT).expect("our font");
        let mut subset = Subset::default();
        let kept: Vec<(u16, u16)> = "青澜A1é𠮷"
            .chars()
            .map(|c| (face.glyph(c), c))
            .filter(|(glyph, _)| *glyph != 0)
            .map(|(glyph, c)| (glyph, subset.need(glyph, Some(c))))
            .collect();
        assert!(kept.len() >= 5, "the program's font has them");
        let bytes = subset.bytes(&face).expect("made");
        assert!(bytes.len() < FONT.len() / 20);
        let (loca, hmtx) = (table(&bytes, b"loca").expect("loca"), table(&bytes, b"hmtx").expect("hmtx"));
        assert_eq!(table(&bytes, b"maxp").and_then(|maxp| u16_at(maxp, 4)), Some(subset.glyphs.len() as u16));
        for (old, new) in kept {
            let at = |n: u16| u32_at(loca, usize::from(n) * 4).expect("in range");
            assert!(at(new + 1) - at(new) >= face.outline(old).expect("drawn").len() as u32);
            assert_eq!(u16_at(hmtx, usize::from(new) * 4), Some(face.advance(old)));
        }
    }

    #[test]
    fn what_is_no_font_or_half_of_one_gives_nothing() {
        assert!(Face::read(b"").is_none());
        assert!(Face::read(b"\0\x01\0\0\xff\xff whatever").is_none());
        for end in (0..4000).step_by(37) {
            assert!(Face::read(&FONT[..end]).is_none());
        }
    }
}
