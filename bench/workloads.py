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


def nest(name, below=(), **sizes):
    return Workload(name, f"bench/nests/{name}", sizes, below=below)


NESTS = [
    nest("dot", n=100000),
    nest("saxpy", k=1.7, n=100000),
    nest("axpby32", n=100000),
    nest("prefix", n=100000),
    nest("running_max", n=100000),
    nest("argmax", n=100000),
    nest("row_range", n=500, m=700),
    nest("column_max", n=500, m=700),
    nest("matvec", n=600, m=500),
    nest("matvec_columns", n=600, m=500),
    nest("vecmat", n=600, m=500),
    nest("matmul_ikj", n=200, p=210, m=220),
    nest("matmul_jki", n=200, p=210, m=220),
    nest("matmul_ijk", n=200, p=210, m=220),
    nest("matmul_atb", p=210, n=200, m=220),
    nest("matmul_abt", p=210, n=200, m=220),
    nest("triangular", n=500),
    nest("lu", n=200),
    nest("cholesky", n=200),
    nest("floyd", n=150),
    nest("gauss_seidel", n=300, m=320),
    nest("heat3", n=40, m=50, p=60),
    nest("stencil7", n=50, m=60, p=70),
    nest("stencil27", n=40, m=50, p=60),
    nest("jacobi1", n=5000),
    nest("jacobi1_slices", n=5000),
    nest("row_dots", n=300, m=320),
    nest("running_columns", n=300, m=320),
    nest("blur_twice", h=300, w=320),
    nest("thomas", n=20000),
    nest("sad", n=4000, m=4063, shifts=64, below={"a": 256, "b": 256}),
    nest("window_max", n=20000, k=9),
    nest("close_pairs", n=1000),
    nest("conv_stride", h=301, w=321),
    nest("depthwise", h=64, w=64, c=32),
    nest("smooth_exp", n=300, m=320),
    nest("seven_point", n=60, m=64, k=68),
    nest("masked_mean", n=300, m=320, below={"keep": 2}),
    nest("complex_product", n=30000),
    nest("pivots", n=300),
    nest("digest", n=50000, below={"a": 256}),
    nest("hillshade", h=300, w=320),
    nest("trisolve_rows", n=120, m=130),
    nest("life", n=200, m=220, below={"a": 2}),
    nest("life8", n=400, m=420, below={"a": 2}),
    nest("sobel", n=300, m=320),
    nest("box_blur", n=300, m=320, radius=4),
    nest("histogram", n=100000, bins=256, below={"a": 256}),
    nest("gather", n=20000, m=100000, below={"at": 20000}),
    nest("scatter", m=100000, n=20000, below={"at": 20000}),
    nest("mandelbrot", n=100, m=120),
    nest("nbody", n=300),
    nest("distances", n=200, m=220, k=8),
    nest("correlate2", n=40000, s=21),
    nest("pool", n=200, m=220),
    nest("convolve32", v=256, w=256, s=5, t=5),
    nest("channels", c=8, v=60, w=70, o=10),
    nest("outer_update", n=300, m=320),
    nest("softmax", n=100, m=200),
    nest("softmax_array", n=100, m=200),
    nest("normalise", n=300, m=320),
    nest("where_clip", n=100000),
    nest("horner", n=10000, k=12),
    nest("image_sum", n=500, m=640, below={"a": 256}),
    nest("power", n=200),
    nest("levenshtein", n=300, m=320, below={"a": 5, "b": 5}),
    nest("row_max", n=500, m=700),
    nest("row_max_array", n=500, m=700),
    nest("collatz", n=3000),
    nest("choices", n=300, m=320),
    nest("transpose", n=500, m=510),
    nest("transpose_array", n=500, m=510),
    nest("strided", n=30000),
    nest("reversed_copy", n=100000),
    nest("reversed_rows", n=300, m=320),
    nest("temporaries", n=50000),
    nest("variance", n=300, m=320),
    nest("wave", n=5000),
    nest("bubble", n=500),
    nest("sieve", n=100000),
    nest("symmetric", n=200, m=100),
    nest("bilinear", n=200, m=220),
    nest("count", n=100000, low=-0.5, high=0.3),
    nest("matmul_operator", n=200, p=210, m=220),
    nest("matmul32", n=200, p=210, m=220),
    nest("tridiagonal", n=20000),
    nest("median3", n=300, m=320),
    nest("dilate", n=150, m=160),
    nest("nearest", n=300, m=310),
    nest("biquad", n=20000),
    nest("integral_image", n=300, m=320),
    nest("smooth_columns", n=300, m=320, k=0.3),
    nest("covariance", n=300, m=60),
    nest("upsample", n=150, m=160),
    nest("red_black", n=300, m=320),
    nest("sparse", n=3000, k=12, m=3000, below={"columns": 3000}),
    nest("changes", n=50000, below={"a": 3}),
    nest("quantise", n=300, m=320),
    nest("grey", n=200, m=220),
    nest("blend", n=300, m=320, below={"a": 256, "b": 256, "k": 256}),
    nest("add_transposed", n=400),
    nest("batched", n=3000),
    nest("knapsack", n=100, room=1000, below={"weights": 300}),
    nest("black_scholes", n=10000),
    nest("haar", n=20000),
    nest("random_walk", n=20000),
    nest("upwind", n=50000),
    nest("back_substitute", n=300),
    nest("leapfrog2", n=120, m=130, steps=10),
    nest("smooth32", n=50000),
    nest("inversions", n=1500),
    nest("below_row_max", n=300, m=320),
    nest("outer_min", n=300, m=320),
    nest("rotate3", n=10000),
    nest("energy_above", n=300, m=320, limit=0.1),
    nest("erode8", n=300, m=320, below={"a": 256}),
    nest("scaled_transpose32", n=300, m=320),
    nest("suffix_rows", n=300, m=320),
    nest("time_warp", n=200, m=220),
    nest("weigh_middle", n=40, m=50, p=60),
    nest("lookup", n=50000, k=256, below={"x": 300}),
    nest("slope32", n=50000),
    nest("block_mean", n=300, m=320),
    nest("palindrome", n=50000),
    nest("checksum", n=50000, below={"a": 256}),
    nest("syrk", n=150, m=120),
    nest("fdtd", n=5000),
    nest("deriche", n=300, m=320),
    nest("mix32", n=50000, below={"a": 4294967296}),
    nest("hamming", n=100000, below={"a": 3, "b": 3}),
    nest("inverse3", n=10000),
    nest("clusters", n=2000, d=3, k=8),
    nest("search", n=10000, m=1000),
    nest("words", n=100000, below={"a": 64}),
    nest("luma", n=200, m=220, below={"a": 256}),
    nest("decay32", n=50000),
    nest("likelihood", n=20000),
    nest("pairings", n=120, below={"s": 4}),
    nest("deposit", n=50000, cells=1000),
    nest("first_above", n=50000, t=1.5),
    nest("picked_rows", n=200, m=300, below={"p": 200}),
    nest("diagonal_sums", n=300),
    nest("blur8", n=300, m=320, below={"a": 256}),
    nest("leaky32", n=200, m=300),
    nest("padded", n=200, m=250),
    nest("wrapped", n=200, m=250),
    nest("newton", n=5000),
    nest("merge", n=8000, m=9000),
    nest("insertion", n=800),
]


