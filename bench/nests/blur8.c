/* blur8.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(blur8)(int64_t n, int64_t m, const uint8_t *a, uint8_t *r) {
    for (int64_t i = 0; i < n * m; i++)
        r[i] = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 1; j < m - 1; j++)
            r[i * m + j] = (uint8_t)((a[i * m + j - 1] + 2 * a[i * m + j] + a[i * m + j + 1] + 2) / 4);
    return 0;
}
