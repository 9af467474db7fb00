/* hamming.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(hamming)(int64_t n, const uint8_t *a, const uint8_t *b, int64_t *r) {
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++)
        if (a[i] != b[i])
            count++;
    *r = count;
    return 0;
}
