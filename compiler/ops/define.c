/* define.c: operations on real numbers that are made of others. */
#include "ops/define.h"

#include <math.h>

/* ---- signs, parts, neighbours -------------------------------------------------------------- */

static Term define_same(Definer *d, DType result, const Term *x) {
    (void)d;
    (void)result;
    return x[0];
}

static Term define_fabs(Definer *d, DType result, const Term *x) {
    (void)result;
    return let1(d, OP_ABS, x[0]);
}

static Term define_square(Definer *d, DType result, const Term *x) {
    (void)result;
    return mul(d, x[0], x[0]);
}

/* Integers as C converts 1.0 / x. */
static Term define_reciprocal(Definer *d, DType result, const Term *x) {
    if (dtype_is_float(result))
        return divide(d, number(d, x[0], 1), x[0]);
    Term value = convert(d, x[0], DTYPE_F64);
    return convert(d, divide(d, number(d, value, 1), value), result);
}

static Term define_signbit(Definer *d, DType result, const Term *x) {
    (void)result;
    return compare_to(d, OP_LT, bits_of(d, x[0]), 0);
}

static Term define_heaviside(Definer *d, DType result, const Term *x) {
    (void)result;
    Term one = number(d, x[0], 1), zero = number(d, x[0], 0);
    Term step = choose(d, test2(d, OP_LT, x[0], zero), zero, one);
    Term value = choose(d, test2(d, OP_EQ, x[0], zero), x[1], step);
    return choose(d, test1(d, OP_ISNAN, x[0]), x[0], value);
}

/* The float whose bits are one more or less in magnitude. */
static Term define_nextafter(Definer *d, DType result, const Term *x) {
    (void)result;
    Term bits = bits_of(d, x[0]), zero = number(d, x[0], 0), one = whole(d, bits, 1);
    Term least = let2(d, OP_COPYSIGN, of_bits(d, one), x[1]);
    Term away = test2(d, OP_EQ, test2(d, OP_LT, x[0], x[1]), test2(d, OP_GT, x[0], zero));
    Term moved = of_bits(d, choose(d, away, add(d, bits, one), sub(d, bits, one)));
    moved = choose(d, test2(d, OP_EQ, x[0], zero), least, moved);
    moved = choose(d, test2(d, OP_EQ, x[0], x[1]), x[1], moved);
    Term nan = either(d, test1(d, OP_ISNAN, x[0]), test1(d, OP_ISNAN, x[1]));
    return choose(d, nan, add(d, x[0], x[1]), moved);
}

/* The distance to the next float away from zero, with the sign (npy_spacing). */
static Term define_spacing(Definer *d, DType result, const Term *x) {
    (void)result;
    Term bits = bits_of(d, x[0]), next = of_bits(d, add(d, bits, whole(d, bits, 1)));
    Term infinite = test1(d, OP_ISINF, x[0]), gap = sub(d, next, x[0]);
    gap = choose(d, compare_to(d, OP_EQ, x[0], 0), let1(d, OP_ABS, gap), gap);
    return choose(d, infinite, number(d, x[0], NAN), choose(d, test1(d, OP_ISNAN, x[0]), x[0], gap));
}

static Term define_fraction(Definer *d, DType result, const Term *x) {
    (void)result;
    Term rest = sub(d, x[0], let1(d, OP_TRUNC, x[0]));
    rest = choose(d, test1(d, OP_ISINF, x[0]), number(d, x[0], 0), rest);
    return choose(d, test1(d, OP_ISNAN, x[0]), x[0], let2(d, OP_COPYSIGN, rest, x[0]));
}

/* ---- exponents ----------------------------------------------------------------------------- */

/* Bits of the fraction, and the exponent's bias. */
static int fraction_bits(DType dtype) {
    return dtype == DTYPE_F32 ? 23 : 52;
}

static int bias(DType dtype) {
    return dtype == DTYPE_F32 ? 127 : 1023;
}

/* 2 ** exponent of an integer within the normal range. */
static Term power_of_two(Definer *d, Term exponent, DType dtype) {
    Term bits = convert(d, exponent, dtype == DTYPE_F32 ? DTYPE_I32 : DTYPE_I64);
    bits = add(d, bits, whole(d, bits, bias(dtype)));
    return of_bits(d, let2(d, OP_SHL, bits, whole(d, bits, fraction_bits(dtype))));
}

