/* fold.c: the functions that take a sequence: sum, min, max, any, all, sorted, list, tuple, and those of math. They are
 * loops over its items. Start at check_sequence. */
#include "check/sequence.h"

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
        return check_comprehension(s, comprehension_of(s, node));
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
    return inset_close(inset, check_comprehension(s, comprehension_of(s, ast_name(s, over, node->span))));
}

static TExpr *wrong_call(Scope *s, const Ast *node) {
    diag_error(node->span, DIAG_BAD_CALL, "this call does not take these arguments");
    return texpr_poison(s, node->span);
}

/* sum and prod: the start, and op of each item behind it. */
typedef struct {
    const Ast *node, *items, *start;
    AstOp op;
} Fold;

static TExpr *fold_start(Scope *s, const Fold *fold) {
    return fold->start ? check_expr(s, fold->start) : texpr_int(s, fold->op == AST_OP_MUL, fold->node->span);
}

static TExpr *fold_scalars(Scope *s, const Fold *fold) {
    Span span = fold->node->span;
    Inset *inset = inset_open(s, span);
    const Ast *items = comprehension_of(s, fold->items);
    Name total = bind_hidden(s, fold->op == AST_OP_ADD ? "sum" : "product", fold_start(s, fold));
    comprehension_run(s, items, ast_augment(s, total, fold->op, items->as.comprehension.element, span), NULL);
    return inset_close(inset, hidden_read(s, total, span));
}

/* raise NotImplementedError(text) */
static Ast *ast_refusal(Scope *s, const char *text, Span span) {
    Ast *raise = ast_make(s, AST_RAISE, span), *message = ast_make(s, AST_STRING, span);
    message->as.string.data = text;
    message->as.string.length = strlen(text);
    raise->as.raise.value = ast_call(s, ast_name(s, name_of("NotImplementedError"), span), message, span);
    return raise;
}

static Ast *ast_binary(Scope *s, AstOp op, Ast *left, Ast *right, Span span) {
    Ast *node = ast_make(s, AST_BINARY, span);
    node->as.binary.op = op;
    node->as.binary.left = left;
    node->as.binary.right = right;
    return node;
}

/* list[1:] */
static Ast *ast_rest(Scope *s, Name list, Span span) {
    Ast *slice = ast_make(s, AST_SLICE, span), *one = ast_make(s, AST_INT, span);
    one->as.integer.value = 1;
    slice->as.slice.lower = one;
    return ast_index(s, ast_name(s, list, span), slice, span);
}

/* Arrays: the first of them and the start decide what the sum is. `list` holds them. */
static TExpr *fold_arrays(Scope *s, const Fold *fold, Name list) {
    Span span = fold->node->span;
    Name start = bind_hidden(s, "start", fold_start(s, fold)), total = hidden_name(s, "sum"), item = hidden_name(s, "item");
    check_statement(s, ast_if(s, ast_not(s, ast_name(s, list, span)),
                              ast_refusal(s, "a sum of arrays, where there are none, is not supported", span)));
    check_statement(s, ast_assign(s, total, ast_binary(s, fold->op, ast_name(s, start, span), ast_item(s, list, 0, span), span)));
    Ast *loop = ast_make(s, AST_FOR, span);
    loop->as.loop.target = ast_name(s, item, span);
    loop->as.loop.iterable = ast_rest(s, list, span);
    loop->as.loop.body = ast_assign(s, total, ast_binary(s, fold->op, ast_name(s, total, span), ast_name(s, item, span), span));
    check_statement(s, loop);
    return hidden_read(s, total, span);
}

