//! Pictures of numbers, as SVG. Each stands beside a table with the same numbers, so that
//! nobody needs to see it; marks that open something are links.

use askama::filters::{Escaper, Html};

fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // writing into a text does not fail
    let _ = Html.write_escaped_str(&mut out, text);
    out
}

/// A part of a bar.
pub struct Part {
    pub class: &'static str,
    pub size: i64,
    pub name: String,
    /// The list behind it; empty = there is none.
    pub href: String,
}

impl Part {
    pub fn new(class: &'static str, size: i64, name: impl Into<String>) -> Self {
        Self {
            class,
            size,
            name: name.into(),
            href: String::new(),
        }
    }

    #[must_use]
    pub fn leads(mut self, href: String) -> Self {
        self.href = href;
        self
    }
}

/// A bar of parts.
pub struct Bar {
    pub title: String,
    pub parts: Vec<Part>,
    /// A mark across the bar; `None` = there is none.
    pub limit: Option<i64>,
}

impl Bar {
    fn total(&self) -> i64 {
        self.parts.iter().map(|part| part.size).sum()
    }
}

/// What a mark says, as a link where it leads somewhere.
fn linked(part: &Part, of: &str, mark: &str) -> String {
    let words = format!("{}, {}: {}", text(of), text(&part.name), part.size);
    let mark = format!("{mark}<title>{words}</title></rect>");
    if part.href.is_empty() {
        return mark;
    }
    let href = text(&part.href);
    format!("<a href=\"{href}\" aria-label=\"{words}\">{mark}</a>")
}

/// A picture is read as one thing, unless its marks lead somewhere.
fn role(bars: &[Bar]) -> &'static str {
    let leads = bars.iter().flat_map(|bar| &bar.parts);
    if leads.into_iter().any(|part| !part.href.is_empty()) {
        "group"
    } else {
        "img"
    }
}

const WIDE: i64 = 640;
const ROW: i64 = 28;

/// Room for the names of bars: a Chinese character is as wide as the letters are high.
fn label(bars: &[Bar]) -> i64 {
    let wide = |c: char| if c.is_ascii() { 7 } else { 12 };
    let names = bars.iter().map(|bar| bar.title.chars().map(wide).sum());
    let longest: i64 = names.max().unwrap_or(0);
    (longest + 16).clamp(110, WIDE / 2)
}

/// Bars below each other, drawn to one scale.
pub fn bars(bars: &[Bar], title: &str, limit: &str) -> String {
    let most = bars
        .iter()
        .map(|bar| bar.total().max(bar.limit.unwrap_or(0)))
        .max()
        .unwrap_or(0)
        .max(1);
    let label = label(bars);
    let room = WIDE - label - 48;
    let high = ROW * i64::try_from(bars.len()).unwrap_or(0) + 8;
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDE} {high}\" role=\"{}\" aria-label=\"{}\">",
        role(bars),
        text(title)
    );
    for (at, bar) in (0_i64..).zip(bars) {
        let y = at * ROW + 6;
        svg.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" class=\"end\">{}</text>",
            label - 8,
            y + 14,
            text(&bar.title)
        ));
        let mut x = label;
        for part in &bar.parts {
            let Part { class, size, .. } = part;
            if *size <= 0 {
                continue;
            }
            let wide = (size * room / most).max(2);
            let mark = format!(
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"18\">"
            );
            svg.push_str(&linked(part, &bar.title, &mark));
            if wide >= 18 {
                svg.push_str(&format!(
                    "<text x=\"{}\" y=\"{}\" class=\"mid in-{class}\">{size}</text>",
                    x + wide / 2,
                    y + 13
                ));
            }
            x += wide;
        }
        if let Some(number) = bar.limit {
            let x = label + number * room / most;
            svg.push_str(&format!(
                "<line class=\"limit\" x1=\"{x}\" x2=\"{x}\" y1=\"{}\" y2=\"{}\"><title>{}: {number}</title></line>",
                y - 3,
                y + 21,
                text(limit)
            ));
        }
    }
    svg.push_str("</svg>");
    svg
}

