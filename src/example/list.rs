//! The published list that comes with the example: a Word file as a province would put on its site, with a preamble, a title,
//! areas in groups, our district among others, a renamed firm and a misspelt one.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{firms, rng::Rng, words};
use crate::domain::{Problem, Result};

/// Rows of our own district: number of known firms among them, and firms nobody knows yet.
const KNOWN: usize = 24;
const NEW: &[&str] = &["青澜禾麦种业有限公司", "双河激光装备有限公司", "临湖海藻生物有限公司", "柳泉微电子有限公司"];

/// Other districts of the invented city, whose firms are not ours.
const OTHERS: &[(&str, &[&str])] = &[
    ("云岭区", &["云岭启明电子有限公司", "云岭高分子材料有限公司", "云岭泰和医疗器械有限公司"]),
    ("澄江县", &["澄江果蔬保鲜科技有限公司", "澄江精细化工有限公司"]),
];

/// The Word file, the same on every run.
pub fn document() -> Result<Vec<u8>> {
    let mut rng = Rng::new(20_260_824);
    let firms = firms::invent(super::Size::DISTRICT.firms, 2026, &mut rng);
    let mut rows: Vec<[String; 5]> = Vec::new();
    let mut serial = 0;
    let mut row = |name: String, code: String, area: String, region: &str| {
        serial += 1;
        // The twelfth character is not public; the example writes 0.
        let number = format!("2026{region}A0{:06}", 7000 + serial);
        rows.push([serial.to_string(), name, code, number, area]);
    };
    let ours = KNOWN + NEW.len() + 1;
    for (n, firm) in firms.iter().step_by(12).take(KNOWN).enumerate() {
        let area = if n == 0 { format!("青澜区（{ours}家）") } else { "　".to_owned() };
        row(firm.name.clone(), firm.code(), area, words::REGION);
    }
    // One character wrong and no code: a person must look.
    let misspelt = firms[5].name.replacen(|c| words::SECOND.contains(c), "某", 1);
    row(misspelt, String::new(), "　".to_owned(), words::REGION);
    for name in NEW {
        row((*name).to_owned(), String::new(), "　".to_owned(), words::REGION);
    }
    for (area, names) in OTHERS {
        for (n, name) in names.iter().enumerate() {
            let area = if n == 0 { format!("{area}（{}家）", names.len()) } else { "　".to_owned() };
            row((*name).to_owned(), String::new(), area, "379906");
        }
    }
    word(&rows).map_err(Problem::bug)
}

fn word(rows: &[[String; 5]]) -> zip::result::ZipResult<Vec<u8>> {
    let mut body = String::new();
    for text in ["附件", "2026年第四批入库科技型中小企业名单", "公告日期：2026年8月14日　发文字号：青科字〔2026〕21号"]
    {
        body.push_str(&paragraph(text));
    }
    body.push_str("<w:tbl><w:tblGrid>");
    for width in [700, 3600, 2400, 2400, 1600] {
        body.push_str(&format!("<w:gridCol w:w=\"{width}\"/>"));
    }
    body.push_str("</w:tblGrid>");
    let head = ["序号", "企业名称", "统一社会信用代码", "入库登记编号", "所属地区"].map(str::to_owned);
    for row in std::iter::once(&head).chain(rows) {
        body.push_str("<w:tr>");
        for cell in row {
            body.push_str(&format!("<w:tc><w:tcPr/>{}</w:tc>", paragraph(cell)));
        }
        body.push_str("</w:tr>");
    }
    body.push_str("</w:tbl>");
    body.push_str(&paragraph("注：以上企业排名不分先后。示例名单，企业均为虚构。"));
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // No time of day in it, so that every run writes the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (name, text) in
        [("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", document.as_str())]
    {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Names are of our own words; still, markup characters would break the file.
fn paragraph(text: &str) -> String {
    let safe = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{safe}</w:t></w:r></w:p>")
}
