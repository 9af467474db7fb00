/* reduce.c: reductions along axes, statistics as expressions of them, running sums and differences. */
#include "check/call.h"

/* ---- axes ---------------------------------------------------------------------------------- */

static bool add_axis(Call *call, TExpr *item, int rank, Axes *axes) {
    int64_t axis;
    if (is_poison(item) || !constant_int(item, &axis)) {
        if (!is_poison(item))
            diag_help(diag_error(item->span, DIAG_NEEDS_CONSTANT, "an axis is a constant int"), "write the number, or an if "
                      "statement with a call for each axis");
        return false;
    }
    if (axis < -rank || axis >= rank) {
        diag_error(item->span, DIAG_BAD_AXIS, "an array of rank %d has no axis %lld", rank,
                   (long long)axis);
        return false;
    }
    bool *reduced = &axes->reduced[axis < 0 ? axis + rank : axis];
    if (*reduced) {
        diag_error(call->node->span, DIAG_BAD_AXIS, "an axis stands twice");
        return false;
    }
    *reduced = true;
    return true;
}

/* axis= and keepdims=; left out, axis is the parameter's default: None, 0 or -1. */
static bool axes_of(Call *call, int rank, Axes *axes) {
    int k = call_place(call, "axis");
    bool none = strstr(call->info->parameters, "axis=None") != NULL;
    *axes = (Axes){.all = false};
    if (!call_flag_named(call, "keepdims", false, &axes->keep))
        return false;
    axes->all = call->asts[k] ? call->asts[k]->kind == AST_NONE : none;
    for (int axis = 0; axes->all && axis < rank; axis++)
        axes->reduced[axis] = true;
    if (axes->all)
        return true;
    if (!call->asts[k])
        return add_axis(call, texpr_int(call->scope, strstr(call->info->parameters, "axis=-1") ? -1 : 0, call->node->span),
                        rank, axes);
    TExpr *value = call_argument(call, k);
    if (value->kind != TEXPR_TUPLE)
        return add_axis(call, value, rank, axes);
    axes->tuple = true;
    for (int i = 0; i < value->as.tuple.count; i++)
        if (!add_axis(call, value->as.tuple.items[i], rank, axes))
            return false;
    return true;
}

static bool is_one_axis(Call *call, const Axes *axes) {
    if (axes->tuple)
        diag_error(call->node->span, DIAG_BAD_AXIS, "%s takes one axis", call->info->name);
    return !axes->tuple;
}

/* The array of a reduction's first argument. */
static bool is_reducible(Call *call, TExpr *array) {
    if (array->type->kind == TYPE_ARRAY)
        return true;
    call_wrong(call, array, "an array");
    return false;
}

/* ---- one reduction ------------------------------------------------------------------------- */

static bool has_identity(Op op) {
    return op == OP_ADD || op == OP_MUL || op == OP_AND || op == OP_OR || op == OP_XOR || op == OP_LOGICAL_AND ||
           op == OP_LOGICAL_OR || op == OP_LOGICAL_XOR;
}

/* Any order of the axes gives the same kind of result. */
static bool is_reorderable(Op op) {
    return has_identity(op) || op == OP_MINIMUM || op == OP_MAXIMUM || op == OP_FMIN || op == OP_FMAX;
}

/* NumPy adds and multiplies small integers in 64 bits. */
static DType accumulated_dtype(Op op, DType dtype) {
    const DTypeInfo *info = dtype_info(dtype);
    if ((op != OP_ADD && op != OP_MUL) || info->class >= CLASS_FLOAT)
        return dtype;
    return info->class == CLASS_UINT ? DTYPE_U64 : DTYPE_I64;
}

static bool is_logical(Op op) {
    OpRule rule = op_info(op)->rule;
    return rule == RULE_LOGIC;
}

static TExpr *result_of(Call *call, const Axes *axes, TExpr *array, DType dtype) {
    Scope *s = call->scope;
    Size shape[TYPED_RANK_MAX];
    int left = 0;
    TExpr *expr = call_builtin(call, array->type, 1);
    for (int axis = 0; axis < array->type->rank; axis++) {
        if (axes->reduced[axis])
            expr->as.builtin.axes[expr->as.builtin.axis_count++] = axis;
        if (!axes->reduced[axis] || axes->keep)
            shape[left++] = axes->reduced[axis] ? size_const(1) : array->type->shape[axis];
    }
    expr->as.builtin.keepdims = axes->keep;
    expr->as.builtin.arguments[0] = array;
    expr->type = left ? type_array(s->checker, dtype, left, shape, true) : type_scalar(s->checker, dtype, false);
    expr->size = !left && dtype_is_integer(dtype) ? size_fresh("total") : NULL;
    return expr;
}

