/* call.c: calls of the functions of functions.def: arguments by name, then one way a kind. */
#include "check/call.h"

#include <stdlib.h>

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

static bool bind_arguments(Call *call) {
    int next = call->receiver ? 1 : 0, count = call_parameter_count(call->info);
    call->count = count;
    for (const Ast *arg = call->node->as.call.arguments; arg; arg = arg->next) {
        int k = next;
        const Ast *value = arg;
        if (arg->kind == AST_KEYWORD) {
            k = find_parameter(call->info, arg->as.keyword.name);
            value = arg->as.keyword.value;
        } else if (arg->kind == AST_STARRED || arg->kind == AST_DOUBLE_STARRED) {
            diag_unsupported(arg->span, "unpacked arguments", "each argument");
            return false;
        } else {
            next++;
        }
        if (k < 0 || k >= count || call->asts[k]) {
            if (arg->kind == AST_KEYWORD && k < 0)
                diag_unsupported(arg->span, arena_printf(call->scope->checker->arena,
                                 "the argument '%s' of %s", arg->as.keyword.name,
                                 call->info->name), NULL);
            else
                diag_error(arg->span, DIAG_BAD_CALL, "%s(%s) does not take this argument",
                           call->info->name, call->info->parameters);
            return false;
        }
        call->asts[k] = value;
    }
    return true;
}

TExpr *call_argument(Call *call, int k) {
    if (call->values[k])
        return call->values[k];
    if (k == 0 && call->receiver)
        return call->values[0] = check_expr(call->scope, call->receiver);
    if (call->asts[k])
        return call->values[k] = check_expr(call->scope, call->asts[k]);
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
    if (!is_poison(value))
        diag_error(value->span, DIAG_TYPE_MISMATCH, "%s takes %s, not %s", call->info->name, wanted,
                   type_print(call->scope->checker->arena, value->type));
    return call_poison(call);
}

/* ---- dtypes and shapes --------------------------------------------------------------------- */

/* The dtype that an argument names: np.f, float, 'f8' are not all supported. False after an error. */
static bool dtype_argument(Call *call, int k, DType *dtype) {
    const Ast *node = call->asts[k];
    if (node->kind == AST_NAME && !strcmp(node->as.name.id, "float")) {
        *dtype = DTYPE_F64;
        return true;
    }
    if (node->kind == AST_NAME && !strcmp(node->as.name.id, "int")) {
        *dtype = DTYPE_I64;
        return true;
    }
    if (node->kind == AST_NAME && !strcmp(node->as.name.id, "bool")) {
        *dtype = DTYPE_BOOL;
        return true;
    }
    if (node->kind == AST_STRING && dtype_by_name(node->as.string.data, dtype))
        return true;
    if (node->kind == AST_ATTRIBUTE && !strcmp(node->as.attribute.name, "dtype")) {
        TExpr *array = check_expr(call->scope, node->as.attribute.value);
        *dtype = array->type->dtype;
        return array->type->kind == TYPE_ARRAY;
    }
    TExpr *value = check_expr(call->scope, node);
    if (value->type->kind != TYPE_DTYPE) {
        if (!is_poison(value))
            diag_error(node->span, DIAG_TYPE_MISMATCH, "this names no dtype");
        return false;
    }
    *dtype = value->type->dtype;
    return true;
}

/* Shape items: an int or a tuple of ints; `known`: -1 stands for what is left of so many elements. */
static bool shape_items(Call *call, TExpr *value, TExpr **items, int *count) {
    if (value->type->kind == TYPE_TUPLE) {
        if (value->type->count > TYPED_RANK_MAX)
            return false;
        if (value->kind != TEXPR_TUPLE)
            value = texpr_once(call->scope, value);
        for (int i = 0; i < value->type->count; i++)
            items[(*count)++] = tuple_item(call->scope, value, i, value->span);
    } else {
        items[(*count)++] = value;
    }
    for (int i = 0; i < *count; i++) {
        if (!type_is_int(items[i]->type)) {
            call_wrong(call, items[i], "a shape of ints");
            return false;
        }
        items[i] = texpr_cast(call->scope, items[i], DTYPE_I64, true);
    }
    return true;
}

