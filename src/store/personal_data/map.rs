//! Where personal data lies: every table that has any, whose it is, why it is kept and for
//! how long, and what erasing does to each column. A test holds the map against the tables:
//! a column that stands neither here nor in a table of [`IMPERSONAL`] fails it.

use crate::domain::personal_data::{Fate, Keeping, Purpose};
use crate::domain::secret::SecretField;

/// Whose data a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Person,
    RuralDoctor,
    /// The owner of an account.
    Account,
    /// Whoever did something: named because they are answerable for it.
    Author,
    /// Whoever a message goes to.
    Recipient,
    /// Nobody's in particular: an address that failed to sign in.
    Stranger,
}

impl Whose {
    /// What the trail calls it.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::RuralDoctor => "rural_doctor",
            Self::Account => "account",
            Self::Author => "author",
            Self::Recipient => "recipient",
            Self::Stranger => "stranger",
        }
    }
}

/// What a column holds, as it is shown to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, keys of closed lists, identifiers.
    Text,
    Number,
    /// Yes and no.
    Flag,
    Day,
    Month,
    Instant,
    /// Money in fen.
    Fen,
    /// An address of mail.
    Mail,
    /// What belongs to the column behind it: the keyed hash that finds it.
    Hash,
    Sealed(SecretField),
    /// Never shown, to nobody: what proves that somebody is who they are.
    Secret,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub fate: Fate,
}

/// One table with personal data. Of a dated one the columns that all of them have are left
/// out: they say when something held, not of whom.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub table: &'static str,
    pub whose: Whose,
    /// The column that names whose it is.
    pub by: &'static str,
    /// The table that `by` points to, where the row is somebody's by way of that one.
    pub through: Option<&'static str>,
    pub purpose: Purpose,
    pub keeping: Keeping,
    pub columns: &'static [Column],
}

impl Place {
    /// Whether erasing deletes the rows.
    pub fn is_dropped(&self) -> bool {
        self.columns
            .iter()
            .any(|column| column.fate == Fate::Dropped)
    }

    /// Which rows are those of the key `$1`.
    pub fn condition(&self) -> String {
        let Self { by, .. } = self;
        let through = MAP.iter().find(|place| Some(place.table) == self.through);
        match through {
            Some(Self { table, by: own, .. }) => {
                format!("{by} in (select id from {table} where {own} = $1)")
            }
            None => format!("{by} = $1"),
        }
    }
}

macro_rules! map {
    ($($table:literal $whose:ident $by:literal $(of $through:literal)?, $purpose:ident $keeping:ident {
        $($column:ident $kind:ident $(($field:ident))? $fate:ident),+ $(,)?
    })+) => {
        &[$(Place {
            table: $table,
            whose: Whose::$whose,
            by: $by,
            through: [$(Some($through),)? None][0],
            purpose: Purpose::$purpose,
            keeping: Keeping::$keeping,
            columns: &[$(Column {
                name: stringify!($column),
                kind: Kind::$kind $((SecretField::$field))?,
                fate: Fate::$fate,
            }),+],
        }),+]
    };
}

