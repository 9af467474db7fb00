/* trisolve_rows.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(trisolve_rows)(int64_t n, const double *l, int64_t m, const double *b, double *x) {
    for (int64_t i = 0; i < n * m; i++)
        x[i] = b[i];
    for (int64_t i = 0; i < n; i++) {
        for (int64_t k = 0; k < i; k++)
            for (int64_t j = 0; j < m; j++)
                x[i * m + j] -= l[i * n + k] * x[k * m + j];
        for (int64_t j = 0; j < m; j++)
            x[i * m + j] /= l[i * n + i] + 2.0;
    }
    return 0;
}
