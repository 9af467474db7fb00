/* insertion.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(insertion)(int64_t n, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = a[i];
    for (int64_t i = 1; i < n; i++) {
        double x = r[i];
        int64_t j = i - 1;
        while (j >= 0 && r[j] > x) {
            r[j + 1] = r[j];
            j--;
        }
        r[j + 1] = x;
    }
    return 0;
}
