//! A gate that does not return the context.

use enact::{ActionError, Call, Context, Registry};

async fn members(_: Call, _: Context) -> Result<(), ActionError> {
    Ok(())
}

fn main() {
    let _ = Registry::builder().gate(members);
}
