/* near.c: what is said of a name that a module, an array or a function does not have: whether NumPy has it, and which name
 * was probably meant, or does the same. */
#include "check/call.h"

#include "syntax/modules.h"

/* The names of NumPy 2.4, and of Python's math. */
static const char *const numpy_names[] = {
    "False_", "ScalarType", "True_", "abs", "absolute", "acos", "acosh", "add", "all", "allclose", "amax", "amin",
    "angle", "any", "append", "apply_along_axis", "apply_over_axes", "arange", "arccos", "arccosh", "arcsin",
    "arcsinh", "arctan", "arctan2", "arctanh", "argmax", "argmin", "argpartition", "argsort", "argwhere", "around",
    "array", "array2string", "array_equal", "array_equiv", "array_repr", "array_split", "array_str", "asanyarray",
    "asarray", "asarray_chkfinite", "ascontiguousarray", "asfortranarray", "asin", "asinh", "asmatrix", "astype",
    "atan", "atan2", "atanh", "atleast_1d", "atleast_2d", "atleast_3d", "average", "bartlett", "base_repr",
    "binary_repr", "bincount", "bitwise_and", "bitwise_count", "bitwise_invert", "bitwise_left_shift", "bitwise_not",
    "bitwise_or", "bitwise_right_shift", "bitwise_xor", "blackman", "block", "bmat", "bool", "bool_", "broadcast",
    "broadcast_arrays", "broadcast_shapes", "broadcast_to", "busday_count", "busday_offset", "busdaycalendar", "byte",
    "bytes_", "c_", "can_cast", "cbrt", "cdouble", "ceil", "char", "character", "choose", "clip", "clongdouble",
    "column_stack", "common_type", "complex128", "complex256", "complex64", "complexfloating", "compress", "concat",
    "concatenate", "conj", "conjugate", "convolve", "copy", "copysign", "copyto", "core", "corrcoef", "correlate",
    "cos", "cosh", "count_nonzero", "cov", "cross", "csingle", "ctypeslib", "cumprod", "cumsum", "cumulative_prod",
    "cumulative_sum", "datetime64", "datetime_as_string", "datetime_data", "deg2rad", "degrees", "delete", "diag",
    "diag_indices", "diag_indices_from", "diagflat", "diagonal", "diff", "digitize", "divide", "divmod", "dot",
    "double", "dsplit", "dstack", "dtype", "dtypes", "e", "ediff1d", "einsum", "einsum_path", "emath", "empty",
    "empty_like", "equal", "errstate", "euler_gamma", "exceptions", "exp", "exp2", "expand_dims", "expm1", "extract",
    "eye", "f2py", "fabs", "fft", "fill_diagonal", "finfo", "fix", "flatiter", "flatnonzero", "flexible", "flip",
    "fliplr", "flipud", "float128", "float16", "float32", "float64", "float_power", "floating", "floor",
    "floor_divide", "fmax", "fmin", "fmod", "format_float_positional", "format_float_scientific", "frexp",
    "from_dlpack", "frombuffer", "fromfile", "fromfunction", "fromiter", "frompyfunc", "fromregex", "fromstring",
    "full", "full_like", "gcd", "generic", "genfromtxt", "geomspace", "get_include", "get_printoptions", "getbufsize",
    "geterr", "geterrcall", "gradient", "greater", "greater_equal", "half", "hamming", "hanning", "heaviside",
    "histogram", "histogram2d", "histogram_bin_edges", "histogramdd", "hsplit", "hstack", "hypot", "i0", "identity",
    "iinfo", "imag", "index_exp", "indices", "inexact", "inf", "info", "inner", "insert", "int16", "int32", "int64",
    "int8", "int_", "intc", "integer", "interp", "intersect1d", "intp", "invert", "is_busday", "isclose", "iscomplex",
    "iscomplexobj", "isdtype", "isfinite", "isfortran", "isin", "isinf", "isnan", "isnat", "isneginf", "isposinf",
    "isreal", "isrealobj", "isscalar", "issubdtype", "iterable", "ix_", "kaiser", "kron", "lcm", "ldexp",
    "left_shift", "less", "less_equal", "lexsort", "lib", "linalg", "linspace", "little_endian", "load", "loadtxt",
    "log", "log10", "log1p", "log2", "logaddexp", "logaddexp2", "logical_and", "logical_not", "logical_or",
    "logical_xor", "logspace", "long", "longdouble", "longlong", "ma", "mask_indices", "matmul", "matrix",
    "matrix_transpose", "matvec", "max", "maximum", "may_share_memory", "mean", "median", "memmap", "meshgrid",
    "mgrid", "min", "min_scalar_type", "minimum", "mintypecode", "mod", "modf", "moveaxis", "multiply", "nan",
    "nan_to_num", "nanargmax", "nanargmin", "nancumprod", "nancumsum", "nanmax", "nanmean", "nanmedian", "nanmin",
    "nanpercentile", "nanprod", "nanquantile", "nanstd", "nansum", "nanvar", "ndarray", "ndenumerate", "ndim",
    "ndindex", "nditer", "negative", "nested_iters", "newaxis", "nextafter", "nonzero", "not_equal", "number",
    "object_", "ogrid", "ones", "ones_like", "outer", "packbits", "pad", "partition", "percentile", "permute_dims",
    "pi", "piecewise", "place", "poly", "poly1d", "polyadd", "polyder", "polydiv", "polyfit", "polyint", "polymul",
    "polynomial", "polysub", "polyval", "positive", "pow", "power", "printoptions", "prod", "promote_types", "ptp",
    "put", "put_along_axis", "putmask", "quantile", "r_", "rad2deg", "radians", "random", "ravel",
    "ravel_multi_index", "real", "real_if_close", "rec", "recarray", "reciprocal", "record", "remainder", "repeat",
    "require", "reshape", "resize", "result_type", "right_shift", "rint", "roll", "rollaxis", "roots", "rot90",
    "round", "row_stack", "s_", "save", "savetxt", "savez", "savez_compressed", "sctypeDict", "searchsorted",
    "select", "set_printoptions", "setbufsize", "setdiff1d", "seterr", "seterrcall", "setxor1d", "shape",
    "shares_memory", "short", "show_config", "show_runtime", "sign", "signbit", "signedinteger", "sin", "sinc",
    "single", "sinh", "size", "sort", "sort_complex", "spacing", "split", "sqrt", "square", "squeeze", "stack", "std",
    "str_", "strings", "subtract", "sum", "swapaxes", "take", "take_along_axis", "tan", "tanh", "tensordot", "test",
    "testing", "tile", "timedelta64", "trace", "transpose", "trapezoid", "tri", "tril", "tril_indices",
    "tril_indices_from", "trim_zeros", "triu", "triu_indices", "triu_indices_from", "true_divide", "trunc",
    "typecodes", "typename", "typing", "ubyte", "ufunc", "uint", "uint16", "uint32", "uint64", "uint8", "uintc",
    "uintp", "ulong", "ulonglong", "union1d", "unique", "unique_all", "unique_counts", "unique_inverse",
    "unique_values", "unpackbits", "unravel_index", "unsignedinteger", "unstack", "unwrap", "ushort", "vander", "var",
    "vdot", "vecdot", "vecmat", "vectorize", "void", "vsplit", "vstack", "where", "zeros", "zeros_like",
};

