//! What a person does to a grid, and what must hold whatever they do.

use std::borrow::Cow;

use proptest::prelude::*;

use super::copy::{code, field, line};
use super::*;

fn columns() -> Vec<Column> {
    vec![
        Column::check(),
        Column::name("name", "企业名称"),
        Column::text("code", "统一社会信用代码", 164.0),
        Column::number("sales", "销售收入（万元）", 122.0),
    ]
}

fn place(ids: &[u64], row: usize) -> Place<u64> {
    Place { row, id: ids[row] }
}

fn selected(state: &GridState<u64>) -> Vec<u64> {
    let mut ids: Vec<u64> = state.selected().iter().copied().collect();
    ids.sort_unstable();
    ids
}

fn press(row: usize, ids: &[u64], extend: bool, toggle: bool) -> GridEvent<u64> {
    GridEvent::Pressed { place: place(ids, row), extend, toggle, page: 10 }
}

#[test]
fn a_click_makes_a_row_current_and_leaves_what_is_ticked() {
    let (columns, ids, mut state) = (columns(), vec![10, 11, 12, 13], GridState::default());
    state.update(GridEvent::Checked { place: place(&ids, 3), extend: false }, &columns, &ids);
    assert_eq!(state.update(press(1, &ids, false, false), &columns, &ids), GridAction::CurrentChanged);
    assert_eq!((state.current(), selected(&state)), (Some(11), vec![13]));
}

#[test]
fn ctrl_click_adds_and_removes_and_shift_click_takes_the_range() {
    let (columns, ids, mut state) = (columns(), (0..20).collect::<Vec<u64>>(), GridState::default());
    state.update(press(2, &ids, false, true), &columns, &ids);
    state.update(press(5, &ids, true, false), &columns, &ids);
    assert_eq!(selected(&state), [2, 3, 4, 5]);
    state.update(press(3, &ids, true, false), &columns, &ids);
    assert_eq!(selected(&state), [2, 3], "a shorter range gives back what it took");
    state.update(press(2, &ids, false, true), &columns, &ids);
    assert_eq!(selected(&state), [3]);
}

#[test]
fn shift_and_arrows_grow_and_shrink_the_selection_on_top_of_what_was_ticked() {
    let (columns, ids, mut state) = (columns(), (0..20).collect::<Vec<u64>>(), GridState::default());
    state.update(GridEvent::Checked { place: place(&ids, 15), extend: false }, &columns, &ids);
    state.update(press(4, &ids, false, false), &columns, &ids);
    for _ in 0..3 {
        state.update(GridEvent::Stepped { step: Step::Down, extend: true, page: 10 }, &columns, &ids);
    }
    assert_eq!(selected(&state), [4, 5, 6, 7, 15]);
    state.update(GridEvent::Stepped { step: Step::Up, extend: true, page: 10 }, &columns, &ids);
    assert_eq!(selected(&state), [4, 5, 6, 15]);
    state.update(GridEvent::Stepped { step: Step::Up, extend: false, page: 10 }, &columns, &ids);
    assert_eq!(selected(&state), [4, 5, 6, 15], "without Shift only the current row moves");
}

#[test]
fn arrows_pages_and_ends_move_the_current_row_and_keep_it_in_sight() {
    let (columns, ids, mut state) = (columns(), (0..100).collect::<Vec<u64>>(), GridState::default());
    let step = |state: &mut GridState<u64>, step| {
        state.update(GridEvent::Stepped { step, extend: false, page: 10 }, &columns, &ids);
        (state.current().unwrap(), state.top())
    };
    assert_eq!(step(&mut state, Step::Down), (0, 0), "the first step takes the first row in sight");
    assert_eq!(step(&mut state, Step::PageDown), (9, 0), "a page keeps one row of what was seen");
    assert_eq!(step(&mut state, Step::PageDown), (18, 9));
    assert_eq!(step(&mut state, Step::Last), (99, 90));
    assert_eq!(step(&mut state, Step::Down), (99, 90));
    assert_eq!(step(&mut state, Step::PageUp), (90, 90));
    assert_eq!(step(&mut state, Step::Up), (89, 89));
    assert_eq!(step(&mut state, Step::First), (0, 0));
}

#[test]
fn a_row_is_made_current_whatever_the_size_of_the_page() {
    let (columns, ids, mut state) = (columns(), (0..100).collect::<Vec<u64>>(), GridState::default());
    state.update(GridEvent::ScrolledTo { top: 40, page: 10 }, &columns, &ids);
    state.set_current(Some(70), &ids, usize::MAX);
    assert_eq!((state.current(), state.top()), (Some(70), 40));
}

#[test]
fn sorting_keeps_the_selection_and_the_current_row_and_filtering_drops_what_left() {
    let (columns, mut ids, mut state) = (columns(), vec![1, 2, 3, 4, 5], GridState::default());
    state.update(press(1, &ids, false, true), &columns, &ids);
    state.update(press(3, &ids, false, true), &columns, &ids);
    let sort = state.update(GridEvent::Sorted { column: "sales".into(), descending: None }, &columns, &ids);
    assert_eq!(sort, GridAction::SortBy(Sort { column: "sales".into(), descending: false }));
    ids.reverse();
    assert!(!state.rows_changed(&ids));
    assert_eq!((selected(&state), state.current()), (vec![2, 4], Some(4)));
    ids.retain(|id| *id != 4);
    assert!(state.rows_changed(&ids));
    assert_eq!((selected(&state), state.current()), (vec![2], None));
    let again = state.update(GridEvent::Sorted { column: "sales".into(), descending: None }, &columns, &ids);
    assert_eq!(again, GridAction::SortBy(Sort { column: "sales".into(), descending: true }));
}

