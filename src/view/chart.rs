//! Pictures of numbers, as SVG. Each stands beside a table with the same numbers, so that
//! nobody needs to see it; marks that open something are links.

use askama::filters::{Escaper, Html};

fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // writing into a text does not fail
    let _ = Html.write_escaped_str(&mut out, text);
    out
}

/// A bar of parts.
pub struct Bar {
    pub title: String,
    /// Class, size and name of each part.
    pub parts: Vec<(&'static str, i64, String)>,
    /// A mark across the bar; `None` = there is none.
    pub limit: Option<i64>,
}

const WIDE: i64 = 640;
const LABEL: i64 = 110;
const ROW: i64 = 28;

/// Bars below each other, drawn to one scale.
pub fn bars(bars: &[Bar], title: &str, limit: &str) -> String {
    let total = |bar: &Bar| bar.parts.iter().map(|(_, size, _)| *size).sum::<i64>();
    let most = bars
        .iter()
        .map(|bar| total(bar).max(bar.limit.unwrap_or(0)))
        .max()
        .unwrap_or(0)
        .max(1);
    let room = WIDE - LABEL - 48;
    let high = ROW * i64::try_from(bars.len()).unwrap_or(0) + 8;
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDE} {high}\" role=\"img\" aria-label=\"{}\">",
        text(title)
    );
    for (at, bar) in (0_i64..).zip(bars) {
        let y = at * ROW + 6;
        svg.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" class=\"end\">{}</text>",
            LABEL - 8,
            y + 14,
            text(&bar.title)
        ));
        let mut x = LABEL;
        for (class, size, name) in &bar.parts {
            if *size <= 0 {
                continue;
            }
            let wide = (size * room / most).max(2);
            svg.push_str(&format!(
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"18\"><title>{}: {size}</title></rect>",
                text(name)
            ));
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
            let x = LABEL + number * room / most;
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

/// Columns of stacked parts, one a name; a name is written where it stands for a year.
pub fn stacked(rows: &[(String, Vec<usize>)], series: &[String], title: &str) -> String {
    const HIGH: usize = 180;
    let total = |counts: &Vec<usize>| counts.iter().sum::<usize>();
    let most = rows.iter().map(|(_, counts)| total(counts)).max();
    let most = most.unwrap_or(0).max(1);
    let wide = 580 / rows.len().max(1);
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 640 {}\" role=\"img\" aria-label=\"{}\">",
        HIGH + 30,
        text(title)
    );
    for (at, (name, counts)) in rows.iter().enumerate() {
        let x = 40 + at * wide;
        let mut top = HIGH;
        for (n, (count, of)) in counts.iter().zip(series).enumerate() {
            let high = count * (HIGH - 24) / most;
            if high == 0 {
                continue;
            }
            top -= high;
            svg.push_str(&format!(
                "<rect class=\"s{n}\" x=\"{x}\" y=\"{top}\" width=\"{}\" height=\"{high}\"><title>{}, {}: {count}</title></rect>",
                wide.saturating_sub(6),
                text(name),
                text(of)
            ));
        }
        let middle = x + wide.saturating_sub(6) / 2;
        if total(counts) > 0 {
            svg.push_str(&format!(
                "<text class=\"mid\" x=\"{middle}\" y=\"{}\">{}</text>",
                top.saturating_sub(4),
                total(counts)
            ));
        }
        if let Some(year) = name.strip_suffix("Q1") {
            svg.push_str(&format!(
                "<line class=\"tick\" x1=\"{0}\" x2=\"{0}\" y1=\"{HIGH}\" y2=\"{1}\"/><text class=\"start\" x=\"{2}\" y=\"{1}\">{3}</text>",
                x.saturating_sub(3),
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

/// A small bar of what is held against what may be, for a table or a grid.
pub fn gauge(held: i64, limit: Option<i64>, over: i64, title: &str) -> String {
    let most = held.max(limit.unwrap_or(0)).max(1);
    let wide = |n: i64| n * 100 / most;
    // those above the ratio stand beyond the limit and break nothing
    let beyond = if over > 0 { "over" } else { "beside" };
    let above = limit.is_some_and(|limit| held > limit);
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
    if above {
        let from = wide(within);
        svg.push_str(&format!(
            "<rect class=\"{beyond}\" x=\"{from}\" y=\"0\" width=\"{}\" height=\"10\"/>",
            100 - from
        ));
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
            parts: vec![("held", 3, "\"'&".to_owned())],
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
