/* call.h: a call of a function of functions.def, as the files that check calls share it. */
#ifndef MNP_CHECK_CALL_H
#define MNP_CHECK_CALL_H

#include "check/checker.h"

enum { ARGUMENTS_MAX = 12, JOIN_MAX = 64 };

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
/* The place of the parameter of that name, -1 where the function has none; whether it is given, and not None. */
int call_place(const Call *call, const char *name);
bool call_given_named(const Call *call, const char *name);
/* A constant True or False; `otherwise` where it is not given. False after an error. */
bool call_flag_named(Call *call, const char *name, bool otherwise, bool *flag);
/* The result, or with out= the statement that stores it there and the array it is stored in. `where`: or NULL. */
TExpr *call_out(Call *call, TExpr *value, TExpr *where);
/* Binds a call's arguments to the parameters of its function; false after an error. */
bool call_bind(Call *call);

/* ---- create.c ------------------------------------------------------------------------------ */

/* The dtype that the k-th argument names; false after an error. */
bool call_dtype(Call *call, int k, DType *dtype);
/* A shape's items, an int or a tuple of at most 8 ints, added to `items`; false after an error. */
bool call_shape(Call *call, TExpr *value, TExpr **items, int *count);
TExpr *check_fill(Call *call);
TExpr *check_arange(Call *call);
TExpr *check_array(Call *call);
TExpr *check_copy(Call *call);
/* A copy in C order; a list or tuple that is written out; an array of rank 0. */
TExpr *copy_of(Scope *s, TExpr *value, DType dtype, Span span);
TExpr *array_of_ast(Scope *s, const Ast *node);
TExpr *array_of_scalar(Scope *s, TExpr *value);
/* The indices along one axis (n of them) of `rank`; `of` is evaluated first. */
TExpr *texpr_iota(Scope *s, int rank, int axis, Size n, TExpr *of, Span span);

/* ---- view.c -------------------------------------------------------------------------------- */

/* Constant axes, a flag, a string, an order: -1, false or NULL after an error. `rank` counts the axes; `axes` receives
 * distinct ones, from 0, as many as are returned. */
int call_axis(Call *call, int k, int rank, int otherwise);
int call_axes(Call *call, int k, int rank, int *axes);
bool call_flag(Call *call, int k, bool otherwise, bool *flag);
const char *call_option(Call *call, int k, const char *otherwise);
bool call_order(Call *call, int k, bool *fortran);
/* An array; what NumPy makes one of, too; that or a scalar; a number as it is. */
TExpr *call_array(Call *call, int k);
TExpr *call_array_like(Call *call, int k);
TExpr *call_value(Call *call, int k);
Size element_count(const Type *type);
TExpr *view_permuted(Scope *s, TExpr *array, const int *axes, Span span);
TExpr *view_reversed_axes(Scope *s, TExpr *array, Span span);
TExpr *view_flipped(Scope *s, TExpr *array, const bool *flipped, Span span);
/* With an axis of one element wherever `fresh` of the result's axes says. */
TExpr *view_expanded(Scope *s, TExpr *array, const bool *fresh, int rank, Span span);
TExpr *view_window(Scope *s, TExpr *array, int axis, Size start, Size length, Span span);
TExpr *view_broadcast(Scope *s, TExpr *array, int rank, const Size *shape, Span span);
/* Evaluates the ints that the shape of the broadcast view is made of before the view. */
void view_needs(Scope *s, TExpr *view, TExpr *const *items, int count);
/* The same elements in C order, as many; `packed`: the result is in C order even where that takes a copy. */
TExpr *view_reshaped(Scope *s, TExpr *array, int rank, const Size *shape, bool packed, Span span);
TExpr *view_raveled(Scope *s, TExpr *array, Span span);
TExpr *check_reshape(Call *call);
TExpr *check_ravel(Call *call);
TExpr *check_transpose_call(Call *call);
TExpr *check_swapaxes(Call *call);
TExpr *check_moveaxis(Call *call);
TExpr *check_expand_dims(Call *call);
TExpr *check_squeeze(Call *call);
TExpr *check_broadcast_to(Call *call);
TExpr *check_broadcast_arrays(Call *call);
TExpr *check_flip(Call *call);
TExpr *check_rot90(Call *call);
TExpr *check_atleast(Call *call);

/* ---- attribute.c --------------------------------------------------------------------------- */

TExpr *check_may_share(Call *call);
TExpr *check_attribute_call(Call *call);

/* ---- join.c -------------------------------------------------------------------------------- */

/* Arrays of one rank along an axis; along a new one. */
TExpr *joined(Scope *s, TExpr **arrays, int count, int axis, DType dtype, Span span);
TExpr *stacked(Scope *s, TExpr **arrays, int count, int axis, DType dtype, Span span);
TExpr *check_concatenate(Call *call);
TExpr *check_stack(Call *call);
TExpr *check_stack_along(Call *call);
TExpr *check_append(Call *call);
TExpr *check_roll(Call *call);
TExpr *check_tile(Call *call);
TExpr *check_repeat(Call *call);
TExpr *check_meshgrid(Call *call);
TExpr *check_indices(Call *call);
TExpr *check_eye(Call *call);
TExpr *check_triangle(Call *call);
TExpr *check_linspace(Call *call);
TExpr *check_logspace(Call *call);
TExpr *check_diagonal(Call *call);
TExpr *check_diag(Call *call);

/* A read-only view of the diagonal of two axes, which comes last. */
TExpr *diagonal_of(Scope *s, TExpr *array, TExpr *offset, int a, int b, Span span);

