/* output.c: calls of print, np.load, np.save and np.savetxt. */
#include "check/call.h"
#include "check/either.h"
#include "check/sequence.h"

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

/* One value as print shows it; poison where it cannot. */
static TExpr *printed(Call *call, TExpr *value) {
    Scope *s = call->scope;
    if (is_poison(value))
        return value;
    if (value->type->kind == TYPE_DTYPE)
        return dtype_text(s, value, false);
    if (value->type->kind == TYPE_RANGE) {
        diag_unsupported(value->span, "printing this value", NULL);
        return call_poison(call);
    }
    if (either_inside(value->type))
        return texpr_text(s, value, 's', value->span);
    forgive(value, true);
    return value;
}

enum { PRINTED_MAX = 256 };

/* Adds the items of a tuple; a list or an array is kept as it is in `*several`. False after an error. */
static bool print_items(Call *call, const Ast *arg, TExpr **arguments, int *count, TExpr **several) {
    Scope *s = call->scope;
    TExpr *value = check_expr(s, arg->as.starred.value);
    if (is_poison(value))
        return false;
    if (value->type->kind == TYPE_ARRAY && value->type->rank == 1)
        value = list_of(s, arg->as.starred.value, value);
    if (value->type->kind == TYPE_LIST && !*several) {
        *several = value;
        return true;
    }
    if (value->type->kind != TYPE_TUPLE || *count + value->type->count > PRINTED_MAX) {
        diag_unsupported(arg->span, "this argument of print", "a loop");
        return false;
    }
    value = texpr_shared(s, value);
    for (int i = 0; i < value->type->count; i++) {
        arguments[*count] = printed(call, tuple_item(s, value, i, arg->span));
        if (is_poison(arguments[(*count)++]))
            return false;
    }
    return true;
}

