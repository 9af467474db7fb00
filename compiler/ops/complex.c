/* complex.c: operations on complex numbers, by NumPy's formulas (umath/loops.c.src, npy_math_complex.c.src). */
#include "ops/define.h"

typedef struct {
    Term re, im;
} Parts;

static Parts parts_of(Definer *d, Term x) {
    DType real = dtype_real(x.dtype);
    return (Parts){d->let(d, OP_REAL, real, &x), d->let(d, OP_IMAG, real, &x)};
}

static Term compose(Definer *d, Term re, Term im) {
    Term operands[] = {re, im};
    return d->let(d, OP_COMPLEX, re.dtype == DTYPE_F32 ? DTYPE_C64 : DTYPE_C128, operands);
}

/* ---- arithmetic ---------------------------------------------------------------------------- */

static Term each(Definer *d, Op op, const Term *x) {
    Parts a = parts_of(d, x[0]);
    if (op_info(op)->arity == 1)
        return compose(d, let1(d, op, a.re), let1(d, op, a.im));
    Parts b = parts_of(d, x[1]);
    return compose(d, let2(d, op, a.re, b.re), let2(d, op, a.im, b.im));
}

static Term define_add(Definer *d, DType result, const Term *x) {
    (void)result;
    return each(d, OP_ADD, x);
}

static Term define_sub(Definer *d, DType result, const Term *x) {
    (void)result;
    return each(d, OP_SUB, x);
}

static Term define_neg(Definer *d, DType result, const Term *x) {
    (void)result;
    return each(d, OP_NEG, x);
}

static Term define_rint(Definer *d, DType result, const Term *x) {
    (void)result;
    return each(d, OP_RINT, x);
}

static Term product(Definer *d, Parts a, Parts b) {
    return compose(d, sub(d, mul(d, a.re, b.re), mul(d, a.im, b.im)), add(d, mul(d, a.re, b.im), mul(d, a.im, b.re)));
}

static Term define_mul(Definer *d, DType result, const Term *x) {
    (void)result;
    return product(d, parts_of(d, x[0]), parts_of(d, x[1]));
}

static Term define_square(Definer *d, DType result, const Term *x) {
    (void)result;
    Parts a = parts_of(d, x[0]);
    return product(d, a, a);
}

/* Smith's: divides by the larger part of the divisor. `scaled`: NumPy multiplies by the reciprocal of the sum, Python
 * divides. */
static Term quotient(Definer *d, const Term *x, bool scaled) {
    Parts a = parts_of(d, x[0]), b = parts_of(d, x[1]);
    Term wide = test2(d, OP_GE, let1(d, OP_ABS, b.re), let1(d, OP_ABS, b.im));
    Term large = choose(d, wide, b.re, b.im), small = choose(d, wide, b.im, b.re);
    Term p = choose(d, wide, a.re, a.im), q = choose(d, wide, a.im, a.re);
    Term ratio = divide(d, small, large), sum = add(d, large, mul(d, small, ratio));
    Term re = add(d, p, mul(d, q, ratio));
    /* im: a.im - a.re * ratio, or a.im * ratio - a.re. */
    Term left = choose(d, wide, a.im, mul(d, a.im, ratio)), right = choose(d, wide, mul(d, a.re, ratio), a.re);
    Term im = sub(d, left, right);
    if (!scaled)
        return compose(d, divide(d, re, sum), divide(d, im, sum));
    Term scale = divide(d, number(d, sum, 1), sum);
    re = mul(d, re, scale);
    im = mul(d, im, scale);
    Term size = let1(d, OP_ABS, b.re);
    Term zero = both(d, compare_to(d, OP_EQ, b.re, 0), compare_to(d, OP_EQ, b.im, 0));
    return compose(d, choose(d, zero, divide(d, a.re, size), re), choose(d, zero, divide(d, a.im, size), im));
}

static Term define_div(Definer *d, DType result, const Term *x) {
    (void)result;
    return quotient(d, x, true);
}

static Term define_python_div(Definer *d, DType result, const Term *x) {
    (void)result;
    return quotient(d, x, false);
}

