//! The program itself, run as a clerk runs it: exit codes, messages, languages, files in
//! and out (CONTRACT sections 1, 2 and 4).

use crate::json::has_every_key;
use crate::oracle::{self, COMPARED, INNER_MONGOLIA, XINJIANG};
use crate::support::build::{identity, month};
use crate::support::generate::{County, listed_county};
use crate::support::json::{answer, at, findings, list, number, text};
use crate::support::workbook::{Book, Row, of_register, scratch};
use crate::support::{fewer_cases, library};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub const FINE: i32 = 0;
pub const BROKEN: i32 = 1;
pub const REFUSED: i32 = 2;
pub const USAGE: i32 = 3;

/// How a run ended.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}{}", self.out, self.err))
    }
}

pub fn dinggang(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_dinggang"))
        .args(arguments)
        .env_remove("DINGGANG_LANG")
        .env_remove("DINGGANG_POLICIES")
        .output()
        .expect("the program runs");
    Ran {
        code: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// `check` of some files with more arguments, on 2026-11-22.
pub fn check(files: &[&Path], more: &[&str]) -> Ran {
    let mut arguments: Vec<&OsStr> = vec!["check".as_ref()];
    arguments.extend(files.iter().map(|file| file.as_os_str()));
    if !more.contains(&"--as-of") {
        arguments.extend(["--as-of", "2026-11-22"].map(OsStr::new));
    }
    arguments.extend(more.iter().map(OsStr::new));
    dinggang(arguments)
}

pub const JSON: [&str; 4] = ["--policy", INNER_MONGOLIA, "--format", "json"];

fn checked(book: &Book) -> Ran {
    check(&[&book.save("全旗.xlsx")], &JSON)
}

// ---------------------------------------------------------------- a small county

/// A 卫生院 that keeps to every rule.
pub fn centre() -> Row {
    Row::new(&[
        ("机构编码", "J1"),
        ("机构名称", "示例卫生院"),
        ("机构类型", "乡镇卫生院"),
        ("行政区划代码", "150199001"),
        ("编制总数", "10"),
        ("专业技术编制", "9"),
        ("专业技术岗位总数", "10"),
        ("核定高级岗位", "1"),
    ])
}

pub fn id(number: usize) -> String {
    identity(month("1980-05"), true, number).to_string()
}

/// A physician for public health appointed to a senior post.
pub fn physician(number: usize) -> Row {
    Row::new(&[
        ("姓名", "甲某"),
        ("机构编码", "J1"),
        ("编制情况", "编内"),
        ("岗位类别", "专业技术"),
        ("从事专业类别代码", "11"),
        ("医师执业类别代码", "3"),
        ("专业技术资格", "副高"),
        ("聘任级别", "副高"),
    ])
    .with("身份证件号码", id(number))
}

pub fn county_row() -> Row {
    Row::new(&[
        ("行政区划代码", "150199"),
        ("名称", "示例旗"),
        ("级别", "旗县区"),
        ("常住人口", "50000"),
        ("编制总量核定年月", "2024-03"),
    ])
}

pub fn book(institutions: Vec<Row>, people: Vec<Row>, places: Vec<Row>) -> Book {
    Book::default()
        .sheet("机构", institutions)
        .sheet("人员", people)
        .sheet("区域", places)
}

pub fn small() -> Book {
    book(vec![centre()], vec![physician(0)], vec![county_row()])
}

// --------------------------------------------------------------------- exit codes

#[test]
fn nothing_mandatory_fails() {
    let ran = checked(&small());
    assert_eq!(ran.code, FINE, "{}{}", ran.out, ran.err);
    let json = ran.json();
    assert!(list(&json, "errors").is_empty() && list(&json, "warnings").is_empty());
}

#[test]
fn a_must_of_an_institution_fails() {
    let two = vec![physician(0), physician(1)];
    let ran = checked(&book(vec![centre()], two, vec![county_row()]));
    assert_eq!(
        ran.code, BROKEN,
        "2 senior for 1 approved and a ceiling of 1"
    );
}

#[test]
fn a_must_of_an_area_fails() {
    let overdue = county_row().with("编制总量核定年月", "2021-10");
    let ran = checked(&book(vec![centre()], vec![physician(0)], vec![overdue]));
    assert_eq!(ran.code, BROKEN, "61 months since the last review");
    let due = county_row().with("编制总量核定年月", "2021-11");
    let ran = checked(&book(vec![centre()], vec![physician(0)], vec![due]));
    assert_eq!(ran.code, FINE, "60 months are due, not overdue");
    let json = ran.json();
    let review = list(&list(&json, "areas")[0], "findings");
    let review = review
        .iter()
        .find(|f| text(f, "rule") == "establishment-review");
    assert!(
        text(review.expect("a finding"), "message").contains("到期"),
        "and it says so"
    );
}

/// Exit 1 is for a `must` of an institution or an area only.
#[test]
fn what_does_not_make_it_fail() {
    // a target (rural doctors), an in-principle rule (centres per street)
    let street = Row::new(&[
        ("行政区划代码", "150199002"),
        ("名称", "示例街道"),
        ("级别", "街道"),
        ("常住人口", "90000"),
    ]);
    let doctor = Row::new(&[
        ("姓名", "乙某"),
        ("行政区划代码", "150199001001"),
        ("执业资格", "乡村医生"),
        ("劳动关系", "有"),
    ])
    .with("身份证件号码", id(9));
    // a standing that fails: promoted above the ratio without twenty years
    let beyond = physician(1).with("聘用方式", "超比例");
    let beyond_history = Row::new(&[
        ("起始年月", "2020-01"),
        ("单位名称", "示例卫生院"),
        ("机构类型", "乡镇卫生院"),
    ])
    .with("身份证件号码", id(1));
    let book = book(
        vec![centre()],
        vec![physician(0), beyond],
        vec![county_row(), street],
    );
    let ran = checked(
        &book
            .sheet("乡村医生", vec![doctor])
            .sheet("履历", vec![beyond_history]),
    );
    let json = ran.json();
    let areas = findings(&list(&json, "areas")[0]);
    for rule in ["centre-coverage", "rural-doctor-licensed"] {
        let finding = areas.iter().find(|f| f.rule == rule).expect("a finding");
        assert_eq!(finding.verdict, "fails", "{rule}");
    }
    let standings = list(&list(&json, "people")[1], "standings").iter();
    let promoted = standings
        .into_iter()
        .find(|s| text(s, "rule") == "twenty-years-promoted");
    assert_eq!(text(promoted.expect("a standing"), "verdict"), "fails");
    assert_eq!(ran.code, FINE, "{}", ran.err);
}

/// "2 goes before 1", and "what could be read is still evaluated and printed".
#[test]
fn a_refused_row_goes_before_a_failing_rule() {
    let people = vec![
        physician(0),
        physician(1),
        physician(2).with("编制情况", "在编"),
    ];
    let ran = checked(&book(vec![centre()], people, vec![county_row()]));
    assert_eq!(ran.code, REFUSED);
    let json = ran.json();
    assert_eq!(list(&json, "people").len(), 2);
    let verdicts = findings(&list(&json, "institutions")[0]);
    assert!(
        verdicts
            .iter()
            .any(|f| f.verdict == "fails" && f.force == "must")
    );
    let [error] = list(&json, "errors") else {
        panic!("one error: {}", ran.out);
    };
    for (key, value) in [
        ("file", "全旗.xlsx"),
        ("sheet", "人员"),
        ("column", "编制情况"),
        ("code", "unknown_value"),
        ("value", "在编"),
    ] {
        assert_eq!(text(error, key), value, "{key}");
    }
    assert_eq!(number(error, "row"), Some(4));
}

#[test]
fn files_that_cannot_be_read() {
    let good = small().save("好.xlsx");
    let nowhere = scratch().join("没有.xlsx");
    let ran = check(&[&good, &nowhere], &JSON);
    assert_eq!(ran.code, REFUSED);
    assert!(ran.err.contains("没有.xlsx"), "{}", ran.err);
    assert_eq!(
        list(&ran.json(), "institutions").len(),
        1,
        "the other is evaluated"
    );
    for (name, bytes) in [
        ("空.xlsx", Vec::new()),
        ("文字.xlsx", "机构编码,机构名称".as_bytes().to_vec()),
        (
            "半个.xlsx",
            fs::read(&good).expect("readable")[..600].to_vec(),
        ),
    ] {
        let bad = scratch().join(name);
        fs::write(&bad, bytes).expect("written");
        let ran = check(&[&bad], &JSON);
        assert_eq!(ran.code, REFUSED, "{name}");
        assert!(ran.err.contains(name), "{name}: {}", ran.err);
        ran.json();
    }
}

/// Wrong usage is 3 and says so on standard error, clap's own errors too.
#[test]
fn wrong_usage() {
    let file = small().save("a.xlsx");
    let file = file.to_str().expect("UTF-8");
    let cases: &[&[&str]] = &[
        &[],
        &["chek"],
        &["check"],
        &["check", file],
        &["check", "--policy", INNER_MONGOLIA],
        &["check", file, "--policy"],
        &["check", file, "--policy", INNER_MONGOLIA, "--format", "csv"],
        &[
            "check",
            file,
            "--policy",
            INNER_MONGOLIA,
            "--format",
            "xlsx",
        ],
        &["check", file, "--policy", INNER_MONGOLIA, "--lang", "fr"],
        &["check", file, "--policy", INNER_MONGOLIA, "--bogus"],
        &[
            "check",
            file,
            "--policy",
            INNER_MONGOLIA,
            "--as-of",
            "2026-11-22",
            "--as-of",
        ],
        &["check", file, "--policy", "no/such-policy"],
        &[
            "check",
            file,
            "--policy",
            INNER_MONGOLIA,
            "--policy",
            "no/such-policy",
        ],
        &["explain", file, "--policy", INNER_MONGOLIA],
        &[
            "explain",
            file,
            "--policy",
            INNER_MONGOLIA,
            "--person",
            "人员!99",
        ],
        &[
            "explain",
            file,
            "--policy",
            INNER_MONGOLIA,
            "--person",
            "150199000000000000",
        ],
        &["policy"],
        &["policy", "show", "no/such-policy"],
        &["policy", "impact", file, "--from", INNER_MONGOLIA],
        &[
            "policy",
            "impact",
            file,
            "--from",
            "no/such-policy",
            "--to",
            INNER_MONGOLIA,
        ],
        &[
            "policy",
            "impact",
            file,
            "--from",
            XINJIANG,
            "--to",
            INNER_MONGOLIA,
            "--format",
            "xlsx",
        ],
    ];
    for arguments in cases {
        let ran = dinggang(*arguments);
        assert_eq!(ran.code, USAGE, "{arguments:?}\n{}{}", ran.out, ran.err);
        assert!(!ran.err.trim().is_empty(), "{arguments:?} says nothing");
        assert!(ran.out.is_empty(), "{arguments:?} prints {}", ran.out);
    }
}

#[test]
fn help_and_version() {
    for arguments in [
        &["--help"] as &[&str],
        &["-h"],
        &["help"],
        &["help", "check"],
        &["check", "--help"],
        &["explain", "--help"],
        &["policy", "--help"],
        &["policy", "impact", "--help"],
        &["template", "--help"],
        &["--version"],
        &["-V"],
    ] {
        let ran = dinggang(arguments);
        assert_eq!(ran.code, FINE, "{arguments:?}: {}", ran.err);
        assert!(ran.err.is_empty() && !ran.out.is_empty(), "{arguments:?}");
    }
    let version = dinggang(["--version"]).out;
    assert_eq!(
        version.trim(),
        concat!("dinggang ", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn an_unknown_policy_names_the_nearest() {
    let file = small().save("a.xlsx");
    for lang in ["zh-CN", "en"] {
        let misspelt = "inner-mongolia/primary-care-drft";
        let ran = check(&[&file], &["--policy", misspelt, "--lang", lang]);
        assert_eq!(ran.code, USAGE);
        assert!(ran.err.contains(misspelt), "{}", ran.err);
        assert!(
            ran.err.contains(INNER_MONGOLIA),
            "did you mean: {}",
            ran.err
        );
    }
}

/// The day must exist and be written as YYYY-MM-DD.
#[test]
fn as_of_is_a_day() {
    let file = small().save("a.xlsx");
    for bad in [
        "2026-11",
        "2026-13-01",
        "2026-02-29",
        "2026-11-31",
        "26-11-22",
        "2026/11/22",
        "2026-1-22",
        "20261122",
        "today",
        "",
    ] {
        let ran = check(&[&file], &["--policy", INNER_MONGOLIA, "--as-of", bad]);
        assert_eq!(ran.code, USAGE, "{bad}: {}", ran.out);
        assert!(ran.err.contains("as-of"), "{bad}: {}", ran.err);
    }
    for (good, shown) in [("2024-02-29", "2024-02"), ("2026-12-31", "2026-12")] {
        let ran = check(
            &[&file],
            &[
                "--policy",
                INNER_MONGOLIA,
                "--as-of",
                good,
                "--format",
                "json",
            ],
        );
        assert_eq!(text(&ran.json(), "as_of"), shown);
    }
}

/// "`--as-of` defaults to today in Asia/Shanghai": the month of a file written just before
/// or just after.
#[test]
fn as_of_is_today_in_shanghai() {
    let file = small().save("a.xlsx");
    let written = |path: &Path| {
        let modified = fs::metadata(path)
            .and_then(|data| data.modified())
            .expect("a time");
        let utc: chrono::DateTime<chrono::Utc> = modified.into();
        let eight_hours = chrono::FixedOffset::east_opt(8 * 3600).expect("an offset");
        utc.with_timezone(&eight_hours).format("%Y-%m").to_string()
    };
    let before = written(&file);
    let ran = dinggang([
        "check",
        file.to_str().expect("UTF-8"),
        JSON[0],
        JSON[1],
        JSON[2],
        JSON[3],
    ]);
    let later = small().save("b.xlsx");
    let shown = text(&ran.json(), "as_of").to_owned();
    assert!([before, written(&later)].contains(&shown), "{shown}");
}

// ------------------------------------------------------------ policies and their order

#[test]
fn policies_asked_for_come_first_each_once() {
    let file = small().save("a.xlsx");
    let always = "national/retirement-2024";
    let ran = check(
        &[&file],
        &[
            "--policy",
            XINJIANG,
            "--policy",
            always,
            "--policy",
            INNER_MONGOLIA,
            "--policy",
            XINJIANG,
            "--format",
            "json",
        ],
    );
    let json = ran.json();
    let expected = [
        XINJIANG,
        always,
        INNER_MONGOLIA,
        "national/public-institutions-2014",
    ];
    let policies: Vec<&str> = list(&json, "policies")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(policies, expected);
    let details: Vec<&str> = list(&json, "policy_details")
        .iter()
        .map(|d| text(d, "id"))
        .collect();
    assert_eq!(details, expected);
}

/// A folder of one's own: the shipped facts and the national policies, and one more.
fn own_policies(policy: &str, cases: Option<&str>) -> PathBuf {
    let folder = scratch();
    let mut files = library::files();
    files.insert("own/rule/policy.toml".to_owned(), policy.to_owned());
    if let Some(cases) = cases {
        files.insert("own/rule/cases.toml".to_owned(), cases.to_owned());
    }
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    folder
}

const OWN_POLICY: &str = r#"
[document]
title  = "自定"
place  = ""
status = "draft"

[clause."1"]
at   = "第一条"
text = "至少一名护士"

[[min-count]]
id           = "at-least-one-nurse"
cites        = ["1"]
where        = ["机构类型 = 乡镇卫生院"]
count_people = ["从事专业类别代码 = 21"]
at_least     = 1
"#;

const OWN_CASES: &str = r#"
[[case]]
name = "没有护士"
rule = "at-least-one-nurse"
clause = "1"
institution = { "机构类型" = "乡镇卫生院" }
people = [{ count = 1, "从事专业类别代码" = "11" }]
expect = { verdict = "fails", counted = 0, needed = 1 }

[[case]]
name = "一名护士"
rule = "at-least-one-nurse"
clause = "1"
institution = { "机构类型" = "乡镇卫生院" }
people = [{ count = 1, "从事专业类别代码" = "21" }]
expect = { verdict = "holds", counted = 1, needed = 1 }
"#;

fn with_own_policies(folder: &Path) -> Ran {
    let file = small().save("a.xlsx");
    let folder = folder.to_str().expect("UTF-8");
    check(
        &[&file],
        &[
            "--policies",
            folder,
            "--policy",
            "own/rule",
            "--format",
            "json",
        ],
    )
}

/// A server with policies of one's own, on a new database.
fn serving_with(folder: &Path) -> Ran {
    let home = scratch();
    let setting = |name: &str, path: &Path| format!("{name}={}", path.display());
    let database = format!("sqlite://{}", home.join("a.db").display());
    let (policies, keys) = (
        setting("policies", folder),
        setting("key_file", &home.join("keys")),
    );
    let listen = ["--listen", "127.0.0.1:0", "--database", &database];
    let settings = ["--setting", &policies, "--setting", &keys];
    dinggang(["serve"].iter().chain(&listen).chain(&settings))
}

/// Without what applies everywhere, every count would be too large or too small.
#[test]
fn a_folder_without_the_national_policies() {
    let folder = own_policies(OWN_POLICY, Some(OWN_CASES));
    fs::remove_dir_all(folder.join("national/retirement-2024")).expect("removed");
    let ran = with_own_policies(&folder);
    assert_eq!(ran.code, USAGE, "{}", ran.err);
    assert!(ran.err.contains("national/retirement-2024"), "{}", ran.err);
    assert!(
        !ran.err.contains("national/public-institutions-2014"),
        "{}",
        ran.err
    );
    let serve = serving_with(&folder);
    assert_eq!(serve.code, USAGE, "{}", serve.err);
    assert!(
        serve.err.contains("national/retirement-2024"),
        "{}",
        serve.err
    );
}

/// "3 wrong usage or a broken policy (a rule without cases included)"
#[test]
fn a_broken_policy() {
    let ran = with_own_policies(&own_policies(OWN_POLICY, None));
    assert_eq!(ran.code, USAGE, "a rule without cases");
    assert!(ran.err.contains("at-least-one-nurse"), "{}", ran.err);
    assert!(ran.out.is_empty(), "nothing is evaluated");

    let wrong = OWN_CASES.replace("counted = 0", "counted = 7");
    let ran = with_own_policies(&own_policies(OWN_POLICY, Some(&wrong)));
    assert_eq!(ran.code, USAGE, "a case that does not come out");
    assert!(ran.err.contains("own/rule/cases.toml"), "{}", ran.err);

    for (found, written, hint) in [
        ("从事专业类别代码", "从事专业类别代号", "从事专业类别代码"),
        ("count_people", "count_peopel", "count_people"),
        ("status = \"draft\"", "status = \"drfat\"", "draft"),
        ("[[min-count]]", "[[min-count", "own/rule/policy.toml"),
    ] {
        let broken = OWN_POLICY.replace(found, written);
        let ran = with_own_policies(&own_policies(&broken, Some(OWN_CASES)));
        assert_eq!(ran.code, USAGE, "{written}");
        assert!(
            ran.err.contains("own/rule/policy.toml"),
            "{written}: {}",
            ran.err
        );
        assert!(ran.err.contains(hint), "{written}: {}", ran.err);
    }
}

/// A sound folder is used.
#[test]
fn a_policy_of_ones_own() {
    let ran = with_own_policies(&own_policies(OWN_POLICY, Some(OWN_CASES)));
    assert_eq!(ran.code, BROKEN, "no nurse: {}", ran.err);
    let json = ran.json();
    let verdicts = findings(&list(&json, "institutions")[0]);
    let nurse = verdicts.iter().find(|f| f.rule == "at-least-one-nurse");
    assert_eq!(nurse.expect("a finding").verdict, "fails");
}

// --------------------------------------------------------------- several files, formats

/// "Several FILEs are one data set."
#[test]
fn several_files_are_one_data_set() {
    let institutions = Book::default()
        .sheet("机构", vec![centre()])
        .save("机构.xlsx");
    let places = Book::default()
        .sheet("区域", vec![county_row()])
        .save("区域.xlsx");
    let people = Book::default()
        .sheet(
            "人员",
            vec![
                physician(0),
                physician(1)
                    .with("聘任级别", "未聘")
                    .with("医师执业类别代码", "1"),
            ],
        )
        .save("人员.xlsx");
    let again = Book::default()
        .sheet("人员", vec![physician(1)])
        .save("再来.xlsx");
    let alone = check(&[&small().save("全.xlsx")], &JSON).json();
    let apart = check(&[&institutions, &people, &places], &JSON);
    assert_eq!(apart.code, FINE, "{}", apart.err);
    let apart = apart.json();
    assert_eq!(list(&apart, "people").len(), 2);
    let of = |json: &Value| findings(&list(json, "institutions")[0]);
    assert_eq!(of(&apart), of(&alone), "one senior either way");
    assert_eq!(
        findings(&list(&apart, "areas")[0]),
        findings(&list(&alone, "areas")[0])
    );
    let files: Vec<&str> = list(&apart, "inputs")
        .iter()
        .map(|i| text(i, "file"))
        .collect();
    assert_eq!(files, ["机构.xlsx", "人员.xlsx", "区域.xlsx"]);
    assert_eq!(text(&list(&apart, "people")[0], "file"), "人员.xlsx");

    let twice = check(&[&institutions, &people, &places, &again], &JSON);
    assert_eq!(twice.code, REFUSED);
    let json = twice.json();
    let [error] = list(&json, "errors") else {
        panic!("one duplicate: {}", twice.out);
    };
    assert_eq!(
        (text(error, "code"), text(error, "file")),
        ("duplicate", "再来.xlsx")
    );
}

/// A missing sheet is one error of row 0, and nobody is evaluated without 机构.
#[test]
fn a_missing_sheet() {
    let people = Book::default().sheet("人员", vec![physician(0)]);
    let ran = checked(&people);
    assert_eq!(ran.code, REFUSED);
    let json = ran.json();
    let missing: Vec<_> = list(&json, "errors")
        .iter()
        .map(|e| (text(e, "code"), number(e, "row")))
        .collect();
    assert_eq!(missing, [("missing", Some(0))]);
    assert!(list(&json, "people").is_empty() && list(&json, "institutions").is_empty());
}

#[test]
fn results_go_to_a_file() {
    let file = small().save("a.xlsx");
    let folder = scratch();
    for format in ["table", "json"] {
        let out = folder.join(format);
        let out = out.to_str().expect("UTF-8");
        let printed = check(&[&file], &["--policy", INNER_MONGOLIA, "--format", format]);
        let written = check(
            &[&file],
            &["--policy", INNER_MONGOLIA, "--format", format, "--out", out],
        );
        assert_eq!((printed.code, written.code), (FINE, FINE));
        assert!(written.out.is_empty(), "{}", written.out);
        let text = fs::read_to_string(out).expect("written");
        assert_eq!(text.trim(), printed.out.trim(), "{format}");
    }
    let out = folder.join("结果.xlsx");
    let ran = check(
        &[&file],
        &[
            "--policy",
            INNER_MONGOLIA,
            "--format",
            "xlsx",
            "--out",
            out.to_str().expect("UTF-8"),
        ],
    );
    assert_eq!(ran.code, FINE, "{}", ran.err);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&out).expect("a workbook");
    let sheets = calamine::Reader::worksheets(&mut book);
    let cells = sheets.iter().flat_map(|(_, range)| range.used_cells());
    let words: Vec<String> = cells.map(|(_, _, cell)| cell.to_string()).collect();
    assert!(
        words.iter().any(|word| word.contains("示例卫生院")),
        "{words:?}"
    );

    let nowhere = folder.join("没有").join("a.json");
    let ran = check(
        &[&file],
        &[
            "--policy",
            INNER_MONGOLIA,
            "--format",
            "json",
            "--out",
            nowhere.to_str().expect("UTF-8"),
        ],
    );
    assert_eq!(ran.code, USAGE, "a folder that does not exist");
    assert!(ran.err.contains("a.json"), "{}", ran.err);
}

// --------------------------------------------------------------------------- explain

#[test]
fn explain_finds_a_person_by_number_and_by_row() {
    let history = Row::new(&[
        ("起始年月", "2003-05"),
        ("单位名称", "示例卫生院"),
        ("机构类型", "乡镇卫生院"),
    ])
    .with("身份证件号码", id(0));
    let file = small().sheet("履历", vec![history]).save("全旗.xlsx");
    let file = file.to_str().expect("UTF-8");
    let explained = |person: &str, lang: &str| {
        let ran = dinggang([
            "explain",
            file,
            "--policy",
            INNER_MONGOLIA,
            "--as-of",
            "2026-11-22",
            "--person",
            person,
            "--lang",
            lang,
        ]);
        assert_eq!(ran.code, FINE, "{person}: {}", ran.err);
        ran.out
    };
    for lang in ["zh-CN", "en"] {
        let by_number = explained(&id(0), lang);
        for place in ["人员!2", "全旗.xlsx:人员!2"] {
            assert_eq!(explained(place, lang), by_number);
        }
        // 1980-05 is 184 months after 1965-01: the full delay of 36 months
        for figure in ["2043-05", "2003-05", "282", "不满5年"] {
            assert!(
                by_number.contains(figure),
                "{lang}: {figure} in\n{by_number}"
            );
        }
    }
}

// ------------------------------------------------------------------------- languages

/// Every key of the locales, but those that are names of rules too.
fn locale_keys() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    let mut keys = BTreeSet::new();
    for lang in fs::read_dir(root).expect("locales") {
        for file in fs::read_dir(lang.expect("a language").path()).expect("files") {
            let text = fs::read_to_string(file.expect("a file").path()).expect("readable");
            let names = text.lines().filter_map(|line| line.split_once(" ="));
            let names = names.map(|(name, _)| name.to_owned());
            keys.extend(names.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase())));
        }
    }
    let policies = library::shipped().policies.iter();
    let rules: BTreeSet<&str> = policies
        .flat_map(|p| p.rules.iter().map(|r| r.id.as_str()))
        .collect();
    keys.retain(|key| key.contains('-') && !rules.contains(key.as_str()));
    assert!(keys.len() > 100, "the keys are found");
    keys
}

fn untranslated(output: &str, keys: &BTreeSet<String>) -> Vec<String> {
    let mut found: Vec<String> = output
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .filter(|word| keys.contains(*word))
        .map(str::to_owned)
        .collect();
    if output.contains("Unknown localization") || output.contains("{$") || output.contains("{ $") {
        found.push("an unknown key or an open value".to_owned());
    }
    found
}

/// A word of four small letters or more.
fn has_english(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_ascii_lowercase());
    words.any(|word| word.len() >= 4)
}

fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// A county in which something of every kind happens.
fn eventful() -> Book {
    let station = centre()
        .with("机构编码", "J2")
        .with("机构名称", "示例中心")
        .with("机构类型", "社区卫生服务中心")
        .with("服务人口", "9000")
        .with("实有床位", "60")
        .with("护理康复床位", "10");
    let refused = centre()
        .with("机构编码", "J3")
        .with("行政区划代码", "15019");
    let people = vec![
        physician(0),
        physician(1),
        physician(2).with("聘用方式", "定向"),
        physician(3).with("聘用方式", "超比例"),
        physician(4)
            .with("资格类型", "基层定向")
            .with("机构编码", "J2"),
        physician(5)
            .with("岗位等级", "12")
            .with("全科培训", "转岗")
            .with("机构编码", "J2"),
        physician(6).with("聘任级别", "正高"),
        physician(7).with("机构编码", "J9"),
        physician(8).with("机构编码", "J3"),
        physician(9).with("退休类别", "女55"),
        physician(9),
        physician(9),
        physician(10).with("身份证件号码", "150199198005010000"),
        physician(11)
            .with("岗位等级", "14")
            .with("聘任年月", "某年"),
    ];
    let history = |number: usize, start: &str, end: &str| {
        Row::new(&[("单位名称", "示例卫生院"), ("机构类型", "乡镇卫生院")])
            .with("身份证件号码", id(number))
            .with("起始年月", start)
            .with("终止年月", end)
    };
    let histories = vec![
        history(0, "2000-01", "至今"),
        history(1, "2000-01", "1999-01"),
        history(50, "2000-01", ""),
    ];
    let doctor = |number: usize, born: &str| {
        Row::new(&[
            ("姓名", "乙某"),
            ("行政区划代码", "150199001001"),
            ("执业资格", "乡村医生"),
            ("劳动关系", "灵活就业"),
        ])
        .with("身份证件号码", identity(month(born), true, number))
    };
    book(
        vec![centre().with("举办主体", "政府"), station, refused],
        people,
        vec![
            county_row()
                .with("编制总量核定年月", "2020-01")
                .with("备注", "无"),
        ],
    )
    .sheet("履历", histories)
    .sheet("乡村医生", vec![doctor(0, "1960-01"), doctor(1, "1990-01")])
}

