/* destination.c: a function's array results are built in the caller's memory:
 *   h = alloc; ...; return h   ->   a parameter h
 * where the function has one return, and h is allocated on its top level. The caller is C, or a function of the module:
 * that allocates h before the call, and may return it, or allocate it before its loops. A zeroed buffer becomes loops
 * that store zeros, where zeros.c leaves any. */
#include "analysis/analysis.h"
#include "passes/passes.h"

static int count_returns(const Region *region) {
    int returns = 0;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        returns += node->kind == NODE_EXIT && node->as.exit.kind == EXIT_RETURN;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            returns += count_returns(regions[i]);
    }
    return returns;
}

typedef struct {
    const Function *function;
    bool outside;
} Scope;

static void note_foreign(Atom *atom, void *user) {
    Scope *scope = user;
    const Value *value = atom_value(atom);
    scope->outside |= !value || value->node;
}

/* The result's sizes must follow from the parameters: they are computed before the call. */
static bool shape_is_known(const Function *function, const Value *result) {
    Scope scope = {function, false};
    for (int axis = 0; axis < result->rank; axis++)
        size_variables(result->shape[axis], note_foreign, &scope);
    return !scope.outside;
}

static int count_retains(const Region *region, const Value *array) {
    int retains = 0;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        retains += node->kind == NODE_RETAIN && value_root(node->as.count.array) == array;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            retains += count_retains(regions[i], array);
    }
    return retains;
}

/* The allocation of a result that only the function's own name and the caller keep: what a loop carries or a list
 * holds is given up by those, and the caller's memory counts no references. */
static Node *returned_alloc(const Node *exit, int i) {
    Value *value = exit->as.exit.values.data[i];
    Node *alloc = value->node;
    return value->kind == VALUE_ARRAY && alloc && alloc->kind == NODE_ALLOC && !value->is_head &&
                   alloc->region == alloc->region->function->body && count_retains(alloc->region, value) == 1
               ? alloc
               : NULL;
}

static void remove_counting(Region *region, const Value *array) {
    for (Node *node = region->first, *next; node; node = next) {
        next = node->next;
        if ((node->kind == NODE_RETAIN || node->kind == NODE_RELEASE) && node->as.count.array == array)
            node_remove(node);
    }
}

static void drop_values(Values *values, int at, int count) {
    for (int i = at; i + count < values->count; i++)
        values->data[i] = values->data[i + count];
    values->count -= count;
}

/* Values that stand for an array result: itself, its sizes and, where they are results too, its strides. */
static int span_of(const Function *function, int at) {
    const Value *array = function->results.data[at];
    const Atom *stride = array->rank ? size_as_atom(array->stride[array->rank - 1]) : NULL;
    bool strided = stride && at + 2 * array->rank < function->results.count &&
                   atom_value(stride) == function->results.data[at + 2 * array->rank];
    return 1 + array->rank * (strided ? 2 : 1);
}

/* What C sees of the n-th array result; NULL: nothing. */
static CResult *result_for_c(const Function *function, int n) {
    for (int i = 0; function->interface && i < function->interface->result_count; i++)
        if (function->interface->results[i].value->kind == VALUE_ARRAY && n-- == 0)
            return &function->interface->results[i];
    return NULL;
}

/* The result at a place of the exit's values becomes a parameter. */
static void place_result(Function *function, Node *exit, int at, Node *alloc) {
    Value *array = alloc->results.data[0];
    Arena *arena = function->module->arena;
    Builder behind = {function, alloc->region, alloc->next, alloc->span};
    int span = span_of(function, at);
    if (alloc->as.alloc.zeroed)
        build_zeros(&behind, array);
    drop_values(&exit->as.exit.values, at, span);
    drop_values(&function->results, at, span);
    remove_counting(function->body, array);
    node_remove(alloc);
    array->node = NULL;
    array->owned = false;
    array->name = name_of(function->outs.count ? arena_printf(arena, "out.%d", function->outs.count) : "out");
    values_add(arena, &function->parameters, array);
    values_add(arena, &function->outs, array);
}

