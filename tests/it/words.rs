//! What a newcomer reads: nothing misleading, nothing half translated, nothing said twice.

use crate::cli::{
    BROKEN, FINE, JSON, REFUSED, Ran, USAGE, book, centre, check, county_row, dinggang, id,
    physician, small,
};
use crate::oracle::INNER_MONGOLIA;
use crate::support::build::{identity, month};
use crate::support::json::list;
use crate::support::library;
use crate::support::workbook::scratch;
use calamine::{Reader, Xlsx, open_workbook};
use dinggang::policy::fact::FactType;
use dinggang::sample;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const PILOT: &str = "national/county-community-pilot";
const RETIREMENT: &str = "national/retirement-2024";
const TABLE: [&str; 2] = ["--policy", INNER_MONGOLIA];

fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

fn line_of<'a>(text: &'a str, word: &str) -> &'a str {
    let mut lines = text.lines();
    lines
        .find(|line| line.contains(word))
        .unwrap_or_else(|| panic!("{word}: {text}"))
}

/// Sheets of a workbook, and the headings in the third row of each.
fn sheets(path: &Path) -> Vec<(String, Vec<String>)> {
    let mut workbook: Xlsx<_> = open_workbook(path).expect("a workbook");
    let names = workbook.sheet_names();
    let of = |name: String| {
        let range = workbook.worksheet_range(&name).expect("a sheet");
        let heads = range.rows().nth(2).expect("headings");
        let heads = heads.iter().map(ToString::to_string).collect();
        (name, heads)
    };
    names.into_iter().map(of).collect()
}

// ------------------------------------------------------------------------ misleading

#[test]
fn a_policy_with_a_clause_not_verified_says_so() {
    let file = small().save("a.xlsx");
    for (lang, mark) in [("zh-CN", "未核对原文"), ("en", "text not verified")] {
        let more = [&TABLE as &[&str], &["--lang", lang]].concat();
        let table = check(&[&file], &more);
        let listed = dinggang(["policy", "list", "--lang", lang]);
        let covered = dinggang(["policy", "check", "--lang", lang]);
        for said in [&table.out, &listed.out, &covered.out] {
            assert!(line_of(said, RETIREMENT).contains(mark), "{said}");
            assert!(!line_of(said, INNER_MONGOLIA).contains(mark), "{said}");
        }
    }
    let json = check(&[&file], &JSON).json();
    let verified = |id: &str| {
        let mut details = list(&json, "policy_details").iter();
        let detail = details.find(|detail| detail["id"] == id);
        detail.expect("the policy")["verified"].clone()
    };
    assert_eq!(verified(RETIREMENT), false);
    assert_eq!(verified(INNER_MONGOLIA), true);
}

#[test]
fn a_policy_without_an_end_says_how_far_its_targets_ran() {
    for id in [PILOT, "xinjiang/community-health-2016"] {
        let listed = dinggang(["policy", "list"]).out;
        assert!(line_of(&listed, id).contains("2020"), "{listed}");
        let listed = dinggang(["policy", "list", "--lang", "en"]).out;
        assert!(line_of(&listed, id).contains("names no end"), "{listed}");
    }
}

