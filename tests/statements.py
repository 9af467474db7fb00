"""statements.py: small programs, many in a file of tests/statements, each between two lines of dashes.

Each must print what CPython with NumPy prints, and raise what it raises. Where one is refused, it says so itself:

    # error: TEXT         status 1 when it is compiled, and TEXT is said
    # unsupported: TEXT   status 3 when it is compiled, and TEXT is said, unless it is what CPython makes of it
    # refused: TEXT       status 1 when it is run, and TEXT is said
    # says: TEXT          what is said when it fails has TEXT

What surely fails may be an error when it is compiled.

usage: statements.py MNP STATEMENTS-DIRECTORY WORK-DIRECTORY [PART-OF-A-NAME]
"""
import io
import os
import pathlib
import re
import subprocess
import sys
import traceback
import warnings

from numpy2 import np

HEAD = "from __future__ import annotations\nimport math\nimport sys\nimport numpy as np\n"
mnp, folder, work = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
wrong = done = 0


def oracle(text):
    """What CPython prints, and the name of what it raises."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.chdir(work)
        sys.argv = ["main"]
        sys.stdout = printed = io.StringIO()
        warnings.simplefilter("ignore")
        raised = ""
        try:
            exec(compile(text, "main.mnp", "exec"), {"__name__": "__main__"})
        except BaseException as error:
            raised = next(base.__name__ for base in type(error).__mro__ if "numpy" not in base.__module__)
        with os.fdopen(writing, "w") as stream:
            stream.write(raised + "\n" + printed.getvalue())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        raised, _, printed = stream.read().partition("\n")
    os.waitpid(child, 0)
    return raised, printed


def fault(text):
    """What is wrong with the block, or None."""
    marks = dict(re.findall(r"^# (error|unsupported|refused|says): (.*)$", text, re.M))
    (work / "main.mnp").write_text(HEAD + text)
    if "error" in marks or "unsupported" in marks:
        run = subprocess.run([mnp, "check", "main.mnp"], cwd=work, capture_output=True, text=True, timeout=60)
        status, words = (1, marks["error"]) if "error" in marks else (3, marks["unsupported"])
        if status == 3 and run.returncode == 0:
            marks = {}
        elif run.returncode != status or words not in run.stderr or not re.search(r"^\S+:\d+:\d+: ", run.stderr):
            return f"gives {run.returncode}, not {status} with {words!r}\n{run.stderr}"
        else:
            return None
    raised, printed = oracle(HEAD + text)
    run = subprocess.run([mnp, "run", "--fp=strict", "main.mnp"], cwd=work, capture_output=True, text=True, timeout=60)
    if "refused" in marks:
        return None if run.returncode == 1 and marks["refused"] in run.stderr else f"gives {run.returncode}\n{run.stderr}"
    if raised and run.returncode == 1 and "error[E" in run.stderr and not run.stdout:
        return None
    if run.stdout != printed or run.returncode != bool(raised):
        return f"gives {run.returncode}, not {int(bool(raised))} {raised}\n{run.stdout}{run.stderr}wanted\n{printed}"
    if raised and raised not in run.stderr or marks.get("says", "") not in run.stderr:
        return f"does not say {raised} {marks}\n{run.stderr}"
    return None


work.mkdir(parents=True, exist_ok=True)
for path in sorted(folder.glob("*.txt")):
    if len(sys.argv) > 4 and sys.argv[4] not in path.name:
        continue
    line = 1
    for block in re.split(r"^---+\n", path.read_text(), flags=re.M):
        if block.strip():
            done += 1
            try:
                what = fault(block)
            except Exception:
                what = traceback.format_exc()
            if what:
                wrong += 1
                print(f"--- {path.name}:{line}\n{block}{what}", flush=True)
        line += block.count("\n") + 1
print(f"{done} programs, {wrong} wrong")
sys.exit(wrong != 0 or not done)
