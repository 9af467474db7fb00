/* scaled_transpose32.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(scaled_transpose32)(int64_t n, int64_t m, const float *a, float *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            r[j * n + i] = 1.5f * a[i * m + j];
    return 0;
}
