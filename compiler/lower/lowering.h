/* lowering.h: what the files of this room share.
 *
 * The checker's atoms become the nest IR's: binding an atom to a value sets its owner. Where the
 * value is a known polynomial already, the atom is an alias, replaced in every Size (lower_size).
 */
#ifndef MNP_LOWERING_H
#define MNP_LOWERING_H

#include "lower/lower.h"

/* A lowered value: a scalar or an array in `value`; a string's bytes and length; a tuple's items. */
typedef struct Lowered Lowered;
struct Lowered {
    Value *value, *length;
    Lowered *items;
    int count;
};

typedef struct LoopFrame LoopFrame;

typedef struct {
    Module *module;
    Arena *arena;
    const LowerOptions *options;
    Function *function;
    const TFunction *source;
    Builder b;
    VEC(Lowered) variables;             /* by Variable.id */
    VEC(Atom *) aliases;
    VEC(Size) alias_sizes;
    LoopFrame *loop;
    VEC(const TFunction *) sources;     /* functions already declared ... */
    VEC(Function *) functions;          /* ... and what they became */
} Lowering;

/* A loop that break and continue may leave. */
struct LoopFrame {
    const TStmt *stmt;
    Node *node;
    const LoopVariable *variables;
    int count;
    LoopFrame *outer;
};

/* ---- lower.c ------------------------------------------------------------------------------- */

Size lower_size(Lowering *l, Size size);
void bind_atom(Lowering *l, Size of, Value *value);
void alias_atom(Lowering *l, Size of, Size size);
void set_variable(Lowering *l, const Variable *variable, Lowered lowered);
Lowered get_variable(Lowering *l, const Variable *variable);
/* The values that stand for a value of `type` in calls, yields and returns: scalars; strings with
 * their length; an array followed by what its type does not tell: see flatten in lower.c. */
void flatten(Lowering *l, const Type *type, Lowered lowered, Values *out);
/* Dummies of the same kinds. */
void flatten_like(Lowering *l, const Type *type, Values *out);
/* The inverse: takes values from `values` at *next, binds the type's open atoms. */
Lowered unflatten(Lowering *l, const Type *type, const Values *values, int *next);
/* A value of the type that nobody will read. */
Lowered lower_dummy(Lowering *l, const Type *type);
const char *failure_names(int failure);
int failure_by_name(const char *name);
void lower_checks(Lowering *l, const TCheck *check);
Node *check_true(Lowering *l, Value *cond, int failure, const char *what);
/* The integer value must fit 64 bits. */
void check_fits(Lowering *l, Size size);

enum {
#define FAILURE(name, exception, text) FAILURE_##name,
#include "../../runtime/failures.def"
#undef FAILURE
    FAILURE_COUNT
};

/* ---- signature.c --------------------------------------------------------------------------- */

Function *declare_function(Lowering *l, const TFunction *source);
/* What C sees of a function whose body has been lowered. */
void describe_interface(Lowering *l, const TFunction *source, Function *function);
Lowered lower_call(Lowering *l, TExpr *expr);

/* ---- scalar.c, array.c, builtin.c, statement.c ---------------------------------------------- */

Lowered lower_expr(Lowering *l, TExpr *expr);
Value *lower_scalar(Lowering *l, TExpr *expr);
/* One operation on scalars of the same dtype, Python's checks included. */
Value *lower_operation(Lowering *l, const TExpr *expr, Value *const *operands);
/* The operation of `expr` (an OP) on operands that `get` gives; forms FMAs. */
typedef Value *(*GetOperand)(Lowering *l, TExpr *expr, void *user);
Value *lower_fused(Lowering *l, TExpr *expr, GetOperand get, void *user);

/* Evaluates what an element-wise expression reads; then elements can be asked for. */
void prepare(Lowering *l, TExpr *expr);
Value *lower_element(Lowering *l, TExpr *expr, int rank, const Size *index);
Value *lower_array(Lowering *l, TExpr *expr);
/* A prepared element-wise expression, computed into memory of its own. */
Value *lower_prepared(Lowering *l, TExpr *expr);
void store_array(Lowering *l, Value *target, TExpr *value);
/* Computed element by element where it is read (prepare, lower_element). */
bool is_elementwise(const TExpr *expr);
/* True if nothing that the prepared expression reads can be seen to change while the target is written. */
bool sources_are_apart(Lowering *l, TExpr *expr, Value *target);
/* True if writing to one cannot be seen in the other. */
bool arrays_apart(Lowering *l, Value *a, Value *b);
void prepare_gather(Lowering *l, TExpr *expr);
Value *gather_element(Lowering *l, TExpr *expr, int rank, const Size *index);
Value *lower_gathered(Lowering *l, TExpr *expr);
Lowered lower_masked(Lowering *l, TExpr *expr);
Lowered lower_nonzero(Lowering *l, TExpr *expr);
Lowered lower_repeat(Lowering *l, TExpr *expr);
/* target = value, or op= for `op` of ufunc.at, where the target is a whole array, a GATHER or a MASK. */
void store_place(Lowering *l, TExpr *target, TExpr *value, int op, const TCheck *checks);
Lowered lower_join(Lowering *l, TExpr *expr);
Lowered lower_diagonal(Lowering *l, TExpr *expr);
Lowered lower_diag(Lowering *l, TExpr *expr);
Lowered lower_index(Lowering *l, TExpr *expr);
/* Opens loops over a shape; `index` receives the loop variables. Closed by close_loops. */
typedef struct {
    Builder outer;
    Size index[RANK_MAX];
} Loops;
Loops open_loops(Lowering *l, int rank, const Size *shape, const char *name);
void close_loops(Lowering *l, Loops *loops);

Lowered lower_builtin(Lowering *l, TExpr *expr);
Lowered lower_reduce(Lowering *l, TExpr *expr);
Lowered lower_arg_extreme(Lowering *l, TExpr *expr);
Lowered lower_accumulate(Lowering *l, TExpr *expr);
Lowered lower_matmul(Lowering *l, TExpr *expr);
Lowered lower_contraction(Lowering *l, TExpr *expr);
Lowered lower_format(Lowering *l, TExpr *expr);
void print_value(Lowering *l, const Type *type, Lowered lowered);
void runtime_call(Lowering *l, const char *symbol, Value *const *arguments, int count);
Value *runtime_value(Lowering *l, const char *symbol, Value *const *arguments, int count,
                     ValueKind kind, DType dtype);
void lower_block(Lowering *l, const TBlock *block);

/* ---- list.c -------------------------------------------------------------------------------- */

Lowered lower_list(Lowering *l, TExpr *expr);
Lowered lower_runtime(Lowering *l, TExpr *expr);
Lowered lower_statements(Lowering *l, TExpr *expr);

#endif
