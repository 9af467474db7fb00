/* elements.c: the nest of elements with their rounds inside (rounds.c says when it may be): what a round keeps of an array is
 * a value, a store under a test an if that gives it. */
#include "schedule/rounds.h"

/* ---- the rounds of one element ------------------------------------------------------------- */

static bool stores_element(const Region *region, const Value *array) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_STORE && node->as.store.array == array)
            return true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (stores_element(regions[i], array))
                return true;
    }
    return false;
}

static void copy_region(Rounds *r, const Region *from, Region *to, int nest, bool conditional);

static void side_of_if(Rounds *r, const Region *from, Region *to, int nest, const bool *changed) {
    Value *before[ELEMENTS_MAX];
    Values yields = {0};
    Arena *arena = r->function->module->arena;
    for (int i = 0; i < r->element_count; i++)
        before[i] = r->elements[i].value;
    copy_region(r, from, to, nest, true);
    for (int i = 0; i < from->yields.count; i++)
        values_add(arena, &yields, clone_value(&r->map, from->yields.data[i]));
    for (int i = 0; i < r->element_count; i++) {
        if (changed[i])
            values_add(arena, &yields, r->elements[i].value);
        r->elements[i].value = before[i];
    }
    build_yield(to, &yields);
}

/* Elements that a side stores are what the if gives besides. */
static void copy_if(Rounds *r, const Node *node, Region *to, int nest) {
    Builder b = {r->function, to, NULL, node->span};
    bool changed[ELEMENTS_MAX];
    Values like = {0};
    Arena *arena = r->function->module->arena;
    for (int i = 0; i < node->results.count; i++)
        values_add(arena, &like, node->results.data[i]);
    for (int i = 0; i < r->element_count; i++) {
        Element *element = &r->elements[i];
        changed[i] = stores_element(node->as.branch.then, element->array) ||
                     stores_element(node->as.branch.otherwise, element->array);
        if (changed[i] && !element->value)
            element->value = build_zero(&b, element->array->dtype);
        if (changed[i])
            values_add(arena, &like, element->value);
    }
    Node *copy = build_if(&b, clone_value(&r->map, node->as.branch.test), &like);
    side_of_if(r, node->as.branch.then, copy->as.branch.then, nest, changed);
    side_of_if(r, node->as.branch.otherwise, copy->as.branch.otherwise, nest, changed);
    int at = 0;
    for (; at < node->results.count; at++)
        clone_map_value(&r->map, node->results.data[at], copy->results.data[at]);
    for (int i = 0; i < r->element_count; i++)
        if (changed[i])
            r->elements[i].value = copy->results.data[at++];
}

/* Loads of elements in a loop of the element's own, which stores none. */
static void take_values(Rounds *r, Region *region) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        Element *element = node->kind == NODE_LOAD ? element_of(r, node->as.load.array) : NULL;
        if (element) {
            region_replace(region, node->results.data[0], element->value);
            node_remove(node);
            continue;
        }
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            take_values(r, regions[i]);
    }
}

/* A load that gives the same in all rounds stands before them, once. */
static bool load_before_rounds(Rounds *r, const Node *load, int nest) {
    const Value *array = load->as.load.array;
    Size index[RANK_MAX];
    rename_index(r, nest, load->as.load.index, array->rank, index);
    IndexParts parts = parts_of(r, index, array->rank);
    if (parts.round || parts.inner || !is_inside(r, array, index))
        return false;
    for (int axis = 0; axis < array->rank; axis++)
        index[axis] = clone_size(&r->map, index[axis]);
    for (const Node *node = r->rounds->region->first; node != r->rounds; node = node->next)
        if (node->kind == NODE_LOAD && node->as.load.array == array && same_index(node->as.load.index, index, array->rank)) {
            clone_map_value(&r->map, load->results.data[0], node->results.data[0]);
            return true;
        }
    Builder b = {r->function, r->rounds->region, r->rounds, load->span};
    clone_map_value(&r->map, load->results.data[0], build_load(&b, load->as.load.array, index));
    return true;
}

static void copy_node(Rounds *r, const Node *node, Region *to, int nest, bool conditional) {
    Element *element = node->kind == NODE_LOAD    ? element_of(r, node->as.load.array)
                       : node->kind == NODE_STORE ? element_of(r, node->as.store.array)
                                                  : NULL;
    if (element && node->kind == NODE_LOAD) {
        clone_map_value(&r->map, node->results.data[0], element->value);
    } else if (element) {
        element->value = clone_value(&r->map, node->as.store.value);
    } else if (node->kind == NODE_IF) {
        copy_if(r, node, to, nest);
    } else if (node->kind == NODE_FOR) {
        Node *copy = clone_node(&r->map, node, to, NULL);
        take_values(r, copy->as.loop.body);
    } else if (node->kind != NODE_LOAD || conditional || !load_before_rounds(r, node, nest)) {
        clone_node(&r->map, node, to, NULL);
    }
}

