//! Handlers: functions and closures, and their errors.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use enact::{Action, ActionError, ActionErrorCode, Context, Handler, Registry};
use serde_json::json;

use crate::kit::call_json;

const ORDER: Action<u32, u32> = Action::json("order");

/// The error type of an application.
enum ShopError {
    OutOfStock,
    Storage(std::num::ParseIntError),
}

impl From<std::num::ParseIntError> for ShopError {
    fn from(error: std::num::ParseIntError) -> Self {
        Self::Storage(error)
    }
}

impl From<ShopError> for ActionError {
    fn from(error: ShopError) -> Self {
        match error {
            ShopError::OutOfStock => Self::new(ActionErrorCode::Conflict).with_message("Out of stock"),
            ShopError::Storage(error) => Self::internal(error),
        }
    }
}

fn take(count: u32) -> Result<u32, ShopError> {
    if count > 3 { Err(ShopError::OutOfStock) } else { Ok(3 - count) }
}

async fn order(count: u32, _: Context) -> Result<u32, ShopError> {
    let remaining = take(count)?;
    let _: u32 = if count == 0 { "none".parse()? } else { 0 };
    Ok(remaining)
}

#[test]
fn error_of_the_application_becomes_an_action_error() {
    let actions = Registry::builder().action(ORDER.handler(order)).build().unwrap();
    assert_eq!(call_json(&actions, "order", "1"), json!(2));
    assert_eq!(call_json(&actions, "order", "4"), json!("CONFLICT Out of stock"));
    assert_eq!(call_json(&actions, "order", "0"), json!("INTERNAL_SERVER_ERROR Internal server error"));
}

#[test]
fn error_code_is_an_error_of_a_handler() {
    async fn fail(_: u32, _: Context) -> Result<u32, ActionErrorCode> {
        Err(ActionErrorCode::Gone)
    }
    let actions = Registry::builder().action(ORDER.handler(fail)).build().unwrap();
    assert_eq!(call_json(&actions, "order", "1"), json!("GONE "));
}

#[test]
fn closure_that_captures_state_is_a_handler() {
    let sum = Arc::new(AtomicU32::new(10));
    let counter = Arc::clone(&sum);
    let handler = move |count: u32, _: Context| {
        let counter = Arc::clone(&counter);
        async move { Ok::<_, ShopError>(counter.fetch_add(take(count)?, Ordering::Relaxed)) }
    };
    let actions = Registry::builder().action(ORDER.handler(handler)).build().unwrap();
    assert_eq!([call_json(&actions, "order", "1"), call_json(&actions, "order", "3")], [json!(10), json!(12)]);
    assert_eq!(sum.load(Ordering::Relaxed), 12);
}

#[test]
fn async_closure_is_a_handler() {
    let handler = async |count: u32, _: Context| Ok::<_, ActionError>(count + 1);
    let actions = Registry::builder().action(ORDER.handler(handler)).build().unwrap();
    assert_eq!(call_json(&actions, "order", "1"), json!(2));
}

#[test]
fn struct_is_a_handler() {
    struct Warehouse {
        stock: Arc<AtomicU32>,
    }

    impl Handler<u32, u32> for Warehouse {
        fn handle(&self, count: u32, _: Context) -> impl Future<Output = Result<u32, ActionError>> + Send + 'static {
            let stock = Arc::clone(&self.stock);
            async move { Ok(stock.fetch_sub(count, Ordering::Relaxed)) }
        }
    }

    let stock = Arc::new(AtomicU32::new(5));
    let warehouse = Warehouse { stock: Arc::clone(&stock) };
    let actions = Registry::builder().action(ORDER.handler(warehouse)).build().unwrap();
    assert_eq!(call_json(&actions, "order", "2"), json!(5));
    assert_eq!(stock.load(Ordering::Relaxed), 3);
}
