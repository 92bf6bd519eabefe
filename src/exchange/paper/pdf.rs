//! A page as a PDF: laid out here, in the program's own fonts, of which it holds the glyphs it needs.

use std::fmt::Write as _;

use super::face::{Face, Subset};
use super::lines::broken;
use super::{Align, Fonts, Paper, Part, Shape, Sheet, Style, Table, cell};

/// Room between a cell's border and its words, in points.
const PAD: f32 = 3.0;
/// Where a line's letters stand above its lower end, as a share of its size.
const RISE: f32 = 0.2;

/// The file. `None`: one of the fonts is not one.
pub fn bytes(paper: &Paper, fonts: Fonts<'_>) -> Option<Vec<u8>> {
    let mut setter = Setter {
        sheet: paper.sheet(),
        faces: [Face::read(fonts.regular)?, Face::read(fonts.bold)?],
        subsets: [Subset::default(), Subset::default()],
        pages: Vec::new(),
        y: 0.0,
    };
    setter.turn();
    for part in &paper.parts {
        match part {
            Part::Text(style, words) => setter.text(words, &style.shape()),
            Part::Table(table) => setter.table(table),
        }
    }
    setter.number();
    setter.file()
}

/// Puts lines below each other, page by page.
struct Setter<'a> {
    sheet: Sheet,
    /// Regular and bold.
    faces: [Face<'a>; 2],
    subsets: [Subset; 2],
    /// What is drawn on each.
    pages: Vec<String>,
    /// How far down the last page is full, counted from its lower end as PDF does.
    y: f32,
}

