/* lexer.re: tokens of Python 3.11, by re2c: one pass over the text, indentation included. */
#include "syntax/parser.h"

#include "syntax/grammar.h"

enum { INDENTS_MAX = 100, DEPTH_MAX = 200 };

typedef struct {
    Arena *arena;
    uint32_t file;
    const unsigned char *base, *end;
    Tokens *tokens;
    int indents[INDENTS_MAX], indent_count;
    int narrow[INDENTS_MAX];     /* the same with tabs of one column: the order must be the same */
    unsigned char brackets[DEPTH_MAX];
    uint32_t openers[DEPTH_MAX];
    int depth;
    bool expression, too_deep, tabs_told;
    int braces;                  /* blocks in braces that are open */
    int statement;               /* index of the logical line's first token */
} Lexer;

static uint32_t offset_of(const Lexer *lexer, const unsigned char *at) {
    return (uint32_t)(at - lexer->base);
}

static void put(Lexer *lexer, int kind, const unsigned char *start, const unsigned char *end) {
    Token token = {(uint16_t)kind, offset_of(lexer, start), offset_of(lexer, end)};
    VEC_PUSH(lexer->arena, *lexer->tokens, token);
}

static Span span_of(const Lexer *lexer, const unsigned char *start, const unsigned char *end) {
    return (Span){lexer->file, offset_of(lexer, start), offset_of(lexer, end)};
}

static void unclosed(Lexer *lexer) {
    uint32_t at = lexer->openers[lexer->depth - 1];
    char bracket = (char)lexer->brackets[lexer->depth - 1];
    Diag *diag = diag_error((Span){lexer->file, at, at + 1}, DIAG_UNCLOSED, "this '%c' is never closed", bracket);
    diag_help(diag, "write '%c' where it ends", bracket == '(' ? ')' : bracket == '[' ? ']' : '}');
    lexer->depth = 0;
}

/* `match` and `case` are keywords only at the start of a line that ends with a colon. */
static void soft_keywords(Lexer *lexer) {
    Token *tokens = lexer->tokens->data;
    int first = lexer->statement, last = lexer->tokens->count - 1;
    lexer->statement = last + 1;
    while (first < last && (tokens[first].kind == TOKEN_INDENT || tokens[first].kind == TOKEN_DEDENT))
        first++;
    if (last - first < 2 || tokens[first].kind != TOKEN_NAME)
        return;
    uint32_t length = tokens[first].end - tokens[first].start;
    const unsigned char *text = lexer->base + tokens[first].start;
    bool is_match = length == 5 && !memcmp(text, "match", 5);
    bool is_case = length == 4 && !memcmp(text, "case", 4);
    if (!is_match && !is_case)
        return;
    int colon = last;   /* the last one outside brackets */
    for (int depth = 0, i = first + 1; i <= last; i++) {
        int kind = tokens[i].kind;
        depth += kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET || kind == TOKEN_LBRACE;
        depth -= kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET || kind == TOKEN_RBRACE;
        if (depth == 0 && kind == TOKEN_COLON && (is_case || i == last - 1))
            colon = i;
    }
    if (colon < last && colon > first + 1)
        tokens[first].kind = is_match ? TOKEN_MATCH : TOKEN_CASE;
}

static int last_kind(const Lexer *lexer) {
    return lexer->tokens->count ? lexer->tokens->data[lexer->tokens->count - 1].kind : TOKEN_NEWLINE;
}

static bool line_is_empty(const Lexer *lexer) {
    int kind = last_kind(lexer);
    return kind == TOKEN_NEWLINE || kind == TOKEN_INDENT || kind == TOKEN_DEDENT;
}

/* A line of which nothing is left (a lone brace, a comment of C) is none. */
static void newline(Lexer *lexer, const unsigned char *start, const unsigned char *end) {
    if (line_is_empty(lexer))
        return;
    put(lexer, TOKEN_NEWLINE, start, end);
    soft_keywords(lexer);
}

static bool is_operand(int kind) {
    return kind == TOKEN_NAME || kind == TOKEN_NUMBER || kind == TOKEN_STRING || kind == TOKEN_RPAREN ||
           kind == TOKEN_RBRACKET || kind == TOKEN_RBRACE || kind == TOKEN_TRUE || kind == TOKEN_FALSE ||
           kind == TOKEN_NONE;
}

