//! The audit trail: who did what to what, when and why; and the chain that shows tampering.
//!
//! Every event carries a hash of its own, written in the transaction that it tells about.
//! Shortly after, one sealer at a time joins events into a chain: each seal is the hash of
//! the seal before, its number and the event's hash. [`Verifier`] recomputes all of it.
//!
//! What an event says in detail (before, after, reason) enters its hash only through a
//! salted digest. So personal data can be erased where the law asks for it while the chain
//! still verifies; what was erased shows, and the erasing is an event itself.

use super::change::Change;
use super::ids::AreaCode;
use super::label::labelled;
use super::record::Id;
use super::record_id::{AccountId, EventId, InstitutionId};
use super::rights::{Action, Actor, Channel};
use super::time::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};
use std::str::FromStr;

/// A SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuditHash([u8; 32]);

impl AuditHash {
    /// The hash with those bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for AuditHash {
    /// 64 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for AuditHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for AuditHash {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NotAHead);
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            let pair = text.get(at * 2..at * 2 + 2).ok_or(NotAHead)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotAHead)?;
        }
        Ok(Self(bytes))
    }
}

labelled! {
    /// What happens without a right being asked for.
    pub enum Occurrence {
        SignedIn = "登录" / "sign_in.done",
        SignInFailed = "登录失败" / "sign_in.failed",
        LockedOut = "多次失败后锁定" / "sign_in.locked_out",
        RecoveryCodeUsed = "使用恢复码" / "sign_in.recovery_code",
        SignedOut = "退出" / "sign_out",
        CapacityChosen = "选择身份" / "sign_in.capacity",
        SetUp = "启用账号" / "account.set_up",
        Migrated = "升级数据库" / "database.migrated",
        Restored = "恢复备份" / "database.restored",
        Scheduled = "定时任务" / "job.run",
        Sent = "发送提醒" / "mail.sent",
    }
}

labelled! {
    /// Who an event is from.
    pub enum Source {
        Session = "登录用户" / "session",
        Token = "令牌" / "token",
        /// Somebody at the machine's command line.
        Command = "命令行" / "command",
        /// The schedule.
        Clock = "定时" / "clock",
        /// Nobody yet: an attempt to sign in.
        Stranger = "未登录" / "stranger",
    }
}

/// Who did it. Names and roles are copied: they must stay as they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub source: Source,
    pub account: Option<AccountId>,
    pub name: String,
    /// Key of the office; empty where nobody acted in one.
    pub office: String,
}

impl Who {
    /// Somebody with rights.
    pub fn actor(actor: &Actor) -> Self {
        Self {
            source: match actor.channel {
                Channel::Session(_) => Source::Session,
                Channel::Token { .. } => Source::Token,
                Channel::Command => Source::Command,
            },
            account: actor.own_account(),
            name: actor.name.clone(),
            office: actor.capacity.office().key().to_owned(),
        }
    }

    /// The schedule, the command line, or somebody who could not sign in.
    pub fn other(source: Source, name: impl Into<String>) -> Self {
        Self {
            source,
            account: None,
            name: name.into(),
            office: String::new(),
        }
    }
}

/// What it was done to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Kind of record, such as `person`.
    pub noun: String,
    /// Its key.
    pub id: String,
    /// Where it lay then, for narrowing what an auditor sees.
    pub area: Option<AreaCode>,
    pub institution: Option<InstitutionId>,
}

/// What is said in detail. Never a whole identity number or telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Random, so that what was erased cannot be found again by trying.
    pub salt: [u8; 16],
    /// Canonical JSON of the record before; None when there was none.
    pub before: Option<String>,
    /// Canonical JSON of the record after.
    pub after: Option<String>,
    /// Why, in the words of whoever did it.
    pub reason: Option<String>,
}

impl Detail {
    /// The detail of a change.
    pub fn new(
        salt: [u8; 16],
        before: Option<&Value>,
        after: Option<&Value>,
        reason: Option<&str>,
    ) -> Self {
        Self {
            salt,
            before: before.map(canonical_json),
            after: after.map(canonical_json),
            reason: reason.map(str::to_owned),
        }
    }

