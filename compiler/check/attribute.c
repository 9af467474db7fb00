/* attribute.c: what an array tells of itself: sizes that the checker knows, and the layout, which the run may have to
 * look at. */
#include "check/call.h"

static TExpr *shape_of(Scope *s, TExpr *array, Span span) {
    TExpr *items[TYPED_RANK_MAX];
    for (int axis = 0; axis < array->type->rank; axis++)
        items[axis] = texpr_size(s, array->type->shape[axis], axis ? NULL : array, span);
    return tuple_of(s, items, array->type->rank, span);
}

/* A question to the layout: see mnp_layout. */
static TExpr *layout_of(Scope *s, TExpr *array, int question, Span span) {
    TExpr *expr = texpr_new(s, TEXPR_BUILTIN, span, type_scalar(s->checker, DTYPE_I64, true));
    expr->as.builtin.info = function_find("np", "may_share_memory");
    expr->as.builtin.arguments = ARENA_ARRAY(s->checker->arena, TExpr *, 2);
    expr->as.builtin.arguments[0] = array;
    expr->as.builtin.arguments[1] = texpr_int(s, question, span);
    expr->as.builtin.argument_count = 2;
    expr->size = size_fresh("layout");
    return expr;
}

static TExpr *strides_of(Scope *s, TExpr *array, Span span) {
    TExpr *items[TYPED_RANK_MAX];
    array = texpr_once(s, array);
    for (int axis = 0; axis < array->type->rank; axis++)
        items[axis] = layout_of(s, array, axis, span);
    return tuple_of(s, items, array->type->rank, span);
}

static TExpr *bytes_of(Scope *s, TExpr *array, Span span) {
    Size bytes = size_scale(element_count(array->type), dtype_info(array->type->dtype)->bytes);
    return texpr_size(s, bytes, array, span);
}

/* The attributes whose value is another array or an int. */
static TExpr *plain_attribute(Scope *s, TExpr *array, Name name, Span span) {
    int rank = array->type->rank, axes[TYPED_RANK_MAX];
    if (!strcmp(name, "shape"))
        return shape_of(s, array, span);
    if (!strcmp(name, "T"))
        return view_reversed_axes(s, array, span);
    if (!strcmp(name, "mT") && rank >= 2) {
        for (int axis = 0; axis < rank; axis++)
            axes[axis] = axis < rank - 2 ? axis : 2 * rank - 3 - axis;
        return view_permuted(s, array, axes, span);
    }
    if (!strcmp(name, "ndim"))
        return texpr_int(s, rank, span);
    if (!strcmp(name, "size"))
        return texpr_size(s, element_count(array->type), array, span);
    if (!strcmp(name, "itemsize"))
        return texpr_int(s, dtype_info(array->type->dtype)->bytes, span);
    if (!strcmp(name, "nbytes"))
        return bytes_of(s, array, span);
    if (!strcmp(name, "strides"))
        return strides_of(s, array, span);
    return NULL;
}

TExpr *array_attribute(Scope *s, TExpr *array, const Ast *node) {
    array = kept_order(s, array);
    Name name = node->as.attribute.name;
    TExpr *value = plain_attribute(s, array, name, node->span);
    if (value)
        return value;
    near_attribute(s, array->type, name, node->as.attribute.name_span);
    return texpr_poison(s, node->span);
}

/* array.flags.c_contiguous, array.flags['F_CONTIGUOUS'] */
TExpr *check_flags(Scope *s, const Ast *flags, const char *name, Span span) {
    TExpr *array = check_expr(s, flags->as.attribute.value);
    if (is_poison(array))
        return array;
    bool c_order = !strcmp(name, "c_contiguous") || !strcmp(name, "C_CONTIGUOUS") || !strcmp(name, "contiguous");
    bool f_order = !strcmp(name, "f_contiguous") || !strcmp(name, "F_CONTIGUOUS");
    if (array->type->kind == TYPE_ARRAY && (!strcmp(name, "writeable") || !strcmp(name, "WRITEABLE")))
        return texpr_bool(s, !array->type->readonly, span);
    if (array->type->kind != TYPE_ARRAY || (!c_order && !f_order)) {
        diag_unsupported(span, arena_printf(s->checker->arena, "the flag '%s'", name), "c_contiguous, f_contiguous or writeable");
        return texpr_poison(s, span);
    }
    TExpr *answer = layout_of(s, array, c_order ? LAYOUT_C : LAYOUT_FORTRAN, span);
    return make_op(s, OP_NE, (TExpr *[]){answer, texpr_int(s, 0, span)}, span);
}

TExpr *check_may_share(Call *call) {
    TExpr *a = call_array(call, 0), *b = call_array(call, 1);
    if (is_poison(a) || is_poison(b))
        return call_poison(call);
    TExpr *expr = call_builtin(call, type_scalar(call->scope->checker, DTYPE_I64, true), 3);
    expr->as.builtin.arguments[0] = a;
    expr->as.builtin.arguments[1] = texpr_int(call->scope, LAYOUT_SHARED, call->node->span);
    expr->as.builtin.arguments[2] = b;
    return make_op(call->scope, OP_NE, (TExpr *[]){expr, texpr_int(call->scope, 0, call->node->span)}, call->node->span);
}

/* np.shape(a), np.ndim(a), np.size(a). */
TExpr *check_attribute_call(Call *call) {
    static const char *const names[] = {"shape", "ndim", "size"};
    TExpr *array = call_array_like(call, 0);
    if (is_poison(array))
        return array;
    int axis = call->info->op == 2 ? call_axis(call, 1, array->type->rank, -2) : -2;
    if (axis == -1)
        return call_poison(call);
    if (axis >= 0)
        return texpr_size(call->scope, array->type->shape[axis], array, call->node->span);
    return plain_attribute(call->scope, array, name_of(names[call->info->op]), call->node->span);
}
