/* index.c: indexing (NumPy's user guide, "Indexing on ndarrays"): integers, slices, `...`, None; what has arrays among
 * its subscripts goes on in gather.c. */
#include "check/sequence.h"

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
    *operand = check_value(s, node);
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
    TExpr *most = texpr_size(s, size_add(n, size_const(1)), NULL, span);
    TExpr *least_step = texpr_size(s, size_sub(size_const(-1), n), NULL, span);
    TExpr *by = texpr_once(s, int_op(s, OP_MAXIMUM, int_op(s, OP_MINIMUM, step, most), least_step));
    TCheck **outer = s->checks;
    s->checks = &by->checks;   /* asked when the step was computed */
    require(s, FACT_NE, step->size, "SLICE_STEP", "a step that is not zero", span);
    s->checks = outer;
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
    if (surely_fails(s, prove_lt(s->facts, i, n)) || surely_fails(s, prove_ge(s->facts, i, size_neg(n)))) {
        Diag *diag = diag_error(node->span, DIAG_ALWAYS_FAILS,
                                "index %s is out of bounds for axis %d with size %s",
                                size_print(arena, i), axis, size_print(arena, n));
        diag_note(diag, base->span, "this is %s", type_print(arena, base->type));
        return false;
    }
    return true;
}

/* `index` is the subscript, checked, but for slices. */
static bool check_subscript(Scope *s, const Ast *node, TExpr *index, const TExpr *base, int axis, Subscript *subscript) {
    if (node->kind == AST_SLICE)
        return check_slice(s, node, base->type->shape[axis], subscript);
    if (type_is_int(index->type))
        return check_integer_index(s, node, index, base, axis, subscript);
    if (index->type->kind == TYPE_ARRAY && !dtype_is_float(index->type->dtype)) {
        subscript->kind = SUBSCRIPT_ARRAY;
        subscript->index = index;
        return true;
    }
    diag_error(node->span, DIAG_TYPE_MISMATCH, "an index is an int, a slice or an array of ints or bools, not %s",
               type_print(s->checker->arena, index->type));
    return false;
}

void subscript_whole(Size n, Subscript *subscript) {
    *subscript = (Subscript){.kind = SUBSCRIPT_SLICE, .start = size_const(0),
                             .step = size_const(1), .length = n};
}