    /// Its digest, which stays when it is erased.
    pub fn digest(&self) -> AuditHash {
        let mut bytes = Bytes::new("dinggang audit detail 1");
        bytes.put(&self.salt);
        bytes.put_text(self.before.as_deref());
        bytes.put_text(self.after.as_deref());
        bytes.put_text(self.reason.as_deref());
        bytes.hash()
    }
}

/// An event of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    pub at: Timestamp,
    /// The change that altered records; `None` = nothing recorded was altered.
    pub change: Option<Id<Change>>,
    pub who: Who,
    /// Key of an [`Action`] or an [`Occurrence`]. Text, so that events outlive the words of
    /// a version.
    pub what: String,
    pub about: About,
    pub detail_digest: AuditHash,
    /// None when it was erased.
    pub detail: Option<Detail>,
}

/// What an event tells, before it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Action(Action),
    Occurrence(Occurrence),
}

impl What {
    /// The key that is kept.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Action(action) => action.key(),
            Self::Occurrence(occurrence) => occurrence.key(),
        }
    }
}

impl Event {
    /// A new event.
    pub fn new(
        id: EventId,
        at: Timestamp,
        who: Who,
        what: &What,
        about: About,
        detail: Detail,
    ) -> Self {
        Self {
            id,
            at,
            change: None,
            who,
            what: what.key().to_owned(),
            about,
            detail_digest: detail.digest(),
            detail: Some(detail),
        }
    }

    /// The event of a change that altered records.
    #[must_use]
    pub fn of_change(mut self, change: Id<Change>) -> Self {
        self.change = Some(change);
        self
    }

    /// The bytes that are hashed: every field with its length before it, so that no two
    /// events have the same.
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = Bytes::new("dinggang audit event 1");
        bytes.put(self.id.bytes());
        bytes.put(&self.at.micros().to_be_bytes());
        let change = self.change.map(|id| id.to_string());
        bytes.put_text(change.as_deref());
        bytes.put(self.who.source.key().as_bytes());
        let account = self.who.account.map(|id| id.to_string());
        bytes.put_text(account.as_deref());
        bytes.put(self.who.name.as_bytes());
        bytes.put(self.who.office.as_bytes());
        bytes.put(self.what.as_bytes());
        bytes.put(self.about.noun.as_bytes());
        bytes.put(self.about.id.as_bytes());
        let area = self.about.area.map(|code| code.to_string());
        bytes.put_text(area.as_deref());
        let institution = self.about.institution.map(|id| id.to_string());
        bytes.put_text(institution.as_deref());
        bytes.put(self.detail_digest.bytes());
        bytes.0
    }

    /// The hash that is written with it.
    pub fn hash(&self) -> AuditHash {
        AuditHash(Sha256::digest(self.canonical()).into())
    }

    /// The event without its detail.
    #[must_use]
    pub fn erased(mut self) -> Self {
        self.detail = None;
        self
    }
}

/// Bytes to be hashed: a name of what they are, then fields with their lengths.
struct Bytes(Vec<u8>);

/// The length of a field that is not there.
const ABSENT: u64 = u64::MAX;

impl Bytes {
    fn new(name: &str) -> Self {
        let mut bytes = Self(Vec::new());
        bytes.put(name.as_bytes());
        bytes
    }

    fn put(&mut self, field: &[u8]) {
        self.0.extend((field.len() as u64).to_be_bytes());
        self.0.extend(field);
    }

    fn put_text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.put(text.as_bytes()),
            None => self.0.extend(ABSENT.to_be_bytes()),
        }
    }

    fn hash(self) -> AuditHash {
        AuditHash(Sha256::digest(self.0).into())
    }
}

