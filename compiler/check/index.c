/* index.c: basic indexing (NumPy's user guide, "Basic indexing"): integers, slices, `...`, None. */
#include "check/checker.h"

/* min and max that the facts decide where they can: shorter polynomials prove more. */
static Size least(Scope *s, Size a, Size b) {
    if (prove_ge(s->facts, b, a) == PROVED)
        return a;
    return prove_ge(s->facts, a, b) == PROVED ? b : size_min(a, b);
}

static Size greatest(Scope *s, Size a, Size b) {
    if (prove_ge(s->facts, a, b) == PROVED)
        return a;
    return prove_ge(s->facts, b, a) == PROVED ? b : size_max(a, b);
}

static void keep_operand(Scope *s, Subscript *subscript, TExpr *operand) {
    TExpr **operands = ARENA_ARRAY(s->checker->arena, TExpr *, subscript->operand_count + 1);
    for (int i = 0; i < subscript->operand_count; i++)
        operands[i] = subscript->operands[i];
    operands[subscript->operand_count++] = operand;
    subscript->operands = operands;
}

/* A bound of a slice as an int expression; NULL where it is left out. False after an error. */
static bool slice_operand(Scope *s, Subscript *subscript, const Ast *node, TExpr **operand) {
    *operand = NULL;
    if (!node || node->kind == AST_NONE)
        return true;
    *operand = check_expr(s, node);
    if (is_poison(*operand))
        return false;
    if (!type_is_int((*operand)->type)) {
        diag_error(node->span, DIAG_TYPE_MISMATCH, "a slice takes ints, not %s",
                   type_print(s->checker->arena, (*operand)->type));
        return false;
    }
    *operand = texpr_once(s, texpr_cast(s, *operand, DTYPE_I64, true));
    keep_operand(s, subscript, *operand);
    return true;
}

/* A bound counted from the start, clamped to [low, high], as Python's slice.indices does. */
static Size clamp_bound(Scope *s, Subscript *subscript, TExpr *operand, Size n, Size low, Size high) {
    Size value = operand->size;
    if (prove_ge(s->facts, value, size_const(0)) == PROVED)
        return least(s, value, high);
    if (prove_lt(s->facts, value, size_const(0)) == PROVED)
        return greatest(s, size_add(n, value), low);
    TExpr *wrapped = texpr_new(s, TEXPR_OP, operand->span, operand->type);
    wrapped->as.op.op = OP_WRAP;
    wrapped->as.op.operands[0] = operand;
    wrapped->as.op.operands[1] = texpr_size(s, n, NULL, operand->span);
    wrapped->size = size_fresh("bound");
    keep_operand(s, subscript, wrapped);
    return least(s, greatest(s, wrapped->size, low), high);
}

/* A slice whose step has a known sign: bounds and length are polynomials. */
static void slice_by(Scope *s, Subscript *subscript, TExpr *lower, TExpr *upper, Size by, bool forward,
                     Size n) {
    Size low = size_const(forward ? 0 : -1), high = forward ? n : size_sub(n, size_const(1));
    Size start = lower ? clamp_bound(s, subscript, lower, n, low, high) : forward ? low : high;
    Size stop = upper ? clamp_bound(s, subscript, upper, n, low, high) : forward ? high : low;
    Size span = forward ? size_sub(stop, start) : size_sub(start, stop), stride = forward ? by : size_neg(by);
    Size rounds = size_floordiv(size_add(span, size_sub(stride, size_const(1))), stride);
    subscript->start = start;
    subscript->step = by;
    subscript->length = greatest(s, rounds, size_const(0));
}

static TExpr *int_op(Scope *s, Op op, TExpr *a, TExpr *b) {
    TExpr *operands[] = {a, b};
    return make_op(s, op, operands, a->span);
}

static TExpr *choose(Scope *s, TExpr *test, TExpr *then, TExpr *otherwise) {
    TExpr *operands[] = {test, then, otherwise};
    return make_op(s, OP_SELECT, operands, test->span);
}

/* min(max(bound counted from the start, low), high) */
static TExpr *clamp_expr(Scope *s, TExpr *bound, Size n, TExpr *low, TExpr *high) {
    TExpr *wrapped = texpr_new(s, TEXPR_OP, bound->span, bound->type);
    wrapped->as.op.op = OP_WRAP;
    wrapped->as.op.operands[0] = bound;
    wrapped->as.op.operands[1] = texpr_size(s, n, NULL, bound->span);
    wrapped->size = size_fresh("bound");
    return int_op(s, OP_MINIMUM, int_op(s, OP_MAXIMUM, wrapped, low), high);
}

