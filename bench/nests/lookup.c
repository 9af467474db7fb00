/* lookup.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(lookup)(int64_t n, const int64_t *x, int64_t k, const double *table, double *r) {
    if (k == 0)
        return 1;
    for (int64_t i = 0; i < n; i++)
        r[i] = table[MIN(MAX(x[i] - 3, 0), k - 1)];
    return 0;
}
