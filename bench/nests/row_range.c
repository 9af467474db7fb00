/* row_range.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(row_range)(int64_t n, int64_t m, const double *a, double *low, double *high) {
    for (int64_t i = 0; i < n; i++) {
        CHECK(0, m);
        double least = a[i * m], greatest = least;
        for (int64_t j = 1; j < m; j++) {
            double x = a[i * m + j];
            least = x < least ? x : least;
            greatest = x > greatest ? x : greatest;
        }
        low[i] = least;
        high[i] = greatest;
    }
    return 0;
}
