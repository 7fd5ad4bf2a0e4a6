//! A long list, as the output and as the input of an action.

use std::rc::Rc;

use axum::routing::post;
use axum::{Json, Router};
use enact::{Action, ActionError, Context, Registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calls::Sample;
use crate::workload::{Record, records};
use crate::{Implementation, Implementations};

pub(crate) fn output() -> Implementations {
    let one = Rc::new(records());
    let two = Rc::clone(&one);
    Implementations {
        enact: Implementation {
            run: Box::new(move || enact::devalue::to_vec(&*one).expect("devalue").into()),
            parse: |body| {
                let records: Vec<Record> = enact::devalue::from_slice(body).expect("devalue");
                serde_json::to_value(records).expect("JSON")
            },
        },
        baseline: Implementation::json(move || serde_json::to_vec(&*two).expect("JSON").into()),
        by_hand: None,
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Article {
    id: u64,
    title: String,
    body: String,
    score: f64,
    published: String,
    tags: Vec<String>,
}

fn sum(articles: &[Article]) -> u64 {
    articles.iter().map(|article| article.id + article.body.len() as u64 + article.tags.len() as u64).sum()
}

pub(crate) fn input() -> Implementations {
    const ACTION: Action<Vec<Article>, u64> = Action::json("articles.import");
    async fn handle(input: Vec<Article>, _: Context) -> Result<u64, ActionError> {
        Ok(sum(&input))
    }
    async fn handle_axum(Json(input): Json<Vec<Article>>) -> Json<u64> {
        Json(sum(&input))
    }

    let body = serde_json::to_vec(&records()).expect("JSON").leak();
    let actions = Registry::builder().action(ACTION.handler(handle)).build().expect("a registry");
    let path = ACTION.path("/");
    let router = Router::new().route(&path, post(handle_axum));
    let [one, two, three] = [(); 3].map(|()| Sample::new(&path, "application/json", body));
    Implementations {
        enact: Implementation::devalue(move || one.send_to_registry(&actions)),
        baseline: Implementation::json(move || two.send_to_router(&router)),
        by_hand: Some(Implementation::json(move || {
            three.send_to_function(|body| sum(&serde_json::from_slice::<Vec<Article>>(body).expect("an input")))
        })),
    }
}