/// Lines that rise by steps, one a series.
pub fn steps(rows: &[(String, Vec<usize>)], series: &[String], title: &str) -> String {
    const HIGH: usize = 180;
    let most = rows.iter().flat_map(|(_, counts)| counts).max();
    let most = most.copied().unwrap_or(0).max(1);
    let wide = 560 / rows.len().max(1);
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 640 {}\" role=\"img\" aria-label=\"{}\">",
        HIGH + 30,
        text(title)
    );
    let group = wide.saturating_sub(16);
    let one = (group / series.len().max(1)).max(4);
    for (at, (name, counts)) in rows.iter().enumerate() {
        let x = 40 + at * wide;
        for (n, (count, of)) in counts.iter().zip(series).enumerate() {
            let high = count * (HIGH - 24) / most;
            let (left, top) = (x + n * one, HIGH - high);
            svg.push_str(&format!(
                "<rect class=\"s{n}\" x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{high}\"><title>{}, {}: {count}</title></rect>",
                one.saturating_sub(2),
                text(name),
                text(of)
            ));
            if *count > 0 {
                svg.push_str(&format!(
                    "<text class=\"mid\" x=\"{}\" y=\"{}\">{count}</text>",
                    left + one / 2,
                    top.saturating_sub(4)
                ));
            }
        }
        svg.push_str(&format!(
            "<text class=\"mid\" x=\"{}\" y=\"{}\">{}</text>",
            x + group / 2,
            HIGH + 18,
            text(name)
        ));
    }
    svg.push_str(&format!(
        "<line class=\"axis\" x1=\"36\" x2=\"620\" y1=\"{HIGH}\" y2=\"{HIGH}\"/></svg>"
    ));
    svg
}

/// Columns of stacked parts, one a quarter; a year is written where it begins.
pub fn stacked(columns: &[Bar], title: &str) -> String {
    const HIGH: i64 = 180;
    let most = columns.iter().map(Bar::total).max().unwrap_or(0).max(1);
    let count = i64::try_from(columns.len()).unwrap_or(1).max(1);
    let wide = 580 / count;
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 640 {}\" role=\"{}\" aria-label=\"{}\">",
        HIGH + 30,
        role(columns),
        text(title)
    );
    for (at, column) in (0_i64..).zip(columns) {
        let x = 40 + at * wide;
        let mut top = HIGH;
        for part in column.parts.iter().filter(|part| part.size > 0) {
            let high = (part.size * (HIGH - 24) / most).max(2);
            top -= high;
            let mark = format!(
                "<rect class=\"{}\" x=\"{x}\" y=\"{top}\" width=\"{}\" height=\"{high}\">",
                part.class,
                wide - 6
            );
            svg.push_str(&linked(part, &column.title, &mark));
        }
        let (middle, total) = (x + (wide - 6) / 2, column.total());
        if total > 0 {
            svg.push_str(&format!(
                "<text class=\"mid\" x=\"{middle}\" y=\"{}\">{total}</text>",
                top - 4
            ));
        }
        if let Some(year) = column.title.strip_suffix("Q1") {
            svg.push_str(&format!(
                "<line class=\"tick\" x1=\"{0}\" x2=\"{0}\" y1=\"{HIGH}\" y2=\"{1}\"/><text class=\"start\" x=\"{2}\" y=\"{1}\">{3}</text>",
                x - 3,
                HIGH + 18,
                x,
                text(year)
            ));
        }
    }
    svg.push_str(&format!(
        "<line class=\"axis\" x1=\"36\" x2=\"620\" y1=\"{HIGH}\" y2=\"{HIGH}\"/></svg>"
    ));
    svg
}

/// A small bar of what is held against what may be, for a table or a grid; `over`: how many
/// of those above the limit break it.
pub fn gauge(held: i64, limit: Option<i64>, over: i64, title: &str) -> String {
    let most = held.max(limit.unwrap_or(0)).max(1);
    let wide = |n: i64| n * 100 / most;
    let mut svg = format!(
        "<svg class=\"gauge\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">",
        text(title)
    );
    if let Some(limit) = limit {
        svg.push_str(&format!(
            "<rect class=\"free\" x=\"0\" y=\"0\" width=\"{}\" height=\"10\"/>",
            wide(limit)
        ));
    }
    let within = limit.map_or(held, |limit| held.min(limit));
    svg.push_str(&format!(
        "<rect class=\"held\" x=\"0\" y=\"0\" width=\"{}\" height=\"10\"/>",
        wide(within)
    ));
    // those above the ratio stand beyond the limit and break nothing
    for (class, from, to) in [("beyond", within, held - over), ("over", held - over, held)] {
        if to > from.max(within) {
            let (from, to) = (wide(from.max(within)), wide(to));
            svg.push_str(&format!(
                "<rect class=\"{class}\" x=\"{from}\" y=\"0\" width=\"{}\" height=\"10\"/>",
                to - from
            ));
        }
    }
    svg.push_str("</svg>");
    svg
}

