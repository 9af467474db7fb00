"""programs_of_arrays.py: the generator of fuzz_programs.py. A Function is written a statement at a time, while NumPy
executes what stands there already; operations come from the table, operands are what the variables hold by now."""
import contextlib
import io
import re
import subprocess

import numpy as np

DTYPES = {"bool": "bool", "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64", "u8": "uint8", "u16": "uint16",
          "u32": "uint32", "u64": "uint64", "f32": "float32", "f64": "float64", "c64": "complex64", "c128": "complex128"}
SHORT = {np.dtype(long): short for short, long in DTYPES.items()}
WEIGHTS = {"f64": 8, "i64": 4, "f32": 3, "bool": 2}
POOL = 160
SHAPES = [(6,), (4,), (1,), (9,), (17,), (0,), (4, 6), (4, 6), (6, 4), (5, 5), (1, 6), (4, 1), (7, 3), (10, 10), (0, 3), (2, 3, 4),
          (3, 1, 4), (2, 2, 3, 2), ()]
# Both zeros are equal for these (docs/differences.md, D6).
EXTREMES = {"minimum", "maximum", "fmin", "fmax", "min", "max", "amin", "amax", "nanmin", "nanmax", "clip", "ptp"}
SIGNS = {"signbit", "copysign"}
HEAD = "from __future__ import annotations\nimport sys\nimport numpy as np\n\n"
OPTIONS = "np.set_printoptions(precision=17, threshold=100000)\n"


