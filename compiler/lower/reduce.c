/* reduce.c: reductions along axes, and products of matrices, as loops.
 *
 * Sums of floats follow NumPy's order: where the array is known to be in C order, runs and loops say it
 * all; else the runtime looks at the strides (runtime/src/sum.c). */
#include "lower/lowering.h"

typedef struct {
    TExpr *source;         /* prepared */
    int rank;              /* of the source */
    const Size *shape;
    Op op;
    DType dtype;
    bool pairwise;
    int64_t from;          /* the first element along an axis: 1 where the first one is the start */
} Reduction;

static Value *cast(Lowering *l, Value *value, DType dtype) {
    return value->dtype == dtype ? value : build_let(&l->b, OP_CAST, dtype, value, NULL, NULL);
}

static Value *alloc_of(Lowering *l, const Type *type) {
    Size shape[RANK_MAX];
    for (int axis = 0; axis < type->rank; axis++)
        shape[axis] = lower_size(l, type->shape[axis]);
    return build_alloc(&l->b, type->dtype, type->rank, shape, false);
}

static Value *identity(Lowering *l, Op op, DType dtype) {
    Scalar scalar = {.i = op == OP_MUL || op == OP_LOGICAL_AND || (op == OP_AND && dtype == DTYPE_BOOL)};
    if (dtype_is_float(dtype_real(dtype)))
        scalar = (Scalar){.re = op == OP_MUL, .im = 0};
    else if (op == OP_AND && dtype != DTYPE_BOOL)
        scalar = op_evaluate(OP_CAST, DTYPE_I64, dtype, &(Scalar){.i = -1});
    return build_const(&l->b, dtype, scalar);
}

/* An element met twice changes nothing. */
static bool is_idempotent(Op op) {
    return op == OP_MINIMUM || op == OP_MAXIMUM || op == OP_FMIN || op == OP_FMAX;
}

static bool has_identity(Op op) {
    return op == OP_ADD || op == OP_MUL || op == OP_AND || op == OP_OR || op == OP_XOR || op == OP_LOGICAL_AND ||
           op == OP_LOGICAL_OR || op == OP_LOGICAL_XOR;
}

/* The source's element as the reduction adds it. */
static Value *term(Lowering *l, const Reduction *r, const Size *index) {
    return cast(l, lower_element(l, r->source, r->rank, index), r->dtype);
}

/* One run along `axis` by NumPy's pairwise order. */
static Value *pairwise_run(Lowering *l, const Reduction *r, Size *index, int axis) {
    Node *node = build_reduce(&l->b, name_of("r"), OP_ADD, r->dtype, r->shape[axis]);
    Builder outer = l->b;
    l->b.region = node->as.reduce.body;
    l->b.before = NULL;
    index[axis] = value_size(node->as.reduce.iv);
    Values yields = {0};
    values_add(l->arena, &yields, term(l, r, index));
    build_yield(node->as.reduce.body, &yields);
    l->b = outer;
    return node->results.data[0];
}

/* The axis is the last one but for axes of size 1. */
static bool is_innermost(const Reduction *r, int axis) {
    for (int k = axis + 1; k < r->rank; k++)
        if (r->shape[k] != size_const(1))
            return false;
    return true;
}

/* acc over the axes from `k` on of the list, in C order. */
static Value *reduce_axes(Lowering *l, const Reduction *r, const int *axes, int count, int k,
                          Size *index, Value *acc) {
    bool last = k == count - 1;
    if (k == count)
        return build_let(&l->b, r->op, r->dtype, acc, term(l, r, index), NULL);
    if (last && r->pairwise && is_innermost(r, axes[k]))
        return build_let(&l->b, OP_ADD, r->dtype, acc, pairwise_run(l, r, index, axes[k]), NULL);
    Values init = {0}, yields = {0};
    values_add(l->arena, &init, acc);
    Node *loop = build_for(&l->b, name_of("r"), size_const(r->from), r->shape[axes[k]], 1, &init);
    Builder outer = l->b;
    l->b.region = loop->as.loop.body;
    l->b.before = NULL;
    index[axes[k]] = value_size(loop->as.loop.iv);
    values_add(l->arena, &yields,
               reduce_axes(l, r, axes, count, k + 1, index, loop->as.loop.heads.data[0]));
    build_yield(loop->as.loop.body, &yields);
    l->b = outer;
    return loop->results.data[0];
}

