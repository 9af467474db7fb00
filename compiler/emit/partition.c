/* partition.c: functions, and pieces of long ones, that are compiled together, so that parts of a module can be compiled
 * at the same time and with the passes that they need: what the schedule took apart wants few, plain loops want all
 * that LLVM has. The largest goes first, each to the part that has least so far: the same module, the same parts. */
#include "emit/emitter.h"

enum { ENOUGH = 400, ENOUGH_PLAIN = 1200 };   /* nodes that are worth a second thread */

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

static bool has_plain_loop(const Region *region);

/* In the nodes up to `end`. The plain side of a version is cold where the fast one is scheduled. */
static bool have_plain_loop(const Node *first, const Node *end) {
    for (const Node *node = first; node != end; node = node->next) {
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

static bool has_plain_loop(const Region *region) {
    return have_plain_loop(region->first, NULL);
}

/* What goes into one part: a function, or a piece of a long one, where the function is what its pieces leave. */
typedef struct {
    int weight, part;      /* -1: in none yet */
    bool plain;
} Item;

typedef struct {
    Arena *arena;
    VEC(Item) all;
} Items;

static void add_item(Items *items, int weight, bool plain) {
    VEC_PUSH(items->arena, items->all, ((Item){weight, -1, plain}));
}

/* The function's item is there. */
static void add_pieces(Items *items, const Region *body) {
    int whole = items->all.count - 1;
    items->all.data[whole] = (Item){1, -1, false};
    for (const Node *node = body->first, *end; node; node = end) {
        end = end_of_piece(node);
        Item *rest = &items->all.data[whole];
        if (end == node) {
            end = node->next;
            rest->weight += node_weight(node);
            rest->plain |= have_plain_loop(node, end);
            continue;
        }
        int weight = 0;
        rest->weight++;
        for (const Node *inner = node; inner != end; inner = inner->next)
            weight += node_weight(inner);
        add_item(items, weight, have_plain_loop(node, end));
    }
}

static Item *largest_left(const Items *items) {
    Item *largest = NULL;
    for (int i = 0; i < items->all.count; i++) {
        Item *item = &items->all.data[i];
        if (item->part < 0 && (!largest || item->weight > largest->weight))
            largest = item;
    }
    return largest;
}

/* How many parts the items of a kind are worth. */
static int parts_for(const Items *items, bool plain) {
    int total = 0, count = 0, enough = plain ? ENOUGH_PLAIN : ENOUGH;
    for (int i = 0; i < items->all.count; i++)
        if (items->all.data[i].plain == plain) {
            total += items->all.data[i].weight;
            count++;
        }
    return count == 0 ? 0 : count > 1 && total > enough ? EMIT_PARTS_MAX / 2 : 1;
}

static void distribute(Items *items, Partition *partition) {
    int weights[EMIT_PARTS_MAX] = {0}, scheduled = parts_for(items, false);
    partition->count = scheduled + parts_for(items, true);
    for (int part = scheduled; part < partition->count; part++)
        partition->plain[part] = true;
    for (Item *item; (item = largest_left(items));) {
        int first = item->plain ? scheduled : 0, end = item->plain ? partition->count : scheduled;
        item->part = first;
        for (int part = first + 1; part < end; part++)
            item->part = weights[part] < weights[item->part] ? part : item->part;
        weights[item->part] += item->weight;
    }
}

Partition partition_module(const Module *module, Arena *arena) {
    Partition partition = {0};
    Items items = {.arena = arena};
    for (const Function *function = module->functions; function; function = function->next) {
        VEC_PUSH(arena, partition.place, items.all.count);
        add_item(&items, region_node_count(function->body), has_plain_loop(function->body));
        if (has_pieces(function->body))
            add_pieces(&items, function->body);
    }
    distribute(&items, &partition);
    for (int i = 0; i < items.all.count; i++)
        VEC_PUSH(arena, partition.part, items.all.data[i].part);
    return partition;
}
