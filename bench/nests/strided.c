/* strided.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(strided)(const double *a, int64_t n, double *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = a[3 * i] * 2.0 + a[3 * i + 1];
    return 0;
}
