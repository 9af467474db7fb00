/* main.c: the command line. */
#include "driver/driver.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

static const char *value_of(const char *argument, const char *name) {
    size_t length = strlen(name);
    return !strncmp(argument, name, length) && argument[length] == '=' ? argument + length + 1 : NULL;
}

static bool flag(const char *argument, DriverOptions *options) {
    const struct {
        const char *name;
        bool *target;
        bool value;
    } flags[] = {
        {"-c", &options->library, true},          {"-O0", &options->optimize, false},
        {"-O2", &options->optimize, true},        {"--verdicts", &options->verdicts, true},
        {"--strict-shapes", &options->strict_shapes, true}, {"--explain", &options->explain, true},
        {"--validate", &options->validate, true}, {"--time-passes", &options->time_passes, true},
        {"--fp=contract", &options->contract, true}, {"--fp=strict", &options->contract, false},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (!strcmp(argument, flags[i].name)) {
            *flags[i].target = flags[i].value;
            return true;
        }
    return false;
}

static bool valued(const char *argument, DriverOptions *options) {
    const struct {
        const char *name;
        const char **target;
    } values[] = {{"--cpu", &options->cpu}, {"--dump", &options->dump}, {"--emit", &options->emit},
                  {"--plan", &options->plan}, {"--without", &options->without}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (value_of(argument, values[i].name)) {
            *values[i].target = value_of(argument, values[i].name);
            return true;
        }
    return false;
}

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && !strcmp(text + length - tail, end);
}

static bool is_for_linker(const char *argument) {
    return !strncmp(argument, "-l", 2) || !strncmp(argument, "-L", 2) ||
           (argument[0] != '-' && (ends_with(argument, ".o") || ends_with(argument, ".a") || ends_with(argument, ".so")));
}

static void add_extra(DriverOptions *options, char *argument) {
    if (options->extra_count == INPUTS_MAX)
        fatal("more than %d files for the linker", INPUTS_MAX);
    options->extras[options->extra_count++] = argument;
}

static bool diagnostics(const char *argument, DriverOptions *options) {
    static const char *const names[] = {"full", "short", "json"};
    const char *value = value_of(argument, "--diagnostics");
    for (int i = 0; value && i < 3; i++)
        if (!strcmp(value, names[i])) {
            diag_format((DiagFormat)i);
            options->json = i == DIAG_FORMAT_JSON;
            return true;
        }
    return false;
}

static void add_directory(DriverOptions *options, const char *directory) {
    if (options->directory_count == INPUTS_MAX)
        fatal("more than %d directories of modules", INPUTS_MAX);
    options->directories[options->directory_count++] = directory;
}

/* One argument, with its value where that stands behind it; how many were read, 0 after a mistake. */
static int parse_option(int count, char **arguments, const char *command, DriverOptions *options) {
    char *argument = arguments[0];
    if (argument[0] == '-' && !help_takes(command, argument)) {
        help_bad_option(stderr, command, argument);
        return 0;
    }
    const char **value = !strcmp(argument, "-o") ? &options->output : !strcmp(argument, "--cpu") ? &options->cpu : NULL;
    if (value && count > 1) {
        *value = arguments[1];
        return 2;
    }
    if (!strncmp(argument, "-I", 2) && (argument[2] || count > 1)) {
        add_directory(options, argument[2] ? argument + 2 : arguments[1]);
        return argument[2] ? 1 : 2;
    }
    if (is_for_linker(argument)) {
        add_extra(options, argument);
        return 1;
    }
    if (argument[0] != '-' && !options->input) {
        options->input = argument;
        return 1;
    }
    if (argument[0] == '-' && (flag(argument, options) || valued(argument, options) || diagnostics(argument, options)))
        return 1;
    if (value)
        fprintf(stderr, "mnp: %s wants a value\n", argument);
    else if (argument[0] == '-')
        help_bad_option(stderr, command, argument);
    else
        fprintf(stderr, "mnp: two input files, %s and %s\n", options->input, argument);
    return 0;
}

/* The index of the first argument that was not read: `run` leaves those behind FILE to the program. 0 after a
 * mistake. */
static int parse_options(int count, char **arguments, DriverOptions *options, bool run) {
    int i = 2;
    while (i < count && !(run && options->input)) {
        int read = parse_option(count - i, arguments + i, arguments[1], options);
        if (!read)
            return 0;
        i += read;
    }
    if (!options->input) {
        fprintf(stderr, "mnp: no input file\n");
        help_wants(stderr, arguments[1]);
    }
    return options->input ? i : 0;
}

static int command(int count, char **arguments) {
    DriverOptions options = {.optimize = true, .contract = true};
    const char *name = arguments[1];
    for (int i = 2; i < count && arguments[i][0] == '-'; i++)
        if (!strcmp(arguments[i], "--help") || !strcmp(arguments[i], "-h"))
            if (help_command(stdout, name))
                return 0;
    if (!strcmp(name, "explain") && count == 3)
        return driver_explain(arguments[2]);
    bool run = !strcmp(name, "run"), port = !strcmp(name, "port");
    if (!run && !port && strcmp(name, "build") && strcmp(name, "check")) {
        if (!help_wants(stderr, name))
            help_bad_command(stderr, name);
        return 2;
    }
    int rest = parse_options(count, arguments, &options, run);
    if (!rest)
        return 2;
    if (options.extra_count && (port || !strcmp(name, "check"))) {
        fprintf(stderr, "mnp: %s is for the linker, and mnp %s makes nothing to link\n", options.extras[0], name);
        return 2;
    }
    if (run)
        return driver_run(&options, arguments + rest - 1);
    if (port)
        return driver_port(&options);
    return !strcmp(name, "build") ? driver_build(&options) : driver_check(&options);
}

static int act(int count, char **arguments) {
    if (count == 2 && !strcmp(arguments[1], "ops")) {
        driver_ops(stdout);
        return 0;
    }
    for (int i = 1; i < count; i++)
        if (!strcmp(arguments[i], "--list-passes")) {
            pipeline_list(stdout);
            return 0;
        }
    if (count > 1 && !strcmp(arguments[1], "--version")) {
        puts("mnp 0.1.0");
        return 0;
    }
    bool help = count == 2 && !strcmp(arguments[1], "help");
    if (count < 2 || help || !strcmp(arguments[1], "--help") || !strcmp(arguments[1], "-h")) {
        help_all(count < 2 ? stderr : stdout);
        return count < 2 ? 2 : 0;
    }
    return command(count, arguments);
}

int main(int count, char **arguments) {
    /* A file that may not grow is a failed write, and not the end. */
    signal(SIGXFSZ, SIG_IGN);
    emit_watch_memory();
    int status = act(count, arguments);
    errno = 0;
    if ((fflush(stdout) || ferror(stdout)) && !status)
        fatal("standard output could not be written%s%s", errno ? ": " : "", errno ? strerror(errno) : "");
    return status;
}
