/* haar.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(haar)(const double *a, int64_t n, double *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = (a[2 * i] + a[2 * i + 1]) * 0.5;
    for (int64_t i = 0; i < n; i++)
        r[n + i] = (a[2 * i] - a[2 * i + 1]) * 0.5;
    return 0;
}
