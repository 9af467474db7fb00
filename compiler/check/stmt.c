/* stmt.c: statements, and the joins where paths meet (language.md, section 3). */
#include "check/checker.h"

enum { LOOP_ROUNDS_MAX = 5, NAMES_MAX = 128 };

static void check_statement(Scope *s, const Ast *node);

/* ---- assignment ---------------------------------------------------------------------------- */

static bool is_value(Scope *s, TExpr *value) {
    if (is_poison(value))
        return false;
    TypeKind kind = value->type->kind;
    if (kind == TYPE_SCALAR || kind == TYPE_ARRAY || kind == TYPE_TUPLE || kind == TYPE_STRING)
        return true;
    if (kind == TYPE_RANGE)
        diag_error(value->span, DIAG_BAD_ANNOTATION,
                   "np.load wants an annotation that tells dtype and rank, as in 'a: f64[:, :] = ...'");
    else
        diag_unsupported(value->span,
                         arena_printf(s->checker->arena, "a variable that is %s",
                                      type_print(s->checker->arena, value->type)), NULL);
    return false;
}

static Variable *assign_new(Scope *s, Name name, TExpr *value, Span span) {
    Variable *variable = variable_new(s, name, value->type, value->size, span);
    TStmt *stmt = stmt_new(s, TSTMT_ASSIGN, span);
    stmt->as.assign.variable = variable;
    stmt->as.assign.value = value;
    return variable;
}

static void bind_poison(Scope *s, Name name, Span span) {
    scope_bind(s, name, variable_new(s, name, type_simple(s->checker, TYPE_POISON), NULL, span));
}

static bool require_same_shape(Scope *s, const Type *target, TExpr *value, Span span) {
    int skip = value->type->kind == TYPE_ARRAY ? target->rank - value->type->rank : target->rank;
    if (skip < 0) {
        diag_error(span, DIAG_SHAPE_MISMATCH, "%s cannot be assigned to %s",
                   type_print(s->checker->arena, value->type), type_print(s->checker->arena, target));
        return false;
    }
    for (int axis = 0; value->type->kind == TYPE_ARRAY && axis < value->type->rank; axis++) {
        Size from = value->type->shape[axis], to = target->shape[axis + skip];
        if (from == size_const(1) || from == to)
            continue;
        TCheck *check = require(s, FACT_EQ, size_sub(from, to), "BROADCAST",
                                "shapes of the assignment", span);
        check->values[0] = from;
        check->values[1] = to;
    }
    return true;
}

static void assign_store(Scope *s, TExpr *target, TExpr *value, Span span) {
    if (is_poison(target) || is_poison(value))
        return;
    if (target->kind != TEXPR_INDEX || target->type->kind == TYPE_STRING ||
        !type_is_number(value->type)) {
        diag_error(span, DIAG_BAD_TARGET, "this cannot be assigned to");
        return;
    }
    TCheck *checks = NULL, **outer = s->checks;
    s->checks = &checks;
    bool fits = target->type->kind == TYPE_SCALAR
                    ? value->type->kind == TYPE_SCALAR
                    : require_same_shape(s, target->type, value, span);
    s->checks = outer;
    if (!fits) {
        diag_error(span, DIAG_TYPE_MISMATCH, "an array cannot be assigned to an element");
        return;
    }
    TStmt *stmt = stmt_new(s, TSTMT_STORE, span);
    stmt->as.store.target = target;
    stmt->as.store.value = texpr_cast(s, value, target->type->dtype, false);
    stmt->as.store.checks = checks;
}

static void assign_target(Scope *s, const Ast *target, TExpr *value, Span span);