/* A slice whose step's sign only the run knows: what slice.indices computes, as expressions. A step
 * past the axis' ends takes the same elements as one of n + 1. */
static void slice_by_any(Scope *s, Subscript *subscript, TExpr *lower, TExpr *upper, TExpr *step, Size n) {
    Span span = step->span;
    TCheck *check = require(s, FACT_NE, step->size, "SLICE_STEP", "the step of a slice", span);
    step->checks = check->verdict == UNDECIDED ? check : NULL;
    TExpr *most = texpr_size(s, size_add(n, size_const(1)), NULL, span);
    TExpr *least_step = texpr_size(s, size_sub(size_const(-1), n), NULL, span);
    TExpr *by = texpr_once(s, int_op(s, OP_MAXIMUM, int_op(s, OP_MINIMUM, step, most), least_step));
    TExpr *forward = int_op(s, OP_GT, by, texpr_int(s, 0, span));
    TExpr *low = texpr_once(s, choose(s, forward, texpr_int(s, 0, span), texpr_int(s, -1, span)));
    TExpr *high = texpr_once(s, int_op(s, OP_ADD, low, texpr_size(s, n, NULL, span)));
    TExpr *start = texpr_once(s, lower ? clamp_expr(s, lower, n, low, high) : choose(s, forward, low, high));
    TExpr *stop = upper ? clamp_expr(s, upper, n, low, high) : choose(s, forward, high, low);
    TExpr *sign = int_op(s, OP_ADD, int_op(s, OP_MUL, low, texpr_int(s, 2, span)), texpr_int(s, 1, span));
    TExpr *reach = int_op(s, OP_ADD, int_op(s, OP_SUB, stop, start), int_op(s, OP_SUB, by, sign));
    TExpr *rounds = int_op(s, OP_MAXIMUM, int_op(s, OP_FLOORDIV, reach, by), texpr_int(s, 0, span));
    keep_operand(s, subscript, by);
    keep_operand(s, subscript, start);
    keep_operand(s, subscript, rounds);
    subscript->start = start->size;
    subscript->step = by->size;
    subscript->length = rounds->size;
}

static bool check_slice(Scope *s, const Ast *node, Size n, Subscript *subscript) {
    TExpr *lower, *upper, *step;
    int64_t by = 1;
    subscript->kind = SUBSCRIPT_SLICE;
    if (!slice_operand(s, subscript, node->as.slice.lower, &lower) ||
        !slice_operand(s, subscript, node->as.slice.upper, &upper) ||
        !slice_operand(s, subscript, node->as.slice.step, &step))
        return false;
    bool constant = !step || constant_int(step, &by);
    if (constant && (by == 0 || by == INT64_MIN)) {
        diag_error(node->as.slice.step->span, DIAG_ALWAYS_FAILS, "a slice's step is not %s",
                   by ? "that small" : "zero");
        return false;
    }
    int sign = step ? sign_of(s, step->size) : 1;
    if (sign)
        slice_by(s, subscript, lower, upper, step ? step->size : size_const(1), sign > 0, n);
    else
        slice_by_any(s, subscript, lower, upper, step, n);
    return true;
}

static bool check_integer_index(Scope *s, const Ast *node, TExpr *index, const TExpr *base,
                                int axis, Subscript *subscript) {
    Size n = base->type->shape[axis];
    subscript->kind = SUBSCRIPT_INTEGER;
    subscript->index = texpr_cast(s, index, DTYPE_I64, true);
    Size i = subscript->index->size;
    Arena *arena = s->checker->arena;
    if (prove_lt(s->facts, i, n) == REFUTED || prove_ge(s->facts, i, size_neg(n)) == REFUTED) {
        Diag *diag = diag_error(node->span, DIAG_ALWAYS_FAILS,
                                "index %s is out of bounds for axis %d with size %s",
                                size_print(arena, i), axis, size_print(arena, n));
        diag_note(diag, base->span, "this is %s", type_print(arena, base->type));
        return false;
    }
    return true;
}

static bool check_subscript(Scope *s, const Ast *node, const TExpr *base, int axis,
                            Subscript *subscript) {
    if (node->kind == AST_SLICE)
        return check_slice(s, node, base->type->shape[axis], subscript);
    TExpr *index = check_expr(s, node);
    if (is_poison(index))
        return false;
    if (type_is_int(index->type))
        return check_integer_index(s, node, index, base, axis, subscript);
    if (index->type->kind == TYPE_ARRAY || index->type->kind == TYPE_LIST)
        diag_unsupported(node->span, "indexing with an array", "a loop");
    else
        diag_error(node->span, DIAG_TYPE_MISMATCH, "an index is an int or a slice, not %s",
                   type_print(s->checker->arena, index->type));
    return false;
}

