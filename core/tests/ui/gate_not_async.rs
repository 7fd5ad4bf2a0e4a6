//! A gate that is not async.

use enact::{ActionError, Call, Context, Registry};

fn members(_: &Call, _: &mut Context) -> Result<(), ActionError> {
    Ok(())
}

fn main() {
    let _ = Registry::builder().gate(members);
}
