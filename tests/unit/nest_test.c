/* nest_test.c: building, copying, analysis, and each step of the schedule on nests built by hand: the
 * interpreter must give the same bytes before and after, and what is not legal must be refused. */
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

/* out[i, j] = out[i, j - back] + a[i, j] where back is 1: columns depend on each other */
static Fixture running(void) {
    Fixture f = fixture_new();
    Size index[2], before[2];
    f.columns->as.loop.lo = size_const(1);
    index_of(&f, index);
    before[0] = index[0];
    before[1] = size_sub(index[1], size_const(1));
    Value *old = build_load(&f.inner, f.out, before), *element = build_load(&f.inner, f.a, index);
    build_store(&f.inner, f.out, index, build_let(&f.inner, OP_ADD, DTYPE_F64, old, element, NULL));
    finish(&f);
    return f;
}

static void same_after(Fixture (*build)(void), void (*change)(Fixture *f), const char *what) {
    Fixture f = build();
    Snapshot *before = snapshot_take(f.module, 4);
    change(&f);
    nest_verify(f.module, what);
    snapshot_compare(before, f.module, what);   /* ends the process where something differs */
    CHECK(true);
}

/* Three pieces in a row, of which the middle one has plain bounds inside. */
static void split(Node *loop) {
    Middle middle;
    CHECK(find_middle(loop, loop, &middle));
    CHECK(middle.break_first && middle.break_end);
    Builder b = {loop->region->function, loop->region, loop, nowhere};
    Node *before = loop_piece(&b, loop, middle.lo, middle.first);
    Node *inside = loop_piece(&b, loop, middle.first, middle.end);
    loop_piece(&b, loop, middle.end, middle.hi);
    assume_middle(inside, &middle);
    CHECK(inner_bounds_are_plain(inside));
    CHECK(!inner_bounds_are_plain(before));
    node_remove(loop);
}

static void split_rows(Fixture *f) {
    split(f->rows);
}

static void split_columns(Fixture *f) {
    split(f->columns);
}

static void jam_rows(Fixture *f) {
    const char *why;
    Node *rest;
    JamPlan plan = {.copies = 3, .stride = 1};
    CHECK(may_jam(f->rows, &why));
    Node *main = unroll_and_jam(f->rows, &plan, &rest);
    CHECK(main->as.loop.step == 3 && rest == f->rows);
}

static void jam_rows_overlapped(Fixture *f) {
    Node *rest;
    JamPlan plan = {.copies = 3, .stride = 1, .overlapped = true};
    CHECK(nest_is_repeatable(f->rows));
    Goal enough = {FACT_GE, size_sub(f->rows->as.loop.hi, size_const(3))};
    Builder b = {f->function, f->rows->region, f->rows, nowhere};
    Node *version = build_version(&b, &enough, 1, NULL, "three rows");
    CloneMap map = {.function = f->function, .relabel = true};
    Node *copy = clone_node(&map, f->rows, version->as.version.fast, NULL);
    node_move(f->rows, version->as.version.plain, NULL);
    CHECK(unroll_and_jam(copy, &plan, &rest)->as.loop.overlapped && !rest);
}

static void jam_skewed(Fixture *f) {
    Node *rest;
    JamPlan plan = {.copies = 4, .stride = 1, .skewed = name_of("k"), .shift = 1};
    unroll_and_jam(f->rows, &plan, &rest);
}

static void jam_skewed_backwards(Fixture *f) {
    Node *rest;
    JamPlan plan = {.copies = 2, .stride = 1, .skewed = name_of("k"), .shift = -1};
    unroll_and_jam(f->rows, &plan, &rest);
}

static void vectorize_columns(Fixture *f) {
    const char *why;
    CHECK(may_vectorize(f->columns, &why));
    vectorize(f->columns, 4, (JamPlan){.copies = 2});
}

static void plan_all(Fixture *f) {
    PassContext context = {.vector_width = 4};
    pass_schedule(f->module, &context);
}

static void steps_keep_the_meaning(void) {
    same_after(windowed, split_rows, "split_index_set of rows");
    same_after(windowed, split_columns, "split_index_set of columns");
    same_after(doubled, jam_rows, "unroll_and_jam");
    same_after(windowed, jam_rows, "unroll_and_jam of a window");
    same_after(doubled, jam_rows_overlapped, "unroll_and_jam, overlapped");
    same_after(windowed, jam_rows_overlapped, "unroll_and_jam of a window, overlapped");
    same_after(windowed, jam_skewed, "unroll_and_jam, skewed");
    same_after(windowed, jam_skewed_backwards, "unroll_and_jam, skewed backwards");
    same_after(doubled, vectorize_columns, "vectorize");
    same_after(windowed, vectorize_columns, "vectorize with bounds that vary over the lanes");
    same_after(doubled, plan_all, "the planner");
    same_after(windowed, plan_all, "the planner on a window");
    same_after(running, plan_all, "the planner on a recurrence");
}

static void illegal_steps_are_refused(void) {
    Fixture f = running();
    const char *why = "";
    Middle middle;
    CHECK(!may_vectorize(f.columns, &why));
    CHECK_STR(why, "rounds touch the same element");
    CHECK(!may_jam(f.columns, &why));
    CHECK(may_jam(f.rows, &why));
    CHECK(!may_vectorize(f.rows, &why));
    Fixture d = doubled();
    CHECK(find_middle(d.columns, d.columns, &middle) && !middle.break_first && !middle.break_end);
    CHECK(!nest_is_repeatable(f.rows));
    CHECK(!forward_init(d.rows));
    CHECK(!fill_by_runtime(d.rows));
    Node *chain[] = {d.rows, d.columns};
    CHECK(gather_target(chain, 2) == NULL);
    d.function->apart = false;
    CHECK(!loop_is_parallel(d.columns, &why));
    CHECK_STR(why, "arrays that may overlap");
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

int main(void) {
    steps_keep_the_meaning();
    illegal_steps_are_refused();
    copies_are_apart_from_their_originals();
    facts_come_from_the_loops_around();
    return test_report();
}
