"""The quick look at shapes and jsonschema agree, and the quick one says yes to what the description really looks like."""
from __future__ import annotations

import copy
import random
from typing import Any

import pytest
import yaml
from test_bad_spec import FILES, SPEC, damage, real

from codegen.load import Document, judged, read_yaml
from codegen.problems import SpecError
from codegen.shape import Shape

SCHEMA = yaml.safe_load((SPEC / "schema.yaml").read_text())
SHAPES = {"chapter": SCHEMA, "shared": {"$ref": "#/$defs/shared", "$defs": SCHEMA["$defs"]}, "errors": {"$ref": "#/$defs/errors", "$defs": SCHEMA["$defs"]}}


def documents() -> list[tuple[str, Document]]:
    return [("shared", real().root), ("errors", real().errors), *(("chapter", doc) for doc in real().chapters)]


def test_the_description_needs_no_judge() -> None:
    assert all(Shape(SHAPES[shape]).fits(doc.data) for shape, doc in documents())


def agree(shape: str, doc: Document) -> bool:
    fits = Shape(SHAPES[shape]).fits(doc.data)
    assert fits == (not judged(doc, SHAPES[shape])), doc.file
    return fits


def test_files_with_mistakes() -> None:
    answers = []
    for file in FILES:
        try:
            answers.append(agree("chapter", read_yaml(file, file.name)))
        except SpecError:  # no data at all
            continue
    assert answers.count(False) >= 10 and answers.count(True) > 50


@pytest.mark.parametrize("seed", range(8))
def test_damaged_documents(seed: int) -> None:
    rng = random.Random(1000 + seed)
    answers = []
    for shape, doc in documents():
        for _ in range(4):
            data = copy.deepcopy(doc.data)
            damage(rng, data)
            answers.append(agree(shape, Document(doc.file, data, doc.lines)))
    assert False in answers and True in answers


VALUES: list[Any] = [None, True, 0, 1, 7, -1, 1.0, "", "a", "ab", "abc", "1.0", [], ["a"], ["a", "a"], ["a", "b"], [1, 1.0], {}, {"a": 1}, {"a": "x"}, {"b": 1}, {"a": 1, "b": 2}]


@pytest.mark.parametrize("schema", [
    {"type": "string"}, {"type": "integer"}, {"type": "object"}, {"type": "array"}, {"const": "a"}, {"const": ["a", "b"]}, {"enum": ["a", "1.0"]}, {"type": "integer", "enum": [1, 7]},
    {"type": "string", "pattern": "b$"}, {"type": "string", "minLength": 2}, {"type": "string", "maxLength": 2}, {"type": "integer", "minimum": 1},
    {"type": "integer", "maximum": 1}, {"type": "array", "items": {"type": "string"}}, {"type": "array", "minItems": 1}, {"type": "array", "maxItems": 1},
    {"type": "array", "uniqueItems": True, "items": {"type": "string"}}, {"type": "object", "required": ["a"]}, {"type": "object", "minProperties": 1},
    {"type": "object", "maxProperties": 1}, {"type": "object", "properties": {"a": {"type": "integer"}}},
    {"type": "object", "additionalProperties": False, "properties": {"a": {"$ref": "#/$defs/number"}}},
    {"type": "object", "additionalProperties": {"type": "integer"}}, {"type": "object", "propertyNames": {"enum": ["a"]}},
    {"oneOf": [{"type": "string"}, {"enum": ["a"]}]}, {"allOf": [{"type": "string"}, {"enum": ["a", "1.0"]}]},
], ids=str)
def test_each_keyword(schema: dict[str, Any]) -> None:
    whole = {**schema, "$defs": {"number": {"type": "integer"}}}
    answers = [(value, Shape(whole).fits(value)) for value in VALUES]
    assert answers == [(value, not judged(Document("x", value), whole)) for value in VALUES]
    assert {answer for _, answer in answers} == {True, False}


def test_an_unknown_keyword_is_for_the_judge() -> None:
    assert not Shape({"type": "integer", "exclusiveMinimum": 0, "$defs": {}}).fits(1)
