//! The small texts beside packages: cards, key files, the page from the safe, keys as people type them.

use std::fs;
use std::path::Path;

use kebao::domain::machine::{Key, same_fingerprint};
use kebao::exchange::package::{Keys, Recovery, read_card, write_card};

use super::office::Office;

/// Reads one as each of them. What is read comes back the same from what is written.
pub fn read(office: &mut Office, bytes: &[u8]) {
    let path = office.folder.join("text");
    fs::write(&path, bytes).expect("memory");
    if let Ok(card) = read_card(&path) {
        let again = office.folder.join("card");
        write_card(&again, &card).expect("memory");
        assert_eq!(read_card(&again).ok(), Some(card.clone()));
        assert!(same_fingerprint(&card.fingerprint(), &card.fingerprint()));
    }
    if let Ok(recovery) = Recovery::read(&path) {
        let again = office.folder.join("page");
        let _ = fs::remove_file(&again);
        recovery.write(&again, "青澜区科学技术局").expect("memory");
        assert_eq!(Recovery::read(&again).map(|read| read.recipient()).ok(), Some(recovery.recipient()));
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(key) = Key::parse(text)
    {
        assert_eq!(Key::parse(&key.to_string()), Some(key));
    }
    own_keys(office, bytes);
}

/// As the machine's own keys, which are never replaced when they are none.
fn own_keys(office: &mut Office, bytes: &[u8]) {
    let db = office.bystander();
    let file = db.folder().join("kebao.key");
    fs::write(&file, bytes).expect("memory");
    if let Ok(keys) = Keys::of(&db) {
        let _ = keys.card(&db).fingerprint();
    }
    assert_eq!(fs::read(&file).expect("it lies there"), bytes);
}

/// Texts as they are really written.
pub fn seeds(office: &Office) -> Vec<Vec<u8>> {
    let path = office.folder.join("text");
    let there = office.folder.join("sender");
    let written = |path: &Path| fs::read(path).expect("it was written");
    let mut all = vec![written(&there.join("kebao.key"))];
    let (sign, seal) = super::office::sender_keys();
    let device = office.known[0].event.device;
    let card = kebao::domain::machine::Card { name: "周敏的电脑".to_owned(), device, sign, seal };
    write_card(&path, &card).expect("memory");
    all.push(written(&path));
    all.push(sign.to_string().into_bytes());
    let recovery = Recovery::make().expect("chance");
    fs::remove_file(&path).expect("removed");
    recovery.write(&path, "青澜区科学技术局").expect("memory");
    all.push(written(&path));
    all
}
