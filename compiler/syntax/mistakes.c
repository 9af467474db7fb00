/* mistakes.c: what is said of a token that the grammar does not take. */
#include "syntax/parser.h"

#include "syntax/grammar.h"

enum { TOKEN_KINDS = 128 };

static const char *token_name(int kind) {
    static const char *const names[TOKEN_KINDS] = {
        [0] = "the end of the file", [TOKEN_NAME] = "a name", [TOKEN_NUMBER] = "a number",
        [TOKEN_STRING] = "a string", [TOKEN_NEWLINE] = "the end of the line",
        [TOKEN_INDENT] = "an indented block", [TOKEN_DEDENT] = "the end of the block",
        [TOKEN_LPAREN] = "'('", [TOKEN_RPAREN] = "')'", [TOKEN_LBRACKET] = "'['",
        [TOKEN_RBRACKET] = "']'", [TOKEN_LBRACE] = "'{'", [TOKEN_RBRACE] = "'}'",
        [TOKEN_COLON] = "':'", [TOKEN_COMMA] = "','", [TOKEN_ASSIGN] = "'='", [TOKEN_DOT] = "'.'",
        [TOKEN_SEMICOLON] = "';'", [TOKEN_ARROW] = "'->'", [TOKEN_WALRUS] = "':='",
        [TOKEN_IF] = "'if'", [TOKEN_ELSE] = "'else'", [TOKEN_ELIF] = "'elif'", [TOKEN_FOR] = "'for'",
        [TOKEN_IN] = "'in'", [TOKEN_IMPORT] = "'import'", [TOKEN_AS] = "'as'",
        [TOKEN_EXCEPT] = "'except'", [TOKEN_FINALLY] = "'finally'", [TOKEN_CASE] = "'case'",
        [TOKEN_DEF] = "'def'", [TOKEN_CLASS] = "'class'",
    };
    return kind < TOKEN_KINDS ? names[kind] : NULL;
}

bool token_among(const unsigned char *tokens, int count, int kind) {
    for (int i = 0; i < count; i++)
        if (tokens[i] == kind)
            return true;
    return false;
}

/* What could stand in place of the offending token, in words. */
static void expected_words(Text *words, const unsigned char *tokens, int count) {
    static const int shown[] = {TOKEN_INDENT, TOKEN_COLON, TOKEN_RPAREN, TOKEN_RBRACKET,
                                TOKEN_RBRACE, TOKEN_ASSIGN, TOKEN_COMMA, TOKEN_IN, TOKEN_IMPORT,
                                TOKEN_NAME, TOKEN_ELSE, TOKEN_EXCEPT, TOKEN_CASE, TOKEN_NEWLINE};
    bool expression = token_among(tokens, count, TOKEN_NUMBER);
    int written = 0;
    if (expression) {
        text_printf(words, "an expression");
        written++;
    } else if (token_among(tokens, count, TOKEN_PLUS)) {
        text_printf(words, "an operator");
        written++;
    }
    for (size_t i = 0; i < sizeof shown / sizeof *shown && written < 5; i++) {
        if (!token_among(tokens, count, shown[i]) || (shown[i] == TOKEN_NAME && expression))
            continue;
        text_printf(words, "%s%s", written++ ? ", " : "", token_name(shown[i]));
    }
}

/* A line whose colon has no block behind it. */
static void missing_block(const Parser *parser, Token token) {
    const Token *tokens = parser->tokens->data;
    int header = parser->failed ? line_first(parser->tokens, parser->failed - 1) : 0;
    Span span = parser_span(parser, token);
    Diag *diag = diag_error(span, DIAG_BAD_INDENT, "an indented block is missing here");
    diag_note(diag, parser_span(parser, tokens[header]), "this line's ':' starts it");
    diag_help(diag, "indent the lines of the block, or write 'pass' where it does nothing");
}

static void unexpected(const Parser *parser, Token token, const char *expected, const char *list) {
    Span span = parser_span(parser, token);
    bool unseen = token.kind == TOKEN_DEDENT || token.kind == TOKEN_NEWLINE || token.kind == 0;
    if (token.kind == TOKEN_INDENT)
        diag_help(diag_error(span, DIAG_BAD_INDENT, "this line is indented, but no line above it starts a block"),
                  "indent it as the line above");
    else if (unseen)
        diag_error(span, DIAG_SYNTAX, "%s comes too early%s%s", token_name(token.kind), expected, list);
    else
        diag_error(span, DIAG_SYNTAX, "unexpected '%.*s'%s%s",
                   (int)(token.end - token.start > 40 ? 40 : token.end - token.start), parser->text + token.start,
                   expected, list);
}

/* The line of the token that failed: a second error on it says what the first one said. */
static Span failed_line(const Parser *parser) {
    const Token *tokens = parser->tokens->data;
    int first = line_first(parser->tokens, parser->failed), last = line_last(parser->tokens, parser->failed);
    return (Span){parser->file, tokens[first].start, tokens[last].end + 1};
}

void mistake_report(Parser *parser) {
    unsigned char expected[256];
    int before = diag_count(), count = parser_expected(parser, expected);
    diag_rollback(before);
    Token token = parser->tokens->data[parser->failed];
    if (diag_in(failed_line(parser)))
        return;
    if (habit_report(parser, expected, count))
        return;
    if (token_among(expected, count, TOKEN_INDENT) && !token_among(expected, count, TOKEN_NUMBER)) {
        missing_block(parser, token);
        return;
    }
    if (token_among(expected, count, TOKEN_FINALLY) && !token_among(expected, count, TOKEN_NUMBER)) {
        diag_help(diag_error(parser_span(parser, token), DIAG_SYNTAX,
                             "the 'try' above ends here without an 'except' or a 'finally'"),
                  "write 'finally:' with a block of its own, or leave 'try:' out");
        return;
    }
    Text words = {0};
    expected_words(&words, expected, count);
    unexpected(parser, token, words.length ? ", expected " : "", words.length ? words.data : "");
    text_free(&words);
}
