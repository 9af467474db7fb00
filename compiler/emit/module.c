/* module.c: one LLVM module a compilation: targets, passes, output. */
#include "emit/emitter.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Support.h>
#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdlib.h>

/* Explicit loops are done by the schedule: what is left is to clean up and to move out of loops. */
static const char passes[] = "function(sroa,early-cse<memssa>,simplifycfg,loop-mssa(licm),early-cse<memssa>,"
                             "instcombine<no-verify-fixpoint>,simplifycfg,adce,loop-vectorize,"
                             "instcombine<no-verify-fixpoint>,simplifycfg)";

static LLVMTargetMachineRef machine_new(const EmitOptions *options) {
    LLVMTargetRef target;
    char *message = NULL;
    static bool started;
    /* This pass looks for mask registers where there are none to find, for a fifth of the time. */
    const char *arguments[] = {"mnp", "-disable-x86-domain-reassignment"};
    if (!started)
        LLVMParseCommandLineOptions(2, arguments, NULL);
    started = true;
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    char *triple = LLVMGetDefaultTargetTriple();
    if (LLVMGetTargetFromTriple(triple, &target, &message))
        fatal("%s", message);
    bool native = !options->cpu || !strcmp(options->cpu, "native");
    char *cpu = native ? LLVMGetHostCPUName() : NULL, *features = native ? LLVMGetHostCPUFeatures() : NULL;
    LLVMTargetMachineRef machine =
        LLVMCreateTargetMachine(target, triple, native ? cpu : options->cpu, native ? features : "",
                                options->optimize ? LLVMCodeGenLevelLess : LLVMCodeGenLevelNone, LLVMRelocPIC,
                                LLVMCodeModelDefault);
    LLVMDisposeMessage(triple);
    if (cpu)
        LLVMDisposeMessage(cpu);
    if (features)
        LLVMDisposeMessage(features);
    return machine;
}

static bool has_feature(const EmitOptions *options, const char *feature) {
    LLVMTargetMachineRef machine = machine_new(options);
    char *features = LLVMGetTargetMachineFeatureString(machine), *cpu = LLVMGetTargetMachineCPU(machine);
    bool has = strstr(features, feature) != NULL;
    if (options->cpu && strcmp(options->cpu, "native"))
        has = !strcmp(feature, "+fma") || !strcmp(feature, "+avx2")
                  ? strstr(cpu, "v3") || strstr(cpu, "v4") || strstr(cpu, "haswell") || strstr(cpu, "znver")
                  : strstr(cpu, "v4") || strstr(cpu, "znver4") || strstr(cpu, "skylake-avx512");
    LLVMDisposeMessage(features);
    LLVMDisposeMessage(cpu);
    LLVMDisposeTargetMachine(machine);
    return has;
}

int emit_vector_width(const EmitOptions *options) {
    return has_feature(options, "+avx512f") ? 8 : has_feature(options, "+avx2") ? 4 : 2;
}

static void start_debug(Emitter *e) {
    const char *path = e->source->source_path, *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t directory = slash ? (size_t)(slash - path) : 0;
    e->debug = LLVMCreateDIBuilder(e->module);
    e->debug_file = LLVMDIBuilderCreateFile(e->debug, name, strlen(name), directory ? path : ".", directory ? directory : 1);
    LLVMDIBuilderCreateCompileUnit(e->debug, LLVMDWARFSourceLanguagePython, e->debug_file, "mnp", 3,
                                   e->options->optimize, "", 0, 0, "", 0, LLVMDWARFEmissionLineTablesOnly, 0, false,
                                   false, "", 0, "", 0);
    LLVMMetadataRef version = LLVMValueAsMetadata(LLVMConstInt(LLVMInt32TypeInContext(e->context), 3, false));
    LLVMAddModuleFlag(e->module, LLVMModuleFlagBehaviorWarning, "Debug Info Version", 18, version);
}

static void set_target(Emitter *e, LLVMTargetMachineRef machine) {
    char *triple = LLVMGetTargetMachineTriple(machine);
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
    LLVMSetTarget(e->module, triple);
    LLVMSetModuleDataLayout(e->module, layout);
    LLVMDisposeTargetData(layout);
    LLVMDisposeMessage(triple);
}

static void build_functions(Emitter *e) {
    for (const Function *function = e->source->functions; function; function = function->next) {
        LLVMValueRef llvm = declare_internal(e, function);
        VEC_PUSH(e->arena, e->functions, llvm);
    }
    int i = 0;
    for (const Function *function = e->source->functions; function; function = function->next)
        emit_function(e, function, e->functions.data[i++]);
    for (const Function *function = e->source->functions; function; function = function->next) {
        if (function->exported && !e->options->program)
            emit_export(e, function);
        if (function->main)
            emit_main(e, function);
    }
}

static Emitter emitter_new(const Module *source, const EmitOptions *options, LLVMTargetMachineRef machine) {
    Emitter emitter = {.options = options, .source = source, .width = 1}, *e = &emitter;
    e->arena = arena_new();
    e->context = LLVMContextCreate();
    e->module = LLVMModuleCreateWithNameInContext(source->source_path, e->context);
    e->builder = LLVMCreateBuilderInContext(e->context);
    e->values = calloc(source->value_count + 1, sizeof *e->values);
    if (!e->values)
        fatal("out of memory");
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

void emit_module(const Module *module, const EmitOptions *options, EmitFormat format, const char *path) {
    LLVMTargetMachineRef machine = machine_new(options);
    Emitter e = emitter_new(module, options, machine);
    char *message = NULL;
    if (options->optimize)
        run_passes(&e, machine);
    if (format == EMIT_LLVM) {
        if (LLVMPrintModuleToFile(e.module, path, &message))
            fatal("cannot write %s: %s", path, message);
    } else {
        LLVMCodeGenFileType type = format == EMIT_OBJECT ? LLVMObjectFile : LLVMAssemblyFile;
        if (LLVMTargetMachineEmitToFile(machine, e.module, (char *)path, type, &message))
            fatal("cannot write %s: %s", path, message);
    }
    emitter_free(&e);
    LLVMDisposeTargetMachine(machine);
}

void emit_print_llvm(const Module *module, const EmitOptions *options, FILE *file) {
    LLVMTargetMachineRef machine = machine_new(options);
    Emitter e = emitter_new(module, options, machine);
    char *text = LLVMPrintModuleToString(e.module);
    fputs(text, file);
    LLVMDisposeMessage(text);
    emitter_free(&e);
    LLVMDisposeTargetMachine(machine);
}
