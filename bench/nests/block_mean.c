/* block_mean.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(block_mean)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n / 4; i++)
        for (int64_t j = 0; j < m / 4; j++) {
            double s = 0;
            for (int64_t k = 0; k < 4; k++)
                for (int64_t l = 0; l < 4; l++)
                    s += a[(4 * i + k) * m + 4 * j + l];
            r[i * (m / 4) + j] = s / 16.0;
        }
    return 0;
}
