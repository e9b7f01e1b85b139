//! The batch over people: sixty-four rows at a time, every test once, rules as a few
//! operations on masks. No traces are kept; `explain` asks one person again.

use super::data::{Column, Data, NO_LEVEL, UNKNOWN, UNKNOWN_CODE, Value};
use super::tri::{self, Tri};
use super::verdict::Verdict;
use crate::domain::ids::AreaCode;
use crate::domain::month::Month;
use crate::domain::post::{Ledger, Level, Manner};
use crate::domain::staff::RetirementClass;
use crate::policy::condition::{Atom, Comparison, Conditions, Test};
use crate::policy::fact::{Entity, Fact, FactId};
use crate::policy::model::AgeRow;
use crate::policy::plan::{Formula, Met, PeopleCount, Plan, Standing, Tests};
use rayon::prelude::*;

/// Rows of one block: the bits of a mask.
const BLOCK: usize = 64;
/// Months of service that are not known.
const NO_SERVICE: i16 = -1;
/// Counters of an institution before those of [`Plan::people_counts`]: level × ledger.
const LEDGER_COUNTERS: usize = 3 * 5;

/// What the batch found, in the order of the rows.
#[derive(Clone, Debug, Default)]
pub struct PeopleResult {
    part_rows: usize,
    parts: Vec<Part>,
    /// Counters a row of [`InstitutionCounts`].
    pub counts: InstitutionCounts,
}

/// The results of a stretch of rows.
#[derive(Clone, Debug, Default)]
struct Part {
    retirement: Vec<i32>,
    /// Clock after clock.
    service: Vec<Vec<i16>>,
    /// Code of [`Ledger`], or [`NO_LEDGER`].
    ledger: Vec<u8>,
    /// For each standing and block: three masks that spell the verdict.
    verdicts: Vec<Vec<[u64; 3]>>,
}

const NO_LEDGER: u8 = 5;

/// Counters per institution.
#[derive(Clone, Debug, Default)]
pub struct InstitutionCounts {
    width: usize,
    cells: Vec<u32>,
}

impl InstitutionCounts {
    fn new(institutions: usize, width: usize) -> Self {
        Self {
            width,
            cells: vec![0; institutions * width],
        }
    }

    /// The counters of institutions that were counted apart, under one plan, in this order.
    pub fn side_by_side<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.width = part.width;
            all.cells.extend(&part.cells);
        }
        all
    }

    /// The counters of one institution at which nobody was counted.
    pub fn none(plan: &Plan) -> Self {
        Self::new(1, LEDGER_COUNTERS + plan.people_counts.len())
    }

    fn cell(&self, institution: usize, at: usize) -> i64 {
        self.cells
            .get(institution * self.width + at)
            .map_or(0, |n| i64::from(*n))
    }

    /// Holders of posts of a level in a ledger.
    pub fn held(&self, institution: usize, level: Level, ledger: Ledger) -> i64 {
        self.cell(institution, counter(level.code(), ledger.code()))
    }

    /// The people of a count of the plan.
    pub fn people(&self, institution: usize, count: usize) -> i64 {
        self.cell(institution, LEDGER_COUNTERS + count)
    }
}

const fn counter(level: u8, ledger: u8) -> usize {
    level as usize * 5 + ledger as usize
}

impl PeopleResult {
    fn part(&self, row: usize) -> Option<(&Part, usize)> {
        let part = self.parts.get(row.checked_div(self.part_rows)?)?;
        Some((part, row % self.part_rows))
    }

    /// The statutory retirement month; `None` when no loaded policy has a schedule.
    pub fn retirement(&self, row: usize) -> Option<Month> {
        let (part, at) = self.part(row)?;
        part.retirement
            .get(at)
            .filter(|m| **m != UNKNOWN)
            .map(|m| Month::from_index(*m))
    }

    /// Months on a clock of the plan; `None` when the history is not known.
    pub fn service(&self, row: usize, clock: usize) -> Option<i64> {
        let (part, at) = self.part(row)?;
        let months = part.service.get(clock)?.get(at)?;
        (*months != NO_SERVICE).then(|| i64::from(*months))
    }

    /// The ledger of a post holder.
    pub fn ledger(&self, row: usize) -> Option<Ledger> {
        let (part, at) = self.part(row)?;
        Ledger::from_code(*part.ledger.get(at)?)
    }

