/* siblings.c: nests that stand beside each other and go over the same ranges become one:
 *
 *   for i: low = min(a[i], low);  for j: high = max(a[j], high)   ->   for i: low = ...; high = ...
 *
 * Legal where no round of the second comes before a round of the first whose element it meets (rounds_stay_ordered), and
 * what stands between them can go before the first or behind the second. Only perfect nests of arithmetic that lanes
 * suit alike: a sum in its order would keep a minimum from going side by side. Needs checks, fuse and destination, which
 * look at nests that do one thing; breaks nothing. Loops that only carry values, and store nothing, are joined before
 * fuse (pass_sums), which sees then what they read alike. */
#include "analysis/analysis.h"
#include "passes/passes.h"

enum { ACCESSES_MAX = 16, NODES_MAX = 80, ROOTS_MAX = 8, STRIDE_MAX = 4 };

typedef struct {
    Node *loops[RANK_MAX];           /* outermost first; the innermost body is straight */
    int count;
    Node *accesses[ACCESSES_MAX];
    int access_count, nodes, stores;
    bool fills;                      /* it only stores constants */
    bool carries, ordered;           /* ordered: a carried value that is not the same in any order */
    bool lanes;                      /* its accesses and operations suit lanes */
} Nest;

/* ---- what a nest is ------------------------------------------------------------------------ */

static Value *array_of(const Node *access) {
    return access->kind == NODE_LOAD ? access->as.load.array : access->as.store.array;
}

static Size *index_of(Node *access) {
    return access->kind == NODE_LOAD ? access->as.load.index : access->as.store.index;
}

static bool is_any_order(const Value *value) {
    const Node *node = value->node;
    if (!node || node->kind != NODE_LET || value->is_head)
        return node && node->kind == NODE_FOR && !value->is_head;   /* what a loop inside carries */
    Op op = node->as.let.op;
    bool exact = !dtype_is_float(value->dtype) || op == OP_MINIMUM || op == OP_MAXIMUM;
    return exact && op_info(op)->flags & ASSOCIATIVE;
}

static void note_access(Nest *nest, Node *node) {
    const Atom *iv = nest->loops[nest->count - 1]->as.loop.iv->atom;
    int64_t stride, most = node->kind == NODE_LOAD ? STRIDE_MAX : 1;
    Size rest;
    if (nest->access_count < ACCESSES_MAX)
        nest->accesses[nest->access_count] = node;
    nest->access_count++;
    nest->lanes &= size_linear_in(access_address(array_of(node), index_of(node)), iv, &stride, &rest) &&
                   stride <= most && stride >= -most;
}

static bool note_region(Nest *nest, const Region *region) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        nest->nodes++;
        nest->stores += node->kind == NODE_STORE;
        nest->fills &= node->kind == NODE_CONST || node->kind == NODE_STORE;
        if (node->kind == NODE_LOAD || node->kind == NODE_STORE)
            note_access(nest, node);
        else if (node->kind == NODE_LET)
            nest->lanes &= op_info(node->as.let.op)->emission != LIBM;
        else if (node->kind != NODE_CONST && node->kind != NODE_SIZE && node->kind != NODE_IF)
            return false;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (!note_region(nest, regions[i]))
                return false;
    }
    return true;
}

/* The only loop of a body that does nothing behind it; false where it is no perfect nest. */
static bool inner_loop(const Region *body, Node **inner) {
    *inner = NULL;
    for (Node *node = body->first; node; node = node->next) {
        bool scalar = node->kind == NODE_CONST || node->kind == NODE_SIZE || node->kind == NODE_LET;
        if (node->kind == NODE_FOR && node == body->last)
            *inner = node;
        else if (node->kind == NODE_FOR)
            return false;
        else if (!scalar && body->last->kind == NODE_FOR)
            return false;
    }
    return true;
}

