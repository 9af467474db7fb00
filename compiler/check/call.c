/* call.c: calls of the functions of functions.def: arguments by name, then one way a kind. */
#include "check/arguments.h"
#include "check/call.h"
#include "check/either.h"
#include "check/sequence.h"


/* ---- arguments ----------------------------------------------------------------------------- */

/* The k-th parameter's name in "a, axis=None"; its length, 0 past the end. */
static int parameter_name(const char *parameters, int k, const char **name) {
    for (; k > 0; k--) {
        int quoted = 0;
        while (*parameters && (*parameters != ',' || quoted)) {
            quoted ^= *parameters == '\'';
            parameters++;
        }
        if (!*parameters)
            return 0;
        parameters += 2;
    }
    *name = parameters;
    return (int)strcspn(parameters, ",= ");
}

static int find_parameter(const FunctionInfo *info, Name wanted) {
    const char *name;
    int length;
    for (int k = 0; k < ARGUMENTS_MAX && (length = parameter_name(info->parameters, k, &name)); k++)
        if ((int)strlen(wanted) == length && !strncmp(wanted, name, (size_t)length))
            return k;
    return -1;
}

int call_parameter_count(const FunctionInfo *info) {
    const char *name;
    int count = 0;
    while (count < ARGUMENTS_MAX && parameter_name(info->parameters, count, &name))
        count++;
    return count;
}

/* What Python and NumPy take by place only: the operands of ufuncs, and what `math` takes. */
static bool is_by_place(const FunctionInfo *info, int k) {
    if (!strcmp(info->module, "math"))
        return strcmp(info->name, "isclose") || k < 2;
    static const char *const named[] = {"round", "pow", "complex", "enumerate", "str", "print"};
    bool by_name = false;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        by_name |= !strcmp(info->name, named[i]);
    if (!strcmp(info->module, "builtins"))
        return !by_name && (k == 0 || !strcmp(info->name, "divmod"));
    return info->kind == FUNCTION_UFUNC && !strcmp(info->module, "np") && (k == 0 || (k == 1 && op_info(info->op)->arity == 2));
}

bool call_bind(Call *call) {
    int next = call->receiver ? 1 : 0, count = call_parameter_count(call->info);
    int star = find_parameter(call->info, name_of("*"));   /* what is behind it goes by name */
    call->count = count;
    for (const Ast *arg = call->node->as.call.arguments; arg; arg = arg->next) {
        int k = next;
        const Ast *value = arg;
        if (arg->kind == AST_KEYWORD) {
            k = find_parameter(call->info, arg->as.keyword.name);
            value = arg->as.keyword.value;
            if (k >= 0 && (is_by_place(call->info, k) || (k == 0 && call->receiver))) {
                diag_error(arg->span, DIAG_BAD_CALL, "%s takes this argument by its place, without its name",
                           call->info->name);
                return false;
            }
        } else if (arg->kind == AST_STARRED || arg->kind == AST_DOUBLE_STARRED) {
            diag_unsupported(arg->span, "unpacked arguments", "each argument");
            return false;
        } else if (next++ == star) {
            diag_error(arg->span, DIAG_BAD_CALL, "%s(%s) takes this argument by its name", call->info->name,
                       call->info->parameters);
            return false;
        }
        if (k < 0 || k >= count || call->asts[k]) {
            if (arg->kind == AST_KEYWORD && k < 0)
                near_keyword(call->scope, call->info, arg);
            else
                diag_error(arg->span, DIAG_BAD_CALL, "%s(%s) does not take this argument",
                           call->info->name, call->info->parameters);
            return false;
        }
        call->asts[k] = constant_syntax(call->scope, value);
    }
    return true;
}

/* NumPy makes an array of a list that stands there. */
static bool takes_array(const FunctionInfo *info, int k) {
    if (strcmp(info->module, "np") && strcmp(info->module, "ufunc"))
        return false;
    switch ((int)info->kind) {
    case FUNCTION_UFUNC: case FUNCTION_WHERE: case FUNCTION_MATMUL: case FUNCTION_PAIR: case FUNCTION_COMPOSED:
    case FUNCTION_STATISTIC: return true;
    case FUNCTION_ARG_EXTREME: case FUNCTION_ACCUMULATE: case FUNCTION_DIFF: case FUNCTION_REDUCE: case FUNCTION_COPY:
    case FUNCTION_TRANSPOSE: return k == 0;
    default: return false;
    }
}

