use calamine::{Reader, Xlsx, open_workbook};
fn main() {
    let p = std::env::args().nth(1).unwrap();
    let mut b: Xlsx<_> = open_workbook(&p).unwrap();
    let mut n = 0;
    for s in b.sheet_names() {
        let r = b.worksheet_range(&s).unwrap();
        n += r.height();
    }
    println!("{n}");
}
