/* levenshtein.c: the straightforward C. */
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(levenshtein)(int64_t n, const int64_t *a, int64_t m, const int64_t *b, int64_t *r) {
    int64_t w = m + 1, *d = malloc((size_t)((n + 1) * w) * sizeof *d);
    if (!d)
        return 1;
    for (int64_t i = 0; i <= n; i++)
        d[i * w] = i;
    for (int64_t j = 0; j <= m; j++)
        d[j] = j;
    for (int64_t i = 1; i <= n; i++)
        for (int64_t j = 1; j <= m; j++) {
            int64_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            int64_t best = MIN(d[(i - 1) * w + j] + 1, d[i * w + j - 1] + 1), change = d[(i - 1) * w + j - 1] + cost;
            d[i * w + j] = MIN(best, change);
        }
    *r = d[n * w + m];
    free(d);
    return 0;
}
