/* join.c: arrays made of others, put beside each other or repeated. One primitive joins along an axis (`joined`); the
 * rest prepares views for it. */
#include "check/call.h"
#include "check/sequence.h"

TExpr *joined(Scope *s, TExpr **arrays, int count, int axis, DType dtype, Span span) {
    int rank = arrays[0]->type->rank;
    Size shape[TYPED_RANK_MAX];
    memcpy(shape, arrays[0]->type->shape, sizeof shape);
    for (int i = 1; i < count; i++) {
        const Type *type = arrays[i]->type;
        if (type->rank != rank) {
            diag_error(span, DIAG_SHAPE_MISMATCH, "arrays of ranks %d and %d are not joined", rank, type->rank);
            return texpr_poison(s, span);
        }
        for (int k = 0; k < rank; k++) {
            if (k == axis)
                shape[k] = size_add(shape[k], type->shape[k]);
            if (k == axis || shape[k] == type->shape[k])
                continue;
            require_equal(s, shape[k], type->shape[k], "BROADCAST", "shapes of the arrays", span);
        }
    }
    TExpr *expr = texpr_new(s, TEXPR_BUILTIN, span, type_array(s->checker, dtype, rank, shape, true));
    expr->as.builtin.info = function_find("np", "concatenate");
    expr->as.builtin.arguments = ARENA_ARRAY(s->checker->arena, TExpr *, count + 1);
    expr->as.builtin.argument_count = count;
    expr->as.builtin.how = axis;
    for (int i = 0; i < count; i++)
        expr->as.builtin.arguments[i] = texpr_cast(s, arrays[i], dtype, false);
    return expr;
}

/* The dtype that all go into. */
static DType common_dtype(TExpr **arrays, int count) {
    DType dtype = arrays[0]->type->dtype;
    for (int i = 1; i < count; i++)
        dtype = dtype_promote(dtype, arrays[i]->type->dtype);
    return dtype;
}

/* The arrays of a sequence; scalars are arrays of rank 0. -1 after an error. */
static int arrays_argument(Call *call, TExpr ***arrays) {
    int count = call_items(call, 0, arrays);
    for (int i = 0; i < count; i++) {
        TExpr **array = &(*arrays)[i];
        if ((*array)->type->kind == TYPE_SCALAR)
            *array = array_of_scalar(call->scope, *array);
        if ((*array)->type->kind != TYPE_ARRAY) {
            call_wrong(call, *array, "a list or tuple of arrays");
            return -1;
        }
    }
    if (!count)
        diag_error(call->node->span, DIAG_ALWAYS_FAILS, "%s wants at least one array", call->info->name);
    return count ? count : -1;
}

/* Axes of one element in front, or behind, up to a rank. */
static TExpr *with_rank(Scope *s, TExpr *array, int rank, bool behind, Span span) {
    bool fresh[TYPED_RANK_MAX] = {false};
    int have = array->type->rank;
    if (have >= rank)
        return array;
    for (int i = 0; i < rank - have; i++)
        fresh[behind ? rank - 1 - i : i] = true;
    return view_expanded(s, array, fresh, rank, span);
}

/* The list of arrays that is given, whose length only the run knows, or NULL. */
static TExpr *list_argument(Call *call) {
    const Ast *node = call->asts[0];
    if (!node || node->kind == AST_LIST || node->kind == AST_TUPLE)
        return NULL;
    TExpr *value = call_argument(call, 0);
    return value->type->kind == TYPE_LIST ? value : NULL;
}

/* Along the first axis, or a new first axis where the elements have rank `fresh`. */
static TExpr *join_list(Call *call, TExpr *list, int fresh) {
    const Type *element = list_element(list->type);
    int rank = element && element->kind == TYPE_ARRAY ? element->rank : 0;
    if (rank && (fresh < 0 || rank == fresh))
        return fresh < 0 ? list_joined(call->scope, list, call->node->span)
                         : list_to_array(call->scope, list, call->node->span);
    diag_unsupported(call->node->span, "joining the elements of this list so", "np.concatenate along the first axis");
    return call_poison(call);
}

