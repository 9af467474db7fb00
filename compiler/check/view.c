/* view.c: functions whose result is a view where NumPy's is: axes taken apart, joined, added, dropped, turned round,
 * repeated. All are made of two things: indexing with constants (index_new) and a permutation of axes; only `reshape`
 * is one of its own. */
#include "check/call.h"
#include "check/sequence.h"

/* ---- arguments ----------------------------------------------------------------------------- */

/* A constant axis of an array of `rank`, counted from the end if negative; -1 after an error. */
static int axis_of(TExpr *item, int rank) {
    int64_t axis;
    if (is_poison(item))
        return -1;
    if (!constant_int(item, &axis)) {
        diag_help(diag_error(item->span, DIAG_NEEDS_CONSTANT, "an axis is a constant int"), "write the number, or an if "
                      "statement with a call for each axis");
        return -1;
    }
    if (axis < -rank || axis >= rank) {
        diag_error(item->span, DIAG_BAD_AXIS, "an array of rank %d has no axis %lld", rank, (long long)axis);
        return -1;
    }
    return (int)(axis < 0 ? axis + rank : axis);
}

int call_axis(Call *call, int k, int rank, int otherwise) {
    return call_given(call, k) ? axis_of(call_argument(call, k), rank) : otherwise;
}

int call_axes(Call *call, int k, int rank, int *axes) {
    TExpr *value = call_argument(call, k);
    bool used[TYPED_RANK_MAX + 1] = {false};
    bool several = value->kind == TEXPR_TUPLE;
    int count = several ? value->as.tuple.count : 1;
    if (count > rank) {
        diag_error(value->span, DIAG_BAD_AXIS, "%d axes of an array of rank %d", count, rank);
        return -1;
    }
    for (int i = 0; i < count; i++) {
        axes[i] = axis_of(several ? value->as.tuple.items[i] : value, rank);
        if (axes[i] < 0)
            return -1;
        if (used[axes[i]]) {
            diag_error(value->span, DIAG_BAD_AXIS, "an axis twice");
            return -1;
        }
        used[axes[i]] = true;
    }
    return count;
}

bool call_flag(Call *call, int k, bool otherwise, bool *flag) {
    *flag = otherwise;
    if (!call_given(call, k))
        return true;
    TExpr *value = call_argument(call, k);
    if (value->kind != TEXPR_CONST) {
        call_wrong(call, value, "a constant True or False");
        return false;
    }
    *flag = value->as.constant.i != 0;
    return true;
}

const char *call_option(Call *call, int k, const char *otherwise) {
    if (!call_given(call, k))
        return otherwise;
    TExpr *value = call_argument(call, k);
    if (value->kind == TEXPR_STRING)
        return value->as.string.data;
    if (!is_poison(value))
        diag_help(diag_error(value->span, DIAG_NEEDS_CONSTANT, "a constant string is needed here"), "write the string, or "
                  "an if statement with a call for each");
    return NULL;
}

bool call_order(Call *call, int k, bool *fortran) {
    const char *order = call_option(call, k, "C");
    if (!order)
        return false;
    *fortran = !strcmp(order, "F");
    if (*fortran || !strcmp(order, "C"))
        return true;
    if (!strcmp(order, "A") || !strcmp(order, "K"))
        diag_unsupported(call->node->span, "an order that the run decides", "order='C' or order='F'");
    else
        diag_error(call->node->span, DIAG_BAD_CALL, "order is 'C' or 'F', not '%s'", order);
    return false;
}

TExpr *call_array(Call *call, int k) {
    TExpr *value = call_argument(call, k);
    return is_poison(value) || value->type->kind == TYPE_ARRAY ? value : call_wrong(call, value, "an array");
}

TExpr *call_array_like(Call *call, int k) {
    const Ast *node = k || !call->receiver ? call->asts[k] : NULL;
    if (node && (node->kind == AST_LIST || node->kind == AST_TUPLE))
        return call->values[k] ? call->values[k] : (call->values[k] = array_of_ast(call->scope, node));
    TExpr *value = call_argument(call, k);
    if (value->type->kind == TYPE_SCALAR)
        return array_of_scalar(call->scope, value);
    if (value->type->kind == TYPE_LIST)
        return call->values[k] = list_to_array(call->scope, value, value->span);
    return is_poison(value) || value->type->kind == TYPE_ARRAY ? value : call_wrong(call, value, "an array");
}

