/* program.c: the top level: imports, functions, constants, exports. Start at check_program. */
#include "check/arguments.h"
#include "check/checker.h"
#include "check/either.h"

/* ---- the functions that are compiled --------------------------------------------------------- */

static void unlink_function(Checker *c, const TFunction *function) {
    for (TFunction **link = c->first_function; *link; link = &(*link)->next)
        if (*link == function) {
            *link = function->next;
            if (c->last_function == &function->next)
                c->last_function = link;
            return;
        }
}

void instances_forget(Checker *c, int from) {
    for (int k = from; k < c->failed.count; k++) {
        FunctionEntry *entry = c->failed.data[k].entry;
        int i = 0;
        while (i < entry->instances.count && entry->instances.data[i] != c->failed.data[k].function)
            i++;
        if (i == entry->instances.count)
            continue;
        for (entry->instances.count--; i < entry->instances.count; i++)
            entry->instances.data[i] = entry->instances.data[i + 1];
        unlink_function(c, c->failed.data[k].function);
    }
    c->failed.count = from;
}

/* ---- the top level ------------------------------------------------------------------------- */

static void add_import(Checker *c, const Ast *node, Name name, const char *module,
                       const FunctionInfo *function) {
    Import import = {name, module, function};
    (void)node;
    VEC_PUSH(c->arena, c->imports, import);
}

static const char *known_module(Name path) {
    static const char *const modules[][2] = {
        {"numpy", "np"}, {"math", "math"}, {"sys", "sys"}, {"time", "time"}};
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (path && !strcmp(path, modules[i][0]))
            return modules[i][1];
    return NULL;
}

static void check_import(Checker *c, const Ast *node) {
    for (const Ast *alias = node->as.import.aliases; alias; alias = alias->next) {
        Name path = alias->as.alias.path;
        const char *module = known_module(node->kind == AST_IMPORT ? path : node->as.import.module);
        if (node->kind == AST_FROM_IMPORT && node->as.import.module &&
            !strcmp(node->as.import.module, "__future__"))
            continue;
        const FunctionInfo *function =
            node->kind == AST_FROM_IMPORT && module ? function_find(module, path) : NULL;
        if (!module || (node->kind == AST_FROM_IMPORT && !function)) {
            refuse_import(c, node, alias);
            continue;
        }
        add_import(c, node, alias->as.alias.as ? alias->as.alias.as : path, module, function);
    }
    if (node->kind == AST_FROM_IMPORT && node->as.import.star)
        diag_unsupported(node->span, "importing all names", "the names"), c->names_missing = true;
}

static void add_function(Checker *c, const Ast *node) {
    FunctionEntry *old = find_entry(c, node->as.function.name);
    if (old) {
        Diag *diag = diag_error(node->as.function.name_span, DIAG_REDEFINED,
                                "'%s' is defined a second time", node->as.function.name);
        diag_note(diag, old->definition->as.function.name_span, "the first definition");
        return;
    }
    if (node->as.function.decorators || node->as.function.is_async)
        diag_unsupported(node->as.function.decorators ? node->as.function.decorators->span : node->as.function.name_span,
                         node->as.function.is_async ? "an async function" : "a decorator", "a plain function");
    FunctionEntry *entry = ARENA_NEW(c->arena, FunctionEntry);
    entry->name = node->as.function.name;
    entry->definition = node;
    VEC_PUSH(c->arena, c->functions, entry);
}

static int assignments_of(const Ast *node, Name name) {
    int count = 0;
    for (; node; node = node->next) {
        if (node->kind == AST_ASSIGN)
            for (const Ast *t = node->as.assign.targets; t; t = t->next)
                count += t->kind == AST_NAME ? t->as.name.id == name : 1;
        else if (node->kind == AST_ANNOTATED || node->kind == AST_AUGMENTED)
            count += node->as.annotated.target->kind == AST_NAME &&
                     node->as.annotated.target->as.name.id == name;
        else if (node->kind == AST_FOR)
            count += 2 * (node->as.loop.target->kind == AST_NAME &&
                          node->as.loop.target->as.name.id == name) +
                     assignments_of(node->as.loop.body, name);
        else if (node->kind == AST_IF || node->kind == AST_WHILE)
            count += assignments_of(node->as.branch.body, name) +
                     assignments_of(node->as.branch.otherwise, name);
    }
    return count;
}

/* Top-level names that are bound once, to a constant, can be read by functions. */
static void find_constants(Checker *c, Scope *s, const Ast *statements) {
    Names *declared = ARENA_NEW(c->arena, Names);
    declared_global(statements, declared);
    for (const Ast *node = statements; node; node = node->next) {
        if (node->kind != AST_ASSIGN || node->as.assign.target_count != 1 ||
            node->as.assign.targets->kind != AST_NAME)
            continue;
        const Ast *value = node->as.assign.value;
        Name name = node->as.assign.targets->as.name.id;
        bool simple = value->kind == AST_INT || value->kind == AST_FLOAT || value->kind == AST_TRUE ||
                      value->kind == AST_FALSE || value->kind == AST_STRING ||
                      (value->kind == AST_UNARY && value->as.unary.operand->kind <= AST_FLOAT &&
                       value->as.unary.operand->kind != AST_NAME);
        if (!simple || assignments_of(statements, name) != 1 || names_have(declared, name))
            continue;
        Binding binding = {name, NULL};
        TExpr *constant = check_expr(s, value);
        VEC_PUSH(c->arena, c->constants, binding);
        VEC_PUSH(c->arena, c->constant_values, constant);
    }
}

