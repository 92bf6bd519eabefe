//! What holds for any file and any layout.

use proptest::prelude::*;

use super::super::{Meaning, Passed, find, read_pasted};
use super::biff::{Biff, compound, strings, workbook};
use super::{assert_adds_up, assert_one_sentence, docx, firm, list, paragraph, read, table, texts, xlsx};

const NAMES: [&str; 6] = ["名单.docx", "名单.xlsx", "名单.xls", "名单.csv", "名单.et", "名单"];

/// A file may be refused, but only in a sentence; a file that is read can be searched, and its rows add up.
fn survives(name: &str, bytes: &[u8]) {
    match read(name, bytes) {
        Ok(doc) => find(&doc).iter().for_each(assert_adds_up),
        Err(problem) => assert_one_sentence(&problem),
    }
}

fn fixtures() -> [Vec<u8>; 4] {
    let rows: &[&[&str]] = &[
        &["名单"],
        &["序号", "企业名称", "证书编号"],
        &["一、青澜区（2家）"],
        &["1", "青澜恒砚新材料有限公司", "GR202037000001"],
        &["2", "青澜云麓生物科技有限公司", "GR202037000002"],
        &["合计", "2"],
    ];
    let sheet =
        Biff::default().begin(0x0600, 0x10).label(0, 0, 0).label(0, 1, 1).number(1, 0, 0, 1.0).label(1, 1, 2).end();
    let old = workbook(strings(&["序号", "企业名称", "青澜恒砚新材料有限公司"]), &[("一", false, sheet)]);
    let text = rows.iter().map(|row| row.join(",") + "\r\n").collect::<String>();
    [docx(&[paragraph("附件"), table(rows)].concat()), xlsx(rows), compound("Workbook", &old), text.into_bytes()]
}

/// One line of a made-up list.
#[derive(Debug, Clone)]
enum Line {
    Firm,
    Group,
    Blank,
    Header,
    Total,
}

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![8 => Just(Line::Firm), 1 => Just(Line::Group), 1 => Just(Line::Blank), 1 => Just(Line::Header), 1 => Just(Line::Total)]
}

/// The rows of a made-up list, and how many firms stand in it.
fn rows_of(order: &[usize], lines: &[Line]) -> (Vec<Vec<String>>, usize) {
    const HEADERS: [&str; 5] = ["序号", "企业名称", "统一社会信用代码", "所属地区", "证书编号"];
    let header: Vec<String> = order.iter().map(|i| HEADERS[*i].to_owned()).collect();
    let alone = |text: String| {
        let mut row = vec![String::new(); order.len()];
        row[0] = text;
        row
    };
    let mut rows = vec![alone("2020年青澜区高新技术企业名单".to_owned()), header.clone()];
    let mut firms = 0;
    for (n, line) in lines.iter().enumerate() {
        rows.push(match line {
            Line::Firm => {
                firms += 1;
                let cells = [
                    firms.to_string(),
                    firm(n),
                    format!("9137990{}MA3UQ2K7{:02}", n % 10, n % 100).replace('0', "1"),
                    "青澜区".to_owned(),
                    format!("GR2020370{n:05}"),
                ];
                order.iter().map(|i| cells[*i].clone()).collect()
            }
            Line::Group => alone(format!("{}、青湖县（{n}家）", ["一", "二", "三"][n % 3])),
            Line::Blank => vec![String::new(); order.len()],
            Line::Header => header.clone(),
            Line::Total => alone(format!("小计：{n}家")),
        });
    }
    (rows, firms)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600), magic in 0usize..6, name in 0usize..6) {
        let magics: [&[u8]; 6] = [b"", b"PK\x03\x04", b"PK\x05\x06", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"\xFF\xFE", b"<?xml "];
        survives(NAMES[name], &[magics[magic], &bytes].concat());
    }

    #[test]
    fn a_good_file_with_wrong_bytes_is_read_or_refused(which in 0usize..4, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut bytes = fixtures()[which].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        survives(NAMES[which], &bytes);
    }

    #[test]
    fn any_records_in_an_old_workbook_are_read_or_refused(records in prop::collection::vec((prop::sample::select(vec![0x00FDu16, 0x0203, 0x027E, 0x00BD, 0x0204, 0x00D6, 0x0006, 0x0207, 0x0205, 0x0208, 0x007D, 0x00E5, 0x0809, 0x000A, 0x003C]), prop::collection::vec(any::<u8>(), 0..40)), 0..30)) {
        let mut sheet = Biff::default().begin(0x0600, 0x10);
        for (kind, data) in &records {
            sheet = sheet.record(*kind, data);
        }
        let stream = workbook(|book| records.iter().fold(strings(&["甲"])(book), |book, (kind, data)| if *kind == 0x00FD { book.record(0x00FC, data) } else { book }), &[("一", false, sheet.end())]);
        survives("名单.xls", &compound("Workbook", &stream));
    }

    #[test]
    fn any_xml_in_a_document_is_read_or_refused(pieces in prop::collection::vec(prop::sample::select(vec!["<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>", "<w:p>", "</w:p>", "<w:t>", "</w:t>", "企业名称", "1", "青澜甲科技有限公司", "<w:vMerge/>", "<w:vMerge w:val=\"restart\"/>", "<w:gridSpan w:val=\"70000\"/>", "<w:trPr>", "</w:trPr>", "<w:gridBefore w:val=\"3\"/>", "<w:del>", "</w:del>", "<w:tc/>", "<w:br/>", "&amp;", "（3家）"]), 0..80)) {
        survives("名单.docx", &docx(&pieces.concat()));
    }

    #[test]
    fn any_text_can_be_pasted(text in "([企业名称序号编号，,;\\t\\n\"青澜区公司有限一、（）0-9合计注：]{0,60})") {
        match read_pasted(&text) {
            Ok(doc) => find(&doc).iter().for_each(assert_adds_up),
            Err(problem) => assert_one_sentence(&problem),
        }
    }

    #[test]
    fn every_row_that_was_made_is_found(order in Just(vec![0usize, 1, 2, 3, 4]).prop_shuffle(), lines in prop::collection::vec(line(), 1..60), word in any::<bool>()) {
        let (rows, firms) = rows_of(&order, &lines);
        prop_assume!(firms > 0);
        let borrowed: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let slices: Vec<&[&str]> = borrowed.iter().map(Vec::as_slice).collect();
        let list = if word { list("名单.docx", &docx(&table(&slices))) } else { list("名单.xlsx", &xlsx(&slices)) };
        prop_assert_eq!(list.rows.len(), firms);
        let expected: Vec<String> = lines.iter().enumerate().filter(|(_, l)| matches!(l, Line::Firm)).map(|(n, _)| firm(n)).collect();
        prop_assert_eq!(texts(&list, Meaning::Name), expected);
        prop_assert_eq!(list.rows.iter().filter_map(|r| r.serial).collect::<Vec<_>>(), (1..=firms as u32).collect::<Vec<_>>());
        // Blank rows at the end of a sheet are not in the file.
        let blanks_at_end = if word { 0 } else { rows.iter().rev().take_while(|row| row.iter().all(String::is_empty)).count() };
        prop_assert_eq!(list.source_rows as usize, rows.len() - blanks_at_end);
        let groups = lines.iter().filter(|l| matches!(l, Line::Group)).count();
        prop_assert_eq!(list.passed_over.iter().filter(|p| p.why == Passed::Group).count(), groups);
        prop_assert_eq!(list.groups.len(), groups);
    }
}
