/* convolve_axis.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(convolve_axis)(int64_t v, const double *f, int64_t s, const double *g, double *h) {
    int64_t sm = s / 2;
    for (int64_t x = 0; x < v + 2 * sm; x++) {
        double acc = 0;
        for (int64_t a = MAX(sm - x, -sm); a < MIN(v + sm - x, sm + 1); a++)
            acc += g[sm - a] * f[x - sm + a];
        h[x] = acc;
    }
    return 0;
}
