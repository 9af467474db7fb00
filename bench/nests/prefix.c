/* prefix.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(prefix)(int64_t n, const double *a, double *r) {
    double s = 0;
    for (int64_t i = 0; i < n; i++) {
        s += a[i];
        r[i] = s;
    }
    return 0;
}