/* A sum that cannot start as an int may be one of arrays. */
static TExpr *check_fold(Scope *s, const Fold *fold) {
    int errors = diag_count(), verdicts = s->checker->verdicts.count, failed = s->checker->failed.count;
    TExpr *value = fold_scalars(s, fold);
    if (diag_count() == errors)
        return value;
    int failures = diag_count();
    Inset *inset = inset_open(s, fold->node->span);
    Name name = bind_hidden(s, "list", list_of_items(s, fold->items, true));
    TExpr *list = hidden_read(s, name, fold->node->span);
    const Type *element = list->type->kind == TYPE_LIST ? list_element(list->type) : NULL;
    if (!element || element->kind != TYPE_ARRAY) {
        diag_rollback(failures);
        return inset_close(inset, texpr_poison(s, fold->node->span));
    }
    diag_rollback(errors);
    instances_forget(s->checker, failed);
    s->checker->verdicts.count = verdicts;
    return inset_close(inset, fold_arrays(s, fold, name));
}

static TExpr *check_sum(Scope *s, const Ast *node, const Ast *arg, AstOp op) {
    const Ast *start = arg->next;
    if (start && start->next)
        return wrong_call(s, node);
    if (start && start->kind == AST_KEYWORD)
        start = !strcmp(start->as.keyword.name, "start") ? start->as.keyword.value : NULL;
    if (arg->next && (!start || (op == AST_OP_MUL && arg->next->kind != AST_KEYWORD)))
        return wrong_call(s, node);
    Fold fold = {node, arg, start, op};
    return check_fold(s, &fold);
}

/* ---- math ---------------------------------------------------------------------------------- */

/* The numbers of a sequence as a list; NULL after an error. */
static TExpr *numbers_of(Scope *s, const Ast *node, const char *what) {
    TExpr *list = list_of_items(s, node, true);
    const Type *element = is_poison(list) ? NULL : list_element(list->type);
    if (is_poison(list))
        return NULL;
    if (!element)
        list_decide(list->type, element = type_scalar(s->checker, DTYPE_F64, true));
    bool numbers = element->kind == TYPE_EITHER || element->kind == TYPE_SCALAR;
    for (int i = 1; element->kind == TYPE_EITHER && i < element->count; i++)
        numbers &= element->items[i]->kind == TYPE_SCALAR;
    if (numbers && !dtype_is_complex(element->dtype))
        return list;
    diag_error(node->span, DIAG_TYPE_MISMATCH, "%s takes real numbers, not %s", what, type_print(s->checker->arena, list->type));
    return NULL;
}

/* The length of a vector of two numbers, which needs no list. */
static TExpr *hypot_of_two(Scope *s, const Ast *node) {
    TExpr *values[2];
    const Ast *arg = node->as.call.arguments;
    for (int i = 0; i < 2; i++, arg = arg->next) {
        values[i] = texpr_decay(s, check_expr(s, arg));
        if (is_poison(values[i]))
            return values[i];
        bool number = values[i]->type->kind == TYPE_SCALAR || values[i]->type->kind == TYPE_EITHER;
        if (!number || dtype_is_complex(values[i]->type->dtype))
            return wrong_call(s, node);
        values[i] = texpr_cast(s, values[i], DTYPE_F64, true);
    }
    return texpr_runtime(s, "mnp_math_hypot_of_two", values, 2, type_scalar(s->checker, DTYPE_F64, true), node->span);
}

/* fsum(seq), dist(p, q), hypot(*coordinates) */
static TExpr *check_vector(Scope *s, const Ast *node, const char *name) {
    const Ast *arg = node->as.call.arguments;
    bool hypot = !strcmp(name, "hypot"), pair = !strcmp(name, "dist");
    if (hypot && node->as.call.count == 2)
        return hypot_of_two(s, node);
    if (!hypot && node->as.call.count != 1 + pair)
        return wrong_call(s, node);
    Ast *coordinates = ast_make(s, AST_LIST, node->span);
    coordinates->as.list.items = (Ast *)arg;
    coordinates->as.list.count = node->as.call.count;
    TExpr *lists[] = {numbers_of(s, hypot ? coordinates : arg, name), pair ? numbers_of(s, arg->next, name) : NULL};
    if (!lists[0] || (pair && !lists[1]))
        return texpr_poison(s, node->span);
    return texpr_runtime(s, arena_printf(s->checker->arena, "mnp_math_%s", name), lists, 1 + pair,
                         type_scalar(s->checker, DTYPE_F64, true), node->span);
}

