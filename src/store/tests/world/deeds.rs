//! What people do at a desk, each deed by the same command the window gives.

use super::*;
use crate::domain::history::Registers;

/// Others who work in every office.
pub const COLLEAGUES: [RecordId; 2] =
    [RecordId(uuid::Uuid::from_u128(0xDE_9017)), RecordId(uuid::Uuid::from_u128(0xDE_9018))];

impl World {
    /// Something a person does at a desk.
    pub(super) fn deed(&mut self, desk: usize, step: &Step) {
        let Step { what, a, b, seed, .. } = *step;
        let db = self.desks[desk].db();
        let firms = || ids(db, "SELECT id FROM firm ORDER BY id");
        let filings = || ids(db, "SELECT id FROM filing ORDER BY id");
        let editions = || ids(db, "SELECT id FROM edition ORDER BY id");
        let lists = || ids(db, "SELECT id FROM shortlist ORDER BY id");
        let name = format!("{what:?}");
        let mark = format!("{a}-{b}-{}", seed % 100);
        match what {
            What::Enter => self.act(desk, what, name, move |act| {
                act.create_firm(values(&[(firm::key::NAME, &format!("青澜{mark}厂"))]), Vec::new(), None).map(drop)
            }),
            What::Change => {
                let Some(id) = pick(&firms(), a) else { return };
                let key = [firm::key::TOWNSHIP, firm::key::PHONE, firm::key::NAME][usize::from(b) % 3];
                self.act(desk, what, name, move |act| {
                    act.change_firm(id, &values(&[(key, &mark)]), Vec::new(), None).map(drop)
                });
            }
            What::Certify => {
                let Some(id) = pick(&firms(), a) else { return };
                let number = format!("GR2026{}", b % 3);
                self.act(desk, what, name, move |act| {
                    let parts = values(&[("number", &number), ("issued", "2026-01-15"), ("note", &mark)]);
                    act.record_certificate(id, "gaoqi", &number, parts, None).map(drop)
                });
            }
            What::Open => self.act(desk, what, name, move |act| {
                let program = if b % 4 == 3 { "kexiao" } else { "gaoqi" };
                act.open_edition(program, 2026, u16::from(a % 3), Values::new()).map(drop)
            }),
            What::File => {
                let (Some(firm), Some(edition)) = (pick(&firms(), a), pick(&editions(), b)) else { return };
                self.act(desk, what, name, move |act| {
                    let seen =
                        Confirmed { field: "firm".into(), says: "已有申报".into(), reason: "再报一件".into() };
                    let new = NewFiling {
                        opened: Some(DAY),
                        form: values(&[("staff", &a.to_string())]),
                        confirmed: vec![seen],
                        ..NewFiling::default()
                    };
                    act.open_filing(firm, edition, new).map(drop)
                });
            }
            What::Edit => {
                let Some(id) = pick(&filings(), a) else { return };
                self.act(desk, what, name, move |act| {
                    act.change_filing(id, &values(&[("form.staff", &(b % 8).to_string()), ("note", &mark)])).map(drop)
                });
            }
            What::Attach => self.attach_one(desk, a, b, seed),
            What::Check => {
                let Some(id) = pick(&filings(), a) else { return };
                let mark = [None, Some(Mark::Fit), Some(Mark::Unfit), Some(Mark::Waived)][usize::from(b) % 4];
                let item = ITEMS[usize::from(a) % 2];
                self.act(desk, what, name, move |act| act.check_material(id, item, mark, "看过").map(drop));
            }
            What::Review => self.review_one(desk, a, b),
            What::Assign => self.assign_one(desk, a, b),
            What::Recuse => self.recuse_one(desk, a, b),
            What::Transfer => {
                let Some(id) = pick(&ids(db, "SELECT id FROM filing ORDER BY id LIMIT 2"), a) else { return };
                let to = [OFFICER, COLLEAGUES[0], COLLEAGUES[1]][(seed % 3) as usize];
                // Words repeat: a word that stays the same must not stay behind with somebody else.
                let word = ["急件", ""][usize::from(b) % 2];
                self.act(desk, what, name, move |act| act.transfer_filing(id, to, word).map(drop));
            }
            What::Move => self.move_one(desk, a, b, None),
            What::Decide => self.move_one(desk, a, b, Some(seed)),
            What::Resolve => self.resolve_one(desk, a, b),
            What::Settle => self.settle_one(desk, a, b),
            What::List => {
                let Some(edition) = pick(&editions(), a) else { return };
                let items = filings();
                self.act(desk, what, name, move |act| act.make_shortlist(edition, "推荐", &items).map(drop));
            }
            What::Rank => {
                let Some(id) = pick(&lists(), a) else { return };
                let mut items = filings();
                Dice(seed).shuffle(&mut items);
                self.act(desk, what, name, move |act| act.change_shortlist(id, &mark, &items).map(drop));
            }
            What::Freeze => {
                let Some(id) = pick(&lists(), a) else { return };
                let rows =
                    filings().into_iter().map(|filing| ShortlistRow { filing, cells: vec!["甲厂".into()] }).collect();
                self.act(desk, what, name, move |act| {
                    act.freeze_shortlist(id, DAY, "推荐", vec!["企业名称".into()], rows).map(drop)
                });
            }
            What::Import => self.import_one(desk, a, b),
            What::Undo => {
                let actions = ids(db, "SELECT id FROM action ORDER BY at DESC, id DESC LIMIT 6");
                let Some(action) = pick(&actions, a) else { return };
                self.act(desk, what, name, move |act| act.undo(action).map(drop));
            }
            What::Erase => {
                let (of_firm, field) = (a % 2 == 0, usize::from(b) % 2);
                let (record, field) = match of_firm {
                    true => (pick(&firms(), a / 2), [firm::key::PHONE, firm::key::TOWNSHIP][field]),
                    false => (pick(&filings(), a / 2), ["form.staff", "note"][field]),
                };
                let Some(record) = record else { return };
                self.act(desk, what, name, move |act| act.erase(record, &[field.to_owned()], "本人要求").map(drop));
            }
            What::Staff => {
                let users = ids(db, "SELECT id FROM user ORDER BY id");
                let roles: Vec<Role> = (0..4).filter(|n| b >> n & 1 == 1).map(|n| Role::ALL[n]).collect();
                let words: Vec<&str> = roles.iter().map(|role| role.word()).collect();
                let change = match seed % 3 {
                    0 => values(&[(user_key::ROLES, &words.join(" "))]),
                    1 => values(&[(user_key::ACTIVE, if b % 2 == 0 { "否" } else { "是" })]),
                    _ => return self.act(desk, what, name, move |act| act.add_user(&mark, &roles).map(drop)),
                };
                // Whoever acts in all histories stays what they are.
                let Some(id) = pick(&users, a).filter(|id| *id != OFFICER && !COLLEAGUES.contains(id)) else { return };
                self.act(desk, what, name, move |act| act.change_user(id, &change).map(drop));
            }
            What::Fail | What::Panic => {
                let known = pick(&firms(), a);
                self.act(desk, what, name, move |act| {
                    // More records than an action holds before it writes their rows, now and then.
                    for n in 0..if b == 0 { 70 } else { b % 4 } {
                        act.create_firm(values(&[(firm::key::NAME, &format!("没有的{n}厂"))]), Vec::new(), None)?;
                    }
                    if let Some(id) = known {
                        act.change_firm(id, &values(&[(firm::key::TOWNSHIP, "没有的镇")]), Vec::new(), None)?;
                    }
                    if what == What::Panic {
                        // Past the panic hook: nobody wants to read of it.
                        std::panic::resume_unwind(Box::new("a bug"));
                    }
                    Err(Problem::refused("改主意了"))
                });
            }
            _ => {}
        }
    }

