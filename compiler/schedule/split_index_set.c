/* split_index_set.c:
 *   for y in [lo, hi): for b in [max(t - y, -t), min(w - y, t)): ...
 *   ->  the same for y in [lo, p1), [p1, p2), [p2, hi)
 * where for y in [p1, p2) the inner bounds are -t and t. A min or max of two sizes whose difference
 * is +-y + rest changes sides at one y; the break points are clamped, so pieces may be empty. */
#include "schedule/schedule.h"

typedef struct {
    const Node *loop;
    const Atom *iv;
    Size first, end;       /* the middle piece, as far as found */
} Middle;

typedef struct {
    const Node *loop;
    bool inside;
} Inside;

static void note_inside(Atom *atom, void *user) {
    Inside *inside = user;
    const Value *value = atom_value(atom);
    inside->inside |= value && value->node &&
                      (value->is_iv ? value->node != inside->loop &&
                                          region_contains(inside->loop->as.loop.body, value->node->region)
                                    : region_contains(inside->loop->as.loop.body, value->node->region));
}

/* A break point has to be known before the loop. */
static bool is_known_before(const Node *loop, Size size) {
    Inside inside = {loop, false};
    size_variables(size, note_inside, &inside);
    return !inside.inside;
}

/* Where `varying` stops to decide a max (or min) against `plain`. */
static void add_break(Middle *middle, bool is_max, Size varying, Size plain) {
    int64_t k;
    Size rest, difference = size_sub(plain, varying);
    if (!is_max)
        difference = size_neg(difference);
    /* `plain` decides where difference >= 0. */
    if (!size_linear_in(difference, middle->iv, &k, &rest) || (k != 1 && k != -1) ||
        !is_known_before(middle->loop, rest))
        return;
    if (k == 1) {
        Size first = size_neg(rest);
        middle->first = middle->first ? size_max(middle->first, first) : first;
    } else {
        Size end = size_add(rest, size_const(1));
        middle->end = middle->end ? size_min(middle->end, end) : end;
    }
}

static void look_at_bound(Middle *middle, Size bound) {
    Atom *atom = size_as_atom(bound);
    if (!atom || (atom->kind != ATOM_MAX && atom->kind != ATOM_MIN))
        return;
    for (int i = 0; i < atom->arg_count; i++)
        for (int j = 0; j < atom->arg_count; j++)
            if (size_mentions(atom->args[i], middle->iv) && !size_mentions(atom->args[j], middle->iv))
                add_break(middle, atom->kind == ATOM_MAX, atom->args[i], atom->args[j]);
}

static void look_at_loops(Middle *middle, const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        if (node->kind != NODE_FOR)
            continue;
        look_at_bound(middle, node->as.loop.lo);
        look_at_bound(middle, node->as.loop.hi);
        look_at_loops(middle, node->as.loop.body);
    }
}

/* Drops arguments that the facts show never to decide. */
static Size simplify_extreme(Facts *facts, Size bound) {
    Atom *atom = size_as_atom(bound);
    if (!atom || (atom->kind != ATOM_MAX && atom->kind != ATOM_MIN))
        return bound;
    for (int i = 0; i < atom->arg_count; i++) {
        bool decides = true;
        for (int j = 0; j < atom->arg_count && decides; j++)
            decides = i == j || (atom->kind == ATOM_MAX ? prove_ge(facts, atom->args[i], atom->args[j])
                                                        : prove_ge(facts, atom->args[j], atom->args[i])) == PROVED;
        if (decides)
            return atom->args[i];
    }
    return bound;
}

static void simplify_bounds(Region *region, Facts *facts) {
    for (Node *node = region->first; node; node = node->next) {
        if (node->kind != NODE_FOR)
            continue;
        node->as.loop.lo = simplify_extreme(facts, node->as.loop.lo);
        node->as.loop.hi = simplify_extreme(facts, node->as.loop.hi);
        simplify_bounds(node->as.loop.body, facts_inside(facts, node, node->as.loop.body));
    }
}

static Size least(Facts *facts, Size a, Size b) {
    return simplify_extreme(facts, size_min(a, b));
}

static Size greatest(Facts *facts, Size a, Size b) {
    return simplify_extreme(facts, size_max(a, b));
}

static Node *piece(Node *loop, Size lo, Size hi) {
    CloneMap map = {.function = loop->region->function, .relabel = true};
    Node *copy = clone_node(&map, loop, loop->region, loop);
    copy->as.loop.lo = lo;
    copy->as.loop.hi = hi;
    value_size(copy->as.loop.iv);
    return copy;
}

bool split_index_set(Node *loop, Pieces *pieces) {
    value_size(loop->as.loop.iv);
    Middle middle = {loop, loop->as.loop.iv->atom, NULL, NULL};
    look_at_loops(&middle, loop->as.loop.body);
    if ((!middle.first && !middle.end) || loop->as.loop.heads.count)
        return false;
    Facts *facts = facts_at(loop);
    Size lo = loop->as.loop.lo, hi = loop->as.loop.hi;
    Size first = middle.first ? least(facts, greatest(facts, middle.first, lo), hi) : lo;
    Size end = middle.end ? least(facts, greatest(facts, middle.end, first), hi) : hi;
    pieces->before = middle.first ? piece(loop, lo, first) : NULL;
    pieces->middle = piece(loop, first, end);
    pieces->behind = middle.end ? piece(loop, end, hi) : NULL;
    /* In the middle the break points hold without their clamps. */
    Facts *inside = facts_inside(facts, pieces->middle, pieces->middle->as.loop.body);
    Arena *arena = loop->region->function->module->arena;
    Size iv = value_size(pieces->middle->as.loop.iv);
    if (middle.first)
        inside = facts_ge(arena, inside, iv, middle.first, "the piece's start", loop->span);
    if (middle.end)
        inside = facts_lt(arena, inside, iv, middle.end, "the piece's end", loop->span);
    simplify_bounds(pieces->middle->as.loop.body, inside);
    node_remove(loop);
    return true;
}