/* The other variables of the top level: functions get them as parameters. */
static void find_top_names(Checker *c, const Ast *statements) {
    Names *all = ARENA_NEW(c->arena, Names);
    assigned_names(all, statements);
    for (int i = 0; i < all->count; i++) {
        bool constant = false;
        for (int k = 0; k < c->constants.count; k++)
            constant |= c->constants.data[k].name == all->names[i];
        constant |= find_entry(c, all->names[i]) != NULL;
        if (!constant)
            names_add(&c->top_names, all->names[i]);
    }
}

static bool is_library_statement(const Ast *node) {
    return node->kind == AST_FUNCTION || node->kind == AST_IMPORT || node->kind == AST_FROM_IMPORT;
}

static bool is_exported(const FunctionEntry *entry) {
    if (entry->name[0] == '_' || strchr(entry->name, '.'))   /* a module's are the module's */
        return false;
    for (const Ast *p = entry->definition->as.function.parameters; p; p = p->next)
        if (is_parameter(p) && !(p->as.parameter.kind == AST_PLAIN && p->as.parameter.annotation))
            return false;
    return true;
}

/* The types of an exported function's parameters, and of the variables that it reads; -1 where it
 * cannot be compiled on its own. */
static int export_types(Checker *c, Scope *s, FunctionEntry *entry, bool contiguous, const Type ***all) {
    int count = 0, most = entry->globals.count;
    bool arrays = false;
    for (const Ast *p = entry->definition->as.function.parameters; p; p = p->next)
        most++;
    const Type **types = *all = ARENA_ARRAY(c->arena, const Type *, most + 1);
    for (const Ast *p = entry->definition->as.function.parameters; p; p = p->next) {
        if (p->as.parameter.kind != AST_PLAIN)
            continue;
        int errors = diag_count();
        const Type *type = check_annotation(s, p->as.parameter.annotation);
        diag_rollback(errors);
        if (type->kind == TYPE_ARRAY)
            type = type_array(c, type->dtype, type->rank, type->shape, contiguous);
        arrays |= type->kind == TYPE_ARRAY;
        types[count++] = type;
    }
    for (int i = 0; i < entry->globals.count; i++) {
        Binding *binding = scope_find(s, outer_here(s, entry->globals.names[i]));
        if (c->options->library && contiguous)
            diag_unsupported(entry->definition->as.function.name_span,
                             arena_printf(c->arena, "a library's function that reads the variable '%s'",
                                          outer_spelling(c, entry->globals.names[i])), "a parameter or a constant");
        if (!binding || !binding->variable)
            return -1;
        types[count++] = binding->variable->type;
    }
    return contiguous || arrays ? count : -1;
}

static TFunction *export_instance(Checker *c, Scope *s, FunctionEntry *entry, bool contiguous) {
    const Type **types;
    int count = export_types(c, s, entry, contiguous, &types), errors = diag_count();
    if (count < 0)
        return NULL;
    TFunction *function = instance_new(c, entry, types, count, true);
    if (!contiguous)
        diag_rollback(errors);
    return function;
}

static bool has_list(const Type *type) {
    for (int i = 0; type->kind == TYPE_TUPLE && i < type->count; i++)
        if (has_list(type->items[i]))
            return true;
    return type->kind == TYPE_LIST;
}

/* Lists have no form in C. */
static bool takes_lists(Scope *s, const FunctionEntry *entry) {
    const Ast *result = entry->definition->as.function.result;
    int errors = diag_count();
    Facts *facts = s->facts;
    bool lists = result && has_list(check_annotation(s, result));
    for (const Ast *p = entry->definition->as.function.parameters; p; p = p->next)
        if (p->as.parameter.kind == AST_PLAIN)
            lists |= has_list(check_annotation(s, p->as.parameter.annotation));
    diag_rollback(errors);
    s->facts = facts;
    return lists;
}

static bool has_string(const Type *type) {
    for (int i = 0; type->kind == TYPE_TUPLE && i < type->count; i++)
        if (has_string(type->items[i]))
            return true;
    return type->kind == TYPE_STRING;
}

