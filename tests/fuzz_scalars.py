"""fuzz_scalars.py: random programs of scalars and control flow, compared with CPython and NumPy.

A case is a function of many statements on scalars of both kinds: joins, loops that are left early, captured and global
variables, conditional expressions, evaluation order seen through prints, exceptions. Many functions go into one
program; those that raise are run alone. What the compiler refuses is counted and left out.

usage: fuzz_scalars.py MNP WORK-DIRECTORY [CASES [SEED]]
"""
import concurrent.futures
import contextlib
import io
import pathlib
import random
import re
import subprocess
import sys
import warnings

from numpy2 import np

warnings.simplefilter("ignore")
MNP, WORK = sys.argv[1], pathlib.Path(sys.argv[2])
CASES = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 1
BATCH = 100
KINDS = ["int", "int", "float", "bool", "np.float64", "np.int64", "np.int8", "np.uint8", "np.float32", "np.int32"]
LITERALS = {"int": ["0", "1", "2", "3", "-1", "7", "10", "-5"], "float": ["0.0", "1.5", "-2.0", "0.25", "3.0", "1e3"],
            "bool": ["True", "False"]}
HEAD = """import math
import numpy as np
import sys

count = 0


def show(tag, value):
    print(tag, value)
    return value


def bump(by):
    global count
    count = count + by
    return count


def apply(f, x):
    return f(x)


"""


def literal(rng, kind):
    if kind in LITERALS:
        return rng.choice(LITERALS[kind])
    base = "float" if "float" in kind else "int"
    text = rng.choice(LITERALS[base])
    return f"{kind}({text.replace('-', '') if 'uint' in kind else text})"


