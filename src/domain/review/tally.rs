//! What several reviewers found together: the last word of each, their mean or the mean without extremes, how far apart
//! they are, and what of it does not count.

use super::{Aggregate, Answer, FormKind, Found, Given, Points, ReviewForm, Reviewer};
use crate::domain::event::{Fact, Hash, Stamp};
use crate::domain::history::History;
use crate::domain::id::RecordId;

/// Points times their weight: hundredths of a point in per cent, so that no reviewer's total is ever rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Total(pub i64);

impl Total {
    /// In points with two places, half-up.
    pub fn points(self) -> Points {
        Points(u32::try_from((self.0.max(0) + 50) / 100).unwrap_or(u32::MAX))
    }
}

/// One review as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub event: Hash,
    pub given: Given,
    /// Who entered it.
    pub actor: RecordId,
    pub at: Stamp,
    /// It was given on another form or other files than those of now.
    pub outdated: bool,
    /// The same reviewer's sheet was entered twice, differently, by people unaware of each other: neither counts.
    pub contested: bool,
}

/// The reviews of a round, each reviewer's last word only, in the order of their names.
///
/// `is_of_now` tells of a digest whether it is of what stands there now: [`crate::domain::filing::Filing::is_what_was_judged`].
pub fn standing(history: &History, round: u16, is_of_now: impl Fn(&Hash) -> bool) -> Vec<Standing> {
    let mut live: Vec<(usize, Standing)> = Vec::new();
    for (n, entry, fact) in history.standing() {
        let Fact::FilingReviewed(given) = fact else { continue };
        if given.round != round {
            continue;
        }
        live.retain(|(earlier, other)| other.given.reviewer != given.reviewer || !history.knew(n, *earlier));
        live.push((
            n,
            Standing {
                event: entry.hash,
                given: given.clone(),
                actor: entry.event.actor,
                at: entry.event.at,
                outdated: !is_of_now(&given.content),
                contested: false,
            },
        ));
    }
    let mut all: Vec<Standing> = Vec::new();
    for (_, mut one) in live {
        // The same sheet twice says the same.
        if all.iter().any(|other| other.given == one.given) {
            continue;
        }
        for other in all.iter_mut().filter(|other| other.given.reviewer == one.given.reviewer) {
            other.contested = true;
            one.contested = true;
        }
        all.push(one);
    }
    all.sort_by(|a, b| (&a.given.reviewer.name, a.event).cmp(&(&b.given.reviewer.name, b.event)));
    all
}

/// What the scores of several come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scores {
    /// Each reviewer with the total they gave, in the order of the reviews.
    pub totals: Vec<(Reviewer, Total)>,
    /// The result, in points with two places, half-up.
    pub result: Points,
    /// Reviewers left out as highest and lowest; empty for a plain mean.
    pub dropped: Vec<Reviewer>,
    pub lowest: Total,
    pub highest: Total,
    /// Items that must not be zero and to which nobody gave a point.
    pub zero: Vec<String>,
    /// Whether the result reaches what is laid down; `None`: nothing is.
    pub passes: Option<bool>,
}

impl Scores {
    /// How far apart the highest and the lowest are.
    pub fn spread(&self) -> Points {
        Total(self.highest.0 - self.lowest.0).points()
    }
}

/// What the ticks of several come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ticks {
    /// Items somebody said 否 to, with who and why.
    pub faults: Vec<(String, Vec<(Reviewer, String)>)>,
    /// Items on which reviewers differ.
    pub differing: Vec<String>,
}

/// What the reviews of a round come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// `None`: nobody's points count yet, or the form has none.
    pub scores: Option<Scores>,
    /// `None`: nobody's ticks count yet, or the form has none.
    pub ticks: Option<Ticks>,
    /// How many reviews count.
    pub counted: usize,
    /// How many more the program asks for.
    pub wanting: usize,
    /// Who does not judge, and why.
    pub recused: Vec<(Reviewer, String)>,
    /// Counted, but given on an older content.
    pub outdated: Vec<Reviewer>,
    /// Not counted: entered twice and differently, or with answers the form does not take.
    pub unclear: Vec<Reviewer>,
}

