/* rotate3.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(rotate3)(int64_t n, const double *p, const double *t, double *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < 3; j++) {
            double s = 0;
            for (int64_t k = 0; k < 3; k++)
                s += t[j * 3 + k] * p[i * 3 + k];
            r[i * 3 + j] = s;
        }
    return 0;
}
