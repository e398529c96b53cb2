//! The engine behind the socket: which one it is, how it is asked, what its refusals mean.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bollard::{API_DEFAULT_VERSION, Docker};
use futures_util::StreamExt;
use hyper::body::Bytes;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;

use super::PATIENCE;
use crate::adapters::{Call, Error};

/// An engine that answered.
pub(super) struct Engine {
    docker: Docker,
    socket: PathBuf,
    podman: bool,
    /// It can give each container users of its own.
    maps_users: bool,
    /// Its numbers of processes are ours.
    shares_pids: bool,
}

/// Why an engine did not do what it was asked.
#[derive(Debug)]
pub(super) enum Problem {
    /// It refuses.
    Refused(String),
    /// We may not.
    Denied(bollard::errors::Error),
    /// Something that is not ours has the name.
    InTheWay(String),
    /// The machine is short of something.
    Exhausted(String),
    /// Anything else: what it did is not known.
    Unknown(Box<dyn std::error::Error + Send + Sync>),
}

/// The largest answer to a listing, in bytes.
const LARGEST: usize = 256 << 20;

impl Engine {
    /// Asks the engine which one it is.
    pub(super) async fn connect(socket: &Path) -> Result<Self, Problem> {
        let path = socket.to_str().ok_or_else(|| Problem::Refused("the path of its socket is not UTF-8".to_owned()))?;
        let docker = Docker::connect_with_unix(path, 600, API_DEFAULT_VERSION)?;
        let docker = within(docker.negotiate_version()).await?;
        let version = within(docker.version()).await?;
        let parts = version.components.unwrap_or_default();
        let podman = parts.iter().any(|part| part.name.starts_with("Podman"));
        let maps_users = podman && super::users::can_be_mapped(socket);
        let shares_pids = shares_pids(socket).await;
        Ok(Self { docker, socket: socket.to_owned(), podman, maps_users, shares_pids })
    }

    /// Whether a process that it names is the one of that number here. Not where it runs in a machine or container of its own.
    pub(super) const fn shares_pids(&self) -> bool {
        self.shares_pids
    }

    /// Whether it can give each container users of its own.
    pub(super) const fn maps_users(&self) -> bool {
        self.maps_users
    }

    pub(super) const fn docker(&self) -> &Docker {
        &self.docker
    }

    /// Podman, which has calls of its own that tell more at once.
    pub(super) const fn is_podman(&self) -> bool {
        self.podman
    }

    /// The folder of its containers and volumes, as its own machine names it.
    pub(super) async fn root(&self) -> Result<PathBuf, Problem> {
        #[derive(serde::Deserialize)]
        struct Info {
            #[serde(rename = "DockerRootDir", default)]
            root: PathBuf,
        }
        let info: Info = self.get("/v1.41/info").await?;
        Ok(info.root)
    }

    pub(super) async fn start(&self, id: &str) -> Result<(), Problem> {
        let options = None::<bollard::query_parameters::StartContainerOptions>;
        Ok(within(self.docker.start_container(id, options)).await?)
    }

    /// Whether a container that ended was killed for want of memory; one that is gone was not.
    pub(super) async fn ran_out_of_memory(&self, id: &str) -> Result<bool, Problem> {
        let options = None::<bollard::query_parameters::InspectContainerOptions>;
        match within(self.docker.inspect_container(id, options)).await {
            Ok(found) => Ok(found.state.and_then(|state| state.oom_killed).unwrap_or(false)),
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Of something that is to be gone or is so already: absent, and unchanged, is done.
    #[expect(clippy::unused_self, reason = "reads as what is asked of the engine")]
    pub(super) fn absent_is_done(&self, result: Result<(), bollard::errors::Error>) -> Result<(), Problem> {
        match result {
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 304 | 404, .. }) => Ok(()),
            other => Ok(other?),
        }
    }

