/* rounds.c: the rounds of a loop over whole arrays go inside of the elements, where what a round makes of an element needs
 * no other one:
 *
 *   for k carry z = z0:                                   for i:
 *       t = alloc; for i: t[i] = z[i] * z[i] + c[i]           w = c[i]
 *       for j: r[j] = r[j] + t[j]                     ->      x, y = for k carry x = z0[i], y = r[i]:
 *       yield t                                                   t = x * x + w; yield t, y + t
 *                                                             z0[i] = x; r[i] = y
 *
 * (loop interchange, with the nests of a round fused and their temporaries contracted to scalars.) Memory is met once, not
 * in each round, and the rounds run in registers, in lanes. Legal where
 *
 *   - all nests go over the same ranges, which the rounds do not change,
 *   - each array that is stored to, allocated or carried in the loop is met at one index only, which is another one for
 *     each element, and shares no memory with what else is met (then rounds of different elements are independent, and
 *     those of one keep their order),
 *   - the index is inside of the array whatever the number of rounds: elements are loaded and stored also without any.
 *
 * Worth it where lanes suit the new nest, and where no round brings elements of its own, which would only be walked
 * through in another order. Needs views and branches; fuse finds loads out of loops. elements.c
 * builds the new nest. */
#include "schedule/rounds.h"

#include <stdlib.h>

static bool refuse(Rounds *r, const char *why) {
    r->why = why;
    return false;
}

/* ---- the loop's body ----------------------------------------------------------------------- */

static bool is_scalar(const Node *node) {
    return node->kind == NODE_CONST || node->kind == NODE_SIZE || node->kind == NODE_LOAD ||
           (node->kind == NODE_LET && op_info(node->as.let.op)->emission == NATIVE);
}

static bool is_counted(const Node *node) {
    return node->kind == NODE_FOR && node->as.loop.step == 1 && node->as.loop.width == 1 && !node->as.loop.heads.count;
}

/* The loop at the end of a body that has only scalars before it. */
static Node *inner_loop(const Region *body) {
    Node *last = body->last;
    for (Node *node = body->first; node && node != last; node = node->next)
        if (!is_scalar(node))
            return NULL;
    return last && is_counted(last) ? last : NULL;
}

static int find_depth(Node *nest, Node **loops) {
    int depth = 0;
    for (Node *loop = nest; loop && depth < RANK_MAX; loop = inner_loop(loop->as.loop.body)) {
        value_size(loop->as.loop.iv);
        loops[depth++] = loop;
    }
    return depth;
}

Element *element_of(Rounds *r, const Value *array) {
    for (int i = 0; i < r->element_count; i++)
        if (r->elements[i].array == array)
            return &r->elements[i];
    return NULL;
}

static bool add_element(Rounds *r, Value *array, Node *alloc, int head) {
    if (r->element_count == ELEMENTS_MAX)
        return refuse(r, "its rounds touch too many arrays");
    r->elements[r->element_count++] = (Element){.array = array, .alloc = alloc, .head = head};
    return true;
}

static bool add_nest(Rounds *r, Node *nest) {
    if (r->nest_count == NESTS_MAX)
        return refuse(r, "its rounds have too many nests");
    int depth = find_depth(nest, r->nests[r->nest_count]);
    r->depth = r->nest_count && r->depth < depth ? r->depth : depth;
    r->nest_count++;
    return true;
}

/* Stores that others than the rounds see. */
static bool stores_outside(Rounds *r, const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        const Element *element = node->kind == NODE_STORE ? element_of(r, node->as.store.array) : NULL;
        if (node->kind == NODE_STORE && !(element && element->alloc))
            return true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (stores_outside(r, regions[i]))
                return true;
    }
    return false;
}

/* A check that each round asks alike may as well be asked once, before what the first round stores. */
static bool add_check(Rounds *r, Node *check) {
    Size sizes[] = {check->as.check.size, check->as.check.bound, check->as.check.values[0], check->as.check.values[1],
                    check->as.check.values[2]};
    if (check->as.check.cond || r->check_count == CHECKS_MAX)
        return false;
    for (int i = 0; i < 5; i++)
        if (sizes[i] && sizes_change_in(r->loop, &sizes[i], 1))
            return false;
    for (int n = 0; n < r->nest_count; n++)
        if (stores_outside(r, r->nests[n][0]->as.loop.body))
            return false;
    r->checks[r->check_count++] = check;
    return true;
}

