/* checker.h: what the files of this room share.
 *
 * Start reading in program.c. A Scope is the checker's state inside one function instance: which
 * variable each name stands for at this place, and the facts that hold here. Statements change
 * it; where paths part it is copied, where they meet the copies are joined.
 */
#ifndef MNP_CHECKER_H
#define MNP_CHECKER_H

#include "check/typed.h"
#include "syntax/ast.h"

typedef struct {
    Name name;
    Variable *variable;      /* NULL: assigned on some paths only */
} Binding;

typedef VEC(Binding) Bindings;

typedef struct LoopScope LoopScope;
typedef struct Checker Checker;
typedef struct FunctionEntry FunctionEntry;

typedef struct {
    Checker *checker;
    TFunction *function;
    const Ast *definition;       /* NULL: the top level */
    FunctionEntry *entry;        /* the same */
    Bindings bindings;
    Names bound;                 /* every name that was ever bound, and where in `bindings` it was last: scope.c */
    VEC(int) places;
    Facts *facts;
    bool reachable;
    LoopScope *loop;             /* innermost */
    TBlock *block;               /* where statements go */
    const Type *declared;        /* the annotated result, or NULL */
    const Ast *direct;           /* the expression that a statement evaluates first and whole */
    int branches;                /* operands and branches around that some evaluations skip */
    const Ast *may_write;        /* the call that may assign outer variables: its value is the statement's */
    TCheck **checks;             /* where the expression under way collects its checks */
    const struct SizeNames *sizes;   /* of the signature */
    uint32_t first_open;         /* atoms from here on in `declared` are sizes that the body decides */
    Atom *open_atoms[TYPED_RANK_MAX * 4];   /* what they are in the return under way */
    Size open_sizes[TYPED_RANK_MAX * 4];
    int open_count;
    VEC(TStmt *) returns;
    Names *own;                  /* names that end with the comprehension under way */
} Scope;

/* A break or continue: what the names stand for there. */
typedef struct {
    TStmt *stmt;
    Bindings bindings;
} Leave;

/* What a break or continue needs: the loop's variables in their order. */
struct LoopScope {
    TStmt *stmt;
    Name *names;
    int count;
    Variable **heads;            /* ... at the start of a round; NULL: not assigned before */
    Name broken;                 /* with an else block: the flag that a break sets */
    LoopScope *outer;
    VEC(Leave) leaves;
};

struct FunctionEntry {
    Name name;
    const Ast *definition;
    const Ast *node;             /* nested: the definition or lambda in the source */
    FunctionEntry *parent;       /* the function around it, or NULL */
    Names locals;                /* names that it binds */
    Names globals, writes;       /* keys (closure.c) of outer variables that it, or what it calls, reads; assigns */
    Names global_names, nonlocal_names;
    bool globals_known, defined;
    VEC(TFunction *) instances;
};

typedef struct {
    FunctionEntry *entry;
    TFunction *function;
} FailedInstance;

typedef struct {
    Name name;
    const char *module;          /* "np", "math", ... */
    const FunctionInfo *function;   /* `from math import sqrt`, or NULL: the module itself */
} Import;

/* A variable that functions inside of its owner (NULL: the top level) know by a key. */
typedef struct {
    Name key, name;
    const FunctionEntry *owner;
} OuterName;

/* A variable that a loop would promote where that shows: it is of several kinds (either.c). */
typedef struct {
    const Ast *function;         /* NULL: the top level */
    Name name;                   /* NULL: the elements of the list that is made at a place */
    Span origin;
    const Type *element;
} SeveralKinds;

typedef VEC(SeveralKinds) SeveralKindsSet;

/* What a refused import would bind, and the lines that use it. */
typedef struct {
    Name name;
    Diag *diag;
    VEC(int) lines;
} Refused;

