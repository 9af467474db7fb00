"""overlap.py: assignments between slices of one array of 10 by 10 elements, every pair of one shape: both directions,
steps 1 and 2, plain and in place, against the same through copies.

One program takes the slices when it runs, 9,000,000 pairs of both axes; others have the pairs of one axis as constants, where
the compiler decides what is apart, which order is safe, and what is copied.
usage: overlap.py MNP WORK-DIRECTORY [all | COUNT]"""
import pathlib
import random
import subprocess
import sys

N = 10
HEAD = "from __future__ import annotations\nimport numpy as np\n\n\n"
RUNNING = HEAD + '''def same(a, b):
    return np.all(a == b)


def pair(a, b, i: int, j: int, s: int, k: int, l: int, t: int, p: int, q: int, u: int, v: int, w: int, x: int):
    a[i:j:s, p:q:u] = a[k:l:t, v:w:x]
    b[i:j:s, p:q:u] = b[k:l:t, v:w:x].copy()
    a[i:j:s, p:q:u] -= a[k:l:t, v:w:x]
    b[i:j:s, p:q:u] -= b[k:l:t, v:w:x].copy()
    return same(a, b)


def go(pairs: i64[:, 6], stride: int):
    fresh = np.arange(100).reshape(10, 10) ** 2 % 101
    a = fresh.copy()
    b = fresh.copy()
    wrong = 0
    count = 0
    n = len(pairs)
    for m in range(0, n * n, stride):
        r = m // n
        c = m % n
        count += 1
        if not pair(a, b, int(pairs[r, 0]), int(pairs[r, 1]), int(pairs[r, 2]), int(pairs[r, 3]), int(pairs[r, 4]), int(pairs[r, 5]),
                    int(pairs[c, 0]), int(pairs[c, 1]), int(pairs[c, 2]), int(pairs[c, 3]), int(pairs[c, 4]), int(pairs[c, 5])):
            wrong += 1
            print(pairs[r], pairs[c])
            b[...] = a
        if count % 16 == 0:
            a[...] = fresh
            b[...] = fresh
    print(count, "pairs when running,", wrong, "wrong")


pairs: i64[:, 6] = np.load("pairs.npy")
go(pairs, STRIDE)
'''


def slices(count):
    """The slices of so many elements, as start, stop and step; one element has one direction."""
    for size in (1, 2):
        for step in (size, -size):
            span = (count - 1) * size
            if span >= N or count == 1 and step != 1:
                continue
            for low in range(N - span):
                start = low if step > 0 else low + span
                stop = start + step * count
                yield start, stop if stop >= 0 else stop - N, step


def pairs():
    return [(*a, *b) for count in range(1, N + 1) for a in slices(count) for b in slices(count)]


def text(part):
    return "{}:{}:{}".format(*part)


def constants(chunk):
    """A program of functions whose slices are constants: each prints its number where it is wrong."""
    lines = [HEAD + "fresh = np.arange(100.0).reshape(10, 10) ** 2 % 101\n\n"]
    for k, (pair, op, axis) in enumerate(chunk):
        to, of = text(pair[:3]), text(pair[3:])
        to, of = (f":, {to}", f":, {of}") if axis else (to, of)
        lines.append(f"\ndef f{k}(a: f64[10, 10], b: f64[10, 10]):\n    a[{to}] {op} a[{of}]\n    b[{to}] {op} b[{of}].copy()\n"
                     f"    if not np.all(a == b):\n        print('wrong: [{to}] {op} [{of}]')\n\n")
    for start in range(0, len(chunk), 25):
        lines.append(f"\ndef some{start}():\n" + "".join(f"    f{k}(fresh.copy(), fresh.copy())\n" for k in range(start, min(start + 25, len(chunk)))) + "\n")
    lines += [f"\nsome{start}()" for start in range(0, len(chunk), 25)]
    return "".join(lines) + f"\nprint({len(chunk)}, 'done')\n"


def run(mnp, work, name, program, options):
    (work / f"{name}.mnp").write_text(program)
    built = subprocess.run([mnp, "build", *options, f"{name}.mnp", "-o", name], cwd=work, capture_output=True, text=True)
    if built.returncode:
        return built.stderr[-2000:]
    done = subprocess.run([f"./{name}"], cwd=work, capture_output=True, text=True)
    return done.stdout + done.stderr


def npy(rows):
    """An array of int64 as a .npy file."""
    import struct
    header = f"{{'descr': '<i8', 'fortran_order': False, 'shape': ({len(rows)}, 6), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + b"".join(struct.pack("<6q", *row) for row in rows)


def main():
    mnp, work = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    work.mkdir(parents=True, exist_ok=True)
    whole = len(sys.argv) > 3 and sys.argv[3] == "all"
    count = 200 if len(sys.argv) < 4 or whole else int(sys.argv[3])
    every = pairs()
    (work / "pairs.npy").write_bytes(npy(every))
    wrong = 0
    for options in (["-O2"], ["-O0"]):
        said = run(mnp, work, "running", RUNNING.replace("STRIDE", "1" if whole else "997"), options)
        print(*options, said.strip())
        wrong += ", 0 wrong" not in said
    fixed = [(pair, op, axis) for pair in every for op in ("=", "+=", "*=") for axis in (0, 1)]
    if not whole:
        fixed = random.Random(5).sample(fixed, count)
    bad = done = 0
    for start in range(0, len(fixed), 200):
        chunk = fixed[start:start + 200]
        said = run(mnp, work, "constants", constants(chunk), ["--fp=strict"])
        done += len(chunk)
        if said != f"{len(chunk)} done\n":
            bad += 1
            print(said)
    print(f"{done} assignments of constant slices, {bad} programs wrong")
    return 1 if wrong or bad else 0


sys.exit(main())
