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
    unsigned char brackets[DEPTH_MAX];
    uint32_t openers[DEPTH_MAX];
    int depth;
    bool expression, too_deep;
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
    diag_error((Span){lexer->file, at, at + 1}, DIAG_UNCLOSED, "this '%c' is never closed",
               lexer->brackets[lexer->depth - 1]);
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

static void newline(Lexer *lexer, const unsigned char *start, const unsigned char *end) {
    put(lexer, TOKEN_NEWLINE, start, end);
    soft_keywords(lexer);
}

static void open_bracket(Lexer *lexer, const unsigned char *at) {
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

/* Skips blank and comment lines; then compares the indentation with those that are open. */
static const unsigned char *indentation(Lexer *lexer, const unsigned char *at) {
    int column = 0;
    for (;; at++) {
        if (at >= lexer->end)
            return at;
        if (*at == '#')
            while (at < lexer->end && *at != '\n')
                at++;
        if (at < lexer->end && *at == ' ')
            column++;
        else if (at < lexer->end && *at == '\t')
            column = (column | 7) + 1;
        else if (at < lexer->end && (*at == '\f' || *at == '\n'))
            column = 0;
        else if (at < lexer->end && *at == '\r' && at[1] == '\n')
            continue;
        else if (at >= lexer->end)
            return at;
        else
            break;
    }
    if (column > lexer->indents[lexer->indent_count - 1]) {
        if (lexer->indent_count == INDENTS_MAX) {
            diag_error(span_of(lexer, at, at + 1), DIAG_TOO_DEEP,
                       "blocks are nested deeper than %d levels", INDENTS_MAX - 1);
            return lexer->end;
        }
        lexer->indents[lexer->indent_count++] = column;
        put(lexer, TOKEN_INDENT, at, at);
        return at;
    }
    while (column < lexer->indents[lexer->indent_count - 1]) {
        lexer->indent_count--;
        put(lexer, TOKEN_DEDENT, at, at);
    }
    if (column != lexer->indents[lexer->indent_count - 1])
        diag_error(span_of(lexer, at, at + 1), DIAG_BAD_INDENT,
                   "this line's indentation is that of no block around it");
    return at;
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
        if (lexer.depth || lexer.expression)
            goto next;
        newline(&lexer, start, YYCURSOR);
        line_start = true;
        goto next;
    }
    NUMBER { TOKEN(NUMBER); }
    NUMBER NAME {
        diag_error(span_of(&lexer, start, YYCURSOR), DIAG_BAD_NUMBER,
                   "'%.*s' is neither a number nor a name", (int)(YYCURSOR - start),
                   (const char *)start);
        TOKEN(NUMBER);
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
    NAME { TOKEN(NAME); }
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
    "//" { TOKEN(FLOORDIV); }
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
    diag_error(span_of(&lexer, start, start + 1), DIAG_BAD_STRING,
               "this string has no closing quote");
    while (YYCURSOR < lexer.end && *YYCURSOR != '\n')
        YYCURSOR++;
    TOKEN(STRING);
}
