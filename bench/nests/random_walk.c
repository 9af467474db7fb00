/* random_walk.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(random_walk)(int64_t n, double *r) {
    int64_t x = 12345;
    double s = 0;
    for (int64_t i = 0; i < n; i++) {
        if (__builtin_mul_overflow(x, 1103515245, &x) || __builtin_add_overflow(x, 12345, &x))
            return 1;
        x %= 2147483648;
        s += (double)x / 2147483648.0 - 0.5;
        r[i] = s;
    }
    return 0;
}
