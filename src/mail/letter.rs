//! A letter: an opening, items with a link each, and a closing. As text and as HTML from the
//! same words; nothing in it but what it was given.

use crate::i18n::{Lang, t};
use lettre::message::header::{
    ContentType, Header, HeaderName, HeaderValue, MessageId as IdHeader,
};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};

/// One thing a letter tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub title: String,
    /// Sentences, each on a line of its own.
    pub lines: Vec<String>,
    /// The page that shows more; whoever opens it signs in.
    pub link: String,
}

/// What is sent to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The same each time it is sent, so that mail programs show a repeated one once.
    pub message_id: String,
    pub to: String,
    pub lang: Lang,
    pub subject: String,
    pub opening: String,
    pub items: Vec<Item>,
    pub closing: Vec<String>,
    /// The page where all of it can be switched off; `None` = it cannot.
    pub unsubscribe: Option<String>,
}

/// Why a letter cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// It is no mailbox.
    #[error("no mail address: {0}")]
    Address(#[from] lettre::address::AddressError),
    #[error("no message: {0}")]
    Message(#[from] lettre::error::Error),
}

#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// Answered by no machine.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Letter {
    /// As a mail from somebody.
    pub fn message(&self, from: &Mailbox) -> Result<Message, LetterError> {
        let mut builder = Message::builder()
            .from(from.clone())
            .to(self.to.parse()?)
            .subject(self.subject.replace(char::is_control, " "))
            .header(IdHeader::from(format!("<{}>", self.message_id)))
            .header(AutoSubmitted);
        if let Some(page) = &self.unsubscribe {
            builder = builder.header(ListUnsubscribe(format!("<{page}>")));
        }
        let part = |kind, text| SinglePart::builder().header(kind).body(text);
        let both = MultiPart::alternative()
            .singlepart(part(ContentType::TEXT_PLAIN, self.text()))
            .singlepart(part(ContentType::TEXT_HTML, self.html()));
        Ok(builder.multipart(both)?)
    }

    /// The plain part.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.opening);
        for item in &self.items {
            text.push_str(&format!("\n■ {}\n", item.title));
            for line in &item.lines {
                text.push_str(&format!("  {line}\n"));
            }
            text.push_str(&format!("  {}\n", item.link));
        }
        text.push('\n');
        for line in &self.closing {
            text.push_str(&format!("{line}\n"));
        }
        if let Some(page) = &self.unsubscribe {
            text.push_str(&format!("{} {page}\n", self.change_words()));
        }
        text
    }

    /// The part with marks.
    pub fn html(&self) -> String {
        let mut body = format!("<p>{}</p>\n", escaped(&self.opening));
        for item in &self.items {
            body.push_str(&format!(
                "<h2 style=\"font-size:16px;margin:20px 0 4px\">{}</h2>\n",
                escaped(&item.title)
            ));
            let lines: Vec<String> = item.lines.iter().map(|line| escaped(line)).collect();
            body.push_str(&format!(
                "<p style=\"margin:0\">{}</p>\n",
                lines.join("<br>\n")
            ));
            let more = t(self.lang, "mail-more", &[]);
            body.push_str(&format!(
                "<p style=\"margin:4px 0\"><a href=\"{}\">{}</a></p>\n",
                escaped(&item.link),
                escaped(&more)
            ));
        }
        let mut closing: Vec<String> = self.closing.iter().map(|line| escaped(line)).collect();
        if let Some(page) = &self.unsubscribe {
            closing.push(format!(
                "<a href=\"{}\">{}</a>",
                escaped(page),
                escaped(&self.change_words())
            ));
        }
        format!(
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\n\
             <body style=\"font-family:sans-serif;color:#222;max-width:40em\">\n{body}\
             <p style=\"font-size:12px;color:#555;margin-top:24px\">{}</p>\n</body></html>\n",
            self.lang.tag(),
            escaped(&self.subject),
            closing.join("<br>\n")
        )
    }

    fn change_words(&self) -> String {
        t(self.lang, "mail-change", &[])
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            message_id: "0193@example.cn".to_owned(),
            to: "wang@example.cn".to_owned(),
            lang: Lang::ZhCn,
            subject: "定岗提醒：1 项\r\nBcc: somebody@example.cn".to_owned(),
            opening: "<b>您好</b>".to_owned(),
            items: vec![Item {
                title: "法定退休".to_owned(),
                lines: vec!["2027-04".to_owned()],
                link: "https://dinggang.example.cn/people/1".to_owned(),
            }],
            closing: vec!["定岗".to_owned()],
            unsubscribe: None,
        }
    }

    #[test]
    fn a_letter_is_a_mail_of_two_parts() {
        let from: Mailbox = "定岗 <dinggang@example.cn>".parse().unwrap();
        let mut letter = letter();
        let bytes = letter.message(&from).unwrap().formatted();
        let mail = String::from_utf8(bytes).unwrap();
        assert!(mail.contains("Message-ID: <0193@example.cn>\r\n"), "{mail}");
        // a subject with a line break in it begins no header of its own
        let head = mail.split("\r\n\r\n").next().unwrap();
        assert!(!head.contains("\r\nBcc:"), "{mail}");
        assert!(mail.contains("multipart/alternative"));
        assert!(!mail.contains("List-Unsubscribe"));
        letter.unsubscribe = Some("https://dinggang.example.cn/me".to_owned());
        let mail = letter.message(&from).unwrap().formatted();
        let mail = String::from_utf8(mail).unwrap();
        assert!(mail.contains("List-Unsubscribe: <https://dinggang.example.cn/me>\r\n"));
        letter.to = "nobody".to_owned();
        assert!(letter.message(&from).is_err());
    }

    #[test]
    fn html_shows_what_was_written() {
        let html = letter().html();
        assert!(html.contains("&lt;b&gt;您好&lt;/b&gt;"), "{html}");
        assert!(!html.contains("<script") && !html.contains("src="));
    }
}