TExpr *check_concatenate(Call *call) {
    TExpr **arrays;
    Span span = call->node->span;
    TExpr *list = list_argument(call);
    int64_t first = 0;
    if (list && !call_given(call, 2) && (!call->asts[1] || (constant_int(call_argument(call, 1), &first) && !first)))
        return join_list(call, list, -1);
    int count = arrays_argument(call, &arrays), axis = 0;
    if (count < 0)
        return call_poison(call);
    bool flat = call->asts[1] && call->asts[1]->kind == AST_NONE;
    for (int i = 0; i < count && flat; i++)
        arrays[i] = view_raveled(call->scope, arrays[i], span);
    if (!arrays[0]->type->rank) {
        diag_error(span, DIAG_BAD_AXIS, "arrays of rank 0 are not joined");
        return call_poison(call);
    }
    if (!flat)
        axis = call_axis(call, 1, arrays[0]->type->rank, 0);
    DType dtype = common_dtype(arrays, count);
    if (axis < 0 || (call_given(call, 2) && !call_dtype(call, 2, &dtype)))
        return call_poison(call);
    return joined(call->scope, arrays, count, axis, dtype, span);
}

TExpr *stacked(Scope *s, TExpr **arrays, int count, int axis, DType dtype, Span span) {
    int rank = arrays[0]->type->rank + 1;
    bool fresh[TYPED_RANK_MAX + 1] = {false};
    TExpr **views = ARENA_ARRAY(s->checker->arena, TExpr *, count + 1);
    if (rank > TYPED_RANK_MAX) {
        diag_unsupported(span, "an array of rank above 8", "reshape, which merges axes");
        return texpr_poison(s, span);
    }
    fresh[axis] = true;
    for (int i = 0; i < count; i++) {
        if (arrays[i]->type->rank != rank - 1) {
            diag_error(span, DIAG_SHAPE_MISMATCH, "arrays of ranks %d and %d are not stacked", rank - 1,
                       arrays[i]->type->rank);
            return texpr_poison(s, span);
        }
        views[i] = view_expanded(s, arrays[i], fresh, rank, span);
    }
    return joined(s, views, count, axis, dtype, span);
}

TExpr *check_stack(Call *call) {
    TExpr **arrays, *list = list_argument(call);
    int64_t first = 0;
    if (list && list_element(list->type) && (!call->asts[1] || (constant_int(call_argument(call, 1), &first) && !first)))
        return join_list(call, list, list_element(list->type)->rank);
    int count = arrays_argument(call, &arrays);
    int axis = count < 0 ? -1 : call_axis(call, 1, arrays[0]->type->rank + 1, 0);
    if (axis < 0)
        return call_poison(call);
    return stacked(call->scope, arrays, count, axis, common_dtype(arrays, count), call->node->span);
}

/* hstack (1), vstack (2), dstack (3), column_stack (4): numpy/lib/_shape_base_impl.py. */
TExpr *check_stack_along(Call *call) {
    TExpr **arrays;
    Span span = call->node->span;
    TExpr *list = list_argument(call);
    const Type *element = list ? list_element(list->type) : NULL;
    if (element && element->kind == TYPE_ARRAY && call->info->op <= 2) {
        bool rows = call->info->op == 2 && element->rank == 1, along = (call->info->op == 1) == (element->rank == 1);
        return join_list(call, list, rows ? 1 : along ? -1 : 0);
    }
    int count = arrays_argument(call, &arrays), way = call->info->op, axis = 0;
    if (count < 0)
        return call_poison(call);
    for (int i = 0; i < count; i++) {
        TExpr *array = arrays[i];
        if (way == 1)
            array = with_rank(call->scope, array, 1, false, span);
        else if (way == 4)
            array = with_rank(call->scope, array, 2, true, span);
        else if (way == 3)
            array = with_rank(call->scope, with_rank(call->scope, array, 2, false, span), 3, true, span);
        else
            array = with_rank(call->scope, array, 2, false, span);
        arrays[i] = array;
    }
    if (way != 2)
        axis = way == 3 ? 2 : way == 1 && arrays[0]->type->rank == 1 ? 0 : 1;
    return joined(call->scope, arrays, count, axis, common_dtype(arrays, count), span);
}

