/* expert.c: the same sums with vectors by hand. A tile is some output rows by some vectors of them, its sums in
 * registers. Input rows are the outer loop, so that each loaded vector feeds all output rows of the tile that see it:
 * one more at each row of the head, one less at each of the tail. Each output still adds its terms in the order of
 * the plain loops. Tiles at the image's top and bottom leave out input rows; those at its sides are one vector wide
 * and mask the lanes that have no input. The last tile of a row or of a column overlaps the one before it. */
#include "../vectors.h"

typedef struct {
    int64_t v, w;
    const double *f, *g;
    double *h;
} Image;

enum { MOST_ROWS = 8, MOST_COLUMNS = 4, TAPS_A_WORD = 32 };
typedef Vec Sums[MOST_ROWS][MOST_COLUMNS];

/* Adds the row of input that starts at `f` into the tile's output rows [first, last); `tap` is what its first column
 * means to output row 0. */
INLINE void add_row(Sums sums, const double *f, const double *tap, int64_t t, int columns, int first, int last) {
    ROLLED
    for (int64_t b = 0; b < t; b++) {
        Vec in[MOST_COLUMNS];
        UNROLLED
        for (int k = 0; k < columns; k++)
            in[k] = load(f + b + k * LANES);
        UNROLLED
        for (int r = first; r < last; r++) {
            Vec weight = splat(tap[r * t - b]);
            UNROLLED
            for (int k = 0; k < columns; k++)
                sums[r][k] = multiply_add(weight, in[k], sums[r][k]);
        }
    }
}

/* The same for one vector whose lanes are inputs only where 0 <= column < w; `column` is that of lane 0. */
INLINE void add_row_at_side(Sums sums, const double *f, const double *tap, int64_t t, int64_t column, int64_t w,
                            int first, int last) {
    uint64_t inside = 0;
    ROLLED
    for (int64_t b = 0; b < t; b++, inside >>= 1) {
        if (b % TAPS_A_WORD == 0)
            inside = bits_between(-(column + b), w - (column + b));
        Mask mask = mask_of(inside);
        Vec in = masked_load(mask, f + b);
        UNROLLED
        for (int r = first; r < last; r++)
            sums[r][0] = masked_multiply_add(mask, splat(tap[r * t - b]), in, sums[r][0]);
    }
}

INLINE void add(Sums sums, const Image *image, int64_t row, int64_t column, const double *tap, int64_t t, int columns,
                int first, int last) {
    const double *f = image->f + row * image->w + column;
    if (row < 0 || row >= image->v)
        return;
    if (columns)
        add_row(sums, f, tap, t, columns, first, last);
    else
        add_row_at_side(sums, f, tap, t, column, image->w, first, last);
}

/* The tile whose first output is h[x, y], no columns meaning one vector at a side. s and t are the kernel's sides,
 * which an inlined call may know. */
INLINE void tile(const Image *image, int64_t x, int64_t y, int64_t s, int64_t t, int rows, int columns) {
    int64_t top = x - s + 1, left = y - t + 1, width = image->w + t - 1;
    const double *tap = image->g + s * t - 1;
    int vectors = columns ? columns : 1;
    Sums sums;
    UNROLLED
    for (int r = 0; r < rows; r++)
        UNROLLED
        for (int k = 0; k < vectors; k++)
            sums[r][k] = splat(0);
    UNROLLED
    for (int i = 0; i < rows - 1; i++)
        add(sums, image, top + i, left, tap - i * t, t, columns, i < s ? 0 : i + 1 - (int)s, i + 1);
    for (int64_t i = rows - 1; i < s; i++)
        add(sums, image, top + i, left, tap - i * t, t, columns, 0, rows);
    UNROLLED
    for (int i = s < rows ? rows - 1 - (int)s : 0; i < rows - 1; i++)
        add(sums, image, top + s + i, left, tap - (s + i) * t, t, columns, i + 1, rows);
    UNROLLED
    for (int r = 0; r < rows; r++)
        UNROLLED
        for (int k = 0; k < vectors; k++) {
            double *out = image->h + (x + r) * width + y + k * LANES;
            if (columns)
                store(out, sums[r][k]);
            else
                masked_store(mask_of(bits_between(0, width - y)), out, sums[r][k]);
        }
}

/* Tiles over the outputs [from, to) of each row, which are not at a side or all taken as if they were. */
INLINE void tiles(const Image *image, int64_t from, int64_t to, int64_t s, int64_t t, int rows, int columns) {
    int64_t height = image->v + s - 1, step = columns ? columns * LANES : LANES;
    for (int64_t next = 0; next < height; next += rows) {
        int64_t x = next + rows <= height ? next : height - rows;
        for (int64_t y = from; y < to; y += step)
            tile(image, x, columns && y + step > to ? to - step : y, s, t, rows, columns);
    }
}

INLINE int with_tiles(const Image *image, int64_t s, int64_t t, int rows, int columns, int side_rows) {
    int64_t w = image->w, left = (t - 1 + LANES - 1) / LANES * LANES;
    if (w - columns * LANES < left) {
        tiles(image, 0, w + t - 1, s, t, side_rows, 0);
        return 0;
    }
    tiles(image, 0, left, s, t, side_rows, 0);
    tiles(image, left, w, s, t, rows, columns);
    tiles(image, w, w + t - 1, s, t, side_rows, 0);
    return 0;
}

enum { ROWS = REGISTERS == 32 ? 6 : 3, SMALL_ROWS = REGISTERS == 32 ? 4 : 3, SIDE_ROWS = 8 };
enum { COLUMNS = REGISTERS == 32 ? 4 : 3 };

int convolve_expert(int64_t v, int64_t w, const double *f, int64_t s, int64_t t, const double *g, double *h) {
    Image image = {v, w, f, g, h};
    int64_t height = v + s - 1;
    if (s == 3 && t == 3 && height >= SIDE_ROWS)
        return with_tiles(&image, 3, 3, SMALL_ROWS, COLUMNS, SIDE_ROWS);
    if (s == 5 && t == 5 && height >= SIDE_ROWS)
        return with_tiles(&image, 5, 5, SMALL_ROWS, COLUMNS, SIDE_ROWS);
    if (s >= SIDE_ROWS && height >= SIDE_ROWS)
        return with_tiles(&image, s, t, ROWS, COLUMNS, SIDE_ROWS);
    return with_tiles(&image, s, t, 1, COLUMNS, 1);
}
