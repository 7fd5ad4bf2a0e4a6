//! A long list: as an answer, written as devalue and as JSON, and as the input of an action.

use std::rc::Rc;

use axum::routing::post;
use axum::{Json, Router};
use enact::{Action, ActionError, Context, Registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calls::Sent;
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

pub(crate) fn records_read() -> Rivals {
    const ACTION: Action<Vec<Article>, u64> = Action::json("articles.import");
    async fn by_enact(input: Vec<Article>, _: Context) -> Result<u64, ActionError> {
        Ok(sum(&input))
    }
    async fn by_axum(Json(input): Json<Vec<Article>>) -> Json<u64> {
        Json(sum(&input))
    }

    let body = serde_json::to_vec(&records()).expect("JSON").leak();
    let actions = Registry::builder().action(ACTION, by_enact).build().expect("a registry");
    let path = ACTION.path("/");
    let router = Router::new().route(&path, post(by_axum));
    let [one, two, three] = [(); 3].map(|()| Sent::new(&path, "application/json", body));
    Rivals {
        enact: Rival::devalue(move || one.to_registry(&actions)),
        beside: Rival::json(move || two.to_router(&router)),
        floor: Some(Rival::json(move || {
            three.to_function(|body| sum(&serde_json::from_slice::<Vec<Article>>(body).expect("an input")))
        })),
    }
}
