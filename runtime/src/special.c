/* special.c: functions of Python's math that sum, or that C does not have with Python's bits: fsum, hypot and dist of
 * many numbers, gamma and lgamma. */
#include "list.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- exact sums ---------------------------------------------------------------------------- */

/* A sum as floats that do not overlap, the smallest first (Shewchuk, 1997): nothing of it is lost. */
typedef struct {
    double *parts;
    int64_t count, capacity;
    double special, infinities;      /* of what is not finite; of infinities alone */
} ExactSum;

static int add_part(ExactSum *sum, double part) {
    if (sum->count == sum->capacity) {
        int64_t capacity = 2 * sum->capacity + 8;
        double *parts = realloc(sum->parts, (size_t)capacity * sizeof *parts);
        if (!parts)
            return error_set("MemoryError", "out of memory");
        sum->parts = parts;
        sum->capacity = capacity;
    }
    sum->parts[sum->count++] = part;
    return 0;
}

static int add_exactly(ExactSum *sum, double x) {
    double given = x;
    int64_t kept = 0;
    for (int64_t i = 0; i < sum->count; i++) {
        double y = sum->parts[i];
        double large = fabs(x) < fabs(y) ? y : x, small = fabs(x) < fabs(y) ? x : y;
        double high = large + small, low = small - (high - large);
        if (low != 0)
            sum->parts[kept++] = low;
        x = high;
    }
    sum->count = kept;
    if (x == 0)
        return 0;
    if (isfinite(x))
        return add_part(sum, x);
    if (isfinite(given))
        return error_set("OverflowError", "intermediate overflow in fsum");
    sum->infinities += isinf(given) ? given : 0;
    sum->special += given;
    sum->count = 0;
    return 0;
}

/* The parts added from the largest on, rounded once: half a unit goes the way of the part behind it. */
static double rounded_sum(const ExactSum *sum) {
    int64_t n = sum->count;
    double high = n ? sum->parts[--n] : 0, low = 0;
    while (n > 0 && low == 0) {
        double x = high, y = sum->parts[--n];
        high = x + y;
        low = y - (high - x);
    }
    if (n > 0 && ((low < 0 && sum->parts[n - 1] < 0) || (low > 0 && sum->parts[n - 1] > 0))) {
        double twice = low * 2, next = high + twice;
        high = next - high == twice ? next : high;
    }
    return high;
}

/* A number of a list, of whatever kind, as a float. */
static double number_at(const List *list, int64_t i) {
    const int64_t *slot = list->slots + i * list->width;
    const char *type = type_chosen(list->type, &slot);
    double value;
    if (*type == 'i' || *type == 'b')
        return (double)*slot;
    if (*type == 'N' && type[1] - 'a' < MNP_F32)
        return type[1] - 'a' == MNP_U64 ? (double)(uint64_t)*slot : (double)*slot;
    memcpy(&value, slot, sizeof value);
    return value;
}

int mnp_math_fsum(void *value, void *out) {
    const List *list = value;
    ExactSum sum = {0};
    int status = 0;
    for (int64_t i = 0; i < list->count && !status; i++)
        status = add_exactly(&sum, number_at(list, i));
    double result = sum.special != 0 ? sum.special : rounded_sum(&sum);
    free(sum.parts);
    if (!status && isnan(sum.infinities))
        return error_set("ValueError", "-inf + inf in fsum");
    memcpy(out, &result, sizeof result);
    return status;
}

/* ---- lengths of vectors -------------------------------------------------------------------- */

/* high + low, kept apart. */
typedef struct {
    double high, low;
} Pair;

static Pair add_square(Pair sum, double x) {
    double square = x * x, rest = fma(x, x, -square), high = sum.high + square;
    double big = sum.high > square ? sum.high : square, small = sum.high > square ? square : sum.high;
    return (Pair){high, sum.low + (small - (high - big)) + rest};
}

/* The numbers are scaled below 1, their squares summed in two floats, and the root corrected by what it misses. */
static double vector_length(const double *x, int64_t count, double most) {
    int exponent;
    Pair sum = {0, 0};
    if (most == 0 || count <= 1)
        return most;
    frexp(most, &exponent);
    for (int64_t i = 0; i < count; i++)
        sum = add_square(sum, ldexp(x[i], -exponent));
    double root = sqrt(sum.high + sum.low);
    Pair missed = {-(root * root), -fma(root, root, -(root * root))};
    double rest = (sum.high + missed.high) + (sum.low + missed.low);
    return ldexp(root + rest / (2 * root), exponent);
}

static int give_length(double *x, int64_t count, void *out) {
    double most = 0, result;
    int odd = 0;
    for (int64_t i = 0; i < count; i++) {
        x[i] = fabs(x[i]);
        odd |= isnan(x[i]);
        most = x[i] > most ? x[i] : most;
    }
    result = isinf(most) ? most : odd ? NAN : vector_length(x, count, most);
    memcpy(out, &result, sizeof result);
    free(x);
    return 0;
}

static double *numbers_of(const List *list) {
    double *x = malloc((size_t)list->count * sizeof *x + 8);
    for (int64_t i = 0; x && i < list->count; i++)
        x[i] = number_at(list, i);
    if (!x)
        error_set("MemoryError", "out of memory");
    return x;
}

