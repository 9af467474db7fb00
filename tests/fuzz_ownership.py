"""fuzz_ownership.py: random functions over lists, tuples and arrays that are joined, kept, passed, returned and given
up, also where they fail; compared with CPython, and run under valgrind: nothing leaks, nothing freed is used.
usage: fuzz_ownership.py MNP COUNT [SEED]. Each program holds 10 functions; the last one called may fail."""
import pathlib
import random
import subprocess
import sys
import tempfile

HEAD = """from __future__ import annotations
import numpy as np


def same(x):
    return x


def view(x):
    return x[1:] if len(x) > 1 else x


def keep(xs, x):
    xs.append(x)
    return x


def swap(x, y):
    return y, x


def fill(n, v):
    out = []
    for i in range(n):
        out.append(np.full(i + 1, v))
    return out


def deep(x: f64[:], n: int) -> f64[:]:
    if n <= 0:
        return x
    y = deep(x + 1.0, n - 1)
    return y if n % 2 else y[:1]


def tree(n: int) -> list[f64[:]]:
    if n == 0:
        return [np.zeros(1)]
    left = tree(n - 1)
    left.extend(tree(n - 1))
    left.append(np.full(n, 1.0))
    return left


def must(xs, k):
    if len(xs) < k:
        raise ValueError("too few")
    return xs[0]


"""
# Variables by kind; each is assigned at a function's start, so that every path joins values of one kind.
KINDS = {"a": "f64[:]", "l": "list of arrays", "n": "list of ints", "m": "list of lists", "t": "list of tuples"}


