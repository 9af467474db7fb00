/* weigh_middle.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(weigh_middle)(int64_t n, int64_t m, int64_t p, const double *a, const double *w, double *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < p; k++) {
            double s = 0;
            for (int64_t j = 0; j < m; j++)
                s += w[j] * a[(i * m + j) * p + k];
            r[i * p + k] = s;
        }
    return 0;
}
