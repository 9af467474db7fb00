/* apart.c: a function that only the module calls, and always with arrays that share no memory, knows that its arguments
 * are apart. Callers come before callees: what a caller knows of its own parameters counts. Parameters that nobody
 * writes to may share memory. Needs inline (fewer calls), breaks nothing. */
#include "analysis/analysis.h"
#include "passes/passes.h"

#include <stdlib.h>

enum { ROUNDS_MAX = 4 };

typedef struct {
    bool called, overlapped;   /* overlapped: by one of its calls */
} Calls;

static bool is_private(const Function *function) {
    return !function->exported && !function->main && !function->external && !strstr(function->name, ".general");
}

static bool may_write(const Function *function, const Value *parameter) {
    for (const Node *node = function->body->first; node; node = node->next)
        if (node_may_write(node, parameter))
            return true;
    return false;
}

/* Two arguments of a call share memory, and the callee may write to one. */
static bool overlaps(const Node *call) {
    const Function *callee = call->as.call.callee;
    const Values *arguments = &call->as.call.arguments;
    for (int i = 0; i < arguments->count; i++)
        for (int k = i + 1; k < arguments->count; k++) {
            Value *a = arguments->data[i], *b = arguments->data[k];
            if (a->kind == VALUE_ARRAY && b->kind == VALUE_ARRAY &&
                !roots_apart(call->region->function, value_root(a), value_root(b)) &&
                (may_write(callee, callee->parameters.data[i]) || may_write(callee, callee->parameters.data[k])))
                return true;
        }
    return false;
}

static void look_at_calls(const Region *region, Calls *calls) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_CALL) {
            Calls *callee = &calls[node->as.call.callee->id];
            callee->called = true;
            callee->overlapped = callee->overlapped || overlaps(node);
        }
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            look_at_calls(regions[i], calls);
    }
}

/* What is apart in callers makes more callees apart. */
static bool mark_round(Module *module, Calls *calls) {
    bool changed = false;
    memset(calls, 0, sizeof *calls * module->function_count);
    for (const Function *function = module->functions; function; function = function->next)
        look_at_calls(function->body, calls);
    for (Function *function = module->functions; function; function = function->next) {
        const Calls *own = &calls[function->id];
        if (!is_private(function) || function->apart || !own->called || own->overlapped)
            continue;
        function->apart = changed = true;
    }
    return changed;
}

void pass_apart(Module *module, const PassContext *context) {
    (void)context;
    Calls *calls = memory_new(module->function_count + 1, sizeof *calls);
    for (int round = 0; round < ROUNDS_MAX && mark_round(module, calls); round++)
        continue;
    free(calls);
}