TExpr *call_argument(Call *call, int k) {
    if (call->values[k])
        return call->values[k];
    if (k == 0 && call->receiver)
        return call->values[0] = check_expr(call->scope, call->receiver);
    if (call->asts[k] && call->asts[k]->kind == AST_LIST && takes_array(call->info, k))
        return call->values[k] = array_of_ast(call->scope, call->asts[k]);
    if (call->asts[k]) {
        TExpr *value = check_expr(call->scope, call->asts[k]);
        value = call->info->kind == FUNCTION_TEXT ? value : either_value(call->scope, value);
        bool list = value->type->kind == TYPE_LIST && takes_array(call->info, k);
        return call->values[k] = list ? list_to_array(call->scope, value, value->span) : value;
    }
    diag_error(call->node->span, DIAG_BAD_CALL, "%s(%s) wants another argument", call->info->name,
               call->info->parameters);
    return call->values[k] = texpr_poison(call->scope, call->node->span);
}

bool call_given(const Call *call, int k) {
    return (k == 0 && call->receiver) || (call->asts[k] && call->asts[k]->kind != AST_NONE);
}

TExpr *call_poison(Call *call) {
    return texpr_poison(call->scope, call->node->span);
}

TExpr *call_builtin(Call *call, const Type *type, int argument_count) {
    TExpr *expr = texpr_new(call->scope, TEXPR_BUILTIN, call->node->span, type);
    expr->as.builtin.info = call->info;
    expr->as.builtin.arguments =
        ARENA_ARRAY(call->scope->checker->arena, TExpr *, argument_count + 1);
    expr->as.builtin.argument_count = argument_count;
    if (type_is_python_int(type))
        expr->size = size_fresh("value");
    return expr;
}

TExpr *call_wrong(Call *call, TExpr *value, const char *wanted) {
    if (is_poison(value))
        return call_poison(call);
    Diag *diag = diag_error(value->span, DIAG_TYPE_MISMATCH, "%s takes %s, not %s", call->info->name, wanted,
                            type_print(call->scope->checker->arena, value->type));
    if (value->type->kind == TYPE_LIST && strstr(wanted, "array"))
        diag_help(diag, "np.array(...) makes an array of a list");
    else if (value->type->kind == TYPE_LIST && strstr(wanted, "shape"))
        diag_help(diag, "write a tuple, as in (n, m)");
    else if (value->type->kind == TYPE_NONE)
        diag_help(diag, "it may be a parameter whose default is None: assign it first, as in 'if x is None: x = ...'");
    return call_poison(call);
}

int call_place(const Call *call, const char *name) {
    return find_parameter(call->info, name_of(name));
}

bool call_given_named(const Call *call, const char *name) {
    int k = call_place(call, name);
    return k >= 0 && call_given(call, k);
}

bool call_flag_named(Call *call, const char *name, bool otherwise, bool *flag) {
    *flag = otherwise;
    if (!call_given_named(call, name))
        return true;
    TExpr *value = call_argument(call, call_place(call, name));
    bool constant = value->kind == TEXPR_CONST && value->type->dtype == DTYPE_BOOL;
    if (constant)
        *flag = value->as.constant.i;
    else
        call_wrong(call, value, arena_printf(call->scope->checker->arena, "a constant %s", name));
    return constant;
}

/* ---- elementwise --------------------------------------------------------------------------- */

static TExpr *check_where(Call *call) {
    TExpr *operands[3];
    if (!call->asts[1] && !call->asts[2])
        return check_nonzero_where(call);
    for (int i = 0; i < 3; i++) {
        operands[i] = call_value(call, i);
        if (is_poison(operands[i]))
            return operands[i];
    }
    operands[0] = texpr_truth(call->scope, operands[0]);
    return make_op(call->scope, OP_SELECT, operands, call->node->span);
}

