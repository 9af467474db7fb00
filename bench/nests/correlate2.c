/* correlate2.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(correlate2)(int64_t n, const double *a, int64_t s, const double *g, double *r) {
    int64_t size = (n - s) / 2 + 1;
    if (n < s)
        return 1;
    for (int64_t i = 0; i < size; i++)
        r[i] = 0;
    for (int64_t i = 0; i < size; i++)
        for (int64_t j = 0; j < s; j++)
            r[i] += a[2 * i + j] * g[j];
    return 0;
}