TExpr *check_append(Call *call) {
    TExpr *arrays[] = {call_array_like(call, 0), call_array_like(call, 1)};
    Span span = call->node->span;
    int axis = 0;
    if (is_poison(arrays[0]) || is_poison(arrays[1]))
        return call_poison(call);
    if (!call_given(call, 2)) {
        for (int i = 0; i < 2; i++)
            arrays[i] = view_raveled(call->scope, arrays[i], span);
    } else if ((axis = call_axis(call, 2, arrays[0]->type->rank, 0)) < 0) {
        return call_poison(call);
    }
    return joined(call->scope, arrays, 2, axis, common_dtype(arrays, 2), span);
}

/* ---- the same elements again --------------------------------------------------------------- */

/* What stands at the end comes to the front. */
static TExpr *rolled(Scope *s, TExpr *array, int axis, TExpr *shift, Span span) {
    Size n = array->type->shape[axis], moved = size_mod(shift->size, size_max(n, size_const(1)));
    array = texpr_once(s, array);
    TExpr *parts[] = {view_window(s, array, axis, size_sub(n, moved), moved, span),
                      view_window(s, array, axis, size_const(0), size_sub(n, moved), span)};
    Subscript *first = &parts[0]->as.index.subscripts[axis];
    first->operands = ARENA_ARRAY(s->checker->arena, TExpr *, 1);
    first->operands[0] = shift;
    first->operand_count = 1;
    return joined(s, parts, 2, axis, array->type->dtype, span);
}

TExpr *check_roll(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array_like(call, 0), *shift = call_argument(call, 1);
    Span span = call->node->span;
    if (is_poison(array) || is_poison(shift))
        return call_poison(call);
    int rank = array->type->rank, axes[TYPED_RANK_MAX], count = 1;
    bool flat = !call_given(call, 2), several = shift->type->kind == TYPE_TUPLE;
    const Type *type = array->type;
    if (!flat && (count = call_axes(call, 2, rank, axes)) < 0)
        return call_poison(call);
    if (several && (flat || shift->type->count != count))
        return call_wrong(call, shift, "as many ints as axes");
    if (flat) {
        array = view_raveled(s, array, span);
        axes[0] = 0;
    }
    shift = several ? texpr_shared(s, shift) : shift;
    for (int i = 0; i < count; i++) {
        TExpr *by = several ? tuple_item(s, shift, i, span) : shift;
        if (!type_is_int(by->type))
            return call_wrong(call, by, "an int");
        array = rolled(s, array, axes[i], texpr_once(s, texpr_cast(s, by, DTYPE_I64, true)), span);
    }
    return flat && rank != 1 ? view_reshaped(s, array, rank, type->shape, false, span) : array;
}

/* `times` copies of the whole along each axis (tile), or of each element (repeat): a copy of a view in which every
 * axis has a repeating one before or behind it. */
static TExpr *repeated(Scope *s, TExpr *array, TExpr *const *times, bool each, Span span) {
    int rank = array->type->rank, count = 0, last = -1;
    Subscript *subscripts = ARENA_ARRAY(s->checker->arena, Subscript, 2 * rank + 1);
    Size shape[TYPED_RANK_MAX];
    for (int axis = 0; axis < rank; axis++) {
        Size n = array->type->shape[axis];
        bool again = times[axis] && times[axis]->size != size_const(1);
        shape[axis] = again ? size_mul(n, times[axis]->size) : n;
        if (!again || each)
            subscript_whole(n, &subscripts[count++]);
        if (again) {
            last = count;
            subscripts[count].kind = SUBSCRIPT_NEW;
            subscripts[count].operands = ARENA_ARRAY(s->checker->arena, TExpr *, 1);
            subscripts[count].operands[0] = times[axis];
            subscripts[count].operand_count = 1;
            subscripts[count++].length = times[axis]->size;
        }
        if (again && !each)
            subscript_whole(n, &subscripts[count++]);
    }
    if (count > TYPED_RANK_MAX) {
        diag_unsupported(span, "repeating so many axes", "one after the other");
        return texpr_poison(s, span);
    }
    TExpr *view = index_new(s, array, subscripts, count, true, span);
    if (last >= 0)
        ((Type *)view->type)->contiguous = false;
    TExpr *copy = copy_of(s, view, view->type->dtype, span);
    return last < 0 ? copy : view_reshaped(s, copy, rank, shape, false, span);
}

