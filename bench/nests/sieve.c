/* sieve.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(sieve)(int64_t n, uint8_t *mark) {
    for (int64_t i = 0; i < n; i++)
        mark[i] = 0;
    for (int64_t i = 2; i * i < n; i++)
        if (mark[i] == 0)
            for (int64_t j = i * i; j < n; j += i)
                mark[j] = 1;
    return 0;
}
