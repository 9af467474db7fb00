/* unroll_and_jam.c: several rounds of a parallel loop at once, inner loops together.
 *
 *   for x: for a in [lo(x), hi(x)) carry acc: acc = f(x, a, acc)
 *   ->  for x step R: for p carry acc0, acc1, ...: acc0 = f(x, p, acc0); acc1 = f(x + 1, p - d, acc1); ...
 *
 * Where the copies' ranges differ, the rounds that all have in common stand in the middle, and
 * guarded ones before and behind it. Each copy meets its own rounds in their order, so sums keep
 * their bits. */
#include "schedule/schedule.h"

typedef struct {
    const JamPlan *plan;
    Function *function;
    CloneMap maps[COPIES_MAX];
} Jam;

bool may_jam(const Node *loop, const char **why) {
    if (loop->as.loop.step != 1 || loop->as.loop.width != 1) {
        *why = "its step is not 1";
        return false;
    }
    if (!region_is_plain(loop->as.loop.body)) {
        *why = "it does more than arithmetic on arrays";
        return false;
    }
    return loop_is_parallel(loop, why);
}

static CloneMap map_copy(Arena *arena, const CloneMap *map) {
    CloneMap copy = {.function = map->function, .relabel = true};
    for (int i = 0; i < map->from.count; i++) {
        VEC_PUSH(arena, copy.from, map->from.data[i]);
        VEC_PUSH(arena, copy.to, map->to.data[i]);
    }
    for (int i = 0; i < map->atoms.count; i++) {
        VEC_PUSH(arena, copy.atoms, map->atoms.data[i]);
        VEC_PUSH(arena, copy.sizes, map->sizes.data[i]);
    }
    return copy;
}

static void copy_maps(const Jam *jam, CloneMap *to, const CloneMap *from) {
    for (int r = 0; r < jam->plan->copies; r++)
        to[r] = map_copy(jam->function->module->arena, &from[r]);
}

/* size + k, inside of a min or max, so that such sizes of several copies join. */
static Size shifted(Size size, int64_t k) {
    Atom *atom = size_as_atom(size);
    if (!k || !atom || (atom->kind != ATOM_MAX && atom->kind != ATOM_MIN))
        return size_add(size, size_const(k));
    Size result = size_add(atom->args[0], size_const(k));
    for (int i = 1; i < atom->arg_count; i++) {
        Size arg = size_add(atom->args[i], size_const(k));
        result = atom->kind == ATOM_MAX ? size_max(result, arg) : size_min(result, arg);
    }
    return result;
}

typedef struct {
    const Node *loop;
    Size lo[COPIES_MAX], hi[COPIES_MAX];   /* in the common variable */
    int64_t shift[COPIES_MAX];
    bool equal;
} Ranges;

static Ranges ranges_of(Jam *jam, const Node *loop, CloneMap *maps) {
    Ranges ranges = {.loop = loop, .equal = true};
    for (int r = 0; r < jam->plan->copies; r++) {
        ranges.shift[r] = loop->as.loop.label == jam->plan->skewed ? jam->plan->shift * r : 0;
        ranges.lo[r] = shifted(clone_size(&maps[r], loop->as.loop.lo), ranges.shift[r]);
        ranges.hi[r] = shifted(clone_size(&maps[r], loop->as.loop.hi), ranges.shift[r]);
        ranges.equal &= ranges.lo[r] == ranges.lo[0] && ranges.hi[r] == ranges.hi[0];
    }
    return ranges;
}

static void jam_region(Jam *jam, CloneMap *maps, const Region *from, Builder *b);

/* Copy r's variable is the common one less its shift. */
static void map_variable(CloneMap *map, const Node *loop, Value *common, int64_t shift, Builder *b) {
    Value *own = shift ? build_size(b, size_sub(value_size(common), size_const(shift))) : common;
    clone_map_value(map, loop->as.loop.iv, own);
    if (loop->as.loop.iv->atom)
        clone_map_atom(map, loop->as.loop.iv->atom, value_size(own));
}

/* One loop for all copies; `carried` are their values so far, replaced by the loop's results. With
 * `guarded`, each copy runs only where its range says so. */
