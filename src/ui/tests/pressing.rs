//! Pressing: buttons, menus, chips, dialogs, and the way of the focus.

use iced::widget::{column, row};

use super::*;
use crate::ui::Icon;
use crate::ui::grid::{Cell, Column, Grid, GridEvent, GridState, Step};
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, checkbox, chip, dialog, input, menu, scroll, select};

#[test]
fn a_button_sends_once_by_mouse_by_enter_and_by_space_and_not_when_refused() {
    let view = || root(column![button::primary("写入").on_press(1), button::normal("导出").refused("先选企业")]);
    let mut desk = Desk::new(300.0, 200.0);
    assert_eq!(desk.click(view, "写入"), [1]);
    assert!(desk.click(view, "导出").is_empty());
    desk.at = None;
    assert_eq!(desk.act(view(), &[key(Named::Tab), key(Named::Enter), key(Named::Space)]), [1, 1]);
    let Event::Keyboard(keyboard::Event::KeyPressed {
        key, modified_key, physical_key, location, modifiers, text, ..
    }) = key(Named::Enter)
    else {
        unreachable!()
    };
    let held = Event::Keyboard(keyboard::Event::KeyPressed {
        key,
        modified_key,
        physical_key,
        location,
        modifiers,
        text,
        repeat: true,
    });
    assert!(desk.act(view(), &[held]).is_empty(), "a key held down presses once");
}

#[test]
fn buttons_can_be_tested_by_their_words_alone() {
    let mut ui = iced_test::Simulator::new(root(column![button::primary("写入 25 家").icon(Icon::Check).on_press(25)]));
    ui.click("写入 25 家").expect("the button is found by its words");
    assert_eq!(ui.into_messages().collect::<Vec<_>>(), [25]);
}

#[test]
fn a_press_that_leaves_the_button_is_taken_back() {
    let view = || root(column![button::primary("写入").on_press(1)]);
    let mut desk = Desk::new(300.0, 200.0);
    desk.at = Some(desk.find(view(), "写入").center());
    assert!(desk.act(view(), &[moved(desk.at), pressed(Button::Left)]).is_empty());
    desk.at = Some(Point::new(290.0, 190.0));
    assert!(desk.act(view(), &[moved(desk.at), released(Button::Left)]).is_empty());
}

#[test]
fn tab_goes_through_everything_that_can_be_operated_and_round_again() {
    let (state, columns, ids) = (GridState::<u64>::default(), [Column::name("name", "企业名称")], [7]);
    let view = || {
        let cell = |_, _: &Column| Cell::text("青澜");
        root(column![
            button::primary("甲").on_press("甲"),
            input::input("").on_input(|_| "输入").on_submit("乙"),
            button::normal("不能按").refused("原因"),
            checkbox::checkbox("丙", false, Some(|_| "丙")),
            Grid::new(&Theme::LIGHT, &state, &columns, &ids, cell, |event| match event {
                GridEvent::Stepped { step: Step::Down, .. } => "丁",
                _ => "别的",
            })
            .height(120),
        ])
    };
    let mut desk = Desk::new(400.0, 400.0);
    let tab = || key(Named::Tab);
    let use_it = || [key(Named::Enter), key(Named::ArrowDown)];
    let mut sent = Vec::new();
    for _ in 0..5 {
        desk.act(view(), &[tab()]);
        sent.push(desk.act(view(), &use_it()));
    }
    assert_eq!(sent, [vec!["甲"], vec!["乙"], vec!["丙"], vec!["丁"], vec!["甲"]]);
    let back = key_with(Key::Named(Named::Tab), Modifiers::SHIFT, None);
    desk.act(view(), &[back]);
    assert_eq!(desk.act(view(), &use_it()), ["丁"]);
}

#[test]
fn tab_scrolls_to_what_it_reaches() {
    let view = || {
        let many = (0..30).map(|n| button::normal(format!("第 {n} 个")).on_press(n).into());
        root(scroll::scroll(iced::widget::column(many).spacing(8)))
    };
    let mut desk = Desk::new(200.0, 200.0);
    for _ in 0..25 {
        desk.act(view(), &[key(Named::Tab)]);
    }
    // Were it not in sight, a click where it is would not reach it.
    desk.at = Some(Point::new(40.0, 170.0));
    let sent = desk.act(view(), &[moved(desk.at), pressed(Button::Left), released(Button::Left)]);
    assert!(sent.iter().all(|n| (20..26).contains(n)) && sent.len() == 1, "{sent:?}");
    assert_eq!(desk.act(view(), &[key(Named::Tab), key(Named::Enter)]).len(), 1);
}

