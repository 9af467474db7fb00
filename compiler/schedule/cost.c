/* cost.c: what a tile of `rows` by `vectors` costs.
 *
 * Addresses are polynomials with one form each, so that counting the different ones among the
 * copies counts the loads. A load of a vector that is not aligned crosses a cache line every so
 * often; two loads and two operations start in a cycle. */
#include "schedule/schedule.h"

enum { LOADS_MAX = 64, KEYS_MAX = 2048, REGISTERS = 16 };

typedef struct {
    const Node *outer, *lanes;
    Size loads[LOADS_MAX];
    int load_count, store_count, operations, accumulators;
    const Node *reduction;       /* outermost loop inside of the lanes */
    bool has_loop;
} Body;

static void look(Body *body, const Region *region, bool innermost) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_FOR) {
            body->has_loop = true;
            if (!body->reduction)
                body->reduction = node;
            body->accumulators = node->as.loop.heads.count;
        }
        if (node->kind == NODE_LOAD && body->load_count < LOADS_MAX)
            body->loads[body->load_count++] = access_address(node->as.load.array, node->as.load.index);
        body->store_count += node->kind == NODE_STORE && !body->has_loop;
        body->operations += node->kind == NODE_LET && dtype_is_float(node->results.data[0]->dtype);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            look(body, regions[i], innermost);
    }
}

static Size shift_atom(Size size, const Node *loop, int64_t by) {
    if (!loop || !loop->as.loop.iv->atom)
        return size;
    return size_substitute(size, loop->as.loop.iv->atom,
                           size_add(value_size(loop->as.loop.iv), size_const(by)));
}

/* Cycles of loads for all copies of the body at once. */
static double load_cycles(const Body *body, const Tile *tile, int width) {
    Size keys[KEYS_MAX];
    int count = 0;
    double cost = 0;
    for (int i = 0; i < body->load_count; i++)
        for (int r = 0; r < tile->rows; r++)
            for (int v = 0; v < tile->vectors; v++) {
                bool varies = size_mentions(body->loads[i], body->lanes->as.loop.iv->atom);
                Size key = shift_atom(body->loads[i], body->outer, r);
                key = shift_atom(key, body->lanes, (int64_t)v * width);
                if (tile->shift && body->reduction)
                    key = shift_atom(key, body->reduction, -tile->shift * r);
                /* Loads of different arrays differ: the index of the load tells them apart. */
                key = size_add(key, size_const((int64_t)i << 40));
                int k = 0;
                while (k < count && keys[k] != key)
                    k++;
                if (k < count || count == KEYS_MAX)
                    continue;
                keys[count++] = key;
                cost += varies ? (width > 4 ? 2.0 : 1.375) : 1.0;
            }
    return cost / 2;
}

static Tile measure(const Body *body, Tile tile, int width) {
    int outputs = tile.rows * tile.vectors;
    double loads = load_cycles(body, &tile, width), arithmetic = body->operations * outputs / 2.0;
    arithmetic += body->store_count * outputs;
    double latency = body->has_loop ? 4.0 * body->operations : 0;
    double cycles = loads > arithmetic ? loads : arithmetic;
    tile.limit = loads > arithmetic ? "loads" : "arithmetic";
    if (latency > cycles) {
        cycles = latency;
        tile.limit = "latency";
    }
    /* Half a tile is left over on average, of a few hundred rounds. */
    tile.cycles = (cycles + 0.5) / outputs * (1 + tile.vectors * width / 400.0) * (1 + tile.rows / 200.0);
    return tile;
}

static int registers_needed(const Body *body, const Tile *tile) {
    int accumulators = body->has_loop ? body->accumulators : 1;
    return tile->rows * tile->vectors * (accumulators ? accumulators : 1) + (body->has_loop ? 3 : body->load_count);
}

Tile choose_tile(const Node *outer, const Node *lanes, int width, int most_rows) {
    Body body = {.outer = outer, .lanes = lanes};
    int registers = width > 4 ? 2 * REGISTERS : REGISTERS;
    look(&body, lanes->as.loop.body, false);
    Tile best = measure(&body, (Tile){.rows = 1, .vectors = 1}, width);
    most_rows = outer ? most_rows : 1;
    for (int rows = 1; rows <= most_rows; rows++)
        for (int vectors = 1; vectors <= 8; vectors++)
            for (int64_t shift = -1; shift <= 1; shift++) {
                Tile tile = {.rows = rows, .vectors = vectors, .shift = shift};
                if (shift && (!body.reduction || rows == 1))
                    continue;
                tile.skewed = shift ? body.reduction->as.loop.label : NULL;
                if (registers_needed(&body, &tile) > registers && rows * vectors > 1)
                    continue;
                tile = measure(&body, tile, width);
                if (tile.cycles < best.cycles * 0.97)
                    best = tile;
            }
    return best;
}