class Function:
    def __init__(self, rng, name):
        self.rng, self.name, self.lines, self.budget, self.loops = rng, name, [], 26, 0

    def var(self, kind):
        return f"{kind}{self.rng.randrange(2)}"

    def array(self, depth=0):
        r, v = self.rng, self.var
        pick = r.randrange(13 if depth < 2 else 5)
        if pick < 3:
            return v("a")
        if pick == 3:
            return f"np.full({r.randrange(1, 4)}, {r.randrange(9)}.0)"
        if pick == 4:
            return f"np.arange({r.randrange(1, 5)}.0)"
        if pick == 5:
            return f"{v('l')}[{r.choice(['0', '-1', 'k % 2'])}]"
        if pick == 6:
            return f"{v('t')}[0][0]"
        if pick == 7:
            return f"({self.array(depth + 1)} if {self.test()} else {self.array(depth + 1)})"
        if pick == 8:
            return f"{r.choice(['same', 'view'])}({self.array(depth + 1)})"
        if pick == 9:
            return f"keep({v('l')}, {self.array(depth + 1)})"
        if pick == 10:
            return f"{self.array(depth + 1)}[{r.choice([':1', '::-1', '::2'])}]"
        if pick == 11:
            return f"deep({v('a')}, {r.randrange(4)})"
        return f"swap({v('a')}, {self.array(depth + 1)})[{r.randrange(2)}]"

    def test(self):
        r = self.rng
        return r.choice([f"k % {r.randrange(2, 4)} == 0", f"len({self.var('l')}) > {r.randrange(1, 5)}",
                         f"{self.var('a')}[0] > 1.0", f"len({self.var('n')}) % 2 == 1", f"{self.var('n')}[0] < 3",
                         f"k in {self.var('n')}"])

    def list_value(self, kind):
        r, v = self.rng, self.var
        if kind == "l":
            return r.choice([f"[{self.array(1)}, {self.array(1)}]", v("l"), f"{v('l')} + {v('l')}", f"{v('l')}[:]",
                             f"fill({r.randrange(2, 4)}, 2.0)", f"[x * 1.0 for x in {v('l')}]", f"tree({r.randrange(3)}) + {v('l')}",
                             f"[x for x in {v('l')} if len(x) > 0]", f"[t[0] for t in {v('t')}]", f"same({v('l')})",
                             f"({v('l')} if {self.test()} else [{v('a')}] * 2)", f"list(reversed({v('l')}))"])
        if kind == "n":
            return r.choice([f"[{r.randrange(9)}, k, {r.randrange(9)}]", v("n"), f"{v('n')} + {v('n')}[:2]", f"[i * 2 for i in {v('n')}]",
                             f"sorted({v('n')})", f"{v('m')}[0]", f"[len(x) for x in {v('l')}]", f"[i for q in {v('m')} for i in q]",
                             f"[q[1] for q in {v('t')}]", f"{v('n')}[:3] * 2"])
        if kind == "m":
            return r.choice([f"[[1, k], [3]]", v("m"), f"{v('m')} + [{v('n')}]", f"[q + [1] for q in {v('m')}]", f"[{v('n')}, {v('n')}]",
                             f"sorted({v('m')})", f"{v('m')}[:2]"])
        return r.choice([f"[({self.array(1)}, k)]", v("t"), f"{v('t')} + [({v('a')}, {v('n')}[0])]", f"{v('t')}[::-1]",
                         f"[(x, i) for i, x in enumerate({v('l')})]", f"list(zip({v('l')}, {v('n')}))", f"sorted({v('t')}, key=lambda q: q[1])"])

    def emit(self, depth, line):
        self.lines.append("    " * depth + line)

    def statement(self, depth):
        r, v = self.rng, self.var
        self.budget -= 1
        pick = r.randrange(22)
        if pick < 4:
            self.emit(depth, f"{v('a')} = {self.array()}")
        elif pick < 8:
            kind = r.choice("lnmt")
            self.emit(depth, f"{v(kind)} = {self.list_value(kind)}")
        elif pick == 8:
            self.emit(depth, f"{v('l')}.append({self.array()})")
        elif pick == 9:
            x = v(r.choice("ln"))
            self.emit(depth, f"if len({x}) > 3:")
            self.emit(depth + 1, f"{x}.pop({r.choice(['', '0', '1', '-2'])})")
        elif pick == 10:
            x = v("l")
            self.emit(depth, f"if len({x}) > 3:")
            self.emit(depth + 1, r.choice([f"del {x}[1]", f"del {x}[2:]", f"{x}[1:3] = [{v('a')}]", f"{v('a')} = {x}.pop()"]))
        elif pick == 11:
            self.emit(depth, r.choice([f"{v('l')}[0] = {self.array()}", f"{v('m')}[0] = {self.list_value('n')}", f"{v('n')}[-1] = k",
                                       f"{v('n')}[0] += 2", f"{v('m')}[0].append(k)", f"{v('a')}[0] = 2.5", f"{v('l')}[-1][0] += 1.0",
                                       f"{v('t')}[0][0][0] = 4.0", f"{v('l')}[0] += 0.5"]))
        elif pick == 12:
            self.emit(depth, r.choice([f"{v('l')}.extend({v('l')}[:2])", f"{v('n')} += [k]", f"{v('n')}.insert(1, k)", f"{v('m')}.append({v('n')})",
                                       f"{v('t')}.append(({self.array(1)}, 7))", f"{v('l')}.insert(0, {v('a')})", f"{v('l')}.reverse()"]))
        elif pick == 13:
            self.emit(depth, f"a0, a1 = {r.choice(['a1, a0', 'swap(a0, a1)', f'{self.array(1)}, {self.array(1)}'])}")
        elif pick == 14:
            self.emit(depth, f"{v('a')} = a0[:1] + a1[:1]")
        elif pick == 15 and depth > 1 and self.loops:
            self.emit(depth, f"if {self.test()}:")
            self.emit(depth + 1, r.choice(["break", "continue"]))
        elif pick == 16:
            self.emit(depth, f"if {self.test()}:")
            self.emit(depth + 1, "return l0, n0, a0")
        elif pick < 19 and depth < 4 and self.budget > 3:
            self.emit(depth, f"if {self.test()}:")
            self.block(depth + 1)
            if r.random() < 0.6:
                self.emit(depth, "else:")
                self.block(depth + 1)
        elif depth < 3 and self.budget > 3 and self.loops < 2:
            over = r.choice([f"range({r.randrange(4)})", "n", "l", "t", "w"])
            if over == "n":
                self.emit(depth, f"for k in {v('n')}[:4]:")
            elif over == "l":
                self.emit(depth, f"for {v('a')} in {v('l')}[:3]:")
            elif over == "t":
                self.emit(depth, f"for {v('a')}, k in {v('t')}[:3]:")
            elif over == "w":
                self.emit(depth, f"while len({v('l')}) < 4:")
                self.emit(depth + 1, f"l{self.rng.randrange(2)}.append(a0)")
                self.emit(depth + 1, "l0.append(a1)")
                self.emit(depth + 1, "l1.append(a0)")
            else:
                self.emit(depth, f"for k in {over}:")
            self.loops += 1
            self.block(depth + 1)
            self.loops -= 1
            self.emit(depth, "if len(l0) > 40 or len(l1) > 40 or len(n0) > 60 or len(n1) > 60:")
            self.emit(depth + 1, "return l1, n1, a1")
        else:
            self.emit(depth, f"total += {r.choice(['float(' + self.var('a') + '.sum())', 'float(len(' + self.var('l') + '))', 'float(sum(' + self.var('n') + '))'])}")

    def block(self, depth):
        for _ in range(self.rng.randrange(1, 4)):
            self.statement(depth)

    def text(self, fails):
        self.emit(0, f"def {self.name}(a0, a1, l0, k):")
        for line in ["l1 = [a1, a0]", "n0 = [k, 2, 5]", "n1 = n0", "m0 = [n0, [1, 2]]", "m1 = [[k]]", "t0 = [(a0, 1), (a1, 2)]", "t1 = t0",
                     "total = 0.0"]:
            self.emit(1, line)
        while self.budget > 0:
            self.statement(1)
        if fails:
            self.emit(1, self.rng.choice(["must(l0, 1000)", "a0 = l0[1000]", "n0[0] = n1[-1000]", "a0 = np.full(2, 1.0)[k + 50:][k:] + must(l1, 999)",
                                          "raise ValueError('stop')", "n0.remove(12345)", "k = n0.index(54321)", "assert len(l0) > 999", "k = k // (k - k)"]))
        self.emit(1, "print(total, len(l1), len(m0), len(t1), n1[:5], m1[:2])")
        self.emit(1, "return l0, n0, a0")
        return "\n".join(self.lines)


