//! What a command has to do with an escrow is read by `settlement sync` from then on.

use crate::cli::usage::with_store;
use crate::cli::{Configuration, Context, Failure};
use crate::domain::settlement::Escrow;
use crate::jobs::settlement_sync::note_escrow;

/// Writes down an escrow as it was read, unless this is a rehearsal.
pub(super) fn note(context: &Context, configuration: &Configuration, escrow: &Escrow) -> Result<(), Failure> {
    if context.global.dry_run {
        return Ok(());
    }
    with_store(context, configuration, |given| {
        let prefix = configuration.network().address_prefix;
        let noted = given.store.write("note an escrow", |change| note_escrow(change, escrow, prefix, (given.now)()));
        noted.map_err(Failure::from)
    })
}
