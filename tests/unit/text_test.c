/* text_test.c: the text form of the nests. What is printed is read back as the same module; wrong text is refused
 * with its line; no text makes the reader crash. */
#include "nest/nest.h"
#include "test.h"

#include <stdlib.h>

/* Every kind of node once. */
static const char everything[] =
    "cell table: f64[:, :]\n"
    "cell limit: i64\n"
    "apart function scale(n: i64, m: i64, a: f64[n, m], b: out f64[n, m]) -> (%8: bool):\n"
    "    given n >= 0  # sizes are not negative\n"
    "    given m + ?k - 1 != 0  # a guard\\nof two lines\n"
    "    check fits 2*n else OVERFLOW\n"
    "    check index n - 1 of n else INDEX(n - 1, 0, n)  # index 0 of a\n"
    "    row: f64[m] = view a[n - 1, $0]\n"
    "    turned: f64[m, (n // 2)] strides (1, 2*m) = view a[2*$1 + 1, $0]\n"
    "    check that n > 1 else ASSERT\n"
    "    %20: i64, %21: i64 = version n - 8 >= 0 and (m % 2) == 0:  # full tiles\n"
    "        for i in [0, max(n, 3*n - m)) step 4 width 4 masked:\n"
    "            for j in [i, m):\n"
    "                b[i, j] = fma(a[i, j], 2.5, row[j]) + turned[j, 0]\n"
    "        yield 1, size(m // 2 + 1)\n"
    "    plain:\n"
    "        yield 2, n\n"
    "    total: f64 = for k in [-1, n) step 2 carry sum%30: f64 = -0.0:\n"
    "        if sum%30 > 1e+300:\n"
    "            break k: sum%30\n"
    "        sum%31: f64 = sum%30 + cast(size(k), f64)\n"
    "        if not(isnan(sum%31)):\n"
    "            continue k: nan\n"
    "        else:\n"
    "            fail ValueError: \"no \\\"sum\\\" \\xc3\\xa9\", 7\n"
    "        yield sum%31\n"
    "    left: i64 = while w carry left%40: i64 = n:\n"
    "        half: i64 = size(left%40 // 2)\n"
    "    test (half > 0) and True:\n"
    "        yield half\n"
    "    p: f64 = pairwise + for q in [0, m):\n"
    "        yield row[q] * inf\n"
    "    fresh: owned f32[n, m, 2] = alloc zeroed\n"
    "    flat: f32[2*m*n] = reshape fresh\n"
    "    flat[0] = f32(0.1)\n"
    "    retain fresh\n"
    "    release fresh\n"
    "    %50: i64 = call twice(n)\n"
    "    cell limit = left\n"
    "    %60: f64[%61, %62] strides (%63, %64), %61: i64, %62: i64, %63: i64, %64: i64 = cell table\n"
    "    %70: f64 = runtime mnp_number(%60, p, u8(255))\n"
    "    return ~(total < %70)\n"
    "\n"
    "function twice(n: i64) -> (%101: i64):\n"
    "    return n + n\n"
    "\n";

static Module *read_text(const char *text, ReadError *why) {
    return nest_read(text, strlen(text), why);
}

static void same_text_again(const char *text) {
    ReadError why;
    Text printed = {0}, again = {0};
    Module *module = read_text(text, &why);
    CHECK_STR(why.text, "");
    if (!module)
        return;
    nest_verify(module, "reading");
    nest_print_module(&printed, module);
    Module *copy = nest_read(printed.data, printed.length, &why);
    CHECK_STR(why.text, "");
    if (copy)
        nest_print_module(&again, copy);
    CHECK_STR(again.data ? again.data : "", printed.data ? printed.data : "");
    text_free(&printed);
    text_free(&again);
}

static void printed_text_is_read_back(void) {
    Text printed = {0};
    ReadError why;
    same_text_again(everything);
    Module *module = read_text("function f(n: i64) -> (%1: i64):\n  return n * 2 # two\n", &why);
    CHECK_STR(why.text, "");
    if (module)
        nest_print_module(&printed, module);
    CHECK_STR(printed.data, "function f(n: i64) -> (%1: i64):\n    return n * 2\n\n");
    text_free(&printed);
    same_text_again("");
    same_text_again("\n\n# nothing\n");
}

static void sizes_follow_python(void) {
    Text printed = {0};
    ReadError why;
    Module *module = read_text("function f(n: i64, m: i64) -> (%2: i64):\n"
                               "    return size(-n // 2 * 3 + min(m, n, 4) % 3 - 2*(m - 1)*n - (-7) // 2)\n", &why);
    CHECK_STR(why.text, "");
    if (module)
        nest_print_module(&printed, module);
    CHECK_STR(printed.data, "function f(n: i64, m: i64) -> (%2: i64):\n"
                            "    return size(2*n - 2*m*n + 3*(-n // 2) + (min(4, m, n) % 3) + 4)\n\n");
    text_free(&printed);
}

