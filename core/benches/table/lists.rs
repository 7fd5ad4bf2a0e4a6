//! A long list as an answer, written as devalue and as JSON.

use std::rc::Rc;

use crate::work::{Record, records};
use crate::{Rival, Rivals};

pub(crate) fn records_written() -> Rivals {
    let one = Rc::new(records());
    let two = Rc::clone(&one);
    Rivals {
        enact: Rival {
            run: Box::new(move || enact::devalue::to_vec(&*one).expect("devalue").into()),
            read: |body| {
                let records: Vec<Record> = enact::devalue::from_slice(body).expect("devalue");
                serde_json::to_value(records).expect("JSON")
            },
        },
        beside: Rival::json(move || serde_json::to_vec(&*two).expect("JSON").into()),
        floor: None,
    }
}
