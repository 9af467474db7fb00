"""scalar_pairs.py: every operator on every pair of scalar kinds, with awkward values, as CPython with NumPy.

One program an operator: a loop over two lists of values for each pair of kinds, which prints each result in a
tuple, so that its kind shows. Where CPython raises, the case is left out there and run alone: the program must
stop with the same exception. Pairs that the compiler refuses are counted, not compared; where CPython raises
TypeError for all values it must refuse.

usage: scalar_pairs.py MNP WORK-DIRECTORY [KIND...]     exit status 77 without NumPy
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import warnings

from numpy2 import np
warnings.simplefilter("ignore")

MNP, WORK = sys.argv[1], pathlib.Path(sys.argv[2])
WIDE = 2 ** 53 + 1
INTS = [0, 1, -1, 2, 3, -7, 8, 63, 64, 127, -128, 255, 40000, -WIDE, -2 ** 63, 2 ** 63 - 1]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 7.25, 1e300, 5e-324, float("inf"), -float("inf"), float("nan"),
          float(2 ** 53), -2.0 ** 53, -2.0 ** 63, 2.0 ** 63, 1e10]
KINDS = {"bool": [False, True], "int": INTS, "float": FLOATS}
for name in "int8 int16 int32 int64 uint8 uint16 uint32 uint64".split():
    info = np.iinfo(name)
    KINDS[name] = [v for v in INTS[:10] + [255, 2 ** 16 - 1, WIDE, info.max, info.min + 1, info.min]
                   if info.min <= v <= info.max]
KINDS["complex"] = [0j, 1 + 2j, -1.5j, complex(0.0, -0.0), complex("inf"), 3 + 0j, complex("nan"), 1e200 + 1e200j]
KINDS |= {"complex64": [0j, 1 + 2j, -1.5j, 2.5 - 3j, complex("inf")], "complex128": KINDS["complex"]}
KINDS |= {"bool_": [False, True], "float32": FLOATS[:8] + FLOATS[10:14] + [16777217.0, 1e-40, 3e38], "float64": FLOATS}
FILES = {"/": "div", "//": "floordiv", "%": "mod", "**": "pow"}
BINARY = "+ - * / // % ** << >> & | ^ == != < <= > >=".split()
EXPRESSIONS = {op: f"(a {op} b,)" for op in BINARY}
EXPRESSIONS |= {"min": "(min(a, b),)", "max": "(max(a, b),)", "divmod": "divmod(a, b)", "and": "(a and b,)",
                "or": "(a or b,)", "if": "(a if b else b,)"}
UNARY = {"neg": "(-a,)", "pos": "(+a,)", "invert": "(~a,)", "not": "(not a,)", "abs": "(abs(a),)", "int": "(int(a),)",
         "float": "(float(a),)", "bool": "(bool(a),)", "round": "(round(a),)", "round2": "(round(a, 2),)",
         "item": "(a.item(),)", "str": "(str(a), repr(a), f'{a}')"}
PYTHON = ("bool", "int", "float", "complex")


def value(kind, v):
    return v if kind in PYTHON else getattr(np, kind)(v)


def is_near(want, got):
    """Floating powers are within an ULP of NumPy's."""
    a, b = (re.fullmatch(r"(\d+ \d+ \D*(?:float(?:32|64)\()?)([-+.e\d]+)(\)?,\))", text) for text in (want, got))
    if not a or not b or a[1] != b[1]:
        return False
    kind = np.float32 if "float32" in want else np.float64
    return abs(kind(a[2]) - kind(b[2])) <= np.spacing(abs(kind(a[2])))


def is_endless(code, left, right, v, w):
    """An int of Python that takes all memory."""
    return left in ("bool", "int") and right in ("bool", "int") and w > 64 and (
        "<<" in code and v != 0 or "**" in code and abs(v) > 1)


