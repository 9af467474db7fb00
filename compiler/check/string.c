/* string.c: string literals, what adds and repeats strings, f-strings. */
#include "check/either.h"
#include "check/sequence.h"

bool may_be_text(const Type *type) {
    for (int i = 0; type->kind == TYPE_TUPLE && i < type->count; i++)
        if (!may_become_text(type->items[i]))
            return false;
    return type->kind == TYPE_SCALAR || type->kind == TYPE_STRING || type->kind == TYPE_ARRAY ||
           type->kind == TYPE_TUPLE || type->kind == TYPE_NONE || type->kind == TYPE_LIST;
}

bool may_become_text(const Type *type) {
    return may_be_text(type) || type->kind == TYPE_EITHER || type->kind == TYPE_RANGE;
}

TExpr *check_string(Scope *s, const Ast *node) {
    if (node->as.string.bytes) {
        diag_unsupported(node->span, "bytes", "a string");
        return texpr_poison(s, node->span);
    }
    TExpr *expr = texpr_new(s, TEXPR_STRING, node->span, type_simple(s->checker, TYPE_STRING));
    expr->as.string.data = node->as.string.data;
    expr->as.string.length = node->as.string.length;
    return expr;
}

/* A value as text; `spec` is a string or NULL. */
static TExpr *format_new(Scope *s, FormatPart *parts, int count, Span span) {
    TExpr *expr = texpr_new(s, TEXPR_FORMAT, span, type_simple(s->checker, TYPE_STRING));
    expr->as.format.parts = parts;
    expr->as.format.count = count;
    return expr;
}

/* The part with one alternative of its value. */
static TExpr *text_of_one(Scope *s, TExpr *value, void *user) {
    FormatPart *part = ARENA_NEW(s->checker->arena, FormatPart);
    *part = *(FormatPart *)user;
    part->value = value;
    return format_new(s, part, 1, value->span);
}

/* range(start, stop), and the step where it is not 1. */
static TExpr *text_of_range(Scope *s, TExpr *range, Span span) {
    TExpr *texts[2];
    range = texpr_once(s, range);
    for (int k = 0; k < 2; k++) {
        FormatPart *parts = ARENA_ARRAY(s->checker->arena, FormatPart, 7);
        for (int i = 0; i < 2 + k; i++) {
            parts[2 * i] = (FormatPart){.text = i ? ", " : "range(", .length = i ? 2 : 6};
            parts[2 * i + 1].value = tuple_item(s, range, i, span);
        }
        parts[4 + 2 * k] = (FormatPart){.text = ")", .length = 1};
        texts[k] = format_new(s, parts, 5 + 2 * k, span);
    }
    TExpr *step[] = {tuple_item(s, range, 2, span), texpr_int(s, 1, span)};
    return conditional_new(s, make_op(s, OP_EQ, step, span), texts[0], texts[1], span);
}

/* (a, b), of which some items are of several kinds. */
static TExpr *text_of_items(Scope *s, TExpr *tuple, Span span) {
    int count = tuple->type->count;
    FormatPart *parts = ARENA_ARRAY(s->checker->arena, FormatPart, 2 * count + 1);
    tuple = tuple->kind == TEXPR_TUPLE ? tuple : texpr_once(s, tuple);
    for (int i = 0; i < count; i++) {
        parts[2 * i] = (FormatPart){.text = i ? ", " : "(", .length = i ? 2 : 1};
        parts[2 * i + 1].value = texpr_text(s, tuple_item(s, tuple, i, span), 'r', span);
    }
    parts[2 * count] = (FormatPart){.text = count == 1 ? ",)" : ")", .length = count == 1 ? 2 : 1};
    return format_new(s, parts, 2 * count + 1, span);
}

TExpr *texpr_text(Scope *s, TExpr *value, char conversion, Span span) {
    if (value->type->kind == TYPE_EITHER)
        return either_each_or_none(s, value, text_of_one, &(FormatPart){.conversion = conversion}, span);
    if (value->type->kind == TYPE_RANGE)
        return text_of_range(s, value, span);
    if (either_inside(value->type))
        return text_of_items(s, value, span);
    FormatPart *part = ARENA_NEW(s->checker->arena, FormatPart);
    *part = (FormatPart){.value = value, .conversion = conversion};
    return format_new(s, part, 1, span);
}

