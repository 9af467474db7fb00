/* checksum.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(checksum)(int64_t n, const uint8_t *a, int64_t *r) {
    int64_t h = 7;
    for (int64_t i = 0; i < n; i++)
        h = (h * 31 + a[i]) % 1000003;
    *r = h;
    return 0;
}
