/* scalar.c: expressions whose value is a scalar or a string; operations and their checks. */
#include "lower/lowering.h"

#include <math.h>

/* ---- operations ---------------------------------------------------------------------------- */

static Value *compare(Lowering *l, Op op, Value *a, Value *b) {
    return build_let(&l->b, op, DTYPE_BOOL, a, b, NULL);
}

static Value *zero_of(Lowering *l, DType dtype) {
    return build_const(&l->b, dtype, (Scalar){.re = 0, .im = 0});
}

static Value *either(Lowering *l, Value *a, Value *b) {
    return build_let(&l->b, OP_LOGICAL_OR, DTYPE_BOOL, a, b, NULL);
}

static void check_divisor(Lowering *l, Value *divisor) {
    if (divisor->dtype == DTYPE_I64)
        build_check(&l->b, CHECK_NE, value_size(divisor), NULL, FAILURE_ZERO_DIVISION,
                    "a divisor that is not zero");
    else
        check_true(l, compare(l, OP_NE, divisor, zero_of(l, divisor->dtype)), FAILURE_ZERO_DIVISION,
                   "a divisor that is not zero");
}

static void check_power(Lowering *l, Value *base, Value *exponent) {
    DType dtype = base->dtype;
    Value *zero = zero_of(l, dtype);
    Value *whole = compare(l, OP_EQ, exponent, build_let(&l->b, OP_FLOOR, dtype, exponent, NULL, NULL));
    Value *fine = either(l, either(l, compare(l, OP_GE, base, zero), whole), compare(l, OP_NE, exponent, exponent));
    fine = either(l, fine, compare(l, OP_NE, base, base));
    fine = either(l, fine, build_let(&l->b, OP_ISINF, DTYPE_BOOL, base, NULL, NULL));
    check_true(l, fine, FAILURE_COMPLEX_POWER, "a power that is real");
    Value *endless = build_let(&l->b, OP_ISINF, DTYPE_BOOL, exponent, NULL, NULL);
    Value *defined = either(l, either(l, compare(l, OP_NE, base, zero), endless),
                            build_let(&l->b, OP_NOT, DTYPE_BOOL, compare(l, OP_LT, exponent, zero), NULL, NULL));
    check_true(l, defined, FAILURE_ZERO_DIVISION, "zero to a power that is not negative");
}

/* Python's float ** float stops where finite numbers give infinity. */
static Value *check_finite_power(Lowering *l, Value *result, Value *base, Value *exponent) {
    Value *fine = build_let(&l->b, OP_NOT, DTYPE_BOOL, build_let(&l->b, OP_ISINF, DTYPE_BOOL, result, NULL, NULL),
                            NULL, NULL);
    fine = either(l, fine, build_let(&l->b, OP_ISINF, DTYPE_BOOL, base, NULL, NULL));
    fine = either(l, fine, build_let(&l->b, OP_ISINF, DTYPE_BOOL, exponent, NULL, NULL));
    check_true(l, fine, FAILURE_MATH_RANGE, "a power that is finite");
    return result;
}

static Value *int_power(Lowering *l, Value *base, Value *exponent) {
    Value *arguments[] = {base, exponent};
    return runtime_value(l, "mnp_pow_int", arguments, 2, VALUE_SCALAR, DTYPE_I64);
}

static Value *complex_power(Lowering *l, Value *base, Value *exponent) {
    Values arguments = {0}, like = {0};
    for (int i = 0; i < 4; i++) {
        Value *number = i < 2 ? base : exponent;
        values_add(l->arena, &arguments, build_let(&l->b, i % 2 ? OP_IMAG : OP_REAL, DTYPE_F64, number, NULL, NULL));
    }
    for (int i = 0; i < 2; i++)
        values_add(l->arena, &like, value_new(l->module, VALUE_SCALAR, DTYPE_F64, NULL));
    Node *node = build_runtime(&l->b, "mnp_complex_power", &arguments, &like);
    return build_let(&l->b, OP_COMPLEX, DTYPE_C128, node->results.data[0], node->results.data[1], NULL);
}

