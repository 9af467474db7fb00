/* convolve32.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(convolve32)(int64_t v, int64_t w, const float *f, int64_t s, int64_t t, const float *g, float *h) {
    int64_t rows = v - s + 1, columns = w - t + 1;
    if (v < s || w < t)
        return 1;
    for (int64_t x = 0; x < rows * columns; x++)
        h[x] = 0;
    for (int64_t x = 0; x < rows; x++)
        for (int64_t y = 0; y < columns; y++)
            for (int64_t a = 0; a < s; a++)
                for (int64_t b = 0; b < t; b++)
                    h[x * columns + y] += g[a * t + b] * f[(x + a) * w + y + b];
    return 0;
}