TExpr *call_value(Call *call, int k) {
    const Ast *node = call->asts[k];
    if (node && (node->kind == AST_LIST || node->kind == AST_TUPLE))
        return call->values[k] ? call->values[k] : (call->values[k] = array_of_ast(call->scope, node));
    TExpr *value = call_argument(call, k);
    if (value->type->kind == TYPE_LIST)
        return call->values[k] = list_to_array(call->scope, value, value->span);
    return is_poison(value) || type_is_number(value->type) ? value : call_wrong(call, value, "numbers");
}

/* ---- views --------------------------------------------------------------------------------- */

TExpr *view_permuted(Scope *s, TExpr *array, const int *axes, Span span) {
    int rank = array->type->rank;
    Size shape[TYPED_RANK_MAX];
    bool same = true;
    for (int i = 0; i < rank; i++) {
        shape[i] = array->type->shape[axes[i]];
        same &= axes[i] == i;
    }
    TExpr *expr = texpr_new(s, TEXPR_BUILTIN, span, array->type);
    Type *type = (Type *)type_array(s->checker, array->type->dtype, rank, shape, same && array->type->contiguous);
    type->readonly = array->type->readonly;
    type->permuted = !type->contiguous && (array->type->contiguous || array->type->permuted);
    for (int i = 0; i < rank; i++)
        type->from[i] = array->type->permuted ? array->type->from[axes[i]] : (signed char)axes[i];
    expr->type = type;
    expr->as.builtin.info = function_find("np", "transpose");
    expr->as.builtin.arguments = ARENA_ARRAY(s->checker->arena, TExpr *, 1);
    expr->as.builtin.arguments[0] = array;
    expr->as.builtin.argument_count = 1;
    expr->as.builtin.axis_count = rank;
    memcpy(expr->as.builtin.axes, axes, sizeof(int) * (size_t)rank);
    return expr;
}

TExpr *view_reversed_axes(Scope *s, TExpr *array, Span span) {
    int axes[TYPED_RANK_MAX];
    for (int i = 0; i < array->type->rank; i++)
        axes[i] = array->type->rank - 1 - i;
    return view_permuted(s, array, axes, span);
}

/* Subscripts that take the whole array. */
static Subscript *whole_subscripts(Scope *s, const TExpr *array, int extra) {
    Subscript *subscripts = ARENA_ARRAY(s->checker->arena, Subscript, array->type->rank + extra + 1);
    for (int axis = 0; axis < array->type->rank; axis++)
        subscript_whole(array->type->shape[axis], &subscripts[axis]);
    return subscripts;
}

TExpr *view_flipped(Scope *s, TExpr *array, const bool *flipped, Span span) {
    Subscript *subscripts = whole_subscripts(s, array, 0);
    for (int axis = 0; axis < array->type->rank; axis++) {
        if (!flipped[axis])
            continue;
        subscripts[axis].start = size_sub(array->type->shape[axis], size_const(1));
        subscripts[axis].step = size_const(-1);
    }
    return index_new(s, array, subscripts, array->type->rank, true, span);
}

TExpr *view_expanded(Scope *s, TExpr *array, const bool *fresh, int rank, Span span) {
    Subscript *subscripts = ARENA_ARRAY(s->checker->arena, Subscript, rank + 1);
    for (int i = 0, axis = 0; i < rank; i++) {
        if (fresh[i])
            subscripts[i].kind = SUBSCRIPT_NEW;
        else
            subscript_whole(array->type->shape[axis++], &subscripts[i]);
    }
    return index_new(s, array, subscripts, rank, true, span);
}

TExpr *view_window(Scope *s, TExpr *array, int axis, Size start, Size length, Span span) {
    Subscript *subscripts = whole_subscripts(s, array, 0);
    subscripts[axis].start = start;
    subscripts[axis].length = length;
    return index_new(s, array, subscripts, array->type->rank, true, span);
}

