//! Tests that need processes, users, mounts or the binary itself: one program, so that it links once.

#[cfg(test)]
mod state;
