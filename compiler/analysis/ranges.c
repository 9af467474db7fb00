/* ranges.c: between which constants an int lies, told by how it is computed: constants, narrow elements, remainders, bits
 * of a mask, and what arithmetic makes of them. Facts say more where they are there; this asks for none (interval
 * arithmetic, as in R. E. Moore, Interval Analysis, 1966). */
#include "analysis/analysis.h"

enum { DEPTH_MAX = 12 };

static bool range_of(const Value *value, int depth, Range *range);
static bool range_of_size(Size size, int depth, Range *range);

static Range hull(Range a, Range b) {
    return (Range){a.least < b.least ? a.least : b.least, a.most > b.most ? a.most : b.most};
}

static bool add_ranges(Range a, Range b, Range *sum) {
    return !__builtin_add_overflow(a.least, b.least, &sum->least) && !__builtin_add_overflow(a.most, b.most, &sum->most);
}

static bool multiply_ranges(Range a, Range b, Range *product) {
    const int64_t left[] = {a.least, a.most}, right[] = {b.least, b.most};
    for (int i = 0; i < 4; i++) {
        int64_t corner;
        if (__builtin_mul_overflow(left[i / 2], right[i % 2], &corner))
            return false;
        *product = i ? hull(*product, (Range){corner, corner}) : (Range){corner, corner};
    }
    return true;
}

/* |x| of what is not the least int. */
static bool magnitude_range(Range of, Range *range) {
    if (of.least == INT64_MIN)
        return false;
    int64_t low = -of.least, high = of.most;
    if (of.least >= 0)
        *range = of;
    else if (of.most <= 0)
        *range = (Range){-of.most, low};
    else
        *range = (Range){0, low > high ? low : high};
    return true;
}

/* What an integer dtype of at most 32 bits holds. */
static bool dtype_range(DType dtype, Range *range) {
    const DTypeInfo *info = dtype_info(dtype);
    if (info->bytes > 4 || (info->class != CLASS_INT && info->class != CLASS_UINT && info->class != CLASS_BOOL))
        return false;
    int bits = info->class == CLASS_BOOL ? 1 : 8 * info->bytes;
    range->least = info->class == CLASS_INT ? -(INT64_C(1) << (bits - 1)) : 0;
    range->most = info->class == CLASS_INT ? -range->least - 1 : (INT64_C(1) << bits) - 1;
    return true;
}

/* The range of the extreme of two: of a maximum where `largest`. */
static Range extreme_range(Range a, Range b, bool largest) {
    Range outer = hull(a, b);
    if (largest)
        outer.least = a.least > b.least ? a.least : b.least;
    else
        outer.most = a.most < b.most ? a.most : b.most;
    return outer;
}

/* x // d for d > 0. */
static Range quotient_range(Range of, int64_t divisor) {
    return (Range){of.least / divisor - (of.least % divisor < 0), of.most / divisor - (of.most % divisor < 0)};
}

static bool range_of_let(const Node *node, int depth, Range *range) {
    Op op = node->as.let.op;
    Value *const *operands = node->as.let.operands;
    Range a, b;
    int64_t divisor;
    switch ((int)op) {
    case OP_CAST:
        return operands[0]->dtype == DTYPE_I64 ? range_of(operands[0], depth, range)
                                               : dtype_range(operands[0]->dtype, range);
    case OP_ABS: return range_of(operands[0], depth, &a) && magnitude_range(a, range);
    case OP_MINIMUM: case OP_MAXIMUM:
        if (!range_of(operands[0], depth, &a) || !range_of(operands[1], depth, &b))
            return false;
        *range = extreme_range(a, b, op == OP_MAXIMUM);
        return true;
    case OP_AND:   /* of a mask that is not negative */
        for (int i = 0; i < 2; i++)
            if (range_of(operands[i], depth, &a) && a.least >= 0) {
                *range = (Range){0, a.most};
                return true;
            }
        return false;
    case OP_SHR:
        if (!range_of(operands[0], depth, &a) || !size_is_const(value_size(operands[1]), &divisor) || divisor < 0)
            return false;
        divisor = divisor > 63 ? 63 : divisor;
        *range = (Range){a.least >> divisor, a.most >> divisor};
        return true;
    case OP_FLOORDIV: case OP_MOD:
        if (!size_is_const(value_size(operands[1]), &divisor) || divisor <= 0)
            return false;
        if (op == OP_FLOORDIV && !range_of(operands[0], depth, &a))
            a = (Range){INT64_MIN, INT64_MAX};
        *range = op == OP_MOD ? (Range){0, divisor - 1} : quotient_range(a, divisor);
        return true;
    default: return false;
    }
}

