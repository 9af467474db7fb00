/* rewrites_test.c: what passes do to small nests, and what they leave alone; the meaning stays. */
#include "nests.h"
#include "passes/passes.h"

static const PassContext context = {.vector_width = 4};

static void run_simplify(Module *module) {
    pass_simplify(module, &context);
}

static void run_views(Module *module) {
    pass_views(module, &context);
}

static void run_checks(Module *module) {
    pass_checks(module, &context);
}

static void run_raise(Module *module) {
    pass_raise(module, &context);
}

static void run_destination(Module *module) {
    pass_destination(module, &context);
}

static void run_distribute(Module *module) {
    pass_distribute(module, &context);
}

/* ---- distribution -------------------------------------------------------------------------- */

#define CARRIES(header, body) \
    header "function f(n: i64, a: f64[n], b: f64[n], c: f64[n]) -> (q: f64):\n    given n >= 0\n" \
    "    t: f64 = for i in [0, n) carry s: f64 = 0.0:\n" body "    return t\n"

static bool distributes(const char *text) {
    return strstr(after(text, run_distribute, "distribute"), "alloc stack") != NULL;
}

static void what_is_carried_comes_behind(void) {
    CHECK(distributes(CARRIES("apart ", "        e: f64 = exp(a[i])\n        b[i] = e\n        yield s + e\n")));
    CHECK(distributes(CARRIES("apart ", "        e: f64 = exp(a[i])\n        r: f64 = (s * 0.5) + e\n        b[i] = r\n"
                                        "        yield r\n")));
    /* Nothing costs much, or all of it is carried; the sides meet in memory. */
    CHECK(!distributes(CARRIES("apart ", "        yield s + (a[i] * b[i])\n")));
    CHECK(!distributes(CARRIES("apart ", "        e: f64 = exp(s + a[i])\n        yield e\n")));
    CHECK(!distributes(CARRIES("apart ", "        e: f64 = exp(b[i])\n        r: f64 = (s * 0.5) + e\n        b[n - 1 - i] = r\n"
                                         "        yield r\n")));
    CHECK(!distributes(CARRIES("", "        e: f64 = exp(a[i])\n        r: f64 = (s * 0.5) + e\n        b[i] = r\n"
                                   "        yield r\n")));
}

/* ---- checks -------------------------------------------------------------------------------- */

static int checks_left(const char *text) {
    Module *module = nests(text);
    pass_checks(module, &context);
    nest_verify(module, "checks");
    return count_in(module, NODE_CHECK);
}

static void proved_checks_are_removed(void) {
    const char *text = after(VECTORS
        "    for i in [0, n):\n"
        "        check index i - 1 of n else INDEX(i - 1, 0, n)  # index 0 of a\n"
        "        at: i64 = wrap(size(i - 1), n)\n"
        "        check index i of m else INDEX(i, 0, m)  # index 0 of b\n"
        "        at.b: i64 = wrap(i, m)\n"
        "        out[i] = a[at] + b[at.b]\n"
        "    return\n", run_checks, "checks");
    CHECK_HAS_NOT(text, "# index 0 of a");
    CHECK_HAS(text, "check index i of m");
    CHECK_HAS(text, "wrap(size(i - 1), n)");
    CHECK_HAS(text, "b[i]");
    CHECK(checks_left(VECTORS "    for i in [0, n):\n        check index n - i of n + 1 else INDEX\n    return\n") == 0);
    CHECK(checks_left(VECTORS "    for i in [0, n):\n        check index n - i of n else INDEX\n    return\n") == 1);
    CHECK(checks_left(VECTORS "    for i in [0, n):\n        check -1 - i >= 0 else ASSERT\n    return\n") == 1);
    CHECK(checks_left(VECTORS "    check n + 1 != 0 else ASSERT\n    check n - m == 0 else ASSERT\n    return\n") == 1);
}

