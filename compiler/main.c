/* main.c: the command line. */
#include "driver/driver.h"

#include <stdlib.h>

static const char usage[] =
    "usage: mnp build [options] FILE.mnp     an executable, or with -c an object and a header\n"
    "       mnp run FILE.mnp [ARGS...]       builds and runs\n"
    "       mnp check [options] FILE.mnp     only checks\n"
    "\n"
    "  -o FILE             output\n"
    "  -c                  an object with a C header, and no main\n"
    "  -O0, -O2            without or with the schedule (default -O2)\n"
    "  --cpu=NAME          processor (default: this machine's)\n"
    "  --fp=contract|strict  FMAs within an expression, or every operation rounded (default contract)\n"
    "  --emit=llvm|asm|header  another output\n"
    "  --dump=ast|nest|nest-after-PASS|llvm  prints a stage's result\n"
    "  --explain           what was done with each nest, and why; its steps can be given to --plan\n"
    "  --plan=FILE         the steps of FILE for the functions that it names\n"
    "  --validate          runs every function before and after each pass\n"
    "  --time-passes, --list-passes\n"
    "  --verdicts          (check) lists each check and how it was decided\n"
    "  --strict-shapes     (check) what is not proved is an error\n"
    "  --help, --version\n";

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
                  {"--plan", &options->plan}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (value_of(argument, values[i].name)) {
            *values[i].target = value_of(argument, values[i].name);
            return true;
        }
    return false;
}

/* The index of the first argument behind FILE; 0 after a mistake. */
static int parse_options(int count, char **arguments, DriverOptions *options) {
    for (int i = 2; i < count; i++) {
        const char *argument = arguments[i];
        if (!strcmp(argument, "-o") && i + 1 < count) {
            options->output = arguments[++i];
        } else if (argument[0] != '-') {
            options->input = argument;
            return i + 1;
        } else if (!flag(argument, options) && !valued(argument, options)) {
            fprintf(stderr, "mnp: unknown option %s\n", argument);
            return 0;
        }
    }
    fprintf(stderr, "mnp: no input file\n");
    return 0;
}

static int command(int count, char **arguments) {
    DriverOptions options = {.optimize = true, .contract = true};
    const char *name = arguments[1];
    int rest = parse_options(count, arguments, &options);
    if (!rest)
        return 2;
    if (!strcmp(name, "run"))
        return driver_run(&options, arguments + rest - 1);
    /* Options may also stand behind the file. */
    char *tail[64] = {NULL, NULL};
    int tail_count = 2;
    for (int i = rest; i < count && tail_count < 63; i++)
        tail[tail_count++] = arguments[i];
    tail[tail_count++] = (char *)options.input;
    if (!parse_options(tail_count, tail, &options))
        return 2;
    if (!strcmp(name, "build"))
        return driver_build(&options);
    if (!strcmp(name, "check"))
        return driver_check(&options);
    fprintf(stderr, "mnp: unknown command %s\n%s", name, usage);
    return 2;
}

int main(int count, char **arguments) {
    for (int i = 1; i < count; i++)
        if (!strcmp(arguments[i], "--list-passes")) {
            pipeline_list(stdout);
            return 0;
        }
    if (count > 1 && !strcmp(arguments[1], "--version")) {
        puts("mnp 0.1.0");
        return 0;
    }
    if (count < 2 || !strcmp(arguments[1], "--help") || !strcmp(arguments[1], "-h")) {
        fputs(usage, count < 2 ? stderr : stdout);
        return count < 2 ? 2 : 0;
    }
    return command(count, arguments);
}
