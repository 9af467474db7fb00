/* list.c: Python's lists. A list is a counted object that points at its elements, which are rows of 64-bit slots; a
 * text that compiled code gives says what stands in a row:
 *
 *   i d b      Python's int, float, bool          Nx   NumPy's scalar of dtype 'a' + x
 *   s          a string: its bytes, its length    -    None: no slot
 *   (...)      a tuple: its items                 [x   a list of x: its owner, twice
 *   |t...)     one of several: a tag (an int), then each alternative, of which the tag names the one that counts
 *   axr        an array of dtype 'a' + x and rank '0' + r: its owner, its data, sizes, strides
 *
 * Floats of all widths stand as doubles, unsigned ints as they are. A list holds a reference to every array and
 * list in it. */
#include "list.h"

#include <stdlib.h>
#include <string.h>

/* ---- types of elements --------------------------------------------------------------------- */

const char *type_behind(const char *type) {
    if (*type == 'N')
        return type + 2;
    if (*type == 'a')
        return type + 3;
    if (*type == '[')
        return type_behind(type + 1);
    if (*type != '(' && *type != '|')
        return type + 1;
    for (type++; *type != ')';)
        type = type_behind(type);
    return type + 1;
}

int64_t type_width(const char *type) {
    int64_t width = 0;
    switch (*type) {
    case '-': return 0;
    case 's': case '[': return 2;
    case 'a': return 2 + 2 * (type[2] - '0');
    case '(': case '|':
        for (type++; *type != ')'; type = type_behind(type))
            width += type_width(type);
        return width;
    default: return 1;
    }
}

const char *type_chosen(const char *type, const int64_t **slots) {
    while (*type == '|') {
        int64_t tag = **slots;
        for (type++; tag-- > 0; type = type_behind(type))
            *slots += type_width(type);
    }
    return type;
}

static void *pointer_in(const int64_t *slot) {
    void *pointer;
    memcpy(&pointer, slot, sizeof pointer);
    return pointer;
}

static void count_element(const char *type, const int64_t *slots, void (*count)(void *owner)) {
    if (*type == '[' || *type == 'a') {
        count(pointer_in(slots));
    } else if (*type == '(') {
        for (type++; *type != ')'; type = type_behind(type)) {
            count_element(type, slots, count);
            slots += type_width(type);
        }
    }
}

static int is_counted(const char *type) {
    return strpbrk(type, "[a") != NULL;
}

/* Retains or releases the elements of a range. */
static void count_elements(const List *list, int64_t from, int64_t to, void (*count)(void *owner)) {
    for (int64_t i = from; i < to && is_counted(list->type); i++)
        count_element(list->type, list->slots + i * list->width, count);
}

/* ---- memory -------------------------------------------------------------------------------- */

static void drop_list(void *data) {
    List *list = data;
    count_elements(list, 0, list->count, mnp_release);
    free(list->slots);
}

int list_reserve(List *list, int64_t count) {
    if (count <= list->capacity)
        return 0;
    int64_t capacity = list->capacity + list->capacity / 2 + 4;
    capacity = capacity < count ? count : capacity;
    int64_t row = (list->width ? list->width : 1) * (int64_t)sizeof *list->slots;
    if (capacity > INT64_MAX / row)
        return error_set("MemoryError", "a list of %lld elements", (long long)count);
    int64_t *slots = realloc(list->slots, (size_t)(capacity * row));
    if (!slots)
        return error_set("MemoryError", "out of memory for a list of %lld elements", (long long)count);
    list->slots = slots;
    list->capacity = capacity;
    return 0;
}

List *list_new(int64_t capacity, const char *type) {
    void *data = NULL;
    if (counted_new(&data, sizeof(List), drop_list))
        return NULL;
    List *list = data;
    *list = (List){.type = type, .width = type_width(type)};
    if (list_reserve(list, capacity)) {
        mnp_release(list);
        return NULL;
    }
    return list;
}

int list_give(List *list, void *out) {
    void *pointers[2] = {list, list};
    if (!list)
        return 1;
    memcpy(out, pointers, sizeof pointers);
    return 0;
}

int mnp_list_new(int64_t capacity, void *type, void *out) {
    return list_give(list_new(capacity, type), out);
}

static void copy_rows(List *to, int64_t at, const int64_t *rows, int64_t count) {
    if (count && to->width)
        memcpy(to->slots + at * to->width, rows, (size_t)(count * to->width) * sizeof *rows);
}

/* Makes room for `count` rows at an index. */
static int open_gap(List *list, int64_t at, int64_t count) {
    if (list_reserve(list, list->count + count))
        return 1;
    if (list->count > at && list->width)
        memmove(list->slots + (at + count) * list->width, list->slots + at * list->width,
                (size_t)((list->count - at) * list->width) * sizeof *list->slots);
    list->count += count;
    return 0;
}

