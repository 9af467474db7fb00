/* template.c: texts with places for values, as in '%.2f of %s' % (x, name) and '{} of {:.2f}'.format(name, x).
 *
 * They become the f-string that gives the same (printf-style formatting and format strings in Python's library
 * reference): '%5.2f' is ':5.2f', '%-5s' is '!s:<5', '%d' takes int(x). Values are computed before, in their order. */
#include "check/sequence.h"

typedef struct {
    Scope *scope;
    Span span;
    VEC(const Ast *) values;   /* by place */
    VEC(const Ast *) named;    /* AST_KEYWORD, whose values are such, too */
    int used;                  /* by place, so far */
    Ast *fstring, **last;
    Text text;                 /* since the last field */
    bool numbered;             /* {0}; not {} */
} Template;

/* ---- values -------------------------------------------------------------------------------- */

static bool is_simple(const Ast *node) {
    return node->kind == AST_NAME || node->kind == AST_INT || node->kind == AST_FLOAT || node->kind == AST_STRING;
}

/* What may be read at any place, as often as wanted; NULL after an error. */
static const Ast *kept(Template *t, const Ast *node) {
    if (is_simple(node))
        return node;
    TExpr *value = check_expr(t->scope, node);
    return is_poison(value) ? NULL : ast_name(t->scope, bind_hidden(t->scope, "field", value), node->span);
}

static bool add_value(Template *t, const Ast *node) {
    const Ast *value = kept(t, node);
    if (value)
        VEC_PUSH(t->scope->checker->arena, t->values, value);
    return value != NULL;
}

/* One value, or a tuple of them. */
static bool add_right(Template *t, const Ast *right) {
    Arena *arena = t->scope->checker->arena;
    if (right->kind == AST_TUPLE) {
        for (const Ast *item = right->as.list.items; item; item = item->next)
            if (!add_value(t, item))
                return false;
        return true;
    }
    TExpr *value = check_expr(t->scope, right);
    if (is_poison(value))
        return false;
    Name name = bind_hidden(t->scope, "field", value);
    if (value->type->kind != TYPE_TUPLE)
        VEC_PUSH(arena, t->values, ast_name(t->scope, name, right->span));
    for (int i = 0; value->type->kind == TYPE_TUPLE && i < value->type->count; i++)
        VEC_PUSH(arena, t->values, ast_item(t->scope, name, i, right->span));
    return true;
}

/* ---- the f-string -------------------------------------------------------------------------- */

static void add_part(Template *t, Ast *part) {
    *t->last = part;
    t->last = &part->next;
}

static Ast *string_of(Template *t, const char *data, size_t length) {
    Ast *node = ast_make(t->scope, AST_STRING, t->span);
    node->as.string.data = arena_strndup(t->scope->checker->arena, data, length);
    node->as.string.length = length;
    return node;
}

static void end_text(Template *t) {
    if (t->text.length)
        add_part(t, string_of(t, t->text.data, t->text.length));
    text_free(&t->text);
    t->text = (Text){0};
}

static void add_field(Template *t, const Ast *value, char conversion, const char *format, size_t length) {
    Ast *part = ast_make(t->scope, AST_FORMATTED, t->span);
    part->as.formatted.value = ast_copy(t->scope, value);
    part->as.formatted.conversion = conversion;
    if (length) {
        part->as.formatted.format = ast_make(t->scope, AST_FSTRING, t->span);
        part->as.formatted.format->as.fstring.parts = string_of(t, format, length);
    }
    end_text(t);
    add_part(t, part);
}

static Template template_new(Scope *s, const Ast *node) {
    Template t = {.scope = s, .span = node->span, .fstring = ast_make(s, AST_FSTRING, node->span)};
    return t;
}

static bool fault(Template *t, const char *what) {
    diag_error(t->span, DIAG_ALWAYS_FAILS, "%s", what);
    return false;
}

/* ---- '%' ----------------------------------------------------------------------------------- */

/* One conversion, behind its '%'. */
typedef struct {
    bool left, plus, space, zero, alternate;
    int width, precision;    /* -1: none */
    char type;
} Conversion;

