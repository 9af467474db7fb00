/* slope32.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(slope32)(int64_t n, const float *a, float *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = 0;
    for (int64_t i = 2; i < n - 2; i++)
        r[i] = 0.125f * (a[i - 2] - a[i + 2]) + a[i + 1] - a[i - 1];
    return 0;
}
