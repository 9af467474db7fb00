/* statement.c: statements, one after the other, as written. */
#include "lower/lowering.h"

static void enter(Lowering *l, Region *region) {
    l->b.region = region;
    l->b.before = NULL;
}

static bool reaches_end(const Lowering *l) {
    return !l->b.region->last || l->b.region->last->kind != NODE_EXIT;
}

static void retain_all(Lowering *l, const Values *values) {
    for (int i = 0; i < values->count; i++)
        if (values->data[i]->kind == VALUE_ARRAY)
            build_retain(&l->b, values->data[i]);
}

/* ---- assignment ---------------------------------------------------------------------------- */

static void lower_assign(Lowering *l, TStmt *stmt) {
    TExpr *value = stmt->as.assign.value;
    Lowered lowered = lower_expr(l, value);
    if (lowered.value && lowered.value->dtype == DTYPE_I64 && lowered.value->kind == VALUE_SCALAR)
        check_fits(l, value_size(lowered.value));
    set_variable(l, stmt->as.assign.variable, lowered);
}

static void store_element(Lowering *l, TExpr *target, Value *value) {
    Lowered place = lower_index(l, target);
    Node *load = place.value->node;
    if (value->dtype == DTYPE_I64)
        check_fits(l, value_size(value));
    build_store(&l->b, load->as.load.array, load->as.load.index, value);
    node_remove(load);
}

static void lower_store(Lowering *l, TStmt *stmt) {
    TExpr *target = stmt->as.store.target;
    if (target->type->kind == TYPE_SCALAR) {
        store_element(l, target, lower_scalar(l, stmt->as.store.value));
        return;
    }
    if (target->kind == TEXPR_GATHER || target->kind == TEXPR_MASK) {
        store_place(l, target, stmt->as.store.value, -1, stmt->as.store.checks);
        return;
    }
    prepare(l, stmt->as.store.value);
    Value *place = lower_expr(l, target).value;
    lower_checks(l, stmt->as.store.checks);
    store_array(l, place, stmt->as.store.value);
}

/* A target that was evaluated once, as an operand of the operation. */
static void reuse_target(TExpr *value, TExpr *target, TExpr *stand_in) {
    for (int i = 0; i < op_info(value->as.op.op)->arity; i++) {
        TExpr *operand = value->as.op.operands[i];
        if (operand == target)
            value->as.op.operands[i] = stand_in;
        else if (operand->kind == TEXPR_CAST && operand->as.cast.value == target)
            operand->as.cast.value = stand_in;
    }
}

static void lower_augment(Lowering *l, TStmt *stmt) {
    TExpr *target = stmt->as.store.target, *value = stmt->as.store.value;
    Variable *variable = ARENA_NEW(l->arena, Variable);
    TExpr *stand_in = ARENA_NEW(l->arena, TExpr);
    *stand_in = *target;
    stand_in->kind = TEXPR_VARIABLE;
    stand_in->checks = NULL;
    stand_in->as.variable = variable;
    *variable = (Variable){.type = target->type, .id = 0};
    Lowered place = lower_expr(l, target);
    Node *load = target->type->kind == TYPE_SCALAR ? place.value->node : NULL;
    /* A slot of its own among the variables. */
    variable->id = (uint32_t)l->variables.count;
    set_variable(l, variable, place);
    reuse_target(value, target, stand_in);
    TExpr cast = {.kind = TEXPR_CAST, .span = value->span, .type = target->type};
    cast.as.cast.value = value;
    TExpr *result = value->type->dtype == target->type->dtype ? value : &cast;
    if (!load) {
        prepare(l, result);
        lower_checks(l, stmt->as.store.checks);
        store_array(l, place.value, result);
        return;
    }
    Value *computed = lower_scalar(l, result);
    if (computed->dtype == DTYPE_I64)
        check_fits(l, value_size(computed));
    build_store(&l->b, load->as.load.array, load->as.load.index, computed);
}

/* ---- branches ------------------------------------------------------------------------------ */

static void lower_branch(Lowering *l, Region *region, const TBlock *block, const TStmt *stmt,
                         bool then) {
    enter(l, region);
    lower_block(l, block);
    if (!reaches_end(l))
        return;
    Values yields = {0};
    for (int i = 0; i < stmt->as.branch.merge_count; i++) {
        const Merge *merge = &stmt->as.branch.merges[i];
        const Variable *variable = then ? merge->then : merge->otherwise;
        flatten(l, merge->result->type, get_variable(l, variable), &yields);
    }
    retain_all(l, &yields);
    build_yield(region, &yields);
}

