/* window_max.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(window_max)(int64_t n, const double *x, int64_t k, double *r) {
    for (int64_t i = 0; i < n - k + 1; i++) {
        double m = x[i];
        for (int64_t j = 1; j < k; j++)
            if (x[i + j] > m)
                m = x[i + j];
        r[i] = m;
    }
    return 0;
}
