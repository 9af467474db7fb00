/* split_index_set.c:
 *   for y in [lo, hi): for b in [max(t - y, -t), min(w - y, t)): ...
 *   ->  the same for y in [lo, p1), [p1, p2), [p2, hi)
 * where for y in [p1, p2) the inner bounds are -t and t. A min or max of two sizes whose difference
 * is +-y + rest changes sides at one y; the break points are clamped, so pieces may be empty. */
#include "schedule/schedule.h"

typedef struct {
    const Node *loop, *place;
    const Atom *iv;
    Size first, end;       /* the middle piece, as far as found */
} Search;

/* Where `varying` stops to decide a max (or min) against `plain`. */
static void add_break(Search *middle, bool is_max, Size varying, Size plain) {
    int64_t k;
    Size rest, difference = size_sub(plain, varying);
    if (!is_max)
        difference = size_neg(difference);
    /* `plain` decides where difference >= 0. */
    if (!size_linear_in(difference, middle->iv, &k, &rest) || (k != 1 && k != -1) ||
        !size_is_known_before(rest, middle->place))
        return;
    if (k == 1) {
        Size first = size_neg(rest);
        middle->first = middle->first ? size_max(middle->first, first) : first;
    } else {
        Size end = size_add(rest, size_const(1));
        middle->end = middle->end ? size_min(middle->end, end) : end;
    }
}

static void look_at_bound(Search *middle, Size bound) {
    Atom *atom = size_as_atom(bound);
    if (!atom || (atom->kind != ATOM_MAX && atom->kind != ATOM_MIN))
        return;
    for (int i = 0; i < atom->arg_count; i++)
        for (int j = 0; j < atom->arg_count; j++)
            if (size_mentions(atom->args[i], middle->iv) && !size_mentions(atom->args[j], middle->iv))
                add_break(middle, atom->kind == ATOM_MAX, atom->args[i], atom->args[j]);
}

static void look_at_loops(Search *middle, const Region *region) {
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
    Size decides = atom ? prove_extreme(facts, atom) : NULL;
    return decides ? decides : bound;
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

bool find_middle(const Node *loop, const Node *place, Middle *middle) {
    value_size(loop->as.loop.iv);
    Search search = {loop, place, loop->as.loop.iv->atom, NULL, NULL};
    Size lo = loop->as.loop.lo, hi = loop->as.loop.hi;
    *middle = (Middle){lo, lo, hi, hi, NULL, NULL};
    if (!size_is_known_before(lo, place) || !size_is_known_before(hi, place) || loop->as.loop.heads.count)
        return false;
    look_at_loops(&search, loop->as.loop.body);
    Facts *facts = facts_at(place);
    if (search.first)
        middle->first = least(facts, greatest(facts, search.first, lo), hi);
    if (search.end)
        middle->end = least(facts, greatest(facts, search.end, middle->first), hi);
    middle->break_first = search.first;
    middle->break_end = search.end;
    return true;
}

Node *loop_piece(Builder *b, const Node *loop, Size lo, Size hi) {
    CloneMap map = {.function = b->function, .relabel = true};
    Node *copy = clone_node(&map, loop, b->region, b->before);
    copy->as.loop.lo = lo;
    copy->as.loop.hi = hi;
    value_size(copy->as.loop.iv);
    return copy;
}

void assume_middle(Node *piece, const Middle *middle) {
    Facts *inside = facts_inside(facts_at(piece), piece, piece->as.loop.body);
    Arena *arena = piece->region->function->module->arena;
    Size iv = value_size(piece->as.loop.iv);
    if (middle->break_first)
        inside = facts_ge(arena, inside, iv, middle->break_first, "the piece's start", piece->span);
    if (middle->break_end)
        inside = facts_lt(arena, inside, iv, middle->break_end, "the piece's end", piece->span);
    simplify_bounds(piece->as.loop.body, inside);
}
