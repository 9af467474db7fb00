/* size.h: sizes as polynomials, facts about them, and the prover.
 *
 * A Size is an integer polynomial over atoms, in one normal form: equal polynomials are equal
 * pointers (hash-consed for the life of the process). It is used for array sizes, strides, loop
 * bounds and index expressions alike. An atom is a variable (a size of a signature, a loop
 * variable, any int value assigned once) or one of `a // b`, `a % b` (Python's, floor), `min`,
 * `max` of sizes. Sizes mean mathematical integers; whoever makes a machine value of one is
 * responsible for its fitting into 64 bits.
 */
#ifndef MNP_SIZE_H
#define MNP_SIZE_H

#include "base/base.h"

/* ---- size.c: atoms and polynomials --------------------------------------------------------- */

typedef const struct SizeNode *Size;
typedef struct Atom Atom;

typedef enum { ATOM_VAR, ATOM_FLOORDIV, ATOM_MOD, ATOM_MIN, ATOM_MAX, ATOM_RAW } AtomKind;

struct Atom {
    AtomKind kind;
    uint32_t id;       /* dense, unique in the process: an index for side tables */
    const char *name;  /* ATOM_VAR: what printing shows */
    Size *args;        /* FLOORDIV, MOD: two; MIN, MAX: two or more, sorted, no duplicates;
                          RAW: the operands of an operation whose coefficients left 64 bits */
    int arg_count;
    char raw_op;       /* ATOM_RAW: '+', '*' */
    bool natural;      /* FLOORDIV, MOD: neither operand is ever negative, as a pass found out */
    Atom *next;        /* of those that are not variables, in size.c's table */
    void *owner;       /* ATOM_VAR: free for the room that made it (nest: the Value) */
};

/* A fresh variable; each call makes another one, whatever the name. */
Atom *atom_var(const char *name);
int atom_count(void);                 /* one past the largest id */

/* One product of atoms with its coefficient; the atoms are sorted by id, powers repeat. */
typedef struct {
    int64_t coefficient;
    Atom **atoms;
    int atom_count;
} SizeTerm;

Size size_const(int64_t value);
Size size_atom(Atom *atom);
Size size_add(Size a, Size b);
Size size_sub(Size a, Size b);
Size size_neg(Size a);
Size size_mul(Size a, Size b);
Size size_scale(Size a, int64_t factor);
Size size_floordiv(Size a, Size b);   /* b is not 0: the caller's obligation; folds constants, */
Size size_mod(Size a, Size b);        /* divides out common factors where that is exact */
Size size_min(Size a, Size b);        /* flattens, folds constants, drops what differs by a */
Size size_max(Size a, Size b);        /* constant from another argument */

bool size_is_const(Size a, int64_t *value);
int size_terms(Size a, const SizeTerm **terms);   /* constant term, if any, is the one without atoms */
/* The variable if the size is just that atom, else NULL. */
Atom *size_as_atom(Size a);
/* True if any atom, also inside // % min max, is `atom`. */
bool size_mentions(Size a, const Atom *atom);
/* All variables mentioned, each once, also inside other atoms. */
void size_variables(Size a, void (*visit)(Atom *atom, void *user), void *user);
/* `a` as coefficient * atom + rest, where rest does not mention the atom at all; false where the
 * atom occurs in a product, inside another atom, or not linearly. coefficient may be 0. */
bool size_linear_in(Size a, const Atom *atom, int64_t *coefficient, Size *rest);
/* The same with a coefficient that is a Size not mentioning the atom (strides). */
bool size_affine_in(Size a, const Atom *atom, Size *coefficient, Size *rest);
/* `a` with every occurrence of `atom`, also inside other atoms, replaced. */
Size size_substitute(Size a, const Atom *atom, Size replacement);
/* How long it is when it is written out: what walks through it takes as many steps. */
int size_weight(Size a);
Size size_substitute_all(Size a, Atom *const *atoms, const Size *replacements, int count);
/* The same with a function that gives what stands for an atom (NULL: the atom itself). */
typedef Size (*SizeLookup)(Atom *atom, void *user);
Size size_map(Size a, SizeLookup lookup, void *user);

/* ---- solve.c ------------------------------------------------------------------------------- */

/* Equations wanted == have, and the variables that are known: `values` are in terms of `have`. Starts as {.arena}. */
typedef struct {
    Arena *arena;
    VEC(Size) wanted, have;
    VEC(Atom *) atoms;
    VEC(Size) values;
} Equations;

void equations_add(Equations *equations, Size wanted, Size have);
/* A variable's first value stays; what is no variable, or NULL, is left out. */
void equations_know(Equations *equations, Size variable, Size value);
/* Finds variables, from plain equations first, then whatever is linear in one unknown. A value is right only if its
 * equation holds exactly: the caller checks that. */
