//! From a request's head to its action, among few and among many.

use std::cell::Cell;

use bytes::Bytes;
use enact::{Action, ActionError, Context, Registry, Step};

use crate::work::head;
use crate::{Rival, Rivals};

pub(crate) fn among<const MANY: usize>() -> Rivals {
    Rivals { enact: finding(MANY), beside: finding(10), floor: None }
}

/// Finds one after the other.
fn finding(count: usize) -> Rival {
    async fn nothing(_: (), _: Context) -> Result<(), ActionError> {
        Ok(())
    }

    // The names are as long as each other, since a longer one takes longer to read.
    let names: Vec<&'static str> = (0..count).map(|i| &*format!("group.action{i:05}").leak()).collect();
    let builder = names.iter().fold(Registry::builder(), |builder, name| builder.action(Action::json(name), nothing));
    let actions = builder.build().expect("a registry");
    let heads: Vec<_> =
        names.iter().map(|name| head(&Action::<(), ()>::json(name).path("/"), "application/json", 2)).collect();
    // The first clone of a URI takes longer than those that follow: it sets up the count of its owners.
    drop(heads.clone());
    let turn = Cell::new(0);
    Rival::json(move || {
        turn.set((turn.get() + 1) % heads.len());
        match actions.begin(heads[turn.get()].clone()) {
            Step::Enter(_) => Bytes::from_static(b"true"),
            other => panic!("no action: {other:?}"),
        }
    })
}