static int digits(const char **at, const char *end) {
    int value = -1;
    for (; *at < end && **at >= '0' && **at <= '9' && value < 100000; (*at)++)
        value = (value < 0 ? 0 : value) * 10 + (**at - '0');
    return value;
}

static Conversion read_conversion(const char **at, const char *end) {
    Conversion c = {.precision = -1};
    for (; *at < end && strchr("-+ 0#", **at); (*at)++) {
        c.left |= **at == '-';
        c.plus |= **at == '+';
        c.space |= **at == ' ';
        c.zero |= **at == '0';
        c.alternate |= **at == '#';
    }
    c.width = digits(at, end);
    if (*at < end && **at == '.') {
        (*at)++;
        c.precision = digits(at, end);
        c.precision = c.precision < 0 ? 0 : c.precision;
    }
    c.type = *at < end ? *(*at)++ : '\0';
    return c;
}

/* int(x) */
static const Ast *as_int(Template *t, const Ast *value) {
    return ast_call(t->scope, ast_name(t->scope, name_of("int"), t->span), ast_copy(t->scope, value), t->span);
}

static bool add_conversion(Template *t, const Conversion *c) {
    bool text = c->type == 's' || c->type == 'r', whole = c->type && strchr("diuxXo", c->type);
    if (!c->type)
        return fault(t, "the text ends in a '%' without a type (ValueError: incomplete format)");
    if (!text && !whole && !strchr("eEfFgG", c->type)) {
        diag_unsupported(t->span, arena_printf(t->scope->checker->arena, "'%%%c' in a text", c->type), "an f-string");
        return false;
    }
    if (whole && c->precision >= 0) {
        diag_unsupported(t->span, "a precision of an int", "an f-string");
        return false;
    }
    if (t->used == t->values.count)
        return fault(t, "the text has more places than there are values (TypeError: not enough arguments for format string)");
    const Ast *value = t->values.data[t->used++];
    Text format = {0};
    if (c->left || (text && c->width > 0))
        text_printf(&format, "%s", c->left ? "<" : ">");
    if (!text)
        text_printf(&format, "%s%s%s", c->plus ? "+" : c->space ? " " : "", c->alternate ? "#" : "",
                    c->zero && !c->left ? "0" : "");
    if (c->width > 0)
        text_printf(&format, "%d", c->width);
    if (c->precision >= 0 || (!text && !whole && strchr("eEfFgG", c->type)))
        text_printf(&format, ".%d", c->precision < 0 ? 6 : c->precision);
    if (!text)
        text_printf(&format, "%c", strchr("diu", c->type) ? 'd' : c->type);
    bool plain = strchr("diu", c->type) && format.length == 1;
    add_field(t, whole ? as_int(t, value) : value, text ? c->type : 0, format.data, plain ? 0 : format.length);
    text_free(&format);
    return true;
}

static bool fill_percent(Template *t, const Ast *text) {
    const char *at = text->as.string.data, *end = at + text->as.string.length;
    while (at < end) {
        if (*at != '%') {
            text_add(&t->text, at++, 1);
        } else if (at + 1 < end && at[1] == '%') {
            text_add(&t->text, at, 1);
            at += 2;
        } else {
            at++;
            Conversion conversion = read_conversion(&at, end);
            if (!add_conversion(t, &conversion))
                return false;
        }
    }
    if (t->used < t->values.count)
        return fault(t, "there are more values than places in the text (TypeError: not all arguments converted during "
                        "string formatting)");
    end_text(t);
    return true;
}

TExpr *check_percent(Scope *s, const Ast *node) {
    const Ast *text = node->as.binary.left;
    if (node->as.binary.op != AST_OP_MOD || text->kind != AST_STRING || text->as.string.bytes)
        return NULL;
    Inset *inset = inset_open(s, node->span);
    Template t = template_new(s, node);
    t.last = &t.fstring->as.fstring.parts;
    bool fine = add_right(&t, node->as.binary.right) && fill_percent(&t, text);
    text_free(&t.text);
    return inset_close(inset, fine ? check_expr(s, t.fstring) : texpr_poison(s, node->span));
}

/* ---- format -------------------------------------------------------------------------------- */

static const Ast *named_value(const Template *t, const char *name, size_t length) {
    for (int i = 0; i < t->named.count; i++) {
        const char *have = t->named.data[i]->as.keyword.name;
        if (strlen(have) == length && !memcmp(have, name, length))
            return t->named.data[i]->as.keyword.value;
    }
    return NULL;
}