/* The loops that are around the rounds now are left out. */
static void copy_region(Rounds *r, const Region *from, Region *to, int nest, bool conditional) {
    for (const Node *node = from->first; node; node = node->next)
        if (is_around(r, nest, node))
            copy_region(r, node->as.loop.body, to, nest, conditional);
        else
            copy_node(r, node, to, nest, conditional);
}

static void copy_round(Rounds *r) {
    Region *to = r->rounds->as.loop.body;
    Builder b = {r->function, to, NULL, r->loop->span};
    for (int i = 0; i < r->element_count; i++)
        if (r->elements[i].alloc)
            r->elements[i].value = r->elements[i].alloc->as.alloc.zeroed ? build_zero(&b, r->elements[i].array->dtype) : NULL;
    for (const Node *node = r->loop->as.loop.body->first; node; node = node->next) {
        int nest = nest_at(r, node);
        if (nest >= 0)
            copy_region(r, node->as.loop.body, to, nest, false);
        else if (node->results.count && node->results.data[0]->kind == VALUE_SCALAR)
            copy_node(r, node, to, -1, false);
    }
}

/* ---- the new nest -------------------------------------------------------------------------- */

/* True for what is carried from round to round: heads, and what is stored to outside. */
static bool is_carried(const Element *element) {
    return !element->alloc;
}

static void load_index(Rounds *r, const Element *element, Size *index) {
    for (int axis = 0; axis < element->array->rank; axis++)
        index[axis] = clone_size(&r->map, element->index[axis]);
}

/* The loops around; the builder goes into the innermost. */
static void build_around(Rounds *r, Builder *b) {
    for (int d = 0; d < r->depth; d++) {
        const Node *first = r->nests[0][d];
        Node *loop = build_for(b, first->as.loop.label, clone_size(&r->map, first->as.loop.lo),
                               clone_size(&r->map, first->as.loop.hi), 1, NULL);
        value_size(loop->as.loop.iv);
        for (int n = 0; n < r->nest_count; n++)
            clone_map_value(&r->map, r->nests[n][d]->as.loop.iv, loop->as.loop.iv);
        r->lanes = loop;
        *b = (Builder){r->function, loop->as.loop.body, NULL, b->span};
    }
}

/* The rounds, with what they carry: elements in their order, then scalars. */
static void build_rounds(Rounds *r, Builder *b) {
    const Node *loop = r->loop;
    Arena *arena = r->function->module->arena;
    Values init = {0}, yields = {0};
    Size index[RANK_MAX];
    for (int i = 0; i < r->element_count; i++) {
        const Element *element = &r->elements[i];
        load_index(r, element, index);
        Value *array = element->head < 0 ? element->array : loop->as.loop.init.data[element->head];
        if (is_carried(element))
            values_add(arena, &init, build_load(b, array, index));
    }
    int scalars = init.count;
    for (int i = 0; i < loop->as.loop.heads.count; i++)
        if (loop->as.loop.heads.data[i]->kind == VALUE_SCALAR)
            values_add(arena, &init, loop->as.loop.init.data[i]);
    r->rounds = build_for(b, loop->as.loop.label, loop->as.loop.lo, loop->as.loop.hi, loop->as.loop.step, &init);
    clone_map_value(&r->map, loop->as.loop.iv, r->rounds->as.loop.iv);
    int at = 0;
    for (int i = 0; i < r->element_count; i++)
        if (is_carried(&r->elements[i]))
            r->elements[i].value = r->rounds->as.loop.heads.data[at++];
    for (int i = 0; i < loop->as.loop.heads.count; i++)
        if (loop->as.loop.heads.data[i]->kind == VALUE_SCALAR)
            clone_map_value(&r->map, loop->as.loop.heads.data[i], r->rounds->as.loop.heads.data[scalars++]);
    copy_round(r);
    for (int i = 0; i < r->element_count; i++) {
        const Element *element = &r->elements[i];
        if (element->head >= 0)
            element = element_of(r, loop->as.loop.body->yields.data[element->head]);
        if (is_carried(&r->elements[i]))
            values_add(arena, &yields, element->value);
    }
    for (int i = 0; i < loop->as.loop.heads.count; i++)
        if (loop->as.loop.heads.data[i]->kind == VALUE_SCALAR)
            values_add(arena, &yields, clone_value(&r->map, loop->as.loop.body->yields.data[i]));
    build_yield(r->rounds->as.loop.body, &yields);
}

