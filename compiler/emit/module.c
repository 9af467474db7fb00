/* module.c: one LLVM module a compilation, or a few at the same time: passes, output. */
#include "emit/emitter.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Linker.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* Scheduled loops need no more than to clean up and to move out of loops. */
static const char scheduled_passes[] = "function(sroa,early-cse<memssa>,simplifycfg,loop-mssa(licm),early-cse<memssa>,"
                                       "instcombine<no-verify-fixpoint>,simplifycfg,adce)";
/* Plain loops: tests go behind the rounds, so that what all rounds load is loaded once before them; what was stored in
 * the round before stays in a register; vectors where LLVM sees them, several rounds at once. Tests that it has decided
 * are gone before it looks for those: no loop with a second way out is unrolled. */
static const char plain_passes[] = "function(sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,"
                                   "loop-mssa(loop-rotate,licm),loop(indvars),gvn,adce,simplifycfg,loop-vectorize,"
                                   "loop-load-elim,instcombine<no-verify-fixpoint>,loop-unroll,gvn,simplifycfg)";

/* The GNU assembler does not take a file with a directory in this version of DWARF. */
const char *debug_path(const Emitter *e, const char *path) {
    const char *slash = strrchr(path, '/');
    return e->options->assembly && slash ? slash + 1 : path;
}

static void start_debug(Emitter *e) {
    const char *path = debug_path(e, e->source->source_path);
    e->debug = LLVMCreateDIBuilder(e->module);
    e->debug_file = LLVMDIBuilderCreateFile(e->debug, path, strlen(path), "", 0);
    LLVMDIBuilderCreateCompileUnit(e->debug, LLVMDWARFSourceLanguagePython, e->debug_file, "mnp", 3,
                                   e->options->optimize, "", 0, 0, "", 0, LLVMDWARFEmissionFull, 0, false,
                                   false, "", 0, "", 0);
    LLVMMetadataRef version = LLVMValueAsMetadata(LLVMConstInt(LLVMInt32TypeInContext(e->context), 3, false));
    LLVMAddModuleFlag(e->module, LLVMModuleFlagBehaviorWarning, "Debug Info Version", 18, version);
    /* Version 4 is what valgrind and older debuggers read. */
    LLVMMetadataRef dwarf = LLVMValueAsMetadata(LLVMConstInt(LLVMInt32TypeInContext(e->context), 4, false));
    LLVMAddModuleFlag(e->module, LLVMModuleFlagBehaviorWarning, "Dwarf Version", 13, dwarf);
}

static void set_target(Emitter *e, LLVMTargetMachineRef machine) {
    char *triple = llvm_text(LLVMGetTargetMachineTriple(machine));
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
    LLVMSetTarget(e->module, triple);
    LLVMSetModuleDataLayout(e->module, layout);
    LLVMDisposeTargetData(layout);
    LLVMDisposeMessage(triple);
}

static bool is_ours(const Emitter *e, int i) {
    return e->partition->part.data[e->partition->place.data[i]] == e->part;
}

/* A piece of it is. All parts build a long function whole, so that they agree on its frame. */
static bool is_partly_ours(const Emitter *e, int i, const Function *function) {
    const Partition *partition = e->partition;
    int end = function->next ? partition->place.data[i + 1] : partition->part.count;
    for (int k = partition->place.data[i]; k < end; k++)
        if (partition->part.data[k] == e->part)
            return true;
    return false;
}

/* Only declared, from here on. */
static void forget_body(Emitter *e, LLVMValueRef function) {
    size_t length;
    char *name = arena_printf(e->arena, "%s", LLVMGetValueName2(function, &length));
    LLVMValueRef declared = LLVMAddFunction(e->module, "", LLVMGlobalGetValueType(function));
    LLVMSetVisibility(declared, LLVMHiddenVisibility);
    LLVMReplaceAllUsesWith(function, declared);
    LLVMDeleteFunction(function);
    LLVMSetValueName2(declared, name, strlen(name));
}