#[test]
fn a_row_pressed_just_before_a_reload_is_still_the_row_meant() {
    let (columns, mut state) = (columns(), GridState::default());
    let pressed = GridEvent::Opened(Place { row: 0, id: 7 });
    assert_eq!(state.update(pressed.clone(), &columns, &[9, 8, 7]), GridAction::Open(7));
    assert_eq!(state.update(pressed, &columns, &[9, 8]), GridAction::None);
}

#[test]
fn copied_fields_come_apart_again_in_a_spreadsheet() {
    assert_eq!(field("青澜恒砚"), "青澜恒砚");
    assert_eq!(field("a\tb"), "\"a\tb\"");
    assert_eq!(field("他说\"好\""), "\"他说\"\"好\"\"\"");
    assert_eq!(field("一\r\n二"), "\"一\n二\"");
    // What would run as a formula is told to be a text; numbers stay numbers.
    assert_eq!(field("=HYPERLINK(\"x\")"), "\"=\"\"=HYPERLINK(\"\"\"\"x\"\"\"\")\"\"\"");
    assert_eq!(field("@甲"), "\"=\"\"@甲\"\"\"");
    assert_eq!((field("-1,234.50"), field("-3.2%"), field("-")), ("-1,234.50".into(), "-3.2%".into(), "-".into()));
    assert_eq!(
        line([Cow::Borrowed("a"), Cow::Borrowed(""), Cow::Borrowed("91379905MA3C7H2K4U")].into_iter()),
        "a\t\t91379905MA3C7H2K4U"
    );
}

#[test]
fn a_code_of_digits_keeps_its_eighteen_digits_in_a_spreadsheet() {
    assert_eq!(code("913799052649035101"), "=\"913799052649035101\"");
    assert_eq!(code("91379905MA3C7H2K4U"), "91379905MA3C7H2K4U", "letters keep it text by themselves");
    assert_eq!(code("2026"), "2026", "a short number loses nothing");
}

/// Any event, also ones that name rows and columns that are not there.
fn events() -> impl Strategy<Value = GridEvent<u64>> {
    let row = || (0usize..40, 0u64..40).prop_map(|(row, id)| Place { row, id });
    let step = prop_oneof![
        Just(Step::Up),
        Just(Step::Down),
        Just(Step::PageUp),
        Just(Step::PageDown),
        Just(Step::First),
        Just(Step::Last)
    ];
    let key = || prop_oneof![Just("name"), Just("code"), Just("sales"), Just("gone")].prop_map(str::to_owned);
    prop_oneof![
        (any::<usize>(), 0usize..50).prop_map(|(top, page)| GridEvent::ScrolledTo { top, page }),
        any::<usize>().prop_map(|left| GridEvent::ScrolledSideways { left }),
        (row(), any::<bool>(), any::<bool>(), 0usize..30)
            .prop_map(|(place, extend, toggle, page)| GridEvent::Pressed { place, extend, toggle, page }),
        (row(), any::<bool>()).prop_map(|(place, extend)| GridEvent::Checked { place, extend }),
        any::<bool>().prop_map(|on| GridEvent::CheckedAll { on }),
        (step, any::<bool>(), 0usize..30).prop_map(|(step, extend, page)| GridEvent::Stepped { step, extend, page }),
        Just(GridEvent::CheckedCurrent),
        Just(GridEvent::Cleared),
        row().prop_map(GridEvent::Opened),
        Just(GridEvent::OpenedCurrent),
        (key(), any::<Option<bool>>()).prop_map(|(column, descending)| GridEvent::Sorted { column, descending }),
        (key(), any::<f32>()).prop_map(|(column, width)| GridEvent::Resized { column, width }),
        (key(), proptest::option::of(key())).prop_map(|(column, before)| GridEvent::Reordered { column, before }),
        (key(), any::<bool>()).prop_map(|(column, hide)| GridEvent::Hid { column, hide }),
        Just(GridEvent::ResetColumns),
        row().prop_map(|place| GridEvent::Menu { place, at: Point::ORIGIN }),
    ]
}

/// A grid event, or the list of rows changing under it.
#[derive(Debug, Clone)]
enum Happening {
    Event(GridEvent<u64>),
    Rows(Vec<u64>),
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let rows = proptest::sample::subsequence((0u64..40).collect::<Vec<_>>(), 0..40).prop_shuffle();
    proptest::collection::vec(
        prop_oneof![5 => events().prop_map(Happening::Event), 1 => rows.prop_map(Happening::Rows)],
        0..60,
    )
}

proptest! {
    #[test]
    fn whatever_happens_the_selection_is_of_rows_that_are_there(happenings in happenings(), width in 0.0f32..1200.0, height in 0.0f32..900.0) {
        let columns = columns();
        let mut ids: Vec<u64> = (0..30).collect();
        let mut state = GridState::default();
        for happening in happenings {
            match happening {
                Happening::Event(event) => {
                    state.update(event, &columns, &ids);
                }
                Happening::Rows(rows) => {
                    ids = rows;
                    state.rows_changed(&ids);
                }
            }
            prop_assert!(state.selected().iter().all(|id| ids.contains(id)));
            prop_assert!(state.current().is_none_or(|id| ids.contains(&id)));
            prop_assert!(state.top() <= ids.len().saturating_sub(1));
            let grid = Grid::new(&Theme::LIGHT, &state, &columns, &ids, |_, _| Cell::Empty, |event| event);
            let g = grid.geometry(Rectangle { x: 0.0, y: 0.0, width, height });
            prop_assert!(g.top + g.shown <= ids.len());
            prop_assert!(g.slots.iter().all(|s| s.x + s.width <= width + 1.0));
        }
    }
}
