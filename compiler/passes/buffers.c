/* buffers.c: where temporary arrays live. What nobody else gets hold of (no reference is kept, nothing yields it, calls
 * only look at it) is
 *
 *   - on the stack, where its size is a small constant, or
 *   - allocated once before a loop that would allocate it in each round, where its size does not change:
 *
 *       for k: t = alloc [n]; ...     ->    t = alloc [n]; for k: ...
 *
 *     A loop without rounds allocates nothing, a size that a check in the loop refuses neither: then the buffer has
 *     max(n, 0) * min(max(rounds, 0), 1) elements, and the loop sees it in its shape. Zeros become stores.
 *
 * Needs fuse and destination, which do away with arrays; siblings and the schedule see loops without allocations. */
#include "analysis/analysis.h"
#include "passes/passes.h"

enum { STACK_BYTES = 4096, FRAME_BYTES = 32768, CALLS_DEEP = 4 };

/* ---- who gets hold of an array ------------------------------------------------------------- */

static bool parameter_stays(const Function *function, const Value *parameter, int depth);

/* The callee keeps no argument that is the array. */
static bool call_only_looks(const Node *call, const Value *array, int depth) {
    const Values *arguments = &call->as.call.arguments;
    for (int i = 0; i < arguments->count; i++)
        if (arguments->data[i]->kind == VALUE_ARRAY && value_root(arguments->data[i]) == array &&
            !parameter_stays(call->as.call.callee, call->as.call.callee->parameters.data[i], depth + 1))
            return false;
    return true;
}

static bool node_only_looks(Node *node, const Value *array, int depth) {
    if (!node_has_array(node, array))
        return true;
    switch (node->kind) {
    case NODE_LOAD: case NODE_STORE: case NODE_VIEW:
        return true;
    case NODE_CALL:
        return call_only_looks(node, array, depth);
    case NODE_RUNTIME:
        return !strncmp(node->as.runtime.symbol, "mnp_print", 9) || !strcmp(node->as.runtime.symbol, "mnp_zero");
    case NODE_CONST: case NODE_STRING: case NODE_SIZE: case NODE_LET: case NODE_FOR: case NODE_WHILE: case NODE_IF:
    case NODE_REDUCE: case NODE_VERSION: case NODE_CHECK: case NODE_ALLOC: case NODE_RETAIN: case NODE_RELEASE:
    case NODE_CELL_GET: case NODE_CELL_SET: case NODE_EXIT:
        return false;
    }
    return false;
}

static bool stays(const Region *region, const Value *array, int depth) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (!node_only_looks(node, array, depth))
            return false;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (!stays(regions[i], array, depth))
                return false;
    }
    return !values_have_array(&region->yields, array);
}

static bool parameter_stays(const Function *function, const Value *parameter, int depth) {
    return depth < CALLS_DEEP && !function->external && stays(function->body, parameter, depth);
}

/* ---- on the stack -------------------------------------------------------------------------- */

static int64_t bytes_of(const Value *array) {
    int64_t bytes = dtype_info(array->dtype)->bytes, size;
    for (int axis = 0; axis < array->rank; axis++) {
        if (!size_is_const(array->shape[axis], &size) || size < 0 || size > STACK_BYTES)
            return STACK_BYTES + 1;
        bytes *= size;
        if (bytes > STACK_BYTES)
            return bytes;
    }
    return bytes;
}

static bool is_recursive(const Function *function) {
    const Node *first = function->body->first;
    return first && first->kind == NODE_RUNTIME && !strcmp(first->as.runtime.symbol, "mnp_enter");
}

/* Its round is over before the place is used again. */
static bool put_on_stack(Node *alloc, int64_t *frame) {
    Value *array = alloc->results.data[0];
    int64_t bytes = bytes_of(array);
    if (bytes > STACK_BYTES || *frame + bytes > FRAME_BYTES)
        return false;
    *frame += bytes;
    alloc->as.alloc.stack = true;
    array->owned = false;
    return true;
}

/* ---- out of loops -------------------------------------------------------------------------- */

