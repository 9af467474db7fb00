/* partition.c: functions that are compiled together, so that parts of a module can be compiled at the same time. The
 * largest function goes first, each to the part that has least so far: the same module, the same parts. */
#include "emit/emitter.h"

enum { SMALL = 400 };   /* nodes that are not worth a thread */

static int node_count(const Region *region) {
    int total = 0;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        total++;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            total += node_count(regions[i]);
    }
    return total;
}

static int largest_left(const int *weights, const Partition *partition) {
    int largest = -1;
    for (int i = 0; i < partition->part.count; i++)
        if (partition->part.data[i] < 0 && (largest < 0 || weights[i] > weights[largest]))
            largest = i;
    return largest;
}

static int lightest(const int *loads, int count) {
    int part = 0;
    for (int i = 1; i < count; i++)
        part = loads[i] < loads[part] ? i : part;
    return part;
}

Partition partition_module(const Module *module, int most, Arena *arena) {
    Partition partition = {.count = 1};
    int total = 0, loads[EMIT_PARTS_MAX] = {0};
    VEC(int) weights = {0};
    for (const Function *function = module->functions; function; function = function->next) {
        VEC_PUSH(arena, weights, node_count(function->body));
        VEC_PUSH(arena, partition.part, -1);
        total += weights.data[weights.count - 1];
    }
    if (total > SMALL && weights.count > 1)
        partition.count = most;
    for (int i; (i = largest_left(weights.data, &partition)) >= 0;) {
        int part = lightest(loads, partition.count);
        partition.part.data[i] = part;
        loads[part] += weights.data[i];
    }
    return partition;
}
