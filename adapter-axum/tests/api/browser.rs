//! A browser without JavaScript: tabs that share a cookie jar, forms, redirects and reloads.

use std::fmt::Display;

use http::{HeaderMap, StatusCode, header};
use ureq::typestate::WithBody;
use ureq::{Agent, RequestBuilder};

/// A browser. Its cookie jar follows RFC 6265 (`Path`, `Max-Age`, `Secure`, removal). As in a real browser, servers on
/// different ports of one host share cookies.
pub(crate) struct Browser {
    agent: Agent,
}

/// A tab with the address of its page and the form that led to it.
pub(crate) struct Tab<'a> {
    browser: &'a Browser,
    site: String,
    /// The path and query of the current page.
    pub(crate) location: String,
    posted: Option<(String, Vec<(String, String)>)>,
}

/// A received response.
#[derive(Debug)]
pub(crate) struct TextResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl TextResponse {
    pub(crate) fn read(response: ureq::http::Response<ureq::Body>) -> Self {
        let (parts, mut body) = response.into_parts();
        let body = body.read_to_string().expect("a UTF-8 body");
        Self { status: parts.status, headers: parts.headers, body }
    }

    /// Returns the target of a redirect.
    pub(crate) fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION).map(|value| value.to_str().expect("ASCII"))
    }

    /// Returns the `Set-Cookie` headers.
    pub(crate) fn cookies(&self) -> Vec<&str> {
        let cookies = self.headers.get_all(header::SET_COOKIE);
        cookies.iter().map(|value| value.to_str().expect("ASCII")).collect()
    }

    /// Returns whether the page contains this line.
    pub(crate) fn has_line(&self, line: &str) -> bool {
        self.body.lines().any(|other| other == line)
    }
}

/// Starts a `POST` request from a client that is not a browser.
pub(crate) fn post(url: String) -> RequestBuilder<WithBody> {
    post_with(&create_agent(), url)
}

/// Starts a `POST` request that sends its body only after `100 Continue`. If the server refuses the head and closes the
/// connection, the client reads the response instead of failing on a write.
fn post_with(agent: &Agent, url: String) -> RequestBuilder<WithBody> {
    agent.post(url).header("expect", "100-continue")
}

/// Creates an agent that returns every response, including redirects and errors.
fn create_agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self { agent: create_agent() }
    }

    pub(crate) fn open_tab(&self, site: &str) -> Tab<'_> {
        Tab { browser: self, site: site.to_owned(), location: "/".to_owned(), posted: None }
    }

    /// Returns the cookies in the jar, sorted by name.
    pub(crate) fn cookies(&self) -> Vec<(String, String)> {
        let jar = self.agent.cookie_jar_lock();
        let mut cookies: Vec<_> =
            jar.iter().map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned())).collect();
        cookies.sort();
        cookies
    }

    /// Returns the cookies of waiting results.
    pub(crate) fn result_cookies(&self) -> Vec<(String, String)> {
        self.cookies().into_iter().filter(|(name, _)| name.starts_with("enact-result-")).collect()
    }

    /// Puts a cookie into the jar.
    pub(crate) fn set_cookie(&self, site: &str, name: &str, value: &str) {
        let uri = site.parse().expect("a URI");
        let cookie = ureq::Cookie::parse(format!("{name}={value}; Path=/"), &uri).expect("a cookie");
        self.agent.cookie_jar_lock().insert(cookie, &uri).expect("a cookie for this site");
    }
}

impl Tab<'_> {
    /// Opens an address.
    pub(crate) fn open(&mut self, path: &str) -> TextResponse {
        self.set_location(path);
        self.reload()
    }

    /// Sends a form from the current page and follows redirects.
    pub(crate) fn submit(&mut self, action: impl Display, fields: &[(&str, &str)]) -> TextResponse {
        let response = self.send(action, fields);
        self.follow(response)
    }

    /// Sends a form and does not follow redirects.
    pub(crate) fn send(&mut self, action: impl Display, fields: &[(&str, &str)]) -> TextResponse {
        let action = action.to_string();
        let target = if action.starts_with('?') { format!("{}{action}", strip_query(&self.location)) } else { action };
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let response = self.send_post(&target, &fields);
        self.location = target.clone();
        self.posted = Some((target, fields));
        response
    }

    /// Follows the redirects of a response.
    pub(crate) fn follow(&mut self, mut response: TextResponse) -> TextResponse {
        for _ in 0..5 {
            let Some(target) = response.location().map(str::to_owned) else { return response };
            assert_eq!(response.status, StatusCode::SEE_OTHER, "303 makes every browser send a GET request");
            response = self.open(&target);
        }
        panic!("too many redirects, the last one to {}", self.location);
    }

    /// Requests the current page again. A posted form is sent again, unless a redirect followed it.
    pub(crate) fn reload(&mut self) -> TextResponse {
        match &self.posted {
            Some((target, fields)) => self.send_post(target, fields),
            None => {
                let url = format!("{}{}", self.site, self.location);
                TextResponse::read(self.browser.agent.get(url).call().expect("a response"))
            }
        }
    }

    /// Returns whether the current page is the answer to a posted form, which a reload would send again.
    pub(crate) fn has_posted_form(&self) -> bool {
        self.posted.is_some()
    }

    /// Sends a multipart form with a file and follows redirects.
    pub(crate) fn submit_with_file(
        &mut self,
        action: impl Display,
        fields: &[(&str, &str)],
        file: &str,
    ) -> TextResponse {
        const BOUNDARY: &str = "----edge";
        let mut body = String::new();
        for (name, value) in fields {
            body += &format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += &format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{file}\"; filename=\"me.txt\"\r\n\
             Content-Type: text/plain\r\n\r\nthe file's text\r\n--{BOUNDARY}--\r\n"
        );
        let request = self
            .post_form(&format!("{}{action}", strip_query(&self.location)))
            .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        let response = TextResponse::read(request.send(body).expect("a response"));
        self.follow(response)
    }

    fn set_location(&mut self, target: &str) {
        // Browsers do not send the fragment.
        self.location = target.split('#').next().unwrap_or(target).to_owned();
        self.posted = None;
    }

    fn send_post(&self, target: &str, fields: &[(String, String)]) -> TextResponse {
        let request = self.post_form(target);
        TextResponse::read(request.send_form(fields.iter().map(|(name, value)| (name, value))).expect("a response"))
    }

    fn post_form(&self, target: &str) -> RequestBuilder<WithBody> {
        post_with(&self.browser.agent, format!("{}{target}", self.site))
            .header("origin", &self.site)
            .header("referer", format!("{}{}", self.site, self.location))
            .header("sec-fetch-site", "same-origin")
    }
}

fn strip_query(target: &str) -> &str {
    target.split('?').next().unwrap_or(target)
}
