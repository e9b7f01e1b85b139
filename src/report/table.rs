//! The result on a terminal: the ledger of every institution on one line, then what
//! needs attention, then what was refused. Colour only repeats what a word or sign says.

use super::evaluation::Evaluation;
use super::words;
use crate::domain::fault::WarningCode;
use crate::domain::post::{Ledger, Level};
use crate::i18n::{Arg, Lang, t};
use crate::policy::model::{Force, Policy};
use crate::rules::finding::Finding;
use crate::rules::ledger::Posts;
use crate::rules::verdict::Verdict;
use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, LineStyle, Table, TableStyle};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// A line under the header and one at the end, nothing else.
pub const LINES: TableStyle = TableStyle::new()
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// Lines of one list before it is cut; the other formats have them all.
const MOST_LINES: usize = 60;
/// Warnings of one kind before they are only counted.
const MOST_ALIKE: usize = 10;

/// How the table is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub lang: Lang,
    pub colour: bool,
    /// Files that were refused are named elsewhere, beside this output.
    pub refused_apart: bool,
    /// Columns of the terminal; `None` = not a terminal, no line is broken.
    pub width: Option<u16>,
}

/// Writes the result.
pub fn write(evaluation: &Evaluation, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let report = Report {
        e: evaluation,
        style,
    };
    // nothing was read: all there is to say is why
    if evaluation.is_empty() && !evaluation.refused.is_empty() {
        return report.refused_files(out);
    }
    report.head(out)?;
    report.ledger(out)?;
    report.findings(out)?;
    report.complaints(out)?;
    report.summary(out)
}

struct Report<'a> {
    e: &'a Evaluation<'a>,
    style: Style,
}

