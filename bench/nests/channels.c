/* channels.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(channels)(int64_t c, int64_t v, int64_t w, const double *f, int64_t o, const double *g, double *h) {
    if (v < 2 || w < 2)
        return 1;
    for (int64_t k = 0; k < o; k++)
        for (int64_t x = 0; x < v - 2; x++)
            for (int64_t y = 0; y < w - 2; y++) {
                double s = 0;
                for (int64_t i = 0; i < c; i++)
                    for (int64_t a = 0; a < 3; a++)
                        for (int64_t b = 0; b < 3; b++)
                            s += g[(k * c + i) * 9 + 3 * a + b] * f[(i * v + x + a) * w + y + b];
                h[(k * (v - 2) + x) * (w - 2) + y] = s;
            }
    return 0;
}