static void lower_if(Lowering *l, TStmt *stmt) {
    Values like = {0};
    Value *test = lower_scalar(l, stmt->as.branch.test);
    for (int i = 0; i < stmt->as.branch.merge_count; i++)
        flatten_like(l, stmt->as.branch.merges[i].result->type, &like);
    Node *node = build_if(&l->b, test, &like);
    Builder outer = l->b;
    lower_branch(l, node->as.branch.then, &stmt->as.branch.then, stmt, true);
    lower_branch(l, node->as.branch.otherwise, &stmt->as.branch.otherwise, stmt, false);
    l->b = outer;
    int next = 0;
    for (int i = 0; i < stmt->as.branch.merge_count; i++) {
        const Variable *result = stmt->as.branch.merges[i].result;
        set_variable(l, result, unflatten(l, result->type, &node->results, &next));
    }
    /* Both branches leave: what follows is not reached. */
    bool then = !node->as.branch.then->last || node->as.branch.then->last->kind != NODE_EXIT;
    bool other = !node->as.branch.otherwise->last || node->as.branch.otherwise->last->kind != NODE_EXIT;
    if (!then && !other) {
        Values none = {0};
        Node *exit = build_exit(&l->b, EXIT_FAIL, NULL, &none);
        exit->as.exit.exception = "SystemError";
    }
}

/* ---- loops --------------------------------------------------------------------------------- */

static void flatten_variables(Lowering *l, const LoopVariable *variables, int count,
                              Variable *const *slots, char which, Values *out) {
    for (int i = 0; i < count; i++) {
        const LoopVariable *v = &variables[i];
        const Variable *from = slots ? slots[v->slot] : which == 'i' ? v->init : v->back;
        Lowered lowered = from ? get_variable(l, from) : lower_dummy(l, v->head->type);
        flatten(l, v->head->type, lowered, out);
    }
    retain_all(l, out);
}

static void unflatten_variables(Lowering *l, const LoopVariable *variables, int count, bool head,
                                const Values *values) {
    int next = 0;
    for (int i = 0; i < count; i++) {
        const Variable *variable = head ? variables[i].head : variables[i].after;
        set_variable(l, variable, unflatten(l, variable->type, values, &next));
    }
}

static void own_all(Values *values) {
    for (int i = 0; i < values->count; i++)
        values->data[i]->owned = values->data[i]->kind == VALUE_ARRAY;
}

static void lower_round(Lowering *l, Region *region, const TBlock *body, const LoopVariable *variables,
                        int count, LoopFrame *frame) {
    frame->outer = l->loop;
    l->loop = frame;
    lower_block(l, body);
    l->loop = frame->outer;
    if (!reaches_end(l))
        return;
    Values back = {0};
    flatten_variables(l, variables, count, NULL, 'b', &back);
    build_yield(region, &back);
}

/* Rounds of range(start, stop, step); not negative where the step's sign is that of `down`. */
static Size range_count(Size start, Size stop, Size step, bool down) {
    Size span = down ? size_sub(start, stop) : size_sub(stop, start), by = down ? size_neg(step) : step;
    return size_floordiv(size_add(span, size_sub(by, size_const(1))), by);
}

/* The same where only the run knows the sign: (stop - start + step - sign) // step, which may be
 * negative. */
static Value *signed_count(Lowering *l, Value *start, Value *stop, Value *step) {
    build_check(&l->b, CHECK_NE, value_size(step), NULL, FAILURE_RANGE_STEP, "the step of a range");
    Value *zero = build_size(&l->b, size_const(0)), *one = build_size(&l->b, size_const(1));
    Value *positive = build_let(&l->b, OP_GT, DTYPE_BOOL, step, zero, NULL);
    Value *sign = build_let(&l->b, OP_SELECT, DTYPE_I64, positive, one, build_size(&l->b, size_const(-1)));
    Size span = size_add(size_sub(value_size(stop), value_size(start)),
                         size_sub(value_size(step), value_size(sign)));
    check_fits(l, span);
    return build_let(&l->b, OP_FLOORDIV, DTYPE_I64, build_size(&l->b, span), step, NULL);
}

static void lower_for(Lowering *l, TStmt *stmt) {
    const LoopVariable *variables = stmt->as.loop.variables;
    int count = stmt->as.loop.variable_count;
    Size lo = size_const(0), hi;
    int64_t step = 1;
    bool counted = false;      /* by rounds: counter = start + step * round */
    Size step_size = size_const(1);
    Value *start = NULL;
    if (stmt->as.loop.row) {
        hi = lower_size(l, stmt->as.loop.row->type->shape[0]);
    } else {
        start = lower_scalar(l, stmt->as.loop.start);
        check_fits(l, value_size(start));
        Value *stop = lower_scalar(l, stmt->as.loop.stop);
        check_fits(l, value_size(stop));
        step_size = value_size(lower_scalar(l, stmt->as.loop.step));
        counted = !size_is_const(step_size, &step) || step < 0;
        lo = value_size(start);
        hi = value_size(stop);
    }
    if (counted) {
        int direction = stmt->as.loop.direction;
        hi = direction ? range_count(lo, hi, step_size, direction < 0)
                       : value_size(signed_count(l, start, build_size(&l->b, hi), build_size(&l->b, step_size)));
        lo = size_const(0);
        step = 1;
    }
    Values init = {0};
    flatten_variables(l, variables, count, NULL, 'i', &init);
    Name label = stmt->as.loop.counter->name ? stmt->as.loop.counter->name : name_of("row");
    Node *node = build_for(&l->b, label, lo, hi, step, &init);
    own_all(&node->as.loop.heads);
    own_all(&node->results);
    Builder outer = l->b;
    enter(l, node->as.loop.body);
    const Variable *counter = stmt->as.loop.counter;
    if (!counted) {
        set_variable(l, counter, (Lowered){.value = node->as.loop.iv});
    } else {
        Size value = size_add(value_size(start), size_mul(value_size(node->as.loop.iv), step_size));
        alias_atom(l, counter->size, value);
        set_variable(l, counter, (Lowered){.value = build_size(&l->b, value)});
    }
    unflatten_variables(l, variables, count, true, &node->as.loop.heads);
    LoopFrame frame = {stmt, node, variables, count, NULL};
    lower_round(l, node->as.loop.body, &stmt->as.loop.body, variables, count, &frame);
    l->b = outer;
    unflatten_variables(l, variables, count, false, &node->results);
}

