/* writes.c: what functions do: does one write to an array parameter? Decides `const` in headers, and what must not
 * overlap. Says yes where it cannot tell. */
#include "emit/emitter.h"

enum { DEPTH_MAX = 16 };

static bool has_root(const Values *values, const Value *parameter) {
    for (int i = 0; i < values->count; i++)
        if (values->data[i]->kind == VALUE_ARRAY && value_root(values->data[i]) == parameter)
            return true;
    return false;
}

static bool returns_arrays(const Node *call) {
    for (int i = 0; i < call->results.count; i++)
        if (call->results.data[i]->kind == VALUE_ARRAY)
            return true;
    return false;
}

/* The parameter becomes known under other names: carried by a loop, the result of a branch or a call. */
static bool flows(const Region *region, const Value *parameter) {
    if (region->parent && has_root(&region->yields, parameter))
        return true;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if ((node->kind == NODE_FOR && has_root(&node->as.loop.init, parameter)) ||
            (node->kind == NODE_WHILE && has_root(&node->as.whilst.init, parameter)) ||
            (node->kind == NODE_EXIT && node->as.exit.kind != EXIT_RETURN &&
             has_root(&node->as.exit.values, parameter)) ||
            (node->kind == NODE_CALL && returns_arrays(node) && has_root(&node->as.call.arguments, parameter)))
            return true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (flows(regions[i], parameter))
                return true;
    }
    return false;
}

typedef struct {
    const Value *parameter;
    bool flows;
    int depth;
} Question;

/* The array may be (a view of) the parameter. */
static bool may_be(const Question *q, Value *array) {
    const Value *root = value_root(array);
    if (root == q->parameter)
        return true;
    bool own = !root->node || root->node->kind == NODE_ALLOC || root->node->kind == NODE_RUNTIME;
    return q->flows && (root->is_head || !own);
}

static bool writes(const Question *q, const Region *region);

static bool call_writes(const Question *q, const Node *node) {
    const Function *callee = node->as.call.callee;
    for (int i = 0; i < node->as.call.arguments.count; i++) {
        Value *argument = node->as.call.arguments.data[i];
        if (argument->kind != VALUE_ARRAY || !may_be(q, argument))
            continue;
        const Value *inner = callee->parameters.data[i];
        Question question = {inner, flows(callee->body, inner), q->depth + 1};
        if (q->depth >= DEPTH_MAX || writes(&question, callee->body))
            return true;
    }
    return false;
}

static bool runtime_writes(const Question *q, const Node *node) {
    if (!node->as.runtime.external && strcmp(node->as.runtime.symbol, "mnp_zero") &&
        strcmp(node->as.runtime.symbol, "mnp_sum"))
        return false;
    for (int i = 0; i < node->as.runtime.arguments.count; i++)
        if (node->as.runtime.arguments.data[i]->kind == VALUE_ARRAY && may_be(q, node->as.runtime.arguments.data[i]))
            return true;
    return false;
}

static bool writes(const Question *q, const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if ((node->kind == NODE_STORE && may_be(q, node->as.store.array)) ||
            (node->kind == NODE_CALL && call_writes(q, node)) ||
            (node->kind == NODE_RUNTIME && runtime_writes(q, node)))
            return true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (writes(q, regions[i]))
                return true;
    }
    return false;
}

bool function_writes(const Function *function, const Value *parameter) {
    Question question = {parameter, flows(function->body, parameter), 0};
    return function->external || writes(&question, function->body);
}

static bool calls_runtime(const Region *region, const char *symbol) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_RUNTIME && !node->as.runtime.external && !strcmp(node->as.runtime.symbol, symbol))
            return true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (calls_runtime(regions[i], symbol))
                return true;
    }
    return false;
}

bool module_calls_runtime(const Module *module, const char *symbol) {
    for (const Function *function = module->functions; function; function = function->next)
        if (calls_runtime(function->body, symbol))
            return true;
    return false;
}
