/* size.c: atoms and polynomials in normal form.
 *
 * A polynomial is a list of terms, sorted by their atoms (lexicographically by id, shorter first),
 * without zero coefficients. Polynomials and the atoms // % min max are hash-consed, so equality
 * is equality of pointers. Coefficients that leave 64 bits make an opaque ATOM_RAW.
 */
#include "size/size.h"

#include <stdlib.h>

struct SizeNode {
    uint32_t hash;
    int count;
    uint64_t mask;   /* of all atoms, also inside others: one that is not in it is not mentioned */
    int weight;
    SizeTerm *terms;
    Size next;       /* in the bucket */
};

enum { BUCKETS = 1 << 15, TERMS_MAX = 256 };

static Arena *arena;
static struct SizeNode *buckets[BUCKETS];
static VEC(Atom *) atoms;
static Atom *compounds[BUCKETS];   /* those that are not variables, by hash */

static Arena *memory(void) {
    if (!arena)
        arena = arena_new();
    return arena;
}

/* ---- terms --------------------------------------------------------------------------------- */

static int compare_products(const SizeTerm *a, const SizeTerm *b) {
    if (a->atom_count != b->atom_count)
        return a->atom_count < b->atom_count ? -1 : 1;
    for (int i = 0; i < a->atom_count; i++)
        if (a->atoms[i] != b->atoms[i])
            return a->atoms[i]->id < b->atoms[i]->id ? -1 : 1;
    return 0;
}

static uint32_t hash_terms(const SizeTerm *terms, int count) {
    uint32_t hash = 2166136261u;
    for (int i = 0; i < count; i++) {
        hash = (hash ^ (uint32_t)terms[i].coefficient) * 16777619u;
        for (int j = 0; j < terms[i].atom_count; j++)
            hash = (hash ^ terms[i].atoms[j]->id) * 16777619u;
    }
    return hash;
}

static bool same_terms(Size size, const SizeTerm *terms, int count) {
    if (size->count != count)
        return false;
    for (int i = 0; i < count; i++)
        if (size->terms[i].coefficient != terms[i].coefficient ||
            compare_products(&size->terms[i], &terms[i]))
            return false;
    return true;
}

static SizeTerm *copy_terms(const SizeTerm *terms, int count) {
    SizeTerm *copy = ARENA_ARRAY(arena, SizeTerm, count ? count : 1);
    for (int i = 0; i < count; i++) {
        copy[i] = terms[i];
        copy[i].atoms = ARENA_ARRAY(arena, Atom *, terms[i].atom_count ? terms[i].atom_count : 1);
        for (int j = 0; j < terms[i].atom_count; j++)
            copy[i].atoms[j] = terms[i].atoms[j];
    }
    return copy;
}

static uint64_t atom_mask(const Atom *atom) {
    uint64_t mask = UINT64_C(1) << (atom->id & 63);
    for (int i = 0; i < atom->arg_count; i++)
        mask |= atom->args[i]->mask;
    return mask;
}

static uint64_t terms_mask(const SizeTerm *terms, int count) {
    uint64_t mask = 0;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < terms[i].atom_count; j++)
            mask |= atom_mask(terms[i].atoms[j]);
    return mask;
}

static int terms_weight(const SizeTerm *terms, int count) {
    int64_t weight = count;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < terms[i].atom_count; j++) {
            const Atom *atom = terms[i].atoms[j];
            weight++;
            for (int k = 0; k < atom->arg_count && weight < INT32_MAX; k++)
                weight += atom->args[k]->weight;
        }
    return weight < INT32_MAX ? (int)weight : INT32_MAX;
}

/* The unique node of a list in normal form. */
static Size intern_terms(const SizeTerm *terms, int count) {
    memory();
    uint32_t hash = hash_terms(terms, count);
    for (Size size = buckets[hash % BUCKETS]; size; size = size->next)
        if (size->hash == hash && same_terms(size, terms, count))
            return size;
    struct SizeNode *size = ARENA_NEW(arena, struct SizeNode);
    size->hash = hash;
    size->count = count;
    size->mask = terms_mask(terms, count);
    size->weight = terms_weight(terms, count);
    size->terms = copy_terms(terms, count);
    size->next = buckets[hash % BUCKETS];
    buckets[hash % BUCKETS] = size;
    return size;
}

