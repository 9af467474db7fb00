/* steps_test.c: each step of the schedule on small nests: legal ones, whose meaning must stay, and illegal ones, which
 * must be refused with the reason. */
#include "nests.h"

/* ---- nests --------------------------------------------------------------------------------- */

static const char doubled[] = MATRICES
    "    for i in [0, n):\n"
    "        for j in [0, m):\n"
    "            out[i, j] = a[i, j] * 2.0\n"
    "    return\n";

/* Sums over a window of rows and columns that the borders cut. */
static const char windowed[] = MATRICES
    "    for i in [0, n):\n"
    "        for j in [0, m):\n"
    "            s: f64 = for k in [max(0, i - 1), min(n, i + 2)) carry p: f64 = 0.0:\n"
    "                q: f64 = for l in [max(0, j - 1), min(m, j + 2)) carry r: f64 = p:\n"
    "                    yield r + a[k, l]\n"
    "                yield q\n"
    "            out[i, j] = s\n"
    "    return\n";

/* Ranges that move with the rows without a border: staggered. */
static const char sliding[] = VECTORS
    "    for i in [0, n - m):\n"
    "        s: f64 = for k in [i, i + m) carry p: f64 = -0.0:\n"
    "            yield fma(a[k], b[k - i], p)\n"
    "        out[i] = s\n"
    "    return\n";

/* Ranges of each row's own: guarded. */
static const char triangular[] = MATRICES
    "    for i in [0, n):\n"
    "        for j in [0, m):\n"
    "            s: f64 = for k in [0, min(n, 2*i + 1)) carry p: f64 = 0.0:\n"
    "                yield p - a[k, j]\n"
    "            out[i, j] = s\n"
    "    return\n";

static const char one_sided[] = MATRICES
    "    for i in [0, n):\n"
    "        for j in [0, m):\n"
    "            s: f64 = for k in [0, min(m, i + 1)) carry p: f64 = 0.0:\n"
    "                yield p * a[i, k]\n"
    "            out[i, j] = s\n"
    "    return\n";

static const char running[] = VECTORS
    "    for i in [1, n):\n"
    "        out[i] = out[i - 1] + a[i]\n"
    "    return\n";

static const char matmul[] =
    "apart function f(n: i64, m: i64, l: i64, a: f64[n, l], b: f64[l, m], out: out f64[n, m]):\n"
    "    given n >= 0\n    given m >= 0\n    given l >= 0\n"
    "    for i in [0, n):\n"
    "        for j in [0, m):\n"
    "            s: f64 = for k in [0, l) carry p: f64 = 0.0:\n"
    "                yield fma(a[i, k], b[k, j], p)\n"
    "            out[i, j] = s\n"
    "    return\n";

static const char inner_version[] = MATRICES
    "    for i in [0, n):\n"
    "        for j in [0, m):\n"
    "            s: f64 = version m - 4 >= 0:  # wide\n"
    "                x: f64 = for k in [0, m) carry p: f64 = 0.0:\n"
    "                    yield p + a[i, k]\n"
    "                yield x\n"
    "            plain:\n"
    "                y: f64 = for k.1 in [0, m) carry q: f64 = 0.0:\n"
    "                    yield q + a[i, k.1]\n"
    "                yield y\n"
    "            t: f64 = if s > 0.0:\n"
    "                yield a[i, j]\n"
    "            else:\n"
    "                yield s\n"
    "            out[i, j] = t\n"
    "    return\n";

/* ---- split_index_set ----------------------------------------------------------------------- */

static void split(Module *module, const char *label) {
    Node *loop = loop_of(module, label);
    Middle middle;
    CHECK(find_middle(loop, loop, &middle));
    Builder b = {module->functions, loop->region, loop, {0}};
    loop_piece(&b, loop, middle.lo, middle.first);
    Node *inside = loop_piece(&b, loop, middle.first, middle.end);
    loop_piece(&b, loop, middle.end, middle.hi);
    assume_middle(inside, &middle);
    CHECK(inner_bounds_are_plain(inside));
    node_remove(loop);
}

static void split_rows(Module *module) {
    split(module, "i");
}

static void split_columns(Module *module) {
    split(module, "j");
}

