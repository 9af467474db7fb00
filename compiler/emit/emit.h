/* emit.h: from the nest IR to LLVM IR, objects and headers. The only room that knows LLVM. */
#ifndef MNP_EMIT_H
#define MNP_EMIT_H

#include "nest/nest.h"

typedef enum { EMIT_OBJECT, EMIT_ASSEMBLY, EMIT_LLVM } EmitFormat;

/* A large module is compiled in parts, at the same time. */
enum { EMIT_PARTS_MAX = 4 };

typedef struct {
    const char *cpu;          /* LLVM's name; NULL: this machine's */
    bool optimize;            /* -O2 */
    bool program;             /* main() and not a library */
    bool assembly;            /* for other assemblers */
    int vector_width;         /* what emit_vector_width says of the processor; 0: instructions of no size are taken for granted */
} EmitOptions;

/* In milliseconds; of parts compiled at the same time the longest. */
typedef struct {
    double build, passes, code;
} EmitTimes;

/* From here on LLVM, too, calls out_of_memory. */
void emit_watch_memory(void);
/* Writes objects that together are the module to the first of the paths; how many there are depends on the module
 * alone. Functions that the parts share are hidden symbols. Fatal where a file cannot be written. */
int emit_objects(const Module *module, const EmitOptions *options, char *const paths[EMIT_PARTS_MAX],
                 EmitTimes *times);
/* Runs a program in this process with the objects that emit_objects would write: main's exit status. */
int emit_run(const Module *module, const EmitOptions *options, EmitTimes *times, int count, char **arguments);
/* Writes the module as assembly or LLVM IR to a file; fatal where that cannot be done. */
void emit_module(const Module *module, const EmitOptions *options, EmitFormat format, const char *path);
/* LLVM IR as text, to a stream, before LLVM's own passes. */
void emit_print_llvm(const Module *module, const EmitOptions *options, FILE *file);
/* How many f64 a vector register of the target holds. */
int emit_vector_width(const EmitOptions *options);
/* LLVM has a processor of this name (NULL: this machine's). */
bool emit_knows_cpu(const char *cpu);

/* The C prototypes of a library's functions. `name`: the header's, for its guard. */
void emit_header(const Module *module, const char *name, Text *text);

#endif
