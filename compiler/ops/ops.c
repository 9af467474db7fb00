/* ops.c: the table of operations, and their meaning on scalars. */
#include "ops/ops.h"

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
        {"absolute", "abs"},     {"fabs", "abs"},         {"mod", "remainder"},
        {"true_divide", "divide"}, {"bitwise_not", "invert"}, {"pow", "power"},
        {"asin", "arcsin"},      {"acos", "arccos"},      {"atan", "arctan"},
        {"atan2", "arctan2"}};
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

static double float_mod(double a, double b) {
    double rest = fmod(a, b);
    if (rest == 0)
        return copysign(0.0, b);
    return (b < 0) != (rest < 0) ? rest + b : rest;
}

/* NumPy's floor division: npy_floor_divide. */
static double float_floordiv(double a, double b) {
    if (b == 0)
        return a / b;
    double rest = fmod(a, b), quotient = (a - rest) / b;
    if (rest != 0 && (b < 0) != (rest < 0))
        quotient -= 1;
    if (quotient == 0)
        return copysign(0.0, a / b);
    double floored = floor(quotient);
    return quotient - floored > 0.5 ? floored + 1 : floored;
}

static double float_minimum(double a, double b) {
    return a != a ? a : b != b ? b : a < b ? a : b;
}

static double float_maximum(double a, double b) {
    return a != a ? a : b != b ? b : a > b ? a : b;
}

static double libm_call(Op op, double a, double b) {
    switch ((int)op) {
    case OP_EXP: return exp(a);
    case OP_EXPM1: return expm1(a);
    case OP_EXP2: return exp2(a);
    case OP_LOG: return log(a);
    case OP_LOG2: return log2(a);
    case OP_LOG10: return log10(a);
    case OP_LOG1P: return log1p(a);
    case OP_SIN: return sin(a);
    case OP_COS: return cos(a);
    case OP_TAN: return tan(a);
    case OP_ASIN: return asin(a);
    case OP_ACOS: return acos(a);
    case OP_ATAN: return atan(a);
    case OP_ATAN2: return atan2(a, b);
    case OP_SINH: return sinh(a);
    case OP_COSH: return cosh(a);
    case OP_TANH: return tanh(a);
    case OP_CBRT: return cbrt(a);
    case OP_HYPOT: return hypot(a, b);
    default: BUG("no libm function for %s", op_info(op)->name);
    }
}

static double libm_call_f32(Op op, float a, float b) {
    switch ((int)op) {
    case OP_EXP: return expf(a);
    case OP_EXPM1: return expm1f(a);
    case OP_EXP2: return exp2f(a);
    case OP_LOG: return logf(a);
    case OP_LOG2: return log2f(a);
    case OP_LOG10: return log10f(a);
    case OP_LOG1P: return log1pf(a);
    case OP_SIN: return sinf(a);
    case OP_COS: return cosf(a);
    case OP_TAN: return tanf(a);
    case OP_ASIN: return asinf(a);
    case OP_ACOS: return acosf(a);
    case OP_ATAN: return atanf(a);
    case OP_ATAN2: return atan2f(a, b);
    case OP_SINH: return sinhf(a);
    case OP_COSH: return coshf(a);
    case OP_TANH: return tanhf(a);
    case OP_CBRT: return cbrtf(a);
    case OP_HYPOT: return hypotf(a, b);
    default: BUG("no libm function for %s", op_info(op)->name);
    }
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
    case OP_FLOORDIV: return dtype == DTYPE_F32 ? (float)float_floordiv(a, b) : float_floordiv(a, b);
    case OP_MOD: return float_mod(a, b);
    case OP_POW: return dtype == DTYPE_F32 ? powf((float)a, (float)b) : pow(a, b);
    case OP_NEG: return -a;
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
        return dtype == DTYPE_F32 ? libm_call_f32(op, (float)a, (float)b) : libm_call(op, a, b);
    }
}

static int64_t int_power(int64_t base, int64_t exponent) {
    uint64_t result = 1, factor = (uint64_t)base;
    for (; exponent > 0; exponent >>= 1, factor *= factor)
        if (exponent & 1)
            result *= factor;
    return (int64_t)result;
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
    case OP_POW: return int_power(a, b);
    case OP_NEG: return (int64_t)(0 - (uint64_t)a);
    case OP_ABS: return !is_unsigned && a < 0 ? (int64_t)(0 - (uint64_t)a) : a;
    case OP_SIGN: return a == 0 ? 0 : less(is_unsigned, a, 0) ? -1 : 1;
    case OP_MINIMUM: return less(is_unsigned, a, b) ? a : b;
    case OP_MAXIMUM: return less(is_unsigned, a, b) ? b : a;
    case OP_AND:
    case OP_LOGICAL_AND: return a & b;
    case OP_OR:
    case OP_LOGICAL_OR: return a | b;
    case OP_XOR: return a ^ b;
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
    case OP_FLOOR: case OP_CEIL: case OP_TRUNC: return a;
    default: BUG("%s has no meaning on integers", op_info(op)->name);
    }
}

static Scalar cast(DType from, DType to, Scalar x) {
    Scalar out;
    bool big = from == DTYPE_U64;
    if (dtype_is_float(to)) {
        double value = dtype_is_float(from) ? x.f : big ? (double)(uint64_t)x.i : (double)x.i;
        if (to == DTYPE_F32 && !dtype_is_float(from))
            value = big ? (float)(uint64_t)x.i : (float)x.i;
        out.f = rounded(to, value);
        return out;
    }
    if (!dtype_is_float(from)) {
        out.i = wrap(to, x.i);
    } else if (to == DTYPE_BOOL) {
        out.i = x.f != 0;
    } else if (to == DTYPE_U64 && x.f >= 9223372036854775808.0) {
        out.i = x.f < 18446744073709551616.0 ? (int64_t)(uint64_t)x.f : INT64_MIN;
    } else {
        bool fits = x.f >= -9223372036854775808.0 && x.f < 9223372036854775808.0;
        out.i = wrap(to, fits ? (int64_t)x.f : INT64_MIN);
    }
    return out;
}

Scalar op_evaluate(Op op, DType dtype, DType result, const Scalar *operands) {
    Scalar out;
    if (op == OP_CAST)
        return cast(dtype, result, operands[0]);
    if (op == OP_SELECT)
        return operands[operands[0].i ? 1 : 2];
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