class Function:
    def __init__(self, rng, name):
        self.rng, self.name, self.lines, self.fresh = rng, name, [], 0
        self.kinds = {}
        for k in range(3):
            self.kinds[f"p{k}"] = rng.choice(KINDS)
        self.arguments = ", ".join(literal(rng, kind) for kind in self.kinds.values())
        self.parameters = ", ".join(self.kinds)
        self.loops = 0
        self.block(1, rng.randint(6, 12), dict(self.kinds))

    def put(self, depth, text):
        self.lines.append("    " * depth + text)

    def variable(self, scope, kind):
        names = [n for n, k in scope.items() if k == kind]
        return self.rng.choice(names) if names and self.rng.random() < 0.8 else literal(self.rng, kind)

    def number(self, scope, depth):
        """An expression of some kind, and that kind where it is known ('?' else)."""
        rng = self.rng
        if depth <= 0 or rng.random() < 0.25:
            if scope and rng.random() < 0.75:
                name = rng.choice(list(scope))
                return name, scope[name]
            kind = rng.choice(["int", "float", "bool"])
            return literal(rng, kind), kind
        roll = rng.random()
        a, ka = self.number(scope, depth - 1)
        b, kb = self.number(scope, depth - 1)
        if roll < 0.5:
            op = rng.choice(["+", "-", "*", "+", "-", "*", "/", "//", "%"])
            if op == "*" and {ka, kb} <= {"int", "bool", "?"}:      # ints of CPython have no end
                a, b = f"({a} % 97)", f"({b} % 89)"
            return f"({a} {op} {b})", self.result(op, ka, kb)
        if roll < 0.6:
            return f"({a} {rng.choice(['<', '<=', '>', '==', '!='])} {b})", "?"
        if roll < 0.68:
            return f"show('{rng.randint(0, 9)}', {a})", ka
        if roll < 0.74:
            return f"abs({a})", ka if ka != "bool" else "int"
        if roll < 0.80 and ka != "?":
            other = self.variable(scope, ka)
            return f"{rng.choice(['min', 'max'])}({a}, {other})", ka
        if roll < 0.86 and ka != "?":
            return f"({a} if {self.test(scope)} else {self.variable(scope, ka)})", ka
        if roll < 0.9:
            kind = rng.choice(["int", "float", "bool"])
            return f"{kind}({a})", kind
        if roll < 0.94:
            return f"(-{a})", "int" if ka == "bool" else ka
        if ka == "float":
            return rng.choice([f"math.floor({a})", f"round({a})"]), "int"
        return f"apply(lambda v: v + {rng.choice(['1', '2'])}, {a})", self.result("+", ka, "int")

    def result(self, op, a, b):
        python = ("bool", "int", "float")
        if a in python and b in python:
            return "float" if "float" in (a, b) or op == "/" else "int"
        return "np.float64" if a == b == "np.float64" else a if a == b and op in "+-*" and a != "?" else "?"

    def test(self, scope):
        rng = self.rng
        a, _ = self.number(scope, 1)
        b, _ = self.number(scope, 1)
        one = f"{a} {rng.choice(['<', '>', '==', '!=', '<='])} {b}"
        roll = rng.random()
        if roll < 0.2:
            c, _ = self.number(scope, 1)
            return f"{one} {rng.choice(['and', 'or'])} {c} > {rng.choice(['0', '1', '2.5'])}"
        if roll < 0.3:
            return f"not {one}"
        if roll < 0.4:
            return f"{one} < {rng.choice(['1', '2'])}"
        return one

    def block(self, depth, count, scope):
        for _ in range(count):
            self.statement(depth, scope)
        names = list(scope)
        self.put(depth, f"print({', '.join(self.rng.sample(names, min(4, len(names))))})")

    def assign(self, depth, scope):
        text, kind = self.number(scope, 3)
        same = [n for n, k in scope.items() if k == kind and n[0] != "i"]
        if same and self.rng.random() < 0.5 or depth > 1:
            if not same or kind == "?":
                self.put(depth, f"print(({text},))")
                return
            self.put(depth, f"{self.rng.choice(same)} = {text}")
            return
        self.fresh += 1
        self.put(depth, f"v{self.fresh} = {text}")
        if kind != "?":
            scope[f"v{self.fresh}"] = kind
        else:
            self.put(depth, f"print((v{self.fresh},))")

    def statement(self, depth, scope):
        rng, roll = self.rng, self.rng.random()
        if roll < 0.42 or depth > 3:
            self.assign(depth, scope)
        elif roll < 0.50:
            name = rng.choice(list(scope))
            text, kind = self.number(scope, 2)
            if kind == scope[name] and kind in ("int", "float", "np.float64", "np.int64") and name[0] != "i":
                ops = ["+=", "-="] if kind == "int" else ["+=", "-=", "*="]
                self.put(depth, f"{name} {rng.choice(ops)} {text}")
        elif roll < 0.58:
            a, b = rng.choice(list(scope)), rng.choice(list(scope))
            if scope[a] == scope[b] and "i" not in (a[0], b[0]):
                self.put(depth, f"{a}, {b} = {b}, {a}")
        elif roll < 0.66:
            text, _ = self.number(scope, 2)
            spec = rng.choice(["", ":.3f", ":>12", ":g", "!r", ":+.2e"])
            self.put(depth, f"print(f'{{{text}{spec}}}')" if "'" not in text else f"print({text})")
        elif roll < 0.78:
            self.put(depth, f"if {self.test(scope)}:")
            self.block(depth + 1, rng.randint(1, 3), dict(scope))
            if rng.random() < 0.6:
                self.put(depth, "else:")
                self.block(depth + 1, rng.randint(1, 3), dict(scope))
        elif roll < 0.90 and self.loops < 3:
            self.loop(depth, scope)
        elif roll < 0.94:
            self.put(depth, f"{'print(bump' if rng.random() < 0 else 'bump'}({rng.randint(0, 3)})")
            self.put(depth, "print(count)")
        elif depth == 1:
            name = rng.choice(list(scope))
            self.fresh += 1
            text, _ = self.number({**scope, "q": "int"}, 2)
            self.put(depth, f"def g{self.fresh}(q):")
            self.put(depth + 1, f"return {text}")
            self.put(depth, f"print((g{self.fresh}({rng.randint(0, 3)}),))")
            if scope[name] in ("int", "float") and name[0] != "i":
                self.put(depth, f"{name} = {name} + 1")
                self.put(depth, f"print((g{self.fresh}(2),))")

    def loop(self, depth, scope):
        rng = self.rng
        self.loops += 1
        index = f"i{self.loops}"
        inner = dict(scope)
        if rng.random() < 0.7:
            bounds = rng.choice(["4", "1, 5", "5, 0, -2", "0"])
            items = rng.choice([f"range({bounds})", f"range({bounds})", "(3, 1, 2)"])
            self.put(depth, f"for {index} in {items}:")
        else:
            self.put(depth, f"{index} = 0")
            self.put(depth, f"while {index} < {rng.randint(0, 4)}:")
            self.put(depth + 1, f"{index} += 1")
        inner[index] = "int"
        self.block(depth + 1, rng.randint(1, 3), inner)
        if rng.random() < 0.5:
            self.put(depth + 1, f"if {self.test(inner)}:")
            self.put(depth + 2, rng.choice(["break", "continue"]))
        self.block(depth + 1, 1, inner)
        if rng.random() < 0.3:
            self.put(depth, "else:")
            self.put(depth + 1, "print('else')")
        self.loops -= 1

    def source(self):
        return f"def {self.name}({self.parameters}):\n" + "\n".join(self.lines) + "\n\n\n"


