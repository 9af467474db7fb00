"""fuzz_formats.py: format specifications made at random, on values of every kind, against CPython: what it writes, and what it
refuses. usage: fuzz_formats.py MNP WORK-DIRECTORY [COUNT [SEED]]"""
import pathlib
import random
import re
import subprocess
import sys

from numpy2 import np  # noqa: F401  (values are made of it)

mnp, work = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
count, seed = [int(word) for word in sys.argv[3:5]] + [700, 1][len(sys.argv[3:5]):]
VALUES = {
    "int": ["0", "5", "-7", "1234567", "-98765", "65", "8364", "255", "-1234567890123"],
    "float": ["0.0", "-0.0", "1.0", "3.14159", "-2.5", "1e10", "1e-7", "123456.789", "1e300", "float('inf')", "float('nan')",
              "-float('inf')", "-float('nan')", "2.5", "0.5", "-0.001", "1.5", "-2.675", "0.1", "99999.95"],
    "string": ["'abc'", "'é'", "''", "'hello world'"],
    "bool": ["True", "False"],
    "complex": ["(1+2j)", "(-1.5-2.5j)", "2j", "-2.5j", "complex(1e10, -0.125)"],
    "numpy": ["np.float64(2.5)", "np.float32(0.1)", "np.int32(-42)", "np.uint8(200)"],
}
HEAD = "import numpy as np\n"


def specification(rng):
    text = ""
    if rng.random() < 0.4:
        text += rng.choice(["", rng.choice("*x 0€_")]) + rng.choice("<>^=")
    for chance, choices in ((0.3, "+- "), (0.1, "z"), (0.2, "#"), (0.2, "0")):
        if rng.random() < chance:
            text += rng.choice(choices)
    if rng.random() < 0.5:
        text += str(rng.randint(1, 24))
    if rng.random() < 0.2:
        text += rng.choice(",_")
    if rng.random() < 0.4:
        text += "." + str(rng.choice([*range(9), 10]))
    if rng.random() < 0.7:
        text += rng.choice("bcdeEfFgGnosxX%" if rng.random() < 0.9 else "qrt")
    return text


def run(text):
    (work / "formats.mnp").write_text(text)
    return subprocess.run([mnp, "run", "formats.mnp"], cwd=work, capture_output=True, timeout=120)


def statement(value, spec, in_place=False):
    """Of a variable, or of the value as it is written."""
    return f'print(f"{{{value}:{spec}}}|")\n' if in_place else f"x = {value}\nprint(f\"{{x:{spec}}}|\")\n"


def main():
    rng, right, raising, wrong = random.Random(seed), [], [], 0
    for _ in range(count):
        value, spec = rng.choice(VALUES[rng.choice(["int", "int", "float", "float", *VALUES])]), specification(rng)
        try:
            right.append((value, spec, format(eval(value), spec)))
        except (ValueError, OverflowError) as error:
            raising.append((value, spec, type(error).__name__))
    done = run(HEAD + "".join(statement(value, spec, rng.random() < 0.5) for value, spec, _ in right))
    if done.returncode:
        print(done.stderr.decode())
        return 1
    subprocess.run([mnp, "build", "-O0", "formats.mnp", "-o", "formats"], cwd=work, check=True)
    built = subprocess.run([work.resolve() / "formats"], capture_output=True, check=True)
    for printed in (done, built):
        shown = printed.stdout.decode(errors="replace").split("|\n")
        wrong += len(shown) != len(right) + 1
        for (value, spec, want), got in zip(right, shown):
            if got != want:
                wrong += 1
                print(f"{value}:{spec} gives {got!r}, not {want!r}")
    for value, spec, name in raising[:count // 8]:
        done = run(HEAD + statement(value, spec))
        said = done.stderr.decode()
        if done.returncode != 1 or (name not in said and not re.search(r"error\[E\d+\]", said)):
            wrong += 1
            print(f"{value}:{spec} gives {done.returncode}, not {name}: {said}")
    print(f"{len(right)} written, {len(raising)} refused by CPython, {wrong} wrong")
    return wrong != 0


work.mkdir(parents=True, exist_ok=True)
sys.exit(main())
