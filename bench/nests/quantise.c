/* quantise.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(quantise)(int64_t n, int64_t m, const double *a, uint8_t *r) {
    for (int64_t i = 0; i < n * m; i++) {
        double x = a[i] < 0.0 ? 0.0 : a[i] > 1.0 ? 1.0 : a[i];
        r[i] = (uint8_t)(x * 255.0);
    }
    return 0;
}
