/* interface.c: what entries for C ask of their arguments, and how results leave. */
#include "runtime.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANK_MAX = 8 };
static const int64_t axis_max = INT64_C(1) << 47;

static const char *dtype_name(int64_t dtype) {
    static const char *const names[] = {"bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64",
                                        "c64", "c128"};
    return dtype >= 0 && dtype < (int64_t)(sizeof names / sizeof *names) ? names[dtype] : "an unknown dtype";
}

int mnp_bad_size(void *name, int64_t size) {
    return error_set("ValueError", "%s: negative dimensions are not allowed (%lld)", (const char *)name,
                     (long long)size);
}

/* Which of an array's sizes is no size; 0 if all are. */
static int bad_sizes(const char *name, int64_t rank, const int64_t *shape) {
    for (int64_t axis = 0; axis < rank; axis++)
        if (shape[axis] < 0)
            return mnp_bad_size((void *)name, shape[axis]);
    for (int64_t axis = 0; axis < rank; axis++)
        if (shape[axis] > axis_max)
            return error_set("ValueError", "%s: an axis of %lld elements, the most is 2**47", name,
                             (long long)shape[axis]);
    return 0;
}

static int multiply(int64_t rank, const int64_t *shape, int64_t *count) {
    int overflow = 0;
    for (int64_t axis = 0; axis < rank; axis++)
        overflow |= __builtin_mul_overflow(*count, shape[axis], count);
    return overflow;
}

int mnp_bad_argument(void *name, int64_t rank, void *shape) {
    int64_t bytes = 8;
    if (bad_sizes(name, rank, shape))
        return 1;
    if (multiply(rank, shape, &bytes))
        return error_set("ValueError", "%s: the array is too big", (const char *)name);
    return error_set("ValueError", "%s: a null pointer for an array that is not empty", (const char *)name);
}

int mnp_bad_shape(void *name, int64_t axis, int64_t have, int64_t wanted) {
    return error_set("ValueError", "%s: axis %lld has size %lld, not %lld", (const char *)name, (long long)axis,
                     (long long)have, (long long)wanted);
}

