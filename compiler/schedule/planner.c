/* planner.c: puts steps together for every nest of counted loops.
 *
 * The lanes go to the innermost parallel loop whose accesses are neighbours; the parallel loop
 * around it gives rows to a register tile; bounds that depend on the lanes are split off first.
 * What is decided goes to --explain. */
#include "schedule/schedule.h"

enum { DEPTH_MAX = 8 };

typedef struct {
    Node *loops[DEPTH_MAX];
    int count;
} Chain;

static bool is_loop(const Node *node) {
    return node->kind == NODE_FOR && node->as.loop.step == 1 && node->as.loop.width == 1;
}

/* The only loop of a region that stores nothing beside it. */
static Node *only_loop(const Region *region) {
    Node *found = NULL;
    for (Node *node = region->first; node; node = node->next) {
        if (node->kind == NODE_STORE || node->kind == NODE_IF || (found && node->kind == NODE_FOR))
            return NULL;
        if (is_loop(node))
            found = node;
    }
    return found;
}

static Chain chain_of(Node *loop) {
    Chain chain = {.count = 0};
    while (loop && chain.count < DEPTH_MAX) {
        chain.loops[chain.count++] = loop;
        loop = only_loop(loop->as.loop.body);
    }
    return chain;
}

/* The number of lanes: as many as the widest element allows. */
static int widest(const Region *region) {
    int bytes = 1;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        for (int i = 0; i < node->results.count; i++) {
            int own = dtype_info(node->results.data[i]->dtype)->bytes;
            bool counts = node->kind == NODE_LET || node->kind == NODE_LOAD;
            bytes = counts && own > bytes ? own : bytes;
        }
        for (int i = 0, count = node_regions(node, regions); i < count; i++) {
            int own = widest(regions[i]);
            bytes = own > bytes ? own : bytes;
        }
    }
    return bytes;
}

static void vectorize_pieces(Region *region, int width, int vectors) {
    for (Node *node = region->first, *next; node; node = next) {
        next = node->next;
        if (is_loop(node))
            vectorize(node, width, inner_bounds_are_plain(node) ? vectors : 1);
    }
}

/* Rows of the outer loop at once, then the lanes. */
static void tile_rows(Node *outer, const Tile *tile, int width) {
    Function *function = outer->region->function;
    JamPlan plan = {tile->rows, 1, tile->skewed, tile->shift};
    if (tile->rows == 1) {
        vectorize_pieces(outer->as.loop.body, width, tile->vectors);
        return;
    }
    Node *rest, *main = unroll_and_jam(outer, &plan, &rest);
    function_log(function, "loop %s: unroll_and_jam by %d%s%s", outer->as.loop.label, tile->rows,
                 tile->shift ? ", skewed with loop " : "", tile->shift ? tile->skewed : "");
    vectorize_pieces(main->as.loop.body, width, tile->vectors);
    vectorize_pieces(rest->as.loop.body, width, tile->vectors);
}

/* The loops of the pieces of `lanes` inside of `outer` are taken apart: each piece gets an outer loop
 * of its own. Rounds of a parallel loop do not depend on each other, so their parts may be reordered. */
static void distribute(Node *outer, Node *piece) {
    CloneMap map = {.function = outer->region->function, .relabel = true};
    Node *copy = clone_node(&map, outer, outer->region, outer);
    value_size(copy->as.loop.iv);
    Region *inside[] = {outer->as.loop.body, copy->as.loop.body};
    Node *mine = inside[1]->first;
    for (Node *node = inside[0]->first; node != piece; node = node->next)
        mine = mine->next;
    for (Node *node = inside[1]->first, *next; node; node = next) {
        next = node->next;
        if (node != mine && is_loop(node))
            node_remove(node);
    }
    node_remove(piece);
}

/* Edges are narrow: rows one at a time, the lanes under a mask. */
static void take_edges(Node *outer, const Pieces *pieces) {
    if (pieces->before)
        distribute(outer, pieces->before);
    if (pieces->behind)
        distribute(outer, pieces->behind);
}

static void log_split(Function *function, Name label) {
    function_log(function, "loop %s: split_index_set, bounds inside stop depending on it", label);
}

/* The narrow pieces of the lanes: rows at once as in the tile, but not skewed: masks are shared. */
static void tile_columns(Node *outer, Node *lanes, const Tile *tile, int width) {
    Pieces columns;
    Name label = lanes->as.loop.label;
    if (split_index_set(lanes, &columns)) {
        Tile narrow = *tile;
        Node *before = outer->previous;
        log_split(outer->region->function, label);
        take_edges(outer, &columns);
        narrow.shift = 0;
        narrow.skewed = NULL;
        narrow.vectors = 1;
        for (Node *node = before ? before->next : outer->region->first, *next; node != outer; node = next) {
            next = node->next;
            if (is_loop(node))
                tile_rows(node, &narrow, width);
        }
    }
    tile_rows(outer, tile, width);
}