static void build_functions(Emitter *e) {
    for (const Function *function = e->source->functions; function; function = function->next) {
        LLVMValueRef llvm = function->external ? NULL : declare_internal(e, function);
        VEC_PUSH(e->arena, e->functions, llvm);
    }
    int i = 0;
    for (const Function *function = e->source->functions; function; function = function->next, i++)
        if (!function->external && is_partly_ours(e, i, function)) {
            e->place = e->partition->place.data[i];
            emit_function(e, function, e->functions.data[i]);
        }
    i = 0;
    for (const Function *function = e->source->functions; function; function = function->next, i++) {
        if (is_ours(e, i) && function->exported && !e->options->program)
            emit_export(e, function);
        if (is_ours(e, i) && function->main)
            emit_main(e, function);
    }
    for (i = 0; i < e->foreign.count; i++)
        forget_body(e, e->foreign.data[i]);
}

/* One part of the module as LLVM IR. */
static Emitter emitter_new(const Module *source, const EmitOptions *options, LLVMTargetMachineRef machine,
                           const Partition *partition, int part, LLVMContextRef context) {
    Emitter emitter = {.options = options, .source = source, .partition = partition, .part = part, .width = 1};
    Emitter *e = &emitter;
    e->arena = arena_new();
    e->context = context;
    e->module = LLVMModuleCreateWithNameInContext(source->source_path, e->context);
    e->builder = LLVMCreateBuilderInContext(e->context);
    e->values = memory_new(source->value_count + 1, sizeof *e->values);
    e->texts = module_calls_runtime(source, "mnp_text_begin");
    set_target(e, machine);
    start_debug(e);
    build_functions(e);
    LLVMDIBuilderFinalize(e->debug);
    return emitter;
}

static void emitter_free(Emitter *e) {
    LLVMDisposeDIBuilder(e->debug);
    LLVMDisposeBuilder(e->builder);
    if (e->module)
        LLVMDisposeModule(e->module);
    arena_free(e->arena);
    free(e->values);
}

static void verify(Emitter *e) {
    char *message = NULL;
    if (LLVMVerifyModule(e->module, LLVMReturnStatusAction, &message)) {
        char *text = LLVMPrintModuleToString(e->module);
        fprintf(stderr, "%s\n", text);
        BUG("LLVM finds: %s", message);
    }
    LLVMDisposeMessage(message);
}

static void run_passes(Emitter *e, LLVMTargetMachineRef machine) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    const char *passes = e->partition->plain[e->part] ? plain_passes : scheduled_passes;
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

/* A part on its way through LLVM, in a context of its own. */
typedef struct {
    LLVMTargetMachineRef machine;
    Emitter emitter;
    LLVMMemoryBufferRef object;
    EmitTimes times;
    pthread_t thread;
    bool threaded;
} Job;

/* Into memory, and not into a file: LLVM itself would end the process where a disk is full. */
static LLVMMemoryBufferRef make_code(LLVMTargetMachineRef machine, LLVMModuleRef module, LLVMCodeGenFileType type) {
    LLVMMemoryBufferRef code;
    char *message = NULL;
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, module, type, &message, &code))
        BUG("LLVM emits nothing: %s", message);
    return code;
}

static void *run_job(void *argument) {
    Job *job = argument;
    double start = now();
    verify(&job->emitter);
    if (job->emitter.options->optimize)
        run_passes(&job->emitter, job->machine);
    job->times.passes = now() - start;
    job->object = make_code(job->machine, job->emitter.module, LLVMObjectFile);
    job->times.code = now() - start - job->times.passes;
    return NULL;
}

static void job_finish(Job *job, EmitTimes *times) {
    times->build += job->times.build;
    times->passes = job->times.passes > times->passes ? job->times.passes : times->passes;
    times->code = job->times.code > times->code ? job->times.code : times->code;
    emitter_free(&job->emitter);
    LLVMContextDispose(job->emitter.context);
    LLVMDisposeTargetMachine(job->machine);
}

/* LLVM allocates tens of megabytes in small pieces: the C library gets them from the system in large ones, and keeps
 * them. */
static void prepare_heap(void) {
#ifdef M_TOP_PAD
    mallopt(M_TOP_PAD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 512 << 20);
    mallopt(M_MMAP_THRESHOLD, 256 << 20);
#endif
}

