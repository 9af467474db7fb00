/* gather.c: indexing with arrays as loops, and the loops that write by such places.
 *
 * A GATHER is read element by element, like an operation: its index arrays are, too. A MASK is a loop over its base that
 * counts the elements it passed on. Places are written in C order of the index, so the last of two equal ones stays. */
#include "lower/lowering.h"

/* ---- gathers ------------------------------------------------------------------------------- */

/* An index of an axis with n elements as a Size within it, from an element of an index array. */
static Size element_index(Lowering *l, TExpr *index, int rank, const Size *at, Size n, int axis, bool trusted) {
    Value *value = lower_element(l, index, rank, at);
    Size i = value_size(value);
    int64_t constant;
    if (trusted || index->kind == TEXPR_IOTA)
        return i;
    Node *check = build_check(&l->b, CHECK_INDEX, i, n, FAILURE_INDEX, "an index of an array");
    check->as.check.values[0] = i;
    check->as.check.values[1] = size_const(axis);
    check->as.check.values[2] = n;
    if (size_is_const(i, &constant))
        return constant < 0 ? size_add(i, n) : i;
    return value_size(build_let(&l->b, OP_WRAP, DTYPE_I64, value, build_size(&l->b, n), NULL));
}

/* True where an axis that is taken whole has no elements; NULL: it is known that all have. */
static Value *takes_nothing(Lowering *l, const TExpr *expr) {
    const Value *base = ((Lowered *)expr->note)->value;
    Value *nothing = NULL;
    int64_t size;
    for (int axis = 0; axis < base->rank; axis++) {
        if (expr->as.gather.indices[axis] || (size_is_const(base->shape[axis], &size) && size))
            continue;
        Value *empty = build_let(&l->b, OP_EQ, DTYPE_BOOL, build_size(&l->b, base->shape[axis]),
                                 build_size(&l->b, size_const(0)), NULL);
        nothing = nothing ? build_let(&l->b, OP_LOGICAL_OR, DTYPE_BOOL, nothing, empty, NULL) : empty;
    }
    return nothing;
}

/* NumPy looks at the indices there, too, where there is no element that the loops would read. */
static void check_indices_of_nothing(Lowering *l, TExpr *expr) {
    const Value *base = ((Lowered *)expr->note)->value;
    Size shape[RANK_MAX];
    Values none = {0};
    Value *nothing = expr->as.gather.trusted ? NULL : takes_nothing(l, expr);
    if (!nothing)
        return;
    Builder outer = l->b;
    l->b = (Builder){outer.function, build_if(&l->b, nothing, &none)->as.branch.then, NULL, outer.span};
    for (int axis = 0; axis < expr->as.gather.rank; axis++)
        shape[axis] = lower_size(l, expr->type->shape[expr->as.gather.at + axis]);
    Loops loops = open_loops(l, expr->as.gather.rank, shape, NULL);
    for (int axis = 0; axis < base->rank; axis++)
        if (expr->as.gather.indices[axis])
            element_index(l, expr->as.gather.indices[axis], expr->as.gather.rank, loops.index, base->shape[axis], axis, false);
    close_loops(l, &loops);
    l->b = outer;
}

void prepare_gather(Lowering *l, TExpr *expr) {
    Lowered *note = ARENA_NEW(l->arena, Lowered);
    note->value = lower_array(l, expr->as.gather.base);
    expr->note = note;
    for (int axis = 0; axis < note->value->rank; axis++)
        if (expr->as.gather.indices[axis])
            prepare(l, expr->as.gather.indices[axis]);
    check_indices_of_nothing(l, expr);
}

/* The place in the base that an index of the result means. */
static void place_of(Lowering *l, TExpr *expr, const Size *own, Size *place) {
    const Value *base = ((Lowered *)expr->note)->value;
    int at = expr->as.gather.at, rank = expr->as.gather.rank, next = 0;
    for (int axis = 0; axis < base->rank; axis++) {
        TExpr *index = expr->as.gather.indices[axis];
        if (next == at)
            next += rank;
        place[axis] = index ? element_index(l, index, rank, own + at, base->shape[axis], axis, expr->as.gather.trusted)
                            : own[next++];
    }
}

