/* first_above.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(first_above)(int64_t n, const double *a, double t, int64_t *r) {
    *r = -1;
    for (int64_t i = 0; i < n; i++)
        if (a[i] > t) {
            *r = i;
            break;
        }
    return 0;
}