TExpr *check_tile(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array_like(call, 0), *items[TYPED_RANK_MAX + 1], *times[TYPED_RANK_MAX] = {NULL};
    int count = 0;
    if (is_poison(array) || !call_shape(call, call_argument(call, 1), items, &count))
        return call_poison(call);
    array = with_rank(s, array, count, false, call->node->span);
    for (int i = 0; i < count; i++) {
        require_not_negative(s, items[i]->size, "a number of repetitions that is not negative", items[i]->span);
        times[array->type->rank - count + i] = items[i];
    }
    return repeated(s, array, times, false, call->node->span);
}

TExpr *check_repeat(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array_like(call, 0), *times[TYPED_RANK_MAX] = {NULL};
    int axis = 0;
    if (is_poison(array))
        return array;
    if (!call_given(call, 2))
        array = view_raveled(s, array, call->node->span);
    else if ((axis = call_axis(call, 2, array->type->rank, 0)) < 0)
        return call_poison(call);
    TExpr *count = call_value(call, 1);
    if (is_poison(count))
        return count;
    if (count->type->kind == TYPE_ARRAY && dtype_is_integer(count->type->dtype) && count->type->rank == 1)
        return repeated_by(s, array, axis, count, call->node->span);
    if (!type_is_int(count->type))
        return call_wrong(call, count, "an int or an array of ints");
    times[axis] = texpr_once(s, texpr_cast(s, count, DTYPE_I64, true));
    require_not_negative(s, times[axis]->size, "a number of repetitions that is not negative", count->span);
    return repeated(s, array, times, true, call->node->span);
}

/* ---- grids --------------------------------------------------------------------------------- */

TExpr *check_meshgrid(Call *call) {
    Scope *s = call->scope;
    TExpr *arrays[TYPED_RANK_MAX];
    Size shape[TYPED_RANK_MAX];
    Span span = call->node->span;
    bool sparse = false, swapped = true;
    Inset *inset = inset_open(s, span);   /* each array's size is a part of every result */
    int count = 0;
    for (const Ast *arg = call->node->as.call.arguments; arg; arg = arg->next) {
        const Ast *value = arg->kind == AST_KEYWORD ? arg->as.keyword.value : NULL;
        if (value && !strcmp(arg->as.keyword.name, "indexing") && value->kind == AST_STRING) {
            swapped = !strcmp(value->as.string.data, "xy");
            continue;
        }
        if (value && !strcmp(arg->as.keyword.name, "sparse") && (value->kind == AST_TRUE || value->kind == AST_FALSE)) {
            sparse = value->kind == AST_TRUE;
            continue;
        }
        if (value || arg->kind == AST_STARRED || count == TYPED_RANK_MAX) {
            diag_unsupported(arg->span, "this argument of meshgrid", "arrays, indexing= and sparse=");
            return inset_close(inset, call_poison(call));
        }
        arrays[count] = arg->kind == AST_LIST ? array_of_ast(s, arg) : check_expr(s, arg);
        if (is_poison(arrays[count]))
            return inset_close(inset, arrays[count]);
        if (arrays[count]->type->kind != TYPE_ARRAY || arrays[count]->type->rank != 1)
            return inset_close(inset, call_wrong(call, arrays[count], "arrays of one axis"));
        arrays[count] = hidden_value(s, "axis", arrays[count], arg->span);
        count++;
    }
    for (int i = 0; i < count; i++) {
        int axis = swapped && i < 2 && count > 1 ? 1 - i : i;
        bool fresh[TYPED_RANK_MAX];
        for (int k = 0; k < count; k++)
            fresh[k] = k != axis;
        shape[axis] = arrays[i]->type->shape[0];
        arrays[i] = view_expanded(s, arrays[i], fresh, count, span);
    }
    for (int i = 0; i < count; i++) {
        TExpr *view = sparse ? arrays[i] : view_broadcast(s, arrays[i], count, shape, span);
        arrays[i] = copy_of(s, view, view->type->dtype, span);
    }
    return inset_close(inset, tuple_of(s, arrays, count, span));
}