/* Takes a tuple apart; each item is evaluated before the first target is assigned. */
static void assign_tuple(Scope *s, const Ast *target, TExpr *value, Span span) {
    int count = target->as.list.count, i = 0;
    if (value->type->kind != TYPE_TUPLE || value->type->count != count) {
        diag_error(span, DIAG_TYPE_MISMATCH, "%d targets for %s", count,
                   type_print(s->checker->arena, value->type));
        for (const Ast *item = target->as.list.items; item; item = item->next)
            if (item->kind == AST_NAME)
                bind_poison(s, item->as.name.id, item->span);
        return;
    }
    TExpr **items = ARENA_ARRAY(s->checker->arena, TExpr *, count);
    Variable *whole = value->kind == TEXPR_TUPLE ? NULL : assign_new(s, NULL, value, span);
    for (i = 0; i < count; i++) {
        TExpr *item = whole ? texpr_new(s, TEXPR_ITEM, span, value->type->items[i])
                            : value->as.tuple.items[i];
        if (whole) {
            TExpr *tuple = texpr_new(s, TEXPR_VARIABLE, span, whole->type);
            tuple->as.variable = whole;
            item->as.item.tuple = tuple;
            item->as.item.item = i;
            if (type_is_python_int(item->type))
                item->size = size_fresh("item");
        }
        Variable *variable = assign_new(s, NULL, item, span);
        items[i] = texpr_new(s, TEXPR_VARIABLE, item->span, variable->type);
        items[i]->as.variable = variable;
        items[i]->size = variable->size;
    }
    i = 0;
    for (const Ast *item = target->as.list.items; item; item = item->next)
        assign_target(s, item, items[i++], span);
}

static void assign_target(Scope *s, const Ast *target, TExpr *value, Span span) {
    if (is_poison(value) && target->kind == AST_NAME) {
        bind_poison(s, target->as.name.id, target->span);
        return;
    }
    if (target->kind == AST_NAME) {
        if (!is_value(s, value)) {
            bind_poison(s, target->as.name.id, target->span);
            return;
        }
        scope_bind(s, target->as.name.id, assign_new(s, target->as.name.id, value, span));
    } else if (target->kind == AST_INDEX) {
        TCheck *checks = NULL, **outer = s->checks;
        s->checks = &checks;
        TExpr *place = check_expr(s, target);
        s->checks = outer;
        assign_store(s, place, value, span);
    } else if (target->kind == AST_TUPLE || target->kind == AST_LIST) {
        if (!is_poison(value))
            assign_tuple(s, target, value, span);
        else
            for (const Ast *item = target->as.list.items; item; item = item->next)
                assign_target(s, item, value, span);
    } else {
        diag_unsupported(target->span, "assigning to this", NULL);
    }
}

static void check_assign(Scope *s, const Ast *node) {
    TExpr *value = check_expr(s, node->as.assign.value);
    const Ast *target = node->as.assign.targets;
    if (node->as.assign.target_count > 1 && !is_poison(value) && is_value(s, value)) {
        Variable *variable = assign_new(s, NULL, value, node->span);
        TExpr *shared = texpr_new(s, TEXPR_VARIABLE, value->span, variable->type);
        shared->as.variable = variable;
        shared->size = variable->size;
        value = shared;
    }
    for (int i = 0; i < node->as.assign.target_count; i++, target = target->next)
        assign_target(s, target, value, node->span);
}

static void check_annotated(Scope *s, const Ast *node) {
    const Type *type = check_annotation(s, node->as.annotated.annotation, NULL, NULL, NULL);
    if (!node->as.annotated.value || type->kind == TYPE_POISON) {
        if (node->as.annotated.value && node->as.annotated.target->kind == AST_NAME)
            bind_poison(s, node->as.annotated.target->as.name.id, node->span);
        return;
    }
    TExpr *value = check_expr(s, node->as.annotated.value);
    if (value->type->kind == TYPE_RANGE && type->kind == TYPE_ARRAY)
        value->type = type;
    else if (type->kind == TYPE_SCALAR && value->type->kind == TYPE_SCALAR &&
             type->dtype != value->type->dtype)
        diag_error(value->span, DIAG_TYPE_MISMATCH, "this is %s, the annotation says %s",
                   type_print(s->checker->arena, value->type), type_print(s->checker->arena, type));
    else if (!is_poison(value) && (type->kind != value->type->kind || type->rank != value->type->rank ||
                                   (type->kind == TYPE_ARRAY && type->dtype != value->type->dtype)))
        diag_error(value->span, DIAG_TYPE_MISMATCH, "this is %s, the annotation says %s",
                   type_print(s->checker->arena, value->type), type_print(s->checker->arena, type));
    assign_target(s, node->as.annotated.target, value, node->span);
}