def pool(short, letter):
    """Plain numbers (p), and such with those at the edges of the dtype among them (e)."""
    rng = np.random.default_rng(sum(map(ord, short + letter)))
    dtype = np.dtype(DTYPES[short])
    if short == "bool":
        return rng.integers(0, 2, POOL).astype(bool)
    if dtype.kind in "iu":
        numbers = rng.integers(0 if dtype.kind == "u" else -9, 12, POOL).astype(dtype)
        edges = [np.iinfo(dtype).min, np.iinfo(dtype).max, np.iinfo(dtype).max // 2, 1]
    else:
        numbers = np.round(rng.normal(size=POOL) * 8, 3).astype(dtype)
        if dtype.kind == "c":
            numbers += (1j * np.round(rng.normal(size=POOL), 2)).astype(dtype)
        edges = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-3, 1.0]
    if letter == "e":
        places = rng.permutation(POOL)[:POOL // 5]
        numbers[places] = np.resize(np.array(edges, dtype), len(places))
    return numbers


POOLS = {f"{letter}_{short}": pool(short, letter) for short in DTYPES for letter in "pe"}
SIZES = np.arange(20)


def save_pools(folder):
    for name, numbers in POOLS.items():
        np.save(folder / f"{name}.npy", numbers)
    np.save(folder / "sizes.npy", SIZES)


class Table:
    """The rows of `mnp ops`, sorted by how they are called."""
    def __init__(self, mnp):
        self.unary, self.binary, self.reductions, self.bounds, self.names = [], [], [], {}, set()
        for line in subprocess.run([mnp, "ops"], capture_output=True, text=True, check=True).stdout.splitlines():
            signature, exactness, _ = line.split("\t")
            match = re.match(r"np\.(\w+)\((.*)\)$", signature)
            if match:
                self.row(match[1], match[2], exactness)

    def row(self, name, parameters, exactness):
        self.names.add(name)
        if exactness != "exact":
            self.bounds[name] = float(exactness.split()[1]) if " " in exactness else 0
            if " " not in exactness:
                return
        if parameters.startswith("x1, x2, out"):
            self.binary.append(name)
        elif parameters.startswith("x, out") or parameters in ("x", "val"):
            self.unary.append(name)
        elif parameters.startswith("a, axis=None") and name != "average":
            self.reductions.append((name, parameters))


class Stop(Exception):
    """A choice that leads nowhere."""


def size_of(value):
    return value.size if isinstance(value, np.ndarray) else 1


class Function:
    def __init__(self, table, rng, number):
        self.table, self.rng, self.number = table, rng, number
        self.loose = rng.random() < 0.1                 # rows of any exactness anywhere: only the forms are compared
        self.bound, self.error, self.want, self.last = None, None, "", None
        self.statements, self.fresh, self.wants_error = [], 0, rng.random() < 0.06
        self.setup, self.parameters, self.arguments = [], [], []
        self.choose_arguments()
        self.space = {"np": np, "__builtins__": __builtins__}
        self.restart()
        for _ in range(rng.randint(3, 9)):
            self.add_statement()
        self.choose_results()

    # ---- what it is called with ----

    def choose_arguments(self):
        rng = self.rng
        for k in range(rng.randint(1, 3)):
            if k and rng.random() < 0.35:
                base = rng.choice([name for name, _ in self.setup])
            else:
                base = f"t{k}"
                self.setup.append((base, self.fresh_array()))
            space = dict(POOLS, np=np, sizes=SIZES)
            for name, text in self.setup:
                space[name] = eval(text, space)
            view = self.view_text(space[base], base) if rng.random() < 0.5 else base
            try:
                value = np.asarray(eval(view, space))
            except (IndexError, ValueError):
                view, value = base, space[base]
            if value.ndim == 0:
                view, value = base, space[base]
            self.arguments.append(view)
            self.parameters.append(f"x{k}" + self.annotation(value, k))

    def fresh_array(self):
        rng = self.rng
        names = list(DTYPES)
        short = rng.choices(names, [WEIGHTS.get(name, 1) for name in names])[0]
        shape = rng.choice(SHAPES)
        count = int(np.prod(shape))
        start = rng.randrange(POOL - count)
        source = f"{rng.choice('ppe')}_{short}"
        sizes = ", ".join(f"int(sizes[{n}])" if n != 1 and rng.random() < 0.4 else str(n) for n in shape)
        text = f"{source}[{start}:{start + count}].reshape(({sizes}{',' if len(shape) == 1 else ''})).copy()"
        return f"np.asfortranarray({text})" if len(shape) > 1 and rng.random() < 0.2 else text

    def annotation(self, value, k):
        roll = self.rng.random()
        if roll < 0.5 or not isinstance(value, np.ndarray) or value.ndim == 0:
            return ""
        if roll < 0.75:
            sizes = [":"] * value.ndim
        else:
            sizes = [self.rng.choice([f"n{k}{axis}", ":", str(n) if n else ":"]) for axis, n in enumerate(value.shape)]
        return f": {SHORT[value.dtype]}[{', '.join(sizes)}]"

    def restart(self):
        """The variables as the statements so far leave them."""
        space = dict(POOLS, np=np, sizes=SIZES)
        for name, text in self.setup:
            space[name] = eval(text, space)
        self.env = {f"x{k}": eval(text, space) for k, text in enumerate(self.arguments)}
        for statement in self.statements:
            exec("\n".join(statement), self.space, self.env)

    # ---- expressions: a text and its value ----

    def eval(self, text):
        try:
            value = eval(text, self.space, self.env)
        except Exception as error:
            raise Stop from error
        ok = isinstance(value, (np.ndarray, np.generic, bool, int, float)) and size_of(value) <= 400
        if not ok or getattr(value, "dtype", np.dtype(bool)) not in SHORT or getattr(value, "ndim", 0) > 5:
            raise Stop
        return text, value

    def variables(self, wanted=lambda value: True):
        return [name for name, value in self.env.items() if name[0] in "xvw" and wanted(value)]

    def array_variable(self, wanted=lambda value: True):
        names = self.variables(lambda value: isinstance(value, np.ndarray) and wanted(value))
        if not names:
            raise Stop
        return self.rng.choice(names)

    def index_text(self, shape, ints=0.3):
        """A basic index of an array of that shape."""
        rng, parts = self.rng, []
        for n in shape[:rng.randint(1, len(shape)) if shape else 0]:
            roll = rng.random()
            if roll < ints and n:
                parts.append(str(rng.randrange(-n, n)))
            elif roll < ints + 0.1:
                parts.append(":")
            else:
                parts.append(rng.choice(["1:", ":-1", "::2", "1::2", "::-1", "-2::-1", "2:", ":2", "1:-1", f":{max(n - 1, 0)}", "::3", "-1:0:-2", ":"]))
        if rng.random() < 0.1:
            parts.insert(rng.randint(0, len(parts)), "None")
        if rng.random() < 0.1:
            parts.insert(rng.randint(0, len(parts)), "...")
        return ", ".join(parts) or "..."

    def view_text(self, value, name):
        rng = self.rng
        roll = rng.random()
        if value.ndim == 0:
            return rng.choice([f"{name}[None]", f"{name}[...]", f"{name}.reshape(1)"])
        if roll < 0.6:
            return f"{name}[{self.index_text(value.shape, 0.15)}]"
        choices = [f"{name}.T", f"np.flip({name})", f"{name}.ravel()", f"{name}.reshape(-1)" if value.flags.c_contiguous else name, f"{name}[..., None]",
                   f"np.expand_dims({name}, {rng.randint(0, value.ndim)})", f"{name}[::-1]"]
        if value.ndim > 1:
            choices += [f"{name}.swapaxes(0, {rng.randrange(value.ndim)})", f"np.moveaxis({name}, 0, -1)", f"np.diagonal({name})",
                        f"np.rot90({name}, {rng.randint(0, 3)})", f"np.fliplr({name})", f"{name}.transpose({', '.join(map(str, rng.sample(range(value.ndim), value.ndim)))})"]
        if 1 in value.shape:
            choices.append(f"np.squeeze({name})")
        return rng.choice(choices)

    def array(self, depth):
        """An array: a variable, a view of one, or something computed."""
        rng = self.rng
        if depth <= 0 or rng.random() < 0.35:
            name = self.array_variable()
            return self.eval(self.view_text(self.env[name], name) if rng.random() < 0.4 else name)
        makers = [(self.binary_operator, 8), (self.ufunc, 6), (self.reduction, 4), (self.gathered, 4), (self.rearranged, 4),
                  (self.joined, 2), (self.made, 2), (self.where, 2), (self.cast, 2), (self.sorted_or_scanned, 2), (self.product, 1)]
        maker = rng.choices([m for m, _ in makers], [w for _, w in makers])[0]
        text, value = maker(depth - 1)
        if not isinstance(value, (np.ndarray, np.generic)):
            raise Stop
        return text, value

    def scalar(self):
        rng = self.rng
        roll = rng.random()
        if roll < 0.4:
            return self.eval(rng.choice(["0", "1", "2", "-1", "3", "0.5", "-1.25", "2.0", "True"]))
        if roll < 0.5:
            return self.eval(rng.choice(["np.float32(0.1)", "np.int8(3)", "np.float64(1.5)", "np.uint8(200)", "np.int64(-4)"]))
        if roll < 0.6:
            names = self.variables(lambda value: not isinstance(value, np.ndarray))
            if names:
                return self.eval(rng.choice(names))
        name = self.array_variable(lambda value: value.size)
        return self.element(name)

    def element(self, name):
        shape = self.env[name].shape
        index = ", ".join(str(self.rng.randrange(-n, n)) for n in shape)
        return self.eval(f"{name}[{index or '()'}]")

    def operand(self, depth):
        return self.scalar() if self.rng.random() < 0.25 else self.array(depth)

    def fits(self, name, *values):
        """No case that a numbered difference is about."""
        for value in values:
            kind = getattr(value, "dtype", np.dtype(type(value))).kind
            if kind == "c" and name in ("*", "/", "multiply", "divide", "prod", "cumprod", "square", "reciprocal", "abs", "matmul", "dot", "@",
                                        "sign", "var", "std", "mean", "nanvar", "nanstd", "nanmean", "nanprod", "outer", "convolve", "sqrt", "**",
                                        "power", "float_power", "isclose", "vdot", "inner", "kron", "trace", "positive"):
                self.need_loose()
            if kind in "fc" and name in EXTREMES and np.any((value == 0) & np.signbit(np.real(value))):
                raise Stop
            if kind in "fc" and name in SIGNS and np.any(np.isnan(value)):
                raise Stop
        if name in self.table.bounds or name == "**":
            self.need_loose()

    def need_loose(self):
        if not self.loose:
            raise Stop

    def binary_operator(self, depth):
        rng = self.rng
        (a, va), (b, vb) = self.array(depth), self.operand(depth)
        op = rng.choice(["+", "-", "*", "+", "-", "*", "/", "//", "%", "<", "<=", ">", "==", "!=", "&", "|", "^", "<<", ">>", "**"])
        self.fits(op, va, vb)
        if op in ("<<", ">>", "**") and not np.all((np.asarray(vb) >= 0) & (np.asarray(vb) < 7)):
            raise Stop
        return self.eval(f"({a} {op} {b})" if rng.random() < 0.8 else f"({b} {op} {a})")

    def ufunc(self, depth):
        rng = self.rng
        if rng.random() < 0.5:
            name = rng.choice(self.table.unary)
            a, va = self.array(depth)
            self.fits(name, va)
            if name in ("real", "imag") and va.dtype.kind == "c":
                a = f"({a}).copy()"
            if name in ("negative", "invert") and rng.random() < 0.5:
                return self.eval(f"({'-' if name == 'negative' else '~'}{a})")
            return self.eval(f"np.{name}({a})")
        name = rng.choice(self.table.binary)
        (a, va), (b, vb) = self.array(depth), self.operand(depth)
        self.fits(name, va, vb)
        if name in ("ldexp", "left_shift", "right_shift", "power", "float_power") and not np.all((np.asarray(vb) >= 0) & (np.asarray(vb) < 7)):
            raise Stop
        return self.eval(f"np.{name}({a}, {b})")

    def reduction(self, depth):
        rng = self.rng
        name, parameters = rng.choice(self.table.reductions)
        a, va = self.array(depth)
        self.fits(name, va)
        options = []
        if va.ndim and rng.random() < 0.7:
            axis = rng.randrange(-va.ndim, va.ndim)
            if va.ndim > 1 and "keepdims" in parameters and "arg" not in name and rng.random() < 0.2:
                axis = tuple(rng.sample(range(va.ndim), 2))
            options.append(f"axis={axis}")
        if "keepdims" in parameters and rng.random() < 0.3:
            options.append("keepdims=True")
        if "ddof" in parameters and rng.random() < 0.3:
            options.append("ddof=1")
        if "initial" in parameters and va.dtype.kind in "iuf" and rng.random() < 0.1:
            options.append("initial=3")
        self.is_in_order(name, va, ", ".join(options))
        if rng.random() < 0.3 and hasattr(np.ndarray, name):
            return self.eval(f"{a}.{name}({', '.join(options)})")
        return self.eval(f"np.{name}({', '.join([a, *options])})")

    def is_in_order(self, name, value, options):
        """Sums over temporaries that NumPy keeps in Fortran order differ in last bits (docs/roadmap.md): left out."""
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "fc" or value.flags.c_contiguous:
            return
        try:
            one, other = (eval(f"np.{name}({', '.join(['a', options])})", {"np": np, "a": order(value)})
                          for order in (np.ascontiguousarray, np.asfortranarray))
        except Exception as error:
            raise Stop from error
        if np.asarray(one).tobytes() != np.asarray(other).tobytes():
            raise Stop

    def indices(self, n, count=None):
        """An array of indices into an axis of n elements."""
        rng = self.rng
        if not n:
            raise Stop
        if rng.random() < 0.4:
            count = count or rng.randint(1, 5)
            return f"np.array([{', '.join(str(rng.randrange(-n, n)) for _ in range(count))}])"
        name = self.array_variable(lambda value: value.dtype.kind in "iu" and value.ndim <= 2)
        return f"{name} % {n}"

    def fancy_index(self, name):
        """An index with arrays of the variable."""
        rng, shape = self.rng, self.env[name].shape
        roll = rng.random()
        if roll < 0.3:
            mask = rng.choice([f"{name} {rng.choice(['>', '<=', '!='])} {rng.choice(['0', '1', '2'])}", f"{name} == {name}"])
            return mask
        if not shape:
            raise Stop
        axis = rng.randrange(len(shape))
        parts = []
        for k, n in enumerate(shape[:rng.randint(axis + 1, len(shape))]):
            if k == axis:
                parts.append(self.indices(n))
            else:
                parts.append(rng.choice([":", "::2", "1:", "::-1", str(rng.randrange(-n, n)) if n else ":", self.indices(n) if n else ":"]))
        return ", ".join(parts)

    def gathered(self, depth):
        rng = self.rng
        name = self.array_variable(lambda value: value.ndim)
        shape = self.env[name].shape
        roll = rng.random()
        if roll < 0.6:
            return self.eval(f"{name}[{self.fancy_index(name)}]")
        axis = rng.randrange(len(shape))
        choices = [f"np.take({name}, {self.indices(shape[axis])}, axis={axis})", f"np.flatnonzero({name})", f"np.argwhere({name})",
                   f"np.compress({name}.ravel() > 0, {name}.ravel())", f"np.extract({name} != 0, {name})", f"np.count_nonzero({name})",
                   f"np.take_along_axis({name}, np.argsort({name}, axis={axis}), axis={axis})", f"np.nonzero({name})[0]"]
        return self.eval(rng.choice(choices))

    def rearranged(self, depth):
        rng = self.rng
        a, va = self.array(depth)
        axis = rng.randrange(max(va.ndim, 1))
        choices = [f"np.roll({a}, {rng.randint(-3, 3)})", f"np.roll({a}, {rng.randint(-3, 3)}, axis={axis})", f"np.ravel({a})", f"({a}).flatten()",
                   f"np.repeat({a}, 2, axis={axis})", f"np.tile({a}, 2)", f"np.flipud({a})", f"np.triu({a})", f"np.tril({a}, 1)", f"({a}).copy()",
                   f"np.broadcast_to({a}, (2, *{va.shape}))".replace("*()", "").replace("(2, *(", "(2, ").replace(",))", "))") if va.ndim < 3 else a,
                   f"np.atleast_2d({a})", f"np.repeat({a}, 3)", f"np.diff({a}, axis={axis})", f"np.diag({a})", f"np.asfortranarray({a})",
                   f"np.clip({a}, 0, 2)", f"np.round({a}, 1)", f"np.nan_to_num({a})", f"np.transpose({a})", f"np.real({a}).copy()", f"np.imag({a}).copy()"]
        if va.size:
            choices.append(f"({a}).reshape({rng.choice(['-1', f'1, {va.size}', f'{va.size}, 1'])})")
        text = rng.choice(choices)
        if text.startswith(("np.clip", "np.repeat(x, 3)")):
            self.fits("clip", va)
        return self.eval(text.replace("np.broadcast_to((", "np.broadcast_to(("))

    def joined(self, depth):
        rng = self.rng
        (a, va), (b, _) = self.array(depth), self.array(depth)
        axis = rng.randrange(max(va.ndim, 1))
        return self.eval(rng.choice([f"np.concatenate(({a}, {b}), axis={axis})", f"np.stack(({a}, {b}))", f"np.hstack(({a}, {b}))", f"np.vstack(({a}, {b}))",
                                     f"np.append({a}, {b})", f"np.concatenate(({a}, {a}))", f"np.column_stack(({a}, {b}))",
                                     f"np.stack(({a}, {a}), axis=-1)"]))

    def made(self, depth):
        rng = self.rng
        name = self.array_variable()
        like = self.env[name]
        dtype = rng.choice(["np.float64", "np.int32", "np.float32", "np.uint8"])
        sizes = f"{name}.shape" if rng.random() < 0.5 else str(rng.choice(SHAPES))
        n = f"{name}.shape[0]" if like.ndim and rng.random() < 0.6 else str(rng.randint(0, 6))
        return self.eval(rng.choice([f"np.zeros({sizes}, dtype={dtype})", f"np.ones({sizes}, dtype={dtype})", f"np.full({sizes}, {self.scalar()[0]})",
                                     f"np.zeros_like({name})", f"np.ones_like({name})", f"np.arange({n})", f"np.arange({n}) * 0.5", f"np.eye({n})",
                                     f"np.full_like({name}, 1)", f"np.linspace(0.0, 1.0, {n})", f"np.arange(5, 0, -2)", f"np.tri({n})",
                                     f"np.arange({n}, dtype={dtype})", "np.indices((2, 3))[1]", f"np.identity({n})"]))

    def where(self, depth):
        (c, _), (a, _), (b, _) = self.condition(depth), self.operand(depth), self.operand(depth)
        return self.eval(f"np.where({c}, {a}, {b})")

    def condition(self, depth):
        rng = self.rng
        a, va = self.array(depth)
        if va.dtype == bool:
            return a, va
        return self.eval(f"({a} {rng.choice(['>', '<', '!=', '>='])} {rng.choice(['0', '1', '2'])})")

    def cast(self, depth):
        rng = self.rng
        a, va = self.array(depth)
        short = rng.choice(list(DTYPES))
        dtype = np.dtype(DTYPES[short])
        if va.dtype.kind in "fc" and dtype.kind in "iu":
            real = np.real(va)
            if va.dtype.kind == "c" or not np.all(np.isfinite(real) & (np.abs(real) < 100)) or dtype.kind == "u" and np.any(real < 0):
                raise Stop
        if va.dtype.kind == "c" and dtype.kind != "c":
            raise Stop
        return self.eval(f"({a}).astype({rng.choice([f'np.{DTYPES[short]}', repr(DTYPES[short])])})".replace("np.bool)", "np.bool_)"))

    def sorted_or_scanned(self, depth):
        rng = self.rng
        a, va = self.array(depth)
        axis = rng.randrange(max(va.ndim, 1))
        if va.dtype.kind in "fc" and np.any((va == 0) & np.signbit(np.real(va))):
            raise Stop                                                  # which of both zeros is first is nobody's
        name = rng.choice(["sort", "cumsum", "cumprod", "unique", "argsort", "searchsorted", "bincount", "histogram", "isin", "interp", "digitize"])
        self.fits(name if name != "argsort" else "sort", va)
        if name in ("sort", "cumsum", "cumprod"):
            return self.eval(f"np.{name}({a}, axis={axis})")
        if name == "argsort":
            return self.eval(f"np.argsort({a}, axis={axis}, kind='stable')" if rng.random() < 0 else f"np.sort(np.argsort({a}, axis={axis}), axis={axis})")
        if name == "searchsorted":
            return self.eval(f"np.searchsorted(np.sort(({a}).ravel()), {self.operand(0)[0]}{rng.choice(['', ', side=' + repr('right')])})")
        if name == "bincount":
            return self.eval(f"np.bincount({a})")
        if name == "histogram":
            return self.eval(f"np.histogram({a}, bins=4)[0]")
        if name == "isin":
            return self.eval(f"np.isin({a}, {self.array(0)[0]})")
        if name == "interp":
            return self.eval(f"np.interp({a}, np.array([0.0, 1.0, 2.5]), np.array([1.0, -1.0, 4.0]))")
        if name == "digitize":
            return self.eval(f"np.digitize({a}, np.array([-1.0, 0.0, 2.0]))")
        return self.eval(f"np.unique({a})")

    def product(self, depth):
        (a, va), (b, vb) = self.array(depth), self.array(depth)
        name = self.rng.choice(["outer", "@", "dot", "kron", "convolve", "inner", "cross", "trace", "gradient"])
        self.fits(name, va, vb)
        if name in ("@", "dot", "inner", "convolve") and "f" in (va.dtype.kind, vb.dtype.kind):
            self.need_loose()                                           # BLAS adds in an order that is nobody's
        if name in ("trace", "gradient"):
            return self.eval(f"np.{name}({a})")
        return self.eval(f"({a} @ {b})" if name == "@" else f"np.{name}({a}, {b})")

    # ---- statements ----

    def add_statement(self):
        rng = self.rng
        kinds = [(self.assign, 8), (self.store, 6), (self.store_overlapping, 4), (self.ufunc_out, 3), (self.scatter, 3), (self.loop, 4),
                 (self.branch, 3), (self.scalar_variable, 2), (self.augment, 3), (self.method_statement, 2)]
        for _ in range(30):
            kind = rng.choices([k for k, _ in kinds], [w for _, w in kinds])[0]
            try:
                statement = kind()
            except (Stop, ValueError, IndexError, AttributeError):      # of what is no array, or no index of one
                continue
            if self.accept(statement):
                return

    def accept(self, statement):
        before = {name: (getattr(v, "dtype", type(v)), np.ndim(v)) for name, v in self.env.items()}
        try:
            exec("\n".join(statement), self.space, self.env)
        except Exception:
            self.restart()
            return False
        blocks = len(statement) > 1
        for name, value in list(self.env.items()):
            if name[0] not in "xvw":
                del self.env[name]                                      # counters are the loop's own
            elif blocks and name in before and before[name] != (getattr(value, "dtype", type(value)), np.ndim(value)):
                self.restart()
                return False
            elif blocks and name not in before:
                self.restart()
                return False
        self.statements.append(statement)
        return True

    def new(self):
        self.fresh += 1
        return f"v{self.fresh}"

    def assign(self):
        text, value = self.array(self.rng.randint(1, 3))
        if not isinstance(value, np.ndarray):
            return [f"{self.new()} = {text}"]
        names = self.variables(lambda v: isinstance(v, np.ndarray) and v.dtype == value.dtype and v.ndim == value.ndim)
        names = [n for n in names if n[0] == "v"]
        name = self.rng.choice(names) if names and self.rng.random() < 0.3 else self.new()
        return [f"{name} = {text}"]

    def scalar_variable(self):
        a, _ = self.reduction(1) if self.rng.random() < 0.6 else self.scalar()
        return [f"{self.new()} = {a}"]

    def target(self):
        """A writable place, with its value."""
        name = self.array_variable(lambda v: v.flags.writeable)
        text, value = self.eval(f"{name}[{self.index_text(self.env[name].shape)}]" if self.rng.random() < 0.8 else f"{name}[...]")
        return text, value, name

    def store(self):
        rng = self.rng
        text, value, name = self.target()
        source, vs = self.operand(rng.randint(0, 2))
        if isinstance(vs, np.ndarray) and rng.random() < 0.7:
            np.broadcast_shapes(np.shape(value), vs.shape) if self.joins(value, vs) else self.stop()
        op = rng.choice(["=", "=", "+=", "-=", "*=", "//=", "/=", "%="])
        self.fits(op[:-1], vs, value)
        self.casts(vs, self.env[name].dtype)
        return [f"{text} {op} {source}"]

    def stop(self):
        raise Stop

    def joins(self, target, source):
        try:
            return np.broadcast_shapes(np.shape(target), np.shape(source)) == np.shape(target)
        except ValueError:
            return False

    def casts(self, value, dtype):
        """Casts whose result C does not say are left to other tests."""
        value = np.asarray(value)
        if value.dtype.kind in "fc" and dtype.kind in "iub" or value.dtype.kind == "c" and dtype.kind != "c":
            raise Stop

    def store_overlapping(self):
        """Both sides are views of one array."""
        rng = self.rng
        name = self.array_variable(lambda v: v.ndim and v.flags.writeable and min(v.shape) > 1)
        shape = self.env[name].shape
        left, right = [], []
        for n in shape[:rng.randint(1, len(shape))]:
            count = rng.randint(1, n)
            left.append(self.slice_of(n, count, 0))
            right.append(self.slice_of(n, count, int(left[-1].count("::") and left[-1][-1] or 1) if 0 else self.step_of(left[-1])))
        target, source = f"{name}[{', '.join(left)}]", f"{name}[{', '.join(right)}]"
        op = rng.choice(["=", "=", "+=", "-=", "*="])
        self.fits(op[:-1], self.env[name])
        more = rng.choice(["", "", " + 1", " * 2", f" + {name}[0]"]) if self.env[name].dtype.kind in "iuf" else ""
        return [f"{target} {op} {source}{more}"]

    def step_of(self, text):
        return int(text.split(":")[2])

    def slice_of(self, n, count, same):
        """A slice of count of n elements; steps of one sign that differ are D13's."""
        rng = self.rng
        most = (n - 1) // max(count - 1, 1) if count > 1 else 1
        size = rng.randint(1, max(1, min(most, 3)))
        step = same if same and (count - 1) * abs(same) < n and rng.random() < 0.7 else size * rng.choice([1, -1])
        if same and step * same > 0 and step != same:
            step = same
        span = (count - 1) * abs(step)
        if span >= n:
            raise Stop
        low = rng.randrange(n - span)
        start = low if step > 0 else low + span
        stop = start + step * count
        return f"{start}:{stop if stop >= 0 else ''}:{step}"

    def ufunc_out(self):
        rng = self.rng
        text, value, _ = self.target()
        if not isinstance(value, np.ndarray):
            raise Stop
        where = ""
        if rng.random() < 0.4:
            c, vc = self.condition(1)
            if not self.joins(value, vc):
                raise Stop
            where = f", where={c}"
        if rng.random() < 0.5:
            name = rng.choice(self.table.unary)
            a, va = self.array(1)
            self.fits(name, va)
            call = f"np.{name}({a}, out={text}{where})"
        else:
            name = rng.choice(self.table.binary)
            (a, va), (b, vb) = self.array(1), self.operand(0)
            self.fits(name, va, vb)
            call = f"np.{name}({a}, {b}, out={text}{where})"
            if name in ("ldexp", "left_shift", "right_shift", "power", "float_power"):
                raise Stop
        if not self.joins(value, va) or where and self.eval(re.sub(r", out=.*", ")", call))[1].dtype != value.dtype:
            raise Stop                                                  # NumPy writes what its buffer held
        return [call]

    def scatter(self):
        rng = self.rng
        name = self.array_variable(lambda v: v.ndim and v.flags.writeable)
        index = self.fancy_index(name)
        _, value = self.eval(f"{name}[{index}]")
        source, vs = self.scalar() if rng.random() < 0.5 else self.array(1)
        if isinstance(vs, np.ndarray) and not self.joins(value, vs):
            raise Stop
        self.casts(vs, self.env[name].dtype)
        if rng.random() < 0.2 and "," not in re.sub(r"\[.*?\]", "", index):
            return [f"np.add.at({name}, {index}, {source})"]
        op = rng.choice(["=", "=", "+=", "-=", "*="])
        self.fits(op[:-1], vs, value)
        return [f"{name}[{index}] {op} {source}"]

    def augment(self):
        rng = self.rng
        name = self.array_variable(lambda v: v.flags.writeable)
        value = self.env[name]
        source, vs = self.operand(1)
        if isinstance(vs, np.ndarray) and not self.joins(value, vs):
            raise Stop
        op = rng.choice(["+=", "-=", "*=", "|=", "&=", "^=", "/=", "//="])
        self.fits(op[:-1], value, vs)
        return [f"{name} {op} {source}"]

    def method_statement(self):
        rng = self.rng
        name = self.array_variable(lambda v: v.ndim and v.flags.writeable and v.size)
        value = self.env[name]
        n = value.size
        return [rng.choice([f"{name}.fill({self.scalar()[0]})", f"np.put({name}, {self.indices(n)}, {self.scalar()[0]})", f"np.copyto({name}, {self.scalar()[0]})",
                            f"np.fill_diagonal({name}, 1)", f"np.put_along_axis({name}, np.argmax({name}, axis=-1, keepdims=True), 1, axis=-1)"])]

    def loop(self):
        rng = self.rng
        roll = rng.random()
        name = self.array_variable(lambda v: v.ndim and v.flags.writeable and v.size)
        value = self.env[name]
        n = value.shape[0]
        if roll < 0.25:
            body = self.body(2)
            return [f"for i in range({rng.randint(0, 3)}):", *["    " + line for line in body]]
        if roll < 0.4:
            body = [f"    row {rng.choice(['+=', '-=', '*='])} {self.scalar()[0]}"] if value.ndim > 1 else [f"    {self.accumulator()} += row"]
            self.fits("*", value)
            return [f"for row in {name}:", *body]
        return self.element_loop(name, value, n)

    def accumulator(self):
        names = self.variables(lambda v: isinstance(v, np.ndarray) and v.ndim >= 1 and v.flags.writeable)
        if not names:
            raise Stop
        return self.rng.choice(names)

    def element_loop(self, name, value, n):
        """Loops over elements: stencils, carried values, sums."""
        rng = self.rng
        other = self.array_variable(lambda v: v.ndim == value.ndim and v.shape == value.shape and v.dtype.kind == value.dtype.kind)
        size = f"{name}.shape[0]" if rng.random() < 0.6 else str(n)
        low, high = rng.choice([("0", ""), ("1", ""), ("0", " - 1"), ("1", " - 1"), ("2", "")])
        i = rng.choice(["i", "i", "i - 1" if low != "0" else "i", "i + 1" if high else "i", "-1 - i", f"{size} - 1 - i", "i // 2"])
        op = rng.choice(["=", "+=", "-=", "*=", "="])
        head = f"for i in range({low}, {size}{high}):" if rng.random() < 0.8 else f"for i in range({size} - 1, 0, -1):"
        self.fits(op[:-1] or "+", value)
        rest = "" if value.ndim == 1 else rng.choice(["", ", j"]) if value.ndim == 2 else ""
        where = rng.choice(["", "", "1:"]) if value.ndim > 1 and not rest else ""
        where = f", {where}" if where else rest
        read = rng.choice([f"{other}[{i}{where}]", f"{name}[{i}{where}]", f"{other}[{i}{where}] + {name}[i{where}]", f"{other}[i{where}] * 2"])
        line = f"{name}[i{where}] {op} {read}"
        lines = [line] if not rng.random() < 0.25 else [f"if {other}[i{where.replace(', 1:', ', 0')}] > 1:" if not where or rest else "if i > 1:", f"    {line}"]
        if value.ndim > 1 and not rest and lines[0].startswith(f"if {other}[i] "):
            lines[0] = "if i % 2 == 0:"
        if rest:
            m = f"{name}.shape[1]" if rng.random() < 0.6 else str(value.shape[1])
            lines = [f"for j in range({rng.choice(['', '0, ', '1, ', '1, '])}{m}{rng.choice(['', ' - 1'])}):", *["    " + text for text in lines]]
        return [head, *["    " + text for text in lines]]

    def body(self, count):
        lines = []
        for _ in range(count):
            kind = self.rng.choice([self.store, self.store_overlapping, self.augment, self.reassign, self.scatter, self.ufunc_out])
            lines += kind()
        return lines

    def reassign(self):
        text, value = self.array(2)
        names = self.variables(lambda v: isinstance(v, np.ndarray) and isinstance(value, np.ndarray) and v.dtype == value.dtype and v.ndim == value.ndim)
        names = [n for n in names if n[0] == "v"]
        if not names:
            raise Stop
        return [f"{self.rng.choice(names)} = {text}"]

    def branch(self):
        rng = self.rng
        a, va = self.scalar()
        test = f"{a} {rng.choice(['>', '<', '!='])} {rng.choice(['0', '1', '2'])}"
        if rng.random() < 0.3:
            name = self.array_variable()
            test = rng.choice([f"np.any({name} > 1)", f"np.all({name} < 2)", f"len({name}) > 3" if self.env[name].ndim else "True"])
        lines = [f"if {test}:", *["    " + line for line in self.body(rng.randint(1, 2))]]
        if rng.random() < 0.5:
            lines += ["else:", *["    " + line for line in self.body(1)]]
        return lines

    # ---- the end ----

    def choose_results(self):
        rng = self.rng
        names = self.variables()
        self.results = rng.sample(names, min(len(names), 3))
        last = None
        if not self.loose and rng.random() < 0.25:
            last = self.bounded_result()
        if last:
            self.results.append(last)
        if self.wants_error:
            self.statements.append([self.failing()])

    def bounded_result(self):
        """A row that is exact to some ULP, of exact operands."""
        for _ in range(8):
            with contextlib.suppress(Stop):
                name = self.rng.choice(list(self.table.bounds))
                a, va = self.array(1)
                if np.asarray(va).dtype.kind == "c" or name not in self.table.unary + self.table.binary:
                    continue
                b, vb = self.operand(1) if name in self.table.binary else ("", 0)
                if getattr(vb, "dtype", np.dtype(bool)).kind == "c":
                    continue
                text, _ = self.eval(f"np.{name}({a}, {b})" if b else f"np.{name}({a})")
                self.bound = self.table.bounds[name]
                return text
        return None

    def failing(self):
        """A statement that raises, or may."""
        rng = self.rng
        names = self.variables(lambda v: isinstance(v, np.ndarray) and v.ndim)
        name = rng.choice(names) if names else "x0"
        k = rng.choice(["len(" + name + ")", "99", "-99", "int(sizes[19])"])
        return rng.choice([f"v0 = {name}[{k}]", f"{name}[{k}] = 1", f"v0 = {name}[np.array([0, {k}])]", f"v0 = np.take({name}, {k})",
                           f"v0 = {name}.reshape({name}.size + int(sizes[1]))", f"v0 = np.zeros({name}.size + int(sizes[1])) + {name}.ravel()",
                           "raise ValueError('stop')", f"assert {name}.size < 0", f"v0 = np.ones(int(sizes[3]) - 4)"])

    def source(self):
        lines = [f"def f{self.number}({', '.join(self.parameters)}):"]
        for statement in self.statements:
            lines += ["    " + line for line in statement]
        return "\n".join(lines + [f"    return {', '.join(self.results)},"]) + "\n\n\n"

    def runner(self):
        lines = [f"def run{self.number}():", f'    print("#{self.number}")']
        lines += [f"    {name} = {text}" for name, text in self.setup]
        lines.append(f"    r = f{self.number}({', '.join(self.arguments)})")
        for k in range(len(self.results)):
            array = k < len(self.kinds) and self.kinds[k]
            lines.append(f"    print('=', r[{k}].dtype, r[{k}].shape)" if array else "    print('=')")
            lines.append(f"    print(r[{k}])")
        return "\n".join(lines) + "\n\n\n"

    def settle(self):
        """Runs the whole under CPython for what it has to print; False where it is of no use."""
        space = dict(POOLS, np=np, sizes=SIZES)
        self.kinds, self.error = [], None
        out = io.StringIO()
        try:
            exec(HEAD + self.source(), space)
            for name, text in self.setup:
                exec(f"{name} = {text}", space)
            found = eval(f"f{self.number}({', '.join(self.arguments)})", space)
            if any(getattr(value, "dtype", np.dtype(bool)) not in SHORT or size_of(value) > 2000 for value in found):
                return False
            self.kinds = [isinstance(value, np.ndarray) for value in found]
        except Exception as error:
            self.error = type(error).__name__
            if not self.wants_error:
                return False
        with np.printoptions(precision=17, threshold=100000), contextlib.redirect_stdout(out), contextlib.suppress(Exception):
            exec(self.runner() + f"run{self.number}()\n", space)
        self.want = out.getvalue().partition("\n")[2]
        return True

    def smaller(self):
        """Copies without a statement, a line of a block, a result, an argument's annotation."""
        for k, statement in reversed(list(enumerate(self.statements))):
            if len(self.statements) > 1:
                yield self.changed(statements=self.statements[:k] + self.statements[k + 1:])
            for line in range(1, len(statement)):
                if len(statement) > 2:
                    yield self.changed(statements=self.statements[:k] + [statement[:line] + statement[line + 1:]] + self.statements[k + 1:])
        for k in range(len(self.results)):
            if len(self.results) > 1 and not (self.bound is not None and k == len(self.results) - 1):
                yield self.changed(results=self.results[:k] + self.results[k + 1:])
        for k, parameter in enumerate(self.parameters):
            if ":" in parameter:
                yield self.changed(parameters=self.parameters[:k] + [f"x{k}"] + self.parameters[k + 1:])
        if len(self.parameters) > 1 and not re.search(rf"\bx{len(self.parameters) - 1}\b", "".join(map("".join, self.statements)) + "".join(self.results)):
            yield self.changed(parameters=self.parameters[:-1], arguments=self.arguments[:-1])
        for k, (name, _) in enumerate(self.setup):
            if not re.search(rf"\b{name}\b", " ".join(self.arguments)):
                yield self.changed(setup=self.setup[:k] + self.setup[k + 1:])

    def changed(self, **fields):
        copy = object.__new__(Function)
        copy.__dict__.update(self.__dict__)
        copy.__dict__.update(fields)
        return copy


def program(functions):
    """The text, and whose each of its lines is."""
    body = "".join(f.source() + f.runner() for f in functions)
    used = sorted(name for name in POOLS if re.search(rf"\b{name}\b", body))
    text = HEAD + OPTIONS + "sizes: i64[:] = np.load('sizes.npy')\n" + "".join(f"{name}: {name[2:]}[{POOL}] = np.load('{name}.npy')\n" for name in used) + "\n\n"
    owners = {}
    for f in functions:
        part = f.source() + f.runner()
        first = text.count("\n") + 1
        owners |= {line: f.number for line in range(first, first + part.count("\n"))}
        text += part
    for start in range(0, len(functions), 20):
        text += f"def some{start}(wanted: int):\n"
        for f in functions[start:start + 20]:
            owners |= {text.count("\n") + 1: f.number, text.count("\n") + 2: f.number}
            text += f"    if wanted == {f.number}{'' if f.error else ' or wanted < 0'}:\n        run{f.number}()\n"
        text += "\n\n"
    text += "wanted = int(sys.argv[1])\n" + "".join(f"some{start}(wanted)\n" for start in range(0, len(functions), 20))
    return text, owners
