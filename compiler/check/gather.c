/* gather.c: indexing with arrays (NumPy's user guide, "Advanced indexing"), and the functions that are such indexing.
 *
 * base[i, 1:, j] is taken apart: what is basic makes a view first, whose axes i and j then select from (GATHER). The
 * arrays and, beside them, the ints broadcast together; their axes stand where they stood, or in front where something
 * stands between them. A mask over the first axes is MASK; elsewhere it is the arrays that np.nonzero gives. */
#include "check/call.h"

/* ---- masks --------------------------------------------------------------------------------- */

/* How often a mask is True: a size of its own. */
static TExpr *count_true(Scope *s, TExpr *mask) {
    TExpr *total = builtin_new(s, "np", "sum", type_scalar(s->checker, DTYPE_I64, false), 1, mask->span);
    const char *name = mask->kind == TEXPR_VARIABLE && mask->as.variable->name ? mask->as.variable->name : "mask";
    total->as.builtin.arguments[0] = texpr_cast(s, mask, DTYPE_I64, false);
    total->as.builtin.axis_count = mask->type->rank;
    for (int axis = 0; axis < mask->type->rank; axis++)
        total->as.builtin.axes[axis] = axis;
    total->size = size_fresh(arena_printf(s->checker->arena, "count(%s)", name));
    Arena *arena = s->checker->arena;
    s->facts = facts_ge(arena, s->facts, total->size, size_const(0), "a count", mask->span);
    s->facts = facts_ge(arena, s->facts, element_count(mask->type), total->size, "a count", mask->span);
    return texpr_once(s, total);
}

/* The indices of the elements that are not zero: a tuple of arrays, one an axis. */
static TExpr *nonzero_of(Scope *s, TExpr *array, Span span) {
    TExpr *mask = texpr_once(s, texpr_truth(s, array));
    int rank = mask->type->rank;
    TExpr *total = count_true(s, mask);
    const Type **items = ARENA_ARRAY(s->checker->arena, const Type *, rank + 1);
    for (int axis = 0; axis < rank; axis++)
        items[axis] = type_array(s->checker, DTYPE_I64, 1, &total->size, true);
    TExpr *expr = builtin_new(s, "np", "nonzero", type_tuple(s->checker, items, rank), 2, span);
    expr->as.builtin.arguments[0] = mask;
    expr->as.builtin.arguments[1] = total;
    return expr;
}

/* A mask's axes are those of the base from `axis` on. */
static void require_mask_fits(Scope *s, const TExpr *base, const TExpr *mask, int axis) {
    for (int k = 0; k < mask->type->rank; k++) {
        Size have = base->type->shape[axis + k], wanted = mask->type->shape[k];
        if (have == wanted)
            continue;
        TCheck *check = require_equal(s, wanted, have, "MASK", "sizes of the mask and of the array", mask->span);
        check->values[0] = size_const(axis + k);
        check->values[1] = have;
        check->values[2] = wanted;
    }
}

static bool is_mask(const Subscript *subscript) {
    return subscript->kind == SUBSCRIPT_ARRAY && subscript->index->type->dtype == DTYPE_BOOL;
}

static bool is_whole(const Subscript *subscript, Size n) {
    return subscript->kind == SUBSCRIPT_SLICE && subscript->start == size_const(0) &&
           subscript->step == size_const(1) && subscript->length == n;
}

/* base[mask], base[mask, ...]: NULL where there is more to it. */
static TExpr *mask_only(Scope *s, TExpr *base, const Subscript *subscripts, int count, Span span) {
    TExpr *mask = subscripts[0].index;
    if (!is_mask(&subscripts[0]) || !mask->type->rank)
        return NULL;
    int inner = mask->type->rank;
    Size shape[TYPED_RANK_MAX];
    for (int i = 1; i < count; i++)
        if (subscripts[i].kind != SUBSCRIPT_SLICE || !is_whole(&subscripts[i], base->type->shape[inner + i - 1]))
            return NULL;
    require_mask_fits(s, base, mask, 0);
    mask = texpr_once(s, mask);
    TExpr *total = count_true(s, mask);
    shape[0] = total->size;
    for (int axis = inner; axis < base->type->rank; axis++)
        shape[axis - inner + 1] = base->type->shape[axis];
    TExpr *expr = texpr_new(s, TEXPR_MASK, span,
                            type_array(s->checker, base->type->dtype, base->type->rank - inner + 1, shape, true));
    expr->as.mask.base = base;
    expr->as.mask.mask = mask;
    expr->as.mask.total = total;
    return expr;
}