def program(rng, count, fails):
    parts, calls = [HEAD], []
    for i in range(count):
        parts.append(Function(rng, f"f{i}").text(fails and i == count - 1) + "\n\n\n")
        calls += [f"r, s, a = f{i}(np.arange(3.0), np.ones(2), [np.zeros(1), np.full(2, 3.0)], {rng.randrange(6)})",
                  "print(len(r), s[:6], a[:4], sum([float(x.sum()) for x in r]))"]
    return "".join(parts) + "\n".join(calls) + "\n"


def check(mnp, text, folder):
    """None if all is well or refused; else what went wrong."""
    path, out = pathlib.Path(folder, "t.mnp"), pathlib.Path(folder, "t")
    path.write_text(text)
    try:
        oracle = subprocess.run([sys.executable, "-W", "ignore", str(path)], capture_output=True, text=True, timeout=30)
    except subprocess.TimeoutExpired:
        return None    # a loop that grows what it goes over
    build = subprocess.run([mnp, "build", "--fp=strict", "--cpu=x86-64-v2", str(path), "-o", str(out)], capture_output=True, text=True, timeout=30)
    if build.returncode:
        return f"build: {build.stderr[-1500:]}"
    run = subprocess.run(["valgrind", "-q", "--leak-check=full", "--show-leak-kinds=all", "--errors-for-leak-kinds=all", "--error-exitcode=9", str(out)],
                         capture_output=True, text=True, timeout=30)
    if run.returncode == 9 or "==" in run.stderr[:2]:
        return f"memory:\n{run.stderr[:2500]}"
    if run.stdout != oracle.stdout or (run.returncode != 0) != (oracle.returncode != 0):
        return f"expected\n{oracle.stdout[-600:]}{oracle.stderr[-300:]}\ngot\n{run.stdout[-600:]}{run.stderr[-300:]}"
    return None


def main():
    mnp, count = sys.argv[1], int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    done = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        while done < count:
            rng = random.Random(seed + done)
            size = min(10, count - done)
            text = program(rng, size, rng.random() < 0.5)
            try:
                what = check(mnp, text, folder)
            except subprocess.TimeoutExpired as slow:
                what = f"too slow: {slow.cmd[:3]}"
            if what:
                wrong += 1
                pathlib.Path(f"ownership_{seed + done}.mnp").write_text(text)
                print(f"--- ownership_{seed + done}.mnp\n{what}", flush=True)
                if wrong == 3:
                    break
            done += size
    print(f"{done} functions, {wrong} programs wrong")
    sys.exit(wrong != 0)


main()
