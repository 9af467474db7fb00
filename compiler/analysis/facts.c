/* facts.c: facts from the structure around a place. */
#include "analysis/analysis.h"

static Arena *arena_of(const Region *region) {
    return region->function->module->arena;
}

/* size >= each argument of a max (or the size itself), and the mirror image. */
static Facts *add_lower(Arena *arena, Facts *facts, Size value, Size lo, Span span) {
    Atom *atom = size_as_atom(lo);
    if (!atom || atom->kind != ATOM_MAX)
        return facts_ge(arena, facts, value, lo, "the loop's start", span);
    for (int i = 0; i < atom->arg_count; i++)
        facts = facts_ge(arena, facts, value, atom->args[i], "the loop's start", span);
    return facts;
}

static Facts *add_upper(Arena *arena, Facts *facts, Size value, Size hi, Span span) {
    Atom *atom = size_as_atom(hi);
    if (!atom || atom->kind != ATOM_MIN)
        return facts_lt(arena, facts, value, hi, "the loop's end", span);
    for (int i = 0; i < atom->arg_count; i++)
        facts = facts_lt(arena, facts, value, atom->args[i], "the loop's end", span);
    return facts;
}

static Facts *assume_relation(Arena *arena, Facts *facts, Op op, bool truth, Size a, Size b, Span span) {
    if (op == OP_EQ || op == OP_NE)
        return (op == OP_EQ) == truth ? facts_eq(arena, facts, a, b, "a condition", span)
                                      : facts_add(arena, facts, FACT_NE, size_sub(a, b), "a condition", span);
    bool less = op == OP_LT || op == OP_LE, strict = op == OP_LT || op == OP_GT;
    Size low = less == truth ? a : b, high = less == truth ? b : a;
    if (!truth)
        strict = !strict;
    return strict ? facts_lt(arena, facts, low, high, "a condition", span)
                  : facts_ge(arena, facts, high, low, "a condition", span);
}

static bool is_int(const Value *value) {
    return value->kind == VALUE_SCALAR && value->dtype == DTYPE_I64;
}

Facts *facts_assume(Arena *arena, Facts *facts, Value *test, bool truth) {
    const Node *node = test->node;
    if (!node || test->is_head)
        return facts;
    if (node->kind == NODE_IF && node->results.count == 1) {
        /* `and` and `or` are ifs that yield a constant on one side. */
        for (int side = 0; side < 2; side++) {
            const Region *known = side ? node->as.branch.otherwise : node->as.branch.then;
            const Region *other = side ? node->as.branch.then : node->as.branch.otherwise;
            if (!known->yields.count || !other->yields.count)
                return facts;
            Value *value = known->yields.data[0];
            bool is_test = value == node->as.branch.test;
            if (is_test && (side == 1) == truth) {   /* a and b: true; a or b: false */
                facts = facts_assume(arena, facts, node->as.branch.test, truth);
                return facts_assume(arena, facts, other->yields.data[0], truth);
            }
        }
        return facts;
    }
    if (node->kind != NODE_LET)
        return facts;
    Op op = node->as.let.op;
    Value *a = node->as.let.operands[0], *b = node->as.let.operands[1];
    if (op == OP_NOT)
        return facts_assume(arena, facts, a, !truth);
    if ((op == OP_LOGICAL_AND && truth) || (op == OP_LOGICAL_OR && !truth))
        return facts_assume(arena, facts_assume(arena, facts, a, truth), b, truth);
    if (op_info(op)->rule == RULE_COMPARE && is_int(a) && is_int(b))
        return assume_relation(arena, facts, op, truth, value_size(a), value_size(b), node->span);
    return facts;
}

bool value_alternatives(const Value *value, Value *pair[2], Value **test) {
    const Node *node = value->node;
    if (!node || value->is_head || value->is_iv)
        return false;
    if (node->kind == NODE_LET && node->as.let.op == OP_SELECT) {
        *test = node->as.let.operands[0];
        pair[0] = node->as.let.operands[1];
        pair[1] = node->as.let.operands[2];
        return true;
    }
    if (node->kind != NODE_IF)
        return false;
    const Values *then = &node->as.branch.then->yields, *otherwise = &node->as.branch.otherwise->yields;
    for (int i = 0; i < node->results.count && i < then->count && i < otherwise->count; i++)
        if (node->results.data[i] == value) {
            *test = node->as.branch.test;
            pair[0] = then->data[i];
            pair[1] = otherwise->data[i];
            return true;
        }
    return false;
}

