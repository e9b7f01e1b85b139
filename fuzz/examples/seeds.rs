//! Writes the seeds that are workbooks, and the dictionaries, from the tables
//! of the program: `cargo run --manifest-path fuzz/Cargo.toml --example seeds`.

use dinggang::domain::column::{Entry, ExportColumn, SheetKind};
use dinggang::sheet::write_register;
use dinggang_fuzz::book::{Book, zip};
use dinggang_fuzz::policies::SHIPPED;
use dinggang_fuzz::reading::read;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{read_dir, read_to_string, write};
use std::path::{Path, PathBuf};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    workbooks(&folder.join("seeds"))?;
    let dictionaries = folder.join("dictionaries");
    write(dictionaries.join("cells.dict"), entries(cells()))?;
    let markup = entries(MARKUP.iter().map(|word| (*word).to_owned()));
    for target in ["workbook", "returned"] {
        write(dictionaries.join(format!("{target}.dict")), &markup)?;
    }
    let policy = conditions().chain(POLICY.iter().map(|word| (*word).to_owned()));
    write(dictionaries.join("policy.dict"), entries(policy))?;
    write(dictionaries.join("condition.dict"), entries(conditions()))?;
    Ok(())
}

/// The workbooks of the target `cells`, one written by the program, an ods and
/// an xls.
fn workbooks(seeds: &Path) -> Outcome {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in read_dir(seeds.join("cells"))? {
        files.push(entry?.path());
    }
    files.sort();
    for path in files {
        let book = Book::read(&read_to_string(&path)?);
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let bytes = book.xlsx();
        if name.starts_with("county") {
            let register = read(&bytes).register;
            let own = write_register(&register)?;
            write(
                seeds.join("returned").join(format!("{name}-written.xlsx")),
                own,
            )?;
        }
        for target in ["workbook", "returned"] {
            write(seeds.join(target).join(format!("{name}.xlsx")), &bytes)?;
        }
    }
    for target in ["workbook", "returned"] {
        write(seeds.join(target).join("places.ods"), ods())?;
        write(seeds.join(target).join("places.xls"), xls())?;
    }
    Ok(())
}

