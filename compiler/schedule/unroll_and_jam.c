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
    const Node *loop;
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

static void copy_maps(const Jam *jam, CloneMap *to, const CloneMap *from) {
    for (int r = 0; r < jam->plan->copies; r++)
        to[r] = clone_map_copy(&from[r]);
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

bool same_stem(Name a, Name b) {
    size_t n = strcspn(a, ".");
    return b && n == strcspn(b, ".") && !strncmp(a, b, n);
}

static Ranges ranges_of(Jam *jam, const Node *loop, CloneMap *maps) {
    Ranges ranges = {.loop = loop, .equal = true};
    for (int r = 0; r < jam->plan->copies; r++) {
        ranges.shift[r] = same_stem(loop->as.loop.label, jam->plan->skewed) ? jam->plan->shift * r : 0;
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

/* Which copies run in a loop: some of them, in the order in which they begin. */
typedef struct {
    int copy[COPIES_MAX], count;
} Subset;

static Subset all_copies(const Jam *jam) {
    Subset all = {.count = jam->plan->copies};
    for (int r = 0; r < all.count; r++)
        all.copy[r] = r;
    return all;
}

/* A copy's round where its range says so, else its values as they were. */
static void guarded_round(const Jam *jam, const Ranges *ranges, CloneMap *map, int r, Node *common, const Values *own,
                          Values *yields, Builder *b) {
    const Region *body = ranges->loop->as.loop.body;
    Arena *arena = jam->function->module->arena;
    Values results = {0};
    Value *iv = common->as.loop.iv;
    Value *low = build_let(b, OP_GE, DTYPE_BOOL, iv, build_size(b, ranges->lo[r]), NULL);
    Value *high = build_let(b, OP_LT, DTYPE_BOOL, iv, build_size(b, ranges->hi[r]), NULL);
    Node *guard = build_if(b, build_let(b, OP_LOGICAL_AND, DTYPE_BOOL, low, high, NULL), own);
    clone_nodes(map, body, guard->as.branch.then, NULL);
    for (int i = 0; i < body->yields.count; i++)
        values_add(arena, &results, clone_value(map, body->yields.data[i]));
    build_yield(guard->as.branch.then, &results);
    build_yield(guard->as.branch.otherwise, own);
    for (int i = 0; i < guard->results.count; i++)
        values_add(arena, yields, guard->results.data[i]);
}

/* One loop for a subset of the copies; `carried` are all copies' values so far, replaced by the
 * loop's results. With `guarded`, each copy runs only where its range says so. */
static void common_loop(Jam *jam, const Ranges *ranges, CloneMap *outer, Subset subset, Size lo, Size hi,
                        bool guarded, Values *carried, Builder *b) {
    const Node *loop = ranges->loop;
    int heads = loop->as.loop.heads.count;
    Arena *arena = jam->function->module->arena;
    Values init = {0}, yields = {0};
    for (int k = 0; k < subset.count; k++)
        for (int i = 0; i < heads; i++)
            values_add(arena, &init, carried->data[subset.copy[k] * heads + i]);
    Node *common = build_for(b, loop->as.loop.label, lo, hi, 1, &init);
    Builder inner = {jam->function, common->as.loop.body, NULL, loop->span};
    Jam part = *jam;
    JamPlan plan = *jam->plan;
    CloneMap maps[COPIES_MAX];
    plan.copies = subset.count;
    part.plan = &plan;
    for (int k = 0; k < subset.count; k++) {
        maps[k] = clone_map_copy(&outer[subset.copy[k]]);
        map_variable(&maps[k], loop, common->as.loop.iv, ranges->shift[subset.copy[k]], &inner);
        for (int i = 0; i < heads; i++)
            clone_map_value(&maps[k], loop->as.loop.heads.data[i], common->as.loop.heads.data[k * heads + i]);
    }
    if (!guarded)
        jam_region(&part, maps, loop->as.loop.body, &inner);
    for (int k = 0; k < subset.count; k++) {
        Values own = {0};
        for (int i = 0; i < heads; i++)
            values_add(arena, guarded ? &own : &yields,
                       guarded ? common->as.loop.heads.data[k * heads + i]
                               : clone_value(&maps[k], loop->as.loop.body->yields.data[i]));
        if (guarded)
            guarded_round(jam, ranges, &maps[k], subset.copy[k], common, &own, &yields, &inner);
    }
    build_yield(common->as.loop.body, &yields);
    for (int k = 0; k < subset.count; k++)
        for (int i = 0; i < heads; i++)
            carried->data[subset.copy[k] * heads + i] = common->results.data[k * heads + i];
}

/* The copies in the order in which they begin and end, each a constant later than the one before. */
static bool staggered(const Jam *jam, const Ranges *ranges, Subset *order) {
    int64_t step, end_step;
    int copies = jam->plan->copies;
    *order = all_copies(jam);
    if (!size_is_const(size_sub(ranges->lo[1], ranges->lo[0]), &step) || step == 0)
        return false;
    for (int r = 0; r + 1 < copies; r++)
        if (!size_is_const(size_sub(ranges->lo[r + 1], ranges->lo[r]), &end_step) || end_step != step ||
            !size_is_const(size_sub(ranges->hi[r + 1], ranges->hi[r]), &end_step) || end_step != step)
            return false;
    for (int k = 0; step < 0 && k < copies; k++)
        order->copy[k] = copies - 1 - k;
    return true;
}

/* Where copies begin and end. Begins are in order and so are ends; begin `begun` comes before end `ended` where
 * all have rounds in common, else where constants tell. */
static bool begins_next(const Ranges *ranges, const Subset *order, int begun, int ended) {
    int64_t distance;
    if (begun == order->count)
        return false;
    Size gap = size_sub(ranges->hi[order->copy[ended]], ranges->lo[order->copy[begun]]);
    return !size_is_const(gap, &distance) || distance > 0;
}

/* Copies begin one after the other, and end one after the other: between two such places the same run. */
static void staggered_loops(Jam *jam, const Ranges *ranges, CloneMap *maps, const Subset *order, Values *carried,
                            Builder *b) {
    Size from = ranges->lo[order->copy[0]];
    for (int begun = 1, ended = 0; ended < order->count;) {
        Subset running = {.count = begun - ended};
        bool begins = begins_next(ranges, order, begun, ended);
        Size to = begins ? ranges->lo[order->copy[begun]] : ranges->hi[order->copy[ended]];
        for (int i = 0; i < running.count; i++)
            running.copy[i] = order->copy[ended + i];
        if (running.count && from != to)
            common_loop(jam, ranges, maps, running, from, to, false, carried, b);
        from = to;
        begun += begins;
        ended += !begins;
    }
}

/* Whatever the ranges are: the rounds that all have in common, and guarded ones around. */
static void guarded_loops(Jam *jam, const Ranges *ranges, CloneMap *maps, Values *carried, Builder *b) {
    Size first = ranges->lo[0], last = ranges->hi[0], from = ranges->lo[0], to = ranges->hi[0];
    for (int r = 1; r < jam->plan->copies; r++) {
        first = size_min(first, ranges->lo[r]);
        last = size_max(last, ranges->hi[r]);
        from = size_max(from, ranges->lo[r]);
        to = size_min(to, ranges->hi[r]);
    }
    to = size_max(to, from);
    Subset all = all_copies(jam);
    common_loop(jam, ranges, maps, all, first, from, true, carried, b);
    common_loop(jam, ranges, maps, all, from, to, false, carried, b);
    common_loop(jam, ranges, maps, all, to, last, true, carried, b);
}

static Values copy_of(Arena *arena, const Values *values) {
    Values copy = {0};
    for (int i = 0; i < values->count; i++)
        values_add(arena, &copy, values->data[i]);
    return copy;
}

/* Leaves a condition to the caller. */
static bool promise(const Jam *jam, Size common) {
    Promises *promises = jam->plan->promises;
    if (!promises || promises->count == promises->capacity || !size_is_known_before(common, jam->loop))
        return false;
    promises->items[promises->count++] = (Goal){FACT_GE, common};
    return true;
}

/* Staggered where all copies have rounds in common; a version tells where that is not proved. */
static void staggered_or_guarded(Jam *jam, const Ranges *ranges, CloneMap *maps, const Subset *order, Values *carried,
                                 Builder *b) {
    Arena *arena = jam->function->module->arena;
    Size common = size_sub(ranges->hi[order->copy[0]], ranges->lo[order->copy[order->count - 1]]);
    Verdict enough = prove_ge(facts_at(ranges->loop), common, size_const(0));
    int64_t rounds;
    bool constant = size_is_const(size_sub(ranges->hi[0], ranges->lo[0]), &rounds) && rounds > 0;
    if (enough == PROVED || constant) {
        staggered_loops(jam, ranges, maps, order, carried, b);
        return;
    }
    if (enough == UNDECIDED && promise(jam, common)) {
        staggered_loops(jam, ranges, maps, order, carried, b);
        return;
    }
    if (enough == REFUTED) {
        guarded_loops(jam, ranges, maps, carried, b);
        return;
    }
    Goal goal = {FACT_GE, common};
    Node *version = build_version(b, &goal, 1, carried, "all copies have rounds in common");
    for (int side = 0; side < 2; side++) {
        Region *region = side ? version->as.version.plain : version->as.version.fast;
        Builder inner = {jam->function, region, NULL, b->span};
        Values own = copy_of(arena, carried);
        CloneMap own_maps[COPIES_MAX];
        copy_maps(jam, own_maps, maps);
        if (side)
            guarded_loops(jam, ranges, own_maps, &own, &inner);
        else
            staggered_loops(jam, ranges, own_maps, order, &own, &inner);
        build_yield(region, &own);
    }
    for (int i = 0; i < carried->count; i++)
        carried->data[i] = version->results.data[i];
}

static void jam_loop(Jam *jam, CloneMap *maps, const Node *loop, Builder *b) {
    Ranges ranges = ranges_of(jam, loop, maps);
    int copies = jam->plan->copies, heads = loop->as.loop.heads.count;
    Values carried = {0};
    Subset order;
    for (int r = 0; r < copies; r++)
        for (int i = 0; i < heads; i++)
            values_add(jam->function->module->arena, &carried, clone_value(&maps[r], loop->as.loop.init.data[i]));
    if (copies == 1 || ranges.equal)
        common_loop(jam, &ranges, maps, all_copies(jam), ranges.lo[0], ranges.hi[0], false, &carried, b);
    else if (staggered(jam, &ranges, &order))
        staggered_or_guarded(jam, &ranges, maps, &order, &carried, b);
    else
        guarded_loops(jam, &ranges, maps, &carried, b);
    for (int r = 0; r < copies; r++)
        for (int i = 0; i < heads; i++)
            clone_map_value(&maps[r], loop->results.data[i], carried.data[r * heads + i]);
}

/* True if all copies would decide a version alike. */
static bool same_goals(const Jam *jam, CloneMap *maps, const Node *version) {
    for (int i = 0; i < version->as.version.goal_count; i++)
        for (int r = 1; r < jam->plan->copies; r++)
            if (clone_size(&maps[r], version->as.version.goals[i].size) !=
                clone_size(&maps[0], version->as.version.goals[i].size))
                return false;
    return true;
}

/* One decision for all copies, which stay together on both sides. */
static void jam_version(Jam *jam, CloneMap *maps, const Node *node, Builder *b) {
    Arena *arena = jam->function->module->arena;
    int count = node->as.version.goal_count;
    Goal *goals = ARENA_ARRAY(arena, Goal, count);
    Values like = {0};
    for (int i = 0; i < count; i++)
        goals[i] = (Goal){node->as.version.goals[i].kind, clone_size(&maps[0], node->as.version.goals[i].size)};
    for (int r = 0; r < jam->plan->copies; r++)
        for (int i = 0; i < node->results.count; i++)
            values_add(arena, &like, node->results.data[i]);
    Node *common = build_version(b, goals, count, &like, node->as.version.why);
    for (int side = 0; side < 2; side++) {
        const Region *from = side ? node->as.version.plain : node->as.version.fast;
        Region *to = side ? common->as.version.plain : common->as.version.fast;
        Builder inner = {jam->function, to, NULL, node->span};
        CloneMap own[COPIES_MAX];
        Values yields = {0};
        copy_maps(jam, own, maps);
        jam_region(jam, own, from, &inner);
        for (int r = 0; r < jam->plan->copies; r++)
            for (int i = 0; i < from->yields.count; i++)
                values_add(arena, &yields, clone_value(&own[r], from->yields.data[i]));
        build_yield(to, &yields);
    }
    for (int r = 0; r < jam->plan->copies; r++)
        for (int i = 0; i < node->results.count; i++)
            clone_map_value(&maps[r], node->results.data[i], common->results.data[r * node->results.count + i]);
}

static void jam_region(Jam *jam, CloneMap *maps, const Region *from, Builder *b) {
    for (const Node *node = from->first; node; node = node->next) {
        if (node->kind == NODE_VERSION && same_goals(jam, maps, node)) {
            jam_version(jam, maps, node, b);
            continue;
        }
        if (node->kind == NODE_FOR && node->as.loop.step == 1 && node->as.loop.width == 1) {
            jam_loop(jam, maps, node, b);
            continue;
        }
        for (int r = 0; r < jam->plan->copies; r++)
            clone_node(&maps[r], node, b->region, b->before);
    }
}

/* Where the full rounds end. */
static Size whole_rounds(const Node *loop, int64_t step) {
    Size lo = loop->as.loop.lo, count = size_sub(loop->as.loop.hi, lo);
    if (prove_ge(facts_at(loop), count, size_const(0)) != PROVED)
        count = size_max(count, size_const(0));
    return size_add(lo, size_scale(size_floordiv(count, size_const(step)), step));
}

Node *unroll_and_jam(Node *loop, const JamPlan *plan, Node **rest) {
    Function *function = loop->region->function;
    Jam jam = {.plan = plan, .function = function, .loop = loop};
    Builder b = {function, loop->region, loop, loop->span};
    int64_t step = plan->copies * plan->stride;
    Size end = plan->overlapped ? loop->as.loop.hi : whole_rounds(loop, step);
    Node *main = build_for(&b, loop->as.loop.label, loop->as.loop.lo, end, step, NULL);
    main->as.loop.overlapped = plan->overlapped && step > 1;
    Builder inner = {function, main->as.loop.body, NULL, loop->span};
    for (int r = 0; r < plan->copies; r++) {
        jam.maps[r] = (CloneMap){.function = function, .relabel = true};
        map_variable(&jam.maps[r], loop, main->as.loop.iv, -r * plan->stride, &inner);
    }
    jam_region(&jam, jam.maps, loop->as.loop.body, &inner);
    loop->as.loop.lo = end;
    *rest = plan->overlapped ? NULL : loop;
    if (plan->overlapped)
        node_remove(loop);
    return main;
}