Value *gather_element(Lowering *l, TExpr *expr, int rank, const Size *index) {
    Size own[RANK_MAX], place[RANK_MAX];
    int skip = rank - expr->type->rank;
    for (int axis = 0; axis < expr->type->rank; axis++)
        own[axis] = expr->type->shape[axis] == size_const(1) ? size_const(0) : index[skip + axis];
    place_of(l, expr, own, place);
    return build_load(&l->b, ((Lowered *)expr->note)->value, place);
}

static void shape_of(Lowering *l, const TExpr *expr, Size *shape) {
    for (int axis = 0; axis < expr->type->rank; axis++)
        shape[axis] = lower_size(l, expr->type->shape[axis]);
}

/* A prepared gather whose indices' axes do not come first: in memory they do, as NumPy's. */
Value *lower_gathered(Lowering *l, TExpr *expr) {
    int rank = expr->type->rank, at = expr->as.gather.at, inner = expr->as.gather.rank, order[RANK_MAX];
    Size shape[RANK_MAX], memory[RANK_MAX] = {NULL}, start[RANK_MAX], step[RANK_MAX], index[RANK_MAX];
    shape_of(l, expr, shape);
    for (int axis = 0; axis < rank; axis++) {
        order[axis] = axis < at ? inner + axis : axis < at + inner ? axis - at : axis;
        memory[order[axis]] = shape[axis];
        start[axis] = size_const(0);
        step[axis] = size_const(1);
    }
    Value *target = build_alloc(&l->b, expr->type->dtype, rank, memory, false);
    Loops loops = open_loops(l, rank, memory, NULL);
    for (int axis = 0; axis < rank; axis++)
        index[axis] = loops.index[order[axis]];
    build_store(&l->b, target, loops.index, lower_element(l, expr, rank, index));
    close_loops(l, &loops);
    return build_view(&l->b, target, start, rank, order, step, shape);
}

/* ---- loops that count what they pass on ---------------------------------------------------- */

/* Loops over a shape that carry a count. Between open and close the cursor stands in the innermost body, in the branch
 * where `mask` holds. */
typedef struct {
    Builder outer;
    Node *loops[RANK_MAX], *branch;
    Size index[RANK_MAX], at;
    Value *head;
    int rank;
} Scan;

static Scan open_scan(Lowering *l, int rank, const Size *shape, TExpr *mask) {
    Scan scan = {.outer = l->b, .rank = rank};
    Value *carried = build_size(&l->b, size_const(0));
    for (int axis = 0; axis < rank; axis++) {
        Values init = {0};
        values_add(l->arena, &init, carried);
        scan.loops[axis] = build_for(&l->b, name_of("s"), size_const(0), shape[axis], 1, &init);
        scan.index[axis] = value_size(scan.loops[axis]->as.loop.iv);
        carried = scan.loops[axis]->as.loop.heads.data[0];
        l->b.region = scan.loops[axis]->as.loop.body;
        l->b.before = NULL;
    }
    Values like = {0};
    values_add(l->arena, &like, carried);
    scan.head = carried;
    scan.at = value_size(carried);
    scan.branch = build_if(&l->b, lower_element(l, mask, rank, scan.index), &like);
    l->b.region = scan.branch->as.branch.then;
    return scan;
}

static void yield_one(Lowering *l, Region *region, Value *value) {
    Values yields = {0};
    values_add(l->arena, &yields, value);
    build_yield(region, &yields);
}

static void close_scan(Lowering *l, Scan *scan) {
    yield_one(l, scan->branch->as.branch.then, build_size(&l->b, size_add(scan->at, size_const(1))));
    yield_one(l, scan->branch->as.branch.otherwise, scan->head);
    Value *next = scan->branch->results.data[0];
    for (int axis = scan->rank - 1; axis >= 0; axis--) {
        yield_one(l, scan->loops[axis]->as.loop.body, next);
        next = scan->loops[axis]->results.data[0];
    }
    l->b = scan->outer;
}

