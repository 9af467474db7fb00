/* npy.c: .npy files (NEP 1, format 1.0 and 2.0) and np.savetxt. Files are written under a temporary
 * name and renamed, so that a failure loses nothing. */
#include "runtime.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, HEADER_MAX = 65536 };

static const char *const descriptions[] = {"|b1", "|i1", "<i2", "<i4", "<i8", "|u1",
                                           "<u2", "<u4", "<u8", "<f4", "<f8", "<c8", "<c16"};

static int copy_path(const char *bytes, int64_t length, char *path) {
    if (length >= PATH_BYTES - 16 || memchr(bytes, 0, (size_t)length))
        return error_set("ValueError", "this is no path");
    memcpy(path, bytes, (size_t)length);
    path[length] = 0;
    return 0;
}

static int open_error(const char *path) {
    const char *exception = errno == ENOENT   ? "FileNotFoundError"
                            : errno == EACCES ? "PermissionError"
                            : errno == EISDIR ? "IsADirectoryError"
                                              : "OSError";
    return error_set(exception, "[Errno %d] %s: '%s'", errno, strerror(errno), path);
}

/* ---- reading ------------------------------------------------------------------------------- */

/* The text behind 'key': in the header's dictionary; NULL if it is not there. */
static const char *header_value(const char *header, const char *key) {
    char quoted[32];
    snprintf(quoted, sizeof quoted, "'%s'", key);
    const char *at = strstr(header, quoted);
    if (!at)
        return NULL;
    at += strlen(quoted);
    while (*at == ' ' || *at == ':')
        at++;
    return at;
}

static int read_shape(const char *at, mnp_array *out) {
    out->rank = 0;
    if (*at++ != '(')
        return 1;
    while (*at && *at != ')') {
        char *end;
        long long size = strtoll(at, &end, 10);
        if (end == at || size < 0 || size > (1ll << 47) || out->rank == 8)
            return 1;
        out->shape[out->rank++] = size;
        at = end + strspn(end, ", ");
    }
    return *at != ')';
}

/* The dtype that a header describes, -1 if it is none of ours; `swapped`: its bytes are in the other order. */
static int described_dtype(const char *description, int *swapped) {
    *swapped = description[0] == '>';
    for (size_t i = 0; i < sizeof descriptions / sizeof *descriptions; i++) {
        size_t length = strlen(descriptions[i]);
        if (strchr("<>|=", description[0]) && description[0] && !strncmp(description + 1, descriptions[i] + 1, length - 1) &&
            description[length] == '\'')
            return (int)i;
    }
    return -1;
}

static void swap_bytes(mnp_array *array, int64_t bytes) {
    int item = dtype_bytes(array->dtype), number = array->dtype == MNP_C64 || array->dtype == MNP_C128 ? item / 2 : item;
    unsigned char *at = array->data;
    for (int64_t i = 0; i + number <= bytes; i += number)
        for (int k = 0; k < number / 2; k++) {
            unsigned char byte = at[i + k];
            at[i + k] = at[i + number - 1 - k];
            at[i + number - 1 - k] = byte;
        }
}

static int read_header(const char *header, mnp_array *out, int *fortran, int *swapped) {
    const char *description = header_value(header, "descr");
    const char *order = header_value(header, "fortran_order");
    const char *shape = header_value(header, "shape");
    if (!description || !order || !shape || *description != '\'')
        return 1;
    out->dtype = described_dtype(description + 1, swapped);
    *fortran = !strncmp(order, "True", 4);
    return read_shape(shape, out);
}

/* Of an array whose number of elements fits, or that has none. */
static void set_strides(mnp_array *out, int fortran) {
    uint64_t stride = 1;
    for (int k = 0; k < out->rank; k++) {
        int axis = fortran ? k : out->rank - 1 - k;
        out->strides[axis] = (int64_t)stride;
        stride *= (uint64_t)out->shape[axis];
    }
}

static int read_data(FILE *file, const char *path, mnp_array *out, int swapped) {
    int64_t count = 1;
    for (int axis = 0; axis < out->rank; axis++)
        count = out->shape[axis] ? count : 0;
    for (int axis = 0; axis < out->rank && count; axis++)
        if (__builtin_mul_overflow(count, out->shape[axis], &count) || count > (INT64_C(1) << 50))
            return error_set("ValueError", "the array in '%s' is too large", path);
    int64_t bytes = count * dtype_bytes(out->dtype);
    if (mnp_alloc(&out->data, bytes, 0))
        return 1;
    if (fread(out->data, 1, (size_t)bytes, file) == (size_t)bytes) {
        if (swapped)
            swap_bytes(out, bytes);
        return 0;
    }
    mnp_release(out->data);
    out->data = NULL;
    return error_set("ValueError", "'%s' ends before its %lld elements do", path, (long long)count);
}