/* ---- atoms --------------------------------------------------------------------------------- */

static Atom *atom_new(AtomKind kind) {
    Atom *atom = ARENA_NEW(memory(), Atom);
    atom->kind = kind;
    atom->id = (uint32_t)atoms.count;
    VEC_PUSH(arena, atoms, atom);
    return atom;
}

Atom *atom_var(const char *name) {
    Atom *atom = atom_new(ATOM_VAR);
    atom->name = name_of(name);
    return atom;
}

int atom_count(void) {
    return atoms.count;
}

static Atom *atom_compound(AtomKind kind, char raw_op, const Size *args, int count) {
    uint32_t hash = (uint32_t)kind * 31 + (uint32_t)raw_op;
    for (int i = 0; i < count; i++)
        hash = (hash ^ args[i]->hash) * 16777619u;
    Atom **bucket = &compounds[hash % BUCKETS];
    for (Atom *atom = *bucket; atom; atom = atom->next)
        if (atom->kind == kind && atom->arg_count == count && atom->raw_op == raw_op &&
            !memcmp(atom->args, args, sizeof(Size) * (size_t)count))
            return atom;
    Atom *atom = atom_new(kind);
    atom->raw_op = raw_op;
    atom->arg_count = count;
    atom->args = ARENA_ARRAY(arena, Size, count);
    memcpy(atom->args, args, sizeof(Size) * (size_t)count);
    atom->next = *bucket;
    *bucket = atom;
    return atom;
}

static Size size_raw(char op, Size a, Size b) {
    return size_atom(atom_compound(ATOM_RAW, op, (Size[]){a, b}, 2));
}

/* ---- arithmetic ---------------------------------------------------------------------------- */

Size size_const(int64_t value) {
    SizeTerm term = {value, NULL, 0};
    return intern_terms(&term, value != 0);
}

Size size_atom(Atom *atom) {
    SizeTerm term = {1, &atom, 1};
    return intern_terms(&term, 1);
}

Size size_add(Size a, Size b) {
    SizeTerm terms[TERMS_MAX];
    int count = 0, i = 0, j = 0;
    if (a->count + b->count > TERMS_MAX)
        return size_raw('+', a, b);
    while (i < a->count || j < b->count) {
        int order = i == a->count   ? 1
                    : j == b->count ? -1
                                    : compare_products(&a->terms[i], &b->terms[j]);
        if (order < 0) {
            terms[count++] = a->terms[i++];
        } else if (order > 0) {
            terms[count++] = b->terms[j++];
        } else {
            SizeTerm term = a->terms[i++];
            if (__builtin_add_overflow(term.coefficient, b->terms[j++].coefficient,
                                       &term.coefficient))
                return size_raw('+', a, b);
            if (term.coefficient)
                terms[count++] = term;
        }
    }
    return intern_terms(terms, count);
}

Size size_scale(Size a, int64_t factor) {
    SizeTerm terms[TERMS_MAX];
    if (factor == 0)
        return size_const(0);
    for (int i = 0; i < a->count; i++) {
        terms[i] = a->terms[i];
        if (__builtin_mul_overflow(terms[i].coefficient, factor, &terms[i].coefficient))
            return size_raw('*', a, size_const(factor));
    }
    return intern_terms(terms, a->count);
}

Size size_neg(Size a) {
    return size_scale(a, -1);
}

Size size_sub(Size a, Size b) {
    return a == b ? size_const(0) : size_add(a, size_neg(b));
}

