//! A browser without JavaScript: tabs that share a cookie jar, forms, redirects that are followed, reloads.

use std::fmt::Display;

use http::{HeaderMap, StatusCode, header};
use ureq::typestate::WithBody;
use ureq::{Agent, RequestBuilder};

/// A browser. Its jar is that of `cookie_store`: `Path`, `Max-Age`, `Secure` and removals hold as in RFC 6265. As in any
/// browser, two servers on one host share it.
pub(crate) struct Browser {
    agent: Agent,
}

/// A tab: where it is, and what brought it there.
pub(crate) struct Tab<'a> {
    browser: &'a Browser,
    site: String,
    /// The path and query of the page that is shown.
    pub(crate) at: String,
    posted: Option<(String, Vec<(String, String)>)>,
}

/// An answer, as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn of(response: ureq::http::Response<ureq::Body>) -> Self {
        let (parts, mut body) = response.into_parts();
        let body = body.read_to_string().expect("a text");
        Self { status: parts.status, headers: parts.headers, body }
    }

    /// Where a redirect goes to.
    pub(crate) fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION).map(|value| value.to_str().expect("ASCII"))
    }

    /// The `Set-Cookie` headers.
    pub(crate) fn cookies(&self) -> Vec<&str> {
        let cookies = self.headers.get_all(header::SET_COOKIE);
        cookies.iter().map(|value| value.to_str().expect("ASCII")).collect()
    }

    /// Whether the page has this line.
    pub(crate) fn shows(&self, line: &str) -> bool {
        self.body.lines().any(|shown| shown == line)
    }
}

/// A form sent by who is no browser.
pub(crate) fn post(url: String) -> RequestBuilder<WithBody> {
    post_by(&agent(), url)
}

/// The body is sent once the server wants it: one that refuses by the head alone closes the connection, and this client would
/// fail to write rather than read the answer.
fn post_by(agent: &Agent, url: String) -> RequestBuilder<WithBody> {
    agent.post(url).header("expect", "100-continue")
}

/// Shows every answer, redirects and errors too.
fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self { agent: agent() }
    }

    pub(crate) fn tab(&self, site: &str) -> Tab<'_> {
        Tab { browser: self, site: site.to_owned(), at: "/".to_owned(), posted: None }
    }

    /// The cookies in the jar, by name.
    pub(crate) fn jar(&self) -> Vec<(String, String)> {
        let jar = self.agent.cookie_jar_lock();
        let mut cookies: Vec<_> =
            jar.iter().map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned())).collect();
        cookies.sort();
        cookies
    }

    /// The results that wait, by their cookies.
    pub(crate) fn waiting(&self) -> Vec<(String, String)> {
        self.jar().into_iter().filter(|(name, _)| name.starts_with("enact-result-")).collect()
    }

    /// Puts a cookie into the jar, as somebody might who has the browser.
    pub(crate) fn plant(&self, site: &str, name: &str, value: &str) {
        let uri = site.parse().expect("a URI");
        let cookie = ureq::Cookie::parse(format!("{name}={value}; Path=/"), &uri).expect("a cookie");
        self.agent.cookie_jar_lock().insert(cookie, &uri).expect("a cookie for this site");
    }
}

impl Tab<'_> {
    /// Types an address.
    pub(crate) fn open(&mut self, path: &str) -> Answer {
        self.get(path);
        self.reload()
    }

    /// Sends a form of the page that is shown, and goes where the answer says.
    pub(crate) fn submit(&mut self, action: impl Display, fields: &[(&str, &str)]) -> Answer {
        let answer = self.send(action, fields);
        self.follow(answer)
    }

    /// Sends a form, and stops there, as where a connection is lost on the way back.
    pub(crate) fn send(&mut self, action: impl Display, fields: &[(&str, &str)]) -> Answer {
        let action = action.to_string();
        let target = if action.starts_with('?') { format!("{}{action}", path(&self.at)) } else { action };
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let answer = self.post(&target, &fields);
        self.at = target.clone();
        self.posted = Some((target, fields));
        answer
    }

    /// Goes where an answer says, as often as it does.
    pub(crate) fn follow(&mut self, mut answer: Answer) -> Answer {
        for _ in 0..5 {
            let Some(target) = answer.location().map(str::to_owned) else { return answer };
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "only 303 makes every browser ask by GET");
            answer = self.open(&target);
        }
        panic!("redirected again and again, at last to {}", self.at);
    }

    /// Asks once more for what is shown. After a redirect nothing is posted again.
    pub(crate) fn reload(&mut self) -> Answer {
        match &self.posted {
            Some((target, fields)) => self.post(target, fields),
            None => {
                let url = format!("{}{}", self.site, self.at);
                Answer::of(self.browser.agent.get(url).call().expect("an answer"))
            }
        }
    }

    /// Whether a reload would send the form again.
    pub(crate) fn would_post_again(&self) -> bool {
        self.posted.is_some()
    }

    /// Sends a form with a file, by hand.
    pub(crate) fn submit_with_file(&mut self, action: impl Display, fields: &[(&str, &str)], file: &str) -> Answer {
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
            .form(&format!("{}{action}", path(&self.at)))
            .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        let answer = Answer::of(request.send(body).expect("an answer"));
        self.follow(answer)
    }

    fn get(&mut self, target: &str) {
        // The fragment stays in the browser.
        self.at = target.split('#').next().unwrap_or(target).to_owned();
        self.posted = None;
    }

    fn post(&self, target: &str, fields: &[(String, String)]) -> Answer {
        let request = self.form(target);
        Answer::of(request.send_form(fields.iter().map(|(name, value)| (name, value))).expect("an answer"))
    }

    fn form(&self, target: &str) -> RequestBuilder<WithBody> {
        post_by(&self.browser.agent, format!("{}{target}", self.site))
            .header("origin", &self.site)
            .header("referer", format!("{}{}", self.site, self.at))
            .header("sec-fetch-site", "same-origin")
    }
}

fn path(target: &str) -> &str {
    target.split('?').next().unwrap_or(target)
}
