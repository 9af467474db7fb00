/* buffers_test.c: where temporary arrays live, and results of functions of the module; the meaning stays. */
#include "nests.h"
#include "passes/passes.h"

static const PassContext context = {.vector_width = 4};

static void run_buffers(Module *module) {
    pass_buffers(module, &context);
}

static void run_destination(Module *module) {
    pass_destination(module, &context);
}

#define TEMPORARY(size, before, inside)                                                                            \
    VECTORS "    for k in [0, m):\n" before                                                                            \
    "        t: owned f64[" size "] = alloc zeroed\n        for i in [0, n):\n            t[i] = a[i] * b[k]\n"         \
    "        for j in [0, n):\n            out[j] = out[j] + t[n - 1 - j]\n" inside "    return\n"

static void temporaries_leave_loops(void) {
    const char *text = after(TEMPORARY("n", "", ""), run_buffers, "buffers");
    CHECK_HAS(text, "alloc\n    for k in [0, m)");
    CHECK_HAS(text, "reshape t");               /* m may be 0: then nothing is needed */
    CHECK_HAS(text, "= 0.0");
    text = after("apart function f(n: i64, a: f64[n], out: out f64[n]):\n    given n >= 0\n"
        "    for k in [0, 4):\n        t: owned f64[n + k] = alloc\n        for i in [0, n):\n            t[i] = a[i]\n"
        "    return\n", run_buffers, "a size that changes");
    CHECK_HAS(text, "        t: owned f64[k + n] = alloc");
    text = after("apart function f(n: i64, a: f64[n], out: out f64[n]):\n    given n >= 0\n"
        "    for k in [0, 4):\n        for l in [0, 3):\n            t: owned f64[n + k] = alloc\n"
        "            for i in [0, n):\n                t[i] = a[i]\n"
        "            for i.1 in [0, n):\n                out[i.1] = t[i.1]\n    return\n", run_buffers, "two loops");
    CHECK_HAS(text, "        t: owned f64[k + n] = alloc\n        for l in");
}

static void what_others_get_stays(void) {
    const char *text = after("function f(n: i64, a: f64[n]) -> (r: owned f64[0] strides (0), s: i64):\n    given n >= 0\n"
        "    x: owned f64[n] = alloc zeroed\n    retain x\n"
        "    y: owned f64[n] = for k in [0, 5) carry c: owned f64[n] = x:\n"
        "        t: owned f64[n] = alloc\n        for i in [0, n):\n            t[i] = c[i] + a[i]\n"
        "        retain t\n        yield t\n    retain y\n    return y, n\n", run_buffers, "carried");
    CHECK_HAS(text, "        t: owned f64[n] = alloc");
    text = after("function g(n: i64, a: f64[n]) -> (r: owned f64[0] strides (0), s: i64):\n    given n >= 0\n"
        "    retain a\n    return a, n\n\n" VECTORS
        "    for k in [0, 5):\n        t: owned f64[n] = alloc\n        for i in [0, n):\n            t[i] = a[i]\n"
        "        u: owned f64[n], l: i64 = call g(n, t)\n        for i.1 in [0, n):\n            out[i.1] = u[i.1]\n"
        "    return\n", run_buffers, "returned by a callee");
    CHECK_HAS(text, "        t: owned f64[n] = alloc");
}

static void small_arrays_are_on_the_stack(void) {
    const char *body = "apart function f(n: i64, a: f64[n], out: out f64[n]):\n    given n >= 0\n"
        "    for k in [0, n):\n        t: owned f64[%s] = alloc zeroed\n        for i in [0, %s):\n"
        "            t[i] = t[i] + a[k]\n        out[k] = t[2]\n    return\n";
    char full[800];
    snprintf(full, sizeof full, body, "3", "3");
    CHECK_HAS(after(full, run_buffers, "stack"), "t: f64[3] = alloc zeroed stack");
    snprintf(full, sizeof full, body, "513", "3");
    CHECK_HAS_NOT(after(full, run_buffers, "too large"), "stack");
}

