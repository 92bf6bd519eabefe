//! Layouts of lists published as Word documents.

use super::super::{CellNote, GroupKind, Meaning, Passed};
use super::{cell_of, docx, firm, groups, groups_of, list, lists, paragraph, table, texts};

#[test]
fn a_statewide_list_keeps_its_cities_and_counties() {
    let f: Vec<String> = (0..6).map(firm).collect();
    let bytes = docx(
        &[
            paragraph("附件"),
            paragraph("2017年度省级科技型中小企业备案名单"),
            table(&[
                &["序号", "地区", "企业名称|2", "证书编号"],
                &["青州市5家|5"],
                &["1", "青澜区（2家）", &format!("{}|2", f[0]), "20173301001090 "],
                &["2", "\u{3000}", &format!("{}|2", f[1]), "20173301001128"],
                &["3", "青湖县（3）", &format!("{}|2", f[2]), "20173301001681"],
                &["4", "", &format!("{}|2", f[3]), "20173301001115"],
                // The grid of a row may differ from the header's though the cells are the same in number.
                &["5", "", &f[4], "20173301001226|2"],
                &["白州市1家|5"],
                &["6", "白云区（2家）", &f[5], "20173301001390|2"],
            ]),
        ]
        .concat(),
    );
    let list = list("名单.docx", &bytes);
    assert_eq!(list.title, "2017年度省级科技型中小企业备案名单");
    assert_eq!(texts(&list, Meaning::Name), f);
    assert_eq!(texts(&list, Meaning::Area), ["青澜区", "青澜区", "青湖县", "青湖县", "青湖县", "白云区"]);
    assert_eq!(texts(&list, Meaning::CertificateNumber)[0], "20173301001090");
    assert_eq!(texts(&list, Meaning::CertificateNumber)[4], "20173301001226");
    assert_eq!(
        groups(&list),
        [
            ("青州市", 1, Some(5), 5),
            ("青澜区", 2, Some(2), 2),
            ("青湖县", 2, Some(3), 3),
            ("白州市", 1, Some(1), 1),
            ("白云区", 2, Some(2), 1)
        ]
    );
    assert_eq!(list.groups[1].kind, GroupKind::Column);
    assert_eq!(groups_of(&list, 4), ["青州市", "青湖县"]);
    assert_eq!(list.rows[1].cells[1].note, Some(CellNote::FilledDown));
    assert_eq!(list.rows.iter().map(|r| r.serial).collect::<Vec<_>>(), (1..=6).map(Some).collect::<Vec<_>>());
    assert_eq!(list.hints.year, Some(2017));
}

#[test]
fn headings_between_tables_are_groups_of_one_list() {
    let header: &[&str] = &["序号", "空间名称", "运营单位", "区县（市）"];
    let bytes = docx(
        &[
            paragraph("关于2020年青州市市级众创空间拟认定名单的公示"),
            paragraph("根据《众创空间认定和管理办法》（青科高〔2018〕50 号）的有关规定，拟认定36家。"),
            paragraph("公示期：2020年9月22日至2020年9月29日。"),
            paragraph("2020年9月21日  "),
            paragraph("附件：2020年青州市市级众创空间拟认定名单\u{A0}"),
            paragraph("一、市级标准化众创空间"),
            table(&[header, &["1", "领潮空间", &firm(0), "青澜区"], &["2", "互影空间", &firm(1), "青湖县"]]),
            paragraph(""),
            paragraph("二、市级专业化示范众创空间"),
            table(&[header, &["1", "Will space", &firm(2), "白云区"]]),
            paragraph("单位：个"),
            table(&[header, &["2", "太炎空间", &firm(3), "白云区"]]),
        ]
        .concat(),
    );
    let list = list("公示.docx", &bytes);
    assert_eq!(list.title, "2020年青州市市级众创空间拟认定名单");
    assert_eq!(groups(&list), [("市级标准化众创空间", 1, None, 2), ("市级专业化示范众创空间", 1, None, 2)]);
    assert_eq!(list.groups[1].kind, GroupKind::Heading);
    assert_eq!(texts(&list, Meaning::Operator), (0..4).map(firm).collect::<Vec<_>>());
    assert_eq!(texts(&list, Meaning::ItemName)[2], "Will space");
    assert_eq!(list.firm_column(), list.column(Meaning::Operator));
    assert_eq!(list.passed_over.iter().filter(|p| p.why == Passed::RepeatedHeader).count(), 2);
    assert_eq!(list.hints.publicity, Some(((2020, 9, 22), (2020, 9, 29))));
    assert_eq!(list.hints.date, Some((2020, 9, 21)));
    assert_eq!(list.hints.document_number, None);
}