def values(kind):
    """The source of an array of a kind's values, and of one element taken from it as that kind."""
    dtype = {"bool": "bool_", "int": "int64", "float": "float64", "complex": "complex128"}.get(kind, kind)
    parts = [f"complex({v.real}, {v.imag})" if isinstance(v, complex) else repr(v) for v in KINDS[kind]]
    items = ", ".join(re.sub(r"\binf\b", "np.inf", re.sub(r"\bnan\b", "np.nan", v)) for v in parts)
    made = f"np.array([{items}], dtype=np.{dtype})"
    if kind == "uint64":
        items = ", ".join(str(v - 2 ** 64 if v >= 2 ** 63 else v) for v in KINDS[kind])
        made = f"np.array([{items}], dtype=np.int64).astype(np.uint64)"
    return made, "{}.item()" if kind in PYTHON else "{}"


class Pair:
    """One pair of kinds: its lines of the program, what they print, and the cases that raise."""

    def __init__(self, number, left, right, code):
        self.number, self.left, self.right, self.code = number, left, right, code
        self.lines, self.raising, self.unknown = [], [], []
        self.ok = []
        for i, v in enumerate(KINDS[left]):
            row = []
            for j, w in enumerate(KINDS[right] if right else [0]):
                if right and is_endless(code, left, right, v, w):
                    row.append(0)
                    self.unknown.append((i, j))
                    continue
                try:
                    result = eval(code, {"a": value(left, v), "b": right and value(right, w), "np": np})
                    real = "complex" not in left + (right or "")
                    if any(real and type(part) in (complex, np.complex128) or
                           type(part) is int and not -2 ** 63 <= part < 2 ** 63 or type(part) is np.float16
                           for part in result):
                        row.append(0)
                        self.unknown.append((i, j))
                        continue
                    row.append(1)
                    self.lines.append(f"{i} {j} {result}")
                except Exception as error:
                    row.append(0)
                    self.raising.append((i, j, type(error).__name__))
            self.ok.append(row)
        self.type_error = not self.lines and all(name == "TypeError" for *_, name in self.raising)

    def source(self):
        k, b = self.number, self.right or "bool"
        left, right = values(self.left)[1].format("x[i]"), values(b)[1].format("y[j]")
        head = f"def pair_{k}(x, y, ok, wanted, row, column):\n"
        loops = (f"    for i in range(len(x)):\n        for j in range({'len(y)' if self.right else 1}):\n"
                 f"            if ok[i, j] and wanted < 0 or wanted == {k} and row == i and column == j:\n"
                 f"                a = {left}\n                b = {right}\n"
                 f"                print(i, j, {self.code})  # pair {k}\n")
        call = (f"def call_{k}():\n    if wanted < 0 and row > {k}:\n        return\n"
                f"    if wanted < 0:\n        print('pair', {k})\n    pair_{k}(v_{self.left}, v_{b}, np.array({self.ok}, dtype=np.bool_), wanted, row, column)\n")
        return head + loops + "\n\n" + call


def program(pairs):
    kinds = {kind for pair in pairs for kind in (pair.left, pair.right or "bool")}
    text = "import sys\nimport numpy as np\n\n\n" + "\n\n".join(pair.source() for pair in pairs) + "\n\n"
    text += "".join(f"v_{kind} = {values(kind)[0]}\n" for kind in sorted(kinds))
    text += "wanted, row, column = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])\n"
    return text + "".join(f"call_{pair.number}()\n" for pair in pairs)


def build(name, pairs):
    """Compiles all pairs but those that are refused; the pairs left, the refused ones, and the executable."""
    name = FILES.get(name, name)
    refused, path, out = [], WORK / f"{name}.mnp", WORK / name
    while pairs:
        path.write_text(program(pairs))
        done = subprocess.run([MNP, "build", "--fp=strict", str(path), "-o", str(out)], capture_output=True, text=True, timeout=60)
        if done.returncode == 0:
            break
        numbers = {int(n) for n in re.findall(r"# pair (\d+)", done.stderr)}
        if not numbers or done.returncode not in (1, 3):
            return pairs, refused, f"{name}: the compiler said {done.returncode}\n{done.stderr[:2000]}"
        refused += [pair for pair in pairs if pair.number in numbers]
        pairs = [pair for pair in pairs if pair.number not in numbers]
    return pairs, refused, out