static void check_augmented(Scope *s, const Ast *node) {
    static const char *const no_op = "this operator in place";
    const Ast *target_ast = node->as.augmented.target;
    TExpr *target = check_expr(s, target_ast);
    TExpr *value = check_expr(s, node->as.augmented.value);
    TExpr *result = check_binary(s, node->as.augmented.op, target, value, node->span);
    if (is_poison(result))
        return;
    if (target->kind == TEXPR_VARIABLE && target->type->kind == TYPE_SCALAR) {
        assign_target(s, target_ast, result, node->span);
        return;
    }
    if (target->kind != TEXPR_INDEX && target->kind != TEXPR_VARIABLE) {
        diag_error(target->span, DIAG_BAD_TARGET, "this cannot be assigned to");
        return;
    }
    if (result->kind != TEXPR_OP) {
        diag_unsupported(node->span, no_op, "an assignment");
        return;
    }
    DTypeClass from = dtype_info(result->type->dtype)->class, to = dtype_info(target->type->dtype)->class;
    if (target->type->kind == TYPE_ARRAY && from > to) {
        diag_error(node->span, DIAG_TYPE_MISMATCH, "a result of dtype %s does not go into %s in place",
                   dtype_info(result->type->dtype)->name, dtype_info(target->type->dtype)->name);
        return;
    }
    TCheck *checks = NULL, **outer = s->checks;
    s->checks = &checks;
    if (target->type->kind == TYPE_ARRAY)
        require_same_shape(s, target->type, result, node->span);
    s->checks = outer;
    TStmt *stmt = stmt_new(s, TSTMT_AUGMENT, node->span);
    stmt->as.store.target = target;
    stmt->as.store.value = result;
    stmt->as.store.op = result->as.op.op;
    stmt->as.store.checks = checks;
}

/* ---- joins --------------------------------------------------------------------------------- */

static Bindings copy_bindings(Scope *s, const Bindings *bindings) {
    Bindings copy = {0};
    for (int i = 0; i < bindings->count; i++)
        VEC_PUSH(s->checker->arena, copy, bindings->data[i]);
    return copy;
}

/* The type of a variable that comes from two places; NULL where they do not agree. */
static const Type *join_types(Scope *s, const Type *a, const Type *b) {
    if (!type_same(a, b, false))
        return NULL;
    if (a->kind == TYPE_TUPLE) {
        const Type **items = ARENA_ARRAY(s->checker->arena, const Type *, a->count);
        for (int i = 0; i < a->count; i++)
            items[i] = join_types(s, a->items[i], b->items[i]);
        return type_tuple(s->checker, items, a->count);
    }
    if (a->kind != TYPE_ARRAY || type_same(a, b, true))
        return a;
    Size shape[TYPED_RANK_MAX];
    for (int axis = 0; axis < a->rank; axis++)
        shape[axis] = a->shape[axis] == b->shape[axis] ? a->shape[axis] : size_fresh("joined");
    return type_array(s->checker, a->dtype, a->rank, shape, a->contiguous && b->contiguous);
}

static Variable *variable_in(const Bindings *bindings, Name name) {
    for (int i = 0; i < bindings->count; i++)
        if (bindings->data[i].name == name)
            return bindings->data[i].variable;
    return NULL;
}

static void join_error(Scope *s, Name name, const Variable *a, const Variable *b) {
    Arena *arena = s->checker->arena;
    Diag *diag = diag_error(b->span, DIAG_JOIN_TYPES, "'%s' is %s here and %s on another path", name,
                            type_print(arena, b->type), type_print(arena, a->type));
    diag_note(diag, a->span, "the other assignment");
    if (a->type->kind == TYPE_SCALAR && b->type->kind == TYPE_SCALAR)
        diag_help(diag, "give both the same type, as in '%s = 0.0' or float(...)", name);
}

