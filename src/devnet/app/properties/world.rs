//! Who sends what.

use super::certificate;
use crate::chain::wire::base::Attribute;
use crate::chain::wire::cert::CertificateId;
use crate::chain::wire::cosmos::authz::{Grant, MsgGrant, MsgRevoke};
use crate::chain::wire::cosmos::bank::MsgSend;
use crate::chain::wire::cosmos::coin::{Coin, DecCoin};
use crate::chain::wire::encryption::{
    MsgRegisterRecipientKey, MsgRevokeRecipientKey, MsgRotateKey, MsgUpdateKeyLabel, QueryRecipientKeyRequest,
};
use crate::chain::wire::escrow::DepositAuthorization;
use crate::chain::wire::resources::{
    MsgActivateAllocation, MsgAllocateResources, MsgAllocateResourcesResponse, MsgProviderHeartbeat,
    MsgReleaseAllocation, QueryAllocationRequest, ResourceCapacity, ResourceClass, ResourceRequest,
};
use crate::chain::wire::settlement::{
    EscrowAccount, MsgAcknowledgeUsage, MsgActivateEscrow, MsgClaimRewards, MsgCreateEscrow, MsgDisputeEscrow,
    MsgRecordUsage, MsgRecordUsageResponse, MsgRefundEscrow, MsgReleaseEscrow, MsgSettleOrder,
    QueryEscrowsByStateRequest, QueryUsageRecordRequest,
};
use crate::chain::wire::{Named, audit, cert as cert_wire};
use crate::devnet::app::{hooks, messages};
use crate::devnet::context::{Context, Profile};
use crate::devnet::kv::{Kv, MemoryKv, Overlay};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{auth, bank, encryption, resources, settlement};
use crate::domain::network::{Name, Network};
use jiff::{SignedDuration, Timestamp};
use prost_types::Any;

/// The messages that are sent here, and how often for one of each.
pub(super) const KINDS: &[(&str, usize)] = &[
    ("MsgSend", 1),
    ("MsgGrant", 1),
    ("MsgRevoke", 1),
    ("MsgCreateEscrow", 3),
    ("MsgActivateEscrow", 3),
    ("MsgRecordUsage", 3),
    ("MsgAcknowledgeUsage", 2),
    ("MsgSettleOrder", 2),
    ("MsgReleaseEscrow", 1),
    ("MsgRefundEscrow", 1),
    ("MsgDisputeEscrow", 1),
    ("MsgClaimRewards", 1),
    ("MsgRegisterRecipientKey", 2),
    ("MsgUpdateKeyLabel", 1),
    ("MsgRotateKey", 1),
    ("MsgRevokeRecipientKey", 1),
    ("MsgSignProviderAttributes", 1),
    ("MsgDeleteProviderAttributes", 1),
    ("MsgCreateCertificate", 1),
    ("MsgRevokeCertificate", 1),
    ("MsgProviderHeartbeat", 3),
    ("MsgAllocateResources", 3),
    ("MsgActivateAllocation", 2),
    ("MsgReleaseAllocation", 1),
];

/// The states of an escrow that still holds money, and those of one that has ended.
pub(super) const LIVE: [&str; 3] = ["pending", "active", "disputed"];
pub(super) const ENDED: [&str; 3] = ["released", "refunded", "expired"];

/// One thing that happens: time goes by, then somebody sends a message.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// How much later than the one before, in seconds; none: in the same block.
    pub(super) later: i64,
    pub(super) kind: u8,
    pub(super) pick: u64,
    pub(super) amount: u32,
}

/// The chain.
pub(super) struct World {
    network: &'static Network,
    pub(super) kv: MemoryKv,
    height: i64,
    time: Timestamp,
    /// How many things were made: for names that nothing has yet.
    made: u64,
    pub(super) usage: Vec<String>,
    pub(super) allocations: Vec<String>,
    serials: Vec<(String, String)>,
    grants: Vec<(String, String)>,
    audited: Vec<(String, String)>,
}