    /// The verdict of a standing of the plan; `None` when the rule does not apply.
    pub fn verdict(&self, row: usize, standing: usize) -> Option<Verdict> {
        let (part, at) = self.part(row)?;
        let masks = part.verdicts.get(standing)?.get(at / BLOCK)?;
        let code = masks
            .iter()
            .rev()
            .fold(0, |code, mask| code << 1 | (mask >> (at % BLOCK) & 1) as u8);
        code.checked_sub(1).and_then(Verdict::from_code)
    }
}

/// Evaluates everybody.
pub fn evaluate(plan: &Plan, data: &Data) -> PeopleResult {
    let rows = data.people.len();
    let pass = Pass::new(plan, data);
    let tasks = rayon::current_num_threads() * 2;
    let part_rows = rows.div_ceil(tasks).next_multiple_of(BLOCK).max(BLOCK);
    let starts: Vec<usize> = (0..rows).step_by(part_rows).collect();
    let results: Vec<(Part, InstitutionCounts)> = starts
        .into_par_iter()
        .map(|from| pass.run(from, (from + part_rows).min(rows)))
        .collect();
    let mut counts = InstitutionCounts::new(data.institutions.table.rows, pass.width());
    let mut parts = Vec::with_capacity(results.len());
    for (part, own) in results {
        for (total, cell) in counts.cells.iter_mut().zip(&own.cells) {
            *total += cell;
        }
        parts.push(part);
    }
    PeopleResult {
        part_rows,
        parts,
        counts,
    }
}

/// Yes and unknown of sixty-four rows; the rest is no.
#[derive(Clone, Copy, Default)]
struct Mask {
    yes: u64,
    unknown: u64,
}

impl Mask {
    const ALL: Self = Self {
        yes: u64::MAX,
        unknown: 0,
    };

    fn no(self) -> u64 {
        !(self.yes | self.unknown)
    }

    fn and(self, other: Self) -> Self {
        let yes = self.yes & other.yes;
        let no = self.no() | other.no();
        Self {
            yes,
            unknown: !(yes | no),
        }
    }

    fn or(self, other: Self) -> Self {
        let yes = self.yes | other.yes;
        let no = self.no() & other.no();
        Self {
            yes,
            unknown: !(yes | no),
        }
    }
}

/// A test tied to the column it reads.
enum Bound<'a> {
    Codes {
        column: &'a [u8],
        /// The answer for each code.
        answers: Answers,
    },
    Numbers {
        column: &'a [i32],
        low: i64,
        high: i64,
    },
    Ranks {
        left: &'a [u8],
        right: &'a [u8],
        comparison: Comparison,
    },
    /// A fact of the institution: asked once an institution.
    Institution(Vec<u8>),
    Service {
        clock: usize,
        low: i64,
        high: i64,
    },
    ToRetirement {
        low: i64,
        high: i64,
    },
    Age {
        low: i64,
        high: i64,
    },
    Occupies {
        bits: u64,
    },
    /// A place of the institution within a place of the person; a blank one is the
    /// institution's own.
    Within {
        inner: &'a [Option<AreaCode>],
        outer: &'a [Option<AreaCode>],
    },
    /// Other places and texts, one row at a time.
    Single(&'a Atom),
    /// No such column: never known.
    Absent,
}

/// A clock: the spell columns it looks at.
struct Clock<'a> {
    tests: Vec<(&'a [u8], u64)>,
}

struct Pass<'a> {
    plan: &'a Plan,
    data: &'a Data,
    tests: Vec<Bound<'a>>,
    clocks: Vec<Clock<'a>>,
    /// By code of the retirement class.
    schedule: Vec<Option<AgeRow>>,
}

/// Columns of one block that exist only while it is worked on.
struct Scratch {
    to_retirement: [i32; BLOCK],
    service: Vec<[i32; BLOCK]>,
    masks: Vec<Mask>,
}

impl<'a> Pass<'a> {
    fn new(plan: &'a Plan, data: &'a Data) -> Self {
        let no_tests: &'a [Atom] = &[];
        let atoms = plan
            .tests
            .get(&Entity::Person)
            .map_or(no_tests, |tests: &Tests| &tests.atoms);
        let schedule = RetirementClass::ALL
            .iter()
            .map(|class| age_row(plan, *class))
            .collect();
        let clocks = plan
            .clocks
            .iter()
            .map(|fact| clock(plan, data, *fact))
            .collect();
        let mut pass = Self {
            plan,
            data,
            tests: Vec::new(),
            clocks,
            schedule,
        };
        pass.tests = atoms.iter().map(|atom| pass.bind(atom)).collect();
        pass
    }

