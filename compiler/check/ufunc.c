/* ufunc.c: calls of ufuncs: out=, where=, dtype=; their methods reduce, accumulate and outer. */
#include "check/call.h"

TExpr *array_whole(Scope *s, TExpr *array, int before, int behind) {
    int count = 0, rank = array->type->rank;
    Subscript *subscripts = ARENA_ARRAY(s->checker->arena, Subscript, rank + before + behind);
    for (int i = 0; i < before; i++)
        subscripts[count++].kind = SUBSCRIPT_NEW;
    for (int axis = 0; axis < rank; axis++)
        subscript_whole(array->type->shape[axis], &subscripts[count++]);
    for (int i = 0; i < behind; i++)
        subscripts[count++].kind = SUBSCRIPT_NEW;
    return index_new(s, array, subscripts, count, true, array->span);
}

/* ---- out= ---------------------------------------------------------------------------------- */

/* The checks met so far are passed before the value is stored, not behind. */
static void take_checks(Scope *s, TExpr *value) {
    TCheck **link = s->checks;
    while (*link)
        link = &(*link)->next;
    *link = value->checks;
    value->checks = *s->checks;
    *s->checks = NULL;
}

static TExpr *out_array(Call *call, const TExpr *value) {
    TExpr *out = call_argument(call, call_place(call, "out"));
    if (out->type->kind == TYPE_TUPLE && out->kind == TEXPR_TUPLE && out->type->count == 1)
        out = out->as.tuple.items[0];
    if (is_poison(out) || is_poison(value))
        return call_poison(call);
    if (out->type->kind != TYPE_ARRAY)
        return call_wrong(call, out, "an array as out");
    if (!dtype_can_cast(value->type->dtype, out->type->dtype, 'k')) {
        diag_error(out->span, DIAG_TYPE_MISMATCH, "results of dtype %s do not go into %s",
                   dtype_info(value->type->dtype)->numpy, dtype_info(out->type->dtype)->numpy);
        return call_poison(call);
    }
    if (call->scope->direct == call->node)
        return texpr_once(call->scope, out);
    diag_unsupported(call->node->span, "out= inside of an expression", "a statement of its own");
    return call_poison(call);
}

TExpr *call_out(Call *call, TExpr *value, TExpr *where) {
    Scope *s = call->scope;
    if (is_poison(value) || (where && is_poison(where)))
        return call_poison(call);
    if (!call_given_named(call, "out") && where) {
        diag_unsupported(where->span, "where without out, which leaves elements unset", "np.where");
        return call_poison(call);
    }
    if (!call_given_named(call, "out"))
        return value;
    TExpr *out = out_array(call, value);
    if (is_poison(out))
        return out;
    value = texpr_cast(s, value, out->type->dtype, false);
    if (where) {
        TExpr *choice[] = {where, value, out};
        value = make_op(s, OP_SELECT, choice, call->node->span);
    }
    if (is_poison(value))
        return value;
    take_checks(s, value);
    assign_store(s, array_whole(s, out, 0, 0), value, call->node->span);
    return out;
}

/* ---- dtype= and the operands --------------------------------------------------------------- */

/* The operands in the dtype that dtype= asks for. */
static bool cast_operands(Call *call, TExpr **operands, int arity) {
    int k = call_place(call, "dtype");
    DType dtype;
    if (!call_given_named(call, "dtype"))
        return true;
    OpRule rule = op_info((Op)call->info->op)->rule;
    if (!call_dtype(call, k, &dtype))
        return false;
    if (rule == RULE_COMPARE || rule == RULE_LOGIC || rule == RULE_TEST || rule == RULE_SIGNBIT || rule == RULE_LDEXP) {
        diag_unsupported(call->asts[k]->span, "dtype= here", "an .astype of the operands");
        return false;
    }
    for (int i = 0; i < arity; i++) {
        bool weak = operands[i]->type->kind == TYPE_SCALAR && operands[i]->type->weak;
        if (!weak && !dtype_can_cast(operands[i]->type->dtype, dtype, 'k')) {
            diag_error(operands[i]->span, DIAG_TYPE_MISMATCH, "%s does not become %s",
                       dtype_info(operands[i]->type->dtype)->numpy, dtype_info(dtype)->numpy);
            return false;
        }
        operands[i] = texpr_cast(call->scope, operands[i], dtype, false);
    }
    return true;
}