#[test]
fn a_policy_is_shown_with_its_numbers() {
    let shown = dinggang(["policy", "show", INNER_MONGOLIA, "--lang", "en"]).out;
    for line in [
        "holders of senior posts counted in the ratio: at most 18% of professional posts, rounded down",
        "may: 20% of professional posts of health classes, and 18% of the rest",
        "posts that may be set: 10% of professional posts, rounded down",
        "establishment of professional staff: at least 90% of approved establishment",
        "1 where residents is 100000 or less, and 1 more for every 50000 above it (rounded down)",
        "by 2025-12-31: ",
        "otherwise → must: open recruitment",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    let shown = dinggang(["policy", "show", INNER_MONGOLIA]).out;
    for line in [
        "「聘用 高级岗位」不超过「专业技术岗位总数」的 18%，向下取整",
        "可以按「卫生类专业技术岗位数」的 20% 与其余部分的 18% 之和",
        "「专业技术编制」不低于「编制总数」的 90%",
        "其他情形 → 必须",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
}

#[test]
fn rules_that_were_not_judged_are_counted() {
    let file = small().save("a.xlsx");
    let said = check(&[&file], &TABLE).out;
    assert!(said.contains("未作判断"), "{said}");
    let json = check(&[&file], &JSON).json();
    let count = list(&json, "not_evaluated").len();
    assert!(count > 0 && line_of(&said, "未作判断").contains(&count.to_string()));
}

#[test]
fn a_reader_may_go_away() {
    for arguments in [["completions", "bash"].as_slice(), &["man"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dinggang"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(FINE), "{said}");
        assert!(said.is_empty(), "{said}");
    }
}

#[test]
fn workbooks_have_sheets_with_headings() {
    let file = small().save("a.xlsx");
    let file = file.to_str().expect("UTF-8");
    let out = scratch().join("x.xlsx");
    let path = out.to_str().expect("UTF-8");
    let to = ["--format", "xlsx", "--out", path];
    let person = [
        "explain",
        file,
        "--policy",
        INNER_MONGOLIA,
        "--person",
        "人员!2",
    ];
    assert_eq!(dinggang(person.iter().chain(&to)).code, FINE);
    let found = sheets(&out);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["法定退休年月", "工作年限", "岗位与台帐", "各项规则"]
    );
    assert!(
        found[3]
            .1
            .starts_with(&["规则".to_owned(), "结论".to_owned()])
    );
    let place = [
        "explain",
        file,
        "--policy",
        INNER_MONGOLIA,
        "--institution",
        "J1",
    ];
    let english = ["--lang", "en"];
    assert_eq!(dinggang(place.iter().chain(&to).chain(&english)).code, FINE);
    let found = sheets(&out);
    assert_eq!(found[0].0, "Post and ledger");
    let impact = [
        "policy",
        "impact",
        file,
        "--from",
        INNER_MONGOLIA,
        "--to",
        PILOT,
    ];
    assert_eq!(dinggang(impact.iter().chain(&to)).code, FINE);
    let found = sheets(&out);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["按规则", "区域", "机构", "人员", "乡村医生"]);
    assert!(found[2].1.contains(&"原依据".to_owned()));
}

#[test]
fn a_setting_that_cannot_be_used_says_why() {
    let file = small().save("a.xlsx");
    let set = |setting: &str| -> Ran {
        let ran = check(&[&file], &["--policy", PILOT, "--set", setting]);
        assert_eq!(ran.code, USAGE, "{setting}");
        ran
    };
    let messages: Vec<String> = [
        "senior-raised=22%".to_owned(),
        "national/county-community-pilt#senior-raised=22%".to_owned(),
        format!("{PILOT}#senior-raise=22%"),
        format!("{PILOT}#communities-per-county=22%"),
        format!("{PILOT}#senior-raised=22"),
    ]
    .iter()
    .map(|setting| set(setting).err)
    .collect();
    for (message, word) in messages.iter().zip([
        "应写成 政策#规则=比例",
        "是不是想写「national/county-community-pilot」",
        "是不是想写「senior-raised」",
        "没有把比例留给各地",
        "「22」不是比例",
    ]) {
        assert!(message.contains(word), "{word}: {message}");
    }
    let right = format!("{PILOT}#senior-raised=22%");
    let ran = check(&[&file], &["--policy", PILOT, "--set", &right]);
    assert_ne!(ran.code, USAGE, "{}", ran.err);
}

#[test]
fn one_run_names_every_mistake_of_a_policy() {
    let folder = scratch().join("own");
    fs::create_dir_all(folder.join("a/b")).expect("a folder");
    let text = r#"
[document]
title  = "示例"
status = "draft"

[clause.x]
at   = "第一条"
text = "文字"

[[floor]]
id       = "one"
cites    = ["x"]
counts   = "专业技术编制人数"
share_of = "编制总数"
at_least = "90%"

[[floor]]
id       = "two"
cites    = ["x"]
counts   = 5
share_of = "编制总数"
at_leat  = "90%"
"#;
    fs::write(folder.join("a/b/policy.toml"), text).expect("written");
    let folder = folder.to_str().expect("UTF-8");
    let ran = dinggang(["policy", "check", folder, "--lang", "en"]);
    assert_eq!(ran.code, USAGE);
    for said in [
        "“place” is missing",
        "there is no fact named “专业技术编制人数”",
        "wrong type",
        "there is no key “at_leat”",
    ] {
        assert_eq!(ran.err.matches(said).count(), 1, "{said}: {}", ran.err);
    }
    assert!(ran.out.is_empty(), "no table of nothing: {}", ran.out);
}

#[test]
fn in_the_invented_county_few_have_forgotten_to_retire() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/county.xlsx");
    let json = check(&[&file], &JSON).json();
    let past = list(&json, "warnings").len();
    assert!((1..=5).contains(&past), "{past}");
    let county = sample::county(sample::Size::default(), month("2026-11"), 1);
    assert!(county.people.len() > 500);
}

