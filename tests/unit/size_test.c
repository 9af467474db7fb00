/* size_test.c: polynomials, the prover, projections. */
#include "size/size.h"
#include "test.h"

static Arena *arena;
static const Span nowhere;

static Size variable(const char *name) {
    return size_atom(atom_var(name));
}

static Size number(int64_t value) {
    return size_const(value);
}

static Facts *ge(Facts *facts, Size a, Size b) {
    return facts_ge(arena, facts, a, b, "given", nowhere);
}

static Facts *lt(Facts *facts, Size a, Size b) {
    return facts_lt(arena, facts, a, b, "given", nowhere);
}

static void equal_polynomials_are_equal_pointers(void) {
    Size n = variable("n"), m = variable("m");
    CHECK(size_add(n, m) == size_add(m, n));
    CHECK(size_mul(size_add(n, m), size_sub(n, m)) == size_sub(size_mul(n, n), size_mul(m, m)));
    CHECK(size_sub(size_add(n, number(1)), n) == number(1));
    CHECK(size_floordiv(size_add(size_scale(n, 4), number(3)), number(2)) ==
          size_add(size_scale(n, 2), number(1)));
    CHECK(size_mod(size_add(size_scale(n, 4), number(3)), number(2)) == number(1));
    CHECK(size_floordiv(number(-7), number(2)) == number(-4));
    CHECK(size_mod(number(-7), number(-2)) == number(-1));
    CHECK(size_max(n, size_add(n, number(2))) == size_add(n, number(2)));
    CHECK(size_min(size_min(n, m), size_sub(n, number(1))) == size_min(m, size_sub(n, number(1))));
    CHECK_STR(size_print(arena, size_sub(size_add(n, m), number(1))), "n + m - 1");
    CHECK_STR(size_print(arena, size_floordiv(size_sub(n, m), number(2))), "((n - m) // 2)");
}

static void linear_goals(void) {
    Size n = variable("n"), i = variable("i");
    Facts *facts = ge(NULL, n, number(0));
    facts = ge(facts, i, number(0));
    facts = lt(facts, i, n);
    CHECK(prove_ge(facts, n, number(1)) == PROVED);
    CHECK(prove_lt(facts, i, size_add(n, number(1))) == PROVED);
    CHECK(prove_lt(facts, size_add(i, number(1)), n) == UNDECIDED);
    CHECK(prove_ge(facts, i, n) == REFUTED);
    CHECK(prove_ne(facts, i, n) == PROVED);
    CHECK(prove_eq(facts, i, number(0)) == UNDECIDED);
    CHECK(prove_last()->count == 0);
    CHECK(prove_ge(NULL, number(0), number(1)) == REFUTED);
    CHECK(!facts_contradict(facts, NULL));
    CHECK(facts_contradict(lt(facts, n, number(1)), NULL));
    /* Not only about what the last fact is about; `!= 0` says nothing about signs. */
    Size m = variable("m");
    CHECK(facts_contradict(ge(lt(facts, n, number(1)), m, number(0)), NULL));
    CHECK(!facts_contradict(facts_add(arena, lt(NULL, m, number(0)), FACT_NE, m, "given", nowhere), NULL));
    CHECK(facts_contradict(ge(NULL, number(0), number(1)), NULL));
}

static void sizes_of_zero_and_one(void) {
    Size n = variable("n");
    Facts *facts = ge(NULL, n, number(0));
    CHECK(prove_ge(facts, size_sub(n, number(1)), number(0)) == UNDECIDED);
    CHECK(prove_ge(facts, size_max(size_sub(n, number(2)), number(0)), number(0)) == PROVED);
    CHECK(prove_eq(facts, size_max(n, number(0)), n) == PROVED);
    CHECK(prove_ge(facts, size_floordiv(n, number(2)), number(0)) == PROVED);
}

