//! The error that a client sees.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::issue::Issue;

type Source = Box<dyn StdError + Send + Sync>;

/// Why an action failed, as its caller is told.
///
/// A handler returns it to refuse. Only the code, the message and the issues reach the client; the source, if there is
/// one, is for the log. Nothing becomes an `ActionError` by itself: implement `From` for your own errors, or say at the
/// spot what a failure means, with [`ResultExt`].
///
/// ```
/// use enact::{ActionError, ActionErrorCode, ResultExt};
///
/// fn load(id: &str) -> Result<u32, ActionError> {
///     let id: u32 = id.parse().or_code(ActionErrorCode::BadRequest, "That is no number")?;
///     if id == 0 {
///         return Err(ActionError::new(ActionErrorCode::NotFound).message("No such product"));
///     }
///     Ok(id)
/// }
///
/// assert_eq!(load("0").unwrap_err().status(), 404);
/// assert_eq!(load("x").unwrap_err().to_string(), "BAD_REQUEST: That is no number");
/// ```
#[derive(Debug)]
pub struct ActionError {
    code: ActionErrorCode,
    message: Cow<'static, str>,
    issues: Option<Vec<Issue>>,
    source: Option<Source>,
}

impl ActionError {
    /// An error of this code, without a message.
    pub const fn new(code: ActionErrorCode) -> Self {
        Self { code, message: Cow::Borrowed(""), issues: None, source: None }
    }

    /// An input that a rule of the handler's own refuses: 400, with its issues, like one that the schema refuses.
    ///
    /// ```
    /// use enact::{ActionError, Issue};
    ///
    /// let error = ActionError::invalid([Issue::new("Already taken").at("email")]);
    /// assert_eq!(error.fields().collect::<Vec<_>>(), [("email".to_owned(), vec!["Already taken"])]);
    /// ```
    pub fn invalid(issues: impl IntoIterator<Item = Issue>) -> Self {
        Self { issues: Some(issues.into_iter().collect()), ..Self::new(ActionErrorCode::BadRequest) }
    }

    /// Something that is not the client's business: 500 with a fixed message. The source is only logged.
    pub fn internal(source: impl Into<Source>) -> Self {
        Self {
            message: Cow::Borrowed("Internal server error"),
            source: Some(source.into()),
            ..Self::new(ActionErrorCode::InternalServerError)
        }
    }

    /// Sets what the client reads.
    #[must_use]
    pub fn message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// Sets the cause, which is logged and never sent.
    #[must_use]
    pub fn source(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The code, by which clients tell errors apart.
    pub const fn code(&self) -> ActionErrorCode {
        self.code
    }

    /// The HTTP status of the code.
    pub fn status(&self) -> StatusCode {
        self.code.status()
    }

    /// What the client reads; empty if nothing was said.
    pub fn text(&self) -> &str {
        &self.message
    }

    /// What is wrong with the input; empty for errors of another kind.
    pub fn issues(&self) -> &[Issue] {
        self.issues.as_deref().unwrap_or_default()
    }

    /// Whether the input is what was refused.
    pub const fn is_input_error(&self) -> bool {
        self.issues.is_some()
    }

    /// The messages by field, that is by the first segment of their path, in the order in which fields first have one.
    /// Issues of the input as a whole are in [`issues`](Self::issues) alone.
    pub fn fields(&self) -> impl Iterator<Item = (String, Vec<&str>)> {
        let mut fields: Vec<(String, Vec<&str>)> = Vec::new();
        for issue in self.issues() {
            let Some(first) = issue.path.first() else {
                continue;
            };
            let name = first.to_string();
            match fields.iter_mut().find(|(field, _)| *field == name) {
                Some((_, messages)) => messages.push(&issue.message),
                None => fields.push((name, vec![&issue.message])),
            }
        }
        fields.into_iter()
    }

    /// The cause, if there is one.
    pub(crate) fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.source.as_deref()
    }
}

impl fmt::Display for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        for (i, issue) in self.issues().iter().enumerate() {
            write!(f, "{}{issue}", if i == 0 { ": " } else { "; " })?;
        }
        Ok(())
    }
}

impl StdError for ActionError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<ActionErrorCode> for ActionError {
    fn from(code: ActionErrorCode) -> Self {
        Self::new(code)
    }
}

/// The JSON that Astro's client reads: `AstroActionInputError` with issues and fields, or `AstroActionError`.
impl Serialize for ActionError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Fields<'a>(&'a ActionError);

        impl Serialize for Fields<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.fields())
            }
        }

        let mut map = serializer.serialize_map(None)?;
        match &self.issues {
            Some(issues) => {
                map.serialize_entry("type", "AstroActionInputError")?;
                map.serialize_entry("issues", issues)?;
                map.serialize_entry("fields", &Fields(self))?;
            }
            None => {
                map.serialize_entry("type", "AstroActionError")?;
                map.serialize_entry("code", self.code.as_str())?;
                map.serialize_entry("status", &self.status().as_u16())?;
                map.serialize_entry("message", &self.message)?;
            }
        }
        map.end()
    }
}

/// Says what a failure of another kind means to the caller, so that `?` can pass it on.
pub trait ResultExt<T> {
    /// A failure that is not the client's business: 500 with a fixed message; the error itself is only logged.
    ///
    /// # Errors
    ///
    /// [`ActionErrorCode::InternalServerError`], status 500.
    fn or_internal(self) -> Result<T, ActionError>;

