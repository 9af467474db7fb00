/* changes.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(changes)(int64_t n, const int64_t *a, int64_t *r) {
    int64_t k = 0;
    for (int64_t i = 1; i < n; i++)
        if (a[i] != a[i - 1])
            k++;
    *r = k;
    return 0;
}