static void parity(void) {
    Size s = variable("s"), half = size_floordiv(s, number(2));
    Facts *facts = ge(NULL, s, number(0));
    Size back = size_add(size_scale(half, 2), number(1));
    CHECK(prove_eq(facts, back, s) == UNDECIDED);
    Facts *odd = facts_add(arena, facts, FACT_NE, size_mod(s, number(2)), "guard", nowhere);
    CHECK(prove_eq(odd, back, s) == PROVED);
    CHECK(prove_ge(odd, s, number(1)) == PROVED);
    Facts *even = facts_add(arena, facts, FACT_EQ, size_mod(s, number(2)), "guard", nowhere);
    CHECK(prove_eq(even, back, s) == REFUTED);
    CHECK(prove_ne(even, s, number(5)) == PROVED);
}

static void products(void) {
    Size n = variable("n"), m = variable("m"), i = variable("i"), j = variable("j");
    Facts *facts = ge(ge(NULL, n, number(0)), m, number(0));
    facts = lt(ge(facts, i, number(0)), i, n);
    facts = lt(ge(facts, j, number(0)), j, m);
    Size linear = size_add(size_mul(i, m), j);
    CHECK(prove_ge(facts, linear, number(0)) == PROVED);
    CHECK(prove_lt(facts, linear, size_mul(n, m)) == PROVED);
    CHECK(prove_lt(facts, size_add(linear, number(1)), size_mul(n, m)) == UNDECIDED);
}

/* Products of three, and what a divisor that only the run knows gives. */
static void nested_products(void) {
    Size n = variable("n"), m = variable("m"), k = variable("k"), i = variable("i"), j = variable("j"), l = variable("l");
    Facts *facts = ge(ge(ge(NULL, n, number(0)), m, number(0)), k, number(0));
    facts = lt(ge(facts, i, number(0)), i, n);
    facts = lt(ge(facts, j, number(0)), j, m);
    facts = lt(ge(facts, l, number(0)), l, k);
    Size all = size_mul(size_mul(n, m), k), linear = size_add(size_mul(size_add(size_mul(i, m), j), k), l);
    CHECK(prove_lt(facts, linear, all) == PROVED);
    CHECK(prove_ge(facts, linear, number(0)) == PROVED);
    CHECK(prove_lt(facts, size_add(linear, number(1)), all) == UNDECIDED);
    CHECK(prove_ge(facts, all, number(1)) != REFUTED);
    Size p = variable("p");
    facts = lt(ge(ge(ge(NULL, n, number(0)), m, number(0)), p, number(0)), p, size_mul(n, m));
    CHECK(prove_ge(facts, m, number(1)) == PROVED);
    CHECK(prove_lt(facts, size_floordiv(p, m), n) == PROVED);
    CHECK(prove_lt(facts, size_mod(p, m), m) == PROVED);
    CHECK(prove_lt(facts, size_floordiv(p, n), n) == UNDECIDED);
    CHECK(prove_lt(facts, size_add(size_floordiv(p, m), number(1)), n) == UNDECIDED);
    /* Signs that are not known decide nothing. */
    facts = lt(ge(NULL, p, number(0)), p, size_mul(n, m));
    CHECK(prove_ge(facts, m, number(1)) == UNDECIDED);
    CHECK(prove_lt(facts, size_floordiv(p, m), n) == UNDECIDED);
}

/* Every index of the naive convolve, from the guard that the sides are odd. */
static void naive_convolve(void) {
    Size v = variable("v"), s = variable("s"), x = variable("x"), a = variable("a");
    Size sm = size_floordiv(s, number(2));
    Facts *facts = ge(ge(NULL, v, number(0)), s, number(0));
    facts = facts_add(arena, facts, FACT_NE, size_mod(s, number(2)), "guard", nowhere);
    facts = lt(ge(facts, x, number(0)), x, size_add(v, size_scale(sm, 2)));
    facts = ge(ge(facts, a, size_sub(sm, x)), a, size_neg(sm));
    facts = lt(facts, a, size_sub(size_add(v, sm), x));
    facts = lt(facts, a, size_add(sm, number(1)));
    CHECK(prove_ge(facts, size_sub(sm, a), number(0)) == PROVED);
    CHECK(prove_lt(facts, size_sub(sm, a), s) == PROVED);
    Size row = size_add(size_sub(x, sm), a);
    CHECK(prove_ge(facts, size_sub(row, sm), number(0)) == UNDECIDED);
    CHECK(prove_ge(facts, row, number(0)) == PROVED);
    CHECK(prove_lt(facts, row, v) == PROVED);
    CHECK(prove_eq(facts, size_add(v, size_scale(sm, 2)), size_sub(size_add(v, s), number(1))) ==
          PROVED);
}

