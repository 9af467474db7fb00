/* rearrange.c: calls that reduce an array's axes. */
#include "check/call.h"

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
