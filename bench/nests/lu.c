/* lu.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(lu)(int64_t n, const double *a, double *u) {
    for (int64_t i = 0; i < n * n; i++)
        u[i] = a[i];
    for (int64_t i = 0; i < n; i++)
        u[i * n + i] += (double)n;
    for (int64_t k = 0; k < n; k++)
        for (int64_t i = k + 1; i < n; i++) {
            u[i * n + k] /= u[k * n + k];
            for (int64_t j = k + 1; j < n; j++)
                u[i * n + j] -= u[i * n + k] * u[k * n + j];
        }
    return 0;
}
