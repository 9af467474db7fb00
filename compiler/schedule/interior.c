/* interior.c: a nest of rows and lanes becomes a tiled interior and plain borders.
 *
 *             columns lo   first      end   hi
 *        lo     +----------------------------+
 *               | corner |   strip   | corner|      interior: inner bounds depend neither on row nor
 *        first  |--------+-----------+-------|      lane: register tiles, a version for each small size
 *               | column | interior  | column|      columns: bounds differ by lane: rows at once, masks
 *        end    |--------+-----------+-------|      strips: bounds differ by row: a row at a time
 *               | corner |   strip   | corner|      corners: a row at a time under masks
 *        hi     +----------------------------+
 *
 * Both sides of a border share one loop, so that each kind of border is compiled once. Where rounds may
 * be repeated, tiles at the end overlap instead of leaving a rest; a range that is too short for one
 * tile is left to the border's code, as is all of the nest where the sizes are small:
 *
 *   p, q = version tile fits: interior; yield first, end          (or lo, lo)
 *   columns of the rows [p, q)
 *   c, d = version a row's tile fits: strips of the rows [lo, p), [q, hi); yield first, end   (or lo, lo)
 *   corners: the same rows, [lo, c) and [d, hi)                                                      */
#include "schedule/schedule.h"

enum { UNROLL_BUDGET = 2000, GOALS_MAX = 16, STRIP_VECTORS = 4 };

/* What is known of a nest while it is taken apart. */
typedef struct {
    const TileNest *nest;
    Node *interior;          /* what the versions are copies of: bounds already plain */
    Middle rows, columns;    /* rows: only if there is an outer loop */
    bool overlap;
    int fewest_rows;         /* of all tiles of the interior */
    Function *function;
} Parts;

typedef struct {
    Size lo, hi;
} Interval;

static Node *lanes_of(const Parts *parts, Node *root) {
    if (!parts->nest->outer)
        return root;
    for (Node *node = root->as.loop.body->first;; node = node->next)
        if (node->kind == NODE_FOR)
            return node;
}

/* A copy of the nest over given rows and columns. */
static Node *piece(const Parts *parts, Builder *b, Interval rows, Interval columns) {
    const TileNest *nest = parts->nest;
    if (!nest->outer)
        return loop_piece(b, nest->lanes, columns.lo, columns.hi);
    Node *root = loop_piece(b, nest->outer, rows.lo, rows.hi), *lanes = lanes_of(parts, root);
    lanes->as.loop.lo = columns.lo;
    lanes->as.loop.hi = columns.hi;
    value_size(lanes->as.loop.iv);
    return root;
}

/* One loop over two intervals: the builder goes inside. False if both are known to be empty. */
static bool both_sides(Builder *b, Interval first, Interval second, Interval *side) {
    bool none = first.lo == first.hi;
    if (none || second.lo == second.hi) {
        *side = none ? second : first;
        return side->lo != side->hi;
    }
    Node *loop = build_for(b, name_of("side"), size_const(0), size_const(2), 1, NULL);
    b->region = loop->as.loop.body;
    b->before = NULL;
    Value *is_first = build_let(b, OP_EQ, DTYPE_BOOL, loop->as.loop.iv, build_size(b, size_const(0)), NULL);
    Value *lo = build_let(b, OP_SELECT, DTYPE_I64, is_first, build_size(b, first.lo), build_size(b, second.lo));
    Value *hi = build_let(b, OP_SELECT, DTYPE_I64, is_first, build_size(b, first.hi), build_size(b, second.hi));
    *side = (Interval){value_size(lo), value_size(hi)};
    return true;
}

/* ---- the interior -------------------------------------------------------------------------- */

static void vectorize_inside(Region *region, int width, JamPlan plan) {
    for (Node *node = region->first, *next; node; node = next) {
        next = node->next;
        if (node->kind == NODE_FOR && node->as.loop.width == 1)
            vectorize(node, width, plan);
    }
}

/* Rows at once, then the lanes. */
static void tile(const Parts *parts, Node *root, const Tile *tile, Promises *promises) {
    int width = parts->nest->width;
    JamPlan lanes = {tile->vectors, width, tile->lane_shift ? tile->skewed : NULL, tile->lane_shift, parts->overlap,
                     promises};
    if (!parts->nest->outer) {
        vectorize(root, width, lanes);
        return;
    }
    if (tile->rows == 1) {
        vectorize_inside(root->as.loop.body, width, lanes);
        unroll_constant_loops(root->as.loop.body, UNROLL_BUDGET);
        return;
    }
    JamPlan plan = {tile->rows, 1, tile->skewed, tile->shift, parts->overlap, promises};
    Node *rest, *main = unroll_and_jam(root, &plan, &rest);
    vectorize_inside(main->as.loop.body, width, lanes);
    unroll_constant_loops(main->as.loop.body, UNROLL_BUDGET);
    if (rest)
        vectorize_inside(rest->as.loop.body, width, (JamPlan){.copies = tile->vectors, .overlapped = parts->overlap});
}

