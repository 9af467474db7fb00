/* distribute.c: a loop that carries a value besides elementary functions is distributed over two, a strip at a time: what
 * does not need the carried value is computed first, for the schedule to do in lanes; then the rest, in order:
 *
 *   for i carry s:                           for strip in [0, n) step 64 carry s:
 *       t = exp(a[i]); r[i] = t        ->        for i: t = exp(a[i]); r[i] = t; buffer[i - strip] = t
 *       yield s + t                              for i carry s: yield s + buffer[i - strip]
 *
 * (loop distribution: J. R. Allen and K. Kennedy, Optimizing Compilers for Modern Architectures, 2001, chapter 5). All
 * orders of additions stay. Legal where the two sides touch no memory of each other. Worth it for functions that cost much
 * more than the way through a buffer that stays in the first cache. Needs common and fuse; breaks nothing. */
#include "analysis/analysis.h"
#include "passes/passes.h"

enum { STRIP = 64, CROSSING_MAX = 2 };

typedef struct {
    Arena *arena;
    Node *loop;
    Values carried;          /* the heads, and what is made of them */
    Values crossing;         /* what they need of the first side */
    Values buffers;          /* a crossing value each */
    bool depends;            /* of the node looked at */
} Distribution;

/* ---- which side ---------------------------------------------------------------------------- */

static bool has_value(const Values *values, const Value *value) {
    for (int i = 0; i < values->count; i++)
        if (values->data[i] == value)
            return true;
    return false;
}

static void look_at_value(Value **value, void *user) {
    Distribution *d = user;
    d->depends |= has_value(&d->carried, *value);
}

static void look_at_size(Size *size, void *user) {
    Distribution *d = user;
    for (int i = 0; i < d->carried.count && !d->depends; i++)
        d->depends = d->carried.data[i]->atom && size_mentions(*size, d->carried.data[i]->atom);
}

static bool depends(Distribution *d, Node *node) {
    d->depends = false;
    node_uses(node, look_at_value, look_at_size, d);
    return d->depends;
}

/* What either side computes for itself. */
static bool is_cheap(const Node *node) {
    return node->kind == NODE_CONST || node->kind == NODE_SIZE;
}

static bool is_elementary(const Node *node) {
    return node->kind == NODE_LET && op_info(node->as.let.op)->emission == DEFINED &&
           !strncmp(op_info(node->as.let.op)->exactness, "ulp", 3) && node->results.data[0]->dtype != DTYPE_BOOL &&
           !dtype_is_complex(node->results.data[0]->dtype);
}

static bool is_plain(const Node *node) {
    return is_cheap(node) || node->kind == NODE_LET || node->kind == NODE_LOAD || node->kind == NODE_STORE;
}

/* Sorts the body's nodes; false where it is not worth it. */
static bool find_sides(Distribution *d) {
    bool elementary = false;
    for (int i = 0; i < d->loop->as.loop.heads.count; i++) {
        if (d->loop->as.loop.heads.data[i]->kind != VALUE_SCALAR)
            return false;
        values_add(d->arena, &d->carried, d->loop->as.loop.heads.data[i]);
    }
    for (Node *node = d->loop->as.loop.body->first; node; node = node->next) {
        if (!is_plain(node))
            return false;
        bool later = depends(d, node);
        if (later && node->results.count)
            values_add(d->arena, &d->carried, node->results.data[0]);
        elementary |= !later && is_elementary(node);
    }
    return elementary;
}

/* ---- may they go one behind the other ------------------------------------------------------ */

static const Value *touched(const Node *node) {
    return node->kind == NODE_LOAD    ? value_root((Value *)node->as.load.array)
           : node->kind == NODE_STORE ? value_root((Value *)node->as.store.array)
                                      : NULL;
}

/* Where one side writes, the other one neither reads nor writes. */
static bool sides_are_apart(Distribution *d) {
    const Function *function = d->loop->region->function;
    for (Node *a = d->loop->as.loop.body->first; a; a = a->next)
        for (Node *b = d->loop->as.loop.body->first; b; b = b->next)
            if (touched(a) && touched(b) && (a->kind == NODE_STORE || b->kind == NODE_STORE) &&
                depends(d, a) != depends(d, b) && !roots_apart(function, touched(a), touched(b)))
                return false;
    return true;
}

static void note_crossing(Value **value, void *user) {
    Distribution *d = user;
    const Node *node = (*value)->node;
    bool inside = node && node->region == d->loop->as.loop.body && !is_cheap(node) && !(*value)->is_head && !(*value)->is_iv;
    if (inside && !has_value(&d->carried, *value) && !has_value(&d->crossing, *value))
        values_add(d->arena, &d->crossing, *value);
}

static void note_crossing_size(Size *size, void *user) {
    Distribution *d = user;
    for (Node *node = d->loop->as.loop.body->first; node; node = node->next) {
        Value *value = node->results.count && !is_cheap(node) ? node->results.data[0] : NULL;
        if (value && value->atom && size_mentions(*size, value->atom))
            note_crossing(&value, d);
    }
}

