/* batched.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(batched)(int64_t n, const double *a, const double *b, double *c) {
    for (int64_t i = 0; i < n * 16; i++)
        c[i] = 0;
    for (int64_t l = 0; l < n; l++)
        for (int64_t i = 0; i < 4; i++)
            for (int64_t j = 0; j < 4; j++)
                for (int64_t k = 0; k < 4; k++)
                    c[l * 16 + i * 4 + j] += a[l * 16 + i * 4 + k] * b[l * 16 + k * 4 + j];
    return 0;
}
