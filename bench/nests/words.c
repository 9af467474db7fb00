/* words.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(words)(int64_t n, const uint8_t *a, int64_t *r) {
    int64_t count = 0;
    int inside = 0;
    for (int64_t i = 0; i < n; i++) {
        int blank = a[i] == 32 || a[i] == 10;
        if (!blank && !inside)
            count++;
        inside = !blank;
    }
    *r = count;
    return 0;
}
