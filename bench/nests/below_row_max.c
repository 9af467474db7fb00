/* below_row_max.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(below_row_max)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double most = a[i * m];
        for (int64_t j = 1; j < m; j++)
            most = a[i * m + j] > most ? a[i * m + j] : most;
        for (int64_t j = 0; j < m; j++)
            r[i * m + j] = a[i * m + j] - most;
    }
    return 0;
}