static int rows_available(const Parts *parts) {
    int64_t rows;
    int most = parts->nest->most_rows;
    if (!parts->nest->outer)
        return 1;
    if (size_is_const(size_sub(parts->rows.end, parts->rows.first), &rows) && rows < most)
        return rows < 1 ? 1 : (int)rows;
    return most;
}

static void add_goal(Promises *promises, Size range, int64_t least) {
    if (least > 1)
        promises->items[promises->count++] = (Goal){FACT_GE, size_sub(range, size_const(least))};
}

/* The condition under which tiles fit. */
static void add_fits(const Parts *parts, const Tile *tile, Promises *promises) {
    if (!parts->overlap)
        return;
    if (parts->nest->outer)
        add_goal(promises, size_sub(parts->rows.end, parts->rows.first), tile->rows);
    add_goal(promises, size_sub(parts->columns.end, parts->columns.first), (int64_t)tile->vectors * parts->nest->width);
}

static bool has_stem(const Region *region, Name label) {
    for (const Node *node = region->first; node; node = node->next)
        if (node->kind == NODE_FOR && (same_stem(node->as.loop.label, label) || has_stem(node->as.loop.body, label)))
            return true;
    return false;
}

/* The tile that the plan has for a size; one row of one vector where it has none. */
static Tile planned_tile(const Parts *parts, const Step *like, const Node *lanes, bool lanes_may_skew) {
    const TileNest *nest = parts->nest;
    const Step *step = lanes_may_skew ? plan_step(nest->plan, parts->function, like, true) : NULL;
    step = step ? step : plan_step(nest->plan, parts->function, like, false);
    if (!step)
        return (Tile){.rows = 1, .vectors = 1, .limit = "the plan"};
    if (step->width != nest->width)
        plan_refuse(nest->plan, step, "all tiles of a nest have the same lanes");
    if (step->tile.rows > 1 && !nest->outer)
        plan_refuse(nest->plan, step, "no parallel loop around the lanes gives rows");
    if (step->tile.skewed && !has_stem(lanes->as.loop.body, step->tile.skewed))
        plan_refuse(nest->plan, step, "the loop to skew along is not inside of the lanes");
    Tile tile = step->tile;
    tile.limit = "the plan";
    return tile;
}

static void log_tile(const Parts *parts, Step step) {
    char reason[64];
    snprintf(reason, sizeof reason, "%.2f cycles a term, limited by %s", step.tile.cycles, step.tile.limit);
    log_step(parts->function, &step, parts->nest->plan ? "the plan" : reason);
}

/* Puts a tile for a size (0: for all) at the builder. Returns true if its vectors are skewed, which asks for enough
 * terms. */
static bool build_tile(Parts *parts, Builder *b, CloneMap *map, int64_t size, bool lanes_may_skew,
                       Promises *promises) {
    const TileNest *nest = parts->nest;
    Node *root = clone_node(map, parts->interior, b->region, b->before), *lanes = lanes_of(parts, root);
    Node *outer = nest->outer ? root : NULL;
    Step step = {STEP_TILE, nest->label, size, nest->width, {0}};
    step.tile = nest->plan ? planned_tile(parts, &step, lanes, lanes_may_skew)
                           : choose_tile(outer, lanes, nest->width, rows_available(parts), lanes_may_skew);
    parts->fewest_rows = step.tile.rows < parts->fewest_rows ? step.tile.rows : parts->fewest_rows;
    add_fits(parts, &step.tile, promises);
    log_tile(parts, step);
    tile(parts, root, &step.tile, promises);
    return step.tile.lane_shift;
}

/* What of the split range the interior takes. */
static Interval taken(const Parts *parts) {
    const Middle *split = parts->nest->outer ? &parts->rows : &parts->columns;
    return (Interval){split->first, split->end};
}

static void yield_interval(const Parts *parts, Region *region, Interval interval) {
    Builder b = {parts->function, region, NULL, parts->nest->lanes->span};
    Values values = {0};
    values_add(parts->function->module->arena, &values, build_size(&b, interval.lo));
    values_add(parts->function->module->arena, &values, build_size(&b, interval.hi));
    build_yield(region, &values);
}

