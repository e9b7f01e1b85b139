//! States, moves, and what may follow what: the one table of the state machine.

use crate::domain::label::labelled;
use crate::domain::rights::Office;

labelled! {
    /// Where an application stands.
    pub enum State {
        Draft = "草稿" / "draft",
        /// Handed in; the institution has not taken it up.
        Submitted = "已提交" / "submitted",
        InstitutionReview = "单位审核" / "institution_review",
        /// The institution recommends; the place is kept.
        Recommended = "已推荐" / "recommended",
        Notice = "公示中" / "notice",
        /// With the authority whose turn it is on the route.
        Review = "部门审核" / "review",
        /// Decided, takes effect on a later day.
        Approved = "已批准" / "approved",
        /// Decided by a consortium and filed: the county may object.
        Filed = "备案中" / "filed",
        Effective = "已生效" / "effective",
        Rejected = "不予通过" / "rejected",
        Withdrawn = "已撤回" / "withdrawn",
        Lapsed = "已失效" / "lapsed",
        /// A wrong decision was taken back.
        Revoked = "已撤销" / "revoked",
    }
}

labelled! {
    /// What can be done to an application.
    pub enum Move {
        Edit = "修改" / "edit",
        Attach = "上传附件" / "attach",
        Comment = "留言" / "comment",
        Submit = "提交" / "submit",
        Take = "受理" / "take",
        /// The institution gives it back.
        Decline = "单位退回" / "decline",
        Recommend = "推荐" / "recommend",
        Publish = "发布公示" / "publish",
        Object = "提出异议" / "object",
        Resolve = "处理异议" / "resolve",
        Close = "结束公示" / "close",
        Opine = "出具意见" / "opine",
        Approve = "通过" / "approve",
        Return = "退回补正" / "return",
        Reject = "不予通过" / "reject",
        Withdraw = "撤回" / "withdraw",
        Lapse = "失效" / "lapse",
        TakeEffect = "生效" / "take_effect",
        ObjectToFiled = "对备案提出异议" / "object_to_filed",
        Revoke = "撤销" / "revoke",
    }
}

/// Who has an application now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Applicant,
    Institution,
    /// The authority, or the consortium, whose turn it is.
    Office(Office),
    /// It waits for a day.
    Clock,
    Nobody,
}

impl State {
    /// Whether nothing was decided yet.
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Draft
                | Self::Submitted
                | Self::InstitutionReview
                | Self::Recommended
                | Self::Notice
                | Self::Review
        )
    }

    /// Whether a decision stands.
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Approved | Self::Filed | Self::Effective)
    }
}

/// The states that a move may lead to; none = it is not its turn. A move that changes
/// nothing but what stands in the file leads to the state it is made in.
pub const fn next(state: State, made: Move) -> &'static [State] {
    use State as S;
    match made {
        Move::Edit => match state {
            S::Draft => &[S::Draft],
            _ => &[],
        },
        Move::Attach => match state {
            S::Draft => &[S::Draft],
            S::InstitutionReview => &[S::InstitutionReview],
            _ => &[],
        },
        Move::Comment => comment(state),
        Move::Submit => match state {
            S::Draft => &[S::Submitted],
            _ => &[],
        },
        Move::Take => match state {
            S::Submitted => &[S::InstitutionReview],
            _ => &[],
        },
        Move::Decline => match state {
            S::InstitutionReview | S::Recommended => &[S::Draft],
            _ => &[],
        },
        Move::Recommend => match state {
            S::InstitutionReview => &[S::Recommended, S::Review],
            _ => &[],
        },
        Move::Publish => match state {
            S::Recommended => &[S::Notice],
            _ => &[],
        },
        Move::Object => match state {
            S::Notice => &[S::Notice],
            _ => &[],
        },
        Move::Resolve => match state {
            S::Notice => &[S::Notice, S::InstitutionReview],
            _ => &[],
        },
        Move::Close => match state {
            S::Notice => &[S::Review],
            _ => &[],
        },
        Move::Opine => match state {
            S::Review => &[S::Review],
            _ => &[],
        },
        Move::Approve => match state {
            S::Review => &[S::Review, S::Approved, S::Filed, S::Effective],
            _ => &[],
        },
        Move::Return => match state {
            S::Review => &[S::Draft, S::InstitutionReview, S::Review],
            _ => &[],
        },
        Move::Reject => match state {
            S::Review => &[S::Rejected],
            _ => &[],
        },
        Move::Withdraw if state.is_open() => &[S::Withdrawn],
        Move::Lapse if state.is_open() => &[S::Lapsed],
        Move::Withdraw | Move::Lapse => &[],
        Move::TakeEffect => match state {
            S::Approved | S::Filed => &[S::Effective],
            _ => &[],
        },
        Move::ObjectToFiled => match state {
            S::Filed => &[S::Review],
            _ => &[],
        },
        Move::Revoke => match state {
            S::Approved | S::Filed | S::Effective => &[S::Revoked],
            _ => &[],
        },
    }
}

/// Words may be left on whatever is not over for good.
const fn comment(state: State) -> &'static [State] {
    use State as S;
    match state {
        S::Draft => &[S::Draft],
        S::Submitted => &[S::Submitted],
        S::InstitutionReview => &[S::InstitutionReview],
        S::Recommended => &[S::Recommended],
        S::Notice => &[S::Notice],
        S::Review => &[S::Review],
        S::Approved => &[S::Approved],
        S::Filed => &[S::Filed],
        S::Effective => &[S::Effective],
        S::Rejected | S::Withdrawn | S::Lapsed | S::Revoked => &[],
    }
}
