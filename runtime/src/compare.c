/* compare.c: == and < of elements of lists, and what is made of them: comparisons of lists, sorting, extremes. */
#include "list.h"

#include <stdlib.h>
#include <string.h>

static double as_double(const int64_t *slot) {
    double value;
    memcpy(&value, slot, sizeof value);
    return value;
}

static void *as_pointer(const int64_t *slot) {
    void *pointer;
    memcpy(&pointer, slot, sizeof pointer);
    return pointer;
}

static int is_floating(const char *type) {
    return *type == 'd' || (*type == 'N' && type[1] - 'a' >= MNP_F32);
}

static int is_unsigned(const char *type) {
    return *type == 'N' && type[1] - 'a' == MNP_U64;
}

static _Thread_local int nan_met, kinds_met;

void compare_begin(void) {
    nan_met = kinds_met = 0;
}

int compare_failed(void) {
    if (kinds_met)
        return error_set("TypeError", "'<' not supported between values of these types");
    return nan_met ? error_set("NotImplementedError", "comparing nan inside of lists and tuples is not supported") : 0;
}

/* ---- equality ------------------------------------------------------------------------------ */

static int lists_equal(const List *a, const List *b) {
    if (a->count != b->count)
        return 0;
    for (int64_t i = 0; i < a->count; i++)
        if (!element_equal(a->type, a->slots + i * a->width, b->slots + i * b->width))
            return 0;
    return 1;
}

static int is_numeric(const char *type) {
    return *type == 'i' || *type == 'd' || *type == 'b' || *type == 'N';
}

/* A number as what holds ints of 64 bits and floats alike. */
static long double wide_number(const char *type, const int64_t *slot) {
    return is_floating(type) ? (long double)as_double(slot) : is_unsigned(type) ? (long double)(uint64_t)*slot : (long double)*slot;
}

/* One of several kinds beside another: numbers by their values, others if they have one type. */
static int chosen_equal(const char *type, const int64_t *a, const int64_t *b) {
    const char *x = type_chosen(type, &a), *y = type_chosen(type, &b);
    if (x == y)
        return element_equal(x, a, b);
    return is_numeric(x) && is_numeric(y) && wide_number(x, a) == wide_number(y, b);
}

static int chosen_less(const char *type, const int64_t *a, const int64_t *b) {
    const char *x = type_chosen(type, &a), *y = type_chosen(type, &b);
    if (is_numeric(x) && is_numeric(y))
        return wide_number(x, a) < wide_number(y, b);
    kinds_met |= x != y || *x == '-';
    return x == y && element_less(x, a, b);
}

int element_equal(const char *type, const int64_t *a, const int64_t *b) {
    if (*type == '|')
        return chosen_equal(type, a, b);
    if (is_floating(type)) {
        nan_met |= as_double(a) != as_double(a) && as_double(b) != as_double(b);
        return as_double(a) == as_double(b);
    }
    if (*type == 's')
        return (int)mnp_string_equal(as_pointer(a), a[1], as_pointer(b), b[1]);
    if (*type == '[')
        return as_pointer(a) == as_pointer(b) || lists_equal(as_pointer(a), as_pointer(b));
    if (*type == '-')
        return 1;
    if (*type != '(')
        return *a == *b;
    for (type++; *type != ')'; type = type_behind(type)) {
        if (!element_equal(type, a, b))
            return 0;
        a += type_width(type);
        b += type_width(type);
    }
    return 1;
}

/* ---- order --------------------------------------------------------------------------------- */

static int lists_less(const List *a, const List *b) {
    for (int64_t i = 0; i < a->count && i < b->count; i++) {
        const int64_t *x = a->slots + i * a->width, *y = b->slots + i * b->width;
        if (!element_equal(a->type, x, y))
            return element_less(a->type, x, y);
    }
    return a->count < b->count;
}

int element_less(const char *type, const int64_t *a, const int64_t *b) {
    if (*type == '|')
        return chosen_less(type, a, b);
    if (is_floating(type))
        return as_double(a) < as_double(b);
    if (is_unsigned(type))
        return (uint64_t)*a < (uint64_t)*b;
    if (*type == 's')
        return (int)mnp_string_less(as_pointer(a), a[1], as_pointer(b), b[1]);
    if (*type == '[')
        return lists_less(as_pointer(a), as_pointer(b));
    if (*type == '-')
        return 0;
    if (*type != '(')
        return *a < *b;
    for (type++; *type != ')'; type = type_behind(type)) {
        if (!element_equal(type, a, b))
            return element_less(type, a, b);
        a += type_width(type);
        b += type_width(type);
    }
    return 0;
}

