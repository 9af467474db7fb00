/* list_text.c: lists as text, as arrays, and the program's arguments as a list. */
#include "list.h"

#include <string.h>

static const char *const dtype_names[] = {"bool",   "int8",   "int16",  "int32",   "int64",  "uint8",
                                          "uint16", "uint32", "uint64", "float32", "float64"};

static void say(const char *text) {
    text_out(text, strlen(text));
}

static double as_double(int64_t slot) {
    double value;
    memcpy(&value, &slot, sizeof value);
    return value;
}

static void *as_pointer(const int64_t *slot) {
    void *pointer;
    memcpy(&pointer, slot, sizeof pointer);
    return pointer;
}

/* ---- repr ---------------------------------------------------------------------------------- */

static void print_scalar(int dtype, int64_t slot) {
    if (dtype == MNP_BOOL)
        mnp_print_bool(slot);
    else if (dtype == MNP_F32)
        mnp_print_float32(as_double(slot));
    else if (dtype == MNP_F64)
        mnp_print_float(as_double(slot));
    else if (dtype == MNP_U64)
        mnp_print_uint(slot);
    else
        mnp_print_int(slot);
}

static void print_strong(int dtype, int64_t slot) {
    say("np.");
    if (dtype != MNP_BOOL) {
        say(dtype_names[dtype]);
        say("(");
    }
    print_scalar(dtype, slot);
    say(dtype == MNP_BOOL ? "_" : ")");
}

static mnp_array array_in(const char *type, const int64_t *slots) {
    mnp_array array = {.data = as_pointer(slots + 1), .dtype = type[1] - 'a', .rank = type[2] - '0'};
    for (int axis = 0; axis < array.rank; axis++) {
        array.shape[axis] = slots[2 + axis];
        array.strides[axis] = slots[2 + array.rank + axis];
    }
    return array;
}

static void print_element(const char *type, const int64_t *slots) {
    int count = 0;
    type = type_chosen(type, &slots);
    if (*type == 'N') {
        print_strong(type[1] - 'a', *slots);
    } else if (*type == 's') {
        mnp_print_string_repr(as_pointer(slots), slots[1]);
    } else if (*type == '[') {
        mnp_list_print(as_pointer(slots));
    } else if (*type == 'a') {
        mnp_array array = array_in(type, slots);
        mnp_print_array_repr(&array);
    } else if (*type == '-') {
        say("None");
    } else if (*type != '(') {
        print_scalar(*type == 'd' ? MNP_F64 : *type == 'b' ? MNP_BOOL : MNP_I64, *slots);
    } else {
        say("(");
        for (type++; *type != ')'; type = type_behind(type), count++) {
            say(count ? ", " : "");
            print_element(type, slots);
            slots += type_width(type);
        }
        say(count == 1 ? ",)" : ")");
    }
}

void mnp_list_print(void *value) {
    const List *list = value;
    say("[");
    for (int64_t i = 0; i < list->count; i++) {
        say(i ? ", " : "");
        print_element(list->type, list->slots + i * list->width);
    }
    say("]");
}

/* ---- arrays -------------------------------------------------------------------------------- */

/* The shape of an array of these elements; -1: they differ. `rank`: axes found so far. */
static int find_shape(const char *type, const int64_t *slots, int axis, mnp_array *out);

static int note_size(mnp_array *out, int axis, int64_t size) {
    if (out->shape[axis] >= 0 && out->shape[axis] != size)
        return error_set("ValueError", "setting an array element with a sequence. The requested array has an "
                                       "inhomogeneous shape after %d dimensions.", axis);
    out->shape[axis] = size;
    return 0;
}

static int find_list_shape(const List *list, int axis, mnp_array *out) {
    if (note_size(out, axis, list->count))
        return 1;
    for (int64_t i = 0; i < list->count; i++)
        if (find_shape(list->type, list->slots + i * list->width, axis + 1, out))
            return 1;
    return 0;
}

