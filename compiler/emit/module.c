/* module.c: one LLVM module a compilation, or a few at the same time: passes, output. */
#include "emit/emitter.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* Explicit loops are done by the schedule: what is left is to clean up and to move out of loops. */
static const char passes[] = "function(sroa,early-cse<memssa>,simplifycfg,loop-mssa(licm),early-cse<memssa>,"
                             "instcombine<no-verify-fixpoint>,simplifycfg,adce,loop-vectorize,simplifycfg)";

static void start_debug(Emitter *e) {
    /* Without a directory of its own the path is what assemblers of any age read. */
    const char *path = e->source->source_path;
    e->debug = LLVMCreateDIBuilder(e->module);
    e->debug_file = LLVMDIBuilderCreateFile(e->debug, path, strlen(path), "", 0);
    LLVMDIBuilderCreateCompileUnit(e->debug, LLVMDWARFSourceLanguagePython, e->debug_file, "mnp", 3,
                                   e->options->optimize, "", 0, 0, "", 0, LLVMDWARFEmissionLineTablesOnly, 0, false,
                                   false, "", 0, "", 0);
    LLVMMetadataRef version = LLVMValueAsMetadata(LLVMConstInt(LLVMInt32TypeInContext(e->context), 3, false));
    LLVMAddModuleFlag(e->module, LLVMModuleFlagBehaviorWarning, "Debug Info Version", 18, version);
    /* What every assembler and debugger reads. */
    LLVMMetadataRef dwarf = LLVMValueAsMetadata(LLVMConstInt(LLVMInt32TypeInContext(e->context), 4, false));
    LLVMAddModuleFlag(e->module, LLVMModuleFlagBehaviorWarning, "Dwarf Version", 13, dwarf);
}

static void set_target(Emitter *e, LLVMTargetMachineRef machine) {
    char *triple = LLVMGetTargetMachineTriple(machine);
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
    LLVMSetTarget(e->module, triple);
    LLVMSetModuleDataLayout(e->module, layout);
    LLVMDisposeTargetData(layout);
    LLVMDisposeMessage(triple);
}

static bool is_ours(const Emitter *e, int i) {
    return e->partition->part.data[i] == e->part;
}

static void build_functions(Emitter *e) {
    for (const Function *function = e->source->functions; function; function = function->next) {
        LLVMValueRef llvm = function->external ? NULL : declare_internal(e, function);
        VEC_PUSH(e->arena, e->functions, llvm);
    }
    int i = 0;
    for (const Function *function = e->source->functions; function; function = function->next, i++)
        if (is_ours(e, i) && !function->external)
            emit_function(e, function, e->functions.data[i]);
    i = 0;
    for (const Function *function = e->source->functions; function; function = function->next, i++) {
        if (is_ours(e, i) && function->exported && !e->options->program)
            emit_export(e, function);
        if (is_ours(e, i) && function->main)
            emit_main(e, function);
    }
}

/* One part of the module as LLVM IR, in a context of its own. */
static Emitter emitter_new(const Module *source, const EmitOptions *options, LLVMTargetMachineRef machine,
                           const Partition *partition, int part) {
    Emitter emitter = {.options = options, .source = source, .partition = partition, .part = part, .width = 1};
    Emitter *e = &emitter;
    e->arena = arena_new();
    e->context = LLVMContextCreate();
    e->module = LLVMModuleCreateWithNameInContext(source->source_path, e->context);
    e->builder = LLVMCreateBuilderInContext(e->context);
    e->values = calloc(source->value_count + 1, sizeof *e->values);
    if (!e->values)
        fatal("out of memory");
    e->texts = module_calls_runtime(source, "mnp_text_begin");
    set_target(e, machine);
    start_debug(e);
    build_functions(e);
    LLVMDIBuilderFinalize(e->debug);
    char *message = NULL;
    if (LLVMVerifyModule(e->module, LLVMReturnStatusAction, &message)) {
        char *text = LLVMPrintModuleToString(e->module);
        fprintf(stderr, "%s\n", text);
        BUG("LLVM finds: %s", message);
    }
    LLVMDisposeMessage(message);
    return emitter;
}