impl World {
    pub(super) fn new() -> Self {
        let mut world = Self {
            network: Name::Virtengine.facts(),
            kv: MemoryKv::new(),
            height: 1,
            // Ids hold seconds, and are ordered as text: they need equally many digits.
            time: Timestamp::from_second(1_700_000_000).unwrap(),
            made: 0,
            usage: Vec::new(),
            allocations: Vec::new(),
            serials: Vec::new(),
            grants: Vec::new(),
            audited: Vec::new(),
        };
        auth::make_module_accounts(&mut world.context()).unwrap();
        for party in 0..4 {
            let address = [party + 1; 20];
            bank::mint(&mut world.context(), &address, &["100000000uve".parse().unwrap()]).unwrap();
        }
        world
    }

    pub(super) fn context(&mut self) -> Context<'_> {
        Self::context_on(&mut self.kv, self.network, self.height, self.time)
    }

    fn context_on<'k>(kv: &'k mut dyn Kv, network: &'static Network, height: i64, time: Timestamp) -> Context<'k> {
        Context::new(kv, network, Profile::Localnet, height, time)
    }

    /// One of four who have money.
    fn party(&self, pick: u64) -> String {
        auth::of_bytes(self.network, &[u8::try_from(pick % 4).unwrap() + 1; 20])
    }

    pub(super) fn step(&mut self, step: &Step) -> Option<(&'static str, Result<(), Refusal>)> {
        if step.later > 0 {
            hooks::end_block(&mut self.context()).unwrap();
            self.height += 1;
            self.time += SignedDuration::from_secs(step.later);
            hooks::begin_block(&mut self.context()).unwrap();
        }
        let often = KINDS.iter().flat_map(|(kind, often)| std::iter::repeat_n(*kind, *often));
        let often: Vec<_> = often.collect();
        let kind = often[usize::from(step.kind) % often.len()];
        let message = self.message(kind, step)?;
        Some((kind, self.send(&message)))
    }

    fn send(&mut self, message: &Any) -> Result<(), Refusal> {
        let kind = messages::kind_of(self.network, &message.type_url).unwrap();
        (kind.validate_basic)(self.network, &message.value)?;
        let mut overlay = Overlay::new(&self.kv);
        let mut context = Self::context_on(&mut overlay, self.network, self.height, self.time);
        let answer = (kind.run)(&mut context, &message.value)?;
        overlay.into_changes().apply(&mut self.kv).unwrap();
        if let Ok(made) = MsgRecordUsageResponse::unpack(&answer, self.network) {
            self.usage.push(made.usage_id);
        }
        if let Ok(made) = MsgAllocateResourcesResponse::unpack(&answer, self.network) {
            self.allocations.push(made.allocation_id);
        }
        Ok(())
    }

    pub(super) fn escrows(&mut self, states: &[&str]) -> Vec<EscrowAccount> {
        let of = |state: &&str| {
            let request = QueryEscrowsByStateRequest { state: (*state).to_owned() };
            settlement::escrows_by_state(&self.context(), &request).unwrap().escrows
        };
        states.iter().flat_map(of).collect()
    }

    fn new_name(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    fn message(&mut self, kind: &str, step: &Step) -> Option<Any> {
        let (network, pick, amount) = (self.network, step.pick, step.amount);
        let (one, other) = (self.party(pick), self.party(pick / 4));
        let escrow = |states: &[&str], world: &mut Self| chosen(&world.escrows(states), pick);
        let limit = Coin { denom: "uve".into(), amount: "1000".into() };
        let authorization = DepositAuthorization { scopes: vec![1], spend_limit: limit, spend_limits: Vec::new() };
        Some(match kind {
            "MsgSend" => {
                MsgSend { from_address: one, to_address: other, amount: uve(amount % 20_000_000) }.pack(network)
            }
            "MsgGrant" => {
                let grant = Grant { authorization: Some(authorization.pack(network)), expiration: None };
                self.grants.push((one.clone(), other.clone()));
                MsgGrant { granter: one, grantee: other, grant }.pack(network)
            }
            "MsgRevoke" => {
                // What a deposit authorization is for.
                let msg_type_url = crate::chain::wire::escrow::MsgAccountDeposit::type_url(network);
                let (granter, grantee) = chosen(&self.grants, pick)?;
                MsgRevoke { granter, grantee, msg_type_url }.pack(network)
            }
            "MsgCreateEscrow" => MsgCreateEscrow {
                sender: one,
                order_id: format!("order {}", self.new_name()),
                amount: uve(amount % 5_000_000 + 1),
                expires_in: 3_600 + u64::from(amount % 7) * 86_400,
            }
            .pack(network),
            "MsgActivateEscrow" => {
                let escrow_id = escrow(&["pending"], self)?.escrow_id;
                MsgActivateEscrow { sender: one, escrow_id, lease_id: "lease".into(), recipient: other }.pack(network)
            }
            "MsgRecordUsage" => {
                let escrow = escrow(&["active"], self)?;
                MsgRecordUsage {
                    sender: escrow.recipient,
                    order_id: escrow.order_id,
                    lease_id: escrow.lease_id,
                    usage_units: u64::from(amount % 1_000) + 1,
                    usage_type: "cpu".into(),
                    period_start: 1,
                    period_end: 2,
                    unit_price: DecCoin { denom: "uve".into(), amount: "1500000000000000000000".into() },
                    signature: vec![1],
                }
                .pack(network)
            }
            "MsgAcknowledgeUsage" => {
                let usage_id = chosen(&self.usage, pick)?;
                let request = QueryUsageRecordRequest { usage_id: usage_id.clone() };
                let record = settlement::usage_record(&self.context(), &request).unwrap().usage_record?;
                MsgAcknowledgeUsage { sender: record.customer, usage_id, signature: vec![1] }.pack(network)
            }
            "MsgSettleOrder" => {
                let escrow = escrow(&["active"], self)?;
                let sender = if pick.is_multiple_of(2) { escrow.depositor } else { escrow.recipient };
                let is_final = amount.is_multiple_of(4);
                let order_id = escrow.order_id;
                MsgSettleOrder { sender, order_id, usage_record_ids: Vec::new(), is_final }.pack(network)
            }
            "MsgReleaseEscrow" => {
                let EscrowAccount { escrow_id, depositor: sender, .. } = escrow(&["active", "disputed"], self)?;
                MsgReleaseEscrow { sender, escrow_id, amount: Vec::new(), reason: "done".into() }.pack(network)
            }
            "MsgRefundEscrow" => {
                let EscrowAccount { escrow_id, depositor: sender, .. } = escrow(&LIVE, self)?;
                MsgRefundEscrow { sender, escrow_id, reason: "off".into() }.pack(network)
            }
            "MsgDisputeEscrow" => {
                let EscrowAccount { escrow_id, recipient: sender, .. } = escrow(&["active"], self)?;
                let (reason, evidence) = ("wrong".into(), "this".into());
                MsgDisputeEscrow { sender, escrow_id, reason, evidence }.pack(network)
            }
            "MsgClaimRewards" => {
                let sender = escrow(&ENDED, self)?.recipient;
                MsgClaimRewards { sender, source: String::new() }.pack(network)
            }
            _ => return self.message_of_providers(kind, step),
        })
    }

    fn message_of_providers(&mut self, kind: &str, step: &Step) -> Option<Any> {
        let (network, pick, amount) = (self.network, step.pick, step.amount);
        let (one, other) = (self.party(pick), self.party(pick / 4));
        Some(match kind {
            "MsgRegisterRecipientKey" => MsgRegisterRecipientKey {
                // Five keys are all that an account ever gets.
                sender: auth::of_bytes(network, &[u8::try_from(pick % 8).unwrap() + 50; 20]),
                public_key: self.new_key(),
                algorithm_id: "X25519-XSALSA20-POLY1305".into(),
                label: String::new(),
            }
            .pack(network),
            "MsgUpdateKeyLabel" => {
                let (sender, key_fingerprint) = self.key(pick)?;
                MsgUpdateKeyLabel { sender, key_fingerprint, label: amount.to_string() }.pack(network)
            }
            "MsgRotateKey" => {
                let (sender, old_key_fingerprint) = self.key(pick)?;
                let new_public_key = self.new_key();
                MsgRotateKey { sender, old_key_fingerprint, new_public_key, ..Default::default() }.pack(network)
            }
            "MsgRevokeRecipientKey" => {
                let (sender, key_fingerprint) = self.key(pick)?;
                MsgRevokeRecipientKey { sender, key_fingerprint }.pack(network)
            }
            "MsgSignProviderAttributes" => {
                let attribute = Attribute { key: format!("region{}", amount % 2), value: "x".into() };
                let attributes = vec![attribute];
                self.audited.push((one.clone(), other.clone()));
                audit::MsgSignProviderAttributes { owner: one, auditor: other, attributes }.pack(network)
            }
            "MsgDeleteProviderAttributes" => {
                let keys = vec![format!("region{}", amount % 2)];
                let (owner, auditor) = chosen(&self.audited, pick)?;
                audit::MsgDeleteProviderAttributes { owner, auditor, keys }.pack(network)
            }
            "MsgCreateCertificate" => {
                let serial = 256 + u16::try_from(self.new_name()).unwrap();
                self.serials.push((one.clone(), serial.to_string()));
                let (cert, pubkey) = certificate::of(&one, serial);
                cert_wire::MsgCreateCertificate { owner: one, cert, pubkey }.pack(network)
            }
            "MsgRevokeCertificate" => {
                let (owner, serial) = chosen(&self.serials, pick)?;
                cert_wire::MsgRevokeCertificate { id: CertificateId { owner, serial } }.pack(network)
            }
            "MsgProviderHeartbeat" => {
                let capacity = ResourceCapacity { cpu_cores: 64, memory_gb: 256, ..Default::default() };
                MsgProviderHeartbeat {
                    provider_address: one,
                    resource_class: ResourceClass::Compute.into(),
                    total: capacity.clone(),
                    available: capacity,
                    sequence: self.new_name(),
                    ..Default::default()
                }
                .pack(network)
            }
            "MsgAllocateResources" => {
                let request = ResourceRequest {
                    request_id: self.new_name().to_string(),
                    requester_address: other.clone(),
                    resource_class: ResourceClass::Compute.into(),
                    required: ResourceCapacity { cpu_cores: i64::from(amount % 8 + 1), ..Default::default() },
                    ..Default::default()
                };
                MsgAllocateResources { requester_address: other, request }.pack(network)
            }
            "MsgActivateAllocation" | "MsgReleaseAllocation" => {
                // The last ones: those before are over.
                let last = self.allocations.len().saturating_sub(3);
                let allocation_id = chosen(&self.allocations[last..], pick)?;
                let request = QueryAllocationRequest { allocation_id: allocation_id.clone() };
                let found = resources::query_allocation(&self.context(), &request).unwrap().allocation;
                let (provider_address, requester_address) = (found.provider_address, found.requester_address);
                if kind == "MsgActivateAllocation" {
                    MsgActivateAllocation { provider_address, allocation_id }.pack(network)
                } else {
                    MsgReleaseAllocation { requester_address, allocation_id, reason: String::new() }.pack(network)
                }
            }
            _ => panic!("{kind}"),
        })
    }

    fn new_key(&mut self) -> Vec<u8> {
        self.new_name().to_be_bytes().repeat(4)
    }

    /// The keys of one of those who register them.
    pub(super) fn keys_of(&mut self, number: u8) -> (String, Vec<crate::chain::wire::encryption::RecipientKeyRecord>) {
        let address = auth::of_bytes(self.network, &[number + 50; 20]);
        let request = QueryRecipientKeyRequest { address: address.clone() };
        let found = encryption::recipient_key(&self.context(), &request).unwrap();
        (address, found.keys)
    }

    fn key(&mut self, pick: u64) -> Option<(String, String)> {
        let (address, keys) = self.keys_of(u8::try_from(pick % 8).unwrap());
        Some((address, chosen(&keys, pick / 8)?.key_fingerprint))
    }
}

fn chosen<T: Clone>(list: &[T], pick: u64) -> Option<T> {
    let count = u64::try_from(list.len()).unwrap();
    list.get(usize::try_from(pick.checked_rem(count)?).unwrap()).cloned()
}

fn uve(amount: u32) -> Vec<Coin> {
    vec![Coin { denom: "uve".into(), amount: amount.to_string() }]
}