static void close_gap(List *list, int64_t at, int64_t count) {
    int64_t rest = list->count - at - count;
    if (rest > 0 && list->width && count)
        memmove(list->slots + at * list->width, list->slots + (at + count) * list->width,
                (size_t)(rest * list->width) * sizeof *list->slots);
    list->count -= count;
}

/* ---- single elements ----------------------------------------------------------------------- */

int64_t mnp_list_length(void *list) {
    return ((List *)list)->count;
}

int64_t mnp_list_is(void *a, void *b) {
    return a == b;
}

int mnp_list_append(void *value, void *row) {
    List *list = value;
    if (list_reserve(list, list->count + 1))
        return 1;
    copy_rows(list, list->count++, row, 1);
    count_elements(list, list->count - 1, list->count, mnp_retain);
    return 0;
}

/* The index counted from the start; -1 where there is no such element. */
static int64_t place_of(const List *list, int64_t index) {
    int64_t at = index < 0 ? index + list->count : index;
    return at < 0 || at >= list->count ? -1 : at;
}

int mnp_list_get(void *value, int64_t index, void *out) {
    List *list = value;
    int64_t at = place_of(list, index);
    if (at < 0)
        return error_set("IndexError", "list index out of range");
    memcpy(out, list->slots + at * list->width, (size_t)list->width * sizeof *list->slots);
    count_elements(list, at, at + 1, mnp_retain);
    return 0;
}

int mnp_list_set(void *value, int64_t index, void *row) {
    List *list = value;
    int64_t at = place_of(list, index);
    if (at < 0)
        return error_set("IndexError", "list assignment index out of range");
    if (is_counted(list->type)) {
        count_element(list->type, row, mnp_retain);
        int64_t *old = malloc((size_t)list->width * sizeof *old + 8);
        if (!old)
            return error_set("MemoryError", "out of memory");
        memcpy(old, list->slots + at * list->width, (size_t)list->width * sizeof *old);
        copy_rows(list, at, row, 1);
        count_element(list->type, old, mnp_release);
        free(old);
        return 0;
    }
    copy_rows(list, at, row, 1);
    return 0;
}

int mnp_list_insert(void *value, int64_t index, void *row) {
    List *list = value;
    int64_t at = index < 0 ? index + list->count : index;
    at = at < 0 ? 0 : at > list->count ? list->count : at;
    if (open_gap(list, at, 1))
        return 1;
    copy_rows(list, at, row, 1);
    count_elements(list, at, at + 1, mnp_retain);
    return 0;
}

/* The element moves out with the reference that the list held. */
int mnp_list_pop(void *value, int64_t index, void *out) {
    List *list = value;
    int64_t at = place_of(list, index);
    if (at < 0)
        return error_set("IndexError", list->count ? "pop index out of range" : "pop from empty list");
    memcpy(out, list->slots + at * list->width, (size_t)list->width * sizeof *list->slots);
    close_gap(list, at, 1);
    return 0;
}

static int64_t find_element(const List *list, const int64_t *row) {
    compare_begin();
    for (int64_t i = 0; i < list->count; i++)
        if (element_equal(list->type, list->slots + i * list->width, row))
            return i;
    return -1;
}

int mnp_list_has(void *list, void *row, void *out) {
    *(int64_t *)out = find_element(list, row) >= 0;
    return compare_failed();
}

int mnp_list_tally(void *value, void *row, void *out) {
    List *list = value;
    int64_t count = 0;
    compare_begin();
    for (int64_t i = 0; i < list->count; i++)
        count += element_equal(list->type, list->slots + i * list->width, row);
    *(int64_t *)out = count;
    return compare_failed();
}

int mnp_list_index(void *value, int64_t from, int64_t to, void *row, void *out) {
    List *list = value;
    from = from < 0 ? from + list->count : from;
    to = to < 0 ? to + list->count : to;
    compare_begin();
    for (int64_t i = from < 0 ? 0 : from; i < list->count && i < to; i++)
        if (element_equal(list->type, list->slots + i * list->width, row)) {
            *(int64_t *)out = i;
            return 0;
        }
    return compare_failed() || error_set("ValueError", "the value is not in list");
}

int mnp_list_remove(void *value, void *row) {
    List *list = value;
    int64_t at = find_element(list, row);
    if (compare_failed())
        return 1;
    if (at < 0)
        return error_set("ValueError", "list.remove(x): x not in list");
    count_elements(list, at, at + 1, mnp_release);
    close_gap(list, at, 1);
    return 0;
}

