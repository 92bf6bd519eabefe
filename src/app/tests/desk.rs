//! First run, signing in, the palette, the way back, undo: what the shell does whatever screen shows.

use iced::keyboard::key::Named;
use iced::{Point, Size};

use super::support::{Seat, example_seat, example_seat_of, new_seat};

#[test]
fn a_newcomer_fills_in_three_things_and_is_at_the_desk() {
    let mut seat = new_seat();
    seat.must_see("启用科报");
    seat.type_text("青澜区科学技术局");
    seat.key(Named::Enter);
    seat.type_text("周敏");
    seat.key(Named::Enter);
    seat.type_text("sui shi ke gai");
    seat.key(Named::Tab);
    seat.type_text("sui shi ke gai");
    seat.key(Named::Enter);
    seat.must_see("请收好恢复密钥");
    seat.key(Named::Enter);
    seat.must_see("请收好恢复密钥");
    seat.press_on("已收好，进入科报");
    seat.must_see("工作台");
    seat.must_see("周敏·经办人");
    seat.assert_whole();
}

#[test]
fn what_is_missing_at_first_run_is_said_beside_it_and_nothing_is_lost() {
    let mut seat = new_seat();
    seat.type_text("青澜区科学技术局");
    seat.press_on("启用");
    seat.must_see("请填写您的姓名。");
    seat.must_see("密码至少 8 位。");
    seat.must_see("青澜区科学技术局");
}

#[test]
fn the_example_can_be_looked_at_without_a_password() {
    let mut seat = new_seat();
    seat.press_on("先用示例数据看一看");
    seat.must_see("周敏·经办人");
    seat.must_see("示例数据");
}

#[test]
fn somebody_signs_out_and_another_signs_in() {
    let mut seat = example_seat();
    seat.press_on("周敏·经办人");
    seat.key(Named::End);
    seat.key(Named::Enter);
    seat.must_see("登录");
    seat.press_on("登录");
    seat.must_see("工作台");
}

#[test]
fn ctrl_k_finds_a_firm_by_its_initials_and_goes_there() {
    let mut seat = example_seat();
    let name = seat.db().ledger().firms().next().expect("a firm").name.to_string();
    let initials: String = crate::domain::pinyin::Reader::builtin()
        .tones(&name)
        .into_iter()
        .flatten()
        .filter_map(|tone| tone.chars().next())
        .collect();
    let plain: String = initials.chars().filter(char::is_ascii).collect();
    seat.ctrl("k");
    seat.type_text(&plain);
    seat.must_see(&name);
    seat.key(Named::Escape);
    assert!(!seat.sees("汉字、全拼、首字母、代码、证书号都能找"));
}

#[test]
fn the_row_of_a_menu_under_the_pointer_is_the_one_that_is_shown_marked_in_a_low_window_too() {
    let mut seat = example_seat_of(Size::new(1366.0, 768.0));
    seat.press_on("周敏·经办人");
    let row = seat.seen().into_iter().find(|seen| seen.words == "换人登录").expect("the last row").bounds;
    let colours = |seat: &mut Seat| -> Vec<[u8; 4]> {
        let picture = seat.picture().expect("a picture");
        let at = |y: f32| (y as usize * picture.width as usize + row.x as usize + 9) * 4;
        let steps = (2..row.height as usize - 2).map(|n| at(row.y + n as f32));
        steps.map(|at| picture.rgba[at..at + 4].try_into().expect("a pixel")).collect()
    };
    seat.point(Point::new(row.center_x(), row.y - 40.0));
    let plain = colours(&mut seat);
    seat.point(row.center());
    let marked = colours(&mut seat);
    assert!(marked.iter().all(|pixel| *pixel == marked[0]), "all of the row is marked");
    assert!(plain.iter().all(|pixel| *pixel == plain[0] && *pixel != marked[0]), "and nothing was before");
}
