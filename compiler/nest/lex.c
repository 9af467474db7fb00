/* lex.c: the tokens of the text form. */
#include "nest/read.h"

#include <ctype.h>
#include <stdlib.h>

enum { NESTING_MAX = 1000 };

void read_fail(Reader *r, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = snprintf(r->why->text, sizeof r->why->text, "line %d: ", r->lexer.token.line);
    vsnprintf(r->why->text + length, sizeof r->why->text - (size_t)length, format, arguments);
    va_end(arguments);
    longjmp(r->failed, 1);
}

void read_enter(Reader *r) {
    if (++r->nesting > NESTING_MAX)
        read_fail(r, "too deeply nested");
}

void read_leave(Reader *r) {
    r->nesting--;
}

static bool is_name_byte(unsigned char c, bool first) {
    return isalpha(c) || c == '_' || c >= 128 || (!first && (isdigit(c) || c == '.'));
}

/* `acc`, `acc%12`, `%12`, `$0`. */
static void lex_name(Reader *r) {
    Lexer *l = &r->lexer;
    Token *token = &l->token;
    token->kind = TOKEN_NAME;
    if (*l->at == '$')
        l->at++;
    while (l->at < l->end && (is_name_byte((unsigned char)*l->at, l->at == token->start) ||
                              (*token->start == '$' && isdigit((unsigned char)*l->at))))
        l->at++;
    token->length = (int)(l->at - token->start);
    token->number = -1;
    if (l->at + 1 >= l->end || *l->at != '%' || !isdigit((unsigned char)l->at[1]))
        return;
    token->number = 0;
    for (l->at++; l->at < l->end && isdigit((unsigned char)*l->at); l->at++) {
        token->number = token->number * 10 + (*l->at - '0');
        if (token->number > 1 << 24)
            read_fail(r, "the number of a value is too large");
    }
}

/* `1e-5`, but not `0x1e-5`. */
static bool is_exponent_sign(const Lexer *l) {
    const char *start = l->token.start;
    return (*l->at == '-' || *l->at == '+') && l->at > start && (l->at[-1] == 'e' || l->at[-1] == 'E') &&
           start[1] != 'x';
}

static void lex_number(Reader *r) {
    Lexer *l = &r->lexer;
    l->token.kind = TOKEN_NUMBER;
    while (l->at < l->end && (isalnum((unsigned char)*l->at) || *l->at == '.' || is_exponent_sign(l)))
        l->at++;
    l->token.length = (int)(l->at - l->token.start);
}

static void lex_string(Reader *r) {
    Lexer *l = &r->lexer;
    l->token.kind = TOKEN_STRING;
    for (l->at++; l->at < l->end && *l->at != '"' && *l->at != '\n'; l->at++)
        l->at += *l->at == '\\' && l->at + 1 < l->end && l->at[1] != '\n';
    if (l->at >= l->end || *l->at != '"')
        read_fail(r, "a string without an end");
    l->at++;
    l->token.length = (int)(l->at - l->token.start);
}

static void lex_sign(Reader *r) {
    static const char *const signs[] = {"==", "!=", ">=", "<=", "<<", ">>", "//", "**", "->"};
    Lexer *l = &r->lexer;
    l->token.kind = TOKEN_SIGN;
    l->token.length = 1;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (l->end - l->at >= 2 && !memcmp(l->at, signs[i], 2))
            l->token.length = 2;
    if (!strchr("+-*/%&|^~<>()[],:=!?", *l->at) || !*l->at)
        read_fail(r, "a character that nothing begins with");
    l->at += l->token.length;
}

/* The words of a comment, without its escapes. */
static const char *comment_words(Reader *r, const char *start, const char *end) {
    char *words = arena_alloc(r->arena, (size_t)(end - start) + 1), *to = words;
    for (; start < end; start++) {
        bool escaped = *start == '\\' && start + 1 < end;
        start += escaped;
        *to++ = !escaped ? *start : *start == 'n' ? '\n' : *start == 'r' ? '\r' : *start;
    }
    return words;
}

