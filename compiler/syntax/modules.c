/* modules.c: a program and the modules that it imports, joined to one tree.
 *
 * A module's statements come where the program first imports it, so that top levels run once, in Python's order. What
 * a module `m` binds at its top level is called `m.NAME` in the joined tree (the program's own names stay as they are),
 * and what an import binds is replaced by what it stands for: no two modules share a name, and the rooms behind this
 * one see a single program. Spans keep their files. Functions of NumPy that the library in .mnp defines (stdlib/np/) are
 * modules' functions like others, called `np.NAME`. Start at parse_program.
 */
#include "syntax/modules.h"

#include <unistd.h>

typedef VEC(Name) NameList;

typedef enum {
    BOUND_HERE,     /* a variable or function of this module */
    BOUND_OTHER,    /* a variable or function of another module */
    BOUND_MODULE,   /* another module */
    BOUND_NUMPY,    /* numpy itself */
    BOUND_KNOWN     /* another import that the checker knows */
} BoundKind;

typedef struct Module Module;

typedef struct {
    Name name;      /* in the source of the module */
    BoundKind kind;
    Name full;      /* in the joined tree */
    Module *module;
} Bound;

struct Module {
    Name name;
    const char *path, *prefix;
    bool loading;
    Module *importer;
    VEC(Bound) bounds;
    NameList globals;       /* declared `global` by a function: they change after the top level ran */
};

/* Names that are local round a place: of functions, lambdas and comprehensions. */
typedef struct Shadow Shadow;
struct Shadow {
    NameList names;
    Shadow *outer;
};

typedef struct {
    Arena *arena;
    const ModulePlaces *places;
    VEC(Module *) modules;
    Ast *first, **last;     /* the joined tree */
} Joiner;

typedef struct {
    Joiner *joiner;
    Module *module;
    Shadow *shadow;
    bool annotation;
} Walk;

/* ---- names --------------------------------------------------------------------------------- */

static bool list_has(const NameList *list, Name name) {
    for (int i = 0; i < list->count; i++)
        if (list->data[i] == name)
            return true;
    return false;
}

static void list_put(Arena *arena, NameList *list, Name name) {
    if (name && !list_has(list, name))
        VEC_PUSH(arena, *list, name);
}

static Bound *bound_find(Module *module, Name name) {
    for (int i = 0; i < module->bounds.count; i++)
        if (module->bounds.data[i].name == name)
            return &module->bounds.data[i];
    return NULL;
}

static Name full_name(Joiner *j, const Module *module, Name name) {
    return *module->prefix ? name_of(arena_printf(j->arena, "%s%s", module->prefix, name)) : name;
}

typedef struct {
    Arena *arena;
    NameList *names, *globals;
    bool targets;           /* names that are met are assigned to */
} Collector;

static void collect_target(Collector *c, const Ast *node) {
    if (node && node->kind == AST_NAME)
        list_put(c->arena, c->names, node->as.name.id);
    else if (node && (node->kind == AST_TUPLE || node->kind == AST_LIST))
        for (const Ast *item = node->as.list.items; item; item = item->next)
            collect_target(c, item);
    else if (node && node->kind == AST_STARRED)
        collect_target(c, node->as.starred.value);
}

/* What a statement or expression binds in its own scope; functions inside have scopes of their own, but what they
 * declare global is noted. */
static void collect(const char *role, const Ast *node, void *user) {
    Collector *c = user, inside = *c;
    NameList ignored = {0};
    switch ((int)node->kind) {
    case AST_ASSIGN:
        for (const Ast *target = node->as.assign.targets; target; target = target->next)
            collect_target(c, target);
        break;
    case AST_ANNOTATED: collect_target(c, node->as.annotated.target); break;
    case AST_AUGMENTED: collect_target(c, node->as.augmented.target); break;
    case AST_WALRUS: collect_target(c, node->as.walrus.target); break;
    case AST_FOR: collect_target(c, node->as.loop.target); break;
    case AST_WITH_ITEM: collect_target(c, node->as.with_item.target); break;
    case AST_CLASS: list_put(c->arena, c->names, node->as.class_.name); break;
    case AST_GLOBAL:
        for (const Ast *item = node->as.names.items; item; item = item->next)
            list_put(c->arena, c->globals, item->as.name.id);
        break;
    case AST_FUNCTION:
        list_put(c->arena, c->names, node->as.function.name);
        inside.names = &ignored;
        ast_visit(node, collect, &inside);
        return;
    default: break;
    }
    (void)role;
    ast_visit(node, collect, user);
}

