/* read.h: the state of the reader of the text form, its tokens, and what its files need of each other. */
#ifndef MNP_NEST_READ_H
#define MNP_NEST_READ_H

#include "nest/text.h"

#include <setjmp.h>

typedef enum { TOKEN_NAME, TOKEN_NUMBER, TOKEN_STRING, TOKEN_SIGN, TOKEN_LINE_END, TOKEN_END } TokenKind;

typedef struct {
    TokenKind kind;
    const char *start;
    int length;                /* of the spelling; a name's without its number */
    int64_t number;            /* NAME: behind `%`, or -1 */
    int indent, line;          /* of its line */
} Token;

/* Where the reader stands: copied to look ahead. */
typedef struct {
    const char *at, *end;
    Token token;               /* the next one */
    const char *words;         /* LINE_END: the comment before it, or NULL; NUL-terminated, in the arena */
} Lexer;

typedef struct {
    Name name;
    Value *value;
} Binding;

typedef struct {
    Lexer lexer;
    Arena *arena;
    Module *module;
    Builder b;
    Binding *bindings;         /* names of the function at hand: an open table of `binding_slots` */
    int binding_count, binding_slots;
    VEC(Atom *) free_atoms;    /* of the function at hand, `?n` */
    VEC(int64_t) wanted;       /* by Value.id while reading: the number in the text, or -1 */
    VEC(Value *) values;       /* the same values */
    int nesting;               /* of blocks and parentheses */
    jmp_buf failed;            /* everything is in arenas: an error leaves from wherever it is seen */
    ReadError *why;
} Reader;

_Noreturn void read_fail(Reader *r, const char *format, ...) PRINTF_LIKE(2, 3);
void lex_next(Reader *r);
/* True if the next token is this word or sign; `accept` also takes it, `expect` fails without it. */
bool at_word(const Reader *r, const char *text);
bool accept(Reader *r, const char *text);
void expect(Reader *r, const char *text);
void expect_line_end(Reader *r);
/* A name without a number, of a function, a symbol, an exception; keywords too. */
Name read_word(Reader *r);
/* An integer, perhaps with a minus before it (also taken here if `negative`). */
int64_t read_integer(Reader *r, bool negative);
/* Blocks and parentheses inside each other are counted, so that no text makes the reader run out of stack. */
void read_enter(Reader *r);
void read_leave(Reader *r);

/* ---- read_size.c --------------------------------------------------------------------------- */

Size read_size(Reader *r);
/* `, `-separated sizes up to `close`, which is taken: their number. */
int read_sizes(Reader *r, const char *close, Size *sizes);

/* ---- read_value.c -------------------------------------------------------------------------- */

void bind_name(Reader *r, Name name, Value *value);
void forget_names(Reader *r);
/* A value of the function at hand, with the name that is next, which is taken; an i64 until its type is read. */
Value *define_value(Reader *r);
/* The values of `a: TYPE ..., b: TYPE ...` up to `end`, which name each other in their types: nothing is taken. */
void define_values(Reader *r, Values *values, const char *end);
void read_type(Reader *r, Value *value);
/* The value that the name at hand stands for, which is taken. */
Value *read_value(Reader *r);
Atom *read_free_atom(Reader *r, Name name);
/* The nodes of an expression, built at the end of the region at hand; its value. */
Value *read_expression(Reader *r);
void read_expressions(Reader *r, Values *values);
/* An expression that is one operation at least, whose value is `result`. */
void read_result(Reader *r, Value *result);
/* Gives each value the number that the text says, and the others numbers of their own. */
void number_values(Reader *r);

#endif
