//! The parts of an xlsx read tag by tag from a stream.
//!
//! Sheets are most of the work of an import, and nearly all of it is telling
//! tags apart; a general XML reader takes several times as long. This one knows
//! tags, text, comments and nothing else, keeps one piece of the stream in
//! memory, and refuses what it does not understand.

use super::refusal::Refusal;
use memchr::{memchr, memmem};
use std::borrow::Cow;
use std::io::Read;

/// Bytes read at once.
const PIECE: usize = 64 << 10;
/// Bytes of one tag or one text. The package has been weighed: longer ones are
/// not met in sheets that were let in.
const LONGEST: usize = 4 << 20;

/// A tag, or the text between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `<x:c r="A1">`: the name without prefix, and the attributes as written.
    /// `empty`: closed at once.
    Open {
        name: &'a [u8],
        attributes: &'a [u8],
        empty: bool,
    },
    Close {
        name: &'a [u8],
    },
    /// As written, or as meant when it stood in CDATA.
    Text {
        bytes: &'a [u8],
        escaped: bool,
    },
}

/// Gives the tokens of a stream one by one.
pub(super) struct Scanner<R> {
    source: R,
    buffer: Vec<u8>,
    /// What has not been handed out yet: `buffer[at..filled]`.
    at: usize,
    filled: usize,
    ended: bool,
}

/// What the bytes ahead are.
enum Ahead {
    /// A token of that many bytes.
    Whole(usize),
    /// Not all of it is in the buffer.
    Cut,
    End,
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            buffer: vec![0; PIECE],
            at: 0,
            filled: 0,
            ended: false,
        }
    }

    /// The next token; `None` at the end of the stream.
    pub(super) fn next(&mut self) -> Result<Option<Token<'_>>, Refusal> {
        loop {
            let length = match self.ahead() {
                Ahead::Whole(length) => length,
                Ahead::Cut => {
                    self.fill()?;
                    continue;
                }
                Ahead::End => return Ok(None),
            };
            let start = self.at;
            self.at += length;
            // a check first and the token after it: the borrow of a token ends the loop
            if is_silent(self.buffer.get(start..self.at).unwrap_or_default()) {
                continue;
            }
            return token(self.buffer.get(start..self.at).unwrap_or_default()).map(Some);
        }
    }

    fn ahead(&self) -> Ahead {
        let bytes = self.buffer.get(self.at..self.filled).unwrap_or_default();
        let length = match bytes.first() {
            None if self.ended => return Ahead::End,
            None => return Ahead::Cut,
            Some(b'<') => tag_length(bytes),
            Some(_) => memchr(b'<', bytes).or(self.ended.then_some(bytes.len())),
        };
        length.map_or(Ahead::Cut, Ahead::Whole)
    }

    /// Reads on; what is left over moves to the front.
    fn fill(&mut self) -> Result<(), Refusal> {
        if self.ended {
            return Err(Refusal::Damaged);
        }
        self.buffer.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        if self.filled == self.buffer.len() {
            if self.filled > LONGEST {
                return Err(Refusal::TooLarge);
            }
            self.buffer.resize(2 * self.filled, 0);
        }
        let free = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let read = self.source.read(free).map_err(|_| Refusal::Damaged)?;
        self.ended = read == 0;
        self.filled += read;
        Ok(())
    }
}

/// The length of the tag, comment or CDATA that the bytes begin with; `None`
/// when it does not end in them.
fn tag_length(bytes: &[u8]) -> Option<usize> {
    let until = |mark: &[u8]| Some(memmem::find(bytes, mark)? + mark.len());
    match bytes.get(1)? {
        b'?' => until(b"?>"),
        b'!' if bytes.len() < 9 => None,
        b'!' if bytes.starts_with(b"<!--") => until(b"-->"),
        b'!' if bytes.starts_with(b"<![CDATA[") => until(b"]]>"),
        _ => {
            let end = memchr(b'>', bytes)?;
            let count = |quote| bytes.iter().take(end).filter(|b| **b == quote).count();
            let plain = count(b'"') % 2 == 0 && count(b'\'') == 0;
            if plain {
                Some(end + 1)
            } else {
                quoted_length(bytes)
            }
        }
    }
}

/// The length of a tag in whose attributes `>` may stand.
fn quoted_length(bytes: &[u8]) -> Option<usize> {
    let mut quote = None;
    let end = bytes.iter().position(|byte| match quote {
        None if *byte == b'>' => true,
        None => {
            quote = Some(*byte).filter(|byte| matches!(byte, b'"' | b'\''));
            false
        }
        Some(open) => {
            quote = quote.filter(|_| *byte != open);
            false
        }
    });
    end.map(|end| end + 1)
}

/// Comments and instructions.
fn is_silent(bytes: &[u8]) -> bool {
    bytes.starts_with(b"<?") || bytes.starts_with(b"<!--")
}