/* The kind of the token that the logical line starts with. */
static int statement_kind(const Lexer *lexer) {
    int first = lexer->tokens->count;
    const Token *tokens = lexer->tokens->data;
    while (first > 0 && tokens[first - 1].kind != TOKEN_NEWLINE && tokens[first - 1].kind != TOKEN_INDENT &&
           tokens[first - 1].kind != TOKEN_DEDENT)
        first--;
    return first < lexer->tokens->count ? tokens[first].kind : 0;
}

/* A brace that starts a block, as in C: where Python has its colon, and an operand cannot follow. */
static bool block_brace(Lexer *lexer, const unsigned char *at) {
    int kind = statement_kind(lexer), before = last_kind(lexer);
    bool head = kind == TOKEN_IF || kind == TOKEN_ELIF || kind == TOKEN_ELSE || kind == TOKEN_WHILE ||
                kind == TOKEN_FOR || kind == TOKEN_DEF || kind == TOKEN_CLASS || kind == TOKEN_TRY;
    bool bare = before == TOKEN_ELSE || before == TOKEN_TRY;
    if (*at != '{' || lexer->depth || !head || !(is_operand(before) || bare))
        return false;
    Diag *diag = diag_error(span_of(lexer, at, at + 1), DIAG_SYNTAX, "a block is told by its indentation, not by braces");
    diag_help(diag, "write ':' in place of '{', and leave '}' out");
    lexer->braces++;
    put(lexer, TOKEN_COLON, at, at + 1);
    return true;
}

static void open_bracket(Lexer *lexer, const unsigned char *at) {
    if (block_brace(lexer, at))
        return;
    if (lexer->depth == DEPTH_MAX - 1) {
        if (!lexer->too_deep)
            diag_error(span_of(lexer, at, at + 1), DIAG_TOO_DEEP,
                       "brackets are nested deeper than %d levels", DEPTH_MAX - 1);
        lexer->too_deep = true;
        return;
    }
    lexer->brackets[lexer->depth] = *at;
    lexer->openers[lexer->depth++] = offset_of(lexer, at);
    put(lexer, *at == '(' ? TOKEN_LPAREN : *at == '[' ? TOKEN_LBRACKET : TOKEN_LBRACE, at, at + 1);
}

static void close_bracket(Lexer *lexer, const unsigned char *at) {
    unsigned char opener = *at == ')' ? '(' : *at == ']' ? '[' : '{';
    if (lexer->too_deep)
        return;
    if (!lexer->depth && *at == '}' && lexer->braces) {
        lexer->braces--;
        return;
    }
    if (!lexer->depth) {
        diag_error(span_of(lexer, at, at + 1), DIAG_SYNTAX, "this '%c' closes nothing", *at);
        return;
    }
    if (lexer->brackets[lexer->depth - 1] != opener) {
        uint32_t opened = lexer->openers[lexer->depth - 1];
        Diag *diag = diag_error(span_of(lexer, at, at + 1), DIAG_SYNTAX,
                                "'%c' does not close '%c'", *at, lexer->brackets[lexer->depth - 1]);
        diag_note(diag, (Span){lexer->file, opened, opened + 1}, "opened here");
        opener = lexer->brackets[lexer->depth - 1];
    }
    lexer->depth--;
    put(lexer, opener == '(' ? TOKEN_RPAREN : opener == '[' ? TOKEN_RBRACKET : TOKEN_RBRACE, at,
        at + 1);
}

/* A statement's keyword at the start of a line inside brackets: they were never closed. */
static bool starts_line(const Lexer *lexer, const unsigned char *at) {
    while (at > lexer->base && (at[-1] == ' ' || at[-1] == '\t'))
        at--;
    return at == lexer->base || at[-1] == '\n';
}

/* Skips blank and comment lines; `narrow`: the columns where a tab is one. */
static const unsigned char *skip_blank(const Lexer *lexer, const unsigned char *at, int *column, int *narrow) {
    *column = *narrow = 0;
    for (; at < lexer->end; at++) {
        if (*at == '#')
            while (at < lexer->end && *at != '\n')
                at++;
        if (at >= lexer->end)
            return at;
        if (*at == '\r' && at[1] == '\n')
            continue;
        if (*at == '\n' || *at == '\f')
            *column = *narrow = 0;
        else if (*at == ' ' || *at == '\t')
            *column = *at == ' ' ? *column + 1 : (*column | 7) + 1, ++*narrow;
        else
            return at;
    }
    return at;
}

