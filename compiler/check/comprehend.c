/* comprehend.c: comprehensions, and functions as values of them; fold.c has the functions that take a sequence.
 *
 * They become statements, as Python would run them, in front of a value (TEXPR_BLOCK): `[e for x in xs if c]` is a new
 * list, a for over xs, an if and an append. The statements are made as syntax and checked as what the user wrote; their
 * own names have a point in them, so that they meet no other. Names that a comprehension binds end with it. */
#include "check/sequence.h"

/* ---- syntax -------------------------------------------------------------------------------- */

Ast *ast_make(Scope *s, AstKind kind, Span span) {
    Ast *node = ARENA_NEW(s->checker->arena, Ast);
    node->kind = kind;
    node->span = span;
    return node;
}

Ast *ast_name(Scope *s, Name name, Span span) {
    Ast *node = ast_make(s, AST_NAME, span);
    node->as.name.id = name;
    return node;
}

Ast *ast_copy(Scope *s, const Ast *node) {
    Ast *copy = ARENA_NEW(s->checker->arena, Ast);
    *copy = *node;
    copy->next = NULL;
    return copy;
}

Ast *ast_call(Scope *s, Ast *callee, Ast *arguments, Span span) {
    Ast *node = ast_make(s, AST_CALL, span);
    node->as.call.callee = callee;
    node->as.call.arguments = arguments;
    for (; arguments; arguments = arguments->next)
        node->as.call.count++;
    return node;
}

Ast *ast_index(Scope *s, Ast *value, Ast *index, Span span) {
    Ast *node = ast_make(s, AST_INDEX, span);
    node->as.index.value = value;
    node->as.index.indices = index;
    node->as.index.count = 1;
    return node;
}

Ast *ast_item(Scope *s, Name of, int64_t i, Span span) {
    Ast *index = ast_make(s, AST_INT, span);
    index->as.integer.value = i;
    return ast_index(s, ast_name(s, of, span), index, span);
}

static Ast *ast_append(Scope *s, Name list, const Ast *element, Span span) {
    Ast *callee = ast_make(s, AST_ATTRIBUTE, span), *statement = ast_make(s, AST_EXPRESSION, span);
    callee->as.attribute.value = ast_name(s, list, span);
    callee->as.attribute.name = name_of("append");
    callee->as.attribute.name_span = span;
    statement->as.expression.value = ast_call(s, callee, ast_copy(s, element), span);
    return statement;
}

Ast *ast_augment(Scope *s, Name name, AstOp op, const Ast *value, Span span) {
    Ast *statement = ast_make(s, AST_AUGMENTED, span);
    statement->as.augmented.target = ast_name(s, name, span);
    statement->as.augmented.op = op;
    statement->as.augmented.value = ast_copy(s, value);
    return statement;
}

Ast *ast_if(Scope *s, Ast *test, Ast *body) {
    Ast *node = ast_make(s, AST_IF, test->span);
    node->as.branch.test = test;
    node->as.branch.body = body;
    return node;
}

Ast *ast_assign(Scope *s, Name name, const Ast *value) {
    Ast *assign = ast_make(s, AST_ASSIGN, value->span);
    assign->as.assign.targets = ast_name(s, name, value->span);
    assign->as.assign.target_count = 1;
    assign->as.assign.value = ast_copy(s, value);
    return assign;
}

/* if test: flag = value; break */
Ast *ast_decide(Scope *s, Ast *test, Name flag, bool value, Span span) {
    Ast *assign = ast_assign(s, flag, ast_make(s, value ? AST_TRUE : AST_FALSE, span));
    assign->next = ast_make(s, AST_BREAK, span);
    return ast_if(s, test, assign);
}

Ast *ast_not(Scope *s, Ast *operand) {
    Ast *node = ast_make(s, AST_UNARY, operand->span);
    node->as.unary.op = AST_OP_NOT;
    node->as.unary.operand = operand;
    return node;
}

Name hidden_name(Scope *s, const char *stem) {
    static int count;
    return name_of(arena_printf(s->checker->arena, "%s.%d", stem, count++));
}

/* ---- statements in front of a value -------------------------------------------------------- */

struct Inset {
    Scope *scope;
    TBlock block, *outer;
    Bindings bindings;
    Names own, *outer_own;            /* names that end with it */
    Facts *facts;
    TCheck **outer_checks, *checks;   /* what the value needs when the statements have run */
    Span span;
};

Inset *inset_open(Scope *s, Span span) {
    Inset *inset = ARENA_NEW(s->checker->arena, Inset);
    *inset = (Inset){.scope = s, .outer = s->block, .bindings = copy_bindings(s, &s->bindings), .facts = s->facts,
                     .outer_checks = s->checks, .outer_own = s->own, .span = span};
    s->block = &inset->block;
    s->own = &inset->own;
    s->checks = &inset->checks;
    return inset;
}

