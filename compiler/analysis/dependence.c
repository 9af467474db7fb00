/* dependence.c: may two rounds of a loop touch the same element?
 *
 * Accesses are compared axis by axis of their common root. If on some axis both indices move by
 * the same amount from round to round and are equal within a round, different rounds touch
 * different elements.
 */
#include "analysis/analysis.h"

typedef struct {
    const Node *node;
    Value *array;
    const Size *index;
    bool writes;
} Access;

enum { ACCESSES_MAX = 256 };

typedef struct {
    Access items[ACCESSES_MAX];
    int count;
    bool too_many;
} Accesses;

Size access_address(const Value *array, const Size *index) {
    Size sum = size_const(0);
    for (int axis = 0; axis < array->rank; axis++)
        sum = size_add(sum, size_mul(index[axis], array->stride[axis]));
    return sum;
}

static void collect(const Region *region, Accesses *accesses) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        Access access = {.node = node};
        if (node->kind == NODE_LOAD) {
            access.array = node->as.load.array;
            access.index = node->as.load.index;
        } else if (node->kind == NODE_STORE) {
            access.array = node->as.store.array;
            access.index = node->as.store.index;
            access.writes = true;
        }
        if (access.array && accesses->count < ACCESSES_MAX)
            accesses->items[accesses->count++] = access;
        else if (access.array)
            accesses->too_many = true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            collect(regions[i], accesses);
    }
}

static bool is_fresh(const Value *root) {
    return root->node && root->node->kind == NODE_ALLOC;
}

static bool is_parameter(const Value *root) {
    return !root->node;
}

bool roots_apart(const Function *function, const Value *a, const Value *b) {
    if (a == b)
        return false;
    if (is_fresh(a) && (is_fresh(b) || is_parameter(b)))
        return true;
    if (is_fresh(b) && is_parameter(a))
        return true;
    return function->apart && is_parameter(a) && is_parameter(b);
}

/* Atoms of values that other rounds of the loop give other values. */
typedef struct {
    const Region *body;
    const Atom *iv;
    bool moves;
} Moving;

static void find_moving(Atom *atom, void *user) {
    Moving *moving = user;
    Value *value = atom_value(atom);
    if (atom == moving->iv || !value || !value->node)
        return;
    const Region *region = value->is_iv || value->is_head
                               ? (value->node->kind == NODE_FOR ? value->node->as.loop.body : value->node->region)
                               : value->node->region;
    bool inner_loop = value->is_iv && region_contains(moving->body, value->node->region);
    moving->moves |= !inner_loop && region_contains(moving->body, region);
}

/* True if different rounds cannot touch the same element through these two accesses. */
static bool rounds_differ(const Node *loop, const Access *a, const Access *b) {
    const Atom *iv = loop->as.loop.iv->atom;
    for (int axis = 0; axis < a->array->rank; axis++) {
        int64_t ca, cb;
        Size ra, rb;
        if (!size_linear_in(a->index[axis], iv, &ca, &ra) || !size_linear_in(b->index[axis], iv, &cb, &rb) ||
            ca != cb || ca == 0 || ra != rb)
            continue;
        Moving moving = {loop->as.loop.body, iv, false};
        /* What else is in the index must stay the same from round to round. */
        size_variables(ra, find_moving, &moving);
        bool inner = false;
        for (const Region *r = a->node->region; r != loop->as.loop.body; r = r->parent->region)
            inner |= r->parent->kind == NODE_FOR && size_mentions(ra, r->parent->as.loop.iv->atom);
        if (!moving.moves && !inner)
            return true;
    }
    return false;
}

bool loop_is_parallel(const Node *loop, const char **why) {
    Accesses accesses = {.count = 0};
    const Function *function = loop->region->function;
    value_size(loop->as.loop.iv);
    if (loop->as.loop.heads.count) {
        *why = "it carries a value";
        return false;
    }
    collect(loop->as.loop.body, &accesses);
    if (accesses.too_many) {
        *why = "it has too many accesses";
        return false;
    }
    for (int i = 0; i < accesses.count; i++) {
        for (int j = 0; j < accesses.count; j++) {
            const Access *a = &accesses.items[i], *b = &accesses.items[j];
            if (!a->writes || roots_apart(function, value_root(a->array), value_root(b->array)))
                continue;
            if (a->array != b->array) {
                *why = "arrays that may overlap";
                return false;
            }
            if (!rounds_differ(loop, a, b)) {
                *why = "rounds touch the same element";
                return false;
            }
        }
    }
    return true;
}

bool nest_is_repeatable(const Node *nest) {
    Accesses accesses = {.count = 0};
    collect(nest->as.loop.body, &accesses);
    for (int i = 0; i < accesses.count; i++)
        for (int j = 0; j < accesses.count; j++)
            if (accesses.items[i].writes && !accesses.items[j].writes &&
                !roots_apart(nest->region->function, value_root(accesses.items[i].array),
                             value_root(accesses.items[j].array)))
                return false;
    return !accesses.too_many;
}