/* A version that yields an interval; its goals are filled in afterwards. */
static Node *interval_version(const Parts *parts, Builder *b, Promises *promises, const char *why) {
    Arena *arena = parts->function->module->arena;
    Values like = {0};
    *promises = (Promises){ARENA_ARRAY(arena, Goal, GOALS_MAX), 0, GOALS_MAX};
    for (int i = 0; i < 2; i++)
        values_add(arena, &like, value_new(parts->function->module, VALUE_SCALAR, DTYPE_I64, NULL));
    Node *version = build_version(b, NULL, 0, &like, why);
    version->as.version.goals = promises->items;
    return version;
}

static Interval version_interval(const Node *version) {
    return (Interval){value_size(version->results.data[0]), value_size(version->results.data[1])};
}

/* Without conditions there is nothing to choose: the fast side stands in the version's place. */
static Interval close_version(const Parts *parts, Node *version, const Promises *promises, Interval fast,
                              Interval plain) {
    version->as.version.goal_count = promises->count;
    if (promises->count) {
        yield_interval(parts, version->as.version.fast, fast);
        yield_interval(parts, version->as.version.plain, plain);
        return version_interval(version);
    }
    region_splice(version->as.version.fast, version->region, version);
    node_remove(version);
    return fast;
}

/* The interior for all sizes; what it took. */
static Interval general_interior(Parts *parts, Builder *b, bool lanes_may_skew) {
    const Middle *split = parts->nest->outer ? &parts->rows : &parts->columns;
    Promises promises;
    Node *version = interval_version(parts, b, &promises, "full tiles fit");
    Builder fast = {parts->function, version->as.version.fast, NULL, b->span};
    CloneMap map = {.function = parts->function, .relabel = true};
    bool skewed = build_tile(parts, &fast, &map, 0, lanes_may_skew, &promises);
    Interval others = {split->lo, split->lo};
    if (skewed) {
        Builder plain = {parts->function, version->as.version.plain, NULL, b->span};
        version->as.version.goal_count = promises.count;
        others = general_interior(parts, &plain, false);
    }
    return close_version(parts, version, &promises, taken(parts), others);
}

/* The next small size that gets a version: of those that are worth it, the plan's. */
static bool next_size(const Parts *parts, int64_t *value, Promises *sizes, CloneMap *map) {
    const TileNest *nest = parts->nest;
    do {
        *sizes = (Promises){ARENA_ARRAY(parts->function->module->arena, Goal, GOALS_MAX), 0, GOALS_MAX};
        *map = (CloneMap){.function = parts->function, .relabel = true};
        if (!next_version(parts->interior, lanes_of(parts, parts->interior), value, sizes, map))
            return false;
    } while (nest->plan &&
             !plan_step(nest->plan, parts->function, &(Step){.kind = STEP_TILE, .loop = nest->label, .size = *value},
                        false));
    return true;
}

/* Versions for the small sizes above `value`, then the general one. */
static Interval interiors(Parts *parts, Builder *b, int64_t value) {
    Promises sizes, promises;
    CloneMap map;
    if (!next_size(parts, &value, &sizes, &map))
        return general_interior(parts, b, true);
    Node *version = interval_version(parts, b, &promises, "small constant trip counts, full tiles fit");
    Builder fast = {parts->function, version->as.version.fast, NULL, b->span};
    Builder plain = {parts->function, version->as.version.plain, NULL, b->span};
    for (int i = 0; i < sizes.count; i++)
        promises.items[promises.count++] = sizes.items[i];
    version->as.version.goal_count = promises.count;   /* facts for the copy */
    build_tile(parts, &fast, &map, value, false, &promises);
    Interval others = interiors(parts, &plain, value);
    return close_version(parts, version, &promises, taken(parts), others);
}

/* ---- the borders --------------------------------------------------------------------------- */

/* Rows at once under the masks of the lanes. */
static void build_columns(Parts *parts, Builder *b, Interval rows) {
    const Middle *columns = &parts->columns;
    Builder inner = *b;
    Interval side;
    if (!both_sides(&inner, (Interval){columns->lo, columns->first}, (Interval){columns->end, columns->hi}, &side))
        return;
    Node *root = piece(parts, &inner, rows, side), *rest = NULL;
    assume_middle(root, &parts->rows);
    JamPlan plan = {.copies = parts->fewest_rows, .stride = 1, .overlapped = parts->overlap};
    Node *main = plan.copies > 1 ? unroll_and_jam(root, &plan, &rest) : root;
    vectorize_masked(lanes_of(parts, main), parts->nest->width);
    if (rest)
        vectorize_masked(lanes_of(parts, rest), parts->nest->width);
}