    /// A listing as JSON. Read by hand: the library's own types refuse states that Podman has and Docker has not.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Problem> {
        let answer = tokio::time::timeout(PATIENCE, self.fetch(path)).await;
        let (status, body) = answer.map_err(|_| Problem::late(PATIENCE))??;
        if status != 200 {
            let text: String = String::from_utf8_lossy(&body).chars().take(500).collect();
            return Err(Problem::Unknown(format!("the engine answered {status}: {text}").into()));
        }
        serde_json::from_slice(&body).map_err(|error| Problem::Unknown(error.into()))
    }

    async fn fetch(&self, path: &str) -> Result<(u16, Vec<u8>), Problem> {
        let stream = UnixStream::connect(&self.socket).await?;
        let io = hyper_util::rt::TokioIo::new(stream);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await?;
        // It ends with the sender, at the end of this function.
        tokio::spawn(connection);
        let request = hyper::Request::get(path).header(hyper::header::HOST, "engine").body(Empty);
        let request = request.map_err(|error| Problem::Unknown(error.into()))?;
        let answer = sender.send_request(request).await?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        let mut frames = Frames(answer.into_body());
        while let Some(frame) = frames.next().await {
            body.extend_from_slice(&frame?);
            if body.len() > LARGEST {
                return Err(Problem::Unknown("the engine's answer is too large".into()));
            }
        }
        Ok((status, body))
    }
}

/// No body.
struct Empty;

impl hyper::body::Body for Empty {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        std::task::Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }
}

/// The data of a body.
struct Frames(hyper::body::Incoming);

impl futures_util::Stream for Frames {
    type Item = Result<Bytes, hyper::Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        let frame = hyper::body::Body::poll_frame(std::pin::Pin::new(&mut self.0), context);
        frame.map(|frame| frame.map(|frame| frame.map(|frame| frame.into_data().unwrap_or_default())))
    }
}

/// Whether who listens at a socket numbers processes as we do; `false` where that cannot be seen.
async fn shares_pids(socket: &Path) -> bool {
    let Ok(stream) = UnixStream::connect(socket).await else { return false };
    let Some(pid) = stream.peer_cred().ok().and_then(|peer| peer.pid()) else { return false };
    let namespace = |process: &str| std::fs::read_link(format!("/proc/{process}/ns/pid")).ok();
    let theirs = namespace(&pid.to_string());
    theirs.is_some() && theirs == namespace("self")
}

/// A call that only looks, or changes little, in its time.
pub(super) async fn within<T>(
    call: impl Future<Output = Result<T, bollard::errors::Error>>,
) -> Result<T, bollard::errors::Error> {
    match tokio::time::timeout(PATIENCE, call).await {
        Ok(answer) => answer,
        Err(_) => Err(bollard::errors::Error::RequestTimeoutError),
    }
}

impl Problem {
    pub(super) fn late(after: Duration) -> Self {
        Self::Unknown(format!("no answer within {} s", after.as_secs()).into())
    }

    pub(super) fn into_error(self, call: &Call) -> Error {
        let call = call.clone();
        match self {
            Self::Refused(reason) => Error::Refused { call, reason },
            Self::Denied(source) => Error::Denied { call, source: source.into() },
            Self::InTheWay(what) => Error::InTheWay { call, what },
            Self::Exhausted(reason) => Error::Exhausted { call, reason },
            Self::Unknown(source) => Error::Unavailable { call, source },
        }
    }
}

impl From<bollard::errors::Error> for Problem {
    fn from(error: bollard::errors::Error) -> Self {
        use bollard::errors::Error as E;
        match error {
            E::DockerResponseServerError { message, .. } if is_short(&message) => Self::Exhausted(message),
            // What is wrong with the request is wrong with the next one too.
            E::DockerResponseServerError { status_code: 400 | 404 | 406 | 422, message } => Self::Refused(message),
            E::DockerResponseServerError { status_code: 401 | 403, .. } => Self::Denied(error),
            other => Self::Unknown(other.into()),
        }
    }
}

/// Whether the engine says, in the kernel's words, that the machine is short of disk or memory.
pub(super) fn is_short(said: &str) -> bool {
    let said = said.to_lowercase();
    ["no space left on device", "disk quota exceeded", "cannot allocate memory"].iter().any(|word| said.contains(word))
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::Unknown(error.into())
    }
}

impl From<hyper::Error> for Problem {
    fn from(error: hyper::Error) -> Self {
        Self::Unknown(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_apart() {
        use bollard::errors::Error as E;
        let answer = |status_code, text: &str| {
            Problem::from(E::DockerResponseServerError { status_code, message: text.to_owned() })
        };
        let full = answer(500, "writing blob: write /var/lib/containers/x: no space left on device");
        assert!(matches!(full, Problem::Exhausted(_)));
        assert!(matches!(answer(500, "something else"), Problem::Unknown(_)));
        assert!(matches!(answer(404, "no such container"), Problem::Refused(_)));
    }
}
