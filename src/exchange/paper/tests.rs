//! Pages written and read back.

use std::collections::HashMap;

use super::*;

const FONTS: Fonts<'static> = Fonts {
    regular: include_bytes!("../../../assets/fonts/NotoSansSC_400Regular.ttf"),
    bold: include_bytes!("../../../assets/fonts/NotoSansSC_700Bold.ttf"),
};

/// What a reader finds on each page: the words of every line with where they stand.
fn read(pdf: &[u8]) -> Vec<Vec<(f32, f32, String)>> {
    let text = String::from_utf8_lossy(pdf);
    let mut maps: Vec<HashMap<String, String>> = Vec::new();
    for part in text.split("begincmap").skip(1) {
        let part = part.split("endcmap").next().expect("ends");
        let pairs = part.lines().filter_map(|line| {
            let (code, units) = line.strip_prefix('<')?.strip_suffix('>')?.split_once("> <")?;
            let units: Vec<u16> = (0..units.len())
                .step_by(4)
                .map(|at| u16::from_str_radix(&units[at..at + 4], 16).expect("hex"))
                .collect();
            Some((code.to_owned(), String::from_utf16(&units).expect("a character")))
        });
        maps.push(pairs.collect());
    }
    let pages = text.split("stream\n").filter(|part| part.starts_with("BT ") || part.starts_with("0.5 w"));
    pages
        .map(|page| {
            let lines = page.lines().filter(|line| line.starts_with("BT "));
            lines
                .map(|line| {
                    let words: Vec<&str> = line.split(' ').collect();
                    let map = &maps[usize::from(words[1] == "/F1")];
                    let codes = words[11].trim_matches(['<', '>']);
                    let said = (0..codes.len()).step_by(4).map(|at| map[&codes[at..at + 4]].as_str()).collect();
                    (words[8].parse().expect("x"), words[9].parse().expect("y"), said)
                })
                .collect()
        })
        .collect()
}

fn words(pdf: &[u8]) -> Vec<String> {
    read(pdf).into_iter().flatten().map(|(.., words)| words).collect()
}

#[test]
fn a_page_says_in_the_pdf_what_it_was_given() {
    let mut paper = Paper::new();
    paper.text(Style::Title, "补正通知");
    paper.text(Style::To, "青澜恒砚新材料有限公司：");
    paper.text(
        Style::Body,
        "你单位申报的高新技术企业认定经审核，第 1 轮材料需要补正，请于2026年8月31日前（含当日）补正并重新提交。",
    );
    paper.text(Style::Signed, "青澜区科学技术局");
    let pdf = pdf::bytes(&paper, FONTS).expect("written");
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() < 400_000, "{}", pdf.len());
    let pages = read(&pdf);
    assert_eq!(pages.len(), 1);
    let said = words(&pdf);
    assert_eq!(said[..2], ["补正通知", "青澜恒砚新材料有限公司："]);
    assert_eq!(
        said[2..said.len() - 1].concat(),
        "你单位申报的高新技术企业认定经审核，第 1 轮材料需要补正，请于2026年8月31日前（含当日）补正并重新提交。"
    );
    // Indented after the manner of official documents, signed at the right, all inside the paper.
    let sheet = paper.sheet();
    let x: Vec<f32> = pages[0].iter().map(|(x, ..)| *x).collect();
    assert!((x[2] - sheet.left - 32.0).abs() < 0.1 && (x[3] - sheet.left).abs() < 0.1, "{x:?}");
    assert!(x[x.len() - 1] > sheet.width / 2.0);
    assert!(pages[0].iter().all(|(_, y, _)| *y > sheet.bottom && *y < sheet.height - sheet.top));
}

#[test]
fn a_table_goes_on_over_the_page_under_its_heads_and_loses_no_row() {
    let columns = vec![
        Column::new("序号", 6),
        Column::new("企业名称", 30),
        Column { number: true, ..Column::new("金额（万元）", 12) },
    ];
    let long = "青澜".repeat(400);
    let mut rows: Vec<Vec<String>> =
        (1..=120).map(|n| vec![n.to_string(), format!("青澜第{n}有限公司"), format!("{n}.50")]).collect();
    rows.push(vec!["121".into(), long.clone(), String::new()]);
    let mut paper = Paper { across: true, ..Paper::new() };
    paper.text(Style::Head, "推荐汇总表");
    paper.table(Table { columns, rows });
    let pdf = pdf::bytes(&paper, FONTS).expect("written");
    let pages = read(&pdf);
    assert!(pages.len() > 3, "{}", pages.len());
    for (n, page) in pages.iter().enumerate() {
        let heads = page.iter().filter(|(.., words)| words == "企业名称").count();
        assert_eq!(heads, 1, "page {}", n + 1);
        let number = format!("第 {} 页，共 {} 页", n + 1, pages.len());
        assert!(page.iter().any(|(.., words)| *words == number));
    }
    let said = words(&pdf);
    for n in 1..=120 {
        assert!(said.contains(&format!("青澜第{n}有限公司")), "row {n}");
    }
    assert_eq!(said.concat().matches("青澜").count(), 120 + 400);
}

#[test]
fn a_row_taller_than_a_page_goes_on_over_several() {
    let long = "长".repeat(9000);
    let mut paper = Paper::new();
    paper.table(Table { columns: vec![Column::new("说明", 10), Column::new("注", 10)], rows: vec![vec![long]] });
    let pdf = pdf::bytes(&paper, FONTS).expect("written");
    assert!(read(&pdf).len() > 3);
    assert_eq!(words(&pdf).concat().matches('长').count(), 9000);
}

#[test]
fn heads_that_fill_a_page_come_to_an_end() {
    let mut paper = Paper::new();
    paper.table(Table { columns: vec![Column::new("头".repeat(9000), 1)], rows: vec![vec!["一".into()]] });
    let pdf = pdf::bytes(&paper, FONTS).expect("written");
    assert!(words(&pdf).contains(&"一".to_owned()));
}

#[test]
fn a_word_file_of_a_table_is_well_formed_and_holds_every_cell() {
    use std::io::Read as _;
    let mut paper = Paper { across: true, ..Paper::new() };
    paper.text(Style::Head, "A<B & C");
    paper.table(Table {
        columns: vec![Column::new("名称", 3), Column::new("数", 1)], rows: vec![vec!["甲".into()]]
    });
    let bytes = docx::bytes(&paper).expect("written");
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
    let mut document = String::new();
    package.by_name("word/document.xml").expect("a part").read_to_string(&mut document).expect("text");
    let mut reader = quick_xml::Reader::from_str(&document);
    let (mut rows, mut cells) = (0, 0);
    loop {
        match reader.read_event().expect("well formed") {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(tag) if tag.name().as_ref() == "w:tr" => rows += 1,
            quick_xml::events::Event::Start(tag) if tag.name().as_ref() == "w:tc" => cells += 1,
            _ => {}
        }
    }
    assert_eq!((rows, cells), (2, 4));
    assert!(document.contains(r#"w:orient="landscape""#) && document.contains("A&lt;B &amp; C"));
}
