/* planner.c: puts steps together for every nest of counted loops.
 *
 * The lanes go to the innermost parallel loop whose accesses are neighbours; the parallel loop
 * around it gives rows to a register tile (interior.c).
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
        bool counts = node->kind == NODE_LET || node->kind == NODE_LOAD;
        int own = counts                     ? dtype_info(dtype_real(node->results.data[0]->dtype))->bytes
                  : node->kind == NODE_STORE ? dtype_info(dtype_real(node->as.store.array->dtype))->bytes
                                             : 1;
        bytes = own > bytes ? own : bytes;
        for (int i = 0, count = node_regions(node, regions); i < count; i++) {
            int inside = widest(regions[i]);
            bytes = inside > bytes ? inside : bytes;
        }
    }
    return bytes;
}

bool has_loop(const Region *region) {
    for (const Node *node = region->first; node; node = node->next)
        if (node->kind == NODE_FOR)
            return true;
    return false;
}

/* Long bodies gain from a few vectors at once, short ones do not. Measured on Zen 4. */
static int stream_vectors(const Node *lanes) {
    int loads = 0;
    for (const Node *node = lanes->as.loop.body->first; node; node = node->next)
        loads += node->kind == NODE_LOAD;
    return loads > 8 ? 4 : 1;
}

/* True if vectors of loads that fill registers of `bytes` overlap: a[i - 1], a[i + 1]. Most of them cross a cache line
 * then, at the full width each second one or more. */
static bool has_shifted_loads(const Node *lanes, int width, int bytes) {
    const Atom *iv = lanes->as.loop.iv->atom;
    for (const Node *a = lanes->as.loop.body->first; a; a = a->next) {
        int64_t stride, distance;
        Size rest, address = a->kind == NODE_LOAD ? access_address(a->as.load.array, a->as.load.index) : NULL;
        if (!address || !size_linear_in(address, iv, &stride, &rest) || (stride != 1 && stride != -1) ||
            width * dtype_info(a->as.load.array->dtype)->bytes < bytes)
            continue;
        for (const Node *b = a->next; b; b = b->next)
            if (b->kind == NODE_LOAD && b->as.load.array == a->as.load.array &&
                size_is_const(size_sub(address, access_address(b->as.load.array, b->as.load.index)), &distance) &&
                distance && distance > -width && distance < width)
                return true;
    }
    return false;
}

/* COMPACTING: f64 lanes of machines that push chosen lanes together (AVX-512). */
enum { ROWS_MAX = 8, WIDTH_MAX = 64, TINY_BUDGET = 200, COMPACTING = 8 };

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

/* Lanes that a loop of so few rounds would leave empty for the most part. */
static bool is_tiny(const Node *loop, int width) {
    int64_t rounds;
    return size_is_const(size_sub(loop->as.loop.hi, loop->as.loop.lo), &rounds) && 2 * rounds <= width;
}

/* Tiny loops are written out, and a loop around them gets the lanes, if it may; else LLVM finds what is left. */
static int leave_tiny(Chain *chain, int at, int width) {
    const char *why = "";
    if (!is_tiny(chain->loops[at], width))
        return at;
    do
        at--;
    while (at >= 0 && (is_tiny(chain->loops[at], width) || !may_vectorize(chain->loops[at], &why)));
    unroll_constant_loops(chain->loops[at < 0 ? 0 : at]->as.loop.body, TINY_BUDGET);
    return at;
}

/* True if a step that needs no choice is to be taken: the planner always does. */
static bool wants(const PassContext *context, const Node *nest, StepKind kind) {
    const Function *function = nest->region->function;
    Step like = {.kind = kind, .loop = nest->as.loop.label};
    return !plan_rules(context->plan, function) || plan_step(context->plan, function, &like, false);
}

/* The plan's step for a nest where the plan rules; else the planner's. False: the nest stays as it is. */
static bool decide(const PassContext *context, Function *function, Step *step) {
    if (!plan_rules(context->plan, function))
        return true;
    const Step *planned = plan_step(context->plan, function, step, false);
    planned = planned ? planned : plan_step(context->plan, function, step, true);
    if (planned)
        *step = *planned;
    return planned;
}

/* What only streams through arrays is limited by memory: no tiles, and the processor has several rounds under way by
 * itself. */
static void plan_stream(Node *lanes, Name label, int width, const PassContext *context) {
    Function *function = lanes->region->function;
    if (context->vector_width > 4 && width > 1 && has_shifted_loads(lanes, width, 8 * context->vector_width))
        width /= 2;
    Step step = {STEP_STREAM, label, 0, width, {.rows = 1, .vectors = stream_vectors(lanes)}};
    if (!decide(context, function, &step))
        return;
    log_step(function, &step, "limited by memory");
    vectorize(lanes, step.width, (JamPlan){.copies = step.tile.vectors});
}

static void plan_nest(Node *nest, const PassContext *context);
static void visit(Region *region, const PassContext *context);

