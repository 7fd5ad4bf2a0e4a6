//! Bodies and handlers that count how they are used.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use enact::{ActionError, Handler};
use http_body::{Body, Frame};

/// A shared number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counter(Arc<AtomicUsize>);

impl Counter {
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Returns a handler that counts its calls and has no output.
    pub(crate) fn handler<I: Send + 'static>(&self) -> impl Handler<I, ()> + use<I> {
        let calls = self.clone();
        move |_: I, _: enact::Context| {
            calls.add();
            std::future::ready(Ok::<(), ActionError>(()))
        }
    }
}

/// A body that counts how often it is polled.
#[derive(Debug)]
pub(crate) struct Frames {
    frames: VecDeque<Bytes>,
    end: End,
    polls: Counter,
}

/// The end of a body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum End {
    Complete,
    /// The frames repeat without end.
    Endless,
    /// Neither a frame nor an end.
    Stalled,
}

impl Frames {
    pub(crate) fn new(frames: impl IntoIterator<Item = &'static str>, end: End) -> (Self, Counter) {
        let polls = Counter::default();
        let frames = frames.into_iter().map(|frame| Bytes::from_static(frame.as_bytes())).collect();
        (Self { frames, end, polls: polls.clone() }, polls)
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.polls.add();
        assert!(self.polls.get() < 10_000, "the body is read without end");
        match self.frames.pop_front() {
            Some(frame) => {
                if self.end == End::Endless {
                    self.frames.push_back(frame.clone());
                }
                Poll::Ready(Some(Ok(Frame::data(frame))))
            }
            None if self.end == End::Stalled => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

/// A body in several frames, all of them ready.
#[derive(Debug)]
pub(crate) struct Chunks(VecDeque<Bytes>);

impl Chunks {
    /// Splits a body into at most `pieces` frames.
    pub(crate) fn new(mut body: Bytes, pieces: usize) -> Self {
        let size = body.len().div_ceil(pieces).max(1);
        let mut frames = VecDeque::new();
        while !body.is_empty() {
            frames.push_back(body.split_to(size.min(body.len())));
        }
        Self(frames)
    }
}

impl Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|frame| Ok(Frame::data(frame))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }
}
