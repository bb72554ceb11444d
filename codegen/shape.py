"""Does data fit a JSON Schema?  A quick yes or no: who is told no asks jsonschema, which says why and has the last word.

Every keyword that spec/schema.yaml uses is known here; one that is not makes the answer no, never a wrong yes.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Fits = Callable[[Any], bool]
# bool is an int in Python and none in YAML; 1.0 is no integer here: it would go into shifts and masks.
TYPES: dict[str, Fits] = {
    "string": lambda value: type(value) is str,
    "integer": lambda value: type(value) is int,
    "object": lambda value: type(value) is dict,
    "array": lambda value: type(value) is list,
}
SILENT = {"$schema", "$defs", "title"}
OBJECT = {"properties", "additionalProperties", "required", "propertyNames", "minProperties", "maxProperties"}
ENDLESS = 1 << 62


class Shape:
    """A schema with its definitions, as functions."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.defs = schema["$defs"]
        self.known: dict[str, Fits] = {}
        self.fits = self.fit(schema)

    def fit(self, schema: dict[str, Any]) -> Fits:
        """Whether all keywords hold."""
        tests = [self.keyword(schema, word) for word in schema if word not in SILENT | OBJECT]
        if OBJECT & schema.keys():
            tests.append(self.members(schema))
        if len(tests) == 1:
            return tests[0]
        return lambda value: all(test(value) for test in tests)

    def keyword(self, schema: dict[str, Any], word: str) -> Fits:
        said = schema[word]
        made: Callable[[Any], Fits] | None = getattr(self, "of_" + word.lstrip("$"), None)
        return made(said) if made else lambda value: False

    def of_ref(self, path: str) -> Fits:
        """Made when it is first asked: a definition may hold itself."""
        name = path.removeprefix("#/$defs/")

        def fits(value: Any) -> bool:
            if name not in self.known:
                self.known[name] = self.fit(self.defs[name])
            return self.known[name](value)
        return fits

    def of_type(self, name: str) -> Fits:
        return TYPES.get(name, lambda value: False)

    def of_const(self, said: Any) -> Fits:
        return lambda value: type(value) is type(said) and repr(value) == repr(said)

    def of_enum(self, said: list[Any]) -> Fits:
        known = {(type(word), word) for word in said if type(word) in (str, int)}
        return lambda value: type(value) in (str, int) and (type(value), value) in known

    def of_pattern(self, said: str) -> Fits:
        found = re.compile(said).search
        return lambda value: type(value) is str and found(value) is not None

    def of_minLength(self, said: int) -> Fits:
        return lambda value: type(value) is str and len(value) >= said

    def of_maxLength(self, said: int) -> Fits:
        return lambda value: type(value) is str and len(value) <= said

    def of_minimum(self, said: int) -> Fits:
        return lambda value: type(value) is int and value >= said

    def of_maximum(self, said: int) -> Fits:
        return lambda value: type(value) is int and value <= said

    def of_items(self, said: dict[str, Any]) -> Fits:
        test = self.fit(said)
        return lambda value: type(value) is list and all(test(item) for item in value)

    def of_minItems(self, said: int) -> Fits:
        return lambda value: type(value) is list and len(value) >= said

    def of_maxItems(self, said: int) -> Fits:
        return lambda value: type(value) is list and len(value) <= said

    def of_uniqueItems(self, said: bool) -> Fits:
        return lambda value: type(value) is list and (not said or len(set(map(repr, value))) == len(value))

    def of_oneOf(self, said: list[dict[str, Any]]) -> Fits:
        tests = [self.fit(each) for each in said]
        return lambda value: sum(test(value) for test in tests) == 1

    def of_allOf(self, said: list[dict[str, Any]]) -> Fits:
        tests = [self.fit(each) for each in said]
        return lambda value: all(test(value) for test in tests)

    def members(self, schema: dict[str, Any]) -> Fits:
        """The keywords about objects, in one walk over the members."""
        own = {key: self.fit(each) for key, each in schema.get("properties", {}).items()}
        more = schema.get("additionalProperties", True)
        other: Fits = self.fit(more) if isinstance(more, dict) else lambda value: bool(more)
        named = self.fit(schema["propertyNames"]) if "propertyNames" in schema else None
        required = schema.get("required", ())
        least, most = schema.get("minProperties", 0), schema.get("maxProperties", ENDLESS)

        def fits(value: Any) -> bool:
            if type(value) is not dict or not least <= len(value) <= most:
                return False
            if any(key not in value for key in required) or (named and not all(map(named, value))):
                return False
            return all(own.get(key, other)(item) for key, item in value.items())
        return fits
