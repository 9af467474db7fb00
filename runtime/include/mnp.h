/* mnp.h: what C programs see of mnp: arrays with strides, and the last error.
 *
 * Compiled functions return 0, or 1 where they failed; mnp_last_error() then tells why, on the
 * thread that called. Strides are in elements, not bytes.
 */
#ifndef MNP_H
#define MNP_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MNP_BOOL, MNP_I8, MNP_I16, MNP_I32, MNP_I64, MNP_U8, MNP_U16, MNP_U32, MNP_U64, MNP_F32,
    MNP_F64
};

typedef struct mnp_array {
    void *data;
    int32_t dtype;          /* MNP_F64, ... */
    int32_t rank;
    int64_t shape[8];
    int64_t strides[8];     /* in elements */
} mnp_array;

/* "ValueError: ..." of this thread's last call that failed; valid until the next failure. */
const char *mnp_last_error(void);

#ifdef __cplusplus
}
#endif
#endif