def check(name, code, kinds, unary):
    compiled = compile(code, name, "eval")
    pairs = []
    for left in kinds:
        for right in [None] if unary else kinds:
            if name == "**" and "complex" in left + (right or ""):
                continue                    # last bits, and special values of its own: tests of the operations
            pairs.append(Pair(len(pairs), left, right, code))
    pairs, refused, out = build(name, pairs)
    wrong = [] if not isinstance(out, str) else [out]
    wrong += [f"{name}: {p.left} {p.right} raises TypeError and is compiled" for p in pairs if p.type_error]
    if wrong or not pairs:
        return 0, refused, wrong
    run = lambda *arguments: subprocess.run([str(out), *map(str, arguments)], capture_output=True, text=True, timeout=60)
    parts, start, stopped = {}, 0, {}
    while start is not None:                # after a pair that stopped, from the next one on
        done = run(-1, start, 0)
        got = [(int(part.split("\n", 1)[0]), part.split("\n")[1:-1]) for part in done.stdout.split("pair ")[1:]]
        parts |= dict(got)
        start = got[-1][0] + 1 if done.returncode and got else None
        if done.returncode:
            stopped[got[-1][0] if got else 0] = done.stderr.strip()
    count = 0
    for pair in pairs:
        have = parts.get(pair.number, [])
        count += len(pair.lines)
        refusal = "not supported" in stopped.get(pair.number, "")     # in words, while it runs
        for want, got in zip(pair.lines, have + [stopped.get(pair.number, "nothing")] * len(pair.lines)):
            if got == stopped.get(pair.number) and refusal:
                break
            if want != got and not (name == "**" and is_near(want, got)):
                i, j = map(int, want.split()[:2])
                right = f", {KINDS[pair.right][j]!r}" if pair.right else ""
                wrong.append(f"{name}: {pair.left} {pair.right} ({KINDS[pair.left][i]!r}{right}): {want} not {got}")
                if not os.environ.get("EACH"):
                    break
        seen = set()
        for i, j, exception in pair.raising:
            if exception in seen and i % 5:
                continue
            seen.add(exception)
            count += 1
            done = run(pair.number, i, j)
            if done.returncode != 1 or not (exception in done.stderr or "not supported" in done.stderr) or done.stdout:
                right = f", {KINDS[pair.right][j]!r}" if pair.right else ""
                wrong.append(f"{name}: {pair.left} {pair.right} ({KINDS[pair.left][i]!r}{right}): {exception} not "
                             f"{done.returncode} {(done.stdout + done.stderr).strip()[:200]}")
        for i, j in pair.unknown[:3]:
            count += 1
            done = run(pair.number, i, j)
            if done.returncode != 1:
                wrong.append(f"{name}: {pair.left} {pair.right} {i} {j}: must stop, not {done.stdout.strip()}")
    return count, refused, wrong


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    named = sys.argv[3:]
    kinds = [k for k in KINDS if not named or k in named or k in PYTHON]
    jobs = [(name, code, kinds, False) for name, code in EXPRESSIONS.items()]
    jobs += [(name, code, list(KINDS), True) for name, code in UNARY.items()]
    only = os.environ.get("ONLY", "").split()
    jobs = [job for job in jobs if not only or job[0] in only]
    count, wrong, refused = 0, [], {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for job, (n, no, bad) in zip(jobs, pool.map(lambda job: check(*job), jobs)):
            count += n
            wrong += bad
            refused[job[0]] = no
    for name, pairs in refused.items():
        pairs = [f"{p.left} {p.right or ''}".strip() for p in pairs if not p.type_error]
        if pairs:
            print(f"refused: {name}: {', '.join(pairs)}")
    print(*wrong[:int(os.environ.get("SHOW", 60))], sep="\n")
    print(f"{count} cases, {len(wrong)} wrong")
    sys.exit(1 if wrong or not count else 0)


main()
