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

static bool remove_unused(Region *region, const int *uses) {
    bool changed = false;
    for (Node *node = region->last, *previous; node; node = previous) {
        Region *regions[2];
        previous = node->previous;
        if ((node_is_pure(node) || node->kind == NODE_ALLOC) && results_unused(node, uses)) {
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

/* The reference that is handed over, built right before: the last of the value's before `end` (NULL: in the region). */
static Node *handed_over(const Region *region, const Node *end, const Value *value) {
    for (Node *node = end ? end->previous : region->last; node; node = node->previous)
        if (node->kind == NODE_RETAIN && node->as.count.array == value)
            return node;
    return NULL;
}

/* An array that is carried and not read needs no references. */
static bool drop_references(const Node *loop, int at) {
    const Values *heads = &loop->as.loop.heads;
    if (heads->data[at]->kind != VALUE_ARRAY)
        return heads->data[at]->kind == VALUE_SCALAR;
    if (!heads->data[at]->owned)
        return true;
    Node *before = handed_over(loop->region, loop, loop->as.loop.init.data[at]);
    Node *inside = handed_over(loop->as.loop.body, NULL, loop->as.loop.body->yields.data[at]);
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
static bool drop_unchanged(Node *loop) {
    bool changed = false;
    Values *heads = &loop->as.loop.heads, *yields = &loop->as.loop.body->yields;
    if (yields->count != heads->count || has_exit_to(loop->as.loop.body, loop))
        return false;
    for (int i = heads->count - 1; i >= 0; i--) {
        Value *start = loop->as.loop.init.data[i];
        if (yields->data[i] != heads->data[i] || !drop_references(loop, i))
            continue;
        region_replace(loop->as.loop.body, heads->data[i], start);
        region_replace(loop->region->function->body, loop->results.data[i], start);
        drop_value(heads, i);
        drop_value(&loop->as.loop.init, i);
        drop_value(yields, i);
        drop_value(&loop->results, i);
        changed = true;
    }
    return changed;
}

/* What the region yielded keeps the owner that it has there: the reference that was handed over goes. */
static void drop_retain(Region *region, const Value *array) {
    for (Node *node = region->last; node; node = node->previous)
        if (node->kind == NODE_RETAIN && node->as.count.array == array) {
            node_remove(node);
            return;
        }
}

static void take_region(Node *node, Region *region) {
    for (int i = 0; i < node->results.count; i++)
        if (node->results.data[i]->owned)
            drop_retain(region, region->yields.data[i]);
    for (int i = 0; i < node->results.count; i++)
        region_replace(node->region->function->body, node->results.data[i], region->yields.data[i]);
    region_splice(region, node->region, node);
    node_remove(node);
}

static bool fold_branches(Region *region, const int *uses) {
    bool changed = false;
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            changed |= fold_branches(regions[i], uses);
        if (node->kind == NODE_FOR)
            changed |= drop_carries(node, uses) || drop_unchanged(node);
        if (node->kind != NODE_IF || !node->as.branch.test->node ||
            node->as.branch.test->node->kind != NODE_CONST)
            continue;
        bool truth = node->as.branch.test->node->as.constant.value.i;
        Region *taken = truth ? node->as.branch.then : node->as.branch.otherwise;
        if (taken->last && taken->last->kind == NODE_EXIT)
            continue;
        take_region(node, taken);
        changed = true;
    }
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

static bool fold_constants(Region *region) {
    bool changed = false;
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            changed |= fold_constants(regions[i]);
        if (node->kind != NODE_LET)
            continue;
        Scalar operands[OPERANDS_MAX];
        bool constant = true;
        for (int i = 0; i < op_info(node->as.let.op)->arity; i++)
            constant &= constant_operand(node->as.let.operands[i], &operands[i]);
        if (!constant)
            continue;
        Op op = node->as.let.op;
        DType dtype = node->as.let.operands[op == OP_SELECT]->dtype;
        Builder b = {region->function, region, node, node->span};
        Value *result = node->results.data[0];
        Value *folded = build_const(&b, result->dtype, op_evaluate(op, dtype, result->dtype, operands));
        region_replace(region->function->body, result, folded);
        node_remove(node);
        changed = true;
    }
    return changed;
}

/* cast(select(t, 1, 0)) -> select(t, cast(1), cast(0)): whole vectors of small elements, where the constants were
 * wide only by default. */
static bool narrow_select(Node *cast) {
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
    Value *selected = build_let(&b, OP_SELECT, result->dtype, select->as.let.operands[0], narrow[0], narrow[1]);
    region_replace(cast->region->function->body, result, selected);
    node_remove(cast);
    return true;
}

static bool narrow_selects(Region *region) {
    bool changed = false;
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            changed |= narrow_selects(regions[i]);
        changed |= node->kind == NODE_LET && narrow_select(node);
    }
    return changed;
}

void pass_simplify(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next) {
        bool changed = true;
        for (int round = 0; changed && round < 20; round++) {
            int *uses = count_uses(function);
            changed = remove_unused(function->body, uses);
            changed |= fold_branches(function->body, uses);
            changed |= fold_constants(function->body);
            changed |= narrow_selects(function->body);
            free(uses);
        }
    }
}
