/* elementary.c: exponentials, logarithms, circular and hyperbolic functions of floats, within 2 ULP, and the same bits
 * in scalars and lanes: definitions without branches (define.h).
 *
 * They work in f64; f32 is computed in f64 and rounded once. The method is the usual one: the argument is reduced to
 * a small interval, exactly or with the rest kept beside it; there a polynomial (elementary_polynomials.h, from
 * tests/elementary/fit.py) gives what is small against the leading term, which is added last. Rare arguments for
 * which that fails (circular functions of more than a million, powers of zero, infinity and nan) go to the C library,
 * aside. tests/unit/elementary_test.c and tests/elementary measure the errors. */
#include "ops/define.h"
#include "ops/elementary_polynomials.h"

#include <math.h>

enum { FRACTION_BITS = 52, BIAS = 1023 };

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))

static const double magic = 0x1.8p52;     /* adding it rounds to a whole number, whose bits are then the lowest */
static const double log2_e = 0x1.71547652b82fep+0;
static const double ln2 = 0x1.62e42fefa39efp-1, ln2_rest = 0x1.abc9e3b39803fp-56;
static const double ln2_high = 0x1.62e42fefa3800p-1, ln2_low = 0x1.ef35793c76730p-45;   /* the high part times k is exact */
static const double pi = 0x1.921fb54442d18p+1, pi_rest = 0x1.1a62633145c07p-53;
static const double half_pi = 0x1.921fb54442d18p+0, half_pi_rest = 0x1.1a62633145c07p-54;

/* ---- small helpers ------------------------------------------------------------------------- */

static Term num(Definer *d, double value) {
    return d->constant(d, DTYPE_F64, (Scalar){.f = value});
}

static Term bits(Definer *d, int64_t value) {
    return d->constant(d, DTYPE_I64, (Scalar){.i = value});
}

static Term neg(Definer *d, Term a) {
    return let1(d, OP_NEG, a);
}

static Term size_of(Definer *d, Term a) {
    return let1(d, OP_ABS, a);
}

static Term signed_as(Definer *d, Term a, Term sign) {
    return let2(d, OP_COPYSIGN, a, sign);
}

/* The terms from `from` on, `count` of them, by halves: short chains of FMAs. `powers`: z, z**2, z**4, ... */
static Term halves(Definer *d, const double *terms, int count, const Term *powers, int level) {
    if (count == 1)
        return num(d, terms[0]);
    int half = 1 << level;
    if (half >= count)
        return halves(d, terms, count, powers, level - 1);
    Term high = halves(d, terms + half, count - half, powers, level - 1);
    Term low = halves(d, terms, half, powers, level - 1);
    return fused(d, high, powers[level], low);
}

static Term polynomial(Definer *d, Term z, const double *terms, int count) {
    Term powers[4] = {z};
    for (int level = 1; level < 4 && 1 << level < count; level++)
        powers[level] = mul(d, powers[level - 1], powers[level - 1]);
    return halves(d, terms, count, powers, 3);
}

#define POLYNOMIAL(d, z, name) polynomial(d, z, name##_terms, LENGTH(name##_terms))

/* A sum whose rounding error is kept; of the two the first is the larger, or 0. */
typedef struct {
    Term high, low;
} Pair;

static Pair sum_of(Definer *d, Term a, Term b) {
    Term high = add(d, a, b);
    return (Pair){high, sub(d, b, sub(d, high, a))};
}

static Pair product_of(Definer *d, Term a, Term b) {
    Term high = mul(d, a, b);
    return (Pair){high, fused(d, a, b, neg(d, high))};
}

/* The product of two pairs, and a pair with a number. */
static Pair pair_product(Definer *d, Pair a, Pair b) {
    Pair product = product_of(d, a.high, b.high);
    Term cross = fused(d, a.high, b.low, mul(d, a.low, b.high));
    return (Pair){product.high, add(d, product.low, cross)};
}

static Pair pair_sum(Definer *d, Pair a, Pair b) {
    Pair sum = sum_of(d, a.high, b.high);
    return (Pair){sum.high, add(d, sum.low, add(d, a.low, b.low))};
}

/* 2 ** k of a whole k within the normal exponents. */
static Term exponential_of_two(Definer *d, Term k) {
    Term raw = add(d, bits_of(d, add(d, k, num(d, magic))), bits(d, BIAS));
    return of_bits(d, let2(d, OP_SHL, raw, bits(d, FRACTION_BITS)));
}

static Term rounded(Definer *d, Term x) {
    return sub(d, add(d, x, num(d, magic)), num(d, magic));
}