static void checks_know_what_was_passed(void) {
    CHECK(checks_left(VECTORS
        "    check n - m >= 0 else ASSERT\n"
        "    check n - m + 1 >= 0 else ASSERT\n"
        "    return\n") == 1);
    CHECK(checks_left(VECTORS
        "    if size(n % 2) == 0:\n"
        "        return\n"
        "    check 2*(n // 2) + 1 - n == 0 else ASSERT\n"
        "    return\n") == 0);
    CHECK(checks_left(VECTORS
        "    if (n > m) and (m > 3):\n"
        "        check n - 5 >= 0 else ASSERT\n"
        "    else:\n"
        "        check m - n >= 0 else ASSERT\n"
        "    return\n") == 1);
    CHECK(checks_left(VECTORS
        "    version n - 7 == 0:\n"
        "        check n - 7 == 0 else ASSERT\n"
        "    plain:\n"
        "        check n - 7 == 0 else ASSERT\n"
        "    return\n") == 1);
}

static void verdicts_say_from_what(void) {
    Module *module = nests(VECTORS
        "    for i in [0, n):\n"
        "        check index i of n else INDEX(i, 0, n)  # index 0 of a\n"
        "        check index i of m else INDEX(i, 0, m)  # index 0 of b\n"
        "    return\n");
    pass_checks(module, &context);
    CHECK(module->notes.count == 2);
    CHECK_STR(module->notes.data[0].what, "index 0 of a");
    CHECK(module->notes.data[0].proved && !module->notes.data[1].proved);
    CHECK_STR(module->notes.data[0].facts, "from the loop's end, the loop's start");
}

/* ---- views --------------------------------------------------------------------------------- */

static void accesses_go_to_roots(void) {
    const char *text = after(MATRICES
        "    rows: f64[m, (n + 1) // 2] strides (1, 2*m) = view a[2*$1, $0]\n"
        "    column: f64[m] = view rows[$0, 0]\n"
        "    back: f64[m] strides (-1) = view column[m - 1 - $0]\n"
        "    wide: f64[n, m] strides (0, -1) = view back[$1]\n"
        "    for i in [0, n):\n"
        "        for j in [0, m):\n"
        "            out[i, j] = wide[i, j] + back[j]\n"
        "    return\n", run_views, "views");
    CHECK_HAS(text, "out[i, j] = a[0, m - j - 1] + a[0, m - j - 1]");
    text = after(VECTORS
        "    flat: f64[n, 1] = reshape a\n"
        "    for i in [0, n):\n"
        "        out[i] = flat[i, 0]\n"
        "    return\n", run_views, "views stop at a reshape");
    CHECK_HAS(text, "out[i] = flat[i, 0]");
}

/* ---- raise --------------------------------------------------------------------------------- */

#define PRODUCT(header, index)                                                                                     \
    header "    given n >= 0\n"                                                                                        \
    "    for i in [0, n):\n"                                                                                        \
    "        for k in [0, n):\n"                                                                                    \
    "            old: f64 = out[" index "]\n"                                                                       \
    "            out[" index "] = fma(a[i, k], b[k], old)\n"                                                        \
    "    return\n"

static void targets_that_stay_are_carried(void) {
    const char *apart = PRODUCT("apart function f(n: i64, a: f64[n, n], b: f64[n], out: out f64[n]):\n", "i");
    const char *text = after(apart, run_raise, "raise");
    CHECK_HAS(text, "for k in [0, n) carry");
    text = after(PRODUCT("function f(n: i64, a: f64[n, n], b: f64[n], out: out f64[n]):\n", "i"), run_raise,
                 "raise where arrays may overlap");
    CHECK_HAS_NOT(text, "carry");
    text = after(PRODUCT("apart function f(n: i64, a: f64[n, n], b: f64[n], out: out f64[n]):\n", "k"), run_raise,
                 "raise of a target that moves");
    CHECK_HAS_NOT(text, "carry");
    text = after("apart function f(n: i64, a: f64[n], out: out f64[n]):\n"
        "    given n >= 0\n"
        "    for i in [0, n):\n"
        "        for k in [0, n):\n"
        "            old: f64 = out[i]\n"
        "            out[i] = old + out[k]\n"
        "    return\n", run_raise, "raise of a target that is read elsewhere");
    CHECK_HAS_NOT(text, "carry");
}

/* ---- destination --------------------------------------------------------------------------- */

