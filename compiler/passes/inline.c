/* inline.c: calls of small functions, and the only call of a function, become the callee's body, so that what the
 * caller knows proves the callee's checks and the nests of both become one:
 *
 *   function at(n, a, i): check index i of n; return a[i]
 *   for i in [0, n): x = call at(n, a, i); ...    ->    for i in [0, n): check index i of n; x = a[i]; ...
 *
 * A callee with several returns becomes an `if` that yields its results: what follows a branch that returns moves into
 * the branch that does not. Returns from within loops stay calls, and so does recursion. Checks keep their order and
 * their places in the source. Callees come first, so that what is copied is done; budgets bound the growth.
 *
 * What stays a call with small constant ints among its arguments gets an instance of its own (specialise). Functions
 * that nobody calls any more are removed. Needs nothing, breaks nothing. */
#include "analysis/analysis.h"
#include "passes/passes.h"

#include <stdlib.h>

enum { SMALL = 40, SMALL_NEST = 80, ONCE = 300, GROWTH_MAX = 1500, AFTER_BRANCH_MAX = 12 };
enum { DEEP = 3 };             /* such nests gain nothing from their caller: the planner has versions of them */
enum { CONSTANT_MAX = 16, INSTANCES_MAX = 4, INSTANCE_SIZE_MAX = 400 };

typedef struct {
    bool visited, active, recursive, copied;
    bool fast;                 /* reached by other ways than general bodies */
    int calls;                 /* of it, by fast functions */
    int general_calls;
    int size, loops, depth;    /* depth: of its loops inside each other */
    int growth;                /* what was copied into it */
    int instances;
    const char *why;           /* it stays a call */
} Summary;

typedef struct {
    Module *module;
    Summary *summaries;        /* by Function.id */
    uint32_t count;            /* of functions that have one */
    VEC(Function *) active;
} Inliner;

static Summary *summary_of(const Inliner *inliner, const Function *function) {
    return &inliner->summaries[function->id];
}

static bool is_general(const Function *function) {
    return strstr(function->name, ".general") != NULL;
}

static bool is_fast(const Inliner *inliner, const Node *call) {
    return summary_of(inliner, call->region->function)->fast;
}

/* ---- what a callee is ---------------------------------------------------------------------- */

static void measure(const Region *region, int depth, Summary *summary) {
    summary->depth = depth > summary->depth ? depth : summary->depth;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        bool loop = node->kind == NODE_FOR || node->kind == NODE_WHILE || node->kind == NODE_REDUCE;
        summary->size += node->kind != NODE_CONST && node->kind != NODE_STRING;
        summary->loops += loop;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            measure(regions[i], depth + loop, summary);
    }
}

static bool is_return(const Node *node) {
    return node && node->kind == NODE_EXIT && node->as.exit.kind == EXIT_RETURN;
}

/* Returns inside; `in_loop`: one of them stands in a loop. */
static bool has_return(const Region *region, bool *in_loop) {
    bool found = false;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        bool inside = false;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            inside |= has_return(regions[i], in_loop);
        *in_loop |= inside && (node->kind == NODE_FOR || node->kind == NODE_WHILE);
        found |= inside || is_return(node);
    }
    return found;
}

static bool falls_through(const Region *region) {
    return !region->last || region->last->kind != NODE_EXIT;
}

static int nodes_after(const Node *node) {
    int total = 0;
    for (node = node->next; node; node = node->next) {
        Region *regions[2];
        total++;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            total += region_node_count(regions[i]);
    }
    return total;
}

/* What follows a branch that returns goes into one of its sides, or, where it is little, into both. */
static bool may_structure(const Region *region) {
    bool in_loop = false;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        int count = node_regions(node, regions);
        bool returns = false;
        for (int i = 0; i < count; i++)
            returns |= has_return(regions[i], &in_loop);
        if (!returns)
            continue;
        if (in_loop || node->kind != NODE_IF || !may_structure(regions[0]) || !may_structure(regions[1]))
            return false;
        if (falls_through(regions[0]) && falls_through(regions[1]) && nodes_after(node) > AFTER_BRANCH_MAX)
            return false;
    }
    return !in_loop;
}

/* The body's last return is reached, or a branch before it has returned. */
static bool ends_well(const Function *callee) {
    const Node *last = callee->body->last;
    bool in_loop = false;
    return is_return(last) || (last && last->previous && last->previous->kind == NODE_IF &&
                               has_return(callee->body, &in_loop));
}

