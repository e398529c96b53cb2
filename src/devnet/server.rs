//! A development chain that runs: its services, its blocks, its control socket.
//!
//! [`Server::start`] is what `provider devnet start` does, and what tests do in their own process: there the
//! [`Node`] is at hand as well.

use super::app;
use super::app::engine::{Identity, OpenError};
use super::app::file::Found;
use super::app::genesis::Genesis;
use super::control;
use super::kv::Broken;
use super::node::Node;
use super::service::{self, Limits};
use crate::domain::fault::{Classified, Fault};
use std::borrow::Cow;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

/// What to start.
#[derive(Debug, Clone)]
pub struct Options {
    /// The chain's folder; made where it is missing.
    pub home: PathBuf,
    /// What the chain is.
    pub identity: Identity,
    /// What a new chain begins with.
    pub genesis: Genesis,
    /// The time between blocks; zero: a block for each transaction.
    pub block_time: Duration,
    /// Where gRPC listens; port 0 takes a free one.
    pub grpc: SocketAddr,
    /// Where CometBFT's RPC listens; port 0 takes a free one.
    pub rpc: SocketAddr,
}

/// Why no chain was started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder, or a file in it.
    #[error("cannot {doing} {}", path.display())]
    Place {
        /// What was tried.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another process has it.
    #[error("a development chain runs already in {}", home.display())]
    Running {
        /// The folder.
        home: PathBuf,
    },
    /// An address cannot be listened at.
    #[error("cannot listen at {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The chain itself.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl Classified for StartError {
    fn fault(&self) -> Fault {
        match self {
            Self::Place { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => Fault::Denied,
            Self::Place { .. } | Self::Listen { .. } => Fault::Unavailable,
            Self::Running { .. } => Fault::Conflict,
            Self::Open(OpenError::State { source, .. }) => source.fault(),
            Self::Open(OpenError::Genesis(_) | OpenError::Other { .. } | OpenError::OtherGenesis { .. }) => {
                Fault::Invalid
            }
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::Place { .. } => "look at the folder's owner and mode, or name another folder with --home".into(),
            Self::Running { .. } => "end it with `provider devnet stop`, or name another folder with --home".into(),
            Self::Listen { .. } => "choose other addresses with --grpc-addr and --rpc-addr".into(),
            Self::Open(OpenError::State { source, .. }) => return source.hint(),
            Self::Open(OpenError::Genesis(_)) => {
                "give the JSON of `drive.py genesis`: accounts, identity and providers".into()
            }
            Self::Open(OpenError::Other { .. } | OpenError::OtherGenesis { .. }) => {
                "leave that option out to go on with it, or begin afresh with `provider devnet reset`".into()
            }
        })
    }
}

/// A chain that runs.
pub struct Server {
    /// The node itself.
    pub node: Node,
    /// Where gRPC is.
    pub grpc: SocketAddr,
    /// Where CometBFT's RPC is.
    pub rpc: SocketAddr,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    blocks: Option<JoinHandle<Result<(), Broken>>>,
    home: PathBuf,
    lock: File,
}

/// The file of the chain in this folder.
pub fn file_of(home: &Path) -> PathBuf {
    home.join("chain.db")
}

/// What the chain in this folder is; none where there is none yet. Looks, and changes nothing.
pub fn found(home: &Path) -> Result<Option<Found>, StartError> {
    let path = file_of(home);
    let state = |source| OpenError::State { path: path.display().to_string(), source };
    Ok(app::file::found(&path).map_err(state)?)
}

/// Takes the chain in this folder away; false where there is none. What is no development chain's file is refused and
/// left as it is, and so is a chain that runs.
pub fn reset(home: &Path) -> Result<bool, StartError> {
    let path = file_of(home);
    let failed = |doing, path: &Path| {
        let path = path.to_owned();
        move |source| StartError::Place { doing, path, source }
    };
    if !path.try_exists().map_err(failed("look at", &path))? {
        return Ok(false);
    }
    // Held until the files are gone: nobody may start meanwhile.
    let _lock = lock(home)?;
    let state = |source| OpenError::State { path: path.display().to_string(), source };
    app::file::check_mark(&path).map_err(state)?;
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut path = path.clone().into_os_string();
        path.push(suffix);
        let path = PathBuf::from(path);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed("take away", &path)(error)),
            _ => {}
        }
    }
    Ok(true)
}

