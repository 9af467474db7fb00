/* chain.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(chain)(int64_t n, const double *a, const double *b, double *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = (a[i] + b[i]) * 2.0 - a[i] / (b[i] * b[i] + 1.0);
    return 0;
}
