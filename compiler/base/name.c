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
    slots = calloc(slot_count, sizeof *slots);
    if (!slots)
        fatal("out of memory");
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
