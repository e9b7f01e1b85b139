//! What a reminder follows from is named as people name it.

use super::world::{World, day, morning};
use crate::support::database::on_both;
use crate::support::office::administrator;
use dinggang::domain::rights::{Actor, Capacity, Extent};
use dinggang::i18n::Lang;
use dinggang::service::reminder::{self, Coming};

/// Of each kind that names a reason, the first.
async fn reasons(office: &dinggang::service::Office, lang: Lang) -> Vec<(Coming, String)> {
    let everywhere = Extent::Everywhere;
    let auditor = Actor {
        capacity: Capacity::Auditor { extent: everywhere },
        ..administrator()
    };
    let now = morning(day("2026-11-23"));
    let coming = reminder::coming(office, &auditor, 1200, 100_000, lang, now);
    let (coming, _) = coming.await.expect("shown");
    let with_reason = coming.into_iter().filter_map(|one| {
        let line = one.words.lines.get(1)?.clone();
        Some((one, line))
    });
    with_reason.collect()
}

on_both! {
    async fn by_title_and_clause(database: Database) {
        let world = World::new(&database.store, 0).await;
        let zh = reasons(&world.office, Lang::ZhCn).await;
        let en = reasons(&world.office, Lang::En).await;
        assert_eq!(zh.len(), en.len());
        let of = |all: &[(Coming, String)], kind: &str| {
            let found = all.iter().find(|(one, _)| one.event.kind.key() == kind);
            found.map(|(_, line)| line.clone()).unwrap_or_else(|| panic!("{kind}"))
        };
        for (_, line) in zh.iter().chain(&en) {
            assert!(!line.contains('#') && !line.contains("national/"), "{line}");
        }
        assert_eq!(of(&zh, "retirement"), RETIREMENT_ZH);
        assert_eq!(of(&en, "retirement"), RETIREMENT_EN);
        // a draft is said to be one, and what was read in a way of our own too
        let service = of(&zh, "service_reached");
        assert!(service.contains("（征求意见稿）》") && service.contains("（草案"), "{service}");
        let service = of(&en, "service_reached");
        assert!(service.contains("(draft for comment)”, ") && service.contains(" (draft"), "{service}");
        let text = zh.iter().find(|(one, _)| one.event.kind.key() == "service_reached");
        let text = text.expect("one").0.words.lines[0].clone();
        assert!(text.contains("年限”") && !text.contains("“”"), "{text}");
        let text = en.iter().find(|(one, _)| one.event.kind.key() == "service_reached");
        let text = text.expect("one").0.words.lines[0].clone();
        assert!(text.contains("service in t"), "{text}");
    }
}

const RETIREMENT_ZH: &str = "依据：《国务院关于渐进式延迟法定退休年龄的办法》第一条、第三条\
    （按本系统对条文的理解、未核对原文）";
const RETIREMENT_EN: &str = "Because of: “Measures of the State Council on progressively raising \
    the statutory retirement age”, 第一条, 第三条 (as this system reads the text, text not \
    verified)";
