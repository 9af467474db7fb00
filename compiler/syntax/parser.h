/* parser.h: what lexer, grammar and parse.c share; private to this room. */
#ifndef MNP_PARSER_H
#define MNP_PARSER_H

#include "syntax/ast.h"

typedef struct {
    uint16_t kind;          /* a TOKEN_ constant of the grammar; 0 is the end of the file */
    uint32_t start, end;
} Token;

typedef VEC(Token) Tokens;

/* Splits text[start, end) of a file into tokens, with NEWLINE, INDENT and DEDENT. `expression`: it
 * is the inside of an f-string's braces, where line ends mean nothing. */
void lex(Arena *arena, uint32_t file, uint32_t start, uint32_t end, bool expression,
         Tokens *tokens);

/* ---- foreign.c: characters of Unicode that Python's source does not have ---------------------- */

/* The first character of a word that no name has, or NULL. */
const unsigned char *foreign_find(const unsigned char *at, const unsigned char *end);
/* Reports the one at `at`, with the one of ASCII that it looks like; the place to go on. Between typographic quotes
 * everything goes with it, as a string. */
const unsigned char *foreign_report(uint32_t file, const unsigned char *base, const unsigned char *at,
                                    const unsigned char *word_end, const unsigned char *end, bool *string);

typedef struct {
    Ast *first, *last;
    int count;
} AstList;

typedef struct {
    Arena *arena;
    uint32_t file;
    const char *text;
    const Tokens *tokens;
    int current;            /* index of the token that is fed */
    int failed;             /* index of the token that the grammar did not take, or -1 */
    bool quiet;             /* replaying to find what was expected */
    Ast *root;
} Parser;

/* Constructors that the grammar's actions use. */
Ast *parser_node(Parser *parser, AstKind kind, Span span);
Span parser_span(const Parser *parser, Token token);
AstList list_one(Ast *item);
AstList list_add(AstList list, Ast *item);
AstList list_join(AstList first, AstList second);
Ast *parser_tuple(Parser *parser, AstList items, bool comma);
Ast *parser_list(Parser *parser, AstKind kind, Token open, AstList items, Token close);
Ast *parser_number(Parser *parser, Token token);
Ast *parser_string(Parser *parser, Token token);
Ast *parser_strings(Parser *parser, Ast *first, Ast *second);
Ast *parser_name(Parser *parser, Token token);
Ast *parser_unary(Parser *parser, Token op, AstOp code, Ast *operand);
Ast *parser_binary(Parser *parser, Ast *left, Token op, Ast *right);
Ast *parser_compare(Parser *parser, Ast *left, AstOp op, Span op_span, Ast *right);
Ast *parser_boolean(Parser *parser, AstOp op, Ast *left, Ast *right);
Ast *parser_augmented(Parser *parser, Ast *target, Token op, Ast *value);
Ast *parser_assign(Parser *parser, AstList sides);
Ast *parser_call(Parser *parser, Ast *callee, AstList arguments, Token close);
Ast *parser_index(Parser *parser, Ast *value, AstList indices, bool comma, Token close);
Ast *parser_one(Parser *parser, AstKind kind, Token first, Ast *value);
Ast *parser_import(Parser *parser, AstKind kind, Token first, Ast *module, AstList aliases);
Ast *parser_parameter(Parser *parser, AstParameterKind kind, Token token, Ast *annotation,
                      Ast *value);
Ast *parser_function(Parser *parser, Token def, Token name, AstList parameters, Ast *result,
                     AstList body);
Ast *parser_comprehension(Parser *parser, char form, Token open, Ast *element, Ast *value,
                          AstList clauses, Token close);
void parser_check_target(Parser *parser, Ast *target, bool augmented);
/* What the grammar calls where a token cannot follow: the attempt ends there. */
void parser_syntax_error(Parser *parser);
AstOp parser_operator(Token token);
/* The end of a block, for spans. */
Span list_span(AstList list);

/* Feeds the tokens; the tree, or NULL with `failed` set where one of them was not taken. */
Ast *parser_attempt(Parser *parser, const Tokens *tokens);
/* The kinds of token that could stand in place of the one that failed; how many. */
int parser_expected(const Parser *parser, unsigned char *tokens);

/* ---- recover.c ----------------------------------------------------------------------------- */

/* Parses a file's tokens. Each statement that cannot be read is reported once and replaced by one that says nothing,
 * so that the others are read as if it were right. The tokens are changed. */
Ast *recover_parse(Parser *parser, Tokens *tokens);
/* The logical line of token `at`: the indices of its first token and of its NEWLINE. */
int line_first(const Tokens *tokens, int at);
int line_last(const Tokens *tokens, int at);

/* ---- mistakes.c, habits.c ------------------------------------------------------------------ */

/* Reports the token that failed, unless its line has an error already: this one would follow from that. */
void mistake_report(Parser *parser);
/* The same where the line is written as Python 2, C or a slip would have it: true if it was reported. */
bool habit_report(const Parser *parser, const unsigned char *expected, int count);
bool token_among(const unsigned char *tokens, int count, int kind);
bool token_is(const Parser *parser, Token token, const char *text);

#endif