static void collect_list(Arena *arena, const Ast *list, NameList *names, NameList *globals) {
    Collector collector = {.arena = arena, .names = names, .globals = globals};
    for (; list; list = list->next)
        collect("", list, &collector);
}

/* What a function body binds and does not declare global. */
static Shadow shadow_of(Arena *arena, const Ast *parameters, const Ast *body, Shadow *outer) {
    NameList names = {0}, globals = {0};
    Shadow shadow = {.outer = outer};
    for (const Ast *p = parameters; p; p = p->next)
        list_put(arena, &shadow.names, p->as.parameter.name);
    collect_list(arena, body, &names, &globals);
    for (int i = 0; i < names.count; i++)
        if (!list_has(&globals, names.data[i]))
            list_put(arena, &shadow.names, names.data[i]);
    return shadow;
}

static bool is_shadowed(const Shadow *shadow, Name name) {
    for (; shadow; shadow = shadow->outer)
        if (list_has(&shadow->names, name))
            return true;
    return false;
}

/* ---- the library in .mnp ------------------------------------------------------------------- */

static const TextFile *standard_find(Name name) {
    char words[128];
    int length = snprintf(words, sizeof words, "\ndef %s(", name);
    if (length >= (int)sizeof words || name[0] == '_')
        return NULL;
    for (const TextFile *file = standard_files; file->path; file++)
        if (strstr(file->text, words))
            return file;
    return NULL;
}

bool standard_has(const char *name) {
    return standard_find(name_of(name)) != NULL;
}

static Module *join_module(Joiner *j, uint32_t file, Name name, const char *prefix, Module *importer);

static Module *module_at(Joiner *j, const char *path) {
    for (int i = 0; i < j->modules.count; i++)
        if (!strcmp(j->modules.data[i]->path, path))
            return j->modules.data[i];
    return NULL;
}

/* As in Python, a name is one module, wherever it was found first. */
static Module *module_called(Joiner *j, Name name) {
    for (int i = 1; i < j->modules.count; i++)
        if (j->modules.data[i]->name == name && j->modules.data[i]->importer)
            return j->modules.data[i];
    return NULL;
}

/* The full name of NumPy's `name` where the library defines it, else NULL. Its file's statements come
 * before all others: they define. */
static Name standard_name(Joiner *j, Name name) {
    const TextFile *file = standard_find(name);
    if (!file)
        return NULL;
    if (module_at(j, file->path))
        return name_of(arena_printf(j->arena, "np.%s", name));
    Ast *first = j->first, **last = j->last;
    j->first = NULL;
    j->last = &j->first;
    join_module(j, source_from_library(file->path, file->text + 1, strlen(file->text) - 1), name_of("np"), "np.", NULL);
    *j->last = first;
    j->last = first ? last : j->last;
    return name_of(arena_printf(j->arena, "np.%s", name));
}

/* ---- what imports bind --------------------------------------------------------------------- */