static void split_index_set_makes_pieces(void) {
    const char *text = after(windowed, split_rows, "split_index_set of rows");
    CHECK_HAS(text, "for k.2 in [0, n) ");
    text = after(windowed, split_columns, "split_index_set of columns");
    CHECK_HAS(text, "for l.2 in [0, m) ");
    text = after(one_sided, split_rows, "split_index_set where only one side has a break");
    CHECK_HAS(text, "for k.2 in [0, m) ");
}

static void split_index_set_refuses(void) {
    Middle middle;
    Module *module = nests(windowed);
    /* The columns' window depends on nothing of the rows: its breaks are known before the rows. */
    CHECK(find_middle(loop_of(module, "j"), loop_of(module, "i"), &middle));
    CHECK(middle.break_first && middle.break_end);
    module = nests(doubled);
    CHECK(find_middle(loop_of(module, "j"), loop_of(module, "j"), &middle));
    CHECK(!middle.break_first && !middle.break_end && middle.first == middle.lo && middle.end == middle.hi);
    module = nests(MATRICES
        "    for i in [0, n):\n"
        "        for j in [i, m):\n"
        "            out[i, j] = 1.0\n"
        "    return\n");
    CHECK(find_middle(loop_of(module, "j"), loop_of(module, "j"), &middle));
    CHECK(!find_middle(loop_of(module, "j"), loop_of(module, "i"), &middle));
    module = nests(VECTORS
        "    s: f64 = for i in [0, n) carry p: f64 = 0.0:\n"
        "        q: f64 = for k in [max(0, i - 1), i + 1) carry r: f64 = p:\n"
        "            yield r + a[k]\n"
        "        yield q\n"
        "    out[0] = s\n"
        "    return\n");
    CHECK(!find_middle(loop_of(module, "i"), loop_of(module, "i"), &middle));
}

/* ---- unroll_and_jam ------------------------------------------------------------------------ */

static void jam(Module *module, const char *label, JamPlan plan) {
    const char *why = "";
    Node *rest;
    CHECK(may_jam(loop_of(module, label), &why));
    unroll_and_jam(loop_of(module, label), &plan, &rest);
}

static void jam_rows(Module *module) {
    jam(module, "i", (JamPlan){.copies = 3, .stride = 1});
}

/* Without the question, which knows no versions inside. */
static void jam_rows_together(Module *module) {
    JamPlan plan = {.copies = 3, .stride = 1};
    Node *rest;
    unroll_and_jam(loop_of(module, "i"), &plan, &rest);
    CHECK(count_in(module, NODE_VERSION) == 2);
}

static void jam_columns(Module *module) {
    jam(module, "j", (JamPlan){.copies = 2, .stride = 1});
}

static void jam_skewed(Module *module) {
    jam(module, "i", (JamPlan){.copies = 4, .stride = 1, .skewed = name_of("k"), .shift = 1});
}

static void jam_skewed_backwards(Module *module) {
    jam(module, "i", (JamPlan){.copies = 2, .stride = 1, .skewed = name_of("k"), .shift = -1});
}

static void jam_many(Module *module) {
    jam(module, "i", (JamPlan){.copies = COPIES_MAX, .stride = 1});
}

/* The last rounds are moved back; a version sees to it that there are enough. */
static void jam_overlapped(Module *module) {
    Node *loop = loop_of(module, "i"), *rest;
    JamPlan plan = {.copies = 3, .stride = 1, .overlapped = true};
    CHECK(nest_is_repeatable(loop));
    Goal enough = {FACT_GE, size_sub(size_sub(loop->as.loop.hi, loop->as.loop.lo), size_const(3))};
    Builder b = {module->functions, loop->region, loop, {0}};
    Node *version = build_version(&b, &enough, 1, NULL, "three rows");
    CloneMap map = {.function = module->functions, .relabel = true};
    Node *copy = clone_node(&map, loop, version->as.version.fast, NULL);
    node_move(loop, version->as.version.plain, NULL);
    CHECK(unroll_and_jam(copy, &plan, &rest)->as.loop.overlapped && !rest);
}

static void jam_promised(Module *module) {
    Goal goals[8];
    Promises promises = {goals, 0, 8};
    JamPlan plan = {.copies = 3, .stride = 1, .promises = &promises};
    Node *loop = loop_of(module, "i"), *rest;
    Builder b = {module->functions, loop->region, loop, {0}};
    Node *version = build_version(&b, goals, 0, NULL, "rounds in common");
    CloneMap map = {.function = module->functions, .relabel = true};
    Node *copy = clone_node(&map, loop, version->as.version.fast, NULL);
    node_move(loop, version->as.version.plain, NULL);
    unroll_and_jam(copy, &plan, &rest);
    CHECK(promises.count == 1);
    version->as.version.goals = ARENA_ARRAY(module->arena, Goal, promises.count);
    version->as.version.goal_count = promises.count;
    memcpy(version->as.version.goals, goals, sizeof(Goal) * (size_t)promises.count);
}