/* x * 2 ** k in two steps, so that results may be subnormal, or infinite. */
static Term scaled(Definer *d, Term x, Term k) {
    Term half = rounded(d, mul(d, k, num(d, 0.5)));
    return mul(d, mul(d, x, exponential_of_two(d, half)), exponential_of_two(d, sub(d, k, half)));
}

static Term limited(Definer *d, Term x, double low, double high) {
    return let2(d, OP_MINIMUM, let2(d, OP_MAXIMUM, x, num(d, low)), num(d, high));
}

/* f32 through f64. */
static Term widened(Definer *d, Definition definition, DType result, const Term *x, int count) {
    Term wide[2];
    for (int i = 0; i < count; i++)
        wide[i] = convert(d, x[i], DTYPE_F64);
    return convert(d, definition(d, DTYPE_F64, wide), result);
}

/* ---- exponentials -------------------------------------------------------------------------- */

/* exp(r) - 1 for a small r + rest. */
static Term small_expm1(Definer *d, Term r, Term rest) {
    return add(d, r, fused(d, mul(d, r, r), POLYNOMIAL(d, r, exp), rest));
}

/* exp(r + rest) * 2 ** k */
static Term exp_of_parts(Definer *d, Term r, Term rest, Term k) {
    return scaled(d, add(d, num(d, 1), small_expm1(d, r, rest)), k);
}

/* exp(x + rest) * 2 ** more */
static Term exp_plus(Definer *d, Term x, Term rest, double more) {
    x = limited(d, x, -760, 720);
    Term k = rounded(d, mul(d, x, num(d, log2_e)));
    Pair r = {fused(d, neg(d, k), num(d, ln2_high), x), fused(d, neg(d, k), num(d, ln2_low), rest)};
    r = sum_of(d, r.high, r.low);
    return exp_of_parts(d, r.high, r.low, more != 0 ? add(d, k, num(d, more)) : k);
}

static Term wide_exp(Definer *d, DType result, const Term *x) {
    (void)result;
    return exp_plus(d, x[0], num(d, 0), 0);
}

static Term wide_exp2(Definer *d, DType result, const Term *x) {
    (void)result;
    Term value = limited(d, x[0], -1100, 1030), k = rounded(d, value);
    Term whole = sub(d, value, k);
    Pair r = product_of(d, whole, num(d, ln2));
    return exp_of_parts(d, r.high, fused(d, whole, num(d, ln2_rest), r.low), k);
}

/* 2**k * (exp(r) - 1) + (2**k - 1); beyond 40 there is nothing to subtract. */
static Term expm1_of(Definer *d, Term x) {
    Term value = limited(d, x, -50, 40), k = rounded(d, mul(d, value, num(d, log2_e)));
    Pair r = {fused(d, neg(d, k), num(d, ln2_high), value), mul(d, neg(d, k), num(d, ln2_low))};
    r = sum_of(d, r.high, r.low);
    Term power = exponential_of_two(d, k), less = sub(d, power, num(d, 1));
    Term tail = fused(d, mul(d, r.high, r.high), POLYNOMIAL(d, r.high, exp), r.low);
    Term main = mul(d, power, r.high), first = test2(d, OP_GE, size_of(d, less), size_of(d, main));
    Pair sum = sum_of(d, choose(d, first, less, main), choose(d, first, main, less));
    Term small = add(d, sum.high, fused(d, power, tail, sum.low));
    Term beyond = compare_to(d, OP_GT, x, 40);
    return choose(d, compare_to(d, OP_EQ, x, 0), x, choose(d, beyond, exp_plus(d, x, num(d, 0), 0), small));
}

static Term wide_expm1(Definer *d, DType result, const Term *x) {
    (void)result;
    return expm1_of(d, x[0]);
}

/* ---- logarithms ---------------------------------------------------------------------------- */

/* x = (1 + f) * 2 ** k, with 1 + f between sqrt(1/2) and sqrt(2). */
typedef struct {
    Term f, k;
} Decomposed;

static Decomposed decompose(Definer *d, Term x) {
    Term small = compare_to(d, OP_LT, x, 0x1p-1022);
    Term raw = bits_of(d, choose(d, small, mul(d, x, num(d, 0x1p54)), x));
    /* Moved so that the exponent changes at sqrt(1/2), not at 1. */
    int64_t root = 0x3fe6a09e667f3bcd, one = INT64_C(0x3ff0000000000000);
    Term moved = add(d, raw, bits(d, one - root));
    Term exponent = let2(d, OP_SHR, moved, bits(d, FRACTION_BITS));
    Term fraction = add(d, let2(d, OP_AND, moved, bits(d, (INT64_C(1) << FRACTION_BITS) - 1)), bits(d, root));
    Term k = sub(d, of_bits(d, let2(d, OP_OR, exponent, bits(d, 0x4330000000000000))), num(d, 0x1p52 + BIAS));
    k = choose(d, small, sub(d, k, num(d, 54)), k);
    return (Decomposed){sub(d, of_bits(d, fraction), num(d, 1)), k};
}