struct Checker {
    Arena *arena;
    const CheckOptions *options;
    TProgram *program;
    TFunction **first_function, **last_function;
    VEC(FailedInstance) failed;  /* instances with errors: they are told again where a loop is checked again */
    VEC(FunctionEntry *) functions, nested;
    VEC(OuterName) outer;
    VEC(Import) imports;
    VEC(Refused) refused;
    bool names_missing;          /* what a module that was refused defines is not known */
    VEC(Binding) constants;      /* top-level names bound once to a constant */
    VEC(TExpr *) constant_values;
    Names top_names;             /* the other names that the top level assigns */
    Scope *top;
    VEC(Variable *) promoted;    /* variables with `was` */
    SeveralKindsSet *several;    /* found so far, for the next check of the program */
    VEC(VerdictLine) verdicts;
    VEC(PortedFunction) ported;
    VEC(struct Loop *) loops;    /* as they were checked last: loop.c */
    VEC(const Ast *) rewritten;  /* a loop, and the one that is checked in its place */
    int depth;
    int unknown_lists;           /* elements asked for of lists that knew none yet */
    VEC(const Ast *) known_syntax;   /* constants given to the library, each value once (constant.c) */
    bool library_read;           /* stdlib/numpy.mnp's functions are among `functions` */
};

/* ---- types.c ------------------------------------------------------------------------------- */

const Type *type_scalar(Checker *c, DType dtype, bool weak);
const Type *type_array(Checker *c, DType dtype, int rank, const Size *shape, bool contiguous);
const Type *type_tuple(Checker *c, const Type **items, int count);
/* A tuple or either like another, of other items. */
const Type *type_with_items(Checker *c, const Type *like, const Type **items);
/* Of such elements; NULL: not known yet. */
const Type *type_list(Checker *c, const Type *element);
/* The elements of a list that knew none. */
void list_decide(const Type *list, const Type *element);
ListCell *list_cell(const Type *list);
const Type *type_simple(Checker *c, TypeKind kind);
bool type_is_int(const Type *type);         /* Python's int or any integer scalar */
bool type_is_python_int(const Type *type);
bool type_is_number(const Type *type);      /* scalar or array */
Size size_fresh(const char *name);

/* ---- scope.c ------------------------------------------------------------------------------- */

Binding *scope_find(Scope *s, Name name);
void scope_bind(Scope *s, Name name, Variable *variable);
Variable *variable_new(Scope *s, Name name, const Type *type, Size size, Span span);
TStmt *stmt_new(Scope *s, TStmtKind kind, Span span);
/* What holds if the condition came out as `truth`. */
Facts *assume(Scope *s, Facts *facts, const TExpr *test, bool truth, const char *why);
/* REFUTED, at a place that is reached. */
bool surely_fails(Scope *s, Verdict verdict);
/* Asks the prover; an UNDECIDED or PROVED check is kept for `lower` and the verdicts, a REFUTED one
 * is an error. */
TCheck *require(Scope *s, FactKind kind, Size size, const char *failure, const char *what,
                Span span);
/* That two sizes are equal; they are the failure's values. */
TCheck *require_equal(Scope *s, Size a, Size b, const char *failure, const char *what, Span span);
void require_not_negative(Scope *s, Size size, const char *what, Span span);

/* ---- expr.c, index.c, call.c, arith.c ------------------------------------------------------- */

TExpr *check_expr(Scope *s, const Ast *node);
/* The same where None has no use: it stops the run; of several kinds of ints, Python's. */
TExpr *check_value(Scope *s, const Ast *node);
TExpr *texpr_new(Scope *s, TExprKind kind, Span span, const Type *type);
TExpr *texpr_poison(Scope *s, Span span);
TExpr *texpr_int(Scope *s, int64_t value, Span span);
TExpr *texpr_bool(Scope *s, bool value, Span span);
/* A function of functions.def, whose `count` arguments are to be filled in. */
TExpr *builtin_new(Scope *s, const char *module, const char *name, const Type *type, int count, Span span);
/* Checks behind those that the expression has: asked once its parts were evaluated. */
void texpr_add_checks(TExpr *expr, TCheck *checks);
/* The value for several parents: it is evaluated once. */
TExpr *texpr_once(Scope *s, TExpr *value);
TExpr *texpr_cast(Scope *s, TExpr *value, DType dtype, bool weak);
/* str(value), or repr(value) for conversion 'r'. */
TExpr *texpr_text(Scope *s, TExpr *value, char conversion, Span span);
TExpr *texpr_truth(Scope *s, TExpr *value);
/* The result, once both are evaluated (the second one may be NULL). */
TExpr *value_behind(Scope *s, TExpr *left, TExpr *right, TExpr *result);
/* then if test else otherwise, of checked operands. */
TExpr *conditional_new(Scope *s, TExpr *test, TExpr *then, TExpr *otherwise, Span span);
/* left op right of checked operands, where op compares. */
TExpr *compare_two(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span);
TExpr *texpr_size(Scope *s, Size size, TExpr *of, Span span);
/* The only element of an array of rank 0 as NumPy's scalar; anything else as it is. */
TExpr *texpr_decay(Scope *s, TExpr *value);
/* A tuple of values that are there. */
TExpr *tuple_of(Scope *s, TExpr **items, int count, Span span);
/* True if the int is known to fit the dtype. */
bool int_fits(Scope *s, Size value, DType dtype);
bool is_poison(const TExpr *expr);
TExpr *check_index(Scope *s, const Ast *node);
/* The same where the base is checked already. */
/* The attribute is np.mgrid or np.ogrid; what stands in its brackets (grid.c). */
bool is_grid(Scope *s, const Ast *attribute);
TExpr *check_grid(Scope *s, const Ast *node);
TExpr *check_index_of(Scope *s, const Ast *node, TExpr *base);
/* base[subscripts], one subscript an axis; a result of rank 0 is an array only if `view`. */
TExpr *index_new(Scope *s, TExpr *base, Subscript *subscripts, int count, bool view, Span span);
/* ---- logic.c ------------------------------------------------------------------------------- */