static void require_size(Call *call, Size size, Span span) {
    TCheck *check = require(call->scope, FACT_GE, size, "NEGATIVE_SIZE", "the size of an axis", span);
    check->values[0] = size;
}

/* ---- creation ------------------------------------------------------------------------------ */

static TExpr *check_fill(Call *call) {
    Scope *s = call->scope;
    bool like = strstr(call->info->name, "_like") != NULL, full = call->info->op == 2;
    TExpr *items[TYPED_RANK_MAX + 1], *first = call_argument(call, 0), *value = NULL;
    Size shape[TYPED_RANK_MAX];
    int rank = 0, dtype_at = full ? 2 : 1;
    DType dtype = DTYPE_F64;
    if (is_poison(first))
        return first;
    if (full && is_poison(value = call_argument(call, 1)))
        return value;
    if (full)
        dtype = value->type->dtype;
    if (like) {
        if (first->type->kind != TYPE_ARRAY)
            return call_wrong(call, first, "an array");
        rank = first->type->rank;
        memcpy(shape, first->type->shape, sizeof shape);
        dtype = first->type->dtype;
    } else if (!shape_items(call, first, items, &rank)) {
        return call_poison(call);
    }
    for (int i = 0; i < rank && !like; i++) {
        shape[i] = items[i]->size;
        require_size(call, shape[i], items[i]->span);
    }
    if (call_given(call, dtype_at) && !dtype_argument(call, dtype_at, &dtype))
        return call_poison(call);
    TExpr *expr = call_builtin(call, type_array(s->checker, dtype, rank, shape, true), rank + 1);
    if (full)
        expr->as.builtin.arguments[0] = texpr_cast(s, value, dtype, false);
    for (int i = 0; i < rank; i++)
        expr->as.builtin.arguments[i + 1] = like ? (i ? NULL : first) : items[i];
    return expr;
}

/* The rounds of ints from start to stop: a polynomial where the step's sign is known; else NULL, the
 * run counts. */
static Size arange_count(Scope *s, Size start, Size stop, Size step) {
    int sign = sign_of(s, step);
    if (!sign)
        return NULL;
    Size span = sign > 0 ? size_sub(stop, start) : size_sub(start, stop), by = sign > 0 ? step : size_neg(step);
    Size count = size_floordiv(size_add(span, size_sub(by, size_const(1))), by);
    return prove_ge(s->facts, count, size_const(0)) == PROVED ? count : size_max(count, size_const(0));
}

static TExpr *check_arange(Call *call) {
    Scope *s = call->scope;
    TExpr *bounds[3] = {texpr_int(s, 0, call->node->span), call_argument(call, 0), texpr_int(s, 1, call->node->span)};
    bool ints = true, python = true;
    int64_t by;
    if (call_given(call, 1)) {
        bounds[0] = bounds[1];
        bounds[1] = call_argument(call, 1);
    }
    if (call_given(call, 2))
        bounds[2] = call_argument(call, 2);
    for (int i = 0; i < 3; i++) {
        if (bounds[i]->type->kind != TYPE_SCALAR)
            return call_wrong(call, bounds[i], "numbers");
        ints &= !dtype_is_float(bounds[i]->type->dtype);
        python &= bounds[i]->type->weak;
    }
    if (constant_int(bounds[2], &by) && by == 0) {
        diag_error(call->node->span, DIAG_ALWAYS_FAILS, "a step is not zero");
        return call_poison(call);
    }
    DType dtype = ints ? DTYPE_I64 : DTYPE_F64;
    if (call_given(call, 3) && !dtype_argument(call, 3, &dtype))
        return call_poison(call);
    if (dtype == DTYPE_BOOL) {
        diag_unsupported(call->node->span, "np.arange of bools", "np.array");
        return call_poison(call);
    }
    for (int i = 0; i < 3; i++)
        bounds[i] = texpr_cast(s, bounds[i], ints ? DTYPE_I64 : DTYPE_F64, true);
    Size count = ints ? arange_count(s, bounds[0]->size, bounds[1]->size, bounds[2]->size) : NULL;
    if (!count)
        count = size_fresh("length");
    TExpr *expr = call_builtin(call, type_array(s->checker, dtype, 1, &count, true), 3);
    memcpy(expr->as.builtin.arguments, bounds, sizeof bounds);
    expr->as.builtin.python = python;
    return expr;
}

