/* facts.c: immutable lists of facts. */
#include "size/size.h"

/* True for what says nothing, or is there already: lists stay short, and the same list is the same question. */
static bool is_known(Facts *facts, FactKind kind, Size size) {
    int64_t value;
    if (kind == FACT_GE && size_is_const(size, &value) && value >= 0)
        return true;
    for (; facts; facts = facts->parent)
        if (facts->kind == kind && facts->size == size)
            return true;
    return false;
}

Facts *facts_add(Arena *arena, Facts *facts, FactKind kind, Size size, const char *why, Span span) {
    if (is_known(facts, kind, size))
        return facts;
    struct Facts *fact = ARENA_NEW(arena, struct Facts);
    *fact = (struct Facts){facts, kind, size, why, span};
    return fact;
}

Facts *facts_ge(Arena *arena, Facts *facts, Size a, Size b, const char *why, Span span) {
    return facts_add(arena, facts, FACT_GE, size_sub(a, b), why, span);
}

Facts *facts_lt(Arena *arena, Facts *facts, Size a, Size b, const char *why, Span span) {
    return facts_add(arena, facts, FACT_GE, size_sub(size_sub(b, a), size_const(1)), why, span);
}

Facts *facts_eq(Arena *arena, Facts *facts, Size a, Size b, const char *why, Span span) {
    return facts_add(arena, facts, FACT_EQ, size_sub(a, b), why, span);
}
