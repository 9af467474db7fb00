/* shapes.c: every kind of signature, both entries, what they refuse. Compiles as C99 and as C++17. */
#include "shapes.h"

#include "expect.h"

/* An array of doubles in C order over memory that the caller has. */
static mnp_array vector(double *data, int64_t n) {
    mnp_array array;
    memset(&array, 0, sizeof array);
    array.data = data;
    array.dtype = MNP_F64;
    array.rank = 1;
    array.shape[0] = n;
    array.strides[0] = 1;
    return array;
}

static mnp_array matrix(double *data, int64_t n, int64_t m, int64_t row, int64_t column) {
    mnp_array array;
    memset(&array, 0, sizeof array);
    array.data = data;
    array.dtype = MNP_F64;
    array.rank = 2;
    array.shape[0] = n;
    array.shape[1] = m;
    array.strides[0] = row;
    array.strides[1] = column;
    return array;
}

static double at(const mnp_array *array, int64_t i, int64_t j) {
    return ((double *)array->data)[i * array->strides[0] + j * array->strides[1]];
}

static void plain_entries(void) {
    double a[12], b[12], out[36], x;
    int64_t n;
    for (int i = 0; i < 12; i++)
        a[i] = i, b[i] = 100 * i;
    EXPECT(scale(3, 4, a, 2.0, out) == 0 && out[11] == 22);
    EXPECT(transposed(3, 4, a, out) == 0 && out[1] == 4 && out[3] == 1 && out[11] == 11);
    EXPECT(every_other(6, a, out) == 0 && out[0] == 0 && out[5] == 10);
    EXPECT(pairs(a, 11, b, out) == 0 && out[10] == 1011);
    EXPECT(valid(5, a, 3, b, out) == 0 && out[0] == 100 * 1 + 200 * 2 && out[2] == 100 * 3 + 200 * 4);
    EXPECT(blocks(2, 1, a, out) == 0 && out[1] == 1);
    EXPECT(grid(6, out) == 0 && out[35] == 55);
    EXPECT(late(a, 12, out) == 0 && out[11] == 12);
    EXPECT(unnamed(2, 6, a, out) == 0 && out[11] == 12);
    EXPECT(count(4, (const uint8_t *)"\1\0\1\2", &n) == 0 && n == 3);
    EXPECT(look(12, a, &x) == 0 && x == 66);
    EXPECT(swapped(5, a, 2, out) == 0 && out[2] == 2);
    EXPECT(volume(1, 3, 4, a, out) == 0 && out[0] == 12 && out[3] == 21);
    EXPECT(nothing() == 0 && forty_two(&n) == 0 && n == 42);
    EXPECT(double_(12, a, b, out) == 0 && out[11] == 1111);
    EXPECT(free_(12, b + 1, &x) == 0 && x == 100 && exp_(1.5, &x) == 0 && x == 2.5);
    EXPECT(named("double", 6, 4, &n) == 0 && n == 8 && named("doubled", 7, 4, &n) == 0 && n == 4);
    uint8_t bytes[3] = {0, 255, 7};
    EXPECT(bytes_up(3, bytes, bytes) == 0 && bytes[0] == 1 && bytes[1] == 0 && bytes[2] == 8);
    float s[3] = {1, 2, 3}, t[3];
    EXPECT(singles(3, s, s, t) == 0 && t[2] == 9);
    int64_t l[6] = {1, 2, 3, 4, 5, 6}, sums[3];
    EXPECT(longs(2, 3, l, sums) == 0 && sums[0] == 5 && sums[2] == 9);
}

static void scalars_by_pointer(void) {
    float a;
    uint8_t b, c;
    int64_t d, e64;
    int16_t e;
    double f, sum, out1[3], out4[3], in[3] = {1, 2, 3};
    EXPECT(scalars(1.5f, 200, 1, -7, -300, 2.5, &a, &b, &c, &d, &e, &f) == 0);
    EXPECT(a == 1.5f && b == 200 && c == 1 && d == -7 && e == -300 && f == 2.5);
    EXPECT(flip(0, &c) == 0 && c == 1 && flip(2, &c) == 0 && c == 0);
    EXPECT(several(3, in, out1, &sum, &e64, out4) == 0);
    EXPECT(out1[2] == 4 && sum == 6 && e64 == 3 && out4[0] == 3 && out4[2] == 1);
}

