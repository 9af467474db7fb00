/* horner.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(horner)(int64_t n, const double *x, int64_t k, const double *c, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double s = 0;
        for (int64_t j = 0; j < k; j++)
            s = s * x[i] + c[j];
        r[i] = s;
    }
    return 0;
}
