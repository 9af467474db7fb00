/* passes_test.c: passes on functions built by hand; the interpreter must give the same bytes before and
 * after. */
#include "passes/passes.h"
#include "test.h"

static const Span nowhere;
static const PassContext context = {.vector_width = 4};

/* f(n, a: f64[n], b: f64[n]), apart or not. */
typedef struct {
    Module *module;
    Function *function;
    Value *n, *a, *b;
    Builder builder;
} Fixture;

static Fixture fixture_new(bool apart) {
    Fixture f = {.module = module_new("test.mnp")};
    f.function = module_function(f.module, name_of("f"), nowhere);
    f.function->apart = apart;
    f.n = build_parameter(f.function, VALUE_SCALAR, DTYPE_I64, name_of("n"));
    Size shape[1] = {value_size(f.n)}, stride[1] = {size_const(1)};
    f.a = build_array_parameter(f.function, DTYPE_F64, name_of("a"), 1, shape, stride);
    f.b = build_array_parameter(f.function, DTYPE_F64, name_of("b"), 1, shape, stride);
    f.function->facts = facts_ge(f.module->arena, NULL, shape[0], size_const(0), "sizes", nowhere);
    f.builder = (Builder){f.function, f.function->body, NULL, nowhere};
    return f;
}

static int count_kind(const Region *region, NodeKind kind) {
    int total = 0;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        total += node->kind == kind;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            total += count_kind(regions[i], kind);
    }
    return total;
}

static void same_after(Fixture *f, void (*pass)(Module *module, const PassContext *context), const char *what) {
    Values none = {0};
    build_exit(&f->builder, EXIT_RETURN, NULL, &none);
    nest_verify(f->module, "building");
    Snapshot *before = snapshot_take(f->module, 4);
    pass(f->module, &context);
    nest_verify(f->module, what);
    snapshot_compare(before, f->module, what);   /* ends the process where something differs */
}

/* for i: b[i] = a[i] + a[i] + 1.0 ; then again with a store to b between the loads of a */
static int loads_after_common(bool apart) {
    Fixture f = fixture_new(apart);
    Builder b = f.builder;
    Node *loop = build_for(&b, name_of("i"), size_const(0), value_size(f.n), 1, NULL);
    b.region = loop->as.loop.body;
    Size index[1] = {value_size(loop->as.loop.iv)};
    for (int k = 0; k < 2; k++) {
        Value *x = build_load(&b, f.a, index), *y = build_load(&b, f.a, index);
        Value *sum = build_let(&b, OP_ADD, DTYPE_F64, x, y, NULL);
        build_store(&b, f.b, index, build_let(&b, OP_ADD, DTYPE_F64, sum, build_f64(&b, 1), NULL));
    }
    same_after(&f, pass_common, "common");
    CHECK(count_kind(f.function->body, NODE_CONST) == 1);
    CHECK(count_kind(f.function->body, NODE_LET) == (apart ? 2 : 4));
    return count_kind(f.function->body, NODE_LOAD);
}

static void loads_are_shared_where_nothing_stores_between(void) {
    CHECK(loads_after_common(true) == 1);
    CHECK(loads_after_common(false) == 2);
}

/* x = a[0]; for i: b[i] = a[0]; a[0] = x + b[i]: what a round stores, the next one reads. */
static void loops_forget_what_they_store(void) {
    Fixture f = fixture_new(true);
    Builder b = f.builder;
    Goal some = {FACT_GE, size_sub(value_size(f.n), size_const(1))};
    Node *version = build_version(&b, &some, 1, NULL, "an element");
    b.region = version->as.version.fast;
    Size zero[1] = {size_const(0)};
    Value *x = build_load(&b, f.a, zero);
    Node *loop = build_for(&b, name_of("i"), size_const(0), value_size(f.n), 1, NULL);
    b.region = loop->as.loop.body;
    Size index[1] = {value_size(loop->as.loop.iv)};
    build_store(&b, f.b, index, build_load(&b, f.a, zero));
    Value *stored = build_load(&b, f.b, index);
    build_store(&b, f.a, zero, build_let(&b, OP_ADD, DTYPE_F64, x, stored, NULL));
    same_after(&f, pass_common, "common");
    /* The loads of a stay, that of b is what was stored. */
    CHECK(count_kind(f.function->body, NODE_LOAD) == 2);
}

/* An int that is computed twice is one in indices too. */
static void indices_follow(void) {
    Fixture f = fixture_new(true);
    Builder b = f.builder;
    Goal some = {FACT_GE, size_sub(value_size(f.n), size_const(3))};
    Node *version = build_version(&b, &some, 1, NULL, "elements");
    b.region = version->as.version.fast;
    for (int k = 0; k < 2; k++) {
        Value *two = build_let(&b, OP_MINIMUM, DTYPE_I64, f.n, build_size(&b, size_const(2)), NULL);
        Size index[1] = {value_size(two)};
        build_store(&b, f.b, index, build_load(&b, f.a, index));
    }
    same_after(&f, pass_common, "common");
    CHECK(count_kind(f.function->body, NODE_LOAD) == 1);
}

int main(void) {
    loads_are_shared_where_nothing_stores_between();
    loops_forget_what_they_store();
    indices_follow();
    return test_report();
}
