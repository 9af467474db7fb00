"""coverage.py: which lines of the compiler's and the runtime's C the tests have run, by what GCC counts.

Generated files do not count, nor does what only an internal error reaches: lines that begin with BUG.

usage: coverage.py BUILD-DIRECTORY SOURCE-DIRECTORY [--lines [PART-OF-A-PATH]] [--at-least PERCENT]
"""
import argparse
import collections
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile


def counts(build, source):
    """How often each line was run, by file."""
    lines = collections.defaultdict(dict)
    notes = [path for path in build.rglob("*.gcno") if "/tests/" not in str(path)]
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, len(notes), 50):
            subprocess.run(["gcov", "--json-format", "--hash-filenames", *map(str, notes[start:start + 50])], cwd=folder, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for path in pathlib.Path(folder).glob("*.gcov.json.gz"):
            for file in json.loads(gzip.open(path).read())["files"]:
                name = pathlib.Path(file["file"])
                if source not in name.parents or build in name.parents or name.suffix not in (".c", ".h"):
                    continue
                seen = lines[name.relative_to(source)]
                for line in file["lines"]:
                    number = line["line_number"]
                    seen[number] = max(seen.get(number, 0), line["count"])
    return lines


def without_bugs(source, lines):
    """Without the lines of internal errors, which nothing should reach."""
    for name, seen in lines.items():
        text = (source / name).read_text().split("\n")
        for number in [n for n in seen if text[n - 1].lstrip().startswith(("BUG(", "bug_report("))]:
            del seen[number]
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("--lines", nargs="?", const="", help="show the lines that were not run")
    parser.add_argument("--at-least", type=float, default=0)
    options = parser.parse_args()
    build, source = options.build.resolve(), options.source.resolve()
    lines = without_bugs(source, counts(build, source))
    rooms = collections.defaultdict(lambda: [0, 0])
    for name, seen in sorted(lines.items()):
        missed = sorted(n for n, count in seen.items() if not count)
        for room in (name.parent, pathlib.Path("all")):
            rooms[room][0] += len(seen) - len(missed)
            rooms[room][1] += len(seen)
        if options.lines is not None and options.lines in str(name) and missed:
            text = (source / name).read_text().split("\n")
            print(f"{name}: {len(missed)} of {len(seen)}")
            for n in missed:
                print(f"  {n:4}  {text[n - 1]}")
    for room, (run, total) in sorted(rooms.items(), key=lambda pair: (str(pair[0]) == "all", pair[0])):
        print(f"{str(room):24} {run:6} of {total:6} lines  {100 * run / total:6.2f} %")
    run, total = rooms[pathlib.Path("all")]
    return 100 * run / max(total, 1) < options.at_least


sys.exit(main())
