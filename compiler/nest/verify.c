/* verify.c: the invariants of the IR, tested after every pass. */
#include "nest/nest.h"

#include <setjmp.h>
#include <stdlib.h>

typedef struct {
    const Function *function;
    unsigned char *defined;      /* a value's id: its definition dominates this place */
    const Node *node;
    jmp_buf broken;
    const char *what;
} Verifier;

static _Noreturn void broken(Verifier *v, const char *what) {
    v->what = what;
    longjmp(v->broken, 1);
}

static void define(Verifier *v, const Values *values, bool in_scope) {
    for (int i = 0; i < values->count; i++) {
        if (in_scope && v->defined[values->data[i]->id])
            broken(v, "defined twice");
        v->defined[values->data[i]->id] = in_scope;
    }
}

static void use_value(Value **value, void *user) {
    Verifier *v = user;
    if (!*value || !v->defined[(*value)->id])
        broken(v, "used where it is not defined");
}

static void use_atom(Atom *atom, void *user) {
    Verifier *v = user;
    Value *value = atom_value(atom);
    if (!value || !v->defined[value->id])
        broken(v, "a size is used where it is not defined");
}

static void use_size(Size *size, void *user) {
    size_variables(*size, use_atom, user);
}

static void expect(Verifier *v, bool condition, const char *what) {
    if (!condition)
        broken(v, what);
}

static bool same_kind(const Value *a, const Value *b) {
    return a->kind == b->kind && a->dtype == b->dtype && a->rank == b->rank;
}

static void match(Verifier *v, const Values *values, const Values *wanted, const char *what) {
    expect(v, values->count == wanted->count, what);
    for (int i = 0; i < values->count; i++)
        expect(v, same_kind(values->data[i], wanted->data[i]), what);
}

static void verify_region(Verifier *v, Region *region, const Node *parent, const Values *wanted);
static void verify_node(Verifier *v, Node *node);

static bool is_scalar(const Value *value, DType dtype) {
    return value->kind == VALUE_SCALAR && value->dtype == dtype;
}

static void verify_let(Verifier *v, const Node *node) {
    Op op = node->as.let.op;
    Value *const *operands = node->as.let.operands;
    int first = op == OP_SELECT;
    expect(v, !first || is_scalar(operands[0], DTYPE_BOOL), "a select asks a bool");
    for (int i = first; i < op_info(op)->arity; i++)
        expect(v, is_scalar(operands[i], op == OP_LDEXP && i ? DTYPE_I64 : operands[first]->dtype),
               "operands have one dtype");
    expect(v, node->results.data[0]->kind == VALUE_SCALAR, "an operation gives a scalar");
}

static void verify_array(Verifier *v, const Node *node, const Value *array, bool same_dtype) {
    const Value *result = node->results.data[0];
    expect(v, array->kind == VALUE_ARRAY && result->kind == VALUE_ARRAY, "views are of arrays");
    expect(v, !same_dtype || array->dtype == result->dtype, "a view has its base's dtype");
}

/* Values that come without being computed: an array first, then its sizes and strides. */
static void verify_cell(Verifier *v, const Node *node) {
    const Cell *cell = node->as.cell.cell;
    const Value *value = node->kind == NODE_CELL_SET ? node->as.cell.value : node->results.data[0];
    expect(v, value->kind == cell->kind && value->dtype == cell->dtype && value->rank == cell->rank,
           "a cell keeps its kind, dtype and rank");
    for (int i = 1; i < node->results.count; i++)
        expect(v, is_scalar(node->results.data[i], DTYPE_I64), "sizes are i64");
}

static void verify_call(Verifier *v, const Node *node) {
    const Function *callee = node->as.call.callee;
    match(v, &node->as.call.arguments, &callee->parameters, "arguments match parameters");
    match(v, &node->results, &callee->results, "a call brings the function's results");
}

/* How many results a node of the kind has; -1: any number. */
static int result_count(const Node *node) {
    switch (node->kind) {
    case NODE_CONST: case NODE_STRING: case NODE_SIZE: case NODE_LET: case NODE_LOAD: case NODE_REDUCE:
    case NODE_ALLOC: case NODE_VIEW:
        return 1;
    case NODE_STORE: case NODE_CHECK: case NODE_RETAIN: case NODE_RELEASE: case NODE_CELL_SET: case NODE_EXIT:
        return 0;
    case NODE_FOR: return node->as.loop.heads.count;
    case NODE_WHILE: return node->as.whilst.heads.count;
    case NODE_CELL_GET: return 1 + 2 * node->as.cell.cell->rank;
    case NODE_IF: case NODE_VERSION: case NODE_CALL: case NODE_RUNTIME:
        return -1;
    }
    return -1;
}

static void verify_kinds(Verifier *v, const Node *node) {
    int count = result_count(node);
    expect(v, count < 0 || node->results.count == count, "a node of this kind has another number of results");
    if (node->kind == NODE_LET)
        verify_let(v, node);
    if (node->kind == NODE_STORE)
        expect(v, is_scalar(node->as.store.value, node->as.store.array->dtype), "a store's value has the array's dtype");
    if (node->kind == NODE_IF)
        expect(v, is_scalar(node->as.branch.test, DTYPE_BOOL), "a condition is a bool");
    if (node->kind == NODE_CHECK && node->as.check.kind == CHECK_TRUE)
        expect(v, is_scalar(node->as.check.cond, DTYPE_BOOL), "a condition is a bool");
    if (node->kind == NODE_VIEW)
        verify_array(v, node, node->as.view.base, true);
    if (node->kind == NODE_ALLOC)
        verify_array(v, node, node->results.data[0], true);
    if (node->kind == NODE_CELL_GET || node->kind == NODE_CELL_SET)
        verify_cell(v, node);
    if (node->kind == NODE_CALL)
        verify_call(v, node);
    if (node->kind == NODE_FOR)
        match(v, &node->results, &node->as.loop.heads, "results match heads");
    if (node->kind == NODE_WHILE)
        match(v, &node->results, &node->as.whilst.heads, "results match heads");
}

