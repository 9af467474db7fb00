/* erode8.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(erode8)(int64_t n, int64_t m, const uint8_t *a, uint8_t *r) {
    for (int64_t i = 0; i < n * m; i++)
        r[i] = a[i];
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < m - 1; j++) {
            uint8_t least = a[i * m + j];
            for (int64_t k = -1; k <= 1; k++)
                for (int64_t l = -1; l <= 1; l++)
                    least = MIN(least, a[(i + k) * m + j + l]);
            r[i * m + j] = least;
        }
    return 0;
}