static bool find_crossing(Distribution *d) {
    Region *body = d->loop->as.loop.body;
    for (Node *node = body->first; node; node = node->next)
        if (is_cheap(node) || depends(d, node))
            node_uses(node, note_crossing, note_crossing_size, d);
    for (int i = 0; i < body->yields.count; i++)
        note_crossing(&body->yields.data[i], d);
    for (int i = 0; i < d->crossing.count; i++)
        if (d->crossing.data[i]->kind != VALUE_SCALAR || d->crossing.data[i]->dtype == DTYPE_BOOL ||
            dtype_is_complex(d->crossing.data[i]->dtype))
            return false;
    return d->crossing.count <= CROSSING_MAX;
}

/* ---- the loops ----------------------------------------------------------------------------- */

static void add_buffers(Distribution *d) {
    Builder b = {d->loop->region->function, d->loop->region, d->loop, d->loop->span};
    Size size = size_const(STRIP);
    for (int i = 0; i < d->crossing.count; i++) {
        Value *buffer = build_alloc(&b, d->crossing.data[i]->dtype, 1, &size, false);
        buffer->node->as.alloc.stack = true;
        buffer->owned = false;
        values_add(d->arena, &d->buffers, buffer);
    }
}

/* One side over a strip: the first (`later` is false), or what is carried. */
static Node *side_over_strip(Distribution *d, Node *strips, bool later) {
    Node *loop = d->loop;
    Size start = value_size(strips->as.loop.iv), end = size_min(size_add(start, size_const(STRIP)), loop->as.loop.hi);
    Builder b = {loop->region->function, strips->as.loop.body, NULL, loop->span};
    Node *side = build_for(&b, loop->as.loop.label, start, end, 1, later ? &strips->as.loop.heads : NULL);
    Size index = size_sub(value_size(side->as.loop.iv), start);
    CloneMap map = {.function = b.function, .relabel = true};
    clone_map_value(&map, loop->as.loop.iv, side->as.loop.iv);
    if (loop->as.loop.iv->atom)
        clone_map_atom(&map, loop->as.loop.iv->atom, value_size(side->as.loop.iv));
    for (int i = 0; later && i < loop->as.loop.heads.count; i++)
        clone_map_value(&map, loop->as.loop.heads.data[i], side->as.loop.heads.data[i]);
    b.region = side->as.loop.body;
    for (int i = 0; later && i < d->crossing.count; i++)
        clone_map_value(&map, d->crossing.data[i], build_load(&b, d->buffers.data[i], &index));
    for (Node *node = loop->as.loop.body->first; node; node = node->next)
        if (is_cheap(node) ? later || !depends(d, node) : depends(d, node) == later)
            clone_node(&map, node, side->as.loop.body, NULL);
    for (int i = 0; !later && i < d->crossing.count; i++)
        build_store(&b, d->buffers.data[i], &index, clone_value(&map, d->crossing.data[i]));
    Values yields = {0};
    for (int i = 0; later && i < loop->as.loop.body->yields.count; i++)
        values_add(d->arena, &yields, clone_value(&map, loop->as.loop.body->yields.data[i]));
    build_yield(side->as.loop.body, &yields);
    return side;
}

static void distribute(Distribution *d) {
    Node *loop = d->loop;
    Function *function = loop->region->function;
    add_buffers(d);
    Builder b = {function, loop->region, loop, loop->span};
    Node *strips = build_for(&b, name_of("strip"), loop->as.loop.lo, loop->as.loop.hi, STRIP, &loop->as.loop.init);
    side_over_strip(d, strips, false);
    build_yield(strips->as.loop.body, &side_over_strip(d, strips, true)->results);
    for (int i = 0; i < loop->results.count; i++)
        region_replace(function->body, loop->results.data[i], strips->results.data[i]);
    function_log(function, "loop %s (%s): what it carries comes behind the rest, in strips of %d", loop->as.loop.label,
                 source_line(loop->span), STRIP);
    node_remove(loop);
}

static void try_loop(Node *loop) {
    Distribution d = {.arena = loop->region->function->module->arena, .loop = loop};
    if (!loop->as.loop.heads.count || loop->as.loop.step != 1 || loop->as.loop.width != 1 ||
        loop->as.loop.body->yields.count != loop->as.loop.heads.count)
        return;
    if (find_sides(&d) && find_crossing(&d) && sides_are_apart(&d))
        distribute(&d);
}

static void visit(Region *region) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            visit(regions[i]);
        if (node->kind == NODE_FOR)
            try_loop(node);
    }
}

void pass_distribute(Module *module, const PassContext *context) {
    for (Function *function = module->functions; function && context->vector_width > 1; function = function->next)
        visit(function->body);
}