    fn attach_one(&mut self, desk: usize, a: u8, b: u8, seed: u64) {
        let db = self.desks[desk].db();
        // Few filings, or no two desks would ever meet at one item.
        let Some(id) = pick(&ids(db, "SELECT id FROM filing ORDER BY id LIMIT 2"), a) else { return };
        let Some(file) = db.filing(id).wait().expect("a page") else { return };
        let item = ITEMS[usize::from(b.is_multiple_of(8))];
        let there: Vec<Hash> = file.filing.materials.item(item).files.iter().map(|f| f.events[0]).collect();
        let old = pick(&there, b);
        let content = format!("{}", seed % 5);
        let kept = Kept { hash: Hash::of(&[content.as_bytes()]), name: format!("{content}.pdf"), size: 1 };
        self.act(desk, What::Attach, "交材料".to_owned(), move |act| match old {
            Some(old) if seed.is_multiple_of(6) => act.detach(id, &[old]),
            Some(old) if seed % 6 == 1 => act.attach(id, item, &kept, &[old]).map(drop),
            _ => act.attach(id, item, &kept, &[]).map(drop),
        });
    }

    fn review_one(&mut self, desk: usize, a: u8, b: u8) {
        let db = self.desks[desk].db();
        let Some(id) = pick(&ids(db, "SELECT id FROM filing ORDER BY id LIMIT 2"), a) else { return };
        let Some(file) = db.filing(id).wait().expect("a page") else { return };
        let Some(form) = file.known.and_then(|(_, version)| version.review.as_ref()) else { return };
        let found = if b.is_multiple_of(2) { Found::Yes } else { Found::NotApplicable };
        let answer = Answer { found, note: String::new() };
        let given = Given {
            reviewer: Reviewer {
                user: None,
                name: ["甲", "乙"][usize::from(b / 2) % 2].into(),
                employer: String::new(),
            },
            round: file.filing.track.round,
            content: file.filing.whole(),
            form: None,
            answers: form.items.iter().map(|item| (item.id.clone(), answer.clone())).collect(),
            note: String::new(),
            recused: b.is_multiple_of(7).then(|| "曾任职".to_owned()),
        };
        self.act(desk, What::Review, "评审".to_owned(), move |act| act.give_review(id, given).map(drop));
    }