    /// A failure with a meaning of its own, and what the client reads; the error itself is only logged.
    ///
    /// # Errors
    ///
    /// The code given, with its status.
    fn or_code(self, code: ActionErrorCode, message: impl Into<Cow<'static, str>>) -> Result<T, ActionError>;
}

impl<T, E: Into<Source>> ResultExt<T> for Result<T, E> {
    fn or_internal(self) -> Result<T, ActionError> {
        self.map_err(ActionError::internal)
    }

    fn or_code(self, code: ActionErrorCode, message: impl Into<Cow<'static, str>>) -> Result<T, ActionError> {
        self.map_err(|source| ActionError::new(code).message(message).source(source))
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $name:literal $status:literal,)*) => {
        /// The codes of errors, as Astro names them, each with its HTTP status.
        ///
        /// ```
        /// use enact::ActionErrorCode;
        ///
        /// assert_eq!(ActionErrorCode::TooManyRequests.as_str(), "TOO_MANY_REQUESTS");
        /// assert_eq!("GONE".parse(), Ok(ActionErrorCode::Gone));
        /// assert_eq!(ActionErrorCode::from_status(404), ActionErrorCode::NotFound);
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ActionErrorCode {
            $($(#[$doc])* $variant,)*
        }

        impl ActionErrorCode {
            /// Every code, by ascending status.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            const fn number(self) -> u16 {
                match self {
                    $(Self::$variant => $status,)*
                }
            }
        }
    };
}

codes! {
    /// 400
    BadRequest "BAD_REQUEST" 400,
    /// 401
    Unauthorized "UNAUTHORIZED" 401,
    /// 402
    PaymentRequired "PAYMENT_REQUIRED" 402,
    /// 403
    Forbidden "FORBIDDEN" 403,
    /// 404
    NotFound "NOT_FOUND" 404,
    /// 405
    MethodNotAllowed "METHOD_NOT_ALLOWED" 405,
    /// 406
    NotAcceptable "NOT_ACCEPTABLE" 406,
    /// 407
    ProxyAuthenticationRequired "PROXY_AUTHENTICATION_REQUIRED" 407,
    /// 408
    RequestTimeout "REQUEST_TIMEOUT" 408,
    /// 409
    Conflict "CONFLICT" 409,
    /// 410
    Gone "GONE" 410,
    /// 411
    LengthRequired "LENGTH_REQUIRED" 411,
    /// 412
    PreconditionFailed "PRECONDITION_FAILED" 412,
    /// 413
    ContentTooLarge "CONTENT_TOO_LARGE" 413,
    /// 414
    UriTooLong "URI_TOO_LONG" 414,
    /// 415
    UnsupportedMediaType "UNSUPPORTED_MEDIA_TYPE" 415,
    /// 416
    RangeNotSatisfiable "RANGE_NOT_SATISFIABLE" 416,
    /// 417
    ExpectationFailed "EXPECTATION_FAILED" 417,
    /// 421
    MisdirectedRequest "MISDIRECTED_REQUEST" 421,
    /// 422
    UnprocessableContent "UNPROCESSABLE_CONTENT" 422,
    /// 423
    Locked "LOCKED" 423,
    /// 424
    FailedDependency "FAILED_DEPENDENCY" 424,
    /// 425
    TooEarly "TOO_EARLY" 425,
    /// 426
    UpgradeRequired "UPGRADE_REQUIRED" 426,
    /// 428
    PreconditionRequired "PRECONDITION_REQUIRED" 428,
    /// 429
    TooManyRequests "TOO_MANY_REQUESTS" 429,
    /// 431
    RequestHeaderFieldsTooLarge "REQUEST_HEADER_FIELDS_TOO_LARGE" 431,
    /// 451
    UnavailableForLegalReasons "UNAVAILABLE_FOR_LEGAL_REASONS" 451,
    /// 500
    InternalServerError "INTERNAL_SERVER_ERROR" 500,
    /// 501
    NotImplemented "NOT_IMPLEMENTED" 501,
    /// 502
    BadGateway "BAD_GATEWAY" 502,
    /// 503
    ServiceUnavailable "SERVICE_UNAVAILABLE" 503,
    /// 504
    GatewayTimeout "GATEWAY_TIMEOUT" 504,
    /// 505
    HttpVersionNotSupported "HTTP_VERSION_NOT_SUPPORTED" 505,
    /// 506
    VariantAlsoNegotiates "VARIANT_ALSO_NEGOTIATES" 506,
    /// 507
    InsufficientStorage "INSUFFICIENT_STORAGE" 507,
    /// 508
    LoopDetected "LOOP_DETECTED" 508,
    /// 511
    NetworkAuthenticationRequired "NETWORK_AUTHENTICATION_REQUIRED" 511,
}

impl ActionErrorCode {
    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        // Every number of the list is one of a status; a wrong one could only come from the list itself.
        StatusCode::from_u16(self.number()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The code of a status; [`InternalServerError`](Self::InternalServerError) for one that has none.
    pub fn from_status(status: u16) -> Self {
        Self::ALL.iter().copied().find(|code| code.number() == status).unwrap_or(Self::InternalServerError)
    }
}

impl fmt::Display for ActionErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of an action's error code")]
pub struct UnknownCode;

impl std::str::FromStr for ActionErrorCode {
    type Err = UnknownCode;

    fn from_str(name: &str) -> Result<Self, UnknownCode> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name).ok_or(UnknownCode)
    }
}
