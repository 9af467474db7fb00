/* sobel.c: the straightforward C. */
#include <math.h>
#include "../naive.h"

int FUNCTION(sobel)(int64_t n, int64_t m, const double *u, double *v) {
    for (int64_t i = 0; i < n * m; i++)
        v[i] = 0;
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < m - 1; j++) {
            const double *c = u + i * m + j;
            double x = c[1 - m] + 2.0 * c[1] + c[1 + m] - c[-1 - m] - 2.0 * c[-1] - c[m - 1];
            double y = c[m - 1] + 2.0 * c[m] + c[m + 1] - c[-m - 1] - 2.0 * c[-m] - c[1 - m];
            v[i * m + j] = sqrt(x * x + y * y);
        }
    return 0;
}
