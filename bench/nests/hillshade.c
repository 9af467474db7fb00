/* hillshade.c: the straightforward C. */
#include <math.h>
#include "../naive.h"

int FUNCTION(hillshade)(int64_t h, int64_t w, const double *z, double *r) {
    for (int64_t i = 0; i < h * w; i++)
        r[i] = 0;
    for (int64_t i = 1; i < h - 1; i++)
        for (int64_t j = 1; j < w - 1; j++) {
            double dx = (z[i * w + j + 1] - z[i * w + j - 1]) * 0.5, dy = (z[(i + 1) * w + j] - z[(i - 1) * w + j]) * 0.5;
            double v = (dx * 0.3 + dy * 0.4 + 1.0) / sqrt(dx * dx + dy * dy + 1.0);
            r[i * w + j] = v > 0.0 ? v : 0.0;
        }
    return 0;
}
