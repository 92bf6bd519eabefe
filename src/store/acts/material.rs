//! Files put to filings, findings of what was handed in, reviews; and the office's own phrases for what is wrong.

use super::filing::bound;
use crate::catalog::{Catalog, forms};
use crate::domain::defect::{About, own};
use crate::domain::event::{Attached, Checked, Detached, Fact, Hash};
use crate::domain::filing::Filing;
use crate::domain::id::RecordId;
use crate::domain::material::{Mark, OTHER};
use crate::domain::program::Version;
use crate::domain::review::own as own_form;
use crate::domain::review::tally::{self, Standing};
use crate::domain::review::{Given, ReviewForm};
use crate::domain::{Problem, Result};
use crate::store::{Act, Kept};

impl Act<'_> {
    /// Puts a kept file to an item of a filing, in the place of others or beside them. `None`: this content is there already.
    ///
    /// # Errors
    /// Not found for an item the program does not ask for; refused where what it should replace is no longer there.
    pub fn attach(&mut self, id: RecordId, item: &str, kept: &Kept, replaces: &[Hash]) -> Result<Option<Hash>> {
        let filing = self.filing(id)?;
        let (_, version) = bound(&filing.program, &filing.version)?;
        asked_for(version, item)?;
        let there = &filing.materials.item(item).files;
        let mut replaced = Vec::new();
        for event in replaces {
            let file = there.iter().find(|file| file.events.contains(event)).ok_or_else(gone)?;
            replaced.extend(file.events.iter().copied());
        }
        let staying = |event: &Hash| !replaced.contains(event);
        if there.iter().any(|file| file.file == kept.hash && file.events.iter().all(staying)) {
            // Nothing new; what it was to replace stays, for nothing came in its place.
            return Ok(None);
        }
        if there.iter().any(|file| file.file == kept.hash) {
            return Err(Problem::refused("这就是原来的那份文件，内容一样，没有替换。").next("请选择改过的文件。"));
        }
        let attached = Attached {
            item: item.to_owned(),
            round: filing.track.round,
            file: kept.hash,
            name: kept.name.clone(),
            size: kept.size,
            replaces: replaced,
        };
        self.append(id, Fact::FilingAttached(attached)).map(Some)
    }

    /// Takes files from a filing; each is named by any of the events that put it there. The kept content stays on the disk.
    ///
    /// # Errors
    /// Refused where one of them is no longer there.
    pub fn detach(&mut self, id: RecordId, files: &[Hash]) -> Result<()> {
        let filing = self.filing(id)?;
        let mut attached = Vec::new();
        for event in files {
            let (_, file) = filing.materials.find(event).ok_or_else(gone)?;
            attached.extend(file.events.iter().copied().filter(|event| !attached.contains(event)).collect::<Vec<_>>());
        }
        if attached.is_empty() {
            return Ok(());
        }
        self.append(id, Fact::FilingDetached(Detached { attached, round: filing.track.round }))?;
        Ok(())
    }

    /// Writes down what somebody found of an item; `None` takes an earlier mark back. Returns whether anything differed.
    ///
    /// # Errors
    /// Not found for an item the program does not ask for; refused for 不合格 without a word why, and for a finding that
    /// something is fit where nothing is.
    pub fn check_material(&mut self, id: RecordId, item: &str, mark: Option<Mark>, remark: &str) -> Result<bool> {
        let filing = self.filing(id)?;
        let (_, version) = bound(&filing.program, &filing.version)?;
        let known = filing.materials.item(item);
        if known.files.is_empty() && known.marked.is_none() {
            asked_for(version, item)?;
        }
        let remark = remark.trim();
        if mark == Some(Mark::Unfit) && remark.is_empty() {
            return Err(Problem::refused("“不合格”要写明哪里不对。").next("请写一句，退回时可以直接用它。"));
        }
        let same = match (&known.marked, mark) {
            (None, None) => true,
            (Some(marked), Some(mark)) => marked.current && marked.mark == mark && marked.remark == remark,
            _ => false,
        };
        if same && !known.contested {
            return Ok(false);
        }
        let checked = Checked {
            item: item.to_owned(),
            round: filing.track.round,
            mark,
            remark: if mark.is_some() { remark.to_owned() } else { String::new() },
            content: known.digest(),
        };
        self.append(id, Fact::FilingChecked(checked))?;
        Ok(true)
    }

    /// Writes down what a reviewer found of a filing, or that they do not judge it.
    ///
    /// # Errors
    /// Refused where the program lays no form down, where it does not fit the form, for a round the filing is not in, for a
    /// reviewer without a name or one who said 回避 in this round, and for a 回避 without a reason. A 回避 needs no form.
    pub fn give_review(&mut self, id: RecordId, given: Given) -> Result<Hash> {
        let filing = self.filing(id)?;
        if given.reviewer.name.trim().is_empty() {
            return Err(Problem::bad_input("评审人的姓名没有填。"));
        }
        if given.round != filing.track.round {
            let says = format!("这件申报现在是第 {} 轮，评的是第 {} 轮。", filing.track.round, given.round);
            return Err(Problem::refused(says).next("请按现在的材料再评。"));
        }
        if !given.is_recusal()? {
            let reviews =
                tally::standing(self.history(id)?, filing.track.round, |content| filing.is_what_was_judged(content));
            let own = reviews.iter().find(|review| review.given.reviewer == given.reviewer);
            if own.is_some_and(|review| review.given.recused.is_some()) {
                let says = format!("{}在这一轮已回避，不能再评。", given.reviewer.name);
                return Err(Problem::refused(says).next("回避登记错了，请撤销那一步再评。"));
            }
            self.check_against_form(&filing, &given, &reviews)?;
        }
        self.append(id, Fact::FilingReviewed(given))
    }

    fn check_against_form(&mut self, filing: &Filing, given: &Given, reviews: &[Standing]) -> Result<()> {
        let (program, version) = bound(&filing.program, &filing.version)?;
        let office = own_form::fields(self.history(RecordId::OFFICE)?);
        let field = |key: &str| office.get(key).map(String::as_str);
        let named = own_form::of_round(reviews, forms::used(&program.id, field));
        let Some(form) = forms::form(&program.id, version, named, field) else {
            if named.is_some() {
                return Err(Problem::not_found("这一轮用的评审表还没有到这台电脑上。")
                    .next("请先取入定评审表的那台电脑的包，再评。"));
            }
            return Err(Problem::refused(format!("{}没有定评审表。", program.short)).next("请直接登记进展。"));
        };
        if given.form != form.own {
            return Err(Problem::refused("这一轮用的不是这张评审表。")
                .next("评审表在这期间换过；请刷新，按这一轮已经用上的那张再评。"));
        }
        form.check(given)
    }

    /// Lays down the form by which a program is judged from now on; `None`: the one of its policy version again. A round that
    /// is being judged goes on with the form it began with. Returns whether anything differed.
    ///
    /// # Errors
    /// Not found for an unknown program; bad input for a form nobody could fill in.
    pub fn set_review_form(&mut self, program: &str, form: Option<&ReviewForm>) -> Result<bool> {
        if Catalog::builtin().program(program).is_none() {
            return Err(Problem::not_found(format!("没有“{program}”这个事项。")).next("请从事项列表里选。"));
        }
        let mut values = super::firm::Values::new();
        match form {
            None => {
                values.insert(own_form::used(program), None);
            }
            Some(form) => {
                own_form::check(form)?;
                let (hash, text) = own_form::write(form);
                values.insert(own_form::key(program, &hash), Some(text));
                values.insert(own_form::used(program), Some(hash.to_string()));
            }
        }
        self.change_office(&values)
    }

    /// Adds a phrase of the office's own to a program's book, or changes one. Returns its id.
    ///
    /// # Errors
    /// Bad input for an empty one; not found for an unknown program.
    pub fn set_phrase(&mut self, program: &str, id: Option<&str>, about: &About, text: &str) -> Result<String> {
        if Catalog::builtin().program(program).is_none() {
            return Err(Problem::not_found(format!("没有“{program}”这个事项。")).next("请从事项列表里选。"));
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Err(Problem::bad_input("短语是空的。").next("请写一句常用的话。"));
        }
        let id = id.map_or_else(|| self.new_id().to_string(), str::to_owned);
        self.change_office(&[(own::key(program, &id), Some(own::write(about, &text)))].into())?;
        Ok(id)
    }

    /// Takes a phrase of the office's own out of the book. Returns whether it was there.
    pub fn drop_phrase(&mut self, program: &str, id: &str) -> Result<bool> {
        self.change_office(&[(own::key(program, id), None)].into())
    }
}

fn gone() -> Problem {
    Problem::refused("这份文件已经不在这件申报里了。").next("请刷新后再试。")
}

fn asked_for(version: &Version, item: &str) -> Result<()> {
    if item == OTHER || version.materials.iter().any(|material| material.id == item) {
        return Ok(());
    }
    let known: Vec<String> = version.materials.iter().map(|m| format!("{}（{}）", m.name, m.id)).collect();
    Err(Problem::not_found(format!("材料清单里没有“{item}”这一项。"))
        .next(format!("有的是：{}、其他材料（{OTHER}）。", known.join("、"))))
}