/* Masks become the arrays of their indices; the new list and its length. */
static int spread_masks(Scope *s, const TExpr *base, const Subscript *subscripts, int count, Subscript *out) {
    int used = 0, axis = 0;
    for (int i = 0; i < count; i++) {
        if (!is_mask(&subscripts[i])) {
            axis += subscripts[i].kind != SUBSCRIPT_NEW;
            out[used++] = subscripts[i];
            continue;
        }
        TExpr *mask = subscripts[i].index;
        require_mask_fits(s, base, mask, axis);
        TExpr *indices = texpr_once(s, nonzero_of(s, mask, mask->span));
        for (int k = 0; k < mask->type->rank; k++) {
            out[used].kind = SUBSCRIPT_ARRAY;
            out[used++].index = tuple_item(s, indices, k, mask->span);
        }
        axis += mask->type->rank;
    }
    return used;
}

/* ---- gathers ------------------------------------------------------------------------------- */

TExpr *gather_along(Scope *s, TExpr *view, TExpr **indices, int at, bool trusted, Span span) {
    int rank = view->type->rank, count = 0, index_rank, result = 0;
    TExpr *arrays[TYPED_RANK_MAX];
    Size index_shape[TYPED_RANK_MAX], shape[2 * TYPED_RANK_MAX];
    for (int axis = 0; axis < rank; axis++) {
        if (!indices[axis])
            continue;
        indices[axis] = texpr_cast(s, indices[axis], DTYPE_I64, false);
        arrays[count++] = indices[axis];
    }
    if (!broadcast(s, arrays, count, &index_rank, index_shape, span))
        return texpr_poison(s, span);
    if (index_rank + rank - count > TYPED_RANK_MAX) {
        diag_unsupported(span, "an array of rank above 8", "reshape, which merges axes");
        return texpr_poison(s, span);
    }
    for (int axis = 0; axis <= rank; axis++) {
        for (int k = 0; k < index_rank && result == at; k++)
            shape[at + k] = index_shape[k];
        result += result == at ? index_rank : 0;
        if (axis < rank && !indices[axis])
            shape[result++] = view->type->shape[axis];
    }
    TExpr *expr = texpr_new(s, TEXPR_GATHER, span,
                            type_array(s->checker, view->type->dtype, index_rank + rank - count, shape, at == 0));
    expr->as.gather.base = view;
    expr->as.gather.indices = indices;
    expr->as.gather.rank = index_rank;
    expr->as.gather.at = at;
    expr->as.gather.trusted = trusted;
    return expr;
}

TExpr *gather_new(Scope *s, TExpr *base, Subscript *given, int given_count, Span span) {
    TExpr *masked = mask_only(s, base, given, given_count, span);
    if (masked)
        return masked;
    Subscript *subscripts = ARENA_ARRAY(s->checker->arena, Subscript, 4 * TYPED_RANK_MAX);
    TExpr **indices = ARENA_ARRAY(s->checker->arena, TExpr *, 4 * TYPED_RANK_MAX);
    int count = spread_masks(s, base, given, given_count, subscripts), axis = 0, first = -1, last = -1, advanced = 0;
    bool basic = false;
    for (int i = 0; i < count; i++) {
        Subscript *subscript = &subscripts[i];
        if (subscript->kind == SUBSCRIPT_ARRAY || subscript->kind == SUBSCRIPT_INTEGER) {
            indices[i] = subscript->index;
            first = first < 0 ? i : first;
            last = i;
            advanced++;
            subscript_whole(base->type->shape[axis], subscript);
        }
        if (subscript->kind == SUBSCRIPT_NEW || !is_whole(subscript, base->type->shape[axis]))
            basic = true;
        axis += subscript->kind != SUBSCRIPT_NEW;
    }
    if (count > TYPED_RANK_MAX) {
        diag_unsupported(span, "an array of rank above 8", "reshape, which merges axes");
        return texpr_poison(s, span);
    }
    TExpr *view = basic ? index_new(s, base, subscripts, count, true, span) : base;
    return gather_along(s, view, indices, last - first + 1 == advanced ? first : 0, false, span);
}

TExpr *index_of_list(Scope *s, const Ast *node) {
    TExpr *array = array_of_ast(s, node);
    if (!is_poison(array) && !node->as.list.count)
        return texpr_cast(s, array, DTYPE_I64, false);
    return array;
}

