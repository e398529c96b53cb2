//! Escrows: made, started, ended.

use super::coins::Coins;
use super::refusals::{Code, of_money};
use super::{ESCROW_OF, ESCROWS, SETTLEMENTS, next_id, next_number, now, parameters, tell};
use crate::chain::wire::base::Source;
use crate::chain::wire::escrow::{AccountId, Depositor, Scope};
use crate::chain::wire::settlement::{
    EscrowAccount, MsgActivateEscrow, MsgActivateEscrowResponse, MsgCreateEscrow, MsgCreateEscrowResponse,
    MsgDisputeEscrow, MsgDisputeEscrowResponse, MsgRefundEscrow, MsgRefundEscrowResponse, MsgReleaseEscrow,
    MsgReleaseEscrowResponse, SettlementRecord,
};
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{auth, escrow};
use crate::domain::amount::DecCoin;

/// The states, as words.
pub(super) const PENDING: &str = "pending";
pub(super) const ACTIVE: &str = "active";
pub(super) const RELEASED: &str = "released";
pub(super) const REFUNDED: &str = "refunded";
pub(super) const DISPUTED: &str = "disputed";
pub(super) const EXPIRED: &str = "expired";

/// The escrow with this id.
pub(super) fn find(kv: &dyn Kv, id: &str) -> Result<EscrowAccount, Refusal> {
    ESCROWS.get(kv, &(id,))?.ok_or_else(|| Code::EscrowNotFound.refuse(format!("escrow {id} not found")))
}

/// The escrow of an order.
pub(super) fn of_order(kv: &dyn Kv, order_id: &str) -> Result<Option<EscrowAccount>, Broken> {
    match ESCROW_OF.get(kv, &(order_id,))? {
        Some(id) => ESCROWS.get(kv, &(id.as_str(),)),
        None => Ok(None),
    }
}

/// The escrow of an order, which must have one.
pub(super) fn must_find_of_order(kv: &dyn Kv, order_id: &str) -> Result<EscrowAccount, Refusal> {
    let missing = || Code::EscrowNotFound.refuse(format!("no escrow found for order {order_id}"));
    of_order(kv, order_id)?.ok_or_else(missing)
}

/// Keeps what became of an escrow.
pub(super) fn save(kv: &mut dyn Kv, escrow: &EscrowAccount) -> Result<(), Broken> {
    ESCROWS.set(kv, &(escrow.escrow_id.as_str(),), escrow)
}

/// Whether the escrow's time is over though it has not ended.
pub(super) fn is_over(context: &Context<'_>, escrow: &EscrowAccount) -> bool {
    now(context) > escrow.expires_at && matches!(escrow.state.as_str(), PENDING | ACTIVE | DISPUTED)
}

/// Refuses an escrow whose time is over.
fn check_time(context: &Context<'_>, escrow: &EscrowAccount) -> Result<(), Refusal> {
    if is_over(context, escrow) {
        return Err(Code::Expired.refuse(format!("escrow {} has expired", escrow.escrow_id)));
    }
    Ok(())
}

/// Whether an escrow may go from one state to the other. (By its time running out it may expire from any that is not
/// an end.)
fn may_become(from: &str, to: &str) -> bool {
    matches!(
        (from, to),
        (PENDING, ACTIVE | REFUNDED | EXPIRED)
            | (ACTIVE, RELEASED | REFUNDED | DISPUTED | EXPIRED)
            | (DISPUTED, RELEASED | REFUNDED)
    )
}

/// Moves an escrow to a state; `doing` stands in the refusal.
fn become_state(escrow: &mut EscrowAccount, to: &str, doing: &str) -> Result<(), Refusal> {
    if !may_become(&escrow.state, to) {
        return Err(Code::Transition.refuse(format!("cannot {doing} escrow in state {}", escrow.state)));
    }
    to.clone_into(&mut escrow.state);
    Ok(())
}

/// Ends an escrow.
pub(super) fn end(
    context: &Context<'_>,
    escrow: &mut EscrowAccount,
    to: &str,
    doing: &str,
    reason: &str,
) -> Result<(), Refusal> {
    become_state(escrow, to, doing)?;
    escrow.closed_at = now(context);
    reason.clone_into(&mut escrow.closure_reason);
    Ok(())
}

