//! Images: there, or pulled.

use bollard::auth::DockerCredentials;
use bollard::query_parameters::CreateImageOptionsBuilder;
use futures_util::StreamExt;

use super::Pull;
use super::engine::{Engine, Problem, within};
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
            // Docker says so in the middle of the answer: the registry refused, or has no such image.
            Err(bollard::errors::Error::DockerStreamError { error }) => {
                return Err(Problem::Refused(format!("the image {:?} cannot be pulled: {error}", service.image)));
            }
            // Podman answers 500 for whatever the registry said.
            Err(bollard::errors::Error::DockerResponseServerError { message, .. }) => {
                return Err(Problem::Refused(format!("the image {:?} cannot be pulled: {message}", service.image)));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
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