/* What NumPy's functions give for Python's scalars is NumPy's. */
static TExpr *strong(Scope *s, TExpr *value) {
    if (is_poison(value) || value->type->kind != TYPE_SCALAR || !value->type->weak)
        return value;
    TExpr *expr = texpr_new(s, TEXPR_CAST, value->span, type_scalar(s->checker, value->type->dtype, false));
    expr->as.cast.value = value;
    expr->size = value->size;
    return expr;
}

static TExpr *ufunc_value(Call *call, Op op, TExpr **operands) {
    Scope *s = call->scope;
    int arity = op_info(op)->arity;
    bool all_weak = true;
    for (int i = 0; i < arity; i++) {
        if (is_poison(operands[i]))
            return operands[i];
        all_weak &= operands[i]->type->kind == TYPE_SCALAR && operands[i]->type->weak;
    }
    if (!cast_operands(call, operands, arity))
        return call_poison(call);
    /* Two of Python's scalars: NumPy's wrap, Python's stop. */
    for (int i = 0; all_weak && i < arity; i++)
        operands[i] = texpr_cast(s, operands[i], operands[i]->type->dtype, false);
    return strong(s, make_op(s, op, operands, call->node->span));
}

/* The mask of where=; NULL where there is none. False after an error. */
static bool where_mask(Call *call, TExpr **where) {
    *where = NULL;
    if (!call_given_named(call, "where"))
        return true;
    TExpr *mask = call_argument(call, call_place(call, "where"));
    if (is_poison(mask))
        return false;
    if (!type_is_number(mask->type) || mask->type->dtype != DTYPE_BOOL) {
        call_wrong(call, mask, "bools as where");
        return false;
    }
    if (mask->kind != TEXPR_CONST || !mask->as.constant.i)
        *where = mask;
    return true;
}

TExpr *check_ufunc(Call *call) {
    TExpr *operands[3], *where;
    Op op = (Op)call->info->op;
    for (int i = 0; i < op_info(op)->arity; i++)
        operands[i] = call_argument(call, i);
    TExpr *value = ufunc_value(call, op, operands);
    if (is_poison(value) || !where_mask(call, &where))
        return call_poison(call);
    return call_out(call, value, where);
}

/* ---- two results --------------------------------------------------------------------------- */

TExpr *check_pair(Call *call) {
    Scope *s = call->scope;
    const char *name = call->info->name;
    bool numpy = !strcmp(call->info->module, "np"), divides = !strcmp(name, "divmod"), modf = !strcmp(name, "modf");
    Op ops[] = {divides ? OP_FLOORDIV : modf ? OP_FRACTION : OP_MANTISSA, divides ? OP_MOD : modf ? OP_TRUNC : OP_EXPONENT};
    TExpr *operands[2], *items[2];
    for (int i = 0; i < 1 + divides; i++) {
        operands[i] = call_argument(call, i);
        if (is_poison(operands[i]))
            return operands[i];
        if (!type_is_number(operands[i]->type))
            return call_wrong(call, operands[i], "numbers");
        if (!numpy && !divides) {
            operands[i] = texpr_decay(s, operands[i]);
            if (operands[i]->type->kind != TYPE_SCALAR || dtype_is_complex(operands[i]->type->dtype))
                return call_wrong(call, operands[i], "a real number");
            operands[i] = texpr_cast(s, operands[i], DTYPE_F64, true);
        }
        operands[i] = texpr_once(s, operands[i]);
    }
    const Type **types = ARENA_ARRAY(s->checker->arena, const Type *, 2);
    TExpr *tuple = texpr_new(s, TEXPR_TUPLE, call->node->span, NULL);
    for (int i = 0; i < 2; i++) {
        TExpr *copies[2] = {operands[0], divides ? operands[1] : NULL};
        if (modf && i && !dtype_is_float(copies[0]->type->dtype))
            copies[0] = texpr_cast(s, copies[0], items[0]->type->dtype, false);
        items[i] = numpy ? ufunc_value(call, ops[i], copies) : make_op(s, ops[i], copies, call->node->span);
        if (!numpy && type_is_int(items[i]->type) && !divides)
            items[i] = texpr_cast(s, items[i], DTYPE_I64, true);
        if (is_poison(items[i]))
            return items[i];
        types[i] = items[i]->type;
    }
    tuple->type = type_tuple(s->checker, types, 2);
    tuple->as.tuple.items = ARENA_ARRAY(s->checker->arena, TExpr *, 2);
    memcpy(tuple->as.tuple.items, items, sizeof items);
    tuple->as.tuple.count = 2;
    return tuple;
}

