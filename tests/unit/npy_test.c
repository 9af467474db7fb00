/* npy_test.c: np.load reads any bytes safely: headers and data cut off anywhere, every byte of a header replaced, sizes
 * that overflow. Under the sanitizers an access outside of what was read is an error. */
#include "../../runtime/include/mnp.h"
#include "test.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int mnp_load(void *bytes, int64_t length, int64_t dtype, int64_t rank, void *out);
void mnp_release(void *data);

static char path[64];

static void write_bytes(const unsigned char *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(bytes, 1, length, file) == length);
    fclose(file);
}

/* Loads the file as what it may be; whatever comes is given back. */
static int load_all(void) {
    static const int dtypes[] = {MNP_F64, MNP_I16, MNP_BOOL};
    int loaded = 0;
    for (int i = 0; i < 3; i++)
        for (int rank = 0; rank <= 3; rank++) {
            mnp_array array = {0};
            if (mnp_load(path, (int64_t)strlen(path), dtypes[i], rank, &array))
                continue;
            int64_t last = 0;
            bool empty = false;
            for (int axis = 0; axis < rank; axis++)
                empty |= array.shape[axis] == 0;
            for (int axis = 0; axis < rank && !empty; axis++)
                last += (array.shape[axis] - 1) * array.strides[axis];
            if (!empty)
                loaded += ((volatile unsigned char *)array.data)[last] != 255;
            mnp_release(array.data);
            loaded++;
        }
    return loaded;
}

static size_t make_file(unsigned char *bytes, int version, const char *header, size_t data) {
    size_t length = strlen(header), start = version > 1 ? 12 : 10;
    memcpy(bytes, "\x93NUMPY", 6);
    bytes[6] = (unsigned char)version;
    bytes[7] = 0;
    for (size_t i = 0; i < start - 8; i++)
        bytes[8 + i] = (unsigned char)(length >> (8 * i));
    memcpy(bytes + start, header, length);
    memset(bytes + start + length, 1, data);
    return start + length + data;
}

static void test_mutations(const char *header, int version) {
    unsigned char bytes[600];
    size_t length = make_file(bytes, version, header, 48);
    for (size_t cut = 0; cut < length; cut += 1 + (cut > 140) * 7) {
        write_bytes(bytes, cut);
        load_all();
    }
    static const unsigned char others[] = {0, '\'', '9', ',', '(', ')', 255};
    for (size_t at = 0; at + 48 < length; at++)
        for (size_t k = 0; k < sizeof others; k += 1 + at % 2) {
            unsigned char kept = bytes[at];
            bytes[at] = others[k];
            write_bytes(bytes, length);
            load_all();
            bytes[at] = kept;
        }
    write_bytes(bytes, length);
    CHECK(load_all() > 0);
}

static void test_hostile(void) {
    static const char *const headers[] = {
        "{'descr': '<f8', 'fortran_order': False, 'shape': (140737488355328, 140737488355328, 0), }\n",
        "{'descr': '<f8', 'fortran_order': True, 'shape': (140737488355328, 140737488355328, 140737488355328), }\n",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1), }\n",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }\n",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }\n",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n",
        "{'descr'", "{'descr':", "{'descr': '", "{'descr': '<f8', 'fortran_order': ", "{'descr': '<f8', 'fortran_order': False, 'shape': (",
        "'shape': 'descr': 'fortran_order'", ""};
    unsigned char bytes[600];
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        write_bytes(bytes, make_file(bytes, 1 + (int)(i % 3), headers[i], 16));
        load_all();
    }
}

int main(void) {
    snprintf(path, sizeof path, "npy_test.%ld.npy", (long)getpid());
    test_mutations("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }          \n", 1);
    test_mutations("{'descr': '>i2', 'fortran_order': True, 'shape': (24,), }            \n", 2);
    test_hostile();
    remove(path);
    return test_report();
}