#[test]
fn both_languages_are_complete() {
    let keys = locale_keys();
    let file = eventful().save("全旗.xlsx");
    let file = file.to_str().expect("UTF-8");
    let wrong = scratch().join("没有.xlsx");
    let wrong = wrong.to_str().expect("UTF-8");
    let both = [
        "--policy",
        INNER_MONGOLIA,
        "--policy",
        XINJIANG,
        "--as-of",
        "2026-11-22",
    ];
    let person = |n: usize| format!("人员!{n}");
    let people: Vec<String> = (2..9).map(person).collect();
    let mut runs: Vec<Vec<&str>> = vec![
        [&["check", file] as &[&str], &both].concat(),
        [&["check", file] as &[&str], &both, &["--format", "json"]].concat(),
        [&["check", file, wrong] as &[&str], &both].concat(),
        [&["check", file] as &[&str], &both, &["--format", "xlsx"]].concat(),
        vec!["check", file, "--policy", "inner-mongolia/primary"],
        [
            &["explain", file] as &[&str],
            &both,
            &["--institution", "J1"],
        ]
        .concat(),
        [
            &["explain", file] as &[&str],
            &both,
            &["--institution", "J2"],
        ]
        .concat(),
        [
            &["explain", file] as &[&str],
            &both,
            &["--person", "乡村医生!2"],
        ]
        .concat(),
        [
            &["explain", file] as &[&str],
            &both,
            &["--person", "人员!77"],
        ]
        .concat(),
        vec!["policy", "list"],
        vec!["policy", "show", INNER_MONGOLIA],
        vec!["policy", "show", XINJIANG],
        vec!["policy", "show", "no/such"],
        vec![
            "policy",
            "impact",
            file,
            "--from",
            XINJIANG,
            "--to",
            INNER_MONGOLIA,
        ],
        vec![
            "policy",
            "impact",
            file,
            "--from",
            INNER_MONGOLIA,
            "--to",
            XINJIANG,
            "--format",
            "json",
        ],
    ];
    for person in &people {
        runs.push([&["explain", file] as &[&str], &both, &["--person", person]].concat());
    }
    for run in &runs {
        let chinese = dinggang(run.iter().chain(&["--lang", "zh-CN"]));
        let english = dinggang(run.iter().chain(&["--lang", "en"]));
        assert_eq!(chinese.code, english.code, "{run:?}");
        for (lang, ran) in [("zh-CN", &chinese), ("en", &english)] {
            for output in [&ran.out, &ran.err] {
                let found = untranslated(output, &keys);
                assert!(found.is_empty(), "{lang} {run:?}: {found:?}\n{output}");
            }
        }
        assert_ne!(
            (&chinese.out, &chinese.err),
            (&english.out, &english.err),
            "{run:?} speaks one language"
        );
    }
    // what is said about rows too, around the words of the workbook that it quotes
    let chinese = dinggang(runs[1].iter().chain(&["--lang", "zh-CN"])).json();
    let english = dinggang(runs[1].iter().chain(&["--lang", "en"])).json();
    for complaints in ["errors", "warnings"] {
        for (zh, en) in list(&chinese, complaints)
            .iter()
            .zip(list(&english, complaints))
        {
            let (zh, en) = (text(zh, "message"), text(en, "message"));
            assert!(
                has_chinese(zh) && has_english(en) && zh != en,
                "{zh} / {en}"
            );
        }
    }
    let codes = |key: &str| -> BTreeSet<String> {
        let all = list(&english, key)
            .iter()
            .map(|c| text(c, "code").to_owned());
        all.collect()
    };
    let expected = [
        "bad_month",
        "duplicate",
        "end_before_start",
        "id_checksum",
        "unknown_institution",
        "unknown_value",
    ];
    assert_eq!(codes("errors"), expected.map(str::to_owned).into());
    let expected = [
        "grade_level_mismatch",
        "no_such_person",
        "partial_history",
        "post_without_title",
        "refused_institution",
        "unknown_column",
    ];
    assert_eq!(codes("warnings"), expected.map(str::to_owned).into());
}