#define RESULT(size)                                                                                               \
    "exported apart function f(n: i64, a: f64[n]) -> (%1: owned f64[0], %2: i64):\n    given n >= 0\n"                \
    "    h: owned f64[" size "] = alloc zeroed\n"                                                                   \
    "    for i in [0, n):\n"                                                                                        \
    "        h[i] = a[i]\n"                                                                                         \
    "    retain h\n"                                                                                               \
    "    return h, size(" size ")\n"

static void results_are_built_in_the_callers_memory(void) {
    const char *text = after(RESULT("n"), run_destination, "destination");
    CHECK_HAS(text, "out: out f64[n])");
    CHECK_HAS_NOT(text, "alloc");
    CHECK_HAS_NOT(text, "retain");
    CHECK_HAS_NOT(text, "0.0");
    text = after(RESULT("n + 1"), run_destination, "destination of a result that is partly zeros");
    CHECK_HAS(text, "out: out f64[n + 1])");
    CHECK_HAS(text, "0.0");
}

static void results_of_other_kinds_stay(void) {
    const char *text = after(
        "exported function f(n: i64, k: i64[n]) -> (%1: owned f64[0], %2: i64):\n"
        "    given n - 1 >= 0\n"
        "    size.k: i64 = k[0]\n"
        "    check size.k >= 0 else NEGATIVE_SIZE(size.k)\n"
        "    h: owned f64[size.k] = alloc zeroed\n"
        "    retain h\n"
        "    return h, size.k\n", run_destination, "destination of a size that only the run knows");
    CHECK_HAS(text, "alloc");
    text = after(
        "exported function f(n: i64, a: f64[n]) -> (%1: owned f64[0], %2: i64):\n"
        "    given n >= 0\n"
        "    h: owned f64[n] = alloc zeroed\n"
        "    if n > 3:\n"
        "        retain h\n"
        "        return h, n\n"
        "    retain h\n"
        "    return h, n\n", run_destination, "destination of two returns");
    CHECK_HAS(text, "alloc");
}

/* ---- zeros --------------------------------------------------------------------------------- */

#define ZEROED(shape, body)                                                                                            \
    "exported apart function f(n: i64, a: f64[n]) -> (%1: f64):\n    given n - 2 >= 0\n"                              \
    "    h: owned f64[" shape "] = alloc zeroed\n" body "    s: f64 = h[0]\n    release h\n    return s\n"

#define MATRIX(body)                                                                                                   \
    "exported apart function f(n: i64, a: f64[n]) -> (%1: f64):\n    given n - 2 >= 0\n"                              \
    "    h: owned f64[2, n] = alloc zeroed\n" body "    s: f64 = h[0, 0]\n    release h\n    return s\n"

static bool zeros_go(const char *text) {
    return !strstr(after(text, run_destination, "zeros"), "zeroed");
}

static void zeros_that_are_overwritten_go(void) {
    CHECK(zeros_go(ZEROED("n", "    for i in [0, n):\n        h[i] = a[i]\n")));
    CHECK(zeros_go(ZEROED("n", "    h[n - 1] = 1.0\n    h[0] = 2.0\n    for i in [1, n - 1):\n        h[i] = a[i]\n")));
    CHECK(zeros_go(ZEROED("2*n", "    for i in [0, n):\n        h[i] = a[i]\n        h[n + i] = 1.0\n")));
    CHECK(zeros_go(ZEROED("2*n", "    for i in [0, n):\n        h[2*i + 1] = a[i]\n        h[2*i] = 1.0\n")));
    CHECK(zeros_go(ZEROED("n", "    for i in [0, n):\n        if a[i] > 0.0:\n            h[i] = 1.0\n        else:\n"
                                "            h[i] = 2.0\n")));
    CHECK(zeros_go(ZEROED("n", "    for k in [0, n):\n        for i in [0, n):\n            h[i] = a[k]\n")));
    CHECK(zeros_go(MATRIX("    for i in [0, n):\n        h[0, i] = a[i]\n        h[1, i] = 1.0\n")));
    CHECK(zeros_go(MATRIX("    for j in [0, n):\n        for i in [0, 2):\n            h[i, j] = a[j]\n")));
}

