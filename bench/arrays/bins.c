/* bins.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(bins)(int64_t n, const double *a, int64_t *r) {
    double edges[11];
    for (int64_t i = 0; i <= 10; i++)
        edges[i] = -1.0 + 0.2 * (double)i;
    edges[10] = 1.0;
    for (int64_t i = 0; i < 10; i++)
        r[i] = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!(a[i] >= -1.0 && a[i] <= 1.0))
            continue;
        int64_t k = (int64_t)((a[i] + 1.0) * 5.0);
        k = k == 10 ? 9 : k;
        k -= a[i] < edges[k];
        k += k < 9 && a[i] >= edges[k + 1];
        r[k]++;
    }
    return 0;
}
