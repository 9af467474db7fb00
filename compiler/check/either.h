/* either.h: values that are one of several kinds of scalars, or None or something else. */
#ifndef MNP_CHECK_EITHER_H
#define MNP_CHECK_EITHER_H

#include "check/checker.h"

/* The type of a value that is of the one or the other type; NULL where there is none: scalars stand beside scalars and
 * None, other types beside None alone. */
const Type *either_join(Scope *s, const Type *a, const Type *b);
/* Where paths meet, a variable may become such a value: it is one on one of them, or None. */
bool either_arises(const Type *a, const Type *b);
/* None is among the alternatives. */
bool either_has_none(const Type *type);
/* A value that may be None as what else it may be: None stops the run. Other values are what they are. */
TExpr *either_value(Scope *s, TExpr *value);
/* The same where it is known that it is not None. */
TExpr *either_some(Scope *s, TExpr *value);
TExpr *either_is_none(Scope *s, TExpr *value, Span span);
/* Every alternative is of the dtype's class or a lower one. */
bool either_is_within(const Type *type, DType dtype);
/* Such a value, or a range, or a tuple that has one in it: text and C have no form for it. */
bool either_inside(const Type *type);

typedef TExpr *(*EitherApply)(Scope *s, TExpr *value, void *user);

/* f of the value; of one that is several kinds, f of each, as the run finds it. Other operands that f uses must be
 * constants or variables. */
TExpr *either_each(Scope *s, TExpr *value, EitherApply f, void *user, Span span);
/* The same with None as an alternative like others; either_each stops where the run finds it. */
TExpr *either_each_or_none(Scope *s, TExpr *value, EitherApply f, void *user, Span span);
/* The value as one of a type that has its own among the alternatives; a variable so, assigned here where it is not. */
TExpr *either_widen(Scope *s, TExpr *value, const Type *type);
Variable *either_widened(Scope *s, Variable *variable, const Type *type);
TExpr *either_binary(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span);
TExpr *either_cast(Scope *s, TExpr *value, DType dtype, bool weak);
TExpr *either_truth(Scope *s, TExpr *value);

#endif