def expected(function):
    """What CPython prints, and the exception's name or None; None where an int leaves 64 bits."""
    space, out = {"__name__": "case"}, io.StringIO()
    exec(HEAD + function.source(), space)
    error = None
    with contextlib.redirect_stdout(out):
        try:
            exec(f"{function.name}({function.arguments})", space)
        except Exception as raised:
            error = type(raised).__name__
    text = out.getvalue()
    numbers = re.findall(r"(?<![.\w])-?\d{19,}(?![.\w])", text)
    return None if any(not -2 ** 63 <= int(n) < 2 ** 63 for n in numbers) or re.search(r"\dj\b", text) else (text, error)


def run(path, *arguments):
    try:
        return subprocess.run([str(path), *map(str, arguments)], capture_output=True, text=True, timeout=20)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess([], -1, "", "does not end")


def differs(want, done):
    text, error = want
    if error is None:
        return done.returncode != 0 or done.stdout != text
    return done.returncode != 1 or error not in done.stderr or done.stdout != text


def batch(seed):
    rng, cases = random.Random(seed), []
    for k in range(BATCH):
        function = Function(rng, f"case_{k}")
        want = expected(function)
        if want:
            cases.append((function, want))
    path, out, refused = WORK / f"s{seed}.mnp", WORK / f"s{seed}", 0
    while cases:
        text = HEAD + "".join(function.source() for function, _ in cases) + "wanted = int(sys.argv[1])\n"
        starts = {}
        for number, line in enumerate(text.split("\n"), 1):
            name = re.match(r"def (case_\d+)", line)
            if name:
                starts[name[1]] = number
        for function, _ in cases:
            k = int(function.name[5:])
            text += f"if wanted == {k}:\n    {function.name}({function.arguments})\n"
        path.write_text(text)
        done = run(MNP, "build", "--fp=strict", rng.choice(["-O0", "-O2"]), path, "-o", out)
        if done.returncode == 0:
            break
        if done.returncode not in (1, 3):
            return 0, refused, [f"{path}: the compiler said {done.returncode}: {done.stderr[-300:]}"]
        lines = [int(n) for n in re.findall(rf"{re.escape(path.name)}:(\d+):", done.stderr)]
        bad = {max((n for n, at in starts.items() if at <= line), key=starts.get, default="") for line in lines}
        bad |= {name for name in re.findall(r"\| +(case_\d+)\(", done.stderr)}
        left = [case for case in cases if case[0].name not in bad]
        if len(left) == len(cases):
            return 0, refused, [f"{path}: no case to blame: {done.stderr[:300]}"]
        refused += len(cases) - len(left)
        cases = left
    wrong = []
    for function, want in cases:
        done = run(out, function.name[5:])
        if "64 bits" in done.stderr or "not supported" in done.stderr:
            refused += 1
        elif differs(want, done):
            wrong.append(f"{path} {function.name}: wanted {want[1]}\n{want[0]}got {done.returncode}\n{done.stdout}{done.stderr}")
    if not wrong:
        path.unlink(missing_ok=True)
    out.unlink(missing_ok=True)
    return len(cases), refused, wrong


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    count = refused = 0
    wrong = []
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        for n, no, bad in pool.map(batch, range(SEED, SEED + (CASES + BATCH - 1) // BATCH)):
            count, refused, wrong = count + n, refused + no, wrong + bad
    print(*wrong[:5], sep="\n")
    print(f"{count} cases compared, {refused} refused, {len(wrong)} wrong")
    sys.exit(1 if wrong or not count else 0)


if __name__ == "__main__":
    main()