static Term define_reciprocal(Definer *d, DType result, const Term *x) {
    (void)result;
    Parts a = parts_of(d, x[0]);
    Term wide = test2(d, OP_LE, let1(d, OP_ABS, a.im), let1(d, OP_ABS, a.re)), one = number(d, a.re, 1);
    Term large = choose(d, wide, a.re, a.im), small = choose(d, wide, a.im, a.re);
    Term ratio = divide(d, small, large), sum = add(d, large, mul(d, small, ratio));
    Term plain = divide(d, one, sum), turned = divide(d, ratio, sum);
    Term re = choose(d, wide, plain, turned), im = let1(d, OP_NEG, choose(d, wide, turned, plain));
    return compose(d, re, im);
}

static Term define_conj(Definer *d, DType result, const Term *x) {
    (void)result;
    Parts a = parts_of(d, x[0]);
    return compose(d, a.re, let1(d, OP_NEG, a.im));
}

static Term define_same(Definer *d, DType result, const Term *x) {
    (void)d;
    (void)result;
    return x[0];
}

static Term define_abs(Definer *d, DType result, const Term *x) {
    (void)result;
    Parts a = parts_of(d, x[0]);
    return let2(d, OP_C_HYPOT, a.re, a.im);
}

/* x / abs(x); 0 for 0, nan for nan. */
static Term define_sign(Definer *d, DType result, const Term *x) {
    Parts a = parts_of(d, x[0]);
    Term size = define_abs(d, result, x), zero = number(d, size, 0);
    Term none = test2(d, OP_EQ, size, zero), infinite = test1(d, OP_ISINF, size);
    Term re = choose(d, infinite, let2(d, OP_COPYSIGN, number(d, size, 1), a.re), divide(d, a.re, size));
    Term im = choose(d, infinite, let2(d, OP_COPYSIGN, zero, a.im), divide(d, a.im, size));
    return compose(d, choose(d, none, zero, re), choose(d, none, zero, im));
}

/* ---- comparisons: lexicographic, nan is never less ----------------------------------------- */

static Term same(Definer *d, const Term *x) {
    Parts a = parts_of(d, x[0]), b = parts_of(d, x[1]);
    return both(d, test2(d, OP_EQ, a.re, b.re), test2(d, OP_EQ, a.im, b.im));
}

static Term ordered(Definer *d, Op first, Op then, Term x, Term y) {
    Parts a = parts_of(d, x), b = parts_of(d, y);
    Term numbers = both(d, test2(d, OP_EQ, a.im, a.im), test2(d, OP_EQ, b.im, b.im));
    Term before = both(d, test2(d, first, a.re, b.re), numbers);
    return either(d, before, both(d, test2(d, OP_EQ, a.re, b.re), test2(d, then, a.im, b.im)));
}

static Term define_eq(Definer *d, DType result, const Term *x) {
    (void)result;
    return same(d, x);
}

static Term define_ne(Definer *d, DType result, const Term *x) {
    (void)result;
    return test1(d, OP_NOT, same(d, x));
}

static Term define_lt(Definer *d, DType result, const Term *x) {
    (void)result;
    return ordered(d, OP_LT, OP_LT, x[0], x[1]);
}

static Term define_le(Definer *d, DType result, const Term *x) {
    (void)result;
    return ordered(d, OP_LT, OP_LE, x[0], x[1]);
}

static Term define_gt(Definer *d, DType result, const Term *x) {
    (void)result;
    return ordered(d, OP_GT, OP_GT, x[0], x[1]);
}

static Term define_ge(Definer *d, DType result, const Term *x) {
    (void)result;
    return ordered(d, OP_GT, OP_GE, x[0], x[1]);
}

static Term is_nan(Definer *d, Term x) {
    Parts a = parts_of(d, x);
    return either(d, test1(d, OP_ISNAN, a.re), test1(d, OP_ISNAN, a.im));
}

static Term define_isnan(Definer *d, DType result, const Term *x) {
    (void)result;
    return is_nan(d, x[0]);
}

static Term define_isinf(Definer *d, DType result, const Term *x) {
    (void)result;
    Parts a = parts_of(d, x[0]);
    return either(d, test1(d, OP_ISINF, a.re), test1(d, OP_ISINF, a.im));
}

