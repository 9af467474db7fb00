/* place.c: a temporary array that is only copied is built where the copy goes:
 *
 *   t = alloc; for s carry k: if a[s] > 0: t[k] = a[s] ...        for s carry k: if a[s] > 0: r[k + 3] = a[s] ...
 *   for i: r[i + 3] = t[i]                                   ->   (gone)
 *
 * The copy is a nest over all of the temporary that stores each element to one of its own. Legal where nothing uses the
 * temporary behind it, and where from the temporary's first access to the copy nothing touches the target's memory, fails
 * or leaves. What fuse does not take (conditional stores, several nests, sums) loses its copy here. Needs views and
 * destination, which knows the caller's memory; breaks nothing. */
#include "analysis/analysis.h"
#include "passes/passes.h"

#include <stdlib.h>

typedef struct {
    Node *alloc, *copy, *first;      /* first: that touches the temporary */
    Value *array, *target;
    Node *loops[RANK_MAX];
    const Node *store;
} Placing;

/* ---- the copy ------------------------------------------------------------------------------ */

static bool covers(const Node *loop, Size size) {
    return loop->kind == NODE_FOR && loop->as.loop.step == 1 && loop->as.loop.width == 1 && !loop->as.loop.heads.count &&
           loop->as.loop.lo == size_const(0) &&
           (loop->as.loop.hi == size || prove_eq(facts_at(loop), loop->as.loop.hi, size) == PROVED);
}

/* Each loop moves an axis of the target of its own, by one; what else is in the index is known before the temporary. */
static bool is_window(const Placing *p) {
    const Size *index = p->store->as.store.index;
    int moved = 0;
    for (int axis = 0; axis < p->target->rank; axis++) {
        int64_t factor;
        Size rest = index[axis], without;
        int variables = 0;
        for (int d = 0; d < p->array->rank; d++)
            if (size_mentions(index[axis], p->loops[d]->as.loop.iv->atom)) {
                if (!size_linear_in(rest, p->loops[d]->as.loop.iv->atom, &factor, &without) || factor != 1)
                    return false;
                rest = without;
                variables++;
            }
        if (variables > 1)
            return false;
        moved += variables;
        for (const Node *node = p->first; node != p->copy->next; node = node->next)
            if (!size_is_known_before(rest, node))
                return false;
    }
    for (int d = 0; d < p->array->rank; d++) {
        bool found = false;
        for (int axis = 0; axis < p->target->rank; axis++)
            found |= size_mentions(index[axis], p->loops[d]->as.loop.iv->atom);
        if (!found)
            return false;
    }
    return moved == p->array->rank;
}

/* The nest has nothing but a load of the temporary and the store of what it gives. */
static bool is_copy(Placing *p, Node *nest) {
    Node *node = nest;
    for (int axis = 0; axis < p->array->rank; axis++) {
        if (!node || !covers(node, p->array->shape[axis]) || (axis && (node->previous || node->next)))
            return false;
        value_size(node->as.loop.iv);
        p->loops[axis] = node;
        node = node->as.loop.body->first;
    }
    const Node *store = node ? node->next : NULL;
    if (!node || node->kind != NODE_LOAD || node->as.load.array != p->array || !store || store->kind != NODE_STORE ||
        store->next || store->as.store.value != node->results.data[0] || store->as.store.array->dtype != p->array->dtype)
        return false;
    for (int axis = 0; axis < p->array->rank; axis++)
        if (node->as.load.index[axis] != value_size(p->loops[axis]->as.loop.iv))
            return false;
    p->copy = nest;
    p->store = store;
    p->target = store->as.store.array;
    return true;
}

/* ---- what stands before it ----------------------------------------------------------------- */

static bool spares_target(const Placing *p, Node *node) {
    Region *regions[2];
    const Value *array = node->kind == NODE_LOAD    ? node->as.load.array
                         : node->kind == NODE_STORE ? node->as.store.array
                                                    : NULL;
    switch (node->kind) {
    case NODE_CONST: case NODE_SIZE: case NODE_LET: case NODE_ALLOC: case NODE_FOR: case NODE_IF: case NODE_REDUCE:
        break;
    case NODE_LOAD: case NODE_STORE:
        if (array != p->array && !roots_apart(node->region->function, value_root((Value *)array), value_root(p->target)))
            return false;
        break;
    case NODE_STRING: case NODE_WHILE: case NODE_VERSION: case NODE_CHECK: case NODE_VIEW: case NODE_RETAIN:
    case NODE_RELEASE: case NODE_CALL: case NODE_RUNTIME: case NODE_CELL_GET: case NODE_CELL_SET: case NODE_EXIT:
        return false;
    }
    for (int i = 0, count = node_regions(node, regions); i < count; i++)
        for (Node *inner = regions[i]->first; inner; inner = inner->next)
            if (!spares_target(p, inner))
                return false;
    return true;
}

