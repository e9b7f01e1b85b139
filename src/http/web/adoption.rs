//! Adopting policies by forms: looked at, proposed, decided by somebody else.

use super::ask::{Ask, Html, html, with_status};
use super::fields::{Fields, against, bad, status};
use super::policy::{title_of, titles};
use super::to;
use crate::domain::adoption::{Adoption, Draft, Handling, OffQuota, Proposal, ProposalState};
use crate::domain::record::Id;
use crate::domain::rights::{Action, Scope};
use crate::http::problem::Failure;
use crate::service::{adoption as service, catalogue};
use crate::view::Shell;
use crate::view::adoption::{Impact, NewPage, ProposalPage};
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::institution::Fact;
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;

/// What a field for how a rule is applied is called, before the rule.
const HANDLING: &str = "handling-";

/// The area of one's own office.
fn own_area(ask: &Ask) -> String {
    match ask.actor.capacity.scope() {
        Scope::Area(area) => area.to_string(),
        _ => String::new(),
    }
}

/// What was asked for by the address, as if it had been written into the form.
fn begun(ask: &Ask) -> Fields {
    let policy = ask.asked("policy").unwrap_or_default();
    let pairs = [
        ("policy", policy),
        ("area", own_area(ask)),
        ("on", ask.on.to_string()),
        ("off_quota", OffQuota::Automatic.key().to_owned()),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value));
    Fields::of(pairs.to_vec())
}

fn fields_of(ask: &Ask, s: &Shell, given: &Fields) -> Result<Vec<Field>, Failure> {
    let policies = titles(ask)?;
    let field = |name: &str, key: &str, input| {
        let field = Field::new(name, s.t(key), input);
        field.value(given.text(name))
    };
    let none = (String::new(), s.t("web-policy-choose"));
    let off_quota = OffQuota::ALL.iter().map(|one| {
        let key = one.key().replace('_', "-");
        (one.key().to_owned(), s.t(format!("web-off-quota-{key}")))
    });
    Ok(vec![
        field("policy", "web-policy", Input::Choice)
            .options(std::iter::once(none).chain(policies))
            .required(),
        field("area", "web-fact-area", Input::Text)
            .required()
            .hint(s.t("web-adoption-area-is")),
        field("on", "web-adoption-on", Input::Day).required(),
        field("document", "web-adoption-document", Input::Text),
        field("raised_ratio", "web-adoption-raised", Input::Tick),
        field("directed_evaluation", "web-adoption-directed", Input::Tick),
        field("off_quota", "web-adoption-off-quota", Input::Choice).options(off_quota),
        field("approval_route", "web-adoption-route", Input::Area)
            .hint(s.t("web-adoption-route-is")),
        field("ends", "web-adoption-ends", Input::Tick),
        field("reason", "web-change-reason", Input::Text),
    ])
}

/// A field for each rule of the policy that was chosen.
fn handling_of(ask: &Ask, s: &Shell, given: &Fields) -> Vec<Field> {
    let text = catalogue::policy(ask.office(), &ask.actor, given.text("policy"));
    let rules = text.map(|text| text.rules).unwrap_or_default();
    let choices = || {
        let all = Handling::ALL.iter();
        let all = all.map(|one| {
            let words = s.t(format!("web-handling-{}", one.key()));
            (one.key().to_owned(), words)
        });
        std::iter::once((String::new(), s.t("web-adoption-as-usual"))).chain(all)
    };
    let fields = rules.iter().map(|rule| {
        let name = format!("{HANDLING}{}", rule.line.rule);
        let value = given.text(&name).to_owned();
        let field = Field::new(name, s.b(&rule.line.title), Input::Choice);
        field.value(value).options(choices())
    });
    fields.collect()
}

