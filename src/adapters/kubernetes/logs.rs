//! The output of pods.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::pin::Pin;

use futures_util::{AsyncBufRead, AsyncBufReadExt, Stream as Streaming, StreamExt};
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, LogParams};

use super::cluster::{Cluster, Problem};
use super::names::label;
use super::observe::numbered;
use super::render::CONTAINER;
use crate::adapters::log::LONGEST_LINE;
use crate::adapters::{LogLine, LogRequest, LogSink, Stream};

/// Room for the time before a line.
const STAMP: usize = 64;

type Lines<'a> = Pin<Box<dyn Streaming<Item = Result<LogLine, Problem>> + Send + 'a>>;

/// Passes on the output of a workload's pods.
pub(super) async fn read(
    cluster: &Cluster,
    namespace: &str,
    pods: &[Pod],
    wanted: &LogRequest,
    sink: LogSink<'_>,
) -> Result<(), Problem> {
    let mut by_service: BTreeMap<&str, Vec<&Pod>> = BTreeMap::new();
    for pod in pods {
        let service = pod.metadata.labels.as_ref().and_then(|labels| labels.get(label::SERVICE));
        by_service.entry(service.map_or("", String::as_str)).or_default().push(pod);
    }
    let mut streams: Vec<Lines<'_>> = vec![];
    for (service, pods) in by_service {
        if wanted.service.as_ref().is_some_and(|only| only != service) {
            continue;
        }
        for (replica, pod) in numbered(pods.into_iter()) {
            streams.extend(lines(cluster, namespace, pod, service.to_owned(), replica, wanted).await?);
        }
    }
    if !wanted.follow {
        let mut all = vec![];
        for mut stream in streams {
            while let Some(line) = stream.next().await {
                all.push(line?);
            }
        }
        all.sort_by_key(|line| line.at);
        let _ = all.into_iter().try_for_each(sink);
        return Ok(());
    }
    let mut all = futures_util::stream::select_all(streams);
    while let Some(line) = all.next().await {
        if sink(line?) == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}

async fn lines<'a>(
    cluster: &'a Cluster,
    namespace: &str,
    pod: &Pod,
    service: String,
    replica: u32,
    wanted: &LogRequest,
) -> Result<Option<Lines<'a>>, Problem> {
    let api = Api::<Pod>::namespaced(cluster.client().clone(), namespace);
    let how = LogParams {
        container: Some(CONTAINER.to_owned()),
        follow: wanted.follow,
        tail_lines: wanted.tail.map(i64::from),
        timestamps: true,
        ..LogParams::default()
    };
    let name = pod.metadata.name.clone().unwrap_or_default();
    let output = match cluster.within(|| api.log_stream(&name, &how)).await {
        Ok(output) => output,
        // It has not begun yet, or is gone: there is no output.
        Err(problem) if matches!(problem.code(), Some(400 | 404)) => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let lines = pieces(output).map(move |piece| {
        let piece = piece.map_err(|error| Problem::Kube(kube::Error::ReadEvents(error)))?;
        Ok(line(&piece, service.clone(), replica))
    });
    Ok(Some(Box::pin(lines)))
}

/// The lines of an output, as bytes: what a tenant writes need not be UTF-8. Of a line that is too long the rest is cut off
/// while it is read, so that it is never held as a whole.
fn pieces(output: impl AsyncBufRead + Send) -> impl Streaming<Item = std::io::Result<Vec<u8>>> + Send {
    let output = Box::pin(output);
    futures_util::stream::try_unfold(output, async |mut output| {
        let mut line = vec![];
        let mut any = false;
        loop {
            let buffer = output.fill_buf().await?;
            if buffer.is_empty() {
                return Ok(any.then_some((line, output)));
            }
            any = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let (piece, used) = (end.unwrap_or(buffer.len()), end.map_or(buffer.len(), |end| end + 1));
            let room = (LONGEST_LINE + STAMP).saturating_sub(line.len()).min(piece);
            line.extend_from_slice(buffer.get(..room).unwrap_or_default());
            output.as_mut().consume(used);
            if end.is_some() {
                return Ok(Some((line, output)));
            }
        }
    })
}

/// `2026-01-01T00:00:00.000000000Z text`. The cluster does not tell the two outputs apart.
fn line(bytes: &[u8], service: String, replica: u32) -> LogLine {
    let mut parts = bytes.splitn(2, |byte| *byte == b' ');
    let (first, rest) = (parts.next().unwrap_or_default(), parts.next());
    let at = std::str::from_utf8(first).ok().and_then(|text| text.parse::<Timestamp>().ok());
    let text = match (at, rest) {
        (Some(_), rest) => rest.unwrap_or_default(),
        (None, _) => bytes,
    };
    let text = text.get(..LONGEST_LINE).unwrap_or(text);
    LogLine {
        service,
        replica,
        at,
        stream: Stream::Stdout,
        text: String::from_utf8_lossy(text).trim_end_matches('\r').to_owned(),
    }
}
