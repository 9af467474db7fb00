/* harness.c: calls each workload's versions in turn, warm, on one thread, compares the results, and
 * prints the ratios of times to clang's. Times are the thread's CPU time; a sample is as many calls
 * as take about 10 ms; the ratio is the median of nine alternations, with its quartiles. */
#define _GNU_SOURCE
#include <math.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DECLARE(name, ...)                                                                         \
    int name(__VA_ARGS__);                                                                         \
    int name##_clang(__VA_ARGS__);                                                                 \
    int name##_gcc(__VA_ARGS__);                                                                   \
    int name##_expert(__VA_ARGS__);
typedef const double *in;
DECLARE(convolve, int64_t, int64_t, in, int64_t, int64_t, in, double *)
DECLARE(convolve_array, int64_t, int64_t, in, int64_t, int64_t, in, double *)
DECLARE(convolve_axis, int64_t, in, int64_t, in, double *)
DECLARE(jacobi, int64_t, int64_t, in, double *)
DECLARE(matmul, int64_t, int64_t, in, int64_t, in, double *)
DECLARE(rowsum, int64_t, int64_t, in, double *)
DECLARE(colsum, int64_t, int64_t, in, double *)
DECLARE(chain, int64_t, in, in, double *)
DECLARE(stencil, int64_t, int64_t, in, in, double *)

enum { MNP, CLANG, GCC, EXPERT, VERSIONS, ALTERNATIONS = 9 };

typedef struct {
    int64_t n, m, s;
    double *a, *b, *out;
    size_t out_count;
} Data;

#define CALL(name, ...) (version == MNP ? name(__VA_ARGS__) : version == CLANG ? name##_clang(__VA_ARGS__) : name##_gcc(__VA_ARGS__))
#define CALL_EXPERT(name, ...) (version == EXPERT ? name##_expert(__VA_ARGS__) : CALL(name, __VA_ARGS__))

static int run_convolve(int version, Data *d) {
    return CALL_EXPERT(convolve, d->n, d->m, d->a, d->s, d->s, d->b, d->out);
}
static int run_array(int version, Data *d) {
    return CALL(convolve_array, d->n, d->m, d->a, d->s, d->s, d->b, d->out);
}
static int run_axis(int version, Data *d) {
    return CALL_EXPERT(convolve_axis, d->n, d->a, d->s, d->b, d->out);
}
static int run_jacobi(int version, Data *d) {
    return CALL(jacobi, d->n, d->m, d->a, d->out);
}
static int run_matmul(int version, Data *d) {
    return CALL(matmul, d->n, d->n, d->a, d->m, d->b, d->out);
}
static int run_rowsum(int version, Data *d) {
    return CALL(rowsum, d->n, d->m, d->a, d->out);
}
static int run_colsum(int version, Data *d) {
    return CALL(colsum, d->n, d->m, d->a, d->out);
}
static int run_chain(int version, Data *d) {
    return CALL(chain, d->n * d->m, d->a, d->b, d->out);
}
static int run_stencil(int version, Data *d) {
    return CALL(stencil, d->n, d->m, d->a, d->b, d->out);
}

typedef struct {
    const char *name;
    int (*run)(int version, Data *data);
    int64_t n, m, s, out_rows, out_columns;
    double flops;         /* a call */
    int expert;           /* there is a version by hand */
    int whole;            /* data of whole numbers: sums agree in any order */
} Workload;

