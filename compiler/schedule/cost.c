/* cost.c: what a tile of `rows` by `vectors` costs.
 *
 * The body of the lanes is counted once: operations, stores, and loads by their addresses, which are polynomials
 * with one form each, so that counting the different ones among the copies counts the loads that a tile needs. Copies
 * that are skewed along a reduction meet at the same elements. The machine: in a cycle an operation and a load of the
 * widest registers, or two of each of the narrower ones; a vector that is not aligned crosses cache lines every so
 * often; a scalar is spread over the lanes as it is loaded. Measured on Zen 4. */
#include "schedule/schedule.h"

enum { LOADS_MAX = 64, KEYS_MAX = 2048, REGISTERS = 16, LATENCY = 4, LIKELY_TRIPS = 12, VECTORS_MAX = 8 };

typedef struct {
    const Node *outer, *lanes;
    Size loads[LOADS_MAX];
    int load_count, store_count, operations, accumulators;
    const Node *reduction;       /* outermost loop inside of the lanes */
    int64_t trips;               /* of the reduction, if constant */
    int64_t terms;               /* of all constant loops, which are written out */
    bool has_loop;
} Body;

static int64_t constant_trips(const Node *loop) {
    int64_t trips;
    return size_is_const(size_sub(loop->as.loop.hi, loop->as.loop.lo), &trips) && trips > 0 ? trips : 0;
}

static void look_at_loop(Body *body, const Node *loop) {
    int64_t trips = constant_trips(loop);
    body->has_loop = true;
    body->accumulators = loop->as.loop.heads.count;
    body->terms *= trips ? trips : 1;
    if (!body->reduction) {
        body->reduction = loop;
        body->trips = trips;
    }
}

static void look(Body *body, const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_FOR)
            look_at_loop(body, node);
        if (node->kind == NODE_LOAD && body->load_count < LOADS_MAX)
            body->loads[body->load_count++] = access_address(node->as.load.array, node->as.load.index);
        body->store_count += node->kind == NODE_STORE && !body->has_loop;
        body->operations += node->kind == NODE_LET && dtype_is_float(node->results.data[0]->dtype);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            look(body, regions[i]);
    }
}

static Size shift_atom(Size size, const Node *loop, int64_t by) {
    if (!loop || !loop->as.loop.iv->atom || !by)
        return size;
    return size_substitute(size, loop->as.loop.iv->atom, size_add(value_size(loop->as.loop.iv), size_const(by)));
}

/* How many rounds later the last copy ends than the first. */
static int64_t delay(const Tile *tile) {
    int64_t rows = tile->shift * (tile->rows - 1), lanes = tile->lane_shift * (tile->vectors - 1);
    return (rows < 0 ? -rows : rows) + (lanes < 0 ? -lanes : lanes);
}

/* Skewed copies load in more rounds than each of them has. */
static double stretch(const Body *body, const Tile *tile) {
    double late = (double)delay(tile), trips = body->trips ? (double)body->trips : LIKELY_TRIPS;
    if (!body->trips && trips < 1.5 * late)
        trips = 1.5 * late;
    return (trips + late) / trips;
}

static Size copy_address(const Body *body, const Tile *tile, Size address, int row, int vector, int width) {
    Size moved = shift_atom(address, body->outer, row);
    moved = shift_atom(moved, body->lanes, (int64_t)vector * width);
    return shift_atom(moved, body->reduction, -tile->shift * row - tile->lane_shift * vector);
}

/* Cycles of loads for all copies of the body at once. */
static double load_cycles(const Body *body, const Tile *tile, int width) {
    Size keys[KEYS_MAX];
    int count = 0;
    double vectors = 0, scalars = 0;
    for (int i = 0; i < body->load_count; i++)
        for (int copy = 0; copy < tile->rows * tile->vectors && count < KEYS_MAX; copy++) {
            Size key = copy_address(body, tile, body->loads[i], copy / tile->vectors, copy % tile->vectors, width);
            /* Loads of different arrays differ: the index of the load tells them apart. */
            key = size_add(key, size_const((int64_t)i << 40));
            int k = 0;
            while (k < count && keys[k] != key)
                k++;
            if (k < count)
                continue;
            keys[count++] = key;
            *(size_mentions(body->loads[i], body->lanes->as.loop.iv->atom) ? &vectors : &scalars) += 1;
        }
    /* Where all is written out, each scalar is loaded once for all rows. */
    return vectors * stretch(body, tile) * (width > 4 ? 1.9 : 1.375 / 2) + scalars / (body->trips ? 2.0 * tile->rows : 2.0);
}

