//! VirtEngine's gates: a score of identity (VEID), and a second factor (MFA).

use crate::chain::wire::cosmos::bank::MsgSend;
use crate::chain::wire::deployment::MsgCreateDeployment;
use crate::devnet::app::tx::Tx;
use crate::devnet::context::{Context, Profile};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::identity::{self, Tier};
use crate::domain::amount::Int;
use prost::Message;

/// The score and tier that a message asks for.
const SCORES: &[(&str, u32, Tier)] =
    &[("MsgCreateProvider", 70, Tier::Standard), ("MsgWithdrawLease", 50, Tier::Basic)];

/// Every signer of a message that asks for a score must have it.
pub(super) fn check_score(context: &Context<'_>, tx: &Tx) -> Result<(), Refusal> {
    for (kind, _) in &tx.messages {
        let Some((_, score, tier)) = SCORES.iter().find(|(name, ..)| *name == kind.name) else { continue };
        for signer in &tx.signers {
            let known = identity::find(&*context.kv, signer)?.unwrap_or_default();
            let has = Tier::from_word(&known.tier);
            if has < Some(*tier) {
                let (has, wanted) = (has.map_or("unverified", Tier::word), tier.word());
                return Err(Refusal::sdk(4, format!("VEID tier {has} below required {wanted}: unauthorized")));
            }
            if known.score < *score {
                return Err(Refusal::sdk(
                    4,
                    format!("VEID score {} below required {score}: unauthorized", known.score),
                ));
            }
        }
    }
    Ok(())
}

/// With the default genesis, messages that ask for a second factor cannot be sent at all.
///
/// Defect of the recorded node, kept: it wants a proof in the message, and no such message has a field for one.
pub(super) fn check_second_factor(context: &Context<'_>, tx: &Tx) -> Result<(), Refusal> {
    if context.profile != Profile::Strict {
        return Ok(());
    }
    let denom = context.network.fee_denomination;
    for (kind, any) in &tx.messages {
        let gated = match kind.name {
            "MsgCreateProvider" | "MsgWithdrawLease" => true,
            "MsgSend" => MsgSend::decode(any.value.as_slice()).is_ok_and(|message| {
                message.amount.iter().any(|coin| coin.denom == denom && at_least(&coin.amount, 10_000))
            }),
            "MsgCreateDeployment" => MsgCreateDeployment::decode(any.value.as_slice()).is_ok_and(|message| {
                message.deposit.amount.denom == denom && at_least(&message.deposit.amount.amount, 1_000)
            }),
            _ => false,
        };
        if gated {
            return Err(Refusal::new("mfa", 1214, format!("MFA proof required for {}: MFA required", kind.name)));
        }
    }
    Ok(())
}

fn at_least(amount: &str, least: u32) -> bool {
    Int::from_wire(amount).is_ok_and(|amount| amount >= Int::from(least))
}
