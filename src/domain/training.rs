//! Training of staff: what was learnt, for how long, and what proves it.

use super::label::labelled;
use super::sound::{in_order, sound};
use super::time::Date;

labelled! {
    /// Kind of training.
    pub enum TrainingKind {
        Residency = "规培" / "residency",
        Transfer = "转岗" / "transfer",
        Post = "岗位" / "post",
        AssistantGp = "助理全科" / "assistant_gp",
        EssentialMedicines = "基本药物" / "essential_medicines",
        Capacity = "能力提升" / "capacity",
        Continuing = "继续教育" / "continuing",
    }
}

/// One training of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Training {
    pub kind: TrainingKind,
    pub started: Option<Date>,
    pub ended: Option<Date>,
    /// Class hours.
    pub hours: Option<u32>,
    pub provider: Option<String>,
    /// Number of the certificate.
    pub certificate: Option<String>,
}

/// Training that somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Required {
    pub kind: TrainingKind,
    /// Class hours, added up; `None` = one that was finished is enough.
    pub hours: Option<u32>,
    /// What ended before does not count.
    pub since: Option<Date>,
}

impl Required {
    /// What is recorded of it by a day: class hours, or `None` where it is met. What has no
    /// day at all counts, what is still under way does not.
    pub fn owed<'a>(
        &self,
        trainings: impl IntoIterator<Item = &'a Training>,
        by: Date,
    ) -> Option<u32> {
        let counts = |one: &&Training| {
            let finished = match one.ended {
                Some(ended) => ended <= by && self.since.is_none_or(|since| since <= ended),
                None => one.started.is_none(),
            };
            one.kind == self.kind && finished
        };
        let own = trainings.into_iter().filter(counts);
        let (mut found, mut done) = (false, 0u32);
        for one in own {
            found = true;
            done = done.saturating_add(one.hours.unwrap_or(0));
        }
        let met = match self.hours {
            Some(hours) => done >= hours,
            None => found,
        };
        (!met).then_some(done)
    }
}

sound! { Training { kind, started, ended, hours, provider, certificate } where |one, out| {
    in_order("ended", one.started, one.ended, out);
}}

#[cfg(test)]
mod tests {
    use super::*;

    fn training(hours: Option<u32>, started: Option<&str>, ended: Option<&str>) -> Training {
        let day = |text: &str| text.parse().unwrap();
        Training {
            kind: TrainingKind::Continuing,
            started: started.map(day),
            ended: ended.map(day),
            hours,
            provider: None,
            certificate: None,
        }
    }

    #[test]
    fn what_is_owed() {
        let by = "2026-12-01".parse().unwrap();
        let mut required = Required {
            kind: TrainingKind::Continuing,
            hours: Some(90),
            since: Some("2026-01-01".parse().unwrap()),
        };
        let own = [
            training(Some(40), None, Some("2026-12-01")),
            training(Some(40), None, Some("2025-12-31")),
            training(Some(40), None, Some("2026-12-02")),
            training(Some(30), Some("2026-11-01"), None),
            training(None, None, Some("2026-05-01")),
        ];
        assert_eq!(required.owed(&own, by), Some(40));
        assert_eq!(required.owed(&[], by), Some(0));
        required.hours = Some(40);
        assert_eq!(required.owed(&own, by), None);
        required.hours = None;
        assert_eq!(required.owed(&own[4..], by), None);
        assert_eq!(required.owed(&own[1..4], by), Some(0));
        // no day is recorded: it counts
        assert_eq!(required.owed(&[training(None, None, None)], by), None);
        required.kind = TrainingKind::Capacity;
        assert_eq!(required.owed(&own, by), Some(0));
    }
}
