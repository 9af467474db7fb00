/* nest_test.c: nests built by hand, node by node: their text, copies of them, facts in them, and what the verifier says
 * where they are broken. */
#include "schedule/schedule.h"
#include "test.h"

#include <stdlib.h>

static const Span nowhere;

/* f(n, m, a: f64[n, m], out: f64[n, m]) with a nest over both axes. */
typedef struct {
    Module *module;
    Function *function;
    Value *n, *m, *a, *out;
    Node *rows, *columns;
    Builder inner;       /* at the end of the innermost body */
} Fixture;

static Fixture fixture_new(void) {
    Fixture f = {.module = module_new("test.mnp")};
    Size shape[2], stride[2];
    f.function = module_function(f.module, name_of("f"), nowhere);
    f.function->apart = true;
    f.n = build_parameter(f.function, VALUE_SCALAR, DTYPE_I64, name_of("n"));
    f.m = build_parameter(f.function, VALUE_SCALAR, DTYPE_I64, name_of("m"));
    shape[0] = value_size(f.n);
    shape[1] = value_size(f.m);
    build_contiguous(2, shape, stride);
    f.a = build_array_parameter(f.function, DTYPE_F64, name_of("a"), 2, shape, stride);
    f.out = build_array_parameter(f.function, DTYPE_F64, name_of("out"), 2, shape, stride);
    for (int axis = 0; axis < 2; axis++)
        f.function->facts = facts_ge(f.module->arena, f.function->facts, shape[axis], size_const(0), "sizes", nowhere);
    Builder b = {f.function, f.function->body, NULL, nowhere};
    f.rows = build_for(&b, name_of("i"), size_const(0), shape[0], 1, NULL);
    b.region = f.rows->as.loop.body;
    f.columns = build_for(&b, name_of("j"), size_const(0), shape[1], 1, NULL);
    b.region = f.columns->as.loop.body;
    f.inner = b;
    value_size(f.rows->as.loop.iv);
    value_size(f.columns->as.loop.iv);
    return f;
}

static void finish(Fixture *f) {
    Values none = {0};
    Builder b = {f->function, f->function->body, NULL, nowhere};
    build_exit(&b, EXIT_RETURN, NULL, &none);
    nest_verify(f->module, "building");
}

static void index_of(const Fixture *f, Size *index) {
    index[0] = value_size(f->rows->as.loop.iv);
    index[1] = value_size(f->columns->as.loop.iv);
}

/* out[i, j] = a[i, j] * 2 */
static Fixture doubled(void) {
    Fixture f = fixture_new();
    Size index[2];
    index_of(&f, index);
    Value *element = build_load(&f.inner, f.a, index);
    build_store(&f.inner, f.out, index, build_let(&f.inner, OP_MUL, DTYPE_F64, element, build_f64(&f.inner, 2), NULL));
    finish(&f);
    return f;
}

/* out[i, j] = the sum of a[k, j] for k in [max(0, i - 1), min(n, i + 2)), and of its column's neighbours */
static Fixture windowed(void) {
    Fixture f = fixture_new();
    Size index[2], at[2], i, j;
    Values init = {0}, yields = {0};
    index_of(&f, index);
    i = index[0];
    j = index[1];
    values_add(f.module->arena, &init, build_f64(&f.inner, 0));
    Node *k = build_for(&f.inner, name_of("k"), size_max(size_const(0), size_sub(i, size_const(1))),
                        size_min(value_size(f.n), size_add(i, size_const(2))), 1, &init);
    Builder b = {f.function, k->as.loop.body, NULL, nowhere};
    Values inner_init = {0}, inner_yields = {0};
    values_add(f.module->arena, &inner_init, k->as.loop.heads.data[0]);
    Node *l = build_for(&b, name_of("l"), size_max(size_const(0), size_sub(j, size_const(1))),
                        size_min(value_size(f.m), size_add(j, size_const(2))), 1, &inner_init);
    Builder c = {f.function, l->as.loop.body, NULL, nowhere};
    at[0] = value_size(k->as.loop.iv);
    at[1] = value_size(l->as.loop.iv);
    Value *sum = build_let(&c, OP_ADD, DTYPE_F64, l->as.loop.heads.data[0], build_load(&c, f.a, at), NULL);
    values_add(f.module->arena, &inner_yields, sum);
    build_yield(l->as.loop.body, &inner_yields);
    values_add(f.module->arena, &yields, l->results.data[0]);
    build_yield(k->as.loop.body, &yields);
    build_store(&f.inner, f.out, index, k->results.data[0]);
    finish(&f);
    return f;
}