static const char *refusal(const Summary *summary, const Function *callee) {
    if (callee->external || callee->main || !callee->body->first)
        return "it has no body here";
    if (summary->recursive)
        return "it calls itself";
    if (!ends_well(callee) || !may_structure(callee->body))
        return "it returns from within a loop";
    return NULL;
}

static bool is_worth_it(const Inliner *inliner, const Node *call) {
    const Function *caller = call->region->function;
    const Summary *callee = &inliner->summaries[call->as.call.callee->id];
    if (inliner->summaries[caller->id].growth + callee->size > GROWTH_MAX)
        return false;
    if (!callee->loops)
        return callee->size <= SMALL || (callee->calls == 1 && callee->size <= ONCE);
    if (!is_fast(inliner, call) || callee->depth >= DEEP)
        return false;
    return callee->calls == 1 ? callee->size <= ONCE : callee->size <= SMALL_NEST && node_loop(call);
}

/* ---- one return instead of several --------------------------------------------------------- */

static Node *branch_that_returns(const Region *region) {
    bool in_loop = false;
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (has_return(regions[i], &in_loop))
                return node;
    }
    return NULL;
}

static bool structure(Region *region, const Values *like);

/* A side of the new branch: what the old one had and, where it ended, what followed the branch. */
static void fill_side(Node *branch, Region *from, Region *to, Region *rest, bool last, const Values *like) {
    Function *function = to->function;
    bool goes_on = falls_through(from);
    Values yields = from->yields;
    region_splice(from, to, NULL);
    for (int i = 0; goes_on && i < branch->results.count; i++)
        if (yields.data[i]->kind == VALUE_ARRAY)
            drop_last_retain(to, yields.data[i]);
    if (goes_on && last) {
        for (int i = 0; i < branch->results.count; i++)
            region_replace(rest, branch->results.data[i], yields.data[i]);
        region_splice(rest, to, NULL);
    } else if (goes_on) {
        CloneMap map = {.function = function, .relabel = true};
        for (int i = 0; i < branch->results.count; i++)
            clone_map_value(&map, branch->results.data[i], yields.data[i]);
        clone_nodes(&map, rest, to, NULL);
    }
    if (!structure(to, like))
        return;
    /* The results of the branch inside are owned here: what is handed on gets a reference of its own. */
    Builder b = {function, to, NULL, branch->span};
    for (int i = 0; i < to->yields.count; i++)
        if (to->yields.data[i]->kind == VALUE_ARRAY)
            build_retain(&b, to->yields.data[i]);
}

/* The sizes and strides of an array among results are the results behind it. */
static void measure_results(Values *results) {
    for (int i = 0; i < results->count; i++) {
        Value *array = results->data[i];
        int rank = array->kind == VALUE_ARRAY ? array->rank : 0;
        for (int axis = 0; axis < rank; axis++)
            array->shape[axis] = value_size(results->data[i + 1 + axis]);
        bool strided = rank && size_as_atom(array->stride[rank - 1]);
        for (int axis = 0; axis < rank && strided; axis++)
            array->stride[axis] = value_size(results->data[i + 1 + rank + axis]);
        if (rank && !strided)
            build_contiguous(rank, array->shape, array->stride);
        i += rank * (strided ? 2 : 1);
    }
}

/* The region's returns become yields of values like those; true if they are the results of a branch. */
static bool structure(Region *region, const Values *like) {
    Node *branch = branch_that_returns(region);
    if (!branch) {
        if (is_return(region->last)) {
            build_yield(region, &region->last->as.exit.values);
            node_remove(region->last);
        }
        return false;
    }
    Region *rest = region_new(region->function, branch);
    while (branch->next)
        node_move(branch->next, rest, NULL);
    Builder b = {region->function, region, NULL, branch->span};
    Node *merged = build_if(&b, branch->as.branch.test, like);
    measure_results(&merged->results);
    bool both = falls_through(branch->as.branch.then) && falls_through(branch->as.branch.otherwise);
    bool then_last = falls_through(branch->as.branch.then) && !both;
    fill_side(branch, branch->as.branch.then, merged->as.branch.then, rest, then_last, like);
    fill_side(branch, branch->as.branch.otherwise, merged->as.branch.otherwise, rest, !then_last, like);
    node_remove(branch);
    build_yield(region, &merged->results);
    return true;
}

/* ---- the copy ------------------------------------------------------------------------------ */

static bool same_layout(CloneMap *map, const Value *parameter, const Value *argument) {
    for (int axis = 0; axis < parameter->rank; axis++)
        if (clone_size(map, parameter->shape[axis]) != argument->shape[axis] ||
            clone_size(map, parameter->stride[axis]) != argument->stride[axis])
            return false;
    return true;
}

