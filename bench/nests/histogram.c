/* histogram.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(histogram)(int64_t n, const int64_t *a, int64_t bins, int64_t *counts) {
    for (int64_t i = 0; i < bins; i++)
        counts[i] = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t at = a[i] < 0 ? a[i] + bins : a[i];
        CHECK(at, bins);
        counts[at]++;
    }
    return 0;
}
