/* text.c: the methods of strings, a row each; the runtime does them. */
#include "check/sequence.h"

/* Parameters: s a string; S one that may be left out (and then whether it is there follows); i an int; m how often, any
 * number where it is left out. Result: t a string, l a list of them, b a bool, i an int. */
typedef struct {
    const char *name, *symbol, *parameters;
    char result;
} Row;

static const Row rows[] = {
    {"find", "mnp_string_find", "s", 'i'},
    {"rfind", "mnp_string_find_last", "s", 'i'},
    {"index", "mnp_string_index", "s", 'i'},
    {"count", "mnp_string_tally", "s", 'i'},
    {"startswith", "mnp_string_starts", "s", 'b'},
    {"endswith", "mnp_string_ends", "s", 'b'},
    {"strip", "mnp_string_strip", "S", 't'},
    {"lstrip", "mnp_string_strip_left", "S", 't'},
    {"rstrip", "mnp_string_strip_right", "S", 't'},
    {"split", "mnp_string_split", "Sm", 'l'},
    {"splitlines", "mnp_string_lines", "", 'l'},
    {"replace", "mnp_string_replace", "ssm", 't'},
    {"upper", "mnp_string_upper", "", 't'},
    {"lower", "mnp_string_lower", "", 't'},
    {"capitalize", "mnp_string_capitalize", "", 't'},
    {"ljust", "mnp_string_pad_right", "iS", 't'},
    {"rjust", "mnp_string_pad_left", "iS", 't'},
    {"center", "mnp_string_pad_both", "iS", 't'},
    {"zfill", "mnp_string_zeros", "i", 't'},
    {"isdigit", "mnp_string_is_digit", "", 'b'},
    {"isspace", "mnp_string_is_space", "", 'b'},
};

static const Type *result_type(Scope *s, char result) {
    const Type *text = type_simple(s->checker, TYPE_STRING);
    return result == 't'   ? text
           : result == 'l' ? type_list(s->checker, text)
                           : type_scalar(s->checker, result == 'b' ? DTYPE_BOOL : DTYPE_I64, true);
}

static TExpr *empty_string(Scope *s, Span span) {
    TExpr *expr = texpr_new(s, TEXPR_STRING, span, type_simple(s->checker, TYPE_STRING));
    expr->as.string.data = "";
    return expr;
}

static TExpr *wrong_method(Scope *s, const Ast *node) {
    diag_error(node->span, DIAG_BAD_CALL, "this method of a string does not take these arguments");
    return texpr_poison(s, node->span);
}

static TExpr *join_items(Scope *s, const Ast *node, TExpr *mark) {
    const Ast *arg = node->as.call.arguments;
    if (!arg || arg->next || arg->kind == AST_KEYWORD || arg->kind == AST_STARRED)
        return wrong_method(s, node);
    TExpr *items = list_of_items(s, arg, true), *row[] = {mark, items};
    if (is_poison(items))
        return items;
    const Type *element = items->type->kind == TYPE_LIST ? list_element(items->type) : NULL;
    if (items->type->kind != TYPE_LIST || (element && element->kind != TYPE_STRING)) {
        diag_error(arg->span, DIAG_TYPE_MISMATCH, "join takes strings, not %s",
                   type_print(s->checker->arena, items->type));
        return texpr_poison(s, node->span);
    }
    return texpr_runtime(s, "mnp_string_join", row, 2, result_type(s, 't'), node->span);
}

/* One argument by its parameter; NULL where it is none of its kind. */
static TExpr *fit(Scope *s, char parameter, const Ast *arg) {
    TExpr *value = check_expr(s, arg);
    bool text = parameter == 's' || parameter == 'S';
    if (is_poison(value) || (text && value->type->kind == TYPE_STRING))
        return value;
    return !text && type_is_int(value->type) ? texpr_cast(s, value, DTYPE_I64, true) : NULL;
}

static TExpr *call_row(Scope *s, const Ast *node, const Row *row, TExpr *text) {
    TExpr *values[8] = {text};
    int count = 1;
    const Ast *arg = node->as.call.arguments;
    for (const char *p = row->parameters; *p; p++) {
        const Ast *given = arg;
        if (given && given->kind == AST_KEYWORD && *p == 'm')
            given = given->as.keyword.value;
        bool there = given && given->kind != AST_KEYWORD && given->kind != AST_STARRED && given->kind != AST_NONE;
        if (!there && (*p == 's' || *p == 'i'))
            return wrong_method(s, node);
        TExpr *value = there ? fit(s, *p, given) : *p == 'S' ? empty_string(s, node->span) : texpr_int(s, -1, node->span);
        if (!value)
            return wrong_method(s, node);
        if (is_poison(value))
            return value;
        values[count++] = value;
        if (*p == 'S')
            values[count++] = texpr_int(s, there, node->span);
        if (arg && (there || arg->kind == AST_NONE))
            arg = arg->next;
    }
    return arg ? wrong_method(s, node)
               : texpr_runtime(s, row->symbol, values, count, result_type(s, row->result), node->span);
}

TExpr *check_string_method(Scope *s, const Ast *node, TExpr *text) {
    const Ast *callee = node->as.call.callee;
    Name name = callee->as.attribute.name;
    if (!strcmp(name, "join"))
        return join_items(s, node, text);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(name, rows[i].name))
            return call_row(s, node, &rows[i], text);
    diag_unsupported(callee->as.attribute.name_span, arena_printf(s->checker->arena, "the method '%s' of a string", name),
                     "f-strings, slices, split and join");
    return texpr_poison(s, node->span);
}