/* log(1 + f) = f + the low part, which is smaller. */
static Pair log_of_fraction(Definer *d, Term f) {
    Term s = divide(d, f, add(d, f, num(d, 2))), z = mul(d, s, s), half = mul(d, mul(d, f, num(d, 0.5)), f);
    Term tail = mul(d, z, POLYNOMIAL(d, z, log));
    return (Pair){f, sub(d, mul(d, s, add(d, half, tail)), half)};
}

/* nan below 0, -inf at 0, the number itself at inf and nan. */
static Term with_poles(Definer *d, Term x, Term value) {
    value = choose(d, test2(d, OP_LT, x, num(d, INFINITY)), value, x);
    value = choose(d, compare_to(d, OP_EQ, x, 0), num(d, -INFINITY), value);
    return choose(d, compare_to(d, OP_LT, x, 0), num(d, NAN), value);
}

/* log(x + rest) / log(base): `one` is 1 / log(base), `two` is log(2) / log(base) with few bits; + more * two. */
typedef struct {
    double one, one_rest, two, two_rest;
} Base;

static const Base natural = {1, 0, 0x1.62e42fefa3800p-1, 0x1.ef35793c76730p-45};
static const Base binary = {0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56, 1, 0};
static const Base decimal = {0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57, 0x1.34413509f7800p-2, 0x1.fef311f12b358p-46};

static Term log_plus(Definer *d, Term x, const Term *rest, const Term *more, const Base *base) {
    Decomposed parts = decompose(d, x);
    Pair log = log_of_fraction(d, parts.f);
    Term k = more ? add(d, parts.k, *more) : parts.k, low = log.low;
    if (rest)
        low = add(d, low, divide(d, *rest, x));
    Pair scaled = {log.high, low};
    if (base->one != 1) {
        scaled = product_of(d, log.high, num(d, base->one));
        scaled.low = fused(d, log.high, num(d, base->one_rest), scaled.low);
        scaled.low = fused(d, low, num(d, base->one), scaled.low);
    }
    Pair sum = sum_of(d, mul(d, k, num(d, base->two)), scaled.high);
    low = add(d, sum.low, fused(d, k, num(d, base->two_rest), scaled.low));
    return add(d, sum.high, low);
}

static Term log_to(Definer *d, Term x, const Base *base) {
    return with_poles(d, x, log_plus(d, x, NULL, NULL, base));
}

static Term wide_log(Definer *d, DType result, const Term *x) {
    (void)result;
    return log_to(d, x[0], &natural);
}

static Term wide_log2(Definer *d, DType result, const Term *x) {
    (void)result;
    return log_to(d, x[0], &binary);
}

static Term wide_log10(Definer *d, DType result, const Term *x) {
    (void)result;
    return log_to(d, x[0], &decimal);
}

/* log(1 + x + rest), from -1 on. */
static Term log1p_plus(Definer *d, Term x, const Term *rest) {
    Term u = add(d, num(d, 1), x);
    Term over = compare_to(d, OP_GT, x, 1);
    Term lost = choose(d, over, sub(d, num(d, 1), sub(d, u, x)), sub(d, x, sub(d, u, num(d, 1))));
    if (rest)
        lost = add(d, lost, *rest);
    Term value = with_poles(d, u, log_plus(d, u, &lost, NULL, &natural));
    return choose(d, compare_to(d, OP_LT, size_of(d, x), 0x1p-54), x, value);
}

static Term wide_log1p(Definer *d, DType result, const Term *x) {
    (void)result;
    return log1p_plus(d, x[0], NULL);
}

/* ---- sine, cosine, tangent ----------------------------------------------------------------- */

/* x less n quarter turns, as a pair; n's lowest bits. Right up to a million. */
typedef struct {
    Pair r;
    Term quarter;
} Turned;

static const double most_turned = 1e6;

static Turned turn(Definer *d, Term x) {
    Term raw = fused(d, x, num(d, 0x1.45f306dc9c883p-1), num(d, magic)), n = sub(d, raw, num(d, magic)), back = neg(d, n);
    Term first = fused(d, back, num(d, 0x1.921fb544p+0), x);             /* exact: few bits, and of one size */
    Term second = fused(d, back, num(d, 0x1.0b4611a6p-34), first);
    Term lost = fused(d, back, num(d, 0x1.0b4611a6p-34), sub(d, first, second));
    Term rest = fused(d, back, num(d, 0x1.3198a2e037073p-69), lost);
    return (Turned){sum_of(d, second, rest), bits_of(d, raw)};
}