static uint64_t magnitude(int64_t value) {
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* Every element of the array has an address within half of the address space. */
static int is_reachable(const mnp_array *array, int64_t bytes) {
    uint64_t reach = 1;
    for (int axis = 0; axis < array->rank; axis++) {
        uint64_t steps;
        if (array->shape[axis] < 2)
            continue;
        if (__builtin_mul_overflow(magnitude(array->strides[axis]), (uint64_t)array->shape[axis] - 1, &steps) ||
            __builtin_add_overflow(reach, steps, &reach))
            return 0;
    }
    return !__builtin_mul_overflow(reach, (uint64_t)bytes, &reach) && reach <= (uint64_t)INT64_MAX;
}

/* No two elements share an address: each stride steps over all that the smaller ones reach. Views of
 * slices, transposes and steps are all like that; what is not may still be distinct, but is refused. */
static int is_distinct(const mnp_array *array) {
    uint64_t reach = 0;
    int done = 0;
    for (int round = 0; round < array->rank; round++) {
        int least = -1;
        for (int axis = 0; axis < array->rank; axis++)
            if (!(done & (1 << axis)) && array->shape[axis] > 1 &&
                (least < 0 || magnitude(array->strides[axis]) < magnitude(array->strides[least])))
                least = axis;
        if (least < 0)
            return 1;
        if (magnitude(array->strides[least]) <= reach)
            return 0;
        reach += magnitude(array->strides[least]) * ((uint64_t)array->shape[least] - 1);
        done |= 1 << least;
    }
    return 1;
}

static int is_empty(const mnp_array *array) {
    for (int axis = 0; axis < array->rank; axis++)
        if (array->shape[axis] == 0)
            return 1;
    return 0;
}

static int bad_layout(const mnp_array *array, int64_t written, const char *name) {
    int64_t item = dtype_bytes(array->dtype), bytes = item;
    if (bad_sizes(name, array->rank, array->shape))
        return 1;
    if (is_empty(array))
        return 0;
    if (!array->data)
        return error_set("ValueError", "%s: a null pointer for an array that is not empty", name);
    if (multiply(array->rank, array->shape, &bytes) || !is_reachable(array, item))
        return error_set("ValueError", "%s: the array is too big", name);
    if ((uintptr_t)array->data % (uintptr_t)item)
        return error_set("ValueError", "%s: data is not aligned to its elements", name);
    if (written && !is_distinct(array))
        return error_set("ValueError", "%s: is written, but its elements share memory", name);
    return 0;
}

int mnp_take(void *value, int64_t dtype, int64_t rank, int64_t written, void *name) {
    const mnp_array *array = value;
    if (!array)
        return error_set("ValueError", "%s: a null pointer for an mnp_array", (const char *)name);
    if (array->dtype != dtype)
        return error_set("TypeError", "%s: an array of %s is wanted, this is one of %s", (const char *)name,
                         dtype_name(dtype), dtype_name(array->dtype));
    if (array->rank != rank)
        return error_set("TypeError", "%s: an array of rank %lld is wanted, this is one of rank %lld",
                         (const char *)name, (long long)rank, (long long)array->rank);
    return bad_layout(array, written, name);
}

int64_t mnp_is_packed(void *value) {
    const mnp_array *array = value;
    int64_t step = 1;
    if (is_empty(array))
        return 1;
    for (int axis = array->rank - 1; axis >= 0; axis--) {
        if (array->shape[axis] != 1 && array->strides[axis] != step)
            return 0;
        step *= array->shape[axis];
    }
    return 1;
}

/* ---- results ------------------------------------------------------------------------------- */

static void copy_axis(const mnp_array *to, const mnp_array *from, int axis, char *target, const char *source) {
    int64_t item = dtype_bytes(to->dtype), n = to->shape[axis];
    int64_t step = to->strides[axis] * item, from_step = from->strides[axis] * item;
    if (axis == to->rank - 1 && step == item && from_step == item) {
        memcpy(target, source, (size_t)(n * item));
        return;
    }
    for (int64_t i = 0; i < n; i++, target += step, source += from_step)
        if (axis == to->rank - 1)
            memcpy(target, source, (size_t)item);
        else
            copy_axis(to, from, axis + 1, target, source);
}

static void copy_elements(const mnp_array *to, const mnp_array *from) {
    if (is_empty(to))
        return;
    if (to->rank == 0)
        memcpy(to->data, from->data, (size_t)dtype_bytes(to->dtype));
    else
        copy_axis(to, from, 0, to->data, from->data);
}

/* The lowest address, and one past the highest. */
static void find_ends(const mnp_array *array, uintptr_t *low, uintptr_t *high) {
    uintptr_t item = (uintptr_t)dtype_bytes(array->dtype);
    *low = *high = (uintptr_t)array->data;
    for (int axis = 0; axis < array->rank; axis++) {
        uintptr_t reach = (uintptr_t)magnitude(array->strides[axis]) * item * ((uintptr_t)array->shape[axis] - 1);
        if (array->strides[axis] < 0)
            *low -= reach;
        else
            *high += reach;
    }
    *high += item;
}

static int may_overlap(const mnp_array *a, const mnp_array *b) {
    uintptr_t a_low, a_high, b_low, b_high;
    find_ends(a, &a_low, &a_high);
    find_ends(b, &b_low, &b_high);
    return a_low < b_high && b_low < a_high;
}

/* A copy in C order in memory of ours. */
static int pack(const mnp_array *array, mnp_array *packed) {
    int64_t step = 1;
    *packed = *array;
    for (int axis = array->rank - 1; axis >= 0; axis--) {
        packed->strides[axis] = step;
        step *= array->shape[axis];
    }
    if (mnp_alloc(&packed->data, step * dtype_bytes(array->dtype), 0)) {
        packed->data = NULL;
        return 1;
    }
    copy_elements(packed, array);
    return 0;
}

int mnp_copy(void *target, void *source) {
    mnp_array packed;
    if (is_empty(target))
        return 0;
    if (!may_overlap(target, source)) {
        copy_elements(target, source);
        return 0;
    }
    if (pack(source, &packed))
        return 1;
    copy_elements(target, &packed);
    mnp_release(packed.data);
    return 0;
}

/* The array becomes the caller's: as it is where it is a whole buffer, else as a copy. */
int mnp_hand_over(void *source, void *owner, void *out) {
    const mnp_array *array = source;
    if (!owner || array->data != owner || !mnp_is_packed(source))
        return pack(array, out);
    mnp_retain(owner);
    *(mnp_array *)out = *array;
    return 0;
}

void mnp_drop(void *value) {
    mnp_array *array = value;
    mnp_release(array->data);
    memset(array, 0, sizeof *array);
}

__attribute__((weak, visibility("default"))) void mnp_array_free(mnp_array *array) {
    if (array)
        mnp_drop(array);
}

/* ---- questions to the layout --------------------------------------------------------------- */

/* The first and one past the last byte of the elements. */
static void byte_range(const mnp_array *array, char **low, char **high) {
    int64_t item = dtype_bytes(array->dtype), before = 0, behind = 0;
    for (int axis = 0; axis < array->rank; axis++) {
        int64_t reach = (array->shape[axis] - 1) * array->strides[axis];
        before += reach < 0 ? reach : 0;
        behind += reach > 0 ? reach : 0;
    }
    *low = (char *)array->data + before * item;
    *high = (char *)array->data + (behind + 1) * item;
}

static int may_share(const mnp_array *a, const mnp_array *b) {
    char *low, *high, *other_low, *other_high;
    if (is_empty(a) || is_empty(b))
        return 0;
    byte_range(a, &low, &high);
    byte_range(b, &other_low, &other_high);
    return low < other_high && other_low < high;
}

static int is_fortran_packed(const mnp_array *array) {
    mnp_array reversed = *array;
    for (int axis = 0; axis < array->rank; axis++) {
        reversed.shape[axis] = array->shape[array->rank - 1 - axis];
        reversed.strides[axis] = array->strides[array->rank - 1 - axis];
    }
    return (int)mnp_is_packed(&reversed);
}

int64_t mnp_layout(void *first, void *second, int64_t question) {
    enum { ASK_C = 100, ASK_FORTRAN = 101, ASK_SHARED = 102 };
    const mnp_array *array = first;
    if (question < array->rank)
        return array->strides[question] * dtype_bytes(array->dtype);
    if (question == ASK_C)
        return mnp_is_packed(first);
    return question == ASK_FORTRAN ? is_fortran_packed(array) : may_share(array, second);
}