static void lex_line_end(Reader *r) {
    Lexer *l = &r->lexer;
    l->token.kind = TOKEN_LINE_END;
    l->token.length = 0;
    l->words = NULL;
    const char *end = memchr(l->at, '\n', (size_t)(l->end - l->at));
    if (!end)
        end = l->end;
    if (l->at < end)
        l->words = comment_words(r, l->at + 1 + (end - l->at > 1 && l->at[1] == ' '), end);
    l->at = end;
}

/* Skips empty lines and those of comments alone; counts the indentation of the next one. */
static void next_line(Reader *r) {
    Lexer *l = &r->lexer;
    while (l->at < l->end) {
        const char *start = l->at;
        if (*l->at == '\n') {
            l->token.line++;
            start = ++l->at;
        }
        while (l->at < l->end && *l->at == ' ')
            l->at++;
        l->token.indent = (int)(l->at - start);
        if (l->at < l->end && *l->at == '#')
            while (l->at < l->end && *l->at != '\n')
                l->at++;
        if (l->at < l->end && *l->at != '\n')
            return;
    }
}

void lex_next(Reader *r) {
    Lexer *l = &r->lexer;
    if (l->token.kind == TOKEN_LINE_END)
        next_line(r);
    while (l->at < l->end && *l->at == ' ')
        l->at++;
    l->token.start = l->at;
    if (l->at >= l->end && (l->token.kind == TOKEN_LINE_END || l->token.kind == TOKEN_END)) {
        l->token.kind = TOKEN_END;
        l->token.length = 0;
    } else if (l->at >= l->end || *l->at == '\n' || *l->at == '#') {
        lex_line_end(r);
    } else if (isdigit((unsigned char)*l->at)) {
        lex_number(r);
    } else if (*l->at == '"') {
        lex_string(r);
    } else if (is_name_byte((unsigned char)*l->at, true) || *l->at == '$' ||
               (*l->at == '%' && l->at + 1 < l->end && isdigit((unsigned char)l->at[1]))) {
        lex_name(r);
    } else {
        lex_sign(r);
    }
}

bool at_word(const Reader *r, const char *text) {
    const Token *token = &r->lexer.token;
    size_t length = strlen(text);
    bool named = token->kind == TOKEN_NAME && token->number < 0;
    return (named || token->kind == TOKEN_SIGN) && (size_t)token->length == length &&
           !memcmp(token->start, text, length);
}

bool accept(Reader *r, const char *text) {
    if (!at_word(r, text))
        return false;
    lex_next(r);
    return true;
}

void expect(Reader *r, const char *text) {
    if (!accept(r, text))
        read_fail(r, "expected `%s`, found `%.*s`", text, r->lexer.token.length > 60 ? 60 : r->lexer.token.length,
                  r->lexer.token.start);
}

void expect_line_end(Reader *r) {
    if (r->lexer.token.kind != TOKEN_LINE_END)
        read_fail(r, "expected the line's end, found `%.*s`",
                  r->lexer.token.length > 60 ? 60 : r->lexer.token.length, r->lexer.token.start);
}

Name read_word(Reader *r) {
    const Token *token = &r->lexer.token;
    if (token->kind != TOKEN_NAME || token->number >= 0)
        read_fail(r, "expected a name");
    Name name = name_intern(token->start, (size_t)token->length);
    lex_next(r);
    return name;
}

int64_t read_integer(Reader *r, bool negative) {
    negative ^= accept(r, "-");
    const Token *token = &r->lexer.token;
    uint64_t value = 0, limit = (uint64_t)INT64_MAX + negative;
    if (token->kind != TOKEN_NUMBER)
        read_fail(r, "expected a whole number");
    for (int i = 0; i < token->length; i++) {
        unsigned digit = (unsigned)(token->start[i] - '0');
        if (digit > 9 || value > limit / 10 || value * 10 > limit - digit)
            read_fail(r, "not a whole number of 64 bits");
        value = value * 10 + digit;
    }
    lex_next(r);
    return negative ? (int64_t)(0 - value) : (int64_t)value;
}
