/* seven_point.c: the straightforward C. */
#include "../naive.h"

#define U(i, j, l) u[((i) * m + (j)) * k + (l)]

int FUNCTION(seven_point)(int64_t n, int64_t m, int64_t k, const float *u, float *r) {
    for (int64_t i = 0; i < n * m * k; i++)
        r[i] = 0;
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < m - 1; j++)
            for (int64_t l = 1; l < k - 1; l++)
                r[(i * m + j) * k + l] =
                    U(i, j, l) + 0.1f * (U(i - 1, j, l) + U(i + 1, j, l) + U(i, j - 1, l) + U(i, j + 1, l) +
                                      U(i, j, l - 1) + U(i, j, l + 1) - 6.0f * U(i, j, l));
    return 0;
}
