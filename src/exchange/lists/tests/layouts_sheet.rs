//! Layouts of lists published as workbooks, new and old.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::super::{CellNote, FileKind, GroupKind, Meaning, Passed};
use super::biff::{Biff, compound, place, strings, wide, workbook};
use super::{firm, groups, groups_of, list, lists, read, texts, xlsx, xlsx_of};

#[test]
fn titles_units_two_level_headers_groups_totals_and_notes() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let f = Format::new();
    sheet.write(0, 0, "附件1").unwrap();
    sheet.merge_range(1, 0, 1, 5, "山东省2020年第一批", &f).unwrap();
    sheet.merge_range(2, 0, 2, 5, "高新技术企业备案名单（共3家）", &f).unwrap();
    sheet.write(3, 0, "填报单位：青澜区科学技术局").unwrap();
    sheet.write(3, 5, "单位：万元").unwrap();
    sheet.merge_range(4, 0, 5, 0, "序号", &f).unwrap();
    sheet.merge_range(4, 1, 5, 1, "企业名称", &f).unwrap();
    sheet.merge_range(4, 2, 4, 3, "销售收入\n（万元）", &f).unwrap();
    sheet.write(5, 2, 2022).unwrap();
    sheet.write(5, 3, 2023).unwrap();
    sheet.merge_range(4, 4, 5, 4, "证书编号", &f).unwrap();
    sheet.merge_range(4, 5, 5, 5, "备注", &f).unwrap();
    sheet.merge_range(6, 0, 6, 5, "一、青澜区（2家）", &f).unwrap();
    for (n, row) in [7u32, 8, 10].into_iter().enumerate() {
        sheet.write(row, 0, n as u32 + 1).unwrap();
        sheet.write(row, 1, firm(n)).unwrap();
        sheet.write(row, 2, 1200.5).unwrap();
        sheet.write(row, 4, format!("GR20203700000{n}")).unwrap();
    }
    sheet.merge_range(9, 0, 9, 5, "二、青湖县（1家）", &f).unwrap();
    sheet.write(11, 0, "合　计").unwrap();
    sheet.write(11, 2, 3601.5).unwrap();
    sheet.write(13, 0, "注：以上企业排名不分先后。").unwrap();
    let list = list("名单.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(list.title, "山东省2020年第一批高新技术企业备案名单（共3家）");
    assert_eq!(
        list.columns.iter().map(|c| c.header.as_str()).collect::<Vec<_>>(),
        ["序号", "企业名称", "销售收入 （万元）/2022", "销售收入 （万元）/2023", "证书编号", "备注"]
    );
    assert_eq!(list.columns[3].meaning, Some(Meaning::Revenue));
    assert_eq!(texts(&list, Meaning::Name), [firm(0), firm(1), firm(2)]);
    assert_eq!(groups(&list), [("青澜区", 1, Some(2), 2), ("青湖县", 1, Some(1), 1)]);
    assert_eq!((list.first_row, list.last_row, list.source_rows), (1, 14, 14));
    let passed: Vec<Passed> = list.passed_over.iter().map(|p| p.why).collect();
    use Passed::{Blank, Group, Header, Note, Title, Total};
    assert_eq!(passed, [Title, Title, Title, Title, Header, Header, Group, Group, Total, Blank, Note]);
    assert_eq!((list.hints.year, list.hints.batch, list.hints.declared_total), (Some(2020), Some(1), Some(3)));
}

#[test]
fn blocks_side_by_side_are_read_one_after_the_other() {
    let f: Vec<String> = (0..5).map(firm).collect();
    let bytes = xlsx(&[
        &["2020年青澜区高新技术企业名单"],
        &["序号", "企业名称", "证书编号", "", "序号", "企业名称", "证书编号"],
        &["1", &f[0], "GR202037000001", "", "4", &f[3], "GR202037000004"],
        &["2", &f[1], "GR202037000002", "", "5", &f[4], "GR202037000005"],
        &["3", &f[2], "GR202037000003"],
        &["注：排名不分先后"],
    ]);
    let list = list("名单.xlsx", &bytes);
    assert_eq!(list.blocks, 2);
    assert_eq!(texts(&list, Meaning::Name), f);
    assert_eq!(
        list.rows.iter().map(|r| (r.at, r.serial)).collect::<Vec<_>>(),
        [(3, Some(1)), (4, Some(2)), (5, Some(3)), (3, Some(4)), (4, Some(5))]
    );
    assert_eq!(list.source_rows, 6);
}

