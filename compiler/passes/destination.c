/* destination.c: an exported function's array result is built in the caller's memory:
 *   h = alloc; ...; return h   ->   a parameter h
 * where the function has one return, and h is allocated on its top level. A zeroed buffer becomes
 * loops that store zeros, which go where each element is written before it is read. */
#include "analysis/analysis.h"
#include "passes/passes.h"

static int count_returns(const Region *region) {
    int returns = 0;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        returns += node->kind == NODE_EXIT && node->as.exit.kind == EXIT_RETURN;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            returns += count_returns(regions[i]);
    }
    return returns;
}

typedef struct {
    const Function *function;
    bool outside;
} Scope;

static void note_foreign(Atom *atom, void *user) {
    Scope *scope = user;
    const Value *value = atom_value(atom);
    scope->outside |= !value || value->node;
}

/* The result's sizes must follow from the parameters: they are computed before the call. */
static bool shape_is_known(const Function *function, const Value *result) {
    Scope scope = {function, false};
    for (int axis = 0; axis < result->rank; axis++)
        size_variables(result->shape[axis], note_foreign, &scope);
    return !scope.outside;
}

typedef struct {
    const Value *array;
    bool found;
} Use;

static void note_use(Value **value, void *user) {
    Use *use = user;
    use->found |= *value && (*value)->kind == VALUE_ARRAY && value_root(*value) == use->array;
}

static void skip_size(Size *size, void *user) {
    (void)size, (void)user;
}

/* The node may read the array: it loads from it, or hands it or a view of it to somebody. */
static bool reads(Node *node, const Value *array);

static bool region_reads(const Region *region, const Value *array) {
    for (Node *node = region->first; node; node = node->next)
        if (reads(node, array))
            return true;
    Use use = {array, false};
    for (int i = 0; i < region->yields.count; i++)
        note_use(&region->yields.data[i], &use);
    return use.found;
}

static bool reads(Node *node, const Value *array) {
    Use use = {array, false};
    Region *regions[2];
    if (node->kind != NODE_STORE && node->kind != NODE_VIEW)
        node_uses(node, note_use, skip_size, &use);
    for (int i = 0, count = node_regions(node, regions); i < count && !use.found; i++)
        use.found = region_reads(regions[i], array);
    return use.found;
}

static bool stores(const Node *node, const Value *array) {
    Region *regions[2];
    if (node->kind == NODE_STORE && value_root(node->as.store.array) == array)
        return true;
    for (int i = 0, count = node_regions(node, regions); i < count; i++)
        for (const Node *inner = regions[i]->first; inner; inner = inner->next)
            if (stores(inner, array))
                return true;
    return false;
}

/* The first nest behind the allocation that has to do with the array; NULL where something else comes first. */
static Node *first_nest(const Node *alloc) {
    const Value *array = alloc->results.data[0];
    Node *node = alloc->next;
    while (node && !stores(node, array) && !reads(node, array))
        node = node->next;
    return node && node->kind == NODE_FOR ? node : NULL;
}

/* True if a plain nest behind the allocation stores every element before anything reads it. */
static bool overwritten(const Node *alloc) {
    const Value *array = alloc->results.data[0];
    const Node *loop = first_nest(alloc);
    for (int axis = 0; axis < array->rank; axis++) {
        if (!loop || loop->kind != NODE_FOR || loop->as.loop.step != 1 || loop->as.loop.heads.count)
            return false;
        Facts *facts = facts_at(loop);
        if (prove_eq(facts, loop->as.loop.lo, size_const(0)) != PROVED ||
            prove_ge(facts, loop->as.loop.hi, array->shape[axis]) != PROVED)
            return false;
        const Region *body = loop->as.loop.body;
        if (axis == array->rank - 1) {
            const Node *store = body->last;
            if (!region_is_plain(body) || !store || store->kind != NODE_STORE || store->as.store.array != array)
                return false;
            const Node *outer = loop;
            for (int k = axis; k >= 0; k--, outer = outer->region->parent)
                if (store->as.store.index[k] != value_size(outer->as.loop.iv))
                    return false;
            return true;
        }
        const Node *inner = body->first;
        while (inner && inner->kind != NODE_FOR)
            inner = inner->next;
        if (!inner || inner->next)
            return false;
        loop = inner;
    }
    return false;
}

static bool read_in_first_nest(const Node *alloc) {
    Node *nest = first_nest(alloc);
    return nest && reads(nest, alloc->results.data[0]);
}

/* A zeroed buffer that is wholly written first needs no zeros. */
static void drop_zeroing(Region *region) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            drop_zeroing(regions[i]);
        if (node->kind != NODE_ALLOC || !node->as.alloc.zeroed || !overwritten(node) || read_in_first_nest(node))
            continue;
        node->as.alloc.zeroed = false;
        function_log(region->function, "zeros that are overwritten before they are read are not stored");
    }
}

static Node *returned_alloc(const Node *exit, int i) {
    Value *value = exit->as.exit.values.data[i];
    Node *alloc = value->node;
    return value->kind == VALUE_ARRAY && alloc && alloc->kind == NODE_ALLOC && !value->is_head &&
                   alloc->region == alloc->region->function->body
               ? alloc
               : NULL;
}

static void remove_counting(Region *region, const Value *array) {
    for (Node *node = region->first, *next; node; node = next) {
        next = node->next;
        if ((node->kind == NODE_RETAIN || node->kind == NODE_RELEASE) && node->as.count.array == array)
            node_remove(node);
    }
}

static void drop_values(Values *values, int at, int count) {
    for (int i = at; i + count < values->count; i++)
        values->data[i] = values->data[i + count];
    values->count -= count;
}

static void place_result(Function *function, Node *exit) {
    Node *alloc = exit->as.exit.values.count ? returned_alloc(exit, 0) : NULL;
    Value *array = alloc ? alloc->results.data[0] : NULL;
    if (!array || exit->as.exit.values.count != 1 + array->rank || !shape_is_known(function, array))
        return;
    Builder behind = {function, alloc->region, alloc->next, alloc->span};
    if (alloc->as.alloc.zeroed)
        build_zeros(&behind, array);
    Arena *arena = function->module->arena;
    drop_values(&exit->as.exit.values, 0, 1 + array->rank);
    drop_values(&function->results, 0, 1 + array->rank);
    remove_counting(function->body, array);
    node_remove(alloc);
    array->node = NULL;
    array->owned = false;
    array->name = name_of("out");
    values_add(arena, &function->parameters, array);
    values_add(arena, &function->outs, array);
    function_log(function, "the result is built in the caller's memory");
}

void pass_destination(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next) {
        drop_zeroing(function->body);
        Node *last = function->body->last;
        if (function->exported && count_returns(function->body) == 1 && last && last->kind == NODE_EXIT &&
            last->as.exit.kind == EXIT_RETURN)
            place_result(function, last);
    }
}
