//! Where a filing stands: the replay of its decisions.
//!
//! Decisions form a tree: each follows the one its author had seen last. While it is a line, the filing stands at its end.
//! Where two decisions follow the same one, nobody may choose for the officers: the filing stays at the fork, in conflict,
//! until a person resolves it (architecture law 3).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::key;
use crate::domain::event::{Fact, Hash, Moved};
use crate::domain::history::{History, Registers};
use crate::domain::program::Effect;
#[cfg(test)]
use crate::domain::testing;

/// How a filing came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// The last stage is passed.
    Done,
    /// 不推荐.
    Declined,
    /// 不通过.
    Failed,
    /// 逾期, 放弃.
    Lapsed,
    /// 撤回.
    Withdrawn,
}

/// What a filing is doing right now, coarser than its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    Open,
    /// Back at the applicant for correction.
    Returned,
    /// The stage is over, its result is not out.
    Pending,
    /// 公示 has its dates.
    Published,
    /// Put on hold with a note.
    Held,
    Ended(End),
}

/// One decision as replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub hash: Hash,
    /// Position in the record's history.
    pub position: usize,
    pub moved: Moved,
    /// Whether it counts: taken on the way to where the filing stands.
    pub stands: bool,
}

/// Two or more decisions unaware of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The decisions between which a person must choose, oldest first.
    pub rivals: Vec<Hash>,
}

/// Where a filing stands and how it came there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    pub stage: String,
    pub round: u16,
    pub standing: Standing,
    /// The day the filing came into its stage (this round).
    pub since: NaiveDate,
    /// Correction deadline while returned, last day while published.
    pub until: Option<NaiveDate>,
    /// Day of the award, if there was one.
    pub awarded: Option<NaiveDate>,
    /// Day each stage was last passed, by stage id.
    pub passed: BTreeMap<String, NaiveDate>,
    /// All decisions, oldest first, those that do not count among them.
    pub decisions: Vec<Decision>,
    /// Open conflict, which stops every move until it is settled.
    pub split: Option<Split>,
    /// The form was edited after a decision that let it through: 批准的是旧版本.
    pub outdated_approval: bool,
}

impl Track {
    /// Replays the decisions of a filing. `None` where the filing was never opened properly.
    pub fn replay(history: &History, fields: &Registers) -> Option<Self> {
        let opened = fields.get(key::OPENED)?.parse().ok()?;
        let mut track = Self {
            stage: fields.text(key::STAGE),
            round: 1,
            standing: Standing::Open,
            since: opened,
            until: None,
            awarded: None,
            passed: BTreeMap::new(),
            decisions: Vec::new(),
            split: None,
            outdated_approval: false,
        };
        if track.stage.is_empty() {
            return None;
        }
        let tree = Tree::read(history);
        track.split = tree.split.clone();
        let contents = super::contents(history, fields);
        let mut halted = false;
        for node in &tree.nodes {
            let mut stands = !halted && tree.line.contains(&node.position);
            let lost = if stands { history.taken_from_under(node.position) } else { Vec::new() };
            let fits = track.fits(&node.moved) || tree.lets_stand(history, node.position, &lost);
            if stands && (!fits || tree.filing_is_gone(history, &lost)) {
                // What it rests on was taken back meanwhile: a person must look, nothing moves by itself.
                track.split = Some(Split { rivals: vec![history.entries()[node.position].hash] });
                halted = true;
                stands = false;
            }
            if stands {
                track.apply(&node.moved, &contents);
            }
            track.decisions.push(Decision {
                hash: history.entries()[node.position].hash,
                position: node.position,
                moved: node.moved.clone(),
                stands,
            });
        }
        Some(track)
    }

    /// The decisions that count, oldest first.
    pub fn line(&self) -> impl DoubleEndedIterator<Item = &Decision> {
        self.decisions.iter().filter(|decision| decision.stands)
    }

    /// The day of the last decision that counts.
    pub fn last_day(&self) -> NaiveDate {
        self.line().next_back().map_or(self.since, |decision| decision.moved.on)
    }