/// Puts the reviews of a round together.
pub fn tally(form: &ReviewForm, reviews: &[Standing]) -> Tally {
    let mut tally = Tally {
        scores: None,
        ticks: None,
        counted: 0,
        wanting: 0,
        recused: Vec::new(),
        outdated: Vec::new(),
        unclear: Vec::new(),
    };
    let mut counted: Vec<&Given> = Vec::new();
    for review in reviews {
        let reviewer = review.given.reviewer.clone();
        // On another form than the round's: nothing it says can be added to the rest.
        if review.contested || review.given.form != form.own || form.check(&review.given).is_err() {
            if !tally.unclear.contains(&reviewer) {
                tally.unclear.push(reviewer);
            }
        } else if let Some(reason) = &review.given.recused {
            tally.recused.push((reviewer, reason.clone()));
        } else {
            if review.outdated {
                tally.outdated.push(reviewer);
            }
            counted.push(&review.given);
        }
    }
    tally.counted = counted.len();
    tally.wanting = usize::from(form.reviewers).saturating_sub(counted.len());
    if counted.is_empty() {
        return tally;
    }
    match form.kind {
        FormKind::Checklist => tally.ticks = Some(ticks(form, &counted)),
        FormKind::Scores { aggregate, pass, over } => {
            tally.scores = Some(scores(form, &counted, aggregate, (pass, over)));
        }
    }
    tally
}

/// One reviewer's total.
fn total(form: &ReviewForm, given: &Given) -> Total {
    form.sum(|item| points(given, &item.id))
}

fn points(given: &Given, item: &str) -> Points {
    match given.answers.get(item) {
        Some(Answer { found: Found::Points(points), .. }) => *points,
        _ => Points::default(),
    }
}

/// `counted` is not empty.
fn scores(form: &ReviewForm, counted: &[&Given], aggregate: Aggregate, (pass, over): (Option<Points>, bool)) -> Scores {
    let totals: Vec<(Reviewer, Total)> =
        counted.iter().map(|given| (given.reviewer.clone(), total(form, given))).collect();
    let mut order: Vec<usize> = (0..totals.len()).collect();
    // Of equal totals it does not matter to the result which is left out; the order of the reviews decides.
    order.sort_by_key(|n| totals[*n].1);
    let ends = [order[0], order[order.len() - 1]];
    let dropped: &[usize] = if aggregate == Aggregate::DropExtremes && totals.len() >= 3 { &ends } else { &[] };
    let left: Vec<i64> = (0..totals.len()).filter(|n| !dropped.contains(n)).map(|n| totals[n].1.0).collect();
    let (sum, count) = (left.iter().sum::<i64>(), left.len() as i64);
    // Half-up in hundredths of a point, in one step: a mean rounded twice could round up what it should not.
    let result = Points(u32::try_from((2 * sum + 100 * count) / (200 * count)).unwrap_or(u32::MAX));
    let none = |item: &&super::ReviewItem| {
        item.nonzero && counted.iter().all(|given| points(given, &item.id) == Points::default())
    };
    let zero: Vec<String> = form.items.iter().filter(none).map(|item| item.id.clone()).collect();
    Scores {
        result,
        dropped: dropped.iter().map(|n| totals[*n].0.clone()).collect(),
        lowest: totals[ends[0]].1,
        highest: totals[ends[1]].1,
        passes: (pass.is_some() || !zero.is_empty()).then(|| {
            let reached = pass.is_none_or(|pass| if over { result > pass } else { result >= pass });
            reached && zero.is_empty()
        }),
        zero,
        totals,
    }
}

