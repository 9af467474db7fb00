/* softmax_array.c: the straightforward C. */
#include <math.h>
#include "../naive.h"

int FUNCTION(softmax_array)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++) {
        CHECK(0, m);
        double top = a[i * m], s = 0;
        for (int64_t j = 1; j < m; j++)
            top = MAX(top, a[i * m + j]);
        for (int64_t j = 0; j < m; j++) {
            r[i * m + j] = exp(a[i * m + j] - top);
            s += r[i * m + j];
        }
        for (int64_t j = 0; j < m; j++)
            r[i * m + j] /= s;
    }
    return 0;
}