enum { DEPTH_MAX = 8 };

/* By how much a value exceeds a loop's head, at least and at most; false where no constants say so. */
static bool change_of(Value *value, Value *head, int depth, int64_t *least, int64_t *most) {
    if (value == head) {
        *least = *most = 0;
        return true;
    }
    if (size_is_const(size_sub(value_size(value), value_size(head)), least)) {
        *most = *least;
        return true;
    }
    Value *pair[2], *test;
    int64_t other_least, other_most;
    Range change;
    if (depth > DEPTH_MAX)
        return false;
    if (!value_alternatives(value, pair, &test)) {
        if (!size_range(size_sub(value_size(value), value_size(head)), &change))
            return false;
        *least = change.least;
        *most = change.most;
        return true;
    }
    if (!change_of(pair[0], head, depth + 1, least, most) || !change_of(pair[1], head, depth + 1, &other_least, &other_most))
        return false;
    *least = other_least < *least ? other_least : *least;
    *most = other_most > *most ? other_most : *most;
    return true;
}

/* What a carried int can have become: the bounds of its first value, of the loop's variable in earlier rounds, of
 * constants and of remainders, if it is never anything else. */
typedef struct {
    const Node *loop;
    const Value *head;
    Size bottom, top;
} Choices;

static bool add_choice(Choices *choices, Value *value, int depth) {
    const Node *loop = choices->loop;
    Value *pair[2], *test;
    int64_t constant;
    if (value == choices->head)
        return true;
    if (value == loop->as.loop.iv) {
        choices->bottom = size_min(choices->bottom, loop->as.loop.lo);
        choices->top = size_max(choices->top, size_sub(value_size(value), size_const(loop->as.loop.step)));
        return true;
    }
    if (size_is_const(value_size(value), &constant)) {
        choices->bottom = size_min(choices->bottom, size_const(constant));
        choices->top = size_max(choices->top, size_const(constant));
        return true;
    }
    const Atom *atom = size_as_atom(value_size(value));
    if (atom && atom->kind == ATOM_MOD && size_is_const(atom->args[1], &constant) && constant > 0) {
        choices->bottom = size_min(choices->bottom, size_const(0));
        choices->top = size_max(choices->top, size_const(constant - 1));
        return true;
    }
    return depth <= DEPTH_MAX && value_alternatives(value, pair, &test) && add_choice(choices, pair[0], depth + 1) &&
           add_choice(choices, pair[1], depth + 1);
}

/* A carried int that changes by at most so much a round is near its first value after few rounds; one that only
 * takes some values is between them. */
static Facts *add_carried(Arena *arena, Facts *facts, const Node *node) {
    static const char why[] = "a value carried from round to round";
    const Values *heads = &node->as.loop.heads, *yields = &node->as.loop.body->yields;
    Size rounds = size_sub(value_size(node->as.loop.iv), node->as.loop.lo);
    for (int i = 0; i < heads->count && i < yields->count; i++) {
        int64_t least, most;
        Value *head = heads->data[i];
        if (!is_int(head))
            continue;
        Size init = value_size(node->as.loop.init.data[i]), now = value_size(head);
        Choices choices = {node, head, init, init};
        if (change_of(yields->data[i], head, 0, &least, &most) && most <= 1 << 10 && least >= -(1 << 10)) {
            choices.top = size_add(init, most > 0 ? size_scale(rounds, most) : size_const(0));
            choices.bottom = size_add(init, least < 0 ? size_scale(rounds, least) : size_const(0));
        } else if (!add_choice(&choices, yields->data[i], 0)) {
            continue;
        }
        facts = facts_ge(arena, facts, choices.top, now, why, node->span);
        facts = facts_ge(arena, facts, now, choices.bottom, why, node->span);
    }
    return facts;
}

/* A round never takes the value below the head (or never above), as its facts and the tests on the way say. */
static bool stays_beyond(Arena *arena, Facts *facts, Value *value, Value *head, bool above, int depth) {
    Size change = size_sub(value_size(value), value_size(head));
    Value *pair[2], *test;
    if (prove_ge(facts, above ? change : size_neg(change), size_const(0)) == PROVED)
        return true;
    return depth <= DEPTH_MAX && value_alternatives(value, pair, &test) &&
           stays_beyond(arena, facts_assume(arena, facts, test, true), pair[0], head, above, depth + 1) &&
           stays_beyond(arena, facts_assume(arena, facts, test, false), pair[1], head, above, depth + 1);
}