/* ---- methods of ufuncs --------------------------------------------------------------------- */

static TExpr *outer_call(Call *call, Op op) {
    Scope *s = call->scope;
    TExpr *operands[2];
    for (int i = 0; i < 2; i++) {
        operands[i] = call_argument(call, i);
        if (is_poison(operands[i]))
            return operands[i];
        if (!type_is_number(operands[i]->type))
            return call_wrong(call, operands[i], "arrays");
    }
    int behind = operands[1]->type->kind == TYPE_ARRAY ? operands[1]->type->rank : 0;
    if (operands[0]->type->kind == TYPE_ARRAY && behind) {
        if (operands[0]->type->rank + behind > TYPED_RANK_MAX) {
            diag_unsupported(call->node->span, "an array of rank above 8", "reshape, which merges axes");
            return call_poison(call);
        }
        operands[0] = array_whole(s, operands[0], 0, behind);
    }
    return call_out(call, ufunc_value(call, op, operands), NULL);
}

static const FunctionInfo *method_info(const FunctionInfo *ufunc, Name name) {
    static FunctionInfo infos[] = {
        {"ufunc", "reduce", FUNCTION_UFUNC, 0, "array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True", "exact", ""},
        {"ufunc", "accumulate", FUNCTION_UFUNC, 0, "array, axis=0, dtype=None, out=None", "exact", ""},
        {"ufunc", "outer", FUNCTION_UFUNC, 0, "A, B, out=None, dtype=None", "exact", ""}};
    for (size_t i = 0; i < sizeof infos / sizeof *infos; i++)
        if (!strcmp(name, infos[i].name)) {
            infos[i].op = ufunc->op;
            return &infos[i];
        }
    return NULL;
}

TExpr *check_ufunc_method(Scope *s, const Ast *node) {
    const Ast *callee = node->as.call.callee, *receiver;
    if (callee->kind != AST_ATTRIBUTE || callee->as.attribute.value->kind != AST_ATTRIBUTE)
        return NULL;
    const FunctionInfo *ufunc = find_function(s, callee->as.attribute.value, &receiver);
    if (!ufunc || receiver || ufunc->kind != FUNCTION_UFUNC)
        return NULL;
    if (!strcmp(callee->as.attribute.name, "at") && op_info((Op)ufunc->op)->arity == 2)
        return check_ufunc_at(s, node, (Op)ufunc->op);
    Call call = {.scope = s, .node = node, .info = method_info(ufunc, callee->as.attribute.name)};
    if (!call.info) {
        diag_unsupported(callee->as.attribute.name_span, arena_printf(s->checker->arena, "the method '%s' of ufuncs",
                                                                      callee->as.attribute.name), "reduce, accumulate, outer or at");
        return texpr_poison(s, node->span);
    }
    Op op = (Op)ufunc->op;
    if (op_info(op)->arity != 2) {
        diag_error(node->span, DIAG_BAD_CALL, "%s only exists for ufuncs of two operands", call.info->name);
        return texpr_poison(s, node->span);
    }
    if (!call_bind(&call))
        return texpr_poison(s, node->span);
    if (!strcmp(call.info->name, "outer"))
        return outer_call(&call, op);
    bool reduce = !strcmp(call.info->name, "reduce");
    TExpr *array = call_array_like(&call, 0);
    return reduce ? reduce_call(&call, op, array) : accumulate_call(&call, op, array);
}
