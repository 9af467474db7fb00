/* peak.c: what --explain says of a function's memory: the most bytes of arrays that it holds at a time, as a polynomial of its
 * sizes. The nodes are gone through in their order:
 *
 *   x = alloc f64[n]; y = alloc f64[m]; ...; release x; z = alloc f64[n]      ->   max(8*n + 8*m, ...) = 8*n + 8*m
 *
 * Each owned value counts with its buffer from its definition to its release, or to the end of its region; a branch counts
 * with the larger of its sides, a loop with one round, a call with what the callee holds. So the figure is an upper bound: a
 * buffer with two owners counts twice. What lists hold, buffers that the runtime makes, and sizes that only a round knows are
 * not in it, which is said.
 *
 * Arrays on the stack and those of the caller do not count. Changes nothing; needs lives. */
#include "passes/passes.h"

enum { MOMENTS_MAX = 12 };

typedef struct {
    Size moments[MOMENTS_MAX];      /* bytes held at a time: none is known to be at most another */
    int count;
    bool partial;                   /* there is more, of which nothing is known here */
    bool done, under_way;
} Peak;

typedef struct {
    const Module *module;
    Peak *peaks;                    /* by Function.id */
    Function *function;
    Peak *peak;                     /* the function's */
    Facts *facts;
    Size held;
    Size *bytes;                    /* by Value.id: what an owned value holds; NULL: nothing that is known */
    bool *alive;                    /* by Value.id */
} Walk;

static void walk_region(Walk *w, Region *region);

/* ---- sizes --------------------------------------------------------------------------------- */

static Size bytes_of(const Value *array) {
    Size bytes = size_const(dtype_info(array->dtype)->bytes);
    for (int axis = 0; axis < array->rank; axis++)
        bytes = size_mul(bytes, array->shape[axis]);
    return bytes;
}

typedef struct {
    const Function *function;
    Atom *inner;                    /* an atom that the function's outermost region does not define */
} Search;

static void look_at_atom(Atom *atom, void *user) {
    Search *search = user;
    const Value *value = atom_value(atom);
    if (value && (value->is_iv || value->is_head || (value->node && value->node->region != search->function->body)))
        search->inner = atom;
}

/* The size at its largest over all rounds; NULL where that is not known. */
static Size over_rounds(const Walk *w, Size size) {
    for (int tries = 0; tries < 8; tries++) {
        Search search = {.function = w->function};
        Size coefficient, rest;
        size_variables(size, look_at_atom, &search);
        if (!search.inner)
            return size;
        const Value *value = atom_value(search.inner);
        if (!value->is_iv || value->node->kind != NODE_FOR || !size_affine_in(size, search.inner, &coefficient, &rest))
            return NULL;
        Size last = size_sub(value->node->as.loop.hi, size_const(1)), zero = size_const(0);
        if (prove_ge(w->facts, coefficient, zero) == PROVED)
            size = size_add(rest, size_mul(coefficient, last));
        else if (prove_ge(w->facts, zero, coefficient) == PROVED)
            size = size_add(rest, size_mul(coefficient, value->node->as.loop.lo));
        else
            return NULL;
    }
    return NULL;
}

/* Notes the bytes of a moment. */
static void note_moment(Walk *w, Size size) {
    Peak *peak = w->peak;
    size = over_rounds(w, size);
    if (!size || peak->count == MOMENTS_MAX) {
        peak->partial = true;
        return;
    }
    int kept = 0;
    for (int i = 0; i < peak->count; i++)
        if (prove_ge(w->facts, peak->moments[i], size) == PROVED)
            return;
    for (int i = 0; i < peak->count; i++)
        if (prove_ge(w->facts, size, peak->moments[i]) != PROVED)
            peak->moments[kept++] = peak->moments[i];
    peak->count = kept;
    peak->moments[peak->count++] = size;
}

/* ---- owners -------------------------------------------------------------------------------- */

static void take(Walk *w, const Value *value, Size bytes) {
    w->bytes[value->id] = bytes;
    w->alive[value->id] = true;
    w->held = size_add(w->held, bytes);
    note_moment(w, w->held);
}

static void give_back(Walk *w, const Value *value) {
    if (!w->alive[value->id])
        return;
    w->alive[value->id] = false;
    w->held = size_sub(w->held, w->bytes[value->id]);
}

/* What the buffer behind a value holds. */
static Size buffer_bytes(const Walk *w, Value *value) {
    Size bytes = w->bytes[value_root(value)->id];
    return bytes ? bytes : bytes_of(value);
}

/* The owned values among those that a node or a region defines; `from`, `other`: of what they may be made, or NULL. */
static void take_all(Walk *w, const Values *values, const Values *from, const Values *other) {
    for (int i = 0; i < values->count; i++) {
        const Value *value = values->data[i];
        if (value->kind != VALUE_ARRAY || !value->owned)
            continue;
        Size bytes = other ? buffer_bytes(w, other->data[i]) : bytes_of(value);
        if (from)
            bytes = size_max(bytes, buffer_bytes(w, from->data[i]));
        take(w, value, bytes);
    }
}

static void end_region(Walk *w, const Region *region) {
    for (const Node *node = region->first; node; node = node->next)
        for (int i = 0; i < node->results.count; i++)
            give_back(w, node->results.data[i]);
}

/* ---- nodes --------------------------------------------------------------------------------- */

static Peak *peak_of(const Walk *w, Function *function);

