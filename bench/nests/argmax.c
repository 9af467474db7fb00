/* argmax.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(argmax)(int64_t n, const double *a, int64_t *r) {
    int64_t best = 0;
    for (int64_t i = 0; i < n; i++)
        if (a[i] > a[best])
            best = i;
    *r = best;
    return 0;
}
