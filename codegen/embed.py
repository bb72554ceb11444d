"""python3 -m codegen.embed: a copy of the library, or of a part, that stands by itself in another tree."""
from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2

from . import shake
from .__main__ import ROOT, fit_prefix, known_spec
from .emit import LICENSE, TEMPLATES, Printer, renamed
from .model import Spec
from .problems import SpecError, UnknownName
from .subset import held, name_key, pick_calls, pick_versions, table_key

RUNTIME = ROOT / "runtime"
SIDES = ("caller", "callee", "both")
FORMS = ("tree", "single")
PORTS = ("stdint", "linux", "xen", "edk2")
# What a side does to calls and their replies; a side that answers also tells calls apart by their ids.
VERBS = {"caller": ("{}_pack", "{}_reply_unpack"), "callee": ("{}_unpack", "{}_reply_pack")}
CONDUITS = ("smc", "hvc", "svc", "smc_8", "hvc_8", "svc_8")
# What reads a table and what writes it: one, or many at a time.
CODECS = {"unpack": ("unpack", "scan", "unpack_run"), "pack": ("pack", "store", "store_run")}
ANSWERS = ("request_unpack", "status_of_violation")
ALWAYS = ("uuid_from_bytes", "uuid_to_bytes", "snapshot")
TEXTS = ("status_name", "status_text", "rule_name", "rule_text", "field_name", "function_name")
# Headers of the runtime that serve one side only.
SIDE_HEADERS = {"caller": ("caller", "caller_boot", "caller_console", "caller_memory", "caller_messages", "caller_notifications",
                           "caller_partitions", "caller_setup", "conduit"), "callee": ("callee",)}
# The header that an embedding tree replaces.
PORT = "port.h"


@dataclass(frozen=True)
class Wish:
    """What is asked for; no calls and no tables are all of them."""

    calls: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    side: str = "both"
    prefix: str = ""
    form: str = "tree"
    port: str = "stdint"

    def command(self) -> str:
        """The command that makes the same copy, but for where."""
        said = {"CALLS": ",".join(self.calls), "TABLES": ",".join(self.tables), "VERSIONS": ",".join(self.versions),
                "SIDE": self.side, "PREFIX": self.prefix, "FORM": self.form, "PORT": self.port}
        usual = {"SIDE": "both", "FORM": "tree", "PORT": "stdint"}
        return "make embed" + "".join(f" {name}={value}" for name, value in said.items() if value and value != usual.get(name))

    def sides(self) -> tuple[str, ...]:
        return ("caller", "callee") if self.side == "both" else (self.side,)


def part(spec: Spec, wish: Wish) -> Spec:
    """The description of what is asked for; raises UnknownName."""
    for what, name, known in (("side", wish.side, SIDES), ("form", wish.form, FORMS), ("port", wish.port, PORTS)):
        if name not in known:
            raise UnknownName(f"no {what} is named {name}; there are {', '.join(known)}")
    if wish.versions:
        spec = pick_versions(spec, list(wish.versions))
    if wish.calls or wish.tables:
        spec = pick_calls(spec, list(wish.calls), list(wish.tables))
    return spec


def sources(spec: Spec, wish: Wish, more_fields: Iterable[str] = ()) -> shake.Library:
    """Every file that the copy could take from, as it would be called there."""
    printed = Printer(spec, spec.prefix, wish.command(), more_fields).files()
    files = {path: text for path, text in printed.items() if path.endswith((".c", ".h"))}
    files = {path: text for path, text in files.items() if path.startswith(("include/", "src/"))}
    for header in sorted((RUNTIME / "include" / spec.prefix).glob("*.h")):
        if header.name != PORT:
            files[f"include/{spec.prefix}/{header.name}"] = header.read_text()
    for source in sorted(RUNTIME.glob("*.c")):
        files[f"src/{source.name}"] = source.read_text()
    return shake.Library({path: shake.read(path, text) for path, text in files.items()})


