"""fuzz.py: random kernels over arrays, compared with CPython and NumPy. usage: fuzz.py MNP COUNT [SEED]"""
import pathlib
import random
import subprocess
import sys
import tempfile

HEAD = "from __future__ import annotations\nimport numpy as np\n\n\n"


def term(rng, names, depth=0):
    """A float expression of the names."""
    kind = rng.randrange(6)
    if depth > 2 or kind < 2:
        return rng.choice(names)
    if kind == 2:
        return repr(rng.choice([0.5, 2.0, -1.25, 3.0]))
    if kind == 3:
        return f"np.maximum({term(rng, names, depth + 1)}, {term(rng, names, depth + 1)})"
    if kind == 4:
        return f"abs({term(rng, names, depth + 1)})"
    return f"({term(rng, names, depth + 1)} {rng.choice(['+', '-', '*'])} {term(rng, names, depth + 1)})"


def loops(rng):
    """A nest with offsets, a carried sum, bounds that depend on outer loops."""
    off = [rng.randrange(0, 3) for _ in range(4)]
    lines = ["def f(a: f64[n, m], b: f64[k, m]) -> f64[n, m]:", "    n, m = a.shape", "    k = b.shape[0]",
             "    out = np.zeros((n, m))" if rng.random() < 0.6 else "    out = np.ones((n, m))"]
    lines += [f"    for i in range({off[0]}, n - {off[1]}):", f"        for j in range({off[2]}, m - {off[3]}):"]
    body = rng.randrange(4)
    if body == 0:
        reads = [f"a[i - {rng.randint(0, off[0])}, j + {rng.randint(0, off[3])}]", f"a[i + {rng.randint(0, off[1])}, j - {rng.randint(0, off[2])}]"]
        lines.append(f"            out[i, j] {rng.choice(['=', '+='])} {term(rng, reads)}")
    elif body == 1:
        lines += ["            acc = 0.0", "            for l in range(k):", f"                acc += {term(rng, ['a[i, j]', 'b[l, j]', 'b[k - 1 - l, j]'])}",
                  "            out[i, j] = acc"]
    elif body == 2:
        lo = rng.choice(["max(0, i - 2)", "max(i - j, 0)", "0", "min(i, 1)"])
        hi = rng.choice(["min(n, i + 3)", "i + 1", "n", "min(j + 1, n)"])
        lines += ["            acc = 1.0", f"            for l in range({lo}, {hi}):", f"                acc {rng.choice(['+=', '-=', '='])} {term(rng, ['a[l, j]', 'acc', 'a[i, j]'])}",
                  "            out[i, j] = acc"]
    else:
        lines += ["            for l in range(k):", f"                out[i, j] += {term(rng, ['a[i, j]', 'b[l, j]'])}"]
    return lines + ["    return out"]


def slices(rng):
    """Array statements on views of one or two arrays."""
    lines = ["def f(a: f64[n, m], b: f64[k, m]) -> f64[n, m]:", "    n, m = a.shape", "    out = a.copy()"]
    for _ in range(rng.randint(1, 3)):
        p, q = rng.randint(0, 2), rng.randint(0, 2)
        target = f"out[{p}:n - 2 + {p}, {q}:m - 2 + {q}]"
        reads = [f"{rng.choice(['a', 'out'])}[{r}:n - 2 + {r}, {s}:m - 2 + {s}]" for r, s in [(rng.randint(0, 2), rng.randint(0, 2)) for _ in range(2)]]
        reads.append("out[::-1, ::-1][1:-1, 1:-1]")
        lines.append(f"    {target} {rng.choice(['=', '+=', '*='])} {term(rng, reads)}")
    return lines + ["    return out"]


def windows(rng):
    """Taps added into sliding windows."""
    order = rng.choice(["range(k)", "range(k - 1, -1, -1)"])
    other = rng.choice(["range(3)", "range(2, -1, -1)"])
    return ["def f(a: f64[n, m], b: f64[k, m]) -> f64[n + k - 1, m + 2]:", "    n, m = a.shape", "    k = b.shape[0]",
            "    out = np.zeros((n + k - 1, m + 2))", f"    for p in {order}:", f"        for q in {other}:",
            "            out[p:p + n, q:q + m] += b[p, 0] * a", "    return out"]


def reductions(rng):
    axis = rng.choice(["", "axis=0", "axis=1"])
    name = rng.choice(["sum", "mean", "min", "max"])
    e = term(rng, ["a", "a[::-1]", "2.0"])
    return ["def f(a: f64[n, m], b: f64[k, m]):", f"    t = {e} + a", f"    return t.{name}({axis}), b.{name}({axis}), (a[:, ::2] * 0.5).{name}({axis or 'axis=1'})"]


def program(rng):
    lines = rng.choice([loops, loops, slices, windows, reductions])(rng)
    n, m, k = rng.choice([(5, 7, 3), (9, 17, 5), (16, 33, 1), (20, 40, 4), (3, 3, 9), (8, 8, 2), (37, 70, 3)])
    return HEAD + "\n".join(lines) + f"""


n, m, k = {n}, {m}, {k}
a = np.zeros((n, m))
b = np.zeros((k, m))
for i in range(n):
    for j in range(m):
        a[i, j] = ((i * 7 + j * 13) % 31) * 0.37 - 3.1
for i in range(k):
    for j in range(m):
        b[i, j] = ((i * 5 + j * 3) % 17) * 0.11 - 0.7
r = f(a, b)
""" + ("print(r)\n" if "-> f64" in lines[0] else "print(r[0])\nprint(r[1])\nprint(r[2])\n") + ("print(float(r.sum()), float(r[0, 0]), float(r[-1, -1]))\n" if "-> f64" in lines[0] else "")


def main():
    mnp, count = sys.argv[1], int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    wrong = refused = 0
    with tempfile.TemporaryDirectory() as folder:
        path, out = pathlib.Path(folder, "t.mnp"), pathlib.Path(folder, "t")
        for i in range(count):
            text = program(random.Random(seed + i))
            path.write_text(text)
            oracle = subprocess.run([sys.executable, "-W", "ignore", str(path)], capture_output=True, text=True)
            build = subprocess.run([mnp, "build", "--fp=strict", "--validate", str(path), "-o", str(out)], capture_output=True, text=True)
            if build.returncode == 3:
                refused += 1
                continue
            run = subprocess.run([str(out)], capture_output=True, text=True) if build.returncode == 0 else build
            if run.stdout != oracle.stdout or (run.returncode != 0) != (oracle.returncode != 0):
                wrong += 1
                print(f"--- seed {seed + i}\n{text}\n--- expected\n{oracle.stdout}{oracle.stderr[-300:]}\n--- got\n{run.stdout}{run.stderr[-1500:]}")
                if wrong == 3:
                    break
    print(f"{count} programs, {refused} refused, {wrong} wrong")
    sys.exit(wrong != 0)


main()