    /// Any of three people, or nobody, for a filing that waits for us.
    fn assign_one(&mut self, desk: usize, a: u8, b: u8) {
        let db = self.desks[desk].db();
        let Some(id) = pick(&ids(db, "SELECT id FROM filing ORDER BY id LIMIT 2"), a) else { return };
        let Some(file) = db.filing(id).wait().expect("a page") else { return };
        let all = [OFFICER, COLLEAGUES[0], COLLEAGUES[1]];
        let people: Vec<RecordId> = (0..3).filter(|n| b >> n & 1 == 1).map(|n| all[n]).collect();
        // What has not come to us yet comes, or there would be few to review.
        let come = Wish::new(Effect::Pass, file.filing.track.last_day());
        let ours = file.filing.track.stage == "district";
        self.act(desk, What::Assign, "分派".to_owned(), move |act| match ours {
            true => act.assign_filing(id, &people).map(drop),
            false => act.move_filing(id, &come).map(drop),
        });
    }

    /// Moves a filing: entered from a paper, or decided at the review (`seen`: how fresh what was looked at is).
    fn move_one(&mut self, desk: usize, a: u8, b: u8, seen: Option<u64>) {
        let db = self.desks[desk].db();
        // Few filings get most of the moves, or no two desks would ever decide the same one.
        let Some(id) = pick(&ids(db, "SELECT id FROM filing ORDER BY id LIMIT 3"), a) else { return };
        let Some(file) = db.filing(id).wait().expect("a page") else { return };
        let Some((_, version)) = file.known else { return };
        let track = &file.filing.track;
        if track.split.is_some() {
            return self.resolve_one(desk, a, b);
        }
        let offered: Vec<Wish> = choices(track, version)
            .into_iter()
            .map(|choice| Wish {
                word: choice.word,
                reason: "材料缺页".to_owned(),
                until: choice.takes_until.then(|| track.last_day()),
                ..Wish::new(choice.effect, track.last_day())
            })
            .collect();
        if offered.is_empty() {
            return;
        }
        // Mostly the first: what ends a filing ends the history of its decisions.
        let wish = offered[if b < 150 { 0 } else { usize::from(b) % offered.len() }].clone();
        let whole = file.filing.whole();
        match seen {
            None => {
                self.act(desk, What::Move, "登记进展".to_owned(), move |act| act.move_filing(id, &wish).map(drop))
            }
            Some(seed) => self.act(desk, What::Decide, "审核".to_owned(), move |act| {
                if seed.is_multiple_of(4) {
                    // Changed by somebody else between the look and the key.
                    act.change_filing(id, &values(&[("form.staff", &format!("{}", seed % 90))]))?;
                }
                act.decide_filing(id, &wish, (!seed.is_multiple_of(3)).then_some(whole)).map(drop)
            }),
        }
    }

