/* unroll.c: loops whose trip count is a small constant are written out. */
#include "schedule/schedule.h"

enum { TRIPS_MAX = 16 };

static bool is_unrollable(const Node *loop, int budget, int64_t *trips) {
    return loop->kind == NODE_FOR && loop->as.loop.step == 1 && loop->as.loop.width == 1 &&
           size_is_const(size_sub(loop->as.loop.hi, loop->as.loop.lo), trips) && *trips <= TRIPS_MAX &&
           (*trips <= 1 || *trips * region_node_count(loop->as.loop.body) <= budget) && region_is_plain(loop->as.loop.body);
}

void unroll_constant_loops(Region *region, int budget) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        int64_t trips;
        next = node->next;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            unroll_constant_loops(regions[i], budget);
        if (is_unrollable(node, budget, &trips))
            loop_write_out(node, trips < 0 ? 0 : trips);
    }
}
