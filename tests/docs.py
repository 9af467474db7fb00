"""docs.py: what the documents show is what happens.

usage: docs.py MNP ROOT WORK

In README.md and docs/*.md a block of python is a program, and the block without a language right behind it is what
`mnp run` prints for it: on standard output, then on standard error. A program whose block starts with `# file: NAME` is
written under that name, which messages show. Where NumPy is installed, CPython prints the same standard output.
"""
import pathlib
import re
import subprocess
import sys

mnp, root, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
has_numpy = subprocess.run([sys.executable, "-c", "import numpy; assert numpy.__version__ >= '2'"],
                           capture_output=True).returncode == 0
work.mkdir(parents=True, exist_ok=True)
examples = work / "examples"
if not examples.exists():
    examples.symlink_to(root / "examples")
pattern = re.compile(r"^```python\n(.*?)^```\n(?:\n?```\n(.*?)^```$)", re.M | re.S)
checked = failed = 0
for document in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
    for number, (program, shown) in enumerate(pattern.findall(document.read_text())):
        named = re.match(r"# file: (\S+)\n", program)
        name = named.group(1) if named else f"{document.stem}_{number}.mnp"
        (work / name).write_text(program)
        done = subprocess.run([mnp, "run", "--fp=strict", name], cwd=work, capture_output=True, text=True)
        checked += 1
        if done.stdout + done.stderr != shown:
            failed += 1
            print(f"{document.name}, program {number}: shown\n{shown}\nprinted\n{done.stdout}{done.stderr}")
        if not has_numpy or not done.stdout:
            continue
        python = subprocess.run([sys.executable, "-W", "ignore", name], cwd=work, capture_output=True, text=True)
        if python.stdout != done.stdout or python.returncode != done.returncode:
            failed += 1
            print(f"{document.name}, program {number}: CPython prints\n{python.stdout}{python.stderr}")
print(f"{checked} programs, {failed} differ")
sys.exit(1 if failed or not checked else 0)