    pub(super) fn resolve_one(&mut self, desk: usize, a: u8, b: u8) {
        let db = self.desks[desk].db();
        let split: Vec<(RecordId, Hash)> = ids(db, "SELECT id FROM filing ORDER BY id")
            .into_iter()
            .filter_map(|id| {
                let split = db.filing(id).wait().expect("a page")?.filing.track.split?;
                Some((id, pick(&split.rivals, b)?))
            })
            .collect();
        let Some((id, stands)) = pick(&split, a) else { return };
        self.act(desk, What::Resolve, "处理冲突".to_owned(), move |act| {
            act.resolve_filing(id, stands, "以盖章的为准")
        });
    }

    /// Only whoever is meant recuses; saying it and taking it back are both reviews.
    fn recuse_one(&mut self, desk: usize, a: u8, b: u8) {
        let db = self.desks[desk].db();
        let Some(id) = pick(&ids(db, "SELECT id FROM filing ORDER BY id LIMIT 2"), a) else { return };
        let Some(file) = db.filing(id).wait().expect("a page") else { return };
        let Some(form) = file.known.and_then(|(_, version)| version.review.as_ref()) else { return };
        let yes = Answer { found: Found::Yes, note: String::new() };
        let judges = b.is_multiple_of(3);
        let given = Given {
            reviewer: Reviewer { user: Some(OFFICER), name: "周敏".into(), employer: String::new() },
            round: file.filing.track.round,
            content: file.filing.whole(),
            form: None,
            answers: form.items.iter().filter(|_| judges).map(|item| (item.id.clone(), yes.clone())).collect(),
            note: String::new(),
            recused: (!judges).then(|| "亲属在该企业任职".to_owned()),
        };
        self.act(desk, What::Recuse, "回避".to_owned(), move |act| act.give_review(id, given).map(drop));
    }

    /// One of the values that people wrote unaware of each other.
    fn settle_one(&mut self, desk: usize, a: u8, b: u8) {
        let db = self.desks[desk].db();
        let split: Vec<(RecordId, String, Hash)> = ask(db, |connection| {
            let mut all = Vec::new();
            for sql in ["SELECT id FROM firm ORDER BY id", "SELECT id FROM filing ORDER BY id"] {
                let mut statement = connection.prepare(sql)?;
                let records: Vec<RecordId> =
                    statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
                for id in records {
                    let history = journal::history(connection, id)?;
                    for (key, register) in Registers::replay(&history).conflicts() {
                        let sides = register.rivals.iter().chain([&register.writer]);
                        all.extend(sides.map(|side| (id, key.to_owned(), history.entries()[*side].hash)));
                    }
                }
            }
            Ok(all)
        });
        let at = usize::from(a).wrapping_mul(7).wrapping_add(b.into());
        let Some((id, key, stands)) = (!split.is_empty()).then(|| split[at % split.len()].clone()) else { return };
        self.act(desk, What::Settle, "处理冲突".to_owned(), move |act| act.settle_field(id, &key, stands));
    }

    fn import_one(&mut self, desk: usize, a: u8, b: u8) {
        let known = pick(&ids(self.desks[desk].db(), "SELECT id FROM firm ORDER BY id"), b);
        self.act(desk, What::Import, "导入".to_owned(), move |act| {
            let import = act.new_id();
            let source = |row| Some(Source { import, row });
            let firms: Vec<_> = (0..u32::from(a % 5))
                .map(|n| (values(&[(firm::key::NAME, &format!("名单{a}-{n}厂"))]), source(n + 1)))
                .collect();
            let created = act.enter_firms(firms, &mut || Ok(()))?.len() as u32;
            let mut changed = 0;
            if let Some(id) = known {
                let one = values(&[(firm::key::PARK, &format!("{a}园"))]);
                changed += u32::from(act.change_firm(id, &one, Vec::new(), source(9))?);
            }
            let done = ImportDone {
                file: "名单.csv".to_owned(),
                digest: Hash::of(&[&[a]]),
                title: "名单".to_owned(),
                purpose: "企业".to_owned(),
                rows: created + changed,
                created,
                changed,
                unchanged: 0,
                passed_over: 0,
            };
            act.record_import(import, done)
        });
    }
}
