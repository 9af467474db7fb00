/* project.c: bounds without a variable, for interchange and for hoisting checks. */
#include "size/system.h"

#include <stdlib.h>

static System *project_scratch(void) {
    static System *system;
    if (!system)
        system = memory_new(1, sizeof(System));
    return system;
}

/* `row` bounds `column` from below (k > 0) or above; the bound as a size. */
static Size row_bound(const System *system, const Row *row, int column) {
    int64_t k = row->k[column];
    Size rest = system_row_size(system, row, column);
    if (k > 0)   /* k * x >= -rest */
        return size_floordiv(size_add(size_neg(rest), size_const(k - 1)), size_const(k));
    return size_add(size_floordiv(rest, size_const(-k)), size_const(1));
}

static bool mentions_any(Size size, Atom *const *hidden, int count) {
    for (int i = 0; i < count; i++)
        if (size_mentions(size, hidden[i]))
            return true;
    return false;
}

/* Eliminates the hidden columns and collects max of lower and min of upper bounds. */
static bool collect_bounds(System *system, Atom *atom, Atom *const *hidden, int hidden_count,
                           Size *lo, Size *hi) {
    SizeTerm term = {1, &atom, 1};
    int column = system_column(system, &term);
    bool keep[COLUMNS_MAX];
    uint64_t used;
    for (int c = 0; c < COLUMNS_MAX; c++) {
        keep[c] = true;
        for (int i = 0; c < system->column_count && i < hidden_count; i++)
            if (system->columns[c].atom_count == 1 && system->columns[c].atoms[0] == hidden[i])
                keep[c] = false;
    }
    if (column < 0 || !system_eliminate(system, keep, &used))
        return false;
    *lo = *hi = NULL;
    for (int r = 0; r < system->row_count; r++) {
        const Row *row = &system->rows[r];
        if (!row->k[column])
            continue;
        Size bound = row_bound(system, row, column);
        if (mentions_any(bound, hidden, hidden_count) || size_mentions(bound, atom))
            continue;
        if (row->k[column] > 0)
            *lo = *lo ? size_max(*lo, bound) : bound;
        else
            *hi = *hi ? size_min(*hi, bound) : bound;
    }
    return *lo && *hi;
}

bool project_range(Facts *facts, Atom *atom, Atom *const *hidden, int hidden_count, Size *lo,
                   Size *hi) {
    System *system = project_scratch();
    system_load(system, NULL, size_atom(atom), 0, false);
    for (Facts *fact = facts; fact; fact = fact->parent)
        if (fact->kind != FACT_NE)
            system_add(system, fact->size, fact->kind == FACT_EQ, 0);
    return collect_bounds(system, atom, hidden, hidden_count, lo, hi);
}

bool project_condition(Arena *arena, Facts *facts, Size goal, Atom *const *hidden,
                       int hidden_count, Size **conditions, int *count) {
    for (int i = 0; i < hidden_count; i++) {
        int64_t k;
        Size rest, lo = NULL, hi = NULL;
        if (!size_mentions(goal, hidden[i]))
            continue;
        if (!size_linear_in(goal, hidden[i], &k, &rest))
            return false;
        for (Facts *fact = facts; fact; fact = fact->parent) {
            int64_t c;
            Size other;
            if (fact->kind != FACT_GE || !size_linear_in(fact->size, hidden[i], &c, &other) ||
                mentions_any(other, hidden, i))
                continue;
            if (c == 1)
                lo = lo ? size_max(lo, size_neg(other)) : size_neg(other);
            else if (c == -1)
                hi = hi ? size_min(hi, other) : other;
        }
        Size extreme = k > 0 ? lo : hi;
        if (!extreme)
            return false;
        goal = size_add(size_scale(extreme, k), rest);
    }
    *conditions = ARENA_ARRAY(arena, Size, 1);
    (*conditions)[0] = goal;
    *count = 1;
    return true;
}