TExpr *check_print(Call *call) {
    Scope *s = call->scope;
    bool starred = false;
    for (const Ast *arg = call->node->as.call.arguments; arg; arg = arg->next)
        starred |= arg->kind == AST_STARRED;
    TExpr *expr = call_builtin(call, type_simple(s->checker, TYPE_NONE),
                               call->node->as.call.count + 2 + (starred ? PRINTED_MAX : 0));
    TExpr *several = NULL;
    int count = 2;
    for (const Ast *arg = call->node->as.call.arguments; arg; arg = arg->next) {
        bool sep = arg->kind == AST_KEYWORD && !strcmp(arg->as.keyword.name, "sep");
        bool end = arg->kind == AST_KEYWORD && !strcmp(arg->as.keyword.name, "end");
        if (sep || end) {
            if (!string_option(call, arg->as.keyword.value, &expr->as.builtin.arguments[end]))
                return call_poison(call);
            continue;
        }
        if (arg->kind == AST_STARRED) {
            if (!print_items(call, arg, expr->as.builtin.arguments, &count, &several))
                return call_poison(call);
            continue;
        }
        if (arg->kind == AST_KEYWORD) {
            diag_unsupported(arg->span, "this argument of print", NULL);
            return call_poison(call);
        }
        TExpr *value = printed(call, check_expr(s, arg));
        if (is_poison(value))
            return value;
        expr->as.builtin.arguments[count++] = value;
    }
    if (several && count > 2) {
        diag_unsupported(call->node->span, "print of a list's items among other values", "a print of its own");
        return call_poison(call);
    }
    if (several && is_poison(several = list_as_words(s, several, expr->as.builtin.arguments[0], call->node->span)))
        return several;
    if (several)
        expr->as.builtin.arguments[count++] = several;
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

/* np.fromfile(file, dtype=float) */
TExpr *check_fromfile(Call *call) {
    DType dtype = DTYPE_F64;
    Size length = size_fresh("length");
    if (is_poison(check_path(call, 0)) || (call_given(call, 1) && !call_dtype(call, 1, &dtype)))
        return call_poison(call);
    TExpr *expr = call_builtin(call, type_array(call->scope->checker, dtype, 1, &length, true), 1);
    expr->as.builtin.arguments[0] = call_argument(call, 0);
    return expr;
}

/* np.loadtxt(fname, dtype=float, comments='#', delimiter=None, skiprows=0): the annotation tells rank and dtype. */
TExpr *check_loadtxt(Call *call) {
    TExpr *expr = check_load(call);
    int64_t skipped = 0;
    const char *comments = call_option(call, 2, "#"), *delimiter = call_option(call, 3, "");
    DType dtype = DTYPE_F64;
    if (is_poison(expr) || !comments || !delimiter || (call_given(call, 1) && !call_dtype(call, 1, &dtype)))
        return call_poison(call);
    if (dtype != DTYPE_F64 && dtype != DTYPE_I64) {
        diag_unsupported(call->node->span, "np.loadtxt of this dtype", "dtype=float or int, and .astype");
        return call_poison(call);
    }
    if (call_given(call, 4) && !constant_int(call_argument(call, 4), &skipped))
        return call_wrong(call, call_argument(call, 4), "a constant number of rows");
    TExpr **arguments = ARENA_ARRAY(call->scope->checker->arena, TExpr *, 4);
    const char *texts[] = {comments, delimiter};
    arguments[0] = expr->as.builtin.arguments[0];
    for (int i = 0; i < 2; i++) {
        arguments[i + 1] = texpr_new(call->scope, TEXPR_STRING, call->node->span, type_simple(call->scope->checker, TYPE_STRING));
        arguments[i + 1]->as.string.data = texts[i];
        arguments[i + 1]->as.string.length = strlen(texts[i]);
    }
    arguments[3] = texpr_int(call->scope, skipped, call->node->span);
    expr->as.builtin.arguments = arguments;
    expr->as.builtin.argument_count = 4;
    expr->as.builtin.how = (int)dtype;
    return expr;
}

/* ---- how arrays are printed ---------------------------------------------------------------- */

enum { PRINT_OPTIONS = 7 };

/* The argument's value as the runtime takes it: ints, flags, and the words of sign and floatmode. */
static TExpr *print_option(Call *call, int k, int option) {
    static const char *const modes[] = {"fixed", "unique", "maxprec", "maxprec_equal"};
    Scope *s = call->scope;
    TExpr *value = call_argument(call, k);
    if (is_poison(value))
        return value;
    if (value->kind == TEXPR_STRING && option == 5 && value->as.string.length == 1)
        return texpr_int(s, value->as.string.data[0], value->span);
    for (int i = 0; i < 4 && value->kind == TEXPR_STRING && option == 6; i++)
        if (!strcmp(value->as.string.data, modes[i]))
            return texpr_int(s, i, value->span);
    if (value->kind == TEXPR_CONST && dtype_is_float(value->type->dtype) && value->as.constant.f > 1e18)
        return texpr_int(s, INT64_MAX, value->span);
    if (value->type->kind == TYPE_SCALAR && !dtype_is_float(value->type->dtype) && option < 5)
        return texpr_cast(s, value, DTYPE_I64, true);
    return call_wrong(call, value, "a value of the option's kind");
}

/* set_printoptions: a call of the runtime for each option that is given. */
TExpr *check_print_options(Call *call) {
    static const int at[PRINT_OPTIONS] = {0, 1, 2, 3, 4, 8, 9};
    Scope *s = call->scope;
    const Type *none = type_simple(s->checker, TYPE_NONE);
    TExpr *calls[PRINT_OPTIONS];
    int count = 0;
    if (call_given(call, 5) || call_given(call, 6) || call_given(call, 7)) {
        diag_unsupported(call->node->span, "nanstr, infstr and formatter", NULL);
        return call_poison(call);
    }
    for (int option = 0; option < PRINT_OPTIONS; option++) {
        if (!call_given(call, at[option]))
            continue;
        TExpr *arguments[] = {texpr_int(s, option, call->node->span), print_option(call, at[option], option)};
        if (is_poison(arguments[1]))
            return arguments[1];
        calls[count++] = texpr_runtime(s, "mnp_print_option", arguments, 2, none, call->node->span);
    }
    TExpr *all = tuple_of(s, calls, count, call->node->span);
    all->type = none;
    return all;
}

TExpr *check_array2string(Call *call) {
    static const int at[PRINT_OPTIONS] = {2, 7, 8, 1, 3, 9, 10};
    Scope *s = call->scope;
    Span span = call->node->span;
    TExpr *arguments[4 + PRINT_OPTIONS] = {call_array_like(call, 0)};
    const char *separator = call_option(call, 4, " "), *prefix = call_option(call, 5, ""), *suffix = call_option(call, 11, "");
    if (is_poison(arguments[0]) || !separator || !prefix || !suffix)
        return call_poison(call);
    if (call_given(call, 6)) {
        diag_unsupported(span, "a formatter", NULL);
        return call_poison(call);
    }
    arguments[1] = texpr_new(s, TEXPR_STRING, span, type_simple(s->checker, TYPE_STRING));
    arguments[1]->as.string.data = separator;
    arguments[1]->as.string.length = strlen(separator);
    arguments[2] = texpr_int(s, (int64_t)strlen(prefix), span);
    arguments[3] = texpr_int(s, (int64_t)strlen(suffix), span);
    for (int option = 0; option < PRINT_OPTIONS; option++) {
        bool given = call_given(call, at[option]);
        arguments[4 + option] = given ? print_option(call, at[option], option) : texpr_int(s, -1, span);
    }
    TExpr *expr = call_builtin(call, type_simple(s->checker, TYPE_STRING), 4 + PRINT_OPTIONS);
    memcpy(expr->as.builtin.arguments, arguments, sizeof arguments);
    return expr;
}

/* save(file, arr), savetxt; a.tofile(fid). */
TExpr *check_save(Call *call) {
    bool raw = call->info->op == 1;
    TExpr *path = check_path(call, raw), *array = is_poison(path) ? path : call_argument(call, !raw);
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