static void jam_keeps_the_meaning(void) {
    const char *text = after(doubled, jam_rows, "unroll_and_jam");
    CHECK_HAS(text, "step 3");
    CHECK_HAS(text, "a[i.1 + 2, ");
    after(doubled, jam_columns, "unroll_and_jam of columns");
    after(doubled, jam_many, "unroll_and_jam, as many copies as there may be");
    after(windowed, jam_rows, "unroll_and_jam of a window");
    after(windowed, jam_columns, "unroll_and_jam of a window's columns");
    after(windowed, jam_skewed, "unroll_and_jam, skewed");
    after(windowed, jam_skewed_backwards, "unroll_and_jam, skewed backwards");
    after(matmul, jam_rows, "unroll_and_jam of matmul");
    after(matmul, jam_skewed, "unroll_and_jam of equal ranges, skewed");
    after(matmul, jam_skewed_backwards, "unroll_and_jam of equal ranges, skewed backwards");
    text = after(matmul, jam_many, "unroll_and_jam of matmul, many rows");
    CHECK_HAS_NOT(text, "if ");
}

static void jam_staggers_or_guards(void) {
    const char *text = after(sliding, jam_rows, "unroll_and_jam, staggered");
    CHECK_HAS(text, "all copies have rounds in common");
    after(sliding, jam_many, "unroll_and_jam, staggered, many copies");
    text = after(sliding, jam_skewed_backwards, "unroll_and_jam, a skew that makes ranges equal");
    CHECK_HAS_NOT(text, "version");
    after(sliding, jam_skewed, "unroll_and_jam, a skew that makes ranges more different");
    text = after(sliding, jam_promised, "unroll_and_jam, promised");
    CHECK_HAS(text, "version m - 2 >= 0");
    text = after(triangular, jam_rows, "unroll_and_jam, guarded");
    CHECK_HAS(text, "if (k");
    after(triangular, jam_skewed, "unroll_and_jam, guarded and skewed");
    after(inner_version, jam_rows_together, "unroll_and_jam of a version inside");
    after(doubled, jam_overlapped, "unroll_and_jam, overlapped");
    after(windowed, jam_overlapped, "unroll_and_jam of a window, overlapped");
    after(triangular, jam_overlapped, "unroll_and_jam, guarded, overlapped");
}

/* Reasons why a loop is no candidate, by the words that are said. */
static void not_jammed(const char *text, const char *label, const char *words) {
    const char *why = "";
    CHECK(!may_jam(loop_of(nests(text), label), &why));
    CHECK_STR(why, words);
}

static void jam_refuses(void) {
    not_jammed(inner_version, "i", "it does more than arithmetic on arrays");
    not_jammed(running, "i", "rounds touch the same element");
    not_jammed(VECTORS
        "    for i in [0, n) step 2:\n"
        "        out[i] = a[i]\n"
        "    return\n", "i", "its step is not 1");
    not_jammed(VECTORS
        "    for i in [0, n):\n"
        "        check i - m >= 0 else ASSERT\n"
        "        out[i] = a[i]\n"
        "    return\n", "i", "it does more than arithmetic on arrays");
    not_jammed(VECTORS
        "    s: f64 = for i in [0, n) carry p: f64 = 0.0:\n"
        "        yield p + a[i]\n"
        "    out[0] = s\n"
        "    return\n", "i", "it carries a value");
    not_jammed(MATRICES
        "    for i in [0, n):\n"
        "        for j in [0, m):\n"
        "            out[0, j] = a[i, j]\n"
        "    return\n", "i", "rounds touch the same element");
    not_jammed("function f(n: i64, a: f64[n], out: out f64[n]):\n"
        "    for i in [0, n):\n"
        "        out[i] = a[i]\n"
        "    return\n", "i", "arrays that may overlap");
}

/* ---- vectorize ----------------------------------------------------------------------------- */

static void vectorize_loop(Module *module, const char *label, int copies) {
    const char *why = "";
    CHECK(may_vectorize(loop_of(module, label), &why));
    CHECK_STR(why ? why : "", "");
    vectorize(loop_of(module, label), 4, (JamPlan){.copies = copies});
}

