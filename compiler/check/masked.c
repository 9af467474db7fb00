/* masked.c: where= in sums of floats.
 *
 * NumPy walks the innermost axis in runs of True: each run is added pairwise, the runs in order. Where the innermost axis
 * is not reduced, elements are added one by one, in the order of the axes that are. So the array is put in one of two forms,
 * for two functions of the library: (kept, reduced, innermost), or (reduced, kept). */
#include "check/call.h"

bool call_mask(Call *call, TExpr **mask) {
    *mask = NULL;
    if (!call_given_named(call, "where"))
        return true;
    TExpr *given = call_argument(call, call_place(call, "where"));
    if (given->type->kind == TYPE_LIST)
        given = list_to_array(call->scope, given, given->span);
    if (is_poison(given) || (given->kind == TEXPR_CONST && given->type->dtype == DTYPE_BOOL && given->as.constant.i))
        return !is_poison(given);
    if (!type_is_number(given->type) || given->type->dtype != DTYPE_BOOL)
        return call_wrong(call, given, "bools as where"), false;
    *mask = texpr_once(call->scope, given);
    call->values[call_place(call, "where")] = *mask;
    return true;
}

/* The reduced axes that are one innermost run: those behind the last kept one, where the mask has them too. */
static int innermost_axes(const TExpr *array, const TExpr *mask, const Axes *axes) {
    int rank = array->type->rank, count = 0;
    while (count < rank && axes->reduced[rank - 1 - count])
        count++;
    bool same = mask->type->kind == TYPE_ARRAY && mask->type->rank == rank;
    for (int axis = 0; same && axis < rank; axis++)
        same = mask->type->shape[axis] == array->type->shape[axis];
    return count > 1 && !(same && mask->type->contiguous) ? 1 : count;
}

/* Kept axes first, or behind; in their order otherwise. */
static void order_of(const Axes *axes, int rank, bool kept_first, int *order) {
    int used = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int axis = 0; axis < rank; axis++)
            if (axes->reduced[axis] == (pass == kept_first))
                order[used++] = axis;
}

/* In the form in which the library takes it; `groups`: how many axes are one there. */
static TExpr *in_form(Call *call, TExpr *value, const int *order, const int *groups, int count) {
    Scope *s = call->scope;
    Size shape[3];
    value = view_permuted(s, value, order, call->node->span);
    for (int g = 0, axis = 0; g < count; g++) {
        shape[g] = size_const(1);
        for (int k = 0; k < groups[g]; k++)
            shape[g] = size_mul(shape[g], value->type->shape[axis++]);
    }
    return view_reshaped(s, value, count, shape, true, call->node->span);
}

/* The sums in the result's shape. */
static TExpr *in_shape(Call *call, TExpr *sums, const TExpr *array, const Axes *axes) {
    Scope *s = call->scope;
    Size shape[TYPED_RANK_MAX];
    int rank = 0;
    for (int axis = 0; axis < array->type->rank; axis++)
        if (!axes->reduced[axis] || axes->keep)
            shape[rank++] = axes->reduced[axis] ? size_const(1) : array->type->shape[axis];
    if (is_poison(sums))
        return sums;
    return rank ? view_reshaped(s, sums, rank, shape, false, call->node->span)
                : array_row(s, sums, texpr_int(s, 0, call->node->span), call->node->span);
}

TExpr *masked_sum(Call *call, TExpr *array, TExpr *mask, const Axes *axes, TExpr *initial) {
    Scope *s = call->scope;
    Span span = call->node->span;
    int rank = array->type->rank, order[TYPED_RANK_MAX], kept = 0;
    if (rank > 1 && !array->type->contiguous) {
        diag_unsupported(span, "where= in a sum of floats that may not be in C order", "a .copy() of the array");
        return call_poison(call);
    }
    if (mask->type->kind == TYPE_SCALAR)
        mask = array_of_scalar(s, mask);
    int inner = innermost_axes(array, mask, axes);
    mask = view_broadcast(s, mask, rank, array->type->shape, span);
    if (is_poison(mask) || is_poison(array))
        return call_poison(call);
    for (int axis = 0; axis < rank; axis++)
        kept += !axes->reduced[axis];
    order_of(axes, rank, inner > 0, order);
    int rows[] = {kept, rank - kept - inner, inner}, columns[] = {rank - kept, kept}, count = inner ? 3 : 2;
    array = texpr_once(s, array);
    TExpr *values[] = {in_form(call, array, order, inner ? rows : columns, count),
                       in_form(call, mask, order, inner ? rows : columns, count),
                       initial ? initial : texpr_cast(s, texpr_int(s, 0, span), array->type->dtype, false)};
    return in_shape(call, library_call(s, inner ? "sum_where_rows" : "sum_where_columns", values, 3, span), array, axes);
}