static Term define_isfinite(Definer *d, DType result, const Term *x) {
    (void)result;
    Parts a = parts_of(d, x[0]);
    return both(d, test1(d, OP_ISFINITE, a.re), test1(d, OP_ISFINITE, a.im));
}

/* The first where it is nan (fmax and fmin: where the second is) or is not on the wrong side. */
static Term extreme(Definer *d, Op first, Op then, const Term *x, bool number_wins) {
    Term keep = ordered(d, first, then, x[0], x[1]);
    return choose(d, either(d, is_nan(d, x[number_wins]), keep), x[0], x[1]);
}

static Term define_minimum(Definer *d, DType result, const Term *x) {
    (void)result;
    return extreme(d, OP_LT, OP_LE, x, false);
}

static Term define_maximum(Definer *d, DType result, const Term *x) {
    (void)result;
    return extreme(d, OP_GT, OP_GE, x, false);
}

static Term define_fmin(Definer *d, DType result, const Term *x) {
    (void)result;
    return extreme(d, OP_LT, OP_LE, x, true);
}

static Term define_fmax(Definer *d, DType result, const Term *x) {
    (void)result;
    return extreme(d, OP_GT, OP_GE, x, true);
}

/* ---- conversions --------------------------------------------------------------------------- */

/* To a real dtype: the real part; to bool: whether either is not 0. */
static Term define_cast(Definer *d, DType result, const Term *x) {
    Parts a = parts_of(d, x[0]);
    if (result == DTYPE_BOOL)
        return either(d, compare_to(d, OP_NE, a.re, 0), compare_to(d, OP_NE, a.im, 0));
    if (!dtype_is_complex(result))
        return convert(d, a.re, result);
    DType real = dtype_real(result);
    return compose(d, convert(d, a.re, real), convert(d, a.im, real));
}

/* ---- elementary functions: C's, in double precision ---------------------------------------- */

static Term library(Definer *d, Op op, DType result, const Term *x) {
    Term wide[2] = {convert(d, x[0], DTYPE_C128)};
    if (op_info(op)->arity == 2)
        wide[1] = convert(d, x[1], DTYPE_C128);
    return convert(d, d->let(d, op, DTYPE_C128, wide), result);
}

#define LIBRARY(name, op)                                                                                              \
    static Term define_##name(Definer *d, DType result, const Term *x) {                                               \
        return library(d, op, result, x);                                                                              \
    }
LIBRARY(sqrt, OP_C_SQRT)
LIBRARY(exp, OP_C_EXP)
LIBRARY(log, OP_C_LOG)
LIBRARY(sin, OP_C_SIN)
LIBRARY(cos, OP_C_COS)
LIBRARY(tan, OP_C_TAN)
LIBRARY(asin, OP_C_ASIN)
LIBRARY(acos, OP_C_ACOS)
LIBRARY(atan, OP_C_ATAN)
LIBRARY(sinh, OP_C_SINH)
LIBRARY(cosh, OP_C_COSH)
LIBRARY(tanh, OP_C_TANH)
LIBRARY(asinh, OP_C_ASINH)
LIBRARY(acosh, OP_C_ACOSH)
LIBRARY(atanh, OP_C_ATANH)
#undef LIBRARY

static Term scaled_log(Definer *d, DType result, const Term *x, double scale) {
    Parts log = parts_of(d, library(d, OP_C_LOG, DTYPE_C128, x));
    Term factor = number(d, log.re, scale);
    return convert(d, compose(d, mul(d, log.re, factor), mul(d, log.im, factor)), result);
}

static Term define_log2(Definer *d, DType result, const Term *x) {
    return scaled_log(d, result, x, 1.44269504088896340736);
}

static Term define_log10(Definer *d, DType result, const Term *x) {
    return scaled_log(d, result, x, 0.43429448190325182765);
}

/* log1p: of the magnitude and the angle of 1 + x (nc_log1p). */
static Term define_log1p(Definer *d, DType result, const Term *x) {
    Parts a = parts_of(d, convert(d, x[0], DTYPE_C128));
    Term one = add(d, a.re, number(d, a.re, 1)), size = let2(d, OP_C_HYPOT, one, a.im);
    Term angle = let2(d, OP_C_ATAN2, a.im, one);
    return convert(d, compose(d, let1(d, OP_C_LOG, size), angle), result);
}