static void vectorize_columns(Module *module) {
    vectorize_loop(module, "j", 1);
}

static void vectorize_columns_twice(Module *module) {
    vectorize_loop(module, "j", 2);
}

static void vectorize_vector(Module *module) {
    vectorize_loop(module, "i", 3);
}

static void vectorize_columns_masked(Module *module) {
    vectorize_masked(loop_of(module, "j"), 4);
}

static void vectorize_columns_overlapped(Module *module) {
    Node *loop = loop_of(module, "j");
    CHECK(nest_is_repeatable(loop));
    Goal enough = {FACT_GE, size_sub(loop->as.loop.hi, size_const(8))};
    Builder b = {module->functions, loop->region, loop, {0}};
    Node *version = build_version(&b, &enough, 1, NULL, "two vectors");
    CloneMap map = {.function = module->functions, .relabel = true};
    Node *copy = clone_node(&map, loop, version->as.version.fast, NULL);
    node_move(loop, version->as.version.plain, NULL);
    vectorize(copy, 4, (JamPlan){.copies = 2, .overlapped = true});
}

static const char few_apart[] =
    "apart function f(n: i64, k: i64[n], a: f64[3*n], out: out f64[n]):\n"
    "    given n >= 0\n"
    "    for i in [0, n):\n"
    "        s: i64 = for j in [0, n) carry p: i64 = 0:\n"
    "            yield p + k[j]\n"
    "        out[i] = cast(s, f64) - a[3*i + 1]\n"
    "    return\n";

static void vectorize_keeps_the_meaning(void) {
    after(few_apart, vectorize_vector, "vectorize of elements a few apart, with integers carried");
    const char *text = after(doubled, vectorize_columns, "vectorize");
    CHECK_HAS(text, "step 4 width 4:");
    CHECK_HAS(text, "step 4 width 4 masked:");
    text = after(doubled, vectorize_columns_twice, "vectorize, two at once");
    CHECK_HAS(text, "step 8 width 4:");
    text = after(doubled, vectorize_columns_overlapped, "vectorize, overlapped");
    CHECK_HAS(text, "step 8 width 4 overlapped:");
    after(doubled, vectorize_columns_masked, "vectorize, masked");
    text = after(windowed, vectorize_columns_twice, "vectorize with bounds that vary over the lanes");
    CHECK_HAS(text, "step 4 width 4 masked:");
    after(matmul, vectorize_columns_twice, "vectorize of matmul");
    after(triangular, vectorize_columns, "vectorize of columns whose loop inside varies with the row");
    after(sliding, vectorize_vector, "vectorize of a sliding window");
    after(VECTORS
        "    for i in [0, min(n, m)):\n"
        "        x: f64 = a[n - i - 1]\n"
        "        y: f64 = if x > b[i]:\n"
        "            yield x * a[0]\n"
        "        else:\n"
        "            yield select(x == x, b[i], 1.0)\n"
        "        out[i] = y\n"
        "    return\n", vectorize_vector, "vectorize backwards, of one element, and of branches");
    after(VECTORS
        "    for i in [0, min(n, m)):\n"
        "        x: f64 = a[i // 2]\n"
        "        y: f64 = b[i % 4]\n"
        "        out[i] = x - y\n"
        "    return\n", vectorize_vector, "vectorize of shared elements");
}

static void not_vectorized(const char *text, const char *label, const char *words) {
    const char *why = "";
    CHECK(!may_vectorize(loop_of(nests(text), label), &why));
    CHECK_STR(why ? why : "", words);
}

#define LOOP(line) VECTORS "    for i in [0, n):\n        " line "\n    return\n"