TExpr *view_broadcast(Scope *s, TExpr *array, int rank, const Size *shape, Span span) {
    int skip = rank - array->type->rank, count = 0;
    Subscript *subscripts = ARENA_ARRAY(s->checker->arena, Subscript, rank + array->type->rank + 1);
    bool repeats = false;
    for (int axis = 0; axis < rank; axis++) {
        Size have = axis < skip ? size_const(1) : array->type->shape[axis - skip];
        if (axis >= skip && have != size_const(1)) {
            if (have != shape[axis]) {
                require_equal(s, have, shape[axis], "BROADCAST", "shapes of the broadcast", span);
            }
            subscript_whole(shape[axis], &subscripts[count++]);
            continue;
        }
        if (axis >= skip && shape[axis] == size_const(1)) {
            subscript_whole(shape[axis], &subscripts[count++]);
            continue;
        }
        if (axis >= skip) {
            subscripts[count].kind = SUBSCRIPT_INTEGER;
            subscripts[count++].index = texpr_int(s, 0, span);
        }
        repeats |= shape[axis] != size_const(1);
        subscripts[count].kind = SUBSCRIPT_NEW;
        subscripts[count++].length = shape[axis];
    }
    TExpr *view = index_new(s, array, subscripts, count, true, span);
    ((Type *)view->type)->contiguous &= !repeats;
    return view;
}

/* ---- reshape ------------------------------------------------------------------------------- */

Size element_count(const Type *type) {
    Size count = size_const(1);
    for (int axis = 0; axis < type->rank; axis++)
        count = size_mul(count, type->shape[axis]);
    return count;
}

/* Each axis of the new shape that comes from one old axis alone, or is 1 (-1): so that strides say it all. False where
 * old axes would have to be joined, or where the sizes do not tell. */
static bool splits_axes(const Type *old, int rank, const Size *shape, int *from) {
    int axis = 0;
    Size product = size_const(1);
    for (int i = 0; i < rank; i++) {
        from[i] = -1;
        if (shape[i] == size_const(1))
            continue;
        while (axis < old->rank && product == size_const(1) && old->shape[axis] == size_const(1))
            axis++;
        if (axis == old->rank)
            return false;
        from[i] = axis;
        product = size_mul(product, shape[i]);
        if (product != old->shape[axis])
            continue;
        product = size_const(1);
        axis++;
    }
    while (axis < old->rank && old->shape[axis] == size_const(1))
        axis++;
    return axis == old->rank && product == size_const(1);
}

TExpr *view_reshaped(Scope *s, TExpr *array, int rank, const Size *shape, bool packed, Span span) {
    TExpr *expr = texpr_new(s, TEXPR_BUILTIN, span, NULL);
    int how = array->type->contiguous ? RESHAPE_PLAIN : RESHAPE_OR_COPY;
    if (how == RESHAPE_OR_COPY && !packed && splits_axes(array->type, rank, shape, expr->as.builtin.axes))
        how = RESHAPE_SPLIT;
    Type *type = (Type *)type_array(s->checker, array->type->dtype, rank, shape, how != RESHAPE_SPLIT);
    type->readonly = array->type->readonly && how != RESHAPE_OR_COPY;
    expr->type = type;
    expr->as.builtin.info = function_find("np", "reshape");
    expr->as.builtin.arguments = ARENA_ARRAY(s->checker->arena, TExpr *, 2 + TYPED_RANK_MAX);
    expr->as.builtin.arguments[0] = array;
    expr->as.builtin.argument_count = 1;
    expr->as.builtin.how = how;
    return expr;
}

