/* parse.c: from a file's tokens to its tree: the constructors of the grammar's actions, and errors. */
#include "syntax/parser.h"

#include "syntax/grammar.h"

#include <stdlib.h>

void *ParseAlloc(void *(*allocate)(size_t), Parser *parser);
void Parse(void *state, int kind, Token token);
void ParseFree(void *state, void (*release)(void *));
int ParseExpected(void *state, unsigned char *tokens);

enum { TREE_DEPTH_MAX = 1000 };

/* ---- nodes and lists ----------------------------------------------------------------------- */

Ast *parser_node(Parser *parser, AstKind kind, Span span) {
    Ast *node = ARENA_NEW(parser->arena, Ast);
    node->kind = kind;
    node->span = span;
    return node;
}

Span parser_span(const Parser *parser, Token token) {
    return (Span){parser->file, token.start, token.end};
}

AstList list_one(Ast *item) {
    return (AstList){item, item, 1};
}

AstList list_join(AstList first, AstList second) {
    if (!first.first)
        return second;
    if (!second.first)
        return first;
    first.last->next = second.first;
    return (AstList){first.first, second.last, first.count + second.count};
}

AstList list_add(AstList list, Ast *item) {
    return list_join(list, list_one(item));
}

Span list_span(AstList list) {
    return list.first ? span_join(list.first->span, list.last->span) : (Span){0};
}

Ast *parser_tuple(Parser *parser, AstList items, bool comma) {
    if (items.count == 1 && !comma)
        return items.first;
    Ast *node = parser_node(parser, AST_TUPLE, list_span(items));
    node->as.list.items = items.first;
    node->as.list.count = items.count;
    return node;
}

Ast *parser_list(Parser *parser, AstKind kind, Token open, AstList items, Token close) {
    Span span = span_join(parser_span(parser, open), parser_span(parser, close));
    Ast *node = parser_node(parser, kind, span);
    node->parenthesised = true;
    node->as.list.items = items.first;
    node->as.list.count = items.count;
    return node;
}

Ast *parser_name(Parser *parser, Token token) {
    Ast *node = parser_node(parser, AST_NAME, parser_span(parser, token));
    node->as.name.id = name_intern(parser->text + token.start, token.end - token.start);
    return node;
}

Ast *parser_one(Parser *parser, AstKind kind, Token first, Ast *value) {
    Span span = parser_span(parser, first);
    Ast *node = parser_node(parser, kind, value ? span_join(span, value->span) : span);
    node->as.starred.value = value;
    return node;
}

/* ---- operators ----------------------------------------------------------------------------- */

static AstOp operator_of_text(const char *text, size_t length) {
    static const struct {
        const char *text;
        AstOp op;
    } table[] = {
        {"+", AST_OP_ADD},      {"-", AST_OP_SUB},  {"*", AST_OP_MUL},  {"/", AST_OP_DIV},
        {"//", AST_OP_FLOORDIV}, {"%", AST_OP_MOD},  {"**", AST_OP_POW}, {"@", AST_OP_MATMUL},
        {"<<", AST_OP_SHL},     {">>", AST_OP_SHR}, {"&", AST_OP_AND},  {"|", AST_OP_OR},
        {"^", AST_OP_XOR},      {"==", AST_OP_EQ},  {"!=", AST_OP_NE},  {"<>", AST_OP_NE},  {"<", AST_OP_LT},
        {"<=", AST_OP_LE},      {">", AST_OP_GT},   {">=", AST_OP_GE},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strlen(table[i].text) == length && !memcmp(table[i].text, text, length))
            return table[i].op;
    BUG("unknown operator");
}

static const char *current_text;

AstOp parser_operator(Token token) {
    return operator_of_text(current_text + token.start, token.end - token.start);
}

Ast *parser_unary(Parser *parser, Token op, AstOp code, Ast *operand) {
    Ast *node = parser_node(parser, AST_UNARY, span_join(parser_span(parser, op), operand->span));
    node->as.unary.op = code;
    node->as.unary.op_span = parser_span(parser, op);
    node->as.unary.operand = operand;
    return node;
}

Ast *parser_binary(Parser *parser, Ast *left, Token op, Ast *right) {
    Ast *node = parser_node(parser, AST_BINARY, span_join(left->span, right->span));
    node->as.binary.op = parser_operator(op);
    node->as.binary.op_span = parser_span(parser, op);
    node->as.binary.left = left;
    node->as.binary.right = right;
    return node;
}

