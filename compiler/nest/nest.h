/* nest.h: the nest IR, the heart of the compiler.
 *
 * A function is a tree of regions; a region is a list of nodes and ends with the values it yields
 * or with an exit. Scalars and arrays are SSA values. Two rules make analysis plain:
 *
 *   - Every integer that is used as a size, a loop bound, a stride or an index is a Size (size.h):
 *     a polynomial over atoms, and each atom belongs to an i64 value (`atom->owner`). So affine
 *     forms need no reconstruction, and `iv := iv + 1` in a copy of a loop's body is a
 *     substitution.
 *   - An array value is a pointer into a buffer; its shape and strides (in elements) are Sizes
 *     over values that are in scope where the array is. A view costs nothing: it is a VIEW node
 *     whose accesses can be rewritten to its base's.
 *
 * Element expressions are flat: one LET an operation; the printer nests what is used once.
 *
 * Ownership: an array value with `owned` set holds one reference to its buffer, which is given
 * back where its region ends, or earlier by a RELEASE of it, and on every exit that leaves the
 * region. Values that are yielded, returned or stored in a cell are transferred a reference of
 * their own: whoever builds the transfer builds a RETAIN before it (the pass `ownership` cancels
 * RETAIN against RELEASE).
 *
 * The meaning is interpret.c. Nodes live in the module's arena and are not freed; a removed node
 * is only unlinked.
 */
#ifndef MNP_NEST_H
#define MNP_NEST_H

#include "base/base.h"
#include "ops/ops.h"
#include "size/size.h"

enum { RANK_MAX = 8, OPERANDS_MAX = 3 };

typedef struct Module Module;
typedef struct Function Function;
typedef struct Region Region;
typedef struct Node Node;
typedef struct Value Value;
typedef struct Cell Cell;

/* ---- values -------------------------------------------------------------------------------- */

typedef enum { VALUE_SCALAR, VALUE_ARRAY, VALUE_POINTER } ValueKind;

struct Value {
    ValueKind kind;
    DType dtype;               /* of the scalar, or of the array's elements */
    uint32_t id;               /* unique in the module */
    Name name;                 /* a hint for printing, or NULL */
    Node *node;                /* that defines it; NULL: a parameter */
    Atom *atom;                /* of an i64, once somebody asked (value_size) */
    Size size;                 /* of an i64 known to be this polynomial (SIZE nodes), or NULL */
    bool is_iv, is_head;       /* loop variable; carried value inside the loop (defined by node) */
    int rank;                  /* arrays only, from here on */
    Size shape[RANK_MAX], stride[RANK_MAX];   /* stride in elements */
    bool owned;
};

/* The i64 value as a polynomial: its own `size`, or its atom (made on the first call). */
Size value_size(Value *value);
/* The value an atom stands for; NULL for // % min max. */
Value *atom_value(const Atom *atom);
/* True if the strides are those of C order for the shape (syntactically equal Sizes). */
bool value_is_contiguous(const Value *array);
/* Follows VIEW nodes to the array that is none. */
Value *value_root(Value *array);

typedef struct {
    Value **data;
    int count, capacity;
} Values;

/* ---- regions and nodes --------------------------------------------------------------------- */

struct Region {
    Node *first, *last;
    Node *parent;              /* NULL: a function's body */
    Function *function;
    Values yields;             /* what the region hands to its parent's results or next round */
    unsigned era;              /* counts what makes facts that were noted untrue, see Node */
};

typedef enum {
    NODE_CONST,      /* a scalar constant */
    NODE_STRING,     /* the address of a constant string */
    NODE_SIZE,       /* an i64 computed from a polynomial */
    NODE_LET,        /* one operation of ops.def */
    NODE_LOAD, NODE_STORE,
    NODE_FOR, NODE_WHILE, NODE_IF,
    NODE_REDUCE,     /* a pairwise sum */
    NODE_VERSION,    /* select_version: the same result, faster where the goals hold */
    NODE_CHECK,      /* fails where its condition is false */
    NODE_ALLOC, NODE_VIEW, NODE_RETAIN, NODE_RELEASE,
    NODE_CALL,       /* of a function of the module */
    NODE_RUNTIME,    /* of a function of the runtime's ABI table, or an external C function */
    NODE_CELL_GET, NODE_CELL_SET,
    NODE_EXIT        /* leaves regions: break, continue, return, failure; last in its region */
} NodeKind;

/* Something the prover can decide: size >= 0, size == 0, size != 0. */
typedef struct {
    FactKind kind;
    Size size;
} Goal;

