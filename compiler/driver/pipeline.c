/* pipeline.c: the whole compiler in one place: rooms in order, and the table of passes. */
#include "driver/driver.h"

#include "check/typed.h"
#include "lower/lower.h"
#include "passes/passes.h"
#include "schedule/schedule.h"
#include "syntax/modules.h"

typedef struct {
    const char *name;
    void (*run)(Module *module, const PassContext *context);
    bool always;              /* also at -O0 */
    const char *why;
} PassRow;

static const PassRow passes[] = {
    {"simplify", pass_simplify, false, "known conditions, values that nobody reads"},
    {"inline", pass_inline, false, "small functions, and what is called once, are computed where they are called"},
    {"apart", pass_apart, false, "functions that are only called with arrays that share no memory"},
    {"views", pass_views, false, "accesses through views become accesses of their roots"},
    {"dead-views", pass_simplify, false, "views that no access goes through any more"},
    {"common-first", pass_common, false, "an element that is read twice is one in checks"},
    {"checks", pass_checks, false, "checks that the facts prove are removed, and tests that they decide; needs views"},
    {"decided", pass_simplify, false, "sides of tests that the facts decide"},
    {"expand", pass_expand, false, "sums of few terms, and few rounds around a sum, are written out; needs views"},
    {"sums", pass_sums, false, "sums over the same range become one loop"},
    {"common", pass_common, false, "what is computed twice is computed once"},
    {"branches", pass_branches, false, "cheap sides of an if are both computed, and selected"},
    {"rounds", pass_rounds, false, "rounds over whole arrays go inside of the elements; needs views and branches"},
    {"fuse", pass_fuse, false, "temporaries are computed where they are read; needs views"},
    {"hoist", pass_hoist, false, "checks of all rounds are asked before a nest; needs checks"},
    {"raise", pass_raise, false, "memory targets that do not move become carried values; needs views"},
    {"destination", pass_destination, false, "results are built in the caller's memory"},
    {"place", pass_place, false, "temporaries are built where they would be copied; needs views and destination"},
    {"buffers", pass_buffers, false, "temporary arrays leave loops, small ones are on the stack; needs fuse and destination"},
    {"siblings", pass_siblings, false, "nests beside each other become one; needs fuse and destination"},
    {"distribute", pass_distribute, false, "elementary functions leave loops that carry a value"},
    {"narrow", pass_narrow, false, "ints made of narrow elements have 32 bits; needs checks and common"},
    {"wide", pass_simplify, false, "ints that nobody reads in 64 bits any more"},
    {"report", pass_report, false, "what --explain says of nests and allocations"},
    {"schedule", pass_schedule, false, "the planner's steps on every nest"},
    {"common-after", pass_common, false, "the same for the copies that the steps made"},
    {"cleanup", pass_simplify, false, "what the steps left behind"},
    {"signs", pass_signs, false, "quotients of what is never negative"},
    {"lives", pass_lives, true, "arrays are given back behind their last use"},
    {"peak", pass_peak, true, "what --explain says of the most memory held at a time; needs lives"},
};

enum { PASS_COUNT = sizeof passes / sizeof *passes };

void pipeline_list(FILE *file) {
    for (int i = 0; i < PASS_COUNT; i++)
        fprintf(file, "%-12s %s\n", passes[i].name, passes[i].why);
}

/* The name is one of those that commas part. */
static bool is_named(const char *names, const char *name, size_t length) {
    for (; names && *names; names += strcspn(names, ","), names += *names == ',')
        if (strcspn(names, ",") == length && !strncmp(names, name, length))
            return true;
    return false;
}

static bool is_left_out(const PassRow *pass, const DriverOptions *options) {
    return (!options->optimize && !pass->always) || is_named(options->without, pass->name, strlen(pass->name));
}

static void check_names(const char *names) {
    for (; names && *names; names += strcspn(names, ","), names += *names == ',') {
        size_t length = strcspn(names, ",");
        bool known = false;
        for (int i = 0; i < PASS_COUNT; i++)
            known |= is_named(passes[i].name, names, length);
        if (!known)
            fatal("no pass is called %.*s (mnp build --list-passes)", (int)length, names);
    }
}

Ast *pipeline_parse(const DriverOptions *options, Arena *arena, uint32_t *file) {
    const char *why;
    *file = source_load(options->input, &why);
    if (!*file)
        fatal("cannot read %s: %s", options->input, why);
    ModulePlaces places = {options->directories, options->directory_count};
    return parse_program(arena, *file, &places);
}

Module *pipeline_front(const DriverOptions *options) {
    uint32_t file;
    Arena *arena = arena_new();
    Ast *ast = pipeline_parse(options, arena, &file);
    if (diag_count())
        return NULL;
    if (options->dump && !strcmp(options->dump, "ast"))
        ast_print(stdout, ast);
    bool header = options->emit && !strcmp(options->emit, "header");
    CheckOptions check = {.library = options->library || header, .strict_shapes = options->strict_shapes,
                          .functions = options->check, .header = header && !options->library, .arena = arena};
    TProgram *program = check_program(ast, &check);
    if (diag_count())
        return NULL;
    LowerOptions lower = {options->contract, options->library};
    Module *module = lower_program(program, options->input, &lower);
    nest_verify(module, "lower");
    return module;
}

EmitOptions pipeline_emit_options(const DriverOptions *options) {
    EmitOptions emit = {options->cpu, options->optimize, !options->library,
                        options->emit && !strcmp(options->emit, "asm"), 0};
    emit.vector_width = options->optimize ? emit_vector_width(&emit) : 1;
    return emit;
}

void pipeline_passes(Module *module, const DriverOptions *options) {
    EmitOptions emit = pipeline_emit_options(options);
    PassContext context = {.vector_width = emit.vector_width, .explain = options->explain,
                           .plan = options->plan ? plan_read(options->plan) : NULL};
    if (options->dump && !strcmp(options->dump, "nest"))
        nest_print(stdout, module);
    check_names(options->without);
    for (int i = 0; i < PASS_COUNT; i++) {
        if (is_left_out(&passes[i], options))
            continue;
        Snapshot *before = options->validate ? snapshot_take(module, context.vector_width) : NULL;
        double start = timing_now();
        passes[i].run(module, &context);
        if (options->time_passes)
            timing_report(passes[i].name, timing_now() - start);
        nest_verify(module, passes[i].name);
        if (before)
            snapshot_compare(before, module, passes[i].name);
        if (options->dump && !strncmp(options->dump, "nest-after-", 11) &&
            !strcmp(options->dump + 11, passes[i].name))
            nest_print(stdout, module);
    }
}