fn ticks(form: &ReviewForm, counted: &[&Given]) -> Ticks {
    let mut ticks = Ticks::default();
    for item in &form.items {
        let answers: Vec<(&Given, &Answer)> =
            counted.iter().filter_map(|given| Some((*given, given.answers.get(&item.id)?))).collect();
        let faults: Vec<(Reviewer, String)> = answers
            .iter()
            .filter(|(_, answer)| answer.found == Found::No)
            .map(|(given, answer)| (given.reviewer.clone(), answer.note.clone()))
            .collect();
        if !faults.is_empty() {
            ticks.faults.push((item.id.clone(), faults));
        }
        if answers.windows(2).any(|pair| pair[0].1.found != pair[1].1.found) {
            ticks.differing.push(item.id.clone());
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::super::ReviewItem;
    use super::*;
    use crate::domain::event::Undone;
    use crate::domain::program::Confidence;
    use crate::domain::testing::{Teller, day, opened};

    const CONTENT: Hash = Hash([7; 32]);

    fn form(kind: FormKind, weights: &[u16]) -> ReviewForm {
        let items = weights.iter().enumerate().map(|(n, weight)| ReviewItem {
            id: format!("i{n}"),
            text: format!("第 {n} 项"),
            max: Points::whole(100),
            weight: *weight,
            note: String::new(),
            group: String::new(),
            nonzero: false,
        });
        ReviewForm {
            kind,
            items: items.collect(),
            reviewers: 3,
            confidence: Confidence::General,
            groups: Vec::new(),
            own: None,
        }
    }

    fn scored(aggregate: Aggregate) -> FormKind {
        FormKind::Scores { aggregate, pass: Some(Points::whole(60)), over: false }
    }

    fn given(name: &str, found: &[Found]) -> Given {
        Given {
            reviewer: Reviewer { user: None, name: name.into(), employer: "青澜理工学院".into() },
            round: 1,
            content: CONTENT,
            answers: found
                .iter()
                .enumerate()
                .map(|(n, found)| (format!("i{n}"), Answer { found: *found, note: "见第 3 页".into() }))
                .collect(),
            note: String::new(),
            recused: None,
            form: None,
        }
    }

    fn points(name: &str, all: &[&str]) -> Given {
        given(name, &all.iter().map(|text| Found::Points(Points::read(text).unwrap())).collect::<Vec<_>>())
    }

    fn told(all: Vec<Given>) -> Vec<Standing> {
        let mut teller = Teller::new(9);
        teller.tell(&opened("fill", day(8, 3)));
        for given in all {
            teller.tell(&Fact::FilingReviewed(given));
        }
        standing(&teller.history(), 1, |content| *content == CONTENT)
    }

    #[test]
    fn the_mean_is_exact_and_rounded_once() {
        let form = form(scored(Aggregate::Mean), &[30, 70]);
        assert_eq!(form.full().points(), Points::whole(100));
        let reviews =
            told(vec![points("甲", &["80", "90"]), points("乙", &["70", "60.5"]), points("丙", &["90", "75"])]);
        let scores = tally(&form, &reviews).scores.unwrap();
        // 87, 63.35, 79.5: 229.85 / 3 = 76.6166…
        assert_eq!(scores.result, Points(7662));
        assert_eq!(scores.spread(), Points(2365));
        assert_eq!(scores.passes, Some(true));
        assert!(scores.dropped.is_empty());
        // 59.995 is 60.00 to two places, 59.9949 is not.
        let reviews = told(vec![points("甲", &["59.99", "59.99"]), points("乙", &["60", "60"])]);
        assert_eq!(tally(&form, &reviews).scores.unwrap().result, Points(6000));
    }

    #[test]
    fn one_highest_and_one_lowest_are_left_out_where_there_are_three() {
        let form = form(scored(Aggregate::DropExtremes), &[100]);
        let all = [("甲", "50"), ("乙", "95"), ("丙", "70"), ("丁", "95"), ("戊", "40")];
        let reviews = told(all.map(|(name, n)| points(name, &[n])).into());
        let scores = tally(&form, &reviews).scores.unwrap();
        // 50, 70 and one of the 95.
        assert_eq!(scores.result, Points(7167));
        assert_eq!(scores.dropped.len(), 2);
        assert_eq!((scores.lowest.points(), scores.highest.points()), (Points::whole(40), Points::whole(95)));
        let two = told(vec![points("甲", &["50"]), points("乙", &["95"])]);
        let scores = tally(&form, &two).scores.unwrap();
        assert_eq!((scores.result, scores.dropped.len()), (Points(7250), 0), "two are a plain mean");
    }

    #[test]
    fn a_reviewers_last_word_counts_and_what_is_not_clear_does_not() {
        let form = form(scored(Aggregate::Mean), &[100]);
        let recused = Given { recused: Some("曾任职".into()), ..given("丙", &[]) };
        let old = Given { content: Hash::ZERO, ..points("丁", &["60"]) };
        let other_round = Given { round: 2, ..points("戊", &["0"]) };
        let reviews = told(vec![points("甲", &["10"]), points("甲", &["80"]), recused, old, other_round]);
        let tally = tally(&form, &reviews);
        assert_eq!((tally.counted, tally.wanting), (2, 1));
        assert_eq!(tally.scores.unwrap().result, Points::whole(70));
        assert_eq!(tally.recused[0].1, "曾任职");
        assert_eq!(tally.outdated[0].name, "丁", "counted, but said to be of an older content");
    }

    #[test]
    fn two_sheets_of_one_reviewer_entered_unaware_of_each_other_count_neither_until_somebody_looks() {
        let form = form(scored(Aggregate::Mean), &[100]);
        let mut teller = Teller::new(9);
        let created = teller.tell(&opened("fill", day(8, 3)));
        let one = teller.tell_after(1, &[created], &Fact::FilingReviewed(points("甲", &["80"])));
        let other = teller.tell_after(2, &[created], &Fact::FilingReviewed(points("甲", &["30"])));
        let told = |teller: &Teller| tally(&form, &standing(&teller.history(), 1, |content| *content == CONTENT));
        assert_eq!((told(&teller).counted, told(&teller).unclear.len()), (0, 1));
        assert_eq!(told(&teller).scores, None, "nothing is not zero points");
        let before = teller.entries.len();
        teller.tell(&Fact::Undone(Undone { events: vec![other] }));
        assert_eq!(told(&teller).scores.unwrap().result, Points::whole(80));
        teller.entries.truncate(before);
        teller.tell_after(1, &[one, other], &Fact::FilingReviewed(points("甲", &["50"])));
        assert_eq!(told(&teller).scores.unwrap().result, Points::whole(50));
        // The same sheet entered twice is one.
        let mut teller = Teller::new(9);
        let created = teller.tell(&opened("fill", day(8, 3)));
        teller.tell_after(1, &[created], &Fact::FilingReviewed(points("甲", &["80"])));
        teller.tell_after(2, &[created], &Fact::FilingReviewed(points("甲", &["80"])));
        assert_eq!((told(&teller).counted, told(&teller).unclear.len()), (1, 0));
    }

    #[test]
    fn ticks_tell_faults_with_their_reasons_and_where_reviewers_differ() {
        let form = form(FormKind::Checklist, &[100, 100, 100]);
        use Found::{No, NotApplicable, Yes};
        let reviews = told(vec![given("甲", &[Yes, No, NotApplicable]), given("乙", &[Yes, Yes, NotApplicable])]);
        let ticks = tally(&form, &reviews).ticks.unwrap();
        assert_eq!(ticks.differing, ["i1"]);
        assert_eq!(ticks.faults.len(), 1);
        let (item, who) = &ticks.faults[0];
        assert_eq!((item.as_str(), who[0].0.name.as_str(), who[0].1.as_str()), ("i1", "甲", "见第 3 页"));
    }

    #[test]
    fn answers_a_form_does_not_take_are_not_counted() {
        let form = form(scored(Aggregate::Mean), &[100]);
        let tally = tally(&form, &told(vec![given("甲", &[Found::Yes]), points("乙", &["77"])]));
        assert_eq!((tally.counted, tally.unclear[0].name.as_str()), (1, "甲"));
    }
}
