"""What bench/run measures: a row a workload, with its sizes, its arithmetic, the bar, and NumPy's spelling of it."""
import os


class Workload:
    """source: the path of .mnp and .c without their endings; sizes: the size variables and scalar arguments;
    below: for arrays of whole numbers their limit; against: the C that the ratio is to, where it is not its own;
    numpy: a function of the same arguments, or "the file" where the .mnp file is what one writes with NumPy."""

    def __init__(self, name, source, sizes, flops=0, bar=1.0, numpy=None, function=None, below=(), against=None):
        self.name, self.source, self.sizes, self.flops, self.bar = name, source, sizes, flops, bar
        self.numpy, self.function, self.against = numpy, function or os.path.basename(source), against
        self.below = dict(below)


def folder(name):
    return f"bench/{name}/{name}"


def numpy_convolve(f, g):
    import numpy as np
    (v, w), (s, t) = f.shape, g.shape
    h = np.zeros((v + s - 1, w + t - 1))
    for p in range(s):
        for q in range(t):
            h[p:p + v, q:q + w] += g[p, q] * f
    return h


def numpy_convolve_axis(f, g):
    import numpy as np
    return np.convolve(f, g)


def numpy_jacobi(u):
    import numpy as np
    v = np.zeros(u.shape)
    v[1:-1, 1:-1] = 0.25 * (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:])
    return v


def numpy_matmul(a, b):
    return a @ b


def convolve(side, taps, bar, name="", source="convolve", **more):
    return Workload(f"convolve{name} {side}^2 {taps}x{taps}", folder(source), dict(v=side, w=side, s=taps, t=taps),
                    2.0 * side**2 * taps**2, bar, numpy=more.pop("numpy", numpy_convolve), **more)


WORKLOADS = [
    convolve(256, 3, 0.06),
    convolve(256, 3, 0.06, ", array form", "convolve_array", numpy="the file", against=folder("convolve")),
    convolve(200, 9, 0.065),
    convolve(1024, 5, 0.065),
    convolve(1024, 15, 0.05),
    Workload("convolve, one axis 1e6 * 65", folder("convolve_axis"), dict(v=1000000, s=65), 2.0 * 1e6 * 65, 0.08,
             numpy=numpy_convolve_axis),
    Workload("jacobi 1000^2", folder("jacobi"), dict(n=1000, m=1000), 4e6, numpy=numpy_jacobi),
    Workload("matmul 512", folder("matmul"), dict(n=512, k=512, m=512), 2.0 * 512**3, numpy=numpy_matmul),
    Workload("sums of rows 1000^2", folder("sums"), dict(n=1000, m=1000), 1e6, numpy="the file", function="rowsum",
             below={"a": 7}),
    Workload("sums of columns 1000^2", folder("sums"), dict(n=1000, m=1000), 1e6, numpy="the file", function="colsum"),
    Workload("chain 1e5", folder("chain"), dict(n=100000), 6e5, numpy="the file"),
    Workload("9-point stencil 1000^2", folder("stencil"), dict(n=1000, m=1000), 1.8e7, numpy="the file"),
]

NESTS = []