static void emitter_free(Emitter *e) {
    LLVMDisposeDIBuilder(e->debug);
    LLVMDisposeBuilder(e->builder);
    LLVMDisposeModule(e->module);
    LLVMContextDispose(e->context);
    arena_free(e->arena);
    free(e->values);
}

static void run_passes(Emitter *e, LLVMTargetMachineRef machine) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(e->module, passes, machine, options);
    if (error)
        BUG("LLVM's passes: %s", LLVMGetErrorMessage(error));
    LLVMDisposePassBuilderOptions(options);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec * 1e-6;
}

/* A part on its way through LLVM. */
typedef struct {
    LLVMTargetMachineRef machine;
    Emitter emitter;
    EmitFormat format;
    char *path;
    char *message;            /* of a file that could not be written, or NULL */
    EmitTimes times;
    pthread_t thread;
    bool threaded;
} Job;

static void *run_job(void *argument) {
    Job *job = argument;
    Emitter *e = &job->emitter;
    double start = now();
    if (e->options->optimize)
        run_passes(e, job->machine);
    job->times.passes = now() - start;
    LLVMCodeGenFileType type = job->format == EMIT_OBJECT ? LLVMObjectFile : LLVMAssemblyFile;
    bool failed = job->format == EMIT_LLVM
                      ? LLVMPrintModuleToFile(e->module, job->path, &job->message)
                      : LLVMTargetMachineEmitToFile(job->machine, e->module, job->path, type, &job->message);
    if (!failed)
        job->message = NULL;
    job->times.code = now() - start - job->times.passes;
    return NULL;
}

/* LLVM IR is built by the caller's thread: nests are not made for more than one. */
static Job job_new(const Module *module, const EmitOptions *options, const Partition *partition, int part,
                   EmitFormat format, char *path) {
    double start = now();
    LLVMTargetMachineRef machine = machine_new(options);
    Job job = {.machine = machine, .emitter = emitter_new(module, options, machine, partition, part),
               .format = format, .path = path};
    job.times.build = now() - start;
    return job;
}

static void job_finish(Job *job, EmitTimes *times) {
    if (job->threaded)
        pthread_join(job->thread, NULL);
    times->build += job->times.build;
    times->passes = job->times.passes > times->passes ? job->times.passes : times->passes;
    times->code = job->times.code > times->code ? job->times.code : times->code;
    if (job->message)
        fatal("cannot write %s: %s", job->path, job->message);
    emitter_free(&job->emitter);
    LLVMDisposeTargetMachine(job->machine);
}

int emit_objects(const Module *module, const EmitOptions *options, char *const paths[EMIT_PARTS_MAX],
                 EmitTimes *times) {
    Arena *arena = arena_new();
    Partition partition = partition_module(module, EMIT_PARTS_MAX, arena);
    Job jobs[EMIT_PARTS_MAX];
    int count = partition.count;
    for (int part = 0; part < count; part++) {
        jobs[part] = job_new(module, options, &partition, part, EMIT_OBJECT, paths[part]);
        if (part + 1 < count)
            jobs[part].threaded = !pthread_create(&jobs[part].thread, NULL, run_job, &jobs[part]);
        if (!jobs[part].threaded)
            run_job(&jobs[part]);
    }
    for (int part = 0; part < count; part++)
        job_finish(&jobs[part], times);
    arena_free(arena);
    return count;
}

void emit_module(const Module *module, const EmitOptions *options, EmitFormat format, const char *path,
                 EmitTimes *times) {
    Arena *arena = arena_new();
    Partition whole = partition_module(module, 1, arena);
    Job job = job_new(module, options, &whole, 0, format, (char *)path);
    run_job(&job);
    job_finish(&job, times);
    arena_free(arena);
}

void emit_print_llvm(const Module *module, const EmitOptions *options, FILE *file) {
    Arena *arena = arena_new();
    Partition whole = partition_module(module, 1, arena);
    Job job = job_new(module, options, &whole, 0, EMIT_LLVM, NULL);
    char *text = LLVMPrintModuleToString(job.emitter.module);
    fputs(text, file);
    LLVMDisposeMessage(text);
    EmitTimes times = {0};
    job_finish(&job, &times);
    arena_free(arena);
}