// ------------------------------------------------------------------------------ JSON

#[test]
fn json_has_every_key() {
    let file = eventful().save("全旗.xlsx");
    let ran = check(
        &[&file],
        &[
            "--policy",
            INNER_MONGOLIA,
            "--policy",
            XINJIANG,
            "--format",
            "json",
        ],
    );
    let json = ran.json();
    has_every_key(&json);
    for (key, at_least) in [
        ("institutions", 2),
        ("areas", 1),
        ("people", 8),
        ("rural_doctors", 2),
        ("errors", 6),
        ("warnings", 5),
    ] {
        assert!(list(&json, key).len() >= at_least, "{key}");
    }
    let program = text(&json, "program");
    assert_eq!(program, env!("CARGO_PKG_VERSION"));
    let sha256 = text(&list(&json, "inputs")[0], "sha256");
    assert_eq!(sha256.len(), 64);
}

/// The same run twice gives the same bytes.
#[test]
fn results_are_reproducible() {
    let file = eventful().save("全旗.xlsx");
    for format in ["json", "table"] {
        let run = || check(&[&file], &["--policy", INNER_MONGOLIA, "--format", format]).out;
        assert_eq!(run(), run(), "{format}");
    }
}

proptest! {
    #![proptest_config(fewer_cases(12))]

    /// From the workbook to the JSON, for random counties: what the contract says.
    #[test]
    fn workbooks_come_out_as_the_contract_says(county in listed_county()) {
        let County { as_of, register } = &county;
        let file = of_register(register).save("随机.xlsx");
        let day = format!("{as_of}-15");
        for policies in [&[INNER_MONGOLIA] as &[&str], &[XINJIANG, INNER_MONGOLIA]] {
            let mut more = vec!["--format", "json", "--as-of", &day];
            more.extend(policies.iter().flat_map(|id| ["--policy", id]));
            let ran = check(&[&file], &more);
            let json = ran.json();
            let complaints = list(&json, "errors");
            prop_assert!(complaints.is_empty(), "{complaints:#?}");
            let expected = oracle::answer(register, policies, *as_of).sorted();
            let mut found = answer(&json, register).only(&COMPARED);
            for person in found.people.values_mut() {
                for ((_, rule), standing) in &mut person.standings {
                    if rule != "twenty-years-near-retirement" {
                        (standing.from, standing.until) = (None, None);
                    }
                }
            }
            let said = expected.differences(&found, ("contract", "program"));
            prop_assert!(said.is_empty(), "under {policies:?}:\n{}", said.join("\n"));
            let areas: Vec<&str> = list(&json, "areas").iter().map(|a| text(a, "code")).collect();
            prop_assert_eq!(areas, oracle::areas(register));
            let institutions = expected.institutions.values().map(|i| &i.findings);
            let broken = institutions
                .chain(expected.areas.values())
                .flatten()
                .any(|finding| finding.force == "must" && finding.verdict == "fails");
            if broken {
                prop_assert_eq!(ran.code, BROKEN);
            }
            let any_must_fails = list(&json, "institutions")
                .iter()
                .chain(list(&json, "areas"))
                .flat_map(findings)
                .any(|finding| finding.force == "must" && finding.verdict == "fails");
            prop_assert_eq!(ran.code, i32::from(any_must_fails), "exit 1 exactly then");
        }
    }
}