impl Setter<'_> {
    fn turn(&mut self) {
        self.pages.push(String::new());
        self.y = self.sheet.height - self.sheet.top;
    }

    fn room(&self) -> f32 {
        self.sheet.width - self.sheet.left - self.sheet.right
    }

    fn advance(&self, bold: bool, size: f32, c: char) -> f32 {
        let face = &self.faces[usize::from(bold)];
        f32::from(face.advance(face.glyph(c))) / f32::from(face.em) * size
    }

    fn width(&self, bold: bool, size: f32, words: &str) -> f32 {
        words.chars().map(|c| self.advance(bold, size, c)).sum()
    }

    fn draw(&mut self, drawn: std::fmt::Arguments<'_>) {
        if let Some(page) = self.pages.last_mut() {
            // Writing into a string cannot fail.
            let _ = writeln!(page, "{drawn}");
        }
    }

    fn show(&mut self, x: f32, y: f32, bold: bool, size: f32, words: &str) {
        let which = usize::from(bold);
        let mut glyphs = String::new();
        for c in words.chars().filter(|c| !c.is_control()) {
            let new = self.subsets[which].need(self.faces[which].glyph(c), Some(c));
            let _ = write!(glyphs, "{new:04X}");
        }
        if !glyphs.is_empty() {
            self.draw(format_args!("BT /F{which} {size:.2} Tf 1 0 0 1 {x:.2} {y:.2} Tm <{glyphs}> Tj ET"));
        }
    }

    fn text(&mut self, words: &str, shape: &Shape) {
        let Shape { size, leading, align, indent, bold, .. } = *shape;
        let room = self.room();
        let indent = if indent { size * 2.0 } else { 0.0 };
        let lines = broken(words, room - indent, room, |c| self.advance(bold, size, c));
        for (n, line) in lines.iter().enumerate() {
            if self.y - leading < self.sheet.bottom {
                self.turn();
            }
            self.y -= leading;
            let free = room - self.width(bold, size, line);
            let x = match align {
                Align::Left if n == 0 => indent,
                Align::Left => 0.0,
                Align::Center => free / 2.0,
                Align::Right => free,
            };
            self.show(self.sheet.left + x.max(0.0), self.y + (leading - size) / 2.0 + size * RISE, bold, size, line);
        }
    }

    fn table(&mut self, table: &Table) {
        let whole: f32 = table.columns.iter().map(|column| f32::from(column.width)).sum();
        let widths: Vec<f32> =
            table.columns.iter().map(|column| self.room() * f32::from(column.width) / whole.max(1.0)).collect();
        let heads: Vec<String> = table.columns.iter().map(|column| column.head.clone()).collect();
        let heads = self.cells(&heads, &widths, true);
        let aligns: Vec<Align> =
            table.columns.iter().map(|column| if column.number { Align::Right } else { Align::Left }).collect();
        let centered = vec![Align::Center; aligns.len()];
        self.row(&heads, &widths, &centered, true, &heads);
        for cells in &table.rows {
            let lines = self.cells(cells, &widths, false);
            let tall = lines.iter().map(Vec::len).max().unwrap_or(0).max(1) as f32 * cell(widths.len()).leading;
            // A row is kept on one page where one can hold it.
            let page = self.sheet.height - self.sheet.top - self.sheet.bottom;
            if self.y - tall - 2.0 * PAD < self.sheet.bottom && tall + 4.0 * cell(widths.len()).leading < page {
                self.turn();
                self.row(&heads, &widths, &centered, true, &heads);
            }
            self.row(&lines, &widths, &aligns, false, &heads);
        }
        self.y -= cell(widths.len()).leading;
    }

    fn cells(&self, cells: &[String], widths: &[f32], bold: bool) -> Vec<Vec<String>> {
        let size = cell(widths.len()).size;
        let room = |n: usize| (widths[n] - 2.0 * PAD).max(size);
        (0..widths.len())
            .map(|n| {
                let words = cells.get(n).map_or("", String::as_str);
                broken(words, room(n), room(n), |c| self.advance(bold, size, c))
            })
            .collect()
    }

    /// One row with its borders; what does not fit below goes on the next page, under the heads again.
    fn row(&mut self, cells: &[Vec<String>], widths: &[f32], aligns: &[Align], bold: bool, heads: &[Vec<String>]) {
        let Shape { size, leading, .. } = cell(widths.len());
        let count = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let mut from = 0;
        while from < count {
            let fits = ((self.y - self.sheet.bottom - 2.0 * PAD) / leading).floor().max(0.0) as usize;
            // Heads taller than a page are cut rather than repeated for ever.
            if fits == 0 && !(bold && from > 0) {
                self.turn();
                if !bold && heads.iter().map(Vec::len).max().unwrap_or(0) < 20 {
                    self.row(heads, widths, &vec![Align::Center; widths.len()], true, heads);
                }
                continue;
            }
            let until = count.min(from + fits.max(1));
            let tall = (until - from) as f32 * leading + 2.0 * PAD;
            let mut x = self.sheet.left;
            for ((cell, wide), align) in cells.iter().zip(widths).zip(aligns) {
                let (y, w) = (self.y - tall, *wide);
                self.draw(format_args!("0.5 w {x:.2} {y:.2} {w:.2} {tall:.2} re S"));
                // A short cell stands in the middle of its row.
                let own = cell.len().min(until).saturating_sub(from);
                let down = if until - from == count { (count - own) as f32 * leading / 2.0 } else { 0.0 };
                for (n, line) in cell.iter().skip(from).take(until - from).enumerate() {
                    let free = wide - 2.0 * PAD - self.width(bold, size, line);
                    let inside = match align {
                        Align::Left => 0.0,
                        Align::Center => free / 2.0,
                        Align::Right => free,
                    };
                    let base = self.y - PAD - down - (n + 1) as f32 * leading + (leading - size) / 2.0 + size * RISE;
                    self.show(x + PAD + inside.max(0.0), base, bold, size, line);
                }
                x += wide;
            }
            self.y -= tall;
            from = until;
        }
    }

    /// 第 1 页，共 2 页, where there are several.
    fn number(&mut self) {
        let count = self.pages.len();
        if count < 2 {
            return;
        }
        let Shape { size, .. } = Style::Small.shape();
        let pages = std::mem::take(&mut self.pages);
        for (page, n) in pages.into_iter().zip(1..) {
            self.pages.push(page);
            let words = format!("第 {n} 页，共 {count} 页");
            let x = (self.sheet.width - self.width(false, size, &words)) / 2.0;
            self.show(x, self.sheet.bottom / 2.0, false, size, &words);
        }
    }

    fn file(mut self) -> Option<Vec<u8>> {
        let mut objects = Objects::default();
        let (root, tree) = (objects.reserve(), objects.reserve());
        let mut fonts = String::new();
        for which in 0..2 {
            let font = self.font(which, &mut objects)?;
            let _ = write!(fonts, "/F{which} {font} 0 R ");
        }
        let mut kids = String::new();
        for page in &self.pages {
            let content = objects.stream("", page.as_bytes());
            let (w, h) = (self.sheet.width, self.sheet.height);
            let page = objects.add(format!(
                "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {w:.2} {h:.2}] /Resources << /Font << {fonts}>> >> /Contents {content} 0 R >>"
            ));
            let _ = write!(kids, "{page} 0 R ");
        }
        objects.set(tree, format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", self.pages.len()));
        objects.set(root, format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
        Some(objects.file(root))
    }

    fn font(&mut self, which: usize, objects: &mut Objects) -> Option<usize> {
        let (face, subset) = (&self.faces[which], &mut self.subsets[which]);
        let bytes = subset.bytes(face)?;
        let name = ["KEBAOA+NotoSansSC-Regular", "KEBAOB+NotoSansSC-Bold"][which];
        let per_mille = |n: i32| n * 1000 / i32::from(face.em);
        let [left, low, right, high] = face.bounds.map(|n| per_mille(i32::from(n)));
        let (ascent, descent) = (per_mille(i32::from(face.ascent)), per_mille(i32::from(face.descent)));
        let file = objects.stream(&format!("/Length1 {} ", bytes.len()), &bytes);
        let descriptor = objects.add(format!(
            "<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{left} {low} {right} {high}] /ItalicAngle 0 /Ascent {ascent} /Descent {descent} /CapHeight {ascent} /StemV 80 /FontFile2 {file} 0 R >>"
        ));
        let widths: String =
            subset.glyphs.iter().map(|(old, _)| format!("{} ", per_mille(i32::from(face.advance(*old))))).collect();
        let inner = objects.add(format!(
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R /DW 1000 /W [0 [{widths}]] /CIDToGIDMap /Identity >>"
        ));
        let names = objects.stream("", names(subset).as_bytes());
        Some(objects.add(format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{inner} 0 R] /ToUnicode {names} 0 R >>"
        )))
    }
}

