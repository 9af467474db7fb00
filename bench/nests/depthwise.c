/* depthwise.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(depthwise)(int64_t h, int64_t w, int64_t c, const float *a, const float *g, float *r) {
    int64_t v = h - 4, u = w - 4;
    for (int64_t i = 0; i < v * u * c; i++)
        r[i] = 0;
    for (int64_t i = 0; i < v; i++)
        for (int64_t j = 0; j < u; j++)
            for (int64_t p = 0; p < 5; p++)
                for (int64_t q = 0; q < 5; q++)
                    for (int64_t k = 0; k < c; k++)
                        r[(i * u + j) * c + k] += a[((i + p) * w + j + q) * c + k] * g[(p * 5 + q) * c + k];
    return 0;
}
