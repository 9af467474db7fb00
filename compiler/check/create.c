/* create.c: calls that make arrays: np.zeros and its like, np.arange, np.array, copies. */
#include "check/call.h"

/* ---- dtypes and shapes --------------------------------------------------------------------- */

bool call_dtype(Call *call, int k, DType *dtype) {
    return dtype_of_node(call->scope, call->asts[k], dtype);
}

/* Shape items: an int or a tuple of ints; `known`: -1 stands for what is left of so many elements. */
bool call_shape(Call *call, TExpr *value, TExpr **items, int *count) {
    if (value->type->kind == TYPE_TUPLE) {
        if (value->type->count > TYPED_RANK_MAX)
            return false;
        if (value->kind != TEXPR_TUPLE)
            value = texpr_once(call->scope, value);
        for (int i = 0; i < value->type->count; i++)
            items[(*count)++] = tuple_item(call->scope, value, i, value->span);
    } else {
        items[(*count)++] = value;
    }
    for (int i = 0; i < *count; i++) {
        if (!type_is_int(items[i]->type)) {
            call_wrong(call, items[i], "a shape of ints");
            return false;
        }
        items[i] = texpr_cast(call->scope, items[i], DTYPE_I64, true);
    }
    return true;
}

static void require_size(Call *call, Size size, Span span) {
    TCheck *check = require(call->scope, FACT_GE, size, "NEGATIVE_SIZE", "the size of an axis", span);
    check->values[0] = size;
}

/* ---- creation ------------------------------------------------------------------------------ */

TExpr *check_fill(Call *call) {
    Scope *s = call->scope;
    bool like = strstr(call->info->name, "_like") != NULL, full = call->info->op == 2;
    TExpr *items[TYPED_RANK_MAX + 1], *first = call_argument(call, 0), *value = NULL;
    Size shape[TYPED_RANK_MAX];
    int rank = 0, dtype_at = full ? 2 : 1;
    DType dtype = DTYPE_F64;
    if (is_poison(first))
        return first;
    if (full && is_poison(value = call_argument(call, 1)))
        return value;
    if (full)
        dtype = value->type->dtype;
    if (like) {
        if (first->type->kind != TYPE_ARRAY)
            return call_wrong(call, first, "an array");
        rank = first->type->rank;
        memcpy(shape, first->type->shape, sizeof shape);
        dtype = first->type->dtype;
    } else if (!call_shape(call, first, items, &rank)) {
        return call_poison(call);
    }
    for (int i = 0; i < rank && !like; i++) {
        shape[i] = items[i]->size;
        require_size(call, shape[i], items[i]->span);
    }
    if (call_given(call, dtype_at) && !call_dtype(call, dtype_at, &dtype))
        return call_poison(call);
    TExpr *expr = call_builtin(call, type_array(s->checker, dtype, rank, shape, true), rank + 1);
    if (full)
        expr->as.builtin.arguments[0] = texpr_cast(s, value, dtype, false);
    for (int i = 0; i < rank; i++)
        expr->as.builtin.arguments[i + 1] = like ? (i ? NULL : first) : items[i];
    return expr;
}

/* The rounds of ints from start to stop: a polynomial where the step's sign is known; else NULL, the
 * run counts. */
static Size arange_count(Scope *s, Size start, Size stop, Size step) {
    int sign = sign_of(s, step);
    if (!sign)
        return NULL;
    Size span = sign > 0 ? size_sub(stop, start) : size_sub(start, stop), by = sign > 0 ? step : size_neg(step);
    Size count = size_floordiv(size_add(span, size_sub(by, size_const(1))), by);
    return prove_ge(s->facts, count, size_const(0)) == PROVED ? count : size_max(count, size_const(0));
}

TExpr *check_arange(Call *call) {
    Scope *s = call->scope;
    TExpr *bounds[3] = {texpr_int(s, 0, call->node->span), call_argument(call, 0), texpr_int(s, 1, call->node->span)};
    bool ints = true, python = true;
    int64_t by;
    if (call_given(call, 1)) {
        bounds[0] = bounds[1];
        bounds[1] = call_argument(call, 1);
    }
    if (call_given(call, 2))
        bounds[2] = call_argument(call, 2);
    for (int i = 0; i < 3; i++) {
        if (bounds[i]->type->kind != TYPE_SCALAR)
            return call_wrong(call, bounds[i], "numbers");
        ints &= !dtype_is_float(bounds[i]->type->dtype);
        python &= bounds[i]->type->weak;
    }
    if (constant_int(bounds[2], &by) && by == 0) {
        diag_error(call->node->span, DIAG_ALWAYS_FAILS, "a step is not zero");
        return call_poison(call);
    }
    DType dtype = ints ? DTYPE_I64 : DTYPE_F64;
    if (call_given(call, 3) && !call_dtype(call, 3, &dtype))
        return call_poison(call);
    if (dtype == DTYPE_BOOL) {
        diag_unsupported(call->node->span, "np.arange of bools", "np.array");
        return call_poison(call);
    }
    for (int i = 0; i < 3; i++)
        bounds[i] = texpr_cast(s, bounds[i], ints ? DTYPE_I64 : DTYPE_F64, true);
    Size count = ints ? arange_count(s, bounds[0]->size, bounds[1]->size, bounds[2]->size) : NULL;
    if (!count)
        count = size_fresh("length");
    TExpr *expr = call_builtin(call, type_array(s->checker, dtype, 1, &count, true), 3);
    memcpy(expr->as.builtin.arguments, bounds, sizeof bounds);
    expr->as.builtin.python = python;
    return expr;
}