/* Comparisons chain: a further one is added to the first. */
Ast *parser_compare(Parser *parser, Ast *left, AstOp op, Span op_span, Ast *right) {
    Ast *node = left;
    if (left->kind != AST_COMPARE || left->parenthesised) {
        node = parser_node(parser, AST_COMPARE, left->span);
        node->as.compare.first = left;
    }
    int count = node->as.compare.count++;
    AstOp *ops = ARENA_ARRAY(parser->arena, AstOp, count + 1);
    Span *spans = ARENA_ARRAY(parser->arena, Span, count + 1);
    for (int i = 0; i < count; i++) {
        ops[i] = node->as.compare.ops[i];
        spans[i] = node->as.compare.op_spans[i];
    }
    ops[count] = op;
    spans[count] = op_span;
    node->as.compare.ops = ops;
    node->as.compare.op_spans = spans;
    node->span = span_join(node->span, right->span);
    Ast **link = &node->as.compare.operands;
    while (*link)
        link = &(*link)->next;
    *link = right;
    return node;
}

Ast *parser_boolean(Parser *parser, AstOp op, Ast *left, Ast *right) {
    if (left->kind == AST_BOOLEAN && left->as.boolean.op == op && !left->parenthesised) {
        Ast *last = left->as.boolean.operands;
        while (last->next)
            last = last->next;
        last->next = right;
        left->as.boolean.count++;
        left->span = span_join(left->span, right->span);
        return left;
    }
    Ast *node = parser_node(parser, AST_BOOLEAN, span_join(left->span, right->span));
    node->as.boolean.op = op;
    node->as.boolean.operands = left;
    left->next = right;
    node->as.boolean.count = 2;
    return node;
}

/* ---- statements ---------------------------------------------------------------------------- */

/* Names, attributes, subscripts and (if not `single`) sequences of them are assigned to. */
void parser_check_target(Parser *parser, Ast *target, bool single) {
    if (parser->quiet)
        return;
    switch ((int)target->kind) {
    case AST_NAME:
    case AST_ATTRIBUTE:
    case AST_INDEX:
        return;
    case AST_TUPLE:
    case AST_LIST:
        for (Ast *item = target->as.list.items; item && !single; item = item->next)
            parser_check_target(parser, item, false);
        if (!single)
            return;
        break;
    case AST_STARRED:
        if (!single) {
            parser_check_target(parser, target->as.starred.value, false);
            return;
        }
        break;
    default:
        break;
    }
    Diag *diag = diag_error(target->span, DIAG_BAD_TARGET, "this cannot be assigned to");
    if (target->kind == AST_COMPARE || target->kind == AST_BINARY)
        diag_help(diag, "did you mean '==' in place of '='?");
}

Ast *parser_assign(Parser *parser, AstList sides) {
    Ast *node = parser_node(parser, AST_ASSIGN, list_span(sides));
    Ast *target = sides.first;
    node->as.assign.targets = target;
    node->as.assign.target_count = sides.count - 1;
    node->as.assign.value = sides.last;
    for (int i = 0; i < sides.count - 1; i++, target = target->next) {
        parser_check_target(parser, target, false);
        if (target->next == sides.last) {
            target->next = NULL;
            break;
        }
    }
    return node;
}

Ast *parser_augmented(Parser *parser, Ast *target, Token op, Ast *value) {
    Ast *node = parser_node(parser, AST_AUGMENTED, span_join(target->span, value->span));
    node->as.augmented.target = target;
    node->as.augmented.op = operator_of_text(parser->text + op.start, op.end - op.start - 1);
    node->as.augmented.op_span = parser_span(parser, op);
    node->as.augmented.value = value;
    parser_check_target(parser, target, true);
    return node;
}

Ast *parser_call(Parser *parser, Ast *callee, AstList arguments, Token close) {
    Span span = span_join(callee->span, parser_span(parser, close));
    Ast *node = parser_node(parser, AST_CALL, span);
    node->as.call.callee = callee;
    node->as.call.arguments = arguments.first;
    node->as.call.count = arguments.count;
    return node;
}

Ast *parser_index(Parser *parser, Ast *value, AstList indices, bool comma, Token close) {
    Span span = span_join(value->span, parser_span(parser, close));
    Ast *node = parser_node(parser, AST_INDEX, span);
    node->as.index.value = value;
    node->as.index.indices = indices.first;
    node->as.index.count = indices.count;
    node->as.index.is_tuple = comma || indices.count > 1;
    return node;
}

