/* temporaries.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(temporaries)(int64_t n, const double *a, const double *b, const double *c, const double *d,
                          const double *e, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double p = a[i] * b[i];
        double q = d[i] / (e[i] + 2.0);
        r[i] = p + c[i] - q;
    }
    return 0;
}