/* What is built by hand is what the text says. */
static void built_nests_print_as_text(void) {
    static const char expected[] =
        "apart function f(n: i64, m: i64, a: f64[n, m], out: f64[n, m]):\n"
        "    given n >= 0  # sizes\n"
        "    given m >= 0  # sizes\n"
        "    for i in [0, n):\n"
        "        for j in [0, m):\n"
        "            %9: f64 = for k in [max(0, i - 1), min(i + 2, n)) carry %8: f64 = 0.0:\n"
        "                %12: f64 = for l in [max(0, j - 1), min(j + 2, m)) carry %11: f64 = %8:\n"
        "                    yield %11 + a[k, l]\n"
        "                yield %12\n"
        "            out[i, j] = %9\n"
        "    return\n\n";
    Text text = {0};
    ReadError why;
    nest_print_module(&text, windowed().module);
    Module *copy = nest_read(text.data, text.length, &why);
    CHECK(copy != NULL);
    CHECK_STR(why.text, "");
    CHECK_STR(text.data, expected);
    text_free(&text);
}

static void copies_are_apart_from_their_originals(void) {
    Fixture f = windowed();
    CloneMap map = {.function = f.function, .relabel = true};
    Node *copy = clone_node(&map, f.rows, f.function->body, f.rows);
    nest_verify(f.module, "clone");
    CHECK(copy->as.loop.label != f.rows->as.loop.label);
    CHECK(copy->as.loop.iv != f.rows->as.loop.iv);
    CHECK(find_loop(f.function, copy->as.loop.label) == copy);
    node_remove(copy);
    nest_verify(f.module, "removal");
}

static void facts_come_from_the_loops_around(void) {
    Fixture f = windowed();
    Size i = value_size(f.rows->as.loop.iv), n = value_size(f.n);
    Facts *facts = facts_at(f.columns);
    CHECK(prove_lt(facts, i, n) == PROVED);
    CHECK(prove_ge(facts, i, size_const(0)) == PROVED);
    CHECK(prove_ge(facts_at(f.rows), n, size_const(1)) == UNDECIDED);
    CHECK(prove_ge(facts, n, size_const(1)) == PROVED);
}

/* The place where a fixture's nest is broken is found, with what is wrong there. */
static void fault(Fixture *f, const Node *place, const char *words) {
    const Node *where;
    const char *what = nest_fault(f->module, &where);
    CHECK_STR(what ? what : "", words);
    CHECK(where == place);
}

static void the_verifier_finds_faults(void) {
    Fixture f = windowed();
    const Node *where;
    CHECK(nest_fault(f.module, &where) == NULL);
    f.rows->as.loop.step = 0;
    fault(&f, f.rows, "step and width are positive");
    f = windowed();
    f.columns->as.loop.body->last->as.store.value = f.n;
    fault(&f, f.columns->as.loop.body->last, "a store's value has the array's dtype");
    f = windowed();
    f.columns->as.loop.body->last->as.store.index[0] = size_atom(atom_var("nobody"));
    fault(&f, f.columns->as.loop.body->last, "a size is used where it is not defined");
    f = windowed();
    f.columns->as.loop.hi = value_size(f.columns->as.loop.iv);
    fault(&f, f.columns, "a size is used where it is not defined");
    f = windowed();
    node_move(f.function->body->last, f.function->body, f.rows);
    fault(&f, f.rows->previous, "an exit is last");
    f = windowed();
    f.columns->region = f.function->body;
    fault(&f, f.rows, "a node knows its region");
}

/* Runs a fixture on 3 by 4 elements. */
static void run_fixture(const Fixture *f, Outcome *outcome) {
    double a[12] = {1, 2, 3}, out[12];
    Argument arguments[4] = {{.scalar.i = 3}, {.scalar.i = 4},
                             {.data = (unsigned char *)a, .memory = (unsigned char *)a, .size = sizeof a},
                             {.data = (unsigned char *)out, .memory = (unsigned char *)out, .size = sizeof out}};
    interpret(f->function, arguments, 10000, outcome);
}

static void the_interpreter_keeps_to_the_arrays(void) {
    Fixture f = doubled();
    Outcome outcome;
    run_fixture(&f, &outcome);
    CHECK(!outcome.failed && outcome.arrays.length == 2 * 12 * sizeof(double));
    outcome_free(&outcome);
    Node *store = f.columns->as.loop.body->last;
    store->as.store.index[0] = size_add(store->as.store.index[0], size_const(1));
    run_fixture(&f, &outcome);
    CHECK(outcome.failed);
    CHECK_STR(outcome.message, "a store outside its array");
    outcome_free(&outcome);
}

int main(void) {
    the_interpreter_keeps_to_the_arrays();
    built_nests_print_as_text();
    the_verifier_finds_faults();
    copies_are_apart_from_their_originals();
    facts_come_from_the_loops_around();
    return test_report();
}
