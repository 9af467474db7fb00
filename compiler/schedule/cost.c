/* cost.c: what a tile of `rows` by `vectors` costs.
 *
 * The body of the lanes is counted once: operations, stores, and loads by how their addresses move with the loops,
 * which tells how many of them a tile needs. Copies that are skewed along a reduction meet at the same elements. The
 * machine: in a cycle an operation and a load of the widest registers, or two of each of the narrower ones; a vector
 * that is not aligned crosses cache lines every so often; a scalar is spread over the lanes as it is loaded. Measured
 * on Zen 4. */
#include "schedule/schedule.h"

enum { LOADS_MAX = 64, REGISTERS = 16, LATENCY = 4, LIKELY_TRIPS = 12, VECTORS_MAX = 8 };

/* A load's address moves by so much with a round of each loop. */
typedef struct {
    Size outer, lanes, reduction;
    bool varies;                 /* over the lanes */
} LoadMoves;

typedef struct {
    const Node *outer, *lanes;
    Size addresses[LOADS_MAX];
    LoadMoves loads[LOADS_MAX];
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

/* A product of complex numbers is four of their parts and two sums; one that is taken apart costs nothing. */
static int float_operations(const Node *let) {
    Op op = let->as.let.op;
    DType dtype = let->as.let.operands[op == OP_SELECT]->dtype;
    if (!dtype_is_complex(dtype))
        return dtype_is_float(let->results.data[0]->dtype);
    return op == OP_REAL || op == OP_IMAG                             ? 0
           : op == OP_MUL || op == OP_SQUARE                          ? 6
           : op == OP_DIV || op == OP_PYTHON_DIV || op == OP_RECIPROCAL ? 20
                                                                      : 2;
}

static void look_at_loop(Body *body, const Node *loop) {
    int64_t trips = constant_trips(loop);
    body->has_loop = true;
    body->accumulators = 0;
    for (int i = 0; i < loop->as.loop.heads.count; i++)
        body->accumulators += 1 + dtype_is_complex(loop->as.loop.heads.data[i]->dtype);
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
            body->addresses[body->load_count++] = access_address(node->as.load.array, node->as.load.index);
        body->store_count += node->kind == NODE_STORE && !body->has_loop;
        body->operations += node->kind == NODE_LET ? float_operations(node) : 0;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            look(body, regions[i]);
    }
}

/* NULL where the address is not affine in the loop's variable. */
static Size move_with(Size address, const Node *loop) {
    Size coefficient, rest;
    if (!loop || !loop->as.loop.iv->atom)
        return size_const(0);
    return size_affine_in(address, loop->as.loop.iv->atom, &coefficient, &rest) ? coefficient : NULL;
}

static void find_moves(Body *body) {
    for (int i = 0; i < body->load_count; i++) {
        Size address = body->addresses[i];
        body->loads[i] = (LoadMoves){move_with(address, body->outer), move_with(address, body->lanes),
                                     move_with(address, body->reduction),
                                     size_mentions(address, body->lanes->as.loop.iv->atom)};
    }
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

/* True if copies a step apart, later by `late` rounds of the reduction, load the same element. */
static bool meet(Size move, int64_t step, Size reduction, int64_t late) {
    return move && reduction && size_sub(size_scale(move, step), size_scale(reduction, late)) == size_const(0);
}

/* Cycles of loads for all copies of the body at once: copies that meet share a load. */
static double load_cycles(const Body *body, const Tile *tile, int width) {
    double vectors = 0, scalars = 0;
    for (int i = 0; i < body->load_count; i++) {
        const LoadMoves *load = &body->loads[i];
        int rows = meet(load->outer, 1, load->reduction, tile->shift) ? 1 : tile->rows;
        int lanes = meet(load->lanes, width, load->reduction, tile->lane_shift) ? 1 : tile->vectors;
        *(load->varies ? &vectors : &scalars) += rows * lanes;
    }
    /* Where all is written out, each scalar is loaded once for all rows. */
    return vectors * stretch(body, tile) * (width > 4 ? 1.9 : 1.375 / 2) +
           scalars / (body->trips ? 2.0 * tile->rows : 2.0);
}

/* The vector instructions that a tile is written out to. */
static double code_size(const Body *body, const Tile *tile) {
    double outputs = (double)tile->rows * tile->vectors;
    double copies = (double)(tile->rows > tile->vectors ? tile->rows : tile->vectors);
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
    /* What is limited by one unit still waits for the other at times; each row has addresses of its own; half a tile
     * is left over on average, of a few hundred rounds; long code is slow to compile and to fetch. */
    double cycles = (most + 0.25 * least + 1 + tile.rows / 8.0) / outputs;
    double left_over = (1 + tile.vectors * width / 600.0) * (1 + tile.rows / 200.0);
    tile.cycles = cycles * left_over * (1 + code_size(body, &tile) / 6000);
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
    find_moves(&body);
    Tile best = measure(&body, (Tile){.rows = 1, .vectors = 1}, width);
    for (int rows = 1; rows <= (outer ? most_rows : 1); rows++)
        for (int vectors = 1; vectors <= VECTORS_MAX; vectors++) {
            Tile tile = {.rows = rows, .vectors = vectors};
            if (registers_needed(&body, &tile) <= registers || rows * vectors == 1)
                try_skews(&body, tile, width, lanes_may_skew, &best);
        }
    return best;
}
