/* smooth_exp.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(smooth_exp)(int64_t n, int64_t m, const double *x, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double s = 0;
        for (int64_t j = 0; j < m; j++) {
            s = 0.3 * x[i * m + j] + 0.7 * s;
            r[i * m + j] = s;
        }
    }
    return 0;
}