/* What fills memory or moves a target, before lanes are looked for. False: nothing is left to do. */
static bool prepare(Node **nest, Chain *chain, const PassContext *context) {
    Function *function = (*nest)->region->function;
    Name label = (*nest)->as.loop.label;
    if (wants(context, *nest, STEP_MEMSET) && fill_by_runtime(*nest)) {
        log_step(function, &(Step){.kind = STEP_MEMSET, .loop = label}, "it stores zeros");
        return false;
    }
    Node *gathered = wants(context, *nest, STEP_GATHER_TARGET) ? gather_target(chain->loops, chain->count) : NULL;
    if (gathered) {
        log_step(function, &(Step){.kind = STEP_GATHER_TARGET, .loop = label},
                 "skew and interchange: the target's axes go outside");
        *nest = gathered;
        *chain = chain_of(gathered);
        return prepare(nest, chain, context);
    }
    if (wants(context, *nest, STEP_FORWARD_INIT) && forward_init(*nest))
        log_step(function, &(Step){.kind = STEP_FORWARD_INIT, .loop = label},
                 "it starts from what was stored right before it");
    Node *rest[REST_MAX];
    int count = wants(context, *nest, STEP_FILL_REST) ? fill_rest(*nest, rest) : 0;
    if (count)
        log_step(function, &(Step){.kind = STEP_FILL_REST, .loop = label}, "only what it leaves is filled before it");
    for (int i = 0; i < count; i++)
        plan_nest(rest[i], context);
    return true;
}

/* Lanes that the widest element allows. */
static int lanes_of(const Node *loop, const PassContext *context) {
    int width = context->vector_width * 8 / widest(loop->as.loop.body);
    return width > WIDTH_MAX ? WIDTH_MAX : width;
}

/* What a test chooses is put side by side without branches: in lanes where the machine has them, else in strips. */
static bool plan_compaction(Node *loop, const PassContext *context) {
    Function *function = loop->region->function;
    const char *why;
    Step step = {.kind = STEP_COMPACT, .loop = loop->as.loop.label, .width = 1};
    bool lanes = context->vector_width >= COMPACTING && may_compact(loop, lanes_of(loop, context), &why);
    if (lanes)
        step.width = lanes_of(loop, context);
    if ((!lanes && !may_compact(loop, 1, &why)) || !decide(context, function, &step))
        return false;
    int width = step.width > 1 ? step.width : 1;
    if (width > 1 && context->vector_width < COMPACTING)
        plan_refuse(context->plan, &step, "the machine has no such lanes");
    if (!may_compact(loop, width, &why))
        plan_refuse(context->plan, &step, why);
    log_step(function, &step, "what is chosen is not guessed");
    Node *strips = compact(loop, width);
    if (strips)
        visit(strips->as.loop.body, context);
    return true;
}

static void plan_nest(Node *nest, const PassContext *context) {
    Function *function = nest->region->function;
    Chain chain = chain_of(nest);
    const char *why = "";
    if (!prepare(&nest, &chain, context))
        return;
    int at = find_lanes(&chain, function);
    if (at < 0) {
        /* Rounds that depend on each other: loops inside may be nests of their own. */
        if (plan_compaction(chain.loops[chain.count - 1], context))
            return;
        visit(chain.loops[chain.count - 1]->as.loop.body, context);
        return;
    }
    int width = lanes_of(chain.loops[at], context);
    at = leave_tiny(&chain, at, width);
    if (at < 0)
        return;
    Node *lanes = chain.loops[at], *outer = at > 0 ? chain.loops[at - 1] : NULL;
    Name label = nest->as.loop.label;
    if (!has_loop(lanes->as.loop.body)) {
        plan_stream(lanes, label, width, context);
        return;
    }
    if (outer && !may_jam(outer, &why)) {
        function_log(function, "loop %s: no rows of it, %s", outer->as.loop.label, why);
        outer = NULL;
    }
    Step step = {.kind = STEP_TILE, .loop = label, .width = width};
    if (decide(context, function, &step))
        take_interior(&(TileNest){outer, lanes, step.width, ROWS_MAX, label,
                                  plan_rules(context->plan, function) ? context->plan : NULL});
}

/* From the last nest to the first, so that what fills an array is seen as it was written. */
static void visit(Region *region, const PassContext *context) {
    for (Node *node = region->last, *previous; node; node = previous) {
        Region *regions[2];
        previous = node->previous;
        Node *before = previous ? previous->previous : NULL;
        bool nest = is_loop(node) && region_is_plain(node->as.loop.body);
        if (nest)
            plan_nest(node, context);
        for (int i = 0, count = nest ? 0 : node_regions(node, regions); i < count; i++)
            visit(regions[i], context);
        /* The nest before may be gone, or in a side of this node. */
        if (previous && previous->region != region)
            previous = before;
    }
}

void pass_schedule(Module *module, const PassContext *context) {
    for (Function *function = module->functions; function; function = function->next) {
        const char *end = strstr(function->name, ".general");
        if (!end && context->vector_width > 1)
            visit(function->body, context);
    }
    plan_finish(context->plan);
}
