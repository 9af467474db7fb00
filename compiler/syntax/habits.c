/* habits.c: lines that Python 2, C or a slip of the pen would have, told in words of their own, with the edit that makes
 * Python of them. Each question looks at the tokens of the line that failed. */
#include "syntax/parser.h"

#include "syntax/grammar.h"

typedef struct {
    const Parser *parser;
    const Token *first, *failed, *last;   /* of the line; `last` is its NEWLINE */
    bool colon;                           /* a ':' could stand where it failed */
} Line;

bool token_is(const Parser *parser, Token token, const char *text) {
    return token.end - token.start == strlen(text) && !memcmp(parser->text + token.start, text, token.end - token.start);
}

static bool word_is(const Line *line, const Token *token, const char *const *words) {
    for (; *words; words++)
        if (token_is(line->parser, *token, *words))
            return true;
    return false;
}

static Diag *say(const Line *line, const Token *from, const Token *to, const char *message) {
    Span span = {line->parser->file, from->start, to->end > from->start ? to->end : from->start + 1};
    return diag_error(span, DIAG_SYNTAX, "%s", message);
}

/* The source between two tokens, for a suggestion; "..." where it is long. */
static const char *source_of(const Line *line, const Token *from, const Token *behind) {
    const char *text = line->parser->text + from->start;
    size_t length = behind->start > from->start ? behind->start - from->start : 0;
    while (length && strchr(" \t\r\n;", text[length - 1]))
        length--;
    const char *comment = memchr(text, '#', length);
    if (length > 60 || memchr(text, '\n', length) || comment)
        return "...";
    return arena_strndup(line->parser->arena, text, length);
}

/* `print x`, `exec code` */
static bool statement_of_python2(const Line *line) {
    static const char *const words[] = {"print", "exec", NULL};
    const Token *first = line->first;
    if (first->kind != TOKEN_NAME || !word_is(line, first, words) || line->failed != first + 1)
        return false;
    bool print = token_is(line->parser, *first, "print");
    Diag *diag = say(line, first, first, print ? "'print' is a function" : "'exec' is a function");
    diag_help(diag, "write %s(%s)", print ? "print" : "exec", source_of(line, first + 1, line->last));
    return true;
}

/* `except E, e:`, `raise E, "x"` */
static bool comma_of_python2(const Line *line) {
    const Token *first = line->first, *failed = line->failed;
    if (failed->kind != TOKEN_COMMA || (first->kind != TOKEN_EXCEPT && first->kind != TOKEN_RAISE))
        return false;
    const char *left = source_of(line, first + 1, failed);
    if (first->kind == TOKEN_RAISE) {
        diag_help(say(line, failed, failed, "an exception takes its message in parentheses"), "write raise %s(%s)", left,
                  source_of(line, failed + 1, line->last));
        return true;
    }
    const Token *end = failed + 1;
    while (end < line->last && end->kind != TOKEN_COLON)
        end++;
    diag_help(say(line, failed, failed, "the name of a caught exception follows 'as'"), "write except %s as %s:", left,
              source_of(line, failed + 1, end));
    return true;
}

/* `if x = 1:` */
static bool assignment_in_condition(const Line *line) {
    int kind = line->first->kind;
    if (line->failed->kind != TOKEN_ASSIGN ||
        (kind != TOKEN_IF && kind != TOKEN_ELIF && kind != TOKEN_WHILE && kind != TOKEN_ASSERT && kind != TOKEN_RETURN))
        return false;
    diag_help(say(line, line->failed, line->failed, "'=' assigns, and is no part of an expression"),
              "write == to compare");
    return true;
}

/* `else if`, `elseif`, `elsif` */
static bool other_elif(const Line *line) {
    static const char *const words[] = {"elseif", "elsif", NULL};
    const Token *first = line->first;
    bool two = first->kind == TOKEN_ELSE && line->failed == first + 1 && line->failed->kind == TOKEN_IF;
    if (!two && !(first->kind == TOKEN_NAME && word_is(line, first, words)))
        return false;
    diag_help(say(line, first, two ? first + 1 : first, "a further condition of an 'if' starts with 'elif'"),
              "write elif %s", source_of(line, first + (two ? 2 : 1), line->last));
    return true;
}

