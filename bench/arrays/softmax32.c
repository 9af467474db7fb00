/* softmax32.c: the straightforward C. */
#include <math.h>
#include "../naive.h"

int FUNCTION(softmax32)(int64_t n, int64_t m, const float *a, float *r) {
    for (int64_t i = 0; i < n; i++) {
        CHECK(0, m);
        float top = a[i * m], s = 0;
        for (int64_t j = 1; j < m; j++)
            top = MAX(top, a[i * m + j]);
        for (int64_t j = 0; j < m; j++) {
            r[i * m + j] = expf(a[i * m + j] - top);
            s += r[i * m + j];
        }
        for (int64_t j = 0; j < m; j++)
            r[i * m + j] /= s;
    }
    return 0;
}
