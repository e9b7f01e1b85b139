//! Leases: which instance may do a piece of work that only one may do at a time.

use super::backend::Tx;
use super::error::StoreError;
use super::sql::statements;
use super::value::values;
use crate::domain::time::Timestamp;

statements! { "lease":
    TAKE = "insert into lease (name, holder, until, term) values ($1, $2, $3, 1) \
        on conflict (name) do update set holder = excluded.holder, until = excluded.until, \
        term = lease.term + case when lease.holder = excluded.holder then 0 else 1 end \
        where lease.holder = excluded.holder or lease.until <= $4";
    GIVE_BACK = "update lease set until = $3 where name = $1 and holder = $2 and until > $3";
}

/// Takes or renews a lease until an instant: whether `holder` has it now.
pub async fn take(
    tx: &mut Tx,
    name: &str,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let taken = tx.execute(&TAKE, values![name, holder, until, now]).await?;
    Ok(taken == 1)
}

/// Gives a lease back before it runs out.
pub async fn give_back(
    tx: &mut Tx,
    name: &str,
    holder: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(&GIVE_BACK, values![name, holder, now]).await?;
    Ok(())
}
