/* loop.c: for and while. A body is checked until the types and directions of the variables that it
 * assigns are stable: then each round computes what Python computes. */
#include "check/checker.h"

enum { LOOP_ROUNDS_MAX = 5, NAMES_MAX = 128 };

typedef struct {
    Name names[NAMES_MAX];
    int count;
} Names;

static void add_name(Names *names, Name name) {
    for (int i = 0; i < names->count; i++)
        if (names->names[i] == name)
            return;
    if (names->count < NAMES_MAX)
        names->names[names->count++] = name;
}

static void target_names(Names *names, const Ast *target) {
    if (target->kind == AST_NAME)
        add_name(names, target->as.name.id);
    else if (target->kind == AST_TUPLE || target->kind == AST_LIST)
        for (const Ast *item = target->as.list.items; item; item = item->next)
            target_names(names, item);
}

/* The names that statements assign. */
static void assigned_names(Names *names, const Ast *node) {
    for (; node; node = node->next) {
        if (node->kind == AST_ASSIGN)
            for (const Ast *t = node->as.assign.targets; t; t = t->next)
                target_names(names, t);
        else if (node->kind == AST_ANNOTATED || node->kind == AST_AUGMENTED)
            target_names(names, node->as.annotated.target);
        else if (node->kind == AST_FOR)
            target_names(names, node->as.loop.target), assigned_names(names, node->as.loop.body);
        else if (node->kind == AST_WHILE || node->kind == AST_IF)
            assigned_names(names, node->as.branch.body),
                assigned_names(names, node->as.branch.otherwise);
    }
}

/* What a loop's rounds have taught about a variable: the type and fact that the next try starts from. */
typedef struct {
    const Type *type;
    int direction;          /* the int grows (1) or shrinks (-1) from round to round; 2: neither */
} Hint;

typedef struct {
    Scope *scope;
    const Ast *node;
    TStmt *stmt;
    Names names;
    Hint hints[NAMES_MAX];
    Variable *inits[NAMES_MAX], *heads[NAMES_MAX];
    LoopScope loop;
} Loop;

static TBlock *loop_body(TStmt *stmt) {
    return stmt->kind == TSTMT_FOR ? &stmt->as.loop.body : &stmt->as.whilst.body;
}

/* Heads for one try at the body. */
static void make_heads(Loop *loop) {
    Scope *s = loop->scope;
    for (int i = 0; i < loop->names.count; i++) {
        Variable *init = loop->inits[i];
        if (!init) {
            scope_bind(s, loop->names.names[i], NULL);
            loop->heads[i] = NULL;
            continue;
        }
        const Type *type = loop->hints[i].type ? loop->hints[i].type : init->type;
        Variable *head = variable_new(s, init->name, type, NULL, init->span);
        if (head->size && init->size && loop->hints[i].direction == 1)
            s->facts = facts_ge(s->checker->arena, s->facts, head->size, init->size,
                                "a variable that grows", init->span);
        if (head->size && init->size && loop->hints[i].direction == -1)
            s->facts = facts_ge(s->checker->arena, s->facts, init->size, head->size,
                                "a variable that shrinks", init->span);
        loop->heads[i] = head;
        scope_bind(s, loop->names.names[i], head);
    }
}

/* True if the head's type can become `type` from the start: Python computes the same. */
static bool may_promote(const Variable *init, const Type *head, const Type *type) {
    return head->kind == TYPE_SCALAR && type->kind == TYPE_SCALAR && init->type->weak &&
           dtype_info(type->dtype)->class >= dtype_info(head->dtype)->class;
}