    /// Whether it has ended, and how.
    pub fn end(&self) -> Option<End> {
        match self.standing {
            Standing::Ended(end) => Some(end),
            _ => None,
        }
    }

    /// Whether a decision was taken on the stage and round the filing really is in.
    fn fits(&self, moved: &Moved) -> bool {
        moved.round == self.round && moved.through.first().unwrap_or(&moved.stage) == &self.stage
    }

    fn apply(&mut self, moved: &Moved, contents: &[Hash]) {
        let arrives = |track: &mut Self, standing: Standing| {
            if let Some(to) = &moved.to {
                track.stage.clone_from(to);
                track.since = moved.on;
            }
            track.standing = standing;
            track.until = moved.until;
        };
        // The same, unless a person let it stand though the return before it was taken back.
        self.round = moved.round;
        match moved.effect {
            Effect::Pass | Effect::Enter => {
                for stage in moved.through.iter().chain([&moved.stage]) {
                    self.passed.insert(stage.clone(), moved.on);
                }
                if moved.awards {
                    self.awarded = Some(moved.on);
                }
                self.outdated_approval = !contents.contains(&moved.content);
                #[cfg(test)]
                if testing::is_broken(testing::Break::ContentNotCompared) {
                    self.outdated_approval = false;
                }
                arrives(self, if moved.to.is_some() { Standing::Open } else { Standing::Ended(End::Done) });
                self.until = None;
                if moved.to.is_none() {
                    self.stage.clone_from(&moved.stage);
                    self.since = moved.on;
                }
            }
            Effect::Return => {
                self.round = moved.round.saturating_add(1);
                self.outdated_approval = false;
                arrives(self, Standing::Returned);
                if let Some(to) = &moved.to {
                    self.passed.remove(to);
                }
            }
            Effect::Hold => {
                self.standing = Standing::Held;
            }
            Effect::Pending => {
                self.standing = Standing::Pending;
            }
            Effect::Publish => {
                self.standing = Standing::Published;
                self.until = moved.until;
            }
            Effect::Decline | Effect::Fail | Effect::Lapse | Effect::Withdraw => {
                self.stage.clone_from(&moved.stage);
                self.standing = Standing::Ended(match moved.effect {
                    Effect::Decline => End::Declined,
                    Effect::Fail => End::Failed,
                    Effect::Lapse => End::Lapsed,
                    _ => End::Withdrawn,
                });
                self.since = moved.on;
                self.until = None;
                if moved.effect == Effect::Fail {
                    // 抽查撤销编号 fails a filing that had been awarded: what was given is gone.
                    self.awarded = None;
                }
            }
        }
    }
}

/// The standing decisions with who follows whom.
struct Tree {
    nodes: Vec<Node>,
    /// Positions of the decisions that count, oldest first.
    line: Vec<usize>,
    split: Option<Split>,
    /// Decisions a person let stand, whatever they rest on.
    settled: Vec<Settlement>,
}

struct Node {
    position: usize,
    moved: Moved,
    /// Index of the decision its author took it after: the end of the line as the author saw it.
    follows: Option<usize>,
}

/// A person's choice between rivals, with its own position in the history.
struct Settlement {
    position: usize,
    stands: usize,
}

impl Tree {
    fn read(history: &History) -> Self {
        let settled: Vec<Settlement> = history
            .standing()
            .filter_map(|(position, _, fact)| match fact {
                Fact::FilingResolved(resolved) => {
                    Some(Settlement { position, stands: history.position(&resolved.stands)? })
                }
                _ => None,
            })
            .collect();
        let mut nodes: Vec<Node> = Vec::new();
        for (position, _, fact) in history.standing() {
            if let Fact::FilingMoved(moved) = fact {
                let (seen, _) = walk(history, &nodes, &settled, |earlier| history.knew(position, earlier));
                nodes.push(Node { position, moved: moved.clone(), follows: seen.last().copied() });
            }
        }
        let (line, split) = walk(history, &nodes, &settled, |_| true);
        let split = split.map(|rivals| Split {
            rivals: rivals.iter().map(|n| history.entries()[nodes[*n].position].hash).collect(),
        });
        Self { line: line.iter().map(|n| nodes[*n].position).collect(), nodes, split, settled }
    }

