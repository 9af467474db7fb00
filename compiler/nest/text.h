/* text.h: what the printer and the reader of the text form share (print.c says what it looks like). */
#ifndef MNP_NEST_TEXT_H
#define MNP_NEST_TEXT_H

#include "nest/nest.h"

/* True if a name can stand in the text as it is: letters, digits, `_`, `.`, bytes above 127; no word of the form. */
bool text_is_name(const char *name);
/* True if the word begins a statement or an expression, or names an operation or a dtype. */
bool text_is_reserved(const char *word);
/* `x + y`, `x and y`; all other operations are written `op(x, ...)`, or `~x`. */
bool text_is_infix(Op op);
/* The dtype that an operation's result has where the text does not say it. */
DType text_result_dtype(Op op, Value *const *operands);
/* The rows of the runtime's failures, by number and by name (-1: none). */
const char *text_failure(int failure);
int text_failure_by_name(const char *name);
/* The operands that the text shows as expressions, in the order of their evaluation. */
Values text_operands(const Node *node);
/* `$j`: where axis j of a view's result stands in the index of its base. */
Atom *text_view_axis(int j);

/* print_size.c: a size over names that `print_atom` writes; the order of the terms depends on the text alone. */
typedef struct {
    void (*print_atom)(Text *text, const Atom *atom, void *user);
    void *user;
} AtomPrinter;
void text_size(Text *text, Size size, const AtomPrinter *printer);

#endif
