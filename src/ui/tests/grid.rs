//! A person at a grid, with the mouse and with the keyboard.

use iced::advanced::mouse::ScrollDelta;

use super::*;
use crate::ui::grid::{Cell, Column, Grid, GridEvent, GridState, Place, Step};

fn grid_view<'a>(state: &'a GridState<u64>, columns: &'a [Column], ids: &'a [u64]) -> Element<'a, GridEvent<u64>> {
    let cell = |place: Place<u64>, column: &Column| match column.key.as_ref() {
        "name" => Cell::text(format!("企业 {}", place.id)),
        "go" => Cell::Go { word: "审核".into(), key: "Enter" },
        "choice" => Cell::Choice { options: vec!["同一家".into(), "新建".into()], chosen: None },
        _ => Cell::text(format!("{}.00", place.id)),
    };
    root(Grid::new(&Theme::LIGHT, state, columns, ids, cell, |event| event))
}

fn grid_columns() -> Vec<Column> {
    vec![
        Column::check(),
        Column::name("name", "企业名称"),
        Column::number("sales", "销售收入", 120.0),
        Column::text("choice", "处理", 160.0).unsortable(),
        Column::go("go", 120.0),
    ]
}

#[test]
fn a_person_works_through_a_grid_with_the_mouse() {
    let (columns, ids, mut state) = (grid_columns(), (100..600).collect::<Vec<u64>>(), GridState::default());
    let mut desk = Desk::new(800.0, 400.0);
    let place = |row: usize| Place { row, id: ids[row] };
    let page = 11;
    assert_eq!(
        desk.click(|| grid_view(&state, &columns, &ids), "企业 102"),
        [GridEvent::Pressed { place: place(2), extend: false, toggle: false, page }]
    );
    let again = desk.act(grid_view(&state, &columns, &ids), &[pressed(Button::Left), released(Button::Left)]);
    assert_eq!(again, [GridEvent::Opened(place(2))], "a second click at once opens");
    let down = Event::Mouse(mouse::Event::WheelScrolled { delta: ScrollDelta::Lines { x: 0.0, y: -1.0 } });
    let scrolled = desk.act(grid_view(&state, &columns, &ids), &[down]);
    assert_eq!(scrolled, [GridEvent::ScrolledTo { top: 3, page }]);
    for event in scrolled {
        state.update(event, &columns, &ids);
    }
    let at = desk.find(grid_view(&state, &columns, &ids), "企业 105");
    desk.at = Some(Point::new(18.0, at.center_y()));
    let click = [moved(desk.at), pressed(Button::Left), released(Button::Left)];
    assert_eq!(
        desk.act(grid_view(&state, &columns, &ids), &click),
        [GridEvent::Checked { place: place(5), extend: false }]
    );
    desk.at = Some(Point::new(18.0, 20.0));
    assert_eq!(desk.act(grid_view(&state, &columns, &ids), &click), [GridEvent::CheckedAll { on: true }]);
    assert_eq!(
        desk.click(|| grid_view(&state, &columns, &ids), "销售收入"),
        [GridEvent::Sorted { column: "sales".into(), descending: None }]
    );
    desk.at = Some(Point::new(770.0, at.center_y()));
    assert_eq!(
        desk.act(grid_view(&state, &columns, &ids), &click),
        [GridEvent::Opened(place(5))],
        "what Enter does can be clicked"
    );
    let choice = desk.find(grid_view(&state, &columns, &ids), "处理");
    desk.at = Some(Point::new(choice.x + 90.0, at.center_y()));
    let chose = GridEvent::Chose { place: place(5), column: "choice".into(), option: 1 };
    assert_eq!(desk.act(grid_view(&state, &columns, &ids), &click), [chose]);
    desk.at = Some(Point::new(100.0, at.center_y()));
    let menu = desk.act(grid_view(&state, &columns, &ids), &[moved(desk.at), pressed(Button::Right)]);
    assert_eq!(menu, [GridEvent::Menu { place: place(5), at: desk.at.unwrap() }]);
}

#[test]
fn modifiers_and_keys_of_a_grid_become_its_events() {
    let (columns, ids, mut state) = (grid_columns(), (0..50).collect::<Vec<u64>>(), GridState::default());
    let mut desk = Desk::new(800.0, 400.0);
    let press = desk.click(|| grid_view(&state, &columns, &ids), "企业 1");
    for event in press {
        state.update(event, &columns, &ids);
    }
    let hold = |modifiers| Event::Keyboard(keyboard::Event::ModifiersChanged(modifiers));
    desk.at = Some(desk.find(grid_view(&state, &columns, &ids), "企业 4").center());
    let shift = [hold(Modifiers::SHIFT), moved(desk.at), pressed(Button::Left), hold(Modifiers::empty())];
    for event in desk.act(grid_view(&state, &columns, &ids), &shift) {
        state.update(event, &columns, &ids);
    }
    assert_eq!(state.selected().len(), 4);
    let copied = desk.act(grid_view(&state, &columns, &ids), &[ctrl("c")]);
    let [GridEvent::Copied { text, rows: 4, complete: true }] = copied.as_slice() else { panic!("{copied:?}") };
    assert!(text.starts_with("企业名称\t销售收入\t处理\t\n企业 1\t1.00\t\t\n企业 2\t2.00"), "{text}");
    let page = 11;
    let events =
        [key(Named::End), key(Named::PageUp), key(Named::Space), ctrl("a"), key(Named::Enter), key(Named::Escape)];
    let step = |step| GridEvent::Stepped { step, extend: false, page };
    assert_eq!(
        desk.act(grid_view(&state, &columns, &ids), &events),
        [
            step(Step::Last),
            step(Step::PageUp),
            GridEvent::CheckedCurrent,
            GridEvent::CheckedAll { on: true },
            GridEvent::OpenedCurrent,
            GridEvent::Cleared
        ]
    );
    let alt = key_with(Key::Named(Named::ArrowLeft), Modifiers::ALT, None);
    assert!(desk.act(grid_view(&state, &columns, &ids), &[alt]).is_empty(), "Alt+← is the window's");
}

#[test]
fn columns_are_dragged_wider_elsewhere_and_hidden() {
    let (columns, ids, state) = (grid_columns(), (0..5).collect::<Vec<u64>>(), GridState::default());
    let view = || grid_view(&state, &columns, &ids);
    let mut desk = Desk::new(800.0, 400.0);
    let sales = desk.find(view(), "销售收入");
    let border = Point::new(sales.x + sales.width, sales.center_y());
    desk.at = Some(border);
    desk.act(view(), &[moved(desk.at), pressed(Button::Left)]);
    desk.at = Some(Point::new(border.x + 30.0, border.y));
    let wider = desk.act(view(), &[moved(desk.at), released(Button::Left)]);
    assert_eq!(wider, [GridEvent::Resized { column: "sales".into(), width: 150.0 }]);

    desk.at = Some(sales.center());
    desk.act(view(), &[moved(desk.at), pressed(Button::Left)]);
    desk.at = Some(Point::new(sales.x + sales.width + 140.0, sales.center_y()));
    let dropped = desk.act(view(), &[moved(desk.at), released(Button::Left)]);
    assert_eq!(dropped, [GridEvent::Reordered { column: "sales".into(), before: Some("go".into()) }]);

    desk.at = Some(sales.center());
    assert!(desk.act(view(), &[moved(desk.at), pressed(Button::Right), released(Button::Right)]).is_empty());
    assert_eq!(desk.click(view, "隐藏这一列"), [GridEvent::Hid { column: "sales".into(), hide: true }]);
}