/* ---- functions that read ------------------------------------------------------------------- */

/* What stands for an index that may be out of range: 'wrap' and 'clip' of take and put. */
static TExpr *index_by_mode(Call *call, int k, TExpr *index, Size n, bool *trusted) {
    Scope *s = call->scope;
    const char *mode = call_option(call, k, "raise");
    TExpr *size = texpr_size(s, n, NULL, index->span), *zero = texpr_int(s, 0, index->span);
    *trusted = true;
    if (!mode)
        return call_poison(call);
    if (!strcmp(mode, "wrap"))
        return make_op(s, OP_MOD, (TExpr *[]){index, size}, index->span);
    if (!strcmp(mode, "clip")) {
        TExpr *last = make_op(s, OP_SUB, (TExpr *[]){size, texpr_int(s, 1, index->span)}, index->span);
        index = make_op(s, OP_MAXIMUM, (TExpr *[]){index, zero}, index->span);
        return make_op(s, OP_MINIMUM, (TExpr *[]){index, last}, index->span);
    }
    *trusted = false;
    return index;
}

static TExpr *take_along(Call *call, TExpr *array, int axis, TExpr *index, int mode) {
    Scope *s = call->scope;
    TExpr **indices = ARENA_ARRAY(s->checker->arena, TExpr *, array->type->rank + 1);
    bool trusted;
    if (dtype_is_float(index->type->dtype))
        return call_wrong(call, index, "an array of ints");
    index = index_by_mode(call, mode, texpr_cast(s, index, DTYPE_I64, index->type->weak), array->type->shape[axis],
                          &trusted);
    if (is_poison(index))
        return index;
    if (trusted) {
        TCheck *check = require(s, FACT_GE, size_sub(array->type->shape[axis], size_const(1)), "TAKE_EMPTY",
                                "an axis that is not empty", call->node->span);
        check->values[0] = array->type->shape[axis];
    }
    indices[axis] = index;
    if (index->type->kind == TYPE_ARRAY)
        return gather_along(s, array, indices, axis, trusted, call->node->span);
    Subscript *subscripts = ARENA_ARRAY(s->checker->arena, Subscript, array->type->rank);
    for (int k = 0; k < array->type->rank; k++)
        subscript_whole(array->type->shape[k], &subscripts[k]);
    subscripts[axis].kind = SUBSCRIPT_INTEGER;
    subscripts[axis].index = texpr_cast(s, index, DTYPE_I64, true);
    TExpr *view = index_new(s, array, subscripts, array->type->rank, false, call->node->span);
    return view->type->kind == TYPE_ARRAY ? copy_of(s, view, view->type->dtype, call->node->span) : view;
}

/* The array itself and its axis, or its elements in one axis where no axis is given. */
static bool array_and_axis(Call *call, int array_at, int axis_at, TExpr **array, int *axis) {
    *array = call_array_like(call, array_at);
    if (is_poison(*array))
        return false;
    if (!call_given(call, axis_at)) {
        *array = view_raveled(call->scope, *array, call->node->span);
        *axis = 0;
        return true;
    }
    *axis = call_axis(call, axis_at, (*array)->type->rank, 0);
    return *axis >= 0;
}

TExpr *check_take(Call *call) {
    TExpr *array, *index;
    int axis;
    if (!array_and_axis(call, 0, 2, &array, &axis))
        return call_poison(call);
    if (call->asts[1] && call->asts[1]->kind == AST_LIST)
        index = index_of_list(call->scope, call->asts[1]);
    else
        index = texpr_decay(call->scope, call_argument(call, 1));
    if (is_poison(index))
        return index;
    if (!type_is_number(index->type))
        return call_wrong(call, index, "an array of ints");
    return take_along(call, array, axis, index, 3);
}

/* compress(condition, a, axis) and extract(condition, arr): the elements where a condition holds. */
TExpr *check_compress(Call *call) {
    Scope *s = call->scope;
    TExpr *array, *condition;
    int axis, method = call->receiver != NULL;
    if (!array_and_axis(call, 1 - method, call->info->op ? ARGUMENTS_MAX - 1 : 2, &array, &axis))
        return call_poison(call);
    condition = call_array_like(call, method);
    if (is_poison(condition))
        return condition;
    if (call->info->op)
        condition = view_raveled(s, condition, call->node->span);
    if (condition->type->rank != 1)
        return call_wrong(call, condition, "a condition of one axis");
    TExpr *indices = texpr_once(s, nonzero_of(s, condition, call->node->span));
    TExpr **list = ARENA_ARRAY(s->checker->arena, TExpr *, array->type->rank + 1);
    list[axis] = tuple_item(s, indices, 0, call->node->span);
    return gather_along(s, array, list, axis, false, call->node->span);
}

