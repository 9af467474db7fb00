/* ops.h: dtypes, and the one table of operations.
 *
 * `ops.def` has a row an operation on scalars; a ufunc is such an operation applied to arrays.
 * `functions.def` has a row a function of the language that is more than that: reductions, views,
 * creation, printing, files, Python's built-ins. Checker, lowering, interpreter, emission and the
 * reference are driven by them.
 */
#ifndef MNP_OPS_H
#define MNP_OPS_H

#include "base/base.h"
#include "size/size.h"

/* ---- dtype.c ------------------------------------------------------------------------------- */

typedef enum { CLASS_BOOL, CLASS_INT, CLASS_UINT, CLASS_FLOAT, CLASS_COMPLEX } DTypeClass;

typedef enum {
#define DTYPE(name, text, numpy, c, bytes, class) DTYPE_##name,
#include "ops/dtypes.def"
#undef DTYPE
    DTYPE_COUNT
} DType;

typedef struct {
    const char *name;    /* "f64" */
    const char *numpy;   /* "float64" */
    const char *c;       /* "double" */
    int bytes;
    DTypeClass class;
} DTypeInfo;

const DTypeInfo *dtype_info(DType dtype);
bool dtype_is_float(DType dtype);
bool dtype_is_complex(DType dtype);
bool dtype_is_integer(DType dtype);            /* signed or unsigned, not bool */
/* The dtype of a complex one's parts; of the others themselves. */
DType dtype_real(DType dtype);
/* By any of its names in the source (f64; float64, double, ... of NumPy); false if there is none. */
bool dtype_by_name(const char *name, DType *dtype);
/* By what stands in a string where NumPy takes a dtype: "float64", "f8", "<f8", "d", "int". */
bool dtype_by_text(const char *text, DType *dtype);
/* NumPy's promotion of two strong dtypes (NEP 50). */
DType dtype_promote(DType a, DType b);
/* NumPy's can_cast: 's'afe, same 'k'ind. */
bool dtype_can_cast(DType from, DType to, char casting);
/* The dtype of a weak Python scalar of class `weak` (BOOL, INT, FLOAT, COMPLEX) beside a strong one. */
DType dtype_promote_weak(DType strong, DTypeClass weak);

/* ---- ops.c --------------------------------------------------------------------------------- */

typedef enum {
#define OP(name, text, arity, rule, emission, libm, flags, exactness, numpy, doc) OP_##name,
#include "ops/ops.def"
#undef OP
    OP_COUNT
} Op;

typedef enum {
    RULE_ARITH,     /* operands promoted, result the same; bools: what NumPy allows */
    RULE_DIVIDE,    /* as RULE_FLOAT for integers, else as RULE_ARITH */
    RULE_BITS,      /* bools and integers promoted */
    RULE_INTS,      /* integers promoted (bools to i8) */
    RULE_COMPARE,   /* operands promoted, result bool */
    RULE_LOGIC,     /* operands made bool, result bool */
    RULE_TEST,      /* any operand, result bool */
    RULE_SELECT,    /* bool, then two promoted */
    RULE_CAST,      /* whatever is asked for */
    RULE_FLOAT,     /* floats stay; 32-bit integers and wider become f64, smaller ones are
                       NumPy's float16 or float32 (float16 is refused) */
    RULE_ROUND,     /* floats stay, integers and bools stay */
    RULE_REAL,      /* as RULE_ARITH; complex numbers give their parts' dtype */
    RULE_SIGNBIT,   /* operands as RULE_FLOAT, result bool */
    RULE_EXPONENT,  /* operands as RULE_FLOAT, result i32 */
    RULE_COUNT,     /* integers, result u8 */
    RULE_LDEXP,     /* the first as RULE_FLOAT, the second an integer */
    RULE_FLOAT_POWER   /* f64 or c128 */
} OpRule;

typedef enum { NATIVE, DEFINED, LIBM } OpEmission;
enum { COMMUTATIVE = 1, ASSOCIATIVE = 2, REAL = 4 };

typedef struct {
    const char *name;      /* "ADD" */
    const char *text;
    int arity;
    OpRule rule;
    OpEmission emission;
    const char *libm;      /* C function, or NULL; the f32 one has an f behind */
    int flags;
    const char *exactness;
    const char *numpy;     /* or NULL */
    const char *doc;
} OpInfo;

const OpInfo *op_info(Op op);
/* By the IR's text; by NumPy's name (aliases included). False if there is none. */
bool op_by_text(const char *text, Op *op);
bool op_by_numpy(const char *name, Op *op);

/* A scalar of any dtype: bools, integers in `i` (u64's bits too), floats in `f` (f32 rounded), complex numbers in
 * `re` and `im`. */
typedef union {
    struct { double re, im; };
    int64_t i;
    double f;
} Scalar;

/* The meaning of an operation on scalars of `dtype` (the operands' after promotion; for SELECT the
 * second's, for CAST and BITS the operand's; LDEXP's second is an i64), to a result of dtype `result`. Defined for all operands: what
 * would trap (integer division by zero, a cast out of range) gives what NumPy's array gives. Used
 * by the interpreter and for folding. */
Scalar op_evaluate(Op op, DType dtype, DType result, const Scalar *operands);

/* ---- define.c, elementary.c, complex.c: operations that are made of others ------------------ */

/* A scalar, or a vector of them, while a definition is carried out: for the interpreter its value, for emission
 * what LLVM knows. */
typedef struct {
    DType dtype;
    union {
        Scalar scalar;
        void *llvm;
    };
} Term;

/* Who carries a definition out. */
typedef struct Definer Definer;
struct Definer {
    Term (*let)(Definer *d, Op op, DType result, const Term *operands);
    Term (*constant)(Definer *d, DType dtype, Scalar value);
    /* `usual`, but where `odd` (rarely true) the operation `op`, a LIBM one, of the operands. */
    Term (*unless)(Definer *d, Term odd, Term usual, Op op, const Term *operands);
};

typedef Term (*Definition)(Definer *d, DType result, const Term *operands);
/* NULL for what emission and interpreter do themselves. */
Definition op_definition(Op op, DType operand);
/* True if the operation on complex numbers calls a C function, for one number at a time. */
bool op_calls_complex(Op op);

/* ---- functions.c --------------------------------------------------------------------------- */

/* What the checker and the lowering do with a call; many rows share a kind. */
typedef enum {
#define FUNCTION_KIND(name) FUNCTION_##name,
#include "ops/function_kinds.def"
#undef FUNCTION_KIND
    FUNCTION_KIND_COUNT
} FunctionKind;

/* What FILL writes; with FILL_LIKE the shape is an array's. */
enum { FILL_ZEROS, FILL_ONES, FILL_VALUE, FILL_UNSET, FILL_LIKE };

/* Operands and result of a MATH_CALL: ints, floats, floats that are tested, a float and an int. */
enum { MATH_INTS, MATH_FLOATS, MATH_TEST, MATH_SCALED };

typedef struct {
    const char *module;      /* "np", "math", "builtins", "sys", "time", "array" (methods) */
    const char *name;
    FunctionKind kind;
    int op;                  /* an Op the kind uses (a reduction's), or -1 */
    const char *parameters;  /* as Python writes them: "a, axis=None, keepdims=False" */
    const char *exactness;
    const char *doc;
} FunctionInfo;

const FunctionInfo *function_find(const char *module, const char *name);   /* or NULL */
int function_count(void);
const FunctionInfo *function_at(int index);

#endif
