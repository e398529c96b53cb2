//! Bidding from outside: the program against a development chain in this process.

mod runs;
mod world;
