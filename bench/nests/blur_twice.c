/* blur_twice.c: the straightforward C. */
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(blur_twice)(int64_t h, int64_t w, const float *a, const float *k, float *r) {
    float *t = calloc((size_t)(h * w), sizeof *t);
    for (int64_t i = 0; i < h * w; i++)
        r[i] = 0;
    for (int64_t i = 0; i < h; i++)
        for (int64_t j = 2; j < w - 2; j++) {
            float s = 0;
            for (int64_t d = 0; d < 5; d++)
                s += a[i * w + j + d - 2] * k[d];
            t[i * w + j] = s;
        }
    for (int64_t i = 2; i < h - 2; i++)
        for (int64_t j = 0; j < w; j++) {
            float s = 0;
            for (int64_t d = 0; d < 5; d++)
                s += t[(i + d - 2) * w + j] * k[d];
            r[i * w + j] = s;
        }
    free(t);
    return 0;
}