static bool is_constant(const Value *value, double wanted) {
    if (!value->node || value->node->kind != NODE_CONST)
        return false;
    Scalar scalar = value->node->as.constant.value;
    if (dtype_is_complex(value->dtype))
        return scalar.re == wanted && scalar.im == 0;
    return dtype_is_float(value->dtype) ? scalar.f == wanted : (double)scalar.i == wanted;
}

/* x ** 0.5 of a number, as C's pow has it: no zero has a sign, and -inf is inf. */
static Value *square_root(Lowering *l, DType dtype, Value *x) {
    Value *root = build_let(&l->b, OP_SQRT, dtype, x, NULL, NULL);
    Value *inf = build_const(&l->b, dtype, (Scalar){.f = INFINITY}), *low = build_const(&l->b, dtype, (Scalar){.f = -INFINITY});
    root = build_let(&l->b, OP_ADD, dtype, root, build_const(&l->b, dtype, (Scalar){.f = 0}), NULL);
    return build_let(&l->b, OP_SELECT, dtype, compare(l, OP_EQ, x, low), inf, root);
}

/* Powers of arrays to a number for which NumPy has a shorter way (array_power); NULL for others. */
static Value *short_power(Lowering *l, const TExpr *expr, Value *x, Value *y) {
    DType dtype = expr->type->dtype;
    if (is_constant(y, 2))
        return build_let(&l->b, OP_MUL, dtype, x, x, NULL);
    if (expr->type->kind != TYPE_ARRAY && dtype_is_float(dtype) && is_constant(y, 0.5))
        return square_root(l, dtype, x);
    if (expr->type->kind != TYPE_ARRAY || dtype_info(dtype)->class < CLASS_FLOAT)
        return NULL;
    if (is_constant(y, 1))
        return x;
    Op op = is_constant(y, 0.5) ? OP_SQRT : OP_RECIPROCAL;
    return op == OP_SQRT || is_constant(y, -1) ? build_let(&l->b, op, dtype, x, NULL, NULL) : NULL;
}

/* -2**63 // -1 and abs(-2**63) leave 64 bits. */
static void check_least_int(Lowering *l, Value *value, Value *divisor) {
    Value *least = build_const(&l->b, DTYPE_I64, (Scalar){.i = INT64_MIN});
    Value *fine = compare(l, OP_NE, value, least);
    if (divisor)
        fine = either(l, fine, compare(l, OP_NE, divisor, build_const(&l->b, DTYPE_I64, (Scalar){.i = -1})));
    check_true(l, fine, FAILURE_OVERFLOW, "an int of 64 bits");
}

/* NumPy's integers have no negative powers. */
static void check_exponent(Lowering *l, Value *exponent) {
    if (exponent->node && exponent->node->kind == NODE_CONST && exponent->node->as.constant.value.i >= 0)
        return;
    check_true(l, compare(l, OP_GE, exponent, zero_of(l, exponent->dtype)), FAILURE_NEGATIVE_POWER,
               "a power that is not negative");
}

