/* red_black.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(red_black)(int64_t n, int64_t m, const double *a, double *u) {
    for (int64_t i = 0; i < n * m; i++)
        u[i] = a[i];
    for (int64_t colour = 0; colour < 2; colour++)
        for (int64_t i = 1; i < n - 1; i++)
            for (int64_t j = 1 + (i + colour) % 2; j < m - 1; j += 2)
                u[i * m + j] =
                    0.25 * (u[(i - 1) * m + j] + u[(i + 1) * m + j] + u[i * m + j - 1] + u[i * m + j + 1]);
    return 0;
}