fn draft(ask: &Ask, given: &Fields) -> Result<Draft, Vec<String>> {
    let area = given.read(ask, "area")?;
    let area = area.ok_or_else(|| bad(ask, given.text("area")))?;
    let on = given.day(ask, "on")?.unwrap_or(ask.on);
    let off_quota = OffQuota::ALL.iter().copied();
    let off_quota = off_quota
        .clone()
        .find(|one| one.key() == given.text("off_quota"));
    let mut handling = Vec::new();
    for (name, value) in given.pairs() {
        let Some(rule) = name.strip_prefix(HANDLING).filter(|_| !value.is_empty()) else {
            continue;
        };
        let known = Handling::ALL.iter().copied().find(|one| one.key() == value);
        handling.push((rule.to_owned(), known.ok_or_else(|| bad(ask, value))?));
    }
    let ticked = |name: &str| given.some(name).is_some();
    Ok(Draft {
        area,
        adoption: Adoption {
            policy: given.text("policy").to_owned(),
            document: given.some("document").map(str::to_owned),
            raised_ratio: ticked("raised_ratio"),
            directed_evaluation: ticked("directed_evaluation"),
            off_quota: off_quota.unwrap_or(OffQuota::Automatic),
            approval_route: given.some("approval_route").map(str::to_owned),
        },
        ends: ticked("ends"),
        handling,
        on,
    })
}

async fn form(ask: &Ask, given: &Fields, why: Vec<String>, impact: Option<&Draft>) -> Html {
    let title = crate::i18n::t(ask.lang, "web-menu-policies", &[]);
    let shell = ask.shell().await?.crumb(title, "/policies").undated();
    let s = &shell;
    let mut why = why;
    let impact = match impact {
        None => None,
        Some(draft) => match service::impact(ask.office(), &ask.actor, draft).await {
            Ok(impact) => Some(Impact::new(s, &impact)),
            Err(error) => {
                why.extend(against(ask, error)?);
                None
            }
        },
    };
    let status = if why.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = NewPage {
        s,
        fields: fields_of(ask, s, given)?,
        handling: handling_of(ask, s, given),
        refused: why,
        impact,
    };
    Ok(with_status(status, &page))
}

/// The terms of an adoption.
#[handler]
pub async fn new_page(ask: Ask) -> Html {
    ask.permitted(Action::ProposeAdoption)?;
    let given = begun(&ask);
    form(&ask, &given, Vec::new(), None).await
}

/// Shows what a draft would change, or proposes it.
#[handler]
pub async fn propose(ask: Ask, given: Fields) -> Html {
    ask.permitted(Action::ProposeAdoption)?;
    let draft = match draft(&ask, &given) {
        Ok(draft) => draft,
        Err(why) => return form(&ask, &given, why, None).await,
    };
    if given.text("act") != "propose" {
        return form(&ask, &given, Vec::new(), Some(&draft)).await;
    }
    let (office, actor) = (ask.office(), &ask.actor);
    let reason = given.some("reason");
    match service::propose(office, actor, &draft, reason, ask.now).await {
        Ok(id) => Ok(to(&format!("/adoptions/{id}?told=adoption-proposed"))),
        Err(error) => {
            let why = against(&ask, error)?;
            form(&ask, &given, why, None).await
        }
    }
}

fn facts(ask: &Ask, s: &Shell, one: &Proposal) -> Result<Vec<Fact>, Failure> {
    let Draft {
        adoption,
        area,
        on,
        ends,
        handling,
    } = &one.draft;
    let yes = |yes: bool| s.t(if yes { "web-yes" } else { "web-no" });
    let fact = |key: &str, value: String| Fact::new(s.t(key), value);
    let mut policy = fact("web-policy", title_of(&titles(ask)?, &adoption.policy));
    policy.href = s.to(format!("/policies/{}", adoption.policy));
    let text = catalogue::policy(ask.office(), &ask.actor, &adoption.policy);
    let rules = text.map(|text| text.rules).unwrap_or_default();
    let handled = handling.iter().map(|(id, handling)| {
        let words = s.t(format!("web-handling-{}", handling.key()));
        let rule = rules.iter().find(|rule| rule.line.rule == *id);
        let title = rule.map_or(id.as_str(), |rule| s.b(&rule.line.title));
        format!("{title}: {words}")
    });
    let handled: Vec<String> = handled.collect();
    let off_quota = adoption.off_quota.key().replace('_', "-");
    let mut all = vec![
        policy,
        fact("web-fact-area", s.area(*area)),
        fact("web-adoption-on", on.to_string()),
        fact("web-adoption-ends", yes(*ends)),
    ];
    if !ends {
        all.extend([
            fact(
                "web-adoption-document",
                adoption.document.clone().unwrap_or_default(),
            ),
            fact("web-adoption-raised", yes(adoption.raised_ratio)),
            fact("web-adoption-directed", yes(adoption.directed_evaluation)),
            fact(
                "web-adoption-off-quota",
                s.t(format!("web-off-quota-{off_quota}")),
            ),
            fact(
                "web-adoption-route",
                adoption.approval_route.clone().unwrap_or_default(),
            ),
            fact(
                "web-adoption-handling",
                handled.join(&s.t("list-separator")),
            ),
        ]);
    }
    let by = format!("{} · {}", one.author, s.at(&one.proposed_at));
    all.push(fact("web-change-by", by));
    all.push(fact(
        "web-change-reason",
        one.reason.clone().unwrap_or_default(),
    ));
    let decided = one.decided.as_ref().map(|(at, _)| s.at(at));
    all.extend(decided.map(|at| fact("web-adoption-decided", at)));
    Ok(all)
}

