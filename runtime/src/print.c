/* print.c: scalars as CPython prints them. */
#include "runtime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mnp_print_bytes(void *bytes, int64_t length) {
    text_out(bytes, (size_t)length);
}

void mnp_print_int(int64_t value) {
    char text[32];
    text_out(text, (size_t)snprintf(text, sizeof text, "%lld", (long long)value));
}

void mnp_print_uint(int64_t value) {
    char text[32];
    text_out(text, (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)value));
}

void mnp_print_bool(int64_t value) {
    text_out(value ? "True" : "False", value ? 4 : 5);
}

void float_repr(double value, int is_float32, char *out, size_t size) {
    if (!isfinite(value)) {
        snprintf(out, size, "%s", isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    Decimal decimal = decimal_shortest(value, is_float32);
    const char *sign = decimal.negative ? "-" : "", *digits = decimal.digits;
    int exponent = decimal.exponent, count = decimal.count;
    /* NumPy's float32 turns to an exponent at its 6 digits; its 1e-4 is less than 1e-4. */
    if (is_float32 ? (value != 0 && fabs(value) < 1e-4) || exponent >= 6 : exponent < -4 || exponent >= 16) {
        snprintf(out, size, "%s%c%s%s%s%c%02d", sign, digits[0], count > 1 ? "." : "", digits + 1,
                 "e", exponent < 0 ? '-' : '+', abs(exponent));
    } else if (exponent < 0) {
        snprintf(out, size, "%s0.%.*s%s", sign, -exponent - 1, "0000", digits);
    } else if (count <= exponent + 1) {
        snprintf(out, size, "%s%s%.*s.0", sign, digits, exponent + 1 - count, "0000000000000000");
    } else {
        snprintf(out, size, "%s%.*s.%s", sign, exponent + 1, digits, digits + exponent + 1);
    }
}

void mnp_print_float(double value) {
    char text[40];
    float_repr(value, 0, text, sizeof text);
    text_out(text, strlen(text));
}

void mnp_print_float32(double value) {
    char text[40];
    float_repr(value, 1, text, sizeof text);
    text_out(text, strlen(text));
}

/* A part of a complex number: without a fraction that is 0. */
static void part_text(double value, int is_float32, char *out, size_t size) {
    float_repr(value, is_float32, out, size);
    size_t length = strlen(out);
    if (length > 2 && !strcmp(out + length - 2, ".0"))
        out[length - 2] = 0;
}

/* `kind`: 1 for parts of 32 bits, 2 without brackets. */
void mnp_print_complex(double re, double im, int64_t kind) {
    int is_float32 = (int)(kind & 1);
    char text[100], real[40], imaginary[40];
    part_text(re, is_float32, real, sizeof real);
    part_text(im, is_float32, imaginary, sizeof imaginary);
    const char *plus = signbit(im) && !isnan(im) ? "" : "+";
    const char *open = kind & 2 ? "" : "(", *close = kind & 2 ? "" : ")";
    if (re == 0 && !signbit(re))
        snprintf(text, sizeof text, "%sj", imaginary);
    else
        snprintf(text, sizeof text, "%s%s%s%sj%s", open, real, plus, imaginary, close);
    text_out(text, strlen(text));
}
