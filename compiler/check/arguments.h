/* arguments.h: a call's arguments by parameter. */
#ifndef MNP_CHECK_ARGUMENTS_H
#define MNP_CHECK_ARGUMENTS_H

#include "check/checker.h"

/* By parameter, and the order in which they are evaluated: the call's own, then the defaults. What a parameter with a
 * star takes is a tuple. */
typedef struct {
    const Ast **values, **parameters;
    int *order;
    int count, given;
} Arguments;

/* It stands for a value: no mark such as / or *. */
static inline bool is_parameter(const Ast *p) {
    return p->as.parameter.kind == AST_PLAIN || p->as.parameter.kind == AST_STAR;
}

/* False after an error. */
bool arguments_bind(Scope *s, FunctionEntry *entry, const Ast *node, Arguments *arguments);
/* The call with each item of its starred arguments as an argument of its own, which are evaluated here, in order; NULL
 * after an error. */
const Ast *arguments_spread(Scope *s, const FunctionEntry *entry, const Ast *node);
bool has_starred(const Ast *arguments);

#endif
