/* scan.c: places of extremes, and running sums, as loops. */
#include "lower/lowering.h"

/* A for loop along an axis whose body is built next; `outer` is where to go on behind it. */
static Node *open_axis(Lowering *l, Size from, Size to, const Values *init, Builder *outer) {
    Node *loop = build_for(&l->b, name_of("k"), from, to, 1, init);
    *outer = l->b;
    l->b.region = loop->as.loop.body;
    l->b.before = NULL;
    return loop;
}

static Value *let(Lowering *l, Op op, DType dtype, Value *x, Value *y) {
    return build_let(&l->b, op, dtype, x, y, NULL);
}

static Value *choose(Lowering *l, Value *test, Value *then, Value *otherwise) {
    return build_let(&l->b, OP_SELECT, then->dtype, test, then, otherwise);
}

/* An array expression whose elements can be asked for, without its value being computed twice. */
static TExpr *prepared(Lowering *l, TExpr *expr) {
    prepare(l, expr);
    return expr;
}

/* ---- argmin and argmax --------------------------------------------------------------------- */

typedef struct {
    const TExpr *expr;
    TExpr *source;
    int rank;
    Size shape[RANK_MAX], index[RANK_MAX];
    Op better;                 /* LT or GT */
    bool skips_nan;
} Search;

/* The element; where nan is left out, the worst of all in its place. */
static Value *candidate(Lowering *l, const Search *x, Value **is_number) {
    Value *value = lower_element(l, x->source, x->rank, x->index);
    if (!x->skips_nan)
        return value;
    *is_number = let(l, OP_EQ, DTYPE_BOOL, value, value);
    double infinity = x->better == OP_GT ? -__builtin_inf() : __builtin_inf();
    return choose(l, *is_number, value, build_const(&l->b, value->dtype, (Scalar){.f = infinity}));
}

/* Carried: the best element so far, its place (-1: none yet), and whether a number was met. */
static void search_axes(Lowering *l, Search *x, int k, Size place, Values *carried) {
    if (k == x->expr->as.builtin.axis_count) {
        Value *number = NULL, *value = candidate(l, x, &number), *best = carried->data[0], *at = carried->data[1];
        Value *none = let(l, OP_LT, DTYPE_BOOL, at, build_size(&l->b, size_const(0)));
        Value *wins = let(l, OP_LOGICAL_OR, DTYPE_BOOL, none, let(l, x->better, DTYPE_BOOL, value, best));
        if (dtype_is_float(dtype_real(value->dtype)) && !x->skips_nan) {
            Value *nan = let(l, OP_NE, DTYPE_BOOL, value, value), *sound = let(l, OP_EQ, DTYPE_BOOL, best, best);
            wins = let(l, OP_LOGICAL_OR, DTYPE_BOOL, wins, let(l, OP_LOGICAL_AND, DTYPE_BOOL, nan, sound));
        }
        carried->data[0] = choose(l, wins, value, best);
        carried->data[1] = choose(l, wins, build_size(&l->b, place), at);
        if (number)
            carried->data[2] = let(l, OP_LOGICAL_OR, DTYPE_BOOL, carried->data[2], number);
        return;
    }
    int axis = x->expr->as.builtin.axes[k];
    Builder outer;
    Node *loop = open_axis(l, size_const(0), x->shape[axis], carried, &outer);
    x->index[axis] = value_size(loop->as.loop.iv);
    Values inside = {0};
    for (int i = 0; i < carried->count; i++)
        values_add(l->arena, &inside, loop->as.loop.heads.data[i]);
    search_axes(l, x, k + 1, size_add(size_mul(place, x->shape[axis]), x->index[axis]), &inside);
    build_yield(loop->as.loop.body, &inside);
    l->b = outer;
    for (int i = 0; i < carried->count; i++)
        carried->data[i] = loop->results.data[i];
}

static Value *search(Lowering *l, Search *x) {
    Values carried = {0};
    DType dtype = x->source->type->dtype;
    values_add(l->arena, &carried, build_const(&l->b, dtype, (Scalar){.re = 0, .im = 0}));
    values_add(l->arena, &carried, build_size(&l->b, size_const(-1)));
    if (x->skips_nan)
        values_add(l->arena, &carried, build_bool(&l->b, false));
    search_axes(l, x, 0, size_const(0), &carried);
    if (x->skips_nan)
        check_true(l, carried.data[2], FAILURE_ALL_NAN, "a number among the elements");
    return carried.data[1];
}

Lowered lower_arg_extreme(Lowering *l, TExpr *expr) {
    Op op = expr->as.builtin.op;
    Search x = {.expr = expr, .source = prepared(l, expr->as.builtin.arguments[0])};
    x.rank = x.source->type->rank;
    x.better = op == OP_MINIMUM || op == OP_FMIN ? OP_LT : OP_GT;
    x.skips_nan = (op == OP_FMIN || op == OP_FMAX) && dtype_is_float(x.source->type->dtype);
    lower_checks(l, expr->checks);
    for (int axis = 0; axis < x.rank; axis++)
        x.shape[axis] = lower_size(l, x.source->type->shape[axis]);
    if (expr->type->kind == TYPE_SCALAR)
        return (Lowered){.value = search(l, &x)};
    Size shape[RANK_MAX];
    for (int axis = 0; axis < expr->type->rank; axis++)
        shape[axis] = lower_size(l, expr->type->shape[axis]);
    Value *result = build_alloc(&l->b, DTYPE_I64, expr->type->rank, shape, false);
    Loops loops = open_loops(l, result->rank, shape, NULL);
    for (int axis = 0, at = 0; axis < x.rank; axis++) {
        bool reduced = false;
        for (int k = 0; k < expr->as.builtin.axis_count; k++)
            reduced |= expr->as.builtin.axes[k] == axis;
        if (!reduced)
            x.index[axis] = loops.index[at];
        at += !reduced || expr->as.builtin.keepdims;
    }
    build_store(&l->b, result, loops.index, search(l, &x));
    close_loops(l, &loops);
    return (Lowered){.value = result};
}

