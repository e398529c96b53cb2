//! Containers (being written).
