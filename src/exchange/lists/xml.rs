//! Reading one XML part of an office file, event by event, within the limits.

use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::QName;

use super::bounds::{Bounded, Tripped};
use crate::domain::problem::{Problem, Result};

/// Deepest nesting of tags. A table inside a table inside a text box needs some 40.
const DEPTH: u32 = 512;

/// A reader over one part. It refuses what an office file never has: document type declarations, absurd nesting.
pub(super) struct Xml<R: Read> {
    reader: Reader<Bounded<R>>,
    buffer: Vec<u8>,
    depth: u32,
}

impl<R: Read> Xml<R> {
    pub fn new(part: Bounded<R>) -> Self {
        let mut reader = Reader::from_reader(part);
        // Whether `</w:p>` closes a `<w:p>` changes nothing in what is read; that every tag is closed is counted below.
        reader.config_mut().check_end_names = false;
        Self { reader, buffer: Vec::with_capacity(4 << 10), depth: 0 }
    }

    /// The next event.
    ///
    /// # Errors
    /// The part is not well-formed, breaks off, or hits a limit.
    #[inline]
    pub fn next(&mut self) -> Result<Event<'_>> {
        self.buffer.clear();
        self.reader.get_mut().mark();
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => {
                return Err(match self.reader.get_ref().tripped {
                    Some(tripped) => tripped.problem(),
                    None => damaged(error),
                });
            }
        };
        match &event {
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > DEPTH {
                    return Err(damaged("nesting"));
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => return Err(damaged("document type declaration")),
            Event::Eof if self.depth > 0 => return Err(damaged("breaks off")),
            _ => {}
        }
        Ok(event)
    }

    /// Leaves out the rest of the element whose start was just read, up to and with its end, without looking at what is in
    /// it: in a Word list two bytes of five say what letters look like.
    ///
    /// `name` is the element's whole name, as its start has it.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub fn leave_out(&mut self, name: &[u8]) -> Result<()> {
        let part = self.reader.get_mut();
        match past_end(part, name) {
            Ok(true) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(())
            }
            Ok(false) => Err(damaged("breaks off")),
            Err(error) => Err(part.tripped.map_or_else(|| damaged(error), Tripped::problem)),
        }
    }

    /// Bytes inflated so far.
    pub fn inflated(&self) -> u64 {
        self.reader.get_ref().inflated()
    }
}

/// Reads past the end tag that closes an open element; elements of its name inside it are closed first. Says whether there
/// was one. Text and attributes cannot hold a `<`, so every one begins a tag.
fn past_end<R: Read>(part: &mut Bounded<R>, name: &[u8]) -> io::Result<bool> {
    let mut open = 1_u32;
    while past_byte(part, b'<')? {
        part.mark();
        let closes = next_byte(part)? == Some(b'/');
        if closes {
            part.consume(1);
        }
        if !take(part, name)? {
            continue;
        }
        match next_byte(part)? {
            Some(b'>') | Some(b'/') | Some(b' ' | b'\t' | b'\r' | b'\n') => {}
            // A longer name that begins the same, such as `rPrChange`.
            _ => continue,
        }
        if closes {
            open -= 1;
            if open == 0 {
                return past_byte(part, b'>');
            }
        } else if !is_empty_tag(part)? {
            open += 1;
            if open > DEPTH {
                return Err(io::Error::other("nesting"));
            }
        }
    }
    Ok(false)
}

fn next_byte<R: Read>(part: &mut Bounded<R>) -> io::Result<Option<u8>> {
    Ok(part.fill_buf()?.first().copied())
}

/// Reads up to and with a byte; says whether it came.
fn past_byte<R: Read>(part: &mut Bounded<R>, byte: u8) -> io::Result<bool> {
    loop {
        let there = part.fill_buf()?;
        if there.is_empty() {
            return Ok(false);
        }
        match memchr::memchr(byte, there) {
            Some(at) => {
                part.consume(at + 1);
                return Ok(true);
            }
            None => {
                let all = there.len();
                part.consume(all);
            }
        }
    }
}

/// Reads as much of a name as is there; says whether it was all of it.
fn take<R: Read>(part: &mut Bounded<R>, name: &[u8]) -> io::Result<bool> {
    for byte in name {
        if next_byte(part)? != Some(*byte) {
            return Ok(false);
        }
        part.consume(1);
    }
    Ok(true)
}

/// Reads the rest of a start tag; says whether it ends in `/>`.
fn is_empty_tag<R: Read>(part: &mut Bounded<R>) -> io::Result<bool> {
    let mut last = 0;
    while let Some(byte) = next_byte(part)? {
        part.consume(1);
        if byte == b'>' {
            break;
        }
        last = byte;
    }
    Ok(last == b'/')
}

/// The part cannot be parsed.
pub(super) fn damaged(detail: impl std::fmt::Display) -> Problem {
    Problem::damaged("这个文件已损坏或不完整，读不出内容。")
        .next("请重新下载或复制一次；如果 WPS 能打开它，请另存一份再导入。")
        .detail(detail)
}

/// The name of an element or attribute without its prefix, as bytes: matching them is a good part of reading a part.
#[inline]
pub(super) fn local<'n>(name: QName<'n>) -> &'n [u8] {
    let bytes = name.into_inner().as_bytes();
    match bytes {
        // `w:`, `x:`, as all office programs write.
        [_, b':', rest @ ..] => rest,
        _ => bytes.iter().position(|b| *b == b':').map_or(bytes, |at| &bytes[at + 1..]),
    }
}

/// Calls `each` with the name and raw value of every attribute, much faster than by the reader's own iterator: meant for
/// values without entities, such as places and numbers.
#[inline]
pub(super) fn each_attribute(e: &BytesStart<'_>, mut each: impl FnMut(&[u8], &str)) {
    let mut rest = e.attributes_raw();
    while let Some(equals) = rest.bytes().position(|b| b == b'=') {
        let (name, after) = (rest[..equals].trim_ascii(), rest[equals + 1..].trim_ascii_start());
        let Some(quote @ (b'"' | b'\'')) = after.bytes().next() else { return };
        let Some(len) = after[1..].bytes().position(|b| b == quote) else { return };
        each(name.as_bytes(), &after[1..1 + len]);
        rest = &after[len + 2..];
    }
}

/// The value of an attribute by its local name, with entities resolved.
pub(super) fn attribute(e: &BytesStart<'_>, name: &str) -> Option<String> {
    e.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name).map(|a| {
        match quick_xml::escape::unescape(&a.value) {
            Ok(value) => value.into_owned(),
            Err(_) => a.value.into_owned(),
        }
    })
}

/// The value of a numeric attribute.
pub(super) fn number_attribute(e: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(e, name)?.trim().parse().ok()
}

/// Whether an on/off attribute or element is on: present counts, unless it says `0`, `false` or `off`.
pub(super) fn on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off"))
}

/// Appends what `&…;` stands for. Only character references and the five names of XML mean anything; others are dropped.
pub(super) fn push_reference(text: &mut String, reference: &BytesRef<'_>) {
    match &**reference {
        "amp" => text.push('&'),
        "lt" => text.push('<'),
        "gt" => text.push('>'),
        "quot" => text.push('"'),
        "apos" => text.push('\''),
        _ => text.extend(reference.resolve_char_ref().ok().flatten()),
    }
}
