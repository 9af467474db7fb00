/* versions.c: which small constant trip counts of the loops inside of a nest are worth a version.
 *
 * The counts are sizes; each small value of the sizes they are made of is, from the smallest on, as long as
 * all that is written out stays in the budget. */
#include "schedule/schedule.h"

enum { VALUES_MAX = 8, TERMS_MIN = 9, TERMS_MAX = 36, ATOMS_MAX = 4 };

typedef struct {
    const Node *nest;
    Atom *atoms[ATOMS_MAX];
    int atom_count;
    Size counts[8];
    int count_count;
    bool other;           /* something else than parameters */
} Counts;

static void add_atom(Atom *atom, void *user) {
    Counts *counts = user;
    const Value *value = atom_value(atom);
    for (int i = 0; i < counts->atom_count; i++)
        if (counts->atoms[i] == atom)
            return;
    if (!value || value->is_iv || counts->atom_count == ATOMS_MAX ||
        (value->node && region_contains(counts->nest->as.loop.body, value->node->region)))
        counts->other = true;
    else
        counts->atoms[counts->atom_count++] = atom;
}

typedef struct {
    bool iv;
} Mentions;

static void note_iv(Atom *atom, void *user) {
    const Value *value = atom_value(atom);
    ((Mentions *)user)->iv |= value && value->is_iv;
}

static bool mentions_iv(Size size) {
    Mentions mentions = {false};
    size_variables(size, note_iv, &mentions);
    return mentions.iv;
}

/* The largest trip count that does not depend on where the loops around stand. */
static bool plain_count(const Node *loop, Size *count) {
    Atom *lo = size_as_atom(loop->as.loop.lo), *hi = size_as_atom(loop->as.loop.hi);
    bool many_lo = lo && lo->kind == ATOM_MAX, many_hi = hi && hi->kind == ATOM_MIN;
    for (int i = 0; i < (many_lo ? lo->arg_count : 1); i++)
        for (int j = 0; j < (many_hi ? hi->arg_count : 1); j++) {
            *count = size_sub(many_hi ? hi->args[j] : loop->as.loop.hi, many_lo ? lo->args[i] : loop->as.loop.lo);
            if (!mentions_iv(*count) && !mentions_iv(many_hi ? hi->args[j] : loop->as.loop.hi))
                return true;
        }
    return false;
}

static void collect(Counts *counts, const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        Size count;
        int64_t value;
        if (node->kind == NODE_FOR) {
            if (counts->count_count == 8 || !plain_count(node, &count)) {
                counts->other = true;
                return;
            }
            if (!size_is_const(count, &value))
                size_variables(count, add_atom, counts);
            counts->counts[counts->count_count++] = count;
        }
        for (int i = 0, n = node_regions(node, regions); i < n; i++)
            collect(counts, regions[i]);
    }
}

/* The product of the trip counts where all sizes have the value; 0 where that cannot be. */
static int64_t terms_at(const Counts *counts, Facts *known, int64_t value) {
    Facts *facts = known;
    Size values[ATOMS_MAX];
    Arena *arena = counts->nest->region->function->module->arena;
    int64_t product = 1, trips;
    for (int i = 0; i < counts->atom_count; i++) {
        values[i] = size_const(value);
        facts = facts_eq(arena, facts, size_atom(counts->atoms[i]), values[i], "a version", counts->nest->span);
    }
    if (facts_contradict(facts, known))
        return 0;
    for (int i = 0; i < counts->count_count; i++) {
        Size count = size_substitute_all(counts->counts[i], counts->atoms, values, counts->atom_count);
        if (!size_is_const(count, &trips) || trips <= 0)
            return 0;
        product *= trips;
    }
    return product;
}

bool next_version(const Node *nest, const Node *lanes, int64_t *value, Promises *promises, CloneMap *map) {
    Counts counts = {.nest = nest};
    collect(&counts, lanes->as.loop.body);
    if (!counts.atom_count || counts.other)
        return false;
    Facts *facts = facts_at(nest);
    int64_t spent = 0, previous = *value;
    for (*value = 1; *value <= VALUES_MAX; ++*value) {
        int64_t terms = terms_at(&counts, facts, *value);
        bool worthwhile = terms >= TERMS_MIN && spent + terms <= TERMS_MAX;
        if (worthwhile && *value > previous)
            break;
        spent += worthwhile ? terms : 0;
    }
    for (int i = 0; *value <= VALUES_MAX && i < counts.atom_count; i++) {
        Size is_value = size_sub(size_atom(counts.atoms[i]), size_const(*value));
        promises->items[promises->count++] = (Goal){FACT_EQ, is_value};
        clone_map_atom(map, counts.atoms[i], size_const(*value));
    }
    return *value <= VALUES_MAX;
}
