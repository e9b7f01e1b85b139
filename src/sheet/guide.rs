//! What the template says to whoever fills it in, Chinese and English side by
//! side: a workbook is passed on without the program that could translate it.

use crate::domain::column::{
    Column, Entry, InstitutionColumn, PersonColumn, RuralDoctorColumn, SheetKind, SpellColumn,
};

/// Name of the sheet that explains the others.
pub(super) const NAME: &str = "填写说明";

/// A text in both languages.
pub(super) struct Both {
    pub chinese: String,
    pub english: String,
}

impl Both {
    fn new(chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self {
            chinese: chinese.into(),
            english: english.into(),
        }
    }

    fn and(mut self, other: &Self) -> Self {
        self.chinese = format!("{}{}", self.chinese, other.chinese);
        self.english = format!("{} {}", self.english, other.english);
        self
    }
}

/// The rules that hold for every sheet.
pub(super) fn rules() -> Vec<Both> {
    [
        (
            "红色带 * 的列必填；列的顺序可以调整，不需要的非必填列可以删除。",
            "Red columns with * are required; columns may be moved, and optional ones deleted.",
        ),
        (
            "机构、人员两表必填；履历不填时任职年限无法计算；乡村医生、区域按需要填写。",
            "机构 and 人员 are required; without 履历 years of service stay unknown; 乡村医生 and 区域 as needed.",
        ),
        (
            "标题行不超过 5 行；合计、总计、小计行和空行不读取；合并单元格的内容对其各行都有效。",
            "Up to 5 title rows; rows of totals and blank rows are skipped; a merged cell holds for each of its rows.",
        ),
        (
            "身份证件号码、机构编码、行政区划代码请按文本填写（模板已设为文本格式）。",
            "Keep identity numbers and codes as text (the cells are formatted so).",
        ),
        (
            "年月写作 2024-03，也可写 202403、2024.03、2024/3、2024年3月或 Excel 日期；数值 2024.1 分不清 1 月和 10 月，不接受。",
            "Months as 2024-03; also 202403, 2024.03, 2024/3, 2024年3月 or an Excel date; the number 2024.1 may be January or October and is refused.",
        ),
        (
            "某行有错时整行退回，并在最右一列写明退回原因；其他行照常读取；在网页上导入时，有一处退回就整份不写入。",
            "A row with a fault is sent back as a whole, with the reasons in the last column; the other rows are read; an import by the web writes nothing while a row is sent back.",
        ),
    ]
    .into_iter()
    .map(|(chinese, english)| Both::new(chinese, english))
    .collect()
}

/// What a row of the sheet is.
pub(super) fn title(kind: SheetKind) -> Both {
    match kind {
        SheetKind::Institutions => Both::new("机构：每行一个机构", "one institution a row"),
        SheetKind::People => Both::new("人员：每行一人", "one person a row"),
        SheetKind::Spells => Both::new(
            "履历：每行一段工作经历，一人可有多行",
            "one spell of service a row, several for a person",
        ),
        SheetKind::RuralDoctors => Both::new("乡村医生：每行一人", "one rural doctor a row"),
        SheetKind::Places => Both::new(
            "区域：每行一个旗县区、街道、乡镇、社区或村",
            "one county, street, township, community or village a row",
        ),
    }
}

/// What may stand in a column.
pub(super) fn column(kind: SheetKind, column: &Column) -> Both {
    let need = if column.required {
        Both::new("必填。", "Required.")
    } else {
        Both::new("可不填。", "Optional.")
    };
    let text = need.and(&entry(column.entry));
    match remark(kind, column.name) {
        Some(remark) => text.and(&remark),
        None => text,
    }
}