class Chooser:
    """Which public functions the copy is made for."""

    def __init__(self, spec: Spec, wish: Wish, library: shake.Library) -> None:
        self.spec, self.wish, self.library = spec, wish, library
        self.field = f"{spec.prefix.upper()}_F_"
        # Words that a build may define: they stand in conditions.
        self.settings = {word for source in library.sources.values() for item in source.items
                         for word in re.findall(r"^#if.*?\b([A-Z]+_\w+)", item.code, re.M)}
        self.functions = {name for name, found in library.public.items() if any(not library.sources[path].header for path, _ in found)}
        calls = [name_key(spec, name) for name in wish.calls] or ([] if wish.tables else list(spec.calls))
        self.calls = [call for call in calls if call in spec.calls]
        tables = [table_key(spec, name) for name in wish.tables] or ([] if wish.calls else list(spec.descriptors))
        self.tables = [table for table in tables if table in spec.descriptors]

    def name(self, what: str) -> str:
        return f"{self.spec.prefix}_{what}"

    def roots(self) -> set[str]:
        found = {self.name(text) for text in (*ALWAYS, *TEXTS)}
        for side in self.wish.sides():
            found |= {self.name(verb.format(call)) for call in self.calls for verb in VERBS[side]}
        if "callee" in self.wish.sides() and self.calls:
            found |= {self.name(answer) for answer in ANSWERS}
        found |= {self.name(f"{table}_{verb}") for table in self.tables for verb in ("unpack", "pack", "size")}
        found &= self.functions
        if assembly(self.wish):
            found |= {self.name(conduit) for conduit in CONDUITS}
        return found | set(self.of_runtime(found))

    def of_runtime(self, chosen: set[str]) -> Iterator[str]:
        """
        Functions of the runtime for which everything is there: those that use a codec that was asked for, and those that
        use none and stand in the same header.
        """
        concern = chosen - {self.name(name) for name in (*ALWAYS, *TEXTS)}
        concern |= {self.name(f"{table}_{verb}") for table, ways in self.directed().items() for way in ways for verb in CODECS[way]}
        concern |= {self.name(call + part) for call in self.calls for part in ("", "_success", "_reply")}
        codecs = {self.name(f"{table}_{verb}") for table in self.spec.descriptors for verbs in CODECS.values() for verb in verbs}
        without: list[tuple[str, str]] = []
        homes: set[str] = set()
        for name, home in self.candidates():
            reached = self.reached(name)
            if reached is None:
                continue
            if reached & concern:
                homes.add(home)
                yield name
            elif not reached & codecs:
                without.append((name, home))
        yield from (name for name, home in without if home in homes)

    def candidates(self) -> Iterator[tuple[str, str]]:
        """Public functions of the runtime with their headers, but for those of the other side."""
        include = f"include/{self.spec.prefix}"
        runtime = {f"{include}/{header.name}" for header in (RUNTIME / "include" / self.spec.prefix).glob("*.h")}
        others = {f"{include}/{header}.h" for side in VERBS if side not in self.wish.sides() for header in SIDE_HEADERS[side]}
        for name in sorted(self.functions):
            for path, _ in self.library.public[name]:
                if path in runtime - others:
                    yield name, path

    def directed(self) -> dict[str, set[str]]:
        """The tables that asked calls and their replies pass, with what a side does to them: whoever fills a buffer writes."""
        found: dict[str, set[str]] = {part: {"unpack", "pack"} for table in self.tables for part in self.parts(table)}
        for call in {*self.calls, *(reply.call for call in self.calls for reply in self.spec.calls[call].replies)}:
            buffer = self.spec.calls[call].buffer
            if buffer is not None and buffer.holds in self.spec.descriptors:
                writer = "callee" if buffer.where == "rx" else "caller"
                for part in self.parts(buffer.holds):
                    found.setdefault(part, set()).update("pack" if side == writer else "unpack" for side in self.wish.sides())
        return found

    def parts(self, table: str) -> set[str]:
        """The table and what it consists of."""
        return held(self.spec, set(), {table})

    def reached(self, name: str) -> set[str] | None:
        """The names behind a function; None if one of them is not there, but for names of fields, which can be had."""
        found: set[str] = set()
        for items in self.library.reach([name]).values():
            for item in items:
                if any(not word.startswith(self.field) for word in self.absent(item)):
                    return None
                found |= item.words
        return found

    def absent(self, item: shake.Item) -> set[str]:
        """Functions, structures and constants of the library that an item uses and that are not there."""
        low = re.findall(rf"\b({self.spec.prefix}_\w+)\(|(?:struct|enum) ({self.spec.prefix}_\w+)", item.code)
        high = re.findall(rf"\b{self.spec.prefix.upper()}_\w+\b", re.sub(r"^#(if|el).*", "", item.code, flags=re.M))
        return ({function or tag for function, tag in low} | set(high)) - item.pasted - self.library.public.keys() - self.settings

    def more_fields(self, kept: Mapping[str, list[shake.Item]]) -> list[str]:
        """Fields that no call and no table of this part has, and that functions of the runtime blame."""
        absent = {word for items in kept.values() for item in items for word in self.absent(item)}
        return sorted(word.removeprefix(self.field).lower() for word in absent if word.startswith(self.field))


