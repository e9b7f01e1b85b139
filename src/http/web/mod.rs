//! Pages: read a request, call one use case, show what it says. A file a noun.

mod account;
mod administration;
mod adoption;
mod ask;
mod audit;
mod bench;
mod county;
mod delivery;
mod entry;
mod feed;
mod fields;
mod figures;
mod forms;
mod home;
mod import;
mod institution;
mod kept;
mod land;
mod language;
mod members;
mod operations;
mod pending;
mod people;
mod person;
mod personal_data;
mod place;
mod policy;
mod promotion;
mod record;
mod recruitment;
mod reminder;
mod round;
mod scenario;
mod schedule;
mod search;
mod staff;
mod trees;

pub use kept::Kept;
pub use pending::Pending;

use super::caller::{Half, Visit, is_same_origin};
use super::language::of_request;
use super::problem::{Failure, Problem};
use super::site::Site;
use crate::view::{self, assets, notice};
use ask::shell_of;
use poem::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, VARY};
use poem::http::{HeaderName, HeaderValue, StatusCode};
use poem::web::Path;
use poem::{Endpoint, IntoResponse, Request, Response, Route, get, handler, post};
use std::sync::Arc;

const CONTENT_SECURITY_POLICY: HeaderName = HeaderName::from_static("content-security-policy");
/// Everything comes from here, and nothing is written into a page to be run.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Every page.
pub fn routes() -> Route {
    Route::new()
        .at("/", get(home::home_page))
        .at("/sign-in", get(entry::door_page).post(entry::sign_in))
        .at(
            "/sign-in/code",
            get(entry::code_wanted).post(entry::show_code),
        )
        .at(
            "/sign-in/capacity",
            get(entry::choice_wanted).post(entry::choose),
        )
        .at("/sign-out", post(entry::sign_out))
        .at(
            "/set-up/:secret",
            get(entry::set_up_page).post(entry::set_up),
        )
        .at("/me", get(entry::me_page))
        .at("/me/second-factor", post(entry::change_second_factor))
        .at("/me/password", post(entry::change_password))
        .at("/language", post(language::choose))
        .at(
            "/institutions",
            get(institution::list_page).post(institution::create_one),
        )
        .at("/institutions/new", get(institution::new_page))
        .at("/institutions/:code", get(institution::profile_page))
        .at(
            "/institutions/:code/establishment",
            get(institution::establishment_page),
        )
        .at("/institutions/:code/posts", get(institution::posts_page))
        .at(
            "/institutions/:code/posts/:line",
            get(institution::line_page),
        )
        .at(
            "/institutions/:code/findings/:at",
            get(institution::finding_page),
        )
        .at("/institutions/:code/people", get(institution::people_page))
        .at(
            "/institutions/:code/people.xlsx",
            get(institution::people_workbook),
        )
        .at(
            "/institutions/:code/applications",
            get(institution::applications_page),
        )
        .at(
            "/institutions/:code/register",
            get(institution::register_page),
        )
        .at("/institutions/:code/below", get(institution::below_page))
        .at(
            "/institutions/:code/changes",
            get(institution::changes_page),
        )
        .at(
            "/institutions/:code/records",
            get(record::kinds_of_institution),
        )
        .at(
            "/institutions/:code/records/:kind",
            get(record::of_institution_page),
        )
        .at(
            "/institutions/:code/records/:kind/:doing",
            post(record::write_institution),
        )
        .at("/retirements", get(county::retirements_page))
        .at("/vacancies", get(county::vacancies_page))
        .at("/quota", get(county::quota_page))
        .at("/changes", get(county::changes_page))
        .at("/people", get(people::list_page).post(staff::engage))
        .at("/people.xlsx", get(people::list_workbook))
        .at("/people/new", get(staff::coming_page))
        .at("/people/:id", get(person::overview_page))
        .at("/people/:id/moves", get(staff::moves_page))
        .at("/people/:id/moves/:what", post(staff::make_move))
        .at("/people/:id/changes", get(person::changes_page))
        .at("/people/:id/records", get(record::kinds_of_person))
        .at("/people/:id/records/:kind", get(record::of_person_page))
        .at(
            "/people/:id/records/:kind/:doing",
            post(record::write_person),
        )
        .at("/people/:id/file", get(personal_data::file_page))
        .at(
            "/people/:id/corrections",
            post(personal_data::ask_correction),
        )
        .at(
            "/people/:id/corrections/:correction",
            post(personal_data::answer_correction),
        )
        .at("/people/:id/number", post(personal_data::reveal_number))
        .at("/corrections", get(personal_data::open_page))
        .at(
            "/rural-doctors",
            get(land::doctors_page).post(land::begin_one),
        )
        .at("/rural-doctors.xlsx", get(land::doctors_workbook))
        .at("/rural-doctors/new", get(land::new_page))
        .at("/rural-doctors/:id", get(land::doctor_page))
        .at("/rural-doctors/:id/records", get(record::kinds_of_doctor))
        .at(
            "/rural-doctors/:id/records/:kind",
            get(record::of_doctor_page),
        )
        .at(
            "/rural-doctors/:id/records/:kind/:doing",
            post(record::write_doctor),
        )
        .at("/places", get(place::list_page).post(place::begin_one))
        .at("/places/new", get(place::new_page))
        .at("/places/:code", get(place::place_page))
        .at("/places/:code/records", get(record::kinds_of_place))
        .at("/places/:code/records/:kind", get(record::of_place_page))
        .at(
            "/places/:code/records/:kind/:doing",
            post(record::write_place),
        )
        .at("/quality", get(figures::quality_page))
        .at("/differences", get(figures::differences_page))
        .at("/policies", get(policy::list_page))
        .at("/policies/compare", get(policy::compare_page))
        .at("/policies/:area/:name", get(policy::policy_page))
        .at("/adoptions", post(adoption::propose))
        .at("/adoptions/new", get(adoption::new_page))
        .at("/adoptions/:id", get(adoption::proposal_page))
        .at("/adoptions/:id/:what", post(adoption::decide))
        .at("/import", get(import::door_page).post(import::hand_in))
        .at("/import/preview", get(import::preview_page))
        .at(
            "/import/row",
            get(import::row_page).post(import::correct_row),
        )
        .at("/import/progress", get(import::progress))
        .at("/import/confirm", post(import::confirm))
        .at("/import/returned", post(import::returned))
        .at("/import/template.xlsx", get(import::template))
        .at("/accounts", get(account::list_page).post(account::invite))
        .at("/accounts/:id", get(account::account_page))
        .at("/accounts/:id/acts/:act", post(account::act))
        .at("/accounts/:id/link", post(account::new_link))
        .at("/accounts/:id/capacities", post(account::grant))
        .at(
            "/accounts/:id/capacities/:capacity",
            post(account::take_back),
        )
        .at("/rights", get(administration::rights_page))
        .at("/operations/jobs", get(operations::jobs_page))
        .at("/operations/jobs/:job/run", post(operations::run_job))
        .at(
            "/operations/backups",
            get(operations::backups_page).post(operations::make_backup),
        )
        .at(
            "/operations/backups/:name/check",
            post(operations::check_backup),
        )
        .at("/audit", get(audit::audit_page))
        .at("/audit/verification", get(audit::verification_page))
        .at("/search", get(search::search_page))
        .at(
            "/applications",
            get(promotion::list_page).post(promotion::begin_one),
        )
        .at("/applications/new", get(promotion::new_page))
        .at("/applications/:id", get(promotion::application_page))
        .at("/applications/:id/moves/:made", post(promotion::make_move))
        .at("/applications/:id/files", post(promotion::add_file))
        .at("/applications/:id/form", get(forms::appointment))
        .at("/applications/:id/form.xlsx", get(forms::appointment))
        .at("/attachments/:id", get(promotion::file_content))
        .at("/notices", get(promotion::notices_page))
        .at("/bench", get(bench::queue_page))
        .at("/bench/batch", get(bench::batch_page))
        .at("/bench/decisions", post(bench::decide))
        .at("/bench/:id", get(bench::case_page))
        .at("/rounds", get(round::list_page).post(round::plan_one))
        .at("/rounds/new", get(round::new_page))
        .at("/rounds/:id", get(round::round_page))
        .at("/rounds/:id/edit", get(round::edit_page))
        .at("/rounds/:id/steps/:made", post(round::take_step))
        .at("/rounds/:id/scores", post(round::give_points))
        .at("/rounds/:id/reserve", post(round::reserve_places))
        .at(
            "/recruitment",
            get(recruitment::vacancies_page).post(recruitment::plan_one),
        )
        .at("/recruitment/plans", get(recruitment::list_page))
        .at("/recruitment/new", get(recruitment::new_page))
        .at("/recruitment/plans/:id", get(recruitment::plan_page))
        .at(
            "/recruitment/plans/:id/steps/:made",
            post(recruitment::take_step),
        )
        .at(
            "/recruitment/plans/:id/applicants",
            post(recruitment::register_all),
        )
        .at("/scenario", get(scenario::scenario_page))
        .at("/scenario.xlsx", get(scenario::scenario_workbook))
        .at("/forecast", get(scenario::forecast_page))
        .at("/reminders", get(reminder::mine_page))
        .at("/reminders/coming", get(reminder::coming_page))
        .at("/reminders/sent", get(reminder::sent_page))
        .at("/reminders/kinds", get(reminder::kinds_page))
        .at("/people/:id/reminders", get(reminder::person_page))
        .at(
            "/reminders/preference",
            get(reminder::preference_page).post(reminder::prefer),
        )
        .at(
            "/reminders/calendars",
            get(feed::list_page).post(feed::make),
        )
        .at("/reminders/calendars/:id/revoke", post(feed::revoke))
        .at("/reminders/schedules", get(schedule::list_page))
        .at("/reminders/schedules/:task", post(schedule::edit))
        .at("/reminders/schedules/:task/run", post(schedule::run))
        .at("/reminders/messages", get(delivery::messages_page))
        .at("/reminders/messages/test", post(delivery::test))
        .at("/reminders/messages/:id", get(delivery::message_page))
        .at("/reminders/messages/:id/resend", post(delivery::resend))
        .at(
            "/reminders/robots",
            get(delivery::robots_page).post(delivery::add_robot),
        )
        .at("/reminders/robots/:id/remove", post(delivery::remove_robot))
        .at("/forms", get(forms::list_page))
        .at(
            "/institutions/:code/forms/:name",
            get(forms::of_institution),
        )
        .at("/forms/establishment", get(forms::establishment))
        .at("/forms/establishment.xlsx", get(forms::establishment))
}