#[test]
fn blocks_side_by_side_with_a_header_on_each_page_and_groups_inside() {
    let f: Vec<String> = (0..6).map(firm).collect();
    let header: &[&str] = &["序号", "企业名称", "序号", "企业名称"];
    let bytes = xlsx(&[header, &["1", &f[0], "3", &f[2]], header, &["2", &f[1], "4", &f[3]]]);
    assert_eq!(texts(&list("a.xlsx", &bytes), Meaning::Name), [&f[0], &f[1], &f[2], &f[3]]);
    let bytes = xlsx(&[
        header,
        &["一、青澜区（3家）", "", "3", &f[2]],
        &["1", &f[0], "二、青湖县（1家）"],
        &["2", &f[1], "1", &f[3]],
    ]);
    let list = list("b.xlsx", &bytes);
    assert_eq!(groups(&list), [("青澜区", 1, Some(3), 3), ("青湖县", 1, Some(1), 1)]);
    assert_eq!(groups_of(&list, 2), ["青澜区"]);
}

#[test]
fn cells_are_read_as_a_person_sees_them() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let headers =
        ["序号", "企业（单位）名称", "统一社会信用代码", "入库登记编号", "发证日期", "编码格式", "得分", "说明"];
    for (c, header) in headers.iter().enumerate() {
        sheet.write(0, c as u16, *header).unwrap();
    }
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    sheet.write(1, 0, 1).unwrap();
    sheet.write(1, 1, "青澜恒砚\n新材料\u{3000}有限公司\u{200B} ").unwrap();
    sheet.write(1, 2, "'91379905MA3UQ2K70X").unwrap();
    sheet.write(1, 3, 4_111_010_001.0).unwrap();
    sheet.write_with_format(1, 4, ExcelDateTime::from_ymd(2020, 12, 8).unwrap(), &date).unwrap();
    sheet.write_with_format(1, 5, 37, &Format::new().set_num_format("000000")).unwrap();
    sheet.write(1, 6, 0.1 + 0.2).unwrap();
    sheet.write(1, 7, Formula::new("A1&\"x\"").set_result("序号x")).unwrap();
    sheet.write(2, 0, 2).unwrap();
    sheet.write(2, 1, "青澜云麓生物科技有限公司").unwrap();
    sheet.write(2, 2, 913_799_050_000_000_000.0).unwrap();
    sheet.write(2, 7, "9.13799E+17").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let list = list("名单.xlsx", &bytes);
    let row = |r: usize| list.rows[r].cells.iter().map(|c| &*c.text).collect::<Vec<_>>();
    assert_eq!(
        row(0),
        ["1", "青澜恒砚 新材料 有限公司", "91379905MA3UQ2K70X", "4111010001", "2020-12-08", "000037", "0.3", "序号x"]
    );
    assert_eq!(row(1)[2], "913799050000000000");
    assert_eq!(list.rows[1].cells[2].note, Some(CellNote::LostDigits));
    assert_eq!(list.rows[1].cells[7].note, Some(CellNote::LostDigits));
}

