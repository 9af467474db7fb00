/* expect.h: what the callers here share. */
#ifndef EXPECT_H
#define EXPECT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("%s:%d: %s (%s)\n", __FILE__, __LINE__, #condition, mnp_last_error());          \
            failures++;                                                                            \
        }                                                                                          \
    } while (0)

/* The call fails, and the message has these words. */
#define REFUSES(call, words)                                                                       \
    do {                                                                                           \
        int status_ = (call);                                                                      \
        if (status_ == 0 || !strstr(mnp_last_error(), words)) {                                    \
            printf("%s:%d: %s gives %d, %s\n", __FILE__, __LINE__, #call, status_,                 \
                   mnp_last_error());                                                              \
            failures++;                                                                            \
        }                                                                                          \
    } while (0)

/* An array of doubles in C order over memory that the caller has. */
static mnp_array vector(double *data, int64_t n) {
    mnp_array array;
    memset(&array, 0, sizeof array);
    array.data = data;
    array.dtype = MNP_F64;
    array.rank = 1;
    array.shape[0] = n;
    array.strides[0] = 1;
    return array;
}

static mnp_array matrix(double *data, int64_t n, int64_t m, int64_t row, int64_t column) {
    mnp_array array;
    memset(&array, 0, sizeof array);
    array.data = data;
    array.dtype = MNP_F64;
    array.rank = 2;
    array.shape[0] = n;
    array.shape[1] = m;
    array.strides[0] = row;
    array.strides[1] = column;
    return array;
}

static double at(const mnp_array *array, int64_t i, int64_t j) {
    return ((double *)array->data)[i * array->strides[0] + j * array->strides[1]];
}

#endif
