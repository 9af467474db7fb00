/* transpose_array.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(transpose_array)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t j = 0; j < m; j++)
        for (int64_t i = 0; i < n; i++)
            r[j * n + i] = a[i * m + j];
    return 0;
}
