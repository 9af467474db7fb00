/* commands.c: what `mnp check` and `mnp build` do. */
#include "driver/driver.h"

#include "check/typed.h"
#include "passes/passes.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int by_place(const void *a, const void *b) {
    const VerdictLine *x = a, *y = b;
    if (x->span.file != y->span.file)
        return x->span.file < y->span.file ? -1 : 1;
    if (x->span.start != y->span.start)
        return x->span.start < y->span.start ? -1 : 1;
    int order = strcmp(x->what, y->what);
    return order ? order : strcmp(x->verdict, y->verdict);
}

/* Instances of one function say the same. */
static bool same_line(const VerdictLine *a, const VerdictLine *b) {
    return a->span.file == b->span.file && a->span.start == b->span.start && !strcmp(a->what, b->what) && !strcmp(a->verdict, b->verdict);
}

static void print_verdicts(const Module *module) {
    const VerdictLine *lines;
    int count = check_verdicts(&lines), total = count + module->notes.count;
    VerdictLine *sorted = memory_new((size_t)total + 1, sizeof *sorted);
    if (count)
        memcpy(sorted, lines, sizeof *lines * (size_t)count);
    for (int i = count; i < total; i++) {
        const CheckNote *note = &module->notes.data[i - count];
        sorted[i] = (VerdictLine){note->span, note->what, note->proved        ? "proved"
                                                          : note->before_loop ? "checked before the loop"
                                                                              : "checked in place", note->facts};
    }
    qsort(sorted, (size_t)total, sizeof *sorted, by_place);
    for (int i = 0; i < total; i++) {
        if (i && same_line(&sorted[i - 1], &sorted[i]))
            continue;
        int line, column;
        source_place(sorted[i].span, &line, &column);
        if (!source_is_program(sorted[i].span.file))
            printf("%s:", source_file(sorted[i].span.file)->path);
        printf("%d:%d: %s: %s%s%s\n", line, column, sorted[i].what, sorted[i].verdict,
               *sorted[i].facts ? ", " : "", sorted[i].facts);
    }
    free(sorted);
}

/* Steps are printed as --plan reads them, all else as its comments. */
static void print_log(const Module *module) {
    for (const Function *function = module->functions; function; function = function->next)
        for (int i = 0; i < function->log.count; i++) {
            const LogLine *line = &function->log.data[i];
            printf("%s%s: %s\n", line->is_step ? "" : "# ", function->name, line->text);
        }
}

/* Sizes and indices for which an unproved check fails, or "". */
static const char *note_example(Module *module, const CheckNote *note) {
    const char *words = "";
    for (int i = 0; i < note->goal_count && !*words; i++)
        words = prove_example_words(module->arena, note->known, note->goals[i].kind, note->goals[i].size);
    return words;
}

/* --strict-shapes: what is left to the run is an error; several bodies of one function say it once. */
static void refuse_unproved(Module *module) {
    for (int i = 0; i < module->notes.count; i++) {
        const CheckNote *note = &module->notes.data[i];
        bool said = note->proved;
        for (int k = 0; k < i && !said; k++)
            said = !module->notes.data[k].proved && module->notes.data[k].span.start == note->span.start &&
                   module->notes.data[k].span.file == note->span.file &&
                   !strcmp(module->notes.data[k].what, note->what);
        if (said)
            continue;
        Diag *diag = diag_error(note->span, DIAG_CHECK_UNPROVED, "%s is not proved to be in order", note->what);
        const char *example = note_example(module, note);
        if (*example)
            diag_help(diag, "%s; an assert or a guard that excludes this settles it", example);
    }
}

int driver_check(const DriverOptions *options) {
    DriverOptions check = *options;
    check.check = true;
    Module *module = pipeline_front(&check);
    if (module && (options->verdicts || options->strict_shapes)) {
        PassContext context = {.vector_width = 1};
        pass_views(module, &context);
        pass_checks(module, &context);
        pass_common(module, &context);
        pass_hoist(module, &context);
    }
    if (module && options->verdicts)
        print_verdicts(module);
    if (module && options->strict_shapes)
        refuse_unproved(module);
    return diag_flush(stderr);
}

static char *default_output(const DriverOptions *options) {
    static const char *const endings[][2] = {{"llvm", ".ll"}, {"asm", ".s"}, {"header", ".h"}};
    const char *ending = options->library ? ".o" : "";
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (options->emit && !strcmp(options->emit, endings[i][0]))
            ending = endings[i][1];
    const char *slash = strrchr(options->input, '/'), *name = slash ? slash + 1 : options->input;
    const char *dot = strrchr(name, '.');
    Text text = {0};
    text_printf(&text, "%.*s%s", (int)(dot && dot > name ? dot - name : (long)strlen(name)), name,
                *ending ? ending : dot && dot > name ? "" : ".out");
    return text.data;
}

static char *output_name(const DriverOptions *options) {
    Text text = {0};
    if (!options->output)
        return default_output(options);
    text_printf(&text, "%s", options->output);
    return text.data;
}

static bool is_standard_output(const char *path) {
    return !strcmp(path, "-");
}

/* The header of that path, under a temporary name, which is given back. */
static const char *make_header(const Module *module, const char *path) {
    bool standard = is_standard_output(path);
    const char *slash = strrchr(path, '/');
    const char *temporary = standard ? path : temporary_name(path, ".h~");
    Text text = {0};
    emit_header(module, standard ? "standard output" : slash ? slash + 1 : path, &text);
    file_write(temporary, text.data, text.length);
    text_free(&text);
    return temporary;
}

