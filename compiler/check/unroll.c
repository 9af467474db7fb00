/* unroll.c: loops over tuples whose items have different types, or that are empty: the body is checked once an item.
 * What is written out in the loop's head, `for name, f in [("sin", np.sin), ("cos", np.cos)]`, counts as a tuple. */
#include "check/sequence.h"

enum { UNROLLED_MAX = 64 };

typedef VEC(TExpr *) Items;

/* ---- what the loop goes over --------------------------------------------------------------- */

static bool is_named_call(Scope *s, const Ast *node, const char *name) {
    const char *called = sequence_call(s, node);
    return called && !strcmp(called, name);
}

static bool is_wrapper(Scope *s, const Ast *node) {
    return is_named_call(s, node, "zip") || is_named_call(s, node, "enumerate") || is_named_call(s, node, "reversed");
}

static const Type *tuple_type(Scope *s, const Ast *node) {
    Binding *binding = node->kind == AST_NAME ? scope_find(s, node->as.name.id) : NULL;
    bool tuple = binding && binding->variable && binding->variable->type->kind == TYPE_TUPLE;
    return tuple ? binding->variable->type : NULL;
}

const Ast *unroll_named(Scope *s, const Ast *node) {
    if (node->kind == AST_TUPLE || node->kind == AST_LIST) {
        Ast *tuple = ast_copy(s, node);
        tuple->kind = AST_TUPLE;
        return ast_name(s, bind_hidden(s, "items", check_expr(s, tuple)), node->span);
    }
    if (!is_wrapper(s, node))
        return node;
    Ast *call = ast_copy(s, node), **link = &call->as.call.arguments;
    for (const Ast *arg = node->as.call.arguments; arg; arg = arg->next, link = &(*link)->next)
        *link = ast_copy(s, unroll_named(s, arg));
    return call;
}

/* Every part of it is a tuple: how many items there are is known. */
static bool is_of_tuples(Scope *s, const Ast *node) {
    if (!is_wrapper(s, node))
        return tuple_type(s, node) != NULL;
    const Ast *arg = node->as.call.arguments;
    if (is_named_call(s, node, "enumerate"))
        return arg && (!arg->next || !arg->next->next) && is_of_tuples(s, arg);
    for (; arg; arg = arg->next)
        if (!is_of_tuples(s, arg))
            return false;
    return node->as.call.arguments && (is_named_call(s, node, "zip") || !node->as.call.arguments->next);
}

static bool is_list_like(const Type *type) {
    if (!type)
        return true;
    for (int i = 0; i < type->count; i++)
        if (type_is_nothing(type->items[i]) || !type_same(type->items[0], type->items[i], false))
            return false;
    return type->count > 0;
}

static bool all_list_like(Scope *s, const Ast *node) {
    if (!is_wrapper(s, node))
        return is_list_like(tuple_type(s, node));
    for (const Ast *arg = node->as.call.arguments; arg; arg = arg->next)
        if (!all_list_like(s, arg))
            return false;
    return true;
}

bool unroll_wanted(Scope *s, const Ast *iterable) {
    return is_of_tuples(s, iterable) && !all_list_like(s, iterable);
}

/* ---- the items ----------------------------------------------------------------------------- */

static Items items_of(Scope *s, const Ast *node);

static Items zipped(Scope *s, const Ast *node) {
    Items result = {0}, *parts = ARENA_ARRAY(s->checker->arena, Items, node->as.call.count + 1);
    int count = 0, least = UNROLLED_MAX + 1;
    for (const Ast *arg = node->as.call.arguments; arg; arg = arg->next, count++) {
        parts[count] = items_of(s, arg);
        least = parts[count].count < least ? parts[count].count : least;
    }
    for (int i = 0; i < least; i++) {
        TExpr **row = ARENA_ARRAY(s->checker->arena, TExpr *, count + 1);
        for (int k = 0; k < count; k++)
            row[k] = parts[k].data[i];
        VEC_PUSH(s->checker->arena, result, tuple_of(s, row, count, node->span));
    }
    return result;
}

static Items numbered(Scope *s, const Ast *node) {
    const Ast *arg = node->as.call.arguments, *start = arg->next;
    Items result = {0}, items = items_of(s, arg);
    start = start && start->kind == AST_KEYWORD ? start->as.keyword.value : start;
    TExpr *first = start ? hidden_value(s, "start", check_expr(s, start), node->span) : texpr_int(s, 0, node->span);
    for (int i = 0; i < items.count; i++) {
        TExpr *number = check_binary(s, AST_OP_ADD, first, texpr_int(s, i, node->span), node->span);
        VEC_PUSH(s->checker->arena, result, tuple_of(s, (TExpr *[]){number, items.data[i]}, 2, node->span));
    }
    return result;
}

static Items items_of(Scope *s, const Ast *node) {
    Items result = {0};
    if (is_named_call(s, node, "zip"))
        return zipped(s, node);
    if (is_named_call(s, node, "enumerate"))
        return numbered(s, node);
    if (is_wrapper(s, node)) {
        Items items = items_of(s, node->as.call.arguments);
        for (int i = items.count - 1; i >= 0; i--)
            VEC_PUSH(s->checker->arena, result, items.data[i]);
        return result;
    }
    TExpr *tuple = check_expr(s, node);
    for (int i = 0; i < tuple->type->count; i++)
        VEC_PUSH(s->checker->arena, result, tuple_item(s, tuple, i, node->span));
    return result;
}

/* ---- the body ------------------------------------------------------------------------------ */

/* A break or continue of this loop. */
static bool leaves(const Ast *body) {
    for (; body; body = body->next) {
        if (body->kind == AST_BREAK || body->kind == AST_CONTINUE)
            return true;
        if (body->kind == AST_IF && (leaves(body->as.branch.body) || leaves(body->as.branch.otherwise)))
            return true;
        if ((body->kind == AST_FOR && leaves(body->as.loop.otherwise)) ||
            (body->kind == AST_WHILE && leaves(body->as.branch.otherwise)))
            return true;
    }
    return false;
}

void check_unrolled(Scope *s, const Ast *node, const Ast *iterable) {
    Items items = items_of(s, iterable);
    if (items.count > UNROLLED_MAX || (items.count && leaves(node->as.loop.body))) {
        diag_unsupported(node->as.loop.iterable->span, items.count > UNROLLED_MAX
                             ? "a loop over more than 64 items of different types"
                             : "break and continue in a loop over items of different types", "items of one type");
        return;
    }
    for (int i = 0; i < items.count; i++) {
        assign_target(s, node->as.loop.target, items.data[i], node->as.loop.target->span);
        for (const Ast *inner = node->as.loop.body; inner; inner = inner->next)
            check_statement(s, inner);
    }
    for (const Ast *inner = node->as.loop.otherwise; inner; inner = inner->next)
        check_statement(s, inner);
}
