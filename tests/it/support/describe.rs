//! A data set in the words of the workbook, blanks left out: what a failing test shows.

use dinggang::domain::institution::{Institution, Sponsor};
use dinggang::domain::place::Place;
use dinggang::domain::post::Manner;
use dinggang::domain::register::Register;
use dinggang::domain::rural_doctor::RuralDoctor;
use dinggang::domain::service::Spell;
use dinggang::domain::staff::{GpTraining, History, Person};
use dinggang::domain::title::{Rank, TitleKind};
use std::fmt::{self, Display, Write};

/// Writes every row of a register.
pub fn register(register: &Register, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, i) in register.institutions.iter().enumerate() {
        writeln!(f, "  机构 {at}: {}", institution(i))?;
    }
    for person in &register.people {
        writeln!(f, "  人员: {}", self::person(person))?;
        match &person.history {
            History::Unknown => writeln!(f, "    没有履历")?,
            History::Spells(spells) => {
                for spell in spells {
                    writeln!(f, "    履历: {}", self::spell(spell))?;
                }
            }
        }
    }
    for doctor in &register.rural_doctors {
        writeln!(f, "  乡村医生: {}", rural_doctor(doctor))?;
    }
    for place in &register.places {
        writeln!(f, "  区域: {}", self::place(place))?;
    }
    Ok(())
}

#[derive(Default)]
struct Row(String);

impl Row {
    fn cell(mut self, name: &str, value: impl Display) -> Self {
        write!(self.0, " {name}={value}").expect("a text");
        self
    }

    fn maybe(self, name: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.cell(name, value),
            None => self,
        }
    }

    fn flag(self, name: &str, value: bool) -> Self {
        if value { self.cell(name, "是") } else { self }
    }

    fn unless<T: PartialEq>(self, usual: T, name: &str, value: T, label: &str) -> Self {
        if value == usual {
            self
        } else {
            self.cell(name, label)
        }
    }
}

fn institution(i: &Institution) -> String {
    Row::default()
        .cell("机构编码", &i.code)
        .maybe("机构类型", i.kind.map(|k| k.label()))
        .maybe("行政区划代码", i.area)
        .unless(
            Sponsor::Government,
            "举办主体",
            i.sponsor,
            i.sponsor.label(),
        )
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
        .0
}

fn person(p: &Person) -> String {
    Row::default()
        .cell("身份证件号码", p.id)
        .cell("机构", p.institution)
        .cell("编制情况", p.employment.label())
        .cell("岗位类别", p.category.label())
        .flag("双肩挑", p.dual_post)
        .maybe("从事专业类别代码", p.job_class.map(|c| c.label()))
        .maybe("医师执业类别代码", p.licence_class.map(|c| c.label()))
        .flag("全科注册", p.gp_registered)
        .unless(
            GpTraining::None,
            "全科培训",
            p.gp_training,
            p.gp_training.label(),
        )
        .flag("预防保健岗", p.preventive_post)
        .unless(Rank::None, "专业技术资格", p.title, p.title.label())
        .unless(
            TitleKind::Ordinary,
            "资格类型",
            p.title_kind,
            p.title_kind.label(),
        )
        .maybe("资格专业", p.title_field.as_ref())
        .maybe("资格评审地区", p.title_area)
        .unless(Rank::None, "聘任级别", p.appointed, p.appointed.label())
        .unless(Manner::Ordinary, "聘用方式", p.manner, p.manner.label())
        .maybe("岗位等级", p.grade.map(|g| g.number()))
        .maybe("退休类别", p.retirement_class.map(|c| c.label()))
        .0
}

fn spell(s: &Spell) -> String {
    Row::default()
        .cell("起始", s.start)
        .cell("终止", s.end.map_or("至今".to_owned(), |m| m.to_string()))
        .cell("机构类型", s.kind.label())
        .maybe("所在地", s.location.map(|l| l.label()))
        .cell("岗位类别", s.category.label())
        .0
}

fn rural_doctor(d: &RuralDoctor) -> String {
    Row::default()
        .cell("身份证件号码", d.id)
        .cell("行政区划代码", d.area)
        .cell("执业资格", d.qualification.label())
        .cell("劳动关系", d.labour_relation.label())
        .flag("编制内", d.on_establishment)
        .maybe("已参保险种", d.pension.map(|p| p.label()))
        .0
}

fn place(p: &Place) -> String {
    Row::default()
        .cell("行政区划代码", p.code)
        .cell("级别", p.level.label())
        .maybe("常住人口", p.residents)
        .maybe("编制总量核定年月", p.establishment_reviewed)
        .0
}
