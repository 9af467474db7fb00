/* upwind.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(upwind)(int64_t n, const double *u, const double *w, double *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = u[i];
    for (int64_t i = 1; i < n - 1; i++)
        if (w[i] > 0.0)
            r[i] = u[i] - 0.2 * w[i] * (u[i] - u[i - 1]);
        else
            r[i] = u[i] - 0.2 * w[i] * (u[i + 1] - u[i]);
    return 0;
}
