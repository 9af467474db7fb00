/* compose.c: functions of NumPy that are expressions of other operations. */
#include "check/call.h"

#include <math.h>

static TExpr *op1(Call *call, Op op, TExpr *a) {
    return is_poison(a) ? a : make_op(call->scope, op, &a, call->node->span);
}

static TExpr *op2(Call *call, Op op, TExpr *a, TExpr *b) {
    TExpr *operands[] = {a, b};
    return is_poison(a) ? a : is_poison(b) ? b : make_op(call->scope, op, operands, call->node->span);
}

static TExpr *choose(Call *call, TExpr *test, TExpr *then, TExpr *otherwise) {
    TExpr *operands[] = {test, then, otherwise};
    if (is_poison(test) || is_poison(then) || is_poison(otherwise))
        return call_poison(call);
    return make_op(call->scope, OP_SELECT, operands, call->node->span);
}

/* A Python float, which takes the dtype of what it meets. */
static TExpr *weak_float(Call *call, double value) {
    TExpr *expr = texpr_new(call->scope, TEXPR_CONST, call->node->span, type_scalar(call->scope->checker, DTYPE_F64, true));
    expr->as.constant.f = value;
    return expr;
}

static TExpr *weak_int(Call *call, int64_t value) {
    return texpr_int(call->scope, value, call->node->span);
}

/* The first argument, a number of NumPy's kind that may be used several times. */
static TExpr *number(Call *call) {
    Scope *s = call->scope;
    TExpr *value = call_argument(call, 0);
    if (is_poison(value))
        return value;
    if (!type_is_number(value->type))
        return call_wrong(call, value, "numbers");
    if (value->type->kind == TYPE_SCALAR)
        value = texpr_cast(s, value, value->type->dtype, false);
    return texpr_once(s, value);
}

static TExpr *flag(Call *call, bool value) {
    return texpr_bool(call->scope, value, call->node->span);
}

/* The same truth for every element. */
static TExpr *all_same(Call *call, TExpr *value, bool truth) {
    return op2(call, truth ? OP_EQ : OP_NE, op1(call, OP_ISNAN, value), op1(call, OP_ISNAN, value));
}

/* ---- parts --------------------------------------------------------------------------------- */

static TExpr *compose_part(Call *call, TExpr *x) {
    bool imag = !strcmp(call->info->name, "imag");
    if (!imag && !dtype_is_complex(x->type->dtype))
        return x;
    return op1(call, imag ? OP_IMAG : OP_REAL, x);
}

static TExpr *compose_angle(Call *call, TExpr *x) {
    bool degrees;
    if (!call_flag_named(call, "deg", false, &degrees))
        return call_poison(call);
    bool complex = dtype_is_complex(x->type->dtype);
    TExpr *angle = op2(call, OP_ATAN2, complex ? op1(call, OP_IMAG, x) : weak_int(call, 0),
                       complex ? op1(call, OP_REAL, x) : x);
    return degrees ? op2(call, OP_MUL, angle, weak_float(call, 180 / 3.14159265358979323846)) : angle;
}

static TExpr *compose_is_real(Call *call, TExpr *x) {
    bool real = !strcmp(call->info->name, "isreal");
    if (!dtype_is_complex(x->type->dtype))
        return all_same(call, x, real);
    return op2(call, real ? OP_EQ : OP_NE, op1(call, OP_IMAG, x), weak_int(call, 0));
}

/* Poison after an error. */
static TExpr *real_floats(Call *call, TExpr *x) {
    if (dtype_is_complex(x->type->dtype))
        return call_wrong(call, x, "real numbers");
    return dtype_is_float(x->type->dtype) ? x : texpr_cast(call->scope, x, DTYPE_F64, false);
}

static TExpr *compose_is_infinite(Call *call, TExpr *x) {
    bool negative = !strcmp(call->info->name, "isneginf");
    x = real_floats(call, x);
    return op2(call, OP_EQ, x, weak_float(call, negative ? -INFINITY : INFINITY));
}

/* ---- limits and rounding ------------------------------------------------------------------- */

/* The k-th bound, under either of its names; NULL where there is none. */
static TExpr *bound(Call *call, const char *name, const char *other) {
    int k = call_given_named(call, name) ? call_place(call, name) : call_place(call, other);
    return k >= 0 && call_given(call, k) ? call_argument(call, k) : NULL;
}

