"""Text to plain data: YAML with the line of every key kept, duplicate keys refused, the schema applied."""
from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import]  # Debian has no stubs of it

from .problems import Place, Problem, SpecError

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is part of Debian's python3-yaml, not of every one
TEXT = "tag:yaml.org,2002:str"
Path_ = tuple[Any, ...]


@dataclass
class Document:
    """One file: its data, and the line at which each key or item of it begins."""

    file: str
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    digest: str = ""

    def line(self, path: Path_) -> int:
        """The line of the longest known prefix of path."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def place(self, path: Path_) -> Place:
        return Place(self.file, self.line(path), dotted(path))


def dotted(path: Path_) -> str:
    """('calls', 'x', 'regs', 0) as calls.x.regs[0]."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def read_yaml(file: Path, shown: str) -> Document:
    """Parses one file; raises SpecError for bad syntax and duplicate keys."""
    raw = file.read_bytes()
    doc = Document(shown, digest=hashlib.sha256(raw).hexdigest())
    problems: list[Problem] = []

    def wrong(line: int, what: str, check: str = "syntax", path: Path_ = ()) -> None:
        problems.append(Problem(check, Place(shown, line, dotted(path)), what))

    try:
        root = yaml.compose(raw.decode("utf-8"), Loader=Loader)
    except UnicodeDecodeError as err:
        wrong(raw.count(b"\n", 0, err.start) + 1, f"not UTF-8: {err.reason}")
        raise SpecError(problems) from err
    except yaml.YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        what = getattr(err, "problem", None) or getattr(err, "reason", None) or str(err).splitlines()[0]
        wrong(mark.line + 1 if mark else raw.count(b"\n", 0, getattr(err, "position", 0)) + 1, f"not YAML: {what}")
        raise SpecError(problems) from err
    constructor = Loader("")
    known: set[int] = set()

    def scalar(node: yaml.Node, path: Path_) -> Any:
        """The value of a word; a word that looks like a number or a date and is none is a mistake."""
        if node.tag == TEXT:
            return node.value
        try:
            return constructor.construct_object(node)
        except (yaml.YAMLError, ValueError) as err:
            wrong(node.start_mark.line + 1, f"not a value: {getattr(err, 'problem', None) or err}", path=path)
            return None

    def convert(node: yaml.Node, path: Path_) -> Any:
        line = node.start_mark.line + 1
        doc.lines.setdefault(path, line)
        # An alias is the very node of its anchor.  It could contain itself, and it is not how the tables are read.
        if id(node) in known:
            wrong(doc.lines[path], "an alias (*name): everything is written out", path=path)
            return None
        known.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [convert(item, path + (i,)) for i, item in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            return scalar(node, path)
        data: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                wrong(line, "a key is one word", path=path)
                continue
            before = len(problems)
            key = scalar(key_node, path)
            below = path + (key,)
            if len(problems) > before:
                continue
            if key in data:
                wrong(line, f"the key is already given in line {doc.lines[below]}", "duplicate_key", below)
                continue
            doc.lines[below] = line
            data[key] = convert(value_node, below)
        return data

    if root is not None:
        doc.data = convert(root, ())
    if problems:
        raise SpecError(sorted(problems, key=lambda p: p.place.line))
    return doc


def check_shape(doc: Document, schema: dict[str, Any]) -> list[Problem]:
    """Every departure of a file from its schema, the deepest cause of each."""
    import jsonschema  # type: ignore[import]  # only needed here, and slow to import

    # 1.0 is no integer here: it would go into shifts and masks.
    integers = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, type_checker=integers)(schema)
    problems = []
    for error in validator.iter_errors(doc.data):
        cause = deepest(error)
        path = tuple(cause.absolute_path)
        if cause.validator == "additionalProperties" and cause.validator_value is False:
            # One problem a key, in the line of the key.
            for key in (key for key in cause.instance if key not in cause.schema.get("properties", {})):
                place = replace(doc.place(path), line=doc.line(path + (key,)))
                problems.append(Problem("schema", place, f"Additional properties are not allowed ({key!r} was unexpected)"))
            continue
        if "propertyNames" in cause.absolute_schema_path:
            path += (cause.instance,)
        what = message(cause)
        problems.append(Problem("schema", doc.place(path), what if len(what) < 200 else what[:197] + "..."))
    return sorted(problems, key=lambda p: p.place.line)


def deepest(error: Any) -> Any:
    """Of alternatives, the first mistake in the one that was meant: the only one of the right type."""
    while error.context:
        branches: dict[Any, list[Any]] = {}
        for cause in error.context:
            branches.setdefault(cause.schema_path[0], []).append(cause)
        meant = [causes for causes in branches.values() if not any(map(is_type, causes))]
        if len(meant) != 1:
            break
        error = meant[0][0]
    return error


def is_type(error: Any) -> bool:
    return error.validator == "type" and not error.relative_path


def message(error: Any) -> str:
    types = [cause.validator_value for cause in error.context if is_type(cause)]
    return f"{error.instance!r} is not of type {' or '.join(map(repr, types))}" if types else str(error.message)


@dataclass(frozen=True)
class Sources:
    """Everything read: the shared file, the error codes and the chapters in order."""

    root: Document
    errors: Document
    chapters: tuple[Document, ...]


def load(spec: Path, chapters: list[Path] | None = None) -> Sources:
    """Reads spec/ (or, for tests, other chapter files beside its shared files)."""
    shown = spec.name
    problems: list[Problem] = []

    def read(file: Path, name: str) -> Document | None:
        try:
            return read_yaml(file, name)
        except FileNotFoundError:
            problems.append(Problem("missing_file", Place(name, 1, ""), "there is no such file"))
        except OSError as err:
            problems.append(Problem("missing_file", Place(name, 1, ""), f"the file cannot be read: {err.strerror}"))
        except SpecError as err:
            problems.extend(err.problems)
        return None

    root = read(spec / "ffa.yaml", f"{shown}/ffa.yaml")
    errors = read(spec / "errors.yaml", f"{shown}/errors.yaml")
    schema = read(spec / "schema.yaml", f"{shown}/schema.yaml")
    if root is None or errors is None or schema is None:
        raise SpecError(problems)
    for doc, shape in ((root, "shared"), (errors, "errors")):
        problems += check_shape(doc, {"$ref": f"#/$defs/{shape}", "$defs": schema.data["$defs"]})
    if problems:
        raise SpecError(problems)
    files = [(spec / f"{name}.yaml", f"{shown}/{name}.yaml") for name in root.data["chapters"]]
    if chapters is not None:
        files = [(file, file.name) for file in chapters]
    documents = [doc for doc in (read(file, name) for file, name in files) if doc is not None]
    for doc in documents:
        problems.extend(check_shape(doc, schema.data))
    if problems:
        raise SpecError(problems)
    return Sources(root, errors, tuple(documents))