/* Flattens a nested list literal; the shape follows the first items at each level. */
static bool flatten(Call *call, const Ast *node, int depth, int64_t *shape, int *rank,
                    TExpr ***items, int *count, int *capacity) {
    Arena *arena = call->scope->checker->arena;
    if (node->kind == AST_LIST || node->kind == AST_TUPLE) {
        if (depth == TYPED_RANK_MAX)
            return false;
        if (depth >= *rank) {
            shape[depth] = node->as.list.count;
            *rank = depth + 1;
        }
        if (shape[depth] != node->as.list.count) {
            diag_error(node->span, DIAG_SHAPE_MISMATCH, "rows of different lengths: %d and %lld",
                       node->as.list.count, (long long)shape[depth]);
            return false;
        }
        for (const Ast *item = node->as.list.items; item; item = item->next)
            if (!flatten(call, item, depth + 1, shape, rank, items, count, capacity))
                return false;
        return true;
    }
    TExpr *value = check_expr(call->scope, node);
    if (is_poison(value))
        return false;
    if (value->type->kind != TYPE_SCALAR || depth != *rank) {
        diag_unsupported(node->span, "this in an array's literal", "scalars in lists");
        return false;
    }
    if (*count == *capacity)
        *items = arena_grow(arena, *items, sizeof **items, *count, capacity);
    (*items)[(*count)++] = value;
    return true;
}

static TExpr *check_array(Call *call) {
    Scope *s = call->scope;
    const Ast *object = call->asts[0];
    int64_t extents[TYPED_RANK_MAX];
    Size shape[TYPED_RANK_MAX];
    TExpr **items = NULL;
    int rank = 0, count = 0, capacity = 0;
    DType dtype = DTYPE_F64;
    if (!object || (object->kind != AST_LIST && object->kind != AST_TUPLE)) {
        TExpr *value = call_argument(call, 0);
        if (value->type->kind != TYPE_ARRAY)
            return call_wrong(call, value, "an array or a list");
        dtype = value->type->dtype;
        if (call_given(call, 1) && !dtype_argument(call, 1, &dtype))
            return call_poison(call);
        if (call->info->op == 0 && dtype == value->type->dtype)
            return value;
        TExpr *copy = call_builtin(call, type_array(s->checker, dtype, value->type->rank,
                                                   value->type->shape, true), 1);
        copy->as.builtin.info = function_find("array", "astype");
        copy->as.builtin.arguments[0] = value;
        return copy;
    }
    if (!flatten(call, object, 0, extents, &rank, &items, &count, &capacity))
        return call_poison(call);
    bool floats = count == 0, ints = false;
    for (int i = 0; i < count; i++) {
        floats |= dtype_is_float(items[i]->type->dtype);
        ints |= dtype_is_integer(items[i]->type->dtype);
    }
    dtype = floats ? DTYPE_F64 : ints ? DTYPE_I64 : DTYPE_BOOL;
    if (call_given(call, 1) && !dtype_argument(call, 1, &dtype))
        return call_poison(call);
    for (int axis = 0; axis < rank; axis++)
        shape[axis] = size_const(extents[axis]);
    TExpr *expr = call_builtin(call, type_array(s->checker, dtype, rank, shape, true), count);
    for (int i = 0; i < count; i++)
        expr->as.builtin.arguments[i] = texpr_cast(s, items[i], dtype, false);
    return expr;
}

static TExpr *check_copy(Call *call) {
    TExpr *value = call_argument(call, 0);
    DType dtype = value->type->dtype;
    if (value->type->kind != TYPE_ARRAY)
        return call_wrong(call, value, "an array");
    if (call->info->kind == FUNCTION_ASTYPE && !call->asts[1]) {
        call_argument(call, 1);
        return call_poison(call);
    }
    if (call->info->kind == FUNCTION_ASTYPE && !dtype_argument(call, 1, &dtype))
        return call_poison(call);
    TExpr *expr = call_builtin(call, type_array(call->scope->checker, dtype, value->type->rank,
                                               value->type->shape, true), 1);
    expr->as.builtin.arguments[0] = value;
    return expr;
}