static Value *first_element(Lowering *l, const Reduction *r, const int *axes, int count, Size *index) {
    for (int k = 0; k < count; k++)
        index[axes[k]] = size_const(0);
    return term(l, r, index);
}

static Value *reduce_element(Lowering *l, Reduction *r, const TExpr *expr, Size *index, Value *initial) {
    const int *axes = expr->as.builtin.axes;
    int count = expr->as.builtin.axis_count;
    r->from = 0;
    Value *acc = initial;
    if (!acc && has_identity(r->op))
        acc = identity(l, r->op, r->dtype);
    if (!acc) {
        acc = first_element(l, r, axes, count, index);
        r->from = !is_idempotent(r->op);
    }
    return reduce_axes(l, r, axes, count, 0, index, acc);
}

/* A float sum over several trailing axes is one run where they are contiguous: the source becomes
 * an array of one axis fewer. */
static Value *merge_axes(Lowering *l, Value *array, int from) {
    Size shape[RANK_MAX], run = size_const(1);
    for (int axis = 0; axis < array->rank; axis++) {
        if (axis < from)
            shape[axis] = array->shape[axis];
        else
            run = size_mul(run, array->shape[axis]);
    }
    shape[from] = run;
    return build_reshape(&l->b, array, from + 1, shape);
}

static TExpr *stand_in(Lowering *l, const TExpr *like, Value *array) {
    TExpr *expr = ARENA_NEW(l->arena, TExpr);
    *expr = *like;
    expr->kind = TEXPR_VARIABLE;
    Lowered *note = ARENA_NEW(l->arena, Lowered);
    note->value = array;
    expr->note = note;
    Type *type = ARENA_NEW(l->arena, Type);
    *type = *like->type;
    type->rank = array->rank;
    type->dtype = array->dtype;
    for (int axis = 0; axis < array->rank; axis++)
        type->shape[axis] = array->shape[axis];
    expr->type = type;
    return expr;
}

/* ---- sums whose order only the run knows --------------------------------------------------- */

/* The operand that decides the order of an element-wise result: one of all its axes that is not in C
 * order, where none is. NULL: C order. */
static Value *ordering_operand(TExpr *expr, const Type *result, bool *ordered) {
    Value *found = NULL;
    if (expr->kind == TEXPR_IOTA || expr->kind == TEXPR_GATHER) {
        *ordered |= expr->type->rank == result->rank;
        return NULL;
    }
    if (is_elementwise(expr)) {
        int arity = expr->kind == TEXPR_CAST ? 1 : op_info(expr->as.op.op)->arity;
        for (int i = 0; i < arity; i++) {
            TExpr *operand = expr->kind == TEXPR_CAST ? expr->as.cast.value : expr->as.op.operands[i];
            Value *value = ordering_operand(operand, result, ordered);
            found = found ? found : value;
        }
        return found;
    }
    Value *value = ((Lowered *)expr->note)->value;
    bool whole = value->kind == VALUE_ARRAY && value->rank == result->rank;
    for (int axis = 0; whole && axis < result->rank; axis++)
        whole = expr->type->shape[axis] != size_const(1) || result->shape[axis] == size_const(1);
    if (whole && value_is_contiguous(value))
        *ordered = true;
    return whole && !value_is_contiguous(value) ? value : NULL;
}

