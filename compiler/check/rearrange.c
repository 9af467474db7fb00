/* rearrange.c: calls that show an array's elements in another shape, or reduce its axes. */
#include "check/call.h"

/* ---- views --------------------------------------------------------------------------------- */

static Size element_count(const Type *type) {
    Size count = size_const(1);
    for (int axis = 0; axis < type->rank; axis++)
        count = size_mul(count, type->shape[axis]);
    return count;
}

/* The items of a.reshape(n, m) or a.reshape((n, m)). */
static bool recall_shape(Call *call, TExpr **items, int *count) {
    const Ast *arg = call->node->as.call.arguments;
    if (!call->receiver && arg)
        arg = arg->next;
    for (; arg; arg = arg->next) {
        TExpr *value = check_expr(call->scope, arg);
        if (is_poison(value) || *count > TYPED_RANK_MAX || !call_shape(call, value, items, count))
            return false;
    }
    return *count > 0 && *count <= TYPED_RANK_MAX;
}

TExpr *check_reshape(Call *call) {
    Scope *s = call->scope;
    TExpr *array = check_expr(s, call->receiver ? call->receiver : call->node->as.call.arguments);
    TExpr *items[2 * TYPED_RANK_MAX + 2];
    Size shape[TYPED_RANK_MAX], product = size_const(1), total;
    int rank = 0, unknown = -1;
    int64_t value;
    if (is_poison(array) || array->type->kind != TYPE_ARRAY)
        return call_wrong(call, array, "an array");
    total = element_count(array->type);
    if (call->info->op == 1) {
        rank = 1;
        items[0] = texpr_size(s, total, NULL, call->node->span);
    } else if (!recall_shape(call, items, &rank)) {
        return call_poison(call);
    }
    for (int i = 0; i < rank; i++) {
        shape[i] = items[i]->size;
        if (constant_int(items[i], &value) && value == -1)
            unknown = i;
        else
            product = size_mul(product, shape[i]);
    }
    if (unknown >= 0 && (!size_is_const(product, &value) || value <= 0)) {
        diag_unsupported(call->node->span, "-1 beside sizes that are not constant", "the size");
        return call_poison(call);
    }
    if (unknown >= 0) {
        shape[unknown] = size_floordiv(total, product);
        product = size_mul(product, shape[unknown]);
    }
    require(s, FACT_EQ, size_sub(total, product), "RESHAPE", "sizes of the reshape",
            call->node->span);
    if (!array->type->contiguous) {
        TExpr *copy = call_builtin(call, type_array(s->checker, array->type->dtype,
                                                   array->type->rank, array->type->shape, true), 1);
        copy->as.builtin.info = function_find("np", "copy");
        copy->as.builtin.arguments[0] = array;
        array = copy;
    }
    TExpr *expr = call_builtin(call, type_array(s->checker, array->type->dtype, rank, shape, true),
                              rank + 1);
    expr->as.builtin.arguments[0] = array;
    for (int i = 0; i < rank; i++)
        expr->as.builtin.arguments[i + 1] = items[i];
    return expr;
}

TExpr *check_transpose_call(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_argument(call, 0);
    if (array->type->kind != TYPE_ARRAY)
        return call_wrong(call, array, "an array");
    int rank = array->type->rank, count = 0;
    TExpr *items[2 * TYPED_RANK_MAX + 2];
    const Ast *arg = call->node->as.call.arguments;
    bool plain = call->receiver ? !arg : !arg->next;
    if (!plain && (!recall_shape(call, items, &count) || count != rank))
        return call_wrong(call, array, "as many axes as the array has");
    Size shape[TYPED_RANK_MAX];
    TExpr *expr = call_builtin(call, array->type, 1);
    for (int i = 0; i < rank; i++) {
        int64_t axis = rank - 1 - i;
        if (!plain && !constant_int(items[i], &axis))
            return call_wrong(call, items[i], "constant axes");
        axis = axis < 0 ? axis + rank : axis;
        if (axis < 0 || axis >= rank) {
            diag_error(call->node->span, DIAG_BAD_AXIS, "an array of rank %d has no such axis", rank);
            return call_poison(call);
        }
        expr->as.builtin.axes[i] = (int)axis;
        shape[i] = array->type->shape[axis];
    }
    expr->type = type_array(s->checker, array->type->dtype, rank, shape, false);
    expr->as.builtin.axis_count = rank;
    expr->as.builtin.arguments[0] = array;
    return expr;
}

