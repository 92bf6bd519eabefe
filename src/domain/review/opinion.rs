//! 处理意见: what a reviewer writes, line by line, and what it becomes when the filing goes back. Each line is one defect; a line
//! that begins with the name of a material or a field is about it, as phrases are written down.

use super::{Answer, Found, ReviewForm};
use crate::domain::defect::{About, Defect, Phrase};
use crate::domain::filing::Materials;
use crate::domain::material::{OTHER, OTHER_NAME, State};
use crate::domain::program::Version;
use std::collections::BTreeMap;

/// The defects an opinion says, one per line, and the rest of what was found: items of the form answered 否, and materials
/// found unfit that no line speaks of.
pub fn defects(
    opinion: &str,
    answers: &BTreeMap<String, Answer>,
    materials: Option<&Materials>,
    version: &Version,
    form: Option<&ReviewForm>,
    book: &[Phrase],
) -> Vec<Defect> {
    let lines = opinion.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut all: Vec<Defect> = lines.map(|line| read_line(line, version, book)).collect();
    if let Some(form) = form {
        all.extend(faults(form, answers));
    }
    if let Some(materials) = materials {
        add_unfit(&mut all, materials);
    }
    all
}

/// Adds what was found of materials that are unfit, where no defect says it yet.
pub fn add_unfit(defects: &mut Vec<Defect>, materials: &Materials) {
    for (id, item) in materials.items().filter(|(_, item)| item.state() == State::Unfit) {
        let about = About::Material(id.to_owned());
        let says = item.marked.as_ref().map(|marked| marked.remark.trim()).unwrap_or_default();
        if !says.is_empty() && !defects.iter().any(|defect| defect.about == about && defect.says == says) {
            defects.push(Defect::new(about, says));
        }
    }
}

/// What a checklist says is wrong.
fn faults<'a>(form: &'a ReviewForm, answers: &'a BTreeMap<String, Answer>) -> impl Iterator<Item = Defect> + 'a {
    form.items.iter().filter_map(|item| {
        let answer = answers.get(&item.id).filter(|answer| answer.found == Found::No)?;
        let note = answer.note.trim();
        (!note.is_empty()).then(|| Defect::new(About::Whole, format!("{}：{note}", item.text)))
    })
}

/// A line as a defect.
fn read_line(line: &str, version: &Version, book: &[Phrase]) -> Defect {
    if let Some(phrase) = book.iter().find(|phrase| phrase.defect().line(version) == line) {
        return phrase.defect();
    }
    let materials = version.materials.iter().map(|m| (m.name.as_str(), About::Material(m.id.clone())));
    let fields = version.form.iter().map(|f| (f.label.as_str(), About::Field(f.id.clone())));
    let other = (OTHER_NAME, About::Material(OTHER.to_owned()));
    // The longest name: 审计报告（三年） before 审计报告.
    let named = materials.chain(fields).chain([other]).filter_map(|(name, about)| {
        let says = line.strip_prefix(name)?.trim_start().strip_prefix(['：', ':'])?.trim();
        (!says.is_empty()).then_some((name.len(), about, says))
    });
    match named.max_by_key(|(length, ..)| *length) {
        Some((_, about, says)) => Defect::new(about, says),
        None => Defect::new(About::Whole, line),
    }
}

/// Writes a phrase below an opinion, or takes its line out where it stands there already.
pub fn toggle(opinion: &str, phrase: &Phrase, version: &Version) -> String {
    let line = phrase.defect().line(version);
    if says(opinion, phrase, version) {
        let rest: Vec<&str> = opinion.lines().filter(|known| known.trim() != line).collect();
        return rest.join("\n");
    }
    match opinion.trim_end() {
        "" => line,
        before => format!("{before}\n{line}"),
    }
}

/// Whether a phrase stands in an opinion as a line of its own.
pub fn says(opinion: &str, phrase: &Phrase, version: &Version) -> bool {
    let line = phrase.defect().line(version);
    opinion.lines().any(|known| known.trim() == line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::version;

    fn phrase(about: About, text: &str) -> Phrase {
        Phrase { id: text.to_owned(), about, text: text.to_owned(), own: true }
    }

    #[test]
    fn each_line_is_a_defect_about_what_it_names() {
        let version = version();
        let audit = About::Material("audit".into());
        let book = [phrase(audit.clone(), "缺 2025 年度")];
        let opinion = "审计报告：缺 2025 年度\n\n 审计报告: 缺页 \n联系电话打不通\n其他材料：看不清\n审计报告：";
        let all = defects(opinion, &BTreeMap::new(), None, &version, version.review.as_ref(), &book);
        assert_eq!(
            all.iter().map(|d| (d.about.clone(), d.says.as_str(), d.phrase.as_str())).collect::<Vec<_>>(),
            [
                (audit.clone(), "缺 2025 年度", "缺 2025 年度"),
                (audit, "缺页", ""),
                (About::Whole, "联系电话打不通", ""),
                (About::Material(OTHER.into()), "看不清", ""),
                (About::Whole, "审计报告：", ""),
            ]
        );
    }

    #[test]
    fn a_phrase_is_written_once_and_taken_out_again() {
        let version = version();
        let phrase = phrase(About::Material("audit".into()), "缺 2025 年度");
        let once = toggle("联系电话打不通\n", &phrase, &version);
        assert_eq!(once, "联系电话打不通\n审计报告：缺 2025 年度");
        assert!(says(&once, &phrase, &version));
        assert_eq!(toggle(&once, &phrase, &version), "联系电话打不通");
        assert_eq!(toggle("", &phrase, &version), "审计报告：缺 2025 年度");
    }
}