static void mixed_tabs(Lexer *lexer, const unsigned char *at) {
    if (lexer->tabs_told)
        return;
    lexer->tabs_told = true;
    Diag *diag = diag_error(span_of(lexer, at, at + 1), DIAG_BAD_INDENT,
                            "tabs and spaces are mixed: where this line belongs depends on the width of a tab (TabError)");
    diag_help(diag, "indent all lines of the file with spaces");
}

/* A line between two blocks counts as one of the inner, so that those behind it are read. */
static void close_blocks(Lexer *lexer, const unsigned char *at, int column, int narrow) {
    while (column < lexer->indents[lexer->indent_count - 1]) {
        if (column > lexer->indents[lexer->indent_count - 2]) {
            Diag *diag = diag_error(span_of(lexer, at, at + 1), DIAG_BAD_INDENT,
                                    "this line's indentation is that of no block around it");
            diag_help(diag, "indent it by %d or by %d columns", lexer->indents[lexer->indent_count - 2],
                      lexer->indents[lexer->indent_count - 1]);
            lexer->indents[lexer->indent_count - 1] = column;
            lexer->narrow[lexer->indent_count - 1] = narrow;
            return;
        }
        lexer->indent_count--;
        put(lexer, TOKEN_DEDENT, at, at);
    }
    if (narrow != lexer->narrow[lexer->indent_count - 1])
        mixed_tabs(lexer, at);
}

/* Compares the indentation of the next line with those that are open. */
static const unsigned char *indentation(Lexer *lexer, const unsigned char *at) {
    int column, narrow;
    at = skip_blank(lexer, at, &column, &narrow);
    if (at >= lexer->end)
        return at;
    if (column <= lexer->indents[lexer->indent_count - 1]) {
        close_blocks(lexer, at, column, narrow);
        return at;
    }
    if (lexer->indent_count == INDENTS_MAX) {
        diag_error(span_of(lexer, at, at + 1), DIAG_TOO_DEEP, "blocks are nested deeper than %d levels",
                   INDENTS_MAX - 1);
        return lexer->end;
    }
    if (narrow <= lexer->narrow[lexer->indent_count - 1])
        mixed_tabs(lexer, at);
    lexer->narrow[lexer->indent_count] = narrow;
    lexer->indents[lexer->indent_count++] = column;
    put(lexer, TOKEN_INDENT, at, at);
    return at;
}

/* The lines behind an open bracket start a statement of their own: the first is no deeper than the statement that the
 * bracket is in, and cannot follow what stands before it. */
static bool statement_follows(const Lexer *lexer, const unsigned char *at) {
    int column, narrow, before = last_kind(lexer);
    at = skip_blank(lexer, at, &column, &narrow);
    if (at >= lexer->end || column > lexer->indents[lexer->indent_count - 1] || lexer->too_deep)
        return false;
    const unsigned char *end = at;
    while (end < lexer->end && (*end == '_' || (*end | 32) - 'a' + 0u < 26 || (*end - '0' + 0u < 10)))
        end++;
    size_t length = (size_t)(end - at);
    static const char *const joining[] = {"and", "or", "not", "in", "is", "if", "else", "for", "async", "from"};
    for (size_t i = 0; i < sizeof joining / sizeof *joining; i++)
        if (length == strlen(joining[i]) && !memcmp(at, joining[i], length))
            return false;
    if (!length || *at - '0' + 0u < 10 || *end == '"' || *end == '\'')
        return false;
    while (*end == ' ')
        end++;
    bool assigns = *end == '=' && end[1] != '=' && lexer->brackets[lexer->depth - 1] != '(';
    return is_operand(before) || assigns;
}

/* Comments of C: `//` and what stands between slashes and stars, where no operand can be before them. */
static bool comment_of_c(const Lexer *lexer, const unsigned char *at) {
    return at[0] == '/' && (at[1] == '/' || at[1] == '*') && !lexer->depth && !lexer->expression &&
           (line_is_empty(lexer) || last_kind(lexer) == TOKEN_SEMICOLON || last_kind(lexer) == TOKEN_COLON);
}

