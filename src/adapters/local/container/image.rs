//! Images: there, or pulled.

use bollard::auth::DockerCredentials;
use bollard::query_parameters::CreateImageOptionsBuilder;
use futures_util::StreamExt;

use super::Pull;
use super::engine::{Engine, Problem, is_short, within};
use crate::domain::manifest::Service;

/// Sees to it that the engine has the image of a service. A login is used for this pull and kept nowhere.
pub(super) async fn provide(engine: &Engine, service: &Service, policy: Pull) -> Result<(), Problem> {
    let wanted = match policy {
        Pull::Always => true,
        // With a login the registry decides, each time, who may have it.
        Pull::Missing => service.credentials.is_some() || !is_there(engine, &service.image).await?,
        Pull::Never => false,
    };
    if wanted {
        return pull(engine, service).await;
    }
    if policy == Pull::Never && !is_there(engine, &service.image).await? {
        let text = format!("the image {:?} is not on this machine, and none are pulled", service.image);
        return Err(Problem::Refused(text));
    }
    Ok(())
}

async fn is_there(engine: &Engine, image: &str) -> Result<bool, Problem> {
    match within(engine.docker().inspect_image(image)).await {
        Ok(_) => Ok(true),
        Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn pull(engine: &Engine, service: &Service) -> Result<(), Problem> {
    let options = CreateImageOptionsBuilder::new().from_image(&with_tag(&service.image)).build();
    let login = service.credentials.as_ref().map(|login| DockerCredentials {
        username: Some(login.username.clone()),
        password: Some(login.password.clone()),
        email: Some(login.email.clone()).filter(|email| !email.is_empty()),
        serveraddress: Some(login.host.clone()),
        ..DockerCredentials::default()
    });
    let mut progress = engine.docker().create_image(Some(options), None, login);
    while let Some(step) = progress.next().await {
        match step {
            Ok(_) => {}
            // Docker says so in the middle of the answer; Podman answers 500 for whatever the registry said.
            Err(
                bollard::errors::Error::DockerStreamError { error: said }
                | bollard::errors::Error::DockerResponseServerError { message: said, .. },
            ) => {
                let text = format!("the image {:?} cannot be pulled: {said}", service.image);
                return Err(match said {
                    said if is_short(&said) => Problem::Exhausted(text),
                    said if is_final(&said) => Problem::Refused(text),
                    _ => Problem::Unknown(text.into()),
                });
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whether a registry has decided: the image is not there, nobody may have it, or its name is none. All else (a registry
/// that is down, a name that does not resolve now, too many pulls) may be otherwise in a minute. Engines have no codes for
/// it, so their words and those of the registries' protocol are read; what is not known here is no decision.
fn is_final(said: &str) -> bool {
    const DECISIONS: [&str; 10] = [
        "manifest unknown",
        "name unknown",
        "unauthorized",
        "authentication required",
        "access to the resource is denied",
        "access denied",
        "invalid username/password",
        "invalid reference format",
        "repository does not exist",
        "short-name",
    ];
    let said = said.to_lowercase();
    DECISIONS.iter().any(|decision| said.contains(decision))
}

/// Makes an image of a file tree, given as a tar archive.
pub(super) async fn import(engine: &Engine, image: &str, archive: Vec<u8>) -> Result<(), Problem> {
    // The tag in the name: Podman reads no other.
    let options = CreateImageOptionsBuilder::new().from_src("-").repo(image).build();
    let mut progress = engine.docker().create_image(Some(options), Some(bollard::body_full(archive.into())), None);
    while let Some(step) = progress.next().await {
        step?;
    }
    Ok(())
}

/// Without a tag Docker would pull all of them.
fn with_tag(image: &str) -> String {
    let last = image.rsplit('/').next().unwrap_or(image);
    if last.contains(':') || image.contains('@') { image.to_owned() } else { format!("{image}:latest") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_decision_of_the_registry_is_final() {
        for said in [
            "initializing source docker://127.0.0.1:5000/a:1: reading manifest 1 in 127.0.0.1:5000/a: manifest unknown",
            "unauthorized: authentication required",
            "pull access denied for x, repository does not exist or may require 'docker login'",
            "invalid reference format: repository name must be lowercase",
        ] {
            assert!(is_final(said), "{said}");
        }
        for said in [
            "pinging container registry 127.0.0.1:1: Get \"http://127.0.0.1:1/v2/\": dial tcp: connect: connection refused",
            "dial tcp: lookup registry.example on 10.0.0.1:53: no such host",
            "toomanyrequests: You have reached your pull rate limit",
            "received unexpected HTTP status: 503 Service Unavailable",
        ] {
            assert!(!is_final(said), "{said}");
        }
    }

    #[test]
    fn an_image_without_a_tag_is_the_latest() {
        for (image, pulled) in [
            ("nginx", "nginx:latest"),
            ("nginx:1", "nginx:1"),
            ("localhost:5000/a/b", "localhost:5000/a/b:latest"),
            ("localhost:5000/a/b:2", "localhost:5000/a/b:2"),
            ("a/b@sha256:00", "a/b@sha256:00"),
        ] {
            assert_eq!(with_tag(image), pulled);
        }
    }
}