impl Report<'_> {
    fn say(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        t(self.style.lang, key, args)
    }

    fn head(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "{}",
            self.say("table-as-of", &[("month", self.e.as_of.to_string().into())])
        )?;
        for policy in &self.e.plan.policies {
            writeln!(out, "  {}", policy_line(policy, self.style.lang))?;
        }
        if let Some(caveat) = self.e.caveat() {
            writeln!(out, "▲ {}", words::caveat(caveat, self.style.lang))?;
        }
        writeln!(out)
    }

    fn table(&self, header: &[&str]) -> Table {
        let mut table = Table::new();
        table.load_style(LINES);
        table.set_header(header.iter().map(|key| self.say(key, &[])));
        match self.style.width {
            Some(width) => table
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(width),
            None => table.set_content_arrangement(ContentArrangement::Disabled),
        };
        table
    }

    fn coloured(&self, text: String, colour: Option<Color>) -> Cell {
        match colour.filter(|_| self.style.colour) {
            Some(colour) => Cell::new(text).fg(colour),
            None => Cell::new(text),
        }
    }

    fn ledger(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.e.register.institutions.is_empty() {
            return Ok(());
        }
        let header = [
            "column-code",
            "column-name",
            "column-professional-posts",
            "subject-senior",
            "subject-intermediate",
            "subject-junior",
            "subject-directed",
            "column-off-quota",
            "column-beyond-ratio",
        ];
        let mut table = self.table(&header);
        for column in 2..header.len() {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let rows = self
            .e
            .register
            .institutions
            .iter()
            .zip(&self.e.assessment.institutions);
        for (institution, result) in rows.take(MOST_LINES) {
            let posts = &result.posts;
            let mut row = vec![Cell::new(&institution.code), Cell::new(&institution.name)];
            row.push(Cell::new(number(posts.professional)));
            for level in Level::ALL {
                let own = posts.level(*level);
                row.push(self.places(own.counted(), own.limit, own.vacant(), own.over()));
            }
            let directed = &posts.directed;
            row.push(self.places(
                directed.counted,
                directed.limit,
                directed.vacant(),
                directed.over(),
            ));
            row.push(Cell::new(of_ledger(posts, Ledger::OffQuota)));
            row.push(Cell::new(of_ledger(posts, Ledger::BeyondRatio)));
            table.add_row(row);
        }
        writeln!(out, "{table}")?;
        writeln!(out, "{}", self.say("table-ledger-note", &[]))?;
        self.more(out, self.e.assessment.institutions.len())?;
        writeln!(out)
    }

    fn more(&self, out: &mut dyn Write, all: usize) -> io::Result<()> {
        match all.checked_sub(MOST_LINES) {
            Some(more) if more > 0 => {
                writeln!(out, "{}", self.say("table-more", &[("count", more.into())]))
            }
            _ => Ok(()),
        }
    }

    /// Held of allowed, and what is free or over.
    fn places(
        &self,
        counted: i64,
        limit: Option<i64>,
        vacant: Option<i64>,
        over: Option<i64>,
    ) -> Cell {
        let of = format!("{counted}/{}", number(limit));
        match (over, vacant) {
            (Some(over), _) if over > 0 => self.coloured(format!("{of} ▲{over}"), Some(Color::Red)),
            (_, Some(vacant)) if vacant > 0 => Cell::new(format!("{of} +{vacant}")),
            _ => Cell::new(of),
        }
    }

    fn findings(&self, out: &mut dyn Write) -> io::Result<()> {
        let sections = [
            (
                Verdict::Fails,
                Some(Force::Must),
                "table-fails-must",
                Color::Red,
            ),
            (Verdict::Fails, None, "table-fails-other", Color::Yellow),
            (Verdict::Unknown, None, "table-unknown", Color::Blue),
            (Verdict::Judgement, None, "table-judgement", Color::Magenta),
        ];
        for (verdict, force, key, colour) in sections {
            let wanted = |finding: &&(String, &Finding)| {
                let own = self.e.plan.rule(finding.1.rule).map(|(_, rule)| rule.force);
                let by_force = match (verdict, force) {
                    (Verdict::Fails, Some(force)) => own == Some(force),
                    (Verdict::Fails, None) => own != Some(Force::Must),
                    _ => true,
                };
                finding.1.verdict == verdict && by_force
            };
            let all = self.all_findings();
            let found: Vec<_> = all.iter().filter(wanted).collect();
            if found.is_empty() {
                continue;
            }
            writeln!(out, "{}", self.say(key, &[("count", found.len().into())]))?;
            let mut table = self.table(&["column-subject", "column-finding", "column-clause"]);
            for (subject, finding) in found.iter().take(MOST_LINES) {
                let sentence = words::finding(self.e.plan, self.e.data, finding, self.style.lang);
                let sign = sign(finding.verdict);
                table.add_row(vec![
                    Cell::new(subject),
                    self.coloured(format!("{sign} {sentence}"), Some(colour)),
                    Cell::new(self.clause(finding)),
                ]);
            }
            writeln!(out, "{table}")?;
            self.more(out, found.len())?;
            writeln!(out)?;
        }
        Ok(())
    }

    fn all_findings(&self) -> Vec<(String, &Finding)> {
        let e = self.e;
        let institutions = e
            .register
            .institutions
            .iter()
            .zip(&e.assessment.institutions);
        let of_institutions = institutions.flat_map(|(i, result)| {
            result
                .findings
                .iter()
                .map(|f| (format!("{} {}", i.code, i.name), f))
        });
        let counties = e.data.counties.iter().zip(&e.assessment.counties);
        let of_counties =
            counties.flat_map(|(code, found)| found.iter().map(|f| (self.county(*code), f)));
        let consortia = e.data.consortia.iter().zip(&e.assessment.consortia);
        let of_consortia =
            consortia.flat_map(|(name, found)| found.iter().map(|f| (name.clone(), f)));
        of_counties
            .chain(of_consortia)
            .chain(of_institutions)
            .collect()
    }

    fn county(&self, code: crate::domain::ids::AreaCode) -> String {
        let named = self
            .e
            .register
            .places
            .iter()
            .find(|place| place.code == code);
        named.map_or_else(
            || code.to_string(),
            |place| format!("{code} {}", place.name),
        )
    }

    fn clause(&self, finding: &Finding) -> String {
        let Some((policy, rule)) = self.e.plan.rule(finding.rule) else {
            return String::new();
        };
        words::clause(policy, rule, self.style.lang)
    }

    fn refused_files(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.style.refused_apart {
            return Ok(());
        }
        for refused in self.e.refused {
            let args = [
                ("file", Arg::from(&refused.file)),
                ("message", (&refused.message).into()),
            ];
            writeln!(out, "{}", self.say("table-refused-file", &args))?;
        }
        Ok(())
    }

    fn complaints(&self, out: &mut dyn Write) -> io::Result<()> {
        self.refused_files(out)?;
        let lang = self.style.lang;
        let faults = self
            .e
            .faults
            .iter()
            .map(|f| (f.origin, words::fault_on_screen(self.e.register, f, lang)));
        self.list(out, "table-refused", faults.collect())?;
        self.warnings(out)
    }

    /// Warnings in the order of rows; of one kind the first few, then how many more.
    fn warnings(&self, out: &mut dyn Write) -> io::Result<()> {
        let lang = self.style.lang;
        let all = self.e.warnings;
        if all.is_empty() {
            return Ok(());
        }
        let count = [("count", all.len().into())];
        writeln!(out, "{}", self.say("table-warnings", &count))?;
        let mut seen: BTreeMap<WarningCode, usize> = BTreeMap::new();
        for warning in all {
            let alike = seen.entry(warning.code).or_default();
            *alike += 1;
            if *alike <= MOST_ALIKE {
                let place = words::place(self.e.register, warning.origin);
                writeln!(out, "  {place}  {}", words::warning(warning, lang))?;
            }
        }
        for (code, alike) in seen.into_iter().filter(|(_, alike)| *alike > MOST_ALIKE) {
            let args = [
                ("count", (alike - MOST_ALIKE).into()),
                ("what", words::word(&code, lang).into()),
            ];
            writeln!(out, "  {}", self.say("table-more-same", &args))?;
        }
        writeln!(out)
    }

    fn list(
        &self,
        out: &mut dyn Write,
        key: &str,
        lines: Vec<(crate::domain::register::Origin, String)>,
    ) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", self.say(key, &[("count", lines.len().into())]))?;
        for (origin, sentence) in lines.iter().take(MOST_LINES) {
            writeln!(
                out,
                "  {}  {sentence}",
                words::place(self.e.register, *origin)
            )?;
        }
        self.more(out, lines.len())?;
        writeln!(out)
    }

    fn summary(&self, out: &mut dyn Write) -> io::Result<()> {
        let e = self.e;
        let must = |finding: &Finding| {
            e.plan
                .rule(finding.rule)
                .is_some_and(|(_, r)| r.force == Force::Must)
        };
        let all = self.all_findings();
        let count =
            |wanted: &dyn Fn(&Finding) -> bool| all.iter().filter(|(_, f)| wanted(f)).count();
        let args = [
            ("institutions", e.register.institutions.len().into()),
            ("people", e.register.people.len().into()),
            (
                "broken",
                count(&|f| f.verdict == Verdict::Fails && must(f)).into(),
            ),
            (
                "other",
                count(&|f| f.verdict == Verdict::Fails && !must(f)).into(),
            ),
            ("unknown", count(&|f| f.verdict == Verdict::Unknown).into()),
            (
                "judgement",
                count(&|f| f.verdict == Verdict::Judgement).into(),
            ),
            ("refused", (e.faults.len() + e.refused.len()).into()),
        ];
        writeln!(out, "{}", self.say("table-summary", &args))?;
        match e.plan.not_evaluated.len() {
            0 => Ok(()),
            count => writeln!(
                out,
                "{}",
                self.say("table-not-evaluated", &[("count", count.into())])
            ),
        }
    }
}

