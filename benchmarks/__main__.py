"""Run the benchmarks: ``python benchmarks [PART…] [--count N] [--runs N] [--repetitions N]``.

Prints a table. Needs an environment with the project installed; `first-run` makes one of its own.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable

import classes
import command_line
import first_run
import gradings
import notebooks
import rates
import verdicts
import watch
import whole_run

PARTS: dict[str, Callable[[argparse.Namespace], list[tuple[str, str]]]] = {
    "whole-run": whole_run.measure,
    "rates": rates.measure,
    "first-run": first_run.measure,
    "command-line": command_line.measure,
    "watch": watch.measure,
    "gradings": gradings.measure,
    "verdicts": verdicts.measure,
    "classes": classes.measure,
    "notebooks": notebooks.measure,
}


def main() -> None:
    """Run the named parts, or all, and print what they measured."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (default: all)")
    parser.add_argument("--count", type=int, default=1000, help="gradings to make (default: 1000)")
    parser.add_argument("--repetitions", type=int, default=10, help="of the three truths (default: 10)")
    parser.add_argument("--runs", type=int, default=15, help="runs of each command to compare (default: 15)")
    options = parser.parse_args()
    unknown = set(options.parts) - PARTS.keys()
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    print(f"CPython {platform.python_version()}, {platform.system()}")
    for name in options.parts or PARTS:
        print(f"\n{name}")
        for what, figure in PARTS[name](options):
            print(f"  {what:<62} {figure:>14}", flush=True)


if __name__ == "__main__":
    main()
