/* fdtd.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(fdtd)(int64_t n, const double *e, const double *h, double *y) {
    static double x[100000];
    if (n > 100000)
        return 1;
    for (int64_t i = 0; i < n; i++) {
        x[i] = e[i];
        y[i] = h[i];
    }
    for (int t = 0; t < 20; t++) {
        for (int64_t i = 1; i < n; i++)
            x[i] = x[i] - 0.5 * (y[i] - y[i - 1]);
        for (int64_t i = 0; i < n - 1; i++)
            y[i] = y[i] - 0.7 * (x[i + 1] - x[i]);
    }
    return 0;
}