typedef enum {
    CHECK_GE,        /* size >= 0 */
    CHECK_EQ,        /* size == 0 */
    CHECK_NE,        /* size != 0 */
    CHECK_INDEX,     /* -bound <= size < bound */
    CHECK_FITS,      /* the size, a number without bounds, fits 64 bits */
    CHECK_TRUE       /* the bool value `cond` */
} CheckKind;

typedef enum { EXIT_BREAK, EXIT_CONTINUE, EXIT_RETURN, EXIT_FAIL } ExitKind;

typedef enum {
    VIEW_AFFINE,     /* base index k = start[k] + sum of step[j] * index[j] over axis[j] == k */
    VIEW_RESHAPE     /* contiguous base, same elements in C order, other shape */
} ViewKind;

struct Node {
    struct {
        Facts *facts;          /* in a function's body: what facts_at found before this node ... */
        unsigned era;          /* ... if this is 1 more than the region's */
    } noted;
    NodeKind kind;
    Span span;
    Node *previous, *next;
    Region *region;            /* that it is in; NULL once removed */
    Values results;            /* what it defines for the nodes after it */
    union {
        struct { Scalar value; } constant;                       /* dtype: results.data[0]'s */
        struct { const char *data; size_t length; } string;
        struct { Size size; } size;
        struct { Op op; Value *operands[OPERANDS_MAX]; } let;
        struct { Value *array; Size index[RANK_MAX]; } load;
        struct { Value *array; Size index[RANK_MAX]; Value *value; } store;
        /* for iv in [lo, hi): bases lo, lo + step, ... below hi; with width W > 1 a base stands
         * for lanes iv = base .. base + W - 1, one after the other; `masked`: lanes at or past hi
         * are left out; `overlapped`: the last base is moved back to hi - step, so that all rounds
         * are full and some elements are met twice (hi - lo is 0 or less, or at least step). Lanes
         * are independent of each other (vectorize saw to it), but for carried values, which pass
         * through them in order. init -> heads (in the body) -> body.yields -> results. */
        struct {
            Name label;        /* stable name, unique in the function */
            Value *iv;
            Size lo, hi;
            int64_t step;      /* > 0 */
            int width;
            bool masked, overlapped;
            Values init, heads;
            Region *body;
        } loop;
        /* heads -> head region computes `test` -> body (same heads) -> yields -> heads;
         * results: the heads' values when the test fails, or a break's values. */
        struct { Name label; Values init, heads; Region *head; Value *test; Region *body; } whilst;
        struct { Value *test; Region *then, *otherwise; } branch;   /* yields -> results */
        /* result = NumPy's pairwise sum of the term for iv = 0 .. count - 1. */
        struct { Name label; Op op; Value *iv; Size count; Region *body; } reduce;
        /* All goals hold: `fast`, else `plain`; both mean the same. yields -> results. */
        struct { Goal *goals; int goal_count; Region *fast, *plain; const char *why; } version;
        struct {
            CheckKind kind;
            Size size, bound;  /* INDEX: the index as written, the axis' size */
            Value *cond;       /* TRUE */
            int failure;       /* row of the runtime's failures (FAILURE_*) */
            Size values[3];    /* what the message shows, NULL where nothing */
            const char *what;  /* in words, for --verdicts: "index 0 of g" */
        } check;
        struct { bool zeroed; bool stack; } alloc;                /* shape: the result's */
        struct {
            ViewKind kind;
            Value *base;
            Size start[RANK_MAX];      /* one a base axis */
            int axis[RANK_MAX];        /* one a result axis: the base's axis, -1: stride 0 */
            Size step[RANK_MAX];       /* one a result axis */
        } view;
        struct { Value *array; } count;                           /* RETAIN, RELEASE */
        struct { Function *callee; Values arguments; } call;
        /* `symbol` names a row of the ABI table. Arrays are passed as pointers to mnp_array; each
         * result is passed as a pointer behind the arguments, unless the row returns a value,
         * which is then results[0]. An array result is an mnp_array that is filled in: it is
         * followed by `rank` shape and `rank` stride i64 results, its Sizes are those.
         * `external`: a function of C by its name in the source; arrays are contiguous, passed by
         * their data, read and written. */
        struct { Name symbol; Values arguments; bool external; } runtime;
        struct { Cell *cell; Value *value; } cell;                /* SET; GET: results */
        /* BREAK, CONTINUE: target loop, values for its results, or next round's heads;
         * RETURN: the function's results; FAIL: exception's name, message (pointer, length). */
        struct { ExitKind kind; Node *target; Values values; const char *exception; } exit;
    } as;
};