/// A stretch of a timeline.
pub struct Stretch {
    /// Month numbers, the end not included.
    pub from: i32,
    pub to: i32,
    pub class: &'static str,
    pub title: String,
}

/// A row of a timeline.
pub struct Track {
    pub title: String,
    pub stretches: Vec<Stretch>,
}

/// A line across a timeline.
pub struct Stroke {
    pub month: i32,
    pub class: &'static str,
    pub title: String,
}

/// Tracks over months, with a scale of years.
pub fn timeline(tracks: &[Track], strokes: &[Stroke], from: i32, to: i32, title: &str) -> String {
    const WIDE: i32 = 960;
    const LEFT: i32 = 270;
    const HIGH: i32 = 26;
    let span = (to - from).max(1);
    let x = |month: i32| LEFT + (month.clamp(from, to) - from) * (WIDE - LEFT - 10) / span;
    let rows = i32::try_from(tracks.len()).unwrap_or(0);
    let bottom = 26 + rows * HIGH;
    let mut svg = format!(
        "<svg class=\"chart timeline\" viewBox=\"0 0 {WIDE} {}\" role=\"img\" aria-label=\"{}\">",
        bottom + 40,
        text(title)
    );
    let every = if span > 360 { 120 } else { 60 };
    let mut tick = (from / every + 1) * every;
    while tick < to {
        svg.push_str(&format!(
            "<line class=\"tick\" x1=\"{0}\" x2=\"{0}\" y1=\"20\" y2=\"{bottom}\"/><text class=\"mid\" x=\"{0}\" y=\"14\">{1}</text>",
            x(tick),
            tick / 12
        ));
        tick += every;
    }
    for (at, track) in (0..).zip(tracks) {
        let y = 26 + at * HIGH;
        svg.push_str(&format!(
            "<text class=\"end\" x=\"{}\" y=\"{}\">{}</text>",
            LEFT - 8,
            y + 14,
            text(&track.title)
        ));
        for one in &track.stretches {
            let (left, right) = (x(one.from), x(one.to));
            svg.push_str(&format!(
                "<rect class=\"{}\" x=\"{left}\" y=\"{y}\" width=\"{}\" height=\"18\"><title>{}</title></rect>",
                one.class,
                (right - left).max(2),
                text(&one.title)
            ));
        }
    }
    for (at, stroke) in (0..).zip(strokes) {
        let x = x(stroke.month);
        let anchor = if x > WIDE - 160 { "end" } else { "start" };
        svg.push_str(&format!(
            "<line class=\"stroke {}\" x1=\"{x}\" x2=\"{x}\" y1=\"20\" y2=\"{}\"/><text class=\"{anchor}\" x=\"{}\" y=\"{}\">{}</text>",
            stroke.class,
            bottom + 4 + 14 * (at % 2),
            if anchor == "end" { x - 3 } else { x + 3 },
            bottom + 14 + 14 * (at % 2),
            text(&stroke.title)
        ));
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_write_marks() {
        let bar = Bar {
            title: "<script>".to_owned(),
            parts: vec![Part::new("held", 3, "\"'&").leads("/x?a=\"<".to_owned())],
            limit: None,
        };
        let svg = bars(&[bar], "<>", "");
        assert!(!svg.contains("<script>") && !svg.contains("\"<>\""));
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert!(bars(&[], "x", "y").ends_with("</svg>"));
        assert!(steps(&[], &[], "x").ends_with("</svg>"));
        assert!(timeline(&[], &[], 0, 0, "x").ends_with("</svg>"));
        assert!(gauge(0, None, 0, "x").ends_with("</svg>"));
    }
}
