/* newton.c: the straightforward C. */
#include <math.h>

#include "../naive.h"

int FUNCTION(newton)(int64_t n, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double x = 1.0, v = fabs(a[i]) + 0.5;
        for (int k = 0; k < 6; k++)
            x = 0.5 * (x + v / x);
        r[i] = x;
    }
    return 0;
}
