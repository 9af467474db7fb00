/* prove.c: the prover.
 *
 * `a >= b` is proved by showing that the facts and `b - a - 1 >= 0` contradict each other over
 * the integers; it is refuted by showing that the facts and `a - b >= 0` do. The contradiction is
 * found by elimination (system.c), where need be in each case of a min, a max or a `!=`.
 */
#include "size/system.h"

#include <stddef.h>
#include <stdlib.h>

enum { LEAVES_MAX = 96, CACHE_SIZE = 8192 };

static Proof last_proof;

const Proof *prove_last(void) {
    return &last_proof;
}

static void proof_add(const System *system, uint64_t used) {
    for (int s = 0; s < system->source_count; s++) {
        if (!(used >> s & 1) || last_proof.count == 16)
            continue;
        int i = 0;
        while (i < last_proof.count && last_proof.used[i] != system->sources[s])
            i++;
        if (i == last_proof.count)
            last_proof.used[last_proof.count++] = system->sources[s];
    }
}

/* Most rows of a system are not in use: they are not copied, nor touched. */
static void system_assign(System *to, const System *from) {
    memcpy(to, from, offsetof(System, rows));
    memcpy(to->rows, from->rows, sizeof(Row) * (size_t)from->row_count);
    memcpy(&to->row_count, &from->row_count, sizeof(System) - offsetof(System, row_count));
}

/* Systems are large, and needed again at once: those given back are kept. */
static System *spares[2 * SPLITS_MAX + 4];
static int spare_count;

static System *system_copy(const System *system) {
    System *copy = spare_count ? spares[--spare_count] : memory_new(1, sizeof(System));
    if (system)
        system_assign(copy, system);
    return copy;
}

static void system_give_back(System *system) {
    if (spare_count < (int)(sizeof spares / sizeof *spares))
        spares[spare_count++] = system;
    else
        free(system);
}

/* The system that a question starts from. */
static System *question(void) {
    static System *system;
    if (!system)
        system = system_copy(NULL);
    return system;
}

/* True if the system has no solution: directly, or in each branch of one of its splits. */
static bool infeasible(const System *start, int level, int *leaves) {
    System *system = system_copy(start);
    system_define(system);
    System *trial = system_copy(system);
    bool keep[COLUMNS_MAX] = {false};
    uint64_t used = 0;
    bool found = !system_eliminate(trial, keep, &used);
    if (found) {
        proof_add(system, used);
    } else if (system->split_count && level < SPLITS_MAX) {
        Split split = system->splits[--system->split_count];
        found = true;
        for (int i = 0; i < split.count && found; i++) {
            system_assign(trial, system);
            system_add(trial, split.branches[i], false, split.used);
            found = --*leaves >= 0 && infeasible(trial, level + 1, leaves);
        }
    }
    system_give_back(trial);
    system_give_back(system);
    return found;
}

static bool excluded_by(Facts *facts, Size size, bool plain, int *leaves) {
    System *system = question();
    system_load(system, facts, size, 0, plain);
    system_add(system, size, false, 0);
    system->goal = size;
    return infeasible(system, 0, leaves);
}

/* True if the facts exclude `size` >= 0. Where these make too many cases, those without cases of their own may do. */
static bool excluded(Facts *facts, Size size) {
    int leaves = LEAVES_MAX, fewer = LEAVES_MAX;
    return excluded_by(facts, size, false, &leaves) || (leaves < 0 && excluded_by(facts, size, true, &fewer));
}

/* ---- verdicts, remembered ------------------------------------------------------------------ */

typedef struct {
    Facts *facts;
    Size size;
    int verdict;   /* 0: empty */
    Proof proof;
} Cached;

static Cached *cache_slot(Facts *facts, Size size) {
    static Cached *cache;
    if (!cache)
        cache = memory_new(CACHE_SIZE, sizeof *cache);
    uint64_t key = ((uintptr_t)facts >> 4) * 11400714819323198485ull ^
                   ((uintptr_t)size >> 4) * 14029467366897019727ull;
    return &cache[key >> 40 & (CACHE_SIZE - 1)];
}

/* size >= 0 */
static Verdict decide(Facts *facts, Size size) {
    int64_t value;
    last_proof.count = 0;
    if (size_is_const(size, &value))
        return value >= 0 ? PROVED : REFUTED;
    Cached *slot = cache_slot(facts, size);
    if (slot->verdict && slot->facts == facts && slot->size == size) {
        last_proof = slot->proof;
        return (Verdict)(slot->verdict - 1);
    }
    Verdict verdict = UNDECIDED;
    if (excluded(facts, size_sub(size_const(-1), size)))
        verdict = PROVED;
    else {
        last_proof.count = 0;
        if (excluded(facts, size))
            verdict = REFUTED;
    }
    if (verdict == UNDECIDED)
        last_proof.count = 0;
    *slot = (Cached){facts, size, verdict + 1, last_proof};
    return verdict;
}

Verdict prove_ge(Facts *facts, Size a, Size b) {
    return decide(facts, size_sub(a, b));
}

