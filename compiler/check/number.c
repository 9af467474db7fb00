/* number.c: calls of Python's built-ins and of math: scalars and their text. */
#include "check/call.h"
#include "check/either.h"
#include "check/sequence.h"

/* The one or the other, of which Python keeps the earlier where neither is less. */
static TExpr *extreme_of_two(Call *call, TExpr *best, TExpr *next) {
    Scope *s = call->scope;
    Span span = call->node->span;
    bool minimum = call->info->op == OP_MINIMUM, same = type_same(best->type, next->type, false);
    if (same && type_is_python_int(best->type))
        return make_extreme(s, (Op)call->info->op, best, next, span);
    best = texpr_once(s, best);
    next = texpr_once(s, next);
    TExpr *order[] = {next, best};
    if (same && best->type->kind == TYPE_SCALAR) {
        TExpr *choice[] = {make_op(s, minimum ? OP_LT : OP_GT, order, span), next, best};
        return make_op(s, OP_SELECT, choice, span);
    }
    bool ordered = same && (best->type->kind == TYPE_STRING || best->type->kind == TYPE_TUPLE || best->type->kind == TYPE_LIST);
    if (!ordered && !either_join(s, best->type, next->type)) {
        diag_unsupported(span, "min and max of these values", "np.minimum and np.maximum");
        return call_poison(call);
    }
    /* Both are evaluated before they are compared. */
    Inset *inset = inset_open(s, span);
    best = hidden_value(s, "first", best, span);
    next = hidden_value(s, "second", next, span);
    TExpr *test = compare_two(s, minimum ? AST_OP_LT : AST_OP_GT, next, best, span);
    test = is_poison(test) ? test : texpr_cast(s, texpr_truth(s, test), DTYPE_BOOL, true);
    return inset_close(inset, conditional_new(s, test, next, best, span));
}

TExpr *check_min_max(Call *call) {
    Scope *s = call->scope;
    const Ast *arg = call->node->as.call.arguments;
    if (arg && (!arg->next || arg->next->kind == AST_KEYWORD))
        return check_sequence(s, call->node, call->info->name);
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
        best = extreme_of_two(call, texpr_decay(s, best), texpr_decay(s, next));
    }
    return best;
}

/* complex(re, im): re + im * 1j without the rounding of that. */
static TExpr *check_complex(Call *call) {
    Scope *s = call->scope;
    TExpr *parts[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        parts[i] = i && !call->asts[1] ? texpr_int(s, 0, call->node->span) : call_argument(call, i);
        if (parts[i]->type->kind != TYPE_SCALAR)
            return call_wrong(call, parts[i], "numbers");
    }
    if (!call->asts[1] && dtype_is_complex(parts[0]->type->dtype))
        return texpr_cast(s, parts[0], DTYPE_C128, true);
    for (int i = 0; i < 2; i++)
        parts[i] = texpr_cast(s, parts[i], DTYPE_F64, true);
    if (is_poison(parts[0]) || is_poison(parts[1]))
        return call_poison(call);
    TExpr *expr = texpr_new(s, TEXPR_OP, call->node->span, type_scalar(s->checker, DTYPE_C128, true));
    expr->as.op.op = OP_COMPLEX;
    expr->as.op.operands[0] = parts[0];
    expr->as.op.operands[1] = parts[1];
    return expr;
}

/* The value as Python's int, float or bool; what leaves 64 bits stops the run. */
static TExpr *python_scalar(Call *call, TExpr *value, DType dtype) {
    DType from = value->type->dtype;
    if (dtype_is_complex(from) && dtype != DTYPE_C128 && dtype != DTYPE_BOOL)
        return call_wrong(call, value, "a real number");
    if (dtype != DTYPE_I64 || (!dtype_is_float(from) && from != DTYPE_U64))
        return texpr_cast(call->scope, value, dtype, true);
    TExpr *expr = call_builtin(call, type_scalar(call->scope->checker, dtype, true), 1);
    expr->as.builtin.info = function_find("builtins", "int");
    expr->as.builtin.arguments[0] = value;
    return expr;
}

/* int(text, base) */
static TExpr *int_in_base(Call *call) {
    Scope *s = call->scope;
    TExpr *text = call_argument(call, 0), *base = call_argument(call, 1);
    if (is_poison(text) || is_poison(base))
        return call_poison(call);
    if (text->type->kind != TYPE_STRING)
        return call_wrong(call, text, "a string where a base is given");
    if (!type_is_int(base->type))
        return call_wrong(call, base, "an int as the base");
    TExpr *arguments[] = {text, texpr_cast(s, base, DTYPE_I64, true)};
    return texpr_runtime(s, "mnp_parse_int_in", arguments, 2, type_scalar(s->checker, DTYPE_I64, true), call->node->span);
}

