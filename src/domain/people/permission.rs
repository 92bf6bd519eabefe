//! Which role may do what: one table, asked by the window before it offers something and by the store before it writes.

use super::Role;
use crate::domain::defect::own;
use crate::domain::event::Fact;
use crate::domain::filing::key as filing_key;
use crate::domain::program::{Desk, Effect, StageKind};
use crate::domain::{Problem, Result};

/// Something a person may or may not do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Enter and change firms, their certificates and yearly figures.
    EnterFirms,
    /// Enter and change filings.
    EnterFilings,
    /// Open, change and close editions.
    OpenEditions,
    /// Record what the applicant did and what the superiors decided.
    Record,
    /// Decide at our own stages: 推荐, 退回, 不推荐; settle decisions in conflict.
    Decide,
    /// Take lists in.
    Import,
    /// Make, order and freeze shortlists.
    Shortlist,
    /// Judge filings by their program's form, or enter what an expert judged; find materials fit or unfit.
    Judge,
    /// Say who is to review which filing.
    Assign,
    /// Keep the office's own phrases.
    KeepPhrases,
    /// Know other machines, make and take in packages.
    Exchange,
    /// Take deeds back; each needs the right to do it as well.
    Undo,
    /// Take lists out as files.
    Export,
    /// See covered personal data in full.
    Reveal,
    /// Read the log.
    ReadLog,
    /// Verify file and journal.
    Verify,
    /// Make the tables anew from the journal.
    Repair,
    /// Erase personal data lawfully.
    Erase,
    /// Make a backup by hand, say how and where backups are kept.
    BackUp,
    /// Put a backup in place of the present.
    Restore,
    /// Change what the office is called and how it works here.
    ChangeOffice,
    /// Add people, give them roles, let them go, reset their passwords.
    ManagePeople,
}

impl Permission {
    /// All of them, daily work first.
    pub const ALL: [Self; 22] = [
        Self::EnterFirms,
        Self::EnterFilings,
        Self::OpenEditions,
        Self::Record,
        Self::Decide,
        Self::Import,
        Self::Shortlist,
        Self::Judge,
        Self::Assign,
        Self::KeepPhrases,
        Self::Exchange,
        Self::Undo,
        Self::Export,
        Self::Reveal,
        Self::ReadLog,
        Self::Verify,
        Self::Repair,
        Self::Erase,
        Self::BackUp,
        Self::Restore,
        Self::ChangeOffice,
        Self::ManagePeople,
    ];

    /// As people say it, after 能 or 不能.
    pub fn words(self) -> &'static str {
        match self {
            Self::EnterFirms => "录入、修改企业",
            Self::EnterFilings => "录入、修改申报",
            Self::OpenEditions => "新增、修改批次",
            Self::Record => "登记申报的进展和结果",
            Self::Decide => "登记本单位的审核决定",
            Self::Import => "导入名单",
            Self::Shortlist => "编排、定稿推荐名单",
            Self::Judge => "评审申报、核对材料",
            Self::Assign => "分派审核人",
            Self::KeepPhrases => "修改补正短语",
            Self::Exchange => "认识电脑、收发审核包",
            Self::Undo => "撤销操作",
            Self::Export => "导出",
            Self::Reveal => "查看隐去的个人信息",
            Self::ReadLog => "查看操作日志",
            Self::Verify => "核验数据",
            Self::Repair => "按流水重建各表",
            Self::Erase => "依法清除个人信息",
            Self::BackUp => "备份",
            Self::Restore => "从备份恢复",
            Self::ChangeOffice => "修改单位设置",
            Self::ManagePeople => "管理人员",
        }
    }

    /// What writing a fact needs; any one of those returned suffices. `None`: the fact follows from a deed that was judged
    /// itself, as the name of an action or a line of the log, or takes others back and is judged by those.
    ///
    /// A move is judged here by its sort only, because where it was made is the program's to say: see [`Permission::of_move`].
    pub fn of_fact(fact: &Fact) -> Option<&'static [Self]> {
        Some(match fact {
            Fact::Taken(_) | Fact::Logged(_) | Fact::Undone(_) => return None,
            Fact::Erased(_) => &[Self::Erase],
            Fact::OfficeChanged(fields) if fields.set.keys().all(|key| key.starts_with(own::PREFIX)) => {
                &[Self::KeepPhrases]
            }
            Fact::OfficeChanged(_) => &[Self::ChangeOffice],
            Fact::UserAdded(_) | Fact::UserChanged(_) => &[Self::ManagePeople],
            Fact::FirmCreated(_) | Fact::FirmChanged(_) => &[Self::EnterFirms],
            Fact::EditionOpened(_) | Fact::EditionChanged(_) => &[Self::OpenEditions],
            Fact::FilingChanged(fields) if hands_over(fields) => &[Self::Judge, Self::EnterFilings],
            Fact::FilingCreated(_) | Fact::FilingChanged(_) | Fact::FilingAttached(_) | Fact::FilingDetached(_) => {
                &[Self::EnterFilings]
            }
            Fact::FilingChecked(_) | Fact::FilingReviewed(_) => &[Self::Judge],
            Fact::FilingAssigned(_) => &[Self::Assign],
            Fact::FilingMoved(_) => &[Self::Record, Self::Decide],
            Fact::FilingResolved(_) => &[Self::Decide],
            Fact::ShortlistMade(_) | Fact::ShortlistChanged(_) | Fact::ShortlistFrozen(_) => &[Self::Shortlist],
            Fact::ImportDone(_) => &[Self::Import],
            Fact::MachineMet(_) | Fact::MachineChanged(_) | Fact::PackageMade(_) | Fact::PackageTaken(_) => {
                &[Self::Exchange]
            }
        })
    }

    /// What a move out of a stage needs: our own judgement is a decision, everything else only has to be written down.
    pub fn of_move(desk: Desk, kind: StageKind, effect: Effect) -> Self {
        let judges = desk == Desk::Ours && matches!(kind, StageKind::Review | StageKind::Decision);
        match effect {
            Effect::Pass | Effect::Return | Effect::Decline | Effect::Fail | Effect::Hold | Effect::Enter if judges => {
                Self::Decide
            }
            _ => Self::Record,
        }
    }
}

