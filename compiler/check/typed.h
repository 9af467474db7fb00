/* typed.h: the typed, shaped tree, what `check` hands to `lower`.
 *
 * One TFunction an instance of a function (its top level is one too). Names are gone: every
 * assignment makes a new Variable (SSA); where paths meet, the statement lists which variable
 * stands for which. Every int has a Size. Atoms in these Sizes are the checker's own; `lower`
 * maps them to values of the IR. Conversions are explicit (TEXPR_CAST); what is left implicit is
 * broadcasting in TEXPR_OP and the checks that Python's scalars carry (`python`).
 */
#ifndef MNP_TYPED_H
#define MNP_TYPED_H

#include "base/base.h"
#include "ops/ops.h"
#include "size/size.h"

enum { TYPED_RANK_MAX = 8 };

/* A set of names, in the order of their arrival; it grows. `slots`: where each is, once there are many. */
typedef struct {
    Name *names;
    int count, capacity;
    int *slots, slot_count;
} Names;

typedef struct Type Type;
typedef struct TExpr TExpr;
typedef struct TStmt TStmt;
typedef struct TFunction TFunction;
typedef struct Variable Variable;

/* ---- types --------------------------------------------------------------------------------- */

typedef enum {
    TYPE_POISON,     /* after an error: agrees with everything, raises nothing further */
    TYPE_NONE,
    TYPE_SCALAR,
    TYPE_ARRAY,
    TYPE_TUPLE,
    TYPE_STRING,
    TYPE_FUNCTION, TYPE_MODULE, TYPE_DTYPE, TYPE_LOADED,   /* only inside the checker */
    TYPE_SLICE, TYPE_LIST,
    TYPE_RANGE,          /* start, stop, step (range.c) */
    TYPE_CONSTANT,       /* only inside the checker: an argument that the library sees as written there (constant.c) */
    TYPE_EITHER          /* one of several kinds of scalars (either.c): a tag, then each */
} TypeKind;

/* What the elements of a list are: the first one that is put in decides. Lists of which nothing was known yet share what
 * is found out once they meet. */
typedef struct ListCell ListCell;
struct ListCell {
    const Type *element;             /* NULL: not known */
    Span origin;                     /* where the list is made */
    ListCell *same;                  /* that this one has become */
};

/* Types are immutable, but for what lists turn out to hold, and not unique: compare with type_same. */
struct Type {
    TypeKind kind;
    DType dtype;                     /* SCALAR, ARRAY, DTYPE */
    bool weak;                       /* SCALAR: Python's kind; DTYPE: np.dtype's, not a class of NumPy's scalars */
    bool contiguous;                 /* ARRAY: known to be in C order without gaps */
    bool readonly;                   /* ARRAY: a view that NumPy does not let be written (broadcast_to) */
    bool permuted;                   /* ARRAY: known to be a C-contiguous array whose axes were exchanged: axis i was */
    signed char from[TYPED_RANK_MAX];   /* from[i] there; results keep such an order (order.c), nothing else relies on it */
    int rank;
    Size shape[TYPED_RANK_MAX];
    const Type **items;              /* TUPLE, EITHER, RANGE */
    int count;
    const void *info;                /* FUNCTION (`count`: of functions.def), MODULE: the checker's; CONSTANT: its syntax; DTYPE: "iinfo", "finfo" or NULL */
    ListCell *cell;                  /* LIST */
};

/* Values of the type need no memory: the type says it all. */
static inline bool type_is_nothing(const Type *type) {
    return type->kind == TYPE_NONE || type->kind == TYPE_FUNCTION || type->kind == TYPE_DTYPE ||
           type->kind == TYPE_CONSTANT;
}
/* Values of the type are values of its items. */
static inline bool type_has_parts(const Type *type) {
    return type->kind == TYPE_TUPLE || type->kind == TYPE_EITHER || type->kind == TYPE_RANGE;
}
/* As a message shows it: `float`, `np.float64`, `f64[n, 3]`, `tuple[int, int]`. */
const char *type_print(Arena *arena, const Type *type);
/* The type of a list's elements: arrays in it have no sizes and no layout; NULL where it is not known. */
const Type *list_element(const Type *list);
/* Kind, dtype, weakness, rank and, if `shapes`, shapes. A list of unknown elements becomes one like the other. */
bool type_same(const Type *a, const Type *b, bool shapes);

