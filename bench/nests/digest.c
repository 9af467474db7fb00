/* digest.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(digest)(int64_t n, const uint8_t *a, int64_t *out) {
    int64_t h = 5381;
    for (int64_t i = 0; i < n; i++)
        h = (h * 33 + a[i]) % 4294967296;
    *out = h;
    return 0;
}