/// Counts coins as settled.
pub(super) fn deduct(escrow: &mut EscrowAccount, coins: &Coins) -> Result<(), Refusal> {
    let rest = Coins::of(&escrow.balance)?.minus(coins);
    let rest = rest.ok_or_else(|| Code::InsufficientFunds.refuse("insufficient escrow balance"))?;
    escrow.balance = rest.to_wire();
    escrow.total_settled = Coins::of(&escrow.total_settled)?.plus(coins)?.to_wire();
    escrow.settlement_count += 1;
    Ok(())
}

/// The account in module `escrow` that holds an escrow's money.
///
/// Its id is that of a deployment of the depositor whose `dseq` is the escrow's number: where there is one, the two
/// collide.
pub(super) fn account_of(escrow: &EscrowAccount) -> AccountId {
    let number = escrow.escrow_id.rsplit('-').next().unwrap_or_default();
    AccountId { scope: Scope::Deployment as i32, xid: format!("{}/{number}", escrow.depositor) }
}

/// Moves coins out of an escrow's account; `last` ends the account.
pub(super) fn draw(
    context: &mut Context<'_>,
    escrow: &EscrowAccount,
    to: &[u8],
    coins: &Coins,
    last: bool,
) -> Result<(), Refusal> {
    escrow::draw(context, &account_of(escrow), to, &coins.list(), last).map_err(of_money)
}

fn sender(context: &Context<'_>, sender: &str) -> Result<(), Refusal> {
    auth::bytes_of(context.network, sender).map(drop).map_err(|_| Code::Address.refuse("invalid sender address"))
}

/// Whether it is the account of module `gov`, which no key signs for.
pub(super) fn is_governance(context: &Context<'_>, address: &str) -> bool {
    address == auth::of_bytes(context.network, &auth::module_address("gov"))
}

/// `MsgCreateEscrow`: the sender sets money aside for an order.
pub fn create_escrow(context: &mut Context<'_>, message: &MsgCreateEscrow) -> Result<MsgCreateEscrowResponse, Refusal> {
    sender(context, &message.sender)?;
    let order_id = &message.order_id;
    if of_order(&*context.kv, order_id)?.is_some() {
        return Err(Code::EscrowExists.refuse(format!("escrow already exists for order {order_id}")));
    }
    let (shortest, longest) = (parameters().min_escrow_duration, parameters().max_escrow_duration);
    if message.expires_in < shortest {
        return Err(Code::Escrow.refuse(format!("expires_in must be at least {shortest} seconds")));
    }
    if message.expires_in > longest {
        return Err(Code::Escrow.refuse(format!("expires_in cannot exceed {longest} seconds")));
    }
    let escrow_id = format!("escrow-{}", next_number(context, "escrow")?);
    let created_at = now(context);
    let escrow = EscrowAccount {
        escrow_id: escrow_id.clone(),
        order_id: order_id.clone(),
        depositor: message.sender.clone(),
        amount: message.amount.clone(),
        balance: message.amount.clone(),
        state: PENDING.to_owned(),
        created_at,
        expires_at: created_at.saturating_add_unsigned(message.expires_in),
        block_height: context.height,
        ..EscrowAccount::default()
    };
    let deposits = Coins::of(&message.amount)?.list().into_iter().map(|coin| {
        let balance = DecCoin { amount: coin.amount.try_into()?, denom: coin.denom };
        let (owner, source) = (message.sender.clone(), Source::Balance as i32);
        Ok(Depositor { owner, height: context.height, source, balance: (&balance).into(), direct: true })
    });
    let deposits: Result<Vec<_>, crate::domain::amount::Error> = deposits.collect();
    let deposits = deposits.map_err(|error| Refusal::panic(&error.to_string()))?;
    escrow::create_account(context, account_of(&escrow), &message.sender, deposits).map_err(of_money)?;
    save(context.kv, &escrow)?;
    ESCROW_OF.set(context.kv, &(order_id.as_str(),), &escrow_id)?;
    tell(context);
    Ok(MsgCreateEscrowResponse { escrow_id, created_at })
}

/// `MsgActivateEscrow`: anybody names who is paid from it.
pub fn activate_escrow(
    context: &mut Context<'_>,
    message: &MsgActivateEscrow,
) -> Result<MsgActivateEscrowResponse, Refusal> {
    auth::bytes_of(context.network, &message.recipient)
        .map_err(|_| Code::Address.refuse("invalid recipient address"))?;
    let mut escrow = find(&*context.kv, &message.escrow_id)?;
    check_time(context, &escrow)?;
    become_state(&mut escrow, ACTIVE, "activate")?;
    escrow.recipient.clone_from(&message.recipient);
    escrow.lease_id.clone_from(&message.lease_id);
    escrow.activated_at = now(context);
    save(context.kv, &escrow)?;
    tell(context);
    Ok(MsgActivateEscrowResponse { activated_at: escrow.activated_at })
}