static Term sine_of(Definer *d, Pair r) {
    Term z = mul(d, r.high, r.high), half = num(d, 0.5);
    Term slope = fused(d, neg(d, z), half, num(d, 1));
    Term tail = fused(d, mul(d, z, r.high), POLYNOMIAL(d, z, sin), mul(d, r.low, slope));
    return add(d, r.high, tail);
}

static Term cosine_of(Definer *d, Pair r) {
    Term z = mul(d, r.high, r.high), half = mul(d, z, num(d, 0.5)), w = sub(d, num(d, 1), half);
    Term lost = sub(d, sub(d, num(d, 1), w), half);
    Term error = mul(d, fused(d, r.high, r.high, neg(d, z)), num(d, 0.5));
    Term tail = fused(d, mul(d, z, z), POLYNOMIAL(d, z, cos), sub(d, fused(d, neg(d, r.high), r.low, lost), error));
    return add(d, w, tail);
}

static Term has_bit(Definer *d, Term value, int64_t bit) {
    return test2(d, OP_NE, let2(d, OP_AND, value, bits(d, bit)), bits(d, 0));
}

static Term is_far(Definer *d, Term x) {
    return test1(d, OP_NOT, compare_to(d, OP_LT, size_of(d, x), most_turned));
}

/* `ahead`: quarter turns that are added. */
static Term circular(Definer *d, Term x, int64_t ahead, Op library) {
    Turned turned = turn(d, x);
    Term quarter = ahead ? add(d, turned.quarter, bits(d, ahead)) : turned.quarter;
    Term value = choose(d, has_bit(d, quarter, 1), cosine_of(d, turned.r), sine_of(d, turned.r));
    value = choose(d, has_bit(d, quarter, 2), neg(d, value), value);
    if (!ahead)
        value = choose(d, compare_to(d, OP_EQ, x, 0), x, value);
    return d->unless(d, is_far(d, x), value, library, &x);
}

static Term wide_sin(Definer *d, DType result, const Term *x) {
    (void)result;
    return circular(d, x[0], 0, OP_C_SIN);
}

static Term wide_cos(Definer *d, DType result, const Term *x) {
    (void)result;
    return circular(d, x[0], 1, OP_C_COS);
}

static Term wide_tan(Definer *d, DType result, const Term *x) {
    (void)result;
    Turned turned = turn(d, x[0]);
    Term sine = sine_of(d, turned.r), cosine = cosine_of(d, turned.r), odd = has_bit(d, turned.quarter, 1);
    Term value = divide(d, choose(d, odd, neg(d, cosine), sine), choose(d, odd, sine, cosine));
    value = choose(d, compare_to(d, OP_EQ, x[0], 0), x[0], value);
    return d->unless(d, is_far(d, x[0]), value, OP_C_TAN, x);
}

/* ---- arc sine, cosine, tangent ------------------------------------------------------------- */

/* asin(sqrt z) / sqrt z - 1 up to z = 1/4; for larger |x| of the half angle: z = (1 - |x|) / 2. */
typedef struct {
    Term size, inside;         /* |x|; whether it is at most 1/2 */
    Term tail;                 /* x * (asin(x) / x - 1), or of the half angle's sine */
    Term root, root_rest;      /* sqrt(z) */
} Arc;

static Arc arc_of(Definer *d, Term x) {
    Arc arc = {.size = size_of(d, x)};
    arc.inside = compare_to(d, OP_LE, arc.size, 0.5);
    Term half = mul(d, sub(d, num(d, 1), arc.size), num(d, 0.5));
    Term z = choose(d, arc.inside, mul(d, x, x), half);
    Term ratio = mul(d, z, POLYNOMIAL(d, z, asin));
    arc.root = let1(d, OP_SQRT, half);
    Term lost = fused(d, neg(d, arc.root), arc.root, half);
    Term none = compare_to(d, OP_EQ, arc.root, 0);
    arc.root_rest = choose(d, none, num(d, 0), divide(d, lost, add(d, arc.root, arc.root)));
    arc.tail = mul(d, choose(d, arc.inside, x, arc.root), ratio);
    return arc;
}

/* angle - 2 * root - 2 * small, the angle as a pair. */
static Term less_twice(Definer *d, double angle, double rest, Term root, Term small) {
    Pair sum = sum_of(d, num(d, angle), mul(d, num(d, -2), root));
    return add(d, sum.high, add(d, sum.low, fused(d, num(d, -2), small, num(d, rest))));
}