// ----------------------------------------------------------------- the sample county

/// The folder of sample files, where it lies beside the project.
fn samples() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    if folder.exists() {
        return Some(folder);
    }
    println!("skipped: no sample files beside the project");
    None
}

fn sample(folder: &Path, name: &str) -> (i32, Value) {
    let both = [
        "--policy",
        INNER_MONGOLIA,
        "--policy",
        XINJIANG,
        "--format",
        "json",
    ];
    let ran = check(&[&folder.join(name)], &both);
    let json = ran.json();
    (ran.code, json)
}

/// Institutions whose finding of a rule has a verdict.
fn with_verdict(json: &Value, rule: &str, subject: Option<&str>, verdict: &str) -> Vec<String> {
    let has = |institution: &&Value| {
        findings(institution)
            .iter()
            .any(|f| f.rule == rule && f.verdict == verdict && f.subject.as_deref() == subject)
    };
    let institutions = list(json, "institutions").iter().filter(has);
    institutions.map(|i| text(i, "code").to_owned()).collect()
}

fn figures(
    json: &Value,
    code: &str,
    rule: &str,
    subject: Option<&str>,
) -> (i64, Option<i64>, Option<i64>) {
    let institution = list(json, "institutions")
        .iter()
        .find(|i| text(i, "code") == code);
    let found = findings(institution.expect("an institution"));
    let mut of_rule = found
        .iter()
        .filter(|f| f.rule == rule && f.subject.as_deref() == subject);
    let finding = of_rule.next().expect("a finding");
    (
        finding.counted.expect("counted"),
        finding.base,
        finding.needed,
    )
}