/* ---- variables ----------------------------------------------------------------------------- */

struct Variable {
    Name name;                       /* the source's name, or NULL for a temporary */
    const Type *type;
    Size size;                       /* int scalars: the value as a polynomial (an own atom where
                                        nothing better is known) */
    Size *items;                     /* tuples: the same of each item */
    Span span;
    uint32_t id;
    /* A loop gave the variable another kind or dtype than it has at first in Python (`s = 0`, then
     * `s += x[i]`): what it was, and how often it is read where that would show. */
    const Type *was;
    int reads;
    Span read;
    void *hint;                      /* a loop's head: the loop's Hint */
};

/* ---- checks and verdicts ------------------------------------------------------------------- */

/* Goal of size arithmetic that the checker met. PROVED ones are for --verdicts only; UNDECIDED
 * ones are for `lower` to emit as CHECK before the expression. */
typedef struct TCheck {
    FactKind kind;                   /* size >= 0, == 0, != 0 */
    Size size;
    Verdict verdict;
    const char *failure;             /* FAILURE row by name: "BROADCAST", "NEGATIVE_SIZE", ... */
    Size values[3];                  /* what the message shows */
    const char *what;                /* in words */
    Span span;
    struct TCheck *next;
} TCheck;

/* ---- expressions --------------------------------------------------------------------------- */

typedef enum {
    TEXPR_CONST,         /* scalar constant */
    TEXPR_NONE,
    TEXPR_STRING,
    TEXPR_VARIABLE,
    TEXPR_SIZE,          /* the int `expr->size`: x.shape[0], len(x), ... of an evaluated array */
    TEXPR_OP,            /* an operation of ops.def, element by element, operands cast already */
    TEXPR_CAST,          /* scalar or array to type->dtype */
    TEXPR_AND, TEXPR_OR, /* short circuit; both operands of the result's type */
    TEXPR_CONDITIONAL,
    TEXPR_INDEX,         /* basic indexing: element (type SCALAR) or view */
    TEXPR_IOTA,          /* an i64 array whose element is its own index along one axis; the other axes have size 1 */
    TEXPR_GATHER,        /* indexing with arrays of ints: a copy, element by element */
    TEXPR_MASK,          /* indexing with an array of bools over the first axes: a copy, or a target */
    TEXPR_TUPLE,
    TEXPR_ITEM,          /* of a tuple */
    TEXPR_BUILTIN,       /* a function of functions.def */
    TEXPR_CALL,          /* of an instance */
    TEXPR_BIND,          /* x := value, met on every path to what follows */
    TEXPR_ONCE,          /* `cast.value`, which several parents share: evaluated where it is met first */
    TEXPR_FORMAT,        /* an f-string */
    TEXPR_LIST,          /* a new list of `tuple.items` */
    TEXPR_RUNTIME,       /* a function of the runtime, which is told by its arguments alone */
    TEXPR_BLOCK          /* statements, then a value */
} TExprKind;

/* What MAY_SHARE asks the run: a stride in bytes by its axis, or one of these. The runtime knows the numbers. */
enum { LAYOUT_C = 100, LAYOUT_FORTRAN = 101, LAYOUT_SHARED = 102 };

/* How a reshape shows the same elements: RESHAPE_PLAIN of a contiguous array; RESHAPE_SPLIT: each new axis comes from
 * one old axis (`axes`; -1: it has size 1); RESHAPE_OR_COPY: a view where the run finds the array in C order, else a
 * copy. */
enum { RESHAPE_PLAIN, RESHAPE_SPLIT, RESHAPE_OR_COPY };

/* One subscript. SLICE: `start` is already clamped as Python does, `step` is a Size known not to
 * be 0, `length` exact. NEW: a new axis of size `length` (NULL: 1) that repeats what it stands before. */
typedef struct {
    enum { SUBSCRIPT_INTEGER, SUBSCRIPT_SLICE, SUBSCRIPT_NEW, SUBSCRIPT_ARRAY } kind;   /* ARRAY: in the checker */
    TExpr *index;                    /* INTEGER: an int expression (its `size`), unchecked */
    Size start, step, length;        /* SLICE: all as Sizes; the TExprs that must be evaluated to
                                        make their atoms known are in `operands`, in order */
    TExpr **operands;
    int operand_count;
} Subscript;

