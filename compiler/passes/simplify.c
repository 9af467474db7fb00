/* simplify.c: removes what nobody reads: pure nodes, carried values, empty loops; folds branches on
 * constants and versions that are decided. Needs nothing, breaks nothing. */
#include "analysis/analysis.h"
#include "passes/passes.h"

#include <stdlib.h>

static bool results_unused(const Node *node, const int *uses) {
    for (int i = 0; i < node->results.count; i++)
        if (uses[node->results.data[i]->id])
            return false;
    return true;
}

/* From the end: what only such a node has read is found unused, too. */
static bool remove_unused(Region *region, int *uses) {
    bool changed = false;
    for (Node *node = region->last, *previous; node; node = previous) {
        Region *regions[2];
        previous = node->previous;
        if ((node_is_pure(node) || node->kind == NODE_ALLOC) && results_unused(node, uses)) {
            uncount_uses(uses, node);
            node_remove(node);
            changed = true;
            continue;
        }
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            changed |= remove_unused(regions[i], uses);
    }
    return changed;
}

static void drop_value(Values *values, int at) {
    for (int i = at; i + 1 < values->count; i++)
        values->data[i] = values->data[i + 1];
    values->count--;
}

static bool has_exit_to(const Region *region, const Node *loop) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_EXIT && node->as.exit.target == loop)
            return true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (has_exit_to(regions[i], loop))
                return true;
    }
    return false;
}

/* The value is a size or a stride of one of the arrays. */
static bool measures_array(const Value *value, const Values *arrays) {
    for (int i = 0; i < arrays->count && value->atom; i++)
        for (int axis = 0; arrays->data[i]->kind == VALUE_ARRAY && axis < arrays->data[i]->rank; axis++)
            if (size_mentions(arrays->data[i]->shape[axis], value->atom) ||
                size_mentions(arrays->data[i]->stride[axis], value->atom))
                return true;
    return false;
}

/* An array that is carried and not read needs no references. */
static bool drop_references(const Node *loop, int at) {
    const Values *heads = &loop->as.loop.heads;
    if (heads->data[at]->kind != VALUE_ARRAY)
        return heads->data[at]->kind == VALUE_SCALAR;
    if (!heads->data[at]->owned)
        return true;
    Node *before = last_retain(loop->region, loop, loop->as.loop.init.data[at]);
    Node *inside = last_retain(loop->as.loop.body, NULL, loop->as.loop.body->yields.data[at]);
    if (!before || !inside)
        return false;
    node_remove(before);
    node_remove(inside);
    return true;
}

/* A carried value whose result and head nobody reads. */
static bool drop_carries(Node *loop, const int *uses) {
    bool changed = false;
    if (has_exit_to(loop->as.loop.body, loop) || loop->as.loop.body->yields.count != loop->as.loop.heads.count)
        return false;
    for (int i = loop->as.loop.heads.count - 1; i >= 0; i--) {
        Value *head = loop->as.loop.heads.data[i], *result = loop->results.data[i];
        if (uses[head->id] || uses[result->id] || measures_array(head, &loop->as.loop.heads) ||
            measures_array(result, &loop->results) || !drop_references(loop, i))
            continue;
        drop_value(&loop->as.loop.heads, i);
        drop_value(&loop->as.loop.init, i);
        drop_value(&loop->as.loop.body->yields, i);
        drop_value(&loop->results, i);
        changed = true;
    }
    return changed;
}

/* A value that each round hands on as it came is what the loop starts with. */
static bool drop_unchanged(Node *loop, CloneMap *renamed) {
    bool changed = false;
    Values *heads = &loop->as.loop.heads, *yields = &loop->as.loop.body->yields;
    if (yields->count != heads->count || has_exit_to(loop->as.loop.body, loop))
        return false;
    for (int i = heads->count - 1; i >= 0; i--) {
        Value *start = loop->as.loop.init.data[i];
        if (yields->data[i] != heads->data[i] || !drop_references(loop, i))
            continue;
        region_replace(loop->as.loop.body, heads->data[i], start);
        clone_map_value(renamed, loop->results.data[i], start);
        drop_value(heads, i);
        drop_value(&loop->as.loop.init, i);
        drop_value(yields, i);
        drop_value(&loop->results, i);
        changed = true;
    }
    return changed;
}

