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

#endif
