/* overlaps.c: arguments in one small pool of memory, in every relation to each other, against loops on copies. */
#include "overlaps.h"

#include "expect.h"

enum { POOL = 48 };

static double pool[POOL], expected[POOL];

static void refill(void) {
    for (int i = 0; i < POOL; i++)
        pool[i] = expected[i] = 1.0 + i * 0.25 + (i % 7);
}

static mnp_array view(int rank, int64_t start, int64_t n, int64_t m, int64_t row, int64_t column) {
    mnp_array array;
    memset(&array, 0, sizeof array);
    array.data = pool + start;
    array.dtype = MNP_F64;
    array.rank = rank;
    array.shape[0] = n;
    array.shape[1] = m;
    array.strides[0] = row;
    array.strides[1] = column;
    return array;
}

/* The element's place in the pool. */
static int64_t place(const mnp_array *array, int64_t i, int64_t j) {
    return (double *)array->data - pool + i * array->strides[0] + (array->rank > 1 ? j * array->strides[1] : 0);
}

static void check_pool(const char *what) {
    if (memcmp(pool, expected, sizeof pool)) {
        printf("%s differs\n", what);
        failures++;
    }
}

static void vectors(mnp_array a, mnp_array b) {
    double old[POOL];
    int64_t n = a.shape[0];
    refill();
    memcpy(old, pool, sizeof old);
    for (int64_t i = 1; i < n; i++)
        expected[place(&a, i, 0)] = old[place(&b, i - 1, 0)] * 2.0;
    EXPECT(shifted_strided(&a, &b) == 0);
    check_pool("shifted");
    refill();
    for (int64_t i = 0; i < n; i++)
        expected[place(&a, i, 0)] = old[place(&a, i, 0)] + old[place(&b, i, 0)];
    EXPECT(add_to_strided(&a, &b) == 0);
    check_pool("add_to");
    refill();
    for (int64_t i = 0; i < n; i++)
        expected[place(&a, i, 0)] = expected[place(&b, i, 0)] + 1.0;
    EXPECT(one_by_one_strided(&a, &b) == 0);
    check_pool("one_by_one");
    refill();
    for (int64_t i = n - 1; i >= 0; i--)
        expected[place(&a, i, 0)] = expected[place(&b, i, 0)] + 1.0;
    EXPECT(downwards_strided(&a, &b) == 0);
    check_pool("downwards");
}

static void chain(mnp_array a, mnp_array b, mnp_array c) {
    double old[POOL];
    int64_t n = a.shape[0];
    refill();
    memcpy(old, pool, sizeof old);
    for (int64_t i = 0; i < n; i++)
        expected[place(&a, i, 0)] = old[place(&b, i, 0)] + old[place(&c, i, 0)];
    memcpy(old, expected, sizeof old);
    for (int64_t i = 0; i < n; i++)
        expected[place(&b, i, 0)] = old[place(&a, i, 0)] - old[place(&c, i, 0)] * 2.0;
    EXPECT(chained_strided(&a, &b, &c) == 0);
    check_pool("chained");
}

static void matrices(mnp_array u, mnp_array v) {
    double old[POOL];
    refill();
    memcpy(old, pool, sizeof old);
    for (int64_t i = 1; i + 1 < u.shape[0]; i++)
        for (int64_t j = 1; j + 1 < u.shape[1]; j++)
            expected[place(&u, i, j)] = old[place(&v, i - 1, j)] + old[place(&v, i + 1, j)] + old[place(&v, i, j - 1)] +
                                        old[place(&v, i, j + 1)];
    EXPECT(blur_strided(&u, &v) == 0);
    check_pool("blur");
    if (u.shape[0] != u.shape[1])
        return;
    refill();
    for (int64_t i = 0; i < u.shape[0]; i++)
        for (int64_t j = 0; j < u.shape[1]; j++)
            expected[place(&u, i, j)] = old[place(&v, j, i)];
    EXPECT(turn_strided(&u, &v) == 0);
    check_pool("turn");
    refill();
    for (int64_t i = 0; i < u.shape[0]; i++)
        for (int64_t j = 0; j < u.shape[1]; j++) {
            double sum = 0;
            for (int64_t k = 0; k < u.shape[0]; k++)
                sum += old[place(&v, i, k)] * old[place(&v, k, j)];
            expected[place(&u, i, j)] = sum;
        }
    EXPECT(product_strided(&v, &v, &u) == 0);
    check_pool("product");
}

int main(void) {
    for (int64_t n = 0; n <= 11; n++)
        for (int64_t a = 0; a < 4; a++)
            for (int64_t b = 0; b < 4; b++) {
                static const int64_t steps[] = {1, -1, 2, 3};
                for (int64_t shift = 0; shift <= 12; shift++) {
                    int64_t low = a == 1 ? n - 1 : 0, other = b == 1 ? n - 1 : 0;
                    mnp_array x = view(1, low < 0 ? 0 : low, n, 0, steps[a], 0);
                    mnp_array y = view(1, (other < 0 ? 0 : other) + shift, n, 0, steps[b], 0);
                    vectors(x, y);
                    vectors(y, x);
                    chain(x, y, view(1, 2, n, 0, 2, 0));
                    chain(x, y, x);
                }
            }
    static const struct { int64_t start, row, column; } layouts[] = {
        {0, 4, 1}, {0, 1, 4}, {1, 4, 1}, {4, 4, 1}, {5, 4, 1}, {15, -4, -1}, {3, 4, -1}, {12, -4, 1},
        {0, 8, 2}, {2, 9, 1}, {7, 1, 5}, {0, 10, 3}};
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 12; j++)
            for (int64_t n = 0; n <= 4; n++) {
                matrices(view(2, layouts[i].start, n, n, layouts[i].row, layouts[i].column),
                         view(2, layouts[j].start, n, n, layouts[j].row, layouts[j].column));
                matrices(view(2, layouts[i].start, n, 3, layouts[i].row, layouts[i].column),
                         view(2, layouts[j].start, n, 3, layouts[j].row, layouts[j].column));
            }
    return failures != 0;
}
