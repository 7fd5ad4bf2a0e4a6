"""Hooks for schemathesis: rules of the actions that the OpenAPI document cannot express.

`schemathesis.toml` loads this module.
"""

import functools
import itertools
import json
import re

import schemathesis
from jsonschema import Draft202012Validator, FormatChecker
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import JsonSchemaError
from schemathesis.specs.openapi.adapter import responses
from schemathesis.transport.serialization import Binary

PLAIN = 'application/json;profile="urn:enact:plain"'

turns = itertools.count()

# schemathesis 4.32 converts the `prefixItems` of a response to draft 4, and then rejects the result.
responses.to_json_schema = functools.partial(responses.to_json_schema, convert_prefix_items=False)


@schemathesis.deserializer("application/json+devalue")
def parse_devalue(context, response):
    """Parses devalue as the JSON that it is. The document describes its structure."""
    return json.loads(response.content)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Asks for plain JSON in two of three requests, because its schema describes the whole output."""
    if next(turns) % 3 and "Accept" not in (case.headers or {}):
        case.headers = {**(case.headers or {}), "Accept": PLAIN}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops a failure if the value that was meant to be invalid is valid as the action reads it.

    - A form holds strings only. A number, an object or a list of one value, sent for a string, is read as that string. Every
      value of a boolean is true, except `false`. An empty field is read as missing, and a field without a name is ignored.
    - An action accepts the email addresses that match the `pattern` next to `format: email`. The pattern does not limit the
      length of the part before the `@`. The same applies to addresses in responses.
    - A field of type `Date` accepts all dates that JavaScript parses. `date-time` is the format to send.
    """
    operation = case.operation.definition.raw
    document = case.operation.schema.raw_schema
    if isinstance(failure, JsonSchemaError):
        schema = operation["responses"]["200"]["content"].get(response.headers["content-type"][0])
        return not (schema and is_valid(json.loads(response.content), schema["schema"], document))
    if not isinstance(failure, AcceptedNegativeData) or not is_invalid_body(case):
        return True
    schema = operation["requestBody"]["content"][case.media_type]["schema"]
    body = case.body
    if case.media_type != "application/json":
        if not isinstance(body, dict):
            return True
        body = read_form(body, resolve(schema, document), document)
    return not is_valid(body, schema, document)


def is_invalid_body(case):
    """Returns whether only the body was meant to be invalid."""
    parts = case.meta.components.items() if case.meta else ()
    invalid = [location for location, info in parts if info.mode.is_negative]
    return invalid == [ParameterLocation.BODY]


def is_valid(value, schema, document):
    whole = {"allOf": [schema], "components": document["components"]}
    return Draft202012Validator(whole, format_checker=FORMATS).is_valid(value)


# The formats that the action and the validator read alike. Dates have a check of their own.
FORMATS = FormatChecker(formats=["date", "ipv4", "ipv6"])


@FORMATS.checks("date-time")
def is_date(text):
    return not isinstance(text, str) or re.fullmatch(
        r"([+-]\d{6}|\d{4})(-\d\d(-\d\d)?)?([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?)?", text, re.ASCII
    )


def resolve(schema, document):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def collect_fields(schema, document):
    """Returns the fields that a form declares, in any of its alternatives."""
    found = dict(schema.get("properties", {}))
    for member in itertools.chain(schema.get("anyOf", []), schema.get("allOf", [])):
        found.update(collect_fields(member, document))
    return {name: resolve(field, document) for name, field in found.items()}


def read_form(body, schema, document):
    """Returns a form's values as the action reads them."""
    declared = collect_fields(schema, document)
    read = {}
    for name, value in body.items():
        field = declared.get(name, {})
        texts = [to_text(item) for item in (value if isinstance(value, list) else [value])]
        if field.get("type") == "array":
            items = resolve(field.get("items", {}), document)
            read[name] = [coerce(item, items) for item in texts]
        elif name and texts and texts[0] != "":
            read[name] = coerce(texts[0], field)
    return read


def to_text(value):
    match value:
        case Binary():
            return value.data.decode("latin-1")
        case bytes():
            return value.decode("latin-1")
        case str():
            return value
        case _:
            return json.dumps(value)


def coerce(value, field):
    match field.get("type"):
        case "boolean":
            return value != "false"
        case "number" | "integer":
            try:
                return json.loads(value)
            except ValueError:
                return value
        case _:
            return value