    fn width(&self) -> usize {
        LEDGER_COUNTERS + self.plan.people_counts.len()
    }

    fn bind(&self, atom: &'a Atom) -> Bound<'a> {
        let Some(fact) = self.plan.facts.get(atom.fact) else {
            return Bound::Absent;
        };
        let by_place = matches!(atom.test, Test::WithinFact(_));
        if let Some(within) = self.bind_within(atom) {
            return within;
        }
        if fact.entity == Entity::Institution && !by_place {
            return Bound::Institution(by_institution(self.data, atom));
        }
        if let Some(derived) = self.bind_derived(fact, atom) {
            return derived;
        }
        let table = &self.data.people.table;
        match (&atom.test, table.column(atom.fact)) {
            (Test::Codes(bits), Some(Column::Codes(column))) => Bound::Codes {
                column,
                answers: answers(*bits),
            },
            (Test::Between { low, high }, Some(Column::Numbers(column))) => Bound::Numbers {
                column,
                low: *low,
                high: *high,
            },
            (Test::Rank { comparison, other }, Some(Column::Codes(left))) => {
                match table.column(*other) {
                    Some(Column::Codes(right)) => Bound::Ranks {
                        left,
                        right,
                        comparison: *comparison,
                    },
                    _ => Bound::Absent,
                }
            }
            (Test::Within(_) | Test::WithinFact(_) | Test::Contains(_), _) => Bound::Single(atom),
            _ => Bound::Absent,
        }
    }

    fn bind_within(&self, atom: &Atom) -> Option<Bound<'a>> {
        let Test::WithinFact(other) = atom.test else {
            return None;
        };
        let is_own_blank = self.plan.facts.get(other)?.blank_fact == Some(atom.fact);
        let inner = self.data.institutions.table.column(atom.fact)?;
        let outer = self.data.people.table.column(other)?;
        match (inner, outer) {
            (Column::Places(inner), Column::Places(outer)) if is_own_blank => {
                Some(Bound::Within { inner, outer })
            }
            _ => None,
        }
    }