static void sizes_of_results(void) {
    EXPECT(scale_out_axis0(3, 4) == 3 && scale_out_axis1(3, 4) == 4 && scale_out_size(3, 4) == 12);
    EXPECT(scale_out_size(0, 4) == 0 && scale_out_size(-1, 4) == -1 && scale_out_size(3, -4) == -1);
    EXPECT(transposed_out_axis0(3, 4) == 4 && every_other_out_size(5) == 5 && pairs_out_size(3) == 3);
    EXPECT(valid_out_size(5, 3) == 3 && valid_out_size(2, 3) == 0 && valid_out_size(1, 3) == -1);
    EXPECT(grid_out_size(5) == 25 && grid_out_size(-1) == -1 && grid_out_axis0(-1) == -1);
    EXPECT(grid_out_size(INT64_C(1) << 40) == -1 && grid_out_axis0(INT64_C(1) << 40) == INT64_C(1) << 40);
    EXPECT(grid_out_axis0(INT64_MAX) == -1 && every_other_out_size(INT64_MAX) == -1);
    EXPECT(pairs_out_size(INT64_MAX) == -1 && late_out_size(7) == 7 && several_out4_size(2) == 2);
    EXPECT(blocks_out_size(2, 1) == 2 && volume_out_axis0(2, 3, 4) == 4 && volume_out_size(2, 3, 4) == 8);
}

static void overlap(void) {
    double a[16], b[16];
    for (int shift = -3; shift <= 3; shift++) {
        for (int i = 0; i < 16; i++)
            a[i] = b[i] = i;
        EXPECT(scale(2, 5, a + 3, 10.0, a + 3 + shift) == 0);
        for (int i = 0; i < 10; i++)
            EXPECT(a[3 + shift + i] == 10.0 * b[3 + i]);
        for (int i = 0; i < 16; i++)
            a[i] = b[i] = i;
        EXPECT(backwards(10, a + 3, a + 3 + shift) == 0);
        for (int i = 0; i < 10; i++)
            EXPECT(a[3 + shift + i] == b[3 + 9 - i]);
        /* One element after the other, as the loop says: each reads what the ones before it wrote. */
        for (int i = 0; i < 16; i++)
            a[i] = b[i] = i;
        EXPECT(reverse_into(10, a + 3, a + 3 + shift) == 0);
        for (int i = 0; i < 10; i++)
            b[3 + i] = b[3 + shift + 9 - i] * 2.0;
        EXPECT(!memcmp(a, b, sizeof a));
    }
    for (int i = 0; i < 16; i++)
        a[i] = i;
    EXPECT(same(16, a, a) == 0 && a[15] == 15 && transposed(4, 4, a, a) == 0 && a[1] == 4 && a[4] == 1);
    EXPECT(running(4, a) == 0 && a[3] == 0 + 4 + 8 + 12);
    EXPECT(wipe(16, a) == 0 && a[0] == 0 && a[1] == 4 && a[14] == 0);
}