/// One sheet 区域, with all that makes an ods hard: what is repeated or merged.
fn ods() -> Vec<u8> {
    let text = |text: &str| {
        format!(
            r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let header: String = SheetKind::Places
        .columns()
        .iter()
        .map(|c| text(c.name))
        .collect();
    let merged = text("旗县区").replace("cell ", r#"cell table:number-rows-spanned="2" "#);
    let content = format!(
        r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="区域"><table:table-row>{header}</table:table-row><table:table-row table:number-rows-repeated="1">{}{}{merged}{}<table:table-cell table:number-columns-repeated="1" office:value-type="float" office:value="6436"/><table:table-cell office:value-type="date" office:date-value="2024-09-01"/></table:table-row><table:table-row>{}{}<table:covered-table-cell/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#,
        text("150199"),
        text("甲"),
        text("1501"),
        text("150198"),
        text("乙"),
    );
    let part = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    zip(&[
        part("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        part("META-INF/manifest.xml", "<manifest:manifest/>"),
        part("content.xml", &content),
    ])
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = data.len() as u16;
    [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The records of a workbook with one sheet 区域 (MS-XLS).
fn xls() -> Vec<u8> {
    let begin = |kind: u8| record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000A, &[]);
    let tab = |at: u32| {
        record(
            0x0085,
            &[&at.to_le_bytes()[..], &[0, 0, 2, 1], &wide("区域")].concat(),
        )
    };
    let label = |row: u16, column: u16, text: &str| {
        let length = text.encode_utf16().count() as u16;
        let head = [row, column, 0, length].map(u16::to_le_bytes).concat();
        record(0x0204, &[head, vec![1], wide(text)].concat())
    };
    let mut stream = begin(5);
    let at = stream.len() + tab(0).len() + end.len();
    stream.extend([tab(at as u32), end.clone(), begin(0x10)].concat());
    for (column, known) in (0..).zip(SheetKind::Places.columns()) {
        stream.extend(label(0, column, known.name));
    }
    for (row, code) in [(1, "150199"), (2, "150198")] {
        stream.extend(label(row, 0, code));
        stream.extend(label(row, 1, "甲"));
    }
    stream.extend(label(1, 2, "旗县区"));
    let cell = [1u16, 4, 0].map(u16::to_le_bytes).concat();
    stream.extend(record(
        0x0203,
        &[&cell[..], &6436f64.to_le_bytes()].concat(),
    ));
    stream.extend(record(0x00E5, &[1, 0, 1, 0, 2, 0, 2, 0, 2, 0]));
    stream.extend(end);
    compound(stream)
}

/// The compound file around the stream of a workbook (MS-CFB).
fn compound(mut stream: Vec<u8>) -> Vec<u8> {
    const END: u32 = 0xFFFF_FFFE;
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = (stream.len() / 512) as u32;
    let mut bytes = vec![0; 512];
    let mut put = |at: usize, value: u32| bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    for (at, value) in [
        (0, 0xE011_CFD0),
        (4, 0xE11A_B1A1),
        (24, 0x0003_003E),
        (28, 0x0009_FFFE),
        (32, 6),
        (44, 1),
        (48, 1),
        (56, 4096),
        (60, END),
        (68, END),
    ] {
        put(at, value);
    }
    for slot in 0..109 {
        put(76 + 4 * slot, if slot == 0 { 0 } else { 0xFFFF_FFFF });
    }
    let mut chains = vec![0xFFFF_FFFD, END];
    chains.extend((1..sectors).map(|sector| sector + 2));
    chains.push(END);
    chains.resize(128, 0xFFFF_FFFF);
    bytes.extend(chains.iter().flat_map(|next| next.to_le_bytes()));
    for (name, start, length, kind) in [("Root Entry", END, 0, 5), ("Workbook", 2, stream.len(), 2)]
    {
        let mut entry = [0u8; 128];
        let name = wide(name);
        entry[..name.len()].copy_from_slice(&name);
        entry[64] = name.len() as u8 + 2;
        entry[66] = kind;
        entry[116..120].copy_from_slice(&u32::to_le_bytes(start));
        entry[120..124].copy_from_slice(&(length as u32).to_le_bytes());
        bytes.extend(entry);
    }
    bytes.resize(512 * 3, 0);
    bytes.extend(stream);
    bytes
}

/// Headers, the words of choices, and what is written in the other columns.
fn cells() -> impl Iterator<Item = String> {
    let own = SheetKind::ALL.iter().flat_map(|kind| kind.columns());
    let columns: Vec<_> = own.chain(ExportColumn::TABLE).collect();
    let sheets = SheetKind::LABELS
        .iter()
        .flat_map(|name| [format!("#{name}\n"), format!("@{name}\n")]);
    let words = columns.iter().flat_map(|column| match column.entry {
        Entry::Choice(words) => words,
        _ => &[],
    });
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let words: Vec<&str> = words.copied().collect();
    const ODD: [&str; 24] = [
        "\t",
        "\n",
        "\u{3000}",
        "\u{200B}",
        "\u{FEFF}",
        "'",
        "*",
        "合计",
        "总计",
        "小计",
        "序号",
        "退回原因",
        "是",
        "否",
        "至今",
        "1998-07",
        "1998.1",
        "11010519491231002X",
        "440524188001010014",
        "150199",
        "150199101",
        "1,234",
        "_x000D_",
        "@export\n",
    ];
    const TYPED: [&str; 10] = [
        "n:", "d:", "s:", "f:", "i:", "e:#REF!", "b:1", "!A2:A5\n", ">500\n", "%1904\n",
    ];
    let fixed = names.into_iter().chain(words).chain(ODD).chain(TYPED);
    sheets
        .chain(fixed.map(str::to_owned))
        .collect::<Vec<_>>()
        .into_iter()
}

/// Operators, the names of facts and their words.
fn conditions() -> impl Iterator<Item = String> {
    const SIGNS: [&str; 24] = [
        " = ",
        " != ",
        " in ",
        " not in ",
        " >= ",
        " <= ",
        " > ",
        " < ",
        " within ",
        " contains ",
        "≥",
        "≤",
        "≠",
        "或",
        ", ",
        "、",
        "，",
        "年",
        "岁",
        "个月",
        "150199",
        "20年",
        "240个月",
        "9223372036854775807",
    ];
    let facts = SHIPPED.facts.all();
    let words = facts.flat_map(|(_, fact)| {
        let entity = format!("{}\n", fact.entity.word());
        [entity, fact.name.clone()]
            .into_iter()
            .chain(fact.values.clone())
    });
    SIGNS.map(str::to_owned).into_iter().chain(words)
}

const POLICY: &[&str] = &[
    "[document]\n",
    "[clause.a]\n",
    "[[ceiling]]\n",
    "[[ceiling.variant]]\n",
    "[[ceiling.subject]]\n",
    "[[floor]]\n",
    "[[per-unit]]\n",
    "[[per-unit.subject]]\n",
    "[[min-count]]\n",
    "[[min-count.subject]]\n",
    "[[range]]\n",
    "[[exempt]]\n",
    "[[beyond-cap]]\n",
    "[[reserve]]\n",
    "[[scope]]\n",
    "[[prerequisite]]\n",
    "[[status-table]]\n",
    "[[age-schedule]]\n",
    "[[target]]\n",
    "[[review-every]]\n",
    "[[pool]]\n",
    "[[structure]]\n",
    "[[priority]]\n",
    "[[judgement]]\n",
    "[[coverage]]\n",
    "[[case]]\n",
    "[[fact]]\n",
    "[[place]]\n",
    "#### cases.toml\n",
    "#### facts.toml\n",
    "#### places.toml\n",
    "id = \"",
    "title = \"",
    "force = \"may\"",
    "cites = [\"",
    "reading = ",
    "from = \"",
    "to = \"",
    "overrides = \"",
    "uses = [\"",
    "who = [\"",
    "when = [\"",
    "where = [\"",
    "counts = \"",
    "count_people = [\"",
    "count_institutions = [\"",
    "count_rural_doctors = [\"",
    "share_of = \"",
    "at_most = \"",
    "at_least = \"",
    "round = \"up\"",
    "per = \"county\"",
    "per = \"township\"",
    "per = \"consortium\"",
    "every = ",
    "first = ",
    "above = ",
    "after = [\"",
    "not_already = [\"",
    "by = \"2030-01\"",
    "since = \"",
    "of = \"",
    "hit = \"first\"",
    "gives = \"",
    "row = [",
    "grades = [",
    "ratio = [",
    "merged = true",
    "over = \"",
    "left_out_if_blank = [\"",
    "early_up_to = \"",
    "late_up_to = \"",
    "up_to = \"",
    "original = \"",
    "from_birth = \"",
    "class = \"",
    "judgement = \"",
    "question = \"",
    "由各地确定",
    "national/",
    "retirement-2024#",
    "institution = {",
    "institutions = [",
    "person = {",
    "people = [",
    "county = {",
    "places = [",
    "consortium = {",
    "rural_doctor = {",
    "vacancy = {",
    "candidate = {",
    "count = ",
    "born = \"",
    "sex = \"",
    "spells = [",
    "set = \"",
    "keep = true",
    "total = ",
    "expect = {",
    "verdict = \"holds\"",
    "9223372036854775807",
    "-1",
    "999999999999999",
    "18%",
    "0.3‰",
    "2/10000",
    "\"\"\"",
    "'''",
    "{ zh = \"",
    "en = \"",
];

const MARKUP: &[&str] = &[
    "<row r=\"",
    "</row>",
    "<row/>",
    "<c r=\"",
    "</c>",
    "<c/>",
    " t=\"s\"",
    " t=\"inlineStr\"",
    " t=\"str\"",
    " t=\"b\"",
    " t=\"e\"",
    " t=\"d\"",
    " s=\"1\"",
    " spans=\"1:9\"",
    "<v>",
    "</v>",
    "<v/>",
    "<f>",
    "<is>",
    "</is>",
    "<t>",
    "</t>",
    "<t xml:space=\"preserve\">",
    "<r>",
    "</r>",
    "<rPh>",
    "</rPh>",
    "<si>",
    "</si>",
    "<si/>",
    "<sst>",
    "<sheetData>",
    "</sheetData>",
    "<sheetData/>",
    "<mergeCells>",
    "<mergeCell ref=\"",
    "<cols>",
    "</cols>",
    "<col min=\"1\" max=\"16384\"/>",
    "<dimension ref=\"A1\"/>",
    "<cellXfs>",
    "</cellXfs>",
    "<xf/>",
    "<fonts>",
    "</fonts>",
    "<fills>",
    "</fills>",
    "<numFmt ",
    "formatCode=\"",
    "numFmtId=\"",
    "date1904=\"1\"",
    "<sheet name=\"",
    "r:id=\"",
    "<Relationship ",
    "Target=\"",
    "Type=\"",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?xml?>",
    "<!DOCTYPE",
    "&amp;",
    "&#0;",
    "&#x10FFFF;",
    "_x000D_",
    "_x005F_",
    "x:",
    "xmlns:x=\"",
    "1048576",
    "XFD",
    "table:table ",
    "table:number-rows-repeated=\"",
    "table:number-columns-repeated=\"",
    "table:number-rows-spanned=\"",
    "table:table-row",
    "table:table-cell",
    "table:covered-table-cell",
    "office:value-type=\"float\"",
    "office:value-type=\"date\"",
    "office:date-value=\"",
    "office:value=\"",
    "text:p",
    "text:s",
    "18446744073709551615",
    "4294967295",
];

/// A dictionary of libFuzzer: one quoted entry a line.
fn entries(words: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for word in words.collect::<BTreeSet<_>>() {
        out += "\"";
        for byte in word.bytes() {
            match byte {
                b'"' | b'\\' => {
                    let _ = write!(out, "\\{}", char::from(byte));
                }
                b' '..=b'~' => out.push(char::from(byte)),
                _ => {
                    let _ = write!(out, "\\x{byte:02X}");
                }
            }
        }
        out += "\"\n";
    }
    out
}