/* The array results of a function that C calls, up to the first that is no array of its own. */
static void place_for_c(Function *function, Node *exit) {
    for (int at = 0, n = 0; at < function->results.count;) {
        bool is_array = function->results.data[at]->kind == VALUE_ARRAY;
        CResult *seen = is_array ? result_for_c(function, n++) : NULL;
        Node *alloc = is_array ? returned_alloc(exit, at) : NULL;
        if (is_array && (!alloc || (seen && !seen->known) || !shape_is_known(function, alloc->results.data[0])))
            break;
        if (!is_array) {
            at++;
            continue;
        }
        place_result(function, exit, at, alloc);
        if (seen)
            seen->placed = true;
    }
    if (function->outs.count == 1)
        function_log(function, "the result is built in the caller's memory");
    else if (function->outs.count)
        function_log(function, "%d results are built in the caller's memory", function->outs.count);
}

/* The exit at the end of the body, where it is the only return. */
static Node *only_return(const Function *function) {
    Node *last = function->body->last;
    return last && last->kind == NODE_EXIT && last->as.exit.kind == EXIT_RETURN && count_returns(function->body) == 1
               ? last
               : NULL;
}

/* ---- calls inside of the module ------------------------------------------------------------ */

typedef struct {
    const Function *callee;
    VEC(Node *) nodes;
} Calls;

static void find_calls(Region *region, Calls *calls) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_CALL && node->as.call.callee == calls->callee)
            VEC_PUSH(region->function->module->arena, calls->nodes, node);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            find_calls(regions[i], calls);
    }
}

static bool is_never_negative(const Function *function, const Value *array) {
    for (int axis = 0; axis < array->rank; axis++)
        if (prove_ge(function->facts, array->shape[axis], size_const(0)) != PROVED)
            return false;
    return true;
}

/* The caller's memory for a result, before the call; the call gives it no more. */
static void allocate_at(Node *call, const Value *array, int at, int span, Span span_of_alloc) {
    Function *caller = call->region->function;
    const Function *callee = call->as.call.callee;
    Builder b = {caller, call->region, call, span_of_alloc};
    CloneMap map = {.function = caller};
    Size shape[RANK_MAX];
    for (int i = 0; i < call->as.call.arguments.count; i++)
        clone_map_value(&map, callee->parameters.data[i], call->as.call.arguments.data[i]);
    for (int axis = 0; axis < array->rank; axis++)
        shape[axis] = clone_size(&map, array->shape[axis]);
    Value *memory = build_alloc(&b, array->dtype, array->rank, shape, false);
    memory->name = call->results.data[at]->name;
    for (int i = 0; i < span; i++) {
        int axis = (i - 1) % (array->rank ? array->rank : 1);
        Value *given = i == 0 ? memory : build_size(&b, i <= array->rank ? memory->shape[axis] : memory->stride[axis]);
        region_replace(caller->body, call->results.data[at + i], given);
    }
    values_add(caller->module->arena, &call->as.call.arguments, memory);
    drop_values(&call->results, at, span);
}

/* A fresh result of a function of the module is built in an array of its callers. True if there was one. */
static bool place_for_callers(Function *function, Node *exit) {
    bool any = false;
    for (int at = 0; at < function->results.count; at++) {
        Node *alloc = function->results.data[at]->kind == VALUE_ARRAY ? returned_alloc(exit, at) : NULL;
        if (!alloc || !shape_is_known(function, alloc->results.data[0]) ||
            !is_never_negative(function, alloc->results.data[0]))
            continue;
        Calls calls = {.callee = function};
        for (Function *caller = function->module->functions; caller; caller = caller->next)
            find_calls(caller->body, &calls);
        for (int i = 0; i < calls.nodes.count; i++)
            allocate_at(calls.nodes.data[i], alloc->results.data[0], at, span_of(function, at), alloc->span);
        place_result(function, exit, at, alloc);
        at--;
        any = true;
    }
    if (any)
        function_log(function, "what it returns is built in memory of its callers");
    return any;
}

/* The caller's array is another parameter: the function must know that it shares no memory with the others. */
static bool may_take_memory(const Function *function) {
    return function->apart && !function->exported && !function->main && !function->external && !function->interface &&
           !strstr(function->name, ".general");
}

/* Callees first: what they give is then the caller's own. */
static void place_in_module(Module *module) {
    bool changed = true;
    while (changed) {
        changed = false;
        for (Function *function = module->functions; function; function = function->next) {
            Node *exit = may_take_memory(function) ? only_return(function) : NULL;
            changed |= exit && place_for_callers(function, exit);
        }
    }
}

void pass_destination(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next)
        drop_zeroing(function->body);
    place_in_module(module);
    for (Function *function = module->functions; function; function = function->next) {
        Node *exit = function->exported ? only_return(function) : NULL;
        if (exit)
            place_for_c(function, exit);
    }
}
