/* syrk.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(syrk)(int64_t n, int64_t m, const double *a, const double *c, double *r) {
    for (int64_t i = 0; i < n * n; i++)
        r[i] = c[i];
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < m; k++)
            for (int64_t j = 0; j <= i; j++)
                r[i * n + j] += 1.5 * a[i * m + k] * a[j * m + k];
    return 0;
}
