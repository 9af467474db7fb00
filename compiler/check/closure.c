/* closure.c: what functions read and assign outside of themselves, and functions as values.
 *
 * A function's outer variables are parameters behind its own, read when it is called; those that it
 * assigns (global, nonlocal) are results behind its own, bound by the call. Inside, an outer variable
 * goes by a key, which no source can spell. A function as a value is its FunctionEntry, decided before
 * the program runs: an instance is made for each that a parameter is given. Start at find_outer_names.
 */
#include "check/checker.h"

/* ---- entries ------------------------------------------------------------------------------- */

/* A lambda as a function of one return. */
static const Ast *lambda_definition(Checker *c, const Ast *node) {
    Ast *body = ARENA_NEW(c->arena, Ast), *definition = ARENA_NEW(c->arena, Ast);
    *body = (Ast){.kind = AST_RETURN, .span = node->as.lambda.body->span};
    body->as.expression.value = node->as.lambda.body;
    *definition = (Ast){.kind = AST_FUNCTION, .span = node->span};
    definition->as.function.name = name_of("lambda");
    definition->as.function.name_span = node->span;
    definition->as.function.parameters = node->as.lambda.parameters;
    definition->as.function.body = body;
    return definition;
}

FunctionEntry *nested_entry(Checker *c, const Ast *node, FunctionEntry *parent) {
    for (int i = 0; i < c->nested.count; i++)
        if (c->nested.data[i]->node == node)
            return c->nested.data[i];
    FunctionEntry *entry = ARENA_NEW(c->arena, FunctionEntry);
    entry->node = node;
    entry->definition = node->kind == AST_LAMBDA ? lambda_definition(c, node) : node;
    entry->name = entry->definition->as.function.name;
    entry->parent = parent;
    VEC_PUSH(c->arena, c->nested, entry);
    if (node->as.function.decorators && node->kind == AST_FUNCTION)
        diag_unsupported(node->span, "decorators", "a plain function");
    return entry;
}

static FunctionEntry *child_of(Checker *c, const FunctionEntry *parent, Name name) {
    for (int i = 0; i < c->nested.count; i++)
        if (c->nested.data[i]->parent == parent && c->nested.data[i]->name == name &&
            c->nested.data[i]->node->kind == AST_FUNCTION)
            return c->nested.data[i];
    return NULL;
}

FunctionEntry *visible_entry(Checker *c, const FunctionEntry *from, Name name) {
    for (; from; from = from->parent) {
        FunctionEntry *child = child_of(c, from, name);
        if (child)
            return child;
        if (names_have(&from->locals, name))
            return NULL;
    }
    return find_entry(c, name);
}

/* ---- outer variables ----------------------------------------------------------------------- */

/* The key of a variable `name` of `owner` (NULL: the top level). */
static Name key_of(Checker *c, const FunctionEntry *owner, Name name) {
    for (int i = 0; i < c->outer.count; i++)
        if (c->outer.data[i].owner == owner && c->outer.data[i].name == name)
            return c->outer.data[i].key;
    Name key = name_of(arena_printf(c->arena, "%s of %s.%d", name, owner ? owner->name : "the top level",
                                    c->outer.count));
    OuterName outer = {key, name, owner};
    VEC_PUSH(c->arena, c->outer, outer);
    return key;
}

static const OuterName *outer_of(const Checker *c, Name key) {
    for (int i = 0; i < c->outer.count; i++)
        if (c->outer.data[i].key == key)
            return &c->outer.data[i];
    return NULL;
}

Name outer_spelling(const Checker *c, Name key) {
    const OuterName *outer = outer_of(c, key);
    return outer ? outer->name : key;
}

Name outer_here(const Scope *s, Name key) {
    const OuterName *outer = outer_of(s->checker, key);
    return outer && outer->owner == s->entry ? outer->name : key;
}

/* What a name that is not a local of `entry` stands for: a key, or NULL. */
static Name resolve(Checker *c, const FunctionEntry *entry, Name name) {
    bool global = names_have(&entry->global_names, name);
    for (const FunctionEntry *owner = entry->parent; owner && !global; owner = owner->parent)
        if (names_have(&owner->locals, name))
            return child_of(c, owner, name) ? NULL : key_of(c, owner, name);
    return global || names_have(&c->top_names, name) ? key_of(c, NULL, name) : NULL;
}

Name outer_key(Scope *s, Name name) {
    if (!s->entry || names_have(&s->entry->locals, name))
        return NULL;
    return resolve(s->checker, s->entry, name);
}

Name assigned_name(Scope *s, Name name) {
    bool outer = s->entry && (names_have(&s->entry->global_names, name) ||
                              names_have(&s->entry->nonlocal_names, name));
    Name key = outer ? resolve(s->checker, s->entry, name) : NULL;
    return key ? key : name;
}

typedef struct {
    Checker *checker;
    FunctionEntry *entry;
    const Names *bound;      /* by the comprehensions around */
} Reader;