/* ---- views --------------------------------------------------------------------------------- */

static Size element_count(const Type *type) {
    Size count = size_const(1);
    for (int axis = 0; axis < type->rank; axis++)
        count = size_mul(count, type->shape[axis]);
    return count;
}

/* The items of a.reshape(n, m) or a.reshape((n, m)). */
static bool reshape_items(Call *call, TExpr **items, int *count) {
    const Ast *arg = call->node->as.call.arguments;
    if (!call->receiver && arg)
        arg = arg->next;
    for (; arg; arg = arg->next) {
        TExpr *value = check_expr(call->scope, arg);
        if (is_poison(value) || *count > TYPED_RANK_MAX || !shape_items(call, value, items, count))
            return false;
    }
    return *count > 0 && *count <= TYPED_RANK_MAX;
}

static TExpr *check_reshape(Call *call) {
    Scope *s = call->scope;
    TExpr *array = check_expr(s, call->receiver ? call->receiver : call->node->as.call.arguments);
    TExpr *items[2 * TYPED_RANK_MAX + 2];
    Size shape[TYPED_RANK_MAX], product = size_const(1), total;
    int rank = 0, unknown = -1;
    int64_t value;
    if (is_poison(array) || array->type->kind != TYPE_ARRAY)
        return call_wrong(call, array, "an array");
    total = element_count(array->type);
    if (call->info->op == 1) {
        rank = 1;
        items[0] = texpr_size(s, total, NULL, call->node->span);
    } else if (!reshape_items(call, items, &rank)) {
        return call_poison(call);
    }
    for (int i = 0; i < rank; i++) {
        shape[i] = items[i]->size;
        if (constant_int(items[i], &value) && value == -1)
            unknown = i;
        else
            product = size_mul(product, shape[i]);
    }
    if (unknown >= 0 && (!size_is_const(product, &value) || value <= 0)) {
        diag_unsupported(call->node->span, "-1 beside sizes that are not constant", "the size");
        return call_poison(call);
    }
    if (unknown >= 0) {
        shape[unknown] = size_floordiv(total, product);
        product = size_mul(product, shape[unknown]);
    }
    require(s, FACT_EQ, size_sub(total, product), "RESHAPE", "sizes of the reshape",
            call->node->span);
    if (!array->type->contiguous) {
        TExpr *copy = call_builtin(call, type_array(s->checker, array->type->dtype,
                                                   array->type->rank, array->type->shape, true), 1);
        copy->as.builtin.info = function_find("np", "copy");
        copy->as.builtin.arguments[0] = array;
        array = copy;
    }
    TExpr *expr = call_builtin(call, type_array(s->checker, array->type->dtype, rank, shape, true),
                              rank + 1);
    expr->as.builtin.arguments[0] = array;
    for (int i = 0; i < rank; i++)
        expr->as.builtin.arguments[i + 1] = items[i];
    return expr;
}

static TExpr *check_transpose_call(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_argument(call, 0);
    if (array->type->kind != TYPE_ARRAY)
        return call_wrong(call, array, "an array");
    int rank = array->type->rank, count = 0;
    TExpr *items[2 * TYPED_RANK_MAX + 2];
    const Ast *arg = call->node->as.call.arguments;
    bool plain = call->receiver ? !arg : !arg->next;
    if (!plain && (!reshape_items(call, items, &count) || count != rank))
        return call_wrong(call, array, "as many axes as the array has");
    Size shape[TYPED_RANK_MAX];
    TExpr *expr = call_builtin(call, array->type, 1);
    for (int i = 0; i < rank; i++) {
        int64_t axis = rank - 1 - i;
        if (!plain && !constant_int(items[i], &axis))
            return call_wrong(call, items[i], "constant axes");
        axis = axis < 0 ? axis + rank : axis;
        if (axis < 0 || axis >= rank) {
            diag_error(call->node->span, DIAG_BAD_AXIS, "an array of rank %d has no such axis", rank);
            return call_poison(call);
        }
        expr->as.builtin.axes[i] = (int)axis;
        shape[i] = array->type->shape[axis];
    }
    expr->type = type_array(s->checker, array->type->dtype, rank, shape, false);
    expr->as.builtin.axis_count = rank;
    expr->as.builtin.arguments[0] = array;
    return expr;
}