/* The outermost loop in whose rounds the size is the same; NULL: it is in none. */
static Node *loop_to_leave(const Node *alloc) {
    Node *found = NULL;
    for (Node *outer = alloc->region->parent; outer && outer->kind == NODE_FOR; outer = outer->region->parent) {
        if (sizes_change_in(outer, alloc->results.data[0]->shape, alloc->results.data[0]->rank))
            break;
        found = outer;
    }
    return found;
}

/* How often the loops up to `last` have a round at all: 0 or 1. NULL: they surely have. */
static Size any_round(const Node *alloc, const Node *last) {
    Size any = NULL;
    for (const Node *loop = alloc->region->parent;; loop = loop->region->parent) {
        Size rounds = size_sub(loop->as.loop.hi, loop->as.loop.lo);
        if (!sizes_change_in(last, &rounds, 1) && prove_ge(facts_at(loop), rounds, size_const(1)) != PROVED) {
            Size one = size_min(size_max(rounds, size_const(0)), size_const(1));
            any = any ? size_mul(any, one) : one;
        }
        if (loop == last)
            return any;
    }
}

static bool is_a_size(const Node *loop, const Value *array) {
    Facts *facts = facts_at(loop);
    for (int axis = 0; axis < array->rank; axis++)
        if (prove_ge(facts, array->shape[axis], size_const(0)) != PROVED)
            return false;
    return true;
}

static void log_hoisted(const Node *alloc, const Node *loop) {
    const Value *array = alloc->results.data[0];
    function_log(loop->region->function, "%s (%s) is allocated once, before loop %s",
                 array->name ? array->name : "a temporary", source_line(alloc->span), loop->as.loop.label);
}

/* A buffer that is large enough before the loop, seen in its shape where it was allocated. */
static void allocate_before(Node *alloc, Node *loop, Size any) {
    Function *function = loop->region->function;
    Value *array = alloc->results.data[0];
    Builder outside = {function, loop->region, loop, alloc->span}, here = {function, alloc->region, alloc, alloc->span};
    Size shape[RANK_MAX];
    for (int axis = 0; axis < array->rank; axis++)
        shape[axis] = size_max(array->shape[axis], size_const(0));
    shape[0] = any ? size_mul(shape[0], any) : shape[0];
    Value *buffer = build_alloc(&outside, array->dtype, array->rank, shape, false);
    buffer->name = array->name;
    Value *seen = build_reshape(&here, buffer, array->rank, array->shape);
    region_replace(function->body, array, seen);
    if (alloc->as.alloc.zeroed)
        build_zeros(&here, seen);
    node_remove(alloc);
}

static bool leave_loop(Node *alloc) {
    Node *loop = loop_to_leave(alloc);
    if (!loop || !alloc->results.data[0]->rank)
        return false;
    Size any = any_round(alloc, loop);
    log_hoisted(alloc, loop);
    if (any || !is_a_size(loop, alloc->results.data[0])) {
        allocate_before(alloc, loop, any);
        return true;
    }
    if (alloc->as.alloc.zeroed) {
        Builder behind = {loop->region->function, alloc->region, alloc->next, alloc->span};
        build_zeros(&behind, alloc->results.data[0]);
        alloc->as.alloc.zeroed = false;
    }
    node_move(alloc, loop->region, loop);
    return true;
}

/* It is in a loop, or small. */
static bool may_be_better(const Node *alloc) {
    return (alloc->region->parent && alloc->region->parent->kind == NODE_FOR) ||
           bytes_of(alloc->results.data[0]) <= STACK_BYTES;
}

/* ---- all of them --------------------------------------------------------------------------- */

static void visit(Region *region, int64_t *frame) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            visit(regions[i], frame);
        if (node->kind != NODE_ALLOC || !may_be_better(node) || !stays(region, node->results.data[0], 0))
            continue;
        if (is_recursive(region->function) || !put_on_stack(node, frame))
            leave_loop(node);
    }
}

void pass_buffers(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next) {
        int64_t frame = 0;
        visit(function->body, &frame);
    }
}
