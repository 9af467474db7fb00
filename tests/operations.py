"""operations.py: every row of the table of functions (mnp ops) across dtypes, layouts, ranks 0 to 4, empty arrays and
broadcasting, against NumPy: the same program is run by both, and what it saves is compared as the row's exactness says.
usage: operations.py MNP WORK-DIRECTORY [CASES [SEED]]   (0 cases: all)"""
import pathlib
import random
import re
import subprocess
import sys
import warnings

from numpy2 import np

DTYPES = {"bool": "bool", "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64", "u8": "uint8", "u16": "uint16",
          "u32": "uint32", "u64": "uint64", "f32": "float32", "f64": "float64", "c64": "complex64", "c128": "complex128"}
CASES_A_PROGRAM = 12
# Both zeros are equal for these (docs/differences.md, D6).
EXTREMES = {"minimum", "maximum", "fmin", "fmax", "min", "max", "amin", "amax", "nanmin", "nanmax", "clip", "ptp", "median", "percentile",
            "quantile"}
# Random powers of integers mostly fail: negative exponents.
SMALL_SECOND = {"power", "float_power", "left_shift", "right_shift", "ldexp", "pow", "bitwise_left_shift",
                "bitwise_right_shift"}


def values(name, rng, size):
    """Numbers of a dtype, ordinary ones and those at its edges."""
    dtype = np.dtype(DTYPES[name])
    if name == "bool":
        return rng.integers(0, 2, size).astype(bool)
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        low, high = max(info.min, -50), min(info.max, 100)
        numbers = rng.integers(low, high, size).astype(dtype)
        numbers[:4] = [0, 1, info.max, info.min]
        return numbers
    if dtype.kind == "c":
        return (values("f32" if name == "c64" else "f64", rng, size)
                + 1j * rng.normal(size=size).astype("f4" if name == "c64" else "f8")).astype(dtype)
    numbers = (rng.normal(size=size) * 10.0 ** rng.integers(-3, 3, size)).astype(dtype)
    numbers[:8] = [0.0, -0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, 0.5]
    return numbers


# Views of the arrays of 4 by 6 elements; of the second operand those that broadcast to them.
LAYOUTS = {"{0}": ["{1}", "{1}[0]", "{1}[:, :1]", "{1}[1, 2]"], "{0}.T": ["{1}.T", "{1}.T[:, :1]", "{1}[:, 0]"],
           "{0}[::2, ::3]": ["{1}[1::2, ::3]"], "{0}[::-1, ::-1]": ["{1}[::-1]"], "{0}[1]": ["{1}[2]", "{1}", "{1}[0, 3]"],
           "{0}[:, None, :]": ["{1}[None, :, :]"], "{0}.reshape(2, 2, 3, 2)": ["{1}.reshape(2, 2, 3, 2)"],
           "{0}[:0]": ["{1}[:0]"], "{0}[:, 4:4]": ["{1}[:, :1]"]}


# Calls of functions whose arguments are not those of many others.
MORE = {
    "einsum": ["np.einsum('ij,kj->ik', {0}, {1})", "np.einsum('ij,ij->', {0}, {1})", "np.einsum('ij->j', {0})",
               "np.einsum('...i,...i', {0}, {1})", "np.einsum('i,j', {0}, {1})"],
    "pad": ["np.pad({0}, 1)", "np.pad({0}, (2, 1), 'edge')", "np.pad({0}, 3, mode='reflect')", "np.pad({0}, (5, 2), 'symmetric')",
            "np.pad({0}, 4, mode='wrap')"],
    "split": ["np.split({0}, 2)[1]", "np.split({0}, [1, 3], axis=-1)[1]"],
    "array_split": ["np.array_split({0}, 3)[2]"],
    "hsplit": ["np.hsplit({0}, [1])[1]"],
    "vsplit": ["np.vsplit({0}, 2)[0]"],
    "dsplit": ["np.dsplit({0}, 2)[0]"],
    "insert": ["np.insert({0}, 1, {0}[0], axis=0)", "np.insert({0}, [1, 3], 1)", "np.insert({0}, -1, 0)"],
    "delete": ["np.delete({0}, 1, axis=0)", "np.delete({0}, [0, 2])", "np.delete({0}, -1, axis=-1)"],
    "median": ["np.median({0})", "np.median({0}, axis=0)", "np.median({0}, axis=-1, keepdims=True)"],
    "percentile": ["np.percentile({0}, 40)", "np.percentile({0}, [10, 50, 95], axis=0)", "np.percentile({0}, 75, axis=-1)"],
    "quantile": ["np.quantile({0}, 0.4)", "np.quantile({0}, [0.1, 0.5, 1], axis=-1)"],
    "argsort": ["np.argsort({0}, axis=0, kind='stable')"],
    "tensordot": ["np.tensordot({0}, {1}, axes=([0], [0]))", "np.tensordot({0}, {1})"],
    "matmul": ["np.matmul({0}, {1}.T)", "np.matmul({0}.reshape(2, 3, 4), {1}.reshape(2, 4, 3))"],
    "dot": ["np.dot({0}.reshape(2, 3, 4), {1}.reshape(3, 4, 2))"],
}