/* The names that were there, but for the inset's own, with what its calls have assigned them. */
static Bindings bindings_behind(Scope *s, const Inset *inset) {
    Bindings behind = inset->bindings;
    for (int i = 0; i < behind.count; i++) {
        Name name = behind.data[i].name;
        if (!names_have(&inset->own, name))
            behind.data[i].variable = scope_find(s, name)->variable;
    }
    return behind;
}

TExpr *inset_close(Inset *inset, TExpr *value) {
    Scope *s = inset->scope;
    s->block = inset->outer;
    s->bindings = bindings_behind(s, inset);
    s->own = inset->outer_own;
    s->facts = inset->facts;
    s->checks = inset->outer_checks;
    if (is_poison(value))
        return value;
    texpr_add_checks(value, inset->checks);
    TExpr *expr = texpr_new(s, TEXPR_BLOCK, inset->span, value->type);
    expr->as.block.body = inset->block;
    expr->as.block.value = value;
    expr->size = value->size;
    return expr;
}

Name bind_hidden(Scope *s, const char *stem, TExpr *value) {
    Name name = hidden_name(s, stem);
    if (is_poison(value))
        bind_poison(s, name, value->span);
    else
        scope_bind(s, name, assign_new(s, name, value, value->span));
    return name;
}

static TExpr *read_hidden(Scope *s, Name name, Span span) {
    return check_expr(s, ast_name(s, name, span));
}

TExpr *hidden_value(Scope *s, const char *stem, TExpr *value, Span span) {
    return is_poison(value) ? value : read_hidden(s, bind_hidden(s, stem, value), span);
}

TExpr *hidden_read(Scope *s, Name name, Span span) {
    Binding *binding = scope_find(s, name);
    if (!binding || !binding->variable)
        return texpr_poison(s, span);
    return variable_expr(s, binding->variable, span);
}

/* ---- comprehensions ------------------------------------------------------------------------ */

static void unbind_target(Scope *s, const Ast *target) {
    Binding *binding = target->kind == AST_NAME ? scope_find(s, target->as.name.id) : NULL;
    if (target->kind == AST_NAME)
        names_add(s->own, target->as.name.id);
    if (binding)
        binding->variable = NULL;
    if (target->kind == AST_TUPLE || target->kind == AST_LIST)
        for (const Ast *item = target->as.list.items; item; item = item->next)
            unbind_target(s, item);
}

/* The first condition is outermost. */
static Ast *under_conditions(Scope *s, const Ast *conditions, Ast *body) {
    if (!conditions)
        return body;
    return ast_if(s, ast_copy(s, conditions), under_conditions(s, conditions->next, body));
}

/* The loops of the clauses round a statement; `leave`, if any, stands behind each inner loop. */
static Ast *nest_clauses(Scope *s, const Ast *clause, const Ast *first, Ast *innermost, const Ast *leave) {
    Ast *body = innermost;
    if (clause->next) {
        body = nest_clauses(s, clause->next, NULL, innermost, leave);
        body->next = leave ? ast_copy(s, leave) : NULL;
    }
    body = under_conditions(s, clause->as.for_clause.conditions, body);
    Ast *loop = ast_make(s, AST_FOR, clause->span);
    loop->as.loop.target = clause->as.for_clause.target;
    loop->as.loop.iterable = ast_copy(s, first ? first : clause->as.for_clause.iterable);
    loop->as.loop.body = body;
    return loop;
}

void comprehension_run(Scope *s, const Ast *comprehension, Ast *innermost, const Ast *leave) {
    const Ast *clauses = comprehension->as.comprehension.clauses, *iterable = clauses->as.for_clause.iterable;
    const Ast *first = NULL;
    /* The first iterable is evaluated before the names are bound. */
    if (!sequence_call(s, iterable))
        first = ast_name(s, bind_hidden(s, "over", check_expr(s, iterable)), iterable->span);
    for (const Ast *clause = clauses; clause; clause = clause->next)
        unbind_target(s, clause->as.for_clause.target);
    Ast *loop = nest_clauses(s, clauses, first, innermost, leave);
    check_statement(s, loop);
}

TExpr *check_comprehension(Scope *s, const Ast *node) {
    if (node->as.comprehension.form != '[' && node->as.comprehension.form != '(') {
        diag_unsupported(node->span, "a set or a dict", "a list");
        return texpr_poison(s, node->span);
    }
    Inset *inset = inset_open(s, node->span);
    Name list = bind_hidden(s, "list", list_new(s, NULL, node->span));
    comprehension_run(s, node, ast_append(s, list, node->as.comprehension.element, node->span), NULL);
    return inset_close(inset, hidden_read(s, list, node->span));
}

