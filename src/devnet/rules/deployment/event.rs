//! Events of deployments and groups.

use crate::chain::wire::deployment::{
    DeploymentId, EventDeploymentClosed, EventDeploymentCreated, EventDeploymentUpdated, EventGroupClosed,
    EventGroupPaused, EventGroupStarted, GroupId,
};
use crate::devnet::event::{Object, TypedEvent, bytes};

fn deployment(id: &DeploymentId) -> String {
    Object::new().text("owner", &id.owner).number64("dseq", id.dseq).finish()
}

fn group(id: &GroupId) -> String {
    Object::new().text("owner", &id.owner).number64("dseq", id.dseq).number32("gseq", id.gseq).finish()
}

impl TypedEvent for EventDeploymentCreated {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", deployment(&self.id)), ("hash", bytes(&self.hash))]
    }
}

impl TypedEvent for EventDeploymentUpdated {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", deployment(&self.id)), ("hash", bytes(&self.hash))]
    }
}

impl TypedEvent for EventDeploymentClosed {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", deployment(&self.id))]
    }
}

impl TypedEvent for EventGroupStarted {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", group(&self.id))]
    }
}

impl TypedEvent for EventGroupPaused {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", group(&self.id))]
    }
}

impl TypedEvent for EventGroupClosed {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", group(&self.id))]
    }
}
