/* expert.c: the same sums with vectors by hand: eight accumulators of the widest register. */
#include <stdint.h>

#ifdef __AVX512F__
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif
typedef double vec __attribute__((vector_size(LANES * 8)));
typedef double unaligned_vec __attribute__((vector_size(LANES * 8), aligned(8), may_alias));

enum { VECTORS = 8, TILE = LANES * VECTORS };

static void scalar(int64_t v, const double *f, int64_t s, const double *g, double *h, int64_t from, int64_t to) {
    int64_t sm = s / 2;
    for (int64_t x = from; x < to; x++) {
        double acc = 0;
        for (int64_t a = sm - x > -sm ? sm - x : -sm; a < (v + sm - x < sm + 1 ? v + sm - x : sm + 1); a++)
            acc = __builtin_fma(g[sm - a], f[x - sm + a], acc);
        h[x] = acc;
    }
}

int convolve_axis_expert(int64_t v, const double *f, int64_t s, const double *g, double *h) {
    int64_t sm = s / 2, x = 2 * sm < v ? 2 * sm : v;
    scalar(v, f, s, g, h, 0, x);
    for (; x + TILE <= v; x += TILE) {
        vec acc[VECTORS] = {0};
        for (int64_t a = 0; a < s; a++) {
            vec tap = g[s - 1 - a] - (vec){0};
            const double *at = f + x - 2 * sm + a;
            for (int k = 0; k < VECTORS; k++)
                acc[k] += tap * *(const unaligned_vec *)(at + k * LANES);
        }
        for (int k = 0; k < VECTORS; k++)
            *(unaligned_vec *)(h + x + k * LANES) = acc[k];
    }
    scalar(v, f, s, g, h, x, v + 2 * sm);
    return 0;
}
