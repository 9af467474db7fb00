/* axpby32.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(axpby32)(int64_t n, const float *x, const float *y, float *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = 1.5f * x[i] + 0.25f * y[i];
    return 0;
}
