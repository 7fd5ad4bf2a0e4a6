//! The codes of errors.

use std::fmt;

use http::StatusCode;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $name:literal $status:literal,)*) => {
        /// The code of an error, with Astro's name for it and its HTTP status.
        ///
        /// ```
        /// use enact::ActionErrorCode;
        ///
        /// assert_eq!(ActionErrorCode::TooManyRequests.as_str(), "TOO_MANY_REQUESTS");
        /// assert_eq!("GONE".parse(), Ok(ActionErrorCode::Gone));
        /// assert_eq!(ActionErrorCode::from_status(404), ActionErrorCode::NotFound);
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ActionErrorCode {
            $($(#[$doc])* $variant,)*
        }

        impl ActionErrorCode {
            /// All codes, in ascending order of their statuses.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the name that is sent to clients, for example `NOT_FOUND`.
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
    /// Status 400.
    BadRequest "BAD_REQUEST" 400,
    /// Status 401.
    Unauthorized "UNAUTHORIZED" 401,
    /// Status 402.
    PaymentRequired "PAYMENT_REQUIRED" 402,
    /// Status 403.
    Forbidden "FORBIDDEN" 403,
    /// Status 404.
    NotFound "NOT_FOUND" 404,
    /// Status 405.
    MethodNotAllowed "METHOD_NOT_ALLOWED" 405,
    /// Status 406.
    NotAcceptable "NOT_ACCEPTABLE" 406,
    /// Status 407.
    ProxyAuthenticationRequired "PROXY_AUTHENTICATION_REQUIRED" 407,
    /// Status 408.
    RequestTimeout "REQUEST_TIMEOUT" 408,
    /// Status 409.
    Conflict "CONFLICT" 409,
    /// Status 410.
    Gone "GONE" 410,
    /// Status 411.
    LengthRequired "LENGTH_REQUIRED" 411,
    /// Status 412.
    PreconditionFailed "PRECONDITION_FAILED" 412,
    /// Status 413.
    ContentTooLarge "CONTENT_TOO_LARGE" 413,
    /// Status 414.
    UriTooLong "URI_TOO_LONG" 414,
    /// Status 415.
    UnsupportedMediaType "UNSUPPORTED_MEDIA_TYPE" 415,
    /// Status 416.
    RangeNotSatisfiable "RANGE_NOT_SATISFIABLE" 416,
    /// Status 417.
    ExpectationFailed "EXPECTATION_FAILED" 417,
    /// Status 421.
    MisdirectedRequest "MISDIRECTED_REQUEST" 421,
    /// Status 422.
    UnprocessableContent "UNPROCESSABLE_CONTENT" 422,
    /// Status 423.
    Locked "LOCKED" 423,
    /// Status 424.
    FailedDependency "FAILED_DEPENDENCY" 424,
    /// Status 425.
    TooEarly "TOO_EARLY" 425,
    /// Status 426.
    UpgradeRequired "UPGRADE_REQUIRED" 426,
    /// Status 428.
    PreconditionRequired "PRECONDITION_REQUIRED" 428,
    /// Status 429.
    TooManyRequests "TOO_MANY_REQUESTS" 429,
    /// Status 431.
    RequestHeaderFieldsTooLarge "REQUEST_HEADER_FIELDS_TOO_LARGE" 431,
    /// Status 451.
    UnavailableForLegalReasons "UNAVAILABLE_FOR_LEGAL_REASONS" 451,
    /// Status 500.
    InternalServerError "INTERNAL_SERVER_ERROR" 500,
    /// Status 501.
    NotImplemented "NOT_IMPLEMENTED" 501,
    /// Status 502.
    BadGateway "BAD_GATEWAY" 502,
    /// Status 503.
    ServiceUnavailable "SERVICE_UNAVAILABLE" 503,
    /// Status 504.
    GatewayTimeout "GATEWAY_TIMEOUT" 504,
    /// Status 505.
    HttpVersionNotSupported "HTTP_VERSION_NOT_SUPPORTED" 505,
    /// Status 506.
    VariantAlsoNegotiates "VARIANT_ALSO_NEGOTIATES" 506,
    /// Status 507.
    InsufficientStorage "INSUFFICIENT_STORAGE" 507,
    /// Status 508.
    LoopDetected "LOOP_DETECTED" 508,
    /// Status 511.
    NetworkAuthenticationRequired "NETWORK_AUTHENTICATION_REQUIRED" 511,
}

impl ActionErrorCode {
    /// Returns the HTTP status.
    pub fn status(self) -> StatusCode {
        // All numbers in the list above are valid statuses.
        StatusCode::from_u16(self.number()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns the code with this HTTP status, or [`InternalServerError`](Self::InternalServerError) if there is none.
    pub fn from_status(status: u16) -> Self {
        Self::ALL.iter().copied().find(|code| code.number() == status).unwrap_or(Self::InternalServerError)
    }
}

impl fmt::Display for ActionErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The error of parsing an [`ActionErrorCode`] from a string that is not the name of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown error code `{name}`: expected a name such as `NOT_FOUND`")]
pub struct UnknownErrorCode {
    name: String,
}

impl std::str::FromStr for ActionErrorCode {
    type Err = UnknownErrorCode;

    fn from_str(name: &str) -> Result<Self, UnknownErrorCode> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == name)
            .ok_or_else(|| UnknownErrorCode { name: name.to_owned() })
    }
}