/* LLVM IR is built by this thread: nests are not made for more than one. */
int emit_in_memory(const Module *module, const EmitOptions *options, LLVMMemoryBufferRef objects[EMIT_PARTS_MAX],
                   EmitTimes *times) {
    Arena *arena = arena_new();
    Partition partition = partition_module(module, arena);
    Job jobs[EMIT_PARTS_MAX];
    int count = partition.count;
    prepare_heap();
    for (int part = 0; part < count; part++) {
        double start = now();
        LLVMTargetMachineRef machine = machine_new(options);
        LLVMContextRef context = LLVMContextCreate();
        jobs[part] = (Job){.machine = machine, .emitter = emitter_new(module, options, machine, &partition, part, context)};
        jobs[part].times.build = now() - start;
        if (part + 1 < count)
            jobs[part].threaded = !pthread_create(&jobs[part].thread, NULL, run_job, &jobs[part]);
        if (!jobs[part].threaded)
            run_job(&jobs[part]);
    }
    for (int part = 0; part < count; part++)
        if (jobs[part].threaded)
            pthread_join(jobs[part].thread, NULL);
    for (int part = 0; part < count; part++) {
        job_finish(&jobs[part], times);
        objects[part] = jobs[part].object;
    }
    arena_free(arena);
    return count;
}

static void write_code(const char *path, LLVMMemoryBufferRef code) {
    file_write(path, LLVMGetBufferStart(code), LLVMGetBufferSize(code));
    LLVMDisposeMemoryBuffer(code);
}

int emit_objects(const Module *module, const EmitOptions *options, char *const paths[EMIT_PARTS_MAX],
                 EmitTimes *times) {
    LLVMMemoryBufferRef objects[EMIT_PARTS_MAX];
    int count = emit_in_memory(module, options, objects, times);
    for (int part = 0; part < count; part++)
        write_code(paths[part], objects[part]);
    return count;
}

/* All parts, each after its passes if `passes`, as one module of LLVM; `use` gets it. */
static void with_whole(const Module *module, const EmitOptions *options, bool passes,
                       void (*use)(LLVMTargetMachineRef machine, LLVMModuleRef module, void *user), void *user) {
    Arena *arena = arena_new();
    Partition partition = partition_module(module, arena);
    LLVMTargetMachineRef machine = machine_new(options);
    LLVMContextRef context = LLVMContextCreate();
    Emitter parts[EMIT_PARTS_MAX];
    for (int part = 0; part < partition.count; part++) {
        parts[part] = emitter_new(module, options, machine, &partition, part, context);
        verify(&parts[part]);
        if (passes && options->optimize)
            run_passes(&parts[part], machine);
        if (part && LLVMLinkModules2(parts[0].module, parts[part].module))
            BUG("LLVM does not join the parts of a module");
        if (part)
            parts[part].module = NULL;
    }
    use(machine, parts[0].module, user);
    for (int part = 0; part < partition.count; part++)
        emitter_free(&parts[part]);
    LLVMContextDispose(context);
    LLVMDisposeTargetMachine(machine);
    arena_free(arena);
}

typedef struct {
    EmitFormat format;
    const char *path;
} Output;

static void write_whole(LLVMTargetMachineRef machine, LLVMModuleRef module, void *user) {
    const Output *output = user;
    if (output->format == EMIT_ASSEMBLY) {
        write_code(output->path, make_code(machine, module, LLVMAssemblyFile));
        return;
    }
    char *text = llvm_text(LLVMPrintModuleToString(module));
    file_write(output->path, text, strlen(text));
    LLVMDisposeMessage(text);
}

void emit_module(const Module *module, const EmitOptions *options, EmitFormat format, const char *path) {
    Output output = {format, path};
    with_whole(module, options, true, write_whole, &output);
}

static void print_whole(LLVMTargetMachineRef machine, LLVMModuleRef module, void *file) {
    (void)machine;
    char *text = llvm_text(LLVMPrintModuleToString(module));
    fputs(text, file);
    LLVMDisposeMessage(text);
}

void emit_print_llvm(const Module *module, const EmitOptions *options, FILE *file) {
    with_whole(module, options, false, print_whole, file);
}
