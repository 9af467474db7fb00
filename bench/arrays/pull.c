/* pull.c: the straightforward C. */
#include <math.h>
#include "../naive.h"

int FUNCTION(pull)(int64_t n, const double *x, const double *m, double *r) {
    for (int64_t i = 0; i < n * 3; i++)
        r[i] = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            double dx = x[j * 3] - x[i * 3], dy = x[j * 3 + 1] - x[i * 3 + 1], dz = x[j * 3 + 2] - x[i * 3 + 2];
            double d = dx * dx + dy * dy + dz * dz + 0.01, w = m[j] / (d * sqrt(d));
            r[i * 3] += w * dx;
            r[i * 3 + 1] += w * dy;
            r[i * 3 + 2] += w * dz;
        }
    return 0;
}