/* The type of the view, and whether it is still in C order: only the first axis cut, step 1. */
static const Type *view_type(Scope *s, const Type *base, const Subscript *subscripts, int count, bool view) {
    Size shape[2 * TYPED_RANK_MAX];
    int rank = 0, axis = 0;
    bool contiguous = base->contiguous, leading = true;
    for (int i = 0; i < count; i++) {
        if (subscripts[i].kind == SUBSCRIPT_NEW) {
            shape[rank++] = subscripts[i].length ? subscripts[i].length : size_const(1);
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
    if (rank == 0 && !view)
        return type_scalar(s->checker, base->dtype, false);
    Type *type = (Type *)type_array(s->checker, base->dtype, rank, shape, contiguous);
    type->readonly = base->readonly;
    return type;
}

TExpr *index_new(Scope *s, TExpr *base, Subscript *subscripts, int count, bool view, Span span) {
    const Type *type = view_type(s, base->type, subscripts, count, view);
    TExpr *expr = texpr_new(s, TEXPR_INDEX, span, type);
    expr->as.index.base = base;
    expr->as.index.subscripts = subscripts;
    expr->as.index.count = count;
    if (type->kind == TYPE_SCALAR && dtype_is_integer(type->dtype))
        expr->size = size_fresh("element");
    return expr;
}

/* One subscript as written; `value` of those that are no slices, None or `...`. */
typedef struct {
    const Ast *node;
    TExpr *value;
} Index;

typedef struct {
    Index items[2 * TYPED_RANK_MAX];
    int count, used;           /* how many axes all take */
    bool ellipsis;
} Indices;

static bool add_index(Scope *s, Indices *indices, const Ast *node, TExpr *value) {
    if (indices->count == 2 * TYPED_RANK_MAX) {
        diag_unsupported(node->span, "so many indices", "at most 16");
        return false;
    }
    value = value ? texpr_decay(s, value) : NULL;
    bool none = value && value->type->kind == TYPE_NONE;
    bool mask = value && value->type->kind == TYPE_ARRAY && value->type->dtype == DTYPE_BOOL;
    indices->items[indices->count++] = (Index){node, none ? NULL : value};
    indices->used += none ? 0 : mask ? value->type->rank : 1;
    return !value || !is_poison(value);
}

static bool check_one(Scope *s, Indices *indices, const Ast *node, bool alone) {
    if (node->kind == AST_SLICE)
        return add_index(s, indices, node, NULL);
    if (node->kind == AST_ELLIPSIS) {
        if (indices->ellipsis)
            diag_error(node->span, DIAG_TOO_MANY_INDICES, "an index has only one '...'");
        bool first = !indices->ellipsis;
        indices->ellipsis = true;
        bool added = add_index(s, indices, node, NULL);
        indices->used--;
        return added && first;
    }
    TExpr *value = node->kind == AST_LIST ? index_of_list(s, node) : check_value(s, node);
    if (!is_poison(value))
        value = list_to_array(s, value, node->span);
    if (!alone || value->type->kind != TYPE_TUPLE)
        return add_index(s, indices, node, value);
    value = texpr_shared(s, value);
    for (int i = 0; i < value->type->count; i++)
        if (!add_index(s, indices, node, tuple_item(s, value, i, node->span)))
            return false;
    return true;
}

static bool check_indices(Scope *s, const Ast *node, Indices *indices) {
    *indices = (Indices){.count = 0};
    for (; node; node = node->next)
        if (!check_one(s, indices, node, indices->count == 0 && !node->next))
            return false;
    return true;
}

static TExpr *too_many(Scope *s, const Ast *node, const TExpr *base, int used) {
    Diag *diag = diag_error(node->span, DIAG_TOO_MANY_INDICES, "%d indices for an array of rank %d", used,
                            base->type->rank);
    diag_note(diag, base->span, "this is %s", type_print(s->checker->arena, base->type));
    return texpr_poison(s, node->span);
}

static TExpr *index_array(Scope *s, const Ast *node, TExpr *base) {
    bool arrays = false;
    const Ast *first = node->as.index.indices;
    Indices indices;
    if (first->kind == AST_TUPLE && !first->next)
        first = first->as.list.items;
    if (!check_indices(s, first, &indices))
        return texpr_poison(s, node->span);
    int rank = base->type->rank, count = 0, axis = 0, rest = rank - indices.used, result_rank = 0;
    if (rest < 0)
        return too_many(s, node, base, indices.used);
    Subscript *subscripts = ARENA_ARRAY(s->checker->arena, Subscript, 3 * TYPED_RANK_MAX);
    for (int i = 0; i < indices.count; i++) {
        const Index *index = &indices.items[i];
        if (index->node->kind == AST_ELLIPSIS) {
            for (; rest > 0; rest--)
                subscript_whole(base->type->shape[axis++], &subscripts[count++]);
        } else if (index->node->kind != AST_SLICE && !index->value) {
            subscripts[count++].kind = SUBSCRIPT_NEW;
        } else if (!check_subscript(s, index->node, index->value, base, axis, &subscripts[count++])) {
            return texpr_poison(s, node->span);
        } else {
            const Subscript *last = &subscripts[count - 1];
            bool array = last->kind == SUBSCRIPT_ARRAY;
            arrays |= array;
            axis += array && last->index->type->dtype == DTYPE_BOOL ? last->index->type->rank : 1;
        }
    }
    while (axis < rank)
        subscript_whole(base->type->shape[axis++], &subscripts[count++]);
    if (arrays)
        return gather_new(s, base, subscripts, count, node->span);
    for (int i = 0; i < count; i++)
        result_rank += subscripts[i].kind != SUBSCRIPT_INTEGER;
    if (result_rank > TYPED_RANK_MAX) {
        diag_unsupported(node->span, "an array of rank above 8", "reshape, which merges axes");
        return texpr_poison(s, node->span);
    }
    return index_new(s, base, subscripts, count, indices.ellipsis, node->span);
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

/* How often the tuples' items may stand in one. */
enum { TUPLE_MAX = 1000 };

TExpr *tuple_operation(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span) {
    bool joins = op == AST_OP_ADD && left->type->kind == TYPE_TUPLE && right->type->kind == TYPE_TUPLE;
    int64_t times = 1;
    if (op == AST_OP_MUL && left->type->kind != TYPE_TUPLE) {
        TExpr *swapped = left;
        left = right;
        right = swapped;
    }
    bool repeats = op == AST_OP_MUL && left->type->kind == TYPE_TUPLE && type_is_int(right->type) && constant_int(right, &times);
    int each = left->type->count + (joins ? right->type->count : 0);
    times = times < 0 ? 0 : times;
    if ((!joins && !repeats) || (each && times > TUPLE_MAX / each))
        return NULL;
    TExpr **items = ARENA_ARRAY(s->checker->arena, TExpr *, each * times + 1), *parts[] = {texpr_shared(s, left), NULL};
    if (joins)
        parts[1] = texpr_shared(s, right);
    int count = 0;
    for (int64_t k = 0; k < times; k++)
        for (int i = 0; i < each; i++) {
            int of_left = left->type->count;
            TExpr *part = parts[i >= of_left];
            items[count++] = tuple_item(s, part, i < of_left ? i : i - of_left, span);
        }
    return tuple_of(s, items, count, span);
}

/* tuple[start:stop:step] of constants. */
static TExpr *slice_tuple(Scope *s, const Ast *slice, TExpr *base) {
    const Ast *parts[] = {slice->as.slice.lower, slice->as.slice.upper, slice->as.slice.step};
    int64_t count = base->type->count, values[3] = {0, count, 1};
    for (int i = 0; i < 3; i++) {
        TExpr *value = parts[i] && parts[i]->kind != AST_NONE ? check_value(s, parts[i]) : NULL;
        if (value && is_poison(value))
            return value;
        if (value && (!constant_int(value, &values[i]) || (i == 2 && values[i] < 1))) {
            diag_unsupported(slice->span, "this slice of a tuple", "constants, and a step of at least 1");
            return texpr_poison(s, slice->span);
        }
        if (i < 2)
            values[i] = values[i] < -count ? 0 : values[i] < 0 ? values[i] + count : values[i] > count ? count : values[i];
    }
    TExpr **items = ARENA_ARRAY(s->checker->arena, TExpr *, count + 1), *shared = texpr_shared(s, base);
    int taken = 0;
    for (int64_t at = values[0]; at < values[1]; at += values[2])
        items[taken++] = tuple_item(s, shared, (int)at, slice->span);
    return tuple_of(s, items, taken, slice->span);
}

static TExpr *index_tuple(Scope *s, const Ast *node, TExpr *base) {
    if (node->as.index.count == 1 && node->as.index.indices->kind == AST_SLICE)
        return slice_tuple(s, node->as.index.indices, base);
    TExpr *index = check_value(s, node->as.index.indices);
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
        subscript_whole(of->shape[axis], &subscripts[axis]);
    row->as.index.base = array;
    row->as.index.subscripts = subscripts;
    row->as.index.count = of->rank;
    if (type->kind == TYPE_SCALAR && dtype_is_integer(type->dtype))
        row->size = size_fresh("element");
    return row;
}

/* A character or a slice of a string. */
static TExpr *index_string(Scope *s, const Ast *node, TExpr *base) {
    if (node->as.index.count == 1 && node->as.index.indices->kind == AST_SLICE)
        return slice_of(s, node->as.index.indices, "mnp_string_slice", &base, 1, base->type);
    TExpr *index = check_value(s, node->as.index.indices);
    if (is_poison(index))
        return index;
    if (node->as.index.count != 1 || !type_is_python_int(index->type)) {
        diag_error(node->span, DIAG_TYPE_MISMATCH, "string indices are ints or slices");
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
    const Ast *of = node->as.index.value, *key = node->as.index.indices;
    if (of->kind == AST_ATTRIBUTE && !strcmp(of->as.attribute.name, "flags") && key->kind == AST_STRING)
        return check_flags(s, of, key->as.string.data, node->span);
    if (of->kind == AST_ATTRIBUTE && is_grid(s, of))
        return check_grid(s, node);
    return check_index_of(s, node, check_value(s, node->as.index.value));
}

TExpr *check_index_of(Scope *s, const Ast *node, TExpr *base) {
    if (is_poison(base))
        return base;
    if (base->type->kind == TYPE_ARRAY)
        return index_array(s, node, base);
    if (base->type->kind == TYPE_TUPLE)
        return index_tuple(s, node, base);
    if (base->type->kind == TYPE_RANGE)
        return range_index(s, node, base);
    if (base->type->kind == TYPE_LIST)
        return index_list(s, node, base);
    if (base->type->kind == TYPE_STRING)
        return index_string(s, node, base);
    diag_error(node->span, DIAG_TYPE_MISMATCH, "%s cannot be indexed",
               type_print(s->checker->arena, base->type));
    return texpr_poison(s, node->span);
}
