"""Measures a workload: all versions on the same inputs, warm, in turn, on one pinned thread, in thread CPU time."""
import ctypes
import os
import time

import build
import signature

ALTERNATIONS = 9
SAMPLE = 0.008  # seconds that a sample takes at least
LONG = 0.25  # seconds a call of NumPy's above which fewer alternations must do

BYTES = {"f64": 8, "i64": 8, "f32": 4, "u32": 4, "u8": 1}
i64, f64 = ctypes.c_int64, ctypes.c_double
_harness = None


def harness():
    global _harness
    if not _harness:
        _harness = ctypes.CDLL(os.path.abspath(f"{build.WORK}/harness.so"))
        for name in ("sample", "peak_fma", "bandwidth"):
            getattr(_harness, name).restype = f64
        _harness.new_array.restype = ctypes.c_void_p
    return _harness


def pin():
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


# The machine ----------------------------------------------------------------------------------------------------

def cache_bytes(level):
    """The size of the cache of that level as the kernel knows it, or 0."""
    for index in range(1, 5):
        folder = f"/sys/devices/system/cpu/cpu0/cache/index{index}"
        try:
            with open(folder + "/level") as number, open(folder + "/type") as kind, open(folder + "/size") as size:
                if int(number.read()) == level and kind.read().strip() != "Instruction":
                    return int(size.read().strip().rstrip("K")) * 1024
        except (OSError, ValueError):
            pass
    return 0


def machine():
    sizes = [("L1", cache_bytes(1) or 32 << 10), ("L2", cache_bytes(2) or 512 << 10), ("L3", cache_bytes(3))]
    biggest = max(size for _, size in sizes)
    blocks = [(name, size, size // 2 if name != "L3" else size // 4) for name, size in sizes if size]
    blocks.append(("memory", 0, max(128 << 20, min(4 * biggest, 512 << 20))))
    levels = [{"name": name, "bytes": size, "read": harness().bandwidth(i64(block), 0),
               "write": harness().bandwidth(i64(block), 1)} for name, size, block in blocks]
    return {"fma": harness().peak_fma(), "levels": levels}


def limit(machine, flops, read, written):
    """What bounds a workload from below, and its time at that bound: the multiply-adds, or what must be read and
    written at the speed of the level that holds it all."""
    level = next(one for one in machine["levels"] if read + written <= one["bytes"] or not one["bytes"])
    bounds = [(flops / machine["fma"], "FMA"), (read / level["read"], level["name"] + " read"),
              (written / level["write"], level["name"] + " write")]
    return max(bounds)


# Arguments ------------------------------------------------------------------------------------------------------

class Array:
    """Memory that C and NumPy share."""

    def __init__(self, argument, sizes):
        self.dtype, self.shape, self.count = argument.dtype, [], 1
        for axis in argument.shape:
            self.shape.append(eval(axis, {}, sizes))
            self.count *= self.shape[-1]
        self.bytes = self.count * BYTES[self.dtype]
        self.address = harness().new_array(i64(max(self.bytes, 1)))

    def fill(self, seed, below):
        rule = getattr(harness(), "fill_" + self.dtype)
        limit = [] if "f" in self.dtype else [i64(below)]
        rule(ctypes.c_void_p(self.address), i64(self.count), i64(seed), *limit)
        if "f" in self.dtype and below:  # whole numbers: sums agree in any order
            kind = f64 if self.dtype == "f64" else ctypes.c_float
            values = (kind * self.count).from_address(self.address)
            values[:] = [i % below for i in range(self.count)]

    def content(self):
        return ctypes.string_at(self.address, self.bytes)

    def numpy(self, numpy):
        names = {"f64": "float64", "f32": "float32", "i64": "int64", "u32": "uint32", "u8": "uint8"}
        memory = (ctypes.c_char * max(self.bytes, 1)).from_address(self.address)
        return numpy.frombuffer(memory, names[self.dtype], self.count).reshape(self.shape)

    def __del__(self):
        ctypes.CDLL(None).free(ctypes.c_void_p(self.address))


class Call:
    """A version of a workload that C calls, with arguments in place and results of its own."""

    def __init__(self, entry, function, inputs, sizes, loops=False):
        self.entry, self.loops = entry, loops
        self.results = [Array(result, sizes) for result in function.results]
        words, doubles = [], []
        for argument in function.arguments:
            if argument.kind == "size":
                words.append(sizes[argument.name])
            elif argument.kind == "array":
                words.append(inputs[argument.name].address)
            else:
                (doubles if argument.dtype == "f64" else words).append(sizes[argument.name])
        self.calls_at = len(words)
        words += [1] if loops else []
        words += [result.address for result in self.results[:1] if loops] or [r.address for r in self.results]
        self.words = (i64 * 12)(*words)
        self.doubles = (f64 * 4)(*doubles)

    def sample(self, calls):
        """Seconds a call."""
        outer = calls
        if self.loops:
            self.words[self.calls_at], outer = calls, 1
        seconds = harness().sample(self.entry, self.words, self.doubles, i64(outer))
        return seconds / (calls if self.loops else 1)


class NumpyCall:
    def __init__(self, function, arguments):
        self.function, self.arguments = function, arguments

    def sample(self, calls):
        start = time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID)
        for _ in range(calls):
            self.function(*self.arguments)
        return (time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) - start) / calls


