/* externals.c: the functions that externals.mnp declares. */
#include "externals.h"

int add(int64_t n, double *a, double *b, double *out) {
    for (int64_t i = 0; i < n; i++)
        out[i] = a[i] + b[i];
    return 0;
}

int fill(int64_t n, int64_t m, double *a, double value) {
    for (int64_t i = 0; i < n * m; i++)
        a[i] = value + (double)i;
    return 0;
}

int stats(int64_t n, double *a, double *out1, int64_t *out2, uint8_t *out3) {
    *out1 = 0;
    *out2 = 0;
    *out3 = 0;
    for (int64_t i = 0; i < n; i++) {
        *out1 += a[i];
        *out2 = a[i] > a[*out2] ? i : *out2;
        *out3 |= a[i] == 0;
    }
    return 0;
}

int widths(int8_t a, uint8_t b, int16_t c, uint8_t d, float e, int32_t f, int64_t *out) {
    int wide[] = {a, b, c, d, f};
    *out = wide[0] + wide[1] + wide[2] + 1000 * wide[3] + (int64_t)(e * 10) + wide[4];
    return 0;
}

int table(int64_t rows, int64_t columns, double *out) {
    for (int64_t i = 0; i < rows * columns; i++)
        out[i] = (double)i / 2;
    return 0;
}

int fails(int64_t how, int64_t *out) {
    *out = how;
    return how == 1 ? mnp_set_error("ValueError: one is not liked") : how == 2 ? -5 : 0;
}

int double_(double x, double *out) {
    *out = 2 * x;
    return 0;
}