Ast *parser_import(Parser *parser, AstKind kind, Token first, Ast *module, AstList aliases) {
    Span end = aliases.last ? aliases.last->span : module->span;
    Ast *node = parser_node(parser, kind, span_join(parser_span(parser, first), end));
    node->as.import.aliases = aliases.first;
    if (module) {
        node->as.import.module = module->as.alias.path;
        node->as.import.level = module->parenthesised || !module->as.alias.path;
    }
    return node;
}

Ast *parser_parameter(Parser *parser, AstParameterKind kind, Token token, Ast *annotation,
                      Ast *value) {
    Span span = parser_span(parser, token);
    Ast *node = parser_node(parser, AST_PARAMETER, span);
    if (kind != AST_BARE_STAR && kind != AST_SLASH)
        node->as.parameter.name = parser_name(parser, token)->as.name.id;
    node->as.parameter.kind = kind;
    node->as.parameter.annotation = annotation;
    node->as.parameter.default_value = value;
    return node;
}

Ast *parser_function(Parser *parser, Token def, Token name, AstList parameters, Ast *result,
                     AstList body) {
    Span name_span = parser_span(parser, name);
    Ast *node = parser_node(parser, AST_FUNCTION, span_join(parser_span(parser, def), name_span));
    node->as.function.name = parser_name(parser, name)->as.name.id;
    node->as.function.name_span = name_span;
    node->as.function.parameters = parameters.first;
    node->as.function.result = result;
    node->as.function.body = body.first;
    return node;
}

Ast *parser_comprehension(Parser *parser, char form, Token open, Ast *element, Ast *value,
                          AstList clauses, Token close) {
    Span span = span_join(parser_span(parser, open), parser_span(parser, close));
    Ast *node = parser_node(parser, AST_COMPREHENSION, span_join(span, list_span(clauses)));
    node->as.comprehension.element = element;
    node->as.comprehension.value = value;
    node->as.comprehension.clauses = clauses.first;
    node->as.comprehension.form = form;
    return node;
}

/* ---- numbers ------------------------------------------------------------------------------- */

/* 0777 was octal in Python 2, and is in C. */
static void leading_zero(Span span, const char *digits) {
    Diag *diag = diag_error(span, DIAG_BAD_NUMBER, "an integer does not start with 0");
    const char *rest = digits + strspn(digits, "0");
    if (strspn(rest, "01234567") == strlen(rest))
        diag_help(diag, "write 0o%s for the octal number, %s for the decimal one", rest, rest);
    else
        diag_help(diag, "write %s", rest);
}

static Ast *integer_node(Parser *parser, Span span, const char *digits) {
    Ast *node = parser_node(parser, AST_INT, span);
    int base = 10;
    if (digits[0] == '0' && digits[1]) {
        char letter = digits[1] | 32;
        base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
        if (base == 10 && strspn(digits, "0") != strlen(digits))
            leading_zero(span, digits);
    }
    uint64_t bits = 0;
    bool beyond = false;
    for (const char *at = base == 10 ? digits : digits + 2; *at; at++) {
        int digit = *at <= '9' ? *at - '0' : (*at | 32) - 'a' + 10;
        beyond |= __builtin_mul_overflow(bits, (uint64_t)base, &bits) ||
                  __builtin_add_overflow(bits, (uint64_t)digit, &bits);
    }
    node->as.integer.value = (int64_t)bits;
    node->as.integer.too_big = beyond || bits > INT64_MAX;
    node->as.integer.fits_unsigned = !beyond;
    return node;
}

Ast *parser_number(Parser *parser, Token token) {
    char *digits = arena_alloc(parser->arena, token.end - token.start + 1);
    size_t count = 0;
    for (uint32_t i = token.start; i < token.end; i++)
        if (parser->text[i] != '_')
            digits[count++] = parser->text[i];
    Span span = parser_span(parser, token);
    bool hex = digits[0] == '0' && (digits[1] | 32) == 'x';
    if (count && !hex && (digits[count - 1] | 32) == 'j') {
        Ast *node = parser_node(parser, AST_IMAGINARY, span);
        node->as.number.value = strtod(digits, NULL);
        return node;
    }
    if (hex || strspn(digits, "0123456789") == count || strspn(digits, "0123456789oObB") == count)
        return integer_node(parser, span, digits);
    Ast *node = parser_node(parser, AST_FLOAT, span);
    node->as.number.value = strtod(digits, NULL);
    return node;
}