static void require_elements(Call *call, const Axes *axes, const TExpr *array) {
    for (int axis = 0; axis < array->type->rank; axis++)
        if (axes->reduced[axis])
            require(call->scope, FACT_GE, size_sub(array->type->shape[axis], size_const(1)), "EMPTY_REDUCTION",
                    "an axis that is not empty", call->node->span);
}

/* op over axes of an array of the dtype in which it is done; from `initial` on, which may be NULL. */
static TExpr *reduction(Call *call, Op op, TExpr *array, const Axes *axes, TExpr *initial) {
    if (is_poison(array))
        return array;
    TExpr *expr = result_of(call, axes, array, array->type->dtype);
    expr->as.builtin.info = function_find("np", "sum");
    expr->as.builtin.op = op;
    expr->as.builtin.initial = initial;
    if (!initial && !has_identity(op))
        require_elements(call, axes, array);
    return expr;
}

static bool dtype_named(Call *call, DType *dtype) {
    return !call_given_named(call, "dtype") || call_dtype(call, call_place(call, "dtype"), dtype);
}

/* Elements that a mask leaves out count as the identity, or as the initial value. */
static TExpr *masked(Call *call, Op op, TExpr *array, TExpr *mask, TExpr *initial) {
    Scope *s = call->scope;
    if (!mask)
        return array;
    if (!initial && !has_identity(op)) {
        diag_error(mask->span, DIAG_BAD_CALL, "a reduction without identity needs initial= beside where=");
        return call_poison(call);
    }
    TExpr *neutral = texpr_int(s, op == OP_MUL || op == OP_AND || op == OP_LOGICAL_AND, call->node->span);
    if (op == OP_AND && array->type->dtype != DTYPE_BOOL)
        neutral = texpr_int(s, -1, call->node->span);
    neutral = array->type->dtype == DTYPE_BOOL ? texpr_truth(s, neutral) : neutral;
    TExpr *choice[] = {mask, array, is_reorderable(op) && !has_identity(op) ? initial : neutral};
    return make_op(s, OP_SELECT, choice, call->node->span);
}

static TExpr *initial_value(Call *call, DType dtype) {
    if (!call_given_named(call, "initial"))
        return NULL;
    TExpr *value = call_argument(call, call_place(call, "initial"));
    if (!is_poison(value) && value->type->kind != TYPE_SCALAR)
        return call_wrong(call, value, "a number as initial");
    return texpr_once(call->scope, texpr_cast(call->scope, value, dtype, false));
}

/* The array in the dtype in which the ufunc is done on it; poison after an error. */
static TExpr *operand_of(Call *call, Op op, TExpr *array) {
    Scope *s = call->scope;
    DType dtype = accumulated_dtype(op, array->type->dtype);
    bool bits = (op == OP_AND || op == OP_OR) && strcmp(call->info->module, "ufunc");
    if (is_logical(op) || bits)
        return texpr_truth(s, array);
    if (!dtype_named(call, &dtype))
        return call_poison(call);
    array = texpr_cast(s, array, dtype, false);
    /* What op makes of the dtype must be that dtype again. */
    TExpr *pair[] = {array, array}, *probe = make_op(s, op, pair, call->node->span);
    if (is_poison(probe))
        return probe;
    return texpr_cast(s, array, probe->type->dtype, false);
}