/* Memory for a result, of the initial value or 0; a scalar as an array of one element. */
static Value *sums_from(Lowering *l, const Type *type, Value *initial) {
    Size shape[RANK_MAX];
    int rank = type->kind == TYPE_SCALAR ? 1 : type->rank;
    for (int axis = 0; axis < rank; axis++)
        shape[axis] = type->kind == TYPE_SCALAR ? size_const(1) : lower_size(l, type->shape[axis]);
    Value *result = build_alloc(&l->b, type->dtype, rank, shape, !initial);
    if (initial) {
        Loops loops = open_loops(l, rank, shape, NULL);
        build_store(&l->b, result, loops.index, initial);
        close_loops(l, &loops);
    }
    return result;
}

/* `like`: the array itself, or the operand that tells the order of the temporary. */
static Lowered sum_by_strides(Lowering *l, const TExpr *expr, Value *source, Value *like, Value *initial) {
    int64_t mask = 0;
    for (int k = 0; k < expr->as.builtin.axis_count; k++)
        mask |= INT64_C(1) << expr->as.builtin.axes[k];
    Value *result = sums_from(l, expr->type, initial);
    Value *arguments[] = {source, like, build_size(&l->b, size_const(mask)), result};
    runtime_call(l, "mnp_sum", arguments, 4);
    if (expr->type->kind != TYPE_SCALAR)
        return (Lowered){.value = result};
    Size index[RANK_MAX] = {size_const(0)};
    return (Lowered){.value = build_load(&l->b, result, index)};
}

/* True if the sum is done: its source is not in C order, or not known to be. */
static bool try_sum_by_strides(Lowering *l, TExpr *expr, TExpr *source, Value *initial, Lowered *result) {
    int rank = source->type->rank;
    bool ordered = false;
    Value *like = rank > 1 ? ordering_operand(source, source->type, &ordered) : NULL;
    if (!like || ordered)
        return false;
    Value *array = is_elementwise(source) ? lower_prepared(l, source) : like;
    *result = sum_by_strides(l, expr, array, like, initial);
    return true;
}

/* ---- reductions ---------------------------------------------------------------------------- */

static Lowered reduce_by_loops(Lowering *l, const TExpr *expr, const TExpr *merged, TExpr *source, Value *initial) {
    int rank = source->type->rank;
    Reduction r = {.op = expr->as.builtin.op, .dtype = expr->type->dtype, .source = source, .rank = rank};
    r.pairwise = r.op == OP_ADD && dtype_is_float(r.dtype);
    Size shape[RANK_MAX], index[RANK_MAX];
    for (int axis = 0; axis < rank; axis++)
        shape[axis] = lower_size(l, source->type->shape[axis]);
    r.shape = shape;
    if (expr->type->kind == TYPE_SCALAR)
        return (Lowered){.value = reduce_element(l, &r, merged, index, initial)};
    Value *result = alloc_of(l, expr->type);
    Loops loops = open_loops(l, result->rank, result->shape, NULL);
    int at = 0;
    for (int axis = 0; axis < rank; axis++) {
        bool reduced = false;
        for (int k = 0; k < merged->as.builtin.axis_count; k++)
            reduced |= merged->as.builtin.axes[k] == axis;
        if (!reduced || expr->as.builtin.keepdims)
            index[axis] = loops.index[at++];
    }
    build_store(&l->b, result, loops.index, reduce_element(l, &r, merged, index, initial));
    close_loops(l, &loops);
    return (Lowered){.value = result};
}

/* A kept axis of one element: the reduced ones round it may join. */
static bool keeps_single_axis(const TExpr *expr, const Type *source) {
    for (int axis = 0; axis < source->rank; axis++) {
        bool reduced = false;
        for (int k = 0; k < expr->as.builtin.axis_count; k++)
            reduced |= expr->as.builtin.axes[k] == axis;
        if (!reduced && source->shape[axis] == size_const(1))
            return true;
    }
    return false;
}

/* The reduced axes are the last ones, and several. */
static bool is_trailing(const TExpr *expr, int rank) {
    int count = expr->as.builtin.axis_count;
    bool trailing = count > 1;
    for (int k = 0; k < count; k++)
        trailing &= expr->as.builtin.axes[k] == rank - count + k;
    return trailing;
}