static TExpr *compose_clip(Call *call, TExpr *x) {
    TExpr *low = bound(call, "a_min", "min"), *high = bound(call, "a_max", "max");
    if (low)
        x = op2(call, OP_MAXIMUM, x, low);
    return high ? op2(call, OP_MINIMUM, x, high) : x;
}

/* Both parts of complex numbers are rounded alone. */
static TExpr *round_parts(Call *call, TExpr *x) {
    Checker *c = call->scope->checker;
    DType dtype = x->type->dtype;
    TExpr *parts[] = {round_to(call, op1(call, OP_REAL, x)), round_to(call, op1(call, OP_IMAG, x))};
    if (is_poison(parts[0]) || is_poison(parts[1]))
        return call_poison(call);
    bool array = x->type->kind == TYPE_ARRAY;
    TExpr *expr = texpr_new(call->scope, TEXPR_OP, call->node->span,
                            array ? type_array(c, dtype, x->type->rank, x->type->shape, true)
                                  : type_scalar(c, dtype, x->type->weak));
    expr->as.op.op = OP_COMPLEX;
    expr->as.op.operands[0] = parts[0];
    expr->as.op.operands[1] = parts[1];
    return expr;
}

/* Integers to tens, hundreds, ...: as floats, as NumPy does it. */
static TExpr *round_whole(Call *call, TExpr *x, int64_t decimals) {
    TExpr *factor = weak_float(call, pow(10, (double)-decimals));
    TExpr *whole = op1(call, OP_RINT, op2(call, OP_DIV, texpr_cast(call->scope, x, DTYPE_F64, false), factor));
    return texpr_cast(call->scope, op2(call, OP_MUL, whole, factor), x->type->dtype, false);
}

/* Scaled by a power of ten, as NumPy does it, not Python. */
TExpr *round_to(Call *call, TExpr *x) {
    int64_t decimals = 0;
    bool constant = !call_given(call, 1) || constant_int(call_argument(call, 1), &decimals);
    DTypeClass class = dtype_info(x->type->dtype)->class;
    if (!constant && class == CLASS_FLOAT) {
        TExpr *values[] = {x, call_argument(call, 1)};
        return library_call(call->scope, "round_by", values, 2, call->node->span);
    }
    if (!constant) {
        diag_unsupported(call->node->span, "decimals that are not constant", "np.rint with a factor");
        return call_poison(call);
    }
    if (class < CLASS_FLOAT && decimals >= 0 && class != CLASS_BOOL)
        return op1(call, OP_POSITIVE, x);
    if (class < CLASS_FLOAT && class != CLASS_BOOL && decimals >= -22)
        return round_whole(call, x, decimals);
    if (class < CLASS_FLOAT || decimals < -22 || decimals > 22) {
        diag_unsupported(call->node->span, "rounding this", "np.rint with a factor");
        return call_poison(call);
    }
    if (decimals == 0)
        return op1(call, OP_RINT, x);
    if (class == CLASS_COMPLEX)
        return round_parts(call, x);
    TExpr *factor = weak_float(call, pow(10, (double)(decimals < 0 ? -decimals : decimals)));
    TExpr *whole = op1(call, OP_RINT, op2(call, decimals > 0 ? OP_MUL : OP_DIV, x, factor));
    return op2(call, decimals > 0 ? OP_DIV : OP_MUL, whole, factor);
}

static TExpr *replacement(Call *call, const char *name, double otherwise) {
    return call_given_named(call, name) ? call_argument(call, call_place(call, name)) : weak_float(call, otherwise);
}

static TExpr *compose_nan_to_num(Call *call, TExpr *x) {
    bool copy;
    DType dtype = x->type->dtype;
    double most = dtype == DTYPE_F32 ? 3.40282346638528859812e+38 : 1.79769313486231570815e+308;
    if (!call_flag_named(call, "copy", true, &copy))
        return call_poison(call);
    if (!copy || dtype_is_complex(dtype)) {
        diag_unsupported(call->node->span, copy ? "nan_to_num of complex numbers" : "copy=False", "an assignment to x[...]");
        return call_poison(call);
    }
    if (!dtype_is_float(dtype))
        return x->type->kind == TYPE_ARRAY ? copy_of(call->scope, x, dtype, call->node->span) : x;
    TExpr *high = replacement(call, "posinf", most), *low = replacement(call, "neginf", -most);
    TExpr *value = choose(call, op1(call, OP_ISNAN, x), replacement(call, "nan", 0), x);
    value = choose(call, op2(call, OP_EQ, x, weak_float(call, INFINITY)), high, value);
    value = choose(call, op2(call, OP_EQ, x, weak_float(call, -INFINITY)), low, value);
    return texpr_cast(call->scope, value, dtype, false);
}

