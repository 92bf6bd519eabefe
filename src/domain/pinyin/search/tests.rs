use proptest::prelude::*;

use super::*;

fn find(query: &str, name: &str) -> Option<(Quality, String)> {
    let reader = Reader::builtin();
    let hit = Query::new(query).find(&reader.haystack(name))?;
    let matched: Vec<&str> = hit.pieces(name).into_iter().filter(|(_, m)| *m).map(|(piece, _)| piece).collect();
    Some((hit.quality, matched.join("|")))
}

#[track_caller]
fn finds(query: &str, name: &str, matched: &str) {
    assert_eq!(find(query, name).map(|(_, m)| m).as_deref(), Some(matched), "{query} in {name}");
}

#[track_caller]
fn misses(query: &str, name: &str) {
    assert_eq!(find(query, name), None, "{query} in {name}");
}

#[test]
fn a_name_is_found_by_characters_pinyin_and_initials() {
    let name = "青澜恒砚新材料有限公司";
    for query in ["恒砚", "hengyan", "hy", "hengy", "hyan", "恒yan", "hyaN", "ＨＹ"] {
        finds(query, name, "恒砚");
    }
    finds("zhengt科", "青澜政通科技", "政通科");
    finds("xincail", name, "新材料");
    finds("xcl", name, "新材料");
    finds("hengya", name, "恒砚");
    finds("cpxd", "茌平信达", "茌平信达");
    finds("zhk", "中科", "中科");
    finds("ya", name, "砚");
    for query in ["heny", "henga", "澜砚", "hngyan", "cailiaoa"] {
        misses(query, name);
    }
}

#[test]
fn any_reading_of_a_polyphone_is_found() {
    for (name, queries) in [
        ("长清", &["changqing", "cq", "zhangqing"][..]),
        ("重庆", &["chongqing", "cq", "zhongqing"]),
        ("曾三", &["zengsan", "zs", "cengsan"]),
        ("单三", &["shansan", "ss", "dansan"]),
        ("仇三", &["qiusan", "qs", "chousan"]),
        ("茌平", &["chiping", "cp"]),
        ("乐清", &["yueqing", "yq", "leqing"]),
        ("乐亭", &["laoting", "lt", "leting"]),
        ("六安", &["luan", "la"]),
        ("西安", &["xian", "xa"]),
    ] {
        for query in queries {
            finds(query, name, name);
        }
    }
    misses("lao", "乐清");
}

#[test]
fn v_stands_for_u_umlaut_and_so_does_u() {
    for query in ["lv", "lü", "lu", "lǚ", "LV"] {
        finds(query, "吕三", "吕");
    }
    for query in ["lvse", "luse", "ls"] {
        finds(query, "绿色", "绿色");
    }
    finds("lvejian", "略见", "略见");
    finds("luejian", "略见", "略见");
    finds("jvyuan", "聚源", "聚源");
    finds("nvzhuang", "女装", "女装");
    misses("lv", "路三");
}

#[test]
fn blanks_brackets_width_and_dots_do_not_count() {
    let name = "青澜（山东）　ＡＢＣ·科技";
    finds("澜山东abc科", name, "澜|山东|ＡＢＣ|科");
    finds("青澜 (山东) ABC", name, "青澜|山东|ＡＢＣ");
    finds("qlsdabckj", name, "青澜|山东|ＡＢＣ|科技");
    finds("【澜】", name, "澜");
}

#[test]
fn better_matches_come_first() {
    let quality = |query: &str, name: &str| find(query, name).map(|(quality, _)| quality);
    assert_eq!(quality("信达", "信达"), Some(Quality::Exact));
    assert_eq!(quality("xd", "信达"), Some(Quality::Exact));
    assert_eq!(quality("xian", "西安"), Some(Quality::Exact));
    assert_eq!(quality("xian", "先安"), Some(Quality::Prefix));
    assert_eq!(quality("信达", "信达电子"), Some(Quality::Prefix));
    assert_eq!(quality("信达", "山东信达电子"), Some(Quality::AfterPlace));
    assert_eq!(quality("信达", "山东省青澜区信达电子"), Some(Quality::AfterPlace));
    assert_eq!(quality("xinda", "青澜市信达电子"), Some(Quality::AfterPlace));
    assert_eq!(quality("电子", "山东信达电子"), Some(Quality::Inner));
    assert_eq!(quality("电子 信达", "山东信达电子"), Some(Quality::Scattered));
    assert!(
        Quality::Exact < Quality::Prefix && Quality::AfterPlace < Quality::Inner && Quality::Inner < Quality::Scattered
    );
    let reader = Reader::with([], ["青澜"]).expect("a place");
    let own = Query::new("xd").find(&reader.haystack("青澜信达")).expect("there");
    assert_eq!(own.quality, Quality::AfterPlace);
    assert_eq!(own.ranges.as_slice(), std::slice::from_ref(&(2..4)));
}

