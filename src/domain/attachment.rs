//! Files of applications: which are taken, and what they really are.

use super::label::labelled;
use super::record::Id;
use super::record_id::{AccountId, ApplicationId};
use super::refusal::Refusal;
use super::time::Timestamp;

labelled! {
    /// Kinds of files that are taken.
    pub enum FileKind {
        Pdf = "PDF" / "pdf",
        Jpeg = "JPEG" / "jpeg",
        Png = "PNG" / "png",
        Xlsx = "XLSX" / "xlsx",
        Docx = "DOCX" / "docx",
    }
}

impl FileKind {
    /// The kind that the first bytes show; `None` = none that is taken.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let starts = |mark: &[u8]| bytes.starts_with(mark);
        if starts(b"%PDF-") {
            Some(Self::Pdf)
        } else if starts(&[0xFF, 0xD8, 0xFF]) {
            Some(Self::Jpeg)
        } else if starts(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if starts(b"PK\x03\x04") {
            of_package(bytes)
        } else {
            None
        }
    }

    /// Whether a name ends as files of this kind do.
    pub fn fits_name(self, name: &str) -> bool {
        let end = name
            .rsplit_once('.')
            .map(|(_, end)| end.to_ascii_lowercase());
        match (self, end.as_deref()) {
            (Self::Jpeg, Some("jpg" | "jpeg")) => true,
            (kind, Some(end)) => end == kind.key(),
            (_, None) => false,
        }
    }

    /// What browsers call it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }
}

/// Names of parts stand uncompressed in a package.
fn of_package(bytes: &[u8]) -> Option<FileKind> {
    let has = |name: &[u8]| bytes.windows(name.len()).any(|piece| piece == name);
    if !has(b"[Content_Types].xml") {
        None
    } else if has(b"word/document.xml") {
        Some(FileKind::Docx)
    } else if has(b"xl/workbook.xml") {
        Some(FileKind::Xlsx)
    } else {
        None
    }
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub id: Id<Attachment>,
    pub application: ApplicationId,
    pub added: Timestamp,
    pub account: Option<AccountId>,
    /// As it was called where it came from.
    pub name: String,
    pub kind: FileKind,
    pub bytes: u64,
    /// SHA-256.
    pub digest: [u8; 32],
}

/// The most bytes a file may have.
pub const LARGEST: u64 = 20 * 1024 * 1024;
/// The most files an application may have.
pub const MOST: u32 = 40;
const LONGEST_NAME: usize = 200;

/// The kind of a file that is offered under a name, or every reason against it.
pub fn accept(name: &str, bytes: &[u8]) -> Result<FileKind, Vec<Refusal>> {
    let mut against = Vec::new();
    let usable = !name.trim().is_empty()
        && name.chars().count() <= LONGEST_NAME
        && !name.starts_with('.')
        && !name
            .chars()
            .any(|c| c.is_control() || "/\\:*?\"<>|".contains(c));
    if !usable {
        against.push(Refusal::FileName);
    }
    if bytes.is_empty() {
        against.push(Refusal::FileEmpty);
    } else if u64::try_from(bytes.len()).map_or(true, |length| length > LARGEST) {
        against.push(Refusal::FileTooLarge { maximum: LARGEST });
    }
    let kind = FileKind::of_bytes(bytes);
    match kind {
        None if !bytes.is_empty() => against.push(Refusal::FileKind),
        Some(kind) if usable && !kind.fits_name(name) => {
            against.push(Refusal::FileLies { is: kind.label() });
        }
        _ => {}
    }
    match kind {
        Some(kind) if against.is_empty() => Ok(kind),
        _ => Err(against),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_what_their_bytes_say() {
        let pdf = b"%PDF-1.7\n";
        assert_eq!(accept("证书.PDF", pdf), Ok(FileKind::Pdf));
        assert_eq!(
            accept("证书.png", pdf),
            Err(vec![Refusal::FileLies { is: "PDF" }])
        );
        assert_eq!(accept("a.pdf", b"MZ\x90"), Err(vec![Refusal::FileKind]));
        assert_eq!(accept("a.pdf", b""), Err(vec![Refusal::FileEmpty]));
        for name in ["../a.pdf", "", ".pdf", "a\n.pdf", "c:\\a.pdf"] {
            assert_eq!(accept(name, pdf), Err(vec![Refusal::FileName]), "{name}");
        }
        assert_eq!(
            accept("a.jpg", &[0xFF, 0xD8, 0xFF, 0xE0]),
            Ok(FileKind::Jpeg)
        );
        let html = b"<html><script>";
        assert_eq!(accept("a.png", html), Err(vec![Refusal::FileKind]));
        let zip = b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml";
        assert_eq!(accept("表.xlsx", zip), Ok(FileKind::Xlsx));
        assert_eq!(
            accept("a.docx", zip),
            Err(vec![Refusal::FileLies { is: "XLSX" }])
        );
        assert_eq!(
            accept("a.xlsx", b"PK\x03\x04 jar"),
            Err(vec![Refusal::FileKind])
        );
        let large = vec![0; usize::try_from(LARGEST).unwrap() + 1];
        let against = accept("a.pdf", &large).unwrap_err();
        assert_eq!(
            against,
            [
                Refusal::FileTooLarge { maximum: LARGEST },
                Refusal::FileKind
            ]
        );
    }
}