/* `truth`: only whether the value is true matters. */
TExpr *check_compare(Scope *s, const Ast *node, bool truth);
TExpr *check_boolean(Scope *s, const Ast *node, bool truth);
TExpr *check_conditional(Scope *s, const Ast *node);

/* ---- attribute.c --------------------------------------------------------------------------- */

/* array.name */
TExpr *array_attribute(Scope *s, TExpr *array, const Ast *node);
/* (array.flags).name */
TExpr *check_flags(Scope *s, const Ast *flags, const char *name, Span span);

/* ---- gather.c ------------------------------------------------------------------------------ */

/* base[subscripts] with arrays among them. */
TExpr *gather_new(Scope *s, TExpr *base, Subscript *subscripts, int count, Span span);
/* A list literal as a subscript. */
TExpr *index_of_list(Scope *s, const Ast *node);

/* The whole of an axis of n elements. */
void subscript_whole(Size n, Subscript *subscript);
TExpr *check_call(Scope *s, const Ast *node);
TExpr *check_binary(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span);
/* + and * of strings; NULL where there is no such operation. */
TExpr *string_operation(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span);
/* np.dot; of more than two axes: over the last of the first and the last but one of the second. */
TExpr *check_dot(Scope *s, TExpr *left, TExpr *right, Span span);
TExpr *dot_of_many(Scope *s, TExpr *a, TExpr *b, Span span);
TExpr *make_op(Scope *s, Op op, TExpr **operands, Span span);
TExpr *make_extreme(Scope *s, Op op, TExpr *left, TExpr *right, Span span);
/* Takes back the read of a promoted variable where its first type does not show; with `same_dtype`
 * only if that differs in kind alone. */
void forgive(const TExpr *value, bool same_dtype);
/* Its type where no loop has promoted a variable in it. */
const Type *first_type(const TExpr *value);
/* The broadcast shape of operands; raises the error. */
bool broadcast(Scope *s, TExpr **operands, int count, int *rank, Size *shape, Span span);
/* 1 or -1 where the int is known to have that sign and not to be 0, else 0. */
int sign_of(Scope *s, Size size);
/* A tuple from which several items are taken, and one of them. */
TExpr *texpr_shared(Scope *s, TExpr *value);
TExpr *tuple_item(Scope *s, TExpr *tuple, int i, Span span);
/* + of tuples, and a tuple times a constant; NULL where there is no such operation. */
TExpr *tuple_operation(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span);
/* array[index] along the first axis. */
TExpr *array_row(Scope *s, TExpr *array, TExpr *index, Span span);
/* The constant value of an expression, if it has one. */
bool constant_int(const TExpr *expr, int64_t *value);
/* The same array as a view, with new axes of size 1 before and behind its own. */
TExpr *array_whole(Scope *s, TExpr *array, int before, int behind);
const FunctionInfo *find_function(Scope *s, const Ast *callee, const Ast **receiver);
FunctionEntry *find_entry(Checker *c, Name name);

