//! Typing: fields, suggestions, dates, input methods.

use chrono::NaiveDate;
use iced::Length;
use iced::advanced::input_method::Event as Ime;
use iced::widget::column;

use super::*;
use crate::ui::widget::list::Item;
use crate::ui::widget::{combo, date_field, input, keys};

#[test]
fn suggestions_open_while_typing_and_enter_takes_the_marked_one() {
    #[derive(Debug, Clone, PartialEq)]
    enum Sent {
        Typed(String),
        Picked(u8),
        Submitted,
    }
    let view = |typed: &'static str, found: bool| {
        let line = input::input(typed).on_input(Sent::Typed).on_submit(Sent::Submitted);
        let items = [Item::new(1, "青澜恒砚"), Item::new(2, "青澜衡远")];
        root(column![combo::combo(line, items.into_iter().filter(move |_| found), Sent::Picked)])
    };
    let mut desk = Desk::new(400.0, 300.0);
    desk.act(view("", false), &[key(Named::Tab)]);
    assert_eq!(desk.act(view("", false), &[letter("h")]), [Sent::Typed("h".into())]);
    assert_eq!(desk.act(view("h", true), &[key(Named::ArrowDown), key(Named::Enter)]), [Sent::Picked(2)]);
    assert_eq!(
        desk.act(view("h", true), &[key(Named::Enter)]),
        [Sent::Submitted],
        "closed, Enter is the field's again"
    );
    desk.act(view("h", true), &[letter("y")]);
    assert!(desk.act(view("hy", true), &[key(Named::Escape)]).is_empty());
    assert_eq!(desk.act(view("hy", true), &[key(Named::Enter)]), [Sent::Submitted]);
}

#[test]
fn a_date_is_typed_or_picked_from_the_month() {
    let date = |d| NaiveDate::from_ymd_opt(2026, 8, d).unwrap();
    let view = || {
        let field =
            date_field::date_field("2026-08-27", Some(date(27)), date(24), |typed| typed, |picked| picked.to_string());
        root(column![field])
    };
    let mut desk = Desk::new(400.0, 400.0);
    let typed = desk.act(view(), &[key(Named::Tab), key(Named::End), letter("1")]);
    assert_eq!(typed, ["2026-08-271"]);
    // The calendar's button is the next stop; the month opens on the date and has the keyboard.
    let picked = desk.act(
        view(),
        &[key(Named::Tab), key(Named::Enter), key(Named::ArrowUp), key(Named::ArrowLeft), key(Named::Enter)],
    );
    assert_eq!(picked, ["2026-08-19"]);
    let given_up = desk.act(view(), &[key(Named::Tab), key(Named::Enter), key(Named::PageDown), key(Named::Escape)]);
    assert!(given_up.is_empty());
    assert_eq!(desk.act(view(), &[letter("2")]), ["2026-08-272"], "the keyboard is back in the field");
}

#[test]
fn keys_of_a_screen_wait_while_an_input_method_composes() {
    let view = || {
        let line = input::input("").on_input(|typed| typed);
        root(keys::keys(line, |pressed| (pressed.key == Key::Named(Named::ArrowDown)).then(|| "下".to_owned())))
    };
    let mut desk = Desk::new(300.0, 60.0);
    assert_eq!(desk.act(view(), &[key(Named::Tab), key(Named::ArrowDown)]), ["下"]);
    let composing = Event::InputMethod(Ime::Preedit("xin".into(), Some(0..3)));
    assert!(desk.act(view(), &[composing, key(Named::ArrowDown)]).is_empty());
    let done = Event::InputMethod(Ime::Commit("新".into()));
    assert_eq!(desk.act(view(), &[done, key(Named::ArrowDown)]), ["新", "下"]);
}

#[test]
fn control_characters_of_an_input_method_are_not_typed() {
    let view = || root(column![input::input("青澜").on_input(|typed| typed)]);
    let mut desk = Desk::new(300.0, 60.0);
    desk.act(view(), &[key(Named::Tab)]);
    assert!(desk.act(view(), &[Event::InputMethod(Ime::Commit("\u{1}".into()))]).is_empty());
    let broken = Event::InputMethod(Ime::Preedit("新材".into(), Some(1..2)));
    desk.act(view(), &[broken]);
    assert_eq!(desk.act(view(), &[Event::InputMethod(Ime::Commit("新材\u{8}料".into()))]).len(), 1);
}

