//! Lookup of a request's action, among few and among many.

use std::cell::Cell;

use bytes::Bytes;
use enact::host::Step;
use enact::{Action, ActionError, Context, Registry};

use crate::workload::head;
use crate::{Implementation, Implementations};

pub(crate) fn among<const MANY: usize>() -> Implementations {
    Implementations { enact: look_up(MANY), baseline: look_up(10), by_hand: None }
}

/// Looks up the actions in turn.
fn look_up(count: usize) -> Implementation {
    async fn handle(_: (), _: Context) -> Result<(), ActionError> {
        Ok(())
    }

    // All names have the same length, because a longer name takes longer to read.
    let names: Vec<&'static str> = (0..count).map(|i| &*format!("group.action{i:05}").leak()).collect();
    let builder =
        names.iter().fold(Registry::builder(), |builder, name| builder.action(Action::json(name).handler(handle)));
    let actions = builder.build().expect("a registry");
    let heads: Vec<_> =
        names.iter().map(|name| head(&Action::<(), ()>::json(name).path("/"), "application/json", 2)).collect();
    // The first clone of a URI allocates its reference count.
    drop(heads.clone());
    let turn = Cell::new(0);
    Implementation::json(move || {
        turn.set((turn.get() + 1) % heads.len());
        match actions.begin(heads[turn.get()].clone()) {
            Step::Call(_) => Bytes::from_static(b"true"),
            other => panic!("expected an action, found {other:?}"),
        }
    })
}
