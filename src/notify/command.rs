//! A program of the operator's.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use super::{Channel, Error, Notice, Told};

/// A program that gets each notice as a JSON object on its standard input. It sees nothing of our environment but PATH.
pub struct Command {
    program: PathBuf,
    timeout: Duration,
}

impl Command {
    /// The program at a path.
    pub const fn new(program: PathBuf, timeout: Duration) -> Self {
        Self { program, timeout }
    }

    async fn run(&self, notice: &Notice) -> Result<(), Error> {
        let program = || self.program.display().to_string();
        let failed = |source| Error::Run { program: program(), source };
        let mut child = tokio::process::Command::new(&self.program)
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let object = serde_json::to_vec(notice).map_err(|error| failed(error.into()))?;
        let work = async {
            if let Some(mut stdin) = child.stdin.take() {
                // A program that does not read is no failure; how it ends counts.
                let _ = stdin.write_all(&object).await;
            }
            child.wait().await
        };
        match tokio::time::timeout(self.timeout, work).await {
            Err(_) => Err(Error::Ended { program: program(), ended: "did not end in time".to_owned() }),
            Ok(Err(error)) => Err(failed(error)),
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(Error::Ended { program: program(), ended: format!("ended with {status}") }),
        }
    }
}

impl Channel for Command {
    fn name(&self) -> &'static str {
        "command"
    }

    fn tell<'a>(&'a self, notice: &'a Notice) -> Told<'a> {
        Box::pin(self.run(notice))
    }
}