typedef struct {
    const char *text;                /* literal part, or NULL */
    size_t length;
    TExpr *value;
    char conversion;                 /* 0, 's', 'r' */
    TExpr *spec;                     /* a string, or NULL */
    TExpr *times;                    /* how often the string is written, or NULL */
} FormatPart;

typedef struct TBlock {
    TStmt *first, *last;
} TBlock;

/* A read of a variable that a loop promoted (Variable.was), where the difference may still show. */
typedef struct Doubt {
    Variable *variable;
    struct Doubt *next;
} Doubt;

struct TExpr {
    TExprKind kind;
    Span span;
    const Type *type;
    Size size;                       /* int scalars: value as a polynomial, else NULL */
    TCheck *checks;                  /* to be passed before this expression has its value */
    /* The type in Python while the variables in doubt still have their first ones; NULL: the same. */
    const Type *was;
    struct Doubt *doubts;
    void *note;                      /* for the room that reads the tree */
    union {
        Scalar constant;
        struct { const char *data; size_t length; } string;
        Variable *variable;
        /* `python`: both Python scalars, so int overflow, division by zero and the like fail.
         * Operands broadcast to type->shape, aligned at the last axis; an operand's axis whose
         * size is the constant 1 is repeated, every other one has the result's size. */
        struct {
            Op op;
            bool python;
            bool exact;       /* a comparison of an int (cast) with a float, as exact numbers */
            TExpr *operands[3];
        } op;
        /* `exact`: an int of Python that the float must hold exactly, or the run stops. */
        struct { TExpr *value; bool exact; } cast;
        struct { TExpr *value; Variable *variable; } bind;
        struct { TExpr *left, *right; } logic;
        struct { TExpr *test, *then, *otherwise; } conditional;
        struct { TExpr *base; Subscript *subscripts; int count; } index;   /* one an axis of base,
                                                                              NEWs between */
        struct { int axis; TExpr *of; } iota;      /* `of`: evaluated first, or NULL */
        /* One index an axis of base, NULL: the whole axis. Indices are ints or arrays of ints that broadcast to
         * `rank` axes; these are the result's from `at` on, the whole axes stand round them in order. `trusted`:
         * known to be within the axis. */
        struct { TExpr *base; TExpr **indices; int rank, at; bool trusted; } gather;
        /* `total`: how often the mask is True. */
        struct { TExpr *base, *mask, *total; } mask;
        struct { TExpr **items; int count; } tuple;
        struct { TExpr *tuple; int item; } item;
        /* Arguments in the order of info->parameters, NULL where left out and None. What is
         * constant and decided by the checker stands in `axes`, `dtype`, `shape`. */
        struct {
            const FunctionInfo *info;
            TExpr **arguments;
            int argument_count;
            int axes[TYPED_RANK_MAX];   /* REDUCE: reduced axes, ascending; TRANSPOSE: permutation */
            int axis_count;
            int how;                    /* RESHAPE: RESHAPE_PLAIN, ... */
            Op op;                      /* REDUCE, ACCUMULATE, ARG_EXTREME */
            TExpr *initial;             /* REDUCE: or NULL; a scalar of the result's dtype */
            bool keepdims;
            bool python;                /* MIN_MAX, ABS, ...: Python's, not NumPy's */
        } builtin;
        /* Arguments by parameter; the first `ordered` are evaluated in `order`, the rest are
         * variables. */
        struct { TFunction *callee; TExpr **arguments; int count; const int *order; int ordered; } call;
        struct { FormatPart *parts; int count; } format;
        /* `as`: what each argument is passed as where that is not its own type; or NULL. A weak bool as a result
         * comes as an int. */
        struct { const char *symbol; TExpr **arguments; const Type **as; int count; } runtime;
        struct { TBlock body; TExpr *value; } block;
    } as;
};

/* ---- statements ---------------------------------------------------------------------------- */

typedef enum {
    TSTMT_ASSIGN,        /* variable = value (binding: arrays are shared) */
    TSTMT_STORE,         /* target[...] = value: element, or array with broadcasting, overlap-safe */
    TSTMT_AUGMENT,       /* target op= value in place; target an INDEX or an array VARIABLE */
    TSTMT_EXPRESSION,
    TSTMT_IF, TSTMT_WHILE, TSTMT_FOR,
    TSTMT_BREAK, TSTMT_CONTINUE, TSTMT_RETURN,
    TSTMT_ASSERT, TSTMT_RAISE
} TStmtKind;