fn entry(entry: Entry) -> Both {
    match entry {
        Entry::Text => Both::new("文字。", "Text."),
        Entry::NationalId => Both::new(
            "18 位居民身份证号码，按文本填写。",
            "18-character identity number, as text.",
        ),
        Entry::Choice(words) => Both::new(
            format!("填其中之一：{}。", words.join("、")),
            format!("One of: {}.", words.join(", ")),
        ),
        Entry::Flag => Both::new(
            "填 是 或 否，空白为否。",
            "是 (yes) or 否 (no); blank is no.",
        ),
        Entry::Count => Both::new("不小于 0 的整数。", "A whole number, 0 or more."),
        Entry::Month => Both::new("年月，如 2024-03。", "A month, such as 2024-03."),
        Entry::EndMonth => Both::new(
            "年月，如 2024-03；仍在继续的空白或填 至今。",
            "A month, such as 2024-03; blank or 至今 while it goes on.",
        ),
        Entry::Place(lengths) => {
            let lengths: Vec<String> = lengths.iter().map(ToString::to_string).collect();
            Both::new(
                format!("{} 位行政区划代码。", lengths.join("、")),
                format!("A place code of {} digits.", lengths.join(", ")),
            )
        }
        Entry::Grade => Both::new("1 至 13；也可写 十级。", "1 to 13; 十级 is understood too."),
    }
}

/// What a blank or a word means where that is not plain.
fn remark(kind: SheetKind, column: &str) -> Option<Both> {
    use InstitutionColumn as I;
    use PersonColumn as P;
    let is = |name: &str| column == name;
    let (chinese, english) = match kind {
        SheetKind::Institutions if is(I::HealthPosts.name()) => (
            "空白表示专业技术岗位全部为卫生类。",
            "Blank: all professional posts are of health classes.",
        ),
        SheetKind::Institutions if is(I::RaisedSeniorRatio.name()) => (
            "是 表示当地已提高高级岗位比例。",
            "是: the locality has adopted the raised senior ratio.",
        ),
        SheetKind::Institutions if is(I::Sponsor.name()) => {
            ("空白为政府。", "Blank: the government.")
        }
        SheetKind::People if is(P::Title.name()) => ("空白为无。", "Blank: none."),
        SheetKind::People if is(P::TitleKind.name()) => ("空白为普通。", "Blank: ordinary."),
        SheetKind::People if is(P::TitleArea.name()) => (
            "基层定向资格的评审地区，空白为机构所在地。",
            "Where a directed title was assessed; blank: the institution's area.",
        ),
        SheetKind::People if is(P::Appointed.name()) => ("空白为未聘。", "Blank: not appointed."),
        SheetKind::People if is(P::Manner.name()) => ("空白为普通。", "Blank: ordinary."),
        SheetKind::People if is(P::RetirementClass.name()) => (
            "空白时按性别、聘任级别和岗位类别推定。",
            "Blank: derived from sex, level and category.",
        ),
        SheetKind::People if is(P::JobClass.name()) => (
            "11 执业医师，12 执业助理医师，13 见习医师，21 注册护士，22 助产士，31 西药师(士)，32 中药师(士)，41 检验技师(士)，42 影像技师(士)，50 卫生监督员，69 其他卫生技术人员，70 其他技术人员，80 管理人员，90 工勤技能人员。",
            "Codes of the health statistics.",
        ),
        SheetKind::People if is(P::LicenceClass.name()) => (
            "1 临床，2 口腔，3 公共卫生，4 中医。",
            "1 clinical, 2 dental, 3 public health, 4 traditional Chinese medicine.",
        ),
        SheetKind::Spells if is(SpellColumn::Location.name()) => (
            "空白时卫生院为乡镇，社区卫生服务中心和站为城区，村卫生室为村，其他为不明。",
            "Blank: 乡镇 for township health centres, 城区 for community ones, 村 for village clinics, else unknown.",
        ),
        SheetKind::Spells if is(SpellColumn::Category.name()) => {
            ("空白为专业技术。", "Blank: professional.")
        }
        SheetKind::RuralDoctors if is(RuralDoctorColumn::Pension.name()) => {
            ("空白为不详。", "Blank: not known.")
        }
        _ => return None,
    };
    Some(Both::new(chinese, english))
}
