/* rounds_test.c: rounds of a loop over whole arrays go inside of the elements (schedule/rounds.c): legal ones, whose
 * meaning must stay, and illegal ones, which must be refused with the reason. */
#include "nests.h"
#include "passes/passes.h"

/* Vectors, a matrix and the number of rounds; arrays are apart. */
#define ARRAYS "given n >= 0\n    given m >= 0\n    given t >= 0\n"
#define ROUNDS "apart function f(n: i64, m: i64, t: i64, a: f64[n], b: f64[t, n], c: f64[n, m], out: out f64[n], grid: out f64[n, m]):\n    " \
    ARRAYS

/* An array that is made anew in each round, one that lives for a round, and one that stays. */
static const char replaced[] = ROUNDS
    "    z: owned f64[n] = alloc zeroed\n"
    "    retain z\n"
    "    last: owned f64[n] = for k in [0, t) carry now: owned f64[n] = z:\n"
    "        inside: owned bool[n] = alloc\n"
    "        for i in [0, n):\n"
    "            inside[i] = now[i] < 4.0\n"
    "        next: owned f64[n] = alloc\n"
    "        for j in [0, n):\n"
    "            next[j] = select(inside[j], fma(now[j], now[j], a[j]), now[j])\n"
    "        for l in [0, n):\n"
    "            out[l] = out[l] + cast(inside[l], f64)\n"
    "        retain next\n"
    "        yield next\n"
    "    for s in [0, n):\n"
    "        out[s] = out[s] * last[n - 1 - s]\n"
    "    return\n";

/* Now and before: carried arrays that take turns. */
static const char leapfrog[] = ROUNDS
    "    z: owned f64[n] = alloc zeroed\n"
    "    y: owned f64[n] = alloc\n"
    "    for s in [0, n):\n"
    "        y[s] = a[s] * 0.5\n"
    "    retain z\n"
    "    retain y\n"
    "    last: owned f64[n], other: owned f64[n] = for k in [0, t) carry old: owned f64[n] = z, now: owned f64[n] = y:\n"
    "        next: owned f64[n] = alloc\n"
    "        for i in [0, n):\n"
    "            next[i] = fma(2.0, now[i], a[i]) - old[i]\n"
    "        retain now\n"
    "        retain next\n"
    "        yield now, next\n"
    "    for r in [0, n):\n"
    "        out[r] = last[r] - other[r]\n"
    "    return\n";

/* What the loop starts from is also read behind it, and is what the loop gives without rounds. */
static const char shared_start[] = ROUNDS
    "    z: owned f64[n] = alloc zeroed\n"
    "    retain z\n"
    "    last: owned f64[n] = for k in [0, t) carry now: owned f64[n] = z:\n"
    "        next: owned f64[n] = alloc\n"
    "        for i in [0, n):\n"
    "            next[i] = (now[i] * 0.5) + a[i]\n"
    "        retain next\n"
    "        yield next\n"
    "    for r in [0, n):\n"
    "        last[r] = last[r] + 1.0\n"
    "    for s in [0, n):\n"
    "        out[s] = last[s] - z[s]\n"
    "    return\n";

static const char conditional[] = ROUNDS
    "    for k in [0, t):\n"
    "        for i in [0, n):\n"
    "            for j in [0, m):\n"
    "                x: f64 = grid[i, j]\n"
    "                if x < 2.0:\n"
    "                    grid[i, j] = x + c[i, j]\n"
    "                    if x < 1.0:\n"
    "                        grid[i, j] = grid[i, j] * 3.0\n"
    "                else:\n"
    "                    grid[i, j] = a[i]\n"
    "    return\n";

/* A number a round, a sum of the element's own, and a scalar that goes along. */
static const char numbers[] = ROUNDS
    "    last: f64 = for k in [0, t) carry time: f64 = 0.0:\n"
    "        later: f64 = time + 0.5\n"
    "        for i in [0, n):\n"
    "            s: f64 = for l in [0, n) carry p: f64 = out[i]:\n"
    "                yield fma(a[l], out[i], p)\n"
    "            out[i] = (s * later) + time\n"
    "        yield later\n"
    "    return\n";