/* ---- dtype.c ------------------------------------------------------------------------------- */

/* What an expression names where NumPy takes a dtype: np.float64, float, 'f8', x.dtype; false after an error. */
bool dtype_of_node(Scope *s, const Ast *node, DType *dtype);
TExpr *dtype_new(Scope *s, DType dtype, bool instance, Span span);
/* dtype.name, np.iinfo(...).max and so on. */
TExpr *dtype_attribute(Scope *s, TExpr *value, Name name, Span span);
/* What str or repr shows of a dtype. */
TExpr *dtype_text(Scope *s, TExpr *value, bool repr);
/* == and != of dtypes. */
TExpr *compare_dtypes(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span);

/* ---- stmt.c -------------------------------------------------------------------------------- */

/* Names that the test tells not to be None, or to be it, where it came out as `truth`, under types that say so. */
void narrow_names(Scope *s, const Ast *test, bool truth);
void check_block(Scope *s, const Ast *statements, TBlock *block);
void check_statement(Scope *s, const Ast *node);
/* `__name__ == "__main__"` */
bool is_main_guard(const Ast *test);
TExpr *check_test(Scope *s, const Ast *node);
/* True if the value may be assigned to the target's elements: shapes, and that NumPy lets it be written. */
bool require_assignable(Scope *s, const TExpr *target, TExpr *value, Span span);
/* A new variable with a value, and its statement. */
Variable *assign_new(Scope *s, Name name, TExpr *value, Span span);
/* target[...] = value for a view. */
void assign_store(Scope *s, TExpr *target, TExpr *value, Span span);
void assign_target(Scope *s, const Ast *target, TExpr *value, Span span);
void bind_poison(Scope *s, Name name, Span span);
Bindings copy_bindings(Scope *s, const Bindings *bindings);
Variable *variable_in(const Bindings *bindings, Name name);
/* The type of a variable that comes from two places; NULL where they do not agree. */
const Type *join_types(Scope *s, const Type *a, const Type *b);
void join_error(Scope *s, Name name, const Variable *a, const Variable *b);
/* The bindings after an if whose branches end with `then` and `otherwise`. */
void join_branches(Scope *s, TStmt *stmt, const Bindings *then, bool then_reaches,
                   const Bindings *otherwise, bool otherwise_reaches);

/* Errors for promoted variables that are read where it shows; those from `from` on. */
/* Notes that a variable may have another type at first. */
void keep_was(Checker *c, Variable *variable, const Type *was);
void check_promoted(Checker *c, const Ast *function, int from);
bool has_several_kinds(const Checker *c, const Ast *function, Name name);

/* ---- list.c -------------------------------------------------------------------------------- */

TExpr *texpr_runtime(Scope *s, const char *symbol, TExpr **arguments, int count, const Type *type, Span span);
TExpr *check_list(Scope *s, const Ast *node);
TExpr *list_new(Scope *s, const Type *element, Span span);
TExpr *list_length(Scope *s, TExpr *list, Span span);
/* list[index], as a value of its own. */
TExpr *list_item(Scope *s, TExpr *list, TExpr *index, Span span);
TExpr *index_list(Scope *s, const Ast *node, TExpr *list);
/* list[...] = value, where `target` is the index expression. */
void store_in_list(Scope *s, const Ast *target, TExpr *list, TExpr *value);
void delete_from_list(Scope *s, const Ast *target, TExpr *list);
/* What stands in a list of it: arrays without sizes and layout; NULL after an error. */
const Type *element_type(Scope *s, const Type *type, Span span);
/* The value as an element of the list, which takes its type from the first one; false after an error. */
bool fits_list(Scope *s, TExpr *list, TExpr **value, Span span);
/* A function of the runtime that takes `first`, then start, stop, step and which of them are written. */
TExpr *slice_of(Scope *s, const Ast *slice, const char *symbol, TExpr **first, int count, const Type *type);
/* The items of a tuple, of one type, as a new list. */
TExpr *tuple_as_list(Scope *s, TExpr *tuple);
TExpr *check_string_method(Scope *s, const Ast *node, TExpr *text);

/* ---- string.c ------------------------------------------------------------------------------ */

