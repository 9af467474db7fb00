/* escape.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(escape)(int64_t n, int64_t m, int64_t rounds, int64_t *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            double p = -2.0 + 3.0 * (double)j / (double)m, q = -1.5 + 3.0 * (double)i / (double)n, x = 0, y = 0;
            int64_t k = 0;
            while (k < rounds && x * x + y * y <= 4.0) {
                double t = x * x - y * y + p;
                y = 2.0 * x * y + q;
                x = t;
                k++;
            }
            r[i * m + j] = k;
        }
    return 0;
}