/// A proposal.
#[handler]
pub async fn proposal_page(ask: Ask, Path(id): Path<String>) -> Html {
    show(&ask, &id, &Refused::default()).await
}

async fn show(ask: &Ask, id: &str, refused: &Refused) -> Html {
    let id: Id<Proposal> = id.parse().map_err(|_| ask.not_found())?;
    let (office, actor) = (ask.office(), &ask.actor);
    let one = ask.done(service::proposal(office, actor, id).await)?;
    let policies = titles(ask)?;
    let title = crate::i18n::t(ask.lang, "web-menu-policies", &[]);
    let shell = ask.shell().await?.crumb(title, "/policies").undated();
    let s = &shell;
    let is_open = one.state == ProposalState::Open;
    let (mut impact, mut why) = (None, Vec::new());
    if is_open {
        match service::impact(office, actor, &one.draft).await {
            Ok(found) => impact = Some(Impact::new(s, &found)),
            // it does not fit any more, and says so
            Err(error) => why = against(ask, error)?,
        }
    }
    let mut deeds = Vec::new();
    if is_open {
        let deed = |key: &str| {
            let to = format!("/adoptions/{id}/{key}");
            let title = s.t(format!("web-adoption-{key}"));
            let reason = Field::new("reason", s.t("web-change-reason"), Input::Text);
            Deed::new(key, to, title).field(reason)
        };
        if ask.can(Action::Adopt) {
            let mut adopt = deed("adopt");
            adopt.primary = true;
            adopt.hint = s.t("web-adoption-adopt-is");
            deeds.push(adopt.refused(refused));
        }
        deeds.push(deed("withdraw").refused(refused));
    }
    why.extend(refused.elsewhere(&deeds));
    let page = ProposalPage {
        s,
        title: title_of(&policies, &one.draft.adoption.policy),
        state: s.t(format!("web-proposal-{}", one.state.key())),
        facts: facts(ask, s, &one)?,
        impact,
        deeds,
        refused: why,
    };
    if refused.deed.is_empty() {
        return Ok(html(&page));
    }
    Ok(with_status(status(refused), &page))
}

/// Adopts or withdraws a proposal.
#[handler]
pub async fn decide(ask: Ask, Path((id, what)): Path<(String, String)>, fields: Fields) -> Html {
    let proposal: Id<Proposal> = id.parse().map_err(|_| ask.not_found())?;
    let (office, actor) = (ask.office(), &ask.actor);
    let reason = fields.some("reason");
    let done = match what.as_str() {
        "adopt" => service::adopt(office, actor, proposal, reason, ask.now).await,
        "withdraw" => service::withdraw(office, actor, proposal, reason, ask.now).await,
        _ => return Err(ask.not_found()),
    };
    match done {
        Ok(()) => Ok(to(&format!("/adoptions/{id}?told=adoption-{what}"))),
        Err(error) => {
            let refused = fields.refused(&what, against(&ask, error)?);
            show(&ask, &id, &refused).await
        }
    }
}
