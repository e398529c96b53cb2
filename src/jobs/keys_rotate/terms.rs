//! What has served its time: grace periods without a rotation, archives, destructions.

use super::{Error, ItemOutcome, Session};
use crate::domain::key::{Approval, Due, Event};
use crate::jobs::keys_inventory::Kept;
use crate::jobs::keys_life;
use crate::store::keys::{self as rows, KeyRow};

impl Session<'_> {
    /// Ends the terms that are over. What a person must do is only said.
    pub(super) fn end_terms(&mut self, kept: &[Kept]) -> Result<(), Error> {
        let auto = self.request.rules.policy.auto_rotate;
        let open = self.store.read("read the rotations", rows::open_rotations)?;
        for row in kept.iter().filter_map(|kept| kept.row.as_ref()) {
            let due = self.request.rules.policy.assess(&row.dates(), self.now()).due;
            // A rotation that is under way ends its own grace period, and revokes before.
            let rotates = open.iter().any(|rotation| rotation.old == row.id);
            // One that the chain still shows is revoked first: tenants seal for what they see.
            let is_shown = self.request.registers && row.is_on_chain();
            for due in due {
                match due {
                    Due::Deactivation | Due::Archive if is_shown => {}
                    Due::Deactivation if auto && !rotates => self.end_term(row, Event::Deactivate, "deactivated")?,
                    Due::Archive if auto => self.end_term(row, Event::Archive, "archived")?,
                    Due::Destruction => self.ask_to_destroy(row)?,
                    Due::Notice => {
                        let detail = Some("it expires soon: `provider keys status` says when".to_owned());
                        self.note(row, "expires soon", ItemOutcome::Waits, detail);
                    }
                    Due::Approval => {
                        let detail = Some(format!("`provider keys approve {}`", row.name));
                        self.note(row, "approval", ItemOutcome::Waits, detail);
                    }
                    Due::Expired | Due::Rotation | Due::Deactivation | Due::Archive => {}
                }
            }
        }
        Ok(())
    }

    fn end_term(&mut self, row: &KeyRow, event: Event, step: &'static str) -> Result<(), Error> {
        self.store.write("end a key's term", |change| {
            keys_life::apply(change, row, (event, Some("its time was over")), self.now(), self.trail)
        })?;
        self.note(row, step, ItemOutcome::Done, None);
        Ok(())
    }

    /// A key is never destroyed by a timer: it asks.
    fn ask_to_destroy(&mut self, row: &KeyRow) -> Result<(), Error> {
        if self.request.rules.policy.approval_for_destruction {
            let who = self.request.rules.who;
            self.store.write("ask for an approval", |change| {
                rows::request(change, row.id, Approval::Destruction, who, self.now())
            })?;
        }
        let detail = Some(format!("`provider keys destroy {}`", row.name));
        self.note(row, "destruction", ItemOutcome::Waits, detail);
        Ok(())
    }
}