/* Rows whose inner bounds depend on the row go one at a time; the rest is tiled. */
static void apply_rows(Node *outer, Node *lanes, const Tile *tile, int width) {
    Function *function = lanes->region->function;
    Pieces rows;
    Name label = outer->as.loop.label;
    if (tile->rows > 1 && split_index_set(outer, &rows)) {
        Tile single = *tile;
        single.rows = 1;
        single.vectors = tile->vectors < 4 ? 4 : tile->vectors;
        log_split(function, label);
        for (int i = 0; i < 2; i++) {
            Node *edge = i ? rows.behind : rows.before;
            if (edge)
                tile_columns(edge, only_loop(edge->as.loop.body), &single, width);
        }
        outer = rows.middle;
        lanes = only_loop(outer->as.loop.body);
    }
    tile_columns(outer, lanes, tile, width);
}

static void apply(Node *outer, Node *lanes, const Tile *tile, int width) {
    Function *function = lanes->region->function;
    Pieces columns;
    Name label = lanes->as.loop.label;
    if (outer) {
        apply_rows(outer, lanes, tile, width);
    } else if (split_index_set(lanes, &columns)) {
        Node *pieces[] = {columns.before, columns.middle, columns.behind};
        log_split(function, label);
        for (int i = 0; i < 3; i++)
            if (pieces[i])
                vectorize(pieces[i], width, inner_bounds_are_plain(pieces[i]) ? tile->vectors : 1);
    } else {
        vectorize(lanes, width, tile->vectors);
    }
    function_log(function, "loop %s: vectorize %d lanes, %d vectors at once; %.2f cycles a term, limited by %s", label,
                 width, tile->vectors, tile->cycles, tile->limit);
}

static bool has_loop(const Region *region) {
    for (const Node *node = region->first; node; node = node->next)
        if (node->kind == NODE_FOR)
            return true;
    return false;
}

/* Enough vectors at once to keep loads in flight, few enough for the registers. */
static int stream_vectors(const Node *lanes) {
    int loads = 0;
    for (const Node *node = lanes->as.loop.body->first; node; node = node->next)
        loads += node->kind == NODE_LOAD;
    return loads > 8 ? 1 : 4;
}

enum { ROWS_MAX = 8, UNROLL_BUDGET = 400, WIDTH_MAX = 16 };

/* The lanes: the innermost loop of the chain that may be vectorised; -1: none. */
static int find_lanes(const Chain *chain, Function *function) {
    const char *why = "";
    for (int i = chain->count - 1; i >= 0; i--) {
        if (may_vectorize(chain->loops[i], &why))
            return i;
        function_log(function, "loop %s: not vectorised, %s", chain->loops[i]->as.loop.label, why);
    }
    return -1;
}

static void plan_nest(Node *nest, const PassContext *context, int most_rows) {
    Function *function = nest->region->function;
    Chain chain = chain_of(nest);
    const char *why = "";
    if (fill_by_runtime(nest)) {
        function_log(function, "a nest that stores zeros: memset");
        return;
    }
    Node *gathered = gather_target(chain.loops, chain.count);
    if (gathered) {
        function_log(function, "loop %s: skew and interchange, the target's axes go outside", nest->as.loop.label);
        plan_nest(gathered, context, most_rows);
        return;
    }
    if (forward_init(nest))
        function_log(function, "loop %s: starts from the constant that was stored before it", nest->as.loop.label);
    int at = find_lanes(&chain, function);
    if (at < 0)
        return;
    Node *lanes = chain.loops[at], *outer = at > 0 ? chain.loops[at - 1] : NULL;
    int64_t value = 0;
    for (Node *copy; most_rows == ROWS_MAX && (copy = add_version(nest, lanes, &value)) != NULL;) {
        Region *region = copy->region;
        plan_nest(copy, context, value < ROWS_MAX ? (int)value : ROWS_MAX - 1);
        unroll_constant_loops(region, UNROLL_BUDGET);
    }
    int width = context->vector_width * 8 / widest(lanes->as.loop.body);
    width = width > WIDTH_MAX ? WIDTH_MAX : width;
    /* What only streams gains nothing from the widest registers: they cross more cache lines. */
    bool streams = !has_loop(lanes->as.loop.body);
    if (streams && context->vector_width > 4)
        width = width > 1 ? width / 2 : width;
    if (outer && !may_jam(outer, &why)) {
        function_log(function, "loop %s: no rows of it, %s", outer->as.loop.label, why);
        outer = NULL;
    }
    Tile tile = choose_tile(outer, lanes, width, streams ? 1 : most_rows);
    if (streams)
        tile.vectors = stream_vectors(lanes);
    Region *region = nest->region;
    apply(outer, lanes, &tile, width);
    unroll_constant_loops(region, UNROLL_BUDGET);
}

/* From the last nest to the first, so that what fills an array is seen as it was written. */
static void visit(Region *region, const PassContext *context) {
    for (Node *node = region->last, *previous; node; node = previous) {
        Region *regions[2];
        previous = node->previous;
        Node *before = previous ? previous->previous : NULL;
        if (is_loop(node) && region_is_plain(node->as.loop.body)) {
            plan_nest(node, context, ROWS_MAX);
            /* The nest before may be gone. */
            if (previous && !previous->region)
                previous = before;
            continue;
        }
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            visit(regions[i], context);
    }
}

void pass_schedule(Module *module, const PassContext *context) {
    for (Function *function = module->functions; function; function = function->next) {
        const char *end = strstr(function->name, ".general");
        if (!end && context->vector_width > 1)
            visit(function->body, context);
    }
}