/* One step of ldexp towards the range of exponents: those beyond `limit` are scaled by 2 ** step. */
static void scale_step(Definer *d, Term *x, Term *exponent, int limit, int step) {
    Term far = compare_to(d, step < 0 ? OP_LT : OP_GT, *exponent, limit);
    Term moved = sub(d, *exponent, whole(d, *exponent, step));
    *x = choose(d, far, mul(d, *x, number(d, *x, ldexp(1, step))), *x);
    *exponent = choose(d, far, moved, *exponent);
}

/* In steps of exact products but the last, so that subnormal results are rounded once. */
static Term define_ldexp(Definer *d, DType result, const Term *x) {
    Term value = x[0], exponent = x[1];
    int top = bias(result), bottom = 1 - top, down = bottom + fraction_bits(result) + 1;
    for (int round = 0; round < 2; round++) {
        scale_step(d, &value, &exponent, top, top);
        scale_step(d, &value, &exponent, bottom, down);
    }
    exponent = let2(d, OP_MINIMUM, exponent, whole(d, exponent, top));
    exponent = let2(d, OP_MAXIMUM, exponent, whole(d, exponent, bottom));
    return mul(d, value, power_of_two(d, exponent, result));
}

/* The number with subnormal ones made normal. */
static Term normal(Definer *d, Term x, Term *small) {
    DType dtype = x.dtype;
    *small = compare_to(d, OP_LT, let1(d, OP_ABS, x), ldexp(1, 1 - bias(dtype)));
    return choose(d, *small, mul(d, x, number(d, x, ldexp(1, fraction_bits(dtype) + 1))), x);
}

static Term is_odd_number(Definer *d, Term x) {
    return either(d, compare_to(d, OP_EQ, x, 0), test2(d, OP_EQ, test1(d, OP_ISFINITE, x), test1(d, OP_ISNAN, number(d, x, 0))));
}

static Term define_mantissa(Definer *d, DType result, const Term *x) {
    Term small, bits = bits_of(d, normal(d, x[0], &small));
    int shift = fraction_bits(result);
    Term keep = whole(d, bits, result == DTYPE_F32 ? 0x807fffff : (int64_t)0x800fffffffffffff);
    Term half = whole(d, bits, (int64_t)(bias(result) - 1) << shift);
    Term value = of_bits(d, let2(d, OP_OR, let2(d, OP_AND, bits, keep), half));
    return choose(d, is_odd_number(d, x[0]), x[0], value);
}

static Term define_exponent(Definer *d, DType result, const Term *x) {
    Term small, bits = bits_of(d, normal(d, x[0], &small));
    int shift = fraction_bits(x[0].dtype), mask = 2 * bias(x[0].dtype) + 1;
    Term raw = let2(d, OP_AND, let2(d, OP_SHR, bits, whole(d, bits, shift)), whole(d, bits, mask));
    Term correction = choose(d, small, whole(d, raw, bias(x[0].dtype) + shift), whole(d, raw, bias(x[0].dtype) - 1));
    Term value = sub(d, raw, correction);
    return convert(d, choose(d, is_odd_number(d, x[0]), whole(d, value, 0), value), result);
}

/* ---- remainders ---------------------------------------------------------------------------- */

/* The quotient's whole part may be one too large; the remainder is exact as long as the quotient is. */
static Term float_fmod(Definer *d, const Term *x) {
    Term a = let1(d, OP_ABS, x[0]), b = let1(d, OP_ABS, x[1]);
    Term quotient = let1(d, OP_TRUNC, divide(d, a, b));
    Term rest = fused(d, let1(d, OP_NEG, quotient), b, a);
    rest = choose(d, compare_to(d, OP_LT, rest, 0), add(d, rest, b), rest);
    Term usual = compare_to(d, OP_LT, quotient, ldexp(1, fraction_bits(a.dtype)));
    usual = both(d, usual, compare_to(d, OP_LT, b, INFINITY));
    usual = both(d, usual, compare_to(d, OP_GE, b, ldexp(1, 2 - bias(a.dtype) + fraction_bits(a.dtype))));
    Term odd = test1(d, OP_NOT, usual);
    return d->unless(d, odd, let2(d, OP_COPYSIGN, rest, x[0]), OP_C_FMOD, x);
}

