/* analysis_test.c: facts at a place, effects, and whether rounds of a loop may touch the same element. */
#include "nests.h"

/* ---- facts --------------------------------------------------------------------------------- */

/* The goals of the checks in a nest, each with the verdict that its comment says: `proved`, `refuted`, `open`. */
static void verdicts_of(const Region *region) {
    static const char *const words[] = {[PROVED] = "proved", [REFUTED] = "refuted", [UNDECIDED] = "open"};
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            verdicts_of(regions[i]);
        if (node->kind != NODE_CHECK || node->as.check.kind > CHECK_NE)
            continue;
        Facts *facts = facts_at(node);
        Size size = node->as.check.size, zero = size_const(0);
        Verdict verdict = node->as.check.kind == CHECK_GE   ? prove_ge(facts, size, zero)
                          : node->as.check.kind == CHECK_EQ ? prove_eq(facts, size, zero)
                                                            : prove_ne(facts, size, zero);
        if (strcmp(words[verdict], node->as.check.what ? node->as.check.what : "open"))
            fprintf(stderr, "the check in line %u\n", node->span.start);
        CHECK_STR(words[verdict], node->as.check.what ? node->as.check.what : "open");
    }
}

static void verdicts(const char *text) {
    verdicts_of(nests(text)->functions->body);
}

/* The sizes of the checks, each natural or not as its comment says. */
static void naturals_of(const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            naturals_of(regions[i]);
        if (node->kind == NODE_CHECK)
            CHECK_STR(size_is_natural(node->as.check.size, region->function) ? "natural" : "open",
                      node->as.check.what ? node->as.check.what : "open");
    }
}

static void carried_ints_are_natural_by_induction(void) {
    naturals_of(nests("function f(n: i64, m: i64, a: u8[n]):\n    given n >= 0\n"
        "    check n + 2 >= 0 else ASSERT  # natural\n"
        "    check m >= 0 else ASSERT  # open\n"
        "    h: i64, g: i64 = for i in [0, n) carry x: i64 = 7, y: i64 = 3:\n"
        "        e: i64 = cast(a[i], i64)\n"
        "        check 31*x + e >= 0 else ASSERT  # natural\n"
        "        check y >= 0 else ASSERT  # open\n"
        "        check (i // 3) + n >= 0 else ASSERT  # natural\n"
        "        check n - i >= 0 else ASSERT  # open\n"
        "        z: i64 = size(y - 1)\n"
        "        w: i64 = size(((31*x + e) % 1000003))\n"
        "        yield w, z\n"
        "    p: i64, q: i64 = for j in [0, n) carry u: i64 = 0, v: i64 = 1:\n"
        "        check u + v >= 0 else ASSERT  # natural\n"
        "        t: i64 = size(u + v)\n"
        "        yield v, t\n"
        "    return\n")->functions->body);
}

static void facts_come_from_what_is_around(void) {
    verdicts("function f(n: i64, m: i64):\n"
        "    given n >= 0\n"
        "    check n >= 0 else ASSERT  # proved\n"
        "    check m >= 0 else ASSERT  # open\n"
        "    for i in [max(1, m), min(n, 2*m)):\n"
        "        check i - 1 >= 0 else ASSERT  # proved\n"
        "        check i - m >= 0 else ASSERT  # proved\n"
        "        check n - i - 1 >= 0 else ASSERT  # proved\n"
        "        check 2*m - i - 1 >= 0 else ASSERT  # proved\n"
        "        check m - 1 >= 0 else ASSERT  # proved\n"
        "        check n - m != 0 else ASSERT  # proved\n"
        "        check i - n >= 0 else ASSERT  # refuted\n"
        "    check m - 1 >= 0 else ASSERT  # open\n"
        "    return\n");
    verdicts("function f(n: i64, m: i64):\n"
        "    if n > m:\n"
        "        check n - m - 1 >= 0 else ASSERT  # proved\n"
        "    else:\n"
        "        check m - n >= 0 else ASSERT  # proved\n"
        "    if not(n != 3):\n"
        "        check n - 3 == 0 else ASSERT  # proved\n"
        "    both: bool = if n >= 2:\n"
        "        yield m >= 4\n"
        "    else:\n"
        "        yield False\n"
        "    check n + m - 6 >= 0 else ASSERT\n"
        "    return\n");
    verdicts("function f(n: i64, x: i64):\n    given n >= 0\n"
        "    l: i64, h: i64 = while w carry low: i64 = 0, high: i64 = n:\n"
        "        pass\n"
        "    test low < high:\n"
        "        check ((low + high) // 2) >= 0 else ASSERT  # proved\n"
        "        check n - ((low + high) // 2) - 1 >= 0 else ASSERT  # proved\n"
        "        a: i64, b: i64 = if low < x:\n"
        "            c: i64 = size(((low + high) // 2) + 1)\n"
        "            yield c, high\n"
        "        else:\n"
        "            d: i64 = size(((low + high) // 2))\n"
        "            yield low, d\n"
        "        yield a, b\n"
        "    return\n");
    verdicts("function f(n: i64, m: i64):\n"
        "    version n - 2 >= 0 and m - n == 0:\n"
        "        check m - 2 >= 0 else ASSERT  # proved\n"
        "    plain:\n"
        "        check m - 2 >= 0 else ASSERT\n"
        "    return\n");
}

