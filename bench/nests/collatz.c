/* collatz.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(collatz)(int64_t n, int64_t *r) {
    int64_t best = 0;
    for (int64_t i = 1; i < n; i++) {
        int64_t x = i, k = 0;
        while (x != 1) {
            if (x % 2 == 0)
                x = x / 2;
            else if (__builtin_mul_overflow(x, 3, &x) || __builtin_add_overflow(x, 1, &x))
                return 1;
            k++;
        }
        best = MAX(best, k);
    }
    *r = best;
    return 0;
}
