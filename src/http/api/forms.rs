//! The official forms as workbooks: the same rows as the screens, for any day.

use super::Tag;
use super::record::Named;
use crate::domain::ids::AreaCode;
use crate::domain::institution::Institution;
use crate::domain::record::When;
use crate::domain::record_id::ApplicationId;
use crate::domain::rights::Action;
use crate::domain::time::Date;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::Text;
use crate::service::export::Part;
use crate::service::forms::{self, Form};
use crate::service::institution;
use crate::service::locus::part_of;
use poem::Body;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, OpenApi};

pub struct Api;

#[derive(ApiResponse)]
pub enum Printed {
    /// A workbook, ready for the printer.
    #[oai(
        status = 200,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )]
    Is(Binary<Body>, #[oai(header = "Content-Disposition")] String),
}

impl Printed {
    /// A workbook under a name.
    pub fn of(name: &str, bytes: Vec<u8>) -> Self {
        let disposition = format!("attachment; filename=\"{name}.xlsx\"");
        Self::Is(Binary(Body::from(bytes)), disposition)
    }
}

/// A form with boxes for seals and the line that says by what it can be made again.
fn printed(caller: &Caller, form: &Form, name: &str) -> Result<Printed, Failure> {
    let bytes = caller.done(forms::workbook(form))?;
    Ok(Printed::of(name, bytes))
}

fn day(caller: &Caller, as_of: Option<Text<Date>>) -> Date {
    as_of.map_or_else(|| caller.now.shanghai_day(), |on| on.0)
}

fn first_of_month(day: Date) -> Date {
    let (year, month, _) = day.parts();
    Date::new(year, month, 1).unwrap_or(day)
}

/// The code of an institution that is named by code or identifier.
async fn code(caller: &Caller, of: &str) -> Result<String, Failure> {
    let id = Institution::find(caller, of).await?;
    let when = When::on(caller.now.shanghai_day());
    let found = institution::find(&caller.office, &caller.actor, id, when, caller.now).await;
    Ok(caller.done(found)?.code)
}

#[OpenApi(tag = "Tag::Forms")]
impl Api {
    /// Approval of an appointment (岗位聘用审批表)
    #[oai(
        path = "/applications/:id/form",
        method = "get",
        operation_id = "appointment_form"
    )]
    async fn appointment(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        as_of: Query<Option<Text<Date>>>,
    ) -> Result<Printed, Failure> {
        let on = day(&caller, as_of.0);
        let (office, actor, lang) = (&caller.office, &caller.actor, caller.lang);
        let form = forms::appointment(office, actor, id.0.0, on, lang, caller.now).await;
        printed(&caller, &caller.done(form)?, "appointment")
    }

    /// Approval of the plan of posts (岗位设置方案核准表)
    #[oai(
        path = "/institutions/:of/forms/post-plan",
        method = "get",
        operation_id = "post_plan_form"
    )]
    async fn post_plan(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        as_of: Query<Option<Text<Date>>>,
    ) -> Result<Printed, Failure> {
        let (code, on) = (code(&caller, &of.0).await?, day(&caller, as_of.0));
        let (office, actor, lang) = (&caller.office, &caller.actor, caller.lang);
        let form = forms::post_plan(office, actor, &code, on, lang, caller.now).await;
        printed(&caller, &caller.done(form)?, "post-plan")
    }

    /// Use of posts between two days (岗位使用情况台帐)
    #[oai(
        path = "/institutions/:of/forms/usage",
        method = "get",
        operation_id = "usage_form"
    )]
    async fn usage(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        /// The first day; that of this month when left out.
        from: Query<Option<Text<Date>>>,
        /// The last day; today when left out.
        to: Query<Option<Text<Date>>>,
    ) -> Result<Printed, Failure> {
        let code = code(&caller, &of.0).await?;
        let to = day(&caller, to.0);
        let from = from.0.map_or_else(|| first_of_month(to), |from| from.0);
        let (office, actor, lang) = (&caller.office, &caller.actor, caller.lang);
        let form = forms::usage(office, actor, &code, from, to, lang, caller.now).await;
        printed(&caller, &caller.done(form)?, "usage")
    }

    /// Public notice of what is published on a day (公示)
    #[oai(
        path = "/institutions/:of/forms/notice",
        method = "get",
        operation_id = "notice_form"
    )]
    async fn notice(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        as_of: Query<Option<Text<Date>>>,
    ) -> Result<Printed, Failure> {
        let (code, on) = (code(&caller, &of.0).await?, day(&caller, as_of.0));
        let (office, actor, lang) = (&caller.office, &caller.actor, caller.lang);
        let form = forms::notice(office, actor, &code, on, lang, caller.now).await;
        printed(&caller, &caller.done(form)?, "notice")
    }

    /// Roster (花名册)
    #[oai(
        path = "/institutions/:of/forms/roster",
        method = "get",
        operation_id = "roster_form"
    )]
    async fn roster(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        as_of: Query<Option<Text<Date>>>,
    ) -> Result<Printed, Failure> {
        let (code, on) = (code(&caller, &of.0).await?, day(&caller, as_of.0));
        let (office, actor, lang) = (&caller.office, &caller.actor, caller.lang);
        let form = forms::roster(office, actor, &code, on, lang, caller.now).await;
        printed(&caller, &caller.done(form)?, "roster")
    }

    /// Use of the establishment (编制使用情况表)
    #[oai(
        path = "/forms/establishment",
        method = "get",
        operation_id = "establishment_form"
    )]
    async fn establishment(
        &self,
        caller: Caller,
        area: Query<Option<Text<AreaCode>>>,
        /// The institution with that code and all below it.
        #[oai(validator(min_length = 1, max_length = 50))]
        institution: Query<Option<String>>,
        as_of: Query<Option<Text<Date>>>,
    ) -> Result<Printed, Failure> {
        let on = day(&caller, as_of.0);
        let (office, actor, lang) = (&caller.office, &caller.actor, caller.lang);
        let part = match (area.0, institution.0) {
            (_, Some(code)) => Part::Below(code),
            (Some(area), None) => Part::Area(area.0),
            (None, None) => {
                let part = part_of(office, actor, Action::PrintForm).await;
                caller.done(part)?
            }
        };
        let form = forms::establishment(office, actor, &part, on, lang, caller.now).await;
        printed(&caller, &caller.done(form)?, "establishment")
    }
}
