/* array.c: indexing, element-wise expressions as loop nests, array assignment. */
#include "lower/lowering.h"

/* ---- indexing ------------------------------------------------------------------------------ */

/* An index of an axis as a Size within it: checked, and counted from the end if negative. */
static Size checked_index(Lowering *l, TExpr *index, Size n, int axis, const char *what) {
    Value *value = lower_scalar(l, index);
    Size i = value_size(value);
    Node *check = build_check(&l->b, CHECK_INDEX, i, n, FAILURE_INDEX, what);
    check->as.check.values[0] = i;
    check->as.check.values[1] = size_const(axis);
    check->as.check.values[2] = n;
    int64_t constant;
    if (size_is_const(i, &constant))
        return constant < 0 ? size_add(i, n) : i;
    Value *wrapped = build_let(&l->b, OP_WRAP, DTYPE_I64, build_size(&l->b, i), build_size(&l->b, n), NULL);
    return value_size(wrapped);
}

static const char *base_name(const TExpr *base) {
    return base->kind == TEXPR_VARIABLE && base->as.variable->name ? base->as.variable->name : "an array";
}

/* Evaluates the subscripts: a base index an axis (`start`), and the result's axes. */
typedef struct {
    Size start[RANK_MAX], step[RANK_MAX], shape[RANK_MAX];
    int axis[RANK_MAX];
    int rank;
} Place;

static Place lower_subscripts(Lowering *l, TExpr *expr, const Value *base) {
    Place place = {.rank = 0};
    int axis = 0;
    for (int i = 0; i < expr->as.index.count; i++) {
        Subscript *subscript = &expr->as.index.subscripts[i];
        if (subscript->kind == SUBSCRIPT_NEW) {
            place.axis[place.rank] = -1;
            place.step[place.rank] = size_const(0);
            for (int k = 0; k < subscript->operand_count; k++)
                lower_scalar(l, subscript->operands[k]);
            place.shape[place.rank++] = subscript->length ? lower_size(l, subscript->length) : size_const(1);
            continue;
        }
        if (subscript->kind == SUBSCRIPT_INTEGER) {
            const char *what = arena_printf(l->arena, "index %d of %s", axis,
                                            base_name(expr->as.index.base));
            place.start[axis] = checked_index(l, subscript->index, base->shape[axis], axis, what);
            axis++;
            continue;
        }
        for (int k = 0; k < subscript->operand_count; k++)
            lower_scalar(l, subscript->operands[k]);
        place.start[axis] = lower_size(l, subscript->start);
        place.axis[place.rank] = axis++;
        place.step[place.rank] = lower_size(l, subscript->step);
        place.shape[place.rank++] = lower_size(l, subscript->length);
    }
    return place;
}

Lowered lower_index(Lowering *l, TExpr *expr) {
    Value *base = lower_scalar(l, expr->as.index.base);
    Place place = lower_subscripts(l, expr, base);
    lower_checks(l, expr->checks);   /* of sizes that the subscripts may have to compute first */
    if (expr->type->kind == TYPE_SCALAR) {
        Value *element = build_load(&l->b, base, place.start);
        if (expr->size && element->dtype == DTYPE_I64)
            bind_atom(l, expr->size, element);
        return (Lowered){.value = element};
    }
    return (Lowered){.value = build_view(&l->b, base, place.start, place.rank, place.axis, place.step,
                                         place.shape)};
}

/* ---- loops --------------------------------------------------------------------------------- */

Loops open_loops(Lowering *l, int rank, const Size *shape, const char *name) {
    static const char *const names[] = {"i", "j", "k", "l", "m", "n", "o", "p"};
    Loops loops = {.outer = l->b};
    for (int axis = 0; axis < rank; axis++) {
        Node *loop = build_for(&l->b, name_of(name ? name : names[axis]), size_const(0), shape[axis],
                               1, NULL);
        loops.index[axis] = value_size(loop->as.loop.iv);
        l->b.region = loop->as.loop.body;
        l->b.before = NULL;
    }
    return loops;
}