/* A row at a time, in the middle of the columns; what it took of them. */
static Interval build_strips(Parts *parts, Builder *b, Interval above, Interval below) {
    const Middle *columns = &parts->columns;
    Interval side, middle = {columns->first, columns->end};
    Promises promises;
    Node *version = interval_version(parts, b, &promises, "a full tile of a row fits");
    Builder inner = {parts->function, version->as.version.fast, NULL, b->span};
    both_sides(&inner, above, below, &side);
    Node *root = piece(parts, &inner, side, middle), *lanes = lanes_of(parts, root);
    assume_middle(lanes, columns);
    vectorize(lanes, parts->nest->width, (JamPlan){.copies = STRIP_VECTORS, .overlapped = parts->overlap});
    if (parts->overlap)
        add_goal(&promises, size_sub(columns->end, columns->first), (int64_t)STRIP_VECTORS * parts->nest->width);
    return close_version(parts, version, &promises, middle, (Interval){columns->lo, columns->lo});
}

/* Whatever is left, a row at a time under masks; rows at once where their bounds are the same. */
static void build_corners(Parts *parts, Builder *b, Interval above, Interval below, Interval left, Interval right) {
    Builder inner = *b;
    Interval rows, columns;
    if (!both_sides(&inner, above, below, &rows) || !both_sides(&inner, left, right, &columns))
        return;
    Node *root = piece(parts, &inner, rows, columns), *rest = NULL;
    bool alike = parts->rows.first == parts->rows.lo && parts->rows.end == parts->rows.hi;
    JamPlan plan = {.copies = alike ? parts->fewest_rows : 1, .stride = 1};
    Node *main = plan.copies > 1 ? unroll_and_jam(root, &plan, &rest) : root;
    vectorize_masked(lanes_of(parts, main), parts->nest->width);
    if (rest)
        vectorize_masked(lanes_of(parts, rest), parts->nest->width);
}

static void build_borders(Parts *parts, Builder *b, Interval rows) {
    const Middle *columns = &parts->columns;
    Interval above = {parts->rows.lo, rows.lo}, below = {rows.hi, parts->rows.hi};
    build_columns(parts, b, rows);
    if (above.lo == above.hi && below.lo == below.hi)
        return;
    Interval middle = build_strips(parts, b, above, below);
    build_corners(parts, b, above, below, (Interval){columns->lo, middle.lo}, (Interval){middle.hi, columns->hi});
}

static void build_ends(Parts *parts, Builder *b, Interval middle) {
    Interval side;
    if (both_sides(b, (Interval){parts->columns.lo, middle.lo}, (Interval){middle.hi, parts->columns.hi}, &side))
        vectorize_masked(piece(parts, b, side, side), parts->nest->width);
}

static void log_split(const Parts *parts, const Node *loop, const Middle *middle) {
    if (middle->break_first || middle->break_end)
        function_log(parts->function, "loop %s: split_index_set, bounds inside stop depending on it",
                     loop->as.loop.label);
}

void take_interior(const TileNest *nest) {
    Node *root = nest->outer ? nest->outer : nest->lanes;
    Parts parts = {.nest = nest, .function = root->region->function, .fewest_rows = COPIES_MAX};
    Builder b = {parts.function, root->region, root, root->span};
    TileNest single = *nest;
    parts.overlap = nest_is_repeatable(root);
    bool apart = find_middle(nest->lanes, root, &parts.columns);
    if (nest->outer && (!apart || !find_middle(nest->outer, root, &parts.rows))) {
        single.outer = NULL;   /* columns that depend on the row */
        take_interior(&single);
        return;
    }
    parts.interior = piece(&parts, &b, (Interval){parts.rows.first, parts.rows.end},
                           (Interval){parts.columns.first, parts.columns.end});
    if (nest->outer) {
        log_split(&parts, nest->outer, &parts.rows);
        assume_middle(parts.interior, &parts.rows);
    }
    log_split(&parts, nest->lanes, &parts.columns);
    assume_middle(lanes_of(&parts, parts.interior), &parts.columns);
    Interval rows = interiors(&parts, &b, 0);
    node_remove(parts.interior);
    if (nest->outer)
        build_borders(&parts, &b, rows);
    else
        build_ends(&parts, &b, rows);
    node_remove(root);
}
