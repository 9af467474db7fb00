/* forward_init.c: an initialising nest goes into the nest behind it:
 *   for i: for j: h[i, j] = 0;   for x: for y: acc = h[x, y]; ...; h[x, y] = acc'
 *   ->  for x: for y: acc = 0; ...; h[x, y] = acc'
 * where both cover the whole array, elements without terms included. A zeroed allocation fills, too. */
#include "schedule/schedule.h"

/* The loops of a nest over all of an array, in the order of its axes; the innermost body. */
static const Region *covering_body(Node *nest, const Value *array, Size *index) {
    Node *loop = nest;
    for (int axis = 0; axis < array->rank; axis++) {
        if (!loop || loop->kind != NODE_FOR || loop->as.loop.step != 1 || loop->as.loop.heads.count)
            return NULL;
        if (!sizes_agree(loop, loop->as.loop.lo, size_const(0)) ||
            !sizes_agree(loop, loop->as.loop.hi, array->shape[axis]))
            return NULL;
        index[axis] = value_size(loop->as.loop.iv);
        if (axis == array->rank - 1)
            return loop->as.loop.body;
        Node *inner = loop->as.loop.body->first;
        while (inner && inner->kind != NODE_FOR)
            inner = inner->kind == NODE_STORE ? NULL : inner->next;
        loop = inner && !inner->next ? inner : NULL;
    }
    return NULL;
}

/* The value that a nest fills the array with, if that is all it does. */
static Value *filling_value(Node *nest, const Value *array) {
    Size index[RANK_MAX];
    const Region *body = covering_body(nest, array, index);
    if (!body || body->first != body->last || !body->first || body->first->kind != NODE_STORE)
        return NULL;
    const Node *store = body->first;
    bool whole = store->as.store.array == array && same_index(store->as.store.index, index, array->rank);
    return whole && store->as.store.value->node && store->as.store.value->node->kind == NODE_CONST
               ? store->as.store.value
               : NULL;
}

static bool touches(const Region *region, const Value *array, const Node *load, const Node *store) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        const Value *used = node->kind == NODE_LOAD ? node->as.load.array
                            : node->kind == NODE_STORE ? node->as.store.array
                                                       : NULL;
        if (used && node != load && node != store &&
            !roots_apart(region->function, value_root((Value *)used), value_root((Value *)array)))
            return true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (touches(regions[i], array, load, store))
                return true;
    }
    return false;
}

/* The nest's load of each element before it stores it; no other access to the array. */
static Node *first_load(Node *nest) {
    Size index[RANK_MAX];
    Node *store = nest;
    while (store && store->kind == NODE_FOR)
        store = store->as.loop.body->last;
    if (!store || store->kind != NODE_STORE)
        return NULL;
    Value *array = store->as.store.array;
    const Region *body = covering_body(nest, array, index);
    if (store->region != body || !same_index(store->as.store.index, index, array->rank))
        return NULL;
    for (Node *node = body->first; node; node = node->next)
        if (node->kind == NODE_LOAD && node->as.load.array == array &&
            same_index(node->as.load.index, index, array->rank))
            return touches(nest->as.loop.body, array, node, store) ? NULL : node;
    return NULL;
}

/* What gives all of the array its first value right before a place: a nest, or a zeroed allocation. */
static Node *filling_before(Node *place, const Value *array) {
    for (Node *node = place->previous; node; node = node->previous) {
        if (node->kind == NODE_FOR)
            return filling_value(node, array) ? node : NULL;
        if (node->kind == NODE_ALLOC && node->results.data[0] == array)
            return node->as.alloc.zeroed ? node : NULL;
        bool apart = node->kind == NODE_LOAD && roots_apart(place->region->function, value_root(node->as.load.array),
                                                            value_root((Value *)array));
        if (node->kind != NODE_CONST && node->kind != NODE_SIZE && node->kind != NODE_LET &&
            node->kind != NODE_ALLOC && !apart)
            return NULL;
    }
    return NULL;
}

/* Leaves the filling to the plain side of a version only; NULL: to nobody. */
static void fill_in(Node *filling, Value *array, Region *plain) {
    if (filling->kind == NODE_ALLOC) {
        filling->as.alloc.zeroed = false;
        if (plain) {
            Builder b = {plain->function, plain, plain->first, filling->span};
            build_zeros(&b, array);
        }
    } else if (plain) {
        node_move(filling, plain, plain->first);
    } else {
        node_remove(filling);
    }
}

bool forward_init(Node *nest) {
    Node *load = first_load(nest), *version = nest->region->parent;
    bool versioned = version && version->kind == NODE_VERSION && nest->region == version->as.version.fast &&
                     nest->region->first == nest;
    if (!load)
        return false;
    Value *array = load->as.load.array;
    Node *filling = filling_before(versioned ? version : nest, array);
    if (!filling)
        return false;
    Builder b = {nest->region->function, nest->region, nest, nest->span};
    Value *value = filling->kind == NODE_ALLOC ? build_zero(&b, array->dtype) : filling_value(filling, array);
    region_replace(nest->as.loop.body, load->results.data[0], value);
    node_remove(load);
    fill_in(filling, array, versioned ? version->as.version.plain : NULL);
    return true;
}