/* The argument with the sizes that the callee gives it. */
static Value *view_as(CloneMap *map, Builder *b, const Value *parameter, Value *argument) {
    Size start[RANK_MAX], step[RANK_MAX], shape[RANK_MAX];
    int axes[RANK_MAX];
    if (same_layout(map, parameter, argument))
        return argument;
    for (int axis = 0; axis < parameter->rank; axis++) {
        start[axis] = size_const(0);
        step[axis] = size_const(1);
        axes[axis] = axis;
        shape[axis] = clone_size(map, parameter->shape[axis]);
    }
    return build_view(b, argument, start, parameter->rank, axes, step, shape);
}

static void map_parameters(CloneMap *map, Builder *b, const Function *callee, const Values *arguments) {
    for (int array = 0; array < 2; array++)
        for (int i = 0; i < arguments->count; i++) {
            Value *parameter = callee->parameters.data[i], *argument = arguments->data[i];
            if ((parameter->kind == VALUE_ARRAY) != array)
                continue;
            clone_map_value(map, parameter, array ? view_as(map, b, parameter, argument) : argument);
        }
}

/* A size that the call's results tell, by what stands in their place. */
static Size in_results_place(const Node *call, const Region *body, Size size) {
    for (int i = 0; i < call->results.count; i++)
        if (call->results.data[i]->atom)
            size = size_substitute(size, call->results.data[i]->atom, value_size(body->yields.data[i]));
    return size;
}

/* Puts the body before the call; its results are to be read in the place of the call's. */
static void replace_call(Node *call, Region *body, bool merged, CloneMap *renamed) {
    for (int i = 0; i < call->results.count; i++) {
        Value *result = call->results.data[i], *value = body->yields.data[i];
        if (value->kind == VALUE_ARRAY && !merged)
            drop_last_retain(body, value);
        for (int axis = 0; value->kind == VALUE_ARRAY && merged && axis < value->rank; axis++) {
            value->shape[axis] = in_results_place(call, body, result->shape[axis]);
            value->stride[axis] = in_results_place(call, body, result->stride[axis]);
        }
    }
    region_splice(body, call->region, call);
    for (int i = 0; i < call->results.count; i++)
        clone_map_value(renamed, call->results.data[i], body->yields.data[i]);
    node_remove(call);
}

/* Which file the callee's places get in the copy. */
typedef struct {
    const Node *call;
    VEC(uint32_t) from;
    VEC(uint32_t) to;
} Files;

/* Around what is inlined in the callee already stands the call, too. */
static uint32_t inlined_file(Files *files, uint32_t file) {
    Module *module = files->call->region->function->module;
    const Function *callee = files->call->as.call.callee;
    const SourceFile *source = source_file(file);
    if (!source)
        return file;
    for (int i = 0; i < files->from.count; i++)
        if (files->from.data[i] == file)
            return files->to.data[i];
    Span call = files->call->span;
    if (source->call.file)
        call = (Span){inlined_file(files, source->call.file), source->call.start, source->call.end};
    uint32_t copy = source_inlined(file, call, source->call.file  ? source->function
                                                : callee->shown ? callee->shown
                                                                : callee->name);
    VEC_PUSH(module->arena, files->from, file);
    VEC_PUSH(module->arena, files->to, copy);
    return copy;
}

/* The copied code says where it was called: errors, debuggers and reports tell it. */
static void place_copy(Files *files, Region *region) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        node->span.file = inlined_file(files, node->span.file);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            place_copy(files, regions[i]);
    }
}

static void copy_callee(Node *call, CloneMap *renamed) {
    Function *caller = call->region->function;
    const Function *callee = call->as.call.callee;
    Builder b = {caller, call->region, call, call->span};
    CloneMap map = {.function = caller, .relabel = true};
    map_parameters(&map, &b, callee, &call->as.call.arguments);
    Region *body = region_new(caller, call->region->parent);
    clone_nodes(&map, callee->body, body, NULL);
    Files files = {.call = call};
    place_copy(&files, body);
    Node *last = body->last;
    if (!is_return(last))
        node_remove(last);             /* not reached: the branch before it has returned */
    bool merged = structure(body, &callee->results);
    replace_call(call, body, merged, renamed);
}

/* ---- the module ---------------------------------------------------------------------------- */

typedef void (*VisitCall)(Inliner *inliner, Node *call);

static void visit_calls(Inliner *inliner, Region *region, VisitCall visit) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            visit_calls(inliner, regions[i], visit);
        if (node->kind == NODE_CALL)
            visit(inliner, node);
    }
}

static void mark_fast(Inliner *inliner, Function *function);