Verdict prove_lt(Facts *facts, Size a, Size b) {
    return decide(facts, size_sub(size_sub(b, a), size_const(1)));
}

static void proof_join(const Proof *first) {
    for (int i = 0; i < first->count; i++) {
        int j = 0;
        while (j < last_proof.count && last_proof.used[j] != first->used[i])
            j++;
        if (j == last_proof.count && j < 16)
            last_proof.used[last_proof.count++] = first->used[i];
    }
}

Verdict prove_eq(Facts *facts, Size a, Size b) {
    Size difference = size_sub(a, b);
    int64_t value;
    last_proof.count = 0;
    if (size_is_const(difference, &value))
        return value == 0 ? PROVED : REFUTED;
    Verdict above = decide(facts, difference);
    Proof first = last_proof;
    if (above == REFUTED)
        return REFUTED;
    Verdict below = decide(facts, size_neg(difference));
    if (below == REFUTED)
        return REFUTED;
    if (above == PROVED && below == PROVED) {
        proof_join(&first);
        return PROVED;
    }
    last_proof.count = 0;
    System *system = question();
    int leaves = LEAVES_MAX;
    system_load(system, facts, difference, 0, false);
    system_add(system, difference, true, 0);
    return infeasible(system, 0, &leaves) ? REFUTED : UNDECIDED;
}

Verdict prove_ne(Facts *facts, Size a, Size b) {
    Verdict verdict = prove_eq(facts, a, b);
    return verdict == PROVED ? REFUTED : verdict == REFUTED ? PROVED : UNDECIDED;
}

enum { COVERED_MAX = 256 };

/* A fact about no atom. */
static bool is_false(Facts *fact) {
    int64_t value;
    if (!size_is_const(fact->size, &value))
        return false;
    return fact->kind == FACT_GE ? value < 0 : (value == 0) != (fact->kind == FACT_EQ);
}

Size prove_extreme(Facts *facts, const Atom *atom) {
    if (atom->kind != ATOM_MIN && atom->kind != ATOM_MAX)
        return NULL;
    for (int i = 0; i < atom->arg_count; i++) {
        bool decides = true;
        for (int j = 0; j < atom->arg_count && decides; j++)
            decides = i == j || (atom->kind == ATOM_MAX ? prove_ge(facts, atom->args[i], atom->args[j])
                                                        : prove_ge(facts, atom->args[j], atom->args[i])) == PROVED;
        if (decides)
            return atom->args[i];
    }
    return NULL;
}

/* Each fact is looked at together with those that have to do with it, which need no look of their own then. */
bool facts_contradict(Facts *facts, Facts *before) {
    Facts *covered[COVERED_MAX];
    int count = 0;
    for (Facts *fact = facts; fact != before; fact = fact->parent) {
        int i = 0, leaves = LEAVES_MAX;
        while (i < count && covered[i] != fact)
            i++;
        if (i < count)
            continue;
        System *system = question();
        system_load(system, facts, fact->size, 0, false);
        for (int s = 0; s < system->source_count && count < COVERED_MAX; s++)
            covered[count++] = system->sources[s];
        if (is_false(fact) || infeasible(system, 0, &leaves))
            return true;
    }
    return false;
}

/* ---- bounds -------------------------------------------------------------------------------- */

static int64_t divide_up(int64_t a, int64_t b) {
    return -(-a / b - (-a % b != 0 && (-a % b < 0) != (b < 0)));
}

/* Bounds of one column in the eliminated system. */
static void read_bounds(const System *system, int column, int64_t *lo, int64_t *hi) {
    for (int r = 0; r < system->row_count; r++) {
        int64_t k = system->rows[r].k[column], constant = system->rows[r].constant;
        int64_t bound;
        if (k > 0) {
            bound = divide_up(-constant, k);
            *lo = bound > *lo ? bound : *lo;
        } else if (k < 0) {
            bound = -divide_up(-constant, -k);
            *hi = bound < *hi ? bound : *hi;
        }
    }
}

static void bounds_of(const System *system, const SizeTerm *target, int level, int64_t *lo,
                      int64_t *hi) {
    System *trial = system_copy(system);
    bool keep[COLUMNS_MAX] = {false};
    uint64_t used;
    int column = system_column(trial, target);
    system_define(trial);
    keep[column] = true;
    *lo = INT64_MIN;
    *hi = INT64_MAX;
    int splits = trial->split_count;
    Split split = splits ? trial->splits[splits - 1] : (Split){0};
    if (!system_eliminate(trial, keep, &used)) {
        *lo = INT64_MAX;
        *hi = INT64_MIN;
    } else {
        read_bounds(trial, column, lo, hi);
    }
    if (splits && level < 3 && *lo <= *hi && (*lo == INT64_MIN || *hi == INT64_MAX)) {
        int64_t low = INT64_MAX, high = INT64_MIN, branch_lo, branch_hi;
        for (int i = 0; i < split.count; i++) {
            system_assign(trial, system);
            system_define(trial);
            trial->split_count--;
            system_add(trial, split.branches[i], false, 0);
            bounds_of(trial, target, level + 1, &branch_lo, &branch_hi);
            low = branch_lo < low ? branch_lo : low;
            high = branch_hi > high ? branch_hi : high;
        }
        *lo = low > *lo ? low : *lo;
        *hi = high < *hi ? high : *hi;
    }
    system_give_back(trial);
}