/* (item for item in value), as syntax. */
Ast *ast_items(Scope *s, const Ast *iterable, Span span) {
    Ast *node = ast_make(s, AST_COMPREHENSION, span), *clause = ast_make(s, AST_FOR_CLAUSE, span);
    Name item = hidden_name(s, "item");
    node->as.comprehension.form = '(';
    node->as.comprehension.element = ast_name(s, item, span);
    node->as.comprehension.clauses = clause;
    clause->as.for_clause.target = ast_name(s, item, span);
    clause->as.for_clause.iterable = ast_copy(s, iterable);
    return node;
}

Ast *ast_method(Scope *s, Ast *value, const char *name, Ast *arguments, Span span) {
    Ast *callee = ast_make(s, AST_ATTRIBUTE, span);
    callee->as.attribute.value = value;
    callee->as.attribute.name = name_of(name);
    callee->as.attribute.name_span = span;
    return ast_call(s, callee, arguments, span);
}

TExpr *array_as_lists(Scope *s, TExpr *array, Span span) {
    Inset *inset = inset_open(s, span);
    Ast *node = ast_items(s, ast_name(s, bind_hidden(s, "over", array), span), span);
    node->as.comprehension.form = '[';
    node->as.comprehension.element = ast_method(s, (Ast *)node->as.comprehension.element,
                                                array->type->rank > 1 ? "tolist" : "item", NULL, span);
    return inset_close(inset, check_expr(s, node));
}

TExpr *list_as_words(Scope *s, TExpr *list, TExpr *sep, Span span) {
    Inset *inset = inset_open(s, span);
    Ast *node = ast_items(s, ast_name(s, bind_hidden(s, "over", list), span), span);
    Ast *word = ast_make(s, AST_FSTRING, span), *part = ast_make(s, AST_FORMATTED, span);
    part->as.formatted.value = node->as.comprehension.element;
    part->as.formatted.conversion = 's';
    word->as.fstring.parts = part;
    node->as.comprehension.form = '[';
    node->as.comprehension.element = word;
    Ast *space = ast_make(s, AST_STRING, span);
    space->as.string.data = " ";
    space->as.string.length = 1;
    Ast *between = sep ? ast_name(s, bind_hidden(s, "sep", sep), span) : space;
    return inset_close(inset, check_expr(s, ast_method(s, between, "join", node, span)));
}

const Ast *comprehension_of(Scope *s, const Ast *node) {
    bool generator = node->kind == AST_COMPREHENSION && node->as.comprehension.form == '(';
    return generator ? node : ast_items(s, node, node->span);
}

/* ---- functions as values ------------------------------------------------------------------- */

TExpr *apply_function(Scope *s, const Ast *function, TExpr **items, int count, Span span) {
    Ast *arguments = NULL, **link = &arguments;
    Inset around = {.scope = s, .bindings = copy_bindings(s, &s->bindings)};
    const Ast *parameter = function->kind == AST_LAMBDA ? function->as.lambda.parameters : NULL;
    for (int i = 0; i < count; i++) {
        Name name = parameter ? parameter->as.parameter.name : hidden_name(s, "argument");
        if (function->kind == AST_LAMBDA && (!parameter || parameter->as.parameter.kind != AST_PLAIN)) {
            diag_error(function->span, DIAG_BAD_CALL, "this function does not take %d values", count);
            return texpr_poison(s, span);
        }
        if (is_poison(items[i]))
            return items[i];
        scope_bind(s, name, assign_new(s, name, items[i], span));
        names_add(&around.own, name);
        *link = ast_name(s, name, span);
        link = &(*link)->next;
        parameter = parameter ? parameter->next : NULL;
    }
    TExpr *value = check_expr(s, function->kind == AST_LAMBDA ? function->as.lambda.body
                                                              : ast_call(s, ast_copy(s, function), arguments, span));
    if (!is_poison(value) && value->kind != TEXPR_VARIABLE && value->kind != TEXPR_CONST)
        value = variable_expr(s, assign_new(s, NULL, value, span), span);
    s->bindings = bindings_behind(s, &around);
    return value;
}

/* [function(item) for item in list] */
TExpr *list_mapped(Scope *s, const Ast *function, TExpr *list, Span span) {
    Inset *inset = inset_open(s, span);
    Name over = bind_hidden(s, "over", list);
    Ast *node = (Ast *)comprehension_of(s, ast_name(s, over, span));
    Ast *item = ast_copy(s, node->as.comprehension.element);
    if (function->kind == AST_LAMBDA && function->as.lambda.parameters && !function->as.lambda.parameters->next) {
        Name name = function->as.lambda.parameters->as.parameter.name;
        node->as.comprehension.clauses->as.for_clause.target = ast_name(s, name, span);
        node->as.comprehension.element = ast_copy(s, function->as.lambda.body);
    } else {
        node->as.comprehension.element = ast_call(s, ast_copy(s, function), item, span);
    }
    return inset_close(inset, check_comprehension(s, node));
}