/// How many people have each verdict of a standing.
fn standings(json: &Value, rule: &str, of: impl Fn(&Value) -> bool) -> BTreeMap<String, usize> {
    let mut verdicts = BTreeMap::new();
    for person in list(json, "people").iter().filter(|p| of(p)) {
        for standing in list(person, "standings") {
            if text(standing, "rule") == rule {
                *verdicts
                    .entry(text(standing, "verdict").to_owned())
                    .or_default() += 1;
            }
        }
    }
    verdicts
}

fn held(json: &Value, level: &str, ledger: &str) -> i64 {
    let institutions = list(json, "institutions").iter();
    let posts = institutions.map(|i| at(at(i, "posts"), level));
    posts
        .map(|posts| number(posts, ledger).expect("a number"))
        .sum()
}

/// "Facts to look for in `county-2026.xlsx`" of the samples' own README.
#[test]
fn the_sample_county() {
    let Some(folder) = samples() else { return };
    let (code, json) = sample(&folder, "county-2026.xlsx");
    assert_eq!(code, BROKEN);
    for (key, rows) in [
        ("institutions", 23),
        ("people", 948),
        ("rural_doctors", 130),
        ("errors", 0),
    ] {
        assert_eq!(list(&json, key).len(), rows, "{key}");
    }

    let off_quota =
        ["senior", "intermediate", "junior"].map(|level| held(&json, level, "off_quota"));
    assert_eq!(off_quota, [5, 16, 4]);
    let nearly = list(&json, "people").iter().filter(|p| {
        let left = number(p, "months_to_retirement").expect("a number");
        let served = number(p, "primary_service_months").unwrap_or(0);
        (0..60).contains(&left) && (238..240).contains(&served)
    });
    assert_eq!(nearly.count(), 12);
    assert_eq!(
        standings(&json, "twenty-years-near-retirement", |_| true)["holds"],
        25
    );

    let beyond =
        ["senior", "intermediate", "junior"].map(|level| held(&json, level, "beyond_ratio"));
    assert_eq!(beyond.iter().sum::<i64>(), 6);
    assert_eq!(held(&json, "directed", "counted"), 9);
    let is_beyond = |p: &Value| at(p, "ledger") == "beyond_ratio";
    let promoted = standings(&json, "twenty-years-promoted", is_beyond);
    assert_eq!((promoted["holds"], promoted["fails"]), (2, 4));
    let scope = standings(&json, "directed-title-scope", |_| true);
    assert_eq!((scope["holds"], scope["fails"]), (9, 1));
    let at_the_hospital = |p: &Value| text(p, "institution") == "NM000";
    assert_eq!(
        standings(&json, "directed-title-scope", at_the_hospital)["fails"],
        1
    );
    let holders = standings(&json, "directed-post-holder", |_| true);
    assert_eq!(holders, BTreeMap::from([("holds".to_owned(), 9)]));

    let over = with_verdict(&json, "approved-posts", Some("senior"), "fails");
    assert_eq!(over, ["NM003", "NM009", "NM016"]);
    for (code, by) in [("NM003", 1), ("NM009", 2), ("NM016", 1)] {
        let (counted, base, _) = figures(&json, code, "approved-posts", Some("senior"));
        assert_eq!(counted - base.expect("a base"), by, "{code}");
    }
    assert!(with_verdict(&json, "senior-cap", None, "fails").is_empty());
    assert_eq!(
        with_verdict(&json, "professional-floor", None, "fails"),
        ["NM005", "NM012"]
    );
    for (code, counted, base) in [("NM005", 24, 28), ("NM012", 23, 26), ("NM014", 27, 30)] {
        let found = figures(&json, code, "professional-floor", None);
        assert_eq!((found.0, found.1), (counted, Some(base)), "{code}");
    }
    assert_eq!(
        with_verdict(&json, "public-health-physician", None, "fails"),
        ["NM008", "NM017"]
    );
    let past = list(&json, "people")
        .iter()
        .filter(|p| number(p, "months_to_retirement") == Some(-1) && !at(p, "ledger").is_null());
    let past: Vec<&str> = past.map(|p| text(p, "institution")).collect();
    assert_eq!(past, ["NM004", "NM016"]);

    for (subject, counted) in [("全科医师", 8), ("社区护士", 13), ("预防保健人员", 8)]
    {
        let found = figures(&json, "NM016", "staff-per-3000", Some(subject));
        assert_eq!(found, (counted, None, Some(8)), "{subject}");
    }
    for subject in ["执业医师", "注册护士"] {
        let holds = with_verdict(&json, "rehab-bed-staff", Some(subject), "holds");
        assert!(holds.contains(&"NM016".to_owned()), "{subject}: {holds:?}");
    }
    for centre in ["NM015", "NM017"] {
        let institutions = list(&json, "institutions").iter();
        let found = institutions
            .filter(|i| text(i, "code") == centre)
            .flat_map(findings);
        let short = found.filter(|f| f.verdict == "fails");
        let mut short =
            short.filter(|f| matches!(f.rule.as_str(), "staff-per-3000" | "rehab-bed-staff"));
        assert!(short.next().is_some(), "{centre}");
    }
    assert_eq!(with_verdict(&json, "support-cap", None, "holds"), ["NM015"]);
    let (counted, base, _) = figures(&json, "NM015", "support-cap", None);
    assert_eq!((counted, base), (3, Some(60)));
    let gp = standings(&json, "gp-registration", |_| true);
    assert_eq!((gp["fails"], gp["holds"]), (5, 34));

    let private = list(&json, "institutions")
        .iter()
        .find(|i| text(i, "code") == "NM022");
    for finding in findings(private.expect("NM022")) {
        let about_posts = [
            "professional-floor",
            "senior-cap",
            "intermediate-cap",
            "directed-posts",
            "approved-posts",
        ];
        assert!(!about_posts.contains(&finding.rule.as_str()), "{finding:?}");
    }
    let area = findings(&list(&json, "areas")[0]);
    let of = |rule: &str, subject: Option<&str>| {
        let mut found = area
            .iter()
            .filter(|f| f.rule == rule && f.subject.as_deref() == subject);
        found.next().expect("a finding").clone()
    };
    assert_eq!(of("establishment-review", None).counted, Some(62));
    let street = of("centre-coverage", Some("150199001"));
    assert_eq!(
        (street.counted, street.needed, street.verdict),
        (Some(1), Some(2), "fails")
    );
    let licensed = of("rural-doctor-licensed", None);
    assert_eq!((licensed.counted, licensed.base), (Some(49), Some(130)));
    let pays_back = list(&json, "rural_doctors").iter().filter(|d| {
        list(d, "gives")
            .iter()
            .any(|give| text(give, "name").contains("补缴"))
    });
    assert_eq!(pays_back.count(), 7);
}