static int by_id(const void *a, const void *b) {
    const Atom *x = *(Atom *const *)a, *y = *(Atom *const *)b;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* One term times a polynomial. */
static bool multiply_term(const SizeTerm *term, Size b, Size *result) {
    Size sum = size_const(0);
    for (int j = 0; j < b->count; j++) {
        Atom *factors[64];
        const SizeTerm *other = &b->terms[j];
        SizeTerm product = {0, factors, term->atom_count + other->atom_count};
        if (product.atom_count > 16 || __builtin_mul_overflow(term->coefficient, other->coefficient,
                                                              &product.coefficient))
            return false;
        if (term->atom_count)
            memcpy(factors, term->atoms, sizeof(Atom *) * (size_t)term->atom_count);
        if (other->atom_count)
            memcpy(factors + term->atom_count, other->atoms,
                   sizeof(Atom *) * (size_t)other->atom_count);
        qsort(factors, (size_t)product.atom_count, sizeof *factors, by_id);
        sum = size_add(sum, intern_terms(&product, 1));
    }
    *result = sum;
    return true;
}

Size size_mul(Size a, Size b) {
    int64_t value;
    if (size_is_const(a, &value))
        return size_scale(b, value);
    if (size_is_const(b, &value))
        return size_scale(a, value);
    Size sum = size_const(0), part;
    if ((int64_t)a->count * b->count > 64)
        return size_raw('*', a, b);
    for (int i = 0; i < a->count; i++) {
        if (!multiply_term(&a->terms[i], b, &part))
            return size_raw('*', a, b);
        sum = size_add(sum, part);
    }
    return sum;
}

static int64_t floor_div(int64_t a, int64_t b) {
    int64_t quotient = a / b;
    return quotient - (a % b != 0 && (a % b < 0) != (b < 0));
}

static int64_t floor_mod(int64_t a, int64_t b) {
    int64_t rest = a % b;
    return rest && (rest < 0) != (b < 0) ? rest + b : rest;
}

/* `a` as divisor * whole + rest, where whole takes each term that the divisor divides. */
static void split_multiples(Size a, int64_t divisor, Size *whole, Size *rest) {
    *whole = *rest = size_const(0);
    for (int i = 0; i < a->count; i++) {
        SizeTerm term = a->terms[i];
        int64_t quotient = floor_div(term.coefficient, divisor);
        if (term.atom_count && term.coefficient % divisor) {
            *rest = size_add(*rest, intern_terms(&term, 1));
            continue;
        }
        SizeTerm part = term;
        part.coefficient = quotient;
        if (quotient)
            *whole = size_add(*whole, intern_terms(&part, 1));
        part.coefficient = floor_mod(term.coefficient, divisor);
        if (part.coefficient)
            *rest = size_add(*rest, intern_terms(&part, 1));
    }
}

Size size_floordiv(Size a, Size b) {
    int64_t divisor, value;
    Size whole = size_const(0), rest = a;
    if (size_is_const(b, &divisor)) {
        if (divisor == 0 || (divisor == -1 && size_is_const(a, &value) && value == INT64_MIN))
            return size_atom(atom_compound(ATOM_FLOORDIV, 0, (Size[]){a, b}, 2));
        if (divisor == 1)
            return a;
        if (divisor == -1)
            return size_neg(a);
        split_multiples(a, divisor, &whole, &rest);
        if (size_is_const(rest, &value))
            return size_add(whole, size_const(floor_div(value, divisor)));
    }
    return size_add(whole, size_atom(atom_compound(ATOM_FLOORDIV, 0, (Size[]){rest, b}, 2)));
}

Size size_mod(Size a, Size b) {
    int64_t divisor, value;
    Size whole, rest = a;
    if (size_is_const(b, &divisor) && divisor != 0) {
        if (divisor == 1 || divisor == -1)
            return size_const(0);
        split_multiples(a, divisor, &whole, &rest);
        if (size_is_const(rest, &value))
            return size_const(floor_mod(value, divisor));
    }
    return size_atom(atom_compound(ATOM_MOD, 0, (Size[]){rest, b}, 2));
}

/* ---- min and max --------------------------------------------------------------------------- */

enum { ARGS_MAX = 16 };

/* Adds an argument of min or max, unless it differs from another one only by a constant: then the
 * better of the two stays. False where there is no room. */
static bool add_argument(AtomKind kind, Size *args, int *count, Size size) {
    for (int i = 0; i < *count; i++) {
        int64_t difference;
        if (!size_is_const(size_sub(size, args[i]), &difference))
            continue;
        if ((kind == ATOM_MAX) == (difference > 0))
            args[i] = size;
        return true;
    }
    if (*count == ARGS_MAX)
        return false;
    args[(*count)++] = size;
    return true;
}

static bool flatten_argument(AtomKind kind, Size *args, int *count, Size size) {
    Atom *atom = size_as_atom(size);
    if (!atom || atom->kind != kind)
        return add_argument(kind, args, count, size);
    for (int i = 0; i < atom->arg_count; i++)
        if (!add_argument(kind, args, count, atom->args[i]))
            return false;
    return true;
}

static int by_text(const void *a, const void *b) {
    Size x = *(const Size *)a, y = *(const Size *)b;
    if (x->count != y->count)
        return x->count < y->count ? -1 : 1;
    for (int i = 0; i < x->count; i++) {
        int order = compare_products(&x->terms[i], &y->terms[i]);
        if (order)
            return order;
        if (x->terms[i].coefficient != y->terms[i].coefficient)
            return x->terms[i].coefficient < y->terms[i].coefficient ? -1 : 1;
    }
    return 0;
}

static Size size_extreme(AtomKind kind, Size a, Size b) {
    Size args[ARGS_MAX];
    int count = 0;
    if (!flatten_argument(kind, args, &count, a) || !flatten_argument(kind, args, &count, b)) {
        args[0] = a;
        args[1] = b;
        count = 2;
    }
    if (count == 1)
        return args[0];
    qsort(args, (size_t)count, sizeof *args, by_text);
    return size_atom(atom_compound(kind, 0, args, count));
}

Size size_min(Size a, Size b) {
    return size_extreme(ATOM_MIN, a, b);
}

Size size_max(Size a, Size b) {
    return size_extreme(ATOM_MAX, a, b);
}

int size_weight(Size a) {
    return a->weight;
}

/* ---- questions ----------------------------------------------------------------------------- */

bool size_is_const(Size a, int64_t *value) {
    if (a->count > 1 || (a->count == 1 && a->terms[0].atom_count))
        return false;
    *value = a->count ? a->terms[0].coefficient : 0;
    return true;
}

int size_terms(Size a, const SizeTerm **terms) {
    *terms = a->terms;
    return a->count;
}

Atom *size_as_atom(Size a) {
    return a->count == 1 && a->terms[0].coefficient == 1 && a->terms[0].atom_count == 1
               ? a->terms[0].atoms[0]
               : NULL;
}

static bool atom_mentions(const Atom *outer, const Atom *atom) {
    if (outer == atom)
        return true;
    for (int i = 0; i < outer->arg_count; i++)
        if (size_mentions(outer->args[i], atom))
            return true;
    return false;
}

bool size_mentions(Size a, const Atom *atom) {
    if (!(a->mask >> (atom->id & 63) & 1))
        return false;
    for (int i = 0; i < a->count; i++)
        for (int j = 0; j < a->terms[i].atom_count; j++)
            if (atom_mentions(a->terms[i].atoms[j], atom))
                return true;
    return false;
}

static void visit_variables(Size a, Atom **seen, int *count, int max) {
    for (int i = 0; i < a->count; i++) {
        for (int j = 0; j < a->terms[i].atom_count; j++) {
            Atom *atom = a->terms[i].atoms[j];
            for (int k = 0; k < atom->arg_count; k++)
                visit_variables(atom->args[k], seen, count, max);
            if (atom->kind != ATOM_VAR || *count == max)
                continue;
            int k = 0;
            while (k < *count && seen[k] != atom)
                k++;
            if (k == *count)
                seen[(*count)++] = atom;
        }
    }
}

void size_variables(Size a, void (*visit)(Atom *atom, void *user), void *user) {
    Atom *seen[256];
    int count = 0;
    visit_variables(a, seen, &count, 256);
    for (int i = 0; i < count; i++)
        visit(seen[i], user);
}

bool size_affine_in(Size a, const Atom *atom, Size *coefficient, Size *rest) {
    *coefficient = *rest = size_const(0);
    for (int i = 0; i < a->count; i++) {
        SizeTerm term = a->terms[i];
        Atom *others[16];
        int found = 0, count = 0;
        for (int j = 0; j < term.atom_count; j++) {
            if (term.atoms[j] == atom)
                found++;
            else if (atom_mentions(term.atoms[j], atom))
                return false;
            else
                others[count++] = term.atoms[j];
        }
        if (found > 1)
            return false;
        SizeTerm part = {term.coefficient, others, count};
        Size *into = found ? coefficient : rest;
        *into = size_add(*into, intern_terms(&part, 1));
    }
    return true;
}

bool size_linear_in(Size a, const Atom *atom, int64_t *coefficient, Size *rest) {
    Size factor;
    return size_affine_in(a, atom, &factor, rest) && size_is_const(factor, coefficient);
}

/* ---- substitution and evaluation ----------------------------------------------------------- */

static Size rebuild_atom(Atom *atom, const Size *args) {
    Size result = args[0];
    switch (atom->kind) {
    case ATOM_FLOORDIV:
        return size_floordiv(args[0], args[1]);
    case ATOM_MOD:
        return size_mod(args[0], args[1]);
    case ATOM_RAW:
        return atom->raw_op == '+' ? size_add(args[0], args[1]) : size_mul(args[0], args[1]);
    case ATOM_MIN:
    case ATOM_MAX:
        for (int i = 1; i < atom->arg_count; i++)
            result = size_extreme(atom->kind, result, args[i]);
        return result;
    case ATOM_VAR:
        break;
    }
    return size_atom(atom);
}

static Size map_atom(Atom *atom, SizeLookup lookup, void *user) {
    Size args[ARGS_MAX] = {NULL}, replacement = lookup(atom, user);
    bool changed = false;
    if (replacement)
        return replacement;
    for (int i = 0; i < atom->arg_count; i++) {
        args[i] = size_map(atom->args[i], lookup, user);
        changed |= args[i] != atom->args[i];
    }
    return changed ? rebuild_atom(atom, args) : NULL;
}

/* A term with what stands for its atoms; NULL where nothing changes. */
static Size map_term(const SizeTerm *term, SizeLookup lookup, void *user) {
    Size factors[16], product = NULL;
    bool changed = false;
    for (int j = 0; j < term->atom_count; j++) {
        factors[j] = map_atom(term->atoms[j], lookup, user);
        changed |= factors[j] != NULL;
    }
    if (!changed)
        return NULL;
    product = size_const(term->coefficient);
    for (int j = 0; j < term->atom_count; j++)
        product = size_mul(product, factors[j] ? factors[j] : size_atom(term->atoms[j]));
    return product;
}

Size size_map(Size a, SizeLookup lookup, void *user) {
    SizeTerm kept[TERMS_MAX];
    int count = 0;
    Size sum = NULL;
    for (int i = 0; i < a->count; i++) {
        Size product = map_term(&a->terms[i], lookup, user);
        if (product)
            sum = sum ? size_add(sum, product) : product;
        else
            kept[count++] = a->terms[i];
    }
    if (!sum)
        return a;
    return count ? size_add(sum, intern_terms(kept, count)) : sum;
}

typedef struct {
    Atom *const *from;
    const Size *to;
    int count;
} Substitution;

static Size find_replacement(Atom *atom, void *user) {
    const Substitution *substitution = user;
    for (int i = 0; i < substitution->count; i++)
        if (substitution->from[i] == atom)
            return substitution->to[i];
    return NULL;
}

Size size_substitute_all(Size a, Atom *const *from, const Size *to, int count) {
    Substitution substitution = {from, to, count};
    for (int k = 0; k < count; k++)
        if (a->mask >> (from[k]->id & 63) & 1)
            return size_map(a, find_replacement, &substitution);
    return a;
}

Size size_substitute(Size a, const Atom *atom, Size replacement) {
    return size_substitute_all(a, (Atom *const[]){(Atom *)atom}, &replacement, 1);
}

typedef int64_t (*ValueOf)(Atom *atom, void *user);

static bool evaluate_atom(Atom *atom, ValueOf value_of, void *user, int64_t *out) {
    int64_t args[ARGS_MAX] = {0};
    if (atom->kind == ATOM_VAR) {
        *out = value_of(atom, user);
        return true;
    }
    for (int i = 0; i < atom->arg_count; i++)
        if (!size_evaluate(atom->args[i], value_of, user, &args[i]))
            return false;
    *out = args[0];
    if (atom->kind == ATOM_MIN || atom->kind == ATOM_MAX) {
        for (int i = 1; i < atom->arg_count; i++)
            if ((atom->kind == ATOM_MIN) == (args[i] < *out))
                *out = args[i];
        return true;
    }
    if (atom->kind == ATOM_RAW)
        return atom->raw_op == '+' ? !__builtin_add_overflow(args[0], args[1], out)
                                   : !__builtin_mul_overflow(args[0], args[1], out);
    if (args[1] == 0 || (args[1] == -1 && args[0] == INT64_MIN))
        return false;
    *out = atom->kind == ATOM_FLOORDIV ? floor_div(args[0], args[1]) : floor_mod(args[0], args[1]);
    return true;
}

bool size_evaluate(Size a, ValueOf value_of, void *user, int64_t *out) {
    __int128 sum = 0;
    for (int i = 0; i < a->count; i++) {
        int64_t product = a->terms[i].coefficient, factor;
        for (int j = 0; j < a->terms[i].atom_count; j++)
            if (!evaluate_atom(a->terms[i].atoms[j], value_of, user, &factor) ||
                __builtin_mul_overflow(product, factor, &product))
                return false;
        sum += product;
    }
    *out = (int64_t)sum;
    return *out == sum;
}

/* ---- printing ------------------------------------------------------------------------------ */

static void atom_to_text(Text *text, const Atom *atom) {
    static const char *const signs[] = {"", " // ", " % ", "", "", ""};
    if (atom->kind == ATOM_VAR) {
        text_printf(text, "%s", atom->name);
        return;
    }
    if (atom->kind == ATOM_MIN || atom->kind == ATOM_MAX)
        text_printf(text, "%s(", atom->kind == ATOM_MIN ? "min" : "max");
    else
        text_printf(text, "(");
    for (int i = 0; i < atom->arg_count; i++) {
        bool inner = atom->kind != ATOM_MIN && atom->kind != ATOM_MAX && atom->args[i]->count > 1;
        if (i && (atom->kind == ATOM_MIN || atom->kind == ATOM_MAX))
            text_printf(text, ", ");
        else if (i && atom->kind == ATOM_RAW)
            text_printf(text, " %c ", atom->raw_op);
        else if (i)
            text_printf(text, "%s", signs[atom->kind]);
        text_printf(text, "%s", inner ? "(" : "");
        size_to_text(text, atom->args[i]);
        text_printf(text, "%s", inner ? ")" : "");
    }
    text_printf(text, ")");
}

static void term_to_text(Text *text, const SizeTerm *term, bool first) {
    int64_t factor = term->coefficient;
    if (factor < 0)
        text_printf(text, first ? "-" : " - ");
    else if (!first)
        text_printf(text, " + ");
    uint64_t magnitude = factor < 0 ? 0 - (uint64_t)factor : (uint64_t)factor;
    if (magnitude != 1 || !term->atom_count)
        text_printf(text, "%llu%s", (unsigned long long)magnitude, term->atom_count ? "*" : "");
    for (int i = 0; i < term->atom_count; i++) {
        text_printf(text, "%s", i ? "*" : "");
        atom_to_text(text, term->atoms[i]);
    }
}

/* The constant comes last, as people write it; a term with a plus comes first if there is one. */
void size_to_text(Text *text, Size a) {
    int64_t value;
    if (size_is_const(a, &value)) {
        text_printf(text, "%lld", (long long)value);
        return;
    }
    int lead = 0;
    while (lead < a->count && (a->terms[lead].coefficient < 0 || !a->terms[lead].atom_count))
        lead++;
    if (lead < a->count)
        term_to_text(text, &a->terms[lead], true);
    bool first = lead == a->count;
    for (int i = 0; i < a->count; i++) {
        if (i == lead || !a->terms[i].atom_count)
            continue;
        term_to_text(text, &a->terms[i], first);
        first = false;
    }
    if (!a->terms[0].atom_count)
        term_to_text(text, &a->terms[0], first);
}

const char *size_print(Arena *target, Size a) {
    Text text = {0};
    size_to_text(&text, a);
    const char *copy = arena_strndup(target, text.data, text.length);
    text_free(&text);
    return copy;
}

const char *size_print_equation(Arena *target, Size a) {
    const SizeTerm *terms;
    int count = size_terms(a, &terms);
    Size left = size_const(0), right = size_const(0);
    for (int i = 0; i < count; i++) {
        Size product = size_const(1);
        for (int k = 0; k < terms[i].atom_count; k++)
            product = size_mul(product, size_atom(terms[i].atoms[k]));
        if (terms[i].coefficient > 0)
            left = size_add(left, size_scale(product, terms[i].coefficient));
        else
            right = size_add(right, size_scale(product, -terms[i].coefficient));
    }
    return arena_printf(target, "%s == %s", size_print(target, left), size_print(target, right));
}