/* A variable of the top level that functions read. */
struct Cell {
    Name name;
    ValueKind kind;
    DType dtype;
    int rank;                  /* arrays: GET defines the array, then shape and stride i64 values */
    Cell *next;
};

typedef struct {
    const char *text;
    bool is_step;
} LogLine;
/* What C sees of a function: as lowered, whatever the passes do to the body's own parameters. */
typedef struct {
    Value *value;              /* in the order of C */
    Value *axes[RANK_MAX];     /* arrays: i64 that stand for the sizes a strided array comes with */
    Size size;                 /* a size that C callers of strided arrays do not pass: what it is in
                                  terms of the axes and of the ints; else NULL */
} CParameter;

typedef struct {
    Value *value;              /* arrays: with their shape as far as `known` */
    int at;                    /* the first of its values in Function.results, as lowered */
    bool strided;              /* strides follow the sizes there */
    bool known;                /* the shape follows from the parameters */
    bool placed;               /* the body builds it in the caller's memory: an out, no result any more */
} CResult;

typedef struct {
    CParameter *parameters;
    CResult *results;
    int parameter_count, result_count;
} Interface;

/* Parameters in C order: every size that an array parameter's shape (and, in the general layout,
 * strides) needs is an i64 parameter before it. Results of array type are transferred; their
 * shape is in terms of the parameters or of i64 results that come with them. */
struct Function {
    Module *module;
    Name name;
    Name shown;                /* as a traceback calls it; NULL: `name` */
    uint32_t id;               /* dense in the module: an index for side tables */
    Span span;
    Values parameters;
    Values results;            /* dummies that tell kind, dtype, rank and shape */
    Region *body;
    Facts *facts;              /* of the signature */
    bool exported;
    bool apart;                /* array parameters that are written share memory with no other */
    bool main;                 /* the program's top level */
    struct Function *general;  /* exported: the strided body that may overlap, or NULL */
    Interface *interface;      /* exported, general and external ones */
    Name c_name;               /* as in the source: the instances of an external function share it */
    bool external;             /* implemented in C: no body, called as runtime nodes */
    Values outs;               /* which parameters are results in the caller's memory */
    VEC(LogLine) log;          /* for --explain: what the passes did */
    VEC(Name) labels;          /* stems of the labels given out (label_fresh) */
    Function *next;
};

/* How a check was decided, for `mnp check --verdicts`. */
typedef struct {
    Span span;
    const char *what;
    bool proved, before_loop;  /* before_loop: asked for all rounds before the nest */
    const char *facts;         /* "from the loop's start (line 3), ..." */
    Facts *known;              /* where it is not proved: what is known there, and what that does not give */
    Goal goals[2];
    int goal_count;
} CheckNote;

struct Module {
    Arena *arena;
    VEC(CheckNote) notes;
    Function *functions;       /* in the order they were lowered */
    Cell *cells;
    uint32_t value_count, function_count;
    const char *source_path;
};

Module *module_new(const char *source_path);
Function *module_function(Module *module, Name name, Span span);   /* appended */
void module_remove(Function *function);                            /* that nobody calls any more */
Function *module_find(const Module *module, const char *name);
Cell *module_cell(Module *module, Name name, ValueKind kind, DType dtype, int rank);

/* ---- build.c: nodes are built at a cursor -------------------------------------------------- */

typedef struct {
    Function *function;
    Region *region;
    Node *before;              /* NULL: at the region's end */
    Span span;
} Builder;

Value *build_parameter(Function *function, ValueKind kind, DType dtype, Name name);
/* An array parameter; sizes are given by the caller (value_size of i64 parameters). */
Value *build_array_parameter(Function *function, DType dtype, Name name, int rank,
                             const Size *shape, const Size *stride);
/* C order strides of a shape. */
void build_contiguous(int rank, const Size *shape, Size *stride);

Value *build_const(Builder *b, DType dtype, Scalar value);
Value *build_f64(Builder *b, double value);
Value *build_bool(Builder *b, bool value);
Value *build_string(Builder *b, const char *data, size_t length);
Value *build_size(Builder *b, Size size);            /* an i64; reuses the owner of a lone atom */
/* One operation; `result` is the dtype of the result (bool for comparisons). Constants fold. */
Value *build_let(Builder *b, Op op, DType result, Value *x, Value *y, Value *z);
Value *build_load(Builder *b, Value *array, const Size *index);
Node *build_store(Builder *b, Value *array, const Size *index, Value *value);
/* Loops: afterwards build into loop->as.loop.body. Heads and results are made from `init`; an
 * array head has fresh shape only if the caller makes it so. Yields are set by build_yield. */
