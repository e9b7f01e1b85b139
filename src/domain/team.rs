//! Family-doctor teams (家庭医生团队).

use super::ids::AreaCode;
use super::institution::Institution;
use super::record::Id;
use super::sound::sound;

/// One team of an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    pub name: String,
    pub area: Option<AreaCode>,
    /// Residents who have signed with it.
    pub residents: Option<u32>,
}

/// A person's place in a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub institution: Id<Institution>,
    /// The slot of the team among those of the institution.
    pub team: String,
    pub leads: bool,
}

sound! { Team { name, area, residents <= 1_000_000 } }
sound! { Membership { institution, team <= 50, leads } }
