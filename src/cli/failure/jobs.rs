//! The errors of jobs: what the state file did wrong ends a command as that, whatever it was for.

use super::Failure;
use crate::jobs::{
    keys_add, keys_delete, keys_inventory, keys_life, keys_open, keys_policy, keys_rotate, keys_test_sign,
    usage_verify, workloads_ask, workloads_deploy, workloads_reconcile,
};

impl From<keys_add::Error> for Failure {
    fn from(error: keys_add::Error) -> Self {
        match error {
            keys_add::Error::Record(error) => error.into(),
            error => Self::from_error(&error),
        }
    }
}

impl From<keys_delete::Error> for Failure {
    fn from(error: keys_delete::Error) -> Self {
        match error {
            keys_delete::Error::Record(error) => error.into(),
            keys_delete::Error::Keyring(error) => error.into(),
            keys_delete::Error::Keys(error) => error.into(),
        }
    }
}

impl From<keys_inventory::Error> for Failure {
    fn from(error: keys_inventory::Error) -> Self {
        match error {
            keys_inventory::Error::Store(error) => error.into(),
            error => Self::from_error(&error),
        }
    }
}

impl From<keys_life::Error> for Failure {
    fn from(error: keys_life::Error) -> Self {
        match error {
            keys_life::Error::Store(error) => error.into(),
            keys_life::Error::Delete(error) => error.into(),
            error => Self::from_error(&error),
        }
    }
}

impl From<keys_open::Error> for Failure {
    fn from(error: keys_open::Error) -> Self {
        match error {
            keys_open::Error::Record(error) => error.into(),
            keys_open::Error::Sealing(error) => Self::from_error(&error),
        }
    }
}

impl From<keys_policy::Error> for Failure {
    fn from(error: keys_policy::Error) -> Self {
        match error {
            keys_policy::Error::Store(error) => error.into(),
            error @ keys_policy::Error::Value(_) => Self::from_error(&error),
        }
    }
}

impl From<keys_rotate::Error> for Failure {
    fn from(error: keys_rotate::Error) -> Self {
        match error {
            keys_rotate::Error::Store(error) => error.into(),
            keys_rotate::Error::Locked(error) => error.into(),
            keys_rotate::Error::Call(error) => error.into(),
            keys_rotate::Error::Send(error) => error.into(),
            error => Self::from_error(&error),
        }
    }
}

impl From<keys_test_sign::Error> for Failure {
    fn from(error: keys_test_sign::Error) -> Self {
        match error {
            keys_test_sign::Error::Record(error) => error.into(),
            error => Self::from_error(&error),
        }
    }
}

impl From<workloads_ask::Error> for Failure {
    fn from(error: workloads_ask::Error) -> Self {
        match error {
            workloads_ask::Error::Store(error) => error.into(),
            error => Self::from_error(&error),
        }
    }
}

impl From<workloads_deploy::Error> for Failure {
    fn from(error: workloads_deploy::Error) -> Self {
        match error {
            workloads_deploy::Error::Store(error) => error.into(),
            error => Self::from_error(&error),
        }
    }
}

impl From<workloads_reconcile::Error> for Failure {
    fn from(error: workloads_reconcile::Error) -> Self {
        use workloads_reconcile::Error as E;
        match error {
            E::Store(error) => error.into(),
            E::Lock(error) => error.into(),
            error @ E::Illegal { .. } => Self::from_error(&error),
        }
    }
}

impl From<usage_verify::Error> for Failure {
    fn from(error: usage_verify::Error) -> Self {
        match error {
            usage_verify::Error::Rows(error) => error.into(),
            error @ usage_verify::Error::Unsigned { .. } => Self::from_error(&error),
        }
    }
}