/* C's remainder from Python's. */
static Term define_fmod(Definer *d, DType result, const Term *x) {
    if (dtype_is_float(result))
        return float_fmod(d, x);
    Term rest = let2(d, OP_MOD, x[0], x[1]);
    if (dtype_info(result)->class != CLASS_INT)
        return rest;
    Term differ = test2(d, OP_NE, compare_to(d, OP_LT, x[0], 0), compare_to(d, OP_LT, x[1], 0));
    Term adjust = both(d, differ, compare_to(d, OP_NE, rest, 0));
    return choose(d, adjust, sub(d, rest, x[1]), rest);
}

/* NumPy's npy_divmod: the remainder has the divisor's sign. */
static Term define_mod(Definer *d, DType result, const Term *x) {
    Term rest = define_fmod(d, result, x), zero = number(d, rest, 0);
    Term nonzero = test2(d, OP_NE, rest, zero);
    Term differ = test2(d, OP_NE, test2(d, OP_LT, rest, zero), test2(d, OP_LT, x[1], zero));
    Term moved = choose(d, both(d, nonzero, differ), add(d, rest, x[1]), rest);
    return choose(d, nonzero, moved, let2(d, OP_COPYSIGN, zero, x[1]));
}

static Term define_floordiv(Definer *d, DType result, const Term *x) {
    Term rest = define_fmod(d, result, x), zero = number(d, rest, 0), plain = divide(d, x[0], x[1]);
    Term quotient = divide(d, sub(d, x[0], rest), x[1]);
    Term differ = test2(d, OP_NE, test2(d, OP_LT, rest, zero), test2(d, OP_LT, x[1], zero));
    Term adjust = both(d, differ, test2(d, OP_NE, rest, zero));
    quotient = choose(d, adjust, sub(d, quotient, number(d, rest, 1)), quotient);
    Term floored = let1(d, OP_FLOOR, quotient);
    Term up = compare_to(d, OP_GT, sub(d, quotient, floored), 0.5);
    floored = choose(d, up, add(d, floored, number(d, rest, 1)), floored);
    Term at_zero = let2(d, OP_COPYSIGN, zero, plain);
    floored = choose(d, test2(d, OP_EQ, quotient, zero), at_zero, floored);
    return choose(d, test2(d, OP_EQ, x[1], zero), plain, floored);
}

static Term magnitude(Definer *d, Term x) {
    return convert(d, let1(d, OP_ABS, x), DTYPE_U64);
}

/* The magnitude of the least integer does not fit its dtype, but does as the same bits in an unsigned one. */
static Term unsigned_magnitude(Definer *d, Term x) {
    static const DType beside[DTYPE_COUNT] = {[DTYPE_I8] = DTYPE_U8, [DTYPE_I16] = DTYPE_U16, [DTYPE_I32] = DTYPE_U32,
                                              [DTYPE_I64] = DTYPE_U64};
    if (dtype_info(x.dtype)->class != CLASS_INT)
        return magnitude(d, x);
    return convert(d, convert(d, let1(d, OP_ABS, x), beside[x.dtype]), DTYPE_U64);
}

static Term define_gcd(Definer *d, DType result, const Term *x) {
    return convert(d, let2(d, OP_C_GCD, unsigned_magnitude(d, x[0]), unsigned_magnitude(d, x[1])), result);
}

static Term define_lcm(Definer *d, DType result, const Term *x) {
    Term a = unsigned_magnitude(d, x[0]), b = unsigned_magnitude(d, x[1]);
    Term divisor = let2(d, OP_C_GCD, a, b);
    return convert(d, mul(d, let2(d, OP_FLOORDIV, a, divisor), b), result);
}

/* ---- extremes, angles, logarithms of sums -------------------------------------------------- */

static Term number_wins(Definer *d, const Term *x, Op op, Op extreme) {
    if (!dtype_is_float(x[0].dtype))
        return let2(d, extreme, x[0], x[1]);
    Term first = either(d, test2(d, op, x[0], x[1]), test1(d, OP_ISNAN, x[1]));
    return choose(d, first, x[0], x[1]);
}