/* What a while loop carries has no bound for the number of rounds, but what only grows stays above its first value. */
static Facts *add_monotone(Arena *arena, Facts *facts, const Node *node) {
    static const char why[] = "a value that only grows or only falls";
    Facts *round = node->as.whilst.test ? facts_assume(arena, facts, node->as.whilst.test, true) : facts;
    const Values *heads = &node->as.whilst.heads, *yields = &node->as.whilst.body->yields;
    for (int i = 0; i < heads->count && i < yields->count; i++) {
        int64_t least, most;
        Value *head = heads->data[i], *back = yields->data[i];
        if (!is_int(head))
            continue;
        Size init = value_size(node->as.whilst.init.data[i]), now = value_size(head);
        bool known = change_of(back, head, 0, &least, &most);
        if (known ? least >= 0 : stays_beyond(arena, round, back, head, true, 0))
            facts = facts_ge(arena, facts, now, init, why, node->span);
        if (known ? most <= 0 : stays_beyond(arena, round, back, head, false, 0))
            facts = facts_ge(arena, facts, init, now, why, node->span);
    }
    return facts;
}

/* iv < count // d with d > 0: d * (iv + 1) <= count. So ranges with a step that only the run knows are in bounds. */
static Facts *add_quotient(Arena *arena, Facts *facts, Size iv, Size hi, Span span) {
    Atom *atom = size_as_atom(hi);
    int64_t constant;
    if (!atom || atom->kind != ATOM_FLOORDIV || size_is_const(atom->args[1], &constant) ||
        prove_ge(facts, atom->args[1], size_const(1)) != PROVED || prove_ge(facts, iv, size_const(0)) != PROVED)
        return facts;
    Size covered = size_mul(atom->args[1], size_add(iv, size_const(1)));
    facts = facts_ge(arena, facts, size_mul(atom->args[1], iv), size_const(0), "a multiple of a positive step", span);
    return facts_ge(arena, facts, atom->args[0], covered, "the loop's end", span);
}

static bool is_continued(const Region *region, const Node *loop) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_EXIT && node->as.exit.target == loop && node->as.exit.kind == EXIT_CONTINUE)
            return true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (is_continued(regions[i], loop))
                return true;
    }
    return false;
}

/* Rounds of a loop with a step are whole steps from its start; those that lanes or overlap move are not. */
static Facts *add_step(Arena *arena, Facts *facts, const Node *node) {
    int64_t step = node->as.loop.step;
    if (step == 1 || node->as.loop.width != 1 || node->as.loop.overlapped)
        return facts;
    Size gone = size_sub(value_size(node->as.loop.iv), node->as.loop.lo);
    return facts_add(arena, facts, FACT_EQ, size_mod(gone, size_const(step)), "the loop's step", node->span);
}

Facts *facts_inside(Facts *facts, const Node *node, const Region *region) {
    Arena *arena = arena_of(region);
    if (node->kind == NODE_FOR) {
        Size iv = value_size(node->as.loop.iv);
        facts = add_lower(arena, facts, iv, node->as.loop.lo, node->span);
        facts = add_upper(arena, facts, iv, node->as.loop.hi, node->span);
        facts = add_step(arena, facts, node);
        facts = add_quotient(arena, facts, iv, node->as.loop.hi, node->span);
        if (node->as.loop.heads.count && !is_continued(node->as.loop.body, node))
            facts = add_carried(arena, facts, node);
        return facts;
    }
    if (node->kind == NODE_REDUCE) {
        Size iv = value_size(node->as.reduce.iv);
        facts = add_lower(arena, facts, iv, size_const(0), node->span);
        return add_upper(arena, facts, iv, node->as.reduce.count, node->span);
    }
    if (node->kind == NODE_IF)
        return facts_assume(arena, facts, node->as.branch.test, region == node->as.branch.then);
    if (node->kind == NODE_WHILE && !is_continued(node->as.whilst.body, node))
        facts = add_monotone(arena, facts, node);
    if (node->kind == NODE_WHILE && region == node->as.whilst.body && node->as.whilst.test)
        return facts_assume(arena, facts, node->as.whilst.test, true);
    if (node->kind == NODE_VERSION && region == node->as.version.fast)
        for (int i = 0; i < node->as.version.goal_count; i++)
            facts = facts_add(arena, facts, node->as.version.goals[i].kind, node->as.version.goals[i].size,
                              "the version's condition", node->span);
    return facts;
}