fn token(bytes: &[u8]) -> Result<Token<'_>, Refusal> {
    let Some(inner) = bytes.strip_prefix(b"<") else {
        return Ok(Token::Text {
            bytes,
            escaped: true,
        });
    };
    if let Some(text) = inner.strip_prefix(b"![CDATA[") {
        return Ok(Token::Text {
            bytes: text.strip_suffix(b"]]>").unwrap_or(text),
            escaped: false,
        });
    }
    let inner = inner.strip_suffix(b">").unwrap_or(inner);
    match inner.first() {
        // a document type may define entities; no workbook has one
        None | Some(b'!') => Err(Refusal::Damaged),
        Some(b'/') => Ok(Token::Close {
            name: local(inner.get(1..).unwrap_or_default().trim_ascii_end()),
        }),
        Some(_) => {
            let empty = inner.ends_with(b"/");
            let inner = inner.strip_suffix(b"/").unwrap_or(inner);
            let end = inner.iter().position(u8::is_ascii_whitespace);
            let (name, attributes) = inner.split_at(end.unwrap_or(inner.len()));
            Ok(Token::Open {
                name: local(name),
                attributes,
                empty,
            })
        }
    }
}

/// The name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    match name.iter().position(|byte| *byte == b':') {
        Some(at) => name.get(at + 1..).unwrap_or_default(),
        None => name,
    }
}

/// The names and values of a tag's attributes, as written.
pub(super) fn attributes(mut rest: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        let equals = memchr(b'=', rest)?;
        let name = rest.get(..equals)?.trim_ascii_end();
        let value = rest.get(equals + 1..)?.trim_ascii_start();
        let quote = value.first().filter(|q| matches!(q, b'"' | b'\''))?;
        let value = value.get(1..)?;
        let end = memchr(*quote, value)?;
        rest = value.get(end + 1..)?;
        Some((name, value.get(..end)?))
    })
}

/// Adds text to `out` as it is meant: entities and Excel's own `_x000D_` resolved.
pub(super) fn push_text(bytes: &[u8], escaped: bool, out: &mut String) -> Result<(), Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::Damaged)?;
    let text = if escaped && memchr(b'&', bytes).is_some() {
        quick_xml::escape::unescape(text).map_err(|_| Refusal::Damaged)?
    } else {
        Cow::Borrowed(text)
    };
    if text.contains("_x") {
        push_unescaped(&text, out);
    } else {
        out.push_str(&text);
    }
    Ok(())
}

/// `_xHHHH_` stands for a character that XML cannot hold (ECMA-376, 22.9.2.19).
fn push_unescaped(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let code = escape.get(2..6).filter(|_| escape.get(6..7) == Some("_"));
        let code = code.filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = code.and_then(|code| u32::from_str_radix(code, 16).ok());
        let (kept, length) = match code.and_then(char::from_u32) {
            Some(c) => (c, 7),
            None => ('_', 1),
        };
        out.push(kept);
        rest = escape.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives the stream in pieces of one size.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let length = self.1.min(self.0.len()).min(buffer.len());
            let (piece, rest) = self.0.split_at(length);
            buffer[..length].copy_from_slice(piece);
            self.0 = rest;
            Ok(length)
        }
    }

    fn tokens(xml: &str, piece: usize) -> Result<Vec<String>, Refusal> {
        let mut scanner = Scanner::new(Pieces(xml.as_bytes(), piece));
        let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut all = Vec::new();
        while let Some(token) = scanner.next()? {
            all.push(match token {
                Token::Open {
                    name,
                    attributes: list,
                    empty,
                } => {
                    let list: String = attributes(list)
                        .map(|(name, value)| format!(" {}={}", show(name), show(value)))
                        .collect();
                    format!("{}{list}{}", show(name), if empty { "/" } else { "" })
                }
                Token::Close { name } => format!("/{}", show(name)),
                Token::Text { bytes, escaped } => {
                    let mut text = String::new();
                    push_text(bytes, escaped, &mut text)?;
                    format!("'{text}'")
                }
            });
        }
        Ok(all)
    }

    #[test]
    fn tags_text_and_what_is_neither() {
        let xml = "<?xml version='1.0'?><!-- <c> --><x:row r=\"1\" a='>\"' ><c r = 'B1'/>\
            <t xml:space=\"preserve\">a &lt;&#20013;&amp;_x000D_b_x_</t ><![CDATA[<&>]]></x:row>";
        let expected = [
            "row r=1 a=>\"",
            "c r=B1/",
            "t xml:space=preserve",
            "'a <中&\rb_x_'",
            "/t",
            "'<&>'",
            "/row",
        ];
        for piece in 1..xml.len() {
            assert_eq!(tokens(xml, piece).unwrap(), expected, "{piece}");
        }
    }

    #[test]
    fn what_is_cut_off_or_strange_is_damage() {
        for xml in [
            "<c",
            "<c r='",
            "<!-- ",
            "<!DOCTYPE x [<!ENTITY a 'b'>]>",
            "<>",
            "&nbsp;<a/>",
        ] {
            assert_eq!(tokens(xml, 3), Err(Refusal::Damaged), "{xml}");
        }
        assert_eq!(tokens("", 1).unwrap(), [""; 0]);
        let endless = format!("<c r='{}", "x".repeat(3 * LONGEST));
        assert_eq!(tokens(&endless, PIECE), Err(Refusal::TooLarge));
    }
}