static bool is_known(Name name) {
    static const char *const names[] = {"numpy", "math", "sys", "time", "__future__"};
    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

static void bind(Joiner *j, Module *module, const Ast *alias, Bound bound) {
    Bound *old = bound_find(module, bound.name);
    if (!old) {
        VEC_PUSH(j->arena, module->bounds, bound);
        return;
    }
    bool again = old->kind == bound.kind && old->full == bound.full && old->module == bound.module;
    if (!again && (bound.kind == BOUND_OTHER || bound.kind == BOUND_MODULE))
        diag_unsupported(alias->span, arena_printf(j->arena, "the name '%s' for an import and for something else",
                                                   bound.name), "'as' with another name");
    *old = bound;
}

static const char *file_with(Joiner *j, const char *directory, int length, Name name, const char *ending) {
    const char *path = arena_printf(j->arena, "%.*s%s%s%s", length, directory,
                                    length && directory[length - 1] != '/' ? "/" : "", name, ending);
    return access(path, R_OK) ? NULL : path;
}

/* A program that is named as Python's programs are has modules that are. */
static const char *file_in(Joiner *j, const char *directory, int length, Name name) {
    const char *path = file_with(j, directory, length, name, ".mnp"), *program = j->modules.data[0]->path;
    size_t end = strlen(program);
    return path || end < 3 || strcmp(program + end - 3, ".py") ? path : file_with(j, directory, length, name, ".py");
}

/* Beside the importing file, then in the directories of -I. */
static const char *find_file(Joiner *j, const Module *from, Name name) {
    const char *slash = strrchr(from->path, '/');
    const char *path = file_in(j, from->path, slash ? (int)(slash - from->path + 1) : 0, name);
    for (int i = 0; !path && i < j->places->count; i++)
        path = file_in(j, j->places->directories[i], (int)strlen(j->places->directories[i]), name);
    return path;
}

static void report_cycle(Joiner *j, const Module *from, const Module *to, Span span) {
    const char *chain = to->name;
    for (const Module *module = from; module; module = module->importer) {
        chain = arena_printf(j->arena, "%s imports %s", module->name, chain);
        if (module == to)
            break;
    }
    Diag *diag = diag_error(span, DIAG_IMPORT_CYCLE, "modules import each other: %s", chain);
    diag_help(diag, "move what both need into a third module");
}

/* The module of a name; NULL after a diagnostic, or where there is none (the checker refuses it then). */
static Module *import_module(Joiner *j, Module *from, Name name, Span span) {
    if (!name || strchr(name, '.'))
        return NULL;
    const char *path = find_file(j, from, name), *why;
    if (!path)
        return NULL;
    Module *module = module_called(j, name);
    module = module ? module : module_at(j, path);
    if (module && module->loading)
        report_cycle(j, from, module, span);
    if (module)
        return module->loading ? NULL : module;
    uint32_t file = source_load(path, &why);
    if (file)
        return join_module(j, file, name, arena_printf(j->arena, "%s.", name), from);
    diag_error(span, DIAG_NO_MEMBER, "the module '%s' cannot be read: %s: %s", name, path, why);
    return NULL;
}

static void report_no_member(const Module *module, const Ast *at, Name name) {
    Diag *diag = diag_error(at->span, DIAG_NO_MEMBER, "'%s' (%s) defines no '%s'", module->name, module->path, name);
    NameList names = {0};
    Arena *arena = arena_new();
    for (int i = 0; i < module->bounds.count; i++)
        list_put(arena, &names, module->bounds.data[i].name);
    const char *near = name_nearest(name, names.data, names.count);
    if (near)
        diag_help(diag, "did you mean '%s'?", near);
    arena_free(arena);
}

/* `name = full`, where the variable may change in its module after it was imported. */
static Ast *copy_statement(Joiner *j, const Ast *alias, Name name, Name full) {
    Ast *target = ARENA_NEW(j->arena, Ast), *value = ARENA_NEW(j->arena, Ast), *assign = ARENA_NEW(j->arena, Ast);
    *target = (Ast){.kind = AST_NAME, .span = alias->span, .as.name.id = name};
    *value = (Ast){.kind = AST_NAME, .span = alias->span, .as.name.id = full};
    *assign = (Ast){.kind = AST_ASSIGN, .span = alias->span, .as.assign = {target, 1, value}};
    return assign;
}

static void append(Joiner *j, Ast *statement) {
    statement->next = NULL;
    *j->last = statement;
    j->last = &statement->next;
}

static void import_member(Joiner *j, Module *from, Module *module, const Ast *alias) {
    Name path = alias->as.alias.path, name = alias->as.alias.as ? alias->as.alias.as : path;
    Bound *there = bound_find(module, path);
    if (!there) {
        report_no_member(module, alias, path);
        return;
    }
    Bound bound = *there;
    bound.name = name;
    if (bound.kind == BOUND_HERE)
        bound.kind = BOUND_OTHER;
    if (list_has(&module->globals, path)) {
        bound = (Bound){name, BOUND_HERE, full_name(j, from, name), NULL};
        append(j, copy_statement(j, alias, bound.full, there->full));
    }
    bind(j, from, alias, bound);
}

/* An import that the checker knows: its alias gets the name of the joined tree. False where the library in .mnp
 * defines what it imports. */
static bool import_known(Joiner *j, Module *from, const Ast *node, Ast *alias) {
    Name path = alias->as.alias.path, name = alias->as.alias.as ? alias->as.alias.as : path;
    bool member = node->kind == AST_FROM_IMPORT, numpy = !strcmp(member ? node->as.import.module : path, "numpy");
    Name standard = member && numpy && name ? standard_name(j, path) : NULL;
    Bound bound = {name, numpy && !member ? BOUND_NUMPY : BOUND_KNOWN, name ? full_name(j, from, name) : NULL, NULL};
    if (standard)
        bound = (Bound){name, BOUND_OTHER, standard, NULL};
    if (name && path && strcmp(node->as.import.module ? node->as.import.module : "", "__future__"))
        bind(j, from, alias, bound);
    if (*from->prefix && name && !standard)
        alias->as.alias.as = bound.full;
    return !standard;
}

/* True where the alias is done with and the checker need not see it. */
static bool import_alias(Joiner *j, Module *from, const Ast *node, Ast *alias) {
    bool member = node->kind == AST_FROM_IMPORT;
    Name path = member ? node->as.import.module : alias->as.alias.path;
    if (member && node->as.import.level)
        return false;
    if (is_known(path))
        return !import_known(j, from, node, alias);
    int errors = diag_count();
    Module *module = import_module(j, from, path, alias->span);
    if (!module)
        return diag_count() > errors;
    Name name = alias->as.alias.as ? alias->as.alias.as : alias->as.alias.path;
    if (member)
        import_member(j, from, module, alias);
    else
        bind(j, from, alias, (Bound){name, BOUND_MODULE, NULL, module});
    return true;
}

static void import_statement(Joiner *j, Module *from, Ast *node) {
    Ast *kept = NULL, **last = &kept;
    for (Ast *alias = node->as.import.aliases, *next; alias; alias = next) {
        next = alias->next;
        if (import_alias(j, from, node, alias))
            continue;
        *last = alias;
        last = &alias->next;
    }
    *last = NULL;
    node->as.import.aliases = kept;
    if (kept || node->as.import.star)
        append(j, node);
}

/* ---- names by what they stand for ---------------------------------------------------------- */

static void rename_node(const char *role, const Ast *child, void *user);

static void rename_list(Walk *walk, const Ast *list) {
    for (; list; list = list->next)
        rename_node("", list, walk);
}

static void rename_name(Walk *walk, Ast *node) {
    Bound *bound = is_shadowed(walk->shadow, node->as.name.id) ? NULL : bound_find(walk->module, node->as.name.id);
    if (!bound || (walk->annotation && bound->kind < BOUND_NUMPY))
        return;
    if (bound->kind == BOUND_MODULE)
        diag_unsupported(node->span, arena_printf(walk->joiner->arena, "the module '%s' as a value", bound->name),
                         "the name of what it defines");
    else
        node->as.name.id = bound->full;
}

static void become_name(Ast *node, Name name) {
    node->kind = AST_NAME;
    node->as.name.id = name;
}

/* `m.x` of a module, `np.x` of the library in .mnp; false for any other attribute. */
static bool rename_attribute(Walk *walk, Ast *node) {
    const Ast *value = node->as.attribute.value;
    if (value->kind != AST_NAME || is_shadowed(walk->shadow, value->as.name.id))
        return false;
    Bound *bound = bound_find(walk->module, value->as.name.id);
    if (bound && bound->kind == BOUND_NUMPY) {
        Name full = standard_name(walk->joiner, node->as.attribute.name);
        if (full)
            become_name(node, full);
        return full;
    }
    if (!bound || bound->kind != BOUND_MODULE)
        return false;
    Bound *member = bound_find(bound->module, node->as.attribute.name);
    if (!member)
        report_no_member(bound->module, node, node->as.attribute.name);
    else if (member->kind == BOUND_MODULE)
        diag_unsupported(node->span, "a module as a value", "the name of what it defines");
    else
        become_name(node, member->full);
    return true;
}

static void rename_annotation(Walk *walk, const Ast *node) {
    Walk inside = *walk;
    inside.annotation = true;
    if (node)
        rename_node("", node, &inside);
}

static void rename_parameters(Walk *walk, const Ast *parameters) {
    for (const Ast *p = parameters; p; p = p->next) {
        rename_annotation(walk, p->as.parameter.annotation);
        if (p->as.parameter.default_value)
            rename_node("", p->as.parameter.default_value, walk);
    }
}

static void rename_function(Walk *walk, Ast *node) {
    Arena *arena = walk->joiner->arena;
    rename_list(walk, node->as.function.decorators);
    rename_parameters(walk, node->as.function.parameters);
    rename_annotation(walk, node->as.function.result);
    Shadow shadow = shadow_of(arena, node->as.function.parameters, node->as.function.body, walk->shadow);
    Bound *bound = is_shadowed(walk->shadow, node->as.function.name) ? NULL
                                                                     : bound_find(walk->module, node->as.function.name);
    if (bound && bound->kind == BOUND_HERE)
        node->as.function.name = bound->full;
    Walk inside = *walk;
    inside.shadow = &shadow;
    rename_list(&inside, node->as.function.body);
}

static void rename_lambda(Walk *walk, const Ast *node) {
    rename_parameters(walk, node->as.lambda.parameters);
    Shadow shadow = shadow_of(walk->joiner->arena, node->as.lambda.parameters, NULL, walk->shadow);
    Walk inside = *walk;
    inside.shadow = &shadow;
    rename_node("", node->as.lambda.body, &inside);
}

static void rename_comprehension(Walk *walk, const Ast *node) {
    Shadow shadow = {.outer = walk->shadow};
    Collector collector = {.arena = walk->joiner->arena, .names = &shadow.names};
    for (const Ast *clause = node->as.comprehension.clauses; clause; clause = clause->next)
        collect_target(&collector, clause->as.for_clause.target);
    Walk inside = *walk;
    inside.shadow = &shadow;
    ast_visit(node, rename_node, &inside);
}

static void rename_node(const char *role, const Ast *child, void *user) {
    Walk *walk = user;
    Ast *node = (Ast *)child;      /* the tree is the parser's and this file's */
    (void)role;
    switch ((int)node->kind) {
    case AST_NAME: rename_name(walk, node); return;
    case AST_FUNCTION: rename_function(walk, node); return;
    case AST_LAMBDA: rename_lambda(walk, node); return;
    case AST_COMPREHENSION: rename_comprehension(walk, node); return;
    case AST_ANNOTATED:
        rename_annotation(walk, node->as.annotated.annotation);
        rename_node("", node->as.annotated.target, walk);
        if (node->as.annotated.value)
            rename_node("", node->as.annotated.value, walk);
        return;
    case AST_ATTRIBUTE:
        if (rename_attribute(walk, node))
            return;
        break;
    default: break;
    }
    ast_visit(node, rename_node, walk);
}

/* ---- joining ------------------------------------------------------------------------------- */

static bool is_guard(const Ast *node) {
    const Ast *test = node->kind == AST_IF ? node->as.branch.test : NULL;
    return test && test->kind == AST_COMPARE && test->as.compare.first->kind == AST_NAME &&
           !strcmp(test->as.compare.first->as.name.id, "__name__");
}

typedef VEC(Ast *) AstVector;

/* A module's statements in their order, each import where it stands; `own` gets those that are to be renamed once all
 * imports are known. */
static void append_statements(Joiner *j, Module *module, Ast *statements, AstVector *own) {
    for (Ast *node = statements, *next; node; node = next) {
        next = node->next;
        if (module->importer && is_guard(node)) {       /* it is not the program */
            append_statements(j, module, node->as.branch.otherwise, own);
        } else if (node->kind == AST_IMPORT || node->kind == AST_FROM_IMPORT) {
            import_statement(j, module, node);
        } else {
            append(j, node);
            VEC_PUSH(j->arena, *own, node);
        }
    }
}

static void bind_own(Joiner *j, Module *module, const Ast *statements) {
    NameList names = {0};
    collect_list(j->arena, statements, &names, &module->globals);
    for (int i = 0; i < names.count; i++) {
        Bound bound = {names.data[i], BOUND_HERE, full_name(j, module, names.data[i]), NULL};
        VEC_PUSH(j->arena, module->bounds, bound);
    }
}

static Module *join_module(Joiner *j, uint32_t file, Name name, const char *prefix, Module *importer) {
    Module *module = ARENA_NEW(j->arena, Module);
    *module = (Module){.name = name, .path = source_file(file)->path, .prefix = prefix, .loading = true,
                       .importer = importer};
    VEC_PUSH(j->arena, j->modules, module);
    Ast *statements = parse_file(j->arena, file);
    AstVector own = {0};
    Walk walk = {.joiner = j, .module = module};
    bind_own(j, module, statements);
    append_statements(j, module, statements, &own);
    for (int i = 0; i < own.count; i++)
        rename_node("", own.data[i], &walk);
    module->loading = false;
    return module;
}

Ast *parse_program(Arena *arena, uint32_t file, const ModulePlaces *places) {
    Joiner joiner = {.arena = arena, .places = places};
    joiner.last = &joiner.first;
    const char *path = source_file(file)->path, *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    join_module(&joiner, file, name_intern(name, dot ? (size_t)(dot - name) : strlen(name)), "", NULL);
    return joiner.first;
}