TExpr *check_indices(Call *call) {
    Scope *s = call->scope;
    TExpr *items[TYPED_RANK_MAX + 1], *parts[TYPED_RANK_MAX];
    Size shape[TYPED_RANK_MAX];
    int rank = 0;
    DType dtype = DTYPE_I64;
    if (!call_shape(call, call_argument(call, 0), items, &rank) || (call_given(call, 1) && !call_dtype(call, 1, &dtype)))
        return call_poison(call);
    if (!rank) {
        diag_unsupported(call->node->span, "indices of an array of rank 0", "np.zeros(0)");
        return call_poison(call);
    }
    for (int i = 0; i < rank; i++) {
        items[i] = texpr_once(s, items[i]);
        shape[i] = items[i]->size;
        require_not_negative(s, shape[i], "a size that is not negative", items[i]->span);
    }
    for (int i = 0; i < rank; i++)
        parts[i] = view_broadcast(s, texpr_iota(s, rank, i, shape[i], items[i], call->node->span), rank, shape,
                                  call->node->span);
    view_needs(s, parts[0], items, rank);
    return stacked(s, parts, rank, 0, dtype, call->node->span);
}

/* ---- arrays by their indices --------------------------------------------------------------- */

/* A size argument, checked not to be negative. */
static TExpr *size_argument(Call *call, int k) {
    TExpr *value = call_argument(call, k);
    if (is_poison(value))
        return value;
    if (!type_is_int(value->type))
        return call_wrong(call, value, "an int");
    value = texpr_once(call->scope, texpr_cast(call->scope, value, DTYPE_I64, true));
    require_not_negative(call->scope, value->size, "a size that is not negative", value->span);
    return value;
}

static TExpr *int_argument(Call *call, int k) {
    if (!call_given(call, k))
        return texpr_int(call->scope, 0, call->node->span);
    TExpr *value = call_argument(call, k);
    return is_poison(value) || type_is_int(value->type) ? texpr_cast(call->scope, value, DTYPE_I64, true)
                                                        : call_wrong(call, value, "an int");
}

/* column `op` row + k for the indices of the last two of `rank` axes. */
static TExpr *triangle(Scope *s, Op op, int rank, TExpr *rows, TExpr *columns, Size n, Size m, TExpr *k, Span span) {
    TExpr *row = texpr_iota(s, rank, rank - 2, n, rows, span), *column = texpr_iota(s, rank, rank - 1, m, columns, span);
    TExpr *shifted = make_op(s, OP_ADD, (TExpr *[]){row, k}, span);
    return is_poison(shifted) ? shifted : make_op(s, op, (TExpr *[]){column, shifted}, span);
}

/* eye (EQ) and tri (LE): N, M=None, k=0, dtype=float; identity has n and dtype only. */
TExpr *check_eye(Call *call) {
    Scope *s = call->scope;
    bool square = call_parameter_count(call->info) == 2;
    TExpr *rows = size_argument(call, 0), *columns = rows, *k = texpr_int(s, 0, call->node->span);
    DType dtype = DTYPE_F64;
    if (!square && call_given(call, 1))
        columns = size_argument(call, 1);
    if (!square)
        k = int_argument(call, 2);
    int dtype_at = square ? 1 : 3;
    if (is_poison(rows) || is_poison(columns) || is_poison(k) ||
        (call_given(call, dtype_at) && !call_dtype(call, dtype_at, &dtype)))
        return call_poison(call);
    TExpr *mask = triangle(s, (Op)call->info->op, 2, rows, columns, rows->size, columns->size, k, call->node->span);
    return is_poison(mask) ? mask : copy_of(s, mask, dtype, call->node->span);
}

/* tril (LE) and triu (GE): the rest is zero. */
TExpr *check_triangle(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array_like(call, 0), *k = int_argument(call, 1);
    Span span = call->node->span;
    if (is_poison(array) || is_poison(k))
        return call_poison(call);
    if (!array->type->rank)
        return call_wrong(call, array, "an array of rank 1 or more");
    /* A row stands for the square matrix of rows like it. */
    int given = array->type->rank, rank = given == 1 ? 2 : given;
    Size m = array->type->shape[given - 1], n = given == 1 ? m : array->type->shape[given - 2];
    TExpr *zero = texpr_cast(s, texpr_int(s, 0, span), array->type->dtype, false);
    TExpr *row = texpr_iota(s, rank, rank - 2, n, NULL, span), *column = texpr_iota(s, rank, rank - 1, m, NULL, span);
    TExpr *mask = make_op(s, (Op)call->info->op, (TExpr *[]){column, make_op(s, OP_ADD, (TExpr *[]){row, k}, span)}, span);
    return make_op(s, OP_SELECT, (TExpr *[]){mask, array, zero}, span);
}

