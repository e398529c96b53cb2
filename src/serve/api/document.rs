//! The API's document (OpenAPI 3.1), made of the routes themselves.

use axum::Json;
use serde_json::{Map, Value, json};

use super::listings::LISTS;
use crate::serve::{Access, Route, routes};
use crate::store::listings::{EVENTS, Kind, Listing};

/// The document.
pub(super) async fn document() -> Json<Value> {
    Json(of(&routes()))
}

/// The document of these routes.
pub(super) fn of(routes: &[Route]) -> Value {
    let mut paths = Map::new();
    for route in routes {
        let methods = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Some(methods) = methods.as_object_mut() {
            methods.insert(route.method.as_str().to_lowercase(), operation(route));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "provider",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A provider of the VirtEngine marketplace, for its operators. Amounts are texts, times RFC 3339."
        },
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" }, "certificate": { "type": "mutualTLS" } },
            "schemas": {
                "Problem": {
                    "type": "object", "required": ["error", "message"],
                    "properties": { "error": { "type": "string" }, "message": { "type": "string" } }
                }
            }
        }
    })
}

fn listing_of(route: &Route) -> Option<&'static Listing> {
    let list = LISTS.iter().find(|(path, _, _)| *path == route.path).map(|(_, _, listing)| *listing);
    list.or((route.path == "/api/v1/workloads/{id}/events").then_some(&EVENTS))
}

fn operation(route: &Route) -> Value {
    let mut parameters: Vec<Value> = route
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name.trim_start_matches('*'), "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let query = |name: &str, schema: Value| json!({ "name": name, "in": "query", "required": false, "schema": schema });
    let mut answer = json!({});
    if let Some(listing) = listing_of(route) {
        parameters.push(query("limit", json!({ "type": "integer", "minimum": 1, "maximum": 1000, "default": 100 })));
        parameters.push(query("after", json!({ "type": "string" })));
        let filters = listing.filters.iter().filter(|(name, _)| *listing != EVENTS || *name != "workload");
        parameters.extend(filters.map(|(name, _)| query(name, json!({ "type": "string" }))));
        answer = page(listing);
    }
    if route.path.ends_with("/logs") {
        parameters.push(query("follow", json!({ "type": "boolean", "default": false })));
        parameters.push(query("tail", json!({ "type": "integer", "minimum": 0, "maximum": 1000, "default": 100 })));
        parameters.push(query("service", json!({ "type": "string" })));
    }
    let problem = |about: &str| {
        let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
        json!({ "description": about, "content": content })
    };
    let mut responses = Map::new();
    let kind = if route.path.ends_with("/logs") { "application/x-ndjson" } else { "application/json" };
    let good = if route.access == Access::Acting { "202" } else { "200" };
    responses
        .insert(good.to_owned(), json!({ "description": route.about, "content": { (kind): { "schema": answer } } }));
    responses.insert("400".to_owned(), problem("A parameter or the body is wrong."));
    if route.access != Access::Anyone {
        responses.insert("401".to_owned(), problem("Nobody knows who asks."));
        responses.insert("403".to_owned(), problem("Who asks may not."));
    }
    responses.insert("404".to_owned(), problem("There is no such thing."));
    if route.access == Access::Acting {
        responses.insert("409".to_owned(), problem("It cannot be done as things stand."));
        responses.insert("413".to_owned(), problem("The body is too large."));
    }
    responses.insert("429".to_owned(), problem("Too many requests."));
    responses.insert(
        "503".to_owned(),
        json!({ "description": "The state file cannot be read, or the provider is unhealthy.", "content": { "application/json": {} } }),
    );
    let security = match route.access {
        Access::Anyone => json!([]),
        Access::Tenants => json!([{ "certificate": [] }, { "token": [] }]),
        Access::Operators | Access::Acting => json!([{ "token": [] }, { "certificate": [] }]),
    };
    let mut operation = Map::new();
    operation.insert("summary".to_owned(), route.about.trim_end_matches('.').into());
    operation.insert("parameters".to_owned(), parameters.into());
    operation.insert("security".to_owned(), security);
    operation.insert("responses".to_owned(), responses.into());
    if route.access == Access::Acting {
        let schema = json!({
            "type": "object", "additionalProperties": false,
            "properties": { "note": { "type": ["string", "null"], "maxLength": 500 } }
        });
        let body = json!({ "required": false, "content": { "application/json": { "schema": schema } } });
        operation.insert("requestBody".to_owned(), body);
    }
    Value::Object(operation)
}

/// The schema of a page.
fn page(listing: &Listing) -> Value {
    let properties: Map<String, Value> = listing
        .columns
        .iter()
        .map(|(name, _, kind)| {
            let schema = match kind {
                Kind::Text => json!({ "type": ["string", "null"] }),
                Kind::Whole => json!({ "type": ["integer", "null"] }),
                Kind::Time => json!({ "type": ["string", "null"], "format": "date-time" }),
                Kind::Flag => json!({ "type": ["boolean", "null"] }),
                Kind::Json => json!({}),
            };
            ((*name).to_owned(), schema)
        })
        .collect();
    let item = json!({ "type": "object", "properties": properties });
    json!({
        "type": "object", "required": ["items", "next"],
        "properties": { "items": { "type": "array", "items": item }, "next": { "type": ["string", "null"] } }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_in_the_document() {
        let routes = routes();
        let document = of(&routes);
        for route in &routes {
            let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{}", route.path);
            let parameters = operation["parameters"].as_array().unwrap();
            let named = parameters.iter().filter(|parameter| parameter["in"] == "path").count();
            assert_eq!(named, route.path.matches('{').count(), "{}", route.path);
            let is_open = operation["security"].as_array().unwrap().is_empty();
            assert_eq!(is_open, route.access == Access::Anyone, "{}", route.path);
        }
        let count: usize =
            document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
        assert_eq!(count, routes.len(), "no route twice");
    }
}
