/* output.c: calls of print, np.load, np.save and np.savetxt. */
#include "check/call.h"
#include "check/either.h"
#include "check/sequence.h"

#include <math.h>

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
    if (!may_become_text(value->type)) {
        diag_unsupported(value->span, arena_printf(s->checker->arena, "printing %s", type_print(s->checker->arena, value->type)),
                         "its parts");
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
            diag_unsupported(arg->span, "this argument of print", "sep= and end=, which it takes");
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
    TExpr *expr = call_builtin(call, type_simple(call->scope->checker, TYPE_LOADED), 1);
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

/* ---- numbers in text files ----------------------------------------------------------------- */

static TExpr *text_constant(Call *call, const char *text) {
    TExpr *expr = texpr_new(call->scope, TEXPR_STRING, call->node->span, type_simple(call->scope->checker, TYPE_STRING));
    expr->as.string.data = text;
    expr->as.string.length = strlen(text);
    return expr;
}

/* usecols as "0 2 ", "" for all; *one: it is a single number. NULL after an error. */
static const char *columns_text(Call *call, bool *one) {
    Arena *arena = call->scope->checker->arena;
    int k = call_place(call, "usecols");
    const char *text = "";
    int64_t column;
    *one = false;
    if (!call_given(call, k))
        return text;
    TExpr *value = call_argument(call, k);
    bool several = value->kind == TEXPR_TUPLE || value->kind == TEXPR_LIST;
    *one = !several;
    for (int i = 0; i < (several ? value->as.tuple.count : 1); i++) {
        if (!constant_int(several ? value->as.tuple.items[i] : value, &column))
            return call_wrong(call, value, "constant columns"), NULL;
        text = arena_printf(arena, "%s%lld ", text, (long long)column);
    }
    return text;
}

/* The int of that name, or `otherwise`; poison after an error. */
static TExpr *int_named(Call *call, const char *name, int64_t otherwise) {
    int k = call_place(call, name);
    if (k < 0 || !call_given(call, k))
        return texpr_int(call->scope, otherwise, call->node->span);
    TExpr *value = call_argument(call, k);
    return type_is_int(value->type) ? texpr_cast(call->scope, value, DTYPE_I64, true) : call_wrong(call, value, "an int");
}

/* What genfromtxt puts where no number stands: nan, or -1; loadtxt stops. */
static TExpr *filling_of(Call *call, DType dtype) {
    Scope *s = call->scope;
    TExpr *value = texpr_new(s, TEXPR_CONST, call->node->span, type_scalar(s->checker, DTYPE_F64, true));
    value->as.constant.f = dtype == DTYPE_F64 ? NAN : -1;
    if (call->info->op && call_given_named(call, "filling_values"))
        value = call_argument(call, call_place(call, "filling_values"));
    if (is_poison(value) || value->type->kind != TYPE_SCALAR || dtype_is_complex(value->type->dtype))
        return call_wrong(call, value, "a number for what is missing");
    return texpr_cast(s, value, DTYPE_F64, true);
}

/* np.loadtxt, and genfromtxt (1): of rank 2, or 1 for a single column, where no annotation says otherwise. */
TExpr *check_loadtxt(Call *call) {
    Scope *s = call->scope;
    bool one, unpack;
    DType dtype = DTYPE_F64;
    const char *comments = call_option(call, call_place(call, "comments"), "#");
    const char *delimiter = call_option(call, call_place(call, "delimiter"), ""), *columns = columns_text(call, &one);
    if (is_poison(check_path(call, 0)) || !comments || !delimiter || !columns ||
        (call_given(call, 1) && !call_dtype(call, 1, &dtype)) || !call_flag_named(call, "unpack", false, &unpack))
        return call_poison(call);
    if (dtype != DTYPE_F64 && dtype != DTYPE_I64) {
        diag_unsupported(call->node->span, arena_printf(s->checker->arena, "np.%s of this dtype", call->info->name),
                         "dtype=float or int, and .astype");
        return call_poison(call);
    }
    TExpr *arguments[] = {call_argument(call, 0), text_constant(call, comments), text_constant(call, delimiter),
                          text_constant(call, columns), int_named(call, call->info->op ? "skip_header" : "skiprows", 0),
                          int_named(call, "skip_footer", 0), int_named(call, "max_rows", -1), int_named(call, "ndmin", 0),
                          texpr_int(s, call->info->op, call->node->span), filling_of(call, dtype)};
    enum { COUNT = sizeof arguments / sizeof *arguments };
    int64_t least = 0;
    for (int i = 0; i < COUNT; i++)
        if (is_poison(arguments[i]))
            return arguments[i];
    if (!constant_int(arguments[7], &least) || least < 0 || least > 2)
        return call_wrong(call, arguments[7], "0, 1 or 2 as ndmin");
    Size shape[] = {size_fresh("rows"), size_fresh("columns")};
    TExpr *expr = call_builtin(call, type_array(s->checker, dtype, one && least < 2 ? 1 : 2, shape, true), COUNT);
    memcpy(expr->as.builtin.arguments, arguments, sizeof arguments);
    expr->as.builtin.how = (int)dtype;
    return unpack && expr->type->rank == 2 ? view_reversed_axes(s, expr, call->node->span) : expr;
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

/* A call of the runtime for each option that is given. */
static TExpr *set_options(Call *call) {
    static const int at[PRINT_OPTIONS] = {0, 1, 2, 3, 4, 8, 9};
    Scope *s = call->scope;
    const Type *none = type_simple(s->checker, TYPE_NONE);
    TExpr *calls[PRINT_OPTIONS];
    int count = 0;
    if (call_given(call, 5) || call_given(call, 6) || call_given(call, 7)) {
        diag_unsupported(call->node->span, "nanstr, infstr and formatter", "f-strings of the elements");
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

/* set_printoptions; printoptions (1), which check_with takes. */
TExpr *check_print_options(Call *call) {
    if (!call->info->op)
        return set_options(call);
    diag_unsupported(call->node->span, "np.printoptions without 'with'", "np.set_printoptions");
    return call_poison(call);
}

static void find_leaving(const char *role, const Ast *child, void *found) {
    (void)role;
    if (child->kind == AST_RETURN || child->kind == AST_BREAK || child->kind == AST_CONTINUE)
        *(const Ast **)found = child;
    else if (child->kind != AST_FUNCTION && child->kind != AST_LAMBDA)
        ast_visit(child, find_leaving, found);
}

/* A call of the runtime that keeps the print options, or brings them back. */
static void keep_options(Scope *s, bool back, Span span) {
    TExpr *which[] = {texpr_int(s, back, span)};
    stmt_new(s, TSTMT_EXPRESSION, span)->as.expression.value =
        texpr_runtime(s, "mnp_keep_print_options", which, 1, type_simple(s->checker, TYPE_NONE), span);
}

void check_with(Scope *s, const Ast *node) {
    const Ast *item = node->as.with.items, *call = item ? item->as.with_item.value : NULL, *receiver, *leaving = NULL;
    const FunctionInfo *info = call && call->kind == AST_CALL ? find_function(s, call->as.call.callee, &receiver) : NULL;
    if (!info || strcmp(info->name, "printoptions") || item->next || item->as.with_item.target) {
        refuse_statement(s, node);
        return;
    }
    for (const Ast *inner = node->as.with.body; inner; inner = inner->next)
        find_leaving("", inner, &leaving);
    if (leaving) {
        diag_unsupported(leaving->span, "leaving a 'with' from inside", "a variable that is tested behind it");
        return;
    }
    Call options = {.scope = s, .node = call, .info = info};
    TExpr *set = call_bind(&options) ? set_options(&options) : NULL;
    if (!set || is_poison(set))
        return;
    keep_options(s, false, node->span);
    stmt_new(s, TSTMT_EXPRESSION, node->span)->as.expression.value = set;
    for (const Ast *inner = node->as.with.body; inner && s->reachable; inner = inner->next)
        check_statement(s, inner);
    if (s->reachable)
        keep_options(s, true, node->span);
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
        diag_unsupported(span, "a formatter", "f-strings of the elements");
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