static void store_elements(Rounds *r, Builder *b) {
    Size index[RANK_MAX];
    int at = 0;
    for (int i = 0; i < r->element_count; i++) {
        const Element *element = &r->elements[i];
        Value *result = is_carried(element) ? r->rounds->results.data[at++] : NULL;
        load_index(r, element, index);
        if (element->head >= 0 ? element->result != RESULT_UNUSED : is_carried(element))
            build_store(b, element->target, index, result);
    }
}

/* ---- the change ---------------------------------------------------------------------------- */

static bool needs_fresh(const Rounds *r) {
    for (int i = 0; i < r->element_count; i++)
        if (r->elements[i].head >= 0 && r->elements[i].result == RESULT_FRESH)
            return true;
    return false;
}

/* Without rounds the loop asks nothing and gives what it starts from, and no copy of it: an if tells. The builder goes
 * inside. */
static Node *build_if_any(Rounds *r, Builder *b) {
    Values like = {0}, starts = {0};
    Arena *arena = r->function->module->arena;
    const Node *loop = r->loop;
    Size rounds = size_sub(loop->as.loop.hi, loop->as.loop.lo);
    if ((!needs_fresh(r) && !r->check_count) || prove_ge(facts_at(loop), rounds, size_const(1)) == PROVED)
        return NULL;
    for (int i = 0; i < r->element_count; i++)
        if (r->elements[i].head >= 0 && r->elements[i].result == RESULT_FRESH) {
            values_add(arena, &like, loop->results.data[r->elements[i].head]);
            values_add(arena, &starts, loop->as.loop.init.data[r->elements[i].head]);
        }
    Value *any = build_let(b, OP_LT, DTYPE_BOOL, build_size(b, loop->as.loop.lo), build_size(b, loop->as.loop.hi), NULL);
    Node *branch = build_if(b, any, &like);
    Builder otherwise = {r->function, branch->as.branch.otherwise, NULL, b->span};
    for (int i = 0; i < starts.count; i++)
        build_retain(&otherwise, starts.data[i]);
    build_yield(branch->as.branch.otherwise, &starts);
    *b = (Builder){r->function, branch->as.branch.then, NULL, b->span};
    return branch;
}

static void build_targets(Rounds *r, Builder *b) {
    for (int i = 0; i < r->element_count; i++) {
        Element *element = &r->elements[i];
        Value *start = element->head >= 0 ? r->loop->as.loop.init.data[element->head] : element->array;
        element->target = start;
        if (element->head >= 0 && element->result == RESULT_FRESH) {
            element->target = build_alloc(b, start->dtype, start->rank, start->shape, false);
            element->target->name = r->loop->results.data[element->head]->name;
        }
    }
}

/* What the loop gave is what the new nest gives. */
static void take_over(Rounds *r, Node *branch) {
    Arena *arena = r->function->module->arena;
    Values yields = {0};
    Builder inside = {r->function, branch ? branch->as.branch.then : NULL, NULL, r->loop->span};
    for (int i = 0; i < r->element_count; i++) {
        const Element *element = &r->elements[i];
        if (element->head < 0)
            continue;
        node_remove(given_reference(r, element->head));
        Value *gives = element->target;
        if (branch && element->result == RESULT_FRESH) {
            build_retain(&inside, element->target);
            gives = branch->results.data[yields.count];
            values_add(arena, &yields, element->target);
        }
        region_replace(r->function->body, r->loop->results.data[element->head], gives);
    }
    if (branch)
        build_yield(branch->as.branch.then, &yields);
    node_remove(r->loop);
}

/* Builds the new nest before the loop, and keeps one of them. */
bool elements_outside(Rounds *r) {
    Node *before = r->loop->previous;
    Builder b = {r->function, r->loop->region, r->loop, r->loop->span};
    r->map = (CloneMap){.function = r->function, .relabel = true};
    Node *branch = build_if_any(r, &b);
    for (int i = 0; i < r->check_count; i++)
        clone_node(&r->map, r->checks[i], b.region, b.before);
    build_targets(r, &b);
    build_around(r, &b);
    build_rounds(r, &b);
    store_elements(r, &b);
    if (may_vectorize(r->lanes, &r->why)) {
        rounds_log(r, NULL);
        take_over(r, branch);
        return true;
    }
    while (r->loop->previous != before)
        node_remove(r->loop->previous);
    return false;
}
