/* port.c: `mnp port FILE.py`: what in a program of NumPy's is taken as it is, and for each thing that is not the place,
 * the reason and the way out; then the functions, a line each, and counts. Start at driver_port. */
#include "driver/driver.h"

#include "check/typed.h"
#include "syntax/modules.h"

#include <stdlib.h>

/* ---- statements and what is said of them ----------------------------------------------------- */

typedef struct {
    uint32_t start;
    bool refused;
} Statement;

typedef struct {
    Arena *arena;
    uint32_t file;
    VEC(Statement) statements;    /* of the file, by place */
    VEC(uint32_t) tops;           /* where those of the top level start */
} Port;

static void add_statement(const char *role, const Ast *node, void *user) {
    Port *port = user;
    (void)role;
    bool text = node->kind == AST_EXPRESSION && node->as.expression.value->kind == AST_STRING;
    if (node->kind >= AST_EXPRESSION && node->kind <= AST_ERROR && !text)
        VEC_PUSH(port->arena, port->statements, ((Statement){node->span.start, false}));
    ast_visit(node, add_statement, user);
}

static int by_start(const void *a, const void *b) {
    const Statement *x = a, *y = b;
    return x->start < y->start ? -1 : x->start > y->start;
}

/* The innermost statement of a place is the last one that starts at it or before. */
static void mark_statement(Port *port, Span span) {
    int last = -1;
    for (int i = 0; i < port->statements.count && port->statements.data[i].start <= span.start; i++)
        last = i;
    if (last >= 0 && span.file == port->file)
        port->statements.data[last].refused = true;
}

/* As written, before modules are joined. */
static void find_statements(Port *port, const char *path) {
    const char *why;
    port->file = source_load(path, &why);
    if (!port->file)
        fatal("cannot read %s: %s", path, why);
    for (const Ast *node = parse_file(port->arena, port->file); node; node = node->next) {
        VEC_PUSH(port->arena, port->tops, node->span.start);
        add_statement("", node, port);
    }
    diag_rollback(0);
    if (port->statements.count)
        qsort(port->statements.data, (size_t)port->statements.count, sizeof(Statement), by_start);
}

/* ---- functions ------------------------------------------------------------------------------- */

/* Where the next statement of the top level starts, or the next method. */
static uint32_t end_of(const Port *port, const PortedFunction *functions, int count, int i) {
    uint32_t start = functions[i].span.start, end = UINT32_MAX;
    for (int k = 0; k < port->tops.count; k++)
        if (port->tops.data[k] > start && port->tops.data[k] < end)
            end = port->tops.data[k];
    for (int k = 0; k < count; k++)
        if (functions[k].span.file == port->file && functions[k].span.start > start && functions[k].span.start < end)
            end = functions[k].span.start;
    return end;
}

static int things_in(uint32_t file, uint32_t start, uint32_t end) {
    int count = 0;
    for (int i = 0; i < diag_count(); i++) {
        Span span = diag_span(i);
        count += span.file == file && span.start >= start && span.start < end;
    }
    return count;
}

typedef struct {
    int functions, taken, statements, taken_statements, things;
} Counts;

static void count_statements(const Port *port, Counts *counts) {
    counts->statements = port->statements.count;
    for (int i = 0; i < port->statements.count; i++)
        counts->taken_statements += !port->statements.data[i].refused;
}

static const char *plural(int count) {
    return count == 1 ? "" : "s";
}

/* ---- for people ------------------------------------------------------------------------------ */

static void print_function(const PortedFunction *function, int line, int width, int things) {
    printf("  line %-5d %-*s  ", line, width, function->name);
    if (things)
        printf("%d thing%s to change", things, plural(things));
    else
        printf("taken as it is");
    if (function->signature)
        printf("%s %s", things ? ", then annotate:" : "; for C, annotate:", function->signature);
    else if (!function->called && !things && strchr(function->name, '.'))
        printf(", but for its class");
    putchar('\n');
}

static void print_counts(const Counts *counts) {
    printf("in all: %d of %d statement%s and %d of %d function%s are taken as they are", counts->taken_statements,
           counts->statements, plural(counts->statements), counts->taken, counts->functions, plural(counts->functions));
    if (counts->things)
        printf(", %d thing%s to change\n", counts->things, counts->things == 1 ? " is" : "s are");
    else
        printf("\n");
}

/* ---- for programs ---------------------------------------------------------------------------- */

static void print_json_function(const PortedFunction *function, int line, int things, bool first) {
    printf("%s{\"name\": \"%s\", \"line\": %d, \"things\": %d, \"called\": %s, \"annotate\": ", first ? "" : ", ",
           function->name, line, things, function->called ? "true" : "false");
    if (!function->signature) {
        printf("null}");
        return;
    }
    putchar('"');
    for (const char *at = function->signature; *at; at++)
        if (*at == '"' || *at == '\\')
            printf("\\%c", *at);
        else if ((unsigned char)*at >= 32)
            putchar(*at);
    printf("\"}");
}

static void print_json_counts(const Counts *counts) {
    printf("], \"statements\": %d, \"statements_taken\": %d, \"functions_taken\": %d, \"things\": %d}\n", counts->statements,
           counts->taken_statements, counts->taken, counts->things);
}

/* ---- the command ----------------------------------------------------------------------------- */

static void print_functions(const Port *port, const PortedFunction *functions, const int *things, int count, bool json) {
    int width = 0, printed = 0;
    for (int i = 0; i < count; i++)
        if (functions[i].span.file == port->file && (int)strlen(functions[i].name) > width && strlen(functions[i].name) < 30)
            width = (int)strlen(functions[i].name);
    for (int i = 0; i < count; i++) {
        int line, column;
        if (functions[i].span.file != port->file)
            continue;
        source_place(functions[i].span, &line, &column);
        if (json)
            print_json_function(&functions[i], line, things[i], !printed++);
        else
            print_function(&functions[i], line, width, things[i]);
    }
}

static int report(Port *port, const char *path, bool json) {
    const PortedFunction *functions;
    int count = check_ported(&functions);
    int *things = ARENA_ARRAY(port->arena, int, count + 1);
    Counts counts = {0};
    diag_unique();
    counts.things = diag_count();
    for (int i = 0; i < diag_count(); i++)
        mark_statement(port, diag_span(i));
    count_statements(port, &counts);
    for (int i = 0; i < count; i++) {
        things[i] = things_in(port->file, functions[i].span.start, end_of(port, functions, count, i));
        counts.functions += functions[i].span.file == port->file;
        counts.taken += functions[i].span.file == port->file && !things[i];
    }
    int status = diag_flush(stdout);
    if (json)
        printf("{\"file\": \"%s\", \"functions\": [", path);
    else
        printf("%s%s, function by function:\n", counts.things ? "\n" : "", path);
    print_functions(port, functions, things, count, json);
    (json ? print_json_counts : print_counts)(&counts);
    return status;
}

int driver_port(const DriverOptions *options) {
    Port port = {.arena = arena_new()};
    find_statements(&port, options->input);
    uint32_t file;
    Ast *ast = pipeline_parse(options, port.arena, &file);
    int errors = diag_count();
    CheckOptions check = {.functions = true, .port = true, .damaged = errors > 0, .arena = port.arena};
    check_program(ast, &check);
    diag_drop_lines(errors);
    port.file = file;
    diag_limit(INT32_MAX);
    return report(&port, options->input, options->json);
}