/* ---- reductions ---------------------------------------------------------------------------- */

static bool add_axis(Call *call, TExpr *item, int rank, bool *reduced) {
    int64_t axis;
    if (is_poison(item) || !constant_int(item, &axis)) {
        if (!is_poison(item))
            diag_error(item->span, DIAG_NEEDS_CONSTANT, "an axis is a constant int");
        return false;
    }
    if (axis < -rank || axis >= rank) {
        diag_error(item->span, DIAG_BAD_AXIS, "an array of rank %d has no axis %lld", rank,
                   (long long)axis);
        return false;
    }
    (void)call;
    reduced[axis < 0 ? axis + rank : axis] = true;
    return true;
}

static bool axis_argument(Call *call, int rank, bool *reduced) {
    if (!call_given(call, 1)) {
        for (int axis = 0; axis < rank; axis++)
            reduced[axis] = true;
        return true;
    }
    TExpr *value = call_argument(call, 1);
    if (value->kind != TEXPR_TUPLE)
        return add_axis(call, value, rank, reduced);
    for (int i = 0; i < value->as.tuple.count; i++)
        if (!add_axis(call, value->as.tuple.items[i], rank, reduced))
            return false;
    return true;
}

static DType reduced_dtype(int op, DType dtype) {
    DTypeClass class = dtype_info(dtype)->class;
    if (op == OP_AND || op == OP_OR)
        return DTYPE_BOOL;
    if (op == OP_DIV)
        return class == CLASS_FLOAT ? dtype : DTYPE_F64;
    if (op == OP_ADD || op == OP_MUL)
        return class == CLASS_FLOAT ? dtype : class == CLASS_UINT ? DTYPE_U64 : DTYPE_I64;
    return dtype;
}

static TExpr *check_reduce(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_argument(call, 0);
    bool reduced[TYPED_RANK_MAX] = {false}, keep = false;
    if (array->type->kind != TYPE_ARRAY)
        return call_wrong(call, array, "an array");
    int rank = array->type->rank, left = 0, op = call->info->op;
    if (!axis_argument(call, rank, reduced))
        return call_poison(call);
    if (call->asts[2]) {
        keep = call->asts[2]->kind == AST_TRUE;
        if (!keep && call->asts[2]->kind != AST_FALSE)
            return call_wrong(call, call_argument(call, 2), "a constant keepdims");
    }
    Size shape[TYPED_RANK_MAX];
    DType dtype = reduced_dtype(op, array->type->dtype);
    TExpr *expr = call_builtin(call, array->type, 1);
    for (int axis = 0; axis < rank; axis++) {
        if (reduced[axis])
            expr->as.builtin.axes[expr->as.builtin.axis_count++] = axis;
        if (!reduced[axis] || keep)
            shape[left++] = reduced[axis] ? size_const(1) : array->type->shape[axis];
        if (reduced[axis] && (op == OP_MINIMUM || op == OP_MAXIMUM))
            require(s, FACT_GE, size_sub(array->type->shape[axis], size_const(1)),
                    "EMPTY_REDUCTION", "an axis that is not empty", call->node->span);
    }
    expr->as.builtin.keepdims = keep;
    bool convert = op == OP_AND || op == OP_OR;
    if (convert && array->type->dtype != DTYPE_BOOL)
        array = texpr_truth(s, array);
    else if (op == OP_ADD || op == OP_MUL || op == OP_DIV)
        array = texpr_cast(s, array, dtype, false);
    expr->as.builtin.arguments[0] = array;
    expr->type = left ? type_array(s->checker, dtype, left, shape, true)
                      : type_scalar(s->checker, dtype, false);
    expr->size = NULL;
    if (!left && dtype_is_integer(dtype))
        expr->size = size_fresh("total");
    return expr;
}

/* ---- scalars ------------------------------------------------------------------------------- */