int mnp_list_equal(void *a, void *b, void *out) {
    compare_begin();
    *(int64_t *)out = lists_equal(a, b);
    return compare_failed();
}

int mnp_list_less(void *a, void *b, void *out) {
    compare_begin();
    *(int64_t *)out = lists_less(a, b);
    return compare_failed();
}

/* ---- sorting ------------------------------------------------------------------------------- */

/* nan makes the order depend on the way of sorting: it is refused. */
static int has_nan(const char *type, const int64_t *slots) {
    type = type_chosen(type, &slots);
    if (is_floating(type))
        return as_double(slots) != as_double(slots);
    if (*type == '[') {
        const List *list = as_pointer(slots);
        for (int64_t i = 0; i < list->count; i++)
            if (has_nan(list->type, list->slots + i * list->width))
                return 1;
    }
    if (*type == '(')
        for (type++; *type != ')'; type = type_behind(type)) {
            if (has_nan(type, slots))
                return 1;
            slots += type_width(type);
        }
    return 0;
}

/* Python sorts by `<` alone, stably, also backwards. */
static int goes_before(const List *keys, int64_t a, int64_t b, int64_t reverse) {
    const int64_t *x = keys->slots + a * keys->width, *y = keys->slots + b * keys->width;
    return reverse ? element_less(keys->type, y, x) : element_less(keys->type, x, y);
}

static void merge_sort(const List *keys, int64_t *order, int64_t *other, int64_t count, int64_t reverse) {
    int64_t half = count / 2, i = 0, j = half, k = 0;
    if (count < 2)
        return;
    merge_sort(keys, order, other, half, reverse);
    merge_sort(keys, order + half, other, count - half, reverse);
    while (i < half && j < count)
        other[k++] = goes_before(keys, order[j], order[i], reverse) ? order[j++] : order[i++];
    memcpy(other + k, order + i, (size_t)(half - i) * sizeof *order);
    memcpy(order, other, (size_t)(k + half - i) * sizeof *order);
}

static void rearrange(List *list, const int64_t *order, int64_t *rows) {
    size_t bytes = (size_t)list->width * sizeof *rows;
    for (int64_t i = 0; i < list->count; i++)
        memcpy(rows + i * list->width, list->slots + order[i] * list->width, bytes);
    memcpy(list->slots, rows, (size_t)list->count * bytes);
}

/* Sorts the list by the keys, which may be the list itself. */
int mnp_list_sort(void *value, void *key_list, int64_t reverse) {
    List *list = value, *keys = key_list;
    for (int64_t i = 0; i < keys->count; i++)
        if (has_nan(keys->type, keys->slots + i * keys->width))
            return error_set("NotImplementedError", "sorting nan is not supported");
    if (list->count < 2 || !list->width)
        return 0;
    int64_t width = list->width > 1 ? list->width : 1;
    int64_t *order = malloc((size_t)(list->count * (2 + width)) * sizeof *order);
    if (!order)
        return error_set("MemoryError", "out of memory to sort a list");
    for (int64_t i = 0; i < list->count; i++)
        order[i] = i;
    compare_begin();
    merge_sort(keys, order, order + list->count, list->count, reverse);
    if (kinds_met) {
        free(order);
        return compare_failed();
    }
    rearrange(list, order, order + 2 * list->count);
    free(order);
    return 0;
}

/* The first of the smallest (way 0) or largest (way 1) by the keys. */
int mnp_list_extreme(void *list, void *key_list, int64_t way, void *out) {
    const List *keys = key_list;
    int64_t best = 0;
    if (!keys->count)
        return error_set("ValueError", "%s() arg is an empty sequence", way ? "max" : "min");
    compare_begin();
    for (int64_t i = 1; i < keys->count; i++)
        if (goes_before(keys, i, best, way))
            best = i;
    return compare_failed() || mnp_list_get(list, best, out);
}