static bool range_of(const Value *value, int depth, Range *range) {
    const Node *node = value->node;
    Value *pair[2], *test;
    Range other;
    if (depth > DEPTH_MAX || value->kind != VALUE_SCALAR || value->dtype != DTYPE_I64 || !node || value->is_head)
        return false;
    if (value->is_iv) {
        if (!range_of_size(node->as.loop.lo, depth + 1, range) || !range_of_size(node->as.loop.hi, depth + 1, &other) ||
            other.most == INT64_MIN)
            return false;
        range->most = other.most - 1;
        return true;
    }
    if (value_alternatives(value, pair, &test)) {
        if (!range_of(pair[0], depth + 1, range) || !range_of(pair[1], depth + 1, &other))
            return false;
        *range = hull(*range, other);
        return true;
    }
    if (node->kind == NODE_LET)
        return range_of_let(node, depth + 1, range);
    if (node->kind == NODE_CONST)
        *range = (Range){node->as.constant.value.i, node->as.constant.value.i};
    return node->kind == NODE_CONST || (node->kind == NODE_SIZE && range_of_size(node->as.size.size, depth + 1, range));
}

static bool range_of_extreme(const Atom *atom, int depth, Range *range) {
    Range next;
    for (int i = 0; i < atom->arg_count; i++) {
        if (!range_of_size(atom->args[i], depth, &next))
            return false;
        *range = i ? extreme_range(*range, next, atom->kind == ATOM_MAX) : next;
    }
    return atom->arg_count > 0;
}

static bool range_of_atom(Atom *atom, int depth, Range *range) {
    const Value *value;
    Range of;
    int64_t divisor;
    switch (atom->kind) {
    case ATOM_VAR: return (value = atom_value(atom)) != NULL && range_of(value, depth, range);
    case ATOM_MIN: case ATOM_MAX: return range_of_extreme(atom, depth, range);
    case ATOM_FLOORDIV: case ATOM_MOD:
        if (!size_is_const(atom->args[1], &divisor) || divisor <= 0)
            return false;
        if (atom->kind == ATOM_FLOORDIV && !range_of_size(atom->args[0], depth, &of))
            of = (Range){INT64_MIN, INT64_MAX};
        *range = atom->kind == ATOM_MOD ? (Range){0, divisor - 1} : quotient_range(of, divisor);
        return true;
    case ATOM_RAW: return false;
    }
    return false;
}

static bool range_of_size(Size size, int depth, Range *range) {
    const SizeTerm *terms;
    Range sum = {0, 0};
    if (depth > DEPTH_MAX)
        return false;
    for (int i = 0, count = size_terms(size, &terms); i < count; i++) {
        Range product = {terms[i].coefficient, terms[i].coefficient}, factor;
        for (int k = 0; k < terms[i].atom_count; k++)
            if (!range_of_atom(terms[i].atoms[k], depth + 1, &factor) || !multiply_ranges(product, factor, &product))
                return false;
        if (!add_ranges(sum, product, &sum))
            return false;
    }
    *range = sum;
    return true;
}

bool value_range(const Value *value, Range *range) {
    return range_of(value, 0, range);
}

bool size_range(Size size, Range *range) {
    return range_of_size(size, 0, range);
}

/* The relation holds between any two ints of the ranges. */
static bool surely(Op op, Range a, Range b) {
    switch ((int)op) {
    case OP_EQ: return a.least == b.most && a.most == b.least;
    case OP_NE: return a.most < b.least || a.least > b.most;
    case OP_LT: return a.most < b.least;
    case OP_LE: return a.most <= b.least;
    case OP_GT: return a.least > b.most;
    case OP_GE: return a.least >= b.most;
    default: return false;
    }
}

bool always_holds(const Value *test) {
    const Node *node = test->is_head ? NULL : test->node;
    if (!node)
        return false;
    if (node->kind == NODE_CONST)
        return node->as.constant.value.i;
    if (node->kind != NODE_LET)
        return false;
    Value *const *operands = node->as.let.operands;
    Op op = node->as.let.op;
    Range a, b;
    if (op == OP_LOGICAL_OR)
        return always_holds(operands[0]) || always_holds(operands[1]);
    if (op == OP_LOGICAL_AND)
        return always_holds(operands[0]) && always_holds(operands[1]);
    return op_info(op)->rule == RULE_COMPARE && value_range(operands[0], &a) && value_range(operands[1], &b) &&
           surely(op, a, b);
}
