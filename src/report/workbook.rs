//! The result as a workbook, one sheet a question: the ledger in the order clerks know,
//! findings, people, vacancies for 36 months, who retires, sums, rural doctors, what was
//! refused. Colours repeat what words and signs say; identity numbers stay out.

use super::evaluation::Evaluation;
use super::table::{policy_line, sign, standing_sign};
use super::words;
use crate::domain::post::Level;
use crate::domain::register::Origin;
use crate::i18n::width::{height, lines};
use crate::i18n::{Lang, t};
use crate::policy::model::Body;
use crate::rules::explain;
use crate::rules::finding::Finding;
use crate::rules::forecast;
use crate::rules::ledger::Posts;
use crate::rules::rollup::{Part, Rollup};
use crate::rules::verdict::Verdict;
use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

/// Months of the forecast.
pub const FORECAST_MONTHS: u32 = 36;
/// Rows of the title and of the date above each table.
const HEADER_ROW: u32 = 2;

/// Builds the workbook.
pub fn build(evaluation: &Evaluation, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Book {
        e: evaluation,
        lang,
        workbook: Workbook::new(),
        formats: Formats::new(),
    };
    book.ledger()?;
    book.findings()?;
    book.people()?;
    book.forecast()?;
    book.retirements()?;
    book.sums()?;
    book.rural_doctors()?;
    book.refused()?;
    book.about()?;
    book.workbook.save_to_buffer()
}

struct Formats {
    title: Format,
    note: Format,
    header: Format,
    text: Format,
    wrapped: Format,
    number: Format,
    total: Format,
    holds: Format,
    fails: Format,
    unknown: Format,
    judgement: Format,
    free: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = Format::new()
            .set_border(FormatBorder::Hair)
            .set_align(FormatAlign::VerticalCenter);
        let state = |font: u32, back: u32| {
            cell.clone()
                .set_font_color(Color::RGB(font))
                .set_background_color(Color::RGB(back))
        };
        Self {
            title: Format::new().set_bold().set_font_size(14),
            note: Format::new().set_font_color(Color::RGB(0x0059_6673)),
            header: cell
                .clone()
                .set_bold()
                .set_background_color(Color::RGB(0x00DC_ECE9))
                .set_align(FormatAlign::Center)
                .set_text_wrap(),
            text: cell.clone(),
            wrapped: cell.clone().set_text_wrap(),
            number: cell.clone().set_align(FormatAlign::Right),
            total: cell
                .clone()
                .set_bold()
                .set_background_color(Color::RGB(0x00F0_F3F5)),
            holds: state(0x001B_6B4A, 0x00E6_F4EC),
            fails: state(0x00A4_1E22, 0x00FB_E7E6),
            unknown: state(0x0024_4F8F, 0x00E6_EEF9),
            judgement: state(0x006B_3FA0, 0x00F0_E9F8),
            free: state(0x001B_6B4A, 0x00FF_FFFF),
        }
    }

    fn verdict(&self, verdict: Verdict) -> &Format {
        match verdict {
            Verdict::Holds => &self.holds,
            Verdict::Fails => &self.fails,
            Verdict::Unknown => &self.unknown,
            Verdict::Judgement => &self.judgement,
        }
    }
}

struct Book<'a> {
    e: &'a Evaluation<'a>,
    lang: Lang,
    workbook: Workbook,
    formats: Formats,
}

/// A sheet being filled: where the next row goes.
struct Sheet<'a> {
    worksheet: &'a mut Worksheet,
    formats: &'a Formats,
    row: u32,
    widths: Vec<f64>,
    /// Lines of the row's highest cell.
    lines: usize,
}

