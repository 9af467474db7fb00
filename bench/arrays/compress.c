/* compress.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(compress)(int64_t n, const double *a, double limit, double *r) {
    int64_t k = 0;
    for (int64_t i = 0; i < n; i++)
        if (a[i] > limit)
            r[k++] = a[i];
    for (; k < n; k++)
        r[k] = 0;
    return 0;
}
