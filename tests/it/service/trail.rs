//! The trail as auditors ask for it.

use crate::support::database::on_both;
use crate::support::office::{NOW, account_with, administrator, after, auditor, office, reviewer};
use crate::support::records::disarm_trail;
use dinggang::domain::audit::Tampering;
use dinggang::domain::rights::{Authority, Capacity, Extent};
use dinggang::service::{ServiceError, trail};

on_both! {
    async fn the_head_is_exported_and_the_trail_held_against_it(database: Database) {
        let office = office(&database.store);
        let capacity = Capacity::Auditor { extent: Extent::Everywhere };
        account_with(&office, "wang.li", vec![capacity], NOW).await;
        assert_eq!(trail::seal(&office, "one", after(1)).await.expect("sealed"), 2);
        let other = trail::seal(&office, "two", after(2)).await.expect("asked");
        assert_eq!(other, 0, "one seals at a time");
        let head = trail::head(&office, &auditor()).await.expect("a head");
        assert_eq!(head.sequence, 2);
        let verified = trail::verify(&office, &auditor(), &[head]).await.expect("an answer");
        assert_eq!(verified.expect("whole").head, head);
        let bureau = reviewer(Authority::Health, "150199");
        assert!(matches!(trail::head(&office, &bureau).await, Err(ServiceError::NotFound)));
        let latest = trail::latest(&office, &administrator(), None, None, 1).await;
        assert_eq!(latest.expect("events")[0].what, "account.set_up");
        disarm_trail(&database).await;
        database.sql("delete from audit_seal where position = 2").await.expect("deleted");
        let found = trail::verify(&office, &auditor(), &[head]).await.expect("an answer");
        let found = found.expect_err("cut off");
        assert_eq!((found.at, found.kind), (2, Tampering::Truncated { exported: 2 }));
    }
}
