//! Every route against every caller: who is let in is what the route names, and nobody else.

use provider::serve::{Access, routes};

use super::{PLAIN, Place, client};

/// The status that a caller without the right gets; `None`: it is let in.
fn refusal(access: Access, caller: &str) -> Option<u16> {
    let (is_known, may_look, may_act) = match caller {
        "nobody" => (true, false, false),
        "reader" | "reader by password" => (true, true, false),
        "actor" => (true, true, true),
        _ => (false, false, false),
    };
    let admitted = match access {
        Access::Anyone => return None,
        Access::Tenants => false,
        Access::Operators => may_look,
        Access::Acting => may_act,
    };
    match (is_known, admitted) {
        (false, _) => Some(401),
        (true, true) => None,
        (true, false) if caller == "nobody" => Some(401),
        (true, false) => Some(403),
    }
}

#[tokio::test]
async fn every_route_lets_in_whom_it_names() {
    let place = Place::new(&PLAIN.replace("tls:", "limits: { requests_per_second: 100000 }, tls:"));
    let (reader, actor) = (place.token("reader", "read"), place.token("actor", "act"));
    let revoked = place.token("gone", "act");
    place.run(&["api-token", "revoke", "gone"]);
    let forged = format!("{}x", &actor[..actor.len() - 1]);
    let server = place.serve(2);
    let client = client();
    let bearer = |token: &str| format!("Bearer {token}");
    let callers = [
        ("nobody", None),
        ("reader", Some(bearer(&reader))),
        ("actor", Some(bearer(&actor))),
        ("revoked", Some(bearer(&revoked))),
        ("forged", Some(bearer(&forged))),
        ("stranger", Some(bearer("eyJhbGciOiJFUzI1NksifQ.e30.AAAA"))),
        ("garbage", Some("Digest nonsense".to_owned())),
    ];
    let mut table = Vec::new();
    for route in routes() {
        let path = route.path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        let path = path.collect::<Vec<_>>().join("/");
        for (caller, credentials) in &callers {
            let mut request = client.request(route.method.clone(), server.url(&path));
            if let Some(credentials) = credentials {
                request = request.header("authorization", credentials);
            }
            // A stream is an answer, too; its body is not waited for.
            let status = request.send().await.unwrap().status().as_u16();
            let expected = refusal(route.access, caller);
            let right = expected.map_or(status != 401 && status != 403, |expected| status == expected);
            table.push((right, format!("{} {} as {caller}: {status}, not {expected:?}", route.method, route.path)));
        }
    }
    let wrong: Vec<_> = table.iter().filter(|(right, _)| !right).map(|(_, line)| line).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(table.len() >= 3 * callers.len());
}

#[tokio::test]
async fn tokens_are_shown_once_and_listed_without_their_text() {
    let place = Place::new(PLAIN);
    let token = place.token("grafana", "read");
    assert!(token.starts_with("prv_1_"));
    let listed = place.run(&["api-token", "list", "-o", "json"]);
    assert!(listed.contains("\"grafana\"") && !listed.contains(&token), "{listed}");
    let again = place.command(&["api-token", "create", "grafana"]).output().unwrap();
    assert_eq!(again.status.code(), Some(65));
    place.run(&["api-token", "revoke", "1"]);
    assert_eq!(place.run(&["api-token", "list", "-o", "csv"]).lines().count(), 1);
    assert!(place.run(&["api-token", "list", "--all", "-o", "json"]).contains("\"revoked\""));
    for file in std::fs::read_dir(place.path(".provider-daemon")).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()), "{}", path.display());
        }
    }
}