Lowered lower_reduce(Lowering *l, TExpr *expr) {
    TExpr *source = expr->as.builtin.arguments[0], merged = *expr;
    int count = expr->as.builtin.axis_count, rank = source->type->rank;
    DType dtype = expr->type->dtype;
    bool sum = expr->as.builtin.op == OP_ADD, floats = sum && dtype_is_float(dtype), elementwise = is_elementwise(source);
    Lowered result;
    if (source->kind == TEXPR_GATHER) {
        /* Its layout, which the order of a sum follows, is that of memory of its own. */
        source = stand_in(l, source, lower_array(l, source));
        elementwise = false;
    } else {
        prepare(l, source);
    }
    Value *initial = expr->as.builtin.initial ? lower_scalar(l, expr->as.builtin.initial) : NULL;
    lower_checks(l, expr->checks);
    if ((floats || (sum && dtype_is_complex(dtype))) && try_sum_by_strides(l, expr, source, initial, &result))
        return result;
    if ((floats && count > 1 && keeps_single_axis(expr, source->type)) || (sum && dtype_is_complex(dtype))) {
        Value *array = elementwise ? lower_prepared(l, source) : ((Lowered *)source->note)->value;
        return sum_by_strides(l, expr, array, array, initial);
    }
    if (floats && is_trailing(expr, rank)) {
        Value *array = elementwise ? lower_prepared(l, source) : ((Lowered *)source->note)->value;
        source = stand_in(l, source, merge_axes(l, array, rank - count));
        merged.as.builtin.axes[0] = rank - count;
        merged.as.builtin.axis_count = 1;
    } else if (!elementwise) {
        source = stand_in(l, source, ((Lowered *)source->note)->value);
    }
    return reduce_by_loops(l, expr, &merged, source, initial);
}

/* ---- products ------------------------------------------------------------------------------ */

/* acc + x * y as the dtype and the options say. */
static Value *add_product(Lowering *l, DType dtype, Value *acc, Value *x, Value *y) {
    if (dtype_is_float(dtype) && l->options->contract)
        return build_let(&l->b, OP_FMA, dtype, x, y, acc);
    Value *product = build_let(&l->b, OP_MUL, dtype, x, y, NULL);
    return build_let(&l->b, dtype == DTYPE_BOOL ? OP_OR : OP_ADD, dtype, acc, product, NULL);
}

/* The axes of `array` before its last two, whose index is one of the `batch` first of the result. */
static void batch_index(const Value *array, int batch, const Size *result, Size *index) {
    for (int axis = 0; axis < array->rank - 2; axis++)
        index[axis] = array->shape[axis] == size_const(1) ? size_const(0) : result[batch - (array->rank - 2) + axis];
}

/* acc = acc + a[..., i, k] * b[..., k, j] in order of k. */
Lowered lower_matmul(Lowering *l, TExpr *expr) {
    Value *a = lower_scalar(l, expr->as.builtin.arguments[0]);
    Value *b = lower_scalar(l, expr->as.builtin.arguments[1]);
    lower_checks(l, expr->checks);
    DType dtype = expr->type->dtype;
    bool array = expr->type->kind == TYPE_ARRAY;
    Value *result = array ? alloc_of(l, expr->type) : NULL;
    Loops loops = open_loops(l, array ? result->rank : 0, array ? result->shape : NULL, NULL);
    Values init = {0}, yields = {0};
    values_add(l->arena, &init, identity(l, OP_ADD, dtype));
    Node *loop = build_for(&l->b, name_of("k"), size_const(0), a->shape[a->rank - 1], 1, &init);
    Builder outer = l->b;
    l->b.region = loop->as.loop.body;
    l->b.before = NULL;
    Size k = value_size(loop->as.loop.iv), ia[RANK_MAX], ib[RANK_MAX];
    int batch = (array ? result->rank : 0) - (a->rank > 1) - (b->rank > 1);
    batch_index(a, batch, loops.index, ia);
    batch_index(b, batch, loops.index, ib);
    ia[a->rank - 1] = k;
    if (a->rank > 1)
        ia[a->rank - 2] = loops.index[batch];
    ib[b->rank > 1 ? b->rank - 2 : 0] = k;
    if (b->rank > 1)
        ib[b->rank - 1] = loops.index[result->rank - 1];
    Value *x = build_load(&l->b, a, ia), *y = build_load(&l->b, b, ib);
    values_add(l->arena, &yields, add_product(l, dtype, loop->as.loop.heads.data[0], x, y));
    build_yield(loop->as.loop.body, &yields);
    l->b = outer;
    if (!array)
        return (Lowered){.value = loop->results.data[0]};
    build_store(&l->b, result, loops.index, loop->results.data[0]);
    close_loops(l, &loops);
    return (Lowered){.value = result};
}