/* Compares a value that comes back with its head; true if the body must be checked again. */
static bool learn(Loop *loop, int i, Variable *back) {
    Scope *s = loop->scope;
    Variable *head = loop->heads[i];
    Hint *hint = &loop->hints[i];
    if (!head || !back || head->type->kind == TYPE_POISON || back->type->kind == TYPE_POISON)
        return false;
    if (head->size && back->size && back != head && hint->direction != 2 &&
        type_same(head->type, back->type, false)) {
        Size difference = size_sub(back->size, head->size);
        int direction = prove_ge(s->facts, difference, size_const(0)) == PROVED   ? 1
                        : prove_ge(s->facts, size_neg(difference), size_const(0)) == PROVED ? -1
                                                                                            : 2;
        if (hint->direction == direction)
            return false;
        hint->direction = hint->direction ? 2 : direction;
        return true;
    }
    const Type *joined = join_types(s, head->type, back->type);
    if (!joined && may_promote(loop->inits[i], head->type, back->type)) {
        hint->type = back->type;
        return true;
    }
    if (!joined) {
        join_error(s, loop->names.names[i], loop->inits[i], back);
        return false;
    }
    if (type_same(joined, head->type, true))
        return false;
    hint->type = joined;
    return true;
}

static bool learn_all(Loop *loop, const Bindings *bindings) {
    bool again = false;
    for (int i = 0; i < loop->names.count; i++)
        again |= learn(loop, i, variable_in(bindings, loop->names.names[i]));
    return again;
}

/* A head's type for after the loop: sizes that the loop made get atoms of their own. */
static const Type *after_type(Loop *loop, const Variable *init, const Type *type) {
    Size shape[TYPED_RANK_MAX];
    if (type->kind != TYPE_ARRAY || !init || init->type->kind != TYPE_ARRAY)
        return type;
    for (int axis = 0; axis < type->rank; axis++)
        shape[axis] = type->shape[axis] == init->type->shape[axis] ? type->shape[axis]
                                                                   : size_fresh("joined");
    return type_array(loop->scope->checker, type->dtype, type->rank, shape, type->contiguous);
}

/* One variable that the loop hands to what follows. */
static void finish_variable(Loop *loop, int i, bool runs, LoopVariable *variables, int *count) {
    Scope *s = loop->scope;
    Name name = loop->names.names[i];
    Variable *back = s->reachable ? variable_in(&s->bindings, name) : NULL;
    Variable *head = loop->heads[i];
    for (int k = 0; k < loop->loop.breaks.count; k++)
        runs &= variable_in(loop->loop.breaks.data[k], name) != NULL;
    if (!head && (!runs || !back || back->type->kind != TYPE_SCALAR)) {
        scope_bind(s, name, NULL);
        return;
    }
    const Type *type = head ? head->type : back->type;
    Variable *after = variable_new(s, name, after_type(loop, loop->inits[i], type), NULL, head ? head->span : back->span);
    if (!head)
        head = variable_new(s, name, type, NULL, back->span);
    Variable *init = loop->inits[i];
    if (after->size && init && init->size && loop->hints[i].direction == 1)
        s->facts = facts_ge(s->checker->arena, s->facts, after->size, init->size,
                            "a variable that grows", init->span);
    variables[(*count)++] = (LoopVariable){init, head, back, after, i};
}

/* A promoted variable starts as the converted value. */
static void convert_init(Loop *loop, int i, TBlock *before) {
    Scope *s = loop->scope;
    Variable *init = loop->inits[i];
    if (!init || !loop->heads[i] || init->type->kind != TYPE_SCALAR ||
        type_same(init->type, loop->heads[i]->type, false))
        return;
    TExpr *old = texpr_new(s, TEXPR_VARIABLE, init->span, init->type);
    old->as.variable = init;
    old->size = init->size;
    TBlock *block = s->block;
    s->block = before;
    TExpr *cast = texpr_cast(s, old, loop->heads[i]->type->dtype, loop->heads[i]->type->weak);
    loop->inits[i] = assign_new(s, init->name, cast, init->span);
    s->block = block;
}