/* What is left for the size -1: a polynomial where the division is exact, else the run divides. */
static TExpr *size_left(Scope *s, Size total, Size product, Span span) {
    Size quotient = size_floordiv(total, product);
    if (prove_ge(s->facts, product, size_const(1)) == PROVED || size_mul(quotient, product) == total) {
        require(s, FACT_NE, product, "RESHAPE", "a size to divide by that is not zero", span);
        return texpr_size(s, quotient, NULL, span);
    }
    require(s, FACT_NE, product, "RESHAPE", "a size to divide by that is not zero", span);
    TExpr *operands[] = {texpr_size(s, total, NULL, span), texpr_size(s, product, NULL, span)};
    return texpr_once(s, make_op(s, OP_FLOORDIV, operands, span));
}

TExpr *check_reshape_to(Scope *s, TExpr *array, TExpr **items, int rank, bool fortran, Span span) {
    Size shape[TYPED_RANK_MAX], product = size_const(1), total = element_count(array->type);
    int unknown = -1;
    int64_t value;
    for (int i = 0; i < rank; i++) {
        shape[i] = items[i]->size;
        if (!constant_int(items[i], &value) || value != -1) {
            product = size_mul(product, shape[i]);
        } else if (unknown < 0) {
            unknown = i;
        } else {
            diag_error(items[i]->span, DIAG_BAD_CALL, "only one size may be -1");
            return texpr_poison(s, span);
        }
    }
    if (unknown >= 0) {
        items[unknown] = size_left(s, total, product, span);
        shape[unknown] = items[unknown]->size;
        product = size_mul(product, shape[unknown]);
    }
    require_equal(s, total, product, "RESHAPE", "sizes of the reshape", span);
    if (fortran) {
        array = view_reversed_axes(s, array, span);
        for (int i = 0; i < rank / 2; i++) {
            Size size = shape[i];
            shape[i] = shape[rank - 1 - i];
            shape[rank - 1 - i] = size;
        }
    }
    TExpr *expr = view_reshaped(s, array, rank, shape, false, span);
    for (int i = 0; i < rank; i++)
        expr->as.builtin.arguments[expr->as.builtin.argument_count++] = items[i];
    return fortran ? view_reversed_axes(s, expr, span) : expr;
}

/* The items of a.reshape(n, m) or a.reshape((n, m)), and its order. */
static bool reshape_arguments(Call *call, TExpr **items, int *count, bool *fortran) {
    const Ast *arg = call->node->as.call.arguments;
    if (!call->receiver && arg)
        arg = arg->next;
    for (; arg; arg = arg->next) {
        bool order = arg->kind == AST_KEYWORD && !strcmp(arg->as.keyword.name, "order");
        bool shape = arg->kind == AST_KEYWORD && (!strcmp(arg->as.keyword.name, "shape") ||
                                                  !strcmp(arg->as.keyword.name, "axes"));
        if (order) {
            call->asts[ARGUMENTS_MAX - 1] = arg->as.keyword.value;
            if (!call_order(call, ARGUMENTS_MAX - 1, fortran))
                return false;
            continue;
        }
        if (arg->kind == AST_STARRED || (arg->kind == AST_KEYWORD && !shape)) {
            diag_unsupported(arg->span, "this argument", "each size by its place, or the shape as a tuple");
            return false;
        }
        TExpr *value = check_expr(call->scope, shape ? arg->as.keyword.value : arg);
        if (is_poison(value))
            return false;
        if (!call_shape(call, value, items, count))
            return false;
    }
    return true;
}

TExpr *check_reshape(Call *call) {
    TExpr *array = check_expr(call->scope, call->receiver ? call->receiver : call->node->as.call.arguments);
    TExpr *items[2 * TYPED_RANK_MAX + 2];
    int rank = 0;
    bool fortran = false;
    if (is_poison(array))
        return array;
    if (array->type->kind != TYPE_ARRAY)
        return call_wrong(call, array, "an array");
    if (!reshape_arguments(call, items, &rank, &fortran))
        return call_poison(call);
    return check_reshape_to(call->scope, array, items, rank, fortran, call->node->span);
}

TExpr *view_raveled(Scope *s, TExpr *array, Span span) {
    Size total = element_count(array->type);
    return array->type->rank == 1 && array->type->contiguous ? array : view_reshaped(s, array, 1, &total, true, span);
}

