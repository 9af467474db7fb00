/* define.c: operations that are made of others (ops/define.h), written out for scalars and vectors; complex numbers. */
#include "emit/emitter.h"

typedef struct {
    Definer definer;           /* first: the callbacks cast it back */
    Emitter *e;
} Writer;

static Term let(Definer *d, Op op, DType result, const Term *operands) {
    LLVMValueRef x[OPERANDS_MAX];
    DType dtypes[OPERANDS_MAX];
    for (int i = 0; i < op_info(op)->arity; i++) {
        x[i] = operands[i].llvm;
        dtypes[i] = operands[i].dtype;
    }
    return (Term){.dtype = result, .llvm = emit_operation(((Writer *)d)->e, op, dtypes, result, x)};
}

static Term constant(Definer *d, DType dtype, Scalar value) {
    return (Term){.dtype = dtype, .llvm = emit_constant(((Writer *)d)->e, dtype, value)};
}

static LLVMValueRef any_lane(Emitter *e, LLVMValueRef odd) {
    return is_vector(odd) ? intrinsic(e, "llvm.vector.reduce.or", LLVMTypeOf(odd), &odd, 1) : odd;
}

static void unlikely(Emitter *e, LLVMValueRef branch) {
    unsigned kind = LLVMGetMDKindIDInContext(e->context, "prof", 4);
    LLVMTypeRef i32 = LLVMInt32TypeInContext(e->context);
    LLVMMetadataRef weights[] = {LLVMMDStringInContext2(e->context, "branch_weights", 14),
                                 LLVMValueAsMetadata(LLVMConstInt(i32, 1, false)),
                                 LLVMValueAsMetadata(LLVMConstInt(i32, 100000, false))};
    LLVMMetadataRef node = LLVMMDNodeInContext2(e->context, weights, 3);
    LLVMSetMetadata(branch, kind, LLVMMetadataAsValue(e->context, node));
}

/* A block aside for the lanes that are odd. */
static Term unless(Definer *d, Term odd, Term usual, Op op, const Term *operands) {
    Emitter *e = ((Writer *)d)->e;
    LLVMBasicBlockRef aside = new_block(e, "odd"), after = new_block(e, "usual");
    LLVMValueRef none = usual.llvm;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    unlikely(e, LLVMBuildCondBr(e->builder, any_lane(e, odd.llvm), aside, after));
    LLVMPositionBuilderAtEnd(e->builder, aside);
    Term other = let(d, op, usual.dtype, operands);
    LLVMValueRef some = is_vector(odd.llvm) ? select_value(e, odd.llvm, other.llvm, none) : other.llvm;
    LLVMBasicBlockRef from = LLVMGetInsertBlock(e->builder);
    LLVMBuildBr(e->builder, after);
    LLVMPositionBuilderAtEnd(e->builder, after);
    LLVMValueRef phi = LLVMBuildPhi(e->builder, LLVMTypeOf(none), "");
    LLVMAddIncoming(phi, (LLVMValueRef[]){none, some}, (LLVMBasicBlockRef[]){here, from}, 2);
    return (Term){.dtype = usual.dtype, .llvm = phi};
}

LLVMValueRef emit_definition(Emitter *e, Definition definition, Op op, const DType *dtypes, DType result,
                             LLVMValueRef *operands) {
    Writer writer = {{let, constant, unless}, e};
    Term terms[OPERANDS_MAX];
    for (int i = 0; i < op_info(op)->arity; i++)
        terms[i] = (Term){.dtype = dtypes[i], .llvm = operands[i]};
    LLVMValueRef value = definition(&writer.definer, result, terms).llvm;
    /* A definition may give a constant for all lanes. */
    return op_info(op)->arity && is_vector(operands[0]) ? splat(e, value) : value;
}

/* ---- complex numbers ----------------------------------------------------------------------- */

LLVMValueRef emit_complex(Emitter *e, LLVMValueRef re, LLVMValueRef im) {
    LLVMTypeRef parts[] = {LLVMTypeOf(re), LLVMTypeOf(im)};
    LLVMValueRef pair = LLVMGetPoison(LLVMStructTypeInContext(e->context, parts, 2, false));
    pair = LLVMBuildInsertValue(e->builder, pair, re, 0, "");
    return LLVMBuildInsertValue(e->builder, pair, im, 1, "");
}

/* double _Complex f(double _Complex, ...): on x86-64 and AArch64 the parts travel as doubles of their own. */
static LLVMValueRef call_complex(Emitter *e, Op op, LLVMValueRef *x) {
    LLVMTypeRef part = LLVMDoubleTypeInContext(e->context), types[] = {part, part, part, part};
    LLVMValueRef arguments[4];
    unsigned count = 0;
    for (int i = 0; i < op_info(op)->arity; i++)
        for (unsigned k = 0; k < 2; k++)
            arguments[count++] = complex_part(e, x[i], k);
    LLVMTypeRef type = LLVMFunctionType(type_of(e, DTYPE_C128), types, count, false);
    const char *name = arena_printf(e->arena, "c%s", op_info(op)->libm);
    LLVMValueRef function = LLVMGetNamedFunction(e->module, name);
    if (!function)
        function = LLVMAddFunction(e->module, name, type);
    return LLVMBuildCall2(e->builder, type, function, arguments, count, "");
}

LLVMValueRef scalar_to_c(Emitter *e, DType dtype, LLVMValueRef value) {
    if (dtype == DTYPE_BOOL)
        return LLVMBuildZExt(e->builder, value, LLVMInt8TypeInContext(e->context), "");
    if (!dtype_is_complex(dtype))
        return value;
    LLVMValueRef slot = stack_slot(e, type_of(e, dtype), "complex");
    LLVMBuildStore(e->builder, value, slot);
    return slot;
}

LLVMValueRef scalar_from_c(Emitter *e, DType dtype, LLVMValueRef value) {
    if (dtype == DTYPE_BOOL)
        return LLVMBuildICmp(e->builder, LLVMIntNE, value, LLVMConstNull(LLVMTypeOf(value)), "");
    if (!dtype_is_complex(dtype))
        return value;
    return LLVMBuildLoad2(e->builder, type_of(e, dtype), value, "");
}

LLVMValueRef emit_complex_part(Emitter *e, Op op, LLVMValueRef *x) {
    if (op_info(op)->emission == LIBM)
        return call_complex(e, op, x);
    if (op != OP_REAL && op != OP_IMAG)
        BUG("no complex operation %s", op_info(op)->name);
    return complex_part(e, x[0], op == OP_IMAG);
}