#[test]
fn ctrl_z_takes_back_what_was_typed_and_nothing_that_was_not() {
    let mut desk = Desk::new(300.0, 60.0);
    let mut value = String::from("青澜");
    let mut act = |value: &mut String, event: Event| -> usize {
        let line = input::input(value).on_input(|typed| typed);
        let sent = desk.act(root(column![line]), &[event]);
        let count = sent.len();
        if let Some(typed) = sent.into_iter().last() {
            *value = typed;
        }
        count
    };
    act(&mut value, key(Named::Tab));
    act(&mut value, key(Named::End));
    assert_eq!(act(&mut value, ctrl("z")), 0, "nothing typed yet: the key is the window's");
    act(&mut value, letter("a"));
    act(&mut value, letter("b"));
    assert_eq!(value, "青澜ab");
    act(&mut value, ctrl("z"));
    assert_eq!(value, "青澜a");
    act(&mut value, ctrl("z"));
    assert_eq!(value, "青澜");
    assert_eq!(act(&mut value, ctrl("z")), 0);
    act(&mut value, letter("c"));
    act(&mut value, key(Named::End));
    value = "别的记录".to_owned();
    assert_eq!(act(&mut value, ctrl("z")), 0, "the form shows another record now");
    assert_eq!(value, "别的记录");
}

#[test]
fn a_shortcut_types_nothing_into_a_field() {
    let view = || root(column![input::input("青澜").on_input(|typed| typed)]);
    let mut desk = Desk::new(300.0, 60.0);
    desk.act(view(), &[key(Named::Tab), key(Named::End)]);
    for modifiers in [Modifiers::CTRL, Modifiers::ALT] {
        assert!(desk.act(view(), &[key_with(Key::Character("1".into()), modifiers, Some("1"))]).is_empty());
    }
    let graph = Modifiers::CTRL | Modifiers::ALT;
    assert_eq!(desk.act(view(), &[key_with(Key::Character("@".into()), graph, Some("@"))]), ["青澜@"]);
}

/// Whatever a keyboard and an input method can send to a field in a hurry.
fn hurry() -> impl proptest::strategy::Strategy<Value = Vec<(Event, Option<u8>)>> {
    use proptest::prelude::*;
    let one = prop_oneof![
        "[a-z新材料，\u{1}\u{8}]{0,4}".prop_map(|words| Event::InputMethod(Ime::Commit(words))),
        ("[a-z新材]{0,4}", proptest::option::of((0usize..9, 0usize..9)))
            .prop_map(|(words, range)| Event::InputMethod(Ime::Preedit(words, range.map(|(a, b)| a..b)))),
        Just(Event::InputMethod(Ime::Opened)),
        Just(Event::InputMethod(Ime::Closed)),
        Just(key(Named::Backspace)),
        Just(key(Named::Delete)),
        Just(key(Named::ArrowLeft)),
        Just(key_with(Key::Named(Named::End), Modifiers::SHIFT, None)),
        Just(ctrl("a")),
        Just(ctrl("x")),
        Just(letter("a")),
        Just(pressed(Button::Left)),
        Just(released(Button::Left)),
        (0.0f32..300.0).prop_map(|x| moved(Some(Point::new(x, 20.0)))),
    ];
    proptest::collection::vec((one, proptest::option::weighted(0.2, 0u8..6)), 1..40)
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    #[test]
    fn no_haste_of_keys_mouse_and_input_method_makes_a_field_panic(events in hurry()) {
        let mut desk = Desk::new(300.0, 60.0);
        let mut value = String::from("青澜恒砚新材料有限公司");
        desk.at = Some(Point::new(150.0, 20.0));
        for (event, shorten) in events {
            let line = input::input(&value).on_input(|typed| typed).width(Length::Fill);
            let sent = desk.act(root(column![line]), &[event]);
            if let Some(typed) = sent.into_iter().last() {
                value = typed;
            }
            // The screen changes the value by itself, as when a reply arrives.
            if let Some(keep) = shorten {
                value = value.chars().take(keep.into()).collect();
            }
        }
    }
}

#[test]
fn from_one_password_tab_leads_to_the_next_and_not_to_the_eye() {
    let view = || {
        let field = |shows| input::input("").on_input(|typed| typed).secure(false, String::from(shows));
        root(column![field("第一个显示了"), field("第二个显示了")])
    };
    let mut desk = Desk::new(400.0, 300.0);
    assert_eq!(desk.act(view(), &[key(Named::Tab), letter("a")]), ["a"]);
    assert_eq!(desk.act(view(), &[key(Named::Tab), key(Named::Enter), letter("b")]), ["b"], "nothing was shown");
    assert_eq!(desk.act(view(), &[key(Named::Tab), letter("c")]), ["c"], "round to the first");
}