#[test]
fn a_select_opens_chooses_by_mouse_and_by_keys_and_closes_without_choosing() {
    let items =
        || ["2024 年度", "2025 年度", "2026 年度"].into_iter().zip([2024, 2025, 2026]).map(|(w, y)| Item::new(y, w));
    let view = || root(column![select::select(items(), Some(2026)).on_choose(|year| year)]);
    let mut desk = Desk::new(400.0, 300.0);
    assert!(desk.click(view, "2026 年度").is_empty());
    assert_eq!(desk.click(view, "2024 年度"), [2024]);
    desk.at = None;
    let by_keys = [key(Named::ArrowDown), key(Named::ArrowUp), key(Named::Enter)];
    assert_eq!(desk.act(view(), &by_keys), [2025], "it opens on what is chosen");
    let given_up = [key(Named::Enter), key(Named::ArrowUp), key(Named::Escape), key(Named::ArrowUp)];
    assert!(desk.act(view(), &given_up).is_empty());
    desk.act(view(), &[key(Named::Enter)]);
    desk.at = Some(Point::new(390.0, 290.0));
    assert!(desk.act(view(), &[moved(desk.at), pressed(Button::Left)]).is_empty());
    assert!(desk.act(view(), &[key(Named::ArrowUp), key(Named::Enter)]).is_empty(), "it is closed");
}

#[test]
fn a_menu_passes_over_what_cannot_be_picked() {
    let items =
        || [Item::heading("这一件"), Item::new(1, "打印"), Item::new(2, "导出").disabled(true), Item::new(3, "删除…")];
    let view = || root(column![menu::menu(button::normal("更多").on_press(()), items(), |n| n)]);
    let mut desk = Desk::new(300.0, 300.0);
    desk.click(view, "更多");
    assert!(desk.click(view, "导出").is_empty());
    desk.at = None;
    assert_eq!(desk.act(view(), &[key(Named::ArrowDown), key(Named::Enter)]), [3]);
}

#[test]
fn under_a_dialog_the_page_sees_nothing_and_tab_stays_inside() {
    let view = |open: bool| {
        let page = column![button::normal("页上的").on_press("页"), input::input("").on_input(|_| "页上输入")];
        let above = open.then(|| {
            let buttons =
                [button::normal("取消").on_press("取消").into(), button::primary("导出").on_press("导出").into()];
            dialog::dialog("导出", iced::widget::text("写到 U 盘"), buttons, dialog::Width::Usual)
        });
        root(dialog::modal(page, above, Some("关闭")))
    };
    let mut desk = Desk::new(800.0, 600.0);
    desk.act(view(false), &[key(Named::Tab), key(Named::Tab)]);
    assert_eq!(desk.act(view(false), &[letter("a")]), ["页上输入"]);
    assert!(desk.act(view(true), &[letter("a")]).is_empty(), "typing does not reach the page");
    assert_eq!(desk.act(view(true), &[key(Named::Enter)]), ["导出"], "the primary button has the keyboard");
    assert_eq!(desk.act(view(true), &[key(Named::Tab), key(Named::Enter)]), ["取消"]);
    assert_eq!(desk.act(view(true), &[key(Named::Tab), key(Named::Enter)]), ["导出"], "round inside");
    assert_eq!(desk.act(view(true), &[key(Named::Escape)]), ["关闭"]);
    desk.at = Some(Point::new(5.0, 5.0));
    assert_eq!(desk.act(view(true), &[moved(desk.at), pressed(Button::Left), released(Button::Left)]), ["关闭"]);
}

#[test]
fn the_cross_of_a_chip_removes_and_the_chip_itself_changes() {
    let view = || root(row![chip::removable("标签：重点培育", Some("改"), "去掉")]);
    let mut desk = Desk::new(300.0, 60.0);
    assert_eq!(desk.click(view, "标签：重点培育"), ["改"]);
    assert_eq!(desk.click(view, Icon::X.glyph()), ["去掉"]);
}
