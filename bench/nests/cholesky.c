/* cholesky.c: the straightforward C. */
#include <math.h>
#include "../naive.h"

int FUNCTION(cholesky)(int64_t n, const double *a, double *l) {
    for (int64_t i = 0; i < n * n; i++)
        l[i] = 0;
    for (int64_t j = 0; j < n; j++) {
        double s = a[j * n + j] + 2.0 * (double)n;
        for (int64_t k = 0; k < j; k++)
            s -= l[j * n + k] * l[j * n + k];
        l[j * n + j] = sqrt(s);
        for (int64_t i = j + 1; i < n; i++) {
            double t = a[i * n + j];
            for (int64_t k = 0; k < j; k++)
                t -= l[i * n + k] * l[j * n + k];
            l[i * n + j] = t / l[j * n + j];
        }
    }
    return 0;
}
