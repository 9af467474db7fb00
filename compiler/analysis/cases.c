/* cases.c: proofs by cases. A value that a select or an if gives is one of two, each under its side of the test:
 *
 *   v = 0 if i < 0 else i;  v >= 0    holds because 0 >= 0 where i < 0, and i >= 0 elsewhere
 */
#include "analysis/analysis.h"

enum { CASES_DEEP = 4 };

typedef struct {
    const Value *value;
    Value *pair[2], *test;
} Choice;

/* The latest value of the size that is one of two. */
static void find_choice(Atom *atom, void *user) {
    Choice *choice = user;
    Value *value = atom_value(atom), *pair[2], *test;
    if (!value || (choice->value && value->id < choice->value->id) || !value_alternatives(value, pair, &test))
        return;
    *choice = (Choice){value, {pair[0], pair[1]}, test};
}

static bool holds_in_cases(Arena *arena, Facts *facts, Size size, int depth) {
    Choice choice = {.value = NULL};
    if (prove_ge(facts, size, size_const(0)) == PROVED)
        return true;
    size_variables(size, find_choice, &choice);
    if (!choice.value || depth == CASES_DEEP)
        return false;
    for (int side = 0; side < 2; side++) {
        Facts *inside = facts_assume(arena, facts, choice.test, side == 0);
        Size replaced = size_substitute(size, choice.value->atom, value_size(choice.pair[side]));
        if (!holds_in_cases(arena, inside, replaced, depth + 1))
            return false;
    }
    return true;
}

bool proved_in_cases(const Function *function, Facts *facts, Size a, Size b) {
    return holds_in_cases(function->module->arena, facts, size_sub(a, b), 0);
}
