/* convolve_array.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(convolve_array)(int64_t v, int64_t w, const double *f, int64_t s, int64_t t, const double *g,
                             double *h) {
    int64_t width = w + t - 1;
    for (int64_t i = 0; i < (v + s - 1) * width; i++)
        h[i] = 0;
    for (int64_t p = s - 1; p >= 0; p--)
        for (int64_t q = t - 1; q >= 0; q--)
            for (int64_t i = 0; i < v; i++)
                for (int64_t j = 0; j < w; j++)
                    h[(p + i) * width + q + j] += g[p * t + q] * f[i * w + j];
    return 0;
}
