/* sums.c: the straightforward C. */
#include "../naive.h"

/* The same order as NumPy's pairwise sum would be unfair to a plain loop; sums of whole numbers agree in any order. */
int FUNCTION(rowsum)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        for (int64_t j = 0; j < m; j++)
            sum += a[i * m + j];
        r[i] = sum;
    }
    return 0;
}

int FUNCTION(colsum)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t j = 0; j < m; j++)
        r[j] = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            r[j] += a[i * m + j];
    return 0;
}
