//! 名片: what a machine says of itself, as a small file for the other one. Nothing in it is secret, and nothing in it is
//! believed before two people have compared the fingerprint.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::format::in_file_name;
use crate::domain::machine::Card;
use crate::domain::{Kind, Problem, Result};

/// Larger than any card is.
const LARGEST: u64 = 64 << 10;

#[derive(Serialize, Deserialize)]
struct File {
    /// Version of the file.
    kebao_card: u32,
    #[serde(flatten)]
    card: Card,
    fingerprint: String,
}

/// A name for a card's file: 科报名片-周敏的电脑.kbc.
pub fn card_name(card: &Card) -> String {
    format!("科报名片-{}.kbc", in_file_name(&card.name))
}

/// Writes this machine's card.
///
/// # Errors
/// Io when it cannot be written.
pub fn write_card(path: &Path, card: &Card) -> Result<()> {
    let file = File { kebao_card: 1, card: card.clone(), fingerprint: card.fingerprint() };
    let text = serde_json::to_string_pretty(&file).map_err(Problem::bug)?;
    fs::write(path, text).map_err(|error| {
        Problem::io("名片没有写出来。").next("请换一个能写入的位置。").detail(format!("{}: {error}", path.display()))
    })
}

/// Reads another machine's card.
///
/// # Errors
/// Io when it cannot be read; foreign when it is none; too new.
pub fn read_card(path: &Path) -> Result<Card> {
    let unreadable = |error: std::io::Error| {
        Problem::io("名片读不出来。").next("请核对文件。").detail(format!("{}: {error}", path.display()))
    };
    let size = fs::metadata(path).map_err(unreadable)?.len();
    let foreign = || Problem::foreign("这个文件不是科报的电脑名片。").next("请在对方电脑上用“存名片”做一份。");
    if size > LARGEST {
        return Err(foreign());
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| foreign())?;
    match value.get("kebao_card").and_then(serde_json::Value::as_u64) {
        Some(1) => {}
        Some(_) => {
            return Err(Problem::new(Kind::TooNew, "这张名片由更新版本的科报写成。").next("请安装新版科报后再打开。"));
        }
        None => return Err(foreign()),
    }
    let file: File = serde_json::from_value(value).map_err(|error| foreign().detail(error))?;
    Ok(file.card)
}
