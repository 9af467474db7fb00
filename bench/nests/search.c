/* search.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(search)(int64_t n, const double *x, int64_t m, const double *t, int64_t *r) {
    for (int64_t i = 0; i < n; i++) {
        int64_t low = 0, high = m;
        while (low < high) {
            int64_t middle = (low + high) / 2;
            if (t[middle] < x[i])
                low = middle + 1;
            else
                high = middle;
        }
        r[i] = low;
    }
    return 0;
}