TExpr *check_nonzero(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array_like(call, 0);
    if (is_poison(array))
        return array;
    if (!array->type->rank) {
        diag_error(call->node->span, DIAG_TYPE_MISMATCH, "%s takes an array of rank 1 or more", call->info->name);
        return call_poison(call);
    }
    Span span = call->node->span;
    if (call->info->op == 1)
        return tuple_item(s, texpr_once(s, nonzero_of(s, view_raveled(s, array, span), span)), 0, span);
    TExpr *indices = nonzero_of(s, array, span);
    if (call->info->op == 0)
        return indices;
    indices = texpr_once(s, indices);
    TExpr *columns[TYPED_RANK_MAX];
    bool fresh[2] = {false, true};
    for (int k = 0; k < array->type->rank; k++)
        columns[k] = view_expanded(s, tuple_item(s, indices, k, span), fresh, 2, span);
    return joined(s, columns, array->type->rank, 1, DTYPE_I64, span);
}

/* where(condition) alone. */
TExpr *check_nonzero_where(Call *call) {
    TExpr *array = call_array_like(call, 0);
    if (is_poison(array) || array->type->rank)
        return is_poison(array) ? array : nonzero_of(call->scope, array, call->node->span);
    return call_wrong(call, array, "an array of rank 1 or more");
}

/* The axes but one count themselves. */
static TExpr **along_axis(Call *call, const TExpr *array, TExpr *index, int axis) {
    Scope *s = call->scope;
    int rank = array->type->rank;
    TExpr **indices = ARENA_ARRAY(s->checker->arena, TExpr *, rank + 1);
    for (int k = 0; k < rank; k++) {
        Size n = index->type->shape[k];
        indices[k] = k == axis ? index : texpr_iota(s, rank, k, n == size_const(1) ? array->type->shape[k] : n,
                                                    NULL, call->node->span);
    }
    return indices;
}

static bool fits_along(Call *call, const TExpr *array, TExpr *index, int axis) {
    if (index->type->rank != array->type->rank || !dtype_is_integer(index->type->dtype)) {
        call_wrong(call, index, "an array of ints with the rank of the other");
        return false;
    }
    for (int k = 0; k < array->type->rank; k++) {
        Size have = index->type->shape[k], wanted = array->type->shape[k];
        if (k == axis || have == wanted || have == size_const(1))
            continue;
        require_equal(call->scope, have, wanted, "BROADCAST", "shapes of the indices", call->node->span);
    }
    return true;
}

TExpr *check_take_along_axis(Call *call) {
    TExpr *array, *index = call_array_like(call, 1);
    int axis = -1;
    array = call_array_like(call, 0);
    if (is_poison(index) || is_poison(array))
        return call_poison(call);
    if (call->asts[2] && call->asts[2]->kind == AST_NONE) {
        array = view_raveled(call->scope, array, call->node->span);
        axis = 0;
    } else {
        axis = call_axis(call, 2, array->type->rank, array->type->rank - 1);
    }
    if (axis < 0 || !fits_along(call, array, index, axis))
        return call_poison(call);
    return gather_along(call->scope, array, along_axis(call, array, index, axis), 0, false, call->node->span);
}

/* np.ix_: each array along an axis of its own. */
TExpr *check_ix(Call *call) {
    Scope *s = call->scope;
    TExpr *items[ARGUMENTS_MAX];
    int count = call->node->as.call.count, i = 0;
    if (count > TYPED_RANK_MAX) {
        diag_unsupported(call->node->span, "an array of rank above 8", "reshape, which merges axes");
        return call_poison(call);
    }
    for (const Ast *arg = call->node->as.call.arguments; arg; arg = arg->next, i++) {
        bool fresh[TYPED_RANK_MAX];
        TExpr *array = arg->kind == AST_LIST ? index_of_list(s, arg) : check_expr(s, arg);
        if (is_poison(array))
            return array;
        if (array->type->kind != TYPE_ARRAY || array->type->rank != 1)
            return call_wrong(call, array, "arrays of one axis");
        if (array->type->dtype == DTYPE_BOOL)
            array = tuple_item(s, texpr_once(s, nonzero_of(s, array, arg->span)), 0, arg->span);
        for (int k = 0; k < count; k++)
            fresh[k] = k != i;
        items[i] = view_expanded(s, array, fresh, count, arg->span);
    }
    return tuple_of(s, items, count, call->node->span);
}