/// JSON with the members of objects in the order of their names and no space: one writing
/// for one value, whatever order a library keeps.
pub fn canonical_json(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            write_list(out, ['{', '}'], members, |out, (name, value)| {
                // writing to a string does not fail
                let _ = write!(out, "{}:", Value::from(name.as_str()));
                write_json(value, out);
            });
        }
        Value::Array(items) => write_list(out, ['[', ']'], items, |out, item| {
            write_json(item, out);
        }),
        simple => {
            let _ = write!(out, "{simple}");
        }
    }
}

fn write_list<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    write: impl Fn(&mut String, T),
) {
    out.push(open);
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(close);
}

/// How far the chain goes, and its last hash: what is exported and kept elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Head {
    /// Number of the last sealed event, from 1; 0 for an empty chain.
    pub sequence: u64,
    pub hash: AuditHash,
}

/// The text is not a head such as `17:9f86d0…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAHead;

impl Head {
    /// The chain before its first event.
    pub const START: Self = Self {
        sequence: 0,
        hash: AuditHash([0; 32]),
    };

    /// The chain with one event more.
    #[must_use]
    pub fn seal(self, event: &AuditHash) -> Self {
        let sequence = self.sequence.saturating_add(1);
        let mut bytes = Bytes::new("dinggang audit seal 1");
        bytes.put(self.hash.bytes());
        bytes.put(&sequence.to_be_bytes());
        bytes.put(event.bytes());
        Self {
            sequence,
            hash: bytes.hash(),
        }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sequence, self.hash)
    }
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Head {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (sequence, hash) = text.trim().split_once(':').ok_or(NotAHead)?;
        Ok(Self {
            sequence: sequence.parse().map_err(|_| NotAHead)?,
            hash: hash.parse()?,
        })
    }
}

/// An event as it was read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub event: Event,
    /// The hash that was written with it.
    pub hash: AuditHash,
    /// Its place in the chain; None before the sealer came.
    pub seal: Option<Head>,
}

/// Where and how the trail was tampered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tampered {
    /// Number in the chain: of the event, or of the first one that is missing.
    pub at: u64,
    /// The event that stands there, if any does.
    pub event: Option<EventId>,
    pub kind: Tampering,
}

/// Kinds of tampering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tampering {
    /// The event does not have the hash that was written with it.
    Edited,
    /// What it says in detail is not what it said.
    DetailEdited,
    /// Events are missing here, up to the number before `next`.
    Deleted { next: u64 },
    /// Its number was given before: inserted, or renumbered.
    Repeated,
    /// Its seal does not follow from the one before: moved, replaced, or sealed anew.
    Broken,
    /// The chain ends before a head that was exported.
    Truncated { exported: u64 },
    /// The chain has another hash than a head that was exported.
    Rewritten,
}

impl Tampering {
    /// The word for programs.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::DetailEdited => "detail_edited",
            Self::Deleted { .. } => "deleted",
            Self::Repeated => "repeated",
            Self::Broken => "broken",
            Self::Truncated { .. } => "truncated",
            Self::Rewritten => "rewritten",
        }
    }
}

/// A trail that nobody tampered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub head: Head,
    /// Events that no seal protects yet: those of the last second, or the sealer stands.
    pub unsealed: Vec<EventId>,
    /// Events whose detail was erased. Each has to be named by an event that erased it.
    pub erased: Vec<EventId>,
}

/// Recomputes the chain while entries are read: sealed ones by number, then the others.
#[derive(Debug)]
pub struct Verifier {
    /// Heads that were exported, last first.
    exported: Vec<Head>,
    verified: Verified,
}

impl Verifier {
    /// A verifier that also holds the chain against heads that were exported.
    pub fn new(exported: impl IntoIterator<Item = Head>) -> Self {
        let mut exported: Vec<Head> = exported.into_iter().collect();
        exported.sort_unstable_by_key(|head| std::cmp::Reverse(head.sequence));
        Self {
            exported,
            verified: Verified {
                head: Head::START,
                unsealed: Vec::new(),
                erased: Vec::new(),
            },
        }
    }