static TExpr *compose_sinc(Call *call, TExpr *x) {
    if (dtype_is_complex(x->type->dtype)) {
        diag_unsupported(call->node->span, "sinc of complex numbers", "np.sin(np.pi * z) / (np.pi * z)");
        return call_poison(call);
    }
    x = real_floats(call, x);
    TExpr *zero = op2(call, OP_EQ, x, weak_float(call, 0));
    double least = x->type->dtype == DTYPE_F32 ? 1.1920928955078125e-07 : 2.220446049250313e-16;
    TExpr *y = texpr_once(call->scope, op2(call, OP_MUL, choose(call, zero, weak_float(call, least), x),
                                           weak_float(call, 3.14159265358979323846)));
    return op2(call, OP_DIV, op1(call, OP_SIN, y), y);
}

/* ---- about the same ------------------------------------------------------------------------ */

static TExpr *compose_isclose(Call *call, TExpr *a) {
    Scope *s = call->scope;
    TExpr *b = call_argument(call, 1);
    bool equal_nan;
    if (!call_flag_named(call, "equal_nan", false, &equal_nan))
        return call_poison(call);
    if (is_poison(b) || !type_is_number(b->type))
        return call_wrong(call, b, "numbers");
    if (dtype_info(b->type->dtype)->class < CLASS_FLOAT)
        b = texpr_cast(s, b, DTYPE_F64, b->type->kind == TYPE_SCALAR && b->type->weak);
    b = texpr_once(s, b);
    TExpr *relative = op2(call, OP_MUL, replacement(call, "rtol", 1e-5), op1(call, OP_ABS, b));
    TExpr *most = op2(call, OP_ADD, replacement(call, "atol", 1e-8), relative);
    TExpr *near = op2(call, OP_LE, op1(call, OP_ABS, op2(call, OP_SUB, a, b)), most);
    TExpr *close = op2(call, OP_LOGICAL_AND, near, op1(call, OP_ISFINITE, b));
    close = op2(call, OP_LOGICAL_OR, close, op2(call, OP_EQ, a, b));
    if (!equal_nan)
        return close;
    return op2(call, OP_LOGICAL_OR, close, op2(call, OP_LOGICAL_AND, op1(call, OP_ISNAN, a), op1(call, OP_ISNAN, b)));
}

static TExpr *compose_allclose(Call *call, TExpr *a) {
    TExpr *close = compose_isclose(call, a);
    if (is_poison(close) || close->type->kind == TYPE_SCALAR)
        return is_poison(close) ? close : texpr_cast(call->scope, close, DTYPE_BOOL, true);
    Call all = {.scope = call->scope, .node = call->node, .info = function_find("np", "all")};
    all.values[0] = close;
    return texpr_cast(call->scope, reduce_call(&all, OP_AND, close), DTYPE_BOOL, true);
}

static TExpr *compose_conjugate(Call *call, TExpr *x) {
    return op1(call, OP_CONJ, x);
}

TExpr *check_composed(Call *call) {
    static const struct {
        const char *name;
        TExpr *(*compose)(Call *call, TExpr *x);
    } ways[] = {{"clip", compose_clip}, {"round", round_to}, {"around", round_to}, {"real", compose_part},
                {"imag", compose_part}, {"angle", compose_angle}, {"conj", compose_conjugate},
                {"conjugate", compose_conjugate}, {"nan_to_num", compose_nan_to_num}, {"sinc", compose_sinc},
                {"isposinf", compose_is_infinite}, {"isneginf", compose_is_infinite}, {"isreal", compose_is_real},
                {"iscomplex", compose_is_real}, {"isclose", compose_isclose}, {"allclose", compose_allclose}};
    const char *name = call->info->name;
    TExpr *given = call_argument(call, 0);
    if (is_poison(given))
        return given;
    if (!strcmp(name, "isscalar"))
        return flag(call, given->type->kind == TYPE_SCALAR || given->type->kind == TYPE_STRING);
    if (!strcmp(name, "iscomplexobj") || !strcmp(name, "isrealobj"))
        return flag(call, dtype_is_complex(given->type->dtype) == !strcmp(name, "iscomplexobj"));
    TExpr *x = number(call);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (!strcmp(name, ways[i].name))
            return is_poison(x) ? x : call_out(call, ways[i].compose(call, x), NULL);
    BUG("%s is not composed", name);
}
