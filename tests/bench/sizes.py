"""Bytes: of the library and its parts, of the readers and writers of tables, of walkers; and the stack these take."""
from __future__ import annotations

import re
from pathlib import Path

import measure
from codegen.tables import Tables
from codegen.view import Library
from matrix.objects import Objects, read_elf
from rows import Block

MESSAGE_OVERHEAD = 5  # bytes beyond the text itself
STACK = {"table": 64, "walker": 256}  # bytes
TRANSACTION_TEXT = 1024  # bytes that reading, and writing, a transaction should not exceed, all versions
NOTHING = (".data of all", ".bss of all", "relocations in data of all")
WALKER = {"readers": "transaction_read", "writers": "transaction_write"}
SIDES = {"reader": ("read", "unpack", "judge", "scan", "unpack_run"), "writer": ("write", "valid", "pack", "store", "scan_values", "store_run")}
TRANSACTION = ("mem_transaction", "mem_access", "mem_composite", "mem_constituent")
WALKERS = ("transaction_", "assembly", "lists", "wire")  # objects of runtime/


def named(objects: list[Path], *starts: str) -> list[Path]:
    return [path for path in objects if path.parent.name == "runtime" and path.name.startswith(starts)]


def is_table(path: Path) -> bool:
    """The codecs of a chapter's tables; the other two are data about them."""
    return path.parent.name == "generated" and path.name.endswith("_table.o") and path.name not in ("describe_table.o", "text_table.o")


def by_call(objects: list[Path], library: Library) -> dict[str, int]:
    """The bytes of each call's own functions, which begin with its key; a longer key claims a function first."""
    found = dict.fromkeys(library.views, 0)
    own = [path for path in objects if path.parent.name == "generated" and not is_table(path)]
    for name, size in measure.functions(own).items():
        words = name.removeprefix("ffabi_").split("_")
        keys = ["_".join(words[:n]) for n in range(len(words) - 1, 0, -1)]
        key = next((key for key in keys if key in found), None)
        if key:
            found[key] += size
    return found


def functions(objects: list[Path]) -> Block:
    """The readers and writers of every table, all versions together; the walkers one by one."""
    made = Block(("function", "where", "what"), ["text", "stack"])
    of_tables = [path for path in objects if is_table(path)]
    stack = measure.stacks(of_tables)
    for name, size in measure.functions(of_tables).items():
        found = re.fullmatch(rf"(?:ffabi_)?(\w+?)_({'|'.join(verb for verbs in SIDES.values() for verb in verbs)})(?:_v\d+_\d+)?", name)
        if found is None:
            continue
        side = next(side for side, verbs in SIDES.items() if found[2] in verbs)
        row = made.rows.setdefault(("table", found[1], side), {"text": 0, "stack": 0})
        row["text"] += size
        row["stack"] = max(row["stack"], stack.get(name, 0))
    made.rows = dict(sorted(made.rows.items()))
    for path in named(objects, *WALKERS):
        stack = measure.stacks([path])
        for name, size in sorted(measure.functions([path]).items()):
            made.rows["walker", path.stem, name] = {"text": size, "stack": stack.get(name, 0)}
    return made


def texts_of(library: Library) -> dict[str, tuple[list[str], int]]:
    """The strings of each object of texts, and how many messages it has."""
    tables = Tables(library.spec, library)
    meanings = tables.meanings()
    found = {"meaning": (meanings.blob.strings, len(meanings.rows) + len(meanings.general))}
    return found | {table.name: (table.blob.strings, len(table.offsets)) for table in tables.texts()}


def relocations(objects: list[Path]) -> int:
    """How many words of data a loader would have to change."""
    made = Objects()
    read_elf(made, "library", measure.run(["readelf", "-W", "-S", "-s", "-r", *map(str, objects)]))
    return len(made.relocated)


def chapters(library: Library, objects: list[Path]) -> Block:
    """The bytes of each chapter's requests, replies and tables: code, and the data that the compiler makes of it."""
    sizes = measure.sections(objects)
    made = Block(("object", "chapter", "of"), ["text", "rodata"])
    for chapter in library.spec.chapters:
        for what, suffix in (("requests", ""), ("replies", "_reply"), ("tables", "_table")):
            size = sizes.get(f"generated/{chapter.key}{suffix}.o")
            if size:
                made.rows["object", chapter.key, what] = {"text": size[".text"], "rodata": size[".rodata"]}
    return made