static const Workload workloads[] = {
    {"convolve 256^2 3x3", run_convolve, 256, 256, 3, 258, 258, 2.0 * 256 * 256 * 9, 1, 0},
    {"convolve 200^2 9x9", run_convolve, 200, 200, 9, 208, 208, 2.0 * 200 * 200 * 81, 1, 0},
    {"convolve 1024^2 5x5", run_convolve, 1024, 1024, 5, 1028, 1028, 2.0 * 1024 * 1024 * 25, 1, 0},
    {"convolve 1024^2 15x15", run_convolve, 1024, 1024, 15, 1038, 1038, 2.0 * 1024 * 1024 * 225, 1, 0},
    {"convolve, array form 256^2 3x3", run_array, 256, 256, 3, 258, 258, 2.0 * 256 * 256 * 9, 0, 0},
    {"convolve, one axis 1e6 * 65", run_axis, 1000000, 1, 65, 1000064, 1, 2.0 * 1e6 * 65, 1, 0},
    {"jacobi 1000^2", run_jacobi, 1000, 1000, 0, 1000, 1000, 4e6, 0, 0},
    {"matmul 512", run_matmul, 512, 512, 0, 512, 512, 2.0 * 512 * 512 * 512, 0, 0},
    {"sums of rows 1000^2", run_rowsum, 1000, 1000, 0, 1000, 1, 1e6, 0, 1},
    {"sums of columns 1000^2", run_colsum, 1000, 1000, 0, 1000, 1, 1e6, 0, 0},
    {"chain 1e5", run_chain, 1000, 100, 0, 1000, 100, 6e5, 0, 0},
    {"9-point stencil 1000^2", run_stencil, 1000, 1000, 0, 1000, 1000, 1.8e7, 0, 0},
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double sample(const Workload *w, int version, Data *data, int calls) {
    double start = now();
    for (int i = 0; i < calls; i++)
        if (w->run(version, data)) {
            fprintf(stderr, "%s fails\n", w->name);
            exit(1);
        }
    return (now() - start) / calls;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double *numbers(size_t count, double step, int whole) {
    double *values = aligned_alloc(64, (count * 8 + 63) / 64 * 64);
    for (size_t i = 0; i < count; i++)
        values[i] = whole ? (double)(i % 7) : sin(step * (double)i);
    return values;
}

static int report(const Workload *w, FILE *json, int first) {
    size_t size = (size_t)(w->n * w->m), second = w->s ? (size_t)(w->s * w->s) : size;
    Data d = {w->n, w->m, w->s, numbers(size, 1.7, w->whole), numbers(second < 9 ? 9 : second, 2.3, w->whole), NULL, 0};
    d.out_count = (size_t)(w->out_rows * w->out_columns);
    double *results[VERSIONS], times[VERSIONS][ALTERNATIONS], ratios[ALTERNATIONS];
    int calls[VERSIONS], same = 1, versions = w->expert ? VERSIONS : EXPERT;
    for (int v = 0; v < versions; v++) {
        results[v] = numbers(d.out_count, 0.1, 0);
        d.out = results[v];
        double once = sample(w, v, &d, 1);
        once = sample(w, v, &d, 1);
        calls[v] = once > 0.01 ? 1 : (int)(0.01 / (once + 1e-9)) + 1;
    }
    same = !memcmp(results[MNP], results[CLANG], d.out_count * 8);
    for (int k = 0; k < ALTERNATIONS; k++) {
        for (int v = 0; v < versions; v++) {
            d.out = results[v];
            times[v][k] = sample(w, v, &d, calls[v]);
        }
        ratios[k] = times[MNP][k] / times[CLANG][k];
    }
    for (int v = 0; v < versions; v++)
        qsort(times[v], ALTERNATIONS, sizeof(double), by_value);
    qsort(ratios, ALTERNATIONS, sizeof(double), by_value);
    double mnp = times[MNP][4], clang = times[CLANG][4], gcc = times[GCC][4];
    char expert[16] = "";
    if (w->expert) {
        snprintf(expert, sizeof expert, "%10.4f", times[EXPERT][4] * 1e3);
        same &= !memcmp(results[EXPERT], results[CLANG], d.out_count * 8);
    }
    printf("%-32s %10.4f %10.4f %10.4f %10s   %.4f (%.4f .. %.4f) %7.1f  %s\n", w->name, mnp * 1e3, clang * 1e3,
           gcc * 1e3, expert, ratios[4], ratios[2], ratios[6], w->flops / mnp * 1e-9, same ? "same bits" : "DIFFERENT");
    fprintf(json, "%s  {\"name\": \"%s\", \"mnp_ms\": %.6f, \"clang_ms\": %.6f, \"gcc_ms\": %.6f, \"ratio\": %.5f, \"same\": %s}",
            first ? "" : ",\n", w->name, mnp * 1e3, clang * 1e3, gcc * 1e3, ratios[4], same ? "true" : "false");
    for (int v = 0; v < versions; v++)
        free(results[v]);
    free(d.a);
    free(d.b);
    return same;
}

int main(int count, char **arguments) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    FILE *json = fopen("results.json", "w");
    int all = 1, first = 1;
    if (!json)
        return 1;
    fprintf(json, "[\n");
    printf("%-32s %10s %10s %10s %10s   %-26s %6s\n", "", "mnp ms", "clang ms", "gcc ms", "expert ms", "mnp / clang (quartiles)", "GFLOP/s");
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
        int chosen = count < 2;
        for (int k = 1; k < count; k++)
            chosen |= strstr(workloads[i].name, arguments[k]) != NULL;
        if (!chosen)
            continue;
        all &= report(&workloads[i], json, first);
        first = 0;
    }
    fprintf(json, "\n]\n");
    fclose(json);
    return !all;
}