#[test]
fn words_apart_are_found_in_any_order() {
    finds("达 料", "信达新材料", "达|料");
    finds("xcl 信达", "信达新材料", "信达新材料");
    finds("信 信达", "信达新材料", "信达");
    misses("信达 电子", "信达新材料");
}

#[test]
fn codes_and_numbers_are_found_by_any_part() {
    finds("6457425", "91370200264574251E", "6457425");
    finds("51e", "91370200264574251E", "51E");
    finds("gq2007", "2026-GQ2-007", "GQ2|007");
    finds("GR2020", "GR202037000001", "GR2020");
    misses("91370201", "91370200264574251E");
}

#[test]
fn nothing_typed_finds_nothing() {
    assert!(Query::new(" （）").is_empty());
    misses("", "青澜");
    misses(" · ", "青澜");
    misses("青", "");
}

#[test]
fn a_very_long_query_is_compared_as_it_stands() {
    let long = "青澜".repeat(100);
    finds(&long, &format!("山{long}"), &long);
    misses(&format!("{long}x"), &long);
    misses(&"a".repeat(127), &"阿".repeat(60));
    assert_eq!(find(&"a".repeat(127), &"阿".repeat(127)).map(|(q, _)| q), Some(Quality::Exact));
}

#[test]
fn a_name_costs_little_beyond_itself() {
    assert!(size_of::<Haystack>() <= 40);
    assert!(Reader::builtin().haystack("青澜恒砚新材料有限公司").rare.is_none());
}

/// Tries every way to spend the query on the cells, one character or reading at a time.
fn slowly(query: &[char], cells: &[char]) -> bool {
    if query.is_empty() {
        return true;
    }
    let Some((cell, cells)) = cells.split_first() else { return false };
    if query[0] == *cell && slowly(&query[1..], cells) {
        return true;
    }
    table().readings(*cell).any(|reading| {
        let letters = reading.letters();
        (1..=letters.len().min(query.len())).any(|n| {
            let spent = (0..n).all(|i| alike(letters, i, letters[i], query[i]));
            let allowed = n == 1 || n == letters.len() || n == query.len() || (n == 2 && letters[1] == b'h');
            spent && allowed && slowly(&query[n..], cells)
        })
    })
}

proptest! {
    #[test]
    fn the_fast_way_agrees_with_trying_everything(
        name in "[长清重庆信达西安吕绿行a1]{1,7}",
        query in "[changqisdlvuxe长信a1]{1,7}",
    ) {
        let hay = Reader::builtin().haystack(&name);
        let cells: Vec<char> = name.chars().collect();
        let chars: Vec<char> = query.chars().collect();
        let wanted = (0..cells.len()).any(|start| slowly(&chars, &cells[start..]));
        let lead_only_words_add = !hay.rare.as_ref().is_none_or(|r| r.readings.is_empty());
        let found = Query::new(&query).find(&hay).is_some();
        prop_assert!(found == wanted || (lead_only_words_add && found));
    }

    #[test]
    fn the_initials_of_a_run_find_it(name in "[\u{4E00}-\u{9FA5}]{1,12}", from in 0usize..12, length in 1usize..12) {
        let chars: Vec<char> = name.chars().collect();
        let from = from % chars.len();
        let run = &chars[from..chars.len().min(from + length)];
        let initials: Option<String> = run.iter().map(|c| table().readings(*c).next().map(|s| char::from(s.letters()[0]))).collect();
        if let Some(initials) = initials {
            prop_assert!(find(&initials, &name).is_some());
        }
    }

    #[test]
    fn ranges_stay_inside_the_name_and_pieces_make_it_whole(query in "\\PC{0,8}", name in "\\PC{0,24}") {
        let hay = Reader::builtin().haystack(&name);
        if let Some(hit) = Query::new(&query).find(&hay) {
            let count = name.chars().count();
            prop_assert!(!hit.ranges.is_empty());
            prop_assert!(hit.ranges.iter().all(|r| r.start < r.end && r.end <= count));
            prop_assert!(hit.ranges.windows(2).all(|w| w[0].end < w[1].start));
            let whole: String = hit.pieces(&name).into_iter().map(|(piece, _)| piece).collect();
            prop_assert_eq!(whole, name);
        }
    }

    #[test]
    fn a_name_finds_itself(name in "\\PC{1,40}") {
        if let Some((quality, _)) = find(&name, &name) {
            prop_assert_eq!(quality, Quality::Exact);
        } else {
            prop_assert!(Query::new(&name).is_empty());
        }
    }
}