impl Sheet<'_> {
    fn text(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        self.worksheet
            .write_with_format(self.row, column, text, &self.formats.text)
            .map(|_| ())
    }

    fn wrapped(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        let width = self.widths.get(usize::from(column)).copied();
        self.lines = self.lines.max(lines(text, width.unwrap_or(8.43)));
        self.worksheet
            .write_with_format(self.row, column, text, &self.formats.wrapped)
            .map(|_| ())
    }

    fn number(&mut self, column: u16, number: Option<i64>) -> Result<(), XlsxError> {
        self.number_as(column, number, None)
    }

    /// A number; a dash where it is not known.
    fn number_as(
        &mut self,
        column: u16,
        number: Option<i64>,
        format: Option<&Format>,
    ) -> Result<(), XlsxError> {
        let format = format.unwrap_or(&self.formats.number);
        match number {
            Some(number) => self
                .worksheet
                .write_with_format(self.row, column, number, format),
            None => self
                .worksheet
                .write_with_format(self.row, column, "–", format),
        }
        .map(|_| ())
    }

    fn verdict(&mut self, column: u16, verdict: Verdict, lang: Lang) -> Result<(), XlsxError> {
        let word = t(lang, &format!("verdict-{}", verdict.key()), &[]);
        let text = format!("{} {word}", sign(verdict));
        self.worksheet
            .write_with_format(self.row, column, text, self.formats.verdict(verdict))
            .map(|_| ())
    }

    /// A verdict about a person.
    fn standing(&mut self, column: u16, verdict: Verdict, lang: Lang) -> Result<(), XlsxError> {
        let text = format!(
            "{} {}",
            standing_sign(verdict),
            words::standing(verdict, lang)
        );
        let format = match verdict {
            Verdict::Fails => &self.formats.text,
            other => self.formats.verdict(other),
        };
        self.worksheet
            .write_with_format(self.row, column, text, format)
            .map(|_| ())
    }

    /// Ends the row. Not every program finds the height of wrapped text by itself.
    fn next(&mut self) -> Result<(), XlsxError> {
        if self.lines > 1 {
            self.worksheet
                .set_row_height(self.row, height(self.lines))?;
        }
        self.row += 1;
        self.lines = 1;
        Ok(())
    }

    fn columns(&self) -> u16 {
        u16::try_from(self.widths.len()).unwrap_or(u16::MAX)
    }

    /// Filters over what was written.
    fn finish(&mut self) -> Result<(), XlsxError> {
        let last = self.row.saturating_sub(1).max(HEADER_ROW);
        self.worksheet
            .autofilter(HEADER_ROW, 0, last, self.columns().saturating_sub(1))
            .map(|_| ())
    }
}