static void mark_callee(Inliner *inliner, Node *call) {
    mark_fast(inliner, call->as.call.callee);
}

static void mark_fast(Inliner *inliner, Function *function) {
    Summary *summary = summary_of(inliner, function);
    if (summary->fast)
        return;
    summary->fast = true;
    visit_calls(inliner, function->body, mark_callee);
}

static void count_call(Inliner *inliner, Node *call) {
    Summary *callee = summary_of(inliner, call->as.call.callee);
    ++*(is_fast(inliner, call) ? &callee->calls : &callee->general_calls);
}

static bool in_reduction(const Node *node) {
    for (const Node *outer = node->region->parent; outer; outer = outer->region->parent)
        if (outer->kind == NODE_REDUCE)
            return true;
    return false;
}

static void log_copied(const Node *call) {
    function_log(call->region->function, "%s is computed where it is called (%s)", call->as.call.callee->name,
                 source_line(call->span));
}

static void try_call(Inliner *inliner, Node *call, CloneMap *renamed) {
    Function *callee = call->as.call.callee;
    Summary *summary = summary_of(inliner, callee), *caller = summary_of(inliner, call->region->function);
    if (summary->why || summary->active || summary->recursive || !is_worth_it(inliner, call) || in_reduction(call))
        return;
    --*(is_fast(inliner, call) ? &summary->calls : &summary->general_calls);
    summary->copied = true;
    caller->growth += summary->size;
    log_copied(call);
    copy_callee(call, renamed);
}

static void try_calls(Inliner *inliner, Region *region, CloneMap *renamed) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        node_rename(renamed, node);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            try_calls(inliner, regions[i], renamed);
        if (node->kind == NODE_CALL)
            try_call(inliner, node, renamed);
    }
    region_rename_end(renamed, region);
}

static void visit_function(Inliner *inliner, Function *function);

static void visit_callee(Inliner *inliner, Node *call) {
    Summary *callee = summary_of(inliner, call->as.call.callee);
    if (!callee->visited)
        visit_function(inliner, call->as.call.callee);
    if (!callee->active)
        return;
    for (int i = inliner->active.count - 1; i >= 0; i--) {
        summary_of(inliner, inliner->active.data[i])->recursive = true;
        if (inliner->active.data[i] == call->as.call.callee)
            break;
    }
}

/* Callees before callers. */
static void visit_function(Inliner *inliner, Function *function) {
    Summary *summary = summary_of(inliner, function);
    summary->visited = summary->active = true;
    VEC_PUSH(inliner->module->arena, inliner->active, function);
    visit_calls(inliner, function->body, visit_callee);
    inliner->active.count--;
    summary->active = false;
    CloneMap renamed = {.function = function};
    try_calls(inliner, function->body, &renamed);
    measure(function->body, 0, summary);
    summary->why = refusal(summary, function);
}

/* ---- instances for small constants --------------------------------------------------------- */

static bool is_small_constant(const Value *argument, const Value *parameter) {
    int64_t value;
    return parameter->kind == VALUE_SCALAR && parameter->dtype == DTYPE_I64 && parameter->atom && argument->size &&
           size_is_const(argument->size, &value) && value >= 0 && value <= CONSTANT_MAX;
}

static Facts *clone_facts(CloneMap *map, Facts *facts) {
    if (!facts)
        return NULL;
    Facts *parent = clone_facts(map, facts->parent);
    return facts_add(map->function->module->arena, parent, facts->kind, clone_size(map, facts->size), facts->why,
                     facts->span);
}

/* The callee's parameters but for those that are constants of this call; what the instance is called. */
static Function *declare_instance(const Node *call) {
    const Function *callee = call->as.call.callee;
    Text name = {0};
    text_printf(&name, "%s.with", callee->name);
    for (int i = 0; i < callee->parameters.count; i++) {
        const Value *parameter = callee->parameters.data[i];
        if (is_small_constant(call->as.call.arguments.data[i], parameter)) {
            text_printf(&name, ".%s.", parameter->name ? parameter->name : "size");
            size_to_text(&name, call->as.call.arguments.data[i]->size);
        }
    }
    Function *known = module_find(callee->module, name.data);
    Function *instance = known ? known : module_function(callee->module, name_of(name.data), callee->span);
    instance->shown = callee->shown;
    text_free(&name);
    return instance;
}

static Value *copy_parameter(CloneMap *map, const Value *parameter) {
    Value *copy = build_parameter(map->function, parameter->kind, parameter->dtype, parameter->name);
    copy->rank = parameter->rank;
    for (int axis = 0; axis < parameter->rank; axis++) {
        copy->shape[axis] = clone_size(map, parameter->shape[axis]);
        copy->stride[axis] = clone_size(map, parameter->stride[axis]);
    }
    return copy;
}

