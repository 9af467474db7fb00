/* inverse3.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(inverse3)(int64_t n, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++) {
        const double *m = a + 9 * i;
        r[i] = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
    }
    return 0;
}
