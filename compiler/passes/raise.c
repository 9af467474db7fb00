/* raise.c: a memory target that does not move in a loop becomes a carried value:
 *   for k: x = c[i, j]; c[i, j] = fma(a, b, x)
 *   ->  x0 = c[i, j]; for k carry x = x0: yield fma(a, b, x); c[i, j] = result
 * Legal where nothing else in the loop can touch the target. Needs views. */
#include "analysis/analysis.h"
#include "passes/passes.h"

/* c[i, 0] and c[i, 1]: an axis is always as far apart, whatever the round. */
static bool stays_apart(const Node *target, const Value *array, const Size *index) {
    int64_t distance;
    for (int axis = 0; array == target->as.store.array && axis < array->rank; axis++)
        if (size_is_const(size_sub(target->as.store.index[axis], index[axis]), &distance) && distance)
            return true;
    return false;
}

/* Any other access in the region that may touch the target's memory. */
static bool touched_elsewhere(const Region *region, const Node *load, const Node *store) {
    const Value *root = value_root(store->as.store.array);
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        const Value *array = node->kind == NODE_LOAD    ? node->as.load.array
                             : node->kind == NODE_STORE ? node->as.store.array
                                                        : NULL;
        const Size *index = node->kind == NODE_LOAD ? node->as.load.index : node->as.store.index;
        if (array && node != load && node != store && !stays_apart(store, array, index) &&
            !roots_apart(region->function, root, value_root((Value *)array)))
            return true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (touched_elsewhere(regions[i], load, store))
                return true;
    }
    return false;
}

static bool find_pair(Node *loop, Node **load, Node **store) {
    for (Node *s = loop->as.loop.body->first; s; s = s->next) {
        if (s->kind != NODE_STORE || sizes_change_in(loop, s->as.store.index, s->as.store.array->rank))
            continue;
        for (Node *l = loop->as.loop.body->first; l != s; l = l->next) {
            if (l->kind != NODE_LOAD || l->as.load.array != s->as.store.array ||
                !same_index(l->as.load.index, s->as.store.index, l->as.load.array->rank) ||
                touched_elsewhere(loop->as.loop.body, l, s))
                continue;
            *load = l;
            *store = s;
            return true;
        }
    }
    return false;
}

static void raise_pair(Node *loop, Node *load, Node *store) {
    Function *function = loop->region->function;
    Arena *arena = function->module->arena;
    Value *old = load->results.data[0];
    Value *head = value_like(function->module, old), *result = value_like(function->module, old);
    head->node = result->node = loop;
    head->is_head = true;
    Builder before = {function, loop->region, loop, load->span};
    Value *init = build_load(&before, load->as.load.array, load->as.load.index);
    values_add(arena, &loop->as.loop.init, init);
    values_add(arena, &loop->as.loop.heads, head);
    values_add(arena, &loop->as.loop.body->yields, store->as.store.value);
    values_add(arena, &loop->results, result);
    region_replace(loop->as.loop.body, old, head);
    Builder after = {function, loop->region, loop->next, store->span};
    build_store(&after, store->as.store.array, store->as.store.index, result);
    node_remove(load);
    node_remove(store);
}

static void visit(Region *region) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        Node *load, *store;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            visit(regions[i]);
        if (node->kind != NODE_FOR || !region_is_plain(node->as.loop.body))
            continue;
        value_size(node->as.loop.iv);
        while (find_pair(node, &load, &store)) {
            raise_pair(node, load, store);
            function_log(region->function, "loop %s: a target that does not move is carried in a register",
                         node->as.loop.label);
        }
    }
}

void pass_raise(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next)
        visit(function->body);
}