static void vectorize_refuses(void) {
    not_vectorized(running, "i", "rounds touch the same element");
    not_vectorized(LOOP("out[i] = out[i + 1]"), "i", "rounds touch the same element");
    not_vectorized(LOOP("out[0] = a[i]"), "i", "rounds touch the same element");
    not_vectorized(LOOP("out[2*i] = a[i]"), "i", "neighbouring rounds do not touch neighbouring elements");
    not_vectorized(LOOP("out[i] = a[5*i]"), "i", "neighbouring rounds do not touch neighbouring elements");
    not_vectorized(LOOP("out[i] = b[i*m]"), "i", "neighbouring rounds do not touch neighbouring elements");
    not_vectorized(LOOP("out[i] = b[i // 3]"), "i", "neighbouring rounds do not touch neighbouring elements");
    not_vectorized(LOOP("out[i] = b[3*(i // 2)]"), "i", "neighbouring rounds do not touch neighbouring elements");
    not_vectorized(LOOP("out[i] = b[i % m]"), "i", "neighbouring rounds do not touch neighbouring elements");
    not_vectorized(LOOP("out[i] = c_exp(a[i])"), "i", "calls of the C library");
    not_vectorized(LOOP("check index i of m else INDEX"), "i", "it does more than arithmetic on arrays");
    not_vectorized(matmul, "k", "it carries a value");
    not_vectorized(doubled, "i", "neighbouring rounds do not touch neighbouring elements");
    not_vectorized(VECTORS
        "    for i in [0, n) step 2:\n"
        "        out[i] = a[i]\n"
        "    return\n", "i", "it does more than arithmetic on arrays");
    not_vectorized("apart function f(n: i64, k: i64[n], a: f64[n], out: out f64[n]):\n"
        "    for i in [0, n):\n"
        "        at: i64 = k[i]\n"
        "        out[i] = a[at]\n"
        "    return\n", "i", "an index that is computed from data");
    not_vectorized("function f(n: i64, a: f64[n], out: out f64[n]):\n"
        "    for i in [0, n):\n"
        "        out[i] = a[i]\n"
        "    return\n", "i", "arrays that may overlap");
}

/* ---- unroll, versions ---------------------------------------------------------------------- */

static void unroll_all(Module *module) {
    unroll_constant_loops(module->functions->body, 64);
}

static const char few_rounds[] = VECTORS
    "    for i in [0, n - 3):\n"
    "        s: f64 = for k in [i, i + 4) carry p: f64 = 0.0:\n"
    "            q: f64 = for l in [2, 1) carry r: f64 = p:\n"
    "                yield r * 2.0\n"
    "            yield a[k] - q\n"
    "        out[i] = s\n"
    "    return\n";

static void unroll_writes_rounds_out(void) {
    const char *text = after(few_rounds, unroll_all, "unroll");
    CHECK_HAS(text, "a[i + 3]");
    CHECK_HAS_NOT(text, "for k");
    CHECK_HAS_NOT(text, "for l");
    after(windowed, unroll_all, "unroll of nothing");
}

static int loops_left(const char *text, int budget) {
    Module *module = nests(text);
    unroll_constant_loops(module->functions->body, budget);
    return count_in(module, NODE_FOR);
}

static void unroll_refuses(void) {
    CHECK(loops_left(few_rounds, 64) == 1);
    CHECK(loops_left(few_rounds, 4) == 2);
    CHECK(loops_left(VECTORS "    for i in [0, 17):\n        out[i] = 1.0\n    return\n", 1000) == 1);
    CHECK(loops_left(VECTORS "    for i in [0, 16):\n        out[i] = 1.0\n    return\n", 1000) == 0);
    CHECK(loops_left(VECTORS "    for i in [0, n):\n        out[i] = 1.0\n    return\n", 1000) == 1);
    CHECK(loops_left(VECTORS "    for i in [0, 4) step 2:\n        out[i] = 1.0\n    return\n", 1000) == 1);
    CHECK(loops_left(VECTORS
        "    for i in [0, 2):\n"
        "        check m - i >= 0 else ASSERT\n"
        "    return\n", 1000) == 1);
}

static const char correlate[] =
    "apart function f(n: i64, s: i64, t: i64, a: f64[n, n], g: f64[s, t], out: out f64[n, n]):\n"
    "    given s >= 0\n    given t >= 0\n"
    "    %s\n"
    "    for i in [0, n - s + 1):\n"
    "        for j in [0, n - t + 1):\n"
    "            x: f64 = for k in [0, s) carry p: f64 = 0.0:\n"
    "                y: f64 = for l in [0, t) carry q: f64 = p:\n"
    "                    yield fma(g[k, l], a[i + k, j + l], q)\n"
    "                yield y\n"
    "            out[i, j] = x\n"
    "    return\n";

