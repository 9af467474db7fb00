/* ast.h: the syntax tree, and the way from a source file to it.
 *
 * The grammar takes all statements and expressions of Python 3.11. The tree keeps every span and
 * nothing else: no types, no resolved names. Lists of nodes are linked through `next`.
 */
#ifndef MNP_AST_H
#define MNP_AST_H

#include "base/base.h"

typedef struct Ast Ast;

typedef enum {
    /* expressions */
    AST_NAME, AST_INT, AST_FLOAT, AST_IMAGINARY, AST_STRING, AST_FSTRING, AST_NONE, AST_TRUE,
    AST_FALSE, AST_ELLIPSIS, AST_TUPLE, AST_LIST, AST_SET, AST_DICT, AST_UNARY, AST_BINARY,
    AST_COMPARE, AST_BOOLEAN, AST_CONDITIONAL, AST_LAMBDA, AST_CALL, AST_KEYWORD, AST_STARRED,
    AST_DOUBLE_STARRED, AST_INDEX, AST_SLICE, AST_ATTRIBUTE, AST_COMPREHENSION, AST_WALRUS,
    AST_AWAIT, AST_YIELD,
    /* statements */
    AST_EXPRESSION, AST_ASSIGN, AST_ANNOTATED, AST_AUGMENTED, AST_RETURN, AST_PASS, AST_BREAK,
    AST_CONTINUE, AST_IMPORT, AST_FROM_IMPORT, AST_ASSERT, AST_RAISE, AST_DELETE, AST_GLOBAL,
    AST_NONLOCAL, AST_IF, AST_WHILE, AST_FOR, AST_WITH, AST_TRY, AST_MATCH, AST_FUNCTION,
    AST_CLASS, AST_ERROR,
    /* parts */
    AST_PARAMETER, AST_ALIAS, AST_FOR_CLAUSE, AST_FORMATTED, AST_HANDLER, AST_WITH_ITEM,
    AST_CASE, AST_DICT_ITEM,
    AST_KIND_COUNT
} AstKind;

/* Operators of AST_UNARY, AST_BINARY, AST_AUGMENTED, AST_COMPARE and AST_BOOLEAN. */
typedef enum {
    AST_OP_ADD, AST_OP_SUB, AST_OP_MUL, AST_OP_DIV, AST_OP_FLOORDIV, AST_OP_MOD, AST_OP_POW,
    AST_OP_MATMUL, AST_OP_SHL, AST_OP_SHR, AST_OP_AND, AST_OP_OR, AST_OP_XOR,
    AST_OP_POS, AST_OP_NEG, AST_OP_INVERT, AST_OP_NOT,
    AST_OP_EQ, AST_OP_NE, AST_OP_LT, AST_OP_LE, AST_OP_GT, AST_OP_GE, AST_OP_IN, AST_OP_NOT_IN,
    AST_OP_IS, AST_OP_IS_NOT,
    AST_OP_BOOL_AND, AST_OP_BOOL_OR
} AstOp;

typedef enum { AST_PLAIN, AST_STAR, AST_DOUBLE_STAR, AST_BARE_STAR, AST_SLASH } AstParameterKind;

