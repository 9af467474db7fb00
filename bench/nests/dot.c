/* dot.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(dot)(int64_t n, const double *a, const double *b, double *r) {
    double s = 0;
    for (int64_t i = 0; i < n; i++)
        s += a[i] * b[i];
    *r = s;
    return 0;
}
