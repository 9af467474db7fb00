/* leaky32.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(leaky32)(int64_t n, int64_t m, const float *x, const float *g, float *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            if (x[i * m + j] > 0)
                r[i * m + j] = g[i * m + j];
            else
                r[i * m + j] = 0.01f * g[i * m + j];
    return 0;
}
