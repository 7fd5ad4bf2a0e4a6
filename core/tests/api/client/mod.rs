//! The client: requests that it builds, responses that it reads, and `TestClient`.

mod random_values;
mod refusals;
mod responses;
mod roundtrip;
mod test_client;