TExpr *reduce_call(Call *call, Op op, TExpr *array) {
    Axes axes;
    if (is_poison(array) || !is_reducible(call, array) || !axes_of(call, array->type->rank, &axes))
        return call_poison(call);
    int count = 0;
    for (int axis = 0; axis < array->type->rank; axis++)
        count += axes.reduced[axis];
    if (count > 1 && !is_reorderable(op)) {
        diag_error(call->node->span, DIAG_BAD_AXIS, "'%s' is not reorderable, so only one axis may be given", op_info(op)->text);
        return call_poison(call);
    }
    OpRule rule = op_info(op)->rule;
    if (rule == RULE_COMPARE) {
        diag_unsupported(call->node->span, "a reduction by a comparison", "a loop");
        return call_poison(call);
    }
    array = operand_of(call, op, array);
    if (is_poison(array))
        return array;
    TExpr *initial = initial_value(call, array->type->dtype);
    if (initial && is_poison(initial))
        return initial;
    TExpr *mask;
    if (!call_mask(call, &mask))
        return call_poison(call);
    if (mask && op == OP_ADD && dtype_info(array->type->dtype)->class >= CLASS_FLOAT)
        return call_out(call, masked_sum(call, array, mask, &axes, initial), NULL);
    array = masked(call, op, array, mask, initial);
    return call_out(call, reduction(call, op, array, &axes, initial), NULL);
}

TExpr *check_reduce(Call *call) {
    return reduce_call(call, (Op)call->info->op, kept_order(call->scope, call_array_like(call, 0)));
}

/* ---- statistics ---------------------------------------------------------------------------- */

static TExpr *op1(Call *call, Op op, TExpr *a) {
    return is_poison(a) ? a : make_op(call->scope, op, &a, call->node->span);
}

static TExpr *op2(Call *call, Op op, TExpr *a, TExpr *b) {
    TExpr *operands[] = {a, b};
    return is_poison(a) ? a : is_poison(b) ? b : make_op(call->scope, op, operands, call->node->span);
}

static TExpr *zero_where(Call *call, TExpr *test, TExpr *value, int64_t zero) {
    TExpr *operands[] = {test, texpr_int(call->scope, zero, call->node->span), value};
    return is_poison(test) || is_poison(value) ? call_poison(call) : make_op(call->scope, OP_SELECT, operands, call->node->span);
}

/* Elements of an axis, or of several. */
static TExpr *reduced_count(Call *call, const TExpr *array, const Axes *axes) {
    Size count = size_const(1);
    for (int axis = 0; axis < array->type->rank; axis++)
        if (axes->reduced[axis])
            count = size_mul(count, array->type->shape[axis]);
    return texpr_size(call->scope, count, NULL, call->node->span);
}

/* sum / count in the sum's dtype, by way of f64 as NumPy divides by its intp. */
static TExpr *divide_by_count(Call *call, TExpr *sum, TExpr *count) {
    Scope *s = call->scope;
    if (is_poison(sum) || is_poison(count))
        return call_poison(call);
    DType dtype = sum->type->dtype, wide = dtype_is_complex(dtype) ? DTYPE_C128 : DTYPE_F64;
    TExpr *quotient = op2(call, OP_DIV, texpr_cast(s, sum, wide, false), texpr_cast(s, count, wide, false));
    return texpr_cast(s, quotient, dtype, false);
}

/* The dtype in which means are taken. */
static bool mean_dtype(Call *call, const TExpr *array, DType *dtype) {
    *dtype = dtype_info(array->type->dtype)->class < CLASS_FLOAT ? DTYPE_F64 : array->type->dtype;
    if (!dtype_named(call, dtype))
        return false;
    bool fits = dtype_info(*dtype)->class >= CLASS_FLOAT;
    if (!fits)
        diag_unsupported(call->node->span, "a mean of integers as an integer", "//");
    return fits;
}

/* The sum of floats that where= leaves. */
static TExpr *sum_of(Call *call, TExpr *array, const Axes *axes) {
    TExpr *mask;
    if (is_poison(array) || !call_mask(call, &mask))
        return call_poison(call);
    return mask ? masked_sum(call, array, mask, axes, NULL) : reduction(call, OP_ADD, array, axes, NULL);
}

/* How many elements where= leaves. */
static TExpr *count_of(Call *call, TExpr *array, const Axes *axes) {
    Scope *s = call->scope;
    TExpr *mask;
    if (!call_mask(call, &mask))
        return call_poison(call);
    if (!mask)
        return reduced_count(call, array, axes);
    if (mask->type->kind == TYPE_SCALAR)
        mask = array_of_scalar(s, mask);
    mask = view_broadcast(s, mask, array->type->rank, array->type->shape, call->node->span);
    return is_poison(mask) ? mask : reduction(call, OP_ADD, texpr_cast(s, mask, DTYPE_I64, false), axes, NULL);
}