static int versions_of(const char *fact, int64_t *values) {
    static char text[2000];
    snprintf(text, sizeof text, correlate, fact);
    Module *module = nests(text);
    int64_t value = 0;
    int count = 0;
    for (;;) {
        Goal goals[8];
        Promises promises = {goals, 0, 8};
        CloneMap map = {.function = module->functions};
        if (!next_version(loop_of(module, "i"), loop_of(module, "j"), &value, &promises, &map))
            return count;
        CHECK(promises.count == 2 && promises.items[0].kind == FACT_EQ);
        values[count++] = value;
    }
}

static void versions_are_for_small_sizes_that_can_be(void) {
    int64_t values[10];
    int count = versions_of("given n >= 0", values);
    CHECK(count > 0 && values[0] == 3);
    count = versions_of("given s % 2 != 0", values);
    CHECK(count > 0);
    for (int i = 0; i < count; i++)
        CHECK(values[i] % 2 == 1 && (!i || values[i] > values[i - 1]));
    CHECK(versions_of("given s - 9 >= 0", values) == 0);
    Module *module = nests(doubled);
    Promises promises = {0};
    CloneMap map = {.function = module->functions};
    int64_t value = 0;
    CHECK(!next_version(loop_of(module, "i"), loop_of(module, "j"), &value, &promises, &map));
}

/* ---- gather_target, forward_init, fills ---------------------------------------------------- */

/* The chain of loops that are perfectly nested, from the one called `p` inwards. */
static Node *gather(Module *module) {
    Node *loops[8];
    int count = 0;
    for (Node *node = loop_of(module, "p"); node && node->kind == NODE_FOR; node = node->as.loop.body->first) {
        value_size(node->as.loop.iv);
        loops[count++] = node;
    }
    return gather_target(loops, count);
}

static void gather_it(Module *module) {
    CHECK(gather(module) != NULL);
}

static const char shift_and_add[] =
    "apart function f(n: i64, m: i64, a: f64[n], b: f64[m], out: out f64[n + m - 1]):\n"
    "    given n >= 0\n    given m >= 0\n"
    "    for p in [0, m):\n"
    "        for i in [0, n):\n"
    "            old: f64 = out[p + i]\n"
    "            out[p + i] = fma(a[i], b[p], old)\n"
    "    return\n";

static const char shift_and_add_2d[] =
    "apart function f(n: i64, m: i64, a: f64[n, n], b: f64[m, m], out: out f64[n + m, n + m]):\n"
    "    given n >= 0\n    given m >= 0\n"
    "    for p in [0, m):\n"
    "        for q in [0, m):\n"
    "            for i in [0, n):\n"
    "                for j in [0, n):\n"
    "                    old: f64 = out[m - p + i, q + j]\n"
    "                    out[m - p + i, q + j] = (old * 0.5) - (a[i, j] * b[p, q])\n"
    "    return\n";

static void not_gathered(const char *text) {
    CHECK(gather(nests(text)) == NULL);
}

static void gather_target_turns_nests_round(void) {
    const char *text = after(shift_and_add, gather_it, "gather_target");
    CHECK_HAS(text, "carry");
    text = after(shift_and_add_2d, gather_it, "gather_target of two axes");
    CHECK_HAS(text, "carry");
    /* the window is as long as what it slides over */
    not_gathered("apart function f(n: i64, a: f64[n, n], out: out f64[2*n]):\n    given n >= 0\n"
        "    for p in [0, n):\n"
        "        for i in [1, n):\n"
        "            old: f64 = out[p + i]\n"
        "            out[p + i] = old + a[p, i]\n"
        "    return\n");
    /* nothing slides; the target is read elsewhere; bounds depend on a loop; no load */
    not_gathered(MATRICES
        "    for p in [0, n):\n"
        "        for i in [0, m):\n"
        "            old: f64 = out[p, i]\n"
        "            out[p, i] = old + a[p, i]\n"
        "    return\n");
    not_gathered(VECTORS
        "    for p in [0, m):\n"
        "        for i in [0, n - m):\n"
        "            old: f64 = out[p + i]\n"
        "            out[p + i] = old + out[0]\n"
        "    return\n");
    not_gathered(VECTORS
        "    for p in [0, m):\n"
        "        for i in [p, n - m):\n"
        "            old: f64 = out[p + i]\n"
        "            out[p + i] = old + a[i]\n"
        "    return\n");
    not_gathered(VECTORS
        "    for p in [0, m):\n"
        "        for i in [0, n - m):\n"
        "            out[p + i] = a[i]\n"
        "    return\n");
    not_gathered(VECTORS
        "    for p in [0, m):\n"
        "        for i in [0, n - m):\n"
        "            old: f64 = out[2*p + i]\n"
        "            out[2*p + i] = old + a[i]\n"
        "    return\n");
}

