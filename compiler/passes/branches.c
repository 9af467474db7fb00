/* branches.c: cheap sides of an if are computed both, and the test selects:
 *
 *   r = if t: ...; yield x  else: ...; yield y              ->   ...; r = select(t, x, y)
 *   if t: ...; a[i] = x  else: ...; a[i] = y                ->   ...; a[i] = select(t, x, y)
 *
 * Cheap is a handful of operations that cannot fail. Memory is read only where both sides store to one element, and what
 * they read is there on either side, whatever the test says. Needs nothing (what is loaded once before the branch was
 * taken out of it by common.c), breaks nothing. */
#include "analysis/analysis.h"
#include "passes/passes.h"

enum { OPERATIONS_MAX = 8 };

/* Division of integers by zero is undefined where the test kept it away; C's library is not cheap. */
static bool is_cheap_operation(const Node *let) {
    Op op = let->as.let.op;
    return op_info(op)->emission == NATIVE && op != OP_FLOORDIV && op != OP_MOD && op != OP_POW;
}

/* A sum of variables is cheap; quotients and the like inside of it are not. */
static bool is_cheap_size(Size size) {
    int64_t constant;
    const Atom *atom = size_as_atom(size);
    return size_is_const(size, &constant) || (atom && atom->kind == ATOM_VAR);
}

/* What a side has besides operations. */
typedef struct {
    Node *store;             /* at its end, or NULL */
    int loads;
} Side;

/* Cheap operations, and at the end at most one store. */
static bool is_cheap(const Region *region, Side *side) {
    int operations = 0;
    *side = (Side){0};
    for (Node *node = region->first; node; node = node->next) {
        bool cheap = node->kind == NODE_CONST || node->kind == NODE_LOAD ||
                     (node->kind == NODE_SIZE && is_cheap_size(node->as.size.size)) ||
                     (node->kind == NODE_LET && is_cheap_operation(node));
        operations += node->kind == NODE_LET || node->kind == NODE_LOAD;
        side->loads += node->kind == NODE_LOAD;
        if (node->kind == NODE_STORE && node == region->last)
            side->store = node;
        else if (!cheap)
            return false;
    }
    return operations <= OPERATIONS_MAX;
}

static bool same_target(const Node *a, const Node *b) {
    return a->as.store.array == b->as.store.array &&
           same_index(a->as.store.index, b->as.store.index, a->as.store.array->rank);
}

static bool only_scalars(const Node *branch) {
    for (int i = 0; i < branch->results.count; i++)
        if (branch->results.data[i]->kind != VALUE_SCALAR)
            return false;
    return true;
}

/* `and` and `or` are what the facts know. */
static Value *selected(Builder *b, Value *test, Value *then, Value *otherwise) {
    if (then == otherwise)
        return then;
    if (otherwise == test)
        return build_let(b, OP_LOGICAL_AND, DTYPE_BOOL, test, then, NULL);
    if (then == test)
        return build_let(b, OP_LOGICAL_OR, DTYPE_BOOL, test, otherwise, NULL);
    return build_let(b, OP_SELECT, then->dtype, test, then, otherwise);
}

static void select_results(Node *branch, Builder *b, CloneMap *renamed) {
    for (int i = 0; i < branch->results.count; i++) {
        Value *result = branch->results.data[i];
        Value *value = selected(b, branch->as.branch.test, branch->as.branch.then->yields.data[i],
                                branch->as.branch.otherwise->yields.data[i]);
        clone_map_value(renamed, result, value);
    }
}

/* Both sides may be computed, and end alike. */
static bool can_be_selected(const Node *branch, Side *then, Side *otherwise) {
    const Region *regions[] = {branch->as.branch.then, branch->as.branch.otherwise};
    if (!only_scalars(branch) || !is_cheap(regions[0], then) || !is_cheap(regions[1], otherwise) ||
        !then->store != !otherwise->store || (then->store && !same_target(then->store, otherwise->store)))
        return false;
    if (!then->loads && !otherwise->loads)
        return true;
    Facts *facts = then->store ? facts_at(branch) : NULL;
    return then->store && loads_are_inside(regions[0], facts) && loads_are_inside(regions[1], facts);
}

static void convert(Node *branch, CloneMap *renamed) {
    Side then, otherwise;
    if (!can_be_selected(branch, &then, &otherwise))
        return;
    Builder b = {branch->region->function, branch->region, branch, branch->span};
    if (then.store)
        node_remove(otherwise.store);
    region_splice(branch->as.branch.then, branch->region, branch);
    region_splice(branch->as.branch.otherwise, branch->region, branch);
    if (then.store) {
        node_move(then.store, branch->region, branch);
        b.before = then.store;
        then.store->as.store.value = selected(&b, branch->as.branch.test, then.store->as.store.value,
                                              otherwise.store->as.store.value);
        b.before = branch;
    }
    select_results(branch, &b, renamed);
    node_remove(branch);
}

/* Innermost first. */
static void visit(Region *region, CloneMap *renamed) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        node_rename(renamed, node);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            visit(regions[i], renamed);
        if (node->kind == NODE_IF)
            convert(node, renamed);
    }
    region_rename_end(renamed, region);
}

void pass_branches(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next) {
        CloneMap renamed = {.function = function};
        visit(function->body, &renamed);
    }
}