/* After an if: `result` is `then` or `otherwise`. A branch that does not reach the end has NULL. */
typedef struct {
    Variable *then, *otherwise, *result;
} Merge;

/* A variable that a loop assigns. `head` is its value at the start of each round; `back` at the
 * end of the body (NULL where that is not reached); `after` once the loop is left, in whatever
 * way: a break brings its own value (TStmt.leave.values, in the order of the loop's variables).
 * `init` may be NULL: not assigned before, and then not read in the loop before it is assigned,
 * nor after the loop unless that was proved. */
typedef struct {
    Variable *init, *head, *back, *after;
    int slot;                        /* its place in the values of a break or continue */
} LoopVariable;

struct TStmt {
    TStmtKind kind;
    Span span;
    TStmt *next;
    union {
        struct { Variable *variable; TExpr *value; } assign;
        struct { TExpr *target, *value; Op op; TCheck *checks; } store;   /* STORE, AUGMENT; value
                                                                    cast to the target's dtype for
                                                                    STORE; AUGMENT: `operand` of op
                                                                    is value, result is cast */
        struct { TExpr *value; } expression;
        struct { TExpr *test; TBlock then, otherwise; Merge *merges; int merge_count; } branch;
        struct {
            TExpr *test;
            TBlock body;
            LoopVariable *variables; int variable_count;
        } whilst;
        struct {
            Variable *counter;                 /* of range: this round's value, with its facts */
            TExpr *start, *stop, *step;        /* of range */
            int direction;                     /* 1, -1: the step's sign; 0: only the run knows it */
            TExpr *array; Variable *row;       /* or: rows of an array (counter: 0, 1, ...) */
            TBlock body;
            LoopVariable *variables; int variable_count;
        } loop;
        struct { TStmt *target; Variable **values; } leave;      /* BREAK, CONTINUE */
        struct { TExpr *value; } result;                         /* RETURN; NULL: None */
        struct { TExpr *test, *message; } assertion;
        struct { const char *exception; TExpr *message; } raise;
    } as;
};

/* ---- functions and the program ------------------------------------------------------------- */

struct TFunction {
    Name name;
    Span span;
    Variable **parameters;
    int parameter_count;
    const Type *result;              /* shapes in terms of the parameters' atoms where known */
    Facts *facts;                    /* of the signature: sizes are not negative, ... */
    TBlock body;
    const Names *hidden, *writes;    /* keys of outer variables: parameters behind its own, and those of them
                                        that it assigns: results behind its own */
    bool exported, external, main, recursive;
    bool checking;                   /* by the checker, just now; ... */
    const Type *assumed;             /* ... then calls of it take this as the result's type */
    TFunction *general;              /* exported: the instance for strided arrays, else NULL */
    TFunction *next;
};

typedef struct {
    TFunction *functions;            /* callees before callers where not recursive; main last */
    TFunction *main;                 /* NULL for a library (mnp build -c) */
} TProgram;

/* One line of `mnp check --verdicts`. */
typedef struct {
    Span span;
    const char *what;                /* "index 0 of g", "shapes of a and b" */
    const char *verdict;             /* "proved", "refuted", "checked before the loop", "checked in place" */
    const char *facts;               /* "from the guard at line 7 and the bounds of a", or "" */
} VerdictLine;

/* A function as `mnp port` found it. */
typedef struct {
    const char *name;
    Span span;
    const char *signature;           /* with the annotations that suit its body, where it wants some; or NULL */
    bool called;                     /* the program calls it, and so says its types */
} PortedFunction;

typedef struct {
    bool library;                    /* -c: export annotated functions; else the top level runs */
    bool strict_shapes;
    bool functions;    /* keep the annotated functions that the program does not call; all are checked */
    bool header;       /* a library for its header alone: of a program too */
    bool port;         /* check all that can be checked, for check_ported */
    bool damaged;      /* the parser left statements out: names may be theirs */
    Arena *arena;
} CheckOptions;

struct Ast;
/* Checks a file. Raises diagnostics; the result is to be used only if diag_count() is 0. */
TProgram *check_program(const struct Ast *statements, const CheckOptions *options);
/* Verdicts of the checks that the checker decided itself, in source order. */
int check_verdicts(const VerdictLine **lines);
/* With `port`: the functions and methods of all files, in their order. */
int check_ported(const PortedFunction **functions);

#endif
