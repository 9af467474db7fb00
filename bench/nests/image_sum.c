/* image_sum.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(image_sum)(int64_t n, int64_t m, const uint8_t *a, int64_t *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            r[i] += a[i * m + j];
    return 0;
}
