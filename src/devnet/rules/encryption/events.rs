//! What the module tells.

use crate::chain::wire::encryption::{EventKeyRegistered, EventKeyRevoked, EventKeyRotated, EventKeyUpdated};
use crate::devnet::event::{TypedEvent, number64, text};

impl TypedEvent for EventKeyRegistered {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("address", text(&self.address)),
            ("fingerprint", text(&self.fingerprint)),
            ("algorithm", text(&self.algorithm)),
            ("label", text(&self.label)),
            ("registered_at", number64(self.registered_at)),
        ]
    }
}

impl TypedEvent for EventKeyRevoked {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("address", text(&self.address)),
            ("fingerprint", text(&self.fingerprint)),
            ("revoked_by", text(&self.revoked_by)),
            ("revoked_at", number64(self.revoked_at)),
        ]
    }
}

impl TypedEvent for EventKeyUpdated {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("address", text(&self.address)),
            ("fingerprint", text(&self.fingerprint)),
            ("field", text(&self.field)),
            ("old_value", text(&self.old_value)),
            ("new_value", text(&self.new_value)),
        ]
    }
}

impl TypedEvent for EventKeyRotated {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("address", text(&self.address)),
            ("old_fingerprint", text(&self.old_fingerprint)),
            ("new_fingerprint", text(&self.new_fingerprint)),
            ("rotated_at", number64(self.rotated_at)),
        ]
    }
}