#[test]
fn a_second_annex_with_the_same_header_is_another_list() {
    let header: &[&str] = &["序号", "企业名称", "证书编号"];
    let one: &[&str] = &["1", "青澜恒砚新材料有限公司", "GR202037000001"];
    let two: &[&str] = &["1", "青澜云麓生物科技有限公司", "GR202037000002"];
    let bytes = docx(
        &[
            paragraph("附件1"),
            paragraph("青澜区拟认定企业名单"),
            table(&[header, one]),
            paragraph("附件2"),
            paragraph("青澜区拟取消企业名单"),
            table(&[header, two]),
        ]
        .concat(),
    );
    let found = lists("名单.docx", &bytes);
    assert_eq!(
        found.iter().map(|t| t.title.as_str()).collect::<Vec<_>>(),
        ["青澜区拟认定企业名单", "青澜区拟取消企业名单"]
    );
    // The same inside one table, and of the numbered lines of a letter only the last heads it.
    let bytes = docx(
        &[
            paragraph("1.材料齐全；"),
            paragraph("2.排名不分先后"),
            paragraph("一、名单"),
            table(&[header, one, &["附件2 青澜区取消企业名单|3"], header, two]),
        ]
        .concat(),
    );
    let found = lists("名单.docx", &bytes);
    assert_eq!(found.iter().map(|t| (t.rows.len(), groups(t).len())).collect::<Vec<_>>(), [(1, 1), (1, 0)]);
    // Continued over a page without its header, it stays one.
    let rest: &[&str] = &["2", "青澜启瑞智能装备有限公司", "GR202037000003"];
    let bytes = docx(&[table(&[header, one]), paragraph(""), table(&[rest])].concat());
    assert_eq!(texts(&list("名单.docx", &bytes), Meaning::Name), [one[1], rest[1]]);
}

