/* add_transposed.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(add_transposed)(int64_t n, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            r[i * n + j] = (a[i * n + j] + a[j * n + i]) * 0.5;
    return 0;
}
