/* blend.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(blend)(int64_t n, int64_t m, const uint8_t *a, const uint8_t *b, const uint8_t *k, uint8_t *r) {
    for (int64_t i = 0; i < n * m; i++)
        r[i] = (uint8_t)((a[i] * k[i] + b[i] * (255 - k[i])) / 255);
    return 0;
}