/// All of it.
pub const MAP: &[Place] = map! {
    "person" Person "id", Identity Employment {
        id Text Kept, id_hash Hash Replaced, id_cipher Sealed(NationalId) Replaced,
        version Number Kept, created_at Instant Kept, created_by Text Kept,
        changed_by Text Kept,
    }
    "person_profile" Person "subject", Posts Employment {
        name Text Blanked, mobile_hash Hash Cleared, mobile_cipher Sealed(Phone) Cleared,
        email Mail Cleared, job_class Text Kept, licence_class Text Kept, multi_site Flag Kept,
        second_site Text Kept, third_site Text Kept, gp_registered Flag Kept,
        gp_training Text Kept, preventive_post Flag Kept, retirement_class Text Kept,
        started_work Month Kept, history_known Flag Kept,
    }
    "employment" Person "subject", Posts Employment {
        institution Text Kept, employment Text Kept, category Text Kept, dual_post Flag Kept,
    }
    "shared_employment" Person "subject", Posts Employment {
        manner Text Kept, establishment Text Kept, manager Text Kept, workplace Text Kept,
    }
    "employment_contract" Person "subject", Posts Employment {
        started Day Kept, ends Day Kept, document Text Cleared,
    }
    "title" Person "subject", Career Employment {
        rank Text Kept, kind Text Kept, field Text Kept, area Text Kept, since Month Kept,
        series Text Kept, certificate Text Cleared,
    }
    "appointment" Person "subject", Posts Employment {
        rank Text Kept, grade Number Kept, since Month Kept, manner Text Kept,
    }
    "ledger_decision" Person "subject", Posts Employment {
        ledger Text Kept, decided_on Day Kept, document Text Cleared,
    }
    "service_spell" Person "subject", Career Employment {
        started Month Kept, ended Month Kept, employer Text Blanked, kind Text Kept,
        location Text Kept, category Text Kept,
    }
    "service_evidence" Person "subject", Career Employment {
        kind Text Kept, started Month Kept, ended Month Kept, document Text Cleared,
    }
    "licence" Person "subject", Career Employment {
        kind Text Kept, number Text Cleared, scope Text Cleared, issued Day Kept,
        expires Day Kept,
    }
    "physician_assessment" Person "subject", Career Employment {
        assessed Day Kept, result Text Kept, next_due Day Kept,
    }
    "gp_registration" Person "subject", Career Employment {
        registered Day Kept, community Text Cleared,
    }
    "practice_site" Person "subject", Career Employment {
        kind Text Kept, institution Text Kept, name Text Cleared, registered Day Kept,
    }
    "honour" Person "subject", Career Employment {
        name Text Blanked, level Text Kept, awarded Day Kept, body Text Cleared,
        document Text Cleared,
    }
    "assessment" Person "subject", Career Employment {
        year Number Kept, result Text Kept, satisfaction Number Kept,
    }
    "training" Person "subject", Career Employment {
        kind Text Kept, started Day Kept, ended Day Kept, hours Number Kept,
        provider Text Cleared, certificate Text Cleared,
    }
    "assignment" Person "subject", Career Employment {
        kind Text Kept, institution Text Kept, place Text Cleared, started Day Kept,
        ended Day Kept, evidence Text Cleared,
    }
    "leader_term" Person "subject", Career Employment {
        institution Text Kept, role Text Blanked, started Day Kept, ends Day Kept,
        targets Text Cleared,
    }
    "leave" Person "subject", Posts Employment {
        kind Text Kept, started Day Kept, ended Day Kept,
    }
    "departure" Person "subject", Posts Employment {
        kind Text Kept, departed Day Kept, approved Day Kept, document Text Cleared,
    }
    "team_member" Person "subject", Posts Employment {
        institution Text Kept, team Text Kept, leads Flag Kept,
    }
    "correction_request" Person "person", Requests Employment {
        id Text Kept, version Number Kept, person Text Kept, account Text Kept,
        requested_at Instant Kept, entry Text Blanked, wanted Text Blanked,
        grounds Text Blanked, state Text Kept, decided_at Instant Kept, decided_by Text Kept,
        answer Text Cleared,
    }
    "application" Person "person", Career Employment {
        id Text Kept, version Number Kept, created_at Instant Kept, kind Text Kept,
        person Text Kept, institution Text Kept, round Text Kept, rank Text Kept,
        grade Number Kept, destination Text Kept, wanted_on Day Kept, merits Text Blanked,
        state Text Kept, step Number Kept, steps Text Kept, opinions Text Kept,
        since Instant Kept, due Day Kept, notice_published Day Kept, notice_last Day Kept,
        notice_provisional Flag Kept, policies Text Kept, effective Day Kept,
        filed_until Day Kept, decided_by Text Kept,
    }
    "application_hand" Person "application" of "application", Accountability Always {
        application Text Kept, position Number Kept, account Text Kept, person Text Kept,
    }
    "application_defect" Person "application" of "application", Career Employment {
        application Text Kept, position Number Kept, found Instant Kept, office Text Kept,
        text Text Blanked, mended Instant Kept,
    }
    // who objected is not for the one who is objected to
    "application_objection" Person "application" of "application", Career Employment {
        application Text Kept, position Number Kept, raised Instant Kept, account Secret Kept,
        person Secret Kept, text Text Blanked, resolved Instant Kept, outcome Text Kept,
        answer Text Cleared,
    }
    "application_opinion" Person "application" of "application", Career Employment {
        application Text Kept, position Number Kept, office Text Kept, given Instant Kept,
        favourable Flag Kept, text Text Blanked,
    }
    "reservation" Person "application" of "application", Posts Employment {
        id Text Kept, application Text Kept, institution Text Kept, pool Text Kept,
        kept_from Day Kept, kept_until Day Kept,
    }
    "application_event" Person "application" of "application", Accountability Always {
        id Text Kept, application Text Kept, at Instant Kept, move Text Kept,
        state_before Text Kept, state_after Text Kept, step Number Kept, account Secret Kept,
        name Secret Kept, office Text Kept, words Text Blanked, noted Text Kept,
        reason Text Cleared,
    }
    "attachment" Person "application" of "application", Career Employment {
        id Text Dropped, application Text Dropped, added_at Instant Dropped,
        account Text Dropped, name Text Dropped, kind Text Dropped, bytes Number Dropped,
        digest Secret Dropped,
    }
    "round_score" Person "application" of "application", Career Employment {
        round Text Kept, application Text Kept, criterion Number Kept, scorer Secret Kept,
        points Number Kept, given Instant Kept,
    }
    "erasure" Person "subject", Accountability Always {
        noun Text Kept, subject Text Kept, erased_at Instant Kept, erased_by Text Kept,
    }
    "rural_doctor" RuralDoctor "id", Identity Employment {
        id Text Kept, id_hash Hash Replaced, id_cipher Sealed(NationalId) Replaced,
        version Number Kept, created_at Instant Kept, created_by Text Kept,
        changed_by Text Kept,
    }
    "rural_doctor_profile" RuralDoctor "subject", Welfare Employment {
        name Text Blanked, area Text Kept, clinic Text Cleared, qualification Text Kept,
        labour_relation Text Kept, on_establishment Flag Kept, pension Text Kept,
    }
    "rural_doctor_registration" RuralDoctor "subject", Career Employment {
        number Text Cleared, registered Day Kept, expires Day Kept,
    }
    "rural_doctor_examination" RuralDoctor "subject", Career Employment {
        year Number Kept, aimed_at Text Kept, passed Flag Kept,
    }
    "rural_doctor_pension" RuralDoctor "subject", Welfare Employment {
        scheme Text Kept, tier Text Cleared, back_paid Month Kept, first_benefit Month Kept,
    }
    "rural_doctor_medical" RuralDoctor "subject", Welfare Employment {
        scheme Text Kept, since Month Kept,
    }
    "recruitment_applicant" RuralDoctor "rural_doctor", Career Employment {
        recruitment Text Kept, number Text Kept, post Number Kept, points Number Kept,
        rural_doctor Text Kept,
    }
    "rural_doctor_subsidy" RuralDoctor "subject", Welfare Employment {
        name Text Kept, month Month Kept, due Fen Kept, paid Fen Kept, paid_on Day Kept,
    }
    "account" Account "id", SigningIn Account {
        id Text Kept, version Number Kept, user_name Text Replaced, name Text Blanked,
        person Text Kept, state Text Replaced, password Secret Cleared,
        second_factor Secret Cleared, second_factor_step Secret Cleared,
        failures Number Kept, last_failure Instant Cleared, created_at Instant Kept,
    }
    "capacity" Account "account", Accountability Always {
        id Text Kept, account Text Kept, role Text Kept, authority Text Kept, tier Text Kept,
        person Text Kept, institution Text Kept, consortium Text Kept, area Text Kept,
        granted_at Instant Kept, revoked_at Instant Kept,
    }
    "session" Account "account", SigningIn Days {
        id Text Dropped, account Text Dropped, capacity Text Dropped, assured Flag Dropped,
        secret Secret Dropped, former_secret Secret Dropped, rotated_at Instant Dropped,
        started_at Instant Dropped, last_seen Instant Dropped, ended_at Instant Dropped,
    }
    "api_token" Account "account", SigningIn Account {
        id Text Dropped, account Text Dropped, capacity Text Dropped, name Text Dropped,
        natures Text Dropped, assured Flag Dropped, hash Secret Dropped,
        created_at Instant Dropped, expires_at Instant Dropped, revoked_at Instant Dropped,
        last_used Instant Dropped,
    }
    "setup_link" Account "account", SigningIn Days {
        hash Secret Dropped, account Text Dropped, purpose Text Dropped,
        created_at Instant Dropped, closed_at Instant Dropped,
    }
    "recovery_code" Account "account", SigningIn Account {
        hash Secret Dropped, account Text Dropped, created_at Instant Dropped,
        used_at Instant Dropped,
    }
    "idempotency" Account "account", SigningIn Days {
        account Text Dropped, key Text Dropped, request Secret Dropped, status Number Dropped,
        body Secret Dropped, created_at Instant Dropped,
    }
    "reminder" Account "account", Messages Account {
        id Text Dropped, key Text Dropped, kind Text Dropped, account Text Dropped,
        person Text Dropped, institution Text Dropped, area Text Dropped, about Day Dropped,
        body Text Dropped, raised_at Instant Dropped, bundle Text Dropped, message Text Dropped,
        instead_of Text Dropped,
    }
    "preference" Account "account", Messages Account {
        account Text Dropped, mail Mail Dropped, language Text Dropped, quiet Flag Dropped,
        delegate Text Dropped, away_from Day Dropped, away_until Day Dropped,
        changed_at Instant Dropped,
    }
    "preference_kind" Account "account", Messages Account {
        account Text Dropped, kind Text Dropped, bundle Text Dropped,
    }
    "feed" Account "account", Messages Account {
        id Text Dropped, account Text Dropped, capacity Text Dropped, name Text Dropped,
        hash Secret Dropped, created_at Instant Dropped, revoked_at Instant Dropped,
        last_used Instant Dropped,
    }
    "import_run" Account "account", Accountability Always {
        id Text Kept, started_at Instant Kept, change Text Kept, account Text Kept,
        file Text Kept, digest Secret Kept, valid_on Day Kept, state Text Kept,
        summary Text Kept,
    }
    "adoption_proposal" Author "account", Accountability Always {
        id Text Kept, area Text Kept, policy Text Kept, ends Flag Kept, document Text Kept,
        raised_ratio Flag Kept, directed_evaluation Flag Kept, off_quota Text Kept,
        approval_route Text Kept, handling Text Kept, valid_from Day Kept, reason Text Kept,
        proposed_at Instant Kept, account Text Kept, person Text Kept, author Text Kept,
        state Text Kept, decided_at Instant Kept, decided_by Text Kept, change Text Kept,
    }
    "change" Author "account", Accountability Always {
        id Text Kept, at Instant Kept, account Text Kept, author Text Kept, role Text Kept,
        reason Text Kept,
    }
    "audit_event" Author "account", Accountability Trail {
        id Text Kept, at Instant Kept, change Text Kept, source Text Kept, account Text Kept,
        author Text Kept, office Text Kept, action Text Kept, subject_kind Text Kept,
        subject Text Kept, area Text Kept, institution Text Kept, detail_digest Secret Kept,
        hash Secret Kept,
    }
    "audit_detail" Author "event", Accountability Trail {
        event Text Dropped, salt Secret Dropped, before Text Dropped, after Text Dropped,
        reason Text Dropped,
    }
    "outbox" Recipient "recipient", Messages Account {
        id Text Dropped, key Text Dropped, kind Text Dropped, recipient Text Dropped,
        body Text Dropped, created_at Instant Dropped, due_at Instant Dropped,
        attempts Number Dropped, claimed_by Text Dropped, claimed_until Instant Dropped,
        sent_at Instant Dropped, given_up_at Instant Dropped, fault Text Dropped,
    }
    "throttle" Stranger "key", SigningIn Days {
        key Text Kept, failures Number Kept, last_failure Instant Kept,
    }
};

/// Tables with nothing of anybody: of institutions, places and the program itself.
pub const IMPERSONAL: &[&str] = &[
    "audit_seal",
    "complete_record",
    "consortium",
    "establishment",
    "frozen",
    "holiday_notice",
    "institution",
    "institution_profile",
    "lease",
    "pay_total",
    "place",
    "place_profile",
    "planned_posts",
    "policy_adoption",
    "post_plan",
    "recruitment",
    "recruitment_post",
    "reminder_mark",
    "round",
    "round_criterion",
    "round_offer",
    "rule_handling",
    "schedule",
    "setting",
    "succession",
    "team",
    "webhook",
];