static Term define_fmax(Definer *d, DType result, const Term *x) {
    (void)result;
    return number_wins(d, x, OP_GT, OP_MAXIMUM);
}

static Term define_fmin(Definer *d, DType result, const Term *x) {
    (void)result;
    return number_wins(d, x, OP_LT, OP_MINIMUM);
}

static Term define_deg2rad(Definer *d, DType result, const Term *x) {
    (void)result;
    double factor = x[0].dtype == DTYPE_F32 ? (double)(3.14159265358979323846f / 180.0f) : 3.14159265358979323846 / 180.0;
    return mul(d, x[0], number(d, x[0], factor));
}

static Term define_rad2deg(Definer *d, DType result, const Term *x) {
    (void)result;
    double factor = x[0].dtype == DTYPE_F32 ? (double)(180.0f / 3.14159265358979323846f) : 180.0 / 3.14159265358979323846;
    return mul(d, x[0], number(d, x[0], factor));
}

/* The larger and log1p(exp(-distance)): npy_logaddexp. */
static Term log_of_sum(Definer *d, const Term *x, Op exp, double scale, double equal) {
    Term distance = sub(d, x[0], x[1]), zero = number(d, distance, 0);
    Term larger = choose(d, test2(d, OP_GT, distance, zero), x[0], x[1]);
    Term far = let1(d, OP_NEG, let1(d, OP_ABS, distance));
    Term tail = mul(d, let1(d, OP_LOG1P, let1(d, exp, far)), number(d, distance, scale));
    Term value = choose(d, test1(d, OP_ISNAN, distance), distance, add(d, larger, tail));
    return choose(d, test2(d, OP_EQ, x[0], x[1]), add(d, x[0], number(d, distance, equal)), value);
}

static Term define_logaddexp(Definer *d, DType result, const Term *x) {
    (void)result;
    return log_of_sum(d, x, OP_EXP, 1, 0.69314718055994530942);
}

static Term define_logaddexp2(Definer *d, DType result, const Term *x) {
    (void)result;
    return log_of_sum(d, x, OP_EXP2, 1.44269504088896340736, 1);
}

static Term define_float_power(Definer *d, DType result, const Term *x) {
    (void)result;
    return let2(d, OP_POW, x[0], x[1]);
}

static Term define_python_div(Definer *d, DType result, const Term *x) {
    (void)result;
    return divide(d, x[0], x[1]);
}

Definition op_definition(Op op, DType operand) {
    static const Definition definitions[OP_COUNT] = {
        [OP_POSITIVE] = define_same, [OP_FABS] = define_fabs, [OP_SQUARE] = define_square,
        [OP_RECIPROCAL] = define_reciprocal, [OP_FMOD] = define_fmod, [OP_HEAVISIDE] = define_heaviside,
        [OP_GCD] = define_gcd, [OP_LCM] = define_lcm, [OP_FMAX] = define_fmax, [OP_FMIN] = define_fmin,
        [OP_SIGNBIT] = define_signbit, [OP_NEXTAFTER] = define_nextafter, [OP_SPACING] = define_spacing,
        [OP_LDEXP] = define_ldexp, [OP_MANTISSA] = define_mantissa, [OP_EXPONENT] = define_exponent,
        [OP_FRACTION] = define_fraction, [OP_DEG2RAD] = define_deg2rad, [OP_RAD2DEG] = define_rad2deg,
        [OP_CONJ] = define_same, [OP_LOGADDEXP] = define_logaddexp, [OP_LOGADDEXP2] = define_logaddexp2,
        [OP_FLOAT_POWER] = define_float_power, [OP_PYTHON_DIV] = define_python_div};
    if (op_info(op)->emission == LIBM)
        return NULL;
    if (dtype_is_complex(operand))
        return complex_definition(op);
    if (dtype_is_float(operand) && (op == OP_MOD || op == OP_FLOORDIV))
        return op == OP_MOD ? define_mod : define_floordiv;
    if (definitions[op] || !dtype_is_float(operand))
        return definitions[op];
    return elementary_definition(op);
}