/* ---- part.c -------------------------------------------------------------------------------- */

TExpr *check_split(Call *call);
TExpr *check_pad(Call *call);
TExpr *check_insert(Call *call);
TExpr *check_delete(Call *call);

/* ---- masked.c ------------------------------------------------------------------------------ */

/* The axes of a reduction; all of them: axis=None; `keep`: they stay, with one element. */
typedef struct {
    bool reduced[TYPED_RANK_MAX];
    bool tuple;                  /* axis= is one */
    bool all, keep;
} Axes;

/* The mask of where=; NULL where there is none, or only True. False after an error. */
bool call_mask(Call *call, TExpr **mask);
/* The sum of those elements of floats for which the mask is True, from `initial` (NULL: 0) on. */
TExpr *masked_sum(Call *call, TExpr *array, TExpr *mask, const Axes *axes, TExpr *initial);

/* ---- order.c ------------------------------------------------------------------------------- */

/* True where the value is, or would be, a permuted array: from[i] is the axis in memory that its axis i is. */
bool has_order(const TExpr *value, signed char *from);
/* Its axes as they are in memory, in C order; and back. */
TExpr *unpermuted(Scope *s, TExpr *value, const signed char *from);
TExpr *permuted(Scope *s, TExpr *value, const signed char *from);

/* ---- choose.c ------------------------------------------------------------------------------ */

TExpr *check_choose(Call *call);
TExpr *check_fromfunction(Call *call);

/* ---- contract.c ---------------------------------------------------------------------------- */

TExpr *check_einsum(Call *call);
TExpr *check_tensordot(Call *call);

/* ---- library.c ----------------------------------------------------------------------------- */

TExpr *check_library(Call *call);
TExpr *check_library_rows(Call *call);
/* A function of stdlib/numpy.mnp by its name there; a call of it. */
FunctionEntry *library_entry(Checker *c, const char *name);
bool is_library_entry(const FunctionEntry *entry);
TExpr *library_call(Scope *s, const char *name, TExpr **values, int count, Span span);

/* ---- gather.c ------------------------------------------------------------------------------ */

/* view[indices], an index an axis or NULL; the indices' axes stand from `at` on. */
TExpr *gather_along(Scope *s, TExpr *view, TExpr **indices, int at, bool trusted, Span span);
/* The items of a list or tuple, and how many; -1 after an error. */
int call_items(Call *call, int k, TExpr ***items);
TExpr *check_assigned(Call *call, TExpr *target, TExpr *value);
TExpr *check_take(Call *call);
TExpr *check_compress(Call *call);
TExpr *check_nonzero(Call *call);
TExpr *check_nonzero_where(Call *call);
TExpr *check_take_along_axis(Call *call);
TExpr *check_ix(Call *call);
TExpr *check_select(Call *call);
TExpr *check_copyto(Call *call);
TExpr *check_sort(Call *call);
TExpr *check_put_along_axis(Call *call);
TExpr *check_put(Call *call);
TExpr *check_ufunc_at(Scope *s, const Ast *node, Op op);
/* Each index as often as `counts` says. */
TExpr *repeated_by(Scope *s, TExpr *array, int axis, TExpr *counts, Span span);

/* ---- rearrange.c --------------------------------------------------------------------------- */


/* ---- number.c ------------------------------------------------------------------------------ */

TExpr *check_min_max(Call *call);
TExpr *check_convert(Call *call);
/* np.float64(x) and its like. */
TExpr *check_dtype_call(Scope *s, const Ast *node, DType dtype);
TExpr *check_math(Call *call);
TExpr *check_math_call(Call *call);
TExpr *check_power_call(Call *call);
TExpr *check_abs(Call *call);
TExpr *check_round(Call *call);
TExpr *check_divmod(Call *call);
TExpr *check_text(Call *call);
TExpr *check_len(Call *call);
TExpr *check_item(Call *call);

/* ---- ufunc.c ------------------------------------------------------------------------------- */

TExpr *check_ufunc(Call *call);
/* divmod, modf, frexp: a tuple. */
TExpr *check_pair(Call *call);
/* np.add.reduce and its like; NULL where the callee is none. */
TExpr *check_ufunc_method(Scope *s, const Ast *node);

/* ---- compose.c ----------------------------------------------------------------------------- */

/* Functions that are expressions of others. */
TExpr *check_composed(Call *call);
/* np.round of the second argument's decimals. */
TExpr *round_to(Call *call, TExpr *x);

/* ---- reduce.c ------------------------------------------------------------------------------ */

TExpr *check_reduce(Call *call);
TExpr *check_statistic(Call *call);
TExpr *check_arg_extreme(Call *call);
TExpr *check_accumulate(Call *call);
TExpr *check_diff(Call *call);
/* op over axes (of `call`'s axis, dtype, keepdims, initial, where, out), as np.add.reduce. */
TExpr *reduce_call(Call *call, Op op, TExpr *array);
TExpr *accumulate_call(Call *call, Op op, TExpr *array);

/* ---- dtype.c ------------------------------------------------------------------------------- */

/* np.dtype, np.iinfo, np.finfo, np.result_type, np.promote_types, np.can_cast, np.issubdtype. */
TExpr *check_dtype_function(Call *call);

/* ---- output.c ------------------------------------------------------------------------------ */

TExpr *check_print(Call *call);
TExpr *check_load(Call *call);
TExpr *check_save(Call *call);
TExpr *check_print_options(Call *call);
TExpr *check_array2string(Call *call);
TExpr *check_fromfile(Call *call);
TExpr *check_loadtxt(Call *call);

#endif
