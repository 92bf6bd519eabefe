//! A small writer of Excel 97–2003 workbooks.

use std::io::{Cursor, Write};

/// Records of one stream.
#[derive(Default)]
pub struct Biff(pub Vec<u8>);

impl Biff {
    pub fn record(mut self, kind: u16, data: &[u8]) -> Self {
        self.0.extend(kind.to_le_bytes());
        self.0.extend((data.len() as u16).to_le_bytes());
        self.0.extend(data);
        self
    }

    /// The start of a stream or sheet: `sort` 0x0005 globals, 0x0010 sheet.
    pub fn begin(self, version: u16, sort: u16) -> Self {
        self.record(0x0809, &[version.to_le_bytes(), sort.to_le_bytes(), [0, 0], [0, 0]].concat())
    }

    pub fn end(self) -> Self {
        self.record(0x000A, &[])
    }

    pub fn label(self, row: u16, col: u16, string: u32) -> Self {
        self.record(0x00FD, &[&place(row, col, 0)[..], &string.to_le_bytes()].concat())
    }

    pub fn number(self, row: u16, col: u16, style: u16, value: f64) -> Self {
        self.record(0x0203, &[&place(row, col, style)[..], &value.to_le_bytes()].concat())
    }
}

pub fn place(row: u16, col: u16, style: u16) -> [u8; 6] {
    let mut out = [0; 6];
    out[..2].copy_from_slice(&row.to_le_bytes());
    out[2..4].copy_from_slice(&col.to_le_bytes());
    out[4..].copy_from_slice(&style.to_le_bytes());
    out
}

/// Characters with their length in `width` bytes, as two bytes each.
pub fn wide(text: &str, width: usize) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut out = (units.len() as u16).to_le_bytes()[..width].to_vec();
    out.push(1);
    out.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    out
}

/// A `BOUNDSHEET` record's data.
pub fn sheet(at: usize, hidden: bool, name: &str) -> Vec<u8> {
    [&(at as u32).to_le_bytes()[..], &[u8::from(hidden), 0], &wide(name, 1)].concat()
}

/// A workbook of one sheet: `globals` are put between its start and the list of sheets.
pub fn workbook(globals: impl Fn(Biff) -> Biff, sheets: &[(&str, bool, Biff)]) -> Vec<u8> {
    let build = |places: &[usize]| {
        let mut book = globals(Biff::default().begin(0x0600, 0x0005));
        for ((name, hidden, _), at) in sheets.iter().zip(places) {
            book = book.record(0x0085, &sheet(*at, *hidden, name));
        }
        book.end()
    };
    let start = build(&vec![0; sheets.len()]).0.len();
    let places: Vec<usize> = sheets
        .iter()
        .scan(start, |at, (_, _, sheet)| {
            let here = *at;
            *at += sheet.0.len();
            Some(here)
        })
        .collect();
    let mut stream = build(&places).0;
    for (_, _, sheet) in sheets {
        stream.extend(&sheet.0);
    }
    stream
}

/// Shared strings, broken into a `CONTINUE` record after `first` bytes of the first one if given.
pub fn strings(texts: &[&str]) -> impl Fn(Biff) -> Biff {
    let mut data = [(texts.len() as u32).to_le_bytes(), (texts.len() as u32).to_le_bytes()].concat();
    for text in texts {
        data.extend(wide(text, 2));
    }
    move |book| book.record(0x00FC, &data)
}

/// A compound file with one stream.
pub fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    file.create_stream(name).unwrap().write_all(stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}