static int load_file(FILE *file, const char *path, int64_t dtype, int64_t rank, mnp_array *out) {
    unsigned char start[12];
    static char header[HEADER_MAX + 1];
    int fortran, swapped;
    if (fread(start, 1, 10, file) != 10 || memcmp(start, "\x93NUMPY", 6) || start[6] < 1 ||
        start[6] > 3 || (start[6] > 1 && fread(start + 10, 1, 2, file) != 2))
        return error_set("ValueError", "'%s' is not a .npy file", path);
    size_t length = start[8] | (size_t)start[9] << 8;
    if (start[6] > 1)
        length |= (size_t)start[10] << 16 | (size_t)start[11] << 24;
    if (length > HEADER_MAX || fread(header, 1, length, file) != length)
        return error_set("ValueError", "the header of '%s' cannot be read", path);
    header[length] = 0;
    if (read_header(header, out, &fortran, &swapped))
        return error_set("ValueError", "the header of '%s' cannot be read", path);
    if (out->dtype < 0 || out->dtype != dtype || out->rank != rank)
        return error_set("ValueError", "'%s' does not hold what the annotation says (%s, rank %lld): %.60s",
                         path, descriptions[dtype] + 1, (long long)rank, header);
    set_strides(out, fortran);
    return read_data(file, path, out, swapped);
}

int mnp_load(void *bytes, int64_t length, int64_t dtype, int64_t rank, void *out) {
    char path[PATH_BYTES];
    if (copy_path(bytes, length, path))
        return 1;
    FILE *file = fopen(path, "rb");
    if (!file)
        return open_error(path);
    int status = load_file(file, path, dtype, rank, out);
    fclose(file);
    return status;
}

/* np.fromfile: the elements that the file has whole. */
int mnp_fromfile(void *bytes, int64_t length, int64_t dtype, int64_t rank, void *value) {
    char path[PATH_BYTES];
    mnp_array *out = value;
    if (copy_path(bytes, length, path))
        return 1;
    FILE *file = fopen(path, "rb");
    if (!file)
        return open_error(path);
    long size = fseek(file, 0, SEEK_END) ? -1 : ftell(file);
    *out = (mnp_array){.dtype = (int32_t)dtype, .rank = (int32_t)rank};
    out->strides[0] = 1;
    out->shape[0] = size < 0 ? 0 : size / dtype_bytes((int)dtype);
    int status = size < 0 || fseek(file, 0, SEEK_SET) ? open_error(path) : read_data(file, path, out, 0);
    fclose(file);
    return status;
}

/* ---- writing ------------------------------------------------------------------------------- */

typedef struct {
    char path[PATH_BYTES], temporary[PATH_BYTES + 16];
    FILE *file;
} Output;

static int output_open(Output *output, const char *bytes, int64_t length) {
    if (copy_path(bytes, length, output->path))
        return 1;
    snprintf(output->temporary, sizeof output->temporary, "%s.%ld~", output->path, (long)getpid());
    output->file = fopen(output->temporary, "wb");
    return output->file ? 0 : open_error(output->path);
}

static int output_close(Output *output) {
    int failed = ferror(output->file) != 0;
    failed |= fclose(output->file) != 0;
    if (!failed && rename(output->temporary, output->path) == 0)
        return 0;
    int status = open_error(output->path);
    remove(output->temporary);
    return status;
}

static int is_fortran(const mnp_array *array) {
    int64_t stride = 1;
    int c_order = 1, f_order = 1;
    for (int axis = 0; axis < array->rank; axis++) {
        f_order &= array->shape[axis] == 1 || array->strides[axis] == stride;
        stride *= array->shape[axis];
    }
    stride = 1;
    for (int axis = array->rank - 1; axis >= 0; axis--) {
        c_order &= array->shape[axis] == 1 || array->strides[axis] == stride;
        stride *= array->shape[axis];
    }
    return f_order && !c_order;
}

static void write_elements(FILE *file, const mnp_array *array, int k, int fortran, int64_t offset) {
    int bytes = dtype_bytes(array->dtype);
    if (k == array->rank) {
        fwrite((const char *)array->data + offset * bytes, (size_t)bytes, 1, file);
        return;
    }
    int axis = fortran ? array->rank - 1 - k : k;
    if (k == array->rank - 1 && array->strides[axis] == 1) {
        fwrite((const char *)array->data + offset * bytes, (size_t)bytes,
               (size_t)array->shape[axis], file);
        return;
    }
    for (int64_t i = 0; i < array->shape[axis]; i++)
        write_elements(file, array, k + 1, fortran, offset + i * array->strides[axis]);
}