/* The elements behind a place of the base: loops over its other axes. */
static Loops open_rest(Lowering *l, const Value *base, int from, const Size *front, Size *place) {
    Loops loops = open_loops(l, base->rank - from, base->shape + from, NULL);
    for (int axis = 0; axis < base->rank; axis++)
        place[axis] = axis < from ? front[axis] : loops.index[axis - from];
    return loops;
}

Lowered lower_masked(Lowering *l, TExpr *expr) {
    Size shape[RANK_MAX], place[RANK_MAX], to[RANK_MAX];
    Value *base = lower_array(l, expr->as.mask.base);
    TExpr *mask = expr->as.mask.mask;
    prepare(l, mask);
    lower_checks(l, expr->checks);
    lower_scalar(l, expr->as.mask.total);
    shape_of(l, expr, shape);
    Value *target = build_alloc(&l->b, expr->type->dtype, expr->type->rank, shape, false);
    int inner = mask->type->rank;
    Scan scan = open_scan(l, inner, base->shape, mask);
    Loops loops = open_rest(l, base, inner, scan.index, place);
    to[0] = scan.at;
    for (int axis = inner; axis < base->rank; axis++)
        to[axis - inner + 1] = place[axis];
    build_store(&l->b, target, to, build_load(&l->b, base, place));
    close_loops(l, &loops);
    close_scan(l, &scan);
    return (Lowered){.value = target};
}

Lowered lower_nonzero(Lowering *l, TExpr *expr) {
    TExpr *mask = expr->as.builtin.arguments[0];
    prepare(l, mask);
    Size total = value_size(lower_scalar(l, expr->as.builtin.arguments[1])), shape[RANK_MAX];
    shape_of(l, mask, shape);
    int rank = mask->type->rank;
    Lowered lowered = {.count = rank, .items = ARENA_ARRAY(l->arena, Lowered, rank + 1)};
    for (int axis = 0; axis < rank; axis++)
        lowered.items[axis].value = build_alloc(&l->b, DTYPE_I64, 1, &total, false);
    Scan scan = open_scan(l, rank, shape, mask);
    for (int axis = 0; axis < rank; axis++)
        build_store(&l->b, lowered.items[axis].value, &scan.at, build_size(&l->b, scan.index[axis]));
    close_scan(l, &scan);
    return lowered;
}

/* Index i as often as counts[i] says. */
Lowered lower_repeat(Lowering *l, TExpr *expr) {
    Value *counts = lower_array(l, expr->as.builtin.arguments[0]);
    Loops loops = open_loops(l, 1, counts->shape, NULL);
    Value *count = build_load(&l->b, counts, loops.index);
    build_check(&l->b, CHECK_GE, value_size(count), NULL, FAILURE_REPEAT_COUNT, "a number of repetitions");
    close_loops(l, &loops);
    Size total = value_size(lower_scalar(l, expr->as.builtin.arguments[1]));
    Value *target = build_alloc(&l->b, DTYPE_I64, 1, &total, false);
    Values init = {0};
    values_add(l->arena, &init, build_size(&l->b, size_const(0)));
    Node *loop = build_for(&l->b, name_of("s"), size_const(0), counts->shape[0], 1, &init);
    Builder outer = l->b;
    Size i = value_size(loop->as.loop.iv), at = value_size(loop->as.loop.heads.data[0]), to;
    l->b.region = loop->as.loop.body;
    l->b.before = NULL;
    Value *times = build_load(&l->b, counts, &i);
    Size shape[] = {value_size(times)};
    loops = open_loops(l, 1, shape, "r");
    to = size_add(at, loops.index[0]);
    build_store(&l->b, target, &to, build_size(&l->b, i));
    close_loops(l, &loops);
    yield_one(l, loop->as.loop.body, build_size(&l->b, size_add(at, shape[0])));
    l->b = outer;
    return (Lowered){.value = target};
}

/* ---- writing ------------------------------------------------------------------------------- */

