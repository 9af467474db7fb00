/* loop.c: for and while. A body is checked until the types and directions of the variables that it
 * assigns are stable: then each round computes what Python computes. */
#include "check/either.h"
#include "check/sequence.h"

enum { LOOP_ROUNDS_MAX = 5 };

void target_names(Names *names, const Ast *target) {
    if (target->kind == AST_NAME)
        names_add(names, target->as.name.id);
    else if (target->kind == AST_STARRED)
        target_names(names, target->as.starred.value);
    else if (target->kind == AST_TUPLE || target->kind == AST_LIST)
        for (const Ast *item = target->as.list.items; item; item = item->next)
            target_names(names, item);
}

TExpr *variable_expr(Scope *s, Variable *variable, Span span) {
    TExpr *expr = texpr_new(s, TEXPR_VARIABLE, span, variable->type);
    expr->as.variable = variable;
    expr->size = variable->size;
    return expr;
}

/* Targets of := in expressions; statements inside of a statement have their own turn. */
static void walrus_names(const char *role, const Ast *node, void *user) {
    (void)role;
    if (node->kind == AST_WALRUS)
        target_names(user, node->as.walrus.target);
    bool part = node->kind == AST_FORMATTED || node->kind == AST_FOR_CLAUSE || node->kind == AST_DICT_ITEM;
    if (part || (node->kind < AST_EXPRESSION && node->kind != AST_LAMBDA))
        ast_visit(node, walrus_names, user);
}

/* Those of statements that are refused: what is inside is checked. */
static void refused_names(Names *names, const Ast *node) {
    if (node->kind == AST_TRY) {
        assigned_names(names, node->as.attempt.body);
        for (const Ast *handler = node->as.attempt.handlers; handler; handler = handler->next) {
            if (handler->as.handler.as)
                names_add(names, handler->as.handler.as);
            assigned_names(names, handler->as.handler.body);
        }
        assigned_names(names, node->as.attempt.otherwise);
        assigned_names(names, node->as.attempt.finally);
    } else if (node->kind == AST_WITH) {
        for (const Ast *item = node->as.with.items; item; item = item->next)
            if (item->as.with_item.target)
                target_names(names, item->as.with_item.target);
        assigned_names(names, node->as.with.body);
    } else if (node->kind == AST_CLASS) {
        names_add(names, node->as.class_.name);
    } else if (node->kind == AST_MATCH) {
        for (const Ast *one = node->as.match.cases; one; one = one->next)
            assigned_names(names, one->as.match_case.body);
    }
}

void assigned_names(Names *names, const Ast *node) {
    for (; node; node = node->next) {
        if (node->kind == AST_FUNCTION)
            names_add(names, node->as.function.name);
        else
            ast_visit(node, walrus_names, names);
        if (node->kind == AST_ASSIGN)
            for (const Ast *t = node->as.assign.targets; t; t = t->next)
                target_names(names, t);
        else if (node->kind == AST_ANNOTATED || node->kind == AST_AUGMENTED)
            target_names(names, node->as.annotated.target);
        else if (node->kind == AST_FOR)
            target_names(names, node->as.loop.target), assigned_names(names, node->as.loop.body),
                assigned_names(names, node->as.loop.otherwise);
        else if (node->kind == AST_WHILE || node->kind == AST_IF)
            assigned_names(names, node->as.branch.body),
                assigned_names(names, node->as.branch.otherwise);
        else
            refused_names(names, node);
    }
}

/* What a loop's rounds have taught about a variable: the type and fact that the next try starts from. */
typedef struct {
    const Type *type;
    const Type *wanted;     /* by a join inside the body */
    bool dropped;           /* never read before the body assigns it another type: a new variable */
    int direction;          /* the int grows (1) or shrinks (-1) from round to round; 2: neither */
} Hint;

