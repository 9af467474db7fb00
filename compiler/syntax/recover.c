/* recover.c: parsing goes on behind a syntax error. The logical line that the grammar did not take is replaced by a
 * statement that says nothing, of a form that what stands before and behind it can live with, and the file is parsed
 * again: so the block structure round a mistake survives it, and what is reported next is independent of it. */
#include "syntax/parser.h"

#include "syntax/grammar.h"

enum { ROUNDS_MAX = 60 };

static bool breaks_line(int kind) {
    return kind == TOKEN_NEWLINE || kind == TOKEN_INDENT || kind == TOKEN_DEDENT;
}

int line_first(const Tokens *tokens, int at) {
    while (at > 0 && !breaks_line(tokens->data[at - 1].kind))
        at--;
    return at;
}

int line_last(const Tokens *tokens, int at) {
    while (at + 1 < tokens->count && tokens->data[at].kind != TOKEN_NEWLINE)
        at++;
    return at;
}

/* `removed` tokens at `at` become tokens of these kinds. */
static void replace(Parser *parser, Tokens *tokens, int at, int removed, const int *kinds, int count) {
    Token place = tokens->data[at];
    for (int i = 0; i < count; i++)
        VEC_PUSH(parser->arena, *tokens, place);
    int behind = tokens->count - count - at - removed;
    memmove(tokens->data + at + count, tokens->data + at + removed, (size_t)behind * sizeof *tokens->data);
    tokens->count -= removed;
    for (int i = 0; i < count; i++)
        tokens->data[at + i] = (Token){(uint16_t)kinds[i], place.start, place.start};
}

/* The head of the compound statement that stands for a line of this kind; how many tokens, 0: a simple one does. */
static int head_of(const Token *first, bool is_first, bool block, int *kinds) {
    int kind = first->kind, length = 0;
    if (kind == TOKEN_ELSE && first[1].kind == TOKEN_IF)
        kind = TOKEN_ELIF;
    bool continues = kind == TOKEN_ELIF || kind == TOKEN_ELSE || kind == TOKEN_EXCEPT || kind == TOKEN_FINALLY;
    bool alone = kind == TOKEN_TRY || kind == TOKEN_ELSE || kind == TOKEN_EXCEPT || kind == TOKEN_FINALLY;
    bool opens = kind == TOKEN_IF || kind == TOKEN_FOR || kind == TOKEN_WHILE || kind == TOKEN_TRY;
    if (continues && is_first)   /* it continues nothing */
        kind = TOKEN_IF, alone = continues = false;
    if (!block && !continues && !opens && kind != TOKEN_CASE)
        return 0;
    if (!continues && kind != TOKEN_TRY && kind != TOKEN_CASE && kind != TOKEN_MATCH)
        kind = TOKEN_IF;
    kinds[length++] = kind;
    if (!alone)
        kinds[length++] = TOKEN_NONE;
    kinds[length++] = TOKEN_COLON;
    return length;
}

static void replace_line(Parser *parser, Tokens *tokens, int failed) {
    int first = line_first(tokens, failed), last = line_last(tokens, failed), kinds[6];
    bool block = last + 1 < tokens->count && tokens->data[last + 1].kind == TOKEN_INDENT;
    int count = head_of(&tokens->data[first], first == failed, block, kinds);
    if (!block)
        kinds[count++] = TOKEN_PASS;
    kinds[count++] = TOKEN_NEWLINE;
    replace(parser, tokens, first, last - first + 1, kinds, count);
}

static void remove_indent(Parser *parser, Tokens *tokens, int at) {
    int depth = 0, end = at;
    do {
        depth += (tokens->data[end].kind == TOKEN_INDENT) - (tokens->data[end].kind == TOKEN_DEDENT);
        end++;
    } while (depth > 0 && end < tokens->count - 1);
    if (depth == 0)
        replace(parser, tokens, end - 1, 1, NULL, 0);
    replace(parser, tokens, at, 1, NULL, 0);
}

/* What must stand between the line before and the token that failed at the start of its line; false: nothing helps. */
static bool insert_missing(Parser *parser, Tokens *tokens, int failed) {
    static const int block[] = {TOKEN_INDENT, TOKEN_PASS, TOKEN_NEWLINE, TOKEN_DEDENT};
    static const int finally[] = {TOKEN_FINALLY, TOKEN_COLON, TOKEN_PASS, TOKEN_NEWLINE};
    static const int class[] = {TOKEN_CLASS, TOKEN_NAME, TOKEN_COLON, TOKEN_PASS, TOKEN_NEWLINE};
    unsigned char expected[256];
    int before = diag_count(), count = parser_expected(parser, expected);
    diag_rollback(before);
    if (token_among(expected, count, TOKEN_NUMBER))
        return false;
    if (token_among(expected, count, TOKEN_INDENT))
        replace(parser, tokens, failed, 0, block, 4);
    else if (token_among(expected, count, TOKEN_FINALLY))
        replace(parser, tokens, failed, 0, finally, 4);
    else if (token_among(expected, count, TOKEN_DEF))
        replace(parser, tokens, failed, 0, class, 5);
    else
        return false;
    return true;
}

/* Changes the tokens so that the one that failed is out of the way; false: it cannot be done. */
static bool repair(Parser *parser, Tokens *tokens) {
    int failed = parser->failed, kind = tokens->data[failed].kind;
    bool starts = failed == 0 || breaks_line(tokens->data[failed - 1].kind);
    if (starts && insert_missing(parser, tokens, failed))
        return true;
    if (starts && (kind == TOKEN_DEDENT || kind == 0))
        return false;
    if (kind == TOKEN_INDENT)
        remove_indent(parser, tokens, failed);
    else
        replace_line(parser, tokens, failed);
    return true;
}

Ast *recover_parse(Parser *parser, Tokens *tokens) {
    for (int round = 0; round < ROUNDS_MAX; round++) {
        int before = diag_count();
        Ast *root = parser_attempt(parser, tokens);
        if (parser->failed < 0)
            return root;
        diag_rollback(before);   /* the next attempt finds these again */
        mistake_report(parser);
        if (!repair(parser, tokens))
            return NULL;
    }
    return NULL;
}
