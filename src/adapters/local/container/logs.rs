//! The output of containers.

use std::ops::ControlFlow;
use std::pin::Pin;

use bollard::container::LogOutput;
use bollard::query_parameters::LogsOptionsBuilder;
use futures_util::{Stream as Streaming, StreamExt};

use super::engine::{Engine, Problem};
use super::list::Found;
use crate::adapters::log::LONGEST_LINE;
use crate::adapters::{LogLine, LogRequest, LogSink, Stream};

type Lines<'a> = Pin<Box<dyn Streaming<Item = Result<LogLine, Problem>> + Send + 'a>>;

/// Passes on the output of containers: what is kept, oldest first, and then what comes, if that is wanted.
pub(super) async fn read(
    engine: &Engine,
    containers: &[Found],
    wanted: &LogRequest,
    sink: LogSink<'_>,
) -> Result<(), Problem> {
    let containers: Vec<&Found> = containers
        .iter()
        .filter(|found| wanted.service.as_ref().is_none_or(|only| *only == found.service))
        .filter(|found| !found.created_only)
        .collect();
    if !wanted.follow {
        let mut lines = vec![];
        for found in containers {
            let mut stream = lines_of(engine, found, wanted);
            while let Some(line) = stream.next().await {
                lines.push(line?);
            }
        }
        lines.sort_by_key(|line| line.at);
        let _ = lines.into_iter().try_for_each(sink);
        return Ok(());
    }
    let streams = containers.into_iter().map(|found| lines_of(engine, found, wanted));
    let mut lines = futures_util::stream::select_all(streams);
    while let Some(line) = lines.next().await {
        if sink(line?) == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}

fn lines_of<'a>(engine: &'a Engine, found: &'a Found, wanted: &LogRequest) -> Lines<'a> {
    let tail = wanted.tail.map_or_else(|| "all".to_owned(), |tail| tail.to_string());
    let options =
        LogsOptionsBuilder::new().stdout(true).stderr(true).timestamps(true).follow(wanted.follow).tail(&tail);
    let output = engine.docker().logs(&found.id, Some(options.build()));
    let mut pending = [Vec::new(), Vec::new()];
    let lines = output.flat_map(move |part| {
        let lines = match part {
            Ok(part) => split(&mut pending, part).into_iter().map(|line| Ok(parse(found, line))).collect(),
            Err(error) => vec![Err(Problem::from(error))],
        };
        futures_util::stream::iter(lines)
    });
    // Asked for no lines, an engine may send some all the same.
    if wanted.tail == Some(0) && !wanted.follow { Box::pin(futures_util::stream::empty()) } else { Box::pin(lines) }
}

/// Whole lines out of parts that may begin and end anywhere; each stream has what is left over of its own.
fn split(pending: &mut [Vec<u8>; 2], part: LogOutput) -> Vec<(Stream, Vec<u8>)> {
    let (stream, message) = match part {
        LogOutput::StdErr { message } => (Stream::Stderr, message),
        LogOutput::StdOut { message } | LogOutput::StdIn { message } | LogOutput::Console { message } => {
            (Stream::Stdout, message)
        }
    };
    let [out, err] = pending;
    let left = if stream == Stream::Stderr { err } else { out };
    let mut lines = vec![];
    for byte in message {
        if byte == b'\n' {
            lines.push((stream, std::mem::take(left)));
        } else if left.len() < LONGEST_LINE {
            left.push(byte);
        }
    }
    lines
}

/// `2026-11-21T13:22:00.123456789Z text`.
fn parse(found: &Found, (stream, line): (Stream, Vec<u8>)) -> LogLine {
    let text = String::from_utf8_lossy(&line);
    let text = text.strip_suffix('\r').unwrap_or(&text);
    let (at, text) = text.split_once(' ').unwrap_or((text, ""));
    LogLine {
        service: found.service.clone(),
        replica: found.replica,
        at: at.parse().ok(),
        stream,
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_put_together_for_each_stream() {
        let mut pending = [vec![], vec![]];
        let out = |text: &'static str| LogOutput::StdOut { message: text.into() };
        let err = |text: &'static str| LogOutput::StdErr { message: text.into() };
        assert_eq!(split(&mut pending, out("one\ntw")), [(Stream::Stdout, b"one".to_vec())]);
        assert_eq!(split(&mut pending, err("bad\n")), [(Stream::Stderr, b"bad".to_vec())]);
        let rest = split(&mut pending, out("o\n\n"));
        assert_eq!(rest, [(Stream::Stdout, b"two".to_vec()), (Stream::Stdout, vec![])]);
        let long = "x".repeat(LONGEST_LINE + 10);
        let long: &'static str = Box::leak((long + "\n").into_boxed_str());
        assert_eq!(split(&mut pending, out(long))[0].1.len(), LONGEST_LINE);
    }
}
