/* names.c: growing sets of names. Small ones are searched in order; larger ones by a table of their places, open
 * addressing, doubled at half load. Sets live as long as the compilation. */
#include "check/checker.h"

enum { SMALL = 16 };

static Arena *arena;

static size_t slot_of(const Names *names, Name name) {
    size_t mask = (size_t)names->slot_count - 1, slot = ((uintptr_t)name >> 4) * 0x9e3779b97f4a7c15u >> 20 & mask;
    while (names->slots[slot] && names->names[names->slots[slot] - 1] != name)
        slot = (slot + 1) & mask;
    return slot;
}

int names_place(const Names *names, Name name) {
    if (names->slots)
        return names->slots[slot_of(names, name)] - 1;
    for (int i = 0; i < names->count; i++)
        if (names->names[i] == name)
            return i;
    return -1;
}

bool names_have(const Names *names, Name name) {
    return names_place(names, name) >= 0;
}

static void index_names(Names *names) {
    names->slot_count = names->slot_count ? names->slot_count * 2 : SMALL * 4;
    names->slots = ARENA_ARRAY(arena, int, names->slot_count);
    for (int i = 0; i < names->count; i++)
        names->slots[slot_of(names, names->names[i])] = i + 1;
}

void names_add(Names *names, Name name) {
    if (names_have(names, name))
        return;
    if (!arena)
        arena = arena_new();
    if (names->count == names->capacity)
        names->names = arena_grow(arena, names->names, sizeof *names->names, names->count, &names->capacity);
    names->names[names->count++] = name;
    if (names->slots && names->count * 2 < names->slot_count)
        names->slots[slot_of(names, name)] = names->count;
    else if (names->count > SMALL)
        index_names(names);
}

Names names_copy(const Names *names) {
    Names copy = {0};
    for (int i = 0; i < names->count; i++)
        names_add(&copy, names->names[i]);
    return copy;
}
