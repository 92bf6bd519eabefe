//! How people sign in: what a password must have, after how many failures one is locked out, when an idle window locks.

use super::office_key;
use crate::domain::{Problem, Result};

/// The office's rules on passwords and locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signing {
    /// Shortest password, in characters.
    pub least: u16,
    /// How many of the four sorts (small letters, capitals, digits, everything else) it has at least.
    pub sorts: u16,
    /// After how many failures in a row somebody is locked out.
    pub tries: u16,
    /// For how many minutes.
    pub minutes: u16,
    /// After how many minutes without a key or a hand the window locks itself; 0: never.
    pub idle: u16,
}

impl Signing {
    /// The rules of an office that has set none.
    pub const USUAL: Self = Self { least: 8, sorts: 2, tries: 5, minutes: 10, idle: 15 };
}

impl Default for Signing {
    fn default() -> Self {
        Self::USUAL
    }
}

/// A rule as a setting: its key, what it is called, its unit, and between what it lies.
pub struct Setting {
    pub key: &'static str,
    pub label: &'static str,
    pub unit: &'static str,
    pub from: u16,
    pub to: u16,
}

/// The settings, in the order they are shown. None can be set so low that a password guards nothing.
pub const SETTINGS: [Setting; 5] = [
    Setting { key: office_key::PASSWORD_MIN, label: "密码最短", unit: "位", from: 8, to: 64 },
    Setting { key: office_key::PASSWORD_SORTS, label: "密码至少含", unit: "类字符", from: 1, to: 4 },
    Setting { key: office_key::LOCK_AFTER, label: "连续输错", unit: "次后锁定", from: 3, to: 20 },
    Setting { key: office_key::LOCK_MINUTES, label: "锁定", unit: "分钟", from: 1, to: 1440 },
    Setting { key: office_key::IDLE_MINUTES, label: "空闲", unit: "分钟后锁屏，0 为不锁", from: 0, to: 480 },
];

impl Setting {
    /// What somebody typed, where it is a number the rule can have.
    ///
    /// # Errors
    /// Bad input, saying the range.
    pub fn read(&self, text: &str) -> Result<u16> {
        let range = self.from..=self.to;
        text.trim().parse().ok().filter(|n| range.contains(n)).ok_or_else(|| {
            Problem::bad_input(format!("“{}”要填 {} 到 {} 之间的整数。", self.label, self.from, self.to))
                .next("请改好再保存。")
        })
    }
}

impl Signing {
    /// From the office's fields; what is missing or makes no sense is as usual.
    pub fn read<'a>(field: impl Fn(&str) -> Option<&'a str>) -> Self {
        let mut rules = Self::default();
        for (setting, rule) in SETTINGS.iter().zip(rules.rules_mut()) {
            if let Some(n) = field(setting.key).and_then(|text| setting.read(text).ok()) {
                *rule = n;
            }
        }
        rules
    }

    /// The rules in the order of [`SETTINGS`].
    pub fn rules(&self) -> [u16; 5] {
        [self.least, self.sorts, self.tries, self.minutes, self.idle]
    }

    fn rules_mut(&mut self) -> [&mut u16; 5] {
        [&mut self.least, &mut self.sorts, &mut self.tries, &mut self.minutes, &mut self.idle]
    }

    /// What a password must have, in words.
    pub fn asks(&self) -> String {
        match self.sorts {
            ..=1 => format!("至少 {} 位", self.least),
            n => format!("至少 {} 位，大写、小写、数字、其他字符中至少 {n} 类", self.least),
        }
    }

    /// What a password lacks. `None`: nothing.
    pub fn lacks(&self, password: &str) -> Option<String> {
        if password.chars().count() < usize::from(self.least) {
            return Some(format!("密码至少 {} 位。", self.least));
        }
        let sort = |c: char| match c {
            _ if c.is_lowercase() => 0,
            _ if c.is_uppercase() => 1,
            _ if c.is_numeric() => 2,
            _ => 3,
        };
        let sorts: std::collections::BTreeSet<u8> = password.chars().map(sort).collect();
        (sorts.len() < usize::from(self.sorts))
            .then(|| format!("密码里大写、小写、数字、其他字符至少要有 {} 类。", self.sorts))
    }

    /// The same as a refusal.
    ///
    /// # Errors
    /// Bad input, saying what is missing.
    pub fn accept(&self, password: &str) -> Result<()> {
        match self.lacks(password) {
            None => Ok(()),
            Some(says) => Err(Problem::bad_input(says).next("请换一个密码。")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_measured_in_characters_and_sorts() {
        let rules = Signing::default();
        assert!(rules.lacks("青澜").is_some_and(|says| says.contains("8 位")));
        assert!(rules.lacks("12345678").is_some_and(|says| says.contains("2 类")));
        assert!(rules.lacks("abcdefgh").is_some());
        for good in ["sui shi ke gai", "abcdefg1", "Abcdefgh", "qinglan-2026", "青澜区2026年的备案"] {
            assert_eq!(rules.lacks(good), None, "{good}");
        }
        let strict = Signing { least: 10, sorts: 4, ..rules };
        assert!(strict.accept("Abcdefg-12").is_ok());
        assert!(strict.accept("abcdefg-12").is_err());
    }

    #[test]
    fn rules_outside_their_range_count_as_not_set() {
        let field = |key: &str| match key {
            office_key::PASSWORD_MIN => Some("1"),
            office_key::LOCK_AFTER => Some("3"),
            office_key::IDLE_MINUTES => Some("0"),
            office_key::LOCK_MINUTES => Some("一会儿"),
            _ => None,
        };
        assert_eq!(Signing::read(field), Signing { tries: 3, idle: 0, ..Signing::default() });
        assert!(SETTINGS[0].read("7").is_err_and(|problem| problem.says.contains("8 到 64")));
    }
}
