//! A gate that is not async.

use enact::{ActionError, Call, Context, Registry};

fn members(_: Call, ctx: Context) -> Result<Context, ActionError> {
    Ok(ctx)
}

fn main() {
    let _ = Registry::builder().gate(members);
}
