/* count.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(count)(int64_t n, const double *a, double low, double high, int64_t *r) {
    int64_t k = 0;
    for (int64_t i = 0; i < n; i++)
        if (a[i] >= low && a[i] < high)
            k++;
    *r = k;
    return 0;
}