TExpr *check_convert(Call *call) {
    Scope *s = call->scope;
    DType dtype = (DType)call->info->op;
    if (dtype == DTYPE_I64 && call->asts[1])
        return int_in_base(call);
    const Ast *arg = call->node->as.call.arguments;
    if (dtype == DTYPE_C128)
        return check_complex(call);
    if (!arg || arg->next || arg->kind == AST_KEYWORD)
        return call_wrong(call, texpr_new(s, TEXPR_NONE, call->node->span,
                                     type_simple(s->checker, TYPE_NONE)), "one value");
    TExpr *value = texpr_decay(call->scope, call_argument(call, 0));
    if (is_poison(value))
        return value;
    bool sequence = value->type->kind == TYPE_STRING || value->type->kind == TYPE_LIST || value->type->kind == TYPE_RANGE;
    if (dtype == DTYPE_BOOL && sequence)
        return texpr_cast(s, texpr_truth(s, value), DTYPE_BOOL, true);
    bool string = value->type->kind == TYPE_STRING && dtype != DTYPE_BOOL;
    if (value->type->kind == TYPE_ARRAY || (value->type->kind != TYPE_SCALAR && !string))
        return call_wrong(call, value, "a scalar");
    if (dtype == DTYPE_BOOL)
        return texpr_cast(s, texpr_truth(s, value), DTYPE_BOOL, true);
    if (!string)
        return python_scalar(call, value, dtype);
    TExpr *expr = call_builtin(call, type_scalar(s->checker, dtype, true), 1);
    expr->as.builtin.arguments[0] = value;
    return expr;
}

/* np.float64(x) and its like: a strong scalar. */
TExpr *check_dtype_call(Scope *s, const Ast *node, DType dtype) {
    const Ast *arg = node->as.call.arguments;
    if (!arg || arg->next) {
        diag_error(node->span, DIAG_BAD_CALL, "a scalar type takes one value");
        return texpr_poison(s, node->span);
    }
    TExpr *value = check_expr(s, arg);
    if (is_poison(value))
        return value;
    if (value->type->kind != TYPE_SCALAR && value->type->kind != TYPE_EITHER) {
        diag_unsupported(node->span, "a scalar type of this value", ".astype");
        return texpr_poison(s, node->span);
    }
    return texpr_cast(s, value, dtype, false);
}

/* math.log(x, base) is the quotient of two logarithms. */
static TExpr *log_of_base(Call *call) {
    Scope *s = call->scope;
    TExpr *logs[2];
    for (int i = 0; i < 2; i++) {
        TExpr *value = call_argument(call, i);
        if (is_poison(value) || value->type->kind != TYPE_SCALAR || dtype_is_complex(value->type->dtype))
            return call_wrong(call, value, "a real number");
        logs[i] = call_builtin(call, type_scalar(s->checker, DTYPE_F64, true), 1);
        logs[i]->as.builtin.arguments[0] = texpr_cast(s, value, DTYPE_F64, true);
    }
    return make_op(s, OP_DIV, logs, call->node->span);
}

