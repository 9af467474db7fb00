/* place_test.c: temporaries are built where they would be copied (passes/place.c), and where that would be seen they are
 * not. */
#include "nests.h"
#include "passes/passes.h"

#define HEAD "apart function f(n: i64, m: i64, a: f64[n], b: f64[n, m], out: out f64[n], wide: out f64[n + 3, m]) -> (k: i64):\n" \
    "    given n >= 0\n    given m >= 0\n    zero: i64 = 0\n    none: f64 = 0.0\n"
#define FILL "    for z in [0, n):\n        out[z] = none\n"
#define ALLOC "    t: owned f64[n] = alloc\n"
#define CHOOSE \
    "    c: i64 = for s in [0, n) carry p: i64 = zero:\n" \
    "        q: i64 = if a[s] > none:\n" \
    "            t[p] = a[s]\n" \
    "            yield size(p + 1)\n" \
    "        else:\n" \
    "            yield p\n" \
    "        yield q\n"
#define HALVES "    for h in [0, n):\n        t[h] = a[h] * 0.5\n"
#define COPY "    for i in [0, n):\n        out[i] = t[i]\n"

static void placed(Module *module) {
    pass_place(module, &(PassContext){.vector_width = 4});
}

static void copies_are_gone(void) {
    const char *text = after(HEAD FILL ALLOC HALVES CHOOSE COPY "    return c\n", placed, "place");
    CHECK_HAS_NOT(text, "alloc");
    CHECK_HAS_NOT(text, "for i in");
    CHECK_HAS(text, "out[p] =");
    /* A window of a larger array, turned; sums in the temporary. */
    text = after(HEAD "    t: owned f64[m, n] = alloc\n"
                 "    for j in [0, m):\n        for h in [0, n):\n            t[j, h] = b[h, j]\n"
                 "    for j.1 in [0, m):\n        for h.1 in [1, n):\n            t[j.1, h.1] = t[j.1, h.1 - 1] + t[j.1, h.1]\n"
                 "    for j.2 in [0, m):\n        for h.2 in [0, n):\n            wide[h.2 + 2, j.2] = t[j.2, h.2]\n"
                 "    return zero\n", placed, "place in a window");
    CHECK_HAS_NOT(text, "alloc");
    CHECK_HAS(text, "wide[h.1 + 2, j.1] =");
    /* From one to the next. */
    text = after(HEAD ALLOC HALVES "    u: owned f64[n] = alloc\n    for j in [0, n):\n        u[j] = t[j]\n"
                 "    for i in [0, n):\n        out[i] = u[i]\n    return zero\n", placed, "place twice");
    CHECK_HAS_NOT(text, "alloc");
}

static void stays(const char *text) {
    CHECK_HAS(after(text, placed, "place"), "t: owned");
}

static void copies_that_are_needed_stay(void) {
    /* Read, or filled, in between. */
    stays(HEAD FILL ALLOC HALVES "    for j in [0, n):\n        t[j] = out[j]\n" COPY "    return zero\n");
    stays(HEAD ALLOC HALVES FILL COPY "    return zero\n");
    /* Read behind the copy. */
    stays(HEAD ALLOC HALVES COPY "    for j in [1, n):\n        out[j] = t[j - 1]\n    return zero\n");
    /* Another order, a part, several elements to one, zeros. */
    stays(HEAD ALLOC HALVES "    for i in [0, n):\n        out[n - 1 - i] = t[i]\n    return zero\n");
    stays(HEAD ALLOC HALVES FILL "    for i in [0, n - 1):\n        out[i] = t[i]\n    return zero\n");
    stays(HEAD ALLOC HALVES "    for i in [0, n):\n        wide[2, 0] = t[i]\n    return zero\n");
    stays(HEAD FILL "    t: owned f64[n] = alloc zeroed\n" CHOOSE COPY "    return zero\n");
    /* An index that is known behind the temporary only; a failure that would leave half of it. */
    stays("apart function f(n: i64, a: f64[n], out: out f64[2*n]) -> (k: i64):\n    given n >= 0\n    zero: i64 = 0\n    none: f64 = 0.0\n"
          ALLOC CHOOSE "    for i in [0, n):\n        out[c + i] = t[i]\n    return c\n");
    stays(HEAD ALLOC HALVES "    check n - m == 0 else BROADCAST(n, m)\n" COPY "    return zero\n");
}

int main(void) {
    copies_are_gone();
    copies_that_are_needed_stay();
    return test_report();
}