static void common_loop(Jam *jam, const Ranges *ranges, CloneMap *outer, Size lo, Size hi, bool guarded,
                        Values *carried, Builder *b) {
    const Node *loop = ranges->loop;
    int copies = jam->plan->copies, heads = loop->as.loop.heads.count;
    Arena *arena = jam->function->module->arena;
    Node *common = build_for(b, loop->as.loop.label, lo, hi, 1, carried);
    Builder inner = {jam->function, common->as.loop.body, NULL, loop->span};
    CloneMap maps[COPIES_MAX];
    Values yields = {0};
    copy_maps(jam, maps, outer);
    Builder *at = &inner;
    for (int r = 0; r < copies; r++) {
        map_variable(&maps[r], loop, common->as.loop.iv, ranges->shift[r], at);
        for (int i = 0; i < heads; i++)
            clone_map_value(&maps[r], loop->as.loop.heads.data[i], common->as.loop.heads.data[r * heads + i]);
    }
    if (!guarded)
        jam_region(jam, maps, loop->as.loop.body, at);
    for (int r = 0; r < copies; r++) {
        if (!guarded) {
            for (int i = 0; i < heads; i++)
                values_add(arena, &yields, clone_value(&maps[r], loop->as.loop.body->yields.data[i]));
            continue;
        }
        Values own = {0}, results = {0};
        for (int i = 0; i < heads; i++)
            values_add(arena, &own, common->as.loop.heads.data[r * heads + i]);
        Value *iv = common->as.loop.iv;
        Value *low = build_let(at, OP_GE, DTYPE_BOOL, iv, build_size(at, ranges->lo[r]), NULL);
        Value *high = build_let(at, OP_LT, DTYPE_BOOL, iv, build_size(at, ranges->hi[r]), NULL);
        Node *guard = build_if(at, build_let(at, OP_LOGICAL_AND, DTYPE_BOOL, low, high, NULL), &own);
        clone_nodes(&maps[r], loop->as.loop.body, guard->as.branch.then, NULL);
        for (int i = 0; i < heads; i++)
            values_add(arena, &results, clone_value(&maps[r], loop->as.loop.body->yields.data[i]));
        build_yield(guard->as.branch.then, &results);
        build_yield(guard->as.branch.otherwise, &own);
        for (int i = 0; i < heads; i++)
            values_add(arena, &yields, guard->results.data[i]);
    }
    build_yield(common->as.loop.body, &yields);
    carried->count = 0;
    for (int i = 0; i < common->results.count; i++)
        values_add(arena, carried, common->results.data[i]);
}

static void jam_loop(Jam *jam, CloneMap *maps, const Node *loop, Builder *b) {
    Ranges ranges = ranges_of(jam, loop, maps);
    int copies = jam->plan->copies, heads = loop->as.loop.heads.count;
    Values carried = {0};
    for (int r = 0; r < copies; r++)
        for (int i = 0; i < heads; i++)
            values_add(jam->function->module->arena, &carried, clone_value(&maps[r], loop->as.loop.init.data[i]));
    if (ranges.equal) {
        common_loop(jam, &ranges, maps, ranges.lo[0], ranges.hi[0], false, &carried, b);
    } else {
        Size first = ranges.lo[0], last = ranges.hi[0], from = ranges.lo[0], to = ranges.hi[0];
        for (int r = 1; r < copies; r++) {
            first = size_min(first, ranges.lo[r]);
            last = size_max(last, ranges.hi[r]);
            from = size_max(from, ranges.lo[r]);
            to = size_min(to, ranges.hi[r]);
        }
        to = size_max(to, from);
        common_loop(jam, &ranges, maps, first, from, true, &carried, b);
        common_loop(jam, &ranges, maps, from, to, false, &carried, b);
        common_loop(jam, &ranges, maps, to, last, true, &carried, b);
    }
    for (int r = 0; r < copies; r++)
        for (int i = 0; i < heads; i++)
            clone_map_value(&maps[r], loop->results.data[i], carried.data[r * heads + i]);
}

static void jam_region(Jam *jam, CloneMap *maps, const Region *from, Builder *b) {
    for (const Node *node = from->first; node; node = node->next) {
        if (node->kind == NODE_FOR && node->as.loop.step == 1 && node->as.loop.width == 1) {
            jam_loop(jam, maps, node, b);
            continue;
        }
        for (int r = 0; r < jam->plan->copies; r++)
            clone_node(&maps[r], node, b->region, b->before);
    }
}

Node *unroll_and_jam(Node *loop, const JamPlan *plan, Node **rest) {
    Function *function = loop->region->function;
    Jam jam = {.plan = plan, .function = function};
    Builder b = {function, loop->region, loop, loop->span};
    Size lo = loop->as.loop.lo, count = size_sub(loop->as.loop.hi, lo);
    int64_t step = plan->copies * plan->stride;
    if (prove_ge(facts_at(loop), count, size_const(0)) != PROVED)
        count = size_max(count, size_const(0));
    Size whole = size_scale(size_floordiv(count, size_const(step)), step), end = size_add(lo, whole);
    Node *main = build_for(&b, loop->as.loop.label, lo, end, step, NULL);
    Builder inner = {function, main->as.loop.body, NULL, loop->span};
    for (int r = 0; r < plan->copies; r++) {
        jam.maps[r] = (CloneMap){.function = function, .relabel = true};
        map_variable(&jam.maps[r], loop, main->as.loop.iv, -r * plan->stride, &inner);
    }
    jam_region(&jam, jam.maps, loop->as.loop.body, &inner);
    loop->as.loop.lo = end;
    *rest = loop;
    return main;
}
