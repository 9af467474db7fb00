/* port.c: what `mnp port` asks of the functions that the program does not call, and of methods.
 *
 * Their parameters have no types yet. Each is tried with the types that NumPy's programs use, the others as they are
 * known so far (at first: anything), and keeps the one that leaves the least to object to: a program that runs under
 * CPython has few mistakes, so those that a type causes speak against it. Start at port_functions.
 */
#include "check/checker.h"

enum { PARAMETERS_MAX = 24, COST_MAX = 1 << 30, ALIKE_MAX = 4 };

/* ---- types that parameters may have --------------------------------------------------------- */

/* The likelier ones first. */
static const struct {
    const char *text;
    TypeKind kind;
    DType dtype;
    int rank;
} guesses[] = {
    {"f64[:]", TYPE_ARRAY, DTYPE_F64, 1},    {"f64[:, :]", TYPE_ARRAY, DTYPE_F64, 2},
    {"float", TYPE_SCALAR, DTYPE_F64, 0},    {"int", TYPE_SCALAR, DTYPE_I64, 0},
    {"i64[:]", TYPE_ARRAY, DTYPE_I64, 1},    {"f64[:, :, :]", TYPE_ARRAY, DTYPE_F64, 3},
    {"str", TYPE_STRING, DTYPE_F64, 0},      {"i64[:, :]", TYPE_ARRAY, DTYPE_I64, 2},
    {"bool", TYPE_SCALAR, DTYPE_BOOL, 0},    {"c128[:]", TYPE_ARRAY, DTYPE_C128, 1},
    {"bool[:]", TYPE_ARRAY, DTYPE_BOOL, 1},  {"complex", TYPE_SCALAR, DTYPE_C128, 0},
    {"list[float]", TYPE_LIST, DTYPE_F64, 0}, {"u8[:, :]", TYPE_ARRAY, DTYPE_U8, 2},
};

enum { GUESS_COUNT = sizeof guesses / sizeof *guesses };

static const Type *guess_type(Scope *s, int i) {
    Checker *c = s->checker;
    Size shape[TYPED_RANK_MAX];
    if (guesses[i].kind == TYPE_SCALAR)
        return type_scalar(c, guesses[i].dtype, true);
    if (guesses[i].kind == TYPE_LIST)
        return type_list(c, type_scalar(c, guesses[i].dtype, true));
    if (guesses[i].kind != TYPE_ARRAY)
        return type_simple(c, guesses[i].kind);
    for (int axis = 0; axis < guesses[i].rank; axis++)
        shape[axis] = size_fresh("size");
    return type_array(c, guesses[i].dtype, guesses[i].rank, shape, true);
}

/* Names that tell, where several types would do. */
static int guess_of_name(Name name) {
    static const struct {
        const char *word, *type;
        bool whole;
    } hints[] = {{"path", "str", false}, {"file", "str", false},   {"fname", "str", false}, {"n", "int", true},
                 {"k", "int", true},     {"m", "int", true},       {"size", "int", true},   {"count", "int", true},
                 {"steps", "int", true}, {"width", "int", true},   {"order", "int", true},  {"axis", "int", true},
                 {"seed", "int", true},  {"degree", "int", true},  {"image", "f64[:, :]", false},
                 {"img", "f64[:, :]", false}, {"matrix", "f64[:, :]", false}, {"alpha", "float", true},
                 {"beta", "float", true}, {"eps", "float", true},  {"tol", "float", false}, {"dt", "float", true}};
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        for (int k = 0; k < GUESS_COUNT; k++)
            if (!strcmp(guesses[k].text, hints[i].type) &&
                (hints[i].whole ? !strcmp(name, hints[i].word) : strstr(name, hints[i].word) != NULL))
                return k;
    return 0;
}

/* ---- what is known of a parameter ------------------------------------------------------------ */

