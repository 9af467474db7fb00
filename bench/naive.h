/* naive.h: what the straightforward C versions share; compiled once by clang, once by gcc. */
#include <stdint.h>

#define JOIN(name, suffix) name##suffix
#define EXPAND(name, suffix) JOIN(name, suffix)
#define FUNCTION(name) EXPAND(name, COMPILER)
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))

/* The bounds check that mnp cannot prove either; negative indices were wrapped before. */
#define CHECK(index, size)                                                                         \
    if ((index) < 0 || (index) >= (size))                                                          \
    return 1
