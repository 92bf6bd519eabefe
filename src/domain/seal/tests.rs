//! Sealed text and key pairs: what opens, what does not, and what a wrong byte does.

use proptest::prelude::*;
use zeroize::Zeroizing;

use super::*;
use crate::domain::identity::{phone, resident};
use crate::domain::text::{number_key, tidy};

fn key(n: u8) -> FieldKey {
    FieldKey::new(Zeroizing::new([n; 32]))
}

fn keys(all: &[u8]) -> Keys {
    let mut keys = Keys::default();
    for n in all {
        assert!(keys.add(key(*n)));
    }
    keys
}

#[test]
fn a_number_is_sealed_to_one_text_and_opened_by_its_key_alone() {
    let sealed = key(1).seal(Sort::Phone, "13800005206");
    assert_eq!(sealed, key(1).seal(Sort::Phone, "13800005206"), "values compare equal without being opened");
    assert_ne!(sealed, key(1).seal(Sort::Phone, "13800005207"));
    assert_ne!(sealed, key(1).seal(Sort::ResidentId, "13800005206"));
    assert_ne!(sealed, key(2).seal(Sort::Phone, "13800005206"));
    assert!(is_sealed(&sealed) && !sealed.contains("5206"));
    assert_eq!(keys(&[2, 1]).open(&sealed).as_deref(), Some("13800005206"));
    assert_eq!(keys(&[2]).open(&sealed), None);
    assert_eq!(readable(&sealed), COVERED);
    assert_eq!((phone::mask(&sealed).as_str(), resident::mask(&sealed).as_str()), (COVERED, COVERED));
    assert!(keys(&[1]).same(&sealed, "13800005206") && !keys(&[2]).same(&sealed, "13800005206"));
}

#[test]
fn programs_that_know_nothing_of_sealing_keep_the_text_whole() {
    let sealed = key(1).seal(Sort::ResidentId, "37010219800101001X");
    assert_eq!(tidy(&sealed), sealed);
    assert_eq!(number_key(&sealed), sealed);
}

#[test]
fn what_only_looks_like_it_is_a_plain_value() {
    for text in ["", "密1", "密1P", "密1PABC", "密码", "密1Q", "13800005206", "密1P!!!!!!!!"] {
        assert!(!is_sealed(text), "{text}");
        assert_eq!(readable(text), text);
        assert_eq!(keys(&[1]).open(text), None);
    }
}

#[test]
fn a_key_is_given_for_a_public_half_and_taken_with_the_password_alone() {
    let (mine, other) = (Pair::new(&Zeroizing::new([7; 32])), Pair::new(&Zeroizing::new([8; 32])));
    let secret = Zeroizing::new([1; 32]);
    let wrapped = wrap(&secret, &mine.public(), &Zeroizing::new([9; 32])).expect("a public half");
    assert_eq!(mine.open(&wrapped).as_deref(), Some(&[1; 32]));
    assert!(other.open(&wrapped).is_none());
    assert!(wrap(&secret, &[0; 32], &Zeroizing::new([9; 32])).is_none(), "a half that is everybody's");
    let locked = mine.lock(&Zeroizing::new([3; 32]), [4; 24], b"zhou");
    let unlocked = Pair::unlock(&locked, &Zeroizing::new([3; 32]), b"zhou").expect("the right password");
    assert_eq!(unlocked.public(), mine.public());
    assert!(Pair::unlock(&locked, &Zeroizing::new([5; 32]), b"zhou").is_none());
    assert!(Pair::unlock(&locked, &Zeroizing::new([3; 32]), b"zhang").is_none(), "somebody else's row");
    for at in 0..wrapped.len() {
        let mut turned = wrapped.clone();
        turned[at] ^= 1;
        assert!(mine.open(&turned).is_none(), "byte {at}");
        assert!(mine.open(&wrapped[..at]).is_none(), "cut at {at}");
    }
    for at in 0..locked.len() {
        assert!(Pair::unlock(&locked[..at], &Zeroizing::new([3; 32]), b"zhou").is_none(), "cut at {at}");
    }
}

proptest! {
    #[test]
    fn any_text_is_sealed_and_comes_back(plain in "\\PC{0,60}") {
        let keys = keys(&[1]);
        for sort in Sort::ALL {
            let sealed = key(1).seal(sort, &plain);
            prop_assert!(is_sealed(&sealed));
            prop_assert_eq!(keys.open(&sealed), Some(plain.clone()));
        }
    }

    #[test]
    fn no_text_makes_it_panic_and_no_altered_one_opens(at in 0_usize..100, letter in "[A-Z2-7]", text in "密1[PRW]?\\PC{0,40}") {
        let keys = keys(&[1]);
        prop_assert_eq!(keys.open(&text), None);
        let sealed = key(1).seal(Sort::Phone, "0635-8288888-801");
        let mut symbols: Vec<char> = sealed.chars().collect();
        let at = 3 + at % (symbols.len() - 3);
        let letter = letter.chars().next().unwrap_or('A');
        if symbols[at] != letter {
            symbols[at] = letter;
            prop_assert_eq!(keys.open(&symbols.into_iter().collect::<String>()), None);
        }
    }
}
