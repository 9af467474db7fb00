/* number.c: Python's arithmetic that is more than an instruction, and clocks. */
#include "runtime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int mnp_float_to_int(double value, void *out) {
    if (value != value)
        return error_set("ValueError", "cannot convert float NaN to integer");
    if (isinf(value))
        return error_set("OverflowError", "cannot convert float infinity to integer");
    if (!(value >= -9223372036854775808.0 && value < 9223372036854775808.0))
        return error_set("OverflowError", "an int left 64 bits");
    *(int64_t *)out = (int64_t)value;
    return 0;
}

int mnp_pow_int(int64_t base, int64_t exponent, void *out) {
    int64_t result = 1;
    while (exponent > 0) {
        if ((exponent & 1) && __builtin_mul_overflow(result, base, &result))
            return error_set("OverflowError", "an int left 64 bits");
        exponent >>= 1;
        if (exponent && __builtin_mul_overflow(base, base, &base))
            return error_set("OverflowError", "an int left 64 bits");
    }
    *(int64_t *)out = result;
    return 0;
}

/* np.arange's number of elements (multiarray's _calc_length). */
int mnp_arange_length(double start, double stop, double step, int64_t python, void *out) {
    if (python && step == 0)
        return error_set("ZeroDivisionError", "division by zero");
    double span = stop - start, length = span / step;
    if (isnan(length))
        return error_set("ValueError", "arange: cannot compute length");
    length = length == 0 && span != 0 ? !signbit(length) : ceil(length);
    if (length > 140737488355328.0)
        return error_set("ValueError", "Maximum allowed size exceeded");
    *(int64_t *)out = length > 0 ? (int64_t)length : 0;
    return 0;
}

/* Python's round(x, n): through the correctly rounded decimal (CPython's float_round). */
double mnp_round(double value, int64_t digits) {
    char text[400];
    if (!isfinite(value) || digits > 22)
        return value;
    if (digits < -308)
        return copysign(0.0, value);
    if (digits >= 0) {
        snprintf(text, sizeof text, "%.*f", (int)digits, value);
        return strtod(text, NULL);
    }
    double scale = pow(10.0, (double)-digits);
    return rint(value / scale) * scale;
}

/* 10 ** |digits|, as NumPy's round takes it. */
double mnp_power_of_ten(int64_t digits) {
    return pow(10.0, fabs((double)digits));
}

double mnp_perf_counter(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int64_t mnp_gcd(int64_t a, int64_t b) {
    uint64_t x = (uint64_t)a, y = (uint64_t)b;
    while (y) {
        uint64_t rest = x % y;
        x = y;
        y = rest;
    }
    return (int64_t)x;
}

int64_t mnp_pow_wrap(int64_t base, int64_t exponent) {
    uint64_t result = 1, factor = (uint64_t)base;
    for (uint64_t rest = (uint64_t)exponent; rest; rest >>= 1, factor *= factor)
        if (rest & 1)
            result *= factor;
    return (int64_t)result;
}

/* ---- powers of Python's complex numbers (Objects/complexobject.c) -------------------------- */

typedef struct {
    double re, im;
} Complex;

static Complex multiply(Complex a, Complex b) {
    return (Complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static Complex whole_power(Complex x, long n) {
    Complex result = {1, 0}, factor = x;
    for (long mask = 1; mask > 0 && n >= mask; mask <<= 1, factor = multiply(factor, factor))
        if (n & mask)
            result = multiply(result, factor);
    return result;
}

static Complex inverse(Complex b) {
    if (fabs(b.re) >= fabs(b.im)) {
        double ratio = b.im / b.re, sum = b.re + b.im * ratio;
        return (Complex){(1 + 0 * ratio) / sum, (0 - 1 * ratio) / sum};
    }
    double ratio = b.re / b.im, sum = b.re * ratio + b.im;
    return (Complex){(1 * ratio + 0) / sum, (0 * ratio - 1) / sum};
}

static Complex polar_power(Complex a, Complex b) {
    double size = hypot(a.re, a.im), length = pow(size, b.re), angle = atan2(a.im, a.re), phase = angle * b.re;
    if (b.im != 0) {
        length *= exp(-angle * b.im);
        phase += b.im * log(size);
    }
    return (Complex){length * cos(phase), length * sin(phase)};
}

int mnp_complex_power(double re, double im, double exponent_re, double exponent_im, void *out_re, void *out_im) {
    Complex a = {re, im}, b = {exponent_re, exponent_im}, result = {1, 0};
    int whole = b.im == 0 && b.re == floor(b.re) && fabs(b.re) <= 100;
    if (whole && b.re < 0 && a.re == 0 && a.im == 0)
        return error_set("ZeroDivisionError", "0.0 to a negative or complex power");
    if (whole) {
        result = whole_power(a, labs((long)b.re));
        result = b.re < 0 ? inverse(result) : result;
    } else if (a.re == 0 && a.im == 0) {
        if (b.im != 0 || b.re < 0)
            return error_set("ZeroDivisionError", "0.0 to a negative or complex power");
        result = (Complex){b.re == 0, 0};
    } else {
        result = polar_power(a, b);
    }
    if (isinf(result.re) || isinf(result.im))
        return error_set("OverflowError", "complex exponentiation");
    *(double *)out_re = result.re;
    *(double *)out_im = result.im;
    return 0;
}