void prove_bounds(Facts *facts, Size a, int64_t *lo, int64_t *hi) {
    static Atom *target;
    if (size_is_const(a, lo)) {
        *hi = *lo;
        return;
    }
    if (!target)
        target = atom_var("bounded");
    System *system = question();
    system_load(system, facts, a, 0, false);
    system_add(system, size_sub(size_atom(target), a), true, 0);
    SizeTerm term = {1, &target, 1};
    bounds_of(system, &term, 0, lo, hi);
    if (*lo > *hi) {
        *lo = INT64_MIN;
        *hi = INT64_MAX;
    }
}

/* ---- counter-examples ---------------------------------------------------------------------- */

enum { VARIABLES_MAX = 6 };

typedef struct {
    Atom *atoms[VARIABLES_MAX];
    int64_t values[VARIABLES_MAX];
    int count;
    bool too_many;
} Assignment;

static void assignment_add(Atom *atom, void *user) {
    Assignment *assignment = user;
    for (int i = 0; i < assignment->count; i++)
        if (assignment->atoms[i] == atom)
            return;
    if (assignment->count == VARIABLES_MAX)
        assignment->too_many = true;
    else
        assignment->atoms[assignment->count++] = atom;
}

static int64_t assignment_value(Atom *atom, void *user) {
    Assignment *assignment = user;
    for (int i = 0; i < assignment->count; i++)
        if (assignment->atoms[i] == atom)
            return assignment->values[i];
    return 1;
}

static bool holds(Assignment *assignment, FactKind kind, Size size, bool *defined) {
    int64_t value;
    *defined = size_evaluate(size, assignment_value, assignment, &value);
    return *defined && (kind == FACT_GE ? value >= 0 : kind == FACT_EQ ? value == 0 : value != 0);
}

static bool is_counterexample(Assignment *assignment, const System *system, FactKind goal,
                              Size size) {
    bool defined;
    if (holds(assignment, goal, size, &defined) || !defined)
        return false;
    for (int s = 0; s < system->source_count; s++)
        if (!holds(assignment, system->sources[s]->kind, system->sources[s]->size, &defined))
            return false;
    return true;
}

/* The next assignment: an odometer over the values from -1 (tried last) to 8. */
static bool assignment_next(Assignment *assignment, int *digits) {
    static const int64_t values[] = {3, 2, 4, 1, 5, 0, 6, 7, 8, -1};
    for (int i = assignment->count - 1; i >= 0; i--) {
        digits[i] = (digits[i] + 1) % 10;
        assignment->values[i] = values[digits[i]];
        if (digits[i])
            return true;
    }
    return false;
}

bool prove_counterexample(Arena *arena, Facts *facts, FactKind goal, Size size,
                          Counterexample *out) {
    Assignment assignment = {0};
    int digits[VARIABLES_MAX] = {0};
    System *system = question();
    system_load(system, facts, size, 0, false);
    size_variables(size, assignment_add, &assignment);
    for (int s = 0; s < system->source_count; s++)
        size_variables(system->sources[s]->size, assignment_add, &assignment);
    for (int i = 0; i < assignment.count; i++)
        assignment.values[i] = 3;
    for (int tries = 0; tries < 200000; tries++) {
        if (is_counterexample(&assignment, system, goal, size)) {
            out->count = assignment.count;
            out->atoms = ARENA_ARRAY(arena, Atom *, assignment.count);
            out->values = ARENA_ARRAY(arena, int64_t, assignment.count);
            memcpy(out->atoms, assignment.atoms, sizeof(Atom *) * (size_t)assignment.count);
            memcpy(out->values, assignment.values, sizeof(int64_t) * (size_t)assignment.count);
            return true;
        }
        if (!assignment_next(&assignment, digits))
            return false;
    }
    return false;
}

const char *atom_other_name(Arena *arena, const Atom *atom, Atom *const *all, int count) {
    for (int i = 0; i < count; i++)
        if (all[i] != atom && all[i]->name && all[i]->id < atom->id && !strcmp(all[i]->name, atom->name))
            return arena_printf(arena, "another %s", atom->name);
    return atom->name;
}

const char *prove_example_words(Arena *arena, Facts *facts, FactKind goal, Size size) {
    Counterexample example;
    if (!prove_counterexample(arena, facts, goal, size, &example) || !example.count)
        return "";
    const char *words = "fails for ";
    for (int i = 0; i < example.count; i++) {
        const char *name = example.atoms[i]->name;
        if (!name || strchr(name, '%'))
            return "";
        words = arena_printf(arena, "%s%s%s = %lld", words, i ? ", " : "",
                             atom_other_name(arena, example.atoms[i], example.atoms, example.count),
                             (long long)example.values[i]);
    }
    return words;
}