/* Flattens a nested list literal; the shape follows the first items at each level. */
static bool flatten(Call *call, const Ast *node, int depth, int64_t *shape, int *rank,
                    TExpr ***items, int *count, int *capacity) {
    Arena *arena = call->scope->checker->arena;
    if (node->kind == AST_LIST || node->kind == AST_TUPLE) {
        if (depth == TYPED_RANK_MAX)
            return false;
        if (depth >= *rank) {
            shape[depth] = node->as.list.count;
            *rank = depth + 1;
        }
        if (shape[depth] != node->as.list.count) {
            diag_error(node->span, DIAG_SHAPE_MISMATCH, "rows of different lengths: %d and %lld",
                       node->as.list.count, (long long)shape[depth]);
            return false;
        }
        for (const Ast *item = node->as.list.items; item; item = item->next)
            if (!flatten(call, item, depth + 1, shape, rank, items, count, capacity))
                return false;
        return true;
    }
    TExpr *value = check_expr(call->scope, node);
    if (is_poison(value))
        return false;
    if (value->type->kind != TYPE_SCALAR || depth != *rank) {
        diag_unsupported(node->span, "this in an array's literal", "scalars in lists");
        return false;
    }
    if (*count == *capacity)
        *items = arena_grow(arena, *items, sizeof **items, *count, capacity);
    (*items)[(*count)++] = value;
    return true;
}

TExpr *check_array(Call *call) {
    Scope *s = call->scope;
    const Ast *object = call->asts[0];
    int64_t extents[TYPED_RANK_MAX];
    Size shape[TYPED_RANK_MAX];
    TExpr **items = NULL;
    int rank = 0, count = 0, capacity = 0;
    DType dtype = DTYPE_F64;
    if (!object || (object->kind != AST_LIST && object->kind != AST_TUPLE)) {
        TExpr *value = call_argument(call, 0);
        if (value->type->kind != TYPE_ARRAY)
            return call_wrong(call, value, "an array or a list");
        dtype = value->type->dtype;
        if (call_given(call, 1) && !call_dtype(call, 1, &dtype))
            return call_poison(call);
        if (call->info->op == 0 && dtype == value->type->dtype)
            return value;
        TExpr *copy = call_builtin(call, type_array(s->checker, dtype, value->type->rank,
                                                   value->type->shape, true), 1);
        copy->as.builtin.info = function_find("array", "astype");
        copy->as.builtin.arguments[0] = value;
        return copy;
    }
    if (!flatten(call, object, 0, extents, &rank, &items, &count, &capacity))
        return call_poison(call);
    bool floats = count == 0, ints = false;
    for (int i = 0; i < count; i++) {
        floats |= dtype_is_float(items[i]->type->dtype);
        ints |= dtype_is_integer(items[i]->type->dtype);
    }
    dtype = floats ? DTYPE_F64 : ints ? DTYPE_I64 : DTYPE_BOOL;
    if (call_given(call, 1) && !call_dtype(call, 1, &dtype))
        return call_poison(call);
    for (int axis = 0; axis < rank; axis++)
        shape[axis] = size_const(extents[axis]);
    TExpr *expr = call_builtin(call, type_array(s->checker, dtype, rank, shape, true), count);
    for (int i = 0; i < count; i++)
        expr->as.builtin.arguments[i] = texpr_cast(s, items[i], dtype, false);
    return expr;
}

TExpr *check_copy(Call *call) {
    TExpr *value = call_argument(call, 0);
    DType dtype = value->type->dtype;
    if (value->type->kind != TYPE_ARRAY)
        return call_wrong(call, value, "an array");
    if (call->info->kind == FUNCTION_ASTYPE && !call->asts[1]) {
        call_argument(call, 1);
        return call_poison(call);
    }
    if (call->info->kind == FUNCTION_ASTYPE && !call_dtype(call, 1, &dtype))
        return call_poison(call);
    TExpr *expr = call_builtin(call, type_array(call->scope->checker, dtype, value->type->rank,
                                               value->type->shape, true), 1);
    expr->as.builtin.arguments[0] = value;
    return expr;
}