/* ---- contractions -------------------------------------------------------------------------- */

typedef struct {
    Value *arrays[8];       /* an axis for each of the `rank` indices */
    int count, rank;
    DType dtype;
} Contraction;

static Value *factor(Lowering *l, const Contraction *c, int i, const Size *index) {
    Size own[RANK_MAX];
    for (int axis = 0; axis < c->rank; axis++)
        own[axis] = c->arrays[i]->shape[axis] == size_const(1) ? size_const(0) : index[axis];
    return build_load(&l->b, c->arrays[i], own);
}

static Size contracted_size(const Contraction *c, int axis) {
    for (int i = 0; i < c->count; i++)
        if (c->arrays[i]->shape[axis] != size_const(1))
            return c->arrays[i]->shape[axis];
    return size_const(1);
}

/* acc plus the products over the axes from `axis` on, in C order. */
static Value *contract_from(Lowering *l, const Contraction *c, int axis, Size *index, Value *acc) {
    if (axis == c->rank) {
        Value *x = factor(l, c, 0, index);
        for (int i = 1; i < c->count - 1; i++)
            x = build_let(&l->b, OP_MUL, c->dtype, x, factor(l, c, i, index), NULL);
        if (c->count == 1)
            return build_let(&l->b, c->dtype == DTYPE_BOOL ? OP_OR : OP_ADD, c->dtype, acc, x, NULL);
        return add_product(l, c->dtype, acc, x, factor(l, c, c->count - 1, index));
    }
    Values init = {0}, yields = {0};
    values_add(l->arena, &init, acc);
    Node *loop = build_for(&l->b, name_of("r"), size_const(0), contracted_size(c, axis), 1, &init);
    Builder outer = l->b;
    l->b.region = loop->as.loop.body;
    l->b.before = NULL;
    index[axis] = value_size(loop->as.loop.iv);
    values_add(l->arena, &yields, contract_from(l, c, axis + 1, index, loop->as.loop.heads.data[0]));
    build_yield(loop->as.loop.body, &yields);
    l->b = outer;
    return loop->results.data[0];
}

/* The first `how` axes of the operands are the result's, the others are summed over. */
Lowered lower_contraction(Lowering *l, TExpr *expr) {
    Contraction c = {.count = expr->as.builtin.argument_count, .dtype = expr->type->dtype};
    for (int i = 0; i < c.count; i++)
        c.arrays[i] = lower_scalar(l, expr->as.builtin.arguments[i]);
    lower_checks(l, expr->checks);
    c.rank = c.arrays[0]->rank;
    int open = expr->as.builtin.how;
    Size index[RANK_MAX];
    Value *result = expr->type->kind == TYPE_ARRAY ? alloc_of(l, expr->type) : NULL;
    Loops loops = open_loops(l, open, result ? result->shape : NULL, NULL);
    memcpy(index, loops.index, sizeof(Size) * (size_t)open);
    Value *sum = contract_from(l, &c, open, index, identity(l, OP_ADD, c.dtype));
    if (!result)
        return (Lowered){.value = sum};
    build_store(&l->b, result, loops.index, sum);
    close_loops(l, &loops);
    return (Lowered){.value = result};
}
