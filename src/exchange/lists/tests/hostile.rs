//! Files built to hurt, broken files and files of other sorts: each ends in one sentence, or is simply read.

use std::io::{Cursor, Write};
use std::ops::ControlFlow;

use rust_xlsxwriter::Workbook;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::{FileKind, Meaning, find, nothing_found, read_bytes, read_pasted};
use super::biff::{Biff, compound, place, strings, workbook};
use super::{assert_one_sentence, docx, docx_of, firm, list, lists, read, table, texts, xlsx, xlsx_of, zip_of};
use crate::domain::problem::{Kind, Problem};

fn refused(name: &str, bytes: &[u8]) -> Problem {
    let problem = read(name, bytes).expect_err(name);
    assert_one_sentence(&problem);
    problem
}

const SHEET: &str = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>";
const STRINGS: &str = "<sst><si><t>青澜</t></si></sst>";
const STYLES: &str = "<styleSheet><cellXfs><xf numFmtId=\"0\"/></cellXfs></styleSheet>";

#[test]
fn a_part_that_inflates_without_end_is_stopped() {
    let many = |piece: &str| piece.repeat((24 << 20) / piece.len()).into_bytes();
    let wrapped = |open: &str, piece: &str, close: &str| [open.as_bytes(), &many(piece), close.as_bytes()].concat();
    let files = [
        docx_of(&wrapped("<w:document><w:body>", "<w:p/>", "</w:body></w:document>")),
        docx_of(&wrapped(
            "<w:document><w:body><w:tbl><w:tr>",
            "<w:tc></w:tc>",
            "</w:tr></w:tbl></w:body></w:document>",
        )),
        xlsx_of(
            &wrapped("<worksheet><sheetData>", "<row/>", "</sheetData></worksheet>"),
            STRINGS.as_bytes(),
            STYLES.as_bytes(),
        ),
        xlsx_of(SHEET.as_bytes(), &wrapped("<sst>", "<si><t>a</t></si>", "</sst>"), STYLES.as_bytes()),
        xlsx_of(
            SHEET.as_bytes(),
            STRINGS.as_bytes(),
            &wrapped("<styleSheet><cellXfs>", "<xf/>", "</cellXfs></styleSheet>"),
        ),
        // One tag, one text, one comment of many megabytes.
        docx_of(&wrapped("<w:document a=\"", "a", "\"/>")),
        docx_of(&wrapped("<w:document>", "a", "</w:document>")),
        docx_of(&wrapped("<w:document><!--", "a", "--></w:document>")),
    ];
    for bytes in files {
        assert!(bytes.len() < 1 << 20);
        assert_eq!(refused("名单", &bytes).kind, Kind::Foreign);
    }
}

#[test]
fn texts_and_cells_beyond_any_list_are_refused() {
    let long = "青澜".repeat(50_000);
    for bytes in [
        docx(&table(&[&["企业名称", &long]])),
        xlsx_of(
            format!(
                "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>{long}</t></is></c></row></sheetData></worksheet>"
            )
            .as_bytes(),
            STRINGS.as_bytes(),
            STYLES.as_bytes(),
        ),
        xlsx_of(SHEET.as_bytes(), format!("<sst><si><t>{long}</t></si></sst>").as_bytes(), STYLES.as_bytes()),
    ] {
        assert!(refused("名单", &bytes).says.contains("一格"));
    }
    // A paragraph may be long; only its beginning is kept.
    assert!(read("公告.docx", &docx(&super::paragraph(&long))).is_ok());
}

