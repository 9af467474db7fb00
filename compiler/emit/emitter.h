/* emitter.h: what the files of this room share.
 *
 * A value is a scalar of LLVM, or a vector where it varies over the lanes of the vector loop
 * under way; what does not vary stays scalar. `mask` is NULL or tells which lanes are on. An array
 * is a pointer to its first element and its owner: the buffer's start, or null for memory that is
 * not ours.
 */
#ifndef MNP_EMITTER_H
#define MNP_EMITTER_H

#include "emit/emit.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <llvm-c/TargetMachine.h>

/* Lanes of the widest vector; elements that lie at most so far apart are loaded as whole vectors. */
enum { EMIT_WIDTH_MAX = 64, EMIT_STRIDE_MAX = 4 };

typedef struct {
    LLVMValueRef value;       /* scalar or vector; an array's data */
    LLVMValueRef owner;       /* arrays */
    int depth;                /* of the loops around the definition */
    LLVMValueRef home;        /* the function of LLVM that it is a value of */
} Emitted;

typedef struct ExitFrame ExitFrame;
typedef struct LoopFrame LoopFrame;
typedef struct Pieces Pieces;

typedef struct {
    const Value *array;
    LLVMBasicBlockRef failure;                 /* gives it back, and all before it, and fails; or NULL */
} Owned;

/* A loop that exits may leave. */
struct ExitFrame {
    const Node *loop;
    LLVMBasicBlockRef after, latch;
    LLVMValueRef *after_slots, *latch_slots;   /* allocas; mem2reg makes them values */
    int owned;                                 /* how many owned values lived outside */
    ExitFrame *outer;
};

/* Which functions of the module go together: `place` is by their order, and where their parts are in `part`: the
 * function's, behind it its pieces'. */
typedef struct {
    int count;
    bool plain[EMIT_PARTS_MAX];   /* has loops that the schedule left to LLVM */
    VEC(int) place, part;
} Partition;

/* For debuggers: a function that is computed where it is called. */
typedef struct {
    const char *function, *text;      /* of the file that it stands in */
    LLVMMetadataRef scope;
} InlinedScope;

typedef struct {
    const EmitOptions *options;
    const Module *source;
    const Partition *partition;
    int part;                                  /* that this module is */
    const Function *function;
    int place;                                 /* in the partition */
    VEC(LLVMValueRef) foreign;                 /* functions of LLVM's that are built here, and belong to other parts */
    LLVMContextRef context;
    LLVMModuleRef module;
    LLVMBuilderRef builder;
    LLVMValueRef llvm_function;
    LLVMBasicBlockRef entry;                   /* for allocas */
    Emitted *values;                           /* by Value.id */
    VEC(LLVMValueRef) functions;               /* in the order of module->functions */
    VEC(Owned) owned;                          /* live ones, to release on exit */
    LLVMBasicBlockRef failure;                 /* of a function that owns nothing, or NULL */
    int owned_outside;                         /* how many of `owned` whoever calls gives back after a failure */
    Pieces *pieces;                            /* of a long function under way, or NULL */
    ExitFrame *exits;
    VEC(LoopFrame *) frames;                   /* of the loops under way; open: the first `depth` */
    int depth;
    /* the vector loop under way */
    const Value *lane_iv;
    int width;
    LLVMValueRef mask;
    bool texts;                                /* strings are made somewhere in the module */
    LLVMDIBuilderRef debug;
    LLVMMetadataRef debug_scope, debug_file;
    VEC(InlinedScope) inlined_scopes;      /* of functions that are computed where they are called */
    Arena *arena;
} Emitter;

/* ---- partition.c --------------------------------------------------------------------------- */

/* Functions and pieces whose loops are all scheduled, in one part or two of about the same size, and so for those that
 * LLVM should look at. */
Partition partition_module(const Module *module, Arena *arena);
/* True for a loop with vector lanes, and for those around it and inside of it. */
bool is_scheduled_loop(const Node *loop);

/* ---- target.c ------------------------------------------------------------------------------ */

/* A text that LLVM has made: it gives NULL where memory is out. */
char *llvm_text(char *text);
LLVMTargetMachineRef machine_new(const EmitOptions *options);
/* emit_objects into memory; the buffers are the caller's. */
int emit_in_memory(const Module *module, const EmitOptions *options, LLVMMemoryBufferRef objects[EMIT_PARTS_MAX],
                   EmitTimes *times);

/* ---- value.c ------------------------------------------------------------------------------- */