static void facts_come_from_what_was_passed(void) {
    verdicts("function f(n: i64, m: i64):\n"
        "    check n - 4 >= 0 else ASSERT\n"
        "    check n - 3 >= 0 else ASSERT  # proved\n"
        "    check index m of n else INDEX\n"
        "    check n - m - 1 >= 0 else ASSERT  # proved\n"
        "    check m + n >= 0 else ASSERT  # proved\n"
        "    check m >= 0 else ASSERT\n"
        "    check that m < 2 else ASSERT\n"
        "    check 1 - m >= 0 else ASSERT  # proved\n"
        "    return\n");
    verdicts("function f(n: i64, m: i64):\n"
        "    test.1: bool = if n > 5:\n"
        "        yield n > 5\n"
        "    else:\n"
        "        yield False\n"
        "    if (n < 0) or (m < n):\n"
        "        fail ValueError: \"\", 0\n"
        "    check n >= 0 else ASSERT  # proved\n"
        "    check m >= 0 else ASSERT  # proved\n"
        "    if n == 0:\n"
        "        pass\n"
        "    else:\n"
        "        return\n"
        "    check n == 0 else ASSERT  # proved\n"
        "    return\n");
    verdicts("function f(n: i64):\n"
        "    given n >= 0\n"
        "    k: i64 = for i in [0, n) carry p: i64 = 0:\n"
        "        check p >= 0 else ASSERT  # proved\n"
        "        check i - p >= 0 else ASSERT  # proved\n"
        "        q: i64 = if i > 3:\n"
        "            yield size(p + 1)\n"
        "        else:\n"
        "            yield p\n"
        "        yield q\n"
        "    return\n");
    verdicts("function f(n: i64):\n"
        "    k: i64 = while w carry p: i64 = n:\n"
        "        pass\n"
        "    test p > 2:\n"
        "        check p - 3 >= 0 else ASSERT  # proved\n"
        "        yield size(p // 2)\n"
        "    a: owned f64[k] = alloc\n"
        "    check k >= 0 else ASSERT  # proved\n"
        "    return\n");
}

static void facts_come_from_steps(void) {
    verdicts("function f(n: i64):\n"
        "    given n >= 0\n"
        "    for i in [1, 4*(n // 4) + 1) step 4:\n"
        "        check n - i - 3 >= 0 else ASSERT  # proved\n"
        "        check n - i - 4 >= 0 else ASSERT\n"
        "        check i - 6 != 0 else ASSERT  # proved\n"
        "    for j in [1, 4*(n // 4) + 1) step 4 overlapped:\n"
        "        check n - j - 3 >= 0 else ASSERT\n"
        "    for k in [0, 4*(n // 4)) step 4 width 4:\n"
        "        check n - k - 4 >= 0 else ASSERT\n"
        "    return\n");
}

/* ---- effects ------------------------------------------------------------------------------- */

static bool first_is_pure(const char *body) {
    static char text[1000];
    snprintf(text, sizeof text, VECTORS "%s    return\n", body);
    return node_is_pure(nests(text)->functions->body->first);
}

static void effects_are_known(void) {
    CHECK(first_is_pure("    x: f64 = a[0]\n"));
    CHECK(first_is_pure("    v: f64[n] = view a[$0]\n"));
    CHECK(first_is_pure("    for i in [0, n):\n        x: f64 = a[i]\n"));
    CHECK(first_is_pure("    x: f64 = pairwise + for i in [0, n):\n        yield a[i]\n"));
    CHECK(!first_is_pure("    for i in [0, n):\n        out[i] = a[i]\n"));
    CHECK(!first_is_pure("    check n >= 0 else ASSERT\n"));
    CHECK(!first_is_pure("    while w:\n        pass\n    test True:\n        pass\n"));
    CHECK(!first_is_pure("    x: f64 = runtime mnp_time()\n"));
    CHECK(!first_is_pure("    for i in [0, n):\n        if n > 2:\n            break i\n"));
    CHECK(region_is_plain(nests(VECTORS "    for i in [0, n):\n        out[i] = 1.0\n    return\n")
                              ->functions->body->first->as.loop.body));
    CHECK(!region_is_plain(nests(VECTORS "    for i in [0, n):\n        v: f64[n] = view a[$0]\n    return\n")
                               ->functions->body->first->as.loop.body));
}

/* ---- dependence ---------------------------------------------------------------------------- */

/* Why the loop called `i` is not parallel; "" if it is. */
static const char *conflict(const char *header, const char *body) {
    static char text[2000];
    const char *why = "";
    snprintf(text, sizeof text, "%s%s    return\n", header, body);
    return loop_is_parallel(loop_of(nests(text), "i"), &why) ? "" : why;
}

