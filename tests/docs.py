"""docs.py: what the documents show is what happens; every block of code in them is run.

usage: docs.py MNP ROOT WORK

In README.md, docs/*.md, compiler/README.md and bench/README.md a block between ``` is one of these:

  python    a program. Without a language, the block right behind it is what `mnp run` prints for it: on standard output,
            then on standard error; where NumPy is installed, CPython prints the same standard output. Without such a
            block it is checked.
  c         with a main: it is compiled with the objects of the headers that it includes, and the block behind it is what
            it prints. A named file: for the commands behind it. Otherwise: part of the header of the program before it.
  console   commands behind `$ `, and what they print. `mnp` is the compiler.
  sh        commands that no test may run (they install, or need a screen); the files that they name exist.

A block whose first line is `# file: NAME` or `/* file: NAME */` is written under that name for the blocks behind it;
other programs are NUMBER.mnp. Each document has a folder of its own.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

mnp, root, work = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
has_numpy = subprocess.run([sys.executable, "-c", "import numpy; assert numpy.__version__ >= '2'"],
                           capture_output=True).returncode == 0
tools = work.resolve() / "bin"
environment = {**os.environ, "PATH": f"{tools}:{os.path.dirname(mnp)}:{os.environ['PATH']}"}
fence = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
checked = failed = 0


def make_tools():
    """A C compiler that links what the runtime was compiled with, sanitizers for example."""
    tools.mkdir(parents=True, exist_ok=True)
    script = f'#!/bin/sh\nexec {shutil.which("cc")} "$@" $MNP_LINK_FLAGS\n'
    (tools / "cc").write_text(script)
    (tools / "cc").chmod(0o755)


def run(*command, cwd):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=environment, timeout=120)


def differ(where, shown, printed):
    global failed
    failed += 1
    print(f"{where}: shown\n{shown}\nfound\n{printed[-2000:]}")


def blocks_of(text):
    """Language, text, and the bare block right behind it (or None)."""
    found = list(fence.finditer(text))
    for block, following in zip(found, [*found[1:], None]):
        near = following and not following.group(1) and not text[block.end():following.start()].strip()
        yield block.group(1), block.group(2), following.group(2) if near else None


def check_program(where, name, shown, place):
    if shown is None:
        done = run(mnp, "check", name, cwd=place)
        if done.returncode:
            differ(where, "a program", done.stderr)
        return
    done = run(mnp, "run", "--fp=strict", name, cwd=place)
    if done.stdout + done.stderr != shown:
        differ(where, shown, done.stdout + done.stderr)
    if has_numpy and done.stdout:
        python = run(sys.executable, "-W", "ignore", name, cwd=place)
        if python.stdout != done.stdout or python.returncode != done.returncode:
            differ(where, done.stdout, f"under CPython:\n{python.stdout}{python.stderr}")


def check_c(where, text, program, shown, place):
    if "int main(" not in text:
        library = [] if re.search(r"^    \.\.\.$", (place / program).read_text(), re.M) else ["-c"]
        header = run(mnp, "build", *library, "--emit=header", program, "-o", "-", cwd=place).stdout
        for line in text.splitlines():
            if " ".join(line.partition("/*")[0].split()) not in " ".join(header.split()):
                differ(where, line, header)
        return
    objects = []
    for name in re.findall(r'#include "(\w+)\.h"', text):
        done = run(mnp, "build", "-c", f"{name}.mnp", cwd=place)
        if done.returncode:
            differ(where, f"{name}.mnp", done.stderr)
        objects.append(f"{name}.o")
    (place / "block.c").write_text(text)
    done = run("cc", "-Wall", "-Wextra", "-Werror", "block.c", *objects, "-lm", "-o", "block", cwd=place)
    printed = done.stderr or run("./block", cwd=place).stdout
    if printed != shown and (shown is not None or done.returncode):
        differ(where, shown, printed)


def check_console(where, text, place):
    for session in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, shown = session.partition("\n")
        done = subprocess.run(["bash", "-c", command], cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env=environment, timeout=120)
        if done.stdout != shown:
            differ(f"{where}, {command}", shown, done.stdout)


def check_shell(where, text):
    for path in re.findall(r"(?<!\S)\.?/?(bootstrap\.sh|bench/\w+|examples/\w+\.mnp)", text):
        if not (root / path).exists():
            differ(where, path, "no such file")


def check_document(document):
    global checked
    place = work / re.sub(r"\W", "_", str(document.relative_to(root)))
    place.mkdir(parents=True, exist_ok=True)
    if not (place / "examples").exists():
        (place / "examples").symlink_to(root / "examples")
    program, behind = None, None
    for number, (language, text, shown) in enumerate(blocks_of(document.read_text())):
        where = f"{document.relative_to(root)}, block {number + 1}"
        named = re.match(r"(?:# file: (\S+)|/\* file: (\S+) \*/)\n", text)
        name = (named.group(1) or named.group(2)) if named else f"{number}.mnp"
        if named or language == "python":
            (place / name).write_text(text)
        checked += 1
        if language == "python" and not name.endswith(".py"):
            program = name
            check_program(where, name, shown, place)
        elif language == "c" and named and "int main(" not in text:
            pass                                 # for the commands behind it
        elif language == "c":
            check_c(where, text, program, shown, place)
        elif language == "console":
            check_console(where, text, place)
        elif language == "sh":
            check_shell(where, text)
        elif language not in ("python", "text") and text != behind:
            differ(where, "a block of a known language", text)
        behind = shown


make_tools()
for document in [root / "README.md", *sorted((root / "docs").glob("*.md")), root / "compiler/README.md",
                 root / "bench/README.md"]:
    check_document(document)
print(f"{checked} blocks, {failed} differ")
sys.exit(1 if failed or not checked else 0)
