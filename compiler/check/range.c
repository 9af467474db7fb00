/* range.c: ranges as values: start, stop and step, which the runtime counts with. */
#include "check/either.h"
#include "check/sequence.h"

static const Type *type_int(Scope *s) {
    return type_scalar(s->checker, DTYPE_I64, true);
}

static TExpr *call_range(Scope *s, const char *symbol, TExpr *range, TExpr *const *more, int count, const Type *type, Span span) {
    TExpr *arguments[8];
    range = texpr_shared(s, range);
    for (int i = 0; i < 3; i++)
        arguments[i] = tuple_item(s, range, i, span);
    for (int i = 0; i < count; i++)
        arguments[3 + i] = more[i];
    return texpr_runtime(s, symbol, arguments, 3 + count, type, span);
}

bool range_values(Scope *s, const Ast *call, TExpr **values) {
    int count = 0;
    for (const Ast *arg = call->as.call.arguments; arg; arg = arg->next) {
        if (count == 3 || arg->kind == AST_KEYWORD || arg->kind == AST_STARRED) {
            diag_error(arg->span, DIAG_BAD_CALL, "range takes one to three ints");
            return false;
        }
        TExpr *value = check_value(s, arg);
        if (is_poison(value))
            return false;
        if (!type_is_int(value->type)) {
            diag_error(arg->span, DIAG_TYPE_MISMATCH, "range takes ints, not %s",
                       type_print(s->checker->arena, value->type));
            return false;
        }
        values[count++] = texpr_cast(s, value, DTYPE_I64, true);
    }
    if (count == 0) {
        diag_error(call->span, DIAG_BAD_CALL, "range takes one to three ints");
        return false;
    }
    if (count == 1) {
        values[1] = values[0];
        values[0] = texpr_int(s, 0, call->span);
    }
    if (count < 3)
        values[2] = texpr_int(s, 1, call->span);
    int64_t step;
    if (constant_int(values[2], &step) && step == 0) {
        diag_error(values[2]->span, DIAG_ALWAYS_FAILS, "range's step is not zero");
        return false;
    }
    return true;
}

static const Type *type_range(Scope *s) {
    const Type **items = ARENA_ARRAY(s->checker->arena, const Type *, 3);
    for (int i = 0; i < 3; i++)
        items[i] = type_int(s);
    Type *type = (Type *)type_tuple(s->checker, items, 3);
    type->kind = TYPE_RANGE;
    return type;
}

TExpr *range_new(Scope *s, const Ast *call) {
    TExpr *values[3];
    int64_t step;
    if (!range_values(s, call, values))
        return texpr_poison(s, call->span);
    TExpr *expr = tuple_of(s, values, 3, call->span);
    expr->type = type_range(s);
    if (!constant_int(values[2], &step))
        require(s, FACT_NE, values[2]->size, "RANGE_STEP", "a step that is not zero", call->span);
    return expr;
}

TExpr *range_length(Scope *s, TExpr *range, Span span) {
    int64_t step;
    range = texpr_shared(s, range);
    if (constant_int(tuple_item(s, range, 2, span), &step) && step == 1) {
        TExpr *ends[] = {tuple_item(s, range, 1, span), tuple_item(s, range, 0, span)};
        TExpr *both[] = {make_op(s, OP_SUB, ends, span), texpr_int(s, 0, span)};
        return make_op(s, OP_MAXIMUM, both, span);
    }
    return call_range(s, "mnp_range_length", range, NULL, 0, type_int(s), span);
}

TExpr *range_index(Scope *s, const Ast *node, TExpr *range) {
    const Ast *index = node->as.index.indices;
    if (node->as.index.count != 1) {
        diag_error(node->span, DIAG_TYPE_MISMATCH, "range indices are ints or slices, not tuples");
        return texpr_poison(s, node->span);
    }
    range = texpr_shared(s, range);
    TExpr *three[] = {tuple_item(s, range, 0, node->span), tuple_item(s, range, 1, node->span), tuple_item(s, range, 2, node->span)};
    if (index->kind == AST_SLICE)
        return slice_of(s, index, "mnp_range_slice", three, 3, range->type);
    TExpr *at = check_value(s, index);
    if (is_poison(at))
        return at;
    if (!type_is_int(at->type)) {
        diag_error(index->span, DIAG_TYPE_MISMATCH, "range indices are ints or slices, not %s",
                   type_print(s->checker->arena, at->type));
        return texpr_poison(s, node->span);
    }
    at = texpr_cast(s, at, DTYPE_I64, true);
    return call_range(s, "mnp_range_item", range, &at, 1, type_int(s), node->span);
}

TExpr *range_comparison(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span) {
    bool in = op == AST_OP_IN || op == AST_OP_NOT_IN, equality = op == AST_OP_EQ || op == AST_OP_NE;
    bool negated = op == AST_OP_NOT_IN || op == AST_OP_NE, whole = type_is_int(left->type);
    bool ranges = left->type->kind == TYPE_RANGE && right->type->kind == TYPE_RANGE;
    TExpr *test, *more[3];
    if (right->type->kind == TYPE_RANGE && in && whole) {
        more[0] = texpr_once(s, texpr_cast(s, left, DTYPE_I64, true));
        test = call_range(s, "mnp_range_has", right, more, 1, type_scalar(s->checker, DTYPE_BOOL, true), span);
    } else if (ranges && equality) {
        right = texpr_shared(s, right);
        for (int i = 0; i < 3; i++)
            more[i] = tuple_item(s, right, i, span);
        test = call_range(s, "mnp_range_equal", left, more, 3, type_scalar(s->checker, DTYPE_BOOL, true), span);
    } else {
        return NULL;
    }
    return negated && !is_poison(test) ? make_op(s, OP_NOT, &test, span) : test;
}

TExpr *range_attribute(Scope *s, TExpr *range, Name name, Span span) {
    static const char *const names[] = {"start", "stop", "step"};
    for (int i = 0; i < 3; i++)
        if (!strcmp(name, names[i]))
            return tuple_item(s, texpr_shared(s, range), i, span);
    return NULL;
}
