//! A Kubernetes cluster as a back end, on a real control plane whose nodes are simulated.

mod faults;
mod life;
mod proxy;
mod rights;
mod server;
