//! One condition, asked of a person unless its first line names something else.
#![no_main]

use dinggang::policy::condition::{Conditions, Test};
use dinggang::policy::diagnostic::Diagnostics;
use dinggang::policy::fact::Entity;
use dinggang::policy::raw::Spanned;
use dinggang_fuzz::check_text;
use dinggang_fuzz::policies::{SHIPPED, file, well_placed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| check_text(data, |text| {
    let named = text
        .split_once('\n')
        .and_then(|(word, rest)| Some((Entity::read(word)?, rest)));
    let (entity, text) = named.unwrap_or((Entity::Person, text));
    let (read, problems) = condition(text, entity);
    well_placed(&problems.0);
    let again = condition(text, entity);
    assert_eq!((&read, &problems.0), (&again.0, &again.1.0));
    let [line] = read.0.as_slice() else {
        assert!(read.0.is_empty());
        assert_eq!(problems.0.len(), 1, "left out, and said why");
        return;
    };
    assert!(problems.0.is_empty(), "either read or refused");
    assert_eq!(line.written, text);
    for fact in read.facts() {
        assert!(SHIPPED.facts.get(fact).is_some());
    }
    for atom in &line.any {
        assert!(text.contains(&atom.written));
        match &atom.test {
            Test::Codes(bits) => assert_eq!(bits >> 63, 0, "unknown is never met"),
            Test::Between { low, high } => assert!(low <= high),
            _ => {}
        }
        let (alone, problems) = condition(&atom.written, entity);
        assert!(problems.0.is_empty());
        let alone = alone.0.first().and_then(|line| line.any.first());
        assert_eq!(alone, Some(atom), "means the same alone");
    }
}));

fn condition(text: &str, entity: Entity) -> (Conditions, Diagnostics) {
    let file = file("condition", &format!("\"{text}\""));
    let line = Spanned::new(0..file.text.len(), text.to_owned());
    let mut problems = Diagnostics::default();
    let read = Conditions::read(&[line], entity, &SHIPPED.facts, &file, &mut problems);
    (read, problems)
}