struct Ast {
    AstKind kind;
    bool parenthesised;
    Span span;
    Ast *next;                      /* in whatever list the node is in */
    union {
        struct { Name id; } name;
        /* too_big: beyond 63 bits; `fits_unsigned`: then `value` has the 64 bits of a uint64 */
        struct { int64_t value; bool too_big, fits_unsigned; } integer;
        struct { double value; } number;                   /* AST_FLOAT, AST_IMAGINARY */
        struct { const char *data; size_t length; bool bytes; } string;
        struct { Ast *parts; } fstring;                    /* AST_STRING and AST_FORMATTED */
        struct { Ast *value; char conversion; Ast *format; const char *debug; } formatted;
                                     /* conversion 0, 's', 'r', 'a'; format: AST_FSTRING or NULL;
                                        debug: the text of `{x=}` or NULL */
        struct { Ast *items; int count; } list;            /* TUPLE, LIST, SET, DICT */
        struct { Ast *key, *value; } dict_item;            /* key NULL: ** value */
        struct { AstOp op; Span op_span; Ast *operand; } unary;
        struct { AstOp op; Span op_span; Ast *left, *right; } binary;
        struct { Ast *first; Ast *operands; AstOp *ops; Span *op_spans; int count; } compare;
                                     /* first op[0] operands[0] op[1] operands[1] ... */
        struct { AstOp op; Ast *operands; int count; } boolean;
        struct { Ast *test, *body, *otherwise; } conditional;
        struct { Ast *parameters, *body; } lambda;
        struct { Ast *callee; Ast *arguments; int count; } call;   /* KEYWORD, STARRED, ... among them */
        struct { Name name; Span name_span; Ast *value; } keyword;
        struct { Ast *value; } starred;                    /* STARRED, DOUBLE_STARRED, AWAIT, YIELD */
        struct { Ast *value; Ast *indices; int count; bool is_tuple; } index;
        struct { Ast *lower, *upper, *step; } slice;       /* each may be NULL */
        struct { Ast *value; Name name; Span name_span; } attribute;
        struct { Ast *element, *value; Ast *clauses; char form; } comprehension;
                                     /* form '[', '{', '(' ; value: of a dict comprehension */
        struct { Ast *target, *iterable, *conditions; bool is_async; } for_clause;
        struct { Ast *target, *value; } walrus;

        struct { Ast *value; } expression;                 /* EXPRESSION, RETURN (may be NULL) */
        struct { Ast *targets; int target_count; Ast *value; } assign;   /* a = b = value */
        struct { Ast *target, *annotation, *value; } annotated;
        struct { Ast *target; AstOp op; Span op_span; Ast *value; } augmented;
        struct { Ast *aliases; Name module; int level; bool star; } import;   /* both kinds */
        struct { Name path, as; Span as_span; } alias;     /* path may be dotted */
        struct { Ast *test, *message; } assertion;
        struct { Ast *value, *cause; } raise;
        struct { Ast *items; } names;                      /* GLOBAL, NONLOCAL: AST_NAMEs; DELETE */
        struct { Ast *test, *body, *otherwise; } branch;   /* IF (elif: otherwise is one IF), WHILE */
        struct { Ast *target, *iterable, *body, *otherwise; bool is_async; } loop;   /* FOR */
        struct { Ast *items, *body; bool is_async; } with;
        struct { Ast *value, *target; } with_item;
        struct { Ast *body, *handlers, *otherwise, *finally; } attempt;  /* TRY */
        struct { Ast *type; Name as; Ast *body; } handler;
        struct { Ast *subject, *cases; } match;
        struct { Ast *pattern, *guard, *body; } match_case;   /* pattern is an expression tree */
        struct { Name name; Span name_span; Ast *parameters, *result, *body, *decorators;
                 bool is_async; } function;                /* body of a lone AST_ELLIPSIS: external */
        struct { Name name; Span name_span; Ast *arguments, *body, *decorators; } class_;
        struct { Name name; AstParameterKind kind; Ast *annotation, *default_value; } parameter;
    } as;
};

/* Parses a source file to its list of statements. Raises diagnostics; a statement that could not
 * be read is AST_ERROR. The tree lives in the arena. */
Ast *parse_file(Arena *arena, uint32_t file);

/* Name of a kind, and of an operator as the source spells it. */
const char *ast_kind_name(AstKind kind);
const char *ast_op_text(AstOp op);

/* Calls `visit` for each child of a node, with what the child is to it. */
void ast_visit(const Ast *node, void (*visit)(const char *role, const Ast *child, void *user),
               void *user);
/* The tree as indented text, for --dump=ast. */
void ast_print(FILE *file, const Ast *statements);

#endif
