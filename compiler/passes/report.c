/* report.c: what --explain says of a function before the planner takes it: how many nests, and what is allocated.
 * Changes nothing. */
#include "analysis/analysis.h"
#include "passes/passes.h"

/* Outermost loops and reductions that are no part of another nest; a loop whose body is more than arithmetic is not
 * one, but those inside may be. */
static int count_nests(const Region *region) {
    int total = 0;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_REDUCE || (node->kind == NODE_FOR && region_is_plain(node->as.loop.body))) {
            total++;
            continue;
        }
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            total += count_nests(regions[i]);
    }
    return total;
}

static void log_alloc(const Node *alloc) {
    const Value *array = alloc->results.data[0];
    Text text = {0};
    for (int axis = 0; axis < array->rank; axis++) {
        text_printf(&text, "%s", axis ? ", " : "");
        size_to_text(&text, array->shape[axis]);
    }
    function_log(alloc->region->function, "allocates %s (%s): %s[%s]%s", array->name ? array->name : "a temporary",
                 source_line(alloc->span), dtype_info(array->dtype)->name, text.data ? text.data : "",
                 alloc->as.alloc.stack ? " on the stack" : node_loop(alloc) ? ", each round of a loop" : "");
    text_free(&text);
}

static int log_allocs(const Region *region) {
    int total = 0;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_ALLOC) {
            log_alloc(node);
            total++;
        }
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            total += log_allocs(regions[i]);
    }
    return total;
}

void pass_report(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next) {
        int nests = count_nests(function->body), allocs = log_allocs(function->body);
        if (nests || allocs)
            function_log(function, "nests: %d, allocations: %d", nests, allocs);
    }
}