/* ---- strings ------------------------------------------------------------------------------- */

static void add_utf8(Text *text, unsigned code) {
    char bytes[4];
    size_t count = 0;
    if (code < 0x80) {
        bytes[count++] = (char)code;
    } else if (code < 0x800) {
        bytes[count++] = (char)(0xc0 | code >> 6);
        bytes[count++] = (char)(0x80 | (code & 63));
    } else if (code < 0x10000) {
        bytes[count++] = (char)(0xe0 | code >> 12);
        bytes[count++] = (char)(0x80 | (code >> 6 & 63));
        bytes[count++] = (char)(0x80 | (code & 63));
    } else {
        bytes[count++] = (char)(0xf0 | (code >> 18 & 7));
        bytes[count++] = (char)(0x80 | (code >> 12 & 63));
        bytes[count++] = (char)(0x80 | (code >> 6 & 63));
        bytes[count++] = (char)(0x80 | (code & 63));
    }
    text_add(text, bytes, count);
}

/* Reads up to `max` digits of a base; how many there were. */
static int read_digits(const char *at, const char *end, int base, int max, unsigned *value) {
    int count = 0;
    *value = 0;
    for (; count < max && at + count < end; count++) {
        char c = at[count];
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : 99;
        if (digit >= base)
            break;
        *value = *value * (unsigned)base + (unsigned)digit;
    }
    return count;
}

/* One escape at `at` (behind the backslash); the place behind it. */
static const char *add_escape(Parser *parser, Text *text, const char *at, const char *end) {
    static const char plain[] = "\\\\''\"\"a\ab\bf\fn\nr\rt\tv\v";
    unsigned value;
    int count;
    for (size_t i = 0; i + 1 < sizeof plain; i += 2)
        if (plain[i] == *at) {
            text_add(text, &plain[i + 1], 1);
            return at + 1;
        }
    if (*at == '\n')
        return at + 1;
    if ((count = read_digits(at, end, 8, 3, &value)) > 0) {
        add_utf8(text, value);
        return at + count;
    }
    int wanted = *at == 'x' ? 2 : *at == 'u' ? 4 : *at == 'U' ? 8 : 0;
    if (wanted && (count = read_digits(at + 1, end, 16, wanted, &value)) == wanted &&
        value < 0x110000) {
        add_utf8(text, value);
        return at + 1 + count;
    }
    if (wanted || *at == 'N') {
        uint32_t offset = (uint32_t)(at - 1 - parser->text);
        diag_error((Span){parser->file, offset, offset + 2}, DIAG_BAD_STRING,
                   "this escape cannot be read");
    }
    text_add(text, "\\", 1);
    return at;
}

static void add_literal(Parser *parser, Text *text, const char *at, const char *end, bool raw,
                        bool doubled) {
    while (at < end) {
        if (*at == '\\' && !raw && at + 1 < end) {
            at = add_escape(parser, text, at + 1, end);
        } else if (doubled && (*at == '{' || *at == '}') && at + 1 < end && at[1] == *at) {
            text_add(text, at, 1);
            at += 2;
        } else {
            text_add(text, at++, 1);
        }
    }
}

static Ast *literal_node(Parser *parser, const char *at, const char *end, bool raw, bool doubled) {
    Span span = {parser->file, (uint32_t)(at - parser->text), (uint32_t)(end - parser->text)};
    Ast *node = parser_node(parser, AST_STRING, span);
    Text text = {0};
    add_literal(parser, &text, at, end, raw, doubled);
    node->as.string.data = arena_strndup(parser->arena, text.data ? text.data : "", text.length);
    node->as.string.length = text.length;
    text_free(&text);
    return node;
}

/* ---- f-strings ----------------------------------------------------------------------------- */

static void error_at(Parser *parser, const char *at, const char *message) {
    uint32_t offset = (uint32_t)(at - parser->text);
    diag_error((Span){parser->file, offset, offset + 1}, DIAG_BAD_STRING, "%s", message);
}

