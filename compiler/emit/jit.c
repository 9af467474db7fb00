/* jit.c: a module run inside this process: the same objects that `mnp build` writes, kept in memory, linked by LLVM's
 * LLJIT against the runtime that is part of the compiler and against what the process has of libc and libm.
 *
 * The runtime's functions are hidden symbols, so that they are found by their addresses, which the ABI table lists. */
#include "emit/emitter.h"

#include <llvm-c/LLJIT.h>
#include <stdlib.h>

/* Declared without their parameters: only their addresses are wanted. */
#define ABI(name, result, ...) extern void name(void);
#include "../../runtime/abi.def"
#undef ABI

typedef struct {
    const char *name;
    void (*address)(void);
} RuntimeSymbol;

static const RuntimeSymbol runtime_symbols[] = {
#define ABI(name, result, ...) {#name, name},
#include "../../runtime/abi.def"
#undef ABI
};

enum { SYMBOL_COUNT = sizeof runtime_symbols / sizeof *runtime_symbols };

static void expect_no(LLVMErrorRef error) {
    if (error)
        fatal("cannot run in this process: %s", LLVMGetErrorMessage(error));
}

static void define_runtime(LLVMOrcLLJITRef jit, LLVMOrcJITDylibRef library) {
    LLVMOrcCSymbolMapPair pairs[SYMBOL_COUNT];
    for (int i = 0; i < SYMBOL_COUNT; i++) {
        pairs[i].Name = LLVMOrcLLJITMangleAndIntern(jit, runtime_symbols[i].name);
        pairs[i].Sym.Address = (LLVMOrcExecutorAddress)(uintptr_t)runtime_symbols[i].address;
        pairs[i].Sym.Flags = (LLVMJITSymbolFlags){LLVMJITSymbolGenericFlagsExported | LLVMJITSymbolGenericFlagsCallable, 0};
    }
    expect_no(LLVMOrcJITDylibDefine(library, LLVMOrcAbsoluteSymbols(pairs, SYMBOL_COUNT)));
}

static void define_process(LLVMOrcLLJITRef jit, LLVMOrcJITDylibRef library) {
    LLVMOrcDefinitionGeneratorRef process;
    expect_no(LLVMOrcCreateDynamicLibrarySearchGeneratorForProcess(&process, LLVMOrcLLJITGetGlobalPrefix(jit), NULL,
                                                                   NULL));
    LLVMOrcJITDylibAddGenerator(library, process);
}

int emit_run(const Module *module, const EmitOptions *options, EmitTimes *times, int count, char **arguments) {
    LLVMMemoryBufferRef objects[EMIT_PARTS_MAX];
    int parts = emit_in_memory(module, options, objects, times);
    LLVMOrcLLJITRef jit;
    expect_no(LLVMOrcCreateLLJIT(&jit, NULL));
    LLVMOrcJITDylibRef library = LLVMOrcLLJITGetMainJITDylib(jit);
    define_runtime(jit, library);
    define_process(jit, library);
    for (int part = 0; part < parts; part++)
        expect_no(LLVMOrcLLJITAddObjectFile(jit, library, objects[part]));
    LLVMOrcExecutorAddress address;
    expect_no(LLVMOrcLLJITLookup(jit, &address, "main"));
    int (*program)(int, char **) = (int (*)(int, char **))(uintptr_t)address;
    return program(count, arguments);
}
