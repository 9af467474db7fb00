/* either.c: values that are one of several kinds of scalars, as of `1 if test else 2.5`.
 *
 * TYPE_EITHER has parts, as a tuple has: a tag, then a value for each of its alternatives, of which the tag names the
 * one that counts. What is done with such a value is done with each alternative, behind a test of the tag; where all
 * give the same type, nothing of the kind is left. Start at either_each.
 */
#include "check/either.h"
#include "check/sequence.h"

enum { ALTERNATIVES_MAX = 6 };

static bool is_scalar_or_either(const Type *type) {
    return type->kind == TYPE_SCALAR || type->kind == TYPE_EITHER;
}

static bool comes_before(const Type *a, const Type *b) {
    return a->weak != b->weak ? a->weak : a->dtype < b->dtype;
}

/* The alternatives of a type, put in their order among those that are there; -1: too many. */
static int add_alternatives(const Type *type, const Type **all, int count) {
    for (int i = 1; type->kind == TYPE_EITHER && i < type->count && count >= 0; i++)
        count = add_alternatives(type->items[i], all, count);
    if (type->kind == TYPE_EITHER || count < 0)
        return count;
    int at = 0;
    while (at < count && comes_before(all[at], type))
        at++;
    if (at < count && type_same(all[at], type, false))
        return count;
    if (count == ALTERNATIVES_MAX)
        return -1;
    memmove(all + at + 1, all + at, sizeof *all * (size_t)(count - at));
    all[at] = type;
    return count + 1;
}

const Type *either_join(Scope *s, const Type *a, const Type *b) {
    const Type *all[ALTERNATIVES_MAX];
    if (!is_scalar_or_either(a) || !is_scalar_or_either(b))
        return NULL;
    int count = add_alternatives(b, all, add_alternatives(a, all, 0));
    if (count < 0)
        return NULL;
    if (count == 1)
        return a;
    Type *type = (Type *)type_simple(s->checker, TYPE_EITHER);
    type->items = ARENA_ARRAY(s->checker->arena, const Type *, count + 1);
    type->count = count + 1;
    type->items[0] = type_scalar(s->checker, DTYPE_I64, true);
    memcpy(type->items + 1, all, sizeof *all * (size_t)count);
    return type;
}

bool either_is_within(const Type *type, DType dtype) {
    if (type->kind != TYPE_EITHER)
        return dtype_info(type->dtype)->class <= dtype_info(dtype)->class;
    for (int i = 1; i < type->count; i++)
        if (!either_is_within(type->items[i], dtype))
            return false;
    return true;
}

bool either_inside(const Type *type) {
    for (int i = 0; type->kind == TYPE_TUPLE && i < type->count; i++)
        if (either_inside(type->items[i]))
            return true;
    return type->kind == TYPE_EITHER;
}

/* ---- by alternatives ----------------------------------------------------------------------- */

/* What one alternative asks is passed with it. */
static TExpr *apply(Scope *s, TExpr *value, EitherApply f, void *user, Span span) {
    TCheck *checks = NULL, **outer = s->checks;
    s->checks = &checks;
    s->branches++;
    TExpr *result = either_each(s, value, f, user, span);
    s->branches--;
    s->checks = outer;
    if (checks && !is_poison(result))
        texpr_add_checks(result, checks);
    return result;
}

/* From alternative i on. */
static TExpr *apply_from(Scope *s, TExpr *value, int i, EitherApply f, void *user, Span span) {
    TExpr *here = apply(s, tuple_item(s, value, i, span), f, user, span);
    if (i + 1 == value->type->count || is_poison(here))
        return here;
    TExpr *tag[] = {tuple_item(s, value, 0, span), texpr_int(s, i, span)};
    return conditional_new(s, make_op(s, OP_EQ, tag, span), here, apply_from(s, value, i + 1, f, user, span), span);
}

TExpr *either_each(Scope *s, TExpr *value, EitherApply f, void *user, Span span) {
    int64_t tag;
    if (value->type->kind != TYPE_EITHER)
        return f(s, value, user);
    if (value->kind == TEXPR_TUPLE && constant_int(value->as.tuple.items[0], &tag))
        return f(s, value->as.tuple.items[tag], user);
    if (value->kind != TEXPR_CONDITIONAL || value->checks)
        return apply_from(s, texpr_once(s, value), 1, f, user, span);
    return conditional_new(s, value->as.conditional.test, apply(s, value->as.conditional.then, f, user, span),
                           apply(s, value->as.conditional.otherwise, f, user, span), span);
}

