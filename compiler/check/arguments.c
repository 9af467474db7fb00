/* arguments.c: a call's arguments by parameter; starred ones, item by item. Start at arguments_bind. */
#include "check/arguments.h"
#include "check/sequence.h"

/* ---- by parameter -------------------------------------------------------------------------- */

static bool list_parameters(Scope *s, FunctionEntry *entry, Arguments *arguments) {
    Arena *arena = s->checker->arena;
    int most = 0;
    for (const Ast *p = entry->definition->as.function.parameters; p; p = p->next)
        most++;
    *arguments = (Arguments){.values = ARENA_ARRAY(arena, const Ast *, most + 1),
                             .parameters = ARENA_ARRAY(arena, const Ast *, most + 1),
                             .order = ARENA_ARRAY(arena, int, most + 1)};
    memset(arguments->values, 0, sizeof *arguments->values * (size_t)(most + 1));
    for (const Ast *p = entry->definition->as.function.parameters; p; p = p->next) {
        if (p->as.parameter.kind == AST_DOUBLE_STAR) {
            diag_unsupported(p->span, "a parameter that takes any names", "each parameter");
            return false;
        }
        if (is_parameter(p))
            arguments->parameters[arguments->count++] = p;
    }
    return true;
}

/* How many are filled by place. */
static int count_by_place(const FunctionEntry *entry) {
    int count = 0;
    for (const Ast *p = entry->definition->as.function.parameters; p; p = p->next) {
        if (p->as.parameter.kind == AST_BARE_STAR || p->as.parameter.kind == AST_STAR)
            break;
        count += p->as.parameter.kind == AST_PLAIN;
    }
    return count;
}

/* The place of the parameter that takes the rest, or -1. */
static int rest_place(const Arguments *arguments) {
    for (int k = 0; k < arguments->count; k++)
        if (arguments->parameters[k]->as.parameter.kind == AST_STAR)
            return k;
    return -1;
}

static int parameter_named(FunctionEntry *entry, const Arguments *arguments, const Ast *arg) {
    int names = 0, slash = 0;
    for (const Ast *p = entry->definition->as.function.parameters; p; p = p->next) {
        names += is_parameter(p);
        if (p->as.parameter.kind == AST_SLASH)
            slash = names;
    }
    for (int k = slash; k < arguments->count; k++)
        if (arguments->parameters[k]->as.parameter.kind == AST_PLAIN &&
            arguments->parameters[k]->as.parameter.name == arg->as.keyword.name)
            return k;
    diag_error(arg->span, DIAG_BAD_CALL, "'%s' has no parameter '%s'", entry->name, arg->as.keyword.name);
    return -1;
}

/* The parameter that an argument is for: the next one by place, or the one of its name; -1 after an
 * error. */
static int parameter_of(FunctionEntry *entry, const Arguments *arguments, const Ast *arg, int place) {
    if (arg->kind == AST_DOUBLE_STARRED) {
        diag_unsupported(arg->span, "unpacked arguments by name", "each argument");
        return -1;
    }
    if (arg->kind == AST_KEYWORD)
        return parameter_named(entry, arguments, arg);
    int positional = count_by_place(entry), k = place < positional ? place : rest_place(arguments);
    if (k < 0)
        diag_error(arg->span, DIAG_BAD_CALL, "'%s' takes %d values by place", entry->name, positional);
    return k;
}

/* One more value for the parameter that takes the rest. */
static void add_rest(Scope *s, Arguments *arguments, int k, const Ast *arg) {
    Ast *tuple = (Ast *)arguments->values[k];
    if (!tuple) {
        arguments->values[k] = tuple = ast_make(s, AST_TUPLE, arg->span);
        arguments->order[arguments->given++] = k;
    }
    Ast **link = &tuple->as.list.items;
    while (*link)
        link = &(*link)->next;
    *link = ast_copy(s, arg);
    tuple->as.list.count++;
}

static bool add_argument(Scope *s, FunctionEntry *entry, Arguments *arguments, const Ast *arg, int place) {
    int k = parameter_of(entry, arguments, arg, place);
    if (k < 0)
        return false;
    if (arguments->parameters[k]->as.parameter.kind == AST_STAR) {
        add_rest(s, arguments, k, arg);
        return true;
    }
    if (arguments->values[k]) {
        diag_error(arg->span, DIAG_BAD_CALL, "'%s' gets two values for '%s'", entry->name,
                   arguments->parameters[k]->as.parameter.name);
        return false;
    }
    arguments->values[k] = arg->kind == AST_KEYWORD ? arg->as.keyword.value : arg;
    arguments->order[arguments->given++] = k;
    return true;
}

bool arguments_bind(Scope *s, FunctionEntry *entry, const Ast *node, Arguments *arguments) {
    int place = 0;
    if (!list_parameters(s, entry, arguments))
        return false;
    for (const Ast *arg = node->as.call.arguments; arg; arg = arg->next)
        if (!add_argument(s, entry, arguments, arg, place++))
            return false;
    int rest = rest_place(arguments);
    if (rest >= 0 && !arguments->values[rest]) {
        arguments->values[rest] = ast_make(s, AST_TUPLE, node->span);
        arguments->order[arguments->given++] = rest;
    }
    int next = arguments->given;
    for (int k = 0; k < arguments->count; k++) {
        if (arguments->values[k])
            continue;
        arguments->values[k] = arguments->parameters[k]->as.parameter.default_value;
        arguments->order[next++] = k;
        if (arguments->values[k])
            continue;
        Diag *diag = diag_error(node->span, DIAG_BAD_CALL, "'%s' wants a value for '%s'", entry->name,
                                arguments->parameters[k]->as.parameter.name);
        diag_note(diag, entry->definition->as.function.name_span, "the function is here");
        return false;
    }
    return true;
}

