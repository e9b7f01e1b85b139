//! A county in the records of an office, and changes to it made on the spot.

use super::build::{area, month};
use super::office::{NOW, actor, after};
use super::records::{author, day, work};
use dinggang::domain::adoption::{Adoption, Draft, OffQuota};
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Actor, Authority, Capacity, Tier};
use dinggang::domain::time::Date;
use dinggang::sample::{self, Size};
use dinggang::service::{Office, adoption};
use dinggang::store::change;
use dinggang::store::register::{Scope, record};
use std::sync::atomic::{AtomicI64, Ordering};

/// The county of the samples.
pub const COUNTY: &str = "150199";
/// The policy that its townships know.
pub const DRAFT: &str = "inner-mongolia/primary-care-draft";

/// A reviewer of a county with an account of its own.
pub fn reviewer(number: u8, authority: Authority, code: &str) -> Actor {
    let (area, tier) = (area(code), Tier::County);
    actor(
        number,
        Capacity::Reviewer {
            authority,
            tier,
            area,
        },
    )
}

/// A number that is larger each time: seconds and seeds of changes.
pub fn next() -> i64 {
    static SECOND: AtomicI64 = AtomicI64::new(1);
    SECOND.fetch_add(1, Ordering::Relaxed)
}

/// Records a register that is complete for a scope.
pub async fn recorded(office: &Office, register: &Register, scope: Scope, on: Date) {
    let (register, vault) = (register.clone(), office.vault.clone());
    let number = next();
    work!(office.store, |tx,
                         number: i64,
                         register: Register,
                         scope: Scope,
                         on: Date,
                         vault: std::sync::Arc<
        dinggang::service::Vault,
    >|
     -> () {
        let seed = number.unsigned_abs();
        let begun = change::begin(tx, &author(), Some("test"), after(*number), seed).await;
        record(
            tx,
            &mut begun?,
            register,
            scope,
            *on,
            vault.as_ref(),
            &|_| {},
        )
        .await?;
        Ok(())
    })
    .expect("recorded");
}

/// A sample county of that size as it stands in 2026-11.
pub fn sample_of(townships: usize, staff: usize) -> Register {
    sample::county(Size { townships, staff }, month("2026-11"), 7)
}

/// A small sample county, recorded as complete for a day.
pub async fn small_county(office: &Office, on: &str) -> Register {
    let register = sample_of(2, 30);
    recorded(office, &register, Scope::Area(area(COUNTY)), day(on)).await;
    register
}

/// Adopting a policy with the raised ratio and directed evaluation elected.
pub fn draft(code: &str, policy: &str, on: &str) -> Draft {
    Draft {
        area: area(code),
        adoption: Adoption {
            policy: policy.to_owned(),
            document: Some("旗政办发〔2026〕1号".to_owned()),
            raised_ratio: true,
            directed_evaluation: true,
            off_quota: OffQuota::Automatic,
            approval_route: None,
        },
        ends: false,
        handling: Vec::new(),
        on: day(on),
    }
}

/// One office proposes it and another adopts it.
pub async fn adopted(office: &Office, draft: &Draft) {
    let area = draft.area.to_string();
    let health = reviewer(31, Authority::Health, &area);
    let posts = reviewer(32, Authority::HumanResources, &area);
    let now = NOW.plus_seconds(next());
    let id = adoption::propose(office, &health, draft, Some("试点"), now).await;
    adoption::adopt(office, &posts, id.expect("proposed"), None, now)
        .await
        .expect("adopted");
}