/* The vector instructions that a tile is written out to. */
static double code_size(const Body *body, const Tile *tile) {
    double outputs = (double)tile->rows * tile->vectors, copies = (double)(tile->rows > tile->vectors ? tile->rows : tile->vectors);
    bool pieces = delay(tile) && !body->trips;   /* a loop for each set of copies that run */
    return 1.4 * outputs * body->operations * (double)body->terms * (pieces ? copies : 1);
}

static Tile measure(const Body *body, Tile tile, int width) {
    int outputs = tile.rows * tile.vectors;
    double loads = load_cycles(body, &tile, width);
    double arithmetic = (body->operations + 2.0 * body->store_count) * outputs / (width > 4 ? 1.0 : 2.0);
    double latency = body->has_loop ? LATENCY * body->operations : 0;
    double most = loads > arithmetic ? loads : arithmetic, least = loads > arithmetic ? arithmetic : loads;
    tile.limit = loads > arithmetic ? "loads" : "arithmetic";
    if (latency > most) {
        most = latency;
        tile.limit = "latency";
    }
    /* What is limited by one unit still waits for the other at times; each row has addresses of its own; half a tile is left over on average, of a few
     * hundred rounds; long code is slow to compile and to fetch. */
    tile.cycles = (most + 0.25 * least + 1 + tile.rows / 8.0) / outputs * (1 + tile.vectors * width / 600.0) * (1 + tile.rows / 200.0) *
                  (1 + code_size(body, &tile) / 6000);
    return tile;
}

static int registers_needed(const Body *body, const Tile *tile) {
    int accumulators = body->has_loop ? body->accumulators : 1;
    return tile->rows * tile->vectors * (accumulators ? accumulators : 1) + (body->has_loop ? 3 : body->load_count);
}

/* Skews worth a try: rows meet in neighbouring rounds of the reduction, vectors a register's width apart. */
static void try_skews(const Body *body, Tile tile, int width, bool lanes_may_skew, Tile *best) {
    for (int64_t direction = -1; direction <= 1; direction++)
        for (int lanes = 0; lanes < 2; lanes++) {
            bool none = !direction, useless = lanes ? tile.vectors == 1 || tile.rows > 1 : tile.rows == 1;
            if (none ? lanes : useless || !body->reduction || (lanes && !lanes_may_skew))
                continue;
            tile.shift = lanes ? 0 : direction;
            tile.lane_shift = lanes ? direction * width : 0;
            tile.skewed = direction ? body->reduction->as.loop.label : NULL;
            Tile measured = measure(body, tile, width);
            if (measured.cycles < best->cycles * 0.97)
                *best = measured;
        }
}

Tile choose_tile(const Node *outer, const Node *lanes, int width, int most_rows, bool lanes_may_skew) {
    Body body = {.outer = outer, .lanes = lanes, .terms = 1};
    int registers = width > 4 ? 2 * REGISTERS : REGISTERS;
    look(&body, lanes->as.loop.body);
    Tile best = measure(&body, (Tile){.rows = 1, .vectors = 1}, width);
    for (int rows = 1; rows <= (outer ? most_rows : 1); rows++)
        for (int vectors = 1; vectors <= VECTORS_MAX; vectors++) {
            Tile tile = {.rows = rows, .vectors = vectors};
            if (registers_needed(&body, &tile) <= registers || rows * vectors == 1)
                try_skews(&body, tile, width, lanes_may_skew, &best);
        }
    return best;
}