/// A file that pages use. It stays as it is for good: its address changes with it.
#[handler]
pub fn asset(Path((_, name)): Path<(String, String)>) -> Response {
    match assets::named(&name) {
        Some(asset) => Response::builder()
            .content_type(asset.media_type)
            .header(CACHE_CONTROL, "public, max-age=31536000, immutable")
            .body(asset.text),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Around every page: whose form it is, the headers of pages, and what failed as a page.
pub fn surrounded<E: Endpoint + 'static>(
    endpoint: E,
    site: Arc<Site>,
) -> impl Endpoint<Output = Response> {
    use poem::EndpointExt;
    endpoint.around(move |endpoint, request| surround(endpoint, site.clone(), request))
}

async fn surround<E: Endpoint>(
    endpoint: Arc<E>,
    site: Arc<Site>,
    request: Request,
) -> poem::Result<Response> {
    let lang = of_request(&request);
    let (mut request, again) = match request.original_uri().path() == kept::PLACE {
        false => (request, None),
        true => match kept::again(&site, &request) {
            Some((request, token)) => (request, Some(token)),
            None => return Ok(to("/")),
        },
    };
    let uri = request.original_uri().clone();
    let place = match (&again, uri.path_and_query()) {
        (None, Some(place)) if request.method().is_safe() => place.as_str(),
        (Some(_), _) => kept::PLACE,
        // what was to be written cannot be asked for again by an address
        _ => "/",
    };
    let form = match &again {
        None => kept::sent(&mut request).await,
        Some(_) => None,
    };
    let answered = if is_same_origin(&request) {
        match endpoint.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => super::problem::of_error(error, lang),
        }
    } else {
        Failure::new(StatusCode::FORBIDDEN, "other_origin", lang).into_response()
    };
    let response = match problem(answered).await {
        Ok(mut response) => {
            if let Some(token) = again {
                site.kept.forget(&token);
                // nothing was asked for that could fail: it is shown
                response.set_status(StatusCode::OK);
            }
            response
        }
        Err((problem, visit, kept)) => {
            let mut shown = match entrance(&problem, visit.as_ref(), place) {
                Some(door) => match kept::keep(&site, visit.as_ref(), form).await {
                    Some(token) => kept::led(&site, &token),
                    None => to(&door),
                },
                None => failed(&site, &problem, visit, lang, &uri).await,
            };
            // a session that was given a new secret keeps it, and waits stay told
            for (name, value) in &kept {
                let told = name != CONTENT_TYPE && name.as_str() != "content-length";
                if told {
                    shown.headers_mut().append(name.clone(), value.clone());
                }
            }
            shown
        }
    };
    Ok(protected(response))
}

