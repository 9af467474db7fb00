/* either.c: values that are one of several kinds of scalars, as of `1 if test else 2.5`, or None or something else.
 *
 * TYPE_EITHER has parts, as a tuple has: a tag, then a value for each of its alternatives, of which the tag names the
 * one that counts. What is done with such a value is done with each alternative, behind a test of the tag; where all
 * give the same type, nothing of the kind is left. Start at either_each.
 */
#include "check/either.h"
#include "check/sequence.h"

enum { ALTERNATIVES_MAX = 6 };

static bool is_alternative(const Type *type) {
    return type->kind == TYPE_SCALAR || type->kind == TYPE_NONE || type->kind == TYPE_STRING || type->kind == TYPE_ARRAY ||
           type->kind == TYPE_LIST || (type->kind == TYPE_TUPLE && !either_inside(type));
}

/* Scalars, Python's first; None is the last. */
static bool comes_before(const Type *a, const Type *b) {
    if (a->kind != TYPE_SCALAR || b->kind != TYPE_SCALAR)
        return b->kind == TYPE_NONE || (a->kind == TYPE_SCALAR && b->kind != TYPE_SCALAR);
    return a->weak != b->weak ? a->weak : a->dtype < b->dtype;
}

/* The alternatives of a type, put in their order among those that are there; -1: too many. */
static int add_alternatives(Scope *s, const Type *type, const Type **all, int count) {
    for (int i = 1; type->kind == TYPE_EITHER && i < type->count && count >= 0; i++)
        count = add_alternatives(s, type->items[i], all, count);
    if (type->kind == TYPE_EITHER || count < 0)
        return count;
    if (!is_alternative(type))
        return -1;
    int at = 0;
    while (at < count && comes_before(all[at], type))
        at++;
    for (int i = 0; i < count; i++)
        if (type_same(all[i], type, false)) {
            all[i] = join_types(s, all[i], type);
            return count;
        }
    if (count == ALTERNATIVES_MAX)
        return -1;
    memmove(all + at + 1, all + at, sizeof *all * (size_t)(count - at));
    all[at] = type;
    return count + 1;
}

/* Scalars of any kinds; None beside them, or beside one other type. */
static bool may_stand_beside(const Type *const *all, int count) {
    int scalars = 0, others = 0;
    for (int i = 0; i < count; i++) {
        scalars += all[i]->kind == TYPE_SCALAR;
        others += all[i]->kind != TYPE_SCALAR && all[i]->kind != TYPE_NONE;
    }
    return others == 0 || (others == 1 && !scalars);
}

const Type *either_join(Scope *s, const Type *a, const Type *b) {
    const Type *all[ALTERNATIVES_MAX];
    int count = add_alternatives(s, b, all, add_alternatives(s, a, all, 0));
    if (count < 0 || !may_stand_beside(all, count))
        return NULL;
    if (count == 1)
        return a;
    Type *type = (Type *)type_simple(s->checker, TYPE_EITHER);
    type->items = ARENA_ARRAY(s->checker->arena, const Type *, count + 1);
    type->count = count + 1;
    type->items[0] = type_scalar(s->checker, DTYPE_I64, true);
    for (int i = 0; i < count; i++)
        type->items[i + 1] = own_sizes(s, all[i], NULL);
    return type;
}

bool either_has_none(const Type *type) {
    return type->kind == TYPE_EITHER && type->items[type->count - 1]->kind == TYPE_NONE;
}

bool either_arises(const Type *a, const Type *b) {
    return a->kind == TYPE_EITHER || b->kind == TYPE_EITHER || a->kind == TYPE_NONE || b->kind == TYPE_NONE;
}

bool either_is_within(const Type *type, DType dtype) {
    if (type->kind != TYPE_EITHER)
        return type->kind == TYPE_NONE || (type->kind == TYPE_SCALAR && dtype_info(type->dtype)->class <= dtype_info(dtype)->class);
    for (int i = 1; i < type->count; i++)
        if (!either_is_within(type->items[i], dtype))
            return false;
    return true;
}

bool either_inside(const Type *type) {
    for (int i = 0; type->kind == TYPE_TUPLE && i < type->count; i++)
        if (either_inside(type->items[i]))
            return true;
    return type->kind == TYPE_EITHER || type->kind == TYPE_RANGE;
}

/* ---- by alternatives ----------------------------------------------------------------------- */

static TExpr *is_alternative_at(Scope *s, TExpr *value, int i, Span span) {
    TExpr *tag[] = {tuple_item(s, value, 0, span), texpr_int(s, i, span)};
    return make_op(s, OP_EQ, tag, span);
}

