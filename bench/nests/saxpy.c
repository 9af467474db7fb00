/* saxpy.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(saxpy)(double k, int64_t n, const double *x, const double *y, double *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = k * x[i] + y[i];
    return 0;
}
