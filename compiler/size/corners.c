/* corners.c: bounds of products over a box of constants. A polynomial in which no variable stands twice in a product is
 * linear along each of them: its extremes are at corners of the box that the variables' bounds make.
 *
 *   a, b, k in [0, 255]:   0 <= a * k + b * (255 - k) <= 65025
 *
 * A quotient by a constant goes to the other side of the comparison: r + p // d >= 0 is p + d * r >= 0. Everything that
 * is no variable is taken as one, with its own bounds. */
#include "size/size.h"

enum { VARIABLES_MAX = 8, TERMS_MAX = 32, DEEP_MAX = 4 };

static const int64_t BOUND_MAX = INT64_C(1) << 18;   /* three of them, and all terms, stay in 64 bits */

typedef struct {
    const Atom *atoms[VARIABLES_MAX];
    int64_t lo[VARIABLES_MAX], hi[VARIABLES_MAX];
    int count;
} Box;

static int place_of(const Box *box, const Atom *atom) {
    for (int i = 0; i < box->count; i++)
        if (box->atoms[i] == atom)
            return i;
    return -1;
}

static bool add_variable(Box *box, Facts *facts, Atom *atom) {
    if (place_of(box, atom) >= 0)
        return true;
    if (box->count == VARIABLES_MAX)
        return false;
    int64_t *lo = &box->lo[box->count], *hi = &box->hi[box->count];
    prove_bounds(facts, size_atom(atom), lo, hi);
    box->atoms[box->count++] = atom;
    return *lo >= -BOUND_MAX && *hi <= BOUND_MAX && *lo <= *hi;
}

/* The box of a polynomial's variables; false where it has none. */
static bool find_box(Facts *facts, Size size, Box *box) {
    const SizeTerm *terms;
    int count = size_terms(size, &terms);
    box->count = 0;
    for (int i = 0; i < count; i++) {
        if (terms[i].atom_count > 2 || terms[i].coefficient > BOUND_MAX || terms[i].coefficient < -BOUND_MAX)
            return false;
        for (int k = 0; k < terms[i].atom_count; k++)
            if ((k && terms[i].atoms[k] == terms[i].atoms[k - 1]) || !add_variable(box, facts, terms[i].atoms[k]))
                return false;
    }
    return count <= TERMS_MAX;
}

/* Bit i of `corner`: variable i has its upper bound. */
static int64_t at_corner(const Box *box, Size size, int corner) {
    const SizeTerm *terms;
    int64_t sum = 0;
    for (int i = 0, count = size_terms(size, &terms); i < count; i++) {
        int64_t product = terms[i].coefficient;
        for (int k = 0; k < terms[i].atom_count; k++) {
            int at = place_of(box, terms[i].atoms[k]);
            product *= corner >> at & 1 ? box->hi[at] : box->lo[at];
        }
        sum += product;
    }
    return sum;
}

bool corner_bounds(Facts *facts, Size size, int64_t *lo, int64_t *hi) {
    Box box;
    if (!find_box(facts, size, &box))
        return false;
    *lo = INT64_MAX;
    *hi = INT64_MIN;
    for (int corner = 0; corner < 1 << box.count; corner++) {
        int64_t value = at_corner(&box, size, corner);
        *lo = value < *lo ? value : *lo;
        *hi = value > *hi ? value : *hi;
    }
    return true;
}

/* The quotient by a constant that the size has once, alone in its term with factor 1 or -1; 0: there is none. */
static int64_t find_quotient(Size size, Atom **quotient) {
    const SizeTerm *terms;
    int64_t divisor;
    for (int i = 0, count = size_terms(size, &terms); i < count; i++) {
        Atom *atom = terms[i].atom_count == 1 ? terms[i].atoms[0] : NULL;
        if (!atom || atom->kind != ATOM_FLOORDIV || !size_is_const(atom->args[1], &divisor) || divisor <= 0 ||
            divisor > BOUND_MAX || (terms[i].coefficient != 1 && terms[i].coefficient != -1))
            continue;
        *quotient = atom;
        return terms[i].coefficient * divisor;
    }
    return 0;
}

/* r + p // d >= 0  is  p + d * r >= 0;  r - p // d >= 0  is  d * r + d - 1 - p >= 0. */
static bool holds(Facts *facts, Size size, int depth) {
    Atom *quotient;
    int64_t lo, hi, factor = find_quotient(size, &quotient);
    if (corner_bounds(facts, size, &lo, &hi) && lo >= 0)
        return true;
    if (!factor || depth == DEEP_MAX)
        return false;
    Size rest = size_sub(size, size_scale(size_atom(quotient), factor > 0 ? 1 : -1));
    Size without = factor > 0 ? size_add(size_scale(rest, factor), quotient->args[0])
                              : size_sub(size_add(size_scale(rest, -factor), size_const(-factor - 1)), quotient->args[0]);
    return holds(facts, without, depth + 1);
}

bool prove_at_corners(Facts *facts, Size size) {
    return holds(facts, size, 0);
}