/// "Apart from the refused rows its verdicts are those of `county-2026.xlsx`."
#[test]
fn the_sample_county_with_errors() {
    let Some(folder) = samples() else { return };
    let (_, clean) = sample(&folder, "county-2026.xlsx");
    let (code, json) = sample(&folder, "county-2026-with-errors.xlsx");
    assert_eq!(code, REFUSED);
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for error in list(&json, "errors") {
        *codes.entry(text(error, "code")).or_default() += 1;
    }
    let expected = BTreeMap::from([
        ("unknown_value", 6),
        ("missing", 5),
        ("bad_number", 3),
        ("bad_month", 2),
        ("id_checksum", 2),
        ("id_birth_date", 2),
        ("unknown_institution", 2),
        ("duplicate", 2),
        ("end_before_start", 1),
    ]);
    assert_eq!(codes, expected);
    for key in ["institutions", "areas"] {
        let of = |json: &Value| list(json, key).iter().map(findings).collect::<Vec<_>>();
        assert_eq!(of(&clean), of(&json), "{key}");
    }
    let people = |json: &Value| {
        let people = list(json, "people").iter();
        let mut said: Vec<String> = people
            .map(|p| {
                format!(
                    "{} {} {}",
                    text(p, "name"),
                    at(p, "ledger"),
                    at(p, "standings")
                )
            })
            .collect();
        said.sort();
        said
    };
    assert_eq!(people(&clean), people(&json));
}

