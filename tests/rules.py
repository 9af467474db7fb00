"""rules.py: rules.md names tests that exist, has the sections of docs/language.md and every difference of docs/differences.md.
usage: rules.py SOURCE-DIRECTORY FILE-WITH-THE-NAMES-OF-ALL-TESTS"""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
names = set(pathlib.Path(sys.argv[2]).read_text().split())
rules = (source / "tests/rules.md").read_text()
problems = []
for line in rules.split("\n"):
    found = re.findall(r"`(\w[\w.]*)`", line.rpartition(": ")[2]) if line.startswith("* ") else []
    if line.startswith("* ") and not found:
        problems.append(f"no test: {line}")
    problems += [f"'{name}' is no test: {line}" for name in found if name not in names]
for title in re.findall(r"^\*\*(.*?)\*\*", (source / "docs/language.md").read_text(), re.M):
    if f"\n## {title}\n" not in rules:
        problems.append(f"docs/language.md has a section '{title}', rules.md has not")
for number in re.findall(r"^\* (D\d+):", (source / "docs/differences.md").read_text(), re.M):
    if f"\n* {number}: " not in rules:
        problems.append(f"docs/differences.md has {number}, rules.md has not")
print("\n".join(problems))
sys.exit(bool(problems))