static void bounds_and_counterexamples(void) {
    Size n = variable("n"), i = variable("i");
    Facts *facts = lt(ge(NULL, i, number(2)), i, number(10));
    int64_t lo, hi;
    prove_bounds(facts, size_sub(size_scale(i, 3), number(1)), &lo, &hi);
    CHECK(lo == 5 && hi == 26);
    prove_bounds(facts, size_max(i, number(5)), &lo, &hi);
    CHECK(lo == 5 && hi == 9);
    prove_bounds(facts, n, &lo, &hi);
    CHECK(lo == INT64_MIN && hi == INT64_MAX);
    Counterexample example;
    CHECK(prove_counterexample(arena, ge(NULL, n, number(0)), FACT_GE, size_sub(n, number(3)),
                               &example));
    CHECK(example.count == 1 && example.values[0] < 3);
    CHECK(!prove_counterexample(arena, ge(NULL, n, number(0)), FACT_GE, n, &example));
}

static void projections(void) {
    Size n = variable("n"), i = variable("i"), j = variable("j");
    Facts *facts = lt(ge(NULL, i, number(0)), i, n);
    facts = lt(ge(facts, j, i), j, size_add(i, number(3)));
    Size lo, hi;
    Atom *hidden[] = {size_as_atom(i)};
    CHECK(project_range(facts, size_as_atom(j), hidden, 1, &lo, &hi));
    CHECK(prove_ge(NULL, lo, number(0)) == PROVED);
    CHECK(hi == size_add(n, number(2)));
    Size *conditions;
    int count;
    Atom *both[] = {size_as_atom(j), size_as_atom(i)};
    Size m = variable("m");
    CHECK(project_condition(arena, facts, size_sub(size_sub(m, j), number(1)), both, 2, &conditions,
                            &count));
    CHECK(count == 1 && conditions[0] == size_sub(size_sub(m, n), number(2)));
}

/* ---- verdicts against all small values ------------------------------------------------------ */

enum { VARIABLES = 3, LEAST = -2, MOST = 5 };

static uint64_t random_state = 7;
static Atom *variables[VARIABLES];
static int64_t assigned[VARIABLES];

static int pick(int below) {
    random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
    return (int)((random_state >> 33) % (uint64_t)below);
}

static Size random_size(int depth) {
    if (depth == 0 || pick(4) == 0)
        return pick(3) ? size_atom(variables[pick(VARIABLES)]) : number(pick(7) - 3);
    Size a = random_size(depth - 1), b = random_size(depth - 1);
    switch (pick(8)) {
    case 0: return size_mul(a, b);
    case 1: return size_floordiv(a, number(2 + pick(3)));
    case 2: return size_mod(a, number(2 + pick(3)));
    case 3: return size_min(a, b);
    case 4: return size_max(a, b);
    case 5: return size_floordiv(a, size_atom(variables[pick(VARIABLES)]));
    case 6: return size_sub(a, b);
    default: return size_add(a, b);
    }
}

static int64_t assigned_value(Atom *atom, void *user) {
    (void)user;
    for (int i = 0; i < VARIABLES; i++)
        if (variables[i] == atom)
            return assigned[i];
    return 0;
}

/* 1: holds, 0: does not, -1: has no value (a division by zero). */
static int holds_now(FactKind kind, Size size) {
    int64_t value;
    if (!size_evaluate(size, assigned_value, NULL, &value))
        return -1;
    return kind == FACT_GE ? value >= 0 : kind == FACT_EQ ? value == 0 : value != 0;
}

