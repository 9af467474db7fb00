/* total.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(total)(int64_t n, const double *a, double *r) {
    double s = 0;
    for (int64_t i = 0; i < n; i++)
        s += a[i];
    *r = s;
    return 0;
}