static void strided_entries(void) {
    double a[24], out[24], x;
    for (int i = 0; i < 24; i++)
        a[i] = i;
    struct { int64_t start, row, column; } layouts[] = {
        {0, 4, 1}, {0, 1, 3}, {23, -4, -1}, {0, 8, 2}, {11, -4, -1}, {3, 4, -1}, {0, 0, 1}, {0, 0, 0}, {5, 1, 0}};
    for (size_t k = 0; k < sizeof layouts / sizeof *layouts; k++)
        for (size_t l = 0; l < 6; l++) {
            mnp_array in = matrix(a + layouts[k].start, 3, layouts[k].row == 8 ? 3 : 4, layouts[k].row, layouts[k].column);
            mnp_array to = matrix(out + layouts[l].start, 3, in.shape[1], layouts[l].row, layouts[l].column);
            EXPECT(scale_strided(&in, 3.0, &to) == 0);
            for (int64_t i = 0; i < 3; i++)
                for (int64_t j = 0; j < in.shape[1]; j++)
                    EXPECT(at(&to, i, j) == 3.0 * at(&in, i, j));
            mnp_array back = matrix(out, in.shape[1], 3, 3, 1);
            EXPECT(transposed_strided(&in, &back) == 0);
            for (int64_t i = 0; i < 3; i++)
                for (int64_t j = 0; j < in.shape[1]; j++)
                    EXPECT(at(&back, j, i) == at(&in, i, j));
        }
    mnp_array every = vector(a + 23, 12), half = vector(out, 6);
    every.strides[0] = -2;
    EXPECT(every_other_strided(&every, &half) == 0 && out[0] == 23 && out[5] == 3);
    mnp_array tails = vector(a, 7), b = vector(a + 20, 6);
    b.strides[0] = -1;
    EXPECT(pairs_strided(&tails, &b, &half) == 0 && out[0] == 1 + 20 && out[5] == 6 + 15);
    mnp_array square = matrix(out, 3, 3, 1, 3);
    EXPECT(grid_strided(3, &square) == 0 && out[1] == 10 && out[3] == 1);
    EXPECT(look_strided(&every, &x) == 0 && x == 12 * 12);
    mnp_array whole = vector(a, 12), upper = vector(a + 11, 12);
    upper.strides[0] = -1;
    EXPECT(same_strided(&whole, &upper) == 0 && a[0] == 11 && a[11] == 0);
    mnp_array odd = vector(a + 1, 4);
    odd.strides[0] = 3;
    double one = a[1], four = a[4];
    EXPECT(running_strided(&odd) == 0 && a[1] == one && a[4] == one + four);
    EXPECT(late_strided(&whole, 12, &upper) == 0);
    mnp_array fewer = vector(a, 5);
    REFUSES(late_strided(&fewer, 12, &fewer), "ValueError");
    double column = 2.5, rows[15];
    mnp_array spread = matrix(&column, 3, 5, 0, 0), to = matrix(rows, 3, 5, 5, 1);
    EXPECT(scale_strided(&spread, 2.0, &to) == 0 && rows[0] == 5 && rows[14] == 5);
}

static void owned_results(void) {
    double a[5] = {1, 2, 3, 4, 5}, doubled[5];
    mnp_array out, in = vector(a + 4, 5);
    uint8_t positive;
    EXPECT(halve(5, a, &out) == 0 && out.rank == 1 && out.dtype == MNP_F64 && out.shape[0] == 1);
    EXPECT(((double *)out.data)[0] == 4);
    mnp_array_free(&out);
    EXPECT(out.data == NULL);
    mnp_array_free(&out);
    mnp_array_free(NULL);
    EXPECT(halve(1, a, &out) == 0 && out.data != a && ((double *)out.data)[0] == 1);
    mnp_array_free(&out);
    EXPECT(halve(0, NULL, &out) == 0 && out.shape[0] == 0);
    mnp_array_free(&out);
    EXPECT(tail(5, a, 3, &out) == 0 && out.shape[0] == 2 && ((double *)out.data)[1] == 5 && out.strides[0] == 1);
    mnp_array_free(&out);
    EXPECT(tail(5, a, 9, &out) == 0 && out.shape[0] == 0);
    mnp_array_free(&out);
    in.strides[0] = -1;
    EXPECT(tail_strided(&in, 1, &out) == 0 && out.shape[0] == 4 && ((double *)out.data)[0] == 4);
    mnp_array_free(&out);
    EXPECT(mixed(5, a, 2, doubled, &out, &positive) == 0 && doubled[4] == 10 && out.shape[0] == 3 && positive == 1);
    mnp_array_free(&out);
    EXPECT(mixed_strided(&in, 2, &in, &out, &positive) == 0 && a[4] == 10 && out.shape[0] == 3);
    mnp_array_free(&out);
    REFUSES(tail(-1, a, 0, &out), "ValueError: a: negative dimensions are not allowed (-1)");
    EXPECT(out.data == NULL);
    mnp_array_free(&out);
}

