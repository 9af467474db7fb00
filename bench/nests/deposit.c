/* deposit.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(deposit)(int64_t n, const double *x, const double *w, int64_t cells, double *r) {
    for (int64_t i = 0; i < cells; i++)
        r[i] = 0;
    for (int64_t i = 0; i < n; i++) {
        double p = MIN(MAX(x[i], 0.0), 1.0) * (double)(cells - 2);
        int64_t c = (int64_t)p;
        double f = p - (double)c;
        CHECK(c, cells);
        r[c] += w[i] * (1.0 - f);
        CHECK(c + 1, cells);
        r[c + 1] += w[i] * f;
    }
    return 0;
}