static bool ends_with_exit(const Region *region) {
    return region->last && region->last->kind == NODE_EXIT;
}

static void verify_loop(Verifier *v, Node *node) {
    Value *iv = node->as.loop.iv;
    expect(v, node->as.loop.step > 0 && node->as.loop.width > 0, "step and width are positive");
    match(v, &node->as.loop.init, &node->as.loop.heads, "initial values match heads");
    v->defined[iv->id] = 1;
    define(v, &node->as.loop.heads, true);
    verify_region(v, node->as.loop.body, node, &node->as.loop.heads);
    define(v, &node->as.loop.heads, false);
    v->defined[iv->id] = 0;
}

static void verify_while(Verifier *v, Node *node) {
    match(v, &node->as.whilst.init, &node->as.whilst.heads, "initial values match heads");
    define(v, &node->as.whilst.heads, true);
    for (Node *inner = node->as.whilst.head->first; inner; inner = inner->next)
        expect(v, inner->kind != NODE_EXIT, "no exit in a while's head");
    /* The head's definitions are seen by the body. */
    Region *head = node->as.whilst.head;
    for (Node *inner = head->first; inner; inner = inner->next)
        verify_node(v, inner);
    v->node = node;
    expect(v, !head->yields.count, "a while's head yields nothing");
    use_value(&node->as.whilst.test, v);
    expect(v, is_scalar(node->as.whilst.test, DTYPE_BOOL), "a condition is a bool");
    verify_region(v, node->as.whilst.body, node, &node->as.whilst.heads);
    for (Node *inner = head->first; inner; inner = inner->next)
        define(v, &inner->results, false);
    define(v, &node->as.whilst.heads, false);
}

static void verify_exit(Verifier *v, const Node *node) {
    expect(v, !node->next, "an exit is last");
    const Node *target = node->as.exit.target;
    if (node->as.exit.kind == EXIT_BREAK)
        match(v, &node->as.exit.values, &target->results, "a break brings the loop's results");
    if (node->as.exit.kind == EXIT_CONTINUE)
        match(v, &node->as.exit.values,
              target->kind == NODE_FOR ? &target->as.loop.heads : &target->as.whilst.heads,
              "a continue brings the next round's values");
    if (node->as.exit.kind == EXIT_RETURN)
        match(v, &node->as.exit.values, &v->function->results, "a return brings the function's results");
    if (target)
        expect(v, region_contains(target->kind == NODE_FOR ? target->as.loop.body
                                                           : target->as.whilst.body,
                                  node->region),
               "an exit's target is around it");
}

static void verify_node(Verifier *v, Node *node) {
    Region *regions[2];
    v->node = node;
    node_uses(node, use_value, use_size, v);
    verify_kinds(v, node);
    if (node->kind == NODE_FOR) {
        verify_loop(v, node);
    } else if (node->kind == NODE_WHILE) {
        verify_while(v, node);
    } else if (node->kind == NODE_REDUCE) {
        v->defined[node->as.reduce.iv->id] = 1;
        verify_region(v, node->as.reduce.body, node, &node->results);
        v->defined[node->as.reduce.iv->id] = 0;
    } else {
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            verify_region(v, regions[i], node, &node->results);
    }
    v->node = node;
    if (node->kind == NODE_EXIT)
        verify_exit(v, node);
    for (int i = 0; i < node->results.count; i++)
        expect(v, node->results.data[i]->node == node, "a result knows its node");
    define(v, &node->results, true);
}

static void verify_region(Verifier *v, Region *region, const Node *parent, const Values *wanted) {
    expect(v, region->parent == parent, "a region knows its node");
    for (Node *node = region->first; node; node = node->next) {
        expect(v, node->region == region, "a node knows its region");
        verify_node(v, node);
    }
    if (!ends_with_exit(region)) {
        v->node = parent;
        for (int i = 0; i < region->yields.count; i++)
            use_value(&region->yields.data[i], v);
        match(v, &region->yields, wanted, "yields match results");
    }
    for (Node *node = region->first; node; node = node->next)
        define(v, &node->results, false);
}

static void carried_sizes(Verifier *v, const Values *values) {
    for (int i = 0; i < values->count; i++)
        for (int axis = 0; axis < values->data[i]->rank; axis++) {
            use_size(&values->data[i]->shape[axis], v);
            use_size(&values->data[i]->stride[axis], v);
        }
}

const char *nest_fault(const Module *module, const Node **where) {
    static const Values none;
    Verifier *v = memory_new(1, sizeof *v);
    v->defined = memory_new(module->value_count + 1, 1);
    if (!setjmp(v->broken))
        for (const Function *function = module->functions; function; function = function->next) {
            v->function = function;
            v->node = NULL;
            define(v, &function->parameters, true);
            carried_sizes(v, &function->parameters);
            verify_region(v, function->body, NULL, &none);
            define(v, &function->parameters, false);
        }
    const char *what = v->what;
    *where = v->node;
    free(v->defined);
    free(v);
    return what;
}

void nest_verify(const Module *module, const char *when) {
    const Node *where;
    const char *what = nest_fault(module, &where);
    const Function *function = where ? where->region->function : NULL;
    Text text = {0};
    if (!what)
        return;
    if (function)
        nest_print_function(&text, function);
    fprintf(stderr, "%s\n", text.data ? text.data : "");
    BUG("after %s, in %s: %s (node kind %d)", when, function ? function->name : "the module", what,
        where ? (int)where->kind : -1);
}