/* Nests, scalars, and arrays that live for a round. */
static bool sort_body(Rounds *r) {
    Region *body = r->loop->as.loop.body;
    r->nodes = region_node_count(body);
    if (r->nodes > NODES_MAX)
        return refuse(r, "its rounds are too long");
    for (Node *node = body->first; node; node = node->next) {
        if (is_counted(node) && region_is_plain(node->as.loop.body)) {
            if (!add_nest(r, node))
                return false;
        } else if (node->kind == NODE_ALLOC) {
            if (!add_element(r, node->results.data[0], node, -1))
                return false;
        } else if (node->kind == NODE_CHECK ? !add_check(r, node) : !is_scalar(node) && node->kind != NODE_RETAIN) {
            return false;
        }
    }
    return r->nest_count;
}

static bool add_heads(Rounds *r) {
    const Values *heads = &r->loop->as.loop.heads;
    if (r->loop->as.loop.body->yields.count != heads->count)
        return false;
    for (int i = 0; i < heads->count; i++) {
        bool array = heads->data[i]->kind == VALUE_ARRAY;
        if (heads->data[i]->kind == VALUE_POINTER || (array && !heads->data[i]->owned))
            return false;
        if (array && !add_element(r, heads->data[i], NULL, i))
            return false;
    }
    return true;
}

static bool add_stored(Rounds *r, const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_STORE) {
            if (!element_of(r, node->as.store.array) && !add_element(r, node->as.store.array, NULL, -1))
                return false;
            element_of(r, node->as.store.array)->stored = true;
        }
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (!add_stored(r, regions[i]))
                return false;
    }
    return true;
}

static Facts *facts_before(Rounds *r) {
    if (!r->has_facts) {
        r->before = facts_at(r->loop);
        for (int i = 0; i < r->check_count; i++)
            r->before = facts_after(r->before, r->checks[i]);
        r->has_facts = true;
    }
    return r->before;
}

static bool are_equal(Rounds *r, Size a, Size b) {
    return a == b || prove_eq(facts_before(r), a, b) == PROVED;
}

/* The loops that all nests have alike. */
static bool find_ranges(Rounds *r) {
    for (int n = 0; n < r->nest_count; n++) {
        CloneMap map = {.function = r->function};
        for (int d = 0; d < r->depth; d++) {
            const Node *first = r->nests[0][d], *loop = r->nests[n][d];
            Size lo = clone_size(&map, loop->as.loop.lo), hi = clone_size(&map, loop->as.loop.hi);
            if (!are_equal(r, lo, first->as.loop.lo) || !are_equal(r, hi, first->as.loop.hi))
                r->depth = d;
            clone_map_atom(&map, loop->as.loop.iv->atom, value_size(first->as.loop.iv));
        }
    }
    for (int d = 0; d < r->depth; d++) {
        Size bounds[] = {r->nests[0][d]->as.loop.lo, r->nests[0][d]->as.loop.hi};
        for (int i = 0; i < d; i++)
            for (int k = 0; k < 2; k++)
                bounds[k] = size_substitute(bounds[k], r->nests[0][i]->as.loop.iv->atom, size_const(0));
        if (sizes_change_in(r->loop, bounds, 2))
            r->depth = d;
    }
    return r->depth || refuse(r, "its nests go over different ranges");
}

/* ---- indices ------------------------------------------------------------------------------- */

static void note_part(Atom *atom, void *user) {
    IndexParts *parts = user;
    const Value *value = atom_value(atom);
    const Node *node = value ? value->node : NULL;
    for (int d = 0; d < parts->r->depth; d++)
        if (value && value == parts->r->nests[0][d]->as.loop.iv) {
            parts->element[d] = true;
            parts->elements++;
            return;
        }
    if (!node || !region_contains(parts->r->loop->as.loop.body, node->region))
        parts->round |= node == parts->r->loop;
    else
        *(value->is_iv ? &parts->inner : &parts->round) = true;
}

IndexParts parts_of(const Rounds *r, const Size *index, int rank) {
    IndexParts parts = {.r = r};
    for (int axis = 0; axis < rank; axis++)
        size_variables(index[axis], note_part, &parts);
    return parts;
}

