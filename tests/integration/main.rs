//! What the crate and the binary do together, seen from outside: one test binary, a module for each area.

mod wire;