static int find_shape(const char *type, const int64_t *slots, int axis, mnp_array *out) {
    int64_t count = 0;
    if (*type == '[')
        return find_list_shape(as_pointer(slots), axis, out);
    if (*type == 'a')
        for (int k = 0; k < type[2] - '0'; k++)
            if (note_size(out, axis + k, slots[2 + k]))
                return 1;
    if (*type == '(') {
        for (type++; *type != ')'; type = type_behind(type), count++) {
            if (find_shape(type, slots, axis + 1, out))
                return 1;
            slots += type_width(type);
        }
        return note_size(out, axis, count);
    }
    return 0;
}

/* Stores a slot as an element of the array's dtype. */
static int store_slot(const mnp_array *out, int64_t at, int64_t slot, int floating) {
    void *data = out->data;
    if (out->dtype == MNP_F64 || out->dtype == MNP_F32) {
        double value = floating ? as_double(slot) : (double)slot;
        if (out->dtype == MNP_F64)
            ((double *)data)[at] = value;
        else
            ((float *)data)[at] = (float)value;
        return 0;
    }
    int64_t value = slot;
    if (out->dtype == MNP_BOOL)
        value = floating ? as_double(slot) != 0 : slot != 0;
    else if (floating && mnp_float_to_int(as_double(slot), &value))
        return 1;
    switch (dtype_bytes(out->dtype)) {
    case 1: ((int8_t *)data)[at] = (int8_t)value; break;
    case 2: ((int16_t *)data)[at] = (int16_t)value; break;
    case 4: ((int32_t *)data)[at] = (int32_t)value; break;
    default: ((int64_t *)data)[at] = value; break;
    }
    return 0;
}

/* Python's ints must fit the dtype. */
static int check_int(const mnp_array *out, int64_t value) {
    int bits = 8 * dtype_bytes(out->dtype), is_unsigned = out->dtype >= MNP_U8 && out->dtype <= MNP_U64;
    if (out->dtype == MNP_BOOL || out->dtype >= MNP_F32 || (bits == 64 && (!is_unsigned || value >= 0)))
        return 0;
    int64_t high = (INT64_C(1) << (bits - !is_unsigned)) - 1, low = is_unsigned ? 0 : -high - 1;
    if (bits == 64 || value < low || value > high)
        return error_set("OverflowError", "Python integer %lld out of bounds for %s", (long long)value,
                         dtype_names[out->dtype]);
    return 0;
}

static int copy_element(const char *type, const int64_t *slots, const mnp_array *out, int64_t *at);

static int copy_axis(const mnp_array *from, int axis, int64_t offset, const mnp_array *out, int64_t *at) {
    if (axis == from->rank) {
        int floating = from->dtype >= MNP_F32;
        double value = floating ? element_float(from, offset) : 0;
        int64_t slot = floating ? 0 : element_int(from, offset);
        if (floating)
            memcpy(&slot, &value, sizeof slot);
        return store_slot(out, (*at)++, slot, floating);
    }
    for (int64_t i = 0; i < from->shape[axis]; i++)
        if (copy_axis(from, axis + 1, offset + i * from->strides[axis], out, at))
            return 1;
    return 0;
}

static int copy_list(const List *list, const mnp_array *out, int64_t *at) {
    for (int64_t i = 0; i < list->count; i++)
        if (copy_element(list->type, list->slots + i * list->width, out, at))
            return 1;
    return 0;
}

/* What kinds of numbers the elements of the last list turned out to be: bools 1, ints 2, floats 4. */
static _Thread_local int kinds_met;