Node *build_for(Builder *b, Name label, Size lo, Size hi, int64_t step, const Values *init);
Node *build_while(Builder *b, Name label, const Values *init);
/* `like` gives the results' kinds. */
Node *build_if(Builder *b, Value *test, const Values *like);
Node *build_version(Builder *b, const Goal *goals, int goal_count, const Values *like,
                    const char *why);
Node *build_reduce(Builder *b, Name label, Op op, DType dtype, Size count);
void build_yield(Region *region, const Values *values);
Node *build_check(Builder *b, CheckKind kind, Size size, Size bound, int failure,
                  const char *what);
Value *build_alloc(Builder *b, DType dtype, int rank, const Size *shape, bool zeroed);
Value *build_zero(Builder *b, DType dtype);
/* Loops that store zero to every element. */
void build_zeros(Builder *b, Value *array);
Value *build_view(Builder *b, Value *base, const Size *start, int rank, const int *axis,
                  const Size *step, const Size *shape);
Value *build_reshape(Builder *b, Value *base, int rank, const Size *shape);
void build_retain(Builder *b, Value *array);
void build_release(Builder *b, Value *array);
/* `like` gives the results' kinds (NULL: none). */
Node *build_call(Builder *b, Function *callee, const Values *arguments, const Values *like);
Node *build_runtime(Builder *b, const char *symbol, const Values *arguments, const Values *like);
Node *build_cell_get(Builder *b, Cell *cell);
void build_cell_set(Builder *b, Cell *cell, Value *value);
Node *build_exit(Builder *b, ExitKind kind, Node *target, const Values *values);
/* A node without results, and a region, for the reader. */
Node *node_new(Builder *b, NodeKind kind);
Region *region_new(Function *function, Node *parent);
void values_add(Arena *arena, Values *values, Value *value);
Value *value_new(Module *module, ValueKind kind, DType dtype, Name name);
/* A fresh value of the same kind, dtype, rank, shape and strides. */
Value *value_like(Module *module, const Value *value);
/* `base`, `base.1`, `base.2`, ... : the first that no loop of the function has. */
Name label_fresh(Function *function, const char *base);

/* ---- edit.c: walking and changing ---------------------------------------------------------- */

/* The regions of a node (body, then, else, ...), at most two. */
int node_regions(const Node *node, Region **regions);
/* Every value a node itself reads, regions not entered: operands, init, test, arguments; Sizes'
 * atoms count as reads of their owners. `visit` may replace a Value through the pointer (not
 * those behind Sizes). `use_size` may be NULL. */
void node_uses(Node *node, void (*use)(Value **value, void *user),
               void (*use_size)(Size *size, void *user), void *user);
/* The same for a region and all inside it, yields included. */
/* ... and of all nodes inside it. */
void node_uses_deep(Node *node, void (*use)(Value **value, void *user), void (*use_size)(Size *size, void *user),
                    void *user);
void region_uses(Region *region, void (*use)(Value **value, void *user),
                 void (*use_size)(Size *size, void *user), void *user);
/* Replaces a value everywhere in a region: operands, and for i64 its atom inside Sizes. */
void region_replace(Region *region, Value *old, Value *replacement);
void region_substitute(Region *region, const Atom *atom, Size replacement);
void node_remove(Node *node);
void node_move(Node *node, Region *region, Node *before);
/* Moves all nodes of `from` before `before` in `to` (NULL: at its end). */
void region_splice(Region *from, Region *to, Node *before);
bool region_is_empty(const Region *region);
/* All nodes of a region and inside of it. */
int region_node_count(const Region *region);
/* A loop's first `rounds` rounds, all that it has, in its place. */
void loop_write_out(Node *loop, int64_t rounds);
/* True if `outer` is `inner` or contains it. */
bool region_contains(const Region *outer, const Region *inner);

/* Copies. The map says what stands for what: values that are defined inside get fresh copies and
 * are added; atoms follow their owners. Labels get fresh suffixes if `relabel`. */
typedef struct {
    Function *function;        /* that the copy is for */
    bool relabel;
    VEC(Value *) from;
    VEC(Value *) to;
    VEC(Atom *) atoms;         /* replaced inside Sizes ... */
    VEC(Size) sizes;           /* ... by these */
    struct { int *slots, capacity; } value_index, atom_index;   /* where in the lists, by hash */
    VEC(Node *) old_loops;     /* targets of exits */
    VEC(Node *) new_loops;
} CloneMap;