/* A prepared value, or its copy where writing to the target could be seen in it. */
static TExpr *safe_value(Lowering *l, TExpr *value, Value *target) {
    if (value->type->kind != TYPE_ARRAY)
        return value;
    if (sources_are_apart(l, value, target))
        return value;
    TExpr *copy = ARENA_NEW(l->arena, TExpr);
    Lowered *note = ARENA_NEW(l->arena, Lowered);
    *copy = *value;
    copy->kind = TEXPR_VARIABLE;
    copy->note = note;
    if (is_elementwise(value)) {
        note->value = lower_prepared(l, value);
        return copy;
    }
    Value *source = ((Lowered *)value->note)->value;
    note->value = build_alloc(&l->b, source->dtype, source->rank, source->shape, false);
    Loops loops = open_loops(l, source->rank, source->shape, NULL);
    build_store(&l->b, note->value, loops.index, build_load(&l->b, source, loops.index));
    close_loops(l, &loops);
    return copy;
}

/* What is stored for an element: the value, or what an operation makes of the old element and it, in the value's dtype. */
static Value *updated(Lowering *l, Value *old, Value *value, int op) {
    if (op < 0)
        return value;
    OpRule rule = op_info((Op)op)->rule;
    DType dtype = rule == RULE_COMPARE || rule == RULE_LOGIC ? DTYPE_BOOL : value->dtype;
    Value *operand = old->dtype == value->dtype ? old : build_let(&l->b, OP_CAST, value->dtype, old, NULL, NULL);
    Value *result = build_let(&l->b, (Op)op, dtype, operand, value, NULL);
    return dtype == old->dtype ? result : build_let(&l->b, OP_CAST, old->dtype, result, NULL, NULL);
}

static void store_gather(Lowering *l, TExpr *target, TExpr *value, int op) {
    Size shape[RANK_MAX], place[RANK_MAX];
    Value *base = ((Lowered *)target->note)->value;
    int rank = target->type->rank;
    shape_of(l, target, shape);
    for (int axis = 0; axis < base->rank; axis++)
        if (target->as.gather.indices[axis])
            target->as.gather.indices[axis] = safe_value(l, target->as.gather.indices[axis], base);
    Loops loops = open_loops(l, rank, shape, NULL);
    Value *element = lower_element(l, value, rank, loops.index);
    place_of(l, target, loops.index, place);
    build_store(&l->b, base, place, op < 0 ? element : updated(l, build_load(&l->b, base, place), element, op));
    close_loops(l, &loops);
}

/* base[mask] = one value: every element is written, most with itself. */
static void store_masked_scalar(Lowering *l, Value *base, TExpr *mask, TExpr *value, int op) {
    Size index[RANK_MAX];
    Value *given = ((Lowered *)value->note)->value;
    Loops loops = open_loops(l, base->rank, base->shape, NULL);
    for (int axis = 0; axis < base->rank; axis++)
        index[axis] = loops.index[axis];
    Value *old = build_load(&l->b, base, index), *test = lower_element(l, mask, mask->type->rank, index);
    build_store(&l->b, base, index, build_let(&l->b, OP_SELECT, base->dtype, test, updated(l, old, given, op), old));
    close_loops(l, &loops);
}

static void store_mask(Lowering *l, TExpr *target, TExpr *value, int op) {
    Value *base = ((Lowered *)target->note)->value;
    TExpr *mask = safe_value(l, target->as.mask.mask, base);
    Size place[RANK_MAX], from[RANK_MAX];
    if (value->type->kind != TYPE_ARRAY) {
        store_masked_scalar(l, base, mask, value, op);
        return;
    }
    int inner = mask->type->rank;
    Scan scan = open_scan(l, inner, base->shape, mask);
    Loops loops = open_rest(l, base, inner, scan.index, place);
    from[0] = scan.at;
    for (int axis = inner; axis < base->rank; axis++)
        from[axis - inner + 1] = place[axis];
    Value *element = lower_element(l, value, target->type->rank, from);
    build_store(&l->b, base, place, op < 0 ? element : updated(l, build_load(&l->b, base, place), element, op));
    close_loops(l, &loops);
    close_scan(l, &scan);
}

