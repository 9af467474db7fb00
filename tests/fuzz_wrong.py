"""fuzz_wrong.py: programs that CPython and NumPy refuse: calls of the table's functions with arguments of the wrong kind,
number, rank, shape or dtype, wrong operators, indices, attributes and names. Each must be refused with a place and words,
when compiling or when running; none may end in silence or crash the compiler.

usage: fuzz_wrong.py MNP WORK-DIRECTORY [CASES [SEED]]
"""
import pathlib
import random
import re
import subprocess
import sys
import warnings

from numpy2 import np
warnings.simplefilter("ignore")
BATCH = 40
VALUES = {"a": "np.arange(12.0).reshape(3, 4)", "b": "np.arange(4)", "c": "np.arange(6, dtype=np.int8).reshape(2, 3)", "d": "np.ones((2, 3), dtype=bool)",
          "e": "np.zeros(0)", "g": "np.ones((2, 2, 2), dtype=np.complex128)", "h": "np.array(2.5)", "i": "3", "j": "2.5", "k": "True", "l": "'text'",
          "m": "[1, 2, 3]", "n": "(1, 2)", "o": "np.float32(1.5)", "p": "np.uint64(7)", "q": "np.full((3, 4), 2, dtype=np.uint64)", "r": "1j"}
HEAD = "from __future__ import annotations\nimport math\nimport numpy as np\n\n" + "".join(f"{name} = {text}\n" for name, text in VALUES.items())
# What is refused by what it holds, or is no mistake but in NumPy's eyes.
LEFT_OUT = re.compile(r"load|save|file|txt|print|time|exit|input|array2string|array_str|array_repr|repr\(|empty")


class Maker:
    def __init__(self, mnp, rng):
        self.rng, self.rows = rng, []
        for line in subprocess.run([mnp, "ops"], capture_output=True, text=True, check=True).stdout.splitlines():
            match = re.match(r"(\w+)\.(\w+)\((.*?)\)\t", line)
            if match and not LEFT_OUT.search(match[2]):
                self.rows.append((match[1], match[2], [word.split("=")[0].strip() for word in match[3].split(",") if word.strip()]))

    def value(self, depth=1):
        rng = self.rng
        roll = rng.random()
        if roll < 0.7 or depth == 0:
            return rng.choice(list(VALUES))
        if roll < 0.8:
            return rng.choice(["0", "-1", "99", "None", "-7", "1.5", "'x'", "()", "[]", "np.int8", "'f8'", "a.shape", "slice(1)", "lambda x: x"])
        return self.expression(depth - 1)

    def call(self, depth):
        rng = self.rng
        module, name, parameters = rng.choice(self.rows)
        count = max(0, rng.choice([1, 1, 2, 2, len(parameters), len(parameters) - 1, 3, 0]))
        arguments = [self.value(depth) for _ in range(count)]
        if parameters and rng.random() < 0.4:
            word = rng.choice(parameters).lstrip("*")
            if rng.random() < 0.1:
                word += "s"
            arguments.append(f"{word}={self.value(depth)}")
        if module == "array":
            return f"{self.value(0)}.{name}({', '.join(arguments[1:])})"
        return f"{name if module == 'builtins' else module + '.' + name}({', '.join(arguments)})"

    def index(self, depth):
        rng = self.rng
        parts = [rng.choice(["0", "9", "-9", ":", "1:", "::0", "None", "...", "1.5", "'x'", "b", "d", "m", "a", "i:j", "::-1", "n", "k"])
                 for _ in range(rng.randint(1, 3))]
        return f"{self.value(depth)}[{', '.join(parts)}]"

    def expression(self, depth=2):
        rng, roll = self.rng, self.rng.random()
        if roll < 0.5:
            return self.call(depth)
        if roll < 0.75:
            op = rng.choice(["+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", ">>", "<", "==", "and", "or", "in", "is", "not in"])
            return f"({self.value(depth)} {op} {self.value(depth)})"
        if roll < 0.9:
            return self.index(depth)
        return rng.choice([f"{self.value(0)}.{rng.choice(['shapes', 'T', 'real', 'foo', 'ndim', 'append', 'size', 'sum'])}", f"{self.value(0)}()",
                           f"missing + {self.value(0)}", f"np.{rng.choice(['summ', 'zero', 'foo', 'arrray'])}({self.value(0)})", f"-{self.value(depth)}",
                           f"~{self.value(depth)}", f"f({self.value(0)}, {self.value(0)})", f"len({self.value(0)})", f"({self.value(0)} if {self.value(0)} else {self.value(0)})",
                           f"[{self.value(0)}, {self.value(0)}]", f"float({self.value(0)})", f"int({self.value(0)})"])

    def statement(self):
        rng, roll = self.rng, self.rng.random()
        if roll < 0.7:
            return [f"v = {self.expression()}"]
        if roll < 0.8:
            return [f"{self.index(0)} {rng.choice(['=', '+=', '*=', '//=', '&='])} {self.value()}"]
        if roll < 0.85:
            return [f"v, w = {self.value()}"]
        if roll < 0.9:
            return [f"for v in {self.value()}:", f"    w = v + {self.value()}"]
        if roll < 0.95:
            return [f"if {self.value()}:", f"    v = {self.value(0)}", "else:", f"    v = {self.value(0)}", f"w = v + {self.value(0)}"]
        return [f"v = {self.value()}", f"v {rng.choice(['+=', '-=', '@=', '|='])} {self.value()}"]