/* The end of a replacement field's expression: `}`, `:`, `!r` or `=` outside brackets. */
static const char *field_end(const char *at, const char *end) {
    char quote = 0;
    for (int depth = 0; at < end; at++) {
        if (quote) {
            quote = *at == quote ? 0 : quote;
        } else if (*at == '\'' || *at == '"') {
            quote = *at;
        } else if (strchr("([{", *at) && *at) {
            depth++;
        } else if (depth == 0 && (*at == '}' || *at == ':')) {
            return at;
        } else if (depth == 0 && *at == '!' && at + 1 < end && at[1] != '=') {
            return at;
        } else if (depth == 0 && *at == '=' && at + 1 < end && at[1] != '=' &&
                   !strchr("=!<>", at[-1])) {
            return at;
        } else if (strchr(")]}", *at) && *at) {
            depth--;
        }
    }
    return NULL;
}

static Ast *field_expression(Parser *parser, const char *at, const char *end) {
    Tokens tokens = {0};
    uint32_t start = (uint32_t)(at - parser->text), stop = (uint32_t)(end - parser->text);
    Token first = {TOKEN_EXPRESSION, start, start};
    VEC_PUSH(parser->arena, tokens, first);
    lex(parser->arena, parser->file, start, stop, true, &tokens);
    Parser inner = {.arena = parser->arena, .file = parser->file, .text = parser->text, .quiet = parser->quiet};
    if (tokens.count < 3) {
        error_at(parser, at, "an expression is missing between the braces");
        return parser_node(parser, AST_ERROR, (Span){parser->file, start, stop});
    }
    Ast *value = parser_attempt(&inner, &tokens);
    if (!value && !inner.quiet)
        mistake_report(&inner);
    return value ? value : parser_node(parser, AST_ERROR, (Span){parser->file, start, stop});
}

static Ast *fstring_node(Parser *parser, const char *at, const char *end, bool raw, int depth,
                         const char **stopped);

/* One `{...}`; the place behind it, or NULL after an error. */
static const char *parse_field(Parser *parser, const char *open, const char *end, bool raw,
                               int depth, AstList *parts) {
    const char *stop = field_end(open + 1, end);
    if (!stop) {
        error_at(parser, open, "this '{' is never closed");
        return NULL;
    }
    Ast *node = parser_node(parser, AST_FORMATTED, (Span){0});
    node->as.formatted.value = field_expression(parser, open + 1, stop);
    if (*stop == '=') {
        stop++;
        while (stop < end && *stop == ' ')
            stop++;
        node->as.formatted.debug =
            arena_strndup(parser->arena, open + 1, (size_t)(stop - open - 1));
    }
    if (stop < end && *stop == '!' && stop + 1 < end && strchr("sra", stop[1]))  {
        node->as.formatted.conversion = stop[1];
        stop += 2;
    }
    if (stop < end && *stop == ':')
        node->as.formatted.format = fstring_node(parser, stop + 1, end, raw, depth + 1, &stop);
    if (!stop || stop >= end || *stop != '}') {
        error_at(parser, open, "this '{' is never closed");
        return NULL;
    }
    node->span = (Span){parser->file, (uint32_t)(open - parser->text),
                        (uint32_t)(stop + 1 - parser->text)};
    *parts = list_add(*parts, node);
    return stop + 1;
}

/* The end of the literal text at `at`: the next brace that is not doubled. */
static const char *literal_end(const char *at, const char *end, bool in_format) {
    while (at < end) {
        if (*at != '{' && *at != '}')
            at++;
        else if (!in_format && at + 1 < end && at[1] == *at)
            at += 2;
        else
            break;
    }
    return at;
}

/* The parts of an f-string's text; `stopped` (for a format): the brace that ends it. */
static Ast *fstring_node(Parser *parser, const char *at, const char *end, bool raw, int depth,
                         const char **stopped) {
    AstList parts = {0};
    Span span = {parser->file, (uint32_t)(at - parser->text), (uint32_t)(end - parser->text)};
    Ast *node = parser_node(parser, AST_FSTRING, span);
    if (depth > 2) {
        error_at(parser, at, "braces are nested too deeply");
        at = end;
    }
    while (at && at < end) {
        const char *brace = literal_end(at, end, stopped != NULL);
        if (brace > at)
            parts = list_add(parts, literal_node(parser, at, brace, raw, true));
        at = brace;
        if (at >= end || (*at == '}' && stopped))
            break;
        if (*at == '}') {
            error_at(parser, at, "a single '}' is written '}}'");
            break;
        }
        at = parse_field(parser, at, end, raw, depth, &parts);
    }
    if (stopped)
        *stopped = at;
    node->as.fstring.parts = parts.first;
    return node;
}

