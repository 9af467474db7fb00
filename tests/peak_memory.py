"""peak_memory.py: the most memory that a program's arrays take at a time is what --explain says, for sizes that it is given:
exactly, or a bound where buffers have several owners, or a part where it says that there is more.

usage: peak_memory.py MNP PRELOADED-LIBRARY WORK-DIRECTORY
"""
import os
import pathlib
import re
import subprocess
import sys

mnp, library, work = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
HEAD = "import sys\nimport numpy as np\n\n\n"
# Called twice, so that it stays a function.
CALLS = "\n\nprint(f(int(sys.argv[1]), int(sys.argv[2])))\nprint(f(4, 5))\n"
SIZES = [(10007, 3001), (2000, 40000), (5, 60000)]
FREE = 6000     # headers of blocks, and what is too small to matter

# name, statements of a function of n and m, what the polynomial is at -O2; at -O0 it may be less
PROGRAMS = [
    ("nothing", "a = np.arange(n) * 2\nprint(a[::-1].sum())", "exact"),
    ("one after the other", "a = np.sort(np.arange(n) % 7)\nprint(a[0])\nb = np.sort(np.arange(m) % 5)\nprint(b[1])", "bound"),
    ("both at a time", "a = np.cumsum(np.arange(n))\nb = np.cumsum(np.arange(m))\nprint(a[2], b[2])\nprint(a[-1], b[-1])", "exact"),
    ("branches", "if n > m:\n    a = np.cumsum(np.arange(2 * n))\nelse:\n    a = np.cumsum(np.arange(m))\nprint(a[3], len(a))", "exact"),
    ("rounds", "t = 0\nfor i in range(3):\n    a = np.cumsum(np.arange(n))\n    b = np.cumsum(a[::-1])\n    t += b[-1]\nprint(t)", "exact"),
    ("rounds of growing size", "t = 0\nfor i in range(1, 6):\n    a = np.cumsum(np.arange(i * m))\n    t += a[-1]\nprint(t)", "part"),
    ("bytes of an element", "a = np.arange(n, dtype=np.int8).cumsum(dtype=np.int16)\nb = a.astype(np.float32).cumsum()\nprint(b[-1], a[0])", "exact"),
    ("two axes", "a = np.ones((n // 100 + 1, 7))\nb = np.cumsum(a, axis=0)\nprint(b[-1, -1], a[0, 0])\nprint(b.T[0, 0])", "exact"),
    ("a list", "xs = [np.ones(n)]\nxs.append(np.ones(m))\nprint(len(xs), xs[1][0])", "part"),
    ("what grows", "a = np.ones(2)\nwhile len(a) < m:\n    a = np.concatenate((a, a))\nprint(len(a) > 3)", "part"),
]
problems = []


def measured(n, m):
    report = work / "report"
    environment = os.environ | {"LD_PRELOAD": str(library), "FAIL_AT": "0", "FAIL_REPORT": str(report)}
    subprocess.run([work / "program", str(n), str(m)], env=environment, check=True, capture_output=True, timeout=60)
    return int(report.read_text().split()[2])


def check(name, statements, kind, level):
    body = statements.replace("\n", "\n    ")
    (work / "program.mnp").write_text(f"{HEAD}def f(n: int, m: int) -> int:\n    {body}\n    return n\n{CALLS}")
    built = subprocess.run([mnp, "build", "--explain", level, "program.mnp", "-o", "program"], cwd=work, capture_output=True, text=True,
                           check=True)
    said = re.search(r"^# f: peak memory: at most (.*?) bytes(, and what only the run knows)?$", built.stdout, re.M)
    words, partial = (said[1], bool(said[2])) if said else ("0", False)
    if level == "-O2" and partial != (kind == "part"):
        problems.append(f"{name}: {words}, and more: {partial}")
    if partial:
        return
    for n, m in SIZES:
        most, have = eval(words, {"n": n, "m": m, "max": max, "min": min}), measured(n, m)
        if have > most + FREE or (kind == "exact" and level == "-O2" and have < most):
            problems.append(f"{name} {level}: {words} is {most} for n = {n}, m = {m}; it has {have}")


work.mkdir(parents=True, exist_ok=True)
for row in PROGRAMS:
    for level in ("-O2", "-O0"):
        check(*row, level)
print("\n".join(problems))
print(f"{len(PROGRAMS)} programs, {len(problems)} wrong")
sys.exit(bool(problems))
