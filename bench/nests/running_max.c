/* running_max.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(running_max)(int64_t n, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = a[i];
    for (int64_t i = 1; i < n; i++)
        r[i] = a[i] > r[i - 1] ? a[i] : r[i - 1];
    return 0;
}