/// Which character each glyph stands for, so that a reader can find and copy the words.
fn names(subset: &Subset) -> String {
    let mut out = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Kebao def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n",
    );
    let named: Vec<(usize, char)> =
        subset.glyphs.iter().enumerate().filter_map(|(new, (_, c))| Some((new, (*c)?))).collect();
    for some in named.chunks(100) {
        let _ = writeln!(out, "{} beginbfchar", some.len());
        for (new, c) in some {
            let units: String = c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("{unit:04X}")).collect();
            let _ = writeln!(out, "<{new:04X}> <{units}>");
        }
        out.push_str("endbfchar\n");
    }
    out.push_str("endcmap CMapName currentdict /CMap defineresource pop end end\n");
    out
}

/// The numbered objects of a file, from 1.
#[derive(Default)]
struct Objects(Vec<Vec<u8>>);

impl Objects {
    fn reserve(&mut self) -> usize {
        self.0.push(Vec::new());
        self.0.len()
    }

    fn set(&mut self, number: usize, object: String) {
        if let Some(place) = self.0.get_mut(number - 1) {
            *place = object.into_bytes();
        }
    }

    fn add(&mut self, object: String) -> usize {
        self.0.push(object.into_bytes());
        self.0.len()
    }

    fn stream(&mut self, more: &str, bytes: &[u8]) -> usize {
        let mut object = format!("<< {more}/Length {} >>\nstream\n", bytes.len()).into_bytes();
        object.extend(bytes);
        object.extend(b"\nendstream");
        self.0.push(object);
        self.0.len()
    }

    fn file(&self, root: usize) -> Vec<u8> {
        // The odd letters say that it is not text.
        let mut out = b"%PDF-1.5\n%\xE5\xE4\xF6\xFC\n".to_vec();
        let mut places = Vec::with_capacity(self.0.len());
        for (object, n) in self.0.iter().zip(1..) {
            places.push(out.len());
            out.extend(format!("{n} 0 obj\n").bytes());
            out.extend(object);
            out.extend(b"\nendobj\n");
        }
        let (start, count) = (out.len(), self.0.len() + 1);
        out.extend(format!("xref\n0 {count}\n0000000000 65535 f \n").bytes());
        for place in places {
            out.extend(format!("{place:010} 00000 n \n").bytes());
        }
        out.extend(format!("trailer << /Size {count} /Root {root} 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
        out
    }
}
