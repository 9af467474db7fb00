/* mnp.h: what C programs see of mnp: the last error, arrays with strides, and arithmetic on sizes. */
#ifndef MNP_H
#define MNP_H

#include <stdint.h>

/* Complex numbers: two floats or doubles that lie together. As parameters they are passed by address. */
#ifdef __cplusplus
#include <complex>
typedef std::complex<float> mnp_c64;
typedef std::complex<double> mnp_c128;
#elif defined(__STDC_NO_COMPLEX__)
typedef struct { float re, im; } mnp_c64;
typedef struct { double re, im; } mnp_c128;
#else
typedef float _Complex mnp_c64;
typedef double _Complex mnp_c128;
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* "ValueError: ... (file:line:column)" of the last call that failed on this thread. It is valid until the
 * next failure on this thread. */
const char *mnp_last_error(void);

/* For functions of C that compiled code calls: records what mnp_last_error tells; returns 1, the status to
 * return. A text that starts with a word and a colon ("ValueError: ...") names the exception. */
int mnp_set_error(const char *text);

enum {
    MNP_BOOL = 0, MNP_I8 = 1, MNP_I16 = 2, MNP_I32 = 3, MNP_I64 = 4, MNP_U8 = 5, MNP_U16 = 6, MNP_U32 = 7,
    MNP_U64 = 8, MNP_F32 = 9, MNP_F64 = 10, MNP_C64 = 11, MNP_C128 = 12
};

/* An array with any strides. `data` is the address of the element whose indices are all 0; strides count
 * elements, not bytes, and may be negative or 0 (but an array that is written needs distinct elements). */
typedef struct mnp_array {
    void *data;
    int32_t dtype;          /* MNP_F64, ... */
    int32_t rank;           /* at most 8 */
    int64_t shape[8];
    int64_t strides[8];
} mnp_array;

/* Gives back an array that a function returned owned, and empties it. Once is enough, twice does no harm. */
void mnp_array_free(mnp_array *array);

/* ---- arithmetic on sizes: INT64_MIN stands for a number that left 64 bits, or that there is none ---- */

static inline int64_t mnp_size_add(int64_t a, int64_t b) {
    if (a == INT64_MIN || b == INT64_MIN || (b > 0 ? a > INT64_MAX - b : a <= INT64_MIN - b))
        return INT64_MIN;
    return a + b;
}

static inline int64_t mnp_size_mul(int64_t a, int64_t b) {
    if (a == INT64_MIN || b == INT64_MIN || (b != 0 && (a < 0 ? -a : a) > INT64_MAX / (b < 0 ? -b : b)))
        return INT64_MIN;
    return a * b;
}

static inline int64_t mnp_size_floordiv(int64_t a, int64_t b) {
    if (a == INT64_MIN || b == INT64_MIN || b == 0)
        return INT64_MIN;
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

static inline int64_t mnp_size_mod(int64_t a, int64_t b) {
    if (a == INT64_MIN || b == INT64_MIN || b == 0)
        return INT64_MIN;
    return a % b + (a % b != 0 && (a % b < 0) != (b < 0) ? b : 0);
}

static inline int64_t mnp_size_min(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static inline int64_t mnp_size_max(int64_t a, int64_t b) {
    return a == INT64_MIN || b == INT64_MIN ? INT64_MIN : a > b ? a : b;
}

/* The size of an axis; -1 where there is no such axis. */
static inline int64_t mnp_size_axis(int64_t size) {
    return size < 0 || size > INT64_C(140737488355328) ? -1 : size;
}

/* The number of elements with one axis more; -1 where it is none. */
static inline int64_t mnp_size_count(int64_t count, int64_t axis) {
    int64_t product = count < 0 || axis < 0 ? -1 : mnp_size_mul(count, axis);
    return product < 0 ? -1 : product;
}

#ifdef __cplusplus
}
#endif
#endif