void mnp_list_clear(void *value) {
    List *list = value;
    List old = *list;
    list->count = list->capacity = 0;
    list->slots = NULL;
    count_elements(&old, 0, old.count, mnp_release);
    free(old.slots);
}

/* ---- whole lists --------------------------------------------------------------------------- */

/* Appends `count` rows of `from`, which may be the list itself. */
static int append_rows(List *list, const List *from, int64_t first, int64_t count) {
    int64_t at = list->count;
    if (list_reserve(list, at + count))
        return 1;
    copy_rows(list, at, from->slots + first * from->width, count);
    list->count += count;
    count_elements(list, at, list->count, mnp_retain);
    return 0;
}

int mnp_list_extend(void *list, void *from) {
    return append_rows(list, from, 0, ((List *)from)->count);
}

int mnp_list_join(void *left, void *right, void *out) {
    List *a = left, *b = right;
    List *list = list_new(a->count + b->count, a->count ? a->type : b->type);
    if (!list)
        return 1;
    append_rows(list, a, 0, a->count);
    append_rows(list, b, 0, b->count);
    return list_give(list, out);
}

/* The list `times` times, in place. */
int mnp_list_scale(void *value, int64_t times) {
    List *list = value;
    int64_t count = list->count;
    if (times <= 0)
        mnp_list_clear(list);
    if (times > 0 && count > 0 && (times > INT64_MAX / count || list_reserve(list, times * count)))
        return times > INT64_MAX / count ? error_set("MemoryError", "a list of more than 2**63 elements") : 1;
    for (; times > 1; times--)
        append_rows(list, list, 0, count);
    return 0;
}

int mnp_list_repeat(void *value, int64_t times, void *out) {
    List *from = value, *list = list_new(0, from->type);
    if (!list)
        return 1;
    if (append_rows(list, from, 0, times > 0 ? from->count : 0) || mnp_list_scale(list, times)) {
        mnp_release(list);
        return 1;
    }
    return list_give(list, out);
}

void mnp_list_reverse(void *value) {
    List *list = value;
    for (int64_t i = 0, j = list->count - 1; i < j; i++, j--)
        for (int64_t k = 0; k < list->width; k++) {
            int64_t *a = list->slots + i * list->width + k, *b = list->slots + j * list->width + k, kept = *a;
            *a = *b;
            *b = kept;
        }
}

/* ---- slices -------------------------------------------------------------------------------- */

enum { HAS_START = 1, HAS_STOP = 2, HAS_STEP = 4 };

static void slice_count(Slice *slice) {
    int up = slice->step > 0, some = up ? slice->start < slice->stop : slice->start > slice->stop;
    uint64_t span = up ? (uint64_t)slice->stop - (uint64_t)slice->start : (uint64_t)slice->start - (uint64_t)slice->stop;
    uint64_t stride = up ? (uint64_t)slice->step : -(uint64_t)slice->step;
    slice->count = some ? (int64_t)((span - 1) / stride) + 1 : 0;
}

int slice_indices(int64_t n, Slice *slice, int64_t given) {
    slice->step = given & HAS_STEP ? slice->step : 1;
    if (slice->step == 0)
        return error_set("ValueError", "slice step cannot be zero");
    int64_t low = slice->step > 0 ? 0 : -1, high = slice->step > 0 ? n : n - 1;
    int64_t *bounds[] = {&slice->start, &slice->stop};
    for (int i = 0; i < 2; i++) {
        if (!(given & (i ? HAS_STOP : HAS_START))) {
            *bounds[i] = (slice->step > 0) == (i == 0) ? low : high;
            continue;
        }
        int64_t at = *bounds[i] < 0 ? *bounds[i] + n : *bounds[i];
        *bounds[i] = at < low ? low : at > high ? high : at;
    }
    slice_count(slice);
    return 0;
}

int mnp_list_slice(void *value, int64_t start, int64_t stop, int64_t step, int64_t given, void *out) {
    List *from = value;
    Slice slice = {start, stop, step, 0};
    if (slice_indices(from->count, &slice, given))
        return 1;
    List *list = list_new(slice.count, from->type);
    for (int64_t i = 0; list && i < slice.count; i++)
        append_rows(list, from, slice.start + i * slice.step, 1);
    return list_give(list, out);
}

/* del list[start:stop:step] */
int mnp_list_cut(void *value, int64_t start, int64_t stop, int64_t step, int64_t given) {
    List *list = value;
    Slice slice = {start, stop, step, 0};
    if (slice_indices(list->count, &slice, given))
        return 1;
    for (int64_t k = 0; k < slice.count; k++) {
        int64_t at = slice.step > 0 ? slice.start + k * (slice.step - 1) : slice.start + k * slice.step;
        count_elements(list, at, at + 1, mnp_release);
        close_gap(list, at, 1);
    }
    return 0;
}

