//! Where every machine's chain ends, to be printed and compared later: a journal that was cut short or written anew shows.

use chrono::NaiveDateTime;
use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::Result;
use crate::domain::event::Hash;
use crate::domain::id::DeviceId;

/// End of one machine's chain; its hash covers all of the chain before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Head {
    pub device: DeviceId,
    pub seq: u64,
    pub hash: Hash,
}

/// Heads that stand in a text somebody kept or typed from paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    pub heads: Vec<Head>,
    /// Lines that speak of a head and cannot be read as one, counted from 1.
    pub unread: Vec<usize>,
    /// How many there are by the text's own word.
    pub told: Option<usize>,
}

impl Written {
    /// Whether the text speaks of no head at all.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty() && self.unread.is_empty()
    }

    /// What of it cannot be compared, each in one sentence: what was passed over in silence would pass for what agrees.
    pub fn wrong(&self) -> Vec<String> {
        let mut wrong: Vec<String> =
            self.unread.iter().map(|line| format!("第 {line} 行读不出来，没有比对，请核对。")).collect();
        let here = self.heads.len() + self.unread.len();
        if let Some(told) = self.told.filter(|told| *told != here) {
            wrong.push(format!("这一页写着共 {told} 个链头，读到 {here} 个，请核对有没有漏掉的行。"));
        }
        wrong
    }
}

/// What became of a chain since its head was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum Since {
    /// The event is there as it was; so many followed.
    Kept { more: u64 },
    /// The chain ends before it: events are gone.
    CutShort { last: u64 },
    /// Another event stands in its place.
    Rewritten,
    /// No event of this machine is here.
    Unknown,
}

impl Since {
    /// Whether the journal can be what it was.
    pub fn is_fine(self) -> bool {
        matches!(self, Self::Kept { .. })
    }

    /// One sentence for people.
    pub fn says(self) -> String {
        match self {
            Self::Kept { more: 0 } => "相符，之后没有新记录。".to_owned(),
            Self::Kept { more } => format!("相符，之后又有 {more} 条。"),
            Self::CutShort { last: 0 } => "对不上：这台机器的记录一条都不在了。".to_owned(),
            Self::CutShort { last } => format!("对不上：现在只到第 {last} 条，之后的记录不见了。"),
            Self::Rewritten => "对不上：这一条已经不是当时那一条，流水被改写过。".to_owned(),
            Self::Unknown => "对不上：这台机器的记录一条都不在这里。".to_owned(),
        }
    }
}

impl Head {
    /// One line to print: 机器 … 第 … 条 指纹 ….
    pub fn line(&self) -> String {
        let hash = self.hash.to_string();
        let groups: Vec<&str> = (0..hash.len()).step_by(8).map(|at| &hash[at..at + 8]).collect();
        format!("机器 {} 第 {} 条 指纹 {}", self.device, self.seq, groups.join(" "))
    }

    /// A page of heads to keep on paper.
    pub fn page(office: &str, now: NaiveDateTime, heads: &[Self]) -> String {
        let mut page = format!("科报 流水链头\n单位：{office}\n时间：{}\n\n", now.format("%Y-%m-%d %H:%M"));
        for head in heads {
            page.push_str(&head.line());
            page.push('\n');
        }
        page.push_str(&format!("共 {} 个链头\n", heads.len()));
        page.push_str(
            "\n每个指纹都由这台机器此前的全部记录算出。以后在“数据 → 核验”里与这一页比对，流水被截短或改写就对不上。\n",
        );
        page
    }

    /// Heads written down in a text, whatever else stands in it.
    pub fn find(text: &str) -> Written {
        let mut found = Written::default();
        for (n, line) in text.lines().enumerate() {
            match Self::parse(line) {
                Some(head) => found.heads.push(head),
                None if line.split_once("机器").is_some_and(|(_, rest)| rest.contains('第')) => {
                    found.unread.push(n + 1)
                }
                None => found.told = found.told.or_else(|| told(line)),
            }
        }
        found
    }

    fn parse(line: &str) -> Option<Self> {
        let (_, rest) = line.split_once("机器")?;
        let (device, rest) = rest.split_once('第')?;
        let (seq, rest) = rest.split_once('条')?;
        let (_, hash) = rest.split_once("指纹")?;
        let hash: String = hash.chars().filter(|c| !c.is_whitespace()).take_while(char::is_ascii_hexdigit).collect();
        Some(Self {
            device: device.trim().parse().ok()?,
            seq: seq.trim().parse().ok()?,
            hash: hash.to_ascii_lowercase().parse().ok()?,
        })
    }
}

/// 共 n 个链头.
fn told(line: &str) -> Option<usize> {
    line.split_once('共')?.1.split_once("个链头")?.0.trim().parse().ok()
}