/* order='K' or 'A', of an array whose order in memory is known: the array is then as it is there. 'A' is C order but for
 * Fortran's. */
static bool in_order_of_memory(Call *call, TExpr **array) {
    const Ast *node = call->asts[1];
    const char *order = node && node->kind == AST_STRING ? call_option(call, 1, "C") : "C";
    signed char from[TYPED_RANK_MAX];
    int rank = (*array)->type->rank;
    bool all = order && !strcmp(order, "A"), reversed = true;
    if (!order || (!all && strcmp(order, "K")))
        return false;
    if ((*array)->type->contiguous || rank < 2)
        return true;
    if (!has_order(*array, from))
        return false;
    for (int i = 0; i < rank; i++)
        reversed = reversed && from[i] == rank - 1 - i;
    if (!all || reversed)
        *array = unpermuted(call->scope, *array, from);
    return true;
}

TExpr *check_ravel(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array_like(call, 0);
    bool fortran = false;
    if (is_poison(array))
        return array;
    array = kept_order(s, array);
    if (in_order_of_memory(call, &array))
        fortran = false;
    else if (!call_order(call, 1, &fortran))
        return call_poison(call);
    if (fortran)
        array = view_reversed_axes(s, array, call->node->span);
    if (call->info->op == 1)
        array = copy_of(s, array, array->type->dtype, call->node->span);
    return view_raveled(s, array, call->node->span);
}

/* ---- the functions ------------------------------------------------------------------------- */

static TExpr *wants_axes(Call *call) {
    diag_error(call->node->span, DIAG_BAD_AXIS, "%s(%s): the axes do not fit", call->info->name, call->info->parameters);
    return call_poison(call);
}

TExpr *check_transpose_call(Call *call) {
    TExpr *array = call->receiver ? check_expr(call->scope, call->receiver)
                                  : check_expr(call->scope, call->node->as.call.arguments);
    if (is_poison(array))
        return array;
    if (array->type->kind != TYPE_ARRAY)
        return call_wrong(call, array, "an array");
    int rank = array->type->rank, count = 0, axes[TYPED_RANK_MAX];
    TExpr *items[2 * TYPED_RANK_MAX + 2];
    const Ast *arg = call->node->as.call.arguments;
    bool fortran;
    arg = call->receiver || !arg ? arg : arg->next;
    if (!arg || arg->kind == AST_NONE)
        return view_reversed_axes(call->scope, array, call->node->span);
    bool used[TYPED_RANK_MAX] = {false};
    if (!reshape_arguments(call, items, &count, &fortran))
        return call_poison(call);
    if (count != rank)
        return wants_axes(call);
    for (int i = 0; i < rank; i++) {
        axes[i] = axis_of(items[i], rank);
        if (axes[i] < 0)
            return call_poison(call);
        if (used[axes[i]])
            return wants_axes(call);
        used[axes[i]] = true;
    }
    return view_permuted(call->scope, array, axes, call->node->span);
}

TExpr *check_swapaxes(Call *call) {
    TExpr *array = call_array(call, 0);
    if (is_poison(array))
        return array;
    int rank = array->type->rank, axes[TYPED_RANK_MAX];
    int a = axis_of(call_argument(call, 1), rank), b = a < 0 ? -1 : axis_of(call_argument(call, 2), rank);
    if (a < 0 || b < 0)
        return call_poison(call);
    for (int i = 0; i < rank; i++)
        axes[i] = i == a ? b : i == b ? a : i;
    return view_permuted(call->scope, array, axes, call->node->span);
}

TExpr *check_moveaxis(Call *call) {
    TExpr *array = call_array(call, 0);
    if (is_poison(array))
        return array;
    int rank = array->type->rank, source[TYPED_RANK_MAX], destination[TYPED_RANK_MAX], axes[TYPED_RANK_MAX];
    int count = call_axes(call, 1, rank, source);
    if (count < 0)
        return call_poison(call);
    int to = call_axes(call, 2, rank, destination);
    if (to != count)
        return to < 0 ? call_poison(call) : wants_axes(call);
    bool moved[TYPED_RANK_MAX] = {false};
    for (int i = 0; i < rank; i++)
        axes[i] = -1;
    for (int i = 0; i < count; i++) {
        axes[destination[i]] = source[i];
        moved[source[i]] = true;
    }
    for (int i = 0, next = 0; i < rank; i++) {
        if (axes[i] >= 0)
            continue;
        while (moved[next])
            next++;
        axes[i] = next++;
    }
    return view_permuted(call->scope, array, axes, call->node->span);
}