/// `MsgReleaseEscrow`: the depositor gives the provider the whole rest, whatever amount the message names.
pub fn release_escrow(
    context: &mut Context<'_>,
    message: &MsgReleaseEscrow,
) -> Result<MsgReleaseEscrowResponse, Refusal> {
    sender(context, &message.sender)?;
    let mut escrow = find(&*context.kv, &message.escrow_id)?;
    if message.sender != escrow.depositor && !is_governance(context, &message.sender) {
        return Err(Code::Unauthorized.refuse("only depositor or governance can release escrow"));
    }
    check_time(context, &escrow)?;
    if !matches!(escrow.state.as_str(), ACTIVE | DISPUTED) {
        return Err(Code::NotActive.refuse(format!("escrow {} is not active", escrow.escrow_id)));
    }
    let to = escrow.recipient.clone();
    end(context, &mut escrow, RELEASED, "release", &message.reason)?;
    let released_amount = pay_rest(context, escrow, to, "final")?;
    Ok(MsgReleaseEscrowResponse { released_amount, released_at: now(context) })
}

/// `MsgRefundEscrow`: either side gives the depositor the rest.
pub fn refund_escrow(context: &mut Context<'_>, message: &MsgRefundEscrow) -> Result<MsgRefundEscrowResponse, Refusal> {
    sender(context, &message.sender)?;
    let mut escrow = find(&*context.kv, &message.escrow_id)?;
    if !is_party(&escrow, &message.sender) && !is_governance(context, &message.sender) {
        return Err(Code::Unauthorized.refuse("not authorized to refund escrow"));
    }
    let to = escrow.depositor.clone();
    end(context, &mut escrow, REFUNDED, "refund", &message.reason)?;
    let refunded_amount = pay_rest(context, escrow, to, "refund")?;
    Ok(MsgRefundEscrowResponse { refunded_amount, refunded_at: now(context) })
}

/// Pays what is left of an escrow that ended, and keeps a settlement of it. Gives the amount as text.
fn pay_rest(
    context: &mut Context<'_>,
    mut escrow: EscrowAccount,
    to: String,
    settlement_type: &str,
) -> Result<String, Refusal> {
    let rest = Coins::of(&escrow.balance)?;
    let address = auth::bytes_of(context.network, &to)?;
    if !rest.is_zero() {
        deduct(&mut escrow, &rest)?;
    }
    draw(context, &escrow, &address, &rest, true)?;
    save(context.kv, &escrow)?;
    if !rest.is_zero() {
        let period_start = if escrow.activated_at == 0 { escrow.created_at } else { escrow.activated_at };
        let record = SettlementRecord {
            settlement_id: next_id(context, "settle")?,
            escrow_id: escrow.escrow_id,
            order_id: escrow.order_id,
            lease_id: escrow.lease_id,
            provider: to,
            customer: escrow.depositor,
            total_amount: rest.to_wire(),
            provider_share: rest.to_wire(),
            settled_at: now(context),
            period_start,
            period_end: now(context),
            block_height: context.height,
            settlement_type: settlement_type.to_owned(),
            is_final: true,
            ..SettlementRecord::default()
        };
        SETTLEMENTS.put(context.kv, &record.order_id, &record.settlement_id, &record)?;
    }
    tell(context);
    Ok(rest.to_string())
}

/// `MsgDisputeEscrow`: either side freezes it.
pub fn dispute_escrow(
    context: &mut Context<'_>,
    message: &MsgDisputeEscrow,
) -> Result<MsgDisputeEscrowResponse, Refusal> {
    sender(context, &message.sender)?;
    let mut escrow = find(&*context.kv, &message.escrow_id)?;
    if !is_party(&escrow, &message.sender) {
        return Err(Code::Unauthorized.refuse("only parties to escrow can file dispute"));
    }
    check_time(context, &escrow)?;
    become_state(&mut escrow, DISPUTED, "dispute")?;
    escrow.closure_reason.clone_from(&message.reason);
    save(context.kv, &escrow)?;
    tell(context);
    Ok(MsgDisputeEscrowResponse { disputed_at: now(context) })
}

/// Whether the address is one of the two sides.
pub(super) fn is_party(escrow: &EscrowAccount, address: &str) -> bool {
    [escrow.depositor.as_str(), escrow.recipient.as_str()].contains(&address)
}
