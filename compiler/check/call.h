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

/* ---- create.c ------------------------------------------------------------------------------ */

/* The dtype that the k-th argument names; false after an error. */
bool call_dtype(Call *call, int k, DType *dtype);
/* A shape's items, an int or a tuple of ints, added to `items`; false after an error. */
bool call_shape(Call *call, TExpr *value, TExpr **items, int *count);
TExpr *check_fill(Call *call);
TExpr *check_arange(Call *call);
TExpr *check_array(Call *call);
TExpr *check_copy(Call *call);

/* ---- rearrange.c --------------------------------------------------------------------------- */

TExpr *check_reshape(Call *call);
TExpr *check_transpose_call(Call *call);
TExpr *check_reduce(Call *call);

/* ---- number.c ------------------------------------------------------------------------------ */

TExpr *check_min_max(Call *call);
TExpr *check_convert(Call *call);
/* np.float64(x) and its like. */
TExpr *check_dtype_call(Scope *s, const Ast *node, DType dtype);
TExpr *check_math(Call *call);
TExpr *check_abs(Call *call);
TExpr *check_round(Call *call);
TExpr *check_text(Call *call);
TExpr *check_len(Call *call);
TExpr *check_item(Call *call);

/* ---- dtype.c ------------------------------------------------------------------------------- */

/* np.dtype, np.iinfo, np.finfo, np.result_type, np.promote_types, np.can_cast, np.issubdtype. */
TExpr *check_dtype_function(Call *call);

/* ---- output.c ------------------------------------------------------------------------------ */

TExpr *check_print(Call *call);
TExpr *check_load(Call *call);
TExpr *check_save(Call *call);

#endif
