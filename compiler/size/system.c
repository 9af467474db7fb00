/* system.c: building linear systems and eliminating columns (Fourier and Motzkin).
 *
 * A product of atoms is a column; what is known about its sign is added as rows. `a // c` brings
 * its quotient's bounds, `a % c` is a - c * (a // c), min and max bring their inequalities and a
 * split into cases. Rows are tightened by the common divisor of their coefficients, which is what
 * makes the method useful for integers. Effort is bounded everywhere: what does not fit is
 * left out (a weaker system proves less, never something wrong), or sets `overflow`.
 */
#include "size/system.h"

#include <stdlib.h>

/* ---- rows ---------------------------------------------------------------------------------- */

static bool same_product(const SizeTerm *a, const SizeTerm *b) {
    return a->atom_count == b->atom_count &&
           (!a->atom_count ||
            !memcmp(a->atoms, b->atoms, sizeof(Atom *) * (size_t)a->atom_count));
}

int system_column(System *system, const SizeTerm *product) {
    for (int c = 0; c < system->column_count; c++)
        if (same_product(&system->columns[c], product))
            return c;
    if (system->column_count == COLUMNS_MAX)
        return -1;
    system->columns[system->column_count] = *product;
    return system->column_count++;
}

static int64_t greatest_divisor(int64_t a, int64_t b) {
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static int64_t divide_down(int64_t a, int64_t b) {
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

typedef enum { ROW_KEEP, ROW_TRIVIAL, ROW_CONTRADICTION } RowState;

/* Divides by the common divisor; for integers the constant of an inequality is rounded down. */
static RowState row_tighten(Row *row, int columns) {
    int64_t divisor = 0;
    for (int c = 0; c < columns; c++)
        divisor = greatest_divisor(divisor, row->k[c]);
    if (divisor == 0) {
        bool holds = row->equal ? row->constant == 0 : row->constant >= 0;
        return holds ? ROW_TRIVIAL : ROW_CONTRADICTION;
    }
    if (divisor == 1)
        return ROW_KEEP;
    if (row->equal && row->constant % divisor)
        return ROW_CONTRADICTION;
    for (int c = 0; c < columns; c++)
        row->k[c] /= divisor;
    row->constant = divide_down(row->constant, divisor);
    return ROW_KEEP;
}

/* Adds a row unless one as tight is there. */
static void push_row(System *system, const Row *row) {
    for (int r = 0; r < system->row_count; r++) {
        Row *other = &system->rows[r];
        if (other->equal != row->equal || memcmp(other->k, row->k, sizeof row->k))
            continue;
        if (row->equal ? other->constant == row->constant : other->constant <= row->constant)
            return;
        if (!row->equal) {
            *other = *row;
            return;
        }
    }
    if (system->row_count == ROWS_MAX)
        system->overflow = true;
    else
        system->rows[system->row_count++] = *row;
}

void system_add(System *system, Size size, bool equal, uint64_t used) {
    const SizeTerm *terms;
    int count = size_terms(size, &terms);
    Row row = {.used = used, .equal = equal};
    for (int i = 0; i < count; i++) {
        if (terms[i].coefficient > INT64_MAX / 4 || terms[i].coefficient < -(INT64_MAX / 4))
            return;
        if (!terms[i].atom_count) {
            row.constant = terms[i].coefficient;
            continue;
        }
        int column = system_column(system, &terms[i]);
        if (column < 0)
            return;
        row.k[column] = terms[i].coefficient;
    }
    push_row(system, &row);
}

Size system_row_size(const System *system, const Row *row, int without) {
    Size sum = size_const(row->constant);
    for (int c = 0; c < system->column_count; c++) {
        if (!row->k[c] || c == without)
            continue;
        Size product = size_const(row->k[c]);
        for (int i = 0; i < system->columns[c].atom_count; i++)
            product = size_mul(product, size_atom(system->columns[c].atoms[i]));
        sum = size_add(sum, product);
    }
    return sum;
}

/* ---- what is known about atoms ------------------------------------------------------------- */

/* The least value that a size shows by itself: a sum of constants and of remainders by constants. */
static bool shown_least(Size size, int64_t *least) {
    const SizeTerm *terms;
    *least = 0;
    for (int i = 0, count = size_terms(size, &terms); i < count; i++) {
        int64_t part = terms[i].coefficient, divisor;
        if (terms[i].atom_count) {
            const Atom *atom = terms[i].atoms[0];
            if (terms[i].atom_count > 1 || atom->kind != ATOM_MOD || !size_is_const(atom->args[1], &divisor) || divisor <= 0 ||
                __builtin_mul_overflow(part < 0 ? part : 0, divisor - 1, &part))
                return false;
        }
        if (__builtin_add_overflow(*least, part, least))
            return false;
    }
    return true;
}

/* True if `size` >= `least` follows with little effort. */
static bool quickly_at_least(System *system, Facts *facts, Size size, int64_t least) {
    static System *scratch[4];
    int64_t value;
    if (size_is_const(size, &value))
        return value >= least;
    if (shown_least(size, &value) && value >= least)
        return true;
    if (system->depth >= 2)
        return false;
    int depth = system->depth + 1;
    if (!scratch[depth])
        scratch[depth] = memory_new(1, sizeof(System));
    System *inner = scratch[depth];
    Size goal = size_sub(size_const(least - 1), size);
    system_load(inner, facts, goal, depth, false);
    system_add(inner, goal, false, 0);
    inner->goal = goal;
    system_define(inner);
    bool keep[COLUMNS_MAX] = {false};
    uint64_t used;
    return !system_eliminate(inner, keep, &used);
}

/* Quotients of quotients: the system would be full of what is far from the question. */
enum { DIVISIONS_MAX = 12 };

static void define_division(System *system, Facts *facts, Atom *atom) {
    Size a = atom->args[0], b = atom->args[1];
    if (system->divisions++ >= DIVISIONS_MAX) {
        if (atom->kind == ATOM_MOD && quickly_at_least(system, facts, b, 1)) {
            system_add(system, size_atom(atom), false, 0);
            system_add(system, size_sub(size_sub(b, size_const(1)), size_atom(atom)), false, 0);
        }
        return;
    }
    Size quotient = size_atom(atom);
    if (atom->kind == ATOM_MOD)
        quotient = size_floordiv(a, b);
    if (!quickly_at_least(system, facts, b, 1))
        return;
    Size rest = size_sub(a, size_mul(quotient, b));
    if (atom->kind == ATOM_MOD) {
        system_add(system, size_sub(size_atom(atom), rest), true, 0);
        rest = size_atom(atom);
    }
    system_add(system, rest, false, 0);
    system_add(system, size_sub(size_sub(b, size_const(1)), rest), false, 0);
    if (quickly_at_least(system, facts, a, 0))
        system_add(system, quotient, false, 0);
}

static void define_extreme(System *system, Atom *atom) {
    Split split = {.count = atom->arg_count};
    for (int i = 0; i < atom->arg_count; i++) {
        Size over = size_sub(size_atom(atom), atom->args[i]);
        Size under = size_neg(over);
        system_add(system, atom->kind == ATOM_MAX ? over : under, false, 0);
        if (i < 8)
            split.branches[i] = atom->kind == ATOM_MAX ? under : over;
    }
    if (atom->arg_count <= 8 && system->split_count < SPLITS_MAX)
        system->splits[system->split_count++] = split;
}

static Size product_of(Atom *const *atoms, int count) {
    Size product = size_const(1);
    for (int i = 0; i < count; i++)
        product = size_mul(product, size_atom(atoms[i]));
    return product;
}

/* True if the atom itself, not only something made of it, is in a term. */
static bool has_factor(Size e, const Atom *atom) {
    const SizeTerm *terms;
    for (int i = 0, count = size_terms(e, &terms); i < count; i++)
        for (int j = 0; j < terms[i].atom_count; j++)
            if (terms[i].atoms[j] == atom)
                return true;
    return false;
}

/* e >= 0 (or == 0) times something that is not negative, where e is about `atom` and not about the factor. */
static void multiply_fact(System *system, Size e, bool equal, uint64_t used, const Atom *atom, Size factor) {
    const SizeTerm *terms, *factors;
    size_terms(factor, &factors);
    if (size_terms(e, &terms) > 4 || !has_factor(e, atom))
        return;
    for (int i = 0; i < factors->atom_count; i++)
        if (has_factor(e, factors->atoms[i]))
            return;
    system_add(system, size_mul(e, factor), equal, used);
}

/* What is known about an atom, and what is asked, times the rest of the product. */
static void multiply_facts(System *system, const Atom *atom, Size factor) {
    for (int s = 0; s < system->source_count; s++) {
        Facts *fact = system->sources[s];
        if (fact->kind != FACT_NE)
            multiply_fact(system, fact->size, fact->kind == FACT_EQ, 1ull << s, atom, factor);
    }
    if (system->goal)
        multiply_fact(system, system->goal, false, 0, atom, factor);
}

/* x * y of things that are not negative: its sign, facts about y times x; both are positive where it is. */
static void define_product(System *system, Facts *facts, const SizeTerm *product) {
    bool positive = quickly_at_least(system, facts, product_of(product->atoms, product->atom_count), 1);
    for (int i = 0; i < product->atom_count; i++) {
        Atom *others[16];
        int count = 0;
        bool rest = true;
        for (int j = 0; j < product->atom_count; j++)
            if (j != i) {
                rest = rest && quickly_at_least(system, facts, size_atom(product->atoms[j]), 0);
                others[count++] = product->atoms[j];
            }
        if (!rest)
            continue;
        Size x = size_atom(product->atoms[i]), y = product_of(others, count);
        if (quickly_at_least(system, facts, x, 0)) {
            system_add(system, size_mul(x, y), false, 0);
            if (positive)
                system_add(system, size_sub(x, size_const(1)), false, 0);
        }
        if (quickly_at_least(system, facts, x, 1))
            system_add(system, size_sub(size_mul(x, y), y), false, 0);
        multiply_facts(system, product->atoms[i], y);
    }
}

static Facts *facts_of(System *system) {
    return system->source_count ? system->sources[0] : NULL;
}

/* Facts are handed to inner provers as the list whose head was loaded. */
static Facts *current_facts;

void system_define(System *system) {
    Facts *facts = current_facts ? current_facts : facts_of(system);
    for (; system->defined < system->column_count; system->defined++) {
        SizeTerm column = system->columns[system->defined];
        for (int i = 0; i < column.atom_count; i++) {
            Atom *atom = column.atoms[i];
            if (i && column.atoms[i - 1] == atom)
                continue;
            if (atom->kind == ATOM_FLOORDIV || atom->kind == ATOM_MOD)
                define_division(system, facts, atom);
            else if (atom->kind == ATOM_MIN || atom->kind == ATOM_MAX)
                define_extreme(system, atom);
        }
        if (column.atom_count > 1 && column.atom_count <= 4 && system->defined < 16)
            define_product(system, facts, &column);
    }
}

/* ---- loading facts ------------------------------------------------------------------------- */

typedef struct {
    Atom *atoms[64];
    int count;
    bool found, grew;
} Reach;

static void reach_add(Atom *atom, void *user) {
    Reach *reach = user;
    for (int i = 0; i < reach->count; i++)
        if (reach->atoms[i] == atom)
            return;
    if (reach->count < 64) {
        reach->atoms[reach->count++] = atom;
        reach->grew = true;
    }
}

static void reach_test(Atom *atom, void *user) {
    Reach *reach = user;
    for (int i = 0; i < reach->count && !reach->found; i++)
        reach->found = reach->atoms[i] == atom;
}

static bool loaded(const System *system, Facts *fact) {
    for (int s = 0; s < system->source_count; s++)
        if (system->sources[s] == fact ||
            (system->sources[s]->size == fact->size && system->sources[s]->kind == fact->kind))
            return true;
    return false;
}

static void load_fact(System *system, Facts *fact) {
    uint64_t bit = 1ull << system->source_count;
    system->sources[system->source_count++] = fact;
    if (fact->kind != FACT_NE) {
        system_add(system, fact->size, fact->kind == FACT_EQ, bit);
        return;
    }
    if (system->split_count == SPLITS_MAX)
        return;
    Split split = {.count = 2, .used = bit};
    split.branches[0] = size_sub(fact->size, size_const(1));
    split.branches[1] = size_sub(size_const(-1), fact->size);
    system->splits[system->split_count++] = split;
}

static Size note_extreme(Atom *atom, void *found) {
    *(bool *)found |= atom->kind == ATOM_MIN || atom->kind == ATOM_MAX;
    return NULL;
}

static bool has_extreme(Size size) {
    bool found = false;
    size_map(size, note_extreme, &found);
    return found;
}

void system_load(System *system, Facts *facts, Size about, int depth, bool plain) {
    system->column_count = system->defined = system->divisions = system->row_count = 0;
    system->source_count = system->split_count = 0;
    system->goal = NULL;
    system->overflow = false;
    system->depth = depth;
    current_facts = facts;
    Reach reach = {.grew = true};
    size_variables(about, reach_add, &reach);
    for (int round = 0; round < 4 && reach.grew; round++) {
        reach.grew = false;
        Reach old = reach;
        for (Facts *fact = facts; fact && system->source_count < SOURCES_MAX; fact = fact->parent) {
            old.found = false;
            size_variables(fact->size, reach_test, &old);
            if (!old.found || loaded(system, fact) || (plain && has_extreme(fact->size)))
                continue;
            load_fact(system, fact);
            size_variables(fact->size, reach_add, &reach);
        }
    }
}

/* ---- elimination --------------------------------------------------------------------------- */

/* a * x + b * y; false where a coefficient becomes too large. */
static bool combine(Row *out, const Row *x, int64_t a, const Row *y, int64_t b, int columns) {
    const int64_t limit = INT64_MAX / 16;
    *out = (Row){.used = x->used | y->used, .equal = x->equal && y->equal};
    for (int c = 0; c <= columns; c++) {
        int64_t p = c == columns ? x->constant : x->k[c], q = c == columns ? y->constant : y->k[c];
        __int128 sum = (__int128)a * p + (__int128)b * q;
        if (sum > limit || sum < -limit)
            return false;
        if (c == columns)
            out->constant = (int64_t)sum;
        else
            out->k[c] = (int64_t)sum;
    }
    return true;
}

static void drop_row(System *system, int r) {
    system->rows[r] = system->rows[--system->row_count];
}

/* Tightens all rows; false on a contradiction. */
static bool tidy(System *system, uint64_t *used) {
    for (int r = 0; r < system->row_count;) {
        RowState state = row_tighten(&system->rows[r], system->column_count);
        if (state == ROW_CONTRADICTION) {
            *used = system->rows[r].used;
            return false;
        }
        if (state == ROW_TRIVIAL)
            drop_row(system, r);
        else
            r++;
    }
    return true;
}

/* Uses an equation with coefficient +-1 in a column to remove the column from all rows. */
static bool solve_equation(System *system, int equation, int column) {
    Row pivot = system->rows[equation];
    drop_row(system, equation);
    for (int r = 0; r < system->row_count; r++) {
        Row *row = &system->rows[r];
        int64_t k = row->k[column];
        if (!k)
            continue;
        Row out;
        if (!combine(&out, row, 1, &pivot, pivot.k[column] > 0 ? -k : k, system->column_count))
            return false;
        out.equal = row->equal;
        *row = out;
    }
    return true;
}

static bool solve_equations(System *system, const bool *keep, uint64_t *used) {
    for (bool again = true; again;) {
        again = false;
        if (!tidy(system, used))
            return false;
        for (int r = 0; r < system->row_count && !again; r++) {
            for (int c = 0; system->rows[r].equal && c < system->column_count && !again; c++) {
                int64_t k = system->rows[r].k[c];
                if (keep[c] || (k != 1 && k != -1))
                    continue;
                if (!solve_equation(system, r, c))
                    system->overflow = true;
                again = true;
            }
        }
    }
    return true;
}

static void split_equations(System *system) {
    for (int r = 0, count = system->row_count; r < count; r++) {
        Row *row = &system->rows[r];
        if (!row->equal)
            continue;
        row->equal = false;
        Row minus = *row;
        for (int c = 0; c < system->column_count; c++)
            minus.k[c] = -minus.k[c];
        minus.constant = -minus.constant;
        push_row(system, &minus);
    }
}

/* The column whose elimination makes fewest rows; -1 when none is left. */
static int choose_column(const System *system, const bool *keep) {
    int best = -1;
    long best_cost = 0;
    for (int c = 0; c < system->column_count; c++) {
        long plus = 0, minus = 0;
        for (int r = 0; r < system->row_count; r++) {
            plus += system->rows[r].k[c] > 0;
            minus += system->rows[r].k[c] < 0;
        }
        if (keep[c] || !(plus + minus))
            continue;
        long cost = plus * minus - plus - minus;
        if (best < 0 || cost < best_cost) {
            best = c;
            best_cost = cost;
        }
    }
    return best;
}

static void eliminate_column(System *system, int column) {
    static Row made[ROWS_MAX];
    int made_count = 0;
    for (int p = 0; p < system->row_count; p++) {
        for (int q = 0; q < system->row_count; q++) {
            const Row *plus = &system->rows[p], *minus = &system->rows[q];
            if (plus->k[column] <= 0 || minus->k[column] >= 0)
                continue;
            if (made_count == ROWS_MAX) {
                system->overflow = true;
                continue;
            }
            int64_t divisor = greatest_divisor(plus->k[column], minus->k[column]);
            if (combine(&made[made_count], plus, -minus->k[column] / divisor, minus,
                        plus->k[column] / divisor, system->column_count))
                made_count++;
        }
    }
    for (int r = 0; r < system->row_count;)
        if (system->rows[r].k[column])
            drop_row(system, r);
        else
            r++;
    for (int i = 0; i < made_count; i++)
        if (row_tighten(&made[i], system->column_count) != ROW_TRIVIAL)
            push_row(system, &made[i]);
}

bool system_eliminate(System *system, const bool *keep, uint64_t *used) {
    if (!solve_equations(system, keep, used))
        return false;
    split_equations(system);
    for (;;) {
        if (!tidy(system, used))
            return false;
        int column = choose_column(system, keep);
        if (column < 0)
            return true;
        eliminate_column(system, column);
    }
}