def totals(library: Library, objects: list[Path], of_calls: int, parts: Block) -> Block:
    """Bytes of the library and of its parts, and what a text of an error costs beyond its letters."""
    sizes = measure.sections(objects)
    found = {f"{name} of all": sum(s[name] for s in sizes.values()) for name in (".text", ".rodata", ".data", ".bss")}
    found[".text of all calls"] = of_calls
    for name in ("request", "message", "reply"):
        found[f".text of {name}.o"] = sizes[f"generated/{name}.o"][".text"]
    found[".text of core.o"] = sizes["runtime/core.o"][".text"]
    texts = {name: s for name, s in sizes.items() if name.startswith("generated/text_")}
    for section in (".text", ".rodata"):
        found[f"{section} of all text_*.o"] = sum(s[section] for s in texts.values())
    for name, (strings, messages) in texts_of(library).items():
        found[f".rodata of text_{name}.o"] = sizes[f"generated/text_{name}.o"][".rodata"]
        found[f"letters of text_{name}.o"] = sum(len(text.encode()) for text in strings)
        found[f"messages of text_{name}.o"] = messages
    found["relocations in data of all"] = relocations(objects)
    for side in SIDES:
        found[f".text of all {side}s of tables"] = sum(row["text"] for key, row in parts.rows.items() if key[2] == side)
        found[f".text of a transaction, {side}s"] = sum(parts.rows["table", table, side]["text"] for table in TRANSACTION)
    for name in ("transaction_read", "transaction_write"):
        found[f".text of a transaction, {name}"] = sum(s[".text"] for o, s in sizes.items() if o.startswith(f"runtime/{name}"))
    made = Block(("total", "what", ""), ["text"])
    made.rows = {("total", what, ""): {"text": number} for what, number in found.items()}
    return made


def show_chapters(made: Block) -> None:
    kinds = list(dict.fromkeys(key[2] for key in made.rows))
    print(f"\n{'.text + .rodata of a chapter':32}" + "".join(f"{kind:>16}" for kind in kinds))
    for name in dict.fromkeys(key[1] for key in made.rows):
        rows = [made.rows.get(("object", name, kind)) for kind in kinds]
        print(f"{name:32}" + "".join(f"{row['text']:>9} +{row['rodata']:>5}" if row else f"{'-':>16}" for row in rows))


def show(parts: Block, total: Block) -> None:
    print(f"\n{'':32}{'.text':>16}{'stack':>16}\n{'table':32}{'reader':>8}{'writer':>8}{'reader':>8}{'writer':>8}")
    for name in dict.fromkeys(key[1] for key in parts.rows if key[0] == "table"):
        sides = [parts.rows["table", name, side] for side in SIDES]
        print(f"{name:32}" + "".join(f"{side['text']:>8}" for side in sides)
              + "".join(mark(side["stack"], "table") for side in sides))
    print(f"\n{'walker':44}{'.text':>8}{'stack':>8}")
    for (kind, where, name), row in parts.rows.items():
        if kind == "walker":
            print(f"{where + ': ' + name:44}{row['text']:>8}{mark(row['stack'], kind)}")
    deep = sum(row["stack"] > STACK[key[0]] for key, row in parts.rows.items())
    print(f"stack budget {STACK['table']} bytes in a reader or writer, {STACK['walker']} in a walker: {deep} over (*)\n")
    found = {key[1]: row["text"] for key, row in total.rows.items()}
    for what, number in found.items():
        judged = f"   budget 0{' *' if number else ''}" if what in NOTHING else ""
        print(f"{what:48}{number:>8}{judged}")
    for side in ("readers", "writers"):
        number = found[f".text of a transaction, {side}"] + found[f".text of a transaction, {WALKER[side]}"]
        print(f"{'.text of a transaction, ' + side + ' and walkers':48}{number:>8}   aim {TRANSACTION_TEXT}{' *' if number > TRANSACTION_TEXT else ''}")
    for name in [what.removeprefix("letters of text_").removesuffix(".o") for what in found if what.startswith("letters of")]:
        overhead = (found[f".rodata of text_{name}.o"] - found[f"letters of text_{name}.o"]) / found[f"messages of text_{name}.o"]
        over = " *" if overhead > MESSAGE_OVERHEAD else ""
        print(f"{'bytes a message of ' + name + ', without letters':48}{overhead:>8.2f}   budget {MESSAGE_OVERHEAD}{over}")


def mark(stack: int, kind: str) -> str:
    return f"{stack:>7}{'*' if stack > STACK[kind] else ' '}"
