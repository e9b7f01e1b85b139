//! Files of applications, up and down.

use super::Tag;
use super::promotion::FileView;
use super::single::seen;
use crate::domain::attachment::Attachment;
use crate::domain::record::Id;
use crate::domain::record_id::ApplicationId;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::Text;
use crate::service::promotion::{Attach, attachment};
use poem::Body;
use poem::http::StatusCode;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::types::multipart::Upload;
use poem_openapi::{ApiResponse, Multipart, OpenApi};

pub struct Api;

/// A file: PDF, JPEG, PNG, xlsx or docx.
#[derive(Debug, Multipart)]
struct File {
    file: Upload,
}

#[derive(ApiResponse)]
enum Kept {
    /// The file is kept; the application has a new version.
    #[oai(status = 201)]
    Is(Json<FileView>, #[oai(header = "Location")] String),
}

#[derive(ApiResponse)]
enum Content {
    /// The file as it was sent. It is never shown by a browser as a page of this site.
    #[oai(status = 200, content_type = "application/octet-stream")]
    Is(
        Binary<Body>,
        #[oai(header = "Content-Disposition")] String,
        #[oai(header = "X-Content-Type-Options")] String,
    ),
}

/// Every byte that is not a letter or digit as `%XX` (RFC 8187).
fn escaped(name: &str) -> String {
    let escape = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'-' | b'_' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    name.bytes().map(escape).collect()
}

#[OpenApi(tag = "Tag::Promotion")]
impl Api {
    /// Adds a file to an application
    ///
    /// What it really is decides, not what its name says.
    #[oai(
        path = "/applications/:id/attachments",
        method = "post",
        operation_id = "attach_file"
    )]
    async fn attach(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        file: File,
    ) -> Result<Kept, Failure> {
        let seen = seen(&caller, if_match.0.as_deref())?;
        // paths of the sender's machine are nobody's business
        let name = file.file.file_name().unwrap_or_default();
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned();
        let bad = |_| Failure::new(StatusCode::BAD_REQUEST, "bad_request", caller.lang);
        let bytes = file.file.into_vec().await.map_err(bad)?;
        let attach = Attach {
            office: &caller.office,
            actor: &caller.actor,
            id: id.0.0,
            seen,
            name: &name,
            bytes: &bytes,
            now: caller.now,
        };
        let kept = caller.done(attach.run().await)?;
        let place = format!("/api/v1/attachments/{}", kept.id);
        Ok(Kept::Is(Json(FileView::from(&kept)), place))
    }

    /// A file of an application
    #[oai(path = "/attachments/:id", method = "get", operation_id = "attachment")]
    async fn content(
        &self,
        caller: Caller,
        id: Path<Text<Id<Attachment>>>,
    ) -> Result<Content, Failure> {
        let found = attachment(&caller.office, &caller.actor, id.0.0, caller.now).await;
        let (file, bytes) = caller.done(found)?;
        let disposition = format!("attachment; filename*=UTF-8''{}", escaped(&file.name));
        let sniff = "nosniff".to_owned();
        Ok(Content::Is(Binary(Body::from(bytes)), disposition, sniff))
    }
}