/* Values of the loop's variables where a break or continue leaves. */
void check_leave(Scope *s, const Ast *node) {
    LoopScope *loop = s->loop;
    if (!loop) {
        diag_error(node->span, DIAG_OUTSIDE_LOOP, "this stands outside of a loop");
        return;
    }
    TStmt *stmt = stmt_new(s, node->kind == AST_BREAK ? TSTMT_BREAK : TSTMT_CONTINUE, node->span);
    stmt->as.leave.target = loop->stmt;
    Bindings *bindings = ARENA_NEW(s->checker->arena, Bindings);
    *bindings = copy_bindings(s, &s->bindings);
    VEC_PUSH(s->checker->arena, loop->breaks, bindings);
    stmt->as.leave.values = ARENA_ARRAY(s->checker->arena, Variable *, loop->count);
    for (int i = 0; i < loop->count; i++)
        stmt->as.leave.values[i] = variable_in(bindings, loop->names[i]);
    s->reachable = false;
}

/* Checks the body until its variables' types are stable. `enter` binds the target and the facts of
 * a round; `runs`: at least one round is certain. */
static void check_loop(Loop *loop, void (*enter)(Loop *loop), bool runs, TBlock *before) {
    Scope *s = loop->scope;
    Bindings bindings = copy_bindings(s, &s->bindings);
    Facts *facts = s->facts;
    int diags = diag_count(), verdicts = s->checker->verdicts.count;
    for (int i = 0; i < loop->names.count; i++)
        loop->inits[i] = variable_in(&bindings, loop->names.names[i]);
    for (int round = 0; round < LOOP_ROUNDS_MAX; round++) {
        diag_rollback(diags);
        s->checker->verdicts.count = verdicts;
        s->bindings = copy_bindings(s, &bindings);
        s->facts = facts;
        s->reachable = true;
        *loop_body(loop->stmt) = (TBlock){0};
        make_heads(loop);
        loop->loop = (LoopScope){loop->stmt, loop->names.names, loop->heads, loop->names.count,
                                 s->loop, {0}};
        s->loop = &loop->loop;
        TBlock *outer = s->block;
        s->block = loop_body(loop->stmt);
        enter(loop);
        for (const Ast *inner = loop->node->kind == AST_FOR ? loop->node->as.loop.body
                                                            : loop->node->as.branch.body;
             inner; inner = inner->next)
            check_statement(s, inner);
        s->block = outer;
        s->loop = loop->loop.outer;
        bool again = s->reachable && learn_all(loop, &s->bindings);
        for (int i = 0; i < loop->loop.breaks.count; i++)
            again |= learn_all(loop, loop->loop.breaks.data[i]);
        if (!again)
            break;
    }
    s->facts = facts;
    LoopVariable *variables = ARENA_ARRAY(s->checker->arena, LoopVariable, loop->names.count);
    int count = 0;
    for (int i = 0; i < loop->names.count; i++) {
        convert_init(loop, i, before);
        finish_variable(loop, i, runs, variables, &count);
    }
    s->bindings = bindings;
    for (int i = 0; i < loop->names.count; i++)
        scope_bind(s, loop->names.names[i], NULL);
    for (int k = 0; k < count; k++)
        scope_bind(s, loop->names.names[variables[k].slot], variables[k].after);
    s->reachable = true;
    if (loop->stmt->kind == TSTMT_FOR) {
        loop->stmt->as.loop.variables = variables;
        loop->stmt->as.loop.variable_count = count;
    } else {
        loop->stmt->as.whilst.variables = variables;
        loop->stmt->as.whilst.variable_count = count;
    }
}

