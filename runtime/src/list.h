/* list.h: lists, as the runtime's files share them; list.c tells how elements stand in memory. */
#ifndef MNP_RUNTIME_LIST_H
#define MNP_RUNTIME_LIST_H

#include "runtime.h"

/* Compiled code reads count and slots by itself: they stay where they are. */
typedef struct {
    int64_t count, capacity;
    int64_t *slots;
    const char *type;      /* of an element */
    int64_t width;         /* slots of one */
} List;

typedef struct {
    int64_t start, stop, step, count;
} Slice;

/* The text behind one type, and the slots that a value of it takes. */
const char *type_behind(const char *type);
int64_t type_width(const char *type);
/* The alternative that counts of one of several, and where it stands; other types as they are. */
const char *type_chosen(const char *type, const int64_t **slots);
/* An empty list, or NULL with the error recorded. */
List *list_new(int64_t capacity, const char *type);
int list_reserve(List *list, int64_t count);
/* Hands a new list to compiled code: status 1 where it is NULL. */
int list_give(List *list, void *out);
/* What Python's slice.indices gives for n elements; `given` says which of the three were written. */
int slice_indices(int64_t n, Slice *slice, int64_t given);

/* ---- compare.c: == and < of elements ------------------------------------------------------- */

/* Python takes nan for equal to itself where both are one object, which is not known here: comparisons that meet two of
 * them fail. Begins one; whether it has failed. */
void compare_begin(void);
int compare_failed(void);
int element_equal(const char *type, const int64_t *a, const int64_t *b);
/* a < b */
int element_less(const char *type, const int64_t *a, const int64_t *b);

#endif
