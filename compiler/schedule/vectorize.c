/* vectorize.c: lanes of a parallel loop side by side. Emission widens what varies (emitter.h). */
#include "schedule/schedule.h"

typedef struct {
    const Atom *iv;
    const Node *loop;
    const char *why;
} Lanes;

/* Atoms that vary over the lanes for another reason than the variable itself: loaded or carried. */
static void find_other(Atom *atom, void *user) {
    Lanes *lanes = user;
    const Value *value = atom_value(atom);
    if (!value || atom == lanes->iv || value->is_iv || !value->node || value->size)
        return;
    if (region_contains(lanes->loop->as.loop.body, value->node->region))
        lanes->why = "an index that is computed from data";
}

enum { ANY_STRIDE = 0, LOAD_STRIDE_MAX = 4 };   /* whole vectors and shuffles are faster than lane by lane up to here */

enum { PATTERN_MAX = 8 };   /* lanes that share an element, or after which elements come again */

static void find_pattern(Atom *atom, void *user) {
    Lanes *lanes = user;
    int64_t stride, divisor;
    Size rest;
    if ((atom->kind != ATOM_FLOORDIV && atom->kind != ATOM_MOD) || !size_mentions(atom->args[0], lanes->iv))
        return;
    bool even = size_is_const(atom->args[1], &divisor) && divisor > 1 && divisor <= PATTERN_MAX && !(divisor & (divisor - 1));
    if (!even || !size_linear_in(atom->args[0], lanes->iv, &stride, &rest) || stride != 1 || size_mentions(rest, lanes->iv))
        lanes->why = "neighbouring rounds do not touch neighbouring elements";
}

/* a[i // 2], a[i % 4]: the lanes' elements lie together in the same order in all rounds. */
static bool is_patterned(const Lanes *lanes, Size address) {
    Lanes found = {lanes->iv, lanes->loop, NULL};
    const SizeTerm *terms;
    int count = size_terms(address, &terms), patterns = 0;
    for (int i = 0; i < count && !found.why; i++)
        for (int k = 0; k < terms[i].atom_count; k++) {
            Atom *atom = terms[i].atoms[k];
            bool pattern = atom->kind == ATOM_FLOORDIV || atom->kind == ATOM_MOD;
            if (!size_mentions(size_atom(atom), lanes->iv))
                continue;
            find_pattern(atom, &found);
            if (!pattern || terms[i].atom_count > 1 || terms[i].coefficient != 1)
                return false;
            patterns++;
        }
    return patterns == 1 && !found.why;
}

static void look_at_access(Lanes *lanes, const Value *array, const Size *index, int64_t most) {
    int64_t stride;
    Size rest, address = access_address(array, index);
    size_variables(address, find_other, lanes);
    bool near = size_linear_in(address, lanes->iv, &stride, &rest) ? stride <= most && stride >= -most
                                                                   : most > 1 && is_patterned(lanes, address);
    if (most != ANY_STRIDE && !near)
        lanes->why = "neighbouring rounds do not touch neighbouring elements";
}

static bool suits_lanes(const Node *let) {
    Op op = let->as.let.op;
    return op_info(op)->emission != LIBM && (!dtype_is_complex(let->as.let.operands[0]->dtype) || !op_calls_complex(op));
}

/* Beside a loop, which takes the time, elements may be as far apart as they like. */
static void look_at_region(Lanes *lanes, const Region *region) {
    bool beside = region == lanes->loop->as.loop.body && has_loop(region);
    for (const Node *node = region->first; node && !lanes->why; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_LOAD)
            look_at_access(lanes, node->as.load.array, node->as.load.index,
                           beside                                          ? ANY_STRIDE
                           : dtype_is_complex(node->as.load.array->dtype) ? 1
                                                                           : LOAD_STRIDE_MAX);
        if (node->kind == NODE_STORE) {
            look_at_access(lanes, node->as.store.array, node->as.store.index, beside ? ANY_STRIDE : 1);
            Size address = access_address(node->as.store.array, node->as.store.index);
            if (!size_mentions(address, lanes->iv))
                lanes->why = "all rounds store to one element";
        }
        if (node->kind == NODE_LET && !suits_lanes(node))
            lanes->why = "calls of the C library";
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            look_at_region(lanes, regions[i]);
    }
}

bool may_vectorize(const Node *loop, const char **why) {
    value_size(loop->as.loop.iv);
    Lanes lanes = {loop->as.loop.iv->atom, loop, NULL};
    if (loop->as.loop.step != 1 || !region_is_plain(loop->as.loop.body)) {
        *why = "it does more than arithmetic on arrays";
        return false;
    }
    if (!loop_is_parallel(loop, why))
        return false;
    look_at_region(&lanes, loop->as.loop.body);
    *why = lanes.why;
    return !lanes.why;
}

static bool plain_bounds(const Region *region, const Atom *iv) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_FOR &&
            (size_mentions(node->as.loop.lo, iv) || size_mentions(node->as.loop.hi, iv)))
            return false;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (!plain_bounds(regions[i], iv))
                return false;
    }
    return true;
}

bool inner_bounds_are_plain(const Node *loop) {
    value_size(loop->as.loop.iv);
    return plain_bounds(loop->as.loop.body, loop->as.loop.iv->atom);
}

static void mark(Node *loop, int width, int64_t step) {
    loop->as.loop.width = width;
    loop->as.loop.step = step;
}

void vectorize_masked(Node *loop, int width) {
    mark(loop, width, width);
    loop->as.loop.masked = true;
}

/* True if loads take elements that are apart: under a mask those are loaded one by one. */
static bool has_apart_loads(const Region *region, const Atom *iv) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        int64_t stride;
        Size rest;
        if (node->kind == NODE_LOAD &&
            (!size_linear_in(access_address(node->as.load.array, node->as.load.index), iv, &stride, &rest) ||
             stride > 1 || stride < -1))
            return true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (has_apart_loads(regions[i], iv))
                return true;
    }
    return false;
}

/* Whole vectors, one at a time, and the last few rounds without lanes. */
static void vectorize_rest(Node *loop, int width) {
    JamPlan one = {.copies = 1, .stride = width};
    Node *rest;
    mark(unroll_and_jam(loop, &one, &rest), width, width);
}

void vectorize(Node *loop, int width, JamPlan plan) {
    if (!inner_bounds_are_plain(loop)) {
        vectorize_masked(loop, width);
        return;
    }
    bool apart = has_apart_loads(loop->as.loop.body, loop->as.loop.iv->atom);
    Node *rest;
    plan.stride = width;
    mark(unroll_and_jam(loop, &plan, &rest), width, (int64_t)width * plan.copies);
    if (rest && apart)
        vectorize_rest(rest, width);
    else if (rest)
        vectorize_masked(rest, width);
}