/* f of the value, or of each alternative if `all`; what that asks is passed with it. */
static TExpr *apply_under(Scope *s, TExpr *value, EitherApply f, void *user, bool all, Span span) {
    TCheck *checks = NULL, **outer = s->checks;
    s->checks = &checks;
    s->branches++;
    TExpr *result = all ? either_each_or_none(s, value, f, user, span) : f(s, value, user);
    s->branches--;
    s->checks = outer;
    if (checks && !is_poison(result))
        texpr_add_checks(result, checks);
    return result;
}

static TExpr *apply(Scope *s, TExpr *value, EitherApply f, void *user, Span span) {
    return apply_under(s, value, f, user, false, span);
}

static TExpr *apply_all(Scope *s, TExpr *value, EitherApply f, void *user, Span span) {
    return apply_under(s, value, f, user, true, span);
}

/* From alternative i on. */
static TExpr *apply_from(Scope *s, TExpr *value, int i, EitherApply f, void *user, Span span) {
    TExpr *here = apply(s, tuple_item(s, value, i, span), f, user, span);
    if (i + 1 == value->type->count || is_poison(here))
        return here;
    return conditional_new(s, is_alternative_at(s, value, i, span), here, apply_from(s, value, i + 1, f, user, span), span);
}

/* The value, which is not None. */
static TExpr *some_of(Scope *s, TExpr *value, Span span) {
    int count = value->type->count - 1;
    if (count == 2)
        return tuple_item(s, value, 1, span);
    Type *type = (Type *)type_simple(s->checker, TYPE_EITHER);
    *type = *value->type;
    type->count = count;
    TExpr *expr = texpr_new(s, TEXPR_TUPLE, span, type);
    expr->as.tuple.items = ARENA_ARRAY(s->checker->arena, TExpr *, count + 1);
    expr->as.tuple.count = count;
    for (int i = 0; i < count; i++)
        expr->as.tuple.items[i] = tuple_item(s, value, i, span);
    return expr;
}

/* if the value is None: raise TypeError */
static void refuse_none(Scope *s, TExpr *value, Span span) {
    TStmt *stmt = stmt_new(s, TSTMT_IF, span);
    TBlock *outer = s->block;
    stmt->as.branch.test = is_alternative_at(s, value, value->type->count - 1, span);
    s->block = &stmt->as.branch.then;
    TExpr *message = texpr_new(s, TEXPR_STRING, span, type_simple(s->checker, TYPE_STRING));
    message->as.string.data = "a value is needed here, this is None";
    message->as.string.length = strlen(message->as.string.data);
    TStmt *raise = stmt_new(s, TSTMT_RAISE, span);
    raise->as.raise.exception = "TypeError";
    raise->as.raise.message = message;
    s->block = outer;
}

TExpr *either_value(Scope *s, TExpr *value) {
    int64_t tag;
    if (!either_has_none(value->type))
        return value;
    if (value->kind == TEXPR_TUPLE && constant_int(value->as.tuple.items[0], &tag) && tag < value->type->count - 1)
        return value->as.tuple.items[tag];
    TBlock *outer = s->block, block = {0};
    s->block = &block;
    value = value->kind == TEXPR_VARIABLE ? value : variable_expr(s, assign_new(s, NULL, value, value->span), value->span);
    refuse_none(s, value, value->span);
    TExpr *some = some_of(s, value, value->span), *expr = texpr_new(s, TEXPR_BLOCK, value->span, some->type);
    s->block = outer;
    expr->as.block.body = block;
    expr->as.block.value = some;
    expr->size = some->size;
    return texpr_once(s, expr);
}

TExpr *either_some(Scope *s, TExpr *value) {
    return either_has_none(value->type) ? some_of(s, texpr_once(s, value), value->span) : value;
}

TExpr *either_is_none(Scope *s, TExpr *value, Span span) {
    return is_alternative_at(s, texpr_once(s, value), value->type->count - 1, span);
}

TExpr *either_each_or_none(Scope *s, TExpr *value, EitherApply f, void *user, Span span) {
    int64_t tag;
    if (value->type->kind != TYPE_EITHER)
        return f(s, value, user);
    if (value->kind == TEXPR_TUPLE && constant_int(value->as.tuple.items[0], &tag))
        return f(s, value->as.tuple.items[tag], user);
    if (value->kind != TEXPR_CONDITIONAL || value->checks)
        return apply_from(s, texpr_once(s, value), 1, f, user, span);
    return conditional_new(s, value->as.conditional.test, apply_all(s, value->as.conditional.then, f, user, span),
                           apply_all(s, value->as.conditional.otherwise, f, user, span), span);
}

TExpr *either_each(Scope *s, TExpr *value, EitherApply f, void *user, Span span) {
    return either_each_or_none(s, either_value(s, value), f, user, span);
}