/* The target is there before the temporary is touched. */
static bool is_known(const Placing *p) {
    const Node *node = p->target->node;
    for (const Node *later = p->first; node && later != p->copy->next; later = later->next)
        if (later == node)
            return false;
    return true;
}

static bool is_legal(const Placing *p) {
    for (Node *node = p->first; node != p->copy; node = node->next)
        if (!spares_target(p, node))
            return false;
    return is_known(p) && is_window(p);
}

/* ---- the change ---------------------------------------------------------------------------- */

static void move_index(const Placing *p, Size *index) {
    CloneMap map = {.function = p->alloc->region->function};
    for (int d = 0; d < p->array->rank; d++)
        clone_map_atom(&map, p->loops[d]->as.loop.iv->atom, index[d]);
    for (int axis = 0; axis < p->target->rank; axis++)
        index[axis] = clone_size(&map, p->store->as.store.index[axis]);
}

static void build_there(const Placing *p, Node *node) {
    Region *regions[2];
    if (node->kind == NODE_LOAD && node->as.load.array == p->array) {
        move_index(p, node->as.load.index);
        node->as.load.array = p->target;
    } else if (node->kind == NODE_STORE && node->as.store.array == p->array) {
        move_index(p, node->as.store.index);
        node->as.store.array = p->target;
    }
    for (int i = 0, count = node_regions(node, regions); i < count; i++)
        for (Node *inner = regions[i]->first; inner; inner = inner->next)
            build_there(p, inner);
}

static void place(const Placing *p) {
    int line, column;
    source_place(p->copy->span, &line, &column);
    function_log(p->alloc->region->function, "%s is built where loop %s (line %d) would copy it",
                 p->array->name ? p->array->name : "a temporary", p->copy->as.loop.label, line);
    for (Node *node = p->first; node != p->copy; node = node->next)
        build_there(p, node);
    node_remove(p->copy);
    node_remove(p->alloc);
}

/* The array that a nest would copy, told by its innermost body alone; NULL: it is no copy. */
static Value *copied(const Node *nest) {
    const Node *node = nest;
    while (node && node->kind == NODE_FOR)
        node = node->as.loop.body->first;
    Value *array = node && node->kind == NODE_LOAD && node->next && node->next->kind == NODE_STORE && !node->next->next
                       ? node->as.load.array
                       : NULL;
    const Node *alloc = array ? array->node : NULL;
    return alloc && alloc->kind == NODE_ALLOC && alloc->region == nest->region && !alloc->as.alloc.zeroed ? array : NULL;
}

typedef struct {
    const Value *array;
    int count;
} Uses;

static void count_use(Value **value, void *user) {
    Uses *uses = user;
    uses->count += *value == uses->array;
}

/* All uses stand from the first to the copy. */
static bool is_used_up(const Placing *p, const int *uses) {
    Uses own = {p->array, 0};
    for (Node *node = p->first; node != p->copy->next; node = node->next)
        node_uses_deep(node, count_use, NULL, &own);
    return own.count == uses[p->array->id];
}

/* `uses` stays right for arrays. */
static void try_place(Node *nest, int *uses) {
    Placing p = {.array = copied(nest)};
    if (!p.array || !is_copy(&p, nest))
        return;
    p.alloc = p.array->node;
    p.first = p.alloc->next;
    while (p.first != nest && !node_has_array_deep(p.first, p.array))
        p.first = p.first->next;
    if (p.first == nest || !is_used_up(&p, uses) || !is_legal(&p))
        return;
    uses[p.target->id] += uses[p.array->id] - 2;   /* all but the copy's load; the copy's store is gone */
    place(&p);
}

/* The last copy first: what is copied twice then goes to the last place. */
static void visit(Region *region, int *uses) {
    for (Node *node = region->last, *previous; node; node = previous) {
        Region *regions[2];
        previous = node->previous;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            visit(regions[i], uses);
        if (node->kind == NODE_FOR)
            try_place(node, uses);
    }
}

void pass_place(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next) {
        int *uses = count_uses(function);
        visit(function->body, uses);
        free(uses);
    }
}