static const unsigned char *skip_comment_of_c(Lexer *lexer, const unsigned char *at) {
    Diag *diag = diag_error(span_of(lexer, at, at + 2), DIAG_SYNTAX, "a comment starts with '#'");
    diag_help(diag, "write # in place of %.2s", at);
    bool block = at[1] == '*';
    for (at += 2; at < lexer->end && (block || *at != '\n'); at++)
        if (block && at[0] == '*' && at[1] == '/')
            return at + 2;
    return at;
}

/* A string without its end takes the brackets with it that its line opened. */
static void close_line(Lexer *lexer, const unsigned char *start) {
    const unsigned char *line = start;
    while (line > lexer->base && line[-1] != '\n')
        line--;
    while (lexer->depth && lexer->openers[lexer->depth - 1] >= offset_of(lexer, line)) {
        unsigned char bracket = lexer->brackets[--lexer->depth];
        put(lexer, bracket == '(' ? TOKEN_RPAREN : bracket == '[' ? TOKEN_RBRACKET : TOKEN_RBRACE, start, start);
    }
}

static void told(Lexer *lexer, const unsigned char *start, const unsigned char *end, const char *message,
                 const char *help) {
    Diag *diag = diag_error(span_of(lexer, start, end), DIAG_SYNTAX, "%s", message);
    if (help)
        diag_help(diag, "%s", help);
}

static void bad_suffix(Lexer *lexer, const unsigned char *start, const unsigned char *end) {
    Diag *diag = diag_error(span_of(lexer, start, end), DIAG_BAD_NUMBER, "'%.*s' is neither a number nor a name",
                            (int)(end - start > 40 ? 40 : end - start), (const char *)start);
    const unsigned char *number = end;
    while (number > start && strchr("lLuUfF", number[-1]))
        number--;
    if (number < end && number > start && (number[-1] - '0' + 0u < 10 || number[-1] == '.'))
        diag_help(diag, "numbers have no suffix: write %.*s", (int)(number - start), (const char *)start);
}

/* The end of a string in three quotes; NULL if there is none. */
static const unsigned char *long_string(const Lexer *lexer, const unsigned char *at,
                                        unsigned char quote) {
    for (; at + 2 < lexer->end; at++) {
        if (*at == '\\')
            at++;
        else if (at[0] == quote && at[1] == quote && at[2] == quote)
            return at + 3;
    }
    return NULL;
}

static void finish(Lexer *lexer) {
    const unsigned char *end = lexer->end;
    if (lexer->expression) {
        put(lexer, 0, end, end);
        return;
    }
    if (lexer->depth)
        unclosed(lexer);
    int last = lexer->tokens->count ? lexer->tokens->data[lexer->tokens->count - 1].kind : 0;
    if (last && last != TOKEN_NEWLINE && last != TOKEN_DEDENT)
        newline(lexer, end, end);
    while (lexer->indent_count > 1) {
        lexer->indent_count--;
        put(lexer, TOKEN_DEDENT, end, end);
    }
    put(lexer, 0, end, end);
}

