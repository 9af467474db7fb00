/* refuse.c: statements, expressions and imports that mnp has not.
 *
 * Each is refused once, with the way round it. What it binds is poison, so that no error follows from it, and what
 * stands inside is checked as if it stood there: one run tells all that is in the way.
 */
#include "check/checker.h"

#include <stdlib.h>

typedef struct {
    AstKind kind;
    const char *what, *instead;
} Way;

static const Way *way_of(const Way *ways, AstKind kind) {
    while (ways->what && ways->kind != kind)
        ways++;
    return ways->what ? ways : NULL;
}

/* ---- statements ---------------------------------------------------------------------------- */

static const Way statement_ways[] = {
    {AST_TRY, "the statement 'try'", "a test before what may fail"},
    {AST_CLASS, "the statement 'class'", "functions"},
    {AST_WITH, "with, but for np.printoptions", "its body alone; np.load, np.loadtxt, np.save and np.savetxt open files"},
    {AST_MATCH, "the statement 'match'", "if statements"},
    {AST_IMPORT, "an import inside of a function or a branch", "it at the top of the file"},
    {AST_FROM_IMPORT, "an import inside of a function or a branch", "it at the top of the file"},
    {AST_KIND_COUNT, NULL, NULL},
};

static void imported_names(Names *names, const Ast *node) {
    for (const Ast *alias = node->as.import.aliases; alias; alias = alias->next) {
        Name path = alias->as.alias.path;
        if (alias->as.alias.as || path)
            names_add(names, alias->as.alias.as ? alias->as.alias.as : name_intern(path, strcspn(path, ".")));
    }
}

static void bind_refused(Scope *s, const Ast *node) {
    Ast one = *node;
    Names names = {0};
    one.next = NULL;
    if (node->kind == AST_IMPORT || node->kind == AST_FROM_IMPORT)
        imported_names(&names, node);
    else
        assigned_names(&names, &one);
    for (int i = 0; i < names.count; i++)
        if (!scope_find(s, names.names[i]))
            bind_poison(s, names.names[i], node->span);
}

static void check_inside(Scope *s, const Ast *statements) {
    s->reachable = true;
    check_block(s, statements, s->block);
}

/* Its end is reached by the body, or by a handler. */
static void check_attempt(Scope *s, const Ast *node) {
    check_inside(s, node->as.attempt.body);
    bool reaches = s->reachable;
    bind_refused(s, node);
    for (const Ast *handler = node->as.attempt.handlers; handler; handler = handler->next) {
        check_inside(s, handler->as.handler.body);
        reaches |= s->reachable;
    }
    if (node->as.attempt.otherwise)
        check_inside(s, node->as.attempt.otherwise);
    check_inside(s, node->as.attempt.finally);
    s->reachable = reaches && s->reachable;
}

static void check_cases(Scope *s, const Ast *node) {
    check_expr(s, node->as.match.subject);
    bind_refused(s, node);
    for (const Ast *one = node->as.match.cases; one; one = one->next)
        check_inside(s, one->as.match_case.body);
    s->reachable = true;
}

void refuse_statement(Scope *s, const Ast *node) {
    const Way *way = way_of(statement_ways, node->kind);
    const char *name = arena_printf(s->checker->arena, "the statement '%s'", ast_kind_name(node->kind));
    diag_unsupported(node->span, way ? way->what : name, way ? way->instead : NULL);
    if (node->kind == AST_TRY)
        check_attempt(s, node);
    else if (node->kind == AST_MATCH)
        check_cases(s, node);
    else
        bind_refused(s, node);
    if (node->kind == AST_WITH)
        check_inside(s, node->as.with.body);
}

/* ---- expressions --------------------------------------------------------------------------- */

static const Way expression_ways[] = {
    {AST_DICT, "a dict", "lists or arrays side by side, with a place for each key"},
    {AST_SET, "a set", "np.unique, or a list"},
    {AST_YIELD, "a generator", "a function that returns a list or an array"},
    {AST_AWAIT, "await", "a plain call"},
    {AST_STARRED, "a starred value", "each value"},
    {AST_DOUBLE_STARRED, "unpacked keywords", "each keyword"},
    {AST_ELLIPSIS, "... as a value", "it as a subscript"},
    {AST_KIND_COUNT, NULL, NULL},
};

static void check_part(const char *role, const Ast *node, void *user) {
    (void)role;
    if (node->kind == AST_DICT_ITEM)
        ast_visit(node, check_part, user);
    else if (node->kind < AST_EXPRESSION)
        check_expr(user, node);
}