/// Whether it only says on whose desk a filing lies now: whoever judges may pass it on.
fn hands_over(fields: &crate::domain::event::Fields) -> bool {
    fields.set.keys().all(|key| [filing_key::OFFICER, filing_key::HANDOVER].contains(&key.as_str()))
}

/// The table: whether one role alone is enough.
fn grants(role: Role, permission: Permission, supervisor_decides: bool) -> bool {
    use Permission as P;
    match role {
        Role::Officer => match permission {
            P::Decide => !supervisor_decides,
            P::EnterFirms
            | P::EnterFilings
            | P::OpenEditions
            | P::Record
            | P::Import
            | P::Shortlist
            | P::Judge
            | P::Assign
            | P::KeepPhrases
            | P::Exchange
            | P::Undo
            | P::Export
            | P::Reveal
            | P::ReadLog
            | P::Verify => true,
            P::Repair | P::Erase | P::BackUp | P::Restore | P::ChangeOffice | P::ManagePeople => false,
        },
        Role::Supervisor => {
            matches!(
                permission,
                P::Decide
                    | P::Judge
                    | P::Assign
                    | P::KeepPhrases
                    | P::Exchange
                    | P::Undo
                    | P::Export
                    | P::Reveal
                    | P::ReadLog
                    | P::Verify
            )
        }
        Role::Administrator => matches!(
            permission,
            P::KeepPhrases
                | P::Exchange
                | P::Undo
                | P::ReadLog
                | P::Verify
                | P::Repair
                | P::Erase
                | P::BackUp
                | P::Restore
                | P::ChangeOffice
                | P::ManagePeople
        ),
        Role::Auditor => matches!(permission, P::Export | P::Reveal | P::ReadLog | P::Verify),
    }
}

/// What somebody may do: their roles together, under the office's own rule on who decides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rights {
    roles: Vec<Role>,
    supervisor_decides: bool,
    /// Nobody works here yet, so there is nobody to be kept from anything: an office is being founded.
    founding: bool,
}

impl Rights {
    /// Of somebody who works here. Whoever left has no roles, and so no rights.
    pub fn of(roles: &[Role], active: bool, supervisor_decides: bool) -> Self {
        Self { roles: if active { roles.to_vec() } else { Vec::new() }, supervisor_decides, founding: false }
    }

    /// Of whoever founds an office.
    pub fn founding() -> Self {
        Self { founding: true, ..Self::default() }
    }

    /// Whether it is allowed.
    pub fn has(&self, permission: Permission) -> bool {
        self.founding || self.roles.iter().any(|role| grants(*role, permission, self.supervisor_decides))
    }

    /// Allowed, or why not and who else may.
    ///
    /// # Errors
    /// Refused, in words for whoever asked.
    pub fn may(&self, permission: Permission) -> Result<()> {
        self.may_any(&[permission])
    }

