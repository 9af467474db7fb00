/* test.h: checks for unit tests in C. A test program ends with `return test_report();`. */
#ifndef MNP_TEST_H
#define MNP_TEST_H

#include <stdio.h>
#include <string.h>

static int test_failures, test_checks;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        test_checks++;                                                                             \
        if (!(condition)) {                                                                        \
            test_failures++;                                                                       \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
        }                                                                                          \
    } while (0)

#define CHECK_STR(actual, expected)                                                                \
    do {                                                                                           \
        const char *test_actual = (actual), *test_expected = (expected);                           \
        test_checks++;                                                                             \
        if (strcmp(test_actual, test_expected)) {                                                  \
            test_failures++;                                                                       \
            fprintf(stderr, "%s:%d: got \"%s\", expected \"%s\"\n", __FILE__, __LINE__,            \
                    test_actual, test_expected);                                                   \
        }                                                                                          \
    } while (0)

static inline int test_report(void) {
    printf("%d checks, %d failures\n", test_checks, test_failures);
    return test_failures != 0 || test_checks == 0;
}

#endif