static bool find_nest(Node *outermost, Nest *nest) {
    *nest = (Nest){.fills = true, .lanes = true};
    for (Node *loop = outermost; loop;) {
        if (nest->count == RANK_MAX || loop->as.loop.step != 1 || loop->as.loop.width != 1)
            return false;
        value_size(loop->as.loop.iv);
        nest->loops[nest->count++] = loop;
        for (int i = 0; i < loop->as.loop.body->yields.count; i++) {
            nest->carries = true;
            nest->ordered |= !is_any_order(loop->as.loop.body->yields.data[i]);
        }
        Region *body = loop->as.loop.body;
        if (!inner_loop(body, &loop) || (!loop && !note_region(nest, body)))
            return false;
    }
    return true;
}

/* ---- may they be one ----------------------------------------------------------------------- */

static bool same_ranges(const Nest *a, const Nest *b) {
    if (a->count != b->count)
        return false;
    CloneMap map = {.function = a->loops[0]->region->function};
    for (int i = 0; i < a->count; i++) {
        Node *x = a->loops[i], *y = b->loops[i];
        if (x->as.loop.lo != clone_size(&map, y->as.loop.lo) || x->as.loop.hi != clone_size(&map, y->as.loop.hi))
            return false;
        clone_map_atom(&map, y->as.loop.iv->atom, value_size(x->as.loop.iv));
    }
    return true;
}

typedef struct {
    const Nest *nest;
    bool inside;
} Defined;

/* A variable of the nest that is none of its loops'. */
static void note_inside(Atom *atom, void *user) {
    Defined *defined = user;
    const Value *value = atom_value(atom);
    for (int i = 0; i < defined->nest->count; i++)
        if (value == defined->nest->loops[i]->as.loop.iv)
            return;
    defined->inside |= value && value->node && region_contains(defined->nest->loops[0]->as.loop.body, value->node->region);
}

/* Whenever both meet an element, the first nest's round is not the later one. */
static bool stays_ordered(const Nest *a, const Nest *b, Node *first, Node *second) {
    Size index[RANK_MAX];
    Defined defined = {b, false};
    CloneMap map = {.function = first->region->function};
    for (int i = 0; i < b->count; i++)
        clone_map_atom(&map, b->loops[i]->as.loop.iv->atom, value_size(a->loops[i]->as.loop.iv));
    for (int axis = 0; axis < array_of(second)->rank; axis++) {
        size_variables(index_of(second)[axis], note_inside, &defined);
        index[axis] = clone_size(&map, index_of(second)[axis]);
    }
    Place here = {array_of(first), index_of(first)}, there = {array_of(second), index};
    return !defined.inside && rounds_stay_ordered(facts_at(first), a->loops, a->count, here, there);
}

static const char *accesses_differ(const Nest *a, const Nest *b) {
    const Function *function = a->loops[0]->region->function;
    for (int i = 0; i < a->access_count; i++)
        for (int j = 0; j < b->access_count; j++) {
            Node *x = a->accesses[i], *y = b->accesses[j];
            if ((x->kind == NODE_LOAD && y->kind == NODE_LOAD) ||
                roots_apart(function, value_root(array_of(x)), value_root(array_of(y))))
                continue;
            if (array_of(x) != array_of(y))
                return "they use arrays that may overlap";
            if (!stays_ordered(a, b, x, y))
                return "a later round of the first touches what a round of the second does";
        }
    return NULL;
}

/* How many arrays two nests touch. */
static int count_roots(const Nest *a, const Nest *b, bool *shared) {
    const Value *roots[2 * ACCESSES_MAX];
    int count = 0, own = 0;
    *shared = false;
    for (int side = 0; side < 2; side++) {
        const Nest *nest = side ? b : a;
        own = side ? count : own;
        for (int i = 0; i < nest->access_count; i++) {
            int k = 0;
            while (k < count && roots[k] != value_root(array_of(nest->accesses[i])))
                k++;
            *shared |= side && k < own;
            if (k == count)
                roots[count++] = value_root(array_of(nest->accesses[i]));
        }
    }
    return count;
}

/* An array that holds zeros around what a nest stores is filled only there (fill_rest): the nest stays alone. */
static bool stores_into_zeros(const Nest *nest) {
    for (int i = 0; i < nest->access_count; i++) {
        const Value *root = value_root(array_of(nest->accesses[i]));
        if (nest->accesses[i]->kind == NODE_STORE && root->node && root->node->kind == NODE_ALLOC &&
            root->node->as.alloc.zeroed)
            return true;
    }
    return false;
}

