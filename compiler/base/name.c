/* name.c: the table of interned names; open addressing, doubled at half load. */
#include "base/base.h"

#include <stdlib.h>

static Arena *arena;
static Name *slots;
static size_t slot_count, name_count;

static size_t hash_bytes(const char *text, size_t length) {
    size_t hash = 14695981039346656037u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash;
}

static size_t find_slot(const char *text, size_t length) {
    size_t slot = hash_bytes(text, length) & (slot_count - 1);
    while (slots[slot] && (strncmp(slots[slot], text, length) || slots[slot][length]))
        slot = (slot + 1) & (slot_count - 1);
    return slot;
}

static void grow_table(void) {
    Name *old = slots;
    size_t old_count = slot_count;
    slot_count = slot_count ? slot_count * 2 : 1024;
    slots = memory_new(slot_count, sizeof *slots);
    for (size_t i = 0; i < old_count; i++)
        if (old[i])
            slots[find_slot(old[i], strlen(old[i]))] = old[i];
    free(old);
}

Name name_intern(const char *text, size_t length) {
    if (!arena)
        arena = arena_new();
    if (name_count * 2 >= slot_count)
        grow_table();
    size_t slot = find_slot(text, length);
    if (!slots[slot]) {
        slots[slot] = arena_strndup(arena, text, length);
        name_count++;
    }
    return slots[slot];
}

Name name_of(const char *text) {
    return name_intern(text, strlen(text));
}

/* ---- names that are near ------------------------------------------------------------------- */

enum { NEAR_MAX = 40 };

static int least(int a, int b) {
    return a < b ? a : b;
}

/* Insertions, deletions, changes and exchanges of neighbours from `a` to `b`, both shorter than NEAR_MAX. */
static int edits(const char *a, const char *b) {
    int m = (int)strlen(a), n = (int)strlen(b), rows[NEAR_MAX + 1][NEAR_MAX + 1];
    for (int i = 0; i <= m; i++)
        for (int k = 0; k <= n; k++) {
            if (!i || !k) {
                rows[i][k] = i + k;
                continue;
            }
            rows[i][k] = least(rows[i - 1][k - 1] + (a[i - 1] != b[k - 1]), least(rows[i - 1][k], rows[i][k - 1]) + 1);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                rows[i][k] = least(rows[i][k], rows[i - 2][k - 2] + 1);
        }
    return rows[m][n];
}

const char *name_nearest(const char *name, const char *const *names, int count) {
    size_t length = strlen(name);
    const char *nearest = NULL;
    int fewest = length < 4 ? 2 : length < 8 ? 3 : 4;
    for (int i = 0; i < count && length < NEAR_MAX; i++) {
        if (strlen(names[i]) >= NEAR_MAX || !strcmp(names[i], name))
            continue;
        int distance = edits(name, names[i]);
        if (distance < fewest && distance < (int)length) {
            fewest = distance;
            nearest = names[i];
        }
    }
    return nearest;
}
