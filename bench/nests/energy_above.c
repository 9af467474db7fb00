/* energy_above.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(energy_above)(int64_t n, int64_t m, const double *a, double limit, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double s = 0;
        for (int64_t j = 0; j < m; j++)
            if (a[i * m + j] > limit)
                s += a[i * m + j] * a[i * m + j];
        r[i] = s;
    }
    return 0;
}