#[test]
fn workbooks_of_other_programs_are_read_too() {
    let sheet = "<x:worksheet><x:cols><x:col min=\"3\" max=\"3\" hidden=\"1\"></x:col></x:cols><x:sheetData>\
        <x:row><x:c t='s'><x:v>0</x:v></x:c><x:c t=\"s\"><x:v>1</x:v></x:c><x:c t=\"str\"><x:v>备注</x:v></x:c></x:row>\
        <x:row><x:c/><x:c t=\"inlineStr\"><x:is><x:r><x:t>青澜恒砚</x:t></x:r><x:r><x:t>新材料&amp;_x000D_&#10;有限公司</x:t></x:r>\
        <x:rPh><x:t>qing</x:t></x:rPh></x:is></x:c></x:row>\
        <x:row r=\"9\" hidden='true'><x:c r=\"C9\" t=\"e\"><x:v>#N/A</x:v></x:c><x:c r=\"B9\" t=\"s\"><x:v> 2 </x:v></x:c></x:row>\
        <x:row r=\"4\"><x:c r=\"A4\"><x:v>7.0</x:v></x:c><x:c r=\"B4\" t=\"s\"><x:v>3</x:v></x:c><x:c r=\"ZZZZ4\"><x:v>1</x:v></x:c></x:row>\
        </x:sheetData></x:worksheet>";
    let strings = "<sst><si><t>序号</t></si><si><t>企业名称</t></si><si><r><t>青澜云麓</t></r><r><t>科技有限公司</t></r>\
        <rPh><t>yun</t></rPh></si><si><t><![CDATA[青澜启瑞科技有限公司]]></t></si><si/></sst>";
    let list = list("名单.xlsx", &xlsx_of(sheet.as_bytes(), strings.as_bytes(), b"<styleSheet/>"));
    assert_eq!(
        texts(&list, Meaning::Name),
        ["青澜恒砚新材料& 有限公司", "青澜启瑞科技有限公司", "青澜云麓科技有限公司"]
    );
    assert_eq!(
        list.rows.iter().map(|r| (r.at, r.serial, r.hidden)).collect::<Vec<_>>(),
        [(2, None, false), (4, Some(7), false), (9, None, true)]
    );
    assert!(list.columns[2].hidden);
    assert_eq!(&*list.rows[2].cells[2].text, "#N/A");
}