/* `i++`, `--i` is Python */
static bool increment(const Line *line) {
    const Token *two = line->failed - 2;
    if (two < line->first || two[0].kind != two[1].kind || two[0].end != two[1].start ||
        (two->kind != TOKEN_PLUS && two->kind != TOKEN_MINUS))
        return false;
    char sign = two->kind == TOKEN_PLUS ? '+' : '-';
    Diag *diag = say(line, two, two + 1, arena_printf(line->parser->arena, "'%c%c' is not an operator", sign, sign));
    diag_help(diag, "write %s %c= 1", source_of(line, line->first, two), sign);
    return true;
}

/* `for (int i = 0; i < n; i++)` */
static bool loop_of_c(const Line *line) {
    const Token *first = line->first;
    if (first->kind != TOKEN_FOR || first[1].kind != TOKEN_LPAREN)
        return false;
    for (const Token *at = first; at < line->last; at++)
        if (at->kind == TOKEN_SEMICOLON) {
            diag_help(say(line, first, at, "a 'for' goes over the elements of something"), "write for i in range(n):");
            return true;
        }
    return false;
}

/* `int x = 3` */
static bool declaration(const Line *line) {
    static const char *const words[] = {"int", "float", "double", "char", "bool", "long", "unsigned", "const", "auto",
                                        "let", "var", "size_t", NULL};
    const Token *first = line->first;
    if (first->kind != TOKEN_NAME || line->failed != first + 1 || line->failed->kind != TOKEN_NAME ||
        !word_is(line, first, words))
        return false;
    diag_help(say(line, first, first, "a variable is made by its first assignment, without a declaration"), "write %s",
              source_of(line, first + 1, line->last));
    return true;
}

/* `x = 3   // a comment` */
static bool comment_of_c(const Line *line) {
    for (const Token *at = line->failed; at >= line->first; at--)
        if (at->kind == TOKEN_FLOORDIV && line->failed - at <= 2 && line->failed != line->last) {
            diag_help(say(line, at, at, "'//' divides"), "write # in front of a comment");
            return true;
        }
    return false;
}

/* A block's head without its colon. */
static bool missing_colon(const Line *line) {
    bool block = line->last[1].kind == TOKEN_INDENT;
    if (!line->colon || line->failed != line->last || (!block && line->first->kind == TOKEN_NAME))
        return false;
    uint32_t at = line->last[-1].end;
    diag_help(diag_error((Span){line->parser->file, at - 1, at}, DIAG_SYNTAX, "the ':' that starts the block is missing"),
              "write ':' behind this");
    return true;
}

/* `else:` behind something else than an `if` */
static bool belongs_nowhere(const Line *line) {
    const Token *first = line->first;
    if (line->failed != first ||
        (first->kind != TOKEN_ELSE && first->kind != TOKEN_ELIF && first->kind != TOKEN_EXCEPT &&
         first->kind != TOKEN_FINALLY))
        return false;
    bool attempt = first->kind == TOKEN_EXCEPT || first->kind == TOKEN_FINALLY;
    const char *message = arena_printf(line->parser->arena, "this '%s' belongs to no '%s' of the same indentation",
                                       source_of(line, first, first + 1), attempt ? "try" : "if");
    diag_help(say(line, first, first, message), "indent it as the '%s' that it belongs to", attempt ? "try" : "if");
    return true;
}

bool habit_report(const Parser *parser, const unsigned char *expected, int count) {
    static bool (*const habits[])(const Line *) = {
        statement_of_python2, comma_of_python2, assignment_in_condition, other_elif,    increment,
        loop_of_c,            declaration,      comment_of_c,            missing_colon, belongs_nowhere,
    };
    const Tokens *tokens = parser->tokens;
    int first = line_first(tokens, parser->failed), last = line_last(tokens, parser->failed);
    if (last + 1 >= tokens->count || tokens->data[parser->failed].kind == TOKEN_INDENT)
        return false;
    Line line = {parser, &tokens->data[first], &tokens->data[parser->failed], &tokens->data[last],
                 token_among(expected, count, TOKEN_COLON)};
    if (token_among(expected, count, TOKEN_INDENT) && !token_among(expected, count, TOKEN_NUMBER))
        return false;
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++)
        if (habits[i](&line))
            return true;
    return false;
}
