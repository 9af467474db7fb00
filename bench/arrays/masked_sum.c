/* masked_sum.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(masked_sum)(int64_t n, const double *a, double limit, double *r) {
    double s = 0;
    for (int64_t i = 0; i < n; i++)
        if (a[i] > limit)
            s += a[i];
    *r = s;
    return 0;
}