/// A policy with its standing: draft, in force, not verified.
pub fn policy_line(policy: &Policy, lang: Lang) -> String {
    let args = [
        ("id", Arg::from(&policy.id)),
        ("title", words::words(&policy.title, lang).into()),
        ("marks", standing(policy, lang).into()),
    ];
    t(lang, "policy-line", &args)
}

/// Whether a policy binds, whether its text was at hand, and what else has to be said.
pub fn standing(policy: &Policy, lang: Lang) -> String {
    let mut marks = vec![t(lang, &format!("status-{}", policy.status.key()), &[])];
    if !policy.is_verified() {
        marks.push(t(lang, "status-unverified", &[]));
    }
    let remark = policy.remark.as_ref();
    marks.extend(remark.map(|remark| words::words(remark, lang).to_owned()));
    marks.join(&t(lang, "condition-and", &[]))
}

/// A number; a dash where it is not known.
pub fn number(number: Option<i64>) -> String {
    number.map_or_else(|| "–".to_owned(), |n| n.to_string())
}

/// The sign that always stands beside the colour of a verdict.
pub const fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "●",
        Verdict::Fails => "▲",
        Verdict::Unknown => "◇",
        Verdict::Judgement => "◐",
    }
}

/// The sign of a verdict about a person: a condition not met is no violation.
pub const fn standing_sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fails => "○",
        other => sign(other),
    }
}

fn of_ledger(posts: &Posts, ledger: Ledger) -> i64 {
    Level::ALL
        .iter()
        .map(|level| match ledger {
            Ledger::OffQuota => posts.level(*level).off_quota,
            Ledger::BeyondRatio => posts.level(*level).beyond_ratio,
            Ledger::Special => posts.level(*level).special,
            Ledger::Ordinary => posts.level(*level).ordinary,
            Ledger::Directed => 0,
        })
        .sum()
}
