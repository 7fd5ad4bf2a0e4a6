//! The decision about a request, from its head.

use std::sync::Arc;

use http::{Extensions, HeaderValue, Method, Request, header, request};

use super::csrf;
use super::pending_call::PendingCall;
use super::pending_page::PendingPage;
use super::pending_result::PendingResult;
use super::reply::Reply;
use super::response::build_response;
use super::route::{Target, parse_target};
use super::step::Step;
use crate::context::{Call, CalledFrom};
use crate::error::ActionError;
use crate::page::PageResult;
use crate::registry::{Registry, Rejection};

impl Registry {
    /// Returns the next step for a request, decided from its head. See [`host`](crate::host) for the steps that follow.
    ///
    /// Requests that no action may answer are refused here: 403 for a cross-site request, 404 for an unknown name, 405 for a
    /// method other than POST.
    pub fn begin(&self, head: request::Parts) -> Step {
        let data = &self.shared;
        let (from, name) = match parse_target(&head.uri, &data.prefix) {
            Target::Rpc(name) => (CalledFrom::Rpc, name),
            // The host inserted a result itself.
            Target::Form(_) | Target::Other if has_result(&head.extensions) => {
                return Step::Result(PendingResult::new(self.clone(), head));
            }
            Target::Form(_) if matches!(head.method, Method::GET | Method::HEAD | Method::OPTIONS) => {
                return Step::Pass(head);
            }
            Target::Form(name) => (CalledFrom::Form, name.map(Into::into)),
            #[cfg(feature = "post-redirect-get")]
            Target::Other if self.may_show_stored_result(&head) => {
                return Step::Result(PendingResult::new(self.clone(), head));
            }
            Target::Other => return Step::Pass(head),
        };
        // If all actions are protected, the name is not even looked up.
        let cross_site = csrf::check(&data.origins, &head).err();
        if let Some(reason) = &cross_site
            && !data.has_cross_site_actions
        {
            return Step::Reply(refuse(Rejection::CrossSite(reason.clone())));
        }
        let entry = name.as_deref().and_then(|name| data.entries.get(name));
        match (cross_site, entry) {
            (Some(reason), entry) if !entry.is_some_and(|entry| entry.allows_cross_site) => {
                Step::Reply(refuse(Rejection::CrossSite(reason)))
            }
            (_, _) if from == CalledFrom::Form && head.method != Method::POST => Step::Pass(head),
            (_, None) if from == CalledFrom::Form => Step::Reply(Reply::Page(PendingPage::not_found(head))),
            (_, None) => Step::Reply(refuse(Rejection::UnknownAction)),
            (_, Some(_)) if head.method != Method::POST => {
                let mut reply = refuse(Rejection::Method);
                if let Reply::Response(response) = &mut reply {
                    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
                }
                Step::Reply(reply)
            }
            (_, Some(entry)) => {
                let call = Call::new(entry.definition.name(), from);
                Step::Call(PendingCall::new(self.clone(), Arc::clone(entry), call, head))
            }
        }
    }

    /// Returns the action that a request calls, for the middleware of a host. Returns `None` if it calls no registered action.
    ///
    /// Nothing is checked and nothing runs. The middleware may answer the request itself, insert values into its extensions, pass
    /// it to [`serve`](Self::serve), or set the result for the page with [`PageResult::from_serialized`].
    pub fn identify<B>(&self, request: &Request<B>) -> Option<Call> {
        if request.method() != Method::POST {
            return None;
        }
        let (from, name) = match parse_target(request.uri(), &self.shared.prefix) {
            Target::Rpc(name) => (CalledFrom::Rpc, name?),
            // No action will run, because the host has already set the result.
            Target::Form(_) if has_result(request.extensions()) => return None,
            Target::Form(name) => (CalledFrom::Form, name?.into()),
            Target::Other => return None,
        };
        let entry = self.shared.entries.get(&*name)?;
        Some(Call::new(entry.definition.name(), from))
    }

    #[cfg(feature = "post-redirect-get")]
    fn may_show_stored_result(&self, head: &request::Parts) -> bool {
        head.method == Method::GET
            && !self.shared.post_redirect_get.is_empty()
            && crate::page::result_id(&head.uri).is_some()
    }
}

fn has_result(extensions: &Extensions) -> bool {
    extensions.get::<PageResult>().is_some_and(|result| !result.is_empty())
}

/// Refuses a request that reaches no action.
fn refuse(rejection: Rejection) -> Reply {
    match &rejection {
        Rejection::CrossSite(reason) => tracing::warn!("cross-site request refused: {reason}"),
        rejection => tracing::debug!("request refused: {rejection}"),
    }
    Reply::Response(build_response(Err(ActionError::from(rejection))))
}
