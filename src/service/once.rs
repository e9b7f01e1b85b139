//! Requests that are carried out once, however often they come: whoever repeats one with
//! its key gets the answer that was given before.

use super::{Office, ServiceError};
use crate::domain::record_id::AccountId;
use crate::domain::secret::{Sealed, SecretField};
use crate::domain::time::Timestamp;
use crate::service::secret::Cell;
use crate::store::{Once, Tx, Write, idempotency};

pub use crate::store::idempotency::Seen;

/// One request: whose it is, its key, and a hash of everything it asks for.
#[derive(Clone, Debug)]
pub struct Request {
    pub account: AccountId,
    pub key: String,
    pub hash: [u8; 32],
}

impl Request {
    /// What is known of it.
    pub async fn seen(&self, office: &Office) -> Result<Seen, ServiceError> {
        let mut reader = office.store.read().await?;
        let account = self.account.to_string();
        let seen = idempotency::find(&mut reader, &account, &self.key, &self.hash).await?;
        Ok(match seen {
            Seen::Answered { status, body } => match self.opened(office, body) {
                Some(body) => Seen::Answered { status, body },
                None => Seen::Running,
            },
            seen => seen,
        })
    }

    /// Answers hold what is shown once only, such as the secret of a token, so they are kept
    /// sealed.
    fn opened(&self, office: &Office, body: Vec<u8>) -> Option<Vec<u8>> {
        let sealed = Sealed::from_stored(String::from_utf8(body).ok()?);
        let text = office.vault.ring().open(self.cell(), &sealed).ok()?;
        Some(text.as_bytes().to_vec())
    }

    const fn cell(&self) -> Cell<'_> {
        Cell {
            field: SecretField::Answer,
            owner: &self.hash,
        }
    }

    /// The office whose first write keeps the key of the request.
    pub fn office(&self, office: &Office, now: Timestamp) -> Office {
        let once = Once::new(self.account.to_string(), self.key.clone(), self.hash, now);
        Office {
            store: office.store.once(once),
            ..office.clone()
        }
    }

    /// Keeps the answer, if the request wrote something: text that may be shown again.
    pub async fn answered(
        &self,
        office: &Office,
        status: u16,
        body: &str,
    ) -> Result<(), ServiceError> {
        if !office.store.has_kept() {
            return Ok(());
        }
        let sealed = office.vault.seal_for(self.cell(), body);
        let answer = Answer {
            request: self,
            status,
            body: sealed.as_str().as_bytes(),
        };
        office.store.write(answer).await
    }
}

struct Answer<'a> {
    request: &'a Request,
    status: u16,
    body: &'a [u8],
}

impl Write for Answer<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let account = self.request.account.to_string();
        let status = u32::from(self.status);
        Ok(idempotency::answer(tx, &account, &self.request.key, status, self.body).await?)
    }
}