    /// Takes the next entry.
    pub fn take(&mut self, entry: &Entry) -> Result<(), Tampered> {
        let expected = self.verified.head.sequence.saturating_add(1);
        let tampered = |at, kind| Tampered {
            at,
            event: Some(entry.event.id),
            kind,
        };
        let at = entry.seal.map_or(expected, |seal| seal.sequence);
        own_fault(entry).map_or(Ok(()), |kind| Err(tampered(at, kind)))?;
        match entry.seal {
            None => self.verified.unsealed.push(entry.event.id),
            Some(seal) => {
                seal_fault(self.verified.head, entry, seal)
                    .map_or(Ok(()), |(at, kind)| Err(tampered(at, kind)))?;
                self.verified.head = seal;
                self.compare_with_exported(entry.event.id)?;
            }
        }
        if entry.event.detail.is_none() {
            self.verified.erased.push(entry.event.id);
        }
        Ok(())
    }

    fn compare_with_exported(&mut self, event: EventId) -> Result<(), Tampered> {
        let head = self.verified.head;
        while let Some(exported) = self.exported.pop_if(|e| e.sequence <= head.sequence) {
            // heads before this one were compared when the chain was there; 0 is no event
            if exported.sequence == head.sequence && exported.hash != head.hash {
                return Err(Tampered {
                    at: head.sequence,
                    event: Some(event),
                    kind: Tampering::Rewritten,
                });
            }
        }
        Ok(())
    }

    /// All entries were taken.
    pub fn finish(self) -> Result<Verified, Tampered> {
        match self.exported.last() {
            Some(missing) if missing.sequence > 0 => Err(Tampered {
                at: self.verified.head.sequence.saturating_add(1),
                event: None,
                kind: Tampering::Truncated {
                    exported: missing.sequence,
                },
            }),
            _ => Ok(self.verified),
        }
    }
}

/// What is wrong with an event by itself.
fn own_fault(entry: &Entry) -> Option<Tampering> {
    if entry.event.hash() != entry.hash {
        return Some(Tampering::Edited);
    }
    let detail = entry.event.detail.as_ref()?;
    (detail.digest() != entry.event.detail_digest).then_some(Tampering::DetailEdited)
}

/// What is wrong with its place, and at which number.
fn seal_fault(before: Head, entry: &Entry, seal: Head) -> Option<(u64, Tampering)> {
    let expected = before.seal(&entry.hash);
    if seal.sequence < expected.sequence {
        Some((seal.sequence, Tampering::Repeated))
    } else if seal.sequence > expected.sequence {
        let next = seal.sequence;
        Some((expected.sequence, Tampering::Deleted { next }))
    } else {
        (seal != expected).then_some((seal.sequence, Tampering::Broken))
    }
}