def array(name, source, below=(), **sizes):
    """A program of whole arrays, which is also what one writes with NumPy."""
    return Workload(name, f"bench/arrays/{source}", sizes, below=below, numpy="the file")


ARRAYS = [
    array("options 1e6", "options", n=1000000, r=0.02, v=0.3),
    array("sum 1e5", "total", n=100000, below={"a": 7}),
    array("sum 1e7", "total", n=10000000, below={"a": 7}),
    array("variance 1e6", "spread", n=1000000),
    array("variance of rows 1000^2", "spread_rows", n=1000, m=1000),
    array("variance of columns 1000^2", "spread_columns", n=1000, m=1000),
    array("largest of rows 1000^2", "largest_rows", n=1000, m=1000),
    array("largest of columns 1000^2", "largest_columns", n=1000, m=1000),
    array("distances of 500 * 500 points", "pairwise", n=500, m=500, k=3),
    array("softmax in f32 500 * 400", "softmax32", n=500, m=400),
    array("bodies 300", "pull", n=300),
    array("mandelbrot 200 * 300", "escape", n=200, m=300, rounds=50),
    array("masked sum 1e6", "masked_sum", n=1000000, limit=3.0, below={"a": 7}),
    array("compress 1e6", "compress", n=1000000, limit=0.1),
    array("gather 1e6 of 1e5", "taken", n=100000, m=1000000, below={"at": 100000}),
    array("counts 1e6", "counts", n=1000000, below={"a": 256}),
    array("histogram 1e6", "bins", n=1000000),
]
