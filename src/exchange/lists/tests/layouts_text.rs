//! Lists in text files and on the clipboard.

use super::super::{FileKind, Meaning, Passed, find, nothing_found, read_pasted};
use super::{assert_one_sentence, firm, groups, list, read, texts};

const CSV: &str = "序号,名称,统计编号\r\n1,青澜恒砚新材料有限公司,20133301000662 \r\n2,\"青澜云麓,生物\n科技有限公司\",2014010551\r\n\r\n3,青澜㐱𠮷科技有限公司,=\"001020\"\r\n";

#[test]
fn a_csv_is_read_in_every_encoding_office_programs_write() {
    let utf16 = |swap: bool| -> Vec<u8> {
        let units = std::iter::once('\u{FEFF}').chain(CSV.chars()).collect::<String>();
        units.encode_utf16().flat_map(|u| if swap { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    let files = [
        CSV.as_bytes().to_vec(),
        [b"\xEF\xBB\xBF", CSV.as_bytes()].concat(),
        utf16(false),
        utf16(true),
        encoding_rs::GB18030.encode(CSV).0.into_owned(),
    ];
    for bytes in files {
        let list = list("企业名单.csv", &bytes);
        assert_eq!(
            texts(&list, Meaning::Name),
            ["青澜恒砚新材料有限公司", "青澜云麓,生物 科技有限公司", "青澜㐱𠮷科技有限公司"]
        );
        assert_eq!(texts(&list, Meaning::CertificateNumber), ["20133301000662", "2014010551", "001020"]);
        assert_eq!(
            list.rows.iter().map(|r| r.at).collect::<Vec<_>>(),
            [2, 3, 5],
            "a blank line is counted, a break in a cell is not"
        );
        assert_eq!(list.passed_over.iter().filter(|p| p.why == Passed::Blank).count(), 1);
        assert_eq!(list.title, "企业名单");
    }
}

#[test]
fn tabs_and_semicolons_separate_too() {
    for separator in ["\t", ";", ","] {
        let text =
            ["2020年名单", "序号|企业名称|所属地区", "1|青澜甲、乙科技有限公司|青澜区", "2|青澜丙科技有限公司|青澜区"]
                .join("\n")
                .replace('|', separator);
        let list = list("名单.xls", text.as_bytes());
        assert_eq!(texts(&list, Meaning::Area), ["青澜区", "青澜区"], "{separator:?}");
        assert_eq!(list.title, "2020年名单");
    }
}

#[test]
fn a_merged_header_survives_the_export_to_text() {
    let text =
        "序号,企业名称,销售收入（万元）,,备注\n,,2022,2023,\n1,青澜甲科技有限公司,5,6,\n2,青澜乙科技有限公司,7,8,\n";
    let list = list("名单.csv", text.as_bytes());
    let headers: Vec<&str> = list.columns.iter().map(|c| c.header.as_str()).collect();
    assert_eq!(headers, ["序号", "企业名称", "销售收入（万元）/2022", "销售收入（万元）/2023", "备注"]);
    assert_eq!(list.rows.len(), 2);
}

#[test]
fn pasted_cells_need_no_header() {
    let doc = read_pasted(&format!(
        "1\t{}\t91379905MA3UQ2K70X\t振兴街道\r\n2\t{}\t91379905MA3UQ2K718\t信发街道\r\n",
        firm(0),
        firm(1)
    ))
    .unwrap();
    assert_eq!(doc.kind, FileKind::Pasted);
    let found = find(&doc);
    let meanings: Vec<Option<Meaning>> = found[0].columns.iter().map(|c| c.meaning).collect();
    use Meaning::{Code, Name, Serial, Township};
    assert_eq!(meanings, [Some(Serial), Some(Name), Some(Code), Some(Township)]);
    assert!(found[0].columns.iter().all(|c| c.guessed));
    assert_eq!(found[0].rows[1].serial, Some(2));
    // Just names.
    let found = find(&read_pasted(&format!("{}\n{}\n", firm(0), firm(1))).unwrap());
    assert_eq!(texts(&found[0], Meaning::Name), [firm(0), firm(1)]);
    let found = find(&read_pasted(&format!("企业名称\n{}\n甲乙丙\n", firm(0))).unwrap());
    assert_eq!(texts(&found[0], Meaning::Name), [firm(0), "甲乙丙".to_owned()]);
    assert_one_sentence(&read_pasted(" \n ").unwrap_err());
}

#[test]
fn groups_and_totals_in_a_text_file() {
    let text = format!(
        "青澜区名单,,\n序号,企业名称,证书编号\n一,高企,\n1,{},GR202037000001\n2,{},GR202037000002\n二,科小,\n1,{},GR202037000003\n小计,3,\n白州市,2家,\n1,{},x\n2,{},y\n",
        firm(0),
        firm(1),
        firm(2),
        firm(3),
        firm(4)
    );
    let list = list("名单.csv", text.as_bytes());
    assert_eq!(groups(&list), [("高企", 1, None, 2), ("科小", 1, None, 3), ("白州市", 2, Some(2), 2)]);
    assert_eq!(list.passed_over.iter().filter(|p| p.why == Passed::Total).count(), 1);
}

#[test]
fn a_list_of_people_has_its_firms_too() {
    let text = "序号,姓名,工作单位,申报类别\n1,林一,青澜甲科技有限公司,创新类\n2,周二,青澜乙科技有限公司,创业类\n";
    let list = list("人选.csv", text.as_bytes());
    assert_eq!(texts(&list, Meaning::Person), ["林一", "周二"]);
    assert_eq!(list.firm_column(), list.column(Meaning::Name));
}

#[test]
fn platforms_by_the_mere_name_of_名称() {
    let text =
        "序号,名称,运营主体,所在市\n1,领潮空间,青澜甲科技有限公司,青州市\n2,互影空间,青澜乙科技有限公司,青州市\n";
    let list = list("众创空间.csv", text.as_bytes());
    assert_eq!(texts(&list, Meaning::ItemName), ["领潮空间", "互影空间"]);
    assert_eq!(texts(&list, Meaning::Operator), ["青澜甲科技有限公司", "青澜乙科技有限公司"]);
    assert_eq!(texts(&list, Meaning::Area), ["青州市", "青州市"]);
}

#[test]
fn prose_is_no_list() {
    let doc = read(
        "说明.txt",
        "一、请各企业认真填写。\n二、青澜甲科技有限公司已经报名，请勿重复。\n三、联系人：林一。\n".as_bytes(),
    )
    .unwrap();
    assert!(find(&doc).is_empty());
    assert_one_sentence(&nothing_found(&doc));
}