/* Strides among results are results themselves. */
static void copy_results(CloneMap *map, const Values *results) {
    Module *module = map->function->module;
    for (int array = 0; array < 2; array++)
        for (int i = 0; i < results->count; i++)
            if ((results->data[i]->kind == VALUE_ARRAY) == array)
                clone_map_value(map, results->data[i], value_like(module, results->data[i]));
    for (int i = 0; i < results->count; i++) {
        Value *copy = clone_value(map, results->data[i]);
        for (int axis = 0; axis < copy->rank; axis++)
            copy->stride[axis] = clone_size(map, copy->stride[axis]);
        values_add(module->arena, &map->function->results, copy);
    }
}

static void fill_instance(const Node *call, Function *instance) {
    const Function *callee = call->as.call.callee;
    CloneMap map = {.function = instance};
    Builder b = {instance, instance->body, NULL, callee->span};
    for (int array = 0; array < 2; array++)
        for (int i = 0; i < callee->parameters.count; i++) {
            Value *parameter = callee->parameters.data[i], *argument = call->as.call.arguments.data[i];
            if ((parameter->kind == VALUE_ARRAY) != array)
                continue;
            clone_map_value(&map, parameter, is_small_constant(argument, parameter)
                                                 ? build_size(&b, argument->size) : copy_parameter(&map, parameter));
        }
    instance->parameters.count = 0;
    for (int i = 0; i < callee->parameters.count; i++)
        if (!is_small_constant(call->as.call.arguments.data[i], callee->parameters.data[i]))
            values_add(instance->module->arena, &instance->parameters, clone_value(&map, callee->parameters.data[i]));
    copy_results(&map, &callee->results);
    instance->apart = callee->apart;
    instance->facts = clone_facts(&map, callee->facts);
    clone_nodes(&map, callee->body, instance->body, NULL);
}

static void drop_constants(Node *call) {
    Values *arguments = &call->as.call.arguments;
    int kept = 0;
    for (int i = 0; i < arguments->count; i++)
        if (!is_small_constant(arguments->data[i], call->as.call.callee->parameters.data[i]))
            arguments->data[kept++] = arguments->data[i];
    arguments->count = kept;
}

static void specialise(Inliner *inliner, Node *call) {
    Function *callee = call->as.call.callee;
    if (callee->id >= inliner->count || callee->external || callee->main || !is_fast(inliner, call))
        return;
    Summary *summary = summary_of(inliner, callee);
    bool any = false;
    for (int i = 0; i < callee->parameters.count; i++)
        any |= is_small_constant(call->as.call.arguments.data[i], callee->parameters.data[i]);
    if (!any || !summary->loops || summary->depth >= DEEP || summary->recursive || summary->size > INSTANCE_SIZE_MAX ||
        (summary->calls > 1 && !node_loop(call)))
        return;
    Function *instance = declare_instance(call);
    if (!instance->body->first) {
        if (summary->instances == INSTANCES_MAX) {
            module_remove(instance);
            return;
        }
        fill_instance(call, instance);
        summary->instances++;
    }
    drop_constants(call);
    call->as.call.callee = instance;
    summary->calls--;
    summary->copied = true;
    function_log(call->region->function, "%s has an instance for small constants: %s", callee->name, instance->name);
}

static void remove_uncalled(Inliner *inliner) {
    for (Function *function = inliner->module->functions, *next; function; function = next) {
        next = function->next;
        if (function->id >= inliner->count)
            continue;
        const Summary *summary = summary_of(inliner, function);
        if (summary->copied && !summary->calls && !summary->general_calls && !function->exported && !function->main)
            module_remove(function);
    }
}

void pass_inline(Module *module, const PassContext *context) {
    (void)context;
    Inliner inliner = {.module = module, .count = module->function_count};
    inliner.summaries = memory_new(module->function_count + 1, sizeof *inliner.summaries);
    for (Function *function = module->functions; function; function = function->next)
        if (function->main || (function->exported && !is_general(function)))
            mark_fast(&inliner, function);
    for (Function *function = module->functions; function; function = function->next)
        visit_calls(&inliner, function->body, count_call);
    for (Function *function = module->functions; function; function = function->next)
        if (!summary_of(&inliner, function)->visited)
            visit_function(&inliner, function);
    for (Function *function = module->functions; function; function = function->next)
        if (function->id < inliner.count)
            visit_calls(&inliner, function->body, specialise);
    remove_uncalled(&inliner);
    free(inliner.summaries);
}
