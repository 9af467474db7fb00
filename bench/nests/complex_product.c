/* complex_product.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(complex_product)(int64_t n, const double *ar, const double *ai, const double *br, const double *bi, double *r) {
    for (int64_t i = 0; i < n; i++) {
        r[i] = ar[i] * br[i] - ai[i] * bi[i];
        r[n + i] = ar[i] * bi[i] + ai[i] * br[i];
    }
    return 0;
}
