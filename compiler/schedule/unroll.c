/* unroll.c: loops whose trip count is a small constant are written out. */
#include "schedule/schedule.h"

enum { TRIPS_MAX = 16 };

static void unroll(Node *loop, int64_t trips) {
    Function *function = loop->region->function;
    Arena *arena = function->module->arena;
    Values carried = {0};
    for (int i = 0; i < loop->as.loop.init.count; i++)
        values_add(arena, &carried, loop->as.loop.init.data[i]);
    for (int64_t k = 0; k < trips; k++) {
        CloneMap map = {.function = function, .relabel = true};
        Builder b = {function, loop->region, loop, loop->span};
        Value *iv = build_size(&b, size_add(loop->as.loop.lo, size_const(k)));
        clone_map_value(&map, loop->as.loop.iv, iv);
        if (loop->as.loop.iv->atom)
            clone_map_atom(&map, loop->as.loop.iv->atom, value_size(iv));
        for (int i = 0; i < carried.count; i++)
            clone_map_value(&map, loop->as.loop.heads.data[i], carried.data[i]);
        clone_nodes(&map, loop->as.loop.body, loop->region, loop);
        for (int i = 0; i < carried.count; i++)
            carried.data[i] = clone_value(&map, loop->as.loop.body->yields.data[i]);
    }
    for (int i = 0; i < carried.count; i++)
        region_replace(function->body, loop->results.data[i], carried.data[i]);
    node_remove(loop);
}

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
            unroll(node, trips < 0 ? 0 : trips);
    }
}
