"""Text to plain data: YAML with the line of every key kept, duplicate keys refused, the schema applied."""
from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .problems import Place, Problem, SpecError

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # pragma: no cover - libyaml is part of Debian's python3-yaml
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

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
    try:
        node = yaml.compose(raw.decode("utf-8"), Loader=Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        mark = getattr(err, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = getattr(err, "problem", None) or str(err).splitlines()[0]
        raise SpecError([Problem("syntax", Place(shown, line, ""), f"not YAML: {what}")]) from err
    problems: list[Problem] = []
    constructor = Loader("")

    def convert(node: yaml.Node, path: Path_) -> Any:
        doc.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            data: dict[Any, Any] = {}
            for key_node, value_node in node.value:
                key = constructor.construct_object(key_node)
                below = path + (key,)
                if key in data:
                    place = Place(shown, key_node.start_mark.line + 1, dotted(below))
                    problems.append(Problem("duplicate_key", place, f"the key is already given in line {doc.lines[below]}"))
                    continue
                doc.lines[below] = key_node.start_mark.line + 1
                data[key] = convert(value_node, below)
            return data
        if isinstance(node, yaml.SequenceNode):
            return [convert(item, path + (i,)) for i, item in enumerate(node.value)]
        return constructor.construct_object(node)

    if node is not None:
        doc.data = convert(node, ())
    if problems:
        raise SpecError(problems)
    return doc


def check_shape(doc: Document, schema: dict[str, Any]) -> list[Problem]:
    """Every departure of a chapter from the schema, the deepest cause of each."""
    import jsonschema  # only needed here, and slow to import

    validator = jsonschema.Draft202012Validator(schema)
    problems = []
    for error in validator.iter_errors(doc.data):
        cause = jsonschema.exceptions.best_match([error])
        path = tuple(cause.absolute_path)
        what = cause.message if len(cause.message) < 200 else cause.message[:197] + "..."
        problems.append(Problem("schema", doc.place(path), what))
    return sorted(problems, key=lambda p: p.place.line)


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
        except SpecError as err:
            problems.extend(err.problems)
        return None

    root = read(spec / "ffa.yaml", f"{shown}/ffa.yaml")
    errors = read(spec / "errors.yaml", f"{shown}/errors.yaml")
    schema = read(spec / "schema.yaml", f"{shown}/schema.yaml")
    if root is None or errors is None or schema is None:
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