/* Windows of the arrays: an element away in one of them. */
static const char windows[] = ROUNDS
    "    for k in [1, t):\n"
    "        for i in [1, n):\n"
    "            out[i - 1] = (out[i - 1] * 0.5) + a[i]\n"
    "        for j in [1, n):\n"
    "            out[j - 1] = out[j - 1] + a[j]\n"
    "    return\n";

/* Rows of which each has sums of its own. */
static const char rows[] = ROUNDS
    "    for k in [0, t):\n"
    "        for i in [0, n):\n"
    "            w: f64 = a[i] * 2.0\n"
    "            for j in [0, m):\n"
    "                grid[i, j] = (grid[i, j] * w) + c[i, j]\n"
    "    return\n";

/* A check that each round asks alike says that two sizes are one. */
static const char checked[] =
    "apart function f(n: i64, m: i64, t: i64, a: f64[n], b: f64[m], out: out f64[n]):\n    " ARRAYS
    "    for k in [0, t):\n"
    "        check n - m == 0 else BROADCAST(n, m)\n"
    "        copy: owned f64[n] = alloc\n"
    "        for i in [0, n):\n"
    "            copy[i] = a[i] * b[i]\n"
    "        for j in [0, m):\n"
    "            out[j] = out[j] + copy[j]\n"
    "    return\n";

static void inside(Module *module) {
    const char *why;
    bool done = rounds_inside(loop_of(module, "k"), &why);
    CHECK_STR(done ? "done" : why, "done");
}

static void rounds_go_inside(void) {
    const char *text = after(replaced, inside, "rounds of arrays that are replaced");
    CHECK_HAS_NOT(text, "inside");
    CHECK_HAS_NOT(text, "for k in");
    CHECK_HAS(text, "z[i.1] =");
    text = after(leapfrog, inside, "rounds of arrays that take turns");
    CHECK_HAS_NOT(text, "for k in");
    text = after(shared_start, inside, "rounds that start from what is still read");
    CHECK_HAS(text, "if 0 < t:");
    text = after(conditional, inside, "rounds of conditional stores");
    CHECK_HAS(text, "for k.1 in [0, t) carry");
    text = after(numbers, inside, "rounds with numbers of their own");
    CHECK_HAS(text, "for i.1 in [0, n)");
    after(windows, inside, "rounds over windows");
    text = after(checked, inside, "rounds with a check");
    CHECK_HAS(text, "if 0 < t:\n        check n - m == 0");
    text = after(rows, inside, "rounds over rows");
    CHECK_HAS(text, "for j.1 in [0, m)");
}

/* The schedule takes what comes of it. */
static void inside_and_planned(Module *module) {
    PassContext context = {.vector_width = 4};
    inside(module);
    pass_simplify(module, &context);
    pass_fuse(module, &context);
    pass_schedule(module, &context);
}

static void the_new_nests_are_scheduled(void) {
    const char *all[] = {replaced, leapfrog, shared_start, conditional, numbers, windows, rows, checked};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        after(all[i], inside_and_planned, "rounds inside, then the planner");
}

static void stays(const char *text, const char *reason) {
    const char *why;
    CHECK(!rounds_inside(loop_of(nests(text), "k"), &why));
    if (reason ? !why || !strstr(why, reason) : why != NULL)
        fprintf(stderr, "%s\nfor the reason: %s\n", text, why ? why : "none");
    CHECK(reason ? why && strstr(why, reason) : !why);
}

#define CARRIED(body) ROUNDS                                                              \
    "    z: owned f64[n] = alloc zeroed\n"                                               \
    "    retain z\n"                                                                     \
    "    last: owned f64[n] = for k in [0, t) carry now: owned f64[n] = z:\n"             \
    "        next: owned f64[n] = alloc\n"                                               \
    body                                                                                 \
    "        retain next\n"                                                              \
    "        yield next\n"                                                               \
    "    for s in [0, n):\n"                                                             \
    "        out[s] = last[s]\n"                                                         \
    "    return\n"