void clone_map_value(CloneMap *map, Value *from, Value *to);   /* an i64: its atom too */
void clone_map_atom(CloneMap *map, Atom *atom, Size size);
/* A map that says the same and may be added to. */
CloneMap clone_map_copy(const CloneMap *map);
Value *clone_value(CloneMap *map, Value *value);
Size clone_size(CloneMap *map, Size size);
/* Copies every node of `from` into `to` before `before` (NULL: end); yields are not copied:
 * ask clone_value for them. */
void clone_nodes(CloneMap *map, const Region *from, Region *to, Node *before);
Node *clone_node(CloneMap *map, const Node *node, Region *to, Node *before);

/* Renames in place, by the same map: what a node itself reads, and the Sizes of what it defines. */
void node_rename(CloneMap *map, Node *node);
/* ... and what a region yields, for a walk that has renamed all its nodes: many values are replaced in one walk so. */
void region_rename_end(CloneMap *map, Region *region);

Node *find_loop(Function *function, const char *label);        /* or NULL */
/* Innermost FOR or WHILE around a node (itself not), or NULL. */
Node *node_loop(const Node *node);
/* A line for --explain, in words. */
void function_log(Function *function, const char *format, ...) PRINTF_LIKE(2, 3);
/* A step that was taken, as --plan reads it; what follows a # in it is the reason. */
void function_log_step(Function *function, const char *format, ...) PRINTF_LIKE(2, 3);

/* ---- print.c ------------------------------------------------------------------------------- */

/* Text that a reader who knows Python and C follows. */
void nest_print(FILE *file, const Module *module);
void nest_print_module(Text *text, const Module *module);
void nest_print_function(Text *text, const Function *function);

/* ---- read.c -------------------------------------------------------------------------------- */

/* A sound module from such text; what is printed of it is that text again. NULL where the text is wrong: `why` says
 * what, with the line. Spans have no file: their start is the line of the text. */
typedef struct {
    char text[200];
} ReadError;
Module *nest_read(const char *text, size_t length, ReadError *why);

/* ---- verify.c ------------------------------------------------------------------------------ */

/* BUG with `when` and the IR's text where an invariant is broken: uses dominated by definitions,
 * kinds and dtypes, yields against results, exits last and to enclosing loops, Sizes over values
 * in scope, labels unique, array ranks, steps positive, a guard dominating the access it guards. */
void nest_verify(const Module *module, const char *when);
/* The same as a question: what is wrong (NULL: nothing), and at which node (NULL: none). */
const char *nest_fault(const Module *module, const Node **where);

/* ---- interpret.c: the meaning -------------------------------------------------------------- */

/* A scalar, or an array in the caller's memory; its shape and strides are other parameters. */
typedef struct {
    Scalar scalar;
    unsigned char *data;       /* the first element */
    unsigned char *memory;     /* that the array may reach, and its bytes */
    size_t size;
} Argument;

typedef struct {
    bool failed;
    char message[256];         /* what failed, with its values; empty if nothing did */
    Text trace;                /* calls of the runtime with their arguments, in order */
    Scalar results[16];        /* scalar results */
    Text arrays;               /* bytes of array results and of all array arguments afterwards */
    bool exhausted;            /* gave up after `step_limit` nodes: the rest says nothing */
    bool stopped;              /* at a call whose results are unknown: `trace` ends with it, `arrays` say nothing */
    bool leaked;               /* a buffer was not given back, or given back twice */
} Outcome;

/* Runs a function on arguments (one a parameter; the caller's memory is written to). An access
 * outside its buffer, or to one that was given back, is a failure. The caller frees with outcome_free. */
void interpret(const Function *function, const Argument *arguments, int64_t step_limit,
               Outcome *outcome);
void outcome_free(Outcome *outcome);

/* ---- validate.c: running before and after -------------------------------------------------- */

/* Outcomes of every function of scalars and arrays on chosen inputs: sizes 0, 1, 2, 3, width - 1,
 * width, width + 1 that its guards let pass, data that is not round, with nan and -0.0; where the
 * function takes strides also arrays in Fortran order, backwards with gaps, and in one memory. */
typedef struct Snapshot Snapshot;
Snapshot *snapshot_take(const Module *module, int width);
/* BUG with `when`, function, inputs and text where the module, or what is read of its text, now does something else;
 * also where the text is not read back as itself. */
void snapshot_compare(const Snapshot *before, const Module *module, const char *when);

#endif