static void add_outer(Checker *c, FunctionEntry *entry, const FunctionEntry *callee) {
    for (int i = 0; i < callee->globals.count; i++)
        if (outer_of(c, callee->globals.names[i])->owner != entry)
            names_add(&entry->globals, callee->globals.names[i]);
    for (int i = 0; i < callee->writes.count; i++)
        if (outer_of(c, callee->writes.names[i])->owner != entry)
            names_add(&entry->writes, callee->writes.names[i]);
}

static void read_names(const char *role, const Ast *node, void *user);

static void read_nested(Reader *reader, const Ast *node) {
    FunctionEntry *entry = nested_entry(reader->checker, node, reader->entry);
    find_outer_names(reader->checker, entry);
    add_outer(reader->checker, reader->entry, entry);
    for (const Ast *p = entry->definition->as.function.parameters; p; p = p->next)
        if (p->as.parameter.default_value)
            read_names("", p->as.parameter.default_value, reader);
}

/* What a comprehension binds is its own. */
static void read_comprehension(const Reader *reader, const Ast *node) {
    Names names = names_copy(reader->bound);
    Reader inner = {reader->checker, reader->entry, &names};
    for (const Ast *clause = node->as.comprehension.clauses; clause; clause = clause->next)
        target_names(&names, clause->as.for_clause.target);
    ast_visit(node, read_names, &inner);
}

static void read_names(const char *role, const Ast *node, void *user) {
    Reader *reader = user;
    Checker *c = reader->checker;
    if (!strcmp(role, "annotation"))
        return;
    if (node->kind == AST_FUNCTION || node->kind == AST_LAMBDA) {
        read_nested(reader, node);
        return;
    }
    if (node->kind == AST_COMPREHENSION) {
        read_comprehension(reader, node);
        return;
    }
    if (node->kind != AST_NAME) {
        if (node->kind != AST_GLOBAL && node->kind != AST_NONLOCAL)
            ast_visit(node, read_names, user);
        return;
    }
    Name name = node->as.name.id;
    if (names_have(&reader->entry->locals, name) || names_have(reader->bound, name))
        return;
    FunctionEntry *callee = visible_entry(c, reader->entry, name);
    Name key = callee ? NULL : resolve(c, reader->entry, name);
    if (callee) {
        find_outer_names(c, callee);
        add_outer(c, reader->entry, callee);
    } else if (key) {
        names_add(&reader->entry->globals, key);
    }
}

/* Names after global or nonlocal, in all blocks but those of nested functions. */
static void declared_names(const char *role, const Ast *node, void *user) {
    FunctionEntry *entry = user;
    (void)role;
    bool global = node->kind == AST_GLOBAL;
    for (const Ast *name = global || node->kind == AST_NONLOCAL ? node->as.names.items : NULL; name; name = name->next)
        names_add(global ? &entry->global_names : &entry->nonlocal_names, name->as.name.id);
    if (node->kind != AST_FUNCTION && node->kind != AST_LAMBDA)
        ast_visit(node, declared_names, user);
}

static void add_global(const char *role, const Ast *node, void *user) {
    (void)role;
    for (const Ast *name = node->kind == AST_GLOBAL ? node->as.names.items : NULL; name; name = name->next)
        names_add(user, name->as.name.id);
    ast_visit(node, add_global, user);
}

void declared_global(const Ast *statements, Names *names) {
    for (; statements; statements = statements->next)
        add_global("", statements, names);
}

/* The names that a function binds: parameters, and what it assigns without saying that it is another's. */
static void find_locals(FunctionEntry *entry, Names *assigned) {
    const Ast *definition = entry->definition;
    for (const Ast *p = definition->as.function.parameters; p; p = p->next)
        if (p->as.parameter.name)
            names_add(&entry->locals, p->as.parameter.name);
    for (const Ast *node = definition->as.function.body; node; node = node->next)
        declared_names("", node, entry);
    assigned_names(assigned, definition->as.function.body);
    for (int i = 0; i < assigned->count; i++)
        if (!names_have(&entry->global_names, assigned->names[i]) &&
            !names_have(&entry->nonlocal_names, assigned->names[i]))
            names_add(&entry->locals, assigned->names[i]);
}

void find_outer_names(Checker *c, FunctionEntry *entry) {
    if (entry->globals_known)
        return;
    entry->globals_known = true;
    Names *assigned = ARENA_NEW(c->arena, Names);
    find_locals(entry, assigned);
    const Names none = {.count = 0};
    Reader reader = {c, entry, &none};
    for (const Ast *node = entry->definition->as.function.body; node; node = node->next)
        read_names("", node, &reader);
    for (int i = 0; i < assigned->count; i++) {
        Name name = assigned->names[i];
        Name key = names_have(&entry->locals, name) ? NULL : resolve(c, entry, name);
        if (!key)
            continue;
        names_add(&entry->globals, key);
        names_add(&entry->writes, key);
    }
}

/* A cycle of calls: those that are met while they are under way get the names in a second round. */
void find_all_globals(Checker *c) {
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < c->functions.count; i++)
            c->functions.data[i]->globals_known = false;
        for (int i = 0; i < c->nested.count; i++)
            c->nested.data[i]->globals_known = false;
        for (int i = 0; i < c->functions.count; i++)
            find_outer_names(c, c->functions.data[i]);
    }
}