static void rounds_that_meet_neighbours_stay(void) {
    stays(CARRIED("        for i in [0, n):\n"
                  "            next[i] = now[n - 1 - i]\n"
                  "        for j in [0, n):\n"
                  "            next[j] = next[j] + now[j]\n"), "other elements");
    stays(ROUNDS "    for k in [0, t):\n        for i in [1, n):\n            out[i] = out[i - 1] + a[i]\n    return\n",
          "other elements");
    stays(ROUNDS "    for k in [0, t):\n        for i in [0, n):\n            for j in [0, m):\n"
                 "                out[i] = out[i] + c[i, j]\n    return\n", "other elements");
    stays(ROUNDS "    for k in [0, n):\n        for j in [0, m):\n            grid[k, j] = grid[k, j] + 1.0\n    return\n",
          "other elements");
    stays(ROUNDS "    for k in [0, t):\n        for i in [0, n):\n            out[0] = a[i]\n    return\n", "other elements");
    stays(ROUNDS "    for k in [0, t):\n        for i in [0, n):\n            out[i] = out[i] + a[i]\n"
                 "        grid[0, 0] = out[k]\n    return\n", NULL);
}

static void rounds_of_other_ranges_stay(void) {
    stays(ROUNDS "    for k in [0, t):\n        for i in [0, n):\n            out[i] = out[i] + a[i]\n"
                 "        for j in [0, n - 1):\n            out[j] = out[j] * 2.0\n    return\n", "different ranges");
    stays(ROUNDS "    for k in [0, n):\n        for i in [0, k):\n            out[i] = out[i] + a[i]\n    return\n",
          "different ranges");
    stays(CARRIED("        for i in [1, n):\n            next[i] = now[i] * 2.0\n"), "all of an array");
    stays("apart function f(n: i64, t: i64, a: f64[n], out: out f64[t]):\n    given n >= 0\n    given t >= 0\n"
          "    for k in [n, t):\n        for i in [0, n):\n            out[i] = out[i] + a[i]\n    return\n",
          "without rounds");
}

static void rounds_with_checks_stay(void) {
    stays(ROUNDS "    for k in [0, t):\n        check n - k >= 0 else BROADCAST(n, k)\n        for i in [0, n):\n"
                 "            out[i] = out[i] + a[i]\n    return\n", NULL);
    stays(ROUNDS "    for k in [0, t):\n        for i in [0, n):\n            out[i] = out[i] + a[i]\n"
                 "        check n - m == 0 else BROADCAST(n, m)\n    return\n", NULL);
}

static void arrays_that_may_overlap_stay(void) {
    stays("function f(n: i64, t: i64, a: f64[n], out: out f64[n]):\n    given n >= 0\n"
          "    for k in [0, t):\n        for i in [0, n):\n            out[i] = out[i] + a[i]\n    return\n", "overlap");
}

static void elements_that_are_not_made_stay(void) {
    stays(CARRIED("        for i in [0, n):\n            if a[i] > 0.0:\n                next[i] = now[i]\n"), "not made");
    stays(CARRIED("        for i in [0, n):\n            x: f64 = next[i]\n            next[i] = x + now[i]\n"),
          "may not be stored");
}

static void rounds_that_bring_more_stay(void) {
    stays(ROUNDS "    for k in [0, t):\n        for i in [0, n):\n            out[i] = out[i] + b[k, i]\n    return\n",
          "brings elements");
    stays(ROUNDS "    last: f64 = for k in [0, t) carry time: f64 = 0.0:\n        for i in [0, n):\n"
                 "            out[i] = out[i] + time\n        yield time + 1.0\n    out[0] = last\n    return\n", "scalar");
    stays(ROUNDS "    for k in [0, t):\n        for i in [0, n):\n            out[i] = c_exp(out[i])\n    return\n",
          "C library");
    /* What was built to find out is gone. */
    Module *module = nests(ROUNDS "    for k in [0, t):\n        for i in [0, n):\n            out[i] = c_exp(out[i])\n"
                                  "    return\n");
    const char *why;
    int before = region_node_count(module->functions->body);
    rounds_inside(loop_of(module, "k"), &why);
    CHECK(region_node_count(module->functions->body) == before);
    nest_verify(module, "a nest that is given up");
}

int main(void) {
    rounds_go_inside();
    the_new_nests_are_scheduled();
    rounds_that_meet_neighbours_stay();
    rounds_of_other_ranges_stay();
    rounds_with_checks_stay();
    arrays_that_may_overlap_stay();
    elements_that_are_not_made_stay();
    rounds_that_bring_more_stay();
    return test_report();
}
