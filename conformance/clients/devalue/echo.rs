//! Parses each line as devalue and serializes it again. A line that cannot be parsed becomes `!` and the error.

use std::io::{BufRead, Write};

use enact::devalue::{self, Value};

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().split(b'\n') {
        let value = devalue::from_slice::<Value>(&line?);
        match value.and_then(|value| devalue::to_string(&value)) {
            Ok(text) => writeln!(out, "{text}")?,
            Err(error) => writeln!(out, "!{error}")?,
        }
    }
    out.flush()
}