static TExpr *mean_of(Call *call, TExpr *array, const Axes *axes) {
    DType dtype;
    if (!mean_dtype(call, array, &dtype))
        return call_poison(call);
    TExpr *sum = sum_of(call, texpr_cast(call->scope, array, dtype, false), axes);
    return divide_by_count(call, sum, count_of(call, array, axes));
}

/* The count less ddof, not below 0. */
static TExpr *freedom(Call *call, TExpr *count) {
    Scope *s = call->scope;
    const char *name = call_given_named(call, "correction") ? "correction" : "ddof";
    TExpr *ddof = call_given_named(call, name) ? call_argument(call, call_place(call, name)) : texpr_int(s, 0, call->node->span);
    if (!is_poison(ddof) && ddof->type->kind != TYPE_SCALAR)
        return call_wrong(call, ddof, "a number as ddof");
    TExpr *rest = op2(call, OP_SUB, count, ddof);
    if (rest->type->kind == TYPE_SCALAR && type_is_python_int(rest->type))
        return make_extreme(s, OP_MAXIMUM, rest, texpr_int(s, 0, call->node->span), call->node->span);
    return op2(call, OP_MAXIMUM, rest, texpr_int(s, 0, call->node->span));
}

static TExpr *squares(Call *call, TExpr *distance) {
    if (is_poison(distance) || !dtype_is_complex(distance->type->dtype))
        return op1(call, OP_SQUARE, distance);
    distance = texpr_once(call->scope, distance);
    return op1(call, OP_REAL, op2(call, OP_MUL, distance, op1(call, OP_CONJ, distance)));
}

static TExpr *var_of(Call *call, TExpr *array, const Axes *axes) {
    DType dtype;
    Axes kept = *axes;
    kept.keep = true;
    if (!mean_dtype(call, array, &dtype))
        return call_poison(call);
    TExpr *mean = mean_of(call, array, &kept);
    TExpr *square = squares(call, op2(call, OP_SUB, texpr_cast(call->scope, array, dtype, false), mean));
    TExpr *count = count_of(call, array, axes);
    if (is_poison(count) || is_poison(square))
        return call_poison(call);
    return divide_by_count(call, sum_of(call, square, axes), freedom(call, texpr_once(call->scope, count)));
}

/* ---- nan left out -------------------------------------------------------------------------- */

static TExpr *numbers_of(Call *call, TExpr *array, int64_t instead) {
    if (dtype_info(array->type->dtype)->class < CLASS_FLOAT)
        return array;
    return zero_where(call, op1(call, OP_ISNAN, array), array, instead);
}

static TExpr *count_of_numbers(Call *call, TExpr *array, const Axes *axes) {
    TExpr *number = op1(call, OP_NOT, op1(call, OP_ISNAN, array));
    return reduction(call, OP_ADD, texpr_cast(call->scope, number, DTYPE_I64, false), axes, NULL);
}

static TExpr *nanmean_of(Call *call, TExpr *array, const Axes *axes) {
    if (dtype_info(array->type->dtype)->class < CLASS_FLOAT)
        return mean_of(call, array, axes);
    TExpr *sum = reduction(call, OP_ADD, numbers_of(call, array, 0), axes, NULL);
    return divide_by_count(call, sum, count_of_numbers(call, array, axes));
}

static TExpr *nanvar_of(Call *call, TExpr *array, const Axes *axes) {
    Scope *s = call->scope;
    Axes kept = *axes;
    kept.keep = true;
    if (dtype_info(array->type->dtype)->class < CLASS_FLOAT)
        return var_of(call, array, axes);
    TExpr *nan = op1(call, OP_ISNAN, array), *mean = nanmean_of(call, array, &kept);
    TExpr *distance = zero_where(call, nan, op2(call, OP_SUB, numbers_of(call, array, 0), mean), 0);
    TExpr *sum = reduction(call, OP_ADD, squares(call, distance), axes, NULL);
    TExpr *rest = freedom(call, texpr_once(s, count_of_numbers(call, array, axes)));
    return is_poison(rest) ? rest : divide_by_count(call, sum, rest);
}