TExpr *check_expand_dims(Call *call) {
    TExpr *array = call_array(call, 0);
    if (is_poison(array))
        return array;
    TExpr *axis = call_argument(call, 1);
    int added = axis->kind == TEXPR_TUPLE ? axis->as.tuple.count : 1, axes[TYPED_RANK_MAX + 1];
    int rank = array->type->rank + added;
    if (rank > TYPED_RANK_MAX) {
        diag_unsupported(call->node->span, "an array of rank above 8", "reshape, which merges axes");
        return call_poison(call);
    }
    bool fresh[TYPED_RANK_MAX] = {false};
    if (call_axes(call, 1, rank, axes) < 0)
        return call_poison(call);
    for (int i = 0; i < added; i++)
        fresh[axes[i]] = true;
    return view_expanded(call->scope, array, fresh, rank, call->node->span);
}

/* Axes of one element are dropped; without `axis` all that are known to be of one. */
TExpr *check_squeeze(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array(call, 0);
    if (is_poison(array))
        return array;
    int rank = array->type->rank, axes[TYPED_RANK_MAX];
    bool dropped[TYPED_RANK_MAX] = {false};
    int count = call_given(call, 1) ? call_axes(call, 1, rank, axes) : 0;
    if (count < 0)
        return call_poison(call);
    for (int i = 0; i < count; i++) {
        dropped[axes[i]] = true;
        require_equal(s, array->type->shape[axes[i]], size_const(1), "SQUEEZE", "sizes of the axis and of what squeeze drops",
                      call->node->span);
    }
    for (int axis = 0; axis < rank && !call_given(call, 1); axis++) {
        Size n = array->type->shape[axis];
        dropped[axis] = n == size_const(1);
        if (!dropped[axis] && prove_ne(s->facts, n, size_const(1)) != PROVED) {
            diag_unsupported(call->node->span, "squeeze of an axis that may have one element or more",
                             "squeeze(axis=...)");
            return call_poison(call);
        }
    }
    Subscript *subscripts = whole_subscripts(s, array, 0);
    for (int axis = 0; axis < rank; axis++) {
        if (!dropped[axis])
            continue;
        subscripts[axis].kind = SUBSCRIPT_INTEGER;
        subscripts[axis].index = texpr_int(s, 0, call->node->span);
    }
    return index_new(s, array, subscripts, rank, true, call->node->span);
}

void view_needs(Scope *s, TExpr *view, TExpr *const *items, int count) {
    Subscript *last = view->as.index.count ? &view->as.index.subscripts[view->as.index.count - 1] : NULL;
    if (!last || last->kind == SUBSCRIPT_INTEGER)
        return;
    last->operands = ARENA_ARRAY(s->checker->arena, TExpr *, count);
    memcpy(last->operands, items, sizeof(TExpr *) * (size_t)count);
    last->operand_count = count;
}

TExpr *check_broadcast_to(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array_like(call, 0), *items[TYPED_RANK_MAX + 1];
    Size shape[TYPED_RANK_MAX];
    int rank = 0;
    if (is_poison(array) || !call_shape(call, call_argument(call, 1), items, &rank))
        return call_poison(call);
    if (rank < array->type->rank) {
        diag_error(call->node->span, DIAG_SHAPE_MISMATCH, "an array of rank %d does not broadcast to rank %d",
                   array->type->rank, rank);
        return call_poison(call);
    }
    for (int i = 0; i < rank; i++)
        shape[i] = items[i]->size;
    TExpr *view = view_broadcast(s, array, rank, shape, call->node->span);
    view_needs(s, view, items, rank);
    ((Type *)view->type)->readonly = true;
    return view;
}

