use super::*;
use crate::chain::wire::resources::{
    AllocationState, MsgActivateAllocation, MsgAllocateResources, MsgProviderHeartbeat, MsgReleaseAllocation,
    QueryAllocationHistoryRequest, QueryAllocationRequest, QueryAllocationsByProviderRequest,
    QueryAvailableResourcesRequest, ResourceCapacity, ResourceClass, ResourceRequest,
};
use crate::devnet::context::Profile;
use crate::devnet::kv::MemoryKv;
use crate::domain::network::Name;
use jiff::Timestamp;

fn context(kv: &mut MemoryKv, seconds: i64) -> Context<'_> {
    let time = Timestamp::from_second(seconds).unwrap();
    Context::new(kv, Name::Virtengine.facts(), Profile::Localnet, 1, time)
}

fn address(byte: u8) -> String {
    auth::of_bytes(Name::Virtengine.facts(), &[byte; 20])
}

fn capacity(cpu_cores: i64) -> ResourceCapacity {
    ResourceCapacity { cpu_cores, ..Default::default() }
}

fn beat(provider: u8, sequence: u64, cores: i64) -> MsgProviderHeartbeat {
    MsgProviderHeartbeat {
        provider_address: address(provider),
        resource_class: ResourceClass::Compute.into(),
        total: capacity(cores),
        available: capacity(cores),
        sequence,
        ..Default::default()
    }
}

fn request(cores: i64) -> ResourceRequest {
    ResourceRequest {
        request_id: "r".into(),
        requester_address: address(9),
        resource_class: ResourceClass::Compute.into(),
        required: capacity(cores),
        ..Default::default()
    }
}

#[test]
fn a_heartbeat_counts_up_and_stops() {
    let kv = &mut MemoryKv::new();
    let first = provider_heartbeat(&mut context(kv, 0), &beat(1, 5, 8)).unwrap();
    assert_eq!((first.accepted, first.sequence_ack), (true, 5));
    let code = |kv: &mut MemoryKv, message: &MsgProviderHeartbeat| {
        provider_heartbeat(&mut context(kv, 1), message).map(drop).map_err(|refusal| refusal.code)
    };
    assert_eq!(code(kv, &beat(1, 5, 8)), Err(7));
    assert_eq!(code(kv, &beat(1, 0, 8)), Err(1));
    assert_eq!(code(kv, &MsgProviderHeartbeat { resource_class: 0, ..beat(1, 6, 8) }), Err(1));
    assert_eq!(code(kv, &MsgProviderHeartbeat { provider_address: "x".into(), ..beat(1, 6, 8) }), Err(1));
    let found = |kv: &mut MemoryKv, at| {
        begin_block(&mut context(kv, at)).unwrap();
        let request = QueryAvailableResourcesRequest { request: request(4), pagination: None };
        let answer = available_resources(&context(kv, at), &request).unwrap();
        answer.candidates.into_iter().map(|candidate| candidate.inventory.inventory_id).collect::<Vec<_>>()
    };
    assert_eq!(found(kv, 120), [format!("{}-1", address(1))]);
    assert!(found(kv, 121).is_empty());
}

#[test]
fn an_allocation_takes_and_gives_back() {
    let kv = &mut MemoryKv::new();
    provider_heartbeat(&mut context(kv, 0), &beat(1, 1, 8)).unwrap();
    provider_heartbeat(&mut context(kv, 0), &beat(2, 1, 2)).unwrap();
    let allocate = |kv: &mut MemoryKv, cores| {
        let message = MsgAllocateResources { requester_address: address(9), request: request(cores) };
        allocate_resources(&mut context(kv, 1), &message).map(|answer| answer.allocation_id)
    };
    let id = allocate(kv, 6).unwrap();
    assert_eq!(id, "res-alloc-1");
    assert_eq!(allocate(kv, 6).unwrap_err().code, 3);
    let activate = |kv: &mut MemoryKv, provider, at| {
        let message = MsgActivateAllocation { provider_address: address(provider), allocation_id: id.clone() };
        activate_allocation(&mut context(kv, at), &message).map(drop).map_err(|refusal| refusal.code)
    };
    assert_eq!(activate(kv, 2, 2), Err(6));
    assert_eq!(activate(kv, 1, 2), Ok(()));
    assert_eq!(activate(kv, 1, 3), Err(5));
    let release =
        MsgReleaseAllocation { requester_address: address(9), allocation_id: id.clone(), reason: "done".into() };
    release_allocation(&mut context(kv, 4), &release).unwrap();
    release_allocation(&mut context(kv, 5), &release).unwrap();
    assert_eq!(allocate(kv, 8).unwrap(), "res-alloc-2");
    let asked = QueryAllocationHistoryRequest { allocation_id: id, pagination: None };
    let history = allocation_history(&context(kv, 6), &asked).unwrap().events;
    let reasons: Vec<_> = history.iter().map(|event| (event.sequence, event.reason.as_str())).collect();
    assert_eq!(reasons, [(1, "allocation_pending"), (2, "allocation_active"), (3, "done")]);
    let asked = QueryAllocationsByProviderRequest { provider_address: address(1), pagination: None };
    assert_eq!(allocations_by_provider(&context(kv, 6), &asked).unwrap().allocations.len(), 2);
}

#[test]
fn a_reservation_ends_by_itself() {
    let kv = &mut MemoryKv::new();
    provider_heartbeat(&mut context(kv, 0), &beat(1, 1, 8)).unwrap();
    let message = MsgAllocateResources { requester_address: address(9), request: request(8) };
    let id = allocate_resources(&mut context(kv, 1), &message).unwrap().allocation_id;
    let state = |kv: &mut MemoryKv| {
        let asked = QueryAllocationRequest { allocation_id: id.clone() };
        query_allocation(&context(kv, 0), &asked).unwrap().allocation.state()
    };
    begin_block(&mut context(kv, 300)).unwrap();
    assert_eq!(state(kv), AllocationState::Pending);
    let late = &mut context(kv, 400);
    begin_block(late).unwrap();
    assert_eq!(late.events.len(), 1, "{:?}", late.events);
    assert_eq!(state(kv), AllocationState::Expired);
}