/* ---- the dispatcher ------------------------------------------------------------------------ */

/* matmul; dot (1), which takes scalars, and any axes. */
static TExpr *check_product(Call *call) {
    TExpr *left = call_argument(call, 0), *right = call_argument(call, 1);
    return call->info->op == 1 ? check_dot(call->scope, left, right, call->node->span)
                               : check_binary(call->scope, AST_OP_MATMUL, left, right, call->node->span);
}

static TExpr *check_perf_counter(Call *call) {
    return call_builtin(call, type_scalar(call->scope->checker, DTYPE_F64, true), 0);
}

static TExpr *check_sequence_call(Call *call) {
    return check_sequence(call->scope, call->node, call->info->name);
}

static TExpr *check_range(Call *call) {
    return range_new(call->scope, call->node);
}

static TExpr *check_enumerate_alone(Call *call) {
    diag_unsupported(call->node->span, "enumerate outside of a for statement", "list(...) of it");
    return call_poison(call);
}

static TExpr *check_exit(Call *call) {
    diag_unsupported(call->node->span, "sys.exit", "raise or the end of the program");
    return call_poison(call);
}

static TExpr *(*const rows[FUNCTION_KIND_COUNT])(Call *) = {
    [FUNCTION_UFUNC] = check_ufunc,
    [FUNCTION_PAIR] = check_pair,
    [FUNCTION_COMPOSED] = check_composed,
    [FUNCTION_REDUCE] = check_reduce,
    [FUNCTION_STATISTIC] = check_statistic,
    [FUNCTION_ARG_EXTREME] = check_arg_extreme,
    [FUNCTION_ACCUMULATE] = check_accumulate,
    [FUNCTION_DIFF] = check_diff,
    [FUNCTION_FILL] = check_fill,
    [FUNCTION_ARANGE] = check_arange,
    [FUNCTION_ARRAY] = check_array,
    [FUNCTION_COPY] = check_copy,
    [FUNCTION_ASTYPE] = check_copy,
    [FUNCTION_RESHAPE] = check_reshape,
    [FUNCTION_RAVEL] = check_ravel,
    [FUNCTION_TRANSPOSE] = check_transpose_call,
    [FUNCTION_SWAPAXES] = check_swapaxes,
    [FUNCTION_MOVEAXIS] = check_moveaxis,
    [FUNCTION_EXPAND_DIMS] = check_expand_dims,
    [FUNCTION_SQUEEZE] = check_squeeze,
    [FUNCTION_BROADCAST_TO] = check_broadcast_to,
    [FUNCTION_BROADCAST_ARRAYS] = check_broadcast_arrays,
    [FUNCTION_FLIP] = check_flip,
    [FUNCTION_ROT90] = check_rot90,
    [FUNCTION_ROLL] = check_roll,
    [FUNCTION_ATLEAST] = check_atleast,
    [FUNCTION_CONCATENATE] = check_concatenate,
    [FUNCTION_STACK] = check_stack,
    [FUNCTION_STACK_ALONG] = check_stack_along,
    [FUNCTION_APPEND] = check_append,
    [FUNCTION_SPLIT] = check_split,
    [FUNCTION_PAD] = check_pad,
    [FUNCTION_INSERT] = check_insert,
    [FUNCTION_DELETE] = check_delete,
    [FUNCTION_TILE] = check_tile,
    [FUNCTION_REPEAT] = check_repeat,
    [FUNCTION_MESHGRID] = check_meshgrid,
    [FUNCTION_INDICES] = check_indices,
    [FUNCTION_EYE] = check_eye,
    [FUNCTION_TRIANGLE] = check_triangle,
    [FUNCTION_LINSPACE] = check_linspace,
    [FUNCTION_LOGSPACE] = check_logspace,
    [FUNCTION_DIAGONAL] = check_diagonal,
    [FUNCTION_DIAG] = check_diag,
    [FUNCTION_TAKE] = check_take,
    [FUNCTION_COMPRESS] = check_compress,
    [FUNCTION_NONZERO] = check_nonzero,
    [FUNCTION_TAKE_ALONG_AXIS] = check_take_along_axis,
    [FUNCTION_PUT_ALONG_AXIS] = check_put_along_axis,
    [FUNCTION_PUT] = check_put,
    [FUNCTION_COPYTO] = check_copyto,
    [FUNCTION_SORT] = check_sort,
    [FUNCTION_IX] = check_ix,
    [FUNCTION_SELECT] = check_select,
    [FUNCTION_CHOOSE] = check_choose,
    [FUNCTION_FROMFUNCTION] = check_fromfunction,
    [FUNCTION_ATTRIBUTE] = check_attribute_call,
    [FUNCTION_PRINT_OPTIONS] = check_print_options,
    [FUNCTION_ARRAY2STRING] = check_array2string,
    [FUNCTION_FROMFILE] = check_fromfile,
    [FUNCTION_LOADTXT] = check_loadtxt,
    [FUNCTION_LIBRARY] = check_library,
    [FUNCTION_LIBRARY_ROWS] = check_library_rows,
    [FUNCTION_MAY_SHARE] = check_may_share,
    [FUNCTION_WHERE] = check_where,
    [FUNCTION_EINSUM] = check_einsum,
    [FUNCTION_TENSORDOT] = check_tensordot,
    [FUNCTION_MIN_MAX] = check_min_max,
    [FUNCTION_ABS] = check_abs,
    [FUNCTION_LEN] = check_len,
    [FUNCTION_TEXT] = check_text,
    [FUNCTION_CONVERT] = check_convert,
    [FUNCTION_ITEM] = check_item,
    [FUNCTION_ROUND] = check_round,
    [FUNCTION_DIVMOD] = check_divmod,
    [FUNCTION_MATH] = check_math,
    [FUNCTION_MATH_CALL] = check_math_call,
    [FUNCTION_POWER] = check_power_call,
    [FUNCTION_DTYPE] = check_dtype_function,
    [FUNCTION_PRINT] = check_print,
    [FUNCTION_LOAD] = check_load,
    [FUNCTION_SAVE] = check_save,
    [FUNCTION_SAVETXT] = check_save,
    [FUNCTION_MATMUL] = check_product,
    [FUNCTION_PERF_COUNTER] = check_perf_counter,
    [FUNCTION_SEQUENCE] = check_sequence_call,
    [FUNCTION_RANGE] = check_range,
    [FUNCTION_ENUMERATE] = check_enumerate_alone,
    [FUNCTION_EXIT] = check_exit,
};

