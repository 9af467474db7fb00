/* create.c: calls that make arrays: np.zeros and its like, np.arange, np.array, copies. */
#include "check/call.h"

/* ---- dtypes and shapes --------------------------------------------------------------------- */

bool call_dtype(Call *call, int k, DType *dtype) {
    return dtype_of_node(call->scope, call->asts[k], dtype);
}

/* Shape items: an int or a tuple of ints; `known`: -1 stands for what is left of so many elements. */
bool call_shape(Call *call, TExpr *value, TExpr **items, int *count) {
    if (value->kind == TEXPR_LIST)
        value = tuple_of(call->scope, value->as.tuple.items, value->as.tuple.count, value->span);
    int more = value->type->kind == TYPE_TUPLE ? value->type->count : 1;
    if (*count + more > TYPED_RANK_MAX) {
        diag_unsupported(value->span, "an array of rank above 8", "reshape, which merges axes");
        return false;
    }
    if (value->type->kind == TYPE_TUPLE) {
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

/* ---- creation ------------------------------------------------------------------------------ */

/* An array of a shape, in C order or the reverse, of zeros, ones, unset or of one value. */
TExpr *check_fill(Call *call) {
    Scope *s = call->scope;
    int how = call->info->op & 3;
    bool like = call->info->op & FILL_LIKE, full = how == FILL_VALUE, fortran = false;
    TExpr *items[TYPED_RANK_MAX + 1], *first = like ? call_array_like(call, 0) : call_argument(call, 0), *value = NULL;
    Size shape[TYPED_RANK_MAX];
    int rank = 0, dtype_at = full ? 2 : 1;
    DType dtype = DTYPE_F64;
    if (is_poison(first))
        return first;
    if (full && is_poison(value = texpr_decay(s, call_argument(call, 1))))
        return value;
    if (full && value->type->kind != TYPE_SCALAR)
        return call_wrong(call, value, "a scalar to fill with");
    if (full)
        dtype = value->type->dtype;
    signed char from[TYPED_RANK_MAX];
    bool is_ordered = like && has_order(first, from);
    if (like) {
        rank = first->type->rank;
        memcpy(shape, first->type->shape, sizeof shape);
        for (int i = 0; is_ordered && i < rank; i++)
            shape[from[i]] = first->type->shape[i];
        dtype = first->type->dtype;
    } else if (!call_shape(call, first, items, &rank) || !call_order(call, dtype_at + 1, &fortran)) {
        return call_poison(call);
    }
    for (int i = 0; i < rank && !like; i++) {
        int axis = fortran ? rank - 1 - i : i;
        shape[axis] = items[i]->size;
        require_not_negative(call->scope, shape[axis], "a size that is not negative", items[i]->span);
    }
    if (call_given(call, dtype_at) && !call_dtype(call, dtype_at, &dtype))
        return call_poison(call);
    TExpr *expr = call_builtin(call, type_array(s->checker, dtype, rank, shape, true), rank + 1);
    expr->as.builtin.how = how;
    if (full)
        expr->as.builtin.arguments[0] = texpr_cast(s, value, dtype, false);
    for (int i = 0; i < rank; i++)
        expr->as.builtin.arguments[i + 1] = like ? (i ? NULL : first) : items[i];
    if (like && is_ordered)
        return permuted(s, expr, from);
    return fortran ? view_reversed_axes(s, expr, call->node->span) : expr;
}

TExpr *array_of_scalar(Scope *s, TExpr *value) {
    TExpr *expr = texpr_new(s, TEXPR_BUILTIN, value->span, type_array(s->checker, value->type->dtype, 0, NULL, true));
    expr->as.builtin.info = function_find("np", "full");
    expr->as.builtin.how = FILL_VALUE;
    expr->as.builtin.arguments = ARENA_ARRAY(s->checker->arena, TExpr *, 1);
    expr->as.builtin.arguments[0] = texpr_cast(s, value, value->type->dtype, false);
    expr->as.builtin.argument_count = 1;
    return expr;
}

TExpr *copy_of(Scope *s, TExpr *value, DType dtype, Span span) {
    TExpr *copy = texpr_new(s, TEXPR_BUILTIN, span,
                            type_array(s->checker, dtype, value->type->rank, value->type->shape, true));
    copy->as.builtin.info = function_find("array", "astype");
    copy->as.builtin.arguments = ARENA_ARRAY(s->checker->arena, TExpr *, 1);
    copy->as.builtin.arguments[0] = value;
    copy->as.builtin.argument_count = 1;
    return copy;
}

TExpr *texpr_iota(Scope *s, int rank, int axis, Size n, TExpr *of, Span span) {
    Size shape[TYPED_RANK_MAX];
    for (int k = 0; k < rank; k++)
        shape[k] = k == axis ? n : size_const(1);
    TExpr *expr = texpr_new(s, TEXPR_IOTA, span, type_array(s->checker, DTYPE_I64, rank, shape, true));
    expr->as.iota.axis = axis;
    expr->as.iota.of = of;
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
        if (bounds[i]->type->kind != TYPE_SCALAR || dtype_is_complex(bounds[i]->type->dtype))
            return call_wrong(call, bounds[i], "real numbers");
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

/* A nested list or tuple that is written out, taken apart. */
typedef struct {
    Scope *scope;
    int64_t extents[TYPED_RANK_MAX];
    int rank;                 /* of the nesting */
    TExpr **items;
    int count, capacity;
    bool arrays;              /* the items are arrays of one rank */
} Literal;

static bool add_item(Literal *literal, const Ast *node, int depth) {
    TExpr *value = check_expr(literal->scope, node);
    if (!is_poison(value))
        value = list_to_array(literal->scope, value, node->span);
    if (is_poison(value))
        return false;
    bool array = value->type->kind == TYPE_ARRAY, first = !literal->count;
    if (first)
        literal->arrays = array;
    if (!type_is_number(value->type) || depth != literal->rank || array != literal->arrays || (array && depth != 1)) {
        diag_unsupported(node->span, "this in an array's literal", "scalars, or arrays of one rank, in lists");
        return false;
    }
    if (literal->count == literal->capacity)
        literal->items = arena_grow(literal->scope->checker->arena, literal->items, sizeof *literal->items,
                                    literal->count, &literal->capacity);
    literal->items[literal->count++] = value;
    return true;
}

/* The shape follows the first items at each level. */
static bool flatten(Literal *literal, const Ast *node, int depth) {
    if (node->kind != AST_LIST && node->kind != AST_TUPLE)
        return add_item(literal, node, depth);
    if (depth == TYPED_RANK_MAX) {
        diag_unsupported(node->span, "an array of rank above 8", "reshape, which merges axes");
        return false;
    }
    if (depth >= literal->rank) {
        literal->extents[depth] = node->as.list.count;
        literal->rank = depth + 1;
    }
    if (literal->extents[depth] != node->as.list.count) {
        diag_error(node->span, DIAG_SHAPE_MISMATCH, "rows of different lengths: %d and %lld", node->as.list.count,
                   (long long)literal->extents[depth]);
        return false;
    }
    for (const Ast *item = node->as.list.items; item; item = item->next)
        if (!flatten(literal, item, depth + 1))
            return false;
    return true;
}

/* NumPy's common dtype: Python's scalars count as their defaults. */
static DType literal_dtype(const Literal *literal) {
    DType dtype = literal->count ? literal->items[0]->type->dtype : DTYPE_F64;
    for (int i = 1; i < literal->count; i++)
        dtype = dtype_promote(dtype, literal->items[i]->type->dtype);
    return dtype;
}

static TExpr *literal_array(Scope *s, const Ast *node, const DType *wanted) {
    Literal literal = {.scope = s};
    Size shape[TYPED_RANK_MAX];
    if (!flatten(&literal, node, 0))
        return texpr_poison(s, node->span);
    DType dtype = wanted ? *wanted : literal_dtype(&literal);
    if (literal.arrays) {
        for (int i = 0; i < literal.count; i++)
            literal.items[i] = texpr_once(s, literal.items[i]);
        return stacked(s, literal.items, literal.count, 0, dtype, node->span);
    }
    for (int axis = 0; axis < literal.rank; axis++)
        shape[axis] = size_const(literal.extents[axis]);
    TExpr *expr = texpr_new(s, TEXPR_BUILTIN, node->span, type_array(s->checker, dtype, literal.rank, shape, true));
    expr->as.builtin.info = function_find("np", "array");
    expr->as.builtin.arguments = ARENA_ARRAY(s->checker->arena, TExpr *, literal.count + 1);
    expr->as.builtin.argument_count = literal.count;
    for (int i = 0; i < literal.count; i++)
        expr->as.builtin.arguments[i] = texpr_cast(s, literal.items[i], dtype, false);
    return expr;
}

TExpr *array_of_ast(Scope *s, const Ast *node) {
    return literal_array(s, node, NULL);
}

static bool is_literal(const Ast *node) {
    return node && (node->kind == AST_LIST || node->kind == AST_TUPLE);
}

/* A copy in the order that is asked for. */
static TExpr *ordered_copy(Scope *s, TExpr *value, DType dtype, bool fortran, Span span) {
    if (!fortran)
        return copy_of(s, value, dtype, span);
    return view_reversed_axes(s, copy_of(s, view_reversed_axes(s, value, span), dtype, span), span);
}

/* A copy that keeps the order of axes in memory, as astype, np.copy and np.array make it where they are told none. */
static TExpr *kept_copy(Scope *s, TExpr *value, DType dtype, Span span) {
    signed char from[TYPED_RANK_MAX];
    if (!has_order(value, from))
        return copy_of(s, value, dtype, span);
    return permuted(s, copy_of(s, unpermuted(s, kept_order(s, value), from), dtype, span), from);
}

/* array(object, dtype=None, copy=True, order='K', ndmin=0), asarray(a, dtype=None, order=None): the array itself. */
TExpr *check_array(Call *call) {
    Scope *s = call->scope;
    DType dtype;
    bool typed = call_given(call, 1), fortran = false, same = call->info->op == 0, copy = !same;
    int order_at = same ? 2 : 3;
    int64_t least = 0;
    if ((typed && !call_dtype(call, 1, &dtype)) || (call_given(call, order_at) && !call_order(call, order_at, &fortran)) ||
        (!same && !call_flag(call, 2, true, &copy)))
        return call_poison(call);
    TExpr *value;
    if (is_literal(call->asts[0])) {
        value = literal_array(s, call->asts[0], typed ? &dtype : NULL);
        copy = false;
    } else if (call_argument(call, 0)->type->kind == TYPE_LIST) {
        value = list_as_array(s, call_argument(call, 0), typed ? &dtype : NULL, call->node->span);
        copy = false;
    } else {
        value = call_array_like(call, 0);
    }
    if (is_poison(value))
        return value;
    dtype = typed ? dtype : value->type->dtype;
    if (copy || fortran || dtype != value->type->dtype)
        value = call_given(call, order_at) ? ordered_copy(s, value, dtype, fortran, call->node->span)
                                           : kept_copy(s, value, dtype, call->node->span);
    if (!same && call_given(call, 4) && !constant_int(call_argument(call, 4), &least))
        return call_wrong(call, call_argument(call, 4), "a constant ndmin");
    bool fresh[TYPED_RANK_MAX] = {false};
    int rank = value->type->rank;
    if (least <= rank || least > TYPED_RANK_MAX)
        return value;
    for (int i = 0; i < least - rank; i++)
        fresh[i] = true;
    return view_expanded(s, value, fresh, (int)least, call->node->span);
}

/* Somebody else may hold the array, or one that it is a view of. */
static bool may_be_held(const TExpr *value) {
    if (value->kind == TEXPR_BUILTIN && value->as.builtin.info == function_find("np", "transpose"))
        return may_be_held(value->as.builtin.arguments[0]);
    return value->kind == TEXPR_VARIABLE || value->kind == TEXPR_INDEX || value->kind == TEXPR_ITEM ||
           value->kind == TEXPR_CALL || value->kind == TEXPR_BIND || value->kind == TEXPR_ONCE;
}

/* copy(order), astype(dtype, order), ascontiguousarray (op 1: the array itself where it is in C order; at least one
 * axis) and asfortranarray (op 2). */
TExpr *check_copy(Call *call) {
    Scope *s = call->scope;
    TExpr *value = call_array_like(call, 0);
    Span span = call->node->span;
    if (is_poison(value))
        return value;
    DType dtype = value->type->dtype;
    bool astype = call->info->kind == FUNCTION_ASTYPE, fortran = call->info->op == 2;
    int dtype_at = astype || call->info->op > 0 ? 1 : -1, order_at = astype ? 2 : call->info->op > 0 ? -1 : 1;
    if (astype && !call->asts[1]) {
        call_argument(call, 1);
        return call_poison(call);
    }
    if ((dtype_at > 0 && call_given(call, dtype_at) && !call_dtype(call, dtype_at, &dtype)) ||
        (order_at > 0 && !call_order(call, order_at, &fortran)))
        return call_poison(call);
    bool fresh[1] = {true};
    if (call->info->op > 0 && !value->type->rank)
        value = view_expanded(s, value, fresh, 1, span);
    if (call->info->op > 0 && value->type->contiguous && dtype == value->type->dtype &&
        (call->info->op == 1 || value->type->rank == 1))
        return value;
    if (call->info->op > 0 && dtype == value->type->dtype && may_be_held(value)) {
        /* Where the run finds it in that order already, the array is the same. */
        TExpr *base = call->info->op == 2 ? view_reversed_axes(s, value, span) : value;
        base = view_reshaped(s, base, base->type->rank, base->type->shape, true, span);
        return call->info->op == 2 ? view_reversed_axes(s, base, span) : base;
    }
    bool keeps = astype || (call->info->op == 0 && !strcmp(call->info->module, "np"));
    return keeps && !call_given(call, order_at) ? kept_copy(s, value, dtype, span) : ordered_copy(s, value, dtype, fortran, span);
}