/// With the headers that every page has.
fn protected(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(VARY, HeaderValue::from_static("accept-language, cookie"));
    response
}

type Told = (Problem, Option<Visit>, poem::http::HeaderMap);

/// The problem in an answer that is one, with who asked and the answer's headers.
async fn problem(response: Response) -> Result<Response, Told> {
    let is_problem = response.content_type() == Some("application/problem+json");
    if !is_problem {
        return Ok(response);
    }
    let visit = response.data::<Visit>().cloned();
    let status = response.status();
    let (parts, body) = response.into_parts();
    let bytes = body.into_vec().await.unwrap_or_default();
    Err((Problem::read(&bytes, status), visit, parts.headers))
}

/// Where somebody has to go first who may not see a page yet.
fn entrance(problem: &Problem, visit: Option<&Visit>, place: &str) -> Option<String> {
    if problem.status() != StatusCode::UNAUTHORIZED {
        return None;
    }
    let door = match visit.and_then(Visit::half) {
        Some(Half::Code) => "/sign-in/code",
        Some(Half::Choice) => "/sign-in/capacity",
        None => "/sign-in",
    };
    let place = if place == "/" { "" } else { place };
    Some(format!("{door}{}", view::format::query([("to", place)])))
}

/// What failed, as a page.
async fn failed(
    site: &Site,
    problem: &Problem,
    visit: Option<Visit>,
    lang: crate::i18n::Lang,
    uri: &poem::http::Uri,
) -> Response {
    let shell = shell_of(site, visit, lang, uri).await;
    let page = notice::Notice {
        s: &shell,
        status: problem.status().as_u16(),
        code: problem.code(),
        detail: problem.detail(),
        flaws: problem
            .flaws()
            .map(|(_, message)| message.to_owned())
            .collect(),
    };
    Response::builder()
        .status(problem.status())
        .content_type("text/html; charset=utf-8")
        .body(view::page(&page))
}

/// Go there, by reading: after something was written, so that nobody writes it twice.
pub fn to(place: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let place = HeaderValue::from_str(place);
    let place = place.unwrap_or_else(|_| HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, place);
    response
}

/// A place on this site, as somebody asked to be led to it.
pub fn local(place: &str) -> &str {
    let local = place.starts_with('/')
        && !place.starts_with("//")
        && place
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if local { place } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn nobody_is_led_elsewhere() {
        for (asked, led) in [
            ("/people?q=1", "/people?q=1"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("", "/"),
            ("/a b", "/"),
        ] {
            assert_eq!(local(asked), led);
        }
    }
}