TExpr *repeated_by(Scope *s, TExpr *array, int axis, TExpr *counts, Span span) {
    counts = texpr_once(s, texpr_cast(s, counts, DTYPE_I64, false));
    if (counts->type->shape[0] != array->type->shape[axis]) {
        require_equal(s, counts->type->shape[0], array->type->shape[axis], "BROADCAST", "numbers of repetitions", span);
    }
    TExpr *total = builtin_new(s, "np", "sum", type_scalar(s->checker, DTYPE_I64, false), 1, span);
    total->as.builtin.arguments[0] = counts;
    total->as.builtin.axis_count = 1;
    total->size = size_fresh("repeated");
    s->facts = facts_ge(s->checker->arena, s->facts, total->size, size_const(0), "a count", span);
    TExpr *index = builtin_new(s, "np", "repeat", type_array(s->checker, DTYPE_I64, 1, &total->size, true), 2, span);
    index->as.builtin.arguments[0] = counts;
    index->as.builtin.arguments[1] = texpr_once(s, total);
    TExpr **indices = ARENA_ARRAY(s->checker->arena, TExpr *, array->type->rank + 1);
    indices[axis] = index;
    return gather_along(s, array, indices, axis, true, span);
}

/* ---- choices ------------------------------------------------------------------------------- */

/* The items of a list or tuple that is written out or has a known length; -1 after an error. */
int call_items(Call *call, int k, TExpr ***items) {
    Scope *s = call->scope;
    const Ast *node = k || !call->receiver ? call->asts[k] : NULL;
    int count = 0;
    if (node && (node->kind == AST_LIST || node->kind == AST_TUPLE)) {
        *items = ARENA_ARRAY(s->checker->arena, TExpr *, node->as.list.count + 1);
        for (const Ast *item = node->as.list.items; item; item = item->next) {
            (*items)[count] = item->kind == AST_LIST ? array_of_ast(s, item) : check_expr(s, item);
            if (is_poison((*items)[count++]))
                return -1;
        }
        return count;
    }
    TExpr *value = call_argument(call, k);
    if (is_poison(value))
        return -1;
    if (value->type->kind != TYPE_TUPLE) {
        call_wrong(call, value, "a list or tuple of arrays");
        return -1;
    }
    value = texpr_shared(s, value);
    *items = ARENA_ARRAY(s->checker->arena, TExpr *, value->type->count + 1);
    for (; count < value->type->count; count++)
        (*items)[count] = tuple_item(s, value, count, value->span);
    return count;
}

/* Later choices first: where conditions overlap the first wins. */
TExpr *check_select(Call *call) {
    Scope *s = call->scope;
    TExpr **conditions, **choices;
    int count = call_items(call, 0, &conditions);
    if (count < 0 || call_items(call, 1, &choices) != count)
        return call_poison(call);
    TExpr *result = call_given(call, 2) ? call_argument(call, 2) : texpr_int(s, 0, call->node->span);
    for (int i = count - 1; i >= 0; i--) {
        if (conditions[i]->type->dtype != DTYPE_BOOL)
            return call_wrong(call, conditions[i], "conditions of bools");
        result = make_op(s, OP_SELECT, (TExpr *[]){conditions[i], choices[i], result}, call->node->span);
        if (is_poison(result))
            return result;
    }
    return result;
}

/* ---- functions that write ------------------------------------------------------------------ */

/* The assignment for its effect; with an operation of target and value where `op` is one. */
static TExpr *stored(Call *call, TExpr *target, TExpr *value, int op) {
    TExpr *expr = builtin_new(call->scope, "np", "copyto", type_simple(call->scope->checker, TYPE_NONE), 2, call->node->span);
    expr->as.builtin.arguments[0] = target;
    expr->as.builtin.arguments[1] = value;
    expr->as.builtin.how = op;
    return expr;
}

TExpr *check_assigned(Call *call, TExpr *target, TExpr *value) {
    Scope *s = call->scope;
    if (is_poison(target) || is_poison(value) || !require_assignable(s, target, value, call->node->span))
        return call_poison(call);
    return stored(call, target, texpr_cast(s, value, target->type->dtype, false), -1);
}