static TExpr *widen_one(Scope *s, TExpr *value, void *user) {
    const Type *type = user;
    Span span = value->span;
    TExpr *expr = texpr_new(s, TEXPR_TUPLE, span, type);
    expr->as.tuple.items = ARENA_ARRAY(s->checker->arena, TExpr *, type->count);
    expr->as.tuple.count = type->count;
    for (int i = 1; i < type->count; i++) {
        bool same = type_same(type->items[i], value->type, false);
        expr->as.tuple.items[i] = same ? value : texpr_cast(s, texpr_bool(s, false, span), type->items[i]->dtype,
                                                            type->items[i]->weak);
        if (same)
            expr->as.tuple.items[0] = texpr_int(s, i, span);
    }
    return expr;
}

TExpr *either_widen(Scope *s, TExpr *value, const Type *type) {
    if (is_poison(value) || type->kind != TYPE_EITHER || type_same(value->type, type, false))
        return value;
    return either_each(s, value, widen_one, (void *)type, value->span);
}

Variable *either_widened(Scope *s, Variable *variable, const Type *type) {
    if (!variable || type->kind != TYPE_EITHER || !is_scalar_or_either(variable->type) ||
        type_same(variable->type, type, false) || !type_same(either_join(s, type, variable->type), type, false))
        return variable;
    TExpr *value = either_widen(s, variable_expr(s, variable, variable->span), type);
    return assign_new(s, variable->name, value, variable->span);
}

/* ---- what is done with them ---------------------------------------------------------------- */

typedef struct {
    AstOp op;
    TExpr *left, *right;     /* NULL: the one that is taken by its alternatives */
    Span span;
} Binary;

static TExpr *binary_right(Scope *s, TExpr *value, void *user) {
    const Binary *binary = user;
    return check_binary(s, binary->op, binary->left, value, binary->span);
}

static TExpr *binary_left(Scope *s, TExpr *value, void *user) {
    Binary binary = *(Binary *)user;
    if (binary.right->type->kind != TYPE_EITHER)
        return check_binary(s, binary.op, value, binary.right, binary.span);
    binary.left = value;
    return either_each(s, binary.right, binary_right, &binary, binary.span);
}

static bool is_simple(const TExpr *value) {
    return value->kind == TEXPR_CONST || value->kind == TEXPR_VARIABLE;
}

static TExpr *kept(Scope *s, TExpr *value) {
    return is_simple(value) ? value : hidden_value(s, "operand", value, value->span);
}

TExpr *either_binary(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span) {
    Binary binary = {op, left, right, span};
    bool lefts = left->type->kind == TYPE_EITHER, rights = right->type->kind == TYPE_EITHER;
    if (lefts && !rights && is_simple(right))
        return either_each(s, left, binary_left, &binary, span);
    if (rights && !lefts && is_simple(left))
        return either_each(s, right, binary_right, &binary, span);
    /* Both are evaluated, in their order, in front of what their kinds decide. */
    Inset *inset = inset_open(s, span);
    binary.left = kept(s, left);
    binary.right = kept(s, right);
    return inset_close(inset, either_each(s, binary.left, binary_left, &binary, span));
}

typedef struct {
    DType dtype;
    bool weak;
} Cast;

static TExpr *cast_one(Scope *s, TExpr *value, void *user) {
    const Cast *cast = user;
    return texpr_cast(s, value, cast->dtype, cast->weak);
}

TExpr *either_cast(Scope *s, TExpr *value, DType dtype, bool weak) {
    Cast cast = {dtype, weak};
    return either_each(s, value, cast_one, &cast, value->span);
}

static TExpr *truth_one(Scope *s, TExpr *value, void *user) {
    (void)user;
    return texpr_cast(s, texpr_truth(s, value), DTYPE_BOOL, true);
}

TExpr *either_truth(Scope *s, TExpr *value) {
    return either_each(s, value, truth_one, NULL, value->span);
}
