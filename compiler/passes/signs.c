/* signs.c: quotients and remainders of what is never negative are marked, so that they need no look at the signs:
 *
 *   h := (31*h + a[i]) % 1000003        from h = 7: one unsigned remainder
 *
 * Python's rounding down and C's towards zero differ for negative numbers only. The mark is on the atom: how its operands
 * are computed holds wherever it stands. Comes behind the schedule, whose copies of loops have atoms of their own. */
#include "analysis/analysis.h"
#include "passes/passes.h"

static void mark_size(Size size, const Function *function) {
    const SizeTerm *terms;
    for (int i = 0, count = size_terms(size, &terms); i < count; i++)
        for (int k = 0; k < terms[i].atom_count; k++) {
            Atom *atom = terms[i].atoms[k];
            for (int j = 0; j < atom->arg_count; j++)
                mark_size(atom->args[j], function);
            if ((atom->kind == ATOM_FLOORDIV || atom->kind == ATOM_MOD) && !atom->natural)
                atom->natural = size_is_natural(atom->args[0], function) && size_is_natural(atom->args[1], function);
        }
}

static void ignore_value(Value **value, void *user) {
    (void)value;
    (void)user;
}

static void mark_use(Size *size, void *user) {
    mark_size(*size, user);
}

void pass_signs(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next)
        region_uses(function->body, ignore_value, mark_use, function);
}