static Term wide_asin(Definer *d, DType result, const Term *x) {
    (void)result;
    Arc arc = arc_of(d, x[0]);
    Term outside = less_twice(d, half_pi, half_pi_rest, arc.root, add(d, arc.tail, arc.root_rest));
    Term value = choose(d, arc.inside, add(d, x[0], arc.tail), signed_as(d, outside, x[0]));
    return choose(d, compare_to(d, OP_EQ, x[0], 0), x[0], value);
}

static Term wide_acos(Definer *d, DType result, const Term *x) {
    (void)result;
    Arc arc = arc_of(d, x[0]);
    Term small = add(d, arc.tail, arc.root_rest);
    Pair right = sum_of(d, num(d, half_pi), neg(d, x[0]));
    Term inside = add(d, right.high, sub(d, add(d, right.low, num(d, half_pi_rest)), arc.tail));
    Term near = mul(d, num(d, 2), add(d, arc.root, small)), far = less_twice(d, pi, pi_rest, arc.root, small);
    return choose(d, arc.inside, inside, choose(d, compare_to(d, OP_LT, x[0], 0), far, near));
}

/* atan of a quotient of numbers that are not negative, at most 1: of the quotient, or of its distance from 1. */
static Pair atan_of_ratio(Definer *d, Term y, Term x) {
    Term large = test2(d, OP_GT, y, mul(d, x, num(d, 0.4142135623730951)));
    Term top = choose(d, large, sub(d, y, x), y), bottom = choose(d, large, add(d, y, x), x);
    Term t = divide(d, top, bottom), z = mul(d, t, t);
    Term tail = mul(d, mul(d, t, z), POLYNOMIAL(d, z, atan)), zero = num(d, 0);
    Pair sum = sum_of(d, choose(d, large, num(d, half_pi / 2), zero), t);
    Term rest = choose(d, large, num(d, half_pi_rest / 2), zero);
    return (Pair){sum.high, add(d, add(d, sum.low, rest), tail)};
}

static Term angle_less(Definer *d, double angle, double rest, Pair less) {
    Pair sum = sum_of(d, num(d, angle), neg(d, less.high));
    return add(d, sum.high, sub(d, add(d, sum.low, num(d, rest)), less.low));
}

static Term wide_atan(Definer *d, DType result, const Term *x) {
    (void)result;
    Term size = size_of(d, x[0]), one = num(d, 1), over = test2(d, OP_GT, size, one);
    Term infinite = test1(d, OP_ISINF, x[0]);
    Pair inner = atan_of_ratio(d, choose(d, over, one, size), choose(d, over, size, one));
    Term value = choose(d, over, angle_less(d, half_pi, half_pi_rest, inner), add(d, inner.high, inner.low));
    value = choose(d, infinite, num(d, half_pi), value);
    return choose(d, compare_to(d, OP_EQ, x[0], 0), x[0], signed_as(d, value, x[0]));
}

static Term wide_atan2(Definer *d, DType result, const Term *x) {
    (void)result;
    Term a = size_of(d, x[0]), b = size_of(d, x[1]), steep = test2(d, OP_GT, a, b);
    Term large = choose(d, steep, a, b), small = choose(d, steep, b, a);
    /* Both 0: the ratio is 0; both infinite: 1; else brought to where nothing underflows or overflows. */
    Term none = compare_to(d, OP_EQ, large, 0), all = test1(d, OP_ISINF, small), endless = test1(d, OP_ISINF, large);
    Term factor = choose(d, compare_to(d, OP_GT, large, 0x1p960), num(d, 0x1p-60), num(d, 1));
    factor = choose(d, compare_to(d, OP_LT, large, 0x1p-960), num(d, 0x1p60), factor);
    Term top = choose(d, all, num(d, 1), choose(d, endless, num(d, 0), mul(d, small, factor)));
    Term bottom = choose(d, either(d, none, endless), num(d, 1), mul(d, large, factor));
    Pair inner = atan_of_ratio(d, top, bottom);
    Term behind = compare_to(d, OP_LT, bits_of(d, x[1]), 0);
    Pair upright = sum_of(d, num(d, half_pi), neg(d, inner.high));
    upright.low = sub(d, add(d, upright.low, num(d, half_pi_rest)), inner.low);
    Pair angle = {choose(d, steep, upright.high, inner.high), choose(d, steep, upright.low, inner.low)};
    Term value = choose(d, behind, angle_less(d, pi, pi_rest, angle), add(d, angle.high, angle.low));
    Term nan = either(d, test1(d, OP_ISNAN, x[0]), test1(d, OP_ISNAN, x[1]));
    return choose(d, nan, add(d, x[0], x[1]), signed_as(d, value, x[0]));
}