typedef struct {
    const Ast *node;
    const Type *type;
    const char *text;        /* how an annotation spells the type; NULL: it is not known */
    bool fixed;              /* an annotation or a default says it */
    bool or_none;            /* None by default */
} Parameter;

typedef struct {
    Scope *scope;
    FunctionEntry *entry;
    Parameter parameters[PARAMETERS_MAX];
    int count;
    const Type *types[PARAMETERS_MAX + 1];
    const Type **all;        /* those and the outer variables' */
    int all_count;
} Port;

static const Type *annotation_of(Scope *s, const Ast *node) {
    int errors = diag_count();
    Facts *facts = s->facts;
    const Type *type = check_annotation(s, node);
    s->facts = facts;
    diag_rollback(errors);
    return type;
}

bool has_bad_annotation(Scope *s, const Ast *definition) {
    for (const Ast *p = definition->as.function.parameters; p; p = p->next)
        if (p->as.parameter.annotation && annotation_of(s, p->as.parameter.annotation)->kind == TYPE_POISON)
            return true;
    return false;
}

static const char *source_text(Checker *c, Span span) {
    const SourceFile *file = source_file(span.file);
    return file ? arena_strndup(c->arena, file->text + span.start, span.end - span.start) : "";
}

/* Ints may be floats; None says nothing. */
static void take_default(Scope *s, Parameter *parameter, const Ast *node) {
    int errors = diag_count();
    const Type *type = check_expr(s, node)->type;
    diag_rollback(errors);
    parameter->or_none = type->kind == TYPE_NONE;
    bool plain = type->kind == TYPE_SCALAR || type->kind == TYPE_STRING;
    if (!plain)
        return;
    parameter->type = type;
    parameter->fixed = true;
    for (int i = 0; i < GUESS_COUNT && !parameter->text; i++)
        if (guesses[i].kind == type->kind && (type->kind == TYPE_STRING || guesses[i].dtype == type->dtype))
            parameter->text = guesses[i].text;
}

static Parameter parameter_of(Scope *s, const Ast *node) {
    Parameter parameter = {.node = node, .type = type_simple(s->checker, TYPE_POISON)};
    const Ast *noted = node->as.parameter.annotation;
    const Type *type = noted ? annotation_of(s, noted) : NULL;
    if (type && type->kind != TYPE_POISON) {
        parameter.type = type;
        parameter.text = source_text(s->checker, noted->span);
        parameter.fixed = true;
    } else if (node->as.parameter.default_value) {
        take_default(s, &parameter, node->as.parameter.default_value);
    }
    return parameter;
}

/* ---- the search ------------------------------------------------------------------------------ */

static int try_types(Port *port, bool keep) {
    for (int i = 0; i < port->count; i++)
        port->all[i] = port->parameters[i].type;
    return instance_try(port->scope->checker, port->entry, port->all, port->all_count, keep);
}

/* The type of one parameter that leaves the least to object to; one that leaves no more than `enough` will do. Where
 * each causes a mistake it is of a type that is not among them (a function, say), and may be anything. */
static void choose_type(Port *port, Parameter *parameter, int enough) {
    const Type *best_type = parameter->type;
    const char *best_text = NULL;
    int best = COST_MAX, first = guess_of_name(parameter->node->as.parameter.name);
    for (int k = 0; k < GUESS_COUNT && best > enough; k++) {
        int i = k == 0 ? first : k <= first ? k - 1 : k;
        parameter->type = guess_type(port->scope, i);
        int cost = try_types(port, false);
        if (cost < best) {
            best = cost;
            best_type = parameter->type;
            best_text = guesses[i].text;
        }
    }
    bool fits = best < enough + INSTANCE_MISTAKE;
    parameter->type = fits ? best_type : type_simple(port->scope->checker, TYPE_POISON);
    parameter->text = fits ? best_text : NULL;
}

static void choose_each(Port *port, int enough) {
    for (int i = 0; i < port->count; i++)
        if (!port->parameters[i].fixed)
            choose_type(port, &port->parameters[i], enough);
}

