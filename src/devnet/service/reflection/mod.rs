//! gRPC reflection: what is served, and of what its messages are made, as `grpcurl` and generic clients ask for it.
//!
//! Both versions that are in use (`grpc.reflection.v1` and `v1alpha`, which real nodes have), over descriptors made
//! from the tables of [`schema`](crate::chain::schema): names, numbers and types of all fields of the chosen network.
//! One file a package; the options of the real files (of gogoproto, amino) are not in them.

mod descriptors;

use crate::domain::network::Network;
use axum::Router;
use tonic::service::Routes;
use tonic_reflection::server::Builder;

/// What is answered here.
pub(super) const PATHS: &[&str] = &[
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// The two services of reflection. (Were the tables no set of descriptors, which a test says they are, there would be
/// none.)
pub(super) fn router(network: &Network) -> Router {
    let builder = || Builder::configure().register_file_descriptor_set(descriptors::of(network));
    let mut routes = Routes::default();
    if let Ok(service) = builder().build_v1() {
        routes = routes.add_service(service);
    }
    if let Ok(service) = builder().build_v1alpha() {
        routes = routes.add_service(service);
    }
    routes.into_axum_router()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::network::Name;

    #[test]
    fn the_tables_are_a_set_of_descriptors() {
        for network in Name::ALL.iter().map(|name| name.facts()) {
            let builder = || Builder::configure().register_file_descriptor_set(descriptors::of(network));
            assert!(builder().build_v1().is_ok());
            assert!(builder().build_v1alpha().is_ok());
        }
    }
}
