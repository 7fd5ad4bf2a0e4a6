//! The recorded cases, against the fixture.

mod in_memory;