static const char *const math_names[] = {
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "comb", "copysign", "cos", "cosh",
    "degrees", "dist", "e", "erf", "erfc", "exp", "exp2", "expm1", "fabs", "factorial", "floor", "fmod", "frexp",
    "fsum", "gamma", "gcd", "hypot", "inf", "isclose", "isfinite", "isinf", "isnan", "isqrt", "lcm", "ldexp",
    "lgamma", "log", "log10", "log1p", "log2", "modf", "nan", "nextafter", "perm", "pi", "pow", "prod", "radians",
    "remainder", "sin", "sinh", "sqrt", "tan", "tanh", "tau", "trunc", "ulp",
};

/* The attributes and methods of NumPy's arrays. */
static const char *const array_names[] = {
    "T", "all", "any", "argmax", "argmin", "argpartition", "argsort", "astype", "base", "byteswap", "choose", "clip",
    "compress", "conj", "conjugate", "copy", "ctypes", "cumprod", "cumsum", "data", "device", "diagonal", "dot",
    "dtype", "dump", "dumps", "fill", "flags", "flat", "flatten", "getfield", "imag", "item", "itemsize", "mT", "max",
    "mean", "min", "nbytes", "ndim", "nonzero", "partition", "prod", "put", "ravel", "real", "repeat", "reshape",
    "resize", "round", "searchsorted", "setfield", "setflags", "shape", "size", "sort", "squeeze", "std", "strides",
    "sum", "swapaxes", "take", "to_device", "tobytes", "tofile", "tolist", "trace", "transpose", "var", "view",
};