#define BOTH(kind) \
    kind "function g(n: i64, a: f64[n]) -> (r: owned f64[0] strides (0), s: i64, q: owned f64[0] strides (0), l: i64):\n" \
    "    given n >= 0\n    t: owned f64[n] = alloc\n    u: owned f64[n] = alloc zeroed\n"                                \
    "    for i in [0, n):\n        t[i] = a[i] + 1.0\n    for j in [1, n):\n        u[j] = a[j - 1]\n"                      \
    "    retain t\n    retain u\n    return t, n, u, n\n"

static void several_results_are_built_outside(void) {
    const char *text = after(BOTH("exported apart "), run_destination, "destination");
    CHECK_HAS(text, "out: out f64[n], out.1: out f64[n]):");
    CHECK_HAS_NOT(text, "alloc");
    text = after(BOTH("apart ") "\nexported apart function f(n: i64, m: i64, a: f64[n], b: f64[m], out: out f64[n]):\n" SIZES
        "    p: owned f64[n], k: i64, q: owned f64[n], l: i64 = call g(n, a)\n"
        "    for i in [0, n):\n        out[i] = p[i] - q[i]\n    return\n", run_destination, "calls");
    CHECK_HAS(text, "call g(n, a, p, q)");
    CHECK_HAS(text, "p: owned f64[n] = alloc");
    text = after(BOTH("") "\nexported apart function f(n: i64, m: i64, a: f64[n], b: f64[m], out: out f64[n]):\n" SIZES
        "    p: owned f64[n], k: i64, q: owned f64[n], l: i64 = call g(n, a)\n"
        "    for i in [0, n):\n        out[i] = p[i] - q[i]\n    return\n", run_destination, "arrays may overlap");
    CHECK_HAS(text, "call g(n, a)");
}

static void run_lives(Module *module) {
    pass_lives(module, &context);
}

#define WHOLE "exported apart function f(n: i64, a: f64[n], out: out f64[n]):\n    given n >= 0\n"

static void arrays_end_with_their_last_use(void) {
    const char *text = after(WHOLE "    t: owned f64[n] = alloc zeroed\n    v: f64[n] = view t[$0]\n"
        "    for i in [0, n):\n        out[i] = v[i]\n    for j in [0, n):\n        out[j] = a[j]\n    return\n",
        run_lives, "a view");
    CHECK_HAS(text, "v[i]\n    release t\n    for j");
    text = after(WHOLE "    t: owned f64[n] = alloc zeroed\n    for k in [0, 3):\n        u: owned f64[n] = alloc zeroed\n"
        "        for i in [0, n):\n            t[i] = t[i] + u[i]\n        for j in [0, n):\n            out[j] = t[j]\n"
        "    return\n", run_lives, "inside a loop");
    CHECK_HAS(text, "u[i]\n        release u\n");
    CHECK_HAS_NOT(text, "release t");             /* the loop is its last use, and the end is next */
    text = after("function f(n: i64, a: f64[n]) -> (r: owned f64[0] strides (0), s: i64):\n    given n >= 0\n"
        "    x: owned f64[n] = alloc zeroed\n    retain x\n"
        "    y: owned f64[n] = for k in [0, 5) carry c: owned f64[n] = x:\n"
        "        t: owned f64[n] = alloc\n        for i in [0, n):\n            t[i] = c[i] + a[i]\n"
        "        for j in [0, n):\n            t[j] = t[j] + 1.0\n        retain t\n        yield t\n"
        "    retain y\n    return y, n\n", run_lives, "carried");
    CHECK_HAS(text, "c[i] + a[i]\n        release c\n");
    CHECK_HAS(text, "yield t\n    release x\n");
    CHECK_HAS_NOT(text, "release t");
    CHECK_HAS_NOT(text, "release y");
}

int main(void) {
    arrays_end_with_their_last_use();
    temporaries_leave_loops();
    what_others_get_stays();
    small_arrays_are_on_the_stack();
    several_results_are_built_outside();
    return test_report();
}
