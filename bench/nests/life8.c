/* life8.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(life8)(int64_t n, int64_t m, const uint8_t *a, uint8_t *r) {
    for (int64_t i = 0; i < n * m; i++)
        r[i] = 0;
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < m - 1; j++) {
            const uint8_t *c = a + i * m + j;
            uint8_t s = c[-m - 1] + c[-m] + c[-m + 1] + c[-1] + c[1] + c[m - 1] + c[m] + c[m + 1];
            r[i * m + j] = (s == 3) | ((s == 2) & (*c == 1));
        }
    return 0;
}
