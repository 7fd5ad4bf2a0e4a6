//! The shapes of events and of the responses to them.

use serde_json::Value;

/// The shape of an event and of its response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PayloadFormat {
    /// API Gateway's payload format 1.0: REST APIs, and HTTP APIs that are configured for it.
    V1,
    /// API Gateway's payload format 2.0: HTTP APIs and function URLs.
    V2,
    /// A load balancer's format with one value per header.
    LoadBalancer,
    /// A load balancer's format with multi-value headers.
    LoadBalancerMulti,
}

impl PayloadFormat {
    /// Returns the format of an event, or `None` if no supported service sends such an event.
    pub(crate) fn detect(event: &Value) -> Option<Self> {
        let context = &event["requestContext"];
        if context["elb"].is_object() {
            let is_multi = event["multiValueHeaders"].is_object();
            Some(if is_multi { Self::LoadBalancerMulti } else { Self::LoadBalancer })
        } else if context["http"].is_object() {
            Some(Self::V2)
        } else {
            event["httpMethod"].is_string().then_some(Self::V1)
        }
    }

    pub(crate) fn is_load_balancer(self) -> bool {
        matches!(self, Self::LoadBalancer | Self::LoadBalancerMulti)
    }
}