typedef struct Loop {
    Scope *scope;
    const Ast *node, *body;
    TStmt *stmt;
    Names names;
    Hint *hints;                /* these three: a name each */
    Variable **inits, **heads;
    Variable **starts;          /* the first inits: later ones are converted, or dropped */
    LoopScope loop;
    bool counted;               /* by enumerate */
    bool ranged;                /* over a range */
    TExpr *first;               /* enumerate's start, or NULL */
    Source *source;             /* items that are no rows of an array */
    Bindings normal, broken;    /* after the loop: where it ends, where a break left it */
    bool breaks, forever;       /* there is a break; it ends in no other way */
} Loop;

/* ---- what was learned last time ------------------------------------------------------------ */

static const Ast *source_body(const Ast *node) {
    return node->kind == AST_FOR ? node->as.loop.body : node->as.branch.body;
}

static Loop *last_check(const Checker *c, const Ast *body) {
    for (int i = c->loops.count - 1; i >= 0; i--)
        if (c->loops.data[i]->body == body)
            return c->loops.data[i];
    return NULL;
}

static bool same_scalar(const Variable *a, const Variable *b) {
    return a && b && a->type->kind == TYPE_SCALAR && b->type->kind == TYPE_SCALAR && type_same(a->type, b->type, false);
}

/* A loop inside another one is checked in each of its rounds. Where a scalar starts as it did last time, so do the
 * rounds: otherwise they would multiply with each level. What is assumed too much a round finds out. */
static void start_as_last(Loop *loop) {
    Checker *c = loop->scope->checker;
    const Loop *last = last_check(c, loop->body);
    for (int i = 0; last && i < loop->names.count; i++)
        if (same_scalar(last->starts[i], loop->inits[i])) {
            loop->hints[i] = last->hints[i];
            loop->hints[i].wanted = NULL;
        }
    loop->starts = ARENA_ARRAY(c->arena, Variable *, loop->names.count);
    memcpy(loop->starts, loop->inits, sizeof *loop->starts * (size_t)loop->names.count);
}

static void remember(const Loop *loop) {
    Checker *c = loop->scope->checker;
    Loop *last = last_check(c, loop->body);
    if (!last) {
        last = ARENA_NEW(c->arena, Loop);
        VEC_PUSH(c->arena, c->loops, last);
    }
    *last = *loop;
}

/* ---- rounds -------------------------------------------------------------------------------- */

static TBlock *loop_body(TStmt *stmt) {
    return stmt->kind == TSTMT_FOR ? &stmt->as.loop.body : &stmt->as.whilst.body;
}

/* Heads for one try at the body. */
static void make_heads(Loop *loop) {
    Scope *s = loop->scope;
    for (int i = 0; i < loop->names.count; i++) {
        if (loop->hints[i].dropped)
            loop->inits[i] = NULL;
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
        head->hint = &loop->hints[i];
        keep_was(s->checker, head, init->was ? init->was : init->type);
        loop->heads[i] = head;
        scope_bind(s, loop->names.names[i], head);
    }
}

/* True if the head's type can become `type` from the start: Python computes the same. */
static bool may_promote(const Variable *init, const Type *head, const Type *type) {
    return head->kind == TYPE_SCALAR && type->kind == TYPE_SCALAR && init->type->weak &&
           dtype_info(type->dtype)->class >= dtype_info(head->dtype)->class;
}

bool ask_promotion(const Variable *a, const Variable *b) {
    const Variable *head = a->hint ? a : b, *other = a->hint ? b : a;
    Hint *hint = head->hint;
    if (!hint || !may_promote(head, head->type, other->type))
        return false;
    hint->wanted = other->type;
    return true;
}

/* The head's next type, which a value of another kind asks for. */
static const Type *promoted_type(const Loop *loop, int i, const Type *type) {
    Scope *s = loop->scope;
    const Type *either = has_several_kinds(s->checker, s->definition, loop->names.names[i])
                             ? either_join(s, loop->heads[i]->type, type) : NULL;
    return either ? either : type;
}

