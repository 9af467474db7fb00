/* sad.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(sad)(int64_t n, const uint8_t *a, int64_t m, const uint8_t *b, int64_t shifts, int64_t *r) {
    (void)m;
    for (int64_t s = 0; s < shifts; s++) {
        int64_t t = 0;
        for (int64_t i = 0; i < n; i++) {
            int64_t d = (int64_t)a[i] - b[i + s];
            t += d < 0 ? -d : d;
        }
        r[s] = t;
    }
    return 0;
}