/* start + i * step for i below num; the last is stop (numpy/_core/function_base.py). */
static TExpr *spaced(Scope *s, TExpr *start, TExpr *stop, TExpr *num, bool endpoint, Span span) {
    TExpr *one = texpr_cast(s, texpr_int(s, 1, span), DTYPE_F64, false), *zero = texpr_cast(s, texpr_int(s, 0, span), DTYPE_F64, false);
    TExpr *index = texpr_iota(s, 1, 0, num->size, num, span), *i = texpr_cast(s, index, DTYPE_F64, false);
    TExpr *count = texpr_cast(s, num, DTYPE_F64, false);
    TExpr *div = texpr_once(s, endpoint ? make_op(s, OP_SUB, (TExpr *[]){count, one}, span) : count);
    TExpr *delta = texpr_once(s, make_op(s, OP_SUB, (TExpr *[]){stop, start}, span));
    TExpr *step = texpr_once(s, make_op(s, OP_DIV, (TExpr *[]){delta, div}, span));
    TExpr *far = make_op(s, OP_MUL, (TExpr *[]){i, step}, span);
    TExpr *tiny = make_op(s, OP_MUL, (TExpr *[]){make_op(s, OP_DIV, (TExpr *[]){i, div}, span), delta}, span);
    TExpr *alone = make_op(s, OP_MUL, (TExpr *[]){i, delta}, span);
    TExpr *none = make_op(s, OP_EQ, (TExpr *[]){step, zero}, span);
    TExpr *single = make_op(s, OP_LE, (TExpr *[]){div, zero}, span);
    TExpr *way = make_op(s, OP_SELECT, (TExpr *[]){single, alone, make_op(s, OP_SELECT, (TExpr *[]){none, tiny, far}, span)}, span);
    TExpr *values = make_op(s, OP_ADD, (TExpr *[]){way, start}, span);
    if (!endpoint)
        return values;
    TExpr *last = make_op(s, OP_SUB, (TExpr *[]){texpr_size(s, num->size, NULL, span), texpr_int(s, 1, span)}, span);
    TExpr *at_end = make_op(s, OP_EQ, (TExpr *[]){index, last}, span);
    TExpr *more = make_op(s, OP_GT, (TExpr *[]){div, zero}, span);
    at_end = make_op(s, OP_LOGICAL_AND, (TExpr *[]){at_end, more}, span);
    return make_op(s, OP_SELECT, (TExpr *[]){at_end, stop, values}, span);
}

static TExpr *float_argument(Call *call, int k) {
    TExpr *value = call_argument(call, k);
    if (is_poison(value))
        return value;
    if (value->type->kind != TYPE_SCALAR || (!value->type->weak && value->type->dtype == DTYPE_F32))
        return call_wrong(call, value, "a float or an int");
    return texpr_once(call->scope, texpr_cast(call->scope, value, DTYPE_F64, false));
}

/* linspace(start, stop, num=50, endpoint=True, dtype=None) */
TExpr *check_linspace(Call *call) {
    Scope *s = call->scope;
    TExpr *start = float_argument(call, 0), *stop = float_argument(call, 1);
    TExpr *num = call_given(call, 2) ? size_argument(call, 2) : texpr_int(s, 50, call->node->span);
    DType dtype = DTYPE_F64;
    bool endpoint;
    if (is_poison(start) || is_poison(stop) || is_poison(num) || !call_flag(call, 3, true, &endpoint) ||
        (call_given(call, 4) && !call_dtype(call, 4, &dtype)))
        return call_poison(call);
    TExpr *values = spaced(s, start, stop, num, endpoint, call->node->span);
    if (dtype_is_integer(dtype))
        values = make_op(s, OP_FLOOR, &values, call->node->span);
    return copy_of(s, values, dtype, call->node->span);
}