static const char *not_worth_it(const Nest *a, const Nest *b) {
    bool shared;
    if (a->fills || b->fills)
        return "one only fills";
    if (a->access_count > ACCESSES_MAX || b->access_count > ACCESSES_MAX || a->nodes + b->nodes > NODES_MAX)
        return "they are too large together";
    if (a->carries != b->carries)
        return "only one carries a value from round to round";
    if (a->ordered != b->ordered)
        return "only one has an order of its rounds";
    if (a->lanes != b->lanes)
        return "only one suits lanes";
    if (stores_into_zeros(a) || stores_into_zeros(b))
        return "zeros are kept around what one stores";
    int roots = count_roots(a, b, &shared);
    return roots > ROOTS_MAX || (!shared && roots > ROOTS_MAX / 2) ? "together they walk through too many arrays" : NULL;
}

/* ---- what stands between ------------------------------------------------------------------- */

typedef struct {
    const Values *values;
    bool found;
} Reads;

static void note_value(Value **value, void *user) {
    Reads *reads = user;
    for (int i = 0; i < reads->values->count; i++)
        reads->found |= *value == reads->values->data[i];
}

static void note_atom(Atom *atom, void *user) {
    Value *value = atom_value(atom);
    if (value)
        note_value(&value, user);
}

static void note_size(Size *size, void *user) {
    size_variables(*size, note_atom, user);
}

static bool reads_any(Node *node, const Values *values) {
    Reads reads = {values, false};
    Region *regions[2];
    node_uses(node, note_value, note_size, &reads);
    for (int i = 0, count = node_regions(node, regions); i < count; i++)
        region_uses(regions[i], note_value, note_size, &reads);
    return reads.found;
}

/* The nest does not touch what is stored. */
static bool store_may_pass(const Node *store, const Nest *nest) {
    for (int i = 0; i < nest->access_count; i++)
        if (!roots_apart(store->region->function, value_root(store->as.store.array),
                         value_root(array_of(nest->accesses[i]))))
            return false;
    return nest->access_count <= ACCESSES_MAX;
}

static bool may_pass(const Node *node, const Nest *beside) {
    const Node *nest = beside->loops[0];
    switch (node->kind) {
    case NODE_CONST: case NODE_STRING: case NODE_SIZE: case NODE_LET: case NODE_VIEW: case NODE_ALLOC:
        return true;
    case NODE_LOAD:
        return !node_may_write(nest, value_root(node->as.load.array));
    case NODE_STORE:
        return store_may_pass(node, beside);
    case NODE_FOR: case NODE_WHILE: case NODE_IF: case NODE_REDUCE: case NODE_VERSION: case NODE_CHECK:
    case NODE_RETAIN: case NODE_RELEASE: case NODE_CALL: case NODE_RUNTIME: case NODE_CELL_GET: case NODE_CELL_SET:
    case NODE_EXIT:
        return false;
    }
    return false;
}

static bool is_access(const Node *node) {
    return node->kind == NODE_LOAD || node->kind == NODE_STORE;
}

/* What goes before the first nest would pass an access that goes behind the second, to what may be the same element. */
static bool overtakes(const Node *first, const Node *node, const Values *late) {
    for (Node *other = first->next; is_access(node) && other != node; other = other->next)
        if (is_access(other) && (node->kind == NODE_STORE || other->kind == NODE_STORE) && reads_any(other, late) &&
            !roots_apart(node->region->function, value_root(array_of(node)), value_root(array_of(other))))
            return true;
    return false;
}

/* Moves what stands between before the first nest or, where it needs what that gives, behind the second. False, and
 * nothing is moved: something can do neither. */