static TExpr *average_of(Call *call, TExpr *array, const Axes *axes) {
    Scope *s = call->scope;
    bool returned;
    if (!call_flag_named(call, "returned", false, &returned) || returned) {
        diag_unsupported(call->node->span, "returned=True", "the sum of the weights");
        return call_poison(call);
    }
    if (!call_given_named(call, "weights"))
        return mean_of(call, array, axes);
    TExpr *weights = call_argument(call, call_place(call, "weights"));
    if (is_poison(weights) || weights->type->kind != TYPE_ARRAY)
        return call_wrong(call, weights, "an array as weights");
    if (weights->type->rank != array->type->rank && weights->type->rank != 1) {
        diag_error(weights->span, DIAG_SHAPE_MISMATCH, "1D weights expected when shapes of a and weights differ.");
        return call_poison(call);
    }
    bool narrow = weights->type->rank < array->type->rank;
    if (narrow && axes->all) {
        diag_error(weights->span, DIAG_BAD_CALL, "Axis must be specified when shapes of a and weights differ.");
        return call_poison(call);
    }
    int axis = 0;
    while (axis < array->type->rank - 1 && !axes->reduced[axis])
        axis++;
    weights = texpr_once(s, weights);
    DType dtype = dtype_promote(array->type->dtype, weights->type->dtype);
    dtype = dtype_info(dtype)->class < CLASS_FLOAT ? DTYPE_F64 : dtype;
    TExpr *spread = narrow ? array_whole(s, weights, 0, array->type->rank - 1 - axis) : weights;
    TExpr *product = op2(call, OP_MUL, texpr_cast(s, array, dtype, false), texpr_cast(s, spread, dtype, false));
    Axes own = *axes;
    if (narrow)
        own = (Axes){.reduced = {true}};
    TExpr *scale = reduction(call, OP_ADD, texpr_cast(s, weights, dtype, false), &own, NULL);
    return op2(call, OP_DIV, reduction(call, OP_ADD, product, axes, NULL), scale);
}

static TExpr *ptp_of(Call *call, TExpr *array, const Axes *axes) {
    return op2(call, OP_SUB, reduction(call, OP_MAXIMUM, array, axes, NULL), reduction(call, OP_MINIMUM, array, axes, NULL));
}

static TExpr *count_nonzero_of(Call *call, TExpr *array, const Axes *axes) {
    Scope *s = call->scope;
    return reduction(call, OP_ADD, texpr_cast(s, texpr_truth(s, array), DTYPE_I64, false), axes, NULL);
}

static TExpr *root_of(Call *call, TExpr *variance) {
    return op1(call, OP_SQRT, variance);
}

static TExpr *std_of(Call *call, TExpr *array, const Axes *axes) {
    return root_of(call, var_of(call, array, axes));
}

static TExpr *nanstd_of(Call *call, TExpr *array, const Axes *axes) {
    return root_of(call, nanvar_of(call, array, axes));
}

static TExpr *nan_reduction(Call *call, TExpr *array) {
    Op op = (Op)call->info->op;
    if (is_poison(array) || !is_reducible(call, array))
        return call_poison(call);
    array = numbers_of(call, array, op == OP_MUL);
    if (!is_poison(array) && array->type->kind == TYPE_SCALAR)
        array = array_of_scalar(call->scope, array);
    return reduce_call(call, op, array);
}

TExpr *check_statistic(Call *call) {
    static const struct {
        const char *name;
        TExpr *(*make)(Call *call, TExpr *array, const Axes *axes);
    } ways[] = {{"mean", mean_of}, {"var", var_of}, {"std", std_of}, {"nanmean", nanmean_of}, {"nanvar", nanvar_of},
                {"nanstd", nanstd_of}, {"average", average_of}, {"ptp", ptp_of}, {"count_nonzero", count_nonzero_of}};
    Axes axes;
    TExpr *array = kept_order(call->scope, call_array_like(call, 0));
    if (!is_poison(array))
        array = texpr_once(call->scope, array);
    if (call->info->op >= 0)
        return nan_reduction(call, array);
    if (is_poison(array) || !is_reducible(call, array) || !axes_of(call, array->type->rank, &axes))
        return call_poison(call);
    bool plain = !strncmp(call->info->name, "nan", 3) || !strcmp(call->info->name, "ptp");
    if (plain && call_given_named(call, "where")) {
        diag_unsupported(call->node->span, "where= here", "a loop");
        return call_poison(call);
    }
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (!strcmp(call->info->name, ways[i].name))
            return call_out(call, ways[i].make(call, array, &axes), NULL);
    BUG("%s is no statistic", call->info->name);
}

