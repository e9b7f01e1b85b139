use dinggang::sheet::{Input, read};
fn main() {
    let inputs: Vec<Input> = std::env::args()
        .skip(1)
        .map(|p| Input {
            name: p.rsplit('/').next().unwrap().into(),
            bytes: std::fs::read(&p).unwrap(),
        })
        .collect();
    let t = std::time::Instant::now();
    let r = read(&inputs, (2026, 11, 22), &|_| {});
    eprintln!("{:?}", t.elapsed());
    println!(
        "inst {} people {} spells {} doctors {} places {}",
        r.register.institutions.len(),
        r.register.people.len(),
        r.register
            .people
            .iter()
            .map(|p| p.history.spells().len())
            .sum::<usize>(),
        r.register.rural_doctors.len(),
        r.register.places.len()
    );
    println!("{:?}", r.refused_files);
    println!("faults {} warnings {}", r.faults.len(), r.warnings.len());
    for f in r.faults.iter().take(40) {
        println!(
            "{} {} {} {} {:?} {:?}",
            r.register.source(f.origin).unwrap().sheet,
            f.origin.row,
            f.column,
            f.code.key(),
            f.value,
            f.expected
        );
    }
    for f in r.warnings.iter().take(40) {
        println!(
            "W {} {} {} {} {:?}",
            r.register.source(f.origin).unwrap().sheet,
            f.origin.row,
            f.column,
            f.code.key(),
            f.value
        );
    }
}
