//! Bidding from outside: the program against a development chain in this process.

mod bounds;
mod faults;
mod following;
mod kills;
mod late;
mod leases;
mod runs;
mod story;
mod world;