TExpr *refuse_expr(Scope *s, const Ast *node) {
    const Way *way = way_of(expression_ways, node->kind);
    const char *name = arena_printf(s->checker->arena, "a %s here", ast_kind_name(node->kind));
    diag_unsupported(node->span, way ? way->what : name, way ? way->instead : NULL);
    if (way)
        ast_visit(node, check_part, s);
    return texpr_poison(s, node->span);
}

void check_poisoned_call(Scope *s, const Ast *node) {
    for (const Ast *argument = node->as.call.arguments; argument; argument = argument->next) {
        const Ast *value = argument->kind == AST_KEYWORD ? argument->as.keyword.value : argument;
        if (value->kind != AST_STARRED && value->kind != AST_DOUBLE_STARRED)
            check_expr(s, value);
    }
}

/* ---- names that Python has --------------------------------------------------------------------- */

static const char *const python_names[][2] = {
    {"isinstance", "a function for each type: types are known before the program runs"},
    {"issubclass", "a function for each type"},
    {"type", "a function for each type, or x.dtype"},
    {"callable", "a function as an argument"},
    {"hasattr", "a function for each type"},
    {"getattr", "the attribute"},
    {"setattr", "a variable"},
    {"delattr", "a variable"},
    {"open", "np.loadtxt, np.load, np.savetxt and np.save"},
    {"input", "sys.argv"},
    {"dict", "lists or arrays side by side, with a place for each key"},
    {"set", "np.unique, or a list"},
    {"frozenset", "np.unique, or a list"},
    {"iter", "a for statement"},
    {"next", "a for statement, or an index"},
    {"bytes", "an array of u8"},
    {"bytearray", "an array of u8"},
    {"memoryview", "an array of u8"},
    {"object", "a tuple, or a variable for each field"},
    {"property", "a function"},
    {"classmethod", "a function"},
    {"staticmethod", "a function"},
    {"super", "a function"},
    {"vars", "names"},
    {"dir", "names"},
    {"globals", "names"},
    {"locals", "names"},
    {"eval", "the expression"},
    {"exec", "the statements"},
    {"compile", "the statements"},
    {"slice", "the slice where it is used, as in a[i:j]"},
    {"Ellipsis", "... as a subscript"},
    {"NotImplemented", "raise NotImplementedError(\"...\")"},
    {"exit", "sys.exit()"},
    {"quit", "sys.exit()"},
    {"chr", "a string, or a list of them"},
    {"ord", "in, or a comparison of strings"},
    {"bin", "f\"{x:b}\""},
    {"hex", "f\"{x:x}\""},
    {"oct", "f\"{x:o}\""},
    {"ascii", "repr"},
    {"format", "an f-string"},
    {"hash", "the value"},
    {"id", "np.may_share_memory"},
    {"help", "nothing in its place"},
    {"breakpoint", "print"},
    {"__import__", "an import"},
    {"__file__", "sys.argv[0]"},
    {"__doc__", "nothing in its place"},
    {"__debug__", "True"},
    {"__package__", "nothing in its place"},
    {"__spec__", "nothing in its place"},
    {"__loader__", "nothing in its place"},
};

static bool is_exception(const char *name) {
    static const char *const ends[] = {"Error", "Warning", "Exception", "StopIteration", "SystemExit", "KeyboardInterrupt"};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (length >= strlen(ends[i]) && !strcmp(name + length - strlen(ends[i]), ends[i]))
            return name[0] >= 'A' && name[0] <= 'Z';
    return false;
}

bool refuse_name(Scope *s, const Ast *node) {
    Name name = node->as.name.id;
    for (size_t i = 0; i < sizeof python_names / sizeof *python_names; i++)
        if (!strcmp(python_names[i][0], name)) {
            diag_unsupported(node->span, arena_printf(s->checker->arena, "Python's '%s'", name), python_names[i][1]);
            return true;
        }
    if (is_exception(name))
        diag_unsupported(node->span, arena_printf(s->checker->arena, "the exception '%s' as a value", name),
                         "raise ValueError(\"...\") and its like, or a test before what may fail");
    return is_exception(name);
}

/* ---- imports ------------------------------------------------------------------------------- */

