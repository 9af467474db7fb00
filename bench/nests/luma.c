/* luma.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(luma)(int64_t n, int64_t m, const uint8_t *a, uint8_t *r) {
    for (int64_t i = 0; i < n * m; i++) {
        int64_t y = (77 * a[3 * i] + 150 * a[3 * i + 1] + 29 * a[3 * i + 2]) >> 8;
        int64_t p = (y - 128) * 5;
        y = (p >> 2) + 128;
        r[i] = (uint8_t)MIN(MAX(y, 0), 255);
    }
    return 0;
}