/* Compares a value that comes back with its head; true if the body must be checked again. */
static bool learn(Loop *loop, int i, Variable *back) {
    Scope *s = loop->scope;
    Variable *head = loop->heads[i];
    Hint *hint = &loop->hints[i];
    if (hint->wanted) {
        hint->type = promoted_type(loop, i, hint->wanted);
        hint->wanted = NULL;
        return true;
    }
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
    if (!joined && either_arises(head->type, back->type))
        joined = either_join(s, head->type, back->type);
    if (!joined && may_promote(loop->inits[i], head->type, back->type)) {
        hint->type = promoted_type(loop, i, back->type);
        return true;
    }
    if (!joined && head->reads == 0) {
        hint->dropped = true;
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

const Type *own_sizes(Scope *s, const Type *type, const Type *like) {
    Arena *arena = s->checker->arena;
    Size shape[TYPED_RANK_MAX];
    if (like && like->kind != type->kind)
        like = NULL;
    if (type_has_parts(type)) {
        const Type **items = ARENA_ARRAY(arena, const Type *, type->count);
        like = like && like->count == type->count ? like : NULL;
        for (int i = 0; i < type->count; i++)
            items[i] = own_sizes(s, type->items[i], like ? like->items[i] : NULL);
        return type_with_items(s->checker, type, items);
    }
    if (type->kind != TYPE_ARRAY)
        return type;
    for (int axis = 0; axis < type->rank; axis++)
        shape[axis] = like && type->shape[axis] == like->shape[axis] ? type->shape[axis]
                                                                     : size_fresh("joined");
    return type_array(s->checker, type->dtype, type->rank, shape, type->contiguous);
}

/* How a variable may leave the loop: with which type, and whether it is assigned where the loop
 * ends (`normally`) and at every break (`broken`). */
typedef struct {
    const Type *type;
    bool normally, broken;
} Leaving;

static void join_leaving(Scope *s, Leaving *leaving, const Variable *variable, bool *assigned) {
    const Type *type = !variable ? NULL
                       : !leaving->type ? variable->type
                                        : join_types(s, leaving->type, variable->type);
    *assigned &= type != NULL;
    leaving->type = type ? type : leaving->type;
}

/* Values of a type that is not the variable's do not leave: nobody reads them. */
static void drop_values(Loop *loop, int i, TStmtKind kind) {
    for (int k = 0; k < loop->loop.leaves.count; k++)
        if (loop->loop.leaves.data[k].stmt->kind == kind)
            loop->loop.leaves.data[k].stmt->as.leave.values[i] = NULL;
}

static Leaving find_leaving(Loop *loop, int i, bool runs, Variable *back, bool body_ends) {
    Scope *s = loop->scope;
    Name name = loop->names.names[i];
    Leaving leaving = {.normally = runs, .broken = true};
    if (loop->heads[i])
        return (Leaving){loop->heads[i]->type, true, true};
    if (runs && body_ends)
        join_leaving(s, &leaving, back, &leaving.normally);
    for (int pass = 0; pass < 2; pass++)
        for (int k = 0; k < loop->loop.leaves.count; k++) {
            const Leave *leave = &loop->loop.leaves.data[k];
            if (leave->stmt->kind == (pass ? TSTMT_BREAK : TSTMT_CONTINUE) && (pass || runs))
                join_leaving(s, &leaving, variable_in(&leave->bindings, name),
                             pass ? &leaving.broken : &leaving.normally);
        }
    if (!leaving.normally)
        drop_values(loop, i, TSTMT_CONTINUE);
    if (!leaving.broken)
        drop_values(loop, i, TSTMT_BREAK);
    return leaving;
}

/* One variable that the loop hands to what follows; binds it in `normal` and `broken`. */
static void finish_variable(Loop *loop, int i, bool runs, LoopVariable *variables, int *count,
                            Variable *back, bool body_ends) {
    Scope *s = loop->scope;
    Name name = loop->names.names[i];
    Variable *head = loop->heads[i], *init = loop->inits[i];
    Leaving leaving = find_leaving(loop, i, runs, back, body_ends);
    if (!leaving.type || (!leaving.normally && !leaving.broken))
        return;
    Span span = head ? head->span : loop->node->span;
    Variable *after = variable_new(s, name, own_sizes(s, leaving.type, init ? init->type : NULL), NULL, span);
    if (!head)
        head = variable_new(s, name, own_sizes(s, leaving.type, NULL), NULL, span);
    if (after->size && init && init->size && loop->hints[i].direction == 1)
        s->facts = facts_ge(s->checker->arena, s->facts, after->size, init->size,
                            "a variable that grows", init->span);
    if (back && back->was)
        keep_was(s->checker, after, back->was);
    variables[(*count)++] = (LoopVariable){init, head, leaving.normally ? back : NULL, after, i};
    Bindings *normal = &loop->normal, *broken = &loop->broken;
    for (int k = 0; k < normal->count; k++) {
        if (normal->data[k].name != name)
            continue;
        normal->data[k].variable = leaving.normally ? after : NULL;
        broken->data[k].variable = leaving.broken ? after : NULL;
    }
}

/* A promoted variable starts as the converted value. */
static void convert_init(Loop *loop, int i, TBlock *before) {
    Scope *s = loop->scope;
    Variable *init = loop->inits[i];
    if (init && loop->heads[i] && loop->heads[i]->type->kind == TYPE_EITHER) {
        TBlock *block = s->block;
        s->block = before;
        loop->inits[i] = either_widened(s, init, loop->heads[i]->type);
        s->block = block;
        return;
    }
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

/* Where a round ends, a variable that may be of several kinds at its start is that again. */
static void widen_to_heads(Scope *s, const LoopScope *loop) {
    for (int i = 0; i < loop->count; i++) {
        Variable *head = loop->heads[i], *back = variable_in(&s->bindings, loop->names[i]);
        if (head && back && head != back)
            scope_bind(s, loop->names[i], either_widened(s, back, head->type));
    }
}

/* Values of the loop's variables where a break or continue leaves. */
void check_leave(Scope *s, const Ast *node) {
    LoopScope *loop = s->loop;
    if (!loop) {
        diag_error(node->span, DIAG_OUTSIDE_LOOP, "this stands outside of a loop");
        return;
    }
    if (node->kind == AST_BREAK && loop->broken) {
        TExpr *yes = texpr_bool(s, true, node->span);
        scope_bind(s, loop->broken, assign_new(s, loop->broken, yes, node->span));
    }
    widen_to_heads(s, loop);
    TStmt *stmt = stmt_new(s, node->kind == AST_BREAK ? TSTMT_BREAK : TSTMT_CONTINUE, node->span);
    stmt->as.leave.target = loop->stmt;
    Leave leave = {stmt, copy_bindings(s, &s->bindings)};
    VEC_PUSH(s->checker->arena, loop->leaves, leave);
    stmt->as.leave.values = ARENA_ARRAY(s->checker->arena, Variable *, loop->count);
    for (int i = 0; i < loop->count; i++)
        stmt->as.leave.values[i] = variable_in(&leave.bindings, loop->names[i]);
    s->reachable = false;
}

static void finish_loop(Loop *loop, bool runs, const Bindings *bindings, TBlock *before) {
    Scope *s = loop->scope;
    Bindings ends = s->bindings;
    bool body_ends = s->reachable;
    LoopVariable *variables = ARENA_ARRAY(s->checker->arena, LoopVariable, loop->names.count);
    int count = 0;
    s->bindings = copy_bindings(s, bindings);
    for (int i = 0; i < loop->names.count; i++)
        scope_bind(s, loop->names.names[i], NULL);
    loop->normal = copy_bindings(s, &s->bindings);
    loop->broken = copy_bindings(s, &s->bindings);
    for (int i = 0; i < loop->names.count; i++) {
        convert_init(loop, i, before);
        finish_variable(loop, i, runs, variables, &count,
                        body_ends ? variable_in(&ends, loop->names.names[i]) : NULL, body_ends);
    }
    if (loop->stmt->kind == TSTMT_FOR) {
        loop->stmt->as.loop.variables = variables;
        loop->stmt->as.loop.variable_count = count;
    } else {
        loop->stmt->as.whilst.variables = variables;
        loop->stmt->as.whilst.variable_count = count;
    }
}

/* What follows a loop: its else block where it was not left by break, then the common rest. */
static void leave_loop(Loop *loop, const Ast *otherwise) {
    Scope *s = loop->scope;
    TStmt *last = s->block->last;
    *(last ? &last->next : &s->block->first) = loop->stmt;
    s->block->last = loop->stmt;
    s->bindings = loop->forever ? loop->broken : loop->normal;
    s->reachable = !loop->forever || loop->breaks;
    if (!otherwise || loop->forever) {
        for (int i = 0; loop->breaks && i < s->bindings.count; i++)
            if (!loop->broken.data[i].variable)
                s->bindings.data[i].variable = NULL;
        return;
    }
    if (!loop->breaks) {
        for (; otherwise; otherwise = otherwise->next)
            check_statement(s, otherwise);
        return;
    }
    TExpr *test = variable_expr(s, variable_in(&loop->normal, loop->loop.broken), loop->node->span);
    TStmt *stmt = stmt_new(s, TSTMT_IF, loop->node->span);
    stmt->as.branch.test = test;
    Facts *facts = s->facts;
    check_block(s, otherwise, &stmt->as.branch.otherwise);
    s->facts = facts;
    Bindings normal = s->bindings;
    join_branches(s, stmt, &loop->broken, true, &normal, s->reachable);
}

/* The flag that tells, after the loop, whether a break left it. */
static void add_flag(Loop *loop) {
    static int count;
    Scope *s = loop->scope;
    Name name = name_of(arena_printf(s->checker->arena, "else.%d", count++));
    scope_bind(s, name, assign_new(s, name, texpr_bool(s, false, loop->node->span), loop->node->span));
    loop->loop.broken = name;
    names_add(&loop->names, name);
}

/* Checks the body until its variables' types are stable. `enter` binds the target and the facts of
 * a round; `runs`: at least one round is certain. */
static void check_loop(Loop *loop, void (*enter)(Loop *loop), bool runs, TBlock *before) {
    Scope *s = loop->scope;
    Bindings bindings = copy_bindings(s, &s->bindings);
    Facts *facts = s->facts;
    int diags = diag_count(), verdicts = s->checker->verdicts.count, promoted = s->checker->promoted.count;
    int failed = s->checker->failed.count;
    loop->hints = ARENA_ARRAY(s->checker->arena, Hint, loop->names.count);
    loop->inits = ARENA_ARRAY(s->checker->arena, Variable *, loop->names.count);
    loop->heads = ARENA_ARRAY(s->checker->arena, Variable *, loop->names.count);
    for (int i = 0; i < loop->names.count; i++)
        loop->inits[i] = variable_in(&bindings, loop->names.names[i]);
    loop->body = source_body(loop->node);
    start_as_last(loop);
    for (int round = 0; round < LOOP_ROUNDS_MAX; round++) {
        int unknown = s->checker->unknown_lists;
        diag_rollback(diags);
        instances_forget(s->checker, failed);
        s->checker->verdicts.count = verdicts;
        s->checker->promoted.count = promoted;
        s->bindings = copy_bindings(s, &bindings);
        s->facts = facts;
        s->reachable = true;
        *loop_body(loop->stmt) = (TBlock){0};
        make_heads(loop);
        loop->loop = (LoopScope){loop->stmt, loop->names.names, loop->names.count, loop->heads, loop->loop.broken,
                                 s->loop, {0}};
        s->loop = &loop->loop;
        TBlock *outer = s->block;
        s->block = loop_body(loop->stmt);
        enter(loop);
        for (const Ast *inner = loop->body; inner; inner = inner->next)
            check_statement(s, inner);
        if (s->reachable)
            widen_to_heads(s, &loop->loop);
        s->block = outer;
        s->loop = loop->loop.outer;
        /* What the elements of a list are may stand further down in the body. */
        bool again = s->checker->unknown_lists > unknown && round + 1 < LOOP_ROUNDS_MAX;
        again |= s->reachable && learn_all(loop, &s->bindings);
        for (int i = 0; i < loop->loop.leaves.count; i++)
            again |= learn_all(loop, &loop->loop.leaves.data[i].bindings);
        if (!again)
            break;
    }
    remember(loop);
    s->facts = facts;
    for (int i = 0; i < loop->loop.leaves.count; i++)
        loop->breaks |= loop->loop.leaves.data[i].stmt->kind == TSTMT_BREAK;
    finish_loop(loop, runs, &bindings, before);
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
    Size start = stmt->as.loop.start->size, stop = stmt->as.loop.stop->size, one = size_const(1);
    int direction = stmt->as.loop.direction;
    Size low = direction > 0 ? start : size_add(stop, one), high = direction < 0 ? start : size_sub(stop, one);
    if (direction == 0) {
        low = size_min(start, low);
        high = size_max(start, high);
    }
    s->facts = facts_ge(arena, s->facts, counter->size, low,
                        direction < 0 ? "the loop's end" : "the loop's start", target->span);
    s->facts = facts_ge(arena, s->facts, high, counter->size,
                        direction < 0 ? "the loop's start" : "the loop's end", target->span);
    if (target->kind == AST_NAME)
        scope_bind(s, name, counter);
    else
        diag_unsupported(target->span, "this target of a range", "a name");
}

static bool range_arguments(Scope *s, const Ast *call, TStmt *stmt) {
    TExpr *values[3];
    if (!range_values(s, call, values))
        return false;
    stmt->as.loop.start = values[0];
    stmt->as.loop.stop = values[1];
    stmt->as.loop.step = values[2];
    stmt->as.loop.direction = sign_of(s, values[2]->size);
    return true;
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
    TExpr *row = array_row(s, variable_expr(s, array, target->span), variable_expr(s, counter, target->span),
                           target->span);
    if (!loop->counted) {
        assign_target(s, target, row, target->span);
    } else if (target->kind != AST_TUPLE || target->as.list.count != 2) {
        diag_error(target->span, DIAG_TYPE_MISMATCH, "enumerate gives a counter and an item");
    } else {
        TExpr *operands[] = {variable_expr(s, counter, target->span), loop->first};
        TExpr *number = loop->first ? make_op(s, OP_ADD, operands, target->span) : operands[0];
        assign_target(s, target->as.list.items, number, target->span);
        assign_target(s, target->as.list.items->next, row, target->span);
    }
}

/* if not more: break */
static void leave_at_end(Loop *loop, TExpr *more, Span span) {
    Scope *s = loop->scope;
    TStmt *stmt = stmt_new(s, TSTMT_IF, span);
    Ast leave = {.kind = AST_BREAK, .span = span};
    stmt->as.branch.test = more;
    Bindings then = copy_bindings(s, &s->bindings), none = {0};
    check_block(s, &leave, &stmt->as.branch.otherwise);
    join_branches(s, stmt, &then, true, &none, false);
}

/* A round over items: the one at the counter's place. A list that the body may change is asked each round whether it
 * has one. */
static void enter_items(Loop *loop) {
    Scope *s = loop->scope;
    const Ast *target = loop->node->as.loop.target;
    Variable *counter = variable_new(s, name_of("item"), type_scalar(s->checker, DTYPE_I64, true), NULL, target->span);
    loop->stmt->as.loop.counter = counter;
    s->facts = facts_ge(s->checker->arena, s->facts, counter->size, size_const(0), "the loop's start", target->span);
    TExpr *at = variable_expr(s, counter, target->span);
    if (loop->source->grows)
        leave_at_end(loop, source_more(s, loop->source, at, target->span), target->span);
    else
        s->facts = facts_lt(s->checker->arena, s->facts, counter->size, loop->stmt->as.loop.stop->size,
                            "the loop's end", target->span);
    assign_target(s, target, source_item(s, loop->source, at, target->span), target->span);
}

/* Sets the loop up; false after an error. */
static bool open_items(Loop *loop) {
    Scope *s = loop->scope;
    Span span = loop->node->as.loop.iterable->span;
    Source *source = loop->source;
    if (!source || is_poison(source->length))
        return false;
    source->grows = source->grows && may_change_lists(s, loop->node->as.loop.body);
    if (source->grows && loop->node->as.loop.otherwise) {
        diag_unsupported(span, "the else of a loop that may change its list", "a flag");
        return false;
    }
    TExpr *stop = source->grows ? texpr_int(s, INT64_C(1) << 62, span) : source->length;
    if (stop->kind != TEXPR_CONST)
        stop = variable_expr(s, assign_new(s, NULL, stop, span), span);
    loop->stmt->as.loop.start = texpr_int(s, 0, span);
    loop->stmt->as.loop.stop = stop;
    loop->stmt->as.loop.step = texpr_int(s, 1, span);
    loop->stmt->as.loop.direction = 1;
    return true;
}

static bool calls_builtin(Scope *s, const Ast *node, FunctionKind kind) {
    const Ast *receiver;
    if (node->kind != AST_CALL)
        return false;
    const FunctionInfo *info = find_function(s, node->as.call.callee, &receiver);
    return info && info->kind == kind && !find_entry(s->checker, name_of(info->name));
}

/* enumerate(array, start) */
static bool enumerate_start(Loop *loop, const Ast *arg) {
    Scope *s = loop->scope;
    bool keyword = arg->kind == AST_KEYWORD && !strcmp(arg->as.keyword.name, "start");
    TExpr *value = check_expr(s, keyword ? arg->as.keyword.value : arg);
    if (is_poison(value))
        return false;
    if (!type_is_python_int(value->type) || arg->next) {
        diag_error(arg->span, DIAG_BAD_CALL, "enumerate takes an array and an int");
        return false;
    }
    loop->first = variable_expr(s, assign_new(s, NULL, value, arg->span), arg->span);
    return true;
}

/* Sets a loop over a range up; false after an error. `runs`: at least one round is proved. */
static bool open_range(Loop *loop, bool *runs) {
    Scope *s = loop->scope;
    TStmt *stmt = loop->stmt;
    if (!range_arguments(s, loop->node->as.loop.iterable, stmt))
        return false;
    Size start = stmt->as.loop.start->size, stop = stmt->as.loop.stop->size;
    int direction = stmt->as.loop.direction;
    *runs = (direction > 0 && prove_lt(s->facts, start, stop) == PROVED) ||
            (direction < 0 && prove_lt(s->facts, stop, start) == PROVED);
    return true;
}

/* A loop over a range that is a value. */
static bool open_range_value(Loop *loop, TExpr *range) {
    Scope *s = loop->scope;
    TStmt *stmt = loop->stmt;
    Span span = range->span;
    range = range->kind == TEXPR_VARIABLE ? range : variable_expr(s, assign_new(s, NULL, range, span), span);
    stmt->as.loop.start = tuple_item(s, range, 0, span);
    stmt->as.loop.stop = tuple_item(s, range, 1, span);
    stmt->as.loop.step = tuple_item(s, range, 2, span);
    stmt->as.loop.direction = sign_of(s, stmt->as.loop.step->size);
    return loop->ranged = true;
}

/* The same for a loop over an array's rows or over a sequence's items, counted or not. */
static bool open_sequence(Loop *loop, bool *runs) {
    Scope *s = loop->scope;
    const Ast *iterable = loop->node->as.loop.iterable, *sequence = iterable;
    loop->counted = calls_builtin(s, iterable, FUNCTION_ENUMERATE);
    if (loop->counted)
        sequence = iterable->as.call.arguments;
    if (sequence && sequence_call(s, sequence)) {
        loop->source = source_new(s, iterable);
        return open_items(loop);
    }
    TExpr *value = sequence ? check_value(s, sequence) : texpr_poison(s, iterable->span);
    if (loop->counted && sequence && sequence->next && !enumerate_start(loop, sequence->next))
        return false;
    if (value->type->kind == TYPE_ARRAY && value->type->rank) {
        loop->stmt->as.loop.row = assign_new(s, NULL, value, loop->node->span);
        *runs = prove_ge(s->facts, value->type->shape[0], size_const(1)) == PROVED;
        return true;
    }
    if (value->type->kind == TYPE_RANGE && !loop->counted)
        return open_range_value(loop, value);
    if (!is_poison(value))
        loop->source = source_of(s, value);
    if (loop->source && loop->counted)
        loop->source = enumerate_source(s, loop->source, loop->first);
    return open_items(loop);
}

void check_for(Scope *s, const Ast *node) {
    const Ast *iterable = unroll_named(s, node->as.loop.iterable);
    if (unroll_wanted(s, iterable)) {
        check_unrolled(s, node, iterable);
        return;
    }
    if (iterable != node->as.loop.iterable) {
        Ast *copy = ast_copy(s, node);
        copy->as.loop.iterable = (Ast *)iterable;
        node = copy;
    }
    Loop loop = {.scope = s, .node = node};
    loop.stmt = ARENA_NEW(s->checker->arena, TStmt);
    loop.stmt->kind = TSTMT_FOR;
    loop.stmt->span = node->span;
    target_names(&loop.names, node->as.loop.target);
    assigned_names(&loop.names, node->as.loop.body);
    names_in_loop(s, &loop.names, node->as.loop.body);
    if (sequence_call(s, node->as.loop.iterable))
        names_in_loop(s, &loop.names, node->as.loop.iterable);
    bool runs = false, range = calls_builtin(s, node->as.loop.iterable, FUNCTION_RANGE);
    if (!(range ? open_range : open_sequence)(&loop, &runs)) {
        for (int i = 0; i < loop.names.count; i++)
            bind_poison(s, loop.names.names[i], node->span);
        return;
    }
    if (node->as.loop.otherwise)
        add_flag(&loop);
    check_loop(&loop, range || loop.ranged ? enter_range : loop.source ? enter_items : enter_rows, runs, s->block);
    leave_loop(&loop, node->as.loop.otherwise);
}

static void enter_while(Loop *loop) {
    Scope *s = loop->scope;
    loop->stmt->as.whilst.test = check_test(s, loop->node->as.branch.test);
    s->facts = assume(s, s->facts, loop->stmt->as.whilst.test, true, "the loop's condition");
    narrow_names(s, loop->node->as.branch.test, true);
}

/* while True: if not test: break; body */
static const Ast *with_test_inside(Scope *s, const Ast *node) {
    Checker *c = s->checker;
    for (int i = 0; i < c->rewritten.count; i += 2)
        if (c->rewritten.data[i] == node)
            return c->rewritten.data[i + 1];
    Ast *loop = ast_copy(s, node), *leave = ast_make(s, AST_BREAK, node->span);
    loop->as.branch.test = ast_make(s, AST_TRUE, node->as.branch.test->span);
    loop->as.branch.body = ast_if(s, ast_not(s, ast_copy(s, node->as.branch.test)), leave);
    loop->as.branch.body->next = node->as.branch.body;
    VEC_PUSH(c->arena, c->rewritten, node);
    VEC_PUSH(c->arena, c->rewritten, loop);
    return loop;
}

void check_while(Scope *s, const Ast *node) {
    bool inside = assigns_outer(s, node->as.branch.test);
    if (inside && node->as.branch.otherwise) {
        diag_unsupported(node->span, "the else of a loop whose condition assigns outer variables", "a flag");
        return;
    }
    node = inside ? with_test_inside(s, node) : node;
    Loop loop = {.scope = s, .node = node, .forever = node->as.branch.test->kind == AST_TRUE};
    loop.stmt = ARENA_NEW(s->checker->arena, TStmt);
    loop.stmt->kind = TSTMT_WHILE;
    loop.stmt->span = node->span;
    assigned_names(&loop.names, node->as.branch.body);
    walrus_names("", node->as.branch.test, &loop.names);
    names_in_loop(s, &loop.names, node->as.branch.body);
    if (node->as.branch.otherwise && !loop.forever)
        add_flag(&loop);
    check_loop(&loop, enter_while, false, s->block);
    leave_loop(&loop, node->as.branch.otherwise);
    /* The test that ended the loop has assigned them anew. */
    Names *walrus = ARENA_NEW(s->checker->arena, Names);
    walrus_names("", node->as.branch.test, walrus);
    for (int i = 0; i < walrus->count && !loop.forever; i++)
        scope_bind(s, assigned_name(s, walrus->names[i]), NULL);
}