def rows(mnp):
    found = []
    for line in subprocess.run([mnp, "ops"], capture_output=True, text=True, check=True).stdout.splitlines():
        signature, exactness, _ = line.split("\t")
        match = re.match(r"np\.(\w+)\((.*)\)$", signature)
        if match:
            found.append((match[1], match[2], exactness))
    return found


def calls(name, parameters):
    """Calls of a function on {0} and {1}: what they are, by the row's parameters."""
    if name in MORE:
        return MORE[name]
    if name in ("divmod", "modf", "frexp"):
        arguments = "{0}, {1}" if name == "divmod" else "{0}"
        return [f"np.{name}({arguments})[0]", f"np.{name}({arguments})[1]"]
    if parameters.startswith("x1, x2"):
        return [f"np.{name}({{0}}, {{1}})"]
    if parameters.startswith(("x, out", "val")) or parameters in ("x", "z, deg=False"):
        return [f"np.{name}({{0}})"]
    if parameters.startswith("x, copy"):
        return [f"np.{name}({{0}})", f"np.{name}({{0}}, nan=1.5, posinf=2.0)"]
    if parameters.startswith("a, axis=None") and name not in ("average",):
        found = [f"np.{name}({{0}})", f"np.{name}({{0}}, axis=0)", f"np.{name}({{0}}, axis=-1)"]
        if "keepdims" in parameters:
            found.append(f"np.{name}({{0}}, axis=0, keepdims=True)")
        if "ddof" in parameters:
            found.append(f"np.{name}({{0}}, ddof=1, axis=-1)")
        return found
    if name == "diff":
        return ["np.diff({0})", "np.diff({0}, axis=0)"]
    if name in ("round", "around"):
        return [f"np.{name}({{0}}, 1)", f"np.{name}({{0}})"]
    if name == "isclose":
        return ["np.isclose({0}, {1})"]
    if name == "clip":
        return ["np.clip({0}, 0, 1)"]
    return []


def cases(table):
    for name, parameters, exactness in table:
        for call in calls(name, parameters):
            for dtype in DTYPES:
                for layout, seconds in LAYOUTS.items():
                    others = seconds if "{1}" in call else [""]
                    for other in others:
                        first = layout.format(f"a_{dtype}")
                        second = other.format("", f"s_{dtype}" if name in SMALL_SECOND else f"b_{dtype}")
                        yield name, exactness, call.format(first, second)
                if "axis" not in call:
                    yield name, exactness, call.format(f"a_{dtype}[2, 3]", f"b_{dtype}[1, 4]")


def program(chunk, dtypes):
    lines = ["from __future__ import annotations", "import numpy as np"]
    for name in dtypes:
        for letter in "abs":
            lines.append(f"{letter}_{name}: {name}[4, 6] = np.load('../{letter}_{name}.npy')")
    for number, (_, _, call) in chunk:
        lines.append(f"r{number} = {call}")
        lines.append(f"np.save('r{number}.npy', np.array([r{number}]) if {is_scalar(call)} else r{number})")
    return lines


def is_scalar(call):
    return isinstance(reference(call), (np.generic, int, float, complex, bool))


NAMES = {"np": np}
ANSWERS = {}


def reference(call):
    """NumPy's answer; the exception where it has none."""
    if call not in ANSWERS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                ANSWERS[call] = eval(call, NAMES)
            except Exception as error:
                ANSWERS[call] = error
    return ANSWERS[call]


# Complex powers of inf and nan: NumPy multiplies for whole exponents, and the C library is asked here.
# Sums over an axis of no elements beside one of one: NumPy's einsum of f32 reads an element that is not there.
LEFT_OUT = re.compile(r"np\.(float_power|power|pow)\(.*_c(64|128)|np\.einsum\(.*4:4")


def is_wanted(call):
    if LEFT_OUT.search(call):
        return False
    answer = reference(call)
    return not isinstance(answer, Exception) and getattr(answer, "dtype", None) != np.float16


def ulps(got, want):
    """Distance in units of the last place of what is wanted."""
    with np.errstate(all="ignore"):
        unit = np.spacing(np.abs(want))
        unit = np.where(np.isfinite(unit) & (unit > 0), unit, np.finfo(want.dtype).tiny)
        return np.where(got == want, 0, np.abs(got.astype(np.float64) - want.astype(np.float64)) / unit.astype(np.float64))