def numpy_call(workload, text, function, inputs, sizes):
    """NumPy's version where NumPy is and the workload has one: its own, or the .mnp file itself."""
    try:
        import numpy
    except ImportError:
        return None
    given = [inputs[a.name].numpy(numpy) if a.kind == "array" else sizes[a.name]
             for a in function.arguments if a.kind != "size"]
    if workload.numpy == "the file":
        module = {"__name__": workload.function}
        exec(compile(text, workload.source + ".mnp", "exec"), module)
        return NumpyCall(module[workload.function], given)
    return NumpyCall(workload.numpy, given) if workload.numpy else None


# Measuring ------------------------------------------------------------------------------------------------------

def versions(workload, text, function, inputs):
    library = ctypes.CDLL(os.path.abspath(f"{build.WORK}/{os.path.basename(workload.source)}.so"))
    calls = {}
    for version, suffix in (("mnp", ""), ("clang", "_clang"), ("gcc", "_gcc"), ("expert", "_expert")):
        entry = getattr(library, workload.function + suffix, None)
        if entry:
            calls[version] = Call(entry, function, inputs, workload.sizes)
    own = getattr(library, workload.function + "_own", None)
    if own:
        calls["own"] = Call(own, function, inputs, workload.sizes, loops=True)
    numpy = numpy_call(workload, text, function, inputs, workload.sizes)
    if numpy:
        calls["numpy"] = numpy
    return calls


def alternate(calls):
    """For each version the times of its samples, in turn with the others."""
    counts, times = {}, {version: [] for version in calls}
    for version, call in calls.items():
        once = call.sample(1)
        once = call.sample(1) if 0 <= once < LONG else once
        counts[version] = (max(1, int(SAMPLE / max(once, 1e-8))), once)
    for alternation in range(ALTERNATIONS):
        for version, call in calls.items():
            count, once = counts[version]
            if version != "numpy" or once < LONG or alternation % 4 == 0:
                times[version].append(call.sample(count))
    return times


def quartile(values, k):
    ordered = sorted(values)
    return ordered[k * (len(ordered) - 1) // 4]


def compared(calls):
    """Whether the versions agree with clang's: to the bit, nearly (relative to the largest), or not."""
    verdict = "same bits"
    for version in ("mnp", "gcc", "expert"):
        for mine, right in zip(calls[version].results, calls["clang"].results) if version in calls else ():
            if mine.content() == right.content():
                continue
            if mine.dtype not in ("f64", "f32"):
                return "DIFFERENT"
            kind = f64 if mine.dtype == "f64" else ctypes.c_float
            a, b = ((kind * mine.count).from_address(one.address) for one in (mine, right))
            error = max(abs(x - y) for x, y in zip(a, b)) / max(max(abs(y) for y in b), 1e-300)
            if not error < (1e-11 if mine.dtype == "f64" else 1e-4):
                return "DIFFERENT"
            if version == "mnp":
                verdict = f"within {error:.0e}"
    return verdict


def measure(workload, machine):
    with open(workload.source + ".mnp") as file:
        text = file.read()
    function = next(f for f in signature.functions(text) if f.name == workload.function)
    inputs = {a.name: Array(a, workload.sizes) for a in function.arguments if a.kind == "array"}
    for seed, (name, array) in enumerate(inputs.items()):
        array.fill(seed, workload.below.get(name, 0))
    calls = versions(workload, text, function, inputs)
    against = workload.against and ctypes.CDLL(
        os.path.abspath(f"{build.WORK}/{os.path.basename(workload.against)}.so"))
    baseline = "clang"
    if against:
        baseline = "against"
        entry = getattr(against, os.path.basename(workload.against) + "_clang")
        calls["against"] = Call(entry, function, inputs, workload.sizes)
    times = alternate(calls)
    if min(map(min, times.values())) < 0:
        return {"name": workload.name, "error": "a version fails"}
    ratios = [mine / other for mine, other in zip(times["mnp"], times[baseline])]
    medians = {version: quartile(values, 2) for version, values in times.items()}
    read, written = (sum(array.bytes for array in arrays) for arrays in (inputs.values(), calls["mnp"].results))
    bound, name = limit(machine, workload.flops, read, written)
    return {"name": workload.name, "ms": {version: t * 1e3 for version, t in medians.items()},
            "ratio": quartile(ratios, 2), "quartiles": [quartile(ratios, 1), quartile(ratios, 3)],
            "gflops": workload.flops / medians["mnp"] * 1e-9, "gbytes": (read + written) / medians["mnp"] * 1e-9,
            "limit": name, "fraction": bound / medians["mnp"], "bar": workload.bar, "results": compared(calls)}