/* The methods of Python's strings. */
static const char *const string_names[] = {
    "capitalize", "casefold", "center", "count", "encode", "endswith", "expandtabs", "find", "format", "format_map",
    "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric",
    "isprintable", "isspace", "istitle", "isupper", "join", "ljust", "lower", "lstrip", "maketrans", "partition",
    "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip", "split",
    "splitlines", "startswith", "strip", "swapcase", "title", "translate", "upper", "zfill",
};

static const char *const array_attributes[] = {"T", "dtype", "flags", "imag", "itemsize", "mT", "nbytes", "ndim", "real",
                                               "shape", "size", "strides"};

/* What to write for what is missing; `gone`: NumPy 2 has it no more. */
static const struct {
    const char *name, *instead;
    bool gone;
} others[] = {
    {"apply_along_axis", "a loop over the rows", false},
    {"apply_over_axes", "a reduction with axis=(...)", false},
    {"asmatrix", "np.array", false},
    {"bmat", "np.concatenate", false},
    {"c_", "np.stack((a, b), axis=1)", false},
    {"choose", "np.where", false},
    {"errstate", "nothing: no warnings are issued", false},
    {"frompyfunc", "a function of arrays, or a loop", false},
    {"genfromtxt", "np.loadtxt", false},
    {"matrix", "np.array", false},
    {"nditer", "loops over the indices", false},
    {"ndenumerate", "loops over the indices", false},
    {"ndindex", "nested loops over range", false},
    {"piecewise", "np.where", false},
    {"r_", "np.concatenate", false},
    {"savez", "np.save, a file an array", false},
    {"savez_compressed", "np.save, a file an array", false},
    {"seterr", "nothing: no warnings are issued", false},
    {"vectorize", "a function of arrays, or a loop", false},
    {"alltrue", "np.all", true},
    {"asscalar", "a.item()", true},
    {"bool8", "np.bool", true},
    {"cast", "a.astype", true},
    {"complex", "complex", true},
    {"complex_", "np.complex128", true},
    {"cumproduct", "np.cumprod", true},
    {"float", "float", true},
    {"float_", "np.float64", true},
    {"in1d", "np.isin", true},
    {"Inf", "np.inf", true},
    {"infty", "np.inf", true},
    {"int", "int", true},
    {"mat", "np.array", true},
    {"msort", "np.sort(a, axis=0)", true},
    {"NaN", "np.nan", true},
    {"NAN", "np.nan", true},
    {"object", "a dtype of numbers", true},
    {"product", "np.prod", true},
    {"round_", "np.round", true},
    {"row_stack", "np.vstack", false},
    {"sometrue", "np.any", true},
    {"trapz", "np.trapezoid", true},
};

/* Names of other languages, and of Python 2. */
static const char *const habits[][2] = {
    {"true", "True"},       {"false", "False"},  {"null", "None"},      {"nil", "None"},      {"NULL", "None"},
    {"none", "None"},       {"TRUE", "True"},    {"FALSE", "False"},    {"xrange", "range"},  {"raw_input", "sys.argv"},
    {"unicode", "str"},     {"long", "int"},     {"double", "float"},   {"sqrt", "math.sqrt"}, {"pi", "math.pi"},
    {"printf", "print"},    {"println", "print"}, {"fabs", "abs"},      {"this", "a parameter"},
};