/* The text of a function with this body, and what is said about it. */
static void refused(const char *body, const char *words) {
    static char text[2000];
    ReadError why;
    snprintf(text, sizeof text, "function f(n: i64, x: f64, a: f64[n], b: f64[n, n]) -> (%%9: f64):\n%s", body);
    CHECK(!read_text(text, &why));
    CHECK_STR(why.text, words);
}

static void wrong_text_is_refused_with_its_line(void) {
    refused("", "line 2: expected a block, deeper than what it belongs to");
    refused("    return y\n", "line 2: nothing is called y");
    refused("    return x + x * x\n", "line 2: parentheses say which operation comes first");
    refused("    return a\n", "line 2: a return brings the function's results");
    refused("    return n\n", "line 2: a return brings the function's results");
    refused("    return x $\n", "line 2: expected the line's end, found `$`");
    refused("    a[0, 1] = x\n    return x\n", "line 2: 2 indices for 1 axes");
    refused("    a[x] = x\n    return x\n", "line 2: only an i64 can stand in a size");
    refused("    a[0] = n\n    return x\n", "line 2: a store's value has the array's dtype");
    refused("    y: f64 = x + n\n    return y\n", "line 2: operands have one dtype");
    refused("    n: i64 = 2\n    return x\n", "line 2: n is defined twice");
    refused("    for i in [0, n):\n        pass\n    a[i] = x\n    return x\n",
            "line 4: a size is used where it is not defined");
    refused("    for i in [0, n):\n    return x\n", "line 3: expected a block, deeper than what it belongs to");
    refused("    if x > 1.0:\n        pass\n      pass\n    return x\n",
            "line 4: a line that does not belong to the block before it");
    refused("    for i in [0, n) step 0:\n        pass\n    return x\n", "line 2: step and width are positive");
    refused("    y: f64 = for i in [0, n) carry s: f64 = x:\n        pass\n    return y\n",
            "line 2: yields match results");
    refused("    break i\n", "line 2: no loop around it is called i");
    refused("    return x\n    return x\n", "line 2: an exit is last");
    refused("    check n >= 1 else INDEX\n", "line 2: sizes are compared with 0");
    refused("    check n >= 0 else WHATEVER\n", "line 2: no failure is called so");
    refused("    v: f64[n] = view b[$0, $0]\n    return x\n", "line 2: an axis of a view runs along two axes");
    refused("    v: f64[n] = view b[$0 * $0, 1]\n    return x\n", "line 2: a view's index is affine in its axes");
    refused("    v: f64[n] = view b[$1, 1]\n    return x\n", "line 2: an axis that the view does not have");
    refused("    x%5: f64 = 1.0\n    y%5: f64 = 2.0\n    return x\n", "line 5: two values have the number 5");
    refused("    return 99999999999999999999\n", "line 2: not a whole number of 64 bits");
    refused("    return \"no end\n", "line 2: a string without an end");
    refused("    call g(x)\n    return x\n", "line 2: no function is called g");
}

static void deep_text_is_refused(void) {
    static char text[40000];
    ReadError why;
    int at = snprintf(text, sizeof text, "function f(x: f64) -> (%%9: f64):\n    return ");
    memset(text + at, '(', 30000);
    CHECK(!read_text(text, &why));
    CHECK_STR(why.text, "line 2: too deeply nested");
    at = snprintf(text, sizeof text, "function f(n: i64) -> (%%9: i64):\n    return size(");
    memset(text + at, '(', 30000);
    CHECK(!read_text(text, &why));
    CHECK_STR(why.text, "line 2: too deeply nested");
}

/* Bytes exchanged, pieces cut out: what is still read must print and read again. */
static void mutate(char *text, size_t *length, uint64_t *state) {
    static const char bytes[] = "()[]:,=+-*/%#\"\n $?x0.";
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    size_t at = (size_t)(*state >> 33) % *length, size = (size_t)(*state >> 20) % 24;
    if (*state >> 60 & 1) {
        text[at] = bytes[(*state >> 40) % (sizeof bytes - 1)];
    } else if (at + size < *length) {
        memmove(text + at, text + at + size, *length - at - size);
        *length -= size;
    }
}

static void no_text_makes_it_crash(void) {
    static char text[sizeof everything];
    uint64_t state = 42;
    int read = 0;
    for (int round = 0; round < 8000; round++) {
        size_t length = sizeof everything - 1;
        ReadError why;
        memcpy(text, everything, length);
        for (int i = round % 3; i >= 0; i--)
            mutate(text, &length, &state);
        Module *module = nest_read(text, length, &why);
        if (!module) {
            CHECK(!strncmp(why.text, "line ", 5));
            continue;
        }
        read++;
        Text printed = {0};
        nest_print_module(&printed, module);
        same_text_again(printed.data ? printed.data : "");
        text_free(&printed);
        arena_free(module->arena);
    }
    CHECK(read > 100);
}

int main(void) {
    printed_text_is_read_back();
    sizes_follow_python();
    wrong_text_is_refused_with_its_line();
    deep_text_is_refused();
    no_text_makes_it_crash();
    return test_report();
}
