"""formats.py: random format specifications of ints, floats, strings and complex numbers in f-strings, against CPython.
usage: formats.py MNP WORK COUNT SEED"""
import pathlib
import random
import subprocess
import sys

VALUES = {
    "int": ["0", "5", "-7", "True", "1234567", "-1234567890123"],
    "float": ["0.0", "-0.0", "1.5", "-2.675", "1e10", "1e-7", "123456.789", "float('inf')", "-float('nan')", "1e300", "0.1",
              "99999.95", "np.float64(2.5)"],
    "str": ["'abc'", "''", "'hello world'"],
    "complex": ["1+2j", "-2.5j", "complex(1e10, -0.125)"],
}
TYPES = {"int": ["", "d", "x", "X", "o", "b", "f", "e", "g", "%"], "float": ["", "f", "e", "g", "E", "G", "F", "%"],
         "str": ["", "s"], "complex": ["f", "e", "g", "E", "G", "F"]}


def specification(rng, kind):
    number, text = kind in ("int", "float"), ""
    if rng.random() < 0.4:
        text += rng.choice(["", "*", "_", "0", "x", " "]) + rng.choice("<>^=" if number else "<>^")
    if kind != "str" and rng.random() < 0.3:
        text += rng.choice("+- ")
    if number and rng.random() < 0.15:
        text += "#"
    if number and rng.random() < 0.2:
        text += "0"
    if rng.random() < 0.6:
        text += str(rng.randint(1, 24))
    if number and rng.random() < 0.25:
        text += rng.choice(",_")
    if kind != "int" and rng.random() < 0.5:
        text += "." + str(rng.randint(0, 8))
    return text + rng.choice(TYPES[kind])


def lines(rng, count):
    made = []
    while len(made) < count:
        kind = rng.choice(["int", "float", "float", "str", "complex"])
        value, text = rng.choice(VALUES[kind]), specification(rng, kind)
        try:
            format(eval(value.replace("np.float64", "float")), text)
        except ValueError:
            continue
        made.append(f'print(f"{{{value}:{text}}}|")')
    return made


def main(mnp, work, count, seed):
    pathlib.Path(work).mkdir(parents=True, exist_ok=True)
    source, program = f"{work}/formats.mnp", f"{work}/formats"
    made = lines(random.Random(int(seed)), int(count))
    pathlib.Path(source).write_text("import numpy as np\n" + "\n".join(made) + "\n")
    subprocess.run([mnp, "build", "-O0", source, "-o", program], check=True)
    wanted = subprocess.run([sys.executable, source], capture_output=True, text=True, check=True).stdout.splitlines()
    shown = subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines()
    wrong = [(line, a, b) for line, a, b in zip(made, wanted, shown) if a != b]
    for line, a, b in wrong[:20]:
        print(f"{line}\n  CPython: {a}\n  mnp:     {b}")
    print(f"{len(made)} formats, {len(wrong)} wrong")
    return bool(wrong) or len(wanted) != len(shown)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
