//! The log of the server: one line an event on standard error, for people or for programs.
//!
//! Nothing personal gets into it. Types that hold secrets show none of them
//! (`domain::secret`, `service::secret`, identity numbers, phones); errors name tables and
//! rows, never values; and as a last resort whatever looks like an identity number, a mobile
//! number or a token is masked in every line before it is written.

use crate::config::{Config, LogFilter, LogFormat};
use std::io::{self, Write};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Begins to log as the configuration says. Once in the life of the program; a second call
/// changes nothing.
pub fn start(config: &Config) {
    use std::io::IsTerminal;
    let colour = config.log_format == LogFormat::Text
        && io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none();
    let subscriber = subscriber(&config.log, config.log_format, colour, io::stderr);
    // somebody else's subscriber stays
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// What writes the events that pass a filter, each line masked.
pub fn subscriber<W, O>(
    filter: &LogFilter,
    format: LogFormat,
    colour: bool,
    out: W,
) -> Box<dyn tracing::Subscriber + Send + Sync>
where
    W: Fn() -> O + Send + Sync + 'static,
    O: Write + 'static,
{
    let lines = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter.as_str()))
        .with_ansi(colour)
        .with_writer(Lines(out));
    match format {
        LogFormat::Text => Box::new(lines.finish()),
        LogFormat::Json => Box::new(lines.json().flatten_event(true).finish()),
    }
}

/// Makes a writer for each line.
struct Lines<W>(W);

impl<'a, W: Fn() -> O, O: Write> MakeWriter<'a> for Lines<W> {
    type Writer = Line<O>;

    fn make_writer(&'a self) -> Line<O> {
        Line {
            text: Vec::new(),
            out: (self.0)(),
        }
    }
}

/// One line, masked when it is whole.
struct Line<O: Write> {
    text: Vec<u8>,
    out: O,
}

impl<O: Write> Write for Line<O> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<O: Write> Drop for Line<O> {
    fn drop(&mut self) {
        let text = String::from_utf8_lossy(&self.text);
        // a log that cannot be written is no reason to stop
        let _ = self.out.write_all(masked(&text).as_bytes());
        let _ = self.out.flush();
    }
}

/// The text without what looks like an identity number, a mobile number or a token.
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if end == 0 {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (word, behind) = rest.split_at(end);
        out.push_str(&masked_word(word));
        rest = behind;
    }
    out
}

fn masked_word(word: &str) -> String {
    if is_token(word) {
        let kind: String = word.chars().take(4).collect();
        return format!("{kind}***");
    }
    // numbers may stand between underscores and hyphens
    let parts = word.split_inclusive(['_', '-']);
    let part = |part: &str| {
        let number = part.trim_end_matches(['_', '-']);
        let end = part.get(number.len()..).unwrap_or_default();
        match is_identity_number(number) || is_mobile(number) {
            true => format!("***{end}"),
            false => part.to_owned(),
        }
    };
    parts.map(part).collect()
}

/// `dgs_…` and the like: four letters and 43 of base64url.
fn is_token(word: &str) -> bool {
    word.len() >= 40 && word.starts_with("dg") && word.get(3..4) == Some("_")
}

fn is_identity_number(word: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    match word.len() {
        15 => digits(word),
        18 => {
            let (number, check) = word.split_at(17);
            digits(number) && (digits(check) || check.eq_ignore_ascii_case("x"))
        }
        _ => false,
    }
}

fn is_mobile(word: &str) -> bool {
    let national = word.strip_prefix("86").unwrap_or(word);
    let plain = |text: &str| {
        text.len() == 11
            && text.bytes().all(|b| b.is_ascii_digit())
            && matches!(text.as_bytes(), [b'1', b'3'..=b'9', ..])
    };
    plain(word) || plain(national)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_personal_is_masked() {
        let token = format!("dgs_{}", "Ab-_9".repeat(8) + "xyz");
        for (line, told) in [
            ("id=11010519491231002X name", "id=*** name"),
            ("id_11010519491231002x-", "id_***-"),
            ("tel +8613800001111, 13800001111.", "tel +***, ***."),
            ("old 110105491231002", "old ***"),
            (token.as_str(), "dgs_***"),
            ("rows=12345678901234567890", "rows=12345678901234567890"),
            (
                "019ab5c2-7f00-7000-8000-000000000000",
                "019ab5c2-7f00-7000-8000-000000000000",
            ),
            (
                "2026-11-22T01:02:03.000004Z 王丽",
                "2026-11-22T01:02:03.000004Z 王丽",
            ),
        ] {
            assert_eq!(masked(line), told);
        }
    }
}