static void take_region(Node *node, Region *region, CloneMap *renamed) {
    for (int i = 0; i < node->results.count; i++)
        if (node->results.data[i]->owned)
            drop_last_retain(region, region->yields.data[i]);
    for (int i = 0; i < node->results.count; i++)
        clone_map_value(renamed, node->results.data[i], region->yields.data[i]);
    region_splice(region, node->region, node);
    node_remove(node);
}

static bool fold_branches(Region *region, const int *uses, CloneMap *renamed) {
    bool changed = false;
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        node_rename(renamed, node);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            changed |= fold_branches(regions[i], uses, renamed);
        if (node->kind == NODE_FOR)
            changed |= drop_carries(node, uses) || drop_unchanged(node, renamed);
        if (node->kind != NODE_IF || !node->as.branch.test->node ||
            node->as.branch.test->node->kind != NODE_CONST)
            continue;
        bool truth = node->as.branch.test->node->as.constant.value.i;
        Region *taken = truth ? node->as.branch.then : node->as.branch.otherwise;
        if (taken->last && taken->last->kind == NODE_EXIT)
            continue;
        take_region(node, taken, renamed);
        changed = true;
    }
    region_rename_end(renamed, region);
    return changed;
}

/* An operation whose operands are constants, also ints that are known polynomials. */
static bool constant_operand(const Value *value, Scalar *scalar) {
    if (value->node && value->node->kind == NODE_CONST) {
        *scalar = value->node->as.constant.value;
        return true;
    }
    return value->size && size_is_const(value->size, &scalar->i);
}

static bool fold_constant(Node *let, CloneMap *renamed) {
    Scalar operands[OPERANDS_MAX];
    for (int i = 0; i < op_info(let->as.let.op)->arity; i++)
        if (!constant_operand(let->as.let.operands[i], &operands[i]))
            return false;
    Op op = let->as.let.op;
    DType dtype = let->as.let.operands[op == OP_SELECT]->dtype;
    Builder b = {let->region->function, let->region, let, let->span};
    Value *result = let->results.data[0];
    clone_map_value(renamed, result, build_const(&b, result->dtype, op_evaluate(op, dtype, result->dtype, operands)));
    node_remove(let);
    return true;
}

/* cast(select(t, 1, 0)) -> select(t, cast(1), cast(0)): whole vectors of small elements, where the constants were
 * wide only by default. */
static bool narrow_select(Node *cast, CloneMap *renamed) {
    Value *operand = cast->as.let.operands[0];
    Node *select = operand->node;
    Scalar sides[2];
    if (cast->as.let.op != OP_CAST || !select || operand->is_head || operand->is_iv || select->kind != NODE_LET ||
        select->as.let.op != OP_SELECT || !constant_operand(select->as.let.operands[1], &sides[0]) ||
        !constant_operand(select->as.let.operands[2], &sides[1]))
        return false;
    Builder b = {cast->region->function, cast->region, cast, cast->span};
    Value *result = cast->results.data[0], *narrow[2];
    for (int i = 0; i < 2; i++)
        narrow[i] = build_const(&b, result->dtype, op_evaluate(OP_CAST, operand->dtype, result->dtype, &sides[i]));
    clone_map_value(renamed, result,
                    build_let(&b, OP_SELECT, result->dtype, select->as.let.operands[0], narrow[0], narrow[1]));
    node_remove(cast);
    return true;
}

static bool fold_lets(Region *region, CloneMap *renamed) {
    bool changed = false;
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        node_rename(renamed, node);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            changed |= fold_lets(regions[i], renamed);
        if (node->kind == NODE_LET)
            changed |= fold_constant(node, renamed) || narrow_select(node, renamed);
    }
    region_rename_end(renamed, region);
    return changed;
}

/* One walk that removes, and one that folds; true if there may be more to do. */
static bool simplify_once(Function *function) {
    CloneMap taken = {.function = function}, folded = {.function = function};
    int *uses = count_uses(function);
    bool changed = remove_unused(function->body, uses);
    changed |= fold_branches(function->body, uses, &taken);
    changed |= fold_lets(function->body, &folded);
    free(uses);
    return changed;
}

void pass_simplify(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next)
        for (int round = 0; round < 20 && simplify_once(function); round++)
            ;
}