static TExpr *check_row(Call *call) {
    if (!rows[call->info->kind])
        BUG("%s is checked by nobody", call->info->name);
    return rows[call->info->kind](call);
}

static void find_call(const char *role, const Ast *child, void *found) {
    (void)role;
    if (child->kind == AST_CALL)
        *(bool *)found = true;
    else
        ast_visit(child, find_call, found);
}

static bool has_call(const Ast *node) {
    bool found = false;
    find_call("", node, &found);
    return found;
}

/* Rows whose arguments are computed where the result's parts need them, not in the order in which they stand. */
static bool is_out_of_order(FunctionKind kind) {
    return kind == FUNCTION_FILL || kind == FUNCTION_EYE || kind == FUNCTION_TRIANGLE || kind == FUNCTION_LINSPACE ||
           kind == FUNCTION_LOGSPACE;
}

/* Calls among the arguments run in Python's order: in front of the row, where there are several. */
static TExpr *check_row_in_order(Call *call) {
    Scope *s = call->scope;
    int calls = 0;
    for (const Ast *arg = call->node->as.call.arguments; arg; arg = arg->next)
        calls += has_call(arg);
    if (calls < 2 || !is_out_of_order(call->info->kind))
        return check_row(call);
    Inset *inset = inset_open(s, call->node->span);
    for (const Ast *arg = call->node->as.call.arguments; arg; arg = arg->next) {
        const Ast *value = arg->kind == AST_KEYWORD ? arg->as.keyword.value : arg;
        for (int k = 0; k < call->count && has_call(value); k++)
            if (call->asts[k] == value)
                call->values[k] = hidden_value(s, "argument", call_argument(call, k), value->span);
    }
    return inset_close(inset, check_row(call));
}

