/* close_pairs.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(close_pairs)(int64_t n, const double *x, const double *y, int64_t *out) {
    int64_t c = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i + 1; j < n; j++) {
            double dx = x[i] - x[j], dy = y[i] - y[j];
            if (dx * dx + dy * dy < 0.09)
                c++;
        }
    *out = c;
    return 0;
}
