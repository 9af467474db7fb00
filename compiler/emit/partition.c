/* partition.c: functions that are compiled together, so that parts of a module can be compiled at the same time and
 * with the passes that they need: what the schedule took apart wants few, plain loops want all that LLVM has. The
 * largest function goes first, each to the part that has least so far: the same module, the same parts. */
#include "emit/emitter.h"

enum { SMALL = 400 };   /* nodes that are not worth a thread */

static bool has_lanes_inside(const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_FOR && node->as.loop.width > 1)
            return true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (has_lanes_inside(regions[i]))
                return true;
    }
    return false;
}

bool is_scheduled_loop(const Node *loop) {
    for (const Node *outer = loop; outer; outer = outer->region->parent)
        if (outer->kind == NODE_FOR && outer->as.loop.width > 1)
            return true;
    return loop->kind == NODE_FOR && has_lanes_inside(loop->as.loop.body);
}

/* The plain side of a version is cold where the fast one is scheduled. */
static bool has_plain_loop(const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if ((node->kind == NODE_FOR || node->kind == NODE_WHILE) && !is_scheduled_loop(node))
            return true;
        int count = node_regions(node, regions);
        if (node->kind == NODE_VERSION && has_lanes_inside(node->as.version.fast)) {
            regions[0] = node->as.version.fast;
            count = 1;
        }
        for (int i = 0; i < count; i++)
            if (has_plain_loop(regions[i]))
                return true;
    }
    return false;
}

typedef struct {
    int weight;
    bool plain;
} Load;

typedef VEC(Load) Loads;

static Loads loads_of(const Module *module, Arena *arena) {
    Loads loads = {0};
    for (const Function *function = module->functions; function; function = function->next) {
        Load load = {region_node_count(function->body), has_plain_loop(function->body)};
        VEC_PUSH(arena, loads, load);
    }
    return loads;
}

static int largest_left(const Loads *loads, const Partition *partition) {
    int largest = -1;
    for (int i = 0; i < loads->count; i++)
        if (partition->part.data[i] < 0 && (largest < 0 || loads->data[i].weight > loads->data[largest].weight))
            largest = i;
    return largest;
}

/* How many parts the scheduled functions are worth. */
static int scheduled_parts(const Loads *loads) {
    int total = 0, count = 0;
    for (int i = 0; i < loads->count; i++)
        if (!loads->data[i].plain) {
            total += loads->data[i].weight;
            count++;
        }
    return count == 0 ? 0 : count > 1 && total > SMALL ? EMIT_PARTS_MAX - 1 : 1;
}

Partition partition_module(const Module *module, Arena *arena) {
    Loads loads = loads_of(module, arena);
    int scheduled = scheduled_parts(&loads), weights[EMIT_PARTS_MAX] = {0};
    Partition partition = {.count = scheduled};
    for (int i = 0; i < loads.count; i++)
        VEC_PUSH(arena, partition.part, -1);
    for (int i; (i = largest_left(&loads, &partition)) >= 0;) {
        int part = scheduled;
        for (int k = scheduled - 1; !loads.data[i].plain && k >= 0; k--)
            part = part == scheduled || weights[k] <= weights[part] ? k : part;
        partition.part.data[i] = part;
        partition.plain[part] = loads.data[i].plain;
        partition.count = part + 1 > partition.count ? part + 1 : partition.count;
        weights[part] += loads.data[i].weight;
    }
    return partition;
}