TExpr *check_copyto(Call *call) {
    TExpr *target = call_array(call, 0);
    return check_assigned(call, target, is_poison(target) ? target : call_value(call, 1));
}

/* a.sort(axis) is a[...] = np.sort(a, axis). */
TExpr *check_sort(Call *call) {
    TExpr *target = call_array(call, 0);
    if (is_poison(target))
        return target;
    if (target->kind != TEXPR_VARIABLE && target->kind != TEXPR_INDEX) {
        diag_unsupported(call->node->span, "sorting this in place", "np.sort");
        return call_poison(call);
    }
    Call sorted = *call;
    sorted.info = function_find("np", "sort");
    return check_assigned(call, target, check_library_rows(&sorted));
}

TExpr *check_put_along_axis(Call *call) {
    TExpr *array = call_array(call, 0), *index = call_array_like(call, 1);
    if (is_poison(array) || is_poison(index))
        return call_poison(call);
    TExpr *value = call_value(call, 2);
    int axis = call_axis(call, 3, array->type->rank, array->type->rank - 1);
    if (axis < 0 || is_poison(value) || !fits_along(call, array, index, axis))
        return call_poison(call);
    TExpr *target = gather_along(call->scope, array, along_axis(call, array, index, axis), 0, false, call->node->span);
    return check_assigned(call, target, value);
}

/* put(a, ind, v) writes the elements in C order; v of one element is repeated. */
TExpr *check_put(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array(call, 0), *index = call_array_like(call, 1);
    if (is_poison(array) || is_poison(index))
        return call_poison(call);
    if (!array->type->contiguous) {
        diag_unsupported(call->node->span, "put into an array that may not be in C order", "an assignment");
        return call_poison(call);
    }
    TExpr *value = call_value(call, 2), *flat = view_raveled(s, array, call->node->span);
    if (is_poison(value))
        return value;
    TExpr **indices = ARENA_ARRAY(s->checker->arena, TExpr *, 2);
    bool trusted;
    indices[0] = index_by_mode(call, 3, texpr_cast(s, index, DTYPE_I64, false), flat->type->shape[0], &trusted);
    if (is_poison(indices[0]))
        return indices[0];
    TExpr *target = gather_along(s, flat, indices, 0, trusted, call->node->span);
    return check_assigned(call, target, value);
}

/* target op= value in the dtype that both have in common, Python's numbers too, then cast whatever it loses: so NumPy's
 * ufunc_at takes them. */
static TExpr *updated(Call *call, TExpr *target, TExpr *value, Op op) {
    Scope *s = call->scope;
    if (value->type->kind == TYPE_SCALAR)
        value = texpr_cast(s, value, value->type->dtype, false);
    TExpr *operands[] = {target, value}, *result = make_op(s, op, operands, call->node->span);
    if (is_poison(result) || !require_assignable(s, target, value, call->node->span))
        return call_poison(call);
    return stored(call, target, texpr_cast(s, value, result->as.op.operands[1]->type->dtype, false), (int)op);
}

/* np.add.at(a, indices, b) and its like: an index that is there twice counts twice. */
TExpr *check_ufunc_at(Scope *s, const Ast *node, Op op) {
    Call call = {.scope = s, .node = node, .info = function_find("np", "copyto")};
    const Ast *array = node->as.call.arguments, *index = array ? array->next : NULL, *value = index ? index->next : NULL;
    if (!value || value->next) {
        diag_error(node->span, DIAG_BAD_CALL, "ufunc.at takes an array, indices and values");
        return texpr_poison(s, node->span);
    }
    Ast place = {.kind = AST_INDEX, .span = node->span};
    Ast *base = ARENA_NEW(s->checker->arena, Ast), *at = ARENA_NEW(s->checker->arena, Ast);
    *base = *array;
    *at = *index;
    base->next = at->next = NULL;
    place.as.index.value = base;
    place.as.index.indices = at;
    place.as.index.count = 1;
    TExpr *target = check_index(s, &place);
    call.asts[2] = value;
    TExpr *given = call_value(&call, 2);
    if (is_poison(target) || is_poison(given))
        return texpr_poison(s, node->span);
    if (target->kind != TEXPR_GATHER && target->kind != TEXPR_MASK) {
        diag_unsupported(node->span, "ufunc.at of one element, or of a slice", "an assignment");
        return texpr_poison(s, node->span);
    }
    return updated(&call, target, given, op);
}