/* True for the types of values that print shows. */
bool may_be_text(const Type *type);
/* ... and for those that texpr_text makes a string of first. */
bool may_become_text(const Type *type);
TExpr *check_string(Scope *s, const Ast *node);
TExpr *check_fstring(Scope *s, const Ast *node);
TExpr *check_list_method(Scope *s, const Ast *node, TExpr *list);
/* + * of lists; NULL where there is no such operation. */
TExpr *list_operation(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span);
/* Comparisons of lists and `in`; NULL where there is none. */
TExpr *list_comparison(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span);
/* list += value and list *= value. */
/* The items of a value as a list; a list itself. */
TExpr *list_of(Scope *s, const Ast *node, TExpr *value);
/* Sorts the list by key= and reverse=. */
TExpr *sort_list(Scope *s, const Ast *node, TExpr *list, const Ast *arguments);
/* list[index] op= value; the list is evaluated already. */
void augment_element(Scope *s, const Ast *node, TExpr *list);
bool augment_list(Scope *s, AstOp op, TExpr *list, TExpr *value, Span span);
/* np.array of a list; other values stay what they are. */
TExpr *list_as_array(Scope *s, TExpr *list, const DType *wanted, Span span);
/* The arrays in a list joined along their first axis. */
TExpr *list_joined(Scope *s, TExpr *list, Span span);
TExpr *list_to_array(Scope *s, TExpr *list, Span span);

/* ---- unpack.c ------------------------------------------------------------------------------ */

/* Targets of a list's items, or with a star among them; false after an error. */
bool is_unpacked_apart(const Ast *target, const TExpr *value);
bool unpack_sequence(Scope *s, const Ast *target, TExpr *value, Span span);

/* ---- loop.c -------------------------------------------------------------------------------- */

void check_for(Scope *s, const Ast *node);
void check_while(Scope *s, const Ast *node);
/* A type whose arrays have sizes of their own but where they are those of `like` (or NULL). */
const Type *own_sizes(Scope *s, const Type *type, const Type *like);
/* Asks the loop whose head one of the two is for a head of the other's type; true if it will be. */
bool ask_promotion(const Variable *a, const Variable *b);
void check_leave(Scope *s, const Ast *node);

void names_add(Names *names, Name name);
bool names_have(const Names *names, Name name);
/* Its place in the order in which they were added; -1: it is not there. */
int names_place(const Names *names, Name name);
/* A set of its own with the same names. */
Names names_copy(const Names *names);
/* The names that a target assigns. */
void target_names(Names *names, const Ast *target);
/* The names that statements assign. */
void assigned_names(Names *names, const Ast *node);
TExpr *variable_expr(Scope *s, Variable *variable, Span span);

/* ---- annotate.c ---------------------------------------------------------------------------- */

/* The sizes that annotations mention so far, and the ints among the parameters. */
typedef struct {
    Name name;
    Atom *atom;
    bool spelled;          /* by a parameter that is an array, which promises it */
} SizeName;

typedef struct SizeNames {
    Scope *scope;
    VEC(SizeName) all;
    Name owner;            /* the parameter whose annotation is read, or NULL */
} SizeNames;

const Type *annotated_type(SizeNames *names, const Ast *node);
/* With sizes of its own. */
const Type *check_annotation(Scope *s, const Ast *node);
/* A size of the annotated result that the body decides: unnamed, or of a name that only the result has. */
bool size_is_open(const Scope *s, Size size);

/* ---- closure.c ----------------------------------------------------------------------------- */

