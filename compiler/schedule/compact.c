/* compact.c: elements that a test chooses go to the front of an array without a branch:
 *
 *   for i carry k:                          for strip carry k:
 *       k' = if test(i):                        m = for i of the strip carry j = 0:
 *           r[k] = value(i)          ->             buffer[j] = value(i); yield j + test(i)
 *           yield k + 1                         for j in [0, m): r[k + j] = buffer[j]
 *       else: yield k                           yield k + m
 *       yield k'
 *
 * or, where the machine pushes chosen lanes of a vector together, the loop gets lanes as it stands: tests and values of a
 * vector come at once, and its carried place moves by the number of lanes chosen (emit/compact.c). Legal where tests and
 * values depend on nothing that is stored, and on no place; in strips also where values may be computed without the test.
 * What a run chooses is rarely what the processor guesses: a branch costs more than all the rest. */
#include "schedule/schedule.h"

enum { STRIP = 256, STORES_MAX = 4, LOAD_STRIDE_MAX = 4, REGISTER_BYTES = 64 };

typedef struct {
    Node *loop, *branch;
    const Value *head, *next;     /* the place, and the one behind it */
    Node *stores[STORES_MAX];
    int count;
} Compaction;

/* ---- what it is ---------------------------------------------------------------------------- */

typedef struct {
    const Compaction *compaction;
    bool found;
} Mention;

static void look_at_value(Value **value, void *user) {
    Mention *mention = user;
    mention->found |= *value == mention->compaction->head || *value == mention->compaction->next;
}

static void look_at_size(Size *size, void *user) {
    Mention *mention = user;
    const Value *places[] = {mention->compaction->head, mention->compaction->next};
    for (int i = 0; i < 2; i++)
        mention->found |= places[i] && places[i]->atom && size_mentions(*size, places[i]->atom);
}

static bool uses_place(const Compaction *c, Node *node) {
    Mention mention = {c, false};
    node_uses(node, look_at_value, look_at_size, &mention);
    return mention.found;
}

/* Tests and values: arithmetic and loads. */
static bool is_plain(const Compaction *c, Node *node) {
    bool plain = node->kind == NODE_CONST || node->kind == NODE_SIZE || node->kind == NODE_LOAD ||
                 (node->kind == NODE_LET && op_info(node->as.let.op)->emission != LIBM);
    bool complex = node->results.count && dtype_is_complex(node->results.data[0]->dtype);
    return plain && !complex && !uses_place(c, node);
}

/* A store to the place that is carried, which moves by one element. */
static bool add_store(Compaction *c, Node *store) {
    int64_t stride;
    Size rest, address = access_address(store->as.store.array, store->as.store.index);
    if (c->count == STORES_MAX || store->as.store.value == c->head || store->as.store.value == c->next ||
        dtype_is_complex(store->as.store.array->dtype) ||
        !size_linear_in(address, c->head->atom, &stride, &rest) || stride != 1 ||
        !size_is_known_before(rest, c->loop))
        return false;
    c->stores[c->count++] = store;
    return true;
}

/* The side that chooses: values, their stores, and the next place. */
static bool find_stores(Compaction *c) {
    const Region *then = c->branch->as.branch.then;
    Value *next = then->yields.data[0];
    c->next = next;
    if (value_size(next) != size_add(value_size((Value *)c->head), size_const(1)))
        return false;
    for (Node *node = then->first; node; node = node->next) {
        bool is_next = node->results.count && node->results.data[0] == next;
        if (node->kind == NODE_STORE ? !add_store(c, node) : !is_next && !is_plain(c, node))
            return false;
    }
    return c->count;
}

