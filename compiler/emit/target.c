/* target.c: processors: their machines in LLVM, whether it knows them, how wide their vectors are. */
#include "emit/emitter.h"

#include <llvm-c/Support.h>
#include <llvm-c/Target.h>
#include <dlfcn.h>
#include <unistd.h>

static void llvm_out_of_memory(void *user, const char *why, bool is_crash) {
    (void)user;
    (void)why;
    (void)is_crash;
    out_of_memory();
}

/* LLVM and the C++ library abort where memory is out, unless they are told what to do instead. For that they have no
 * interface in C: their functions are found by their names. */
void emit_watch_memory(void) {
    void *process = dlopen(NULL, RTLD_LAZY);
    void (*(*set_new_handler)(void (*)(void)))(void);
    void (*install_handler)(void (*)(void *, const char *, bool), void *);
    *(void **)&set_new_handler = process ? dlsym(process, "_ZSt15set_new_handlerPFvvE") : NULL;
    *(void **)&install_handler = process ? dlsym(process, "_ZN4llvm31install_bad_alloc_error_handlerEPFvPvPKcbES0_") : NULL;
    if (set_new_handler)
        set_new_handler(out_of_memory);
    if (install_handler)
        install_handler(llvm_out_of_memory, NULL);
}

char *llvm_text(char *text) {
    if (!text)
        out_of_memory();
    return text;
}

LLVMTargetMachineRef machine_new(const EmitOptions *options) {
    LLVMTargetRef target;
    char *message = NULL;
    static bool started;
    /* The first pass looks for mask registers where there are none to find, for a fifth of the time. The second
     * spreads what a tile loads: it stands in a good order, and with longer lives there are too few registers. Innermost
     * loops begin at multiples of 2^5 bytes: a short one that crosses a line of the cache takes twice as long. */
    const char *arguments[] = {"mnp", "-disable-x86-domain-reassignment", "-enable-misched=0", "-disable-lsr",
                               "-experimental-debug-variable-locations=false",
                               "-x86-experimental-pref-innermost-loop-alignment=5"};
    if (!started)
        LLVMParseCommandLineOptions(sizeof arguments / sizeof *arguments, arguments, NULL);
    started = true;
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    char *triple = llvm_text(LLVMGetDefaultTargetTriple());
    if (LLVMGetTargetFromTriple(triple, &target, &message))
        fatal("%s", message);
    bool native = !options->cpu || !strcmp(options->cpu, "native");
    char *cpu = native ? llvm_text(LLVMGetHostCPUName()) : NULL, *features = native ? llvm_text(LLVMGetHostCPUFeatures()) : NULL;
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

static bool is_native(const char *cpu) {
    return !cpu || !strcmp(cpu, "native");
}

/* LLVM only complains to standard error, and goes on: what it says is caught. */
bool emit_knows_cpu(const char *cpu) {
    char said[256] = "";
    int ends[2];
    if (is_native(cpu))
        return true;
    if (pipe(ends))
        fatal("cannot make a pipe");
    fflush(stderr);
    int error = dup(2);
    dup2(ends[1], 2);
    EmitOptions options = {.cpu = cpu};
    LLVMDisposeTargetMachine(machine_new(&options));
    dup2(error, 2);
    close(error);
    close(ends[1]);
    ssize_t length = read(ends[0], said, sizeof said - 1);
    close(ends[0]);
    return length <= 0 || !strstr(said, "not a recognized processor");
}

static bool host_has(const char *feature) {
    char *features = llvm_text(LLVMGetHostCPUFeatures());
    bool has = strstr(features, feature) != NULL;
    LLVMDisposeMessage(features);
    return has;
}

/* An addition of eight f64 for the processor, as assembly, tells by the registers it uses. */
static int width_by_sums(const EmitOptions *options) {
    LLVMContextRef context = LLVMContextCreate();
    LLVMModuleRef module = LLVMModuleCreateWithNameInContext("width", context);
    LLVMTargetMachineRef machine = machine_new(options);
    LLVMTypeRef vector = LLVMVectorType(LLVMDoubleTypeInContext(context), 8), types[] = {vector, vector};
    LLVMValueRef function = LLVMAddFunction(module, "width", LLVMFunctionType(vector, types, 2, false));
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, function, ""));
    LLVMBuildRet(builder, LLVMBuildFAdd(builder, LLVMGetParam(function, 0), LLVMGetParam(function, 1), ""));
    LLVMMemoryBufferRef buffer;
    char *message = NULL;
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, module, LLVMAssemblyFile, &message, &buffer))
        fatal("%s", message);
    const char *text = LLVMGetBufferStart(buffer);
    int width = strstr(text, "%zmm") ? 8 : strstr(text, "%ymm") ? 4 : 2;
    LLVMDisposeMemoryBuffer(buffer);
    LLVMDisposeBuilder(builder);
    LLVMDisposeTargetMachine(machine);
    LLVMDisposeModule(module);
    LLVMContextDispose(context);
    return width;
}

int emit_vector_width(const EmitOptions *options) {
    if (is_native(options->cpu))
        return host_has("+avx512f") ? 8 : host_has("+avx2") ? 4 : 2;
    return width_by_sums(options);
}