TExpr *check_broadcast_arrays(Call *call) {
    Scope *s = call->scope;
    TExpr **arrays = ARENA_ARRAY(s->checker->arena, TExpr *, call->node->as.call.count + 1);
    Size shape[TYPED_RANK_MAX];
    int count = 0, rank;
    Inset *inset = inset_open(s, call->node->span);
    for (const Ast *arg = call->node->as.call.arguments; arg; arg = arg->next) {
        TExpr *array = check_expr(s, arg);
        if (is_poison(array))
            return inset_close(inset, array);
        if (array->type->kind == TYPE_SCALAR)
            array = array_of_scalar(s, array);
        if (array->type->kind != TYPE_ARRAY)
            return inset_close(inset, call_wrong(call, array, "arrays"));
        arrays[count++] = hidden_value(s, "part", array, arg->span);
    }
    if (!broadcast(s, arrays, count, &rank, shape, call->node->span))
        return inset_close(inset, call_poison(call));
    for (int i = 0; i < count; i++) {
        arrays[i] = view_broadcast(s, arrays[i], rank, shape, call->node->span);
        ((Type *)arrays[i]->type)->readonly = true;
    }
    return inset_close(inset, tuple_of(s, arrays, count, call->node->span));
}

TExpr *check_flip(Call *call) {
    TExpr *array = call_array_like(call, 0);
    if (is_poison(array))
        return array;
    int rank = array->type->rank, axes[TYPED_RANK_MAX], count = 0;
    bool flipped[TYPED_RANK_MAX] = {false};
    if (call->info->op > rank) {
        diag_error(call->node->span, DIAG_BAD_AXIS, "%s takes an array of rank %d or more", call->info->name,
                   call->info->op);
        return call_poison(call);
    }
    if (call->info->op > 0) {
        flipped[call->info->op - 1] = true;
    } else if (call_given(call, 1)) {
        if ((count = call_axes(call, 1, rank, axes)) < 0)
            return call_poison(call);
        for (int i = 0; i < count; i++)
            flipped[axes[i]] = true;
    } else {
        for (int axis = 0; axis < rank; axis++)
            flipped[axis] = true;
    }
    return view_flipped(call->scope, array, flipped, call->node->span);
}

/* A quarter turn is a flip and a swap of two axes. */
TExpr *check_rot90(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array_like(call, 0);
    if (is_poison(array))
        return array;
    int rank = array->type->rank, axes[TYPED_RANK_MAX] = {0, 1}, order[TYPED_RANK_MAX];
    int64_t turns = 1;
    if (rank < 2 || (call_given(call, 2) && call_axes(call, 2, rank, axes) != 2))
        return wants_axes(call);
    if (call_given(call, 1) && !constant_int(call_argument(call, 1), &turns)) {
        diag_unsupported(call->node->span, "a number of turns that is not constant", "an if for each");
        return call_poison(call);
    }
    turns = (turns % 4 + 4) % 4;
    bool flipped[TYPED_RANK_MAX] = {false};
    flipped[axes[0]] = turns == 2 || turns == 3;
    flipped[axes[1]] = turns == 2 || turns == 1;
    for (int i = 0; i < rank; i++)
        order[i] = turns % 2 == 0 ? i : i == axes[0] ? axes[1] : i == axes[1] ? axes[0] : i;
    return view_permuted(s, view_flipped(s, array, flipped, call->node->span), order, call->node->span);
}

/* New axes of one element: before the others for rank 2, round them for rank 3 (numpy.atleast_3d). */
TExpr *check_atleast(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array_like(call, 0);
    if (is_poison(array))
        return array;
    int wanted = call->info->op, rank = array->type->rank;
    bool fresh[3] = {false};
    if (rank >= wanted)
        return array;
    for (int i = 0; i < wanted - rank; i++)
        fresh[i] = true;
    if (wanted == 3 && rank >= 1) {
        fresh[0] = rank == 1;
        fresh[1] = false;
        fresh[2] = true;
    }
    return view_expanded(s, array, fresh, wanted, call->node->span);
}