def single(library: shake.Library, kept: Mapping[str, list[shake.Item]], spec: Spec, types_of_tree: str) -> dict[str, str]:
    """One header, which begins with the port header, and one source."""
    bodies = {path: library.sources[path].body(items) for path, items in kept.items()}
    guard = f"{spec.prefix.upper()}_H"
    opened = '#ifdef __cplusplus\nextern "C" {\n#endif\n'
    head = [f"#ifndef {guard}\n#define {guard}\n", types_of_tree.removeprefix(LICENSE + "\n"), opened]
    head += [f"/* {path} */\n{bodies[path]}" for path in ordered(library, [path for path in kept if library.sources[path].header])]
    head.append(f"#ifdef __cplusplus\n}}\n#endif\n\n#endif /* {guard} */\n")
    body = [f'#include "{spec.prefix}.h"\n']
    for path in sorted(path for path in kept if not library.sources[path].header):
        elsewhere = {word for other, items in kept.items() if other != path for item in items for word in item.words}
        body.append(f"/* {path} */\n" + own_names(path, kept[path], bodies[path], elsewhere))
    return {f"{spec.prefix}.h": "\n".join(head), f"{spec.prefix}.c": "\n".join(body)}


def own_names(path: str, items: Iterable[shake.Item], body: str, elsewhere: set[str]) -> str:
    """The text of a file whose names for itself are told apart from the words of other files."""
    for name in sorted({name for item in items if item.hidden for name in item.names} & elsewhere):
        stem = Path(path).stem
        other = f"{stem.upper()}_{name}" if name.isupper() else f"{stem}_{name}"
        body = re.sub(rf"(?<![\w.>]){name}\b", other, body)
    return body


def ordered(library: shake.Library, headers: list[str]) -> list[str]:
    """Headers behind those that they include."""
    found: list[str] = []

    def visit(path: str) -> None:
        if path in found or path not in library.sources:
            return
        for name in library.sources[path].includes:
            visit(f"include/{name}")
        found.append(path)

    for path in sorted(headers):
        visit(path)
    return [path for path in found if path in headers]


def tree(library: shake.Library, kept: Mapping[str, list[shake.Item]], port: str) -> dict[str, str]:
    """The files with what is needed of them."""
    out = {}
    uses = {path: library.headers(path, kept[path]) | types(kept[path], port) for path in kept}
    uses[port] = set()
    for path in sorted(kept):
        source = library.sources[path]
        includes = "".join(f"#include <{name}>\n" for name in included(source, uses))
        body = source.body(kept[path])
        if source.header:
            opened = '\n#ifdef __cplusplus\nextern "C" {\n#endif\n'
            closed = f"\n#ifdef __cplusplus\n}}\n#endif\n\n#endif /* {source.guard} */\n"
            out[path] = f"{source.banner}#ifndef {source.guard}\n#define {source.guard}\n\n{includes}{opened}{body}{closed}"
        else:
            out[path] = f"{source.banner}{includes}{body}"
    return out


def included(source: shake.Source, uses: Mapping[str, set[str]]) -> list[str]:
    """The headers that a file has to include: those it uses, but for what others of them include in their turn."""
    def behind(path: str) -> set[str]:
        return uses[path].union(*map(behind, uses[path]))

    own = uses[source.path]
    return [path.removeprefix("include/") for path in sorted(own) if not any(path in behind(other) for other in own)]


def types(items: Iterable[shake.Item], port: str) -> set[str]:
    """The port header, for whoever uses types of a size."""
    return {port} if any(re.match(r"u?int(8|16|32|64)_t$", word) for item in items for word in item.words) else set()


def embed(spec: Spec, wish: Wish) -> dict[str, str]:
    """Path -> text of every file of the copy."""
    spec = part(spec, wish)
    library = sources(spec, wish)
    chooser = Chooser(spec, wish, library)
    roots = chooser.roots()
    library = sources(spec, wish, chooser.more_fields(library.reach(roots)))
    kept = library.reach(roots | constants(library, library.reach(roots)))
    port = f"include/{spec.prefix}/{PORT}"
    types_of_tree = (RUNTIME / "ports" / wish.port / spec.prefix / PORT if wish.port != "stdint" else RUNTIME / port).read_text()
    if wish.form == "single":
        files = {path: f"{LICENSE}\n/* Made by: {wish.command()} */\n{text}" for path, text in single(library, kept, spec, types_of_tree).items()}
    else:
        files = tree(library, kept, port) | {port: types_of_tree} | assembly(wish)
        files |= recipes(sorted(path for path in files if path.endswith(".c")), spec.prefix, wish)
    if wish.prefix and wish.prefix != spec.prefix:
        files = {renamed(path, spec.prefix, wish.prefix): renamed(text, spec.prefix, wish.prefix) for path, text in files.items()}
        files = {re.sub(rf"^{spec.prefix}\.", f"{wish.prefix}.", path): text.replace(f'"{spec.prefix}.h"', f'"{wish.prefix}.h"') for path, text in files.items()}
    files["LICENSE"] = (ROOT / "LICENSE").read_text()
    listing = "".join(f"{digest(text)}  {path}\n" for path, text in files.items())
    files["MANIFEST"] = f"# {wish.command()}\n{listing}"
    return files


