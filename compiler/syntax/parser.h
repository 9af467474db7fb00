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
    int last_error;         /* line of the last syntax error; one a line is enough */
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
void parser_syntax_error(Parser *parser, Token token);
AstOp parser_operator(Token token);
/* The end of a block, for spans. */
Span list_span(AstList list);

#endif