/* ---- what a nest leaves -------------------------------------------------------------------- */

/* The box of an array's elements that a nest stores, each once and before anything reads it. */
typedef struct {
    Value *array;
    Size lo[RANK_MAX], hi[RANK_MAX];
} Box;

static bool find_box(Node *nest, Box *box) {
    Node *store = nest, *loop = nest;
    while (store && store->kind == NODE_FOR)
        store = store->as.loop.body->last;
    if (!store || store->kind != NODE_STORE)
        return false;
    box->array = store->as.store.array;
    for (int axis = 0; axis < box->array->rank; axis++) {
        int64_t one;
        Size offset;
        if (loop->kind != NODE_FOR || loop->as.loop.step != 1 || loop->as.loop.heads.count ||
            !size_linear_in(store->as.store.index[axis], size_as_atom(value_size(loop->as.loop.iv)), &one, &offset) ||
            one != 1 || !size_is_known_before(offset, nest) || !size_is_known_before(loop->as.loop.lo, nest) ||
            !size_is_known_before(loop->as.loop.hi, nest))
            return false;
        box->lo[axis] = size_add(loop->as.loop.lo, offset);
        box->hi[axis] = size_add(loop->as.loop.hi, offset);
        loop = loop->as.loop.body->last;
    }
    return loop == store && !touches(nest->as.loop.body, box->array, NULL, store);
}

/* Loops that store a value to a box; NULL if it is known to be empty. */
static Node *fill_box(Builder *b, Value *value, const Box *box) {
    Builder at = *b;
    Node *nest = NULL;
    Size index[RANK_MAX];
    for (int axis = 0; axis < box->array->rank; axis++)
        if (box->lo[axis] == box->hi[axis])
            return NULL;
    for (int axis = 0; axis < box->array->rank; axis++) {
        Node *loop = build_for(&at, name_of("rest"), box->lo[axis], box->hi[axis], 1, NULL);
        nest = nest ? nest : loop;
        index[axis] = value_size(loop->as.loop.iv);
        at.region = loop->as.loop.body;
        at.before = NULL;
    }
    build_store(&at, box->array, index, value);
    return nest;
}

/* The slabs around a box: below and above it on each axis, inside of it on the axes before. */
static int fill_around(Builder *b, Value *value, const Box *box, Node **nests) {
    int count = 0;
    Box slab = *box;
    for (int axis = 0; axis < box->array->rank; axis++) {
        slab.lo[axis] = size_const(0);
        slab.hi[axis] = box->array->shape[axis];
    }
    for (int axis = 0; axis < box->array->rank; axis++) {
        /* Where a loop is empty its bounds may be anywhere. */
        Size size = box->array->shape[axis], lo = size_max(size_min(box->lo[axis], size), size_const(0));
        Size hi = size_min(size_max(box->hi[axis], lo), size);
        Size sides[2][2] = {{size_const(0), lo}, {hi, size}};
        for (int side = 0; side < 2; side++) {
            slab.lo[axis] = sides[side][0];
            slab.hi[axis] = sides[side][1];
            Node *nest = fill_box(b, value, &slab);
            if (nest)
                nests[count++] = nest;
        }
        slab.lo[axis] = lo;
        slab.hi[axis] = hi;
    }
    return count;
}

int fill_rest(Node *nest, Node *rest[REST_MAX]) {
    Box box;
    Node *filling = find_box(nest, &box) ? filling_before(nest, box.array) : NULL;
    if (!filling)
        return 0;
    Builder b = {nest->region->function, nest->region, nest, filling->span};
    Value *value = filling->kind == NODE_ALLOC ? build_zero(&b, box.array->dtype) : filling_value(filling, box.array);
    if (filling->kind == NODE_FOR) {
        /* The constant may stand inside of the nest that goes. */
        value = build_const(&b, value->dtype, value->node->as.constant.value);
        node_remove(filling);
    } else {
        filling->as.alloc.zeroed = false;
    }
    return fill_around(&b, value, &box, rest);
}

static bool is_zero(const Value *value) {
    Scalar scalar = value->node->as.constant.value;
    return scalar.i == 0;   /* all bits: -0.0 is not zero here */
}

bool fill_by_runtime(Node *nest) {
    const Node *store = nest;
    while (store && store->kind == NODE_FOR)
        store = store->as.loop.body->first;
    if (!store || store->kind != NODE_STORE || !value_is_contiguous(store->as.store.array))
        return false;
    Value *array = store->as.store.array, *value = filling_value(nest, array);
    if (!value || !is_zero(value))
        return false;
    Function *function = nest->region->function;
    Builder b = {function, nest->region, nest, nest->span};
    Values arguments = {0};
    values_add(function->module->arena, &arguments, array);
    build_runtime(&b, "mnp_zero", &arguments, NULL);
    node_remove(nest);
    return true;
}