/* What the callee holds, in the caller's sizes. */
static void walk_call(Walk *w, const Node *node) {
    const Function *callee = node->as.call.callee;
    const Values *parameters = &callee->parameters, *arguments = &node->as.call.arguments;
    const Peak *peak = peak_of(w, node->as.call.callee);
    w->peak->partial |= peak->partial || !peak->done;
    for (int k = 0; k < peak->count; k++) {
        Size size = peak->moments[k];
        for (int i = 0; i < parameters->count && i < arguments->count; i++)
            if (parameters->data[i]->atom)
                size = size_substitute(size, parameters->data[i]->atom, value_size(arguments->data[i]));
        note_moment(w, size_add(w->held, size));
    }
}

static void walk_sides(Walk *w, Node *node, Region *one, Region *other) {
    Size before = w->held;
    walk_region(w, one);
    end_region(w, one);
    Size after = w->held;
    w->held = before;
    walk_region(w, other);
    end_region(w, other);
    w->held = size_max(after, w->held);
    take_all(w, &node->results, &one->yields, &other->yields);
}

/* One round, with what it was handed. */
static void walk_rounds(Walk *w, const Values *heads, const Values *init, Region *head, Region *body) {
    take_all(w, heads, init, NULL);
    if (head)
        walk_region(w, head);
    walk_region(w, body);
    for (int i = 0; i < heads->count; i++) {
        const Value *value = heads->data[i];
        if (value->kind == VALUE_ARRAY && value->owned && i < body->yields.count)
            note_moment(w, size_add(w->held, buffer_bytes(w, body->yields.data[i])));
    }
    end_region(w, body);
    if (head)
        end_region(w, head);
    for (int i = 0; i < heads->count; i++)
        give_back(w, heads->data[i]);
}

/* A buffer or a list that the runtime makes. */
static void walk_runtime(Walk *w, const Node *node) {
    const char *symbol = node->as.runtime.symbol;
    w->peak->partial |= !strncmp(symbol, "mnp_list", 8) || !strncmp(symbol, "mnp_text", 8) || node->as.runtime.external;
    take_all(w, &node->results, NULL, NULL);
}

static void walk_node(Walk *w, Node *node) {
    switch (node->kind) {
    case NODE_ALLOC:
        if (!node->as.alloc.stack)
            take(w, node->results.data[0], bytes_of(node->results.data[0]));
        return;
    case NODE_RELEASE:
        give_back(w, node->as.count.array);
        return;
    case NODE_CALL:
        walk_call(w, node);
        take_all(w, &node->results, NULL, NULL);
        return;
    case NODE_RUNTIME:
        walk_runtime(w, node);
        return;
    case NODE_IF:
        walk_sides(w, node, node->as.branch.then, node->as.branch.otherwise);
        return;
    case NODE_VERSION:
        walk_sides(w, node, node->as.version.fast, node->as.version.plain);
        return;
    case NODE_FOR:
        walk_rounds(w, &node->as.loop.heads, &node->as.loop.init, NULL, node->as.loop.body);
        take_all(w, &node->results, &node->as.loop.init, &node->as.loop.body->yields);
        return;
    case NODE_WHILE:
        walk_rounds(w, &node->as.whilst.heads, &node->as.whilst.init, node->as.whilst.head, node->as.whilst.body);
        take_all(w, &node->results, &node->as.whilst.init, &node->as.whilst.body->yields);
        return;
    case NODE_CELL_GET: case NODE_CELL_SET:
        w->peak->partial = true;
        return;
    case NODE_CONST: case NODE_STRING: case NODE_SIZE: case NODE_LET: case NODE_LOAD: case NODE_STORE: case NODE_REDUCE:
    case NODE_CHECK: case NODE_VIEW: case NODE_RETAIN: case NODE_EXIT:
        return;
    }
}

static void walk_region(Walk *w, Region *region) {
    for (Node *node = region->first; node; node = node->next)
        walk_node(w, node);
}

/* ---- functions ----------------------------------------------------------------------------- */

static Peak *peak_of(const Walk *outer, Function *function) {
    Peak *peak = &outer->peaks[function->id];
    if (peak->done || peak->under_way || function->external)
        return peak;
    Arena *arena = outer->module->arena;
    Walk w = *outer;
    peak->under_way = true;
    w.function = function;
    w.peak = peak;
    w.facts = function->body->last ? facts_at(function->body->last) : function->facts;
    w.held = size_const(0);
    w.bytes = ARENA_ARRAY(arena, Size, w.module->value_count + 1);
    w.alive = ARENA_ARRAY(arena, bool, w.module->value_count + 1);
    walk_region(&w, function->body);
    peak->under_way = false;
    peak->done = true;
    return peak;
}

static void log_peak(Function *function, const Peak *peak) {
    Size most = NULL;
    Text text = {0};
    for (int i = 0; i < peak->count; i++)
        most = most ? size_max(most, peak->moments[i]) : peak->moments[i];
    if (most)
        size_to_text(&text, most);
    if (most || peak->partial)
        function_log(function, "peak memory: at most %s bytes%s", most ? text.data : "0",
                     peak->partial ? ", and what only the run knows" : "");
    text_free(&text);
}

void pass_peak(Module *module, const PassContext *context) {
    if (!context->explain)
        return;
    Walk walk = {.module = module, .peaks = ARENA_ARRAY(module->arena, Peak, module->function_count + 1)};
    for (Function *function = module->functions; function; function = function->next)
        log_peak(function, peak_of(&walk, function));
}
