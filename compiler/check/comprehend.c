/* comprehend.c: comprehensions, and the functions that take a sequence: sum, min, max, any, all, sorted, list, tuple.
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

static Ast *ast_append(Scope *s, Name list, const Ast *element, Span span) {
    Ast *callee = ast_make(s, AST_ATTRIBUTE, span), *statement = ast_make(s, AST_EXPRESSION, span);
    callee->as.attribute.value = ast_name(s, list, span);
    callee->as.attribute.name = name_of("append");
    callee->as.attribute.name_span = span;
    statement->as.expression.value = ast_call(s, callee, ast_copy(s, element), span);
    return statement;
}

static Ast *ast_add(Scope *s, Name total, const Ast *element, Span span) {
    Ast *statement = ast_make(s, AST_AUGMENTED, span);
    statement->as.augmented.target = ast_name(s, total, span);
    statement->as.augmented.op = AST_OP_ADD;
    statement->as.augmented.value = ast_copy(s, element);
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
static Ast *ast_decide(Scope *s, Ast *test, Name flag, bool value, Span span) {
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

static TExpr *hidden(Scope *s, Name name, Span span) {
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

static void run_clauses(Scope *s, const Ast *comprehension, Ast *innermost, const Ast *leave) {
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
    run_clauses(s, node, ast_append(s, list, node->as.comprehension.element, node->span), NULL);
    return inset_close(inset, hidden(s, list, node->span));
}

/* (item for item in value), as syntax. */
static Ast *ast_items(Scope *s, const Ast *iterable, Span span) {
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

static const Ast *as_comprehension(Scope *s, const Ast *node) {
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
static TExpr *map_list(Scope *s, const Ast *function, TExpr *list, Span span) {
    Inset *inset = inset_open(s, span);
    Name over = bind_hidden(s, "over", list);
    Ast *node = (Ast *)as_comprehension(s, ast_name(s, over, span));
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

/* ---- sequences ----------------------------------------------------------------------------- */

TExpr *list_of_items(Scope *s, const Ast *node, bool shared) {
    bool literal = node->kind == AST_LIST || node->kind == AST_COMPREHENSION;
    if (literal)
        return check_expr(s, node);
    const char *name = sequence_call(s, node);
    if (name && (!strcmp(name, "sorted") || !strcmp(name, "list")))
        return check_expr(s, node);
    if (name && !strcmp(name, "filter"))
        return check_sequence(s, node, name);
    if (name)
        return check_comprehension(s, as_comprehension(s, node));
    TExpr *value = check_expr(s, node);
    if (is_poison(value) || (value->type->kind == TYPE_LIST && shared))
        return value;
    TExpr *zero = texpr_int(s, 0, node->span), *whole[] = {value, zero, zero, zero, zero};
    if (value->type->kind == TYPE_LIST)
        return texpr_runtime(s, "mnp_list_slice", whole, 5, value->type, node->span);
    return list_of(s, node, value);
}

TExpr *list_of(Scope *s, const Ast *node, TExpr *value) {
    if (is_poison(value) || value->type->kind == TYPE_LIST)
        return value;
    Inset *inset = inset_open(s, node->span);
    Name over = bind_hidden(s, "over", value);
    return inset_close(inset, check_comprehension(s, as_comprehension(s, ast_name(s, over, node->span))));
}

static TExpr *wrong_call(Scope *s, const Ast *node) {
    diag_error(node->span, DIAG_BAD_CALL, "this call does not take these arguments");
    return texpr_poison(s, node->span);
}

static TExpr *check_sum(Scope *s, const Ast *node, const Ast *arg) {
    const Ast *start = arg->next;
    if (start && start->next)
        return wrong_call(s, node);
    if (start && start->kind == AST_KEYWORD)
        start = !strcmp(start->as.keyword.name, "start") ? start->as.keyword.value : NULL;
    if (arg->next && !start)
        return wrong_call(s, node);
    Inset *inset = inset_open(s, node->span);
    const Ast *items = as_comprehension(s, arg);
    Name total = bind_hidden(s, "sum", start ? check_expr(s, start) : texpr_int(s, 0, node->span));
    run_clauses(s, items, ast_add(s, total, items->as.comprehension.element, node->span), NULL);
    return inset_close(inset, hidden(s, total, node->span));
}

/* any: starts False, and the first true item decides; all: the other way round. */
static TExpr *check_any_all(Scope *s, const Ast *node, const Ast *arg, bool any) {
    if (arg->next)
        return wrong_call(s, node);
    Inset *inset = inset_open(s, node->span);
    const Ast *items = as_comprehension(s, arg);
    Name flag = bind_hidden(s, any ? "any" : "all", texpr_bool(s, !any, node->span));
    Ast *item = ast_copy(s, items->as.comprehension.element), *leave = ast_name(s, flag, node->span);
    Ast *decide = ast_decide(s, any ? item : ast_not(s, item), flag, any, node->span);
    leave = ast_if(s, any ? leave : ast_not(s, leave), ast_make(s, AST_BREAK, node->span));
    run_clauses(s, items, decide, leave);
    return inset_close(inset, hidden(s, flag, node->span));
}

/* key=..., reverse=..., default=...; false after an error. */
typedef struct {
    const Ast *key, *reverse, *fallback;
} Options;

static bool read_options(const Ast *arg, Options *options) {
    for (; arg; arg = arg->next) {
        if (arg->kind != AST_KEYWORD)
            return false;
        const Ast *value = arg->as.keyword.value->kind == AST_NONE ? NULL : arg->as.keyword.value;
        if (!strcmp(arg->as.keyword.name, "key"))
            options->key = value;
        else if (!strcmp(arg->as.keyword.name, "reverse"))
            options->reverse = value;
        else if (!strcmp(arg->as.keyword.name, "default"))
            options->fallback = arg->as.keyword.value;
        else
            return false;
    }
    return true;
}

static bool has_order(const Type *type) {
    bool ordered = !type || type->kind == TYPE_SCALAR || type->kind == TYPE_STRING;
    if (type && type->kind == TYPE_LIST)
        return has_order(list_element(type));
    for (int i = 0; type && type->kind == TYPE_TUPLE && i < type->count; i++)
        if (!has_order(type->items[i]))
            return false;
    return ordered || type->kind == TYPE_TUPLE;
}

static TExpr *keys_of(Scope *s, const Ast *key, TExpr *list, Span span) {
    TExpr *keys = key ? map_list(s, key, list, span) : list;
    if (!is_poison(keys) && !has_order(list_element(keys->type))) {
        diag_unsupported(span, arena_printf(s->checker->arena, "an order of %s",
                                            type_print(s->checker->arena, list_element(keys->type))), "key=...");
        return texpr_poison(s, span);
    }
    return keys;
}

TExpr *sort_list(Scope *s, const Ast *node, TExpr *list, const Ast *arguments) {
    Options options = {0};
    if (!read_options(arguments, &options) || options.fallback)
        return wrong_call(s, node);
    TExpr *reverse = options.reverse ? texpr_cast(s, check_test(s, options.reverse), DTYPE_I64, true)
                                     : texpr_int(s, 0, node->span);
    TExpr *row[] = {list, keys_of(s, options.key, list, node->span), reverse};
    return texpr_runtime(s, "mnp_list_sort", row, 3, type_simple(s->checker, TYPE_NONE), node->span);
}

static TExpr *check_sorted(Scope *s, const Ast *node, const Ast *arg) {
    Inset *inset = inset_open(s, node->span);
    Name name = bind_hidden(s, "list", list_of_items(s, arg, false));
    TExpr *list = hidden(s, name, node->span);
    if (is_poison(list) || list->type->kind == TYPE_POISON)
        return inset_close(inset, texpr_poison(s, node->span));
    TExpr *sort = sort_list(s, node, list, arg->next);
    if (is_poison(sort))
        return inset_close(inset, sort);
    stmt_new(s, TSTMT_EXPRESSION, node->span)->as.expression.value = sort;
    return inset_close(inset, list);
}

/* default if the list is empty else min(list) */
static TExpr *extreme_or(Scope *s, const Ast *node, TExpr *list, const Options *options, const char *name) {
    Ast *choice = ast_make(s, AST_CONDITIONAL, node->span), *argument;
    TExpr *operands[] = {list_length(s, list, node->span), texpr_int(s, 0, node->span)};
    Name filled = bind_hidden(s, "filled", make_op(s, OP_GT, operands, node->span));
    Name over = bind_hidden(s, "over", list);
    argument = ast_name(s, over, node->span);
    if (options->key) {
        argument->next = ast_make(s, AST_KEYWORD, node->span);
        argument->next->as.keyword.name = name_of("key");
        argument->next->as.keyword.value = ast_copy(s, options->key);
    }
    choice->as.conditional.test = ast_name(s, filled, node->span);
    choice->as.conditional.body = ast_call(s, ast_name(s, name_of(name), node->span), argument, node->span);
    choice->as.conditional.otherwise = ast_copy(s, options->fallback);
    return check_expr(s, choice);
}

static TExpr *check_extreme(Scope *s, const Ast *node, const Ast *arg, const char *name) {
    Options options = {0};
    if (!read_options(arg->next, &options) || options.reverse)
        return wrong_call(s, node);
    Inset *inset = inset_open(s, node->span);
    TExpr *list = hidden(s, bind_hidden(s, "list", list_of_items(s, arg, true)), node->span);
    if (is_poison(list) || list->type->kind != TYPE_LIST)
        return inset_close(inset, texpr_poison(s, node->span));
    if (options.fallback)
        return inset_close(inset, extreme_or(s, node, list, &options, name));
    const Type *element = list_element(list->type);
    if (!element) {
        diag_unsupported(node->span, "an extreme of a list of which nothing is known", NULL);
        return inset_close(inset, texpr_poison(s, node->span));
    }
    TExpr *row[] = {list, keys_of(s, options.key, list, node->span), texpr_int(s, !strcmp(name, "max"), node->span)};
    return inset_close(inset, texpr_runtime(s, "mnp_list_extreme", row, 3, own_sizes(s, element, NULL), node->span));
}

/* filter(f, xs): (x for x in xs if f(x)) */
static TExpr *check_filter(Scope *s, const Ast *node, const Ast *arg) {
    if (!arg->next || arg->next->next)
        return wrong_call(s, node);
    Ast *items = (Ast *)ast_items(s, arg->next, node->span);
    Ast *clause = items->as.comprehension.clauses, *item = ast_copy(s, items->as.comprehension.element);
    if (arg->kind == AST_LAMBDA && arg->as.lambda.parameters) {
        Name name = arg->as.lambda.parameters->as.parameter.name;
        clause->as.for_clause.target = ast_name(s, name, node->span);
        items->as.comprehension.element = ast_name(s, name, node->span);
        clause->as.for_clause.conditions = ast_copy(s, arg->as.lambda.body);
    } else if (arg->kind == AST_NONE) {
        clause->as.for_clause.conditions = item;
    } else {
        clause->as.for_clause.conditions = ast_call(s, ast_copy(s, arg), item, node->span);
    }
    return check_comprehension(s, items);
}

/* tuple(x), where it is known how many items there are. */
static TExpr *check_tuple_of(Scope *s, const Ast *node, const Ast *arg) {
    if (arg->next)
        return wrong_call(s, node);
    Ast *tuple = ast_copy(s, arg);
    tuple->kind = AST_TUPLE;
    TExpr *value = check_expr(s, arg->kind == AST_LIST ? tuple : arg);
    int64_t count;
    if (is_poison(value) || value->type->kind == TYPE_TUPLE)
        return value;
    bool known = value->type->kind == TYPE_ARRAY && size_is_const(value->type->shape[0], &count) && count <= 64;
    if (!known) {
        diag_unsupported(node->span, "a tuple whose length only the run knows", "a list");
        return texpr_poison(s, node->span);
    }
    Inset *inset = inset_open(s, node->span);
    Name over = bind_hidden(s, "over", value);
    Ast *items = ast_make(s, AST_TUPLE, node->span), **link = &items->as.list.items;
    for (int64_t i = 0; i < count; i++) {
        Ast *at = ast_make(s, AST_INT, node->span), *item = ast_make(s, AST_INDEX, node->span);
        at->as.integer.value = i;
        item->as.index.value = ast_name(s, over, node->span);
        item->as.index.indices = at;
        item->as.index.count = 1;
        *link = item;
        link = &item->next;
    }
    items->as.list.count = (int)count;
    return inset_close(inset, check_expr(s, items));
}

TExpr *check_sequence(Scope *s, const Ast *node, const char *name) {
    const Ast *arg = node->as.call.arguments;
    if (!arg && !strcmp(name, "list"))
        return list_new(s, NULL, node->span);
    if (!arg || arg->kind == AST_KEYWORD || arg->kind == AST_STARRED || arg->kind == AST_DOUBLE_STARRED)
        return wrong_call(s, node);
    if (!strcmp(name, "sum"))
        return check_sum(s, node, arg);
    if (!strcmp(name, "any") || !strcmp(name, "all"))
        return check_any_all(s, node, arg, !strcmp(name, "any"));
    if (!strcmp(name, "sorted"))
        return check_sorted(s, node, arg);
    if (!strcmp(name, "min") || !strcmp(name, "max"))
        return check_extreme(s, node, arg, name);
    if (!strcmp(name, "list"))
        return arg->next ? wrong_call(s, node) : list_of_items(s, arg, false);
    if (!strcmp(name, "tuple"))
        return check_tuple_of(s, node, arg);
    if (!strcmp(name, "filter"))
        return check_filter(s, node, arg);
    diag_unsupported(node->span, arena_printf(s->checker->arena, "%s as a value", name), "list(...) of it, or a loop");
    return texpr_poison(s, node->span);
}

/* list[index] op= value: the item takes it in place where it can, and is stored again. */
void augment_element(Scope *s, const Ast *node, TExpr *list) {
    const Ast *target = node->as.augmented.target;
    Span span = target->span;
    if (target->as.index.count != 1 || target->as.index.indices->kind == AST_SLICE) {
        diag_unsupported(node->span, "this in place", "an assignment");
        return;
    }
    Name base = bind_hidden(s, "list", list);
    Name index = bind_hidden(s, "index", check_expr(s, target->as.index.indices));
    Ast *place = ast_make(s, AST_INDEX, span), *augment = ast_copy(s, node), *store = ast_make(s, AST_ASSIGN, node->span);
    place->as.index.value = ast_name(s, base, span);
    place->as.index.indices = ast_name(s, index, span);
    place->as.index.count = 1;
    Name item = bind_hidden(s, "item", check_expr(s, place));
    augment->as.augmented.target = ast_name(s, item, span);
    store->as.assign.targets = place;
    store->as.assign.target_count = 1;
    store->as.assign.value = ast_name(s, item, span);
    if (is_poison(hidden(s, item, span)))
        return;
    check_statement(s, augment);
    check_statement(s, store);
}
