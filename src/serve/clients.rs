//! Clients, by their addresses: how many connections each has, and how fast it asks.
//!
//! An IPv6 network of 64 bits is one client: whoever has one address of it has all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Limits;

/// So many seconds' worth of requests may come at once.
const BURST: u32 = 3;

/// Above this many clients those are forgotten that have nothing open and nothing owing.
const MANY: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Client {
    V4([u8; 4]),
    V6Network(u64),
}

impl Client {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.octets()),
            IpAddr::V6(address) => Self::V6Network(u64::try_from(address.to_bits() >> 64).unwrap_or_default()),
        }
    }
}

#[derive(Debug)]
struct Seen {
    connections: usize,
    /// When all requests so far would have come, had they come evenly.
    even: Instant,
}

/// Every client.
#[derive(Debug)]
pub(super) struct Clients {
    at_most: usize,
    apart: Duration,
    known: Mutex<HashMap<Client, Seen>>,
}

/// A connection of a client; dropping it ends it.
#[derive(Debug)]
pub(super) struct Presence {
    clients: Arc<Clients>,
    client: Client,
}

impl Clients {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        let apart = Duration::from_secs(1).checked_div(u32::try_from(limits.requests_per_second).unwrap_or(u32::MAX));
        Arc::new(Self {
            at_most: limits.connections_per_client,
            apart: apart.unwrap_or_default(),
            known: Mutex::default(),
        })
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Client, Seen>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new connection; `None` where the client has too many.
    pub(super) fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Presence> {
        let (client, now) = (Client::of(address), Instant::now());
        let mut known = self.known();
        if known.len() > MANY {
            known.retain(|_, seen| seen.connections > 0 || seen.even > now);
        }
        let seen = known.entry(client).or_insert(Seen { connections: 0, even: now });
        if seen.connections >= self.at_most {
            return None;
        }
        seen.connections = seen.connections.saturating_add(1);
        Some(Presence { clients: Arc::clone(self), client })
    }

    /// A request; where it comes too soon, how long to wait.
    pub(super) fn ask(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut known = self.known();
        let seen = known.entry(Client::of(address)).or_insert(Seen { connections: 0, even: now });
        let even = seen.even.max(now);
        let ahead = even.saturating_duration_since(now);
        if ahead > Duration::from_secs(u64::from(BURST)) {
            return Err(ahead.saturating_sub(Duration::from_secs(u64::from(BURST))));
        }
        seen.even = even.checked_add(self.apart).unwrap_or(even);
        Ok(())
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let mut known = self.clients.known();
        if let Some(seen) = known.get_mut(&self.client) {
            seen.connections = seen.connections.saturating_sub(1);
            if seen.connections == 0 && seen.even <= Instant::now() {
                known.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits {
            connections: 10,
            connections_per_client: 2,
            requests_per_second: 10,
            body: 1,
            headers: 1,
            header_timeout: Duration::from_secs(1),
            request_timeout: Duration::from_secs(1),
        }
    }

    #[test]
    fn a_client_has_its_connections_and_a_network_is_one_client() {
        let clients = Clients::new(&limits());
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let first = clients.enter(address("192.0.2.1")).unwrap();
        let _second = clients.enter(address("::ffff:192.0.2.1")).unwrap();
        assert!(clients.enter(address("192.0.2.1")).is_none());
        assert!(clients.enter(address("192.0.2.2")).is_some());
        drop(first);
        assert!(clients.enter(address("192.0.2.1")).is_some());
        let network = [clients.enter(address("2001:db8::1")), clients.enter(address("2001:db8::2"))];
        assert!(network.iter().all(Option::is_some) && clients.enter(address("2001:db8::3")).is_none());
        drop(network);
        assert_eq!(clients.known().len(), 1, "who is gone and owes nothing is forgotten");
    }

    #[test]
    fn a_burst_is_let_through_and_then_the_rate_holds() {
        let clients = Clients::new(&limits());
        let (address, begun) = ("192.0.2.1".parse().unwrap(), Instant::now());
        let through = |now: Instant| (0..100).take_while(|_| clients.ask(address, now).is_ok()).count();
        assert_eq!(through(begun), 31);
        assert!(clients.ask(address, begun).unwrap_err() <= Duration::from_millis(100));
        assert_eq!(through(begun + Duration::from_secs(1)), 10);
        assert!(clients.ask("192.0.2.2".parse().unwrap(), begun).is_ok(), "others are not held up");
    }
}