#[test]
fn zips_that_lie_are_refused_or_read() {
    let good = docx(&table(&[&["企业名称", "证书编号"], &[&firm(0), "GR202037000001"]]));
    // The sizes in the directory and before the parts, all wrong in turn.
    for at in 0..good.len() - 4 {
        if at % 7 == 0 {
            let mut bytes = good.clone();
            bytes[at..at + 4].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0x7F]);
            if let Err(problem) = read("名单.docx", &bytes) {
                assert_one_sentence(&problem);
            }
        }
    }
    let mut many = ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..11_000 {
        many.start_file(format!("{n}"), SimpleFileOptions::default()).unwrap();
    }
    assert!(refused("名单.xlsx", &many.finish().unwrap().into_inner()).says.contains("过多"));
    // An end record that announces more entries than there is memory for.
    let mut huge = b"PK\x03\x04".to_vec();
    huge.extend([0; 30]);
    let at = huge.len() as u64;
    huge.extend(b"PK\x06\x06");
    huge.extend(44u64.to_le_bytes());
    huge.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for value in [1u64 << 40, 1 << 40, 46 << 40, 1 << 41] {
        huge.extend(value.to_le_bytes());
    }
    huge.extend(b"PK\x06\x07");
    huge.extend(0u32.to_le_bytes());
    huge.extend(at.to_le_bytes());
    huge.extend(1u32.to_le_bytes());
    huge.extend(b"PK\x05\x06");
    huge.extend([0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0]);
    refused("名单.xlsx", &huge);
}

