/* constant.c: constants as arguments of functions of the library in .mnp.
 *
 * A parameter that is annotated `const` (`axis: const`) takes None, numbers, strings, flags, and tuples and lists of them.
 * The function is checked for each value it is given, and sees the value as if it stood there: `np.sum(a, axis=axis)`
 * finds an axis, and `if axis is None:` is decided before the program runs. Such an argument is no value of the program:
 * its type says it all (TYPE_CONSTANT, whose `info` is its syntax, one for each value). */
#include "check/call.h"
#include "check/sequence.h"

bool is_constant_parameter(const Ast *parameter) {
    const Ast *noted = parameter->as.parameter.annotation;
    return noted && noted->kind == AST_NAME && !strcmp(noted->as.name.id, "const");
}

static Ast *syntax_of(Scope *s, TExpr *value);

/* The items of a tuple or list as syntax; NULL where one is no constant. */
static Ast *syntax_of_items(Scope *s, TExpr *value) {
    bool list = value->kind == TEXPR_LIST;
    Ast *node = ast_make(s, list ? AST_LIST : AST_TUPLE, value->span), **last = &node->as.list.items;
    int count = list ? value->as.tuple.count : value->type->count;
    for (int i = 0; i < count; i++) {
        Ast *item = syntax_of(s, list ? value->as.tuple.items[i] : tuple_item(s, value, i, value->span));
        if (!item)
            return NULL;
        *last = item;
        last = &item->next;
    }
    node->as.list.count = count;
    return node;
}

static Ast *syntax_of_number(Scope *s, const TExpr *value) {
    int64_t number;
    Ast *node = NULL;
    bool literal = value->kind == TEXPR_CONST && value->type->weak;
    if (constant_int(value, &number)) {
        node = ast_make(s, AST_INT, value->span);
        node->as.integer.value = number;
    } else if (literal && value->type->dtype == DTYPE_BOOL) {
        node = ast_make(s, value->as.constant.i ? AST_TRUE : AST_FALSE, value->span);
    } else if (literal && value->type->dtype == DTYPE_F64) {
        node = ast_make(s, AST_FLOAT, value->span);
        node->as.number.value = value->as.constant.f;
    }
    return node;
}

static Ast *syntax_of(Scope *s, TExpr *value) {
    if (value->kind == TEXPR_NONE && value->type->kind == TYPE_NONE)
        return ast_make(s, AST_NONE, value->span);
    if (value->kind == TEXPR_STRING) {
        Ast *node = ast_make(s, AST_STRING, value->span);
        node->as.string.data = value->as.string.data;
        node->as.string.length = value->as.string.length;
        return node;
    }
    if (value->kind == TEXPR_LIST || value->type->kind == TYPE_TUPLE)
        return syntax_of_items(s, value);
    return value->type->kind == TYPE_SCALAR ? syntax_of_number(s, value) : NULL;
}

static bool same_syntax(const Ast *a, const Ast *b) {
    if (a->kind != b->kind)
        return false;
    if (a->kind == AST_INT)
        return a->as.integer.value == b->as.integer.value;
    if (a->kind == AST_FLOAT)
        return !memcmp(&a->as.number.value, &b->as.number.value, sizeof a->as.number.value);
    if (a->kind == AST_STRING)
        return a->as.string.length == b->as.string.length && !memcmp(a->as.string.data, b->as.string.data, a->as.string.length);
    if (a->kind != AST_TUPLE && a->kind != AST_LIST)
        return true;
    const Ast *x = a->as.list.items, *y = b->as.list.items;
    while (x && y && same_syntax(x, y)) {
        x = x->next;
        y = y->next;
    }
    return !x && !y;
}

/* The one syntax that stands for all constants of that value. */
static const Ast *known_syntax(Checker *c, const Ast *node) {
    for (int i = 0; i < c->known_syntax.count; i++)
        if (same_syntax(c->known_syntax.data[i], node))
            return c->known_syntax.data[i];
    VEC_PUSH(c->arena, c->known_syntax, node);
    return node;
}

TExpr *constant_argument(Scope *s, TExpr *value, const Ast *parameter) {
    TypeKind kind = value->type->kind;
    if (kind == TYPE_CONSTANT || kind == TYPE_DTYPE || kind == TYPE_POISON)
        return value;
    Ast *node = syntax_of(s, value);
    if (!node) {
        diag_unsupported(value->span, arena_printf(s->checker->arena, "%s that is not a constant here", parameter->as.parameter.name),
                         "the value itself");
        return texpr_poison(s, value->span);
    }
    Type *type = (Type *)type_simple(s->checker, TYPE_CONSTANT);
    type->info = known_syntax(s->checker, node);
    return texpr_new(s, TEXPR_NONE, value->span, type);
}

const Ast *constant_syntax(Scope *s, const Ast *node) {
    Binding *binding = node->kind == AST_NAME ? scope_find(s, node->as.name.id) : NULL;
    bool constant = binding && binding->variable && binding->variable->type->kind == TYPE_CONSTANT;
    return constant ? binding->variable->type->info : node;
}
