/* choices.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(choices)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            double x = a[i * m + j];
            if (x < -0.5)
                r[i * m + j] = -x;
            else if (x < 0.5)
                r[i * m + j] = x * x;
            else
                r[i * m + j] = 1.0 / x;
        }
    return 0;
}