TExpr *string_operation(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span) {
    FormatPart *parts = ARENA_ARRAY(s->checker->arena, FormatPart, 2);
    bool both = left->type->kind == TYPE_STRING && right->type->kind == TYPE_STRING;
    TExpr *text = left->type->kind == TYPE_STRING ? left : right, *times = text == left ? right : left;
    if (op == AST_OP_ADD && both) {
        parts[0].value = left;
        parts[1].value = right;
        return format_new(s, parts, 2, span);
    }
    if (op != AST_OP_MUL || !type_is_python_int(times->type))
        return NULL;
    parts[0].value = text;
    parts[0].times = times;
    return format_new(s, parts, 1, span);
}

/* It can be evaluated at several places. */
static bool is_plain_format(const TExpr *spec) {
    bool plain = spec->kind == TEXPR_FORMAT;
    for (int i = 0; plain && i < spec->as.format.count; i++) {
        const TExpr *value = spec->as.format.parts[i].value;
        plain = !value || value->kind == TEXPR_VARIABLE || value->kind == TEXPR_CONST;
    }
    return plain;
}

/* The field with one alternative of its value. */
static TExpr *field_of_one(Scope *s, TExpr *value, void *user) {
    FormatPart part = *(FormatPart *)user;
    if (!part.spec || !part.conversion)
        return text_of_one(s, value, &part);
    TExpr *text = texpr_text(s, value, part.conversion, value->span);
    part.conversion = 0;
    return text_of_one(s, text, &part);
}

/* One replacement field; poison after an error. */
static bool check_field(Scope *s, const Ast *part, FormatPart *field) {
    const Ast *format = part->as.formatted.format;
    *field = (FormatPart){.value = check_expr(s, part->as.formatted.value),
                          .conversion = part->as.formatted.conversion};
    bool dtype = field->value->type->kind == TYPE_DTYPE;
    if (dtype) {
        field->value = dtype_text(s, field->value, field->conversion == 'r' || part->as.formatted.debug);
        field->conversion = 's';
    }
    if (format && format->as.fstring.parts)
        field->spec = check_expr(s, format);
    if (is_poison(field->value) || (field->spec && is_poison(field->spec)))
        return false;
    if (field->value->type->kind == TYPE_EITHER && (!field->spec || is_plain_format(field->spec))) {
        bool debug = part->as.formatted.debug && !field->conversion && !field->spec;
        /* None has no format. */
        TExpr *(*each)(Scope *, TExpr *, EitherApply, void *, Span) = field->spec && !field->conversion ? either_each
                                                                                                        : either_each_or_none;
        field->conversion = debug ? 'r' : field->conversion;
        *field = (FormatPart){.value = each(s, field->value, field_of_one, field, part->span)};
        return !is_poison(field->value);
    }
    if (either_inside(field->value->type) && !field->spec)
        *field = (FormatPart){.value = texpr_text(s, field->value, 'r', part->span), .conversion = 's'};
    const Type *type = field->value->type;
    if (field->conversion != 'r' && !part->as.formatted.debug)
        forgive(field->value, true);
    if (!may_be_text(type) || (field->spec && !field->conversion && type->kind != TYPE_SCALAR &&
                               type->kind != TYPE_STRING)) {
        diag_unsupported(part->span, arena_printf(s->checker->arena, "formatting %s",
                                                  type_print(s->checker->arena, type)), "its parts");
        return false;
    }
    if (part->as.formatted.debug && !field->conversion && !field->spec)
        field->conversion = 'r';
    if (field->spec && field->conversion) {
        field->value = texpr_text(s, field->value, field->conversion, part->span);
        field->conversion = 0;
    }
    return true;
}

TExpr *check_fstring(Scope *s, const Ast *node) {
    int count = 0;
    for (const Ast *part = node->as.fstring.parts; part; part = part->next)
        count += 2;
    FormatPart *parts = ARENA_ARRAY(s->checker->arena, FormatPart, count + 1);
    count = 0;
    for (const Ast *part = node->as.fstring.parts; part; part = part->next) {
        if (part->kind == AST_STRING) {
            parts[count++] = (FormatPart){.text = part->as.string.data,
                                          .length = part->as.string.length};
            continue;
        }
        const char *debug = part->as.formatted.debug;
        if (debug)
            parts[count++] = (FormatPart){.text = debug, .length = strlen(debug)};
        if (!check_field(s, part, &parts[count++]))
            return texpr_poison(s, node->span);
    }
    return format_new(s, parts, count, node->span);
}