static bool is_new_axis(Scope *s, const Ast *node) {
    if (node->kind == AST_NONE)
        return true;
    if (node->kind != AST_ATTRIBUTE || strcmp(node->as.attribute.name, "newaxis"))
        return false;
    TExpr *value = check_expr(s, node);
    return value->type->kind == TYPE_NONE;
}

static void whole_axis(Size n, Subscript *subscript) {
    *subscript = (Subscript){.kind = SUBSCRIPT_SLICE, .start = size_const(0),
                             .step = size_const(1), .length = n};
}

/* The type of the view, and whether it is still in C order: only the first axis cut, step 1. */
static const Type *view_type(Scope *s, const Type *base, const Subscript *subscripts, int count) {
    Size shape[2 * TYPED_RANK_MAX];
    int rank = 0, axis = 0;
    bool contiguous = base->contiguous, leading = true;
    for (int i = 0; i < count; i++) {
        if (subscripts[i].kind == SUBSCRIPT_NEW) {
            shape[rank++] = size_const(1);
            continue;
        }
        if (subscripts[i].kind == SUBSCRIPT_SLICE) {
            bool whole = subscripts[i].length == base->shape[axis] &&
                         subscripts[i].start == size_const(0);
            contiguous &= subscripts[i].step == size_const(1) && (leading || whole);
            leading = false;
            shape[rank++] = subscripts[i].length;
        } else {
            contiguous &= leading;
        }
        axis++;
    }
    if (rank == 0)
        return type_scalar(s->checker, base->dtype, false);
    return type_array(s->checker, base->dtype, rank, shape, contiguous);
}

static int count_axes(Scope *s, const Ast *indices, bool *ellipsis) {
    int used = 0;
    *ellipsis = false;
    for (const Ast *index = indices; index; index = index->next) {
        if (index->kind == AST_ELLIPSIS)
            *ellipsis = true;
        else if (!is_new_axis(s, index))
            used++;
    }
    return used;
}

static TExpr *index_array(Scope *s, const Ast *node, TExpr *base) {
    bool ellipsis;
    const Ast *indices = node->as.index.indices;
    if (indices->kind == AST_TUPLE && !indices->next)
        indices = indices->as.list.items;
    int rank = base->type->rank, used = count_axes(s, indices, &ellipsis);
    if (used > rank) {
        Diag *diag = diag_error(node->span, DIAG_TOO_MANY_INDICES,
                                "%d indices for an array of rank %d", used, rank);
        diag_note(diag, base->span, "this is %s", type_print(s->checker->arena, base->type));
        return texpr_poison(s, node->span);
    }
    Subscript *subscripts = ARENA_ARRAY(s->checker->arena, Subscript, 3 * TYPED_RANK_MAX);
    int count = 0, axis = 0, rest = rank - used;
    for (const Ast *index = indices; index && count < 2 * TYPED_RANK_MAX; index = index->next) {
        if (index->kind == AST_ELLIPSIS) {
            for (; rest > 0; rest--)
                whole_axis(base->type->shape[axis++], &subscripts[count++]);
        } else if (is_new_axis(s, index)) {
            subscripts[count++].kind = SUBSCRIPT_NEW;
        } else if (!check_subscript(s, index, base, axis++, &subscripts[count++])) {
            return texpr_poison(s, node->span);
        }
    }
    while (axis < rank)
        whole_axis(base->type->shape[axis++], &subscripts[count++]);
    int result_rank = 0;
    for (int i = 0; i < count; i++)
        result_rank += subscripts[i].kind != SUBSCRIPT_INTEGER;
    if (result_rank > TYPED_RANK_MAX) {
        diag_unsupported(node->span, "an array of rank above 8", NULL);
        return texpr_poison(s, node->span);
    }
    const Type *type = view_type(s, base->type, subscripts, count);
    TExpr *expr = texpr_new(s, TEXPR_INDEX, node->span, type);
    expr->as.index.base = base;
    expr->as.index.subscripts = subscripts;
    expr->as.index.count = count;
    if (type->kind == TYPE_SCALAR && dtype_is_integer(type->dtype))
        expr->size = size_fresh("element");
    return expr;
}

