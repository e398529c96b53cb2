//! Requests' bodies: read whole, in time, and not too much of them at once.

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How much all bodies together may hold, in bytes, and how long one may take to arrive.
#[derive(Debug, Clone)]
pub struct Intake {
    room: Arc<Semaphore>,
    patience: Duration,
}

/// A body that was read. Its bytes have their place among all bodies' for as long as this lives.
#[derive(Debug)]
pub struct Whole {
    /// What was in it.
    pub bytes: Bytes,
    _place: Option<OwnedSemaphorePermit>,
}

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It has more bytes than a request may have.
    #[error("http: request body too large")]
    TooLarge,
    /// It did not arrive in time.
    #[error("i/o timeout")]
    TooLate,
    /// The bodies of others leave no room for it.
    #[error("too many requests at once")]
    NoRoom,
    /// The connection ended in the middle of it.
    #[error("unexpected EOF")]
    Broken,
}

impl Intake {
    /// Room for so many bytes, and time for each body.
    pub fn new(room: usize, patience: Duration) -> Self {
        Self { room: Arc::new(Semaphore::new(room.min(Semaphore::MAX_PERMITS))), patience }
    }

    /// Reads a body of at most `largest` bytes.
    pub async fn read(&self, body: Body, largest: usize) -> Result<Whole, Problem> {
        let arrived = tokio::time::timeout(self.patience, self.gather(body, largest)).await;
        arrived.unwrap_or(Err(Problem::TooLate))
    }

    async fn gather(&self, body: Body, largest: usize) -> Result<Whole, Problem> {
        let (mut bytes, mut place) = (Vec::new(), None::<OwnedSemaphorePermit>);
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| Problem::Broken)?;
            if chunk.len() > largest.saturating_sub(bytes.len()) {
                return Err(Problem::TooLarge);
            }
            let more = u32::try_from(chunk.len()).map_err(|_| Problem::TooLarge)?;
            // Whoever waited here for room would hold what it has, and all would wait for each other.
            let more = Arc::clone(&self.room).try_acquire_many_owned(more).map_err(|_| Problem::NoRoom)?;
            match &mut place {
                None => place = Some(more),
                Some(place) => place.merge(more),
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Whole { bytes: bytes.into(), _place: place })
    }
}

/// A body that ends as if broken off after `largest` bytes: for what is read piece by piece.
pub fn limited(body: Body, largest: usize) -> Body {
    let mut left = largest;
    Body::from_stream(body.into_data_stream().map(move |chunk| {
        let chunk = chunk.map_err(|_| Problem::Broken)?;
        left = left.checked_sub(chunk.len()).ok_or(Problem::TooLarge)?;
        Ok::<_, Problem>(chunk)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;
    use std::convert::Infallible;

    fn of(chunks: &[usize]) -> Body {
        let chunks: Vec<_> = chunks.iter().map(|length| Ok::<_, Infallible>(vec![7; *length])).collect();
        Body::from_stream(stream::iter(chunks))
    }

    #[tokio::test]
    async fn bodies_have_their_size_their_time_and_their_room() {
        let intake = Intake::new(100, Duration::from_millis(100));
        let whole = intake.read(of(&[30, 30]), 60).await.unwrap();
        assert_eq!(whole.bytes.len(), 60);
        assert_eq!(intake.read(of(&[30, 31]), 60).await.unwrap_err(), Problem::TooLarge);
        assert_eq!(intake.read(of(&[41]), 60).await.unwrap_err(), Problem::NoRoom);
        assert!(intake.read(of(&[40]), 60).await.is_ok());
        drop(whole);
        assert!(intake.read(of(&[60]), 60).await.is_ok());
        let endless = stream::iter([Ok::<_, Infallible>(vec![7; 90])]).chain(stream::pending());
        assert_eq!(intake.read(Body::from_stream(endless), 95).await.unwrap_err(), Problem::TooLate);
        assert!(intake.read(of(&[100]), 100).await.is_ok(), "what was given up holds nothing");
        assert!(axum::body::to_bytes(limited(of(&[5, 5]), 9), 100).await.is_err());
        assert!(axum::body::to_bytes(limited(of(&[5, 5]), 10), 100).await.is_ok());
    }
}