    fn bind_derived(&self, fact: &Fact, atom: &Atom) -> Option<Bound<'a>> {
        match &atom.test {
            Test::Codes(bits) if fact.name == OCCUPIES => Some(Bound::Occupies { bits: *bits }),
            Test::Between { low, high } => {
                let (low, high) = (*low, *high);
                if let Some(clock) = self.plan.clocks.iter().position(|c| *c == atom.fact) {
                    return Some(Bound::Service { clock, low, high });
                }
                match fact.name.as_str() {
                    TO_RETIREMENT => Some(Bound::ToRetirement { low, high }),
                    AGE => Some(Bound::Age { low, high }),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn run(&self, from: usize, to: usize) -> (Part, InstitutionCounts) {
        let rows = to - from;
        let mut part = Part {
            retirement: Vec::with_capacity(rows),
            service: self
                .clocks
                .iter()
                .map(|_| Vec::with_capacity(rows))
                .collect(),
            ledger: Vec::with_capacity(rows),
            verdicts: self
                .plan
                .standings
                .iter()
                .map(|_| Vec::with_capacity(rows.div_ceil(BLOCK)))
                .collect(),
        };
        let mut counts = InstitutionCounts::new(self.data.institutions.table.rows, self.width());
        let mut scratch = Scratch {
            to_retirement: [UNKNOWN; BLOCK],
            service: vec![[UNKNOWN; BLOCK]; self.clocks.len()],
            masks: vec![Mask::default(); self.tests.len()],
        };
        for start in (from..to).step_by(BLOCK) {
            let block = start..(start + BLOCK).min(to);
            self.block(block, &mut scratch, &mut part, &mut counts);
        }
        (part, counts)
    }

    fn block(
        &self,
        block: std::ops::Range<usize>,
        scratch: &mut Scratch,
        part: &mut Part,
        counts: &mut InstitutionCounts,
    ) {
        self.retirement(&block, scratch, part);
        self.service(&block, scratch, part);
        let present = u64::MAX >> (BLOCK - block.len());
        for (at, test) in self.tests.iter().enumerate() {
            let mask = self.ask(test, &block, scratch);
            if let Some(slot) = scratch.masks.get_mut(at) {
                *slot = mask;
            }
        }
        let mut off_quota = 0;
        for (standing, verdicts) in self.plan.standings.iter().zip(&mut part.verdicts) {
            let masks = standing_masks(standing, &scratch.masks, present);
            if standing.exempts {
                off_quota |= match standing.by_decision {
                    false => masks.holds,
                    true => self.decided(&block) & (masks.holds | masks.unknown),
                };
            }
            verdicts.push(masks.spelled());
        }
        self.ledgers(&block, off_quota, part, counts);
        self.counts(&block, present, &scratch.masks, counts);
    }

    /// Those of a block of whom a decision is recorded.
    fn decided(&self, block: &std::ops::Range<usize>) -> u64 {
        let decided = self.data.people.decided.get(block.clone());
        let rows = decided.unwrap_or_default().iter().enumerate();
        rows.fold(0, |mask, (at, decided)| mask | u64::from(*decided) << at)
    }

    fn retirement(&self, block: &std::ops::Range<usize>, scratch: &mut Scratch, part: &mut Part) {
        let people = &self.data.people;
        let births = people.birth.get(block.clone()).unwrap_or_default();
        let classes = people
            .retirement_class
            .get(block.clone())
            .unwrap_or_default();
        for ((birth, class), left) in births.iter().zip(classes).zip(&mut scratch.to_retirement) {
            let row = self
                .schedule
                .get(usize::from(*class))
                .and_then(Option::as_ref);
            let month = row.map_or(UNKNOWN, |row| retirement_month(row, *birth));
            part.retirement.push(month);
            *left = if month == UNKNOWN {
                UNKNOWN
            } else {
                month - self.plan.as_of.index()
            };
        }
    }

    fn service(&self, block: &std::ops::Range<usize>, scratch: &mut Scratch, part: &mut Part) {
        let spells = &self.data.people.spells;
        let firsts = spells
            .first
            .get(block.start..=block.end)
            .unwrap_or_default();
        let as_of = self.plan.as_of.index();
        for ((clock, months), kept) in self
            .clocks
            .iter()
            .zip(&mut scratch.service)
            .zip(&mut part.service)
        {
            for (bounds, slot) in firsts.windows(2).zip(months.iter_mut()) {
                *slot = match *bounds {
                    [first, last] if first < last => clock.months(
                        &spells.start,
                        &spells.end,
                        first as usize..last as usize,
                        as_of,
                    ),
                    _ => UNKNOWN,
                };
                kept.push(if *slot == UNKNOWN {
                    NO_SERVICE
                } else {
                    i16::try_from(*slot).unwrap_or(i16::MAX)
                });
            }
        }
    }

    fn ask(&self, test: &Bound, block: &std::ops::Range<usize>, scratch: &Scratch) -> Mask {
        let people = &self.data.people;
        match test {
            Bound::Codes { column, answers } => {
                let mut bytes = [0; BLOCK];
                let codes = column.get(block.clone()).unwrap_or_default();
                for (byte, code) in bytes.iter_mut().zip(codes) {
                    *byte = answers.get(usize::from(*code)).copied().unwrap_or(NO);
                }
                unpack(&bytes)
            }
            Bound::Numbers { column, low, high } => {
                between(column.get(block.clone()).unwrap_or_default(), *low, *high)
            }
            Bound::Ranks {
                left,
                right,
                comparison,
            } => {
                let mut bytes = [NO; BLOCK];
                let left = left.get(block.clone()).unwrap_or_default();
                let right = right.get(block.clone()).unwrap_or_default();
                for ((byte, a), b) in bytes.iter_mut().zip(left).zip(right) {
                    *byte = match *a == UNKNOWN_CODE || *b == UNKNOWN_CODE {
                        true => OPEN,
                        false => u8::from(comparison.holds(a, b)),
                    };
                }
                unpack(&bytes)
            }
            Bound::Institution(answers) => {
                let mut bytes = [NO; BLOCK];
                let institutions = people.institution.get(block.clone()).unwrap_or_default();
                for (byte, institution) in bytes.iter_mut().zip(institutions) {
                    *byte = answers.get(*institution as usize).copied().unwrap_or(OPEN);
                }
                unpack(&bytes)
            }
            Bound::Service { clock, low, high } => {
                let months = scratch
                    .service
                    .get(*clock)
                    .map_or(&[] as &[i32], |m| m.as_slice());
                between(months.get(..block.len()).unwrap_or_default(), *low, *high)
            }
            Bound::ToRetirement { low, high } => between(
                scratch.to_retirement.get(..block.len()).unwrap_or_default(),
                *low,
                *high,
            ),
            Bound::Age { low, high } => {
                let as_of = i64::from(self.plan.as_of.index());
                let births = people.birth.get(block.clone()).unwrap_or_default();
                let mut mask = Mask::default();
                for (at, birth) in births.iter().enumerate() {
                    mask.yes |=
                        u64::from((*low..=*high).contains(&(as_of - i64::from(*birth)))) << at;
                }
                mask
            }
            Bound::Occupies { bits } => {
                let levels = people.level.get(block.clone()).unwrap_or_default();
                let mut mask = Mask::default();
                for (at, level) in levels.iter().enumerate() {
                    mask.yes |= (bits >> u8::from(*level != NO_LEVEL) & 1) << at;
                }
                mask
            }
            Bound::Within { inner, outer } => {
                let mut mask = Mask::default();
                let outer = outer.get(block.clone()).unwrap_or_default();
                let institutions = people.institution.get(block.clone()).unwrap_or_default();
                for (at, (outer, institution)) in outer.iter().zip(institutions).enumerate() {
                    match (inner.get(*institution as usize).copied().flatten(), outer) {
                        (Some(_), None) => mask.yes |= 1 << at,
                        (Some(place), Some(outer)) => {
                            mask.yes |= u64::from(place.is_within(*outer)) << at;
                        }
                        (None, _) => mask.unknown |= 1 << at,
                    }
                }
                mask
            }
            Bound::Single(atom) => {
                let mut mask = Mask::default();
                for (at, row) in block.clone().enumerate() {
                    match tri::ask(atom, &|fact| {
                        own_or_institution(self.plan, self.data, row, fact)
                    }) {
                        Tri::Yes => mask.yes |= 1 << at,
                        Tri::No => {}
                        Tri::Unknown => mask.unknown |= 1 << at,
                    }
                }
                mask
            }
            Bound::Absent => Mask {
                yes: 0,
                unknown: u64::MAX,
            },
        }
    }

    /// Each post holder in exactly one ledger, in the order of CONTRACT section 3.
    fn ledgers(
        &self,
        block: &std::ops::Range<usize>,
        off_quota: u64,
        part: &mut Part,
        counts: &mut InstitutionCounts,
    ) {
        let people = &self.data.people;
        let levels = people.level.get(block.clone()).unwrap_or_default();
        let manners = people.manner.get(block.clone()).unwrap_or_default();
        let institutions = people.institution.get(block.clone()).unwrap_or_default();
        for (at, ((level, manner), institution)) in
            levels.iter().zip(manners).zip(institutions).enumerate()
        {
            if *level == NO_LEVEL {
                part.ledger.push(NO_LEDGER);
                continue;
            }
            let ledger = ledger(Manner::from_code(*manner), off_quota >> at & 1 == 1).code();
            part.ledger.push(ledger);
            let cell = *institution as usize * counts.width + counter(*level, ledger);
            if let Some(cell) = counts.cells.get_mut(cell) {
                *cell += 1;
            }
        }
    }

    fn counts(
        &self,
        block: &std::ops::Range<usize>,
        present: u64,
        masks: &[Mask],
        counts: &mut InstitutionCounts,
    ) {
        let institutions = self
            .data
            .people
            .institution
            .get(block.clone())
            .unwrap_or_default();
        for (number, count) in self.plan.people_counts.iter().enumerate() {
            let mut mask = counted(count, masks) & present;
            while mask != 0 {
                let at = mask.trailing_zeros() as usize;
                mask &= mask - 1;
                let cell = institutions
                    .get(at)
                    .map(|i| *i as usize * counts.width + LEDGER_COUNTERS + number);
                if let Some(cell) = cell.and_then(|cell| counts.cells.get_mut(cell)) {
                    *cell += 1;
                }
            }
        }
    }
}

/// The name of the fact that a person occupies a professional post.
pub const OCCUPIES: &str = "已聘专业技术岗位";
/// The name of the fact how many months remain to statutory retirement.
pub const TO_RETIREMENT: &str = "距法定退休年龄";
/// The name of the fact of age.
pub const AGE: &str = "年龄";

/// The ledger of a post holder (CONTRACT section 3, in this order).
pub fn ledger(manner: Option<Manner>, off_quota: bool) -> Ledger {
    match manner {
        Some(Manner::Directed) => Ledger::Directed,
        Some(Manner::Special) => Ledger::Special,
        _ if off_quota => Ledger::OffQuota,
        Some(Manner::BeyondRatio) => Ledger::BeyondRatio,
        Some(Manner::Ordinary) | None => Ledger::Ordinary,
    }
}

/// The row of the schedule for a class.
pub fn age_row(plan: &Plan, class: RetirementClass) -> Option<AgeRow> {
    let (_, schedule) = plan.schedule.as_ref()?;
    schedule.rows.iter().copied().find(|row| row.class == class)
}

/// Months by which the schedule delays someone born in that month.
pub fn delay(row: &AgeRow, birth: i32) -> i32 {
    let i = birth - row.from_birth.index();
    if i < 0 {
        0
    } else {
        (i / row.every + 1).min(row.most)
    }
}

/// Month of statutory retirement: birth + original age + delay.
pub fn retirement_month(row: &AgeRow, birth: i32) -> i32 {
    birth + row.original + delay(row, birth)
}

/// Answers as bytes: one bit for yes, one for unknown.
const NO: u8 = 0;
const YES: u8 = 1;
const OPEN: u8 = 2;

/// The answer for each of the sixty-four codes.
type Answers = [u8; BLOCK];

fn answers(bits: u64) -> Answers {
    std::array::from_fn(|code| match code {
        code if code == usize::from(UNKNOWN_CODE) => OPEN,
        code => (bits >> code & 1) as u8,
    })
}

/// Sixty-four answers as two masks.
fn unpack(bytes: &[u8; BLOCK]) -> Mask {
    let mut mask = Mask::default();
    for (at, eight) in bytes.chunks_exact(8).enumerate() {
        let word = eight
            .iter()
            .rev()
            .fold(0, |word: u64, byte| word << 8 | u64::from(*byte));
        mask.yes |= gather(word & LOW_BITS) << (8 * at);
        mask.unknown |= gather(word >> 1 & LOW_BITS) << (8 * at);
    }
    mask
}

/// The lowest bit of every byte.
const LOW_BITS: u64 = 0x0101_0101_0101_0101;

/// The lowest bits of eight bytes, side by side: the product brings each to the top byte.
const fn gather(word: u64) -> u64 {
    word.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

fn between(column: &[i32], low: i64, high: i64) -> Mask {
    // months and numbers fit; the bounds are cut to what a column can hold
    let low = i32::try_from(low).unwrap_or(UNKNOWN + 1);
    let high = i32::try_from(high).unwrap_or(i32::MAX);
    let mut bytes = [NO; BLOCK];
    for (byte, value) in bytes.iter_mut().zip(column) {
        let inside = u8::from(*value >= low && *value <= high && *value != UNKNOWN);
        *byte = inside | u8::from(*value == UNKNOWN) << 1;
    }
    unpack(&bytes)
}

fn line(tests: &[u16], masks: &[Mask]) -> Mask {
    tests
        .iter()
        .filter_map(|n| masks.get(usize::from(*n)))
        .fold(Mask::default(), |any, mask| any.or(*mask))
}

fn applies(formula: &Formula, masks: &[Mask]) -> Mask {
    formula
        .0
        .iter()
        .fold(Mask::ALL, |all, tests| all.and(line(tests, masks)))
}

/// Unknown as soon as one line is (see [`tri::met`]).
fn met(formula: &Formula, masks: &[Mask]) -> Mask {
    formula.0.iter().fold(Mask::ALL, |all, tests| {
        let line = line(tests, masks);
        let unknown = all.unknown | line.unknown;
        Mask {
            yes: all.yes & line.yes & !unknown,
            unknown,
        }
    })
}

fn counted(count: &PeopleCount, masks: &[Mask]) -> u64 {
    let all = count
        .all
        .iter()
        .fold(u64::MAX, |all, formula| all & applies(formula, masks).yes);
    count
        .none
        .iter()
        .fold(all, |left, formula| left & !applies(formula, masks).yes)
}

#[derive(Default)]
struct VerdictMasks {
    holds: u64,
    fails: u64,
    unknown: u64,
    judgement: u64,
}

impl VerdictMasks {
    /// Bit by bit, the code of the verdict plus one; zero where the rule does not apply.
    fn spelled(&self) -> [u64; 3] {
        let verdicts = [
            (Verdict::Holds, self.holds),
            (Verdict::Fails, self.fails),
            (Verdict::Unknown, self.unknown),
            (Verdict::Judgement, self.judgement),
        ];
        let mut bits = [0; 3];
        for (verdict, mask) in verdicts {
            for (place, bits) in bits.iter_mut().enumerate() {
                if (verdict.code() + 1) >> place & 1 == 1 {
                    *bits |= mask;
                }
            }
        }
        bits
    }
}

fn standing_masks(standing: &Standing, masks: &[Mask], present: u64) -> VerdictMasks {
    let who = applies(&standing.who, masks);
    let mut verdicts = VerdictMasks::default();
    let mut open = present & !who.no();
    for branch in &standing.branches {
        let own = applies(&branch.who, masks);
        let reached = open & !own.no();
        let certain = reached & who.yes & own.yes;
        let when = met(&branch.when, masks);
        verdicts.unknown |= reached & !certain | certain & when.unknown;
        verdicts.fails |= certain & when.no();
        match branch.met {
            Met::Holds => verdicts.holds |= certain & when.yes,
            Met::Judgement => verdicts.judgement |= certain & when.yes,
        }
        open &= own.no();
    }
    verdicts
}

fn clock<'a>(plan: &'a Plan, data: &'a Data, fact: FactId) -> Clock<'a> {
    let none = Conditions::default();
    let service = plan
        .facts
        .get(fact)
        .and_then(|f| f.service.as_ref())
        .unwrap_or(&none);
    let tests = service
        .0
        .iter()
        .flat_map(|line| &line.any)
        .map(
            |atom| match (&atom.test, data.people.spells.table.column(atom.fact)) {
                (Test::Codes(bits), Some(Column::Codes(column))) => (column.as_slice(), *bits),
                _ => (&[] as &[u8], 0),
            },
        )
        .collect();
    Clock { tests }
}

impl Clock<'_> {
    /// Months of the spells that count, up to `as_of`; spells that overlap, touch or
    /// follow in the next month are one (see [`crate::domain::service::merge`]).
    fn months(
        &self,
        start: &[i32],
        end: &[i32],
        spells: std::ops::Range<usize>,
        as_of: i32,
    ) -> i32 {
        let mut total = 0;
        let mut current: Option<(i32, i32)> = None;
        let starts = start.get(spells.clone()).unwrap_or_default();
        let ends = end.get(spells.clone()).unwrap_or_default();
        for ((from, to), spell) in starts.iter().zip(ends).zip(spells) {
            if *from > as_of {
                break;
            }
            if !self.counts(spell) {
                continue;
            }
            let to = (*to).min(as_of);
            match &mut current {
                Some((_, end)) if *from <= *end + 1 => *end = (*end).max(to),
                other => {
                    total += other.map_or(0, |(from, to)| to - from);
                    *other = Some((*from, to));
                }
            }
        }
        total + current.map_or(0, |(from, to)| to - from)
    }

    fn counts(&self, spell: usize) -> bool {
        self.tests
            .iter()
            .all(|(column, bits)| column.get(spell).is_some_and(|code| bits >> code & 1 == 1))
    }
}

fn by_institution(data: &Data, atom: &Atom) -> Vec<u8> {
    let table = &data.institutions.table;
    let ask = |row| match tri::ask(atom, &|fact| table.value(fact, row)) {
        Tri::Yes => YES,
        Tri::No => NO,
        Tri::Unknown => OPEN,
    };
    (0..table.rows).map(ask).collect()
}

/// A fact of a person or of their institution, as it stands in the columns. A blank
/// place stands for the place that `facts.toml` names instead.
pub fn own_or_institution(plan: &Plan, data: &Data, row: usize, fact: FactId) -> Value {
    let Some(declared) = plan.facts.get(fact) else {
        return Value::Unknown;
    };
    if declared.entity == Entity::Institution {
        let institution = data
            .people
            .institution
            .get(row)
            .map_or(usize::MAX, |i| *i as usize);
        return data.institutions.table.value(fact, institution);
    }
    match (data.people.table.value(fact, row), declared.blank_fact) {
        (Value::Unknown, Some(other)) => own_or_institution(plan, data, row, other),
        (value, _) => value,
    }
}
