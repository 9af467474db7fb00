/* choose.c: np.choose, whose first array tells which of several others is taken at each place, and np.fromfunction, a
 * function of the indices of a grid. */
#include "check/call.h"
#include "check/sequence.h"

enum { CHOICES_MAX = 64 };

/* The choices: the items of a list or tuple, or the rows of an array of few. -1 after an error. */
static int choices_of(Call *call, TExpr ***items) {
    Scope *s = call->scope;
    const Ast *node = call->asts[1];
    if (node && (node->kind == AST_LIST || node->kind == AST_TUPLE))
        return call_items(call, 1, items);
    TExpr *array = call_array_like(call, 1);
    int64_t count;
    if (is_poison(array))
        return -1;
    if (!array->type->rank || !size_is_const(array->type->shape[0], &count) || count > CHOICES_MAX) {
        diag_unsupported(array->span, "choices that are not a list", "np.take_along_axis");
        return -1;
    }
    array = texpr_once(s, array);
    *items = ARENA_ARRAY(s->checker->arena, TExpr *, count + 1);
    for (int i = 0; i < count; i++)
        (*items)[i] = array_row(s, array, texpr_int(s, i, array->span), array->span);
    return (int)count;
}

/* NumPy's dtype for what is no array. */
static TExpr *strong(Scope *s, TExpr *value) {
    return value->type->kind == TYPE_SCALAR ? texpr_cast(s, value, value->type->dtype, false) : value;
}

/* choose(a, choices, mode='raise') */
TExpr *check_choose(Call *call) {
    Scope *s = call->scope;
    Span span = call->node->span;
    TExpr *index = call_array_like(call, 0), **items;
    const char *mode = call_option(call, 2, "raise");
    int count = is_poison(index) || !mode ? -1 : choices_of(call, &items);
    if (count < 1 || count > CHOICES_MAX)
        return count < 0 ? call_poison(call) : call_wrong(call, call_argument(call, 1), "one to 64 choices");
    if (!dtype_is_integer(index->type->dtype) && index->type->dtype != DTYPE_BOOL)
        return call_wrong(call, index, "ints that choose");
    Inset *inset = inset_open(s, span);
    index = hidden_value(s, "index", texpr_cast(s, index, DTYPE_I64, false), span);
    for (int i = 0; i < count; i++)
        items[i] = hidden_value(s, "choice", strong(s, items[i]), span);
    TExpr *number = texpr_int(s, count, span), *last = texpr_int(s, count - 1, span), *checked[] = {index, number};
    if (!strcmp(mode, "wrap"))
        index = make_op(s, OP_MOD, checked, span);
    else if (!strcmp(mode, "raise"))
        index = library_call(s, "choices_within", checked, 2, span);
    TExpr *result = items[count - 1];
    if (!is_poison(index))
        index = hidden_value(s, "index", index, span);
    for (int i = count - 2; i >= 0 && !is_poison(result) && !is_poison(index); i--) {
        TExpr *test = make_op(s, OP_LE, (TExpr *[]){index, texpr_int(s, i, span)}, span);
        result = make_op(s, OP_SELECT, (TExpr *[]){test, items[i], result}, span);
    }
    if (count == 1 && !is_poison(index) && !is_poison(result)) {
        TExpr *test = make_op(s, OP_LE, (TExpr *[]){index, last}, span);
        result = make_op(s, OP_SELECT, (TExpr *[]){test, result, result}, span);
    }
    return inset_close(inset, is_poison(index) ? index : result);
}

/* fromfunction(function, shape, dtype=float): the function called with np.indices(shape, dtype), an array an axis. */
TExpr *check_fromfunction(Call *call) {
    Scope *s = call->scope;
    Span span = call->node->span;
    DType dtype = DTYPE_F64;
    TExpr *shape = call_argument(call, 1), *sizes[TYPED_RANK_MAX + 1];
    int rank = 0;
    if (is_poison(shape) || !call->asts[0] || !call_shape(call, shape, sizes, &rank) ||
        (call_given(call, 2) && !call_dtype(call, 2, &dtype)))
        return call_poison(call);
    Inset *inset = inset_open(s, span);
    Size extents[TYPED_RANK_MAX];
    for (int axis = 0; axis < rank; axis++) {
        sizes[axis] = hidden_value(s, "extent", sizes[axis], span);
        extents[axis] = sizes[axis]->size;
        require_not_negative(s, extents[axis], "a size that is not negative", span);
    }
    Ast *arguments = NULL, **link = &arguments;
    for (int axis = 0; axis < rank; axis++) {
        TExpr *count = view_broadcast(s, texpr_iota(s, rank, axis, extents[axis], NULL, span), rank, extents, span);
        Name name = bind_hidden(s, "place", copy_of(s, count, dtype, span));
        *link = ast_name(s, name, span);
        link = &(*link)->next;
    }
    return inset_close(inset, check_expr(s, ast_call(s, ast_copy(s, call->asts[0]), arguments, span)));
}
