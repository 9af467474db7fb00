/* pivots.c: the straightforward C. */
#include <math.h>
#include "../naive.h"

int FUNCTION(pivots)(int64_t n, const double *a, int64_t *r) {
    for (int64_t j = 0; j < n; j++) {
        int64_t best = j;
        double most = fabs(a[j * n + j]);
        for (int64_t i = j + 1; i < n; i++)
            if (fabs(a[i * n + j]) > most) {
                most = fabs(a[i * n + j]);
                best = i;
            }
        r[j] = best;
    }
    return 0;
}
