//! The price program of the `custom` strategy, run: [`crate::domain::bid::program`] has its contract.
//!
//! The program gets a clean environment (nothing of ours but what the contract names), so much time as an order may
//! wait, its turn included, and is killed with everything that it started when that is over. Its stdout is bounded, its
//! stderr goes to our log.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use crate::domain::amount::Dec18;
use crate::domain::bid::Reason;
use crate::domain::bid::program::{answer, answers, no_price};

/// The price program.
#[derive(Debug, Clone)]
pub struct Program {
    /// The program.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// One process for all orders, rather than one for each.
    pub batch: bool,
    /// How long an order may wait for its price.
    pub timeout: Duration,
    /// Processes at once, at most.
    pub concurrency: usize,
    /// Its environment, besides what the contract names.
    pub environment: Vec<(String, String)>,
    /// After so long an order that got no price is asked about again.
    pub recheck: Duration,
}

/// A question about one order.
#[derive(Debug, Clone)]
pub struct Question {
    /// The order.
    pub order: String,
    /// The tenant.
    pub owner: String,
    /// In which denomination the price is wanted.
    pub denomination: String,
    /// The question, as JSON on one line; with the order in it for a program that is asked about many.
    pub json: String,
}

/// What a program can find its own tools with.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// The most that is read of an answer about one order, in bytes.
const ANSWER: u64 = 4 << 10;
/// The most that is kept of what it says on stderr, in bytes.
const STDERR: u64 = 8 << 10;

impl Program {
    /// Asks about orders. The answers come in the order of the questions.
    pub async fn ask(&self, questions: &[Question]) -> Vec<Result<Dec18, Reason>> {
        let deadline = Instant::now() + self.timeout;
        if self.batch {
            return self.ask_all(questions, deadline).await;
        }
        let turns = Semaphore::new(self.concurrency.max(1));
        join_all(questions.iter().map(|question| self.ask_one(question, &turns, deadline))).await
    }

    async fn ask_one(&self, question: &Question, turns: &Semaphore, deadline: Instant) -> Result<Dec18, Reason> {
        let Ok(Ok(_turn)) = timeout_at(deadline, turns.acquire()).await else { return Err(Reason::NoTurn {}) };
        // A turn that comes free because the time of the one before is over comes too late.
        if Instant::now() >= deadline {
            return Err(Reason::NoTurn {});
        }
        let environment = [("AKASH_OWNER", question.owner.as_str()), ("AKASH_DENOM", question.denomination.as_str())];
        let stdout = self.run(&environment, question.json.as_bytes(), ANSWER, deadline).await?;
        answer(&stdout)
    }

    async fn ask_all(&self, questions: &[Question], deadline: Instant) -> Vec<Result<Dec18, Reason>> {
        if questions.is_empty() {
            return Vec::new();
        }
        let mut input = String::new();
        for question in questions {
            input.push_str(&question.json);
            input.push('\n');
        }
        let most = ANSWER.saturating_mul(u64::try_from(questions.len()).unwrap_or(u64::MAX));
        let said = match self.run(&[], input.as_bytes(), most, deadline).await {
            Ok(stdout) => Ok(answers(&stdout)),
            Err(reason) => Err(reason),
        };
        let mut silence = "it gave no answer".to_owned();
        let mut said: BTreeMap<String, Result<Dec18, Reason>> = match said {
            Ok((answers, foreign)) => {
                for words in &foreign {
                    tracing::warn!(program = %self.path.display(), "{words}");
                }
                if let Some(first) = foreign.first() {
                    silence = format!("{silence}; {first}");
                }
                answers
            }
            Err(reason) => return questions.iter().map(|_| Err(reason.clone())).collect(),
        };
        let of = |question: &Question| said.remove(&question.order).unwrap_or_else(|| Err(no_price(&silence)));
        questions.iter().map(of).collect()
    }

    /// Runs the program once, and gives back its stdout.
    async fn run(
        &self,
        environment: &[(&str, &str)],
        input: &[u8],
        most: u64,
        deadline: Instant,
    ) -> Result<String, Reason> {
        let mut child = Command::new(&self.path)
            .args(&self.arguments)
            .env_clear()
            .env("PATH", PATH)
            .envs(environment.iter().copied())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Of its own, so that it can be killed with its children.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| no_price(&format!("cannot start {}: {error}", self.path.display())))?;
        let group = child.id();
        let spoken = timeout_at(deadline, converse(&mut child, input, most)).await;
        let Ok(spoken) = spoken else {
            kill(group);
            let within = crate::domain::duration::display(self.timeout);
            return Err(no_price(&format!("it was killed: no answer within {within}")));
        };
        let Spoken { stdout, stderr, status } =
            spoken.map_err(|error| no_price(&format!("cannot talk to it: {error}")))?;
        let stderr = String::from_utf8_lossy(&stderr);
        if !stderr.trim().is_empty() {
            tracing::info!(program = %self.path.display(), "the price program says: {}", stderr.trim());
        }
        if !status.success() {
            let said = stderr.lines().last().unwrap_or_default();
            return Err(no_price(&format!("it ended with {status}: {said}")));
        }
        if stdout.len() as u64 > most {
            return Err(no_price(&format!("it wrote more than {most} bytes to stdout")));
        }
        String::from_utf8(stdout).map_err(|_| no_price("its stdout is not UTF-8"))
    }
}

struct Spoken {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    status: ExitStatus,
}

/// Writes, reads and waits at once: a program that reads little, or says much, blocks nobody.
async fn converse(child: &mut Child, input: &[u8], most: u64) -> std::io::Result<Spoken> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let write = async {
        if let Some(mut stdin) = stdin {
            // One that has heard enough closes its end; what it says then counts.
            let _ = stdin.write_all(input).await;
        }
    };
    let group = child.id();
    let (mut said, mut complained) = (Vec::new(), Vec::new());
    let status = {
        let pipes = async {
            let ((), out, err) =
                tokio::join!(write, read(stdout, most + 1, &mut said), read(stderr, STDERR, &mut complained));
            out.and(err)
        };
        tokio::pin!(pipes);
        tokio::select! {
            read = &mut pipes => {
                read?;
                let status = child.wait().await;
                kill(group);
                status?
            }
            status = child.wait() => {
                // What it left running has no business any more, and would keep its ends of the pipes open; what has left
                // its group too is not waited for.
                kill(group);
                if let Ok(read) = tokio::time::timeout(GRACE, &mut pipes).await {
                    read?;
                }
                status?
            }
        }
    };
    Ok(Spoken { stdout: said, stderr: complained, status })
}

/// So long the pipes of a program that has ended are read to their end.
const GRACE: Duration = Duration::from_millis(500);

/// Reads so much, and passes over the rest.
async fn read(from: Option<impl AsyncRead + Unpin>, most: u64, kept: &mut Vec<u8>) -> std::io::Result<()> {
    let Some(mut from) = from else { return Ok(()) };
    let mut piece = [0; 4096];
    loop {
        let read = from.read(&mut piece).await?;
        if read == 0 {
            return Ok(());
        }
        let room = usize::try_from(most).unwrap_or(usize::MAX).saturating_sub(kept.len());
        kept.extend(piece.iter().take(read.min(room)));
    }
}

fn kill(group: Option<u32>) {
    let group = group.and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        // It may be gone already, which is what is wanted.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(test)]
mod tests;
