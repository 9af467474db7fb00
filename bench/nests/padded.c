/* padded.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(padded)(int64_t n, int64_t m, const double *a, double *r) {
    if (n < 1 || m < 1)
        return 1;
    for (int64_t i = 0; i < n + 2; i++)
        for (int64_t j = 0; j < m + 2; j++)
            r[i * (m + 2) + j] = a[MIN(MAX(i - 1, 0), n - 1) * m + MIN(MAX(j - 1, 0), m - 1)];
    return 0;
}
