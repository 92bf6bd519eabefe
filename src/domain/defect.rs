//! What is wrong with a filing that goes back: one defect by one, and the phrases they are written from.

use serde::{Deserialize, Serialize};

use super::material::{OTHER, OTHER_NAME};
use super::program::Version;

/// What a defect is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// The filing as a whole.
    #[default]
    Whole,
    /// An item of the list of materials, by id.
    Material(String),
    /// A field of the form, by id.
    Field(String),
}

impl About {
    /// From `material.audit`, `field.staff`; empty text is the whole.
    pub fn read(text: &str) -> Option<Self> {
        match text.split_once('.') {
            None if text.is_empty() => Some(Self::Whole),
            Some(("material", id)) if !id.is_empty() => Some(Self::Material(id.to_owned())),
            Some(("field", id)) if !id.is_empty() => Some(Self::Field(id.to_owned())),
            _ => None,
        }
    }

    /// The text [`About::read`] takes.
    pub fn write(&self) -> String {
        match self {
            Self::Whole => String::new(),
            Self::Material(id) => format!("material.{id}"),
            Self::Field(id) => format!("field.{id}"),
        }
    }

    /// Its name, as the program has it. Empty for the whole; an id nobody here knows stays what it is.
    pub fn name<'a>(&'a self, version: &'a Version) -> &'a str {
        match self {
            Self::Whole => "",
            Self::Material(id) if id == OTHER => OTHER_NAME,
            Self::Material(id) => version.materials.iter().find(|m| m.id == *id).map_or(id, |m| &m.name),
            Self::Field(id) => version.form.iter().find(|f| f.id == *id).map_or(id, |f| &f.label),
        }
    }
}

/// One thing to be put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    #[serde(default, skip_serializing_if = "is_whole")]
    pub about: About,
    /// What is wrong and what to do, as the firm will read it.
    pub says: String,
    /// The phrase it began as, by id; empty when it was written by hand.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phrase: String,
}

fn is_whole(about: &About) -> bool {
    *about == About::Whole
}

impl Defect {
    /// One written by hand.
    pub fn new(about: About, says: impl Into<String>) -> Self {
        Self { about, says: says.into(), phrase: String::new() }
    }

    /// One line: what it is about, then what is wrong.
    pub fn line(&self, version: &Version) -> String {
        match self.about.name(version) {
            "" => self.says.clone(),
            name => format!("{name}：{}", self.says),
        }
    }
}

/// All of them in one line, as a reason.
pub fn reason(defects: &[Defect], version: &Version) -> String {
    let lines: Vec<String> = defects.iter().map(|defect| defect.line(version)).collect();
    match lines.as_slice() {
        [only] => only.clone(),
        many => many.iter().zip(1..).map(|(line, n)| format!("{n}. {line}")).collect::<Vec<_>>().join("；"),
    }
}

/// A sentence that defects are written from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Stable within the program.
    pub id: String,
    pub about: About,
    pub text: String,
    /// The office wrote it; the others came with the program.
    pub own: bool,
}

impl Phrase {
    /// The defect it begins as.
    pub fn defect(&self) -> Defect {
        Defect { about: self.about.clone(), says: self.text.clone(), phrase: self.id.clone() }
    }
}

/// The office's own phrases, as fields of the office: `phrase.<program>.<id>` holds what it is about, a line's end, its text.
pub mod own {
    use super::{About, Phrase};

    /// Prefix of their keys.
    pub const PREFIX: &str = "phrase.";

    const WHOLE: &str = "whole";

    /// The key of a phrase.
    pub fn key(program: &str, id: &str) -> String {
        format!("{PREFIX}{program}.{id}")
    }

    /// The value of a phrase.
    pub fn write(about: &About, text: &str) -> String {
        // Something must stand before the line's end, for fields are kept without blanks around them.
        let about = if *about == About::Whole { WHOLE.to_owned() } else { about.write() };
        format!("{about}\n{}", text.trim())
    }

    /// A program's phrases among the fields of the office, in the order of their ids, which is that of their making.
    pub fn read<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>, program: &str) -> Vec<Phrase> {
        let prefix = key(program, "");
        let one = |(key, value): (&'a str, &'a str)| {
            let id = key.strip_prefix(&prefix)?;
            let (about, text) = value.split_once('\n')?;
            let about = if about == WHOLE { "" } else { about };
            Some(Phrase { id: id.to_owned(), about: About::read(about)?, text: text.to_owned(), own: true })
        };
        let mut all: Vec<Phrase> = fields.filter_map(one).collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }
}

/// The whole phrase book of a program: its own phrases first, then what came with the policy version.
pub fn book(version: &Version, own: Vec<Phrase>) -> Vec<Phrase> {
    own.into_iter().chain(version.phrases.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::version;

    #[test]
    fn a_defect_names_what_it_is_about() {
        let version = version();
        let one = Defect::new(About::Material("audit".into()), "缺 2025 年度，请补齐");
        assert_eq!(one.line(&version), "审计报告：缺 2025 年度，请补齐");
        let two = Defect::new(About::Whole, "联系人电话打不通");
        assert_eq!(reason(std::slice::from_ref(&one), &version), "审计报告：缺 2025 年度，请补齐");
        assert_eq!(reason(&[one, two], &version), "1. 审计报告：缺 2025 年度，请补齐；2. 联系人电话打不通");
        assert_eq!(Defect::new(About::Field("gone".into()), "不对").line(&version), "gone：不对");
    }

    #[test]
    fn the_offices_own_phrases_come_back_and_stand_before_the_others() {
        let about = About::Material("audit".into());
        let fields = [
            (own::key("gaoqi", "b"), own::write(&About::Whole, "第二句")),
            (own::key("gaoqi", "a"), own::write(&about, " 第一句 ")),
            (own::key("kexiao", "a"), own::write(&About::Whole, "别的事项")),
            ("name".to_owned(), "青澜区科技局".to_owned()),
            (own::key("gaoqi", "c"), "没有换行".to_owned()),
        ];
        let read = own::read(fields.iter().map(|(k, v)| (k.as_str(), v.as_str())), "gaoqi");
        assert_eq!(read.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), ["第一句", "第二句"]);
        assert_eq!((&read[0].about, read[0].own), (&about, true));
        let book = book(&version(), read);
        assert_eq!(book.iter().map(|p| p.own).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!(book[2].defect().phrase, "seal");
    }

    #[test]
    fn what_a_defect_is_about_is_read_as_it_was_written() {
        for about in [About::Whole, About::Material("a_b".into()), About::Field("rd_y1".into())] {
            assert_eq!(About::read(&about.write()), Some(about));
        }
        assert_eq!(About::read("moon.x"), None);
        assert_eq!(About::read("field."), None);
    }
}