static void join_name(Scope *s, TStmt *stmt, Name name, Variable *a, Variable *b) {
    Variable *joined = a == b ? a : NULL;
    if (a && b && a != b) {
        const Type *type = join_types(s, a->type, b->type);
        if (a->type->kind == TYPE_POISON || b->type->kind == TYPE_POISON)
            type = type_simple(s->checker, TYPE_POISON);
        else if (!type)
            join_error(s, name, a, b);
        Size size = a->size == b->size ? a->size : NULL;
        joined = variable_new(s, name, type ? type : type_simple(s->checker, TYPE_POISON), size, a->span);
        Merge *merges = ARENA_ARRAY(s->checker->arena, Merge, stmt->as.branch.merge_count + 1);
        for (int i = 0; i < stmt->as.branch.merge_count; i++)
            merges[i] = stmt->as.branch.merges[i];
        merges[stmt->as.branch.merge_count++] = (Merge){a, b, joined};
        stmt->as.branch.merges = merges;
    }
    scope_bind(s, name, joined);
}

static void join_branches(Scope *s, TStmt *stmt, const Bindings *then, bool then_reaches,
                          const Bindings *otherwise, bool otherwise_reaches) {
    if (!then_reaches || !otherwise_reaches) {
        s->bindings = copy_bindings(s, then_reaches ? then : otherwise);
        s->reachable = then_reaches || otherwise_reaches;
        return;
    }
    s->reachable = true;
    s->bindings = (Bindings){0};
    for (int i = 0; i < then->count; i++)
        join_name(s, stmt, then->data[i].name, then->data[i].variable,
                  variable_in(otherwise, then->data[i].name));
    for (int i = 0; i < otherwise->count; i++)
        if (!scope_find(s, otherwise->data[i].name))
            join_name(s, stmt, otherwise->data[i].name,
                      variable_in(then, otherwise->data[i].name), otherwise->data[i].variable);
}

static bool is_main_guard(const Ast *test) {
    return test->kind == AST_COMPARE && test->as.compare.first->kind == AST_NAME &&
           !strcmp(test->as.compare.first->as.name.id, "__name__");
}

static TExpr *check_test(Scope *s, const Ast *node) {
    TExpr *test = texpr_truth(s, check_expr(s, node));
    if (!is_poison(test) && test->type->kind == TYPE_ARRAY) {
        Diag *diag = diag_error(node->span, DIAG_AMBIGUOUS_TRUTH,
                                "an array of more than one element is neither true nor false");
        diag_help(diag, "write .any() or .all()");
        return texpr_poison(s, node->span);
    }
    return test;
}

static void check_if(Scope *s, const Ast *node) {
    if (is_main_guard(node->as.branch.test)) {
        for (const Ast *inner = s->checker->options->library ? NULL : node->as.branch.body; inner;
             inner = inner->next)
            check_statement(s, inner);
        return;
    }
    TExpr *test = check_test(s, node->as.branch.test);
    TStmt *stmt = stmt_new(s, TSTMT_IF, node->span);
    stmt->as.branch.test = test;
    Bindings before = copy_bindings(s, &s->bindings);
    Facts *facts = s->facts;
    s->facts = assume(s, facts, test, true, "a condition");
    check_block(s, node->as.branch.body, &stmt->as.branch.then);
    Bindings then = s->bindings;
    bool then_reaches = s->reachable;
    Facts *then_facts = s->facts;
    s->bindings = before;
    s->reachable = true;
    s->facts = assume(s, facts, test, false, "a guard");
    check_block(s, node->as.branch.otherwise, &stmt->as.branch.otherwise);
    Bindings otherwise = s->bindings;
    bool otherwise_reaches = s->reachable;
    if (!then_reaches && otherwise_reaches)
        facts = s->facts;
    else if (then_reaches && !otherwise_reaches)
        facts = then_facts;
    s->facts = facts;
    join_branches(s, stmt, &then, then_reaches, &otherwise, otherwise_reaches);
}

