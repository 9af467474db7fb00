/* floyd.c: the straightforward C. */
#include <math.h>
#include "../naive.h"

int FUNCTION(floyd)(int64_t n, const double *d, double *r) {
    for (int64_t i = 0; i < n * n; i++)
        r[i] = fabs(d[i]);
    for (int64_t k = 0; k < n; k++)
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++) {
                double way = r[i * n + k] + r[k * n + j];
                r[i * n + j] = way < r[i * n + j] ? way : r[i * n + j];
            }
    return 0;
}