void equations_solve(Equations *equations);
/* NULL: not known. */
Size equations_value(const Equations *equations, const Atom *atom);
/* A size with values for the variables that are known. */
Size equations_apply(const Equations *equations, Size size);
/* Value under an assignment of the variables; false if it leaves 64 bits or divides by zero. */
bool size_evaluate(Size a, int64_t (*value_of)(Atom *atom, void *user), void *user, int64_t *out);
/* As a user writes it: `h + s - 1`, `2*n`, `max(n - 2, 0)`, `s // 2`. In an arena. */
const char *size_print(Arena *arena, Size a);
void size_to_text(Text *text, Size a);
/* `a == 0` as a user writes it, what is subtracted on the right: `n == m + 1`. */
const char *size_print_equation(Arena *arena, Size a);

/* ---- facts.c: what is known at a place ----------------------------------------------------- */

/* An immutable list: adding a fact gives a longer list that shares the old one, so that each
 * place in a program can keep its own. NULL is "nothing known". */
typedef const struct Facts Facts;

typedef enum { FACT_GE, FACT_EQ, FACT_NE } FactKind;   /* e >= 0, e == 0, e != 0 */

struct Facts {
    Facts *parent;
    FactKind kind;
    Size size;
    const char *why;   /* "loop bound", "guard", "assert", "signature", ...; for --verdicts */
    Span span;
};

Facts *facts_add(Arena *arena, Facts *facts, FactKind kind, Size size, const char *why, Span span);
/* a >= b, a < b and the like, as facts. */
Facts *facts_ge(Arena *arena, Facts *facts, Size a, Size b, const char *why, Span span);
Facts *facts_lt(Arena *arena, Facts *facts, Size a, Size b, const char *why, Span span);
Facts *facts_eq(Arena *arena, Facts *facts, Size a, Size b, const char *why, Span span);

/* ---- prove.c: the prover ------------------------------------------------------------------- */

/* PROVED: holds for every choice of the atoms that satisfies the facts. REFUTED: fails for every
 * such choice. UNDECIDED: neither, or the effort ran out; never a wrong verdict. */
typedef enum { PROVED, REFUTED, UNDECIDED } Verdict;

Verdict prove_ge(Facts *facts, Size a, Size b);   /* a >= b */
Verdict prove_lt(Facts *facts, Size a, Size b);
Verdict prove_eq(Facts *facts, Size a, Size b);
Verdict prove_ne(Facts *facts, Size a, Size b);
/* The argument of a min or max that is no worse than all others; NULL: none is known to be, or it is no such atom. */
Size prove_extreme(Facts *facts, const Atom *atom);
/* True if one of the facts that came after `before` (NULL: any) contradicts the others: the place is never reached. */
bool facts_contradict(Facts *facts, Facts *before);
/* Tightest constants found with lo <= a <= hi; INT64_MIN or INT64_MAX where none was. */
void prove_bounds(Facts *facts, Size a, int64_t *lo, int64_t *hi);
/* The same for products of variables with constant bounds: exact over their box; false where it is none. corners.c */
bool corner_bounds(Facts *facts, Size a, int64_t *lo, int64_t *hi);
/* True if size >= 0 follows from the bounds of its variables, in products and in quotients by constants. */
bool prove_at_corners(Facts *facts, Size size);
/* The facts the last PROVED or REFUTED verdict rests on, each once. */
typedef struct {
    Facts *used[16];
    int count;
} Proof;
const Proof *prove_last(void);

/* A small assignment (each variable of the sizes and the facts from -1 up to about 8, those
 * known to be sizes from 0) that satisfies the facts and not the goal; false if none was found.
 * `atoms` and `values` are in the arena, the goal's own variables first. */
typedef struct {
    Atom **atoms;
    int64_t *values;
    int count;
} Counterexample;
bool prove_counterexample(Arena *arena, Facts *facts, FactKind goal, Size size,
                          Counterexample *out);
/* The name of an atom among others, of which one may have the same: "another n". */
const char *atom_other_name(Arena *arena, const Atom *atom, Atom *const *all, int count);
/* The same in words, "fails for h = 3, s = 2"; "" where none was found, or one that no name of the program tells. */
const char *prove_example_words(Arena *arena, Facts *facts, FactKind goal, Size size);

/* ---- project.c: bounds without a variable -------------------------------------------------- */

/* The range of `atom` under the facts as sizes that mention none of `hidden` (loop variables
 * that are not in scope yet): lo <= atom < hi, lo a max and hi a min of what Fourier-Motzkin
 * elimination gives. False if a side has no bound or the facts are not linear in the atoms. */
bool project_range(Facts *facts, Atom *atom, Atom *const *hidden, int hidden_count, Size *lo,
                   Size *hi);
/* A condition without `hidden` under which `goal >= 0` for every value of the hidden atoms that
 * the facts allow: a list of sizes that must all be >= 0, each provable by bounding the hidden
 * atoms outwards in. False if none is found. Used to hoist a check out of loops. */
bool project_condition(Arena *arena, Facts *facts, Size goal, Atom *const *hidden,
                       int hidden_count, Size **conditions, int *count);

#endif
