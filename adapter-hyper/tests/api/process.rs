//! The example as a process that signals stop. Processes have no paused clock: these tests poll in real time, with short
//! intervals.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The example, on a free port. `cargo run` replaces itself with the program, so signals reach the program.
struct Example {
    process: Child,
    address: String,
}

fn example_command(address: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--package", "enact-hyper", "--example", "server", "--", address]);
    command
}

impl Example {
    fn start() -> Self {
        let mut process = example_command("127.0.0.1:0").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap().to_owned();
        Self { process, address }
    }

    fn signal(&self, name: &str) {
        // The shell has `kill` built in. Some machines lack the program.
        let status =
            Command::new("sh").args(["-c", &format!("kill -s {name} {}", self.process.id())]).status().unwrap();
        assert!(status.success());
    }

    /// Starts a call and sends half of its body.
    fn send_half_a_call(&self) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = "POST /_actions/guests.sign HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nExpect: 100-continue\r\n\
                    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        // The server has started the call when it asks for the body.
        let mut response = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
        stream.read_exact(&mut response).unwrap();
        stream.write_all(b"name").unwrap();
        stream
    }

    fn wait_until_refusing(&self) {
        let start = Instant::now();
        while TcpStream::connect(&self.address).is_ok() {
            assert!(start.elapsed() < Duration::from_secs(5), "the example still accepts connections");
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
fn signal_stops_the_process_after_the_running_call() {
    for signal in ["TERM", "INT"] {
        let mut example = Example::start();
        let mut call = example.send_half_a_call();
        example.signal(signal);
        example.wait_until_refusing();
        call.write_all(b"=Ada").unwrap();
        let mut response = String::new();
        call.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
        assert!(response.contains("Welcome, Ada from 127.0.0.1!"), "{response}");
        assert!(example.process.wait().unwrap().success());
    }
}

#[test]
fn second_signal_stops_the_process_at_once() {
    let mut example = Example::start();
    let mut call = example.send_half_a_call();
    example.signal("TERM");
    example.wait_until_refusing();
    example.signal("TERM");
    assert!(example.process.wait().unwrap().success());
    let mut response = String::new();
    let _ = call.read_to_string(&mut response);
    assert_eq!(response, "");
}

#[test]
fn unusable_address_is_reported() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().to_string();
    for (address, error) in [(taken.as_str(), "Address already in use"), ("4901", "invalid socket address")] {
        let output = example_command(address).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{address}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.lines().any(|line| line.starts_with(&format!("{address}: {error}"))), "{text}");
        assert!(!text.contains("Os {") && !text.contains("Custom {"), "{text}");
    }
}
