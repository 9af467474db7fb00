/* mix32.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(mix32)(int64_t n, const uint32_t *a, uint32_t *r) {
    for (int64_t i = 0; i < n; i++) {
        uint32_t x = a[i];
        x ^= x >> 16;
        x *= 2146121005u;
        x ^= x >> 15;
        x *= 2221713035u;
        r[i] = x ^ (x >> 16);
    }
    return 0;
}
