/* inline_test.c: calls that become the callee's body, and those that stay calls; the meaning stays. */
#include "nests.h"
#include "passes/passes.h"

static const PassContext context = {.vector_width = 4};

static void run_inline(Module *module) {
    pass_inline(module, &context);
}

static void run_inline_and_checks(Module *module) {
    pass_inline(module, &context);
    pass_simplify(module, &context);
    pass_checks(module, &context);
    pass_simplify(module, &context);
}

#define CALLER "exported apart function f(n: i64, m: i64, a: f64[n], b: f64[m], out: out f64[n]):\n" SIZES
#define AT                                                                                                         \
    "function at(n: i64, a: f64[n], i: i64) -> (r: f64):\n"                                                            \
    "    check index i of n else INDEX(i, 0, n)  # index 0 of a\n"                                                     \
    "    k: i64 = wrap(i, n)\n"                                                                                        \
    "    return a[k]\n\n"

static void small_functions_are_computed_in_place(void) {
    const char *text = after(AT CALLER
        "    for i in [0, n):\n"
        "        x: f64 = call at(n, a, i)\n"
        "        y: f64 = call at(m, b, i)\n"
        "        out[i] = x + y\n"
        "    return\n", run_inline_and_checks, "inline");
    CHECK_HAS_NOT(text, "call");
    CHECK_HAS_NOT(text, "function at");
    CHECK_HAS_NOT(text, "i of n else");
    CHECK_HAS(text, "check index i of m else INDEX(i, 0, m)");
    CHECK_HAS(text, " + b[i]");
}

static void several_returns_become_a_branch(void) {
    const char *text = after(
        "function clamp(i: i64, n: i64) -> (r: i64):\n"
        "    if i < 0:\n"
        "        return 0\n"
        "    if i >= n:\n"
        "        return size(n - 1)\n"
        "    return i\n\n" CALLER
        "    for i in [0, n):\n"
        "        k: i64 = call clamp(size(i + 1), n)\n"
        "        check index k of n else INDEX(k, 0, n)  # index 0 of a\n"
        "        check k - 1 >= 0 else ASSERT\n"
        "        out[i] = a[k]\n"
        "    return\n", run_inline_and_checks, "inline");
    CHECK_HAS_NOT(text, "call");
    CHECK_HAS_NOT(text, "if size(i + 1) < 0");
    CHECK_HAS_NOT(text, "check index");    /* by cases: 0, n - 1 and i are in bounds where they are taken */
    CHECK_HAS(text, "- 1 >= 0 else ASSERT");
}

static void a_branch_that_goes_on_on_both_sides(void) {
    const char *text = after(
        "function g(i: i64, n: i64) -> (r: i64, s: i64):\n"
        "    x: i64 = if i < n:\n"
        "        if i == 2:\n"
        "            return 7, 8\n"
        "        yield size(i + 1)\n"
        "    else:\n"
        "        yield 5\n"
        "    check x - 1 >= 0 else ASSERT(x)\n"
        "    return size(2*x), x\n\n" CALLER
        "    r: i64, s: i64 = call g(n, m)\n"
        "    t: i64, u: i64 = call g(m, n)\n"
        "    check r - t >= 0 else ASSERT(r, t)\n"
        "    check s - u == 0 else ASSERT(s, u)\n"
        "    return\n", run_inline, "inline");
    CHECK_HAS_NOT(text, "call");
    CHECK_HAS(text, "yield 7, 8");
}

/* The sides that always raise, and what is not reached behind them. */
static void failures_keep_their_order(void) {
    const char *text = after(
        "function g(i: i64) -> (r: i64):\n"
        "    if i < 2:\n"
        "        fail ValueError\n"
        "    else:\n"
        "        return size(i - 2)\n"
        "    fail SystemError\n\n" CALLER
        "    check n - 1 >= 0 else ASSERT(n)\n"
        "    r: i64 = call g(m)\n"
        "    check n - m >= 0 else ASSERT(m)\n"
        "    s: i64 = call g(n)\n"
        "    check r - s == 0 else ASSERT(r, s)\n"
        "    return\n", run_inline, "inline");
    CHECK_HAS_NOT(text, "call");
    CHECK_HAS_NOT(text, "SystemError");
}

