//! Many new firms in one go: judged, drawn, spelled out, digested, chained and replayed on one thread, written on another.
//!
//! All parts of a lot lie in one buffer: memory that one thread takes and the other gives back makes both wait, and a list of
//! ten thousand has a hundred thousand small texts.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender};

use super::{Clock, Entropy};
use crate::domain::Problem;
use crate::domain::event::{Fact, Fields, Hash, Parts, Source, Stamp};
use crate::domain::firm::{Firm, key};
use crate::domain::id::RecordId;
use crate::domain::text::number_key;
use crate::store::acts::{Values, named};
use crate::store::journal::{Chain, First};
use crate::store::ledger::{FirmRow, Words, pack_firm, unpack_firm};
use crate::store::sealing::Sealing;
use crate::store::tables::FirmLine;

/// Firms per lot: waking the other thread for each one costs as much as the work.
const LOT: usize = 128;

/// Lots that may be ready before their turn.
pub(super) const AHEAD: usize = 8;

/// Some new firms, in their order.
pub(super) struct Lot {
    bytes: Vec<u8>,
    pub firms: Vec<Prepared>,
    /// What lists show of them, where there are lists.
    pub rows: Vec<FirmRow>,
    /// Where the chain ends behind them.
    pub chain: Chain,
}

/// One new firm; its texts are ranges of its lot's bytes.
pub(super) struct Prepared {
    pub id: RecordId,
    seq: u64,
    hash: Hash,
    at: Stamp,
    salt: [u8; 16],
    body: Range<usize>,
    name: Range<usize>,
    code: Option<Range<usize>>,
    line: Range<usize>,
}

/// Why there will be no more lots.
pub(super) enum Stop {
    /// As it is.
    Problem(Problem),
    /// A firm that is there already has this credit code.
    SecondCode(String),
}

/// What makes the lots.
pub(super) struct Press<'a> {
    pub clock: &'a Clock,
    pub entropy: &'a Entropy,
    pub chain: Chain,
    pub action: RecordId,
    pub actor: RecordId,
    pub sealing: Sealing,
    /// Credit codes of the firms there are, as matching folds them.
    pub known: HashSet<String>,
    /// Those of the lots.
    pub fresh: HashSet<String>,
    /// Year whose figures lists show; `None`: there are no lists yet.
    pub figures_year: Option<i32>,
    pub words: Words,
    /// Used again for every event.
    pub buffer: Vec<u8>,
}

impl Press<'_> {
    /// Makes lots of all firms until one may not be entered, or nobody wants the rest. A lot that was written comes back to be
    /// filled again: what one thread took from the heap and another gives back makes both wait.
    pub fn run(
        mut self,
        firms: Vec<(Values, Option<Source>)>,
        send: &SyncSender<Result<Lot, Stop>>,
        back: &Receiver<Lot>,
    ) {
        let mut firms = firms.into_iter().peekable();
        while firms.peek().is_some() {
            let lot = back.try_recv().unwrap_or_else(|_| Lot::new(self.chain));
            let lot = self.fill(lot, firms.by_ref().take(LOT));
            let stopped = lot.is_err();
            if send.send(lot).is_err() || stopped {
                return;
            }
        }
    }

    fn fill(&mut self, mut lot: Lot, firms: impl Iterator<Item = (Values, Option<Source>)>) -> Result<Lot, Stop> {
        lot.bytes.clear();
        lot.firms.clear();
        lot.rows.clear();
        for (values, source) in firms {
            let set = named(values).map_err(Stop::Problem)?;
            let mut code = None;
            if let Some(Some(said)) = set.get(key::CODE) {
                let folded = number_key(said);
                code = Some(lot.keep(folded.as_bytes()));
                self.take_code(folded, said)?;
            }
            let mut fields = Fields { set, source, ..Fields::default() };
            self.sealing.close_firm(&mut fields).map_err(Stop::Problem)?;
            self.press(&mut lot, fields, code);
        }
        lot.chain = self.chain;
        Ok(lot)
    }

    /// No two firms have one credit code.
    fn take_code(&mut self, folded: String, said: &str) -> Result<(), Stop> {
        if self.known.contains(&folded) {
            return Err(Stop::SecondCode(said.to_owned()));
        }
        if !self.fresh.insert(folded) {
            let problem = Problem::refused(format!("统一社会信用代码 {said} 在这批企业里出现了两次。"));
            return Err(Stop::Problem(problem.next("请核对名单里这两行是不是同一家。")));
        }
        Ok(())
    }

    fn press(&mut self, lot: &mut Lot, fields: Fields, code: Option<Range<usize>>) {
        let now = self.clock.millis();
        let id = RecordId(self.entropy.id(now));
        let salt: [u8; 16] = self.entropy.fill();
        let source = fields.source;
        let fact = Fact::FirmCreated(fields);
        let body = fact.encode();
        let (seq, at) = (self.chain.seq + 1, self.chain.stamp.next(now));
        let parts = Parts {
            device: self.chain.device,
            seq,
            prev: self.chain.head,
            record: id,
            action: self.action,
            kind: fact.kind(),
            version: fact.version(),
            actor: self.actor,
            at,
            parents: &[],
            digest: Hash::of(&[&salt, &body]),
        };
        let hash = parts.hash(&mut self.buffer);
        self.chain = Chain { seq, head: hash, stamp: at, ..self.chain };
        let body = lot.keep(&body);
        let Fact::FirmCreated(Fields { set, .. }) = fact else { return };
        // It has a name, so it is a firm.
        let Some(firm) = Firm::created(id, set, source) else { return };
        let name = lot.keep(firm.name().as_bytes());
        let line = lot.keep(&pack_firm(&firm, false));
        let firm = Prepared { id, seq, hash, at, salt, body, name, code, line };
        if let Some(year) = self.figures_year {
            let (id, name, code, line) = lot.line(&firm);
            let shown = unpack_firm(id, name, code.unwrap_or_default(), line, year, &mut self.words);
            lot.rows.extend(shown);
        }
        lot.firms.push(firm);
    }
}

impl Lot {
    fn new(chain: Chain) -> Self {
        Self {
            bytes: Vec::with_capacity(LOT * 512),
            firms: Vec::with_capacity(LOT),
            rows: Vec::with_capacity(LOT),
            chain,
        }
    }

    fn keep(&mut self, part: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(part);
        start..self.bytes.len()
    }

    /// Their events.
    pub fn events(&self) -> impl ExactSizeIterator<Item = First<'_>> {
        self.firms.iter().map(|firm| First {
            seq: firm.seq,
            hash: &firm.hash,
            record: firm.id,
            at: firm.at,
            salt: &firm.salt,
            body: &self.bytes[firm.body.clone()],
        })
    }

    /// Their rows.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = FirmLine<'_>> {
        self.firms.iter().map(|firm| self.line(firm))
    }

    fn line(&self, firm: &Prepared) -> FirmLine<'_> {
        // They were texts when they went in.
        let text = |range: &Range<usize>| std::str::from_utf8(&self.bytes[range.clone()]).unwrap_or_default();
        (firm.id, text(&firm.name), firm.code.as_ref().map(text), &self.bytes[firm.line.clone()])
    }
}
