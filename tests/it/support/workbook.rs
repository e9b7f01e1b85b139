//! Workbooks as clerks hand them in, written for a test: sheets of text cells under the
//! headers of CONTRACT section 2.

use dinggang::domain::institution::{Institution, Sponsor};
use dinggang::domain::place::Place;
use dinggang::domain::post::{Manner, PostCategory};
use dinggang::domain::register::Register;
use dinggang::domain::rural_doctor::RuralDoctor;
use dinggang::domain::service::{Location, Spell};
use dinggang::domain::staff::{GpTraining, Person};
use dinggang::domain::title::{Rank, TitleKind};
use rust_xlsxwriter::Workbook;
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One row: header and cell; blank cells are left out.
#[derive(Clone, Debug, Default)]
pub struct Row(Vec<(&'static str, String)>);

impl Row {
    pub fn new(cells: &[(&'static str, &str)]) -> Self {
        let cells = cells
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        Self(cells.collect())
    }

    /// The same with a cell set, in place of what stood there.
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, value.to_string()));
        self
    }

    fn maybe(self, name: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    fn flag(self, name: &'static str, value: bool) -> Self {
        self.maybe(name, value.then_some("是"))
    }
}

/// A file in the making.
#[derive(Clone, Debug, Default)]
pub struct Book(Vec<(&'static str, Vec<&'static str>, Vec<Row>)>);

impl Book {
    /// Adds a sheet; its headers are those that some row uses.
    pub fn sheet(self, name: &'static str, rows: Vec<Row>) -> Self {
        self.sheet_with(name, &[], rows)
    }

    /// Adds a sheet that has at least these headers.
    pub fn sheet_with(
        mut self,
        name: &'static str,
        headers: &[&'static str],
        rows: Vec<Row>,
    ) -> Self {
        let mut headers = headers.to_vec();
        for (header, _) in rows.iter().flat_map(|row| &row.0) {
            if !headers.contains(header) {
                headers.push(header);
            }
        }
        self.0.push((name, headers, rows));
        self
    }

    /// Writes it to a folder of its own, under this name.
    pub fn save(&self, name: &str) -> PathBuf {
        let path = scratch().join(name);
        let mut workbook = Workbook::new();
        for (sheet, headers, rows) in &self.0 {
            let worksheet = workbook.add_worksheet();
            worksheet.set_name(*sheet).expect("a sheet's name");
            for (column, header) in (0u16..).zip(headers) {
                worksheet.write(0, column, *header).expect("a header");
            }
            for (at, row) in (1u32..).zip(rows) {
                for (header, value) in &row.0 {
                    let column = headers.iter().position(|h| h == header).expect("a header");
                    let column = u16::try_from(column).expect("few columns");
                    worksheet.write(at, column, value.as_str()).expect("a cell");
                }
            }
        }
        workbook.save(&path).expect("written");
        path
    }
}

/// An empty folder nobody else uses.
pub fn scratch() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Columns without which a sheet is not read, whether or not a row fills them.
const INSTITUTIONS: [&str; 4] = ["机构编码", "机构名称", "机构类型", "行政区划代码"];
const PEOPLE: [&str; 5] = ["身份证件号码", "姓名", "机构编码", "编制情况", "岗位类别"];

/// The whole of a register. Cells that say what a blank means are left blank in every
/// other row.
pub fn of_register(register: &Register) -> Book {
    let mut spells = Vec::new();
    for person in &register.people {
        for spell in person.history.spells() {
            spells.push(self::spell(person, spell, spells.len() % 2 == 0));
        }
    }
    let institutions = register.institutions.iter().enumerate();
    let institutions = institutions
        .map(|(at, i)| institution(i, at % 2 == 0))
        .collect();
    let people = register.people.iter().enumerate();
    let people = people
        .map(|(at, p)| person(register, p, at % 2 == 0))
        .collect();
    let mut book = Book::default()
        .sheet_with("机构", &INSTITUTIONS, institutions)
        .sheet_with("人员", &PEOPLE, people);
    if !spells.is_empty() {
        book = book.sheet("履历", spells);
    }
    if !register.rural_doctors.is_empty() {
        let doctors = register.rural_doctors.iter().map(rural_doctor);
        book = book.sheet("乡村医生", doctors.collect());
    }
    if !register.places.is_empty() {
        book = book.sheet("区域", register.places.iter().map(place).collect());
    }
    book
}

fn institution(i: &Institution, blank: bool) -> Row {
    let sponsor = (i.sponsor != Sponsor::Government || !blank).then(|| i.sponsor.label());
    Row::default()
        .with("机构编码", &i.code)
        .with("机构名称", &i.name)
        .maybe("机构类型", i.kind.map(|k| k.label()))
        .maybe("行政区划代码", i.area)
        .maybe("医共体", i.consortium.as_ref())
        .maybe("服务人口", i.service_population)
        .maybe("实有床位", i.beds)
        .maybe("护理康复床位", i.rehabilitation_beds)
        .maybe("编制总数", i.establishment.total)
        .maybe("专业技术编制", i.establishment.professional)
        .maybe("专业技术岗位总数", i.posts.professional)
        .maybe("卫生类专业技术岗位数", i.posts.health)
        .maybe("核定高级岗位", i.posts.senior)
        .maybe("核定中级岗位", i.posts.intermediate)
        .maybe("核定初级岗位", i.posts.junior)
        .maybe("定向岗位数", i.posts.directed)
        .flag("高级比例提高", i.raised_senior_ratio)
        .flag("定向评价定向使用", i.directed_evaluation)
        .maybe("举办主体", sponsor)
}

fn person(register: &Register, p: &Person, blank: bool) -> Row {
    let title = (p.title != Rank::None || !blank).then(|| p.title.label());
    let appointed = (p.appointed != Rank::None || !blank).then(|| p.appointed.post_label());
    let manner = (p.manner != Manner::Ordinary || !blank).then(|| p.manner.label());
    let kind = (p.title_kind != TitleKind::Ordinary || !blank).then(|| p.title_kind.label());
    let training = (p.gp_training != GpTraining::None || !blank).then(|| p.gp_training.label());
    Row::default()
        .with("身份证件号码", p.id)
        .with("姓名", &p.name)
        .with("机构编码", &register.institutions[p.institution].code)
        .with("编制情况", p.employment.label())
        .with("岗位类别", p.category.label())
        .flag("双肩挑", p.dual_post)
        .maybe("从事专业类别代码", p.job_class.map(|c| c.label()))
        .maybe("医师执业类别代码", p.licence_class.map(|c| c.label()))
        .flag("全科注册", p.gp_registered)
        .maybe("全科培训", training)
        .flag("预防保健岗", p.preventive_post)
        .maybe("专业技术资格", title)
        .maybe("资格类型", kind)
        .maybe(
            "资格专业",
            p.title_field.as_ref().filter(|field| !field.is_empty()),
        )
        .maybe("资格评审地区", p.title_area)
        .maybe("资格取得年月", p.title_since)
        .maybe("聘任级别", appointed)
        .maybe("岗位等级", p.grade.map(|g| g.number()))
        .maybe("聘任年月", p.appointed_since)
        .maybe("聘用方式", manner)
        .maybe("退休类别", p.retirement_class.map(|c| c.label()))
}

fn spell(person: &Person, s: &Spell, blank: bool) -> Row {
    let usual_place = s.location == Location::of_kind(s.kind);
    let place = s.location.filter(|_| !(blank && usual_place));
    let usual_category = s.category == PostCategory::Professional;
    let category = (!(blank && usual_category)).then(|| s.category.label());
    let end = match s.end {
        Some(end) => Some(end.to_string()),
        None => (!blank).then(|| "至今".to_owned()),
    };
    Row::default()
        .with("身份证件号码", person.id)
        .with("起始年月", s.start)
        .maybe("终止年月", end)
        .with("单位名称", &s.employer)
        .with("机构类型", s.kind.label())
        .maybe("所在地", place.map(|l| l.label()))
        .maybe("岗位类别", category)
}

fn rural_doctor(d: &RuralDoctor) -> Row {
    Row::default()
        .with("身份证件号码", d.id)
        .with("姓名", &d.name)
        .with("行政区划代码", d.area)
        .with("执业资格", d.qualification.label())
        .with("劳动关系", d.labour_relation.label())
        .flag("编制内", d.on_establishment)
        .maybe("已参保险种", d.pension.map(|p| p.label()))
}

fn place(p: &Place) -> Row {
    Row::default()
        .with("行政区划代码", p.code)
        .with("名称", &p.name)
        .with("级别", p.level.label())
        .maybe("常住人口", p.residents)
        .maybe("编制总量核定年月", p.establishment_reviewed)
}
