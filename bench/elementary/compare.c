/* compare.c: the kernels against the same loops in C with the C library's functions: times of the best of several
 * rounds, side by side, over a million elements. */
#include "kernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N = 1000000, ROUNDS = 7 };

static double *x, *y, *out;
static float *xf, *outf;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#define C_LOOP(name, call)                                                                                             \
    static void c_##name(void) {                                                                                       \
        for (int i = 0; i < N; i++)                                                                                    \
            out[i] = call;                                                                                             \
    }
C_LOOP(exp, exp(x[i]))
C_LOOP(log, log(x[i]))
C_LOOP(sin, sin(x[i]))
C_LOOP(cos, cos(x[i]))
C_LOOP(tanh, tanh(x[i]))
C_LOOP(pow, pow(x[i], y[i]))
C_LOOP(atan, atan(x[i]))

static void c_expf(void) {
    for (int i = 0; i < N; i++)
        outf[i] = expf(xf[i]);
}

static void c_sinf(void) {
    for (int i = 0; i < N; i++)
        outf[i] = sinf(xf[i]);
}

#define OURS(name)                                                                                                     \
    static void our_##name(void) {                                                                                     \
        run_##name(N, x, out);                                                                                         \
    }
OURS(exp)
OURS(log)
OURS(sin)
OURS(cos)
OURS(tanh)
OURS(atan)

static void our_pow(void) {
    run_pow(N, x, y, out);
}

static void our_expf(void) {
    run_expf(N, xf, outf);
}

static void our_sinf(void) {
    run_sinf(N, xf, outf);
}

static double best(void (*run)(void)) {
    double least = 1e9;
    for (int i = 0; i < ROUNDS; i++) {
        double start = now();
        run();
        double time = now() - start;
        least = time < least ? time : least;
    }
    return least;
}

int main(void) {
    static const struct {
        const char *name;
        void (*ours)(void), (*theirs)(void);
    } rows[] = {{"exp", our_exp, c_exp}, {"log", our_log, c_log}, {"sin", our_sin, c_sin}, {"cos", our_cos, c_cos},
                {"tanh", our_tanh, c_tanh}, {"pow", our_pow, c_pow}, {"atan", our_atan, c_atan},
                {"exp, f32", our_expf, c_expf}, {"sin, f32", our_sinf, c_sinf}};
    x = malloc(N * sizeof *x), y = malloc(N * sizeof *y), out = malloc(N * sizeof *out);
    xf = malloc(N * sizeof *xf), outf = malloc(N * sizeof *outf);
    for (int i = 0; i < N; i++) {
        x[i] = 0.001 + (i * 7919L % N) * 1.2e-5;
        y[i] = -3 + (i * 104729L % N) * 6e-6;
        xf[i] = (float)x[i];
    }
    printf("function   mnp ns   C ns   ratio\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double ours = best(rows[i].ours), theirs = best(rows[i].theirs);
        printf("%-9s %7.2f %6.2f %7.2f\n", rows[i].name, ours * 1e9 / N, theirs * 1e9 / N, ours / theirs);
    }
    return 0;
}