TExpr *texpr_shared(Scope *s, TExpr *value) {
    bool plain = value->kind == TEXPR_TUPLE;
    for (int i = 0; plain && i < value->as.tuple.count; i++) {
        TExprKind kind = value->as.tuple.items[i]->kind;
        plain = kind == TEXPR_SIZE || kind == TEXPR_CONST || kind == TEXPR_VARIABLE;
    }
    return plain ? value : texpr_once(s, value);
}

static Size item_size(const TExpr *tuple, int i) {
    if (tuple->kind == TEXPR_VARIABLE)
        return tuple->as.variable->items[i];
    const TExpr *inner = tuple->kind == TEXPR_ONCE ? tuple->as.cast.value : NULL;
    Size size = inner && inner->kind == TEXPR_TUPLE ? inner->as.tuple.items[i]->size : NULL;
    return size ? size : size_fresh("item");
}

TExpr *tuple_item(Scope *s, TExpr *tuple, int i, Span span) {
    if (tuple->kind == TEXPR_TUPLE)
        return tuple->as.tuple.items[i];
    TExpr *expr = texpr_new(s, TEXPR_ITEM, span, tuple->type->items[i]);
    expr->as.item.tuple = tuple;
    expr->as.item.item = i;
    if (type_is_int(expr->type))
        expr->size = item_size(tuple, i);
    return expr;
}

static TExpr *index_tuple(Scope *s, const Ast *node, TExpr *base) {
    TExpr *index = check_expr(s, node->as.index.indices);
    int64_t at;
    int count = base->type->count;
    if (is_poison(index))
        return index;
    if (node->as.index.count != 1 || !constant_int(index, &at)) {
        diag_error(node->span, DIAG_NEEDS_CONSTANT, "a tuple's index is a constant int");
        return texpr_poison(s, node->span);
    }
    at = at < 0 ? at + count : at;
    if (at < 0 || at >= count) {
        diag_error(node->span, DIAG_ALWAYS_FAILS, "a tuple of %d has no such item", count);
        return texpr_poison(s, node->span);
    }
    return tuple_item(s, texpr_shared(s, base), (int)at, node->span);
}

/* array[index] along the first axis. */
TExpr *array_row(Scope *s, TExpr *array, TExpr *index, Span span) {
    const Type *of = array->type;
    const Type *type = of->rank == 1 ? type_scalar(s->checker, of->dtype, false)
                                     : type_array(s->checker, of->dtype, of->rank - 1, of->shape + 1,
                                                  of->contiguous);
    TExpr *row = texpr_new(s, TEXPR_INDEX, span, type);
    Subscript *subscripts = ARENA_ARRAY(s->checker->arena, Subscript, of->rank);
    subscripts[0].index = index;
    for (int axis = 1; axis < of->rank; axis++)
        whole_axis(of->shape[axis], &subscripts[axis]);
    row->as.index.base = array;
    row->as.index.subscripts = subscripts;
    row->as.index.count = of->rank;
    if (type->kind == TYPE_SCALAR && dtype_is_integer(type->dtype))
        row->size = size_fresh("element");
    return row;
}

/* An item of sys.argv, or a character of the string `base`. */
static TExpr *index_argv(Scope *s, const Ast *node, TExpr *base) {
    TExpr *index = check_expr(s, node->as.index.indices);
    if (is_poison(index))
        return index;
    if (node->as.index.count != 1 || !type_is_python_int(index->type)) {
        diag_unsupported(node->span, "slices of strings and of sys.argv", "single items");
        return texpr_poison(s, node->span);
    }
    TExpr *expr = texpr_new(s, TEXPR_INDEX, node->span, type_simple(s->checker, TYPE_STRING));
    expr->as.index.base = base;
    expr->as.index.subscripts = ARENA_ARRAY(s->checker->arena, Subscript, 1);
    expr->as.index.subscripts[0].index = index;
    expr->as.index.count = 1;
    return expr;
}

TExpr *check_index(Scope *s, const Ast *node) {
    TExpr *base = check_expr(s, node->as.index.value);
    if (is_poison(base))
        return base;
    if (base->type->kind == TYPE_ARRAY)
        return index_array(s, node, base);
    if (base->type->kind == TYPE_TUPLE)
        return index_tuple(s, node, base);
    if (base->type->kind == TYPE_LIST)
        return index_argv(s, node, NULL);
    if (base->type->kind == TYPE_STRING)
        return index_argv(s, node, base);
    diag_error(node->span, DIAG_TYPE_MISMATCH, "%s cannot be indexed",
               type_print(s->checker->arena, base->type));
    return texpr_poison(s, node->span);
}