/* ---- hyperbolic functions ------------------------------------------------------------------ */

/* x * (1 + z * P(z)), z = x * x: what the odd functions are near 0. */
static Term near_zero(Definer *d, Term x, const double *terms, int count) {
    Term z = mul(d, x, x);
    Term value = fused(d, mul(d, x, z), polynomial(d, z, terms, count), x);
    return choose(d, compare_to(d, OP_EQ, x, 0), x, value);
}

static Term half_exp(Definer *d, Term size) {
    return exp_plus(d, size, num(d, 0), -1);
}

static Term wide_sinh(Definer *d, DType result, const Term *x) {
    (void)result;
    Term size = size_of(d, x[0]), e = half_exp(d, size);
    Term far = signed_as(d, sub(d, e, divide(d, num(d, 0.25), e)), x[0]);
    return choose(d, compare_to(d, OP_LT, size, 1), near_zero(d, x[0], sinh_terms, LENGTH(sinh_terms)), far);
}

static Term wide_cosh(Definer *d, DType result, const Term *x) {
    (void)result;
    Term e = half_exp(d, size_of(d, x[0]));
    return add(d, e, divide(d, num(d, 0.25), e));
}

static Term wide_tanh(Definer *d, DType result, const Term *x) {
    (void)result;
    Term size = size_of(d, x[0]), value = let2(d, OP_MINIMUM, size, num(d, 30));
    Term e = exp_plus(d, add(d, value, value), num(d, 0), 0), one = num(d, 1);
    Term far = signed_as(d, sub(d, one, divide(d, num(d, 2), add(d, e, one))), x[0]);
    return choose(d, compare_to(d, OP_LT, size, 0.55), near_zero(d, x[0], tanh_terms, LENGTH(tanh_terms)), far);
}

/* size + sqrt(size**2 + one) as a pair; `one` is 1 or -1. */
static Pair plus_root(Definer *d, Term size, double one) {
    Pair square = product_of(d, size, size);
    Term under = compare_to(d, OP_LT, square.high, 1);
    Pair sum = {.high = add(d, square.high, num(d, one))};
    sum.low = choose(d, under, sub(d, square.high, sub(d, sum.high, num(d, one))),
                     sub(d, num(d, one), sub(d, sum.high, square.high)));
    Term root = let1(d, OP_SQRT, sum.high), lost = add(d, fused(d, neg(d, root), root, sum.high), add(d, sum.low, square.low));
    Pair result = {.high = add(d, size, root)};
    Term error = choose(d, test2(d, OP_GT, root, size), sub(d, size, sub(d, result.high, root)),
                        sub(d, root, sub(d, result.high, size)));
    result.low = add(d, error, divide(d, lost, add(d, root, root)));
    return result;
}

/* log(size + sqrt(size**2 + one)); beyond 2**28 the root is the size. */
static Term log_plus_root(Definer *d, Term size, double one) {
    Term far = compare_to(d, OP_GT, size, 0x1p28);
    Pair sum = plus_root(d, choose(d, far, num(d, 2), size), one);
    Term high = choose(d, far, size, sum.high), low = choose(d, far, num(d, 0), sum.low);
    Term more = choose(d, far, num(d, 1), num(d, 0));
    return with_poles(d, high, log_plus(d, high, &low, &more, &natural));
}

static Term wide_asinh(Definer *d, DType result, const Term *x) {
    (void)result;
    Term size = size_of(d, x[0]), far = signed_as(d, log_plus_root(d, size, 1), x[0]);
    return choose(d, compare_to(d, OP_LT, size, 0.5), near_zero(d, x[0], asinh_terms, LENGTH(asinh_terms)), far);
}

/* Near 1: log1p(t + sqrt(t * (t + 2))) of t = x - 1. */
static Term wide_acosh(Definer *d, DType result, const Term *x) {
    (void)result;
    Term t = sub(d, x[0], num(d, 1)), p = fused(d, t, t, add(d, t, t)), root = let1(d, OP_SQRT, p);
    Term none = compare_to(d, OP_EQ, p, 0);
    Term lost = choose(d, none, p, divide(d, fused(d, neg(d, root), root, p), add(d, root, root)));
    Pair sum = sum_of(d, root, t);
    Term low = add(d, sum.low, lost), near = log1p_plus(d, sum.high, &low);
    Term value = choose(d, compare_to(d, OP_LT, x[0], 2), near, log_plus_root(d, x[0], -1));
    return choose(d, compare_to(d, OP_LT, x[0], 1), num(d, NAN), value);
}