#[test]
fn hidden_rows_columns_and_sheets_are_read_and_marked() {
    let mut book = Workbook::new();
    for (name, hidden) in [("名单", false), ("旧名单", true)] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.set_hidden(hidden);
        for (c, header) in ["序号", "企业名称", "联系电话"].iter().enumerate() {
            sheet.write(0, c as u16, *header).unwrap();
        }
        for n in 0..3u32 {
            sheet.write(n + 1, 0, n + 1).unwrap();
            sheet.write(n + 1, 1, firm(n as usize)).unwrap();
            sheet.write(n + 1, 2, "0635-1234567").unwrap();
        }
        sheet.set_row_hidden(2).unwrap();
        sheet.set_column_hidden(2).unwrap();
    }
    let sheet = book.add_worksheet().set_name("填表说明").unwrap();
    sheet.write(0, 0, "一、企业名称须与营业执照一致。").unwrap();
    sheet.write(1, 0, "二、本表由青澜区科学技术局负责解释。").unwrap();
    let found = lists("名单.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(
        found.iter().map(|t| (t.sheet.as_deref(), t.hidden)).collect::<Vec<_>>(),
        [(Some("名单"), false), (Some("旧名单"), true)]
    );
    assert_eq!(found[0].title, "名单", "the file's name, the sheet's being too short for a title");
    assert_eq!(found[0].rows.iter().map(|r| r.hidden).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(found[0].columns.iter().map(|c| c.hidden).collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn merged_areas_are_filled_down_and_merged_double_rows_count_once() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let f = Format::new();
    for (c, header) in ["区县", "企业名称", "产品"].iter().enumerate() {
        sheet.write(0, c as u16, *header).unwrap();
    }
    sheet.merge_range(1, 0, 3, 0, "青澜区（2家）", &f).unwrap();
    sheet.merge_range(1, 1, 2, 1, &firm(0), &f).unwrap();
    sheet.merge_range(1, 2, 2, 2, "轴承", &f).unwrap();
    sheet.write(3, 1, firm(1)).unwrap();
    sheet.write(4, 0, "青湖县（1家）").unwrap();
    sheet.write(4, 1, firm(2)).unwrap();
    let list = list("名单.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(texts(&list, Meaning::Name), [firm(0), firm(1), firm(2)]);
    assert_eq!(texts(&list, Meaning::Area), ["青澜区", "青澜区", "青湖县"]);
    assert_eq!(groups(&list), [("青澜区", 1, Some(2), 2), ("青湖县", 1, Some(1), 1)]);
    assert_eq!(list.groups[0].kind, GroupKind::Column);
    assert_eq!(list.rows[1].cells[0].note, Some(CellNote::MergedDown));
}

#[test]
fn a_number_column_called_编号_is_no_certificate() {
    let rows = |numbers: [&'static str; 3]| {
        let f: Vec<String> = (0..3).map(firm).collect();
        let rows: Vec<Vec<String>> = numbers
            .iter()
            .zip(f)
            .map(|(n, f)| vec![(*n).to_owned(), f, "振兴街道".to_owned(), "91379905MA3UQ2K70X".to_owned()])
            .collect();
        let mut all: Vec<Vec<String>> = vec![["编号", "名称", "位置", "代码"].map(str::to_owned).to_vec()];
        all.extend(rows);
        let borrowed: Vec<Vec<&str>> = all.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
        let slices: Vec<&[&str]> = borrowed.iter().map(Vec::as_slice).collect();
        list("名单.xlsx", &xlsx(&slices))
    };
    let meanings = |t: &super::FoundTable| t.columns.iter().map(|c| c.meaning).collect::<Vec<_>>();
    use Meaning::{CertificateNumber, Code, Name, Serial, Township};
    let running = rows(["1", "2", "3"]);
    assert_eq!(meanings(&running), [Some(Serial), Some(Name), Some(Township), Some(Code)]);
    assert_eq!(running.columns.iter().map(|c| c.guessed).collect::<Vec<_>>(), [true, true, true, false]);
    assert_eq!(running.rows[2].serial, Some(3));
    let numbers = rows(["GR202037000001", "GR202037000007", "GR202037000003"]);
    assert_eq!(meanings(&numbers)[0], Some(CertificateNumber));
    assert_eq!(numbers.rows[2].serial, None);
}

#[test]
fn the_officer_can_say_what_a_column_means() {
    let bytes = xlsx(&[
        &["序号", "企业名称", "曾用名"],
        &["1", "青澜恒砚新材料有限公司", "青澜砚材有限公司"],
        &["2", "青澜云麓生物科技有限公司", ""],
    ]);
    let mut list = list("名单.xlsx", &bytes);
    assert_eq!(list.columns[2].meaning, None);
    list.set_meaning(2, Some(Meaning::Name));
    assert_eq!((list.columns[1].meaning, list.columns[2].meaning), (None, Some(Meaning::Name)));
    list.set_meaning(0, None);
    assert_eq!(list.rows[0].serial, None);
    list.set_meaning(0, Some(Meaning::Serial));
    assert_eq!(list.rows[1].serial, Some(2));
    list.set_meaning(99, Some(Meaning::Code));
    assert!(Meaning::all().iter().all(|m| !m.label().is_empty()));
}

#[test]
fn two_lists_on_one_sheet_and_a_title_on_every_page() {
    let header: &[&str] = &["序号", "企业名称", "证书编号"];
    let row = |n: &'static str, firm: &'static str| -> [&'static str; 3] { [n, firm, "GR202037000001"] };
    let (a, b, c) = (row("1", "青澜甲科技有限公司"), row("2", "青澜乙科技有限公司"), row("3", "青澜丙科技有限公司"));
    let paged = xlsx(&[&["青澜区高企名单"], header, &a, &["青澜区高企名单（续）"], header, &b, &[], header, &c]);
    let list = list("名单.xlsx", &paged);
    assert_eq!(list.rows.len(), 3);
    let why: Vec<Passed> = list.passed_over.iter().map(|p| p.why).collect();
    use Passed::{Blank, Header, RepeatedHeader, Title};
    assert_eq!(why, [Title, Header, Title, RepeatedHeader, Blank, RepeatedHeader]);
    let two = xlsx(&[
        &["青澜区高企名单"],
        header,
        &a,
        &b,
        &["注：完"],
        &["青澜区科小名单"],
        &["序号", "企业名称", "入库登记编号", "得分"],
        &c,
    ]);
    let found = lists("名单.xlsx", &two);
    assert_eq!(
        found.iter().map(|t| (t.title.as_str(), t.rows.len())).collect::<Vec<_>>(),
        [("青澜区高企名单", 2), ("青澜区科小名单", 1)]
    );
    let two = xlsx(&[&["青澜区高企名单"], header, &a, &["附件2 青澜区取消高企名单"], header, &b]);
    assert_eq!(lists("名单.xlsx", &two).len(), 2);
}

/// A list in the old format: long shared strings over two records, packed numbers, dates, formulas, hidden rows, merges.
fn old_workbook() -> Vec<u8> {
    let texts = [
        "序号",
        "企业名称",
        "代码编号",
        "发证日期",
        "青澜区（2家）",
        "青澜恒砚新材料有限公司",
        "青澜云麓生物科技有限公司",
    ];
    let mut data = [(texts.len() as u32).to_le_bytes(), (texts.len() as u32).to_le_bytes()].concat();
    for text in texts {
        data.extend(wide(text, 2));
    }
    // Broken in the middle of the last name; the next record repeats how wide characters are.
    let cut = data.len() - 8;
    let rest = [&[1u8][..], &data[cut..]].concat();
    let format = [&164u16.to_le_bytes()[..], &wide("yyyy\"年\"m\"月\"d\"日\"", 2)].concat();
    let style = |format: u16| [&[0u8, 0][..], &format.to_le_bytes(), &[0; 16]].concat();
    let globals = |book: Biff| {
        book.record(0x041E, &format)
            .record(0x00E0, &style(0))
            .record(0x00E0, &style(164))
            .record(0x00FC, &data[..cut])
            .record(0x003C, &rest)
    };
    let rk = |value: i32| ((value << 2) | 2) as u32;
    let hidden_row = [&3u16.to_le_bytes()[..], &[0; 10], &0x20u16.to_le_bytes(), &[0; 2]].concat();
    let merge =
        [&1u16.to_le_bytes()[..], &1u16.to_le_bytes(), &1u16.to_le_bytes(), &0u16.to_le_bytes(), &3u16.to_le_bytes()]
            .concat();
    let many = [&place(2, 0, 0)[..4], &0u16.to_le_bytes(), &rk(1).to_le_bytes(), &0u16.to_le_bytes()].concat();
    let formula = [&place(3, 1, 0)[..], &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF], &[0; 8]].concat();
    let sheet = Biff::default()
        .begin(0x0600, 0x0010)
        .record(0x0208, &hidden_row)
        .label(0, 0, 0)
        .label(0, 1, 1)
        .label(0, 2, 2)
        .label(0, 3, 3)
        .label(1, 0, 4)
        .record(0x00BD, &many)
        .label(2, 1, 5)
        .number(2, 2, 0, 4_111_010_001.0)
        .number(2, 3, 1, 44_173.0)
        .record(0x027E, &[&place(3, 0, 0)[..], &rk(2).to_le_bytes()].concat())
        .record(0x0006, &formula)
        .record(0x0207, &wide("青澜云麓生物科技有限公司", 2))
        .begin(0x0600, 0x0020)
        .label(9, 9, 0)
        .end()
        .number(3, 2, 0, 4_111_010_002.0)
        .record(0x00E5, &merge)
        .end();
    workbook(globals, &[("名单", false, sheet)])
}

#[test]
fn an_old_workbook_is_read_record_by_record() {
    let bytes = compound("Workbook", &old_workbook());
    assert_eq!(read("名单.xls", &bytes).unwrap().kind, FileKind::Xls);
    let list = list("名单.xls", &bytes);
    assert_eq!(texts(&list, Meaning::Name), ["青澜恒砚新材料有限公司", "青澜云麓生物科技有限公司"]);
    assert_eq!(texts(&list, Meaning::CertificateNumber), ["4111010001", "4111010002"]);
    assert_eq!(texts(&list, Meaning::Date), ["2020-12-08", ""]);
    assert_eq!(list.rows.iter().map(|r| (r.serial, r.hidden)).collect::<Vec<_>>(), [(Some(1), false), (Some(2), true)]);
    assert_eq!(groups(&list), [("青澜区", 1, Some(2), 2)]);
}

#[test]
fn a_workbook_of_excel_95_is_read_in_its_code_page() {
    let bytes_of = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    let label = |row: u16, col: u16, text: &str| {
        let text = bytes_of(text);
        [&place(row, col, 0)[..], &(text.len() as u16).to_le_bytes(), &text].concat()
    };
    let sheet = Biff::default()
        .begin(0x0500, 0x0010)
        .record(0x0204, &label(0, 0, "序号"))
        .record(0x0204, &label(0, 1, "企业名称"))
        .number(1, 0, 0, 1.0)
        .record(0x0204, &label(1, 1, "青澜恒砚新材料有限公司"))
        .end();
    let build = |at: usize| {
        let name = bytes_of("名单");
        let bound = [&(at as u32).to_le_bytes()[..], &[0, 0, name.len() as u8], &name].concat();
        Biff::default().begin(0x0500, 0x0005).record(0x0042, &936u16.to_le_bytes()).record(0x0085, &bound).end()
    };
    let mut stream = build(build(0).0.len()).0;
    stream.extend(sheet.0);
    let list = list("名单.xls", &compound("Book", &stream));
    assert_eq!(list.sheet.as_deref(), Some("名单"));
    assert_eq!(texts(&list, Meaning::Name), ["青澜恒砚新材料有限公司"]);
}

#[test]
fn both_workbook_readers_agree_with_calamine() {
    use calamine::{Data, Reader};
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for r in 0..50u32 {
        sheet.write(r, 0, r).unwrap();
        sheet.write(r, 2, firm(r as usize)).unwrap();
        sheet.write(r, 4, f64::from(r) * 1.5).unwrap();
        sheet.write(r, 5, r.is_multiple_of(2)).unwrap();
    }
    let new = book.save_to_buffer().unwrap();
    let old = compound(
        "Workbook",
        &workbook(
            strings(&["甲", "乙", ""]),
            &[(
                "一",
                false,
                Biff::default().begin(0x0600, 0x10).label(0, 0, 1).label(4, 2, 0).number(4, 3, 0, 2.25).end(),
            )],
        ),
    );
    let theirs = |range: calamine::Range<Data>| -> Vec<(u32, u32, String)> {
        let start = range.start().unwrap();
        let cells =
            range.used_cells().map(|(r, c, d)| (r as u32 + start.0, c as u32 + start.1, d.to_string().to_uppercase()));
        cells.collect()
    };
    let expected = [
        theirs(calamine::Xlsx::new(std::io::Cursor::new(&new)).unwrap().worksheet_range_at(0).unwrap().unwrap()),
        theirs(calamine::Xls::new(std::io::Cursor::new(&old)).unwrap().worksheet_range_at(0).unwrap().unwrap()),
    ];
    for (bytes, expected) in [new, old].iter().zip(expected) {
        let doc = read("x", bytes).unwrap();
        let rows = doc.tables().next().unwrap().rows.iter();
        let ours: Vec<(u32, u32, String)> = rows
            .flat_map(|row| row.cells.iter().map(|c| (row.at - 1, u32::from(c.col), c.text.to_uppercase())))
            .collect();
        assert_eq!(ours, expected);
    }
}
