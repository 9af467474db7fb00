/* gather_target.c: skew and interchange at once, where a target is a window that slides:
 *
 *   for p: for q: for i: for j: h[p + i, q + j] = op(h[p + i, q + j], term(p, q, i, j))
 *   ->  for x: for y: acc = h[x, y]
 *           for p where 0 <= x - p < rows: for q where ...: acc = op(acc, term(p, q, x - p, y - q))
 *           h[x, y] = acc
 *
 * An axis' index is the variable of one loop (which becomes the axis' own), plus an affine term of
 * at most one other. An element meets its terms in the order of the loops that stay, as before, since
 * each of their rounds touches it at most once: the bits are the same. Empty loops are left alone by
 * a version, because the hull of the ranges may then lie outside of the array. */
#include "schedule/schedule.h"

enum { DEPTH = 8 };

typedef struct {
    int own, other;          /* loops by number; other: -1 if none */
    int64_t factor;          /* index = own + factor * other + rest */
    Size rest;
} Axis;

typedef struct {
    Node *loops[DEPTH];
    int count;
    Node *load, *store;
    Axis axes[RANK_MAX];
    bool is_own[DEPTH];
} Window;

static Size iv_of(const Window *w, int k) {
    return value_size(w->loops[k]->as.loop.iv);
}

static int loop_mentioned(const Window *w, Size size) {
    int found = -1;
    for (int k = 0; k < w->count; k++)
        if (size_mentions(size, w->loops[k]->as.loop.iv->atom))
            found = found >= 0 ? DEPTH : k;
    return found;
}

/* index = iv + factor * other + rest, where iv belongs to the innermost loop that fits. */
static bool find_axis(Window *w, Size index, Axis *axis) {
    for (int k = w->count - 1; k >= 0; k--) {
        int64_t one;
        Size rest;
        if (w->is_own[k] || !size_linear_in(index, w->loops[k]->as.loop.iv->atom, &one, &rest) || one != 1)
            continue;
        axis->own = k;
        axis->other = loop_mentioned(w, rest);
        axis->factor = 0;
        axis->rest = rest;
        if (axis->other == DEPTH)
            return false;
        if (axis->other >= 0 && (!size_linear_in(rest, w->loops[axis->other]->as.loop.iv->atom, &axis->factor,
                                                 &axis->rest) ||
                                 (axis->factor != 1 && axis->factor != -1)))
            return false;
        w->is_own[k] = true;
        return true;
    }
    return false;
}

static bool same_element(const Node *load, const Node *store) {
    const Value *array = store->as.store.array;
    return load->as.load.array == array && same_index(load->as.load.index, store->as.store.index, array->rank);
}

/* One store, and one load of the same element; nothing else may touch the target. */
static bool find_target(Window *w) {
    const Region *body = w->loops[w->count - 1]->as.loop.body;
    w->load = w->store = NULL;
    for (Node *node = body->first; node; node = node->next) {
        if (node->kind == NODE_STORE && w->store)
            return false;
        if (node->kind == NODE_STORE)
            w->store = node;
        if (node->kind == NODE_IF || node->kind == NODE_FOR)
            return false;
    }
    for (Node *node = body->first; node && w->store; node = node->next) {
        if (node->kind != NODE_LOAD)
            continue;
        if (!w->load && same_element(node, w->store))
            w->load = node;
        else if (!roots_apart(body->function, value_root(node->as.load.array), value_root(w->store->as.store.array)))
            return false;
    }
    return w->load != NULL;
}

static bool bounds_are_free(const Window *w) {
    for (int k = 0; k < w->count; k++)
        if (loop_mentioned(w, w->loops[k]->as.loop.lo) >= 0 || loop_mentioned(w, w->loops[k]->as.loop.hi) >= 0)
            return false;
    return true;
}

enum { FEW = 64 };

/* A window as long as the range it slides over: hardly an element meets the same number of terms as its neighbour. */
static bool is_as_long(const Window *w, const Axis *axis) {
    const Node *own = w->loops[axis->own], *other = w->loops[axis->other];
    int64_t longer, constant;
    Size rounds = size_sub(own->as.loop.hi, own->as.loop.lo);
    int64_t few = size_is_const(rounds, &constant) ? constant / 2 : FEW;
    return size_is_const(size_sub(rounds, size_sub(other->as.loop.hi, other->as.loop.lo)), &longer) && longer < few &&
           longer > -few;
}

static bool find_window(Node *const *loops, int count, Window *w) {
    *w = (Window){.count = count};
    for (int k = 0; k < count; k++)
        w->loops[k] = loops[k];
    if (!find_target(w) || !bounds_are_free(w))
        return false;
    bool slides = false;
    for (int axis = 0; axis < w->store->as.store.array->rank; axis++) {
        if (!find_axis(w, w->store->as.store.index[axis], &w->axes[axis]))
            return false;
        slides |= w->axes[axis].other >= 0;
    }
    for (int axis = 0; axis < w->store->as.store.array->rank; axis++)
        if (w->axes[axis].other >= 0 && (w->is_own[w->axes[axis].other] || is_as_long(w, &w->axes[axis])))
            return false;
    return slides;
}

/* The smallest or largest value of factor * other + rest. */
static Size extreme_offset(const Window *w, const Axis *axis, bool smallest) {
    if (axis->other < 0)
        return axis->rest;
    const Node *other = w->loops[axis->other];
    bool low = (axis->factor > 0) == smallest;
    Size at = low ? other->as.loop.lo : size_sub(other->as.loop.hi, size_const(1));
    return size_add(size_scale(at, axis->factor), axis->rest);
}