static Term define_exp2(Definer *d, DType result, const Term *x) {
    Parts a = parts_of(d, convert(d, x[0], DTYPE_C128));
    Term factor = number(d, a.re, 0.69314718055994530942);
    Term scaled = compose(d, mul(d, a.re, factor), mul(d, a.im, factor));
    return library(d, OP_C_EXP, result, &scaled);
}

/* nc_expm1: without cancellation in the real part. */
static Term define_expm1(Definer *d, DType result, const Term *x) {
    Parts a = parts_of(d, convert(d, x[0], DTYPE_C128));
    Term half = let1(d, OP_C_SIN, mul(d, a.im, number(d, a.im, 0.5))), size = let1(d, OP_C_EXP, a.re);
    Term twice = mul(d, number(d, half, 2), mul(d, half, half));
    Term re = sub(d, mul(d, let1(d, OP_C_EXPM1, a.re), let1(d, OP_C_COS, a.im)), twice);
    return convert(d, compose(d, re, mul(d, size, let1(d, OP_C_SIN, a.im))), result);
}

static Term define_pow(Definer *d, DType result, const Term *x) {
    return library(d, OP_C_POW, result, x);
}

bool op_calls_complex(Op op) {
    static const bool arithmetic[OP_COUNT] = {
        [OP_ADD] = true, [OP_SUB] = true, [OP_MUL] = true, [OP_DIV] = true, [OP_PYTHON_DIV] = true, [OP_NEG] = true,
        [OP_SQUARE] = true, [OP_RECIPROCAL] = true, [OP_CONJ] = true, [OP_POSITIVE] = true, [OP_RINT] = true,
        [OP_EQ] = true, [OP_NE] = true, [OP_LT] = true, [OP_LE] = true, [OP_GT] = true, [OP_GE] = true,
        [OP_ISNAN] = true, [OP_ISINF] = true, [OP_ISFINITE] = true, [OP_MINIMUM] = true, [OP_MAXIMUM] = true,
        [OP_FMIN] = true, [OP_FMAX] = true, [OP_CAST] = true, [OP_REAL] = true, [OP_IMAG] = true, [OP_SELECT] = true};
    return !arithmetic[op];
}

Definition complex_definition(Op op) {
    static const Definition definitions[OP_COUNT] = {
        [OP_ADD] = define_add, [OP_SUB] = define_sub, [OP_MUL] = define_mul, [OP_DIV] = define_div,
        [OP_PYTHON_DIV] = define_python_div, [OP_NEG] = define_neg, [OP_ABS] = define_abs, [OP_SIGN] = define_sign,
        [OP_SQUARE] = define_square, [OP_RECIPROCAL] = define_reciprocal, [OP_CONJ] = define_conj,
        [OP_POSITIVE] = define_same, [OP_RINT] = define_rint, [OP_EQ] = define_eq, [OP_NE] = define_ne,
        [OP_LT] = define_lt, [OP_LE] = define_le, [OP_GT] = define_gt, [OP_GE] = define_ge,
        [OP_ISNAN] = define_isnan, [OP_ISINF] = define_isinf, [OP_ISFINITE] = define_isfinite,
        [OP_MINIMUM] = define_minimum, [OP_MAXIMUM] = define_maximum, [OP_FMIN] = define_fmin,
        [OP_FMAX] = define_fmax, [OP_CAST] = define_cast, [OP_SQRT] = define_sqrt, [OP_EXP] = define_exp,
        [OP_LOG] = define_log, [OP_SIN] = define_sin, [OP_COS] = define_cos, [OP_TAN] = define_tan,
        [OP_ASIN] = define_asin, [OP_ACOS] = define_acos, [OP_ATAN] = define_atan, [OP_SINH] = define_sinh,
        [OP_COSH] = define_cosh, [OP_TANH] = define_tanh, [OP_ASINH] = define_asinh, [OP_ACOSH] = define_acosh,
        [OP_ATANH] = define_atanh, [OP_LOG2] = define_log2, [OP_LOG10] = define_log10, [OP_LOG1P] = define_log1p,
        [OP_EXP2] = define_exp2, [OP_EXPM1] = define_expm1, [OP_POW] = define_pow, [OP_FLOAT_POWER] = define_pow};
    return definitions[op];
}