impl Book<'_> {
    fn say(&self, key: &str) -> String {
        t(self.lang, &format!("workbook-{key}"), &[])
    }

    /// A sheet with title, date and header; `columns` are keys and widths.
    fn sheet(&mut self, key: &str, columns: &[(String, f64)]) -> Result<Sheet<'_>, XlsxError> {
        let title = self.say(key);
        let policies = self.e.plan.policies.iter().map(|p| p.id.clone());
        let args = [
            ("month", self.e.as_of.to_string().into()),
            ("policies", words::list(policies, self.lang).into()),
        ];
        let mut note = t(self.lang, "workbook-under", &args);
        if let Some(caveat) = self.e.caveat() {
            note = format!("▲ {} {note}", words::caveat(caveat, self.lang));
        }
        let worksheet = self.workbook.add_worksheet();
        worksheet.set_name(&title)?;
        worksheet.write_with_format(0, 0, &title, &self.formats.title)?;
        worksheet.write_with_format(1, 0, note, &self.formats.note)?;
        for (at, (name, width)) in (0u16..).zip(columns) {
            worksheet.write_with_format(HEADER_ROW, at, name, &self.formats.header)?;
            worksheet.set_column_width(at, *width)?;
        }
        worksheet.set_freeze_panes(HEADER_ROW + 1, 2)?;
        worksheet.set_landscape();
        worksheet.set_paper_size(9);
        worksheet.set_print_fit_to_pages(1, 0);
        worksheet.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
        worksheet.set_footer("&L&F · &A&R&P / &N");
        Ok(Sheet {
            worksheet,
            formats: &self.formats,
            row: HEADER_ROW + 1,
            widths: columns.iter().map(|(_, width)| *width).collect(),
            lines: 1,
        })
    }

    fn columns(&self, columns: &[(&str, f64)]) -> Vec<(String, f64)> {
        columns
            .iter()
            .map(|(key, width)| (self.say(key), *width))
            .collect()
    }

    // ---- 职数台帐 -----------------------------------------------------------------

    fn ledger(&mut self) -> Result<(), XlsxError> {
        let columns = self.columns(&[
            ("code", 12.0),
            ("name", 26.0),
            ("kind", 16.0),
            ("level", 8.0),
            ("ceiling", 8.0),
            ("approved", 8.0),
            ("limit", 8.0),
            ("counted", 10.0),
            ("off-quota", 10.0),
            ("beyond-ratio", 10.0),
            ("directed", 8.0),
            ("special", 8.0),
            ("reserved", 8.0),
            ("vacant", 8.0),
            ("over", 8.0),
            ("state", 16.0),
        ]);
        let (e, lang) = (self.e, self.lang);
        let total = self.say("total");
        let mut sheet = self.sheet("ledger", &columns)?;
        for (institution, result) in e
            .register
            .institutions
            .iter()
            .zip(&e.assessment.institutions)
        {
            for level in Level::ALL.iter().copied().map(Some).chain([None]) {
                sheet.text(0, &institution.code)?;
                sheet.text(1, &institution.name)?;
                let kind = institution.kind.map(|kind| words::word(&kind, lang));
                sheet.text(2, &kind.unwrap_or_default())?;
                ledger_row(&mut sheet, &result.posts, level, lang)?;
                sheet.next()?;
            }
        }
        totals(&mut sheet, &total, &[7, 8, 9, 10, 11, 12, 13, 14])?;
        sheet.finish()
    }

    // ---- 结论 ---------------------------------------------------------------------

    fn findings(&mut self) -> Result<(), XlsxError> {
        let columns = self.columns(&[
            ("code", 12.0),
            ("subject", 26.0),
            ("rule", 26.0),
            ("verdict", 12.0),
            ("force", 9.0),
            ("counted-number", 9.0),
            ("base", 9.0),
            ("needed", 9.0),
            ("threshold", 10.0),
            ("sentence", 60.0),
            ("clause", 18.0),
            ("quotation", 60.0),
            ("reading", 60.0),
        ]);
        let (e, lang) = (self.e, self.lang);
        let counties = e.data.counties.iter().zip(&e.assessment.counties);
        let consortia = e.data.consortia.iter().zip(&e.assessment.consortia);
        let institutions = e
            .register
            .institutions
            .iter()
            .zip(&e.assessment.institutions);
        let all: Vec<(String, String, &Finding)> = counties
            .flat_map(|(code, found)| found.iter().map(|f| (code.to_string(), String::new(), f)))
            .chain(
                consortia.flat_map(|(name, found)| {
                    found.iter().map(|f| (String::new(), name.clone(), f))
                }),
            )
            .chain(institutions.flat_map(|(i, result)| {
                result
                    .findings
                    .iter()
                    .map(|f| (i.code.clone(), i.name.clone(), f))
            }))
            .collect();
        let mut sheet = self.sheet("findings", &columns)?;
        for (code, name, finding) in all {
            finding_row(&mut sheet, e, (&code, &name), finding, lang)?;
        }
        sheet.finish()
    }

    // ---- 人员 ---------------------------------------------------------------------

    fn people(&mut self) -> Result<(), XlsxError> {
        let mut columns = self.columns(&[
            ("row", 16.0),
            ("person", 10.0),
            ("code", 12.0),
            ("appointed", 10.0),
            ("ledger-of", 10.0),
            ("retirement", 10.0),
            ("months-left", 10.0),
            ("primary-months", 12.0),
            ("township-months", 12.0),
        ]);
        let (e, lang) = (self.e, self.lang);
        for standing in &e.plan.standings {
            if let Some((_, rule)) = e.plan.rule(standing.rule) {
                columns.push((words::title(rule, lang), 18.0));
                columns.push((self.say("from"), 9.0));
                columns.push((self.say("until"), 9.0));
            }
        }
        let mut sheet = self.sheet("people", &columns)?;
        for (row, person) in e.register.people.iter().enumerate() {
            let results = &e.assessment.people;
            let institution = e.register.institutions.get(person.institution);
            sheet.text(0, &words::place(e.register, person.origin))?;
            sheet.text(1, &person.name)?;
            sheet.text(2, institution.map_or("", |i| i.code.as_str()))?;
            sheet.text(3, &words::post_rank(person.appointed, lang))?;
            let ledger = results.ledger(row).map(|ledger| words::word(&ledger, lang));
            sheet.text(4, &ledger.unwrap_or_default())?;
            let retirement = results.retirement(row);
            sheet.text(5, &retirement.map_or(String::new(), |m| m.to_string()))?;
            sheet.number(6, retirement.map(|m| i64::from(m.since(e.as_of))))?;
            sheet.number(7, results.service(row, 0))?;
            sheet.number(8, results.service(row, 1))?;
            for at in 0..e.plan.standings.len() {
                let column = 9 + 3 * u16::try_from(at).unwrap_or(u16::MAX / 4);
                let Some(verdict) = results.verdict(row, at) else {
                    for column in column..column + 3 {
                        sheet.text(column, "")?;
                    }
                    continue;
                };
                sheet.standing(column, verdict, lang)?;
                let window = explain::window(e.plan, e.data, row, at);
                let month = |month: Option<crate::domain::month::Month>| {
                    month.map_or(String::new(), |m| m.to_string())
                };
                sheet.text(column + 1, &month(window.and_then(|w| w.from)))?;
                sheet.text(column + 2, &month(window.and_then(|w| w.until)))?;
            }
            sheet.next()?;
        }
        sheet.finish()
    }

    // ---- 空缺预测、退休名单 ---------------------------------------------------------

    fn forecast(&mut self) -> Result<(), XlsxError> {
        let mut columns = self.columns(&[
            ("code", 12.0),
            ("name", 26.0),
            ("level", 12.0),
            ("now", 8.0),
        ]);
        let (e, lang) = (self.e, self.lang);
        for ahead in 1..=FORECAST_MONTHS {
            let month = e.as_of.plus(i32::try_from(ahead).unwrap_or(0));
            columns.push((month.to_string(), 8.0));
        }
        let posts: Vec<Posts> = e.assessment.institutions.iter().map(|i| i.posts).collect();
        let forecasts = forecast::forecast(
            e.plan,
            e.data,
            &e.assessment.people,
            &posts,
            FORECAST_MONTHS,
        );
        let total = self.say("total");
        let note = self.say("forecast-note");
        let mut sheet = self.sheet("forecast", &columns)?;
        sheet
            .worksheet
            .write_with_format(1, 4, note, &sheet.formats.note)?;
        for ((institution, posts), forecast) in
            e.register.institutions.iter().zip(&posts).zip(&forecasts)
        {
            for (at, level) in Level::ALL.iter().enumerate() {
                sheet.text(0, &institution.code)?;
                sheet.text(1, &institution.name)?;
                sheet.text(2, &words::word(level, lang))?;
                let now = posts.level(*level).vacant();
                sheet.number(3, now)?;
                let mut before = now;
                for (column, (_, levels)) in (4u16..).zip(&forecast.months) {
                    let vacant = levels.get(at).and_then(|outlook| outlook.vacant);
                    let opens = vacant > before;
                    let free = sheet.formats.free.clone();
                    sheet.number_as(column, vacant, opens.then_some(&free))?;
                    before = vacant;
                }
                sheet.next()?;
            }
        }
        let months: Vec<u16> = (3..sheet.columns()).collect();
        totals(&mut sheet, &total, &months)?;
        sheet.finish()
    }

    fn retirements(&mut self) -> Result<(), XlsxError> {
        let columns = self.columns(&[
            ("retirement", 12.0),
            ("person", 10.0),
            ("code", 12.0),
            ("name", 26.0),
            ("appointed", 10.0),
            ("ledger-of", 10.0),
            ("row", 16.0),
        ]);
        let (e, lang) = (self.e, self.lang);
        let last = e.as_of.plus(i32::try_from(FORECAST_MONTHS).unwrap_or(0));
        let mut leaving: Vec<(crate::domain::month::Month, usize)> = (0..e.register.people.len())
            .filter(|row| e.assessment.people.ledger(*row).is_some())
            .filter_map(|row| Some((e.assessment.people.retirement(row)?, row)))
            .filter(|(month, _)| *month <= last)
            .collect();
        leaving.sort_unstable();
        let mut sheet = self.sheet("retirements", &columns)?;
        for (month, row) in leaving {
            let Some(person) = e.register.people.get(row) else {
                continue;
            };
            let institution = e.register.institutions.get(person.institution);
            sheet.text(0, &month.to_string())?;
            sheet.text(1, &person.name)?;
            sheet.text(2, institution.map_or("", |i| i.code.as_str()))?;
            sheet.text(3, institution.map_or("", |i| i.name.as_str()))?;
            sheet.text(4, &words::post_rank(person.appointed, lang))?;
            let ledger = e.assessment.people.ledger(row);
            let ledger = ledger.map(|ledger| words::word(&ledger, lang));
            sheet.text(5, &ledger.unwrap_or_default())?;
            sheet.text(6, &words::place(e.register, person.origin))?;
            sheet.next()?;
        }
        sheet.finish()
    }

    // ---- 汇总、乡村医生、退回、说明 ----------------------------------------------------

    fn sums(&mut self) -> Result<(), XlsxError> {
        let columns = self.columns(&[
            ("group", 24.0),
            ("institutions", 8.0),
            ("senior-held", 10.0),
            ("intermediate-held", 10.0),
            ("posts-in-all", 12.0),
            ("headcount", 10.0),
            ("establishment", 10.0),
            ("professional-held", 14.0),
        ]);
        let e = self.e;
        let counties = (0..e.data.counties.len()).filter_map(|at| {
            Some((
                e.data.counties.get(at)?.to_string(),
                Rollup::of_county(e.plan, e.data, e.assessment, at),
            ))
        });
        let consortia = (0..e.data.consortia.len()).filter_map(|at| {
            Some((
                e.data.consortia.get(at)?.clone(),
                Rollup::of_consortium(e.plan, e.data, e.assessment, at),
            ))
        });
        let groups: Vec<(String, Rollup)> = counties.chain(consortia).collect();
        let mut sheet = self.sheet("sums", &columns)?;
        for (name, rollup) in groups {
            let counted = |part: Part| Some(part.counted);
            sheet.text(0, &name)?;
            sheet.number(1, i64::try_from(rollup.institutions).ok())?;
            sheet.number(2, counted(rollup.senior))?;
            sheet.number(3, counted(rollup.intermediate))?;
            sheet.number(4, rollup.senior.base)?;
            sheet.number(5, counted(rollup.use_of_establishment))?;
            sheet.number(6, rollup.use_of_establishment.base)?;
            sheet.number(7, counted(rollup.held_by_professionals))?;
            sheet.next()?;
        }
        sheet.finish()
    }

    fn rural_doctors(&mut self) -> Result<(), XlsxError> {
        let columns = self.columns(&[
            ("row", 16.0),
            ("person", 10.0),
            ("gives", 60.0),
            ("missing", 20.0),
        ]);
        let (e, lang) = (self.e, self.lang);
        let mut sheet = self.sheet("rural-doctors", &columns)?;
        for (doctor, results) in e
            .register
            .rural_doctors
            .iter()
            .zip(&e.assessment.rural_doctors)
        {
            let mut gives = Vec::new();
            let mut missing = Vec::new();
            for result in results {
                let Some((_, rule)) = e.plan.rule(result.rule) else {
                    continue;
                };
                let Body::StatusTable(table) = &rule.body else {
                    continue;
                };
                for row in result
                    .hits
                    .iter()
                    .filter_map(|at| table.rows.get(usize::from(*at)))
                {
                    let force = t(lang, &format!("force-{}", row.force.key()), &[]);
                    gives.extend(words::gives(row, lang).map(|name| format!("{force} {name}")));
                }
                missing.extend(
                    result
                        .missing
                        .iter()
                        .map(|fact| words::fact_name(e.plan, *fact, lang)),
                );
            }
            sheet.text(0, &words::place(e.register, doctor.origin))?;
            sheet.text(1, &doctor.name)?;
            sheet.wrapped(2, &words::list(gives, lang))?;
            sheet.text(3, &words::list(missing, lang))?;
            sheet.next()?;
        }
        sheet.finish()
    }

    fn refused(&mut self) -> Result<(), XlsxError> {
        let columns = self.columns(&[
            ("sort", 10.0),
            ("file", 24.0),
            ("sheet", 10.0),
            ("row-number", 8.0),
            ("column", 20.0),
            ("value", 22.0),
            ("sentence", 70.0),
        ]);
        let (e, lang) = (self.e, self.lang);
        let (refused, warned) = (self.say("refused-row"), self.say("warned-row"));
        let faults = e.faults.iter().map(|f| {
            (
                &refused,
                f.origin,
                f.column.clone(),
                words::value_on_screen(&f.column, &f.value),
                words::fault_on_screen(e.register, f, lang),
            )
        });
        let warnings = e.warnings.iter().map(|w| {
            (
                &warned,
                w.origin,
                w.column.clone(),
                words::value_on_screen(&w.column, &w.value),
                words::warning(w, lang),
            )
        });
        let rows: Vec<(&String, Origin, String, String, String)> = faults.chain(warnings).collect();
        let mut sheet = self.sheet("refused", &columns)?;
        for (sort, origin, column, value, sentence) in rows {
            let source = e.register.source(origin);
            sheet.text(0, sort)?;
            sheet.text(1, source.map_or("", |s| s.file.as_str()))?;
            sheet.text(2, source.map_or("", |s| s.sheet.as_str()))?;
            sheet.number(3, Some(i64::from(origin.row)))?;
            sheet.text(4, &column)?;
            sheet.text(5, &value)?;
            sheet.wrapped(6, &sentence)?;
            sheet.next()?;
        }
        sheet.finish()
    }

    fn about(&mut self) -> Result<(), XlsxError> {
        let (e, lang) = (self.e, self.lang);
        let mut lines = vec![
            self.say("about-legend"),
            String::new(),
            self.say("about-policies"),
        ];
        lines.extend(
            e.plan
                .policies
                .iter()
                .map(|p| format!("{}  SHA-256 {}", policy_line(p, lang), p.sha256)),
        );
        lines.push(String::new());
        lines.push(self.say("about-inputs"));
        lines.extend(
            e.inputs
                .iter()
                .map(|input| format!("{}  SHA-256 {}", input.file, input.sha256)),
        );
        lines.extend(
            e.refused
                .iter()
                .map(|refused| with_colon(&refused.file, &refused.message, lang)),
        );
        lines.push(String::new());
        lines.push(self.say("about-not-evaluated"));
        lines.extend(e.plan.not_evaluated.iter().filter_map(|(id, facts)| {
            let (policy, rule) = e.plan.rule(*id)?;
            let facts = words::list(
                facts
                    .iter()
                    .map(|fact| words::fact_name(e.plan, *fact, lang)),
                lang,
            );
            let title = with_colon(&words::title(rule, lang), &facts, lang);
            Some(format!("{}  {title}", policy.id))
        }));
        let title = self.say("about");
        let worksheet = self.workbook.add_worksheet();
        worksheet.set_name(&title)?;
        worksheet.write_with_format(0, 0, &title, &self.formats.title)?;
        worksheet.set_column_width(0, 120)?;
        let wrapped = Format::new().set_text_wrap();
        for (row, line) in (2u32..).zip(lines) {
            worksheet.write_with_format(row, 0, line, &wrapped)?;
        }
        Ok(())
    }
}

