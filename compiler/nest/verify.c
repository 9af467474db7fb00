/* verify.c: the invariants of the IR, tested after every pass. */
#include "nest/nest.h"

#include <stdlib.h>

typedef struct {
    const Function *function;
    const char *when;
    unsigned char *defined;      /* a value's id: its definition dominates this place */
    const Node *node;
} Verifier;

static _Noreturn void broken(const Verifier *v, const char *what, uint32_t id) {
    Text text = {0};
    nest_print_function(&text, v->function);
    fprintf(stderr, "%s\n", text.data);
    BUG("after %s, in %s: %s (value %u, node kind %d)", v->when, v->function->name, what, id,
        v->node ? (int)v->node->kind : -1);
}

static void define(Verifier *v, const Values *values, bool in_scope) {
    for (int i = 0; i < values->count; i++) {
        if (in_scope && v->defined[values->data[i]->id])
            broken(v, "defined twice", values->data[i]->id);
        v->defined[values->data[i]->id] = in_scope;
    }
}

static void use_value(Value **value, void *user) {
    Verifier *v = user;
    if (!*value || !v->defined[(*value)->id])
        broken(v, "used where it is not defined", *value ? (*value)->id : 0);
}

static void use_atom(Atom *atom, void *user) {
    Verifier *v = user;
    Value *value = atom_value(atom);
    if (!value)
        broken(v, atom->name, 0);
    if (!v->defined[value->id])
        broken(v, atom->name, value->id);
}

static void use_size(Size *size, void *user) {
    size_variables(*size, use_atom, user);
}

static void expect(Verifier *v, bool condition, const char *what) {
    if (!condition)
        broken(v, what, 0);
}

static bool same_kind(const Value *a, const Value *b) {
    return a->kind == b->kind && a->dtype == b->dtype && a->rank == b->rank;
}

static void match(Verifier *v, const Values *values, const Values *wanted, const char *what) {
    expect(v, values->count == wanted->count, what);
    for (int i = 0; i < values->count; i++)
        expect(v, same_kind(values->data[i], wanted->data[i]), what);
}

static void verify_region(Verifier *v, Region *region, const Node *parent, const Values *wanted);

static bool ends_with_exit(const Region *region) {
    return region->last && region->last->kind == NODE_EXIT;
}

static void verify_loop(Verifier *v, Node *node) {
    Value *iv = node->as.loop.iv;
    expect(v, node->as.loop.step > 0 && node->as.loop.width > 0, "step and width are positive");
    match(v, &node->as.loop.init, &node->as.loop.heads, "initial values match heads");
    v->defined[iv->id] = 1;
    define(v, &node->as.loop.heads, true);
    verify_region(v, node->as.loop.body, node, &node->as.loop.heads);
    define(v, &node->as.loop.heads, false);
    v->defined[iv->id] = 0;
}

static void verify_while(Verifier *v, Node *node) {
    match(v, &node->as.whilst.init, &node->as.whilst.heads, "initial values match heads");
    define(v, &node->as.whilst.heads, true);
    for (Node *inner = node->as.whilst.head->first; inner; inner = inner->next)
        expect(v, inner->kind != NODE_EXIT, "no exit in a while's head");
    Values none = {0};
    /* The head's definitions are seen by the body. */
    Region *head = node->as.whilst.head;
    for (Node *inner = head->first; inner; inner = inner->next) {
        Region *regions[2];
        v->node = inner;
        node_uses(inner, use_value, use_size, v);
        for (int i = 0, count = node_regions(inner, regions); i < count; i++)
            verify_region(v, regions[i], inner, &inner->results);
        define(v, &inner->results, true);
    }
    use_value(&node->as.whilst.test, v);
    verify_region(v, node->as.whilst.body, node, &node->as.whilst.heads);
    for (Node *inner = head->first; inner; inner = inner->next)
        define(v, &inner->results, false);
    define(v, &node->as.whilst.heads, false);
    (void)none;
}

static void verify_exit(Verifier *v, const Node *node) {
    expect(v, !node->next, "an exit is last");
    const Node *target = node->as.exit.target;
    if (node->as.exit.kind == EXIT_BREAK)
        match(v, &node->as.exit.values, &target->results, "a break brings the loop's results");
    if (node->as.exit.kind == EXIT_CONTINUE)
        match(v, &node->as.exit.values,
              target->kind == NODE_FOR ? &target->as.loop.heads : &target->as.whilst.heads,
              "a continue brings the next round's values");
    if (target)
        expect(v, region_contains(target->kind == NODE_FOR ? target->as.loop.body
                                                           : target->as.whilst.body,
                                  node->region),
               "an exit's target is around it");
}

static void verify_node(Verifier *v, Node *node) {
    Region *regions[2];
    v->node = node;
    node_uses(node, use_value, use_size, v);
    if (node->kind == NODE_FOR) {
        verify_loop(v, node);
    } else if (node->kind == NODE_WHILE) {
        verify_while(v, node);
    } else if (node->kind == NODE_REDUCE) {
        v->defined[node->as.reduce.iv->id] = 1;
        verify_region(v, node->as.reduce.body, node, &node->results);
        v->defined[node->as.reduce.iv->id] = 0;
    } else {
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            verify_region(v, regions[i], node, &node->results);
    }
    v->node = node;
    if (node->kind == NODE_EXIT)
        verify_exit(v, node);
    if (node->kind == NODE_STORE)
        expect(v, node->as.store.value->dtype == node->as.store.array->dtype,
               "a store's value has the array's dtype");
    for (int i = 0; i < node->results.count; i++)
        expect(v, node->results.data[i]->node == node, "a result knows its node");
    define(v, &node->results, true);
}

static void verify_region(Verifier *v, Region *region, const Node *parent, const Values *wanted) {
    expect(v, region->parent == parent, "a region knows its node");
    for (Node *node = region->first; node; node = node->next) {
        expect(v, node->region == region, "a node knows its region");
        verify_node(v, node);
    }
    if (!ends_with_exit(region)) {
        v->node = parent;
        for (int i = 0; i < region->yields.count; i++)
            use_value(&region->yields.data[i], v);
        match(v, &region->yields, wanted, "yields match results");
    }
    for (Node *node = region->first; node; node = node->next)
        define(v, &node->results, false);
}

static void verify_function(const Module *module, Function *function, const char *when) {
    Verifier v = {function, when, calloc(module->value_count + 1, 1), NULL};
    if (!v.defined)
        fatal("out of memory");
    static const Values none;
    define(&v, &function->parameters, true);
    verify_region(&v, function->body, NULL, &none);
    free(v.defined);
}

void nest_verify(const Module *module, const char *when) {
    for (Function *function = module->functions; function; function = function->next)
        verify_function(module, function, when);
}