int mnp_save(void *bytes, int64_t length, void *value) {
    const mnp_array *array = value;
    char header[512], shape[300] = "", path[PATH_BYTES];
    Output output;
    if (copy_path(bytes, length, path))
        return 1;
    if (length < 4 || memcmp(path + length - 4, ".npy", 4)) {
        strcat(path, ".npy");
        length += 4;
    }
    int fortran = is_fortran(array), at = 0;
    for (int axis = 0; axis < array->rank; axis++)
        at += snprintf(shape + at, sizeof shape - (size_t)at, "%s%lld%s", axis ? " " : "",
                       (long long)array->shape[axis],
                       axis < array->rank - 1 || array->rank == 1 ? "," : "");
    int used = snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }",
                        descriptions[array->dtype], fortran ? "True" : "False", shape);
    /* NumPy leaves room for the shape to grow before it pads to 64 bytes. */
    int reserve = 0;
    if (array->rank) {
        char digits[32];
        int axis = fortran ? array->rank - 1 : 0;
        reserve = 21 - snprintf(digits, sizeof digits, "%lld", (long long)array->shape[axis]);
    }
    int total = (10 + used + reserve + 1 + 63) / 64 * 64;
    if (output_open(&output, path, length))
        return 1;
    unsigned char start[10] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    start[8] = (unsigned char)((total - 10) & 255);
    start[9] = (unsigned char)((total - 10) >> 8);
    fwrite(start, 1, 10, output.file);
    fprintf(output.file, "%s%*s\n", header, total - 10 - used - 1, "");
    write_elements(output.file, array, 0, fortran, 0);
    return output_close(&output);
}

int mnp_tofile(void *bytes, int64_t length, void *value) {
    Output output;
    if (output_open(&output, bytes, length))
        return 1;
    write_elements(output.file, value, 0, 0, 0);
    return output_close(&output);
}

/* One %-conversion applied to an element: integers for d and i, else floats. */
static int write_formatted(FILE *file, const char *format, const mnp_array *array, int64_t offset) {
    char copy[64];
    size_t length = strlen(format);
    if (length < 2 || length > 40 || format[0] != '%' || strspn(format + 1, "0123456789.+- #") != length - 2)
        return error_set("ValueError", "this fmt is not supported: '%.40s'", format);
    char type = format[length - 1];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (strchr("di", type)) {
        snprintf(copy, sizeof copy, "%.*slld", (int)length - 1, format);
        fprintf(file, copy, (long long)element_int(array, offset));
    } else if (strchr("eEfFgG", type)) {
        fprintf(file, format, element_float(array, offset));
    } else {
        return error_set("ValueError", "this fmt is not supported: '%.40s'", format);
    }
#pragma GCC diagnostic pop
    return 0;
}

/* The header's lines, each behind the comment's sign. */
static void write_header(FILE *file, const char *header, int64_t length, const char *comments,
                         int64_t comments_length, const char *newline, int64_t newline_length) {
    if (!length)
        return;
    fwrite(comments, 1, (size_t)comments_length, file);
    for (int64_t i = 0; i < length; i++) {
        fputc(header[i], file);
        if (header[i] == '\n')
            fwrite(comments, 1, (size_t)comments_length, file);
    }
    fwrite(newline, 1, (size_t)newline_length, file);
}

int mnp_savetxt(void *bytes, int64_t length, void *value, void *fmt, int64_t fmt_length,
                void *delimiter, int64_t delimiter_length, void *newline, int64_t newline_length,
                void *header, int64_t header_length, void *comments, int64_t comments_length) {
    const mnp_array *array = value;
    char format[64];
    Output output;
    if (array->rank < 1 || array->rank > 2)
        return error_set("ValueError", "Expected 1D or 2D array, got %dD array instead", array->rank);
    snprintf(format, sizeof format, "%.*s", (int)(fmt_length < 60 ? fmt_length : 60), (char *)fmt);
    if (output_open(&output, bytes, length))
        return 1;
    write_header(output.file, header, header_length, comments, comments_length, newline,
                 newline_length);
    int64_t columns = array->rank == 2 ? array->shape[1] : 1;
    int status = 0;
    for (int64_t i = 0; i < array->shape[0] && !status; i++) {
        for (int64_t j = 0; j < columns && !status; j++) {
            if (j)
                fwrite(delimiter, 1, (size_t)delimiter_length, output.file);
            int64_t column = array->rank == 2 ? j * array->strides[1] : 0;
            status = write_formatted(output.file, format, array, i * array->strides[0] + column);
        }
        fwrite(newline, 1, (size_t)newline_length, output.file);
    }
    if (!status)
        return output_close(&output);
    fclose(output.file);
    remove(output.temporary);
    return status;
}