static TExpr *check_min_max(Call *call) {
    Scope *s = call->scope;
    const Ast *arg = call->node->as.call.arguments;
    if (!arg || !arg->next) {
        diag_unsupported(call->node->span, "min and max of one argument",
                         arena_printf(s->checker->arena, "np.%s", call->info->name));
        return call_poison(call);
    }
    TExpr *best = check_expr(s, arg);
    for (arg = arg->next; arg; arg = arg->next) {
        TExpr *next = check_expr(s, arg);
        if (is_poison(best) || is_poison(next))
            return call_poison(call);
        if (best->type->kind != TYPE_SCALAR || !type_same(best->type, next->type, false)) {
            diag_unsupported(call->node->span, "min and max of values of different types",
                             "conversions");
            return call_poison(call);
        }
        if (type_is_python_int(best->type)) {
            best = make_extreme(s, (Op)call->info->op, best, next, call->node->span);
            continue;
        }
        best = texpr_once(s, best);
        next = texpr_once(s, next);
        TExpr *order[] = {next, best};
        TExpr *test = make_op(s, call->info->op == OP_MINIMUM ? OP_LT : OP_GT, order,
                              call->node->span);
        TExpr *choice[] = {test, next, best};
        best = make_op(s, OP_SELECT, choice, call->node->span);
    }
    return best;
}

static TExpr *check_convert(Call *call) {
    Scope *s = call->scope;
    DType dtype = (DType)call->info->op;
    const Ast *arg = call->node->as.call.arguments;
    if (!arg || arg->next || arg->kind == AST_KEYWORD)
        return call_wrong(call, texpr_new(s, TEXPR_NONE, call->node->span,
                                     type_simple(s->checker, TYPE_NONE)), "one value");
    TExpr *value = call_argument(call, 0);
    if (is_poison(value))
        return value;
    bool string = value->type->kind == TYPE_STRING && dtype != DTYPE_BOOL;
    if (value->type->kind == TYPE_ARRAY || (value->type->kind != TYPE_SCALAR && !string))
        return call_wrong(call, value, "a scalar");
    if (dtype == DTYPE_BOOL)
        return texpr_cast(s, texpr_truth(s, value), DTYPE_BOOL, true);
    if (string || (dtype == DTYPE_I64 && dtype_is_float(value->type->dtype))) {
        TExpr *expr = call_builtin(call, type_scalar(s->checker, dtype, true), 1);
        expr->as.builtin.arguments[0] = value;
        return expr;
    }
    return texpr_cast(s, value, dtype, true);
}

/* np.float64(x) and its like: a strong scalar. */
static TExpr *check_dtype_call(Scope *s, const Ast *node, DType dtype) {
    const Ast *arg = node->as.call.arguments;
    if (!arg || arg->next) {
        diag_error(node->span, DIAG_BAD_CALL, "a scalar type takes one value");
        return texpr_poison(s, node->span);
    }
    TExpr *value = check_expr(s, arg);
    if (is_poison(value))
        return value;
    if (value->type->kind != TYPE_SCALAR) {
        diag_unsupported(node->span, "a scalar type of this value", ".astype");
        return texpr_poison(s, node->span);
    }
    return texpr_cast(s, value, dtype, false);
}

static TExpr *check_math(Call *call) {
    Scope *s = call->scope;
    int arity = op_info((Op)call->info->op)->arity;
    TExpr *expr = call_builtin(call, type_scalar(s->checker, DTYPE_F64, true), arity);
    for (int i = 0; i < arity; i++) {
        TExpr *value = call_argument(call, i);
        if (value->type->kind != TYPE_SCALAR)
            return call_wrong(call, value, "a number");
        expr->as.builtin.arguments[i] = texpr_cast(s, value, DTYPE_F64, true);
    }
    Op op = (Op)call->info->op;
    if (op == OP_FLOOR || op == OP_CEIL || op == OP_TRUNC) {
        expr->type = type_scalar(s->checker, DTYPE_I64, true);
        expr->size = size_fresh("value");
    } else if (op_info(op)->rule == RULE_TEST) {
        expr->type = type_scalar(s->checker, DTYPE_BOOL, true);
    }
    return expr;
}

static TExpr *check_abs(Call *call) {
    TExpr *value = call_argument(call, 0);
    if (is_poison(value))
        return value;
    return make_op(call->scope, OP_ABS, &value, call->node->span);
}