static Term wide_atanh(Definer *d, DType result, const Term *x) {
    (void)result;
    Term size = size_of(d, x[0]), one = num(d, 1);
    Term u = divide(d, add(d, size, size), sub(d, one, size));
    Term far = signed_as(d, mul(d, num(d, 0.5), log1p_plus(d, u, NULL)), x[0]);
    far = choose(d, test2(d, OP_GT, size, one), num(d, NAN), far);
    return choose(d, compare_to(d, OP_LT, size, 0.5), near_zero(d, x[0], atanh_terms, LENGTH(atanh_terms)), far);
}

/* ---- roots and powers ---------------------------------------------------------------------- */

/* x = m * 8 ** q with m from 1 to 8: a guess, twice Halley's step, and Newton's with the error of the cube. */
static Term wide_cbrt(Definer *d, DType result, const Term *x) {
    (void)result;
    Term size = size_of(d, x[0]), small = compare_to(d, OP_LT, size, 0x1p-1022);
    Term raw = bits_of(d, choose(d, small, mul(d, size, num(d, 0x1p54)), size));
    Term exponent = let2(d, OP_OR, let2(d, OP_SHR, raw, bits(d, FRACTION_BITS)), bits(d, 0x4330000000000000));
    Term e = sub(d, of_bits(d, exponent), num(d, 0x1p52 + BIAS)), one = num(d, 1);
    Term third = let1(d, OP_FLOOR, mul(d, add(d, e, num(d, 0.5)), num(d, 1.0 / 3))), rest = fused(d, num(d, -3), third, e);
    Term fraction = let2(d, OP_OR, let2(d, OP_AND, raw, bits(d, (INT64_C(1) << FRACTION_BITS) - 1)), bits(d, 0x3ff0000000000000));
    Term factor = choose(d, compare_to(d, OP_EQ, rest, 0), one, choose(d, compare_to(d, OP_EQ, rest, 1), num(d, 2), num(d, 4)));
    Term m = mul(d, of_bits(d, fraction), factor), y = POLYNOMIAL(d, m, cbrt);
    for (int round = 0; round < 2; round++) {
        Term cube = mul(d, mul(d, y, y), y);
        y = mul(d, y, divide(d, fused(d, num(d, 2), m, cube), fused(d, num(d, 2), cube, m)));
    }
    Pair square = product_of(d, y, y), cube = product_of(d, square.high, y);
    Term error = add(d, sub(d, cube.high, m), fused(d, square.low, y, cube.low));
    y = sub(d, y, divide(d, error, mul(d, num(d, 3), square.high)));
    third = choose(d, small, sub(d, third, num(d, 18)), third);
    Term value = signed_as(d, mul(d, y, exponential_of_two(d, third)), x[0]);
    Term odd = test1(d, OP_NOT, test2(d, OP_LT, size, num(d, INFINITY)));
    return choose(d, either(d, odd, compare_to(d, OP_EQ, size, 0)), x[0], value);
}

static Term wide_hypot(Definer *d, DType result, const Term *x) {
    (void)result;
    Term a = size_of(d, x[0]), b = size_of(d, x[1]), steep = test2(d, OP_GT, a, b);
    Term large = choose(d, steep, a, b), small = choose(d, steep, b, a);
    Term factor = choose(d, compare_to(d, OP_GT, large, 0x1p500), num(d, 0x1p-600), num(d, 1));
    factor = choose(d, compare_to(d, OP_LT, large, 0x1p-500), num(d, 0x1p600), factor);
    Term p = mul(d, large, factor), q = mul(d, small, factor);
    Pair square = product_of(d, p, p), other = product_of(d, q, q), sum = sum_of(d, square.high, other.high);
    Term low = add(d, sum.low, add(d, square.low, other.low)), root = let1(d, OP_SQRT, sum.high);
    Term lost = add(d, fused(d, neg(d, root), root, sum.high), low);
    Term value = add(d, root, divide(d, lost, add(d, root, root)));
    value = divide(d, value, factor);
    value = choose(d, compare_to(d, OP_EQ, large, 0), large, value);
    Term nan = either(d, test1(d, OP_ISNAN, x[0]), test1(d, OP_ISNAN, x[1]));
    value = choose(d, nan, add(d, x[0], x[1]), value);
    Term infinite = either(d, test1(d, OP_ISINF, x[0]), test1(d, OP_ISINF, x[1]));
    return choose(d, infinite, num(d, INFINITY), value);
}