/* What is to be said, and parameters of which no type is known. */
static int cost_of(Port *port) {
    int cost = try_types(port, false);
    for (int i = 0; i < port->count; i++)
        cost += port->parameters[i].type->kind == TYPE_POISON;
    return cost;
}

/* All open parameters alike: what each alone would choose may not fit the others. */
static void choose_alike(Port *port, int guess) {
    for (int i = 0; i < port->count; i++)
        if (!port->parameters[i].fixed) {
            port->parameters[i].type = guess_type(port->scope, guess);
            port->parameters[i].text = guesses[guess].text;
        }
}

/* Each for itself, a second time because the first choices were made while later parameters could be anything; then,
 * where that leaves something, starting with all alike. */
static void choose_types(Port *port) {
    Parameter best[PARAMETERS_MAX];
    int least = try_types(port, false), open = 0;
    for (int i = 0; i < port->count; i++)
        open += !port->parameters[i].fixed;
    choose_each(port, least);
    if (open < 2)
        return;
    choose_each(port, least);
    int cost = cost_of(port);
    memcpy(best, port->parameters, sizeof best);
    for (int guess = 0; guess < ALIKE_MAX && cost > least; guess++) {
        choose_alike(port, guess);
        choose_each(port, least);
        int other = cost_of(port);
        if (other < cost) {
            cost = other;
            memcpy(best, port->parameters, sizeof best);
        }
    }
    memcpy(port->parameters, best, sizeof best);
}

/* ---- one function ---------------------------------------------------------------------------- */

/* Variables around it are parameters, too; what is not known of them may be anything. */
static void add_outer_types(Port *port) {
    Scope *s = port->scope;
    Checker *c = s->checker;
    const Names *globals = &port->entry->globals;
    port->all = ARENA_ARRAY(c->arena, const Type *, port->count + globals->count + 1);
    port->all_count = port->count;
    for (int i = 0; i < globals->count; i++) {
        Binding *binding = scope_find(s, outer_here(s, globals->names[i]));
        bool known = binding && binding->variable && binding->variable->type->kind != TYPE_FUNCTION;
        port->all[port->all_count++] = known ? binding->variable->type : type_simple(c, TYPE_POISON);
    }
}

static const char *signature_of(const Port *port) {
    Checker *c = port->scope->checker;
    const char *text = arena_printf(c->arena, "def %s(", port->entry->name), *between = "";
    for (int i = 0; i < port->count; i++) {
        const Parameter *parameter = &port->parameters[i];
        const Ast *value = parameter->node->as.parameter.default_value;
        bool typed = parameter->text && !parameter->or_none;
        text = arena_printf(c->arena, "%s%s%s%s%s%s%s%s", text, between,
                            parameter->node->as.parameter.kind == AST_STAR ? "*" : "", parameter->node->as.parameter.name,
                            typed ? ": " : "", typed ? parameter->text : "", value ? (typed ? " = " : "=") : "",
                            value ? source_text(c, value->span) : "");
        between = ", ";
    }
    return arena_printf(c->arena, "%s)", text);
}

/* What a parameter that is None by default is given otherwise. */
static void try_without_none(Port *port) {
    bool any = false;
    for (int i = 0; i < port->count; i++)
        any |= port->parameters[i].or_none;
    if (!any)
        return;
    int least = COST_MAX;
    for (int i = 0; i < port->count; i++)
        if (port->parameters[i].or_none)
            port->parameters[i].type = type_simple(port->scope->checker, TYPE_POISON);
    least = try_types(port, false);
    for (int i = 0; i < port->count; i++)
        if (port->parameters[i].or_none)
            choose_type(port, &port->parameters[i], least);
    try_types(port, true);
}

static void report_names(const Ast *node) {
    diag_unsupported(node->span, "a parameter that takes any names", "each parameter");
}