static void zeros_that_may_be_read_stay(void) {
    CHECK(!zeros_go(ZEROED("n", "    for i in [1, n):\n        h[i] = a[i]\n")));
    CHECK(!zeros_go(ZEROED("n + 1", "    for i in [0, n):\n        h[i] = a[i]\n")));
    CHECK(!zeros_go(ZEROED("n", "    h[0] = 1.0\n    for i in [1, n):\n        h[i] = h[i - 1] + 1.0\n")));
    CHECK(!zeros_go(ZEROED("2*n", "    for i in [0, n):\n        h[2*i] = a[i]\n")));
    CHECK(!zeros_go(ZEROED("2*n", "    for i in [0, n):\n        h[i] = a[i]\n    for j in [0, n - 1):\n        h[n + j] = 1.0\n")));
    CHECK(!zeros_go(ZEROED("n", "    for i in [0, n):\n        if a[i] > 0.0:\n            h[i] = 1.0\n")));
    CHECK(!zeros_go(ZEROED("n", "    for k in [3, n):\n        for i in [0, n):\n            h[i] = a[k]\n")));
    CHECK(!zeros_go(MATRIX("    for i in [0, n):\n        h[0, i] = a[i]\n")));
    CHECK(!zeros_go(MATRIX("    for j in [0, n):\n        for i in [0, 2):\n            h[i, j + i] = a[j]\n")));
}

/* ---- simplify ------------------------------------------------------------------------------ */

static void what_nobody_reads_goes(void) {
    const char *text = after(VECTORS
        "    unused: f64 = a[0] * 2.0\n"
        "    k: i64, s: f64 = for i in [0, n) carry p: i64 = 0, q: f64 = 0.0:\n"
        "        out[i] = a[i]\n"
        "        yield 1, q + 1.0\n"
        "    if size(2) > 1:\n"
        "        x: f64 = s + 1.0\n"
        "        out[0] = x\n"
        "    else:\n"
        "        fail ValueError: \"never\", 5\n"
        "    for j in [0, n):\n"
        "        y: f64 = a[j]\n"
        "    return\n", run_simplify, "simplify");
    CHECK_HAS_NOT(text, "unused");
    CHECK_HAS_NOT(text, "p: i64");
    CHECK_HAS_NOT(text, "if");
    CHECK_HAS_NOT(text, "for j");
    CHECK_HAS(text, "carry q: f64");
}

/* ---- narrow -------------------------------------------------------------------------------- */

#define BYTES(term)                                                                                                \
    "apart function f(n: i64, a: u8[n], b: u8[n], k: u16[n], out: out u8[n]):\n    given n >= 0\n"                     \
    "    for i in [0, n):\n        x: i64 = cast(a[i], i64)\n        y: i64 = cast(b[i], i64)\n"                       \
    "        z: i64 = cast(k[i], i64)\n        w: i64 = size(" term ")\n        out[i] = cast(w, u8)\n    return\n"

static void run_narrow(Module *module) {
    pass_narrow(module, &context);
    pass_simplify(module, &context);
}

static void ints_of_narrow_elements(void) {
    const char *text = after(BYTES("(x*y + 3*z) // 255"), run_narrow, "narrow");
    CHECK_HAS(text, "u32) // u32(255)");
    CHECK_HAS_NOT(text, "cast(a[i], i64)");
    CHECK_HAS(after(BYTES("x - y + 5"), run_narrow, "narrow"), "i32(5)");
    CHECK_HAS(after(BYTES("(x - y) // 2"), run_narrow, "narrow"), "// i32(2)");
    CHECK_HAS(after(BYTES("x + (x*y - 255*x) // 255"), run_narrow, "narrow"), "u32) // u32(255)");
    /* More than 32 bits on the way, or something else in it. */
    CHECK_HAS(after(BYTES("(x*y*z) // 255"), run_narrow, "narrow"), "cast(a[i], i64)");
    CHECK_HAS(after(BYTES("x + n"), run_narrow, "narrow"), "cast(a[i], i64)");
}

