"""errors.py: every code of diags.def has a page in docs/errors, whose wrong program is refused with that code and whose
right one is not, and a line in docs/errors.md; `mnp explain` prints the page. usage: errors.py MNP ROOT WORK"""
import pathlib
import re
import subprocess
import sys

mnp, root, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
work.mkdir(parents=True, exist_ok=True)
codes = re.findall(r'^DIAG\(\w+, "(E\d+)"', (root / "compiler/base/diags.def").read_text(), re.M)
index = (root / "docs/errors.md").read_text()
problems = []


def run(*arguments):
    return subprocess.run([mnp, *arguments], cwd=work, capture_output=True, text=True, timeout=60)


def check(program):
    (work / "main.mnp").write_text(program)
    options = re.findall(r"^# options: (.*)$", program, re.M)
    return run("check", *options, "main.mnp")


for code in codes:
    path = root / f"docs/errors/{code}.md"
    if not path.exists() or code not in index:
        problems.append(f"{code} has no page, or no line in docs/errors.md")
        continue
    page = path.read_text()
    blocks = dict(re.findall(r"^```mnp (\w+)\n(.*?)^```$", page, re.M | re.S))
    for name in blocks.keys() - {"wrong", "right"}:
        (work / f"{name}.mnp").write_text(blocks[name])
    wrong, right = check(blocks["wrong"]), check(blocks["right"])
    if f"error[{code}]" not in wrong.stderr or not re.match(r"\w+\.mnp:\d+:\d+: ", wrong.stderr):
        problems.append(f"{code}: its wrong program gives\n{wrong.stderr}")
    if right.returncode:
        problems.append(f"{code}: its right program gives\n{right.stderr}")
    if run("explain", code).stdout != page:
        problems.append(f"mnp explain {code} does not print its page")
print("\n".join(problems))
sys.exit(1 if problems else 0)