/* ---- places of extremes -------------------------------------------------------------------- */

TExpr *check_arg_extreme(Call *call) {
    Scope *s = call->scope;
    Axes axes;
    TExpr *array = call_array_like(call, 0);
    if (is_poison(array) || !is_reducible(call, array) || !axes_of(call, array->type->rank, &axes))
        return call_poison(call);
    Op op = (Op)call->info->op;
    if (dtype_is_complex(array->type->dtype) && (op == OP_FMIN || op == OP_FMAX)) {
        diag_unsupported(call->node->span, "this function of complex numbers", "np.argmax");
        return call_poison(call);
    }
    if (!is_one_axis(call, &axes))
        return call_poison(call);
    TExpr *expr = result_of(call, &axes, array, DTYPE_I64);
    expr->as.builtin.op = op;
    for (int axis = 0; axis < array->type->rank; axis++)
        if (axes.reduced[axis])
            require(s, FACT_GE, size_sub(array->type->shape[axis], size_const(1)), "EMPTY_ARG", "an axis that is not empty",
                    call->node->span);
    return call_out(call, expr, NULL);
}

/* ---- running sums and differences ---------------------------------------------------------- */

TExpr *accumulate_call(Call *call, Op op, TExpr *array) {
    Scope *s = call->scope;
    Axes axes;
    if (is_poison(array) || !is_reducible(call, array) || !axes_of(call, array->type->rank, &axes))
        return call_poison(call);
    if (!is_one_axis(call, &axes))
        return call_poison(call);
    OpRule rule = op_info(op)->rule;
    if (rule == RULE_COMPARE) {
        diag_unsupported(call->node->span, "accumulate by a comparison", "a loop");
        return call_poison(call);
    }
    array = operand_of(call, op, array);
    if (is_poison(array))
        return array;
    int axis = 0;
    while (axis + 1 < array->type->rank && !axes.reduced[axis])
        axis++;
    Size total = reduced_count(call, array, &axes)->size;
    const Type *type = type_array(s->checker, array->type->dtype, axes.all ? 1 : array->type->rank,
                                  axes.all ? &total : array->type->shape, true);
    TExpr *expr = call_builtin(call, type, 1);
    expr->as.builtin.info = function_find("np", "cumsum");
    expr->as.builtin.op = op;
    expr->as.builtin.arguments[0] = array;
    expr->as.builtin.axes[0] = axis;
    expr->as.builtin.axis_count = !axes.all;
    return call_out(call, expr, NULL);
}

TExpr *check_accumulate(Call *call) {
    return accumulate_call(call, (Op)call->info->op, call_array_like(call, 0));
}

/* array[..., from:to] along an axis; negative ends count from the array's end (`to` 0: the end). */
static TExpr *array_cut(Scope *s, TExpr *array, int axis, int64_t from, int64_t to) {
    Size length = size_sub(array->type->shape[axis], size_const(from - to));
    if (prove_ge(s->facts, length, size_const(0)) != PROVED)
        length = size_max(length, size_const(0));
    return view_window(s, array, axis, size_const(from), length, array->span);
}

TExpr *check_diff(Call *call) {
    Scope *s = call->scope;
    Axes axes;
    int64_t times = 1;
    TExpr *array = call_array_like(call, 0);
    if (is_poison(array) || !is_reducible(call, array) || !axes_of(call, array->type->rank, &axes))
        return call_poison(call);
    if (call_given(call, 1) && (!constant_int(call_argument(call, 1), &times) || times < 0 || times > 16))
        return call_wrong(call, call_argument(call, 1), "a small constant n");
    int axis = 0;
    while (axis < array->type->rank - 1 && !axes.reduced[axis])
        axis++;
    for (; times > 0; times--) {
        array = texpr_once(s, array);
        Op op = array->type->dtype == DTYPE_BOOL ? OP_NE : OP_SUB;
        array = op2(call, op, array_cut(s, array, axis, 1, 0), array_cut(s, array, axis, 0, -1));
        if (is_poison(array))
            return array;
    }
    return array;
}