/* Its parameters; false where they are more than are looked at. */
static bool read_parameters(Port *port) {
    for (const Ast *p = port->entry->definition->as.function.parameters; p; p = p->next) {
        bool many = p->as.parameter.kind == AST_STAR;
        if (p->as.parameter.kind == AST_DOUBLE_STAR)
            report_names(p);
        if (p->as.parameter.kind != AST_PLAIN && !many)
            continue;
        if (port->count == PARAMETERS_MAX)
            return false;
        Parameter any = {.node = p, .type = type_simple(port->scope->checker, TYPE_POISON), .fixed = true};
        port->parameters[port->count++] = many ? any : parameter_of(port->scope, p);
    }
    return true;
}

/* The annotations that name no type were reported with the body: what suits it. */
static void help_annotations(const Port *port, int errors) {
    for (int i = 0; i < port->count; i++) {
        const Parameter *parameter = &port->parameters[i];
        const Ast *noted = parameter->node->as.parameter.annotation;
        if (!noted || parameter->fixed || !parameter->text)
            continue;
        for (int k = errors; k < diag_count(); k++)
            if (diag_span(k).start == noted->span.start && diag_span(k).file == noted->span.file)
                diag_help(diag_at(k), "what is done with it suits %s: %s", parameter->node->as.parameter.name, parameter->text);
    }
}

static const char *port_function(Scope *s, FunctionEntry *entry, bool method) {
    Port *port = ARENA_NEW(s->checker->arena, Port);
    *port = (Port){.scope = s, .entry = entry};
    if (!read_parameters(port))
        return NULL;
    add_outer_types(port);
    for (int i = 0; i < port->count; i++)
        if (port->parameters[i].or_none)
            port->parameters[i].type = type_simple(s->checker, TYPE_NONE), port->parameters[i].fixed = true;
    if (!method)
        choose_types(port);
    int errors = diag_count();
    try_types(port, true);
    help_annotations(port, errors);
    const char *signature = method ? NULL : signature_of(port);
    if (!method)
        try_without_none(port);
    return signature;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static bool has_bare_parameters(const Ast *definition) {
    for (const Ast *p = definition->as.function.parameters; p; p = p->next)
        if (p->as.parameter.kind == AST_PLAIN && !p->as.parameter.annotation)
            return true;
    return false;
}

static void add_ported(Checker *c, const char *name, Span span, const char *signature, bool called) {
    VEC_PUSH(c->arena, c->ported, ((PortedFunction){name, span, signature, called}));
}

static void port_methods(Scope *s, const Ast *node) {
    Checker *c = s->checker;
    for (const Ast *method = node->as.class_.body; method; method = method->next) {
        if (method->kind != AST_FUNCTION)
            continue;
        FunctionEntry *entry = ARENA_NEW(c->arena, FunctionEntry);
        entry->name = name_of(arena_printf(c->arena, "%s.%s", node->as.class_.name, method->as.function.name));
        entry->definition = method;
        entry->defined = true;
        find_outer_names(c, entry);
        port_function(s, entry, true);
        add_ported(c, entry->name, method->span, NULL, false);
    }
}

void port_functions(Scope *s, const Ast *statements) {
    Checker *c = s->checker;
    int count = c->functions.count;
    for (int i = 0; i < count; i++) {
        FunctionEntry *entry = c->functions.data[i];
        bool called = entry->instances.count > 0, bare = has_bare_parameters(entry->definition);
        bool bad = has_bad_annotation(s, entry->definition);
        if (strchr(entry->name, '.') && !called)
            continue;
        const char *signature = !called && !is_external(entry->definition) ? port_function(s, entry, false) : NULL;
        add_ported(c, entry->name, entry->definition->span, bare || bad ? signature : NULL, called);
    }
    for (const Ast *node = statements; node; node = node->next)
        if (node->kind == AST_CLASS)
            port_methods(s, node);
}
