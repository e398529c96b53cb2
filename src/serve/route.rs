//! Routes: each names who may ask it.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use super::caller::{Caller, identify};
use super::{Problem, Shared};
use crate::domain::api_token::Scope;

/// Who may ask a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The whole world.
    Anyone,
    /// Tenants; what is theirs is the handler's to find out.
    Tenants,
    /// Operators.
    Operators,
    /// Operators who may act.
    Acting,
}

impl Access {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Anyone, Self::Tenants, Self::Operators, Self::Acting];

    /// Whether a caller is let in.
    pub const fn admits(self, caller: &Caller) -> bool {
        match (self, caller) {
            (Self::Anyone, _) | (Self::Tenants, Caller::Tenant(_)) | (Self::Operators, Caller::Operator { .. }) => true,
            (Self::Acting, Caller::Operator { scope, .. }) => matches!(scope, Scope::Act),
            (Self::Tenants, Caller::Anonymous | Caller::Operator { .. })
            | (Self::Operators | Self::Acting, Caller::Anonymous | Caller::Tenant(_)) => false,
        }
    }
}

/// A route.
#[derive(Clone)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// Who may ask it.
    pub access: Access,
    /// What it answers, in a sentence, for the API's document.
    pub about: &'static str,
    /// A person asks it with a browser, which is then asked for a name and a password.
    pub for_browsers: bool,
    /// How long an answer may take to begin, where that is not the server's usual time.
    pub patience: Option<Duration>,
    handler: MethodRouter<Shared>,
}

impl Route {
    /// What is asked with GET.
    pub fn get<H: Handler<T, Shared>, T: 'static>(
        path: &'static str,
        access: Access,
        about: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::GET, MethodFilter::GET, path, (access, about), handler)
    }

    /// What is asked with POST.
    pub fn post<H: Handler<T, Shared>, T: 'static>(
        path: &'static str,
        access: Access,
        about: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::POST, MethodFilter::POST, path, (access, about), handler)
    }

    /// What is asked with PUT.
    pub fn put<H: Handler<T, Shared>, T: 'static>(
        path: &'static str,
        access: Access,
        about: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::PUT, MethodFilter::PUT, path, (access, about), handler)
    }

    fn new<H: Handler<T, Shared>, T: 'static>(
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        (access, about): (Access, &'static str),
        handler: H,
    ) -> Self {
        Self { method, path, access, about, for_browsers: false, patience: None, handler: on(filter, handler) }
    }

    /// A person asks it with a browser.
    #[must_use]
    pub const fn for_browsers(mut self) -> Self {
        self.for_browsers = true;
        self
    }

    /// An answer may take this long to begin.
    #[must_use]
    pub const fn patient(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }
}

/// A router of these routes. What it does not know is a 404, whoever asks.
pub fn router(routes: Vec<Route>, shared: &Shared) -> Router {
    let mut router = Router::new();
    for route in routes {
        let rule = Rule {
            access: route.access,
            for_browsers: route.for_browsers,
            patience: route.patience.unwrap_or(shared.options.limits.request_timeout),
            shared: shared.clone(),
        };
        let guarded = route.handler.route_layer(middleware::from_fn_with_state(rule, guard));
        router = router.route(route.path, guarded);
    }
    router.fallback(|| async { Problem::not_found("there is no such route") }).with_state(shared.clone())
}

#[derive(Clone)]
struct Rule {
    access: Access,
    for_browsers: bool,
    patience: Duration,
    shared: Shared,
}

/// Lets in whom the route admits, and ends what takes too long.
async fn guard(State(rule): State<Rule>, request: Request, next: Next) -> Response {
    let answered = tokio::time::timeout(rule.patience, async {
        let (mut parts, body) = request.into_parts();
        let caller = match rule.access {
            // Nobody need be known.
            Access::Anyone => Caller::Anonymous,
            Access::Tenants | Access::Operators | Access::Acting => {
                identify(&rule.shared, &parts, rule.for_browsers).await?
            }
        };
        if !rule.access.admits(&caller) {
            return Err(match caller {
                Caller::Anonymous => Problem::unauthorized("this takes a token or a certificate"),
                Caller::Tenant(_) | Caller::Operator { .. } => Problem::forbidden("this caller may not ask that"),
            });
        }
        let who = caller.word();
        parts.extensions.insert(caller);
        let mut response = next.run(Request::from_parts(parts, body)).await;
        response.extensions_mut().insert(Asked(who));
        Ok(response)
    });
    match answered.await {
        Ok(Ok(response)) => response,
        Ok(Err(problem)) if rule.for_browsers => problem.asking_browsers().into_response(),
        Ok(Err(problem)) => problem.into_response(),
        Err(_) => Problem::unavailable("this took too long").into_response(),
    }
}

/// Who asked, for the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked(pub &'static str);
