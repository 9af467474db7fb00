/* life.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(life)(int64_t n, int64_t m, const int64_t *a, int64_t *r) {
    for (int64_t i = 0; i < n * m; i++)
        r[i] = 0;
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < m - 1; j++) {
            int64_t s = 0;
            for (int64_t p = -1; p < 2; p++)
                for (int64_t q = -1; q < 2; q++)
                    s += a[(i + p) * m + j + q];
            s -= a[i * m + j];
            if (s == 3 || (s == 2 && a[i * m + j] == 1))
                r[i * m + j] = 1;
        }
    return 0;
}
