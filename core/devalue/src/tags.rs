//! The macro that defines enums of JavaScript types.

/// Defines an enum of JavaScript types with the tag and the marker name of each.
macro_rules! tags {
    ($(#[$doc:meta])* $vis:vis enum $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $type { $($(#[$variant_doc])* $variant,)* }

        impl $type {
            /// Returns the name of the type in JavaScript.
            #[must_use]
            $vis const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            pub(crate) fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }

            /// Returns the start of a slot that holds a string: `["Name","`.
            #[allow(dead_code, reason = "the content of typed arrays is not a string")]
            pub(crate) const fn opening(self) -> &'static str {
                match self { $(Self::$variant => concat!("[\"", $name, "\",\""),)* }
            }

            /// Returns the name of the newtype struct.
            #[allow(dead_code, reason = "typed arrays share one marker")]
            pub(crate) const fn marker(self) -> &'static str {
                match self { $(Self::$variant => concat!("$devalue::", $name),)* }
            }
        }
    };
}
pub(crate) use tags;