/// `what: said`
fn with_colon(what: &str, said: &str, lang: Lang) -> String {
    format!("{what}{}{said}", t(lang, "error-link", &[]))
}

fn ledger_row(
    sheet: &mut Sheet,
    posts: &Posts,
    level: Option<Level>,
    lang: Lang,
) -> Result<(), XlsxError> {
    let word = level.map_or("subject-directed".to_owned(), |level| {
        format!("subject-{}", level.key())
    });
    sheet.text(3, &t(lang, &word, &[]))?;
    let (vacant, over) = match level {
        Some(level) => {
            let own = posts.level(level);
            let numbers = [
                own.ceiling,
                own.approved,
                own.limit,
                Some(own.counted()),
                Some(own.off_quota),
                Some(own.beyond_ratio),
                None,
                Some(own.special),
                Some(own.reserved),
            ];
            for (column, number) in (4u16..).zip(numbers) {
                sheet.number(column, number)?;
            }
            (own.vacant(), own.over())
        }
        None => {
            let own = &posts.directed;
            let numbers = [
                own.ceiling,
                own.approved,
                own.limit,
                None,
                None,
                None,
                Some(own.counted),
                None,
                Some(own.reserved),
            ];
            for (column, number) in (4u16..).zip(numbers) {
                sheet.number(column, number)?;
            }
            (own.vacant(), own.over())
        }
    };
    sheet.number(13, vacant)?;
    let is_over = over.is_some_and(|over| over > 0);
    let fails = sheet.formats.fails.clone();
    sheet.number_as(14, over, is_over.then_some(&fails))?;
    let verdict = match over {
        None => Verdict::Unknown,
        Some(0) => Verdict::Holds,
        Some(_) => Verdict::Fails,
    };
    sheet.verdict(15, verdict, lang)
}

