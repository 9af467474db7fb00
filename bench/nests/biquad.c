/* biquad.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(biquad)(int64_t n, const double *x, const double *c, double *y) {
    for (int64_t i = 0; i < n; i++)
        y[i] = 0;
    for (int64_t i = 2; i < n; i++)
        y[i] = (c[0] * x[i] + c[1] * x[i - 1] + c[2] * x[i - 2]) * 0.2 - (c[3] * y[i - 1] + c[4] * y[i - 2]) * 0.3;
    return 0;
}
