/* inversions.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(inversions)(int64_t n, const double *a, int64_t *r) {
    int64_t k = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i + 1; j < n; j++)
            if (a[i] > a[j])
                k++;
    *r = k;
    return 0;
}