fn finding_row(
    sheet: &mut Sheet,
    e: &Evaluation,
    (code, name): (&str, &str),
    finding: &Finding,
    lang: Lang,
) -> Result<(), XlsxError> {
    let Some((policy, rule)) = e.plan.rule(finding.rule) else {
        return Ok(());
    };
    let subject = words::subject_title(e.plan, e.data, finding, lang).unwrap_or_default();
    sheet.text(0, code)?;
    sheet.text(1, [name, subject.as_str()].join(" ").trim())?;
    sheet.text(2, &words::title(rule, lang))?;
    sheet.verdict(3, finding.verdict, lang)?;
    sheet.text(4, &t(lang, &format!("force-{}", rule.force.key()), &[]))?;
    sheet.number(5, finding.counted)?;
    sheet.number(6, finding.base)?;
    sheet.number(7, finding.needed)?;
    sheet.text(8, &words::threshold(e.plan, finding).unwrap_or_default())?;
    sheet.wrapped(9, &words::finding(e.plan, e.data, finding, lang))?;
    let clauses: Vec<_> = policy.cites(rule).collect();
    sheet.text(10, &words::clause(policy, rule, lang))?;
    let quotes: Vec<&str> = clauses.iter().map(|clause| clause.text.as_str()).collect();
    sheet.text(11, &quotes.join(" "))?;
    sheet.text(12, &words::readings(e.plan, finding, lang).join(" "))?;
    sheet.next()?;
    Ok(())
}

/// Sums that follow the filter; the result is stored too, for readers that do not calculate.
fn totals(sheet: &mut Sheet, word: &str, columns: &[u16]) -> Result<(), XlsxError> {
    let (first, last, row) = (HEADER_ROW + 2, sheet.row, sheet.row);
    if last < first {
        return Ok(());
    }
    for column in 0..sheet.columns() {
        sheet
            .worksheet
            .write_blank(row, column, &sheet.formats.total)?;
    }
    sheet
        .worksheet
        .write_with_format(row, 0, word, &sheet.formats.total)?;
    for column in columns {
        let letters = rust_xlsxwriter::utility::column_number_to_name(*column);
        let formula = Formula::new(format!("=SUBTOTAL(109,{letters}{first}:{letters}{last})"));
        sheet
            .worksheet
            .write_formula_with_format(row, *column, formula, &sheet.formats.total)?;
    }
    Ok(())
}
