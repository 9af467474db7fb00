/* sparse.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(sparse)(int64_t n, int64_t k, const double *values, const int64_t *columns, int64_t m, const double *x,
                     double *y) {
    for (int64_t i = 0; i < n; i++) {
        double s = 0;
        for (int64_t j = 0; j < k; j++) {
            int64_t at = columns[i * k + j] < 0 ? columns[i * k + j] + m : columns[i * k + j];
            CHECK(at, m);
            s += values[i * k + j] * x[at];
        }
        y[i] = s;
    }
    return 0;
}
