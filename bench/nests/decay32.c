/* decay32.c: the straightforward C. */
#include "../naive.h"

#include <math.h>

int FUNCTION(decay32)(int64_t n, const float *a, const float *t, float *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = a[i] * expf(-t[i]);
    return 0;
}