#[test]
fn word_marks_its_changes_and_nobody_reads_the_deleted_text() {
    let run = |text: &str| format!("<w:r><w:rPr><w:del/></w:rPr><w:t>{text}</w:t></w:r>");
    let cell = |inner: &str| format!("<w:tc><w:p>{inner}</w:p></w:tc>");
    let row =
        |properties: &str, cells: &[String]| format!("<w:tr><w:trPr>{properties}</w:trPr>{}</w:tr>", cells.concat());
    let bytes = docx(&format!(
        "<w:tbl>{}{}{}{}</w:tbl>",
        row("", &[cell(&run("企业名称")), cell(&run("证书编号"))]),
        row(
            "",
            &[
                cell(&format!(
                    "{}<w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></w:del><w:ins>{}</w:ins><w:moveFrom>{}</w:moveFrom>",
                    run("青澜恒砚"),
                    run("新材料有限公司"),
                    run("甲")
                )),
                cell(
                    "<w:r><w:t>GR2020</w:t><w:noBreakHyphen/><w:t>37</w:t><w:tab/><w:t>0001</w:t><w:br/></w:r><w:r><w:t>&amp;&#65;</w:t></w:r>"
                )
            ]
        ),
        row("<w:del w:id=\"1\"/>", &[cell(&run("青澜删去有限公司")), cell(&run("x"))]),
        row("<w:ins w:id=\"2\"></w:ins><w:hidden/>", &[cell(&run("青澜云麓生物科技有限公司")), cell(&run("y"))]),
    ));
    let list = list("名单.docx", &bytes);
    assert_eq!(texts(&list, Meaning::Name), ["青澜恒砚新材料有限公司", "青澜云麓生物科技有限公司"]);
    assert_eq!(&*list.rows[0].cells[1].text, "GR2020-37 0001 &A");
    assert_eq!(list.rows.iter().map(|r| r.hidden).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn content_controls_text_boxes_and_inner_tables_break_nothing() {
    let wrap = |inner: &str| {
        format!("<w:sdt><w:sdtPr><w:alias w:val=\"x\"/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>")
    };
    let text_box = "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent><w:p><w:r><w:t>印章</w:t></w:r></w:p>\
        <w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl></w:txbxContent></wps:txbx></w:drawing></mc:Choice>\
        <mc:Fallback><w:pict><w:t>印章</w:t></w:pict></mc:Fallback></mc:AlternateContent></w:r>";
    let inner = table(&[&["甲", "乙"], &["丙", "丁"]]);
    let rows = format!(
        "<w:tr>{}{}{}</w:tr>{}<w:tr>{}<w:tc><w:p>{text_box}</w:p>{inner}{}</w:tc>{}</w:tr>",
        cell_of("序号"),
        wrap(&cell_of("企业名称")),
        cell_of("备注"),
        wrap(&format!("<w:tr>{}{}{}</w:tr>", cell_of("1"), cell_of("青澜恒砚新材料有限公司"), wrap(&cell_of("")))),
        cell_of("2"),
        paragraph("青澜云麓生物科技有限公司"),
        cell_of("首次")
    );
    let bytes = docx(&wrap(&format!("<w:tbl>{rows}</w:tbl>")));
    let found = lists("名单.docx", &bytes);
    assert_eq!(texts(&found[0], Meaning::Name), ["青澜恒砚新材料有限公司", "青澜云麓生物科技有限公司"]);
    assert_eq!(&*found[0].rows[1].cells[2].text, "首次");
    assert_eq!(found.len(), 1);
}

#[test]
fn merged_and_shifted_cells_are_placed_by_the_grid() {
    let merged = |kind: &str, text: &str| format!("<w:tc><w:tcPr><w:vMerge{kind}/></w:tcPr>{}</w:tc>", paragraph(text));
    let bytes = docx(&format!(
        "<w:tbl><w:tr>{}{}{}</w:tr><w:tr>{}{}{}</w:tr><w:tr>{}{}{}</w:tr><w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{}{}</w:tr></w:tbl>",
        cell_of("所在乡镇"),
        cell_of("企业名称"),
        cell_of("证书编号"),
        merged(" w:val=\"restart\"", "振兴街道"),
        cell_of(&firm(0)),
        cell_of("GR202037000001"),
        merged("", ""),
        cell_of(&firm(1)),
        cell_of("GR202037000002"),
        cell_of(&firm(2)),
        cell_of("GR202037000003"),
    ));
    let list = list("名单.docx", &bytes);
    assert_eq!(texts(&list, Meaning::Township), ["振兴街道", "振兴街道", ""]);
    assert_eq!(list.rows[1].cells[0].note, Some(CellNote::MergedDown));
    assert_eq!(texts(&list, Meaning::Name), [firm(0), firm(1), firm(2)]);
    assert_eq!(texts(&list, Meaning::CertificateNumber)[2], "GR202037000003");
}

#[test]
fn numbers_that_word_counts_by_itself_are_missing_and_that_is_fine() {
    let numbered =
        "<w:tc><w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:p></w:tc>";
    let heading =
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/></w:numPr></w:pPr><w:r><w:t>市级国际化众创空间</w:t></w:r></w:p>";
    let bytes = docx(&format!(
        "{heading}<w:tbl><w:tr>{}{}{}</w:tr><w:tr>{numbered}{}{}</w:tr><w:tr>{numbered}{}{}</w:tr></w:tbl>",
        cell_of("序号"),
        cell_of("企业名称"),
        cell_of("备注"),
        cell_of(&firm(0)),
        cell_of(""),
        cell_of(&firm(1)),
        cell_of("")
    ));
    let list = list("名单.docx", &bytes);
    assert_eq!(texts(&list, Meaning::Name), [firm(0), firm(1)]);
    assert_eq!(list.rows[0].serial, None);
    assert_eq!(groups(&list), [("市级国际化众创空间", 1, None, 2)]);
}

#[test]
fn a_document_without_a_list_gives_none() {
    let prose = docx(
        &[
            paragraph("关于开展培训的通知"),
            paragraph("请各有关企业参加。"),
            table(&[&["时间", "9月1日"], &["地点", "青澜区会议中心"]]),
        ]
        .concat(),
    );
    assert!(lists("通知.docx", &prose).is_empty());
}

#[test]
fn a_header_of_two_levels_in_word() {
    let merged = |kind: &str, text: &str, span: &str| {
        format!("<w:tc><w:tcPr><w:gridSpan w:val=\"{span}\"/><w:vMerge{kind}/></w:tcPr>{}</w:tc>", paragraph(text))
    };
    let restart = " w:val=\"restart\"";
    let rows = [
        vec![
            merged(restart, "序号", "1"),
            cell_of("企业基本情况|2"),
            cell_of("研发费用（万元）|2"),
            merged(restart, "备注", "1"),
        ],
        vec![
            merged("", "", "1"),
            cell_of("企业名称"),
            cell_of("所属区县"),
            cell_of("2018年"),
            cell_of("2019年"),
            merged("", "", "1"),
        ],
        vec![cell_of("1"), cell_of(&firm(0)), cell_of("青澜区"), cell_of("120"), cell_of("150"), cell_of("")],
        vec![cell_of("2"), cell_of(&firm(1)), cell_of("青湖县"), cell_of("80"), cell_of("90"), cell_of("重新认定")],
    ];
    let rows: String = rows.iter().map(|cells| format!("<w:tr>{}</w:tr>", cells.concat())).collect();
    let list = list("名单.docx", &docx(&format!("<w:tbl>{rows}</w:tbl>")));
    let headers: Vec<&str> = list.columns.iter().map(|c| c.header.as_str()).collect();
    assert_eq!(
        headers,
        [
            "序号",
            "企业基本情况/企业名称",
            "企业基本情况/所属区县",
            "研发费用（万元）/2018年",
            "研发费用（万元）/2019年",
            "备注"
        ]
    );
    assert_eq!(texts(&list, Meaning::Name), [firm(0), firm(1)]);
    assert_eq!(texts(&list, Meaning::Area), ["青澜区", "青湖县"]);
    assert_eq!(texts(&list, Meaning::RdExpense), ["120", "80"]);
    assert_eq!(list.passed_over.iter().map(|p| p.why).collect::<Vec<_>>(), [Passed::Header, Passed::Header]);
}