static void lower_while(Lowering *l, TStmt *stmt) {
    const LoopVariable *variables = stmt->as.whilst.variables;
    int count = stmt->as.whilst.variable_count;
    Values init = {0};
    flatten_variables(l, variables, count, NULL, 'i', &init);
    Node *node = build_while(&l->b, name_of("while"), &init);
    own_all(&node->as.whilst.heads);
    own_all(&node->results);
    Builder outer = l->b;
    enter(l, node->as.whilst.head);
    unflatten_variables(l, variables, count, true, &node->as.whilst.heads);
    node->as.whilst.test = lower_scalar(l, stmt->as.whilst.test);
    enter(l, node->as.whilst.body);
    LoopFrame frame = {stmt, node, variables, count, NULL};
    lower_round(l, node->as.whilst.body, &stmt->as.whilst.body, variables, count, &frame);
    l->b = outer;
    unflatten_variables(l, variables, count, false, &node->results);
}

static void lower_leave(Lowering *l, TStmt *stmt) {
    LoopFrame *frame = l->loop;
    while (frame->stmt != stmt->as.leave.target)
        frame = frame->outer;
    Values values = {0};
    flatten_variables(l, frame->variables, frame->count, stmt->as.leave.values, 's', &values);
    build_exit(&l->b, stmt->kind == TSTMT_BREAK ? EXIT_BREAK : EXIT_CONTINUE, frame->node, &values);
}

/* ---- leaving the function ------------------------------------------------------------------ */

static void lower_return(Lowering *l, TStmt *stmt) {
    Values values = {0};
    Lowered result = stmt->as.result.value ? lower_expr(l, stmt->as.result.value) : (Lowered){0};
    const Type *type = l->source->result;
    if (type->kind == TYPE_SCALAR && result.value->dtype == DTYPE_I64)
        check_fits(l, value_size(result.value));
    flatten(l, type, result, &values);
    retain_all(l, &values);
    if (l->source->recursive)
        runtime_call(l, "mnp_leave", NULL, 0);
    build_exit(&l->b, EXIT_RETURN, NULL, &values);
}

static void lower_failure(Lowering *l, const char *exception, TExpr *message) {
    Values values = {0};
    if (message) {
        Lowered text = lower_expr(l, message);
        values_add(l->arena, &values, text.value);
        values_add(l->arena, &values, text.length);
    }
    build_exit(&l->b, EXIT_FAIL, NULL, &values)->as.exit.exception = exception;
}

static void lower_assert(Lowering *l, TStmt *stmt) {
    Value *test = lower_scalar(l, stmt->as.assertion.test);
    Node *node = build_if(&l->b, test, NULL);
    Builder outer = l->b;
    enter(l, node->as.branch.otherwise);
    TExpr *message = stmt->as.assertion.message;
    bool text = message && message->type->kind == TYPE_STRING;
    lower_failure(l, "AssertionError", text ? message : NULL);
    l->b = outer;
}

static void lower_stmt(Lowering *l, TStmt *stmt) {
    l->b.span = stmt->span;
    switch (stmt->kind) {
    case TSTMT_ASSIGN: lower_assign(l, stmt); break;
    case TSTMT_STORE: lower_store(l, stmt); break;
    case TSTMT_AUGMENT: lower_augment(l, stmt); break;
    case TSTMT_EXPRESSION: lower_expr(l, stmt->as.expression.value); break;
    case TSTMT_IF: lower_if(l, stmt); break;
    case TSTMT_WHILE: lower_while(l, stmt); break;
    case TSTMT_FOR: lower_for(l, stmt); break;
    case TSTMT_BREAK: case TSTMT_CONTINUE: lower_leave(l, stmt); break;
    case TSTMT_RETURN: lower_return(l, stmt); break;
    case TSTMT_ASSERT: lower_assert(l, stmt); break;
    case TSTMT_RAISE: lower_failure(l, stmt->as.raise.exception, stmt->as.raise.message); break;
    }
}

void lower_block(Lowering *l, const TBlock *block) {
    for (TStmt *stmt = block->first; stmt && reaches_end(l); stmt = stmt->next)
        lower_stmt(l, stmt);
}
