/* smooth32.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(smooth32)(int64_t n, const float *a, float *r) {
    float s = 0;
    for (int64_t i = 0; i < n; i++) {
        s += 0.3f * (a[i] - s);
        r[i] = s;
    }
    return 0;
}