static void enter_range(Loop *loop) {
    Scope *s = loop->scope;
    TStmt *stmt = loop->stmt;
    Arena *arena = s->checker->arena;
    const Ast *target = loop->node->as.loop.target;
    Name name = target->kind == AST_NAME ? target->as.name.id : name_of("index");
    Variable *counter = variable_new(s, name, type_scalar(s->checker, DTYPE_I64, true), NULL,
                                     target->span);
    stmt->as.loop.counter = counter;
    Size start = stmt->as.loop.start->size, stop = stmt->as.loop.stop->size;
    int64_t step = 1;
    size_is_const(stmt->as.loop.step->size, &step);
    if (step > 0) {
        s->facts = facts_ge(arena, s->facts, counter->size, start, "the loop's start", target->span);
        s->facts = facts_lt(arena, s->facts, counter->size, stop, "the loop's end", target->span);
    } else {
        s->facts = facts_ge(arena, s->facts, start, counter->size, "the loop's start", target->span);
        s->facts = facts_lt(arena, s->facts, stop, counter->size, "the loop's end", target->span);
    }
    if (target->kind == AST_NAME)
        scope_bind(s, name, counter);
    else
        diag_unsupported(target->span, "this target of a range", "a name");
}

static bool range_arguments(Scope *s, const Ast *call, TStmt *stmt) {
    TExpr *values[3] = {NULL, NULL, NULL};
    int count = 0;
    for (const Ast *arg = call->as.call.arguments; arg; arg = arg->next) {
        if (count == 3 || arg->kind == AST_KEYWORD || arg->kind == AST_STARRED) {
            diag_error(arg->span, DIAG_BAD_CALL, "range takes one to three ints");
            return false;
        }
        TExpr *value = check_expr(s, arg);
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
    stmt->as.loop.start = count == 1 ? texpr_int(s, 0, call->span) : values[0];
    stmt->as.loop.stop = count == 1 ? values[0] : values[1];
    stmt->as.loop.step = count == 3 ? values[2] : texpr_int(s, 1, call->span);
    int64_t step = 1;
    if (!constant_int(stmt->as.loop.step, &step) &&
        prove_ge(s->facts, stmt->as.loop.step->size, size_const(1)) != PROVED) {
        Diag *diag = diag_unsupported(values[2]->span, "a range whose step may be zero or negative",
                                      "a while loop");
        diag_help(diag, "an assert that the step is positive settles it");
        return false;
    }
    if (step == 0) {
        diag_error(values[2]->span, DIAG_ALWAYS_FAILS, "range's step is not zero");
        return false;
    }
    return true;
}

static TExpr *variable_expr(Scope *s, Variable *variable, Span span) {
    TExpr *expr = texpr_new(s, TEXPR_VARIABLE, span, variable->type);
    expr->as.variable = variable;
    expr->size = variable->size;
    return expr;
}

/* A round of `for row in array` and `for i, row in enumerate(array)`: row = array[counter]. */
static void enter_rows(Loop *loop) {
    Scope *s = loop->scope;
    TStmt *stmt = loop->stmt;
    const Ast *target = loop->node->as.loop.target;
    Variable *array = stmt->as.loop.row;
    Variable *counter = variable_new(s, name_of("row"), type_scalar(s->checker, DTYPE_I64, true),
                                     NULL, target->span);
    stmt->as.loop.counter = counter;
    s->facts = facts_ge(s->checker->arena, s->facts, counter->size, size_const(0),
                        "the loop's start", target->span);
    s->facts = facts_lt(s->checker->arena, s->facts, counter->size, array->type->shape[0],
                        "the loop's end", target->span);
    int rank = array->type->rank;
    const Type *type = rank == 1 ? type_scalar(s->checker, array->type->dtype, false)
                                 : type_array(s->checker, array->type->dtype, rank - 1,
                                              array->type->shape + 1, array->type->contiguous);
    TExpr *row = texpr_new(s, TEXPR_INDEX, target->span, type);
    Subscript *subscripts = ARENA_ARRAY(s->checker->arena, Subscript, rank);
    subscripts[0].index = variable_expr(s, counter, target->span);
    for (int axis = 1; axis < rank; axis++)
        subscripts[axis] = (Subscript){.kind = SUBSCRIPT_SLICE, .start = size_const(0),
                                       .step = size_const(1), .length = array->type->shape[axis]};
    row->as.index.base = variable_expr(s, array, target->span);
    row->as.index.subscripts = subscripts;
    row->as.index.count = rank;
    if (type->kind == TYPE_SCALAR && dtype_is_integer(type->dtype))
        row->size = size_fresh("element");
    const Ast *iterable = loop->node->as.loop.iterable;
    bool counted = iterable->kind == AST_CALL;
    if (!counted) {
        assign_target(s, target, row, target->span);
    } else if (target->kind != AST_TUPLE || target->as.list.count != 2) {
        diag_error(target->span, DIAG_TYPE_MISMATCH, "enumerate gives a counter and an item");
    } else {
        assign_target(s, target->as.list.items, variable_expr(s, counter, target->span), target->span);
        assign_target(s, target->as.list.items->next, row, target->span);
    }
}

static bool calls_builtin(Scope *s, const Ast *node, FunctionKind kind) {
    const Ast *receiver;
    if (node->kind != AST_CALL)
        return false;
    const FunctionInfo *info = find_function(s, node->as.call.callee, &receiver);
    return info && info->kind == kind && !find_entry(s->checker, name_of(info->name));
}

void check_for(Scope *s, const Ast *node) {
    Loop loop = {.scope = s, .node = node};
    const Ast *iterable = node->as.loop.iterable;
    TStmt *stmt = ARENA_NEW(s->checker->arena, TStmt);
    stmt->kind = TSTMT_FOR;
    stmt->span = node->span;
    loop.stmt = stmt;
    target_names(&loop.names, node->as.loop.target);
    assigned_names(&loop.names, node->as.loop.body);
    bool runs = false, range = calls_builtin(s, iterable, FUNCTION_RANGE);
    if (node->as.loop.otherwise) {
        diag_unsupported(node->span, "else of a loop", "a flag");
        return;
    }
    if (range) {
        if (!range_arguments(s, iterable, stmt)) {
            for (int i = 0; i < loop.names.count; i++)
                bind_poison(s, loop.names.names[i], node->span);
            return;
        }
        runs = prove_lt(s->facts, stmt->as.loop.start->size, stmt->as.loop.stop->size) == PROVED;
    } else {
        const Ast *source = calls_builtin(s, iterable, FUNCTION_ENUMERATE)
                                ? iterable->as.call.arguments
                                : iterable;
        TExpr *array = source ? check_expr(s, source) : texpr_poison(s, node->span);
        if (array->type->kind != TYPE_ARRAY) {
            if (!is_poison(array))
                diag_unsupported(iterable->span, "a loop over this", "range or an array");
            for (int i = 0; i < loop.names.count; i++)
                bind_poison(s, loop.names.names[i], node->span);
            return;
        }
        stmt->as.loop.row = assign_new(s, NULL, array, node->span);
        runs = prove_ge(s->facts, array->type->shape[0], size_const(1)) == PROVED;
    }
    check_loop(&loop, range ? enter_range : enter_rows, runs, s->block);
    TStmt *last = s->block->last;
    *(last ? &last->next : &s->block->first) = stmt;
    s->block->last = stmt;
}

static void enter_while(Loop *loop) {
    Scope *s = loop->scope;
    loop->stmt->as.whilst.test = check_test(s, loop->node->as.branch.test);
    s->facts = assume(s, s->facts, loop->stmt->as.whilst.test, true, "the loop's condition");
}

void check_while(Scope *s, const Ast *node) {
    Loop loop = {.scope = s, .node = node};
    if (node->as.branch.otherwise) {
        diag_unsupported(node->span, "else of a loop", "a flag");
        return;
    }
    loop.stmt = ARENA_NEW(s->checker->arena, TStmt);
    loop.stmt->kind = TSTMT_WHILE;
    loop.stmt->span = node->span;
    assigned_names(&loop.names, node->as.branch.body);
    check_loop(&loop, enter_while, false, s->block);
    TStmt *last = s->block->last;
    *(last ? &last->next : &s->block->first) = loop.stmt;
    s->block->last = loop.stmt;
    bool forever = node->as.branch.test->kind == AST_TRUE;
    if (forever && loop.loop.breaks.count == 0)
        s->reachable = false;
}