/* ---- starred arguments --------------------------------------------------------------------- */

bool has_starred(const Ast *arguments) {
    for (; arguments; arguments = arguments->next)
        if (arguments->kind == AST_STARRED)
            return true;
    return false;
}

typedef struct {
    Scope *scope;
    const FunctionEntry *entry;     /* that is called, or NULL */
    Ast *first, **link;
    int count, by_place;
} Spread;

static void add_spread(Spread *spread, Ast *arg) {
    *spread->link = arg;
    spread->link = &arg->next;
    spread->count++;
    spread->by_place += arg->kind != AST_KEYWORD;
}

static void check_length(Scope *s, TExpr *list, int wanted, Span span) {
    TCheck *checks = NULL, **outer = s->checks;
    s->checks = &checks;
    TExpr *length = list->type->kind == TYPE_ARRAY ? texpr_size(s, list->type->shape[0], list, span)
                                                   : list_length(s, list, span);
    TCheck *check = require(s, FACT_EQ, size_sub(length->size, size_const(wanted)), "ARGUMENT_COUNT",
                            "numbers of parameters and of values", span);
    check->values[0] = size_const(wanted);
    check->values[1] = length->size;
    s->checks = outer;
    length = variable_expr(s, assign_new(s, NULL, length, span), span);
    TExpr *checked = texpr_size(s, length->size, length, span);
    checked->checks = checks;
    assign_new(s, NULL, checked, span);
}

/* What only the run can count must fill the parameters that are left. */
static bool spread_rest(Spread *spread, const Ast *arg, Name name, TExpr *value) {
    Scope *s = spread->scope;
    bool last = true;
    for (const Ast *next = arg->next; next; next = next->next)
        last &= next->kind == AST_KEYWORD;
    int wanted = spread->entry ? count_by_place(spread->entry) - spread->by_place : -1;
    for (const Ast *p = wanted < 0 ? NULL : spread->entry->definition->as.function.parameters; p; p = p->next)
        if (p->as.parameter.kind == AST_STAR || p->as.parameter.default_value)
            last = false;
    if (wanted < 0 || !last) {
        diag_unsupported(arg->span, "unpacked arguments of which only the run knows how many there are", "a tuple");
        return false;
    }
    check_length(s, value, wanted, arg->span);
    for (int i = 0; i < wanted; i++)
        add_spread(spread, ast_item(spread->scope, name, i, arg->span));
    return true;
}

static bool spread_items(Spread *spread, const Ast *arg) {
    Scope *s = spread->scope;
    Ast *of = ast_copy(s, arg->as.starred.value);
    of->kind = of->kind == AST_LIST ? AST_TUPLE : of->kind;
    TExpr *value = check_expr(s, of);
    int64_t count = -1;
    if (is_poison(value))
        return false;
    const Type *type = value->type;
    if (type->kind == TYPE_TUPLE)
        count = type->count;
    else if (type->kind != TYPE_LIST && (type->kind != TYPE_ARRAY || !type->rank)) {
        diag_unsupported(arg->span, arena_printf(s->checker->arena, "unpacking %s", type_print(s->checker->arena, type)),
                         "each argument");
        return false;
    }
    Name name = bind_hidden(s, "starred", value);
    if (type->kind == TYPE_ARRAY && (!size_is_const(type->shape[0], &count) || count > 64))
        count = -1;
    if (count < 0)
        return spread_rest(spread, arg, name, variable_expr(s, scope_find(s, name)->variable, arg->span));
    for (int64_t i = 0; i < count; i++)
        add_spread(spread, ast_item(spread->scope, name, i, arg->span));
    return true;
}

static void find_call(const char *role, const Ast *child, void *found) {
    (void)role;
    *(bool *)found |= child->kind == AST_CALL;
    ast_visit(child, find_call, found);
}

/* What has calls in it is evaluated here, before the starred argument behind it. */
static void spread_plain(Spread *spread, const Ast *arg) {
    Scope *s = spread->scope;
    const Ast *value = arg->kind == AST_KEYWORD ? arg->as.keyword.value : arg;
    Ast *copy = ast_copy(s, arg);
    bool calls = false;
    find_call("", value, &calls);
    if (calls && value->kind != AST_LAMBDA && has_starred(arg)) {
        Ast *name = ast_name(s, bind_hidden(s, "argument", check_expr(s, value)), arg->span);
        if (arg->kind == AST_KEYWORD)
            copy->as.keyword.value = name;
        else
            copy = name;
    }
    add_spread(spread, copy);
}

const Ast *arguments_spread(Scope *s, const FunctionEntry *entry, const Ast *node) {
    Spread spread = {.scope = s, .entry = entry};
    spread.link = &spread.first;
    for (const Ast *arg = node->as.call.arguments; arg; arg = arg->next) {
        if (arg->kind != AST_STARRED)
            spread_plain(&spread, arg);
        else if (!spread_items(&spread, arg))
            return NULL;
    }
    Ast *call = ast_copy(s, node);
    call->as.call.arguments = spread.first;
    call->as.call.count = spread.count;
    return call;
}
