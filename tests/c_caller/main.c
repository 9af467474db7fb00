/* main.c: calls two compiled objects from C: sizes around the vector width, overlap, failures. */
#include "kernels.h"
#include "other.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static void naive(int64_t v, int64_t w, const double *f, int64_t s, int64_t t, const double *g, double *h) {
    int64_t sm = s / 2, tm = t / 2, width = w + 2 * tm;
    for (int64_t x = 0; x < v + 2 * sm; x++)
        for (int64_t y = 0; y < width; y++) {
            double acc = 0;
            for (int64_t a = most(sm - x, -sm); a < least(v + sm - x, sm + 1); a++)
                for (int64_t b = most(tm - y, -tm); b < least(w + tm - y, tm + 1); b++)
                    acc = fma(g[(sm - a) * t + tm - b], f[(x - sm + a) * w + y - tm + b], acc);
            h[x * width + y] = acc;
        }
}

static int failures;

static void expect(int condition, const char *what) {
    if (!condition) {
        printf("%s\n", what);
        failures++;
    }
}

/* Buffers of exactly the size, so that a sanitizer or valgrind sees what lies outside. */
static void compare(int64_t v, int64_t w, int64_t s, int64_t t) {
    size_t in = (size_t)(v * w), kernel = (size_t)(s * t), out = (size_t)((v + s - 1) * (w + t - 1));
    double *f = malloc(in * 8), *g = malloc(kernel * 8), *a = malloc(out * 8), *b = malloc(out * 8);
    for (size_t i = 0; i < in; i++)
        f[i] = sin(1.7 * (double)i);
    for (size_t i = 0; i < kernel; i++)
        g[i] = cos(2.3 * (double)i);
    naive(v, w, f, s, t, g, a);
    expect(convolve(v, w, f, s, t, g, b) == 0, "convolve fails");
    expect(!memcmp(a, b, out * 8), "convolve differs from the loops in C");
    expect(shift_and_add(v, w, f, s, t, g, b) == 0, "shift_and_add fails");
    expect(!memcmp(a, b, out * 8), "shift_and_add differs from the loops in C");
    free(f), free(g), free(a), free(b);
}

static void multiply(int64_t n, int64_t k, int64_t m) {
    double *a = malloc((size_t)(n * k) * 8), *b = malloc((size_t)(k * m) * 8), *c = malloc((size_t)(n * m) * 8);
    for (int64_t i = 0; i < n * k; i++)
        a[i] = sin(0.7 * (double)i);
    for (int64_t i = 0; i < k * m; i++)
        b[i] = cos(1.3 * (double)i);
    expect(product(n, k, a, m, b, c) == 0, "product fails");
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            double sum = 0;
            for (int64_t l = 0; l < k; l++)
                sum = fma(a[i * k + l], b[l * m + j], sum);
            expect(sum == c[i * m + j], "product differs from the loops in C");
        }
    free(a), free(b), free(c);
}

int main(void) {
    static const int64_t sizes[] = {1, 2, 3, 7, 8, 9, 17, 33, 64, 100};
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 10; j++)
            for (int64_t s = 1; s <= 9; s += 2)
                compare(sizes[i], sizes[j], s, i % 2 ? s : 3);
    for (int64_t n = 0; n < 40; n += 3)
        for (int64_t m = 0; m < 40; m += 7)
            multiply(n, (n + m) % 11, m);
    double a[8] = {1, 2, 3, 4, 5, 6, 7, 8}, out, f[4] = {1, 2, 3, 4};
    expect(convolve(2, 2, f, 2, 2, f, a) == 1 && strstr(mnp_last_error(), "ValueError: kernel sides must be odd"),
           "an even kernel is refused");
    double_in_place(8, a, a);
    expect(a[0] == 16 && a[7] == 32, "a reversed copy onto itself runs in order");
    double b[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    double_of_itself(8, b);
    expect(b[0] == 16 && b[7] == 32, "a call inside with one array twice runs in order");
    expect(element(4, f, -1, &out) == 0 && out == 4, "an index counts from the end");
    expect(element(4, f, 4, &out) == 1 &&
               strstr(mnp_last_error(), "IndexError: index 4 is out of bounds for axis 0 with size 4"),
           "an index out of bounds is told");
    expect(half(3.0, &out) == 0 && out == 1.5, "a second object in the program");
    return failures != 0;
}
