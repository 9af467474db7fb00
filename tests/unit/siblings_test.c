/* siblings_test.c: nests beside each other that become one, and those that stay two; the meaning stays. */
#include "nests.h"
#include "passes/passes.h"

static const PassContext context = {.vector_width = 4};

static void run_siblings(Module *module) {
    pass_siblings(module, &context);
}

/* How many outermost loops are left. */
static int nests_after(const char *text) {
    const char *printed = after(text, run_siblings, "siblings");
    int loops = 0;
    for (const char *at = printed; (at = strstr(at, "\n    for ")) || 0; at++)
        loops++;
    for (const char *at = printed; (at = strstr(at, " = for ")) || 0; at++)
        loops++;
    return loops;
}

#define SHARED(header, first, second)                                                                              \
    header "function f(n: i64, a: f64[n], b: f64[n], c: f64[n]):\n    given n >= 0\n"                                  \
    "    for i in [0, n):\n        " first "\n    for j in [0, n):\n        " second "\n    return\n"

static void elements_meet_in_their_order(void) {
    CHECK(nests_after(SHARED("apart ", "b[i] = a[i] + 1.0", "c[j] = a[j] * 2.0")) == 1);
    CHECK(nests_after(SHARED("apart ", "b[i] = a[i] + 1.0", "c[j] = b[j] * a[j]")) == 1);
    CHECK(nests_after(SHARED("apart ", "b[i] = a[i] + 1.0", "b[j] = b[j] * a[j]")) == 1);
    /* The second reads what a later round of the first stores, or stores what one reads. */
    CHECK(nests_after(SHARED("apart ", "b[i] = a[i] + 1.0", "c[j] = b[n - 1 - j] * a[j]")) == 2);
    CHECK(nests_after(SHARED("apart ", "b[i] = a[n - 1 - i] + 1.0", "a[j] = b[j] * 2.0")) == 2);
    CHECK(nests_after(SHARED("", "b[i] = a[i] + 1.0", "c[j] = a[j] * 2.0")) == 2);
}

static void windows(void) {
    const char *text = "apart function f(n: i64, a: f64[n + 2], b: f64[n + 2], c: f64[n + 2]):\n    given n >= 0\n"
        "    for i in [1, n + 1):\n        b[i] = a[i] + a[i + 1]\n    for j in [1, n + 1):\n        c[j] = %s\n    return\n";
    char full[600];
    snprintf(full, sizeof full, text, "b[j - 1] + a[j]");
    CHECK(nests_after(full) == 1);
    snprintf(full, sizeof full, text, "b[j + 1] + a[j]");
    CHECK(nests_after(full) == 2);
}

static void carried_values_go_together(void) {
    const char *head = "function f(n: i64, m: i64, a: f64[n, m]) -> (r: f64, s: f64):\n" SIZES
        "    check n - 1 >= 0 else ASSERT\n    check m - 1 >= 0 else ASSERT\n"
        "    x: f64 = a[0, 0]\n"
        "    low: f64 = for i in [0, n) carry l: f64 = x:\n"
        "        lo: f64 = for j in [0, m) carry k: f64 = l:\n"
        "            yield minimum(a[i, j], k)\n"
        "        yield lo\n";
    char full[1200];
    snprintf(full, sizeof full, "%s"
        "    y: f64 = a[0, 0]\n"
        "    high: f64 = for p in [0, n) carry h: f64 = y:\n"
        "        hi: f64 = for q in [0, m) carry g: f64 = h:\n"
        "            yield maximum(g, a[p, q])\n"
        "        yield hi\n"
        "    return low, high\n", head);
    CHECK(nests_after(full) == 2);          /* one nest of two loops */
    snprintf(full, sizeof full, "%s"
        "    high: f64 = for p in [0, n) carry h: f64 = low:\n"
        "        hi: f64 = for q in [0, m) carry g: f64 = h:\n"
        "            yield maximum(g, a[p, q])\n"
        "        yield hi\n"
        "    return low, high\n", head);
    CHECK(nests_after(full) == 4);          /* the second starts from what the first gives */
    snprintf(full, sizeof full, "%s"
        "    high: f64 = for p in [0, n) carry h: f64 = 0.0:\n"
        "        hi: f64 = for q in [0, m) carry g: f64 = h:\n"
        "            yield g + a[p, q]\n"
        "        yield hi\n"
        "    return low, high\n", head);
    CHECK(nests_after(full) == 4);          /* a sum has its order, a minimum has none */
}

static void what_stands_between_moves(void) {
    CHECK(nests_after(
        "apart function f(n: i64, a: f64[n], b: f64[n], c: f64[n]) -> (t: f64, u: f64):\n    given n >= 0\n"
        "    s: f64 = for i in [0, n) carry k: f64 = 0.0:\n        yield k + a[i]\n"
        "    x: f64 = s * 2.0\n"
        "    y: f64 = for j in [0, n) carry l: f64 = 1.0:\n        yield l + b[j]\n"
        "    return x, y\n") == 1);
    CHECK(nests_after(SHARED("apart ", "b[i] = a[i] + 1.0", "c[j] = a[j] * 2.0\n    x: f64 = 1.0")) == 1);
    CHECK(nests_after(
        "apart function f(n: i64, a: f64[n], b: f64[n], c: f64[n]):\n    given n >= 0\n"
        "    for i in [0, n):\n        b[i] = a[i] + 1.0\n"
        "    check n - 2 >= 0 else ASSERT(n)\n"
        "    for j in [0, n):\n        c[j] = a[j] * 2.0\n    return\n") == 2);
}

static void ranges_and_kinds_differ(void) {
    CHECK(nests_after(VECTORS
        "    for i in [0, n):\n        out[i] = a[i] + 1.0\n"
        "    for j in [0, m):\n        b[j] = b[j] * 2.0\n    return\n") == 2);
    CHECK(nests_after(
        "apart function f(n: i64, a: f64[5*n], b: f64[n], c: f64[n]):\n    given n >= 0\n"
        "    for i in [0, n):\n        b[i] = a[i] + 1.0\n"
        "    for j in [0, n):\n        c[j] = a[5*j]\n    return\n") == 2);
    CHECK(nests_after(SHARED("apart ", "b[i] = a[i] + 1.0", "c[j] = 3.0")) == 2);
}

int main(void) {
    elements_meet_in_their_order();
    windows();
    carried_values_go_together();
    what_stands_between_moves();
    ranges_and_kinds_differ();
    return test_report();
}