int mnp_list_delete(void *value, int64_t index) {
    List *list = value;
    int64_t at = place_of(list, index);
    if (at < 0)
        return error_set("IndexError", "list assignment index out of range");
    count_elements(list, at, at + 1, mnp_release);
    close_gap(list, at, 1);
    return 0;
}

/* list[start:stop] = from, which has another memory than the list. */
static int splice_rows(List *list, const Slice *slice, const List *from) {
    int64_t old = slice->stop > slice->start ? slice->stop - slice->start : 0;
    if (from->count > old && open_gap(list, slice->start + old, from->count - old))
        return 1;
    int64_t kept = from->count < old ? from->count : old;
    count_elements(list, slice->start, slice->start + old, mnp_release);
    if (from->count < old)
        close_gap(list, slice->start + kept, old - kept);
    copy_rows(list, slice->start, from->slots, from->count);
    count_elements(list, slice->start, slice->start + from->count, mnp_retain);
    return 0;
}

static int place_rows(List *list, const Slice *slice, const List *from) {
    if (from->count != slice->count)
        return error_set("ValueError", "attempt to assign sequence of size %lld to extended slice of size %lld",
                         (long long)from->count, (long long)slice->count);
    for (int64_t i = 0; i < slice->count; i++) {
        int64_t at = slice->start + i * slice->step;
        if (is_counted(list->type))
            count_element(list->type, from->slots + i * from->width, mnp_retain);
        count_elements(list, at, at + 1, mnp_release);
        copy_rows(list, at, from->slots + i * from->width, 1);
    }
    return 0;
}

int mnp_list_splice(void *value, void *source, int64_t start, int64_t stop, int64_t step, int64_t given) {
    List *list = value;
    Slice slice = {start, stop, step, 0};
    void *copies[2];
    if (slice_indices(list->count, &slice, given) || mnp_list_slice(source, 0, 0, 0, 0, copies))
        return 1;
    int status = slice.step == 1 ? splice_rows(list, &slice, copies[0]) : place_rows(list, &slice, copies[0]);
    mnp_release(copies[0]);
    return status;
}

/* ---- ranges -------------------------------------------------------------------------------- */

static int64_t range_count(int64_t start, int64_t stop, int64_t step) {
    Slice slice = {start, stop, step, 0};
    slice_count(&slice);
    return slice.count;
}

int mnp_range_item(int64_t start, int64_t stop, int64_t step, int64_t index, void *out) {
    int64_t count = range_count(start, stop, step), at = index < 0 ? index + count : index;
    if (at < 0 || at >= count)
        return error_set("IndexError", "range object index out of range");
    *(int64_t *)out = start + at * step;
    return 0;
}

int64_t mnp_range_has(int64_t start, int64_t stop, int64_t step, int64_t value) {
    int inside = step > 0 ? value >= start && value < stop : value <= start && value > stop;
    return inside && ((__int128)value - start) % step == 0;
}

int64_t mnp_range_equal(int64_t start, int64_t stop, int64_t step, int64_t start2, int64_t stop2, int64_t step2) {
    int64_t count = range_count(start, stop, step);
    return count == range_count(start2, stop2, step2) && (count == 0 || start == start2) && (count <= 1 || step == step2);
}

/* What slice.indices gives, as places in the range. */
int mnp_range_slice(int64_t start, int64_t stop, int64_t step, int64_t from, int64_t to, int64_t by, int64_t given,
                    void *out_start, void *out_stop, void *out_step) {
    int64_t count = range_count(start, stop, step), first, last, stride;
    Slice slice = {from, to, by, 0};
    if (slice_indices(count, &slice, given))
        return 1;
    if (__builtin_mul_overflow(slice.start, step, &first) || __builtin_add_overflow(start, first, &first) ||
        __builtin_mul_overflow(slice.stop, step, &last) || __builtin_add_overflow(start, last, &last) ||
        __builtin_mul_overflow(slice.step, step, &stride))
        return error_set("OverflowError", "an int left 64 bits");
    *(int64_t *)out_start = first;
    *(int64_t *)out_stop = last;
    *(int64_t *)out_step = stride;
    return 0;
}

int mnp_range_length(int64_t start, int64_t stop, int64_t step, void *out) {
    Slice slice = {start, stop, step, 0};
    if (step == 0)
        return error_set("ValueError", "range() arg 3 must not be zero");
    slice_count(&slice);
    *(int64_t *)out = slice.count;
    return 0;
}