static bool leaves(const Region *region) {
    return region->last && region->last->kind == NODE_EXIT;
}

static Facts *after_check(Arena *arena, Facts *facts, const Node *node) {
    Size size = node->as.check.size;
    switch (node->as.check.kind) {
    case CHECK_GE: return facts_add(arena, facts, FACT_GE, size, "an earlier check", node->span);
    case CHECK_EQ: return facts_add(arena, facts, FACT_EQ, size, "an earlier check", node->span);
    case CHECK_NE: return facts_add(arena, facts, FACT_NE, size, "an earlier check", node->span);
    case CHECK_INDEX:
        facts = facts_lt(arena, facts, size, node->as.check.bound, "an earlier check", node->span);
        return facts_add(arena, facts, FACT_GE, size_add(size, node->as.check.bound), "an earlier check", node->span);
    case CHECK_TRUE: return facts_assume(arena, facts, node->as.check.cond, true);
    case CHECK_FITS: return facts;
    }
    return facts;
}

/* An int that is made of narrow ones is in the range of that. */
static Facts *after_let(Arena *arena, Facts *facts, const Node *node) {
    Range range;
    if (!is_int(node->results.data[0]) || !value_range(node->results.data[0], &range))
        return facts;
    Size value = value_size(node->results.data[0]);
    facts = facts_ge(arena, facts, value, size_const(range.least), "the dtype's range", node->span);
    return facts_ge(arena, facts, size_const(range.most), value, "the dtype's range", node->span);
}

Facts *facts_after(Facts *facts, const Node *node) {
    Arena *arena = arena_of(node->region);
    if (node->kind == NODE_LET)
        return after_let(arena, facts, node);
    if (node->kind == NODE_CHECK)
        return after_check(arena, facts, node);
    if (node->kind == NODE_IF && leaves(node->as.branch.then))
        facts = facts_assume(arena, facts, node->as.branch.test, false);
    if (node->kind == NODE_IF && leaves(node->as.branch.otherwise))
        facts = facts_assume(arena, facts, node->as.branch.test, true);
    for (int i = 0; node->kind != NODE_VIEW && i < node->results.count; i++)
        for (int axis = 0; axis < node->results.data[i]->rank; axis++)
            if (size_as_atom(node->results.data[i]->shape[axis])) {
                Size size = node->results.data[i]->shape[axis];
                facts = facts_ge(arena, facts, size, size_const(0), "sizes are not negative", node->span);
                facts = facts_ge(arena, facts, size_const(INT64_C(1) << 47), size,
                                 "an axis has at most 2**47 elements", node->span);
            }
    return facts;
}

static Facts *facts_between(Facts *facts, const Node *from, const Node *to) {
    for (; from != to; from = from->next)
        facts = facts_after(facts, from);
    return facts;
}

static bool is_noted(const Node *node) {
    return node->noted.era == node->region->era + 1;
}

static void note(Node *node, Facts *facts) {
    node->noted.facts = facts;
    node->noted.era = node->region->era + 1;
}

/* A body may be long, and is asked about often: what is known before each node is noted, the way begins at the last. */
static Facts *facts_in_body(const Node *node) {
    Node *from = (Node *)node;
    while (from->previous && !is_noted(from))
        from = from->previous;
    if (!is_noted(from))
        note(from, node->region->function->facts);
    for (; from != node; from = from->next)
        note(from->next, facts_after(from->noted.facts, from));
    return node->noted.facts;
}

Facts *facts_at(const Node *node) {
    const Node *parent = node->region->parent;
    if (!parent)
        return facts_in_body(node);
    return facts_between(facts_inside(facts_at(parent), parent, node->region), node->region->first, node);
}

bool sizes_agree(const Node *place, Size a, Size b) {
    return a == b || prove_eq(facts_at(place), a, b) == PROVED;
}

bool load_is_inside(const Node *load, Facts *facts) {
    const Value *array = load->as.load.array;
    for (int axis = 0; axis < array->rank; axis++)
        if (prove_ge(facts, load->as.load.index[axis], size_const(0)) != PROVED ||
            prove_lt(facts, load->as.load.index[axis], array->shape[axis]) != PROVED)
            return false;
    return true;
}

bool loads_are_inside(const Region *region, Facts *facts) {
    for (const Node *node = region->first; node; node = node->next)
        if (node->kind == NODE_LOAD && !load_is_inside(node, facts))
            return false;
    return true;
}