/* ---- accumulate ---------------------------------------------------------------------------- */

typedef struct {
    Op op;
    TExpr *source;
    Value *result;
    int rank, axis;            /* axis -1: all axes in C order, into one */
    Size shape[RANK_MAX], index[RANK_MAX];
} Scan;

/* The running value over the axes from k on; the first element is taken as it is. */
static Value *scan_flat(Lowering *l, Scan *x, int k, Size place, Value *acc) {
    if (k == x->rank) {
        Value *value = lower_element(l, x->source, x->rank, x->index);
        Value *first = let(l, OP_EQ, DTYPE_BOOL, build_size(&l->b, place), build_size(&l->b, size_const(0)));
        value = choose(l, first, value, let(l, x->op, value->dtype, acc, value));
        build_store(&l->b, x->result, &place, value);
        return value;
    }
    Builder outer;
    Values init = {0}, yields = {0};
    values_add(l->arena, &init, acc);
    Node *loop = open_axis(l, size_const(0), x->shape[k], &init, &outer);
    x->index[k] = value_size(loop->as.loop.iv);
    Size inside = size_add(size_mul(place, x->shape[k]), x->index[k]);
    values_add(l->arena, &yields, scan_flat(l, x, k + 1, inside, loop->as.loop.heads.data[0]));
    build_yield(loop->as.loop.body, &yields);
    l->b = outer;
    return loop->results.data[0];
}

/* Elements from `from` to `to` along the axis, with loops over the other axes inside: from what stands before them. */
static void scan_rows(Lowering *l, Scan *x, Size from, Size to, bool first) {
    Builder outer[RANK_MAX + 1];
    Size before[RANK_MAX];
    Node *loop = open_axis(l, from, to, NULL, &outer[0]);
    x->index[x->axis] = value_size(loop->as.loop.iv);
    int depth = 1;
    for (int axis = 0; axis < x->rank; axis++)
        if (axis != x->axis) {
            loop = open_axis(l, size_const(0), x->shape[axis], NULL, &outer[depth++]);
            x->index[axis] = value_size(loop->as.loop.iv);
        }
    Value *value = lower_element(l, x->source, x->rank, x->index);
    memcpy(before, x->index, sizeof before);
    before[x->axis] = size_sub(before[x->axis], size_const(1));
    if (!first)
        value = let(l, x->op, value->dtype, build_load(&l->b, x->result, before), value);
    build_store(&l->b, x->result, x->index, value);
    l->b = outer[0];
}

/* Along the last axis the running value is carried, for each row. */
static void scan_last(Lowering *l, Scan *x) {
    Loops loops = open_loops(l, x->rank - 1, x->shape, NULL);
    memcpy(x->index, loops.index, sizeof x->index);
    Builder outer;
    Values init = {0}, yields = {0};
    values_add(l->arena, &init, build_const(&l->b, x->result->dtype, (Scalar){.re = 0, .im = 0}));
    Node *loop = open_axis(l, size_const(0), x->shape[x->axis], &init, &outer);
    x->index[x->axis] = value_size(loop->as.loop.iv);
    Value *value = lower_element(l, x->source, x->rank, x->index);
    Value *first = let(l, OP_EQ, DTYPE_BOOL, loop->as.loop.iv, build_size(&l->b, size_const(0)));
    value = choose(l, first, value, let(l, x->op, value->dtype, loop->as.loop.heads.data[0], value));
    build_store(&l->b, x->result, x->index, value);
    values_add(l->arena, &yields, value);
    build_yield(loop->as.loop.body, &yields);
    l->b = outer;
    close_loops(l, &loops);
}

Lowered lower_accumulate(Lowering *l, TExpr *expr) {
    bool flat = !expr->as.builtin.axis_count;
    Scan x = {.op = expr->as.builtin.op, .source = prepared(l, expr->as.builtin.arguments[0])};
    x.rank = x.source->type->rank;
    x.axis = flat ? -1 : expr->as.builtin.axes[0];
    lower_checks(l, expr->checks);
    for (int axis = 0; axis < x.rank; axis++)
        x.shape[axis] = lower_size(l, x.source->type->shape[axis]);
    Size total = size_const(1);
    for (int axis = 0; axis < x.rank; axis++)
        total = size_mul(total, x.shape[axis]);
    x.result = build_alloc(&l->b, expr->type->dtype, flat ? 1 : x.rank, flat ? &total : x.shape, false);
    if (flat) {
        scan_flat(l, &x, 0, size_const(0), build_const(&l->b, x.result->dtype, (Scalar){.re = 0, .im = 0}));
    } else if (x.axis == x.rank - 1) {
        scan_last(l, &x);
    } else {
        scan_rows(l, &x, size_const(0), size_min(x.shape[x.axis], size_const(1)), true);
        scan_rows(l, &x, size_const(1), x.shape[x.axis], false);
    }
    return (Lowered){.value = x.result};
}