static bool clear_between(const Nest *a, const Nest *b) {
    Node *first = a->loops[0], *second = b->loops[0];
    Arena *arena = first->region->function->module->arena;
    Values late = {0};
    for (int i = 0; i < first->results.count; i++)
        values_add(arena, &late, first->results.data[i]);
    for (Node *node = first->next; node != second; node = node->next) {
        bool needs = reads_any(node, &late);
        if (!may_pass(node, needs ? b : a) || (needs && node->kind == NODE_ALLOC) ||
            (!needs && overtakes(first, node, &late)))
            return false;
        for (int i = 0; needs && i < node->results.count; i++)
            values_add(arena, &late, node->results.data[i]);
    }
    if (reads_any(second, &late))
        return false;
    Node *behind = second->next;
    for (Node *node = first->next, *next; node != second; node = next) {
        next = node->next;
        node_move(node, first->region, reads_any(node, &late) ? behind : first);
    }
    return true;
}

/* ---- the change ---------------------------------------------------------------------------- */

static void take_values(Arena *arena, Node *loop, Values *from, Values *to, bool defined) {
    for (int i = 0; i < from->count; i++) {
        values_add(arena, to, from->data[i]);
        if (defined)
            from->data[i]->node = loop;
    }
    from->count = 0;
}

/* The second loop's rounds at the end of the first's; loops inside are joined in turn. */
static void join(Node *a, Node *b) {
    Function *function = a->region->function;
    Arena *arena = function->module->arena;
    Node *inner = a->as.loop.body->last && a->as.loop.body->last->kind == NODE_FOR ? a->as.loop.body->last : NULL;
    Node *other = inner ? b->as.loop.body->last : NULL;
    region_replace(b->as.loop.body, b->as.loop.iv, a->as.loop.iv);
    take_values(arena, a, &b->as.loop.init, &a->as.loop.init, false);
    take_values(arena, a, &b->as.loop.heads, &a->as.loop.heads, true);
    take_values(arena, a, &b->as.loop.body->yields, &a->as.loop.body->yields, false);
    take_values(arena, a, &b->results, &a->results, true);
    region_splice(b->as.loop.body, a->as.loop.body, NULL);
    node_remove(b);
    while (inner && inner->next != other)
        node_move(inner->next, a->as.loop.body, inner);
    if (inner)
        join(inner, other);
}

static void log_line(const Node *a, const Node *b, const char *why) {
    Function *function = a->region->function;
    const char *line = source_line(b->span);
    if (why)
        function_log(function, "loop %s (%s) is not joined with loop %s: %s", b->as.loop.label, line,
                     a->as.loop.label, why);
    else
        function_log(function, "loop %s (%s) is joined with loop %s", b->as.loop.label, line, a->as.loop.label);
}

static bool only_sums(const Nest *nest) {
    return nest->carries && !nest->stores;
}

static bool try_join(Node *first, Node *second, bool sums) {
    Nest a, b;
    if (!find_nest(first, &a) || !find_nest(second, &b) || !same_ranges(&a, &b))
        return false;
    if (sums && (!only_sums(&a) || !only_sums(&b)))
        return false;
    const char *why = not_worth_it(&a, &b);
    why = why ? why : accesses_differ(&a, &b);
    if (!why && !clear_between(&a, &b))
        why = "what stands between them cannot move";
    if (!why || !sums)
        log_line(first, second, why);
    if (!why)
        join(first, second);
    return !why;
}

/* The next nest with nothing before it that others see. */
static Node *next_loop(const Node *node) {
    Node *next = node->next;
    while (next && next->kind != NODE_FOR && next->kind != NODE_RUNTIME && next->kind != NODE_CALL)
        next = next->next;
    return next && next->kind == NODE_FOR ? next : NULL;
}

static void visit(Region *region, bool sums) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        Node *second = node->kind == NODE_FOR ? next_loop(node) : NULL;
        while (second && try_join(node, second, sums))
            second = next_loop(node);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            visit(regions[i], sums);
    }
}

static void visit_functions(const Module *module, bool sums) {
    for (Function *function = module->functions; function; function = function->next)
        if (!strstr(function->name, ".general"))
            visit(function->body, sums);
}

void pass_siblings(Module *module, const PassContext *context) {
    (void)context;
    visit_functions(module, false);
}

void pass_sums(Module *module, const PassContext *context) {
    (void)context;
    visit_functions(module, true);
}
