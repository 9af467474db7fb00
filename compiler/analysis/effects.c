/* effects.c: what nodes do besides giving values. */
#include "analysis/analysis.h"

#include <stdlib.h>

static bool region_is_pure(const Region *region) {
    for (const Node *node = region->first; node; node = node->next)
        if (!node_is_pure(node))
            return false;
    return true;
}

bool node_is_pure(const Node *node) {
    Region *regions[2];
    switch (node->kind) {
    case NODE_CONST: case NODE_STRING: case NODE_SIZE: case NODE_LET: case NODE_LOAD: case NODE_VIEW:
        return true;
    case NODE_FOR: case NODE_IF: case NODE_REDUCE: case NODE_VERSION:
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (!region_is_pure(regions[i]))
                return false;
        return true;
    case NODE_STORE: case NODE_WHILE: case NODE_CHECK: case NODE_ALLOC: case NODE_RETAIN: case NODE_RELEASE:
    case NODE_CALL: case NODE_RUNTIME: case NODE_CELL_GET: case NODE_CELL_SET: case NODE_EXIT:
        return false;
    }
    return false;
}

typedef struct {
    const Value *array;
    bool found;
} Search;

static void look_at_value(Value **value, void *user) {
    Search *search = user;
    search->found |= *value && (*value)->kind == VALUE_ARRAY && value_root(*value) == search->array;
}

bool node_has_array(Node *node, const Value *array) {
    Search search = {array, false};
    node_uses(node, look_at_value, NULL, &search);
    return search.found;
}

bool values_have_array(const Values *values, const Value *array) {
    for (int i = 0; i < values->count; i++)
        if (values->data[i]->kind == VALUE_ARRAY && value_root(values->data[i]) == array)
            return true;
    return false;
}

bool region_has_array(const Region *region, const Value *array) {
    for (Node *node = region->first; node; node = node->next)
        if (node_has_array_deep(node, array))
            return true;
    return values_have_array(&region->yields, array);
}

bool node_has_array_deep(Node *node, const Value *array) {
    Region *regions[2];
    if (node_has_array(node, array))
        return true;
    for (int i = 0, count = node_regions(node, regions); i < count; i++)
        if (region_has_array(regions[i], array))
            return true;
    return false;
}

bool region_is_plain(const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        if (node->kind == NODE_FOR ? !region_is_plain(node->as.loop.body)
            : node->kind == NODE_IF ? !region_is_plain(node->as.branch.then) ||
                                          !region_is_plain(node->as.branch.otherwise)
                                    : node->kind != NODE_CONST && node->kind != NODE_SIZE &&
                                          node->kind != NODE_LET && node->kind != NODE_LOAD &&
                                          node->kind != NODE_STORE)
            return false;
    }
    return true;
}

Node *last_retain(const Region *region, const Node *end, const Value *array) {
    for (Node *node = end ? end->previous : region->last; node; node = node->previous)
        if (node->kind == NODE_RETAIN && node->as.count.array == array)
            return node;
    return NULL;
}

void drop_last_retain(const Region *region, const Value *array) {
    Node *retain = last_retain(region, NULL, array);
    if (retain)
        node_remove(retain);
}

typedef struct {
    int *uses, change;
} Counts;

static void count_value(Value **value, void *user) {
    Counts *counts = user;
    if (*value)
        counts->uses[(*value)->id] += counts->change;
}

static void count_atom(Atom *atom, void *user) {
    Value *value = atom_value(atom);
    count_value(&value, user);
}

static void count_size(Size *size, void *user) {
    size_variables(*size, count_atom, user);
}

int *count_uses(Function *function) {
    int *uses = memory_new(function->module->value_count + 1, sizeof *uses);
    Counts counts = {uses, 1};
    region_uses(function->body, count_value, count_size, &counts);
    return uses;
}

void uncount_uses(int *uses, Node *node) {
    Counts counts = {uses, -1};
    node_uses_deep(node, count_value, count_size, &counts);
}