Value *lower_operation(Lowering *l, const TExpr *expr, Value *const *operands) {
    Op op = expr->as.op.op;
    Value *x = operands[0], *y = operands[1], *z = operands[2];
    DType dtype = expr->type->dtype;
    bool division = op == OP_DIV || op == OP_PYTHON_DIV || op == OP_FLOORDIV || op == OP_MOD;
    if (expr->as.op.python && division)
        check_divisor(l, y);
    if (expr->as.op.python && dtype == DTYPE_I64 && (op == OP_FLOORDIV || op == OP_ABS))
        check_least_int(l, x, op == OP_ABS ? NULL : y);
    if (op == OP_POW && dtype_info(dtype)->class == CLASS_INT && !expr->as.op.python)
        check_exponent(l, y);
    Value *power = op == OP_POW && !expr->as.op.python ? short_power(l, expr, x, y) : NULL;
    if (power)
        return power;
    if (op == OP_POW && expr->as.op.python && dtype == DTYPE_I64)
        return int_power(l, x, y);
    if (op == OP_POW && expr->as.op.python && dtype == DTYPE_C128)
        return complex_power(l, x, y);
    if (op == OP_POW && expr->as.op.python) {
        check_power(l, x, y);
        return check_finite_power(l, build_let(&l->b, OP_C_POW, dtype, x, y, NULL), x, y);
    }
    if ((op == OP_SHL || op == OP_SHR) && expr->as.op.python)
        build_check(&l->b, CHECK_GE, value_size(y), NULL, FAILURE_NEGATIVE_SHIFT, "a shift count");
    return build_let(&l->b, op, dtype, x, y, z);
}

static TExpr *product_of(TExpr *expr) {
    bool product = expr->kind == TEXPR_OP && expr->as.op.op == OP_MUL && !expr->checks &&
                   dtype_is_float(expr->type->dtype);
    return product ? expr : NULL;
}

/* x * y + z, x * y - z, z - x * y and z + x * y; of two products the left one (language.md, 6). */
static Value *try_fma(Lowering *l, TExpr *expr, GetOperand get, void *user) {
    Op op = expr->as.op.op;
    DType dtype = expr->type->dtype;
    if (!l->options->contract || (op != OP_ADD && op != OP_SUB) || !dtype_is_float(dtype))
        return NULL;
    TExpr *left = expr->as.op.operands[0], *right = expr->as.op.operands[1];
    TExpr *product = product_of(left);
    bool on_left = product != NULL;
    if (!product && !(product = product_of(right)))
        return NULL;
    Value *z = on_left ? NULL : get(l, left, user);
    Value *x = get(l, product->as.op.operands[0], user);
    Value *y = get(l, product->as.op.operands[1], user);
    z = on_left ? get(l, right, user) : z;
    if (op == OP_SUB && on_left)
        z = build_let(&l->b, OP_NEG, dtype, z, NULL, NULL);
    else if (op == OP_SUB)
        x = build_let(&l->b, OP_NEG, dtype, x, NULL, NULL);
    return build_let(&l->b, OP_FMA, dtype, x, y, z);
}

Value *lower_fused(Lowering *l, TExpr *expr, GetOperand get, void *user) {
    Value *operands[3] = {NULL, NULL, NULL};
    Value *fma = try_fma(l, expr, get, user);
    if (fma)
        return fma;
    for (int i = 0; i < op_info(expr->as.op.op)->arity; i++)
        operands[i] = get(l, expr->as.op.operands[i], user);
    return lower_operation(l, expr, operands);
}

static Value *get_scalar(Lowering *l, TExpr *expr, void *user) {
    (void)user;
    return lower_scalar(l, expr);
}

/* ---- ints as polynomials ------------------------------------------------------------------- */

/* A // b and a % b by what is known not to be zero, min and max: their operands must be exact. */
static bool needs_exact_operands(Op op) {
    return op == OP_FLOORDIV || op == OP_MOD || op == OP_MINIMUM || op == OP_MAXIMUM;
}

static Value *lower_int(Lowering *l, TExpr *expr) {
    Op op = expr->as.op.op;
    int arity = op_info(op)->arity;
    Value *operands[3] = {NULL, NULL, NULL};
    for (int i = 0; i < arity; i++) {
        operands[i] = lower_scalar(l, expr->as.op.operands[i]);
        if (needs_exact_operands(op) && operands[i]->dtype == DTYPE_I64)
            check_fits(l, value_size(operands[i]));
    }
    Atom *atom = size_as_atom(expr->size);
    bool known = !atom || atom->kind != ATOM_VAR || atom->owner;
    if (known)
        return build_size(&l->b, lower_size(l, expr->size));
    for (int i = 0; i < arity; i++)
        if (operands[i]->dtype == DTYPE_I64)
            check_fits(l, value_size(operands[i]));
    Value *value = lower_operation(l, expr, operands);
    if ((op == OP_SHL || op == OP_MUL) && expr->as.op.python) {
        Value *back = build_let(&l->b, OP_SHR, DTYPE_I64, value, operands[1], NULL);
        if (op == OP_SHL)
            check_true(l, compare(l, OP_EQ, back, operands[0]), FAILURE_OVERFLOW, "an int of 64 bits");
    }
    bind_atom(l, expr->size, value);
    return value;
}