def differs(name, exactness, call, got, want):
    """Why the arrays are not the same; None where they are."""
    want = np.asarray(want)
    if got.ndim == want.ndim + 1:
        got = got[0]
    if got.dtype != want.dtype or got.shape != want.shape:
        return f"{got.dtype}{got.shape}, not {want.dtype}{want.shape}"
    if got.dtype.kind not in "fc":
        return None if np.array_equal(got, want) else f"{got.ravel()[:24]}, not {want.ravel()[:24]}"
    if got.dtype.kind == "c":
        return complex_differs(got, want)
    nan = np.isnan(want)
    if not np.array_equal(np.isnan(got), nan):
        return f"nan elsewhere: {got.ravel()[:24]}, not {want.ravel()[:24]}"
    if exactness == "order" or name in ("matmul", "dot"):   # NumPy's order of a product is its BLAS's
        return order_differs(got, want)
    bound = float(exactness.split()[1]) + 4 if exactness != "exact" else 2 if "_c" in call else 0    # abs of complex: hypot
    worst = float(np.max(ulps(got[~nan], want[~nan]), initial=0))
    if worst > bound:
        return f"{worst} ULP: {got.ravel()[:24]}, not {want.ravel()[:24]}"
    if name not in EXTREMES and bound == 0 and not np.array_equal(np.signbit(got[~nan]), np.signbit(want[~nan])):
        return f"signs of zeros: {got.ravel()[:24]}, not {want.ravel()[:24]}"
    return None


def order_differs(got, want):
    fine = np.isfinite(want)
    scale = np.max(np.abs(want[fine]), initial=1e-300)
    near = np.abs(got[fine] - want[fine]) <= (1e-4 if want.dtype.itemsize == 4 else 1e-11) * scale
    return None if near.all() else f"{got.ravel()[:24]}, not {want.ravel()[:24]}"


def complex_differs(got, want):
    """NumPy's products form FMAs on some machines, and its elementary functions are the C library's: by magnitude."""
    fine = np.isfinite(want)
    near = np.abs(got[fine] - want[fine]) <= (1e-4 if want.dtype == np.complex64 else 1e-13) * (np.abs(want[fine]) + 1e-300)
    if not near.all() or not np.array_equal(np.isfinite(got), fine):
        return f"{got.ravel()[:24]}, not {want.ravel()[:24]}"
    return None


def build(mnp, folder, chunk):
    """Compiles the chunk without the cases that are refused; those that are left, and the refused ones."""
    refused = []
    while True:
        used = sorted({name for name in DTYPES for _, (_, _, call) in chunk if f"_{name}" in call and re.search(rf"_{name}\b", call)})
        lines = program(chunk, used)
        (folder / "cases.mnp").write_text("\n".join(lines) + "\n")
        done = subprocess.run([mnp, "build", "--fp=strict", "cases.mnp", "-o", "cases"], cwd=folder, capture_output=True, text=True)
        if done.returncode == 0:
            return chunk, refused
        if done.returncode not in (1, 3):
            print(f"the compiler ends with {done.returncode}: {done.stderr[:2000]}\n" + "\n".join(lines))
            sys.exit(1)
        places = {int(line) for line in re.findall(r"cases\.mnp:(\d+):", done.stderr)}
        numbers = {int(re.match(r"(?:r|np\.save\('r)(\d+)", lines[line - 1])[1]) for line in places if lines[line - 1][:1] in "rn"}
        numbers &= {number for number, _ in chunk}
        if not numbers:
            print(done.stderr[:3000])
            sys.exit(1)
        refused += [(case, done.stderr) for case in chunk if case[0] in numbers]
        chunk = [case for case in chunk if case[0] not in numbers]


def main():
    mnp, work = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else 600
    rng, chooser = np.random.default_rng(3), random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 0)
    folder = work / "run"
    folder.mkdir(parents=True, exist_ok=True)
    for name in DTYPES:
        for letter in "abs":
            numbers = values(name, rng, 24)
            if letter == "s":
                numbers = (rng.integers(0, 2 if name == "bool" else 7, 24)).astype(DTYPES[name])
            chooser.shuffle(numbers.tolist())
            array = rng.permutation(numbers).reshape(4, 6)
            np.save(work / f"{letter}_{name}.npy", array)
            NAMES[f"{letter}_{name}"] = array
    everything = list(cases(rows(mnp)))
    chooser.shuffle(everything)
    chosen = []
    for case in everything:
        if wanted and len(chosen) == wanted:
            break
        if is_wanted(case[2]):
            chosen.append(case)
    failed = refusals = 0
    numbered = list(enumerate(chosen))
    for start in range(0, len(numbered), CASES_A_PROGRAM):
        chunk, refused = build(mnp, folder, numbered[start:start + CASES_A_PROGRAM])
        refusals += len(refused)
        for (_, (_, _, call)), _ in refused:
            print(f"refused: {call}")
        done = subprocess.run(["./cases"], cwd=folder, capture_output=True, text=True)
        if done.returncode:
            print(f"the program ends with {done.returncode}: {done.stderr}")
            failed += 1
            continue
        for number, (name, exactness, call) in chunk:
            why = differs(name, exactness, call, np.load(folder / f"r{number}.npy"), reference(call))
            if why:
                failed += 1
                print(f"{call}: {why}")
    print(f"{len(chosen)} of {len(everything)} cases, {refusals} refused, {failed} wrong")
    sys.exit(1 if failed else 0)


main()