void rename_index(Rounds *r, int nest, const Size *from, int rank, Size *to) {
    CloneMap map = {.function = r->function};
    for (int d = 0; d < r->depth && nest > 0; d++)
        clone_map_atom(&map, r->nests[nest][d]->as.loop.iv->atom, value_size(r->nests[0][d]->as.loop.iv));
    for (int axis = 0; axis < rank; axis++)
        to[axis] = clone_size(&map, from[axis]);
}

/* Another one for each element, the same in all rounds: each variable alone moves an axis. */
static bool is_own_index(const Rounds *r, const Size *index, int rank) {
    IndexParts all = parts_of(r, index, rank);
    for (int d = 0; d < r->depth; d++) {
        bool found = false;
        for (int axis = 0; axis < rank && !found; axis++) {
            int64_t factor;
            Size rest;
            IndexParts one = parts_of(r, &index[axis], 1);
            found = one.element[d] && one.elements == 1 &&
                    size_linear_in(index[axis], r->nests[0][d]->as.loop.iv->atom, &factor, &rest) && factor;
        }
        if (!found)
            return false;
    }
    return !all.round && !all.inner;
}

bool is_inside(const Rounds *r, const Value *array, const Size *index) {
    for (int axis = 0; axis < array->rank; axis++)
        if (prove_ge(r->facts, index[axis], size_const(0)) != PROVED ||
            prove_lt(r->facts, index[axis], array->shape[axis]) != PROVED)
            return false;
    return true;
}

/* ---- is it legal --------------------------------------------------------------------------- */

/* How an access stands in its nest. */
typedef struct {
    int nest;                    /* -1: beside the nests */
    bool conditional, repeated;
} Standing;

static bool check_element(Rounds *r, Element *element, const Node *node, const Size *index, Standing standing) {
    int rank = element->array->rank;
    if (standing.nest < 0 || (element->known && !same_index(index, element->index, rank)) ||
        !is_own_index(r, index, rank))
        return refuse(r, "its rounds touch other elements of what they store");
    memcpy(element->index, index, sizeof *index * (size_t)rank);
    element->known = true;
    if (node->kind == NODE_LOAD)
        return !element->alloc || element->defined || element->alloc->as.alloc.zeroed ||
               refuse(r, "elements are read that may not be stored");
    if (standing.repeated || element->head >= 0)
        return refuse(r, "an element is stored to in a loop of its own");
    element->defined |= !standing.conditional;
    return true;
}

/* What is only read: rounds find it as it was, and it is not much more in each round. */
static bool check_input(Rounds *r, const Value *array, const Size *index) {
    Value *root = value_root((Value *)array);
    IndexParts parts = parts_of(r, index, array->rank);
    for (int i = 0; i < r->element_count; i++) {
        const Element *element = &r->elements[i];
        if (element->stored && !element->alloc && !roots_apart(r->function, value_root(element->array), root))
            return refuse(r, "they use arrays that may overlap");
        if (root == element->array)
            return refuse(r, "an array of a round is used in other ways");
    }
    return !(parts.round && parts.elements) || refuse(r, "each round brings elements of its own");
}

static bool check_access(Rounds *r, const Node *node, Standing standing) {
    Value *array = node->kind == NODE_LOAD ? node->as.load.array : node->as.store.array;
    Element *element = element_of(r, array);
    Size index[RANK_MAX];
    rename_index(r, standing.nest, node->kind == NODE_LOAD ? node->as.load.index : node->as.store.index, array->rank, index);
    return element ? check_element(r, element, node, index, standing) : check_input(r, array, index);
}

bool is_around(const Rounds *r, int nest, const Node *node) {
    for (int d = 0; d < r->depth && nest >= 0; d++)
        if (r->nests[nest][d] == node)
            return true;
    return false;
}

static bool check_region(Rounds *r, const Region *region, Standing standing) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        Standing inside = standing;
        if ((node->kind == NODE_LOAD || node->kind == NODE_STORE) && !check_access(r, node, standing))
            return false;
        inside.conditional |= node->kind == NODE_IF;
        inside.repeated |= node->kind == NODE_FOR && !is_around(r, standing.nest, node);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (!check_region(r, regions[i], inside))
                return false;
    }
    return true;
}

