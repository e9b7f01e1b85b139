//! Figures as they are frozen: the ledger of a part of the records as JSON. People are named
//! by identifier and masked number; what the figures rest on stands with its fingerprint.

use crate::domain::label::Labelled;
use crate::rules::figures::{
    Figure, FindingLine, GroupFigures, Holder, InstitutionFigures, Known, PartFigures, RestsOn,
};
use serde_json::{Value, json};

/// The whole of it. Members stand in one order, so that the same figures have the same text.
pub fn json(part: &PartFigures) -> Value {
    let institutions: Vec<Value> = part.institutions.iter().map(institution).collect();
    let counties: Vec<Value> = part.counties.iter().map(group).collect();
    let consortia: Vec<Value> = part.consortia.iter().map(group).collect();
    let totals = part.totals.as_ref().map(|totals| {
        let lines = totals.lines.iter().map(|line| {
            json!({
                "level": line.level.map_or("directed", |level| level.key()),
                "limit": line.limit,
                "counted": line.counted,
                "ordinary": line.ordinary,
                "beyond_ratio": line.beyond_ratio,
                "off_quota": line.off_quota,
                "special": line.special,
                "reserved": line.reserved,
                "vacant": line.vacant,
                "over": line.over,
            })
        });
        json!({
            "institutions": totals.institutions,
            "professional_posts": totals.professional_posts,
            "establishment": totals.establishment.total,
            "on_establishment": totals.establishment.on_establishment,
            "staff": totals.establishment.staff,
            "lines": lines.collect::<Vec<_>>(),
        })
    });
    json!({
        "schema": 1,
        "on": part.on.to_string(),
        "program": env!("CARGO_PKG_VERSION"),
        "totals": totals,
        "institutions": institutions,
        "counties": counties,
        "consortia": consortia,
    })
}

fn institution(one: &InstitutionFigures) -> Value {
    json!({
        "id": one.id.to_string(),
        "code": one.code,
        "name": one.name,
        "kind": one.kind.map(|kind| kind.key()),
        "area": one.area.map(|area| area.to_string()),
        "consortium": one.consortium,
        "known": one.known.as_ref().map(known),
    })
}

fn known(known: &Known) -> Value {
    let establishment = known.establishment;
    let figures: Vec<Value> = known.figures.iter().map(figure).collect();
    let findings: Vec<Value> = known.findings.iter().map(finding).collect();
    json!({
        "establishment": {
            "total": establishment.total,
            "professional": establishment.professional,
            "management": establishment.management,
            "worker": establishment.worker,
            "on_establishment": establishment.on_establishment,
            "staff": establishment.staff,
        },
        "professional_posts": known.professional_posts,
        "figures": figures,
        "findings": findings,
        "rests_on": rests_on(&known.rests_on),
    })
}

fn figure(one: &Figure) -> Value {
    let holders: Vec<Value> = one.opens.iter().map(holder).collect();
    json!({
        "level": one.level.map_or("directed", |level| level.key()),
        "ceiling": one.ceiling,
        "approved": one.approved,
        "limit": one.limit,
        "counted": one.counted,
        "ordinary": one.ordinary,
        "beyond_ratio": one.beyond_ratio,
        "off_quota": one.off_quota,
        "special": one.special,
        "reserved": one.reserved,
        "vacant": one.vacant,
        "over": one.over,
        "holders": holders,
    })
}

fn holder(one: &Holder) -> Value {
    json!({
        "person": one.person.to_string(),
        "name": one.name,
        "number": one.number,
        "employment": one.employment.id(),
        "appointed": one.appointed.id(),
        "grade": one.grade.map(|grade| grade.number()),
        "manner": one.manner.id(),
        "ledger": one.ledger.map(|ledger| ledger.key()),
        "retirement": one.retirement.map(|month| month.to_string()),
    })
}

fn finding(one: &FindingLine) -> Value {
    json!({
        "policy": one.rule.policy,
        "rule": one.rule.rule,
        "force": one.force.key(),
        "verdict": one.verdict.key(),
        "subject": one.subject,
        "counted": one.counted,
        "base": one.base,
        "needed": one.needed,
        "threshold": one.threshold,
        "message": one.message.zh,
    })
}

fn group(one: &GroupFigures) -> Value {
    let findings = one.findings.as_ref();
    let findings = findings.map(|all| all.iter().map(finding).collect::<Vec<_>>());
    json!({
        "name": one.name,
        "findings": findings,
        "rests_on": one.rests_on.as_ref().map(rests_on),
    })
}

fn rests_on(rests: &RestsOn) -> Value {
    let policies = rests.policies.iter().map(|policy| {
        json!({
            "id": policy.id,
            "sha256": policy.sha256,
            "adopted_since": policy.adopted.as_ref().map(|one| one.since.to_string()),
        })
    });
    Value::from(policies.collect::<Vec<_>>())
}
