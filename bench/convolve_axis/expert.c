/* expert.c: the same sums with vectors by hand. Neighbouring vectors of outputs are one vector of inputs apart: what is
 * loaded for one output's tap a is what the next vector's needs for tap a - LANES. So inputs are the outer loop and
 * each loaded vector, which mostly crosses cache lines, feeds all sums of a tile, each with a tap of its own: one
 * more sum every LANES inputs at the head of the kernel, one less at its end. Each output still adds its terms in the
 * order of the plain loop. The last tile overlaps the one before it; the ends are plain loops. */
#include "../vectors.h"

enum { MOST = 12 };

static void plain(int64_t v, const double *f, int64_t s, const double *g, double *h, int64_t from, int64_t to) {
    for (int64_t x = from; x < to; x++) {
        double sum = 0;
        for (int64_t p = x < s ? 0 : x - s + 1; p <= x && p < v; p++)
            sum = __builtin_fma(g[x - p], f[p], sum);
        h[x] = sum;
    }
}

/* Adds `count` inputs from `f` into sums [first, last); `tap` is what the first of them means to sum 0. */
INLINE void add(Vec *sums, const double *f, const double *tap, int64_t count, int first, int last) {
    ROLLED
    for (int64_t p = 0; p < count; p++) {
        Vec in = load(f + p);
        UNROLLED
        for (int k = first; k < last; k++)
            sums[k] = multiply_add(splat(tap[k * LANES - p]), in, sums[k]);
    }
}

/* A tile whose sums start and end one after the other: the kernel has more than (vectors - 1) * LANES taps. */
INLINE void staggered(const double *f, int64_t s, const double *g, double *h, int vectors) {
    Vec sums[MOST];
    const double *tap = g + s - 1;
    int64_t head = (vectors - 1) * LANES;
    UNROLLED
    for (int k = 0; k < vectors; k++)
        sums[k] = splat(0);
    UNROLLED
    for (int k = 0; k < vectors - 1; k++)
        add(sums, f + k * LANES, tap - k * LANES, LANES, 0, k + 1);
    add(sums, f + head, tap - head, s - head, 0, vectors);
    UNROLLED
    for (int k = 1; k < vectors; k++)
        add(sums, f + s + (k - 1) * LANES, tap - s - (k - 1) * LANES, LANES, k, vectors);
    UNROLLED
    for (int k = 0; k < vectors; k++)
        store(h + k * LANES, sums[k]);
}

/* A tile for kernels of few taps. */
INLINE void together(const double *f, int64_t s, const double *g, double *h, int vectors) {
    Vec sums[MOST];
    UNROLLED
    for (int k = 0; k < vectors; k++)
        sums[k] = splat(0);
    ROLLED
    for (int64_t a = 0; a < s; a++) {
        Vec tap = splat(g[s - 1 - a]);
        UNROLLED
        for (int k = 0; k < vectors; k++)
            sums[k] = multiply_add(tap, load(f + a + k * LANES), sums[k]);
    }
    UNROLLED
    for (int k = 0; k < vectors; k++)
        store(h + k * LANES, sums[k]);
}

INLINE int with_tiles(int64_t v, const double *f, int64_t s, const double *g, double *h, int vectors, int stagger) {
    int64_t tile = vectors * LANES, last = v - tile;
    if (last < s - 1) {
        plain(v, f, s, g, h, 0, v + s - 1);
        return 0;
    }
    plain(v, f, s, g, h, 0, s - 1);
    for (int64_t next = s - 1; next < v; next += tile) {
        int64_t x = next < last ? next : last;
        if (stagger)
            staggered(f + x - s + 1, s, g, h + x, vectors);
        else
            together(f + x - s + 1, s, g, h + x, vectors);
    }
    plain(v, f, s, g, h, v, v + s - 1);
    return 0;
}

int convolve_axis_expert(int64_t v, const double *f, int64_t s, const double *g, double *h) {
    if (s > 7 * LANES)
        return with_tiles(v, f, s, g, h, 8, 1);
    if (s > 4 * LANES)
        return with_tiles(v, f, s, g, h, 5, 1);
    return with_tiles(v, f, s, g, h, 8, 0);
}
