/* normalise.c: the straightforward C. */
#include <math.h>
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(normalise)(int64_t n, int64_t m, const double *a, double *r) {
    double *s = calloc((size_t)m, sizeof *s);
    if (!s)
        return 1;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            s[j] += a[i * m + j] * a[i * m + j];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            r[i * m + j] = a[i * m + j] / sqrt(s[j]);
    free(s);
    return 0;
}
