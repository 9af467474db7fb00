/* stencil27.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(stencil27)(int64_t n, int64_t m, int64_t p, const double *u, const double *w, double *v) {
    for (int64_t i = 0; i < n * m * p; i++)
        v[i] = 0;
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < m - 1; j++)
            for (int64_t k = 1; k < p - 1; k++) {
                double s = 0;
                for (int64_t a = 0; a < 3; a++)
                    for (int64_t b = 0; b < 3; b++)
                        for (int64_t c = 0; c < 3; c++)
                            s += w[(a * 3 + b) * 3 + c] * u[((i + a - 1) * m + j + b - 1) * p + k + c - 1];
                v[(i * m + j) * p + k] = s;
            }
    return 0;
}