#[test]
fn many_warnings_of_one_kind_are_counted() {
    let people = (0..14).map(|number| {
        let old = identity(month("1950-05"), true, number).to_string();
        physician(number).with("身份证件号码", old)
    });
    let file = book(vec![centre()], people.collect(), vec![county_row()]).save("a.xlsx");
    let said = check(&[&file], &[&TABLE as &[&str], &["--lang", "en"]].concat()).out;
    let shown = said.matches("past the statutory retirement month").count();
    assert_eq!(shown, 10, "{said}");
    assert!(said.contains("… 4 more: past retirement"), "{said}");
}

// ------------------------------------------------------------------------------ ugly

#[test]
fn wrong_usage_is_told_in_chinese() {
    let of = |arguments: &[&str]| dinggang(arguments).err;
    for (arguments, said) in [
        (&["chek"] as &[&str], "没有命令「chek」"),
        (&["check", "a.xlsx"], "缺少 --policy"),
        (&["check", "a.xlsx", "--plicy", "x"], "没有选项「--plicy」"),
        (&["check", "a.xlsx", "--policy"], "后面没有写值"),
        (
            &["check", "a.xlsx", "--policy", "x", "--format", "csv"],
            "不能取「csv」",
        ),
        (
            &["check", "a.xlsx", "--policy", "x", "--as-of", "11-22"],
            "应写成 YYYY-MM-DD",
        ),
        (
            &[
                "explain",
                "a.xlsx",
                "--policy",
                "x",
                "--person",
                "1",
                "--institution",
                "2",
            ],
            "不能同时用",
        ),
    ] {
        let error = of(arguments);
        assert!(error.contains(said), "{arguments:?}: {error}");
        for word in ["error:", "Usage:", "OPTIONS", "For more information"] {
            assert!(!error.contains(word), "{word}: {error}");
        }
    }
    let help = dinggang(["check", "--help"]).out;
    for word in ["[default", "[possible", "[env", "OPTIONS", "Usage"] {
        assert!(!help.contains(word), "{word}: {help}");
    }
    let english = dinggang(["chek", "--lang", "en"]).err;
    assert!(english.contains("Usage:") && !has_chinese(&english));
}

#[test]
fn a_file_that_is_not_there_is_said_once() {
    let nowhere = scratch().join("没有.xlsx");
    let ran = check(&[&nowhere], &TABLE);
    assert_eq!(ran.code, REFUSED);
    assert!(ran.out.is_empty(), "no table of nothing: {}", ran.out);
    assert_eq!(ran.err.matches("没有.xlsx").count(), 1, "{}", ran.err);
    assert!(ran.err.contains("没有这个文件"), "{}", ran.err);
    assert!(!ran.err.contains("os error"), "{}", ran.err);
    let folder = scratch();
    let folder = folder.join("none").join("out.json");
    let file = small().save("a.xlsx");
    let out = folder.to_str().expect("UTF-8");
    let ran = check(&[&file], &[&JSON as &[&str], &["--out", out]].concat());
    assert_eq!(ran.code, USAGE);
    assert!(!ran.err.contains("os error"), "{}", ran.err);
}

#[test]
fn what_nobody_asked_is_not_called_unverified() {
    let covered = dinggang(["policy", "check", "--lang", "en"]).out;
    assert!(line_of(&covered, INNER_MONGOLIA).contains('–'), "{covered}");
    let listed = dinggang(["policy", "list"]).out;
    assert!(listed.contains("未注明") && listed.contains("65 新疆维吾尔自治区"));
}

#[test]
fn an_unknown_policy_ends_without_a_space() {
    let said = dinggang(["policy", "show", "zzz"]).err;
    assert_eq!(
        said.trim_end_matches('\n').trim_end(),
        said.trim_end_matches('\n')
    );
}

