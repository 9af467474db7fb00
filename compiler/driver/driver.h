/* driver.h: options, and the pipeline from a source file to what was asked for. */
#ifndef MNP_DRIVER_H
#define MNP_DRIVER_H

#include "emit/emit.h"

enum { INPUTS_MAX = 64 };

typedef struct {
    const char *input, *output;
    char *extras[INPUTS_MAX];  /* objects, archives, -l and -L for the linker */
    int extra_count;
    const char *directories[INPUTS_MAX];   /* -I: where modules are looked for */
    int directory_count;
    bool library;              /* -c */
    bool optimize;
    bool contract;
    bool verdicts, strict_shapes;
    bool explain, validate, time_passes;
    const char *dump;          /* ast, nest, nest-after-PASS, llvm */
    const char *emit;          /* llvm, asm, header; NULL: executable or object */
    bool json;                 /* diagnostics are for programs */
    bool check;                /* only check, functions that nobody calls too */
    const char *cpu;
    const char *without;       /* passes that are left out, with commas between */
    const char *plan;          /* a file of steps, see schedule/plan.c */
} DriverOptions;

/* `mnp check`, `mnp build`, `mnp run`: the exit status. */
int driver_check(const DriverOptions *options);
int driver_build(const DriverOptions *options);
/* `mnp port`: what a program of NumPy's needs to become one of mnp's. */
int driver_port(const DriverOptions *options);
/* `mnp explain`: prints the page of an error's code. */
int driver_explain(const char *code);
int driver_run(const DriverOptions *options, char **arguments);

/* ---- help.c -------------------------------------------------------------------------------- */

void help_all(FILE *file);
/* The text of one command; false: there is none of this name. */
bool help_command(FILE *file, const char *name);

/* The command takes the option, or there is none of this name. */
bool help_takes(const char *command, const char *argument);
/* Say what is wrong with an option of a command, and with a command. */
void help_bad_option(FILE *file, const char *command, const char *argument);
void help_bad_command(FILE *file, const char *name);
/* Says what arguments a command wants; false: there is none of this name. */
bool help_wants(FILE *file, const char *name);

/* ---- ops.c --------------------------------------------------------------------------------- */

/* The functions of the language, a line each: name(parameters), exactness, what it gives, between tabs. */
void driver_ops(FILE *file);

/* ---- pipeline.c ---------------------------------------------------------------------------- */

/* The tree of the program and its modules, with diagnostics where something is wrong; fatal where there is no file. */
struct Ast;
struct Ast *pipeline_parse(const DriverOptions *options, Arena *arena, uint32_t *file);
/* Source to nests; NULL where diagnostics were raised. */
Module *pipeline_front(const DriverOptions *options);
/* All passes, verified after each. */
void pipeline_passes(Module *module, const DriverOptions *options);
void pipeline_list(FILE *file);
EmitOptions pipeline_emit_options(const DriverOptions *options);

/* ---- link.c -------------------------------------------------------------------------------- */

/* An executable from objects, what the options add, and the runtime; fatal where the linker fails. */
void link_program(char *const *objects, int count, const DriverOptions *options, const char *output);
/* An object for C programs: the parts of the runtime that it needs inside, local. */
void link_library(char *const *objects, int count, const char *output);

/* ---- files.c ------------------------------------------------------------------------------- */

/* A name beside `path` that nobody uses, for a file that is renamed to it when all is well; at the end of the process
 * it is removed. */
char *temporary_name(const char *path, const char *suffix);
void rename_output(const char *temporary, const char *path);
/* Fatal, before any work, where `path` cannot be written. */
void require_writable(const char *path);
/* Runs a tool; fatal where it fails. */
void run_tool(char *const *arguments);
/* The same without a word: true if it did what it should. */
bool try_tool(char *const *arguments);
/* Runs a program and waits for it: its exit status. */
int run_program(const char *path, char **arguments);

/* ---- timing.c ------------------------------------------------------------------------------ */

double timing_now(void);   /* in milliseconds */
/* One line of --time-passes. */
void timing_report(const char *name, double milliseconds);

#endif
