/* triangular.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(triangular)(int64_t n, const double *l, const double *b, double *x) {
    for (int64_t i = 0; i < n; i++) {
        double s = b[i];
        for (int64_t j = 0; j < i; j++)
            s -= l[i * n + j] * x[j];
        x[i] = s / (l[i * n + i] + 40.0);
    }
    return 0;
}