static int copy_element(const char *type, const int64_t *slots, const mnp_array *out, int64_t *at) {
    type = type_chosen(type, &slots);
    kinds_met |= *type == 'b' ? 1 : *type == 'i' ? 2 : *type == 'd' ? 4 : *type == 'N' ? (type[1] - 'a' >= MNP_F32 ? 4 : 2) : 0;
    if (*type == '[')
        return copy_list(as_pointer(slots), out, at);
    if (*type == 'a') {
        mnp_array from = array_in(type, slots);
        return copy_axis(&from, 0, 0, out, at);
    }
    if (*type == '(') {
        for (type++; *type != ')'; type = type_behind(type)) {
            if (copy_element(type, slots, out, at))
                return 1;
            slots += type_width(type);
        }
        return 0;
    }
    int floating = *type == 'd' || (*type == 'N' && type[1] - 'a' >= MNP_F32);
    if (*type == 'i' && check_int(out, *slots))
        return 1;
    return store_slot(out, (*at)++, *slots, floating);
}

/* An array whose sizes are not known yet: each is -1. */
static void open_array(mnp_array *out, int64_t dtype, int64_t rank) {
    *out = (mnp_array){.dtype = (int)dtype, .rank = (int)rank};
    for (int axis = 0; axis < rank; axis++)
        out->shape[axis] = -1;
}

/* Memory in C order for the shape, and the list's elements in it. */
static int fill_array(const List *list, mnp_array *out) {
    int64_t bytes = dtype_bytes(out->dtype), at = 0;
    for (int axis = out->rank - 1; axis >= 0; axis--) {
        if (out->shape[axis] < 0)
            return error_set("NotImplementedError", "an array of an empty list of lists is not supported");
        out->strides[axis] = axis == out->rank - 1 ? 1 : out->strides[axis + 1] * out->shape[axis + 1];
        bytes *= out->shape[axis];
    }
    if (mnp_alloc(&out->data, bytes, 0))
        return 1;
    if (copy_list(list, out, &at)) {
        mnp_release(out->data);
        return 1;
    }
    return 0;
}

/* A new array of the list's elements, in C order. NumPy gives an axis that no list shows no room in the shape: with
 * another rank than the program was compiled for it is refused. */
int mnp_list_array(void *value, int64_t dtype, int64_t rank, void *result) {
    const List *list = value;
    mnp_array *out = result;
    open_array(out, dtype, rank);
    if (find_list_shape(list, 0, out))
        return 1;
    return fill_array(list, out);
}

/* The same of numbers of several kinds, where the array has the dtype that NumPy finds in those that are there. */
int mnp_list_array_mixed(void *value, int64_t dtype, int64_t rank, void *result) {
    kinds_met = 0;
    if (mnp_list_array(value, dtype, rank, result))
        return 1;
    if (!kinds_met || kinds_met >= (dtype == MNP_F64 ? 4 : 2))
        return 0;
    mnp_release(((mnp_array *)result)->data);
    return error_set("NotImplementedError", "an array of a list that might hold numbers of several kinds, and holds %s alone, "
                                            "is not supported: give its dtype", kinds_met > 1 ? "ints" : "bools");
}

/* The arrays of a list joined along their first axis. */
static int find_joined_shape(const List *list, mnp_array *out) {
    int64_t total = 0;
    for (int64_t i = 0; i < list->count; i++) {
        mnp_array part = array_in(list->type, list->slots + i * list->width);
        total += part.shape[0];
        for (int axis = 1; axis < out->rank; axis++)
            if (note_size(out, axis, part.shape[axis]))
                return 1;
    }
    out->shape[0] = total;
    return list->count ? 0 : error_set("ValueError", "need at least one array to concatenate");
}

int mnp_list_concatenate(void *value, int64_t dtype, int64_t rank, void *result) {
    const List *list = value;
    mnp_array *out = result;
    open_array(out, dtype, rank);
    if (find_joined_shape(list, out))
        return 1;
    return fill_array(list, out);
}

/* ---- sys.argv ------------------------------------------------------------------------------ */

int mnp_list_arguments(void *out) {
    List *list = list_new(mnp_argc(), "s");
    for (int64_t i = 0; list && i < mnp_argc(); i++) {
        int64_t row[2];
        void *bytes;
        if (mnp_argv(i, &bytes, &row[1]))
            return 1;
        memcpy(row, &bytes, sizeof bytes);
        mnp_list_append(list, row);
    }
    return list_give(list, out);
}