void close_loops(Lowering *l, Loops *loops) {
    l->b = loops->outer;
}

/* ---- element-wise expressions -------------------------------------------------------------- */

bool is_elementwise(const TExpr *expr) {
    return expr->type->kind == TYPE_ARRAY && (expr->kind == TEXPR_OP || expr->kind == TEXPR_CAST ||
                                              expr->kind == TEXPR_IOTA || expr->kind == TEXPR_GATHER);
}

void prepare(Lowering *l, TExpr *expr) {
    if (!is_elementwise(expr)) {
        Lowered *note = ARENA_NEW(l->arena, Lowered);
        *note = lower_expr(l, expr);
        expr->note = note;
        return;
    }
    if (expr->kind == TEXPR_CAST) {
        prepare(l, expr->as.cast.value);
    } else if (expr->kind == TEXPR_IOTA) {
        if (expr->as.iota.of)
            lower_expr(l, expr->as.iota.of);
    } else if (expr->kind == TEXPR_GATHER) {
        prepare_gather(l, expr);
    } else {
        for (int i = 0; i < op_info(expr->as.op.op)->arity; i++)
            prepare(l, expr->as.op.operands[i]);
    }
    lower_checks(l, expr->checks);
}

typedef struct {
    int rank;
    const Size *index;
} Element;

static Value *get_element(Lowering *l, TExpr *expr, void *user) {
    const Element *element = user;
    return lower_element(l, expr, element->rank, element->index);
}

/* The element of a prepared expression at an index of the result, broadcast rules applied. */
Value *lower_element(Lowering *l, TExpr *expr, int rank, const Size *index) {
    Element element = {rank, index};
    if (expr->kind == TEXPR_OP && is_elementwise(expr))
        return lower_fused(l, expr, get_element, &element);
    if (expr->kind == TEXPR_IOTA)
        return build_size(&l->b, expr->type->shape[expr->as.iota.axis] == size_const(1)
                                     ? size_const(0)
                                     : index[rank - expr->type->rank + expr->as.iota.axis]);
    if (expr->kind == TEXPR_GATHER)
        return gather_element(l, expr, rank, index);
    if (is_elementwise(expr)) {
        Value *value = lower_element(l, expr->as.cast.value, rank, index);
        return build_let(&l->b, OP_CAST, expr->type->dtype, value, NULL, NULL);
    }
    Value *value = ((Lowered *)expr->note)->value;
    if (value->kind != VALUE_ARRAY)
        return value;
    Size at[RANK_MAX];
    for (int axis = 0; axis < value->rank; axis++) {
        bool repeated = expr->type->shape[axis] == size_const(1);
        at[axis] = repeated ? size_const(0) : index[rank - value->rank + axis];
    }
    return build_load(&l->b, value, at);
}

static void lower_shape(Lowering *l, const Type *type, Size *shape) {
    for (int axis = 0; axis < type->rank; axis++)
        shape[axis] = lower_size(l, type->shape[axis]);
}

/* A prepared expression into a target of the same shape. */
static void fill(Lowering *l, Value *target, TExpr *value) {
    Loops loops = open_loops(l, target->rank, target->shape, NULL);
    build_store(&l->b, target, loops.index, lower_element(l, value, target->rank, loops.index));
    close_loops(l, &loops);
}

Value *lower_prepared(Lowering *l, TExpr *expr) {
    Size shape[RANK_MAX];
    if (expr->kind == TEXPR_GATHER && expr->as.gather.at)
        return lower_gathered(l, expr);
    lower_shape(l, expr->type, shape);
    Value *target = build_alloc(&l->b, expr->type->dtype, expr->type->rank, shape, false);
    fill(l, target, expr);
    return target;
}