/// The end of every machine's chain, by machine; two of one machine where it was cloned.
pub fn heads(connection: &Connection) -> Result<Vec<Head>> {
    let mut statement = connection.prepare_cached(
        "SELECT device.id, event.seq, event.hash FROM device JOIN event ON event.device = device.n
         WHERE event.seq = (SELECT max(seq) FROM event WHERE device = device.n) ORDER BY device.id, event.hash",
    )?;
    let heads = statement
        .query_map([], |row| {
            let seq: i64 = row.get(1)?;
            Ok(Head { device: row.get(0)?, seq: seq.unsigned_abs(), hash: row.get(2)? })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(heads)
}

/// What became of heads that were written down. That what lies before them is as it was is for [`super::check`] to say.
pub fn compare(connection: &Connection, heads: &[Head]) -> Result<Vec<(Head, Since)>> {
    let mut at = connection.prepare_cached(
        "SELECT 1 FROM event WHERE device = (SELECT n FROM device WHERE id = ?) AND seq = ? AND hash = ?",
    )?;
    let mut last =
        connection.prepare_cached("SELECT max(seq) FROM event WHERE device = (SELECT n FROM device WHERE id = ?)")?;
    heads
        .iter()
        .map(|head| {
            let end: Option<i64> = last.query_row([head.device], |row| row.get(0)).optional()?.flatten();
            let since = match end.map(i64::unsigned_abs) {
                None => Since::Unknown,
                Some(end) if end < head.seq => Since::CutShort { last: end },
                Some(end) if at.exists(params![head.device, head.seq as i64, head.hash])? => {
                    Since::Kept { more: end - head.seq }
                }
                Some(_) => Since::Rewritten,
            };
            Ok((*head, since))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::firm::key;
    use crate::store::testing::{OFFICER, Office};

    fn enter(office: &Office, name: &str) {
        let values = [(key::NAME.to_owned(), Some(name.to_owned()))].into();
        office.db.act(OFFICER, "新增", move |act| act.create_firm(values, Vec::new(), None)).wait().unwrap();
    }

    fn rewrite(office: &Office, sql: &'static str) {
        let connection = Connection::open(office.folder.0.join(crate::store::DATABASE_FILE)).unwrap();
        connection
            .execute_batch(
                "DROP TRIGGER IF EXISTS event_is_never_deleted; DROP TRIGGER IF EXISTS event_is_never_changed;",
            )
            .unwrap();
        connection.execute_batch(sql).unwrap();
    }

    #[test]
    fn heads_survive_printing_and_typing() {
        let office = Office::new(1);
        enter(&office, "青澜甲厂");
        let heads = office.db.heads().wait().unwrap();
        let page = format!("科报 流水链头\n{}\n共 1 个链头", heads[0].line().to_uppercase());
        assert_eq!(Head::find(&page), Written { heads: heads.clone(), unread: Vec::new(), told: Some(1) });
        assert_eq!(Head::find(&page).wrong(), Vec::<String>::new());
        let printed = Head::find(&Head::page("青澜区科学技术局", NaiveDateTime::default(), &heads));
        assert_eq!((printed.wrong(), printed.heads), (Vec::new(), heads));
    }

    #[test]
    fn a_line_mistyped_or_left_out_is_said_to_be() {
        let office = Office::new(1);
        enter(&office, "青澜甲厂");
        let line = office.db.heads().wait().unwrap()[0].line();
        let short = &line[..line.len() - 1];
        let found = Head::find(&format!("科报 流水链头\n{line}\n{short}\n{line}0\n共 4 个链头"));
        assert_eq!((found.heads.len(), &found.unread[..], found.told), (1, &[3, 4][..], Some(4)));
        assert_eq!(found.wrong().len(), 3);
        assert!(found.wrong()[0].contains("第 3 行") && found.wrong()[2].contains("共 4 个"), "{:?}", found.wrong());
        assert_eq!(Head::find("机器 第 条 指纹").unread, [1]);
        assert!(Head::find("购物清单").is_empty());
    }

    #[test]
    fn a_journal_that_grew_is_fine_and_one_cut_short_or_rewritten_shows() {
        let office = Office::new(1);
        enter(&office, "青澜甲厂");
        let heads = office.db.heads().wait().unwrap();
        enter(&office, "青澜乙厂");
        let since = |heads: Vec<Head>| office.db.compare_heads(heads).wait().unwrap()[0].1;
        assert_eq!(since(heads.clone()), Since::Kept { more: 2 });
        let late = office.db.heads().wait().unwrap();
        rewrite(&office, "DELETE FROM event WHERE seq > 2");
        assert_eq!(since(late), Since::CutShort { last: 2 });
        rewrite(&office, "UPDATE event SET hash = randomblob(32) WHERE seq = 2");
        assert_eq!(since(heads), Since::Rewritten);
        let stranger = Head { device: DeviceId(uuid::Uuid::from_u128(9)), seq: 1, hash: Hash::ZERO };
        assert_eq!(since(vec![stranger]), Since::Unknown);
    }
}
