//! The state of the demo, in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::data::board::{Board, Flag};
use crate::data::log;
use crate::data::member::Member;
use crate::data::people::Person;
use crate::data::swim::Slot;

/// The store that handlers read from their context. Clones share the same state.
#[derive(Clone)]
pub(crate) struct Store(Arc<Mutex<State>>);

pub(crate) struct State {
    /// The addresses that get the letter.
    pub(crate) readers: Vec<String>,
    pub(crate) member: Option<Member>,
    /// The number of booked places of each swim.
    pub(crate) booked: HashMap<Slot, u8>,
    pub(crate) bookings: u32,
    /// The number of waves by the id of the log entry.
    pub(crate) waves: HashMap<&'static str, u64>,
    /// The signed-in people by the id in their cookie.
    pub(crate) sessions: HashMap<String, &'static Person>,
    pub(crate) board: Board,
    pub(crate) flag: Flag,
    /// The number of films received.
    pub(crate) films: usize,
}

impl Store {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            readers: vec!["harbour@lowwater.example".to_owned()],
            member: None,
            booked: HashMap::from([(Slot::Dawn, 5), (Slot::Noon, 2), (Slot::Dusk, 9)]),
            bookings: 40,
            waves: log::ENTRIES.iter().map(|entry| (entry.id, entry.waves)).collect(),
            sessions: HashMap::new(),
            board: Board::new(),
            flag: Flag::Green,
            films: 0,
        })))
    }

    /// Locks the state. It stays usable after a handler panicked, because each change is a single step.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Returns the number of free places of a swim.
    pub(crate) fn free_places(&self, slot: Slot) -> u8 {
        slot.capacity().saturating_sub(self.booked.get(&slot).copied().unwrap_or_default())
    }
}
