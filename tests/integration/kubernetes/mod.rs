//! A Kubernetes cluster as a back end, on a real control plane whose nodes are simulated.

mod faults;
mod life;
mod manifests;
mod proxy;
mod rights;
mod server;
mod story;
