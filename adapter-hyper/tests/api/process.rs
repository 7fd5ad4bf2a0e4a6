//! The example as a process, and the signals that end it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The example, on a port of its own. `cargo run` becomes the program that it runs, so that signals reach that.
struct Example {
    process: Child,
    address: String,
}

fn example(address: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--package", "enact-hyper", "--example", "server", "--", address]);
    command
}

impl Example {
    fn start() -> Self {
        let mut process = example("127.0.0.1:0").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap().to_owned();
        Self { process, address }
    }

    fn signal(&self, name: &str) {
        // The shell's own: not every machine has the program.
        let sent = Command::new("sh").args(["-c", &format!("kill -s {name} {}", self.process.id())]).status().unwrap();
        assert!(sent.success());
    }

    /// A call whose body has come by half.
    fn half_a_call(&self) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = "POST /_actions/guests.sign HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nExpect: 100-continue\r\n\
                    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        // Now the call is in flight.
        let mut asked = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
        stream.read_exact(&mut asked).unwrap();
        stream.write_all(b"name").unwrap();
        stream
    }

    fn refuses(&self) {
        let start = Instant::now();
        while TcpStream::connect(&self.address).is_ok() {
            assert!(start.elapsed() < Duration::from_secs(5), "it takes new connections");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_signal_ends_it_once_the_call_in_flight_has_ended() {
    for signal in ["TERM", "INT"] {
        let mut example = Example::start();
        let mut call = example.half_a_call();
        example.signal(signal);
        example.refuses();
        call.write_all(b"=Ada").unwrap();
        let mut answer = String::new();
        call.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("Welcome, Ada from 127.0.0.1!"), "{answer}");
        assert!(example.process.wait().unwrap().success());
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut example = Example::start();
    let mut call = example.half_a_call();
    example.signal("TERM");
    example.refuses();
    example.signal("TERM");
    assert!(example.process.wait().unwrap().success());
    let mut answer = String::new();
    let _ = call.read_to_string(&mut answer);
    assert_eq!(answer, "");
}

#[test]
fn an_address_that_cannot_be_had_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().to_string();
    for (address, error) in [(taken.as_str(), "Address already in use"), ("4901", "invalid socket address")] {
        let output = example(address).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{address}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.lines().any(|line| line.starts_with(&format!("{address}: {error}"))), "{text}");
        assert!(!text.contains("Os {") && !text.contains("Custom {"), "{text}");
    }
}
