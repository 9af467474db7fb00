/* nests.h: what unit tests on nests share. Nests are written in the text form (nest/print.c); a step or a pass is run on
 * one, and the interpreter compares before and after. */
#ifndef MNP_TEST_NESTS_H
#define MNP_TEST_NESTS_H

#include "schedule/schedule.h"
#include "test.h"

#include <stdlib.h>

static inline Module *nests(const char *text) {
    ReadError why;
    Module *module = nest_read(text, strlen(text), &why);
    if (!module) {
        fprintf(stderr, "%s\n%s\n", text, why.text);
        exit(1);
    }
    return module;
}

/* Functions of two matrices and of three vectors; arrays are apart. */
#define SIZES "    given n >= 0\n    given m >= 0\n"
#define MATRICES "apart function f(n: i64, m: i64, a: f64[n, m], out: out f64[n, m]):\n" SIZES
#define VECTORS "apart function f(n: i64, m: i64, a: f64[n], b: f64[m], out: out f64[n]):\n" SIZES

static inline Node *loop_of(Module *module, const char *label) {
    Node *loop = find_loop(module->functions, label);
    if (!loop) {
        fprintf(stderr, "no loop is called %s\n", label);
        exit(1);
    }
    value_size(loop->as.loop.iv);
    return loop;
}

static inline int count_nodes(const Region *region, NodeKind kind) {
    int total = 0;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        total += node->kind == kind;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            total += count_nodes(regions[i], kind);
    }
    return total;
}

static inline int count_in(const Module *module, NodeKind kind) {
    return count_nodes(module->functions->body, kind);
}

/* The text of the nest after a change that keeps its meaning: where it does not, the process ends with both texts. */
static inline const char *after(const char *text, void (*change)(Module *module), const char *what) {
    static Text printed;
    Module *module = nests(text);
    Snapshot *before = snapshot_take(module, 4);
    change(module);
    nest_verify(module, what);
    snapshot_compare(before, module, what);
    text_free(&printed);
    printed = (Text){0};
    nest_print_module(&printed, module);
    test_checks++;
    return printed.data;
}

#define CHECK_HAS(text, part) CHECK(strstr((text), (part)) != NULL)
#define CHECK_HAS_NOT(text, part) CHECK(strstr((text), (part)) == NULL)

#endif
