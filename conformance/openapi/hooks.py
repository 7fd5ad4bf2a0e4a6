"""What the tool has to know of the actions, beyond their document.

Loaded by schemathesis, as its configuration says.
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

# schemathesis 4.32 reads the `prefixItems` of a response as draft 4 wrote them, and then refuses what it has made of them.
responses.to_json_schema = functools.partial(responses.to_json_schema, convert_prefix_items=False)


@schemathesis.deserializer("application/json+devalue")
def devalue(context, response):
    """It is JSON; the document says which."""
    return json.loads(response.content)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Two of three requests ask for plain JSON, whose schema tells the whole result; the third takes what comes."""
    if next(turns) % 3 and "Accept" not in (case.headers or {}):
        case.headers = {**(case.headers or {}), "Accept": PLAIN}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """What was meant to be wrong, and is right as the action reads it, is no failure.

    - A form holds texts alone: a number, an object or a list of one, sent for a text, is that text. Whatever is sent for a
      boolean is true, but for `false`. What is empty is not there, and what has no name counts for nothing.
    - `format: email` is said together with the pattern of what is taken, which has no limit for the part before the `@`.
      Where such an address is answered, its format is as little a fault.
    - A field of type `Date` takes whatever JavaScript takes for a date, of which `date-time` is the form to send.
    """
    operation = case.operation.definition.raw
    document = case.operation.schema.raw_schema
    if isinstance(failure, JsonSchemaError):
        schema = operation["responses"]["200"]["content"].get(response.headers["content-type"][0])
        return not (schema and is_valid(json.loads(response.content), schema["schema"], document))
    if not isinstance(failure, AcceptedNegativeData) or not is_of_body(case):
        return True
    schema = operation["requestBody"]["content"][case.media_type]["schema"]
    body = case.body
    if case.media_type != "application/json":
        if not isinstance(body, dict):
            return True
        body = read_form(body, resolved(schema, document), document)
    return not is_valid(body, schema, document)


def is_of_body(case):
    """Whether nothing but the body was meant to be wrong."""
    parts = case.meta.components.items() if case.meta else ()
    wrong = [where for where, info in parts if info.mode.is_negative]
    return wrong == [ParameterLocation.BODY]


def is_valid(value, schema, document):
    whole = {"allOf": [schema], "components": document["components"]}
    return Draft202012Validator(whole, format_checker=FORMATS).is_valid(value)


# Those that are the same to the action as to the validator, and dates.
FORMATS = FormatChecker(formats=["date", "ipv4", "ipv6"])


@FORMATS.checks("date-time")
def is_date(text):
    return not isinstance(text, str) or re.fullmatch(
        r"([+-]\d{6}|\d{4})(-\d\d(-\d\d)?)?([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?)?", text, re.ASCII
    )


def resolved(schema, document):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def fields(schema, document):
    """The fields that a form declares, in any of its alternatives."""
    found = dict(schema.get("properties", {}))
    for member in itertools.chain(schema.get("anyOf", []), schema.get("allOf", [])):
        found.update(fields(member, document))
    return {name: resolved(field, document) for name, field in found.items()}


def read_form(body, schema, document):
    """A form's fields as their action reads them."""
    declared = fields(schema, document)
    read = {}
    for name, value in body.items():
        field = declared.get(name, {})
        texts = [text(item) for item in (value if isinstance(value, list) else [value])]
        if field.get("type") == "array":
            items = resolved(field.get("items", {}), document)
            read[name] = [coerced(item, items) for item in texts]
        elif name and texts and texts[0] != "":
            read[name] = coerced(texts[0], field)
    return read


def text(value):
    match value:
        case Binary():
            return value.data.decode("latin-1")
        case bytes():
            return value.decode("latin-1")
        case str():
            return value
        case _:
            return json.dumps(value)


def coerced(value, field):
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
