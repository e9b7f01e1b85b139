//! How much room text takes in a column of a workbook. Not every program finds the
//! height of wrapped text by itself.

/// Points of a line.
const LINE: f64 = 15.0;
/// A row of a workbook is no higher than 409 points.
const MOST_LINES: usize = 27;

/// Lines of a text wrapped in a column so many digits wide.
pub fn lines(text: &str, width: f64) -> usize {
    // a digit's width at the sides stays empty
    let room = (width.max(2.0) as usize).saturating_sub(1).max(1);
    let of_paragraph = |line: &str| console::measure_text_width(line).div_ceil(room).max(1);
    text.split('\n').map(of_paragraph).sum()
}

/// Digits that a text needs to stand in one line.
pub fn room(text: &str) -> f64 {
    let widest = text.split('\n').map(console::measure_text_width).max();
    (widest.unwrap_or(0) + 2) as f64
}

/// Points of a row of so many lines.
pub fn height(lines: usize) -> f64 {
    LINE * lines.clamp(1, MOST_LINES) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_twice_the_room() {
        assert_eq!(lines("核定高级岗位", 13.0), 1);
        assert_eq!(lines("核定高级岗位", 12.0), 2);
        assert_eq!(lines("abcdef\n", 13.0), 2);
        assert_eq!(lines("", 0.0), 1);
    }

    #[test]
    fn rows_are_no_higher_than_a_workbook_allows() {
        assert!(height(1000) <= 409.0 && height(0) > 0.0);
    }
}
