/* conv_stride.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(conv_stride)(int64_t h, int64_t w, const float *f, const float *g, float *r) {
    int64_t v = (h - 1) / 2, u = (w - 1) / 2;
    for (int64_t i = 0; i < v; i++)
        for (int64_t j = 0; j < u; j++) {
            float s = 0;
            for (int64_t p = 0; p < 3; p++)
                for (int64_t q = 0; q < 3; q++)
                    s += f[(2 * i + p) * w + 2 * j + q] * g[p * 3 + q];
            r[i * u + j] = s;
        }
    return 0;
}
