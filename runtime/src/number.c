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

double mnp_perf_counter(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