/// Makes the folder and takes its lock, for as long as the file is open.
pub fn lock(home: &Path) -> Result<File, StartError> {
    let failed = |doing, path: &Path| {
        let path = path.to_owned();
        move |source| StartError::Place { doing, path, source }
    };
    DirBuilder::new().recursive(true).mode(0o700).create(home).map_err(failed("make", home))?;
    let path = home.join("lock");
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(failed("open", &path))?;
    match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(StartError::Running { home: home.to_owned() }),
        Err(error) => Err(failed("lock", &path)(error.into())),
    }
}

/// Whether nobody has the folder, or there is none.
pub fn is_free(home: &Path) -> Result<bool, StartError> {
    let path = home.join("lock");
    let failed = |doing| {
        let path = path.clone();
        move |source| StartError::Place { doing, path, source }
    };
    let file = match OpenOptions::new().write(true).open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        opened => opened.map_err(failed("open"))?,
    };
    match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(failed("lock")(error.into())),
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

impl Server {
    /// Starts a chain; needs a tokio runtime.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let home = options.home;
        let lock = lock(&home)?;
        let (grpc_listener, grpc) = listen(options.grpc).await?;
        let (rpc_listener, rpc) = listen(options.rpc).await?;
        let node = Node::open(&file_of(&home), options.identity, &options.genesis, options.block_time)?;
        let socket = control::Bound::take(&home).map_err(|source| StartError::Place {
            doing: "listen at the control socket",
            path: control::socket_of(&home),
            source,
        })?;
        let (stop, stopped) = watch::channel(false);
        let serve = |listener, router| {
            tokio::spawn(service::serve(listener, router, node.clone(), Limits::default(), stopped.clone()))
        };
        let tasks = vec![
            serve(grpc_listener, service::grpc(node.clone())),
            serve(rpc_listener, service::rpc(node.clone())),
            tokio::spawn(control::serve(socket, node.clone(), grpc, rpc, stop.clone())),
        ];
        let blocks = (!options.block_time.is_zero()).then(|| tokio::spawn(make_blocks(node.clone(), stop.clone())));
        Ok(Self { node, grpc, rpc, stop, tasks, blocks, home, lock })
    }

    /// Somebody to tell it to stop.
    pub fn stopper(&self) -> watch::Sender<bool> {
        self.stop.clone()
    }

    /// A second hold on the folder: it is free when this is closed, too. For a process that goes on a little after the
    /// chain has ended.
    pub fn hold(&self) -> Result<File, StartError> {
        let held = self.lock.try_clone();
        held.map_err(|source| StartError::Place { doing: "hold", path: self.home.join("lock"), source })
    }

    /// Waits until it was told to stop, or could make no more blocks.
    pub async fn wait(mut self) -> Result<(), Broken> {
        let mut stopped = self.stop.subscribe();
        service::until(&mut stopped).await;
        self.node.begin_to_end();
        for task in self.tasks.drain(..) {
            let _ = task.await;
        }
        let made = match self.blocks.take() {
            Some(blocks) => blocks.await.unwrap_or(Ok(())),
            None => Ok(()),
        };
        // Somebody may be writing still. The folder's lock goes when nobody can any more.
        let node = self.node.clone();
        let _ = tokio::task::spawn_blocking(move || node.end()).await;
        drop(self.lock);
        made
    }

    /// Tells it to stop, and waits.
    pub async fn stop(self) -> Result<(), Broken> {
        self.stop.send_replace(true);
        self.wait().await
    }
}

/// Makes a block each time that its time has come.
async fn make_blocks(node: Node, stop: watch::Sender<bool>) -> Result<(), Broken> {
    let mut ticks = tokio::time::interval(node.block_time());
    // After a long pause there is one block to make, not many.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    let mut stopped = stop.subscribe();
    loop {
        tokio::select! {
            () = service::until(&mut stopped) => return Ok(()),
            _ = ticks.tick() => {}
        }
        let maker = node.clone();
        let made = tokio::task::spawn_blocking(move || maker.produce().map(drop)).await;
        if let Ok(Err(broken)) = made {
            if matches!(broken, Broken::Ended) {
                return Ok(());
            }
            stop.send_replace(true);
            return Err(broken);
        }
    }
}
