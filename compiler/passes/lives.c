/* lives.c: an owned array is given back behind the last node that uses it, and not where its region ends:
 *
 *   x = alloc; ...; y[...] = x[...]; ...      ->   x = alloc; ...; y[...] = x[...]; release x; ...
 *
 * A use of a view is one of the array, and so is one of whatever else a node makes of it that owns nothing itself (a
 * string of a list). What is handed on by a yield, a return or into a list has a reference of its own. An array whose
 * views leave through a branch or a loop stays until the end of its region.
 *
 * Needs nothing; comes last, so that no other pass meets an array that ends early. */
#include "passes/passes.h"

typedef struct {
    Value *array;
    Region *region;
    Node *last;             /* in the region; NULL: not used yet */
    bool stays;             /* until the end of the region */
} Life;

typedef struct {
    Arena *arena;
    VEC(Life) all;
    int *lives;             /* by Value.id, of the array or of the one behind a view: its place in `all`, from 1; 0: none */
    Node *user;             /* the node whose uses are visited */
    int used;               /* a life that it uses, or 0; `several`: more than one */
    bool several;
} Lives;

static Life *life_of(Lives *l, const Value *value) {
    int place = l->lives[value->id];
    return place ? &l->all.data[place - 1] : NULL;
}

static bool has_memory(const Value *value) {
    return value->kind != VALUE_SCALAR;
}

static void start_life(Lives *l, Value *array, Region *region, Node *first) {
    if (array->kind != VALUE_ARRAY || !array->owned)
        return;
    VEC_PUSH(l->arena, l->all, ((Life){array, region, first, false}));
    l->lives[array->id] = l->all.count;
}

static void note_use(Value **value, void *user) {
    Lives *l = user;
    Life *life = life_of(l, *value);
    if (!life)
        return;
    Node *node = l->user;
    while (node->region != life->region)
        node = node->region->parent;
    life->last = node;
    l->several |= l->used && l->used != l->lives[(*value)->id];
    l->used = l->lives[(*value)->id];
}

static void keep_use(Value **value, void *user) {
    Life *life = life_of(user, *value);
    if (life)
        life->stays = true;
}

static void keep_all(Lives *l, const Values *values) {
    for (int i = 0; i < values->count; i++)
        keep_use(&values->data[i], l);
}

static bool has_views(const Values *values) {
    for (int i = 0; i < values->count; i++)
        if (has_memory(values->data[i]) && !values->data[i]->owned)
            return true;
    return false;
}

static void follow_results(Lives *l, Node *node) {
    if (l->several && has_views(&node->results))
        node_uses(node, keep_use, NULL, l);
    for (int i = 0; i < node->results.count; i++) {
        Value *result = node->results.data[i];
        if (has_memory(result) && !result->owned && l->used)
            l->lives[result->id] = l->used;
        start_life(l, result, node->region, node);
    }
}

/* What is yielded is used where the region ends. */
static void use_yields(Lives *l, Region *region) {
    for (int i = 0; i < region->yields.count; i++) {
        Life *life = life_of(l, region->yields.data[i]);
        l->user = region->parent;
        if (life && life->region == region)
            life->stays = true;
        else
            note_use(&region->yields.data[i], l);
    }
}

static void visit(Lives *l, Region *region);

/* Views that a branch or a loop hands on are not followed. */
static void visit_inside(Lives *l, Node *node) {
    Region *regions[2];
    int count = node_regions(node, regions);
    bool views = has_views(&node->results);
    if (node->kind == NODE_FOR) {
        views |= has_views(&node->as.loop.heads);
        for (int i = 0; i < node->as.loop.heads.count; i++)
            start_life(l, node->as.loop.heads.data[i], node->as.loop.body, NULL);
    } else if (node->kind == NODE_WHILE) {
        views |= has_views(&node->as.whilst.heads);
    }
    if (count && views)
        node_uses(node, keep_use, NULL, l);
    for (int i = 0; i < count; i++) {
        visit(l, regions[i]);
        if (views)
            keep_all(l, &regions[i]->yields);
    }
}

static void visit(Lives *l, Region *region) {
    for (Node *node = region->first; node; node = node->next) {
        l->user = node;
        l->used = 0;
        l->several = false;
        node_uses(node, note_use, NULL, l);
        if (node->kind == NODE_EXIT && node->as.exit.kind != EXIT_RETURN)
            keep_all(l, &node->as.exit.values);
        follow_results(l, node);
        visit_inside(l, node);
    }
    use_yields(l, region);
}

static void end_life(const Life *life) {
    Node *next = life->last ? life->last->next : NULL;
    if (life->stays || !next || next->kind == NODE_EXIT)
        return;
    Builder behind = {life->region->function, life->region, next, life->last->span};
    build_release(&behind, life->array);
}

void pass_lives(Module *module, const PassContext *context) {
    (void)context;
    Lives l = {.arena = module->arena};
    l.lives = ARENA_ARRAY(module->arena, int, module->value_count + 1);
    for (Function *function = module->functions; function; function = function->next)
        visit(&l, function->body);
    for (int i = 0; i < l.all.count; i++)
        end_life(&l.all.data[i]);
}
