//! The output of a workload, line by line, as it comes.

use std::convert::Infallible;
use std::ops::ControlFlow;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use tokio::sync::mpsc;

use super::listings::Parameters;
use super::workload::find;
use crate::adapters::{LogLine, LogRequest, Target};
use crate::serve::{Problem, Shared};

/// How many lines of each unit are sent at most, besides what comes while following.
const MOST: u32 = 1000;

/// How many lines wait for a client that reads slowly; one that is slower is let go.
const WAITING: usize = 2048;

pub(super) async fn logs(
    State(shared): State<Shared>,
    Path(text): Path<String>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let Query(parameters) = parameters.map_err(|_| Problem::bad_request("the parameters cannot be read"))?;
    let mut wanted = LogRequest { service: None, tail: Some(100), follow: false };
    for (name, value) in parameters {
        match name.as_str() {
            "follow" => {
                let follow = value.parse();
                wanted.follow = follow.map_err(|_| Problem::bad_request("follow is true or false"))?;
            }
            "tail" => {
                let tail = value.parse().ok().filter(|tail| *tail <= MOST);
                let tail = tail.ok_or_else(|| Problem::bad_request(format!("tail is a number up to {MOST}")))?;
                wanted.tail = Some(tail);
            }
            "service" => wanted.service = Some(value),
            _ => return Err(Problem::bad_request("no such parameter; there are follow, tail, service")),
        }
    }
    let workload = find(&shared, &text).await?;
    if let Some(service) = &wanted.service
        && !workload.services.iter().any(|(name, _)| name == service)
    {
        return Err(Problem::not_found("the workload has no such service"));
    }
    let name = workload.adapter.clone().ok_or_else(|| Problem::not_found("the workload has run nowhere yet"))?;
    if shared.back_ends.get(&name).is_none() {
        return Err(Problem::unavailable("its back end is not configured"));
    }
    let (sender, lines) = mpsc::channel::<Bytes>(WAITING);
    tokio::spawn(async move {
        let Some(adapter) = shared.back_ends.get(&name) else { return };
        let target = Target { id: &workload.id, handle: workload.handle.as_ref() };
        let mut sink = |line: LogLine| match sender.try_send(object(&line)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        };
        let read = adapter.logs(target, &wanted, &mut sink);
        tokio::select! {
            ended = read => if let Err(error) = ended {
                tracing::warn!(workload = %workload.id, error = crate::domain::fault::in_one_line(&error), "logs cannot be read");
            },
            () = sender.closed() => {}
            () = shared.stopped() => {}
        }
    });
    let stream = futures_util::stream::unfold(lines, |mut lines| async move {
        lines.recv().await.map(|line| (Ok::<_, Infallible>(line), lines))
    });
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(stream)).into_response())
}

fn object(line: &LogLine) -> Bytes {
    let object = json!({
        "unit": format!("{}-{}", line.service, line.replica),
        "time": line.at,
        "stream": line.stream.word(),
        "text": line.text,
    });
    Bytes::from(format!("{object}\n"))
}