static void forward(Module *module) {
    CHECK(forward_init(loop_of(module, "x")));
}

#define FILLED(value, bound, between) VECTORS                                                                      \
    "    first: f64 = " value "\n"                                                                                   \
    "    for i in [0, " bound "):\n"                                                                                   \
    "        out[i] = first\n" between                                                                            \
    "    for x in [0, n):\n"                                                                                       \
    "        old: f64 = out[x]\n"                                                                                      \
    "        s: f64 = for k in [0, m) carry p: f64 = old:\n"                                                       \
    "            yield p + b[k]\n"                                                                                    \
    "        out[x] = s\n"                                                                                            \
    "    return\n"

static void not_forwarded(const char *text) {
    CHECK(!forward_init(loop_of(nests(text), "x")));
}

static void first_values_are_forwarded(void) {
    const char *text = after(FILLED("-0.0", "n", ""), forward, "forward_init");
    CHECK_HAS(text, "carry p: f64 = first");
    CHECK_HAS_NOT(text, "for i in");
    after(MATRICES
        "    first: f64 = 2.5\n"
        "    for i in [0, n):\n"
        "        for j in [0, m):\n"
        "            out[i, j] = first\n"
        "    for x in [0, n):\n"
        "        for y in [0, m):\n"
        "            old: f64 = out[x, y]\n"
        "            out[x, y] = old * a[x, y]\n"
        "    return\n", forward, "forward_init of a matrix");
    not_forwarded(FILLED("0.0", "n - 1", ""));
    not_forwarded(FILLED("a[0]", "n", ""));
    not_forwarded(FILLED("0.0", "n", "    out[0] = 1.0\n"));
    not_forwarded(FILLED("0.0", "n", "    seen: f64 = out[0]\n"));
    not_forwarded(VECTORS
        "    first: f64 = 0.0\n"
        "    for i in [0, n):\n"
        "        out[i] = first\n"
        "    for x in [0, n):\n"
        "        old: f64 = out[x]\n"
        "        out[x] = old + out[0]\n"
        "    return\n");
}

#define CONSTANT(value, from, index) VECTORS                                                                       \
    "    constant: f64 = " value "\n    for i in [" from ", n):\n        out[" index "] = constant\n    return\n"

static void fill(Module *module) {
    CHECK(fill_by_runtime(loop_of(module, "i")));
}

static void not_filled(const char *text) {
    CHECK(!fill_by_runtime(loop_of(nests(text), "i")));
}

static void zeros_are_filled_by_the_runtime(void) {
    const char *text = after(CONSTANT("0.0", "0", "i"), fill, "fill_by_runtime");
    CHECK_HAS(text, "runtime mnp_zero(out)");
    not_filled(CONSTANT("-0.0", "0", "i"));
    not_filled(CONSTANT("1.0", "0", "i"));
    not_filled(CONSTANT("0.0", "0", "n - i - 1"));
    not_filled(CONSTANT("0.0", "1", "i"));
    not_filled("function f(n: i64, s: i64, out: out f64[n] strides (s)):\n"
        "    given n >= 0\n"
        "    zero: f64 = 0.0\n"
        "    for i in [0, n):\n"
        "        out[i] = zero\n"
        "    return\n");
    not_filled(doubled);
}

/* ---- the planner --------------------------------------------------------------------------- */

static void plan_all(Module *module) {
    PassContext context = {.vector_width = 4};
    pass_schedule(module, &context);
}

static void the_planner_keeps_the_meaning(void) {
    const char *all[] = {doubled, windowed, sliding, triangular, running, matmul, inner_version, few_rounds,
                         shift_and_add, shift_and_add_2d};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        after(all[i], plan_all, "the planner");
}

int main(void) {
    split_index_set_makes_pieces();
    split_index_set_refuses();
    jam_keeps_the_meaning();
    jam_staggers_or_guards();
    jam_refuses();
    vectorize_keeps_the_meaning();
    vectorize_refuses();
    unroll_writes_rounds_out();
    unroll_refuses();
    versions_are_for_small_sizes_that_can_be();
    gather_target_turns_nests_round();
    first_values_are_forwarded();
    zeros_are_filled_by_the_runtime();
    the_planner_keeps_the_meaning();
    return test_report();
}