    /// The same where one of several suffices; the first is what is spoken of.
    ///
    /// # Errors
    /// As [`Rights::may`].
    pub fn may_any(&self, permissions: &[Permission]) -> Result<()> {
        let Some(first) = permissions.first().filter(|_| !permissions.iter().any(|one| self.has(*one))) else {
            return Ok(());
        };
        let who: Vec<&str> = Role::ALL
            .into_iter()
            .filter(|role| grants(*role, *first, self.supervisor_decides))
            .map(Role::label)
            .collect();
        let own: Vec<&str> = self.roles.iter().map(|role| role.label()).collect();
        let says = match own.as_slice() {
            [] => format!("没有在用的身份，不能{}。", first.words()),
            own => format!("{}不能{}。", own.join("、"), first.words()),
        };
        Err(Problem::refused(says)
            .next(format!("能做这一步的身份：{}；需要时请管理员在 设置 › 单位 › 人员 里调整。", who.join("、"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Permission as P;

    /// The table as it is promised, written down a second time on purpose: officer, supervisor, administrator, auditor.
    const PROMISED: [(P, [bool; 4]); 22] = {
        const Y: bool = true;
        const N: bool = false;
        [
            (P::EnterFirms, [Y, N, N, N]),
            (P::EnterFilings, [Y, N, N, N]),
            (P::OpenEditions, [Y, N, N, N]),
            (P::Record, [Y, N, N, N]),
            (P::Decide, [Y, Y, N, N]),
            (P::Import, [Y, N, N, N]),
            (P::Shortlist, [Y, N, N, N]),
            (P::Judge, [Y, Y, N, N]),
            (P::Assign, [Y, Y, N, N]),
            (P::KeepPhrases, [Y, Y, Y, N]),
            (P::Exchange, [Y, Y, Y, N]),
            (P::Undo, [Y, Y, Y, N]),
            (P::Export, [Y, Y, N, Y]),
            (P::Reveal, [Y, Y, N, Y]),
            (P::ReadLog, [Y, Y, Y, Y]),
            (P::Verify, [Y, Y, Y, Y]),
            (P::Repair, [N, N, Y, N]),
            (P::Erase, [N, N, Y, N]),
            (P::BackUp, [N, N, Y, N]),
            (P::Restore, [N, N, Y, N]),
            (P::ChangeOffice, [N, N, Y, N]),
            (P::ManagePeople, [N, N, Y, N]),
        ]
    };

    #[test]
    fn every_role_may_what_the_table_promises_and_nothing_else() {
        assert_eq!(PROMISED.map(|(permission, _)| permission), P::ALL, "every permission stands in the table");
        for (permission, promised) in PROMISED {
            for (role, may) in Role::ALL.into_iter().zip(promised) {
                let rights = Rights::of(&[role], true, false);
                assert_eq!(rights.may(permission).is_ok(), may, "{role:?} {permission:?}");
                // Where the supervisor alone decides, only the officer's deciding goes.
                let strict = Rights::of(&[role], true, true);
                let stays = may && !(role == Role::Officer && permission == P::Decide);
                assert_eq!(strict.may(permission).is_ok(), stays, "{role:?} {permission:?}");
                assert!(
                    Rights::of(&[role], false, false).may(permission).is_err(),
                    "somebody who left: {permission:?}"
                );
            }
            assert!(Rights::of(&[], true, false).may(permission).is_err(), "without a role: {permission:?}");
            assert!(Rights::founding().may(permission).is_ok());
        }
    }

    #[test]
    fn several_roles_together_may_what_any_of_them_may() {
        for (one, other) in [(0, 1), (0, 2), (1, 2), (2, 3), (0, 3)] {
            let rights = Rights::of(&[Role::ALL[one], Role::ALL[other]], true, false);
            for (permission, promised) in PROMISED {
                assert_eq!(rights.has(permission), promised[one] || promised[other], "{permission:?}");
            }
        }
    }

    #[test]
    fn a_refusal_says_what_may_not_be_done_and_who_may() {
        let problem = Rights::of(&[Role::Auditor], true, false).may(P::Import).expect_err("refused");
        assert_eq!(problem.says, "审计员不能导入名单。");
        assert!(problem.next.expect("what next").contains("经办人"));
        let problem =
            Rights::of(&[Role::Officer, Role::Administrator], true, true).may(P::Decide).expect_err("refused");
        assert_eq!(problem.says, "经办人、管理员不能登记本单位的审核决定。");
        assert!(problem.next.expect("what next").contains("科长"));
    }

    #[test]
    fn only_our_own_judgement_is_a_decision() {
        for effect in [Effect::Pass, Effect::Return, Effect::Decline] {
            assert_eq!(P::of_move(Desk::Ours, StageKind::Review, effect), P::Decide);
            assert_eq!(P::of_move(Desk::Ours, StageKind::Draft, effect), P::Record, "preparing is no judgement");
            assert_eq!(P::of_move(Desk::Superior, StageKind::Review, effect), P::Record);
            assert_eq!(P::of_move(Desk::Applicant, StageKind::Submit, effect), P::Record);
        }
        assert_eq!(P::of_move(Desk::Ours, StageKind::Review, Effect::Withdraw), P::Record);
        assert_eq!(P::of_move(Desk::Ours, StageKind::Review, Effect::Lapse), P::Record);
    }
}