static void refusals(void) {
    double a[8] = {0}, x;
    int64_t huge = INT64_C(1) << 40;
    REFUSES(scale(-1, 2, a, 1.0, a), "ValueError: a: negative dimensions are not allowed (-1)");
    REFUSES(scale(0, -2, a, 1.0, a), "ValueError");
    REFUSES(scale(INT64_MIN, INT64_MIN, a, 1.0, a), "ValueError");
    REFUSES(scale(huge, huge, a, 1.0, a), "too big");
    REFUSES(look(INT64_MAX, a, &x), "2**47");
    REFUSES(every_other(INT64_MAX, a, a), "ValueError");
    REFUSES(pairs(a, INT64_MAX, a, a), "ValueError");
    REFUSES(pairs(a, -1, a, a), "ValueError");
    REFUSES(grid(-1, a), "ValueError: negative dimensions are not allowed");
    REFUSES(grid(huge, a), "too big");
    REFUSES(valid(1, a, 3, a, a), "ValueError: negative dimensions are not allowed");
    REFUSES(scale(2, 2, NULL, 1.0, a), "a: a null pointer");
    REFUSES(scale(2, 2, a, 1.0, NULL), "out: a null pointer");
    EXPECT(scale(0, 2, NULL, 1.0, NULL) == 0 && scale(2, 0, NULL, 1.0, NULL) == 0);
    EXPECT(look(0, NULL, &x) == 0 && x == 0 && grid(0, NULL) == 0 && valid(2, a, 3, a, NULL) == 0);
    EXPECT(reverse_into(0, NULL, NULL) == 0);
    REFUSES(refused(8, a, 1, &x), "ValueError: what is 1, of 8");
    REFUSES(refused(8, a, 2, &x), "AssertionError");
    REFUSES(refused(8, a, 3, &x), "IndexError: index 10 is out of bounds for axis 0 with size 8");
    REFUSES(refused(8, a, 4, &x), "ZeroDivisionError");
    REFUSES(refused(8, a, 5, &x), "MemoryError");
    REFUSES(refused(8, a, 8, &x), "IndexError");
    EXPECT(strstr(mnp_last_error(), "shapes.mnp:") != NULL);
}

static void strided_refusals(void) {
    double a[12] = {0}, x;
    mnp_array good = matrix(a, 3, 4, 4, 1), bad = good, other = good;
    REFUSES(scale_strided(NULL, 1.0, &good), "a: a null pointer");
    REFUSES(scale_strided(&good, 1.0, NULL), "out: a null pointer");
    bad.dtype = MNP_F32;
    REFUSES(scale_strided(&bad, 1.0, &good), "TypeError: a: an array of f64 is wanted, this is one of f32");
    bad = good, bad.dtype = 99;
    REFUSES(scale_strided(&bad, 1.0, &good), "TypeError");
    bad = good, bad.rank = 1;
    REFUSES(scale_strided(&bad, 1.0, &good), "TypeError: a: an array of rank 2 is wanted, this is one of rank 1");
    bad = good, bad.shape[0] = -1;
    REFUSES(scale_strided(&bad, 1.0, &good), "ValueError: a: negative");
    bad = good, bad.shape[1] = 3;
    REFUSES(scale_strided(&good, 1.0, &bad), "ValueError: out: axis 1 has size 3, not 4");
    bad = good, bad.data = NULL;
    REFUSES(scale_strided(&bad, 1.0, &good), "a: a null pointer");
    bad = good, bad.data = (char *)a + 1;
    REFUSES(scale_strided(&bad, 1.0, &good), "not aligned");
    bad = good, bad.strides[0] = INT64_MAX;
    REFUSES(scale_strided(&bad, 1.0, &good), "too big");
    bad = good, bad.strides[0] = INT64_MIN;
    REFUSES(scale_strided(&bad, 1.0, &good), "too big");
    bad = good, bad.strides[0] = 0;
    REFUSES(scale_strided(&good, 1.0, &bad), "out: is written, but its elements share memory");
    bad = good, bad.strides[0] = 1;
    REFUSES(scale_strided(&good, 1.0, &bad), "share memory");
    bad = vector(a, 4), bad.strides[0] = 0;
    REFUSES(running_strided(&bad), "share memory");
    bad = vector(a, 5);
    other = vector(a, 2);
    REFUSES(every_other_strided(&bad, &other), "ValueError: a: axis 0 has size 5, not 4");
    bad = vector(a, 0);
    REFUSES(pairs_strided(&bad, &bad, &bad), "ValueError");
    bad = vector(NULL, 0);
    EXPECT(look_strided(&bad, &x) == 0 && x == 0);
    bad = matrix(NULL, 0, 4, 77, -5);
    EXPECT(scale_strided(&bad, 1.0, &bad) == 0);
}

int main(void) {
    plain_entries();
    scalars_by_pointer();
    sizes_of_results();
    overlap();
    strided_entries();
    owned_results();
    refusals();
    strided_refusals();
    return failures != 0;
}
