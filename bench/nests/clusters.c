/* clusters.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(clusters)(int64_t n, int64_t d, const double *x, int64_t k, const double *c, int64_t *r) {
    for (int64_t i = 0; i < n; i++) {
        double best = 1e300;
        r[i] = 0;
        for (int64_t j = 0; j < k; j++) {
            double s = 0;
            for (int64_t l = 0; l < d; l++)
                s += (x[i * d + l] - c[j * d + l]) * (x[i * d + l] - c[j * d + l]);
            if (s < best) {
                best = s;
                r[i] = j;
            }
        }
    }
    return 0;
}