/* The names that functions declare as global. */
void declared_global(const Ast *statements, Names *names);
/* Fills in every function's `locals`, `globals` and `writes`; the same for one. */
void find_all_globals(Checker *c);
void find_outer_names(Checker *c, FunctionEntry *entry);
/* The entry of a nested function or lambda; the function of this name that `from` (NULL: the top level) sees. */
FunctionEntry *nested_entry(Checker *c, const Ast *node, FunctionEntry *parent);
FunctionEntry *visible_entry(Checker *c, const FunctionEntry *from, Name name);
/* The key of an outer variable, NULL where the name is none; how the scope knows a key; how the source spells it. */
Name outer_key(Scope *s, Name name);
Name outer_here(const Scope *s, Name key);
Name outer_spelling(const Checker *c, Name key);
/* Under which name an assignment binds. */
Name assigned_name(Scope *s, Name name);
/* Names that a loop's body assigns as this scope knows them, and those that calls in it assign. */
void names_in_loop(Scope *s, Names *names, const Ast *body);
/* Calls in the expression may assign outer variables. */
bool assigns_outer(Scope *s, const Ast *node);
/* A function as a value: the user's, or a row of functions.def; NULL where it is the other. */
FunctionEntry *type_function(const Type *type);
const FunctionInfo *type_builtin(const Type *type);
TExpr *function_expr(Scope *s, const void *info, bool builtin, Span span);
TExpr *check_lambda(Scope *s, const Ast *node);
void check_nested(Scope *s, const Ast *node);
/* A result with the outer variables that the instance assigns; a call's own result, those bound. */
TExpr *with_written(Scope *s, TExpr *value, Span span);
TExpr *bind_written(Scope *s, TExpr *call, const Ast *node);

/* ---- program.c ----------------------------------------------------------------------------- */

/* Takes back the instances with errors from a place in `failed` on: so are their errors. */
void instances_forget(Checker *c, int from);

/* ---- instance.c ---------------------------------------------------------------------------- */

/* A body of three dots: a function of C. */
bool is_external(const Ast *definition);
TFunction *instance_new(Checker *c, FunctionEntry *entry, const Type *const *types, int count,
                        bool exported);
/* Checks an instance; what there is against it: a mistake counts INSTANCE_MISTAKE, what is not supported 1. Without
 * `keep` all is as before. */
enum { INSTANCE_MISTAKE = 4 };
int instance_try(Checker *c, FunctionEntry *entry, const Type *const *types, int count, bool keep);
TExpr *check_user_call(Scope *s, FunctionEntry *entry, const Ast *node);
/* The same with values that are checked already, one a parameter. */
TExpr *call_entry(Scope *s, FunctionEntry *entry, TExpr **values, int count, Span span);

/* ---- output.c ------------------------------------------------------------------------------ */

/* with np.printoptions(...): a block whose arrays are printed in another way. */
void check_with(Scope *s, const Ast *node);

/* ---- order.c ------------------------------------------------------------------------------- */

/* The value with the order in memory that NumPy gives it. */
TExpr *kept_order(Scope *s, TExpr *value);

/* ---- constant.c ---------------------------------------------------------------------------- */

/* The parameter is annotated `const`. What is given to it, as a type; poison after an error. */
bool is_constant_parameter(const Ast *parameter);
TExpr *constant_argument(Scope *s, TExpr *value, const Ast *parameter);
/* What a name stands for where it is such a parameter; everything else as it is. */
const Ast *constant_syntax(Scope *s, const Ast *node);

/* ---- refuse.c ------------------------------------------------------------------------------ */

/* Refuse what mnp has not, with the way round, and check what is inside. */
void refuse_statement(Scope *s, const Ast *node);
TExpr *refuse_expr(Scope *s, const Ast *node);
/* A name that Python has and mnp has not; false: it is another one. */
bool refuse_name(Scope *s, const Ast *node);
void refuse_import(Checker *c, const Ast *node, const Ast *alias);
/* The arguments of a call of what was refused. */
void check_poisoned_call(Scope *s, const Ast *node);
/* The name that a refused import would bind; the use is noted. */
bool is_refused(Scope *s, const Ast *node);
/* Tells the refusals of imports where their names are used. */
void tell_refused_lines(Checker *c);

/* ---- port.c -------------------------------------------------------------------------------- */

/* One of its annotations names no type. */
bool has_bad_annotation(Scope *s, const Ast *definition);
/* Checks the functions that nobody calls, and methods, for the types that suit their bodies best. */
void port_functions(Scope *s, const Ast *statements);

/* ---- near.c -------------------------------------------------------------------------------- */

/* Report a name that a module, a value of a type, or a function's parameters do not have. */
void near_module(Scope *s, const char *module, const Ast *node);
void near_attribute(Scope *s, const Type *type, Name name, Span span);
void near_keyword(Scope *s, const FunctionInfo *info, const Ast *keyword);
/* What Python has for a name that other languages, or Python 2, have; NULL for other names. */
const char *near_habit(Name name);
/* The built-in function that was probably meant, or NULL. */
const char *near_builtin(Scope *s, Name name);

#endif