static void export_functions(Checker *c, Scope *s) {
    for (int i = 0; i < c->functions.count; i++) {
        FunctionEntry *entry = c->functions.data[i];
        bool called = entry->instances.count > 0;
        if (!is_exported(entry) || (called && !c->options->library) ||
            (c->options->port && has_bad_annotation(s, entry->definition)))
            continue;
        if (takes_lists(s, entry)) {
            if (c->options->library)
                diag_unsupported(entry->definition->as.function.name_span, "a list in a function for C",
                                 "an underscore before its name, which keeps it inside");
            continue;
        }
        int errors = diag_count();
        bool external = is_external(entry->definition);
        TFunction *function = external && called ? NULL : export_instance(c, s, entry, true);
        if (function && diag_count() == errors && c->options->library && has_string(function->result))
            diag_unsupported(entry->definition->as.function.name_span, "a string as a result of a function for C",
                             "an underscore before its name, which keeps it inside");
        if (function && diag_count() == errors && c->options->library && either_inside(function->result))
            diag_unsupported(entry->definition->as.function.name_span, "a result that is one of several types in a function for C",
                             "one type, as in float(...)");
        if (function && !external && diag_count() == errors && (c->options->library || c->options->functions))
            function->general = export_instance(c, s, entry, false);
    }
}

static bool is_constant_assignment(const Checker *c, const Ast *node) {
    if (node->kind != AST_ASSIGN || node->as.assign.targets->kind != AST_NAME)
        return false;
    for (int i = 0; i < c->constants.count; i++)
        if (c->constants.data[i].name == node->as.assign.targets->as.name.id)
            return true;
    return false;
}

/* Nobody would run them: a library's top level holds imports, functions and constants. */
static void refuse_statements(const Checker *c, const Ast *statements) {
    for (const Ast *node = statements; node; node = node->next) {
        bool text = node->kind == AST_EXPRESSION && (node->as.expression.value->kind == AST_STRING ||
                                                     node->as.expression.value->kind == AST_ELLIPSIS);
        bool guard = node->kind == AST_IF && is_main_guard(node->as.branch.test);
        if (text || guard || node->kind == AST_PASS || is_library_statement(node) || is_constant_assignment(c, node))
            continue;
        diag_unsupported(node->span, "a statement at the top level of a library",
                         "it under: if __name__ == \"__main__\":");
        return;
    }
}

static VEC(VerdictLine) last_verdicts;
static VEC(PortedFunction) last_ported;

int check_ported(const PortedFunction **functions) {
    *functions = last_ported.data;
    return last_ported.count;
}

int check_verdicts(const VerdictLine **lines) {
    *lines = last_verdicts.data;
    return last_verdicts.count;
}

static TProgram *check_once(const Ast *statements, const CheckOptions *options, SeveralKindsSet *several) {
    Checker checker = {.arena = options->arena, .options = options, .several = several}, *c = &checker;
    TProgram *program = ARENA_NEW(c->arena, TProgram);
    TFunction *main = ARENA_NEW(c->arena, TFunction);
    c->program = program;
    c->last_function = c->first_function = &program->functions;
    main->name = name_of("main");
    main->main = true;
    main->hidden = main->writes = ARENA_NEW(c->arena, Names);
    main->result = type_simple(c, TYPE_NONE);
    Scope scope = {.checker = c, .function = main, .reachable = true};
    for (const Ast *node = statements; node; node = node->next) {
        if (node->kind == AST_FUNCTION)
            add_function(c, node);
        else if (node->kind == AST_IMPORT || node->kind == AST_FROM_IMPORT)
            check_import(c, node);
    }
    find_constants(c, &scope, statements);
    find_top_names(c, statements);
    if (options->library && !options->header)
        refuse_statements(c, statements);
    c->top = options->library ? NULL : &scope;
    find_all_globals(c);
    scope.block = &main->body;
    for (const Ast *node = options->library ? NULL : statements, *next; node; node = next) {
        next = node->next;
        Ast one = *node;
        one.next = NULL;
        if (node->kind == AST_FUNCTION && find_entry(c, node->as.function.name))
            find_entry(c, node->as.function.name)->defined = true;
        if (!is_library_statement(node))
            check_block(&scope, &one, &main->body);
    }
    check_promoted(c, NULL, 0);
    for (int i = 0; i < c->functions.count; i++)
        c->functions.data[i]->defined = true;
    TFunction **last_called = c->last_function;
    export_functions(c, &scope);
    if (options->port)
        port_functions(&scope, statements);
    tell_refused_lines(c);
    if (!options->library) {
        if (!options->functions)
            c->last_function = last_called;   /* what nobody calls was checked, and is not compiled */
        program->main = main;
        *c->last_function = main;
    }
    last_verdicts.data = c->verdicts.data;
    last_verdicts.count = c->verdicts.count;
    last_ported.data = c->ported.data;
    last_ported.count = c->ported.count;
    return program;
}

/* Again, for as long as variables turn up that a loop must not promote. */
TProgram *check_program(const Ast *statements, const CheckOptions *options) {
    SeveralKindsSet several = {0};
    int errors = diag_count(), known;
    TProgram *program;
    do {
        known = several.count;
        diag_rollback(errors);
        program = check_once(statements, options, &several);
    } while (several.count > known);
    return program;
}