/* The value of a field's name: a number, a keyword or nothing. NULL after an error. */
static const Ast *field_value(Template *t, const char *name, size_t length) {
    const char *at = name;
    int place = digits(&at, name + length);
    bool automatic = length == 0, number = !automatic && at == name + length;
    if (automatic || number) {
        if (t->used && t->numbered != number) {
            fault(t, "the text has both {} and {0} (ValueError: cannot switch between automatic and manual field numbering)");
            return NULL;
        }
        t->numbered = number;
        place = automatic ? t->used : place;
        t->used++;
        if (place < t->values.count)
            return t->values.data[place];
        fault(t, "the text has a place for a value that is not there (IndexError: Replacement index out of range)");
        return NULL;
    }
    const Ast *value = named_value(t, name, length);
    if (!value)
        diag_error(t->span, DIAG_ALWAYS_FAILS, "format has no value called '%.*s' (KeyError)", (int)length, name);
    return value;
}

/* What stands between the braces. */
static bool add_braces(Template *t, const char *at, const char *end) {
    const char *colon = memchr(at, ':', (size_t)(end - at)), *stop = colon ? colon : end;
    const char *mark = memchr(at, '!', (size_t)(stop - at)), *name_end = mark ? mark : stop;
    const char *format = colon ? colon + 1 : end;
    bool inner = memchr(format, '{', (size_t)(end - format)) || memchr(at, '[', (size_t)(name_end - at)) ||
                 memchr(at, '.', (size_t)(name_end - at));
    if (inner || (mark && (stop - mark != 2 || !strchr("sr", mark[1])))) {
        diag_unsupported(t->span, "this replacement field", "an f-string");
        return false;
    }
    const Ast *value = field_value(t, at, (size_t)(name_end - at));
    if (value)
        add_field(t, value, mark ? mark[1] : 0, format, (size_t)(end - format));
    return value != NULL;
}

static bool fill_format(Template *t, const Ast *text) {
    const char *at = text->as.string.data, *end = at + text->as.string.length;
    while (at < end) {
        bool brace = *at == '{' || *at == '}';
        if (brace && at + 1 < end && at[1] == *at) {
            text_add(&t->text, at, 1);
            at += 2;
        } else if (!brace) {
            text_add(&t->text, at++, 1);
        } else {
            const char *close = *at == '{' ? memchr(at, '}', (size_t)(end - at)) : NULL;
            if (!close)
                return fault(t, "a brace stands alone in the text (ValueError)");
            if (!add_braces(t, at + 1, close))
                return false;
            at = close + 1;
        }
    }
    end_text(t);
    return true;
}

static bool add_arguments(Template *t, const Ast *arguments) {
    for (const Ast *arg = arguments; arg; arg = arg->next) {
        if (arg->kind == AST_STARRED || arg->kind == AST_DOUBLE_STARRED) {
            diag_unsupported(arg->span, "unpacked arguments", "each argument");
            return false;
        }
        if (arg->kind != AST_KEYWORD) {
            if (!add_value(t, arg))
                return false;
            continue;
        }
        Ast *named = ast_copy(t->scope, arg);
        const Ast *value = kept(t, arg->as.keyword.value);
        if (!value)
            return false;
        named->as.keyword.value = (Ast *)value;
        VEC_PUSH(t->scope->checker->arena, t->named, named);
    }
    return true;
}

TExpr *check_format(Scope *s, const Ast *node) {
    const Ast *callee = node->as.call.callee;
    const Ast *text = callee->kind == AST_ATTRIBUTE ? callee->as.attribute.value : NULL;
    if (!text || text->kind != AST_STRING || text->as.string.bytes || strcmp(callee->as.attribute.name, "format"))
        return NULL;
    Inset *inset = inset_open(s, node->span);
    Template t = template_new(s, node);
    t.last = &t.fstring->as.fstring.parts;
    bool fine = add_arguments(&t, node->as.call.arguments) && fill_format(&t, text);
    text_free(&t.text);
    return inset_close(inset, fine ? check_expr(s, t.fstring) : texpr_poison(s, node->span));
}