TExpr *check_math(Call *call) {
    Scope *s = call->scope;
    int arity = op_info((Op)call->info->op)->arity;
    if (arity == 1 && call_given(call, 1))
        return log_of_base(call);
    TExpr *expr = call_builtin(call, type_scalar(s->checker, DTYPE_F64, true), arity);
    for (int i = 0; i < arity; i++) {
        TExpr *value = texpr_decay(call->scope, call_argument(call, i));
        if (value->type->kind != TYPE_SCALAR || dtype_is_complex(value->type->dtype))
            return call_wrong(call, value, "a real number");
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

/* gcd and lcm of more than two, from the left. */
static TExpr *fold_ints(Call *call) {
    Call two = *call;
    for (int k = 2; k < 4; k++)
        two.asts[k] = NULL;
    TExpr *result = check_math_call(&two);
    for (int k = 2; k < 4 && call_given(call, k) && !is_poison(result); k++) {
        two.values[0] = result;
        two.asts[1] = call->asts[k];
        two.values[1] = NULL;
        result = check_math_call(&two);
    }
    return result;
}

/* A function of the runtime on Python's ints or floats. */
TExpr *check_math_call(Call *call) {
    Scope *s = call->scope;
    int how = call->info->op, count = call_parameter_count(call->info);
    if (how == MATH_INTS && call_given(call, 2))
        return fold_ints(call);
    count = how == MATH_INTS && count > 2 ? 2 : count;
    if (how == MATH_INTS && !strcmp(call->info->name, "perm") && !call_given(call, 1))
        call->values[1] = call->values[0] = texpr_once(s, call_argument(call, 0));
    DType dtype = how == MATH_INTS ? DTYPE_I64 : DTYPE_F64, result = how == MATH_TEST ? DTYPE_BOOL : dtype;
    TExpr *expr = call_builtin(call, type_scalar(s->checker, result, true), count);
    for (int i = 0; i < count; i++) {
        TExpr *value = i < 2 || call_given(call, i) ? call_argument(call, i) : NULL;
        if (value && is_poison(value))
            return value;
        bool whole = how == MATH_INTS || (how == MATH_SCALED && i);
        bool fine = !value || (value->type->kind == TYPE_SCALAR && !dtype_is_complex(value->type->dtype) &&
                               (!whole || !dtype_is_float(value->type->dtype)));
        if (!fine)
            return call_wrong(call, value, whole ? "ints" : "real numbers");
        expr->as.builtin.arguments[i] = value ? texpr_cast(s, value, whole ? DTYPE_I64 : DTYPE_F64, true) : NULL;
    }
    return expr;
}

TExpr *check_power_call(Call *call) {
    if (!call_given(call, 2))
        return check_binary(call->scope, AST_OP_POW, call_argument(call, 0), call_argument(call, 1), call->node->span);
    TExpr *expr = call_builtin(call, type_scalar(call->scope->checker, DTYPE_I64, true), 3);
    for (int i = 0; i < 3; i++) {
        TExpr *value = call_argument(call, i);
        if (!type_is_python_int(value->type))
            return call_wrong(call, value, "ints where a third is given");
        expr->as.builtin.arguments[i] = value;
    }
    return expr;
}

TExpr *check_abs(Call *call) {
    TExpr *value = texpr_decay(call->scope, call_argument(call, 0));
    if (is_poison(value))
        return value;
    return make_op(call->scope, OP_ABS, &value, call->node->span);
}

/* An int stays what it is; tens would be another story. */
static TExpr *round_int(Call *call, TExpr *value) {
    Scope *s = call->scope;
    if (!call_given(call, 1))
        return python_scalar(call, value, DTYPE_I64);
    TExpr *digits = call_argument(call, 1);
    if (is_poison(digits))
        return digits;
    if (!type_is_python_int(digits->type))
        return call_wrong(call, digits, "an int");
    if (prove_ge(s->facts, digits->size, size_const(0)) == PROVED)
        return value->type->weak ? texpr_cast(s, value, DTYPE_I64, true) : value;
    if (value->type->weak) {
        TExpr *arguments[] = {texpr_cast(s, value, DTYPE_I64, true), digits};
        return texpr_runtime(s, "mnp_round_int", arguments, 2, type_scalar(s->checker, DTYPE_I64, true), call->node->span);
    }
    diag_unsupported(call->node->span, "rounding an int of NumPy's to tens", "an expression with //");
    return call_poison(call);
}

TExpr *check_round(Call *call) {
    TExpr *value = texpr_decay(call->scope, call_argument(call, 0));
    if (is_poison(value))
        return value;
    bool truth = value->type->kind == TYPE_SCALAR && value->type->dtype == DTYPE_BOOL;
    if (value->type->kind != TYPE_SCALAR || (truth && !value->type->weak) || dtype_is_complex(value->type->dtype))
        return call_wrong(call, value, "a number");
    if (!dtype_is_float(value->type->dtype))
        return round_int(call, value);
    bool digits = call_given(call, 1);
    if (digits && !value->type->weak)
        return round_to(call, value);
    const Type *type = digits ? value->type : type_scalar(call->scope->checker, DTYPE_I64, true);
    TExpr *expr = call_builtin(call, type, 2);
    expr->as.builtin.arguments[0] = value;
    expr->as.builtin.python = value->type->weak;
    if (digits && !type_is_int((expr->as.builtin.arguments[1] = call_argument(call, 1))->type))
        return call_wrong(call, call_argument(call, 1), "an int");
    return expr;
}

TExpr *check_divmod(Call *call) {
    Scope *s = call->scope;
    TExpr *values[2], **items = ARENA_ARRAY(s->checker->arena, TExpr *, 2);
    const Type **types = ARENA_ARRAY(s->checker->arena, const Type *, 2);
    for (int i = 0; i < 2; i++)
        values[i] = texpr_once(s, call_argument(call, i));
    for (int i = 0; i < 2; i++) {
        items[i] = check_binary(s, i ? AST_OP_MOD : AST_OP_FLOORDIV, values[0], values[1], call->node->span);
        if (is_poison(items[i]))
            return items[i];
        types[i] = items[i]->type;
    }
    TExpr *expr = texpr_new(s, TEXPR_TUPLE, call->node->span, type_tuple(s->checker, types, 2));
    expr->as.tuple.items = items;
    expr->as.tuple.count = 2;
    return expr;
}

/* hex, oct and bin: as a format with its prefix shows it. */
static TExpr *text_in_base(Call *call) {
    Scope *s = call->scope;
    Span span = call->node->span;
    TExpr *value = call_argument(call, 0);
    if (is_poison(value))
        return value;
    bool whole = value->type->kind == TYPE_SCALAR && (type_is_int(value->type) || (value->type->dtype == DTYPE_BOOL && value->type->weak));
    if (!whole)
        return call_wrong(call, value, "an int");
    Inset *inset = inset_open(s, span);
    Ast *text = ast_make(s, AST_FSTRING, span), *field = ast_make(s, AST_FORMATTED, span), *format = ast_make(s, AST_FSTRING, span);
    format->as.fstring.parts = ast_make(s, AST_STRING, span);
    format->as.fstring.parts->as.string.data = arena_printf(s->checker->arena, "#%c", call->info->op);
    format->as.fstring.parts->as.string.length = 2;
    field->as.formatted.value = ast_name(s, bind_hidden(s, "number", texpr_cast(s, value, DTYPE_I64, true)), span);
    field->as.formatted.format = format;
    text->as.fstring.parts = field;
    return inset_close(inset, check_expr(s, text));
}

TExpr *check_text(Call *call) {
    if (call->info->op > 1)
        return text_in_base(call);
    TExpr *value = call_argument(call, 0);
    if (value->type->kind == TYPE_DTYPE)
        return dtype_text(call->scope, value, call->info->op);
    if (is_poison(value))
        return value;
    if (!may_become_text(value->type))
        return call_wrong(call, value, "a scalar, a string, a tuple or an array");
    return texpr_text(call->scope, value, call->info->op ? 'r' : 's', call->node->span);
}

TExpr *check_len(Call *call) {
    Scope *s = call->scope;
    TExpr *value = call_argument(call, 0);
    if (value->type->kind == TYPE_TUPLE)
        return texpr_int(s, value->type->count, call->node->span);
    if (value->type->kind == TYPE_ARRAY && value->type->rank)
        return texpr_size(s, value->type->shape[0], value, call->node->span);
    if (value->type->kind == TYPE_LIST)
        return list_length(s, value, call->node->span);
    if (value->type->kind == TYPE_RANGE)
        return range_length(s, value, call->node->span);
    if (value->type->kind == TYPE_STRING) {
        TExpr *expr = call_builtin(call, type_scalar(s->checker, DTYPE_I64, true), 1);
        expr->as.builtin.arguments[0] = value;
        return expr;
    }
    return call_wrong(call, value, "an array");
}

/* a.item(): the only element; a.item(i, j): the element there; a.item(i): of the elements in one axis. As Python's. */
TExpr *check_item(Call *call) {
    Scope *s = call->scope;
    TExpr *array = texpr_decay(s, check_expr(s, call->receiver));
    const Ast *arg = call->node->as.call.arguments;
    if (is_poison(array))
        return array;
    if (call->info->op == 1 && arg)
        return call_wrong(call, array, "no arguments");
    if (call->info->op == 1 && array->type->kind == TYPE_ARRAY)
        return array_as_lists(s, array, call->node->span);
    if (array->type->kind == TYPE_SCALAR && array->type->weak) {
        diag_error(call->node->span, DIAG_UNKNOWN_ATTRIBUTE, "%s has no attribute 'item'",
                   type_print(s->checker->arena, array->type));
        return call_poison(call);
    }
    if (array->type->kind == TYPE_ARRAY) {
        int count = call->node->as.call.count;
        if (count <= 1)
            array = view_raveled(s, array, call->node->span);
        if (!count)
            require_equal(s, array->type->shape[0], size_const(1), "ITEM_SIZE", "sizes of the array and of one item",
                          call->node->span);
        Subscript *subscripts = ARENA_ARRAY(s->checker->arena, Subscript, TYPED_RANK_MAX);
        for (int axis = 0; axis < array->type->rank; axis++, arg = arg ? arg->next : NULL) {
            TExpr *index = arg ? check_expr(s, arg) : texpr_int(s, 0, call->node->span);
            if (count > 1 && count != array->type->rank)
                return call_wrong(call, array, "as many indices as the array has axes");
            if (!type_is_int(index->type))
                return call_wrong(call, index, "ints");
            subscripts[axis].index = texpr_cast(s, index, DTYPE_I64, true);
        }
        array = index_new(s, array, subscripts, array->type->rank, false, call->node->span);
    }
    if (array->type->kind != TYPE_SCALAR)
        return call_wrong(call, array, "an array");
    DTypeClass class = dtype_info(array->type->dtype)->class;
    return python_scalar(call, array, class == CLASS_COMPLEX ? DTYPE_C128
                                      : class == CLASS_FLOAT ? DTYPE_F64
                                      : class == CLASS_BOOL ? DTYPE_BOOL
                                                            : DTYPE_I64);
}