void store_place(Lowering *l, TExpr *target, TExpr *value, int op, const TCheck *checks) {
    prepare(l, value);
    if (target->kind == TEXPR_GATHER) {
        prepare(l, target);
        lower_checks(l, checks);
        store_gather(l, target, safe_value(l, value, ((Lowered *)target->note)->value), op);
        return;
    }
    if (target->kind != TEXPR_MASK) {
        Value *place = lower_array(l, target);
        lower_checks(l, checks);
        store_array(l, place, value);
        return;
    }
    /* The value may read through the same expression, whose note is then what it read. */
    Lowered note = {.value = lower_array(l, target->as.mask.base)};
    TExpr place = *target;
    place.note = &note;
    prepare(l, target->as.mask.mask);
    lower_checks(l, target->checks);
    if (value->type->kind == TYPE_ARRAY)
        lower_scalar(l, target->as.mask.total);
    lower_checks(l, checks);
    store_mask(l, &place, safe_value(l, value, note.value), op);
}

/* ---- joins and diagonals ------------------------------------------------------------------- */

Lowered lower_join(Lowering *l, TExpr *expr) {
    int count = expr->as.builtin.argument_count, along = expr->as.builtin.how, rank = expr->type->rank, axes[RANK_MAX];
    Size shape[RANK_MAX], start[RANK_MAX], step[RANK_MAX], window[RANK_MAX];
    for (int i = 0; i < count; i++)
        prepare(l, expr->as.builtin.arguments[i]);
    lower_checks(l, expr->checks);
    shape_of(l, expr, shape);
    Value *target = build_alloc(&l->b, expr->type->dtype, rank, shape, false);
    for (int axis = 0; axis < rank; axis++) {
        axes[axis] = axis;
        start[axis] = size_const(0);
        step[axis] = size_const(1);
        window[axis] = shape[axis];
    }
    for (int i = 0; i < count; i++) {
        TExpr *part = expr->as.builtin.arguments[i];
        window[along] = lower_size(l, part->type->shape[along]);
        Value *view = build_view(&l->b, target, start, rank, axes, step, window);
        Loops loops = open_loops(l, rank, window, NULL);
        build_store(&l->b, view, loops.index, lower_element(l, part, rank, loops.index));
        close_loops(l, &loops);
        start[along] = size_add(start[along], window[along]);
    }
    return (Lowered){.value = target};
}

/* The last two axes as one that moves along both, `offset` to the right. */
Lowered lower_diagonal(Lowering *l, TExpr *expr) {
    Value *base = lower_array(l, expr->as.builtin.arguments[0]);
    Size k = value_size(lower_scalar(l, expr->as.builtin.arguments[1])), zero = size_const(0);
    Size start[RANK_MAX], step[RANK_MAX], shape[RANK_MAX];
    int rank = base->rank, axes[RANK_MAX];
    lower_checks(l, expr->checks);
    for (int axis = 0; axis < rank; axis++) {
        axes[axis] = axis;
        start[axis] = zero;
        step[axis] = size_const(1);
        shape[axis] = base->shape[axis];
    }
    Size length = lower_size(l, expr->type->shape[rank - 2]);
    start[rank - 2] = size_max(size_neg(k), zero);
    start[rank - 1] = size_max(k, zero);
    shape[rank - 2] = shape[rank - 1] = length;
    Value *corner = build_view(&l->b, base, start, rank, axes, step, shape);
    Value *view = build_reshape(&l->b, corner, rank - 1, shape);
    for (int axis = 0; axis < rank - 1; axis++)
        view->stride[axis] = corner->stride[axis];
    view->stride[rank - 2] = size_add(corner->stride[rank - 2], corner->stride[rank - 1]);
    return (Lowered){.value = view};
}

Lowered lower_diag(Lowering *l, TExpr *expr) {
    Value *diagonal = lower_array(l, expr->as.builtin.arguments[0]);
    Size k = value_size(lower_scalar(l, expr->as.builtin.arguments[1])), zero = size_const(0), shape[RANK_MAX], at[2];
    lower_checks(l, expr->checks);
    shape_of(l, expr, shape);
    Value *target = build_alloc(&l->b, expr->type->dtype, 2, shape, true);
    Loops loops = open_loops(l, 1, diagonal->shape, NULL);
    at[0] = size_add(loops.index[0], size_max(size_neg(k), zero));
    at[1] = size_add(loops.index[0], size_max(k, zero));
    build_store(&l->b, target, at, build_load(&l->b, diagonal, loops.index));
    close_loops(l, &loops);
    return (Lowered){.value = target};
}
