/* convolve.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(convolve)(int64_t v, int64_t w, const double *f, int64_t s, int64_t t, const double *g, double *h) {
    int64_t sm = s / 2, tm = t / 2, width = w + 2 * tm;
    for (int64_t x = 0; x < v + 2 * sm; x++)
        for (int64_t y = 0; y < width; y++) {
            double acc = 0;
            for (int64_t a = MAX(sm - x, -sm); a < MIN(v + sm - x, sm + 1); a++)
                for (int64_t b = MAX(tm - y, -tm); b < MIN(w + tm - y, tm + 1); b++)
                    acc += g[(sm - a) * t + tm - b] * f[(x - sm + a) * w + y - tm + b];
            h[x * width + y] = acc;
        }
    return 0;
}
