//! The API of operators, version 1: what the command line lists, as pages of JSON, and what it lets an operator ask for.
//!
//! Reading takes a token or a certificate; acting takes one that may. An action is written down, as by the command line,
//! and the next reconcile carries it out.

mod actions;
mod document;
mod listings;
mod logs;
mod status;
mod workload;

use super::{Access, Route};

/// The routes of the API.
pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/api/v1/status", Access::Operators, "How the provider stands.", status::status),
        Route::get("/api/v1/bid-engine/status", Access::Operators, "How bidding stands.", status::bid_engine),
        Route::get(
            "/api/v1/resources",
            Access::Operators,
            "What is for sale, and what of it is reserved.",
            status::resources,
        ),
    ];
    routes.extend(listings::routes());
    routes.extend(workload::routes());
    routes.extend(actions::routes());
    routes.push(Route::get("/api/v1/openapi.json", Access::Anyone, "This document.", document::document));
    routes
}