static void arrays_are_handed_over(void) {
    const char *text = after(
        "function half(n: i64, a: f64[n]) -> (r: owned f64[0] strides (0), s: i64):\n"
        "    if n < 2:\n"
        "        retain a\n"
        "        return a, n\n"
        "    t: owned f64[n] = alloc\n"
        "    for i in [0, n):\n"
        "        t[i] = a[i] * 0.5\n"
        "    retain t\n"
        "    return t, n\n\n" CALLER
        "    h: owned f64[n], k: i64 = call half(n, a)\n"
        "    q: owned f64[n], l: i64 = call half(n, a)\n"
        "    for i in [0, n):\n"
        "        out[i] = h[i] + q[i]\n"
        "    return\n", run_inline, "inline");
    CHECK_HAS(text, "call half");          /* loops that stand in no loop of the caller */
    text = after(
        "function half(n: i64, a: f64[n]) -> (r: owned f64[0] strides (0), s: i64):\n"
        "    if n < 2:\n"
        "        retain a\n"
        "        return a, n\n"
        "    t: owned f64[n] = alloc\n"
        "    for i in [0, n):\n"
        "        t[i] = a[i] * 0.5\n"
        "    retain t\n"
        "    return t, n\n\n" CALLER
        "    h: owned f64[n], k: i64 = call half(n, a)\n"
        "    for i in [0, n):\n"
        "        out[i] = h[i]\n"
        "    return\n", run_inline, "inline");
    CHECK_HAS_NOT(text, "call");
    CHECK_HAS_NOT(text, "function half");
    text = after(
        "function both(n: i64, a: f64[n]) -> (r: owned f64[0] strides (0), s: i64, q: owned f64[0] strides (0), u: i64):\n"
        "    t: owned f64[n] = alloc\n"
        "    for i in [0, n):\n"
        "        t[i] = a[i] * 0.5\n"
        "    retain t\n"
        "    retain a\n"
        "    return t, n, a, n\n\n" CALLER
        "    h: owned f64[n], k: i64, g: owned f64[n], l: i64 = call both(n, a)\n"
        "    for i in [0, n):\n"
        "        out[i] = h[i] + g[i]\n"
        "    return\n", run_inline, "inline");
    CHECK_HAS_NOT(text, "call");
    CHECK_HAS_NOT(text, "retain");
    CHECK_HAS(text, "] + a[");
}

static void recursion_and_returns_from_loops_stay_calls(void) {
    const char *text = after(
        "function down(i: i64) -> (r: i64):\n"
        "    if i < 1:\n"
        "        return 0\n"
        "    t: i64 = call up(size(i - 1))\n"
        "    return size(t + 1)\n\n"
        "function up(i: i64) -> (r: i64):\n"
        "    t: i64 = call down(i)\n"
        "    return t\n\n"
        "function first(n: i64, a: f64[n]) -> (r: i64):\n"
        "    for i in [0, n):\n"
        "        if a[i] > 2.0:\n"
        "            return i\n"
        "    return n\n\n" CALLER
        "    r: i64 = call down(n)\n"
        "    s: i64 = call first(n, a)\n"
        "    check r - s == 0 else ASSERT(r, s)\n"
        "    return\n", run_inline, "inline");
    CHECK_HAS(text, "call down(n)");
    CHECK_HAS(text, "call first(n, a)");
}

static void constants_give_an_instance(void) {
    const char *text = after(
        "function first(n: i64, k: i64, a: f64[n]) -> (r: i64):\n"
        "    given n >= 0\n"
        "    for i in [0, n):\n"
        "        if a[i] > cast(k, f64):\n"
        "            return size(i * k)\n"
        "    return n\n\n" CALLER
        "    for i in [0, n):\n"
        "        s: i64 = call first(n, 3, a)\n"
        "        t: i64 = call first(n, 3, a)\n"
        "        u: i64 = call first(n, 17, a)\n"
        "        check s + t - u == 0 else ASSERT(s, t, u)\n"
        "    return\n", run_inline, "inline");
    CHECK_HAS(text, "call first.with.k.3(n, a)");
    CHECK_HAS(text, "function first.with.k.3(n: i64, a: f64[n])");
    CHECK_HAS(text, "return size(3*i)");
    CHECK_HAS(text, "call first(n, ");
}

int main(void) {
    small_functions_are_computed_in_place();
    several_returns_become_a_branch();
    a_branch_that_goes_on_on_both_sides();
    failures_keep_their_order();
    arrays_are_handed_over();
    recursion_and_returns_from_loops_stay_calls();
    constants_give_an_instance();
    return test_report();
}