Ast *parser_string(Parser *parser, Token token) {
    const char *at = parser->text + token.start, *end = parser->text + token.end;
    bool raw = false, bytes = false, format = false;
    for (; at < end && *at != '\'' && *at != '"'; at++) {
        raw |= (*at | 32) == 'r';
        bytes |= (*at | 32) == 'b';
        format |= (*at | 32) == 'f';
    }
    int quotes = end - at >= 6 && at[1] == *at && at[2] == *at ? 3 : 1;
    Span span = parser_span(parser, token);
    if (end - at < 2 * quotes || end[-1] != *at) {
        Ast *node = parser_node(parser, AST_STRING, span);   /* already reported */
        node->as.string.data = "";
        return node;
    }
    at += quotes;
    end -= quotes;
    Ast *node = format ? fstring_node(parser, at, end, raw, 0, NULL)
                       : literal_node(parser, at, end, raw, false);
    if (!format)
        node->as.string.bytes = bytes;
    node->span = span;
    return node;
}

Ast *parser_strings(Parser *parser, Ast *first, Ast *second) {
    Span span = span_join(first->span, second->span);
    if (first->kind == AST_STRING && second->kind == AST_STRING) {
        size_t length = first->as.string.length + second->as.string.length;
        char *data = arena_alloc(parser->arena, length + 1);
        memcpy(data, first->as.string.data, first->as.string.length);
        memcpy(data + first->as.string.length, second->as.string.data, second->as.string.length);
        first->as.string.data = data;
        first->as.string.length = length;
        first->span = span;
        return first;
    }
    Ast *node = parser_node(parser, AST_FSTRING, span);
    Ast *head = first->kind == AST_FSTRING ? first->as.fstring.parts : first;
    Ast *tail = second->kind == AST_FSTRING ? second->as.fstring.parts : second;
    Ast **link = &head;
    while (*link)
        link = &(*link)->next;
    *link = tail;
    node->as.fstring.parts = head;
    return node;
}

/* ---- files --------------------------------------------------------------------------------- */

static void *allocate(size_t size) {
    return memory_new(1, size);
}

Ast *parser_attempt(Parser *parser, const Tokens *tokens) {
    const char *outer = current_text;
    current_text = parser->text;
    parser->tokens = tokens;
    parser->failed = -1;
    parser->root = NULL;
    void *state = ParseAlloc(allocate, parser);
    for (parser->current = 0; parser->current < tokens->count && parser->failed < 0; parser->current++) {
        Token token = tokens->data[parser->current];
        Parse(state, token.kind, token);
    }
    ParseFree(state, free);
    current_text = outer;
    return parser->failed < 0 ? parser->root : NULL;
}

int parser_expected(const Parser *parser, unsigned char *tokens) {
    const char *outer = current_text;
    current_text = parser->text;
    Parser replay = *parser;
    replay.quiet = true;
    replay.failed = -1;
    void *state = ParseAlloc(allocate, &replay);
    for (int i = 0; i < parser->failed; i++)
        Parse(state, parser->tokens->data[i].kind, parser->tokens->data[i]);
    int count = ParseExpected(state, tokens);
    ParseFree(state, free);
    current_text = outer;
    return count;
}

void parser_syntax_error(Parser *parser) {
    if (parser->failed < 0)
        parser->failed = parser->current;
}

typedef struct {
    int depth;
    bool reported;
} Depth;

static void check_depth(const char *role, const Ast *node, void *user) {
    Depth *depth = user;
    (void)role;
    if (depth->reported)
        return;
    if (++depth->depth > TREE_DEPTH_MAX) {
        diag_error(node->span, DIAG_TOO_DEEP, "this is nested deeper than %d levels",
                   TREE_DEPTH_MAX);
        depth->reported = true;
    }
    ast_visit(node, check_depth, user);
    depth->depth--;
}

Ast *parse_file(Arena *arena, uint32_t file) {
    const SourceFile *source = source_file(file);
    Tokens tokens = {0};
    Parser parser = {.arena = arena, .file = file, .text = source->text};
    lex(arena, file, 0, source->length, false, &tokens);
    Ast *root = recover_parse(&parser, &tokens);
    Depth depth = {0};
    for (const Ast *statement = root; statement; statement = statement->next)
        check_depth("", statement, &depth);
    return depth.reported ? NULL : root;
}