double mnp_math_hypot_of_two(double x, double y) {
    double most = fabs(x) > fabs(y) ? fabs(x) : fabs(y), both[] = {fabs(x), fabs(y)};
    if (isinf(x) || isinf(y))
        return INFINITY;
    return isnan(x) || isnan(y) ? NAN : vector_length(both, 2, most);
}

int mnp_math_hypot(void *value, void *out) {
    double *x = numbers_of(value);
    return x ? give_length(x, ((const List *)value)->count, out) : 1;
}

int mnp_math_dist(void *left, void *right, void *out) {
    const List *p = left, *q = right;
    if (p->count != q->count)
        return error_set("ValueError", "both points must have the same number of dimensions");
    double *x = numbers_of(p);
    for (int64_t i = 0; x && i < p->count; i++)
        x[i] -= number_at(q, i);
    return x ? give_length(x, p->count, out) : 1;
}

/* ---- gamma --------------------------------------------------------------------------------- */

/* Lanczos' approximation with 13 terms: gamma(x) = (x + g - 1/2)**(x - 1/2) * sum(x) / exp(x + g - 1/2), where the sum
 * is a quotient of polynomials. */
#define LANCZOS_G 6.024680040776729583740234375
enum { LANCZOS_TERMS = 13 };

static const double lanczos_above[LANCZOS_TERMS] = {
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408};
static const double lanczos_below[LANCZOS_TERMS] = {0.0,        39916800.0, 120543840.0, 150917976.0, 105258076.0,
                                                    45995730.0, 13339535.0, 2637558.0,   357423.0,    32670.0,
                                                    1925.0,     66.0,       1.0};

/* From the highest power down, or for large x in powers of 1 / x, which do not overflow. */
static double lanczos_sum(double x) {
    double above = 0, below = 0;
    for (int k = 0; k < LANCZOS_TERMS; k++) {
        int i = x < 5 ? LANCZOS_TERMS - 1 - k : k;
        above = (x < 5 ? above * x : above / x) + lanczos_above[i];
        below = (x < 5 ? below * x : below / x) + lanczos_below[i];
    }
    return above / below;
}

/* sin(pi * x) without the error of pi * x. */
static double sine_of_pi(double x) {
    static const double pi = 3.14159265358979323846;
    double y = fmod(fabs(x), 2.0), sine = 0;
    switch ((int)round(2.0 * y)) {
    case 0: sine = sin(pi * y); break;
    case 1: sine = cos(pi * (y - 0.5)); break;
    case 2: sine = sin(pi * (1.0 - y)); break;
    case 3: sine = -cos(pi * (y - 1.5)); break;
    default: sine = sin(pi * (y - 2.0)); break;
    }
    return copysign(1.0, x) * sine;
}

/* gamma of what is no whole number and neither tiny nor huge. */
static double lanczos_gamma(double x) {
    const double half = LANCZOS_G - 0.5;
    double size = fabs(x), y = size + half, result;
    double missed = size > half ? (y - size) - half : (y - half) - size;   /* by which y is too large */
    missed = missed * LANCZOS_G / y;
    if (x < 0) {
        result = -3.14159265358979323846 / sine_of_pi(size) / size * exp(y) / lanczos_sum(size);
        result -= missed * result;
    } else {
        result = lanczos_sum(size) / exp(y);
        result += missed * result;
    }
    double power = pow(y, size < 140 ? size - 0.5 : size / 2 - 0.25);
    for (int i = size < 140; i < 2; i++)
        result = x < 0 ? result / power : result * power;
    return result;
}

int mnp_math_gamma(double x, void *out) {
    double *result = out, product = 1;
    if (x == 0 || (isinf(x) && x < 0) || (isfinite(x) && x < 0 && x == floor(x)))
        return error_set("ValueError", "math domain error");
    if (!isfinite(x)) {
        *result = x;
        return 0;
    }
    for (int i = 2; x == floor(x) && x <= 23 && i < x; i++)
        product *= i;
    if (x == floor(x) && x <= 23)
        *result = product;
    else if (fabs(x) < 1e-20)
        *result = 1 / x;
    else if (fabs(x) > 200)
        *result = x < 0 ? 0.0 / sine_of_pi(x) : INFINITY;
    else
        *result = lanczos_gamma(x);
    return isinf(*result) ? error_set("OverflowError", "math range error") : 0;
}

int mnp_math_lgamma(double x, void *out) {
    double *result = out, size = fabs(x);
    if (!isfinite(x)) {
        *result = isnan(x) ? x : INFINITY;
        return 0;
    }
    if (x == floor(x) && x <= 2) {
        *result = 0;
        return x <= 0 ? error_set("ValueError", "math domain error") : 0;
    }
    if (size < 1e-20) {
        *result = -log(size);
        return 0;
    }
    double value = log(lanczos_sum(size)) - LANCZOS_G;
    value += (size - 0.5) * (log(size + LANCZOS_G - 0.5) - 1);
    if (x < 0)
        value = 1.144729885849400174143427351353058711647 - log(fabs(sine_of_pi(size))) - log(size) - value;
    *result = value;
    return isinf(value) ? error_set("OverflowError", "math range error") : 0;
}