/* Rows of functions of scalars, which are called for each kind that an argument may be of. */
static bool takes_scalars(FunctionKind kind) {
    return kind == FUNCTION_CONVERT || kind == FUNCTION_ROUND || kind == FUNCTION_MATH || kind == FUNCTION_MATH_CALL ||
           kind == FUNCTION_ABS || kind == FUNCTION_POWER || kind == FUNCTION_UFUNC;
}

typedef struct {
    Call *call;
    int place;
} OneArgument;

static TExpr *row_of_kinds(Call *call, int k);

static TExpr *row_of_one(Scope *s, TExpr *value, void *user) {
    (void)s;
    const OneArgument *one = user;
    Call call = *one->call;
    call.values[one->place] = value;
    return row_of_kinds(&call, one->place + 1);
}

/* The row for each kind of the arguments from the k-th on. */
static TExpr *row_of_kinds(Call *call, int k) {
    while (k < 3 && !(call->values[k] && call->values[k]->type->kind == TYPE_EITHER))
        k++;
    if (k == 3)
        return check_row(call);
    OneArgument one = {call, k};
    return either_each(call->scope, call->values[k], row_of_one, &one, call->node->span);
}

static TExpr *check_row_of_scalars(Call *call) {
    bool found = false, plain = true;
    for (int k = 0; k < 3 && k < call->count; k++) {
        plain = plain && call->asts[k] && call->asts[k]->kind != AST_NONE && call->asts[k]->kind != AST_LIST;
        found |= plain && call_argument(call, k)->type->kind == TYPE_EITHER;
    }
    if (!found)
        return check_row_in_order(call);
    Inset *inset = inset_open(call->scope, call->node->span);
    for (int k = 0; k < 3; k++)
        if (call->values[k] && !is_poison(call->values[k]) && call->values[k]->kind != TEXPR_CONST)
            call->values[k] = hidden_value(call->scope, "argument", call->values[k], call->values[k]->span);
    return inset_close(inset, row_of_kinds(call, 0));
}

static bool takes_any_arguments(const FunctionInfo *info) {
    FunctionKind kind = info->kind;
    return (kind == FUNCTION_DTYPE && info->parameters[0] == '*') || kind == FUNCTION_PRINT || kind == FUNCTION_MIN_MAX ||
           kind == FUNCTION_SEQUENCE || kind == FUNCTION_RESHAPE || kind == FUNCTION_TRANSPOSE || kind == FUNCTION_BROADCAST_ARRAYS ||
           kind == FUNCTION_MESHGRID || kind == FUNCTION_EINSUM || kind == FUNCTION_IX || kind == FUNCTION_ITEM;
}

static void unknown_callee(Scope *s, const Ast *callee) {
    bool unseen = callee->kind == AST_ATTRIBUTE || (callee->kind == AST_NAME && !scope_find(s, callee->as.name.id));
    if (!unseen || !is_poison(check_expr(s, callee)))
        diag_error(callee->span, DIAG_NOT_CALLABLE, "this is not a function");
}

/* Python's own numbers have few of the methods that NumPy's have. */
static bool is_method_of_numpy_alone(const Call *call) {
    const Type *type = call->values[0]->type;
    return type->kind == TYPE_SCALAR && type->weak && call->info && strcmp(call->info->name, "conjugate");
}

/* The name stands for a variable, its own or an outer one. */
static bool is_variable(Scope *s, Name name) {
    Name key = outer_key(s, name);
    return scope_find(s, name) || (key && scope_find(s, outer_here(s, key)));
}

/* What is called is no function of the table: a dtype, or nothing. */
static TExpr *check_other_callee(Scope *s, const Ast *node) {
    const Ast *callee = node->as.call.callee;
    if (callee->kind == AST_ATTRIBUTE) {
        int before = diag_count();
        TExpr *value = check_expr(s, callee->as.attribute.value->kind == AST_NAME ? callee : callee->as.attribute.value);
        if (value->type->kind == TYPE_DTYPE && !value->type->weak)
            return check_dtype_call(s, node, value->type->dtype);
        if (diag_count() > before || is_poison(value)) {
            check_poisoned_call(s, node);
            return texpr_poison(s, node->span);
        }
    }
    unknown_callee(s, callee);
    return texpr_poison(s, node->span);
}

