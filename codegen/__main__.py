"""python3 -m codegen: spec/ in, generated/ out.  Exit status: 0 done, 1 the output differs (--check), 2 bad spec or usage."""
from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from . import checks, subset
from .cache import remembered
from .emit import Printer, write
from .load import load
from .model import Spec, build
from .names import RESERVED_WORDS
from .problems import SpecError

ROOT = Path(__file__).resolve().parent.parent


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
    return re.fullmatch(r"[a-z][a-z0-9]*", prefix) is not None and prefix not in RESERVED_WORDS


def read_spec(folder: Path, chapters: list[Path] | None = None) -> Spec:
    """A description without problems, or SpecError."""
    spec = build(load(folder, chapters))
    problems = checks.run(spec)
    if problems:
        raise SpecError(problems)
    return spec


def known_spec(folder: Path) -> Spec:
    """The same, without judging again what the last run found without problems."""
    return remembered("spec", folder.glob("*.yaml"), lambda: read_spec(folder))


def command(options: argparse.Namespace) -> str:
    """The command that makes the same output, for banners."""
    words = ["python3 -m codegen"]
    words += [f"--{name}={value}" for name in ("calls", "versions", "prefix") if (value := getattr(options, name))]
    return " ".join(words)


def main(argv: list[str] | None = None) -> int:
    options = parse(sys.argv[1:] if argv is None else argv)
    if options.prefix and not fit_prefix(options.prefix):
        print(f"codegen: --prefix {options.prefix}: lower-case letters and digits are wanted, and no word of C", file=sys.stderr)
        return 2
    if options.out.exists() and not options.out.is_dir():
        print(f"codegen: --out {options.out}: is no folder", file=sys.stderr)
        return 2
    try:
        spec = read_spec(options.spec) if options.lint else known_spec(options.spec)
        if options.versions:
            spec = subset.pick_versions(spec, options.versions.split(","))
        if options.calls:
            spec = subset.pick_calls(spec, options.calls.split(","))
        if options.lint:
            return 0
        files = Printer(spec, options.prefix or spec.prefix, command(options)).files()
    except SpecError as err:
        print(err, file=sys.stderr)
        print(f"{len(err.problems)} problem(s)", file=sys.stderr)
        return 2
    except subset.UnknownName as err:
        print(f"codegen: {err}", file=sys.stderr)
        return 2
    if options.check:
        stale = [p for p, text in files.items() if not (options.out / p).exists() or (options.out / p).read_bytes() != text.encode()]
        kept = {str(p.relative_to(options.out)) for p in options.out.rglob("*") if p.is_file()}
        stale += sorted(kept - set(files))
        for path in stale:
            print(f"{options.out.name}/{path}: not what the description says; run make regen", file=sys.stderr)
        return 1 if stale else 0
    for path in write(files, options.out):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