    /// Whether a person let a decision stand who had seen all that was taken from under it.
    fn lets_stand(&self, history: &History, decision: usize, lost: &[usize]) -> bool {
        self.settled.iter().any(|s| s.stands == decision && lost.iter().all(|undo| history.knew(s.position, *undo)))
    }

    /// Whether one of these undos speaks of the filing itself, and nobody has settled since that it goes on.
    fn filing_is_gone(&self, history: &History, undos: &[usize]) -> bool {
        undos.iter().filter(|undo| !self.settled.iter().any(|s| history.knew(s.position, **undo))).any(|undo| {
            let Some(Fact::Undone(undone)) = history.fact(*undo) else { return false };
            undone.events.iter().filter_map(|hash| history.position(hash)).any(|target| {
                !history.is_taken_back(target) && matches!(history.fact(target), Some(Fact::FilingCreated(_)))
            })
        })
    }
}

/// Follows the line of decisions among the visible positions, until it ends or forks unsettled: indices of the line, and
/// of the rivals at the fork.
///
fn walk(
    history: &History,
    nodes: &[Node],
    settled: &[Settlement],
    visible: impl Fn(usize) -> bool,
) -> (Vec<usize>, Option<Vec<usize>>) {
    let mut line: Vec<usize> = Vec::new();
    loop {
        let rivals: Vec<usize> = (0..nodes.len())
            .filter(|n| nodes[*n].follows == line.last().copied() && visible(nodes[*n].position))
            .collect();
        match rivals.as_slice() {
            [] => return (line, None),
            [only] => line.push(*only),
            _ => {
                let choice = chosen(history, nodes, settled, &rivals, &visible);
                #[cfg(test)]
                let choice = choice.or_else(|| {
                    testing::is_broken(testing::Break::LastDecisionWins).then(|| rivals.last().copied()).flatten()
                });
                match choice {
                    Some(chosen) => line.push(chosen),
                    None => return (line, Some(rivals)),
                }
            }
        }
    }
}

/// The rival people chose, if they agree.
///
/// A settlement counts only if its author had seen every rival it passed over and all that was decided after that one; what
/// arrives later opens the question again. Settlements unaware of each other are themselves decisions: where they differ,
/// none of them wins, be it that one chose between fewer rivals or further down the road of one.
fn chosen(
    history: &History,
    nodes: &[Node],
    settled: &[Settlement],
    rivals: &[usize],
    visible: impl Fn(usize) -> bool,
) -> Option<usize> {
    let rival_above = |node: usize| {
        let mut at = Some(node);
        while let Some(n) = at.filter(|n| !rivals.contains(n)) {
            at = nodes[n].follows;
        }
        at
    };
    let passed_over = |settlement: &Settlement, chosen: usize| {
        (0..nodes.len())
            .filter(|n| visible(nodes[*n].position) && rival_above(*n).is_some_and(|rival| rival != chosen))
            .all(|n| history.knew(settlement.position, nodes[n].position))
    };
    // Position, the rival it speaks for, whether it decides between all of them.
    let voices: Vec<(usize, usize, bool)> = settled
        .iter()
        .filter(|settlement| visible(settlement.position))
        .filter_map(|settlement| {
            let node = nodes.iter().position(|node| node.position == settlement.stands)?;
            let rival = rival_above(node)?;
            Some((settlement.position, rival, node == rival && passed_over(settlement, rival)))
        })
        .collect();
    let mut last = voices.iter().filter(|(n, ..)| !voices.iter().any(|(later, ..)| history.knew(*later, *n)));
    let (_, choice, _) = *last.next()?;
    let agreed = last.all(|(_, rival, _)| *rival == choice);
    (agreed && voices.iter().any(|(_, rival, decides)| *rival == choice && *decides)).then_some(choice)
}
