/* knapsack.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(knapsack)(int64_t n, const double *values, const int64_t *weights, int64_t room, double *best) {
    for (int64_t j = 0; j <= room; j++)
        best[j] = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t w = weights[i];
        if (w < 0)
            return 1;
        for (int64_t j = room; j >= w; j--) {
            double with = best[j - w] + values[i];
            best[j] = MAX(best[j], with);
        }
    }
    return 0;
}
