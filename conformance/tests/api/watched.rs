//! Bodies and handlers that tell what was done with them.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use enact::{ActionError, Handler};
use http_body::{Body, Frame};

/// A number that several hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counter(Arc<AtomicUsize>);

impl Counter {
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// A handler that counts its calls and answers nothing.
    pub(crate) fn handler<I: Send + 'static>(&self) -> impl Handler<I, ()> + use<I> {
        let calls = self.clone();
        move |_: I, _: enact::Context| {
            calls.add();
            std::future::ready(Ok::<(), ActionError>(()))
        }
    }
}

/// A body that counts how often a frame was asked for.
#[derive(Debug)]
pub(crate) struct Frames {
    frames: VecDeque<Bytes>,
    end: End,
    polls: Counter,
}

/// What comes after the last frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum End {
    Complete,
    /// The same frame again, for ever.
    Endless,
    /// Nothing, not even an end.
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
        assert!(self.polls.get() < 10_000, "nobody stops reading");
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
