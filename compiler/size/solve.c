/* solve.c: sizes of a signature found from the shapes of arguments: `n` from `f64[n]`, or from
 * `f64[2 * n + 1]`, where the equation is linear in one variable that is not known yet. */
#include "size/size.h"

void equations_add(Equations *equations, Size wanted, Size have) {
    VEC_PUSH(equations->arena, equations->wanted, wanted);
    VEC_PUSH(equations->arena, equations->have, have);
}

Size equations_value(const Equations *equations, const Atom *atom) {
    for (int i = 0; i < equations->atoms.count; i++)
        if (equations->atoms.data[i] == atom)
            return equations->values.data[i];
    return NULL;
}

void equations_know(Equations *equations, Size variable, Size value) {
    Atom *atom = variable ? size_as_atom(variable) : NULL;
    if (!atom || atom->kind != ATOM_VAR || !value || equations_value(equations, atom))
        return;
    VEC_PUSH(equations->arena, equations->atoms, atom);
    VEC_PUSH(equations->arena, equations->values, value);
}

Size equations_apply(const Equations *equations, Size size) {
    return size_substitute_all(size, equations->atoms.data, equations->values.data, equations->atoms.count);
}

typedef struct {
    const Equations *equations;
    Atom *open;            /* a variable that is not known, and how many there are */
    int opens;
} Unknowns;

static void note_unknown(Atom *atom, void *user) {
    Unknowns *unknowns = user;
    if (equations_value(unknowns->equations, atom))
        return;
    unknowns->open = atom;
    unknowns->opens++;
}

/* The value of the only unknown of an equation; NULL where there are more, or it is not linear. */
static Size solve_one(const Equations *equations, int i, Atom **open) {
    Unknowns unknowns = {.equations = equations};
    Size wanted = equations->wanted.data[i], have = equations->have.data[i], rest;
    int64_t coefficient;
    size_variables(wanted, note_unknown, &unknowns);
    if (unknowns.opens != 1 || !size_linear_in(wanted, unknowns.open, &coefficient, &rest) || coefficient == 0)
        return NULL;
    *open = unknowns.open;
    rest = equations_apply(equations, rest);
    if (coefficient < 0)
        return size_floordiv(size_sub(rest, have), size_const(-coefficient));
    return size_floordiv(size_sub(have, rest), size_const(coefficient));
}

static bool is_plain(Size size) {
    const Atom *atom = size_as_atom(size);
    return atom && atom->kind == ATOM_VAR;
}

/* True where the equation gives one more variable. */
static bool learn_from(Equations *equations, int i) {
    Atom *open;
    Size value = solve_one(equations, i, &open);
    if (value)
        equations_know(equations, size_atom(open), value);
    return value != NULL;
}

void equations_solve(Equations *equations) {
    for (int i = 0; i < equations->wanted.count; i++)
        if (is_plain(equations->wanted.data[i]))
            learn_from(equations, i);
    for (int i = 0; i < equations->wanted.count; i++)
        if (learn_from(equations, i))
            i = -1;
}