/* ---- loops --------------------------------------------------------------------------------- */

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
static void check_leave(Scope *s, const Ast *node) {
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
    int64_t step;
    if (!constant_int(stmt->as.loop.step, &step)) {
        diag_unsupported(values[2]->span, "a range whose step is not constant", "a while loop");
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

static void check_for(Scope *s, const Ast *node) {
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

static void check_while(Scope *s, const Ast *node) {
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

/* ---- return, assert, raise ----------------------------------------------------------------- */

static TExpr *fit_result(Scope *s, TExpr *value, const Type *declared) {
    Arena *arena = s->checker->arena;
    if (is_poison(value) || declared->kind == TYPE_POISON)
        return value;
    if (declared->kind == TYPE_SCALAR && value->type->kind == TYPE_SCALAR &&
        dtype_info(declared->dtype)->class >= dtype_info(value->type->dtype)->class)
        return texpr_cast(s, value, declared->dtype, value->type->weak && declared->weak);
    if (declared->kind == TYPE_TUPLE && value->kind == TEXPR_TUPLE &&
        declared->count == value->type->count) {
        const Type **types = ARENA_ARRAY(arena, const Type *, declared->count);
        for (int i = 0; i < declared->count; i++) {
            value->as.tuple.items[i] = fit_result(s, value->as.tuple.items[i], declared->items[i]);
            types[i] = value->as.tuple.items[i]->type;
        }
        value->type = type_tuple(s->checker, types, declared->count);
        return value;
    }
    if (!type_same(declared, value->type, false)) {
        diag_error(value->span, DIAG_RETURN_MISMATCH, "this is %s, the function promises %s",
                   type_print(arena, value->type), type_print(arena, declared));
        return value;
    }
    for (int axis = 0; declared->kind == TYPE_ARRAY && axis < declared->rank; axis++) {
        Size difference = size_sub(value->type->shape[axis], declared->shape[axis]);
        if (!declared->shape[axis] || prove_eq(s->facts, difference, size_const(0)) == PROVED)
            continue;
        Diag *diag = diag_error(value->span, DIAG_SHAPE_UNPROVED,
                                "axis %d has size %s, the function promises %s", axis,
                                size_print(arena, value->type->shape[axis]),
                                size_print(arena, declared->shape[axis]));
        Counterexample example;
        diag_note(diag, value->span, "they differ by %s", size_print(arena, difference));
        if (prove_counterexample(arena, s->facts, FACT_EQ, difference, &example)) {
            const char *words = "fails for ";
            for (int i = 0; i < example.count; i++)
                words = arena_printf(arena, "%s%s%s = %lld", words, i ? ", " : "",
                                     example.atoms[i]->name, (long long)example.values[i]);
            diag_help(diag, "%s; an assert or a guard that excludes this settles it", words);
        }
    }
    return value;
}

static void check_return(Scope *s, const Ast *node) {
    if (!s->definition) {
        diag_error(node->span, DIAG_OUTSIDE_FUNCTION, "return stands outside of a function");
        return;
    }
    TExpr *value = node->as.expression.value
                       ? check_expr(s, node->as.expression.value)
                       : texpr_new(s, TEXPR_NONE, node->span, type_simple(s->checker, TYPE_NONE));
    if (s->declared)
        value = fit_result(s, value, s->declared);
    if (value->type->kind != TYPE_NONE && !is_poison(value) && !is_value(s, value))
        value = texpr_poison(s, node->span);
    const Type *old = s->function->result;
    const Type *joined = old ? join_types(s, old, value->type) : value->type;
    if (!joined && old->kind != TYPE_POISON && !is_poison(value))
        diag_error(node->span, DIAG_JOIN_TYPES, "this returns %s, an earlier return %s",
                   type_print(s->checker->arena, value->type), type_print(s->checker->arena, old));
    s->function->result = joined ? joined : type_simple(s->checker, TYPE_POISON);
    TStmt *stmt = stmt_new(s, TSTMT_RETURN, node->span);
    stmt->as.result.value = value;
    s->reachable = false;
}

static void check_assert(Scope *s, const Ast *node) {
    TExpr *test = check_test(s, node->as.assertion.test);
    TStmt *stmt = stmt_new(s, TSTMT_ASSERT, node->span);
    stmt->as.assertion.test = test;
    if (node->as.assertion.message)
        stmt->as.assertion.message = check_expr(s, node->as.assertion.message);
    s->facts = assume(s, s->facts, test, true, "an assert");
}

static void check_raise(Scope *s, const Ast *node) {
    static const char *const known[] = {
        "ValueError", "TypeError", "IndexError", "RuntimeError", "ZeroDivisionError",
        "OverflowError", "AssertionError", "ArithmeticError", "NotImplementedError", "Exception",
        "KeyError", "FloatingPointError", "MemoryError", "OSError"};
    const Ast *value = node->as.raise.value;
    const Ast *name = value && value->kind == AST_CALL ? value->as.call.callee : value;
    TStmt *stmt = stmt_new(s, TSTMT_RAISE, node->span);
    for (size_t i = 0; name && name->kind == AST_NAME && i < sizeof known / sizeof *known; i++)
        if (!strcmp(name->as.name.id, known[i]))
            stmt->as.raise.exception = known[i];
    if (!stmt->as.raise.exception || node->as.raise.cause)
        diag_unsupported(node->span, "this raise", "raise ValueError(\"...\")");
    const Ast *message = value && value->kind == AST_CALL ? value->as.call.arguments : NULL;
    if (message) {
        TExpr *text = check_expr(s, message);
        if (!is_poison(text) && (text->type->kind != TYPE_STRING || message->next))
            diag_unsupported(message->span, "this message", "one string");
        stmt->as.raise.message = text;
    }
    s->reachable = false;
}

/* ---- the dispatcher ------------------------------------------------------------------------ */

static void check_expression(Scope *s, const Ast *node) {
    const Ast *inner = node->as.expression.value;
    if (inner->kind == AST_STRING || inner->kind == AST_ELLIPSIS)
        return;
    TExpr *value = check_expr(s, inner);
    if (is_poison(value))
        return;
    TStmt *stmt = stmt_new(s, TSTMT_EXPRESSION, node->span);
    stmt->as.expression.value = value;
}

static void unsupported_statement(Scope *s, const Ast *node) {
    static const struct {
        int kind;
        const char *instead;
    } ways[] = {{AST_TRY, "a test before what may fail"}, {AST_CLASS, "functions"},
                {AST_WITH, "np.load and np.save"},         {AST_MATCH, "if statements"}};
    const char *instead = NULL;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (ways[i].kind == (int)node->kind)
            instead = ways[i].instead;
    diag_unsupported(node->span, arena_printf(s->checker->arena, "the statement '%s'",
                                              ast_kind_name(node->kind)), instead);
}

static void check_statement(Scope *s, const Ast *node) {
    if (!s->reachable)
        return;
    TCheck *checks = NULL;
    s->checks = &checks;
    switch ((int)node->kind) {
    case AST_EXPRESSION: check_expression(s, node); break;
    case AST_ASSIGN: check_assign(s, node); break;
    case AST_ANNOTATED: check_annotated(s, node); break;
    case AST_AUGMENTED: check_augmented(s, node); break;
    case AST_RETURN: check_return(s, node); break;
    case AST_PASS: case AST_ERROR: break;
    case AST_BREAK: case AST_CONTINUE: check_leave(s, node); break;
    case AST_ASSERT: check_assert(s, node); break;
    case AST_RAISE: check_raise(s, node); break;
    case AST_IF: check_if(s, node); break;
    case AST_WHILE: check_while(s, node); break;
    case AST_FOR: check_for(s, node); break;
    default: unsupported_statement(s, node); break;
    }
    s->checks = NULL;
}

void check_block(Scope *s, const Ast *statements, TBlock *block) {
    TBlock *outer = s->block;
    s->block = block;
    for (; statements; statements = statements->next)
        check_statement(s, statements);
    s->block = outer;
}