#define TOKEN(kind)                                                                                \
    do {                                                                                           \
        put(&lexer, TOKEN_##kind, start, YYCURSOR);                                                \
        goto next;                                                                                 \
    } while (0)
#define STATEMENT(kind)                                                                            \
    do {                                                                                           \
        if (lexer.depth && !lexer.expression && starts_line(&lexer, start)) {                      \
            unclosed(&lexer);                                                                      \
            newline(&lexer, start, start);                                                         \
            YYCURSOR = start;                                                                      \
            while (YYCURSOR > lexer.base && YYCURSOR[-1] != '\n')                                  \
                YYCURSOR--;                                                                        \
            line_start = true;                                                                     \
            goto next;                                                                             \
        }                                                                                          \
        TOKEN(kind);                                                                               \
    } while (0)

void lex(Arena *arena, uint32_t file, uint32_t from, uint32_t to, bool expression,
         Tokens *tokens) {
    Lexer lexer = {.arena = arena, .file = file, .tokens = tokens, .expression = expression};
    lexer.base = (const unsigned char *)source_file(file)->text;
    lexer.end = lexer.base + to;
    lexer.indent_count = 1;
    bool line_start = !expression;
    const unsigned char *YYCURSOR = lexer.base + from, *YYMARKER, *start;
    if (!expression && to >= 3 && !memcmp(YYCURSOR, "\xef\xbb\xbf", 3))
        YYCURSOR += 3;
next:
    if (line_start && !lexer.depth) {
        line_start = false;
        YYCURSOR = indentation(&lexer, YYCURSOR);
    }
    start = YYCURSOR;
    if (start >= lexer.end) {
        finish(&lexer);
        return;
    }
    /*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:yyfill:enable = 0;
    re2c:eof = -1;
    D = [0-9];
    DI = D ("_"? D)*;
    NAME = ([a-zA-Z_] | [\x80-\xff]) ([a-zA-Z0-9_] | [\x80-\xff])*;
    EXP = [eE] [+-]? DI;
    NUMBER = ("0" [xX] ("_"? [0-9a-fA-F])+ | "0" [oO] ("_"? [0-7])+ | "0" [bB] ("_"? [01])+
              | DI | DI "." DI? EXP? | "." DI EXP? | DI EXP) [jJ]?;
    PREFIX = ([rRbBuUfF] | [rR] [bBfF] | [bBfF] [rR])?;
    SINGLE = PREFIX "'" ([^'\\\n\x00] | "\\" [^\x00])* "'";
    DOUBLE = PREFIX '"' ([^"\\\n\x00] | "\\" [^\x00])* '"';
    NL = "\r"? "\n";

    [ \t\f\r]+ { goto next; }
    "#" [^\n\x00]* { goto next; }
    "\\" NL { goto next; }
    NL {
        if (lexer.expression)
            goto next;
        if (lexer.depth && !statement_follows(&lexer, YYCURSOR))
            goto next;
        if (lexer.depth)
            unclosed(&lexer);
        newline(&lexer, start, YYCURSOR);
        line_start = true;
        goto next;
    }
    NUMBER { TOKEN(NUMBER); }
    NUMBER NAME {
        const unsigned char *odd = foreign_find(start, YYCURSOR);
        if (odd) {
            YYCURSOR = odd;
            TOKEN(NUMBER);
        }
        bad_suffix(&lexer, start, YYCURSOR);
        TOKEN(NUMBER);
    }
    [uU][rR] / ['"] {
        told(&lexer, start, YYCURSOR, "strings have no prefix 'ur'", "write r in place of it: every string is Unicode");
        goto next;
    }
    "&&" { told(&lexer, start, YYCURSOR, "'&&' is not an operator", "write 'and'"); TOKEN(AND); }
    "||" { told(&lexer, start, YYCURSOR, "'||' is not an operator", "write 'or'"); TOKEN(OR); }
    "<>" { told(&lexer, start, YYCURSOR, "'<>' is not an operator", "write '!='"); TOKEN(COMPARE); }
    "!" { told(&lexer, start, YYCURSOR, "'!' is not an operator", "write 'not'"); TOKEN(NOT); }
    "?" {
        told(&lexer, start, YYCURSOR, "'?' is not an operator", "write A if CONDITION else B for CONDITION ? A : B");
        goto next;
    }
    "`" [^`\n\x00]* "`" {
        told(&lexer, start, YYCURSOR, "backticks are not a call", "write repr(...) for `...`");
        TOKEN(STRING);
    }
    PREFIX "'''" {
        const unsigned char *end = long_string(&lexer, YYCURSOR, '\'');
        if (end) {
            YYCURSOR = end;
            TOKEN(STRING);
        }
        goto unended;
    }
    PREFIX '"""' {
        const unsigned char *end = long_string(&lexer, YYCURSOR, '"');
        if (end) {
            YYCURSOR = end;
            TOKEN(STRING);
        }
        goto unended;
    }
    SINGLE | DOUBLE { TOKEN(STRING); }
    PREFIX ['"] { goto unended; }
    "and" { TOKEN(AND); }
    "or" { TOKEN(OR); }
    "not" { TOKEN(NOT); }
    "in" { TOKEN(IN); }
    "is" { TOKEN(IS); }
    "if" { TOKEN(IF); }
    "elif" { TOKEN(ELIF); }
    "else" { TOKEN(ELSE); }
    "for" { TOKEN(FOR); }
    "while" { STATEMENT(WHILE); }
    "def" { STATEMENT(DEF); }
    "class" { STATEMENT(CLASS); }
    "return" { STATEMENT(RETURN); }
    "pass" { STATEMENT(PASS); }
    "break" { STATEMENT(BREAK); }
    "continue" { STATEMENT(CONTINUE); }
    "import" { STATEMENT(IMPORT); }
    "from" { TOKEN(FROM); }
    "as" { TOKEN(AS); }
    "assert" { STATEMENT(ASSERT); }
    "raise" { STATEMENT(RAISE); }
    "del" { STATEMENT(DEL); }
    "global" { STATEMENT(GLOBAL); }
    "nonlocal" { STATEMENT(NONLOCAL); }
    "with" { STATEMENT(WITH); }
    "try" { STATEMENT(TRY); }
    "except" { STATEMENT(EXCEPT); }
    "finally" { STATEMENT(FINALLY); }
    "async" { TOKEN(ASYNC); }
    "await" { TOKEN(AWAIT); }
    "yield" { TOKEN(YIELD); }
    "lambda" { TOKEN(LAMBDA); }
    "None" { TOKEN(NONE); }
    "True" { TOKEN(TRUE); }
    "False" { TOKEN(FALSE); }
    NAME {
        const unsigned char *odd = foreign_find(start, YYCURSOR);
        if (odd && odd > start)
            YYCURSOR = odd;
        if (odd != start)
            TOKEN(NAME);
        bool string;
        YYCURSOR = foreign_report(file, lexer.base, start, YYCURSOR, lexer.end, &string);
        if (string)
            TOKEN(STRING);
        goto next;
    }
    "..." { TOKEN(ELLIPSIS); }
    "->" { TOKEN(ARROW); }
    ":=" { TOKEN(WALRUS); }
    [([{] { open_bracket(&lexer, start); goto next; }
    [)\]}] { close_bracket(&lexer, start); goto next; }
    ("+" | "-" | "*" | "/" | "//" | "%" | "@" | "&" | "|" | "^" | "<<" | ">>" | "**") "=" {
        TOKEN(AUGMENT);
    }
    "==" | "!=" | "<=" | ">=" | "<" | ">" { TOKEN(COMPARE); }
    "**" { TOKEN(POWER); }
    "//" | "/*" {
        if (comment_of_c(&lexer, start)) {
            YYCURSOR = skip_comment_of_c(&lexer, start);
            goto next;
        }
        if (start[1] == '/')
            TOKEN(FLOORDIV);
        YYCURSOR = start + 1;
        TOKEN(SLASH);
    }
    "<<" { TOKEN(SHL); }
    ">>" { TOKEN(SHR); }
    "+" { TOKEN(PLUS); }
    "-" { TOKEN(MINUS); }
    "*" { TOKEN(STAR); }
    "/" { TOKEN(SLASH); }
    "%" { TOKEN(PERCENT); }
    "@" { TOKEN(AT); }
    "&" { TOKEN(AMPERSAND); }
    "|" { TOKEN(BAR); }
    "^" { TOKEN(CARET); }
    "~" { TOKEN(TILDE); }
    "=" { TOKEN(ASSIGN); }
    "," { TOKEN(COMMA); }
    ":" { TOKEN(COLON); }
    ";" { TOKEN(SEMICOLON); }
    "." { TOKEN(DOT); }
    * {
        bool visible = *start > 32 && *start < 127;
        diag_error(span_of(&lexer, start, start + 1), DIAG_BAD_CHARACTER,
                   visible ? "no token starts with '%c'" : "no token starts with byte 0x%02x",
                   *start);
        goto next;
    }
    */
unended:
    diag_help(diag_error(span_of(&lexer, start, start + 1), DIAG_BAD_STRING, "this string has no closing quote"),
              "write the quote that it starts with where it ends");
    bool threefold = YYCURSOR - start >= 3 && YYCURSOR[-1] == YYCURSOR[-2];
    while (YYCURSOR < lexer.end && (threefold || *YYCURSOR != '\n'))
        YYCURSOR++;
    put(&lexer, TOKEN_STRING, start, YYCURSOR);
    close_line(&lexer, start);
    goto next;
}