int nest_at(const Rounds *r, const Node *node) {
    for (int n = 0; n < r->nest_count; n++)
        if (r->nests[n][0] == node)
            return n;
    return -1;
}

static bool check_accesses(Rounds *r) {
    for (Node *node = r->loop->as.loop.body->first; node; node = node->next) {
        int nest = nest_at(r, node);
        Standing standing = {.nest = nest};
        if (nest >= 0 && !check_region(r, node->as.loop.body, standing))
            return false;
        if (node->kind == NODE_LOAD && !check_access(r, node, standing))
            return false;
        if (node->kind == NODE_RETAIN && !element_of(r, node->as.count.array))
            return refuse(r, "it keeps arrays");
    }
    return true;
}

static const Value *memory_of(const Rounds *r, const Element *element) {
    return value_root(element->head < 0 ? element->array : r->loop->as.loop.init.data[element->head]);
}

/* What is stored to from outside of the loop shares no memory with any other element, and is there without rounds. */
static bool check_stored(Rounds *r) {
    r->facts = facts_before(r);
    for (int d = 0; d < r->depth; d++)
        r->facts = facts_inside(r->facts, r->nests[0][d], r->nests[0][d]->as.loop.body);
    for (int i = 0; i < r->element_count; i++) {
        const Element *a = &r->elements[i];
        if (!a->stored || a->alloc)
            continue;
        for (int j = 0; j < r->element_count; j++)
            if (j != i && !r->elements[j].alloc && !roots_apart(r->function, memory_of(r, a), memory_of(r, &r->elements[j])))
                return refuse(r, "they use arrays that may overlap");
        if (!is_inside(r, a->array, a->index))
            return refuse(r, "without rounds its elements may not be there");
    }
    return true;
}

/* The nests go over all of a carried array: over nothing else is known what it holds. */
static bool is_whole(Rounds *r, Element *element) {
    const Value *array = element->array;
    bool taken[RANK_MAX] = {false};
    if (array->rank != r->depth)
        return false;
    for (int axis = 0; axis < array->rank; axis++) {
        if (!element->known)
            element->index[axis] = value_size(r->nests[0][axis]->as.loop.iv);
        int d = 0;
        while (d < r->depth && (taken[d] || element->index[axis] != value_size(r->nests[0][d]->as.loop.iv)))
            d++;
        if (d == r->depth || r->nests[0][d]->as.loop.lo != size_const(0) ||
            !are_equal(r, r->nests[0][d]->as.loop.hi, array->shape[axis]))
            return false;
        taken[d] = true;
    }
    element->known = true;
    return true;
}

/* Carried arrays are, element by element, those of a round before. */
static bool check_carried(Rounds *r) {
    for (int i = 0; i < r->loop->as.loop.heads.count; i++) {
        if (r->loop->as.loop.heads.data[i]->kind != VALUE_ARRAY)
            continue;
        Element *head = element_of(r, r->loop->as.loop.heads.data[i]);
        Element *next = element_of(r, r->loop->as.loop.body->yields.data[i]);
        if (!next || (!next->alloc && next->head < 0) || (next->alloc && !next->defined && !next->alloc->as.alloc.zeroed))
            return refuse(r, "an array that it carries is not made in its rounds");
        if (!is_whole(r, head) || !is_whole(r, next) || !same_index(head->index, next->index, head->array->rank))
            return refuse(r, "its rounds do not go over all of an array that it carries");
    }
    return true;
}

/* ---- what the loop gives ------------------------------------------------------------------- */

typedef struct {
    const Value *array;
    const Node *loop;
    int others;                  /* uses by others than loads and stores, but for the loop's own */
} Uses;

static void count_other(Region *region, Uses *uses) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        bool behind = node->region == uses->loop->region && node == uses->loop;
        if (node_has_array(node, uses->array) && !behind)
            uses->others += node->kind != NODE_LOAD && node->kind != NODE_STORE;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            count_other(regions[i], uses);
    }
    uses->others += values_have_array(&region->yields, uses->array);
}

