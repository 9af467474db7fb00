/* sequence.h: what the files share that check loops over sequences, comprehensions and the functions of sequences. */
#ifndef MNP_CHECK_SEQUENCE_H
#define MNP_CHECK_SEQUENCE_H

#include "check/checker.h"

typedef enum {
    SOURCE_ITEMS,        /* of a list, an array or a string */
    SOURCE_RANGE, SOURCE_ZIP, SOURCE_ENUMERATE, SOURCE_REVERSED, SOURCE_MAP
} SourceKind;

typedef struct Source Source;
struct Source {
    SourceKind kind;
    TExpr *value;                        /* ITEMS: a variable */
    TExpr *start, *step;                 /* RANGE; ENUMERATE: start, or NULL */
    VEC(Source *) parts;
    const Ast *function;                 /* MAP */
    TExpr *length;                       /* of what it goes over, as it is before the loop */
    bool grows;                          /* lists are among it, which a loop's body may change */
};

/* ---- iterate.c ----------------------------------------------------------------------------- */

/* What the source's values are is evaluated where this is called; NULL after an error. */
Source *source_new(Scope *s, const Ast *node);
Source *source_of(Scope *s, TExpr *value);
Source *enumerate_source(Scope *s, Source *part, TExpr *start);
TExpr *source_item(Scope *s, const Source *source, TExpr *at, Span span);
TExpr *source_more(Scope *s, const Source *source, TExpr *at, Span span);
/* "zip", "range", ... where the node calls Python's function of sequences of that name; else NULL. */
const char *sequence_call(Scope *s, const Ast *node);
/* Statements in which a list may get another length. */
bool may_change_lists(Scope *s, const Ast *body);

/* ---- comprehend.c -------------------------------------------------------------------------- */

/* Syntax that is made here, to be checked as what the user wrote. A copy has no next. */
Ast *ast_make(Scope *s, AstKind kind, Span span);
Ast *ast_name(Scope *s, Name name, Span span);
Ast *ast_copy(Scope *s, const Ast *node);
Ast *ast_call(Scope *s, Ast *callee, Ast *arguments, Span span);
/* value[index]; of[i] */
Ast *ast_index(Scope *s, Ast *value, Ast *index, Span span);
Ast *ast_item(Scope *s, Name of, int64_t i, Span span);
Ast *ast_if(Scope *s, Ast *test, Ast *body);
Ast *ast_not(Scope *s, Ast *operand);
Ast *ast_assign(Scope *s, Name name, const Ast *value);
/* name op= value; if test: flag = value; break; (item for item in value) */
Ast *ast_augment(Scope *s, Name name, AstOp op, const Ast *value, Span span);
Ast *ast_decide(Scope *s, Ast *test, Name flag, bool value, Span span);
Ast *ast_items(Scope *s, const Ast *iterable, Span span);
/* value.name(arguments) */
Ast *ast_method(Scope *s, Ast *value, const char *name, Ast *arguments, Span span);
/* A name that no program has. */
Name hidden_name(Scope *s, const char *stem);
/* A variable of the value, under a name that no program has. */
Name bind_hidden(Scope *s, const char *what, TExpr *value);

/* The variable of such a name. */
TExpr *hidden_read(Scope *s, Name name, Span span);
/* The elements as Python's scalars, a list an axis. */
TExpr *array_as_lists(Scope *s, TExpr *array, Span span);
/* sep.join of str of each element; `sep`: or NULL. */
TExpr *list_as_words(Scope *s, TExpr *list, TExpr *sep, Span span);
TExpr *check_comprehension(Scope *s, const Ast *node);
/* A generator; other values as one of their items. */
const Ast *comprehension_of(Scope *s, const Ast *node);
/* The loops of its clauses round a statement; `leave`, if any, stands behind each inner loop. */
void comprehension_run(Scope *s, const Ast *comprehension, Ast *innermost, const Ast *leave);
/* [function(item) for item in list] */
TExpr *list_mapped(Scope *s, const Ast *function, TExpr *list, Span span);
/* ---- fold.c -------------------------------------------------------------------------------- */

/* sum, any, all, sorted, list, ...; min and max of one argument. */
TExpr *check_sequence(Scope *s, const Ast *node, const char *name);
/* The items that the node says as a list; a list that is there is given itself if `shared`. */
TExpr *list_of_items(Scope *s, const Ast *node, bool shared);
/* ---- range.c ------------------------------------------------------------------------------- */

/* start, stop and step of a call of range; false after an error. */
bool range_values(Scope *s, const Ast *call, TExpr **values);
TExpr *range_new(Scope *s, const Ast *call);
TExpr *range_length(Scope *s, TExpr *range, Span span);
TExpr *range_index(Scope *s, const Ast *node, TExpr *range);
/* `in`, == and !=; range.name; NULL where there is no such thing. */
TExpr *range_comparison(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span);
TExpr *range_attribute(Scope *s, TExpr *range, Name name, Span span);

/* ---- unroll.c ------------------------------------------------------------------------------ */

/* What a for goes over, with tuples and lists that are written out in it evaluated here, under names. */
const Ast *unroll_named(Scope *s, const Ast *iterable);
/* It goes over tuples whose items do not fit one list. */
bool unroll_wanted(Scope *s, const Ast *iterable);
void check_unrolled(Scope *s, const Ast *node, const Ast *iterable);

/* ---- template.c ---------------------------------------------------------------------------- */

/* 'text' % values and 'text'.format(values), of a text that is written out; NULL where the node is none. */
TExpr *check_percent(Scope *s, const Ast *node);
TExpr *check_format(Scope *s, const Ast *node);

/* Statements that run in front of a value: what is checked between the two becomes a part of the result of inset_close. */
typedef struct Inset Inset;
Inset *inset_open(Scope *s, Span span);
TExpr *inset_close(Inset *inset, TExpr *value);
/* The value in a variable without a name in the program: it is evaluated here, once. */
TExpr *hidden_value(Scope *s, const char *stem, TExpr *value, Span span);
/* f(items...), where f is the name of a function or a lambda. */
TExpr *apply_function(Scope *s, const Ast *function, TExpr **items, int count, Span span);

#endif