/// The statistics export alone: everybody is read, institutions have no kind, and what
/// needs it is unknown; beside the workbook it changes nothing.
#[test]
fn the_sample_export() {
    let Some(folder) = samples() else { return };
    let (code, json) = sample(&folder, "health-statistics-export.xlsx");
    assert!(list(&json, "errors").is_empty());
    assert_eq!((code, list(&json, "people").len()), (FINE, 120));
    for institution in list(&json, "institutions") {
        assert!(at(institution, "kind").is_null() && at(institution, "area").is_null());
        for finding in findings(institution) {
            assert_eq!(finding.verdict, "unknown", "{finding:?}");
        }
    }
    let of_institution: BTreeMap<String, usize> =
        list(&json, "people")
            .iter()
            .fold(BTreeMap::new(), |mut count, p| {
                *count.entry(text(p, "institution").to_owned()).or_default() += 1;
                count
            });
    let expected = [("NM001", 48), ("NM002", 36), ("NM010", 29), ("NM016", 7)];
    assert_eq!(
        of_institution,
        expected.map(|(code, n)| (code.to_owned(), n)).into()
    );

    let county = folder.join("county-2026.xlsx");
    let export = folder.join("health-statistics-export.xlsx");
    let alone = check(&[&county], &JSON).json();
    let both = check(&[&county, &export], &JSON).json();
    for key in ["institutions", "areas", "people"] {
        assert_eq!(at(&alone, key), at(&both, key), "{key}");
    }
}

/// Figures that leave out what was not read say so beside them.
#[test]
fn figures_short_of_the_truth_say_so() {
    let table = ["--policy", INNER_MONGOLIA, "--lang", "en"];
    let institutions = Book::default().sheet("机构", vec![centre()]);
    let unread = check(&[&institutions.save("a.xlsx")], &table);
    assert_eq!(unread.code, REFUSED);
    assert!(unread.out.contains("cannot be relied on"), "{}", unread.out);
    let nobody = physician(1).with("身份证件号码", "110105194912310021");
    let refused = Book::default()
        .sheet("机构", vec![centre()])
        .sheet("人员", vec![physician(0), nobody]);
    let refused = check(&[&refused.save("b.xlsx")], &table);
    assert!(
        refused
            .out
            .contains("one row was refused and is not in the figures"),
        "{}",
        refused.out
    );
    let complete = check(&[&small().save("c.xlsx")], &table);
    assert!(!complete.out.contains("in the figures"), "{}", complete.out);
}

/// A folder of its own, since the file is looked for in the current one.
fn config_in(file: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let folder = scratch();
    fs::write(folder.join("dinggang.toml"), file).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_dinggang"))
        .arg("config")
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .current_dir(&folder)
        .output()
        .expect("it runs");
    Ran {
        code: output.status.code().expect("a code"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// CONTRACT section 6: command line, environment, file, default.
#[test]
fn the_configuration_says_where_it_comes_from() {
    let file = "log = \"warn\"\ndatabase = \"postgres://hr:geheim@db/x\"\n";
    let variables = [
        ("DINGGANG_LOG_FORMAT", "json"),
        ("DINGGANG_LISTEN", "0.0.0.0:1"),
    ];
    let arguments = ["--listen", "0.0.0.0:2", "--lang", "en"];
    let ran = config_in(file, &arguments, &variables);
    assert_eq!((ran.code, ran.err.as_str()), (FINE, ""));
    let line = |key: &str| {
        let line = ran
            .out
            .lines()
            .find(|line| line.trim_start().starts_with(key));
        let line = line.unwrap_or_else(|| panic!("no {key}: {}", ran.out));
        line.split_whitespace()
            .skip(1)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(line("listen"), "0.0.0.0:2 command line");
    assert_eq!(line("log_format"), "json variable DINGGANG_LOG_FORMAT");
    assert_eq!(line("log "), "warn dinggang.toml:1:7");
    assert_eq!(
        line("database "),
        "postgres://hr:***@db/x dinggang.toml:2:12"
    );
    assert_eq!(line("session_idle"), "30m default");
}

#[test]
fn every_problem_of_the_configuration_is_told_at_once() {
    let file = "lissten = \"x\"\nsmtp_url = \"smtp://hr:geheim@mail\"\n";
    let variables = [("DINGGANG_UPLOAD_LIMIT", "many")];
    let ran = config_in(file, &["--setting", "listen=8080"], &variables);
    assert_eq!((ran.code, ran.out.as_str()), (USAGE, ""));
    for told in [
        "没有「lissten」这个设置",
        "dinggang.toml:1:1",
        "是不是想写「listen」",
        "命令行: 监听地址 (listen)不能是「8080」",
        "环境变量 DINGGANG_UPLOAD_LIMIT",
        "发件人 (mail_from)",
        "配置有 5 处问题",
    ] {
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
    assert!(!ran.err.contains("geheim"), "{}", ran.err);
}

/// Tables are made once, the chain is there to be checked, and a cut end shows.
#[test]
fn records_from_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite://{}", folder.path().join("records.db").display());
    let with = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--database", &database, "--lang", "en"]);
        dinggang(all)
    };
    let early = with(&["audit", "head"]);
    assert_eq!(early.code, USAGE, "{}", early.err);
    assert!(early.err.contains("dinggang migrate"), "{}", early.err);
    for _ in 0..2 {
        assert_eq!(with(&["migrate"]).code, FINE);
    }
    let head = with(&["audit", "head"]);
    assert_eq!(head.code, FINE);
    assert!(head.out.starts_with("0:"), "{}", head.out);
    let whole = with(&["audit", "verify", "--head", head.out.trim()]);
    assert_eq!(whole.code, FINE, "{}", whole.out);
    assert!(whole.out.contains("1 not yet"), "{}", whole.out);
    let later = format!("7:{}", "0".repeat(64));
    let cut = with(&["audit", "verify", "--head", &later]);
    assert_eq!(cut.code, BROKEN);
    assert!(cut.out.contains("truncated"), "{}", cut.out);
    assert_eq!(with(&["audit", "verify", "--head", "7"]).code, USAGE);
    let keys = folder.path().join("none.key");
    let setting = format!("key_file={}", keys.display());
    assert_eq!(with(&["key", "rotate", "--setting", &setting]).code, USAGE);
}
