/* running_columns.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(running_columns)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t j = 0; j < m; j++) {
        double s = 0;
        for (int64_t i = 0; i < n; i++) {
            s += a[i * m + j];
            r[i * m + j] = s;
        }
    }
    return 0;
}