def constants(library: shake.Library, kept: Mapping[str, list[shake.Item]]) -> set[str]:
    """The values that fields of what is kept may have, and the waivers: a user names them, the library need not."""
    return {name for path in kept if library.sources[path].header for item in library.sources[path].items if item.constant for name in item.names}


def assembly(wish: Wish) -> dict[str, str]:
    """The conduits, for a caller that is a tree of files: one source has no place for them."""
    path = RUNTIME / "conduit_aarch64.S"
    return {f"src/{path.name}": path.read_text()} if wish.form == "tree" and "caller" in wish.sides() and not (wish.tables and not wish.calls) else {}


def recipes(built: list[str], prefix: str, wish: Wish) -> dict[str, str]:
    """How CMake, Meson and Zephyr build the copy."""
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.StrictUndefined, trim_blocks=True,
                             keep_trailing_newline=True, autoescape=False)
    said = {"command": wish.command(), "prefix": wish.prefix or prefix, "release": release(), "sources": built, "assembly": list(assembly(wish))}
    places = {"CMakeLists.txt": "CMakeLists.txt", "meson.build": "meson.build", "zephyr/module.yml": "module.yml"}
    return {path: env.get_template(f"{name}.j2").render(said) for path, name in places.items()}


def release() -> str:
    """The version of this project: the Makefile has it."""
    found = re.search(r"^RELEASE := (.+)$", (ROOT / "Makefile").read_text(), re.M)
    assert found
    return found[1]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def listed(dest: Path) -> dict[str, str]:
    """Path -> digest of what an earlier run wrote there."""
    manifest = dest / "MANIFEST"
    if not manifest.exists():
        return {}
    return {path: sha for sha, _, path in (line.partition("  ") for line in manifest.read_text().splitlines() if not line.startswith("#"))}


def place(files: dict[str, str], dest: Path) -> list[str]:
    """Writes the copy; returns what it leaves alone: a port header that somebody has replaced.  Raises UnknownName for other changes."""
    before = listed(dest)
    changed = [path for path in {*files, *before} if path != "MANIFEST" and (dest / path).exists()
               and digest((dest / path).read_text()) not in (before.get(path), digest(files.get(path, "")))]
    foreign = sorted(path for path in changed if Path(path).name != PORT)
    if foreign or ("MANIFEST" in files and (dest / "MANIFEST").exists() and not before):
        raise UnknownName(f"{dest}: would overwrite {', '.join(foreign) or 'a MANIFEST'} that this command did not write")
    for path in before:
        if path not in files and path not in changed:
            (dest / path).unlink(missing_ok=True)
    for path, text in files.items():
        if path not in changed:
            (dest / path).parent.mkdir(parents=True, exist_ok=True)
            (dest / path).write_text(text)
    return changed


def parse(argv: list[str]) -> tuple[Path, Wish]:
    def names(text: str) -> tuple[str, ...]:
        return tuple(name for name in re.split(r"[,\s]+", text) if name)

    parser = argparse.ArgumentParser(prog="embed", description="Copies the library, or a part of it, into another tree.")
    parser.add_argument("--dest", type=Path, required=True, help="folder to write")
    parser.add_argument("--calls", type=names, default=(), help="only these calls, and what they need")
    parser.add_argument("--tables", type=names, default=(), help="only these tables, and what they consist of")
    parser.add_argument("--versions", type=names, default=(), help="only these versions, such as 1.1,1.2")
    parser.add_argument("--side", default="both", help=f"who uses it: {', '.join(SIDES)}")
    parser.add_argument("--prefix", default="", help="prefix of C names instead of ffabi")
    parser.add_argument("--form", default="tree", help=f"{' or '.join(FORMS)}: files in folders, or one header and one source")
    parser.add_argument("--port", default="stdint", help=f"whose types: {', '.join(PORTS)}")
    said = parser.parse_args(argv)
    return said.dest, Wish(said.calls, said.tables, said.versions, said.side, said.prefix, said.form, said.port)


def main(argv: list[str] | None = None) -> int:
    dest, wish = parse(sys.argv[1:] if argv is None else argv)
    if wish.prefix and not fit_prefix(wish.prefix):
        print(f"embed: prefix {wish.prefix}: lower-case letters and digits are wanted, and no word of C", file=sys.stderr)
        return 2
    if dest.exists() and not dest.is_dir():
        print(f"embed: {dest}: is no folder", file=sys.stderr)
        return 2
    try:
        files = embed(known_spec(ROOT / "spec"), wish)
        kept = place(files, dest)
    except (UnknownName, SpecError) as err:
        print(f"embed: {err}", file=sys.stderr)
        return 2
    for path in kept:
        print(f"{dest / path}: left as it is")
    print(f"{dest}: {len(files)} files, {sum(text.count(chr(10)) for text in files.values())} lines; {wish.command()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
