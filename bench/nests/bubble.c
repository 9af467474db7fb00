/* bubble.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(bubble)(int64_t n, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = a[i];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n - 1 - i; j++)
            if (r[j] > r[j + 1]) {
                double t = r[j];
                r[j] = r[j + 1];
                r[j + 1] = t;
            }
    return 0;
}