/* Nobody but the loop gets hold of what it starts from, and only by this head: its memory may be what the loop gives. */
static bool starts_from_own(const Rounds *r, int head) {
    const Values *init = &r->loop->as.loop.init;
    Value *start = init->data[head];
    if (!start->node || start->node->kind != NODE_ALLOC || start->node->as.alloc.stack || start->node->region != r->loop->region)
        return false;
    for (int i = 0; i < init->count; i++)
        if (i != head && init->data[i] == start)
            return false;
    if (region_has_array(r->loop->as.loop.body, start))
        return false;
    for (Node *node = r->loop->next; node; node = node->next)
        if (node_has_array_deep(node, start))
            return false;
    Uses uses = {start, r->loop, 0};
    count_other(r->loop->region, &uses);
    return uses.others == 1;     /* the reference that the loop is given */
}

/* Each array that it carries stays one that nobody else has: what is written behind the loop to one is not seen in another. */
static bool check_identities(Rounds *r) {
    const Values *yields = &r->loop->as.loop.body->yields;
    for (int i = 0; i < yields->count; i++) {
        if (yields->data[i]->kind != VALUE_ARRAY)
            continue;
        for (int j = 0; j < i; j++)
            if (yields->data[i] == yields->data[j])
                return refuse(r, "two arrays that it carries become one");
        const Element *next = element_of(r, yields->data[i]);
        if (next->head >= 0 && next->head != i && !starts_from_own(r, next->head))
            return refuse(r, "an array that it hands on is one that others have");
    }
    return true;
}

static bool choose_results(Rounds *r) {
    bool ok = true;
    int *uses = count_uses(r->function);
    for (int i = 0; i < r->loop->results.count; i++) {
        const Value *head = r->loop->as.loop.heads.data[i];
        bool used = uses[r->loop->results.data[i]->id];
        if (head->kind == VALUE_ARRAY)
            element_of(r, head)->result = !used                  ? RESULT_UNUSED
                                          : starts_from_own(r, i) ? RESULT_IN_PLACE
                                                                  : RESULT_FRESH;
        else
            ok &= !used || refuse(r, "a scalar that it carries is used behind it");
    }
    free(uses);
    return ok;
}

Node *given_reference(const Rounds *r, int head) {
    return last_retain(r->loop->region, r->loop, r->loop->as.loop.init.data[head]);
}

static bool check_references(const Rounds *r) {
    for (int i = 0; i < r->element_count; i++)
        if (r->elements[i].head >= 0 && !given_reference(r, r->elements[i].head))
            return false;
    return true;
}

void rounds_log(const Rounds *r, const char *why) {
    int line, column;
    source_place(r->loop->span, &line, &column);
    Name label = r->loop->as.loop.label;
    if (why)
        function_log(r->function, "loop %s (line %d) does not go inside of its elements: %s", label, line, why);
    else
        function_log(r->function, "loop %s (line %d) goes inside of the elements, as %s in %s", label, line,
                     r->rounds->as.loop.label, r->lanes->as.loop.label);
}

/* Arrays are made in the rounds: the programmer may wonder. */
static bool has_own_arrays(const Rounds *r) {
    for (int i = 0; i < r->element_count; i++)
        if (r->elements[i].alloc || r->elements[i].head >= 0)
            return true;
    return false;
}

bool rounds_inside(Node *loop, const char **why) {
    Rounds r = {.loop = loop, .function = loop->region->function};
    value_size(loop->as.loop.iv);
    bool may = loop->as.loop.width == 1 && sort_body(&r) && add_heads(&r) && add_stored(&r, loop->as.loop.body) &&
               find_ranges(&r) && check_accesses(&r) && check_stored(&r) && check_carried(&r) && check_identities(&r) && choose_results(&r) &&
               check_references(&r);
    bool done = may && elements_outside(&r);
    *why = done ? NULL : r.why;
    if (*why && has_own_arrays(&r))
        rounds_log(&r, *why);
    return done;
}

static void visit(Region *region) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        const char *why;
        next = node->next;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            visit(regions[i]);
        if (node->kind == NODE_FOR && has_loop(node->as.loop.body))
            rounds_inside(node, &why);
    }
}

void pass_rounds(Module *module, const PassContext *context) {
    for (Function *function = module->functions; function && context->vector_width > 1; function = function->next)
        if (!strstr(function->name, ".general"))
            visit(function->body);
}
