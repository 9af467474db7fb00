/* expert.c: the same sums with vectors by hand: tiles of four rows by three vectors; input rows are the
 * outer loop, so that each loaded vector serves up to four output rows. Borders are plain loops. */
#include <stdint.h>

#ifdef __AVX512F__
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif
typedef double vec __attribute__((vector_size(LANES * 8)));
typedef double unaligned_vec __attribute__((vector_size(LANES * 8), aligned(8), may_alias));

enum { ROWS = 4, VECTORS = 3, TILE = LANES * VECTORS };

static void scalar(int64_t v, int64_t w, const double *f, int64_t s, int64_t t, const double *g, double *h, int64_t x,
                   int64_t from, int64_t to) {
    int64_t sm = s / 2, tm = t / 2, width = w + 2 * tm;
    for (int64_t y = from; y < to; y++) {
        double acc = 0;
        for (int64_t a = sm - x > -sm ? sm - x : -sm; a < (v + sm - x < sm + 1 ? v + sm - x : sm + 1); a++)
            for (int64_t b = tm - y > -tm ? tm - y : -tm; b < (w + tm - y < tm + 1 ? w + tm - y : tm + 1); b++)
                acc = __builtin_fma(g[(sm - a) * t + tm - b], f[(x - sm + a) * w + y - tm + b], acc);
        h[x * width + y] = acc;
    }
}

/* Adds input row `row` (from the tile's first) into output rows [first, last). */
static inline void add_row(vec acc[ROWS][VECTORS], const double *f, const double *g, int64_t s, int64_t t, int64_t row,
                           int first, int last) {
    for (int64_t b = 0; b < t; b++) {
        vec in[VECTORS];
        for (int k = 0; k < VECTORS; k++)
            in[k] = *(const unaligned_vec *)(f + b + k * LANES);
        for (int r = first; r < last; r++) {
            vec tap = g[(s - 1 - (row - r)) * t + t - 1 - b] - (vec){0};
            for (int k = 0; k < VECTORS; k++)
                acc[r][k] += tap * in[k];
        }
    }
}

int convolve_expert(int64_t v, int64_t w, const double *f, int64_t s, int64_t t, const double *g, double *h) {
    int64_t height = v + s - 1, width = w + t - 1, x = 0;
    while (x < height) {
        int inner = x >= s - 1 && x + ROWS <= v && s >= ROWS;
        int64_t y = t - 1 < width ? t - 1 : width;
        int rows = inner ? ROWS : 1;
        for (int r = 0; r < rows; r++)
            scalar(v, w, f, s, t, g, h, x + r, 0, inner ? y : width);
        for (; inner && y + TILE <= w; y += TILE) {
            vec acc[ROWS][VECTORS] = {{{0}}};
            const double *at = f + (x - s + 1) * w + y - t + 1;
            add_row(acc, at, g, s, t, 0, 0, 1);
            add_row(acc, at + w, g, s, t, 1, 0, 2);
            add_row(acc, at + 2 * w, g, s, t, 2, 0, 3);
            for (int64_t row = 3; row < s; row++)
                add_row(acc, at + row * w, g, s, t, row, 0, 4);
            add_row(acc, at + s * w, g, s, t, s, 1, 4);
            add_row(acc, at + (s + 1) * w, g, s, t, s + 1, 2, 4);
            add_row(acc, at + (s + 2) * w, g, s, t, s + 2, 3, 4);
            for (int r = 0; r < ROWS; r++)
                for (int k = 0; k < VECTORS; k++)
                    *(unaligned_vec *)(h + (x + r) * width + y + k * LANES) = acc[r][k];
        }
        for (int r = 0; inner && r < ROWS; r++)
            scalar(v, w, f, s, t, g, h, x + r, y, width);
        x += rows;
    }
    return 0;
}