/* The rounds of loop k that meet the element (x): lo <= x - factor * k - rest < hi for its axes. */
static void meeting_range(const Window *w, int k, const Size *x, Size *lo, Size *hi) {
    *lo = w->loops[k]->as.loop.lo;
    *hi = w->loops[k]->as.loop.hi;
    for (int axis = 0; axis < w->store->as.store.array->rank; axis++) {
        const Axis *a = &w->axes[axis];
        if (a->other != k)
            continue;
        const Node *own = w->loops[a->own];
        Size at = size_sub(x[axis], a->rest);   /* own = at - factor * k */
        if (a->factor > 0) {
            *lo = size_max(*lo, size_add(size_sub(at, own->as.loop.hi), size_const(1)));
            *hi = size_min(*hi, size_add(size_sub(at, own->as.loop.lo), size_const(1)));
        } else {
            *lo = size_max(*lo, size_sub(own->as.loop.lo, at));
            *hi = size_min(*hi, size_sub(own->as.loop.hi, at));
        }
    }
}

static void map_iv(CloneMap *map, const Node *loop, Size size, Builder *b) {
    Value *value = build_size(b, size);
    clone_map_value(map, loop->as.loop.iv, value);
    clone_map_atom(map, loop->as.loop.iv->atom, size);
}

/* Loops that stay and stand outside of all that move keep what is between them. */
static bool is_outer_staying(const Window *w, int k) {
    for (int i = 0; i <= k; i++)
        if (w->is_own[i])
            return false;
    return true;
}

/* What a loop's body has besides the next loop and the target's accesses. */
static void clone_between(const Window *w, CloneMap *map, int k, Builder *b) {
    for (const Node *node = w->loops[k]->as.loop.body->first; node; node = node->next)
        if (node->kind != NODE_FOR && node != w->load && node != w->store)
            clone_node(map, node, b->region, b->before);
}

/* The loops that stay, from `k` on; inside of them the term. Returns the target's new value. */
static Value *staying_loops(const Window *w, CloneMap *map, int k, const Size *x, Value *acc, Builder *b) {
    Arena *arena = map->function->module->arena;
    while (k < w->count && w->is_own[k])
        k++;
    if (k == w->count) {
        for (int axis = 0; axis < w->store->as.store.array->rank; axis++) {
            const Axis *a = &w->axes[axis];
            Size offset = a->rest;
            if (a->other >= 0)
                offset = size_add(offset, size_scale(clone_size(map, iv_of(w, a->other)), a->factor));
            map_iv(map, w->loops[a->own], size_sub(x[axis], offset), b);
        }
        clone_map_value(map, w->load->results.data[0], acc);
        for (int i = 0; i < w->count; i++)
            if (!is_outer_staying(w, i))
                clone_between(w, map, i, b);
        return clone_value(map, w->store->as.store.value);
    }
    Size lo, hi;
    Values init = {0}, yields = {0};
    meeting_range(w, k, x, &lo, &hi);
    values_add(arena, &init, acc);
    Node *loop = build_for(b, w->loops[k]->as.loop.label, lo, hi, 1, &init);
    Builder inner = {b->function, loop->as.loop.body, NULL, b->span};
    clone_map_value(map, w->loops[k]->as.loop.iv, loop->as.loop.iv);
    clone_map_atom(map, w->loops[k]->as.loop.iv->atom, value_size(loop->as.loop.iv));
    if (is_outer_staying(w, k))
        clone_between(w, map, k, &inner);
    values_add(arena, &yields, staying_loops(w, map, k + 1, x, loop->as.loop.heads.data[0], &inner));
    build_yield(loop->as.loop.body, &yields);
    return loop->results.data[0];
}

static Node *build_gathered(const Window *w, Builder *b) {
    int rank = w->store->as.store.array->rank;
    CloneMap map = {.function = b->function, .relabel = true};
    Builder at = *b;
    Size x[RANK_MAX];
    Node *first = NULL;
    for (int axis = 0; axis < rank; axis++) {
        const Node *own = w->loops[w->axes[axis].own];
        Size lo = size_add(own->as.loop.lo, extreme_offset(w, &w->axes[axis], true));
        Size hi = size_add(own->as.loop.hi, extreme_offset(w, &w->axes[axis], false));
        Node *loop = build_for(&at, own->as.loop.label, lo, hi, 1, NULL);
        first = first ? first : loop;
        x[axis] = value_size(loop->as.loop.iv);
        at.region = loop->as.loop.body;
        at.before = NULL;
    }
    Value *acc = build_load(&at, w->store->as.store.array, x);
    Value *result = staying_loops(w, &map, 0, x, acc, &at);
    build_store(&at, w->store->as.store.array, x, result);
    return first;
}

Node *gather_target(Node *const *loops, int count) {
    Window w;
    Node *nest = loops[0];
    if (count < 2 || count > DEPTH || !find_window(loops, count, &w))
        return NULL;
    Goal goals[DEPTH];
    int goal_count = 0;
    Facts *facts = facts_at(nest);
    for (int k = 0; k < count; k++) {
        Size rounds = size_sub(size_sub(w.loops[k]->as.loop.hi, w.loops[k]->as.loop.lo), size_const(1));
        if (prove_ge(facts, rounds, size_const(0)) != PROVED)
            goals[goal_count++] = (Goal){FACT_GE, rounds};
    }
    Function *function = nest->region->function;
    Builder b = {function, nest->region, nest, nest->span};
    if (!goal_count) {
        Node *gathered = build_gathered(&w, &b);
        node_remove(nest);
        return gathered;
    }
    Node *version = build_version(&b, goals, goal_count, NULL, "no loop is empty");
    Builder inner = {function, version->as.version.fast, NULL, nest->span};
    Node *gathered = build_gathered(&w, &inner);
    node_move(nest, version->as.version.plain, NULL);
    return gathered;
}