/* ---- reductions ---------------------------------------------------------------------------- */

static bool add_axis(Call *call, TExpr *item, int rank, bool *reduced) {
    int64_t axis;
    if (is_poison(item) || !constant_int(item, &axis)) {
        if (!is_poison(item))
            diag_error(item->span, DIAG_NEEDS_CONSTANT, "an axis is a constant int");
        return false;
    }
    if (axis < -rank || axis >= rank) {
        diag_error(item->span, DIAG_BAD_AXIS, "an array of rank %d has no axis %lld", rank,
                   (long long)axis);
        return false;
    }
    (void)call;
    reduced[axis < 0 ? axis + rank : axis] = true;
    return true;
}

static bool axis_argument(Call *call, int rank, bool *reduced) {
    if (!call_given(call, 1)) {
        for (int axis = 0; axis < rank; axis++)
            reduced[axis] = true;
        return true;
    }
    TExpr *value = call_argument(call, 1);
    if (value->kind != TEXPR_TUPLE)
        return add_axis(call, value, rank, reduced);
    for (int i = 0; i < value->as.tuple.count; i++)
        if (!add_axis(call, value->as.tuple.items[i], rank, reduced))
            return false;
    return true;
}

static DType reduced_dtype(int op, DType dtype) {
    DTypeClass class = dtype_info(dtype)->class;
    if (op == OP_AND || op == OP_OR)
        return DTYPE_BOOL;
    if (op == OP_DIV)
        return class == CLASS_FLOAT ? dtype : DTYPE_F64;
    if (op == OP_ADD || op == OP_MUL)
        return class == CLASS_FLOAT ? dtype : class == CLASS_UINT ? DTYPE_U64 : DTYPE_I64;
    return dtype;
}

TExpr *check_reduce(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_argument(call, 0);
    bool reduced[TYPED_RANK_MAX] = {false}, keep = false;
    if (array->type->kind != TYPE_ARRAY)
        return call_wrong(call, array, "an array");
    if (dtype_is_complex(array->type->dtype)) {
        diag_unsupported(call->node->span, "a reduction of complex numbers", "a loop");
        return call_poison(call);
    }
    int rank = array->type->rank, left = 0, op = call->info->op;
    if (!axis_argument(call, rank, reduced))
        return call_poison(call);
    if (call->asts[2]) {
        keep = call->asts[2]->kind == AST_TRUE;
        if (!keep && call->asts[2]->kind != AST_FALSE)
            return call_wrong(call, call_argument(call, 2), "a constant keepdims");
    }
    Size shape[TYPED_RANK_MAX];
    DType dtype = reduced_dtype(op, array->type->dtype);
    TExpr *expr = call_builtin(call, array->type, 1);
    for (int axis = 0; axis < rank; axis++) {
        if (reduced[axis])
            expr->as.builtin.axes[expr->as.builtin.axis_count++] = axis;
        if (!reduced[axis] || keep)
            shape[left++] = reduced[axis] ? size_const(1) : array->type->shape[axis];
        if (reduced[axis] && (op == OP_MINIMUM || op == OP_MAXIMUM))
            require(s, FACT_GE, size_sub(array->type->shape[axis], size_const(1)),
                    "EMPTY_REDUCTION", "an axis that is not empty", call->node->span);
    }
    expr->as.builtin.keepdims = keep;
    bool convert = op == OP_AND || op == OP_OR;
    if (convert && array->type->dtype != DTYPE_BOOL)
        array = texpr_truth(s, array);
    else if (op == OP_ADD || op == OP_MUL || op == OP_DIV)
        array = texpr_cast(s, array, dtype, false);
    expr->as.builtin.arguments[0] = array;
    expr->type = left ? type_array(s->checker, dtype, left, shape, true)
                      : type_scalar(s->checker, dtype, false);
    expr->size = NULL;
    if (!left && dtype_is_integer(dtype))
        expr->size = size_fresh("total");
    return expr;
}