/* ---- strings ------------------------------------------------------------------------------- */

/* A comparison of two strings, or `part in whole`. */
static Value *compare_strings(Lowering *l, TExpr *expr) {
    Op op = expr->as.op.op;
    Lowered a = lower_expr(l, expr->as.op.operands[0]);
    const char *symbol = op == OP_EQ ? "mnp_string_equal" : op == OP_AND ? "mnp_string_has" : "mnp_string_less";
    Value *result;
    Lowered b = lower_expr(l, expr->as.op.operands[1]);
    bool swapped = op == OP_GT || op == OP_LE;
    Lowered left = swapped ? b : a, right = swapped ? a : b;
    Value *arguments[] = {left.value, left.length, right.value, right.length};
    result = runtime_value(l, symbol, arguments, 4, VALUE_SCALAR, DTYPE_I64);
    bool negated = op == OP_LE || op == OP_GE;
    return compare(l, negated ? OP_EQ : OP_NE, result, zero_of(l, DTYPE_I64));
}

/* A float beside the int i: where both are equal as floats, i and the float as an int decide. The float may be
 * 2**63, which no int of 64 bits is. */
static Value *compare_exactly(Lowering *l, TExpr *expr) {
    bool swapped = expr->as.op.operands[1]->kind == TEXPR_CAST &&
                   expr->as.op.operands[1]->as.cast.value->type->dtype == DTYPE_I64;
    TExpr *casts[] = {expr->as.op.operands[0], expr->as.op.operands[1]};
    Value *plain[2], *whole[2];
    for (int i = 0; i < 2; i++) {
        whole[i] = lower_scalar(l, i == swapped ? casts[i]->as.cast.value : casts[i]);
        if (i == swapped)
            check_fits(l, value_size(whole[i]));
        plain[i] = i == swapped ? build_let(&l->b, OP_CAST, DTYPE_F64, whole[i], NULL, NULL) : whole[i];
    }
    Op op = expr->as.op.op;
    Value *same = compare(l, OP_EQ, plain[0], plain[1]), *rough = compare(l, op, plain[0], plain[1]);
    Value *limit = build_f64(&l->b, 0x1p63), *zero = build_f64(&l->b, 0), *one = build_f64(&l->b, 1);
    Value *number = whole[!swapped], *big = compare(l, OP_GE, number, limit);
    whole[!swapped] = build_let(&l->b, OP_CAST, DTYPE_I64, number, NULL, NULL);
    Value *fine = compare(l, op, whole[0], whole[1]);
    /* 2**63 is above every int. */
    Value *above = compare(l, op, swapped ? one : zero, swapped ? zero : one);
    fine = build_let(&l->b, OP_SELECT, DTYPE_BOOL, big, above, fine);
    return build_let(&l->b, OP_SELECT, DTYPE_BOOL, same, fine, rough);
}

static Value *lower_op(Lowering *l, TExpr *expr) {
    if (expr->as.op.operands[0]->type->kind == TYPE_STRING)
        return compare_strings(l, expr);
    if (expr->size)
        return lower_int(l, expr);
    if (expr->as.op.exact)
        return compare_exactly(l, expr);
    if (op_info(expr->as.op.op)->rule == RULE_COMPARE && expr->as.op.operands[0]->size) {
        Value *a = lower_scalar(l, expr->as.op.operands[0]);
        Value *b = lower_scalar(l, expr->as.op.operands[1]);
        check_fits(l, value_size(a));
        check_fits(l, value_size(b));
        return compare(l, expr->as.op.op, a, b);
    }
    return lower_fused(l, expr, get_scalar, NULL);
}