static TExpr *check_round(Call *call) {
    TExpr *value = call_argument(call, 0);
    if (value->type->kind != TYPE_SCALAR || !dtype_is_float(value->type->dtype))
        return call_wrong(call, value, "a float");
    bool digits = call_given(call, 1);
    const Type *type = digits ? value->type : type_scalar(call->scope->checker, DTYPE_I64, true);
    TExpr *expr = call_builtin(call, type, 2);
    expr->as.builtin.arguments[0] = value;
    if (digits && !type_is_int((expr->as.builtin.arguments[1] = call_argument(call, 1))->type))
        return call_wrong(call, call_argument(call, 1), "an int");
    return expr;
}

static TExpr *check_text(Call *call) {
    TExpr *value = call_argument(call, 0);
    TypeKind kind = value->type->kind;
    if (kind == TYPE_LIST || kind == TYPE_DTYPE || kind == TYPE_RANGE)
        return call_wrong(call, value, "a scalar, a string, a tuple or an array");
    return is_poison(value) ? value : texpr_text(call->scope, value, call->info->op ? 'r' : 's', call->node->span);
}

static TExpr *check_len(Call *call) {
    Scope *s = call->scope;
    TExpr *value = call_argument(call, 0);
    if (value->type->kind == TYPE_TUPLE)
        return texpr_int(s, value->type->count, call->node->span);
    if (value->type->kind == TYPE_ARRAY)
        return texpr_size(s, value->type->shape[0], value, call->node->span);
    if (value->type->kind == TYPE_LIST)
        return call_builtin(call, type_scalar(s->checker, DTYPE_I64, true), 0);
    if (value->type->kind == TYPE_STRING) {
        TExpr *expr = call_builtin(call, type_scalar(s->checker, DTYPE_I64, true), 1);
        expr->as.builtin.arguments[0] = value;
        return expr;
    }
    return call_wrong(call, value, "an array");
}

static TExpr *check_item(Call *call) {
    TExpr *array = call_argument(call, 0);
    if (array->type->kind == TYPE_SCALAR)
        return texpr_cast(call->scope, array, array->type->dtype, true);
    diag_unsupported(call->node->span, "item() of an array", "an index");
    return call_poison(call);
}

/* ---- elementwise --------------------------------------------------------------------------- */

static TExpr *check_ufunc(Call *call) {
    TExpr *operands[3];
    Op op = (Op)call->info->op;
    for (int i = 0; i < op_info(op)->arity; i++) {
        operands[i] = call_argument(call, i);
        if (is_poison(operands[i]))
            return operands[i];
        if (operands[i]->type->kind == TYPE_SCALAR && operands[i]->type->weak && op_info(op)->arity == 1)
            operands[i] = texpr_cast(call->scope, operands[i], operands[i]->type->dtype, false);
    }
    TExpr *expr = make_op(call->scope, op, operands, call->node->span);
    if (expr->type->kind == TYPE_SCALAR && expr->type->weak) {
        TExpr *strong = texpr_new(call->scope, TEXPR_CAST, expr->span,
                                  type_scalar(call->scope->checker, expr->type->dtype, false));
        strong->as.cast.value = expr;
        strong->size = expr->size;
        return strong;
    }
    return expr;
}

static TExpr *check_where(Call *call) {
    TExpr *operands[3];
    for (int i = 0; i < 3; i++) {
        operands[i] = call_argument(call, i);
        if (is_poison(operands[i]))
            return operands[i];
    }
    operands[0] = texpr_truth(call->scope, operands[0]);
    return make_op(call->scope, OP_SELECT, operands, call->node->span);
}

static TExpr *check_clip(Call *call) {
    TExpr *value = call_argument(call, 0);
    if (call_given(call, 1))
        value = make_extreme(call->scope, OP_MAXIMUM, value, call_argument(call, 1), call->node->span);
    if (call_given(call, 2))
        value = make_extreme(call->scope, OP_MINIMUM, value, call_argument(call, 2), call->node->span);
    return value;
}

/* ---- the dispatcher ------------------------------------------------------------------------ */