static const char same[] = "rounds touch the same element";

static void distances(void) {
    CHECK_STR(conflict(VECTORS, "    for i in [0, n):\n        out[i] = a[i]\n"), "");
    CHECK_STR(conflict(VECTORS, "    for i in [0, n):\n        out[i] = out[i] * 2.0\n"), "");
    CHECK_STR(conflict(VECTORS, "    for i in [1, n):\n        out[i] = out[i - 1]\n"), same);
    CHECK_STR(conflict(VECTORS, "    for i in [1, n):\n        out[i - 1] = out[i]\n"), same);
    CHECK_STR(conflict(VECTORS, "    for i in [0, n):\n        out[n - 1 - i] = a[i]\n"), "");
    CHECK_STR(conflict(VECTORS, "    for i in [0, n):\n        out[n - 1 - i] = out[i]\n"), same);
    CHECK_STR(conflict(VECTORS, "    for i in [0, m):\n        out[3*i + 1] = out[3*i + 1] + b[i]\n"), "");
    CHECK_STR(conflict(VECTORS, "    for i in [0, n):\n        out[i // 2] = a[i]\n"), same);
    CHECK_STR(conflict(VECTORS, "    for i in [0, n):\n        out[0] = a[i]\n"), same);
}

/* The outer loop carries what the inner one does not, and the other way round. */
static void directions(void) {
    const char *rows = "    for i in [1, n):\n        for j in [0, m):\n            out[i, j] = out[i - 1, j] + a[i, j]\n";
    const char *columns = "    for j in [1, n):\n        for i in [0, m):\n            out[j, i] = out[j - 1, i] + a[j, i]\n";
    const char *diagonal = "    for j in [1, n):\n        for i in [1, m):\n            out[j, i] = out[j - 1, i - 1]\n";
    CHECK_STR(conflict(MATRICES, rows), same);
    CHECK_STR(conflict(MATRICES, columns), "");
    /* Within one round of j, rounds of i touch rows j and j - 1. */
    CHECK_STR(conflict(MATRICES, diagonal), "");
    CHECK_STR(conflict(MATRICES, "    for i in [0, n):\n        for j in [0, m):\n            out[i, j] = out[i, m - 1 - j]\n"),
              "");
    CHECK_STR(conflict(MATRICES, "    for i in [0, n):\n        for j in [i, m):\n            out[j, i] = a[i, j]\n"), "");
    CHECK_STR(conflict(MATRICES, "    for i in [0, n):\n        for j in [0, m):\n            out[i + j, 0] = a[i, j]\n"), same);
}

static void unknown_is_a_conflict(void) {
    CHECK_STR(conflict("apart function f(n: i64, k: i64[n], out: out f64[n]):\n",
                       "    for i in [0, n):\n        at: i64 = k[i]\n        out[at] = 1.0\n"), same);
    CHECK_STR(conflict("apart function f(n: i64, k: i64[n], out: out f64[n, n]):\n",
                       "    for i in [0, n):\n        at: i64 = k[i]\n        out[at, i] = 1.0\n"), "");
    CHECK_STR(conflict("apart function f(n: i64, k: i64[n], out: out f64[2*n]):\n",
                       "    for i in [0, n):\n        at: i64 = k[i]\n        out[i + at] = 1.0\n"), same);
    CHECK_STR(conflict("function f(n: i64, a: f64[n], out: out f64[n]):\n",
                       "    for i in [0, n):\n        out[i] = a[i]\n"), "arrays that may overlap");
    CHECK_STR(conflict("function f(n: i64, a: f64[n]):\n",
                       "    h: owned f64[n] = alloc\n    for i in [0, n):\n        h[i] = a[i]\n"), "");
    CHECK_STR(conflict(VECTORS, "    v: f64[n] = view out[$0]\n    for i in [0, n):\n        out[i] = v[i]\n"),
              "arrays that may overlap");
    CHECK_STR(conflict(VECTORS, "    s: f64 = for i in [0, n) carry p: f64 = 0.0:\n        yield p + a[i]\n"),
              "it carries a value");
}

static bool repeatable(const char *header, const char *line) {
    static char text[1000];
    snprintf(text, sizeof text, "%s    for i in [0, n):\n        %s\n    return\n", header, line);
    return nest_is_repeatable(loop_of(nests(text), "i"));
}

static void nests_that_can_be_done_twice(void) {
    CHECK(repeatable(VECTORS, "out[i] = a[i]"));
    CHECK(!repeatable(VECTORS, "out[i] = out[i] + a[i]"));
    CHECK(!repeatable("function f(n: i64, a: f64[n], out: out f64[n]):\n", "out[i] = a[i]"));
}

int main(void) {
    facts_come_from_what_is_around();
    carried_ints_are_natural_by_induction();
    facts_come_from_what_was_passed();
    facts_come_from_steps();
    effects_are_known();
    distances();
    directions();
    unknown_is_a_conflict();
    nests_that_can_be_done_twice();
    return test_report();
}