static bool find_compaction(Node *loop, Compaction *c) {
    const Region *body = loop->as.loop.body;
    Node *branch = body->last;
    *c = (Compaction){.loop = loop, .branch = branch};
    if (loop->as.loop.step != 1 || loop->as.loop.width != 1 || loop->as.loop.heads.count != 1 || !branch ||
        branch->kind != NODE_IF || branch->results.count != 1 || body->yields.count != 1 ||
        body->yields.data[0] != branch->results.data[0] || loop->as.loop.heads.data[0]->kind != VALUE_SCALAR ||
        loop->as.loop.heads.data[0]->dtype != DTYPE_I64)
        return false;
    c->head = loop->as.loop.heads.data[0];
    value_size((Value *)c->head);
    value_size(loop->as.loop.iv);
    const Region *otherwise = branch->as.branch.otherwise;
    if (otherwise->first || otherwise->yields.data[0] != c->head || branch->as.branch.test == c->head)
        return false;
    for (Node *node = body->first; node != branch; node = node->next)
        if (!is_plain(c, node))
            return false;
    return find_stores(c);
}

/* ---- is it legal --------------------------------------------------------------------------- */

/* What the loads of a region read is none of what is stored. */
static bool loads_are_apart(const Compaction *c, const Region *region) {
    for (const Node *node = region->first; node; node = node->next)
        for (int i = 0; node->kind == NODE_LOAD && i < c->count; i++)
            if (!roots_apart(region->function, value_root(node->as.load.array), value_root(c->stores[i]->as.store.array)))
                return false;
    return true;
}

static bool stores_are_apart(const Compaction *c) {
    for (int i = 0; i < c->count; i++)
        for (int j = 0; j < i; j++)
            if (!roots_apart(c->loop->region->function, value_root(c->stores[i]->as.store.array),
                             value_root(c->stores[j]->as.store.array)))
                return false;
    return true;
}

static bool loads_suit_lanes(const Compaction *c, const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        int64_t stride;
        Size rest;
        if (node->kind == NODE_LOAD &&
            (!size_linear_in(access_address(node->as.load.array, node->as.load.index), c->loop->as.loop.iv->atom, &stride,
                             &rest) ||
             stride > LOAD_STRIDE_MAX || stride < -LOAD_STRIDE_MAX || !size_is_known_before(rest, c->loop)))
            return false;
    }
    return true;
}

/* Chosen elements fill whole registers. */
static bool suits_lanes(const Compaction *c, int width) {
    for (int i = 0; i < c->count; i++) {
        DType dtype = c->stores[i]->as.store.array->dtype;
        if (dtype_info(dtype)->bytes * width != REGISTER_BYTES || dtype_info(dtype)->bytes < 4)
            return false;
    }
    return loads_suit_lanes(c, c->loop->as.loop.body) && loads_suit_lanes(c, c->branch->as.branch.then);
}

bool may_compact(Node *loop, int width, const char **why) {
    Compaction c;
    *why = NULL;
    if (!find_compaction(loop, &c))
        *why = "it does not put chosen elements side by side";
    else if (!loads_are_apart(&c, loop->as.loop.body) || !loads_are_apart(&c, c.branch->as.branch.then) ||
             !stores_are_apart(&c))
        *why = "arrays that may overlap";
    else if (width > 1 && !suits_lanes(&c, width))
        *why = "its elements do not fill vectors";
    else if (width == 1 && !loads_are_inside(c.branch->as.branch.then, facts_at(c.branch)))
        *why = "what is chosen may not be there where the test does not hold";
    return !*why;
}

/* ---- lanes --------------------------------------------------------------------------------- */

/* Whole vectors, then the rest under a mask. */
static void compact_lanes(Node *loop, int width) {
    CloneMap map = {.function = loop->region->function, .relabel = true};
    Size rounds = size_max(size_sub(loop->as.loop.hi, loop->as.loop.lo), size_const(0));
    Size whole = size_scale(size_floordiv(rounds, size_const(width)), width);
    Node *main = clone_node(&map, loop, loop->region, loop);
    main->as.loop.hi = size_add(loop->as.loop.lo, whole);
    main->as.loop.width = width;
    main->as.loop.step = width;
    loop->as.loop.lo = main->as.loop.hi;
    loop->as.loop.init.data[0] = main->results.data[0];
    vectorize_masked(loop, width);
}

/* ---- strips -------------------------------------------------------------------------------- */

