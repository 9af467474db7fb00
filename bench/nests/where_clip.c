/* where_clip.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(where_clip)(int64_t n, const double *a, const double *b, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double t = a[i] > b[i] ? a[i] - b[i] : b[i] * 0.5;
        t = t < -0.25 ? -0.25 : t > 0.75 ? 0.75 : t;
        r[i] = t + (a[i] > 0.0 ? a[i] : 0.0);
    }
    return 0;
}
