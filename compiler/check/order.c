/* order.c: the order of axes in memory that results of operations keep (NumPy's order='K').
 *
 * The result of an operation on arrays in Fortran order is in Fortran order; where operands differ, C order wins; an operand
 * that is repeated along an axis, or has one element there, has no say. Where the checker knows that all operands are one
 * and the same exchange of axes of arrays in C order (Type.permuted), the operation is done on those, and the result is seen
 * through the same exchange:   a.T + b.T   is   (a + b).T
 * It is done where a value gets a name, leaves a function, is reduced or asked for its layout: elsewhere nobody can tell. */
#include "check/call.h"

typedef enum { ORDER_ANY, ORDER_C, ORDER_PERMUTED } Order;

/* One element along all axes but one, as far as is known: any order will do. */
static bool has_no_say(const Type *type, int rank) {
    int axes = 0;
    if (type->kind != TYPE_ARRAY || type->rank < rank)
        return true;
    for (int axis = 0; axis < type->rank; axis++)
        axes += type->shape[axis] != size_const(1);
    return axes < 2;
}

static Order leaf_order(const Type *type, signed char *from) {
    if (!type->permuted)
        return ORDER_C;
    memcpy(from, type->from, sizeof type->from);
    return ORDER_PERMUTED;
}

/* Two operands' orders in one; what is permuted in two ways is left in C order. */
static Order both_orders(Order a, Order b, signed char *from, const signed char *other, int rank) {
    if (a == ORDER_ANY && b == ORDER_PERMUTED)
        memcpy(from, other, (size_t)rank);
    if (a == ORDER_ANY || b == ORDER_ANY)
        return a == ORDER_ANY ? b : a;
    bool same = a == ORDER_PERMUTED && b == ORDER_PERMUTED && !memcmp(from, other, (size_t)rank);
    return same ? ORDER_PERMUTED : ORDER_C;
}

static Order order_of(const TExpr *value, int rank, signed char *from) {
    signed char other[TYPED_RANK_MAX] = {0};
    Order order = ORDER_ANY;
    if (has_no_say(value->type, rank))
        return ORDER_ANY;
    if (value->kind == TEXPR_CAST)
        return order_of(value->as.cast.value, rank, from);
    if (value->kind != TEXPR_OP)
        return leaf_order(value->type, from);
    for (int i = 0; i < op_info(value->as.op.op)->arity; i++)
        order = both_orders(order, order_of(value->as.op.operands[i], rank, other), from, other, rank);
    return order == ORDER_ANY ? ORDER_C : order;
}

/* The order that the value has, or would have; false: C order, or nobody knows. */
static bool is_permuted(const TExpr *value, signed char *from) {
    int rank = value->type->kind == TYPE_ARRAY ? value->type->rank : 0;
    return rank > 1 && order_of(value, rank, from) == ORDER_PERMUTED;
}

static void inverse_of(const signed char *from, int rank, int *axes) {
    for (int i = 0; i < rank; i++)
        axes[from[i]] = i;
}

TExpr *unpermuted(Scope *s, TExpr *value, const signed char *from) {
    int axes[TYPED_RANK_MAX];
    bool whole = value->kind == TEXPR_BUILTIN && value->as.builtin.info->kind == FUNCTION_TRANSPOSE && !value->checks &&
                 value->type->permuted && !memcmp(value->type->from, from, (size_t)value->type->rank) &&
                 value->as.builtin.arguments[0]->type->contiguous;
    inverse_of(from, value->type->rank, axes);
    return whole ? value->as.builtin.arguments[0] : view_permuted(s, value, axes, value->span);
}

TExpr *permuted(Scope *s, TExpr *value, const signed char *from) {
    int axes[TYPED_RANK_MAX];
    for (int i = 0; i < value->type->rank; i++)
        axes[i] = from[i];
    return view_permuted(s, value, axes, value->span);
}

/* An operand among `rank` axes with its axes as they are in memory; operations are rebuilt. */
static TExpr *in_memory_order(Scope *s, TExpr *value, int rank, const signed char *from) {
    if (value->type->kind != TYPE_ARRAY || !value->type->rank)
        return value;
    bool fresh[TYPED_RANK_MAX] = {false}, rebuilt = value->kind == TEXPR_OP || value->kind == TEXPR_CAST;
    if (!rebuilt) {
        for (int i = 0; i < rank - value->type->rank; i++)
            fresh[i] = true;
        return unpermuted(s, value->type->rank < rank ? view_expanded(s, value, fresh, rank, value->span) : value, from);
    }
    int axes[TYPED_RANK_MAX], missing = rank - value->type->rank;
    Size shape[TYPED_RANK_MAX];
    TExpr *copy = ARENA_NEW(s->checker->arena, TExpr);
    *copy = *value;
    inverse_of(from, rank, axes);
    for (int i = 0; i < rank; i++)
        shape[i] = axes[i] < missing ? size_const(1) : value->type->shape[axes[i] - missing];
    copy->type = type_array(s->checker, value->type->dtype, rank, shape, true);
    if (value->kind == TEXPR_CAST)
        copy->as.cast.value = in_memory_order(s, value->as.cast.value, rank, from);
    for (int i = 0; value->kind == TEXPR_OP && i < op_info(value->as.op.op)->arity; i++)
        copy->as.op.operands[i] = in_memory_order(s, value->as.op.operands[i], rank, from);
    return copy;
}

static TExpr *kept_items(Scope *s, TExpr *tuple) {
    TExpr **items = ARENA_ARRAY(s->checker->arena, TExpr *, tuple->as.tuple.count + 1);
    for (int i = 0; i < tuple->as.tuple.count; i++)
        items[i] = kept_order(s, tuple->as.tuple.items[i]);
    return tuple_of(s, items, tuple->as.tuple.count, tuple->span);
}

TExpr *kept_order(Scope *s, TExpr *value) {
    signed char from[TYPED_RANK_MAX] = {0};
    bool part = value->kind == TEXPR_OP && (value->as.op.op == OP_REAL || value->as.op.op == OP_IMAG);
    if (value->kind == TEXPR_TUPLE && value->type->kind == TYPE_TUPLE && !value->checks)
        return kept_items(s, value);
    if ((value->kind != TEXPR_OP && value->kind != TEXPR_CAST) || part || !is_permuted(value, from))
        return value;
    return permuted(s, in_memory_order(s, value, value->type->rank, from), from);
}

bool has_order(const TExpr *value, signed char *from) {
    return is_permuted(value, from);
}