/* logspace(start, stop, num=50, endpoint=True, base=10.0) */
TExpr *check_logspace(Call *call) {
    Scope *s = call->scope;
    TExpr *start = float_argument(call, 0), *stop = float_argument(call, 1);
    TExpr *num = call_given(call, 2) ? size_argument(call, 2) : texpr_int(s, 50, call->node->span);
    bool endpoint;
    if (is_poison(start) || is_poison(stop) || is_poison(num) || !call_flag(call, 3, true, &endpoint))
        return call_poison(call);
    TExpr *base = call_given(call, 4) ? float_argument(call, 4)
                                      : texpr_cast(s, texpr_int(s, 10, call->node->span), DTYPE_F64, false);
    if (is_poison(base))
        return base;
    TExpr *values = spaced(s, start, stop, num, endpoint, call->node->span);
    return copy_of(s, make_op(s, OP_POW, (TExpr *[]){base, values}, call->node->span), DTYPE_F64, call->node->span);
}

/* ---- diagonals ----------------------------------------------------------------------------- */

TExpr *diagonal_of(Scope *s, TExpr *array, TExpr *offset, int a, int b, Span span) {
    int rank = array->type->rank, order[TYPED_RANK_MAX], count = 0;
    for (int axis = 0; axis < rank; axis++)
        if (axis != a && axis != b)
            order[count++] = axis;
    order[count++] = a;
    order[count++] = b;
    array = view_permuted(s, array, order, span);
    Size k = offset->size, zero = size_const(0), shape[TYPED_RANK_MAX];
    memcpy(shape, array->type->shape, sizeof shape);
    Size down = size_max(size_neg(k), zero), right = size_max(k, zero);
    shape[rank - 2] = size_max(size_min(size_sub(shape[rank - 2], down), size_sub(shape[rank - 1], right)), zero);
    TExpr *expr = texpr_new(s, TEXPR_BUILTIN, span, NULL);
    Type *type = (Type *)type_array(s->checker, array->type->dtype, rank - 1, shape, false);
    type->readonly = true;
    expr->type = type;
    expr->as.builtin.info = function_find("np", "diagonal");
    expr->as.builtin.arguments = ARENA_ARRAY(s->checker->arena, TExpr *, 2);
    expr->as.builtin.arguments[0] = array;
    expr->as.builtin.arguments[1] = offset;
    expr->as.builtin.argument_count = 2;
    return expr;
}

TExpr *check_diagonal(Call *call) {
    TExpr *array = call_array(call, 0), *offset = int_argument(call, 1);
    if (is_poison(array) || is_poison(offset))
        return call_poison(call);
    int rank = array->type->rank;
    if (rank < 2)
        return call_wrong(call, array, "an array of rank 2 or more");
    int a = call_axis(call, 2, rank, 0), b = call_axis(call, 3, rank, 1);
    if (a < 0 || b < 0 || a == b) {
        if (a >= 0 && a == b)
            diag_error(call->node->span, DIAG_BAD_AXIS, "the axes of a diagonal differ");
        return call_poison(call);
    }
    return diagonal_of(call->scope, array, texpr_once(call->scope, offset), a, b, call->node->span);
}

/* diag(v, k): of a matrix its diagonal, of a vector the matrix with it. */
TExpr *check_diag(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array_like(call, 0), *offset = int_argument(call, 1);
    if (is_poison(array) || is_poison(offset))
        return call_poison(call);
    offset = texpr_once(s, offset);
    bool flat = call->info->op == 1;
    if (flat)
        array = view_raveled(s, array, call->node->span);
    if (array->type->rank == 2)
        return diagonal_of(s, array, offset, 0, 1, call->node->span);
    if (array->type->rank != 1)
        return call_wrong(call, array, "an array of rank 1 or 2");
    Size n = size_add(array->type->shape[0], size_max(offset->size, size_neg(offset->size))), shape[] = {n, n};
    TExpr *expr = call_builtin(call, type_array(s->checker, array->type->dtype, 2, shape, true), 2);
    expr->as.builtin.info = function_find("np", "diag");
    expr->as.builtin.arguments[0] = array;
    expr->as.builtin.arguments[1] = offset;
    return expr;
}