static TExpr *check_row(Call *call) {
    Checker *c = call->scope->checker;
    switch (call->info->kind) {
    case FUNCTION_UFUNC: return check_ufunc(call);
    case FUNCTION_REDUCE: return check_reduce(call);
    case FUNCTION_FILL: return check_fill(call);
    case FUNCTION_ARANGE: return check_arange(call);
    case FUNCTION_ARRAY: return check_array(call);
    case FUNCTION_COPY:
    case FUNCTION_ASTYPE: return check_copy(call);
    case FUNCTION_RESHAPE: return check_reshape(call);
    case FUNCTION_TRANSPOSE: return check_transpose_call(call);
    case FUNCTION_WHERE: return check_where(call);
    case FUNCTION_CLIP: return check_clip(call);
    case FUNCTION_MATMUL:
        return check_binary(call->scope, AST_OP_MATMUL, call_argument(call, 0), call_argument(call, 1),
                            call->node->span);
    case FUNCTION_MIN_MAX: return check_min_max(call);
    case FUNCTION_ABS: return check_abs(call);
    case FUNCTION_LEN: return check_len(call);
    case FUNCTION_TEXT: return check_text(call);
    case FUNCTION_CONVERT: return check_convert(call);
    case FUNCTION_ITEM: return check_item(call);
    case FUNCTION_ROUND: return check_round(call);
    case FUNCTION_MATH: return check_math(call);
    case FUNCTION_PRINT: return check_print(call);
    case FUNCTION_LOAD: return check_load(call);
    case FUNCTION_SAVE:
    case FUNCTION_SAVETXT: return check_save(call);
    case FUNCTION_PERF_COUNTER:
        return call_builtin(call, type_scalar(c, DTYPE_F64, true), 0);
    case FUNCTION_RANGE:
    case FUNCTION_ENUMERATE:
        diag_unsupported(call->node->span, "range and enumerate outside of a for statement", NULL);
        return call_poison(call);
    case FUNCTION_EXIT:
        diag_unsupported(call->node->span, "sys.exit", "raise or the end of the program");
        return call_poison(call);
    case FUNCTION_KIND_COUNT: break;
    }
    return call_poison(call);
}

static bool takes_any_arguments(FunctionKind kind) {
    return kind == FUNCTION_PRINT || kind == FUNCTION_MIN_MAX || kind == FUNCTION_RESHAPE ||
           kind == FUNCTION_TRANSPOSE;
}

static void unknown_callee(Scope *s, const Ast *callee) {
    Arena *arena = s->checker->arena;
    if (callee->kind == AST_ATTRIBUTE)
        diag_unsupported(callee->span, arena_printf(arena, "the function '%s'",
                                                    callee->as.attribute.name), NULL);
    else if (callee->kind == AST_NAME && !scope_find(s, callee->as.name.id))
        check_expr(s, callee);
    else
        diag_error(callee->span, DIAG_NOT_CALLABLE, "this is not a function");
}

TExpr *check_call(Scope *s, const Ast *node) {
    const Ast *callee = node->as.call.callee;
    Call call = {.scope = s, .node = node};
    FunctionEntry *entry = callee->kind == AST_NAME && !scope_find(s, callee->as.name.id)
                               ? find_entry(s->checker, callee->as.name.id)
                               : NULL;
    if (entry)
        return check_user_call(s, entry, node);
    call.info = find_function(s, callee, &call.receiver);
    if (!call.info) {
        if (callee->kind == AST_ATTRIBUTE) {
            int before = diag_count();
            TExpr *value = check_expr(s, callee->as.attribute.value->kind == AST_NAME ? callee : callee->as.attribute.value);
            if (value->type->kind == TYPE_DTYPE)
                return check_dtype_call(s, node, value->type->dtype);
            if (diag_count() > before)
                return texpr_poison(s, node->span);
        }
        unknown_callee(s, callee);
        return texpr_poison(s, node->span);
    }
    if (!takes_any_arguments(call.info->kind) && !bind_arguments(&call))
        return texpr_poison(s, node->span);
    if (call.info->kind == FUNCTION_TRANSPOSE && !call.receiver)
        call.asts[0] = node->as.call.arguments;
    if ((call.info->kind == FUNCTION_RESHAPE || call.info->kind == FUNCTION_TRANSPOSE) &&
        !call.receiver && !node->as.call.arguments) {
        diag_error(node->span, DIAG_BAD_CALL, "%s takes an array", call.info->name);
        return texpr_poison(s, node->span);
    }
    return check_row(&call);
}
