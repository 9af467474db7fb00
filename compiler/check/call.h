/* call.h: a call of a function of functions.def, as the files that check calls share it. */
#ifndef MNP_CHECK_CALL_H
#define MNP_CHECK_CALL_H

#include "check/checker.h"

enum { ARGUMENTS_MAX = 12 };

typedef struct {
    Scope *scope;
    const Ast *node;
    const FunctionInfo *info;
    const Ast *asts[ARGUMENTS_MAX];     /* in the order of info->parameters */
    const Ast *receiver;                /* a method's array, the first argument */
    TExpr *values[ARGUMENTS_MAX];
    int count;
} Call;

/* The k-th argument, checked once; whether it is given (and not None); the usual answers. */
TExpr *call_argument(Call *call, int k);
bool call_given(const Call *call, int k);
TExpr *call_poison(Call *call);
TExpr *call_builtin(Call *call, const Type *type, int argument_count);
TExpr *call_wrong(Call *call, TExpr *value, const char *wanted);
int call_parameter_count(const FunctionInfo *info);

/* ---- output.c ------------------------------------------------------------------------------ */

TExpr *check_print(Call *call);
TExpr *check_load(Call *call);
TExpr *check_save(Call *call);

#endif
