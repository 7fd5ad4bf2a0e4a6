//! The board with its notes, and the flag.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The number of notes that fit on the board.
const CAPACITY: usize = 6;

pub(crate) struct Board {
    notes: Vec<Note>,
}

pub(crate) struct Note {
    pub(crate) id: u64,
    pub(crate) author: &'static str,
    pub(crate) text: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Flag {
    Green,
    Red,
}

impl Board {
    /// Creates a board with two notes.
    pub(crate) fn new() -> Self {
        let mut board = Self { notes: Vec::new() };
        board.pin("keeper", "Found below the slipway: one orange glove, a left one.".to_owned());
        board.pin("ines", "Cake on Saturday if the oven is mended.".to_owned());
        board
    }

    pub(crate) fn notes(&self) -> &[Note] {
        &self.notes
    }

    pub(crate) fn note(&self, id: u64) -> Option<&Note> {
        self.notes.iter().find(|note| note.id == id)
    }

    /// Adds a note. If the board is full, the oldest note is removed.
    pub(crate) fn pin(&mut self, author: &'static str, text: String) {
        if self.notes.len() >= CAPACITY {
            self.notes.remove(0);
        }
        let id = self.notes.iter().map(|note| note.id).max().unwrap_or_default() + 1;
        self.notes.push(Note { id, author, text });
    }

    pub(crate) fn take_down(&mut self, id: u64) {
        self.notes.retain(|note| note.id != id);
    }
}
