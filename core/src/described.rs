//! What all actions of a registry take and give, for what is generated from it.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::action::Encoding;
use crate::registry::Registry;

/// The actions of a registry with their schemas. What a schema refers to as `#/$defs/Name` stands in one of two maps,
/// since serde may read a type in another shape than it writes it.
#[derive(Debug)]
pub(crate) struct Described {
    /// Sorted by name.
    pub(crate) actions: Vec<DescribedAction>,
    /// The named types of inputs, by name.
    pub(crate) inputs: Map<String, Value>,
    /// The named types of outputs, by name.
    pub(crate) outputs: Map<String, Value>,
}

/// An action with the schemas of its input and output.
#[derive(Debug)]
pub(crate) struct DescribedAction {
    pub(crate) name: &'static str,
    pub(crate) encoding: Encoding,
    /// `None` for a form as it comes.
    pub(crate) input: Option<Schema>,
    /// `None` where there is no content.
    pub(crate) output: Option<Schema>,
}

impl Registry {
    pub(crate) fn describe(&self) -> Described {
        let mut inputs = SchemaSettings::draft2020_12().for_deserialize().into_generator();
        let mut outputs = SchemaSettings::draft2020_12().for_serialize().into_generator();
        let mut actions: Vec<_> = self.shared.entries.values().map(|entry| &entry.action).collect();
        actions.sort_unstable_by_key(|action| action.name());
        Described {
            actions: actions
                .into_iter()
                .map(|action| DescribedAction {
                    name: action.name(),
                    encoding: action.encoding(),
                    input: action.input_schema(&mut inputs),
                    output: action.output_schema(&mut outputs),
                })
                .collect(),
            inputs: inputs.take_definitions(true),
            outputs: outputs.take_definitions(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    use crate::{Action, ActionError, Context, FormData, Registry};

    #[derive(Deserialize, Serialize, JsonSchema)]
    struct Club {
        #[serde(default)]
        members: Vec<String>,
    }

    #[test]
    fn each_side_has_its_own_shape_of_a_type() {
        async fn found(club: Club, _: Context) -> Result<Club, ActionError> {
            Ok(club)
        }
        async fn close(_: FormData, _: Context) -> Result<(), ActionError> {
            Ok(())
        }
        let actions = Registry::builder()
            .action(Action::<Club, Club>::json("found"), found)
            .action(Action::<FormData, ()>::form("close"), close)
            .build()
            .unwrap();
        let described = actions.describe();
        let [close, found] = described.actions.as_slice() else { panic!() };
        assert!(close.input.is_none() && close.output.is_none());
        assert_eq!(found.input.as_ref().unwrap().get("$ref").unwrap(), "#/$defs/Club");
        assert_eq!(found.output.as_ref().unwrap().get("$ref").unwrap(), "#/$defs/Club");
        assert!(described.inputs["Club"].get("required").is_none());
        assert_eq!(described.outputs["Club"]["required"], serde_json::json!(["members"]));
    }
}