static void zeros_before_versions(void) {
    const char *body = "exported apart function f(n: i64, m: i64, a: f64[n], b: f64[m], out: out f64[n]):\n" SIZES
        "    t: owned f64[n] = alloc zeroed\n"
        "    version m - n >= 0:\n"
        "        for i in [0, n):\n            t[i] = a[i] + b[i]\n"
        "    plain:\n"
        "        for i.1 in [%s, n):\n            check index i.1 of m else INDEX(i.1, 0, m)\n"
        "            t[i.1] = a[i.1] + b[i.1]\n"
        "    for i.2 in [0, n):\n        out[i.2] = t[n - 1 - i.2]\n"
        "    return\n";
    char full[900];
    snprintf(full, sizeof full, body, "0");
    CHECK_HAS_NOT(after(full, run_destination, "destination"), "zeroed");
    snprintf(full, sizeof full, body, "1");
    CHECK_HAS(after(full, run_destination, "destination"), "zeroed");
}

/* ---- branches ------------------------------------------------------------------------------ */

static void run_branches(Module *module) {
    pass_branches(module, &context);
}

#define SIDES(lo, then, otherwise) VECTORS                                                                            \
    "    for i in [" lo ", n):\n        x: f64 = a[i]\n        if x > 0.0:\n" then "        else:\n" otherwise "    return\n"

static void sides_that_store_to_one_element_are_selected(void) {
    const char *there = SIDES("1", "            y: f64 = a[i - 1]\n            out[i] = x - y\n",
                              "            z: f64 = a[0]\n            out[i] = z * 2.0\n");
    CHECK_HAS(after(there, run_branches, "branches"), "select(");
    CHECK_HAS_NOT(after(there, run_branches, "branches"), "else");
    /* What is read may not be there; targets differ; nothing is stored at the end. */
    CHECK_HAS(after(SIDES("0", "            y: f64 = a[n - 1 - 2*i]\n            out[i] = x - y\n",
                          "            out[i] = x\n"), run_branches, "branches"), "else");
    CHECK_HAS(after(SIDES("1", "            y: f64 = a[i - 1]\n            out[i] = y\n",
                          "            out[i - 1] = x\n"), run_branches, "branches"), "else");
    CHECK_HAS(after(SIDES("1", "            out[i] = x\n            y: f64 = a[i - 1]\n            out[0] = y\n",
                          "            out[0] = x\n"), run_branches, "branches"), "else");
}

/* ---- hoisted indices ------------------------------------------------------------------------ */

static void run_hoist(Module *module) {
    pass_hoist(module, &context);
}

#define PICKED(size, stored) \
    "apart function f(n: i64, m: i64, k: i64, p: i64[" size "], a: f64[n, m], out: out i64[n]):\n" SIZES "    given k >= 0\n" \
    "    for i in [0, n):\n        for j in [0, m):\n            e: i64 = p[i]\n" \
    "            check index e of n else INDEX(e, 0, n)\n            w: i64 = wrap(e, n)\n" \
    "            x: f64 = a[w, j]\n" stored "    return\n"

static void indices_of_all_rounds_are_loaded_before_them(void) {
    const char *loaded = "\n        e: i64 = p[i]\n";
    CHECK_HAS(after(PICKED("n", "            out[i] = 3\n"), run_hoist, "hoist"), loaded);
    CHECK_HAS(after(PICKED("n", "            out[i] = 3\n"), run_hoist, "hoist"), "version");
    /* The index is written in between; it may not be there where the loop has no rounds. */
    CHECK_HAS_NOT(after(PICKED("n", "            p[i] = j\n"), run_hoist, "hoist"), "version");
    CHECK_HAS_NOT(after(PICKED("k", "            out[i] = 3\n"), run_hoist, "hoist"), "version");
}

int main(void) {
    sides_that_store_to_one_element_are_selected();
    indices_of_all_rounds_are_loaded_before_them();
    what_is_carried_comes_behind();
    ints_of_narrow_elements();
    zeros_before_versions();
    proved_checks_are_removed();
    checks_know_what_was_passed();
    verdicts_say_from_what();
    accesses_go_to_roots();
    targets_that_stay_are_carried();
    results_are_built_in_the_callers_memory();
    results_of_other_kinds_stay();
    zeros_that_are_overwritten_go();
    zeros_that_may_be_read_stay();
    what_nobody_reads_goes();
    return test_report();
}