/* log(x) of a positive x, as a pair with about ten bits more than the number's. */
static Pair long_log(Definer *d, Term x) {
    Decomposed parts = decompose(d, x);
    Pair bottom = sum_of(d, num(d, 2), parts.f);
    Term s = divide(d, parts.f, bottom.high);
    Term lost = fused(d, neg(d, s), bottom.low, fused(d, neg(d, s), bottom.high, parts.f));
    Pair ratio = {s, divide(d, lost, bottom.high)};
    Pair square = pair_product(d, ratio, ratio), cube = pair_product(d, square, ratio);
    Pair third = pair_product(d, cube, (Pair){num(d, 0x1.5555555555555p-1), num(d, 0x1.5555555555555p-55)});
    Term tail = mul(d, mul(d, cube.high, square.high), POLYNOMIAL(d, square.high, log5));
    Pair log = pair_sum(d, (Pair){add(d, ratio.high, ratio.high), add(d, ratio.low, ratio.low)}, third);
    log.low = add(d, log.low, tail);
    Pair scale = {mul(d, parts.k, num(d, ln2_high)), mul(d, parts.k, num(d, ln2_low))};
    log = pair_sum(d, scale, log);
    return sum_of(d, log.high, log.low);
}

/* exp(y * log |x|), negative for odd powers of negative numbers. What is not finite, 0 or without a real power is
 * the library's. */
static Term wide_pow(Definer *d, DType result, const Term *x) {
    (void)result;
    Pair log = long_log(d, size_of(d, x[0])), power = product_of(d, x[1], log.high);
    power.low = fused(d, x[1], log.low, power.low);
    Term bounded = limited(d, power.high, -760, 720);
    Term rest = choose(d, test2(d, OP_EQ, bounded, power.high), power.low, num(d, 0));
    Term value = exp_plus(d, bounded, rest, 0);
    Term whole = test2(d, OP_EQ, let1(d, OP_RINT, x[1]), x[1]), half = mul(d, x[1], num(d, 0.5));
    Term odd = both(d, whole, test2(d, OP_NE, let1(d, OP_RINT, half), half));
    Term negative = compare_to(d, OP_LT, x[0], 0);
    value = choose(d, both(d, negative, odd), neg(d, value), value);
    Term finite = both(d, test1(d, OP_ISFINITE, x[0]), test1(d, OP_ISFINITE, x[1]));
    Term usual = both(d, finite, either(d, compare_to(d, OP_GT, x[0], 0), both(d, negative, whole)));
    return d->unless(d, test1(d, OP_NOT, usual), value, OP_C_POW, x);
}

/* ---- the table ----------------------------------------------------------------------------- */

#define ELEMENTARY(name, count)                                                                                        \
    static Term define_##name(Definer *d, DType result, const Term *x) {                                               \
        return widened(d, wide_##name, result, x, count);                                                              \
    }
ELEMENTARY(exp, 1)
ELEMENTARY(expm1, 1)
ELEMENTARY(exp2, 1)
ELEMENTARY(log, 1)
ELEMENTARY(log2, 1)
ELEMENTARY(log10, 1)
ELEMENTARY(log1p, 1)
ELEMENTARY(sin, 1)
ELEMENTARY(cos, 1)
ELEMENTARY(tan, 1)
ELEMENTARY(asin, 1)
ELEMENTARY(acos, 1)
ELEMENTARY(atan, 1)
ELEMENTARY(atan2, 2)
ELEMENTARY(sinh, 1)
ELEMENTARY(cosh, 1)
ELEMENTARY(tanh, 1)
ELEMENTARY(asinh, 1)
ELEMENTARY(acosh, 1)
ELEMENTARY(atanh, 1)
ELEMENTARY(cbrt, 1)
ELEMENTARY(hypot, 2)
ELEMENTARY(pow, 2)
#undef ELEMENTARY

Definition elementary_definition(Op op) {
    static const Definition definitions[OP_COUNT] = {
        [OP_EXP] = define_exp, [OP_EXPM1] = define_expm1, [OP_EXP2] = define_exp2, [OP_LOG] = define_log,
        [OP_LOG2] = define_log2, [OP_LOG10] = define_log10, [OP_LOG1P] = define_log1p, [OP_SIN] = define_sin,
        [OP_COS] = define_cos, [OP_TAN] = define_tan, [OP_ASIN] = define_asin, [OP_ACOS] = define_acos,
        [OP_ATAN] = define_atan, [OP_ATAN2] = define_atan2, [OP_SINH] = define_sinh, [OP_COSH] = define_cosh,
        [OP_TANH] = define_tanh, [OP_ASINH] = define_asinh, [OP_ACOSH] = define_acosh, [OP_ATANH] = define_atanh,
        [OP_CBRT] = define_cbrt, [OP_HYPOT] = define_hypot, [OP_POW] = define_pow};
    return definitions[op];
}