/* ---- control inside expressions ------------------------------------------------------------ */

/* An if whose branches give one value each; `known` ones are there already. */
static Lowered lower_choice(Lowering *l, TExpr *expr, Value *test, TExpr *then, TExpr *otherwise,
                            const Lowered *known_then, const Lowered *known_otherwise) {
    Values like = {0};
    flatten_like(l, expr->type, &like);
    Node *node = build_if(&l->b, test, &like);
    Builder outer = l->b;
    for (int side = 0; side < 2; side++) {
        Region *region = side ? node->as.branch.otherwise : node->as.branch.then;
        const Lowered *known = side ? known_otherwise : known_then;
        Values yields = {0};
        l->b.region = region;
        l->b.before = NULL;
        flatten(l, expr->type, known ? *known : lower_expr(l, side ? otherwise : then), &yields);
        for (int i = 0; i < yields.count; i++)
            if (yields.data[i]->kind == VALUE_ARRAY)
                build_retain(&l->b, yields.data[i]);
        build_yield(region, &yields);
    }
    l->b = outer;
    int next = 0;
    return unflatten(l, expr->type, &node->results, &next);
}

/* As floats, ints are exact up to 2**53. */
static void check_exact(Lowering *l, Size size) {
    Size limit = size_const(INT64_C(1) << 53);
    build_check(&l->b, CHECK_GE, size_sub(limit, size), NULL, FAILURE_WIDE_INT, "an int that a float holds");
    build_check(&l->b, CHECK_GE, size_add(limit, size), NULL, FAILURE_WIDE_INT, "an int that a float holds");
}

static Value *lower_cast(Lowering *l, TExpr *expr) {
    Value *value = lower_scalar(l, expr->as.cast.value);
    lower_checks(l, expr->checks);
    if (value->dtype == expr->type->dtype)
        return value;
    if (value->dtype == DTYPE_I64)
        check_fits(l, value_size(value));
    if (expr->as.cast.exact)
        check_exact(l, value_size(value));
    return build_let(&l->b, OP_CAST, expr->type->dtype, value, NULL, NULL);
}

/* A character of a string. */
static Lowered lower_character(Lowering *l, TExpr *expr) {
    Values arguments = {0}, like = {0};
    Lowered base = lower_expr(l, expr->as.index.base);
    values_add(l->arena, &arguments, base.value);
    values_add(l->arena, &arguments, base.length);
    values_add(l->arena, &arguments, lower_scalar(l, expr->as.index.subscripts[0].index));
    flatten_like(l, expr->type, &like);
    Node *node = build_runtime(&l->b, "mnp_string_item", &arguments, &like);
    return (Lowered){.value = node->results.data[0], .length = node->results.data[1]};
}

/* ---- the dispatcher ------------------------------------------------------------------------ */

static Lowered lower_tuple(Lowering *l, TExpr *expr) {
    Lowered lowered = {.count = expr->as.tuple.count};
    lowered.items = ARENA_ARRAY(l->arena, Lowered, lowered.count);
    for (int i = 0; i < lowered.count; i++)
        lowered.items[i] = lower_expr(l, expr->as.tuple.items[i]);
    return lowered;
}

static Lowered lower_string(Lowering *l, TExpr *expr) {
    Lowered lowered;
    lowered.value = build_string(&l->b, expr->as.string.data, expr->as.string.length);
    lowered.length = build_size(&l->b, size_const((int64_t)expr->as.string.length));
    lowered.items = NULL;
    lowered.count = 0;
    return lowered;
}

static Lowered lower_once(Lowering *l, TExpr *expr) {
    if (!expr->note) {
        Lowered *note = ARENA_NEW(l->arena, Lowered);
        *note = lower_expr(l, expr->as.cast.value);
        expr->note = note;
    }
    return *(Lowered *)expr->note;
}

