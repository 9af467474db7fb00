/* solve.c: sizes of a signature found from the shapes of arguments: `n` from `f64[n]`, or from
 * `f64[2 * n + 1]`, where the equation is linear in one variable that is not known yet. */
#include "size/size.h"

typedef struct {
    Atom *const *atoms;
    int known;
    Atom *open;            /* a variable that is not known, and how many there are */
    int opens;
} Unknowns;

static void note_unknown(Atom *atom, void *user) {
    Unknowns *unknowns = user;
    for (int i = 0; i < unknowns->known; i++)
        if (unknowns->atoms[i] == atom)
            return;
    unknowns->open = atom;
    unknowns->opens++;
}

/* The value of the only unknown of wanted == have; NULL where there are more, or it is not linear. */
static Size solve_one(Size wanted, Size have, Atom *const *atoms, const Size *values, int known, Atom **open) {
    Unknowns unknowns = {.atoms = atoms, .known = known};
    int64_t coefficient;
    Size rest;
    size_variables(wanted, note_unknown, &unknowns);
    if (unknowns.opens != 1 || !size_linear_in(wanted, unknowns.open, &coefficient, &rest) || coefficient == 0)
        return NULL;
    *open = unknowns.open;
    rest = size_substitute_all(rest, atoms, values, known);
    if (coefficient < 0)
        return size_floordiv(size_sub(rest, have), size_const(-coefficient));
    return size_floordiv(size_sub(have, rest), size_const(coefficient));
}

int size_solve(const Size *wanted, const Size *have, int count, Atom **atoms, Size *values, int known, int room) {
    for (int plain = 1; plain >= 0; plain--)
        for (int i = 0; i < count && known < room; i++) {
            Atom *open;
            Atom *alone = size_as_atom(wanted[i]);
            if (plain && !(alone && alone->kind == ATOM_VAR))
                continue;
            Size value = solve_one(wanted[i], have[i], atoms, values, known, &open);
            if (!value)
                continue;
            atoms[known] = open;
            values[known++] = value;
            i = plain ? i : -1;
        }
    return known;
}
