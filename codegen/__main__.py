"""python3 -m codegen: spec/ in, generated/ out.  Exit status: 0 done, 1 the output differs (--check), 2 bad spec or usage."""
from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .cache import remembered
from .output import stale, write
from .problems import SpecError, UnknownName

if TYPE_CHECKING:
    from .model import Spec

# What only a run with something to do needs is imported in it: importing costs more than finding that nothing has changed.
ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).resolve().parent / "templates"
HEADERS = ROOT / "runtime" / "include"


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="codegen", description="Compiles the FF-A description into C.")
    parser.add_argument("--spec", type=Path, default=ROOT / "spec", help="folder of the description (default: spec)")
    parser.add_argument("--out", type=Path, default=ROOT / "generated", help="folder to write (default: generated)")
    parser.add_argument("--check", action="store_true", help="write nothing; say what would change, and fail if anything would")
    parser.add_argument("--lint", action="store_true", help="only read and judge the description")
    parser.add_argument("--calls", metavar="NAME,...", help="only these calls, and what they need")
    parser.add_argument("--versions", metavar="1.x,...", help="only these versions")
    parser.add_argument("--prefix", metavar="NAME", help="prefix of C names instead of the one in spec/ffa.yaml")
    return parser.parse_args(argv)


def fit_prefix(prefix: str) -> bool:
    """May C names begin with it?"""
    from .names import RESERVED_WORDS
    return re.fullmatch(r"[a-z][a-z0-9]*", prefix) is not None and prefix not in RESERVED_WORDS


def read_spec(folder: Path, chapters: list[Path] | None = None) -> Spec:
    """A description without problems, or SpecError."""
    from . import checks
    from .load import load
    from .model import build
    spec = build(load(folder, chapters))
    problems = checks.run(spec)
    if problems:
        raise SpecError(problems)
    return spec


def known_spec(folder: Path) -> Spec:
    """The same, without judging again what the last run found without problems."""
    return remembered("spec", described(folder), lambda: read_spec(folder))


def described(folder: Path) -> list[Path]:
    """What decides whether a description is without problems: its names must not be those of the runtime."""
    return [*folder.glob("*.yaml"), *HEADERS.rglob("*.h")]


def command(options: argparse.Namespace) -> str:
    """The command that makes the same output, for banners."""
    words = ["python3 -m codegen"]
    words += [f"--{name}={value}" for name in ("calls", "versions", "prefix") if (value := getattr(options, name))]
    return " ".join(words)


def part(spec: Spec, options: argparse.Namespace) -> Spec:
    """The calls and versions that are asked for."""
    from . import subset
    if options.versions:
        spec = subset.pick_versions(spec, options.versions.split(","))
    if options.calls:
        spec = subset.pick_calls(spec, options.calls.split(","))
    return spec


def printed(options: argparse.Namespace) -> dict[str, str]:
    """The output: path -> text."""
    from .emit import Printer
    spec = part(known_spec(options.spec), options)
    return Printer(spec, options.prefix or spec.prefix, command(options)).files()


def known_files(options: argparse.Namespace) -> dict[str, str]:
    """The same, without printing again what the last run printed of the same description with the same templates."""
    return remembered("files", [*described(options.spec), *TEMPLATES.glob("*")], lambda: printed(options), command(options))


def main(argv: list[str] | None = None) -> int:
    options = parse(sys.argv[1:] if argv is None else argv)
    if options.prefix and not fit_prefix(options.prefix):
        print(f"codegen: --prefix {options.prefix}: lower-case letters and digits are wanted, and no word of C", file=sys.stderr)
        return 2
    if options.out.exists() and not options.out.is_dir():
        print(f"codegen: --out {options.out}: is no folder", file=sys.stderr)
        return 2
    try:
        if options.lint:
            part(read_spec(options.spec), options)
            return 0
        files = printed(options) if options.check else known_files(options)
    except SpecError as err:
        print(err, file=sys.stderr)
        print(f"{len(err.problems)} problem(s)", file=sys.stderr)
        return 2
    except UnknownName as err:
        print(f"codegen: {err}", file=sys.stderr)
        return 2
    if options.check:
        wrong = stale(files, options.out)
        for path in wrong:
            print(f"{options.out.name}/{path}: not what the description says; run make regen", file=sys.stderr)
        return 1 if wrong else 0
    for path in write(files, options.out):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