static void add_buffers(const Compaction *c, Value **buffers) {
    Builder b = {c->loop->region->function, c->loop->region, c->loop, c->loop->span};
    Size size = size_const(STRIP);
    for (int i = 0; i < c->count; i++) {
        buffers[i] = build_alloc(&b, c->stores[i]->as.store.array->dtype, 1, &size, false);
        buffers[i]->node->as.alloc.stack = true;
        buffers[i]->owned = false;
    }
}

/* The chosen elements of a strip in the buffers; gives how many. */
static Value *choose_of_strip(const Compaction *c, Builder *b, Size start, Value *const *buffers) {
    const Node *loop = c->loop;
    Values none = {0}, next = {0};
    Arena *arena = b->function->module->arena;
    values_add(arena, &none, build_const(b, DTYPE_I64, (Scalar){.i = 0}));
    Node *side = build_for(b, loop->as.loop.label, start, size_min(size_add(start, size_const(STRIP)), loop->as.loop.hi), 1,
                           &none);
    CloneMap map = {.function = b->function, .relabel = true};
    Value *at = side->as.loop.heads.data[0];
    Size place = value_size(at);
    Builder inside = {b->function, side->as.loop.body, NULL, loop->span};
    clone_map_value(&map, loop->as.loop.iv, side->as.loop.iv);
    for (const Node *node = loop->as.loop.body->first; node != c->branch; node = node->next)
        clone_node(&map, node, side->as.loop.body, NULL);
    int store = 0;
    for (const Node *node = c->branch->as.branch.then->first; node; node = node->next)
        if (node->kind == NODE_STORE)
            build_store(&inside, buffers[store++], &place, clone_value(&map, node->as.store.value));
        else if (node->results.data[0] != c->branch->as.branch.then->yields.data[0])
            clone_node(&map, node, side->as.loop.body, NULL);
    Value *test = clone_value(&map, c->branch->as.branch.test);
    Value *one = build_let(&inside, OP_CAST, DTYPE_I64, test, NULL, NULL);
    values_add(arena, &next, build_let(&inside, OP_ADD, DTYPE_I64, at, one, NULL));
    build_yield(side->as.loop.body, &next);
    return side->results.data[0];
}

static void copy_chosen(const Compaction *c, Builder *b, Size place, Value *count, Value *const *buffers) {
    Node *copy = build_for(b, name_of("c"), size_const(0), value_size(count), 1, NULL);
    Size from = value_size(copy->as.loop.iv);
    Builder inside = {b->function, copy->as.loop.body, NULL, c->loop->span};
    for (int i = 0; i < c->count; i++) {
        const Node *store = c->stores[i];
        Size index[RANK_MAX];
        for (int axis = 0; axis < store->as.store.array->rank; axis++)
            index[axis] = size_substitute(store->as.store.index[axis], c->head->atom, size_add(place, from));
        build_store(&inside, store->as.store.array, index, build_load(&inside, buffers[i], &from));
    }
}

static Node *compact_strips(const Compaction *c) {
    Node *loop = c->loop;
    Function *function = loop->region->function;
    Value *buffers[STORES_MAX];
    Values next = {0};
    add_buffers(c, buffers);
    Builder b = {function, loop->region, loop, loop->span};
    Node *strips = build_for(&b, name_of("strip"), loop->as.loop.lo, loop->as.loop.hi, STRIP, &loop->as.loop.init);
    Builder inside = {function, strips->as.loop.body, NULL, loop->span};
    Value *count = choose_of_strip(c, &inside, value_size(strips->as.loop.iv), buffers);
    Size place = value_size(strips->as.loop.heads.data[0]);
    copy_chosen(c, &inside, place, count, buffers);
    values_add(function->module->arena, &next, build_size(&inside, size_add(place, value_size(count))));
    build_yield(strips->as.loop.body, &next);
    region_replace(function->body, loop->results.data[0], strips->results.data[0]);
    node_remove(loop);
    return strips;
}

Node *compact(Node *loop, int width) {
    Compaction c;
    if (!find_compaction(loop, &c))
        BUG("a loop that is not compacted");
    if (width == 1)
        return compact_strips(&c);
    compact_lanes(loop, width);
    return NULL;
}
