//! Invented names: random common characters, and places of no map.

use super::Maker;

const FAMILY: [&str; 23] = [
    "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "罗", "梁", "宋", "郑", "谢",
];
const GIVEN: [&str; 27] = [
    "安", "和", "正", "明", "直", "新", "春", "山", "河", "海", "云", "雨", "林", "文", "武", "成",
    "立", "志", "宁", "晨", "光", "圆", "方", "学", "勤", "宽", "静",
];
const TOWNSHIPS: [&str; 16] = [
    "东河镇",
    "西梁镇",
    "南滩镇",
    "北营镇",
    "青泉镇",
    "柳沟镇",
    "白土乡",
    "黑石乡",
    "双井镇",
    "三岔镇",
    "石桥镇",
    "红泥乡",
    "沙湾镇",
    "大营镇",
    "杨树乡",
    "小井镇",
];
const STREETS: [&str; 6] = ["城中", "新河", "北园", "铁西", "花园", "南门"];
const VILLAGES: [&str; 8] = ["东", "西", "南", "北", "前", "后", "上", "下"];

/// The name of a township; past the list they are numbered.
pub fn township(at: usize) -> String {
    TOWNSHIPS
        .get(at)
        .map_or_else(|| format!("第{}乡", at + 1), |name| (*name).to_owned())
}

/// The name of a street.
pub fn street(at: usize) -> String {
    STREETS
        .get(at)
        .map_or_else(|| format!("第{}", at + 1), |name| (*name).to_owned())
}

/// The name of a village.
pub fn village(at: usize) -> String {
    VILLAGES
        .get(at)
        .map_or_else(|| format!("{}", at + 1), |name| (*name).to_owned())
}

impl Maker {
    /// A name of two or three characters.
    pub fn name(&mut self) -> String {
        let mut name = self.choose("王", &FAMILY).to_owned();
        for _ in 0..self.rng.usize(1..=2) {
            let given = self.choose("平", &GIVEN);
            name.push_str(given);
        }
        name
    }
}
