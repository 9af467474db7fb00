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

static void vectorize_pieces(Region *region, const Atom *unused, int width, int vectors) {
    (void)unused;
    for (Node *node = region->first, *next; node; node = next) {
        next = node->next;
        if (is_loop(node))
            vectorize(node, width, inner_bounds_are_plain(node) ? vectors : 1);
    }
}

static void apply(Function *function, Node *outer, Node *lanes, const Tile *tile, int width) {
    Pieces pieces;
    Region *home = lanes->region;
    Name label = lanes->as.loop.label;
    if (split_index_set(lanes, &pieces))
        function_log(function, "loop %s: split_index_set, bounds inside stop depending on it", label);
    if (outer && tile->rows > 1) {
        JamPlan plan = {tile->rows, 1, tile->skewed, tile->shift};
        Node *rest, *main = unroll_and_jam(outer, &plan, &rest);
        function_log(function, "loop %s: unroll_and_jam by %d%s%s", outer->as.loop.label, tile->rows,
                     tile->shift ? ", skewed with loop " : "", tile->shift ? tile->skewed : "");
        vectorize_pieces(main->as.loop.body, NULL, width, tile->vectors);
        vectorize_pieces(rest->as.loop.body, NULL, width, tile->vectors);
    } else if (outer) {
        vectorize_pieces(outer->as.loop.body, NULL, width, tile->vectors);
    } else {
        Node *first = pieces.before, *middle = pieces.middle, *behind = pieces.behind;
        (void)home;
        if (!lanes->region) {
            if (first)
                vectorize(first, width, 1);
            vectorize(middle, width, inner_bounds_are_plain(middle) ? tile->vectors : 1);
            if (behind)
                vectorize(behind, width, 1);
        } else {
            vectorize(lanes, width, inner_bounds_are_plain(lanes) ? tile->vectors : 1);
        }
    }
    function_log(function, "loop %s: vectorize %d lanes, %d vectors at once; %.2f cycles a term, limited by %s", label,
                 width, tile->vectors, tile->cycles, tile->limit);
}

static void plan_nest(Node *nest, const PassContext *context) {
    Function *function = nest->region->function;
    Chain chain = chain_of(nest);
    const char *why = "";
    for (int i = chain.count - 1; i >= 0; i--) {
        Node *lanes = chain.loops[i];
        if (!may_vectorize(lanes, &why)) {
            function_log(function, "loop %s: not vectorised, %s", lanes->as.loop.label, why);
            continue;
        }
        int width = context->vector_width * 8 / widest(lanes->as.loop.body);
        Node *outer = i > 0 ? chain.loops[i - 1] : NULL;
        if (outer && !may_jam(outer, &why)) {
            function_log(function, "loop %s: no rows of it, %s", outer->as.loop.label, why);
            outer = NULL;
        }
        Tile tile = choose_tile(outer, lanes, width > 16 ? 16 : width);
        apply(function, outer, lanes, &tile, width > 16 ? 16 : width);
        return;
    }
}

static void visit(Region *region, const PassContext *context) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        if (is_loop(node) && region_is_plain(node->as.loop.body)) {
            plan_nest(node, context);
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
