/* harness.c: what bench/run loads to time C entries and this machine: samples of thread CPU time, inputs
 * that every version shares, and the peaks that a workload's speed is measured against. Times are in
 * seconds, peaks in FLOP/s and bytes/s. */
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __AVX512F__
enum { WIDTH = 64 };
#elif defined __AVX__
enum { WIDTH = 32 };
#else
enum { WIDTH = 16 };
#endif
typedef double Vec __attribute__((vector_size(WIDTH), may_alias));
enum { LANES = WIDTH / 8, CHAINS = 12, STREAMS = 8, TRIES = 7 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Every entry takes sizes and pointers, and at most four doubles: the calling conventions of x86-64 and of AArch64 pass
 * these in registers of two kinds, each counted alone, so one type of function calls them all. */
typedef int (*Entry)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t,
                     int64_t, double, double, double, double);

/* The time of one call, as the mean of `calls`; -1 where a call fails. */
double sample(Entry entry, const int64_t *w, const double *d, int64_t calls) {
    double start = now();
    for (int64_t i = 0; i < calls; i++)
        if (entry(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], w[11], d[0], d[1], d[2], d[3]))
            return -1;
    return (now() - start) / (double)calls;
}

void *new_array(int64_t bytes) {
    return aligned_alloc(64, (size_t)(bytes + 63) / 64 * 64);
}

void fill_f64(double *values, int64_t count, int64_t seed) {
    for (int64_t i = 0; i < count; i++)
        values[i] = sin((1.7 + 0.6 * (double)seed) * (double)i + 0.3);
}

void fill_f32(float *values, int64_t count, int64_t seed) {
    for (int64_t i = 0; i < count; i++)
        values[i] = (float)sin((1.7 + 0.6 * (double)seed) * (double)i + 0.3);
}

/* Whole numbers from 0 to below `limit`, by a fixed sequence. */
static uint64_t next(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

void fill_i64(int64_t *values, int64_t count, int64_t seed, int64_t limit) {
    uint64_t state = (uint64_t)seed + 1;
    for (int64_t i = 0; i < count; i++)
        values[i] = (int64_t)(next(&state) % (uint64_t)limit);
}

void fill_u8(uint8_t *values, int64_t count, int64_t seed, int64_t limit) {
    uint64_t state = (uint64_t)seed + 1;
    for (int64_t i = 0; i < count; i++)
        values[i] = (uint8_t)(next(&state) % (uint64_t)limit);
}

void fill_u32(uint32_t *values, int64_t count, int64_t seed, int64_t limit) {
    uint64_t state = (uint64_t)seed + 1;
    for (int64_t i = 0; i < count; i++)
        values[i] = (uint32_t)(next(&state) % (uint64_t)limit);
}

static __attribute__((noinline)) void multiply_and_add(Vec *state, int64_t rounds) {
    Vec sum[CHAINS], factor = state[0], term = state[1];
#pragma GCC unroll 16
    for (int k = 0; k < CHAINS; k++)
        sum[k] = state[k];
    for (int64_t i = 0; i < rounds; i++)
#pragma GCC unroll 16
        for (int k = 0; k < CHAINS; k++)
            sum[k] = sum[k] * factor + term;
#pragma GCC unroll 16
    for (int k = 0; k < CHAINS; k++)
        state[k] = sum[k];
    __asm__ volatile("" : : "r"(state) : "memory");
}

double peak_fma(void) {
    Vec state[CHAINS];
    int64_t rounds = 400000;
    double best = 0;
#pragma GCC unroll 16
    for (int k = 0; k < CHAINS; k++)
        state[k] = (Vec){0} + 0.5;
    for (int k = 0; k < TRIES; k++) {
        double start = now();
        multiply_and_add(state, rounds);
        double speed = 2.0 * LANES * CHAINS * (double)rounds / (now() - start);
        best = speed > best ? speed : best;
    }
    return best;
}

static void read_all(const Vec *data, int64_t vectors) {
    Vec sum[STREAMS] = {{0}};
    for (int64_t i = 0; i + STREAMS <= vectors; i += STREAMS)
#pragma GCC unroll 16
        for (int k = 0; k < STREAMS; k++)
            sum[k] += data[i + k];
#pragma GCC unroll 16
    for (int k = 0; k < STREAMS; k++)
        __asm__ volatile("" : : "x"(sum[k]));
}

static void write_all(Vec *data, int64_t vectors) {
    Vec value = {1};
    __asm__ volatile("" : "+x"(value));
    for (int64_t i = 0; i + STREAMS <= vectors; i += STREAMS)
#pragma GCC unroll 16
        for (int k = 0; k < STREAMS; k++)
            data[i + k] = value;
    __asm__ volatile("" : : "r"(data) : "memory");
}

/* Bytes a second from or to a block of `bytes`, again and again: the level of the memory that it fits into. */
double bandwidth(int64_t bytes, int writes) {
    int64_t vectors = bytes / WIDTH, rounds = bytes < (1 << 24) ? (1 << 26) / bytes : 1;
    Vec *data = new_array(bytes);
    double best = 0;
    if (!data)
        return 0;
    memset(data, 0, (size_t)bytes);
    for (int k = 0; k < TRIES; k++) {
        double start = now();
        for (int64_t i = 0; i < rounds; i++)
            writes ? write_all(data, vectors) : read_all(data, vectors);
        double speed = (double)(bytes * rounds) / (now() - start);
        best = speed > best ? speed : best;
    }
    free(data);
    return best;
}