static void write_header(const Module *module, const char *path) {
    const char *temporary = make_header(module, path);
    if (temporary != path)
        rename_output(temporary, path);
}

static char *header_path(const char *object) {
    Text text = {0};
    size_t length = strlen(object);
    if (length > 2 && !strcmp(object + length - 2, ".o"))
        length -= 2;
    text_printf(&text, "%.*s.h", (int)length, object);
    return text.data;
}

static void report_emission(const DriverOptions *options, const EmitTimes *times) {
    if (!options->time_passes)
        return;
    timing_report("emit", times->build);
    timing_report("LLVM passes", times->passes);
    timing_report("code", times->code);
}

static void write_object(const Module *module, const DriverOptions *options, const char *output) {
    EmitOptions emit = pipeline_emit_options(options);
    EmitTimes times = {0};
    char *objects[EMIT_PARTS_MAX];
    for (int i = 0; i < EMIT_PARTS_MAX; i++) {
        char suffix[] = {'.', (char)('1' + i), '.', 'o', '~', '\0'};
        objects[i] = temporary_name(output, suffix);
    }
    int count = emit_objects(module, &emit, objects, &times);
    report_emission(options, &times);
    double start = timing_now();
    if (options->library) {
        char *header = header_path(output);
        require_writable(header);
        const char *made = make_header(module, header);
        link_library(objects, count, output);
        rename_output(made, header);
        free(header);
    } else {
        link_program(objects, count, options, output);
    }
    if (options->time_passes)
        timing_report("link", timing_now() - start);
}

static void write_text(const Module *module, const DriverOptions *options, const char *output) {
    EmitOptions emit = pipeline_emit_options(options);
    EmitFormat kind = !strcmp(options->emit, "llvm") ? EMIT_LLVM : EMIT_ASSEMBLY;
    if (is_standard_output(output)) {
        emit_module(module, &emit, kind, output);
        return;
    }
    char *temporary = temporary_name(output, "~");
    emit_module(module, &emit, kind, temporary);
    rename_output(temporary, output);
}

static void write_outputs(const Module *module, const DriverOptions *options, const char *output) {
    if (!options->emit)
        write_object(module, options, output);
    else if (!strcmp(options->emit, "header"))
        write_header(module, output);
    else
        write_text(module, options, output);
}

static const char *unknown_choice(const DriverOptions *options) {
    static const char *const emits[] = {"llvm", "asm", "header"};
    for (size_t i = 0; options->emit && i < sizeof emits / sizeof *emits; i++)
        if (!strcmp(options->emit, emits[i]))
            return NULL;
    return options->emit;
}

/* What can be told before any work is done. */
static bool options_are_fine(const DriverOptions *options) {
    if (unknown_choice(options))
        fprintf(stderr, "mnp: --emit=%s is unknown, there is llvm, asm and header\n", options->emit);
    else if (options->extra_count && (options->library || options->emit))
        fprintf(stderr, "mnp: %s is for the linker, which makes executables only\n", options->extras[0]);
    else if (options->output && is_standard_output(options->output) && !options->emit && !options->dump)
        fprintf(stderr, "mnp: only --emit writes to standard output, not an executable or an object\n");
    else if (!emit_knows_cpu(options->cpu))
        fprintf(stderr, "mnp: the processor '%s' is unknown; --cpu takes native, x86-64, x86-64-v2, x86-64-v3, "
                        "x86-64-v4 and LLVM's names, such as haswell, skylake-avx512, znver4\n", options->cpu);
    else
        return true;
    return false;
}

int driver_build(const DriverOptions *options) {
    if (!options_are_fine(options))
        return 2;
    double start = timing_now();
    Module *module = pipeline_front(options);
    if (!module)
        return diag_flush(stderr);
    char *output = output_name(options);
    if (!options->dump && !is_standard_output(output))
        require_writable(output);
    if (options->time_passes)
        timing_report("front end", timing_now() - start);
    pipeline_passes(module, options);
    if (options->explain)
        print_log(module);
    if (options->dump) {
        EmitOptions emit = pipeline_emit_options(options);
        if (!strcmp(options->dump, "llvm"))
            emit_print_llvm(module, &emit, stdout);
        free(output);
        return 0;
    }
    write_outputs(module, options, output);
    free(output);
    return 0;
}

/* A program with objects of others, or with the linker's flags, is built and runs as a process of its own. */
static int run_linked(const DriverOptions *options, char **arguments) {
    const char *place = getenv("TMPDIR");
    char path[1024];
    snprintf(path, sizeof path, "%s/mnp-XXXXXX", place && *place && strlen(place) < 1000 ? place : "/tmp");
    int file = mkstemp(path);
    if (file < 0)
        fatal("cannot make a temporary file: %s", strerror(errno));
    close(file);
    DriverOptions build = *options;
    build.output = path;
    int status = driver_build(&build);
    if (status) {
        remove(path);
        return status;
    }
    status = run_program(path, arguments);
    remove(path);
    return status;
}

int driver_run(const DriverOptions *options, char **arguments) {
    if (options->extra_count || options->dump || options->emit || options->library)
        return run_linked(options, arguments);
    if (!options_are_fine(options))
        return 2;
    double start = timing_now();
    Module *module = pipeline_front(options);
    if (!module)
        return diag_flush(stderr);
    if (options->time_passes)
        timing_report("front end", timing_now() - start);
    pipeline_passes(module, options);
    EmitOptions emit = pipeline_emit_options(options);
    EmitTimes times = {0};
    int count = 0;
    while (arguments[count])
        count++;
    return emit_run(module, &emit, &times, count, arguments);
}