#[test]
fn a_lone_cell_at_the_far_corner_costs_nothing() {
    let far = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData></worksheet>";
    let doc = read("名单.xlsx", &xlsx_of(far.as_bytes(), STRINGS.as_bytes(), STYLES.as_bytes())).unwrap();
    assert!(find(&doc).is_empty());
    assert_one_sentence(&nothing_found(&doc));
    // A list with such a cell is still a list.
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in [["企业名称", "证书编号"], ["青澜恒砚新材料有限公司", "GR202037000001"]].iter().enumerate()
    {
        sheet.write_row(r as u32, 0, *row).unwrap();
    }
    sheet.write(1_048_575, 16_383, "x").unwrap();
    let list = list("名单.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(texts(&list, Meaning::Name), [firm(0)]);
    assert_eq!(list.source_rows, 1_048_576);
    // In the old format, with a range announced as large as can be.
    let all = [&0u32.to_le_bytes()[..], &u32::MAX.to_le_bytes(), &0u16.to_le_bytes(), &u16::MAX.to_le_bytes(), &[0, 0]]
        .concat();
    let sheet = Biff::default()
        .begin(0x0600, 0x10)
        .record(0x0200, &all)
        .number(0, 0, 0, 1.0)
        .number(65_535, 255, 0, 2.0)
        .number(9, 65_535, 0, 2.0)
        .end();
    let doc = read("名单.xls", &compound("Workbook", &workbook(|b| b, &[("一", false, sheet)]))).unwrap();
    assert_eq!(doc.tables().next().unwrap().rows.len(), 2);
    assert!(find(&doc).is_empty());
}

#[test]
fn wide_and_sparse_sheets_do_not_become_dense() {
    let mut sheet = String::from("<worksheet><sheetData><row r=\"1\">");
    for text in ["企业名称", "证书编号"] {
        sheet.push_str(&format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"));
    }
    for n in 0..3_000 {
        sheet.push_str(&format!("<c t=\"inlineStr\"><is><t>备用{n}</t></is></c>"));
    }
    sheet.push_str("</row>");
    for n in 0..30_000 {
        sheet.push_str(&format!("<row><c t=\"inlineStr\"><is><t>青澜{n}有限公司</t></is></c><c><v>1</v></c></row>"));
    }
    sheet.push_str("</sheetData></worksheet>");
    let list = list("名单.xlsx", &xlsx_of(sheet.as_bytes(), STRINGS.as_bytes(), STYLES.as_bytes()));
    assert_eq!(list.rows.len(), 30_000);
    assert!(list.columns.len() <= 100 && list.columns_left_out > 0);
    assert_eq!(list.columns[0].meaning, Some(Meaning::Name));
}

#[test]
fn merges_without_end_are_refused() {
    let merged = |merges: &str, rows: u32| {
        let rows: String = (0..rows).map(|_| "<row><c><v>1</v></c></row>").collect();
        let sheet = format!("<worksheet><sheetData>{rows}</sheetData><mergeCells>{merges}</mergeCells></worksheet>");
        xlsx_of(sheet.as_bytes(), STRINGS.as_bytes(), STYLES.as_bytes())
    };
    assert!(
        read(
            "a.xlsx",
            &merged("<mergeCell ref=\"A1:XFD1048576\"/><mergeCell ref=\"A9:A1\"/><mergeCell ref=\"x\"/>", 100)
        )
        .is_ok()
    );
    let many: String = (0..2_000)
        .map(|n| format!("<mergeCell ref=\"A1:{}{}\"/>", if n % 2 == 0 { "A" } else { "B" }, 5_000 + n))
        .collect();
    assert!(refused("b.xlsx", &merged(&many, 5_000)).says.contains("合并"));
}

#[test]
fn passwords_are_named() {
    for bytes in [
        compound("EncryptedPackage", &[0; 5_000]),
        compound("Workbook", &Biff::default().begin(0x0600, 5).record(0x002F, &[1, 0, 1, 0]).end().0),
    ] {
        let problem = refused("名单.xlsx", &bytes);
        assert_eq!(problem.says, "这个文件有密码，打不开。");
        assert_eq!(problem.next.as_deref(), Some("请在 WPS 里去掉密码后另存一份再导入。"));
    }
    // A zip whose parts are marked as encrypted.
    let mut bytes = docx(&table(&[&["企业名称"]]));
    for at in 0..bytes.len() - 10 {
        match &bytes[at..at + 4] {
            b"PK\x03\x04" => bytes[at + 6] |= 1,
            b"PK\x01\x02" => bytes[at + 8] |= 1,
            _ => {}
        }
    }
    assert!(refused("名单.docx", &bytes).says.contains("密码"));
}

#[test]
fn files_of_other_sorts_say_what_they_are() {
    let zip = |name: &str| zip_of(&[(name, b"x")]);
    for (bytes, word) in [
        (b"<html><body><table><tr><td>\xc6\xf3\xd2\xb5</td></tr></table></body></html>".to_vec(), "网页"),
        (b"\xEF\xBB\xBF <meta charset=utf-8><table></table>".to_vec(), "网页"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related".to_vec(), "网页"),
        (b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>".to_vec(), "2003"),
        (
            b"<?xml version=\"1.0\"?><pkg:package xmlns:pkg=\"http://schemas.microsoft.com/office/2006/xmlPackage\"/>"
                .to_vec(),
            "XML",
        ),
        (b"<?xml version=\"1.0\"?><data/>".to_vec(), "XML"),
        (b"%PDF-1.7 ...".to_vec(), "PDF"),
        (b"\x89PNG\r\n\x1a\n....".to_vec(), "图片"),
        (b"\xFF\xD8\xFF\xE0....".to_vec(), "图片"),
        (b"Rar!\x1a\x07".to_vec(), "压缩包"),
        (b"{\\rtf1\\ansi}".to_vec(), "RTF"),
        (vec![0x09, 0x04, 0x06, 0x00, 0x00, 0x00, 0x10, 0x00], "很旧"),
        (compound("WordDocument", b"x"), "旧版 Word"),
        (compound("PowerPoint Document", b"x"), "演示文稿"),
        (compound("Contents", b"x"), "认不出"),
        (zip("xl/workbook.bin"), "xlsb"),
        (zip_of(&[("mimetype", b"x"), ("content.xml", b"x")]), "OpenDocument"),
        (zip("OFD.xml"), "OFD"),
        (zip("名单.xlsx"), "压缩包"),
        (zip_of(&[]), "空的压缩包"),
        (zip("word/styles.xml"), "损坏"),
        (vec![0, 1, 2, 3, 200, 201], "认不出"),
        ([b"\x81\x20\xFF\xFF".repeat(400), b"\n".to_vec()].concat(), "编码"),
    ] {
        let problem = refused("名单.xls", &bytes);
        assert!(problem.says.contains(word), "{word}: {problem:?}");
    }
    // A wrong name does not matter where the content can be read.
    assert_eq!(lists("名单.xlsx", &docx(&table(&[&["企业名称", "备注"], &[&firm(0), ""]]))).len(), 1);
    assert_eq!(lists("名单.xls", format!("企业名称,备注\n{},\n", firm(0)).as_bytes()).len(), 1);
    assert_eq!(lists("名单.csv", &xlsx(&[&["企业名称", "备注"], &[&firm(0), ""]])).len(), 1);
}

#[test]
fn broken_files_are_called_broken() {
    let book = compound(
        "Workbook",
        &workbook(
            strings(&["企业名称", "青澜恒砚新材料有限公司"]),
            &[("一", false, Biff::default().begin(0x0600, 0x10).label(0, 0, 0).label(1, 0, 1).end())],
        ),
    );
    let files = [docx(&table(&[&["企业名称"], &[&firm(0)]])), xlsx(&[&["企业名称"], &[&firm(0)]]), book];
    for bytes in files {
        assert!(read("名单", &bytes).is_ok());
        for part in 1..16 {
            match read("名单", &bytes[..bytes.len() * part / 16]) {
                // Nothing but filling at the end of an old workbook is missing.
                Ok(doc) => assert!(part > 12 && doc.kind == FileKind::Xls, "{part}/16"),
                Err(problem) => {
                    assert_one_sentence(&problem);
                    assert_eq!(problem.kind, Kind::Damaged, "{part}/16");
                }
            }
        }
    }
    for document in [
        "<w:document><w:body><w:p>",
        "<w:document",
        "<w:a><w:b></w:a>",
        "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY a \"b\">]><d/>",
    ] {
        assert_eq!(refused("名单.docx", &docx_of(document.as_bytes())).kind, Kind::Damaged, "{document}");
    }
    let deep = "<w:a>".repeat(100_000);
    assert_eq!(refused("名单.docx", &docx_of(deep.as_bytes())).kind, Kind::Damaged);
    let tables = "<w:tbl><w:tr><w:tc>".repeat(100);
    assert_eq!(refused("名单.docx", &docx_of(tables.as_bytes())).kind, Kind::Damaged);
    // Entities mean nothing, known ones apart; numbers beyond all characters neither.
    let doc = read("名单.docx", &docx(&super::paragraph("甲&lt;&lol;&#x110000;&#0;乙"))).unwrap();
    assert!(matches!(&doc.blocks[0], super::super::Block::Paragraph(p) if &*p.text == "甲<乙"));
    assert!(refused("名单.docx", &docx("")).says.contains("没有文字"));
    assert!(refused("名单.xlsx", &xlsx(&[])).says.contains("空的"));
}

#[test]
fn old_workbooks_that_lie_are_refused() {
    // Sheets that are all the same place count once.
    let sheet = Biff::default().begin(0x0600, 0x10).number(0, 0, 0, 1.0).end().0;
    let globals = |at: usize| {
        let mut book = Biff::default().begin(0x0600, 5);
        for n in 0..900 {
            book = book.record(0x0085, &super::biff::sheet(at, false, &format!("{n}")));
        }
        book.end().0
    };
    let mut stream = globals(globals(0).len());
    stream.extend(sheet);
    assert_eq!(read("名单.xls", &compound("Workbook", &stream)).unwrap().blocks.len(), 1);
    for stream in [
        // A sheet that begins nowhere, records that break off, strings that break off.
        globals(1 << 30),
        Biff::default().begin(0x0600, 5).record(0x00FC, &[1, 0, 0, 0, 1, 0, 0, 0, 255, 255, 0, b'a']).end().0,
        [Biff::default().begin(0x0600, 5).0, vec![0xFC, 0, 0xFF, 0xFF]].concat(),
        workbook(|b| b, &[("一", false, Biff::default().begin(0x0600, 0x10).record(0x0203, &place(0, 0, 0)).end())]),
        Vec::new(),
        vec![1, 2, 3],
    ] {
        refused("名单.xls", &compound("Workbook", &stream));
    }
    // A list of allocation tables that goes in circles.
    let mut bytes = compound("Workbook", &stream);
    bytes[68..72].copy_from_slice(&1u32.to_le_bytes());
    bytes[1020..1024].copy_from_slice(&0u32.to_le_bytes());
    let at = 1532;
    bytes[at..at + 4].copy_from_slice(&1u32.to_le_bytes());
    refused("名单.xls", &bytes);
}

#[test]
fn text_files_that_are_no_tables_are_refused() {
    let line = "青澜恒砚新材料有限公司,".repeat(60_000);
    assert!(refused("名单.csv", line.as_bytes()).says.contains("一行"));
    let open = format!("企业名称,备注\n\"{}", "青澜恒砚新材料有限公司,首次\n".repeat(5_000));
    assert!(refused("名单.csv", open.as_bytes()).says.contains("引号"));
    assert!(refused("名单.csv", &vec![b'a'; 41 << 20]).says.contains("41 MB"));
    assert_one_sentence(&read_pasted(&"a".repeat(41 << 20)).unwrap_err());
    assert!(refused("名单.csv", b"\n\n ,\n").says.contains("没有文字"));
    assert!(refused("名单.csv", b"").says.contains("0 字节"));
}

#[test]
fn files_that_cannot_be_opened_say_why() {
    let folder = std::env::temp_dir().join(format!("kebao-lists-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let read = |name: &str| super::super::read(&folder.join(name), &mut |_| ControlFlow::Continue(()));
    let missing = read("没有.xlsx").unwrap_err();
    assert_one_sentence(&missing);
    assert_eq!((missing.kind, missing.says.as_str()), (Kind::NotFound, "找不到文件“没有.xlsx”。"));
    let is_folder = read("").unwrap_err();
    assert_one_sentence(&is_folder);
    assert_eq!(is_folder.kind, Kind::BadInput);
    std::fs::File::create(folder.join("名单.csv")).unwrap().write_all("企业名称\n甲\n".as_bytes()).unwrap();
    assert_eq!(read("名单.csv").unwrap().file, "名单.csv");
    std::fs::File::create(folder.join("大.xlsx")).unwrap().set_len(65 << 20).unwrap();
    assert!(read("大.xlsx").unwrap_err().says.contains("65 MB"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder.join("名单.csv"), std::fs::Permissions::from_mode(0o0)).unwrap();
        // The administrator may read everything.
        if let Err(problem) = read("名单.csv") {
            assert_one_sentence(&problem);
            assert!(problem.says.contains("权限"));
        }
        assert!(super::super::read(std::path::Path::new("/dev/zero"), &mut |_| ControlFlow::Continue(())).is_err());
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn reading_can_be_stopped_at_any_time() {
    let rows: Vec<Vec<String>> = (0..2_000).map(|n| vec![firm(n), "GR202037000001".to_owned()]).collect();
    let borrowed: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let slices: Vec<&[&str]> = borrowed.iter().map(Vec::as_slice).collect();
    for bytes in [
        xlsx(&slices),
        docx(&table(&slices)),
        rows.iter().map(|row| row.join(",") + "\n").collect::<String>().into_bytes(),
    ] {
        let mut asked = 0;
        assert!(
            read_bytes("名单", &bytes, &mut |_| {
                asked += 1;
                ControlFlow::Continue(())
            })
            .is_ok()
        );
        assert!(asked > 5);
        let mut last = 0;
        for stop in 0..asked {
            let mut n = 0;
            let problem = read_bytes("名单", &bytes, &mut |progress| {
                assert!(progress.done <= progress.total);
                last = progress.done;
                n += 1;
                if n > stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            assert_eq!(problem.unwrap_err().kind, Kind::Cancelled);
        }
        assert!(last > 0);
    }
}
