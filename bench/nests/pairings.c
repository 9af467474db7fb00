/* pairings.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(pairings)(int64_t n, const uint8_t *s, int64_t *t) {
    for (int64_t i = 0; i < n * n; i++)
        t[i] = 0;
    for (int64_t i = n - 2; i >= 0; i--)
        for (int64_t j = i + 1; j < n; j++) {
            int64_t best = MAX(t[(i + 1) * n + j], t[i * n + j - 1]);
            if (s[i] + s[j] == 3)
                best = MAX(best, t[(i + 1) * n + j - 1] + 1);
            for (int64_t k = i + 1; k < j; k++)
                best = MAX(best, t[i * n + k] + t[(k + 1) * n + j]);
            t[i * n + j] = best;
        }
    return 0;
}