/// Verifies a whole trail: sealed entries in the order of their numbers, then the others.
pub fn verify<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    exported: impl IntoIterator<Item = Head>,
) -> Result<Verified, Tampered> {
    let mut verifier = Verifier::new(exported);
    for entry in entries {
        verifier.take(entry)?;
    }
    verifier.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn event(n: u8) -> Event {
        let after = json!({ "name": "王丽", "level": n });
        Event::new(
            EventId::new(NOW, [n; 10]),
            NOW,
            Who::other(Source::Clock, "提醒"),
            &What::Action(Action::EditPerson),
            About {
                noun: "person".to_owned(),
                id: format!("p{n}"),
                ..About::default()
            },
            Detail::new([n; 16], None, Some(&after), Some("依据聘任文件")),
        )
    }

    /// A trail of `sealed` events and `unsealed` ones behind them.
    fn trail(sealed: u8, unsealed: u8) -> Vec<Entry> {
        let mut head = Head::START;
        let entry = |n| {
            let event = event(n);
            let hash = event.hash();
            let seal = (n < sealed).then(|| {
                head = head.seal(&hash);
                head
            });
            Entry { event, hash, seal }
        };
        (0..sealed + unsealed).map(entry).collect()
    }

    fn found(entries: &[Entry], exported: Option<Head>) -> Option<(u64, Tampering)> {
        let tampered = verify(entries, exported).err()?;
        Some((tampered.at, tampered.kind))
    }

    #[test]
    fn a_whole_trail() {
        let trail = trail(5, 2);
        let verified = verify(&trail, None).expect("whole");
        assert_eq!(Some(verified.head), trail[4].seal);
        assert_eq!(verified.unsealed, [trail[5].event.id, trail[6].event.id]);
        let again = verify(&trail, [Head::START, verified.head]);
        assert_eq!(again, Ok(verified.clone()));
        assert_eq!(verified.head.to_string().parse(), Ok(verified.head));
    }

    #[test]
    fn what_was_erased_shows_and_the_chain_holds() {
        let mut trail = trail(3, 0);
        trail[1].event = trail[1].event.clone().erased();
        let verified = verify(&trail, trail[2].seal).expect("whole");
        assert_eq!(verified.erased, [trail[1].event.id]);
    }

    #[test]
    fn each_kind_of_tampering_is_named() {
        let whole = trail(5, 1);
        let head = whole[4].seal;
        let with = |change: fn(&mut Vec<Entry>)| {
            let mut trail = whole.clone();
            change(&mut trail);
            found(&trail, head)
        };
        assert_eq!(
            with(|t| t[2].event.who.name.push('x')),
            Some((3, Tampering::Edited))
        );
        let detail = with(|t| t[2].event.detail = event(9).detail);
        assert_eq!(detail, Some((3, Tampering::DetailEdited)));
        let deleted = Some((2, Tampering::Deleted { next: 4 }));
        assert_eq!(with(|t| drop(t.drain(1..3))), deleted);
        let truncated = Some((4, Tampering::Truncated { exported: 5 }));
        assert_eq!(with(|t| t.truncate(3)), truncated);
        assert_eq!(
            with(|t| t[4].seal = None),
            Some((5, Tampering::Truncated { exported: 5 }))
        );
        assert_eq!(
            with(|t| t.insert(2, t[1].clone())),
            Some((2, Tampering::Repeated))
        );
        let moved = with(|t| {
            let seals = (t[1].seal, t[2].seal);
            t.swap(1, 2);
            (t[1].seal, t[2].seal) = seals;
        });
        assert_eq!(moved, Some((2, Tampering::Broken)));
    }

    #[test]
    fn a_chain_sealed_anew_differs_from_what_was_exported() {
        let exported = trail(5, 0)[4].seal;
        let mut head = Head::START;
        let forged: Vec<Entry> = (0..6)
            .map(|n| {
                let event = event(n + 10);
                let hash = event.hash();
                head = head.seal(&hash);
                let seal = Some(head);
                Entry { event, hash, seal }
            })
            .collect();
        assert_eq!(found(&forged, None), None);
        assert_eq!(found(&forged, exported), Some((5, Tampering::Rewritten)));
    }

    #[test]
    fn json_is_written_one_way() {
        let value = json!({ "b": [1, null, "引\"号"], "a": { "z": true, "y": -3 } });
        let text = r#"{"a":{"y":-3,"z":true},"b":[1,null,"引\"号"]}"#;
        assert_eq!(canonical_json(&value), text);
    }

    /// Fixed for ever: a later version must verify what this one wrote.
    #[test]
    fn the_hashes_are_these() {
        let hash = event(1).hash();
        assert_eq!(hash.to_string(), EVENT_HASH);
        assert_eq!(Head::START.seal(&hash).to_string(), SEALED);
    }

    const EVENT_HASH: &str = "b928d8e9b2b2aab637420187373b5528ea10957631fdc39d0fcc882ed36174c5";
    const SEALED: &str = "1:67c3aa083c0f19a5891e872da70dee0d139aa4c4df3ba4231dc94f3fe9893b3d";

    /// One way to spoil a trail.
    #[derive(Clone, Debug)]
    enum Spoil {
        Delete(usize),
        Truncate(usize),
        Swap(usize, usize),
        Name(usize, String),
        What(usize, String),
        At(usize, i64),
        Reason(usize, Option<String>),
        Digest(usize, [u8; 32]),
        Hash(usize, [u8; 32]),
        Seal(usize, u64, [u8; 32]),
    }

    fn any_spoil(n: usize) -> impl Strategy<Value = Spoil> {
        let bytes = any::<[u8; 32]>();
        prop_oneof![
            (0..n).prop_map(Spoil::Delete),
            (0..n).prop_map(Spoil::Truncate),
            (0..n, 0..n).prop_map(|(a, b)| Spoil::Swap(a, b)),
            (0..n, ".{0,8}").prop_map(|(at, text)| Spoil::Name(at, text)),
            (0..n, "[a-z.]{0,8}").prop_map(|(at, text)| Spoil::What(at, text)),
            (0..n, any::<i64>()).prop_map(|(at, micros)| Spoil::At(at, micros)),
            (0..n, proptest::option::of(".{0,8}")).prop_map(|(at, text)| Spoil::Reason(at, text)),
            (0..n, bytes).prop_map(|(at, hash)| Spoil::Digest(at, hash)),
            (0..n, bytes).prop_map(|(at, hash)| Spoil::Hash(at, hash)),
            (0..n, 0..12u64, bytes).prop_map(|(at, number, hash)| Spoil::Seal(at, number, hash)),
        ]
    }

    fn apply(spoil: &Spoil, trail: &mut Vec<Entry>) {
        match spoil.clone() {
            Spoil::Delete(at) => drop(trail.remove(at)),
            Spoil::Truncate(at) => trail.truncate(at),
            Spoil::Swap(a, b) => {
                let seals: Vec<_> = trail.iter().map(|entry| entry.seal).collect();
                trail.swap(a, b);
                for (entry, seal) in trail.iter_mut().zip(seals) {
                    entry.seal = seal;
                }
            }
            Spoil::Name(at, name) => trail[at].event.who.name = name,
            Spoil::What(at, what) => trail[at].event.what = what,
            Spoil::At(at, micros) => trail[at].event.at = Timestamp::from_micros(micros),
            Spoil::Reason(at, reason) => {
                if let Some(detail) = &mut trail[at].event.detail {
                    detail.reason = reason;
                }
            }
            Spoil::Digest(at, hash) => trail[at].event.detail_digest = AuditHash(hash),
            Spoil::Hash(at, hash) => trail[at].hash = AuditHash(hash),
            Spoil::Seal(at, sequence, hash) => {
                let hash = AuditHash(hash);
                trail[at].seal = Some(Head { sequence, hash });
            }
        }
    }

    proptest! {
        /// Whatever is done to sealed events, and however often, is found.
        #[test]
        fn tampering_is_found(spoils in proptest::collection::vec(any_spoil(8), 1..3)) {
            let whole = trail(8, 0);
            let mut spoilt = whole.clone();
            for spoil in &spoils {
                if spoilt.len() == whole.len() {
                    apply(spoil, &mut spoilt);
                }
            }
            // a database gives them by number
            spoilt.sort_by_key(|entry| entry.seal.map_or(u64::MAX, |seal| seal.sequence));
            let verified = verify(&spoilt, whole[7].seal);
            prop_assert_eq!(verified.is_ok(), spoilt == whole, "{:?}", spoils);
        }

        /// The lengths keep fields apart: text never moves from one to its neighbour.
        #[test]
        fn fields_do_not_run_together(name in ".{0,6}", office in ".{0,6}", cut in 0usize..6) {
            let both = format!("{name}{office}");
            prop_assume!(both.is_char_boundary(cut) && cut != name.len());
            let with = |name: &str, office: &str| {
                let mut event = event(1);
                event.who.name = name.to_owned();
                event.who.office = office.to_owned();
                event.hash()
            };
            let (left, right) = both.split_at(cut);
            prop_assert_ne!(with(&name, &office), with(left, right));
        }
    }
}
