/* column_max.c: the straightforward C. */
#include <math.h>
#include "../naive.h"

int FUNCTION(column_max)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t j = 0; j < m; j++)
        r[j] = -INFINITY;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            r[j] = a[i * m + j] > r[j] ? a[i * m + j] : r[j];
    return 0;
}