def function(number, lines):
    return f"def f{number}():\n    " + "\n    ".join(lines) + "\n    return 0\n\n\n"


def fails(lines):
    """CPython's exception's name, or None."""
    space = {}
    exec(HEAD, space)
    try:
        exec(function(0, lines) + "f0()\n", space)
    except Exception as error:
        return type(error).__name__
    return None


def run(command, folder):
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=30)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, -1, "", "does not end")


def said(done, name):
    """Lines that have an error with a place and words."""
    return {int(line) for line in re.findall(rf"{name}\.mnp:(\d+):\d+: error(?:\[E\d+\])?: \w", done.stderr)}


def check(mnp, work, cases):
    """What was wrong: texts."""
    text, owners = HEAD + "\n\n", {}
    for number, lines in cases:
        owners |= {text.count("\n") + 1 + k: number for k in range(len(lines) + 2)}
        text += function(number, lines)
    for number, _ in cases:
        owners[text.count("\n") + 1] = number
        text += f"f{number}()\n"
    (work / "w.mnp").write_text(text)
    done = run([mnp, "check", "w.mnp"], work)
    if done.returncode not in (0, 1, 3):
        if len(cases) > 1:
            half = len(cases) // 2
            return check(mnp, work, cases[:half]) + check(mnp, work, cases[half:])
        return [f"the compiler ends with {done.returncode}: {cases[0][1]}\n{done.stderr[-400:]}"]
    bad = {owners.get(line) for line in said(done, "w")}
    wrong = []
    for number, lines in cases:
        if number not in bad and (len(cases) == 1 or done.returncode):
            wrong += alone(mnp, work, number, lines) if len(cases) == 1 else check(mnp, work, [(number, lines)])
        elif number not in bad:
            wrong += alone(mnp, work, number, lines)
    return wrong


def alone(mnp, work, number, lines):
    """A case that is no error for `mnp check`: the run must end in one."""
    (work / "x.mnp").write_text(HEAD + "\n\n" + function(number, lines) + f"f{number}()\n")
    built = run([mnp, "build", "x.mnp", "-o", "x"], work)
    if built.returncode in (1, 3) and re.search(r"\.mnp:\d+:\d+: error", built.stderr):
        return []
    done = run(["./x"], work) if built.returncode == 0 else built
    if built.returncode == 0 and done.returncode == 1 and re.search(r"\w+Error|not supported", done.stderr):
        return []
    return [f"not refused, status {done.returncode}: {lines}\n{done.stderr[-300:]}"]


def main():
    mnp, work = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
    rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    work.mkdir(parents=True, exist_ok=True)
    maker, cases, wrong, number = Maker(mnp, rng), [], [], 0
    while number < wanted:
        lines = maker.statement()
        if fails(lines) is None:
            continue
        cases.append((number, lines))
        number += 1
        if len(cases) == BATCH or number == wanted:
            found = check(mnp, work, cases)
            print(*found, sep="\n", end="\n" if found else "", flush=True)
            wrong += found
            cases = []
    print(f"{wanted} wrong programs, {len(wrong)} not refused as they should be")
    return 1 if wrong else 0


sys.exit(main())