LLVMTypeRef type_of(Emitter *e, DType dtype);
LLVMTypeRef vector_of(Emitter *e, LLVMTypeRef type);
bool is_vector(LLVMValueRef value);
LLVMValueRef splat(Emitter *e, LLVMValueRef value);
LLVMValueRef int64(Emitter *e, int64_t value);
LLVMValueRef pointer_null(Emitter *e);
LLVMValueRef emit_let(Emitter *e, const Node *node);
/* An operation on operands of these dtypes, scalars or vectors; those are made vectors where one is. */
LLVMValueRef emit_operation(Emitter *e, Op op, const DType *dtypes, DType result, LLVMValueRef *operands);
/* A call of a C function; for vectors lane by lane. */
LLVMValueRef libm_call(Emitter *e, const char *name, LLVMValueRef *arguments, int count);
LLVMValueRef emit_binary_op(Emitter *e, Op op, DType dtype, LLVMValueRef a, LLVMValueRef b);
LLVMValueRef emit_constant(Emitter *e, DType dtype, Scalar value);
LLVMValueRef intrinsic(Emitter *e, const char *name, LLVMTypeRef type, LLVMValueRef *arguments,
                       int count);
/* The real part (0) or the imaginary one of a complex number, or of lanes of them. */
LLVMValueRef complex_part(Emitter *e, LLVMValueRef value, unsigned part);
/* `a` where the test holds, for whatever type values have. */
LLVMValueRef select_value(Emitter *e, LLVMValueRef test, LLVMValueRef a, LLVMValueRef b);
/* Both scalar or both vectors. */
void unify(Emitter *e, LLVMValueRef *a, LLVMValueRef *b);
Emitted get(Emitter *e, const Value *value);
void set(Emitter *e, const Value *value, LLVMValueRef llvm, LLVMValueRef owner);

/* ---- define.c ------------------------------------------------------------------------------ */

/* Writes out what an operation is made of. */
LLVMValueRef emit_definition(Emitter *e, Definition definition, Op op, const DType *dtypes, DType result,
                             LLVMValueRef *operands);
/* A complex number is a struct of its two parts, lanes of them a struct of two vectors. */
LLVMValueRef emit_complex(Emitter *e, LLVMValueRef re, LLVMValueRef im);
/* REAL, IMAG and C's functions of complex numbers. */
LLVMValueRef emit_complex_part(Emitter *e, Op op, LLVMValueRef *operands);

/* What C passes for a scalar, and back: a bool as a byte, a complex number by its address. */
LLVMValueRef scalar_to_c(Emitter *e, DType dtype, LLVMValueRef value);
LLVMValueRef scalar_from_c(Emitter *e, DType dtype, LLVMValueRef value);

/* ---- polynomial.c -------------------------------------------------------------------------- */

LLVMValueRef emit_size(Emitter *e, Size size);
/* At the builder's place, but for what moves out of loops. */
LLVMValueRef emit_size_here(Emitter *e, Size size);
/* With overflow tests; *overflow is an i1 that is set where the value does not fit. */
LLVMValueRef emit_size_checked(Emitter *e, Size size, LLVMValueRef *overflow);
bool size_varies(Emitter *e, Size size);
LLVMValueRef emit_goal(Emitter *e, FactKind kind, Size size);
LLVMValueRef floor_divide(Emitter *e, LLVMValueRef a, LLVMValueRef b, bool remainder);

/* ---- keep.c -------------------------------------------------------------------------------- */

/* Begins a loop: the block under way is its entry, which leads to `body`, the first block of each round. `variable`
 * (or NULL) starts with `first` and moves by `step` (0: otherwise) from round to round. */
void open_frame(Emitter *e, const Value *variable, int64_t step, LLVMValueRef first, LLVMBasicBlockRef body);
/* At the end of all rounds, in the only block that leads to the next one. */
void move_on(Emitter *e);
void close_frame(Emitter *e);
/* True if the size is the same in all rounds of the innermost loop, and in all lanes. */
bool size_moves_out(Emitter *e, Size size);
Size size_of_term(const SizeTerm *term);
/* A size that does not vary over the lanes. */
LLVMValueRef emit_scalar_size(Emitter *e, Size size);
/* The address of the element at an offset; the variable of lanes is that of the first one. */
LLVMValueRef emit_element(Emitter *e, const Value *array, Size offset);

/* ---- memory.c ------------------------------------------------------------------------------ */

LLVMValueRef emit_load(Emitter *e, const Node *load);
void emit_store(Emitter *e, const Value *array, const Size *index, LLVMValueRef value);
LLVMTypeRef memory_type(Emitter *e, DType dtype);
/* Intrinsics on memory, and on lanes, are overloaded in two types. */
LLVMValueRef memory_intrinsic(Emitter *e, const char *name, LLVMTypeRef *types, LLVMValueRef *arguments, int count);
LLVMValueRef emit_address(Emitter *e, const Value *array, const Size *index);
void emit_alloc(Emitter *e, const Node *node);
void emit_view(Emitter *e, const Node *node);
LLVMValueRef stack_slot(Emitter *e, LLVMTypeRef type, const char *name);
/* An mnp_array on the stack that describes an array. */
LLVMValueRef emit_descriptor(Emitter *e, const Value *array);
LLVMTypeRef descriptor_type(Emitter *e);

