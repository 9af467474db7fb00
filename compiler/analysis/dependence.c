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

typedef struct {
    const Node *place;
    bool inside;
} Defined;

static void note_inside(Atom *atom, void *user) {
    Defined *defined = user;
    const Value *value = atom_value(atom);
    const Node *node = value ? value->node : NULL;
    while (node && node != defined->place)
        node = node->region->parent;
    defined->inside |= node != NULL;
}

bool sizes_change_in(const Node *place, const Size *sizes, int count) {
    Defined defined = {place, false};
    for (int i = 0; i < count; i++)
        size_variables(sizes[i], note_inside, &defined);
    return defined.inside;
}

bool size_is_known_before(Size size, const Node *place) {
    return !sizes_change_in(place, &size, 1);
}

bool same_index(const Size *a, const Size *b, int rank) {
    for (int axis = 0; axis < rank; axis++)
        if (a[axis] != b[axis])
            return false;
    return true;
}

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

/* True if an index of the body takes the same value in all rounds of the loop and of those inside. */
static bool stays(const Node *loop, const Node *node, Size index) {
    Moving moving = {loop->as.loop.body, loop->as.loop.iv->atom, false};
    size_variables(index, find_moving, &moving);
    if (moving.moves || size_mentions(index, loop->as.loop.iv->atom))
        return false;
    for (const Region *r = node->region; r != loop->as.loop.body; r = r->parent->region)
        if (r->parent->kind == NODE_FOR && size_mentions(index, r->parent->as.loop.iv->atom))
            return false;
    return true;
}

/* Indices that never meet: they stay and differ, or step over each other. */
static bool never_meet(const Node *loop, const Access *a, const Access *b, int axis) {
    int64_t ca, cb, apart;
    Size ra, rb, difference = size_sub(a->index[axis], b->index[axis]);
    if (size_is_const(difference, &apart) && apart && stays(loop, a->node, a->index[axis]) &&
        stays(loop, b->node, b->index[axis]))
        return true;
    return size_linear_in(a->index[axis], loop->as.loop.iv->atom, &ca, &ra) &&
           size_linear_in(b->index[axis], loop->as.loop.iv->atom, &cb, &rb) && ca == cb && ca &&
           size_is_const(size_sub(ra, rb), &apart) && apart % ca && stays(loop, a->node, ra) && stays(loop, b->node, rb);
}

/* True if different rounds cannot touch the same element through these two accesses. */
static bool rounds_differ(const Node *loop, const Access *a, const Access *b) {
    const Atom *iv = loop->as.loop.iv->atom;
    for (int axis = 0; axis < a->array->rank; axis++) {
        int64_t ca, cb;
        Size ra, rb;
        if (never_meet(loop, a, b, axis))
            return true;
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

/* ---- order --------------------------------------------------------------------------------- */

/* What else than the loops' variables moves inside of the loops. */
typedef struct {
    Node *const *loops;
    int count, mentioned;   /* how many of the loops' variables, and which was the last */
    int loop;
    bool opaque;
} Variables;

static void note_variable(Atom *atom, void *user) {
    Variables *variables = user;
    const Value *value = atom_value(atom);
    for (int i = 0; i < variables->count; i++)
        if (value == variables->loops[i]->as.loop.iv) {
            variables->mentioned++;
            variables->loop = i;
            return;
        }
    if (value && value->node && variables->count)
        variables->opaque |= region_contains(variables->loops[0]->as.loop.body, value->node->region);
}

/* Which loop alone moves the index: its place, -1: none does, -2: it is not that simple. */
static int moved_by(Node *const *loops, int count, Size index) {
    Variables variables = {loops, count, 0, -1, false};
    size_variables(index, note_variable, &variables);
    return variables.opaque || variables.mentioned > 1 ? -2 : variables.loop;
}

typedef enum { AXIS_UNKNOWN, AXIS_APART, AXIS_DISTANCE } AxisKind;

/* By how many rounds of `loop` second's meeting of an element is behind first's. */
static AxisKind axis_distance(Facts *facts, Node *const *loops, int count, Size first, Size second, int *loop,
                              Size *distance) {
    int64_t c, other, constant;
    Size rest, other_rest;
    *loop = moved_by(loops, count, first);
    if (*loop == -2 || moved_by(loops, count, second) != *loop)
        return AXIS_UNKNOWN;
    if (*loop == -1)
        return prove_ne(facts, first, second) == PROVED ? AXIS_APART : AXIS_UNKNOWN;
    const Atom *iv = loops[*loop]->as.loop.iv->atom;
    if (!size_linear_in(first, iv, &c, &rest) || !size_linear_in(second, iv, &other, &other_rest) || c != other || !c)
        return AXIS_UNKNOWN;
    Size difference = size_sub(rest, other_rest);
    if (c == 1 || c == -1) {
        *distance = size_scale(difference, c);
        return AXIS_DISTANCE;
    }
    if (!size_is_const(difference, &constant))
        return AXIS_UNKNOWN;
    *distance = size_const(constant / c);
    return constant % c ? AXIS_APART : AXIS_DISTANCE;
}

bool rounds_stay_ordered(Facts *facts, Node *const *loops, int count, Place first, Place second) {
    Size distances[RANK_MAX + 8] = {NULL}, zero = size_const(0);
    if (first.array != second.array || count > RANK_MAX)
        return false;
    for (int i = 0; i < count; i++)
        value_size(loops[i]->as.loop.iv);
    for (int axis = 0; axis < first.array->rank; axis++) {
        int loop;
        Size distance;
        AxisKind kind = axis_distance(facts, loops, count, first.index[axis], second.index[axis], &loop, &distance);
        if (kind == AXIS_APART)
            return true;
        if (kind == AXIS_DISTANCE && !distances[loop])
            distances[loop] = distance;
    }
    for (int i = 0; i < count; i++) {
        if (!distances[i] || prove_ge(facts, distances[i], zero) != PROVED)
            return false;
        if (prove_ge(facts, distances[i], size_const(1)) == PROVED)
            return true;
    }
    return true;
}

static bool passes(const Function *function, const Values *arguments, const Value *root) {
    for (int i = 0; i < arguments->count; i++)
        if (arguments->data[i]->kind == VALUE_ARRAY && !roots_apart(function, value_root(arguments->data[i]), root))
            return true;
    return false;
}

bool node_may_write(const Node *node, const Value *root) {
    Region *regions[2];
    const Function *function = node->region->function;
    if (node->kind == NODE_CALL || node->kind == NODE_CELL_SET)
        return true;
    if (node->kind == NODE_RUNTIME && passes(function, &node->as.runtime.arguments, root))
        return true;
    if (node->kind == NODE_STORE && !roots_apart(function, value_root(node->as.store.array), root))
        return true;
    if (node->kind == NODE_RELEASE && !roots_apart(function, value_root(node->as.count.array), root))
        return true;
    for (int i = 0, count = node_regions(node, regions); i < count; i++)
        for (const Node *inner = regions[i]->first; inner; inner = inner->next)
            if (node_may_write(inner, root))
                return true;
    return false;
}