static bool next_assignment(void) {
    for (int i = 0; i < VARIABLES; i++) {
        if (++assigned[i] <= MOST)
            return true;
        assigned[i] = LEAST;
    }
    return false;
}

/* How often the goal holds and does not, where the facts hold. */
static void count_outcomes(Facts *facts, FactKind kind, Size goal, int *holding, int *failing) {
    for (int i = 0; i < VARIABLES; i++)
        assigned[i] = LEAST;
    do {
        bool possible = true;
        for (Facts *fact = facts; fact && possible; fact = fact->parent)
            possible = holds_now(fact->kind, fact->size) == 1;
        int truth = possible ? holds_now(kind, goal) : -1;
        *holding += truth == 1;
        *failing += truth == 0;
    } while (next_assignment());
}

static void no_verdict_is_wrong(void) {
    int decided = 0;
    for (int round = 0; round < 2000; round++) {
        Facts *facts = NULL;
        int holding = 0, failing = 0;
        for (int i = 0; i < VARIABLES; i++) {
            variables[i] = atom_var("r");
            if (pick(2))
                facts = ge(facts, size_atom(variables[i]), number(0));
        }
        for (int i = pick(4); i > 0; i--)
            facts = facts_add(arena, facts, (FactKind[]){FACT_GE, FACT_GE, FACT_EQ, FACT_NE}[pick(4)], random_size(2),
                              "given", nowhere);
        Size goal = random_size(3);
        FactKind kind = pick(3) ? FACT_GE : FACT_EQ;
        Verdict verdict = kind == FACT_GE ? prove_ge(facts, goal, number(0)) : prove_eq(facts, goal, number(0));
        count_outcomes(facts, kind, goal, &holding, &failing);
        decided += verdict != UNDECIDED;
        if ((verdict == PROVED && failing) || (verdict == REFUTED && holding)) {
            fprintf(stderr, "round %d: %s\n", round, size_print(arena, goal));
            CHECK(!"a verdict is wrong");
        }
        if (facts_contradict(facts, NULL)) {
            CHECK(!holding && !failing);
        }
    }
    CHECK(decided > 250);
}

/* Products and quotients of bytes, against all corners and some values between. */
static void products_of_bytes(void) {
    Size a = variable("a"), b = variable("b"), k = variable("k"), none = variable("none");
    Facts *facts = NULL;
    Size all[] = {a, b, k};
    for (int i = 0; i < 3; i++) {
        facts = facts_ge(arena, facts, all[i], number(0), "a byte", nowhere);
        facts = facts_ge(arena, facts, number(255), all[i], "a byte", nowhere);
    }
    Size mix = size_add(size_mul(a, k), size_mul(b, size_sub(number(255), k)));
    int64_t lo, hi;
    CHECK(corner_bounds(facts, mix, &lo, &hi) && lo == 0 && hi == 65025);
    CHECK(corner_bounds(facts, size_sub(size_mul(a, b), size_mul(a, k)), &lo, &hi) && lo == -65025 && hi == 65025);
    CHECK(!corner_bounds(facts, size_mul(a, none), &lo, &hi));
    CHECK(!corner_bounds(facts, size_mul(a, a), &lo, &hi));
    Size mean = size_floordiv(mix, number(255));
    CHECK(prove_at_corners(facts, mean));
    CHECK(prove_at_corners(facts, size_sub(number(255), mean)));
    CHECK(!prove_at_corners(facts, size_sub(number(254), mean)));
    CHECK(!prove_at_corners(facts, size_sub(mean, number(1))));
    CHECK(prove_at_corners(facts, size_add(size_floordiv(size_sub(a, b), number(2)), number(128))));
    CHECK(!prove_at_corners(facts, size_add(size_floordiv(size_sub(a, b), number(2)), number(127))));
}

int main(void) {
    arena = arena_new();
    products_of_bytes();
    equal_polynomials_are_equal_pointers();
    linear_goals();
    sizes_of_zero_and_one();
    parity();
    products();
    nested_products();
    naive_convolve();
    no_verdict_is_wrong();
    bounds_and_counterexamples();
    projections();
    arena_free(arena);
    return test_report();
}
