//! All that the demo remembers, until it ends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::booking::Slot;
use crate::hut::{self, Flag, Note};
use crate::log;
use crate::membership::Member;
use crate::session::Person;

/// The store, as handlers find it in their context. Clones share what it holds.
#[derive(Clone)]
pub(crate) struct Store(Arc<Mutex<State>>);

pub(crate) struct State {
    pub(crate) readers: Vec<String>,
    pub(crate) member: Option<Member>,
    /// How many places of a swim are taken.
    pub(crate) taken: HashMap<Slot, u8>,
    pub(crate) bookings: u32,
    /// By the id of the log's entry.
    pub(crate) waves: HashMap<&'static str, u64>,
    /// By the id in the cookie.
    pub(crate) sessions: HashMap<String, &'static Person>,
    pub(crate) notes: Vec<Note>,
    pub(crate) flag: Flag,
    /// How many came.
    pub(crate) films: usize,
}

impl Store {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            readers: vec!["harbour@lowwater.example".to_owned()],
            member: None,
            taken: HashMap::from([(Slot::Dawn, 5), (Slot::Noon, 2), (Slot::Dusk, 9)]),
            bookings: 40,
            waves: log::ENTRIES.iter().map(|entry| (entry.id, entry.waves)).collect(),
            sessions: HashMap::new(),
            notes: hut::notes(),
            flag: Flag::Green,
            films: 0,
        })))
    }

    /// The state, still good after a handler panicked with it: every change here is one step.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    pub(crate) fn places(&self, slot: Slot) -> u8 {
        slot.capacity().saturating_sub(self.taken.get(&slot).copied().unwrap_or_default())
    }
}
