/* reversed_copy.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(reversed_copy)(int64_t n, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = a[n - 1 - i];
    return 0;
}
