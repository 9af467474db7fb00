/* output.c: calls of print, np.load, np.save and np.savetxt. */
#include "check/call.h"

static bool string_option(Call *call, const Ast *node, TExpr **value) {
    *value = check_expr(call->scope, node);
    bool none = (*value)->type->kind == TYPE_NONE;
    if (none || (*value)->type->kind == TYPE_STRING) {
        *value = none ? NULL : *value;
        return true;
    }
    if (!is_poison(*value))
        diag_error(node->span, DIAG_TYPE_MISMATCH, "a string is needed here");
    return false;
}

TExpr *check_print(Call *call) {
    Scope *s = call->scope;
    TExpr *expr = call_builtin(call, type_simple(s->checker, TYPE_NONE), call->node->as.call.count + 2);
    int count = 2;
    for (const Ast *arg = call->node->as.call.arguments; arg; arg = arg->next) {
        bool sep = arg->kind == AST_KEYWORD && !strcmp(arg->as.keyword.name, "sep");
        bool end = arg->kind == AST_KEYWORD && !strcmp(arg->as.keyword.name, "end");
        if (sep || end) {
            if (!string_option(call, arg->as.keyword.value, &expr->as.builtin.arguments[end]))
                return call_poison(call);
            continue;
        }
        if (arg->kind == AST_KEYWORD || arg->kind == AST_STARRED) {
            diag_unsupported(arg->span, "this argument of print", NULL);
            return call_poison(call);
        }
        TExpr *value = check_expr(s, arg);
        if (is_poison(value))
            return value;
        if (value->type->kind == TYPE_DTYPE && is_poison(value = dtype_text(s, value, false)))
            return value;
        if (value->type->kind == TYPE_RANGE) {
            diag_unsupported(value->span, "printing this value", NULL);
            return call_poison(call);
        }
        forgive(value, true);
        expr->as.builtin.arguments[count++] = value;
    }
    expr->as.builtin.argument_count = count;
    return expr;
}

static TExpr *check_path(Call *call, int k) {
    TExpr *path = call_argument(call, k);
    if (path->type->kind != TYPE_STRING)
        return call_wrong(call, path, "a path");
    return path;
}

TExpr *check_load(Call *call) {
    if (is_poison(check_path(call, 0)))
        return call_poison(call);
    TExpr *expr = call_builtin(call, type_simple(call->scope->checker, TYPE_RANGE), 1);
    expr->as.builtin.arguments[0] = call_argument(call, 0);
    return expr;   /* its type comes from the annotation of what it is assigned to */
}

TExpr *check_save(Call *call) {
    TExpr *path = check_path(call, 0), *array = is_poison(path) ? path : call_argument(call, 1);
    if (is_poison(array) || array->type->kind != TYPE_ARRAY)
        return call_wrong(call, array, "an array");
    int count = call_parameter_count(call->info);
    TExpr *expr = call_builtin(call, type_simple(call->scope->checker, TYPE_NONE), count);
    expr->as.builtin.arguments[0] = path;
    expr->as.builtin.arguments[1] = array;
    for (int k = 2; k < count; k++)
        if (call_given(call, k) && (expr->as.builtin.arguments[k] = call_argument(call, k))->type->kind !=
                                  TYPE_STRING)
            return call_wrong(call, call_argument(call, k), "a string");
    return expr;
}
