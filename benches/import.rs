//! Promise: a Word list of 8 775 firms goes from file to committed firms within 3 × the time that only unzipping and parsing
//! its XML takes. Measured on the real list where `KEBAO_LISTS` points at it, else on an invented one of the same build.

mod common;

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::{median, open, ratio};
use kebao::domain::id::RecordId;
use kebao::domain::people::Role;
use kebao::exchange::import::{Watch, apply, plan, suggest};
use kebao::exchange::lists::{find, read};
use kebao::store::Db;

const ROWS: usize = 8775;

fn main() {
    let folder = std::env::temp_dir().join(format!("kebao-bench-import-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let list = real().unwrap_or_else(|| invented(&folder.join("名单.docx")));
    println!("{}", list.display());
    let peer = median(7, || {
        parse_only(&list);
    });
    let reading = median(7, || {
        let document = read(&list, &mut |_| ControlFlow::Continue(())).expect("readable");
        assert_eq!(find(&document)[0].rows.len(), ROWS);
    });
    ratio("reading and finding the table", reading, peer, 3.0);
    // The office is open before the officer chooses the file.
    let offices: Vec<(Db, RecordId)> = (0..5).map(|n| office(&folder.join(n.to_string()))).collect();
    let mut parts: Vec<[Duration; 3]> = Vec::new();
    for (db, officer) in &offices {
        parts.push(take_in(&list, db, *officer));
    }
    parts.sort_by_key(|part| part.iter().sum::<Duration>());
    let whole = parts[parts.len() / 2].iter().sum();
    for (n, what) in ["reading", "planning", "writing and committing"].into_iter().enumerate() {
        let mut times: Vec<Duration> = parts.iter().map(|part| part[n]).collect();
        times.sort();
        println!("  of which {what:<47} {:>9.2} ms", times[times.len() / 2].as_secs_f64() * 1000.0);
    }
    ratio("file to committed firms with certificates", whole, peer, 3.0);
    let _ = std::fs::remove_dir_all(&folder);
}

fn real() -> Option<PathBuf> {
    let folder = std::env::var_os("KEBAO_LISTS")?;
    std::fs::read_dir(folder)
        .ok()?
        .filter_map(Result::ok)
        .map(|e| e.path())
        .find(|p| p.to_string_lossy().contains("2017年度"))
}

/// What nobody can go below: inflate the document and look at every tag.
fn parse_only(list: &Path) -> usize {
    let mut zip = zip::ZipArchive::new(File::open(list).expect("a file")).expect("a zip");
    let part = zip.by_name("word/document.xml").expect("a document");
    let mut reader = quick_xml::Reader::from_reader(BufReader::with_capacity(64 << 10, part));
    let (mut buffer, mut texts) = (Vec::new(), 0);
    loop {
        match reader.read_event_into(&mut buffer).expect("well-formed") {
            quick_xml::events::Event::Eof => return texts,
            quick_xml::events::Event::Text(_) => texts += 1,
            _ => {}
        }
        buffer.clear();
    }
}

fn office(folder: &Path) -> (Db, RecordId) {
    let db = open(folder);
    let officer =
        db.act(RecordId::OFFICE, "启用", |act| act.add_user("周敏", &[Role::Officer])).wait().expect("a user").value;
    db.load_ledger(2025).wait().expect("a ledger");
    (db, officer)
}

/// From the file to committed firms: what an officer waits for after choosing it.
fn take_in(list: &Path, db: &Db, officer: RecordId) -> [Duration; 3] {
    let start = Instant::now();
    let document = read(list, &mut |_| ControlFlow::Continue(())).expect("readable");
    let table = find(&document).remove(0);
    let read_by = start.elapsed();
    let settings = suggest(&table, "", &db.ledger());
    let planned = plan(db, &table, &settings, &HashMap::new()).expect("a plan");
    let planned_by = start.elapsed();
    let done = apply(db, officer, &table, planned, list, Watch::default()).wait().expect("committed");
    assert_eq!((done.value.firms, done.value.certificates), (ROWS, ROWS));
    [read_by, planned_by - read_by, start.elapsed() - planned_by]
}

/// A list as wordy as Word makes them: every run with its fonts and sizes.
fn invented(path: &Path) -> PathBuf {
    let run = "<w:rPr><w:rFonts w:ascii=\"宋体\" w:hAnsi=\"宋体\" w:cs=\"宋体\" w:hint=\"eastAsia\"/><w:color w:val=\"000000\"/><w:kern w:val=\"0\"/><w:sz w:val=\"20\"/><w:szCs w:val=\"20\"/></w:rPr>";
    let borders = "<w:tcBorders><w:top w:val=\"nil\"/><w:left w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/><w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/></w:tcBorders><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"auto\"/><w:noWrap/><w:vAlign w:val=\"center\"/>";
    let cell = |text: &str| {
        format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"1200\" w:type=\"dxa\"/>{borders}</w:tcPr><w:p><w:pPr><w:widowControl/><w:jc w:val=\"center\"/>{run}</w:pPr><w:r>{run}<w:t>{text}</w:t></w:r></w:p></w:tc>"
        )
    };
    let mut body = String::from("<w:p><w:r><w:t>2026年度青澜省科技型中小企业备案名单</w:t></w:r></w:p><w:tbl>");
    let row = |cells: [&str; 4]| {
        format!("<w:tr><w:trPr><w:trHeight w:val=\"300\"/></w:trPr>{}</w:tr>", cells.map(cell).concat())
    };
    body.push_str(&row(["序号", "地区", "企业名称", "证书编号"]));
    for n in 1..=ROWS {
        let area = if n % 80 == 1 {
            format!("第{}区（{}家）", n / 80 + 1, 80.min(ROWS - n + 1))
        } else {
            "　".to_owned()
        };
        body.push_str(&row([
            &n.to_string(),
            &area,
            &format!("青澜第{n}号新材料科技有限公司"),
            &format!("2026379905{n:04}00"),
        ]));
    }
    body.push_str("</w:tbl>");
    let text = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    let mut zip = zip::ZipWriter::new(File::create(path).expect("a file"));
    for (name, part) in [
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
        ("word/document.xml", text.as_str()),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        zip.write_all(part.as_bytes()).expect("written");
    }
    zip.finish().expect("closed").sync_all().expect("synced");
    let mut check = Vec::new();
    File::open(path).and_then(|mut f| f.read_to_end(&mut check)).expect("readable");
    path.to_owned()
}
