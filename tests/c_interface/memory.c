/* memory.c: each allocation of a call fails in turn: a status, nothing leaked, nothing touched outside. The C library's
 * malloc and calloc are taken over by counting ones. */
#include "shapes.h"

#include "expect.h"

int posix_memalign(void **out, size_t alignment, size_t size);

static long left = -1;

static int fails_now(void) {
    return left >= 0 && left-- == 0;
}

void *malloc(size_t size) {
    void *memory;
    if (fails_now() || posix_memalign(&memory, 16, size))
        return NULL;
    return memory;
}

void *calloc(size_t count, size_t size) {
    void *memory = malloc(count * size + 1);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}

static double a[40], out[64];

static int call(int which) {
    mnp_array in, to, owned;
    double sum;
    int64_t n;
    uint8_t truth;
    int status;
    memset(&in, 0, sizeof in);
    in.data = a + 9;
    in.dtype = MNP_F64;
    in.rank = 1;
    in.shape[0] = 5;
    in.strides[0] = -2;
    to = in;
    to.data = out + 1;
    to.strides[0] = 3;
    switch (which) {
    case 0: return several(5, a, out, &sum, &n, out + 5);
    case 1: return several_strided(&in, &to, &sum, &n, &in);
    case 2:
        status = mixed_strided(&in, 2, &to, &owned, &truth);
        break;
    case 3:
        status = halve(9, a, &owned);
        break;
    case 4:
        status = tail_strided(&in, 2, &owned);
        break;
    case 5: return refused(8, a, 1, &sum) && strstr(mnp_last_error(), "MemoryError");
    case 6:
        in.data = a + 20;
        return same_strided(&in, &in) || backwards(5, a, a + 1);
    case 7:
        to.rank = 2;
        to.shape[0] = to.shape[1] = 3;
        to.strides[0] = 1;
        to.strides[1] = 4;
        return grid_strided(3, &to);
    default: return swapped_strided(&in, 3, &to);
    }
    if (status && owned.data)
        return 2;
    mnp_array_free(&owned);
    return status;
}

int main(void) {
    for (int which = 0; which <= 8; which++)
        for (long n = 0;; n++) {
            left = n;
            int status = call(which), done = left >= 0;
            left = -1;
            EXPECT(status == !done);
            EXPECT(done || strstr(mnp_last_error(), "MemoryError"));
            if (done)
                break;
            EXPECT(n < 50);
        }
    return failures != 0;
}