/* ---- compact.c ----------------------------------------------------------------------------- */

/* True if an if puts chosen lanes side by side: it ends a loop with lanes that carries their place. */
bool is_compaction(const Node *branch);
void emit_compaction(Emitter *e, const Node *branch);

/* ---- function.c, call.c, export.c ---------------------------------------------------------- */

LLVMBasicBlockRef new_block(Emitter *e, const char *name);
/* The builder to the end of a block. */
void start_block(Emitter *e, LLVMBasicBlockRef block);
LLVMValueRef scalar_value(Emitter *e, const Value *value);
/* The loop that this branch closes is not unrolled by LLVM. */
void keep_rolled(Emitter *e, LLVMValueRef branch);
void emit_region(Emitter *e, const Region *region);
void emit_release(Emitter *e, const Node *node);
void emit_node(Emitter *e, const Node *node);
/* Instructions from here on belong to a place of the source. */
void set_location(Emitter *e, Span span);
/* A file's path as debuggers are told of it. */
const char *debug_path(const Emitter *e, const char *path);
/* Tells debuggers of the function of LLVM under way; it starts at `span`. */
void debug_function(Emitter *e, Span span);
void add_attribute(Emitter *e, LLVMValueRef function, unsigned index, const char *name);
void emit_function(Emitter *e, const Function *function, LLVMValueRef llvm);
LLVMValueRef declare_internal(Emitter *e, const Function *function);
LLVMTypeRef internal_type(Emitter *e, const Function *function);
void emit_call(Emitter *e, const Node *node);
void emit_runtime(Emitter *e, const Node *node);
LLVMValueRef call_abi(Emitter *e, const char *symbol, LLVMValueRef *arguments, int count);
/* Leaves the function with a failure where `failed` (an i1) is set; the block of the failure is
 * built by `fill`. */
void emit_failure_exit(Emitter *e);
void emit_releases(Emitter *e, int down_to);
LLVMValueRef place_string(Emitter *e, Span span);
void fail_if(Emitter *e, LLVMValueRef failed, void (*fill)(Emitter *e, const void *user),
             const void *user);
LLVMValueRef function_value(Emitter *e, const Function *function);
void emit_export(Emitter *e, const Function *function);
void emit_main(Emitter *e, const Function *function);
/* The entry for arrays with strides makes sense. */
bool export_has_arrays(const Interface *interface);

/* ---- pieces.c ------------------------------------------------------------------------------ */

/* The nodes are so many that they are emitted in pieces; the first node behind the piece that starts here: the same
 * where nothing can be in one; a node and all inside. */
bool has_pieces(const Region *body);
const Node *end_of_piece(const Node *node);
int node_weight(const Node *node);
/* A function's nodes, in functions of their own where they are many. */
void emit_body(Emitter *e, const Region *body);
/* A RELEASE inside the piece under way, of what it does not own: done behind it. */
void release_behind_piece(Emitter *e, const Node *release);
/* A value as the function of LLVM under way has it, whichever piece defines it. */
Emitted bring_value(Emitter *e, const Value *value, Emitted emitted);
/* The entry of what stays on the stack until the function returns, not only its piece. */
LLVMBasicBlockRef entry_that_lasts(const Emitter *e);

/* ---- pairwise.c ---------------------------------------------------------------------------- */

/* A sum of floats in NumPy's order. */
void emit_reduce(Emitter *e, const Node *node);

/* ---- list.c -------------------------------------------------------------------------------- */

/* Values from a place on as a row of a list's slots on the stack; a row for results; the results read from it. */
LLVMValueRef emit_row(Emitter *e, const Values *values, int from);
LLVMValueRef emit_row_like(Emitter *e, const Values *results);
void emit_row_results(Emitter *e, const Values *results, LLVMValueRef row);
/* Length, elements of one slot: true if the call needs no function. */
bool emit_list_in_place(Emitter *e, const Node *node);

/* ---- writes.c, cname.c --------------------------------------------------------------------- */

bool function_writes(const Function *function, const Value *parameter);
bool module_calls_runtime(const Module *module, const char *symbol);
/* C, C++ or the C library has this name; parameters may hide functions. */
bool c_name_is_taken(const char *name, bool function);
/* What C programs call a function: its name, with an underscore where it is taken. */
const char *c_name(Arena *arena, const Module *module, const char *name, const char *suffix);

#endif
