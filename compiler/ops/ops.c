/* ops.c: the table of operations, and their meaning on scalars. */
#include "ops/ops.h"

#include <complex.h>
#include <math.h>

static const OpInfo infos[] = {
#define OP(name, text, arity, rule, emission, libm, flags, exactness, numpy, doc)                  \
    {#name, text, arity, rule, emission, libm, flags, exactness, numpy, doc},
#include "ops/ops.def"
#undef OP
};

const OpInfo *op_info(Op op) {
    return &infos[op];
}

bool op_by_text(const char *text, Op *op) {
    for (int i = 0; i < OP_COUNT; i++)
        if (!strcmp(text, infos[i].text)) {
            *op = (Op)i;
            return true;
        }
    return false;
}

bool op_by_numpy(const char *name, Op *op) {
    static const char *const aliases[][2] = {
        {"absolute", "abs"}, {"mod", "remainder"}, {"true_divide", "divide"}, {"bitwise_not", "invert"},
        {"bitwise_invert", "invert"}, {"bitwise_left_shift", "left_shift"}, {"bitwise_right_shift", "right_shift"},
        {"pow", "power"}, {"conj", "conjugate"}, {"radians", "deg2rad"}, {"degrees", "rad2deg"}, {"fix", "trunc"},
        {"asin", "arcsin"}, {"acos", "arccos"}, {"atan", "arctan"}, {"atan2", "arctan2"}, {"asinh", "arcsinh"},
        {"acosh", "arccosh"}, {"atanh", "arctanh"}};
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (!strcmp(name, aliases[i][0]))
            name = aliases[i][1];
    for (int i = 0; i < OP_COUNT; i++)
        if (infos[i].numpy && !strcmp(name, infos[i].numpy)) {
            *op = (Op)i;
            return true;
        }
    return false;
}

/* ---- meaning ------------------------------------------------------------------------------- */

/* Brings an integer result into the dtype's range, as the machine does. */
static int64_t wrap(DType dtype, int64_t value) {
    int bits = 8 * dtype_info(dtype)->bytes;
    if (dtype == DTYPE_BOOL)
        return value != 0;
    if (bits == 64)
        return value;
    uint64_t low = (uint64_t)value << (64 - bits);
    return dtype_info(dtype)->class == CLASS_UINT ? (int64_t)(low >> (64 - bits))
                                                  : (int64_t)low >> (64 - bits);
}

static double rounded(DType dtype, double value) {
    return dtype == DTYPE_F32 ? (float)value : value;
}

static double float_minimum(double a, double b) {
    return a != a ? a : b != b ? b : a < b ? a : b;
}

static double float_maximum(double a, double b) {
    return a != a ? a : b != b ? b : a > b ? a : b;
}

/* C's functions by operation; f32 by those of float, complex numbers by those of <complex.h>. */
static double library_f64(Op op, double a, double b) {
    switch ((int)op) {
    case OP_C_EXP: return exp(a);
    case OP_C_EXPM1: return expm1(a);
    case OP_C_EXP2: return exp2(a);
    case OP_C_LOG: return log(a);
    case OP_C_LOG2: return log2(a);
    case OP_C_LOG10: return log10(a);
    case OP_C_LOG1P: return log1p(a);
    case OP_C_SIN: return sin(a);
    case OP_C_COS: return cos(a);
    case OP_C_TAN: return tan(a);
    case OP_C_ASIN: return asin(a);
    case OP_C_ACOS: return acos(a);
    case OP_C_ATAN: return atan(a);
    case OP_C_ATAN2: return atan2(a, b);
    case OP_C_SINH: return sinh(a);
    case OP_C_COSH: return cosh(a);
    case OP_C_TANH: return tanh(a);
    case OP_C_ASINH: return asinh(a);
    case OP_C_ACOSH: return acosh(a);
    case OP_C_ATANH: return atanh(a);
    case OP_C_CBRT: return cbrt(a);
    case OP_C_HYPOT: return hypot(a, b);
    case OP_C_POW: return pow(a, b);
    case OP_C_FMOD: return fmod(a, b);
    case OP_C_SQRT: return sqrt(a);
    default: BUG("no function of C for %s", op_info(op)->name);
    }
}

static float library_f32(Op op, float a, float b) {
    switch ((int)op) {
    case OP_C_EXP: return expf(a);
    case OP_C_EXPM1: return expm1f(a);
    case OP_C_EXP2: return exp2f(a);
    case OP_C_LOG: return logf(a);
    case OP_C_LOG2: return log2f(a);
    case OP_C_LOG10: return log10f(a);
    case OP_C_LOG1P: return log1pf(a);
    case OP_C_SIN: return sinf(a);
    case OP_C_COS: return cosf(a);
    case OP_C_TAN: return tanf(a);
    case OP_C_ASIN: return asinf(a);
    case OP_C_ACOS: return acosf(a);
    case OP_C_ATAN: return atanf(a);
    case OP_C_ATAN2: return atan2f(a, b);
    case OP_C_SINH: return sinhf(a);
    case OP_C_COSH: return coshf(a);
    case OP_C_TANH: return tanhf(a);
    case OP_C_ASINH: return asinhf(a);
    case OP_C_ACOSH: return acoshf(a);
    case OP_C_ATANH: return atanhf(a);
    case OP_C_CBRT: return cbrtf(a);
    case OP_C_HYPOT: return hypotf(a, b);
    case OP_C_POW: return powf(a, b);
    case OP_C_FMOD: return fmodf(a, b);
    case OP_C_SQRT: return sqrtf(a);
    default: BUG("no function of C for %s", op_info(op)->name);
    }
}

static double complex library_c128(Op op, double complex a, double complex b) {
    switch ((int)op) {
    case OP_C_EXP: return cexp(a);
    case OP_C_LOG: return clog(a);
    case OP_C_SIN: return csin(a);
    case OP_C_COS: return ccos(a);
    case OP_C_TAN: return ctan(a);
    case OP_C_ASIN: return casin(a);
    case OP_C_ACOS: return cacos(a);
    case OP_C_ATAN: return catan(a);
    case OP_C_SINH: return csinh(a);
    case OP_C_COSH: return ccosh(a);
    case OP_C_TANH: return ctanh(a);
    case OP_C_ASINH: return casinh(a);
    case OP_C_ACOSH: return cacosh(a);
    case OP_C_ATANH: return catanh(a);
    case OP_C_POW: return cpow(a, b);
    case OP_C_SQRT: return csqrt(a);
    default: BUG("no complex function of C for %s", op_info(op)->name);
    }
}

static Scalar complex_library(Op op, const Scalar *x) {
    double complex b = op_info(op)->arity > 1 ? CMPLX(x[1].re, x[1].im) : 0;
    double complex value = library_c128(op, CMPLX(x[0].re, x[0].im), b);
    return (Scalar){.re = creal(value), .im = cimag(value)};
}

/* Comparisons and tests of floats. */
static bool float_test(Op op, double a, double b) {
    switch ((int)op) {
    case OP_EQ: return a == b;
    case OP_NE: return a != b;
    case OP_LT: return a < b;
    case OP_LE: return a <= b;
    case OP_GT: return a > b;
    case OP_GE: return a >= b;
    case OP_ISNAN: return isnan(a);
    case OP_ISINF: return isinf(a);
    case OP_ISFINITE: return isfinite(a);
    default: BUG("%s is no test of floats", op_info(op)->name);
    }
}

static double float_value(Op op, DType dtype, double a, double b, double c) {
    switch ((int)op) {
    case OP_ADD: return a + b;
    case OP_SUB: return a - b;
    case OP_MUL: return a * b;
    case OP_DIV: return a / b;
    case OP_NEG: return -a;
    case OP_REAL: return a;
    case OP_IMAG: return 0;
    case OP_ABS: return fabs(a);
    case OP_SIGN: return a > 0 ? 1 : a < 0 ? -1 : a == 0 ? 0 : a;
    case OP_FMA: return dtype == DTYPE_F32 ? fmaf((float)a, (float)b, (float)c) : fma(a, b, c);
    case OP_MINIMUM: return float_minimum(a, b);
    case OP_MAXIMUM: return float_maximum(a, b);
    case OP_SQRT: return sqrt(a);
    case OP_FLOOR: return floor(a);
    case OP_CEIL: return ceil(a);
    case OP_TRUNC: return trunc(a);
    case OP_RINT: return rint(a);
    case OP_COPYSIGN: return copysign(a, b);
    default:
        return dtype == DTYPE_F32 ? (double)library_f32(op, (float)a, (float)b) : library_f64(op, a, b);
    }
}

static int64_t int_power(int64_t base, int64_t exponent) {
    uint64_t result = 1, factor = (uint64_t)base;
    for (uint64_t rest = (uint64_t)exponent; rest; rest >>= 1, factor *= factor)
        if (rest & 1)
            result *= factor;
    return (int64_t)result;
}

static int64_t common_divisor(int64_t x, int64_t y) {
    uint64_t a = (uint64_t)x, b = (uint64_t)y;
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return (int64_t)a;
}

static int64_t count_bits(DType dtype, int64_t a) {
    uint64_t bits = dtype_info(dtype)->class == CLASS_INT && a < 0 ? 0 - (uint64_t)a : (uint64_t)a;
    return __builtin_popcountll(bits);
}

static bool less(bool is_unsigned, int64_t a, int64_t b) {
    return is_unsigned ? (uint64_t)a < (uint64_t)b : a < b;
}

static int64_t int_divide(Op op, bool is_unsigned, int64_t a, int64_t b) {
    if (b == 0)
        return 0;
    if (is_unsigned)
        return (int64_t)(op == OP_MOD ? (uint64_t)a % (uint64_t)b : (uint64_t)a / (uint64_t)b);
    if (b == -1)
        return op == OP_MOD ? 0 : (int64_t)(0 - (uint64_t)a);
    int64_t quotient = a / b - (a % b != 0 && (a % b < 0) != (b < 0));
    return op == OP_MOD ? a - quotient * b : quotient;
}

static int64_t int_shift(Op op, DType dtype, int64_t a, int64_t b) {
    bool is_unsigned = dtype_info(dtype)->class == CLASS_UINT;
    int64_t bits = 8 * dtype_info(dtype)->bytes;
    if (b < 0 || b >= bits)
        return op == OP_SHR && !is_unsigned && a < 0 ? -1 : 0;
    if (op == OP_SHL)
        return (int64_t)((uint64_t)a << b);
    return is_unsigned ? (int64_t)((uint64_t)a >> b) : a >> b;
}

static int64_t int_value(Op op, DType dtype, int64_t a, int64_t b) {
    bool is_unsigned = dtype_info(dtype)->class == CLASS_UINT;
    switch ((int)op) {
    case OP_ADD: return dtype == DTYPE_BOOL ? (a | b) : (int64_t)((uint64_t)a + (uint64_t)b);
    case OP_SUB: return (int64_t)((uint64_t)a - (uint64_t)b);
    case OP_MUL: return (int64_t)((uint64_t)a * (uint64_t)b);
    case OP_FLOORDIV:
    case OP_MOD: return int_divide(op, is_unsigned, a, b);
    case OP_POW: case OP_C_POW_WRAP: return int_power(a, b);
    case OP_C_GCD: return common_divisor(a, b);
    case OP_COUNT_BITS: return count_bits(dtype, a);
    case OP_NEG: return (int64_t)(0 - (uint64_t)a);
    case OP_ABS: return !is_unsigned && a < 0 ? (int64_t)(0 - (uint64_t)a) : a;
    case OP_SIGN: return a == 0 ? 0 : less(is_unsigned, a, 0) ? -1 : 1;
    case OP_MINIMUM: return less(is_unsigned, a, b) ? a : b;
    case OP_MAXIMUM: return less(is_unsigned, a, b) ? b : a;
    case OP_AND:
    case OP_LOGICAL_AND: return a & b;
    case OP_OR:
    case OP_LOGICAL_OR: return a | b;
    case OP_XOR:
    case OP_LOGICAL_XOR: return a ^ b;
    case OP_INVERT: return dtype == DTYPE_BOOL ? !a : ~a;
    case OP_NOT: return !a;
    case OP_SHL:
    case OP_SHR: return int_shift(op, dtype, a, b);
    case OP_EQ: return a == b;
    case OP_NE: return a != b;
    case OP_LT: return less(is_unsigned, a, b);
    case OP_LE: return !less(is_unsigned, b, a);
    case OP_GT: return less(is_unsigned, b, a);
    case OP_GE: return !less(is_unsigned, a, b);
    case OP_WRAP: return a < 0 ? (int64_t)((uint64_t)a + (uint64_t)b) : a;
    case OP_ISNAN:
    case OP_ISINF: return 0;
    case OP_ISFINITE: return 1;
    case OP_FLOOR: case OP_CEIL: case OP_TRUNC: case OP_REAL: return a;
    case OP_IMAG: return 0;
    default: BUG("%s has no meaning on integers", op_info(op)->name);
    }
}

/* A float as an integer: what x86-64 gives, where it is outside of the range. NumPy's C converts through 32 bits to
 * what fits there, but for u32 through 64. */
static int64_t float_to_int(DType to, double x) {
    bool narrow = dtype_info(to)->bytes < 4 || to == DTYPE_I32;
    if (narrow)
        return x > -2147483649.0 && x < 2147483648.0 ? (int64_t)x : INT32_MIN;
    if (to == DTYPE_U64 && x >= 9223372036854775808.0)
        return x < 18446744073709551616.0 ? (int64_t)(uint64_t)x : 0;
    return x >= -9223372036854775808.0 && x < 9223372036854775808.0 ? (int64_t)x : INT64_MIN;
}

static double int_to_float(DType from, DType to, int64_t x) {
    bool big = from == DTYPE_U64;
    if (to == DTYPE_F32)
        return big ? (double)(float)(uint64_t)x : (double)(float)x;
    return big ? (double)(uint64_t)x : (double)x;
}

/* Of real numbers; to complex ones with an imaginary part of 0. */
static Scalar cast(DType from, DType to, Scalar x) {
    Scalar out = {.re = 0, .im = 0};
    DType real = dtype_real(to);
    if (dtype_is_float(real))
        out.f = dtype_is_float(from) ? rounded(real, x.f) : int_to_float(from, real, x.i);
    else if (!dtype_is_float(from))
        out.i = wrap(to, x.i);
    else if (to == DTYPE_BOOL)
        out.i = x.f != 0;
    else
        out.i = wrap(to, float_to_int(to, x.f));
    return out;
}

/* The same bits as an integer or a float of that width. */
static Scalar reinterpret(DType from, DType to, Scalar x) {
    Scalar out = {.re = 0, .im = 0};
    if (from == DTYPE_F32) {
        union { float f; int32_t i; } narrow = {.f = (float)x.f};
        out.i = narrow.i;
    } else if (to == DTYPE_F32) {
        union { int32_t i; float f; } narrow = {.i = (int32_t)x.i};
        out.f = (double)narrow.f;
    } else {
        out = x;
    }
    return out;
}

/* ---- definitions, computed ----------------------------------------------------------------- */

static Term compute(Definer *d, Op op, DType result, const Term *operands) {
    Scalar scalars[3];
    (void)d;
    for (int i = 0; i < infos[op].arity; i++)
        scalars[i] = operands[i].scalar;
    DType dtype = operands[op == OP_SELECT].dtype;
    return (Term){.dtype = result, .scalar = op_evaluate(op, dtype, result, scalars)};
}

static Term compute_constant(Definer *d, DType dtype, Scalar value) {
    (void)d;
    return (Term){.dtype = dtype, .scalar = value};
}

static Term compute_unless(Definer *d, Term odd, Term usual, Op op, const Term *operands) {
    return odd.scalar.i ? compute(d, op, usual.dtype, operands) : usual;
}

static Scalar evaluate_definition(Definition definition, Op op, DType dtype, DType result, const Scalar *operands) {
    Definer definer = {compute, compute_constant, compute_unless};
    Term terms[3];
    for (int i = 0; i < infos[op].arity; i++)
        terms[i] = (Term){.dtype = op == OP_LDEXP && i ? DTYPE_I64 : dtype, .scalar = operands[i]};
    return definition(&definer, result, terms).scalar;
}

static Scalar evaluate_complex(Op op, DType dtype, const Scalar *operands) {
    Scalar out = {.re = 0, .im = 0};
    if (infos[op].emission == LIBM)
        return complex_library(op, operands);
    if (op == OP_REAL || op == OP_IMAG)
        out.f = op == OP_REAL ? operands[0].re : operands[0].im;
    else
        BUG("%s has no meaning on %s", infos[op].name, dtype_info(dtype)->name);
    return out;
}

Scalar op_evaluate(Op op, DType dtype, DType result, const Scalar *operands) {
    Scalar out = {.re = 0, .im = 0};
    Definition definition = op_definition(op, dtype);
    if (definition)
        return evaluate_definition(definition, op, dtype, result, operands);
    if (op == OP_CAST)
        return cast(dtype, result, operands[0]);
    if (op == OP_BITS)
        return reinterpret(dtype, result, operands[0]);
    if (op == OP_SELECT)
        return operands[operands[0].i ? 1 : 2];
    if (op == OP_COMPLEX)
        return (Scalar){.re = operands[0].f, .im = operands[1].f};
    if (dtype_is_complex(dtype))
        return evaluate_complex(op, dtype, operands);
    double b = infos[op].arity > 1 ? operands[1].f : 0, c = infos[op].arity > 2 ? operands[2].f : 0;
    if (!dtype_is_float(dtype)) {
        out.i = wrap(result, int_value(op, dtype, operands[0].i, infos[op].arity > 1 ? operands[1].i : 0));
        return out;
    }
    if (result == DTYPE_BOOL && (infos[op].rule == RULE_COMPARE || infos[op].rule == RULE_TEST))
        out.i = float_test(op, operands[0].f, b);
    else
        out.f = rounded(dtype, float_value(op, dtype, operands[0].f, b, c));
    return out;
}
