//! A result that waits in a cookie for its page: nobody but the server reads, forges or keeps it.

use std::time::Duration;

use enact::{
    Action, ActionError, ActionErrorCode, ActionResults, Context, FormData, Handled, Key, PostRedirectGet, ReceivedAt,
    Registry,
};
use http::{HeaderMap, Request, Response};

const SIGN: Action<FormData, String> = Action::form("sign");
const OTHER: Action<FormData, String> = Action::form("other");

fn key(seed: u8) -> Key {
    Key::from(&[seed; 64])
}

async fn sign(form: FormData, _: Context) -> Result<String, ActionError> {
    match form.text("name") {
        Some(name) => Ok(format!("signed by {name}")),
        None => Err(ActionErrorCode::UnprocessableContent.into()),
    }
}

fn actions(how: PostRedirectGet) -> Registry {
    Registry::builder().post_redirect_get(how).action(SIGN, sign).action(OTHER, sign).build().unwrap()
}

fn registry() -> Registry {
    actions(PostRedirectGet::cookie(key(1)))
}

/// What a browser gets.
struct Seen {
    headers: HeaderMap,
    status: u16,
    /// The result that the page shows, if a page was asked.
    result: Option<Result<String, u16>>,
}

impl Seen {
    fn cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect()
    }

    fn location(&self) -> &str {
        self.headers["location"].to_str().unwrap()
    }

    /// The name and the value of the result's cookie, as a browser sends them back.
    fn cookie(&self) -> (&str, &str) {
        let [cookie] = self.cookies()[..] else { panic!("{:?}", self.cookies()) };
        cookie.split_once(';').unwrap().0.split_once('=').unwrap()
    }
}

/// Asks at a time, in seconds since 1970.
fn ask(registry: &Registry, mut request: Request<String>, at: Option<u64>) -> Seen {
    request.headers_mut().insert("host", "site.example".parse().unwrap());
    if let Some(at) = at {
        request.extensions_mut().insert(ReceivedAt(Duration::from_secs(at)));
    }
    let shown = |extensions: &http::Extensions| {
        let results = ActionResults::of(extensions);
        results.get(SIGN).map(|result| result.cloned().map_err(|error| error.status().as_u16()))
    };
    let (result, finish) = match pollster::block_on(registry.handle(request)) {
        Handled::Response(response) => {
            return Seen { status: response.status().as_u16(), headers: response.headers().clone(), result: None };
        }
        Handled::Page(page) => {
            let (request, finish) = page.into_parts();
            (shown(request.extensions()), Some(finish))
        }
        Handled::Return(request, finish) => (shown(request.extensions()), Some(finish)),
        Handled::Pass(request) => (shown(request.extensions()), None),
    };
    let mut response = Response::new(());
    if let Some(finish) = finish {
        finish.finish(&mut response);
    }
    Seen { status: response.status().as_u16(), headers: response.headers().clone(), result }
}

fn posted(registry: &Registry, origin: &str, body: &str, at: Option<u64>) -> Seen {
    let request = Request::post("/page?_action=sign").header("origin", origin);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned()).unwrap();
    ask(registry, request, at)
}

fn signed(registry: &Registry) -> Seen {
    posted(registry, "https://site.example", "name=Ada", None)
}

fn visited(registry: &Registry, target: &str, cookie: &str, at: Option<u64>) -> Seen {
    ask(registry, Request::get(target).header("cookie", cookie).body(String::new()).unwrap(), at)
}

fn pair((name, value): (&str, &str)) -> String {
    format!("{name}={value}")
}

