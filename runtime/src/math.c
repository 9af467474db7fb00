/* math.c: functions of Python's math that are more than one of C, with Python's errors. */
#include "runtime.h"

#include <math.h>

static int domain_error(void) {
    return error_set("ValueError", "math domain error");
}

static int int_error(void) {
    return error_set("OverflowError", "an int left 64 bits");
}

/* C's pow says nan or infinity where Python raises. */
int mnp_math_pow(double x, double y, void *out) {
    double result = pow(x, y);
    int finite = isfinite(x) && isfinite(y);
    if (finite && (isnan(result) || (x == 0 && y < 0)))
        return domain_error();
    if (finite && isinf(result))
        return error_set("OverflowError", "math range error");
    *(double *)out = result;
    return 0;
}

int mnp_math_remainder(double x, double y, void *out) {
    if (!isnan(x) && !isnan(y) && (isinf(x) || y == 0))
        return domain_error();
    *(double *)out = isinf(y) && !isnan(x) ? x : remainder(x, y);
    return 0;
}

double mnp_math_degrees(double x) {
    return x * (180.0 / 3.14159265358979323846);
}

double mnp_math_radians(double x) {
    return x * (3.14159265358979323846 / 180.0);
}

double mnp_math_erf(double x) {
    return erf(x);
}

double mnp_math_erfc(double x) {
    return erfc(x);
}

int mnp_math_ldexp(double x, int64_t exponent, void *out) {
    double result = ldexp(x, exponent > 5000 ? 5000 : exponent < -5000 ? -5000 : (int)exponent);
    if (isinf(result) && !isinf(x))
        return error_set("OverflowError", "math range error");
    *(double *)out = result;
    return 0;
}

/* The distance to the next float away from zero; of the largest one towards it. */
double mnp_math_ulp(double x) {
    double size = fabs(x), next = nextafter(size, INFINITY);
    if (isnan(x) || isinf(x))
        return size;
    return isinf(next) ? size - nextafter(size, 0) : next - size;
}

double mnp_math_nextafter(double x, double y) {
    return nextafter(x, y);
}

static uint64_t magnitude(int64_t value) {
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static uint64_t common_divisor(uint64_t a, uint64_t b) {
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static int give_unsigned(uint64_t value, void *out) {
    if (value > INT64_MAX)
        return int_error();
    *(int64_t *)out = (int64_t)value;
    return 0;
}

int mnp_math_gcd(int64_t a, int64_t b, void *out) {
    return give_unsigned(common_divisor(magnitude(a), magnitude(b)), out);
}

int mnp_math_lcm(int64_t a, int64_t b, void *out) {
    uint64_t divisor = common_divisor(magnitude(a), magnitude(b)), result = 0;
    if (a && b && __builtin_mul_overflow(magnitude(a) / divisor, magnitude(b), &result))
        return int_error();
    return give_unsigned(result, out);
}

int mnp_math_isqrt(int64_t n, void *out) {
    if (n < 0)
        return error_set("ValueError", "isqrt() argument must be nonnegative");
    int64_t root = (int64_t)sqrt((double)n);
    while (root > 3037000499 || root * root > n)
        root--;
    while (root < 3037000499 && (root + 1) * (root + 1) <= n)
        root++;
    *(int64_t *)out = root;
    return 0;
}

int mnp_math_factorial(int64_t n, void *out) {
    int64_t product = 1;
    if (n < 0)
        return error_set("ValueError", "factorial() not defined for negative values");
    for (int64_t i = 2; i <= n; i++)
        if (__builtin_mul_overflow(product, i, &product))
            return int_error();
    *(int64_t *)out = product;
    return 0;
}

int mnp_math_perm(int64_t n, int64_t k, void *out) {
    int64_t product = 1;
    if (n < 0 || k < 0)
        return error_set("ValueError", "%s must be a non-negative integer", n < 0 ? "n" : "k");
    if (k > n)
        product = 0;
    for (int64_t i = 0; i < k && product; i++)
        if (__builtin_mul_overflow(product, n - i, &product))
            return int_error();
    *(int64_t *)out = product;
    return 0;
}

int mnp_math_comb(int64_t n, int64_t k, void *out) {
    if (n < 0 || k < 0)
        return error_set("ValueError", "%s must be a non-negative integer", n < 0 ? "n" : "k");
    __int128 product = k <= n;
    k = k > n - k ? n - k : k;
    for (int64_t i = 1; i <= k; i++) {
        product = product * (n - k + i) / i;
        if (product > INT64_MAX)
            return int_error();
    }
    *(int64_t *)out = (int64_t)product;
    return 0;
}

int mnp_math_isclose(double a, double b, double relative, double absolute, void *out) {
    if (relative < 0 || absolute < 0)
        return error_set("ValueError", "tolerances must be non-negative");
    double difference = fabs(b - a);
    int close = a == b || (!isinf(a) && !isinf(b) &&
                           (difference <= fabs(relative * b) || difference <= fabs(relative * a) ||
                            difference <= absolute));
    *(int64_t *)out = close;
    return 0;
}

/* pow(base, exponent, modulus) of ints, with the modulus's sign. */
/* The number that gives 1 with *value modulo size, by Euclid's steps; 0 where there is none. */
static int invert(__int128 *value, __int128 size) {
    __int128 a = *value < 0 ? *value + size : *value, b = size, x = 1, y = 0;
    while (b) {
        __int128 quotient = a / b, rest = a % b, next = x - quotient * y;
        a = b;
        b = rest;
        x = y;
        y = next;
    }
    *value = x % size;
    return a == 1;
}

int mnp_math_pow_mod(int64_t base, int64_t exponent, int64_t modulus, void *out) {
    if (modulus == 0)
        return error_set("ValueError", "pow() 3rd argument cannot be 0");
    unsigned __int128 size = magnitude(modulus), result = 1 % size;
    __int128 rest = (__int128)base % (__int128)size;
    if (exponent < 0 && !invert(&rest, (__int128)size))
        return error_set("ValueError", "base is not invertible for the given modulus");
    uint64_t left = magnitude(exponent);
    unsigned __int128 factor = (unsigned __int128)(rest < 0 ? rest + (__int128)size : rest);
    for (; left; left >>= 1, factor = factor * factor % size)
        if (left & 1)
            result = result * factor % size;
    *(int64_t *)out = modulus < 0 && result ? (int64_t)((__int128)result + modulus) : (int64_t)result;
    return 0;
}

/* Python's round(value, digits) of an int: to tens, the even one of two that are as near. */
int mnp_round_int(int64_t value, int64_t digits, void *out) {
    __int128 scale = 1;
    for (int64_t k = 0; k < -digits && k < 20; k++)
        scale *= 10;
    __int128 rest = value % scale, whole;
    rest += rest < 0 ? scale : 0;
    whole = (value - rest) / scale;
    whole += 2 * rest > scale || (2 * rest == scale && whole % 2);
    if (whole * scale > INT64_MAX || whole * scale < INT64_MIN)
        return int_error();
    *(int64_t *)out = (int64_t)(whole * scale);
    return 0;
}