static TExpr *check_row_call(Call *call) {
    const Ast *node = call->node;
    FunctionKind kind = call->info->kind;
    if (!takes_any_arguments(call->info) && !call_bind(call))
        return call_poison(call);
    if (kind == FUNCTION_TRANSPOSE && !call->receiver)
        call->asts[0] = node->as.call.arguments;
    if ((kind == FUNCTION_RESHAPE || kind == FUNCTION_TRANSPOSE) && !call->receiver && !node->as.call.arguments) {
        diag_error(node->span, DIAG_BAD_CALL, "%s takes an array", call->info->name);
        return call_poison(call);
    }
    return takes_scalars(kind) ? check_row_of_scalars(call) : check_row_in_order(call);
}

/* print has its own way with them. */
static bool is_spread(Scope *s, const Ast *node) {
    const Ast *callee = node->as.call.callee;
    bool print = callee->kind == AST_NAME && !strcmp(callee->as.name.id, "print") && !is_variable(s, callee->as.name.id);
    return !print && has_starred(node->as.call.arguments);
}

static TExpr *check_spread(Scope *s, const FunctionEntry *entry, const Ast *node) {
    Inset *inset = inset_open(s, node->span);
    const Ast *call = arguments_spread(s, entry, node);
    return inset_close(inset, call ? check_call(s, call) : texpr_poison(s, node->span));
}

TExpr *check_call(Scope *s, const Ast *node) {
    const Ast *callee = node->as.call.callee;
    Call call = {.scope = s, .node = node};
    bool value = callee->kind == AST_NAME ? is_variable(s, callee->as.name.id) : callee->kind != AST_ATTRIBUTE;
    TExpr *function = value ? check_expr(s, callee) : NULL;
    if ((function && is_poison(function)) || is_refused(s, callee)) {
        check_poisoned_call(s, node);
        return texpr_poison(s, node->span);
    }
    FunctionEntry *entry = function                     ? type_function(function->type)
                           : callee->kind == AST_NAME ? visible_entry(s->checker, s->entry, callee->as.name.id)
                                                        : NULL;
    if (entry && !function && entry->parent && entry->parent == s->entry) {
        diag_error(callee->span, DIAG_MAYBE_UNASSIGNED, "'%s' is not defined yet (UnboundLocalError)", entry->name);
        return texpr_poison(s, node->span);
    }
    if (is_spread(s, node))
        return check_spread(s, entry, node);
    if (entry)
        return check_user_call(s, entry, node);
    TExpr *method = check_ufunc_method(s, node);
    if (!method)
        method = check_format(s, node);
    if (method)
        return method;
    call.info = function ? type_builtin(function->type) : find_function(s, callee, &call.receiver);
    if (function && !call.info) {
        diag_error(callee->span, DIAG_NOT_CALLABLE, "this is not a function");
        return texpr_poison(s, node->span);
    }
    const Ast *of = callee->kind == AST_ATTRIBUTE ? callee->as.attribute.value : NULL;
    bool literal = of && (of->kind == AST_STRING || of->kind == AST_FSTRING);
    if (call.receiver || literal) {
        call.values[0] = check_value(s, of);
        if (is_poison(call.values[0])) {
            check_poisoned_call(s, node);
            return call.values[0];
        }
        if (call.values[0]->type->kind == TYPE_LIST)
            return check_list_method(s, node, call.values[0]);
        if (call.values[0]->type->kind == TYPE_STRING)
            return check_string_method(s, node, call.values[0]);
        if (is_method_of_numpy_alone(&call)) {
            diag_error(callee->span, DIAG_UNKNOWN_ATTRIBUTE, "%s has no attribute '%s'",
                       type_print(s->checker->arena, call.values[0]->type), call.info->name);
            return texpr_poison(s, node->span);
        }
    }
    return call.info ? check_row_call(&call) : check_other_callee(s, node);
}
