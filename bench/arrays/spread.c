/* spread.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(spread)(int64_t n, const double *a, double *r) {
    double s = 0, v = 0;
    for (int64_t i = 0; i < n; i++)
        s += a[i];
    s /= (double)n;
    for (int64_t i = 0; i < n; i++) {
        double d = a[i] - s;
        v += d * d;
    }
    *r = v / (double)n;
    return 0;
}
