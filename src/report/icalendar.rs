//! A calendar as RFC 5545 has it: all-day events, folded lines, escaped texts. Small enough
//! to be written here; an independent parser reads it in a test.

use crate::domain::time::{Date, Timestamp};

/// One all-day event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The same for the same event, so that calendar programs replace it.
    pub uid: String,
    pub day: Date,
    pub title: String,
    pub text: String,
    pub link: String,
    /// Days before at which a calendar program rings.
    pub alarms: Vec<u32>,
}

/// Writes a calendar. `made` is when it was made.
pub fn calendar(name: &str, entries: &[Entry], made: Timestamp) -> String {
    let mut out = String::new();
    let stamp = stamp(made);
    for text in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Dinggang//Reminders//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ] {
        line(&mut out, text);
    }
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(name)));
    line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION:PT12H");
    for entry in entries {
        line(&mut out, "BEGIN:VEVENT");
        line(&mut out, &format!("UID:{}", escaped(&entry.uid)));
        line(&mut out, &format!("DTSTAMP:{stamp}"));
        line(
            &mut out,
            &format!("DTSTART;VALUE=DATE:{}", plain(entry.day)),
        );
        if let Some(next) = entry.day.plus(1) {
            line(&mut out, &format!("DTEND;VALUE=DATE:{}", plain(next)));
        }
        line(&mut out, &format!("SUMMARY:{}", escaped(&entry.title)));
        line(&mut out, &format!("DESCRIPTION:{}", escaped(&entry.text)));
        // a link is a value of another type: it is not escaped
        line(
            &mut out,
            &format!("URL:{}", entry.link.replace(char::is_control, "")),
        );
        line(&mut out, "TRANSP:TRANSPARENT");
        for days in &entry.alarms {
            line(&mut out, "BEGIN:VALARM");
            line(&mut out, "ACTION:DISPLAY");
            line(&mut out, &format!("DESCRIPTION:{}", escaped(&entry.title)));
            line(&mut out, &format!("TRIGGER:-P{days}D"));
            line(&mut out, "END:VALARM");
        }
        line(&mut out, "END:VEVENT");
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn plain(day: Date) -> String {
    day.to_string().replace('-', "")
}

/// `20261122T010000Z`
fn stamp(at: Timestamp) -> String {
    let seconds = i64::try_from(at.unix_seconds()).unwrap_or(0);
    let day = Date::from_days(seconds.div_euclid(86_400)).unwrap_or(Date::LAST);
    let of_day = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{}T{hour:02}{minute:02}{second:02}Z", plain(day))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            '\n' => escaped.push_str("\\n"),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// A line of at most 75 bytes, folded between letters, with its end.
fn line(out: &mut String, text: &str) {
    let mut bytes = 0;
    for letter in text.chars() {
        if bytes + letter.len_utf8() > 75 {
            out.push_str("\r\n ");
            bytes = 1;
        }
        bytes += letter.len_utf8();
        out.push(letter);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_letters() {
        let entry = Entry {
            uid: "a@b".to_owned(),
            day: "2027-04-30".parse().unwrap(),
            title: "退".repeat(60),
            text: "a;b,c\\d\r\ne".to_owned(),
            link: "https://example.cn/a?b=1,2".to_owned(),
            alarms: vec![7],
        };
        let made = Timestamp::from_micros(1_795_309_200_000_000);
        let text = calendar("张三", &[entry], made);
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        let whole = text.replace("\r\n ", "");
        assert!(whole.contains(&format!("SUMMARY:{}\r\n", "退".repeat(60))));
        assert!(whole.contains("DESCRIPTION:a\\;b\\,c\\\\d\\ne\r\n"));
        assert!(whole.contains("DTSTART;VALUE=DATE:20270430\r\nDTEND;VALUE=DATE:20270501\r\n"));
        assert!(whole.contains("DTSTAMP:20261122T010000Z\r\n"), "{whole}");
    }
}