/* A value of the type that nobody reads: that of a variable which is never assigned. */
static TExpr *nobodys(Scope *s, const Type *type, Span span) {
    if (type->kind == TYPE_NONE)
        return texpr_new(s, TEXPR_NONE, span, type);
    if (type->kind == TYPE_SCALAR)
        return texpr_cast(s, texpr_bool(s, false, span), type->dtype, type->weak);
    return variable_expr(s, variable_new(s, NULL, type, NULL, span), span);
}

static TExpr *widen_one(Scope *s, TExpr *value, void *user) {
    const Type *type = user;
    Span span = value->span;
    TExpr *expr = texpr_new(s, TEXPR_TUPLE, span, type);
    expr->as.tuple.items = ARENA_ARRAY(s->checker->arena, TExpr *, type->count);
    expr->as.tuple.count = type->count;
    for (int i = 1; i < type->count; i++) {
        bool same = type_same(type->items[i], value->type, false);
        expr->as.tuple.items[i] = same ? value : nobodys(s, type->items[i], span);
        if (same)
            expr->as.tuple.items[0] = texpr_int(s, i, span);
    }
    return expr;
}

TExpr *either_widen(Scope *s, TExpr *value, const Type *type) {
    if (is_poison(value) || type->kind != TYPE_EITHER || type_same(value->type, type, false))
        return value;
    return either_each_or_none(s, value, widen_one, (void *)own_sizes(s, type, NULL), value->span);
}

Variable *either_widened(Scope *s, Variable *variable, const Type *type) {
    if (!variable || type->kind != TYPE_EITHER || type_same(variable->type, type, false))
        return variable;
    const Type *joined = either_join(s, type, variable->type);
    if (!joined || !type_same(joined, type, false))
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

static bool is_equality(AstOp op) {
    return op == AST_OP_EQ || op == AST_OP_NE;
}

static bool is_comparison(AstOp op) {
    return op == AST_OP_LT || op == AST_OP_LE || op == AST_OP_GT || op == AST_OP_GE || is_equality(op);
}

/* None equals None alone. */
static TExpr *binary_of(Scope *s, const Binary *binary, TExpr *left, TExpr *right) {
    bool nones = left->type->kind == TYPE_NONE, other = right->type->kind == TYPE_NONE;
    if (is_equality(binary->op) && (nones || other))
        return texpr_bool(s, (nones && other) == (binary->op == AST_OP_EQ), binary->span);
    if (is_comparison(binary->op))
        return compare_two(s, binary->op, left, right, binary->span);
    return check_binary(s, binary->op, left, right, binary->span);
}

static TExpr *binary_right(Scope *s, TExpr *value, void *user) {
    const Binary *binary = user;
    return binary_of(s, binary, binary->left, value);
}

static TExpr *binary_left(Scope *s, TExpr *value, void *user) {
    Binary binary = *(Binary *)user;
    if (binary.right->type->kind != TYPE_EITHER)
        return binary_of(s, &binary, value, binary.right);
    binary.left = value;
    return either_each_or_none(s, binary.right, binary_right, &binary, binary.span);
}

static bool is_simple(const TExpr *value) {
    return value->kind == TEXPR_CONST || value->kind == TEXPR_VARIABLE;
}

static TExpr *kept(Scope *s, TExpr *value) {
    return is_simple(value) ? value : hidden_value(s, "operand", value, value->span);
}

TExpr *either_binary(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span) {
    if (!is_equality(op)) {
        left = either_value(s, left);
        right = either_value(s, right);
        if (left->type->kind != TYPE_EITHER && right->type->kind != TYPE_EITHER)
            return is_comparison(op) ? compare_two(s, op, left, right, span) : check_binary(s, op, left, right, span);
    }
    Binary binary = {op, left, right, span};
    bool lefts = left->type->kind == TYPE_EITHER, rights = right->type->kind == TYPE_EITHER;
    if (lefts && !rights && is_simple(right))
        return either_each_or_none(s, left, binary_left, &binary, span);
    if (rights && !lefts && is_simple(left))
        return either_each_or_none(s, right, binary_right, &binary, span);
    /* Both are evaluated, in their order, in front of what their kinds decide. */
    Inset *inset = inset_open(s, span);
    binary.left = kept(s, left);
    binary.right = kept(s, right);
    return inset_close(inset, either_each_or_none(s, binary.left, binary_left, &binary, span));
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
    if (value->type->kind == TYPE_NONE)
        return texpr_bool(s, false, value->span);
    return texpr_cast(s, texpr_truth(s, value), DTYPE_BOOL, true);
}

TExpr *either_truth(Scope *s, TExpr *value) {
    return either_each_or_none(s, value, truth_one, NULL, value->span);
}