typedef VEC(const char *) Words;

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static bool among(const char *const *names, int count, const char *name) {
    for (int i = 0; i < count; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

/* The functions of one module that mnp has. */
static Words functions_of(Arena *arena, const char *module) {
    Words words = {0};
    for (int i = 0; i < function_count(); i++) {
        const FunctionInfo *info = function_at(i);
        if (info && !strcmp(info->module, module))
            VEC_PUSH(arena, words, info->name);
    }
    for (const TextFile *file = standard_files; file->path && !strcmp(module, "np"); file++)
        for (const char *at = strstr(file->text, "\ndef "); at; at = strstr(at + 1, "\ndef "))
            if (at[5] != '_')
                VEC_PUSH(arena, words, arena_strndup(arena, at + 5, strcspn(at + 5, "(")));
    return words;
}

static bool has_name(const char *module, const char *name) {
    if (!strcmp(module, "np"))
        return among(numpy_names, COUNT(numpy_names), name);
    return !strcmp(module, "math") && among(math_names, COUNT(math_names), name);
}

/* The name of a module's that was meant: of what mnp has first, of what the module has then. */
static const char *nearest_of(Arena *arena, const char *module, const char *name) {
    Words words = functions_of(arena, module);
    const char *nearest = name_nearest(name, words.data, words.count);
    if (nearest)
        return nearest;
    if (!strcmp(module, "np"))
        return name_nearest(name, numpy_names, COUNT(numpy_names));
    return !strcmp(module, "math") ? name_nearest(name, math_names, COUNT(math_names)) : NULL;
}

void near_module(Scope *s, const char *module, const Ast *node) {
    Arena *arena = s->checker->arena;
    Name name = node->as.attribute.name;
    const char *spelled = !strcmp(module, "np") ? "numpy" : module;
    for (int i = 0; i < COUNT(others) && !strcmp(module, "np"); i++) {
        if (strcmp(others[i].name, name))
            continue;
        if (others[i].gone)
            diag_help(diag_error(node->span, DIAG_UNKNOWN_ATTRIBUTE, "NumPy 2 has no '%s' any more", name), "write %s",
                      others[i].instead);
        else
            diag_unsupported(node->span, arena_printf(arena, "numpy.%s", name), others[i].instead);
        return;
    }
    bool known = has_name(module, name), closed = !strcmp(module, "np") || !strcmp(module, "math");
    if (known || !closed) {
        Diag *diag = diag_unsupported(node->span, arena_printf(arena, "%s.%s", spelled, name), NULL);
        if (closed)
            diag_help(diag, "'mnp ops' lists the functions that work");
        else
            diag_help(diag, "of %s there %s", module, !strcmp(module, "sys") ? "are argv and exit" : "is perf_counter");
        return;
    }
    Diag *diag = diag_error(node->as.attribute.name_span, DIAG_UNKNOWN_ATTRIBUTE, "%s has no '%s'", spelled, name);
    const char *nearest = nearest_of(arena, module, name);
    if (nearest)
        diag_help(diag, "did you mean '%s'?", nearest);
    else
        diag_help(diag, "'mnp ops' lists the functions that work");
}

void near_attribute(Scope *s, const Type *type, Name name, Span span) {
    Arena *arena = s->checker->arena;
    bool array = type->kind == TYPE_ARRAY;
    if (array && among(array_names, COUNT(array_names), name)) {
        Diag *diag = diag_unsupported(span, arena_printf(arena, "the attribute '%s' of an array", name), NULL);
        if (function_find("np", name))
            diag_help(diag, "write np.%s(...)", name);
        else
            diag_help(diag, "'mnp ops' lists the methods that work, as array.NAME");
        return;
    }
    if (type->kind == TYPE_STRING && among(string_names, COUNT(string_names), name)) {
        diag_unsupported(span, arena_printf(arena, "the method '%s' of a string", name), "f-strings, slices, split and join");
        return;
    }
    if (type->kind == TYPE_FUNCTION) {
        diag_unsupported(span, arena_printf(arena, "the attribute '%s' of a function", name), "a variable");
        return;
    }
    Diag *diag = diag_error(span, DIAG_UNKNOWN_ATTRIBUTE, "%s has no attribute '%s'", type_print(arena, type), name);
    if (!array)
        return;
    Words words = functions_of(arena, "array");
    for (int i = 0; i < COUNT(array_attributes); i++)
        VEC_PUSH(arena, words, array_attributes[i]);
    const char *nearest = name_nearest(name, words.data, words.count);
    if (nearest)
        diag_help(diag, "did you mean '%s'?", nearest);
    else if (function_find("np", name))
        diag_help(diag, "write np.%s(...)", name);
}

void near_keyword(Scope *s, const FunctionInfo *info, const Ast *keyword) {
    Arena *arena = s->checker->arena;
    Words words = {0};
    for (const char *at = info->parameters; *at;) {
        size_t length = strcspn(at, ",=*/ ");
        if (length)
            VEC_PUSH(arena, words, arena_strndup(arena, at, length));
        at += strcspn(at, ",");
        at += strspn(at, ", ");
    }
    Name name = keyword->as.keyword.name;
    const char *nearest = name_nearest(name, words.data, words.count);
    Diag *diag = nearest ? diag_error(keyword->as.keyword.name_span, DIAG_BAD_CALL, "%s(%s) has no parameter '%s'",
                                      info->name, info->parameters, name)
                         : diag_unsupported(keyword->span, arena_printf(arena, "the argument '%s' of %s", name, info->name),
                                            NULL);
    if (nearest)
        diag_help(diag, "did you mean '%s'?", nearest);
    else
        diag_help(diag, "what works is %s(%s)", info->name, info->parameters);
}

const char *near_habit(Name name) {
    for (int i = 0; i < COUNT(habits); i++)
        if (!strcmp(habits[i][0], name))
            return habits[i][1];
    return NULL;
}

const char *near_builtin(Scope *s, Name name) {
    Words words = functions_of(s->checker->arena, "builtins");
    return name_nearest(name, words.data, words.count);
}
