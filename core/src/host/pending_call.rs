//! A call before its gates.

use std::sync::Arc;

use bytes::Buf;
use http::{Extensions, request};
use http_body::Body;

use super::body_reader::BodyReader;
use super::reply::Reply;
use crate::context::{Call, Context};
use crate::panic::catch_async;
use crate::registry::{Entry, Registry, Rejection};

/// A call of an action whose gates have not run yet.
#[derive(Debug)]
#[must_use = "the action has not run"]
pub struct PendingCall {
    registry: Registry,
    entry: Arc<Entry>,
    call: Call,
    ctx: Context,
}

impl PendingCall {
    pub(super) fn new(registry: Registry, entry: Arc<Entry>, call: Call, head: request::Parts) -> Self {
        let ctx = Context::for_request(head, call);
        Self { registry, entry, call, ctx }
    }

    /// Returns the called action, and how it was called.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Returns the extensions of the request, which gates, the handler and the page see.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        self.ctx.extensions_mut()
    }

    /// Runs the gates and inspects the headers of the body.
    ///
    /// A refused call is not an error here: the [`BodyReader`] then wants no body, and replies with the refusal.
    pub async fn admit(self) -> BodyReader {
        let Self { registry, entry, call, ctx } = self;
        let original = ctx.clone();
        let mut admitted = Ok(ctx);
        for gate in &entry.gates {
            let Ok(ctx) = admitted else { break };
            admitted = catch_async(async { gate.check_boxed(call, ctx).await.map_err(Rejection::Refused) }).await;
        }
        BodyReader::new(registry, entry, call, original, admitted)
    }

    /// Runs the gates, polls the body if they admit the call, and runs the action.
    ///
    /// If the body exceeds the limit, up to twice the limit is read and dropped. A browser that is still sending would otherwise
    /// see a closed connection instead of the response.
    pub async fn run<B>(self, body: B) -> Reply
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut reader = self.admit().await;
        let mut body = std::pin::pin!(body);
        while reader.wants_body() {
            match std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
                Some(Ok(frame)) => {
                    if let Ok(mut data) = frame.into_data() {
                        reader.push(data.copy_to_bytes(data.remaining()));
                    }
                }
                Some(Err(error)) => reader.fail(error),
                None => break,
            }
        }
        let mut remaining = reader.drain_bytes();
        while remaining > 0 {
            match std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
                Some(Ok(frame)) => {
                    let len = frame.into_data().map_or(0, |data| data.remaining());
                    remaining = remaining.saturating_sub(len.max(1));
                }
                Some(Err(_)) | None => break,
            }
        }
        reader.finish().await
    }
}
