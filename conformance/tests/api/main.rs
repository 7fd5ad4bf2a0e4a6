//! The recorded cases, sent to servers that carry the fixture.