/* ---- any, all ------------------------------------------------------------------------------ */

/* any: starts False, and the first true item decides; all: the other way round. */
static TExpr *check_any_all(Scope *s, const Ast *node, const Ast *arg, bool any) {
    if (arg->next)
        return wrong_call(s, node);
    Inset *inset = inset_open(s, node->span);
    const Ast *items = comprehension_of(s, arg);
    Name flag = bind_hidden(s, any ? "any" : "all", texpr_bool(s, !any, node->span));
    Ast *item = ast_copy(s, items->as.comprehension.element), *leave = ast_name(s, flag, node->span);
    Ast *decide = ast_decide(s, any ? item : ast_not(s, item), flag, any, node->span);
    leave = ast_if(s, any ? leave : ast_not(s, leave), ast_make(s, AST_BREAK, node->span));
    comprehension_run(s, items, decide, leave);
    return inset_close(inset, hidden_read(s, flag, node->span));
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
    bool ordered = !type || type->kind == TYPE_SCALAR || type->kind == TYPE_STRING || type->kind == TYPE_EITHER;
    if (type && type->kind == TYPE_LIST)
        return has_order(list_element(type));
    for (int i = 0; type && type->kind == TYPE_TUPLE && i < type->count; i++)
        if (!has_order(type->items[i]))
            return false;
    return ordered || type->kind == TYPE_TUPLE;
}

static TExpr *keys_of(Scope *s, const Ast *key, TExpr *list, Span span) {
    TExpr *keys = key ? list_mapped(s, key, list, span) : list;
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
    TExpr *list = hidden_read(s, name, node->span);
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
    TExpr *list = hidden_read(s, bind_hidden(s, "list", list_of_items(s, arg, true)), node->span);
    if (is_poison(list) || list->type->kind != TYPE_LIST)
        return inset_close(inset, texpr_poison(s, node->span));
    if (options.fallback)
        return inset_close(inset, extreme_or(s, node, list, &options, name));
    const Type *element = list_element(list->type);
    if (!element) {
        diag_unsupported(node->span, "an extreme of a list of which nothing is known", "a list with a first item");
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
        *link = ast_item(s, over, i, node->span);
        link = &(*link)->next;
    }
    items->as.list.count = (int)count;
    return inset_close(inset, check_expr(s, items));
}

TExpr *check_sequence(Scope *s, const Ast *node, const char *name) {
    const Ast *arg = node->as.call.arguments;
    if (!arg && !strcmp(name, "list"))
        return list_new(s, NULL, node->span);
    if (!arg && !strcmp(name, "hypot"))
        return texpr_cast(s, texpr_int(s, 0, node->span), DTYPE_F64, true);
    if (!arg || arg->kind == AST_KEYWORD || arg->kind == AST_STARRED || arg->kind == AST_DOUBLE_STARRED)
        return wrong_call(s, node);
    if (!strcmp(name, "sum"))
        return check_sum(s, node, arg, AST_OP_ADD);
    if (!strcmp(name, "prod"))
        return check_sum(s, node, arg, AST_OP_MUL);
    if (!strcmp(name, "fsum") || !strcmp(name, "dist") || !strcmp(name, "hypot"))
        return check_vector(s, node, name);
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
    Ast *place = ast_index(s, ast_name(s, base, span), ast_name(s, index, span), span);
    Ast *augment = ast_copy(s, node), *store = ast_make(s, AST_ASSIGN, node->span);
    Name item = bind_hidden(s, "item", check_expr(s, place));
    augment->as.augmented.target = ast_name(s, item, span);
    store->as.assign.targets = place;
    store->as.assign.target_count = 1;
    store->as.assign.value = ast_name(s, item, span);
    if (is_poison(hidden_read(s, item, span)))
        return;
    check_statement(s, augment);
    check_statement(s, store);
}
