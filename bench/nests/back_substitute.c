/* back_substitute.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(back_substitute)(int64_t n, const double *u, const double *b, double *x) {
    for (int64_t i = n - 1; i >= 0; i--) {
        double s = b[i];
        for (int64_t j = i + 1; j < n; j++)
            s -= u[i * n + j] * x[j];
        x[i] = s / (u[i * n + i] + 3.0);
    }
    return 0;
}