#[test]
fn identity_numbers_are_whole_only_where_they_must() {
    let wrong = "150199198005010000";
    let masked = "1501**********0000";
    let people = vec![physician(0), physician(1).with("身份证件号码", wrong)];
    let twice = physician(2).with("身份证件号码", id(0));
    let people = people.into_iter().chain([twice]).collect();
    let file = book(vec![centre()], people, vec![county_row()]).save("a.xlsx");
    let table = check(&[&file], &TABLE).out;
    assert!(table.contains(masked), "{table}");
    assert!(!table.contains(wrong) && !table.contains(&id(0)), "{table}");
    let json = check(&[&file], &JSON).out;
    assert!(json.contains(wrong) && json.contains(&id(0)), "{json}");
    let told = dinggang([
        "explain".as_ref(),
        file.as_os_str(),
        "--policy".as_ref(),
        INNER_MONGOLIA.as_ref(),
        "--person".as_ref(),
        "人员!3".as_ref(),
    ]);
    assert!(told.out.contains(masked) && !told.out.contains(wrong));
    let back = scratch().join("back.xlsx");
    let more = ["--errors", back.to_str().expect("UTF-8")];
    check(&[&file], &[&TABLE as &[&str], &more].concat());
    let mut workbook: Xlsx<_> = open_workbook(&back).expect("a workbook");
    let people = workbook.worksheet_range("人员").expect("a sheet");
    let cells: Vec<String> = people.used_cells().map(|(_, _, c)| c.to_string()).collect();
    assert!(cells.iter().any(|cell| cell == wrong), "{cells:?}");
}

#[test]
fn what_changes_is_told_by_rule_and_shortly() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/county.xlsx");
    let file = file.to_str().expect("UTF-8");
    let to = [
        "--from",
        INNER_MONGOLIA,
        "--to",
        PILOT,
        "--as-of",
        "2026-11-22",
    ];
    for lang in ["zh-CN", "en"] {
        let more = ["--lang", lang];
        let ran = dinggang(["policy", "impact", file].iter().chain(&to).chain(&more));
        assert_eq!(ran.code, FINE, "{}", ran.err);
        assert!(ran.out.lines().count() < 300, "{}", ran.out);
        assert!(ran.out.contains(&format!("[{PILOT} ")), "{}", ran.out);
        // no directed posts before, no word of them after: nothing that changes
        let idle = ["定向职数：可用上限 0 → –", "directed posts: limit 0 → –"];
        assert!(
            !idle.iter().any(|idle| ran.out.contains(idle)),
            "{}",
            ran.out
        );
    }
}

// --------------------------------------------------------------------------- English

#[test]
fn every_choice_has_an_english_word() {
    for (_, fact) in library::shipped().facts.all() {
        let choice = matches!(
            fact.kind,
            FactType::Choice | FactType::Rank | FactType::Flag
        );
        if choice && fact.values.iter().any(|value| has_chinese(value)) {
            assert_eq!(fact.values.len(), fact.values_en.len(), "{}", fact.name);
            assert!(fact.values_en.iter().all(|value| value.is_ascii()));
        }
    }
}

#[test]
fn english_output_is_english() {
    // titles, clauses and readings quote the documents; names and sheets are the workbook's
    let quoting = |line: &str| {
        let line = line.trim_start();
        let starts = [
            "reading:",
            "national/",
            "inner-mongolia/",
            "xinjiang/",
            "document:",
        ];
        line.contains('“') || starts.iter().any(|start| line.starts_with(start))
    };
    let policies = library::shipped();
    for policy in &policies.policies {
        let shown = dinggang(["policy", "show", &policy.id, "--lang", "en"]).out;
        let rules = shown.split("\nCoverage").next().expect("the rules");
        for line in rules.lines().skip(2).filter(|line| !quoting(line)) {
            let judged = line.contains("for a person to judge:");
            assert!(judged || !has_chinese(line), "{}: {line}", policy.id);
        }
    }
    let file = small().save("a.xlsx");
    let file = file.to_str().expect("UTF-8");
    for who in [["--person", "人员!2"], ["--institution", "J1"]] {
        let arguments = ["explain", file, "--policy", INNER_MONGOLIA, "--lang", "en"];
        let told = dinggang(arguments.iter().chain(&who)).out;
        for line in told.lines().skip(1).filter(|line| !quoting(line)) {
            let names = line.contains("甲某");
            assert!(names || !has_chinese(line), "{line}");
        }
    }
    let said = check(
        &[Path::new(file)],
        &[&TABLE as &[&str], &["--lang", "en"]].concat(),
    );
    assert_ne!(said.code, BROKEN);
    for mark in ["（", "）", "：", "；", "·"] {
        let own = said
            .out
            .lines()
            .filter(|line| !line.contains(INNER_MONGOLIA));
        assert!(
            !own.into_iter().any(|line| line.contains(mark)),
            "{mark}: {}",
            said.out
        );
    }
}