#[test]
fn no_script_reads_the_cookie_and_no_other_site_sends_it() {
    for (origin, secure) in [("https://site.example", true), ("http://site.example", false)] {
        let seen = posted(&registry(), origin, "name=Ada", None);
        assert_eq!(seen.status, 303);
        let [cookie] = seen.cookies()[..] else { panic!("{:?}", seen.cookies()) };
        let attributes: Vec<_> = cookie.split("; ").skip(1).collect();
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=300"] {
            assert!(attributes.contains(&attribute), "{cookie}");
        }
        assert_eq!(attributes.contains(&"Secure"), secure, "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

#[test]
fn the_cookie_tells_nothing_of_the_result_and_never_the_same() {
    let registry = registry();
    let (one, two) = (signed(&registry), signed(&registry));
    assert_ne!(one.cookie(), two.cookie());
    assert_ne!(one.cookie().1, two.cookie().1);
    let decoded = percent_decoded(one.cookie().1);
    for text in ["Ada", "sign", "page", "QWRh"] {
        assert!(!decoded.contains(text), "{decoded}");
    }
}

/// The few characters that base64 has and cookies encode.
fn percent_decoded(value: &str) -> String {
    value.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
}

#[test]
fn the_page_that_follows_shows_the_result_once() {
    let registry = registry();
    let seen = signed(&registry);
    let page = visited(&registry, seen.location(), &pair(seen.cookie()), None);
    assert_eq!(page.result, Some(Ok("signed by Ada".to_owned())));
    assert_eq!(page.headers["cache-control"], "no-store");
    let [forgotten] = page.cookies()[..] else { panic!("{:?}", page.cookies()) };
    assert!(forgotten.starts_with(&format!("{}=;", seen.cookie().0)), "{forgotten}");
    assert!(forgotten.contains("Max-Age=0") && forgotten.contains("Path=/"), "{forgotten}");
    // The browser has none of it any more: a reload is a mere visit.
    let again = visited(&registry, seen.location(), "", None);
    assert_eq!((again.result, again.status), (None, 200));
}

#[test]
fn a_stored_result_is_given_out_once_whatever_the_browser_keeps() {
    let registry = actions(PostRedirectGet::store(enact::MemoryStore::new(|| Duration::ZERO)));
    let seen = signed(&registry);
    assert!(!seen.cookie().1.contains("Ada"));
    let visit = || visited(&registry, seen.location(), &pair(seen.cookie()), None).result;
    assert_eq!(visit(), Some(Ok("signed by Ada".to_owned())));
    assert_eq!(visit(), None);
}

#[test]
fn a_cookie_that_is_not_the_servers_own_is_ignored_and_forgotten() {
    let registry = registry();
    let (mine, yours) = (signed(&registry), signed(&registry));
    let foreign = signed(&actions(PostRedirectGet::cookie(key(2))));
    let (name, value) = mine.cookie();
    let flipped = |at: usize| {
        let mut bytes = value.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let forged = [
        String::new(),
        "x".to_owned(),
        "%".to_owned(),
        "AAAA".repeat(1000),
        flipped(0),
        flipped(value.len() / 2),
        value[..value.len() - 4].to_owned(),
        value[4..].to_owned(),
        format!("{value}{value}"),
        foreign.cookie().1.to_owned(),
        // Good, but for the result of another form.
        yours.cookie().1.to_owned(),
        r#"{"name":"sign","path":"/page","at":0,"result":{"type":"empty","status":204},"typed":[]}"#.to_owned(),
    ];
    for value in forged {
        let page = visited(&registry, mine.location(), &format!("{name}={value}"), None);
        assert_eq!((page.result.clone(), page.status), (None, 200), "{value:.40}");
        assert!(page.cookies()[0].starts_with(&format!("{name}=;")), "{value:.40}");
    }
    let good = visited(&registry, mine.location(), &pair(mine.cookie()), None);
    assert!(good.result.is_some(), "or else nothing was shown above");
}

#[test]
fn a_result_is_shown_on_its_own_page_and_under_its_own_id() {
    let registry = registry();
    let (one, two) = (signed(&registry), signed(&registry));
    let id = one.location().rsplit_once('=').unwrap().1;
    for target in [
        format!("/other?_result={id}"),
        format!("/page/?_result={id}"),
        format!("//page?_result={id}"),
        format!("/page?_result={id}x"),
        "/page?_result=".to_owned(),
        "/page?_result=%00".to_owned(),
        "/page".to_owned(),
        two.location().to_owned(),
    ] {
        assert_eq!(visited(&registry, &target, &pair(one.cookie()), None).result, None, "{target}");
    }
    let both = format!("{}; {}", pair(one.cookie()), pair(two.cookie()));
    assert!(visited(&registry, two.location(), &both, None).result.is_some());
}

#[test]
fn a_result_that_waited_too_long_is_not_shown() {
    let registry = registry();
    let now = 1_700_000_000;
    let seen = posted(&registry, "https://site.example", "name=Ada", Some(now));
    let visit = |at| visited(&registry, seen.location(), &pair(seen.cookie()), at).result.is_some();
    assert!(visit(Some(now)) && visit(Some(now + 300)));
    assert!(!visit(Some(now + 301)) && !visit(Some(u64::MAX)));
}

#[test]
fn a_changed_key_ends_what_the_old_one_wrote_unless_it_is_kept() {
    let seen = signed(&registry());
    let visit = |how| visited(&actions(how), seen.location(), &pair(seen.cookie()), None).result.is_some();
    assert!(!visit(PostRedirectGet::cookie(key(2))));
    assert!(visit(PostRedirectGet::cookie(key(2)).old_key(key(1))));
}

#[test]
fn a_result_too_large_for_a_cookie_is_shown_in_place() {
    let registry = registry();
    for length in [10, 1000, 2000, 3000, 5000, 500_000] {
        let body = format!("name={}", "x".repeat(length));
        let seen = posted(&registry, "https://site.example", &body, None);
        match seen.status {
            303 => assert!(seen.cookies()[0].len() <= 4096, "{length}"),
            status => assert_eq!((status, seen.cookies().len(), seen.result.is_some()), (200, 0, true), "{length}"),
        }
        assert_eq!(seen.status == 303, length < 3000, "{length}");
    }
}

#[test]
fn results_that_wait_do_not_pile_up() {
    let registry = registry();
    let cookies: Vec<_> = (0..20).map(|i| format!("enact-result-{i}=x")).collect();
    let request = Request::post("/page?_action=sign").header("origin", "https://site.example");
    let request = request
        .header("cookie", cookies.join("; "))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("name=Ada".to_owned())
        .unwrap();
    let seen = ask(&registry, request, None);
    let kept = seen.cookies().iter().filter(|cookie| !cookie.contains("Max-Age=0")).count();
    let dropped = seen.cookies().len() - kept;
    assert_eq!((kept, 20 - dropped + kept), (1, 4));
}
