//! The settings: the port and the key.

use enact::page::Key;

/// Returns the key that encrypts waiting results: `DEMO_KEY`, or a random key.
pub(crate) fn read_key() -> Result<Key, String> {
    let Ok(text) = std::env::var("DEMO_KEY") else {
        println!("DEMO_KEY is not set, so results that are waiting for their page are lost on restart.");
        return Ok(Key::generate());
    };
    let parse_byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Vec<u8> = text.trim().as_bytes().chunks(2).map_while(parse_byte).collect();
    Key::try_from(&*bytes).map_err(|_| {
        "invalid DEMO_KEY: expected 64 bytes in hexadecimal, as printed by `openssl rand -hex 64`".to_owned()
    })
}

/// Returns the port from `--port`, or else from `PORT`, or else 3000.
pub(crate) fn read_port() -> Result<u16, String> {
    let mut args = std::env::args().skip(1);
    let text = match args.next() {
        None => match std::env::var("PORT") {
            Ok(text) => text,
            Err(_) => return Ok(3000),
        },
        Some(arg) => match arg.strip_prefix("--port=") {
            Some(text) => text.to_owned(),
            None if arg == "--port" => args.next().unwrap_or_default(),
            None => return Err(format!("unknown argument `{arg}`: expected `--port N`")),
        },
    };
    text.parse().map_err(|_| format!("invalid port `{text}`: expected a number from 0 to 65535"))
}