/* ---- what calls assign --------------------------------------------------------------------- */

typedef struct {
    Scope *scope;
    Names *names;
} Writers;

static void add_written(const char *role, const Ast *node, void *user) {
    Writers *writers = user;
    Scope *s = writers->scope;
    (void)role;
    if (node->kind != AST_NAME) {
        ast_visit(node, add_written, user);
        return;
    }
    Binding *binding = scope_find(s, node->as.name.id);
    const FunctionEntry *entry = binding && binding->variable ? type_function(binding->variable->type)
                                                              : visible_entry(s->checker, s->entry, node->as.name.id);
    for (int i = 0; entry && i < entry->writes.count; i++)
        names_add(writers->names, outer_here(s, entry->writes.names[i]));
}

bool assigns_outer(Scope *s, const Ast *node) {
    Names names = {0};
    Writers writers = {s, &names};
    add_written("", node, &writers);
    return names.count > 0;
}

void names_in_loop(Scope *s, Names *names, const Ast *body) {
    for (int i = 0; i < names->count; i++)
        names->names[i] = assigned_name(s, names->names[i]);
    Writers writers = {s, names};
    for (; body; body = body->next)
        add_written("", body, &writers);
}

/* ---- functions as values ------------------------------------------------------------------- */

FunctionEntry *type_function(const Type *type) {
    return type->kind == TYPE_FUNCTION && !type->count ? (FunctionEntry *)type->info : NULL;
}

const FunctionInfo *type_builtin(const Type *type) {
    return type->kind == TYPE_FUNCTION && type->count ? type->info : NULL;
}

TExpr *function_expr(Scope *s, const void *info, bool builtin, Span span) {
    Type *type = ARENA_NEW(s->checker->arena, Type);
    type->kind = TYPE_FUNCTION;
    type->info = info;
    type->count = builtin;
    return texpr_new(s, TEXPR_NONE, span, type);
}

TExpr *check_lambda(Scope *s, const Ast *node) {
    FunctionEntry *entry = nested_entry(s->checker, node, s->entry);
    find_outer_names(s->checker, entry);
    return function_expr(s, entry, false, node->span);
}

void check_nested(Scope *s, const Ast *node) {
    FunctionEntry *entry = nested_entry(s->checker, node, s->entry);
    find_outer_names(s->checker, entry);
    TExpr *value = function_expr(s, entry, false, node->span);
    scope_bind(s, entry->name, variable_new(s, entry->name, value->type, NULL, node->as.function.name_span));
}

/* ---- results behind the own one ------------------------------------------------------------ */

TExpr *with_written(Scope *s, TExpr *value, Span span) {
    Arena *arena = s->checker->arena;
    int count = s->function->writes->count + 1;
    if (count == 1 || is_poison(value))
        return value;
    TExpr **items = ARENA_ARRAY(arena, TExpr *, count);
    const Type **types = ARENA_ARRAY(arena, const Type *, count);
    items[0] = value;
    for (int i = 1; i < count; i++) {
        Binding *binding = scope_find(s, s->function->writes->names[i - 1]);
        if (!binding || !binding->variable) {
            diag_error(span, DIAG_MAYBE_UNASSIGNED, "'%s' is not assigned on every path to here",
                       outer_spelling(s->checker, s->function->writes->names[i - 1]));
            return texpr_poison(s, span);
        }
        items[i] = variable_expr(s, binding->variable, span);
    }
    for (int i = 0; i < count; i++)
        types[i] = items[i]->type;
    TExpr *expr = texpr_new(s, TEXPR_TUPLE, span, type_tuple(s->checker, types, count));
    expr->as.tuple.items = items;
    expr->as.tuple.count = count;
    return expr;
}

/* What the call assigns, bound by statements where they go. */
static TExpr *bind_all(Scope *s, TExpr *call, const Names *writes, Span span) {
    TExpr *all = variable_expr(s, assign_new(s, NULL, call, span), span);
    for (int i = 0; i < writes->count; i++) {
        Name name = outer_here(s, writes->names[i]);
        scope_bind(s, name, assign_new(s, name, tuple_item(s, all, i + 1, span), span));
    }
    return tuple_item(s, all, 0, span);
}

TExpr *bind_written(Scope *s, TExpr *call, const Ast *node) {
    const Names *writes = call->as.call.callee->writes;
    if (!writes->count || call->type->kind != TYPE_TUPLE)
        return call;
    if (s->may_write == node)
        return bind_all(s, call, writes, node->span);
    if (s->branches) {
        diag_unsupported(node->span, arena_printf(s->checker->arena, "a call that assigns '%s' on some paths through an expression",
                                                  outer_spelling(s->checker, writes->names[0])),
                         "a statement of its own, as in 'result = f(...)'");
        return texpr_poison(s, node->span);
    }
    TBlock *outer = s->block, block = {0};
    s->block = &block;
    TExpr *value = bind_all(s, call, writes, node->span), *expr = texpr_new(s, TEXPR_BLOCK, node->span, value->type);
    s->block = outer;
    expr->as.block.body = block;
    expr->as.block.value = value;
    expr->size = value->size;
    return expr;
}
