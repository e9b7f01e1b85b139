//! Robots of group chats. Address and key are sealed: whoever has them can write there.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, values, words};
use crate::domain::ids::AreaCode;
use crate::domain::label::labelled;
use crate::domain::record::Id;
use crate::domain::record_id::InstitutionId;
use crate::domain::secret::Sealed;
use crate::domain::time::Timestamp;

labelled! {
    /// Whose way of posting a robot speaks.
    pub enum Style { DingTalk = "钉钉" / "dingtalk", WeCom = "企业微信" / "wecom" }
}

words!(Style);

statements! { "webhook":
    ADD = "insert into webhook (id, name, style, url, secret, institution, area, created_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    ALL = "select id, name, style, url, secret, institution, area, created_at from webhook \
        where removed_at is null order by id";
    FIND = "select id, name, style, url, secret, institution, area, created_at from webhook \
        where id = $1 and removed_at is null";
    REMOVE = "update webhook set removed_at = $2 where id = $1 and removed_at is null";
    RENEW = "update webhook set url = $2, secret = $3 where id = $1";
}

/// One robot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: Id<Webhook>,
    pub name: String,
    pub style: Style,
    pub url: Sealed,
    pub secret: Option<Sealed>,
    /// Where what it tells lies; neither: everywhere.
    pub institution: Option<InstitutionId>,
    pub area: Option<AreaCode>,
    pub created_at: Timestamp,
}

/// Adds a robot.
pub async fn add(tx: &mut Tx, webhook: &Webhook) -> Result<(), StoreError> {
    let values = values![
        webhook.id,
        webhook.name,
        webhook.style,
        webhook.url,
        webhook.secret,
        webhook.institution,
        webhook.area,
        webhook.created_at
    ];
    tx.must(&ADD, values, 1).await
}

/// Every robot that was not removed.
pub async fn all(reader: &mut Reader) -> Result<Vec<Webhook>, StoreError> {
    reader.all(&ALL, values![], read).await
}

/// One robot, unless it was removed.
pub async fn find(reader: &mut Reader, id: Id<Webhook>) -> Result<Option<Webhook>, StoreError> {
    reader.one(&FIND, values![id], read).await
}

/// Removes a robot: whether it was there.
pub async fn remove(tx: &mut Tx, id: Id<Webhook>, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(&REMOVE, values![id, now]).await? == 1)
}

/// Keeps address and key sealed anew.
pub async fn renew(
    tx: &mut Tx,
    id: Id<Webhook>,
    url: &Sealed,
    secret: Option<&Sealed>,
) -> Result<(), StoreError> {
    tx.must(&RENEW, values![id, url, secret], 1).await
}

fn read(row: &mut Fields<'_>) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        id: row.take()?,
        name: row.take()?,
        style: row.take()?,
        url: row.take()?,
        secret: row.take()?,
        institution: row.take()?,
        area: row.take()?,
        created_at: row.take()?,
    })
}