Value *lower_array(Lowering *l, TExpr *expr) {
    if (!is_elementwise(expr))
        return lower_scalar(l, expr);
    prepare(l, expr);
    return lower_prepared(l, expr);
}

/* ---- overlap ------------------------------------------------------------------------------- */

static bool is_fresh(const Value *root) {
    return root->node && root->node->kind == NODE_ALLOC;
}

/* The same elements at the same indices: one element that is broadcast is not the same as many. */
static bool same_view(const Value *a, const Value *b) {
    if (a == b)
        return true;
    if (!a->node || !b->node || a->node->kind != NODE_VIEW || b->node->kind != NODE_VIEW ||
        a->node->as.view.kind != VIEW_AFFINE || b->node->as.view.kind != VIEW_AFFINE ||
        a->rank != b->rank || a->node->as.view.base != b->node->as.view.base)
        return false;
    for (int axis = 0; axis < a->node->as.view.base->rank; axis++)
        if (a->node->as.view.start[axis] != b->node->as.view.start[axis])
            return false;
    for (int axis = 0; axis < a->rank; axis++)
        if (a->node->as.view.axis[axis] != b->node->as.view.axis[axis] ||
            a->node->as.view.step[axis] != b->node->as.view.step[axis] || a->shape[axis] != b->shape[axis])
            return false;
    return true;
}

bool arrays_apart(Lowering *l, Value *a, Value *b) {
    Value *p = value_root(a), *q = value_root(b);
    if (p == q)
        return false;
    return (is_fresh(p) && (is_fresh(q) || !q->node)) || (is_fresh(q) && !p->node) ||
           (l->function->apart && !p->node && !q->node);
}

/* True if reading `source` at an element's own index while `target` is written cannot see what was
 * written: other memory, or the same element. */
static bool reads_safely(Lowering *l, Value *source, Value *target, int result_rank) {
    return (source->rank == result_rank && same_view(source, target)) || arrays_apart(l, source, target);
}

/* `aligned`: each element is read where it is written, and so may come from there. */
static bool are_safe(Lowering *l, TExpr *expr, Value *target, bool aligned) {
    if (expr->kind == TEXPR_IOTA)
        return true;
    if (is_elementwise(expr) && expr->kind == TEXPR_CAST)
        return are_safe(l, expr->as.cast.value, target, aligned);
    if (is_elementwise(expr) && expr->kind == TEXPR_OP) {
        for (int i = 0; i < op_info(expr->as.op.op)->arity; i++)
            if (!are_safe(l, expr->as.op.operands[i], target, aligned))
                return false;
        return true;
    }
    Value *value = ((Lowered *)expr->note)->value;
    if (expr->kind != TEXPR_GATHER)
        return value->kind != VALUE_ARRAY || (aligned && reads_safely(l, value, target, target->rank)) ||
               arrays_apart(l, value, target);
    bool safe = arrays_apart(l, value, target);
    for (int axis = 0; axis < value->rank && safe; axis++)
        safe = !expr->as.gather.indices[axis] || are_safe(l, expr->as.gather.indices[axis], target, false);
    return safe;
}

bool sources_are_apart(Lowering *l, TExpr *expr, Value *target) {
    return are_safe(l, expr, target, false);
}

static void copy_array(Lowering *l, Value *target, Value *source) {
    Loops loops = open_loops(l, target->rank, target->shape, NULL);
    build_store(&l->b, target, loops.index, build_load(&l->b, source, loops.index));
    close_loops(l, &loops);
}

/* target = value, element by element, as if value were computed first. */
void store_array(Lowering *l, Value *target, TExpr *value) {
    bool safe = are_safe(l, value, target, true);
    if (safe) {
        fill(l, target, value);
        return;
    }
    Value *copy = build_alloc(&l->b, target->dtype, target->rank, target->shape, false);
    copy->name = name_of("copy");   /* the pass fuse removes it where an order is safe, and says so */
    fill(l, copy, value);
    copy_array(l, target, copy);
}
