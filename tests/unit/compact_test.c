/* compact_test.c: elements that a test chooses are put side by side in lanes or in strips (schedule/compact.c): legal
 * loops, whose meaning must stay, and illegal ones, which must be refused with the reason. */
#include "nests.h"

#define CHOICE "apart function f(n: i64, a: f64[n], b: i32[n], out: out f64[n], to: out i32[n], at: out i64[n]) -> (k: i64):\n" \
    "    given n >= 0\n    zero: i64 = 0\n"

static const char positive[] = CHOICE
    "    k.1: i64 = for i in [0, n) carry p: i64 = zero:\n"
    "        q: i64 = if a[i] > 0.0:\n"
    "            out[p] = a[i] * 2.0\n"
    "            at[p] = i\n"
    "            yield size(p + 1)\n"
    "        else:\n"
    "            yield p\n"
    "        yield q\n"
    "    return k.1\n";

/* Neighbours, a place that starts later, and a store before the carried place. */
static const char shifted[] = CHOICE
    "    one: i64 = 1\n"
    "    k.1: i64 = for i in [1, n - 1) carry p: i64 = one:\n"
    "        q: i64 = if a[i] < a[i + 1]:\n"
    "            out[p - 1] = a[i - 1]\n"
    "            yield size(p + 1)\n"
    "        else:\n"
    "            yield p\n"
    "        yield q\n"
    "    return k.1\n";

static const char narrow[] = CHOICE
    "    k.1: i64 = for i in [0, n) carry p: i64 = zero:\n"
    "        q: i64 = if a[i] != a[n - 1 - i]:\n"
    "            to[p] = b[i]\n"
    "            yield size(p + 1)\n"
    "        else:\n"
    "            yield p\n"
    "        yield q\n"
    "    return k.1\n";

/* Rows of a matrix, one behind the other. */
static const char rows[] =
    "apart function f(n: i64, m: i64, a: f64[n, m], out: out f64[n*m]) -> (k: i64):\n"
    "    given n >= 0\n    given m >= 0\n    zero: i64 = 0\n"
    "    k.1: i64 = for i in [0, n) carry o: i64 = zero:\n"
    "        l: i64 = for j in [0, m) carry p: i64 = o:\n"
    "            q: i64 = if a[i, j] > 0.0:\n"
    "                out[p] = a[i, j]\n"
    "                yield size(p + 1)\n"
    "            else:\n"
    "                yield p\n"
    "            yield q\n"
    "        yield l\n"
    "    return k.1\n";

static int width;

static void compacted(Module *module) {
    const char *why;
    Node *loop = loop_of(module, find_loop(module->functions, "j") ? "j" : "i");
    bool may = may_compact(loop, width, &why);
    CHECK_STR(may ? "it may" : why, "it may");
    if (may)
        compact(loop, width);
}

static void chosen_elements_come_side_by_side(void) {
    width = 8;
    const char *text = after(positive, compacted, "lanes");
    CHECK_HAS(text, "step 8 width 8 carry");
    CHECK_HAS(text, "step 8 width 8 masked carry");
    after(shifted, compacted, "lanes, shifted");
    after(rows, compacted, "lanes of rows");
    width = 1;
    text = after(positive, compacted, "strips");
    CHECK_HAS(text, "step 256 carry");
    CHECK_HAS_NOT(text, "if ");
    after(shifted, compacted, "strips, shifted");
    after(narrow, compacted, "strips of narrow elements");
    after(rows, compacted, "strips of rows");
}

static void plan_all(Module *module) {
    PassContext context = {.vector_width = width};
    pass_schedule(module, &context);
}

static void the_planner_compacts(void) {
    const char *all[] = {positive, shifted, narrow, rows};
    for (width = 2; width <= 8; width *= 2)
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            const char *text = after(all[i], plan_all, "the planner");
            CHECK_HAS(text, width == 8 && all[i] != narrow ? "width 8 carry" : "for strip in");
        }
}

static void stays(const char *text, int lanes, const char *reason) {
    const char *why;
    bool may = may_compact(loop_of(nests(text), "i"), lanes, &why);
    CHECK(!may);
    CHECK(why && strstr(why, reason));
}

#define LOOP(test, store, then, otherwise) CHOICE                                     \
    "    k.1: i64 = for i in [0, n) carry p: i64 = zero:\n"                           \
    "        q: i64 = if " test ":\n"                                                 \
    "            " store "\n"                                                         \
    "            yield " then "\n"                                                    \
    "        else:\n"                                                                 \
    "            yield " otherwise "\n"                                               \
    "        yield q\n"                                                               \
    "    return k.1\n"

static void other_loops_stay(void) {
    static const char side[] = "side by side", overlap[] = "overlap";
    stays(LOOP("a[i] > 0.0", "out[p] = a[i]", "size(p + 2)", "p"), 8, side);
    stays(LOOP("a[i] > 0.0", "out[p] = a[i]", "size(p + 1)", "size(p + 1)"), 8, side);
    stays(LOOP("a[i] > 0.0", "out[i] = a[i]", "size(p + 1)", "p"), 8, side);
    stays(LOOP("a[i] > 0.0", "out[2*p] = a[i]", "size(p + 1)", "p"), 8, side);
    stays(LOOP("a[p] > 0.0", "out[p] = a[i]", "size(p + 1)", "p"), 8, side);
    stays(LOOP("a[i] > 0.0", "at[p] = p", "size(p + 1)", "p"), 8, side);
    stays(LOOP("out[i] > 0.0", "out[p] = a[i]", "size(p + 1)", "p"), 8, overlap);
    stays(LOOP("a[i] > 0.0", "out[p] = out[i]", "size(p + 1)", "p"), 1, overlap);
    stays(narrow, 8, "fill vectors");
    /* What lies outside where the test does not hold: lanes have a mask, strips do not. */
    const char outside[] = LOOP("i < size(n - 1)", "out[p] = a[i + 1]", "size(p + 1)", "p");
    const char *why;
    stays(outside, 1, "not be there");
    CHECK(may_compact(loop_of(nests(outside), "i"), 8, &why));
    width = 8;
}

int main(void) {
    chosen_elements_come_side_by_side();
    the_planner_compacts();
    other_loops_stay();
    return test_report();
}