static const struct {
    const char *module, *instead;
} import_ways[] = {
    {"matplotlib", "np.savetxt or np.save of what is to be drawn, and draw it with another program"},
    {"pandas", "np.loadtxt for columns of numbers"},
    {"scipy", "NumPy's functions or the loops, or a function of C whose body is '...'"},
    {"sklearn", "NumPy's functions or the loops, or a function of C whose body is '...'"},
    {"torch", "NumPy's functions or the loops"},
    {"jax", "NumPy's functions or the loops"},
    {"numba", "the loops alone: all functions are compiled"},
    {"typing", "annotations as in f64[:], f64[n, m], int, list[float], tuple[f64[:], int]"},
    {"argparse", "int(sys.argv[1]) and its like"},
    {"os", "paths as strings, and sys.argv"},
    {"pathlib", "paths as strings"},
    {"random", "a generator of numbers as a function, with its state as a parameter and a result"},
    {"collections", "lists or arrays"},
    {"itertools", "loops in each other"},
    {"functools", "functions as arguments, or a loop"},
    {"dataclasses", "tuples, or a variable for each field"},
    {"enum", "ints with names"},
    {"logging", "print"},
    {"warnings", "nothing: mnp gives no warnings"},
    {"copy", "x.copy()"},
    {"json", "np.loadtxt and np.savetxt"},
    {"csv", "np.loadtxt and np.savetxt"},
    {"pickle", "np.save and np.load"},
    {"timeit", "time.perf_counter()"},
    {"datetime", "time.time()"},
    {"multiprocessing", "the loop alone"},
    {"threading", "the loop alone"},
    {"operator", "a lambda"},
    {"statistics", "np.mean, np.std and np.median"},
    {"cmath", "np.exp, np.sqrt and their like, which take complex numbers"},
};

static const char *way_of_import(const Ast *node, Name module) {
    if (node->kind == AST_FROM_IMPORT && node->as.import.level)
        return NULL;
    size_t length = module ? strcspn(module, ".") : 0;
    for (size_t i = 0; length && i < sizeof import_ways / sizeof *import_ways; i++)
        if (strlen(import_ways[i].module) == length && !strncmp(module, import_ways[i].module, length))
            return import_ways[i].instead;
    return NULL;
}

/* `import a.b` binds a, `from a import b` binds b. */
static Name bound_by(const Ast *node, const Ast *alias) {
    Name path = alias->as.alias.path;
    if (alias->as.alias.as || node->kind == AST_FROM_IMPORT)
        return alias->as.alias.as ? alias->as.alias.as : path;
    return path ? name_intern(path, strcspn(path, ".")) : NULL;
}

void refuse_import(Checker *c, const Ast *node, const Ast *alias) {
    Name module = node->kind == AST_FROM_IMPORT ? node->as.import.module : alias->as.alias.path;
    Name path = alias->as.alias.path;
    bool numpy = module && node->kind == AST_FROM_IMPORT && !strncmp(module, "numpy", 5);
    const char *of = module && node->kind == AST_FROM_IMPORT ? arena_printf(c->arena, " from '%s'", module) : "";
    Diag *diag = diag_unsupported(alias->span, arena_printf(c->arena, "importing '%s'%s", path, of), way_of_import(node, module));
    if (numpy)
        diag_help(diag, "'mnp ops' lists the functions of NumPy that work");
    else if (node->as.import.level && node->kind == AST_FROM_IMPORT)
        diag_help(diag, "write 'from MODULE import %s', of a file beside this one", path ? path : "NAME");
    else if (!way_of_import(node, module))
        diag_help(diag, "a module is a .mnp file beside this one or in a directory of -I; of Python's there are math, "
                        "sys and time");
    Name name = bound_by(node, alias);
    if (name)
        VEC_PUSH(c->arena, c->refused, ((Refused){.name = name, .diag = diag}));
}

bool is_refused(Scope *s, const Ast *node) {
    Checker *c = s->checker;
    for (int i = 0; node->kind == AST_NAME && i < c->refused.count; i++) {
        Refused *refused = &c->refused.data[i];
        if (refused->name != node->as.name.id || scope_find(s, refused->name))
            continue;
        int line, column;
        source_place(node->span, &line, &column);
        for (int k = 0; k < refused->lines.count; k++)
            if (refused->lines.data[k] == line)
                return true;
        VEC_PUSH(c->arena, refused->lines, line);
        return true;
    }
    return false;
}

static int by_number(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

void tell_refused_lines(Checker *c) {
    for (int i = 0; i < c->refused.count; i++) {
        Refused *refused = &c->refused.data[i];
        int count = refused->lines.count;
        if (!count)
            continue;
        qsort(refused->lines.data, (size_t)count, sizeof(int), by_number);
        const char *text = arena_printf(c->arena, "%d", refused->lines.data[0]);
        for (int k = 1; k < count; k++)
            text = arena_printf(c->arena, "%s%s%d", text, k == count - 1 ? " and " : ", ", refused->lines.data[k]);
        diag_help(refused->diag, "'%s' is used in line%s %s", refused->name, count > 1 ? "s" : "", text);
    }
}
