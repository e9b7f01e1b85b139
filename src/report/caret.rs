//! A mistake in a file, drawn: file, line, column, and a caret under the text.

use crate::domain::source_text::Place;
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity, SourceSpan,
};
use std::fmt;

/// Draws a mistake.
pub fn mistake(place: &Place, message: String, help: Option<String>, colour: bool) -> String {
    draw(&Drawn::new(place, message, help), colour)
}

/// Draws another place that belongs to a mistake.
pub fn advice(place: &Place, message: String, colour: bool) -> String {
    let drawn = Drawn {
        severity: Severity::Advice,
        ..Drawn::new(place, message, None)
    };
    draw(&drawn, colour)
}

fn draw(drawn: &Drawn, colour: bool) -> String {
    let theme = if colour {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    // the place stands in the name of the source: miette would count bytes, and an editor
    // counts characters
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(100)
        .without_primary_span_start();
    let mut out = String::new();
    // writing to a string does not fail
    let _ = handler.render_report(&mut out, drawn);
    out
}

/// A mistake in the form that miette draws.
#[derive(Debug)]
struct Drawn {
    message: String,
    help: Option<String>,
    source: NamedSource<String>,
    span: SourceSpan,
    severity: Severity,
}

impl Drawn {
    fn new(place: &Place, message: String, help: Option<String>) -> Self {
        let (line, column) = place.line_column();
        let name = format!("{}:{line}:{column}", place.file.name);
        Self {
            message,
            help,
            source: NamedSource::new(name, place.file.text.clone()),
            span: place.span.clone().into(),
            severity: Severity::Error,
        }
    }
}

impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawn {}

impl miette::Diagnostic for Drawn {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::underline(self.span))))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }
}