static Lowered one(Value *value) {
    return (Lowered){.value = value};
}

static Lowered lower_kind(Lowering *l, TExpr *expr) {
    switch (expr->kind) {
    case TEXPR_CONST: return one(build_const(&l->b, expr->type->dtype, expr->as.constant));
    case TEXPR_NONE: return (Lowered){0};
    case TEXPR_STRING: return lower_string(l, expr);
    case TEXPR_VARIABLE: return get_variable(l, expr->as.variable);
    case TEXPR_SIZE:
        if (expr->as.item.tuple)
            lower_expr(l, expr->as.item.tuple);
        return one(build_size(&l->b, lower_size(l, expr->size)));
    case TEXPR_OP:
        return one(expr->type->kind == TYPE_ARRAY ? lower_array(l, expr) : lower_op(l, expr));
    case TEXPR_CAST:
        return one(expr->type->kind == TYPE_ARRAY ? lower_array(l, expr) : lower_cast(l, expr));
    case TEXPR_AND:
    case TEXPR_OR: {
        Lowered left = lower_expr(l, expr->as.logic.left);
        Value *test = left.value->dtype == DTYPE_BOOL ? left.value
                                                      : compare(l, OP_NE, left.value, zero_of(l, left.value->dtype));
        bool is_and = expr->kind == TEXPR_AND;
        return lower_choice(l, expr, test, expr->as.logic.right, expr->as.logic.right, is_and ? NULL : &left,
                            is_and ? &left : NULL);
    }
    case TEXPR_CONDITIONAL:
        return lower_choice(l, expr, lower_scalar(l, expr->as.conditional.test), expr->as.conditional.then,
                            expr->as.conditional.otherwise, NULL, NULL);
    case TEXPR_IOTA:
    case TEXPR_GATHER: return one(lower_array(l, expr));
    case TEXPR_MASK: return lower_masked(l, expr);
    case TEXPR_INDEX: return expr->type->kind == TYPE_STRING ? lower_character(l, expr) : lower_index(l, expr);
    case TEXPR_TUPLE: return lower_tuple(l, expr);
    case TEXPR_ITEM: return lower_expr(l, expr->as.item.tuple).items[expr->as.item.item];
    case TEXPR_BUILTIN: return lower_builtin(l, expr);
    case TEXPR_CALL: return lower_call(l, expr);
    case TEXPR_ONCE: return lower_once(l, expr);
    case TEXPR_BIND: {
        Lowered value = lower_expr(l, expr->as.bind.value);
        set_variable(l, expr->as.bind.variable, value);
        return value;
    }
    case TEXPR_FORMAT: return lower_format(l, expr);
    case TEXPR_LIST: return lower_list(l, expr);
    case TEXPR_RUNTIME: return lower_runtime(l, expr);
    case TEXPR_BLOCK: return lower_statements(l, expr);
    }
    BUG("an expression of kind %d cannot be lowered", (int)expr->kind);
}

Lowered lower_expr(Lowering *l, TExpr *expr) {
    Span outer = l->b.span;
    l->b.span = expr->span;
    if (expr->kind != TEXPR_CAST && !is_elementwise(expr) && expr->kind != TEXPR_CALL && expr->kind != TEXPR_INDEX && expr->kind != TEXPR_OP &&
        expr->kind != TEXPR_BUILTIN && expr->kind != TEXPR_RUNTIME && expr->kind != TEXPR_MASK)
        lower_checks(l, expr->checks);
    Lowered lowered = lower_kind(l, expr);
    if (lowered.value && lowered.value->dtype == DTYPE_I64 && lowered.value->kind == VALUE_SCALAR)
        bind_atom(l, expr->size, lowered.value);
    l->b.span = outer;
    return lowered;
}

Value *lower_scalar(Lowering *l, TExpr *expr) {
    return lower_expr(l, expr).value;
}
